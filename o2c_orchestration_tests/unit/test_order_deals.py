"""Orders of Salesforce as deals: what is read of them, what is planned, what is never written a second time."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from o2c_orchestration.domain.deal_terms import end_of, phases
from o2c_orchestration.domain.deals import DealFacts, DealRow, OrderRow
from o2c_orchestration.domain.salesforce_fields import READ, read_objects, written_fields
from o2c_orchestration.plan.deals import plan_deals
from o2c_orchestration.plan.write_back import plan_write_back
from o2c_orchestration.reconcile.deals import gaps_of
from o2c_orchestration.validate.deals import deal_row
from o2c_orchestration_tests.unit.deal_builders import ACCOUNT_ID, DEAL, DEAL_ID, MOMENT, MONTHLY, WON, policy, rows

ORDER_ID = "801SB0000000001AAA"
ORDER = replace(DEAL, id=ORDER_ID, kind="order", start=WON, end=date(2027, 3, 9), term_months=None)
LESS = replace(MONTHLY, id="802SB0000000002AAA", quantity=Decimal(-1), total_minor=-5000)
REDUCTION = replace(ORDER, id="801SB0000000002AAA", lines=(LESS,), reduces=ORDER_ID)
RECORD = {
    "Id": ORDER_ID,
    "OrderNumber": "00000101",
    "AccountId": ACCOUNT_ID,
    "Status": "In force",
    "StatusCode": "Activated",
    "EffectiveDate": "2026-03-10",
    "EndDate": "2027-03-09",
    "TotalAmount": 200.0,
    "Stripe_Billing_Id__c": None,
}
ITEM = {"Id": "802SB0000000001AAA", "OrderId": ORDER_ID, "Quantity": 4, "UnitPrice": 50, "TotalPrice": 200}


def read(item: dict[str, Any] | None = None, **record: Any) -> DealRow:
    return deal_row({**RECORD, **record}, MOMENT, [({**ITEM, **(item or {})}, None, None)], "usd", deleted=False)


def refused(deal: DealRow, **more: Any) -> list[str]:
    plan = plan_deals(policy(), rows(deal, **more))
    assert not plan.commands or not plan.refusals
    return [refusal.code for refusal in plan.refusals]


def test_an_order_is_read_as_a_deal():
    """Its start is its day, its end the last of its term; the category counts, whatever the status is called."""
    row = read({"O2C_Billing__c": "Monthly", "ServiceDate": "2026-04-10", "EndDate": "2026-12-31"})
    assert (row.kind, row.name, row.won, row.stage) == ("order", "order 00000101", True, "In force")
    assert (row.close_date, row.amount_minor, end_of(row)) == (date(2026, 3, 10), 20000, date(2027, 3, 10))
    assert [(each.start, each.end) for each in phases(row)] == [(date(2026, 4, 10), date(2027, 1, 1))]
    assert (row.told, row.reduces, row.trouble) == ({"Stripe_Billing_Id__c": None}, None, None)


@pytest.mark.parametrize("category", ["Draft", "Canceled", "Expired", None, "activated"])
def test_only_the_activated_category_makes_a_deal(category: str | None):
    """Anything else is not in force."""
    assert not read(StatusCode=category).won


@pytest.mark.parametrize("wrong", [{"EffectiveDate": "soon"}, {"EndDate": "9999-01-01"}, {"TotalAmount": "much"}])
def test_what_cannot_be_read_is_said(wrong: dict[str, Any]):
    """And the order refused."""
    assert refused(read(**wrong)) == ["UNREADABLE"]
    assert refused(read({"TotalPrice": "0.001"})) == ["UNREADABLE"]


def test_an_order_becomes_documents_under_its_own_id():
    """The external id, the keys and the metadata are the order's; the term is that of its dates."""
    plan = plan_deals(policy(), rows(ORDER))
    found = {command.document: command for command in plan.commands}
    assert {key: each.external_id for key, each in found.items()} == {
        "salesOrder": ORDER_ID,
        "subscriptionSchedule": f"stripe:sub_sched:{ORDER_ID}",
    }
    assert found["subscriptionSchedule"].body["params"]["metadata"] == {"salesforce_order_id": ORDER_ID}
    body = found["salesOrder"].body
    assert (body["tranDate"], body["startDate"], body["endDate"]) == ("2026-03-10", "2026-03-10", "2027-03-10")
    assert "activated as of 2026-03-10" in found["salesOrder"].why


