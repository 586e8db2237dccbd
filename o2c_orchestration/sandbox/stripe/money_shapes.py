"""How refunds, payouts, balances and the entries of the balance look on the wire when they are made here.

Pure: values in, dictionaries out, every field of endive present. Amounts are integer minor units, times are
seconds since 1970 UTC. An entry that takes money out of the balance has a negative amount; net = amount - fee.
"""

from __future__ import annotations

from o2c_orchestration.sandbox.stripe.store import Wire

DISPUTE_FEE = 1500
DAY = 24 * 3600
# What Stripe calls an entry of each type in its reports; a type that is not here is its own category.
REPORTING = {
    "payment": "charge",
    "payment_refund": "refund",
    "payout_failure": "payout_reversal",
    "payout_cancel": "payout_reversal",
}


def movement(identifier: str, now: int, kind: str, fields: Wire) -> Wire:
    """An entry of the balance, available at once and free of fees unless `fields` say otherwise.

    `fields` hold at least amount, currency and source (the id of what moved the money).
    """
    fee = fields.get("fee", 0)
    return {
        "id": identifier,
        "object": "balance_transaction",
        "amount": fields["amount"],
        "available_on": now,
        "balance_type": "payments",
        "created": now,
        "currency": fields["currency"],
        "description": None,
        "exchange_rate": None,
        "fee": fee,
        "fee_details": [],
        "net": fields["amount"] - fee,
        "reporting_category": REPORTING.get(kind, kind),
        "source": fields["source"],
        "status": "available",
        "type": kind,
        **fields,
    }


def fee_detail(amount: int, currency: str, description: str, kind: str = "stripe_fee") -> Wire:
    """One part of an entry's fee; a fee that is given back is negative."""
    return {
        "amount": amount,
        "application": None,
        "currency": currency,
        "description": description,
        "type": kind,
    }


def refund(identifier: str, now: int, charge: Wire, fields: Wire) -> Wire:
    """A refund of a charge; `fields` hold at least amount."""
    return {
        "id": identifier,
        "object": "refund",
        "amount": fields["amount"],
        "balance_transaction": None,
        "charge": charge["id"],
        "created": now,
        "currency": charge["currency"],
        "customer": charge.get("customer"),
        "customer_account": None,
        "description": None,
        "destination_details": _destination(charge),
        "failure_balance_transaction": None,
        "failure_reason": None,
        "instructions_email": None,
        "metadata": {},
        "next_action": None,
        "payment_intent": charge.get("payment_intent"),
        "payment_method": charge.get("payment_method"),
        "pending_reason": None,
        "presentment_details": None,
        "reason": None,
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "succeeded",
        "transfer_reversal": None,
        **fields,
    }


def _destination(charge: Wire) -> Wire:
    kind = (charge.get("payment_method_details") or {}).get("type", "card")
    if kind == "us_bank_account":
        return {"type": "us_bank_transfer", "us_bank_transfer": {"reference": None, "reference_status": "pending"}}
    if kind != "card":
        return {"type": kind, kind: {}}
    return {
        "card": {
            "reference": None,
            "reference_status": "pending",
            "reference_type": "acquirer_reference_number",
            "type": "refund",
        },
        "type": "card",
    }


def payout(identifier: str, now: int, fields: Wire) -> Wire:
    """A payout to the bank; `fields` hold at least amount, arrival_date, automatic and currency.

    An amount below zero takes money from the bank account instead.
    """
    return {
        "id": identifier,
        "object": "payout",
        "amount": fields["amount"],
        "application_fee": None,
        "application_fee_amount": None,
        "arrival_date": fields["arrival_date"],
        "automatic": fields["automatic"],
        "balance_transaction": None,
        "created": now,
        "currency": fields["currency"],
        "description": "STRIPE PAYOUT" if fields["automatic"] else None,
        "destination": bank_account(fields["currency"]),
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "livemode": False,
        "metadata": {},
        "method": "standard",
        "original_payout": None,
        "payout_method": None,
        "reconciliation_status": "in_progress" if fields["automatic"] else "not_applicable",
        "reversed_by": None,
        "source_type": "card",
        "statement_descriptor": None,
        "status": "in_transit" if fields["automatic"] else "pending",
        "trace_id": {"status": "pending", "value": None},
        "type": "bank_account",
        **fields,
    }


def bank_account(currency: str) -> str:
    """The id of the account's one bank account in that currency."""
    return f"ba_sandbox_{currency}"


def balance(available: dict[str, int], pending: dict[str, int]) -> Wire:
    """The account's balance; both arguments map a currency to minor units."""
    currencies = sorted(available.keys() | pending.keys()) or ["usd"]
    return {
        "object": "balance",
        "available": [_of_currency(currency, available.get(currency, 0)) for currency in currencies],
        "connect_reserved": [_without_sources(currency) for currency in currencies],
        "instant_available": [_of_currency(currency, 0) for currency in currencies],
        "issuing": {"available": [_without_sources(currency) for currency in currencies]},
        "livemode": False,
        "pending": [_of_currency(currency, pending.get(currency, 0)) for currency in currencies],
        "refund_and_dispute_prefunding": {
            "available": [_without_sources(currency) for currency in currencies],
            "pending": [_without_sources(currency) for currency in currencies],
        },
    }


def _of_currency(currency: str, amount: int) -> Wire:
    return {"amount": amount, "currency": currency, "source_types": {"card": amount}}


def _without_sources(currency: str) -> Wire:
    return {"amount": 0, "currency": currency}


def customer_balance_transaction(identifier: str, now: int, customer: Wire, fields: Wire) -> Wire:
    """A change of what a customer has to his credit; `fields` hold amount, currency, type and ending_balance.

    A negative amount is a credit to the customer, a positive one a debit.
    """
    return {
        "id": identifier,
        "object": "customer_balance_transaction",
        "amount": fields["amount"],
        "checkout_session": None,
        "created": now,
        "credit_note": None,
        "currency": fields["currency"],
        "customer": customer["id"],
        "customer_account": None,
        "description": None,
        "ending_balance": fields["ending_balance"],
        "invoice": None,
        "livemode": False,
        "metadata": {},
        "type": fields["type"],
        **fields,
    }
