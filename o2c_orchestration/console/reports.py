"""Where commands read that show what is stored and decide nothing: the replica, if there is one that is up to it."""

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy import Engine

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.console import tables
from o2c_orchestration.domain.errors import DatabaseNewerThanCode, UnreachableError
from o2c_orchestration.settings import Settings
from o2c_orchestration.store.backlog import age_in_words
from o2c_orchestration.store.database import PAGE_PATIENCE
from o2c_orchestration.store.replica import Offer, standby

log = structlog.get_logger(__name__)

# A replica that was not up to it is left alone for so long: each look at one that does not answer takes seconds.
_LEFT_ALONE_SECONDS = 10.0


@contextmanager
def for_reports(assembly: Assembly) -> Iterator[Engine]:
    """The replica of O2C_REPLICA_URL, and how old its newest change is, on standard error; else the database itself.

    The database itself also where the replica does not answer, or lags by more than `live.behind_after_minutes`, which
    is told. Not for what a person has just written, nor for what is acted on. Raises UnreachableError where the replica
    breaks off in the middle, and SettingsError for a URL that is none.
    """
    with _offered(assembly.settings) as offer:
        if words := offer.in_words(fully=True):
            tables.error_console.print(f"o2c: {words}", markup=False)
        yield assembly.engine if offer.replica is None else offer.replica.engine


class ForPages:
    """The same decision for a process that stays, made anew for each page; who reads is told by the page.

    A replica that was not up to it is not asked again for ten seconds, and the log says why once in that time.
    """

    def __init__(self, settings: Settings, left_alone: float = _LEFT_ALONE_SECONDS) -> None:
        self._settings = settings
        self._left_alone_seconds = left_alone
        self._lock = threading.Lock()
        self._refused = Offer()
        self._until = 0.0

    @contextmanager
    def offered(self) -> Iterator[Offer]:
        """What a page may be read from. Raises as `for_reports` does."""
        if refused := self._left_alone():
            yield refused
            return
        with _offered(self._settings, PAGE_PATIENCE) as offer:
            self._decided(offer)
            yield offer

    def _left_alone(self) -> Offer | None:
        with self._lock:
            if time.monotonic() < self._until:
                return self._refused
            if self._refused.why is not None:
                # One looks whether it is back, and nobody else waits for that.
                self._until = time.monotonic() + self._left_alone_seconds
            return None

    def _decided(self, offer: Offer) -> None:
        again = 0.0
        if offer.why is not None:
            log.warning("pages are not read from the replica", reason=offer.in_words(fully=True))
            again = time.monotonic() + self._left_alone_seconds
        with self._lock:
            self._refused, self._until = offer, again


@contextmanager
def _offered(settings: Settings, patience: str | None = None) -> Iterator[Offer]:
    """What is decided, and nobody is told. Raises as `for_reports` does."""
    with ExitStack() as kept_open:
        offer = _decided(settings, kept_open, patience)
        if offer.replica is None:
            kept_open.close()
        yield offer


def _decided(settings: Settings, kept_open: ExitStack, patience: str | None) -> Offer:
    url = settings.replica_url
    if url is None:
        return Offer()
    try:
        found = kept_open.enter_context(standby(url, patience))
    except (UnreachableError, DatabaseNewerThanCode) as error:
        return Offer(why="the replica is away, or none of this version", detail=error.what)
    if found.newest is None:
        return Offer(why="how far the replica lags is not known")
    age = max(datetime.now(UTC) - found.newest, timedelta(0))
    if age > timedelta(minutes=settings.policy.live.behind_after_minutes):
        return Offer(why=f"the newest change in the replica is {age_in_words(age)} old")
    return Offer(found, age)
