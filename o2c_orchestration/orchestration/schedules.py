"""Batch catch-up: the hourly sweep of the last days and the nightly one of the last weeks."""

from datetime import UTC

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from o2c_orchestration.orchestration.partitions import recent, span

HOURLY_DAYS = 2
# Longer than Stripe keeps events, so that what every event missed is found.
NIGHTLY_DAYS = 35


def catch_up_schedules(
    job: dg.JobDefinition | UnresolvedAssetJobDefinition, partitions: dg.DailyPartitionsDefinition, zone: str
) -> list[dg.ScheduleDefinition]:
    """`hourly_sweep` and `nightly_catch_up`; each starts one run over a range of days."""
    return [
        _schedule(job, partitions, zone, "hourly_sweep", "17 * * * *", HOURLY_DAYS),
        _schedule(job, partitions, zone, "nightly_catch_up", "40 2 * * *", NIGHTLY_DAYS),
    ]


def invariants_schedule(
    job: dg.JobDefinition | UnresolvedAssetJobDefinition,
) -> dg.ScheduleDefinition:
    """`invariants`, hourly: a sweep that does not get through must not take the alarm with it."""
    return dg.ScheduleDefinition(
        name="hourly_invariants",
        cron_schedule="47 * * * *",
        job=job,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Looks whether the invariants hold, the age of the mirror among them.",
    )


def _schedule(
    job: dg.JobDefinition | UnresolvedAssetJobDefinition,
    partitions: dg.DailyPartitionsDefinition,
    zone: str,
    name: str,
    cron: str,
    count: int,
) -> dg.ScheduleDefinition:
    @dg.schedule(
        name=name,
        cron_schedule=cron,
        job=job,
        execution_timezone=zone,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description=f"Re-reads the last {count} days and reconciles them.",
    )
    def sweep(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
        now = context.scheduled_execution_time.astimezone(UTC)
        return dg.RunRequest(run_key=now.isoformat(), tags=span(partitions, *recent(now, count)))

    return sweep
