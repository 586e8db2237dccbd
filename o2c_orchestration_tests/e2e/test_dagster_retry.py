"""Steps are tried again after an error; a run that is told to stop stops."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pytest

from o2c_orchestration.orchestration.retry import RETRY, UnlessToldToStop


def run(work: Callable[[], None], tmp_path: Path) -> tuple[dg.ExecuteInProcessResult, list[str]]:
    """A run of two steps of which the first does this work; and the steps that were done."""
    policy, done = UnlessToldToStop(max_retries=2, delay=0), list[str]()

    @dg.op(retry_policy=policy)
    def first() -> None:
        done.append("first")
        work()

    @dg.op(retry_policy=policy)
    def second() -> None:
        done.append("second")

    @dg.job
    def both() -> None:
        first()
        second()

    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        return both.execute_in_process(instance=instance, raise_on_error=False), done


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_told_to_stop_does_not_go_on(number: signal.Signals, tmp_path: Path) -> None:
    """Neither with the step that was ended, nor with the others."""

    def work() -> None:
        os.kill(os.getpid(), number)
        time.sleep(10)

    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        outcome, done = run(work, tmp_path)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert (outcome.success, done) == (False, ["first"])
    assert not [event for event in outcome.all_events if event.is_step_up_for_retry]


def test_after_an_error_a_step_is_tried_again(tmp_path: Path) -> None:
    """Twice, and then the run has failed."""

    def work() -> None:
        raise OSError("gone for a moment")

    outcome, done = run(work, tmp_path)
    assert (outcome.success, done.count("first")) == (False, 3)


def test_the_wait_grows() -> None:
    """From some five seconds on."""
    assert 0 < RETRY.calculate_delay(1) < RETRY.calculate_delay(3) < 60
