"""Writes to Salesforce: updates by id and upserts by an external id, in collections of up to 200 records.

Both name the record, so that making the same request again changes nothing: they are retried as reads are.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from simple_salesforce import Salesforce  # type: ignore[attr-defined]

from o2c_orchestration.clients._http import scrub
from o2c_orchestration.clients.salesforce import SalesforceReader
from o2c_orchestration.domain.errors import ProtocolError

# Salesforce takes no more in a collection.
COLLECTION_MAX = 200
# What passes by itself.
LOCKED = frozenset({"UNABLE_TO_LOCK_ROW", "SERVER_UNAVAILABLE", "QUERY_TIMEOUT"})


@dataclass(frozen=True)
class Written:
    """What became of one record of a collection: its id, or Salesforce's code and words for why not.

    `fields`: the names of those that it says it is about. Both an id and a code: all but some fields was taken.
    """

    id: str | None
    code: str | None = None
    detail: str = ""
    fields: tuple[str, ...] = ()


class SalesforceWriter(SalesforceReader):
    """As the reader, and it may change records. Each record of a collection stands for itself.

    The methods raise what those of the reader raise, when a collection as a whole is not taken.
    """

    _writes: ClassVar[bool] = True

    def update(self, kind: str, records: Sequence[Mapping[str, Any]]) -> list[Written]:
        """Change records, each with its `Id`; in their order, what became of them."""
        return self._patch("composite/sobjects", kind, [dict(record) for record in records])

    def upsert(self, kind: str, key: str, records: Sequence[Mapping[str, Any]]) -> list[Written]:
        """Create or change records by the external-id field `key`, which each carries; in their order."""
        return self._patch(f"composite/sobjects/{kind}/{key}", kind, [dict(record) for record in records])

    def _patch(self, path: str, kind: str, records: Sequence[dict[str, Any]]) -> list[Written]:
        return [item for chunk in _chunks(records) for item in self._patch_some(path, kind, chunk)]

    def _patch_some(self, path: str, kind: str, records: Sequence[dict[str, Any]]) -> list[Written]:
        body = {"allOrNone": False, "records": [{"attributes": {"type": kind}, **record} for record in records]}

        def send(client: Salesforce) -> Any:
            return client.restful(path, method="PATCH", json=body)

        _, answer = self._ask(send)
        if not isinstance(answer, list) or len(answer) != len(records):
            what = f"Salesforce's answer to a change of {len(records)} {kind} records has not one part for each"
            raise ProtocolError(what, "check SALESFORCE_BASE_URL", system="salesforce")
        return [_written(item) for item in answer]


def _chunks(records: Sequence[dict[str, Any]]) -> Iterator[Sequence[dict[str, Any]]]:
    return (records[start : start + COLLECTION_MAX] for start in range(0, len(records), COLLECTION_MAX))


def _written(item: Any) -> Written:
    told = item if isinstance(item, Mapping) else {}
    if told.get("success") is True:
        return Written(str(told["id"]) if told.get("id") else None)
    errors = [error for error in told.get("errors") or [] if isinstance(error, Mapping)]
    first: Mapping[str, Any] = errors[0] if errors else {}
    code = str(first.get("statusCode") or first.get("errorCode") or "UNKNOWN")
    named = tuple(str(name) for error in errors for name in error.get("fields") or [])
    return Written(None, code, "; ".join(map(_words, errors or [first])), named)


def _words(error: Mapping[str, Any]) -> str:
    fields = ", ".join(str(name) for name in error.get("fields") or [])
    words = scrub(str(error.get("message") or "no reason given"), ())
    return f"{words} [{fields}]" if fields else words
