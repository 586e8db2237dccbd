"""Companies on sandboxes of their own for the end-to-end tests: one to look at, and copies to spoil."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.extract.stripe import PATHS
from o2c_orchestration.reconcile import reconcile
from o2c_orchestration.sandbox.company import build
from o2c_orchestration.sandbox.config import SandboxConfig
from o2c_orchestration_tests.conftest import NewDatabase
from o2c_orchestration_tests.crash.world import TODAY, Books, Policy, World, database_like, run, sandbox
from o2c_orchestration_tests.e2e import cli_fixtures
from o2c_orchestration_tests.e2e.seller import Seller


@dataclass
class Company:
    """A sandbox with a company in it, and the product on a database of its own."""

    world: World
    books: Books
    database_url: str
    product: Assembly

    def run(self) -> None:
        """All stages over all days, with the requests counted from nothing."""
        self.world.forget_requests()
        run(self.product, self.books.span)


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Key pairs of the sandbox: making them takes longer than a test."""
    folder: Path = tmp_path_factory.mktemp("keys")
    SandboxConfig.demo(folder)
    return folder


def demo_books(invoices: int, days: int) -> Books:
    """The demo company with its books of the first third, mistakes and truth."""
    made = build(7, invoices, today=TODAY, days=days)
    return Books(made.stripe, made.netsuite, made.closed_periods, made.truth, days)


def fresh_books() -> Books:
    """A small company that nobody has kept books for."""
    return Books(build(11, 14, today=TODAY, days=4).stripe, days=4)


@contextmanager
def opened(world: World, books: Books, url: str, mode: str = "sync", policy: Policy | None = None) -> Iterator[Company]:
    """The product pointed at a loaded sandbox."""
    with world.product(url, mode, policy) as product:
        yield Company(world, books, url, product)


@pytest.fixture
def fresh(tmp_path: Path, keys: Path, new_database: NewDatabase) -> Iterator[Company]:
    """A small company, loaded and not yet run."""
    books = fresh_books()
    with new_database() as url, sandbox(tmp_path / "state", keys) as world:
        world.load(books)
        with opened(world, books, url) as company:
            yield company


@dataclass(frozen=True)
class Kept:
    """A company at rest: its files and its database."""

    state: Path
    database_url: str
    books: Books


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory, keys: Path, new_database: NewDatabase) -> Iterator[Kept]:
    """The small company after one run: everything is written and nothing is open."""
    state, books = tmp_path_factory.mktemp("kept") / "state", fresh_books()
    with new_database() as url:
        with sandbox(state, keys) as world:
            world.load(books)
            with opened(world, books, url) as company:
                company.run()
        yield Kept(state, url, books)


@pytest.fixture
def synced(tmp_path: Path, keys: Path, kept: Kept) -> Iterator[Company]:
    """A copy of the company after one run, to be spoilt."""
    state = tmp_path / uuid4().hex[:8] / "state"
    shutil.copytree(kept.state, state)
    with (
        database_like(kept.database_url) as url,
        sandbox(state, keys) as world,
        opened(world, kept.books, url) as company,
    ):
        yield company


@pytest.fixture(scope="session")
def moved(tmp_path_factory: pytest.TempPathFactory, keys: Path, new_database: NewDatabase) -> Iterator[Company]:
    """The demo company after one run over all its objects, to be looked at only: everything that can be is written."""
    books = demo_books(60, 12)
    with new_database() as url, sandbox(tmp_path_factory.mktemp("moved") / "state", keys) as world:
        world.load(books)
        with opened(world, books, url) as company:
            run_everything(company)
            yield company


def run_everything(company: Company) -> None:
    """All stages over all days and all kinds of objects."""
    product, span = company.product, company.books.span
    product.extract(list(PATHS), *span)
    product.read_reference()
    for kind in PATHS:
        product.validate(kind)
    product.read_ledger(*span)
    product.complete(*span)
    product.plan(*span)
    product.apply(*span)
    product.read_ledger(*span)
    reconcile(product.engine, product.policy)


@pytest.fixture
def world(tmp_path: Path, new_database: NewDatabase) -> Iterator[cli_fixtures.World]:
    """A sandbox of all three systems in which nothing has happened, and an empty database."""
    with new_database() as url, cli_fixtures.sandbox(tmp_path, url) as made:
        yield made


@pytest.fixture
def seller(world: cli_fixtures.World) -> Seller:
    """Who sells in its Salesforce."""
    return Seller(world.base_url, world.config)
