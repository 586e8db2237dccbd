"""Stripe credit note → NetSuite credit memo at its full total, applied by what its invoice still owed."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from o2c_orchestration.domain.documents import Command, CreditNoteRow, KnownDocument, LineRow, Refusal
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan.credit_note import plan_credit_note
from o2c_orchestration.plan.outcome import Skip

MOMENT = datetime(2026, 3, 1, 5, 30, tzinfo=UTC)
DAY = date(2026, 2, 28)
SEATS = LineRow("il_1", "Seats", 5000, price_id="price_1", product_id="prod_1")
CREDIT = LineRow("cnli_1", "Seats", 1000, origin="il_1")
ROW = CreditNoteRow("cn_1", "in_1", "cus_1", "usd", "issued", 1000, 0, 1000, DAY, MOMENT, (CREDIT,))
POLICY = Policy.model_validate({"items": {"prices": {"price_1": "Seats item"}}})


def plan(row, known=None, planned=("in_1",), policy=POLICY):
    return plan_credit_note(policy, row, {"il_1": SEATS}, known or {}, planned)


def items(command):
    assert isinstance(command, Command), command
    return [(line["item"]["$item"], line["amount"]["$minor"][0]) for line in command.body["item"]["items"]]


def test_a_credit_before_payment_becomes_an_applied_memo():
    """Customer, currency, date in the books, lines; applied to the invoice by what it owed, which must be there."""
    command = plan(ROW)
    assert isinstance(command, Command)
    assert ("creditMemo", "cn_1", "cn_1", "cus_1", "usd", 1000, DAY, date(2026, 3, 1), ("cus_1", "in_1")) == (
        command.document,
        command.external_id,
        command.stripe_id,
        command.customer_id,
        command.currency,
        command.amount_minor,
        command.effective_date,
        command.partition,
        command.depends_on,
    )
    price = {"$minor": [1000, "usd"]}
    line = {"item": {"$item": "Seats item"}, "quantity": 1, "description": "Seats", "rate": price, "amount": price}
    assert {
        "externalId": "cn_1",
        "entity": {"$document": ["customer", "cus_1"]},
        "currency": {"$currency": "usd"},
        "tranDate": "2026-02-28",
        "memo": "Stripe: cn_1",
        "subsidiary": {"$subsidiary": "1"},
        "item": {"items": [line]},
        "apply": {"items": [{"doc": {"$document": ["invoice", "in_1"]}, "apply": True, "amount": price}]},
    } == command.body


@pytest.mark.parametrize(("before_payment", "applied"), [(1000, [1000]), (400, [400]), (0, [])])
def test_only_the_part_before_payment_is_applied(before_payment, applied):
    """What was credited after payment stays on the memo for its refunds; the memo is at its full total either way."""
    command = plan(replace(ROW, pre_payment_minor=before_payment))
    assert isinstance(command, Command)
    found = [part["amount"]["$minor"][0] for part in command.body.get("apply", {"items": []})["items"]]
    assert (applied, 1000) == (found, command.amount_minor)
    assert ("in_1" in command.depends_on) is bool(applied)


def test_a_line_goes_on_the_item_that_it_takes_back():
    """The item of the invoice line's price, or the default that the invoice used; a line of its own on the credit's."""
    custom = LineRow("cnli_2", "Goodwill", 300)
    row = replace(ROW, total_minor=1300, lines=(CREDIT, custom))
    assert [("Seats item", 1000), ("Stripe Credit", 300)] == items(plan(row))
    assert [("Stripe Item", 1000), ("Stripe Credit", 300)] == items(plan(row, policy=Policy()))
    unknown = replace(CREDIT, origin="il_gone")
    assert [("Stripe Item", 1000)] == items(plan(replace(ROW, lines=(unknown,))))


def test_discounts_tax_and_shipping_go_back_where_they_were_booked():
    """As on the invoice: revenue gross of discounts, all taxes one line, shipping on its item."""
    line = replace(CREDIT, discount_minor=100, tax_exclusive_minor=90, tax_inclusive_minor=40)
    row = replace(ROW, total_minor=1000 - 100 + 90 + 50, tax_minor=130, shipping_minor=50, lines=(line,))
    assert [("Seats item", 960), ("Stripe Discount", -100), ("Stripe Shipping", 50), ("Stripe Tax", 130)] == items(
        plan(row)
    )


def test_a_note_of_nothing_is_left_out():
    """A credit note of zero needs no document."""
    assert isinstance(plan(replace(ROW, total_minor=0, pre_payment_minor=0, lines=())), Skip)


@pytest.mark.parametrize(
    ("changes", "known", "planned", "code"),
    [
        ({"customer_id": None}, {}, ["in_1"], "NO_CUSTOMER"),
        ({}, {}, [], "INVOICE_MISSING"),
        ({"pre_payment_minor": 0}, {}, [], "INVOICE_MISSING"),
        ({}, {"in_1": KnownDocument("7", "usd", 5000, 999)}, [], "DOES_NOT_FIT"),
        ({}, {"in_1": KnownDocument("7", "eur", 5000, 5000)}, [], "DOES_NOT_FIT"),
        ({"total_minor": 1001}, {}, ["in_1"], "UNBALANCED"),
        ({"lines": ()}, {}, ["in_1"], "UNBALANCED"),
        ({"lines": (replace(CREDIT, origin=None, item="Seats"),)}, {}, ["in_1"], "ITEM_NAMED"),
    ],
)
def test_what_cannot_be_written_is_refused_with_a_reason_and_a_fix(changes, known, planned, code):
    """Nothing is clamped: each refusal has a code, words, something to do, and the money it is about."""
    row = replace(ROW, **changes)
    refusal = plan(row, known, planned)
    assert isinstance(refusal, Refusal)
    assert ("creditMemo", "cn_1", code, row.total_minor, DAY) == (
        refusal.document,
        refusal.external_id,
        refusal.code,
        refusal.amount_minor,
        refusal.effective_date,
    )
    assert refusal.reason
    assert refusal.fix


@pytest.mark.parametrize("item", ["credit", "default"])
def test_a_line_without_an_item_is_refused(item):
    """Setting an item to null in the policy means: tell me when you need it."""
    row = replace(ROW, total_minor=1300, lines=(CREDIT, LineRow("cnli_2", "Goodwill", 300)))
    refusal = plan(row, policy=Policy.model_validate({"items": {item: None}}))
    assert isinstance(refusal, Refusal)
    assert "ITEM_UNMAPPED" == refusal.code


@pytest.mark.parametrize(
    ("row", "document"),
    [
        (ROW, KnownDocument("7", "usd", 5000, 1000)),
        (ROW, KnownDocument("7")),
        (replace(ROW, pre_payment_minor=0), KnownDocument("7", "usd", 5000, 0)),
    ],
)
def test_an_invoice_that_netsuite_has_is_credited(row, document):
    """Exactly what is left, an amount not known yet, or a paid one of which nothing is taken."""
    assert isinstance(plan(row, {"in_1": document}, []), Command)
