"""Running the job over a range of days in this process, recorded in Dagster's own storage."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import dagster as dg
from dagster_shared.error import SerializableErrorInfo

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.console.files import deployed_file
from o2c_orchestration.domain import errors
from o2c_orchestration.domain.errors import O2CError
from o2c_orchestration.orchestration.build import JOB, build_definitions
from o2c_orchestration.orchestration.dead_runs import end_dead_runs
from o2c_orchestration.orchestration.partitions import daily_partitions, span
from o2c_orchestration.orchestration.pools import make_pools
from o2c_orchestration.orchestration.resources import FromSettings

# No statement of Dagster takes minutes.
_STATEMENT_MS = 300_000


class RunFailed(O2CError):
    """A Dagster run ended in failure; what went wrong is in the run's log.

    Attributes:
        exit_code: that of the error that made it fail, where that was one of ours.
    """

    def __init__(self, what: str, what_to_do: str, exit_code: int) -> None:
        super().__init__(what, what_to_do)
        self.exit_code = exit_code  # type: ignore[misc]


def dagster_home(assembly: Assembly) -> Path:
    """Dagster's home under O2C_HOME, with the deployment's dagster.yaml; the environment is set to match."""
    home = assembly.settings.home / "dagster"
    home.mkdir(parents=True, exist_ok=True)
    shipped, own = deployed_file("dagster.yaml"), home / "dagster.yaml"
    # In a container it is a link to one that nobody may write.
    if not own.exists() or own.read_bytes() != shipped.read_bytes():
        shutil.copyfile(shipped, own)
    os.environ["DAGSTER_HOME"] = str(home)
    os.environ["O2C_DATABASE_URL"] = assembly.database_url
    return home


@contextmanager
def dagster_instance(assembly: Assembly) -> Iterator[dg.DagsterInstance]:
    """The Dagster instance whose storage is our database, with its pools."""
    with dg.DagsterInstance.from_config(str(dagster_home(assembly))) as instance:
        # Dagster opens a connection for each event, thousands in a backfill, unless it is told to hold some.
        instance.optimize_for_webserver(_STATEMENT_MS, pool_recycle=3600, max_overflow=20)
        make_pools(instance)
        yield instance


def run_range(assembly: Assembly, instance: dg.DagsterInstance, first: date, last: date) -> str:
    """Run the job over the days [first, last] in one run; returns the run id. Raises RunFailed.

    Keys that are replaced in the file of secrets meanwhile are used from the next step, or attempt at one, on.

    Raises KeyboardInterrupt when it was told to stop.
    """
    end_dead_runs(instance, assembly.engine)
    definitions = build_definitions(FromSettings(assembly), assembly.policy)
    job = definitions.resolve_job_def(JOB)
    outcome = job.execute_in_process(
        instance=instance,
        tags=span(daily_partitions(assembly.policy.books.start), first, last),
        run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        raise_on_error=False,
    )
    if not outcome.success:
        if _interrupted(outcome):
            raise KeyboardInterrupt
        reason, exit_code = _reason(outcome)
        raise RunFailed(reason, f"see the run {outcome.run_id} in Dagster", exit_code)
    return outcome.run_id


def _interrupted(outcome: dg.ExecuteInProcessResult) -> bool:
    """Dagster turns Ctrl-C into a failed step."""
    failed = [event.step_failure_data.error for event in outcome.all_events if event.is_step_failure]
    return any(error is not None and error.cls_name == "DagsterExecutionInterruptedError" for error in failed)


def _reason(outcome: dg.ExecuteInProcessResult) -> tuple[str, int]:
    """The first failed step in one line, and the exit code that goes with it."""
    for event in outcome.all_events:
        if event.is_step_failure:
            text, exit_code = _told(event.step_failure_data.error)
            return f"step {event.step_key} failed: {text}", exit_code
    return "the run failed", 1


def _told(error: SerializableErrorInfo | None) -> tuple[str, int]:
    """Our own error within a chain of causes, else the last cause: the others name code, not what happened."""
    text, exit_code = "no reason given", 1
    while error is not None:
        text = (error.message.strip() or str(error.cls_name)).splitlines()[0]
        name = str(error.cls_name)
        known = getattr(errors, name, None)
        if known is not None and text.startswith(f"{errors.__name__}.{name}: "):
            return text.partition(": ")[2], known.exit_code
        error = error.cause
    return text, exit_code
