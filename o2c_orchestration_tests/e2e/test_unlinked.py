"""An invoice that somebody entered by hand, without a word of Stripe: no second one is written beside it."""

from datetime import UTC, datetime
from typing import Any

from typer.testing import CliRunner

from o2c_orchestration.cli import app
from o2c_orchestration_tests.crash.world import open_gaps
from o2c_orchestration_tests.e2e.conftest import Company
from o2c_orchestration_tests.e2e.test_afterwards import bill, run_until_now
from o2c_orchestration_tests.e2e.test_drift import Clerk, an_open_invoice, plain

Wire = dict[str, Any]


def by_hand(company: Company, invoice: Wire) -> str:
    """The clerk's invoice for the same customer and amount; its internal id."""
    clerk = Clerk(company)
    customer = company.product.ledger.find_by_external_id("customer", invoice["customer"])
    day = datetime.fromtimestamp(invoice["created"], UTC).date().isoformat()
    body = {"entity": {"id": customer}, "subsidiary": {"id": "1"}, "currency": {"id": "1"}, "tranDate": day}
    return clerk.enter("invoice", {**body, "memo": "as agreed", **plain(invoice["total"] / 100)})


def held_up(company: Company) -> tuple[Wire, str]:
    """A new invoice in Stripe, and the clerk's, after a run that wrote nothing."""
    invoice = bill(company, an_open_invoice(company)["customer"], 4_321)
    internal_id = by_hand(company, invoice)
    run_until_now(company)
    assert company.world.writes() == []
    assert open_gaps(company.product) == {("sync_failed", invoice["id"]), ("unlinked_in_netsuite", internal_id)}
    return invoice, internal_id


def test_it_is_held_up_until_the_memo_says_that_it_is_the_same(synced: Company) -> None:
    """Then it is the invoice's document, and nothing is open."""
    invoice, internal_id = held_up(synced)
    Clerk(synced).change("invoice", internal_id, {"memo": f"Stripe: {invoice['id']}"})
    run_until_now(synced)
    assert synced.world.writes() == []
    assert open_gaps(synced.product) == set()


def test_it_is_written_once_a_person_says_that_it_is_another(synced: Company, monkeypatch: Any) -> None:
    """On the command line, with a reason; what was dismissed is told from then on."""
    invoice, internal_id = held_up(synced)
    for name, value in synced.world.environment(synced.database_url).items():
        monkeypatch.setenv(name, value)
    o2c = CliRunner()
    listed = o2c.invoke(app, ["unlinked", "list"])
    assert (listed.exit_code, internal_id in listed.output) == (1, True)
    told = o2c.invoke(app, ["unlinked", "dismiss", internal_id, "--reason", "consulting", "--actor", "ann"])
    assert told.exit_code == 0, told.output
    assert o2c.invoke(app, ["unlinked", "list", "--json"]).output.strip() == "[]"
    assert "consulting" in o2c.invoke(app, ["unlinked", "list", "--dismissed"]).output
    run_until_now(synced)
    assert [each["method"] for each in synced.world.writes()] == ["POST"]
    assert Clerk(synced).find("invoice", invoice["id"])["total"] * 100 == 4_321
    assert open_gaps(synced.product) == set()
    again = o2c.invoke(app, ["unlinked", "dismiss", "999999", "--reason", "unknown"])
    assert (again.exit_code, "no document 999999" in again.output) == (1, True)


def test_one_that_may_be_either_of_two_is_not_dismissed_by_the_way(synced: Company, monkeypatch: Any) -> None:
    """Two invoices of one amount in one week: whoever thinks of one of them is told of the other."""
    invoice, internal_id = held_up(synced)
    other = bill(synced, invoice["customer"], 4_321)
    run_until_now(synced)
    assert synced.world.writes() == []
    for name, value in synced.world.environment(synced.database_url).items():
        monkeypatch.setenv(name, value)
    o2c, dismiss = CliRunner(), ["unlinked", "dismiss", internal_id, "--reason", "consulting"]
    told = o2c.invoke(app, dismiss)
    assert told.exit_code == 1
    assert invoice["id"] in told.output
    assert other["id"] in told.output
    assert o2c.invoke(app, [*dismiss, "--none-of-them"]).exit_code == 0
    run_until_now(synced)
    assert len(synced.world.writes()) == 2
    assert open_gaps(synced.product) == set()
