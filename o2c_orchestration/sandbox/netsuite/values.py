"""Money and dates as the ledger keeps them.

Amounts are integers in the minor unit of their currency; a scale is 10 to the power of its decimals.
A date that SuiteQL sees is text of one fixed form with a mark in front, so that it sorts, can be told
from other text, and is rendered in the account's date format on the way out.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

ACCOUNT_TIME_ZONE = ZoneInfo("America/Los_Angeles")
DATE_MARK = "~"
# The base currency of the account has two decimals.
BASE_SCALE = 100
_MARKED_DATE = re.compile(r"~\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")


def to_minor(value: Decimal, scale: int) -> int:
    """Round an amount to the currency's decimals, half away from zero, as minor units."""
    return int((value * scale).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def to_decimal(minor: int, scale: int) -> Decimal:
    """Minor units as the amount people write."""
    return Decimal(minor) / scale


def to_number(value: Decimal) -> int | float:
    """A JSON number. The shortest float that reads back as the same decimal loses nothing on the wire."""
    return int(value) if value == value.to_integral_value() else float(value)


def dollars(minor: int, scale: int) -> str:
    """An amount inside an error sentence, such as `$1,204.50`."""
    decimals = len(str(scale)) - 1
    return f"${to_decimal(minor, scale):,.{decimals}f}"


def convert(minor: int, scale: int, rate: Decimal, base_scale: int) -> int:
    """Transaction currency to base currency, both in minor units."""
    return to_minor(to_decimal(minor, scale) * rate, base_scale)


def now_utc() -> datetime:
    """The present, to the second, as NetSuite keeps it."""
    return datetime.now(UTC).replace(microsecond=0)


def today() -> date:
    """The date in the account's time zone."""
    return datetime.now(ACCOUNT_TIME_ZONE).date()


def utc_text(moment: datetime) -> str:
    """How record/v1 writes a moment: `2017-07-21T17:32:28Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def mark_moment(moment: datetime) -> str:
    """How SuiteQL sees a moment: the account's wall clock."""
    return moment.astimezone(ACCOUNT_TIME_ZONE).strftime(f"{DATE_MARK}%Y-%m-%d %H:%M:%S")


def mark_date(iso: str | None) -> str | None:
    """How SuiteQL sees a plain date."""
    return None if iso is None else f"{DATE_MARK}{iso} 00:00:00"


def is_marked(value: object) -> bool:
    """Whether a value out of the database is a date."""
    return isinstance(value, str) and _MARKED_DATE.fullmatch(value) is not None


def parse_marked(value: str) -> datetime:
    """The account's wall clock behind a marked date."""
    return datetime.strptime(value, f"{DATE_MARK}%Y-%m-%d %H:%M:%S")


def mark_clock(clock: datetime) -> str:
    """A wall clock time, already in the account's zone, as SuiteQL sees it."""
    return clock.strftime(f"{DATE_MARK}%Y-%m-%d %H:%M:%S")
