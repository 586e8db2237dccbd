"""What libraries log in processes that stay is one JSON object a line as well, and tells no more than ours."""

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
import requests

from o2c_orchestration.store.database import start_embedded, stop_embedded
from o2c_orchestration_tests.contract.test_receiver import NEW as SECRET
from o2c_orchestration_tests.contract.test_receiver import event, post
from o2c_orchestration_tests.crash.test_processes import crash_postgres
from o2c_orchestration_tests.e2e.test_webhooks import until

_TABLES = {"pages": "o2c.gaps", "receiver": "o2c.stripe_events"}
_LIBRARY = """
import asyncio, logging, threading, warnings
from o2c_orchestration import logs
logs.configure()
logs.take_in_others()
try:
    raise ValueError("[parameters: ('secret of a person',)]")
except ValueError:
    logging.getLogger("sqlalchemy.pool.impl").exception("Exception at postgresql://o2c:secret@db/o2c")
logging.getLogger("anyio").error("of %d things", "no number")
async def forgotten():
    asyncio.get_running_loop().create_task(failing())
    await asyncio.sleep(0.01)
async def failing():
    raise ValueError("postgresql://o2c:secret@db/o2c")
asyncio.run(forgotten())
def thread():
    raise ValueError("secret")
ended = threading.Thread(target=thread)
ended.start()
ended.join()
warnings.warn("old")
logging.getLogger("uvicorn.access").info("nobody asked for it")
"""


def parsed(text: str) -> list[dict[str, Any]]:
    """Every line; one that is no JSON object fails."""
    found = [json.loads(line) for line in text.splitlines()]
    assert all({"event", "level", "timestamp"} <= each.keys() for each in found)
    return found


def test_what_libraries_log_is_one_object_a_line_without_what_exceptions_say() -> None:
    """Loggers, a task that nobody waits for, a thread that ends, a warning: each a line, none with a secret."""
    ran = subprocess.run([sys.executable, "-c", _LIBRARY], capture_output=True, text=True, timeout=60, check=True)
    found = parsed(ran.stderr)
    assert "secret" not in ran.stderr
    assert [each.get("logger") for each in found] == ["sqlalchemy.pool.impl", "anyio", "asyncio", None, "py.warnings"]
    assert (found[0]["event"], found[0]["error"]) == ("Exception at postgresql://…@db/o2c", "ValueError")
    assert found[0]["where"].startswith("<string>:7 ")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """Where a PostgreSQL of this test's own lies."""
    start_embedded(tmp_path)
    yield tmp_path
    stop_embedded(tmp_path)


@contextmanager
def running(name: str, url: str, log: Path) -> Iterator[str]:
    """`o2c pages` or `o2c receiver`: where it listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {key: value for key, value in os.environ.items() if not key.startswith(("O2C_", "STRIPE_", "DAGSTER_"))}
    given = {"O2C_DATABASE_URL": url, "STRIPE_WEBHOOK_SECRETS": SECRET, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-m", "o2c_orchestration.cli", name, "--port", str(port)]
    with log.open("wb") as file:
        process = subprocess.Popen(
            command, env={**own, **given}, cwd=log.parent, stdout=subprocess.DEVNULL, stderr=file
        )
    try:
        until(lambda: _status(f"http://127.0.0.1:{port}/healthz") == 200)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)


def _status(url: str) -> int:
    try:
        return requests.get(url, timeout=60).status_code
    except requests.ConnectionError:
        return 0


@pytest.mark.parametrize("name", ["receiver", "pages"])
def test_every_line_is_one_object_while_postgresql_is_restarted(home: Path, name: str) -> None:
    """Gone amid a question, as in a power cut, and there again: the process answers, and each line can be read."""
    log, url = home / f"{name}.log", start_embedded(home)
    subprocess.run(
        [sys.executable, "-m", "o2c_orchestration.cli", "migrate"],
        env={**os.environ, "O2C_DATABASE_URL": url}, cwd=home, check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    with running(name, url, log) as address:

        def ask() -> int:
            if name == "pages":
                return _status(f"{address}/o2c/gaps")
            return post(address, event("evt_1"), SECRET).status_code

        assert ask() == 200
        with psycopg.connect(url) as holder:
            holder.execute(f"LOCK TABLE {_TABLES[name]}")  # type: ignore[arg-type]
            asking = [threading.Thread(target=ask) for _ in range(3)]
            for each in asking:
                each.start()
            until(lambda: bool(_waiting(url)))
            crash_postgres(home / "postgres")
            holder.close()
        for each in asking:
            each.join(60)
        until(lambda: ask() == 200)
    found = parsed(log.read_text())
    if name == "pages":
        assert any(each.get("logger", "").startswith("sqlalchemy.pool") for each in found)


def _waiting(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'").fetchone()
        return int(row[0]) if row else 0
