"""Webhook endpoints: making, changing and deleting them, and sending an event again.

The signing secret is kept beside the object and shown once, in the answer of the creation.
"""

from __future__ import annotations

import re
import secrets
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from o2c_orchestration.sandbox.stripe import form
from o2c_orchestration.sandbox.stripe.errors import StripeError, missing_parameter, no_such
from o2c_orchestration.sandbox.stripe.form import Params
from o2c_orchestration.sandbox.stripe.ledger import Ledger
from o2c_orchestration.sandbox.stripe.store import Wire
from o2c_orchestration.sandbox.stripe.webhooks.event_types import EVENT_TYPES, EVERYTHING
from o2c_orchestration.sandbox.stripe.webhooks.outbox import ENDPOINTS_MAX, all_endpoints

API_VERSION = re.compile(r"\d{4}-\d{2}-\d{2}(\.[a-z_]+)?")
CREATE_KNOWN = ("url", "enabled_events", "api_version", "connect", "description", "metadata")
UPDATE_KNOWN = ("url", "enabled_events", "disabled", "description", "metadata")
FORWARD_KNOWN = ("url", "secret", "enabled_events", "event_payload", "description")
RETRY_KNOWN = ("webhook_endpoint", "for_stripecli", "account")
PAYLOADS = ("snapshot", "thin")
NOUN = "webhook endpoint"


def create_endpoint(ledger: Ledger, params: Params) -> Wire:
    """POST /v1/webhook_endpoints. The answer alone shows the `secret`."""
    form.only(params, CREATE_KNOWN)
    if form.flag(params, "connect", default=False):
        raise StripeError(400, "This account has no connected accounts.", param="connect")
    api_version = form.text(params, "api_version")
    if api_version is not None and not API_VERSION.fullmatch(api_version):
        raise StripeError(400, f"Invalid api_version: {api_version}", param="api_version")
    fields = {
        "api_version": api_version,
        "description": form.text(params, "description"),
        "enabled_events": _enabled_events(params),
        "metadata": form.metadata(params),
        "url": _url(params),
    }
    return _made(ledger, fields, _new_secret(), "snapshot")


def update_endpoint(ledger: Ledger, identifier: str, params: Params) -> Wire:
    """POST /v1/webhook_endpoints/{id}: only what is given changes. `disabled` is how its status is set."""
    form.only(params, UPDATE_KNOWN)
    wire = ledger.at("webhook_endpoint", identifier)
    if "url" in params:
        wire["url"] = _url(params)
    if "enabled_events" in params:
        wire["enabled_events"] = _enabled_events(params)
    if "description" in params:
        wire["description"] = form.text(params, "description")
    if "metadata" in params:
        wire["metadata"] = form.metadata(params, wire["metadata"])
    if "disabled" in params:
        wire["status"] = "disabled" if form.flag(params, "disabled", default=False) else "enabled"
    ledger.store.save(wire)
    return wire


def delete_endpoint(ledger: Ledger, identifier: str) -> Wire:
    """DELETE /v1/webhook_endpoints/{id}: nothing more is sent to it, and no event waits for it any longer."""
    ledger.at("webhook_endpoint", identifier)
    ledger.store.delete(identifier)
    ledger.store.deliveries.cancel_all(identifier)
    return {"id": identifier, "object": "webhook_endpoint", "deleted": True}


def retry_event(ledger: Ledger, identifier: str, params: Params) -> Wire:
    """POST /v1/events/{id}/retry, undocumented, which is what `stripe events resend` calls.

    Sends the event once more, to `webhook_endpoint`, or with `for_stripecli` to every address that is forwarded to;
    delivered or not, and whatever the endpoint asks for. Attempts that are still to come are left as they are.
    """
    form.only(params, RETRY_KNOWN)
    event = ledger.at("event", identifier)
    for endpoint in _addressees(ledger, params):
        ledger.outbox.resend(event, endpoint["id"])
    return event


