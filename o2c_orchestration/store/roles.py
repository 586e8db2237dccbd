"""The role that does the work, and the one that reads.

The first may do everything but change, delete or forge what the audit trail says.

Migrations run as whoever connects, who owns the tables. The work then runs as `o2c_worker`, where that role exists
and the login may take it; where it may not, the triggers of the trail are the only fence, and `o2c check` says so.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

WORKER = "o2c_worker"
# For reports, Grafana and replicas: whoever logs in is made a member of it. It sees no payloads as they came.
READER = "o2c_reader"
_AS_THEY_CAME = "o2c.stripe_objects, o2c.salesforce_objects, o2c.quarantine"

# Another database of the same server may make the role at the same moment; a login that may make no roles makes none.
_CREATE = f"""
DO $$ BEGIN
    IF to_regrole('{WORKER}') IS NULL THEN
        CREATE ROLE {WORKER} NOLOGIN;
    END IF;
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        GRANT {WORKER} TO CURRENT_USER;
    END IF;
EXCEPTION WHEN insufficient_privilege OR duplicate_object OR unique_violation THEN NULL;
END $$"""

_GRANT = f"""
DO $$ DECLARE name text; BEGIN
    IF to_regrole('{WORKER}') IS NULL THEN
        RETURN;
    END IF;
    GRANT USAGE ON SCHEMA o2c TO {WORKER};
    GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA o2c TO {WORKER};
    FOR name IN SELECT viewname FROM pg_views WHERE schemaname = 'o2c' LOOP
        EXECUTE format('GRANT SELECT ON o2c.%I TO {WORKER}', name);
    END LOOP;
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'o2c' LOOP
        IF name LIKE 'audit%' OR name = 'schema_version' THEN
            EXECUTE format('REVOKE ALL ON o2c.%I FROM {WORKER}; GRANT SELECT ON o2c.%I TO {WORKER}', name, name);
        ELSE
            EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON o2c.%I TO {WORKER}', name);
        END IF;
    END LOOP;
    GRANT EXECUTE ON FUNCTION o2c.audit_append(text, text, text, text, text, json, json),
        o2c.audit_publish(text) TO {WORKER};
    EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO {WORKER}', current_database());
EXCEPTION WHEN insufficient_privilege THEN NULL;
END $$"""

_GRANT_READING = f"""
DO $$ BEGIN
    IF to_regrole('{READER}') IS NULL THEN
        CREATE ROLE {READER} NOLOGIN;
    END IF;
    GRANT USAGE ON SCHEMA o2c TO {READER};
    GRANT SELECT ON ALL TABLES IN SCHEMA o2c TO {READER};
    REVOKE ALL ON {_AS_THEY_CAME} FROM {READER};
EXCEPTION WHEN insufficient_privilege OR duplicate_object OR unique_violation THEN NULL;
END $$"""

_MAY_WORK = """
SELECT has_table_privilege('o2c.journal', 'INSERT') AND has_table_privilege('o2c.journal', 'UPDATE')
   AND has_table_privilege('o2c.audit', 'SELECT')"""

_FORBIDDEN = """
SELECT has_table_privilege('o2c.audit', 'UPDATE') OR has_table_privilege('o2c.audit', 'DELETE')
    OR has_table_privilege('o2c.audit', 'TRUNCATE') OR has_table_privilege('o2c.audit', 'INSERT')"""


_CREATE_ONE = """
DO $$ BEGIN
    IF to_regrole('{name}') IS NULL THEN
        CREATE ROLE {name} NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$"""


def create(connection: Connection, name: str) -> None:
    """Make a role that nobody can log in as, if it is not there. Raises ProgrammingError where the login may not."""
    connection.execute(text(_CREATE_ONE.format(name=name)))


@dataclass(frozen=True)
class Fence:
    """Who works on the database, and whether that role can change what the audit trail says."""

    role: str
    tight: bool


def provide(connection: Connection) -> None:
    """Make the roles, and give them their rights on every table there is; does what the login may do and no more."""
    for statement in (_CREATE, _GRANT, _GRANT_READING):
        connection.execute(text(statement))
    connection.commit()


def may_take(connection: Connection) -> bool:
    """Whether this login may work as the role, and the role has its rights."""
    if connection.execute(text(f"SELECT to_regrole('{WORKER}') IS NULL")).scalar():
        return False
    try:
        connection.execute(text(f"SET LOCAL ROLE {WORKER}"))
        return bool(connection.execute(text(_MAY_WORK)).scalar())
    except DBAPIError:
        return False
    finally:
        connection.rollback()


def take(connection: Any) -> None:
    """Work as the role from now on, on a new connection of the driver."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {WORKER}")
    connection.commit()


def fence(engine: Engine) -> Fence:
    """What stands between the work and the audit trail."""
    with engine.connect() as connection:
        role, loose = connection.execute(text(f"SELECT current_user::text, ({_FORBIDDEN})")).one()
        return Fence(str(role), not loose)
