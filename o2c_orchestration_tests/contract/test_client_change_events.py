"""The client of Salesforce's change events, against the sandbox and against a server that says what that never does."""

import io
from collections.abc import Iterator
from concurrent import futures
from contextlib import contextmanager
from typing import Any

import fastavro
import grpc
import orjson
import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from o2c_orchestration.clients import salesforce_events
from o2c_orchestration.clients.credentials import SalesforceCredentials
from o2c_orchestration.clients.salesforce import SalesforceReader
from o2c_orchestration.clients.salesforce_events import Batch, ChangeEvent, ReplayIdLost, SalesforceEvents
from o2c_orchestration.domain.errors import (
    AuthenticationError,
    O2CError,
    ObjectMissing,
    PermissionDenied,
    RateLimited,
    Refused,
    SettingsError,
    TransientError,
    UnreachableError,
)
from o2c_orchestration.sandbox.config import SandboxConfig
from o2c_orchestration.sandbox.salesforce.protobuf import encode
from o2c_orchestration.sandbox.server import SandboxServer

CHANNEL = "/data/ChangeEvents"
DEAL = "006000000000001AAA"
HEADER = {
    "name": "ChangeEventHeader",
    "type": {
        "type": "record",
        "name": "ChangeEventHeader",
        "fields": [
            {"name": "entityName", "type": "string"},
            {"name": "recordIds", "type": {"type": "array", "items": "string"}},
            {"name": "changeType", "type": {"type": "enum", "name": "ChangeType", "symbols": ["CREATE", "UPDATE"]}},
            {"name": "changeOrigin", "type": ["null", "string"]},
        ],
    },
}
TOLD = {"entityName": "Opportunity", "recordIds": [DEAL], "changeType": "UPDATE", "changeOrigin": None}


@pytest.fixture(scope="module")
def org(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxServer]:
    config = SandboxConfig(salesforce_events_port=0, salesforce_keepalive_seconds=0.2)
    with SandboxServer(tmp_path_factory.mktemp("org"), config=config) as server:
        yield server


def client(org: SandboxServer, endpoint: str | None = None) -> SalesforceEvents:
    where = requests.get(f"{org.base_url}/_sandbox/salesforce/events", timeout=10).json()["endpoint"]
    config = org.config
    credentials = SalesforceCredentials(
        org.base_url, config.salesforce_client_id, config.salesforce_client_secret, events=endpoint or where
    )
    return SalesforceEvents(SalesforceReader(credentials))


def heard(events: SalesforceEvents, channel: str = CHANNEL, replay_id: bytes | None = None) -> list[Batch]:
    return list(events.batches(channel, replay_id, 2.0, 0.2))


def schema(*fields: Any) -> str:
    whole = {"type": "record", "name": "OpportunityChangeEvent", "namespace": "com.sforce.eventbus"}
    return orjson.dumps({**whole, "fields": list(fields)}).decode()


def payload(text: str, **values: Any) -> bytes:
    written = io.BytesIO()
    fastavro.schemaless_writer(written, fastavro.parse_schema(orjson.loads(text)), values)
    return written.getvalue()


class Script:
    """What a server says: to GetTopic, to GetSchema, and the answers of a subscription."""

    def __init__(self, text: str = "") -> None:
        self.text = text
        self.may = 1
        self.answers: list[bytes | tuple[grpc.StatusCode, str]] = []
        self.refusal: tuple[grpc.StatusCode, str] | None = None
        self.asked: list[dict[str, str]] = []

    def topic(self, request: bytes, context: Any) -> bytes:
        self.asked.append(dict(context.invocation_metadata()))
        if self.refusal is not None:
            self._refuse(context, self.refusal)
        return encode([(4, self.may)])

    def schema(self, request: bytes, context: Any) -> bytes:
        return encode([(1, self.text), (2, "s")])

    def subscribe(self, requests: Iterator[bytes], context: Any) -> Iterator[bytes]:
        next(requests)
        for answer in self.answers:
            if isinstance(answer, tuple):
                self._refuse(context, answer)
            else:
                yield answer

    def _refuse(self, context: Any, refusal: tuple[grpc.StatusCode, str]) -> None:
        context.set_trailing_metadata((("error-code", refusal[1]),))
        context.abort(refusal[0], "no")


