"""Warm workers: the profile `celery` of docker-compose.yml, with its own commands against a real Redis.

Skipped where Redis or the extra is not installed.
"""

import importlib.util
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg
import psycopg
import pytest
import requests
import yaml

from o2c_orchestration.store.database import start_embedded, stop_embedded
from o2c_orchestration_tests.e2e.cli_fixtures import World, environment, sandbox
from o2c_orchestration_tests.e2e.compose import ROOT, Machine, free_port, secured_server
from o2c_orchestration_tests.secured import as_login

pytestmark = [
    pytest.mark.skipif(shutil.which("redis-server") is None, reason="Redis is not installed"),
    pytest.mark.skipif(importlib.util.find_spec("dagster_celery") is None, reason="the extra celery is not installed"),
]
_STAYING = ("redis", "code", "worker", "webserver", "daemon")
_PATIENCE_SECONDS = 300
_LAUNCH = """mutation($job: String!) { launchRun(executionParams: {selector: {repositoryName: "__repository__",
    repositoryLocationName: "o2c_orchestration", jobName: $job}}) { __typename ... on LaunchRunSuccess { run { runId } }
    ... on PythonError { message } } }"""
_RUN = """query($id: ID!) { runOrError(runId: $id) { ... on Run { status tags { key value }
    rootRunId stats { ... on RunStatsSnapshot { enqueuedTime startTime endTime } } } } }"""
_RUNS = "{ runsOrError { ... on Runs { results { runId parentRunId jobName status } } } }"
_ENDED = ("SUCCESS", "FAILURE", "CANCELED")
_TERMINATE = "mutation($id: String!) { terminateRun(runId: $id) { __typename } }"


@dataclass
class Warm:
    """The services with warm workers, asked as Dagster's pages ask."""

    machine: Machine
    world: World

    def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        """What GraphQL answers."""
        url = f"http://127.0.0.1:{self.machine.ports['webserver']}/graphql"
        answer = requests.post(url, json={"query": query, "variables": variables}, timeout=60).json()
        assert "errors" not in answer, answer
        return dict(answer["data"])

    def launch(self, job: str) -> str:
        """A run of it is asked for; its id."""
        told = self.ask(_LAUNCH, job=job)["launchRun"]
        assert told["__typename"] == "LaunchRunSuccess", told
        return str(told["run"]["runId"])

    def run(self, run_id: str) -> dict[str, Any]:
        """Its status, tags and times."""
        return dict(self.ask(_RUN, id=run_id)["runOrError"])

    def status(self, run_id: str) -> str:
        return str(self.run(run_id)["status"])

    def holds_lock(self, run_id: str) -> bool:
        """It has said that its process lives."""
        return {"key": "o2c/holds_run_lock", "value": run_id} in self.run(run_id)["tags"]

    def children(self, run_id: str) -> list[dict[str, Any]]:
        """Its retries."""
        return [run for run in self._runs() if run["parentRunId"] == run_id]

    def forget_task(self, run_id: str) -> None:
        """The tag is gone that the launcher wrote, as after two who wrote the run's tags at once."""
        without = "UPDATE public.runs SET run_body = (run_body::jsonb #- '{tags,dagster-celery/task_id}')::text"
        assert self.machine.database is not None
        with psycopg.connect(as_login(self.machine.database, "postgres")) as connection:
            done = connection.execute(f"{without} WHERE run_id = %s RETURNING run_body", (run_id,)).fetchone()
        assert done is not None
        assert "task_id" not in done[0]

    def follower(self) -> str:
        """A run that stays, under way in a worker."""
        self.end_all()
        run_id = self.launch("changed_objects")
        self.wait_until(lambda: self.holds_lock(run_id))
        return run_id

    def end_all(self) -> None:
        """Nobody follows any more: one at a time does, and whoever is started beside it ends at once, and well."""
        while under_way := [run["runId"] for run in self._runs() if run["status"] not in _ENDED]:
            for run_id in under_way:
                self.ask(_TERMINATE, id=run_id)
                self.wait_until(lambda run_id=run_id: self.status(run_id) in _ENDED)

    def _runs(self) -> list[dict[str, Any]]:
        return list(self.ask(_RUNS)["runsOrError"]["results"])

    def wait_until(self, condition: Callable[[], bool], seconds: float = _PATIENCE_SECONDS) -> None:
        """Let time pass until it holds; what dies by itself is started again."""
        ends = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > ends:
                said = "\n".join(f"{name}: {self.machine.said(name)}" for name in self.machine.running)
                pytest.fail("\n".join([*map(str, self._runs()), said]))
            self.machine.keep()
            time.sleep(0.5)


@pytest.fixture(scope="module")
def warm() -> Iterator[Warm]:
    """All of the profile but the receiver and the proxy, healthy."""
    home = Path(tempfile.mkdtemp(prefix="o2c-warm-"))
    url = start_embedded(home)
    try:
        with sandbox(home, url) as world:
            machine = _machine(world, url)
            try:
                assert machine.run("migrate") == 0, machine.said("migrate")
                for name in _STAYING:
                    machine.start(name)
                    machine.wait_until_healthy(name)
                yield Warm(machine, world)
            finally:
                for name in list(machine.running):
                    machine.kill(name)
    finally:
        stop_embedded(home)
        shutil.rmtree(home, ignore_errors=True)


