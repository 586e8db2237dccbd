"""Customers and items: what they must carry, and how they are written."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from o2c_orchestration.sandbox.netsuite.chart import ACCOUNT_SALES, BASE_CURRENCY
from o2c_orchestration.sandbox.netsuite.drafts import Request, reference, require
from o2c_orchestration.sandbox.netsuite.errors import missing_values, user_error
from o2c_orchestration.sandbox.netsuite.group import relationship_values
from o2c_orchestration.sandbox.netsuite.records import ITEM_TYPES
from o2c_orchestration.sandbox.netsuite.values import mark_moment, now_utc, utc_text

Json = dict[str, Any]

ENTITY_EXISTS = "This entity already exists."
RECORD_EXISTS = "This record already exists."
_PHONE_MIN = 7
HAS_DEPENDENTS = "This record cannot be deleted because it has dependent records."


def write_customer(request: Request, external_id: str | None) -> int:
    """Insert or update a customer; returns its internal id.

    Its number is made by NetSuite unless `entityId` is given; a given one must be new among entities.
    """
    _check_customer(request.doc)
    doc, connection = request.doc, request.connection
    new_id = request.id or _next_id(connection, "customer")
    entity_id = str(doc.get("entityId") or f"CUST{new_id}")
    _refuse_taken(request, "customer", "x_entity_key", entity_id, ENTITY_EXISTS)
    values = _customer_values(doc, entity_id)
    _write_row(request, "customer", new_id, external_id=external_id, values=values, born="datecreated")
    _write_currencies(connection, new_id, doc)
    return new_id


def write_item(request: Request, external_id: str | None) -> int:
    """Insert or update an item; returns its internal id."""
    require(request.doc, [("itemId", "Item Name/Number")])
    doc = request.doc
    _refuse_taken(request, "item", "itemid", str(doc["itemId"]), RECORD_EXISTS)
    new_id = request.id or _next_id(request.connection, "item")
    values: Json = {
        "itemid": doc["itemId"],
        "fullname": doc["itemId"],
        "displayname": doc.get("displayName"),
        "description": doc.get("salesDescription") or doc.get("description"),
        "itemtype": ITEM_TYPES[request.record.name],
        "subtype": "Sale",
        "incomeaccount": reference(doc, "incomeAccount") or reference(doc, "account") or ACCOUNT_SALES,
        "isinactive": _flag(doc.get("isInactive")),
        "x_record": request.record.name,
    }
    _write_row(request, "item", new_id, external_id=external_id, values=values, born="createddate")
    return new_id


def write_relationship(request: Request, external_id: str | None) -> int:
    """Put a customer into a further subsidiary; returns the internal id of the relationship."""
    values, new_id = relationship_values(request), request.id or _next_id(request.connection, "x_relationship")
    _write_row(request, "x_relationship", new_id, external_id=external_id, values=values, born="datecreated")
    return new_id


def delete_customer(connection: sqlite3.Connection, row: sqlite3.Row) -> None:
    """Remove a customer that no transaction names."""
    used = connection.execute('SELECT 1 FROM "transaction" WHERE entity = ? LIMIT 1', (row["id"],)).fetchone()
    if used is not None:
        raise user_error(HAS_DEPENDENTS)
    connection.execute("DELETE FROM x_customer_currency WHERE customer = ?", (row["id"],))
    connection.execute("DELETE FROM x_relationship WHERE entity = ?", (row["id"],))
    _delete_row(connection, "customer", row, str(row["entityid"]))


def delete_item(connection: sqlite3.Connection, row: sqlite3.Row) -> None:
    """Remove an item that no line names."""
    used = connection.execute("SELECT 1 FROM transactionline WHERE item = ? LIMIT 1", (row["id"],)).fetchone()
    if used is not None:
        raise user_error(HAS_DEPENDENTS)
    _delete_row(connection, "item", row, str(row["itemid"]))


def refuse_external_id(request: Request, table: str, external_id: str | None) -> None:
    """Raise when the external id, whatever its case, belongs to another record of the group."""
    if external_id is None:
        return
    sentence = ENTITY_EXISTS if table == "customer" else RECORD_EXISTS
    _refuse_taken(request, table, "x_external_key", external_id, sentence)


def _check_customer(doc: Json) -> None:
    person = doc.get("isPerson") is True
    if person:
        require(doc, [("firstName", "First Name"), ("lastName", "Last Name")])
    elif not doc.get("companyName") and not doc.get("entityId"):
        raise missing_values(["Company Name"])
    require(doc, [("subsidiary", "Primary Subsidiary")])
    if doc.get("phone") and len(str(doc["phone"])) < _PHONE_MIN:
        raise user_error("Phone number should have seven digits or more.", "phone")


def _customer_values(doc: Json, entity_id: str) -> Json:
    person = doc.get("isPerson") is True
    name = f"{doc.get('firstName')} {doc.get('lastName')}" if person else doc.get("companyName")
    return {
        "entityid": entity_id,
        "x_entity_key": entity_id.lower(),
        "altname": name,
        "entitytitle": entity_id if name in (None, entity_id) else f"{entity_id} {name}",
        "companyname": doc.get("companyName"),
        "firstname": doc.get("firstName"),
        "lastname": doc.get("lastName"),
        "isperson": _flag(person),
        "email": doc.get("email"),
        "phone": doc.get("phone"),
        "url": doc.get("url"),
        "comments": doc.get("comments"),
        "currency": reference(doc, "currency") or BASE_CURRENCY,
        "terms": reference(doc, "terms"),
        "receivablesaccount": reference(doc, "receivablesAccount"),
        "searchstage": "Customer",
        "isinactive": _flag(doc.get("isInactive")),
        "x_subsidiary": reference(doc, "subsidiary"),
    }


def _write_currencies(connection: sqlite3.Connection, customer: int, doc: Json) -> None:
    primary = reference(doc, "currency") or BASE_CURRENCY
    listed = {reference(line, "currency") for line in doc.get("currencyList") or []}
    connection.execute("DELETE FROM x_customer_currency WHERE customer = ?", (customer,))
    connection.executemany(
        "INSERT INTO x_customer_currency VALUES (?, ?)",
        [(customer, currency) for currency in {primary, *listed} if currency is not None],
    )


def _write_row(request: Request, table: str, new_id: int, *, external_id: str | None, values: Json, born: str) -> None:
    moment = now_utc()
    values = {
        "id": new_id,
        **values,
        "externalid": external_id,
        "x_external_key": None if external_id is None else external_id.lower(),
        "x_doc": json.dumps(request.doc, separators=(",", ":")),
        "lastmodifieddate": mark_moment(moment),
        "x_modified": utc_text(moment),
    }
    if request.row is None:
        values |= {born: mark_moment(moment), "x_created": utc_text(moment)}
        columns, marks = ", ".join(values), ", ".join("?" * len(values))
        sql = f"INSERT INTO {table} ({columns}) VALUES ({marks})"
        request.connection.execute(sql, list(values.values()))
        return
    assignments = ", ".join(f"{column} = ?" for column in values)
    sql = f"UPDATE {table} SET {assignments} WHERE id = ?"
    request.connection.execute(sql, [*values.values(), new_id])


def _refuse_taken(request: Request, table: str, column: str, value: str, sentence: str) -> None:
    key = value.lower() if column.startswith("x_") else value
    row = request.connection.execute(
        f'SELECT id FROM "{table}" WHERE {column} = ? COLLATE NOCASE AND id IS NOT ?'
        if not column.startswith("x_")
        else f'SELECT id FROM "{table}" WHERE {column} = ? AND id IS NOT ?',
        (key, request.id),
    ).fetchone()
    if row is not None:
        raise user_error(sentence)


def _delete_row(connection: sqlite3.Connection, table: str, row: sqlite3.Row, name: str) -> None:
    connection.execute(f"DELETE FROM {table} WHERE id = ?", (row["id"],))
    connection.execute(
        "INSERT INTO deletedrecord VALUES (?, ?, ?, ?, ?)",
        (row["id"], name, table, table, mark_moment(now_utc())),
    )


def _next_id(connection: sqlite3.Connection, table: str) -> int:
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
    return int(row[0]) + 1


def _flag(value: object) -> str:
    return "T" if value is True else "F"
