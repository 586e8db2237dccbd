"""Service periods for any instants: never backwards, contiguous, in the days of the books; memos never outside them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import example, given
from hypothesis import strategies as st

from o2c_orchestration.domain.service import ServicePeriod, service_period

ZONES = st.sampled_from(
    [
        ZoneInfo(name)
        for name in (
            "America/Los_Angeles",
            "Europe/Berlin",
            "Asia/Kolkata",
            "Pacific/Kiritimati",
            "Pacific/Pago_Pago",
            "Australia/Lord_Howe",
            "America/Sao_Paulo",
            "UTC",
        )
    ]
)
INSTANTS = st.integers(1_700_000_000, 1_830_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
DAYS = st.dates(date(2024, 1, 1), date(2028, 1, 1))
LOS_ANGELES = ZoneInfo("America/Los_Angeles")


def midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


@given(INSTANTS, INSTANTS, ZONES, st.booleans())
@example(datetime(2026, 1, 31, tzinfo=UTC), datetime(2026, 1, 31, tzinfo=UTC), LOS_ANGELES, False)
def test_a_period_never_runs_backwards(start: datetime, end: datetime, zone: ZoneInfo, whole_days: bool):
    """It begins on the day of its start; one without length, or that ends before it begins, is that day alone."""
    period = service_period(start, end, zone, whole_days=whole_days)
    assert period is not None
    assert period.first == start.astimezone(zone).date()
    assert period.first <= period.last
    if end <= start:
        assert period.last == period.first


@given(DAYS, st.integers(1, 400), ZONES, st.booleans())
@example(date(2026, 2, 1), 28, LOS_ANGELES, False)  # a month's end
@example(date(2024, 2, 1), 29, LOS_ANGELES, False)  # of a leap year
@example(date(2026, 1, 1), 365, LOS_ANGELES, False)  # a year's end
@example(date(2026, 3, 8), 1, LOS_ANGELES, False)  # a day of 23 hours
@example(date(2026, 11, 1), 1, LOS_ANGELES, False)  # a day of 25 hours
def test_days_of_the_books_are_kept_whatever_the_clocks_do(first: date, length: int, zone: ZoneInfo, whole_days: bool):
    """From midnight to midnight in the zone of the books: exactly these days, also where the clocks change."""
    start, end = midnight(first, zone), midnight(first + timedelta(length), zone)
    expected = ServicePeriod(first, first + timedelta(length - 1))
    assert service_period(start, end, zone, whole_days=whole_days) == expected


@given(INSTANTS, st.integers(1, 500), st.integers(1, 500), ZONES)
def test_whole_days_follow_each_other_without_gap_or_overlap(start: datetime, one: int, other: int, zone: ZoneInfo):
    """Two periods that Stripe bills one after the other share no day and leave none out, at whatever hour they meet."""
    middle, end = start + timedelta(days=one, hours=2), start + timedelta(days=one + other, hours=5)
    before, after = (service_period(*pair, zone, whole_days=True) for pair in ((start, middle), (middle, end)))
    assert before is not None
    assert after is not None
    assert after.first == before.last + timedelta(days=1)


@given(INSTANTS, INSTANTS, ZONES)
def test_the_last_day_is_that_of_the_last_second(start: datetime, end: datetime, zone: ZoneInfo):
    """Every second of the period lies within its days, and the first second after it only where the day goes on."""
    period = service_period(min(start, end), max(start, end), zone)
    assert period is not None
    last = max(min(start, end), max(start, end) - timedelta(seconds=1))
    assert period.last == last.astimezone(zone).date()


@given(INSTANTS, INSTANTS, ZONES, DAYS)
def test_what_a_memo_takes_back_lies_within_the_line(start: datetime, end: datetime, zone: ZoneInfo, day: date):
    """Never before the line's first day or the memo's, never after its last; a line that is over keeps its last day."""
    line = service_period(start, end, zone)
    assert line is not None
    left = line.left_on(day)
    assert line.first <= left.first <= left.last == line.last
    assert left.first >= day or left.first == left.last
    assert left == line if day <= line.first else left.first == min(day, line.last)


def test_stripe_may_give_no_period():
    """Then there is none: nothing is made up."""
    assert service_period(None, datetime(2026, 1, 1, tzinfo=UTC), LOS_ANGELES) is None
