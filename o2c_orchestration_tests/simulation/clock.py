"""Simulated time for a whole process: it stands still while code runs, and moves when everybody waits.

Imported before anything of the product, since default arguments keep the clock that they found. So a simulation has a
process of its own, and pytest's own clock is never touched.
"""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import time_machine

_Sleep = Callable[[float], None]

real_sleep: _Sleep = time.sleep
real_monotonic: Callable[[], float] = time.monotonic


class SimulatedClock:
    """Seconds since 1970 UTC. `sleeper` is what a wait does; the kernel puts its own in."""

    def __init__(self) -> None:
        self.now = 0.0
        self.skew = 0.0
        self.sleeper: _Sleep = self.move
        self._shown = 0
        self._traveller: Any = None

    def install(self, start: datetime) -> None:
        """From here on, all of Python's clocks in this process show simulated time."""
        self._traveller = time_machine.travel(start, tick=False).start()
        self._shown = _microseconds(start.timestamp())
        self.set(start.timestamp())
        replaced: Any = time
        replaced.monotonic = lambda: self.now + self.skew
        replaced.sleep = lambda seconds: self.sleeper(seconds)

    def set(self, now: float) -> None:
        """Move to this moment, also back: the next world begins anew."""
        self.now = now
        self.show(self.skew)

    def show(self, skew: float) -> None:
        """Who runs from here on has a clock that is so many seconds ahead of the true one."""
        self.skew = skew
        # Asked for at every switch between actors, while time moves only when all of them wait.
        moved = _microseconds(self.now + skew) - self._shown
        if moved:
            self._shown += moved
            # By so much rather than to a moment, which would set the process's time zone anew each time.
            self._traveller.shift(timedelta(microseconds=moved))

    def move(self, seconds: float) -> None:
        """Let time pass, when nobody else could use it."""
        self.set(self.now + max(0.0, seconds))


def _microseconds(moment: float) -> int:
    return round(moment * 1_000_000)


clock = SimulatedClock()
