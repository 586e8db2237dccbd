"""The lines of a credit note that is asked for: of lines of the invoice, of one's own, or of a bare amount.

Tax and discount of what is credited are in proportion to those of the invoice, rounded half up.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from o2c_orchestration.sandbox.stripe import credit_note_shapes, form, tax_arithmetic, taxes
from o2c_orchestration.sandbox.stripe.errors import StripeError, invalid_positive_integer, missing_parameter, no_such
from o2c_orchestration.sandbox.stripe.form import Params
from o2c_orchestration.sandbox.stripe.ledger import Ledger
from o2c_orchestration.sandbox.stripe.store import Wire


def asked_lines(ledger: Ledger, invoice: Wire, params: Params) -> list[Wire]:
    """The lines that `lines` or `amount` ask for. Raises StripeError when there are none, or none such."""
    given = params.get("lines")
    amount = form.integer(params, "amount")
    if given is None:
        if amount is None:
            raise StripeError(
                400, "One of `amount`, `lines`, or `shipping_cost` must be provided.", code="parameter_missing"
            )
        if amount <= 0:
            raise invalid_positive_integer("amount")
        return [_of_amount(ledger, invoice, amount)]
    if not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
        raise StripeError(400, "Invalid array", param="lines")
    known = {line["id"]: line for line in ledger.store.all_lines(invoice["id"])}
    lines = [_line(ledger, invoice, known, each) for each in given]
    total = credit_note_shapes.totals(lines)["total"]
    if amount is not None and amount != total:
        message = f"The amount of the credit note ({amount}) is not what its lines come to ({total})."
        raise StripeError(400, message, param="amount")
    return lines


def _of_amount(ledger: Ledger, invoice: Wire, amount: int) -> Wire:
    whole, currency = invoice["total"], invoice["currency"]
    if not whole:
        raise StripeError(400, "There is nothing on this invoice that could be credited.", param="invoice")
    shares = [_tax_share(tax, amount, whole, currency) for tax in invoice.get("total_taxes") or []]
    on_top = sum(tax["amount"] for tax in shares if tax["tax_behavior"] == "exclusive")
    fields = {"amount": amount - on_top, "quantity": 1, "taxes": shares, "type": "custom_line_item"}
    return _made(ledger, {**fields, **_priced(amount - on_top), "description": f"Credit on {invoice['number']}"})


def _line(ledger: Ledger, invoice: Wire, known: dict[str, Wire], given: Params) -> Wire:
    kind = form.text(given, "type")
    if kind == "invoice_line_item":
        return _of_invoice_line(ledger, invoice, known, given)
    if kind == "custom_line_item":
        return _custom(ledger, invoice, given)
    if kind is None:
        raise missing_parameter("lines[type]")
    raise StripeError(400, "Invalid type: must be one of invoice_line_item or custom_line_item", param="lines[type]")


def _of_invoice_line(ledger: Ledger, invoice: Wire, known: dict[str, Wire], given: Params) -> Wire:
    identifier = form.text(given, "invoice_line_item")
    if identifier is None:
        raise missing_parameter("lines[invoice_line_item]")
    if identifier not in known:
        raise no_such("invoice line item", identifier, param="lines[invoice_line_item]", status=400)
    line, currency = known[identifier], invoice["currency"]
    amount, quantity = _asked(line, given, currency)
    if abs(amount) > abs(line["amount"]) or amount * line["amount"] < 0:
        message = f"You cannot credit {amount} of a line that is over {line['amount']}."
        raise StripeError(400, message, param="lines[amount]")
    whole = line["amount"] or 1
    discounts = [
        {"amount": _share(each["amount"], amount, whole, currency), "discount": each["discount"]}
        for each in line.get("discount_amounts") or []
    ]
    fields = {
        "amount": amount,
        "description": form.text(given, "description") or line.get("description"),
        "discount_amount": sum(each["amount"] for each in discounts),
        "discount_amounts": discounts,
        "invoice_line_item": identifier,
        "quantity": quantity,
        "taxes": [_tax_share(tax, amount, whole, currency) for tax in line.get("taxes") or []],
        "type": "invoice_line_item",
    }
    return _made(ledger, {**fields, **(_priced(amount, quantity) if quantity else {})}, given)


def _asked(line: Wire, given: Params, currency: str) -> tuple[int, int | None]:
    amount, quantity = form.integer(given, "amount"), form.integer(given, "quantity")
    if amount is not None:
        return amount, quantity
    of = line.get("quantity") or 1
    quantity = of if quantity is None else quantity
    if not 0 < quantity <= of:
        raise StripeError(400, f"You cannot credit {quantity} of {of}.", param="lines[quantity]")
    return _share(line["amount"], quantity, of, currency), quantity


def _custom(ledger: Ledger, invoice: Wire, given: Params) -> Wire:
    description, quantity = form.text(given, "description"), form.integer(given, "quantity", 1) or 1
    exact = form.text(given, "unit_amount_decimal") or form.text(given, "unit_amount")
    if description is None or exact is None:
        raise missing_parameter("lines[description]" if description is None else "lines[unit_amount]")
    try:
        unit = Decimal(exact)
    except InvalidOperation:
        raise StripeError(400, f"Invalid decimal: {exact}", param="lines[unit_amount_decimal]") from None
    amount, rates = tax_arithmetic.rounded(unit * quantity, invoice["currency"]), taxes.rates_of(ledger, given)
    fields = {
        "amount": amount,
        "description": description,
        "quantity": quantity,
        "tax_rates": rates,
        "taxes": tax_arithmetic.line_taxes(amount, invoice["currency"], rates),
        "type": "custom_line_item",
        "unit_amount": int(unit) if unit == int(unit) else None,
        "unit_amount_decimal": exact,
    }
    return _made(ledger, fields, given)


def _made(ledger: Ledger, fields: Wire, given: Params | None = None) -> Wire:
    return credit_note_shapes.line(ledger.new_id("cnli"), {**fields, "metadata": form.metadata(given or {})})


def _priced(amount: int, quantity: int = 1) -> Wire:
    exact = Decimal(amount) / quantity
    text = f"{exact:.12f}".rstrip("0").rstrip(".")
    return {"unit_amount": int(exact) if exact == int(exact) else None, "unit_amount_decimal": text}


def _tax_share(tax: Wire, part: int, whole: int, currency: str) -> Wire:
    shares: dict[str, Any] = {
        name: _share(tax[name], part, whole, currency)
        for name in ("amount", "taxable_amount")
        if tax.get(name) is not None
    }
    return {**tax, **shares}


def _share(amount: int, part: int, whole: int, currency: str) -> int:
    return tax_arithmetic.rounded(Decimal(amount) * part / whole, currency)
