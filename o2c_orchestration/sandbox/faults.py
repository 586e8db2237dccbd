"""What goes wrong on purpose, and the record of what went over the wire.

`FaultMiddleware` stands around every system. Rules come from the switchboard, are drawn from one seeded
generator, and so repeat when the same requests come in the same order.
"""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections import Counter, deque
from dataclasses import dataclass
from typing import Any, Literal, Protocol, cast, get_args

import orjson
from starlette.types import ASGIApp, Message, Receive, Scope, Send

System = Literal["stripe", "netsuite", "salesforce"]
Kind = Literal["latency", "rate_limit", "server_error", "drop_before", "drop_after", "hang", "late_commit"]

REQUESTS_KEPT = 5000
# ASGI extension set by the server: an awaitable function that closes the connection without an answer.
DROP_EXTENSION = "sandbox.drop_connection"
# Read by the Stripe part, which remembers a 500 under its idempotency key as Stripe does.
FAULT_SCOPE_KEY = "sandbox.fault"
DROPPED = "dropped"
# Getting a token takes no place among NetSuite's requests in flight.
UNGATED_PREFIX = "/services/rest/auth/"


@dataclass
class FaultRule:
    """One rule: which requests, what happens, how likely, and how many times (None for ever)."""

    system: System | None = None
    method: str | None = None
    path_regex: str = ""
    kind: Kind = "latency"
    probability: float = 1.0
    times: int | None = None
    latency_ms: int = 0

    @classmethod
    def parse(cls, given: Any) -> FaultRule:
        """From the JSON of the switchboard. Raises ValueError or TypeError that says what is wrong."""
        if not isinstance(given, dict):
            raise TypeError(f"a rule is a JSON object, not {given!r}")
        unknown = given.keys() - cls.__dataclass_fields__.keys()
        if unknown:
            raise ValueError(f"unknown field in a rule: {', '.join(sorted(unknown))}")
        if given.get("kind") not in get_args(Kind):
            raise ValueError(f"kind must be one of {', '.join(get_args(Kind))}")
        if given.get("system") not in (None, *get_args(System)):
            raise ValueError(f"system must be one of {', '.join(get_args(System))}")
        rule = cls(**{name: value for name, value in given.items() if value is not None or name == "times"})
        try:
            re.compile(rule.path_regex)
        except re.error as error:
            raise ValueError(f"path_regex: {error}") from None
        return rule

    def concerns(self, system: str, method: str, path: str) -> bool:
        """Whether the rule is about this request and has not been used up."""
        return (
            self.times != 0
            and self.system in (None, system)
            and (self.method is None or self.method.upper() == method)
            and re.search(self.path_regex, path) is not None
        )


