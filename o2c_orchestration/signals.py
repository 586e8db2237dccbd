"""What a process does when it is told to stop: SIGINT (Ctrl-C) and SIGTERM (docker, systemd, kill) mean the same.

What belongs here: how signals are taken and held back. It imports nothing of ours, so every part may use it.
"""

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

# SIGALRM is ours alone: a stop that was lost, once more.
_STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGALRM)
_AGAIN_SECONDS = 0.05


def stop_as_on_ctrl_c() -> None:
    """From now on SIGTERM raises KeyboardInterrupt here, as Ctrl-C does: what is registered for the end is done then.

    Left to itself it ends a process on the spot. Whoever starts us may have it ignored, and that stays so. One that
    comes while something is finalized (`__del__`, weakref) would be lost: Python drops what is raised there, whatever
    it is. It is raised again a moment later.
    """
    if not _in_main_thread():
        return
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGALRM, signal.default_int_handler)
    sys.unraisablehook = _raised_where_nobody_hears


def _raised_where_nobody_hears(lost: "UnraisableHookArgs") -> None:
    if issubclass(lost.exc_type, KeyboardInterrupt):
        signal.setitimer(signal.ITIMER_REAL, _AGAIN_SECONDS)
    else:
        sys.__unraisablehook__(lost)


@contextmanager
def told_to_stop_later() -> Iterator[None]:
    """SIGINT and SIGTERM wait until the end of the block, in this process; a child starts with neither held back.

    In another thread than the main one nothing is done: no signal interrupts those.
    """
    if not _in_main_thread():
        yield
        return
    came: list[int] = []

    def keep(number: int, frame: FrameType | None) -> None:
        came.append(number)

    before = {number: signal.signal(number, keep) for number in _STOPS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for arrived in came:
            signal.raise_signal(arrived)


def stop_hearing() -> None:
    """For the last that a process does: told to stop again out of impatience, it would leave that half done."""
    if _in_main_thread():
        for number in _STOPS:
            signal.signal(number, signal.SIG_IGN)


def _in_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()
