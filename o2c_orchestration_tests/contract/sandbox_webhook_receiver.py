"""What stands at the other end of a webhook: a server that keeps what it is sent and answers as it is told."""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import requests
import stripe as stripe_sdk

from o2c_orchestration.sandbox.config import SandboxConfig
from o2c_orchestration.sandbox.server import SandboxServer

SECRET = "whsec_known"
# Retries without waiting for minutes, and no limit that a quick test would meet.
QUICK = SandboxConfig(stripe_requests_per_second=10_000, webhook_retry_seconds=0.02, webhook_timeout_seconds=2.0)


@dataclass(frozen=True)
class Posted:
    """One POST as it came in; `at` is a monotonic clock."""

    path: str
    headers: dict[str, str]
    body: bytes
    at: float

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    def event(self, secret: str) -> stripe_sdk.Event:
        """Verified by the SDK, which raises when the signature or its time is wrong."""
        return stripe_sdk.Webhook.construct_event(self.body, self.headers["Stripe-Signature"], secret)


class Receiver:
    """`answers` are given in their order, then 200 for ever; a number is a status, a function decides by itself."""

    def __init__(self) -> None:
        self.posted: list[Posted] = []
        self.answers: deque[int | Callable[[], int]] = deque()
        self._arrival = threading.Condition()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/hooks?from=stripe"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def wait_for(self, count: int, seconds: float = 5.0) -> list[Posted]:
        """Everything that came in, once it is so many POSTs."""
        with self._arrival:
            assert self._arrival.wait_for(lambda: len(self.posted) >= count, seconds), self.types()
            return list(self.posted)

    def types(self) -> list[str]:
        return [each.json["type"] for each in self.posted]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver._take(Posted(self.path, dict(self.headers), body, time.monotonic()), self)

            def log_message(self, *_: Any) -> None:
                pass

        return Handler

    def _take(self, posted: Posted, handler: BaseHTTPRequestHandler) -> None:
        with self._arrival:
            self.posted.append(posted)
            answer = self.answers.popleft() if self.answers else 200
            self._arrival.notify_all()
        handler.send_response(answer if isinstance(answer, int) else answer())
        if answer == 302:
            handler.send_header("Location", self.url)
        handler.end_headers()


class Hooked:
    """A sandbox, the SDK's client of it, and its control interface."""

    def __init__(self, server: SandboxServer) -> None:
        self.base_url = server.base_url
        self.client = stripe_sdk.StripeClient("sk_test_sandbox", base_addresses={"api": server.base_url})
        self._session = requests.Session()
        self._session.trust_env = False

    def control(self, method: str, path: str, body: Any = None) -> Any:
        url = f"{self.base_url}/_sandbox/stripe/{path}"
        return self._session.request(method, url, json=body, timeout=5).json()

    def forward(self, url: str, **more: Any) -> Any:
        return self.control("POST", "webhook_endpoints", {"url": url, "secret": SECRET, **more})

    def fault(self, kind: str, **more: Any) -> None:
        assert "error" not in self.control("POST", "webhook_faults", [{"kind": kind, **more}])

    def stats(self) -> Any:
        return self.control("GET", "webhook_stats")

    def settled(self, **expected: int) -> Any:
        """The statistics, once they say what is expected."""
        deadline = time.monotonic() + 5
        while (stats := self.stats()) | expected != stats:
            assert time.monotonic() < deadline, stats
            time.sleep(0.01)
        return stats

    def customer(self, name: str = "Ada") -> stripe_sdk.Customer:
        return self.client.v1.customers.create({"name": name})

    def pending(self) -> dict[str, int]:
        """`pending_webhooks` of every event, oldest first."""
        events = self.client.v1.events.list({"limit": 100}).data[::-1]
        return {each.id: each.pending_webhooks for each in events}


@contextmanager
def hooked(state_dir: Any, config: SandboxConfig = QUICK) -> Iterator[Hooked]:
    with SandboxServer(state_dir, config=config) as server:
        yield Hooked(server)
