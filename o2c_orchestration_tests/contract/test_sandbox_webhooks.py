"""Promises of the Stripe sandbox's webhooks, with Stripe's own SDK as the one who registers and verifies."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import stripe as stripe_sdk

from o2c_orchestration.sandbox.stripe.routes import StripeSandbox
from o2c_orchestration.sandbox.stripe.webhooks.event_types import EVENT_TYPES
from o2c_orchestration_tests.contract.sandbox_webhook_receiver import QUICK, SECRET, Hooked, Receiver, hooked

EVERYTHING: Any = ["*"]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    running = Receiver()
    yield running
    running.stop()


@pytest.fixture
def stripe(tmp_path: Path) -> Iterator[Hooked]:
    with hooked(tmp_path) as running:
        yield running


def listen(stripe: Hooked, receiver: Receiver, **more: Any) -> stripe_sdk.WebhookEndpoint:
    return stripe.client.v1.webhook_endpoints.create({"url": receiver.url, "enabled_events": EVERYTHING, **more})


def paid_invoice(client: stripe_sdk.StripeClient) -> stripe_sdk.Invoice:
    customer = client.v1.customers.create({"name": "Zoë"})
    invoice = client.v1.invoices.create({"customer": customer.id, "currency": "eur"})
    client.v1.invoice_items.create({"customer": customer.id, "invoice": invoice.id, "amount": 500, "currency": "eur"})
    return client.v1.invoices.pay(invoice.id)


def test_an_endpoint_is_made_read_changed_listed_and_deleted(stripe: Hooked) -> None:
    """The secret is shown when an endpoint is made and never again; what an update leaves out stays."""
    endpoints = stripe.client.v1.webhook_endpoints
    made = endpoints.create(
        {
            "url": "https://example.com/hooks",
            "enabled_events": ["invoice.paid", "invoice.voided"],
            "description": "books",
            "metadata": {"team": "finance"},
            "api_version": "2026-10-28.endive",
        }
    )
    assert (made.id[:3], made.secret and made.secret[:6], made.status) == ("we_", "whsec_", "enabled")
    read = endpoints.retrieve(made.id)
    assert "secret" not in read
    assert read.to_dict() == {name: value for name, value in made.to_dict().items() if name != "secret"}
    assert (read.api_version, read.livemode, read.application) == ("2026-10-28.endive", False, None)
    changed = endpoints.update(made.id, {"disabled": True, "enabled_events": ["payout.paid"], "metadata": {"a": "b"}})
    assert (changed.status, changed.enabled_events, changed.url) == ("disabled", ["payout.paid"], made.url)
    assert {"team": "finance", "a": "b"} == changed.metadata.to_dict()
    others = [endpoints.create({"url": f"https://example.com/{n}", "enabled_events": EVERYTHING}).id for n in range(3)]
    assert [*others[::-1], made.id] == [each.id for each in endpoints.list({"limit": 2}).auto_paging_iter()]
    assert endpoints.delete(made.id).deleted is True
    with pytest.raises(stripe_sdk.InvalidRequestError) as missing:
        endpoints.retrieve(made.id)
    assert (missing.value.http_status, missing.value.code) == (404, "resource_missing")


REFUSED: list[tuple[Any, str, str]] = [
    ({"enabled_events": EVERYTHING}, "url", "Missing required param: url"),
    ({"url": "https://example.com"}, "enabled_events", "Missing required param"),
    ({"url": "example.com", "enabled_events": EVERYTHING}, "url", "An explicit scheme"),
    ({"url": "https:///hooks", "enabled_events": EVERYTHING}, "url", "Not a valid URL"),
    ({"url": "https://host:x/", "enabled_events": EVERYTHING}, "url", "Not a valid URL"),
    ({"url": "http://example.com", "enabled_events": EVERYTHING}, "url", "HTTPS"),
    ({"url": "https://a.b", "enabled_events": ["invoice.paid", "oops"]}, "enabled_events[1]", "must be one of"),
    ({"url": "https://a.b", "enabled_events": EVERYTHING, "secret": "x"}, "secret", "unknown parameter"),
    ({"url": "https://a.b", "enabled_events": EVERYTHING, "api_version": "new"}, "api_version", "api_version"),
]


def test_a_wrong_endpoint_is_refused_in_stripes_words(stripe: Hooked) -> None:
    """Each mistake is an InvalidRequestError that names its parameter, and nothing is made."""
    for given, param, words in REFUSED:
        with pytest.raises(stripe_sdk.InvalidRequestError, match=words) as refused:
            stripe.client.v1.webhook_endpoints.create(given)
        assert (refused.value.param, refused.value.http_status) == (param, 400)
    assert stripe.client.v1.webhook_endpoints.list().data == []


def test_there_are_at_most_sixteen_endpoints(stripe: Hooked, receiver: Receiver) -> None:
    """The seventeenth is refused, as in a test account."""
    for _ in range(16):
        listen(stripe, receiver)
    with pytest.raises(stripe_sdk.InvalidRequestError, match="maximum of 16"):
        listen(stripe, receiver)


def test_every_event_arrives_signed_and_whole(stripe: Hooked, receiver: Receiver) -> None:
    """The SDK verifies each POST, which carries the event as the API shows it, under Stripe's headers."""
    secret = str(listen(stripe, receiver).secret)
    invoice = paid_invoice(stripe.client)
    events = {each.id: each.to_dict() for each in stripe.client.v1.events.list({"limit": 100}).data}
    posted = receiver.wait_for(len(events))
    assert events.keys() == {each.json["id"] for each in posted}
    for each in posted:
        event = each.event(secret)
        assert event.type in EVENT_TYPES
        assert events[event.id] | {"pending_webhooks": 1} == event.to_dict() | {"pending_webhooks": 1}
    paid = next(each for each in posted if each.json["type"] == "invoice.paid")
    assert (paid.path, paid.headers["User-Agent"][:10]) == ("/hooks?from=stripe", "Stripe/1.0")
    assert paid.headers["Content-Type"] == "application/json; charset=utf-8"
    assert (paid.headers["Accept"], paid.headers["Cache-Control"]) == ("*/*; q=0.5, application/xml", "no-cache")
    event = paid.event(secret)
    assert (event.data.object["id"], event.api_version) == (invoice.id, "2026-10-28.endive")
    assert event.request is not None
    assert event.request.id
    assert event.request.idempotency_key
    assert paid.body.startswith(b'{\n  "id": "evt_')
    with pytest.raises(stripe_sdk.SignatureVerificationError):
        paid.event("whsec_other")


