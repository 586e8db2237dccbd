"""`o2c demo` as a person starts it: what it shows, what it leaves behind, and how it ends when told to."""

import contextlib
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from dotenv import dotenv_values

_STOP_SECONDS = 30
_START_SECONDS = 600


class Demo:
    """One `o2c demo` process, with what it printed so far."""

    def __init__(self, home: Path, *arguments: str, ignoring_interrupt: bool = False) -> None:
        self.output = home.parent / f"{time.monotonic_ns()}.txt"
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("O2C_", "DAGSTER_"))}
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "o2c_orchestration.cli", "demo", *arguments],
                cwd=home.parent,
                env={**environment, "O2C_HOME": str(home), "PYTHONPATH": str(Path(__file__).parents[2])},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                preexec_fn=_ignore_interrupt if ignoring_interrupt else None,
            )

    @property
    def said(self) -> str:
        return self.output.read_text()

    def wait_for(self, words: str) -> None:
        """Until it says so. Fails when it ends first or takes too long."""
        deadline = time.monotonic() + _START_SECONDS
        while words not in self.said:
            assert self.process.poll() is None, self.said
            assert time.monotonic() < deadline, self.said
            time.sleep(0.1)

    def end(self, number: signal.Signals) -> int:
        """Tell it to stop, and its exit code. Fails when it has not ended in time."""
        self.process.send_signal(number)
        return self.process.wait(_STOP_SECONDS)


def _ignore_interrupt() -> None:
    """As a shell does for a job that it starts in the background."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def left_running(home: Path) -> list[str]:
    """Command lines of processes that name the home in their arguments or environment."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            with contextlib.suppress(OSError):
                line = (entry / "cmdline").read_bytes()
                if line and str(home).encode() in line + (entry / "environ").read_bytes():
                    found.append(line.replace(b"\0", b" ").decode())
    return found


def nothing_left(home: Path) -> None:
    """No process of the demo's, after a moment in which the last may end. Fails otherwise."""
    deadline = time.monotonic() + 5
    while left_running(home) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert left_running(home) == []


def documents(home: Path) -> int:
    """How many customers and transactions the sandbox's NetSuite holds."""
    with contextlib.closing(sqlite3.connect(home / "demo" / "sandbox" / "netsuite.sqlite")) as ledger:
        query = 'SELECT (SELECT count(*) FROM customer) + (SELECT count(*) FROM "transaction")'
        return int(ledger.execute(query).fetchone()[0])


@pytest.fixture
def ports() -> Iterator[tuple[int, int, int]]:
    """A port for the UI that is taken already, and free ones for sandbox and receiver."""
    with socket.socket() as taken, socket.socket() as free, socket.socket() as other:
        for candidate in (taken, free, other):
            candidate.bind(("127.0.0.1", 0))
        taken.listen()
        found = int(taken.getsockname()[1]), int(free.getsockname()[1]), int(other.getsockname()[1])
        free.close()
        other.close()
        yield found


def test_the_demo_from_nothing_again_and_stopped(tmp_path: Path, ports: tuple[int, int, int]):
    """A first run shows tables, gaps and links and leaves nothing running; a second one writes nothing twice and ends
    on Ctrl-C, also when it was started with Ctrl-C ignored."""
    home = tmp_path / "home"
    arguments = ["--port", str(ports[0]), "--sandbox-port", str(ports[1]), "--receiver-port", str(ports[2])]

    first = Demo(home, "--once", *arguments)
    assert first.process.wait(_START_SECONDS) == 0, first.said
    nothing_left(home)
    for words in ("Written to NetSuite", "Stripe against NetSuite", "Gaps by kind", "O2C_MODE=observe"):
        assert words in first.said
    told = re.search(rf"Port {ports[0]} is taken: the Dagster UI is on (\d+) \(set it with --port\)", first.said)
    assert told, first.said
    assert f"http://127.0.0.1:{told[1]}" in first.said
    assert f"http://127.0.0.1:{ports[1]}/_sandbox/mailbox.html" in first.said
    assert re.search(r"gaps +http://127.0.0.1:\d+/o2c/gaps", first.said)
    assert "/o2c/trace/in_" in (home / "demo" / "sandbox" / "mailbox.jsonl").read_text()
    mail = [json.loads(line) for line in (home / "demo" / "sandbox" / "mailbox.jsonl").read_text().splitlines()]
    told = re.search(r"mailbox +(\d+) ", first.said)
    assert told, first.said
    assert 15 < int(told[1]) <= len(mail) == len({each["title"] + each["message"] for each in mail})
    written = documents(home)
    assert written > 100

    second = Demo(home, *arguments, ignoring_interrupt=True)
    second.wait_for("Ctrl-C ends")
    assert _table(second.said) == _table(first.said)
    secret = dotenv_values(home / "demo" / "env")["STRIPE_WEBHOOK_SECRETS"]
    assert f"export O2C_ENV_FILE={home.relative_to(home.parent)}/demo/env" in second.said
    told = subprocess.run(
        [sys.executable, "-m", "o2c_orchestration.cli", "gaps", "--json"],
        env={**os.environ, "O2C_ENV_FILE": str(home / "demo" / "env"), "PYTHONPATH": str(Path(__file__).parents[2])},
        cwd=home.parent,
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert len(json.loads(told.stdout)) > 20, "another terminal sees the same company"
    assert (home / "demo" / "env").stat().st_mode & 0o077 == 0
    assert str(secret).startswith("whsec_")
    assert second.end(signal.SIGINT) == 0, second.said
    assert "Stopped. Nothing is lost" in second.said
    assert "Traceback" not in second.said
    nothing_left(home)
    assert documents(home) == written


def _table(said: str) -> str:
    """What was written, all runs together."""
    return said[said.index("Written to NetSuite") : said.index("Stripe against NetSuite")]


@pytest.mark.parametrize("moment", ["sandbox.log", "Backfilling"])
def test_the_demo_ends_on_sigterm_at_any_moment(tmp_path: Path, ports: tuple[int, int, int], moment: str):
    """Told to stop while it starts or while it works, it ends in time, with a word and without anything left."""
    home = tmp_path / "home"
    demo = Demo(home, "--port", str(ports[0]), "--sandbox-port", str(ports[1]), "--receiver-port", str(ports[2]))
    if moment == "sandbox.log":
        while not (home / "demo" / "logs" / moment).exists():
            assert demo.process.poll() is None, demo.said
            time.sleep(0.05)
    else:
        demo.wait_for(moment)
        time.sleep(3)
    assert demo.end(signal.SIGTERM) == 0, demo.said
    assert "Stopped. Nothing is lost" in demo.said
    assert "Traceback" not in demo.said
    nothing_left(home)
