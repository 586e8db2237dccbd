"""The sensors on Salesforce: whatever changed there, or with what bills deals, one run follows all of it.

One polls, and proves that nothing was missed; the other, by policy, listens to change events and is faster.
"""

from datetime import UTC, datetime

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.domain.errors import SystemFailure
from o2c_orchestration.extract.salesforce import QUICK
from o2c_orchestration.orchestration.assets.deals import DEAL_KEYS
from o2c_orchestration.orchestration.partitions import clipped
from o2c_orchestration.orchestration.resources import UNDER_WAY, AssemblySource
from o2c_orchestration.orchestration.ticks import traced
from o2c_orchestration.store import deal_changes

DEALS = "deal_changes"
# A tick of a sensor has a minute.
_LISTENING_SECONDS, _IN_PASSING_SECONDS = 20.0, 1.0
# A run would be refused (LedgerUnread), and the next tick would ask for another.
_LEDGER_UNREAD = (
    "deals wait: mode is sync, and what NetSuite holds was never read, so nothing is written yet. Run `o2c run` once; "
    "the schedule hourly_sweep reads it, too"
)


def deals_job() -> UnresolvedAssetJobDefinition:
    """Salesforce to orders, billing and back, for all deals: days mean nothing to it but where it is shown."""
    return dg.define_asset_job(
        DEALS,
        selection=dg.AssetSelection.assets(*([*key] for key in DEAL_KEYS)),
        executor_def=dg.in_process_executor,
        description="What changed in Salesforce, or in what bills deals, carried to the other systems.",
    )


def salesforce_sensor(
    source: AssemblySource, job: UnresolvedAssetJobDefinition, partitions: dg.DailyPartitionsDefinition
) -> dg.SensorDefinition:
    """Polls Salesforce; one run at a time for whatever has changed."""

    @dg.sensor(
        name="salesforce_changes",
        job=job,
        minimum_interval_seconds=30,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Starts a run when deals or their lines change, or the invoices of deals do.",
    )
    @traced
    def salesforce_changes(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
        assembly = source.get()
        if assembly.settings.salesforce is None:
            return dg.SkipReason("Salesforce is off: SALESFORCE_BASE_URL is not set")
        return _run_for_what_waits(context, assembly, partitions, _poll(assembly))

    return salesforce_changes


def change_events_sensor(
    source: AssemblySource, job: UnresolvedAssetJobDefinition, partitions: dg.DailyPartitionsDefinition, *, on: bool
) -> dg.SensorDefinition:
    """Listens to Salesforce's change events, beside the poll. Where it is not `on`, it stands still by default."""

    @dg.sensor(
        name="salesforce_events",
        job=job,
        minimum_interval_seconds=5,
        default_status=dg.DefaultSensorStatus.RUNNING if on else dg.DefaultSensorStatus.STOPPED,
        description="With deals.change_events: starts a run as soon as Salesforce tells of a change of deals. "
        "On by default where that is set.",
    )
    @traced
    def salesforce_events(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
        assembly = source.get()
        if assembly.settings.salesforce is None:
            return dg.SkipReason("Salesforce is off: SALESFORCE_BASE_URL is not set")
        channel = assembly.policy.deals.change_events
        if channel is None:
            return dg.SkipReason("change events are off: deals.change_events names no channel; Salesforce is polled")
        return _run_for_what_waits(context, assembly, partitions, _hear(assembly, channel))

    return salesforce_events


def _run_for_what_waits(
    context: dg.SensorEvaluationContext, assembly: Assembly, partitions: dg.DailyPartitionsDefinition, words: str
) -> dg.SensorResult | dg.SkipReason:
    """One run at a time for whatever has changed."""
    if not deal_changes.waiting(assembly.engine):
        return dg.SkipReason(words)
    if assembly.writing_waits:
        return dg.SkipReason(_LEDGER_UNREAD)
    if context.instance.get_runs(dg.RunsFilter(job_name=DEALS, statuses=UNDER_WAY), limit=1):
        return dg.SkipReason("a run is under way; what changed since it began is for the next one")
    day = clipped(partitions, datetime.now(UTC).date()).isoformat()
    return dg.SensorResult(run_requests=[dg.RunRequest(partition_key=day)])


def _hear(assembly: Assembly, channel: str) -> str:
    """Listen, and read what events named, also what an earlier tick left; what was heard, or why nothing was."""
    # What waits for a run to end is not to wait for silence besides.
    seconds = _IN_PASSING_SECONDS if deal_changes.waiting(assembly.engine) else _LISTENING_SECONDS
    try:
        heard = assembly.deals.listen(channel, seconds)
        words = f"{heard.events} change events, {heard.ours} of them of our own writes"
    except SystemFailure as error:
        words = str(error)
    try:
        found = assembly.deals.read_marked()
    except SystemFailure as error:
        return str(error)
    return f"{words}; {sum(found.changed.values())} records changed, and no deal waits"


def _poll(assembly: Assembly) -> str:
    """Look into Salesforce; what was seen, or why it could not be looked into."""
    try:
        found = assembly.deals.poll(QUICK, deletions=False)
    except SystemFailure as error:
        return str(error)
    return f"{sum(found.changed.values())} records changed, and no deal waits"
