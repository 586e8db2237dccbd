"""`composite/sobjects`: up to 200 records in one call, each with a result of its own in the same place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from o2c_orchestration.sandbox.salesforce import ids
from o2c_orchestration.sandbox.salesforce.calls import Answer, Call
from o2c_orchestration.sandbox.salesforce.errors import SalesforceError, not_found, refusal
from o2c_orchestration.sandbox.salesforce.fields import SObject
from o2c_orchestration.sandbox.salesforce.records import Ambiguous, Records
from o2c_orchestration.sandbox.salesforce.soql_run import Runner
from o2c_orchestration.sandbox.salesforce.store import SalesforceStore

Wire = dict[str, Any]
RECORDS_MAX = 200
ROLLED_BACK = "Record rolled back because not all records were valid and the request was using AllOrNone header"


class _RollBack(Exception):
    """Leaves the transaction of a request that wants all or none."""


class Collections:
    """Handlers of many records; each takes a call and the variable segments of its path."""

    def __init__(self, store: SalesforceStore, records: Records, runner: Runner) -> None:
        self._store, self._records, self._runner = store, records, runner

    def create(self, call: Call) -> Answer:
        """New records, of one or several objects."""

        def one(record: Wire) -> Wire:
            kind, fields = self._typed(record)
            return {"id": self._records.create(kind, fields, call.by)}

        return self._each(call, one)

    def update(self, call: Call) -> Answer:
        """Change records by `id`."""

        def one(record: Wire) -> Wire:
            kind, fields = self._typed(record)
            given = next((fields.pop(name) for name in list(fields) if name.lower() == "id"), None)
            if not isinstance(given, str) or not given:
                raise refusal(400, "MISSING_ARGUMENT", "Id not specified in an update call", [])
            identifier = self._own_id(kind, given)
            self._records.update(kind, identifier, fields, call.by)
            return {"id": identifier}

        return self._each(call, one)

    def upsert(self, call: Call, name: str, field: str) -> Answer:
        """Write by an external id that is among the fields; by `Id`, a record without one is new."""
        kind = self._store.org.find(name)
        key = kind.field(field) if kind else None
        if kind is None or key is None or not key.identifies:
            message = f"Provided external ID field does not exist or is not accessible: {field}"
            raise refusal(404, "NOT_FOUND", message)

        def one(record: Wire) -> Wire:
            typed, fields = self._typed(record)
            if typed is not kind:
                raise refusal(400, "INVALID_TYPE", f"The record is no {kind.name}", [])
            value = next((fields.pop(each) for each in list(fields) if each.lower() == key.name.lower()), None)
            if value in (None, "") and key.name != "Id":
                message = f"Missing entry for: {key.name}"
                raise refusal(400, "MISSING_ARGUMENT", message, [key.name])
            if value in (None, ""):
                return {"id": self._records.create(kind, fields, call.by), "created": True}
            identifier, created = self._records.upsert(kind, key, str(value), fields, call.by)
            return {"id": identifier, "created": created}

        return self._each(call, one)

    def delete(self, call: Call) -> Answer:
        """Delete the records of `ids=`."""
        given = [each for each in call.query.get("ids", "").split(",") if each]

        def one(identifier: str) -> Wire:
            kind = self._store.org.by_prefix(identifier) if ids.full(identifier) else None
            if kind is None:
                raise refusal(400, "MALFORMED_ID", f"malformed id {identifier}", [])
            try:
                self._records.delete(kind, identifier, call.by)
            except SalesforceError as error:
                raise _cross_reference(error) from None
            return {"id": ids.full(identifier)}

        return Answer(200, self._results(given, one, call.query.get("allOrNone", "").lower() == "true"))

    def read(self, call: Call, name: str) -> Answer:
        """The records of `ids` with `fields`, by query string or body; null for one that is not there."""
        body = call.record() if call.method == "POST" else {}
        wanted = body.get("ids") or call.query.get("ids", "").split(",")
        fields = body.get("fields") or call.query.get("fields", "Id").split(",")
        kind = self._store.org.find(name)
        if kind is None:
            raise not_found()
        if not all(isinstance(each, list) and all(isinstance(one, str) for one in each) for each in (wanted, fields)):
            raise refusal(400, "JSON_PARSER_ERROR", "ids and fields are lists of text")
        found = []
        for each in wanted:
            row = self._store.get(kind, ids.full(each) or "")
            alive = row is not None and not row["IsDeleted"]
            found.append(self._runner.record(kind, row["Id"], fields, call.version) if row and alive else None)
        return Answer(200, found)

    def _each(self, call: Call, one: Callable[[Wire], Wire]) -> Answer:
        body = call.json()
        records = body.get("records") if isinstance(body, dict) else None
        if not isinstance(records, list):
            raise refusal(400, "JSON_PARSER_ERROR", "The records of the request are missing")
        return Answer(200, self._results(records, one, bool(body.get("allOrNone"))))

    def _results(self, given: list[Any], one: Callable[[Any], Wire], all_or_none: bool) -> list[Wire]:
        if len(given) > RECORDS_MAX:
            message = f"record limit reached. cannot submit more than {RECORDS_MAX} records into this call"
            raise refusal(400, "EXCEEDED_ID_LIMIT" if given and isinstance(given[0], str) else "INVALID_INPUT", message)
        results: list[Wire] = []
        try:
            with self._store.transaction():
                results += [_result(one, each) for each in given]
                if all_or_none and not all(each["success"] for each in results):
                    raise _RollBack
        except _RollBack:
            return [_rolled_back(each) if each["success"] else each for each in results]
        return results

    def _typed(self, record: Any) -> tuple[SObject, Wire]:
        """The object and the fields of one record. Raises SalesforceError."""
        attributes = record.get("attributes") if isinstance(record, dict) else None
        name = attributes.get("type") if isinstance(attributes, dict) else None
        kind = self._store.org.find(name) if isinstance(name, str) else None
        if kind is None:
            message = (
                "The type attribute of a record is missing"
                if name is None
                else f"The requested type {name} is not there"
            )
            raise refusal(400, "INVALID_TYPE", message, [])
        return kind, {key: value for key, value in record.items() if key != "attributes"}

    def _own_id(self, kind: SObject, given: str) -> str:
        identifier = ids.full(given)
        if identifier is None or not identifier.startswith(kind.prefix):
            raise refusal(400, "MALFORMED_ID", f"{kind.label} ID: id value of incorrect type: {given}", ["Id"])
        row = self._store.get(kind, identifier)
        if row is None:
            raise refusal(400, "INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", [])
        return identifier


def _result(one: Callable[[Any], Wire], given: Any) -> Wire:
    try:
        made = one(given)
    except SalesforceError as error:
        if error.problems[0]["errorCode"] == "JSON_PARSER_ERROR":
            raise
        return {"success": False, "errors": error.for_collections}
    except Ambiguous:
        message = "Field name provided, is not an external ID or matches more than one record"
        return {
            "success": False,
            "errors": [{"statusCode": "DUPLICATE_EXTERNAL_ID", "message": message, "fields": []}],
        }
    created = {"created": made["created"]} if "created" in made else {}
    return {"id": made["id"], "success": True, "errors": []} | created


def _rolled_back(result: Wire) -> Wire:
    error = {"statusCode": "ALL_OR_NONE_OPERATION_ROLLED_BACK", "message": ROLLED_BACK, "fields": []}
    return {"success": False, "errors": [error]}


def _cross_reference(error: SalesforceError) -> SalesforceError:
    """A record that is not there is no missing path in a collection."""
    if error.problems[0]["errorCode"] != "NOT_FOUND":
        return error
    return refusal(400, "INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", [])
