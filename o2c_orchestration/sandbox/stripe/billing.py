"""The life of an invoice: draft, finalized, paid, void; with the payments, balance and events that follow."""

from __future__ import annotations

from o2c_orchestration.sandbox.stripe import automatic_tax, customer_balance, disputes, form, payment_shapes, shapes
from o2c_orchestration.sandbox.stripe.errors import StripeError, card_declined, missing_parameter
from o2c_orchestration.sandbox.stripe.form import Params, required
from o2c_orchestration.sandbox.stripe.ledger import Ledger
from o2c_orchestration.sandbox.stripe.store import Cursor, Wire

INVOICE_KNOWN = (
    "automatic_tax",
    "customer",
    "currency",
    "collection_method",
    "days_until_due",
    "due_date",
    "description",
    "metadata",
    "auto_advance",
    "pending_invoice_items_behavior",
    "number",
    "footer",
    "default_payment_method",
    "effective_at",
)
UPDATE_KNOWN = ("description", "metadata", "auto_advance", "footer", "effective_at")
SECONDS_A_DAY = 24 * 3600
ITEMS_MAX = 250
CARD = "pm_card_visa"
# The SDK's own test payment method: whoever pays with it is declined.
DECLINED_CARD = "pm_card_chargeDeclined"
# What is paid with this one is in the available balance at once.
BYPASSING_CARD = "pm_card_bypassPending"


def create_invoice(ledger: Ledger, params: Params) -> Wire:
    """POST /v1/invoices: a draft, empty unless pending items are asked to be included."""
    form.only(params, INVOICE_KNOWN)
    customer = ledger.must("customer", required(params, "customer"), param="customer")
    currency = (form.text(params, "currency") or customer.get("currency") or "usd").lower()
    method = form.text(params, "collection_method", "charge_automatically")
    fields = {
        "currency": currency,
        "collection_method": method,
        "due_date": _due_date(ledger, params, method),
        "description": form.text(params, "description"),
        "footer": form.text(params, "footer"),
        "number": form.text(params, "number"),
        "metadata": form.metadata(params),
        "auto_advance": form.flag(params, "auto_advance", default=False),
        "default_payment_method": form.text(params, "default_payment_method"),
        "effective_at": form.integer(params, "effective_at"),
        "automatic_tax": automatic_tax.on_invoice(customer, enabled=automatic_tax.asked(params)),
    }
    invoice = shapes.invoice(ledger.new_id("in"), ledger.now, customer, fields)
    if form.text(params, "pending_invoice_items_behavior", "exclude") == "include":
        ledger.append_items(invoice, pending_items(ledger, customer["id"], currency))
    else:
        ledger.append_items(invoice, [])
    ledger.emit("invoice.created", invoice)
    return invoice


def _due_date(ledger: Ledger, params: Params, method: str | None) -> int | None:
    days, due_date = form.integer(params, "days_until_due"), form.integer(params, "due_date")
    if method != "send_invoice":
        return None
    if days is None and due_date is None:
        raise missing_parameter("days_until_due")
    return due_date if days is None else ledger.now + days * SECONDS_A_DAY


def pending_items(ledger: Ledger, customer: str, currency: str) -> list[Wire]:
    """The customer's invoice items in this currency that are on no invoice yet, oldest first."""
    where = ["customer = ?", "owner IS NULL", "json_extract(payload, '$.currency') = ?"]
    items = ledger.store.find("invoiceitem", where, [customer, currency], Cursor(ITEMS_MAX))
    return items[::-1]


def update_invoice(ledger: Ledger, identifier: str, params: Params) -> Wire:
    """POST /v1/invoices/{id}: description, footer, auto_advance and metadata; for a draft also effective_at."""
    form.only(params, UPDATE_KNOWN)
    invoice = ledger.must("invoice", identifier)
    changes: Wire = {name: form.text(params, name) for name in ("description", "footer") if name in params}
    if "auto_advance" in params:
        changes["auto_advance"] = form.flag(params, "auto_advance", default=False)
    if "metadata" in params:
        changes["metadata"] = form.metadata(params, invoice["metadata"])
    if "effective_at" in params:
        if invoice["status"] != "draft":
            raise StripeError(400, "Finalized invoices can't be updated in this way", code="invoice_not_editable")
        changes["effective_at"] = form.integer(params, "effective_at")
    return ledger.changed(invoice, changes, "invoice.updated")


