"""Logins of services, each with the rights of what it does: made and given their passwords by whoever migrates.

PostgreSQL is sent a SCRAM verifier and never a password: none can stand in its log.
"""

from collections.abc import Mapping

import psycopg
from psycopg import sql
from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError

from o2c_orchestration.domain.errors import SettingsError
from o2c_orchestration.store import dagster_tables, pages_role, roles

# Code server, webserver, daemon, receiver and workers: they do the work, own nothing and change no table.
RUN = "o2c_run"
# The pages: role and login in one.
PAGES = pages_role.PAGES
_ROLES = {RUN: (roles.WORKER, dagster_tables.DAGSTER), PAGES: ()}

# Rights that a role has by what it is or whose it is, past all that is granted here.
_MORE = """
SELECT r.rolsuper OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication OR r.rolbypassrls
    OR pg_has_role(r.oid, c.relowner, 'MEMBER')
FROM pg_roles r, pg_class c WHERE r.rolname = :name AND c.oid = 'o2c.schema_version'::regclass"""


def provide(connection: Connection, passwords: Mapping[str, str]) -> None:
    """Give the roles of services their rights on every table that is there, and these of RUN and PAGES a password to
    log in with. Can be done again at any time: a new password holds for whoever connects from then on.

    Raises SettingsError where this login may make no roles, or a login there may do more than its service needs; then
    nothing is changed.
    """
    try:
        dagster_tables.grant(connection)
        pages_role.grant(connection)
        for name, password in passwords.items():
            _provide_login(connection, name, password)
        connection.commit()
    except ProgrammingError as error:
        connection.rollback()
        said = str(error.orig).strip().splitlines()[0]
        fix = "let o2c logins run as the login that owns the tables and may make roles (CREATEROLE)"
        raise SettingsError(f"this login may not make logins: {said}", fix) from None


def _provide_login(connection: Connection, name: str, password: str) -> None:
    roles.create(connection, name)
    for role in _ROLES[name]:
        connection.execute(text(f"GRANT {role} TO {name}"))
    if connection.execute(text(_MORE), {"name": name}).scalar():
        connection.rollback()
        fix = f"take from {name} what it owns, its membership in other roles and its attributes"
        raise SettingsError(f"the login {name} may do more than its service needs", fix)
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    verifier = driver.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256").decode()
    # A statement that defines takes no parameters.
    statement = sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(name), sql.Literal(verifier))
    connection.exec_driver_sql(statement.as_string(driver))
