"""What is told of a day, and what is not: weekends, month ends, new levels and small figures are no news."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from o2c_orchestration.domain.policy_anomalies import Anomalies
from o2c_orchestration.reconcile.anomalies import Series, judge
from o2c_orchestration.reconcile.daily import FIGURES, series
from o2c_orchestration.store.daily_series import Figure

FIRST = date(2025, 1, 1)
POLICY = Anomalies(days=1)


def counts(days: int, volume: float = 80, seed: int = 1) -> list[float]:
    """Documents a day: weekends are quiet, the first of a month is six times as busy."""
    rng = np.random.default_rng(seed)
    found = []
    for n in range(days):
        day = FIRST + timedelta(days=n)
        found.append(float(rng.poisson(volume * (0.3 if day.weekday() > 4 else 1) * (6 if day.day == 1 else 1))))
    return found


def of(values: list[float | None], kind: str = "count", events: list[float] | None = None, **more) -> Series:
    told = events or [value or 0.0 for value in values]
    return Series("invoices.count", kind, "validated/invoices", FIRST, tuple(values), tuple(told), "usd", **more)


def last(found: Series, policy: Anomalies = POLICY):
    (row,) = judge([found], policy)
    return row


DAYS = (date(2026, 1, 31) - FIRST).days


def test_a_missed_and_a_doubled_billing_run_are_told():
    """On the first of a month as many documents as on any other day are far too few, and twice as many far too many."""
    values = counts(DAYS + 2)
    assert (FIRST + timedelta(days=DAYS + 1)).day == 1
    assert not last(of(values)).unusual
    low, high = last(of([*values[:-1], values[-2]])), last(of([*values[:-1], values[-1] * 2]))
    assert (low.unusual, high.unusual) == (True, True)
    assert low.deviations < -4 < 4 < high.deviations
    assert low.low < values[-1] < low.high
    assert low.day == date(2026, 2, 1)


@pytest.mark.parametrize("back", range(7))
def test_a_plain_day_is_not_told_and_a_day_without_documents_is(back):
    """Each weekday is compared with its like."""
    values = counts(DAYS - 3 - back)
    assert not last(of(values)).unusual
    assert last(of([*values[:-1], 0.0])).unusual


def test_a_new_level_is_usual_after_some_weeks():
    """What changed for good warns at first, and not for ever."""
    values = counts(DAYS - 5)
    step = [*values[:-60], *(value * 2 for value in values[-60:])]
    assert last(of(step[:-59])).unusual
    assert not last(of(step)).unusual


def test_what_was_unusual_before_does_not_hide_what_is_unusual_now():
    """A robust regression gives a few outliers of the past no say."""
    values = counts(DAYS - 5)
    for n in (40, 90, 200, 300):
        values[n] *= 20
    assert not last(of(values)).unusual
    assert last(of([*values[:-1], values[-1] * 2.5])).unusual


def test_little_history_is_not_judged():
    """And says so, with what is needed."""
    row = last(of(counts(50)))
    assert (row.unusual, row.why_not) == (False, "49 days of history, 56 are needed")


def test_a_day_of_the_month_that_never_was_is_not_judged():
    """A business that began on the second of a month knows nothing of firsts."""
    values = [*counts(59)[1:], 500.0]
    found = replace(of(values), first=date(2025, 1, 2))
    assert found.first + timedelta(days=58) == date(2025, 3, 1)
    (row,) = judge([found], Anomalies(days=1, learning_days=28))
    assert row.why_not is None
    short = replace(of([*values[:30], 500.0]), first=date(2025, 1, 2))
    (row,) = judge([replace(short, values=short.values[:31])], Anomalies(days=1, learning_days=28))
    assert row.why_not == "the history has no such day of the month"


def test_sums_and_rates_need_documents():
    """Of three invoices a day no sum is usual; a rate is missing where nothing was charged."""
    few = [3.0] * (DAYS - 5)
    assert last(of([1000.0 * n for n in few], "sum", few)).why_not == "fewer than 5 documents are expected"
    rates: list[float | None] = [0.03 + 0.0001 * (n % 7) for n in range(DAYS - 6)]
    many = [100.0] * (DAYS - 5)
    assert last(of([*rates, None], "rate", many)).why_not == "nothing to measure on this day"
    assert last(of([*rates, 0.06], "rate", many)).unusual
    assert not last(of([*rates, 0.031], "rate", many)).unusual


def test_policy_decides_what_is_told():
    """Figures that are left out, small differences, and how far is far."""
    values = counts(DAYS - 5)
    doubled = of([*values[:-1], values[-1] * 3])
    assert judge([doubled], Anomalies(days=1, ignored=("invoices.count",))) == []
    assert judge([doubled], Anomalies(days=1, ignored=("invoices.count.usd",))) == []
    assert not last(doubled, Anomalies(days=1, share=9.0)).unusual
    assert not last(doubled, Anomalies(days=1, threshold=40)).unusual
    money = of([value * 1000 for value in values[:-1]] + [values[-1] * 3000], "sum", values)
    assert last(money).unusual
    assert not last(money, Anomalies(days=1, materiality_minor={"usd": 10**9})).unusual


def test_what_only_hurts_when_it_grows_is_told_when_it_grows():
    """No gaps, or no waiting, is good news; a figure that is told both ways is told when it stops."""
    values = counts(DAYS - 5)
    stopped, tripled = [*values[:-1], 0.0], [*values[:-1], values[-1] * 3]
    assert last(of(stopped)).unusual
    assert not last(of(stopped, side="up")).unusual
    assert last(of(stopped, side="up")).low == 0
    assert last(of(tripled, side="up")).unusual


def test_a_part_is_told_when_it_is_a_fifth_of_the_day():
    """Nineteen of a hundred documents repeat another where none did: somebody's habit. Fifty do not by chance."""
    documents = [100.0] * (DAYS - 5)
    few, many = ([*[0.0] * (len(documents) - 1), value] for value in (19.0, 50.0))
    assert last(of(few, "part", documents)).deviations > POLICY.threshold
    assert not last(of(few, "part", documents)).unusual
    assert last(of(many, "part", documents)).unusual


