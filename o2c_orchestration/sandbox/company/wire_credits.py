"""Credit notes as Stripe renders them.

What belongs here: the shape of one credit note and its lines. Which lines are credited, and whether the money
comes off the invoice, goes back or is settled outside, is decided in credits.py.
"""

from __future__ import annotations

from collections.abc import Iterable

from .catalog import Wire
from .lines import Line, summed_taxes, tax_object


def credit_note(note_id: str, invoice: Wire, number: str, created: int, lines: list[Wire], totals: Wire) -> Wire:
    """An issued credit note of an invoice. `totals` are those of `line_totals` or `custom_totals`."""
    return {
        "id": note_id,
        "object": "credit_note",
        "amount": totals["total"],
        "amount_shipping": 0,
        "created": created,
        "currency": invoice["currency"],
        "customer": invoice["customer"],
        "customer_account": None,
        "customer_balance_transaction": None,
        "effective_at": created,
        "invoice": invoice["id"],
        "lines": {
            "object": "list",
            "data": lines,
            "has_more": False,
            "total_count": len(lines),
            "url": f"/v1/credit_notes/{note_id}/lines",
        },
        "livemode": False,
        "memo": None,
        "metadata": {},
        "number": number,
        "out_of_band_amount": None,
        "pdf": f"https://credit-note.example.com/c/{number}/pdf",
        "post_payment_amount": 0,
        "pre_payment_amount": 0,
        "reason": "order_change",
        "refunds": [],
        "shipping_cost": None,
        "status": "issued",
        "type": "post_payment",
        "voided_at": None,
        **totals,
    }


def line_totals(lines: list[Line], discount_id: str | None) -> Wire:
    """total = sum of lines - discounts + exclusive tax, as on the invoice."""
    subtotal, discount = sum(line.amount for line in lines), sum(line.discount for line in lines)
    taxes = [tax for line in lines for tax in line.taxes]
    every_tax, inclusive = sum(tax.amount for tax in taxes), sum(line.inclusive_tax for line in lines)
    total = subtotal - discount + every_tax - inclusive
    return {
        **_discounts(discount, discount_id),
        "subtotal": subtotal,
        "subtotal_excluding_tax": subtotal - inclusive,
        "total": total,
        "total_excluding_tax": total - every_tax,
        "total_taxes": summed_taxes(taxes),
    }


def custom_totals(amount: int) -> Wire:
    """The totals of one line that names no invoice line and bears no tax."""
    return line_totals([], None) | dict.fromkeys(
        ("subtotal", "subtotal_excluding_tax", "total", "total_excluding_tax"), amount
    )


def credited_line(line_id: str, line: Line, invoice_line: str, discount_id: str | None, *, whole: bool) -> Wire:
    """A line that credits an invoice line: the whole of it by quantity, or a part by amount."""
    return {
        **_line(line_id, line.amount, line.description),
        **_discounts(line.discount, discount_id),
        "invoice_line_item": invoice_line,
        "quantity": line.quantity if whole else None,
        "taxes": [tax_object(tax.rate, tax.taxable, tax.amount) for tax in line.taxes],
        "type": "invoice_line_item",
        "unit_amount": line.price.unit if whole else None,
        "unit_amount_decimal": str(line.price.unit) if whole else None,
    }


def custom_line(line_id: str, amount: int, description: str) -> Wire:
    """A line of its own: a sum that is credited for some reason."""
    return {
        **_line(line_id, amount, description),
        "quantity": 1,
        "type": "custom_line_item",
        "unit_amount": amount,
        "unit_amount_decimal": str(amount),
    }


def linked_refunds(refunds: Iterable[tuple[str, int]]) -> list[Wire]:
    """The refunds that pay a credit note out: id and minor units."""
    return [
        {"amount_refunded": amount, "payment_record_refund": None, "refund": refund_id, "type": "refund"}
        for refund_id, amount in refunds
    ]


def _line(line_id: str, amount: int, description: str) -> Wire:
    return {
        "id": line_id,
        "object": "credit_note_line_item",
        "amount": amount,
        "description": description,
        **_discounts(0, None),
        "invoice_line_item": None,
        "livemode": False,
        "metadata": {},
        "tax_rates": [],
        "taxes": [],
    }


def _discounts(amount: int, discount_id: str | None) -> Wire:
    amounts = [{"amount": amount, "discount": discount_id}] if amount and discount_id else []
    return {
        "discount_amount": amount,
        "discount_amounts": amounts,
        "pretax_credit_amounts": [{**each, "credit_balance_transaction": None, "type": "discount"} for each in amounts],
    }
