"""What tax rates make of a line and of an invoice's totals, in integer minor units.

Each rate is rounded on its own line, half up. Pure.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from o2c_orchestration.sandbox.stripe.store import Wire

# Amounts of these end in nought on Stripe's wire.
_THREE_DECIMALS = ("bhd", "jod", "kwd", "omr", "tnd")


def line_taxes(amount: int, currency: str, rates: list[Wire]) -> list[Wire]:
    """The taxes of a line of this amount, as Stripe shows them on it."""
    taxes = []
    for rate in rates:
        percent = Decimal(str(rate["percentage"]))
        share = amount * percent / (100 + percent) if rate["inclusive"] else amount * percent / 100
        tax = rounded(share, currency)
        taxes.append(_tax(rate["id"], tax, amount - tax if rate["inclusive"] else amount, rate["inclusive"]))
    return taxes


def rounded(share: Decimal, currency: str) -> int:
    """The nearest amount that a currency can have, half up, in minor units."""
    step = 10 if currency in _THREE_DECIMALS else 1
    return int((share / step).quantize(Decimal(1), rounding=ROUND_HALF_UP)) * step


def _tax(rate: str, amount: int, taxable: int, inclusive: bool) -> Wire:
    return {
        "amount": amount,
        "tax_behavior": "inclusive" if inclusive else "exclusive",
        "tax_rate_details": {"tax_rate": rate},
        "taxability_reason": "standard_rated",
        "taxable_amount": taxable,
        "type": "tax_rate_details",
    }


def totals(lines: list[Wire]) -> dict[str, Any]:
    """The totals of an invoice with these lines: exclusive tax comes on top, inclusive tax is inside."""
    summed: dict[tuple[str, str], Wire] = {}
    for tax in (tax for line in lines for tax in line["taxes"]):
        key = tax["tax_rate_details"]["tax_rate"], tax["tax_behavior"]
        before = summed.get(key, {"amount": 0, "taxable_amount": 0})
        both = {name: before[name] + tax[name] for name in ("amount", "taxable_amount")}
        summed[key] = {**tax, **both}
    subtotal = sum(line["amount"] for line in lines)
    every = sum(tax["amount"] for tax in summed.values())
    inclusive = sum(tax["amount"] for tax in summed.values() if tax["tax_behavior"] == "inclusive")
    total = subtotal + every - inclusive
    return {
        "subtotal": subtotal,
        "subtotal_excluding_tax": subtotal - inclusive,
        "total": total,
        "total_excluding_tax": total - every,
        "total_taxes": list(summed.values()),
    }
