"""What Salesforce does not take of what it is told: a gap that a sales person understands, and all else goes on."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.plan.write_back import plan_write_back
from o2c_orchestration.sandbox.salesforce.package import PAYMENT_STATUS
from o2c_orchestration.store import gaps
from o2c_orchestration.store.database import raw_cursor
from o2c_orchestration_tests.e2e.cli_fixtures import World, today
from o2c_orchestration_tests.e2e.seller import Seller
from o2c_orchestration_tests.e2e.test_deals import go, listed, price, product


@pytest.fixture
def made(world: World) -> Iterator[Assembly]:
    with product(world) as found:
        yield found


def sold(world: World, seller: Seller, account: str, code: str) -> str:
    """A deal that is billed by an invoice."""
    deal = seller.deal(account, today().isoformat())
    seller.line(deal, seller.product(code, 300, price=price(world, 30000)), 1, 300)
    return deal


def invoice_of(world: World, deal: str) -> str:
    [found] = [each for each in listed(world, "invoices") if each["metadata"].get("salesforce_opportunity_id") == deal]
    return str(found["id"])


def posted(world: World, path: str, told: Any) -> None:
    requests.post(f"{world.base_url}/_sandbox/{path}", json=told, timeout=10).raise_for_status()


def second_record(world: World, seller: Seller, invoice: str) -> str:
    """Somebody's import has made the same record once more, where nothing keeps ids unique; its id."""
    fields = "Stripe_Invoice_Id__c, Opportunity__c, Account__c, Number__c, CurrencyIsoCode"
    [known] = seller.query(f"SELECT {fields} FROM O2C_Invoice__c WHERE Stripe_Invoice_Id__c = '{invoice}'")
    posted(world, "load", {"salesforce": [known]})
    return str(seller.query("SELECT Id FROM O2C_Invoice__c ORDER BY Id DESC")[0]["Id"])


def an_hour_passes(made: Assembly) -> None:
    with raw_cursor(made.engine) as cursor:
        cursor.execute("UPDATE o2c.salesforce_written SET written_at = written_at - interval '1 hour'")


def told_of(seller: Seller, invoice: str) -> list[str]:
    found = seller.query(f"SELECT Status__c FROM O2C_Invoice__c WHERE Stripe_Invoice_Id__c = '{invoice}'")
    return [each["Status__c"] for each in found]


def test_an_ambiguous_id_is_one_gap_and_the_others_are_told(world: World, seller: Seller, made: Assembly) -> None:
    """A 300 of one record: its gap names the invoice and what to do, and ends once there is one such record again."""
    account = seller.account("Acme Inc")
    first, second = (sold(world, seller, account, code) for code in ("SETUP", "TRAIN"))
    for _ in range(2):
        go(made)
    ours, other = (invoice_of(world, deal) for deal in (first, second))
    copy = second_record(world, seller, ours)
    for invoice in (ours, other):
        world.stripe(f"invoices/{invoice}/void")
    go(made)
    [gap] = gaps.list_gaps(made.engine)
    assert (gap.leg, gap.kind, gap.salesforce_id, gap.stripe_id) == ("salesforce_stripe", "sync_failed", first, ours)
    assert f"not told of invoice {ours}: several of its records have that id" in gap.reason
    assert "To do: delete all but one of them in Salesforce" in gap.reason
    assert told_of(seller, other) == ["void"]
    seller.delete("O2C_Invoice__c", copy)
    an_hour_passes(made)
    go(made)
    assert (gaps.list_gaps(made.engine), told_of(seller, ours)) == ([], ["void"])


