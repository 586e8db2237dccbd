"""Three ways of a deal: what was won, ordered and billed; each difference is told once, on its leg, with its money."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from o2c_orchestration.domain.deals import BilledSpan, BillingRow, DealFacts, DealInvoice, DealPayment, OrderRow
from o2c_orchestration.reconcile.deal_times import monthly
from o2c_orchestration.reconcile.deals import gaps_of
from o2c_orchestration_tests.unit.deal_builders import ACCOUNT, DEAL, ONCE, WON, policy

ORDER = OrderRow("1001", "SO1001", "F", "usd", 20000, WON)
# Midnight of the day of winning in the books' time zone.
SCHEDULE = BillingRow("sub_sched_1", "active", (BilledSpan(datetime(2026, 3, 10, 7, tzinfo=UTC), 20000),))
INVOICE = DealInvoice("in_1", "A-1", "open", "usd", 22000, 2000, 22000, WON, WON, None)
SOON, LATE = WON + timedelta(days=1), WON + timedelta(days=30)
SOUND = DealFacts(DEAL, ACCOUNT, (ORDER,), (SCHEDULE,), (INVOICE,))


def found(facts: DealFacts, today: date = SOON, **deals: Any) -> list[tuple[str, str, int | None, int | None]]:
    gaps = gaps_of(policy(**deals), [facts], today)
    assert all(gap.deal is facts.deal and gap.customer == "Acme Inc" for gap in gaps)
    return [(gap.leg, gap.kind, gap.expected_minor, gap.actual_minor) for gap in gaps]


def test_a_deal_that_is_ordered_and_billed_as_won_has_no_gap():
    """Tax on the invoice is no difference."""
    assert found(SOUND, LATE) == []


def test_a_deal_without_an_order_is_a_gap_unless_one_is_under_way():
    """Expected is what was won."""
    bare = replace(SOUND, orders=())
    assert found(bare) == [("salesforce_netsuite", "order_missing", 20000, 0)]
    assert found(replace(bare, waiting=frozenset({"salesOrder"}))) == []
    assert found(bare, orders=False) == []


def test_what_was_refused_is_told_once_on_its_leg():
    """A refused order is not a missing one too, nor is the deal one that is not billed."""
    refused = replace(SOUND, orders=(), billing=(), invoices=(), refused=(("salesOrder", "no item"),))
    assert found(refused, LATE) == [("salesforce_netsuite", "sync_failed", 20000, 0)]
    of_stripe = replace(SOUND, billing=(), invoices=(), refused=(("subscriptionSchedule", "no"),))
    assert found(of_stripe, LATE) == [("salesforce_stripe", "sync_failed", 20000, 0)]


@pytest.mark.parametrize(
    ("change", "kind", "actual"),
    [
        ({"total_minor": 19999}, "terms_mismatch", 19999),
        ({"currency": "eur"}, "currency_mismatch", None),
        ({"status": "C"}, "status_mismatch", 0),
    ],
)
def test_an_order_that_says_otherwise(change: dict[str, Any], kind: str, actual: int | None):
    """Another total, another currency, cancelled: one gap that names the order."""
    facts = replace(SOUND, orders=(replace(ORDER, **change),))
    assert found(facts) == [("salesforce_netsuite", kind, 20000, actual)]
    assert gaps_of(policy(), [facts], SOON)[0].netsuite_id == "1001"


def test_a_second_order_is_a_duplicate():
    """The first stands, each further one is a gap of its own."""
    facts = replace(SOUND, orders=(ORDER, replace(ORDER, netsuite_id="1002")))
    assert found(facts) == [("salesforce_netsuite", "duplicate_in_netsuite", 0, 20000)]


@pytest.mark.parametrize("change", [{"won": False, "stage": "Negotiation"}, {"deleted": True}])
def test_a_deal_that_is_not_won_any_more_leaves_nothing_standing(change: dict[str, Any]):
    """Its order, unless closed, and what bills it, unless ended."""
    facts = replace(SOUND, deal=replace(DEAL, **change))
    assert found(facts) == [
        ("salesforce_netsuite", "status_mismatch", 0, 20000),
        ("salesforce_stripe", "status_mismatch", 0, 20000),
    ]
    ended = replace(facts, orders=(replace(ORDER, status="H"),), billing=(replace(SCHEDULE, status="canceled"),))
    assert found(ended) == []


def test_a_deal_is_given_some_days_to_be_billed():
    """Five days after it starts, and not after it is won, if that is later."""
    facts = replace(SOUND, invoices=())
    assert found(facts, WON + timedelta(days=5)) == []
    assert found(facts, WON + timedelta(days=6)) == [("salesforce_stripe", "order_not_billed", 20000, 0)]
    later = replace(facts, deal=replace(DEAL, start=WON + timedelta(days=20)))
    just_made = replace(facts, billing_made=WON + timedelta(days=20))
    assert found(just_made, WON + timedelta(days=25)) == []
    kinds = [kind for _, kind, _, _ in found(later, WON + timedelta(days=6))]
    assert "order_not_billed" not in kinds


def test_a_subscription_with_other_terms():
    """Another amount per period, or another day."""
    cheaper = replace(SCHEDULE, spans=(BilledSpan(SCHEDULE.spans[0].start, 15000),))
    assert found(replace(SOUND, billing=(cheaper,))) == [("salesforce_stripe", "terms_mismatch", 20000, 15000)]
    later = replace(SCHEDULE, spans=(BilledSpan(datetime(2026, 4, 10, 7, tzinfo=UTC), 20000),))
    assert found(replace(SOUND, billing=(later,))) == [("salesforce_stripe", "terms_mismatch", 20000, 20000)]


def test_an_invoice_that_bills_something_else():
    """Net of tax; drafts and voided ones do not count."""
    deal = replace(DEAL, lines=(ONCE,))
    facts = replace(SOUND, deal=deal, billing=(BillingRow("in_1"),))
    assert found(facts) == []
    other = replace(facts, invoices=(INVOICE, replace(INVOICE, id="in_2", status="void")))
    assert found(other) == []
    short = replace(facts, invoices=(replace(INVOICE, total_minor=12000),))
    assert found(short) == [("salesforce_stripe", "terms_mismatch", 20000, 10000)]


def test_days_from_won_to_cash():
    """Medians by month; what has not happened does not count."""
    paid = DealPayment("ch_1", "in_1", "usd", 22000, WON + timedelta(days=12), "succeeded")
    (row,) = monthly([replace(SOUND, payments=(paid,)), replace(SOUND, invoices=())])
    assert (row["won in"], row["deals"], row["billed"], row["days to cash"]) == ("2026-03", 2, 1, "12")
