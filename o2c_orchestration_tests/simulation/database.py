"""A real PostgreSQL whose clock is the simulation's: one database a worker, emptied for each world.

PostgreSQL looks names up along the search path, so functions of our own can stand before `clock_timestamp()` and
`now()`. The product's SQL and its column defaults find them without knowing.
"""

import select
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.rows import dict_row
from sqlalchemy import event
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.engine import make_url
from sqlalchemy.pool import Pool

from o2c_orchestration.store.database import SORTED_BY_BYTES, open_database
from o2c_orchestration_tests.simulation import fence
from o2c_orchestration_tests.simulation.clock import clock, real_sleep
from o2c_orchestration_tests.simulation.kernel import Kernel

_CLOCK = """
CREATE SCHEMA sim;
CREATE FUNCTION sim.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS
$$ SELECT coalesce(to_timestamp(nullif(current_setting('sim.now', true), '')::float8), pg_catalog.clock_timestamp()) $$;
CREATE FUNCTION sim.now() RETURNS timestamptz LANGUAGE sql STABLE AS
$$ SELECT coalesce(to_timestamp(nullif(current_setting('sim.now', true), '')::float8), pg_catalog.now()) $$;
GRANT USAGE ON SCHEMA sim TO PUBLIC;
"""

_TEMPLATE = "simulation_template"
_SEARCH_PATH = "search_path = sim, pg_catalog"


def make_template(server_url: str) -> None:
    """The database that each worker's is a copy of: migrated, and with the simulation's clock."""
    _execute(server_url, f"CREATE DATABASE {_TEMPLATE} TEMPLATE template0 {SORTED_BY_BYTES}")
    plain = make_url(server_url).set(database=_TEMPLATE).render_as_string(hide_password=False)
    _execute(plain, *_CLOCK.split(";\n"), f"ALTER DATABASE {_TEMPLATE} SET {_SEARCH_PATH}")
    open_database(plain).dispose()
    _execute(plain, *fence.WATCH)


class SimulatedDatabase:
    """One database for one world after the other, a copy of the template."""

    def __init__(self, server_url: str, name: str) -> None:
        self._server, self._name = server_url, name
        self.url = make_url(server_url).set(database=name)
        copied = f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE} STRATEGY FILE_COPY"
        _execute(server_url, copied, f"ALTER DATABASE {name} SET {_SEARCH_PATH}")
        plain = self.url.render_as_string(hide_password=False)
        self._admin: Any = psycopg.connect(plain, autocommit=True, row_factory=dict_row)

    def process_url(self, process: str) -> str:
        """The URL for one process, whose connections bear its name."""
        return self.url.update_query_dict({"application_name": process}).render_as_string(hide_password=False)

    def rows(self, query: str, values: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """What an onlooker reads."""
        return list(self._admin.execute(query, values).fetchall())

    def breaches(self) -> list[str]:
        """Who had a say about a row that was in another's hand."""
        return [str(row["what"]) for row in self.rows(fence.BREACHES)]

    def hang_up(self, process: str) -> None:
        """End all connections of a process, as when its machine is gone; returns when they are gone."""
        while self._admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name LIKE %s",
            (process,),
        ).fetchall():
            real_sleep(0.002)  # PostgreSQL's own wait is a tenth of a second long

    def empty(self) -> None:
        """As if nothing had ever been in it, but for the audit trail, which nobody can empty."""
        admin = self._admin
        tables = admin.execute(
            "SELECT format('o2c.%I', tablename) AS name FROM pg_tables WHERE schemaname = 'o2c' "
            "AND tablename <> 'schema_version' AND tablename NOT LIKE 'audit%'"
        ).fetchall()
        sequences = admin.execute(
            "SELECT format('o2c.%I', sequencename) AS name FROM pg_sequences "
            "WHERE schemaname = 'o2c' AND sequencename NOT LIKE 'audit%'"
        ).fetchall()
        admin.execute("SET session_replication_role = replica")
        names = [row["name"] for row in tables] + list(fence.TABLES)
        admin.execute("; ".join(f"DELETE FROM {name}" for name in names))
        admin.execute("; ".join(f"ALTER SEQUENCE {row['name']} RESTART" for row in sequences))
        admin.execute("SET session_replication_role = origin")

    def close(self) -> None:
        """Drop it."""
        self._admin.close()
        _execute(self._server, f"DROP DATABASE {self._name} WITH (FORCE)")


def _execute(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            if statement.strip():
                connection.execute(statement)  # type: ignore[arg-type]


@contextmanager
def connections_watched(kernel: Kernel) -> Iterator[None]:
    """Tell each connection the time when it is taken; a dead process gets none, and any may die before and after."""

    def taken(connection: Any, record: Any, proxy: Any) -> None:
        kernel.check_alive()
        # Time stands still while code runs, so most connections know it already.
        if record.info.get("sim.now") == clock.now:
            return
        connection.autocommit = True  # one round trip instead of three
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('sim.now', %s, false)", (f"{clock.now:.6f}",))
        connection.autocommit = False
        record.info["sim.now"] = clock.now

    event.listen(Pool, "checkout", taken)
    try:
        with _pinged_by_a_look():
            yield
    finally:
        event.remove(Pool, "checkout", taken)


@contextmanager
def _pinged_by_a_look() -> Iterator[None]:
    """A ping goes over only where the server has said something unasked, such as that it hangs up.

    Whoever hangs up here waits for the end of it, so an idle connection with nothing to read is a good one.
    """
    replaced: Any = PGDialect_psycopg
    over_the_wire = replaced.do_ping

    def look(dialect: Any, connection: Any) -> bool:
        said, _, _ = select.select([connection.fileno()], [], [], 0)
        return not said or bool(over_the_wire(dialect, connection))

    replaced.do_ping = look
    try:
        yield
    finally:
        replaced.do_ping = over_the_wire
