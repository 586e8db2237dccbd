"""Stripe payload → flat row, at API version 2026-10-28.endive. Missing fields become None; nothing is guessed.

Shapes are those of Stripe's API since 2025-03-31.basil: taxes in `total_taxes` and `line.taxes`, prices in
`line.pricing`, prorations in `line.parent`. Amounts are minor units, times UTC.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from o2c_orchestration.domain import metadata
from o2c_orchestration.domain.keys import named_customer_key
from o2c_orchestration.validate import movements
from o2c_orchestration.validate.fields import (
    Payload,
    Row,
    day,
    discounts,
    granted,
    iso,
    moment,
    reference,
    refuse_older,
    tax,
)

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def customer(payload: Payload, zone: ZoneInfo) -> Row:
    """A customer; a deleted one is only an id."""
    return {
        "id": payload.get("id"),
        "name": payload.get("name"),
        "email": payload.get("email"),
        "deleted": bool(payload.get("deleted")),
        "created_at": moment(payload.get("created")) or _LONG_AGO,
        "balances": _balances(payload),
    }


def _balances(payload: Payload) -> dict[str, int]:
    """The balance by currency; where Stripe does not tell them apart, all of it is in the customer's own."""
    several, single = payload.get("invoice_credit_balance"), payload.get("balance") or 0
    if isinstance(several, dict) and several:
        return {currency: amount for currency, amount in several.items() if amount}
    return {str(payload.get("currency")): single} if single else {}


def invoice(payload: Payload, zone: ZoneInfo) -> Row:
    """An invoice with its lines; issued at `effective_at`, else when it was finalized. Raises OlderShape."""
    transitions = payload.get("status_transitions") or {}
    issued = moment(payload.get("effective_at") or transitions.get("finalized_at"))
    found = (payload.get("lines") or {}).get("data", [])
    refuse_older(payload, found)
    lines = [line(item) for item in found]
    taxes = payload.get("total_taxes") or []
    return {
        "id": payload.get("id"),
        "customer_id": reference(payload.get("customer")),
        "number": payload.get("number"),
        "currency": payload.get("currency"),
        "status": payload.get("status"),
        "total_minor": payload.get("total"),
        "tax_minor": sum(item.get("amount") or 0 for item in taxes),
        "amount_paid_minor": payload.get("amount_paid"),
        "amount_remaining_minor": payload.get("amount_remaining"),
        "shipping_minor": (payload.get("shipping_cost") or {}).get("amount_subtotal") or 0,
        "issue_date": day(issued, zone),
        "due_date": day(moment(payload.get("due_date")), zone),
        "closed_date": day(moment(transitions.get("voided_at") or transitions.get("marked_uncollectible_at")), zone),
        "paid_date": day(moment(transitions.get("paid_at")), zone),
        "created_at": moment(payload.get("created")),
        "lines": lines,
        "balance_minor": _from_balance(payload),
        "overpaid_minor": payload.get("amount_overpaid") or 0,
        "zero_lines": payload.get("total") == 0 and all(item["amount_minor"] == 0 for item in lines),
    }


def _from_balance(payload: Payload) -> int:
    """What its finalization took from the customer's balance. Stripe counts a credit to the customer below zero."""
    ending = payload.get("ending_balance")
    return 0 if ending is None else ending - (payload.get("starting_balance") or 0)


def line(payload: Payload) -> Row:
    """An invoice line, as domain.documents.LineRow."""
    pricing = (payload.get("pricing") or {}).get("price_details") or {}
    period = payload.get("period") or {}
    taxes = payload.get("taxes") or []
    named = payload.get("metadata") or {}
    return {
        "id": payload.get("id"),
        "description": payload.get("description") or "Stripe line",
        "amount_minor": payload.get("amount"),
        "discount_minor": sum(item.get("amount") or 0 for item in payload.get("discount_amounts") or []),
        "grant_minor": granted(payload),
        "tax_exclusive_minor": tax(taxes, "exclusive"),
        "tax_inclusive_minor": tax(taxes, "inclusive"),
        "quantity": str(payload.get("quantity_decimal") or payload.get("quantity") or 1),
        "price_id": reference(pricing.get("price")),
        "product_id": reference(pricing.get("product")),
        "period_start": iso(period.get("start")),
        "period_end": iso(period.get("end")),
        "proration": _proration(payload),
        **_items(named),
        **discounts(payload),
    }


def _items(named: Payload) -> Row:
    """Items that the metadata of a line names: left out where it names none, as nearly always."""
    found = {"item": metadata.item(named), "discount_item": metadata.discount_item(named)} if named else {}
    return {name: value for name, value in found.items() if value is not None}


def price(payload: Payload, zone: ZoneInfo) -> Row:
    """A price, of which only the metadata matters."""
    return {
        "id": payload.get("id"),
        "product_id": reference(payload.get("product")),
        "created_at": moment(payload.get("created")),
    }


def coupon(payload: Payload, zone: ZoneInfo) -> Row:
    """A coupon, of which only the metadata matters; one that was deleted may tell no more than its id."""
    return {"id": payload.get("id"), "created_at": moment(payload.get("created")) or _LONG_AGO}


def discount(payload: Payload, zone: ZoneInfo) -> Row:
    """A discount as extract.discounts keeps it."""
    return {**coupon(payload, zone), "coupon_id": payload.get("coupon")}


def _payer(named: Any) -> str | None:
    found = metadata.payer(named)
    return named_customer_key(found) if found else None


def charge(payload: Payload, zone: ZoneInfo) -> Row:
    """A charge as a payment: what was captured, gross. An uncaptured one has paid nothing yet."""
    captured = payload.get("amount_captured")
    status = payload.get("status")
    if status == "succeeded" and not payload.get("captured", True):
        status = "uncaptured"
    created = moment(payload.get("created"))
    return {
        "id": payload.get("id"),
        "customer_id": reference(payload.get("customer")) or _payer(payload.get("metadata")),
        "payment_intent": reference(payload.get("payment_intent")),
        "currency": payload.get("currency"),
        "status": status,
        "amount_minor": captured if captured is not None else payload.get("amount"),
        "refunded_minor": payload.get("amount_refunded") or 0,
        "payment_date": day(created, zone),
        "created_at": created,
    }


def invoice_payment(payload: Payload, zone: ZoneInfo) -> Row:
    """The part of a payment that pays one invoice."""
    payment = payload.get("payment") or {}
    return {
        "id": payload.get("id"),
        "invoice_id": reference(payload.get("invoice")),
        "payment_intent": reference(payment.get("payment_intent")),
        "charge_id": reference(payment.get("charge")),
        "currency": payload.get("currency"),
        "status": payload.get("status"),
        "amount_minor": payload.get("amount_paid"),
        "created_at": moment(payload.get("created")),
    }


FLATTEN: dict[str, Callable[[Any, ZoneInfo], Row]] = {
    "customer": customer,
    "invoice": invoice,
    "price": price,
    "coupon": coupon,
    "discount": discount,
    "charge": charge,
    "invoice_payment": invoice_payment,
    **movements.FLATTEN,
}


def _proration(payload: Payload) -> bool:
    parent = payload.get("parent") or {}
    details = parent.get("subscription_item_details") or parent.get("invoice_item_details") or {}
    return bool(details.get("proration"))
