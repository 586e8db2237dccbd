"""The sensor on Salesforce: whatever changed there, or with what bills deals, one run follows all of it."""

from datetime import UTC, datetime

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.domain.errors import SystemFailure
from o2c_orchestration.extract.salesforce import QUICK
from o2c_orchestration.orchestration.assets.deals import DEAL_KEYS
from o2c_orchestration.orchestration.partitions import clipped
from o2c_orchestration.orchestration.resources import UNDER_WAY, AssemblySource
from o2c_orchestration.store import deal_changes

DEALS = "deal_changes"


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
    def salesforce_changes(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
        assembly = source.get()
        if assembly.settings.salesforce is None:
            return dg.SkipReason("Salesforce is off: SALESFORCE_BASE_URL is not set")
        words = _poll(assembly)
        if not deal_changes.waiting(assembly.engine):
            return dg.SkipReason(words)
        if context.instance.get_runs(dg.RunsFilter(job_name=DEALS, statuses=UNDER_WAY), limit=1):
            return dg.SkipReason("a run is under way; what changed since it began is for the next one")
        day = clipped(partitions, datetime.now(UTC).date()).isoformat()
        return dg.SensorResult(run_requests=[dg.RunRequest(partition_key=day)])

    return salesforce_changes


def _poll(assembly: Assembly) -> str:
    """Look into Salesforce; what was seen, or why it could not be looked into."""
    try:
        found = assembly.deals.poll(QUICK, deletions=False)
    except SystemFailure as error:
        return str(error)
    return f"{sum(found.changed.values())} records changed, and no deal waits"
