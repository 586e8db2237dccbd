"""Child processes of the demo: each in its own group, so that none of them outlives it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import requests

from o2c_orchestration.console.files import deployed_file
from o2c_orchestration.console.tables import console
from o2c_orchestration.domain.errors import O2CError
from o2c_orchestration.signals import told_to_stop_later

_STOP_SECONDS = 15


@dataclass
class Child:
    """A running child and the file that its output goes to."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def wait_for(self, url: str, seconds: float) -> None:
        """Wait until the URL answers. Raises O2CError if the child ends first or the time is up."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.process.poll() is None:
            with suppress(requests.RequestException):
                if requests.get(url, timeout=2).status_code < 500:
                    return
            time.sleep(0.1)
        raise O2CError(f"the {self.name} did not start", f"see {self.log}")


def start(
    children: list[Child], name: str, arguments: Sequence[str], environment: Mapping[str, str], home: Path
) -> Child:
    """Start `command(arguments)` with output to `home`/logs, and put it on the list of those to stop in the end."""
    logs = home / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    log = logs / f"{name}.log"
    # Told to stop between the start of a child and its place on the list, we would leave it running.
    with told_to_stop_later():
        child = Child(name, _spawn(arguments, environment, log), log)
        children.append(child)
    return child


def _spawn(arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> subprocess.Popen[bytes]:
    with log.open("ab") as output:
        return subprocess.Popen(
            command(arguments),
            stdout=output,
            stderr=output,
            stdin=subprocess.DEVNULL,
            env={**os.environ, **environment},
            start_new_session=True,
        )


def command(arguments: Sequence[str]) -> list[str]:
    """`o2c …`, or Dagster's own development server for `--dagster-dev PORT`."""
    if arguments[0] != "--dagster-dev":
        return [sys.executable, "-m", "o2c_orchestration.cli", *arguments]
    place = ["-h", "127.0.0.1", "-p", arguments[1]]
    workspace = ["-w", str(deployed_file("workspace.yaml"))]
    return [sys.executable, "-m", "dagster", "dev", *workspace, *place, "--log-level", "warning"]


def stop_all(children: Sequence[Child]) -> None:
    """End the children and all they started, newest first: asked, then made to."""
    for child in reversed(children):
        _signal(child, signal.SIGTERM)
    deadline = time.monotonic() + _STOP_SECONDS
    for child in reversed(children):
        with suppress(subprocess.TimeoutExpired):
            child.process.wait(max(0.1, deadline - time.monotonic()))
    for child in reversed(children):
        _signal(child, signal.SIGKILL)
        child.process.wait()


def _signal(child: Child, number: signal.Signals) -> None:
    # The group may be gone already, and that is what we want.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.process.pid, number)


def free_port(wanted: int, what: str, option: str) -> int:
    """`wanted`, or the next free port with a word about it."""
    for port in range(wanted, min(wanted + 50, 65536)):
        if _is_free(port):
            if port != wanted:
                console.print(f"Port {wanted} is taken: the {what} is on {port} (set it with {option}).")
            return port
    raise O2CError(f"ports {wanted} to {wanted + 49} are all taken", f"give another one with {option}")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
