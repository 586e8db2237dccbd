"""Orders of Salesforce as deals, by policy: an activated one becomes a sales order and a subscription, once."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.extract.salesforce import QUICK
from o2c_orchestration.store import deal_changes, gaps, write_backs
from o2c_orchestration.store.customer_360 import read as customers
from o2c_orchestration.store.database import raw_cursor
from o2c_orchestration.store.deals import read_deals
from o2c_orchestration.store.trace import trace
from o2c_orchestration_tests.conftest import NewDatabase
from o2c_orchestration_tests.e2e.cli_fixtures import World, books_today
from o2c_orchestration_tests.e2e.seller import Seller
from o2c_orchestration_tests.e2e.test_deals import go, listed, orders, price, product

POLICY = {"source": "orders", "recurring": "subscription", "one_off": "invoice"}
YEAR = timedelta(days=364)
BOTH_STAND = [("salesforce_netsuite", "status_mismatch"), ("salesforce_stripe", "status_mismatch")]


@pytest.fixture
def entry(world: World, seller: Seller) -> str:
    """Seats at 50.00 a month."""
    return seller.product("SEAT", 50, price=price(world, 5000, "month"))


@pytest.fixture
def draft(seller: Seller, entry: str) -> str:
    """Four seats for a year, not activated yet."""
    ends = (books_today() + YEAR).isoformat()
    return seller.order(seller.account("Acme Inc"), books_today().isoformat(), (entry, 4, 50), EndDate=ends)


@pytest.fixture
def made(world: World) -> Iterator[Assembly]:
    with product(world, deals=POLICY) as found:
        yield found


def kinds(made: Assembly) -> list[tuple[str, str]]:
    return sorted((gap.leg, gap.kind) for gap in gaps.list_gaps(made.engine))


def written(world: World) -> tuple[int, int]:
    """Sales orders, subscription schedules."""
    return len(orders(world)), len(listed(world, "subscription_schedules"))


def test_an_activated_order_is_written_once_and_told(world: World, seller: Seller, draft: str, made: Assembly) -> None:
    """One sales order under the order's id, one schedule of its term that names it; two saves make nothing more."""
    order = seller.activate(draft)
    go(made)
    go(made)
    seller.change("Order", order, Description="Saved again")
    (invoice,) = listed(world, "invoices")
    world.stripe(f"invoices/{invoice['id']}/finalize")
    go(made)
    assert (kinds(made), written(world)) == ([], (1, 1))
    (found,) = orders(world)
    told = seller.get("Order", order)
    assert (found["externalId"], told["NetSuite_Sales_Order_Id__c"]) == (order, str(found["id"]))
    # Its invoice says whose it is by its subscription alone.
    assert (told["NetSuite_Order_Status__c"], told["O2C_Billed__c"]) == ("Pending Billing", 200)
    (schedule,) = listed(world, "subscription_schedules")
    assert (schedule["metadata"], told["Stripe_Billing_Id__c"]) == ({"salesforce_order_id": order}, schedule["id"])
    assert [item["quantity"] for item in schedule["phases"][0]["items"]] == [4]
    lasts = timedelta(seconds=schedule["phases"][0]["end_date"] - schedule["phases"][0]["start_date"])
    assert abs(lasts - timedelta(days=365)) <= timedelta(hours=1)
    assert [row["ordered"] for row in customers(made.engine, 5)[0]] == ["200.00 USD"]


def test_what_is_no_activated_order_is_left_alone(world: World, seller: Seller, draft: str, made: Assembly) -> None:
    """A draft, and an opportunity that is won: with orders as deals neither is written or missed."""
    account = seller.account("Bolt GmbH")
    seller.line(seller.deal(account, books_today().isoformat()), seller.product("X", 9), 1, 9)
    go(made)
    assert (kinds(made), written(world)) == ([], (0, 0))
    assert seller.get("Order", draft)["O2C_Payment_Status__c"] is None


def test_an_order_without_recurring_products_is_an_invoice_under_it(
    world: World, seller: Seller, made: Assembly
) -> None:
    """Draft, lines, finalized; its record in Salesforce hangs on the order."""
    entry = seller.product("SETUP", 300, price=price(world, 30000))
    order = seller.order(seller.account("Bolt GmbH"), books_today().isoformat(), (entry, 2, 300), billing=None)
    seller.activate(order)
    go(made)
    go(made)
    assert kinds(made) == []
    (invoice,) = listed(world, "invoices")
    assert (invoice["status"], invoice["total"], invoice["metadata"]) == ("open", 60000, {"salesforce_order_id": order})
    (record,) = seller.query("SELECT Stripe_Invoice_Id__c, Order__c, Opportunity__c FROM O2C_Invoice__c")
    assert (record["Stripe_Invoice_Id__c"], record["Order__c"], record["Opportunity__c"]) == (
        invoice["id"],
        order,
        None,
    )
    assert seller.get("Order", order)["O2C_Billed__c"] == 600
    assert write_backs.refused(made.engine) == []


