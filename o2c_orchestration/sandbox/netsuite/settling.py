"""What is paid, used, open and deposited, worked out anew whenever the links of a transaction change.

What belongs here: the consequences of links. What does not: writing links and lines (see `posting`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable
from datetime import datetime

from o2c_orchestration.sandbox.netsuite.applications import PAYMENT_LINK
from o2c_orchestration.sandbox.netsuite.chart import ACCOUNT_UNDEPOSITED
from o2c_orchestration.sandbox.netsuite.deposits import DEPOSIT_LINK
from o2c_orchestration.sandbox.netsuite.orders import settle_order
from o2c_orchestration.sandbox.netsuite.values import mark_moment, utc_text

# From a customer deposit to what takes of it.
APPLICATION_LINK = "DepAppl"


def settle(connection: sqlite3.Connection, ids: Iterable[int], moment: datetime, touched: Collection[int] = ()) -> None:
    """Work out anew what is paid, used and open on these transactions, and their status.

    Those whose status or settlement changes, and those of `touched` whatever comes of it, count as modified now.
    """
    for transaction in ids:
        row = connection.execute(
            "SELECT id, type, status, trandate, closedate, x_sense, x_total, x_paid, x_account,"
            ' x_base_total FROM "transaction" WHERE id = ?',
            (transaction,),
        ).fetchone()
        if row is not None:
            settled = settle_order if row["type"] == "SalesOrd" else _settle_one
            settled(connection, row, moment, touched=transaction in touched)


def _settle_one(connection: sqlite3.Connection, row: sqlite3.Row, moment: datetime, *, touched: bool) -> None:
    paid, deposited = _linked(connection, row["id"])
    status = _status(row, paid, deposited)
    changed = touched or status != row["status"] or paid != row["x_paid"]
    closed = status == "B" and row["type"] in ("CustInvc", "CustCred")
    if changed:
        connection.execute(
            'UPDATE "transaction" SET x_paid = ?, status = ?, closedate = ?, x_modified = ?,'
            " lastmodifieddate = ? WHERE id = ?",
            (
                paid,
                status,
                mark_moment(moment) if closed else None,
                utc_text(moment),
                mark_moment(moment),
                row["id"],
            ),
        )
    elif closed and row["closedate"] is None:
        connection.execute('UPDATE "transaction" SET closedate = ? WHERE id = ?', (mark_moment(moment), row["id"]))
    _settle_mainline(connection, row, paid)


def _settle_mainline(connection: sqlite3.Connection, row: sqlite3.Row, paid: int) -> None:
    if row["x_sense"] is None:
        return
    first, second = ("x_paid", "x_unpaid") if row["x_sense"] == "debt" else ("x_used", "x_unused")
    rest = row["x_total"] - paid
    connection.execute(
        f'UPDATE transactionline SET {first} = ?, {second} = ? WHERE "transaction" = ? AND id = 0',
        (paid, rest, row["id"]),
    )
    base_paid = row["x_base_total"] * paid // row["x_total"] if row["x_total"] else 0
    connection.execute(
        'UPDATE transactionaccountingline SET x_paid = ?, x_unpaid = ? WHERE "transaction" = ? AND transactionline = 0',
        (base_paid, row["x_base_total"] - base_paid, row["id"]),
    )


def _linked(connection: sqlite3.Connection, transaction: int) -> tuple[int, bool]:
    """Money applied on either side, and whether it was deposited."""
    paid = connection.execute(
        "SELECT coalesce(sum(x_amount), 0) FROM nexttransactionlinelink"
        " WHERE (previousdoc = ?1 OR nextdoc = ?1) AND linktype = ?2 OR previousdoc = ?1 AND linktype = ?3",
        (transaction, PAYMENT_LINK, APPLICATION_LINK),
    ).fetchone()[0]
    deposited = connection.execute(
        "SELECT 1 FROM nexttransactionlinelink WHERE previousdoc = ? AND linktype = ?", (transaction, DEPOSIT_LINK)
    ).fetchone()
    return int(paid), deposited is not None


def _status(row: sqlite3.Row, paid: int, deposited: bool) -> str:
    status: str = row["status"]
    if row["type"] in ("CustInvc", "CustCred") and status in ("A", "B"):
        return "B" if paid >= row["x_total"] else "A"
    if row["type"] == "CustPymt" and status in ("B", "C"):
        # A payment on undeposited funds waits for its deposit.
        return "C" if deposited or row["x_account"] != ACCOUNT_UNDEPOSITED else "B"
    if row["type"] == "CustDep":
        there = deposited or row["x_account"] != ACCOUNT_UNDEPOSITED
        return "C" if paid >= row["x_total"] else "B" if there else "A"
    return status
