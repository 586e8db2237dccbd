"""`o2c …` in processes of their own, forked from one that has loaded the product: one for all tests of a worker.

Loading it takes two seconds of a processor's time, and most commands a tenth of that. What an interpreter looks at when
it starts (`PYTHONIOENCODING`, say) needs a fresh one: `CommandLine.alone`.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

_OURS = ("O2C_", "STRIPE_", "NETSUITE_", "SALESFORCE_", "DAGSTER_", "OTEL_")
_SERVING = "from o2c_orchestration_tests.forked import serve; serve()"
_one_question_at_a_time = threading.Lock()


def plain_environment() -> dict[str, str]:
    """This process's variables without those that the product reads, and where its code lies."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    return {**kept, "PYTHONPATH": str(Path(__file__).parents[1])}


class Forked:
    """One `o2c …`, with what `subprocess.Popen` has of a process. It ends as a fresh interpreter does.

    Output goes to the end of the files `out` and `err`, which may be one and the same.
    """

    def __init__(
        self, arguments: Sequence[str], environment: Mapping[str, str], out: Path, err: Path, cwd: Path | None = None
    ) -> None:
        job = {"args": list(arguments), "env": dict(environment), "out": str(out), "err": str(err)}
        self.pid: int = _ask(**job, cwd=str(cwd or Path.cwd()))
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """The exit code, negative for a signal; None while it runs."""
        if self.returncode is None:
            self.returncode = _ask(pid=self.pid)
        return self.returncode

    def wait(self, timeout: float) -> int:
        """The exit code. Raises TimeoutExpired when it has not ended after so many seconds."""
        ends, pause = time.monotonic() + timeout, 0.002
        while (code := self.poll()) is None:
            if time.monotonic() > ends:
                raise subprocess.TimeoutExpired("o2c", timeout)
            time.sleep(pause)
            pause = min(2 * pause, 0.05)
        return code

    def send_signal(self, number: int) -> None:
        """Nothing happens if it has ended."""
        if self.poll() is None:  # until it is asked for, its number is nobody else's
            os.kill(self.pid, number)

    def stop(self, timeout: float = 30) -> int:
        """Told to end; its exit code. Raises TimeoutExpired when it has not ended after so many seconds."""
        self.send_signal(signal.SIGTERM)
        return self.wait(timeout)


@cache
def _server() -> "subprocess.Popen[str]":
    """Ends when this process does: nobody writes to it any more then."""
    command, pipe = [sys.executable, "-c", _SERVING], subprocess.PIPE
    return subprocess.Popen(command, env=plain_environment(), stdin=pipe, stdout=pipe, text=True, bufsize=1)


def _ask(**question: Any) -> Any:
    server = _server()
    assert server.stdin is not None
    assert server.stdout is not None
    with _one_question_at_a_time:
        server.stdin.write(json.dumps(question) + "\n")
        return json.loads(server.stdout.readline())


def serve() -> None:
    """Start what standard input says, a line of JSON each, and answer with its pid; or whether a pid has ended, how."""
    import o2c_orchestration_tests.preloaded  # noqa: F401
    from o2c_orchestration import cli

    for line in iter(sys.stdin.readline, ""):
        asked = json.loads(line)
        answer = _code(asked["pid"]) if "pid" in asked else os.fork()
        if answer == 0 and "pid" not in asked:
            _become(asked)
            cli.main()
            return
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _code(pid: int) -> int | None:
    ended, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if ended else None


def _become(job: Mapping[str, Any]) -> None:
    os.chdir(job["cwd"])
    os.environ.clear()
    os.environ.update(job["env"])
    for number, path in ((0, os.devnull), (1, job["out"]), (2, job["err"])):
        os.dup2(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), number)
    sys.argv = ["o2c", *job["args"]]
