"""What a request for a subscription says: customer, items, extras, and how it collects.

What belongs here: reading parameters, with Stripe's refusals. What does not: anything that is written.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from o2c_orchestration.sandbox.stripe import form, prices
from o2c_orchestration.sandbox.stripe.errors import StripeError, missing_parameter
from o2c_orchestration.sandbox.stripe.form import Params, required
from o2c_orchestration.sandbox.stripe.ledger import Ledger
from o2c_orchestration.sandbox.stripe.store import Wire

ITEM_KNOWN = ("price", "price_data", "quantity", "metadata", "tax_rates")
ITEMS_MAX = 20


@dataclass(frozen=True)
class Item:
    """What is sold: a price, how many units, and what is noted on it."""

    price: Wire
    quantity: int
    metadata: dict[str, str]
    tax_rates: list[Wire]


@dataclass(frozen=True)
class Terms:
    """What a subscription is to be: recurring items, one-off extras for its next invoice, and how it collects."""

    items: list[Item]
    extras: list[Item] = field(default_factory=list)
    settings: Wire = field(default_factory=dict)


def living_customer(ledger: Ledger, params: Params) -> Wire:
    """The customer that the request names. Raises StripeError for none, an unknown or a deleted one."""
    customer = ledger.must("customer", required(params, "customer"), param="customer")
    if customer.get("deleted"):
        raise StripeError(400, f"No such customer: '{customer['id']}'", code="resource_missing", param="customer")
    return customer


def check_collection(method: str | None, days: int | None) -> None:
    """Raise StripeError unless invoices that are sent say in how many days they are due, and others do not."""
    if method not in ("charge_automatically", "send_invoice"):
        message = "Invalid collection_method: must be one of charge_automatically or send_invoice"
        raise StripeError(400, message, param="collection_method")
    if method == "send_invoice" and days is None:
        raise missing_parameter("days_until_due")
    if method != "send_invoice" and days is not None:
        message = "You can only specify days_until_due if collection_method is 'send_invoice'."
        raise StripeError(400, message, param="days_until_due")


def rates(ledger: Ledger, params: Params, name: str = "default_tax_rates") -> list[Wire]:
    """The tax rates that a list of ids names."""
    return [ledger.must("tax_rate", str(each), param=name) for each in params.get(name) or []]


def read_items(ledger: Ledger, params: Params, name: str, *, recurring: bool, path: str = "") -> list[Item]:
    """The items under `name`, all in one currency. Raises StripeError at the first that cannot be."""
    label = f"{path}[{name}]" if path else name
    given = form.objects(params, name, label)
    if len(given) > ITEMS_MAX:
        raise StripeError(400, f"You can specify at most {ITEMS_MAX} items.", param=label)
    return [_item(ledger, each, f"{label}[{index}]", recurring=recurring) for index, each in enumerate(given)]


def read_extras(ledger: Ledger, params: Params, path: str) -> list[Item]:
    """The one-off items for the next invoice."""
    return read_items(ledger, params, "add_invoice_items", recurring=False, path=path)


def one_currency(items: list[Item]) -> str:
    """The currency of all the items. Raises StripeError when they have several."""
    currencies = sorted({item.price["currency"] for item in items})
    if len(currencies) > 1:
        message = "The price specified only supports `{}`. This doesn't match the expected currency: `{}`."
        raise StripeError(400, message.format(*currencies))
    return str(currencies[0])


def _item(ledger: Ledger, given: Params, path: str, *, recurring: bool) -> Item:
    known = ITEM_KNOWN if recurring else (*ITEM_KNOWN, "period", "discountable")
    form.only(given, known)
    quantity = form.text(given, "quantity", "1")
    number = form.to_integer(f"{path}[quantity]", quantity)
    if number < 0:
        message = "This value must be greater than or equal to 0."
        raise StripeError(400, message, code="parameter_invalid_integer", param=f"{path}[quantity]")
    price = prices.chosen(ledger, given, path)
    if recurring != (price["recurring"] is not None):
        wanted, got = ("recurring", "one_time") if recurring else ("one_time", "recurring")
        message = f"The price specified is set to `type={got}` but this field only accepts prices with `type={wanted}`."
        raise StripeError(400, message, param=f"{path}[price]")
    return Item(price, number, form.metadata(given), rates(ledger, given, "tax_rates"))
