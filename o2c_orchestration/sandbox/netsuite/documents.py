"""Documents made of items: invoice, credit memo and sales order.

Amounts of lines as the body gives them (a discount is negative) become ledger lines with debit positive.
"""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from o2c_orchestration.sandbox.netsuite.applications import planned_applications
from o2c_orchestration.sandbox.netsuite.chart import ACCOUNT_SALES, ACCOUNT_TAX
from o2c_orchestration.sandbox.netsuite.drafts import (
    Draft,
    Line,
    Request,
    amount,
    choice,
    currency_of,
    customer_of,
    due_date,
    receivable_account,
    reference,
    segments,
    subsidiary_of,
)
from o2c_orchestration.sandbox.netsuite.errors import invalid_content, missing_values, user_error
from o2c_orchestration.sandbox.netsuite.orders import check_order, tie_to_orders
from o2c_orchestration.sandbox.netsuite.taxing import tax_of
from o2c_orchestration.sandbox.netsuite.values import to_decimal, to_minor

Json = dict[str, Any]

NO_LINES = "You must enter at least one line item for this transaction."
NEGATIVE_TOTAL = "The total can not be negative."
PENDING_APPROVAL = "1"


def draft_invoice(request: Request) -> Draft:
    """An invoice: receivable debit, income credit. Open until its total is applied."""
    draft = _draft_items(request, sign=-1)
    draft.sense = "debt"
    if choice(request.doc, "approvalStatus") == PENDING_APPROVAL:
        draft.status, draft.posting = "D", False
    draft.links += tie_to_orders(request, draft.total, draft.currency.scale)
    return draft


def draft_credit_memo(request: Request) -> Draft:
    """A credit memo: receivable credit, income debit, applied to invoices of the same customer."""
    draft = _draft_items(request, sign=1)
    draft.sense = "credit"
    assert draft.entity is not None
    draft.applications = planned_applications(request, draft.entity, draft.currency, draft.total, draft.subsidiary)
    return draft


def draft_sales_order(request: Request) -> Draft:
    """A sales order. It posts nothing and falls due on no day; its status follows from its lines (see `orders`)."""
    check_order(request)
    draft = _draft_items(request, sign=-1)
    draft.posting, draft.due = False, None
    if tax := tax_of(request.connection, draft.total):
        line = Line(max(line.id for line in draft.lines) + 1, -tax, ACCOUNT_TAX, entity=draft.entity, is_tax=True)
        main = replace(draft.lines[0], amount=draft.lines[0].amount + tax)
        draft.lines, draft.total = [main, *draft.lines[1:], line], draft.total + tax
    return draft


def _draft_items(request: Request, sign: int) -> Draft:
    customer = customer_of(request, "entity")
    currency = currency_of(request, customer)
    lines = _item_lines(request, currency.scale, sign)
    total = sign * sum(line.amount for line in lines)
    if total < 0:
        raise user_error(NEGATIVE_TOTAL)
    account = receivable_account(request, "account")
    main = Line(0, -sign * total, account, mainline=True, entity=customer.id, memo=request.doc.get("memo"))
    main = replace(main, segments=segments(request.doc))
    return Draft(
        entity=customer.id,
        subsidiary=subsidiary_of(request, customer),
        currency=currency,
        total=total,
        account=account,
        lines=[main, *lines],
        status="A",
        due=due_date(request, customer),
    )


def _item_lines(request: Request, scale: int, sign: int) -> list[Line]:
    stored = request.doc.get("item") or []
    if not stored:
        raise user_error(NO_LINES)
    lines = [_item_line(request, index, line, scale, sign) for index, line in enumerate(stored)]
    discount = _header_discount(request, lines, scale, sign)
    return lines if discount is None else [*lines, discount]


def _item_line(request: Request, index: int, line: Json, scale: int, sign: int) -> Line:
    item_id = reference(line, "item")
    if item_id is None:
        raise missing_values(["Item"])
    item = _item_row(request.connection, item_id)
    value = _line_amount(line, f"item.items[{index}].amount")
    return Line(
        id=int(line["line"]),
        amount=sign * to_minor(value, scale),
        account=item["incomeaccount"],
        item=item_id,
        quantity=_signed(line.get("quantity"), sign),
        rate=line.get("rate"),
        memo=line.get("description"),
        entity=reference(request.doc, "entity"),
        is_discount=item["itemtype"] == "Discount",
        segments=segments(line),
    )


def _line_amount(line: Json, path: str) -> Decimal:
    given, rate = amount(line, "amount"), amount(line, "rate")
    if given is not None:
        return given
    if rate is None:
        raise missing_values(["Amount"]) if line.get("quantity") is None else invalid_content(path=path)
    quantity = amount(line, "quantity")
    return rate * (Decimal(1) if quantity is None else quantity)


def _header_discount(request: Request, lines: list[Line], scale: int, sign: int) -> Line | None:
    item_id, rate = reference(request.doc, "discountItem"), request.doc.get("discountRate")
    if item_id is None or rate is None:
        return None
    subtotal = sign * sum(line.amount for line in lines)
    value = _discount_value(str(rate), to_decimal(subtotal, scale))
    item = _item_row(request.connection, item_id)
    return Line(
        id=max(line.id for line in lines) + 1,
        amount=sign * -abs(to_minor(value, scale)),
        account=item["incomeaccount"] or ACCOUNT_SALES,
        item=item_id,
        is_discount=True,
    )


def _discount_value(rate: str, subtotal: Decimal) -> Decimal:
    try:
        if rate.endswith("%"):
            return subtotal * Decimal(rate[:-1]) / 100
        return Decimal(rate)
    except InvalidOperation:
        raise invalid_content("'discountRate' takes a number or a percentage.", "discountRate") from None


def _item_row(connection: sqlite3.Connection, item_id: int) -> sqlite3.Row:
    row: sqlite3.Row = connection.execute(
        "SELECT itemtype, incomeaccount FROM item WHERE id = ?", (item_id,)
    ).fetchone()
    return row


def _signed(quantity: str | None, sign: int) -> str | None:
    # SuiteQL shows sold quantities as negative, as it does the amounts.
    return None if quantity is None else format(sign * Decimal(quantity), "f")
