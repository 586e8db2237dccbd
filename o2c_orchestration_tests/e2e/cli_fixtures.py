"""The product pointed at a sandbox of a test's own: its environment, its assembly, and what the sandbox was asked.

What belongs here: context managers and little readers that several end-to-end modules share. What does not: tests.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import dagster as dg
import requests
import yaml

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.domain.policy_books import Books
from o2c_orchestration.orchestration.build import JOB, build_definitions
from o2c_orchestration.orchestration.partitions import daily_partitions, span
from o2c_orchestration.orchestration.resources import FromSettings
from o2c_orchestration.sandbox.company import Company, build
from o2c_orchestration.sandbox.config import SandboxConfig
from o2c_orchestration.sandbox.server import SandboxServer
from o2c_orchestration.settings import load_settings
from o2c_orchestration_tests.forked import Forked, plain_environment

_OURS = ("O2C_", "STRIPE_", "NETSUITE_", "SALESFORCE_", "DAGSTER_")
# Whoever waits longer waits for something that never comes.
_COMMAND_SECONDS = 600
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


def today() -> date:
    """The current day in UTC, which is the last partition."""
    return datetime.now(UTC).date()


def books_today() -> date:
    """The current day in the time zone of the books: what begins on it has begun, and on `today` it may not have."""
    return datetime.now(Books().zone).date()


@contextmanager
def environment(variables: Mapping[str, str]) -> Iterator[None]:
    """This process with exactly these variables of the product's, and the old ones back afterwards."""
    kept = dict(os.environ)
    for name in kept:
        if name.startswith(_OURS):
            del os.environ[name]
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(kept)


@dataclass
class World:
    """A sandbox with its state in `home`, a database, and the environment that points the product at both."""

    home: Path
    database_url: str
    config: SandboxConfig
    server: SandboxServer

    @property
    def base_url(self) -> str:
        return self.server.base_url

    def environment(self, mode: str = "sync", **policy: Any) -> dict[str, str]:
        """Variables for a process; `policy` goes into an o2c.yaml of its own."""
        path = self.home / "o2c.yaml"
        path.write_text(yaml.safe_dump({"stripe": {"requests_per_second": 90, "event_lag_seconds": 0}, **policy}))
        events = self.config.salesforce_events_port
        return {
            **self.config.client_environment(self.base_url),
            **({} if events is None else {"SALESFORCE_EVENTS_ENDPOINT": self.events()["endpoint"]}),
            "O2C_HOME": str(self.home),
            "O2C_DATABASE_URL": self.database_url,
            "O2C_CONFIG": str(path),
            "O2C_MODE": mode,
        }

    @contextmanager
    def assembly(self, mode: str = "sync", without: Sequence[str] = (), **policy: Any) -> Iterator[Assembly]:
        """The product, put together from an environment that lacks the variables that begin with `without`."""
        variables = self.environment(mode, **policy)
        kept = {name: value for name, value in variables.items() if not name.startswith(tuple(without) or ("?",))}
        with environment(kept):
            made = Assembly(load_settings())
            try:
                yield made
            finally:
                made.engine.dispose()

    def load(self, stripe: Sequence[Mapping[str, Any]] = (), netsuite: Sequence[Mapping[str, Any]] = ()) -> None:
        """Put wire objects into the sandbox as they are."""
        body = {"stripe": list(stripe), "netsuite": list(netsuite)}
        answer = requests.post(f"{self.base_url}/_sandbox/load", json=body, timeout=60)
        assert answer.status_code == 200, answer.text

    def load_company(self, made: Company) -> None:
        """A whole company, with its closed periods."""
        self.load(made.stripe, made.netsuite)
        for name in made.closed_periods:
            url = f"{self.base_url}/_sandbox/netsuite/periods"
            requests.post(url, json={"name": name, "closed": True}, timeout=30).raise_for_status()

    def stripe(self, path: str, **params: Any) -> dict[str, Any]:
        """One POST to Stripe's API, as whoever bills would make it."""
        headers = {"Authorization": f"Bearer {self.config.stripe_secret_key}"}
        answer = requests.post(f"{self.base_url}/v1/{path}", data=params, headers=headers, timeout=30)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def invoice(self, amount: int, *, customer: str | None = None, pay: bool = True) -> dict[str, Any]:
        """A new invoice in dollars, made and paid through Stripe's API."""
        customer = customer or self.stripe("customers", name="Newcomer", email="n@example.com")["id"]
        draft = self.stripe("invoices", customer=customer, currency="usd", auto_advance="false")
        item = {"customer": customer, "invoice": draft["id"], "amount": amount, "currency": "usd"}
        self.stripe("invoiceitems", **item, description="Work")
        final = self.stripe(f"invoices/{draft['id']}/finalize")
        return self.stripe(f"invoices/{draft['id']}/pay", payment_method="pm_card_visa") if pay else final

    def asked(self, system: str) -> list[dict[str, Any]]:
        """Requests that a system of the sandbox has seen."""
        return list(requests.get(f"{self.base_url}/_sandbox/requests", {"system": system}, timeout=30).json())

    def stripe_clock(self, later: int = 0) -> datetime:
        """The time at Stripe, `later` seconds after what it was."""
        answer = requests.post(f"{self.base_url}/_sandbox/stripe/clock", json={"advance": later}, timeout=30)
        return datetime.fromtimestamp(answer.json()["now"], UTC)

    def events(self, **told: Any) -> dict[str, Any]:
        """What somebody at the controls of Salesforce's change events does, and what stands there afterwards."""
        answer = requests.post(f"{self.base_url}/_sandbox/salesforce/events", json=told, timeout=30)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def record_writes(self) -> int:
        """How many requests have written a NetSuite record so far."""
        return sum(1 for each in self.asked("netsuite") if _writes_record(each))


