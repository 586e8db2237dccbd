"""Sales orders: what their lines still wait for, their status, and how an invoice bills them.

Verified by Oracle's help: `orderStatus` A asks for approval and B is approved, either way round by PATCH; an order is
closed by closing its lines (section_159795516182); `!transform/invoice` bills all that is fulfilled, or the quantities
given by `orderLine`, 0 for a line left out (section_159795520083). Its REST browser: `status` A to H, `orderStatus` A
and B only, `quantityBilled` and `quantityFulfilled` of a line. Not verified: which lines a plain invoice with
`createdFrom` bills that names no `orderLine` (here those of the same item), the words of refused edits, the status of
an order that is billed in part and then closed (here H), the sign of SuiteQL's `quantitybilled` (here positive).
Lines are billed by quantity, by amount only where they have none. An order posts nothing, and no period holds it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from o2c_orchestration.sandbox.netsuite.drafts import Link, Request, choice, reference
from o2c_orchestration.sandbox.netsuite.errors import invalid_field_value, user_error
from o2c_orchestration.sandbox.netsuite.values import mark_moment, to_decimal, utc_text

Json = dict[str, Any]

BILL_LINK = "OrdBill"
# Private entries of a stored body: what people do in screens, which no body can say.
CANCELLED, FULFILLED = "x_cancelled", "x_fulfilled"
DEFAULT_STATUS = "order_status"
NOTHING_TO_BILL = "You have an invalid sales order {} or the order is already billed."
LINE_IN_USE = "You may not remove or reduce a line that has been fulfilled or billed."
_CLOSING = ("C", "G", "H")
_OWN = {"line", "lineUniqueKey", "isClosed"}


@dataclass(frozen=True)
class OrderLine:
    """A line and what became of it; amounts in minor units as ordered, a discount below nought."""

    line: int
    item: int
    ships: bool
    quantity: Decimal | None
    amount: int
    closed: bool
    fulfilled: Decimal
    billed: Decimal
    billed_amount: int
    bills: int

    @property
    def is_billed(self) -> bool:
        """Whether nothing is left to bill."""
        if self.quantity is not None:
            return self.billed >= self.quantity
        return self.bills > 0 and abs(self.billed_amount) >= abs(self.amount)

    @property
    def waits_to_ship(self) -> bool:
        """Whether something of it has to be fulfilled before it can be billed."""
        return self.ships and not self.closed and self.fulfilled < (self.quantity or Decimal(1))

    @property
    def billable(self) -> Decimal | None:
        """The quantity that can be billed now; None for a line that has an amount only."""
        if self.quantity is None:
            return None
        return max((self.fulfilled if self.ships else self.quantity) - self.billed, Decimal(0))


def order_lines(connection: sqlite3.Connection, order: int) -> list[OrderLine]:
    """The stored lines of an order with what was fulfilled and billed of each."""
    doc = _doc(connection, order)
    billed = _billed(connection, order)
    shipped = doc.get(FULFILLED) or {}
    rows = {
        row["id"]: row
        for row in connection.execute(
            "SELECT l.id, l.item, l.x_amount, i.itemtype FROM transactionline l JOIN item i ON i.id = l.item"
            " WHERE l.\"transaction\" = ? AND l.mainline = 'F'",
            (order,),
        )
    }
    lines = []
    for stored in doc.get("item") or []:
        row = rows[int(stored["line"])]
        quantity, amount, bills = billed.get(row["id"], (Decimal(0), 0, 0))
        ordered = None if stored.get("quantity") is None else Decimal(stored["quantity"])
        closed, done = stored.get("isClosed") is True, Decimal(shipped.get(str(row["id"]), 0))
        ships = row["itemtype"] == "NonInvtPart"
        state = (closed, done, quantity, amount, bills)
        lines.append(OrderLine(row["id"], row["item"], ships, ordered, -row["x_amount"], *state))
    return lines


def settle_order(connection: sqlite3.Connection, row: sqlite3.Row, moment: datetime, *, touched: bool) -> None:
    """Write what was billed and fulfilled on the lines, and the status that follows from it."""
    lines = order_lines(connection, row["id"])
    connection.executemany(
        'UPDATE transactionline SET quantitybilled = ?, quantityshiprecv = ?, isclosed = ? WHERE "transaction" = ?'
        " AND id = ?",
        [(float(e.billed), float(e.fulfilled), "T" if e.closed else "F", row["id"], e.line) for e in lines],
    )
    status = _status(_doc(connection, row["id"]), lines)
    if touched or status != row["status"]:
        closed = row["closedate"] or mark_moment(moment)
        connection.execute(
            'UPDATE "transaction" SET status = ?, closedate = ?, x_modified = ?, lastmodifieddate = ? WHERE id = ?',
            (status, closed if status in _CLOSING else None, utc_text(moment), mark_moment(moment), row["id"]),
        )


def check_order(request: Request) -> None:
    """Refuse a status that no body may give, and an edit that what is billed or fulfilled does not allow."""
    default = request.connection.execute("SELECT value FROM x_meta WHERE name = ?", (DEFAULT_STATUS,)).fetchone()
    request.doc.setdefault("orderStatus", {"id": "B" if default is None else default[0]})
    status = choice(request.doc, "orderStatus")
    if status not in ("A", "B"):
        raise invalid_field_value(status, "orderStatus", "orderStatus")
    if request.row is None:
        return
    used = [line for line in order_lines(request.connection, request.row["id"]) if line.bills or line.fulfilled]
    if used and status == "A":
        raise invalid_field_value(status, "orderStatus", "orderStatus")
    if used and reference(request.doc, "entity") != request.row["entity"]:
        raise invalid_field_value(reference(request.doc, "entity"), "entity", "entity")
    given = {int(line["line"]): line for line in request.doc.get("item") or []}
    for line in used:
        _refuse_less(given.get(line.line), line)


def tie_to_orders(request: Request, total: int, scale: int) -> list[Link]:
    """Tie the lines of an invoice to those of the order in `createdFrom`; the link that says so, if it is an order."""
    order = reference(request.doc, "createdFrom")
    row = None if order is None else _order_row(request.connection, order)
    if row is None or order is None:
        return []
    linked = request.row is not None and _is_linked(request.connection, order, request.row["id"])
    if not linked and (row["status"] not in ("B", "D", "E", "F") or row["entity"] != reference(request.doc, "entity")):
        raise user_error(NOTHING_TO_BILL.format(order))
    left = [line for line in order_lines(request.connection, order) if not line.closed]
    for index, line in enumerate(request.doc.get("item") or []):
        _tie(line, index, order, left)
    return [Link(order, BILL_LINK, total, scale)]


def billable_lines(connection: sqlite3.Connection, order: sqlite3.Row, doc: Json) -> list[Json]:
    """The lines of the invoice that an order turns into: what is left of each, tied to it. Raises where none is."""
    state = {line.line: line for line in order_lines(connection, order["id"])}
    lines = []
    for stored in doc.get("item") or []:
        line = state[int(stored["line"])]
        if line.closed or line.is_billed or line.billable == 0:
            continue
        kept = {name: value for name, value in stored.items() if name not in _OWN}
        ties = {"line": stored["line"], "orderLine": stored["line"], "orderDoc": {"id": str(order["id"])}}
        lines.append({**kept, **_left(kept, line, order["x_scale"]), **ties})
    if order["status"] not in ("B", "D", "E", "F") or not lines:
        raise user_error(NOTHING_TO_BILL.format(order["id"]))
    return lines


def by_order_line(defaults: list[Json], given: list[Json] | None) -> list[Json] | None:
    """The client's lines with the number of the default line that their `orderLine` means."""
    numbers = {str(line["orderLine"]): line["line"] for line in defaults}
    if given is None:
        return None
    return [
        {"line": numbers[str(line["orderLine"])], **line} if str(line.get("orderLine")) in numbers else line
        for line in given
    ]


