"""What a transaction is about to become: header values, ledger lines and applications, before it is written.

What belongs here: the value types, and the header rules that every transaction shares (customer, currency,
subsidiary, date, period). What does not: rules of one document, and SQL that writes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from o2c_orchestration.sandbox.netsuite.chart import ACCOUNT_RECEIVABLE, BASE_CURRENCY
from o2c_orchestration.sandbox.netsuite.errors import invalid_field_value, missing_values, user_error
from o2c_orchestration.sandbox.netsuite.records import RecordType
from o2c_orchestration.sandbox.netsuite.values import mark_date, today

Json = dict[str, Any]

CLOSED_FOR_POSTING = "You cannot change the G/L impact of a transaction in a closed period."
CLOSED_FOR_EDITING = "This transaction is in a period that has been closed. You may not edit it."
_RECEIVABLE_TYPES = {"CustInvc", "CustPymt", "CustDep", "DepAppl", "CustCred", "CustRfnd"}


@dataclass(frozen=True)
class Currency:
    """A currency; `scale` is 10 to the power of its decimals, `rate` converts to the base currency."""

    id: int
    scale: int
    rate: Decimal


@dataclass(frozen=True)
class Customer:
    """What a transaction needs to know about its customer."""

    id: int
    subsidiary: int
    currency: int
    terms: int | None


@dataclass(frozen=True)
class Line:
    """One ledger line; `amount` in minor units of the transaction's currency, debit positive.

    `base` is the amount in minor units of the base currency, None where the transaction's rate makes it. `segments` are
    its class, department and location.
    """

    id: int
    amount: int
    account: int
    mainline: bool = False
    item: int | None = None
    quantity: str | None = None
    rate: str | None = None
    memo: str | None = None
    entity: int | None = None
    is_discount: bool = False
    is_tax: bool = False
    base: int | None = None
    created_from: int | None = None
    segments: tuple[int | None, int | None, int | None] = (None, None, None)


@dataclass(frozen=True)
class Link:
    """A tie from an earlier transaction to this one; `amount` in minor units of `scale`, `line` is one of ours."""

    previous: int
    kind: str
    amount: int
    scale: int
    line: int = 0


@dataclass
class Request:
    """One creation or change under way: the merged properties and the stored row, if there is one."""

    connection: sqlite3.Connection
    record: RecordType
    doc: Json
    row: sqlite3.Row | None = None

    @property
    def id(self) -> int | None:
        return None if self.row is None else int(self.row["id"])


@dataclass
class Draft:
    """A transaction ready to be written. `total` in minor units of `currency`, never negative."""

    entity: int | None
    subsidiary: int
    currency: Currency
    total: int
    account: int
    lines: list[Line]
    status: str
    posting: bool = True
    sense: str | None = None
    due: str | None = None
    applications: dict[int, int] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)


def reference(doc: Json, name: str) -> int | None:
    """The internal id behind a resolved reference, or None."""
    value = doc.get(name)
    return None if value is None else int(value["id"])


def segments(doc: Json) -> tuple[int | None, int | None, int | None]:
    """Class, department and location of a line, or of a header for its main line.

    Not verified: whether NetSuite gives those of the header to lines that have none; here it does not.
    """
    return reference(doc, "class"), reference(doc, "department"), reference(doc, "location")


def choice(doc: Json, name: str) -> str | None:
    """The id of an enumeration, or None."""
    value = doc.get(name)
    return None if value is None else str(value["id"])


def amount(line: Json, name: str) -> Decimal | None:
    """A number out of a stored property, or None."""
    value = line.get(name)
    return None if value is None else Decimal(value)


def require(doc: Json, labels: Iterable[tuple[str, str]]) -> None:
    """Refuse with the form's labels of those properties that are empty."""
    missing = [label for name, label in labels if doc.get(name) in (None, "")]
    if missing:
        raise missing_values(missing)


def customer_of(request: Request, name: str) -> Customer:
    """The customer of a transaction, mandatory under the form's label "Customer"."""
    require(request.doc, [(name, "Customer")])
    row = request.connection.execute(
        "SELECT id, x_subsidiary, currency, terms FROM customer WHERE id = ?", (reference(request.doc, name),)
    ).fetchone()
    return Customer(row["id"], row["x_subsidiary"], row["currency"], row["terms"])


def subsidiary_of(request: Request, customer: Customer) -> int:
    """The one that is named, which has to be one of the customer's, else the customer's primary subsidiary."""
    given = reference(request.doc, "subsidiary")
    if given is None or given == customer.subsidiary:
        return customer.subsidiary
    known = request.connection.execute(
        "SELECT 1 FROM customersubsidiaryrelationship WHERE entity = ? AND subsidiary = ?", (customer.id, given)
    ).fetchone()
    if known is None:
        raise invalid_field_value(given, "subsidiary", "subsidiary")
    return given


