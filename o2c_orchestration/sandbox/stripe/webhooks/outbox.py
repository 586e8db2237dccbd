"""Every event on its way into the store: which endpoints it is owed to, and what goes wrong with that."""

from __future__ import annotations

import time

from o2c_orchestration.sandbox.stripe.store import Cursor, StripeStore, Wire
from o2c_orchestration.sandbox.stripe.webhooks.event_types import EVERYTHING
from o2c_orchestration.sandbox.stripe.webhooks.faults import WebhookFaults

ENDPOINTS_MAX = 16


def all_endpoints(store: StripeStore) -> list[Wire]:
    """Every webhook endpoint, the one made first in front."""
    return store.find("webhook_endpoint", [], [], Cursor(ENDPOINTS_MAX))[::-1]


class Outbox:
    """Stores events and the deliveries that they lead to, within the transaction of their change.

    An event is owed to the endpoints that are there and enabled when it is made; who comes later has missed it.
    """

    def __init__(self, store: StripeStore, faults: WebhookFaults) -> None:
        self._store = store
        self._faults = faults

    def announce(self, event: Wire) -> None:
        """Store an event and owe it to every endpoint that wants its type."""
        wanting = [each["id"] for each in all_endpoints(self._store) if _wants(each, event["type"])]
        self._put(event, wanting)
        if wanting and self._faults.second_id(event["type"]):
            self._put({**event, "id": self._store.new_id("evt")}, wanting)

    def resend(self, event: Wire, endpoint: str) -> None:
        """Owe an event to an endpoint once more; no fault comes in between."""
        now = time.time()
        self._store.deliveries.add(event["id"], endpoint, now, now, state="waiting")

    def _put(self, event: Wire, endpoints: list[str]) -> None:
        self._store.save({**event, "pending_webhooks": len(endpoints)})
        for endpoint in endpoints:
            self._owe(event, endpoint)

    def _owe(self, event: Wire, endpoint: str) -> None:
        now, deliveries = time.time(), self._store.deliveries
        fate = self._faults.fate(event["type"], endpoint)
        if fate.dropped:
            deliveries.add(event["id"], endpoint, now, now, state="dropped")
            return
        # Holding back every one of them would leave them in their order.
        held = fate.held_ms is not None and not deliveries.any_held(endpoint)
        due = now + ((fate.held_ms or 0) if held else fate.delay_ms) / 1000
        deliveries.add(event["id"], endpoint, now, due, state="waiting", held=held)
        if fate.again_after_ms is not None:
            deliveries.add(event["id"], endpoint, now, due + fate.again_after_ms / 1000, state="waiting")


def _wants(endpoint: Wire, event_type: str) -> bool:
    wanted = endpoint["enabled_events"]
    return endpoint["status"] == "enabled" and (EVERYTHING in wanted or event_type in wanted)
