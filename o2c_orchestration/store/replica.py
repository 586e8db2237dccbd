"""A replica that reports are read from: a hot standby of the database, which may lag and takes no writes.

What plans, writes or compares never asks it; `console/reports.py` has what does.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import psycopg
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError

from o2c_orchestration.domain.errors import UnreachableError
from o2c_orchestration.store.backlog import age_in_words
from o2c_orchestration.store.database import PLAIN, only_reading, postgresql
from o2c_orchestration.store.migrate import is_this_codes

_VARIABLE = "O2C_REPLICA_URL"
_CONNECT_SECONDS = 5
_FIX = f"mend the replica, or take {_VARIABLE} away"
# When the newest change that it has was made on the primary. On a primary that nobody writes to, it grows older, too.
_STANDS = "SELECT pg_is_in_recovery(), pg_last_xact_replay_timestamp()"


@dataclass(frozen=True)
class Standby:
    """A replica, and when its newest change was made (UTC); None: it has had none since it started."""

    engine: Engine
    newest: datetime | None


@dataclass(frozen=True)
class Offer:
    """What a report may be read from: the replica, how old its newest change is; or why it is not asked.

    Neither where no replica is named. `why` is for whoever reads the report and names no address; `detail`, where there
    is one, is the same for whoever runs it.
    """

    replica: Standby | None = None
    age: timedelta = timedelta(0)
    why: str | None = None
    detail: str | None = None

    def in_words(self, *, fully: bool = False) -> str | None:
        """What has to stand beside what was read; None: nothing, for it is the database's and nobody named another."""
        if self.replica is not None and self.replica.newest is not None:
            at = self.replica.newest.strftime("%Y-%m-%d %H:%M:%S")
            return f"read from the replica, whose newest change is {age_in_words(self.age)} old ({at} UTC)"
        why = (self.detail if fully else None) or self.why
        return why and f"{why}: the database itself is asked"


@contextmanager
def standby(url: str, patience: str | None = None) -> Iterator[Standby]:
    """The replica at `url`, whose sessions can only read; `patience` bounds a question, as PostgreSQL writes times.

    Raises SettingsError for what is no URL of PostgreSQL; UnreachableError where it does not answer (to the end, too:
    a standby breaks off what its replay has waited for too long), is no standby, or has not come as far as this code's
    schema; DatabaseNewerThanCode.
    """
    seconds = {"connect_timeout": _CONNECT_SECONDS}
    engine = create_engine(postgresql(url, _VARIABLE), connect_args=seconds, **PLAIN)
    # What was made a primary a moment ago would take writes.
    only_reading(engine, patience)
    try:
        yield Standby(engine, _newest(engine))
    except (DBAPIError, psycopg.Error) as error:
        said = str(getattr(error, "orig", error)).strip().partition("\n")[0]
        raise UnreachableError(f"the replica at {_VARIABLE} gave no answer: {said}", _FIX) from error
    finally:
        engine.dispose()


def _newest(engine: Engine) -> datetime | None:
    with engine.connect() as connection:
        stands, newest = connection.execute(text(_STANDS)).one()
        if not stands:
            raise UnreachableError(f"what {_VARIABLE} names is no standby", _FIX)
        if not is_this_codes(connection):
            raise UnreachableError("the replica has not come as far as this version's schema", _FIX)
        return None if newest is None else newest.astimezone(UTC)
