"""Which runs have a process: each holds an advisory lock of its own, which ends with it, however it ends."""

import threading
import zlib
from collections.abc import Sequence
from contextlib import suppress

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

_RUN = 723_011
# After its server has started again, a run that lives has its lock back within this time.
_LOCKS_AGAIN_SECONDS = 60
_KEEP_SECONDS = 5.0


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
