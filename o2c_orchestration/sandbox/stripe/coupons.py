"""Coupons: made, renamed, deleted. What they take off is not worked out here: invoices bring their discounts with them.

Facts: stripe-python 16.1.0, `params/_coupon_create_params.py` (percent_off, or amount_off with a currency) and
`_coupon_modify_params.py` (name and metadata only).
"""

from __future__ import annotations

from o2c_orchestration.sandbox.stripe import form
from o2c_orchestration.sandbox.stripe.errors import StripeError, missing_parameter
from o2c_orchestration.sandbox.stripe.form import Params
from o2c_orchestration.sandbox.stripe.ledger import Ledger
from o2c_orchestration.sandbox.stripe.store import Wire

UPDATE_KNOWN = ("name", "metadata")
CREATE_KNOWN = (*UPDATE_KNOWN, "id", "percent_off", "amount_off", "currency", "duration", "duration_in_months")


def create_coupon(ledger: Ledger, params: Params) -> Wire:
    """POST /v1/coupons."""
    form.only(params, CREATE_KNOWN)
    identifier = form.text(params, "id") or ledger.new_id("coupon").removeprefix("coupon_")
    if ledger.store.get_rendered(identifier) is not None:
        raise StripeError(400, "Coupon already exists.", code="resource_already_exists", param="id")
    if not (form.text(params, "percent_off") or form.text(params, "amount_off")):
        raise missing_parameter("percent_off")
    return ledger.created(
        {
            "id": identifier,
            "object": "coupon",
            "amount_off": form.integer(params, "amount_off"),
            "created": ledger.now,
            "currency": form.text(params, "currency"),
            "duration": form.text(params, "duration") or "once",
            "duration_in_months": form.integer(params, "duration_in_months"),
            "livemode": False,
            "max_redemptions": None,
            "metadata": form.metadata(params),
            "name": form.text(params, "name"),
            "percent_off": float(params["percent_off"]) if form.text(params, "percent_off") else None,
            "redeem_by": None,
            "times_redeemed": 0,
            "valid": True,
        }
    )


def update_coupon(ledger: Ledger, identifier: str, params: Params) -> Wire:
    """POST /v1/coupons/{id}: name and metadata only."""
    form.only(params, UPDATE_KNOWN)
    wire = ledger.must("coupon", identifier)
    changes: Wire = {"name": form.text(params, "name")} if "name" in params else {}
    if "metadata" in params:
        changes["metadata"] = form.metadata(params, wire["metadata"])
    return ledger.changed(wire, changes, "coupon.updated")
