"""What people change in NetSuite behind our back: it shows as the right gap, and nothing is overwritten."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from o2c_orchestration.cli import app
from o2c_orchestration.clients.netsuite import NetSuiteWriter
from o2c_orchestration.reconcile import reconcile
from o2c_orchestration.sandbox.company import build
from o2c_orchestration.store.gaps import list_gaps
from o2c_orchestration.store.gone import rewrite
from o2c_orchestration_tests.conftest import NewDatabase
from o2c_orchestration_tests.crash import audit
from o2c_orchestration_tests.crash.world import RECORD_PATH, TODAY, Books, open_gaps, sandbox
from o2c_orchestration_tests.e2e.conftest import Company, opened

Wire = dict[str, Any]


class Clerk:
    """A person with a login to NetSuite."""

    def __init__(self, company: Company) -> None:
        self._company = company
        self._account = company.product.netsuite
        self._writer = NetSuiteWriter(self._account)

    def find(self, record: str, external_id: str) -> Wire:
        found = self._company.product.ledger.find_by_external_id(record, external_id)
        assert found is not None
        return self._company.product.ledger.record(record, found, sublists=True)[0]

    def change(self, record: str, internal_id: str, body: Wire, *replace: str) -> None:
        self._writer.patch(record, internal_id, body, replace)

    def delete(self, record: str, internal_id: str) -> None:
        assert self._account.send("DELETE", f"{RECORD_PATH}{record}/{internal_id}").status == 204

    def enter(self, record: str, body: Wire) -> str:
        return self._writer.create(record, body)


def gaps_after(company: Company) -> set[tuple[str, str | None]]:
    """The open gaps after another run in sync mode, which must have written nothing."""
    before = audit.actual(company.world.state)
    company.run()
    assert company.world.writes() == []
    assert audit.actual(company.world.state) == before
    return open_gaps(company.product)


def an_open_invoice(company: Company) -> Wire:
    """An unpaid dollar invoice issued on one of the days that are run."""
    for invoice in company.books.of("invoice"):
        issued = invoice["effective_at"] or invoice["created"]
        if invoice["status"] == "open" and invoice["total"] > 0 and invoice["created"] - issued < 86_400:
            return invoice
    raise AssertionError("the company has no such invoice")


def plain(amount: float) -> Wire:
    return {"item": {"items": [{"item": {"id": "1"}, "quantity": 1, "amount": amount}]}}


def lines_of(document: Wire) -> Wire:
    kept = ("item", "quantity", "amount", "rate", "description")
    items = document["item"]["items"]
    return {"item": {"items": [{name: line[name] for name in kept if name in line} for line in items]}}


def test_an_edited_amount_shows_and_goes(synced: Company) -> None:
    """Another amount on an invoice is an amount_mismatch until it is put back."""
    clerk, invoice = Clerk(synced), an_open_invoice(synced)
    document = clerk.find("invoice", invoice["id"])
    clerk.change("invoice", document["id"], plain(7), "item")
    assert gaps_after(synced) == {("amount_mismatch", invoice["id"])}
    clerk.change("invoice", document["id"], lines_of(document), "item")
    assert gaps_after(synced) == set()


def test_a_deleted_invoice_shows_and_is_not_written_again(synced: Company) -> None:
    """An invoice that somebody deleted is missing_in_netsuite until somebody enters it again."""
    clerk, invoice = Clerk(synced), an_open_invoice(synced)
    document = clerk.find("invoice", invoice["id"])
    clerk.delete("invoice", document["id"])
    assert gaps_after(synced) == {("missing_in_netsuite", invoice["id"])}
    head = {name: document[name] for name in ("entity", "currency", "tranDate", "memo", "subsidiary")}
    ids = {name: {"id": head[name]["id"]} for name in ("entity", "currency", "subsidiary")}
    clerk.enter("invoice", head | ids | lines_of(document))
    assert gaps_after(synced) == set()


def test_a_deleted_invoice_is_written_again_when_a_person_says_so(
    synced: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its gap names the document that was deleted, and once a person wants it again there is one more, and one only."""
    clerk, invoice = Clerk(synced), an_open_invoice(synced)
    document = clerk.find("invoice", invoice["id"])
    engine = synced.product.engine
    assert rewrite(engine, [invoice["id"]], "ada", "a test") == []  # it stands there
    for name, value in synced.world.environment(synced.database_url).items():
        monkeypatch.setenv(name, value)
    command = ["rewrite", invoice["id"], "in_other", "--reason", "the item was wrong", "--actor", "ada", "--json"]
    clerk.delete("invoice", document["id"])
    assert gaps_after(synced) == {("missing_in_netsuite", invoice["id"])}
    [gap] = list_gaps(engine)
    assert f"invoice {document['tranId']}, {document['id']} was deleted there, or hidden from our role" in gap.reason
    told = CliRunner().invoke(app, command)
    assert (told.exit_code, json.loads(told.stdout)) == (1, {"rewritten": [invoice["id"]], "not_found": ["in_other"]})
    synced.run()
    assert len(synced.world.writes()) == 1
    assert clerk.find("invoice", invoice["id"])["id"] != document["id"]
    assert open_gaps(synced.product) == set()


