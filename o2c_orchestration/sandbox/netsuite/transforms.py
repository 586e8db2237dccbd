"""`!transform`: the body of the record that another one turns into, before the client's own changes."""

from __future__ import annotations

import sqlite3
from typing import Any

from o2c_orchestration.sandbox.netsuite.errors import NetSuiteError, user_error
from o2c_orchestration.sandbox.netsuite.merge import merge
from o2c_orchestration.sandbox.netsuite.orders import billable_lines, by_order_line, without_nothing
from o2c_orchestration.sandbox.netsuite.records import RecordType

Json = dict[str, Any]

TRANSFORMS = {
    ("salesOrder", "invoice"),
    ("invoice", "creditMemo"),
    ("invoice", "customerPayment"),
    ("customerPayment", "customerRefund"),
    ("customerDeposit", "depositApplication"),
}
_KEPT = (
    "currency",
    "subsidiary",
    "memo",
    "otherRefNum",
    "terms",
    "email",
    "item",
    "discountItem",
    "discountRate",
)


def transformed(connection: sqlite3.Connection, source: str, target: str, row: sqlite3.Row, doc: Json) -> Json:
    """The default properties of the new record, as a stored body. Raises when pair or state forbid it."""
    if (source, target) not in TRANSFORMS:
        detail = f"Transformation from '{source}' to '{target}' is not supported."
        raise NetSuiteError(400, "INVALID_REQUEST", detail)
    is_open = row["x_total"] > row["x_paid"]
    if source == "salesOrder":
        return {**_copied(row, doc), "item": billable_lines(connection, row, doc)}
    if source == "invoice" and target == "creditMemo":
        return {**_copied(row, doc), "apply": [_applied(row)] if is_open else []}
    if not is_open:
        raise user_error(f"Can not initialize {target}: invalid {source} reference {row['id']}.")
    made = {"customer": {"id": str(row["entity"])}, "currency": {"id": str(row["currency"])}}
    if source == "customerDeposit":
        return {**made, "deposit": {"id": str(row["id"])}, "apply": []}
    return {**made, "apply": [_applied(row)]}


def changed(source: str, target: RecordType, defaults: Json, patch: Json, replace: frozenset[str]) -> Json:
    """The new record: the defaults with the client's properties on top. Lines of an order go by `orderLine`."""
    if source != "salesOrder":
        return merge(target, defaults, patch, replace)
    if "item" in patch and "item" not in replace:
        patch = {**patch, "item": by_order_line(defaults["item"], patch["item"])}
    doc = merge(target, defaults, patch, replace)
    return {**doc, "item": without_nothing(doc["item"])}


def _copied(row: sqlite3.Row, doc: Json) -> Json:
    kept = {name: doc[name] for name in _KEPT if doc.get(name)}
    return {
        **kept,
        "entity": {"id": str(row["entity"])},
        "currency": {"id": str(row["currency"])},
        "createdFrom": {"id": str(row["id"])},
    }


def _applied(row: sqlite3.Row) -> Json:
    # No amount: as much as is open, or as the new record has to give.
    return {"doc": {"id": str(row["id"])}, "apply": True}
