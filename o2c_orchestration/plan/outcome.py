"""What planning one row can come to, besides a command."""

from dataclasses import dataclass
from datetime import date

from o2c_orchestration.domain.documents import DocumentType, InvoiceRow, PaymentRow, Refusal


@dataclass(frozen=True)
class Skip:
    """A row that policy leaves out of the ledger, and why."""

    stripe_id: str
    reason: str


def refuse(
    row: InvoiceRow | PaymentRow, document: DocumentType, day: date, code: str, reason: str, fix: str
) -> Refusal:
    """A refusal of the document of one row. `day` is its date in the books."""
    amount = row.total_minor if isinstance(row, InvoiceRow) else row.amount_minor
    created = row.created_at.date()
    return Refusal(document, row.id, row.id, row.customer_id, row.currency, amount, day, created, code, reason, fix)
