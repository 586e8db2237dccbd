"""Migrations at start: up to the newest revision the code knows, never with a database newer than the code."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from o2c_orchestration.domain.errors import DatabaseNewerThanCode
from o2c_orchestration.store import roles

# One lock for all processes that start at once: the first migrates, the others find nothing to do.
_MIGRATION_LOCK = 723_001


def migrate(engine: Engine) -> tuple[str | None, str]:
    """Bring the schema to the newest revision; returns (before, after).

    Raises DatabaseNewerThanCode when the database holds a revision that this code does not know.
    """
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _MIGRATION_LOCK})
        # Asked first: a login that may only work here need not be allowed to create a schema that is there.
        if connection.execute(text("SELECT to_regnamespace('o2c')")).scalar() is None:
            connection.execute(text("CREATE SCHEMA o2c"))
        connection.commit()
        try:
            before = _current(connection)
            after = _head(before)
            if before != after:
                command.upgrade(_config(connection), "head")
                connection.commit()
                roles.provide(connection)
            return before, after
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
            "run the version of o2c that wrote it, or a newer one",
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
