"""What a clerk does with sales orders in NetSuite's screens: approve, fulfil, bill, close, cancel, edit, delete.

The rules are the ledger's, as for everybody. Fulfilling and cancelling have no REST property here: the first makes an
item fulfilment in NetSuite, of which only the quantities are kept; the second is a button of orders that nothing was
done with.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from o2c_orchestration.sandbox.netsuite.errors import NetSuiteError
from o2c_orchestration.sandbox.netsuite.ledger import Options, find, record_type, stored_doc
from o2c_orchestration.sandbox.netsuite.orders import (
    BILL_LINK,
    CANCELLED,
    DEFAULT_STATUS,
    FULFILLED,
    OrderLine,
    order_lines,
)
from o2c_orchestration.sandbox.netsuite.service import NetSuiteService
from o2c_orchestration.sandbox.netsuite.settling import settle
from o2c_orchestration.sandbox.netsuite.values import now_utc

Json = dict[str, Any]

_ORDER = "salesOrder"


def at_the_desk(service: NetSuiteService, change: Json) -> Json:
    """Do one thing with the order under `id` or `externalId`: `{"do": "fulfil", "id": "1001", "lines": {"1": 2}}`.

    `bill` answers with the `invoice` it made and takes `lines` and a `body` (dates, memo, external id); `edit` takes
    a `body` and `replace`; `default` sets the status of orders to come, A or B. Raises ValueError in NetSuite's words.
    """
    deed = _DEEDS.get(str(change["do"]))
    if deed is None:
        raise ValueError(f"there is no such thing to do: {change['do']!r}")
    try:
        return deed(service, change)
    except NetSuiteError as error:
        raise ValueError(f"{error.code}: {error.detail}") from error


def look_at_orders(service: NetSuiteService, change: Json) -> Json:
    """All sales orders, amounts in minor units of `currency`, with what became of their lines, and their invoices."""
    connection = service.ledger.store.read()
    rows = connection.execute(
        'SELECT t.id, t.externalid, t.tranid, t.status, t.entity, t.memo, t.x_total, c.symbol FROM "transaction" t'
        " JOIN currency c ON c.id = t.currency WHERE t.type = 'SalesOrd' ORDER BY t.id"
    ).fetchall()
    return {"orders": [_order(connection, row) for row in rows]}


def _order(connection: sqlite3.Connection, row: sqlite3.Row) -> Json:
    bills = connection.execute(
        "SELECT nextdoc, x_amount FROM nexttransactionlinelink WHERE previousdoc = ? AND linktype = ? ORDER BY 1",
        (row["id"], BILL_LINK),
    ).fetchall()
    return {
        "id": str(row["id"]),
        "externalId": row["externalid"],
        "tranId": row["tranid"],
        "status": row["status"],
        "customer": str(row["entity"]),
        "memo": row["memo"],
        "currency": row["symbol"],
        "total": row["x_total"],
        "billed": sum(bill["x_amount"] for bill in bills),
        "invoices": [str(bill["nextdoc"]) for bill in bills],
        "lines": [_line(line) for line in order_lines(connection, row["id"])],
    }


def _line(line: OrderLine) -> Json:
    return {
        "line": line.line,
        "item": str(line.item),
        "quantity": None if line.quantity is None else float(line.quantity),
        "amount": line.amount,
        "billed": float(line.billed),
        "billedAmount": line.billed_amount,
        "fulfilled": float(line.fulfilled),
        "closed": line.closed,
    }


def _approve(service: NetSuiteService, change: Json) -> Json:
    return _updated(service, change, {"orderStatus": {"id": "B"}})


def _unapprove(service: NetSuiteService, change: Json) -> Json:
    return _updated(service, change, {"orderStatus": {"id": "A"}})


def _close(service: NetSuiteService, change: Json) -> Json:
    chosen = {int(number) for number in change["lines"]} if "lines" in change else None
    lines = order_lines(service.ledger.store.read(), _row(service, change)["id"])
    closing = [line.line for line in lines if not line.is_billed and (chosen is None or line.line in chosen)]
    return _updated(service, change, {"item": {"items": [{"line": line, "isClosed": True} for line in closing]}})


def _edit(service: NetSuiteService, change: Json) -> Json:
    return _updated(service, change, change["body"])


def _delete(service: NetSuiteService, change: Json) -> Json:
    service.ledger.delete(_ORDER, _key(change))
    return {"deleted": True}


def _bill(service: NetSuiteService, change: Json) -> Json:
    body = dict(change.get("body") or {})
    if "lines" in change:
        lines = order_lines(service.ledger.store.read(), _row(service, change)["id"])
        wanted = {int(number): quantity for number, quantity in change["lines"].items()}
        items = [{"orderLine": line.line, "quantity": wanted.get(line.line, 0)} for line in lines]
        body["item"] = {"items": items}
    invoice = service.ledger.transform(_ORDER, _key(change), "invoice", _decimals(body)).id
    return {**_shown(service, change), "invoice": str(invoice)}


def _fulfil(service: NetSuiteService, change: Json) -> Json:
    row = _row(service, change)
    lines = order_lines(service.ledger.store.read(), row["id"])
    wanted = {int(number): Decimal(str(quantity)) for number, quantity in change.get("lines", {}).items()}
    shipping = {line.line: line for line in lines if line.ships and not line.closed}
    if row["status"] not in ("B", "D", "E") or wanted.keys() - shipping.keys():
        raise ValueError(f"order {row['id']} has nothing to fulfil on these lines")
    done = {}
    for number, line in shipping.items():
        rest = (line.quantity or Decimal(1)) - line.fulfilled
        done[str(number)] = str(line.fulfilled + min(wanted.get(number, Decimal(0)) if wanted else rest, rest))
    return _marked(service, row["id"], {FULFILLED: done})


def _cancel(service: NetSuiteService, change: Json) -> Json:
    row = _row(service, change)
    lines = order_lines(service.ledger.store.read(), row["id"])
    if row["status"] not in ("A", "B", "F") or any(line.bills or line.fulfilled for line in lines):
        raise ValueError(f"order {row['id']} cannot be cancelled: close it")
    return _marked(service, row["id"], {CANCELLED: True})


def _default(service: NetSuiteService, change: Json) -> Json:
    if change["status"] not in ("A", "B"):
        raise ValueError("orders start as A (pending approval) or B (approved)")
    with service.ledger.store.write() as connection:
        connection.execute("INSERT OR REPLACE INTO x_meta VALUES (?, ?)", (DEFAULT_STATUS, change["status"]))
    return {"status": change["status"]}


def _updated(service: NetSuiteService, change: Json, body: Json) -> Json:
    options = Options(replace=frozenset(name.lower() for name in change.get("replace", ())))
    service.ledger.update(_ORDER, _key(change), _decimals(body), options)
    return _shown(service, change)


def _marked(service: NetSuiteService, order: int, entries: Json) -> Json:
    with service.ledger.store.write() as connection:
        doc = {**stored_doc(connection, order), **entries}
        connection.execute(
            "UPDATE x_document SET doc = ? WHERE id = ?", (json.dumps(doc, separators=(",", ":")), order)
        )
        settle(connection, [order], now_utc(), [order])
    return _shown(service, {"id": str(order)})


def _shown(service: NetSuiteService, change: Json) -> Json:
    row = _row(service, change)
    return {"id": str(row["id"]), "status": row["status"]}


def _row(service: NetSuiteService, change: Json) -> sqlite3.Row:
    return find(service.ledger.store.read(), record_type(_ORDER), _key(change))


def _key(change: Json) -> str:
    return str(change["id"]) if "id" in change else f"eid:{change['externalId']}"


def _decimals(body: Json) -> object:
    # A browser's numbers are decimal text; floats would not be.
    return json.loads(json.dumps(body), parse_float=Decimal)


_DEEDS: dict[str, Callable[[NetSuiteService, Json], Json]] = {
    "approve": _approve,
    "unapprove": _unapprove,
    "fulfil": _fulfil,
    "bill": _bill,
    "close": _close,
    "cancel": _cancel,
    "edit": _edit,
    "delete": _delete,
    "default": _default,
}
