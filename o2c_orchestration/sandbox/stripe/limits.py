"""The account's budget of requests per second."""

from __future__ import annotations

import time
from collections import deque


class RateLimit:
    """A sliding window of one second; refused requests do not count against it."""

    def __init__(self, requests_per_second: int) -> None:
        self._starts: deque[float] = deque(maxlen=requests_per_second)

    def admits(self) -> bool:
        """Whether one more request may run now; counts it when it may."""
        now = time.monotonic()
        if len(self._starts) == self._starts.maxlen and now - self._starts[0] < 1.0:
            return False
        self._starts.append(now)
        return True
