"""Stripe invoice → NetSuite invoice: lines that sum to the total, or a refusal that says why."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from o2c_orchestration.domain.documents import Command, CustomerRow, InvoiceRow, KnownDocument, LineRow, Refusal
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan.invoice import plan_invoice
from o2c_orchestration.plan.outcome import Skip

MOMENT = datetime(2026, 3, 1, 5, 30, tzinfo=UTC)
CUSTOMERS = {"cus_1": CustomerRow("cus_1", "Ann", None, MOMENT)}
ROW = InvoiceRow(
    id="in_1",
    customer_id="cus_1",
    number="A-1",
    currency="usd",
    status="open",
    total_minor=1000,
    tax_minor=0,
    amount_remaining_minor=1000,
    issue_date=date(2026, 2, 28),
    due_date=date(2026, 3, 30),
    created_at=MOMENT,
    lines=(LineRow("il_1", "Seats", 1000, price_id="price_1", product_id="prod_1"),),
)


def plan(row, policy=Policy(), customers=CUSTOMERS, known=None):  # noqa: B008 - frozen values
    return plan_invoice(policy, row, customers, known or {})


def lines(command):
    assert isinstance(command, Command), command
    return [(line.text, line.amount_minor) for line in command.lines]


def test_a_plain_invoice_becomes_a_command():
    """External id, customer, currency, date in the books, due date, number: each where NetSuite keeps it."""
    command = plan(ROW)
    assert isinstance(command, Command)
    assert ("invoice", "in_1", "in_1", "usd", 1000) == (
        command.document,
        command.external_id,
        command.stripe_id,
        command.currency,
        command.amount_minor,
    )
    assert (date(2026, 2, 28), date(2026, 3, 1)) == (command.effective_date, command.partition)
    assert ("cus_1",) == command.depends_on
    price = {"$minor": [1000, "usd"]}
    assert {
        "externalId": "in_1",
        "entity": {"$document": ["customer", "cus_1"]},
        "currency": {"$currency": "usd"},
        "tranDate": "2026-02-28",
        "dueDate": "2026-03-30",
        "otherRefNum": "A-1",
        "memo": "Stripe: in_1",
        "subsidiary": {"$subsidiary": "1"},
        "item": {
            "items": [
                {
                    "item": {"$item": "Stripe Item"},
                    "quantity": 1,
                    "description": "Seats",
                    "rate": price,
                    "amount": price,
                }
            ]
        },
    } == command.body


def test_discounts_tax_and_shipping_are_lines_of_their_own():
    """Revenue stays gross of discounts, inclusive tax leaves its line, all taxes are one line."""
    row = replace(
        ROW,
        total_minor=1000 - 100 + 90 + 50,
        tax_minor=90 + 40,
        shipping_minor=50,
        lines=(LineRow("il_1", "Seats", 1000, 100, tax_exclusive_minor=90, tax_inclusive_minor=40),),
    )
    expected = [("Seats", 960), ("Discount: Seats", -100), ("Shipping", 50), ("Tax", 130)]
    assert expected == lines(plan(row))


def test_prorations_may_be_negative_lines():
    """A credit for unused time is a negative line; the document is written as long as its total is not negative."""
    row = replace(ROW, lines=(LineRow("a", "Old plan", -500, proration=True), LineRow("b", "New plan", 1500)))
    assert [("Old plan", -500), ("New plan", 1500)] == lines(plan(row))


@pytest.mark.parametrize(
    ("prices", "item"),
    [
        ({}, "Stripe Item"),
        ({"price_1": "Seats item"}, "Seats item"),
        ({"prod_1": "Product item"}, "Product item"),
        ({"price_1": "Seats item", "prod_1": "Product item"}, "Seats item"),
        ({"price_2": "Other"}, "Stripe Item"),
    ],
)
def test_the_item_is_that_of_the_price_then_of_the_product(prices, item):
    """The mapping of a price beats that of its product, and both beat the default."""
    policy = Policy.model_validate({"items": {"prices": prices}})
    command = plan(ROW, policy)
    assert item == command.body["item"]["items"][0]["item"]["$item"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"issue_date": None}, "NO_ISSUE_DATE"),
        ({"customer_id": None}, "NO_CUSTOMER"),
        ({"customer_id": "cus_gone"}, "NO_CUSTOMER"),
        ({"total_minor": -5, "lines": (LineRow("il", "x", -5),)}, "NEGATIVE_INVOICE"),
        ({"total_minor": 1001}, "UNBALANCED"),
        ({"lines": ()}, "UNBALANCED"),
    ],
)
def test_what_cannot_be_written_is_refused_with_a_reason_and_a_fix(changes, code):
    """Every refusal has a code, words for an accountant and something to do."""
    refusal = plan(replace(ROW, **changes))
    assert isinstance(refusal, Refusal)
    assert code == refusal.code
    assert refusal.reason
    assert refusal.fix
    assert (MOMENT.date() if code == "NO_ISSUE_DATE" else ROW.issue_date) == refusal.effective_date


def test_an_unbalanced_invoice_says_how_much():
    """The unexplained amount is named in the invoice's currency."""
    refusal = plan(replace(ROW, currency="kwd", total_minor=1001))
    assert isinstance(refusal, Refusal)
    assert "0.001 KWD" in refusal.reason