def test_a_value_that_a_picklist_lacks_is_one_gap(world: World, seller: Seller, made: Assembly) -> None:
    """The deal's, of that field alone; all else of it, of the account and the invoice is told all the same, once, and
    it ends with the value back.
    """
    deal = sold(world, seller, seller.account("Acme Inc"), "SETUP")
    for _ in range(2):
        go(made)
    invoice, values = invoice_of(world, deal), PAYMENT_STATUS.split(";")
    picklist = {"type": "Opportunity", "name": "O2C_Payment_Status__c"}
    posted(world, "salesforce/picklists", {**picklist, "values": [each for each in values if each != "Paid"]})
    world.stripe(f"invoices/{invoice}/pay", payment_method="pm_card_visa")
    go(made)
    [gap] = gaps.list_gaps(made.engine)
    assert (gap.leg, gap.kind, gap.salesforce_id) == ("salesforce_netsuite", "sync_failed", deal)
    assert "not told all what became of the opportunity: a value is not in the list of its field" in gap.reason
    assert "(Payment Status: bad value" in gap.reason
    assert "all else of it is told). To do: have an administrator put the value back" in gap.reason
    assert told_of(seller, invoice) == ["paid"]
    shown = seller.get("Opportunity", deal)
    assert (shown["O2C_Paid__c"], shown["O2C_Remaining__c"], shown["O2C_Payment_Status__c"]) == (300, 0, "Open")
    go(made)
    changes = patches(world)
    go(made)
    assert (patches(world), len(gaps.list_gaps(made.engine))) == (changes, 1)
    posted(world, "salesforce/picklists", {**picklist, "values": values})
    an_hour_passes(made)
    go(made)
    assert gaps.list_gaps(made.engine) == []
    assert seller.get("Opportunity", deal)["O2C_Payment_Status__c"] == "Paid"


def patches(world: World) -> int:
    return sum(each["method"] == "PATCH" for each in world.asked("salesforce"))


def test_a_new_record_is_made_without_the_fields_that_are_refused(world: World, seller: Seller, made: Assembly) -> None:
    """One after the other, as Salesforce names them; it is filled up once it may be."""
    # The second shows once the first field is left out.
    second = "Status__c = null AND Amount__c = 300"
    for name, condition in (("Status__c", "Status__c = 'open'"), ("Amount__c", second)):
        rule = {"type": "O2C_Invoice__c", "condition": condition, "message": f"Not this {name}.", "field": name}
        posted(world, "salesforce/rules", {"validation": rule})
    deal = sold(world, seller, seller.account("Acme Inc"), "SETUP")
    for _ in range(2):
        go(made)
    invoice = invoice_of(world, deal)
    fields = "Amount__c, Remaining__c, Status__c, Opportunity__c"
    [record] = seller.query(f"SELECT {fields} FROM O2C_Invoice__c WHERE Stripe_Invoice_Id__c = '{invoice}'")
    assert (record["Remaining__c"], record["Amount__c"], record["Status__c"]) == (300, None, None)
    assert record["Opportunity__c"] == deal
    [gap] = gaps.list_gaps(made.engine)
    assert f"not told all of invoice {invoice}" in gap.reason
    assert ("Not this Status__c." in gap.reason, "Not this Amount__c." in gap.reason) == (True, True)
    requests.delete(f"{world.base_url}/_sandbox/salesforce/rules", timeout=10).raise_for_status()
    an_hour_passes(made)
    go(made)
    assert (gaps.list_gaps(made.engine), told_of(seller, invoice)) == ([], ["open"])


def test_a_record_of_which_nothing_else_is_left_is_refused_as_before(
    world: World, seller: Seller, made: Assembly
) -> None:
    """What names no field, or what the record hangs on, is not told in part."""
    rule = {
        "type": "O2C_Invoice__c",
        "condition": "Opportunity__c != null",
        "message": "Closed.",
        "field": "Opportunity__c",
    }
    posted(world, "salesforce/rules", {"validation": rule})
    deal = sold(world, seller, seller.account("Acme Inc"), "SETUP")
    for _ in range(2):
        go(made)
    assert told_of(seller, invoice_of(world, deal)) == []
    [gap] = gaps.list_gaps(made.engine)
    assert (f"not told of invoice {invoice_of(world, deal)}" in gap.reason, "all else" in gap.reason) == (True, False)


def test_what_is_not_to_be_told_any_more_is_no_gap(world: World, seller: Seller, made: Assembly) -> None:
    """Somebody has typed in what the deal was to be told."""
    deal = sold(world, seller, seller.account("Acme Inc"), "SETUP")
    rule = {"type": "Opportunity", "condition": "StageName = 'Closed Won'", "message": "Closed deals stay as they are."}
    posted(world, "salesforce/rules", {"validation": {**rule, "field": None}})
    go(made)
    go(made)
    [gap] = gaps.list_gaps(made.engine)
    assert "a rule of your company does not let the record be saved (Closed deals stay as they are." in gap.reason
    requests.delete(f"{world.base_url}/_sandbox/salesforce/rules", timeout=10).raise_for_status()
    [wanted] = plan_write_back(made.deals.facts(), [], today(), children=False)
    seller.change("Opportunity", deal, **wanted.values)
    go(made)
    assert gaps.list_gaps(made.engine) == []
