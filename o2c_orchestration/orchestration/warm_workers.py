"""The Celery app of warm workers: `celery -A o2c_orchestration.orchestration.warm_workers worker`.

Broker, queue and task names are those of the launcher in dagster.yaml, so worker and launcher cannot disagree. The
definitions are loaded here, before the pool forks: a run starts in a process that has imported everything. Needs the
extra `celery`; nothing else imports this module.
"""

import tempfile
from pathlib import Path
from typing import Any

import dagster as dg
from celery import Celery
from celery.signals import heartbeat_sent
from dagster_celery.launcher import CeleryRunLauncher
from dagster_celery.tasks import create_execute_job_task

from o2c_orchestration.definitions import defs
from o2c_orchestration.domain.errors import SettingsError

# docker-compose.yml asks how old it is: asking Celery itself would load Dagster and all of this each time.
HEARTBEAT = Path(tempfile.gettempdir()) / "o2c-worker"


def worker_app(instance: dg.DagsterInstance) -> Celery:
    """The app of the instance's own launcher, with the task that executes a run.

    Raises SettingsError where dagster.yaml names another launcher.
    """
    launcher = instance.run_launcher
    if not isinstance(launcher, CeleryRunLauncher):
        raise SettingsError(
            f"dagster.yaml starts runs by {type(launcher).__name__}, which gives workers nothing to do",
            "take deploy/dagster.celery.yaml for it, in all services",
        )
    create_execute_job_task(launcher.celery)
    return launcher.celery


@heartbeat_sent.connect
def beat(**_: Any) -> None:
    """The worker is connected to its broker, every two seconds."""
    HEARTBEAT.touch()


with dg.DagsterInstance.get() as _instance:
    app = worker_app(_instance)
defs.get_repository_def()
