"""Customer deposits, which are owed to the customer until they are applied, and the applications that take of them.

Verified by Oracle's help: a customer deposit is a liability and no receivable. What is applied of one to an invoice, or
paid back, is a deposit application; over REST a person's program makes one only by transforming the deposit, and for a
refund that names the deposit in its sublist `deposit` NetSuite makes one by itself, which then stands in the refund's
sublist `apply`. Not verified: what becomes of such an application when its refund is deleted, here it goes too; that
it has the deposit's exchange rate.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from o2c_orchestration.sandbox.netsuite.applications import PAYMENT_LINK, planned_applications
from o2c_orchestration.sandbox.netsuite.chart import ACCOUNT_CUSTOMER_DEPOSITS
from o2c_orchestration.sandbox.netsuite.documents import NO_LINES
from o2c_orchestration.sandbox.netsuite.drafts import (
    Currency,
    Draft,
    Link,
    Request,
    amount,
    currency_of,
    customer_of,
    posting_period,
    receivable_account,
    reference,
    require,
    subsidiary_of,
)
from o2c_orchestration.sandbox.netsuite.errors import invalid_field_value, missing_values, user_error
from o2c_orchestration.sandbox.netsuite.group import refuse_others_bank
from o2c_orchestration.sandbox.netsuite.payment_account import payment_account, two_lines
from o2c_orchestration.sandbox.netsuite.posting import write_transaction
from o2c_orchestration.sandbox.netsuite.records import RECORD_TYPES
from o2c_orchestration.sandbox.netsuite.settling import APPLICATION_LINK
from o2c_orchestration.sandbox.netsuite.values import to_decimal, to_minor

Json = dict[str, Any]


def draft_customer_deposit(request: Request) -> Draft:
    """Money in before there is an invoice: bank or undeposited funds debit, customer deposits credit."""
    customer = customer_of(request, "customer")
    currency = currency_of(request, customer)
    given = amount(request.doc, "payment")
    if given is None:
        raise missing_values(["Payment Amount"])
    total = to_minor(given, currency.scale)
    if total <= 0:
        raise invalid_field_value(given, "payment", "payment")
    subsidiary = subsidiary_of(request, customer)
    account, deposited = payment_account(request, currency)
    refuse_others_bank(request, account, subsidiary)
    return Draft(
        entity=customer.id,
        subsidiary=subsidiary,
        currency=currency,
        total=total,
        account=account,
        lines=two_lines(request, customer.id, account, ACCOUNT_CUSTOMER_DEPOSITS, total),
        status="B" if deposited else "A",
    )


def draft_application(request: Request) -> Draft:
    """A part of a deposit becomes a credit on receivables, for the invoices of its sublist `apply` or for a refund."""
    require(request.doc, [("deposit", "Deposit")])
    deposit = _deposit(request, reference(request.doc, "deposit"), "deposit")
    customer = customer_of(request, "customer")
    # At its own rate, so that nothing is left on the liability; receivables take the difference to gain or loss.
    request.doc.setdefault("exchangeRate", str(deposit["exchangerate"]))
    currency = currency_of(request, customer)
    open_minor = deposit["x_total"] - deposit["x_paid"]
    refunded = amount(request.doc, "total")
    applications, total = {}, 0 if refunded is None else to_minor(refunded, currency.scale)
    if refunded is None:
        applications = planned_applications(request, customer.id, currency, open_minor, deposit["x_subsidiary"])
        total = sum(applications.values())
    if total <= 0 or total > open_minor:
        raise user_error(NO_LINES)
    receivable = receivable_account(request, "arAcct")
    return Draft(
        entity=customer.id,
        subsidiary=deposit["x_subsidiary"],
        currency=currency,
        total=total,
        account=ACCOUNT_CUSTOMER_DEPOSITS,
        lines=two_lines(request, customer.id, ACCOUNT_CUSTOMER_DEPOSITS, receivable, total),
        status="A",
        applications=applications,
        links=[Link(deposit["id"], APPLICATION_LINK, total, currency.scale)],
    )


def apply_to_refund(request: Request, customer: int, currency: Currency) -> None:
    """Make the applications of the deposits that a refund names, and put them into its sublist `apply`."""
    for index, line in enumerate(request.doc.pop("deposit", None) or []):
        if line.get("apply") is False:
            continue
        path = f"deposit.items[{index}]"
        deposit = _deposit(request, reference(line, "doc"), f"{path}.doc")
        if (deposit["entity"], deposit["currency"]) != (customer, currency.id):
            raise invalid_field_value(deposit["id"], "doc", f"{path}.doc")
        open_minor, given = deposit["x_total"] - deposit["x_paid"], amount(line, "amount")
        minor = open_minor if given is None else to_minor(given, currency.scale)
        if minor <= 0 or minor > open_minor:
            raise invalid_field_value(line.get("amount"), "amount", f"{path}.amount")
        made = _application(request, deposit["id"], format(to_decimal(minor, currency.scale), "f"))
        applied = {"doc": {"id": str(made)}, "apply": True, "amount": format(to_decimal(minor, currency.scale), "f")}
        request.doc["apply"] = [*(request.doc.get("apply") or []), applied]
    request.doc["deposit"] = []


def made_for(connection: sqlite3.Connection, refund: int) -> list[sqlite3.Row]:
    """The applications that were made for a refund."""
    return connection.execute(
        'SELECT t.* FROM "transaction" t JOIN nexttransactionlinelink l ON l.previousdoc = t.id'
        " WHERE l.nextdoc = ? AND l.linktype = ? AND t.type = 'DepAppl'",
        (refund, PAYMENT_LINK),
    ).fetchall()


def _application(refund: Request, deposit: int, total: str) -> int:
    names = ("customer", "currency", "tranDate", "subsidiary")
    kept: Json = {name: refund.doc[name] for name in names if name in refund.doc}
    doc: Json = {**kept, "deposit": {"id": str(deposit)}, "total": total, "apply": []}
    made = Request(refund.connection, RECORD_TYPES["depositapplication"], doc, None)
    draft = draft_application(made)
    return write_transaction(made, draft, posting_period(made, draft.posting), None)


def _deposit(request: Request, identifier: int | None, path: str) -> sqlite3.Row:
    if identifier is None:
        raise missing_values(["Deposit"])
    row: sqlite3.Row | None = request.connection.execute(
        'SELECT id, entity, currency, exchangerate, x_total, x_paid, x_subsidiary FROM "transaction"'
        " WHERE id = ? AND type = 'CustDep' AND posting = 'T' AND voided = 'F'",
        (identifier,),
    ).fetchone()
    if row is None:
        raise invalid_field_value(identifier, path.rpartition(".")[2], path)
    return row
