"""Promises of what the sandbox does wrong with webhooks on purpose, and of forwarding."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import stripe as stripe_sdk

from o2c_orchestration_tests.contract.sandbox_webhook_receiver import SECRET, Hooked, Receiver, hooked


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    running = Receiver()
    yield running
    running.stop()


@pytest.fixture
def stripe(tmp_path: Path, receiver: Receiver) -> Iterator[Hooked]:
    with hooked(tmp_path) as running:
        running.forward(receiver.url)
        yield running


def names(receiver: Receiver) -> list[str]:
    """Whom the events were about, as they came in."""
    return [each.json["data"]["object"]["name"] for each in receiver.posted]


def test_forwarding_is_one_request_that_can_be_repeated(stripe: Hooked, receiver: Receiver) -> None:
    """The same URL stays one endpoint; the second request changes what it names, and switches it on again."""
    first = stripe.forward(receiver.url)
    stripe.client.v1.webhook_endpoints.update(first["id"], {"disabled": True})
    again = stripe.control("POST", "webhook_endpoints", {"url": receiver.url, "enabled_events": ["customer.created"]})
    assert (first["id"], first["secret"], "enabled") == (again["id"], SECRET, again["status"])
    assert again["secret"] == SECRET
    assert [each.id for each in stripe.client.v1.webhook_endpoints.list().data] == [first["id"]]
    stripe.customer()
    assert receiver.wait_for(1)[0].event(SECRET).type == "customer.created"
    made = stripe.control("POST", "webhook_endpoints", {"url": "http://web:3000/stripe/webhooks"})
    assert made["secret"].startswith("whsec_")


def test_a_wrong_forward_or_rule_is_told(stripe: Hooked) -> None:
    """Unknown fields, kinds and payloads are refused with the reason."""
    for body in ({}, {"url": "nowhere"}, {"url": "http://a", "event_payload": "fat"}, {"url": "http://a", "to": 1}):
        assert "error" in stripe.control("POST", "webhook_endpoints", body)
    for rule in ({"kind": "explode"}, {"kind": "drop", "oops": 1}, {"kind": "two_ids", "endpoint": "we_1"}, "drop"):
        assert "error" in stripe.control("POST", "webhook_faults", [rule])
    assert stripe.control("GET", "webhook_faults") == []


def test_twice_sends_one_event_two_times(stripe: Hooked, receiver: Receiver) -> None:
    """Both copies are signed and carry the same id; rules can be restricted by type and used up."""
    stripe.fault("twice", type="customer.*", times=1)
    stripe.customer("A")
    stripe.customer("B")
    posted = receiver.wait_for(3)
    stripe.settled(delivered=3, waiting=0)
    ids = [each.event(SECRET).id for each in posted]
    assert sorted(ids.count(each) for each in set(ids)) == [1, 2]
    assert set(stripe.pending().values()) == {0}


def test_reorder_lets_a_later_event_overtake(stripe: Hooked, receiver: Receiver) -> None:
    """An event is held back until a later one has been sent; with nothing later, it goes out after a while."""
    stripe.fault("reorder", times=1, delay_ms=60_000)
    stripe.customer("first")
    stripe.customer("second")
    receiver.wait_for(2)
    assert names(receiver) == ["second", "first"]
    stripe.fault("reorder", times=1, delay_ms=100)
    stripe.customer("third")
    receiver.wait_for(3)


def test_delay_sends_later(stripe: Hooked, receiver: Receiver) -> None:
    """A delayed event is waiting meanwhile, and others pass it."""
    stripe.fault("delay", times=1, delay_ms=300)
    started = time.monotonic()
    stripe.customer("late")
    stripe.customer("prompt")
    assert stripe.stats()["waiting"] >= 1
    assert receiver.wait_for(2)[1].at - started >= 0.3
    assert names(receiver) == ["prompt", "late"]


def test_drop_never_sends_until_somebody_asks(stripe: Hooked, receiver: Receiver) -> None:
    """A dropped event stays pending, so that a poll for undelivered events finds it, and can be sent again."""
    stripe.fault("drop", times=1)
    stripe.customer("lost")
    stripe.customer("found")
    receiver.wait_for(1)
    stats = stripe.settled(delivered=1)
    assert (stats["dropped"], stats["posted"], stats["waiting"]) == (1, 1, 0)
    undelivered = stripe.client.v1.events.list({"delivery_success": False}).data
    assert [each.data.object["name"] for each in undelivered] == ["lost"]
    stripe.client.raw_request("post", f"/v1/events/{undelivered[0].id}/retry", for_stripecli="true")
    receiver.wait_for(2)
    stripe.settled(delivered=2)
    assert stripe.client.v1.events.list({"delivery_success": False}).data == []


def test_two_ids_announce_one_change_by_two_events(stripe: Hooked, receiver: Receiver) -> None:
    """Both are events of the API, alike but for their ids, and both are delivered."""
    stripe.fault("two_ids", times=1)
    customer = stripe.customer()
    first, second = (each.json for each in receiver.wait_for(2))
    stripe.settled(delivered=2)
    assert first["id"] != second["id"]
    assert {**first, "id": ""} == {**second, "id": ""}
    assert first["data"]["object"]["id"] == customer.id
    assert {first["id"], second["id"]} == stripe.pending().keys()


def test_chance_repeats_with_the_seed(stripe: Hooked, receiver: Receiver) -> None:
    """The same rules and events meet the same faults again after clearing."""
    runs: list[list[str]] = []
    for _ in range(2):
        stripe.control("DELETE", "webhook_faults")
        stripe.fault("drop", probability=0.5)
        made = [stripe.customer(str(number)).id for number in range(12)]
        log = {each["event"]: each["state"] for each in stripe.control("GET", "webhook_deliveries")}
        by_customer = {each.data.object["id"]: each.id for each in stripe.client.v1.events.list({"limit": 12}).data}
        runs.append(["drop" if log[by_customer[each]] == "dropped" else "send" for each in made])
    assert runs[0] == runs[1]
    assert {"drop", "send"} == set(runs[0])


def test_a_thin_endpoint_is_told_only_what_to_look_at(stripe: Hooked, receiver: Receiver) -> None:
    """The SDK verifies and parses the notification, fetches its object, and refuses it as a snapshot."""
    stripe.forward(receiver.url, event_payload="thin")
    customer = stripe.customer("Ada")
    posted = receiver.wait_for(1)[0]
    signature = posted.headers["Stripe-Signature"]
    notification: Any = stripe.client.parse_event_notification(posted.body, signature, SECRET)
    assert isinstance(notification, stripe_sdk.events.V1CustomerCreatedEventNotification)
    assert (notification.related_object.id, notification.related_object.type) == (customer.id, "customer")
    assert notification.fetch_related_object().name == "Ada"
    full = notification.fetch_event()
    assert (full.id, full.type, full.object) == (notification.id, "v1.customer.created", "v2.core.event")
    assert [full.snapshot_event] == list(stripe.pending())
    with pytest.raises(stripe_sdk.InvalidRequestError, match="No such event"):
        stripe.client.v2.core.events.retrieve("evt_test_65none")
    assert (notification.livemode, notification.context) == (False, None)
    assert notification.reason is not None
    assert notification.created.endswith("Z")
    assert posted.json.keys() >= {"id", "object", "type", "created", "livemode", "context", "related_object"}
    assert b"Ada" not in posted.body
    with pytest.raises(ValueError, match="thin"):
        posted.event(SECRET)
