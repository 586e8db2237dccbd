"""Logins of services: each may do what its service does, and nothing else, with a password that nobody is told."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from dagster._core.storage.event_log.schema import SqlEventLogStorageMetadata
from dagster._core.storage.runs.schema import RunStorageSqlMetadata
from dagster._core.storage.schedules.schema import ScheduleStorageSqlMetadata
from sqlalchemy import Engine

from o2c_orchestration.domain.errors import SettingsError, UnreachableError
from o2c_orchestration.store import dagster_tables, pages_role, roles
from o2c_orchestration.store.database import (
    go_back,
    make_logins,
    open_and_migrate,
    open_database,
    open_to_read,
    start_embedded,
    stop_embedded,
)
from o2c_orchestration.store.gap_sums import some_gaps
from o2c_orchestration.store.gaps import list_gaps
from o2c_orchestration.store.logins import PAGES, RUN
from o2c_orchestration.store.processes import processes
from o2c_orchestration.store.replica import standby
from o2c_orchestration.store.trace import trace
from o2c_orchestration_tests.e2e.compose import ROOT
from o2c_orchestration_tests.integration_store.test_audit import FORBIDDEN, write
from o2c_orchestration_tests.secured import as_login, secured

PASSWORDS = {RUN: "canary-of-run", PAGES: "canary-of-pages"}
OWNERS = "canary-of-the-owner"


@dataclass
class Server:
    """A server that asks for passwords, with our schema, Dagster's, and the logins."""

    home: Path
    admin: str

    @property
    def owner(self) -> str:
        return as_login(self.admin, "o2c", OWNERS)

    def url(self, name: str, password: str | None = None) -> str:
        return as_login(self.admin, name, password or PASSWORDS[name])

    def as_login(self, name: str, *statements: str, password: str | None = None) -> Any:
        """The last of what they answer, of a new session."""
        with psycopg.connect(self.url(name, password).replace("+psycopg", ""), autocommit=True) as connection:
            for statement in statements:
                found = connection.execute(statement)  # type: ignore[call-overload]
            return found.fetchone() if found.description else None

    def as_admin(self, *statements: str) -> None:
        with psycopg.connect(as_login(self.admin, "postgres"), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)  # type: ignore[call-overload]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Its log tells every statement."""
    home = Path(tempfile.mkdtemp(prefix="o2c-logins-"))
    try:
        found = Server(home, start_embedded(home))
        secured(home, found.admin, OWNERS)
        found.as_admin("ALTER SYSTEM SET log_statement = 'all'", "SELECT pg_reload_conf()")
        open_database(found.owner).dispose()
        _dagster(found, found.owner, "instance", "migrate")
        make_logins(found.owner, PASSWORDS)
        yield found
    finally:
        stop_embedded(home)
        shutil.rmtree(home, ignore_errors=True)


