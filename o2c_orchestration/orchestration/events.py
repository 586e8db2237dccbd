"""Stripe's list of events, read into the inbox: the second source, for what no webhook delivered."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from o2c_orchestration import tracing
from o2c_orchestration.assembly import Assembly
from o2c_orchestration.clients.stripe_read import EVENT_TYPES_MAX
from o2c_orchestration.domain.policy import MAIN
from o2c_orchestration.domain.stripe_events import TYPES, Expected, NotAnEvent, StripeEvent, read_event
from o2c_orchestration.store import events, inbox, outage
from o2c_orchestration.store.backlog import EVENTS_CURSOR

log = structlog.get_logger(__name__)

# The list of events settles with a delay, and several events share a second.
_OVERLAP = timedelta(seconds=120)
_FIRST_LOOK = timedelta(hours=1)
# Stripe tells its time in whole seconds.
_ROUNDED = timedelta(seconds=1)
_SLICE = timedelta(hours=1)
# A tick of a sensor has a minute, and other things to do.
_BUDGET_SECONDS = 20.0


@tracing.stage("poll events", rows=lambda new: new)
def poll_events(assembly: Assembly, now: datetime, seconds: float = _BUDGET_SECONDS) -> int:
    """Read events since the cursor (with an overlap, and a lag behind Stripe) into the inbox; returns how many are new.

    Of each account; oldest first, an hour's events at a time, and for about `seconds`: the next call goes on from
    there. After an outage of days they are not read one by one: see `outage`. `now` is this machine's clock, by which
    objects are read; how far events are read is a matter of Stripe's alone.
    """
    readers = assembly.stripe_readers
    return sum(_Poll(assembly, account, now).work(seconds / len(readers)) for account in readers)


class _Poll:
    """The events of one account."""

    def __init__(self, assembly: Assembly, account: str, now: datetime) -> None:
        self._assembly, self._account, self._now = assembly, account, now
        self._reader = assembly.stripe_readers[account]
        self._cursor = EVENTS_CURSOR if account == MAIN else f"{EVENTS_CURSOR}:{account}"

    def work(self, seconds: float) -> int:
        """How many were new."""
        # What is not there yet cannot have been read: a clock of ours that is ahead would skip what Stripe makes next.
        # Where no time is told, ours has to do.
        theirs = self._reader.server_time() or self._now
        engine, deadline = self._assembly.engine, time.monotonic() + seconds
        since, new = self._since(theirs) - _OVERLAP, 0
        until = theirs - timedelta(seconds=self._assembly.policy.stripe.event_lag_seconds)
        while since < until and time.monotonic() < deadline:
            end = min(since + _OVERLAP + _SLICE, until)
            new += events.record(engine, list(self._events(since, end)))
            inbox.write_cursor(engine, self._cursor, end.isoformat())
            since = end
        return new

    def _since(self, theirs: datetime) -> datetime:
        value = inbox.read_cursor(self._assembly.engine, self._cursor)
        since = datetime.fromisoformat(value) if value else theirs - _FIRST_LOOK
        if since > theirs + _ROUNDED:
            log.warning("events were said to be read up to a moment that Stripe has not reached", cursor=value)
        if since >= theirs - outage.AFTER:
            return min(since, theirs)
        # Healed by reads of objects, which have our time.
        outage.note(self._assembly.engine, since, self._now)
        return theirs

    def _events(self, since: datetime, until: datetime) -> Iterator[StripeEvent]:
        # Stripe takes so many types at once and no more.
        for start in range(0, len(TYPES), EVENT_TYPES_MAX):
            for page in self._reader.events(since, until, TYPES[start : start + EVENT_TYPES_MAX]):
                for wire in page.data:
                    yield from self._read(wire)

    def _read(self, wire: Any) -> Iterator[StripeEvent]:
        try:
            yield replace(read_event(wire, "list", Expected(), self._assembly.policy.live), account=self._account)
        except NotAnEvent as error:
            log.warning("an event in Stripe's list makes no sense", error=str(error))
