"""The demo company, run end to end: every planted mistake is found, nothing else, and the books tie out."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from o2c_orchestration.reconcile import reconcile
from o2c_orchestration.sandbox.company import build
from o2c_orchestration.store import gaps
from o2c_orchestration.store.agreement import agreement
from o2c_orchestration_tests.conftest import NewDatabase
from o2c_orchestration_tests.crash import audit
from o2c_orchestration_tests.crash.world import TODAY, open_gaps, sandbox
from o2c_orchestration_tests.e2e.conftest import Company, demo_books, opened

INVOICES, DAYS = 120, 12


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory, keys: Path, new_database: NewDatabase) -> Iterator[Company]:
    """The demo company after one run in sync mode."""
    books = demo_books(INVOICES, DAYS)
    with new_database() as url, sandbox(tmp_path_factory.mktemp("demo") / "state", keys) as world:
        world.load(books)
        with opened(world, books, url) as made:
            made.run()
            yield made


def truth(company: Company) -> set[tuple[str, str | None]]:
    """Kind, and Stripe id or else NetSuite id, of what is planted."""
    keys = company.books.keys
    return {(row["kind"], row["stripe_id"] or keys[row["netsuite_key"][1:]]) for row in company.books.truth}


def frozen(company: Company) -> list[Any]:
    """All gaps, but for when they were last looked at."""
    found = gaps.list_gaps(company.product.engine, None)
    return [replace(gap, last_seen_at=None) for gap in found]


def test_the_gaps_are_the_planted_mistakes(company: Company) -> None:
    """Every planted mistake is found under its kind and document, and nothing else is reported."""
    assert len(company.books.truth) == 23
    assert open_gaps(company.product) == truth(company)


def test_every_currency_ties_out(company: Company) -> None:
    """Stripe and what the gaps explain add up to the ledger, to the last minor unit, in every currency."""
    ties = agreement(company.product.engine)
    assert {tie.currency for tie in ties} == {"usd", "eur", "gbp", "cad", "jpy", "kwd"}
    assert {tie.currency: tie.residual_minor for tie in ties if tie.residual_minor} == {}


def test_no_object_has_two_documents_but_the_planted_ones(company: Company) -> None:
    """NetSuite's own file names no Stripe object twice, except where that is the planted mistake."""
    planted = {
        row["stripe_id"] for row in company.books.truth if row["kind"] in ("duplicate_in_netsuite", "paid_twice")
    }
    assert len(planted) == 4
    assert set(audit.doubled(company.world.state, company.books)) == planted
    assert audit.over_applied(company.world.state) == []


def test_everything_that_was_missing_is_there(company: Company) -> None:
    """What the company says has to be written is in NetSuite's own file, with Stripe's amounts."""
    made = build(7, INVOICES, today=TODAY, days=DAYS)
    expected, actual = audit.expected(company.books), audit.actual(company.world.state)
    for key in map(str.lower, made.missing):
        assert actual.invoices[key] == expected.invoices[key]
    for key in map(str.lower, made.payments_missing):
        assert actual.payments[key] == expected.payments[key]
        parts = {pair: amount for pair, amount in expected.applied.items() if pair[0] == key}
        assert {pair: actual.applied.get(pair) for pair in parts} == parts or _by_hand(actual, key, parts)
    assert all(actual.customers[key.lower()] == 1 for key in made.customers_missing)


def _by_hand(actual: audit.Ledger, key: str, parts: dict[tuple[str, str], Any]) -> bool:
    """A payment of an invoice that a person entered without an external id: the sum is what can be compared."""
    return bool(sum(amount for pair, amount in actual.applied.items() if pair[0] == key) == sum(parts.values()))


def total_of(company: Company, key: str) -> Fraction:
    """What a document with this key has to be worth, from the Stripe object that it stands for."""
    name = key.partition("-")[2] or key
    thing = next(each for each in company.books.stripe if each["id"] == name)
    minor = thing["total"] if "total" in thing else max(thing["amount"], 0)
    if thing.get("status") == "uncollectible":
        minor = thing["amount_remaining"]
    elif key.startswith("pf-"):
        minor = abs(thing["amount"])
    elif key.startswith("cb-"):
        minor = thing["ending_balance"] - thing["starting_balance"]
    return Fraction(minor, 10 ** {"jpy": 0, "kwd": 3}.get(thing["currency"], 2))


def booked(company: Company) -> dict[tuple[str, str], Fraction]:
    """(type, external id) → total of NetSuite's own file."""
    query = "SELECT type, externalid, x_total, x_scale FROM \"transaction\" WHERE voided = 'F' AND externalid <> ''"
    with closing(sqlite3.connect(f"file:{company.world.state / 'netsuite.sqlite'}?mode=ro", uri=True)) as connection:
        return {(kind, key): Fraction(total, scale) for kind, key, total, scale in connection.execute(query)}


def test_every_other_movement_is_there(company: Company) -> None:
    """Credit memos, refunds, restored invoices, returned money, deposits and journal entries, each with its amount."""
    missing = build(7, INVOICES, today=TODAY, days=DAYS).documents_missing
    types = ("CustCred", "CustRfnd", "CustInvc", "CustPymt", "Deposit", "Journal")
    names = ("creditMemo", "customerRefund", "invoice", "customerPayment", "deposit", "journalEntry")
    assert all(missing[name] for name in names)
    found = booked(company)
    # Written off and paid before anything of it was in the books: nothing is owed, and neither document is needed.
    paid = {each["id"] for each in company.books.of("invoice") if each["status"] == "paid"}
    wanted = {
        (kind, key): total_of(company, key)
        for kind, name in zip(types, names, strict=True)
        for key in missing[name]
        if key.partition("-")[2] not in paid or key.startswith("cb-")
    }
    assert {pair: found.get(pair) for pair in wanted} == wanted


def test_every_payout_is_deposited_to_the_cent(company: Company) -> None:
    """All that arrived and was settled, by its key; what others kept wrongly is planted, what is under way is not."""
    planted = {row["stripe_id"] for row in company.books.truth if row["leg"] == "payout_deposit"}
    payouts = company.books.of("payout")
    settled = {payout["id"] for payout in payouts if payout["reconciliation_status"] == "completed"}
    found = {key: total for (kind, key), total in booked(company).items() if kind == "Deposit"}
    assert {key for key in found if key.startswith("po_")} == settled
    assert settled < {payout["id"] for payout in payouts}
    assert {key for key in settled if found[key] != total_of(company, key)} <= planted


def test_a_full_comparison_gives_the_same_gaps(company: Company) -> None:
    """Comparing everything finds what comparing only what changed has found."""
    before = frozen(company)
    change = reconcile(company.product.engine, full=True)
    assert (change.opened, change.resolved) == (0, 0)
    assert frozen(company) == before


def test_a_second_run_changes_nothing(company: Company) -> None:
    """Run again: no write to either system, and every gap is as it was."""
    before = frozen(company)
    books = audit.actual(company.world.state)
    company.run()
    assert company.world.writes() == []
    assert company.world.requests("stripe", "POST", "DELETE") == []
    assert frozen(company) == before
    assert audit.actual(company.world.state) == books
