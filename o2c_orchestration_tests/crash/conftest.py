"""A small company, read but not yet written: made once, then copied for every case."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text

from o2c_orchestration.sandbox.company import build
from o2c_orchestration.sandbox.config import SandboxConfig
from o2c_orchestration.store import journal, letters
from o2c_orchestration.store.database import open_database
from o2c_orchestration_tests.conftest import NewDatabase
from o2c_orchestration_tests.crash import audit
from o2c_orchestration_tests.crash.worker import Child, finish
from o2c_orchestration_tests.crash.world import TODAY, Books, Policy, World, database_like, read_everything, sandbox

# So small a company has every kind of document, an uncollectible invoice and a payout that came back.
INVOICES, DAYS = 24, 6


@dataclass
class Case:
    """One company to be interrupted."""

    world: World
    books: Books
    database_url: str
    environment: dict[str, str] = field(init=False)
    children: list[Child] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.environment = self.world.environment(self.database_url)

    def start(
        self,
        target: Callable[..., None],
        *arguments: Any,
        policy: Policy | None = None,
        **options: Any,
    ) -> Child:
        """A process on this company's days, with a policy other than the usual if one is given."""
        environment = self.world.environment(self.database_url, policy=policy) if policy else self.environment
        self.children.append(Child(target, environment, self.books.span, *arguments, **options))
        return self.children[-1]

    def end(self) -> None:
        """No process outlives its case, not even one that was left asleep."""
        for child in self.children:
            if child.process.exitcode is None:
                child.kill()
                child.wait()

    def states(self) -> dict[str, int]:
        """Journal rows by state."""
        with self.engine() as engine:
            return journal.counts(engine)

    def history(self) -> list[tuple[str, str, str]]:
        """Everything that the journal ever recorded: external id, state, note."""
        query = """SELECT external_id, h.state, note FROM o2c.journal_history h JOIN o2c.journal j ON j.id = journal_id
                   ORDER BY at, external_id"""
        with self.engine() as engine, engine.begin() as connection:
            return [(row[0], row[1], row[2]) for row in connection.execute(text(query))]

    def retry_refused(self) -> None:
        """Put every refused write back in line, as a person does who has removed the reason."""
        with self.engine() as engine:
            assert letters.reopen(engine, [], "test")

    @contextmanager
    def engine(self) -> Iterator[Engine]:
        """The product's engine on the company's database."""
        engine = open_database(self.database_url)
        try:
            yield engine
        finally:
            engine.dispose()

    def finish(self) -> None:
        """A fresh process, without faults, brings everything to its end."""
        self.world.faults()
        self.time_passes()
        self.start(finish).finish()

    def check(self) -> None:
        """Each document once, none missing, none too many, every amount right, and the journal knows."""
        assert audit.actual(self.world.state) == audit.expected(self.books)
        assert audit.over_applied(self.world.state) == []
        assert audit.deposited_twice(self.world.state) == []
        assert audit.doubled(self.world.state, self.books) == []
        assert self.states().keys() == {"done"}

    def never_asked_twice(self) -> None:
        """NetSuite had to refuse no second copy: whatever was in doubt was looked up first."""
        assert [each for each in self.world.writes() if each["status"] == 400] == []

    def close_books(self, *, closed: bool = True) -> None:
        """Close the months of the company's invoices, or open them again."""
        first, last = self.books.span
        for day in {first.replace(day=1), last.replace(day=1), first.replace(day=1) - timedelta(days=1)}:
            self.world.ask("POST", "netsuite/periods", {"name": f"{day:%b %Y}", "closed": closed})

    def time_passes(self) -> None:
        """Whatever waits for its time is due now."""
        with self.engine() as engine, engine.begin() as connection:
            due = "UPDATE o2c.journal SET next_attempt_at = now() WHERE next_attempt_at < 'infinity'"
            connection.execute(text(due))


@dataclass(frozen=True)
class Prepared:
    """The company as files and a database to copy."""

    state: Path
    database_url: str
    books: Books


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
    company = build(11, INVOICES, today=TODAY, days=DAYS)
    books = Books(company.stripe, days=DAYS)
    with new_database() as url:
        with sandbox(folder / "state", keys) as world:
            world.load(books)
            with world.product(url) as assembly:
                read_everything(assembly, books.span)
        yield Prepared(folder / "state", url, books)


@pytest.fixture
def new_case(prepared: Prepared, tmp_path: Path, keys: Path) -> Callable[[], AbstractContextManager[Case]]:
    """Makes copies of the prepared company."""

    @contextmanager
    def make() -> Iterator[Case]:
        state = tmp_path / uuid4().hex[:8] / "state"
        shutil.copytree(prepared.state, state)
        with database_like(prepared.database_url) as url, sandbox(state, keys) as world:
            made = Case(world, prepared.books, url)
            try:
                yield made
            finally:
                made.end()

    return make


@pytest.fixture
def case(new_case: Callable[[], AbstractContextManager[Case]]) -> Iterator[Case]:
    """A copy of the prepared company."""
    with new_case() as made:
        yield made
