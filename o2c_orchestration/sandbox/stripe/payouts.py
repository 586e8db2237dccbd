"""Money on its way to the bank: payouts made by hand or of everything that is available, and what befalls them.

Which entries of the balance an automatic payout pays out is kept in their internal key `_payout`.
"""

from __future__ import annotations

from itertools import groupby

from o2c_orchestration.sandbox.stripe import form, money_shapes, settlement
from o2c_orchestration.sandbox.stripe.errors import StripeError, balance_insufficient, invalid_positive_integer
from o2c_orchestration.sandbox.stripe.form import Params, required
from o2c_orchestration.sandbox.stripe.ledger import Ledger
from o2c_orchestration.sandbox.stripe.store import Cursor, StripeStore, Wire

PAYOUT_KNOWN = (
    "amount",
    "currency",
    "description",
    "destination",
    "metadata",
    "method",
    "source_type",
    "statement_descriptor",
)
DAY = money_shapes.DAY
ON_ITS_WAY = 2 * DAY
ALL = Cursor(10**9)
# An entry that no payout has paid out yet; an automatic payout's own entry is none of them.
UNPAID = (
    "json_extract(hidden, '$._payout') IS NULL",
    "status = 'available'",
    "link = coalesce(?, link)",
    "coalesce(json_extract(payload, '$.balance_type'), 'payments') = 'payments'",
    """NOT (kind = 'payout' AND owner IN (
        SELECT id FROM object WHERE object = 'payout' AND json_extract(payload, '$.automatic')))""",
)
FAILURES = {
    "account_closed": "The bank account has been closed.",
    "account_frozen": "The bank account has been frozen.",
    "could_not_process": "The bank could not process this payout.",
    "declined": "The bank has declined this payout.",
    "incorrect_account_holder_name": "The account holder's name is not right.",
    "invalid_account_number": "The routing number seems correct, but the account number is invalid.",
    "no_account": "The bank account details on file are probably incorrect.",
}


def balance(store: StripeStore) -> Wire:
    """GET /v1/balance: what the entries come to, by currency, available or still pending."""
    return money_shapes.balance(_sums(store, "available"), _sums(store, "pending"))


def _sums(store: StripeStore, status: str) -> dict[str, int]:
    return {currency: net for currency, state, net in store.summed_net() if state == status}


def create_payout(ledger: Ledger, params: Params) -> Wire:
    """POST /v1/payouts: by hand, so nobody can say which entries it pays out.

    Raises StripeError (balance_insufficient) for more than is available.
    """
    form.only(params, PAYOUT_KNOWN)
    amount, currency = form.to_integer("amount", required(params, "amount")), required(params, "currency").lower()
    if amount <= 0:
        raise invalid_positive_integer("amount")
    ledger.store.release(ledger.now)
    if amount > _sums(ledger.store, "available").get(currency, 0):
        raise balance_insufficient()
    given = {name: form.text(params, name) for name in ("description", "destination", "statement_descriptor", "method")}
    fields = {
        **{name: value for name, value in given.items() if value is not None},
        "amount": amount,
        "arrival_date": _midnight(ledger.now + ON_ITS_WAY),
        "automatic": False,
        "currency": currency,
        "metadata": form.metadata(params),
    }
    return _send(ledger, fields)


def _midnight(moment: int) -> int:
    return moment - moment % DAY


def _send(ledger: Ledger, fields: Wire, members: list[Wire] | None = None) -> Wire:
    payout = money_shapes.payout(ledger.new_id("po"), ledger.now, fields)
    entry = {
        "amount": -payout["amount"],
        "currency": payout["currency"],
        "description": payout["description"],
        "source": payout["id"],
    }
    if members is not None:
        entry["_payout"] = payout["id"]
        for member in members:
            ledger.store.save({**member, "_payout": payout["id"]})
    payout["balance_transaction"] = settlement.record(ledger, "payout", entry)["id"]
    return ledger.created(payout)


def pay_out(ledger: Ledger, currency: str | None = None, *, pending: bool = False) -> list[Wire]:
    """Automatic payouts of everything available, one per currency (or of that `currency` only), on their way.

    With `pending`, money that would be available only later is paid out as well. What comes to nothing waits
    for the next payout; what comes to less than nothing is taken from the bank account.
    """
    ledger.store.release(ledger.now, everything=pending)
    entries = ledger.store.find("balance_transaction", list(UNPAID), [currency], ALL)
    entries.sort(key=lambda entry: entry["currency"])
    made = []
    for each, group in groupby(entries, key=lambda entry: entry["currency"]):
        members = list(group)
        amount = sum(member["net"] for member in members)
        if amount:
            arrival = _midnight(ledger.now + ON_ITS_WAY)
            fields = {"amount": amount, "arrival_date": arrival, "automatic": True, "currency": each}
            made.append(_send(ledger, fields, members))
    return made


