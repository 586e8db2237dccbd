"""The launcher that dagster.yaml names for warm workers: Celery's, with "Terminate" that ends a run, and for good."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

import dagster as dg
from dagster._core.launcher import CheckRunHealthResult
from dagster._serdes import ConfigurableClassData
from dagster_celery.launcher import CeleryRunLauncher
from dagster_celery.tags import DAGSTER_CELERY_QUEUE_TAG, DAGSTER_CELERY_TASK_ID_TAG

from o2c_orchestration.settings import load_environment
from o2c_orchestration.transport import PlaintextHosts

if TYPE_CHECKING:
    from celery import Signature

_BEFORE_A_WORKER = (dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.QUEUED)
_TOLD_TO_STOP = dg.DagsterEventType.RUN_CANCELING


class WarmRunLauncher(CeleryRunLauncher):
    """Celery's launcher. A run's task has the run's own id, so whoever knows the run knows its task.

    The stock one notes the task's id as a tag of the run once a worker may have begun. Dagster writes all tags of a run
    anew for each that is added, so the worker's own tag at the same moment takes the id away: "Terminate" does nothing
    then, and the look after the worker fails. And it only stops the process: the run then counts as failed and, by
    `run_retries`, is done again at once. And one that is taken out of the queue at the moment in which the daemon hands
    it out is called canceled, starts all the same, and stays.
    """

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData, config_value: Mapping[str, Any]) -> Self:
        """Raises SettingsError where Redis is on another machine and would be asked without TLS."""
        hosts = PlaintextHosts(load_environment().plaintext_hosts)
        for each in ("broker", "backend"):
            hosts.check_redis(config_value.get(each), "O2C_REDIS_URL")
        return super().from_config_value(inst_data, config_value)

    def terminate(self, run_id: str) -> bool:
        """Ask the worker to end it. False where it has ended, or has not been handed to a worker yet."""
        run = self._instance.get_run_by_id(run_id)
        if run is None or run.is_finished or run.status in _BEFORE_A_WORKER:
            return False
        if run.status != dg.DagsterRunStatus.CANCELING:
            self._instance.report_run_canceling(run)
        self.celery.control.revoke(run_id, terminate=True)
        return True

    def check_run_worker_health(self, run: dg.DagsterRun) -> CheckRunHealthResult:
        """What Celery says of the run's task."""
        return super().check_run_worker_health(_with_task(run))

    def get_run_worker_debug_info(self, run: dg.DagsterRun, include_container_logs: bool | None = True) -> str | None:
        """What Celery says of the run's task, in words."""
        return super().get_run_worker_debug_info(_with_task(run), include_container_logs)

    def _launch_celery_task_run(self, run: dg.DagsterRun, task_signature: "Signature", routing_key: str) -> None:
        """Tag the run, then hand it out: nothing is written to its tags once a worker may write them too."""
        if self._was_told_to_stop(run):
            self._instance.report_run_canceled(run, "It was taken out of the queue.")
            return
        queue = run.tags.get(DAGSTER_CELERY_QUEUE_TAG, self.default_queue)
        self._instance.add_run_tags(run.run_id, {DAGSTER_CELERY_TASK_ID_TAG: run.run_id})
        task_signature.apply_async(task_id=run.run_id, queue=queue, routing_key=f"{queue}.{routing_key}")
        self._instance.report_engine_event(f"Handed to a worker by the queue {queue}.", run, cls=self.__class__)

    def _was_told_to_stop(self, run: dg.DagsterRun) -> bool:
        """Of its status the daemon has the last word, which is that it starts."""
        return bool(self._instance.event_log_storage.get_logs_for_run(run.run_id, of_type=_TOLD_TO_STOP, limit=1))


def _with_task(run: dg.DagsterRun) -> dg.DagsterRun:
    return run.with_tags({**run.tags, DAGSTER_CELERY_TASK_ID_TAG: run.run_id})
