"""Payment links: made, changed, and paid by somebody who opens them.

Facts: stripe-python 16.1.0, `params/_payment_link_create_params.py`: up to 20 line items, whose list is shown only when
expanded; a link's metadata go to the checkout session that it makes, not to payment or invoice, which take theirs from
`payment_intent_data[metadata]` and `invoice_creation[invoice_data][metadata]`. One-off prices can be paid here only.
"""

from __future__ import annotations

from typing import Any

from o2c_orchestration.sandbox.stripe import (
    attach,
    automatic_tax,
    billing,
    catalog,
    form,
    prices,
    shapes,
    subscription_shapes,
)
from o2c_orchestration.sandbox.stripe.errors import StripeError, missing_parameter
from o2c_orchestration.sandbox.stripe.form import Params
from o2c_orchestration.sandbox.stripe.ledger import Ledger
from o2c_orchestration.sandbox.stripe.store import Wire

Json = dict[str, Any]

UPDATE_KNOWN = ("active", "metadata", "inactive_message")
CREATE_KNOWN = (
    "automatic_tax",
    "line_items",
    "metadata",
    "currency",
    "customer_creation",
    "invoice_creation",
    "payment_intent_data",
    "restrictions",
    "after_completion",
    "inactive_message",
    "submit_type",
)
ITEM_KNOWN = ("price", "price_data", "quantity")
ITEMS_MAX = 20


def create_payment_link(ledger: Ledger, params: Params) -> Wire:
    """POST /v1/payment_links."""
    form.only(params, CREATE_KNOWN)
    given = form.objects(params, "line_items")
    if not given:
        raise missing_parameter("line_items")
    if len(given) > ITEMS_MAX:
        raise StripeError(400, f"You can specify at most {ITEMS_MAX} line items.", param="line_items")
    items = [_item(ledger, each, f"line_items[{index}]") for index, each in enumerate(given)]
    currencies = {item["currency"] for item in items}
    if len(currencies) > 1:
        raise StripeError(400, "All line items must have the same currency.", param="line_items")
    fields = {"currency": currencies.pop(), "metadata": form.metadata(params), **_settings(params)}
    wire = subscription_shapes.payment_link(ledger.new_id("plink"), fields)
    wire["line_items"] = _listed(wire["id"], items)
    return ledger.created(wire)


def update_payment_link(ledger: Ledger, identifier: str, params: Params) -> Wire:
    """POST /v1/payment_links/{id}: whether it can be paid, what is told when not, and metadata."""
    form.only(params, UPDATE_KNOWN)
    wire = ledger.at("payment_link", identifier)
    changes: Wire = {}
    if "active" in params:
        changes["active"] = form.flag(params, "active", default=True)
    if "metadata" in params:
        changes["metadata"] = form.metadata(params, wire["metadata"])
    if "inactive_message" in params:
        changes["inactive_message"] = form.text(params, "inactive_message")
    return ledger.changed(wire, changes, "payment_link.updated")


def pay_link(ledger: Ledger, change: Json) -> Json:
    """`{"payment_link": "plink_…", "email": "a@example.com", "name": "Ada", "customer": "cus_…"}`: somebody pays it.

    Without `customer` one is made. Answers with the checkout session, which names the invoice where the link makes
    one, and the payment intent where it does not.
    """
    link = ledger.at("payment_link", change["payment_link"])
    if not link["active"]:
        raise StripeError(400, "The payment link is not active.")
    items = ledger.store.hidden(link["id"])["line_items"]["data"]
    if any(item["price"]["recurring"] for item in items):
        raise ValueError("only one-off prices can be paid in this sandbox")
    customer = change.get("customer") or _buyer(ledger, change)
    paid = _invoice if link["invoice_creation"]["enabled"] else _payment
    session = _session(ledger, link, change, customer, paid(ledger, link, items, customer))
    ledger.emit("checkout.session.completed", session)
    return session


def _item(ledger: Ledger, given: Params, path: str) -> Wire:
    form.only(given, ITEM_KNOWN)
    quantity = form.to_integer(f"{path}[quantity]", form.required(given, "quantity"))
    price = prices.chosen(ledger, given, path)
    name = ledger.must("product", price["product"])["name"]
    return subscription_shapes.link_item(ledger.new_id("li"), price, quantity, prices.amount(price, quantity), name)


