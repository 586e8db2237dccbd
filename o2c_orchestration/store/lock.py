"""One writer at a time, and one that follows changes: a PostgreSQL advisory lock that a dead process cannot keep.

The lock dies with its connection, but the process that held it may live on and not know. So each holder has a term,
a number that only grows: claims of the journal are made in a term, and those of an earlier one get nothing.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from o2c_orchestration.domain.errors import O2CError

_WRITER = 723_002
_FOLLOWER = 723_010
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
