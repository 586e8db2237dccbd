"""Child processes of the demo: none is left running, whenever the demo is told to stop."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pytest

from o2c_orchestration.console.processes import Child, start, stop_all


def _interrupt(signum: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


class ToldToStop(subprocess.Popen[bytes]):
    """A child after whose start the signal arrives, before anybody has been given the child."""

    number = signal.SIGTERM

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **options)  # type: ignore[call-overload]
        os.kill(os.getpid(), self.number)


@pytest.fixture(params=[signal.SIGTERM, signal.SIGINT])
def number(request: pytest.FixtureRequest) -> Iterator[signal.Signals]:
    """A signal that interrupts this process, as it does the demo."""
    before = signal.signal(request.param, _interrupt)
    yield request.param
    signal.signal(request.param, before)


def test_a_child_is_stopped_when_the_signal_comes_right_after_its_start(
    tmp_path: Path, number: signal.Signals, monkeypatch: pytest.MonkeyPatch
):
    """The interrupt is not lost either, and the handlers are those of before."""
    monkeypatch.setattr(ToldToStop, "number", number)
    monkeypatch.setattr(subprocess, "Popen", ToldToStop)
    children: list[Child] = []

    with pytest.raises(KeyboardInterrupt):
        start(children, "sandbox", ["sandbox", "--port", "0", "--no-company"], {"O2C_HOME": str(tmp_path)}, tmp_path)

    assert [child.name for child in children] == ["sandbox"]
    assert children[0].process.poll() is None
    assert signal.getsignal(number) is _interrupt
    stop_all(children)
    assert children[0].process.returncode is not None
