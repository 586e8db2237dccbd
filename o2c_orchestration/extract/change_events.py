"""Salesforce's change events → marks of what to read again. An event is a hint: only its ids are believed.

What is heard here, the poll would find too, and finds where it was not heard: events make it faster, not complete.
"""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass

import structlog
from sqlalchemy import Engine

from o2c_orchestration.clients.salesforce_events import Batch, ChangeEvent, ReplayIdLost, SalesforceEvents
from o2c_orchestration.domain.errors import TransientError
from o2c_orchestration.extract.salesforce import POLLED
from o2c_orchestration.store import salesforce_marks
from o2c_orchestration.store.salesforce_marks import WHOLE

log = structlog.get_logger(__name__)

# When nothing more comes for so long, what came is acted on.
_SETTLE_SECONDS = 0.3
_FIRST_PAUSE, _LONGEST_PAUSE, _ATTEMPTS = 0.5, 5.0, 4
_ID = re.compile(r"[A-Za-z0-9]{18}")
# More changes in one transaction than Salesforce tells one by one.
_OVERFLOW = "GAP_OVERFLOW"


@dataclass
class Heard:
    """Events that came, those of them that we caused, and how many marks were made; `lost`: all has to be polled."""

    events: int = 0
    ours: int = 0
    marked: int = 0
    lost: bool = False


def listen(engine: Engine, events: SalesforceEvents, channel: str, seconds: float) -> Heard:
    """Hear what came since the last time, or wait for it, for `seconds` at most.

    A connection that breaks is made again a few times, from where it was kept. Raises what the client raises.
    """
    heard, deadline, failures = Heard(), time.monotonic() + seconds, 0
    while True:
        try:
            _hear(engine, events, channel, deadline, heard)
        except TransientError as error:
            failures += 1
            pause = min(_FIRST_PAUSE * 2.0 ** (failures - 1), _LONGEST_PAUSE)
            if failures >= _ATTEMPTS or time.monotonic() + pause >= deadline:
                raise
            log.warning("change events are listened to again", reason=error.what, seconds=pause)
            time.sleep(pause)
        else:
            return heard


def _hear(engine: Engine, events: SalesforceEvents, channel: str, deadline: float, heard: Heard) -> None:
    kept = salesforce_marks.replay_id(engine, channel)
    try:
        for batch in events.batches(channel, kept, deadline - time.monotonic(), _SETTLE_SECONDS):
            _keep(engine, channel, batch, heard)
    except ReplayIdLost as error:
        log.warning("Salesforce does not know any more how far we have heard: all is polled", reason=str(error))
        salesforce_marks.lose(engine, channel, POLLED)
        heard.lost = True


def _keep(engine: Engine, channel: str, batch: Batch, heard: Heard) -> None:
    news = [event for event in batch.events if not event.ours]
    marks = {mark for event in news for mark in _marks(event)}
    salesforce_marks.keep(engine, channel, sorted(marks), batch.replay_id)
    heard.events += len(batch.events)
    heard.ours += len(batch.events) - len(news)
    heard.marked += len(marks)


def _marks(event: ChangeEvent) -> Iterator[tuple[str, str]]:
    """(type, id) of what to read again; of the type as a whole where the event does not say which records.

    Ids stand for all records of a type where they are wildcards (`006*`), and in events of an overflow.
    """
    if not event.entity:
        log.warning("a change event cannot be read: all is polled")
        yield from ((kind, WHOLE) for kind in POLLED)
    elif event.entity in POLLED:
        named = [each for each in event.record_ids if _ID.fullmatch(each)]
        if event.change == _OVERFLOW or not named or len(named) < len(event.record_ids):
            yield event.entity, WHOLE
        else:
            yield from ((event.entity, each) for each in named)
