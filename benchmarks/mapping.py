"""What `o2c mapping diff` costs over a month and over a year: the command as a person types it, with Python's start.

    python -m benchmarks.mapping --invoices 10000

The demo company in that size over 365 days on the sandbox, read and validated, nothing written. NEW differs from OLD in
the item of every line, and in a class that a table looks up: every invoice and credit memo changes.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.common import say
from benchmarks.company import DAYS, throwaway_company
from o2c_orchestration.orchestration.assets.common import STRIPE_TYPES

_NEW = """
items: {default: Services}
mapping:
  invoice: {lines: {class: Hardware}}
"""


def main() -> None:
    """One table in Markdown."""
    parser = argparse.ArgumentParser(description="Mapping diff")
    parser.add_argument("--invoices", type=int, default=10_000)
    parser.add_argument("--repeat", type=int, default=3)
    given = parser.parse_args()
    with throwaway_company(given.invoices) as home:
        _fill()
        old, new = home / "o2c.yaml", home / "new.yaml"
        new.write_text(old.read_text() + _NEW)
        say(
            "\n| `o2c mapping diff` over | changed | s, each round | peak MiB of a command so far |\n|---|---|---|---:|"
        )
        for days in (30, DAYS + 1):
            _row(old, new, days, given.repeat)
        _row(old, old, DAYS + 1, given.repeat)


def _fill() -> None:
    from o2c_orchestration.assembly import Assembly
    from o2c_orchestration.settings import load_settings

    assembly, last = Assembly(load_settings()), datetime.now(UTC).date()
    first, begin = last - timedelta(days=DAYS), time.perf_counter()
    for kinds in STRIPE_TYPES.values():
        assembly.extract(kinds, first, last)
        for kind in kinds:
            assembly.validate(kind)
    assembly.read_reference()
    assembly.read_ledger(first, last)
    assembly.complete(first, last)
    say(f"read and validated: {time.perf_counter() - begin:.0f} s")
    assembly.engine.dispose()


def _row(old: Path, new: Path, days: int, repeat: int) -> None:
    command = [sys.executable, "-m", "o2c_orchestration.cli", "mapping", "diff", str(old), str(new)]
    seconds = []
    for _ in range(repeat):
        begin = time.perf_counter()
        done = subprocess.run([*command, "--days", str(days), "--json"], check=False, capture_output=True, text=True)
        seconds.append(f"{time.perf_counter() - begin:.1f}")
        assert done.returncode in (0, 1), done.stderr
    counts = Counter(f"{each['document']} {each['change']}" for each in json.loads(done.stdout))
    told = ", ".join(f"{number:,} {what}" for what, number in sorted(counts.items())) or "nothing"
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    same = ", the same file twice" if old == new else ""
    say(f"| {days} days{same} | {told} | {', '.join(seconds)} | {peak:,} |")


if __name__ == "__main__":
    main()
