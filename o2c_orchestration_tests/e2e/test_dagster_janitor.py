"""The janitor in Dagster: settles what has no outcome, on a schedule of its own, and says so when it may not."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
import requests

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.store import journal
from o2c_orchestration_tests.e2e.cli_fixtures import (
    QUIET,
    World,
    checks,
    definitions,
    metadata,
    run_days,
    sandbox,
    sound_company,
    today,
)

DAYS = 3
OUTCOME = "apply/netsuite_documents:every_write_has_an_outcome"
# No test lives to see certainty, and no run waits for what an apply with patience would see for itself.
CAREFUL = {"apply": {"resolve_after_seconds": 0.1, "certain_after_seconds": 3600, "patience_seconds": 0.5}}


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> Iterator[World]:
    """A small company of which no book was kept yet."""
    with sandbox(tmp_path, database_url) as made:
        made.load_company(sound_company(8, DAYS))
        yield made


def fault(world: World, **rule: Any) -> None:
    """One fault on every create, for a number of times."""
    rule = {"system": "netsuite", "method": "POST", "path_regex": "/record/v1/", **rule}
    requests.post(f"{world.base_url}/_sandbox/faults", json=[rule], timeout=10).raise_for_status()


def whole_run(assembly: Assembly, instance: dg.DagsterInstance) -> dg.ExecuteInProcessResult:
    return run_days(assembly, instance, today() - timedelta(days=DAYS), today())


def sweep(assembly: Assembly, instance: dg.DagsterInstance) -> dict[str, Any]:
    """One run of the janitor; what it says."""
    job = definitions(assembly).resolve_job_def("janitor")
    outcome = job.execute_in_process(instance=instance, run_config=QUIET)
    assert outcome.success
    (step,) = [each for each in outcome.all_events if each.is_successful_output]
    return {name: value.value for name, value in step.step_output_data.metadata.items()}


def tick(assembly: Assembly, instance: dg.DagsterInstance) -> dg.ScheduleEvaluationContext:
    """What the schedule would do now: its run requests, or why there are none."""
    schedule = definitions(assembly).resolve_schedule_def("janitor")
    with dg.build_schedule_context(instance=instance, scheduled_execution_time=datetime.now(UTC)) as context:
        return schedule.evaluate_tick(context)


def test_a_run_leaves_the_unknown_and_the_janitor_settles_it(world: World):
    """A late commit: the run ends soon with a red check, and the sweep that finds the document adopts it."""
    fault(world, kind="late_commit", latency_ms=4000, times=1)
    with world.assembly(**CAREFUL) as assembly, dg.instance_for_test() as instance:
        began = datetime.now(UTC)
        outcome = whole_run(assembly, instance)
        assert outcome.success
        assert metadata(outcome, "apply", "netsuite_documents")["unknown"] == 1
        assert not checks(outcome)[OUTCOME].passed
        while tick(assembly, instance).run_requests == [] or sweep(assembly, instance)["adopted"] == 0:
            assert datetime.now(UTC) - began < timedelta(seconds=60)
        assert journal.entries(assembly.engine, ["unknown", "sent"]) == []
        key = dg.AssetCheckKey(dg.AssetKey(["apply", "netsuite_documents"]), "every_write_has_an_outcome")
        (record,) = instance.event_log_storage.get_asset_check_execution_history(key, limit=1)
        assert record.event is not None
        assert record.event.dagster_event is not None
        assert record.event.dagster_event.asset_check_evaluation_data.passed
        # What leaned on it is for the next run, which plans first.
        assert whole_run(assembly, instance).success
        assert journal.counts(assembly.engine).keys() == {"done"}


def test_the_schedule_starts_no_run_where_there_is_nothing_to_do(world: World):
    """No empty runs: it says that every write has an outcome, or that the last sweep is still under way."""
    with world.assembly(**CAREFUL) as assembly, dg.instance_for_test() as instance:
        said = tick(assembly, instance)
        assert said.run_requests == []
        assert "has an outcome" in said.skip_message


def test_in_observe_mode_it_does_nothing_and_says_so(world: World):
    """Neither the schedule nor a run by hand sends a request, whatever waits."""
    fault(world, kind="drop_before", times=1)
    with world.assembly(**CAREFUL) as assembly, dg.instance_for_test() as instance:
        whole_run(assembly, instance)
        assert journal.counts(assembly.engine)["unknown"] == 1
    asked = len(world.asked("netsuite"))
    with world.assembly(mode="observe") as assembly, dg.instance_for_test() as instance:
        assert "mode is observe" in tick(assembly, instance).skip_message
        assert "mode is observe" in sweep(assembly, instance)["status"]
        assert journal.counts(assembly.engine)["unknown"] == 1
    assert len(world.asked("netsuite")) == asked


def test_it_runs_from_the_start(world: World):
    """Nobody has to find a switch."""
    with world.assembly() as assembly:
        schedule = definitions(assembly).resolve_schedule_def("janitor")
    assert schedule.default_status == dg.DefaultScheduleStatus.RUNNING
