"""Fields of Stripe's payloads as values: references, moments and days. Missing becomes None; nothing is guessed."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

Row = dict[str, Any]
Payload = Mapping[str, Any]


class OlderShape(ValueError):
    """An object as Stripe's API rendered it before 2025-03-31.basil: what it says is elsewhere than we look."""


# Where lines had taxes and prices before, and where they have them.
_MOVED = (("tax_amounts", "taxes"), ("price", "pricing"), ("plan", "pricing"))


def refuse_older(payload: Payload, lines: Sequence[Payload]) -> None:
    """Raises OlderShape for an invoice or credit note whose taxes or prices are where they were before basil.

    We ask for our version, so this is a proxy's or a recording's doing. Read as it is, there would be no taxes and no
    prices. Around the change both places were filled: then ours counts.
    """
    old = next((name for name in ("total_tax_amounts", "tax_amounts", "tax") if _says(payload, name)), None)
    if old and "total_taxes" not in payload:
        raise OlderShape(f"as Stripe's API was before 2025-03-31: {old} and no total_taxes")
    for item in lines:
        for old, new in _MOVED:
            if _says(item, old) and new not in item:
                raise OlderShape(f"as Stripe's API was before 2025-03-31: a line with {old} and no {new}")


def _says(payload: Payload, name: str) -> bool:
    return name in payload and bool(payload[name])


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


def discounts(payload: Payload) -> Row:
    """What each discount takes off a line, in minor units: left out where there is none, as nearly always."""
    every = ((reference(item.get("discount")), item.get("amount")) for item in payload.get("discount_amounts") or [])
    found = [[name, amount] for name, amount in every if name and isinstance(amount, int) and amount]
    return {"discounts": found} if found else {}
