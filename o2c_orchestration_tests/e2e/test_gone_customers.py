"""Customers who take no documents any more: told with what to do, and nothing is sent that would be refused."""

from typing import Any

import requests

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.domain.policy import MAIN
from o2c_orchestration.store import gaps
from o2c_orchestration_tests.e2e.cli_fixtures import World, today
from o2c_orchestration_tests.e2e.seller import Seller
from o2c_orchestration_tests.e2e.test_account_details import customer, sold
from o2c_orchestration_tests.e2e.test_account_merges import billed
from o2c_orchestration_tests.e2e.test_deals import go, listed, orders, product


def inactive(world: World, number: str, *, yes: bool = True) -> None:
    """Somebody makes a customer inactive in NetSuite, or active again."""
    told = {"recordType": "customer", "id": number, "inactive": yes}
    requests.post(f"{world.base_url}/_sandbox/netsuite/inactive", json=told, timeout=10).raise_for_status()


def refused_writes(world: World) -> list[dict[str, Any]]:
    return [each for each in world.asked("netsuite") if each["method"] == "POST" and each["status"] == 400]


def books(made: Assembly) -> None:
    """Stripe's documents of today, planned and written."""
    go(made)
    made.plan(today(), today())
    made.apply(today(), today())


def test_a_deal_of_an_inactive_customer_waits_until_he_is_active(world: World, seller: Seller) -> None:
    """A gap that names the account and the customer; no request is refused, and the order follows by itself."""
    account = seller.account("Acme Inc")
    sold(seller, account)
    with product(world, deals={}) as made:
        go(made)
        number = customer(made, account)["id"]
        inactive(world, number)
        second = sold(seller, account)
        go(made)
        [gap] = gaps.list_gaps(made.engine)
        assert (gap.kind, gap.salesforce_id) == ("sync_failed", second)
        assert f"NetSuite customer {number} of account Acme Inc is inactive" in gap.reason
        assert (len(orders(world)), refused_writes(world)) == (1, [])
        inactive(world, number, yes=False)
        go(made)
        assert (len(orders(world)), gaps.list_gaps(made.engine)) == (2, [])


def test_nothing_is_billed_to_a_customer_who_is_deleted_in_stripe(world: World, seller: Seller) -> None:
    """A gap that names him, and no second one is made for the account."""
    account = seller.account("Acme Inc")
    billed(world, seller, account, "SEAT")
    with product(world) as made:
        go(made)
        go(made)
        [payer] = listed(world, "customers")
        headers = {"Authorization": f"Bearer {world.config.stripe_secret_key}"}
        requests.delete(f"{world.base_url}/v1/customers/{payer['id']}", headers=headers, timeout=10).raise_for_status()
        # As whoever follows Stripe's events reads him.
        made.extractor("extract").each[MAIN].objects("customer", [payer["id"]])
        second = billed(world, seller, account, "DESK")
        go(made)
        found = [each for each in gaps.list_gaps(made.engine) if each.salesforce_id == second]
        assert [each.kind for each in found] == ["sync_failed"]
        assert f"Stripe customer {payer['id']} of account Acme Inc is deleted" in found[0].reason
        assert len(listed(world, "subscription_schedules")) == 1
        assert listed(world, "customers") == []
