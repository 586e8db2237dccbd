"""Hands out what may be written, row by row, so that no place of NetSuite's waits for the slowest of a batch.

What belongs here: which worker gets which journal row, and when all are done. What does not: what is done with a row.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence


class HandOut:
    """A queue of journal rows for a team of workers, filled again by whoever finds at most `low` in it.

    `more` returns the ids of rows that may be sent now, also those that are queued or in somebody's hand. What leans on
    a row may be sent once that is done: so a worker that finds nothing waits for the others before it ends. What `more`
    raises is raised to the worker that asked, and the others end with what they have in hand, as after `close`.
    """

    def __init__(self, more: Callable[[], Sequence[int]], low: int) -> None:
        self._more, self._low = more, low
        self._changed = threading.Condition()
        self._queue: deque[int] = deque()
        self._known: set[int] = set()
        self._finished = 0
        # How many were finished when a question began that brought nothing new: there is nothing new until it grows.
        self._in_vain_at: int | None = None
        self._asking = self._closed = False

    def take(self) -> int | None:
        """A row that nobody else of the team has; None when there is none, and none will come. Then: `done`."""
        with self._changed:
            while not self._closed:
                if self._in_vain_at != self._finished and len(self._queue) <= self._low and not self._asking:
                    self._ask()
                elif self._queue:
                    return self._queue.popleft()
                elif not self._known and not self._asking:
                    return None
                else:
                    self._wait_for_change()
            return None

    def done(self, journal_id: int) -> None:
        """Whoever has taken this row has done with it, whatever came of it."""
        with self._changed:
            self._known.discard(journal_id)
            self._finished += 1
            self._changed.notify_all()

    def close(self) -> None:
        """Nobody gets anything any more."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _ask(self) -> None:
        """Fill the queue, while the others go on."""
        self._asking, finished = True, self._finished
        self._changed.release()
        try:
            found = self._more()
        except BaseException:
            self.close()
            raise
        finally:
            self._changed.acquire()
            self._asking = False
            self._changed.notify_all()
        new = [each for each in found if each not in self._known]
        self._queue.extend(new)
        self._known.update(new)
        self._in_vain_at = None if new else finished

    def _wait_for_change(self) -> None:
        self._changed.wait()
