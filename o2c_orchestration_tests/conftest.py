"""Fixtures for every test: a real embedded PostgreSQL, and a database of its own for each test that wants one."""

import gc
import os
import shutil
import signal
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine
from sqlalchemy.engine import make_url

from o2c_orchestration.store import database
from o2c_orchestration.store.database import SORTED_BY_BYTES, open_database, raw_cursor, start_embedded, stop_embedded
from o2c_orchestration_tests.memory import SERVER_FOR_TESTS, in_memory

# Tests share builders by their full name, also where the project is not installed in place.
sys.path.insert(0, str(Path(__file__).parents[1]))

# Workers share the cores already: threads of the linear algebra take twelve times the processor's time here. It asks
# when it is first loaded, and so do the processes that tests start.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# What starts the suite in the background may ignore Ctrl-C, and all that tests start would inherit that.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Databases, ledgers and event logs of tests, and those of the processes that they start. What kills processes leaves
# memory alone, so it is as good as a disk for tests of crashes.
if (_memory := in_memory()) is not None:
    os.environ["TMPDIR"] = tempfile.tempdir = str(_memory)

# Examples go to a real database here and there, so a slow machine must not fail them.
# The everyday run tries the same examples each time; HYPOTHESIS_PROFILE=thorough goes looking for new ones.
settings.register_profile(
    "o2c", max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("thorough", parent=settings.get_profile("o2c"), max_examples=1000, derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "o2c"))

# A fresh database: its URL, dropped when the context ends.
NewDatabase = Callable[[], AbstractContextManager[str]]

_TEMPLATE = "o2c_template"
# A test's database is thrown away, so nothing is lost by not waiting for the disk.
_UNSAFE = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")
# Each database that is dropped is looked for in all pages of memory, and each connection is a process with a map of
# them; a test's whole database has a tenth of these.
_PAGES_MIB = (64, 64)


# Minutes each: begun first, so that none of them is what everybody waits for in the end.
_LONG = (
    *("simulation/test_simulation.py", "e2e/test_outages.py", "e2e/test_demo.py", "e2e/test_cli.py"),
    "properties/test_gaps.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first; for the rest, the order stays."""
    items.sort(key=lambda item: not str(item.path).endswith(_LONG))
    # What was imported and collected stays: each full collection would go through all of it.
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """URL of an embedded server's own database; the server ends with the session, unless it was there before."""
    if given := os.environ.get(SERVER_FOR_TESTS):
        yield given
        return
    # Not in pytest's own folder: each pytest that starts as root locks others out of it, such as a server under
    # another user that an earlier one has running there.
    home = Path(tempfile.mkdtemp(prefix="o2c-tests-"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "_PAGES_MIB", _PAGES_MIB)
        url = start_embedded(home)
    with psycopg.connect(url, autocommit=True) as connection:
        for setting in _UNSAFE:
            connection.execute(f"ALTER SYSTEM SET {setting}")
        connection.execute("SELECT pg_reload_conf()")
    yield url
    stop_embedded(home)
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def empty_database(postgres_url: str) -> NewDatabase:
    """Makes databases without any schema, for tests of the migration itself."""
    return lambda: _database(postgres_url, "template0")


@pytest.fixture(scope="session")
def new_database(postgres_url: str) -> NewDatabase:
    """Makes migrated, empty databases, by copying one that was migrated once."""
    # A server that outlives the session has it from an earlier one.
    with psycopg.connect(postgres_url) as connection:
        there = connection.execute("SELECT FROM pg_database WHERE datname = %s", (_TEMPLATE,)).fetchone()
    if there is None:
        _execute(postgres_url, f"CREATE DATABASE {_TEMPLATE} TEMPLATE template0 {SORTED_BY_BYTES}")
        open_database(_named(postgres_url, _TEMPLATE)).dispose()
    return lambda: _database(postgres_url, _TEMPLATE)


@pytest.fixture
def database_url(new_database: NewDatabase) -> Iterator[str]:
    """URL of a migrated, empty database of this test's own."""
    with new_database() as url:
        yield url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on this test's own migrated, empty database."""
    opened = open_database(database_url)
    yield opened
    opened.dispose()


@pytest.fixture(scope="module")
def shared_engine(new_database: NewDatabase) -> Iterator[Engine]:
    """An engine on one database for all tests of a module, for properties: each example empties it first."""
    with new_database() as url:
        opened = open_database(url)
        yield opened
        opened.dispose()


@pytest.fixture(scope="session")
def empty_tables() -> Callable[[Engine], None]:
    """Empties every table of a database, the schema's version and the audit trail left alone."""
    return _empty


def _empty(engine: Engine) -> None:
    with raw_cursor(engine) as cursor:
        cursor.execute(
            """SELECT string_agg('DELETE FROM o2c.' || quote_ident(tablename), '; '
                                 ORDER BY tablename <> 'journal_history') FROM pg_tables
               WHERE schemaname = 'o2c' AND tablename <> 'schema_version' AND tablename NOT LIKE 'audit%'"""
        )
        statements = cursor.fetchone()
        assert statements is not None
        cursor.execute(str(statements[0]))


@contextmanager
def _database(postgres_url: str, template: str) -> Iterator[str]:
    name = f"test_{uuid.uuid4().hex[:12]}"
    # Copying files takes half the work of logging each page, since nothing waits for a disk here.
    _execute(postgres_url, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    try:
        yield _named(postgres_url, name)
    finally:
        _execute(postgres_url, f"DROP DATABASE {name} WITH (FORCE)")


def _named(postgres_url: str, name: str) -> str:
    return make_url(postgres_url).set(database=name).render_as_string(hide_password=False)


def _execute(postgres_url: str, statement: str) -> None:
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(statement)
