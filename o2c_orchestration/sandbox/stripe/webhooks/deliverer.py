"""Sends what is owed: in tasks beside the requests, several at once for each endpoint, again until it is taken.

What belongs here: when a delivery goes out, and what its outcome means. What is owed stands in the store, so a
restart loses nothing; a delivery that a stop cut off goes out once more.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterator
from contextlib import suppress

from o2c_orchestration.sandbox.config import SandboxConfig
from o2c_orchestration.sandbox.stripe.store import StripeStore, Wire
from o2c_orchestration.sandbox.stripe.webhooks import body, http
from o2c_orchestration.sandbox.stripe.webhooks.deliveries import Delivery
from o2c_orchestration.sandbox.stripe.webhooks.outbox import all_endpoints

log = logging.getLogger(__name__)

# In units of `webhook_retry_seconds`, by default a minute: waits double up to 12 hours, for 3 days in all.
WAIT_MAX = 12 * 60
GIVE_UP_AFTER = 3 * 24 * 60


class Deliverer:
    """Sends the deliveries of a store. Only the event loop may use it, and nothing runs while nothing is owed."""

    def __init__(self, store: StripeStore, config: SandboxConfig) -> None:
        self._store = store
        self._config = config
        self._in_flight: dict[int, tuple[str, asyncio.Task[None]]] = {}
        self._runner: asyncio.Task[None] | None = None
        self._woken = asyncio.Event()
        self._stopped = False

    def wake(self) -> None:
        """Something may be owed by now: see to it soon."""
        self._woken.set()
        idle = self._runner is None or self._runner.done()
        if idle and not self._stopped and self._store.deliveries.any_waiting():
            self._runner = asyncio.create_task(self._run(), name="webhooks")

    async def stop(self) -> None:
        """Send nothing more; what was on its way counts as not sent."""
        self._stopped = True
        tasks = [task for _, task in self._in_flight.values()] + ([self._runner] if self._runner else [])
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            self._woken.clear()
            next_due = self._start_due(time.time())
            if next_due is None and not self._in_flight:
                return
            pause = None if next_due is None else max(next_due - time.time(), 0)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), pause)

    def _start_due(self, now: float) -> float | None:
        """Start what is due as far as there is room; when the next one is due that is not waiting for room."""
        upcoming = []
        for endpoint in all_endpoints(self._store):
            for delivery in self._startable(endpoint["id"]):
                if delivery.due > now:
                    upcoming.append(delivery.due)
                    break
                task = asyncio.create_task(self._deliver(delivery), name=f"webhook {delivery.event}")
                self._in_flight[delivery.id] = (endpoint["id"], task)
        return min(upcoming, default=None)

    def _startable(self, endpoint: str) -> Iterator[Delivery]:
        room = self._config.webhook_concurrency - sum(of == endpoint for of, _ in self._in_flight.values())
        # One more than can be in flight, so that the first one behind those is among them.
        rows = self._store.deliveries.waiting(endpoint, self._config.webhook_concurrency + 1)
        yield from [row for row in rows if row.id not in self._in_flight][:room]

    async def _deliver(self, delivery: Delivery) -> None:
        try:
            endpoint = self._store.get(delivery.endpoint, "webhook_endpoint")
            event = self._store.get(delivery.event, "event")
            if endpoint is None or event is None or endpoint["status"] != "enabled":
                self._settled(delivery, canceled=True)
                return
            answer = await self._post(endpoint, event)
            self._settled(delivery, answer)
        except Exception:
            log.exception("the Stripe sandbox failed on delivery %d", delivery.id)
            self._settled(delivery, "failed to send")
        finally:
            del self._in_flight[delivery.id]
            self._woken.set()

    async def _post(self, endpoint: Wire, event: Wire) -> str:
        hidden = self._store.hidden(endpoint["id"])
        is_thin = hidden["_event_payload"] == "thin"
        content = body.thin(event) if is_thin else body.snapshot(event, endpoint["api_version"])
        signature = body.sign(content, hidden["_secret"], int(time.time()))
        headers = {**body.HEADERS, "Stripe-Signature": signature}
        try:
            timeout_seconds = self._config.webhook_timeout_seconds
            return str(await http.post(endpoint["url"], headers, content, timeout_seconds))
        except http.NoAnswer as error:
            return str(error)

    def _settled(self, delivery: Delivery, answer: str = "", *, canceled: bool = False) -> None:
        now, deliveries = time.time(), self._store.deliveries
        retry = now + _wait(delivery.attempts) * self._config.webhook_retry_seconds
        given_up = retry > delivery.created + GIVE_UP_AFTER * self._config.webhook_retry_seconds
        with self._store.transaction():
            if canceled:
                deliveries.settle(delivery, "canceled", "the endpoint is gone or disabled")
            elif answer.isdigit() and answer.startswith("2"):
                deliveries.settle(delivery, "delivered", answer)
            else:
                deliveries.settle(delivery, "failed" if given_up else "waiting", answer, retry)
            deliveries.overtaken(delivery, now)


def _wait(attempts: int) -> int:
    return min(1 << min(attempts, 20), WAIT_MAX)
