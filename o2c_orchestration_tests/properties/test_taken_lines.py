"""An invoice taken back in parts: of no line more than there was, and nothing is left once all of it went back."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from o2c_orchestration.domain.documents import (
    ApplicationRow,
    ChargeHistory,
    Command,
    DisputeRow,
    InvoiceRow,
    LineRow,
    PaymentRow,
    RefundRow,
)
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan.reversal import plan_history

START = datetime(2026, 2, 15, 12, tzinfo=UTC)
CUT, DISPUTED = {"partial_refunds": "prorated"}, {"disputes": "as_refunds"}
IN_PARTS = st.sampled_from([Policy.model_validate({"reversals": each}) for each in (CUT, CUT | DISPUTED)])
BY_LINES = IN_PARTS | st.just(Policy.model_validate({"reversals": DISPUTED}))


def day(days: int) -> date:
    return START.date() + timedelta(days)


@st.composite
def histories(draw: Any) -> ChargeHistory:
    """A paid invoice with discounts, tax and shipping; all or a part of its payment went back, once or often."""
    amounts = draw(st.lists(st.tuples(st.integers(1, 5000), st.integers(0, 100)), min_size=1, max_size=5))
    lines = tuple(
        LineRow(f"il_{number}", f"line {number}", amount, discount_minor=amount * off // 200)
        for number, (amount, off) in enumerate(amounts)
    )
    tax, shipping = draw(st.integers(0, 300)), draw(st.integers(0, 300))
    total = sum(line.amount_minor - line.discount_minor for line in lines) + tax + shipping
    head = "in_1", "cus_1", None, "usd", "paid", total, tax, 0, day(0), None, START, lines
    payment = PaymentRow("ch_1", "cus_1", "usd", total, day(0), START, (ApplicationRow("in_1", total),))
    refunds, disputes = [], []
    for number, days in enumerate(draw(st.lists(st.integers(1, 20), min_size=1, max_size=5))):
        amount = draw(st.integers(1, total) | st.just(total))
        moment, key = START + timedelta(days), f"{number}"
        if draw(st.integers(0, 3)):
            back = draw(st.sampled_from([None, None, None, day(days + 1)]))
            refunds.append(RefundRow(f"re_{key}", "ch_1", "usd", amount, day(days), moment, back))
        else:
            won = draw(st.sampled_from([None, day(days + 2)]))
            status = "won" if won else "lost"
            disputes.append(DisputeRow(f"dp_{key}", "ch_1", "usd", amount, status, day(days), moment, won))
    return ChargeHistory(payment, tuple(refunds), tuple(disputes), InvoiceRow(*head, shipping_minor=shipping))


def booked(found: Iterable[Any]) -> tuple[Counter[str], Counter[str]]:
    """What memos took of each line, less what was booked again; and what went on a line of its own instead."""
    taken: Counter[str] = Counter()
    alone: Counter[str] = Counter()
    for command in found:
        if isinstance(command, Command) and "item" in command.body:
            sign = 1 if command.document == "creditMemo" else -1
            for line in command.body["item"]["items"]:
                own = line["item"]["$item"] in ("Stripe Refund", "Stripe Dispute")
                (alone if own else taken)[line["description"]] += sign * line["amount"]["$minor"][0]
    return taken, alone


def lines_of(invoice: InvoiceRow) -> Counter[str]:
    lines = Counter({"Tax": invoice.tax_minor, "Shipping": invoice.shipping_minor})
    lines.update({line.description: line.amount_minor for line in invoice.lines})
    lines.update({f"Discount: {line.description}": -line.discount_minor for line in invoice.lines})
    return lines


@given(policy=BY_LINES, history=histories())
def test_of_no_line_goes_back_more_than_there_was(policy: Policy, history: ChargeHistory):
    """Whatever goes back, in whichever order, and whatever comes back of it."""
    assert history.invoice is not None
    taken, _ = booked(plan_history(policy, history, {}, ("ch_1",)))
    for name, amount in lines_of(history.invoice).items():
        low, high = sorted((0, amount))
        assert low <= taken[name] <= high


@given(policy=IN_PARTS, history=histories(), cuts=st.lists(st.integers(1, 400), max_size=4))
def test_nothing_is_left_once_all_of_it_went_back(policy: Policy, history: ChargeHistory, cuts: list[int]):
    """In however many refunds: each line, discount, tax and shipping went back as it was booked."""
    invoice, payment = history.invoice, history.payment
    assert invoice is not None
    amounts = [cut for index, cut in enumerate(cuts) if sum(cuts[: index + 1]) < payment.amount_minor]
    amounts.append(payment.amount_minor - sum(amounts))
    refunds = tuple(
        RefundRow(f"re_{number}", "ch_1", "usd", amount, day(number), START + timedelta(number))
        for number, amount in enumerate(amounts)
    )
    taken, alone = booked(plan_history(policy, ChargeHistory(payment, refunds, (), invoice), {}, ("ch_1",)))
    assert {name: minor for name, minor in taken.items() if minor} == {
        name: minor for name, minor in lines_of(invoice).items() if minor
    }
    assert not alone
