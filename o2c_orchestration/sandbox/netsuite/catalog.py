"""The metadata catalog, and fields that this account makes mandatory.

A form or a workflow of an account can ask for a field that NetSuite itself does not need. Whether the catalog tells of
it is not documented, so both are here: `told` fields stand under `required`, others are refused without a warning.
"""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING, Any

from o2c_orchestration.sandbox.netsuite.errors import missing_values
from o2c_orchestration.sandbox.netsuite.records import RECORD_TYPES, RecordType, Sublist

if TYPE_CHECKING:
    from o2c_orchestration.sandbox.netsuite.service import NetSuiteService

Json = dict[str, Any]
SCHEMA_TYPE = "application/schema+json"
_META = "mandatory"
_KINDS = {"n": "number", "i": "integer", "b": "boolean"}


def names(url: str) -> Json:
    """All record types, with the way to each one's schema."""
    items = [
        {"name": record.name, "links": [{"rel": "canonical", "href": f"{url}/{record.name}", "mediaType": SCHEMA_TYPE}]}
        for record in RECORD_TYPES.values()
    ]
    return {"items": items, "links": [{"rel": "self", "href": url}]}


def schema(connection: sqlite3.Connection, record: RecordType) -> Json:
    """A record type as JSON schema; `required` only where the account tells of a mandatory field."""
    properties = {name: _property(kind) for name, kind in record.fields.values()}
    properties |= {each.name: _sublist(each) for each in record.sublists.values()}
    told = [field for field, tell in _mandatory(connection).get(record.name, {}).items() if tell]
    body: Json = {"type": "object", "x-ns-filterable": [], "properties": properties}
    return body | ({"required": told} if told else {})


def demand(connection: sqlite3.Connection, record: RecordType, patch: Json) -> None:
    """Raise as NetSuite does where a new record lacks what the account makes mandatory."""
    lacking = [field for field in _mandatory(connection).get(record.name, {}) if patch.get(field) is None]
    if lacking:
        raise missing_values([field[:1].upper() + field[1:] for field in lacking])


def set_mandatory(service: NetSuiteService, change: Json) -> Json:
    """`{"recordType": "invoice", "field": "location"}`; `told: false` keeps it out of the catalog, `mandatory: false`
    takes it back."""
    record = RECORD_TYPES[change["recordType"].lower()]
    field = record.fields[change["field"].lower()][0]
    with service.ledger.store.write() as connection:
        known = _mandatory(connection)
        of_record = known.setdefault(record.name, {})
        of_record.pop(field, None)
        if change.get("mandatory", True):
            of_record[field] = bool(change.get("told", True))
        connection.execute("INSERT OR REPLACE INTO x_meta VALUES (?, ?)", (_META, json.dumps(known)))
    return known


def _mandatory(connection: sqlite3.Connection) -> dict[str, dict[str, bool]]:
    row = connection.execute("SELECT value FROM x_meta WHERE name = ?", (_META,)).fetchone()
    return dict(json.loads(row[0])) if row else {}


def _property(kind: str) -> Json:
    if kind.startswith("r."):
        return {"type": "object", "properties": {"id": {"type": "string"}, "externalId": {"type": "string"}}}
    told: Json = {"type": _KINDS.get(kind, "string"), "nullable": True}
    return told | ({"format": "date"} if kind == "d" else {}) | ({"readOnly": True} if kind == "-" else {})


def _sublist(sublist: Sublist) -> Json:
    line = {"type": "object", "properties": {name: _property(kind) for name, kind in sublist.fields.values()}}
    return {"type": "object", "properties": {"items": {"type": "array", "items": line}}}