def without_nothing(lines: list[Json]) -> list[Json]:
    """The lines without those that bill a quantity of nought."""
    return [line for line in lines if line.get("quantity") is None or Decimal(line["quantity"]) != 0]


def _status(doc: Json, lines: list[OrderLine]) -> str:
    if doc.get(CANCELLED):
        return "C"
    if choice(doc, "orderStatus") == "A":
        return "A"
    if all(line.is_billed for line in lines):
        return "G"
    if all(line.is_billed or line.closed for line in lines):
        return "H"
    if not any(line.waits_to_ship for line in lines):
        return "F"
    if not any(line.fulfilled for line in lines):
        return "B"
    return "E" if any(line.ships and line.fulfilled > line.billed for line in lines) else "D"


def _billed(connection: sqlite3.Connection, order: int) -> dict[int, tuple[Decimal, int, int]]:
    """By line of the order: quantity, minor units and number of the invoice lines that bill it."""
    billed: dict[int, tuple[Decimal, int, int]] = {}
    for invoice, line in _invoice_lines(connection, order):
        row = connection.execute(
            'SELECT x_amount FROM transactionline WHERE "transaction" = ? AND id = ?', (invoice, int(line["line"]))
        ).fetchone()
        number = int(line["orderLine"])
        quantity, amount, bills = billed.get(number, (Decimal(0), 0, 0))
        billed[number] = (quantity + Decimal(line.get("quantity") or 0), amount - row["x_amount"], bills + 1)
    return billed


