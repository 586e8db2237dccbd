"""Giving money back: refunds of a charge, whole or in parts, and refunds that fail after all."""

from __future__ import annotations

from o2c_orchestration.sandbox.stripe import form, money_shapes, settlement
from o2c_orchestration.sandbox.stripe.errors import (
    StripeError,
    charge_already_refunded,
    charge_disputed,
    invalid_positive_integer,
    nothing_to_refund,
    refund_too_large,
)
from o2c_orchestration.sandbox.stripe.form import Params
from o2c_orchestration.sandbox.stripe.ledger import Ledger
from o2c_orchestration.sandbox.stripe.store import Cursor, Wire

REFUND_KNOWN = ("amount", "charge", "payment_intent", "reason", "metadata", "instructions_email")
REASONS = ("duplicate", "fraudulent", "requested_by_customer")
FAILURE_REASONS = (
    "lost_or_stolen_card",
    "expired_or_canceled_card",
    "charge_for_pending_refund_disputed",
    "insufficient_funds",
    "declined",
    "merchant_request",
    "unknown",
)
# Stripe's test cards: a refund of the first succeeds and fails later, one of the second is pending first.
FAILING_CARD = "pm_card_refundFail"
PENDING_CARD = "pm_card_pendingRefund"
DISPUTES_MAX = 10


def create_refund(ledger: Ledger, params: Params) -> Wire:
    """POST /v1/refunds: of a charge or of an intent's charge, whole unless an amount is given.

    Raises StripeError when there is nothing, or not that much, left to give back.
    """
    form.only(params, REFUND_KNOWN)
    charge = _charge_of(ledger, params)
    reason = form.text(params, "reason")
    if reason is not None and reason not in REASONS:
        message = "Invalid reason: must be one of duplicate, fraudulent, or requested_by_customer"
        raise StripeError(400, message, param="reason")
    fields = {
        "reason": reason,
        "metadata": form.metadata(params),
        "instructions_email": form.text(params, "instructions_email"),
    }
    return refund_charge(ledger, charge, form.integer(params, "amount"), fields)


def _charge_of(ledger: Ledger, params: Params) -> Wire:
    charge, intent = form.text(params, "charge"), form.text(params, "payment_intent")
    if charge is None and intent is None:
        message = "One of the following params should be provided for this request: payment_intent or charge."
        raise StripeError(400, message)
    if charge is not None:
        # Stripe answers as if the id had been in the path: 404, and `id` for the parameter.
        return ledger.must("charge", charge)
    paid = ledger.must("payment_intent", str(intent), param="payment_intent")
    latest = ledger.store.get(paid.get("latest_charge") or "", "charge")
    if latest is None or latest.get("status") != "succeeded":
        raise nothing_to_refund(str(intent))
    return latest


def refund_charge(ledger: Ledger, charge: Wire, amount: int | None, fields: Wire) -> Wire:
    """Refund `amount` of a charge, or all that is left of it. Raises StripeError as `create_refund`."""
    taken = charge.get("amount_refunded") or 0
    amount = charge["amount"] - taken if amount is None else amount
    _check(ledger, charge, amount, taken)
    by_card = not charge["id"].startswith("py_")
    pending = charge.get("payment_method") == PENDING_CARD
    state = {"status": "pending", "pending_reason": "processing"} if pending else {"status": "succeeded"}
    refund = money_shapes.refund(
        ledger.new_id("re" if by_card else "pyr"), ledger.now, charge, {**fields, **state, "amount": amount}
    )
    moved = settlement.share(ledger, charge, amount, taken)
    moved |= {"amount": -moved["amount"], "source": refund["id"], "description": _described(charge, by_card)}
    entry = settlement.record(ledger, "refund" if by_card else "payment_refund", moved)
    refund["balance_transaction"] = entry["id"]
    ledger.created(refund)
    _count(ledger, charge, taken + amount, "charge.refunded")
    return refund


def _check(ledger: Ledger, charge: Wire, amount: int, taken: int) -> None:
    if charge.get("status") != "succeeded":
        raise nothing_to_refund(charge.get("payment_intent") or charge["id"])
    disputes = ledger.store.find("dispute", ["owner = ?"], [charge["id"]], Cursor(DISPUTES_MAX))
    if any(not each.get("is_charge_refundable") for each in disputes):
        raise charge_disputed(charge["id"])
    if taken >= charge["amount"]:
        raise charge_already_refunded(charge["id"])
    if amount <= 0:
        raise invalid_positive_integer("amount")
    if taken + amount > charge["amount"]:
        raise refund_too_large(amount, charge["amount"], taken, charge["currency"])


