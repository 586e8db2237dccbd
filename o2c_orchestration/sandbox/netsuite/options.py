"""Select options: what a reference field would accept."""

from __future__ import annotations

import sqlite3
from typing import Any

from o2c_orchestration.sandbox.netsuite.bodies import find_id
from o2c_orchestration.sandbox.netsuite.errors import invalid_parameter
from o2c_orchestration.sandbox.netsuite.records import RecordType

Json = dict[str, Any]

ACCEPT_TYPE = "type=select-options"
_SOURCES = {
    "customer": "SELECT id, entitytitle FROM customer WHERE isinactive = 'F' ORDER BY id",
    "item": "SELECT id, itemid FROM item WHERE isinactive = 'F' ORDER BY id",
    "account": "SELECT id, fullname FROM account ORDER BY id",
    "currency": "SELECT id, name FROM currency ORDER BY id",
    "subsidiary": "SELECT id, name FROM subsidiary ORDER BY id",
    "term": "SELECT id, name FROM term ORDER BY id",
    "classification": "SELECT id, fullname FROM classification WHERE isinactive = 'F' ORDER BY id",
    "department": "SELECT id, fullname FROM department WHERE isinactive = 'F' ORDER BY id",
    "location": "SELECT id, fullname FROM location WHERE isinactive = 'F' ORDER BY id",
    "customList": "SELECT id, name FROM x_listvalue WHERE isinactive = 'F' ORDER BY id",
    "employee": "SELECT id, entityid FROM employee WHERE isinactive = 'F' AND issalesrep = 'T' ORDER BY id",
    "accountingPeriod": "SELECT id, periodname FROM accountingperiod WHERE isposting = 'T' ORDER BY id",
}
_CUSTOMERS_CURRENCIES = (
    "SELECT c.id, c.name FROM currency c JOIN x_customer_currency x ON x.currency = c.id"
    " WHERE x.customer = ? ORDER BY c.id"
)


def select_options(connection: sqlite3.Connection, record: RecordType, fields: list[str], body: object) -> Json:
    """For each field `{"_selectOptions": {"items": [{"id", "refName"}], …}}`.

    The currencies of a transaction are those of the customer that the body names.
    """
    if not fields:
        raise invalid_parameter("The query parameter 'fields' must name the fields.")
    return {name: _options(connection, record, name, body) for name in fields}


def _options(connection: sqlite3.Connection, record: RecordType, name: str, body: object) -> Json:
    kind = _kind(record, name)
    if not kind.startswith("r."):
        raise invalid_parameter(f"Invalid value for the query parameter 'fields': {name}.")
    customer = _customer(connection, body)
    if kind == "r.currency" and customer is not None:
        rows = connection.execute(_CUSTOMERS_CURRENCIES, (customer,)).fetchall()
    else:
        source = _SOURCES.get(kind[2:])
        rows = [] if source is None else connection.execute(source).fetchall()
    items = [{"id": str(row[0]), "refName": row[1]} for row in rows]
    page = {"items": items, "count": len(items), "offset": 0, "hasMore": False, "totalResults": len(items)}
    return {"_selectOptions": page}


def _kind(record: RecordType, name: str) -> str:
    sublist_name, _, inner = name.lower().partition(".")
    if inner and sublist_name in record.sublists:
        return record.sublists[sublist_name].fields.get(inner.removeprefix("items."), ("", ""))[1]
    return record.fields.get(name.lower(), ("", ""))[1]


def _customer(connection: sqlite3.Connection, body: object) -> int | None:
    if not isinstance(body, dict):
        return None
    given = body.get("entity") or body.get("customer")
    key = given.get("id") if isinstance(given, dict) else given
    return None if key is None else find_id(connection, "customer", str(key))
