"""What metadata keeps out of NetSuite: blocked objects, and what hangs on them.

Blocked with it are everything of a customer, the credit notes of an invoice, and refunds and disputes of a charge:
their documents would lean on one that is not there. A payment of a blocked invoice is not: its money has arrived, and
where it belongs nobody has said, so it is refused by name.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from o2c_orchestration.domain import metadata
from o2c_orchestration.domain.documents import (
    ChargeHistory,
    DisputeRow,
    DocumentType,
    KnownDocument,
    PaymentRow,
    RefundRow,
    Refusal,
    Rows,
)
from o2c_orchestration.domain.payouts import MemberRow
from o2c_orchestration.plan.outcome import Blocked, refuse


@dataclass(frozen=True)
class Screened:
    """The rows that are planned, and what is said of the others."""

    rows: Rows
    left_out: tuple[Blocked, ...] = ()
    refused: tuple[Refusal, ...] = ()


def blocking(values: Mapping[str, str]) -> frozenset[str]:
    """The objects that are blocked, of all whose metadata has the key: a value that is not clear blocks nothing."""
    return frozenset(key for key, value in values.items() if metadata.blocks(value))


def is_blocked(member: MemberRow, blocked: Collection[str]) -> bool:
    """Whether the object that moved this money is blocked, or its charge, or its customer."""
    return any(key in blocked for key in (member.source_id, *member.hangs_on) if key)


def screen(rows: Rows, known: Mapping[str, KnownDocument]) -> Screened:
    """Take blocked objects out. What NetSuite holds of them already stays where it is."""
    blocked = blocking(rows.directives.blocked)
    if not blocked:
        return Screened(rows)
    histories, reversals = _histories(rows.histories, blocked, known)
    payments = [row for row in rows.payments if not _any(blocked, row.id, row.customer_id)]
    kept = replace(
        rows,
        invoices=tuple(row for row in rows.invoices if not _any(blocked, row.id, row.customer_id)),
        closed=tuple(row for row in rows.closed if not _any(blocked, row.id, row.customer_id)),
        balanced=tuple(row for row in rows.balanced if not _any(blocked, row.id, row.customer_id)),
        payments=tuple(row for row in payments if not _homeless(row, blocked, known)),
        credit_notes=tuple(
            row for row in rows.credit_notes if not _any(blocked, row.id, row.invoice_id, row.customer_id)
        ),
        off_stripe=tuple(row for row in rows.off_stripe if not _any(blocked, row.id, row.customer_id)),
        adjustments=tuple(row for row in rows.adjustments if not _any(blocked, row.id, row.customer_id)),
        payouts=tuple(row for row in rows.payouts if row.id not in blocked),
        histories=histories,
    )
    refused = tuple(refusal for row in payments if (refusal := _homeless(row, blocked, known)))
    left = [item for item in _documents(rows, blocked) if item.stripe_id not in known]
    return Screened(kept, (*left, *reversals), refused)


def _any(blocked: Collection[str], *ids: str | None) -> bool:
    return any(key in blocked for key in ids if key)


def _documents(rows: Rows, blocked: Collection[str]) -> Iterable[Blocked]:
    for invoice in rows.invoices:
        if _any(blocked, invoice.id, invoice.customer_id):
            yield _blocked("invoice", invoice.id, invoice.currency, invoice.total_minor, blocked, invoice.customer_id)
    for payment in rows.payments:
        if _any(blocked, payment.id, payment.customer_id):
            yield _blocked(
                "customerPayment", payment.id, payment.currency, payment.amount_minor, blocked, payment.customer_id
            )
    for paid in rows.off_stripe:
        if _any(blocked, paid.id, paid.customer_id):
            yield _blocked("customerPayment", paid.id, paid.currency, paid.amount_minor, blocked, paid.customer_id)
    for note in rows.credit_notes:
        if _any(blocked, note.id, note.invoice_id, note.customer_id):
            others = (note.invoice_id, note.customer_id)
            yield _blocked("creditMemo", note.id, note.currency, note.total_minor, blocked, *others)
    for payout in rows.payouts:
        if payout.id in blocked:
            yield _blocked("deposit", payout.id, payout.currency, payout.amount_minor, blocked)


def _blocked(
    document: DocumentType,
    stripe_id: str,
    currency: str,
    amount_minor: int,
    blocked: Collection[str],
    *others: str | None,
) -> Blocked:
    by = stripe_id if stripe_id in blocked else next(key for key in others if key in blocked)
    reason = "blocked by metadata" if by == stripe_id else f"blocked by metadata of {by}"
    return Blocked(stripe_id, reason, document, currency, amount_minor)


def _histories(
    histories: Iterable[ChargeHistory], blocked: Collection[str], known: Mapping[str, KnownDocument]
) -> tuple[tuple[ChargeHistory, ...], list[Blocked]]:
    """Histories without what is blocked in them, unless it is booked already: then it has taken its money."""
    kept, left = [], []
    for history in histories:
        owners = (history.payment.id, history.payment.customer_id)
        events: list[RefundRow | DisputeRow] = [*history.refunds, *history.disputes]
        out = {row.id: row for row in events if row.id not in known and _any(blocked, row.id, *owners)}
        left += [
            _blocked("customerRefund", row.id, row.currency, row.amount_minor, blocked, *owners) for row in out.values()
        ]
        refunds = tuple(row for row in history.refunds if row.id not in out)
        kept.append(replace(history, refunds=refunds, disputes=tuple(d for d in history.disputes if d.id not in out)))
    return tuple(kept), left


def _homeless(row: PaymentRow, blocked: Collection[str], known: Mapping[str, KnownDocument]) -> Refusal | None:
    missing = [part.invoice_id for part in row.applications if part.invoice_id in blocked]
    missing = [key for key in missing if key not in known]
    if not missing:
        return None
    text = f"the invoice {missing[0]} that it pays is blocked by metadata"
    fix = f"block {row.id} too, or enter it by hand with its id in the memo"
    day, money = row.payment_date, row.amount_minor
    kind: DocumentType = "customerPayment"
    return refuse(row, kind, day, "INVOICE_BLOCKED", text, fix, amount_minor=money, customer_id=row.customer_id)
