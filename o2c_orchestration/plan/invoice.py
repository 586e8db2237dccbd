"""Stripe invoice (finalized) → NetSuite invoice, line by line, to the cent."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from o2c_orchestration.domain.documents import (
    Command,
    CustomerRow,
    InvoiceRow,
    KnownDocument,
    LineRow,
    PlanLine,
    Refusal,
)
from o2c_orchestration.domain.keys import customer_key, invoice_key
from o2c_orchestration.domain.money import format_money
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan.outcome import Skip, refuse

_Entry = tuple[PlanLine, dict[str, Any]]


def plan_invoice(
    policy: Policy, row: InvoiceRow, customers: Mapping[str, CustomerRow], known: Mapping[str, KnownDocument]
) -> Command | Refusal | Skip:
    """The invoice's document, or why there is none.

    Each Stripe line becomes an item line before discount and without tax, its discounts a line on the
    discount item, all taxes one line on the tax item: the sum is Stripe's total or nothing is written.
    """
    if row.total_minor == 0 and all(line.amount_minor == 0 for line in row.lines):
        return Skip(row.id, "nothing is billed: all lines are zero")
    refusal = _refusal(row, customers, known)
    if refusal:
        return refusal
    entries = _entries(policy, row)
    difference = row.total_minor - sum(line.amount_minor for line, _ in entries)
    unmapped = next((line.text for line, body in entries if body["item"]["$item"] is None), None)
    if difference:
        return _unbalanced(row, difference)
    if unmapped is not None:
        return _unmapped(row, unmapped)
    return _command(policy, row, entries)


def _refusal(
    row: InvoiceRow, customers: Mapping[str, CustomerRow], known: Mapping[str, KnownDocument]
) -> Refusal | None:
    if row.issue_date is None:
        text, fix = "the invoice is finalized but has no issue date", "look at the invoice in Stripe"
        return refuse(row, "invoice", _day(row), "NO_ISSUE_DATE", text, fix)
    if row.customer_id is None or (row.customer_id not in customers and row.customer_id not in known):
        text = f"its customer {row.customer_id or '(none)'} is not known to Stripe's customer list"
        return refuse(row, "invoice", _day(row), "NO_CUSTOMER", text, "give the invoice a customer in Stripe")
    if row.total_minor < 0:
        text = f"its total is {format_money(row.total_minor, row.currency)}; NetSuite takes no negative invoice"
        return refuse(row, "invoice", _day(row), "NEGATIVE_INVOICE", text, "enter a credit memo by hand for now")
    return None


def _day(row: InvoiceRow) -> date:
    return row.issue_date or row.created_at.date()


def _entries(policy: Policy, row: InvoiceRow) -> list[_Entry]:
    items = policy.items
    entries = [entry for line in row.lines for entry in _line_entries(policy, line)]
    if row.shipping_minor:
        entries.append(_entry("Shipping", row.shipping_minor, items.shipping))
    if row.tax_minor:
        entries.append(_entry("Tax", row.tax_minor, items.tax))
    return entries


def _line_entries(policy: Policy, line: LineRow) -> list[_Entry]:
    """The line net of inclusive tax, then its discount: revenue stays gross of discounts, as Stripe shows it."""
    items = policy.items
    item = items.prices.get(line.price_id or "") or items.prices.get(line.product_id or "") or items.default
    entries = [_entry(line.description, line.amount_minor - line.tax_inclusive_minor, item)]
    if line.discount_minor:
        entries.append(_entry(f"Discount: {line.description}", -line.discount_minor, items.discount))
    return entries


def _entry(text: str, amount_minor: int, item: str | None) -> _Entry:
    return PlanLine(text, amount_minor), {"item": {"$item": item}, "quantity": 1, "description": text[:999]}


def _unbalanced(row: InvoiceRow, difference: int) -> Refusal:
    money = format_money(difference, row.currency)
    text = f"its lines, discounts and taxes do not add up to its total: {money} is unexplained"
    fix = "report the invoice id: a kind of line is not understood yet"
    return refuse(row, "invoice", _day(row), "UNBALANCED", text, fix)


def _unmapped(row: InvoiceRow, text: str) -> Refusal:
    reason = f"no NetSuite item is set for the line {text!r}"
    return refuse(row, "invoice", _day(row), "ITEM_UNMAPPED", reason, "set items.default or items.prices in o2c.yaml")


def _command(policy: Policy, row: InvoiceRow, entries: list[_Entry]) -> Command:
    assert row.issue_date is not None
    assert row.customer_id is not None
    return Command(
        document="invoice",
        external_id=invoice_key(row.id),
        stripe_id=row.id,
        customer_id=row.customer_id,
        currency=row.currency,
        amount_minor=row.total_minor,
        effective_date=row.issue_date,
        partition=row.created_at.date(),
        why=f"Stripe invoice {row.number or row.id} is {row.status} and has no NetSuite invoice",
        body=_body(policy, row, entries),
        depends_on=(customer_key(row.customer_id),),
        lines=tuple(line for line, _ in entries),
    )


def _body(policy: Policy, row: InvoiceRow, entries: list[_Entry]) -> dict[str, Any]:
    assert row.issue_date is not None
    assert row.customer_id is not None
    body: dict[str, Any] = {
        "externalId": invoice_key(row.id),
        "entity": {"$document": ["customer", customer_key(row.customer_id)]},
        "currency": {"$currency": row.currency},
        "tranDate": row.issue_date.isoformat(),
        "memo": f"Stripe: {row.id}",
        "item": {"items": [_priced(line, body, row.currency) for line, body in entries]},
    }
    if row.due_date:
        body["dueDate"] = max(row.due_date, row.issue_date).isoformat()
    if row.number:
        body["otherRefNum"] = row.number
    if policy.books.subsidiary is not None:
        body["subsidiary"] = {"$subsidiary": policy.books.subsidiary}
    return body


def _priced(line: PlanLine, body: dict[str, Any], currency: str) -> dict[str, Any]:
    amount = {"$minor": [line.amount_minor, currency]}
    return {**body, "rate": amount, "amount": amount}
