"""The REST API below `/services/data/vNN.0`: which call goes where.

What belongs here: the table of paths, composites, limits. Sessions, versions and HTTP are in `routes.py`.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import orjson

from o2c_orchestration.sandbox.salesforce.calls import Answer, Call, error_answer
from o2c_orchestration.sandbox.salesforce.collections import Collections
from o2c_orchestration.sandbox.salesforce.errors import SalesforceError, not_found, problem, refusal
from o2c_orchestration.sandbox.salesforce.records import Records
from o2c_orchestration.sandbox.salesforce.rules import Rules
from o2c_orchestration.sandbox.salesforce.sobjects import SObjects
from o2c_orchestration.sandbox.salesforce.soql_run import Runner
from o2c_orchestration.sandbox.salesforce.store import SalesforceStore

Wire = dict[str, Any]
Handler = Callable[..., Answer]
SUBREQUESTS_MAX = 25
HALTED = "The transaction was rolled back since another operation in the same transaction failed."
DAILY_LIMIT = 100_000
_REFERENCE = re.compile(r"@\{(\w+)\.([\w.\[\]]+)\}")
_RESOURCES = ("sobjects", "query", "queryAll", "composite", "limits")


class Api:
    """All calls of one org."""

    def __init__(self, store: SalesforceStore) -> None:
        self.store, self.runner = store, Runner(store)
        self.rules = Rules(store, self.runner)
        self.records = Records(store, self.rules)
        one, many = SObjects(store, self.records, self.runner), Collections(store, self.records, self.runner)
        self._paths: list[tuple[tuple[str, ...], dict[str, Handler]]] = [
            ((), {"GET": self._resources}),
            (("sobjects",), {"GET": one.all}),
            (("sobjects", "*"), {"GET": one.basic, "POST": one.create}),
            (("sobjects", "*", "describe"), {"GET": one.describe}),
            (("sobjects", "*", "updated"), {"GET": one.updated}),
            (("sobjects", "*", "deleted"), {"GET": one.deleted}),
            (("sobjects", "*", "*"), {"GET": one.read, "PATCH": one.update, "DELETE": one.delete}),
            (
                ("sobjects", "*", "*", "*"),
                {"GET": one.read_external, "PATCH": one.upsert, "DELETE": one.delete_external},
            ),
            (("query",), {"GET": self._query}),
            (("queryAll",), {"GET": self._query_all}),
            (("query", "*"), {"GET": self._more}),
            (("queryAll", "*"), {"GET": self._more}),
            (("composite",), {"POST": self._composite}),
            (("composite", "sobjects"), {"POST": many.create, "PATCH": many.update, "DELETE": many.delete}),
            (("composite", "sobjects", "*"), {"GET": many.read, "POST": many.read}),
            (("composite", "sobjects", "*", "*"), {"PATCH": many.upsert}),
            (("limits",), {"GET": self._limits}),
            (("limits", "recordCount"), {"GET": self._record_count}),
        ]

    @property
    def daily_limit(self) -> int:
        """Calls allowed in 24 hours."""
        return int(self.store.setting("daily limit", DAILY_LIMIT))

    def answer(self, call: Call) -> Answer:
        """Carry the call out; a refusal is an answer too."""
        try:
            handler, variables = self._found(call)
            return handler(call, *variables)
        except SalesforceError as error:
            return error_answer(error)

    def _found(self, call: Call) -> tuple[Handler, list[str]]:
        for pattern, methods in self._paths:
            if len(pattern) != len(call.segments):
                continue
            pairs = list(zip(pattern, call.segments, strict=True))
            if all(expected in ("*", given) for expected, given in pairs):
                method = "GET" if call.method == "HEAD" else call.method
                if method not in methods:
                    allowed = ",".join(sorted({*methods, "HEAD"}))
                    message = f"HTTP Method '{call.method}' not allowed. Allowed are {allowed}"
                    raise refusal(405, "METHOD_NOT_ALLOWED", message)
                return methods[method], [given for expected, given in pairs if expected == "*"]
        raise not_found()

    def _resources(self, call: Call) -> Answer:
        return Answer(200, {name: f"/services/data/{call.version}/{name}" for name in _RESOURCES})

    def _query(self, call: Call) -> Answer:
        return self._start(call, deleted=False)

    def _query_all(self, call: Call) -> Answer:
        return self._start(call, deleted=True)

    def _start(self, call: Call, *, deleted: bool) -> Answer:
        text = call.query.get("q")
        if not text:
            raise refusal(400, "MALFORMED_QUERY", "A query string has to be specified")
        return Answer(200, self.runner.start(text, call.asked(deleted=deleted)))

    def _more(self, call: Call, locator: str) -> Answer:
        return Answer(200, self.runner.more(locator, call.asked()))

    def _limits(self, call: Call) -> Answer:
        limit = self.daily_limit
        remaining = max(0, limit - self.store.calls(time.time()))
        return Answer(200, {"DailyApiRequests": {"Max": limit, "Remaining": remaining}})

    def _record_count(self, call: Call) -> Answer:
        asked = call.query.get("sObjects", "")
        kinds = [self.store.org.find(name.strip()) for name in asked.split(",")] if asked else self.store.org.objects
        counts = [
            {
                "count": self.store.rows(f'SELECT count(*) FROM "{each.name}" WHERE "IsDeleted" = 0')[0][0],
                "name": each.name,
            }
            for each in kinds
            if each is not None
        ]
        return Answer(200, {"sObjects": [each for each in counts if each["count"]]})

    def _composite(self, call: Call) -> Answer:
        body = call.record()
        asked = body.get("compositeRequest")
        if not isinstance(asked, list) or not all(_is_subrequest(each) for each in asked):
            raise refusal(400, "JSON_PARSER_ERROR", "Each subrequest has a method, a url and a referenceId")
        if len(asked) > SUBREQUESTS_MAX:
            message = f"The number of subrequests exceeds the limit of {SUBREQUESTS_MAX}"
            raise refusal(400, "LIMIT_EXCEEDED", message)
        results: list[Wire] = []
        try:
            with self.store.transaction():
                for each in asked:
                    results.append(self._sub(call, each, results))
                if body.get("allOrNone") and any(each["httpStatusCode"] >= 400 for each in results):
                    raise _Halted
        except _Halted:
            results = [each if each["httpStatusCode"] >= 400 else _halted(each) for each in results]
        return Answer(200, {"compositeResponse": results})

    def _sub(self, call: Call, asked: Wire, results: list[Wire]) -> Wire:
        """One subrequest, with references such as `@{one.id}` to the results before it."""
        name = asked["referenceId"]
        known = {each["referenceId"]: each for each in results}
        try:
            url = urlsplit(_REFERENCE.sub(lambda found: str(_referred(known, found)), asked["url"]))
            answer = self.answer(
                replace(
                    call,
                    method=asked["method"],
                    segments=segments(url.path),
                    query=dict(parse_qsl(url.query, keep_blank_values=True)),
                    headers=call.headers | {key.lower(): value for key, value in asked.get("httpHeaders", {}).items()},
                    body=orjson.dumps(_resolved(asked.get("body"), known)),
                )
            )
        except SalesforceError as error:
            answer = error_answer(error)
        return {
            "body": answer.body,
            "httpHeaders": answer.headers,
            "httpStatusCode": answer.status,
            "referenceId": name,
        }


def segments(path: str) -> tuple[str, ...]:
    """The parts of a path behind `/services/data/vNN.0`, unquoted; a slash at the end makes no difference."""
    return tuple(unquote(each) for each in path.removesuffix("/").split("/")[4:])


def _is_subrequest(given: Any) -> bool:
    return isinstance(given, dict) and all(
        isinstance(given.get(name), str) for name in ("method", "url", "referenceId")
    )


class _Halted(Exception):
    """Leaves the transaction of a composite that wants all or none."""


def _halted(result: Wire) -> Wire:
    return result | {
        "body": [problem("PROCESSING_HALTED", HALTED)],
        "httpHeaders": {},
        "httpStatusCode": 400,
    }


def _resolved(body: Any, known: dict[str, Wire]) -> Any:
    if isinstance(body, dict):
        return {name: _resolved(value, known) for name, value in body.items()}
    if isinstance(body, list):
        return [_resolved(value, known) for value in body]
    if isinstance(body, str):
        return _REFERENCE.sub(lambda found: str(_referred(known, found)), body)
    return body


def _referred(known: dict[str, Wire], found: re.Match[str]) -> Any:
    value: Any = known.get(found[1], {"body": None})["body"]
    try:
        for step in re.findall(r"\w+", found[2]):
            value = value[int(step)] if isinstance(value, list) else value[step]
    except (KeyError, IndexError, ValueError, TypeError):
        message = f"Invalid reference specified. No value for {found[1]}.{found[2]} found in {found[1]}"
        raise refusal(400, "PROCESSING_HALTED", message) from None
    return value
