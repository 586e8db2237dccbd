"""The janitor: a job and a schedule of its own that settle writes without an outcome, also when nothing else runs."""

from collections.abc import Mapping
from typing import Any

import dagster as dg

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.domain.documents import DOCUMENT_ORDER
from o2c_orchestration.orchestration.assets.apply import APPLY_KEY, outcome_check
from o2c_orchestration.orchestration.changes import report
from o2c_orchestration.orchestration.resources import ALIVE, UNDER_WAY, AssemblySource
from o2c_orchestration.store.lock import WriterBusy
from o2c_orchestration.store.unsettled import due_for_sweep

JANITOR = "janitor"
_CRON = "*/5 * * * *"


def janitor_job(source: AssemblySource, resources: Mapping[str, dg.ResourceDefinition]) -> dg.JobDefinition:
    """One sweep: look up what is unknown, adopt or send again, and judge the outcome check anew."""

    @dg.op(name="sweep_unsettled_writes", pool="netsuite", out=dg.Out(dg.Nothing), required_resource_keys={ALIVE})
    def sweep_unsettled_writes(context: dg.OpExecutionContext) -> None:
        assembly = source.get()
        values = _sweep(assembly)
        context.log.info("; ".join(f"{name}: {value}" for name, value in values.items()))
        context.add_output_metadata(values)
        report(context.instance, APPLY_KEY, outcome_check(assembly.engine))

    @dg.job(
        name=JANITOR,
        executor_def=dg.in_process_executor,
        resource_defs=resources,
        description="Settles writes whose outcome is unknown. With mode: observe it says so and does nothing.",
    )
    def janitor() -> None:
        sweep_unsettled_writes()

    return janitor


def _sweep(assembly: Assembly) -> dict[str, Any]:
    if idle := _idle(assembly):
        return {"status": idle}
    try:
        outcome = assembly.sweep()
    except WriterBusy:
        return {"status": "an apply is under way, which settles what is unknown itself"}
    if outcome is None:
        return {"status": "mode is observe: nothing was written"}
    return {
        "adopted": outcome.adopted,
        "written": outcome.written,
        "refused": outcome.refused,
        "unknown": outcome.unknown,
        "dead": outcome.dead,
    }


def _idle(assembly: Assembly) -> str | None:
    """Why there is nothing that a sweep may do, or None."""
    if assembly.settings.netsuite is None:
        return "NetSuite is off: NETSUITE_ACCOUNT_ID is not set"
    if not assembly.writes:
        return "mode is observe: this writes to no system, so there is nothing to settle"
    return None


def janitor_schedule(source: AssemblySource, job: dg.JobDefinition) -> dg.ScheduleDefinition:
    """Every five minutes, if there is anything to settle: a run that finds nothing would cost seconds each time."""

    @dg.schedule(
        name=JANITOR,
        cron_schedule=_CRON,
        job=job,
        execution_timezone="UTC",
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Settles writes whose outcome is unknown, and leases that ran out.",
    )
    def janitor(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        assembly = source.get()
        if idle := _idle(assembly):
            return dg.SkipReason(idle)
        allowed = [name for name in DOCUMENT_ORDER if assembly.policy.documents.allows(name)]
        if not due_for_sweep(assembly.engine, allowed):
            return dg.SkipReason("every write that is due has an outcome")
        if context.instance.get_runs(dg.RunsFilter(job_name=JANITOR, statuses=UNDER_WAY), limit=1):
            return dg.SkipReason("the last sweep is still under way")
        return dg.RunRequest(run_key=context.scheduled_execution_time.isoformat())

    return janitor
