"""The writer beside the planner: it does what it was woken for, goes on after failures, and tells what ended it."""

import threading
import time
from collections.abc import Callable

import pytest

from o2c_orchestration.domain.errors import AuthenticationError, UnreachableError
from o2c_orchestration.orchestration import writing
from o2c_orchestration.orchestration.writing import Background


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


class Script:
    """A push that does one thing after the other."""

    def __init__(self, *steps: int | Exception | None) -> None:
        self.steps, self.calls = list(steps), 0

    def __call__(self) -> int | None:
        self.calls += 1
        step = self.steps.pop(0) if self.steps else 0
        if isinstance(step, Exception):
            raise step
        return step


def test_it_writes_when_woken_and_only_then():
    """Nothing without a word; the count is what was written since it was asked last."""
    push = Script(2, 3)
    writer = Background("writer", push)
    time.sleep(0.05)
    assert push.calls == 0
    for _ in range(2):
        writer.wake()
        until(lambda: writer.idle)
    assert (writer.written(), writer.written()) == (5, 0)
    writer.stop()


@pytest.mark.parametrize("step", [None, UnreachableError("no answer")])
def test_it_tries_again_what_came_to_nothing(monkeypatch: pytest.MonkeyPatch, step: Exception | None):
    """Another process that writes, or a system that does not answer: it is not idle until that is over."""
    monkeypatch.setattr(writing, "_FIRST_PAUSE", 0.02)
    push = Script(step, 4)
    writer = Background("writer", push)
    writer.wake()
    until(lambda: push.calls >= 1 and writer.idle)
    assert writer.written() == 4
    writer.stop()


def test_what_ends_it_is_raised_where_somebody_asks():
    """Credentials that are not accepted are nobody's to wait for."""
    writer = Background("writer", Script(AuthenticationError("no")))
    writer.wake()
    until(lambda: writer.idle)
    with pytest.raises(AuthenticationError):
        writer.written()
    writer.stop()


def test_stopping_waits_for_what_is_being_written():
    """A request that has left is awaited."""
    begun, go = threading.Event(), threading.Event()

    def push() -> int:
        begun.set()
        go.wait(10)
        return 1

    writer = Background("writer", push)
    writer.wake()
    assert begun.wait(10)
    threading.Timer(0.1, go.set).start()
    writer.stop()
    assert writer.written() == 1
