"""What happens to a deal after it was won, and what keeps it from being written: never a second order."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.store import deal_changes, gaps
from o2c_orchestration.store.trace import trace
from o2c_orchestration_tests.e2e.cli_fixtures import World, today
from o2c_orchestration_tests.e2e.seller import Seller
from o2c_orchestration_tests.e2e.test_deals import go, listed, orders, price, product


@pytest.fixture
def entry(world: World, seller: Seller) -> str:
    """Seats at 50.00 a month."""
    return seller.product("SEAT", 50, price=price(world, 5000, "month"))


@pytest.fixture
def deal(seller: Seller, entry: str) -> str:
    """A won deal of four seats for a year."""
    found = seller.deal(seller.account("Acme Inc"), today().isoformat(), O2C_Term_Months__c=12)
    seller.line(found, entry, 4, 50, O2C_Billing__c="Monthly")
    return found


@pytest.fixture
def made(world: World) -> Iterator[Assembly]:
    """The product, once over the deal."""
    with product(world) as found:
        yield found


def kinds(made: Assembly) -> list[tuple[str, str]]:
    return sorted((gap.leg, gap.kind) for gap in gaps.list_gaps(made.engine))


def test_a_stage_that_flaps_makes_no_second_order(world: World, seller: Seller, deal: str, made: Assembly) -> None:
    """Won, reopened, won again: a gap while it is open, the same order and schedule in the end."""
    go(made)
    seller.change("Opportunity", deal, StageName="Negotiation/Review")
    go(made)
    assert kinds(made) == [("salesforce_netsuite", "status_mismatch"), ("salesforce_stripe", "status_mismatch")]
    seller.change("Opportunity", deal, StageName="Closed Won")
    go(made)
    assert kinds(made) == []
    assert (len(orders(world)), len(listed(world, "subscription_schedules"))) == (1, 1)


def test_an_edit_after_winning_is_a_gap_with_both_amounts(
    world: World, seller: Seller, deal: str, entry: str, made: Assembly
) -> None:
    """Nothing is changed behind anybody's back: order and subscription stand, and a person is told."""
    go(made)
    seller.line(deal, entry, 1, 50, O2C_Billing__c="Monthly")
    go(made)
    found = gaps.list_gaps(made.engine)
    assert {(gap.leg, gap.kind, gap.expected_minor, gap.actual_minor) for gap in found} == {
        ("salesforce_netsuite", "terms_mismatch", 25000, 20000),
        ("salesforce_stripe", "terms_mismatch", 25000, 20000),
    }
    assert {gap.salesforce_id for gap in found} == {deal}


def test_a_line_that_was_taken_out_is_noticed(seller: Seller, deal: str, entry: str, made: Assembly) -> None:
    """Its deletion tells nobody by itself: all lines of the deal are read again."""
    extra = seller.line(deal, entry, 1, 50, O2C_Billing__c="Monthly")
    go(made)
    assert kinds(made) == []
    seller.delete("OpportunityLineItem", extra)
    go(made)
    assert ("salesforce_netsuite", "terms_mismatch") in kinds(made)


def test_a_deleted_deal_leaves_a_gap_and_no_silence(seller: Seller, deal: str, made: Assembly) -> None:
    """Into the bin after its order was written."""
    go(made)
    seller.delete("Opportunity", deal)
    go(made)
    assert kinds(made) == [("salesforce_netsuite", "status_mismatch"), ("salesforce_stripe", "status_mismatch")]


def test_status_comes_back_through_the_chain(world: World, seller: Seller, deal: str, made: Assembly) -> None:
    """What a clerk does to the order in NetSuite is told on the opportunity; a deleted order is a gap."""
    go(made)
    (order,) = orders(world)
    at_the_desk(world, order["id"], "close")
    go(made)
    assert seller.get("Opportunity", deal)["NetSuite_Order_Status__c"] == "Closed"
    at_the_desk(world, order["id"], "delete")
    go(made)
    assert seller.get("Opportunity", deal)["NetSuite_Order_Status__c"] is None