def test_deactivated_after_writing_is_a_gap_until_it_is_activated_again(
    world: World, seller: Seller, draft: str, made: Assembly
) -> None:
    """What was written stands, and is the same order's when it is in force again."""
    go_activated(seller, draft, made)
    seller.change("Order", draft, Status="Draft")
    go(made)
    assert kinds(made) == BOTH_STAND
    reasons = [gap.reason for gap in gaps.list_gaps(made.engine)]
    assert all("the order is no longer activated (Draft)" in reason for reason in reasons)
    seller.activate(draft)
    go(made)
    assert (kinds(made), written(world)) == ([], (1, 1))


def test_edited_after_writing_is_a_gap_with_both_amounts(
    world: World, seller: Seller, draft: str, made: Assembly
) -> None:
    """A fifth seat, for which it was a draft once more: nothing is changed behind anybody's back."""
    go_activated(seller, draft, made)
    seller.change("Order", draft, Status="Draft")
    (item,) = seller.query("SELECT Id FROM OrderItem")
    seller.change("OrderItem", item["Id"], Quantity=5)
    seller.activate(draft)
    go(made)
    found = {(gap.leg, gap.kind, gap.expected_minor, gap.actual_minor) for gap in gaps.list_gaps(made.engine)}
    assert found == {
        ("salesforce_netsuite", "terms_mismatch", 25000, 20000),
        ("salesforce_stripe", "terms_mismatch", 25000, 20000),
    }
    assert written(world) == (1, 1)


def test_a_deleted_order_leaves_a_gap_and_no_silence(seller: Seller, draft: str, made: Assembly) -> None:
    """As a draft again it can be deleted, and its sales order stands."""
    go_activated(seller, draft, made)
    seller.change("Order", draft, Status="Draft")
    seller.delete("Order", draft)
    go(made)
    assert kinds(made) == BOTH_STAND
    assert all("the order is deleted" in gap.reason for gap in gaps.list_gaps(made.engine))


def test_a_sale_that_was_written_as_an_opportunity_is_not_written_again(
    world: World, seller: Seller, entry: str
) -> None:
    """The policy changes to orders: refused by name until a person says on the order what there is, or reverses it."""
    account = seller.account("Acme Inc")
    deal = seller.deal(account, books_today().isoformat(), O2C_Term_Months__c=12)
    seller.line(deal, entry, 4, 50, O2C_Billing__c="Monthly")
    with product(world) as made:
        go(made)
    order = seller.activate(seller.order(account, books_today().isoformat(), (entry, 4, 50), OpportunityId=deal))
    with product(world, deals=POLICY) as made:
        go(made)
        go(made)
        assert written(world) == (1, 1)
        (gap,) = gaps.list_gaps(made.engine)
        assert (gap.leg, gap.kind, gap.salesforce_id) == ("salesforce_netsuite", "sync_failed", order)
        assert f"was written before as {deal}" in gap.reason
        seller.change("Opportunity", deal, StageName="Negotiation/Review")
        go(made)
        assert set(BOTH_STAND) < set(kinds(made))
        seller.change("Opportunity", deal, StageName="Closed Won")
        told = seller.get("Opportunity", deal)
        names = ("NetSuite_Sales_Order_Id__c", "Stripe_Billing_Id__c")
        seller.change("Order", order, **{name: told[name] for name in names})
        go(made)
        assert (kinds(made), written(world)) == ([], (1, 1))


def test_a_sale_that_was_written_as_an_order_is_not_written_again(
    world: World, seller: Seller, draft: str, made: Assembly
) -> None:
    """The policy changes back: the opportunity is refused, and the order is looked at as before."""
    account = seller.get("Order", draft)["AccountId"]
    deal = seller.deal(account, books_today().isoformat())
    seller.change("Order", draft, OpportunityId=deal)
    seller.line(deal, seller.product("X", 9), 1, 9)
    go_activated(seller, draft, made)
    with product(world) as other:
        go(other)
        (gap,) = gaps.list_gaps(other.engine)
        assert (gap.kind, gap.salesforce_id) == ("sync_failed", deal)
        assert f"was written before as {draft}" in gap.reason
        seller.change("Order", draft, Status="Draft")
        go(other)
        assert set(BOTH_STAND) < set(kinds(other))
    assert written(world) == (1, 1)


# What tells that something was made for a record, each by itself.
TRACES = {
    "journal": "UPDATE o2c.journal SET state = 'refused', netsuite_id = NULL, written_id = NULL",
    "NetSuite": "UPDATE o2c.sales_orders SET deleted_at = now()",
    "Stripe": "DELETE FROM o2c.stripe_metadata",
    "Salesforce": """UPDATE o2c.salesforce_objects SET payload = payload - ARRAY['NetSuite_Sales_Order_Id__c',
                     'Stripe_Billing_Id__c'] WHERE object = 'Opportunity'""",
}


