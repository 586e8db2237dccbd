"""How a process is told to stop, in processes of their own: signals are the whole process's."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_LOST = """
    import os, signal, time, weakref
    from o2c_orchestration.signals import {names}

    def finalized():
        os.kill(os.getpid(), signal.{number})
        time.sleep(0.01)  # it is raised here, where Python drops it

    class Thing:
        pass

    stop_as_on_ctrl_c()
    try:
        {within}:
            thing = Thing()
            weakref.finalize(thing, finalized)
            del thing
            time.sleep({sleeps})
            print("went on")
        time.sleep(5)
        print("was never told")
    except KeyboardInterrupt:
        print("stopped")
"""


def _told(number: str, within: str = "if True", names: str = "stop_as_on_ctrl_c", sleeps: float = 5) -> tuple[str, str]:
    program = textwrap.dedent(_LOST.format(number=number, within=within, names=names, sleeps=sleeps))
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=_ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    return done.stdout, done.stderr


@pytest.mark.parametrize("number", ["SIGTERM", "SIGINT"])
def test_a_stop_is_not_lost_while_something_is_finalized(number: str) -> None:
    """Python drops what is raised there: the process would go on as if nobody had said anything."""
    assert _told(number) == ("stopped\n", "")


def test_what_holds_stops_back_holds_back_one_that_was_lost() -> None:
    """What was lost just before the block comes after it."""
    names = "stop_as_on_ctrl_c, told_to_stop_later"
    lost_before = "thing = Thing(); weakref.finalize(thing, finalized); del thing\n        with told_to_stop_later()"
    assert _told("SIGTERM", lost_before, names, 0.3) == ("went on\nstopped\n", "")
