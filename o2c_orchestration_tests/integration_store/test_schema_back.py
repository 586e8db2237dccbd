"""From the schema of the release before to this one and back: the same tables, and the same rows in each of them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.command import upgrade
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.engine import make_url

from o2c_orchestration.domain.errors import CannotGoBack
from o2c_orchestration.store import audit
from o2c_orchestration.store.database import go_back, open_database
from o2c_orchestration.store.migrate import BACK_TO, _config, _revisions, migrate, take_back
from o2c_orchestration_tests.conftest import NewDatabase

# What the schema consists of, each part with its definition. Rights are given again by each migration.
_PARTS = """
SELECT 'column', table_name || '.' || column_name, concat_ws(' ', data_type, udt_name, is_nullable, column_default,
       generation_expression, identity_generation) FROM information_schema.columns WHERE table_schema = 'o2c'
UNION ALL SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = 'o2c'
UNION ALL SELECT 'constraint', conrelid::regclass || '.' || conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'o2c'::regnamespace
UNION ALL SELECT 'view', viewname, definition FROM pg_views WHERE schemaname = 'o2c'
UNION ALL SELECT 'function', oid::regprocedure::text, pg_get_functiondef(oid) FROM pg_proc
    WHERE pronamespace = 'o2c'::regnamespace
UNION ALL SELECT 'trigger', tgrelid::regclass || '.' || tgname, pg_get_triggerdef(oid) FROM pg_trigger
    WHERE NOT tgisinternal
