"""Products, prices and customers of the demo company, as Stripe renders them.

What belongs here: master data. Names and addresses are invented, e-mail domains are example.com's.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from .currencies import NETSUITE_CURRENCY, list_price
from .ids import IdMaker
from .stories import DAY, Story, Window, is_newcomer

Wire = dict[str, Any]
MINUTE = 60
# (name, US dollars, recurring)
_PRODUCTS = (
    ("Starter plan", 49, True),
    ("Growth plan", 199, True),
    ("Scale plan", 899, True),
    ("Analytics add-on", 79, True),
    ("Premium support", 250, True),
    ("Onboarding package", 1500, False),
    ("Training day", 1200, False),
    ("Sensor kit", 340, False),
    ("Field report", 85, False),
    ("Data export", 25, False),
)
# The first twelve customers have every currency between them.
# fmt: off
_CURRENCY_PATTERN = (
    "usd", "eur", "usd", "gbp", "usd", "jpy", "usd", "cad", "kwd", "usd", "usd", "eur", "usd", "usd",
    "usd", "usd", "usd", "usd", "cad", "eur",
)
_FIRST = (
    "Amber", "Birch", "Cedar", "Copper", "Coral", "Dune", "Ember", "Fern", "Flint", "Frost", "Glade",
    "Granite", "Harbor", "Hazel", "Heron", "Indigo", "Iris", "Juniper", "Kestrel", "Lark", "Linden",
    "Maple", "Marsh", "Meadow", "Moss", "Ochre", "Opal", "Orchard", "Pebble", "Pine", "Plover",
    "Quartz", "Quill", "Raven", "Reed", "Sable", "Slate", "Thistle", "Umber", "Willow",
)
_SECOND = (
    "brook", "field", "ford", "gate", "grove", "haven", "hollow", "lane", "mere", "moor", "point",
    "ridge", "shore", "stead", "stone", "vale", "view", "ward", "water", "wick",
)
_TRADE = (
    "Analytics", "Dental Group", "Foods", "Freight", "Instruments", "Labs", "Logistics", "Mills",
    "Outfitters", "Robotics", "Studios", "Textiles",
)
# fmt: on
_PLACES = {
    "usd": ("US", "Portland", "OR", "97205"),
    "eur": ("DE", "Leipzig", None, "04109"),
    "gbp": ("GB", "Leeds", None, "LS1 4AP"),
    "cad": ("CA", "Halifax", "NS", "B3J 1A1"),
    "jpy": ("JP", "Sapporo", None, "060-0001"),
    "kwd": ("KW", "Kuwait City", None, "15000"),
}


@dataclass(frozen=True)
class Price:
    """A price to put on a line: `unit` in minor units of `currency`."""

    id: str
    product: str
    name: str
    currency: str
    unit: int
    recurring: bool


@dataclass(frozen=True)
class Catalog:
    """The wire objects, and the prices by currency, recurring ones apart from the others."""

    products: list[Wire]
    price_objects: list[Wire]
    plans: dict[str, list[Price]]
    extras: dict[str, list[Price]]


def customer_currencies(invoices: int) -> list[str]:
    """The currency of each customer. The last one is in euro and NetSuite knows it in dollars only."""
    count = min(max(12, invoices // 8), 6000)
    return [_CURRENCY_PATTERN[place % len(_CURRENCY_PATTERN)] for place in range(count)] + ["eur"]


def make_catalog(ids: IdMaker, window: Window) -> Catalog:
    """Ten products, each with a price in every currency, made well before the window."""
    catalog = Catalog(
        [],
        [],
        {currency: [] for currency in NETSUITE_CURRENCY},
        {currency: [] for currency in NETSUITE_CURRENCY},
    )
    created = window.start - 400 * DAY
    for name, dollars, recurring in _PRODUCTS:
        product = _product(ids.new("prod"), name, created)
        for currency in NETSUITE_CURRENCY:
            price = Price(ids.new("price"), product["id"], name, currency, list_price(dollars, currency), recurring)
            catalog.price_objects.append(_price(price, created))
            (catalog.plans if recurring else catalog.extras)[currency].append(price)
            if currency == "usd":
                product["default_price"] = price.id
        catalog.products.append(product)
    return catalog


def make_customers(
    rng: random.Random, ids: IdMaker, window: Window, currencies: list[str], stories: list[Story]
) -> list[Wire]:
    """One customer per currency; newcomers sign up shortly before their first invoice."""
    first_seen: dict[int, int] = {}
    for story in stories:
        first_seen.setdefault(story.customer, story.finalized_at)
    names = rng.sample(range(len(_FIRST) * len(_SECOND) * len(_TRADE)), len(currencies))
    customers = []
    for place, (currency, name) in enumerate(zip(currencies, names, strict=True)):
        created = window.start - DAY - rng.randrange(900 * DAY)
        if is_newcomer(place) and place in first_seen:
            created = max(first_seen[place] - 65 * MINUTE - rng.randrange(3000), window.start)
        customers.append(_customer(ids.new("cus"), name, currency, created))
    return customers


def _company_name(serial: int) -> tuple[str, str]:
    """(company name, e-mail): every serial its own."""
    serial, trade = divmod(serial, len(_TRADE))
    second, first = divmod(serial, len(_FIRST))
    name = f"{_FIRST[first]}{_SECOND[second]} {_TRADE[trade]}"
    return name, f"accounts@{name.lower().replace(' ', '-')}.example.com"


def _customer(customer_id: str, serial: int, currency: str, created: int) -> Wire:
    name, email = _company_name(serial)
    country, city, state, postal_code = _PLACES[currency]
    return {
        "id": customer_id,
        "object": "customer",
        "address": {
            "city": city,
            "country": country,
            "line1": f"{1 + serial % 240} Example Street",
            "line2": None,
            "postal_code": postal_code,
            "state": state,
        },
        "balance": 0,
        "business_name": name,
        "created": created,
        "currency": currency,
        "customer_account": None,
        "default_source": None,
        "delinquent": False,
        "description": None,
        "discount": None,
        "email": email,
        "individual_name": None,
        "invoice_prefix": customer_id[-8:].upper(),
        "invoice_settings": {
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        },
        "livemode": False,
        "metadata": {},
        "name": name,
        "next_invoice_sequence": 1,
        "phone": None,
        "preferred_locales": [],
        "shipping": None,
        "tax_exempt": "none",
        "test_clock": None,
    }


def _product(product_id: str, name: str, created: int) -> Wire:
    return {
        "id": product_id,
        "object": "product",
        "active": True,
        "created": created,
        "default_price": None,
        "description": None,
        "images": [],
        "livemode": False,
        "marketing_features": [],
        "metadata": {},
        "name": name,
        "package_dimensions": None,
        "shippable": None,
        "statement_descriptor": None,
        "tax_code": None,
        "tax_details": None,
        "type": "service",
        "unit_label": None,
        "updated": created,
        "url": None,
    }


def _price(price: Price, created: int) -> Wire:
    recurring = {
        "interval": "month",
        "interval_count": 1,
        "meter": None,
        "trial_period_days": None,
        "usage_type": "licensed",
    }
    return {
        "id": price.id,
        "object": "price",
        "active": True,
        "billing_scheme": "per_unit",
        "created": created,
        "currency": price.currency,
        "custom_unit_amount": None,
        "livemode": False,
        "lookup_key": None,
        "metadata": {},
        "nickname": None,
        "product": price.product,
        "recurring": recurring if price.recurring else None,
        "tax_behavior": "unspecified",
        "tiers_mode": None,
        "transform_quantity": None,
        "type": "recurring" if price.recurring else "one_time",
        "unit_amount": price.unit,
        "unit_amount_decimal": str(price.unit),
    }
