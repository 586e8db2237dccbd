"""The sensor on new Stripe events: an event marks its object dirty, and a run re-reads it."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.clients.stripe_read import EVENT_TYPES_MAX, StripeReader
from o2c_orchestration.domain.policy import MAIN
from o2c_orchestration.orchestration.assets.common import CHANGED_ONLY
from o2c_orchestration.orchestration.partitions import clipped
from o2c_orchestration.orchestration.resources import AssemblySource
from o2c_orchestration.store import inbox

_CURSOR = "stripe_events"
# The list of events settles with a delay, and several events share a second.
_OVERLAP = timedelta(seconds=120)
_FIRST_LOOK = timedelta(hours=1)
_KEPT = timedelta(days=30)
_TRY_AGAIN = timedelta(hours=1)
_TYPES = (
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
_OBJECTS = frozenset(
    {"customer", "invoice", "price", "charge", "invoice_payment", "credit_note", "refund", "dispute", "payout"}
)


def stripe_events_sensor(
    source: AssemblySource,
    job: dg.JobDefinition | UnresolvedAssetJobDefinition,
    partitions: dg.DailyPartitionsDefinition,
) -> dg.SensorDefinition:
    """Polls Stripe's events; one run for each partition that has changed objects."""

    @dg.sensor(
        name="stripe_events",
        job=job,
        minimum_interval_seconds=15,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Marks the objects of new Stripe events dirty and starts a run for each day that has some.",
    )
    def stripe_events(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
        assembly = source.get()
        if assembly.settings.stripe is None:
            return dg.SkipReason("Stripe is off: STRIPE_API_KEY is not set")
        now = datetime.now(UTC)
        poll_events(assembly, now)
        waiting = _by_partition(partitions, inbox.partitions_waiting(assembly.engine))
        if not waiting:
            return dg.SkipReason("no new events")
        return dg.SensorResult(run_requests=[_request(day, newest, now) for day, newest in waiting.items()])

    return stripe_events


def _by_partition(partitions: dg.DailyPartitionsDefinition, waiting: Mapping[date, datetime]) -> dict[date, datetime]:
    """One day without a partition would fail the whole tick: a customer may be older than the books."""
    found: dict[date, datetime] = {}
    for day, newest in waiting.items():
        key = clipped(partitions, day)
        found[key] = max(newest, found.get(key, newest))
    return found


def _request(day: date, newest: datetime, now: datetime) -> dg.RunRequest:
    # The key changes with every new hint and not before, so that a slow run is not started twice. What still waits
    # after an hour is tried again: its run has failed.
    waited = int((now - newest) / _TRY_AGAIN)
    return dg.RunRequest(
        run_key=f"{day}:{newest.isoformat()}" + (f":{waited}" if waited > 0 else ""),
        partition_key=day.isoformat(),
        tags={CHANGED_ONLY: "true"},
    )


def poll_events(assembly: Assembly, now: datetime) -> int:
    """Read events since the cursor (with an overlap, and a lag behind `now`) into the inbox; returns how many."""
    return sum(_poll(assembly, now, account, reader) for account, reader in assembly.stripe_readers.items())


def _poll(assembly: Assembly, now: datetime, account: str, reader: StripeReader) -> int:
    cursor = _CURSOR if account == MAIN else f"{_CURSOR}:{account}"
    value = inbox.read_cursor(assembly.engine, cursor)
    since = datetime.fromisoformat(value) - _OVERLAP if value else now - _FIRST_LOOK
    until = now - timedelta(seconds=assembly.policy.stripe.event_lag_seconds)
    since = max(since, now - _KEPT)
    seen = inbox.read_cursor(assembly.engine, cursor + ":seen") or ""
    known = set(seen.split(","))
    events = [event for event in _events(reader, since, until) if event["id"] not in known]
    inbox.note(assembly.engine, _hints(events), account)
    recent = [event["id"] for event in events if event["created"] > (until - 2 * _OVERLAP).timestamp()]
    kept = [key for key in seen.split(",") if key][-2000:] + recent
    inbox.write_cursor(assembly.engine, cursor + ":seen", ",".join(kept[-4000:]))
    inbox.write_cursor(assembly.engine, cursor, until.isoformat())
    return len(events)


def _events(reader: StripeReader, since: datetime, until: datetime) -> Iterable[dict[str, Any]]:
    # Stripe takes so many types at once and no more.
    for start in range(0, len(_TYPES), EVENT_TYPES_MAX):
        for page in reader.events(since, until, _TYPES[start : start + EVENT_TYPES_MAX]):
            yield from page.data


def _hints(events: Iterable[dict[str, Any]]) -> Iterable[tuple[str, str, date, str]]:
    """Only the id and type of an event's object are believed; its creation day is a guess until it is read."""
    for event in events:
        item = (event.get("data") or {}).get("object") or {}
        key, kind = item.get("id"), item.get("object")
        if isinstance(key, str) and kind in _OBJECTS:
            created = item.get("created") or event["created"]
            yield key, kind, datetime.fromtimestamp(created, UTC).date(), str(event.get("type"))
