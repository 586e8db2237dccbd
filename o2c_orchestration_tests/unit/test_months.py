"""Months of the books: their names, their ends in UTC, and the day on which the one before is closed."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from o2c_orchestration.domain.months import Month, is_first_business_day, months_of

PACIFIC, KIRITIMATI = ZoneInfo("America/Los_Angeles"), ZoneInfo("Pacific/Kiritimati")


def test_a_month_is_read_and_written_the_same():
    """YYYY-MM both ways."""
    assert str(Month.parse("2026-02")) == "2026-02"
    assert (Month(2024, 2).first, Month(2024, 2).last) == (date(2024, 2, 1), date(2024, 2, 29))
    assert (Month(2026, 1).before, Month(2026, 12).after) == (Month(2025, 12), Month(2027, 1))


@pytest.mark.parametrize("text", ["2026-13", "2026-00", "2026-1", "202611", "2026-11-01", "November", "", "0000-01"])
def test_what_is_no_month_is_refused(text: str):
    """Nothing is guessed."""
    with pytest.raises(ValueError, match="no month"):
        Month.parse(text)


def test_a_month_ends_at_midnight_of_the_books():
    """Summer time ends in the middle of November: the moment is that of the month's end."""
    assert Month(2026, 10).ends(PACIFIC) == datetime(2026, 11, 1, 7, tzinfo=UTC)
    assert Month(2026, 11).ends(PACIFIC) == datetime(2026, 12, 1, 8, tzinfo=UTC)
    assert Month(2026, 11).ends(ZoneInfo("UTC")) == datetime(2026, 12, 1, tzinfo=UTC)


def test_days_in_utc_reach_over_the_months_ends():
    """West of Greenwich the month goes on after UTC's, east of it begins before."""
    assert Month(2026, 10).days_in_utc(PACIFIC) == (date(2026, 10, 1), date(2026, 11, 1))
    assert Month(2026, 10).days_in_utc(KIRITIMATI) == (date(2026, 9, 30), date(2026, 10, 31))
    assert Month(2026, 10).days_in_utc(ZoneInfo("UTC")) == (date(2026, 10, 1), date(2026, 10, 31))


def test_each_month_has_one_first_business_day():
    """The first from Monday to Friday: on the 1st, or on the Monday after a weekend."""
    assert is_first_business_day(date(2026, 10, 1))
    assert [day for day in range(1, 8) if is_first_business_day(date(2026, 11, day))] == [2]
    assert [day for day in range(1, 8) if is_first_business_day(date(2026, 8, day))] == [3]


def test_months_of_a_span_are_whole():
    """Every month with a day in it, oldest first."""
    assert months_of(date(2026, 12, 31), date(2027, 2, 1)) == [Month(2026, 12), Month(2027, 1), Month(2027, 2)]
    assert months_of(date(2026, 12, 31), date(2026, 12, 31)) == [Month(2026, 12)]
