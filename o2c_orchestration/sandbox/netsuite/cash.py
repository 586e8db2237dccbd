"""Documents that move money: customer payment, customer refund and journal entry; for deposits see `deposits`."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from o2c_orchestration.sandbox.netsuite.applications import planned_applications
from o2c_orchestration.sandbox.netsuite.chart import BASE_CURRENCY
from o2c_orchestration.sandbox.netsuite.customer_deposits import apply_to_refund
from o2c_orchestration.sandbox.netsuite.deposits import ONLY_SUBSIDIARY
from o2c_orchestration.sandbox.netsuite.documents import NO_LINES
from o2c_orchestration.sandbox.netsuite.drafts import (
    Currency,
    Draft,
    Line,
    Request,
    amount,
    choice,
    currency_of,
    customer_of,
    load_currency,
    receivable_account,
    reference,
    refuse_foreign_bank,
    require,
    segments,
    subsidiary_of,
)
from o2c_orchestration.sandbox.netsuite.errors import invalid_field_value, missing_values, user_error
from o2c_orchestration.sandbox.netsuite.group import refuse_others_bank
from o2c_orchestration.sandbox.netsuite.payment_account import payment_account, two_lines
from o2c_orchestration.sandbox.netsuite.values import to_decimal, to_minor

Json = dict[str, Any]


def draft_payment(request: Request) -> Draft:
    """A customer payment: bank or undeposited funds debit, receivable credit; the rest stays unapplied."""
    customer = customer_of(request, "customer")
    currency = currency_of(request, customer)
    given = amount(request.doc, "payment")
    capacity = None if given is None else to_minor(given, currency.scale)
    if capacity is not None and capacity < 0:
        raise invalid_field_value(given, "payment", "payment")
    subsidiary = subsidiary_of(request, customer)
    applications = planned_applications(request, customer.id, currency, capacity, subsidiary)
    total = sum(applications.values()) if capacity is None else capacity
    if total == 0 and not applications and given is None:
        raise missing_values(["Payment Amount"])
    request.doc["payment"] = format(to_decimal(total, currency.scale), "f")
    account, deposited = payment_account(request, currency)
    refuse_others_bank(request, account, subsidiary)
    return Draft(
        entity=customer.id,
        subsidiary=subsidiary,
        currency=currency,
        total=total,
        account=account,
        lines=two_lines(request, customer.id, account, receivable_account(request, "arAcct"), total),
        status="C" if deposited else "B",
        sense="credit",
        applications=applications,
    )


def draft_refund(request: Request) -> Draft:
    """A customer refund: receivable debit, bank credit, applied to credit memos, unapplied payments or deposits."""
    customer = customer_of(request, "customer")
    currency = currency_of(request, customer)
    subsidiary = subsidiary_of(request, customer)
    apply_to_refund(request, customer.id, currency)
    applications = planned_applications(request, customer.id, currency, None, subsidiary)
    if not applications:
        raise user_error(NO_LINES)
    total = sum(applications.values())
    account, _ = payment_account(request, currency)
    refuse_others_bank(request, account, subsidiary)
    return Draft(
        entity=customer.id,
        subsidiary=subsidiary,
        currency=currency,
        total=total,
        account=account,
        lines=two_lines(request, customer.id, account, receivable_account(request, "arAcct"), -total),
        status="R",
        applications=applications,
    )


def draft_journal(request: Request) -> Draft:
    """A journal entry: debits equal credits, to the minor unit."""
    require(request.doc, [("subsidiary", "Subsidiary")])
    currency = load_currency(request, reference(request.doc, "currency") or BASE_CURRENCY)
    given = request.doc.get("line") or []
    lines = [_journal_line(request, line, index, currency) for index, line in enumerate(given)]
    subsidiary = reference(request.doc, "subsidiary") or ONLY_SUBSIDIARY
    for index, line in enumerate(lines):
        refuse_others_bank(request, line.account, subsidiary, f"line.items[{index}].account")
    if len(lines) < 2:
        raise user_error(NO_LINES)
    balance = sum(line.amount for line in lines)
    if balance:
        difference = to_decimal(balance, currency.scale)
        raise user_error(f"Transaction was not in balance. Total = {difference}")
    pending = request.doc.get("approved") is False or choice(request.doc, "approvalStatus") == "1"
    return Draft(
        entity=None,
        subsidiary=subsidiary,
        currency=currency,
        total=sum(line.amount for line in lines if line.amount > 0),
        account=lines[0].account,
        lines=lines,
        status="A" if pending else "B",
        posting=not pending,
    )


def _journal_line(request: Request, line: Json, index: int, currency: Currency) -> Line:
    require(line, [("account", "Account")])
    debit, credit = amount(line, "debit") or Decimal(0), amount(line, "credit") or Decimal(0)
    if bool(debit) == bool(credit):
        raise missing_values(["Amount"])
    for name, value in (("debit", debit), ("credit", credit)):
        if value < 0:
            raise invalid_field_value(line[name], name, f"line.items[{index}].{name}")
    account = int(line["account"]["id"])
    refuse_foreign_bank(request, account, currency, f"line.items[{index}].account")
    return Line(
        int(line["line"]),
        to_minor(debit - credit, currency.scale),
        account,
        mainline=index == 0,
        memo=line.get("memo"),
        entity=reference(line, "entity"),
        segments=segments(line),
    )
