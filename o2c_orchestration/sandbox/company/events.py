"""Events of the last days, as the events API would still show them.

What belongs here: the moments an event marks and the object as it was then. The objects themselves are final
elsewhere; an event shows an earlier state of them, with ten lines embedded at most.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .aftermath import Aftermath
from .balance import Money
from .catalog import Wire
from .credits import Credit
from .event_money import as_charged, of_aftermath, of_payouts
from .ids import IdMaker
from .invoices import Bill
from .payouts import Batch
from .stories import DAY, Window

API_VERSION = "2026-10-28.endive"
EVENT_DAYS = 3
_EMBEDDED_LINES = 10
Moment = tuple[int, str, Wire]


def make_events(
    ids: IdMaker,
    window: Window,
    customers: list[Wire],
    bills: list[Bill],
    aftermath: Aftermath,
    batches: list[Batch],
    money: Money,
) -> list[Wire]:
    """Events of the last three days of the window, oldest first."""
    since = max(window.end - EVENT_DAYS * DAY, window.start)
    moments = [moment for bill in bills if _touched(bill.invoice) >= since for moment in _of_invoice(bill.invoice)]
    moments += [(customer["created"], "customer.created", customer) for customer in customers]
    moments += [
        (charge["created"], f"charge.{charge['status']}", as_charged(charge))
        for charge in money.charges
        if charge["created"] >= since
    ]
    moments += _of_payments(money)
    moments += of_aftermath(aftermath)
    moments += [_as_credited(credit) for credit in aftermath.credits if credit.note["status"] == "issued"]
    moments += of_payouts(batches)
    # Sorting by time alone keeps the order of making within a second, so the bytes stay the same.
    kept = sorted((moment for moment in moments if moment[0] >= since), key=lambda moment: moment[0])
    return [_event(ids.new("evt"), *moment) for moment in kept]


def _touched(invoice: Wire) -> int:
    return int(max(invoice["created"], *(moment or 0 for moment in invoice["status_transitions"].values())))


def _of_invoice(invoice: Wire) -> Iterator[Moment]:
    transitions = invoice["status_transitions"]
    yield invoice["created"], "invoice.created", _as_draft(invoice)
    if transitions["finalized_at"]:
        yield transitions["finalized_at"], "invoice.finalized", _as_finalized(invoice)
    if transitions["paid_at"]:
        yield transitions["paid_at"], "invoice.paid", _snapshot(invoice, **_before_credit(invoice))
    if transitions["marked_uncollectible_at"]:
        yield transitions["marked_uncollectible_at"], "invoice.marked_uncollectible", _as_uncollectible(invoice)
    if transitions["voided_at"]:
        yield transitions["voided_at"], "invoice.voided", _snapshot(invoice)


def _of_payments(money: Money) -> list[Moment]:
    paid = [link for link in money.invoice_payments if link["status"] == "paid"]
    moments: list[Moment] = [(link["status_transitions"]["paid_at"], "invoice_payment.paid", link) for link in paid]
    succeeded_at = {charge["payment_intent"]: charge["created"] for charge in money.charges if charge["paid"]}
    return moments + [
        (succeeded_at[intent["id"]], "payment_intent.succeeded", intent)
        for intent in money.payment_intents
        if intent["id"] in succeeded_at
    ]


def _snapshot(invoice: Wire, **then: Any) -> Wire:
    lines = invoice["lines"]
    data = lines["data"][:_EMBEDDED_LINES]
    return {**invoice, "lines": {**lines, "data": data, "has_more": len(data) < lines["total_count"]}, **then}


def _as_finalized(invoice: Wire) -> Wire:
    finalized_at = invoice["status_transitions"]["finalized_at"]
    return _snapshot(
        invoice,
        status="open",
        auto_advance=True,
        attempted=False,
        attempt_count=0,
        amount_due=invoice["total"],
        amount_paid=0,
        amount_remaining=invoice["total"],
        pre_payment_credit_notes_amount=0,
        post_payment_credit_notes_amount=0,
        next_payment_attempt=None,
        status_transitions=dict.fromkeys(invoice["status_transitions"]) | {"finalized_at": finalized_at},
    )


def _before_credit(invoice: Wire) -> Wire:
    """What a credit after payment changed later; of a mixed one, the part after payment came with the payment."""
    late = invoice["pre_payment_credit_notes_amount"] == 0
    return {"post_payment_credit_notes_amount": 0} if late else {}


def _as_credited(credit: Credit) -> Moment:
    """What a credit note made of its invoice, which may have been paid before or after."""
    invoice, note = credit.bill.invoice, credit.note
    if note["post_payment_amount"]:
        return note["created"], "invoice.updated", _snapshot(invoice)
    due = invoice["total"] - note["pre_payment_amount"]
    then = _as_finalized(invoice) | {"amount_due": due, "amount_remaining": due}
    then["pre_payment_credit_notes_amount"] = note["pre_payment_amount"]
    if not due:
        then = _snapshot(invoice)
    return note["created"], "invoice.updated", then


def _as_uncollectible(invoice: Wire) -> Wire:
    """Given up with everything still to pay; it may have been paid later."""
    marked_at = invoice["status_transitions"]["marked_uncollectible_at"]
    then = _as_finalized(invoice)
    transitions = then["status_transitions"] | {"marked_uncollectible_at": marked_at}
    return {**then, "status": "uncollectible", "auto_advance": False, "status_transitions": transitions}


def _as_draft(invoice: Wire) -> Wire:
    return {
        **_as_finalized(invoice),
        "status": "draft",
        "number": None,
        "effective_at": None,
        "hosted_invoice_url": None,
        "invoice_pdf": None,
        "status_transitions": dict.fromkeys(invoice["status_transitions"]),
    }


def _event(event_id: str, created: int, kind: str, subject: Wire) -> Wire:
    return {
        "id": event_id,
        "object": "event",
        "account": None,
        "api_version": API_VERSION,
        "context": None,
        "created": created,
        "data": {"object": subject},
        "livemode": False,
        "pending_webhooks": 0,
        "request": {"id": None, "idempotency_key": None},
        "type": kind,
    }
