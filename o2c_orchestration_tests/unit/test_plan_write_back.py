"""What Salesforce is told: only what it does not say, so that our own writes come to an end."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from o2c_orchestration.domain.deals import AccountMoney, DealFacts, DealInvoice, DealPayment, OrderRow
from o2c_orchestration.domain.salesforce_fields import WRITTEN
from o2c_orchestration.plan.write_back import plan_write_back
from o2c_orchestration_tests.unit.deal_builders import ACCOUNT, ACCOUNT_ID, DEAL, DEAL_ID, WON

NOTHING: dict[str, object] = dict.fromkeys(WRITTEN["Opportunity"])
ORDER = OrderRow("1001", "SO1001", "F", "usd", 20000, WON)
DUE = WON + timedelta(days=30)
INVOICE = DealInvoice("in_1", "A-1", "open", "usd", 22000, 2000, 22000, WON, DUE, None, "2001")
FACTS = DealFacts(replace(DEAL, told=NOTHING), ACCOUNT, (ORDER,), (), (INVOICE,))


def values(facts: DealFacts, today: Any = WON) -> dict[str, Any]:
    (change,) = plan_write_back([facts], [], today, children=False)
    assert (change.object, change.key_field, change.key) == ("Opportunity", "Id", DEAL_ID)
    return dict(change.values)


def test_a_deal_is_told_its_order_and_its_money():
    """Numbers in major units, days as ISO dates, status in NetSuite's words; what is empty there stays unsaid."""
    assert values(FACTS) == {
        "NetSuite_Sales_Order_Id__c": "1001",
        "NetSuite_Sales_Order_Number__c": "SO1001",
        "NetSuite_Order_Status__c": "Pending Billing",
        "O2C_Billed__c": 220.0,
        "O2C_Paid__c": 0.0,
        "O2C_Remaining__c": 220.0,
        "O2C_Payment_Status__c": "Open",
        "O2C_Last_Invoice__c": "A-1",
        "O2C_Next_Due_Date__c": DUE.isoformat(),
    }


def test_what_salesforce_says_already_is_not_said_again():
    """Whatever way it writes numbers; so a write that comes back as a change ends there."""
    told = {**NOTHING, **values(FACTS), "O2C_Billed__c": "220.00", "O2C_Paid__c": 0}
    assert plan_write_back([replace(FACTS, deal=replace(DEAL, told=told))], [], WON, children=False) == []


def test_fields_that_the_org_does_not_have_are_left_alone():
    """Without our package nothing is written."""
    assert plan_write_back([replace(FACTS, deal=DEAL)], [], WON, children=False) == []


def test_ids_that_somebody_else_wrote_are_not_taken_away():
    """An order or a subscription that we do not know stays named; our own order that is gone does not."""
    told = {**NOTHING, "NetSuite_Sales_Order_Id__c": "77", "Stripe_Billing_Id__c": "sub_1"}
    facts = replace(FACTS, deal=replace(DEAL, told=told), orders=())
    assert not {"NetSuite_Sales_Order_Id__c", "Stripe_Billing_Id__c"} & values(facts).keys()
    ours = values(replace(facts, made=frozenset({"salesOrder"})))
    assert ours["NetSuite_Sales_Order_Id__c"] is None


@pytest.mark.parametrize(
    ("remaining", "days", "status"),
    [(22000, 0, "Open"), (22000, 31, "Overdue"), (1000, 0, "Partly paid"), (1000, 31, "Overdue"), (0, 31, "Paid")],
)
def test_the_payment_status(remaining: int, days: int, status: str):
    """Overdue from the day after it was due."""
    facts = replace(FACTS, invoices=(replace(INVOICE, remaining_minor=remaining),))
    assert values(facts, WON + timedelta(days=days))["O2C_Payment_Status__c"] == status


def test_voided_invoices_are_no_money():
    """A deal whose only invoice is void is not billed."""
    facts = replace(FACTS, invoices=(replace(INVOICE, status="void"),))
    assert values(facts)["O2C_Payment_Status__c"] == "Not billed"


def test_invoices_and_payments_are_records_of_their_own():
    """By Stripe's ids, so that they are made once; a payment points to its invoice by that too. Drafts are not told."""
    payment = DealPayment("ch_1", "in_1", "usd", 22000, WON, "succeeded")
    facts = replace(FACTS, payments=(payment,), invoices=(INVOICE, replace(INVOICE, id="in_2", status="draft")))
    found = {change.key: change for change in plan_write_back([facts], [], WON, children=True)}
    assert set(found) == {DEAL_ID, "in_1", "ch_1"}
    assert (found["in_1"].key_field, found["in_1"].values["NetSuite_Invoice_Id__c"]) == ("Stripe_Invoice_Id__c", "2001")
    assert found["ch_1"].values["Invoice__r"] == {"Stripe_Invoice_Id__c": "in_1"}


def test_an_account_is_told_what_is_open_and_its_ids():
    """An id that we do not know takes nothing away."""
    told: dict[str, object] = dict.fromkeys(WRITTEN["Account"])
    money = AccountMoney(replace(ACCOUNT, stripe_id="cus_1"), "usd", 5000, 100, told)
    (change,) = plan_write_back([], [money], WON, children=True)
    assert change.key == ACCOUNT_ID
    assert change.values == {
        "O2C_Open__c": 50.0,
        "O2C_Overdue__c": 1.0,
        "O2C_Credit_Standing__c": "Overdue",
        "Stripe_Customer_Id__c": "cus_1",
    }


def test_what_is_counted_in_another_deal_is_not_called_unbilled():
    """Its money is on that one: what an earlier run said of it is taken back, and then nothing more is said."""
    told = {**NOTHING, "O2C_Payment_Status__c": "Not billed"}
    facts = DealFacts(replace(DEAL, told=told, amends="006SB0000000009AAA", counted=True), ACCOUNT)
    assert values(facts) == {"O2C_Payment_Status__c": None}
    assert plan_write_back([replace(facts, deal=replace(facts.deal, told=NOTHING))], [], WON, children=False) == []


def test_what_was_written_for_an_amendment_itself_is_told():
    """Before the policy knew it for one, or by a person who names it."""
    assert values(replace(FACTS, deal=replace(FACTS.deal, counted=True)))["O2C_Payment_Status__c"] == "Open"


def test_a_second_order_that_somebody_names_stays_named():
    """Else its gap would go with the name, and the order stay."""
    told = {**NOTHING, "NetSuite_Sales_Order_Id__c": "1002"}
    facts = replace(FACTS, deal=replace(DEAL, told=told), orders=(ORDER, replace(ORDER, netsuite_id="1002")))
    assert "NetSuite_Sales_Order_Id__c" not in values(facts)
