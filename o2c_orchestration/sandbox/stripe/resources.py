"""What each endpoint of the Stripe sandbox reads: its object, its list filters and what can be expanded.

Data only. A new listable object is a new entry here and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

LIST_PARAMETERS = ("limit", "starting_after", "ending_before", "expand")
# Prefix of a target in EXPANDABLE that is a list of that object rather than one reference.
LIST_OF = "list:"
ANYTHING = "*"


@dataclass(frozen=True)
class Filter:
    """One list parameter, and the SQL expression over the object table that it restricts.

    `kind`: text (equality), range (`gt`, `gte`, `lt`, `lte` or equality), flag (true or false),
    any (one of a list), pattern (`*` is a wildcard), condition (the expression is a whole condition, in
    which every `?` stands for the value). `absent` is the condition that holds when the parameter is not given.
    """

    expression: str
    kind: Literal["text", "range", "flag", "any", "pattern", "condition"] = "text"
    absent: str = ""


@dataclass(frozen=True)
class Resource:
    """One kind of object: its path below /v1, the noun of its error messages, its filters.

    A nested parameter such as `payment[type]` is written `payment.type`.
    """

    object: str
    noun: str
    filters: dict[str, Filter]
    id_param: str = "id"


def _json(path: str) -> str:
    return f"json_extract(payload, '$.{path}')"


CREATED = Filter("created", "range")
CUSTOMER = Filter("customer")
STATUS = Filter("status")
# Stripe finds no entry by the dispute that it names as its source; they are read off the dispute itself.
OF_SOURCE = "(owner = ? AND substr(owner, 1, 3) NOT IN ('du_', 'dp_'))"
# A payout's own entry is listed with those that it pays out, as Stripe does.
OF_PAYOUT = "(json_extract(hidden, '$._payout') = ? OR (owner = ? AND kind = 'payout'))"

# Stripe leaves canceled subscriptions out unless they are asked for.
OF_SUBSCRIPTION_STATUS = "(? = 'all' OR status = ? OR (? = 'ended' AND status IN ('canceled', 'incomplete_expired')))"
OF_PRICE = "EXISTS (SELECT 1 FROM json_each(payload, '$.items.data') i WHERE json_extract(i.value, '$.price.id') = ?)"

# Below /v1/customers/{id}/balance_transactions.
CUSTOMER_BALANCE = Resource(
    "customer_balance_transaction",
    "customer balance transaction",
    {"created": CREATED, "invoice": Filter("owner")},
    id_param="transaction",
)

RESOURCES: dict[str, Resource] = {
    "customers": Resource(
        "customer",
        "customer",
        {"created": CREATED, "email": Filter(_json("email")), "test_clock": Filter(_json("test_clock"))},
    ),
    "products": Resource(
        "product",
        "product",
        {
            "created": CREATED,
            "active": Filter(_json("active"), "flag"),
            "shippable": Filter(_json("shippable"), "flag"),
            "ids": Filter("id", "any"),
            "url": Filter(_json("url")),
        },
    ),
    "prices": Resource(
        "price",
        "price",
        {
            "created": CREATED,
            "active": Filter(_json("active"), "flag"),
            "currency": Filter(_json("currency")),
            "product": Filter("owner"),
            "type": Filter("kind"),
            "lookup_keys": Filter(_json("lookup_key"), "any"),
        },
        id_param="price",
    ),
    "coupons": Resource("coupon", "coupon", {"created": CREATED}, id_param="coupon"),
    "tax_rates": Resource(
        "tax_rate",
        "tax rate",
        {
            "created": CREATED,
            "active": Filter(_json("active"), "flag"),
            "inclusive": Filter(_json("inclusive"), "flag"),
        },
        id_param="tax_rate",
    ),
    "invoices": Resource(
        "invoice",
        "invoice",
        {
            "created": CREATED,
            "customer": CUSTOMER,
            "status": STATUS,
            "subscription": Filter("owner"),
            "collection_method": Filter(_json("collection_method")),
            "due_date": Filter(_json("due_date"), "range"),
            "customer_account": Filter(_json("customer_account")),
        },
    ),
    "invoiceitems": Resource(
        "invoiceitem",
        "invoiceitem",
        {
            "created": CREATED,
            "customer": CUSTOMER,
            "invoice": Filter("owner"),
            "pending": Filter("(owner IS NULL)", "flag"),
        },
    ),
    "invoice_payments": Resource(
        "invoice_payment",
        "invoice_payment",
        {
            "created": CREATED,
            "invoice": Filter("owner"),
            "status": STATUS,
            # Nearly all are of one type: for the plus, SQLite goes through the few of an intent instead of those.
            "payment.type": Filter("+kind"),
            "payment.payment_intent": Filter("link"),
            "payment.payment_record": Filter(_json("payment.payment_record")),
        },
    ),
    "payment_intents": Resource(
        "payment_intent",
        "payment_intent",
        {"created": CREATED, "customer": CUSTOMER, "customer_account": Filter(_json("customer_account"))},
        id_param="intent",
    ),
    "charges": Resource(
        "charge",
        "charge",
        {
            "created": CREATED,
            "customer": CUSTOMER,
            "payment_intent": Filter("owner"),
            "transfer_group": Filter(_json("transfer_group")),
        },
    ),
    "balance_transactions": Resource(
        "balance_transaction",
        "balance transaction",
        {
            "created": CREATED,
            "currency": Filter("link"),
            "payout": Filter(OF_PAYOUT, "condition"),
            "source": Filter(OF_SOURCE, "condition"),
            "type": Filter("kind"),
        },
    ),
    "refunds": Resource(
        "refund",
        "refund",
        {"charge": Filter("owner"), "created": CREATED, "payment_intent": Filter("link")},
        id_param="refund",
    ),
    "disputes": Resource(
        "dispute",
        "dispute",
        {"charge": Filter("owner"), "created": CREATED, "payment_intent": Filter("link")},
        id_param="dispute",
    ),
    "credit_notes": Resource(
        "credit_note",
        "credit note",
        {
            "created": CREATED,
            "customer": CUSTOMER,
            "customer_account": Filter(_json("customer_account")),
            "invoice": Filter("owner"),
        },
    ),
    "payouts": Resource(
        "payout",
        "payout",
        {
            "arrival_date": Filter(_json("arrival_date"), "range"),
            "created": CREATED,
            "destination": Filter("owner"),
            "status": STATUS,
        },
        id_param="payout",
    ),
    "events": Resource(
        "event",
        "event",
        {
            "created": CREATED,
            "type": Filter("kind", "pattern"),
            "types": Filter("kind", "any"),
            "delivery_success": Filter(f"({_json('pending_webhooks')} = 0)", "flag"),
        },
    ),
    "subscriptions": Resource(
        "subscription",
        "subscription",
        {
            "created": CREATED,
            "customer": CUSTOMER,
            "collection_method": Filter(_json("collection_method")),
            "price": Filter(OF_PRICE, "condition"),
            "status": Filter(OF_SUBSCRIPTION_STATUS, "condition", absent="status <> 'canceled'"),
        },
    ),
    "subscription_schedules": Resource(
        "subscription_schedule",
        "subscription schedule",
        {
            "created": CREATED,
            "customer": CUSTOMER,
            "canceled_at": Filter(_json("canceled_at"), "range"),
            "completed_at": Filter(_json("completed_at"), "range"),
            "released_at": Filter(_json("released_at"), "range"),
            "scheduled": Filter("(status = 'not_started')", "flag"),
        },
        id_param="schedule",
    ),
    "payment_links": Resource(
        "payment_link", "payment link", {"active": Filter(_json("active"), "flag")}, id_param="payment_link"
    ),
    "webhook_endpoints": Resource("webhook_endpoint", "webhook endpoint", {}, id_param="webhook_endpoint"),
}

# Per object: the path within it, and what stands there once expanded. An empty target is a field that is
# shown only when asked for, or a reference to something the sandbox does not keep (its id stays).
EXPANDABLE: dict[str, dict[str, str]] = {
    "account": {"external_accounts": ""},
    "customer": {
        "default_source": "",
        "invoice_settings.default_payment_method": "",
        "sources": "",
        "subscriptions": "",
        "tax": "",
        "tax_ids": "",
        "test_clock": "",
    },
    "product": {"default_price": "price", "tax_code": ""},
    "price": {"product": "product", "currency_options": "", "tiers": ""},
    "invoice": {
        "account_tax_ids": "",
        "amount_paid_off_stripe": "",
        "application": "",
        "confirmation_secret": "",
        "customer": "customer",
        "default_payment_method": "",
        "default_source": "",
        "discounts": "discount",
        "latest_revision": "invoice",
        "lines": "list:line_item",
        "on_behalf_of": "account",
        "parent.subscription_details.subscription": "subscription",
        "payments": "list:invoice_payment",
        "test_clock": "",
        "total_discount_amounts.discount": "discount",
    },
    "discount": {"customer": "customer", "promotion_code": "", "source.coupon": "coupon"},
    "coupon": {"applies_to": "", "currency_options": ""},
    "line_item": {"discounts": "discount", "pricing.price_details.price": "price", "subscription": ""},
    "invoiceitem": {
        "customer": "customer",
        "discounts": "",
        "invoice": "invoice",
        "pricing.price_details.price": "price",
        "test_clock": "",
    },
    "invoice_payment": {
        "invoice": "invoice",
        "payment.charge": "charge",
        "payment.payment_intent": "payment_intent",
        "payment.payment_record": "",
    },
    "payment_intent": {
        "application": "",
        "customer": "customer",
        "latest_charge": "charge",
        "on_behalf_of": "account",
        "payment_method": "",
        "review": "",
        "source": "",
    },
    "charge": {
        "application": "",
        "application_fee": "",
        "balance_transaction": "balance_transaction",
        "customer": "customer",
        "failure_balance_transaction": "balance_transaction",
        "on_behalf_of": "account",
        "payment_intent": "payment_intent",
        "refunds": "list:refund",
        "review": "",
        "source_transfer": "",
        "transfer": "",
    },
    "balance_transaction": {"source": ANYTHING},
    "refund": {
        "balance_transaction": "balance_transaction",
        "charge": "charge",
        "customer": "customer",
        "failure_balance_transaction": "balance_transaction",
        "payment_intent": "payment_intent",
        "payment_method": "",
        "source_transfer_reversal": "",
        "transfer_reversal": "",
    },
    "dispute": {"charge": "charge", "payment_intent": "payment_intent"},
    "credit_note": {
        "customer": "customer",
        "customer_balance_transaction": "customer_balance_transaction",
        "invoice": "invoice",
        "lines": "list:credit_note_line_item",
        "refunds.refund": "refund",
    },
    "credit_note_line_item": {},
    "payout": {
        "balance_transaction": "balance_transaction",
        "destination": "",
        "failure_balance_transaction": "balance_transaction",
        "original_payout": "payout",
        "reversed_by": "payout",
    },
    "customer_balance_transaction": {
        "checkout_session": "",
        "credit_note": "credit_note",
        "customer": "customer",
        "invoice": "invoice",
    },
    "subscription": {
        "customer": "customer",
        "default_payment_method": "",
        "default_source": "",
        "discounts": "",
        "items": "list:subscription_item",
        "latest_invoice": "invoice",
        "pending_setup_intent": "",
        "schedule": "subscription_schedule",
        "test_clock": "",
    },
    "subscription_item": {"discounts": "", "price.product": "product"},
    "subscription_schedule": {
        "customer": "customer",
        "default_settings.default_payment_method": "",
        "phases.items.price": "price",
        "phases.add_invoice_items.price": "price",
        "released_subscription": "subscription",
        "subscription": "subscription",
        "test_clock": "",
    },
    "payment_link": {"application": "", "line_items": "list:item", "on_behalf_of": "account"},
    "item": {"price.product": "product"},
    "balance": {"instant_available.net_available.destination": ""},
    "event": {},
    "tax_rate": {},
    "webhook_endpoint": {},
}