def _writes_record(request: Mapping[str, Any]) -> bool:
    return request["method"] != "GET" and "/record/v1/" in request["path"]


@cache
def _key_pairs() -> dict[str, bytes]:
    """Private keys of the sandbox by file name: making them takes longer than a test."""
    with tempfile.TemporaryDirectory() as folder:
        SandboxConfig.demo(Path(folder))
        return {path.name: path.read_bytes() for path in Path(folder).glob("*.pem")}


@contextmanager
def sandbox(home: Path, database_url: str, **settings: Any) -> Iterator[World]:
    """An empty sandbox that keeps its state in `home`; `settings` are fields of its configuration."""
    (home / "sandbox").mkdir(parents=True, exist_ok=True)
    for name, key in _key_pairs().items():
        (home / "sandbox" / name).write_bytes(key)
    config = replace(SandboxConfig.demo(home / "sandbox"), **settings)
    with SandboxServer(home / "sandbox", config=config) as server:
        yield World(home, database_url, config, server)


def company(invoices: int = 30, days: int = 4) -> Company:
    """The demo company with few invoices on the days before today."""
    return build(3, invoices, today=today(), days=days)


def sound_company(invoices: int = 12, days: int = 4) -> Company:
    """Few invoices of which no book was kept yet: nothing in NetSuite, nothing wrong."""
    made = company(invoices, days)
    return Company(stripe=made.stripe, netsuite=[], truth=[])


def definitions(assembly: Assembly) -> dg.Definitions:
    """The code location over a given assembly."""
    return build_definitions(FromSettings(assembly), assembly.policy)


def run_days(
    assembly: Assembly, instance: dg.DagsterInstance, first: date, last: date, **tags: str
) -> dg.ExecuteInProcessResult:
    """The job over [first, last] in one run; a failure is returned, not raised."""
    days = span(daily_partitions(assembly.policy.books.start), first, last)
    job = definitions(assembly).resolve_job_def(JOB)
    return job.execute_in_process(instance=instance, tags={**days, **tags}, run_config=QUIET, raise_on_error=False)


def metadata(outcome: dg.ExecuteInProcessResult, *key: str) -> dict[str, Any]:
    """Metadata of the first materialization of an asset in a run, as plain values."""
    found = next(
        event.step_materialization_data.materialization
        for event in outcome.get_asset_materialization_events()
        if event.asset_key == dg.AssetKey([*key])
    )
    return {name: value.value for name, value in found.metadata.items()}


def by_partition(outcome: dg.ExecuteInProcessResult, *key: str) -> dict[str, dict[str, Any]]:
    """Metadata of all materializations of an asset in a run, by partition."""
    found = [
        event.step_materialization_data.materialization
        for event in outcome.get_asset_materialization_events()
        if event.asset_key == dg.AssetKey([*key])
    ]
    return {str(each.partition): {name: value.value for name, value in each.metadata.items()} for each in found}


def checks(outcome: dg.ExecuteInProcessResult) -> dict[str, Any]:
    """Check evaluations of a run by `asset/key:check`."""
    return {
        f"{each.asset_key.to_user_string()}:{each.check_name}": each for each in outcome.get_asset_check_evaluations()
    }


@dataclass(frozen=True)
class Told:
    """What a command left behind."""

    code: int
    out: str
    err: str
    seconds: float

    @property
    def line(self) -> str:
        """Standard error, which has to be a single line."""
        assert len(self.err.strip().splitlines()) == 1, self.err
        return self.err.strip()


class CommandLine:
    """Runs `o2c …` in processes of their own and keeps everything that they said."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self.said: list[str] = []
        self._plain = {**plain_environment(), "COLUMNS": "120"}

    def __call__(self, *arguments: str, cwd: Path | None = None, **variables: str) -> Told:
        """One command, in an empty directory unless told otherwise, with the given variables."""
        out, err = self._home / "out.txt", self._home / "err.txt"
        place = cwd or self._home / "empty"
        place.mkdir(exist_ok=True, parents=True)
        for file in (out, err):
            file.write_text("")
        began = time.monotonic()
        code = Forked(arguments, {**self._plain, **variables}, out, err, place).wait(_COMMAND_SECONDS)
        return self._kept(code, out.read_text(), err.read_text(), time.monotonic() - began)

    def alone(self, *arguments: str, **variables: str) -> Told:
        """One command as a person types it: a fresh interpreter with the module."""
        command = [sys.executable, "-m", "o2c_orchestration.cli", *arguments]
        place = self._home / "empty"
        place.mkdir(exist_ok=True, parents=True)
        began = time.monotonic()
        done = subprocess.run(
            command, cwd=place, env={**self._plain, **variables}, capture_output=True, text=True, timeout=300
        )
        return self._kept(done.returncode, done.stdout, done.stderr, time.monotonic() - began)

    def _kept(self, code: int, out: str, err: str, seconds: float) -> Told:
        self.said += [out, err]
        return Told(code, out, err, seconds)
