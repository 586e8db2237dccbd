"""Whatever comes to the receiver: what is not signed is kept by nobody, and what it answers is no error of ours."""

import socket
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import requests
import stripe
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from o2c_orchestration.web.signature import BadSignature, WebhookSecret, signer
from o2c_orchestration_tests.contract.test_receiver import NEW, event, kept, receiver, serving

_OURS = WebhookSecret(NEW)
_TOLERANCE = 300
# Of one server all of them are asked: what one leaves behind, the next would find.
_FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

# What a header is made of, put together in every order, with all that cannot be a number, a scheme or a hash.
_VALUES = (
    st.text(max_size=80) | st.integers().map(str) | st.sampled_from(["", "1e9", "٣", "-1", "9" * 400, "0x1", "\x00"])
)
_KEYS = st.sampled_from(["t", "v1", "v0", "", "t ", "T"]) | st.text(max_size=3)
HEADERS = st.text(max_size=200) | st.lists(st.tuples(_KEYS, _VALUES), max_size=6).map(
    lambda pairs: ",".join("=".join(pair) for pair in pairs)
)
BODIES = st.binary(max_size=200) | st.sampled_from([b"", b"{}", b"\xff\xfe", event()])
_WIRE = st.characters(codec="latin-1", exclude_characters="\r\n\x00")
_WIRE_TEXT = st.text(_WIRE, max_size=200)


def _signed(body: bytes, at: float, secret: str = NEW) -> str:
    return str(stripe.WebhookSignature.generate_signature_header(body.decode(), secret, int(at)))


@st.composite
def nearly_right(draw: st.DrawFn) -> str:
    """A header by somebody else's secret, one place of which is damaged: what lies behind its time is looked at."""
    right = _signed(b"{}", time.time(), "whsec_somebody_elses")
    at = draw(st.integers(0, len(right)))
    return right[:at] + draw(st.text(_WIRE, max_size=4)) + right[at + draw(st.integers(0, 3)) :]


@given(BODIES, HEADERS | nearly_right())
def test_no_header_that_somebody_made_up_is_a_signature(body: bytes, header: str) -> None:
    """And none breaks what reads it: BadSignature is all that is raised."""
    with pytest.raises(BadSignature):
        signer(body, header, [_OURS], _TOLERANCE)


@given(st.text(max_size=100), st.text(max_size=100), st.integers(-200, 200))
def test_a_signature_is_for_its_bytes_and_no_others(body: str, other: str, seconds_ago: int) -> None:
    """What is signed is taken, and not for anything else that is sent with the same header."""
    header = _signed(body.encode(), time.time() - seconds_ago)
    assert signer(body.encode(), header, [WebhookSecret("whsec_other"), _OURS], _TOLERANCE) == _OURS
    if other != body:
        with pytest.raises(BadSignature):
            signer(other.encode(), header, [_OURS], _TOLERANCE)
    with pytest.raises(BadSignature):
        signer(body.encode(), header, [WebhookSecret("whsec_other")], _TOLERANCE)


@pytest.fixture
def url(engine: Engine) -> Iterator[str]:
    """A receiver that has not had enough of anybody."""
    with serving(receiver(engine)) as base:
        yield base


@_FEW
@given(body=BODIES, header=_WIRE_TEXT | nearly_right(), kind=_WIRE_TEXT)
def test_what_is_not_signed_is_refused_and_not_kept(
    url: str, engine: Engine, body: bytes, header: str, kind: str
) -> None:
    """Over HTTP, with any header and any kind of content."""
    given_headers = {
        "Stripe-Signature": header.strip().encode("latin-1"),
        "Content-Type": kind.strip().encode("latin-1"),
    }
    answer = requests.post(f"{url}/webhooks/stripe", data=body, headers=given_headers, timeout=20)
    assert answer.status_code in (400, 429)
    assert kept(engine) == []


@_FEW
@given(body=st.text(max_size=200))
def test_what_is_signed_and_is_no_event_is_refused_in_words(url: str, engine: Engine, body: str) -> None:
    """Whoever has the secret may send nonsense: it is an answer of ours, and no event."""
    headers = {"Stripe-Signature": _signed(body.encode(), time.time())}
    answer = requests.post(f"{url}/webhooks/stripe", data=body.encode(), headers=headers, timeout=20)
    assert answer.status_code in (400, 429)
    assert answer.json()["error"]
    assert kept(engine) == []


@_FEW
@given(
    parts=st.lists(
        st.binary(max_size=120)
        | st.sampled_from(
            [
                b"POST /webhooks/stripe HTTP/1.1\r\n",
                b"\r\n",
                b"Host: x\r\n",
                b"Content-Length: -1\r\n",
                b"Transfer-Encoding: chunked\r\n",
                b"zz\r\n",
            ]
        ),
        max_size=6,
    )
)
def test_what_is_no_http_harms_nobody(url: str, engine: Engine, parts: list[bytes]) -> None:
    """Any bytes on its port, and whoever comes next is served."""
    told = urlsplit(url)
    assert told.hostname is not None
    assert told.port is not None
    with socket.create_connection((told.hostname, told.port), timeout=20) as connection:
        connection.sendall(b"".join(parts))
        connection.shutdown(socket.SHUT_WR)
        answered = connection.recv(100)
    assert not answered or answered.startswith((b"HTTP/1.1 4", b"HTTP/1.1 307"))
    assert requests.get(f"{url}/healthz", timeout=20).status_code == 200
    assert kept(engine) == []
