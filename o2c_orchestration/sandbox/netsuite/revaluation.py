"""Realized gain or loss: what exchange rates leave on receivables when one document settles another.

Verified by Oracle's help ("Applied Payments and Realized Gain/Loss"): where the rate of an invoice is not that of the
payment or credit applied to it, NetSuite itself posts the variance, by default to Realized Gain/Loss, so that the
receivable of what is settled is nought in the base currency too; nobody asks it to. It does so in a transaction of its
own, a currency revaluation, in the later of both periods. Here the variance is two more accounting lines of the
document that is applied, in the base currency alone: every account has the same balance, and there is no document that
nobody wrote. Not verified: how NetSuite rounds parts; here all parts of a document make its whole.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable

from o2c_orchestration.sandbox.netsuite.applications import PAYMENT_LINK
from o2c_orchestration.sandbox.netsuite.chart import ACCOUNT_REALIZED, BASE_CURRENCY
from o2c_orchestration.sandbox.netsuite.values import BASE_SCALE

# Beyond any line that a document has.
_RECEIVABLE_LINE, _REALIZED_LINE = 900_001, 900_002
# Which side of receivables a document stands on in the base currency.
_SIGN = {"CustInvc": 1, "CustRfnd": 1, "CustPymt": -1, "DepAppl": -1, "CustCred": -1}

_LINKS = (
    "SELECT previousdoc, nextdoc, x_amount FROM nexttransactionlinelink"
    " WHERE linktype = ?1 AND (previousdoc = ?2 OR nextdoc = ?2) ORDER BY rowid"
)


def revalue(connection: sqlite3.Connection, ids: Iterable[int]) -> None:
    """Work out anew what these transactions, and those that they settle or are settled by, leave to gain or loss."""
    applied = set[int]()
    # Documents settle others of their own currency only, and in the base currency there is one rate.
    foreign = 'SELECT 1 FROM "transaction" WHERE id = ? AND currency <> ?'
    for transaction in {each for each in ids if connection.execute(foreign, (each, BASE_CURRENCY)).fetchone()}:
        applied.add(transaction)
        applied |= {row["nextdoc"] for row in connection.execute(_LINKS, (PAYMENT_LINK, transaction))}
    # A part of one document moves the parts after it.
    for transaction in sorted(applied):
        for row in connection.execute(_LINKS, (PAYMENT_LINK, transaction)).fetchall():
            shared = connection.execute(_LINKS, (PAYMENT_LINK, row["previousdoc"])).fetchall()
            applied |= {each["nextdoc"] for each in shared}
    for transaction in sorted(applied):
        _post(connection, transaction, _left_on_receivables(connection, transaction))


def _left_on_receivables(connection: sqlite3.Connection, transaction: int) -> dict[int, int]:
    """By account of receivables, what this document and the parts of others that it settles leave of each other."""
    left: dict[int, int] = defaultdict(int)
    for row in connection.execute(_LINKS, (PAYMENT_LINK, transaction)).fetchall():
        if row["nextdoc"] == transaction:
            for document in (row["previousdoc"], transaction):
                account, share = _share(connection, document, row["previousdoc"], row["nextdoc"])
                left[account] += share
    return left


def _share(connection: sqlite3.Connection, document: int, previous: int, following: int) -> tuple[int, int]:
    """The part of a document's base amount that one link stands for, debit positive: all parts make the whole."""
    head = connection.execute(
        'SELECT type, x_total, x_base_total FROM "transaction" WHERE id = ?', (document,)
    ).fetchone()
    before = part = 0
    for link in connection.execute(_LINKS, (PAYMENT_LINK, document)):
        if (link["previousdoc"], link["nextdoc"]) == (previous, following):
            part = link["x_amount"]
            break
        before += link["x_amount"]
    whole, base = head["x_total"] or 1, head["x_base_total"]
    return _receivable(connection, document), _SIGN[head["type"]] * (
        base * (before + part) // whole - base * before // whole
    )


def _receivable(connection: sqlite3.Connection, document: int) -> int:
    row = connection.execute(
        "SELECT l.account FROM transactionaccountingline l JOIN account a ON a.id = l.account"
        " WHERE l.\"transaction\" = ? AND a.accttype = 'AcctRec' ORDER BY l.transactionline LIMIT 1",
        (document,),
    ).fetchone()
    return int(row["account"])


def _post(connection: sqlite3.Connection, transaction: int, left: dict[int, int]) -> None:
    connection.execute(
        'DELETE FROM transactionaccountingline WHERE "transaction" = ? AND transactionline >= ?',
        (transaction, _RECEIVABLE_LINE),
    )
    for place, (account, minor) in enumerate((key, left[key]) for key in sorted(left) if left[key]):
        lines = ((_RECEIVABLE_LINE, account, -minor), (_REALIZED_LINE, ACCOUNT_REALIZED, minor))
        connection.executemany(
            'INSERT INTO transactionaccountingline ("transaction", transactionline, account, posting, exchangerate,'
            " lastmodifieddate, x_base, x_base_scale)"
            " SELECT id, ?2, ?3, 'T', exchangerate, lastmodifieddate, ?4, ?5 FROM \"transaction\" WHERE id = ?1",
            [(transaction, line + 10 * place, to, base, BASE_SCALE) for line, to, base in lines],
        )
