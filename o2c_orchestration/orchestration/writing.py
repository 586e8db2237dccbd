"""Work beside the passes: while NetSuite takes one batch's documents, the next batch is read and planned.

What is to be done lies in the database (intents by their priority, changes that were not compared), so nothing is
handed from thread to thread but the word that there may be something.
"""

import threading
from collections.abc import Callable

import structlog

from o2c_orchestration.domain.errors import AuthenticationError, PermissionDenied, SystemFailure

log = structlog.get_logger(__name__)

_FIRST_PAUSE, _LONGEST_PAUSE = 2.0, 60.0


class Background:
    """A thread that calls `push` whenever it was woken, and again later where that came to nothing.

    `push` does what can be done now and returns how many documents it wrote; None: another process is writing, and
    takes ours along unless it is about to end.
    """

    def __init__(self, name: str, push: Callable[[], int | None]) -> None:
        self._name, self._push = name, push
        self._changed = threading.Condition()
        self._woken = self._stopping = self._busy = False
        self._error: BaseException | None = None
        self._written = 0
        self._pause = _FIRST_PAUSE
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """There may be something to do."""
        with self._changed:
            self._woken = True
            self._changed.notify_all()

    @property
    def idle(self) -> bool:
        """Whether all that it was woken for is done."""
        with self._changed:
            return not (self._woken or self._busy)

    def written(self) -> int:
        """How many documents were written since this was asked last. Raises what ended the work, if anything did."""
        with self._changed:
            if self._error is not None:
                raise self._error
            count, self._written = self._written, 0
            return count

    def stop(self) -> None:
        """End after what is being done now; what is left stays in the database."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        self._thread.join()

    def _work(self) -> None:
        while self._wait():
            again = self._pushed()
            with self._changed:
                self._busy = False
                self._changed.notify_all()
                if again is not None and self._error is None:
                    self._woken = True
                    self._changed.wait_for(lambda: self._stopping, timeout=again)

    def _wait(self) -> bool:
        with self._changed:
            self._changed.wait_for(lambda: self._woken or self._stopping)
            self._woken, self._busy = False, not self._stopping
            return not self._stopping

    def _pushed(self) -> float | None:
        """Seconds after which to try again; None: all is done."""
        try:
            written = self._push()
        except (AuthenticationError, PermissionDenied) as error:
            self._error = error
        except SystemFailure as error:
            pause, self._pause = self._pause, min(2 * self._pause, _LONGEST_PAUSE)
            log.warning("it failed and is tried again", what=self._name, error=str(error), seconds=pause)
            return pause
        except BaseException as error:
            self._error = error
        else:
            self._pause = _FIRST_PAUSE
            if written is None:
                return _FIRST_PAUSE
            with self._changed:
                self._written += written
        return None
