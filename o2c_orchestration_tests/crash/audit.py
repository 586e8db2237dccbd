"""An auditor who trusts nobody: reads NetSuite's own file and Stripe's wire objects, and none of our code.

What belongs here: what must be in the books, derived from Stripe's objects alone, and the comparison.
"""

import sqlite3
from collections import Counter
from collections.abc import Collection
from contextlib import closing
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from o2c_orchestration_tests.crash.money import movements
from o2c_orchestration_tests.crash.world import Books

_DECIMALS = {"jpy": 0, "kwd": 3}
_CUSTOMERS = "SELECT id, externalid FROM customer"
_TRANSACTIONS = "SELECT id, type, externalid, x_total, x_scale FROM \"transaction\" WHERE voided = 'F'"
_LINKS = "SELECT nextdoc, previousdoc, linktype, x_amount, x_scale FROM nexttransactionlinelink"
_BILLED = ("open", "paid", "uncollectible")


@dataclass
class Ledger:
    """External id → amount of every document, (document, what it is applied to) → amount applied, and which documents

    each deposit takes; ids folded, no minor units.
    """

    customers: Counter[str] = field(default_factory=Counter)
    invoices: dict[str, Fraction] = field(default_factory=dict)
    payments: dict[str, Fraction] = field(default_factory=dict)
    credit_memos: dict[str, Fraction] = field(default_factory=dict)
    refunds: dict[str, Fraction] = field(default_factory=dict)
    deposits: dict[str, Fraction] = field(default_factory=dict)
    journal_entries: dict[str, Fraction] = field(default_factory=dict)
    applied: dict[tuple[str, str], Fraction] = field(default_factory=dict)
    deposited: Counter[tuple[str, str]] = field(default_factory=Counter)

    def side(self, kind: str) -> dict[str, Fraction]:
        """The documents of one type, by NetSuite's name or code for it."""
        sides = {
            **dict.fromkeys(("invoice", "CustInvc"), self.invoices),
            **dict.fromkeys(("customerPayment", "CustPymt"), self.payments),
            **dict.fromkeys(("creditMemo", "CustCred"), self.credit_memos),
            **dict.fromkeys(("customerRefund", "CustRfnd"), self.refunds),
            **dict.fromkeys(("deposit", "Deposit"), self.deposits),
            **dict.fromkeys(("journalEntry", "Journal"), self.journal_entries),
        }
        return sides[kind]


def expected(books: Books) -> Ledger:
    """What the ledger must hold for Stripe's objects and nothing else."""
    ledger = Ledger()
    for invoice in books.of("invoice"):
        billed = invoice["status"] in _BILLED and any(line["amount"] for line in invoice["lines"]["data"])
        if billed:
            ledger.invoices[invoice["id"].lower()] = major(invoice["total"], invoice["currency"])
            ledger.customers[invoice["customer"].lower()] = 1
    charges = {charge["payment_intent"]: charge for charge in books.of("charge") if charge["status"] == "succeeded"}
    for charge in charges.values():
        ledger.payments[charge["id"].lower()] = major(charge["amount"], charge["currency"])
        ledger.customers[charge["customer"].lower()] = 1
    for part in books.of("invoice_payment"):
        paid_by = charges.get(part["payment"].get("payment_intent"))
        if part["status"] == "paid" and paid_by is not None:
            key = paid_by["id"].lower()
            ledger.applied[key, part["invoice"].lower()] = major(part["amount_paid"], part["currency"])
    for document in movements(list(books.stripe)):
        key = document.key.lower()
        ledger.side(document.kind)[key] = major(document.minor, document.currency)
        for target, minor in document.applied.items():
            ledger.applied[key, target.lower()] = major(minor, document.currency)
        ledger.deposited.update((key, taken.lower()) for taken in document.deposits)
    return ledger


def actual(state: Path) -> Ledger:
    """What NetSuite's file says; any document without an external id is one too many and shows as such."""
    ledger, names = Ledger(), {}
    # As of one moment: whoever is asked while documents are written would find applications of what it has not seen.
    customers, transactions, links = _at_once(state, _CUSTOMERS, _TRANSACTIONS, _LINKS)
    for row in customers:
        ledger.customers[_name(row["externalid"], row["id"])] += 1
    for row in transactions:
        side = ledger.side(row["type"])
        names[row["id"]] = _name(row["externalid"], row["id"], taken=side)
        side[names[row["id"]]] = Fraction(row["x_total"], row["x_scale"])
    for row in links:
        pair = names[row["nextdoc"]], names[row["previousdoc"]]
        if row["linktype"] == "DepositPayment":
            ledger.deposited[pair] += 1
        else:
            ledger.applied[pair] = ledger.applied.get(pair, Fraction(0)) + Fraction(row["x_amount"], row["x_scale"])
    return ledger


def over_applied(state: Path) -> list[str]:
    """Documents with more applied than they are worth."""
    query = 'SELECT coalesce(externalid, id) AS name FROM "transaction" WHERE x_paid > x_total'
    return [str(row["name"]) for row in _rows(state, query)]


def deposited_twice(state: Path) -> list[str]:
    """Documents that more than one deposit takes."""
    query = """SELECT coalesce(t.externalid, t.id) AS name FROM nexttransactionlinelink l
               JOIN "transaction" t ON t.id = l.previousdoc WHERE l.linktype = 'DepositPayment'
               GROUP BY l.previousdoc HAVING count(*) > 1"""
    return [str(row["name"]) for row in _rows(state, query)]


def doubled(state: Path, books: Books) -> list[str]:
    """Stripe ids that two living documents of one kind name: in the external id, in a note, or by invoice number."""
    numbers = {invoice["number"]: invoice["id"] for invoice in books.of("invoice") if invoice["number"]}
    known = {str(thing["id"]) for thing in books.stripe}
    seen: Counter[tuple[str, str]] = Counter()
    query = "SELECT type, externalid, memo, otherrefnum, tranid FROM \"transaction\" WHERE voided = 'F'"
    for row in _rows(state, query):
        words = " ".join(str(row[name] or "") for name in ("externalid", "memo", "otherrefnum", "tranid")).split()
        ids = (numbers.get(word, word) for word in words)
        named = {name for name in ids if "_" in name} & known
        seen.update((row["type"], word) for word in named)
    return sorted(name for (_, name), count in seen.items() if count > 1)


def items_used(state: Path) -> set[str]:
    """Names of the items on any line of any document."""
    return {
        str(row["itemid"]) for row in _rows(state, "SELECT itemid FROM item JOIN transactionline l ON l.item = item.id")
    }


def _rows(state: Path, query: str) -> list[Any]:
    return _at_once(state, query)[0]


def _at_once(state: Path, *queries: str) -> list[list[Any]]:
    """The rows of each query, all in one snapshot."""
    with closing(sqlite3.connect(f"file:{state / 'netsuite.sqlite'}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        connection.execute("BEGIN")
        return [connection.execute(query).fetchall() for query in queries]


def _name(external_id: str | None, internal_id: int, taken: Collection[str] = ()) -> str:
    """The folded external id; a nameless or second document keeps its internal id, which nobody expects."""
    name = (external_id or "").lower()
    return name if name and name not in taken else f"document {internal_id} {name}".rstrip()


def major(minor: int, currency: str) -> Fraction:
    """Minor units as NetSuite shows them."""
    return Fraction(minor, 10 ** _DECIMALS.get(currency, 2))
