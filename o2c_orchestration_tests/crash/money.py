"""What credit notes, refunds, disputes, closed invoices and payouts must have become in the books.

What belongs here: documents and what they are applied to, from Stripe's objects alone, in minor units.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

Wire = dict[str, Any]


@dataclass(frozen=True)
class Document:
    """A document under its external id: its type, amount and currency, and what it is applied to."""

    kind: str
    key: str
    minor: int
    currency: str
    applied: dict[str, int] = field(default_factory=dict)
    deposits: tuple[str, ...] = ()


def movements(stripe: list[Wire]) -> list[Document]:
    """Everything besides the documents of invoices, of their charges, and of customers."""
    found = [document for wire in stripe if wire["object"] == "credit_note" for document in _credit_note(wire)]
    found += [document for wire in stripe if wire["object"] == "invoice" for document in _closed(wire)]
    for wire in stripe:
        if wire["object"] == "charge" and wire["status"] == "succeeded":
            found += _taken_back(stripe, wire)
        elif wire["object"] == "payout":
            found += _payout(stripe, wire)
    return found


def _credit_note(note: Wire) -> Iterator[Document]:
    if note["status"] == "issued":
        before = note["pre_payment_amount"]
        applied = {note["invoice"]: before} if before else {}
        yield Document("creditMemo", note["id"], note["total"], note["currency"], applied)


def _closed(invoice: Wire) -> Iterator[Document]:
    """A void that never was in the books needs nothing; what was written off, and paid later, two documents."""
    key, left = invoice["id"], invoice["amount_remaining"]
    if invoice["status"] == "uncollectible" and left:
        yield Document("creditMemo", f"cm-{key}", left, invoice["currency"], {key: left})


def _taken_back(stripe: list[Wire], charge: Wire) -> list[Document]:
    """Refunds and disputes of a charge, oldest first; each takes free money before it takes revenue back."""
    parts = [
        each["amount_paid"]
        for each in stripe
        if each["object"] == "invoice_payment"
        and each["status"] == "paid"
        and each["payment"].get("payment_intent") == charge["payment_intent"]
    ]
    free = {charge["id"]: charge["amount"] - sum(parts)}
    makers: dict[str, Callable[[list[Wire], Wire, dict[str, int]], list[Document]]] = {
        "refund": _refund,
        "dispute": _dispute,
    }
    events = [each for each in stripe if each["object"] in makers and each["charge"] == charge["id"]]
    events.sort(key=lambda each: (each["created"], each["id"]))
    return [document for event in events for document in makers[event["object"]](stripe, event, free)]


def _refund(stripe: list[Wire], refund: Wire, free: dict[str, int]) -> list[Document]:
    if not refund["balance_transaction"]:
        return []
    noted = {
        note["id"]: each["amount_refunded"]
        for note in stripe
        if note["object"] == "credit_note"
        for each in note["refunds"]
        if each["refund"] == refund["id"]
    }
    found = _given_back(refund, noted, free)
    if refund["failure_balance_transaction"]:
        key = f"rf-{refund['id']}"
        free[key] = refund["amount"]
        found.append(Document("customerPayment", key, refund["amount"], refund["currency"]))
    return found


def _dispute(stripe: list[Wire], dispute: Wire, free: dict[str, int]) -> list[Document]:
    if not dispute["balance_transactions"]:
        return []
    found = _given_back(dispute, {}, free)
    if any(each["amount"] > 0 for each in dispute["balance_transactions"]):
        memo = sum(each.minor for each in found if each.kind == "creditMemo")
        again, currency = f"ri-{dispute['id']}", dispute["currency"]
        found += [Document("invoice", again, memo, currency)] if memo else []
        applied = {again: memo} if memo else {}
        found.append(Document("customerPayment", f"rp-{dispute['id']}", dispute["amount"], currency, applied))
    return found


def _given_back(event: Wire, noted: dict[str, int], free: dict[str, int]) -> list[Document]:
    """A refund out of these credit notes, then out of what is free, and a memo for the rest."""
    applied, rest = dict(noted), event["amount"] - sum(noted.values())
    for key, there in list(free.items()):
        taken = min(there, rest)
        free[key], rest = there - taken, rest - taken
        applied |= {key: taken} if taken else {}
    found = []
    if rest:
        memo = f"cm-{event['id']}"
        applied[memo] = rest
        found.append(Document("creditMemo", memo, rest, event["currency"]))
    return [*found, Document("customerRefund", event["id"], event["amount"], event["currency"], applied)]


_TAKEN = {
    **dict.fromkeys(("charge", "payment", "refund", "payment_refund"), ""),
    **dict.fromkeys(("refund_failure", "payment_failure_refund"), "rf-"),
    **{"dispute": "", "dispute_reversal": "rp-"},
}


def _payout(stripe: list[Wire], payout: Wire) -> Iterator[Document]:
    if payout["reconciliation_status"] != "completed":
        return
    members = [
        each for each in stripe if each["object"] == "balance_transaction" and each.get("_payout") == payout["id"]
    ]
    kinds = [each["reporting_category"] if each["type"] == "adjustment" else each["type"] for each in members]
    taken = [_TAKEN[kind] + member["source"] for kind, member in zip(kinds, members, strict=True) if kind in _TAKEN]
    currency = payout["currency"]
    yield Document("deposit", payout["id"], max(payout["amount"], 0), currency, deposits=tuple(sorted(taken)))
    if payout["failure_balance_transaction"]:
        yield Document("journalEntry", f"pf-{payout['id']}", abs(payout["amount"]), currency)
