"""Writing customers, products, prices and invoice items."""

from __future__ import annotations

from o2c_orchestration.sandbox.stripe import form, prices, shapes, taxes
from o2c_orchestration.sandbox.stripe.errors import StripeError, missing_parameter, no_such, unknown_parameter
from o2c_orchestration.sandbox.stripe.form import Params, required
from o2c_orchestration.sandbox.stripe.ledger import Ledger
from o2c_orchestration.sandbox.stripe.store import Wire

CUSTOMER_TEXTS = ("name", "email", "description", "phone", "tax_exempt")
# Stripe's own limit, in characters (its OpenAPI description), and what an address consists of.
PHONE_MAX = 20
ADDRESS_PARTS = ("city", "country", "line1", "line2", "postal_code", "state")
CUSTOMER_KNOWN = (
    *CUSTOMER_TEXTS,
    "address",
    "shipping",
    "metadata",
    "invoice_settings",
    "preferred_locales",
    "payment_method",
    "invoice_prefix",
)
PRODUCT_TEXTS = ("name", "description", "unit_label", "url", "tax_code")
PRODUCT_KNOWN = (*PRODUCT_TEXTS, "id", "active", "metadata")
ITEM_KNOWN = (
    "customer",
    "amount",
    "currency",
    "description",
    "invoice",
    "metadata",
    "period",
    "price_data",
    "pricing",
    "quantity",
    "discountable",
    "unit_amount_decimal",
    "tax_rates",
)


def _texts(params: Params, names: tuple[str, ...]) -> Wire:
    return {name: form.text(params, name) for name in names if name in params}


def create_customer(ledger: Ledger, params: Params) -> Wire:
    """POST /v1/customers."""
    form.only(params, CUSTOMER_KNOWN)
    fields = {**_texts(params, CUSTOMER_TEXTS), "metadata": form.metadata(params)}
    fields |= {name: params[name] for name in ("shipping", "invoice_prefix") if params.get(name)}
    fields |= {"address": address} if (address := _address(params)) else {}
    _check_phone(params)
    wire = shapes.customer(ledger.new_id("cus"), ledger.now, fields)
    _default_method(wire, params)
    return ledger.created(wire)


def update_customer(ledger: Ledger, identifier: str, params: Params) -> Wire:
    """POST /v1/customers/{id}: only what is given changes; metadata is merged key by key."""
    form.only(params, CUSTOMER_KNOWN)
    wire = ledger.must("customer", identifier)
    if wire.get("deleted"):
        raise no_such("customer", identifier)
    _check_phone(params)
    changes = _texts(params, CUSTOMER_TEXTS)
    changes |= {"shipping": params["shipping"] or None} if "shipping" in params else {}
    changes |= {"address": _address(params)} if "address" in params else {}
    if "metadata" in params:
        changes["metadata"] = form.metadata(params, wire["metadata"])
    _default_method(wire, params)
    return ledger.changed(wire, changes, "customer.updated")


def _check_phone(params: Params) -> None:
    phone = form.text(params, "phone") or ""
    if len(phone) > PHONE_MAX:
        shown = f"{phone[:5]}...{phone[-5:]}"
        raise StripeError(400, f"Invalid string: {shown}; must be at most {PHONE_MAX} characters", param="phone")


def _address(params: Params) -> Wire | None:
    """Every part, null where it is not given or empty; none where all are. A country is two letters."""
    given = form.hash_of(params, "address")
    for name in given:
        if name not in ADDRESS_PARTS:
            raise unknown_parameter(f"address[{name}]")
    found = {name: form.text(given, name) for name in ADDRESS_PARTS}
    country = found["country"]
    if country is not None and not (len(country) == 2 and country.isascii() and country.isalpha()):
        text = f"Country '{country}' is unknown. Try using a 2-character alphanumeric country code instead, such as "
        raise StripeError(400, f"{text}'US', 'EG', or 'GB'.", param="address[country]")
    return found if any(found.values()) else None


def _default_method(wire: Wire, params: Params) -> None:
    settings = params.get("invoice_settings")
    if isinstance(settings, dict) and "default_payment_method" in settings:
        wire["invoice_settings"]["default_payment_method"] = settings["default_payment_method"] or None


