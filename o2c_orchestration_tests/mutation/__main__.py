"""Mutation check: `python -m o2c_orchestration_tests.mutation [part ...]` breaks the code that guards money, a fault
at a time, and says which faults no test notices. `--every 5` tries a fifth of the faults, evenly spread.

Each mutant runs in a copy of the tree, against the fast tests of its part. docs/reliability.md names the survivors.
"""

import argparse
import compileall
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from py_compile import PycInvalidationMode
from queue import SimpleQueue

import psycopg

from o2c_orchestration.store.database import start_embedded, stop_embedded
from o2c_orchestration_tests.memory import SERVER_FOR_TESTS, in_memory
from o2c_orchestration_tests.mutation.mutants import Mutant, mutants

ROOT = Path(__file__).parents[2]
_PACKAGE = "o2c_orchestration"
_TESTS = "o2c_orchestration_tests"


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
            *("unit/test_plan_customer_balance.py", "unit/test_plan_entity.py", "unit/test_plan_metadata.py"),
            *("unit/test_plan_periods.py", "unit/test_plan_service.py", "unit/test_plan_off_stripe.py"),
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
            *("integration_store/test_journal_priority.py", "integration_store/test_invariants.py"),
            *("integration_store/test_metadata.py", "integration_store/test_unsettled.py"),
        ),
    ),
}


class Tree:
    """A copy of the project to break, with a process that runs the tests of one part in it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir()
        shutil.copy(ROOT / "pyproject.toml", folder)
        for package in (_PACKAGE, _TESTS):
            shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
        # By their content: a mutant may be written within the second of the sound file, and be as long.
        compileall.compile_dir(folder / _PACKAGE, quiet=2, invalidation_mode=PycInvalidationMode.CHECKED_HASH)

    @contextmanager
    def testing(self, tests: tuple[str, ...], postgres_url: str) -> Iterator[None]:
        """With the tests loaded."""
        command = [sys.executable, "-m", f"{_TESTS}.mutation.server", *(f"{_TESTS}/{test}" for test in tests)]
        environment = {**os.environ, "PYTHONPATH": str(self._folder), SERVER_FOR_TESTS: postgres_url}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        with subprocess.Popen(
            command, cwd=self._folder, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as self._server:
            yield
            assert self._server.stdin is not None
            self._server.stdin.close()

    def survives(self, file: str, source: str) -> bool:
        """Whether all tests pass with this source in the file's place. One that hangs them is noticed, and said."""
        target = self._folder / _PACKAGE / file
        good = target.read_text()
        target.write_text(source)
        try:
            ended = self._run()
        finally:
            target.write_text(good)
        if ended == "hangs":
            say(f"hangs: {file}")
        return ended == "passed"

    def sound(self) -> bool:
        """Whether the tests pass without any fault."""
        return self._run() == "passed"

    def _run(self) -> str:
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._server.stdin.write("\n")
        self._server.stdin.flush()
        return self._server.stdout.readline().strip()


def check(part: Part, trees: list[Tree], every: int, postgres_url: str) -> Iterator[tuple[str, Mutant, bool]]:
    """Each mutant of a part, or every so many of them, and whether it survives."""
    found = [(file, mutant) for file in part.files for mutant in mutants((ROOT / _PACKAGE / file).read_text())]
    free: SimpleQueue[Tree] = SimpleQueue()

    def judge(item: tuple[str, Mutant]) -> tuple[str, Mutant, bool]:
        tree = free.get()
        try:
            return *item, tree.survives(item[0], item[1].source)
        finally:
            free.put(tree)

    with ExitStack() as stack, ThreadPoolExecutor(len(trees)) as pool:
        for tree in trees:
            stack.enter_context(tree.testing(part.tests, postgres_url))
            if not tree.sound():
                raise SystemExit("the tests fail without any fault: nothing can be learned from their failing with one")
            free.put(tree)
        yield from pool.map(judge, found[::every])


@contextmanager
def postgres() -> Iterator[str]:
    """One server for all runs: to start it takes as long as most tests."""
    with tempfile.TemporaryDirectory(prefix="o2c-mutation-", dir=in_memory(), ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        home.chmod(0o755)
        url = start_embedded(home)
        with psycopg.connect(url, autocommit=True) as connection:
            for setting in ("fsync = off", "synchronous_commit = off", "full_page_writes = off"):
                connection.execute(f"ALTER SYSTEM SET {setting}")  # type: ignore[arg-type]
            connection.execute("SELECT pg_reload_conf()")
        yield url
        stop_embedded(home)


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
    survivors = 0
    with tempfile.TemporaryDirectory(prefix="o2c-mutation-") as folder, postgres() as url:
        trees = [Tree(Path(folder) / str(number)) for number in range(given.workers)]
        for name in given.parts or PARTS:
            verdicts: Counter[bool] = Counter()
            for file, mutant, survived in check(PARTS[name], trees, given.every, url):
                verdicts[survived] += 1
                if survived:
                    say(f"survived: {file}:{mutant}")
            say(f"{name}: {verdicts.total()} mutants, {verdicts[True]} survived")
            survivors += verdicts[True]
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
