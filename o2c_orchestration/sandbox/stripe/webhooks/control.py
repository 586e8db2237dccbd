"""`/_sandbox/stripe/webhook_…`: what goes wrong with webhooks, and what became of them.

GET, POST and DELETE /_sandbox/stripe/webhook_faults show, add to and clear the rules; POST takes a JSON list of
them, see `WebhookFault`: `[{"kind": "twice", "type": "invoice.*", "probability": 0.5, "times": 3}]`. Clearing starts
the chances over.
GET /_sandbox/stripe/webhook_stats counts `posted`, `delivered`, `failed` (posted and not taken), `waiting` (to be
posted now or later), `given_up`, `dropped`, `canceled`, and all that by endpoint as `endpoints`.
GET /_sandbox/stripe/webhook_deliveries lists the latest deliveries with state, attempts and the last answer, newest
first; `?event=evt_…` or `?endpoint=we_…` restricts it.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from o2c_orchestration.sandbox.stripe.store import StripeStore
from o2c_orchestration.sandbox.stripe.webhooks.faults import WebhookFault, WebhookFaults
from o2c_orchestration.sandbox.stripe.webhooks.outbox import all_endpoints


def control_routes(store: StripeStore, faults: WebhookFaults) -> list[Route]:
    """The three routes."""

    async def rules(request: Request) -> Response:
        if request.method == "DELETE":
            faults.clear()
        elif request.method == "POST":
            try:
                faults.add([WebhookFault.parse(rule) for rule in orjson.loads(await request.body())])
            except (ValueError, TypeError) as error:
                return _json({"error": str(error)}, 400)
        return _json([asdict(rule) for rule in faults.rules])

    async def stats(_: Request) -> Response:
        by_endpoint = {each["id"]: store.deliveries.stats(each["id"]) for each in all_endpoints(store)}
        return _json({**store.deliveries.stats(), "endpoints": by_endpoint})

    async def deliveries(request: Request) -> Response:
        if event := request.query_params.get("event"):
            return _json(store.deliveries.log("event", event))
        if endpoint := request.query_params.get("endpoint"):
            return _json(store.deliveries.log("endpoint", endpoint))
        return _json(store.deliveries.log())

    return [
        Route("/_sandbox/stripe/webhook_faults", rules, methods=["GET", "POST", "DELETE"]),
        Route("/_sandbox/stripe/webhook_stats", stats, methods=["GET"]),
        Route("/_sandbox/stripe/webhook_deliveries", deliveries, methods=["GET"]),
    ]


def _json(body: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(body), status, media_type="application/json")