def arrive(ledger: Ledger, identifier: str, arrival_date: int | None = None) -> Wire:
    """A payout arrives: paid, and reconciled if it is automatic; `arrival_date` is today unless it is given.

    Raises ValueError for one that has arrived, failed or been canceled.
    """
    payout = ledger.at("payout", identifier)
    if payout["status"] not in ("pending", "in_transit"):
        raise ValueError(f"{identifier} is {payout['status']}")
    day = min(payout["arrival_date"], _midnight(ledger.now)) if arrival_date is None else _midnight(arrival_date)
    trace = {"status": "supported", "value": identifier[-15:].upper()}
    ledger.changed(payout, {"status": "paid", "arrival_date": day, "trace_id": trace}, "payout.paid")
    if payout["automatic"]:
        ledger.changed(payout, {"reconciliation_status": "completed"}, "payout.reconciliation_completed")
    return payout


def fail_payout(ledger: Ledger, identifier: str, code: str = "could_not_process") -> Wire:
    """The bank sends a payout back, paid or not: its money is in the balance again.

    Raises ValueError for one that failed or was canceled, or for a code that Stripe has not.
    """
    payout = ledger.at("payout", identifier)
    if payout["status"] in ("failed", "canceled"):
        raise ValueError(f"{identifier} is {payout['status']} already")
    if code not in FAILURES:
        raise ValueError(f"failure_code is one of {', '.join(FAILURES)}")
    returned = _give_back(ledger, payout, "payout_failure", "STRIPE PAYOUT FAILURE")
    changes = {"status": "failed", "failure_code": code, "failure_message": FAILURES[code], **returned}
    return ledger.changed(payout, changes, "payout.failed")


def _give_back(ledger: Ledger, payout: Wire, kind: str, description: str) -> Wire:
    entry = ledger.must("balance_transaction", payout["balance_transaction"])
    return {"failure_balance_transaction": settlement.back(ledger, kind, entry, payout["id"], description)["id"]}


def update_payout(ledger: Ledger, identifier: str, params: Params) -> Wire:
    """POST /v1/payouts/{id}: metadata only."""
    form.only(params, ("metadata",))
    payout = ledger.at("payout", identifier)
    return ledger.changed(payout, {"metadata": form.metadata(params, payout.get("metadata"))}, "payout.updated")


def cancel_payout(ledger: Ledger, identifier: str, params: Params) -> Wire:
    """POST /v1/payouts/{id}/cancel: one made by hand, while it is pending. Raises StripeError otherwise."""
    form.only(params, ())
    payout = ledger.at("payout", identifier)
    if payout["automatic"] or payout["status"] != "pending":
        what = "an automatic payout" if payout["automatic"] else f"a payout whose status is {payout['status']}"
        raise StripeError(400, f"You cannot cancel {what}.", code="payout_not_allowed", param="payout")
    returned = _give_back(ledger, payout, "payout_cancel", "STRIPE PAYOUT CANCEL")
    return ledger.changed(payout, {"status": "canceled", **returned}, "payout.canceled")


def reverse_payout(ledger: Ledger, identifier: str, params: Params) -> Wire:
    """POST /v1/payouts/{id}/reverse: a new payout below zero, which it returns.

    Raises StripeError unless the payout is paid and not reversed.
    """
    form.only(params, ("metadata",))
    payout = ledger.at("payout", identifier)
    if payout["status"] != "paid" or payout["reversed_by"] or payout["original_payout"]:
        message = "You can only reverse a payout that is paid, once."
        raise StripeError(400, message, code="payout_not_allowed", param="payout")
    fields = {
        "amount": -payout["amount"],
        "arrival_date": _midnight(ledger.now + ON_ITS_WAY),
        "automatic": False,
        "currency": payout["currency"],
        "metadata": form.metadata(params),
        "original_payout": identifier,
    }
    reversal = _send(ledger, fields)
    ledger.changed(payout, {"reversed_by": reversal["id"]}, "payout.updated")
    return reversal
