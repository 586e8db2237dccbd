"""Stored deals → what the planner and reconciliation look at."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import replace

from o2c_orchestration.domain.deals import BillingRow, DealFacts, DealRow
from o2c_orchestration.domain.documents import STRIPE_DOCUMENTS, Plan
from o2c_orchestration.store.deals import JournalLine, StoredDeal, StoredDeals
from o2c_orchestration.validate.deals import deal_row

_OPEN = ("intent", "sent", "unknown")
_FAILED = ("refused", "dead")


def deal_rows(stored: StoredDeals, currency: str) -> list[DealRow]:
    """Deals as typed rows; `currency` where Salesforce names none."""
    known = {each.id for each in stored.deals}
    return [_row(each, known, currency) for each in stored.deals]


def _row(stored: StoredDeal, known: Set[str], currency: str) -> DealRow:
    row = deal_row(
        stored.payload,
        stored.created_at,
        stored.lines,
        currency,
        deleted=stored.deleted,
        reductions=stored.reductions,
    )
    return replace(row, written_as=stored.written_as, counted=row.reduces in known)


def facts_of(stored: StoredDeals, spans: Mapping[str, BillingRow], plan: Plan, currency: str) -> list[DealFacts]:
    """Each deal with its orders, billing, invoices, payments, and what is refused or about to be written."""
    planned: dict[str, set[str]] = {}
    for command in plan.commands:
        planned.setdefault(command.stripe_id, set()).add(command.document)
    return [_facts(deal, stored, spans, planned.get(deal.id, set())) for deal in deal_rows(stored, currency)]


def _facts(deal: DealRow, stored: StoredDeals, spans: Mapping[str, BillingRow], planned: Iterable[str]) -> DealFacts:
    lines = stored.journal.get(deal.id, ())
    invoices = stored.invoices.get(deal.id, ())
    return DealFacts(
        deal=deal,
        account=stored.accounts.get(deal.account_id or ""),
        orders=stored.orders.get(deal.id, ()),
        billing=_billing(lines, spans),
        invoices=invoices,
        payments=tuple(payment for invoice in invoices for payment in stored.payments.get(invoice.id, ())),
        refused=(*(_words(line) for line in lines if line.state in _FAILED), *stored.refused.get(deal.id, ())),
        made=frozenset(line.document for line in lines if line.state == "done"),
        billing_made=max((line.answered_on for line in lines if _made(line) and line.answered_on), default=None),
        waiting=frozenset({*planned, *(line.document for line in lines if line.state in _OPEN)}),
    )


def _billing(lines: Iterable[JournalLine], spans: Mapping[str, BillingRow]) -> tuple[BillingRow, ...]:
    made = {line.written_id for line in lines if line.document in STRIPE_DOCUMENTS and line.written_id}
    return tuple(spans.get(identifier, BillingRow(identifier)) for identifier in sorted(made))


def _made(line: JournalLine) -> bool:
    return line.document in STRIPE_DOCUMENTS and line.state == "done"


def _words(line: JournalLine) -> tuple[str, str]:
    fix = f". To do: {line.fix}" if line.fix else ""
    return line.document, f"{(line.error or 'refused').rstrip('.')}{fix}"
