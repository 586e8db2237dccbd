"""Runs whose process is gone, by a real lock in a real database and Dagster's own records of runs."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import dagster as dg
import pytest
import time_machine
from sqlalchemy import Engine

from o2c_orchestration.orchestration.changes import CHANGES
from o2c_orchestration.orchestration.dead_runs import end_dead_runs
from o2c_orchestration.store import run_lock
from o2c_orchestration.store.run_lock import RunLock

_TAG = "o2c/holds_run_lock"
_STATUS = dg.DagsterRunStatus


@pytest.fixture
def instance(monkeypatch: pytest.MonkeyPatch) -> Iterator[dg.DagsterInstance]:
    """Dagster's own records; the database counts as one that started long ago."""
    monkeypatch.setattr(run_lock, "_LOCKS_AGAIN_SECONDS", 0)
    with dg.DagsterInstance.ephemeral() as made:
        yield made


def _lived(instance: dg.DagsterInstance) -> str:
    run_id = _started(instance)
    instance.add_run_tags(run_id, {_TAG: run_id})
    return run_id


def _started(instance: dg.DagsterInstance, minutes_ago: int = 10, job: str = CHANGES, **tags: str) -> str:
    with time_machine.travel(datetime.now(UTC) - timedelta(minutes=minutes_ago), tick=True):
        run = instance.add_run(dg.DagsterRun(job_name=job, tags=tags))
        instance.report_dagster_event(_event("PIPELINE_START", run), run.run_id)
    return run.run_id


def _event(kind: str, run: dg.DagsterRun) -> dg.DagsterEvent:
    return dg.DagsterEvent(event_type_value=kind, job_name=run.job_name)


def _status(instance: dg.DagsterInstance, run_id: str) -> dg.DagsterRunStatus:
    run = instance.get_run_by_id(run_id)
    assert run is not None
    return run.status


def test_a_run_without_its_process_is_called_failed(instance: dg.DagsterInstance, engine: Engine):
    """One that lives is left alone."""
    dead, lives = _lived(instance), _lived(instance)
    lock = RunLock(engine, lives)
    try:
        assert end_dead_runs(instance, engine) == [dead]
    finally:
        lock.release()
    assert (_status(instance, dead), _status(instance, lives)) == (_STATUS.FAILURE, _STATUS.STARTED)


def test_one_that_was_told_to_stop_is_called_canceled(instance: dg.DagsterInstance, engine: Engine):
    """A failure would be done again by `run_retries`."""
    run_id = _lived(instance)
    run = instance.get_run_by_id(run_id)
    assert run is not None
    instance.report_run_canceling(run)
    assert end_dead_runs(instance, engine) == [run_id]
    assert _status(instance, run_id) == _STATUS.CANCELED


def test_one_that_lost_its_tag_lives_while_it_holds_its_lock(instance: dg.DagsterInstance, engine: Engine):
    """Another writer of the run's tags at the same moment takes it away."""
    run_id = _started(instance)
    lock = RunLock(engine, run_id)
    try:
        assert end_dead_runs(instance, engine) == []
    finally:
        lock.release()
    assert end_dead_runs(instance, engine) == [run_id]


@pytest.mark.parametrize(("minutes_ago", "job"), [(4, CHANGES), (600, "somebody_elses")])
def test_one_without_a_tag_is_left_alone(instance: dg.DagsterInstance, engine: Engine, minutes_ago: int, job: str):
    """It is only just beginning, or is not ours and never says that it lives."""
    _started(instance, minutes_ago, job)
    assert end_dead_runs(instance, engine) == []


def test_a_retry_has_the_tags_of_the_run_before_and_is_not_dead_for_that(instance: dg.DagsterInstance, engine: Engine):
    """Between its start and its lock it would be called failed while its process goes on, and be done a third time."""
    failed = _lived(instance)
    _started(instance, 0, **{_TAG: failed})
    assert end_dead_runs(instance, engine) == [failed]
