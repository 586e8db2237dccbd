"""Migrations at start: up to the newest revision the code knows, never with a database newer than the code.

The way back is asked for, and never taken at start: by the newer code, which knows what it has added, down to the
schema of the release before it and no further.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from o2c_orchestration.domain.errors import CannotGoBack, DatabaseNewerThanCode, SchemaMismatch, UnreachableError
from o2c_orchestration.store import actor, roles

# One lock for all processes that start at once: the first migrates, the others find nothing to do.
_MIGRATION_LOCK = 723_001


# The schema of the release before this one: each migration after it has a way back that loses nothing which cannot be
# read again. 0030 keeps whose personal data were deleted: without that list they would come back with the next read.
BACK_TO = "0030"
# PostgreSQL's words for something that is there already, is not there, or has something else leaning on it.
_NOT_THOSE_TABLES = frozenset(
    ("42P06", "42P07", "42701", "42710", "42723", "42P01", "42703", "42704", "42883", "2BP01")
)
# Of what is there, whoever owns it; where nothing is there, whoever may make it.
_OWNS = """
SELECT coalesce((SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = to_regclass('o2c.schema_version')),
                to_regnamespace('o2c') IS NOT NULL OR has_database_privilege(current_database(), 'CREATE'))"""
_TOLD = """
SELECT o2c.audit_append(:actor, 'schema_taken_back', 'schema', NULL, 'o2c migrate --to',
    json_build_object('revision', CAST(:before AS text)), json_build_object('revision', CAST(:after AS text)))"""


def migrate(engine: Engine) -> tuple[str | None, str]:
    """Bring the schema to the newest revision; returns (before, after).

    Each migration is a transaction with the revision that it leads to: one that fails or is killed has done nothing,
    and the next call goes on with it.

    Raises DatabaseNewerThanCode when the database holds a revision that this code does not know, SchemaMismatch when
    its tables are not those of the revision that it names, and UnreachableError where it has not come as far as this
    code and this login may only work on it.
    """
    with _alone(engine) as connection:
        before = _current(connection)
        after = _head(before)
        if before != after:
            _may_migrate(connection)
            # Asked first: who may work here need not be allowed to create a schema that is there.
            if connection.execute(text("SELECT to_regnamespace('o2c')")).scalar() is None:
                connection.execute(text("CREATE SCHEMA o2c"))
            connection.commit()
            with _tables_as_named(connection):
                command.upgrade(_config(connection), "head")
                connection.commit()
            roles.provide(connection)
        return before, after


@contextmanager
def _tables_as_named(connection: Connection) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) not in _NOT_THOSE_TABLES:
            raise
        connection.rollback()
        said = str(error.orig).strip().splitlines()[0]
        fix = "was a backup restored over a schema that was there? Restore it as docs/deploy.md says under Restore"
        raise SchemaMismatch(
            f"the tables are not those of schema revision {_current(connection)}, which the database names: {said}", fix
        ) from None


def _may_migrate(connection: Connection) -> None:
    if not connection.execute(text(_OWNS)).scalar():
        fix = "wait until `o2c migrate` has run as the login that owns the tables, or run it"
        raise UnreachableError("the database has not this version's schema, and this login may not bring it", fix)


def take_back(engine: Engine, revision: str) -> tuple[str | None, str]:
    """Bring the schema back to `revision` for an older version of the code; returns (before, after).

    All or nothing, and told in the audit trail. The next process of this version would bring it forward again. Raises
    DatabaseNewerThanCode, SchemaMismatch, and CannotGoBack for a revision that is unknown, ahead, or before `BACK_TO`.
    """
    with _alone(engine) as connection:
        before = _current(connection)
        _head(before)
        if before is None or revision > before or revision < BACK_TO or revision not in _revisions()[0]:
            raise CannotGoBack(
                f"the schema is at revision {before} and cannot be taken back to {revision}",
                f"{BACK_TO} is as far back as this version goes; for an older one restore the backup from before",
            )
        if revision != before:
            _down(connection, before, revision)
        return before, revision


def _down(connection: Connection, before: str, revision: str) -> None:
    # In the transaction that is under way, all of them.
    with _tables_as_named(connection):
        command.downgrade(_config(connection), revision)
    connection.execute(text(_TOLD), {"actor": actor.current(), "before": before, "after": revision})
    connection.commit()


def is_this_codes(connection: Connection) -> bool:
    """Whether the schema is this code's, neither none nor an older one. Raises DatabaseNewerThanCode."""
    current = _current(connection)
    return current == _head(current)


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """A connection that no other process migrates beside."""
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _MIGRATION_LOCK})
        connection.commit()
        try:
            yield connection
        finally:
            # What failed leaves a transaction that takes no statement, and would hide why it failed.
            connection.rollback()
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _MIGRATION_LOCK})
            connection.commit()


def _config(connection: object) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def _head(current: str | None) -> str:
    known, head = _revisions()
    if current is not None and current not in known:
        raise DatabaseNewerThanCode(
            f"the database is at schema revision {current}, which this version of o2c does not know",
            "run the version of o2c that wrote it, or a newer one; to go back to this one, stop everything and let the "
            f"newer version run `o2c migrate --to {head}`",
        )
    return head


@cache
def _revisions() -> tuple[frozenset[str], str]:
    """All revisions of this code and the newest of them: reading them takes longer than asking the database."""
    script = ScriptDirectory.from_config(_config(None))
    head = script.get_current_head()
    assert head is not None
    return frozenset(revision.revision for revision in script.walk_revisions()), head


def _current(connection: object) -> str | None:
    execute = connection.execute  # type: ignore[attr-defined]
    if execute(text("SELECT to_regclass('o2c.schema_version')")).scalar() is None:
        return None
    version: str | None = execute(text("SELECT version_num FROM o2c.schema_version")).scalar()
    return version
