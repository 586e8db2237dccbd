"""How credit notes and their lines look on the wire when they are made here.

Pure: values in, dictionaries out, every field of endive present. Amounts are integer minor units, times are
seconds since 1970 UTC.
"""

from __future__ import annotations

from o2c_orchestration.sandbox.stripe.store import Wire


def credit_note(identifier: str, now: int, invoice: Wire, fields: Wire) -> Wire:
    """A credit note without lines; `fields` hold at least number and what `totals` gives."""
    return {
        "id": identifier,
        "object": "credit_note",
        "amount": fields["total"],
        "amount_shipping": 0,
        "created": now,
        "currency": invoice["currency"],
        "customer": invoice["customer"],
        "customer_account": None,
        "customer_balance_transaction": None,
        "discount_amount": 0,
        "discount_amounts": [],
        "effective_at": now,
        "invoice": invoice["id"],
        "lines": {"object": "list", "data": [], "has_more": False, "url": f"/v1/credit_notes/{identifier}/lines"},
        "livemode": False,
        "memo": None,
        "metadata": {},
        "number": None,
        "out_of_band_amount": None,
        "pdf": f"https://pay.stripe.com/credit_notes/{identifier}/pdf",
        "post_payment_amount": 0,
        "pre_payment_amount": 0,
        "pretax_credit_amounts": [],
        "reason": None,
        "refunds": [],
        "shipping_cost": None,
        "status": "issued",
        "subtotal": 0,
        "subtotal_excluding_tax": 0,
        "total": 0,
        "total_excluding_tax": 0,
        "total_taxes": [],
        "type": "pre_payment",
        "voided_at": None,
        **fields,
    }


def line(identifier: str, fields: Wire) -> Wire:
    """A line of a credit note; `fields` hold at least amount and type.

    The amount is without exclusive tax and before discount, as on the lines of an invoice.
    """
    return {
        "id": identifier,
        "object": "credit_note_line_item",
        "amount": fields["amount"],
        "description": None,
        "discount_amount": 0,
        "discount_amounts": [],
        "invoice_line_item": None,
        "livemode": False,
        "metadata": {},
        "pretax_credit_amounts": [],
        "quantity": None,
        "tax_rates": [],
        "taxes": [],
        "type": fields["type"],
        "unit_amount": None,
        "unit_amount_decimal": None,
        **fields,
    }


def linked_refund(refund: str, amount: int) -> Wire:
    """An entry of a credit note's `refunds`: how much of a refund belongs to the note."""
    return {"amount_refunded": amount, "payment_record_refund": None, "refund": refund, "type": "refund"}


def totals(lines: list[Wire]) -> Wire:
    """What the lines come to: exclusive tax is on top of a line's amount, discount comes off it."""
    discounts = [each for line in lines for each in line["discount_amounts"]]
    discount = sum(each["amount"] for each in discounts)
    taxes = _summed_taxes(lines)
    every = sum(tax["amount"] for tax in taxes)
    inclusive = sum(tax["amount"] for tax in taxes if tax["tax_behavior"] == "inclusive")
    subtotal = sum(line["amount"] for line in lines)
    total = subtotal - discount + every - inclusive
    return {
        "discount_amount": discount,
        "discount_amounts": _summed_discounts(discounts),
        "subtotal": subtotal,
        "subtotal_excluding_tax": subtotal - inclusive,
        "total": total,
        "total_excluding_tax": total - every,
        "total_taxes": taxes,
    }


def _summed_taxes(lines: list[Wire]) -> list[Wire]:
    summed: dict[tuple[str, str], Wire] = {}
    for tax in (tax for line in lines for tax in line["taxes"]):
        key = tax["tax_rate_details"]["tax_rate"], tax["tax_behavior"]
        before = summed.get(key, {"amount": 0, "taxable_amount": 0})
        both = {name: before[name] + (tax[name] or 0) for name in ("amount", "taxable_amount")}
        summed[key] = {**tax, **both}
    return list(summed.values())


def _summed_discounts(discounts: list[Wire]) -> list[Wire]:
    summed: dict[str, int] = {}
    for each in discounts:
        summed[each["discount"]] = summed.get(each["discount"], 0) + each["amount"]
    return [{"amount": amount, "discount": discount} for discount, amount in summed.items()]
