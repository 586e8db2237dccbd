"""The sensor on Stripe's events: whatever has changed, one run follows it, and stays while more comes."""

import time
from datetime import UTC, datetime, timedelta

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.extract.stripe import MAY_BE_CLOSED, PATHS
from o2c_orchestration.orchestration.changes import CHANGES
from o2c_orchestration.orchestration.dead_runs import end_dead_runs
from o2c_orchestration.orchestration.events import poll_events
from o2c_orchestration.orchestration.partitions import span
from o2c_orchestration.orchestration.resources import UNDER_WAY, AssemblySource
from o2c_orchestration.orchestration.ticks import traced
from o2c_orchestration.store import inbox, outage
from o2c_orchestration.store.backlog import EVENTS_CURSOR, in_words

# A run that failed at once is not started again at once.
_AFTER_FAILURE = timedelta(seconds=60)
_TRY_AGAIN = timedelta(hours=6)

_Job = dg.JobDefinition | UnresolvedAssetJobDefinition


def stripe_events_sensor(
    source: AssemblySource, changes: dg.JobDefinition, job: _Job, partitions: dg.DailyPartitionsDefinition
) -> dg.SensorDefinition:
    """Polls Stripe's events beside the webhooks; one run for all that has changed."""

    @dg.sensor(
        name="stripe_events",
        jobs=[changes, job],
        minimum_interval_seconds=5,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Starts a run when objects of Stripe have changed, as webhooks or Stripe's list of events say. "
        "After days without either, a run that reads everything again.",
    )
    @traced
    def stripe_events(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
        assembly = source.get()
        if assembly.settings.stripe is None:
            return dg.SkipReason("Stripe is off: STRIPE_API_KEY is not set")
        now = datetime.now(UTC)
        end_dead_runs(context.instance, assembly.engine)
        if _poll_is_due(assembly, now):
            poll_events(assembly, now)
        requests = [*_healing(assembly, partitions, now), *_following(assembly, context.instance, now)]
        if requests:
            return dg.SensorResult(run_requests=requests)
        return dg.SkipReason(in_words(assembly.engine))

    return stripe_events


def _poll_is_due(assembly: Assembly, now: datetime) -> bool:
    read, ago = inbox.read_cursor(assembly.engine, EVENTS_CURSOR), inbox.written_ago(assembly.engine, EVENTS_CURSOR)
    pause = timedelta(seconds=assembly.policy.live.poll_seconds)
    if read is None or ago is None or datetime.fromisoformat(read) <= now - pause - _lag(assembly):
        return True
    # The cursor is on Stripe's clock, and by one of ours that is behind it would not be due for as long.
    return not timedelta(0) <= ago < pause


def _lag(assembly: Assembly) -> timedelta:
    return timedelta(seconds=assembly.policy.stripe.event_lag_seconds)


def _following(assembly: Assembly, instance: dg.DagsterInstance, now: datetime) -> list[dg.RunRequest]:
    """A run for what waits, unless one is under way, which takes it along."""
    due_in = inbox.backlog(assembly.engine).due_in
    if due_in is None or due_in > 0:
        return []
    if instance.get_runs(dg.RunsFilter(job_name=CHANGES, statuses=UNDER_WAY), limit=1):
        return []
    last = instance.get_run_records(dg.RunsFilter(job_name=CHANGES), limit=1)
    if last and last[0].dagster_run.status == dg.DagsterRunStatus.FAILURE:
        ended = last[0].end_time or time.time()
        if now.timestamp() - ended < _AFTER_FAILURE.total_seconds():
            return []
    return [dg.RunRequest(job_name=CHANGES)]


def _healing(assembly: Assembly, partitions: dg.DailyPartitionsDefinition, now: datetime) -> list[dg.RunRequest]:
    """A run over all days for an outage; asked for again while the outage stays open."""
    # The same run reads the others too, where the key may: those may never be read.
    types = sorted(PATHS.keys() - MAY_BE_CLOSED)
    accounts = list(assembly.settings.stripe_accounts)
    found = outage.open_outage(assembly.engine, types, accounts, assembly.policy.books.start)
    if found is None:
        return []
    since, noticed = found
    again = int((now - noticed) / _TRY_AGAIN)
    days = span(partitions, assembly.policy.books.start, now.date())
    return [dg.RunRequest(run_key=f"outage since {since.isoformat()}:{again}", job_name="order_to_cash", tags=days)]
