"""What takes back a part of an invoice, in proportion to its lines; and disputes that take lines back."""

from dataclasses import replace

from o2c_orchestration.domain.documents import ApplicationRow, ChargeHistory, Command, DisputeRow, RefundRow
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan.reversal import plan_history
from o2c_orchestration_tests.unit.test_plan_reversal import CHARGE, INVOICE, THERE, dispute, items, on, refund

PRICES = {
    "items": {"prices": {"price_1": "Support"}},
    "revenue": {"start_field": "custcol_a", "end_field": "custcol_z"},
}
PRORATED = Policy.model_validate(PRICES | {"reversals": {"partial_refunds": "prorated"}})
DISPUTED = Policy.model_validate(PRICES | {"reversals": {"disputes": "as_refunds"}})
BOTH = Policy.model_validate(PRICES | {"reversals": {"disputes": "as_refunds", "partial_refunds": "prorated"}})
WHOLE = [("Support", 900), ("Stripe Discount", -100), ("Stripe Shipping", 50), ("Stripe Tax", 150)]


def planned(policy, *events, invoice=INVOICE, payment=CHARGE):
    """Documents by external id."""
    refunds = tuple(row for row in events if isinstance(row, RefundRow))
    disputes = tuple(row for row in events if isinstance(row, DisputeRow))
    found = plan_history(policy, ChargeHistory(payment, refunds, disputes, invoice), {}, THERE)
    assert all(isinstance(item, Command) for item in found)
    return {item.external_id: item for item in found}


def test_a_part_takes_its_share_of_each_line():
    """Revenue, discount, shipping and tax each in proportion, with the days that are still to come."""
    memo = planned(PRORATED, refund(amount=333))["cm-re_1"]
    assert items(memo) == [("Support", 300), ("Stripe Discount", -33), ("Stripe Shipping", 16), ("Stripe Tax", 50)]
    assert memo.amount_minor == 333
    assert memo.why.endswith("a share of each of its lines goes back")
    first = memo.body["item"]["items"][0]
    assert (first["custcol_a"], first["custcol_z"]) == ("2026-03-05", "2026-04-01")


def test_the_last_part_takes_what_the_others_left():
    """Whatever rounding did before: at the end every line went back as it was."""
    found = planned(PRORATED, refund(1, 333), refund(2, 1, 6), refund(3, 666, 7))
    taken: dict[str, int] = {}
    for key in ("cm-re_1", "cm-re_2", "cm-re_3"):
        for item, minor in items(found[key]):
            taken[item] = taken.get(item, 0) + minor
    assert taken == dict(WHOLE)


def test_a_payment_of_a_part_of_an_invoice_takes_a_share_too():
    """The rest of it was paid by the customer's balance, and stays booked."""
    paid = replace(CHARGE, amount_minor=600, applications=(ApplicationRow("in_1", 600),))
    memo = planned(PRORATED, refund(amount=600), payment=paid)["cm-re_1"]
    assert items(memo) == [("Support", 540), ("Stripe Discount", -60), ("Stripe Shipping", 30), ("Stripe Tax", 90)]


def test_a_disputes_lines_are_restored_when_it_is_won():
    """The invoice that restores revenue has the lines, days included, that the memo took; then they may go again."""
    won = dispute(reinstated_date=on(9), status="won")
    found = planned(DISPUTED, won, refund(amount=1000, days=10))
    assert items(found["cm-dp_1"]) == items(found["ri-dp_1"]) == items(found["cm-re_1"]) == WHOLE
    told = [found[key].body["item"]["items"][0]["custcol_a"] for key in ("cm-dp_1", "ri-dp_1", "cm-re_1")]
    assert told == ["2026-03-05", "2026-03-05", "2026-03-10"]


def test_lines_that_are_with_a_dispute_are_not_there_for_a_refund():
    """What comes back on a later day is not taken, though it may be known by now."""
    won = dispute(reinstated_date=on(9), status="won")
    assert items(planned(DISPUTED, won, refund(amount=1000, days=7))["cm-re_1"]) == [("Stripe Refund", 1000)]


def test_a_dispute_of_a_part_is_prorated_where_refunds_are():
    """And one line, where they are not."""
    assert items(planned(DISPUTED, dispute(amount=500))["cm-dp_1"]) == [("Stripe Dispute", 500)]
    assert items(planned(BOTH, dispute(amount=500))["cm-dp_1"]) == [(item, minor // 2) for item, minor in WHOLE]
    found = planned(BOTH, dispute(amount=500, reinstated_date=on(9), status="won"))
    assert items(found["ri-dp_1"]) == items(found["cm-dp_1"])


def test_a_part_that_came_back_of_a_dispute_is_a_share_of_its_lines():
    """The lines that the memo took, in proportion; what did not come back is not there for a refund."""
    part = dispute(reinstated_date=on(9), reinstated_minor=500, status="won")
    found = planned(DISPUTED, part, refund(amount=1000, days=10))
    assert items(found["ri-dp_1"]) == [(item, minor // 2) for item, minor in WHOLE]
    assert items(found["cm-re_1"]) == [("Stripe Refund", 1000)]


def test_by_default_a_dispute_is_one_line_and_leaves_the_invoices_lines():
    """Which a refund of the whole after it was won takes back."""
    won = dispute(reinstated_date=on(9), status="won")
    found = planned(Policy.model_validate(PRICES), won, refund(amount=1000, days=10))
    assert items(found["cm-dp_1"]) == items(found["ri-dp_1"]) == [("Stripe Dispute", 1000)]
    assert items(found["cm-re_1"]) == WHOLE


def test_more_than_is_left_of_the_lines_is_one_line():
    """A refund that Stripe's own records do not cover is not spread over anything."""
    found = planned(PRORATED, refund(1, 900), refund(2, 400, 6))
    assert items(found["cm-re_2"]) == [("Stripe Refund", 400)]


def test_lines_that_come_back_after_a_part_went_in_one_line_stay_booked():
    """A refund of a part, one line while the lines were with a dispute: which of them it took nobody knows."""
    won = dispute(reinstated_date=on(9), status="won")
    found = planned(DISPUTED, won, refund(1, 400, 7), refund(2, 600, 12))
    assert items(found["cm-re_1"]) == [("Stripe Refund", 400)]
    assert items(found["cm-re_2"]) == [("Stripe Refund", 600)]
