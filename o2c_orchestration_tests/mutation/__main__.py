"""Mutation check: `python -m o2c_orchestration_tests.mutation [part ...]` breaks the code that guards money, a fault
at a time, and says which faults no test notices. `--every 5` tries a fifth of the faults, evenly spread.

Each mutant runs in a copy of the tree, the fast tests of its part first. docs/reliability.md names the survivors.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from o2c_orchestration_tests.mutation.mutants import Mutant, mutants

ROOT = Path(__file__).parents[2]
_PACKAGE = "o2c_orchestration"
_TESTS = "o2c_orchestration_tests"
_TIMEOUT_SECONDS = 120


@dataclass(frozen=True)
class Part:
    """Files that guard one thing, and the tests that guard them."""

    files: tuple[str, ...]
    tests: tuple[str, ...]


PARTS = {
    "money": Part(("domain/money.py",), ("unit/test_money.py", "properties/test_values.py")),
    "keys": Part(("domain/keys.py",), ("unit/test_keys.py", "properties/test_values.py")),
    "planner": Part(
        ("plan/__init__.py", "plan/customer.py", "plan/invoice.py", "plan/payment.py", "plan/outcome.py"),
        (
            *("unit/test_plan_customer.py", "unit/test_plan_invoice.py", "unit/test_plan_payment.py"),
            *("properties/test_planner.py", "integration_store/test_planning.py"),
        ),
    ),
    "movements": Part(
        (
            *("plan/credit_note.py", "plan/closed_invoice.py", "plan/reversal.py", "plan/lines.py", "plan/bodies.py"),
            *("plan/payout.py", "plan/members.py", "plan/entries.py", "plan/deposit.py", "plan/clearing.py"),
            *("plan/holdings.py", "plan/allocate.py"),
        ),
        (
            *("unit/test_plan_credit_note.py", "unit/test_plan_closed_invoice.py", "unit/test_plan_reversal.py"),
            *("unit/test_plan_note_after_refund.py", "unit/test_plan_payout.py", "unit/test_plan_members.py"),
            *("unit/test_plan_clearing.py", "unit/test_allocate.py", "unit/test_plan_invoice.py"),
            *("properties/test_reversals.py", "properties/test_payouts.py", "properties/test_allocation.py"),
        ),
    ),
    "gate": Part(
        ("store/gate.py",),
        (
            *("integration_store/test_gate.py", "integration_store/test_gate_to_and_fro.py"),
            *("integration_store/test_gate_side_by_side.py", "properties/test_gate.py"),
        ),
    ),
    "journal": Part(
        ("store/journal.py", "store/overtaken.py", "store/unsettled.py", "store/lock.py"),
        (
            *("integration_store/test_journal.py", "integration_store/test_journal_departure.py"),
            *("integration_store/test_journal_letters.py", "integration_store/test_overtaken.py"),
            "integration_store/test_invariants.py",
        ),
    ),
}


@contextmanager
def trees(count: int) -> Iterator["SimpleQueue[Path]"]:
    """Copies of the project to break."""
    free: SimpleQueue[Path] = SimpleQueue()
    with tempfile.TemporaryDirectory(prefix="o2c-mutation-") as folder:
        for number in range(count):
            tree = Path(folder) / str(number)
            tree.mkdir()
            shutil.copy(ROOT / "pyproject.toml", tree)
            for package in (_PACKAGE, _TESTS):
                shutil.copytree(ROOT / package, tree / package, ignore=shutil.ignore_patterns("__pycache__"))
            free.put(tree)
        yield free


def survives(tree: Path, file: str, source: str, tests: tuple[str, ...]) -> bool:
    """Whether all tests pass with this source in the file's place. One that hangs them is noticed, and said."""
    target = tree / _PACKAGE / file
    good = target.read_text()
    target.write_text(source)
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider"]
    try:
        ended = subprocess.run(
            [*command, *(f"{_TESTS}/{test}" for test in tests)],
            cwd=tree,
            env={**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            timeout=_TIMEOUT_SECONDS,
        )
        return ended.returncode == 0
    except subprocess.TimeoutExpired:
        say(f"hangs: {file}")
        return False
    finally:
        target.write_text(good)


def check(
    part: Part, free: "SimpleQueue[Path]", pool: ThreadPoolExecutor, every: int
) -> Iterator[tuple[str, Mutant, bool]]:
    """Each mutant of a part, or every so many of them, and whether it survives."""
    tree = free.get()
    if not survives(tree, part.files[0], (tree / _PACKAGE / part.files[0]).read_text(), part.tests):
        raise SystemExit("the tests fail without any fault: nothing can be learned from their failing with one")
    free.put(tree)
    found = [(file, mutant) for file in part.files for mutant in mutants((ROOT / _PACKAGE / file).read_text())]

    def judge(item: tuple[str, Mutant]) -> tuple[str, Mutant, bool]:
        tree = free.get()
        try:
            return *item, survives(tree, item[0], item[1].source, part.tests)
        finally:
            free.put(tree)

    yield from pool.map(judge, found[::every])


def say(line: str) -> None:
    """One line, at once: a part takes minutes."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> int:
    """Prints each survivor and a line a part; 1 if there is a survivor."""
    parser = argparse.ArgumentParser(prog="mutation", description="Mutation check")
    # argparse holds the empty list, which stands for all, against the choices too.
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="parts of the code; all if none is named")
    parser.add_argument("--every", type=int, default=1, help="try every so many of the faults")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args()
    workers = given.workers
    survivors = 0
    with trees(workers) as free, ThreadPoolExecutor(workers) as pool:
        for name in given.parts or PARTS:
            verdicts: Counter[bool] = Counter()
            for file, mutant, survived in check(PARTS[name], free, pool, given.every):
                verdicts[survived] += 1
                if survived:
                    say(f"survived: {file}:{mutant}")
            say(f"{name}: {verdicts.total()} mutants, {verdicts[True]} survived")
            survivors += verdicts[True]
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
