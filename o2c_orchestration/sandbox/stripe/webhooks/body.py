"""What an endpoint is sent: the bytes of an event, whole or thin, and the headers that sign them."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime
from typing import Any

import orjson

from o2c_orchestration.sandbox.stripe.resources import RESOURCES
from o2c_orchestration.sandbox.stripe.store import Wire

HEADERS = {
    "Content-Type": "application/json; charset=utf-8",
    "Cache-Control": "no-cache",
    "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
    "Accept": "*/*; q=0.5, application/xml",
}
THIN_PREFIX = "evt_test_65"
PATHS = {resource.object: path for path, resource in RESOURCES.items()}


def snapshot(event: Wire, api_version: str | None) -> bytes:
    """The whole event, under the endpoint's API version when it has one of its own."""
    # Whatever the version, the shapes are those of the sandbox's own.
    return _pretty({**event, "api_version": api_version or event["api_version"]})


def thin(event: Wire) -> bytes:
    """The notification of an event: what it is about, and nothing of what it says.

    Its id is another than the event's, and the same for every endpoint and attempt.
    """
    return _pretty(_notification(event))


def thin_event(event: Wire) -> bytes:
    """What `/v2/core/events/{id}` knows of the event behind a notification: which event of v1 it goes with."""
    return _pretty({**_notification(event), "changes": None, "snapshot_event": event["id"]})


def snapshot_id(thin_id: str) -> str:
    """The id of the event that a thin one goes with."""
    return f"evt_{thin_id.removeprefix(THIN_PREFIX)}"


def _notification(event: Wire) -> dict[str, Any]:
    notification: dict[str, Any] = {
        "id": THIN_PREFIX + event["id"].removeprefix("evt_"),
        "object": "v2.core.event",
        "type": f"v1.{event['type']}",
        "livemode": event["livemode"],
        "created": datetime.fromtimestamp(event["created"], UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "context": None,
        "related_object": _related(event["data"]["object"]),
    }
    request = event["request"]
    if request["id"] is not None:
        sent = {"id": request["id"], "idempotency_key": request["idempotency_key"] or ""}
        notification["reason"] = {"type": "request", "request": sent}
    return notification


def sign(body: bytes, secret: str, timestamp: int) -> str:
    """The `Stripe-Signature` header of a body sent at `timestamp`.

    Beside `v1` it has a `v0`, which is worth nothing: Stripe adds one in test mode, for receivers that take any.
    """
    signed = b"%d.%b" % (timestamp, body)
    v1 = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    v0 = hmac.new(b"worth nothing", signed, hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={v1},v0={v0}"


def _related(subject: Wire) -> dict[str, str] | None:
    path = PATHS.get(subject["object"])
    if path is None:
        return None
    return {"id": subject["id"], "type": subject["object"], "url": f"/v1/{path}/{subject['id']}"}


def _pretty(wire: Any) -> bytes:
    return orjson.dumps(wire, option=orjson.OPT_INDENT_2)