def forward(ledger: Ledger, change: dict[str, Any]) -> Wire:
    """`{"url": "http://127.0.0.1:3000/stripe/webhooks", "secret": "whsec_…"}`: from now on every event goes there.

    What `stripe listen --forward-to` does. The answer is the endpoint with its `secret`; without one a new secret is
    made. `enabled_events` (["*"]) restricts the types, `event_payload` (snapshot) may be thin, `description` is free.
    A second request for the same URL makes no second endpoint: it switches the first one on, changes what it names
    and leaves the rest, so that a restarted demo can repeat it, and an endpoint of the API can be made thin.
    """
    unknown = change.keys() - set(FORWARD_KNOWN)
    if unknown:
        raise ValueError(f"unknown field: {', '.join(sorted(unknown))}")
    url, payload = _url(change, anywhere=True), change.get("event_payload")
    if payload not in (None, *PAYLOADS):
        raise ValueError(f"event_payload must be one of {', '.join(PAYLOADS)}")
    events = _enabled_events(change) if "enabled_events" in change else None
    for wire in all_endpoints(ledger.store):
        if wire["url"] == url:
            return _forwarded(ledger, wire, events, change)
    fields = {"description": change.get("description"), "enabled_events": events or [EVERYTHING], "url": url}
    secret = change.get("secret") or _new_secret()
    made = _made(ledger, {"api_version": None, "metadata": {}, **fields}, secret, payload or "snapshot", listens=True)
    return {**made, "event_payload": payload or "snapshot"}


def _forwarded(ledger: Ledger, wire: Wire, events: list[str] | None, change: dict[str, Any]) -> Wire:
    hidden = ledger.store.hidden(wire["id"])
    secret = change.get("secret") or hidden["_secret"]
    payload = change.get("event_payload") or hidden["_event_payload"]
    wire |= {"status": "enabled", "enabled_events": events or wire["enabled_events"]}
    wire["description"] = change.get("description", wire["description"])
    ledger.store.save({**wire, "_secret": secret, "_event_payload": payload, "_listens": True})
    return {**wire, "secret": secret, "event_payload": payload}


def _made(ledger: Ledger, fields: Wire, secret: str, payload: str, *, listens: bool = False) -> Wire:
    if len(all_endpoints(ledger.store)) >= ENDPOINTS_MAX:
        raise StripeError(400, f"You have reached the maximum of {ENDPOINTS_MAX} test webhook endpoints.")
    wire: Wire = {
        "id": ledger.new_id("we"),
        "object": "webhook_endpoint",
        "api_version": fields["api_version"],
        "application": None,
        "created": ledger.now,
        "description": fields["description"],
        "enabled_events": fields["enabled_events"],
        "livemode": False,
        "metadata": fields["metadata"],
        "status": "enabled",
        "url": fields["url"],
    }
    ledger.store.save({**wire, "_secret": secret, "_event_payload": payload, "_listens": listens})
    return {**wire, "secret": secret}


def _addressees(ledger: Ledger, params: Params) -> list[Wire]:
    identifier = form.text(params, "webhook_endpoint")
    if identifier is not None:
        endpoint = ledger.store.get(identifier, "webhook_endpoint")
        if endpoint is None:
            raise no_such(NOUN, identifier, param="webhook_endpoint", status=400)
        if endpoint["status"] != "enabled":
            raise StripeError(400, f"The webhook endpoint {identifier} is disabled.", param="webhook_endpoint")
        return [endpoint]
    if not form.flag(params, "for_stripecli", default=False):
        raise missing_parameter("webhook_endpoint")
    every = [each for each in all_endpoints(ledger.store) if each["status"] == "enabled"]
    return [each for each in every if ledger.store.hidden(each["id"])["_listens"]]


def _enabled_events(params: Params) -> list[str]:
    given = params.get("enabled_events")
    if given is None:
        raise missing_parameter("enabled_events")
    if not isinstance(given, list) or not given:
        raise StripeError(400, "Invalid array", param="enabled_events")
    for place, each in enumerate(given):
        if each != EVERYTHING and each not in EVENT_TYPES:
            name = f"enabled_events[{place}]"
            *others, last = [*EVENT_TYPES, EVERYTHING]
            raise StripeError(400, f"Invalid {name}: must be one of {', '.join(others)}, or {last}", param=name)
    return list(dict.fromkeys(given))


def _url(params: Params, *, anywhere: bool = False) -> str:
    """The `url`; without TLS it must be on this machine, or `anywhere` when it is merely forwarded to."""
    url = form.text(params, "url")
    if url is None:
        raise missing_parameter("url")
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise _bad_url("Not a valid URL") from None
    if not re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", url):
        raise _bad_url("Invalid URL: An explicit scheme (such as https) must be provided.")
    if parts.scheme not in ("http", "https") or not host or re.search(r"\s", url):
        raise _bad_url("Not a valid URL")
    if parts.scheme == "http" and not anywhere and not _is_loopback(host):
        raise _bad_url("Invalid URL: The URL must use HTTPS.")
    return url


def _bad_url(message: str) -> StripeError:
    return StripeError(400, message, code="url_invalid", param="url")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _new_secret() -> str:
    return f"whsec_{secrets.token_hex(16)}"
