"""One writer at a time: a PostgreSQL advisory lock that a dead process cannot keep."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from o2c_orchestration.domain.errors import O2CError

_WRITER = 723_002


class WriterBusy(O2CError):
    """Another process is writing to NetSuite and did not end in time."""


@contextmanager
def writer_lock(engine: Engine, wait_seconds: int = 600) -> Iterator[None]:
    """Hold the writer lock; waits for another holder, then raises WriterBusy. Lost with the connection."""
    with engine.connect() as connection:
        connection.execute(text(f"SET lock_timeout = '{wait_seconds}s'"))
        try:
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _WRITER})
        except OperationalError:
            raise WriterBusy(
                f"another process has been writing to NetSuite for {wait_seconds} s", "wait for it to end, or stop it"
            ) from None
        connection.commit()
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _WRITER})
            connection.execute(text("RESET lock_timeout"))
            connection.commit()
