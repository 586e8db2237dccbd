"""What a first run has to write besides invoices, their payments and customers.

What belongs here: one external id for each document that follows from an object in Stripe, less what others kept.
Worked out from what happened, not from the product's rules.
"""

from __future__ import annotations

from collections.abc import Iterator

from .aftermath import Aftermath
from .invoices import Bill
from .payouts import Batch

RECORD_TYPES = ("creditMemo", "customerRefund", "invoice", "customerPayment", "deposit", "journalEntry")
Document = tuple[str, str]


def documents_missing(
    bills: list[Bill], aftermath: Aftermath, batches: list[Batch], kept: set[str]
) -> dict[str, list[str]]:
    """External ids by record type, in the order in which things happened within each kind of object.

    `kept` are the external ids for which NetSuite has a document already, under whatever name.
    """
    missing: dict[str, list[str]] = {record: [] for record in RECORD_TYPES}
    for documents in (_of_invoices(bills, aftermath), _of_refunds(aftermath), _of_disputes(aftermath), _of(batches)):
        for record, external_id in documents:
            if external_id not in kept:
                missing[record].append(external_id)
    return missing


def _of_invoices(bills: list[Bill], aftermath: Aftermath) -> Iterator[Document]:
    """Credit notes, invoices that NetSuite holds open though they are void, bad debts and their recovery."""
    for credit in aftermath.credits:
        if credit.note["status"] == "issued":
            yield "creditMemo", credit.note["id"]
    for bill in bills:
        if bill.story.mistake == "void_held_open":
            yield "creditMemo", f"cm-{bill.invoice['id']}"
    for bill, _ in aftermath.written_off:
        yield "creditMemo", f"cm-{bill.invoice['id']}"
        if bill.invoice["status"] == "paid":
            yield "invoice", f"ri-{bill.invoice['id']}"
    for _, receipt in aftermath.uninvoiced:
        yield "customerPayment", receipt.charge["id"]


def _of_refunds(aftermath: Aftermath) -> Iterator[Document]:
    for repayment in aftermath.repayments:
        refund_id = repayment.refund["id"]
        if repayment.bill is not None and repayment.note is None:
            yield "creditMemo", f"cm-{refund_id}"
        yield "customerRefund", refund_id
        if repayment.refund["status"] == "failed":
            yield "customerPayment", f"rf-{refund_id}"


def _of_disputes(aftermath: Aftermath) -> Iterator[Document]:
    for contest in aftermath.contests:
        dispute_id = contest.dispute["id"]
        if contest.lost_money:
            yield "creditMemo", f"cm-{dispute_id}"
            yield "customerRefund", dispute_id
        if contest.won_back:
            yield "invoice", f"ri-{dispute_id}"
            yield "customerPayment", f"rp-{dispute_id}"


def _of(batches: list[Batch]) -> Iterator[Document]:
    for batch in batches:
        if batch.completed:
            yield "deposit", batch.payout["id"]
        if batch.failure is not None:
            yield "journalEntry", f"pf-{batch.payout['id']}"