def delete_customer(ledger: Ledger, identifier: str) -> Wire:
    """DELETE /v1/customers/{id}: the object stays readable as a stub that says it is deleted."""
    wire = ledger.must("customer", identifier)
    if wire.get("deleted"):
        raise no_such("customer", identifier)
    ledger.emit("customer.deleted", wire)
    stub = {"id": identifier, "object": "customer", "deleted": True}
    ledger.store.save(dict(stub))
    return stub


def create_product(ledger: Ledger, params: Params) -> Wire:
    """POST /v1/products."""
    form.only(params, PRODUCT_KNOWN)
    required(params, "name")
    fields = {**_texts(params, PRODUCT_TEXTS), "metadata": form.metadata(params)}
    fields["active"] = form.flag(params, "active", default=True)
    identifier = form.text(params, "id") or ledger.new_id("prod")
    if ledger.store.get_rendered(identifier) is not None:
        raise StripeError(400, "Product already exists.", code="resource_already_exists", param="id")
    return ledger.created(shapes.product(identifier, ledger.now, fields))


def update_product(ledger: Ledger, identifier: str, params: Params) -> Wire:
    """POST /v1/products/{id}: only what is given changes."""
    form.only(params, [name for name in PRODUCT_KNOWN if name != "id"])
    wire = ledger.must("product", identifier)
    changes = _texts(params, PRODUCT_TEXTS)
    if "active" in params:
        changes["active"] = form.flag(params, "active", default=True)
    if "metadata" in params:
        changes["metadata"] = form.metadata(params, wire["metadata"])
    return ledger.changed(wire, changes, "product.updated")


def create_invoice_item(ledger: Ledger, params: Params) -> Wire:
    """POST /v1/invoiceitems: by amount, or by `pricing[price]` and quantity; for a draft or pending."""
    form.only(params, ITEM_KNOWN)
    draft = _draft(ledger, params)
    customer = form.text(params, "customer") or (draft["customer"] if draft else None)
    if customer is None:
        raise missing_parameter("customer")
    ledger.must("customer", customer, param="customer")
    fields = {
        **_priced(ledger, params),
        "customer": customer,
        "description": form.text(params, "description"),
        "metadata": form.metadata(params),
        "invoice": draft["id"] if draft else None,
        "period": _period(ledger, params),
        "tax_rates": taxes.rates_of(ledger, params),
    }
    if draft and draft["currency"] != fields["currency"]:
        raise StripeError(
            400,
            f"The currency of the invoice ({draft['currency']}) and of the item do not match.",
            param="currency",
        )
    item = ledger.created(shapes.invoice_item(ledger.new_id("ii"), ledger.now, fields))
    if draft:
        ledger.append_items(draft, [item])
    return item


def _draft(ledger: Ledger, params: Params) -> Wire | None:
    identifier = form.text(params, "invoice")
    if identifier is None:
        return None
    invoice = ledger.must("invoice", identifier, param="invoice")
    if invoice["status"] != "draft":
        raise StripeError(
            400,
            "Invoice items can only be added to draft invoices.",
            code="invoice_not_editable",
            param="invoice",
        )
    return invoice


def _priced(ledger: Ledger, params: Params) -> Wire:
    quantity = form.integer(params, "quantity", 1)
    assert quantity is not None
    pricing = params.get("pricing")
    if isinstance(pricing, dict):
        return prices.priced(ledger.must("price", required(pricing, "price"), param="pricing[price]"), quantity)
    if isinstance(params.get("price_data"), dict):
        return prices.priced(prices.inline(ledger, params["price_data"], "price_data"), quantity)
    amount = form.integer(params, "amount")
    if amount is None:
        raise missing_parameter("amount")
    return {"amount": amount, "currency": required(params, "currency").lower(), "quantity": quantity}


def _period(ledger: Ledger, params: Params) -> Wire:
    given = params.get("period")
    period = given if isinstance(given, dict) else {}
    return {name: form.integer(period, name, ledger.now) for name in ("start", "end")}