def test_an_update_says_what_was_before(stripe: Hooked, receiver: Receiver) -> None:
    """`previous_attributes` go over the wire too."""
    customer = stripe.customer("Ada")
    secret = str(listen(stripe, receiver, api_version="2024-06-20").secret)
    stripe.client.v1.customers.update(customer.id, {"name": "Grace"})
    event = receiver.wait_for(1)[0].event(secret)
    assert event.data.previous_attributes is not None
    assert (event.data.object["name"], event.data.previous_attributes["name"]) == ("Grace", "Ada")
    assert event.api_version == "2024-06-20"


def test_an_endpoint_gets_what_it_asks_for_from_when_it_is_there(stripe: Hooked, receiver: Receiver) -> None:
    """Other types, earlier events and what happens while it is disabled never reach it."""
    stripe.customer("before")
    endpoint = listen(stripe, receiver, enabled_events=["customer.created", "customer.deleted"])
    customer = stripe.customer("asked for")
    stripe.client.v1.customers.update(customer.id, {"name": "not asked for"})
    stripe.client.v1.webhook_endpoints.update(endpoint.id, {"disabled": True})
    stripe.customer("disabled")
    stripe.client.v1.webhook_endpoints.update(endpoint.id, {"disabled": False})
    stripe.client.v1.customers.delete(customer.id)
    receiver.wait_for(2)
    stripe.settled(delivered=2, waiting=0, canceled=0)
    assert sorted(receiver.types()) == ["customer.created", "customer.deleted"]


