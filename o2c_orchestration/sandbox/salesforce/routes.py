"""The HTTP side of the Salesforce sandbox."""

from __future__ import annotations

import re
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from o2c_orchestration.sandbox.config import SandboxConfig
from o2c_orchestration.sandbox.salesforce import soql
from o2c_orchestration.sandbox.salesforce.auth import LoginError, log_in
from o2c_orchestration.sandbox.salesforce.store import SalesforceStore

VERSIONS = {"66.0": "Spring '26", "67.0": "Summer '26", "68.0": "Winter '27"}
VERSION_PATH = re.compile(r"v(\d{2})\.0$")
VERSION_MIN, VERSION_MAX = 31, 68
ORGANIZATION, USER = "00DSB0000000001AAA", "005SB0000000001AAA"
PAGE = 2000

Wire = dict[str, Any]
Handler = Callable[[Request], Awaitable[Response]]


class SalesforceSandbox:
    """Salesforce for one organization, its records in `salesforce.sqlite` of the state directory."""

    def __init__(self, state_dir: Path, config: SandboxConfig) -> None:
        state_dir.mkdir(parents=True, exist_ok=True)
        self._config = config
        self._store = SalesforceStore(state_dir / "salesforce.sqlite")

    @property
    def routes(self) -> list[Route]:
        """Token, versions, query and one account; a slash at the end makes no difference."""
        data = "/services/data/{version}"
        guarded: dict[str, Handler] = {
            f"{data}/query": self.query,
            f"{data}/query/{{locator}}": self.query_more,
            f"{data}/sobjects/{{kind}}/{{identifier}}": self.retrieve,
        }
        routes = [
            Route("/services/oauth2/token", self.token, methods=["POST"]),
            Route("/services/data", self.versions),
            Route("/services/data/", self.versions),
        ]
        for path, handler in guarded.items():
            routes += [Route(path + slash, self._with_session(handler)) for slash in ("", "/")]
        return [*routes, Route("/services/data/{rest:path}", self._with_session(_unknown))]

    def load(self, records: list[Wire]) -> int:
        """Store records such as `{"attributes": {"type": "Account"}, "Id": "001…", "Name": …}`."""
        return self._store.load(records)

    def close(self) -> None:
        """Close the database file."""
        self._store.close()

    async def token(self, request: Request) -> Response:
        """Hand out an access token for client credentials or a signed assertion."""
        form = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
        try:
            log_in(form, request.headers.get("authorization", ""), self._config)
        except LoginError as error:
            body = {"error": error.error, "error_description": error.description}
            return _json(body, error.status)
        base = f"{request.url.scheme}://{request.headers.get('host', '')}"
        return _json(
            {
                "access_token": self._store.open_session(),
                "signature": "c2FuZGJveA==",
                "scope": "api",
                "instance_url": base,
                "id": f"{base}/id/{ORGANIZATION}/{USER}",
                "token_type": "Bearer",
                "issued_at": str(int(time.time() * 1000)),
                "token_format": "opaque",
            }
        )

    async def versions(self, _: Request) -> Response:
        """The API versions, which need no login."""
        return _json(
            [
                {"label": label, "url": f"/services/data/v{version}", "version": version}
                for version, label in VERSIONS.items()
            ]
        )

    async def query(self, request: Request) -> Response:
        """Run a query; at most 2000 records a page."""
        text = request.query_params.get("q")
        if text is None:
            return _error(400, "MALFORMED_QUERY", "A query string has to be specified")
        return self._page(request.path_params["version"], text, 0)

    async def query_more(self, request: Request) -> Response:
        """The next page; the locator carries the query itself, so it outlives a restart."""
        encoded, _, offset = request.path_params["locator"].partition("-")
        try:
            return self._page(request.path_params["version"], bytes.fromhex(encoded).decode(), int(offset))
        except ValueError:
            return _error(400, "INVALID_QUERY_LOCATOR", "invalid query locator")

    async def retrieve(self, request: Request) -> Response:
        """One account with all its fields, or those of `fields=`."""
        kind, identifier = request.path_params["kind"], request.path_params["identifier"]
        record = self._store.get("Account", identifier) if kind.lower() == "account" else None
        if record is None:
            return _error(404, "NOT_FOUND", "The requested resource does not exist")
        asked = request.query_params.get("fields")
        fields = tuple(asked.split(",")) if asked else tuple(sorted(_known([record])))
        return _json(_rendered(record, fields, request.path_params["version"]))

    def _page(self, version: str, text: str, offset: int) -> Response:
        try:
            query = soql.parse(text)
            records = self._store.all("Account")
            fields = soql.resolve(query, _known(records))
        except soql.QueryError as error:
            return _error(400, error.code, error.message)
        if query.identifier is not None:
            record = self._store.get("Account", query.identifier)
            records = [] if record is None else [record]
        records = records[: query.limit]
        body: Wire = {"totalSize": len(records), "done": len(records) <= offset + PAGE}
        if not body["done"]:
            locator = f"{text.encode().hex()}-{offset + PAGE}"
            body["nextRecordsUrl"] = f"/services/data/{version}/query/{locator}"
        page = records[offset : offset + PAGE]
        return _json({**body, "records": [_rendered(record, fields, version) for record in page]})

    def _with_session(self, handler: Handler) -> Handler:
        async def guarded(request: Request) -> Response:
            scheme, _, token = request.headers.get("authorization", "").partition(" ")
            if scheme.lower() not in ("bearer", "oauth") or not self._store.knows_session(token):
                return _error(401, "INVALID_SESSION_ID", "Session expired or invalid")
            version = VERSION_PATH.match(request.path_params.get("version", "v68.0"))
            if version is None or not VERSION_MIN <= int(version[1]) <= VERSION_MAX:
                return _error(404, "NOT_FOUND", "The requested resource does not exist")
            return await handler(request)

        return guarded


async def _unknown(request: Request) -> Response:
    return _error(404, "NOT_FOUND", "The requested resource does not exist")


def _known(records: list[Wire]) -> set[str]:
    return {*soql.ACCOUNT_FIELDS, *(name for record in records for name in record)} - {"attributes"}


def _rendered(record: Wire, fields: tuple[str, ...], version: str) -> Wire:
    url = f"/services/data/{version}/sobjects/Account/{record['Id']}"
    return {
        "attributes": {"type": "Account", "url": url},
        **{name: record.get(name) for name in fields},
    }


def _json(body: Any, status: int = 200) -> Response:
    headers = {"Sforce-Limit-Info": "api-usage=1/100000"}
    return Response(orjson.dumps(body), status, headers, media_type="application/json")


def _error(status: int, code: str, message: str) -> Response:
    return _json([{"message": message, "errorCode": code}], status)
