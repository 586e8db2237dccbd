"""Updates that move no money: what is written beside charges, payment intents and transfers."""

from __future__ import annotations

from o2c_orchestration.sandbox.stripe import form
from o2c_orchestration.sandbox.stripe.form import Params
from o2c_orchestration.sandbox.stripe.ledger import Ledger
from o2c_orchestration.sandbox.stripe.store import Wire


def update_charge(ledger: Ledger, identifier: str, params: Params) -> Wire:
    """POST /v1/charges/{id}: description and metadata."""
    return ledger.changed(*_noted(ledger, "charge", identifier, params), "charge.updated")


def update_payment_intent(ledger: Ledger, identifier: str, params: Params) -> Wire:
    """POST /v1/payment_intents/{id}: description and metadata, without an event, as at Stripe."""
    intent, changes = _noted(ledger, "payment_intent", identifier, params)
    intent.update(changes)
    ledger.store.save(intent)
    return intent


def update_transfer(ledger: Ledger, identifier: str, params: Params) -> Wire:
    """POST /v1/transfers/{id}: always StripeError 404, since this account pays nobody but its bank."""
    return _noted(ledger, "transfer", identifier, params)[0]


def _noted(ledger: Ledger, kind: str, identifier: str, params: Params) -> tuple[Wire, Wire]:
    form.only(params, ("description", "metadata"))
    wire = ledger.at(kind, identifier)
    changes: Wire = {"description": form.text(params, "description")} if "description" in params else {}
    if "metadata" in params:
        changes["metadata"] = form.metadata(params, wire.get("metadata"))
    return wire, changes
