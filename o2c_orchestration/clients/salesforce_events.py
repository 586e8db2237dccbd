"""Hears of changes in Salesforce: Change Data Capture over the Pub/Sub API.

What belongs here: the connection, the session, what Salesforce refuses, and what of an event is believed: which records
changed, how, and by whom. The fields that changed and their values are not even decoded.

An event's header comes first in its payload, which is Avro by a schema that is asked for by its id.
"""

import io
import queue
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import fastavro
import grpc
import orjson

from o2c_orchestration.clients._http import scrub
from o2c_orchestration.clients.credentials import is_loopback
from o2c_orchestration.clients.pubsub_wire import CUSTOM, LATEST, MESSAGES, Wire
from o2c_orchestration.clients.salesforce import CLIENT_NAME, SalesforceReader, SalesforceSession
from o2c_orchestration.clients.salesforce_errors import LOGIN_FIX
from o2c_orchestration.clients.salesforce_login import DOMAIN
from o2c_orchestration.domain.errors import (
    AuthenticationError,
    ObjectMissing,
    PermissionDenied,
    ProtocolError,
    RateLimited,
    Refused,
    SettingsError,
    SystemFailure,
    TransientError,
    UnreachableError,
)

# Salesforce gives no more at once.
EVENTS_AT_ONCE = 100
_VARIABLE = "SALESFORCE_EVENTS_ENDPOINT"
_HEADER = "ChangeEventHeader"
_ANSWER_SECONDS = 15.0

Result = TypeVar("Result")


@dataclass(frozen=True)
class ChangeEvent:
    """Which records changed: their type and ids, how (`UPDATE`, `GAP_DELETE`, …), and `changeOrigin`.

    An event whose header cannot be read has the type `""`.
    """

    entity: str
    record_ids: tuple[str, ...] = ()
    change: str = ""
    origin: str = ""

    @property
    def ours(self) -> bool:
        """Whether this program made the change."""
        return self.origin.rpartition(";client=")[2] == CLIENT_NAME


@dataclass(frozen=True)
class Batch:
    """Events in their order, perhaps none, and the replay id behind the last of them."""

    events: tuple[ChangeEvent, ...]
    replay_id: bytes


class ReplayIdLost(Exception):
    """Salesforce does not know the replay id any more: it keeps events for three days."""


class SalesforceEvents:
    """One org's change events. The methods raise what `SalesforceReader` raises.

    Raises SettingsError when the endpoint is none of Salesforce's: the org's token travels there.
    """

    def __init__(self, reader: SalesforceReader) -> None:
        self._reader = reader
        self._endpoint, self._plain = _checked(reader.credentials.events)
        self._schemas: dict[str, Any] = {}

    def may_listen(self, channel: str) -> bool:
        """Whether the app's user may listen to this channel. Raises ObjectMissing where there is none of that name."""
        with _named(), self._connection() as connection:
            return self._opened(connection, channel)[1]

    def batches(self, channel: str, replay_id: bytes | None, seconds: float, settle: float) -> Iterator[Batch]:
        """Events after `replay_id`, or from now on; for `seconds` at most, and for `settle` after the last that came.

        More events are asked for when the caller asks for the next batch: what it was given is kept by then. Raises
        ReplayIdLost.
        """
        deadline, heard = time.monotonic() + seconds, False
        with _named(), self._connection() as connection:
            wire, may = self._opened(connection, channel)
            if not may:
                raise PermissionDenied(f"Salesforce does not let us listen to {channel}", _SET_UP, system="salesforce")
            with _Stream(wire, channel, replay_id) as stream:
                while (left := deadline - time.monotonic()) > 0:
                    answer = stream.next(min(left, settle) if heard else left)
                    if answer is None:
                        return
                    yield Batch(tuple(self._event(wire, each.event) for each in answer.events), answer.latest_replay_id)
                    heard = heard or bool(answer.events)
                    if answer.pending_num_requested <= 0:
                        stream.ask()

    def _opened(self, connection: grpc.Channel, channel: str) -> tuple[Wire, bool]:
        """Calls with a session that is accepted, and whether we may listen to the channel of events.

        That a session is over shows only when it is used: a new one is then tried once.
        """
        session = self._reader.session()
        try:
            wire = Wire(connection, _metadata(session))
            return wire, wire.topic(channel, _ANSWER_SECONDS).can_subscribe
        except grpc.RpcError as error:
            if error.code() is not grpc.StatusCode.UNAUTHENTICATED:
                raise
            self._reader.end(session)
        wire = Wire(connection, _metadata(self._reader.session()))
        return wire, wire.topic(channel, _ANSWER_SECONDS).can_subscribe

    def _connection(self) -> grpc.Channel:
        # Only a sandbox of this machine is spoken to in the clear, and through no proxy.
        if self._plain:
            return grpc.insecure_channel(self._endpoint, options=[("grpc.enable_http_proxy", 0)])
        return grpc.secure_channel(self._endpoint, grpc.ssl_channel_credentials())

    def _event(self, wire: Wire, event: Any) -> ChangeEvent:
        if event.schema_id not in self._schemas:
            told = wire.schema(event.schema_id, _ANSWER_SECONDS).schema_json
            self._schemas[event.schema_id] = _header_schema(told)
        return _read(event.payload, self._schemas[event.schema_id])


