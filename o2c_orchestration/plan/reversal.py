"""What takes a charge's money back → NetSuite: refunds and disputes, and their money that returns.

A refund pays back, in this order: what credit notes say it pays, what the charge paid beyond its invoices, money
that had come back by that day (an earlier refund failed, a dispute was won), and then the invoice: for that part a
credit memo of its own takes the revenue back, line by line where it is all of the invoice, or by policy in proportion.
The order is that of Stripe's objects, so the same history gives the same documents, whatever is written already.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType

from o2c_orchestration.domain import keys
from o2c_orchestration.domain.documents import (
    ChargeHistory,
    Command,
    DisputeRow,
    DocumentType,
    KnownDocument,
    PaymentRow,
    PlanLine,
    RefundRow,
    Refusal,
)
from o2c_orchestration.domain.money import prorated
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan.bodies import Occasion, Part, item_document, payment_document, refund_document
from o2c_orchestration.plan.entity import entity_key
from o2c_orchestration.plan.lines import Entry
from o2c_orchestration.plan.outcome import refuse
from o2c_orchestration.plan.payment import beyond
from o2c_orchestration.plan.taken_lines import TakenLines, of_amount

Outcome = Command | Refusal
_NOTHING: Mapping[str, int] = MappingProxyType({})

_WHOLE = "it is all of the invoice: its lines go back"
_PART = "it is a part of the invoice: a share of each of its lines goes back"
_UNSAID = ", and no credit note says what for: this takes the revenue back"
_UNLESS = ": this takes the revenue back, unless it is won"


def plan_history(
    policy: Policy,
    history: ChargeHistory,
    known: Mapping[str, KnownDocument],
    planned: Collection[str],
    departed: Mapping[str, int] = _NOTHING,
) -> list[Outcome]:
    """Documents of all refunds and disputes of one charge that NetSuite lacks, or why they cannot be written.

    `known` maps external ids to documents that exist, `planned` are those about to be written, `departed` minor units
    of those that we wrote or may have written: the ledger may not have been read since.
    """
    there = {*known, *planned}
    found: list[Outcome] = []
    read = {key: document.total_minor for key, document in known.items() if document.total_minor is not None}
    booked = {**departed, **read}
    for item in _every_document(policy, _as_booked(history, known, booked), there, booked):
        # A refund that somebody kept is applied already, to whatever they chose: a memo for it would be one too many.
        needless = item.document == "creditMemo" and item.stripe_id in known
        if item.external_id not in known and not needless:
            found.append(item)
    return found


def _as_booked(history: ChargeHistory, known: Mapping[str, KnownDocument], booked: Mapping[str, int]) -> ChargeHistory:
    """A refund whose own memo stands, or may stand, is paid out of it, whatever credit notes say of it later.

    The lines of an invoice are what it is known for only as long as NetSuite holds it at Stripe's total.
    """
    own = {*known, *booked}
    refunds = (replace(row, credited=()) if keys.credit_memo_key(row.id) in own else row for row in history.refunds)
    invoice = history.invoice
    there = known.get(invoice.id) if invoice else None
    if invoice and there and there.total_minor not in (None, invoice.total_minor):
        invoice = None
    return replace(history, refunds=tuple(refunds), invoice=invoice)


@dataclass
class _Purse:
    """What of a charge's money is not bound to an invoice: payment (key), minor units left, and since which day."""

    left: list[tuple[str, int, date]] = field(default_factory=list)

    def put(self, key: str, amount_minor: int, day: date) -> None:
        """Money of a payment that is to the customer's credit from a day on."""
        if amount_minor > 0:
            self.left.append((key, amount_minor, day))

    def take(self, amount_minor: int, day: date) -> list[Part]:
        """Up to so many minor units of what is there on a day, out of one document after another.

        What comes back later is not taken, though it may be known by now: before, the plan was another one.
        """
        parts, rest = [], []
        for key, there, since in self.left:
            taken = min(there, amount_minor) if since <= day else 0
            amount_minor -= taken
            if taken:
                parts.append(Part("customerPayment", key, taken))
            if there > taken:
                rest.append((key, there - taken, since))
        self.left = rest
        return parts


def _every_document(
    policy: Policy, history: ChargeHistory, there: Collection[str], booked: Mapping[str, int]
) -> Iterator[Outcome]:
    payment = history.payment
    purse = _Purse()
    purse.put(keys.payment_key(payment.id), _spare(payment, there), payment.payment_date)
    lines = TakenLines(policy, payment, history.invoice)
    events: list[RefundRow | DisputeRow] = [*history.refunds, *history.disputes]
    for row in sorted(events, key=lambda event: (event.created_at, event.id)):
        refusal = _unready(policy, row, payment, there)
        if refusal is not None:
            yield refusal
            # It has its turn before the later ones, also while it waits.
            if isinstance(row, RefundRow) and refusal.code == "CREDIT_MEMO_MISSING":
                purse.take(row.amount_minor - _credited(row), row.refund_date)
        elif isinstance(row, RefundRow):
            yield from _refund(policy, row, payment, purse, lines, _own(row, booked))
        else:
            yield from _dispute(policy, row, payment, purse, lines, _own(row, booked))


