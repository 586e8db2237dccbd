"""Merging duplicate customers, as an administrator does in NetSuite: one stays, the other's transactions become his.

By Oracle's help (Merging or Deleting Duplicate Records; Status and Timing of Merge Operations) the transactions move,
and each counts as modified; the duplicate's record is no longer there. What becomes of his external id is not said:
here it is gone with him, and the one who stays keeps his own. Nor is it said whether the list of deleted records has
him: here it does not.
"""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from o2c_orchestration.sandbox.netsuite.errors import NetSuiteError
from o2c_orchestration.sandbox.netsuite.ledger import find, record_type
from o2c_orchestration.sandbox.netsuite.service import NetSuiteService
from o2c_orchestration.sandbox.netsuite.values import mark_moment, now_utc, utc_text

Json = dict[str, Any]
# Properties of a transaction that name its customer.
_NAMES = ("entity", "customer")


def merge_customers(service: NetSuiteService, change: Json) -> Json:
    """`{"master": "101", "duplicate": "102"}`, internal ids or `eid:…`: how many transactions moved.

    Raises ValueError when they are one and the same, or one is not there.
    """
    moment = now_utc()
    with service.ledger.store.write() as connection:
        kept, gone = (_customer(connection, str(change[name])) for name in ("master", "duplicate"))
        if kept == gone:
            raise ValueError("a customer cannot be merged into himself")
        moved = [row["id"] for row in connection.execute('SELECT id FROM "transaction" WHERE entity = ?', (gone,))]
        for transaction in moved:
            _rename(connection, transaction, gone, kept)
        connection.execute(
            'UPDATE "transaction" SET entity = ?, lastmodifieddate = ?, x_modified = ? WHERE entity = ?',
            (kept, mark_moment(moment), utc_text(moment), gone),
        )
        connection.execute("UPDATE transactionline SET entity = ? WHERE entity = ?", (kept, gone))
        connection.execute(
            "INSERT OR IGNORE INTO x_customer_currency SELECT ?, currency FROM x_customer_currency WHERE customer = ?",
            (kept, gone),
        )
        for table, column in (("x_customer_currency", "customer"), ("x_relationship", "entity"), ("customer", "id")):
            connection.execute(f"DELETE FROM {table} WHERE {column} = ?", (gone,))
    return {"id": str(kept), "moved": len(moved)}


def _customer(connection: sqlite3.Connection, key: str) -> int:
    try:
        return int(find(connection, record_type("customer"), key)["id"])
    except NetSuiteError as error:
        raise ValueError(f"there is no customer {key}") from error


def _rename(connection: sqlite3.Connection, transaction: int, gone: int, kept: int) -> None:
    row = connection.execute("SELECT doc FROM x_document WHERE id = ?", (transaction,)).fetchone()
    doc: Json = json.loads(row["doc"]) if row is not None else {}
    named = [name for name in _NAMES if str((doc.get(name) or {}).get("id")) == str(gone)]
    if named:
        doc |= {name: {"id": str(kept)} for name in named}
        text = json.dumps(doc, separators=(",", ":"))
        connection.execute("UPDATE x_document SET doc = ? WHERE id = ?", (text, transaction))
