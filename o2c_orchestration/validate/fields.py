"""Fields of Stripe's payloads as values: references, moments and days. Missing becomes None; nothing is guessed."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

Row = dict[str, Any]
Payload = Mapping[str, Any]


def reference(value: Any) -> str | None:
    """The id of a reference, expanded or not."""
    if isinstance(value, Mapping):
        value = value.get("id")
    return value if isinstance(value, str) else None


def moment(value: Any) -> datetime | None:
    """A Unix time as UTC."""
    return datetime.fromtimestamp(value, UTC) if isinstance(value, int) else None


def iso(value: Any) -> str | None:
    """A Unix time as ISO 8601 text in UTC."""
    found = moment(value)
    return found.isoformat() if found else None


def day(value: datetime | None, zone: ZoneInfo) -> date | None:
    """The day of a moment in the time zone of the books."""
    return value.astimezone(zone).date() if value else None


def granted(payload: Payload) -> int:
    """What billing credits (credit grants) pay of a line, in minor units."""
    found = payload.get("pretax_credit_amounts") or []
    return sum(item.get("amount") or 0 for item in found if item.get("type") == "credit_balance_transaction")


def tax(taxes: Sequence[Payload], behavior: str) -> int:
    """The taxes of one behavior, `inclusive` or `exclusive`, in minor units."""
    return sum(item.get("amount") or 0 for item in taxes if item.get("tax_behavior", "exclusive") == behavior)
