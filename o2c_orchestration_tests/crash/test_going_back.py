"""Going back with data in flight: this version dies amid its writes, takes the schema back, and the older code goes on.

The older code is taken out of the repository's history, where there is one that goes back so far.
"""

import io
import os
import signal
import subprocess
import sys
import tarfile
import time
from pathlib import Path

import psycopg
import pytest

from o2c_orchestration.store.database import open_and_migrate
from o2c_orchestration.store.migrate import BACK_TO
from o2c_orchestration_tests.crash.conftest import Case
from o2c_orchestration_tests.crash.test_older_release import older
from o2c_orchestration_tests.crash.worker import Death, apply_plan

__all__ = ["older"]
_ROOT = Path(__file__).parents[2]
# The last commit of v0.1.0, whose code made `older/`, too.
_RELEASE = "f984fe9"
_SECONDS = 120
_COMMAND = ("-m", "o2c_orchestration.cli")
# What a run of the job `changed_objects` does with the webhooks that wait.
_FOLLOW = """
from o2c_orchestration.assembly import Assembly
from o2c_orchestration.orchestration.follow import Follower
from o2c_orchestration.settings import load_settings

assembly = Assembly(load_settings())
while Follower(assembly).once().taken:
    pass
assembly.apply()
print("followed")
"""


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """Where that release's code lies."""
    command = ["git", "archive", _RELEASE, "o2c_orchestration", "dagster.yaml"]
    packed = subprocess.run(command, cwd=_ROOT, capture_output=True, check=False)
    if packed.returncode != 0:
        pytest.skip(f"the history of this copy does not go back to {_RELEASE}")
    with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
        archive.extractall(tmp_path / "release", filter="data")
    return tmp_path / "release"


def _python(code: Path, case: Case, *arguments: str) -> None:
    """The code in that folder does something, and ends well or with gaps."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=case.world.state.parent,
        env={**os.environ, **case.environment, "PYTHONPATH": str(code)},
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    # One that finds something wrong with itself says nothing else.
    assert done.stdout, done.stderr


def _waits(case: Case) -> bool:
    """Whether anything does; what waits for its time is due now. It asks the older schema, and leaves it so."""
    with psycopg.connect(case.database_url, autocommit=True) as connection:
        connection.execute("UPDATE o2c.journal SET next_attempt_at = now() WHERE next_attempt_at < 'infinity'")
        found = connection.execute("SELECT count(*) FILTER (WHERE state <> 'done') FROM o2c.journal").fetchone()
        schema = connection.execute("SELECT version_num FROM o2c.schema_version").fetchone()
    assert schema == (BACK_TO,)
    return found != (0,)


def _dies_amid_its_writes(case: Case) -> None:
    """This version goes on with what the older one left, loses answers on both ways, and is killed at a request."""
    open_and_migrate(case.database_url)[0].dispose()
    case.time_passes()
    lost = {"method": "POST", "times": 1}
    case.world.faults({"kind": "drop_after", **lost}, {"kind": "drop_before", **lost})
    told = {"apply": {"resolve_after_seconds": 3600}}
    killed = case.start(apply_plan, Death("before_request", 4), patient=False, alone=True, policy=told)
    assert killed.wait() == -signal.SIGKILL


def test_the_older_code_goes_on_with_what_the_newer_one_left(older: Case, release: Path) -> None:
    """Answers that were lost, a claim whose process died, what only the newer one has planned: each arrives once."""
    _dies_amid_its_writes(older)
    assert {"intent", "sent", "unknown", "done"} <= older.states().keys(), older.states()
    _python(_ROOT, older, *_COMMAND, "migrate", "--to", BACK_TO)
    older.world.faults()
    first, last = (day.isoformat() for day in older.books.span)
    ends = time.monotonic() + _SECONDS
    while _waits(older):
        assert time.monotonic() < ends
        _python(release, older, *_COMMAND, "run", "--from", first, "--to", last)
        _python(release, older, "-c", _FOLLOW)
    older.check()
    older.never_asked_twice()
