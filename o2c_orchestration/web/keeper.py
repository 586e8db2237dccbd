"""Keeps events: one thread writes what has come, many at a time, and each sender hears when its own is durable.

A transaction waits for the disk, so events that came meanwhile share the next one: under load that is what makes the
receiver fast. An event that could not be kept in time is not acknowledged, and Stripe sends it again.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import structlog
from sqlalchemy import Engine

from o2c_orchestration.domain.stripe_events import StripeEvent
from o2c_orchestration.store import events

log = structlog.get_logger(__name__)

_TOGETHER = 500
_WAITING_MAX = 5000
_PAUSE_SECONDS = 0.5


def _uncounted(new: int, known: int) -> None:
    """Nobody counts."""


class NotKept(Exception):
    """The event is not stored, or it is not known whether it is: it must be sent again."""


@dataclass(frozen=True)
class _Waiting:
    event: StripeEvent
    loop: asyncio.AbstractEventLoop
    kept: asyncio.Future[None]


class Keeper:
    """Start it, `keep` events from any event loop, stop it. `engine` is asked for until it gives one."""

    def __init__(
        self, engine: Callable[[], Engine], count: Callable[[int, int], None] = lambda new, known: None
    ) -> None:
        self._engine = engine
        self._count = count
        self._queue: deque[_Waiting] = deque()
        self._changed = threading.Condition()
        self._stopping = False
        self._thread = threading.Thread(target=self._work, name="event-keeper", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def stop(self) -> None:
        """Write what has come, and end."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
        self._thread.join(timeout=10)

    async def keep(self, event: StripeEvent, seconds: float) -> None:
        """Returns when the event is durable, whether it is new or not. Raises NotKept."""
        loop = asyncio.get_running_loop()
        waiting = _Waiting(event, loop, loop.create_future())
        with self._changed:
            if len(self._queue) >= _WAITING_MAX or self._stopping:
                raise NotKept("too many events wait")
            self._queue.append(waiting)
            self._changed.notify()
        try:
            await asyncio.wait_for(waiting.kept, seconds)
        except TimeoutError:
            raise NotKept(f"the database did not take it within {seconds:g} s") from None

    def _work(self) -> None:
        while batch := self._next():
            try:
                new = events.record(self._engine(), [each.event for each in batch])
            except Exception as error:
                log.warning(
                    "events are not kept, and Stripe will send them again", events=len(batch), error=_line(error)
                )
                self._answer(batch, NotKept("the database did not take it"))
                with self._changed:
                    self._changed.wait_for(lambda: self._stopping, timeout=_PAUSE_SECONDS)
            else:
                self._count(new, len(batch) - new)
                self._answer(batch, None)

    def _next(self) -> list[_Waiting]:
        """Events that have come and whose senders still wait; empty when there is nothing more to do."""
        with self._changed:
            while True:
                self._changed.wait_for(lambda: self._queue or self._stopping)
                batch = [self._queue.popleft() for _ in range(min(_TOGETHER, len(self._queue)))]
                batch = [each for each in batch if not each.kept.done()]
                if batch or (not self._queue and self._stopping):
                    return batch

    @staticmethod
    def _answer(batch: list[_Waiting], error: NotKept | None) -> None:
        for each in batch:
            # The server may have shut its loop down meanwhile.
            with suppress(RuntimeError):
                each.loop.call_soon_threadsafe(_settle, each.kept, error)


def _settle(kept: asyncio.Future[None], error: NotKept | None) -> None:
    if kept.done():
        return
    if error is None:
        kept.set_result(None)
    else:
        kept.set_exception(error)


def _line(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:300] if str(error).strip() else type(error).__name__
