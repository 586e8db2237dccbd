"""How subscriptions, their schedules and payment links look on the wire: every field of endive.

Pure: values in, dictionaries out. Fields are those of stripe-python 16.1.0 and of fixtures3.json in stripe/openapi
(commit f6c2a48), without the deprecated `plan`.
"""

from __future__ import annotations

from o2c_orchestration.sandbox.stripe.store import Wire

_NO_TAX: Wire = {"disabled_reason": None, "enabled": False, "liability": None}


def invoice_settings(days_until_due: int | None = None, *, of_subscription: bool = False) -> Wire:
    """The settings of invoices; a subscription keeps `days_until_due` outside of them."""
    settings: Wire = {
        "account_tax_ids": None,
        "custom_fields": None,
        "description": None,
        "footer": None,
        "issuer": {"type": "self"},
    }
    return settings if of_subscription else {**settings, "days_until_due": days_until_due}


def subscription(identifier: str, now: int, fields: Wire) -> Wire:
    """An active subscription without items; `fields` hold at least customer, currency and start_date."""
    return {
        "id": identifier,
        "object": "subscription",
        "application": None,
        "application_fee_percent": None,
        "automatic_tax": {**_NO_TAX},
        "billing_cycle_anchor": fields["start_date"],
        "billing_cycle_anchor_config": None,
        "billing_mode": {"flexible": {"proration_discounts": "included"}, "type": "flexible"},
        "billing_schedules": [],
        "billing_thresholds": None,
        "cancel_at": None,
        "cancel_at_period_end": False,
        "canceled_at": None,
        "cancellation_details": {"comment": None, "feedback": None, "reason": None},
        "collection_method": "charge_automatically",
        "created": now,
        "customer_account": None,
        "days_until_due": None,
        "default_payment_method": None,
        "default_source": None,
        "default_tax_rates": [],
        "description": None,
        "discounts": [],
        "ended_at": None,
        "invoice_settings": invoice_settings(of_subscription=True),
        "latest_invoice": None,
        "livemode": False,
        "metadata": {},
        "next_pending_invoice_item_invoice": None,
        "on_behalf_of": None,
        "pause_collection": None,
        "payment_settings": {
            "payment_method_options": None,
            "payment_method_types": None,
            "save_default_payment_method": "off",
        },
        "pending_invoice_item_interval": None,
        "pending_setup_intent": None,
        "pending_update": None,
        "schedule": None,
        "status": "active",
        "status_details": None,
        "test_clock": None,
        "transfer_data": None,
        "trial_end": None,
        "trial_settings": {"end_behavior": {"missing_payment_method": "create_invoice"}},
        "trial_start": None,
        **fields,
    }


def items(subscription_id: str, data: list[Wire]) -> Wire:
    """The embedded list of items; all of them, since there are at most twenty."""
    return {
        "object": "list",
        "data": data,
        "has_more": False,
        "total_count": len(data),
        "url": f"/v1/subscription_items?subscription={subscription_id}",
    }


def item(identifier: str, now: int, fields: Wire) -> Wire:
    """An item; `fields` hold price, quantity, subscription, and the period that is under way."""
    return {
        "id": identifier,
        "object": "subscription_item",
        "billing_thresholds": None,
        "created": now,
        "current_trial": None,
        "discounts": [],
        "metadata": {},
        "tax_rates": [],
        **fields,
    }


def line(identifier: str, invoice: str, of: Wire, item: Wire, priced: Wire) -> Wire:
    """The invoice line of a subscription's item for the item's period; its metadata are the subscription's."""
    details = {
        "invoice_item": None,
        "proration": False,
        "proration_details": {"credited_items": None},
        "subscription": of["id"],
        "subscription_item": item["id"],
    }
    return {
        "id": identifier,
        "object": "line_item",
        **priced,
        "discount_amounts": [],
        "discountable": True,
        "discounts": [],
        "invoice": invoice,
        "livemode": False,
        "metadata": {**of["metadata"]},
        "parent": {
            "invoice_item_details": None,
            "subscription_item_details": details,
            "type": "subscription_item_details",
        },
        "period": {"start": item["current_period_start"], "end": item["current_period_end"]},
        "pretax_credit_amounts": [],
        "quantity_decimal": str(priced["quantity"]),
        "subscription": of["id"],
        "subtotal": priced["amount"],
        "taxes": [],
    }


