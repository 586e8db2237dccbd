"""What benchmarks/anomalies.py plants is what docs/anomalies.md says that it plants."""

from datetime import timedelta

import numpy as np
import pytest

from benchmarks.anomalies import FIRST, INCIDENTS, Books, quiet

SEEDS = range(40)
DAY = 517
assert (FIRST + timedelta(days=DAY)).weekday() < 5
FEW = ("refunds.count", "usd")


def planted(name: str, seed: int) -> tuple[Books, float, float]:
    """A company after the incident, and its refunds of the day before it and after it."""
    books = quiet(np.random.default_rng(seed), scale=0.3)
    before = float(books.figures[FEW][0][DAY])
    plant, _ = INCIDENTS[name]
    assert {"refunds.count.usd", "refunds.amount.usd"} <= plant(books, DAY)
    return books, before, float(books.figures[FEW][0][DAY])


@pytest.fixture(scope="module")
def at_rate() -> list[tuple[Books, float, float]]:
    return [planted("refunds at five times their rate", seed) for seed in SEEDS]


def test_five_times_the_rate_is_not_five_times_what_chance_had_made(at_rate):
    """The day is drawn anew: five times what was expected on average, and as many whatever it was before."""
    expected = at_rate[0][0].refunds["usd"][DAY]
    before, after = (np.array([each[n] for each in at_rate]) for n in (1, 2))
    assert 2 < expected < 4
    assert before.mean() == pytest.approx(expected, rel=0.25)
    assert after.mean() == pytest.approx(5 * expected, rel=0.1)
    assert np.any(after % 5 != 0)
    assert abs(np.corrcoef(before, after)[0, 1]) < 0.3


def test_their_money_is_of_as_many(at_rate):
    """About as large as refunds are."""
    sizes = [books.figures["refunds.amount", "usd"][0][DAY] / after for books, _, after in at_rate]
    assert float(np.median(sizes)) == pytest.approx(float(np.exp(8.5 + 0.5)), rel=0.25)


def test_each_refund_five_times_is_just_that():
    """Nothing more where there was none; else four of five repeat another."""
    for seed in SEEDS[:5]:
        usual = quiet(np.random.default_rng(seed), scale=0.3).figures["refunds.repeated", "usd"][0][DAY]
        books, before, after = planted("each refund five times", seed)
        assert after == 5 * before
        assert books.figures["refunds.repeated", "usd"][0][DAY] == usual + 4 * before
