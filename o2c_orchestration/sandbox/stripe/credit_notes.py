"""Credit notes: taking back what an invoice asks for, before it is paid or after.

A note first lowers what remains due of an open invoice (its pre-payment amount). What is left of it, the
post-payment amount, has to go somewhere: to refunds, to the customer's balance, or to him outside of Stripe.
"""

from __future__ import annotations

from o2c_orchestration.sandbox.stripe import billing, credit_note_shapes, customer_balance, form, refunds
from o2c_orchestration.sandbox.stripe.credit_note_lines import asked_lines
from o2c_orchestration.sandbox.stripe.errors import StripeError, credit_not_allocated, credit_too_large
from o2c_orchestration.sandbox.stripe.form import Params, required
from o2c_orchestration.sandbox.stripe.ledger import Ledger
from o2c_orchestration.sandbox.stripe.store import Cursor, Wire

NOTE_KNOWN = (
    "amount",
    "credit_amount",
    "effective_at",
    "email_type",
    "invoice",
    "lines",
    "memo",
    "metadata",
    "out_of_band_amount",
    "reason",
    "refund_amount",
    "refunds",
)
REASONS = ("duplicate", "fraudulent", "order_change", "product_unsatisfactory")
ALL = Cursor(10**6)


def create_credit_note(ledger: Ledger, params: Params) -> Wire:
    """POST /v1/credit_notes: of an open or paid invoice.

    Raises StripeError when it is over more than the invoice has left to credit, or not fully allocated.
    """
    form.only(params, NOTE_KNOWN)
    invoice = ledger.must("invoice", required(params, "invoice"), param="invoice")
    if invoice["status"] not in ("open", "paid"):
        message = f"You can only create a credit note for an open or paid invoice, this one is {invoice['status']}."
        raise StripeError(400, message, param="invoice")
    lines = asked_lines(ledger, invoice, params)
    totals = credit_note_shapes.totals(lines)
    before, after = _split(invoice, totals["total"])
    links = _linked(ledger, invoice, params)
    _check_allocated(params, after, sum(each["amount_refunded"] for each in links), invoice["currency"])
    note = credit_note_shapes.credit_note(ledger.new_id("cn"), ledger.now, invoice, {**totals, **_given(params)})
    note |= {"pre_payment_amount": before, "post_payment_amount": after, "type": _type(before, after)}
    note |= {"number": _number(ledger, invoice), "effective_at": note["effective_at"] or ledger.now}
    note["refunds"] = [*links, *_refunded(ledger, invoice, params)]
    note["customer_balance_transaction"] = _credited(ledger, note, params)
    ledger.store.set_lines(note, lines)
    ledger.created(note)
    _lower(ledger, invoice, before, after)
    return note


def _split(invoice: Wire, total: int) -> tuple[int, int]:
    credited = sum(invoice.get(f"{when}_payment_credit_notes_amount") or 0 for when in ("pre", "post"))
    if total <= 0 or total > invoice["total"] - credited:
        raise credit_too_large(total, invoice["total"] - credited, invoice["currency"])
    before = min(total, invoice["amount_remaining"])
    return before, total - before


def _type(before: int, after: int) -> str:
    if before and after:
        return "mixed"
    return "post_payment" if after else "pre_payment"


def _given(params: Params) -> Wire:
    reason = form.text(params, "reason")
    if reason is not None and reason not in REASONS:
        raise StripeError(400, f"Invalid reason: must be one of {', '.join(REASONS)}", param="reason")
    return {
        "effective_at": form.integer(params, "effective_at"),
        "memo": form.text(params, "memo"),
        "metadata": form.metadata(params),
        "out_of_band_amount": form.integer(params, "out_of_band_amount"),
        "reason": reason,
    }


def _linked(ledger: Ledger, invoice: Wire, params: Params) -> list[Wire]:
    given = params.get("refunds") or []
    if not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
        raise StripeError(400, "Invalid array", param="refunds")
    return [_link(ledger, invoice, each) for each in given]


def _link(ledger: Ledger, invoice: Wire, given: Params) -> Wire:
    form.only(given, ("amount_refunded", "refund", "type"))
    if form.text(given, "type", "refund") != "refund":
        raise StripeError(400, "The sandbox links refunds only, no payment records.", param="refunds[type]")
    refund = ledger.must("refund", required(given, "refund"), param="refunds[refund]")
    if refund["charge"] not in [charge["id"] for charge in _charges(ledger, invoice)]:
        message = f"The refund {refund['id']} is not of a payment of this invoice."
        raise StripeError(400, message, param="refunds[refund]")
    if refund["status"] in ("failed", "canceled"):
        raise StripeError(400, f"The refund {refund['id']} is {refund['status']}.", param="refunds[refund]")
    notes = ledger.store.find("credit_note", ["owner = ?", "status = 'issued'"], [invoice["id"]], ALL)
    linked = sum(
        each["amount_refunded"] for note in notes for each in note["refunds"] if each["refund"] == refund["id"]
    )
    amount = form.integer(given, "amount_refunded", refund["amount"] - linked) or 0
    if not 0 < amount <= refund["amount"] - linked:
        message = f"The refund {refund['id']} has {refund['amount'] - linked} left to link, not {amount}."
        raise StripeError(400, message, param="refunds[amount_refunded]")
    return credit_note_shapes.linked_refund(refund["id"], amount)


