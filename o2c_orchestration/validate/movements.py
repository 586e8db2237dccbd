"""Credit notes, refunds, disputes, balance transactions and payouts → flat rows, at API version 2026-10-28.endive.

Amounts are minor units (of the settlement currency for balance transactions and payouts), times UTC, days in the time
zone of the books; only a payout's arrival is a UTC day, as Stripe gives it.
"""

from collections.abc import Callable
from datetime import UTC
from typing import Any
from zoneinfo import ZoneInfo

from o2c_orchestration.validate.fields import (
    Payload,
    Row,
    day,
    discounts,
    granted,
    moment,
    reference,
    refuse_older,
    tax,
)

# How little of a converted amount may be left by exchange rates alone, between a dispute and its end.
_RATES_PERCENT = 80


def credit_note(payload: Payload, zone: ZoneInfo) -> Row:
    """A credit note with its lines; its date is `effective_at`, else the day it was created. Raises OlderShape."""
    created = moment(payload.get("created"))
    lines = (payload.get("lines") or {}).get("data", [])
    refuse_older(payload, lines)
    return {
        "id": payload.get("id"),
        "invoice_id": reference(payload.get("invoice")),
        "customer_id": reference(payload.get("customer")),
        "currency": payload.get("currency"),
        "status": payload.get("status"),
        "total_minor": payload.get("total"),
        "tax_minor": sum(item.get("amount") or 0 for item in payload.get("total_taxes") or []),
        "pre_payment_minor": payload.get("pre_payment_amount"),
        "shipping_minor": (payload.get("shipping_cost") or {}).get("amount_subtotal") or 0,
        "issue_date": day(moment(payload.get("effective_at")) or created, zone),
        "created_at": created,
        "lines": [_line(item) for item in lines],
        "refunds": [
            [reference(item.get("refund")), item.get("amount_refunded")]
            for item in payload.get("refunds") or []
            if item.get("refund") is not None
        ],
        "balance_minor": _to_balance(payload),
    }


def _to_balance(payload: Payload) -> int:
    """What went to the customer's balance: all that is not taken off the invoice, refunded or settled elsewhere."""
    if payload.get("customer_balance_transaction") is None:
        return 0
    refunded = sum(item.get("amount_refunded") or 0 for item in payload.get("refunds") or [])
    after: int = payload["total"] - payload["pre_payment_amount"]
    return after - refunded - (payload.get("out_of_band_amount") or 0)


def _line(payload: Payload) -> Row:
    """A line as domain.documents.LineRow; `origin` is the invoice line that it takes back."""
    taxes = payload.get("taxes") or []
    return {
        "id": payload.get("id"),
        "description": payload.get("description") or "Stripe credit",
        "amount_minor": payload.get("amount"),
        "discount_minor": sum(item.get("amount") or 0 for item in payload.get("discount_amounts") or []),
        "grant_minor": granted(payload),
        "tax_exclusive_minor": tax(taxes, "exclusive"),
        "tax_inclusive_minor": tax(taxes, "inclusive"),
        "quantity": str(payload.get("quantity") or 1),
        "origin": payload.get("invoice_line_item"),
        **discounts(payload),
    }


def refund(payload: Payload, zone: ZoneInfo) -> Row:
    """A refund. Its money moved if it has a balance transaction, and came back if it has one of its failure."""
    created = moment(payload.get("created"))
    return {
        "id": payload.get("id"),
        "charge_id": reference(payload.get("charge")),
        "currency": payload.get("currency"),
        "status": payload.get("status") or "succeeded",
        "amount_minor": payload.get("amount"),
        "balance_transaction": reference(payload.get("balance_transaction")),
        "failure_transaction": reference(payload.get("failure_balance_transaction")),
        "refund_date": day(created, zone),
        "created_at": created,
    }


def dispute(payload: Payload, zone: ZoneInfo) -> Row:
    """A dispute; its balance transactions say whether money was withdrawn, and how much of it came back."""
    moves = sorted(payload.get("balance_transactions") or [], key=lambda item: int(item["created"]))
    taken = [item for item in moves if item["amount"] < 0]
    back = [item for item in moves if item["amount"] > 0]
    returned = _returned(payload, taken, back)
    return {
        "id": payload.get("id"),
        "charge_id": reference(payload.get("charge")),
        "currency": payload.get("currency"),
        "status": payload.get("status"),
        "amount_minor": payload.get("amount"),
        "withdrawn_date": day(moment(taken[0]["created"]), zone) if taken else None,
        "reinstated_date": None if returned is None else day(moment(back[-1]["created"]), zone),
        "partly_reinstated": bool(back) and returned is None,
        "reinstated_minor": None if returned == payload.get("amount") else returned,
        "created_at": moment(payload.get("created")),
    }


def _returned(payload: Payload, taken: list[Payload], back: list[Payload]) -> int | None:
    """How much came back in minor units of the dispute's currency; None if nothing did, or nobody can tell.

    Amounts of a converted dispute are of two days' exchange rates (docs.stripe.com/currencies/disputes-refunds): what
    came back of one that was won is all of it, as long as the difference may be one of rates.
    """
    whole: int | None = payload.get("amount")
    gone: int = -sum(item["amount"] for item in taken)
    returned: int = sum(item["amount"] for item in back)
    if not back or returned >= gone:
        return whole if back else None
    if all(item.get("currency") == payload.get("currency") for item in (*taken, *back)):
        return returned
    won = payload.get("status") == "won" and returned * 100 >= gone * _RATES_PERCENT
    return whole if won else None


def balance_transaction(payload: Payload, zone: ZoneInfo) -> Row:
    """An entry of the Stripe balance. The two integer amounts tell the exchange, never `exchange_rate`."""
    created = moment(payload.get("created"))
    return {
        "id": payload.get("id"),
        "type": payload.get("type"),
        "category": payload.get("reporting_category") or payload.get("type"),
        "source_id": reference(payload.get("source")),
        "currency": payload.get("currency"),
        "amount_minor": payload.get("amount"),
        "fee_minor": payload.get("fee"),
        "net_minor": payload.get("net"),
        "fees": [[item.get("type"), item.get("amount")] for item in payload.get("fee_details") or []],
        "booked_date": day(created, zone),
        "created_at": created,
    }


def payout(payload: Payload, zone: ZoneInfo) -> Row:
    """A payout. Which transactions it consists of is not on it; Stripe lists them by payout."""
    arrival = moment(payload.get("arrival_date"))
    return {
        "id": payload.get("id"),
        "currency": payload.get("currency"),
        "status": payload.get("status"),
        "amount_minor": payload.get("amount"),
        "automatic": payload.get("automatic"),
        "reconciliation": payload.get("reconciliation_status"),
        "failure_transaction": reference(payload.get("failure_balance_transaction")),
        "arrival_date": arrival.astimezone(UTC).date() if arrival else None,
        "created_at": moment(payload.get("created")),
    }


def customer_balance_transaction(payload: Payload, zone: ZoneInfo) -> Row:
    """A movement of a customer's balance; below zero it is a credit to the customer."""
    created = moment(payload.get("created"))
    return {
        "id": payload.get("id"),
        "customer_id": reference(payload.get("customer")),
        "type": payload.get("type"),
        "currency": payload.get("currency"),
        "amount_minor": payload.get("amount"),
        "booked_date": day(created, zone),
        "created_at": created,
    }


FLATTEN: dict[str, Callable[[Any, ZoneInfo], Row]] = {
    "credit_note": credit_note,
    "refund": refund,
    "dispute": dispute,
    "balance_transaction": balance_transaction,
    "payout": payout,
    "customer_balance_transaction": customer_balance_transaction,
}
