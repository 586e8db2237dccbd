"""From the JSON of a request to what is stored, and back to the JSON of an answer.

Stored are: text, real numbers, 0 and 1, days as 2026-01-31 and moments as 2026-01-31T12:00:00.000+0000, so that
they compare as they stand.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

import orjson

from o2c_orchestration.sandbox.salesforce import ids
from o2c_orchestration.sandbox.salesforce.errors import SalesforceError, problem, refusal, unreadable
from o2c_orchestration.sandbox.salesforce.fields import TEXTS, Field

Stored = str | float | int | None
_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z")
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d)(:\d\d)?(\.\d+)?(Z|[+-]\d\d:?\d\d)\Z")
# Above this, and below a thousandth, Java writes a number with an exponent, and so does Salesforce.
_EXPONENT_FROM = 1e7


def now_text(step_ms: int = 1000) -> str:
    """The moment as Salesforce stamps it: records are stamped with whole seconds."""
    return moment_text(datetime.now(UTC), step_ms)


def moment_text(moment: datetime, step_ms: int = 1000) -> str:
    """A moment on the wire, such as 2026-01-01T00:00:00.000+0000, rounded down to the step."""
    utc = moment.astimezone(UTC)
    milliseconds = utc.microsecond // 1000 // step_ms * step_ms if step_ms < 1000 else 0
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{milliseconds:03}+0000"


def parse_moment(given: str) -> datetime | None:
    """A moment with its offset, or None when it is none."""
    found = _MOMENT.match(given)
    if found is None:
        return None
    offset = "+0000" if found[4] == "Z" else found[4].replace(":", "")
    local = f"{found[1]}{found[2] or ':00'}{(found[3] or '.0')[:7]}"
    try:
        return datetime.strptime(local + offset, "%Y-%m-%dT%H:%M:%S.%f%z").astimezone(UTC)
    except ValueError:
        return None


def parse_day(given: str) -> date | None:
    """A calendar day, or None when it is none."""
    try:
        return date.fromisoformat(given) if _DAY.match(given) else None
    except ValueError:
        return None


def to_stored(field: Field, value: Any) -> Stored:
    """The stored form of a JSON value. Raises SalesforceError with the field's name where Salesforce tells it."""
    if value is None:
        return int(bool(field.default)) if field.type == "boolean" else None
    if field.type in TEXTS or field.type == "string":
        return _text(field, value)
    if field.type in ("reference", "id"):
        return _reference(field, value)
    if field.type == "boolean":
        return _boolean(value)
    if field.type in ("date", "datetime"):
        return _time(field, value)
    return _number(field, value)


def rendered(field: Field, stored: Any) -> Any:
    """The JSON of a stored value."""
    if stored is None:
        return None
    if field.type == "boolean":
        return bool(stored)
    if field.type == "address":
        return orjson.loads(stored)
    if isinstance(stored, float) and abs(stored) >= _EXPONENT_FROM:
        return orjson.Fragment(_java(stored))
    return stored


def _java(value: float) -> str:
    """A large number as Java prints it: 3.5E8."""
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    text = "".join(map(str, digits))
    return f"{'-' if sign else ''}{text[0]}.{text[1:] or '0'}E{int(exponent) + len(text) - 1}"


def _text(field: Field, value: Any) -> str | None:
    if not isinstance(value, str):
        raise unreadable("string", value)
    cut = value.strip()
    if not cut:
        return None
    if field.length and len(cut) > field.length:
        message = f"{field.label}: data value too large: {cut} (max length={field.length})"
        raise SalesforceError(400, [problem("STRING_TOO_LONG", message, [field.name])])
    if field.type == "email" and ("@" not in cut or " " in cut):
        raise refusal(400, "INVALID_EMAIL_ADDRESS", f"{field.label}: invalid email address: {cut}", [field.name])
    if field.restricted:
        return _choice(field, cut)
    return cut


def _choice(field: Field, value: str) -> str:
    for each in field.values:
        if each.lower() == value.lower():
            return each
    message = f"{field.label}: bad value for restricted picklist field: {value}"
    raise refusal(400, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", message, [field.name])


def _reference(field: Field, value: Any) -> str | None:
    if not isinstance(value, str):
        raise unreadable("reference", value)
    if not value:
        return None
    identifier = ids.full(value)
    if identifier is None:
        message = f"{field.label}: id value of incorrect type: {value}"
        raise refusal(400, "MALFORMED_ID", message, [field.name])
    return identifier


def _boolean(value: Any) -> int:
    if isinstance(value, str) and value.lower() in ("true", "false", "1", "0"):
        return int(value.lower() in ("true", "1"))
    if not isinstance(value, bool):
        raise unreadable("boolean", value)
    return int(value)


def _time(field: Field, value: Any) -> str:
    kind = "date" if field.type == "date" else "datetime"
    if not isinstance(value, str):
        raise unreadable(kind, value)
    moment = parse_moment(value)
    day = parse_day(value) or (moment.date() if moment else None)
    if field.type == "date" and day is not None:
        return day.isoformat()
    if field.type == "datetime" and moment is not None:
        return moment_text(moment)
    if field.type == "datetime" and day is not None:
        return f"{day.isoformat()}T00:00:00.000+0000"
    raise unreadable(kind, value)


def _number(field: Field, value: Any) -> float | int:
    kind = "int" if field.type == "int" else "currency" if field.type == "currency" else "double"
    if isinstance(value, bool | dict | list):
        raise unreadable(kind, value)
    try:
        exact = Decimal(str(value))
        rounded = exact.quantize(Decimal(1).scaleb(-field.scale), ROUND_HALF_UP)
    except InvalidOperation:
        raise unreadable(kind, value) from None
    if abs(rounded) >= Decimal(10) ** (field.precision - field.scale):
        message = f"{field.label}: value outside of valid range on numeric field: {value}"
        raise refusal(400, "NUMBER_OUTSIDE_VALID_RANGE", message, [field.name])
    return int(rounded) if field.type == "int" else float(rounded)
