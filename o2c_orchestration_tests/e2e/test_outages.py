"""Each process of a deployment is killed and started again: no hand is needed, and nothing is lost or doubled.

How long one stays away changes nothing but how much waits: no state runs out before Stripe's own three days.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
import requests
import yaml

import o2c_orchestration
from o2c_orchestration.store.database import start_embedded, stop_embedded
from o2c_orchestration_tests.crash.test_processes import crash_postgres
from o2c_orchestration_tests.e2e.cli_fixtures import World, sandbox

SECRET = "whsec_outages"
ROOT = Path(o2c_orchestration.__file__).parents[1]
_PATIENCE_SECONDS = 240


@dataclass
class Deployment:
    """Receiver and daemon as processes, as a service manager would keep them."""

    world: World
    url: str
    port: int
    environment: Mapping[str, str]
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def start(self, name: str) -> None:
        """Start it, if it does not run."""
        found = self.running.get(name)
        if found is not None and found.poll() is None:
            return
        commands = {
            "receiver": ["o2c_orchestration.cli", "receiver", "--port", str(self.port)],
            "daemon": ["dagster._daemon", "run", "-w", str(ROOT / "workspace.yaml")],
        }
        with (self.world.home / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                [sys.executable, "-m", *commands[name]],
                env=dict(self.environment),
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd=self.world.home,
            )

    def kill(self, name: str) -> None:
        """The process and all it has started."""
        process = self.running.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def wait_for(self, *keys: str) -> None:
        """Until each of these has its document; whatever has died meanwhile is started again."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not set(keys) <= self.written():
            assert time.monotonic() < deadline, {key for key in keys if key not in self.written()}
            for name in self.running:
                self.start(name)
            time.sleep(0.5)

    def written(self) -> set[str]:
        """External ids of the documents that NetSuite took."""
        with suppress(psycopg.Error), psycopg.connect(self.url) as connection:
            return {row[0] for row in connection.execute("SELECT external_id FROM o2c.journal WHERE state = 'done'")}
        return set()

    def bill(self) -> str:
        """A new invoice's id."""
        return str(self.world.invoice(500, pay=False)["id"])


def _policy() -> dict[str, Any]:
    # Runs that end at once, so that each outage finds the next one not yet started.
    live = {"linger_seconds": 0, "poll_seconds": 1, "reconcile_seconds": 0}
    return {"live": live, "stripe": {"requests_per_second": 90, "event_lag_seconds": 1}}


@pytest.fixture
def deployment(tmp_path: Path) -> Iterator[Deployment]:
    """Everything runs, and the ledger was read."""
    home = Path(tempfile.mkdtemp(prefix="o2c-outages-"))
    url = start_embedded(home)
    try:
        with sandbox(home, url) as world:
            made = _deployed(world, url)
            try:
                yield made
            finally:
                for name in list(made.running):
                    made.kill(name)
    finally:
        stop_embedded(home)
        if (home / "postgres" / "postmaster.pid").exists():
            crash_postgres(home / "postgres", "stop")
        shutil.rmtree(home, ignore_errors=True)


def _deployed(world: World, url: str) -> Deployment:
    variables = world.environment()
    Path(variables["O2C_CONFIG"]).write_text(yaml.safe_dump(_policy()))
    shutil.copyfile(ROOT / "dagster.yaml", world.home / "dagster.yaml")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("O2C_", "DAGSTER_", "STRIPE_"))}
    environment = {**kept, **variables, "DAGSTER_HOME": str(world.home), "STRIPE_WEBHOOK_SECRETS": SECRET}
    environment["PYTHONPATH"] = str(ROOT)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    forward = {"url": f"http://127.0.0.1:{port}/webhooks/stripe", "secret": SECRET}
    endpoint = f"{world.base_url}/_sandbox/stripe/webhook_endpoints"
    requests.post(endpoint, json=forward, timeout=30).raise_for_status()
    made = Deployment(world, url, port, environment)
    for name in ("receiver", "daemon"):
        made.start(name)
    return made


def test_any_process_may_die_and_come_back(deployment: Deployment):
    """Receiver, daemon and PostgreSQL in turn, each while something happens in Stripe."""
    first = deployment.bill()
    deployment.wait_for(first)

    deployment.kill("receiver")
    second = deployment.bill()
    deployment.wait_for(second)
    deployment.start("receiver")

    deployment.kill("daemon")
    third = deployment.bill()
    time.sleep(2)
    assert third not in deployment.written()
    deployment.start("daemon")
    deployment.wait_for(third)

    crash_postgres(deployment.world.home / "postgres")
    fourth = deployment.bill()
    deployment.wait_for(fourth)
    invoices = [each for each in deployment.world.asked("netsuite") if each["path"].endswith("/record/v1/invoice")]
    assert len([each for each in invoices if each["method"] == "POST"]) == 4
