"""A calendar month of the books, and where it lies in UTC."""

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_FORM = re.compile(r"(\d{4})-(\d{2})")
_MONTHS = 12


@dataclass(frozen=True, order=True)
class Month:
    """A month, ``str(Month(2026, 10)) == "2026-10"``."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> "Month":
        """From ``YYYY-MM``. Raises ValueError."""
        found = _FORM.fullmatch(text)
        if found is None or not 1 <= int(found[2]) <= _MONTHS or int(found[1]) < 1:
            raise ValueError(f"{text!r} is no month")
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def of(cls, day: date) -> "Month":
        """The month that a day lies in."""
        return cls(day.year, day.month)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        return date(self.year, self.number, calendar.monthrange(self.year, self.number)[1])

    @property
    def before(self) -> "Month":
        """The month before."""
        return Month.of(self.first - timedelta(days=1))

    @property
    def after(self) -> "Month":
        """The next month."""
        return Month.of(self.last + timedelta(days=1))

    def ends(self, zone: ZoneInfo) -> datetime:
        """The first moment that is no longer in the month, in UTC."""
        return datetime.combine(self.after.first, time(), zone).astimezone(UTC)

    def days_in_utc(self, zone: ZoneInfo) -> tuple[date, date]:
        """First and last UTC day on which some moment of the month lies."""
        begins = datetime.combine(self.first, time(), zone).astimezone(UTC)
        return begins.date(), (self.ends(zone) - timedelta(microseconds=1)).date()


def is_first_business_day(day: date) -> bool:
    """Whether a day is its month's first from Monday to Friday. Holidays are not known here."""
    first = day.replace(day=1)
    monday_to_friday = (first + timedelta(days=ahead) for ahead in range(3))
    return day == next(each for each in monday_to_friday if each.weekday() < calendar.SATURDAY)


def months_of(first: date, last: date) -> list[Month]:
    """Every month that has a day in [first, last], oldest first."""
    found, month = [], Month.of(first)
    while month <= Month.of(last):
        found.append(month)
        month = month.after
    return found
