"""Builds the Dagster definitions from an assembly source, so that tests can hand in their own."""

import dagster as dg

from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.orchestration.assets import all_assets
from o2c_orchestration.orchestration.assets.common import Shared
from o2c_orchestration.orchestration.partitions import daily_partitions
from o2c_orchestration.orchestration.resources import AssemblySource
from o2c_orchestration.orchestration.schedules import catch_up_schedules
from o2c_orchestration.orchestration.sensors import stripe_events_sensor

JOB = "order_to_cash"


def build_definitions(source: AssemblySource, policy: Policy) -> dg.Definitions:
    """All assets, checks, the job over them, its sensor and schedules."""
    partitions = daily_partitions(policy.books.start)
    assets = all_assets(Shared(source, partitions, policy.owner))
    job = dg.define_asset_job(
        JOB,
        selection=dg.AssetSelection.all(),
        executor_def=dg.in_process_executor,
        hooks={_step_done(source)},
        description="From extract to reconcile for a range of days.",
    )
    return dg.Definitions(
        assets=assets,
        jobs=[job],
        sensors=[stripe_events_sensor(source, job, partitions)],
        schedules=catch_up_schedules(job, partitions, policy.books.time_zone),
        executor=dg.in_process_executor,
    )


def _step_done(source: AssemblySource) -> dg.HookDefinition:
    @dg.success_hook(name="step_done")
    def step_done(context: dg.HookContext) -> None:
        source.get().step_done(context.step_key)

    return step_done
