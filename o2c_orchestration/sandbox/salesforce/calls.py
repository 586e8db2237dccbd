"""A call of the REST API apart from HTTP, so that a composite can make the same calls.

What belongs here: requests and answers as values.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import orjson

from o2c_orchestration.sandbox.salesforce.errors import SalesforceError, refusal
from o2c_orchestration.sandbox.salesforce.rules import By
from o2c_orchestration.sandbox.salesforce.soql_run import PAGE_MAX, Asked

PAGE_MIN = 200


@dataclass(frozen=True)
class Call:
    """One call: the path behind the version in unquoted segments, header names in lower case, the body as it came."""

    method: str
    version: str
    segments: tuple[str, ...]
    query: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    user: str = ""

    @property
    def release(self) -> int:
        """The API version as a number: 68 for v68.0."""
        return int(self.version[1:].split(".")[0])

    @property
    def by(self) -> By:
        """Who writes, and with which leave."""
        rule = _options(self.headers.get("sforce-duplicate-rule-header", ""))
        return By(self.user, self.version, rule.get("allowsave", "").lower() == "true")

    @property
    def origin(self) -> str:
        """What change events say of where a change came from: the API, and the client's name where it gives one."""
        client = _options(self.headers.get("sforce-call-options", "")).get("client", "")
        return f"com/salesforce/api/rest/{self.version[1:]};client={client}"

    def asked(self, *, deleted: bool = False) -> Asked:
        """How a query wants its pages; Salesforce takes a size out of range for the nearest in range."""
        size = _options(self.headers.get("sforce-query-options", "")).get("batchsize", "")
        rows = min(max(int(size), PAGE_MIN), PAGE_MAX) if size.isdigit() else PAGE_MAX
        return Asked(self.version, rows, deleted)

    def json(self) -> Any:
        """The body. Raises SalesforceError (JSON_PARSER_ERROR)."""
        try:
            return orjson.loads(self.body)
        except ValueError as error:
            raise refusal(400, "JSON_PARSER_ERROR", f"Unexpected character: {error}") from None

    def record(self) -> dict[str, Any]:
        """The body as the fields of a record. Raises SalesforceError (JSON_PARSER_ERROR)."""
        body = self.json()
        if not isinstance(body, dict):
            message = "Cannot deserialize instance of the sobject from START_ARRAY at [line:1, column:1]"
            raise refusal(400, "JSON_PARSER_ERROR", message)
        return body


@dataclass(frozen=True)
class Answer:
    """Status, JSON body (None for none at all) and headers."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


def error_answer(error: SalesforceError) -> Answer:
    """A refusal as an answer."""
    return Answer(error.status, error.problems)


def _options(header: str) -> dict[str, str]:
    """`a=1; b=2` as a dictionary with names in lower case."""
    pairs = (each.split("=", 1) for each in header.replace(",", ";").split(";") if "=" in each)
    return {name.strip().lower(): value.strip() for name, value in pairs}
