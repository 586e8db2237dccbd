"""How objects look on the wire when they are made here: every field of endive, in one place per object.

Pure: values in, dictionaries out. Amounts are integer minor units, times are seconds since 1970 UTC.
"""

from __future__ import annotations

from typing import Any

from o2c_orchestration.sandbox.stripe import API_VERSION
from o2c_orchestration.sandbox.stripe.store import Wire


def customer(identifier: str, now: int, fields: Wire) -> Wire:
    """A customer; `fields` are the given parameters, already typed."""
    return {
        "id": identifier,
        "object": "customer",
        "address": None,
        "balance": 0,
        "created": now,
        "currency": None,
        "customer_account": None,
        "default_source": None,
        "delinquent": False,
        "description": None,
        "discount": None,
        "email": None,
        "invoice_prefix": identifier[-8:].upper(),
        "invoice_settings": {
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        },
        "livemode": False,
        "metadata": {},
        "name": None,
        "next_invoice_sequence": 1,
        "phone": None,
        "preferred_locales": [],
        "shipping": None,
        "tax_exempt": "none",
        "test_clock": None,
        **fields,
    }


def product(identifier: str, now: int, fields: Wire) -> Wire:
    """A product."""
    return {
        "id": identifier,
        "object": "product",
        "active": True,
        "attributes": [],
        "created": now,
        "default_price": None,
        "description": None,
        "images": [],
        "livemode": False,
        "marketing_features": [],
        "metadata": {},
        "package_dimensions": None,
        "shippable": None,
        "statement_descriptor": None,
        "tax_code": None,
        "tax_details": None,
        "type": "service",
        "unit_label": None,
        "updated": now,
        "url": None,
        **fields,
    }


def price(identifier: str, now: int, fields: Wire) -> Wire:
    """A price; `fields` hold at least currency, product and unit_amount."""
    return {
        "id": identifier,
        "object": "price",
        "active": True,
        "billing_scheme": "per_unit",
        "created": now,
        "custom_unit_amount": None,
        "livemode": False,
        "lookup_key": None,
        "metadata": {},
        "nickname": None,
        "recurring": None,
        "tax_behavior": "unspecified",
        "tiers_mode": None,
        "transform_quantity": None,
        "type": "recurring" if fields.get("recurring") else "one_time",
        "unit_amount_decimal": str(fields["unit_amount"]),
        **fields,
    }


def invoice_item(identifier: str, now: int, fields: Wire) -> Wire:
    """An invoice item; `fields` hold at least amount, currency, customer and quantity."""
    return {
        "id": identifier,
        "object": "invoiceitem",
        "customer_account": None,
        "date": now,
        "description": None,
        "discountable": True,
        "discounts": [],
        "invoice": None,
        "livemode": False,
        "metadata": {},
        "net_amount": fields["amount"],
        "parent": None,
        "period": {"start": now, "end": now},
        "pricing": None,
        "proration": False,
        "quantity_decimal": str(fields["quantity"]),
        "tax_rates": [],
        "test_clock": None,
        **fields,
    }


def line(identifier: str, invoice: str, item: Wire) -> Wire:
    """The invoice line that an invoice item becomes."""
    subscription = ((item["parent"] or {}).get("subscription_details") or {}).get("subscription")
    details = {
        "invoice_item": item["id"],
        "proration": item["proration"],
        "proration_details": {"credited_items": None},
        "subscription": subscription,
    }
    copied = (
        "amount",
        "currency",
        "description",
        "discountable",
        "metadata",
        "period",
        "pricing",
        "quantity",
        "quantity_decimal",
        "livemode",
    )
    return {
        "id": identifier,
        "object": "line_item",
        **{name: item[name] for name in copied},
        "discount_amounts": [],
        "discounts": [],
        "invoice": invoice,
        "parent": {
            "invoice_item_details": details,
            "subscription_item_details": None,
            "type": "invoice_item_details",
        },
        "pretax_credit_amounts": [],
        "subscription": subscription,
        "subtotal": item["amount"],
        "taxes": [],
    }


