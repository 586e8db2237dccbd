"""What users of Stripe's own connector have set as metadata, the whole way: from Stripe's API to the gaps."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from o2c_orchestration.domain.documents import LeftOut
from o2c_orchestration.sandbox.company import build
from o2c_orchestration.sandbox.company.currencies import NETSUITE_CURRENCY
from o2c_orchestration.store.agreement import agreement
from o2c_orchestration.store.clearing import clearing
from o2c_orchestration.store.database import raw_cursor
from o2c_orchestration.store.gaps import Gap, list_gaps
from o2c_orchestration.store.left_out import LeftOutSum, left_out_sums
from o2c_orchestration.store.receivables import receivables
from o2c_orchestration_tests.conftest import NewDatabase
from o2c_orchestration_tests.crash.world import TODAY, Books, run, sandbox
from o2c_orchestration_tests.e2e.conftest import Company, opened

Wire = dict[str, Any]
# An item of the sandbox that no line goes on by itself.
SHIPPING = "4"
BLOCK = {"netsuite_block_integration": " True "}


@dataclass
class Chosen:
    """Objects of a company that each have metadata of another kind, by what it asks for."""

    company: Company
    of: dict[str, Wire] = field(default_factory=dict)
    left_out: tuple[LeftOut, ...] = ()

    def gaps(self) -> dict[str | None, Gap]:
        return {gap.stripe_id: gap for gap in list_gaps(self.company.product.engine)}

    def documents(self, key: str) -> list[tuple[int, str, str | None, int]]:
        """(NetSuite id, type, how it was linked, customer) of what stands for a key."""
        with raw_cursor(self.company.product.engine) as cursor:
            cursor.execute(
                "SELECT id, document, linked_by, entity_id FROM o2c.netsuite_documents WHERE stripe_ref = %s", (key,)
            )
            return [(int(row[0]), str(row[1]), row[2], int(row[3] or 0)) for row in cursor.fetchall()]


@dataclass
class Simple:
    """The dollar invoices of a company that nothing was taken back of, and their charges."""

    stripe: list[Wire]

    def of(self, kind: str) -> list[Wire]:
        return [each for each in self.stripe if each["object"] == kind]

    def invoices(self, status: str) -> list[Wire]:
        taken = {each["invoice"] for each in self.of("credit_note")}
        return [
            each
            for each in self.of("invoice")
            if (each["status"], each["currency"]) == (status, "usd") and each["total"] > 0 and each["id"] not in taken
        ]

    def unpaid(self) -> list[Wire]:
        """Those on which no payment was made at all."""
        claimed = {each["invoice"] for each in self.of("invoice_payment") if each["status"] == "paid"}
        return [each for each in self.invoices("open") if each["id"] not in claimed]

    def paid(self) -> Iterator[tuple[Wire, Wire]]:
        """Those that one charge paid, with it: one that was not taken back, and that a payout has brought."""
        returned = {each["charge"] for kind in ("refund", "dispute") for each in self.of(kind)}
        charges = {each["payment_intent"]: each for each in self.of("charge") if each["status"] == "succeeded"}
        claims = [(each["payment"].get("payment_intent"), each["invoice"]) for each in self.of("invoice_payment")]
        for invoice in self.invoices("paid"):
            found = [charges[intent] for intent, key in claims if key == invoice["id"] and intent in charges]
            alone = len(found) == 1 and [intent for intent, _ in claims].count(found[0]["payment_intent"]) == 1
            if alone and found[0]["id"] not in returned and self._settled(found[0]):
                yield invoice, found[0]

    def _settled(self, charge: Wire) -> bool:
        """By its day, since Stripe's objects do not say which payout has taken it."""
        entry = next(each for each in self.of("balance_transaction") if each["source"] == charge["id"])
        done = [each["created"] for each in self.of("payout") if each["status"] == "paid"]
        return any(entry["available_on"] <= day for day in done)


def _netsuite(adopted: Wire, foreign: Wire) -> list[Wire]:
    """A customer of the CRM, that of an invoice in Stripe, and an invoice of each that somebody entered by hand."""
    currencies = {"items": [{"currency": {"id": number}} for number in NETSUITE_CURRENCY.values()]}

    def customer(key: str, external_id: str) -> Wire:
        body = {"_key": key, "externalId": external_id, "companyName": f"Company {key}", "subsidiary": {"id": "1"}}
        return {"recordType": "customer", "body": {**body, "currency": {"id": "1"}, "currencyList": currencies}}

    def invoice(key: str, owner: str, wire: Wire) -> Wire:
        lines = {"items": [{"item": {"id": "1"}, "amount": wire["total"] / 100}]}
        body = {"_key": key, "entity": {"id": f"@{owner}"}, "subsidiary": {"id": "1"}, "currency": {"id": "1"}}
        day = datetime.fromtimestamp(wire["effective_at"] or wire["created"], UTC).date().isoformat()
        return {"recordType": "invoice", "body": {**body, "tranDate": day, "memo": "services", "item": lines}}

    return [
        customer("crm", "CRM-77"),
        customer("own", adopted["customer"]),
        invoice("adopted", "own", adopted),
        invoice("foreign", "crm", foreign),
    ]


