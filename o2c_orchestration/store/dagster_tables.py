"""Dagster's own tables in our database: where they lie, and the role that may use them.

They belong to whoever migrates, lie in `public`, and are no business of the role that writes the books.
"""

from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError

from o2c_orchestration.store.roles import create

DAGSTER = "o2c_dagster"
# As Dagster's own metadata names them, and where it notes its version.
VERSION = "alembic_version"
TABLES = (
    *("asset_check_executions", "asset_daemon_asset_evaluations", "asset_event_tags", "asset_keys", "backfill_tags"),
    *("bulk_actions", "concurrency_limits", "concurrency_slots", "daemon_heartbeats", "dynamic_partitions"),
    *("event_logs", "instance_info", "instigators", "job_ticks", "jobs", "kvs", "pending_steps", "run_tags", "runs"),
    *("secondary_indexes", "snapshots"),
)

_IN_OURS = """
SELECT tablename FROM pg_tables t WHERE schemaname = 'o2c' AND tablename = ANY(:names)
AND NOT EXISTS (SELECT FROM pg_tables p WHERE p.schemaname = 'public' AND p.tablename = t.tablename)"""
_THERE = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename = ANY(:names)"
_PATH = """
DO $$ BEGIN
    EXECUTE format('ALTER ROLE CURRENT_USER IN DATABASE %I SET search_path = public', current_database());
END $$"""


def keep_in_public(connection: Connection) -> None:
    """Where the login is called as our schema is, PostgreSQL puts what names no schema there, which is all of
    Dagster's: have it look into `public`, and take there what it has put among ours, out of reach of our roles.

    Not where the login may not: then they stay where they are, and it finds them.
    """
    if not connection.execute(text("SELECT current_schema() = 'o2c'")).scalar():
        return
    try:
        for name in connection.execute(text(_IN_OURS), {"names": [*TABLES, VERSION]}).scalars().all():
            roles = connection.execute(
                text("SELECT rolname FROM pg_roles WHERE rolname IN ('o2c_worker', 'o2c_reader')")
            )
            for role in roles.scalars().all():
                connection.execute(text(f"REVOKE ALL ON o2c.{name} FROM {role}"))
            connection.execute(text(f"ALTER TABLE o2c.{name} SET SCHEMA public"))
        connection.execute(text(_PATH))
        connection.commit()
    except ProgrammingError:
        connection.rollback()


def grant(connection: Connection) -> None:
    """Make the role, and give it what Dagster's processes need on those of its tables that are there.

    Raises ProgrammingError where the login may make no roles.
    """
    create(connection, DAGSTER)
    connection.execute(text(f"GRANT USAGE ON SCHEMA public TO {DAGSTER}"))
    for name in connection.execute(text(_THERE), {"names": [*TABLES, VERSION]}).scalars().all():
        rights = "select" if name == VERSION else "select, insert, update, delete"
        connection.execute(text(f"GRANT {rights} ON public.{name} TO {DAGSTER}"))
        for sequence in connection.execute(text(_SEQUENCES), {"table": f"public.{name}"}).scalars().all():
            connection.execute(text(f"GRANT USAGE, SELECT ON SEQUENCE {sequence} TO {DAGSTER}"))


_SEQUENCES = """
SELECT objid::regclass::text FROM pg_depend
WHERE refobjid = to_regclass(:table) AND classid = 'pg_class'::regclass AND deptype IN ('a', 'i')
AND objid IN (SELECT oid FROM pg_class WHERE relkind = 'S')"""
