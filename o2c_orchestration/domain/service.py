"""Service periods: the days on which what a line sells is delivered, for revenue recognition.

Stripe's period ends with an instant that is no longer in it, NetSuite's with a day that still is. Days are those of the
books, whatever hour a clock change or another zone makes of midnight.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

_LAST_SECOND = timedelta(seconds=1)
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class ServicePeriod:
    """From `first` to `last`, both included."""

    first: date
    last: date

    def left_on(self, day: date) -> "ServicePeriod":
        """What of it is still to come on a day, that day included; of a period that is over its last day."""
        return ServicePeriod(min(max(self.first, day), self.last), self.last)


def service_period(
    start: datetime | None, end: datetime | None, zone: ZoneInfo, *, whole_days: bool = False
) -> ServicePeriod | None:
    """The days of Stripe's period [start, end) in the time zone of the books; None if Stripe gives none.

    The last day is that of the last second. A period that ends in the middle of a day so shares that day with the next
    one; with `whole_days` it ends on the day before, and periods that follow each other share none and leave none out.
    A period without length (a one-off line) is the day on which it starts.
    """
    if start is None or end is None:
        return None
    first = start.astimezone(zone).date()
    last = end.astimezone(zone).date() - _DAY if whole_days else (end - _LAST_SECOND).astimezone(zone).date()
    return ServicePeriod(first, max(first, last))
