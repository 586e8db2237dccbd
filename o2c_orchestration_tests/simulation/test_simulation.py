"""Whatever fails, whenever, in whatever order: seeded worlds in which everything does, judged by an oracle."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

_ROOT = Path(__file__).parents[2]
# What fits into the quarter of an hour that CI has on two cores, beside all else; `make simulate` runs thousands.
_SEEDS = min(40 * (os.cpu_count() or 1), 800)


def simulate(*arguments: str) -> tuple[int, dict[str, Any], str]:
    """Exit code, the figures, and what was said about seeds that failed."""
    done = subprocess.run(
        [sys.executable, "-m", "o2c_orchestration_tests.simulation", "--json", *arguments],
        cwd=_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, json.loads(done.stdout), done.stderr


@pytest.fixture(scope="module")
def worlds() -> tuple[int, dict[str, Any], str]:
    """All of them, a process for each core."""
    return simulate("--seeds", str(_SEEDS))


def test_every_world_is_safe_and_settles(worlds: tuple[int, dict[str, Any], str]) -> None:
    """No seed writes a document twice, loses one, over-applies a payment or leaves a difference unnamed."""
    code, figures, said = worlds
    assert (0, []) == (code, figures["failed"]), said
    assert (0, 0) == (figures["duplicates"], figures["losses"])
    assert figures["documents audited"] > _SEEDS


def test_a_seed_is_one_world_to_the_byte(worlds: tuple[int, dict[str, Any], str]) -> None:
    """The same seed gives the same trace whatever ran before it in its process: a failure can be replayed."""
    every, first = worlds[1]["digests"], 5
    again = simulate("--seeds", "3", "--first", str(first), "--workers", "1")[1]["digests"]
    assert len(set(again)) == 3
    assert again == every[first - 1 : first + 2]
