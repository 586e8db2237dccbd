"""Paying an invoice in parts: a payment intent of one's own, attached to the invoice it pays towards."""

from __future__ import annotations

from o2c_orchestration.sandbox.stripe import billing, customer_balance, form, payment_shapes
from o2c_orchestration.sandbox.stripe.errors import StripeError, invalid_positive_integer, missing_parameter
from o2c_orchestration.sandbox.stripe.form import Params, required
from o2c_orchestration.sandbox.stripe.ledger import Ledger
from o2c_orchestration.sandbox.stripe.store import Wire

INTENT_KNOWN = (
    "amount",
    "automatic_payment_methods",
    "confirm",
    "currency",
    "customer",
    "description",
    "metadata",
    "off_session",
    "payment_method",
    "payment_method_types",
)
OPEN = ("requires_payment_method", "requires_confirmation")


def create_payment_intent(ledger: Ledger, params: Params) -> Wire:
    """POST /v1/payment_intents: with `confirm` and a card it is charged at once, for a customer or for nobody.

    Raises StripeError 402 when the card is declined (the failed charge is kept).
    """
    form.only(params, INTENT_KNOWN)
    amount = form.integer(params, "amount")
    if amount is None:
        raise missing_parameter("amount")
    if amount <= 0:
        raise invalid_positive_integer("amount")
    payer = form.text(params, "customer")
    if payer is not None:
        ledger.must("customer", payer, param="customer")
    owed = {"amount_remaining": amount, "currency": required(params, "currency").lower(), "customer": payer}
    method = form.text(params, "payment_method")
    intent = payment_shapes.payment_intent(ledger.new_id("pi"), ledger.now, owed, method)
    intent["description"], intent["metadata"] = form.text(params, "description"), form.metadata(params)
    if method is not None:
        intent["status"] = "requires_confirmation"
    ledger.created(intent)
    if form.flag(params, "confirm", default=False):
        _confirm(ledger, intent, method)
    return intent


def confirm_payment_intent(ledger: Ledger, identifier: str, params: Params) -> Wire:
    """POST /v1/payment_intents/{id}/confirm: charge it. Raises StripeError as create, or when it is not open."""
    form.only(params, ("payment_method", "off_session", "return_url"))
    intent = ledger.must("payment_intent", identifier, param="intent")
    if intent["status"] not in OPEN:
        message = f"You cannot confirm this PaymentIntent because it has a status of {intent['status']}."
        raise StripeError(400, message, code="payment_intent_unexpected_state")
    _confirm(ledger, intent, form.text(params, "payment_method") or intent["payment_method"])
    return intent


def _confirm(ledger: Ledger, intent: Wire, method: str | None) -> None:
    customer = ledger.store.get(intent["customer"] or "", "customer") or {}
    payer = {f"customer_{name}": customer.get(name) for name in ("address", "email", "name", "phone")}
    billing.collect(ledger, intent, payer, method or billing.CARD)


def attach_payment(ledger: Ledger, identifier: str, params: Params) -> Wire:
    """POST /v1/invoices/{id}/attach_payment: a succeeded intent is credited at once, the rest stays open.

    What it pays beyond the invoice goes to the customer's balance. Raises StripeError unless the invoice is open.
    """
    form.only(params, ("payment_intent",))
    invoice = ledger.must("invoice", identifier)
    intent = ledger.must("payment_intent", required(params, "payment_intent"), param="payment_intent")
    if invoice["status"] not in ("open", "uncollectible"):
        raise StripeError(400, f"You can only attach payments to open invoices, this one is {invoice['status']}.")
    if intent["status"] != "succeeded":
        raise StripeError(400, "This PaymentIntent cannot be attached to this invoice.", param="payment_intent")
    part = payment_shapes.invoice_payment(ledger.new_id("inpay"), ledger.now, invoice, intent["id"])
    taken = min(intent["amount"], invoice["amount_remaining"])
    paid = {"amount_paid": taken, "amount_requested": taken, "status": "paid"}
    part |= {**paid, "is_default": False, "status_transitions": {"canceled_at": None, "paid_at": ledger.now}}
    ledger.store.save(part)
    if intent["amount"] > taken:
        customer_balance.keep_surplus(ledger, invoice, intent["amount"] - taken)
    billing.credit(ledger, invoice, taken)
    ledger.emit("invoice_payment.paid", part)
    return invoice
