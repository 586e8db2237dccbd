"""Won deals → orders and billing: once, together or not at all, with a reason that sales understands."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from o2c_orchestration.domain.deals import AccountRow, DealLine, DealRow
from o2c_orchestration.domain.documents import Command
from o2c_orchestration.plan.billing import first_of_billing
from o2c_orchestration.plan.deals import plan_deals
from o2c_orchestration_tests.unit.deal_builders import (
    ACCOUNT,
    ACCOUNT_ID,
    DEAL,
    DEAL_ID,
    MONTHLY,
    ONCE,
    PRICES,
    policy,
    rows,
)


def documents(*deals: DealRow, **more: Any) -> list[str]:
    return [command.document for command in plan_deals(policy(), rows(*deals, **more)).commands]


def one(document: str, *deals: DealRow, given: Any = None, **more: Any) -> Command:
    plan = plan_deals(given or policy(), rows(*deals, **more))
    assert plan.refusals == ()
    return next(command for command in plan.commands if command.document == document)


def refusal(deal: DealRow, given: Any = None, **more: Any) -> tuple[str, str]:
    """The one refusal of a deal of which nothing is written."""
    plan = plan_deals(given or policy(), rows(deal, **more))
    (refused,) = plan.refusals
    assert plan.commands == ()
    assert (refused.external_id, refused.stripe_id) == (DEAL_ID, DEAL_ID)
    return refused.code, refused.reason


def test_an_order_carries_the_lines_as_they_were_sold():
    """Keyed by the opportunity, under the account's customer, each line to the cent, with the term."""
    command = one("salesOrder", DEAL)
    assert (command.external_id, command.amount_minor, command.depends_on) == (DEAL_ID, 20000, ("cus_1",))
    body = command.body
    assert body["entity"] == {"$document": ["customer", "cus_1"]}
    assert (body["startDate"], body["endDate"]) == ("2026-03-10", "2027-03-10")
    (line,) = body["item"]["items"]
    assert line == {
        "item": {"$item": "Seat Item"},
        "quantity": 4.0,
        "rate": 50.0,
        "amount": {"$minor": [20000, "usd"]},
        "description": "Seats",
        "price": {"id": "-1"},
    }


def test_a_rate_that_does_not_come_out_even_is_left_out():
    """Three for 100.00: NetSuite is told the amount, and no rate that would give another one."""
    odd = replace(MONTHLY, quantity=Decimal(3), unit=Decimal("33.333"), total_minor=10000)
    (line,) = one("salesOrder", replace(DEAL, lines=(odd,)), given=policy(recurring="none")).body["item"]["items"]
    assert "rate" not in line
    assert line["amount"] == {"$minor": [10000, "usd"]}


def test_a_schedule_bills_what_was_won():
    """One phase of the whole term in the books' time zone, metadata on it so that invoices carry it too."""
    params = one("subscriptionSchedule", DEAL).body["params"]
    (phase,) = params["phases"]
    assert phase["items"] == [{"price": "price_m", "quantity": 4}]
    assert params["metadata"] == phase["metadata"] == {"salesforce_opportunity_id": DEAL_ID}
    # Midnight in Los Angeles on 10 March: in 2026 the clocks have changed by then, in 2027 they have not.
    assert (params["start_date"], phase["end_date"]) == (1773126000, 1804665600)


def test_a_ramp_has_a_phase_for_each_span():
    """Ten seats more from the second quarter on: two phases, the second with both lines."""
    more = replace(MONTHLY, id="00kSB0000000003AAA", name="More", start=date(2026, 6, 10))
    phases = one("subscriptionSchedule", replace(DEAL, lines=(MONTHLY, more))).body["params"]["phases"]
    assert [len(phase["items"]) for phase in phases] == [1, 2]


def test_one_off_lines_come_on_the_first_invoice():
    """Beside the recurring ones, in the first phase only."""
    params = one("subscriptionSchedule", replace(DEAL, lines=(MONTHLY, ONCE))).body["params"]
    assert [phase.get("add_invoice_items") for phase in params["phases"]] == [[{"price": "price_1", "quantity": 4}]]


def test_a_deal_without_recurring_lines_is_an_invoice_in_three_steps():
    """Each step leans on the one before, and is found again by the first one's key."""
    plan = plan_deals(policy(), rows(replace(DEAL, lines=(ONCE,))))
    steps = [command for command in plan.commands if command.document.startswith("stripeInvoice")]
    keys = [f"stripe:invoice{step}:{DEAL_ID}" for step in ("", "_lines", "_final")]
    assert [command.external_id for command in steps] == keys
    assert [command.depends_on for command in steps] == [(), (keys[0],), (keys[1],)]
    assert steps[1].body["params"] == {"lines": [{"pricing": {"price": "price_1"}, "quantity": 4}]}


