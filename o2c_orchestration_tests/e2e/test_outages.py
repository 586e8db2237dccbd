"""Each process of the deployment is killed, stays away while life goes on, and comes back: no hand, no loss, no double.

The services are those of docker-compose.yml, with their own commands, environments and health checks; an engine is not
needed. How long they stay away is O2C_TEST_OUTAGE_SECONDS: five by default, which says nothing of what runs out within
an hour; docs/reliability.md has what was seen of hours. From ten minutes on give each a deployment of its own
(`-n 5 --dist load`), and the policy is the default one; below, waits are shorter, so that seconds are enough.
"""

import logging
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
import requests
import yaml

from o2c_orchestration.store.database import start_embedded, stop_embedded
from o2c_orchestration_tests.crash.test_processes import crash_postgres
from o2c_orchestration_tests.e2e.cli_fixtures import World, sandbox
from o2c_orchestration_tests.e2e.compose import OURS, ROOT, Machine, secured_server
from o2c_orchestration_tests.e2e.outage_life import Life
from o2c_orchestration_tests.secured import as_login

log = logging.getLogger(__name__)
SECRET = "whsec_outages"
_SECONDS = float(os.environ.get("O2C_TEST_OUTAGE_SECONDS", "5"))
_LONG = _SECONDS >= 600
# What is in doubt waits for NetSuite's limit of 15 minutes, and a webhook for Stripe's next attempt.
_PATIENCE_SECONDS = 2400 if _LONG else 240
_DEED_EVERY_SECONDS = max(1.0, _SECONDS / 60)
# Each in turn. The first dies with a run under way, the others in quiet.
_SERVICES = ["code", "daemon", "receiver", "webserver", "pages", "postgres"]
_UNENDED = ("NOT_STARTED", "QUEUED", "STARTING", "STARTED", "CANCELING", "MANAGED")
# Whatever is left over when all is done, by what it is; every figure has to be nought.
_LEFT = {
    "documents that are not written": "SELECT count(*) FROM o2c.journal WHERE state <> 'done'",
    "objects in quarantine": "SELECT count(*) FROM o2c.quarantine WHERE released_at IS NULL",
    "changed objects that wait": "SELECT count(*) FROM o2c.inbox",
    "open gaps": "SELECT count(*) FROM o2c.gaps WHERE state = 'open'",
    # Later ones may be at what Stripe sends again for as long as somebody was away.
    "runs of before that have not ended": f"""SELECT count(*) FROM public.runs WHERE status IN {_UNENDED}
        AND create_timestamp < %(back_at)s::timestamptz AT TIME ZONE 'UTC'""",
}


@dataclass
class Deployment:
    """The services, and the systems that they keep in step."""

    world: World
    url: str
    machine: Machine
    life: Life

    def stay_away(self, name: str) -> None:
        """It is killed and nobody starts it, while others live on, or die and start again, as they do.

        Returns when it is back and nothing is wrong or left to do.
        """
        self.wait_until(lambda: not self.faults())
        self._stop(name)
        ends, deeds = time.monotonic() + _SECONDS, self.life.deeds()
        while time.monotonic() < ends:
            log.info("%s away; %s; died meanwhile: %s", name, next(deeds), dict(self.machine.deaths))
            self.live(min(_DEED_EVERY_SECONDS, max(0.0, ends - time.monotonic())))
        log.info("unwell: %s", [each for each in self.machine.running if not self.machine.healthy(each)])
        back_at = datetime.now(UTC)
        self._start(name)
        self.life.go_on()
        self.wait_until(lambda: not self.faults() and not self.left(back_at))
        log.info("all done %.0f s after it came back", (datetime.now(UTC) - back_at).total_seconds())

    def live(self, seconds: float) -> None:
        """Let time pass; what dies by itself is started again."""
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            self.machine.keep()
            time.sleep(0.2)

    def wait_until(self, condition: Callable[[], bool]) -> None:
        """Let time pass until it holds."""
        ends = time.monotonic() + _PATIENCE_SECONDS
        while not condition():
            assert time.monotonic() < ends, (self.faults(), self.left(datetime.now(UTC)), self._logs())
            self.live(0.5)

    def faults(self) -> list[str]:
        """What is wrong with the books, as NetSuite itself has them."""
        return self.life.faults(self.world.home / "sandbox")

    def left(self, back_at: datetime) -> dict[str, int]:
        """What is left to do, or for a hand to do; {} when all is done. A database that is away says so."""
        at = {"back_at": back_at}
        try:
            with psycopg.connect(self.url) as connection:
                counts = {what: connection.execute(query, at).fetchone() for what, query in _LEFT.items()}
        except psycopg.Error as error:
            return {str(error): 1}
        return {what: row[0] for what, row in counts.items() if row is not None and row[0]}

    def refused(self) -> int:
        """Requests for a second document that NetSuite had to refuse."""
        stats = requests.get(f"{self.world.base_url}/_sandbox/stats", timeout=30).json()["requests"]
        return sum(stats["netsuite"].get(method, {}).get("400", 0) for method in ("POST", "PATCH", "PUT"))

    def _stop(self, name: str) -> None:
        if name == "postgres":
            crash_postgres(self.world.home / "postgres", "stop")
        else:
            self.machine.kill(name)

    def _start(self, name: str) -> None:
        if name == "postgres":
            crash_postgres(self.world.home / "postgres")
        else:
            self.machine.start(name)

    def _logs(self) -> str:
        return "\n".join(f"== {name}\n{self.machine.said(name)}" for name in self.machine.running)


