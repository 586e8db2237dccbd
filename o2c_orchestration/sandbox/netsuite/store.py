"""The SQLite file behind the ledger: one writer under one lock, one reader for each thread.

Every write is committed before its answer leaves. Nothing here knows what a transaction means.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from o2c_orchestration.sandbox.netsuite.chart import seed_chart, seed_segments
from o2c_orchestration.sandbox.netsuite.roles import ROLES, seed_roles
from o2c_orchestration.sandbox.netsuite.schema import LATER_LINE_COLUMNS, RATES, RELATIONSHIPS, SCHEMA, SEGMENTS

FILE_NAME = "netsuite.sqlite"


class Store:
    """The tables of one NetSuite account in `state_dir`; made with the standard set-up when absent."""

    def __init__(self, state_dir: Path) -> None:
        state_dir.mkdir(parents=True, exist_ok=True)
        self._path = state_dir / FILE_NAME
        self._lock = threading.RLock()
        self._local = threading.local()
        self._readers: list[sqlite3.Connection] = []
        self._reader_setup: list[Callable[[sqlite3.Connection], None]] = []
        self._writer = self._connect()
        with self.write() as connection:
            if not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'x_meta'").fetchone():
                _run_statements(connection, SCHEMA)
                seed_chart(connection)
            _run_statements(connection, RELATIONSHIPS)
            _run_statements(connection, SEGMENTS)
            seed_segments(connection)
            _run_statements(connection, RATES)
            _run_statements(connection, ROLES)
            seed_roles(connection)
            _add_columns(connection)

    def on_reader(self, setup: Callable[[sqlite3.Connection], None]) -> None:
        """Have every reader prepared by `setup`, for instance with functions. Call before reading."""
        self._reader_setup.append(setup)

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """One transaction, alone. Committed at the end of the block, undone when it raises."""
        with self._lock:
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
            except BaseException:
                self._writer.execute("ROLLBACK")
                raise
            self._writer.execute("COMMIT")

    def read(self) -> sqlite3.Connection:
        """This thread's reader; it sees whatever was committed before the statement started."""
        connection: sqlite3.Connection | None = getattr(self._local, "reader", None)
        if connection is None:
            connection = self._connect()
            for setup in self._reader_setup:
                setup(connection)
            self._local.reader = connection
            with self._lock:
                self._readers.append(connection)
        return connection

    def meta(self, name: str) -> str:
        """A value that the account keeps about itself."""
        row = self.read().execute("SELECT value FROM x_meta WHERE name = ?", (name,)).fetchone()
        return str(row[0])

    def close(self) -> None:
        """Close every connection; the files stay."""
        with self._lock:
            for connection in [*self._readers, self._writer]:
                connection.close()
            self._readers.clear()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, check_same_thread=False, isolation_level=None, timeout=30)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA journal_mode = WAL")
        # A process that is killed loses nothing at NORMAL; only a power cut could.
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA cache_size = -32000")
        return connection


def _add_columns(connection: sqlite3.Connection) -> None:
    known = {row["name"] for row in connection.execute("PRAGMA table_xinfo(transactionline)")}
    for column in LATER_LINE_COLUMNS:
        if column.split()[0] not in known:
            connection.execute(f"ALTER TABLE transactionline ADD COLUMN {column}")


def _run_statements(connection: sqlite3.Connection, script: str) -> None:
    # executescript() would commit the surrounding transaction.
    for statement in script.split(";\n"):
        if statement.strip():
            connection.execute(statement)
