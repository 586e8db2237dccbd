"""Runs whose process was killed: Dagster's default launcher does not notice, and their places would be taken for hours.

A run holds a lock for as long as its process lives, and has a tag from the moment at which it does. A run that has the
tag, has not ended, and whose lock nobody holds, is dead.
"""

from collections.abc import Iterator

import dagster as dg
from sqlalchemy import Engine

from o2c_orchestration.orchestration.resources import ALIVE, AssemblySource
from o2c_orchestration.store.run_lock import RunLock, without_process

_TAG = {"o2c/holds_run_lock": "true"}
_UNENDED = [dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]


def alive_resource(source: AssemblySource) -> dict[str, dg.ResourceDefinition]:
    """The resource that every step needs, so that the lock is taken before the first of them waits for its pool."""

    @dg.resource(description="Says that the process of this run lives.")
    def alive(context: dg.InitResourceContext) -> Iterator[None]:
        if context.run is None or context.instance is None:
            yield
            return
        lock = RunLock(source.get().engine, context.run.run_id)
        try:
            context.instance.add_run_tags(context.run.run_id, _TAG)
            yield
        finally:
            lock.release()

    return {ALIVE: alive}


def end_dead_runs(instance: dg.DagsterInstance, engine: Engine) -> list[str]:
    """Report runs without a process as failed, which frees their places; returns their ids."""
    found = {run.run_id: run for run in instance.get_runs(dg.RunsFilter(statuses=_UNENDED, tags=_TAG))}
    dead = without_process(engine, list(found)) if found else []
    for run_id in dead:
        instance.report_run_failed(found[run_id], "The process of this run is gone. Nothing is lost: run it again.")
        instance.event_log_storage.free_concurrency_slots_for_run(run_id)
    return dead