def _machine(world: World, url: str) -> Machine:
    home, port = world.home, free_port()
    keys = world.environment(live={"linger_seconds": 600, "poll_seconds": 1})
    secrets = home / "o2c.env"
    secrets.write_text("".join(f'{k}="{v}"\n' for k, v in keys.items() if not k.startswith("O2C_")))
    database = secured_server(home, url)
    password = home / "secrets" / "redis_password"
    password.chmod(0o600)
    password.write_text("canary-of-redis\n")
    for folder in ("data", "dagster"):
        (home / folder).mkdir(exist_ok=True)
    settings = yaml.safe_load((ROOT / "deploy" / "dagster.celery.yaml").read_text())
    settings["run_monitoring"]["poll_interval_seconds"] = 5
    (home / "dagster" / "dagster.yaml").write_text(yaml.safe_dump(settings))
    provider = "o2c_orchestration.orchestration.redis_password.FromFile"
    given = {
        "O2C_ENV_FILE": str(secrets),
        "O2C_MODE": "sync",
        "O2C_HOME": str(home),
        "O2C_CONFIG": keys["O2C_CONFIG"],
        "DAGSTER_HOME": str(home / "dagster"),
        "O2C_REDIS_URL": f"redis://127.0.0.1:{port}/0?credential_provider={provider}",
    }
    places = {
        "docker-entrypoint.sh ": "",
        "dir /data": f"dir {home}/data",
        "6379": str(port),
    }
    return Machine(home, given, database, places=places)


def test_a_run_starts_in_a_worker_and_ends(warm: Warm):
    """It is done by a process that was there before."""
    run_id = warm.launch("retention")
    warm.wait_until(lambda: warm.status(run_id) == "SUCCESS")
    assert "execute_job" in warm.machine.said("worker")


def test_a_killed_worker_does_not_hold_its_run(warm: Warm):
    """Its run is called failed, and is done again by the worker that comes back."""
    run_id = warm.follower()
    warm.machine.kill("worker")
    warm.machine.start("worker")
    warm.wait_until(lambda: warm.status(run_id) == "FAILURE")
    warm.wait_until(lambda: any(warm.holds_lock(run["runId"]) for run in warm.children(run_id)))


def test_terminate_ends_a_run_for_good(warm: Warm):
    """It is canceled, and not done again as one that failed would be.

    Also where another writer of the run's tags took away the one that tells its task.
    """
    run_id = warm.follower()
    warm.forget_task(run_id)
    assert warm.ask(_TERMINATE, id=run_id)["terminateRun"]["__typename"] == "TerminateRunSuccess"
    warm.wait_until(lambda: warm.status(run_id) in _ENDED)
    assert warm.status(run_id) == "CANCELED"
    assert not warm.children(run_id)
    # The worker lives on.
    after = warm.launch("retention")
    warm.wait_until(lambda: warm.status(after) == "SUCCESS")


def test_one_that_is_told_to_stop_while_it_is_handed_out_is_not(warm: Warm):
    """Dagster calls it canceled, and starting right after that."""
    with (
        environment(warm.machine._environment("daemon")),
        dg.DagsterInstance.from_config(warm.machine.given["DAGSTER_HOME"]) as instance,
    ):
        run = instance.add_run(dg.DagsterRun(job_name="somebody_elses"))
        instance.report_run_canceling(run)
        instance.report_run_canceled(run)
        event = dg.DagsterEvent(event_type_value="PIPELINE_STARTING", job_name=run.job_name)
        instance.report_dagster_event(event, run.run_id)
        assert warm.status(run.run_id) == "STARTING"
        launcher: Any = instance.run_launcher
        launcher._launch_celery_task_run(run, launcher.celery.signature("no.task.of.ours"), "anything")
    assert warm.status(run.run_id) == "CANCELED"
    after = warm.launch("retention")
    warm.wait_until(lambda: warm.status(after) == "SUCCESS")
    assert "no.task.of.ours" not in warm.machine.said("worker")


def test_redis_may_be_killed_and_come_back(warm: Warm):
    """Daemon and worker find it again; what is asked for afterwards is done."""
    warm.machine.kill("redis")
    warm.machine.start("redis")
    warm.machine.wait_until_healthy("redis")
    run_id = warm.launch("retention")
    warm.wait_until(lambda: warm.status(run_id) == "SUCCESS")


def test_the_password_of_redis_is_told_to_nobody(warm: Warm):
    """It stands in no log and in no argument of a process."""
    for name in warm.machine.running:
        assert "canary-of-redis" not in (warm.machine.home / f"{name}.log").read_text()
        arguments = Path(f"/proc/{warm.machine.running[name].pid}/cmdline").read_bytes()
        assert b"canary-of-redis" not in arguments