def test_a_voided_invoice_is_named(synced: Company) -> None:
    """An invoice that is voided in NetSuite and not in Stripe is missing there, and the gap says why."""
    invoice = an_open_invoice(synced)
    document = Clerk(synced).find("invoice", invoice["id"])
    synced.world.ask("POST", "netsuite/void", {"id": int(document["id"])})
    assert gaps_after(synced) == {("missing_in_netsuite", invoice["id"])}
    [gap] = list_gaps(synced.product.engine)
    assert f"invoice {document['tranId']}, {document['id']} is voided there" in gap.reason


def test_what_is_deleted_shows_though_its_days_are_not_run(synced: Company) -> None:
    """A run over today is enough to see that an invoice of long ago was deleted, and a second one of it as well."""
    clerk, invoice = Clerk(synced), an_open_invoice(synced)
    document = clerk.find("invoice", invoice["id"])
    today = TODAY + timedelta(days=90)
    ids = {name: {"id": document[name]["id"]} for name in ("entity", "currency", "subsidiary")}
    head = {name: document[name] for name in ("tranDate", "memo")}
    second = clerk.enter("invoice", head | ids | lines_of(document))
    synced.product.read_ledger(today, today)
    reconcile(synced.product.engine)
    assert open_gaps(synced.product) == {("duplicate_in_netsuite", invoice["id"])}
    for identifier in (second, document["id"]):
        clerk.delete("invoice", identifier)
    synced.product.read_ledger(today, today)
    reconcile(synced.product.engine)
    assert open_gaps(synced.product) == {("missing_in_netsuite", invoice["id"])}


def test_an_unapplied_payment_shows_and_goes(synced: Company) -> None:
    """A payment taken off its invoice is payment_unapplied until it is applied again."""
    clerk = Clerk(synced)
    charge = next(each for each in synced.books.of("charge") if each["status"] == "succeeded")
    payment = clerk.find("customerPayment", charge["id"])
    applied = [line for line in payment["apply"]["items"] if line["apply"]]
    off = [{"doc": {"id": line["doc"]["id"]}, "apply": False} for line in applied]
    on = [{"doc": {"id": line["doc"]["id"]}, "apply": True, "amount": line["amount"]} for line in applied]
    clerk.change("customerPayment", payment["id"], {"apply": {"items": off}})
    assert gaps_after(synced) == {("payment_unapplied", charge["id"])}
    clerk.change("customerPayment", payment["id"], {"apply": {"items": on}})
    assert gaps_after(synced) == set()


def test_an_invoice_in_another_month_shows_and_goes(synced: Company) -> None:
    """A document moved to another month is a period_mismatch until it is moved back."""
    clerk, invoice = Clerk(synced), an_open_invoice(synced)
    document = clerk.find("invoice", invoice["id"])
    clerk.change("invoice", document["id"], {"tranDate": "2026-03-03"})
    assert gaps_after(synced) == {("period_mismatch", invoice["id"])}
    clerk.change("invoice", document["id"], {"tranDate": document["tranDate"]})
    assert gaps_after(synced) == set()


def test_without_its_external_id_a_document_is_known_by_its_memo(synced: Company) -> None:
    """An external id that was removed does no harm while the memo still names the Stripe invoice."""
    clerk, invoice = Clerk(synced), an_open_invoice(synced)
    clerk.change("invoice", clerk.find("invoice", invoice["id"])["id"], {"externalId": None})
    assert gaps_after(synced) == set()


def test_a_document_without_any_name_shows_and_goes(synced: Company) -> None:
    """Without external id, memo and number the document is nobody's, its invoice has none, and none is written."""
    clerk, invoice = Clerk(synced), an_open_invoice(synced)
    document = clerk.find("invoice", invoice["id"])
    clerk.change("invoice", document["id"], {"externalId": None, "memo": "", "otherRefNum": ""})
    nameless = ("unlinked_in_netsuite", str(document["id"]))
    assert gaps_after(synced) == {("missing_in_netsuite", invoice["id"]), nameless}
    clerk.change("invoice", document["id"], {"externalId": invoice["id"]})
    assert gaps_after(synced) == set()


def test_ids_that_differ_in_case_only_are_both_refused(tmp_path: Path, keys: Path, new_database: NewDatabase) -> None:
    """NetSuite would take two such invoices for one: neither is written, and both say why."""
    stripe = build(11, 14, today=TODAY, days=4).stripe
    original = next(each for each in stripe if each["object"] == "invoice" and each["status"] == "open")
    twin = json.loads(json.dumps(original).replace(original["id"], original["id"].swapcase().replace("IN_", "in_")))
    twin["number"] += "-TWIN"
    for line in twin["lines"]["data"]:
        line["id"] += "twin"
    books = Books([*stripe, twin], days=4)
    both = {original["id"], twin["id"]}
    with new_database() as url, sandbox(tmp_path / "state", keys) as world:
        world.load(books)
        with opened(world, books, url) as company:
            company.run()
            assert open_gaps(company.product) == {("sync_failed", key) for key in both}
            expected, actual = audit.expected(books), audit.actual(world.state)
            assert expected.invoices.keys() - actual.invoices.keys() == {original["id"].lower()}
            assert gaps_after(company) == {("sync_failed", key) for key in both}
