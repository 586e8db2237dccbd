"""Restricted keys: which permission a request needs, and Stripe's words for a key that lacks it."""

from __future__ import annotations

from collections.abc import Set

from o2c_orchestration.sandbox.stripe.errors import StripeError, hidden_key

# Names that do not follow from the first word of the path. Stripe still calls prices by the name of their forerunner.
# Source: docs.stripe.com/stripe-apps/reference/permissions and docs.stripe.com/keys/permissions-reference.
_NAMES = {
    "account": "connected_account",
    "accounts": "connected_account",
    "balance_transactions": "balance_transaction_source",
    "core": "event",
    "invoice_payments": "invoice",
    "invoiceitems": "invoice",
    "payment_links": "payment_links",
    "prices": "plan",
    "subscription_schedules": "subscription",
    "webhook_endpoints": "webhook",
}


def check(key: str, account: str, permissions: Set[str], method: str, path: str) -> None:
    """Raises StripeError 403 where a restricted key lacks what the request needs; writing includes reading.

    Stripe looks at permissions before it looks for the object.
    """
    word = path.split("/")[2]
    name = _NAMES.get(word, word.removesuffix("s"))
    needed = f"{name}_read" if method == "GET" else f"{name}_write"
    if not permissions & {needed, f"{name}_write"}:
        raise StripeError(
            403,
            f"The provided key '{hidden_key(key)}' does not have the required permissions for this endpoint on account "
            f"'{account}'. Having the 'rak_{needed}' permission would allow this request to continue.",
        )
