"""The launcher that dagster.yaml names for warm workers: Celery's, which says first that a run is to end."""

import dagster as dg
from dagster_celery.launcher import CeleryRunLauncher
from dagster_celery.tags import DAGSTER_CELERY_TASK_ID_TAG


class WarmRunLauncher(CeleryRunLauncher):
    """Celery's launcher, with "Terminate" told as such.

    The stock one only stops the process: the run then counts as failed and, by `run_retries`, is done again at once.
    """

    def terminate(self, run_id: str) -> bool:
        """Ask the worker to end it. False where it has ended, or has not been handed to a worker yet."""
        run = self._instance.get_run_by_id(run_id)
        if run is None or run.is_finished or DAGSTER_CELERY_TASK_ID_TAG not in run.tags:
            return False
        if run.status != dg.DagsterRunStatus.CANCELING:
            self._instance.report_run_canceling(run)
        return super().terminate(run_id)
