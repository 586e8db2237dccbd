"""`sobjects/…`: describes, single records, and what changed or went in a span of time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from o2c_orchestration.sandbox.salesforce import ids
from o2c_orchestration.sandbox.salesforce.calls import Answer, Call
from o2c_orchestration.sandbox.salesforce.describe import basic, describe, global_describe
from o2c_orchestration.sandbox.salesforce.errors import no_external_id, not_found, refusal
from o2c_orchestration.sandbox.salesforce.fields import Field, SObject
from o2c_orchestration.sandbox.salesforce.records import Ambiguous, Records
from o2c_orchestration.sandbox.salesforce.soql_run import Runner
from o2c_orchestration.sandbox.salesforce.store import SalesforceStore
from o2c_orchestration.sandbox.salesforce.values import moment_text, parse_moment

# From this version on an upsert that changes a record answers with a body.
BODY_ON_UPDATE = 46
REPLICATION_DAYS = 30


class SObjects:
    """Handlers of single records; each takes a call and the variable segments of its path."""

    def __init__(self, store: SalesforceStore, records: Records, runner: Runner) -> None:
        self._store, self._records, self._runner = store, records, runner

    def kind(self, name: str) -> SObject:
        """The object of this name. Raises SalesforceError (404)."""
        found = self._store.org.find(name)
        if found is None:
            raise not_found()
        return found

    def all(self, call: Call) -> Answer:
        """Every object."""
        return Answer(200, global_describe(self._store.org, call.version))

    def basic(self, call: Call, name: str) -> Answer:
        """A short describe, and recent records."""
        return Answer(200, basic(self.kind(name), call.version, []))

    def describe(self, call: Call, name: str) -> Answer:
        """A full describe."""
        return Answer(200, describe(self._store.org, self.kind(name), call.version, call.headers.get("host", "")))

    def create(self, call: Call, name: str) -> Answer:
        """A new record."""
        identifier = self._records.create(self.kind(name), call.record(), call.by)
        location = f"/services/data/{call.version}/sobjects/{self.kind(name).name}/{identifier}"
        return Answer(201, {"id": identifier, "success": True, "errors": []}, {"Location": location})

    def read(self, call: Call, name: str, identifier: str) -> Answer:
        """One record with all its fields, or those of `fields=`."""
        kind = self.kind(name)
        if ids.full(identifier) is None:
            raise no_external_id(identifier)
        return self._record(call, kind, self._records.existing(kind, identifier)["Id"])

    def read_external(self, call: Call, name: str, field: str, value: str) -> Answer:
        """The record with this external id; 300 when there are several."""
        kind = self.kind(name)
        found = self._records.by_external_id(kind, self._identifying(kind, field), value)
        if not found:
            raise not_found()
        if len(found) > 1:
            return self._several(call, kind, found)
        return self._record(call, kind, found[0])

    def update(self, call: Call, name: str, identifier: str) -> Answer:
        """Change a record."""
        if ids.full(identifier) is None:
            raise no_external_id(identifier)
        self._records.update(self.kind(name), identifier, call.record(), call.by)
        return Answer(204)

    def upsert(self, call: Call, name: str, field: str, value: str) -> Answer:
        """Write by external id. `updateOnly=true` makes nothing new."""
        kind, body = self.kind(name), call.record()
        key = self._identifying(kind, field)
        if any(each.lower() == key.name.lower() for each in body):
            message = f"The {key.name} field should not be specified in the sobject data."
            raise refusal(400, "INVALID_FIELD", message)
        if call.query.get("updateOnly") == "true" and not self._records.by_external_id(kind, key, value):
            raise not_found()
        try:
            identifier, created = self._records.upsert(kind, key, value, body, call.by)
        except Ambiguous as error:
            return self._several(call, kind, error.args[0])
        if not created and call.release < BODY_ON_UPDATE:
            return Answer(204)
        return Answer(201 if created else 200, {"id": identifier, "success": True, "errors": [], "created": created})

    def delete(self, call: Call, name: str, identifier: str) -> Answer:
        """Delete a record."""
        if ids.full(identifier) is None:
            raise no_external_id(identifier)
        self._records.delete(self.kind(name), identifier, call.by)
        return Answer(204)

    def delete_external(self, call: Call, name: str, field: str, value: str) -> Answer:
        """Delete the record with this external id."""
        kind = self.kind(name)
        found = self._records.by_external_id(kind, self._identifying(kind, field), value)
        if not found:
            raise not_found()
        if len(found) > 1:
            return self._several(call, kind, found)
        self._records.delete(kind, found[0], call.by)
        return Answer(204)

    def updated(self, call: Call, name: str) -> Answer:
        """Ids of what was written between `start` and `end`, by SystemModstamp."""
        kind, (start, end) = self.kind(name), _span(call)
        rows = self._store.rows(
            f'SELECT "Id" FROM "{kind.name}" WHERE "SystemModstamp" >= ? AND "SystemModstamp" < ?'
            ' AND "IsDeleted" = 0 ORDER BY "Id"',
            [start, end],
        )
        return Answer(200, {"ids": [row["Id"] for row in rows], "latestDateCovered": _covered(end)})

    def deleted(self, call: Call, name: str) -> Answer:
        """Ids of what was deleted between `start` and `end`."""
        kind, (start, end) = self.kind(name), _span(call)
        rows = self._store.rows(
            f'SELECT "Id", "SystemModstamp" FROM "{kind.name}" WHERE "SystemModstamp" >= ? AND "SystemModstamp" < ?'
            ' AND "IsDeleted" = 1 ORDER BY "Id"',
            [start, end],
        )
        earliest = datetime.now(UTC) - timedelta(days=REPLICATION_DAYS)
        records = [{"deletedDate": row["SystemModstamp"], "id": row["Id"]} for row in rows]
        return Answer(
            200,
            {
                "deletedRecords": records,
                "earliestDateAvailable": moment_text(earliest),
                "latestDateCovered": _covered(end),
            },
        )

    def _record(self, call: Call, kind: SObject, identifier: str) -> Answer:
        asked = call.query.get("fields")
        names = [each.strip() for each in asked.split(",")] if asked else list(kind.fields)
        return Answer(200, self._runner.record(kind, identifier, names, call.version))

    def _identifying(self, kind: SObject, name: str) -> Field:
        field = kind.field(name)
        if field is None or not field.identifies:
            raise no_external_id(name)
        return field

    def _several(self, call: Call, kind: SObject, found: list[str]) -> Answer:
        return Answer(300, [f"/services/data/{call.version}/sobjects/{kind.name}/{each}" for each in found])


def _span(call: Call) -> tuple[str, str]:
    """`start` and `end` of a request, whose seconds count for nothing. Raises SalesforceError."""
    given: list[datetime] = []
    for name in ("start", "end"):
        moment = parse_moment(call.query.get(name, ""))
        if moment is None:
            raise refusal(400, "INVALID_REPLICATION_DATE", f"{name} date is invalid: {call.query.get(name)}")
        given.append(moment.replace(second=0, microsecond=0))
    start, end = given
    if start < datetime.now(UTC) - timedelta(days=REPLICATION_DAYS):
        message = f"startDate is more than {REPLICATION_DAYS} days ago"
        raise refusal(400, "INVALID_REPLICATION_DATE", message)
    if end - start < timedelta(minutes=1):
        raise refusal(400, "INVALID_REPLICATION_DATE", "startDate has to be at least one minute before endDate")
    return moment_text(start), moment_text(end)


def _covered(end: str) -> Any:
    """How far the answer is complete: the end asked for, or now if that is earlier."""
    return min(end, moment_text(datetime.now(UTC)))