def _own(row: RefundRow | DisputeRow, booked: Mapping[str, int]) -> int:
    """Minor units of a memo of its own that stands or may stand: planned before other money was known to be there."""
    return min(booked.get(keys.credit_memo_key(row.id), 0), row.amount_minor)


def _spare(payment: PaymentRow, there: Collection[str]) -> int:
    """What a charge paid beyond its invoices, and is not on the customer's balance either; of a sale there is none.

    Nor is there of what pays a NetSuite invoice that metadata names.
    """
    if keys.sale_key(payment.id) in there or payment.named is not None:
        return 0
    kept = [part for part in payment.applications if keys.overpayment_key(part.invoice_id) in there]
    on_top = sum(part.overpaid_minor for part in kept) if beyond(payment) else 0
    return payment.amount_minor - sum(part.amount_minor for part in payment.applications) - on_top


def _unready(
    policy: Policy, row: RefundRow | DisputeRow, payment: PaymentRow, there: Collection[str]
) -> Refusal | None:
    if entity_key(policy, payment.customer_id) is None:
        return _refuse(row, payment, "NO_CUSTOMER", "its charge has no customer in Stripe", "enter it by hand")
    if row.currency != payment.currency:
        text = f"it is in {row.currency.upper()}, its charge in {payment.currency.upper()}"
        return _refuse(row, payment, "CURRENCY", text, "enter it by hand")
    if _credited(row) > row.amount_minor:
        text = "credit notes account for more than its amount"
        return _refuse(row, payment, "OVER_CREDITED", text, "look at the refund and its credit notes in Stripe")
    return _waiting(row, payment, there)


def _waiting(row: RefundRow | DisputeRow, payment: PaymentRow, there: Collection[str]) -> Refusal | None:
    if payment.id not in there:
        text = f"the charge {payment.id} that it takes back has no NetSuite payment"
        return _refuse(row, payment, "PAYMENT_MISSING", text, f"settle the gap of {payment.id} first; it follows then")
    if not payment.applications and not payment.looked_up:
        text = f"Stripe has not been asked yet which invoice the charge {payment.id} pays"
        return _refuse(row, payment, "INVOICE_UNKNOWN", text, "run again; it follows by itself")
    missing = [part.credit_note_id for part in getattr(row, "credited", ()) if part.credit_note_id not in there]
    if missing:
        text = f"the credit note {missing[0]} that it pays out has no NetSuite credit memo"
        return _refuse(row, payment, "CREDIT_MEMO_MISSING", text, f"settle the gap of {missing[0]} first")
    return None


def _credited(row: RefundRow | DisputeRow) -> int:
    """What credit notes account for, in minor units."""
    return sum(part.amount_minor for part in row.credited) if isinstance(row, RefundRow) else 0


def _refund(
    policy: Policy, row: RefundRow, payment: PaymentRow, purse: _Purse, lines: TakenLines, own: int
) -> Iterator[Command]:
    credited = [
        Part("creditMemo", keys.credit_note_key(part.credit_note_id), part.amount_minor) for part in row.credited
    ]
    parts = credited + purse.take(row.amount_minor - _credited(row) - own, row.refund_date)
    left = row.amount_minor - sum(part.amount_minor for part in parts)
    what = _occasion(row, payment, f"Stripe refund {row.id} gave money of {_payment(payment)} back")
    if left > 0:
        memo = keys.credit_memo_key(row.id)
        taken = lines.take(memo, left, row.refund_date, in_parts=policy.reversals.partial_refunds == "prorated")
        back = taken or [Entry.of(f"Refund of {payment.id}", left, policy.items.refund)]
        revenue = _with_lines(what, taken, _UNSAID, whole=left == lines.invoiced_minor)
        yield item_document(policy, "creditMemo", memo, revenue, back, [])
        parts.append(Part("creditMemo", memo, left))
    yield refund_document(policy, keys.refund_key(row.id), what, parts)
    if row.returned_date is not None:
        key = keys.returned_refund_key(row.id)
        why = f"Stripe refund {row.id} failed and its money came back"
        returned = Occasion(row.id, what.customer_id, row.currency, row.returned_date, what.partition, why)
        yield payment_document(policy, key, returned, row.amount_minor, [])
        purse.put(key, row.amount_minor, row.returned_date)


