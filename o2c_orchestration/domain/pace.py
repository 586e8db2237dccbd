"""How far a piece of work of known size has come, and how long the rest takes if it goes on as in the last minutes."""

from collections import deque

# A pace of the whole time would take long to notice that a system has become slow, or fast again.
_WINDOW_SECONDS = 120.0
# Less than that tells nothing.
_LEAST_SECONDS = 5.0


class Pace:
    """Counts what is done. Times are seconds of any clock that does not go back."""

    def __init__(self, total: int, began: float) -> None:
        self.total, self.done = total, 0
        self._seen: deque[tuple[float, int]] = deque([(began, 0)])

    def count(self, number: int, now: float) -> None:
        """So many more are done; there may turn out to be more of them than was said."""
        self.done += number
        self.total = max(self.total, self.done)
        self._seen.append((now, self.done))
        while len(self._seen) > 2 and now - self._seen[1][0] > _WINDOW_SECONDS:
            self._seen.popleft()

    def seconds_left(self, now: float) -> float | None:
        """An estimate; None as long as there is nothing to estimate from. What stands still takes ever longer."""
        moment, done = self._seen[0]
        passed, gained = now - moment, self.done - done
        if passed < _LEAST_SECONDS or gained == 0:
            return None
        return (self.total - self.done) * passed / gained

    def words(self, now: float) -> str:
        """Such as `1,200 of 20,000, about 4 min left`."""
        text = f"{self.done:,} of {self.total:,}"
        left = self.seconds_left(now)
        if left is None or self.done == self.total:
            return text
        return f"{text}, about {_rounded(left)} left"


def _rounded(seconds: float) -> str:
    """As exact as an estimate is."""
    if seconds < 90:
        return f"{max(10, round(seconds / 10) * 10)} s"
    if seconds < 5400:
        return f"{round(seconds / 60)} min"
    return f"{seconds / 3600:.1f} h"
