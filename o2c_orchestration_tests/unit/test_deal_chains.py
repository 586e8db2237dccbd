"""Renewals begin where the deal before ends, amendments are no deals of their own, and what is unclear is told."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from o2c_orchestration.domain.deal_terms import end_of, phases, start_of
from o2c_orchestration.domain.deals import DealFacts, DealRow, OrderRow
from o2c_orchestration.domain.policy_deals import Deals
from o2c_orchestration.domain.salesforce_fields import own_field
from o2c_orchestration.plan.deals import plan_deals
from o2c_orchestration.reconcile.deals import gaps_of
from o2c_orchestration.validate.deal_chains import chained, named
from o2c_orchestration_tests.unit.deal_builders import ACCOUNT, DEAL, DEAL_ID, MONTHLY, ONCE, WON, policy, rows

NEXT_ID, THIRD_ID = "006SB0000000002AAA", "006SB0000000003AAA"
END = end_of(DEAL)
FOLLOWS: dict[str, Any] = {"renews": {"field": "Renews__c"}, "amends": {"field": "Amends__c"}}
# Won two months before the first one is over.
RENEWAL = replace(DEAL, id=NEXT_ID, name="Renewal", close_date=date(2027, 1, 10), renews=DEAL_ID)
AMENDMENT = replace(DEAL, id=NEXT_ID, name="More seats", close_date=date(2026, 6, 1), amends=DEAL_ID, term_months=None)


def refused(*deals: DealRow, **more: Any) -> list[tuple[str, str]]:
    plan = plan_deals(policy(**FOLLOWS), rows(*deals, **more))
    return [(item.stripe_id, item.code) for item in plan.refusals]


def written(*deals: DealRow, **more: Any) -> list[str]:
    plan = plan_deals(policy(**FOLLOWS), rows(*deals, **more))
    return sorted({item.stripe_id for item in plan.commands})


def test_a_renewal_begins_when_the_deal_before_is_over() -> None:
    """Where it does not say when: not when it was won, while the old one still runs. It is a deal of its own."""
    (_, renewal) = chained([DEAL, RENEWAL], [], {})
    assert (END, start_of(renewal)) == (date(2027, 3, 10), END)
    assert [phase.start for phase in phases(renewal)] == [END]
    assert written(DEAL, renewal) == [DEAL_ID, NEXT_ID]


def test_a_renewal_of_a_renewal_begins_after_both() -> None:
    """Each by the one before, in whatever order they come."""
    third = replace(RENEWAL, id=THIRD_ID, renews=NEXT_ID)
    (found, _) = chained([third, RENEWAL], [DEAL], {})
    assert start_of(found) == date(2028, 3, 10)


def test_a_renewal_may_begin_later_but_not_earlier() -> None:
    """A customer may come back after a month; what overlaps would be billed twice and is told with both days."""
    assert END is not None
    (later,) = chained([replace(RENEWAL, start=END + timedelta(days=30))], [DEAL], {})
    assert refused(later) == []
    (earlier,) = chained([replace(RENEWAL, start=END - timedelta(days=1))], [DEAL], {})
    (refusal,) = plan_deals(policy(**FOLLOWS), rows(earlier)).refusals
    assert refusal.code == "RENEWAL_OVERLAPS"
    assert "begins on 2027-03-09" in refusal.reason
    assert "lasts until 2027-03-09" in refusal.reason
    assert refusal.amount_minor == RENEWAL.total_minor
    (of_a_line,) = chained([replace(RENEWAL, start=END, lines=(replace(MONTHLY, start=WON),))], [DEAL], {})
    assert refused(of_a_line) == [(NEXT_ID, "RENEWAL_OVERLAPS")]


@pytest.mark.parametrize(
    "before", [None, replace(DEAL, won=False), replace(DEAL, deleted=True)], ids=["unknown", "not won", "deleted"]
)
def test_a_renewal_of_nothing_that_is_known_waits(before: DealRow | None) -> None:
    """When the old one ends is not known, so nothing shows that they do not overlap."""
    (renewal,) = chained([RENEWAL], [before] if before else [], {})
    assert refused(renewal) == [(NEXT_ID, "RENEWAL_UNKNOWN")]
    assert refused(replace(RENEWAL, renews="")) == [(NEXT_ID, "RENEWAL_UNKNOWN")]


def test_a_renewal_of_itself_or_in_a_circle_is_told() -> None:
    """People link records by hand."""
    itself = replace(RENEWAL, renews=NEXT_ID)
    assert [code for _, code in refused(*chained([itself], [], {}))] == ["RENEWAL_UNKNOWN"]
    circle = chained([RENEWAL, replace(DEAL, renews=NEXT_ID)], [], {})
    assert {row.id for row in circle} == {DEAL_ID, NEXT_ID}


def test_a_renewal_of_what_has_no_end_waits() -> None:
    """A subscription without a term goes on; what is billed once does not."""
    (renewal,) = chained([replace(RENEWAL, start=END)], [replace(DEAL, term_months=None)], {})
    assert refused(renewal) == [(NEXT_ID, "RENEWAL_OVERLAPS")]
    (after_once,) = chained([RENEWAL], [replace(DEAL, term_months=None, lines=(ONCE,))], {})
    assert refused(after_once) == []


def test_a_renewal_waits_while_the_old_subscription_goes_on_after_its_term() -> None:
    """With `after_term: release` Stripe bills on: the renewal's subscription would come on top."""
    (renewal,) = chained([RENEWAL], [DEAL], {DEAL_ID: "sub_sched_1"})
    (refusal,) = plan_deals(policy(**FOLLOWS), rows(renewal)).refusals
    assert refusal.code == "RENEWAL_OVERLAPS"
    assert "sub_sched_1 goes on billing" in refusal.reason
    once = replace(renewal, lines=(ONCE,))
    assert refused(once) == []


