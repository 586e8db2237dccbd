"""Retrying reads: a bounded number of attempts with growing, unsynchronised waits. Writes never come here."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import structlog
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt

from o2c_orchestration import tracing
from o2c_orchestration.domain.errors import RateLimited, TransientError

log = structlog.get_logger(__name__)

Result = TypeVar("Result")


def is_transient(error: BaseException) -> bool:
    """Whether the same read may simply be made again."""
    return isinstance(error, TransientError)


@dataclass(frozen=True)
class RetryPolicy:
    """How often a read is tried, and how long the waits between are, in seconds.

    The wait doubles from `first_wait` up to `longest_wait`, and a random half of it is left out, so that several
    readers do not come back in step. When the system said how long to wait, that is the least.
    """

    attempts: int = 6
    first_wait: float = 0.5
    longest_wait: float = 30.0

    def run(
        self,
        action: Callable[[], Result],
        *,
        system: str,
        again: Callable[[BaseException], bool] = is_transient,
    ) -> Result:
        """The result of `action`. Raises its last error once the attempts are used up."""
        retrying = Retrying(
            stop=stop_after_attempt(self.attempts),
            wait=self._wait,
            retry=retry_if_exception(again),
            before=lambda state: tracing.retry(state.attempt_number - 1),
            before_sleep=lambda state: _log_retry(state, system),
            reraise=True,
        )
        try:
            return retrying(action)
        except TransientError as error:
            # A login that was tried inside of a read has said so.
            if self.attempts > 1 and again(error) and "(tried " not in error.what:
                error.what = f"{error.what} (tried {self.attempts} times)"
            raise
        finally:
            tracing.retry(0)

    def _wait(self, state: RetryCallState) -> float:
        wait = min(self.longest_wait, self.first_wait * 2.0 ** (state.attempt_number - 1))
        wait *= random.uniform(0.5, 1.0)
        error = state.outcome.exception() if state.outcome else None
        if isinstance(error, RateLimited) and error.retry_after is not None:
            wait = max(wait, min(error.retry_after, self.longest_wait))
        return wait


def _log_retry(state: RetryCallState, system: str) -> None:
    error = state.outcome.exception() if state.outcome else None
    what = error.what if isinstance(error, TransientError) else type(error).__name__
    log.warning("read is tried again", system=system, attempt=state.attempt_number, reason=what)
