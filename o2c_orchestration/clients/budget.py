"""A share of a system's rate and concurrency limits, spread over all threads of a process.

What belongs here: pacing and counting of requests. What does not: knowing why a system said no.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

# A second 429 within this time tells of the same overload, not of a new one.
_SAME_OVERLOAD_SECONDS = 1.0
# From nothing back to the full allowance. Slow, because the limit is shared with programs that we do not see. A rate
# grows back faster: where one request of nine is refused whatever the pace, a minute for each made a run four times as
# long, and the wait that Stripe asks for is kept besides.
_RECOVERY_SECONDS = {"rate": 10.0, "concurrency": 60.0}
# Never below this share of the allowance: a reader that stops altogether never learns that the limit is gone.
_SLOWEST_SHARE = 1 / 32


class RateBudget:
    """At most `per_second` requests a second and `in_flight` at once; use as a context manager around each request.

    Requests are spaced evenly rather than let through in bursts, so a limit counted over any window is kept.
    `throttled` halves the allowance; it grows back linearly, the rate within ten seconds and what is in flight within
    a minute. `per_second` None means unpaced.

    Attributes:
        requests: how many requests were let through since the start.
        refusals: how many of them were answered with "too many requests".
    """

    def __init__(
        self,
        per_second: float | None,
        in_flight: int,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        if in_flight < 1 or (per_second is not None and per_second <= 0):
            raise ValueError("a budget needs at least one request in flight and a rate above zero")
        self._per_second = per_second
        self._in_flight_max = in_flight
        self._clock = clock
        self._sleep = sleep
        self._changed = threading.Condition()
        self._in_flight = self._ahead = 0
        self._next_slot = clock()
        self._lowered = {"rate": (1.0, clock()), "concurrency": (1.0, clock())}
        self.requests = 0
        self.refusals = 0

    @property
    def in_flight_max(self) -> int:
        """The full allowance of requests at once; a connection pool of this size is enough."""
        return self._in_flight_max

    def __enter__(self) -> Self:
        with self._changed:
            while self._ahead or self._in_flight >= self._in_flight_now():
                self._wait_for_change()
            delay = self._let_through()
        if delay > 0:
            self._sleep(delay)
        return self

    @contextmanager
    def ahead(self) -> Iterator[Self]:
        """As the budget itself, for a request that goes before all that wait for their turn without this.

        For few, which somebody waits for, beside many: whoever waits here lets nobody else through.
        """
        with self._changed:
            self._ahead += 1
            try:
                while self._in_flight >= self._in_flight_now():
                    self._wait_for_change()
            finally:
                self._ahead -= 1
                self._changed.notify_all()
            delay = self._let_through()
        try:
            if delay > 0:
                self._sleep(delay)
            yield self
        finally:
            self.__exit__(None, None, None)

    def _let_through(self) -> float:
        """Take a place; seconds until this request's turn."""
        self._in_flight += 1
        self.requests += 1
        return self._reserve_slot()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._changed:
            self._in_flight -= 1
            # Not to one: it might be one that lets another go ahead, who would not hear of it.
            self._changed.notify_all()

    def throttled(self, *, concurrency: bool = False) -> None:
        """Note one "too many requests" and halve the rate, or with `concurrency` the requests at once."""
        limit = "concurrency" if concurrency else "rate"
        with self._changed:
            self.refusals += 1
            now = self._clock()
            share, since = self._lowered[limit]
            if share == 1.0 or now - since >= _SAME_OVERLOAD_SECONDS:
                self._lowered[limit] = (max(self._share(limit) / 2, _SLOWEST_SHARE), now)

    def _wait_for_change(self) -> None:
        # The allowance grows with time, and nobody announces that: hence the time limit.
        self._changed.wait(0.25)

    def _reserve_slot(self) -> float:
        """Seconds until this request's turn. Turns are fixed points in time, so late sleepers lose nothing."""
        if self._per_second is None:
            return 0.0
        now = self._clock()
        turn = max(now, self._next_slot)
        self._next_slot = turn + 1.0 / (self._per_second * self._share("rate"))
        return turn - now

    def _in_flight_now(self) -> int:
        return max(1, int(self._in_flight_max * self._share("concurrency")))

    def _share(self, limit: str) -> float:
        share, since = self._lowered[limit]
        return min(1.0, share + (self._clock() - since) / _RECOVERY_SECONDS[limit])