def test_an_event_is_sent_again_until_it_is_taken(stripe: Hooked, receiver: Receiver) -> None:
    """An error, a redirect or a broken answer is no delivery: waits double, and the event is pending so long."""

    def broken() -> int:
        raise ConnectionError

    seen = threading.Event()
    # The server reports what its handler raised, which is not what this test is about.
    receiver._server.handle_error = lambda *_: None  # type: ignore[method-assign]
    receiver.answers.extend([500, 302, broken, 404, lambda: 204 if seen.wait(2) else 500])
    secret = str(listen(stripe, receiver).secret)
    stripe.customer()
    undelivered = stripe.client.v1.events.list({"delivery_success": False}).data
    seen.set()
    posted = receiver.wait_for(5)
    stats = stripe.settled(delivered=1)
    assert (stats["posted"], stats["failed"], stats["waiting"]) == (5, 4, 0)
    assert len({each.event(secret).id for each in posted}) == 1
    waits = [later.at - earlier.at for earlier, later in pairwise(posted)]
    assert all(wait >= QUICK.webhook_retry_seconds * 2**place for place, wait in enumerate(waits))
    assert [each.pending_webhooks for each in undelivered] == [1]
    assert stripe.client.v1.events.list({"delivery_success": False}).data == []
    assert list(stripe.pending().values()) == [0]


def test_an_endpoint_that_is_too_slow_or_not_there_gets_it_later(tmp_path: Path, receiver: Receiver) -> None:
    """A time-out and a refused connection are retried as any other failure, and each endpoint counts by itself."""
    receiver.answers.append(lambda: time.sleep(0.5) or 200)  # type: ignore[func-returns-value]
    with hooked(tmp_path, replace(QUICK, webhook_timeout_seconds=0.1)) as stripe:
        listen(stripe, receiver)
        nowhere = stripe.client.v1.webhook_endpoints.create(
            {"url": "http://localhost:1/", "enabled_events": EVERYTHING}
        ).id
        stripe.customer()
        receiver.wait_for(2)
        stats = stripe.settled(delivered=1)
        assert list(stripe.pending().values()) == [1]
        assert stats["endpoints"][nowhere]["delivered"] == 0
        answers = {each["endpoint"]: each["answer"] for each in stripe.control("GET", "webhook_deliveries")}
        assert "Error" in answers[nowhere]
        stripe.client.v1.webhook_endpoints.delete(nowhere)
        assert list(stripe.pending().values()) == [0]
        assert stripe.stats()["waiting"] == 0


def test_an_event_is_given_up_after_three_days(tmp_path: Path, receiver: Receiver) -> None:
    """Scaled down to a third of a second: some fifteen attempts, then no more, and it stays undelivered."""
    receiver.answers.extend([503] * 50)
    with hooked(tmp_path, replace(QUICK, webhook_retry_seconds=0.3 / 4320)) as stripe:
        listen(stripe, receiver)
        stripe.customer()
        stats = stripe.settled(given_up=1, waiting=0)
        assert 3 <= stats["posted"] <= 16
        assert list(stripe.pending().values()) == [1]


def test_what_is_undelivered_survives_a_restart(tmp_path: Path, receiver: Receiver) -> None:
    """A sandbox that stops in the middle of a delivery stops at once, and sends it when it is back."""
    release = threading.Event()
    receiver.answers.append(lambda: 200 if release.wait(5) else 500)
    with hooked(tmp_path, replace(QUICK, webhook_timeout_seconds=9)) as stripe:
        secret = str(listen(stripe, receiver).secret)
        stripe.customer()
        receiver.wait_for(1)
        started = time.monotonic()
    assert time.monotonic() - started < 3
    release.set()
    with hooked(tmp_path) as stripe:
        posted = receiver.wait_for(2)
        stripe.settled(delivered=1)
        assert posted[0].event(secret).id == posted[1].event(secret).id
        assert list(stripe.pending().values()) == [0]


