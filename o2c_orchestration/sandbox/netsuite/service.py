"""One NetSuite account as HTTP sees it: who may come in, how many at once, and what each path answers.

Plain functions of a request, run in worker threads; nothing here knows the web framework.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from o2c_orchestration.sandbox.config import SandboxConfig
from o2c_orchestration.sandbox.netsuite import catalog
from o2c_orchestration.sandbox.netsuite.collection import list_ids
from o2c_orchestration.sandbox.netsuite.errors import (
    NetSuiteError,
    invalid_content,
    invalid_parameter,
    invalid_url,
    login_refused,
    method_not_allowed,
    record_not_found,
)
from o2c_orchestration.sandbox.netsuite.group import add_subsidiaries
from o2c_orchestration.sandbox.netsuite.ledger import NetSuiteLedger, Options, Result, find, record_type
from o2c_orchestration.sandbox.netsuite.oauth import Certificate, TokenIssuer
from o2c_orchestration.sandbox.netsuite.options import ACCEPT_TYPE, select_options
from o2c_orchestration.sandbox.netsuite.paging import Page
from o2c_orchestration.sandbox.netsuite.render import Renderer
from o2c_orchestration.sandbox.netsuite.suiteql import SuiteQL
from o2c_orchestration.sandbox.netsuite.tba import TokenSecrets, TokenVerifier

Json = dict[str, Any]

REST = "/services/rest"
RECORDS = f"{REST}/record/v1"
_SINGULAR = "application/vnd.oracle.resource+json; type=singular"
_COLLECTION = "application/vnd.oracle.resource+json; type=collection"


@dataclass(frozen=True)
class Call:
    """A request: `url` complete, `path` percent-decoded, header names in lower case."""

    method: str
    url: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def origin(self) -> str:
        """Scheme and host, without a slash at the end."""
        return self.url.split("/services/", 1)[0]


@dataclass(frozen=True)
class Answer:
    """A response: JSON body or none."""

    status: int
    body: Json | None = None
    headers: dict[str, str] = field(default_factory=dict)


class ConcurrencyGate:
    """Counts requests in flight. Used from one event loop, so plain integers are enough."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.in_flight = 0
        self.max_in_flight = 0
        self.refused = 0

    def enter(self) -> bool:
        """Take a place, or be refused at once."""
        if self.in_flight >= self.limit:
            self.refused += 1
            return False
        self.in_flight += 1
        self.max_in_flight = max(self.max_in_flight, self.in_flight)
        return True

    def leave(self) -> None:
        """Give the place back."""
        self.in_flight -= 1

    def reset(self) -> None:
        """Start counting anew."""
        self.max_in_flight, self.refused = self.in_flight, 0


