"""Migrations at start, against a real PostgreSQL."""

import threading

import psycopg
import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url

from o2c_orchestration.domain.errors import DatabaseNewerThanCode, SchemaMismatch, SettingsError, UnreachableError
from o2c_orchestration.store.database import open_database, ping
from o2c_orchestration.store.migrate import BACK_TO, migrate


def _engine(url: str) -> Engine:
    return create_engine(make_url(url).set(drivername="postgresql+psycopg"))


def _tables(engine: Engine) -> set[str]:
    with engine.connect() as connection:
        return set(connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'o2c'")).scalars())


def test_an_empty_database_gets_the_schema(empty_database):
    """From nothing to the newest revision in one call, which says where it came from and where it is."""
    with empty_database() as url:
        engine = _engine(url)
        before, after = migrate(engine)
        assert before is None
        assert {"invoices", "payments", "journal", "gaps", "inbox", "schema_version"} <= _tables(engine)
        assert migrate(engine) == (after, after)
        engine.dispose()


def test_running_twice_does_nothing(engine):
    """A second migration leaves rows and tables as they are."""
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO o2c.cursors (name, value) VALUES ('kept', '1')"))
    before = _tables(engine)
    revision = migrate(engine)
    assert revision[0] == revision[1]
    assert before == _tables(engine)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT value FROM o2c.cursors")).scalars().all() == ["1"]


def _as_of_a_newer_version(database_url: str) -> None:
    """By the owner: whoever only works here may not say so."""
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE o2c.schema_version SET version_num = '9999'")


def test_a_database_newer_than_the_code_is_refused(engine, database_url):
    """An unknown revision is refused with what to do, exit code 2, and nothing is changed."""
    _as_of_a_newer_version(database_url)
    with pytest.raises(DatabaseNewerThanCode, match="9999") as caught:
        open_database(database_url)
    assert caught.value.exit_code == 2
    assert "newer" in caught.value.what_to_do
    with engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM o2c.schema_version")).scalar() == "9999"


def test_tables_of_another_revision_than_is_named_are_refused(engine, database_url):
    """As when a backup was restored over a newer schema: one line, exit code 2, and no table comes, goes or changes."""
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE o2c.schema_version SET version_num = %s", (BACK_TO,))
    before = _tables(engine)
    for _ in range(2):
        with pytest.raises(SchemaMismatch, match=f"revision {BACK_TO}.*exist") as caught:
            open_database(database_url)
    assert caught.value.exit_code == 2
    assert "\n" not in str(caught.value)
    assert "docs/deploy.md" in caught.value.what_to_do
    assert _tables(engine) == before


def test_a_refused_migration_leaves_no_lock_behind(engine, database_url):
    """After a refusal, the next process is refused too instead of waiting for ever."""
    _as_of_a_newer_version(database_url)
    for _ in range(2):
        with pytest.raises(DatabaseNewerThanCode):
            migrate(engine)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")).scalar() == 0


def test_two_processes_that_start_at_once_both_succeed(empty_database):
    """Of several starts at the same moment one migrates and the others wait for it."""
    with empty_database() as url:
        start = threading.Barrier(4)
        outcomes: list[object] = []

        def begin() -> None:
            engine = _engine(url)
            start.wait()
            try:
                outcomes.append(migrate(engine))
            except Exception as error:
                outcomes.append(error)
            finally:
                engine.dispose()

        threads = [threading.Thread(target=begin) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        assert len(outcomes) == 4
        assert all(isinstance(outcome, tuple) for outcome in outcomes), outcomes
        assert sum(outcome[0] is None for outcome in outcomes) == 1
        assert len({outcome[1] for outcome in outcomes}) == 1


def test_a_url_that_is_none_is_told_in_one_line():
    """A wrong O2C_DATABASE_URL is a settings error, exit code 2, without the URL (it may hold a password)."""
    with pytest.raises(SettingsError, match="O2C_DATABASE_URL") as caught:
        open_database("not a url with s3cret")
    assert "s3cret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_server_that_is_away_is_told_in_one_line():
    """An unreachable server names the host, not the password, and says what to do."""
    with pytest.raises(UnreachableError, match=r"127\.0\.0\.1") as caught:
        open_database("postgresql://user:s3cret@127.0.0.1:1/none")
    assert "s3cret" not in str(caught.value)
    assert "\n" not in str(caught.value)
    assert "O2C_DATABASE_URL" in caught.value.what_to_do


def test_ping_tells_the_version(engine):
    """The preflight can say which server it talks to."""
    assert ping(engine).split(".")[0].isdigit()


def test_a_frozen_process_gives_its_locks_back(engine):
    """PostgreSQL itself ends a transaction in which nothing happens for two minutes."""
    with engine.connect() as connection:
        assert connection.execute(text("SHOW idle_in_transaction_session_timeout")).scalar() == "2min"