def delete_invoice(ledger: Ledger, identifier: str) -> Wire:
    """DELETE /v1/invoices/{id}: drafts only. Raises StripeError for any other."""
    invoice = ledger.must("invoice", identifier)
    if invoice["status"] != "draft":
        raise StripeError(400, "You can only delete draft invoices.", code="invoice_not_editable")
    ledger.emit("invoice.deleted", invoice)
    ledger.store.delete(identifier)
    return {"id": identifier, "object": "invoice", "deleted": True}


def finalize_invoice(ledger: Ledger, identifier: str, params: Params) -> Wire:
    """POST /v1/invoices/{id}/finalize: number, due amount, and the default payment to collect it."""
    form.only(params, ("auto_advance",))
    invoice = ledger.must("invoice", identifier)
    if invoice["status"] != "draft":
        raise StripeError(
            400,
            "This invoice is already finalized, you can't re-finalize a non-draft invoice.",
            code="invoice_not_editable",
        )
    if invoice["automatic_tax"]["enabled"]:
        _calculate_tax(ledger, invoice)
    customer_balance.apply(ledger, invoice)
    _take_number(ledger, invoice)
    invoice["status"] = "open"
    invoice["effective_at"] = invoice["effective_at"] or ledger.now
    invoice["status_transitions"]["finalized_at"] = ledger.now
    invoice["hosted_invoice_url"] = f"https://invoice.stripe.com/i/{identifier}"
    invoice["invoice_pdf"] = f"https://pay.stripe.com/invoice/{identifier}/pdf"
    ledger.store.save(invoice)
    ledger.emit("invoice.finalized", invoice)
    if invoice["amount_remaining"] == 0:
        return _settle(ledger, invoice, amount=0)
    _ask_payment(ledger, invoice)
    if invoice["collection_method"] == "send_invoice":
        ledger.emit("invoice.sent", invoice)
    return invoice


def _calculate_tax(ledger: Ledger, invoice: Wire) -> None:
    """By where the customer is now. Raises StripeError where that is not known."""
    customer = ledger.must("customer", invoice["customer"])
    automatic_tax.check(customer)
    if invoice["automatic_tax"]["status"] != "complete":
        invoice["automatic_tax"] = automatic_tax.on_invoice(customer, enabled=True)
        lines = ledger.store.all_lines(invoice["id"])
        ledger.store.set_lines(invoice, [])
        ledger.append_lines(invoice, [(line, []) for line in lines])


def _take_number(ledger: Ledger, invoice: Wire) -> None:
    customer = ledger.must("customer", invoice["customer"])
    sequence = customer.get("next_invoice_sequence", 1)
    if invoice["number"] is None:
        prefix = customer.get("invoice_prefix") or customer["id"][-8:].upper()
        invoice["number"] = f"{prefix}-{sequence:04d}"
    if not customer.get("deleted"):
        currency = customer.get("currency") or invoice["currency"]
        ledger.store.save({**customer, "next_invoice_sequence": sequence + 1, "currency": currency})


def _ask_payment(ledger: Ledger, invoice: Wire) -> None:
    method = invoice.get("default_payment_method")
    intent = payment_shapes.payment_intent(ledger.new_id("pi"), ledger.now, invoice, method)
    ledger.created(intent)
    ledger.store.save(payment_shapes.invoice_payment(ledger.new_id("inpay"), ledger.now, invoice, intent["id"]))


def pay_invoice(ledger: Ledger, identifier: str, params: Params) -> Wire:
    """POST /v1/invoices/{id}/pay: charges what remains; a draft is finalized first.

    Raises StripeError 402 when the card is declined (the failed charge is kept), 400 when nothing is open.
    """
    form.only(params, ("payment_method", "paid_out_of_band", "forgive", "off_session"))
    invoice = ledger.must("invoice", identifier)
    if invoice["status"] == "draft":
        invoice = finalize_invoice(ledger, identifier, {})
        if invoice["status"] == "paid":
            return invoice
    if invoice["status"] == "paid":
        raise StripeError(400, "Invoice is already paid")
    if invoice["status"] not in ("open", "uncollectible"):
        raise StripeError(400, f"This invoice can no longer be paid, it is {invoice['status']}.")
    payment = _open_payment(ledger, invoice)
    if form.flag(params, "paid_out_of_band", default=False):
        _cancel_payment(ledger, payment)
        return _settle(ledger, invoice, amount=invoice["amount_remaining"], off_stripe=True)
    return _charge(ledger, invoice, payment, form.text(params, "payment_method"))


