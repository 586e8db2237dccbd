"""The estimate of what is left: exact for a steady pace, and it follows a pace that changes."""

from hypothesis import given
from hypothesis import strategies as st

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.domain.pace import Pace
from o2c_orchestration.orchestration.telling import telling
from o2c_orchestration.settings import load_settings


@given(st.integers(1, 10_000), st.floats(0.05, 200), st.integers(20, 400))
def test_a_steady_pace_is_told_exactly(total: int, each: float, batches: int) -> None:
    """So many a batch, one batch each `each` seconds: what is left is what will be left."""
    pace = Pace(total * batches, 0.0)
    now = 0.0
    for number in range(1, batches):
        now += each
        pace.count(total, now)
        left = pace.seconds_left(now)
        if now >= 5:
            assert left is not None
            assert abs(left - (batches - number) * each) < 1e-6 * batches * each


def test_a_system_that_becomes_slow_is_noticed() -> None:
    """Ten a second for an hour, then one a second: three minutes later that is the pace."""
    pace, now = Pace(100_000, 0.0), 0.0
    for _ in range(3600):
        now += 1
        pace.count(10, now)
    for _ in range(180):
        now += 1
        pace.count(1, now)
    left = pace.seconds_left(now)
    assert left is not None
    assert abs(left - (100_000 - 36_180)) < 1000


def test_what_stands_still_takes_longer_and_longer() -> None:
    """No answer for a while is not told as if nothing had happened."""
    pace = Pace(100, 0.0)
    pace.count(50, 10.0)
    assert (pace.seconds_left(10.0) or 0) < (pace.seconds_left(100.0) or 0)


def test_nothing_is_estimated_from_nothing() -> None:
    """At the start there is only a number."""
    pace = Pace(20_000, 0.0)
    assert pace.words(0.1) == "0 of 20,000"
    pace.count(100, 1.0)
    assert pace.words(1.0) == "100 of 20,000"
    pace.count(1900, 20.0)
    assert pace.words(20.0) == "2,000 of 20,000, about 3 min left"


def test_more_than_was_said_is_no_negative_rest() -> None:
    """Documents of other days are written along."""
    pace = Pace(10, 0.0)
    pace.count(12, 30.0)
    assert pace.words(30.0) == "12 of 12"


def test_a_long_step_tells_how_far_it_is_and_whoever_listened_before_still_hears() -> None:
    """In the log of the run, and in the terminal's bars beside it."""
    heard: list[tuple[str, int]] = []
    said: list[str] = []
    made = Assembly(load_settings(), progress=lambda stage, count: heard.append((stage, count)))
    with telling(made, said.append, every=0):
        made.expected("apply", 3)
        made.progress("apply", 2)
        made.progress("mirror", 7)
    made.progress("apply", 1)
    assert said == ["apply: 2 of 3"]
    assert heard == [("apply", 2), ("mirror", 7), ("apply", 1)]