def _invoice_lines(connection: sqlite3.Connection, order: int) -> Iterator[tuple[int, Json]]:
    rows = connection.execute(
        "SELECT d.id, d.doc FROM nexttransactionlinelink k JOIN x_document d ON d.id = k.nextdoc"
        " WHERE k.previousdoc = ? AND k.linktype = ? ORDER BY d.id",
        (order, BILL_LINK),
    ).fetchall()
    for row in rows:
        for line in json.loads(row["doc"]).get("item") or []:
            if line.get("orderLine") is not None and reference(line, "orderDoc") == order:
                yield row["id"], line


def _tie(line: Json, index: int, order: int, left: list[OrderLine]) -> None:
    if line.get("orderDoc") is not None and reference(line, "orderDoc") != order:
        return
    number = line.get("orderLine")
    wanted = (each for each in left if (each.line == int(number) if number else each.item == reference(line, "item")))
    match = next(wanted, None)
    if match is None:
        if number and line.get("orderDoc") is None:
            raise invalid_field_value(number, "orderLine", f"item.items[{index}].orderLine")
        return
    left.remove(match)
    line |= {"orderDoc": {"id": str(order)}, "orderLine": str(match.line)}


def _left(stored: Json, line: OrderLine, scale: int) -> Json:
    """Quantity and amount of what is left; the rate makes the amount where the order's line gives none."""
    if line.billable is None:
        return {"amount": format(to_decimal(line.amount - line.billed_amount, scale), "f")}
    left: Json = {"quantity": format(line.billable, "f")}
    if stored.get("amount") is not None and line.quantity:
        left["amount"] = format(Decimal(stored["amount"]) * line.billable / line.quantity, "f")
    return left


def _refuse_less(given: Json | None, line: OrderLine) -> None:
    if given is None or reference(given, "item") != line.item:
        raise user_error(LINE_IN_USE)
    if line.quantity is not None and Decimal(given.get("quantity") or 0) < max(line.billed, line.fulfilled):
        raise user_error(LINE_IN_USE)


def _order_row(connection: sqlite3.Connection, order: int) -> sqlite3.Row | None:
    row: sqlite3.Row | None = connection.execute(
        "SELECT id, status, entity FROM \"transaction\" WHERE id = ? AND type = 'SalesOrd'", (order,)
    ).fetchone()
    return row


def _is_linked(connection: sqlite3.Connection, order: int, invoice: int) -> bool:
    found = connection.execute(
        "SELECT 1 FROM nexttransactionlinelink WHERE previousdoc = ? AND nextdoc = ? AND linktype = ?",
        (order, invoice, BILL_LINK),
    ).fetchone()
    return found is not None


def _doc(connection: sqlite3.Connection, order: int) -> Json:
    row = connection.execute("SELECT doc FROM x_document WHERE id = ?", (order,)).fetchone()
    doc: Json = json.loads(row["doc"])
    return doc