def _policy() -> dict[str, Any]:
    if _LONG:
        return {"stripe": {"event_lag_seconds": 1}}
    # Runs that end at once, so that each outage finds the next one not yet started.
    live = {"linger_seconds": 0, "poll_seconds": 1, "reconcile_seconds": 0}
    stripe = {"requests_per_second": 90, "event_lag_seconds": 1}
    return {"live": live, "stripe": stripe, "apply": {"certain_after_seconds": 5, "lease_seconds": 5}}


@pytest.fixture(scope="module")
def deployment() -> Iterator[Deployment]:
    """Everything runs and says that it is well."""
    home = Path(tempfile.mkdtemp(prefix="o2c-outages-"))
    url = start_embedded(home)
    try:
        with sandbox(home, url) as world:
            machine = Machine(home, _variables(world), secured_server(home, url))
            try:
                yield _deployed(world, as_login(url, "postgres"), machine)
            finally:
                for name in list(machine.running):
                    machine.kill(name)
    finally:
        stop_embedded(home)
        if (home / "postgres" / "postmaster.pid").exists():
            crash_postgres(home / "postgres", "stop")
        shutil.rmtree(home, ignore_errors=True)


def _variables(world: World) -> Mapping[str, str]:
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
    assert machine.run(once) == 0, machine.said(once)
    for name in staying:
        machine.start(name)
        if name == "code":
            machine.wait_until_healthy(name)
    for name in staying:
        machine.wait_until_healthy(name)
    life = Life(world)
    life.go_on()
    return Deployment(world, url, machine, life)


@pytest.mark.parametrize("name", _SERVICES)
def test_any_process_may_stay_away_and_come_back(deployment: Deployment, name: str):
    """Invoices are made, paid, voided, refunded and paid out meanwhile; then the books are right, and all is well."""
    deployment.stay_away(name)
    assert deployment.refused() == 0
    for each in deployment.machine.running:
        deployment.machine.wait_until_healthy(each)


def test_each_service_logs_in_as_itself(deployment: Deployment):
    """Nobody that stays is the owner; only the pages are o2c_pages."""
    machine = deployment.machine
    for name in ("receiver", "pages"):
        machine.wait_until_healthy(name)
    requests.get(f"http://127.0.0.1:{machine.ports['pages']}/o2c/gaps", timeout=30).raise_for_status()
    with psycopg.connect(deployment.url) as connection:
        connected = """SELECT usename, count(*) FROM pg_stat_activity
                       WHERE datname = 'o2c' AND usename <> 'postgres' GROUP BY 1"""
        logins = dict(connection.execute(connected).fetchall())
        owners = connection.execute("SELECT count(*) FROM public.runs").fetchone()
    assert logins.keys() == {"o2c_run", "o2c_pages"}
    assert owners is not None
    assert owners[0] > 0, "runs were made by a login that does not own their table"


def test_passwords_are_replaced_without_a_stop(deployment: Deployment):
    """As docs/deploy.md says. Who stays goes on, what starts logs in with the new one, and nobody with the old one."""
    machine, home = deployment.machine, deployment.world.home
    old = (home / "secrets" / "run_password").read_text()
    pids = {name: process.pid for name, process in machine.running.items()}
    for name in ("run_password", "pages_password"):
        (home / "secrets" / name).unlink()
    subprocess.run(["sh", home / "deploy" / "secrets.sh"], check=True, capture_output=True)
    assert machine.run("migrate") == 0, machine.said("migrate")
    deployment.life.go_on()
    deployment.wait_until(lambda: not deployment.faults() and not deployment.left(datetime.now(UTC)))
    for name in machine.running:
        machine.wait_until_healthy(name)
    requests.get(f"http://127.0.0.1:{machine.ports['pages']}/o2c/gaps", timeout=30).raise_for_status()
    assert {name: process.pid for name, process in machine.running.items()} == pids
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(as_login(deployment.url, "o2c_run", old))
    said = "".join((home / f"{name}.log").read_text() for name in (*machine.running, "migrate"))
    for name in ("run_password", "pages_password", "postgres_password"):
        assert (home / "secrets" / name).read_text() not in said
