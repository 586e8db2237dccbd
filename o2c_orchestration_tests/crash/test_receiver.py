"""The receiver and its database are killed under load: no event that was acknowledged is missing afterwards."""

import itertools
import json
import shutil
import signal
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
import requests
import stripe

from o2c_orchestration.store.database import start_embedded, stop_embedded
from o2c_orchestration_tests.crash.test_processes import crash_postgres
from o2c_orchestration_tests.forked import Forked, plain_environment

SECRET = "whsec_crash"
SENDERS = 4


@dataclass
class Service:
    """A receiver in a process of its own, in front of a PostgreSQL of its own."""

    home: Path
    url: str
    port: int
    process: Forked | None = None

    def start(self) -> None:
        """Start it and wait until it listens."""
        own = {"O2C_DATABASE_URL": self.url, "STRIPE_WEBHOOK_SECRETS": SECRET, "O2C_HOME": str(self.home)}
        log = self.home / "receiver.log"
        self.process = Forked(["receiver", "--port", str(self.port)], plain_environment() | own, log, log)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with suppress(requests.ConnectionError):
                if requests.get(f"http://127.0.0.1:{self.port}/healthz", timeout=5).ok:
                    return
            time.sleep(0.1)
        raise AssertionError((self.home / "receiver.log").read_text())

    def kill(self, number: int = signal.SIGKILL) -> int:
        """End it by a signal; its exit code."""
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(timeout=30)


@dataclass
class Senders:
    """Stripe: sends events without end, and remembers which were acknowledged and how the others were answered."""

    port: int
    acknowledged: set[str] = field(default_factory=set)
    answers: dict[int, int] = field(default_factory=dict)
    over: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._numbers = itertools.count()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._send) for _ in range(SENDERS)]
        for thread in self._threads:
            thread.start()

    def wait_for(self, count: int) -> None:
        """Until so many more are acknowledged."""
        wanted, deadline = len(self.acknowledged) + count, time.monotonic() + 60
        while len(self.acknowledged) < wanted:
            assert time.monotonic() < deadline, self.answers
            time.sleep(0.05)

    def end(self) -> None:
        """No more."""
        self.over.set()
        for thread in self._threads:
            thread.join()

    def _send(self) -> None:
        session = requests.Session()
        while not self.over.is_set():
            key = f"evt_{next(self._numbers)}"
            wire = {"id": key, "object": "event", "type": "invoice.paid", "created": int(time.time())}
            body = json.dumps({**wire, "data": {"object": {"id": f"in_{key}", "object": "invoice"}}})
            header = stripe.WebhookSignature.generate_signature_header(body, SECRET, int(time.time()))
            url = f"http://127.0.0.1:{self.port}/webhooks/stripe"
            try:
                status = session.post(url, data=body, headers={"Stripe-Signature": header}, timeout=20).status_code
            except requests.RequestException:
                status = 0
                time.sleep(0.05)
            with self._lock:
                self.answers[status] = self.answers.get(status, 0) + 1
                if status == 200:
                    self.acknowledged.add(key)


@pytest.fixture
def service() -> Iterator[Service]:
    """Both are up; the server keeps its promises to the disk."""
    # Not in pytest's own folder, which another pytest of root locks the server's user out of.
    home = Path(tempfile.mkdtemp(prefix="o2c-receiver-"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    made = Service(home, start_embedded(home), port)
    try:
        made.start()
        yield made
    finally:
        if made.process is not None and made.process.poll() is None:
            made.kill()
        stop_embedded(home)
        if (home / "postgres" / "postmaster.pid").exists():
            crash_postgres(home / "postgres", "stop")
        shutil.rmtree(home, ignore_errors=True)


def _missing(service: Service, acknowledged: set[str]) -> set[str]:
    with psycopg.connect(service.url) as connection:
        events = {row[0] for row in connection.execute("SELECT id FROM o2c.stripe_events")}
        marked = {row[0] for row in connection.execute("SELECT object_id FROM o2c.inbox")}
    return {key for key in acknowledged if key not in events or f"in_{key}" not in marked}


def test_no_acknowledged_event_is_lost_in_any_crash(service: Service) -> None:
    """PostgreSQL crashes twice, the receiver is killed twice, all under load: what got 2xx is there, once."""
    senders = Senders(service.port)
    try:
        for _ in range(2):
            senders.wait_for(50)
            crash_postgres(service.home / "postgres")
            senders.wait_for(50)
            service.kill()
            service.start()
        senders.wait_for(50)
    finally:
        senders.end()
    assert senders.answers.keys() <= {200, 503, 0}, senders.answers
    assert _missing(service, senders.acknowledged) == set()


def test_a_stopped_receiver_writes_what_it_has_taken(service: Service) -> None:
    """SIGTERM under load: it ends by itself, and whatever it acknowledged is there."""
    senders = Senders(service.port)
    try:
        senders.wait_for(100)
        assert service.kill(signal.SIGTERM) in (0, -signal.SIGTERM)
    finally:
        senders.end()
    assert _missing(service, senders.acknowledged) == set()