@contextmanager
def scripted(script: Script) -> Iterator[str]:
    server = grpc.server(futures.ThreadPoolExecutor(4))
    unary = grpc.unary_unary_rpc_method_handler
    handlers = {"GetTopic": unary(script.topic), "GetSchema": unary(script.schema)}
    handlers["Subscribe"] = grpc.stream_stream_rpc_method_handler(script.subscribe)
    server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler("eventbus.v1.PubSub", handlers)])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.stop(0).wait()


def answer(*bodies: bytes) -> bytes:
    events = [encode([(1, encode([(1, "e"), (2, "s"), (3, body)])), (2, b"\x01")]) for body in bodies]
    return encode([*((1, event) for event in events), (2, b"\x02"), (4, 50)])


def test_it_says_who_asks_with_every_call(org: SandboxServer) -> None:
    """The token, the org's address and its id travel as metadata, under the names that the API has for them."""
    script = Script()
    with scripted(script) as endpoint:
        assert client(org, endpoint).may_listen(CHANNEL)
    (told,) = script.asked
    assert told["accesstoken"].startswith("00D")
    assert told["instanceurl"].startswith("https://")
    assert told["tenantid"] == "00DgK0000000001UAA"


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (grpc.StatusCode.UNAUTHENTICATED, "sfdc.platform.eventbus.grpc.service.auth.error", AuthenticationError),
        (grpc.StatusCode.PERMISSION_DENIED, "", PermissionDenied),
        (grpc.StatusCode.NOT_FOUND, "", ObjectMissing),
        (grpc.StatusCode.INVALID_ARGUMENT, "sfdc.platform.eventbus.grpc.topic.invalid", Refused),
        (grpc.StatusCode.RESOURCE_EXHAUSTED, "sfdc.platform.eventbus.grpc.subscription.limit.exceeded", RateLimited),
        (grpc.StatusCode.UNAVAILABLE, "", UnreachableError),
        (grpc.StatusCode.INTERNAL, "", TransientError),
    ],
)
def test_each_refusal_has_its_name(
    org: SandboxServer, status: grpc.StatusCode, code: str, error: type[O2CError]
) -> None:
    """Salesforce's own code is told, where there is one."""
    script = Script()
    script.refusal = (status, code)
    with scripted(script) as endpoint, pytest.raises(error) as told:
        heard(client(org, endpoint))
    assert code in str(told.value)
    assert len(script.asked) == (2 if error is AuthenticationError else 1)


def test_a_channel_that_may_not_be_heard_is_no_silence(org: SandboxServer) -> None:
    """Nothing would ever come."""
    script = Script()
    script.may = 0
    with scripted(script) as endpoint, pytest.raises(PermissionDenied):
        heard(client(org, endpoint))


@pytest.mark.parametrize("code", ["corrupted", "validation.failed"])
def test_a_replay_id_may_be_refused_in_two_ways(org: SandboxServer, code: str) -> None:
    """Both mean that events have to be heard from another place."""
    script = Script()
    told = f"sfdc.platform.eventbus.grpc.subscription.fetch.replayid.{code}"
    script.answers = [(grpc.StatusCode.INVALID_ARGUMENT, told)]
    with scripted(script) as endpoint, pytest.raises(ReplayIdLost):
        heard(client(org, endpoint), replay_id=b"\x07")


def test_only_the_header_is_decoded(org: SandboxServer) -> None:
    """What a deal is called, and what comes after it, is not looked at, sound or not."""
    text = schema(HEADER, {"name": "Name", "type": ["null", "string"]}, {"name": "Odd", "type": ["null", "int"]})
    script = Script(text)
    sound = payload(text, ChangeEventHeader=TOLD, Name="Acme", Odd=None)
    script.answers = [answer(sound, sound[: sound.index(b"Acme")] + b"\xff")]
    with scripted(script) as endpoint:
        (batch,) = heard(client(org, endpoint))
    assert batch == Batch((ChangeEvent("Opportunity", (DEAL,), "UPDATE"),) * 2, b"\x02")


