"""Prorations: what a change in the middle of a period gives back and asks for, as pending invoice items.

By the second, half up. Facts: stripe-python 16.1.0, `params/_subscription_schedule_create_params.py`
(proration_behavior create_prorations, always_invoice, none). Not verified: the exact wording of the descriptions.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from o2c_orchestration.sandbox.stripe import prices, shapes
from o2c_orchestration.sandbox.stripe.ledger import Ledger
from o2c_orchestration.sandbox.stripe.store import Wire
from o2c_orchestration.sandbox.stripe.tax_arithmetic import rounded


def write(ledger: Ledger, wire: Wire, before: list[Wire], after: list[Wire]) -> None:
    """Credit what is left of the old items' periods and charge what is left of the new ones', where they differ."""
    same = {(item["price"]["id"], item["quantity"]) for item in before} & {
        (item["price"]["id"], item["quantity"]) for item in after
    }
    for items, sign, words in ((before, -1, "Unused time on"), (after, 1, "Remaining time on")):
        for item in items:
            left = item["current_period_end"] - ledger.now
            if left > 0 and (item["price"]["id"], item["quantity"]) not in same:
                _write(ledger, wire, item, sign * left, words)


def parent(wire: Wire, item: Wire | None) -> Wire:
    """Where an invoice item of a subscription comes from."""
    details = {"subscription": wire["id"], "subscription_item": item["id"] if item else None}
    return {"quote_details": None, "subscription_details": details, "type": "subscription_details"}


def _write(ledger: Ledger, wire: Wire, item: Wire, left: int, words: str) -> None:
    price, quantity = item["price"], item["quantity"]
    whole = item["current_period_end"] - item["current_period_start"]
    share = Decimal(prices.amount(price, quantity)) * abs(left) / whole
    name = ledger.must("product", price["product"])["name"]
    day = datetime.fromtimestamp(ledger.now, UTC).strftime("%d %b %Y")
    fields = {
        **prices.priced(price, quantity),
        "amount": rounded(share, price["currency"]) * (1 if left > 0 else -1),
        "customer": wire["customer"],
        "description": f"{words} {quantity} × {name} after {day}",
        "parent": parent(wire, item),
        "period": {"start": ledger.now, "end": item["current_period_end"]},
        "proration": True,
        "tax_rates": item["tax_rates"] or wire["default_tax_rates"],
    }
    ledger.created(shapes.invoice_item(ledger.new_id("ii"), ledger.now, fields))
