"""Validating N invoices beside loading them: what each part costs, and what learning what they look like adds.

    python -m benchmarks.validate --rows 100000

Loading is the gate as extraction uses it (benchmarks/load.py), with all its payloads new. Validation then takes what
waits, in its own batches: payloads read back, drift learned, payloads made rows, rows judged by Pandera, rows stored.
The parts are timed inside one run, so that they add up to it. Last comes what a check of drift costs by itself.
"""

import argparse
import time
from collections import Counter
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import create_engine

from benchmarks.common import Measure, Meter, middle, report, say, throwaway_store, vacuum
from benchmarks.load import _empty, through_the_gate
from o2c_orchestration.store import rows
from o2c_orchestration.store.bulk import sql
from o2c_orchestration.store.database import raw_cursor
from o2c_orchestration.validate import drift
from o2c_orchestration.validate import run as validate_run

_ZONE = ZoneInfo("America/Los_Angeles")
_PARTS = {
    "payloads read back": (rows, "pending"),
    "drift learned": (validate_run, "learn"),
    "payloads made rows": (validate_run, "_flatten"),
    "judged by Pandera": (validate_run, "failures"),
    "rows stored": (rows, "accept"),
}


def main() -> None:
    """Load and validate, `--repeat` times."""
    parser = argparse.ArgumentParser(description="Validation beside loading")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--repeat", type=int, default=3)
    arguments = parser.parse_args()
    runs: dict[str, list[Measure]] = {}
    spent: Counter[str] = Counter()
    timed = {name: _timed(owner, attribute, name, spent) for name, (owner, attribute) in _PARTS.items()}
    assert timed
    with throwaway_store() as (engine, meter):
        owner = create_engine(engine.url)
        for _ in range(arguments.repeat):
            _empty(owner)
            with raw_cursor(owner) as cursor:
                cursor.execute(sql("TRUNCATE o2c.invoices, o2c.invoice_lines, o2c.seen_objects, o2c.seen_fields"))
            spent.clear()
            _add(runs, meter.run("loaded", lambda: through_the_gate(engine, arguments.rows, 0), str))
            _add(runs, meter.run("validated", lambda: _validate(engine), str))
            for name in _PARTS:
                _add(runs, Measure(f"  {name}", spent[name], 0.0))
            vacuum(owner)
            _add(runs, _check(engine, meter))
        owner.dispose()
    report(f"{arguments.rows:,} invoices", [middle(items) for items in runs.values()], "loaded")


def _timed(owner: Any, attribute: str, name: str, spent: Counter[str]) -> Callable[..., Any]:
    """The function in its place, with its seconds counted under a name."""
    plain = getattr(owner, attribute)

    def timed(*args: Any, **kwargs: Any) -> Any:
        start = time.perf_counter()
        try:
            return plain(*args, **kwargs)
        finally:
            spent[name] += time.perf_counter() - start  # type: ignore[assignment]

    setattr(owner, attribute, timed)
    return timed


def _validate(engine: Any) -> str:
    found = validate_run.validate_pending(engine, "invoice", _ZONE)
    return f"{found.accepted} accepted, {len(found.rejected)} rejected"


def _check(engine: Any, meter: Meter) -> Measure:
    return meter.run("the check of drift", lambda: drift.look(engine, "invoice"), lambda found: f"{len(found)} found")


def _add(runs: dict[str, list[Measure]], measure: Measure) -> None:
    say(f"  {measure}")
    runs.setdefault(measure.name, []).append(measure)


if __name__ == "__main__":
    main()
