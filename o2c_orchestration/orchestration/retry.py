"""When Dagster tries a step again: after an error, and not when somebody told the run to stop."""

import sys

import dagster as dg
from dagster._core.errors import DagsterExecutionInterruptedError


class UnlessToldToStop(dg.RetryPolicy):
    """A retry policy for errors alone.

    Dagster asks it how long to wait also where SIGTERM, Ctrl-C or "Terminate" has ended the step, and goes on with the
    other steps meanwhile: a run that was told to stop would not. Then this raises what ended the step once more.
    """

    def calculate_delay(self, attempt_num: int) -> float:
        """Seconds until the next attempt. Raises the interruption that it is asked about."""
        ended_by = sys.exception()
        if isinstance(ended_by, KeyboardInterrupt | DagsterExecutionInterruptedError):
            raise ended_by
        return float(super().calculate_delay(attempt_num))


# Reads are repeatable and writes are journalled, so that a step may always be tried again.
RETRY = UnlessToldToStop(max_retries=2, delay=5, backoff=dg.Backoff.EXPONENTIAL, jitter=dg.Jitter.PLUS_MINUS)