def _described(charge: Wire, by_card: bool) -> str:
    kind = "CHARGE" if by_card else "PAYMENT"
    return f"REFUND FOR {kind} ({charge['description']})" if charge.get("description") else f"REFUND FOR {kind}"


def _count(ledger: Ledger, charge: Wire, refunded: int, kind: str | None) -> None:
    changes = {"amount_refunded": refunded, "refunded": refunded == charge["amount"]}
    if kind is None:
        ledger.store.save({**charge, **changes})
    else:
        ledger.changed(charge, changes, kind)


def update_refund(ledger: Ledger, identifier: str, params: Params) -> Wire:
    """POST /v1/refunds/{id}: metadata only."""
    form.only(params, ("metadata",))
    refund = ledger.at("refund", identifier)
    return _changed(ledger, refund, {"metadata": form.metadata(params, refund.get("metadata"))})


def cancel_refund(ledger: Ledger, identifier: str, params: Params) -> Wire:
    """POST /v1/refunds/{id}/cancel: only while it waits for the customer. Raises StripeError otherwise."""
    form.only(params, ())
    refund = ledger.at("refund", identifier)
    if refund["status"] != "requires_action":
        raise StripeError(400, "Canceling this refund is unsupported.")
    return _give_up(ledger, refund, {"status": "canceled", "failure_reason": "merchant_request", "next_action": None})


def fail_refund(ledger: Ledger, identifier: str, reason: str = "expired_or_canceled_card") -> Wire:
    """The bank sends a refund back: its money returns to the balance and to what can be refunded.

    Raises ValueError for a refund that is failed or canceled already, or for a reason that Stripe has not.
    """
    refund = ledger.at("refund", identifier)
    if refund["status"] in ("failed", "canceled"):
        raise ValueError(f"{identifier} is {refund['status']} already")
    if reason not in FAILURE_REASONS:
        raise ValueError(f"failure_reason is one of {', '.join(FAILURE_REASONS)}")
    failed = _give_up(ledger, refund, {"status": "failed", "failure_reason": reason, "pending_reason": None})
    ledger.emit("refund.failed", failed)
    return failed


def _give_up(ledger: Ledger, refund: Wire, changes: Wire) -> Wire:
    entry = ledger.store.get(refund.get("balance_transaction") or "", "balance_transaction")
    if entry is not None:
        returned = settlement.back(ledger, "refund_failure", entry, refund["id"], "REFUND FAILURE")
        changes = {**changes, "failure_balance_transaction": returned["id"]}
    charge = ledger.store.get(refund.get("charge") or "", "charge")
    if charge is not None:
        # Stripe announces no change of the charge; its next reader finds the smaller amount.
        _count(ledger, charge, (charge.get("amount_refunded") or 0) - refund["amount"], None)
    return _changed(ledger, refund, changes)


def hold_refund(ledger: Ledger, identifier: str, *, status: str) -> Wire:
    """Set a refund to `pending`, `requires_action` or `succeeded`, as its bank would. Raises ValueError otherwise."""
    refund = ledger.at("refund", identifier)
    if status not in ("pending", "requires_action", "succeeded") or refund["status"] in ("failed", "canceled"):
        raise ValueError(f"a refund that is {refund['status']} cannot become {status}")
    waiting = "processing" if status == "pending" else None
    return _changed(ledger, refund, {"status": status, "pending_reason": waiting})


def pass_time(ledger: Ledger) -> list[Wire]:
    """What Stripe's test cards let happen later: pending refunds succeed, those of the failing card fail."""
    done = []
    for refund in ledger.store.find("refund", ["status IN ('pending', 'succeeded')"], [], Cursor(10**6)):
        if refund.get("payment_method") == FAILING_CARD:
            done.append(fail_refund(ledger, refund["id"]))
        elif refund["status"] == "pending":
            done.append(hold_refund(ledger, refund["id"], status="succeeded"))
    return done


def _changed(ledger: Ledger, refund: Wire, changes: Wire) -> Wire:
    # Stripe sends every change under its old and its new name.
    previous = {name: refund.get(name) for name, value in changes.items() if refund.get(name) != value}
    ledger.changed(refund, changes, "refund.updated")
    ledger.emit("charge.refund.updated", refund, previous)
    return refund
