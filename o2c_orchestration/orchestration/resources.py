"""The one resource: the assembly of this process, made from settings when a run first needs it."""

import threading
from dataclasses import replace
from typing import Protocol

import dagster as dg

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.current_settings import CurrentSettings
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
    """Makes the assembly from the environment when first asked: importing definitions touches nothing.

    Another one is made when the file of secrets has changed; of an assembly that was `given`, one like it but for its
    settings. Whoever works with the one before ends with it.
    """

    def __init__(self, given: Assembly | None = None) -> None:
        self._lock = threading.Lock()
        self._settings = CurrentSettings(None if given is None else given.settings)
        self._assembly = given

    def get(self) -> Assembly:
        settings = self._settings.get()
        with self._lock:
            if self._assembly is None:
                self._assembly = Assembly(settings)
            elif self._assembly.settings is not settings:
                self._assembly = replace(self._assembly, settings=settings)
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