def _charges(ledger: Ledger, invoice: Wire) -> list[Wire]:
    where = ["owner = ?", "status = 'paid'"]
    charges = []
    for payment in ledger.store.find("invoice_payment", where, [invoice["id"]], ALL):
        intent = ledger.store.get(payment["payment"].get("payment_intent") or "", "payment_intent") or {}
        identifier = payment["payment"].get("charge") or intent.get("latest_charge")
        charge = ledger.store.get(identifier or "", "charge")
        if charge is not None:
            charges.append(charge)
    return charges


def _check_allocated(params: Params, after: int, linked: int, currency: str) -> None:
    parts = [form.integer(params, name, 0) or 0 for name in ("refund_amount", "credit_amount", "out_of_band_amount")]
    if any(part < 0 for part in parts) or sum(parts) + linked != after:
        raise credit_not_allocated(sum(parts) + linked, after, currency)


def _number(ledger: Ledger, invoice: Wire) -> str:
    count = len(ledger.store.find("credit_note", ["owner = ?"], [invoice["id"]], ALL))
    return f"{invoice['number']}-CN-{count + 1:02d}"


def _refunded(ledger: Ledger, invoice: Wire, params: Params) -> list[Wire]:
    amount = form.integer(params, "refund_amount", 0)
    if not amount:
        return []
    charges = _charges(ledger, invoice)
    if not charges:
        message = "This invoice has no charge that could be refunded."
        raise StripeError(400, message, param="refund_amount")
    left = {charge["id"]: charge["amount"] - (charge.get("amount_refunded") or 0) for charge in charges}
    # The newest payment that still has that much; when none has, Stripe's refusal for the one with the most.
    charge = next((each for each in charges if left[each["id"]] >= amount), None)
    charge = charge or max(charges, key=lambda each: left[each["id"]])
    refund = refunds.refund_charge(ledger, charge, amount, {"reason": None})
    return [credit_note_shapes.linked_refund(refund["id"], amount)]


def _credited(ledger: Ledger, note: Wire, params: Params) -> str | None:
    amount = form.integer(params, "credit_amount", 0)
    if not amount:
        return None
    fields = {
        "credit_note": note["id"],
        "currency": note["currency"],
        "invoice": note["invoice"],
        "type": "credit_note",
    }
    customer = ledger.must("customer", note["customer"], param="customer")
    return str(customer_balance.move(ledger, customer, -amount, fields)["id"])


def _lower(ledger: Ledger, invoice: Wire, before: int, after: int) -> None:
    changes = {
        name: (invoice.get(name) or 0) + amount
        for name, amount in (
            ("pre_payment_credit_notes_amount", before),
            ("post_payment_credit_notes_amount", after),
        )
    }
    if before:
        billing.owe_less(ledger, invoice, before, changes)
    else:
        ledger.changed(invoice, changes, "invoice.updated")


def update_credit_note(ledger: Ledger, identifier: str, params: Params) -> Wire:
    """POST /v1/credit_notes/{id}: memo and metadata."""
    form.only(params, ("memo", "metadata"))
    note = ledger.at("credit_note", identifier)
    changes: Wire = {"memo": form.text(params, "memo")} if "memo" in params else {}
    if "metadata" in params:
        changes["metadata"] = form.metadata(params, note.get("metadata"))
    return ledger.changed(note, changes, "credit_note.updated")


def void_credit_note(ledger: Ledger, identifier: str, params: Params) -> Wire:
    """POST /v1/credit_notes/{id}/void: while its invoice is open, which is then due for that much more again.

    Raises StripeError for a note that is void, or whose invoice is not open.
    """
    form.only(params, ())
    note = ledger.at("credit_note", identifier)
    invoice = ledger.must("invoice", note["invoice"])
    if note["status"] == "void":
        raise StripeError(400, "This credit note is already void.")
    if invoice["status"] != "open":
        raise StripeError(400, f"You can only void a credit note of an open invoice, this one is {invoice['status']}.")
    ledger.changed(note, {"status": "void", "voided_at": ledger.now}, "credit_note.voided")
    name, amount = "pre_payment_credit_notes_amount", note["pre_payment_amount"]
    billing.owe_less(ledger, invoice, -amount, {name: invoice[name] - amount})
    return note
