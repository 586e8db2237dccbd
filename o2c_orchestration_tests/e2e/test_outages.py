"""Each process of the deployment is killed and started again: no hand is needed, and nothing is lost or doubled.

The services are those of docker-compose.yml, with their own commands, environments and health checks; an engine is not
needed. How long one stays away changes nothing but how much waits: no state runs out before Stripe's own three days.
"""

import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
import requests
import yaml

from o2c_orchestration.store.database import start_embedded, stop_embedded
from o2c_orchestration_tests.crash.test_processes import crash_postgres
from o2c_orchestration_tests.e2e.cli_fixtures import World, sandbox
from o2c_orchestration_tests.e2e.compose import OURS, ROOT, Machine

SECRET = "whsec_outages"
_PATIENCE_SECONDS = 240


@dataclass
class Deployment:
    """The services, and the systems that they keep in step."""

    world: World
    url: str
    machine: Machine

    def wait_for(self, *keys: str) -> None:
        """Until each of these has its document; whatever has died meanwhile is started again."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not set(keys) <= self.written():
            assert time.monotonic() < deadline, {key for key in keys if key not in self.written()}
            self.machine.keep()
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
def deployment() -> Iterator[Deployment]:
    """Everything runs and says that it is well."""
    home = Path(tempfile.mkdtemp(prefix="o2c-outages-"))
    url = start_embedded(home)
    try:
        with sandbox(home, url) as world:
            machine = Machine(home, _variables(world, url))
            try:
                yield _deployed(world, url, machine)
            finally:
                for name in list(machine.running):
                    machine.kill(name)
    finally:
        stop_embedded(home)
        if (home / "postgres" / "postmaster.pid").exists():
            crash_postgres(home / "postgres", "stop")
        shutil.rmtree(home, ignore_errors=True)


def _variables(world: World, url: str) -> Mapping[str, str]:
    """Keys lie in the file of secrets, and in nobody's environment."""
    keys = {**world.environment(), "STRIPE_WEBHOOK_SECRETS": SECRET}
    config = Path(keys["O2C_CONFIG"])
    config.write_text(yaml.safe_dump(_policy()))
    secrets = world.home / "o2c.env"
    lines = [f"{name}={_quoted(value)}" for name, value in keys.items() if not name.startswith("O2C_")]
    secrets.write_text("\n".join(lines) + "\n")
    dagster = world.home / "dagster"
    dagster.mkdir()
    shutil.copyfile(ROOT / "dagster.yaml", dagster / "dagster.yaml")
    return {
        "O2C_DATABASE_URL": url,
        "PGPASSFILE": str(world.home / "pgpass"),
        "O2C_ENV_FILE": str(secrets),
        "O2C_MODE": "sync",
        "O2C_HOME": str(world.home),
        "O2C_CONFIG": str(config),
        "DAGSTER_HOME": str(dagster),
    }


def _quoted(value: str) -> str:
    return f'"{value}"' if "\n" in value else value


def _deployed(world: World, url: str, machine: Machine) -> Deployment:
    receiver = f"http://127.0.0.1:{machine.ports['receiver']}/webhooks/stripe"
    endpoint = f"{world.base_url}/_sandbox/stripe/webhook_endpoints"
    requests.post(endpoint, json={"url": receiver, "secret": SECRET}, timeout=30).raise_for_status()
    once, *staying = OURS
    assert machine.run(once) == 0, (machine.home / f"{once}.log").read_text()[-3000:]
    for name in staying:
        machine.start(name)
        if name == "code":
            machine.wait_until_healthy(name)
    for name in staying:
        machine.wait_until_healthy(name)
    return Deployment(world, url, machine)


def test_any_process_may_die_and_come_back(deployment: Deployment):
    """Receiver, daemon, code server, webserver and PostgreSQL in turn, each while something happens in Stripe."""
    machine = deployment.machine
    first = deployment.bill()
    deployment.wait_for(first)

    for name in ("receiver", "webserver"):
        machine.kill(name)
    second = deployment.bill()
    deployment.wait_for(second)
    for name in ("receiver", "webserver"):
        machine.start(name)

    for name in ("daemon", "code"):
        machine.kill(name)
    third = deployment.bill()
    time.sleep(2)
    assert third not in deployment.written()
    for name in ("code", "daemon"):
        machine.start(name)
    deployment.wait_for(third)

    crash_postgres(deployment.world.home / "postgres")
    fourth = deployment.bill()
    deployment.wait_for(fourth)
    for name in machine.running:
        machine.wait_until_healthy(name)
    invoices = [each for each in deployment.world.asked("netsuite") if each["path"].endswith("/record/v1/invoice")]
    assert len([each for each in invoices if each["method"] == "POST"]) == 4
