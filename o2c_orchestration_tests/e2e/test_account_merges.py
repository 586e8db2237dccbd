"""Accounts that are merged in Salesforce: what the one that is gone had, the other one has; nobody is made twice."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import requests

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.store import gaps, matches
from o2c_orchestration.store.account_money import read_account_money
from o2c_orchestration_tests.e2e.cli_fixtures import World, today
from o2c_orchestration_tests.e2e.seller import Seller
from o2c_orchestration_tests.e2e.test_account_details import sold
from o2c_orchestration_tests.e2e.test_deals import go, listed, orders, price, product


def merge(world: World, master: str, duplicate: str) -> None:
    """Somebody merges two accounts."""
    told = {"type": "Account", "master": master, "duplicate": duplicate}
    requests.post(f"{world.base_url}/_sandbox/salesforce/merge", json=told, timeout=10).raise_for_status()


def billed(world: World, seller: Seller, account: str, code: str, ago: timedelta = timedelta(0)) -> str:
    """A won deal of an account that Stripe is to bill, from today on or from so long ago."""
    entry = seller.product(code, 50, price=price(world, 5000, "month"))
    deal = seller.deal(account, (today() - ago).isoformat(), O2C_Term_Months__c=12)
    seller.line(deal, entry, 4, 50, O2C_Billing__c="Monthly")
    return deal


@pytest.fixture
def ordered(world: World) -> Iterator[Assembly]:
    """Deals become orders, and Stripe is not told."""
    with product(world, deals={}) as made:
        yield made


def payers(world: World, made: Assembly) -> set[str]:
    """NetSuite's customers of all orders."""
    records = (made.ledger.record("salesOrder", each["id"])[0] for each in orders(world))
    return {str(each["entity"]["id"]) for each in records}


def test_the_one_that_stays_has_the_netsuite_customer(world: World, seller: Seller, ordered: Assembly) -> None:
    """A deal that is won under it is ordered by that customer, though nobody has heard of the deletion yet."""
    gone, stays = seller.account("Acme Inc"), seller.account("Apex Ltd")
    first = sold(seller, gone)
    go(ordered)
    merge(world, stays, gone)
    second = sold(seller, stays)
    for _ in range(2):
        go(ordered)
        assert {each["externalId"] for each in orders(world)} == {first, second}
        assert (len(payers(world, ordered)), gaps.list_gaps(ordered.engine)) == (1, [])


def test_over_two_mergers_it_is_the_same(world: World, seller: Seller, ordered: Assembly) -> None:
    """What lost to a loser is found too."""
    gone, between, stays = (seller.account(name) for name in ("Acme Inc", "Apex Ltd", "Able AG"))
    sold(seller, gone)
    go(ordered)
    merge(world, between, gone)
    merge(world, stays, between)
    sold(seller, stays)
    go(ordered)
    assert (len(orders(world)), len(payers(world, ordered))) == (2, 1)


def test_the_one_that_stays_has_the_stripe_customer_and_is_told(world: World, seller: Seller) -> None:
    """One customer in Stripe and NetSuite, and its id on the account."""
    gone, stays = seller.account("Acme Inc"), seller.account("Apex Ltd")
    billed(world, seller, gone, "SEAT")
    with product(world) as made:
        go(made)
        [customer] = listed(world, "customers")
        merge(world, stays, gone)
        billed(world, seller, stays, "DESK")
        go(made)
        go(made)
        assert [each["id"] for each in listed(world, "customers")] == [customer["id"]]
        assert (len(listed(world, "subscription_schedules")), len(orders(world)), len(payers(world, made))) == (2, 2, 1)
        # What stays to be said: he is called as the account was that is gone.
        assert [each.kind for each in gaps.list_gaps(made.engine)] == ["customer_differs"]
        assert [each.account.stripe_id for each in read_account_money(made.engine, today())] == [customer["id"]]
        assert seller.get("Account", stays)["Stripe_Customer_Id__c"] == customer["id"]


def test_two_customers_of_one_account_are_a_gap_and_nobody_is_made(world: World, seller: Seller) -> None:
    """Those that went into it had one each: its first deal waits until a person says which one stays, with both ids."""
    some, stays = [seller.account(name) for name in ("Acme Inc", "Able AG")], seller.account("Apex Ltd")
    for number, account in enumerate(some):
        billed(world, seller, account, f"SEAT{number}")
    with product(world) as made:
        go(made)
        both = sorted(each["id"] for each in listed(world, "customers"))
        for account in some:
            merge(world, stays, account)
        third = billed(world, seller, stays, "LAMP")
        go(made)
        [gap] = [each for each in gaps.list_gaps(made.engine) if each.salesforce_id == third]
        assert (len(listed(world, "customers")), len(orders(world))) == (2, 2)
        assert gap.kind == "sync_failed"
        for told in (*both, *some, "o2c matches confirm"):
            assert told in gap.reason
        matches.decide(made.engine, matches.Decision(stays, both[0], None, "confirmed", "he stays", "ann"))
        go(made)
        assert (len(listed(world, "customers")), len(orders(world))) == (2, 3)


def test_an_account_with_a_customer_of_its_own_keeps_it(world: World, seller: Seller, ordered: Assembly) -> None:
    """Its next deal is ordered by that one."""
    gone, stays = seller.account("Acme Inc"), seller.account("Apex Ltd")
    sold(seller, gone)
    sold(seller, stays)
    go(ordered)
    merge(world, stays, gone)
    third = sold(seller, stays)
    go(ordered)
    assert (len(orders(world)), len(payers(world, ordered))) == (3, 2)
    assert [each for each in gaps.list_gaps(ordered.engine) if each.salesforce_id == third] == []
