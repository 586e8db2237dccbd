"""Stripe's list of events, read into the inbox: the second source, for what no webhook delivered."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import structlog

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.clients.stripe_read import EVENT_TYPES_MAX
from o2c_orchestration.domain.stripe_events import Expected, NotAnEvent, StripeEvent, read_event
from o2c_orchestration.store import events, inbox, outage
from o2c_orchestration.store.backlog import EVENTS_CURSOR

log = structlog.get_logger(__name__)

# The list of events settles with a delay, and several events share a second.
_OVERLAP = timedelta(seconds=120)
_FIRST_LOOK = timedelta(hours=1)
_SLICE = timedelta(hours=1)
# A tick of a sensor has a minute, and other things to do.
_BUDGET_SECONDS = 20.0
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


def poll_events(assembly: Assembly, now: datetime, seconds: float = _BUDGET_SECONDS) -> int:
    """Read events since the cursor (with an overlap, and a lag behind `now`) into the inbox; returns how many are new.

    Oldest first, an hour's events at a time, and for about `seconds`: the next call goes on from there. After an
    outage of days they are not read one by one: see `outage`.
    """
    value = inbox.read_cursor(assembly.engine, EVENTS_CURSOR)
    since = datetime.fromisoformat(value) if value else now - _FIRST_LOOK
    if since < now - outage.AFTER:
        outage.note(assembly.engine, since, now)
        since = now
    until = now - timedelta(seconds=assembly.policy.stripe.event_lag_seconds)
    since, new, deadline = since - _OVERLAP, 0, time.monotonic() + seconds
    while since < until and time.monotonic() < deadline:
        end = min(since + _OVERLAP + _SLICE, until)
        new += events.record(assembly.engine, list(_events(assembly, since, end)))
        inbox.write_cursor(assembly.engine, EVENTS_CURSOR, end.isoformat())
        since = end
    return new


def _events(assembly: Assembly, since: datetime, until: datetime) -> Iterator[StripeEvent]:
    # Stripe takes so many types at once and no more.
    for start in range(0, len(TYPES), EVENT_TYPES_MAX):
        for page in assembly.stripe.events(since, until, TYPES[start : start + EVENT_TYPES_MAX]):
            for wire in page.data:
                yield from _read(wire, assembly)


def _read(wire: Any, assembly: Assembly) -> Iterator[StripeEvent]:
    try:
        yield read_event(wire, "list", Expected(), assembly.policy.live)
    except NotAnEvent as error:
        log.warning("an event in Stripe's list makes no sense", error=str(error))
