"""A channel at the wire, gaps to tell of, and a clock that goes where it is told.

What belongs here: what several tests of alerts share. What does not: tests.
"""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from sqlalchemy import Engine, text

from o2c_orchestration.alert.outbox import Sent, look, send_due
from o2c_orchestration.clients.alert_channels import AlertChannel
from o2c_orchestration.domain.keys import gap_id
from o2c_orchestration.domain.policy import Policy

SECRET = "T0kenOfTheHook"


@dataclass
class Hook:
    """A web hook that listens on this machine: what it was told and when (`time.monotonic`), and how it answers."""

    server: ThreadingHTTPServer
    told: list[dict[str, Any]] = field(default_factory=list)
    told_at: list[float] = field(default_factory=list)
    asked: int = 0
    status: int = 200
    delay: float = 0.0
    location: str | None = None

    @property
    def address(self) -> str:
        """As Apprise writes it, with a secret in its path."""
        return f"json://127.0.0.1:{self.server.server_port}/{SECRET}"

    def titles(self) -> list[str]:
        """Of what it took, in order."""
        return [each["title"] for each in self.told]


@contextmanager
def hook() -> Iterator[Hook]:
    """A hook that takes everything until it is told otherwise."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            made.asked += 1
            time.sleep(made.delay)
            if made.status < 300:
                made.told.append(body)
                made.told_at.append(time.monotonic())
            self.send_response(made.status)
            if made.location:
                self.send_header("Location", made.location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *values: object) -> None:
            """Nothing: the path is a secret."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    made = Hook(server)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Office:
    """Finance with its channels, a policy and a clock, on a database."""

    engine: Engine
    hooks: dict[str, Hook]
    policy: Policy
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    addresses: dict[str, AlertChannel] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, each in self.hooks.items():
            self.addresses.setdefault(name, AlertChannel(name, each.address))

    def later(self, **span: float) -> None:
        """Time passes."""
        self.now += timedelta(**span)

    def look(self) -> int:
        """One look, as the sensor does."""
        return look(self.engine, self.policy, self.addresses.keys(), self.now)

    def send(self, seconds: float = 30.0) -> Sent:
        """One round of sending."""
        return send_due(self.engine, self.policy, self.addresses, seconds, lambda: self.now)

    def tick(self) -> Sent:
        """A look, and what is due."""
        self.look()
        return self.send()


def policy(**alerts: Any) -> Policy:
    """The default policy, without a digest and without a wait, and with what a test is about."""
    return Policy.model_validate({"alerts": {"grace_minutes": 0, "digest_hour": None, **alerts}})


_GAP = """
INSERT INTO o2c.gaps (gap_id, leg, kind, state, stripe_id, salesforce_id, currency, expected_minor, actual_minor,
                      difference_minor, effective_date, reason, first_seen_at, last_seen_at)
VALUES (:gap_id, :leg, :kind, 'open', :stripe_id, :salesforce_id, :currency, :minor, 0, -:minor, :day, :reason, :at,
        :at)
ON CONFLICT (gap_id) DO UPDATE SET expected_minor = excluded.expected_minor, state = 'open', resolved_at = NULL,
    difference_minor = excluded.difference_minor"""


def gap(
    engine: Engine,
    key: str,
    minor: int = 10_000,
    kind: str = "missing_in_netsuite",
    *,
    currency: str = "usd",
    leg: str = "stripe_netsuite",
    reason: str = "has no NetSuite document",
    at: datetime | None = None,
    day: date = date(2026, 2, 15),
) -> str:
    """An open gap as a reconciliation leaves it; returns its id."""
    own = {"salesforce_id": key, "stripe_id": None} if leg.startswith("salesforce") else {"stripe_id": key}
    identity = gap_id(leg, kind, key)
    values = {"gap_id": identity, "leg": leg, "kind": kind, "salesforce_id": None, **own, "currency": currency}
    with engine.begin() as connection:
        moment = at or datetime.now(UTC) - timedelta(minutes=90)
        connection.execute(text(_GAP), {**values, "minor": minor, "day": day, "reason": reason, "at": moment})
    return identity


_RESOLVE = """
UPDATE o2c.gaps SET state = 'resolved', resolved_at = now()
WHERE cardinality(CAST(:keys AS text[])) = 0 OR stripe_id = ANY(:keys) OR salesforce_id = ANY(:keys)"""


def resolve(engine: Engine, *keys: str) -> None:
    """The gaps of these objects are gone; all of them for none."""
    with engine.begin() as connection:
        connection.execute(text(_RESOLVE), {"keys": list(keys)})
