"""A progress bar for each stage, fed by the stages themselves."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.console.tables import console
from o2c_orchestration.domain.pace import Pace

# Stage → the assets whose end moves its bar.
STAGES = {
    "extract": 14,
    "validate": 8,
    "plan": 2,
    "apply": 3,
    "mirror": 6,
    "reconcile": 5,
    "alert": 1,
}


@contextmanager
def stage_progress(assembly: Assembly) -> Iterator[None]:
    """Show a bar per stage while the job runs; rows are counted as they are done."""
    bars = Progress(
        TextColumn("{task.description:<10}"),
        BarColumn(bar_width=30),
        TextColumn("{task.fields[rows]:>8} rows"),
        TimeElapsedColumn(),
        TextColumn("{task.fields[left]}"),
        console=console,
    )
    tasks = {stage: bars.add_task(stage, total=steps, rows=0, left="", start=False) for stage, steps in STAGES.items()}
    rows = dict.fromkeys(STAGES, 0)
    paces: dict[str, Pace] = {}

    def on_rows(stage: str, count: int) -> None:
        rows[stage] += count
        _start(bars, tasks[stage])
        bars.update(tasks[stage], rows=rows[stage])
        if stage in paces:
            paces[stage].count(count, time.monotonic())
            bars.update(tasks[stage], left=paces[stage].words(time.monotonic()))

    def on_expected(stage: str, count: int) -> None:
        paces[stage] = Pace(count, time.monotonic())

    def on_step(step: str) -> None:
        stage = stage_of(step)
        _start(bars, tasks[stage])
        bars.advance(tasks[stage])

    assembly.progress, assembly.step_done, assembly.expected = on_rows, on_step, on_expected
    with bars:
        yield


def _start(bars: Progress, task: TaskID) -> None:
    if not bars.tasks[task].started:
        bars.start_task(task)


def stage_of(step: str) -> str:
    """The stage that a Dagster step (`stripe__invoices`) belongs to."""
    if step.startswith("netsuite__") and step.endswith("_mirrors"):
        return "mirror"
    prefix = step.split("__", 1)[0]
    names = {
        **dict.fromkeys(("stripe", "netsuite", "salesforce"), "extract"),
        "validated": "validate",
        "reconciliation": "reconcile",
    }
    return names.get(prefix, prefix)
