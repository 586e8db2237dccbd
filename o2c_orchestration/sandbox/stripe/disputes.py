"""Cardholders who ask for their money back: disputes of a charge, from the withdrawal to the verdict.

An inquiry (its states begin with `warning_`) moves no money. As in Stripe's test mode the evidence itself
decides, though at once rather than after some seconds: `winning_evidence` or `losing_evidence` as its
uncategorized_text; anything else waits for a verdict.
"""

from __future__ import annotations

from o2c_orchestration.sandbox.stripe import dispute_shapes, form, settlement
from o2c_orchestration.sandbox.stripe.errors import StripeError, unknown_parameter
from o2c_orchestration.sandbox.stripe.form import Params
from o2c_orchestration.sandbox.stripe.ledger import Ledger
from o2c_orchestration.sandbox.stripe.money_shapes import DISPUTE_FEE, fee_detail
from o2c_orchestration.sandbox.stripe.store import Cursor, Wire

DISPUTE_KNOWN = ("evidence", "intended_submission_method", "metadata", "submit")
# Stripe's test cards, each with the reason of the dispute that follows its charge.
DISPUTED_CARDS = {
    "pm_card_createDispute": "fraudulent",
    "pm_card_createDisputeProductNotReceived": "product_not_received",
    "pm_card_createDisputeInquiry": "fraudulent",
}
INQUIRY_CARD = "pm_card_createDisputeInquiry"
WINNING, LOSING, ESCALATING = "winning_evidence", "losing_evidence", "escalate_inquiry_evidence"
WAITING = ("needs_response", "warning_needs_response")
UNDECIDED = (*WAITING, "under_review", "warning_under_review")


def follow_charge(ledger: Ledger, charge: Wire) -> None:
    """Open the dispute that follows a charge of one of Stripe's test cards for it."""
    reason = DISPUTED_CARDS.get(charge.get("payment_method") or "")
    if reason is not None:
        open_dispute(ledger, charge, reason, inquiry=charge["payment_method"] == INQUIRY_CARD)


def open_dispute(
    ledger: Ledger, charge: Wire, reason: str, *, inquiry: bool = False, amount: int | None = None
) -> Wire:
    """A cardholder disputes a charge (all of it, or `amount`): unless it is an inquiry, the money is withdrawn.

    Raises ValueError for a charge that did not succeed, is disputed already or is over less than `amount`.
    """
    if charge.get("status") != "succeeded" or not 0 < (amount or charge["amount"]) <= charge["amount"]:
        raise ValueError(f"{charge['id']} is no succeeded charge over as much")
    if ledger.store.find("dispute", ["owner = ?"], [charge["id"]], Cursor(1)):
        raise ValueError(f"{charge['id']} is disputed already")
    dispute = dispute_shapes.dispute(ledger.new_id("du"), ledger.now, charge, reason, inquiry=inquiry)
    dispute["amount"] = charge["amount"] if amount is None else amount
    ledger.store.save({**charge, "disputed": True, "dispute": dispute["id"]})
    ledger.store.save(dispute)
    ledger.emit("charge.dispute.created", dispute)
    if not inquiry:
        _withdraw(ledger, dispute, charge)
    return dispute


def _withdraw(ledger: Ledger, dispute: Wire, charge: Wire) -> None:
    moved = settlement.share(ledger, charge, dispute["amount"])
    currency = moved["currency"]
    fields = {
        **moved,
        "amount": -moved["amount"],
        "description": f"Chargeback withdrawal for {charge['id']}",
        "fee": DISPUTE_FEE,
        "fee_details": [fee_detail(DISPUTE_FEE, currency, "Dispute fee")],
        "reporting_category": "dispute",
        "source": dispute["id"],
    }
    entry = settlement.record(ledger, "adjustment", fields)
    changes = {"balance_transactions": [*dispute["balance_transactions"], entry]}
    ledger.changed(dispute, changes, "charge.dispute.funds_withdrawn")


def _reinstate(ledger: Ledger, dispute: Wire, *, fee_back: bool, amount: int | None) -> None:
    withdrawn = dispute["balance_transactions"][0]
    fee, currency = withdrawn["fee"] if fee_back else 0, withdrawn["currency"]
    fields = {
        "amount": -withdrawn["amount"] if amount is None else amount,
        "currency": currency,
        "description": f"Chargeback reversal for {dispute['charge']}",
        "exchange_rate": withdrawn.get("exchange_rate"),
        "fee": -fee,
        "fee_details": [fee_detail(-fee, currency, "Dispute fee refund")] if fee else [],
        "reporting_category": "dispute_reversal",
        "source": dispute["id"],
    }
    entry = settlement.record(ledger, "adjustment", fields)
    changes = {"balance_transactions": [*dispute["balance_transactions"], entry]}
    ledger.changed(dispute, changes, "charge.dispute.funds_reinstated")


