"""Reconciling N invoices with N documents, ours beside comparison libraries, in one run on one machine.

    python -m benchmarks.reconcile --rows 1000000 --repeat 3

Ours compares and keeps the gaps over tables that are loaded. The rivals get their data as they like them best:
frames in memory, Parquet on disk, two tables in PostgreSQL. They compare total, tax, currency, customer, month and
status, and report what differs. Each runs in a process of its own, so that peak memory is its own.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import Engine

from benchmarks.common import (
    COMPARED,
    Books,
    Measure,
    Meter,
    load_books,
    make_books,
    middle,
    report,
    say,
    throwaway_store,
    vacuum,
)
from o2c_orchestration.store.bulk import sql
from o2c_orchestration.store.database import raw_cursor
from o2c_orchestration.store.gaps import reconcile

Found = dict[str, int]
COLUMNS = ["key", *COMPARED]


def main() -> None:
    """Measure everybody in turn, `--repeat` times, and print medians."""
    parser = argparse.ArgumentParser(description="Reconcile N invoices with N documents, ours beside others")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--only", nargs="*", default=["ours", *RIVALS], help="leave the others out")
    parser.add_argument("--child", nargs=2, metavar=("RIVAL", "DATA"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        say(json.dumps(_child(*arguments.child)))
        return
    books = make_books(arguments.rows)
    with tempfile.TemporaryDirectory(prefix="o2c-benchmark-") as folder, throwaway_store() as (engine, meter):
        _write_frames(books, Path(folder))
        load_books(engine, books)
        _load_reladiff(engine, Path(folder), books)
        del books.stripe.attrs, books.netsuite.attrs
        runs: dict[str, list[Measure]] = {}
        for _ in range(arguments.repeat):
            for name in arguments.only:
                runs.setdefault(name, []).append(_one(name, engine, meter, folder))
                say(f"  {runs[name][-1]}")
    say(f"\nplanted: {books.planted}")
    report(f"{arguments.rows:,} x {arguments.rows:,}, median of {arguments.repeat}", [middle(r) for r in runs.values()], arguments.only[0])


def _one(name: str, engine: Engine, meter: Meter, folder: str) -> Measure:
    if name != "ours":
        return _rival(name, meter, folder)
    with raw_cursor(engine) as cursor:
        cursor.execute("TRUNCATE o2c.gaps")
    return meter.run(name, lambda: reconcile(engine, full=True), lambda change: _kinds(engine))


def _kinds(engine: Engine) -> str:
    with raw_cursor(engine) as cursor:
        cursor.execute("SELECT kind, count(*) FROM o2c.gaps WHERE state = 'open' GROUP BY 1 ORDER BY 1")
        return ", ".join(f"{count} {kind}" for kind, count in cursor.fetchall())


def _rival(name: str, meter: Meter, folder: str) -> Measure:
    command = [sys.executable, "-m", "benchmarks.reconcile", "--child", name, folder]
    child = subprocess.run(command, capture_output=True, text=True, check=False)
    if child.returncode:
        return Measure(name, float("nan"), float("nan"), child.stderr.strip().splitlines()[-1][:80])
    seconds, peak, found = json.loads(child.stdout.strip().splitlines()[-1])
    return Measure(name, seconds, peak, ", ".join(f"{count} {kind}" for kind, count in found.items()))