def test_an_order_that_salesforce_names_is_the_deals_order(
    world: World, seller: Seller, deal: str, made: Assembly
) -> None:
    """Whoever entered it: none is written beside it, and its status is told."""
    go(made)
    (order,) = orders(world)
    other = seller.deal(seller.account("Bolt GmbH"), today().isoformat(), NetSuite_Sales_Order_Id__c="9999")
    seller.line(other, seller.product("X", 200, price=price(world, 20000)), 1, 200)
    go(made)
    assert len(orders(world)) == 1
    assert ("salesforce_netsuite", "order_missing") in kinds(made)
    assert seller.get("Opportunity", other)["NetSuite_Sales_Order_Id__c"] == "9999"
    assert seller.get("Opportunity", deal)["NetSuite_Sales_Order_Id__c"] == order["id"]


def test_own_writes_come_to_an_end(world: World, seller: Seller, deal: str, made: Assembly) -> None:
    """What we write comes back as a change of Salesforce's, and nothing follows from it."""
    go(made)
    # What the mirror of NetSuite's customers brings is told in the second round.
    go(made)
    made.deals.poll()
    assert not deal_changes.waiting(made.engine)
    before = len([each for each in world.asked("salesforce") if each["method"] == "PATCH"])
    go(made)
    assert len([each for each in world.asked("salesforce") if each["method"] == "PATCH"]) == before


def test_what_cannot_be_written_is_one_gap_each_and_the_rest_goes_on(
    world: World, seller: Seller, deal: str, made: Assembly
) -> None:
    """No account, a product without item, one without price: three gaps in words, and the sound deal is written."""
    monthly = price(world, 5000, "month")
    account = seller.account("Bolt GmbH")
    seller.line(seller.deal(None, today().isoformat()), seller.product("A", 50, price=monthly), 1, 50)
    for entry in (seller.product("B", 50, price=monthly, item=None), seller.product("C", 50, price=None)):
        bad = seller.deal(account, today().isoformat())
        seller.line(bad, entry, 1, 50, O2C_Billing__c="Monthly")
    go(made)
    reasons = sorted(gap.reason for gap in gaps.list_gaps(made.engine))
    assert len(reasons) == 3
    for words in (
        "has no account",
        "no NetSuite item is set for product 'B'",
        "no Stripe price is set for product 'C'",
    ):
        assert any(words in reason for reason in reasons)
    assert len(orders(world)) == 1


@pytest.mark.parametrize("ordered", [True, False])
def test_what_cannot_be_billed_is_told_beside_its_order(world: World, seller: Seller, ordered: bool) -> None:
    """Billing comes into force after the order was written, or there are no orders at all: never silence."""
    entry = seller.product("SEAT", 50)
    deal = seller.deal(seller.account("Acme Inc"), today().isoformat(), O2C_Term_Months__c=12)
    seller.line(deal, entry, 4, 50, O2C_Billing__c="Monthly")
    if ordered:
        with product(world, deals={}) as made:
            go(made)
            assert (kinds(made), len(orders(world))) == ([], 1)
    with product(world, deals={"orders": ordered, "recurring": "subscription"}) as made:
        go(made)
        go(made)
        (gap,) = gaps.list_gaps(made.engine)
    assert (gap.leg, gap.kind, gap.salesforce_id) == ("salesforce_stripe", "sync_failed", deal)
    assert (gap.expected_minor, "no Stripe price is set for product 'SEAT'" in gap.reason) == (20000, True)
    assert listed(world, "subscription_schedules") == []


def test_a_close_date_before_the_books_hides_nothing(seller: Seller, deal: str, made: Assembly) -> None:
    """Its date is changed after it was ordered: the deal stays one of ours, and what is wrong with it is told."""
    go(made)
    seller.change("Opportunity", deal, CloseDate="2019-12-31", StageName="Negotiation/Review")
    go(made)
    assert kinds(made) == [("salesforce_netsuite", "status_mismatch"), ("salesforce_stripe", "status_mismatch")]


def test_one_trace_goes_through_all_three(world: World, deal: str, made: Assembly) -> None:
    """From the opportunity to order and billing, by its own id or by NetSuite's."""
    go(made)
    steps = trace(made.engine, deal)
    text = " ".join(step.what for step in steps)
    for words in ("read Opportunity", "salesOrder done", "subscriptionSchedule done", "told to Salesforce"):
        assert words in text
    (order,) = orders(world)
    assert trace(made.engine, str(order["id"])) == steps


def at_the_desk(world: World, order: Any, act: str) -> None:
    body = {"id": order, "do": act}
    requests.post(f"{world.base_url}/_sandbox/netsuite/orders", json=body, timeout=10).raise_for_status()
