"""The wire: the product's own HTTP clients, the sandbox behind them in the same process, and what goes wrong between.

What belongs here: carrying a request over, and losing it, its answer, or both. What does not: any meaning of a body.
"""

import asyncio
import io
import threading
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

import orjson
import requests
import urllib3
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from urllib3 import exceptions as urllib3_errors

from o2c_orchestration.sandbox.faults import REFUSALS, system_of
from o2c_orchestration_tests.simulation.asked import Asked
from o2c_orchestration_tests.simulation.clock import clock
from o2c_orchestration_tests.simulation.kernel import Baton, Kernel, Process

BASE_URL = "http://127.0.0.1:8940"
FAULTS = (
    *("refused", "lost_before", "lost_after", "timeout_before", "timeout_after", "late_commit", "truncated"),
    *("rate_limit", "server_error", "slow"),
)
# A token is asked for under a lock, which a thread that waits for its turn must not hold.
_LOGIN = ("/services/rest/auth/", "/services/oauth2/")
_EVENTS, _RECORDS, _BY_EXTERNAL_ID = "/v1/events", "/services/rest/record/", "/eid:"
# A request that its client gave up on may be carried out until then: NetSuite's own limit for one.
LONGEST_REQUEST = 900.0


@dataclass(frozen=True)
class Reply:
    """An answer of the sandbox."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """The body, parsed."""
        return orjson.loads(self.body)


class Servers:
    """The three systems, as one ASGI application in a thread of its own: one request after the other."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self._asked, self._answered = Baton(), Baton()
        self._request: Coroutine[Any, Any, Reply] | None = None
        self._reply: Reply | BaseException | None = None
        self._thread = threading.Thread(target=self._serve, name="servers", daemon=True)
        self._thread.start()

    def call(self, method: str, target: str, headers: dict[str, str] | None = None, body: bytes = b"") -> Reply:
        """Carry out one request, at once."""
        skew = clock.skew
        clock.show(0.0)
        self._request = self._handle(method, target, headers or {}, body)
        self._asked.give()
        self._answered.take()
        clock.show(skew)
        if not isinstance(self._reply, Reply):
            raise self._reply or AssertionError("no answer")
        return self._reply

    def stop(self) -> None:
        """End the thread."""
        self._request = None
        self._asked.give()
        self._thread.join()

    def _serve(self) -> None:
        loop = asyncio.new_event_loop()
        while self._asked.take() and self._request is not None:
            try:
                self._reply = loop.run_until_complete(self._request)
            except BaseException as error:
                self._reply = error
            self._answered.give()
        loop.close()

    async def _handle(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Reply:
        path, _, query = target.partition("?")
        parsed = urlsplit(BASE_URL)
        given = {"host": parsed.netloc, "content-length": str(len(body)), **{k.lower(): v for k, v in headers.items()}}
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
            "path": requests.utils.unquote(path), "raw_path": path.encode(), "query_string": query.encode(),
            "root_path": "", "headers": [(k.encode(), v.encode("latin-1")) for k, v in given.items()],
            "client": ("127.0.0.1", 1), "server": (parsed.hostname, parsed.port),
        }  # fmt: skip
        parts: list[Any] = []

        async def receive() -> Any:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            parts.append(message)

        await self._app(scope, receive, send)
        start = parts[0]
        answered = {name.decode(): value.decode("latin-1") for name, value in start["headers"]}
        return Reply(start["status"], answered, b"".join(part.get("body", b"") for part in parts[1:]))


@dataclass
class Weather:
    """How likely each fault is for one request; empty when the sky is clear. `distort` changes a list of events."""

    rates: dict[str, float] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    distort: Callable[[list[Any]], list[Any]] | None = None


