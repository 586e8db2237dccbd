"""The coupons behind discounts of invoices, as Stripe renders both: a discount is seen on its invoice only.

Shapes: stripe-python 16.1.0, `_discount.py` and `_coupon.py` (a coupon is in a discount's `source` since
2025-09-30.clover).
"""

from __future__ import annotations

from .catalog import Wire
from .lines import PERCENTS


def coupons_and_discounts(invoices: list[Wire]) -> list[Wire]:
    """One coupon for each percentage that was taken off, and the discounts of these invoices."""
    found = [_discount(invoice, each) for invoice in invoices for each in invoice["total_discount_amounts"]]
    used = sorted({each["source"]["coupon"] for each in found})
    first = min((each["start"] for each in found), default=0)
    return [*(_coupon(percent, first) for percent in PERCENTS if coupon_id(percent) in used), *found]


def coupon_id(percent: int) -> str:
    """Coupons' ids are of people's own making."""
    return f"{percent}OFF"


def _discount(invoice: Wire, amount: Wire) -> Wire:
    full = sum(line["amount"] for line in invoice["lines"]["data"] if line["discount_amounts"])
    percent = min(PERCENTS, key=lambda each: abs(each * full - 100 * amount["amount"]))
    return {
        "id": amount["discount"],
        "object": "discount",
        "checkout_session": None,
        "customer": invoice["customer"],
        "customer_account": None,
        "end": None,
        "invoice": invoice["id"],
        "invoice_item": None,
        "promotion_code": None,
        "source": {"coupon": coupon_id(percent), "type": "coupon"},
        "start": invoice["created"],
        "subscription": None,
        "subscription_item": None,
    }


def _coupon(percent: int, created: int) -> Wire:
    return {
        "id": coupon_id(percent),
        "object": "coupon",
        "amount_off": None,
        "created": created,
        "currency": None,
        "duration": "once",
        "duration_in_months": None,
        "livemode": False,
        "max_redemptions": None,
        "metadata": {},
        "name": f"{percent} % off",
        "percent_off": float(percent),
        "redeem_by": None,
        "times_redeemed": 0,
        "valid": True,
    }