@pytest.mark.parametrize("deal", [ORDER, DEAL])
def test_a_sale_that_was_written_as_another_record_is_refused(deal: DealRow):
    """Of either kind, also where half of it is there; what a person has named on it is enough."""
    again = replace(deal, written_as=DEAL_ID if deal is ORDER else ORDER_ID)
    assert refused(again) == refused(again, orders=frozenset({deal.id})) == ["WRITTEN_BEFORE"]
    assert refused(again, billed=frozenset({deal.id})) == ["WRITTEN_BEFORE"]
    assert refused(again, orders=frozenset({deal.id}), billed=frozenset({deal.id})) == []


def test_a_reduction_order_is_never_written():
    """Counted in the order that it takes from, or refused by name until a person says where it was taken off."""
    assert refused(REDUCTION) == ["REDUCTION"]
    assert plan_deals(policy(), rows(REDUCTION, orders=frozenset({REDUCTION.id}))).commands == ()
    counted = plan_deals(policy(), rows(replace(REDUCTION, counted=True)))
    assert (counted.commands, counted.refusals) == ((), ())
    assert refused(replace(ORDER, reduced=(LESS,))) == ["REDUCED"]


def facts(deal: DealRow, ordered: int) -> DealFacts:
    order = OrderRow("77", "SO7", "F", "usd", ordered, WON)
    return DealFacts(deal, orders=(order,), made=frozenset({"salesOrder"}))


def test_what_is_due_is_what_reductions_leave():
    """A terms mismatch until the sales order is lowered; the reduction order itself has no gap."""
    given, less = policy(recurring="none"), replace(ORDER, reduced=(LESS,))
    (gap,) = gaps_of(given, [facts(less, 20000), facts(replace(REDUCTION, counted=True), 20000)], WON)
    assert (gap.kind, gap.deal.id, gap.expected_minor, gap.actual_minor) == ("terms_mismatch", ORDER_ID, 15000, 20000)
    assert gaps_of(given, [facts(less, 15000)], WON) == []


def test_a_reduction_order_that_is_named_by_hand_has_no_gap():
    """Its lines are below zero, and the sales order's total is not: they are not compared."""
    assert gaps_of(policy(), [facts(REDUCTION, 15000)], WON) == []
    words = (("salesOrder", "it is a reduction order"),)
    (gap,) = gaps_of(policy(), [DealFacts(REDUCTION, refused=words)], WON)
    assert (gap.kind, gap.reason) == ("sync_failed", "it is a reduction order")


def test_gaps_of_orders_speak_of_orders():
    """Sales reads them: nothing was won."""
    over = replace(ORDER, won=False, stage="Draft")
    (gap,) = gaps_of(policy(recurring="none"), [facts(over, 20000)], WON)
    assert gap.reason.startswith("the order is no longer activated (Draft), and its sales order SO7 stands")
    assert "activate the order again" in gap.reason


def test_an_order_is_told_and_not_its_opportunity():
    """Of a sale that was written as another record, that one is told."""
    told = replace(ORDER, told={"NetSuite_Sales_Order_Id__c": None})
    (change,) = plan_write_back([facts(told, 20000)], [], WON, children=True)
    assert (change.object, change.key) == ("Order", ORDER_ID)
    again = replace(facts(replace(told, written_as=DEAL_ID), 20000), made=frozenset())
    assert plan_write_back([again], [], WON, children=True) == []


def test_orders_are_asked_for_only_where_they_are_the_deals():
    """An org may have switched them off."""
    assert {*read_objects("orders")} - {*read_objects("opportunities")} == {"Order", "OrderItem"}
    assert set(READ) == set(read_objects("orders"))
    assert written_fields("opportunities", "Order") == written_fields("orders", "Opportunity") == ()
    assert "Order__c" not in written_fields("opportunities", "O2C_Invoice__c")
    assert "Order__c" in written_fields("orders", "O2C_Invoice__c")
