"""What is told of a plan is the same by parts as at once; the days of its parts have no holes."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from o2c_orchestration.domain.documents import Command, LeftOut, Plan
from o2c_orchestration.plan.totals import joined, totals_of
from o2c_orchestration.store.plan_spans import divided
from o2c_orchestration_tests.integration_store.builders import command, refusal

FIRST, LAST = date(2026, 1, 1), date(2026, 1, 31)
WHOLE = (FIRST, LAST)


def of(document: str, key: str, day: date) -> Command:
    return replace(command(document, key), partition=day)  # type: ignore[arg-type]


def test_each_document_is_counted_once() -> None:
    """A customer of two parts, a refund that a later one brings along, what belongs to days before the whole."""
    early, late = (FIRST, date(2026, 1, 15)), (date(2026, 1, 16), LAST)
    customer, old = of("customer", "cus_1", FIRST), of("creditMemo", "cm-re_0", date(2025, 12, 1))
    refund = of("customerRefund", "rf-re_2", LAST)
    one = Plan((customer, of("invoice", "in_1", FIRST), old, refund), (refusal("invoice", "in_9"),), {"in_8": "zero"})
    two = Plan((customer, of("invoice", "in_2", LAST), old, refund), (refusal("invoice", "in_9"),), {"in_8": "zero"})
    both = joined([totals_of(one, early, WHOLE), totals_of(two, late, WHOLE)])
    assert both.documents == {"creditMemo": 1, "customer": 1, "customerRefund": 1, "invoice": 2}
    assert both.invoiced == {"usd": (2, one.commands[1].amount_minor + two.commands[1].amount_minor)}
    assert (len(both.refusals), dict(both.skipped)) == (1, {"in_8": "zero"})


def test_an_invoice_that_two_parts_plan_is_invoiced_once() -> None:
    """A won dispute's invoice comes along with the refund of another day of the same charge."""
    early, late = (FIRST, date(2026, 1, 15)), (date(2026, 1, 16), LAST)
    won, old = of("invoice", "ri-dp_1", LAST), of("invoice", "ri-dp_0", date(2025, 12, 1))
    plan = Plan((won, old))
    both = joined([totals_of(plan, early, WHOLE), totals_of(plan, late, WHOLE)])
    assert both.documents == {"invoice": 2}
    assert both.invoiced == {"usd": (2, won.amount_minor + old.amount_minor)}


def test_what_is_left_out_and_what_waits_is_told_with_its_reason() -> None:
    """Both by their Stripe ids, once."""
    left = LeftOut("invoice", "in_3", "usd", 7, "blocked")
    plan = Plan(skipped={"in_3": "blocked", "in_4": "not read back"}, left_out=(left,), unread=frozenset({"in_4"}))
    both = joined([totals_of(plan, WHOLE, WHOLE)] * 2)
    assert (both.left_out, dict(both.unread)) == ((left,), {"in_4": "not read back"})


@given(st.dictionaries(st.integers(0, 30), st.integers(1, 50)), st.integers(1, 60))
def test_the_parts_of_a_span_are_all_of_it(rows: dict[int, int], rows_max: int) -> None:
    """No hole and no day twice; none but a single day has more than it may, and none could take the next day too."""
    counts = sorted((FIRST + timedelta(days=day), count) for day, count in rows.items())
    parts = divided(FIRST, LAST, counts, rows_max)
    days = [first + timedelta(days=n) for first, last in parts for n in range((last - first).days + 1)]
    assert days == [FIRST + timedelta(days=n) for n in range(31)]
    held = [[count for day, count in counts if first <= day <= last] for first, last in parts]
    assert all(sum(each) <= rows_max or len(each) == 1 for each in held)
    assert all(sum(each) + after[0] > rows_max for each, after in pairwise(held))