def _dagster(server: Server, url: str, *arguments: str) -> str:
    home = server.home / "dagster"
    home.mkdir(exist_ok=True)
    shutil.copyfile(ROOT / "dagster.yaml", home / "dagster.yaml")
    environment = {
        "DAGSTER_HOME": str(home),
        "O2C_DATABASE_URL": url,
        "PYTHONPATH": str(ROOT),
        "PATH": os.environ["PATH"],
    }
    command = [sys.executable, "-m", "dagster", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, cwd=server.home, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def working(server: Server) -> Iterator[Engine]:
    engine = open_database(server.url(RUN))
    yield engine
    engine.dispose()


@pytest.fixture
def showing(server: Server) -> Iterator[Engine]:
    engine = open_to_read(server.url(PAGES))
    yield engine
    engine.dispose()


def test_the_run_login_does_the_work(server: Server, working: Engine) -> None:
    """It writes documents and reads the trail, as the role that cannot change it."""
    assert roles.fence(working) == roles.Fence(roles.WORKER, tight=True)
    write(working, "in_run")
    assert trace(working, "in_run")


@pytest.mark.parametrize(
    "statement",
    [
        *FORBIDDEN,
        "DROP TABLE o2c.gaps",
        "ALTER TABLE o2c.gaps ADD COLUMN x integer",
        "ALTER TABLE o2c.audit DISABLE TRIGGER ALL",
        "DROP TRIGGER append_only ON o2c.audit",
        "CREATE TABLE o2c.mine (x integer)",
        "CREATE TABLE public.mine (x integer)",
        "CREATE SCHEMA mine",
        "UPDATE o2c.schema_version SET version_num = '0001'",
        "DROP TABLE public.runs",
        "ALTER TABLE public.runs ADD COLUMN x integer",
        "UPDATE public.alembic_version SET version_num = 'x'",
        "DROP SCHEMA o2c CASCADE",
        "SET ROLE o2c",
        f"ALTER ROLE {PAGES} PASSWORD 'mine'",
        f"GRANT o2c TO {RUN}",
        f"GRANT {roles.READER} TO {RUN}",
        "CREATE ROLE mine",
    ],
)
def test_the_run_login_changes_neither_tables_nor_the_trail(server: Server, working: Engine, statement: str) -> None:
    """As itself and as the role that it works as."""
    write(working, f"in_{abs(hash(statement))}")
    for role in ("NONE", roles.WORKER):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            server.as_login(RUN, f"SET ROLE {role}", statement)


def test_dagster_works_with_the_run_login(server: Server, working: Engine) -> None:
    """Every one of its tables can be read and written there, their numbers drawn, and nothing needs to be made."""
    metadata = (RunStorageSqlMetadata, SqlEventLogStorageMetadata, ScheduleStorageSqlMetadata)
    assert {name for each in metadata for name in each.tables} == set(dagster_tables.TABLES)
    for name in dagster_tables.TABLES:
        for right in ("SELECT", "INSERT", "UPDATE", "DELETE"):
            assert server.as_login(RUN, f"SELECT has_table_privilege('public.{name}', '{right}')") == (True,), name
    drawn = """SELECT count(*), bool_and(has_sequence_privilege(oid, 'USAGE')) FROM pg_class
               WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace"""
    count, all_of_them = server.as_login(RUN, drawn)
    assert count > 10
    assert all_of_them
    assert "PostgresRunStorage" in _dagster(server, server.url(RUN), "instance", "info")
    assert processes(working) is not None


def test_dagsters_tables_are_the_run_logins_and_not_the_works(server: Server) -> None:
    """What writes the books has no way to the queue of runs but as whoever logged in; who reads sees no log of it."""
    for role in (roles.WORKER, roles.READER, PAGES):
        server.as_admin(f"SET ROLE {role}")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            server.as_admin(f"SET ROLE {role}", "SELECT FROM public.runs")


def test_the_pages_login_shows_gaps_and_traces(working: Engine, showing: Engine) -> None:
    """All that the pages ask."""
    write(working, "in_shown")
    assert [step.id for step in trace(showing, "in_shown")] == [step.id for step in trace(working, "in_shown")] != []
    assert some_gaps(showing, 10, "open").count == 0
    assert list_gaps(showing, key="in_shown") == []


def test_the_pages_login_may_ask_whether_a_server_is_a_replica(server: Server) -> None:
    """Here it is none, and that is what it hears (e2e/test_replica.py asks a standby)."""
    with pytest.raises(UnreachableError, match="is no standby"), standby(server.url(PAGES)):
        pass


@pytest.mark.parametrize(
    "statement",
    [
        *FORBIDDEN,
        "SELECT payload FROM o2c.stripe_objects",
        "SELECT payload FROM o2c.salesforce_objects",
        "SELECT payload FROM o2c.quarantine",
        "SELECT email FROM o2c.customers",
        "SELECT * FROM o2c.netsuite_customers",
        "SELECT command FROM o2c.plan_entries",
        "SELECT * FROM o2c.journal",
        "SELECT * FROM o2c.audit",
        "SELECT * FROM o2c.customer_360",
        "SELECT * FROM public.event_logs",
        "UPDATE o2c.gaps SET state = 'resolved'",
        "DELETE FROM o2c.gaps",
        "INSERT INTO o2c.inbox (object_id) VALUES ('in_1')",
        "SELECT o2c.audit_publish('me')",
        "SELECT nextval('o2c.lease_token')",
        "CREATE TABLE public.mine (x integer)",
        f"SET ROLE {roles.WORKER}",
        f"SET ROLE {roles.READER}",
    ],
)
def test_the_pages_login_does_nothing_else(server: Server, statement: str) -> None:
    """In a session that would let it write, too."""
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        server.as_login(PAGES, "SET default_transaction_read_only = off", statement)


_EACH = [(table, column) for table, columns in pages_role.SHOWN.items() for column in columns.split(", ")]


@pytest.mark.parametrize(("table", "column"), _EACH)
def test_each_column_that_the_pages_login_may_read_is_needed(server: Server, table: str, column: str) -> None:
    """Without it gaps, a trace or the look at the schema's version is refused."""
    server.as_admin(f"REVOKE SELECT ({column}) ON o2c.{table} FROM {PAGES}")
    try:
        with pytest.raises(Exception, match="permission denied"):
            _ask(server.url(PAGES))
    finally:
        server.as_admin(f"GRANT SELECT ({column}) ON o2c.{table} TO {PAGES}")


def _ask(url: str) -> None:
    engine = open_to_read(url)
    try:
        trace(engine, "in_nobody")
        some_gaps(engine, 1, "open")
    finally:
        engine.dispose()


def test_a_password_is_replaced_while_all_goes_on(server: Server, working: Engine) -> None:
    """Who is connected stays; who connects needs the new one; a second time changes nothing."""
    write(working, "in_before")
    for _ in range(2):
        make_logins(server.owner, {RUN: "canary-of-run-2"})
    write(working, "in_meanwhile")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        server.as_login(RUN, "SELECT 1")
    assert server.as_login(RUN, "SELECT 1", password="canary-of-run-2") == (1,)
    assert server.as_login(PAGES, "SELECT 1") == (1,), "the other's is left alone"
    make_logins(server.owner, PASSWORDS)
    assert server.as_login(RUN, "SELECT 1") == (1,)


def test_no_password_stands_in_a_statement(server: Server) -> None:
    """PostgreSQL is told a verifier, which its log may show."""
    make_logins(server.owner, PASSWORDS)
    log = (server.home / "postgres" / "log").read_text()
    assert f'ALTER ROLE "{RUN}" LOGIN PASSWORD \'SCRAM-SHA-256$' in log
    for password in PASSWORDS.values():
        assert password not in log


def test_a_login_that_may_do_more_is_not_let_in(server: Server) -> None:
    """A superuser of that name, or a member of the owner: told by name, and its password stays what it was."""
    for more, less in (
        (f"ALTER ROLE {RUN} SUPERUSER", f"ALTER ROLE {RUN} NOSUPERUSER"),
        (f"GRANT o2c TO {RUN}", f"REVOKE o2c FROM {RUN}"),
    ):
        server.as_admin(more)
        try:
            with pytest.raises(SettingsError, match=f"login {RUN} may do more"):
                make_logins(server.owner, {RUN: "canary-of-run-3"})
        finally:
            server.as_admin(less)
    assert server.as_login(RUN, "SELECT 1") == (1,)


def test_logins_are_made_by_the_owner_alone(server: Server) -> None:
    """The run login cannot: refused in one line that shows no password."""
    with pytest.raises(SettingsError, match="may not make logins") as refused:
        make_logins(server.url(RUN), {PAGES: "canary-of-mine"})
    assert "canary" not in str(refused.value)
    assert "SCRAM" not in str(refused.value)


def test_the_run_login_waits_for_the_migration(server: Server) -> None:
    """It neither migrates nor works on another version's schema; a receiver answers 503 meanwhile."""
    go_back(server.owner, "0036")
    try:
        with pytest.raises(UnreachableError, match="this login may not bring it"):
            open_database(server.url(RUN))
    finally:
        open_and_migrate(server.owner)[0].dispose()
        make_logins(server.owner, PASSWORDS)
    open_database(server.url(RUN)).dispose()


def test_dagsters_tables_among_ours_are_taken_to_where_they_belong(server: Server) -> None:
    """A login called as our schema is has put them there: then they were the work's and the readers', and no figures
    of Dagster's processes were told."""
    with psycopg.connect(as_login(server.admin, "postgres"), autocommit=True) as admin:
        for name in (*dagster_tables.TABLES, dagster_tables.VERSION):
            admin.execute(f"ALTER TABLE public.{name} SET SCHEMA o2c")  # type: ignore[call-overload]
        admin.execute(f"GRANT ALL ON ALL TABLES IN SCHEMA o2c TO {roles.WORKER}, {roles.READER}")  # type: ignore[call-overload]
        admin.execute("ALTER ROLE o2c IN DATABASE o2c RESET search_path")
        admin.execute("INSERT INTO o2c.kvs (key, value) VALUES ('x', 'y')")
    engine = open_database(server.owner)
    assert processes(engine) is not None
    engine.dispose()
    make_logins(server.owner, PASSWORDS)
    assert server.as_login(RUN, "SELECT value FROM kvs") == ("y",)
    _dagster(server, server.owner, "instance", "migrate")
    with psycopg.connect(server.owner, autocommit=True) as owner:
        among = "SELECT count(*) FROM pg_tables WHERE schemaname = 'o2c' AND tablename = ANY(%s)"
        assert owner.execute(among, (list(dagster_tables.TABLES),)).fetchone() == (0,)
        assert owner.execute("SELECT current_schema()").fetchone() == ("public",)
    for role in (roles.WORKER, roles.READER):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            server.as_admin(f"SET ROLE {role}", "SELECT FROM public.event_logs")


def test_an_owner_that_is_no_superuser_makes_them_too() -> None:
    """As on a server that somebody else runs: it owns its database and may make roles."""
    home = Path(tempfile.mkdtemp(prefix="o2c-logins-"))
    try:
        server = Server(home, start_embedded(home))
        secured(home, server.admin, OWNERS)
        server.as_admin("ALTER ROLE o2c NOSUPERUSER CREATEROLE")
        open_database(server.owner).dispose()
        for _ in range(2):
            make_logins(server.owner, PASSWORDS)
        engine = open_database(server.url(RUN))
        assert roles.fence(engine).tight
        engine.dispose()
        _ask(server.url(PAGES))
    finally:
        stop_embedded(home)
        shutil.rmtree(home, ignore_errors=True)