@pytest.mark.parametrize("left", [*TRACES, None])
def test_one_trace_of_the_other_record_is_enough(world: World, seller: Seller, entry: str, left: str | None) -> None:
    """The journal, NetSuite's external id, Stripe's metadata or Salesforce's fields: whichever of them is left."""
    account = seller.account("Acme Inc")
    deal = seller.deal(account, books_today().isoformat(), O2C_Term_Months__c=12)
    seller.line(deal, entry, 4, 50, O2C_Billing__c="Monthly")
    with product(world) as made:
        go(made)
        go(made)
    order = seller.activate(seller.order(account, books_today().isoformat(), (entry, 4, 50), OpportunityId=deal))
    with product(world, deals=POLICY) as made:
        made.deals.poll()
        with raw_cursor(made.engine) as cursor:
            for statement in [statement for name, statement in TRACES.items() if name != left]:
                cursor.execute(statement.encode())
        found = {each.id: each.written_as for each in read_deals(made.engine, books_today(), "orders").deals}
    assert found[order] == (deal if left else None)


def test_a_reduction_order_changes_what_is_due_and_writes_nothing(
    world: World, seller: Seller, draft: str, entry: str, made: Assembly
) -> None:
    """A seat less from today on: told with both amounts on the order that it takes from, once."""
    go_activated(seller, draft, made)
    reduce(seller, draft, entry)
    go(made)
    found = {(gap.kind, gap.salesforce_id, gap.expected_minor, gap.actual_minor) for gap in gaps.list_gaps(made.engine)}
    assert found == {("terms_mismatch", draft, 15000, 20000)}
    assert (len(kinds(made)), written(world)) == (2, (1, 1))


def test_what_was_reduced_before_it_was_written_is_refused(
    world: World, seller: Seller, draft: str, entry: str, made: Assembly
) -> None:
    """What is left of it would be a guess: one gap, on the order itself."""
    reduce(seller, seller.activate(draft), entry)
    go(made)
    (gap,) = gaps.list_gaps(made.engine)
    assert (gap.kind, gap.salesforce_id, written(world)) == ("sync_failed", draft, (0, 0))
    assert "reduction orders take from it" in gap.reason


def test_one_trace_goes_through_all_three(world: World, draft: str, seller: Seller, made: Assembly) -> None:
    """From the order to sales order and billing, by its own id or by NetSuite's."""
    go_activated(seller, draft, made)
    steps = trace(made.engine, draft)
    text = " ".join(step.what for step in steps)
    for words in (
        "read Order 00000001, Activated",
        "salesOrder done",
        "subscriptionSchedule done",
        "told to Salesforce",
    ):
        assert words in text
    (order,) = orders(world)
    assert trace(made.engine, str(order["id"])) == steps


def test_what_a_lost_database_made_is_found_again(
    world: World, seller: Seller, draft: str, made: Assembly, new_database: NewDatabase
) -> None:
    """By the external id in NetSuite and by the order's id in Stripe's metadata, before there is any invoice."""
    seller.change("Order", draft, EffectiveDate=(books_today() + timedelta(days=20)).isoformat())
    go_activated(seller, draft, made)
    seller.change("Order", draft, NetSuite_Sales_Order_Id__c=None, Stripe_Billing_Id__c=None)
    with closing(sqlite3.connect(world.home / "sandbox" / "stripe.sqlite", timeout=10)) as stripe, stripe:
        assert stripe.execute("DELETE FROM idempotency").rowcount
    with new_database() as url, product(replace(world, database_url=url), deals=POLICY) as other:
        go(other)
        assert (kinds(other), written(world), len(listed(world, "customers"))) == ([], (1, 1), 1)


def test_the_sensor_hears_of_orders_and_of_nothing_else(seller: Seller, draft: str, made: Assembly) -> None:
    """Our own writes on an order come back and set nothing in motion; an edit of it does."""
    go_activated(seller, draft, made)
    made.deals.poll(QUICK, deletions=False)
    assert seller.get("Order", draft)["NetSuite_Sales_Order_Id__c"]
    assert not deal_changes.waiting(made.engine)
    seller.change("Order", draft, EndDate=(books_today() + YEAR + YEAR).isoformat())
    made.deals.poll(QUICK, deletions=False)
    assert deal_changes.waiting(made.engine)


def test_contacts_are_read_for_orders_alone(seller: Seller, draft: str, made: Assembly) -> None:
    """Least personal data: an opportunity that is won, and is no deal here, has nobody's address read."""
    seller.deal(seller.account("Bolt GmbH"), books_today().isoformat())
    seller.activate(draft)
    made.deals.poll()
    with raw_cursor(made.engine) as cursor:
        cursor.execute("SELECT payload ->> 'Email' FROM o2c.salesforce_objects WHERE object = 'Contact'")
        assert cursor.fetchall() == [("acme@example.com",)]


def go_activated(seller: Seller, draft: str, made: Assembly) -> None:
    seller.activate(draft)
    go(made)
    assert kinds(made) == []


def reduce(seller: Seller, order: str, entry: str) -> str:
    """An activated order that takes one seat from another."""
    account = seller.get("Order", order)["AccountId"]
    less: dict[str, Any] = {"IsReductionOrder": True, "OriginalOrderId": order}
    return seller.activate(seller.order(account, books_today().isoformat(), (entry, -1, 50), **less))
