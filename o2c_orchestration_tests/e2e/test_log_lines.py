"""One id from webhook to document in the lines of every process: what `grep` of it shows is the story of one object."""

import hashlib
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from o2c_orchestration_tests.contract.test_receiver import NEW as SECRET
from o2c_orchestration_tests.e2e.cli_fixtures import World, sandbox
from o2c_orchestration_tests.e2e.test_webhooks import until
from o2c_orchestration_tests.forked import Forked

# A run as a sensor or schedule starts it, in the code location as it is deployed.
_RUN = """
import sys
import dagster as dg
from o2c_orchestration.definitions import defs
job = defs.resolve_job_def(sys.argv[1])
with dg.DagsterInstance.ephemeral() as instance:
    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    assert job.execute_in_process(instance=instance, run_config=quiet).success
"""
_POLICY = {"live": {"linger_seconds": 0.5, "reconcile_seconds": 0.5}, "apply": {"resolve_after_seconds": 0.1}}
Line = dict[str, Any]


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> Iterator[World]:
    with sandbox(tmp_path, database_url) as made:
        yield made


def environment(world: World) -> dict[str, str]:
    """Of a process that is deployed."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("O2C_", "STRIPE_", "DAGSTER_"))}
    given = world.environment(**_POLICY)
    return {**own, **given, "PYTHONPATH": str(Path(__file__).parents[2]), "STRIPE_WEBHOOK_SECRETS": SECRET}


def lines(log: Path) -> list[Line]:
    """Our lines; Dagster writes others to the same place."""
    return [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]


@contextmanager
def receiving(world: World, log: Path) -> Iterator[None]:
    """`o2c receiver`, to which the sandbox delivers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    arguments = ["receiver", "--port", str(port)]
    process = Forked(arguments, environment(world), Path(os.devnull), log)
    try:
        until(lambda: _answers(port))
        forward = {"url": f"http://127.0.0.1:{port}/webhooks/stripe", "secret": SECRET}
        url = f"{world.base_url}/_sandbox/stripe/webhook_endpoints"
        requests.post(url, json=forward, timeout=30).raise_for_status()
        yield
    finally:
        process.stop()


def _answers(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/readyz", timeout=5).ok
    except requests.ConnectionError:
        return False


def run(world: World, job: str, log: Path) -> None:
    """A process of Dagster's that does one run of a job."""
    command = [sys.executable, "-c", _RUN, job]
    with log.open("wb") as file:
        done = subprocess.run(command, env=environment(world), stdout=subprocess.DEVNULL, stderr=file, timeout=240)
    assert done.returncode == 0, log.read_text()[-2000:]


def delivered(world: World) -> bool:
    stats = requests.get(f"{world.base_url}/_sandbox/stripe/webhook_stats", timeout=30).json()
    return bool(stats["waiting"] == 0)


def test_one_id_is_the_story_from_webhook_to_document(world: World, tmp_path: Path) -> None:
    """Receiver, run and janitor, three processes, say the same two ids on each line about the invoice: taken, read, an
    answer that was lost, found; and no line about it is without. Lines of a run have its id."""
    received, ran, swept = tmp_path / "receiver.log", tmp_path / "run.log", tmp_path / "janitor.log"
    with receiving(world, received):
        bill = world.invoice(12_300, pay=False)["id"]
        until(lambda: delivered(world) and "event taken" in received.read_text())
    lost = {"path_regex": "/record/v1/invoice", "method": "POST", "kind": "drop_after", "times": 1}
    requests.post(f"{world.base_url}/_sandbox/faults", json=[lost], timeout=30).raise_for_status()
    run(world, "changed_objects", ran)
    run(world, "janitor", swept)

    correlation = hashlib.sha256(f"o2c:{bill}".encode()).hexdigest()[:32]
    every = lines(received) + lines(ran) + lines(swept)
    story = [each for each in every if each.get("correlation_id") == correlation]
    told = [each["event"] for each in story]
    assert told.index("event taken") < told.index("object read") < told.index("the outcome is unknown: it is looked up")
    assert told[-1] == "document written"
    assert {each["object_id"] for each in story} == {bill}
    about = [each for each in every if bill in json.dumps(each)]
    assert [each for each in about if each not in story] == []
    documents = [each for each in story if "document" in each]
    assert {(each["document"], each["external_id"]) for each in documents} == {("invoice", bill)}
    runs = [{each.get("run_id") for each in lines(log)} for log in (ran, swept)]
    assert [len(each) for each in runs] == [1, 1]
    assert None not in set.union(*runs)
    assert not any("run_id" in each for each in lines(received))


def test_every_line_about_one_object_has_both_ids(world: World, tmp_path: Path) -> None:
    """Of all that happens, in both processes: no line has the one id without the other, and they belong together."""
    received, ran = tmp_path / "receiver.log", tmp_path / "run.log"
    with receiving(world, received):
        world.invoice(12_300)
        world.invoice(700, pay=False)
        until(lambda: delivered(world) and received.read_text().count("event taken") >= 5)
        time.sleep(0.5)
    run(world, "changed_objects", ran)
    every = lines(received) + lines(ran)
    of_objects = [each for each in every if "object_id" in each or "correlation_id" in each]
    assert len({each["object_id"] for each in of_objects}) >= 4
    for each in of_objects:
        assert each["correlation_id"] == hashlib.sha256(f"o2c:{each['object_id']}".encode()).hexdigest()[:32]
    single = {"event taken", "nothing follows from this event", "object read", "document written", "document refused"}
    assert [each for each in every if each["event"] in single and "object_id" not in each] == []
