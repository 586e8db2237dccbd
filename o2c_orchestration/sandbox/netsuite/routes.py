"""The account on HTTP: Starlette routes around `NetSuiteService`.

Work runs in worker threads, so that a slow query holds up no other request; the concurrency limit is taken
in the event loop before anything else happens.
"""

from __future__ import annotations

import json
import logging
import uuid
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from o2c_orchestration.sandbox.config import SandboxConfig
from o2c_orchestration.sandbox.netsuite.control import control_routes
from o2c_orchestration.sandbox.netsuite.errors import NetSuiteError, too_many_in_flight
from o2c_orchestration.sandbox.netsuite.oauth import TOKEN_PATH, TokenRefused
from o2c_orchestration.sandbox.netsuite.service import REST, Answer, Call, NetSuiteService

_log = logging.getLogger(__name__)
_ERROR = "application/vnd.oracle.resource+json; type=error"
_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
# Set in the scope by whoever already holds a place in the gate for this request, a middleware that adds
# latency for one: time spent there is time in flight.
GATE_SCOPE_KEY = "sandbox.netsuite_gate"


class NetSuiteSandbox:
    """Routes, loader and clean-up of one account, for the application that mounts it."""

    def __init__(self, state_dir: Path, config: SandboxConfig) -> None:
        self.service = NetSuiteService(state_dir, config)
        self.routes: list[BaseRoute] = [
            Route(TOKEN_PATH, self._token, methods=["POST"]),
            Route(f"{REST}/{{path:path}}", _options, methods=["OPTIONS"]),
            Route(f"{REST}/{{path:path}}", self._any, methods=_METHODS),
            *control_routes(self.service),
        ]

    def load(self, records: list[dict[str, Any]]) -> dict[str, str]:
        """Store records directly; see `NetSuiteLedger.load`."""
        return self.service.ledger.load(records)

    def close(self) -> None:
        """Close the files."""
        self.service.close()

    async def _token(self, request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode("utf-8", "replace"), keep_blank_values=True))
        host = request.headers.get("host", "")
        headers = {"Cache-Control": "no-store"}
        try:
            body = await run_in_threadpool(self.service.issuer.issue, form, host)
        except TokenRefused as refusal:
            return _json_response(400, {"error": refusal.error}, headers)
        return _json_response(200, body, headers)

    async def _any(self, request: Request) -> Response:
        if request.scope.get(GATE_SCOPE_KEY):
            return await self._guarded(request)
        if not self.service.gate.enter():
            return _refusal(too_many_in_flight())
        try:
            return await self._guarded(request)
        finally:
            self.service.gate.leave()

    async def _guarded(self, request: Request) -> Response:
        call = Call(
            request.method,
            str(request.url),
            request.scope["path"],
            dict(request.query_params),
            {name.lower(): value for name, value in request.headers.items()},
            await request.body(),
        )
        try:
            answer = await run_in_threadpool(self._work, call)
        except NetSuiteError as error:
            return _refusal(error)
        except Exception:
            error_id = uuid.uuid4().hex
            _log.exception("request failed, error id %s", error_id)
            detail = f"An unexpected error occurred. Error ID: {error_id}"
            return _refusal(NetSuiteError(500, "UNEXPECTED_ERROR", detail))
        return _response(answer)

    def _work(self, call: Call) -> Answer:
        self.service.authenticate(call)
        return self.service.answer(call)


def netsuite_routes(state_dir: Path, config: SandboxConfig) -> list[BaseRoute]:
    """The routes of an account kept in `state_dir`, control routes included."""
    return NetSuiteSandbox(state_dir, config).routes


async def _options(request: Request) -> Response:
    return Response(status_code=204, headers={"Allow": ", ".join([*_METHODS, "OPTIONS"])})


def _response(answer: Answer) -> Response:
    headers = {"X-N-OperationId": str(uuid.uuid4()), **answer.headers}
    if answer.body is None:
        return Response(status_code=answer.status, headers=headers)
    return _json_response(answer.status, answer.body, headers)


def _refusal(error: NetSuiteError) -> Response:
    headers = {"Content-Type": _ERROR, "X-N-OperationId": str(uuid.uuid4())}
    if error.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="NetSuite", error="invalid_token"'
    return _json_response(error.status, error.body(), headers)


def _json_response(status: int, body: Any, headers: dict[str, str]) -> Response:
    content = json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()
    return Response(content, status, {"Content-Type": "application/json", **headers})