"""
_COLUMNS = """
SELECT a.attname, format_type(a.atttypid, NULL), a.attnotnull FROM pg_attribute a
WHERE a.attrelid = CAST(:table AS regclass) AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
  AND a.attidentity = '' ORDER BY a.attnum"""
# What an alert of the trail is called.
_JSON = '{"title": "x"}'
_VALUES = {
    **dict.fromkeys(("bigint", "integer", "smallint", "double precision", "real", "numeric"), 1),
    "boolean": False,
    "bytea": "\\x01",
    "date": "2026-02-15",
    "json": _JSON,
    "text": "x",
    "jsonb": _JSON,
    "text[]": "{}",
    "timestamp with time zone": "2026-02-15T12:00:00Z",
}
# Where a rule of the table says what may stand there: the first that it names.
_ALLOWED = """
SELECT attname, substring(pg_get_constraintdef(c.oid) FROM '''([^'']+)''::text') FROM pg_constraint c
JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
WHERE conrelid = CAST(:table AS regclass) AND contype = 'c' AND cardinality(conkey) = 1"""


# What stays on the way back, since it cannot be read again: older code does not look at it.
_STAYS = "account_merges"


def old(url: str) -> Engine:
    """A database as the release before left it, without a row."""
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"))
    with engine.connect() as connection:
        connection.execute(text("CREATE SCHEMA o2c"))
        connection.commit()
        upgrade(_config(connection), BACK_TO)
        connection.commit()
    return engine


@pytest.fixture
def before(empty_database: NewDatabase) -> Iterator[Engine]:
    """The same, with a row in every table."""
    with empty_database() as url:
        engine = old(url)
        with engine.begin() as connection:
            fill(connection)
        yield engine
        engine.dispose()


def tables(connection: Connection) -> list[str]:
    names = "SELECT tablename FROM pg_tables WHERE schemaname = 'o2c' AND tablename <> 'schema_version' ORDER BY 1"
    return list(connection.execute(text(names)).scalars())


def fill(connection: Connection) -> None:
    """One row in every table, by the types of its columns; the trail by its own functions, so that it holds."""
    connection.execute(text("SELECT o2c.audit_append('a', 'policy_changed', 'policy', NULL, 'x', NULL, '{}'::json)"))
    connection.execute(text("SELECT o2c.audit_publish('a')"))
    connection.execute(text("SET LOCAL session_replication_role = replica"))
    for table in tables(connection):
        if not table.startswith("audit"):
            connection.execute(*_insert(connection, table))


def _insert(connection: Connection, table: str) -> tuple[Any, dict[str, Any]]:
    # Who wins is somebody else.
    allowed = connection.execute(text(_ALLOWED), {"table": f"o2c.{table}"})
    chosen = {"winner": "y"} | {name: first for name, first in allowed if first}
    given: dict[str, tuple[str, Any]] = {}
    for name, kind, needed in connection.execute(text(_COLUMNS), {"table": f"o2c.{table}"}):
        if needed or name in chosen:
            given[name] = kind, chosen.get(name, _VALUES.get(kind))
    names = ", ".join(f'"{name}"' for name in given)
    values = ", ".join(f"CAST(:{name} AS {kind})" for name, (kind, _) in given.items())
    statement = f"INSERT INTO o2c.{table} ({names}) VALUES ({values})"
    return text(statement), {name: value for name, (_, value) in given.items()}


def rows(engine: Engine, only: set[str] | None = None) -> dict[str, list[str]]:
    """Every row of every table, as PostgreSQL writes it."""
    with engine.connect() as connection:
        return {
            table: sorted(connection.execute(text(f"SELECT t::text FROM o2c.{table} t")).scalars())
            for table in tables(connection)
            if only is None or table in only
        }


def parts(engine: Engine) -> dict[tuple[str, str], str]:
    """What the schema consists of."""
    with engine.connect() as connection:
        connection.execute(text("SET search_path = pg_catalog"))
        return {(str(kind), str(name)): str(what) for kind, name, what in connection.execute(text(_PARTS))}


def test_back_is_the_schema_of_the_release_before(empty_database: NewDatabase) -> None:
    """Every column, index, rule, view, function and trigger is what it was: also of a migration added tomorrow."""
    with empty_database() as url:
        engine = old(url)
        was = parts(engine)
        migrate(engine)
        assert parts(engine) != was
        take_back(engine, BACK_TO)
        assert {part: what for part, what in parts(engine).items() if _STAYS not in part[1]} == was
        engine.dispose()


def test_no_row_is_lost_or_doubled_on_the_way_there_and_back(before: Engine) -> None:
    """A row in each table of the release before is the same row after the upgrade, after the way back, and after the
    next upgrade; the way back adds one entry to the trail, which holds."""
    was = rows(before)
    assert all(was.values()), [table for table, found in was.items() if not found]
    migrate(before)
    assert rows(before, set(was)) == was
    take_back(before, BACK_TO)
    assert {**rows(before), "audit": None} == {**was, "audit": None, _STAYS: []}
    migrate(before)
    assert {**rows(before, set(was)), "audit": None} == {**was, "audit": None}
    assert audit.verify(before).intact
    assert [each.action for each in audit.entries(before, "schema")] == ["schema_taken_back"]


def test_back_from_the_newest_keeps_what_the_older_one_knows(empty_database: NewDatabase) -> None:
    """Rows that this version has put into tables that the older one has are all there, also beside new tables."""
    with empty_database() as url:
        engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"))
        migrate(engine)
        with engine.begin() as connection:
            fill(connection)
        was = rows(engine)
        take_back(engine, BACK_TO)
        now = rows(engine)
        assert {**now, "audit": None} == {table: was[table] for table in now} | {"audit": None}
        engine.dispose()


@pytest.mark.parametrize("revision", ["0001", "0029", "9999", "", "head", "-1", "base"])
def test_no_further_than_the_release_before(engine: Engine, database_url: str, revision: str) -> None:
    """Before it, whose personal data were deleted would be lost: refused with what to do, and nothing is changed."""
    was = rows(engine)
    with pytest.raises(CannotGoBack, match="cannot be taken back") as caught:
        go_back(database_url, revision)
    assert caught.value.exit_code == 2
    assert BACK_TO in caught.value.what_to_do
    assert rows(engine) == was


def test_a_way_back_that_fails_half_way_leaves_all_as_it_was(engine: Engine, database_url: str) -> None:
    """Something of a hand's leans on what an older migration would take away: all or nothing."""
    with create_engine(make_url(database_url).set(drivername="postgresql+psycopg")).begin() as connection:
        connection.execute(text("CREATE VIEW o2c.by_hand AS SELECT * FROM o2c.salesforce_marks"))
    was = parts(engine)
    with pytest.raises(Exception, match="salesforce_marks"):
        go_back(database_url, BACK_TO)
    assert parts(engine) == was
    assert open_database(database_url)


def test_the_changelog_tells_how_far_back() -> None:
    """Whoever upgrades reads there to which schema this version can go back."""
    changelog = (Path(__file__).parents[2] / "CHANGELOG.md").read_text()
    assert BACK_TO in _revisions()[0]
    assert f"`o2c migrate --to {BACK_TO}`" in changelog
