"""Stripe invoice (finalized) → NetSuite invoice, line by line, to the cent."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from o2c_orchestration.domain.documents import (
    Command,
    CustomerRow,
    InvoiceRow,
    KnownDocument,
    Refusal,
)
from o2c_orchestration.domain.keys import invoice_key
from o2c_orchestration.domain.money import format_money
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan import lines
from o2c_orchestration.plan.customer_balance import is_credit
from o2c_orchestration.plan.entity import entity, leaned_on, subsidiary
from o2c_orchestration.plan.lines import Entry
from o2c_orchestration.plan.outcome import Skip, refuse


def plan_invoice(
    policy: Policy, row: InvoiceRow, customers: Mapping[str, CustomerRow], known: Mapping[str, KnownDocument]
) -> Command | Refusal | Skip:
    """The invoice's document, or why there is none.

    Each Stripe line becomes an item line before discount and without tax, its discounts a line on the
    discount item, all taxes one line on the tax item: the sum is Stripe's total or nothing is written.
    """
    undue = _nothing_billed(row) or _refusal(policy, row, customers, known) or _credit(row)
    if undue:
        return undue
    entries = lines.entries(policy, row.lines, row.shipping_minor, row.tax_minor, policy.items.default)
    difference = row.total_minor - lines.total(entries)
    unmapped = lines.unmapped(entries)
    if difference:
        return _unbalanced(row, difference)
    if unmapped is not None:
        return _unmapped(row, unmapped)
    misnamed = lines.misnamed(entries)
    if misnamed is not None:
        return _refuse(row, _day(row), *misnamed)
    return _command(policy, row, entries)


def _nothing_billed(row: InvoiceRow) -> Skip | None:
    nothing = row.total_minor == 0 and all(line.amount_minor == 0 for line in row.lines)
    return Skip(row.id, "nothing is billed: all lines are zero") if nothing else None


def _credit(row: InvoiceRow) -> Skip | None:
    return Skip(row.id, "its total is below zero: a credit memo stands for it") if is_credit(row) else None


def _refusal(
    policy: Policy, row: InvoiceRow, customers: Mapping[str, CustomerRow], known: Mapping[str, KnownDocument]
) -> Refusal | None:
    if row.issue_date is None:
        text, fix = "the invoice is finalized but has no issue date", "look at the invoice in Stripe"
        return _refuse(row, _day(row), "NO_ISSUE_DATE", text, fix)
    each = policy.customers.mode == "each"
    if each and (row.customer_id is None or (row.customer_id not in customers and row.customer_id not in known)):
        text = f"its customer {row.customer_id or '(none)'} is not known to Stripe's customer list"
        return _refuse(row, _day(row), "NO_CUSTOMER", text, "give the invoice a customer in Stripe")
    if row.total_minor < 0 and not is_credit(row):
        money, moved = (format_money(minor, row.currency) for minor in (row.total_minor, row.balance_minor))
        text = f"its total is {money}, and {moved} moved on the customer's balance; NetSuite takes no negative invoice"
        return _refuse(row, _day(row), "NEGATIVE_INVOICE", text, "enter a credit memo by hand")
    return None


def _refuse(row: InvoiceRow, day: date, code: str, reason: str, fix: str) -> Refusal:
    return refuse(row, "invoice", day, code, reason, fix, amount_minor=row.total_minor, customer_id=row.customer_id)


def _day(row: InvoiceRow) -> date:
    return row.issue_date or row.created_at.date()


def _unbalanced(row: InvoiceRow, difference: int) -> Refusal:
    money = format_money(difference, row.currency)
    text = f"its lines, discounts and taxes do not add up to its total: {money} is unexplained"
    fix = "report the invoice id: a kind of line is not understood yet"
    return _refuse(row, _day(row), "UNBALANCED", text, fix)


def _unmapped(row: InvoiceRow, text: str) -> Refusal:
    reason = f"no NetSuite item is set for the line {text!r}"
    return _refuse(row, _day(row), "ITEM_UNMAPPED", reason, "set items.default or items.prices in o2c.yaml")


def _command(policy: Policy, row: InvoiceRow, entries: list[Entry]) -> Command:
    assert row.issue_date is not None
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
        depends_on=leaned_on(policy, row.customer_id),
        lines=tuple(entry.line for entry in entries),
    )


def _body(policy: Policy, row: InvoiceRow, entries: list[Entry]) -> dict[str, Any]:
    assert row.issue_date is not None
    body: dict[str, Any] = {
        "externalId": invoice_key(row.id),
        "entity": entity(policy, row.customer_id),
        "currency": {"$currency": row.currency},
        "tranDate": row.issue_date.isoformat(),
        "memo": f"Stripe: {row.id}",
        "item": lines.item_lines(policy, entries, row.currency),
    }
    if row.due_date:
        body["dueDate"] = max(row.due_date, row.issue_date).isoformat()
    if row.number:
        body["otherRefNum"] = row.number
    body |= subsidiary(policy)
    return body
