"""Payment objects as Stripe renders them.

What belongs here: the shape of one invoice payment, payment intent and charge. When they
are made and how their amounts hang together is in payments.py.
"""

from __future__ import annotations

from .catalog import Wire

_DECLINED = "Your card has insufficient funds."


def invoice_payment(
    payment_id: str, invoice: Wire, intent_id: str, amount: int, created: int, *, default: bool
) -> Wire:
    """An open invoice payment that asks for `amount` minor units."""
    return {
        "id": payment_id,
        "object": "invoice_payment",
        "amount_paid": None,
        "amount_requested": amount,
        "created": created,
        "currency": invoice["currency"],
        "invoice": invoice["id"],
        "is_default": default,
        "livemode": False,
        "payment": {"payment_intent": intent_id, "type": "payment_intent"},
        "status": "open",
        "status_transitions": {"canceled_at": None, "paid_at": None},
    }


def payment_intent(intent_id: str, customer: Wire, currency: str, amount: int, created: int) -> Wire:
    """A payment intent that waits for a payment method."""
    return {
        "id": intent_id,
        "object": "payment_intent",
        "amount": amount,
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": None,
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": "automatic",
        "client_secret": None,
        "confirmation_method": "automatic",
        "created": created,
        "currency": currency,
        "customer": customer["id"],
        "customer_account": None,
        "description": "Invoice payment",
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": {},
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": None,
        "payment_method_configuration_details": None,
        "payment_method_options": {},
        "payment_method_types": ["card", "us_bank_account"],
        "processing": None,
        "receipt_email": None,
        "review": None,
        "setup_future_usage": None,
        "shipping": None,
        "source": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": None,
        "status": "requires_payment_method",
        "transfer_data": None,
        "transfer_group": None,
    }


def charge_object(
    charge_id: str,
    customer: Wire,
    intent: Wire,
    created: int,
    *,
    declined: bool = False,
    by_bank: bool = False,
) -> Wire:
    """A charge for the whole intent, by card or bank debit; a declined one moved no money."""
    amount = intent["amount"]
    return {
        "id": charge_id,
        "object": "charge",
        "amount": amount,
        "amount_captured": 0 if declined else amount,
        "amount_refunded": 0,
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": None,
        "billing_details": {
            "address": dict(customer["address"]),
            "email": customer["email"],
            "name": customer["name"],
            "phone": None,
            "tax_id": None,
        },
        "calculated_statement_descriptor": "NORWOLD WORKS",
        "captured": not declined,
        "created": created,
        "currency": intent["currency"],
        "customer": customer["id"],
        "description": "Invoice payment",
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": "card_declined" if declined else None,
        "failure_message": _DECLINED if declined else None,
        "fraud_details": {},
        "livemode": False,
        "metadata": {},
        "on_behalf_of": None,
        "outcome": _outcome(declined=declined),
        "paid": not declined,
        "payment_intent": intent["id"],
        "payment_method": f"pm_{charge_id[3:]}",
        "payment_method_details": _method_details(by_bank=by_bank),
        "radar_options": {},
        "receipt_email": None,
        "receipt_number": None,
        "receipt_url": None,
        "refunded": False,
        "review": None,
        "shipping": None,
        "source": None,
        "source_transfer": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": None,
        "status": "failed" if declined else "succeeded",
        "transfer_data": None,
        "transfer_group": None,
    }


def _outcome(*, declined: bool) -> Wire:
    if declined:
        return {
            "advice_code": None,
            "network_advice_code": None,
            "network_decline_code": None,
            "network_status": "declined_by_network",
            "reason": "insufficient_funds",
            "risk_level": "normal",
            "seller_message": "The bank returned the decline code `insufficient_funds`.",
            "type": "issuer_declined",
        }
    return {
        "advice_code": None,
        "network_advice_code": None,
        "network_decline_code": None,
        "network_status": "approved_by_network",
        "reason": None,
        "risk_level": "normal",
        "seller_message": "Payment complete.",
        "type": "authorized",
    }


def _method_details(*, by_bank: bool) -> Wire:
    if by_bank:
        return {
            "type": "us_bank_account",
            "us_bank_account": {"account_type": "checking", "bank_name": "STRIPE TEST BANK", "last4": "6789"},
        }
    return {
        "card": {
            "brand": "visa",
            "country": "US",
            "exp_month": 12,
            "exp_year": 2030,
            "funding": "credit",
            "last4": "4242",
        },
        "type": "card",
    }
