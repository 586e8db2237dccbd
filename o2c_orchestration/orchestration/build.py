"""Builds the Dagster definitions from an assembly source, so that tests can hand in their own."""

import dagster as dg

from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.orchestration.alerts import finance_alerts_sensor
from o2c_orchestration.orchestration.anomalies import anomalies_job, anomalies_schedule, anomaly_checks
from o2c_orchestration.orchestration.assets import all_assets
from o2c_orchestration.orchestration.assets.common import Shared
from o2c_orchestration.orchestration.changes import changes_job
from o2c_orchestration.orchestration.checks import invariant_checks
from o2c_orchestration.orchestration.dead_runs import alive_resource
from o2c_orchestration.orchestration.deals import change_events_sensor, deals_job, salesforce_sensor
from o2c_orchestration.orchestration.janitor import janitor_job, janitor_schedule
from o2c_orchestration.orchestration.partitions import daily_partitions
from o2c_orchestration.orchestration.preflight import preflight_check, preflight_job, preflight_schedule
from o2c_orchestration.orchestration.resources import AssemblySource, Signed
from o2c_orchestration.orchestration.retention import retention_job, retention_schedule
from o2c_orchestration.orchestration.schedules import (
    catch_up_schedules,
    checks_job,
    invariants_schedule,
    month_end_schedule,
)
from o2c_orchestration.orchestration.sensors import stripe_events_sensor
from o2c_orchestration.settings import store_events_together

JOB = "order_to_cash"
INVARIANTS = "invariants"


def build_definitions(source: AssemblySource, policy: Policy) -> dg.Definitions:
    """All assets, checks, the job over them, its sensor and schedules."""
    store_events_together()
    partitions = daily_partitions(policy.books.start)
    shared = Shared(Signed(source), partitions, policy.owner)
    assets, checks = all_assets(shared), invariant_checks(shared)
    preflight, daily = preflight_check(shared), anomaly_checks(shared)
    job = dg.define_asset_job(
        JOB,
        # What is looked at once a day: in each hourly run these would be the same questions all day long.
        selection=dg.AssetSelection.all() - dg.AssetSelection.checks(preflight, *daily),
        executor_def=dg.in_process_executor,
        hooks={_step_done(source, {asset.op.name for asset in assets})},
        description="From extract to reconcile for a range of days.",
    )
    invariants = checks_job(INVARIANTS, checks, "What must hold at any moment, also when no sweep gets through.")
    resources = alive_resource(source)
    janitor = janitor_job(shared.source, resources)
    looks, anomalies = preflight_job(preflight), anomalies_job(daily)
    cleaning = retention_job(shared.source, resources)
    changes, deals = changes_job(shared.source, partitions, resources), deals_job()
    return dg.Definitions(
        assets=assets,
        asset_checks=[*checks, preflight, *daily],
        jobs=[job, changes, deals, invariants, looks, janitor, anomalies, cleaning],
        sensors=[
            stripe_events_sensor(source, changes, job, partitions),
            salesforce_sensor(source, deals, partitions),
            change_events_sensor(source, deals, partitions, on=policy.deals.change_events is not None),
            finance_alerts_sensor(source),
        ],
        schedules=[
            *catch_up_schedules(job, partitions, policy.books.time_zone),
            month_end_schedule(job, partitions, policy.books.zone),
            invariants_schedule(invariants),
            preflight_schedule(looks, policy.books.time_zone),
            anomalies_schedule(anomalies, policy.books.time_zone),
            janitor_schedule(source, janitor),
            retention_schedule(cleaning, policy.books.time_zone),
        ],
        executor=dg.in_process_executor,
        resources=resources,
    )


def _step_done(source: AssemblySource, steps: set[str]) -> dg.HookDefinition:
    """Tells the end of each of these steps; checks are none of them."""

    @dg.success_hook(name="step_done")
    def step_done(context: dg.HookContext) -> None:
        if context.step_key in steps:
            source.get().step_done(context.step_key)

    return step_done