def test_a_discount_is_another_amount_on_the_prices_product():
    """Ten percent off a price that is billed as a price of its own, where policy allows it, and else refused."""
    cheaper = replace(MONTHLY, discount_percent=Decimal(10), total_minor=18000)
    deal = replace(DEAL, lines=(cheaper,))
    assert refusal(deal)[0] == "PRICE_DIFFERS"
    (phase,) = one("subscriptionSchedule", deal, given=policy(price_differs="inline")).body["params"]["phases"]
    data = {"currency": "usd", "product": "prod_1", "unit_amount": 4500}
    recurring = {"interval": "month", "interval_count": 1}
    assert phase["items"] == [{"price_data": {**data, "recurring": recurring}, "quantity": 4}]
    taxed = one("subscriptionSchedule", deal, given=policy(price_differs="inline", tax="stripe")).body["params"]
    [item] = taxed["phases"][0]["items"]
    assert (item["price_data"]["tax_behavior"], taxed["default_settings"]["automatic_tax"]) == (
        "exclusive",
        {"enabled": True},
    )


def test_a_fraction_is_refused_or_billed_as_one():
    """Stripe takes whole numbers: half a seat is one piece for its whole amount, if policy says so."""
    half = replace(MONTHLY, quantity=Decimal("1.5"), total_minor=7500)
    deal = replace(DEAL, lines=(half,))
    assert refusal(deal)[0] == "FRACTION"
    given = policy(fractions="one", price_differs="inline")
    (phase,) = one("subscriptionSchedule", deal, given=given).body["params"]["phases"]
    (item,) = phase["items"]
    assert (item["price_data"]["unit_amount"], item["quantity"]) == (7500, 1)


def test_a_new_account_gets_its_customer_in_stripe_first():
    """Its NetSuite customer goes by that id: nothing else is planned before it is known."""
    new = AccountRow(ACCOUNT_ID, "Acme Inc", "ann@example.com")
    (command,) = plan_deals(policy(), rows(DEAL, account=new)).commands
    assert (command.document, command.external_id) == ("stripeCustomer", f"stripe:cus:{ACCOUNT_ID}")
    params = {"name": "Acme Inc", "email": "ann@example.com", "metadata": {"salesforce_account_id": ACCOUNT_ID}}
    assert command.body == {"path": "/v1/customers", "params": params}


def test_without_billing_an_account_is_known_by_its_own_id():
    """No Stripe customer is made for an order alone; its NetSuite customer has Salesforce's id."""
    new = AccountRow(ACCOUNT_ID, "Acme Inc")
    customer, order = plan_deals(policy(recurring="none"), rows(DEAL, account=new)).commands
    assert (customer.document, customer.external_id) == ("customer", ACCOUNT_ID)
    assert order.depends_on == (ACCOUNT_ID,)


def test_two_deals_of_a_new_account_share_its_customer():
    """One command for the customer, whoever needs it first."""
    other = replace(DEAL, id="006SB0000000002AAA")
    new = AccountRow(ACCOUNT_ID, "Acme Inc")
    assert len(plan_deals(policy(), rows(DEAL, other, account=new)).commands) == 1


def test_what_is_there_is_not_planned_again():
    """An order in NetSuite, billing in Stripe: each for itself."""
    there = frozenset({DEAL_ID})
    assert documents(DEAL, orders=there) == ["subscriptionSchedule"]
    assert documents(DEAL, billed=there) == ["salesOrder"]
    assert documents(DEAL, orders=there, billed=there) == []


@pytest.mark.parametrize("change", [{"won": False}, {"deleted": True}])
def test_only_won_deals_count(change: dict[str, Any]):
    """Lost, reopened or deleted: nothing is planned for it."""
    assert documents(replace(DEAL, **change)) == []


