"""Events of credit notes, refunds, disputes and payouts.

What belongs here: the moments of these objects and how they looked then. Which events are kept is in events.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from .aftermath import Aftermath
from .catalog import Wire
from .disputes import Contest
from .payouts import Batch
from .refunds import Repayment

Moment = tuple[int, str, Wire]
_PAYOUT_FAILURE = dict.fromkeys(("failure_balance_transaction", "failure_code", "failure_message"))


def of_aftermath(aftermath: Aftermath) -> Iterator[Moment]:
    """Events of everything that followed the sale, in order of making."""
    for note in (credit.note for credit in aftermath.credits):
        yield note["created"], "credit_note.created", {**note, "status": "issued", "voided_at": None}
        if note["voided_at"]:
            yield note["voided_at"], "credit_note.voided", note
    failures = {entry["source"]: entry["created"] for entry in aftermath.failures}
    refunded: dict[str, int] = {}
    for repayment in sorted(aftermath.repayments, key=lambda each: int(each.refund["created"])):
        yield from _of_refund(repayment, refunded, failures.get(repayment.refund["id"]))
    for contest in aftermath.contests:
        yield from _of_dispute(contest)


def as_charged(charge: Wire) -> Wire:
    """The charge before anybody asked for the money back."""
    return {**charge, "amount_refunded": 0, "disputed": False, "refunded": False}


def of_payouts(batches: list[Batch]) -> Iterator[Moment]:
    """Events of payouts: made, arrived, its members known, and failed."""
    for batch in batches:
        payout = batch.payout
        on_its_way = {**payout, **_PAYOUT_FAILURE, "status": "in_transit", "reconciliation_status": "in_progress"}
        on_its_way["trace_id"] = {"status": "pending", "value": None}
        yield payout["created"], "payout.created", on_its_way
        if batch.paid_at is None:
            continue
        arrived = {**payout, **_PAYOUT_FAILURE, "status": "paid"}
        yield batch.paid_at, "payout.paid", {**arrived, "reconciliation_status": "in_progress"}
        yield batch.paid_at + 60, "payout.reconciliation_completed", arrived
        if batch.failure is not None:
            yield batch.failure["created"], "payout.failed", payout


def _of_refund(repayment: Repayment, refunded: dict[str, int], failed_at: int | None) -> Iterator[Moment]:
    """A refund and the charge then; `refunded` counts what each charge had given back so far."""
    refund, charge = repayment.refund, repayment.charge
    so_far = refunded.get(charge["id"], 0) + refund["amount"]
    refunded[charge["id"]] = so_far
    new = {**refund, "status": "succeeded", "failure_balance_transaction": None, "failure_reason": None}
    yield refund["created"], "refund.created", new
    then = {**as_charged(charge), "amount_refunded": so_far, "refunded": so_far == charge["amount"]}
    yield refund["created"], "charge.refunded", then
    if failed_at is not None:
        yield failed_at, "refund.updated", refund
        yield failed_at, "refund.failed", refund


def _of_dispute(contest: Contest) -> Iterator[Moment]:
    dispute, entries = contest.dispute, contest.dispute["balance_transactions"]
    status = "needs_response" if entries else "warning_needs_response"
    fresh = {**dispute, "status": status, "balance_transactions": entries[:1]}
    yield dispute["created"], "charge.dispute.created", fresh
    if entries:
        yield dispute["created"], "charge.dispute.funds_withdrawn", fresh
    if contest.closed_at is not None:
        yield contest.closed_at, "charge.dispute.closed", dispute
        if contest.won_back:
            yield contest.closed_at, "charge.dispute.funds_reinstated", dispute
