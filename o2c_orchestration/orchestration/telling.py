"""While a long step works, its log says how far it is and how long the rest takes."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.domain.pace import Pace

_EVERY_SECONDS = 30.0


@contextmanager
def telling(assembly: Assembly, say: Callable[[str], None], every: float = _EVERY_SECONDS) -> Iterator[None]:
    """Say, every half minute, how much of what is expected is done; whoever listens to the assembly hears it too."""
    progress, expected = assembly.progress, assembly.expected
    paces: dict[str, Pace] = {}
    lock, told = threading.Lock(), {"at": time.monotonic()}

    def on_expected(stage: str, count: int) -> None:
        paces[stage] = Pace(count, time.monotonic())
        expected(stage, count)

    def on_progress(stage: str, count: int) -> None:
        progress(stage, count)
        now = time.monotonic()
        with lock:
            if stage not in paces:
                return
            paces[stage].count(count, now)
            if now - told["at"] < every:
                return
            told["at"] = now
            words = paces[stage].words(now)
        say(f"{stage}: {words}")

    assembly.progress, assembly.expected = on_progress, on_expected
    try:
        yield
    finally:
        assembly.progress, assembly.expected = progress, expected