NO_ITEM, NO_PRICE = replace(MONTHLY, item=None), replace(MONTHLY, price_id=None)
EUROS = replace(MONTHLY, entry_currency="eur")


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        ({"account_id": None}, "NO_ACCOUNT", "has no account"),
        ({"account_id": "001SB0000000009AAA"}, "ACCOUNT_GONE", "deleted"),
        ({"lines": ()}, "NO_LINES", "has no products"),
        ({"lines": (NO_ITEM,)}, "PRODUCT_UNMAPPED", "no NetSuite item is set for product 'SEAT'"),
        ({"lines": (NO_PRICE,)}, "PRICE_UNMAPPED", "no Stripe price is set for product 'SEAT'"),
        ({"lines": (replace(MONTHLY, price_id="price_x"),)}, "PRICE_MISSING", "Stripe has no price price_x"),
        ({"lines": (replace(MONTHLY, price_id="price_1"),)}, "PRICE_UNFIT", "billed once, the line every month"),
        ({"lines": (replace(MONTHLY, entry_active=False),)}, "INACTIVE_PRICE", "not active any more"),
        ({"lines": (EUROS,)}, "CURRENCY", "has a price in EUR, the deal is in USD"),
        ({"lines": (replace(MONTHLY, total_minor=-100),)}, "NEGATIVE_LINE", "is negative"),
        ({"lines": (replace(MONTHLY, quantity=Decimal(-1)),)}, "NEGATIVE_LINE", "is negative"),
        ({"lines": (replace(MONTHLY, quantity=Decimal(0), total_minor=0),)}, "ZERO_QUANTITY", "a quantity of 0"),
        ({"lines": (MONTHLY, replace(MONTHLY, billing="year"))}, "MIXED_INTERVALS", "monthly and annual"),
        ({"lines": (replace(MONTHLY, start=date(2027, 3, 10)), ONCE)}, "DATES", "when the deal's term is over"),
        ({"trouble": "line 'Seats': its quantity is 'x'"}, "UNREADABLE", "its quantity"),
    ],
)
def test_one_reason_for_what_cannot_be(change: dict[str, Any], code: str, words: str):
    """One refusal, under the opportunity's key, in the words of those who sell; nothing of the deal is written."""
    found, reason = refusal(replace(DEAL, **change))
    assert found == code
    assert words in reason


@pytest.mark.parametrize(
    ("deal", "one_off", "document", "kind"),
    [
        (replace(DEAL, lines=(replace(MONTHLY, quantity=Decimal(0)),)), "invoice", "subscriptionSchedule", "sub_sched"),
        (replace(DEAL, lines=(replace(ONCE, quantity=Decimal(0)),)), "invoice", "stripeInvoice", "invoice"),
        (replace(DEAL, lines=(replace(ONCE, quantity=Decimal(0)),)), "payment_link", "paymentLink", "plink"),
    ],
)
def test_what_cannot_be_billed_is_refused_as_billing_where_the_order_stands(
    deal: DealRow, one_off: str, document: str, kind: str
):
    """With an order, or where there are none, the refusal is of what was to bill the deal."""
    for given, ordered in ((policy(one_off=one_off), {DEAL_ID}), (policy(one_off=one_off, orders=False), set())):
        known = replace(rows(deal), orders=frozenset(ordered))
        (refused,) = plan_deals(given, known).refusals
        assert (refused.document, refused.external_id) == (document, f"stripe:{kind}:{DEAL_ID}")
    assert plan_deals(policy(one_off=one_off), rows(deal)).refusals[0].document == "salesOrder"


@pytest.mark.parametrize(("line", "one_off"), [(MONTHLY, "invoice"), (ONCE, "invoice"), (ONCE, "payment_link")])
def test_a_refusal_of_billing_goes_by_what_would_have_been_made(line: DealLine, one_off: str):
    """Type and key are those of the first document that bills such a deal."""
    given, deal = policy(one_off=one_off), replace(DEAL, lines=(line,))
    billing = next(made for made in plan_deals(given, rows(deal)).commands if made.document != "salesOrder")
    assert first_of_billing(given, deal) == (billing.document, billing.external_id)


def test_an_account_that_is_several_customers_is_for_a_person():
    """Nothing is guessed when Salesforce and Stripe tie it to different customers."""
    plan = plan_deals(policy(), rows(DEAL), {ACCOUNT_ID: "account Acme Inc is tied to cus_1, cus_2"})
    assert [refused.code for refused in plan.refusals] == ["SEVERAL_CUSTOMERS"]
    assert plan.commands == ()


def test_o2c_yaml_beats_fields():
    """An item by product code, a price by price book entry."""
    line = replace(MONTHLY, entry_id="01uSB0000000001AAA")
    given = policy(items={"SEAT": "Other Item"}, prices={"01uSB0000000001AAA": "price_o"})
    prices = {**PRICES, "price_o": replace(PRICES["price_m"], id="price_o")}
    plan = plan_deals(given, rows(replace(DEAL, lines=(line,)), prices=prices))
    order, schedule = plan.commands
    assert order.body["item"]["items"][0]["item"] == {"$item": "Other Item"}
    assert schedule.body["params"]["phases"][0]["items"] == [{"price": "price_o", "quantity": 4}]


def test_a_netsuite_customer_named_in_salesforce_takes_the_order():
    """Its internal id stands in the body, and no customer is made."""
    command = one("salesOrder", DEAL, account=replace(ACCOUNT, netsuite_id="107"))
    assert (command.body["entity"], command.depends_on) == ({"id": "107"}, ())
