"""Documents that move money: customer payment, customer refund, deposit and journal entry."""

from __future__ import annotations

import sqlite3
from decimal import Decimal
from typing import Any

from o2c_orchestration.sandbox.netsuite.applications import planned_applications
from o2c_orchestration.sandbox.netsuite.chart import ACCOUNT_RECEIVABLE, ACCOUNT_UNDEPOSITED, BASE_CURRENCY
from o2c_orchestration.sandbox.netsuite.documents import NO_LINES
from o2c_orchestration.sandbox.netsuite.drafts import (
    Currency,
    Draft,
    Line,
    Link,
    Request,
    amount,
    bank_account,
    choice,
    currency_of,
    customer_of,
    load_currency,
    reference,
    require,
    subsidiary_of,
)
from o2c_orchestration.sandbox.netsuite.errors import invalid_field_value, missing_values, user_error
from o2c_orchestration.sandbox.netsuite.values import to_decimal, to_minor

Json = dict[str, Any]

DEPOSIT_LINK = "DepositPayment"
_ONLY_SUBSIDIARY = 1


def draft_payment(request: Request) -> Draft:
    """A customer payment: bank or undeposited funds debit, receivable credit; the rest stays unapplied."""
    customer = customer_of(request, "customer")
    currency = currency_of(request, customer)
    given = amount(request.doc, "payment")
    capacity = None if given is None else to_minor(given, currency.scale)
    if capacity is not None and capacity < 0:
        raise invalid_field_value(given, "payment", "payment")
    applications = planned_applications(request, customer.id, currency, capacity)
    total = sum(applications.values()) if capacity is None else capacity
    if total == 0 and not applications and given is None:
        raise missing_values(["Payment Amount"])
    request.doc["payment"] = format(to_decimal(total, currency.scale), "f")
    account, deposited = _payment_account(request)
    return Draft(
        entity=customer.id,
        subsidiary=subsidiary_of(request, customer),
        currency=currency,
        total=total,
        account=account,
        lines=_two_lines(request, customer.id, account, total),
        status="C" if deposited else "B",
        sense="credit",
        applications=applications,
    )


def draft_refund(request: Request) -> Draft:
    """A customer refund: receivable debit, bank credit, applied to credit memos or unapplied payments."""
    customer = customer_of(request, "customer")
    currency = currency_of(request, customer)
    applications = planned_applications(request, customer.id, currency, None)
    if not applications:
        raise user_error(NO_LINES)
    total = sum(applications.values())
    account, _ = _payment_account(request)
    return Draft(
        entity=customer.id,
        subsidiary=subsidiary_of(request, customer),
        currency=currency,
        total=total,
        account=account,
        lines=_two_lines(request, customer.id, account, -total),
        status="R",
        applications=applications,
    )


def draft_deposit(request: Request) -> Draft:
    """A deposit: undeposited payments and other money into a bank account, less cash back."""
    require(request.doc, [("account", "Account")])
    payments = _deposit_payments(request)
    currency = _deposit_currency(request, payments)
    account = bank_account(request, ACCOUNT_UNDEPOSITED)
    lines: list[Line] = []
    for row in payments:
        sign = 1 if row["type"] == "CustPymt" else -1
        lines.append(Line(len(lines) + 1, -sign * row["x_total"], ACCOUNT_UNDEPOSITED, entity=row["entity"]))
    for name, sign in (("other", -1), ("cashBack", 1)):
        for index, line in enumerate(request.doc.get(name) or []):
            lines.append(_account_line(line, len(lines) + 1, currency, sign, f"{name.lower()}.items[{index}]"))
    if not lines:
        raise user_error(NO_LINES)
    total = -sum(line.amount for line in lines)
    main = Line(0, total, account, mainline=True, memo=request.doc.get("memo"))
    return Draft(
        entity=None,
        subsidiary=reference(request.doc, "subsidiary") or _ONLY_SUBSIDIARY,
        currency=currency,
        total=total,
        account=account,
        lines=[main, *lines],
        status="A",
        links=[Link(row["id"], DEPOSIT_LINK, row["x_total"]) for row in payments],
    )


