"""`/_sandbox/…`: the switchboard, the counters and loading objects, for tests and the demo."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any, Protocol

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from o2c_orchestration.sandbox.faults import FaultRule, FaultSwitchboard, Traffic


class Loader(Protocol):
    """A system that takes objects directly."""

    def load(self, records: list[dict[str, Any]]) -> Any:
        """Store the records; the answer is what the caller of /_sandbox/load gets for this system."""


def control_routes(switchboard: FaultSwitchboard, traffic: Traffic, loaders: dict[str, Loader]) -> list[Route]:
    """Routes for faults, stats, requests and load."""
    return [
        Route("/_sandbox/faults", _faults(switchboard), methods=["GET", "POST", "DELETE"]),
        Route("/_sandbox/stats", _stats(traffic), methods=["GET", "DELETE"]),
        Route("/_sandbox/requests", _requests(traffic), methods=["GET"]),
        Route("/_sandbox/load", _load(loaders), methods=["POST"]),
    ]


Handler = Callable[[Request], Awaitable[Response]]


def _json(body: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(body), status, media_type="application/json")


def _faults(switchboard: FaultSwitchboard) -> Handler:
    async def handle(request: Request) -> Response:
        if request.method == "DELETE":
            switchboard.clear()
        elif request.method == "POST":
            try:
                given = orjson.loads(await request.body())
                switchboard.add([FaultRule.parse(rule) for rule in given])
            except (ValueError, TypeError) as error:
                return _json({"error": str(error)}, 400)
        return _json([asdict(rule) for rule in switchboard.rules])

    return handle


def _stats(traffic: Traffic) -> Handler:
    async def handle(request: Request) -> Response:
        if request.method == "DELETE":
            traffic.reset()
        return _json(traffic.stats())

    return handle


def _requests(traffic: Traffic) -> Handler:
    async def handle(request: Request) -> Response:
        return _json(traffic.requests(request.query_params.get("system")))

    return handle


def _load(loaders: dict[str, Loader]) -> Handler:
    async def handle(request: Request) -> Response:
        try:
            given: dict[str, list[dict[str, Any]]] = orjson.loads(await request.body())
            unknown = given.keys() - loaders.keys()
            if unknown:
                return _json({"error": f"no such system to load: {', '.join(sorted(unknown))}"}, 400)
            return _json({system: loaders[system].load(records) for system, records in given.items()})
        except Exception as error:  # whatever a system objects to, the caller has to read it
            return _json({"error": f"{type(error).__name__}: {error}"}, 400)

    return handle