def test_nothing_runs_without_an_endpoint(stripe: Hooked, tmp_path: Path) -> None:
    """No thread and no task is started before somebody listens."""
    before = {each.name for each in threading.enumerate()}
    paid_invoice(stripe.client)
    assert before >= {each.name for each in threading.enumerate()}

    async def woken() -> int:
        sandbox = StripeSandbox(tmp_path / "other", QUICK)
        sandbox.resume()
        tasks = len(asyncio.all_tasks())
        await sandbox.stop()
        sandbox.close()
        return tasks

    assert asyncio.run(woken()) == 1


def test_a_slow_endpoint_slows_nobody(tmp_path: Path, receiver: Receiver) -> None:
    """While one endpoint hangs, requests are answered and the others served; it gets a bounded number at once."""
    release, slow = threading.Event(), Receiver()
    slow.answers.extend([lambda: 200 if release.wait(5) else 500] * 12)
    with hooked(tmp_path, replace(QUICK, webhook_concurrency=3, webhook_timeout_seconds=9)) as stripe:
        stripe.forward(slow.url)
        stripe.forward(receiver.url)
        started = time.monotonic()
        for number in range(12):
            stripe.customer(str(number))
        receiver.wait_for(12)
        assert time.monotonic() - started < 4
        assert len(slow.wait_for(3)) == 3
        release.set()
        stripe.settled(delivered=24)
        assert set(stripe.pending().values()) == {0}
    slow.stop()


def test_an_event_can_be_sent_again(stripe: Hooked, receiver: Receiver) -> None:
    """`POST /v1/events/{id}/retry`, as the CLI's `events resend` sends it, delivers a delivered one once more."""
    listener = stripe.forward(receiver.url)
    stripe.customer()
    event = receiver.wait_for(1)[0].event(SECRET)
    stripe.settled(delivered=1)
    for body in ({"webhook_endpoint": listener["id"]}, {"for_stripecli": "true"}):
        answer = stripe.client.raw_request("post", f"/v1/events/{event.id}/retry", **body)
        assert answer.code == 200
    assert [event.id] * 3 == [each.event(SECRET).id for each in receiver.wait_for(3)]
    stripe.settled(delivered=3)
    assert list(stripe.pending().values()) == [0]
    for identifier, more in ((event.id, {}), (event.id, {"webhook_endpoint": "we_none"}), ("evt_none", {})):
        with pytest.raises(stripe_sdk.InvalidRequestError):
            stripe.client.raw_request("post", f"/v1/events/{identifier}/retry", **more)


def test_only_a_retry_that_finds_its_endpoint_disabled_is_the_last(tmp_path: Path, receiver: Receiver) -> None:
    """Switched off and on again in time, an endpoint still gets what it did not take; left off, it does not."""
    gate = threading.Semaphore(0)
    receiver.answers.extend([lambda: 500 if gate.acquire(timeout=2) else 200] * 3)
    with hooked(tmp_path, replace(QUICK, webhook_retry_seconds=0.5)) as stripe:
        endpoint = listen(stripe, receiver)
        update = stripe.client.v1.webhook_endpoints.update
        stripe.customer("switched on again")
        receiver.wait_for(1)
        update(endpoint.id, {"disabled": True})
        gate.release()
        update(endpoint.id, {"disabled": False})
        receiver.wait_for(2)
        update(endpoint.id, {"disabled": True})
        gate.release()
        stats = stripe.settled(canceled=1, waiting=0)
        assert (stats["posted"], list(stripe.pending().values())) == (2, [0])
