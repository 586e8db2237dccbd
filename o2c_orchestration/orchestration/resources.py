"""The one resource: the assembly of this process, made from settings when a run first needs it."""

import threading
from typing import Protocol

import dagster as dg

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.settings import load_settings
from o2c_orchestration.store import actor

# The resource that all steps need: see `dead_runs`.
ALIVE = "alive"
# A run that is there to stay, or about to be.
UNDER_WAY = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
]


class AssemblySource(Protocol):
    """Whatever hands out the assembly: from settings, or the one that a test or the command line made."""

    def get(self) -> Assembly:
        """The assembly of this process."""


class FromSettings:
    """Makes the assembly from the environment once, when first asked: importing definitions touches nothing."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._assembly: Assembly | None = None

    def get(self) -> Assembly:
        with self._lock:
            if self._assembly is None:
                self._assembly = Assembly(load_settings())
            return self._assembly


class Given:
    """Hands out the assembly that its maker was given."""

    def __init__(self, assembly: Assembly) -> None:
        self._assembly = assembly

    def get(self) -> Assembly:
        return self._assembly


class Signed:
    """Hands out another source's assembly, and has the audit trail name the run that asks for it."""

    def __init__(self, source: AssemblySource) -> None:
        self._source = source

    def get(self) -> Assembly:
        actor.act_as(_run())
        return self._source.get()


def _run() -> str:
    try:
        run = dg.OpExecutionContext.get().run
    except dg.DagsterInvariantViolationError:
        return f"dagster {actor.person()}"
    return f"run:{run.run_id} {actor.person()}"
