"""Three-way reconciliation of a deal: what was won, what was ordered, what is billed. Pure.

A deal is told once for each leg that does not hold: Salesforce against NetSuite (the order), Salesforce against Stripe
(the billing). Amounts are minor units of the deal's currency.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from o2c_orchestration.domain.deal_terms import phases, start_of
from o2c_orchestration.domain.deals import DealFacts, DealRow, OrderRow
from o2c_orchestration.domain.documents import STRIPE_DOCUMENTS
from o2c_orchestration.domain.money import format_money
from o2c_orchestration.domain.policy import Policy

Leg = Literal["salesforce_netsuite", "salesforce_stripe"]
_CANCELLED = "C"
_CLOSED = ("C", "H")
# Invoices that nobody owes.
_DEAD = ("void", "draft", "deleted")
_ENDED = ("canceled", "completed", "released", "void")


@dataclass(frozen=True)
class DealGap:
    """Something of a deal that does not hold; difference = actual - expected."""

    leg: Leg
    kind: str
    deal: DealRow
    customer: str | None
    expected_minor: int | None
    actual_minor: int | None
    reason: str
    stripe_id: str | None = None
    netsuite_id: str | None = None


def gaps_of(policy: Policy, facts: Iterable[DealFacts], today: date) -> list[DealGap]:
    """Every gap of these deals; `today` in the time zone of the books."""
    # What is counted in the deal that it takes from, or adds to, has nothing of its own.
    due = [replace(each, deal=each.deal.due) for each in facts if not each.deal.counted]
    return [gap for each in due for gap in _gaps(policy, each, today)]


def _gaps(policy: Policy, facts: DealFacts, today: date) -> Iterator[DealGap]:
    if facts.deal.by_hand:
        yield from _changed_by_hand(facts)
    else:
        yield from _orders(policy, facts)
        yield from _billing(policy, facts, today)


def _changed_by_hand(facts: DealFacts) -> Iterator[DealGap]:
    """A reduction order or an amendment has no documents of its own, and is refused until somebody says where."""
    if facts.deal.won and not facts.deal.deleted:
        for words in [words for of_stripe in (False, True) if (words := _refused(facts, of_stripe=of_stripe))][:1]:
            yield _order_gap("sync_failed", facts, facts.deal.total_minor, 0, words)


def _orders(policy: Policy, facts: DealFacts) -> Iterator[DealGap]:
    deal = facts.deal
    if not deal.won or deal.deleted:
        yield from _standing(facts)
    elif policy.deals.orders and facts.orders:
        # Tax that is left to NetSuite is none of an order's terms.
        left = policy.deals.tax == "netsuite"
        yield from _other_terms(replace(facts, orders=tuple(map(_net, facts.orders))) if left else facts)
    elif policy.deals.orders:
        yield from _no_order(facts)


def _standing(facts: DealFacts) -> Iterator[DealGap]:
    """Orders of a deal that is not won any more."""
    for order in facts.orders:
        if order.status not in _CLOSED:
            again = f"{'win' if facts.deal.kind == 'opportunity' else 'activate'} the {facts.deal.kind} again"
            text = f"{facts.deal.over}, and its sales order {_name(order)} stands. To do: close the order in NetSuite, "
            text += f"or {again}"
            yield _order_gap("status_mismatch", facts, 0, order.total_minor, text, order)


def _no_order(facts: DealFacts) -> Iterator[DealGap]:
    total, refused = facts.deal.total_minor or facts.deal.amount_minor, _refused(facts, of_stripe=False)
    if refused is not None:
        yield _order_gap("sync_failed", facts, total, 0, refused)
    elif "salesOrder" not in facts.waiting:
        yield _order_gap("order_missing", facts, total, 0, f"{facts.deal.became}, and it has no sales order")


def _other_terms(facts: DealFacts) -> Iterator[DealGap]:
    deal, first = facts.deal, facts.orders[0]
    for order in facts.orders[1:]:
        text = f"a second sales order for one {deal.kind}, beside {_name(first)}"
        yield _order_gap("duplicate_in_netsuite", facts, 0, order.total_minor, text, order)
    if first.status == _CANCELLED:
        text = f"sales order {_name(first)} is cancelled, and the {deal.kind} was {deal.became}"
        yield _order_gap("status_mismatch", facts, deal.total_minor, 0, text, first)
    elif first.currency != deal.currency:
        text = f"won in {deal.currency.upper()}, ordered in {first.currency.upper()} ({_name(first)})"
        yield _order_gap("currency_mismatch", facts, deal.total_minor, None, text, first)
    elif first.total_minor != deal.total_minor:
        won, ordered = (format_money(minor, deal.currency) for minor in (deal.total_minor, first.total_minor))
        text = f"won {won}{_amendments(deal)}, ordered {ordered} ({_name(first)}). To do: {_right(deal)}"
        yield _order_gap("terms_mismatch", facts, deal.total_minor, first.total_minor, text, first)


def _net(order: OrderRow) -> OrderRow:
    return replace(order, total_minor=order.total_minor - order.tax_minor)


def _billing(policy: Policy, facts: DealFacts, today: date) -> Iterator[DealGap]:
    deal = facts.deal
    if (policy.deals.recurring if deal.recurring else policy.deals.one_off) == "none":
        return
    refused = _refused(facts, of_stripe=True)
    if not deal.won or deal.deleted:
        yield from _going_on(facts)
    elif refused is not None:
        yield _billing_gap("sync_failed", facts, deal.total_minor, 0, refused)
    else:
        yield from _not_billed(policy, facts, today)
        yield from _other_spans(policy, facts) if deal.recurring else _other_amount(facts)


def _going_on(facts: DealFacts) -> Iterator[DealGap]:
    """What still bills a deal that is not won any more."""
    for billing in facts.billing:
        if billing.status not in _ENDED:
            text = f"{facts.deal.over}, and {billing.id} bills it. To do: end it in Stripe"
            yield _billing_gap("status_mismatch", facts, 0, facts.deal.total_minor, text, billing.id)


def _not_billed(policy: Policy, facts: DealFacts, today: date) -> Iterator[DealGap]:
    deal = facts.deal
    # What was made to bill it yesterday has not had its days, however long ago it was won.
    begins = max(deal.close_date, facts.billing_made or deal.close_date, *(each.start for each in phases(deal)[:1]))
    late = today - begins > timedelta(days=policy.deals.billed_within_days)
    if facts.invoices or not late or _refused(facts, of_stripe=False) is not None:
        return
    # Its invoices are those of the other record, as a person says who names what bills it.
    if deal.written_as is not None and deal.told.get("Stripe_Billing_Id__c"):
        return
    billing_id = facts.billing[0].id if facts.billing else None
    told = f", though {billing_id} is to bill it" if billing_id else " and nothing in Stripe is to bill it"
    text = f"{deal.became}, not billed by {today}{told}"
    yield _billing_gap("order_not_billed", facts, deal.total_minor, 0, text, billing_id)


def _other_amount(facts: DealFacts) -> Iterator[DealGap]:
    """Invoices of a deal without recurring lines that come to something else, net of tax."""
    deal = facts.deal
    counted = [invoice for invoice in facts.invoices if invoice.status not in _DEAD]
    billed = sum(invoice.total_minor - invoice.tax_minor for invoice in counted)
    if counted and billed != deal.total_minor:
        text = f"won {format_money(deal.total_minor, deal.currency)}, billed {format_money(billed, deal.currency)} net"
        yield _billing_gap("terms_mismatch", facts, deal.total_minor, billed, text, counted[0].id)


def _other_spans(policy: Policy, facts: DealFacts) -> Iterator[DealGap]:
    """A subscription that bills another amount per period, or from another day on, than was won."""
    zone = policy.books.zone
    won = [(phase.start, sum(line.total_minor for line in phase.lines)) for phase in phases(facts.deal)]
    # Lines that end before they begin are delivered on no day, whatever was made of them before.
    won = won or [(start_of(facts.deal), 0)]
    for billing in facts.billing:
        billed = [(span.start.astimezone(zone).date(), span.period_minor) for span in billing.spans]
        if not billed or billed == won:
            continue
        first = next((pair for pair in zip(won, billed, strict=False) if pair[0] != pair[1]), (won[-1], billed[-1]))
        (day, minor), (other_day, other_minor) = first
        won_words = f"{_span(facts.deal, day, minor)}{_amendments(facts.deal)}"
        text = f"won {won_words}, {billing.id} bills {_span(facts.deal, other_day, other_minor)}"
        yield _billing_gap("terms_mismatch", facts, minor, other_minor, text, billing.id)


def _amendments(deal: DealRow) -> str:
    return f" with its amendments {', '.join(deal.amended_by)}" if deal.amended_by else ""


def _right(deal: DealRow) -> str:
    """What a person does about another total."""
    if deal.amended_by:
        return "put on the order what the amendments change, or agree with sales which one is right"
    return "agree with sales which one is right"


def _span(deal: DealRow, day: date, minor: int | None) -> str:
    return f"{'an unknown amount' if minor is None else format_money(minor, deal.currency)} a period from {day} on"


def _refused(facts: DealFacts, *, of_stripe: bool) -> str | None:
    """In whose words the order, or the billing, was refused."""
    return next((words for document, words in facts.refused if (document in STRIPE_DOCUMENTS) == of_stripe), None)


def _name(order: OrderRow) -> str:
    return order.number or order.netsuite_id


def _order_gap(
    kind: str, facts: DealFacts, expected: int | None, actual: int | None, reason: str, order: OrderRow | None = None
) -> DealGap:
    netsuite_id = order.netsuite_id if order else None
    return DealGap(
        "salesforce_netsuite", kind, facts.deal, _customer(facts), expected, actual, reason, None, netsuite_id
    )


def _billing_gap(
    kind: str, facts: DealFacts, expected: int | None, actual: int | None, reason: str, stripe_id: str | None = None
) -> DealGap:
    return DealGap("salesforce_stripe", kind, facts.deal, _customer(facts), expected, actual, reason, stripe_id)


def _customer(facts: DealFacts) -> str | None:
    return facts.account.name if facts.account else None
