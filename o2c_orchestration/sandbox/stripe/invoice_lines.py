"""POST /v1/invoices/{id}/add_lines: several lines of a draft at once, up to 250, in one call (docs.stripe.com/api)."""

from __future__ import annotations

from o2c_orchestration.sandbox.stripe import catalog, form
from o2c_orchestration.sandbox.stripe.errors import StripeError, missing_parameter
from o2c_orchestration.sandbox.stripe.form import Params
from o2c_orchestration.sandbox.stripe.ledger import Ledger
from o2c_orchestration.sandbox.stripe.store import Wire

LINE_KNOWN = ("amount", "description", "quantity", "pricing", "price_data", "period", "metadata", "tax_rates")
LINES_MAX = 250


def add_lines(ledger: Ledger, identifier: str, params: Params) -> Wire:
    """All of the lines, or none where one of them is wrong. The invoice with its new totals."""
    form.only(params, ("lines", "invoice_metadata"))
    invoice = ledger.must("invoice", identifier)
    if invoice["status"] != "draft":
        raise StripeError(400, "Lines can only be added to draft invoices.", code="invoice_not_editable")
    lines = params.get("lines")
    if not isinstance(lines, list) or not lines:
        raise missing_parameter("lines")
    if len(lines) > LINES_MAX:
        raise StripeError(400, f"You can add at most {LINES_MAX} lines at once.", param="lines")
    for line in lines:
        form.only(line, LINE_KNOWN)
        catalog.create_invoice_item(ledger, {"currency": invoice["currency"], **line, "invoice": identifier})
    return ledger.must("invoice", identifier)
