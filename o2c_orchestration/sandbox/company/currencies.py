"""Currencies of the demo company: steps, exchange into settlement dollars, NetSuite ids and wire amounts.

What belongs here: integer arithmetic on minor units. The exponents are Stripe's, kept apart from the
product's own list on purpose: a shared mistake would hide itself.
"""

from __future__ import annotations

from decimal import Decimal

NETSUITE_CURRENCY = {"usd": "1", "gbp": "2", "cad": "3", "eur": "4", "jpy": "7", "kwd": "9"}
_EXPONENT = {"jpy": 0, "kwd": 3}
# Stripe wants the last digit of a three-decimal amount to be 0.
_STEP = {"kwd": 10}
# Cents of US dollars for so many minor units: (cents, minor units).
_CENTS = {
    "usd": (1, 1),
    "eur": (108, 100),
    "gbp": (127, 100),
    "cad": (73, 100),
    "jpy": (66, 100),
    "kwd": (325, 1000),
}
# What the API shows as exchange_rate, in major units. Nothing is computed from it.
EXCHANGE_RATE = {"eur": 1.08, "gbp": 1.27, "cad": 0.73, "jpy": 0.0066, "kwd": 3.25}
# A list price of 1.00 US dollar in minor units of the currency, before rounding to a price that sells.
_PRICE = {"usd": (100, 1), "eur": (95, 1), "gbp": (80, 1), "cad": (135, 1), "jpy": (150, 1), "kwd": (310, 1)}


def step(currency: str) -> int:
    """The smallest amount that can be charged, in minor units (10 for the dinar, else 1)."""
    return _STEP.get(currency, 1)


def share(amount: int, numerator: int, denominator: int, currency: str) -> int:
    """`amount * numerator / denominator`, rounded half away from zero to the currency's step."""
    unit = step(currency)
    divisor = denominator * unit
    rounded = (2 * abs(amount) * numerator + divisor) // (2 * divisor) * unit
    return rounded if amount >= 0 else -rounded


def settled_cents(amount: int, currency: str) -> int:
    """The US cents that a charge of `amount` minor units settles to."""
    cents, minor = _CENTS[currency]
    return (2 * amount * cents + minor) // (2 * minor)


def list_price(dollars: int, currency: str) -> int:
    """The price in minor units of what costs so many whole US dollars."""
    numerator, denominator = _PRICE[currency]
    return share(dollars, numerator, denominator, currency)


def wire_amount(minor: int, currency: str) -> float | int:
    """The JSON number NetSuite takes for an amount in minor units; exact to the last decimal."""
    exponent = _EXPONENT.get(currency, 2)
    return minor if exponent == 0 else float(Decimal(minor).scaleb(-exponent))