def draft_journal(request: Request) -> Draft:
    """A journal entry: debits equal credits, to the minor unit."""
    require(request.doc, [("subsidiary", "Subsidiary")])
    currency = load_currency(request, reference(request.doc, "currency") or BASE_CURRENCY)
    lines = [_journal_line(line, index, currency) for index, line in enumerate(request.doc.get("line") or [])]
    if len(lines) < 2:
        raise user_error(NO_LINES)
    balance = sum(line.amount for line in lines)
    if balance:
        difference = to_decimal(balance, currency.scale)
        raise user_error(f"Transaction was not in balance. Total = {difference}")
    pending = request.doc.get("approved") is False or choice(request.doc, "approvalStatus") == "1"
    return Draft(
        entity=None,
        subsidiary=reference(request.doc, "subsidiary") or _ONLY_SUBSIDIARY,
        currency=currency,
        total=sum(line.amount for line in lines if line.amount > 0),
        account=lines[0].account,
        lines=lines,
        status="A" if pending else "B",
        posting=not pending,
    )


def _two_lines(request: Request, entity: int, account: int, total: int) -> list[Line]:
    receivable = reference(request.doc, "arAcct") or ACCOUNT_RECEIVABLE
    return [
        Line(0, total, account, mainline=True, entity=entity, memo=request.doc.get("memo")),
        Line(1, -total, receivable, entity=entity),
    ]


def _payment_account(request: Request) -> tuple[int, bool]:
    # Undeposited funds is NetSuite's own default; an account says where the money already lies.
    if choice(request.doc, "undepFunds") in ("T", "true") or request.doc.get("account") is None:
        return ACCOUNT_UNDEPOSITED, False
    account = bank_account(request, ACCOUNT_UNDEPOSITED)
    return account, account != ACCOUNT_UNDEPOSITED


def _deposit_payments(request: Request) -> list[sqlite3.Row]:
    rows = []
    for index, line in enumerate(request.doc.get("payment") or []):
        if line.get("deposit") is False:
            continue
        key = line.get("id") or reference(line, "doc")
        rows.append(_undeposited(request, str(key), f"payment.items[{index}].id"))
    return rows


def _undeposited(request: Request, key: str, path: str) -> sqlite3.Row:
    row: sqlite3.Row | None = None
    if key.isdigit():
        row = request.connection.execute(
            'SELECT id, type, entity, currency, x_total FROM "transaction" WHERE id = ? AND x_account = ?'
            " AND type IN ('CustPymt', 'CustRfnd') AND NOT EXISTS (SELECT 1 FROM nexttransactionlinelink"
            " WHERE previousdoc = ?1 AND linktype = ? AND nextdoc IS NOT ?)",
            (int(key), ACCOUNT_UNDEPOSITED, DEPOSIT_LINK, request.id),
        ).fetchone()
    if row is None:
        raise invalid_field_value(key, "id", path)
    return row


def _deposit_currency(request: Request, payments: list[sqlite3.Row]) -> Currency:
    default = payments[0]["currency"] if payments else BASE_CURRENCY
    currency_id = reference(request.doc, "currency") or default
    for row in payments:
        if row["currency"] != currency_id:
            raise invalid_field_value(row["id"], "id", "payment.items")
    return load_currency(request, currency_id)


def _account_line(line: Json, line_id: int, currency: Currency, sign: int, path: str) -> Line:
    require(line, [("account", "Account"), ("amount", "Amount")])
    minor = to_minor(amount(line, "amount") or Decimal(0), currency.scale)
    if sign == 1 and minor < 0:
        raise invalid_field_value(line["amount"], "amount", f"{path}.amount")
    return Line(
        line_id,
        sign * minor,
        int(line["account"]["id"]),
        memo=line.get("memo"),
        entity=reference(line, "entity"),
    )


def _journal_line(line: Json, index: int, currency: Currency) -> Line:
    require(line, [("account", "Account")])
    debit, credit = amount(line, "debit") or Decimal(0), amount(line, "credit") or Decimal(0)
    if bool(debit) == bool(credit):
        raise missing_values(["Amount"])
    return Line(
        int(line["line"]),
        to_minor(debit - credit, currency.scale),
        int(line["account"]["id"]),
        mainline=index == 0,
        memo=line.get("memo"),
        entity=reference(line, "entity"),
    )
