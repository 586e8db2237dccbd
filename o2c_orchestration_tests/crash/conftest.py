"""A small company, read but not yet written: made once, then copied for every case."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from o2c_orchestration.sandbox.company import build
from o2c_orchestration.sandbox.config import SandboxConfig
from o2c_orchestration.store import journal
from o2c_orchestration.store.database import open_database
from o2c_orchestration_tests.conftest import NewDatabase
from o2c_orchestration_tests.crash import audit
from o2c_orchestration_tests.crash.worker import Child, finish
from o2c_orchestration_tests.crash.world import TODAY, Books, World, database_like, read_everything, sandbox

DAYS = 4


@dataclass
class Case:
    """One company to be interrupted. `outcast` are customers whose invoices NetSuite refuses."""

    world: World
    books: Books
    database_url: str
    outcast: frozenset[str]
    environment: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.environment = self.world.environment(self.database_url)

    def start(self, target: Callable[..., None], *arguments: Any, **policy: dict[str, Any]) -> Child:
        """A process on this company's days."""
        environment = self.world.environment(self.database_url, **policy) if policy else self.environment
        return Child(target, environment, self.books.span, *arguments)

    def states(self) -> dict[str, int]:
        """Journal rows by state."""
        engine = open_database(self.database_url)
        try:
            return journal.counts(engine)
        finally:
            engine.dispose()

    def finish(self) -> None:
        """A fresh process, without faults, brings everything to its end."""
        self.world.faults()
        self.start(finish).finish()

    def check(self) -> None:
        """Each document once, none missing, none too many, every amount right, and the journal knows."""
        assert audit.actual(self.world.state) == audit.expected(self.books, without=self.outcast)
        assert audit.over_applied(self.world.state) == []
        assert audit.doubled(self.world.state) == []
        states = self.states()
        assert states.keys() <= {"done", "refused", "intent"}, states

    def never_asked_twice(self) -> None:
        """NetSuite had to refuse no second copy: whatever was in doubt was looked up first."""
        refused = [each for each in self.world.writes() if each["status"] == 400]
        assert len(refused) == self.refusable, refused

    @property
    def refusable(self) -> int:
        """How many writes NetSuite refuses for a reason: the invoices of outcasts."""
        return sum(1 for each in self.books.of("invoice") if each["customer"] in self.outcast)


@dataclass(frozen=True)
class Prepared:
    """The company as files and a database to copy."""

    state: Path
    database_url: str
    books: Books
    outcast: frozenset[str]


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Key pairs of the sandbox: making them takes longer than a case."""
    folder: Path = tmp_path_factory.mktemp("keys")
    SandboxConfig.demo(folder)
    return folder


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory, keys: Path, new_database: NewDatabase) -> Iterator[Prepared]:
    """Everything of Stripe and the empty ledger are in the store; nothing is planned yet."""
    folder: Path = tmp_path_factory.mktemp("prepared")
    company = build(11, 14, today=TODAY, days=DAYS)
    outcast = outcasts(company.stripe)
    netsuite = [_dollars_only(customer) for customer in sorted(outcast)]
    books = Books(company.stripe, netsuite, days=DAYS)
    with new_database() as url:
        with sandbox(folder / "state", keys) as world:
            world.load(books)
            with world.product(url) as assembly:
                read_everything(assembly, books.span)
        yield Prepared(folder / "state", url, books, outcast)


def outcasts(stripe: list[dict[str, Any]]) -> frozenset[str]:
    """Two customers with an open invoice in another currency than dollars; NetSuite will know them in dollars."""
    statuses: dict[str, set[str]] = {}
    for invoice in stripe:
        if invoice["object"] == "invoice" and invoice["currency"] != "usd":
            statuses.setdefault(invoice["customer"], set()).add(invoice["status"])
    return frozenset(sorted(key for key, found in statuses.items() if found <= {"open", "paid"})[:2])


def _dollars_only(customer: str) -> dict[str, Any]:
    body = {"externalId": customer, "companyName": customer, "subsidiary": {"id": "1"}, "currency": {"id": "1"}}
    return {"recordType": "customer", "body": body}


@pytest.fixture
def new_case(prepared: Prepared, tmp_path: Path, keys: Path) -> Callable[[], AbstractContextManager[Case]]:
    """Makes copies of the prepared company."""

    @contextmanager
    def make() -> Iterator[Case]:
        state = tmp_path / uuid4().hex[:8] / "state"
        shutil.copytree(prepared.state, state)
        with database_like(prepared.database_url) as url, sandbox(state, keys) as world:
            yield Case(world, prepared.books, url, prepared.outcast)

    return make


@pytest.fixture
def case(new_case: Callable[[], AbstractContextManager[Case]]) -> Iterator[Case]:
    """A copy of the prepared company."""
    with new_case() as made:
        yield made
