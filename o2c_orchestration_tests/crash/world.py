"""A small company on a sandbox of its own, a database of its own, and the product pointed at both.

What belongs here: starting and steering the sandbox, making settings and assemblies, running the stages in order.
What does not: what the books must look like afterwards (`audit`), and killing processes (`worker`).
"""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import requests
import yaml
from sqlalchemy.engine import make_url

from o2c_orchestration.apply.execute import ApplyResult
from o2c_orchestration.assembly import Assembly
from o2c_orchestration.reconcile import reconcile
from o2c_orchestration.sandbox.config import SandboxConfig
from o2c_orchestration.sandbox.server import SandboxServer
from o2c_orchestration.settings import Environment, Settings, load_policy
from o2c_orchestration.store import gaps

# Fixed, so that every run sees the same company; a clock that is behind gets one of its own day.
TODAY = min(date(2026, 11, 20), datetime.now(UTC).date())
KINDS = (
    *("customer", "invoice", "charge", "invoice_payment"),
    *("credit_note", "refund", "dispute", "balance_transaction", "payout"),
)
# NetSuite's own paths; getting a token is not among them.
RECORD_PATH = "/services/rest/record/v1/"
WRITING = ("POST", "PUT", "PATCH", "DELETE")
# Sections of o2c.yaml.
Policy = dict[str, dict[str, Any]]
# Waits that a person would not notice, so that a case takes a second instead of ten.
QUICK: Policy = {
    "stripe": {"requests_per_second": 90, "requests_in_flight": 2},
    "apply": {"resolve_after_seconds": 0.1, "lease_seconds": 5, "certain_after_seconds": 0.3},
}


@dataclass(frozen=True)
class Books:
    """What a sandbox is loaded with: wire objects of Stripe, records of NetSuite, periods to close."""

    stripe: Sequence[dict[str, Any]]
    netsuite: Sequence[dict[str, Any]] = ()
    closed_periods: Sequence[str] = ()
    truth: Sequence[dict[str, Any]] = ()
    days: int = 30
    # Internal ids of the loaded records, by key.
    keys: dict[str, str] = field(default_factory=dict)

    @property
    def span(self) -> tuple[date, date]:
        """The days to run, both included: all on which something was created."""
        return TODAY - timedelta(days=self.days), TODAY

    def of(self, kind: str) -> list[dict[str, Any]]:
        """Stripe's objects of one kind."""
        return [thing for thing in self.stripe if thing["object"] == kind]


@dataclass
class World:
    """A running sandbox and where its state lies."""

    base_url: str
    state: Path
    config: SandboxConfig

    def environment(self, database_url: str, mode: str = "sync", policy: Policy | None = None) -> dict[str, str]:
        """Environment variables that point the product here; `policy` is laid over QUICK, section by section."""
        home = self.state.parent / f"home-{uuid4().hex[:8]}"
        home.mkdir()
        asked = policy or {}
        sections = {name: QUICK.get(name, {}) | asked.get(name, {}) for name in QUICK | asked}
        (home / "o2c.yaml").write_text(yaml.safe_dump(sections))
        own = {"O2C_HOME": home, "O2C_CONFIG": home / "o2c.yaml", "O2C_MODE": mode, "O2C_DATABASE_URL": database_url}
        return self.config.client_environment(self.base_url) | {name: str(value) for name, value in own.items()}

    @contextmanager
    def product(self, database_url: str, mode: str = "sync", policy: Policy | None = None) -> Iterator[Assembly]:
        """The product in this process, as the command line puts it together."""
        values: Any = self.environment(database_url, mode, policy)
        environment = Environment(**values)
        assembly = Assembly(Settings(environment, load_policy(environment.config)))
        yield assembly
        assembly.netsuite.close()
        assembly.engine.dispose()

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """One request to the sandbox's own switchboard."""
        answer = requests.request(method, f"{self.base_url}/_sandbox/{path}", json=body, timeout=60)
        assert answer.ok, answer.text
        return answer.json()

    def faults(self, *rules: dict[str, Any]) -> None:
        """Put these faults in force instead of all others; none for none."""
        self.ask("DELETE", "faults")
        self.ask("POST", "faults", [{"system": "netsuite", "path_regex": "/record/v1/"} | rule for rule in rules])

    def forget_requests(self) -> None:
        """Count from nothing again."""
        self.ask("DELETE", "stats")

    def stats(self) -> dict[str, Any]:
        """Counts of requests, and the most in flight at once."""
        return dict(self.ask("GET", "stats"))

    def requests(self, system: str, *methods: str) -> list[dict[str, Any]]:
        """The requests that a system saw since the counters were reset, oldest first."""
        seen = self.ask("GET", f"requests?system={system}")
        return [each for each in seen if not methods or each["method"] in methods]

    def writes(self) -> list[dict[str, Any]]:
        """The requests that could have changed a NetSuite record."""
        return [each for each in self.requests("netsuite", *WRITING) if each["path"].startswith(RECORD_PATH)]

    def load(self, books: Books) -> None:
        """Put the company in, and close its periods."""
        made = self.ask("POST", "load", {"stripe": list(books.stripe), "netsuite": list(books.netsuite)})
        books.keys.update(made["netsuite"])
        for name in books.closed_periods:
            self.ask("POST", "netsuite/periods", {"name": name, "closed": True})


@contextmanager
def sandbox(state: Path, keys: Path) -> Iterator[World]:
    """Serve a sandbox from `state`; `keys` holds the key pairs, which take long to make."""
    state.mkdir(parents=True, exist_ok=True)
    for pem in keys.glob("*.pem"):
        if not (state / pem.name).exists():
            shutil.copy(pem, state / pem.name)
    config = SandboxConfig.demo(state)
    with SandboxServer(state, config=config) as server:
        yield World(server.base_url, state, config)


@contextmanager
def database_like(template_url: str) -> Iterator[str]:
    """A copy of a database that nobody is connected to, dropped at the end."""
    url, name = make_url(template_url), f"copy_{uuid4().hex[:12]}"
    postgres = url.set(database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {url.database} STRATEGY FILE_COPY")
    try:
        yield url.set(database=name).render_as_string(hide_password=False)
    finally:
        with psycopg.connect(postgres, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def read_everything(assembly: Assembly, span: tuple[date, date]) -> None:
    """The stages before plan, in the order of the asset graph."""
    assembly.extract(list(KINDS), *span)
    assembly.read_reference()
    for kind in KINDS:
        assembly.validate(kind)
    assembly.read_ledger(*span, stage="extract")
    assembly.complete(*span)


def write_and_compare(assembly: Assembly, span: tuple[date, date]) -> ApplyResult | None:
    """Plan, apply, mirror and reconcile."""
    assembly.plan(*span)
    outcome = assembly.apply(*span)
    assembly.read_ledger(*span)
    reconcile(assembly.engine, assembly.policy)
    return outcome


def run(assembly: Assembly, span: tuple[date, date]) -> ApplyResult | None:
    """All stages, as one run does them."""
    read_everything(assembly, span)
    return write_and_compare(assembly, span)


def look_again(assembly: Assembly, span: tuple[date, date]) -> None:
    """What the next run sees of the ledger, without a write."""
    assembly.read_ledger(*span)
    reconcile(assembly.engine, assembly.policy)


def open_gaps(assembly: Assembly) -> set[tuple[str, str | None]]:
    """Kind, and Stripe id or else NetSuite id, of every open gap."""
    return {(gap.kind, gap.stripe_id or gap.netsuite_id) for gap in gaps.list_gaps(assembly.engine)}
