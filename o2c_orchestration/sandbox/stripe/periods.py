"""Billing periods: boundaries an interval apart, counted from an anchor. Pure; times are seconds since 1970 UTC."""

from __future__ import annotations

import calendar
from datetime import UTC, datetime

DAYS = {"day": 1, "week": 7}
MONTHS = {"month": 1, "year": 12}
_DAY = 24 * 3600


def boundary(anchor: int, interval: str, count: int, number: int) -> int:
    """The moment `number` intervals after the anchor; a day that a month has not is its last one."""
    if interval in DAYS:
        return anchor + number * count * DAYS[interval] * _DAY
    moment = datetime.fromtimestamp(anchor, UTC)
    months = moment.year * 12 + moment.month - 1 + number * count * MONTHS[interval]
    year, month = divmod(months, 12)
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return int(moment.replace(year=year, month=month + 1, day=day).timestamp())


def next_boundary(anchor: int, interval: str, count: int, after: int) -> int:
    """The first boundary that is later than `after`; the anchor counts as one."""
    return around(anchor, interval, count, after)[1]


def around(anchor: int, interval: str, count: int, moment: int) -> tuple[int, int]:
    """Start and end of the period that a moment, not before the anchor, is in."""
    longest = count * (DAYS[interval] if interval in DAYS else 31 * MONTHS[interval]) * _DAY
    number = max((moment - anchor) // longest, 0)
    while boundary(anchor, interval, count, number + 1) <= moment:
        number += 1
    return boundary(anchor, interval, count, number), boundary(anchor, interval, count, number + 1)
