"""A renewal becomes documents of its own, from the day on which the deal before is over; an amendment never does."""

from datetime import datetime
from typing import Any

import pytest
import requests

from o2c_orchestration.domain.deal_terms import months_after
from o2c_orchestration.preflight.salesforce import earlier_deals
from o2c_orchestration.reconcile.deal_times import monthly
from o2c_orchestration.store.customer_360 import read as customers
from o2c_orchestration.store.deal_gaps import LEGS
from o2c_orchestration.store.gaps import Gap, list_gaps
from o2c_orchestration_tests.e2e.cli_fixtures import World, today
from o2c_orchestration_tests.e2e.seller import Seller
from o2c_orchestration_tests.e2e.test_deals import go, listed, orders, price, product

FOLLOWS: dict[str, Any] = {
    **{"recurring": "subscription", "one_off": "invoice", "after_term": "cancel"},
    **{"renews": {"field": "Renews__c"}, "amends": {"field": "Amends__c"}},
}


def with_fields(world: World) -> None:
    """An administrator adds the look-ups."""
    for name in ("Renews__c", "Amends__c"):
        told = {"type": "Opportunity", "name": name}
        requests.post(f"{world.base_url}/_sandbox/salesforce/fields", json=told, timeout=10).raise_for_status()


@pytest.fixture
def first(world: World, seller: Seller) -> tuple[str, str, str]:
    """A deal of a year's term, its account and the price book entry it sells."""
    entry = seller.product("SEAT", 50, price=price(world, 5000, "month"))
    account = seller.account("Acme Inc")
    deal = seller.deal(account, today().isoformat(), O2C_Term_Months__c=12)
    seller.line(deal, entry, 4, 50, O2C_Billing__c="Monthly")
    return deal, account, entry


def following(seller: Seller, first: tuple[str, str, str], **fields: Any) -> str:
    deal = seller.deal(first[1], today().isoformat(), O2C_Term_Months__c=12, **fields)
    seller.line(deal, first[2], 1, 50, O2C_Billing__c="Monthly")
    return deal


def schedules(world: World) -> list[dict[str, Any]]:
    return listed(world, "subscription_schedules")


def gaps(made: Any) -> list[Gap]:
    return list_gaps(made.engine, legs=LEGS)


def test_a_renewal_is_ordered_and_billed_from_the_end_of_the_deal_before(
    world: World, seller: Seller, first: tuple[str, str, str]
) -> None:
    """Won a year early, it begins when the first one ends, which does so by itself."""
    with_fields(world)
    with product(world, deals=FOLLOWS) as made:
        go(made)
        renewal = following(seller, first, Renews__c=first[0])
        go(made)
        go(made)
        assert {each["externalId"] for each in orders(world)} == {first[0], renewal}
        starts = sorted(phase["start_date"] for each in schedules(world) for phase in each["phases"])
        days = [datetime.fromtimestamp(start, made.policy.books.zone).date() for start in starts]
        assert days == [today(), months_after(today(), 12)]
        assert not [gap for gap in gaps(made) if gap.kind in ("terms_mismatch", "sync_failed")]


def test_a_renewal_that_would_be_billed_beside_the_deal_before_is_told(
    world: World, seller: Seller, first: tuple[str, str, str]
) -> None:
    """It says that it begins today: a gap, and no second order. Without that day it is ordered, whatever the policy
    makes of terms by then: the old subscription was made to end.
    """
    with_fields(world)
    with product(world, deals=FOLLOWS) as made:
        go(made)
        renewal = following(seller, first, Renews__c=first[0], O2C_Start_Date__c=today().isoformat())
        go(made)
        assert [each["externalId"] for each in orders(world)] == [first[0]]
        (gap,) = [gap for gap in gaps(made) if gap.salesforce_id == renewal and gap.kind == "sync_failed"][:1]
        assert "which it renews, lasts until" in gap.reason
    with product(world, deals={**FOLLOWS, "after_term": "release"}) as made:
        seller.change("Opportunity", renewal, O2C_Start_Date__c=None)
        go(made)
        go(made)
        assert len(orders(world)) == 2


def test_an_old_subscription_that_goes_on_holds_its_renewal_up(
    world: World, seller: Seller, first: tuple[str, str, str]
) -> None:
    """`after_term: release` was in force when it was made."""
    with_fields(world)
    with product(world, deals={**FOLLOWS, "after_term": "release"}) as made:
        go(made)
        renewal = following(seller, first, Renews__c=first[0])
        go(made)
        assert [each["externalId"] for each in orders(world)] == [first[0]]
        reasons = [gap.reason for gap in gaps(made) if gap.salesforce_id == renewal]
        assert any("goes on billing" in reason for reason in reasons)


def test_an_amendment_is_never_ordered_and_shows_on_the_deal_that_it_amends(
    world: World, seller: Seller, first: tuple[str, str, str]
) -> None:
    """The first deal is due for more than was ordered, until somebody has changed the order."""
    with_fields(world)
    with product(world, deals=FOLLOWS) as made:
        go(made)
        amendment = following(seller, first, Amends__c=first[0])
        go(made)
        go(made)
        assert [each["externalId"] for each in orders(world)] == [first[0]]
        assert len(schedules(world)) == 1
        told = [gap for gap in gaps(made) if gap.kind == "terms_mismatch"]
        assert {(gap.salesforce_id, gap.leg) for gap in told} == {
            (first[0], "salesforce_netsuite"),
            (first[0], "salesforce_stripe"),
        }
        (ordered,) = [gap for gap in told if gap.leg == "salesforce_netsuite"]
        assert (ordered.expected_minor, ordered.actual_minor) == (25000, 20000)
        assert amendment in ordered.reason
        assert not [gap for gap in gaps(made) if gap.salesforce_id == amendment]
        # Its money is told once: as won, and on the deal that it amends.
        assert seller.get("Opportunity", amendment)["O2C_Payment_Status__c"] is None
        assert seller.get("Opportunity", first[0])["O2C_Payment_Status__c"] is not None
        assert [row["deals"] for row in monthly(made.deals.facts())] == [1]
        [row] = customers(made.engine, 5)[0]
        assert (row["pipeline"], row["won"], row["ordered"]) == ("", "250.00 USD", "200.00 USD")


def test_without_the_field_no_deal_is_written(world: World, seller: Seller, first: tuple[str, str, str]) -> None:
    """Whoever may not see it cannot tell an amendment from a deal; the preflight says so."""
    with product(world, deals=FOLLOWS) as made:
        go(made)
        assert orders(world) == []
        (finding,) = earlier_deals(made.salesforce, made.policy)
        assert (finding.ok, "Amends__c, Renews__c" in finding.detail) == (False, True)
        with_fields(world)
        go(made)
        assert len(orders(world)) == 1