class FaultSwitchboard:
    """The rules in force."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self.clear()

    def add(self, rules: list[FaultRule]) -> None:
        """Put rules behind those in force."""
        self.rules.extend(rules)

    def clear(self) -> None:
        """Drop every rule and start the generator over, so that a run can be repeated."""
        self.rules: list[FaultRule] = []
        self._random = random.Random(self._seed)

    def draw(self, system: str, method: str, path: str) -> tuple[int, FaultRule | None]:
        """Milliseconds to wait, and the first rule that does more than wait, if any fires."""
        latency_ms, fault = 0, None
        for rule in self.rules:
            if fault is not None and rule.kind != "latency":
                continue
            if not rule.concerns(system, method, path) or self._random.random() >= rule.probability:
                continue
            if rule.times is not None:
                rule.times -= 1
            if rule.kind == "latency":
                latency_ms += rule.latency_ms
            else:
                fault = rule
        return latency_ms, fault


class Traffic:
    """Counts and the last requests, for tests that ask what a client really sent."""

    def __init__(self) -> None:
        self._in_flight: Counter[str] = Counter()
        self._since: dict[str, float] = {}
        self.reset()

    def reset(self) -> None:
        """Start counting from nothing; the requests kept are dropped too."""
        self._counts: Counter[tuple[str, str, str]] = Counter()
        self._requests: deque[dict[str, Any]] = deque(maxlen=REQUESTS_KEPT)
        self._in_flight_max: Counter[str] = Counter()
        self._busy: dict[str, float] = {}

    def begin(self, lane: str) -> None:
        """A request came in; a lane is a system, or what is counted apart from it."""
        self._pass_time(lane)
        self._in_flight[lane] += 1
        self._in_flight_max[lane] = max(self._in_flight_max[lane], self._in_flight[lane])

    def end(self, lane: str) -> None:
        """A request left."""
        self._pass_time(lane)
        self._in_flight[lane] -= 1

    def _pass_time(self, lane: str) -> None:
        now = time.monotonic()
        spent = self._in_flight[lane] * (now - self._since.get(lane, now))
        self._busy[lane], self._since[lane] = self._busy.get(lane, 0.0) + spent, now

    def note(self, system: str, method: str, path: str, *, query: str, status: int | str) -> None:
        """Count and keep a request; `status` is a number, or says that the connection was dropped."""
        self._counts[system, method, str(status)] += 1
        self._requests.append({"system": system, "method": method, "path": path, "query": query, "status": status})

    def stats(self) -> dict[str, Any]:
        """`requests` by system, method and status; the most in flight at once; how many got 429.

        `busy_seconds`: how long all requests together were in flight.
        """
        requests: dict[str, dict[str, dict[str, int]]] = {}
        for (system, method, status), count in sorted(self._counts.items()):
            requests.setdefault(system, {}).setdefault(method, {})[status] = count
        return {
            "requests": requests,
            "max_concurrent": dict(self._in_flight_max),
            "busy_seconds": dict(self._busy),
            "max_concurrent_netsuite": self._in_flight_max["netsuite"],
            "count_429": sum(count for (_, _, status), count in self._counts.items() if status == "429"),
        }

    def requests(self, system: str | None = None) -> list[dict[str, Any]]:
        """The last requests, oldest first."""
        return [each for each in self._requests if system in (None, each["system"])]


def system_of(path: str) -> System | None:
    """Which of the three systems a path belongs to."""
    if path.startswith(("/v1/", "/v2/")):
        return "stripe"
    if path.startswith("/services/rest/"):
        return "netsuite"
    if path.startswith(("/services/oauth2/", "/services/data")):
        return "salesforce"
    return None


class Gate(Protocol):
    """A limit of requests in flight, which time spent in a fault counts towards."""

    def enter(self) -> bool:
        """Take a place, or say that there is none."""

    def leave(self) -> None:
        """Give the place back."""


class FaultMiddleware:
    """ASGI middleware: delays, refuses, breaks or drops as the switchboard says, and counts everything.

    `netsuite_gate` is NetSuite's own limit: a place is held while a request waits here, and the scope says
    so under `gate_scope_key`.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        switchboard: FaultSwitchboard,
        traffic: Traffic,
        latency_ms: int,
        netsuite_gate: Gate,
        gate_scope_key: str,
    ) -> None:
        self._app = app
        self._gate = netsuite_gate
        self._gate_scope_key = gate_scope_key
        self._switchboard = switchboard
        self._traffic = traffic
        self._latency_ms = latency_ms
        self._late: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request through, or not."""
        system = system_of(scope["path"]) if scope["type"] == "http" else None
        if system is None:
            await self._app(scope, receive, send)
            return
        method, path = scope["method"], scope["path"]
        status: list[int | str] = [DROPPED]

        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                status[0] = message["status"]
            await send(message)

        gated = system == "netsuite" and not path.startswith(UNGATED_PREFIX)
        lane = system if gated or system != "netsuite" else "netsuite_token"
        self._traffic.begin(lane)
        try:
            if gated:
                await self._through_gate(scope, receive, noting)
            else:
                await self._through(system, scope, receive, noting)
        finally:
            query = scope.get("query_string", b"").decode("latin-1")
            self._traffic.end(lane)
            self._traffic.note(system, method, path, query=query, status=status[0])

    async def _through_gate(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self._gate.enter():
            await _refuse(send, *REFUSALS["rate_limit", "netsuite"])
            return
        try:
            await self._through("netsuite", {**scope, self._gate_scope_key: True}, receive, send)
        finally:
            self._gate.leave()

    async def _through(self, system: System, scope: Scope, receive: Receive, send: Send) -> None:
        latency_ms, fault = self._switchboard.draw(system, scope["method"], scope["path"])
        await _sleep_ms(self._latency_ms + latency_ms)
        match fault.kind if fault else None:
            case "drop_before":
                await _drop(scope, receive)
            case "drop_after" | "hang":
                await self._app(scope, receive, _swallow)
                if fault is not None and fault.kind == "hang":
                    await _sleep_ms(fault.latency_ms)
                await _drop(scope, receive)
            case "late_commit" if fault is not None:
                await self._execute_later(scope, receive, fault.latency_ms)
                await _drop(scope, receive)
            case "server_error" if system == "stripe" and scope["method"] == "POST":
                await self._app({**scope, FAULT_SCOPE_KEY: "server_error"}, receive, send)
            case "server_error" | "rate_limit" as kind:
                await _refuse(send, *REFUSALS[kind, system])
            case _:
                await self._app(scope, receive, send)

    async def _execute_later(self, scope: Scope, receive: Receive, milliseconds: int) -> None:
        """Take the whole request in, and execute it so many milliseconds later: by then its client has given up."""
        body = await _whole_body(receive)

        async def kept() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def execute() -> None:
            await _sleep_ms(milliseconds)
            await self._app(dict(scope), kept, _swallow)

        task = asyncio.create_task(execute())
        # The loop itself holds tasks only weakly.
        self._late.add(task)
        task.add_done_callback(self._late.discard)


async def _whole_body(receive: Receive) -> bytes:
    chunks = []
    while (message := await receive())["type"] == "http.request":
        chunks.append(message.get("body", b""))
        if not message.get("more_body"):
            break
    return b"".join(chunks)


async def _sleep_ms(milliseconds: int) -> None:
    if milliseconds > 0:
        await asyncio.sleep(milliseconds / 1000)


async def _swallow(message: Message) -> None:
    """Where the answer goes when the connection is to be dropped."""


async def _drop(scope: Scope, receive: Receive) -> None:
    drop = (scope.get("extensions") or {}).get(DROP_EXTENSION)
    if drop is None:
        # Some other server than ours, a test client for one: an error is the nearest thing to a reset.
        raise ConnectionResetError("the fault switchboard dropped this connection")
    await cast(Any, drop)(receive)


async def _refuse(send: Send, status: int, headers: dict[str, str], body: Any) -> None:
    content = orjson.dumps(body)
    sent = {"Content-Type": "application/json", "Content-Length": str(len(content)), **headers}
    raw = [(name.lower().encode(), value.encode()) for name, value in sent.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": content})


def _netsuite_problem(status: int, title: str, detail: str, code: str) -> dict[str, Any]:
    return {
        "type": f"https://www.rfc-editor.org/rfc/rfc9110.html#section-15.{status // 100}.{status % 100 + 1}",
        "title": title,
        "status": status,
        "o:errorDetails": [{"detail": detail, "o:errorCode": code}],
    }


NETSUITE_HEADERS = {"Content-Type": "application/vnd.oracle.resource+json; type=error"}
# The answers in each system's own words: status, headers, body.
REFUSALS: dict[tuple[str, str], tuple[int, dict[str, str], Any]] = {
    ("rate_limit", "stripe"): (
        429,
        {"Stripe-Rate-Limited-Reason": "global-rate", "Request-Id": "req_fault"},
        {
            "error": {
                "message": "Request rate limit exceeded. You can learn more about rate limits here "
                "https://stripe.com/docs/rate-limits.",
                "type": "invalid_request_error",
                "code": "rate_limit",
                "doc_url": "https://stripe.com/docs/error-codes/rate-limit",
            }
        },
    ),
    ("rate_limit", "netsuite"): (
        429,
        NETSUITE_HEADERS,
        _netsuite_problem(
            429,
            "Bad Request",
            "Concurrent request limit exceeded. Request blocked.",
            "CONCURRENCY_LIMIT_EXCEEDED",
        ),
    ),
    ("rate_limit", "salesforce"): (
        403,
        {},
        [{"message": "TotalRequests Limit exceeded.", "errorCode": "REQUEST_LIMIT_EXCEEDED"}],
    ),
    ("server_error", "stripe"): (
        500,
        {"Request-Id": "req_fault"},
        {
            "error": {
                "message": "An unknown error occurred while processing your request.",
                "type": "api_error",
            }
        },
    ),
    ("server_error", "netsuite"): (
        500,
        NETSUITE_HEADERS,
        _netsuite_problem(
            500,
            "Internal Server Error",
            "An unexpected error occurred. Error ID: sandboxfault",
            "UNEXPECTED_ERROR",
        ),
    ),
    ("server_error", "salesforce"): (
        500,
        {},
        [{"message": "An unexpected error occurred.", "errorCode": "UNKNOWN_EXCEPTION"}],
    ),
}
