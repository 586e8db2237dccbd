"""One writer at a time: a PostgreSQL advisory lock that a dead process cannot keep.

The lock dies with its connection, but the process that held it may live on and not know. So each holder has a term,
a number that only grows: claims of the journal are made in a term, and those of an earlier one get nothing.
"""

import threading
import time
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, OperationalError

from o2c_orchestration.domain.errors import O2CError

_WRITER = 723_002
_FOLLOWER = 723_010
_RUN = 723_011
# After its server has started again, a run that lives has its lock back within this time.
_LOCKS_AGAIN_SECONDS = 60
_KEEP_SECONDS = 5.0
_POLL_SECONDS = 0.2


class WriterBusy(O2CError):
    """Another process is writing to NetSuite and did not end in time."""


class WriterReplaced(O2CError):
    """This process lost the writer lock, and another one has taken it since."""


@dataclass(frozen=True)
class WriterTerm:
    """The time in which one process holds the writer lock."""

    number: int

    def require(self, engine: Engine) -> None:
        """Raises WriterReplaced when another process has taken the lock since."""
        with engine.connect() as connection:
            newest = connection.execute(text("SELECT pg_sequence_last_value('o2c.writer_term')")).scalar()
        if newest != self.number:
            raise WriterReplaced(
                "this process lost its connection to the database, and another one writes to NetSuite now",
                "nothing is lost: what was under way is looked up by the other one",
            )


@contextmanager
def writer_lock(engine: Engine, wait_seconds: float = 600) -> Iterator[WriterTerm]:
    """Hold the writer lock; waits for another holder, then raises WriterBusy. Lost with the connection."""
    with engine.connect() as connection:
        deadline = time.monotonic() + wait_seconds
        while not connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": _WRITER}).scalar():
            connection.commit()  # waiting inside a transaction would hold up PostgreSQL's vacuum
            if time.monotonic() >= deadline:
                raise WriterBusy(
                    f"another process has been writing to NetSuite for {wait_seconds:g} s",
                    "wait for it to end, or stop it",
                )
            time.sleep(_POLL_SECONDS)
        term = connection.execute(text("SELECT nextval('o2c.writer_term')")).scalar()
        connection.commit()
        try:
            yield WriterTerm(int(str(term)))
        finally:
            # A connection that broke has taken the lock with it, and must not hide what else went wrong.
            with suppress(OperationalError):
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _WRITER})
                connection.commit()


@contextmanager
def follower_lock(engine: Engine) -> Iterator[bool]:
    """Whether this process is the one that follows changes, for as long as the block lasts; never waits."""
    with engine.connect() as connection:
        mine = bool(connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": _FOLLOWER}).scalar())
        connection.commit()
        try:
            yield mine
        finally:
            if mine:
                with suppress(OperationalError):
                    connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _FOLLOWER})
                    connection.commit()


class RunLock:
    """Says that the process of a run lives: a lock that ends with it, however it ends.

    A thread takes it again when the database has gone and come back.
    """

    def __init__(self, engine: Engine, run_id: str) -> None:
        self._engine, self._key = engine, _key_of(run_id)
        self._over = threading.Event()
        self._connection: Connection | None = None
        self._take()
        self._thread = threading.Thread(target=self._keep, name="run-lock", daemon=True)
        self._thread.start()

    def release(self) -> None:
        """The run has ended."""
        self._over.set()
        self._thread.join()
        self._drop()

    def _take(self) -> None:
        connection = self._connection = self._engine.connect()
        connection.execute(text("SELECT pg_advisory_lock_shared(:kind, :key)"), {"kind": _RUN, "key": self._key})
        connection.commit()

    def _keep(self) -> None:
        while not self._over.wait(_KEEP_SECONDS):
            try:
                if self._connection is None:
                    self._take()
                else:
                    self._connection.execute(text("SELECT 1"))
                    self._connection.commit()
            except DBAPIError:
                self._drop()

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(DBAPIError):
                # It holds a lock of the session, so nobody else may have it.
                connection.invalidate()
                connection.close()


def _key_of(run_id: str) -> int:
    return zlib.crc32(run_id.encode()) - 2**31


def without_process(engine: Engine, run_ids: Sequence[str]) -> list[str]:
    """Those of these runs whose process is gone. None, shortly after the server has started."""
    with engine.connect() as connection:
        young = "SELECT clock_timestamp() - pg_postmaster_start_time() < make_interval(secs => :seconds)"
        if connection.execute(text(young), {"seconds": _LOCKS_AGAIN_SECONDS}).scalar():
            return []
        # PostgreSQL shows the second half of a key as an unsigned number.
        held = """SELECT CASE WHEN objid::bigint >= 2147483648 THEN objid::bigint - 4294967296 ELSE objid::bigint END
                  FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2 AND classid = :kind
                    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"""
        living = set(connection.execute(text(held), {"kind": _RUN}).scalars())
    return [run_id for run_id in run_ids if _key_of(run_id) not in living]