_NO_AUTOMATIC_TAX: Wire = {
    "disabled_reason": None,
    "enabled": False,
    "liability": None,
    "provider": None,
    "status": None,
}


def invoice(identifier: str, now: int, customer: Wire, fields: Wire) -> Wire:
    """A draft invoice without lines, with the customer's name and address copied into it."""
    return {
        "id": identifier,
        "object": "invoice",
        "account_country": "US",
        "account_name": "Sandbox",
        "account_tax_ids": None,
        "application": None,
        "attempt_count": 0,
        "attempted": False,
        "auto_advance": False,
        "automatic_tax": {**_NO_AUTOMATIC_TAX},
        "automatically_finalizes_at": None,
        "billing_reason": "manual",
        "collection_method": "charge_automatically",
        "created": now,
        "currency": "usd",
        "custom_fields": None,
        **_customer_snapshot(customer),
        **_zero_amounts(),
        "default_payment_method": None,
        "default_source": None,
        "default_tax_rates": [],
        "description": None,
        "discounts": [],
        "due_date": None,
        "effective_at": None,
        "ending_balance": None,
        "footer": None,
        "from_invoice": None,
        "hosted_invoice_url": None,
        "invoice_pdf": None,
        "issuer": {"type": "self"},
        "last_finalization_error": None,
        "latest_revision": None,
        "livemode": False,
        "metadata": {},
        "next_payment_attempt": None,
        "number": None,
        "on_behalf_of": None,
        "parent": None,
        "payment_settings": {
            "default_mandate": None,
            "payment_method_options": None,
            "payment_method_types": None,
        },
        "period_end": now,
        "period_start": now,
        "receipt_number": None,
        "rendering": None,
        "shipping_cost": None,
        "shipping_details": None,
        "statement_descriptor": None,
        "status": "draft",
        "status_details": None,
        "status_transitions": {
            "finalized_at": None,
            "marked_uncollectible_at": None,
            "paid_at": None,
            "voided_at": None,
        },
        "test_clock": None,
        "threshold_reason": None,
        "webhooks_delivered_at": None,
        **fields,
    }


def _zero_amounts() -> Wire:
    return {
        "amount_due": 0,
        "amount_overpaid": 0,
        "amount_paid": 0,
        "amount_remaining": 0,
        "amount_shipping": 0,
        "post_payment_credit_notes_amount": 0,
        "pre_payment_credit_notes_amount": 0,
        "starting_balance": 0,
        "subtotal": 0,
        "subtotal_excluding_tax": 0,
        "total": 0,
        "total_discount_amounts": [],
        "total_excluding_tax": 0,
        "total_pretax_credit_amounts": [],
        "total_taxes": [],
    }


def _customer_snapshot(customer: Wire) -> Wire:
    # An invoice keeps the name and address of its day, whatever the customer changes later.
    return {
        "customer": customer["id"],
        "customer_account": None,
        "customer_address": customer.get("address"),
        "customer_email": customer.get("email"),
        "customer_name": customer.get("name"),
        "customer_phone": customer.get("phone"),
        "customer_shipping": customer.get("shipping"),
        "customer_tax_exempt": customer.get("tax_exempt", "none"),
        "customer_tax_ids": [],
    }


def event(identifier: str, now: int, kind: str, wire: Wire, *, previous: Wire | None, request: Wire) -> Wire:
    """A snapshot event; `previous` holds the old values of what an update changed."""
    data: dict[str, Any] = {"object": wire}
    if previous is not None:
        data["previous_attributes"] = previous
    return {
        "id": identifier,
        "object": "event",
        "api_version": API_VERSION,
        "created": now,
        "data": data,
        "livemode": False,
        "pending_webhooks": 0,
        "request": request,
        "type": kind,
    }