@pytest.mark.parametrize("item", ["default", "discount", "tax", "shipping"])
def test_a_line_without_an_item_is_refused(item):
    """Setting an item to null in the policy means: tell me when you need it."""
    row = replace(
        ROW,
        total_minor=1000 - 100 + 90 + 50,
        tax_minor=90,
        shipping_minor=50,
        lines=(LineRow("il_1", "Seats", 1000, 100, tax_exclusive_minor=90),),
    )
    refusal = plan(row, Policy.model_validate({"items": {item: None}}))
    assert isinstance(refusal, Refusal)
    assert "ITEM_UNMAPPED" == refusal.code
    assert ROW.issue_date == refusal.effective_date


def test_an_invoice_that_bills_nothing_is_skipped():
    """Zero lines and a zero total are no document; a discount down to zero is one."""
    free = replace(ROW, total_minor=0, lines=(LineRow("il_1", "Trial", 0),))
    assert isinstance(plan(free), Skip)
    discounted = replace(ROW, total_minor=0, lines=(LineRow("il_1", "Seats", 1000, 1000),))
    assert [("Seats", 1000), ("Discount: Seats", -1000)] == lines(plan(discounted))


def test_a_customer_that_netsuite_has_is_enough():
    """A customer adopted from NetSuite needs no row of Stripe's."""
    assert isinstance(plan(ROW, customers={}, known={"cus_1": KnownDocument("7")}), Command)


def test_a_due_date_before_the_issue_date_is_moved():
    """NetSuite refuses a due date before the date of the document."""
    command = plan(replace(ROW, due_date=date(2026, 1, 1)))
    assert isinstance(command, Command)
    assert "2026-02-28" == command.body["dueDate"]


def test_what_is_not_known_is_left_out():
    """No due date, number or subsidiary: no such field, rather than an empty one."""
    command = plan(replace(ROW, due_date=None, number=None), Policy.model_validate({"books": {"subsidiary": None}}))
    assert isinstance(command, Command)
    assert not {"dueDate", "otherRefNum", "subsidiary"} & set(command.body)


def test_a_long_description_is_cut_where_netsuite_cuts():
    """999 characters fit into a line's description; the plan shows the whole text."""
    command = plan(replace(ROW, lines=(LineRow("il_1", "x" * 2000, 1000),)))
    assert isinstance(command, Command)
    assert 999 == len(command.body["item"]["items"][0]["description"])
    assert 2000 == len(command.lines[0].text)


def test_the_digest_names_the_content():
    """The same row has the same digest, another amount another one; words for people do not count."""
    assert plan(ROW).digest == plan(replace(ROW)).digest
    changed = replace(ROW, total_minor=900, lines=(LineRow("il_1", "Seats", 900),))
    assert plan(ROW).digest != plan(changed).digest
    assert plan(ROW).digest == plan(replace(ROW, status="paid")).digest
