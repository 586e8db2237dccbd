"""Prices: made, changed, made inline by `price_data`, and what they come to.

Facts: stripe-python 16.1.0, `params/_price_create_params.py` (one of unit_amount and unit_amount_decimal, a product or
`product_data`) and `params/_subscription_schedule_create_params.py` (`price_data` names a product, and an interval
where it is for a subscription). A price's amount and interval cannot be changed. Prices per unit only. Not verified:
that an inline price is inactive, and how an amount is rounded whose unit is a fraction of a minor unit (half up here).
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from o2c_orchestration.sandbox.stripe import form, shapes
from o2c_orchestration.sandbox.stripe.errors import StripeError, missing_parameter
from o2c_orchestration.sandbox.stripe.form import Params, required
from o2c_orchestration.sandbox.stripe.ledger import Ledger
from o2c_orchestration.sandbox.stripe.store import Cursor, Wire
from o2c_orchestration.sandbox.stripe.tax_arithmetic import rounded

TEXTS = ("nickname", "lookup_key", "tax_behavior")
UPDATE_KNOWN = (*TEXTS, "metadata", "active", "transfer_lookup_key")
CREATE_KNOWN = (
    *UPDATE_KNOWN,
    "currency",
    "product",
    "product_data",
    "unit_amount",
    "unit_amount_decimal",
    "recurring",
    "billing_scheme",
)
DATA_KNOWN = ("currency", "product", "product_data", "unit_amount", "unit_amount_decimal", "recurring", "tax_behavior")
INTERVALS = ("day", "week", "month", "year")
DECIMALS_MAX = 12


def create_price(ledger: Ledger, params: Params) -> Wire:
    """POST /v1/prices, per unit only."""
    form.only(params, CREATE_KNOWN)
    fields = {
        **_fields(ledger, params, ""),
        "nickname": form.text(params, "nickname"),
        "lookup_key": _lookup_key(ledger, params),
        "metadata": form.metadata(params),
        "active": form.flag(params, "active", default=True),
    }
    return ledger.created(shapes.price(ledger.new_id("price"), ledger.now, fields))


def update_price(ledger: Ledger, identifier: str, params: Params) -> Wire:
    """POST /v1/prices/{id}: names and metadata, and whether it can be used; never its amount."""
    form.only(params, UPDATE_KNOWN)
    wire = ledger.must("price", identifier)
    changes: Wire = {name: form.text(params, name) for name in TEXTS if name in params}
    if "lookup_key" in params:
        changes["lookup_key"] = _lookup_key(ledger, params)
    if "active" in params:
        changes["active"] = form.flag(params, "active", default=True)
    if "metadata" in params:
        changes["metadata"] = form.metadata(params, wire["metadata"])
    return ledger.changed(wire, changes, "price.updated")


def inline(ledger: Ledger, data: Params, where: str) -> Wire:
    """The price that `price_data` describes; `where` names it in refusals, such as `items[0][price_data]`."""
    form.only(data, DATA_KNOWN)
    fields = {**_fields(ledger, data, where), "active": False}
    return ledger.created(shapes.price(ledger.new_id("price"), ledger.now, fields))


def chosen(ledger: Ledger, given: Params, where: str) -> Wire:
    """The price that `price` names or `price_data` describes. Raises StripeError for none, or an inactive one."""
    data = form.hash_of(given, "price_data")
    if data:
        return inline(ledger, data, f"{where}[price_data]")
    identifier = form.text(given, "price")
    if identifier is None:
        raise missing_parameter(f"{where}[price]")
    price = ledger.must("price", identifier, param=f"{where}[price]")
    if not price["active"]:
        message = "The price specified is inactive. This field only accepts active prices."
        raise StripeError(400, message, param=f"{where}[price]")
    return price


def amount(price: Wire, quantity: int) -> int:
    """What so many units come to, in minor units."""
    return rounded(Decimal(price["unit_amount_decimal"]) * quantity, price["currency"])


def priced(price: Wire, quantity: int) -> Wire:
    """Amount, currency, quantity and pricing of an invoice item or line at this price."""
    return {
        "amount": amount(price, quantity),
        "currency": price["currency"],
        "quantity": quantity,
        "pricing": {
            "price_details": {"price": price["id"], "product": price["product"]},
            "type": "price_details",
            "unit_amount_decimal": price["unit_amount_decimal"],
        },
    }


def _fields(ledger: Ledger, params: Params, where: str) -> Wire:
    currency = required(params, "currency").lower()
    unit = _unit(params)
    return {
        "currency": currency,
        "product": _product(ledger, params, where),
        "unit_amount": int(unit) if unit == unit.to_integral_value() else None,
        "unit_amount_decimal": format(unit.normalize(), "f"),
        "recurring": _recurring(params.get("recurring")),
        "tax_behavior": form.text(params, "tax_behavior", "unspecified"),
    }


def _unit(params: Params) -> Decimal:
    whole, exact = form.integer(params, "unit_amount"), form.text(params, "unit_amount_decimal")
    if whole is None and exact is None:
        raise missing_parameter("unit_amount")
    if whole is not None and exact is not None:
        raise StripeError(400, "You may only specify one of these parameters: unit_amount, unit_amount_decimal.")
    try:
        unit = Decimal(str(whole if exact is None else exact))
    except InvalidOperation:
        raise StripeError(400, f"Invalid decimal: {exact}", param="unit_amount_decimal") from None
    if not unit.is_finite() or -int(unit.as_tuple().exponent) > DECIMALS_MAX:
        message = f"Invalid decimal: {exact}; must contain at most {DECIMALS_MAX} decimal places."
        raise StripeError(400, message, param="unit_amount_decimal")
    return unit


def _product(ledger: Ledger, params: Params, where: str) -> str:
    data = form.hash_of(params, "product_data")
    if data:
        form.only(data, ("name", "metadata", "active", "id", "unit_label", "tax_code", "statement_descriptor"))
        fields = {"name": required(data, "name"), "metadata": form.metadata(data)}
        made = ledger.created(shapes.product(form.text(data, "id") or ledger.new_id("prod"), ledger.now, fields))
        return str(made["id"])
    product = form.text(params, "product")
    if product is None:
        raise missing_parameter(f"{where}[product]" if where else "product")
    return str(ledger.must("product", product, param=f"{where}[product]" if where else "product")["id"])


def _recurring(given: Any) -> Wire | None:
    if not isinstance(given, dict):
        return None
    interval = required(given, "interval")
    if interval not in INTERVALS:
        raise StripeError(400, f"Invalid recurring[interval]: must be one of {', '.join(INTERVALS)}", param="recurring")
    return {
        "interval": interval,
        "interval_count": form.integer(given, "interval_count", 1),
        "meter": None,
        "trial_period_days": None,
        "usage_type": "licensed",
    }


def _lookup_key(ledger: Ledger, params: Params) -> str | None:
    key = form.text(params, "lookup_key")
    if key is None:
        return None
    for holder in ledger.store.find("price", ["json_extract(payload, '$.lookup_key') = ?"], [key], Cursor(1)):
        if not form.flag(params, "transfer_lookup_key", default=False):
            message = f"A price (`{holder['id']}`) already uses that lookup key."
            raise StripeError(400, message, param="lookup_key")
        ledger.changed(holder, {"lookup_key": None}, "price.updated")
    return key
