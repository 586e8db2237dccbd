"""A closed period on the whole way: refused by name or booked in the first open one, and what happens afterwards."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.console import tables
from o2c_orchestration.console.close import _show
from o2c_orchestration.domain.months import Month
from o2c_orchestration.preflight.finding import Finding
from o2c_orchestration.preflight.run import preflight
from o2c_orchestration.reconcile import reconcile
from o2c_orchestration.reconcile.close import close_month
from o2c_orchestration.reconcile.report import close_data
from o2c_orchestration.sandbox.company import build
from o2c_orchestration.store import gaps
from o2c_orchestration.store.agreement import DOCUMENTS, agreement
from o2c_orchestration.store.periods import late_items
from o2c_orchestration_tests.conftest import NewDatabase
from o2c_orchestration_tests.crash.world import TODAY, Books, open_gaps, sandbox
from o2c_orchestration_tests.e2e.conftest import Company, opened, run_everything
from o2c_orchestration_tests.e2e.test_drift import Clerk

MOVE: dict[str, dict[str, Any]] = {"periods": {"closed": "first_open"}}


def close(company: Company, *, closed: bool = True, tax: bool = False, **flags: bool) -> set[Month]:
    """Close the months of the year up to the company's last, or open them again; the next one stays open.

    `tax`: the tax periods of these months instead.
    """
    last = company.books.span[1]
    months = {Month(last.year, number) for number in range(1, last.month + 1)}
    for month in months:
        change = {"name": f"{month.first:%b %Y}", "tax": tax} | (flags or {"closed": closed})
        company.world.ask("POST", "netsuite/periods", change)
    return months


def next_month(company: Company) -> Month:
    return Month.of(company.books.span[1]).after


def test_a_closed_period_is_refused_before_anything_is_sent(fresh: Company) -> None:
    """No request is wasted: each document is a gap with the period's name, until the period is open again."""
    close(fresh)
    run_everything(fresh)
    assert [each for each in fresh.world.writes() if each["status"] == 400] == []
    found = gaps.list_gaps(fresh.product.engine)
    assert {gap.kind for gap in found} <= {"sync_failed", "payment_missing"}
    assert any("lies in the accounting period" in gap.reason and "Nov 2026" in gap.reason for gap in found)
    close(fresh, closed=False)
    run_everything(fresh)
    assert open_gaps(fresh.product) == set()


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory, keys: Path, new_database: NewDatabase) -> Iterator[Company]:
    """The same of a company with every kind of document, to be looked at only."""
    books = Books(build(7, 40, today=TODAY, days=6).stripe, days=6)
    with new_database() as url, sandbox(tmp_path_factory.mktemp("late") / "state", keys) as world:
        world.load(books)
        with opened(world, books, url, policy=MOVE) as company:
            close(company)
            run_everything(company)
            yield company


@pytest.fixture
def late(fresh: Company) -> Iterator[Company]:
    """The company after a run in which everything had to be booked in the month after."""
    close(fresh)
    with opened(fresh.world, fresh.books, fresh.database_url, policy=MOVE) as company:
        run_everything(company)
        yield company


def test_everything_is_booked_on_the_first_open_day(grown: Company) -> None:
    """To the cent, with the day that it ought to have in the memo, and nothing is a mismatch or left over."""
    assert {kind for kind, _ in open_gaps(grown.product)} <= {"payout_residual"}
    first, clerk = next_month(grown).first, Clerk(grown)
    for invoice in (each for each in grown.books.of("invoice") if each["status"] == "open" and each["total"] > 0):
        document = clerk.find("invoice", invoice["id"])
        assert document["tranDate"] == first.isoformat()
        assert document["memo"].startswith(f"Stripe: {invoice['id']}. Original transaction date: 2026-")
        assert date.fromisoformat(document["memo"][-10:]) < first
    items = late_items(grown.product.engine, next_month(grown))
    assert {item.booked_date for item in items} == {first}
    documents = {"invoice", "customerPayment", "creditMemo", "customerRefund", "deposit", "journalEntry"}
    assert {item.document for item in items} == documents


def test_a_month_ties_out_where_it_is_booked(grown: Company) -> None:
    """The closed months hold nothing on either side, the open one everything."""
    for month in close(grown):
        assert agreement(grown.product.engine, month) == []
    ties = agreement(grown.product.engine, next_month(grown))
    assert {tie.document for tie in ties} == set(DOCUMENTS)
    assert not any(tie.residual_minor for tie in ties)
    assert all(tie.stripe_minor == tie.ledger_minor for tie in ties)