def test_a_threshold_of_its_own():
    """By what the figure is, or by policy for a figure or one of its series, the series first."""
    values = counts(DAYS - 5)
    busy = [*values[:-1], values[-1] * 1.6]
    off = last(of(busy)).deviations
    assert 3.75 < off < 7
    assert not last(of(busy, weight=2.0)).unusual
    assert not last(of(busy), Anomalies(days=1, thresholds={"invoices.count": 9})).unusual
    one = Anomalies(days=1, thresholds={"invoices.count": 9, "invoices.count.usd": 3})
    assert last(of(busy), one).unusual


@pytest.mark.parametrize(
    ("name", "expected", "actual", "unusual"),
    [
        ("refunds.count", 8, 15, True),  # five times the three that chance made
        ("refunds.count", 8, 12, False),
        ("refunds.count", 2, 6, False),  # of few, chance makes that many too often
        ("refunds.count", 2, 10, True),
        ("refunds.count", 8, 0, False),
        ("invoices.count", 8, 15, False),
    ],
)
def test_five_times_the_refunds_of_a_small_day_are_told(name, expected, actual, unusual):
    """Where as many are expected that it is not mere chance, and of refunds only."""
    rng = np.random.default_rng(1)
    values = [*rng.poisson(expected, DAYS - 6).tolist(), actual]
    days = [FIRST + timedelta(days=n) for n in range(len(values))]
    figures = [Figure(name, "usd", day, value, value) for day, value in zip(days, values, strict=True)]
    (found,) = series(figures, days[-1])
    row = last(found)
    assert row.expected == pytest.approx(expected, rel=0.25)
    assert row.unusual is unusual
    assert actual == 0 or (row.actual > row.high) is unusual


def test_figures_become_series_without_gaps():
    """A day without documents has none of them, and no rate; each figure has an asset."""
    day = date(2026, 3, 1)
    found = series(
        [Figure("invoices.count", "usd", day, 5, 5), Figure("invoices.count", "usd", day + timedelta(days=2), 7, 7),
         Figure("fees.rate", "usd", day, 0.03, 5)],
        day + timedelta(days=3),
    )  # fmt: skip
    assert {each.key: (each.values, each.events) for each in found} == {
        "invoices.count.usd": ((5, 0, 7, 0), (5, 0, 7, 0)),
        "fees.rate.usd": ((0.03, None, None, None), (5, 0, 0, 0)),
    }
    assert {each.asset for each in found} <= {each.asset for each in FIGURES.values()}
