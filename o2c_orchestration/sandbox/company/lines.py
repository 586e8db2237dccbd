"""Invoice lines: what was sold, what the discount and the taxes make of it, and how Stripe shows it.

What belongs here: the arithmetic of one invoice's lines in integer minor units. A line's amount is before
discounts; an inclusive tax is inside it, an exclusive one comes on top.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from .catalog import Catalog, Price, Wire
from .currencies import share
from .ids import IdMaker
from .stories import DAY, Story

_BASIS_POINTS = 10_000
# What coupons take off.
PERCENTS = (10, 15, 20, 25)
# Basis points. Canada has two taxes on one line; Kuwait has none.
_TAX_RATES = {"usd": (725,), "eur": (1900,), "gbp": (2000,), "cad": (500, 700), "jpy": (1000,), "kwd": ()}
_INCLUSIVE_SOMETIMES = ("eur", "gbp", "jpy")
_MANY_LINES = (11, 34)
# More than one page of a hundred, so that a client has to page an invoice's lines.
LONG_LINES = 112


@dataclass(frozen=True)
class TaxRate:
    """A tax rate that lines refer to: `basis_points` of 10,000, inside the amount or on top of it."""

    id: str
    basis_points: int
    inclusive: bool


@dataclass(frozen=True)
class LineTax:
    """One tax on one line, in minor units."""

    rate: TaxRate
    taxable: int
    amount: int


@dataclass(frozen=True)
class Line:
    """One line in minor units; `discount` and `taxes` follow from the amount."""

    price: Price
    quantity: int
    amount: int
    description: str
    period: tuple[int, int]
    proration: bool = False
    discount: int = 0
    taxes: tuple[LineTax, ...] = field(default=())

    @property
    def inclusive_tax(self) -> int:
        return sum(tax.amount for tax in self.taxes if tax.rate.inclusive)


def make_tax_rates(ids: IdMaker) -> dict[tuple[str, bool], tuple[TaxRate, ...]]:
    """The rates by currency and whether they are inclusive."""
    return {
        (currency, inclusive): tuple(TaxRate(ids.new("txr"), points, inclusive) for points in rates)
        for currency, rates in _TAX_RATES.items()
        for inclusive in (False, True)
    }


def sell(rng: random.Random, catalog: Catalog, story: Story, currency: str) -> list[Line]:
    """The lines of a story before discount and tax; their sum is positive unless it is a trial."""
    moment = story.finalized_at
    month = (moment, moment + 30 * DAY)
    plan = rng.choice(catalog.plans[currency])
    if story.layout == "trial":
        return [Line(plan, 1, 0, f"Trial period for {plan.name}", (moment, moment + 14 * DAY))]
    if story.layout == "one_off":
        prices = rng.sample(catalog.extras[currency], rng.randrange(1, 4))
        return [_sold(price, rng.randrange(1, 6), (moment, moment)) for price in prices]
    base = _sold(plan, rng.randrange(1, 13), month)
    if story.layout == "many_lines":
        extras = rng.choices(catalog.extras[currency], k=rng.randrange(*_MANY_LINES))
        return [base, *(_sold(price, rng.randrange(1, 4), (moment, moment)) for price in extras)]
    if story.layout == "proration":
        return _change_of_plan(rng, catalog, base, moment)
    add_on = catalog.plans[currency][3]
    return [base, _sold(add_on, 1, month)] if plan != add_on and rng.randrange(3) == 0 else [base]


def lengthen(lines: list[Line]) -> list[Line]:
    """The same kind of lines until there are 112 of them."""
    return [lines[place % len(lines)] for place in range(LONG_LINES)]


def settle_lines(
    rng: random.Random,
    lines: list[Line],
    story: Story,
    currency: str,
    rates: dict[tuple[str, bool], tuple[TaxRate, ...]],
) -> list[Line]:
    """The lines with discount and taxes worked out, each rounded on its own line."""
    percent = rng.choice(PERCENTS) if story.discounted else 0
    inclusive = currency in _INCLUSIVE_SOMETIMES and rng.randrange(2) == 0
    applied = rates[currency, inclusive] if story.taxed else ()
    discounted = [_discounted(line, percent) for line in lines]
    return [replace(line, taxes=taxes_on(line.amount - line.discount, applied, currency)) for line in discounted]


def _discounted(line: Line, percent: int) -> Line:
    if line.proration or percent == 0:
        return line
    return replace(line, discount=share(line.amount, percent, 100, line.price.currency))


def taxes_on(base: int, rates: tuple[TaxRate, ...], currency: str) -> tuple[LineTax, ...]:
    """The taxes on `base` minor units after discounts, each rounded by itself."""
    taxes = []
    for rate in rates:
        over = _BASIS_POINTS + rate.basis_points if rate.inclusive else _BASIS_POINTS
        amount = share(base, rate.basis_points, over, currency)
        taxes.append(LineTax(rate, base - amount if rate.inclusive else base, amount))
    return tuple(taxes)


def _sold(price: Price, quantity: int, period: tuple[int, int]) -> Line:
    return Line(price, quantity, price.unit * quantity, f"{quantity} x {price.name}", period)


def _change_of_plan(rng: random.Random, catalog: Catalog, base: Line, moment: int) -> list[Line]:
    """Unused time of the old plan comes back as a negative line, smaller than the plan that is billed."""
    old, currency = catalog.plans[base.price.currency][0], base.price.currency
    start, end = moment - rng.randrange(3, 20) * DAY, moment
    said = datetime.fromtimestamp(start, UTC).strftime("%d %b %Y")
    days_left = rng.randrange(5, 25)
    credit = -share(min(old.unit, base.amount), days_left, 30, currency)
    charge = share(base.price.unit, days_left, 30, currency)
    return [
        Line(old, 1, credit, f"Unused time on {old.name} after {said}", (start, end), proration=True),
        Line(
            base.price,
            1,
            charge,
            f"Remaining time on {base.price.name} after {said}",
            (start, end),
            proration=True,
        ),
        base,
    ]


def line_object(ids: IdMaker, line: Line, invoice_id: str, subscription: str | None, discount_id: str | None) -> Wire:
    """A line as Stripe renders it inside an invoice."""
    discounts = [{"amount": line.discount, "discount": discount_id}] if discount_id and line.discount else []
    return {
        "id": ids.new("il"),
        "object": "line_item",
        "amount": line.amount,
        "currency": line.price.currency,
        "description": line.description,
        "discount_amounts": discounts,
        "discountable": not line.proration,
        "discounts": [],
        "invoice": invoice_id,
        "livemode": False,
        "metadata": {},
        "parent": _line_parent(ids, line, subscription),
        "period": {"end": line.period[1], "start": line.period[0]},
        "pretax_credit_amounts": [{**discount, "type": "discount"} for discount in discounts],
        "pricing": {
            "price_details": {"price": line.price.id, "product": line.price.product},
            "type": "price_details",
            "unit_amount_decimal": str(line.amount if line.quantity == 1 else line.price.unit),
        },
        "quantity": line.quantity,
        "quantity_decimal": str(line.quantity),
        "subscription": subscription,
        "subtotal": line.amount,
        "taxes": [tax_object(tax.rate, tax.taxable, tax.amount) for tax in line.taxes],
    }


def tax_object(rate: TaxRate, taxable: int, amount: int) -> Wire:
    """A tax as Stripe renders it, on a line and among an invoice's totals alike."""
    return {
        "amount": amount,
        "tax_behavior": "inclusive" if rate.inclusive else "exclusive",
        "tax_rate_details": {"tax_rate": rate.id},
        "taxability_reason": "standard_rated",
        "taxable_amount": taxable,
        "type": "tax_rate_details",
    }


def summed_taxes(taxes: list[LineTax]) -> list[Wire]:
    """The taxes of all lines by rate, as Stripe renders them among an object's totals."""
    sums: dict[TaxRate, tuple[int, int]] = {}
    for tax in taxes:
        taxable, amount = sums.get(tax.rate, (0, 0))
        sums[tax.rate] = (taxable + tax.taxable, amount + tax.amount)
    return [tax_object(rate, taxable, amount) for rate, (taxable, amount) in sums.items()]


def _line_parent(ids: IdMaker, line: Line, subscription: str | None) -> Wire:
    details = {
        "proration": line.proration,
        "proration_details": {"credited_items": None},
        "subscription": subscription,
    }
    if subscription and line.price.recurring:
        return {
            "invoice_item_details": None,
            "type": "subscription_item_details",
            "subscription_item_details": {
                **details,
                "invoice_item": ids.new("ii") if line.proration else None,
                "subscription_item": ids.new("si"),
            },
        }
    return {
        "invoice_item_details": {**details, "invoice_item": ids.new("ii")},
        "subscription_item_details": None,
        "type": "invoice_item_details",
    }
