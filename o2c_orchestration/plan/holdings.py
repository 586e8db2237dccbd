"""Whether a deposit may take the document of a payout's member, and if not, why."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from o2c_orchestration.domain.documents import KnownDocument
from o2c_orchestration.domain.money import format_money
from o2c_orchestration.domain.payouts import MemberRow
from o2c_orchestration.plan.blocked import is_blocked
from o2c_orchestration.plan.members import Meaning


@dataclass(frozen=True)
class Holdings:
    """The documents that NetSuite holds, those that are about to be written, and those that cannot be, by key.

    `blocked` are Stripe ids of objects that metadata keeps out.
    """

    known: Mapping[str, KnownDocument]
    planned: Collection[str] = frozenset()
    refused: Collection[str] = frozenset()
    blocked: Collection[str] = frozenset()

    def difference(self, member: MemberRow, meaning: Meaning, currency: str) -> int | None:
        """By how much the total of a document in the deposit's own currency is off what it must be, in minor units."""
        document = self.known.get(meaning.key or "")
        if document is None or document.total_minor is None or is_converted(member, currency):
            return None
        return document.total_minor - expected(member, currency)[1]

    def obstacle(
        self, member: MemberRow, meaning: Meaning, currency: str, taken: Collection[str], *, off_by: int = 0
    ) -> str | None:
        """Why the member's document cannot be a line of a deposit in this currency, or None: it can.

        `taken` are the documents that the deposits of this payout take already, `off_by` the difference to what its
        total must be that is allowed for.
        """
        key = meaning.key or ""
        document = self.known.get(key)
        if member.amount_minor * meaning.sign < 0:
            return f"{format_money(member.amount_minor, currency)} is not what {meaning.group} are"
        if key in taken:
            return f"{key} is in this deposit already"
        if document is None and is_blocked(member, self.blocked):
            return "blocked by metadata"
        if key in self.refused:
            return f"{key} cannot be written until somebody has looked at it"
        if document is None and key not in self.planned:
            return f"{key} is neither in NetSuite nor about to be written"
        return _settled_otherwise(member, currency) or _unlike(member, document, currency, off_by)


def is_converted(member: MemberRow, currency: str) -> bool:
    """Whether the member's document is in another currency than the deposit."""
    return expected(member, currency)[0] != currency


def expected(member: MemberRow, currency: str) -> tuple[str, int]:
    """Currency and total that the member's document must have: its source's, or else what was settled."""
    if member.source_currency is None or member.source_minor is None:
        return currency, abs(member.amount_minor)
    return member.source_currency, member.source_minor


def _settled_otherwise(member: MemberRow, currency: str) -> str | None:
    own, total = expected(member, currency)
    if own != currency or total == abs(member.amount_minor):
        return None
    settled = format_money(abs(member.amount_minor), currency)
    return f"Stripe settled {settled} of {format_money(total, own)}"


def _unlike(member: MemberRow, document: KnownDocument | None, currency: str, off_by: int) -> str | None:
    own, total = expected(member, currency)
    if document is None:
        return None
    if document.elsewhere is not None:
        return f"NetSuite {document.netsuite_id} is in the books of {document.elsewhere}"
    if document.currency is not None and document.currency != own:
        return f"NetSuite {document.netsuite_id} is in {document.currency.upper()}, not {own.upper()}"
    if document.total_minor is not None and document.total_minor != total + off_by:
        found = format_money(document.total_minor, own)
        return f"NetSuite {document.netsuite_id} says {found}, Stripe {format_money(total, own)}"
    if document.deposit_key is not None:
        return f"NetSuite {document.netsuite_id} is in deposit {document.deposit_key} already"
    return None
