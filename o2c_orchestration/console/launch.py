"""Running the job over a range of days in this process, recorded in Dagster's own storage."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import dagster as dg

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.console.files import deployed_file
from o2c_orchestration.domain.errors import O2CError
from o2c_orchestration.orchestration.build import JOB, build_definitions
from o2c_orchestration.orchestration.partitions import daily_partitions, span
from o2c_orchestration.orchestration.resources import Given


class RunFailed(O2CError):
    """A Dagster run ended in failure; what went wrong is in the run's log."""


def dagster_home(assembly: Assembly) -> Path:
    """Dagster's home under O2C_HOME, with the deployment's dagster.yaml; the environment is set to match."""
    home = assembly.settings.home / "dagster"
    home.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(deployed_file("dagster.yaml"), home / "dagster.yaml")
    os.environ["DAGSTER_HOME"] = str(home)
    os.environ["O2C_DATABASE_URL"] = assembly.database_url
    return home


@contextmanager
def dagster_instance(assembly: Assembly) -> Iterator[dg.DagsterInstance]:
    """The Dagster instance whose storage is our database."""
    with dg.DagsterInstance.from_config(str(dagster_home(assembly))) as instance:
        yield instance


def run_range(assembly: Assembly, instance: dg.DagsterInstance, first: date, last: date) -> str:
    """Run the job over the days [first, last] in one run; returns the run id. Raises RunFailed or the stage's error."""
    definitions = build_definitions(Given(assembly), assembly.policy)
    job = definitions.resolve_job_def(JOB)
    outcome = job.execute_in_process(
        instance=instance,
        tags=span(daily_partitions(assembly.policy.books.start), first, last),
        run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        raise_on_error=False,
    )
    if not outcome.success:
        raise RunFailed(_reason(outcome), f"see the run {outcome.run_id} in Dagster")
    return outcome.run_id


def _reason(outcome: dg.ExecuteInProcessResult) -> str:
    """The first failed step in one line."""
    for event in outcome.all_events:
        if event.is_step_failure:
            error = event.step_failure_data.error
            while error is not None and error.cause is not None:
                error = error.cause
            text = error.message.strip().splitlines()[0] if error else "no reason given"
            return f"step {event.step_key} failed: {text}"
    return "the run failed"