def _open_payment(ledger: Ledger, invoice: Wire) -> Wire:
    where = ["owner = ?", "status = 'open'"]
    found = ledger.store.find("invoice_payment", where, [invoice["id"]], Cursor(1))
    if not found:
        _ask_payment(ledger, invoice)
        found = ledger.store.find("invoice_payment", where, [invoice["id"]], Cursor(1))
    return found[0]


def _charge(ledger: Ledger, invoice: Wire, payment: Wire, payment_method: str | None) -> Wire:
    intent = ledger.must("payment_intent", payment["payment"]["payment_intent"])
    customer = ledger.must("customer", invoice["customer"])
    preferred = (customer.get("invoice_settings") or {}).get("default_payment_method")
    method = payment_method or invoice.get("default_payment_method") or preferred or CARD
    invoice["attempted"], invoice["attempt_count"] = True, invoice["attempt_count"] + 1
    try:
        collect(ledger, intent, invoice, method)
    except StripeError:
        ledger.store.save(invoice)
        ledger.emit("invoice.payment_failed", invoice)
        raise
    payment["amount_paid"], payment["status"] = intent["amount"], "paid"
    payment["status_transitions"]["paid_at"] = ledger.now
    ledger.store.save(payment)
    settled = _settle(ledger, invoice, amount=intent["amount"])
    ledger.emit("invoice_payment.paid", payment)
    return settled


def collect(ledger: Ledger, intent: Wire, owed: Wire, method: str) -> Wire:
    """Charge a card for an intent; `owed` has the name and address of who pays. Returns the charge.

    Raises StripeError 402 when the card is declined; intent and failed charge are kept.
    """
    declined = method == DECLINED_CARD
    intent["payment_method"] = method
    charge = payment_shapes.charge(ledger.new_id("ch"), ledger.now, intent, owed, declined=declined)
    intent["latest_charge"] = charge["id"]
    if declined:
        raise _declined(ledger, intent, charge)
    transaction = payment_shapes.balance_transaction(ledger.new_id("txn"), ledger.now, charge)
    charge["balance_transaction"] = transaction["id"]
    if method == BYPASSING_CARD:
        transaction |= {"available_on": ledger.now, "status": "available"}
    intent["status"], intent["amount_received"] = "succeeded", intent["amount"]
    for wire in (transaction, charge, intent):
        ledger.store.save(wire)
    ledger.emit("charge.succeeded", charge)
    # A test card's dispute is there before its payment is announced, as Stripe does it.
    disputes.follow_charge(ledger, charge)
    ledger.emit("payment_intent.succeeded", intent)
    return charge


def _declined(ledger: Ledger, intent: Wire, charge: Wire) -> StripeError:
    error = {
        "charge": charge["id"],
        "code": "card_declined",
        "decline_code": "generic_decline",
        "message": "Your card was declined.",
        "type": "card_error",
    }
    intent["status"], intent["last_payment_error"] = "requires_payment_method", error
    for wire in (charge, intent):
        ledger.store.save(wire)
    ledger.emit("charge.failed", charge)
    ledger.emit("payment_intent.payment_failed", intent)
    return card_declined(charge["id"], intent)


def credit(ledger: Ledger, invoice: Wire, amount: int) -> Wire:
    """Count a payment of one's own towards an invoice: its default payment asks for what is left, if anything."""
    if amount == invoice["amount_remaining"]:
        _cancel_payment(ledger, _open_payment(ledger, invoice))
        return _settle(ledger, invoice, amount=amount)
    left = invoice["amount_remaining"] - amount
    changes = {"amount_paid": invoice["amount_paid"] + amount, "amount_remaining": left}
    ledger.changed(invoice, changes, "invoice.updated")
    return ask_for_the_rest(ledger, invoice)


