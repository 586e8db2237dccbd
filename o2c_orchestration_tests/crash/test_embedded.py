"""The embedded server ends with the last process that uses it, however that one is told to stop."""

import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import ClassVar

import pytest

from o2c_orchestration_tests.crash.conftest import Case
from o2c_orchestration_tests.crash.test_processes import crash_postgres
from o2c_orchestration_tests.forked import Forked, plain_environment

_START_SECONDS, _STOP_SECONDS = 60, 20
# Reads that take so long that any command is in the middle of them when it is told to stop.
SLOW_READS = {"method": "GET", "kind": "latency", "latency_ms": 400}


class Command:
    """`o2c …` on an embedded server of its own, with what it said."""

    started: ClassVar[list["Command"]] = []

    def __init__(self, home: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> None:
        self.output = home / f"{time.monotonic_ns()}.txt"
        self.output.touch()
        own = {**(environment or {}), "O2C_HOME": str(home), "STRIPE_WEBHOOK_SECRETS": "whsec_embedded"}
        own.pop("O2C_DATABASE_URL", None)
        self.process = Forked(arguments, {**plain_environment(), **own}, self.output, self.output)
        self.started.append(self)

    @property
    def said(self) -> str:
        return self.output.read_text()

    def wait_until(self, true: Callable[[], object]) -> None:
        """Fails when it ends first, or takes too long."""
        deadline = time.monotonic() + _START_SECONDS
        while not true():
            assert self.process.poll() is None, self.said
            assert time.monotonic() < deadline, self.said
            time.sleep(0.02)

    def end(self, *numbers: int, apart: float = 0.1) -> int:
        """Send it the signals one after the other, and its exit code."""
        for number in numbers:
            self.process.send_signal(number)
            time.sleep(apart)
        return self.process.wait(_STOP_SECONDS)


@pytest.fixture
def home() -> Iterator[Path]:
    """Not in pytest's own folder, which the server's user may be locked out of; nothing runs in it afterwards."""
    made = Path(tempfile.mkdtemp(prefix="o2c-embedded-"))
    yield made
    while Command.started:
        left = Command.started.pop().process
        left.send_signal(signal.SIGKILL)
        left.wait(_STOP_SECONDS)
    if server_of(made):
        crash_postgres(made / "postgres", "stop")
    shutil.rmtree(made, ignore_errors=True)


def server_of(home: Path) -> bool:
    """Whether a server runs in this home: its file goes as the last thing that it does."""
    return (home / "postgres" / "postmaster.pid").exists()


def receiver(home: Path) -> Command:
    """One that is up."""
    made = Command(home, "receiver", "--port", "0")
    made.wait_until(lambda: "Receiver on" in made.said)
    time.sleep(0.3)  # it listens right after that
    assert server_of(home)
    return made


@pytest.mark.parametrize(
    ("numbers", "apart"),
    [
        ([signal.SIGTERM], 0),
        ([signal.SIGINT], 0),
        ([signal.SIGTERM, signal.SIGTERM], 0.05),
        ([signal.SIGTERM, signal.SIGINT], 0.4),
        ([signal.SIGINT, signal.SIGINT, signal.SIGINT], 0.2),
    ],
)
def test_a_receiver_that_is_told_to_stop_takes_its_server_along(home: Path, numbers: list[int], apart: float):
    """Once or, out of impatience, twice: it ends well, without a traceback, and no PostgreSQL is left."""
    told = receiver(home)
    assert told.end(*numbers, apart=apart) in (0, 130), told.said
    assert "Traceback" not in told.said
    assert not server_of(home)


def test_one_that_is_told_to_stop_while_its_server_starts_leaves_none(home: Path):
    """In a first start: the server that was being started is stopped, and the next start finds everything whole."""
    for moment in ("postgres/PG_VERSION", "postgres/postgresql.conf", "postgres/postmaster.pid"):
        shutil.rmtree(home / "postgres", ignore_errors=True)
        told = Command(home, "receiver", "--port", "0")
        told.wait_until((home / moment).exists)
        assert told.end(signal.SIGTERM) in (0, 130), told.said
        assert "Traceback" not in told.said
        assert not server_of(home), moment
        assert receiver(home).end(signal.SIGTERM) == 0


@pytest.mark.parametrize(
    ("name", "number"),
    [("run", signal.SIGTERM), ("run", signal.SIGINT), ("apply", signal.SIGTERM), ("check", signal.SIGTERM)],
)
def test_a_command_that_is_told_to_stop_takes_its_server_along(case: Case, home: Path, name: str, number: int):
    """In the middle of its work, while requests are under way."""
    case.world.faults(SLOW_READS)
    case.world.forget_requests()
    told = Command(home, name, environment=case.environment)
    told.wait_until(lambda: server_of(home) and case.world.ask("GET", "requests"))
    assert told.end(number) == 130, told.said
    assert "Traceback" not in told.said
    assert not server_of(home)


def test_a_killed_process_is_not_waited_for(home: Path):
    """The library counts whoever joined; one that was killed cannot say that it let go."""
    receiver(home).end(signal.SIGKILL)
    assert server_of(home), "nobody is left who could have stopped it"
    assert receiver(home).end(signal.SIGTERM) == 0
    assert not server_of(home)


def test_a_server_that_another_process_uses_goes_on(home: Path):
    """Whoever ends first leaves it to the other."""
    first, second = receiver(home), receiver(home)
    assert first.end(signal.SIGTERM) == 0
    assert server_of(home)
    assert second.end(signal.SIGTERM) == 0
    assert not server_of(home)
