"""The daily job that cleans up: rows of our tables, and Dagster's runs of jobs that leave nothing that is needed."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import dagster as dg

from o2c_orchestration.orchestration.janitor import JANITOR
from o2c_orchestration.orchestration.resources import ALIVE, AssemblySource
from o2c_orchestration.store.retention import clean

RETENTION = "retention"
# Theirs alone: a run over days is what says in Dagster that a day was read, and checks are judged by their newest run.
_RUNS_OF = (JANITOR, RETENTION)
_ENDED = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]
_RUNS_AT_ONCE = 2000


def retention_job(source: AssemblySource, resources: Mapping[str, dg.ResourceDefinition]) -> dg.JobDefinition:
    """Empties and deletes what `retention` in o2c.yaml names, and says how much of what."""

    @dg.op(name="clean_up", out=dg.Out(dg.Nothing), required_resource_keys={ALIVE})
    def clean_up(context: dg.OpExecutionContext) -> None:
        assembly = source.get()
        policy = assembly.policy.retention
        values: dict[str, int] = {each.table: each.rows for each in clean(assembly.engine, policy)}
        if policy.runs_days is not None:
            values["runs"] = forget_runs(context.instance, policy.runs_days, datetime.now(UTC))
        context.log.info("; ".join(f"{name}: {count}" for name, count in values.items()))
        context.add_output_metadata(dict(values))

    @dg.job(
        name=RETENTION,
        executor_def=dg.in_process_executor,
        resource_defs=resources,
        description="Empties or deletes what is settled and older than `retention` in o2c.yaml says: `o2c retention`.",
    )
    def retention() -> None:
        clean_up()

    return retention


def forget_runs(instance: dg.DagsterInstance, days: int, now: datetime) -> int:
    """Delete ended runs of jobs that sweep and clean up, with their events; returns how many. The rest the next day."""
    count = 0
    for name in _RUNS_OF:
        old = dg.RunsFilter(job_name=name, statuses=_ENDED, created_before=now - timedelta(days=days))
        for run_id in instance.get_run_ids(old, limit=_RUNS_AT_ONCE):
            instance.delete_run(run_id)
            count += 1
    return count


def retention_schedule(job: dg.JobDefinition, zone: str) -> dg.ScheduleDefinition:
    """Daily at 04:10 in the time zone of the books: after the nightly run."""
    return dg.ScheduleDefinition(
        name="daily_retention",
        cron_schedule="10 4 * * *",
        job=job,
        execution_timezone=zone,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Empties or deletes what is settled and old.",
    )
