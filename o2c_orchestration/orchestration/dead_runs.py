"""Runs whose process was killed: Dagster's default launcher does not notice, and their places would be taken for hours.

A run holds a lock for as long as its process lives, and has a tag from the moment at which it does. A run that has the
tag, has not ended, and whose lock nobody holds, is dead. The tag tells the run's id: a retry is given all tags of the
run that failed, before it has a process. So is one of ours that was started, and has neither tag nor
lock long after: it died in the moment between.
"""

import time
from collections.abc import Iterator

import dagster as dg
from sqlalchemy import Engine

from o2c_orchestration import tracing
from o2c_orchestration.orchestration.changes import CHANGES
from o2c_orchestration.orchestration.deals import DEALS
from o2c_orchestration.orchestration.janitor import JANITOR
from o2c_orchestration.orchestration.resources import ALIVE, AssemblySource
from o2c_orchestration.store.run_lock import RunLock, without_process

_TAG = "o2c/holds_run_lock"
# Between its start and its tag a run opens the database, which takes a fraction of a second.
_SAYS_SO_WITHIN_SECONDS = 300
# Of these one runs at a time, and the next one waits for its end. Other people's runs never say that they live.
_OURS = (CHANGES, DEALS, JANITOR)
_UNENDED = [dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]


def alive_resource(source: AssemblySource) -> dict[str, dg.ResourceDefinition]:
    """The resource that every step needs, so that the lock is taken before the first of them waits for its pool."""

    @dg.resource(description="Says that the process of this run lives.")
    def alive(context: dg.InitResourceContext) -> Iterator[None]:
        if context.run is None or context.instance is None:
            yield
            return
        tracing.process_is("o2c-run")
        lock = RunLock(source.get().engine, context.run.run_id)
        tracing.run_is(context.run.run_id)
        try:
            context.instance.add_run_tags(context.run.run_id, {_TAG: context.run.run_id})
            yield
        finally:
            lock.release()
            tracing.flush()
            tracing.run_is(None)

    return {ALIVE: alive}


def end_dead_runs(instance: dg.DagsterInstance, engine: Engine) -> list[str]:
    """Report runs without a process, which frees their places; returns their ids.

    As canceled where somebody had told the run to stop, so that it is not done again; else as failed.
    """
    records = instance.get_run_records(dg.RunsFilter(statuses=_UNENDED))
    found = {record.dagster_run.run_id: record.dagster_run for record in records}
    said = [run_id for run_id, run in found.items() if run.tags.get(_TAG) == run_id]
    silent = [
        record.dagster_run.run_id
        for record in records
        if record.dagster_run.job_name in _OURS and record.dagster_run.run_id not in said and _is_late(record)
    ]
    # Also of the silent ones: Dagster writes all tags of a run anew for each, so one that is added meanwhile gets lost.
    dead = without_process(engine, [*said, *silent]) if said or silent else []
    for run_id in dead:
        _report(instance, found[run_id])
        instance.event_log_storage.free_concurrency_slots_for_run(run_id)
    return dead


def _report(instance: dg.DagsterInstance, run: dg.DagsterRun) -> None:
    if run.status == dg.DagsterRunStatus.CANCELING:
        instance.report_run_canceled(run, "The process of this run is gone: it had been told to stop.")
    else:
        instance.report_run_failed(run, "The process of this run is gone. Nothing is lost: run it again.")


def _is_late(record: dg.RunRecord) -> bool:
    return record.start_time is not None and time.time() - record.start_time > _SAYS_SO_WITHIN_SECONDS
