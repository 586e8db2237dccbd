"""The Pub/Sub API of the sandbox: gRPC on a port of its own, for GetTopic, GetSchema and Subscribe.

What belongs here: the wire, sessions, flow control, and what goes wrong on request. Messages are those of the published
service `eventbus.v1.PubSub`; errors carry Salesforce's own code in the trailer `error-code`.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from concurrent import futures
from typing import Any, TypeVar

import grpc

from o2c_orchestration.sandbox.salesforce import ids
from o2c_orchestration.sandbox.salesforce.changes import Changes, place, replay_id
from o2c_orchestration.sandbox.salesforce.org import ORGANIZATION
from o2c_orchestration.sandbox.salesforce.protobuf import Value, decode, encode, text
from o2c_orchestration.sandbox.salesforce.store import SalesforceStore

SERVICE = "eventbus.v1.PubSub"
ALL_EVENTS = "/data/ChangeEvents"
_CODES = "sfdc.platform.eventbus.grpc"
EVENTS_AT_ONCE = 100
_LATEST, _EARLIEST, _CUSTOM = 0, 1, 2
# How often the stream looks for news.
_LOOK_SECONDS = 0.02
_STREAMS_MAX = 16

Result = TypeVar("Result")


class PubSub:
    """The server. The store belongs to the event loop, which is asked from the threads of the calls.

    `keepalive_seconds`: when nothing happens for so long, an empty answer tells the newest replay id; Salesforce
    waits 270 seconds at most.
    """

    def __init__(
        self, store: SalesforceStore, changes: Changes, session_seconds: float, keepalive_seconds: float
    ) -> None:
        self._store, self._changes = store, changes
        self._session_seconds, self.keepalive_seconds = session_seconds, keepalive_seconds
        self.port = 0
        self.subscriptions = 0
        self._down_until = 0.0
        self._repeated = 0

    def start(self, port: int) -> None:
        """Serve on this port of this machine, 0 for any. Raises RuntimeError when it is taken."""
        self._loop = asyncio.get_running_loop()
        self._server = grpc.server(futures.ThreadPoolExecutor(_STREAMS_MAX, thread_name_prefix="pubsub"))
        unary, stream = grpc.unary_unary_rpc_method_handler, grpc.stream_stream_rpc_method_handler
        handlers = {"GetTopic": unary(self._topic), "GetSchema": unary(self._schema)}
        handlers["Subscribe"] = stream(self._subscribe)
        self._server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler(SERVICE, handlers)])
        self.port = self._server.add_insecure_port(f"127.0.0.1:{port}")
        self._server.start()

    async def stop(self) -> None:
        """Break every stream, and wait until nobody is served."""
        await asyncio.to_thread(self._server.stop(0).wait)

    def told(self, given: dict[str, Any]) -> dict[str, Any]:
        """Do what somebody at the controls says; where events are, and how many subscriptions there have been."""
        if "plant" in given:
            self._changes.plant(**given["plant"])
        if "select" in given:
            self._store.set("change events", list(given["select"]))
        if given.get("expire"):
            self._changes.expire()
        if "down_seconds" in given:
            self._down_until = time.monotonic() + float(given["down_seconds"])
        if "repeat" in given:
            self._repeated = int(given["repeat"])
        return {
            "endpoint": f"127.0.0.1:{self.port}",
            "newest": self._changes.newest,
            "subscriptions": self.subscriptions,
        }

    def _topic(self, request: bytes, context: Any) -> bytes:
        self._admit(context)
        name = text(self._decoded(request, context), 1)
        entity = self._entity(name, context)
        schema = self._ask(lambda: self._changes.schema(entity)[0]) if entity else ""
        return encode([(1, name), (2, ORGANIZATION), (4, 1), (5, schema)])

    def _schema(self, request: bytes, context: Any) -> bytes:
        self._admit(context)
        schema_id = text(self._decoded(request, context), 1)
        found = self._ask(lambda: self._changes.schema_by_id(schema_id))
        if found is None:
            self._refuse(context, grpc.StatusCode.NOT_FOUND, "schema.fetch.not.found", "there is no such schema")
        return encode([(1, found or ""), (2, schema_id)])

    def _subscribe(self, requests: Iterator[bytes], context: Any) -> Iterator[bytes]:
        self._admit(context)
        first = self._decoded(next(requests), context)
        entity = self._entity(text(first, 1), context)
        at, wanted = self._start(first, context), _Wanted(self._number(first, context))
        threading.Thread(target=wanted.count, args=(requests,), daemon=True).start()
        self.subscriptions += 1
        told = time.monotonic()
        while context.is_active():
            self._check_up(context)
            found = self._ask(lambda: self._answer(at, entity, wanted.left)) if wanted.left else None  # noqa: B023
            if found is None and time.monotonic() < told + self.keepalive_seconds:
                time.sleep(_LOOK_SECONDS)
                continue
            events, at = found or ([], self._ask(lambda: self._changes.newest))
            wanted.take(len(events))
            told = time.monotonic()
            yield encode([*((1, event) for event in events), (2, replay_id(at)), (4, wanted.left)])

    def _answer(self, at: int, entity: str | None, wanted: int) -> tuple[list[bytes], int] | None:
        """Events behind a place, as ConsumerEvents, and the place of the last of them; None while there are none."""
        found = self._changes.after(at, entity, min(wanted, EVENTS_AT_ONCE))
        made = []
        for change in found:
            schema = self._changes.schema(change.entity)[0]
            event = encode([(1, f"event-{change.seq}"), (2, schema), (3, self._changes.payload(change))])
            made.append(encode([(1, event), (2, replay_id(change.seq))]))
        return (made, found[-1].seq) if found else None

    def _start(self, first: dict[int, Value], context: Any) -> int:
        preset, replay = first.get(2, _LATEST), first.get(3, b"")
        if preset == _CUSTOM:
            if not isinstance(replay, bytes) or not self._ask(lambda: self._changes.knows(replay)):
                code, words = "subscription.fetch.replayid.corrupted", "the replay id is not valid"
                self._refuse(context, grpc.StatusCode.INVALID_ARGUMENT, code, words)
            again, self._repeated = self._repeated, 0
            return max(place(bytes(replay) if isinstance(replay, bytes) else b"") - again, 0)
        return 0 if preset == _EARLIEST else self._ask(lambda: self._changes.newest)

    def _number(self, request: dict[int, Value], context: Any) -> int:
        number = request.get(4, 0)
        if not isinstance(number, int) or not 0 < number <= EVENTS_AT_ONCE:
            code, words = "subscription.fetch.requested.events.invalid", "num_requested has to be from 1 to 100"
            self._refuse(context, grpc.StatusCode.INVALID_ARGUMENT, code, words)
        return int(number)

    def _entity(self, name: str, context: Any) -> str | None:
        """The object of a channel; None for the channel of all, and for one that an administrator has made."""
        if name == ALL_EVENTS or (name.startswith("/data/") and name.endswith("__chn")):
            return None
        entity = name.removeprefix("/data/").removesuffix("ChangeEvent")
        if name != f"/data/{entity}ChangeEvent" or self._store.org.find(entity) is None:
            self._refuse(context, grpc.StatusCode.NOT_FOUND, "topic.not.found", "there is no such topic")
        return entity

    def _admit(self, context: Any) -> None:
        """Only with a session of this org."""
        self._check_up(context)
        told = dict(context.invocation_metadata())
        ours = told.get("tenantid", "")[: ids.SHORT_ID] == ORGANIZATION[: ids.SHORT_ID] and told.get("instanceurl")
        token = told.get("accesstoken", "")
        if not ours or not self._ask(lambda: self._store.knows_session(token, time.time(), self._session_seconds)):
            words = "the session is not valid"
            self._refuse(context, grpc.StatusCode.UNAUTHENTICATED, "service.auth.error", words)

    def _check_up(self, context: Any) -> None:
        if time.monotonic() < self._down_until:
            context.abort(grpc.StatusCode.UNAVAILABLE, "This application is down for maintenance")

    def _decoded(self, request: bytes, context: Any) -> dict[int, Value]:
        try:
            return decode(request)
        except ValueError as error:
            context.abort(grpc.StatusCode.INTERNAL, str(error))
            raise

    def _refuse(self, context: Any, status: grpc.StatusCode, code: str, words: str) -> None:
        context.set_trailing_metadata((("error-code", f"{_CODES}.{code}"), ("rpc-id", "sandbox")))
        context.abort(status, f"{words}. rpcId: sandbox")

    def _ask(self, question: Callable[[], Result]) -> Result:
        async def ask() -> Result:
            return question()

        return asyncio.run_coroutine_threadsafe(ask(), self._loop).result(timeout=30)


class _Wanted:
    """How many events a subscriber still takes."""

    def __init__(self, number: int) -> None:
        self.left = number
        self._lock = threading.Lock()

    def count(self, requests: Iterator[bytes]) -> None:
        """Add what further requests ask for, until the subscriber is gone."""
        try:
            for request in requests:
                number = decode(request).get(4, 0)
                self.take(-number if isinstance(number, int) else 0)
        except (grpc.RpcError, ValueError):
            return

    def take(self, number: int) -> None:
        """So many were given."""
        with self._lock:
            self.left -= number