def schedule(identifier: str, now: int, fields: Wire) -> Wire:
    """A schedule that has not started; `fields` hold at least customer and phases."""
    return {
        "id": identifier,
        "object": "subscription_schedule",
        "application": None,
        "billing_mode": {"flexible": {"proration_discounts": "included"}, "type": "flexible"},
        "canceled_at": None,
        "completed_at": None,
        "created": now,
        "current_phase": None,
        "customer_account": None,
        "default_settings": default_settings({}),
        "end_behavior": "release",
        "livemode": False,
        "metadata": {},
        "pause_schedules": [],
        "released_at": None,
        "released_subscription": None,
        "status": "not_started",
        "subscription": None,
        "test_clock": None,
        **fields,
    }


def default_settings(fields: Wire) -> Wire:
    """What holds for every phase that says nothing else."""
    return {
        "application_fee_percent": None,
        "automatic_tax": {**_NO_TAX},
        "billing_cycle_anchor": "automatic",
        "billing_thresholds": None,
        "collection_method": "charge_automatically",
        "default_payment_method": None,
        "description": None,
        "invoice_settings": invoice_settings(),
        "on_behalf_of": None,
        "transfer_data": None,
        **fields,
    }


def phase(fields: Wire) -> Wire:
    """A phase; `fields` hold at least its dates, items, extra items and currency."""
    return {
        "application_fee_percent": None,
        "automatic_tax": {**_NO_TAX},
        "billing_cycle_anchor": None,
        "billing_thresholds": None,
        "collection_method": None,
        "default_payment_method": None,
        "default_tax_rates": [],
        "description": None,
        "discounts": [],
        "invoice_settings": None,
        "metadata": {},
        "on_behalf_of": None,
        "proration_behavior": "create_prorations",
        "transfer_data": None,
        "trial_end": None,
        **fields,
    }


def payment_link(identifier: str, fields: Wire) -> Wire:
    """An active payment link; `fields` hold at least currency and metadata."""
    return {
        "id": identifier,
        "object": "payment_link",
        "active": True,
        "after_completion": {"hosted_confirmation": {"custom_message": None}, "type": "hosted_confirmation"},
        "allow_promotion_codes": False,
        "application": None,
        "application_fee_amount": None,
        "application_fee_percent": None,
        "automatic_tax": {"enabled": False, "liability": None},
        "billing_address_collection": "auto",
        "consent_collection": None,
        "custom_fields": [],
        "custom_text": dict.fromkeys(("after_submit", "shipping_address", "submit"))
        | {"terms_of_service_acceptance": None},
        "customer_creation": "if_required",
        "inactive_message": None,
        "invoice_creation": {"enabled": False, "invoice_data": None},
        "livemode": False,
        "managed_payments": {"enabled": False},
        "metadata": {},
        "name_collection": None,
        "on_behalf_of": None,
        "optional_items": None,
        "payment_intent_data": None,
        "payment_method_collection": "always",
        "payment_method_options": None,
        "payment_method_types": None,
        "phone_number_collection": {"enabled": False},
        "restrictions": None,
        "shipping_address_collection": None,
        "shipping_options": [],
        "submit_type": "auto",
        "subscription_data": None,
        "tax_id_collection": {"enabled": False, "required": "never"},
        "transfer_data": None,
        "url": f"https://buy.stripe.com/test_{identifier.removeprefix('plink_')}",
        **fields,
    }


def link_item(identifier: str, price: Wire, quantity: int, amount: int, name: str) -> Wire:
    """A line item of a payment link."""
    return {
        "id": identifier,
        "object": "item",
        "amount_discount": 0,
        "amount_subtotal": amount,
        "amount_tax": 0,
        "amount_total": amount,
        "currency": price["currency"],
        "description": name,
        "metadata": {},
        "price": price,
        "quantity": quantity,
    }
