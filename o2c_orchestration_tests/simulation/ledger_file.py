"""NetSuite's own file, read past all of its interfaces: the records that the oracle is shown.

What belongs here: rows to records, in the shapes of `oracle.view`. Nothing of the product, and no judgement.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

Wire = dict[str, Any]

_TYPES = {
    "CustInvc": "invoice",
    "CustPymt": "customerPayment",
    "CustDep": "customerPayment",
    "CustCred": "creditMemo",
    "CustRfnd": "customerRefund",
    "Deposit": "deposit",
    "Journal": "journalEntry",
}
# What is still open of a document: an invoice is unpaid, money or credit is not applied.
_OPEN = {"invoice": "amountRemaining", "customerPayment": "unapplied", "creditMemo": "unapplied"}

_TRANSACTIONS = """
SELECT t.id, t.type, t.externalid, t.memo, t.otherrefnum, t.tranid, substr(t.trandate, 2, 10) AS trandate,
       c.symbol, t.x_total, t.x_paid, t.voided, t.entity,
       (SELECT coalesce(-sum(l.x_amount), 0) FROM transactionline l JOIN item i ON i.id = l.item
        WHERE l."transaction" = t.id AND i.itemid = 'Stripe Tax') AS tax
FROM "transaction" t JOIN currency c ON c.id = t.currency
WHERE t.type IN ('CustInvc', 'CustPymt', 'CustDep', 'CustCred', 'CustRfnd', 'Deposit', 'Journal') ORDER BY t.id"""

_ORDERS = """SELECT id, externalid, x_total FROM "transaction" WHERE type = 'SalesOrd' ORDER BY id"""

_LINKS = "SELECT nextdoc, previousdoc, linktype, x_amount FROM nexttransactionlinelink ORDER BY nextdoc, previousdoc"

# Credits add to a deposit. The gain or loss of an exchange has no amount in the deposit's currency.
_POSTINGS = """
SELECT l."transaction", a.accountsearchdisplayname AS account, -l.x_amount AS minor, coalesce(l.memo, '') AS memo
FROM transactionline l JOIN "transaction" t ON t.id = l."transaction"
JOIN transactionaccountingline p ON p."transaction" = l."transaction" AND p.transactionline = l.id
JOIN account a ON a.id = p.account
WHERE t.type IN ('Deposit', 'Journal') AND l.createdfrom IS NULL AND l.x_amount <> 0
  AND (t.type = 'Journal' OR l.mainline = 'F') ORDER BY 1, l.id"""


def records(path: Path) -> list[Wire]:
    """Customers and transactions of the books in this file, oldest first; amounts in minor units."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        customers = [
            {"type": "customer", "id": row["id"], "externalId": row["externalid"], "inactive": row["isinactive"] == "T"}
            for row in connection.execute("SELECT id, externalid, isinactive FROM customer ORDER BY id")
        ]
        links: dict[int, list[Any]] = defaultdict(list)
        for row in connection.execute(_LINKS):
            links[row["nextdoc"]].append(row)
        postings: dict[int, list[tuple[str, int, str]]] = defaultdict(list)
        for row in connection.execute(_POSTINGS):
            postings[row["transaction"]].append((row["account"], row["minor"], row["memo"]))
        # What is paid back of a customer deposit is an application of NetSuite's own in between.
        through = {made: link["previousdoc"] for made in links for link in links[made] if link["linktype"] == "DepAppl"}
        rows = connection.execute(_TRANSACTIONS).fetchall()
        return customers + [_transaction(row, links[row["id"]], postings[row["id"]], through) for row in rows]


def sales_orders(path: Path) -> list[Wire]:
    """Sales orders of the books in this file, oldest first; amounts in minor units."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        rows = connection.execute(_ORDERS).fetchall()
        return [{"id": row["id"], "externalId": row["externalid"], "total": row["x_total"]} for row in rows]


def _transaction(row: Any, links: list[Any], postings: list[tuple[str, int, str]], through: Mapping[int, int]) -> Wire:
    kind = _TYPES[row["type"]]
    record = {
        "type": kind,
        "id": row["id"],
        "owed": row["type"] == "CustDep",
        "externalId": row["externalid"],
        "memo": row["memo"],
        "otherRefNum": row["otherrefnum"],
        "tranId": row["tranid"],
        "tranDate": row["trandate"],
        "currency": row["symbol"].lower(),
        "total": row["x_total"],
        "tax": row["tax"],
        "applications": [
            (through.get(link["previousdoc"], link["previousdoc"]), link["x_amount"])
            for link in links
            if link["linktype"] == "Payment"
        ],
        "deposited": [link["previousdoc"] for link in links if link["linktype"] == "DepositPayment"],
        "postings": postings,
        "voided": row["voided"] == "T",
        "customer": row["entity"],
    }
    return record | ({_OPEN[kind]: row["x_total"] - row["x_paid"]} if kind in _OPEN else {})