def _prices(invoice: Wire) -> list[str]:
    return [line["pricing"]["price_details"]["price"] for line in invoice["lines"]["data"]]


@pytest.fixture(scope="module")
def chosen(tmp_path_factory: pytest.TempPathFactory, keys: Path, new_database: NewDatabase) -> Iterator[Chosen]:
    """A company in which some objects have metadata, after one run."""
    stripe = [dict(each) for each in build(7, 150, today=TODAY, days=12).stripe]
    simple, books = Simple(stripe), Books(stripe, days=12)
    customers = {each["id"]: each for each in simple.of("customer")}
    nobody, crm = (customers[key] for key in sorted({each["customer"] for each in simple.unpaid()})[:2])
    unpaid = [each for each in simple.unpaid() if each["customer"] not in (nobody["id"], crm["id"])]
    bought, charge = next(pair for pair in simple.paid() if pair[0]["customer"] not in (nobody["id"], crm["id"]))
    with new_database() as url, sandbox(tmp_path_factory.mktemp("metadata") / "state", keys) as world:
        made = world.ask("POST", "load", {"stripe": [], "netsuite": _netsuite(unpaid[0], unpaid[1])})["netsuite"]
        of = dict(zip(("adopted", "foreign", "blocked", "garbled", "priced", "lined"), unpaid, strict=False))
        of |= {"crm": crm, "nobody": nobody, "unpaid for": bought, "unpaid out": charge}
        of["adopted"]["metadata"] = {"netsuite_invoice_id": f" {made['adopted']}\n", "colour": "green"}
        of["foreign"]["metadata"] = {"netsuite_invoice_id": made["foreign"]}
        of["blocked"]["metadata"] = of["unpaid out"]["metadata"] = BLOCK
        of["garbled"]["metadata"] = {"netsuite_invoice_id": "INV 12"}
        of["crm"]["metadata"] = {"netsuite_customer_id": made["crm"]}
        of["price"] = next(each for each in simple.of("price") if each["id"] == _prices(of["priced"])[0])
        of["price"]["metadata"] = {"netsuite_service_sale_item_id": SHIPPING}
        of["lined"]["lines"]["data"][0]["metadata"] = {"netsuite_non_inventory_sale_item_id": f" {SHIPPING}"}
        of["nobody"]["metadata"] = {"netsuite_customer_id": "987654"}
        world.load(books)
        with opened(world, books, url) as company:
            run(company.product, books.span)
            books.keys.update(made)
            yield Chosen(company, of, company.product.plan(*books.span).left_out)


def test_only_what_the_connector_reads_is_kept_of_metadata(chosen: Chosen) -> None:
    """A person's own notes do not get into the store."""
    with raw_cursor(chosen.company.product.engine) as cursor:
        cursor.execute(
            "SELECT payload -> 'metadata' FROM o2c.stripe_objects WHERE id = %s", (chosen.of["adopted"]["id"],)
        )
        [(metadata,)] = cursor.fetchall()
    assert list(metadata) == ["netsuite_invoice_id"]


def test_a_blocked_invoice_is_not_written_and_seen_all_the_same(chosen: Chosen) -> None:
    """netsuite_block_integration: no document and no gap, but told with its money by the plan."""
    invoice = chosen.of["blocked"]
    assert chosen.documents(invoice["id"]) == []
    assert invoice["id"] not in chosen.gaps()
    assert LeftOut("invoice", invoice["id"], "usd", invoice["total"], "blocked by metadata") in chosen.left_out
    paid = chosen.of["unpaid out"]["amount"]
    assert left_out_sums(chosen.company.product.engine) == [
        LeftOutSum("invoice", "usd", 1, invoice["total"]),
        LeftOutSum("customerPayment", "usd", 1, paid),
    ]


