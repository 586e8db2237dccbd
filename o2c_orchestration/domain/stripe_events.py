"""What is believed of an event of Stripe: its id, and which object it is about. Everything else is only a hint.

Snapshot events carry the object as some API version rendered it then; thin ones name it. Both are read the same way,
whatever version they are of, and the object is read again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal

from o2c_orchestration.domain.errors import O2CError
from o2c_orchestration.domain.policy_live import Live

Source = Literal["webhook", "list"]

# Objects that documents are made of.
FOLLOWED = frozenset(
    {"customer", "invoice", "price", "coupon", "charge", "invoice_payment"}
    | {"credit_note", "refund", "dispute", "payout"}
)
# Events after which one of these objects has to be read again.
TYPES = (
    "customer.created",
    "customer.updated",
    "customer.deleted",
    "invoice.finalized",
    "invoice.updated",
    "invoice.paid",
    "invoice.voided",
    "invoice.marked_uncollectible",
    "invoice.payment_failed",
    "invoice_payment.paid",
    "price.updated",
    "coupon.created",
    "coupon.updated",
    "charge.succeeded",
    "charge.captured",
    "charge.updated",
    "charge.failed",
    "charge.refunded",
    "credit_note.created",
    "credit_note.updated",
    "credit_note.voided",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.refund.updated",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
    "payout.created",
    "payout.updated",
    "payout.paid",
    "payout.failed",
    "payout.canceled",
    "payout.reconciliation_completed",
)
_THIN = "v2.core.event"
_ID_MAX = 255
# What an object of any type calls its money, the most telling first.
_AMOUNTS = ("amount_due", "total", "amount", "amount_paid")


class NotAnEvent(O2CError):
    """Something that was sent as an event and is none."""


@dataclass(frozen=True)
class StripeEvent:
    """What is kept of an event. Times in UTC.

    `ignored` is why nothing follows from it; `account` is the Stripe account that it is of, where that is known.
    """

    id: str
    type: str
    object: str | None
    object_id: str | None
    created_at: datetime
    source: Source
    account: str | None = None
    api_version: str | None = None
    ignored: str | None = None
    urgent: bool = False


@dataclass(frozen=True)
class Expected:
    """What an event must be for anything to follow from it. None: not known, so not checked."""

    livemode: bool | None = None
    account: str | None = None


def read_event(wire: Any, source: Source, expected: Expected, live: Live) -> StripeEvent:
    """The event in what Stripe sent. Raises NotAnEvent for what is none."""
    if not isinstance(wire, Mapping) or wire.get("object") not in ("event", _THIN):
        raise NotAnEvent("what was sent is not an event of Stripe")
    thin = wire["object"] == _THIN
    identifier, kind = _text(wire, "id"), _text(wire, "type")
    thing = _mapping(wire.get("related_object") if thin else _mapping(wire.get("data")).get("object"))
    object_type, object_id = _name(thing.get("type") if thin else thing.get("object")), _name(thing.get("id"))
    version = wire.get("api_version")
    event = StripeEvent(
        identifier,
        kind.removeprefix("v1.") if thin else kind,
        object_type.removeprefix("v1.") if object_type else None,
        object_id,
        _moment(wire.get("created")),
        source,
        _name(wire.get("account") or wire.get("context")) or expected.account,
        version if isinstance(version, str) else None,
        urgent=_urgent(thing, live),
    )
    return replace(event, ignored=_why_ignored(event, wire.get("livemode"), expected))


def _why_ignored(event: StripeEvent, livemode: Any, expected: Expected) -> str | None:
    if expected.livemode is not None and isinstance(livemode, bool) and livemode != expected.livemode:
        return f"it is of {'live' if livemode else 'test'} mode, and the API key is not"
    if expected.account is not None and event.account != expected.account:
        return f"it is of account {event.account}, and its secret of {expected.account}"
    if event.object_id is None:
        return "it names no object"
    if event.object not in FOLLOWED:
        return f"no document is made of a {event.object}"
    return None


def _urgent(thing: Mapping[str, Any], live: Live) -> bool:
    if thing.get("customer") in live.urgent_customers or thing.get("id") in live.urgent_customers:
        return True
    least = live.urgent_minor.get(str(thing.get("currency")).lower())
    amount = next((thing[name] for name in _AMOUNTS if isinstance(thing.get(name), int)), None)
    return least is not None and amount is not None and abs(amount) >= least


def _text(wire: Mapping[str, Any], name: str) -> str:
    value = _name(wire.get(name))
    if value is None:
        raise NotAnEvent(f"an event without {name}")
    return value


def _name(value: Any) -> str | None:
    """A short text without control characters, as ids and types are; None for anything else."""
    return value if isinstance(value, str) and 0 < len(value) <= _ID_MAX and value.isprintable() else None


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _moment(value: Any) -> datetime:
    """Seconds since 1970, or ISO 8601 with a time zone."""
    try:
        if isinstance(value, str):
            moment = datetime.fromisoformat(value)
            return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        if isinstance(value, int) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        pass
    raise NotAnEvent("an event without the time of its creation")
