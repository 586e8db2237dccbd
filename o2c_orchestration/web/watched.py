"""Requests as they are told of: by the pattern of their route, with status and time, and never by their path.

A path has the id that somebody looks for, or whatever else he typed.
"""

import time
from collections.abc import Callable, Sequence

from starlette.routing import BaseRoute, Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# What no route of ours takes.
OTHER = "other"
# Pattern of the route, status, seconds, and what those who answered have noted (`request.state`).
Tell = Callable[[str, int, float, dict[str, object]], None]


class Watched:
    """ASGI middleware that tells of every request when it was answered; one that ends in an error has status 500."""

    def __init__(self, app: ASGIApp, routes: Sequence[BaseRoute], tell: Tell) -> None:
        self._app, self._routes, self._tell = app, routes, tell

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, or what is none (the server's start and end)."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status, route = time.perf_counter(), 500, self._pattern(scope)

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            self._tell(route, status, time.perf_counter() - began, scope.get("state", {}))

    def _pattern(self, scope: Scope) -> str:
        for route in self._routes:
            if isinstance(route, Route) and route.matches(scope)[0] is not Match.NONE:
                return pattern_of(route)
        return OTHER


def pattern_of(route: Route) -> str:
    """As it is told: `/o2c/trace/{key}`, however much of the path the name takes in."""
    return route.path.replace(":path}", "}")
