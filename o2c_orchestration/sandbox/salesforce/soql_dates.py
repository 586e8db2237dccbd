"""Date literals of SOQL such as TODAY and LAST_N_DAYS:7, as the days they cover in UTC.

What belongs here: the calendar. Weeks begin on Sunday, as in an org with the locale of the United States.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

Span = tuple[date, date]
_DAY = timedelta(days=1)


def span(word: str, today: date) -> Span | None:
    """The first day and the day after the last, or None for a word that is no literal of this subset."""
    name, _, count = word.partition(":")
    if count:
        return _COUNTED[name](today, int(count)) if name in _COUNTED else None
    return _PLAIN[name](today) if name in _PLAIN else None


def _months(day: date, count: int) -> date:
    """The first of the month so many months on."""
    index = day.year * 12 + day.month - 1 + count
    return date(index // 12, index % 12 + 1, 1)


def _week(day: date) -> date:
    return day - timedelta(days=(day.weekday() + 1) % 7)


def _quarter(day: date) -> date:
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def _days(first: int, behind: int) -> Callable[[date], Span]:
    return lambda today: (today + first * _DAY, today + behind * _DAY)


def _weeks(first: int) -> Callable[[date], Span]:
    return lambda today: (_week(today) + first * 7 * _DAY, _week(today) + (first + 1) * 7 * _DAY)


def _month(first: int) -> Callable[[date], Span]:
    return lambda today: (_months(today, first), _months(today, first + 1))


def _quarters(first: int) -> Callable[[date], Span]:
    return lambda today: (_months(_quarter(today), 3 * first), _months(_quarter(today), 3 * first + 3))


def _years(first: int) -> Callable[[date], Span]:
    return lambda today: (date(today.year + first, 1, 1), date(today.year + first + 1, 1, 1))


_PLAIN: dict[str, Callable[[date], Span]] = {
    "YESTERDAY": _days(-1, 0),
    "TODAY": _days(0, 1),
    "TOMORROW": _days(1, 2),
    "LAST_90_DAYS": _days(-90, 1),
    "NEXT_90_DAYS": _days(1, 91),
    "LAST_WEEK": _weeks(-1),
    "THIS_WEEK": _weeks(0),
    "NEXT_WEEK": _weeks(1),
    "LAST_MONTH": _month(-1),
    "THIS_MONTH": _month(0),
    "NEXT_MONTH": _month(1),
    "LAST_QUARTER": _quarters(-1),
    "THIS_QUARTER": _quarters(0),
    "NEXT_QUARTER": _quarters(1),
    "LAST_YEAR": _years(-1),
    "THIS_YEAR": _years(0),
    "NEXT_YEAR": _years(1),
}
# LAST_N_DAYS reaches up to and including today; NEXT_N_DAYS begins tomorrow.
_COUNTED: dict[str, Callable[[date, int], Span]] = {
    "LAST_N_DAYS": lambda today, count: (today - count * _DAY, today + _DAY),
    "NEXT_N_DAYS": lambda today, count: (today + _DAY, today + (count + 1) * _DAY),
    "N_DAYS_AGO": lambda today, count: (today - count * _DAY, today - (count - 1) * _DAY),
    "LAST_N_MONTHS": lambda today, count: (_months(today, -count), _months(today, 0)),
    "NEXT_N_MONTHS": lambda today, count: (_months(today, 1), _months(today, count + 1)),
}