def test_the_close_of_a_month_names_its_late_items(grown: Company) -> None:
    """In the table and for programs, in the month that they come from and in the one that they are booked in."""
    product, now = grown.product, datetime.now(UTC)
    for month in (Month.of(grown.books.span[1]), next_month(grown)):
        found = close_month(product.engine, product.policy, month, now)
        assert found.late
        assert close_data(found)["late_items"] == found.late
        with tables.console.capture() as said:
            _show(found)
        assert "Late items: booked in a later period, since theirs was closed" in said.get()
    assert close_month(product.engine, product.policy, next_month(grown).after, now).late == []


def test_nothing_is_written_again_when_the_period_is_opened(late: Company) -> None:
    """Opened again, or the next one closed too: what is booked stays booked, and no gap appears."""
    before = len(late.world.writes())
    close(late, closed=False)
    late.world.ask("POST", "netsuite/periods", {"name": f"{next_month(late).first:%b %Y}", "closed": True})
    run_everything(late)
    assert len(late.world.writes()) == before
    assert open_gaps(late.product) == set()
    reconcile(late.product.engine, late.product.policy, full=True)
    assert open_gaps(late.product) == set()


def test_a_moved_document_that_somebody_moves_again_shows(late: Company) -> None:
    """Into a month before its own it has no reason to be."""
    invoice = next(each for each in late.books.of("invoice") if each["status"] == "open" and each["total"] > 0)
    close(late, closed=False)
    clerk = Clerk(late)
    clerk.change("invoice", clerk.find("invoice", invoice["id"])["id"], {"tranDate": "2026-03-03"})
    run_everything(late)
    assert open_gaps(late.product) == {("period_mismatch", invoice["id"])}


def test_locked_receivables_are_moved_and_deposits_are_not(fresh: Company) -> None:
    """A lock of receivables keeps invoices out; the bank's money is booked on its day."""
    close(fresh, arLocked=True)
    with opened(fresh.world, fresh.books, fresh.database_url, policy=MOVE) as company:
        run_everything(company)
        assert open_gaps(company.product) == set()
        items = late_items(company.product.engine, next_month(company))
        assert {item.document for item in items} >= {"invoice", "customerPayment"}
        assert "deposit" not in {item.document for item in items}


def _closed(product: Assembly) -> list[Finding]:
    """What the preflight says of closed periods; that of today is another question."""
    named = [each for each in preflight(product) if each.what.startswith("period ")]
    return [each for each in named if not each.what.startswith("period of ")]


def test_check_names_closed_periods_and_what_becomes_of_them(fresh: Company) -> None:
    """Which are closed, how many documents of Stripe lie there, and what policy does about those not booked."""
    fresh.product.extract(["customer", "invoice"], *fresh.books.span)
    fresh.product.validate("customer")
    fresh.product.validate("invoice")
    close(fresh)
    with opened(fresh.world, fresh.books, fresh.database_url, policy=MOVE) as moving:
        refused, booked = (_closed(product) for product in (fresh.product, moving.product))
    assert [each.ok for each in refused] == [None] * len(refused)
    assert refused
    assert ("not booked" in refused[-1].detail, "refused" in refused[-1].otherwise) == (True, True)
    assert "first_open" in refused[-1].to_do
    assert all(each.ok for each in booked)
    assert "go into the first open period" in booked[-1].detail


def test_a_tax_return_that_was_handed_in_gets_nothing_more(fresh: Company) -> None:
    """With `periods.tax: lock` what is late goes on the first day open for taxes; deposits stay on their day."""
    close(fresh, tax=True)
    policy = {"periods": {"closed": "first_open", "tax": "lock"}}
    with opened(fresh.world, fresh.books, fresh.database_url, policy=policy) as company:
        found = [each for each in preflight(company.product) if each.what.startswith("tax period")]
        assert [each for each in found if each.ok is False] == []
        run_everything(company)
        assert open_gaps(company.product) == set()
        items = late_items(company.product.engine, next_month(company))
        assert {item.document for item in items} >= {"invoice", "customerPayment"}
        assert {item.booked_date for item in items} == {next_month(company).first}
        assert "deposit" not in {item.document for item in items}


def test_tax_periods_are_not_looked_at_by_default(fresh: Company) -> None:
    """NetSuite takes what is late and reports it in the next return."""
    close(fresh, tax=True)
    run_everything(fresh)
    assert open_gaps(fresh.product) == set()
    assert late_items(fresh.product.engine, next_month(fresh)) == []
