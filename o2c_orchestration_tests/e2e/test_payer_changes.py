"""An account that is renamed after its Stripe customer was made: from Salesforce's API to the one that Stripe shows."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import requests

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.store import gaps, journal, letters, planning
from o2c_orchestration_tests.e2e.cli_fixtures import World
from o2c_orchestration_tests.e2e.seller import Seller
from o2c_orchestration_tests.e2e.test_account_merges import billed
from o2c_orchestration_tests.e2e.test_deal_faults import faults
from o2c_orchestration_tests.e2e.test_deals import POLICY, go, listed

SALESFORCE: dict[str, Any] = {"name": "salesforce"}
SOON = {"resolve_after_seconds": 0.1, "certain_after_seconds": 0.2}


@contextmanager
def product(world: World, stripe: dict[str, Any], mode: str = "sync", **policy: Any) -> Iterator[Assembly]:
    # The customer in NetSuite stays as he is and is not told of.
    changes = {"name": "netsuite", "stripe": stripe}
    with world.assembly(mode, **POLICY, customers={"changes": changes}, **policy) as made:
        yield made


def acme(world: World, seller: Seller) -> str:
    account = seller.account("Acme Inc")
    billed(world, seller, account, "SEAT")
    return account


def payer(world: World) -> tuple[str, str, str]:
    """The only customer: id, name and e-mail address."""
    [found] = listed(world, "customers")
    return str(found["id"]), str(found["name"]), str(found["email"])


def writes(world: World) -> list[str]:
    """Requests that change a customer in Stripe."""
    return [
        each["path"]
        for each in world.asked("stripe")
        if each["method"] == "POST" and each["path"].startswith("/v1/customers/cus_")
    ]


def told(made: Assembly) -> list[str]:
    found = [gap for gap in gaps.list_gaps(made.engine) if gap.kind == "customer_differs"]
    assert {gap.leg for gap in found} <= {"salesforce_stripe"}
    return [gap.reason for gap in found]


def test_by_default_stripe_is_left_as_it_is(world: World, seller: Seller) -> None:
    """Nothing is written, and nothing told."""
    account = acme(world, seller)
    with product(world, {}) as made:
        go(made)
        seller.change("Account", account, Name="Apex Inc")
        go(made)
        assert (payer(world)[1:], writes(world), told(made)) == (("Acme Inc", "acme@example.com"), [], [])


def test_a_change_of_its_master_is_written_once_and_nothing_else(world: World, seller: Seller) -> None:
    """There and back; each further run writes nothing."""
    account = acme(world, seller)
    with product(world, SALESFORCE) as made:
        go(made)
        [before] = listed(world, "customers")
        for name in ("Apex Inc", "Acme Inc", "Apex Inc"):
            seller.change("Account", account, Name=name)
            go(made)
            assert payer(world) == (before["id"], name, before["email"])
            count = len(writes(world))
            go(made)
            assert (len(writes(world)), gaps.list_gaps(made.engine)) == (count, [])
        [after] = listed(world, "customers")
        assert {field for field in before if before[field] != after[field]} == {"name"}
        assert len(writes(world)) == 3
        assert journal.counts(made.engine).keys() == {"done"}


def test_observe_shows_the_change_and_writes_nothing(world: World, seller: Seller) -> None:
    """It is in the plan, with both values."""
    account = acme(world, seller)
    with product(world, SALESFORCE) as made:
        go(made)
        go(made)
    seller.change("Account", account, Name="Apex Inc")
    with product(world, SALESFORCE, "observe") as made:
        made.deals.poll()
        made.deals.plan()
        [change] = planning.read_deal_plan(made.engine).commands
        assert (change.document, change.lines[0].text) == ("stripeCustomerField", "name: Acme Inc → Apex Inc")
        assert writes(world) == []


def test_what_somebody_changed_in_stripe_is_not_overwritten(world: World, seller: Seller) -> None:
    """A gap with both values; it ends when both agree, and what Salesforce says next is written again."""
    account = acme(world, seller)
    with product(world, SALESFORCE) as made:
        go(made)
        go(made)
        customer = payer(world)[0]
        world.stripe(f"customers/{customer}", name="Acme Holding")
        seller.change("Account", account, Name="Apex Inc")
        # Nothing was read from Stripe since.
        made.deals.poll()
        made.deals.plan()
        made.apply_deals()
        assert payer(world)[1] == "Acme Holding"
        go(made)
        [reason] = told(made)
        assert ("'Acme Holding'" in reason, "'Apex Inc'" in reason, "To do: agree on one" in reason) == (True,) * 3
        assert payer(world)[1] == "Acme Holding"
        [key] = [each.external_id for each in journal.entries(made.engine, ["refused"])]
        world.stripe(f"customers/{customer}", name="Apex Inc")
        letters.reopen(made.engine, [key], "ann")
        go(made)
        assert told(made) == []
        seller.change("Account", account, Name="Able AG")
        go(made)
        assert (payer(world)[1], told(made)) == ("Able AG", [])


@pytest.mark.parametrize(("kind", "adopted"), [("drop_after", True), ("drop_before", False), ("server_error", False)])
def test_a_lost_answer_is_looked_up(world: World, seller: Seller, kind: str, adopted: bool) -> None:
    """Whether it was written is read off the customer, and only then is it sent again."""
    account = acme(world, seller)
    with product(world, SALESFORCE, apply=SOON) as made:
        go(made)
        go(made)
        seller.change("Account", account, Name="Apex Inc")
        faults(world, {"system": "stripe", "method": "POST", "kind": kind, "times": 1, "path_regex": "customers/cus_"})
        for _ in range(2):
            go(made)
        [entry] = [each for each in journal.entries(made.engine, ["done"]) if each.document == "stripeCustomerField"]
        assert (entry.adopted, payer(world)[1], told(made)) == (adopted, "Apex Inc", [])


def test_what_somebody_changed_while_an_answer_was_awaited_is_not_overwritten(world: World, seller: Seller) -> None:
    """A request that came to nothing is not simply sent again: the customer is looked at once more."""
    account = acme(world, seller)
    with product(world, SALESFORCE, apply=SOON | {"patience_seconds": 0}) as made:
        go(made)
        go(made)
        seller.change("Account", account, Name="Apex Inc")
        made.deals.poll()
        made.deals.plan()
        faults(
            world,
            {"system": "stripe", "method": "POST", "kind": "rate_limit", "times": 1, "path_regex": "customers/cus_"},
        )
        made.apply_deals()
        assert payer(world)[1] == "Acme Inc"
        world.stripe(f"customers/{payer(world)[0]}", name="Acme Holding")
        for _ in range(3):
            time.sleep(1)
            made.apply_deals()
        assert payer(world)[1] == "Acme Holding"
        assert [each.document for each in journal.entries(made.engine, ["refused"])] == ["stripeCustomerField"]


def test_a_customer_who_is_deleted_in_stripe_is_not_changed(world: World, seller: Seller) -> None:
    """Nothing is sent, and the gap says so."""
    account = acme(world, seller)
    with product(world, SALESFORCE) as made:
        go(made)
        go(made)
        headers = {"Authorization": f"Bearer {world.config.stripe_secret_key}"}
        url = f"{world.base_url}/v1/customers/{payer(world)[0]}"
        requests.delete(url, headers=headers, timeout=10).raise_for_status()
        seller.change("Account", account, Name="Apex Inc")
        made.deals.poll()
        made.deals.plan()
        made.apply_deals()
        made.deals.reconcile(made.deals.facts())
        [reason] = told(made)
        assert ("is deleted. To do: name who takes his place" in reason, writes(world)) == (True, [])


def test_a_customer_of_two_accounts_is_left_alone(world: World, seller: Seller) -> None:
    """They would write over each other's names for ever."""
    account = acme(world, seller)
    with product(world, SALESFORCE) as made:
        go(made)
        customer = payer(world)[0]
        seller.change("Account", account, Stripe_Customer_Id__c=None)
        billed(world, seller, seller.account("Apex Inc", Stripe_Customer_Id__c=customer), "DESK")
        made.deals.poll()
        seller.change("Account", account, Name="Abel Inc")
        for _ in range(2):
            go(made)
        assert (payer(world)[1], writes(world)) == ("Acme Inc", [])