def test_an_amendment_of_ours_is_counted_in_what_it_amends() -> None:
    """Never an order or subscription of its own: what is due of the first deal grows, which is told with the money."""
    first, amendment = chained([DEAL, AMENDMENT], [], {})
    assert amendment.counted
    assert (written(first, amendment), refused(first, amendment)) == ([DEAL_ID], [])
    order = OrderRow("1", "SO1", "B", "usd", DEAL.total_minor, WON)
    facts = [DealFacts(first, ACCOUNT, orders=(order,)), DealFacts(amendment, ACCOUNT)]
    gap = next(gap for gap in gaps_of(policy(**FOLLOWS), facts, WON) if gap.kind == "terms_mismatch")
    assert (gap.deal.id, gap.expected_minor, gap.actual_minor) == (DEAL_ID, 40000, 20000)
    assert NEXT_ID in gap.reason
    assert "put on the order what the amendments change" in gap.reason
    done = replace(facts[0], orders=(replace(order, total_minor=40000),))
    legs = {gap.leg for gap in gaps_of(policy(**FOLLOWS), [done, facts[1]], WON)}
    assert "salesforce_netsuite" not in legs


def test_what_an_amendment_adds_is_due_from_its_own_day_on() -> None:
    """And to the end of the deal that it changes."""
    first, _ = chained([DEAL, AMENDMENT], [], {})
    spans = [(phase.start, phase.end, len(phase.lines)) for phase in phases(first.due)]
    assert spans == [(WON, date(2026, 6, 1), 1), (date(2026, 6, 1), END, 2)]


def test_an_amendment_of_an_amendment_changes_the_first_deal() -> None:
    """However they are linked."""
    second = replace(AMENDMENT, id=THIRD_ID, amends=NEXT_ID)
    first, *others = chained([DEAL, AMENDMENT, second], [], {})
    assert first.amended_by == (NEXT_ID, THIRD_ID)
    assert all(each.counted for each in others)


@pytest.mark.parametrize("gone", [{"won": False}, {"deleted": True}])
def test_an_amendment_that_is_not_won_changes_nothing(gone: dict[str, bool]) -> None:
    """Reopened, or thrown away."""
    first, _ = chained([DEAL, replace(AMENDMENT, **gone)], [], {})
    assert first.amended == ()


@pytest.mark.parametrize("amends", [THIRD_ID, ""])
def test_an_amendment_of_what_is_not_ours_is_told_with_its_money(amends: str) -> None:
    """Until a person has changed it, and names the order or what bills it on the record."""
    (amendment,) = chained([replace(AMENDMENT, amends=amends)], [], {})
    plan = plan_deals(policy(**FOLLOWS), rows(amendment))
    assert ([item.code for item in plan.refusals], plan.commands) == (["AMENDMENT"], ())
    assert plan.refusals[0].amount_minor == AMENDMENT.total_minor
    assert refused(amendment, orders=frozenset({NEXT_ID})) == []
    assert written(amendment, orders=frozenset({NEXT_ID})) == []


def test_nothing_is_written_before_the_field_was_read() -> None:
    """The policy may name a field that records in the store do not have yet."""
    own = Deals.model_validate(FOLLOWS)
    assert named(DEAL, {}, own).unasked == "Renews__c"
    assert refused(named(DEAL, {}, own)) == [(DEAL_ID, "EARLIER_UNREAD")]
    assert named(DEAL, {"Renews__c": None, "Amends__c": None}, own) == DEAL
    assert named(DEAL, {"Renews__c": "006X", "Amends__c": None}, own).renews == "006X"


def test_a_field_may_only_say_that_it_is_one() -> None:
    """As the type of an opportunity does, or the type of an order's quote: which deal it follows is not known."""
    own = Deals.model_validate({"amends": {"field": "Type", "values": ["Existing Customer - Upgrade"]}})
    assert named(DEAL, {"Type": "Existing Customer - Upgrade"}, own).amends == ""
    assert named(DEAL, {"Type": "New Customer"}, own).amends is None


def test_the_way_to_an_earlier_deal_may_lead_over_a_contract() -> None:
    """Salesforce CPQ names the contract, and that the opportunity it came from."""
    way = "SBQQ__RenewedContract__r.SBQQ__Opportunity__c"
    assert Deals.model_validate({"renews": {"field": way}}).renewal_field == way
    assert own_field(way) == "SBQQ__RenewedContract__c"


@given(st.lists(st.tuples(st.sampled_from("RAN"), st.integers(0, 6), st.integers(0, 900)), max_size=7))
def test_no_day_is_billed_twice(made: list[tuple[str, int, int]]) -> None:
    """However deals are linked: what is written for a deal and for its renewal never overlaps; amendments never are."""
    deals = []
    for number, (kind, target, days) in enumerate(made):
        own, other = (f"006SB000000000{each}AAA" for each in (number, target))
        follows: dict[str, Any] = {"R": {"renews": other}, "A": {"amends": other}, "N": {}}[kind]
        deals.append(replace(DEAL, id=own, close_date=WON + timedelta(days=days), **follows))
    found = {row.id: row for row in chained(deals, [], {})}
    done = set(written(*found.values()))
    assert not any(found[key].amends is not None for key in done)
    for row in (found[key] for key in done if found[key].renews is not None):
        assert row.earlier is not None
        end = end_of(row.earlier)
        assert end is not None
        assert start_of(row) >= end
