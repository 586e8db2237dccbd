"""Discounts on the items that metadata of their coupons names."""

from dataclasses import replace
from typing import Any

from o2c_orchestration.domain.directives import Directives
from o2c_orchestration.domain.documents import ChargeHistory, KnownDocument, LineRow, Rows
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan import make_plan
from o2c_orchestration_tests.unit.test_plan_metadata import INVOICE, LINE, NOTE, PAYMENT, REFUND, ROWS, refused

GIVEN = Directives(coupon_items={"di_1": "21", "di_2": "22"})
TWO = {"amount_minor": 1100, "discount_minor": 100, "discounts": (("di_1", 70), ("di_2", 20), ("di_3", 10))}


def billed(directives: Directives = GIVEN, policy: Policy | None = None, **changes: Any) -> list[tuple[Any, int]]:
    """(item, minor units) of each line of the invoice with this line."""
    rows = replace(ROWS, invoices=(replace(INVOICE, lines=(replace(LINE, **{**TWO, **changes}),)),))
    plan = make_plan(policy or Policy(), replace(rows, directives=directives), {})
    [command] = [each for each in plan.commands if each.document == "invoice"]
    return told(command.body)


def told(body: Any) -> list[tuple[Any, int]]:
    return [(line["item"].get("$item_id") or line["item"]["$item"], line["amount"]["$minor"][0])
            for line in body["item"]["items"]]  # fmt: skip


def test_each_discount_goes_on_the_item_of_its_coupon():
    """What no coupon speaks of stays where it was; the sum is the discount."""
    assert billed()[1:] == [("21", -70), ("22", -20), ("Stripe Discount", -10)]


def test_two_discounts_of_one_item_are_one_line():
    """And where all of it is on coupons, nothing is left over."""
    both = Directives(coupon_items=dict.fromkeys(("di_1", "di_2", "di_3"), "21"))
    assert billed(both)[1:] == [("21", -100)]


def test_the_line_beats_its_coupon_and_the_coupon_its_price():
    """The nearer to what was sold, the more it counts."""
    assert billed(discount_item="31")[1:] == [("31", -100)]
    priced = replace(GIVEN, price_discounts={"price_1": "41"})
    assert billed(priced)[1:] == [("21", -70), ("22", -20), ("41", -10)]


def test_a_coupon_that_was_not_read_is_refused():
    """It may name an item, and an invoice cannot be changed once it is written."""
    rows = Rows(customers=ROWS.customers, invoices=(replace(INVOICE, lines=(replace(LINE, **TWO),)),))
    unread = replace(rows, directives=Directives(unread_discounts=frozenset({"di_2"})))
    assert refused(make_plan(Policy(), unread, {})) == {"in_1": "COUPON_UNREAD"}
    named = replace(rows, directives=Directives(coupon_items={"di_2": "Summer"}))
    assert refused(make_plan(Policy(), named, {})) == {"in_1": "ITEM_NAMED"}


def test_a_credit_note_gives_discounts_back_where_they_were_booked():
    """By its own amounts; where the invoice's line names an item itself, on that."""
    line = LineRow("cnli_1", "Seats", 440, discount_minor=40, origin="il_1", discounts=(("di_1", 30), ("di_3", 10)))
    rows = Rows(customers=ROWS.customers, credit_notes=(replace(NOTE, lines=(line,)),), directives=GIVEN)
    known = {"in_1": KnownDocument("5", "usd", 1000, 0)}
    lines = []
    for origin in (replace(LINE, **TWO), replace(LINE, **TWO, discount_item="31")):
        plan = make_plan(Policy(), replace(rows, invoice_lines={"il_1": origin}), known)
        [command] = [each for each in plan.commands if each.document == "creditMemo"]
        lines.append(told(command.body)[1:])
    assert lines == [[("21", -30), ("Stripe Discount", -10)], [("31", -40)]]


def test_a_refund_of_a_whole_invoice_takes_discounts_back_from_their_items():
    """As it was billed."""
    paid = replace(INVOICE, status="paid", lines=(replace(LINE, **TWO),))
    histories = (ChargeHistory(PAYMENT, (replace(REFUND, amount_minor=1000),), (), paid),)
    rows = Rows(customers=ROWS.customers, histories=histories, directives=GIVEN)
    plan = make_plan(Policy(), rows, {"ch_1": KnownDocument("5", "usd", 1000, 0)})
    [memo] = [each for each in plan.commands if each.document == "creditMemo"]
    assert told(memo.body)[1:] == [("21", -70), ("22", -20), ("Stripe Discount", -10)]
