"""Who floods the receiver with what nobody signed is not listened to for a minute; Stripe always is."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
import requests
from sqlalchemy import Engine

from o2c_orchestration.domain.policy_live import Webhooks
from o2c_orchestration.web import senders
from o2c_orchestration.web.senders import Senders
from o2c_orchestration_tests.contract.test_receiver import OTHER, event, kept, post, receiver, serving

# As the proxy in front says who it speaks for: uvicorn believes it of this machine.
FLOOD, STRIPE = {"X-Forwarded-For": "198.41.0.4"}, {"X-Forwarded-For": "192.5.5.241"}
MOST = 5


@pytest.fixture
def url(engine: Engine) -> Iterator[str]:
    with serving(receiver(engine, webhooks=Webhooks(refused_per_minute=MOST))) as base:
        yield base


def unsigned(url: str, **headers: str) -> requests.Response:
    return requests.post(f"{url}/webhooks/stripe", data=event(), headers=headers, timeout=20)


def test_a_sender_of_whom_too_much_was_refused_is_not_read(url: str, engine: Engine) -> None:
    """Not even what is signed: it comes again. Others are taken meanwhile."""
    assert [unsigned(url, **FLOOD).status_code for _ in range(MOST)] == [400] * MOST
    answer = post(url, event(), **FLOOD)
    assert (answer.status_code, 0 < int(answer.headers["Retry-After"]) <= 61) == (429, True)
    assert post(url, event(), **STRIPE).status_code == 200
    assert len(kept(engine)) == 1
    assert 'o2c_webhooks_total{outcome="too_many"} 1.0' in requests.get(f"{url}/metrics", timeout=20).text


def test_wrong_signatures_count_and_what_is_signed_does_not(url: str) -> None:
    """However much Stripe sends, and whatever is in it: only what nobody signed is held against a sender."""
    statuses = [post(url, body, **STRIPE).status_code for body in (*[event()] * 9, *[b"{}"] * 9, event())]
    assert set(statuses) == {200, 400}
    assert statuses[-1] == 200
    wrong = [post(url, event(), f"{OTHER}x", **FLOOD).status_code for _ in range(MOST + 1)]
    assert wrong == [*[400] * MOST, 429]


def test_a_proxy_that_does_not_say_for_whom_it_speaks_is_never_limited(url: str) -> None:
    """Its address stands for everybody, Stripe too."""
    assert {unsigned(url).status_code for _ in range(3 * MOST)} == {400}


def test_after_a_minute_a_sender_is_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A minute from the first of those that count."""
    now = 1000.0
    monkeypatch.setattr(senders, "time", SimpleNamespace(monotonic=lambda: now))
    counted = Senders(2)
    counted.refused("198.41.0.4")
    now += 30
    counted.refused("198.41.0.4")
    assert counted.wait_of("198.41.0.4") == 31
    now += 31
    assert counted.wait_of("198.41.0.4") == 0


def test_a_subscriber_of_ipv6_is_one_sender() -> None:
    """He has an address for each request; his neighbour is another, and so is each address of IPv4."""
    counted = Senders(2)
    for last in (1, 2):
        counted.refused(f"2001:503:ba3e:1::{last}")
        counted.refused(f"198.41.0.{last}")
    asked = ("2001:503:ba3e:1::99", "2001:503:ba3e:2::1", "198.41.0.1", "::ffff:198.41.0.9")
    assert [bool(counted.wait_of(each)) for each in asked] == [True, False, False, False]
    counted.refused("::ffff:198.41.0.1")  # the same address, where one socket takes both
    assert counted.wait_of("198.41.0.1")


def test_of_many_senders_the_latest_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """A flood from everywhere takes no more memory than that."""
    monkeypatch.setattr(senders, "_REMEMBERED", 3)
    counted = Senders(1)
    for last in range(1, 6):
        counted.refused(f"198.41.0.{last}")
    assert [bool(counted.wait_of(f"198.41.0.{last}")) for last in range(1, 6)] == [False, False, True, True, True]


def test_nobody_is_limited_where_that_is_switched_off() -> None:
    """`refused_per_minute: 0`."""
    counted = Senders(0)
    for _ in range(1000):
        counted.refused("198.41.0.4")
    assert counted.wait_of("198.41.0.4") == 0
