"""Where commands read that show what is stored and decide nothing: the replica, if there is one that is up to it."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.console import tables
from o2c_orchestration.domain.errors import DatabaseNewerThanCode, UnreachableError
from o2c_orchestration.store.backlog import age_in_words
from o2c_orchestration.store.replica import Standby, standby


@contextmanager
def for_reports(assembly: Assembly) -> Iterator[Engine]:
    """The replica of O2C_REPLICA_URL, and how old its newest change is, on standard error; else the database itself.

    The database itself also where the replica does not answer, or lags by more than `live.behind_after_minutes`, which
    is told. Not for what a person has just written, nor for what is acted on. Raises UnreachableError where the replica
    breaks off in the middle, and SettingsError for a URL that is none.
    """
    with ExitStack() as kept_open:
        found = _replica(assembly, kept_open)
        if found is None:
            kept_open.close()
        yield assembly.engine if found is None else found.engine


def _replica(assembly: Assembly, kept_open: ExitStack) -> Standby | None:
    url = assembly.settings.replica_url
    if url is None:
        return None
    try:
        found = kept_open.enter_context(standby(url))
    except (UnreachableError, DatabaseNewerThanCode) as error:
        _tell(f"{error.what}: the database itself is asked")
        return None
    if found.newest is None:
        _tell("how far the replica lags is not known: the database itself is asked")
        return None
    age = max(datetime.now(UTC) - found.newest, timedelta(0))
    if age > timedelta(minutes=assembly.policy.live.behind_after_minutes):
        _tell(f"the newest change in the replica is {age_in_words(age)} old: the database itself is asked")
        return None
    at = found.newest.strftime("%Y-%m-%d %H:%M:%S")
    _tell(f"read from the replica, whose newest change is {age_in_words(age)} old ({at} UTC)")
    return found


def _tell(text: str) -> None:
    tables.error_console.print(f"o2c: {text}", markup=False)
