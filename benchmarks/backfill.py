"""A backfill: 365 daily partitions (`--days`) with 100,000 invoices in one Dagster run, extract to reconcile.

The sandbox runs in a process of its own with the demo company in that size. Observe mode: everything happens but
the writing to NetSuite, whose pace is NetSuite's (see write.py). Timed by stage as Dagster's steps end.
"""

import argparse
import logging
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from statistics import median

import psutil

from benchmarks.common import say
from benchmarks.company import DAYS, running_company

_NEEDED = frozenset({"customer", "invoice", "charge", "invoice_payment", "payment_intent", "product", "price"})


def one_run(invoices: int, days: int = DAYS) -> None:
    """Backfill once and print seconds by step, in order, and the peak memory of this process."""
    with tempfile.TemporaryDirectory(prefix="o2c-benchmark-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        with running_company(home, invoices, mode="observe", only=_NEEDED, days=days):
            from o2c_orchestration.store.database import stop_embedded

            try:
                _measured(days)
            finally:
                stop_embedded(home)


def _measured(days: int) -> None:
    from o2c_orchestration.assembly import Assembly
    from o2c_orchestration.console.launch import dagster_instance, run_range
    from o2c_orchestration.settings import load_settings

    logging.disable(logging.INFO)
    steps: list[tuple[str, float]] = []
    assembly = Assembly(load_settings(), step_done=lambda step: steps.append((step, time.perf_counter())))
    last = datetime.now(UTC).date()
    assembly.engine.connect().close()
    with dagster_instance(assembly) as instance, _peak(assembly.settings.home) as peak:
        begin = time.perf_counter()
        run_range(assembly, instance, last - timedelta(days=days), last - timedelta(days=1))
        seconds = time.perf_counter() - begin
    before = begin
    for step, at in steps:
        say(f"STEP {step} {at - before:.2f}")
        before = at
    say(f"STEP rest {begin + seconds - before:.2f}")
    say(f"STEP total {seconds:.2f}")
    say(f"PEAK {getrusage(RUSAGE_SELF).ru_maxrss / 1024:.0f} {peak[0]:.0f}")
    assembly.engine.dispose()


@contextmanager
def _peak(home: Path) -> Iterator[list[float]]:
    """The highest memory of PostgreSQL's own (not shared) pages and those that they share, in MiB."""
    peak, done = [0.0], threading.Event()

    def watch() -> None:
        while not done.wait(1.0):
            peak[0] = max(peak[0], _postgres_mib(home))

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    yield peak
    done.set()
    thread.join()


def _postgres_mib(home: Path) -> float:
    private, shared = 0, 0
    for process in psutil.process_iter():
        try:
            # The server runs in its data directory, and is nobody's child.
            if process.name().startswith("postgres") and Path(process.cwd()).is_relative_to(home):
                memory = process.memory_info()
                private += memory.rss - memory.shared
                shared = max(shared, memory.shared)
        except psutil.Error:
            continue
    return (private + shared) / 1024 / 1024


def main() -> None:
    """Run the rounds, each in a process of its own, and print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--invoices", type=int, default=100_000)
    parser.add_argument("--days", type=int, default=DAYS)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        one_run(options.invoices, options.days)
    else:
        _rounds(options.rounds, options.invoices, options.days)


def _rounds(rounds: int, invoices: int, days: int) -> None:
    seconds: dict[str, list[float]] = {}
    peaks = []
    command = [sys.executable, "-m", "benchmarks.backfill", "--one"]
    command += ["--invoices", str(invoices), "--days", str(days)]
    for number in range(rounds):
        output = subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE).stdout
        for line in output.splitlines():
            if line.startswith("STEP "):
                _, step, took = line.split()
                seconds.setdefault(step, []).append(float(took))
            elif line.startswith("PEAK "):
                peaks.append(line.split()[1:])
        say(f"round {number + 1}: {seconds['total'][-1]:.1f} s, peak MiB (ours, PostgreSQL): {', '.join(peaks[-1])}")
    say("\n| step | seconds (median) |\n|---|---:|")
    for step, taken in seconds.items():
        say(f"| {step} | {median(taken):.1f} |")
    say(f"\nPeak MiB, the highest of the runs: ours {max(float(a) for a, _ in peaks):,.0f}, ")
    say(f"PostgreSQL {max(float(b) for _, b in peaks):,.0f}")


if __name__ == "__main__":
    main()