class _Stream:
    """One subscription. Its answers are taken in by a thread, so that whoever waits for the next may stop waiting."""

    def __init__(self, wire: Wire, channel: str, replay_id: bytes | None) -> None:
        self._asked: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._came: queue.SimpleQueue[Any] = queue.SimpleQueue()
        preset = LATEST if replay_id is None else CUSTOM
        self._request = MESSAGES["FetchRequest"]
        self._asked.put(
            self._request(
                topic_name=channel, replay_preset=preset, replay_id=replay_id or b"", num_requested=EVENTS_AT_ONCE
            )
        )
        self._channel = channel
        self._call = wire.subscribe(iter(self._asked.get, None))
        threading.Thread(target=self._take_in, name="change-events", daemon=True).start()

    def __enter__(self) -> "_Stream":
        return self

    def __exit__(self, *_: object) -> None:
        self._asked.put(None)
        self._call.cancel()

    def ask(self) -> None:
        """For as many more."""
        self._asked.put(self._request(topic_name=self._channel, num_requested=EVENTS_AT_ONCE))

    def next(self, seconds: float) -> Any | None:
        """The next answer; None when none came in time, or the other side has ended the stream. Raises RpcError."""
        try:
            came = self._came.get(timeout=seconds)
        except queue.Empty:
            return None
        if isinstance(came, grpc.RpcError):
            raise came
        return came

    def _take_in(self) -> None:
        try:
            for answer in self._call:
                self._came.put(answer)
            self._came.put(None)
        except grpc.RpcError as error:
            self._came.put(error)


@contextmanager
def _named() -> Iterator[None]:
    """Every failure of a call under its name here."""
    try:
        yield
    except grpc.RpcError as error:
        raise _failure(error) from None


_SET_UP = "see docs/deals.md on change events"
_AGAIN = "try again later; see status.salesforce.com"
_FAILURES: dict[grpc.StatusCode, tuple[type[SystemFailure], str]] = {
    grpc.StatusCode.UNAUTHENTICATED: (AuthenticationError, LOGIN_FIX),
    grpc.StatusCode.PERMISSION_DENIED: (PermissionDenied, _SET_UP),
    grpc.StatusCode.NOT_FOUND: (ObjectMissing, f"correct deals.change_events; {_SET_UP}"),
    grpc.StatusCode.RESOURCE_EXHAUSTED: (RateLimited, "see what else listens to this org's events"),
    grpc.StatusCode.UNAVAILABLE: (UnreachableError, f"check the network and {_VARIABLE}"),
    grpc.StatusCode.DEADLINE_EXCEEDED: (UnreachableError, f"check the network and {_VARIABLE}"),
    grpc.StatusCode.INTERNAL: (TransientError, _AGAIN),
    grpc.StatusCode.UNKNOWN: (TransientError, _AGAIN),
    grpc.StatusCode.ABORTED: (TransientError, _AGAIN),
    grpc.StatusCode.CANCELLED: (TransientError, _AGAIN),
}


def _failure(error: Any) -> SystemFailure | ReplayIdLost:
    code, told = error.code(), dict(error.trailing_metadata() or ())
    own = str(told.get("error-code", ""))
    what = f"Salesforce's change events: {scrub(own or str(error.details() or code.name), ())[:200]}"
    if "replayid" in own:
        return ReplayIdLost(what)
    if code is grpc.StatusCode.INVALID_ARGUMENT:
        return Refused(what, _SET_UP, system="salesforce", code=own or code.name)
    kind, fix = _FAILURES.get(code, (ProtocolError, f"check {_VARIABLE}"))
    return kind(what, fix, system="salesforce")


def _metadata(session: SalesforceSession) -> Sequence[tuple[str, str]]:
    return (
        ("accesstoken", session.token),
        ("instanceurl", session.instance_url),
        ("tenantid", session.organization),
    )


def _header_schema(text: str) -> Any | None:
    """The schema up to and with the header; None where it cannot be read."""
    try:
        whole = orjson.loads(text)
        names = [field["name"] for field in whole["fields"]]
        head = {**whole, "fields": whole["fields"][: names.index(_HEADER) + 1]}
        return fastavro.parse_schema(head)
    except Exception:  # whatever the library makes of a text that is no schema
        return None


def _read(payload: bytes, schema: Any | None) -> ChangeEvent:
    try:
        told: Any = fastavro.schemaless_reader(io.BytesIO(payload), schema, None)  # type: ignore[arg-type]
        header = told[_HEADER]
        ids = tuple(str(each) for each in header["recordIds"])
        return ChangeEvent(str(header["entityName"]), ids, str(header["changeType"]), str(header["changeOrigin"] or ""))
    except Exception:  # whatever the library makes of bytes that are no event
        return ChangeEvent("")


def _checked(endpoint: str) -> tuple[str, bool]:
    """The endpoint, and whether it is of this machine. Raises SettingsError."""
    host, _, port = endpoint.strip().rpartition(":")
    plain = is_loopback(f"http://{host}")
    if not port.isdigit() or not (plain or host.endswith(DOMAIN)):
        fix = f"set it to host:port, such as api.pubsub.salesforce.com:7443, or unset {_VARIABLE}"
        raise SettingsError(f"{_VARIABLE} is not one of Salesforce's", fix)
    return endpoint.strip(), plain