def test_a_blocked_payment_does_not_hold_its_payout_up(chosen: Chosen) -> None:
    """It is a line on Suspense that says so, its payout is deposited to the cent, and its invoice shows as open."""
    charge, gaps = chosen.of["unpaid out"], chosen.gaps()
    assert chosen.documents(charge["id"]) == []
    residual = gaps[charge["balance_transaction"]]
    assert (residual.kind, residual.expected_minor) == ("payout_residual", charge["amount"])
    assert residual.reason.endswith("blocked by metadata")
    assert charge["id"] not in gaps
    open_one = gaps[chosen.of["unpaid for"]["id"]]
    assert (open_one.kind, f"{charge['id']} is blocked by metadata" in open_one.reason) == ("status_mismatch", True)
    payouts = [each["id"] for each in chosen.company.books.of("payout") if each["status"] == "paid"]
    assert payouts
    assert all(chosen.documents(each) for each in payouts)


def test_documents_of_a_customer_are_booked_under_the_one_that_metadata_names(chosen: Chosen) -> None:
    """netsuite_customer_id: no customer is made, invoice and payment are under the named one, and nothing differs."""
    customer, crm = chosen.of["crm"]["id"], int(chosen.company.books.keys["crm"])
    wires = [each for kind in ("invoice", "charge") for each in chosen.company.books.of(kind)]
    keys = [
        each["id"] for each in wires if each["customer"] == customer and each["status"] in ("open", "paid", "succeeded")
    ]
    assert len(keys) > 5
    assert {entity for key in keys for _, _, _, entity in chosen.documents(key)} == {crm}
    assert chosen.company.product.ledger.find_by_external_id("customer", customer) is None
    assert not chosen.gaps().keys() & {customer, *keys}


def test_a_customer_that_does_not_exist_is_refused_by_name(chosen: Chosen) -> None:
    """No customer is made in its place: its documents are gaps that say what to correct."""
    customer = chosen.of["nobody"]["id"]
    invoice = next(
        each["id"]
        for each in chosen.company.books.of("invoice")
        if each["customer"] == customer and each["status"] == "open"
    )
    gap = chosen.gaps()[invoice]
    assert (gap.kind, "names NetSuite customer '987654', which does not exist" in gap.reason) == ("sync_failed", True)
    assert chosen.company.product.ledger.find_by_external_id("customer", customer) is None


def test_the_document_that_metadata_names_is_adopted(chosen: Chosen) -> None:
    """netsuite_invoice_id: the invoice that somebody entered by hand is the mirror; no second one is written."""
    key = chosen.of["adopted"]["id"]
    [(identifier, kind, linked_by, _)] = chosen.documents(key)
    assert (identifier, kind, linked_by) == (int(chosen.company.books.keys["adopted"]), "invoice", "metadata")
    assert chosen.company.product.ledger.find_by_external_id("invoice", key) is None


@pytest.mark.parametrize(
    ("which", "words"), [("foreign", "booked under another customer"), ("garbled", "which is no internal id")]
)
def test_what_metadata_names_wrongly_is_refused_by_name(chosen: Chosen, which: str, words: str) -> None:
    """Neither the document that it names nor another one is taken for it: a gap says what to correct in Stripe."""
    key = chosen.of[which]["id"]
    gap = chosen.gaps()[key]
    assert (gap.kind, words in gap.reason) == ("sync_failed", True)
    assert "correct netsuite_invoice_id" in gap.reason.replace("Correct", "correct")
    assert chosen.documents(key) == []


@pytest.mark.parametrize("which", ["priced", "lined"])
def test_lines_go_on_the_items_that_metadata_names(chosen: Chosen, which: str) -> None:
    """netsuite_…_item_id on the price of a line, which is read for it, or on the line itself."""
    invoice, product = chosen.of[which], chosen.company.product
    found = product.ledger.find_by_external_id("invoice", invoice["id"])
    assert found is not None
    first = product.ledger.record("invoice", found, sublists=True)[0]["item"]["items"][0]
    assert first["item"]["id"] == SHIPPING


def test_the_equations_close_over_all_of_it(chosen: Chosen) -> None:
    """What is blocked is on neither side, what is named is on both, and gaps explain the rest to the minor unit."""
    engine = chosen.company.product.engine
    assert [tie for tie in agreement(engine) if tie.residual_minor] == []
    assert [each for each in clearing(engine, "Suspense").differences if not each.gaps] == []
    totals, owing = receivables(engine, write_off=True)
    assert [each for each in totals if each.residual_minor] == []
    assert [each for each in owing if each.unexplained] == []


def test_another_run_writes_nothing(chosen: Chosen) -> None:
    """What was written, adopted, blocked or refused is the same in the next run."""
    before = {gap.gap_id for gap in list_gaps(chosen.company.product.engine)}
    chosen.company.run()
    assert chosen.company.world.writes() == []
    assert {gap.gap_id for gap in list_gaps(chosen.company.product.engine)} == before