def _with_lines(what: Occasion, taken: list[Entry] | None, unsaid: str, *, whole: bool) -> Occasion:
    """Why a memo is, with what it takes back: all of the invoice's lines, a share of each, or nobody says which."""
    if taken is None:
        return replace(what, why=f"{what.why}{unsaid}")
    return replace(what, why=f"{what.why}, and {_WHOLE if whole else _PART}")


def _dispute(
    policy: Policy, row: DisputeRow, payment: PaymentRow, purse: _Purse, lines: TakenLines, own: int
) -> Iterator[Outcome]:
    parts = purse.take(row.amount_minor - own, row.withdrawn_date)
    left = row.amount_minor - sum(part.amount_minor for part in parts)
    what = _occasion(row, payment, f"Stripe dispute {row.id} took the money of {_payment(payment)} back")
    taken = None
    if left > 0:
        memo = keys.credit_memo_key(row.id)
        taken = _disputed_lines(policy, row, lines, left)
        back = taken or [Entry.of(f"Dispute of {payment.id}", left, policy.items.dispute)]
        revenue = _with_lines(what, taken, _UNLESS, whole=left == lines.invoiced_minor)
        yield item_document(policy, "creditMemo", memo, revenue, back, [])
        parts.append(Part("creditMemo", memo, left))
    yield refund_document(policy, keys.dispute_key(row.id), what, parts)
    if row.partly_reinstated:
        text = f"a part of its money came back, converted: how much that is in {row.currency.upper()} is not known"
        key = keys.returned_dispute_key(row.id)
        yield _refuse(row, payment, "PARTLY_REINSTATED", text, "enter what came back by hand", key)
    if row.reinstated_date is not None:
        restored = min(left, row.returned_minor)
        yield from _won(policy, row, what, _share(taken, restored), restored)
        if restored == left:
            lines.come_back(keys.credit_memo_key(row.id), row.reinstated_date)
        purse.put(keys.returned_dispute_key(row.id), row.returned_minor - restored, row.reinstated_date)


def _disputed_lines(policy: Policy, row: DisputeRow, lines: TakenLines, left: int) -> list[Entry] | None:
    if policy.reversals.disputes == "one_line":
        return None
    in_parts = policy.reversals.partial_refunds == "prorated"
    return lines.take(keys.credit_memo_key(row.id), left, row.withdrawn_date, in_parts=in_parts)


def _share(taken: list[Entry] | None, restored_minor: int) -> list[Entry] | None:
    """What is booked again of the lines that a memo took: all of them, or in proportion to what came back."""
    if taken is None:
        return None
    shares = prorated(restored_minor, [entry.line.amount_minor for entry in taken])
    return [of_amount(entry, share) for entry, share in zip(taken, shares, strict=True) if share]


def _won(
    policy: Policy, row: DisputeRow, what: Occasion, lines: list[Entry] | None, restored_minor: int
) -> Iterator[Command]:
    """Receivable and revenue are restored by an invoice, on the lines that the memo took, and the money pays it."""
    assert row.reinstated_date is not None
    came = "was won and its" if row.reinstated_minor is None else "is over, and a part of its"
    why = f"Stripe dispute {row.id} {came} money came back"
    back = Occasion(row.id, what.customer_id, row.currency, row.reinstated_date, what.partition, why)
    key, parts = keys.reinstated_invoice_key(row.id), []
    if restored_minor > 0:
        restored = lines or [Entry(PlanLine("Dispute won", restored_minor), policy.items.dispute)]
        yield item_document(policy, "invoice", key, back, restored, [])
        parts = [Part("invoice", key, restored_minor)]
    yield payment_document(policy, keys.returned_dispute_key(row.id), back, row.returned_minor, parts)


def _payment(payment: PaymentRow) -> str:
    invoices = ", ".join(part.invoice_id for part in payment.applications)
    return f"{payment.id} (paid {invoices})" if invoices else f"{payment.id} (paid no invoice)"


def _occasion(row: RefundRow | DisputeRow, payment: PaymentRow, why: str) -> Occasion:
    day = row.refund_date if isinstance(row, RefundRow) else row.withdrawn_date
    return Occasion(row.id, payment.customer_id, row.currency, day, row.created_at.date(), why)


def _refuse(
    row: RefundRow | DisputeRow, payment: PaymentRow, code: str, reason: str, fix: str, key: str | None = None
) -> Refusal:
    day = row.refund_date if isinstance(row, RefundRow) else row.withdrawn_date
    amount, customer = row.amount_minor, payment.customer_id
    document: DocumentType = "customerRefund" if key is None else "customerPayment"
    return refuse(row, document, day, code, reason, fix, amount_minor=amount, customer_id=customer, key=key)
