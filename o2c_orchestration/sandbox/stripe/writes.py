"""The writing endpoints of the Stripe sandbox: method and path, to the function that does it. Data only."""

from __future__ import annotations

from collections.abc import Callable

from o2c_orchestration.sandbox.stripe import (
    attach,
    billing,
    catalog,
    coupons,
    credit_notes,
    customer_balance,
    disputes,
    invoice_lines,
    notes,
    payment_links,
    payouts,
    prices,
    refunds,
    schedules,
    subscriptions,
    taxes,
)
from o2c_orchestration.sandbox.stripe.form import Params
from o2c_orchestration.sandbox.stripe.ledger import Ledger
from o2c_orchestration.sandbox.stripe.store import Wire
from o2c_orchestration.sandbox.stripe.webhooks import endpoints

# A function of ledger, id and parameters; two ids in a path come joined by a slash.
Write = Callable[[Ledger, str, Params], Wire]


def _creates(function: Callable[[Ledger, Params], Wire]) -> Write:
    return lambda ledger, _, params: function(ledger, params)


# The path has * for an id.
WRITES: dict[tuple[str, ...], Write] = {
    ("POST", "customers"): _creates(catalog.create_customer),
    ("POST", "customers", "*"): catalog.update_customer,
    ("DELETE", "customers", "*"): lambda ledger, identifier, _: catalog.delete_customer(ledger, identifier),
    ("POST", "customers", "*", "balance_transactions"): customer_balance.create,
    ("POST", "customers", "*", "balance_transactions", "*"): customer_balance.update,
    ("POST", "products"): _creates(catalog.create_product),
    ("POST", "products", "*"): catalog.update_product,
    ("POST", "prices"): _creates(prices.create_price),
    ("POST", "prices", "*"): prices.update_price,
    ("POST", "coupons"): _creates(coupons.create_coupon),
    ("POST", "coupons", "*"): coupons.update_coupon,
    ("POST", "subscriptions"): _creates(subscriptions.create_subscription),
    ("POST", "subscriptions", "*"): subscriptions.update_subscription,
    ("DELETE", "subscriptions", "*"): subscriptions.cancel_subscription,
    ("POST", "subscription_schedules"): _creates(schedules.create_schedule),
    ("POST", "subscription_schedules", "*"): schedules.update_schedule,
    ("POST", "subscription_schedules", "*", "cancel"): schedules.cancel_schedule,
    ("POST", "subscription_schedules", "*", "release"): schedules.release_schedule,
    ("POST", "payment_links"): _creates(payment_links.create_payment_link),
    ("POST", "payment_links", "*"): payment_links.update_payment_link,
    ("POST", "tax_rates"): _creates(taxes.create_tax_rate),
    ("POST", "invoiceitems"): _creates(catalog.create_invoice_item),
    ("POST", "invoices"): _creates(billing.create_invoice),
    ("POST", "invoices", "*"): billing.update_invoice,
    ("DELETE", "invoices", "*"): lambda ledger, identifier, _: billing.delete_invoice(ledger, identifier),
    ("POST", "invoices", "*", "attach_payment"): attach.attach_payment,
    ("POST", "invoices", "*", "add_lines"): invoice_lines.add_lines,
    ("POST", "invoices", "*", "finalize"): billing.finalize_invoice,
    ("POST", "invoices", "*", "send"): billing.send_invoice,
    ("POST", "invoices", "*", "pay"): billing.pay_invoice,
    ("POST", "invoices", "*", "void"): billing.void_invoice,
    ("POST", "invoices", "*", "mark_uncollectible"): billing.mark_uncollectible,
    ("POST", "payment_intents"): _creates(attach.create_payment_intent),
    ("POST", "payment_intents", "*"): notes.update_payment_intent,
    ("POST", "payment_intents", "*", "confirm"): attach.confirm_payment_intent,
    ("POST", "charges", "*"): notes.update_charge,
    ("POST", "transfers", "*"): notes.update_transfer,
    ("POST", "refunds"): _creates(refunds.create_refund),
    ("POST", "refunds", "*"): refunds.update_refund,
    ("POST", "refunds", "*", "cancel"): refunds.cancel_refund,
    ("POST", "credit_notes"): _creates(credit_notes.create_credit_note),
    ("POST", "credit_notes", "*"): credit_notes.update_credit_note,
    ("POST", "credit_notes", "*", "void"): credit_notes.void_credit_note,
    ("POST", "disputes", "*"): disputes.update_dispute,
    ("POST", "disputes", "*", "close"): disputes.close_dispute,
    ("POST", "payouts"): _creates(payouts.create_payout),
    ("POST", "payouts", "*"): payouts.update_payout,
    ("POST", "payouts", "*", "cancel"): payouts.cancel_payout,
    ("POST", "payouts", "*", "reverse"): payouts.reverse_payout,
    ("POST", "events", "*", "retry"): endpoints.retry_event,
    ("POST", "webhook_endpoints"): _creates(endpoints.create_endpoint),
    ("POST", "webhook_endpoints", "*"): endpoints.update_endpoint,
    ("DELETE", "webhook_endpoints", "*"): lambda ledger, identifier, _: endpoints.delete_endpoint(ledger, identifier),
}
