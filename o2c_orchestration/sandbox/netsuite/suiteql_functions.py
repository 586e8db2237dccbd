"""Oracle functions that SuiteQL offers and SQLite lacks, and how values leave on the wire.

Dates come in and go out in the marked form of `values`, already on the account's wall clock.
"""

from __future__ import annotations

import calendar
import random
import re
import sqlite3
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from o2c_orchestration.sandbox.netsuite.records import BY_CODE, STATUS_NAMES
from o2c_orchestration.sandbox.netsuite.values import (
    ACCOUNT_TIME_ZONE,
    is_marked,
    mark_clock,
    parse_marked,
)

Value = str | int | float | None

# Longest first, so that HH24 is not read as HH.
_FORMAT_PARTS = {
    "YYYY": "%Y",
    "HH24": "%H",
    "HH12": "%I",
    "MONTH": "%B",
    "MON": "%b",
    "DAY": "%A",
    "DDD": "%j",
    "MM": "%m",
    "DD": "%d",
    "DY": "%a",
    "HH": "%I",
    "MI": "%M",
    "SS": "%S",
    "YY": "%y",
    "AM": "%p",
    "PM": "%p",
    "Q": "Q",
}
_FORMAT_TOKEN = re.compile(r'"[^"]*"|' + "|".join(_FORMAT_PARTS), re.IGNORECASE)
_ACCOUNT_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


def install(connection: sqlite3.Connection, shuffle: random.Random) -> None:
    """Give a reader the functions. `shuffle` orders the rows that a query left unordered."""
    connection.execute("PRAGMA case_sensitive_like = ON")
    for name, arguments, function in (
        ("suiteql_to_char", -1, to_char),
        ("suiteql_to_date", 2, to_date),
        ("suiteql_to_number", -1, _to_number),
        ("suiteql_trunc", -1, trunc),
        ("suiteql_add", 2, add),
        ("suiteql_sub", 2, subtract),
        ("suiteql_add_months", 2, _add_months),
        ("suiteql_last_day", 1, _last_day),
        ("suiteql_extract", 2, _extract),
        ("suiteql_status", 2, _status),
        ("suiteql_type", 1, _type),
        ("suiteql_regexp_like", 2, _regexp_like),
        ("sys_extract_utc", 1, _utc),
    ):
        connection.create_function(name, arguments, function, deterministic=True)
    connection.create_function("suiteql_now", 0, _now)
    connection.create_function("suiteql_shuffle", 0, shuffle.random)


def wire(value: Value) -> str:
    """A value as SuiteQL writes it: text always, dates in the account's format without their time."""
    if isinstance(value, float):
        exact = Decimal(str(value)).quantize(Decimal("1e-8"), rounding=ROUND_HALF_UP)
        text = format(exact, "f").rstrip("0").rstrip(".")
        return "0" if text in ("", "-0") else text
    if isinstance(value, str) and is_marked(value):
        moment = parse_marked(value)
        return f"{moment.month}/{moment.day}/{moment.year}"
    return str(value)


def to_char(value: Value, oracle_format: str | None = None) -> str | None:
    """TO_CHAR of a date or a number."""
    if value is None:
        return None
    if isinstance(value, str) and is_marked(value):
        return wire(value) if oracle_format is None else _format_date(parse_marked(value), oracle_format)
    if oracle_format is None or isinstance(value, str):
        return wire(value)
    decimals = len(oracle_format.partition(".")[2].strip())
    grouping = "," if "," in oracle_format else ""
    return f"{Decimal(str(value)):{grouping}.{decimals}f}"


def to_date(value: Value, python_format: str | None) -> str | None:
    """TO_DATE; without a format the account's own."""
    if value is None:
        return None
    if isinstance(value, str) and is_marked(value):
        return value
    text = str(value)
    if python_format is None:
        match = _ACCOUNT_DATE.fullmatch(text)
        if match is None:
            raise ValueError(f'Parse of date/time "{text}" failed')
        month, day, year = (int(part) for part in match.groups())
        return mark_clock(datetime(year, month, day))
    return mark_clock(datetime.strptime(text, python_format.replace('"', "")))


