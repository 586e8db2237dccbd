"""The embedded server is the same on every machine, whatever its locale."""

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import make_url

_START = """
import sys
from o2c_orchestration.cli import main
sys.argv = ["o2c", "migrate"]
main()
"""


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder that the server's own user can reach, too."""
    with tempfile.TemporaryDirectory(prefix="o2c-full-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def _migrate(home: Path, bytes_per_file: int = resource.RLIM_INFINITY) -> "subprocess.CompletedProcess[str]":
    """`o2c migrate` on the embedded server of `home`, where no file may grow past so much."""
    return subprocess.run(
        [sys.executable, "-c", _START],
        preexec_fn=partial(resource.setrlimit, resource.RLIMIT_FSIZE, (bytes_per_file, resource.RLIM_INFINITY)),
        env={**os.environ, "O2C_HOME": str(home), "O2C_ENV_FILE": "", "CANARY": "of-the-environment"},
        cwd=home,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def _told(done: "subprocess.CompletedProcess[str]") -> str:
    assert done.returncode == 2, done.stderr
    (line,) = [each for each in done.stderr.splitlines() if "RuntimeDirWarning" not in each]
    assert "of-the-environment" not in done.stderr
    assert "O2C_HOME" in line
    return line


def test_a_disk_that_has_no_room_for_a_database_is_told_in_one_line(home: Path) -> None:
    """While it is made: exit 2 and PostgreSQL's own reason; with room, the same command makes it."""
    line = _told(_migrate(home, 100 * 1024))
    assert "does not start: " in line
    assert "non-zero exit status" not in line, "the reason is PostgreSQL's"
    assert _migrate(home).returncode == 0


def test_a_disk_that_is_full_when_the_server_starts_is_told_in_one_line(home: Path) -> None:
    """The line names the server's log; nothing is lost by it."""
    assert _migrate(home).returncode == 0
    line = _told(_migrate(home, 8 * 1024))
    assert str(home / "postgres" / "log") in line
    assert "non-zero exit status" not in line
    assert _migrate(home).returncode == 0


def test_ids_sort_by_bytes_and_letters_are_letters_everywhere(postgres_url: str) -> None:
    """Its database has PostgreSQL's own locale; `lower` agrees with Python beyond English."""
    url = make_url(postgres_url).set(database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(url) as connection:
        found = connection.execute(
            """SELECT datlocprovider, 'Z' < 'a', 'a_' < 'aa', lower('GEBÜHREN'), lower('ΕΛΛΗΝΙΚΑ')
               FROM pg_database WHERE datname = current_database()"""
        ).fetchone()
    assert found == ("b", True, True, "GEBÜHREN".lower(), "ΕΛΛΗΝΙΚΑ".lower())
