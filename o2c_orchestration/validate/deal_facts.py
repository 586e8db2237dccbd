"""Stored deals → what the planner and reconciliation look at."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import replace

from o2c_orchestration.domain.deals import BillingRow, DealFacts, DealRow
from o2c_orchestration.domain.documents import STRIPE_DOCUMENTS, Plan
from o2c_orchestration.domain.policy_deals import Deals
from o2c_orchestration.store.deals import JournalLine, StoredDeal, StoredDeals
from o2c_orchestration.validate.deal_chains import chained, named
from o2c_orchestration.validate.deals import deal_row

_OPEN = ("intent", "sent", "unknown")
_FAILED = ("refused", "dead")


def deal_rows(stored: StoredDeals, policy: Deals) -> list[DealRow]:
    """Deals as typed rows, each with what it has from earlier ones."""
    known = {each.id for each in stored.deals}
    rows, earlier = ([_row(each, known, policy) for each in some] for some in (stored.deals, stored.earlier))
    # What was written for an amendment, before the policy knew it for one, stays its own.
    rows = [replace(row, amends=None) if _has_own(stored.journal.get(row.id, ())) else row for row in rows]
    return chained(rows, earlier, stored.going_on)


def _has_own(lines: Iterable[JournalLine]) -> bool:
    return any(line.state not in ("refused", "intent", "dropped") for line in lines)


def _row(stored: StoredDeal, known: Set[str], policy: Deals) -> DealRow:
    row = deal_row(
        stored.payload,
        stored.created_at,
        stored.lines,
        policy.currency,
        deleted=stored.deleted,
        reductions=stored.reductions,
    )
    row = replace(row, written_as=stored.written_as, counted=row.reduces in known)
    # Deals of the other kind were written before the policy changed, and have no such field.
    ours = row.kind == ("opportunity" if policy.source == "opportunities" else "order")
    return named(row, stored.payload, policy) if ours else row


def facts_of(stored: StoredDeals, spans: Mapping[str, BillingRow], plan: Plan, policy: Deals) -> list[DealFacts]:
    """Each deal with its orders, billing, invoices, payments, and what is refused or about to be written."""
    planned: dict[str, set[str]] = {}
    for command in plan.commands:
        planned.setdefault(command.stripe_id, set()).add(command.document)
    return [_facts(deal, stored, spans, planned.get(deal.id, set())) for deal in deal_rows(stored, policy)]


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
