"""The HTTP side of the Salesforce sandbox: login, sessions, versions and the daily limit."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from o2c_orchestration.sandbox.config import SandboxConfig
from o2c_orchestration.sandbox.salesforce.api import Api, segments
from o2c_orchestration.sandbox.salesforce.auth import SECRET, LoginError, log_in
from o2c_orchestration.sandbox.salesforce.calls import Answer, Call, error_answer
from o2c_orchestration.sandbox.salesforce.control import control_routes, event_routes
from o2c_orchestration.sandbox.salesforce.errors import not_found, refusal
from o2c_orchestration.sandbox.salesforce.loader import load
from o2c_orchestration.sandbox.salesforce.org import (
    ADMIN_USER,
    INTEGRATION_USER,
    ORGANIZATION,
    SALES_USER,
    STANDARD_BOOK,
    Org,
)
from o2c_orchestration.sandbox.salesforce.store import SalesforceStore

if TYPE_CHECKING:
    from o2c_orchestration.sandbox.salesforce.pubsub import PubSub

VERSIONS = {"66.0": "Spring '26", "67.0": "Summer '26", "68.0": "Winter '27"}
VERSION_PATH = re.compile(r"v(\d{2})\.0$")
VERSION_MIN, VERSION_MAX = 31, 68
METHODS = ["GET", "HEAD", "POST", "PATCH", "PUT", "DELETE"]
DATA = "/services/data"
# Of the address, and of address and headers together: a query with a long list has to be sent in parts.
HEAD_BYTES_MAX = 16_384
TOO_LONG = {414: "URI Too Long", 431: "Request Header Fields Too Large"}
_USERS = (
    (INTEGRATION_USER, "O2C", "Integration", "sandbox@example.com"),
    (ADMIN_USER, "Ada", "Admin", "admin@example.com"),
    (SALES_USER, "Sam", "Seller", "sam.seller@example.com"),
)

Wire = dict[str, Any]


class SalesforceSandbox:
    """Salesforce for one organization, its records in `salesforce.sqlite` of the state directory."""

    def __init__(self, state_dir: Path, config: SandboxConfig) -> None:
        state_dir.mkdir(parents=True, exist_ok=True)
        self._config = config
        org = Org(multi_currency=config.salesforce_multi_currency, stamp_ms=config.salesforce_stamp_ms)
        self._store = SalesforceStore(state_dir / "salesforce.sqlite", org)
        self.api = Api(self._store)
        self.events = _events(self._store, config)
        self._hire()

    @property
    def routes(self) -> list[Route]:
        """Token, user, versions, everything behind a version, and the control of the sandbox."""
        return [
            Route("/services/oauth2/token", self.token, methods=["POST"]),
            Route("/services/oauth2/userinfo", self.user_info),
            Route("/id/{organization}/{user}", self.user_info),
            Route(DATA, self.versions),
            Route(f"{DATA}/", self.versions),
            Route(f"{DATA}/{{rest:path}}", self.data, methods=METHODS),
            *control_routes(self.api),
            *([] if self.events is None else event_routes(self.events)),
        ]

    def load(self, records: list[Wire]) -> int:
        """Store records such as `{"attributes": {"type": "Account"}, "Id": "001…", "Name": …}`."""
        return load(self._store, records)

    def start(self) -> None:
        """Serve change events, where the configuration names a port."""
        if self.events is not None:
            self.events.start(self._config.salesforce_events_port or 0)

    async def stop(self) -> None:
        """Nobody listens any more."""
        if self.events is not None:
            await self.events.stop()

    def close(self) -> None:
        """Close the database file."""
        self._store.close()

    async def token(self, request: Request) -> Response:
        """Hand out an access token for client credentials or a signed assertion."""
        form = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
        try:
            secret = self._store.setting(SECRET, self._config.salesforce_client_secret)
            config = replace(self._config, salesforce_client_secret=secret)
            log_in(form, request.headers.get("authorization", ""), config)
        except LoginError as error:
            body = {"error": error.error, "error_description": error.description}
            return _json(Answer(error.status, body))
        base = _base(request)
        return _json(
            Answer(
                200,
                {
                    "access_token": self._store.open_session(time.time()),
                    "signature": "c2FuZGJveA==",
                    "scope": "api",
                    "instance_url": base,
                    "id": f"{base}/id/{ORGANIZATION}/{INTEGRATION_USER}",
                    "token_type": "Bearer",
                    "issued_at": str(int(time.time() * 1000)),
                    "token_format": "opaque",
                },
            )
        )

    async def user_info(self, request: Request) -> Response:
        """Who the token belongs to."""
        if not self._has_session(request):
            return Response("Bad_OAuth_Token", 403, media_type="text/html")
        body = {
            "id": f"{_base(request)}/id/{ORGANIZATION}/{INTEGRATION_USER}",
            "user_id": INTEGRATION_USER,
            "organization_id": ORGANIZATION,
            "username": self._config.salesforce_username,
            "display_name": "O2C Integration",
            "email": self._config.salesforce_username,
            "active": True,
            "urls": {"rest": f"{_base(request)}/services/data/v{{version}}/"},
        }
        return _json(Answer(200, body))

    async def versions(self, _: Request) -> Response:
        """The API versions, which need no login."""
        body = [
            {"label": label, "url": f"{DATA}/v{version}", "version": version} for version, label in VERSIONS.items()
        ]
        return _json(Answer(200, body))

    async def data(self, request: Request) -> Response:
        """Everything that needs a session. A longer address than Salesforce's servers take gets no further."""
        status = _too_long(request)
        if status is not None:
            content = f"<h1>Bad Message {status}</h1><pre>reason: {TOO_LONG[status]}</pre>"
            return Response(content, status, media_type="text/html")
        answer = self._answer(request, await request.body())
        return _json(answer, head=request.method == "HEAD")

    def _answer(self, request: Request, body: bytes) -> Answer:
        """Not in a thread: the store belongs to the event loop."""
        if not self._has_session(request):
            return error_answer(refusal(401, "INVALID_SESSION_ID", "Session expired or invalid"))
        version = request.path_params["rest"].split("/")[0]
        known = VERSION_PATH.match(version)
        if known is None or not VERSION_MIN <= int(known[1]) <= VERSION_MAX:
            return error_answer(not_found())
        now = time.time()
        used, limit = self._store.calls(now), self.api.daily_limit
        if used >= limit:
            return error_answer(refusal(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."))
        self._store.count_call(now)
        call = _call(request, version, body)
        with self._store.speaking(call.origin):
            answer = self.api.answer(call)
        return Answer(
            answer.status, answer.body, answer.headers | {"Sforce-Limit-Info": f"api-usage={used + 1}/{limit}"}
        )

    def _has_session(self, request: Request) -> bool:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        seconds = self._config.salesforce_session_seconds
        return scheme.lower() in ("bearer", "oauth") and self._store.knows_session(token, time.time(), seconds)

    def _hire(self) -> None:
        """The org itself, its people and its standard price book, once."""
        if self._store.get(self._store.org.at("Organization"), ORGANIZATION) is None:
            self.load([{"attributes": {"type": "Organization"}, "Id": ORGANIZATION, "Name": "Sandbox"}])
        if self._store.get(self._store.org.at("Pricebook2"), STANDARD_BOOK) is not None:
            return
        book = {"Name": "Standard Price Book", "IsActive": True, "IsStandard": True}
        people = [
            {"Id": identifier, "FirstName": first, "LastName": last, "Username": username, "Email": username}
            for identifier, first, last, username in _USERS
        ]
        self.load(
            [
                {"attributes": {"type": "Pricebook2"}, "Id": STANDARD_BOOK, **book},
                *({"attributes": {"type": "User"}, **each} for each in people),
            ]
        )


def _events(store: SalesforceStore, config: SandboxConfig) -> PubSub | None:
    """Change events, where the configuration names a port; gRPC is loaded only then."""
    if config.salesforce_events_port is None:
        return None
    from o2c_orchestration.sandbox.salesforce.changes import Changes
    from o2c_orchestration.sandbox.salesforce.pubsub import PubSub

    seconds = config.salesforce_session_seconds
    return PubSub(store, Changes(store), seconds, config.salesforce_keepalive_seconds)


def _call(request: Request, version: str, body: bytes) -> Call:
    # The path as it was sent, where the server tells it: %2F in an external id is no separator.
    sent: bytes | None = request.scope.get("raw_path")
    path = quote(request.scope["path"]) if sent is None else sent.decode("latin-1")
    return Call(
        request.method,
        version,
        segments(path.split("?")[0]),
        dict(request.query_params),
        {name.lower(): value for name, value in request.headers.items()},
        body,
        INTEGRATION_USER,
    )


def _too_long(request: Request) -> int | None:
    """The status of what has too long a head, in the words of the server in front of the org."""
    path: bytes = request.scope.get("raw_path") or quote(request.scope["path"]).encode()
    query: bytes = request.scope["query_string"]
    address = len(path.split(b"?")[0]) + 1 + len(query)
    headers = sum(len(name) + len(value) + len(": \r\n") for name, value in request.scope["headers"])
    if address > HEAD_BYTES_MAX:
        return 414
    return 431 if address + headers > HEAD_BYTES_MAX else None


def _base(request: Request) -> str:
    return f"{request.url.scheme}://{request.headers.get('host', '')}"


def _json(answer: Answer, *, head: bool = False) -> Response:
    if answer.body is None or head:
        return Response(status_code=answer.status, headers=answer.headers)
    content = orjson.dumps(answer.body)
    return Response(content, answer.status, answer.headers, media_type="application/json;charset=UTF-8")