class NetSuiteService:
    """The account in `state_dir`, with the keys and limits of `config`."""

    def __init__(self, state_dir: Path, config: SandboxConfig) -> None:
        self.config = config
        self.ledger = NetSuiteLedger(state_dir)
        with self.ledger.store.write() as connection:
            add_subsidiaries(connection, config.netsuite_subsidiaries)
        self.suiteql = SuiteQL(self.ledger.store, config.seed)
        self.gate = ConcurrencyGate(config.netsuite_concurrency)
        certificate = Certificate(
            config.netsuite_account_id,
            config.netsuite_client_id,
            config.netsuite_certificate_id,
            config.netsuite_public_key_pem,
        )
        self.issuer = TokenIssuer(certificate, self.ledger.store.meta("token_secret"))
        self._verifier = TokenVerifier(
            TokenSecrets(
                config.netsuite_account_id,
                config.netsuite_consumer_key,
                config.netsuite_consumer_secret,
                config.netsuite_token_id,
                config.netsuite_token_secret,
            )
        )

    @property
    def max_in_flight(self) -> int:
        """The most requests that were in flight at once."""
        return self.gate.max_in_flight

    @property
    def requests_refused(self) -> int:
        """How many requests met the concurrency limit."""
        return self.gate.refused

    def close(self) -> None:
        """Close the files."""
        self.ledger.close()

    def authenticate(self, call: Call) -> None:
        """Raise 401 unless the request carries a good access token or a good OAuth 1.0a signature."""
        header = call.headers.get("authorization", "")
        scheme, _, rest = header.partition(" ")
        if scheme.lower() == "bearer" and self.issuer.accepts(rest.strip()):
            return
        if scheme.lower() == "oauth" and self._verifier.verify(call.method, call.url, header):
            return
        raise login_refused()

    def answer(self, call: Call) -> Answer:
        """The answer to an authenticated request. Raises NetSuiteError."""
        if "respond-async" in call.headers.get("prefer", ""):
            raise invalid_parameter("Asynchronous requests are not supported in this account.")
        if call.path == f"{REST}/query/v1/suiteql":
            return self._suiteql(call)
        if call.path == f"{REST}/system/v1/governanceLimits":
            return _governance(self.gate.limit)
        if call.path.startswith(RECORDS + "/"):
            return self._record(call, call.path[len(RECORDS) + 1 :].rstrip("/").split("/"))
        raise invalid_url()

    def _suiteql(self, call: Call) -> Answer:
        if call.method != "POST":
            raise method_not_allowed()
        if "transient" not in call.headers.get("prefer", ""):
            raise invalid_parameter("The required request header 'Prefer: transient' is missing.")
        page = Page.parse(call.query)
        items, total = self.suiteql.run(_json(call.body), page)
        url = f"{call.origin}{REST}/query/v1/suiteql"
        return Answer(200, page.envelope(items, total, url, {}), {"Content-Type": _COLLECTION})

    def _record(self, call: Call, parts: list[str]) -> Answer:
        if parts[0] == "metadata-catalog" and len(parts) < 3:
            return self._catalog(call, parts[1:])
        record_type(parts[0])
        match call.method, parts:
            case "POST", [name]:
                return self._create(call, name)
            case "GET", [name]:
                return self._list(call, name)
            case "GET", [name, key]:
                return self._get(call, name, key)
            case "GET", [name, key, sublist, *line] if len(line) < 2:
                return self._sublist(call, name, key, sublist, line)
            case "PATCH", [name, key]:
                result = self.ledger.update(name, key, _json(call.body), _options(call))
                return _written(call, name, result)
            case "PUT", [name, key]:
                result = self.ledger.upsert(name, key, _json(call.body), _options(call))
                return _written(call, name, result)
            case "DELETE", [name, key]:
                self.ledger.delete(name, key)
                return Answer(204)
            case "POST", [name, key, "!transform", target]:
                body = _json(call.body) if call.body.strip() else {}
                result = self.ledger.transform(name, key, target, body, _options(call))
                return _written(call, target, result)
        if len(parts) > 2:
            raise invalid_url()
        raise method_not_allowed()

    def _catalog(self, call: Call, names: list[str]) -> Answer:
        if call.method != "GET":
            raise method_not_allowed()
        if not names:
            return Answer(200, catalog.names(f"{call.origin}{RECORDS}/metadata-catalog"))
        body = catalog.schema(self.ledger.store.read(), record_type(names[0]))
        return Answer(200, body, {"Content-Type": catalog.SCHEMA_TYPE})

    def _create(self, call: Call, name: str) -> Answer:
        if ACCEPT_TYPE in call.headers.get("accept", "").replace(" ", ""):
            body = _json(call.body) if call.body.strip() else {}
            connection = self.ledger.store.read()
            return Answer(200, select_options(connection, record_type(name), _fields(call) or [], body))
        if "type=collection" in call.headers.get("content-type", "").replace(" ", ""):
            raise invalid_parameter("Batch operations are not supported in this account.")
        return _written(call, name, self.ledger.create(name, _json(call.body), _options(call)))

    def _list(self, call: Call, name: str) -> Answer:
        record, page = record_type(name), Page.parse(call.query)
        ids, total = list_ids(self.ledger.store.read(), record, call.query.get("q"), page)
        url = f"{call.origin}{RECORDS}/{record.name}"
        items = [{"links": [{"rel": "self", "href": f"{url}/{each}"}], "id": each} for each in ids]
        kept = {"q": call.query["q"]} if call.query.get("q") else {}
        return Answer(200, page.envelope(items, total, url, kept), {"Content-Type": _COLLECTION})

    def _get(self, call: Call, name: str, key: str) -> Answer:
        record, connection = record_type(name), self.ledger.store.read()
        expand = call.query.get("expandSubResources", "").lower() == "true"
        row = find(connection, record, key)
        renderer = Renderer(connection, call.origin + RECORDS)
        body = renderer.record(record, row, expand=expand, fields=_fields(call))
        return Answer(200, body, {"Content-Type": _SINGULAR})

    def _sublist(self, call: Call, name: str, key: str, sublist: str, line: list[str]) -> Answer:
        record, connection = record_type(name), self.ledger.store.read()
        row = find(connection, record, key)
        body = Renderer(connection, call.origin + RECORDS).sublist(record, row, sublist)
        if body is None:
            raise invalid_url()
        if not line:
            return Answer(200, body, {"Content-Type": _COLLECTION})
        for item in body["items"]:
            if str(item.get("line")) == line[0]:
                return Answer(200, item, {"Content-Type": _SINGULAR})
        raise record_not_found()


def _json(body: bytes) -> object:
    try:
        return json.loads(body, parse_float=Decimal, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise invalid_content() from None


def _no_constant(name: str) -> object:
    raise ValueError(name)


def _options(call: Call) -> Options:
    mode = call.headers.get("x-netsuite-propertynamevalidation", "warning").lower()
    if mode not in ("error", "warning", "ignore"):
        raise invalid_parameter(f"Invalid value for the header X-NetSuite-PropertyNameValidation: {mode}.")
    names = call.query.get("replace", "").split(",")
    return Options(mode, frozenset(name.strip().lower() for name in names if name.strip()))


def _fields(call: Call) -> list[str] | None:
    given = call.query.get("fields")
    return None if given is None else [name.strip() for name in given.split(",") if name.strip()]


def _written(call: Call, name: str, result: Result) -> Answer:
    headers = {"Location": f"{call.origin}{RECORDS}/{record_type(name).name}/{result.id}"}
    if result.warnings:
        unknown = f"Unknown property names were ignored: {', '.join(result.warnings)}"
        headers["X-NetSuite-PropertyNameValidation-Warning"] = unknown
    return Answer(204, None, headers)


def _governance(limit: int) -> Answer:
    body = {
        "accountConcurrencyLimit": limit,
        "accountUnallocatedConcurrencyLimit": limit,
        "integrationConcurrencyLimit": limit,
        "integrationLimitType": "accountLimit",
    }
    return Answer(200, body)


__all__ = ["Answer", "Call", "ConcurrencyGate", "NetSuiteError", "NetSuiteService"]