def _settings(params: Params) -> Wire:
    creation = form.hash_of(params, "invoice_creation")
    data = form.hash_of(creation, "invoice_data")
    intent = form.hash_of(params, "payment_intent_data")
    taxed = automatic_tax.asked(params)
    settings: Wire = {
        "automatic_tax": {"enabled": taxed, "liability": {"type": "self"} if taxed else None},
        "customer_creation": form.text(params, "customer_creation", "if_required"),
        "inactive_message": form.text(params, "inactive_message"),
        "submit_type": form.text(params, "submit_type", "auto"),
        "invoice_creation": {
            "enabled": form.flag(creation, "enabled", default=False),
            "invoice_data": _invoice_data(data) if creation else None,
        },
    }
    if intent:
        settings["payment_intent_data"] = {"description": intent.get("description"), "metadata": form.metadata(intent)}
    limit = form.hash_of(form.hash_of(params, "restrictions"), "completed_sessions")
    if limit:
        settings["restrictions"] = {"completed_sessions": {"count": 0, "limit": form.integer(limit, "limit")}}
    return settings


def _invoice_data(data: Params) -> Wire:
    texts = {name: form.text(data, name) for name in ("description", "footer")}
    fixed = {"account_tax_ids": None, "custom_fields": None, "issuer": {"type": "self"}, "rendering_options": None}
    return {**fixed, **texts, "metadata": form.metadata(data)}


def _listed(identifier: str, items: list[Wire]) -> Wire:
    return {
        "object": "list",
        "data": items,
        "has_more": False,
        "url": f"/v1/payment_links/{identifier}/line_items",
    }


def _buyer(ledger: Ledger, change: Json) -> str:
    fields: Json = {name: change[name] for name in ("email", "name") if change.get(name)}
    # Checkout asks for it where tax depends on it.
    fields |= {"address": {"country": change.get("country", "US")}}
    return str(catalog.create_customer(ledger, fields)["id"])


def _invoice(ledger: Ledger, link: Wire, items: list[Wire], customer: str) -> Wire:
    data, buyer = link["invoice_creation"]["invoice_data"] or {}, ledger.must("customer", customer)
    fields = {
        "automatic_tax": automatic_tax.on_invoice(buyer, enabled=link["automatic_tax"]["enabled"]),
        "currency": link["currency"],
        "description": data.get("description"),
        "metadata": data.get("metadata", {}),
    }
    invoice = shapes.invoice(ledger.new_id("in"), ledger.now, buyer, fields)
    ledger.append_items(invoice, [_bought(ledger, item, customer) for item in items])
    ledger.emit("invoice.created", invoice)
    return billing.pay_invoice(ledger, invoice["id"], {})


def _payment(ledger: Ledger, link: Wire, items: list[Wire], customer: str) -> Wire:
    data = link["payment_intent_data"] or {}
    noted = {name: data[name] for name in ("description", "metadata") if data.get(name)}
    amount = str(sum(item["amount_total"] for item in items))
    fields = {"amount": amount, "currency": link["currency"], "customer": customer, "confirm": "true", **noted}
    return attach.create_payment_intent(ledger, fields)


def _bought(ledger: Ledger, item: Wire, customer: str) -> Wire:
    fields = {
        **prices.priced(item["price"], item["quantity"]),
        "customer": customer,
        "description": item["description"],
    }
    return ledger.created(shapes.invoice_item(ledger.new_id("ii"), ledger.now, fields))


def _session(ledger: Ledger, link: Wire, change: Json, customer: str, paid: Wire) -> Wire:
    by_invoice = paid["object"] == "invoice"
    return {
        "id": ledger.new_id("cs_test"),
        "object": "checkout.session",
        "amount_total": paid["total" if by_invoice else "amount"],
        "created": ledger.now,
        "currency": link["currency"],
        "customer": customer,
        "customer_details": {"email": change.get("email"), "name": change.get("name")},
        "invoice": paid["id"] if by_invoice else None,
        "livemode": False,
        "metadata": link["metadata"],
        "mode": "payment",
        "payment_intent": None if by_invoice else paid["id"],
        "payment_link": link["id"],
        "payment_status": "paid",
        "status": "complete",
    }
