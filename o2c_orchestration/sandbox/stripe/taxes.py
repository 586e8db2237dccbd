"""Writing tax rates, and finding those that an invoice item names."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from o2c_orchestration.sandbox.stripe import form
from o2c_orchestration.sandbox.stripe.errors import StripeError, missing_parameter
from o2c_orchestration.sandbox.stripe.form import Params
from o2c_orchestration.sandbox.stripe.ledger import Ledger
from o2c_orchestration.sandbox.stripe.store import Wire

RATE_KNOWN = ("display_name", "percentage", "inclusive", "country", "state", "jurisdiction", "description", "metadata")


def create_tax_rate(ledger: Ledger, params: Params) -> Wire:
    """POST /v1/tax_rates."""
    form.only(params, RATE_KNOWN)
    for name in ("display_name", "percentage", "inclusive"):
        if form.text(params, name) is None:
            raise missing_parameter(name)
    try:
        percentage = Decimal(str(params["percentage"]))
    except InvalidOperation:
        raise StripeError(400, f"Invalid decimal: {params['percentage']}", param="percentage") from None
    return ledger.created(
        {
            "id": ledger.new_id("txr"),
            "object": "tax_rate",
            "active": True,
            "country": form.text(params, "country"),
            "created": ledger.now,
            "description": form.text(params, "description"),
            "display_name": form.text(params, "display_name"),
            "effective_percentage": None,
            "flat_amount": None,
            "inclusive": form.flag(params, "inclusive", default=False),
            "jurisdiction": form.text(params, "jurisdiction"),
            "jurisdiction_level": None,
            "livemode": False,
            "metadata": form.metadata(params),
            "percentage": float(percentage),
            "rate_type": "percentage",
            "state": form.text(params, "state"),
            "tax_type": None,
        }
    )


def rates_of(ledger: Ledger, params: Params) -> list[Wire]:
    """The rates that `tax_rates[]` names. Raises StripeError for an unknown one."""
    given = params.get("tax_rates") or []
    return [ledger.must("tax_rate", str(each), param="tax_rates") for each in given]