def currency_of(request: Request, customer: Customer) -> Currency:
    """The transaction's currency: the customer's own unless the body names another of the customer's."""
    given = reference(request.doc, "currency") or customer.currency
    known = request.connection.execute(
        "SELECT 1 FROM x_customer_currency WHERE customer = ? AND currency = ?", (customer.id, given)
    ).fetchone()
    if known is None:
        raise invalid_field_value(given, "currency", "currency")
    return load_currency(request, given)


def load_currency(request: Request, currency_id: int) -> Currency:
    """A currency with the rate of the body, of the stored transaction, or of the currency list."""
    row = request.connection.execute(
        "SELECT currencyprecision, exchangerate FROM currency WHERE id = ?", (currency_id,)
    ).fetchone()
    kept = request.row is not None and request.row["currency"] == currency_id
    known = request.row["exchangerate"] if kept and request.row is not None else row["exchangerate"]
    stated = amount(request.doc, "exchangeRate")
    if stated is None and known is None and currency_id != BASE_CURRENCY:
        raise missing_values(["Exchange Rate"])
    rate = Decimal(1) if currency_id == BASE_CURRENCY else stated or Decimal(str(known))
    return Currency(currency_id, 10 ** int(row["currencyprecision"]), rate)


def transaction_date(request: Request) -> str:
    """The date of the transaction, today in the account's zone when none was given; kept in the body."""
    given = request.doc.setdefault("tranDate", today().isoformat())
    return str(given)


def due_date(request: Request, customer: Customer) -> str:
    """The due date given, or the date plus the days of the terms."""
    if request.doc.get("dueDate"):
        return str(request.doc["dueDate"])
    terms = reference(request.doc, "terms") or customer.terms
    days = 0
    if terms is not None:
        row = request.connection.execute("SELECT daysuntilnetdue FROM term WHERE id = ?", (terms,)).fetchone()
        days = int(row[0])
    return (date.fromisoformat(transaction_date(request)) + timedelta(days=days)).isoformat()


def posting_period(request: Request, posting: bool) -> int:
    """The period that the transaction falls in. Raises when it, or the one it leaves, is closed."""
    given = reference(request.doc, "postingPeriod")
    if given is None:
        day = mark_date(transaction_date(request))
        row = request.connection.execute(
            "SELECT id FROM accountingperiod WHERE isposting = 'T' AND startdate <= ? AND enddate >= ?",
            (day, day),
        ).fetchone()
        if row is None:
            raise missing_values(["Posting Period"])
        given = int(row["id"])
    if posting:
        if request.row is not None:
            refuse_closed(request.connection, request.row["postingperiod"], request.record, CLOSED_FOR_EDITING)
        refuse_closed(request.connection, given, request.record, CLOSED_FOR_POSTING)
    return given


def refuse_closed(connection: sqlite3.Connection, period: int, record: RecordType, sentence: str) -> None:
    """Raise USER_ERROR with `sentence` when `period` is closed or locked for this kind of record."""
    row = connection.execute(
        "SELECT closed, alllocked, arlocked FROM accountingperiod WHERE id = ?", (period,)
    ).fetchone()
    locked = row["arlocked"] == "T" and record.code in _RECEIVABLE_TYPES
    if row["closed"] == "T" or row["alllocked"] == "T" or locked:
        raise user_error(sentence)


def bank_account(request: Request, default: int) -> int:
    """The account that money moves on: a bank account or undeposited funds."""
    given = reference(request.doc, "account")
    if given is None:
        return default
    row = request.connection.execute("SELECT accttype FROM account WHERE id = ?", (given,)).fetchone()
    if row["accttype"] not in ("Bank", "OthCurrAsset"):
        raise invalid_field_value(given, "account", "account")
    return given


def receivable_account(request: Request, name: str) -> int:
    """The account that is owed on: the one of this property, which has to be one of receivables, or the usual one."""
    given = reference(request.doc, name)
    if given is None:
        return ACCOUNT_RECEIVABLE
    row = request.connection.execute("SELECT accttype FROM account WHERE id = ?", (given,)).fetchone()
    if row["accttype"] != "AcctRec":
        raise invalid_field_value(given, name, name)
    return given


def refuse_foreign_bank(request: Request, account: int, currency: Currency, path: str) -> None:
    """A bank account in a foreign currency takes no other; one in the base currency takes all."""
    row = request.connection.execute("SELECT accttype, currency FROM account WHERE id = ?", (account,)).fetchone()
    if row["accttype"] == "Bank" and row["currency"] not in (None, BASE_CURRENCY, currency.id):
        raise invalid_field_value(account, "account", path)
