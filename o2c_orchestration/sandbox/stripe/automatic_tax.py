"""Stripe Tax, as far as it shows: a rate on top for customers whose country is known, and the refusal where it is not.

Facts: stripe-python 16.1.0, `automatic_tax[enabled]` of invoices, `default_settings` of schedules and payment links;
`customer_tax_location_invalid` for customers without a location (docs.stripe.com/tax/customer-locations). A draft
without one waits (`requires_location_inputs`) and is not finalized. The rate is the same everywhere here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c_orchestration.sandbox.stripe import form
from o2c_orchestration.sandbox.stripe.errors import StripeError
from o2c_orchestration.sandbox.stripe.form import Params
from o2c_orchestration.sandbox.stripe.store import Wire

if TYPE_CHECKING:
    from o2c_orchestration.sandbox.stripe.ledger import Ledger

PERCENT = 10.0
_RATE = "txr_sandboxAutomatic"
_NOWHERE = (
    "The customer's location isn't recognized. Set a valid customer address in order to automatically calculate tax."
)


def asked(params: Params) -> bool:
    """Whether a request switches it on."""
    given = form.hash_of(params, "automatic_tax")
    form.only(given, ("enabled", "liability"))
    return form.flag(given, "enabled", default=False)


def shown(*, enabled: bool) -> Wire:
    """As it stands on what is subscribed to or linked."""
    liability = {"type": "self"} if enabled else None
    return {"disabled_reason": None, "enabled": enabled, "liability": liability}


def on_invoice(customer: Wire, *, enabled: bool) -> Wire:
    """As it stands on an invoice."""
    status = None if not enabled else "complete" if located(customer) else "requires_location_inputs"
    return {**shown(enabled=enabled), "provider": "stripe" if enabled else None, "status": status}


def located(customer: Wire) -> bool:
    """Whether it is known where the customer is."""
    return bool((customer.get("address") or {}).get("country"))


def check(customer: Wire) -> None:
    """Raises StripeError for a customer of whom it is not known where he is."""
    if not located(customer):
        raise StripeError(400, _NOWHERE, code="customer_tax_location_invalid", param="automatic_tax")


def rates(ledger: Ledger, invoice: Wire, own: list[Wire]) -> list[Wire]:
    """The rates of a line: its own, else what is calculated for the invoice's customer."""
    tax = invoice["automatic_tax"]
    if own or not tax["enabled"] or tax["status"] != "complete":
        return own
    return [ledger.store.get(_RATE, "tax_rate") or _made(ledger)]


def _made(ledger: Ledger) -> Wire:
    wire: Wire = {"id": _RATE, "object": "tax_rate", "active": False, "country": None, "created": ledger.now}
    wire |= dict.fromkeys(("description", "flat_amount", "jurisdiction", "jurisdiction_level", "state", "tax_type"))
    wire |= {"display_name": "Sales tax", "effective_percentage": PERCENT, "inclusive": False, "livemode": False}
    wire |= {"metadata": {}, "percentage": PERCENT, "rate_type": "percentage"}
    ledger.store.save(wire)
    return wire
