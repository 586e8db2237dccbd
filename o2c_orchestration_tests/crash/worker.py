"""What the killed and the finishing processes run. Real processes, forked from a server that has all imports done.

What belongs here: targets of child processes. They find everything in the environment they are handed.
"""

import itertools
import multiprocessing
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from o2c_orchestration import cli
from o2c_orchestration.apply import execute
from o2c_orchestration.apply.execute import Executor
from o2c_orchestration.assembly import Assembly
from o2c_orchestration.clients.netsuite import NetSuiteWriter
from o2c_orchestration.clients.retry import RetryPolicy
from o2c_orchestration.settings import load_settings
from o2c_orchestration.store import journal, letters, planning
from o2c_orchestration_tests.crash.world import run, write_and_compare

Span = tuple[date, date]
# What a process says when it has its plan and is about to ask for the writer lock.
PLANNED = "planned"
_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["o2c_orchestration_tests.preloaded", "o2c_orchestration_tests.crash.worker"])


@dataclass
class Death:
    """Sends this process a signal when it passes `edge` for the `passing`-th time."""

    edge: str
    passing: int = 1
    number: int = signal.SIGKILL
    _passings: Any = field(default_factory=lambda: itertools.count(1), repr=False)

    def __call__(self, edge: str) -> None:
        """Called by the executor at every edge, from any of its threads."""
        # A step of itertools.count is atomic, so no two threads get the same number.
        if edge == self.edge and next(self._passings) == self.passing:
            # To this very thread: a signal to the process may reach another one, while this one passes the edge.
            signal.pthread_kill(threading.get_ident(), self.number)


class Child:
    """A process that runs one of the targets below, with its output in a file."""

    def __init__(
        self, target: Callable[..., None], environment: Mapping[str, str], *arguments: Any, **options: Any
    ) -> None:
        self.log = Path(environment["O2C_HOME"]) / f"{target.__name__}-{time.monotonic_ns()}.log"
        self.log.touch()
        make: Any = _context.Process
        handed = (target, dict(environment), str(self.log), *arguments)
        self.process: BaseProcess = make(target=_child, args=handed, kwargs=options)
        self.process.start()

    def wait(self, seconds: float = 60) -> int:
        """The exit code; negative for a signal."""
        self.process.join(seconds)
        if self.process.exitcode is None:
            self.process.kill()
            self.process.join()
            raise AssertionError(f"the process did not end within {seconds} s:\n{self.log.read_text()}")
        return self.process.exitcode

    def finish(self, seconds: float = 60) -> None:
        """Wait, and insist on a good end."""
        code = self.wait(seconds)
        assert code == 0, self.log.read_text()

    def kill(self, number: int = signal.SIGKILL) -> None:
        """Send a signal."""
        assert self.process.pid is not None
        os.kill(self.process.pid, number)

    def wait_stopped(self, seconds: float = 30) -> None:
        """Wait until the process has stopped itself with SIGSTOP."""
        deadline = time.monotonic() + seconds
        while Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "T":
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.01)


def _child(target: Callable[..., None], environment: dict[str, str], log: str, *arguments: Any, **options: Any) -> None:
    with open(log, "ab", buffering=0) as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    os.environ.update(environment)
    try:
        target(*arguments, **options)
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)


def apply_plan(span: Span, death: Death | None = None, *, patient: bool = True, alone: bool = False) -> None:
    """Plan and apply, with an edge that may kill; the store holds everything that was read already.

    An impatient one waits next to nothing between its attempts to read. One that is `alone` has a single worker, so
    that nothing else of it is under way when it falls asleep at an edge.
    """
    assembly = Assembly(load_settings())
    if not patient:
        assembly.netsuite.retry = RetryPolicy(attempts=3, first_wait=0.02, longest_wait=0.05)
    assembly.plan(*span)
    sys.stdout.write(PLANNED)
    sys.stdout.flush()
    _executor(assembly, death, alone=alone).run(planning.read_plan(assembly.engine, *span).commands)


def sweep(span: Span, death: Death | None = None) -> None:
    """One sweep of the janitor, with an edge that may kill."""
    assembly = Assembly(load_settings())
    _executor(assembly, death).sweep(lambda: assembly.read_ledger(*span))


def write_deals(death: Death | None = None) -> None:
    """All that won deals lack, to Stripe and NetSuite, with an edge that may kill."""
    assembly = Assembly(load_settings())
    assembly.read_reference()
    assembly.deals.poll()
    assembly.deals.plan()
    assembly.deals.apply(_executor(assembly, death, alone=True))


def _executor(assembly: Assembly, death: Death | None, *, alone: bool = False) -> Executor:
    in_flight = assembly.netsuite.slots.in_flight_max
    return Executor(
        assembly.engine,
        NetSuiteWriter(assembly.netsuite),
        assembly.ledger,
        assembly.policy.apply,
        assembly.policy.documents,
        concurrency=1 - execute.AHEAD if alone else in_flight,
        stripe=assembly.stripe_side,
        edge=death or (lambda name: None),
    )


def finish(span: Span) -> None:
    """A later run to the end: reads the ledger, plans and applies what is left; dead letters are sent again."""
    assembly = Assembly(load_settings())
    dead = [entry.external_id for entry in journal.entries(assembly.engine, ["dead"])]
    if dead:
        letters.reopen(assembly.engine, dead, "test")
    assembly.read_ledger(*span)
    write_and_compare(assembly, span)


def whole_run(span: Span) -> None:
    """All stages from extract to reconcile."""
    run(Assembly(load_settings()), span)


def command_line(*arguments: str) -> None:
    """The command `o2c` itself, with its own ending."""
    sys.argv = ["o2c", *arguments]
    try:
        cli.main()
    except SystemExit as end:
        sys.stdout.flush()
        os._exit(int(end.code or 0))
