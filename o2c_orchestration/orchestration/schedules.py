"""Batch catch-up: the hourly sweep of the last days, the nightly one of the last weeks, and the end of a month."""

from collections.abc import Sequence
from datetime import UTC
from zoneinfo import ZoneInfo

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from o2c_orchestration.domain.months import Month, is_first_business_day
from o2c_orchestration.orchestration.partitions import month_to_close, recent, span

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


def checks_job(name: str, checks: Sequence[dg.AssetChecksDefinition], description: str) -> UnresolvedAssetJobDefinition:
    """A job over asset checks alone."""
    selection = dg.AssetSelection.checks(*checks)
    return dg.define_asset_job(name, selection=selection, executor_def=dg.in_process_executor, description=description)


def daily_schedule(
    name: str, cron: str, job: UnresolvedAssetJobDefinition, zone: str, description: str
) -> dg.ScheduleDefinition:
    """Once a day, in the time zone of the books, on from the start."""
    return dg.ScheduleDefinition(
        name=name,
        cron_schedule=cron,
        job=job,
        execution_timezone=zone,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description=description,
    )


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


def month_end_schedule(
    job: dg.JobDefinition | UnresolvedAssetJobDefinition, partitions: dg.DailyPartitionsDefinition, zone: ZoneInfo
) -> dg.ScheduleDefinition:
    """`month_end_close`: first business day (Monday to Friday; holidays are not known), 06:00 of the books."""

    @dg.schedule(
        name="month_end_close",
        # One of the first three days is a business day.
        cron_schedule="0 6 1-3 * *",
        job=job,
        execution_timezone=zone.key,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Re-reads the month before, reconciles it, and looks whether it can be closed.",
    )
    def month_end_close(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        at = context.scheduled_execution_time.astimezone(zone)
        if not is_first_business_day(at.date()):
            return dg.SkipReason(f"{at.date()} is not the month's first business day")
        first, last = month_to_close(at.date(), zone)
        if last.isoformat() < partitions.get_partition_keys()[0]:
            return dg.SkipReason(f"the books start after {last}")
        return dg.RunRequest(run_key=f"close {Month.of(at.date()).before}", tags=span(partitions, first, last))

    return month_end_close


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