def trunc(value: Value, unit: Value = None) -> Value:
    """TRUNC of a date to a day, month, quarter or year, or of a number to decimals."""
    if value is None:
        return None
    if not (isinstance(value, str) and is_marked(value)):
        digits = Decimal(1).scaleb(-int(unit or 0))
        return float(Decimal(str(value)).quantize(digits, rounding="ROUND_DOWN"))
    moment = parse_marked(value).replace(hour=0, minute=0, second=0)
    name = str(unit or "DD").upper()
    if name in ("MM", "MONTH", "MON"):
        moment = moment.replace(day=1)
    elif name == "Q":
        moment = moment.replace(month=3 * ((moment.month - 1) // 3) + 1, day=1)
    elif name in ("YYYY", "YEAR", "YY", "Y"):
        moment = moment.replace(month=1, day=1)
    return mark_clock(moment)


def add(left: Value, right: Value) -> Value:
    """A sum; a date plus days is a date."""
    if left is None or right is None:
        return None
    if isinstance(left, str) and is_marked(left):
        return mark_clock(parse_marked(left) + timedelta(days=float(right)))
    if isinstance(right, str) and is_marked(right):
        return add(right, left)
    return float(left) + float(right)


def subtract(left: Value, right: Value) -> Value:
    """A difference; of two dates it is a number of days."""
    if left is None or right is None:
        return None
    if isinstance(left, str) and is_marked(left):
        if isinstance(right, str) and is_marked(right):
            return (parse_marked(left) - parse_marked(right)).total_seconds() / 86400
        return mark_clock(parse_marked(left) - timedelta(days=float(right)))
    return float(left) - float(right)


def _format_date(moment: datetime, oracle_format: str) -> str:
    def part(match: re.Match[str]) -> str:
        token = match.group()
        if token.startswith('"'):
            return token[1:-1]
        if token.upper() == "Q":
            return str((moment.month - 1) // 3 + 1)
        text = moment.strftime(_FORMAT_PARTS[token.upper()])
        return text.upper() if token.isupper() and text.isalpha() else text

    return _FORMAT_TOKEN.sub(part, oracle_format)


def _to_number(value: Value, _: Value = None) -> Value:
    return None if value is None else float(value)


def _add_months(value: Value, months: Value) -> Value:
    if value is None or months is None:
        return None
    moment = parse_marked(str(value))
    years, month = divmod(moment.year * 12 + moment.month - 1 + int(months), 12)
    last = calendar.monthrange(years, month + 1)[1]
    at_end = moment.day == calendar.monthrange(moment.year, moment.month)[1]
    day = last if at_end else min(moment.day, last)
    return mark_clock(moment.replace(year=years, month=month + 1, day=day))


def _last_day(value: Value) -> Value:
    if value is None:
        return None
    moment = parse_marked(str(value))
    return mark_clock(moment.replace(day=calendar.monthrange(moment.year, moment.month)[1]))


def _extract(unit: str, value: Value) -> Value:
    if value is None:
        return None
    return int(getattr(parse_marked(str(value)), unit.lower()))


def _utc(value: Value) -> Value:
    if value is None:
        return None
    there = parse_marked(str(value)).replace(tzinfo=ACCOUNT_TIME_ZONE)
    return mark_clock(there.astimezone(UTC).replace(tzinfo=None))


def _now() -> str:
    return mark_clock(datetime.now(ACCOUNT_TIME_ZONE).replace(tzinfo=None, microsecond=0))


def _status(code: Value, status: Value) -> str | None:
    record = BY_CODE.get(str(code))
    if record is None or status is None:
        return None
    return f"{record.display} : {STATUS_NAMES[record.name].get(str(status), status)}"


def _type(code: Value) -> str | None:
    record = BY_CODE.get(str(code))
    return None if record is None else record.display


def _regexp_like(value: Value, pattern: Value) -> int | None:
    if value is None or pattern is None:
        return None
    return int(re.search(str(pattern), str(value)) is not None)
