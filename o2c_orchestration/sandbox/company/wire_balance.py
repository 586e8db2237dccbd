"""Balance transactions and payouts as Stripe renders them.

What belongs here: the shape of one object. Amounts are US cents; who moved them and when is decided elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass

from .catalog import Wire

# Says to the sandbox which payout paid a balance transaction out. It is never shown on the wire.
PAYOUT_KEY = "_payout"


@dataclass(frozen=True)
class Fee:
    """One part of a fee: its type, US cents (negative when it is given back) and what it is for."""

    kind: str
    amount: int
    description: str


def balance_transaction(entry_id: str, kind: str, category: str, created: int, amount: int, fees: list[Fee]) -> Wire:
    """An entry of the settlement balance: net = amount - fee, and the fee is the sum of its parts."""
    fee = sum(each.amount for each in fees)
    return {
        "id": entry_id,
        "object": "balance_transaction",
        "amount": amount,
        "available_on": created,
        "balance_type": "payments",
        "created": created,
        "currency": "usd",
        "description": None,
        "exchange_rate": None,
        "fee": fee,
        "fee_details": [_fee_detail(each) for each in fees],
        "net": amount - fee,
        "reporting_category": category,
        "source": None,
        "status": "pending",
        "type": kind,
    }


def payout(payout_id: str, amount: int, created: int, arrival_date: int, bank_account: str) -> Wire:
    """An automatic payout on its way; below zero the bank is debited."""
    return {
        "id": payout_id,
        "object": "payout",
        "amount": amount,
        "application_fee": None,
        "application_fee_amount": None,
        "arrival_date": arrival_date,
        "automatic": True,
        "balance_transaction": None,
        "created": created,
        "currency": "usd",
        "description": "STRIPE PAYOUT",
        "destination": bank_account,
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "livemode": False,
        "metadata": {},
        "method": "standard",
        "original_payout": None,
        "payout_method": None,
        "reconciliation_status": "in_progress",
        "reversed_by": None,
        "source_type": "card",
        "statement_descriptor": None,
        "status": "in_transit",
        "trace_id": {"status": "pending", "value": None},
        "type": "bank_account",
    }


def shown(entry: Wire) -> Wire:
    """A balance transaction as another object embeds it: without the key that is ours."""
    return {name: value for name, value in entry.items() if name != PAYOUT_KEY}


def _fee_detail(fee: Fee) -> Wire:
    return {
        "amount": fee.amount,
        "application": None,
        "currency": "usd",
        "description": fee.description,
        "type": fee.kind,
    }