def test_fields_before_the_header_are_read_over(org: SandboxServer) -> None:
    """It comes first in every event that was seen, and nothing says that it has to."""
    text = schema({"name": "Name", "type": ["null", "string"]}, HEADER)
    script = Script(text)
    script.answers = [answer(payload(text, ChangeEventHeader=TOLD, Name="Acme"))]
    with scripted(script) as endpoint:
        (batch,) = heard(client(org, endpoint))
    assert batch.events == (ChangeEvent("Opportunity", (DEAL,), "UPDATE"),)


@pytest.mark.parametrize("text", ["", "[]", '{"fields": [{"name": "Other", "type": "string"}]}', '{"fields": 1}'])
def test_a_schema_that_makes_no_sense_makes_an_unreadable_event(org: SandboxServer, text: str) -> None:
    """It is told as such, so that nothing is overlooked, and the next event is heard."""
    script = Script(text)
    script.answers = [answer(b"\x02a")]
    with scripted(script) as endpoint:
        (batch,) = heard(client(org, endpoint))
    assert batch == Batch((ChangeEvent(""),), b"\x02")


@given(st.binary(max_size=80))
def test_no_payload_stops_the_stream(body: bytes) -> None:
    """Whatever the bytes are, they are an event or an unreadable one."""
    assert isinstance(salesforce_events._read(body, salesforce_events._header_schema(schema(HEADER))), ChangeEvent)


@pytest.mark.parametrize(
    "endpoint", ["api.pubsub.example.com:7443", "api.pubsub.salesforce.com", "", "salesforce.com.example.org:443"]
)
def test_the_token_travels_to_salesforce_alone(endpoint: str) -> None:
    """Or to a sandbox of this machine."""
    credentials = SalesforceCredentials("https://acme.my.salesforce.com", "id", "secret", events=endpoint)
    with pytest.raises(SettingsError, match="SALESFORCE_EVENTS_ENDPOINT"):
        SalesforceEvents(SalesforceReader(credentials))


def test_what_the_sandbox_tells_of_a_change(org: SandboxServer) -> None:
    """The object, the record, what was done and by which client; and a place from which nothing comes again."""
    events = client(org)
    assert events.may_listen(CHANNEL)
    start = heard(events)[-1].replay_id
    made = _write(org, "POST", "Account", {"Name": "Acme"}, "client=o2c_orchestration")
    _write(org, "PATCH", f"Account/{made}", {"Phone": "1"}, "client=somebody")
    _write(org, "DELETE", f"Account/{made}", None, "")
    told = [event for batch in heard(events, replay_id=start) for event in batch.events]
    assert [(event.entity, event.record_ids, event.change, event.ours) for event in told] == [
        ("Account", (made,), "CREATE", True),
        ("Account", (made,), "UPDATE", False),
        ("Account", (made,), "DELETE", False),
    ]
    last = heard(events, "/data/AccountChangeEvent", start)[-1].replay_id
    assert not any(batch.events for batch in heard(events, replay_id=last))


def test_the_sandbox_refuses_what_salesforce_refuses(org: SandboxServer) -> None:
    """Another channel, a replay id that it never gave."""
    events = client(org)
    with pytest.raises(ObjectMissing):
        heard(events, "/data/NoneChangeEvent")
    for odd in (b"\x01", (10**9).to_bytes(10, "big"), b"\x00" * 9 + b"\x01"):
        with pytest.raises(ReplayIdLost):
            heard(events, replay_id=odd)


def _write(org: SandboxServer, method: str, path: str, body: Any, options: str) -> str:
    config = org.config
    form = {"grant_type": "client_credentials"}
    pair = (config.salesforce_client_id, config.salesforce_client_secret)
    token = requests.post(f"{org.base_url}/services/oauth2/token", data=form, auth=pair, timeout=10).json()
    headers = {"Authorization": f"Bearer {token['access_token']}", "Sforce-Call-Options": options}
    url = f"{org.base_url}/services/data/v66.0/sobjects/{path}"
    answer = requests.request(method, url, json=body, headers=headers, timeout=10)
    assert answer.ok, answer.text
    return str(answer.json()["id"]) if answer.content else ""
