"""What planning one row can come to, besides a command."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from o2c_orchestration.domain.documents import Command, DocumentType, Refusal


@dataclass(frozen=True)
class Skip:
    """A row that policy leaves out of the ledger, and why."""

    stripe_id: str
    reason: str


@dataclass(frozen=True)
class Unread(Skip):
    """A row whose document was written and has not been read back: it has to be planned again once it was."""


@dataclass(frozen=True)
class Blocked(Skip):
    """A row that metadata keeps out of the ledger: the document that is not written, and its minor units."""

    document: DocumentType
    currency: str
    amount_minor: int


class Subject(Protocol):
    """A row that a document is planned for."""

    @property
    def id(self) -> str:
        """Its Stripe id."""

    @property
    def currency(self) -> str:
        """Lower-case code."""

    @property
    def created_at(self) -> datetime:
        """UTC; its day is the partition."""


def refuse(
    row: Subject,
    document: DocumentType,
    day: date,
    code: str,
    reason: str,
    fix: str,
    *,
    amount_minor: int,
    customer_id: str | None,
    key: str | None = None,
) -> Refusal:
    """A refusal of the document of one row. `day` is its date in the books, `key` its external id if not the row's."""
    created = row.created_at.date()
    external_id = key or row.id
    return Refusal(
        document, external_id, row.id, customer_id, row.currency, amount_minor, day, created, code, reason, fix
    )


def refuse_command(command: Command, code: str, reason: str, fix: str) -> Refusal:
    """A refusal of a document that was planned already."""
    return Refusal(
        command.document,
        command.external_id,
        command.stripe_id,
        command.customer_id,
        command.currency,
        command.amount_minor,
        command.effective_date,
        command.partition,
        code,
        reason,
        fix,
    )