class Wire(BaseAdapter):
    """A transport adapter: what a socket would do, with faults drawn from the seed."""

    def __init__(
        self,
        kernel: Kernel,
        servers: Servers,
        weather: Weather,
        asked: Asked,
        nobody: Process,
        judge: Callable[[], None],
    ) -> None:
        super().__init__()
        self._kernel = kernel
        self._servers = servers
        self._weather = weather
        self._asked = asked
        self._nobody = nobody
        self._judge = judge

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:  # type: ignore[override]
        """One exchange."""
        parsed = urlsplit(str(request.url))
        target = parsed.path + (f"?{parsed.query}" if parsed.query else "")
        system, method = system_of(parsed.path) or "none", str(request.method)
        self._kernel.check_alive()
        if parsed.path.startswith(_LOGIN):
            return self._response(request, self._carry(request, target))
        self._kernel.sleep(self._kernel.rng.uniform(0.02, 0.3))
        self._kernel.point(f"request {method} {parsed.path}")
        fault = self._draw(system, method)
        self._watch_creates(request, parsed.path, fault)
        self._kernel.note(f"{method} {target[:160]}" + (f" !{fault}" if fault else ""))
        if fault:
            self._weather.counts[f"{system} {fault}"] += 1
        reply = self._through(fault, system, request, target, kwargs.get("timeout"))
        if (
            method == "GET"
            and _BY_EXTERNAL_ID in parsed.path
            and fault in (None, "slow")
            and reply.status in (200, 404)
        ):
            name = unquote(parsed.path.rpartition(_BY_EXTERNAL_ID)[2])
            self._asked.looked_up(name, clock.now, found=reply.status == 200)
        self._kernel.point(f"answer {method} {parsed.path}")
        return self._response(request, reply, truncated=fault == "truncated")

    def close(self) -> None:
        """Nothing is open."""

    def _watch_creates(self, request: requests.PreparedRequest, path: str, fault: str | None) -> None:
        actor = self._kernel.current()
        # A process that stood still cannot take back what it was about to send; NetSuite's external id stops it.
        if request.method != "POST" or not path.startswith(_RECORDS) or (actor and actor.process.paused_until):
            return
        external_id = orjson.loads(request.body or b"{}").get("externalId")
        breach = self._asked.create(str(external_id), clock.now, fault) if external_id else None
        if breach and not self._kernel.verdict:
            self._kernel.verdict = breach

    def _draw(self, system: str, method: str) -> str | None:
        for name, rate in self._weather.rates.items():
            if self._kernel.rng.random() < rate and (name != "late_commit" or method != "GET"):
                return name
        return None

    def _through(
        self, fault: str | None, system: str, request: requests.PreparedRequest, target: str, timeout: Any
    ) -> Reply:
        if fault == "refused":
            reason = urllib3_errors.NewConnectionError(None, "refused")  # type: ignore[arg-type]
            raise requests.ConnectionError(urllib3_errors.MaxRetryError(None, target, reason))  # type: ignore[arg-type]
        if fault in ("rate_limit", "server_error"):
            status, headers, body = REFUSALS[fault, system]
            return Reply(status, {**headers, "Content-Type": "application/json"}, orjson.dumps(body))
        if fault == "late_commit":
            delay = self._kernel.rng.uniform(1.0, LONGEST_REQUEST - 1.0)
            self._kernel.spawn("late", self._nobody, lambda: self._late(request, target), delay)
        reply = None if fault in ("lost_before", "timeout_before", "late_commit") else self._carry(request, target)
        if fault in ("timeout_before", "timeout_after", "late_commit"):
            self._kernel.sleep(timeout[1] if isinstance(timeout, tuple) else 60.0)
            raise requests.ReadTimeout("Read timed out.")
        if fault in ("lost_before", "lost_after"):
            raise requests.ConnectionError(urllib3_errors.ProtocolError("Connection aborted."))
        if fault == "slow":
            self._kernel.sleep(self._kernel.rng.uniform(1.0, 25.0))
        assert reply is not None
        return reply

    def _late(self, request: requests.PreparedRequest, target: str) -> None:
        reply = self._carry(request, target)
        self._kernel.note(f"{request.method} {target[:100]} is carried out late: {reply.status}")

    def _carry(self, request: requests.PreparedRequest, target: str) -> Reply:
        body = request.body if isinstance(request.body, bytes) else str(request.body or "").encode()
        headers = {
            name: value.decode() if isinstance(value, bytes) else value for name, value in request.headers.items()
        }
        reply = self._servers.call(str(request.method), target, headers, body)
        if target.startswith(_EVENTS) and self._weather.distort is not None and reply.status == 200:
            listed = reply.json()
            listed["data"] = self._weather.distort(listed["data"])
            reply = Reply(200, reply.headers, orjson.dumps(listed))
        if request.method != "GET" and target.startswith((_RECORDS, "/v1/")):
            self._judge()
        return reply

    def _response(
        self, request: requests.PreparedRequest, reply: Reply, *, truncated: bool = False
    ) -> requests.Response:
        body = reply.body[: len(reply.body) // 2] if truncated else reply.body
        response = requests.Response()
        response.status_code = reply.status
        response.headers = CaseInsensitiveDict(reply.headers)
        response.url, response.request = str(request.url), request
        # A body that ends before its announced length is an error, as it is on a socket.
        response.raw = urllib3.HTTPResponse(
            io.BytesIO(body), reply.headers | {"content-length": str(len(reply.body))}, reply.status,
            preload_content=False, enforce_content_length=True,
        )  # fmt: skip
        return response