def owe_less(ledger: Ledger, invoice: Wire, amount: int, changes: Wire) -> Wire:
    """Lower what is due of an invoice (or raise it, below zero), and save `changes` with it.

    The invoice is paid when nothing is left.
    """
    left = {name: invoice[name] - amount for name in ("amount_due", "amount_remaining")}
    if left["amount_remaining"] == 0:
        _cancel_payment(ledger, _open_payment(ledger, invoice))
        return _settle(ledger, invoice, amount=0, changes={**changes, **left})
    ledger.changed(invoice, {**changes, **left}, "invoice.updated")
    return ask_for_the_rest(ledger, invoice)


def ask_for_the_rest(ledger: Ledger, invoice: Wire) -> Wire:
    """Let the default payment of an open invoice ask for what remains."""
    default, left = _open_payment(ledger, invoice), invoice["amount_remaining"]
    intent = ledger.must("payment_intent", default["payment"]["payment_intent"])
    ledger.store.save({**intent, "amount": left})
    ledger.store.save({**default, "amount_requested": left})
    return invoice


def _settle(
    ledger: Ledger, invoice: Wire, *, amount: int, off_stripe: bool = False, changes: Wire | None = None
) -> Wire:
    changes = {
        "status": "paid",
        "attempted": True,
        "auto_advance": False,
        "amount_paid": invoice["amount_paid"] + amount,
        "amount_remaining": invoice["amount_remaining"] - amount,
        "status_transitions": {**invoice["status_transitions"], "paid_at": ledger.now},
        **(changes or {}),
    }
    ledger.changed(invoice, changes, "invoice.updated")
    ledger.emit("invoice.paid", invoice)
    ledger.emit("invoice.payment_succeeded", invoice)
    if off_stripe:
        ledger.store.save({**invoice, "amount_paid_off_stripe": amount})
    _revive(ledger, invoice)
    return invoice


def _revive(ledger: Ledger, invoice: Wire) -> None:
    """A subscription whose invoice is paid after all is active again."""
    details = (invoice.get("parent") or {}).get("subscription_details") or {}
    subscription = ledger.store.get(details.get("subscription") or "", "subscription")
    if subscription and subscription["status"] in ("incomplete", "past_due"):
        ledger.changed(subscription, {"status": "active"}, "customer.subscription.updated")


def send_invoice(ledger: Ledger, identifier: str, params: Params) -> Wire:
    """POST /v1/invoices/{id}/send: finalized if it is a draft, and announced as sent."""
    form.only(params, ())
    invoice = ledger.must("invoice", identifier)
    if invoice["status"] == "draft":
        return finalize_invoice(ledger, identifier, {})
    if invoice["status"] == "open":
        ledger.emit("invoice.sent", invoice)
    return invoice


def void_invoice(ledger: Ledger, identifier: str, params: Params) -> Wire:
    """POST /v1/invoices/{id}/void: for good, its open payment canceled. Raises StripeError unless open."""
    form.only(params, ())
    return _close(ledger, identifier, "void", "voided_at", "invoice.voided")


def mark_uncollectible(ledger: Ledger, identifier: str, params: Params) -> Wire:
    """POST /v1/invoices/{id}/mark_uncollectible: written off; it can still be paid."""
    form.only(params, ())
    kind = "invoice.marked_uncollectible"
    return _close(ledger, identifier, "uncollectible", "marked_uncollectible_at", kind)


def _close(ledger: Ledger, identifier: str, status: str, moment: str, kind: str) -> Wire:
    invoice = ledger.must("invoice", identifier)
    allowed = ("open", "uncollectible") if status == "void" else ("open",)
    if invoice["status"] not in allowed:
        raise StripeError(
            400, f"You can only pass in open invoices. This invoice isn't open, it is {invoice['status']}."
        )
    if status == "void":
        _cancel_payment(ledger, _open_payment(ledger, invoice))
        customer_balance.unapply(ledger, invoice)
    invoice["status"] = status
    invoice["status_transitions"][moment] = ledger.now
    ledger.store.save(invoice)
    ledger.emit(kind, invoice)
    return invoice


def _cancel_payment(ledger: Ledger, payment: Wire) -> None:
    intent = ledger.must("payment_intent", payment["payment"]["payment_intent"])
    intent["status"], intent["canceled_at"] = "canceled", ledger.now
    intent["cancellation_reason"] = "void_invoice"
    payment["status"] = "canceled"
    payment["status_transitions"]["canceled_at"] = ledger.now
    ledger.store.save(intent)
    ledger.store.save(payment)
    ledger.emit("payment_intent.canceled", intent)
