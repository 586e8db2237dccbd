"""The services of docker-compose.yml as processes on loopback ports, with their own commands and health checks."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy.engine import make_url

import o2c_orchestration
from o2c_orchestration_tests.secured import as_login, secured

ROOT = Path(o2c_orchestration.__file__).parents[1]
COMPOSE = ROOT / "docker-compose.yml"
# Those that run our image, in the order in which they start.
OURS = ("migrate", "code", "receiver", "pages", "webserver", "daemon")
_PORTS = {"code": "4000", "webserver": "3000", "receiver": "8950", "pages": "8960"}
# What images start by themselves, where the file names no command.
_OF_THE_IMAGE = {"proxy": ["caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"]}
_SECRETS = "/run/secrets/"
_HEALTHY_SECONDS = 120
# An engine waits before it starts again what has died: twice as long each time, until it has run for a while.
_FIRST_WAIT, _LONGEST_WAIT, _RAN_WELL_SECONDS = 0.1, 60.0, 10.0


def services() -> dict[str, dict[str, Any]]:
    """The services by name, as the file describes them."""
    found: dict[str, dict[str, Any]] = yaml.safe_load(COMPOSE.read_text())["services"]
    return found


def free_port() -> int:
    """One that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Machine:
    """What stands in for the engine: starts services, restarts those that died, and asks how they are.

    `given` replaces variables whose values only make sense between containers. `database` is the server for all of
    them, each with the login that the file gives it; secrets lie in `home`/secrets. `deaths` counts those that ended
    without being told to, by service. `places` replaces text of commands that only makes sense within a container.
    """

    home: Path
    given: Mapping[str, str]
    database: str | None = None
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    ports: dict[str, int] = field(default_factory=lambda: {name: free_port() for name in _PORTS})
    deaths: Counter[str] = field(default_factory=Counter)
    places: Mapping[str, str] = field(default_factory=dict)
    _began: dict[str, float] = field(default_factory=dict)
    _due: dict[str, float] = field(default_factory=dict)
    _wait: dict[str, float] = field(default_factory=dict)

    def start(self, name: str) -> None:
        """Start it, if it does not run."""
        found = self.running.get(name)
        if found is not None and found.poll() is None:
            return
        self._began[name] = time.monotonic()
        with (self.home / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                self._here(services()[name].get("command") or _OF_THE_IMAGE[name]),
                env=self._environment(name),
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd=self.home,
            )

    def run(self, name: str) -> int:
        """One that ends by itself; its exit code."""
        self.start(name)
        return self.running.pop(name).wait(_HEALTHY_SECONDS)

    def keep(self) -> None:
        """Start again what has died, as `restart: unless-stopped` does, and as late."""
        for name, process in self.running.items():
            if process.poll() is None:
                continue
            if name not in self._due:
                self._died(name)
            if time.monotonic() >= self._due[name]:
                del self._due[name]
                self.start(name)

    def _died(self, name: str) -> None:
        now = time.monotonic()
        self.deaths[name] += 1
        lived = now - self._began[name]
        wait = _FIRST_WAIT if lived >= _RAN_WELL_SECONDS else self._wait.get(name, _FIRST_WAIT)
        self._due[name], self._wait[name] = now + wait, min(2 * wait, _LONGEST_WAIT)

    def kill(self, name: str) -> None:
        """The process and all it has started."""
        process = self.running.pop(name)
        self._due.pop(name, None)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def healthy(self, name: str) -> bool:
        """What its own health check says."""
        test: list[str] = services()[name]["healthcheck"]["test"]
        asked = {"CMD": test[1:], "CMD-SHELL": ["sh", "-c", *test[1:]]}[test[0]]
        done = subprocess.run(
            self._here(asked), env=self._environment(name), capture_output=True, cwd=self.home, check=False
        )
        return done.returncode == 0

    def wait_until_healthy(self, name: str) -> None:
        """Until its health check passes; told with its log if it never does."""
        deadline = time.monotonic() + _HEALTHY_SECONDS
        while not self.healthy(name):
            assert time.monotonic() < deadline, self.said(name)
            self.keep()
            time.sleep(0.5)

    def said(self, name: str) -> str:
        """The end of its log."""
        return (self.home / f"{name}.log").read_text()[-3000:]

    def _here(self, command: Sequence[str]) -> list[str]:
        """The same command with this machine's addresses, ports and folders."""
        found = []
        for word in command:
            here = self._placed(word.replace("0.0.0.0", "127.0.0.1").replace("/app/", f"{ROOT}/"))
            for name, port in _PORTS.items():
                here = str(self.ports[name]) if here == port else here.replace(f":{port}/", f":{self.ports[name]}/")
            for there, place in self.places.items():
                here = here.replace(there, place)
            found.append(here.replace("$$", "$"))
        return found

    def _placed(self, text: str) -> str:
        return text.replace(_SECRETS, f"{self.home}/secrets/")

    def _environment(self, name: str) -> dict[str, str]:
        """What the file gives it and nothing of this process's but where programs are."""
        image = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "HOME": str(self.home),
            "TMPDIR": str(self.home),
        }
        if "environment" not in services()[name]:
            return image
        # As Compose reads it where `.env` says nothing: `${NAME:-default}`.
        told = {key: re.sub(r"\$\{\w+:-(.*)\}", r"\1", text) for key, text in services()[name]["environment"].items()}
        required = {key for key, text in told.items() if text.startswith("${")}
        assert required <= self.given.keys(), f"{name} does not start without {required}"
        ours = "o2c-orchestration" in services()[name]["image"]
        own = {"O2C_CODE_HOST": "127.0.0.1", "O2C_CODE_PORT": str(self.ports["code"])} if ours else {}
        unknown = (own | self.given).keys() - told.keys() - {"DAGSTER_HOME", "O2C_HOME", "O2C_CONFIG"}
        assert not unknown, f"docker-compose.yml gives nobody {unknown}"
        # A secret that it is not given is a path without a file.
        absent = {key for key, text in told.items() if text.startswith(_SECRETS) and not _has(name, text)}
        placed = {key: self._placed(text) for key, text in told.items()}
        # What the file empties for a service (keys of systems, for those who need none) nobody gives it here either.
        emptied = {key for key, text in services()[name]["environment"].items() if text == ""}
        given = {key: text for key, text in self.given.items() if key not in emptied}
        made = {**placed, **image, **own, **self._of_the_database(told), **given}
        return {key: text for key, text in made.items() if key not in absent}

    def _of_the_database(self, told: Mapping[str, str]) -> dict[str, str]:
        if self.database is None or "O2C_DATABASE_URL" not in told:
            return {}
        login = make_url(told["O2C_DATABASE_URL"]).username
        assert login is not None
        return {"O2C_DATABASE_URL": as_login(self.database, login)}


def _has(name: str, path: str) -> bool:
    return path.removeprefix(_SECRETS) in services()[name].get("secrets", ())


def lay_out_secrets(home: Path) -> Path:
    """The folder of secrets, made by the script that makes it for Compose."""
    (home / "deploy").mkdir()
    shutil.copyfile(ROOT / "deploy" / "secrets.sh", home / "deploy" / "secrets.sh")
    shutil.copyfile(ROOT / ".env.example", home / ".env.example")
    subprocess.run(["sh", home / "deploy" / "secrets.sh"], check=True, capture_output=True)
    return home / "secrets"


def secured_server(home: Path, url: str) -> str:
    """The embedded server of `home` as Compose has it, with the owner's password of its secrets; for `Machine`."""
    secured(home, url, (lay_out_secrets(home) / "postgres_password").read_text())
    return url