def update_dispute(ledger: Ledger, identifier: str, params: Params) -> Wire:
    """POST /v1/disputes/{id}: evidence, which is submitted unless `submit` is false, and metadata.

    Raises StripeError for evidence that comes after it was submitted, or that Stripe does not know.
    """
    form.only(params, DISPUTE_KNOWN)
    dispute = ledger.at("dispute", identifier)
    _check_open(dispute)
    changes: Wire = {}
    if "metadata" in params:
        changes["metadata"] = form.metadata(params, dispute.get("metadata"))
    if "intended_submission_method" in params:
        changes["intended_submission_method"] = form.text(params, "intended_submission_method")
    evidence = params.get("evidence") or {}
    submits = form.flag(params, "submit", default=bool(evidence))
    if evidence or submits:
        changes |= _evidence(dispute, evidence, submits=submits)
    ledger.changed(dispute, changes, "charge.dispute.updated")
    _tell_charge(ledger, dispute)
    return _judged(ledger, dispute) if submits else dispute


def _evidence(dispute: Wire, given: Params, *, submits: bool) -> Wire:
    for name in given:
        if name not in dispute_shapes.EVIDENCE:
            raise unknown_parameter(f"evidence[{name}]")
    if dispute["status"] not in WAITING:
        message = f"This dispute cannot take evidence any more, it is {dispute['status']}."
        raise StripeError(400, message, param="evidence")
    evidence = {**dispute["evidence"], **{name: value or None for name, value in given.items()}}
    details = {**dispute["evidence_details"], "has_evidence": True}
    if not submits:
        return {"evidence": evidence, "evidence_details": details}
    details |= {"submission_count": details["submission_count"] + 1, "submission_method": "manual"}
    review = "warning_under_review" if _is_inquiry(dispute) else "under_review"
    return {"evidence": evidence, "evidence_details": details, "status": review}


def _check_open(dispute: Wire) -> None:
    if dispute["status"] not in UNDECIDED:
        raise StripeError(400, "This dispute is already closed")


def _tell_charge(ledger: Ledger, dispute: Wire) -> None:
    # Nothing that a charge shows has changed, and still Stripe announces it.
    charge = ledger.store.get(dispute["charge"], "charge")
    if charge is not None:
        ledger.emit("charge.updated", charge)


def _is_inquiry(dispute: Wire) -> bool:
    return bool(dispute["status"].startswith("warning_"))


def _judged(ledger: Ledger, dispute: Wire) -> Wire:
    verdict = dispute["evidence"].get("uncategorized_text")
    if verdict == ESCALATING and _is_inquiry(dispute):
        return _escalate(ledger, dispute)
    if verdict in (WINNING, LOSING):
        return decide(ledger, dispute, won=verdict == WINNING)
    return dispute


def _escalate(ledger: Ledger, dispute: Wire) -> Wire:
    card = {**dispute["payment_method_details"]["card"], "case_type": "chargeback"}
    changes = {
        "is_charge_refundable": False,
        "payment_method_details": {**dispute["payment_method_details"], "card": card},
        "status": "needs_response",
    }
    ledger.changed(dispute, changes, "charge.dispute.updated")
    _withdraw(ledger, dispute, ledger.must("charge", dispute["charge"]))
    return dispute


def decide(ledger: Ledger, dispute: Wire, *, won: bool, fee_back: bool = False, amount: int | None = None) -> Wire:
    """The bank decides: won, the money comes back; lost, it is gone. An inquiry is just closed.

    Stripe keeps its fee either way, or gives it back with `fee_back`, as it does in some countries and did
    everywhere once. `amount` comes back instead of all, in minor units of the balance: of a payment that was refunded
    in part before, or converted at the rate of another day. Raises ValueError for a dispute that is closed.
    """
    if dispute["status"] not in UNDECIDED:
        raise ValueError(f"{dispute['id']} is {dispute['status']} already")
    if won and dispute["balance_transactions"]:
        _reinstate(ledger, dispute, fee_back=fee_back, amount=amount)
    status = "warning_closed" if _is_inquiry(dispute) else "won" if won else "lost"
    refundable = dispute["is_charge_refundable"] or status == "won"
    changes = {"status": status, "is_charge_refundable": refundable}
    ledger.changed(dispute, changes, "charge.dispute.closed")
    _tell_charge(ledger, dispute)
    return dispute


def close_dispute(ledger: Ledger, identifier: str, params: Params) -> Wire:
    """POST /v1/disputes/{id}/close: admit that it is lost. Raises StripeError once it is closed."""
    form.only(params, ())
    dispute = ledger.at("dispute", identifier)
    _check_open(dispute)
    return decide(ledger, dispute, won=False)
