"""An account that changes after its customer was made: from Salesforce's API to the record read back in NetSuite."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.clients.netsuite import NetSuiteWriter
from o2c_orchestration.store import gaps, journal, letters, planning
from o2c_orchestration.store.invariants import journal_has_no_orphans
from o2c_orchestration_tests.e2e.cli_fixtures import World
from o2c_orchestration_tests.e2e.seller import Seller
from o2c_orchestration_tests.e2e.test_account_details import customer, sold
from o2c_orchestration_tests.e2e.test_deal_faults import faults
from o2c_orchestration_tests.e2e.test_deals import go
from o2c_orchestration_tests.e2e.test_gone_customers import merged

SALESFORCE: dict[str, Any] = {
    "details": {"phone": "salesforce"},
    "changes": {"name": "salesforce", "phone": "salesforce"},
}


@contextmanager
def product(world: World, customers: dict[str, Any], mode: str = "sync", **policy: Any) -> Iterator[Assembly]:
    with world.assembly(mode, deals={}, customers=customers, **policy) as made:
        yield made


def acme(seller: Seller) -> str:
    account = seller.account("Acme Inc", Phone="+1 503 555 0100")
    sold(seller, account)
    return account


def retype(made: Assembly, world: World, key: str, **fields: Any) -> None:
    """Somebody changes the customer in NetSuite."""
    identifier = customer(made, key)["id"]
    NetSuiteWriter(made.netsuite).patch("customer", identifier, fields)


def patches(world: World) -> list[str]:
    """Paths of the changes of customers that NetSuite was asked for."""
    return [each["path"] for each in world.asked("netsuite") if each["method"] == "PATCH"]


def shown(made: Assembly, key: str) -> tuple[str, str | None]:
    found = customer(made, key)
    return found["companyName"], found.get("phone")


def differing(made: Assembly) -> list[str]:
    return [gap.reason for gap in gaps.list_gaps(made.engine) if gap.kind == "customer_differs"]


def test_the_wanted_name_that_somebody_typed_in_netsuite_is_no_conflict(world: World, seller: Seller) -> None:
    """Nothing is written, and it counts as ours: what Salesforce says next is written over it."""
    account = acme(seller)
    with product(world, SALESFORCE) as made:
        go(made)
        retype(made, world, account, companyName="Apex Inc")
        written = len(patches(world))
        seller.change("Account", account, Name="Apex Inc")
        for _ in range(2):
            go(made)
        assert (shown(made, account)[0], len(patches(world)), differing(made)) == ("Apex Inc", written, [])
        seller.change("Account", account, Name="Able AG")
        for _ in range(2):
            go(made)
        assert (shown(made, account)[0], len(patches(world)), differing(made)) == ("Able AG", written + 1, [])


def gone(world: World, made: Assembly, account: str) -> tuple[str, str]:
    """Somebody merges the account's customer into another one; both internal ids."""
    number = customer(made, account)["id"]
    body = {"companyName": "Apex Ltd", "subsidiary": {"id": "1"}, "externalId": "CRM-1"}
    stays = NetSuiteWriter(made.netsuite).create("customer", body)
    merged(world, stays, number)
    return number, stays


def test_a_customer_who_was_merged_is_told_with_what_ends_it(world: World, seller: Seller) -> None:
    """The words of his deals: who he is now, a person says. No request is sent for him, and the gap ends with it."""
    account = acme(seller)
    with product(world, SALESFORCE) as made:
        go(made)
        number, stays = gone(world, made, account)
        written = len(patches(world))
        seller.change("Account", account, Name="Apex Inc")
        go(made)
        [reason] = differing(made)
        assert f"NetSuite has no customer {number} any more, who was account Apex Inc's" in reason
        assert f"To do: write {stays} into NetSuite_Customer_Id__c of the account in Salesforce" in reason
        assert len(patches(world)) == written
        seller.change("Account", account, NetSuite_Customer_Id__c=stays)
        go(made)
        assert differing(made) == []


def test_one_who_is_merged_in_the_last_moment_is_refused_with_what_ends_it(world: World, seller: Seller) -> None:
    """Trying again would find nobody either, so the fix does not say so."""
    account = acme(seller)
    with product(world, SALESFORCE) as made:
        go(made)
        seller.change("Account", account, Name="Apex Inc")
        made.deals.poll()
        made.deals.plan()
        gone(world, made, account)
        made.apply_deals()
        [letter] = letters.listed(made.engine)
        assert (letter.error_code, letter.document) == ("CUSTOMER_VANISHED", "customerField")
        assert str(letter.fix).startswith("name who takes his place in NetSuite_Customer_Id__c of the account")
        assert str(letter.fix).endswith(f"then: o2c dead-letters drop {letter.external_id} --reason WHY")


def test_by_default_another_name_is_told_and_nothing_is_written(world: World, seller: Seller) -> None:
    """With both names, under the account; it ends when somebody writes it in NetSuite, and a phone number is no gap."""
    account = acme(seller)
    with product(world, {"details": {"phone": "salesforce"}}) as made:
        go(made)
        assert gaps.list_gaps(made.engine) == []
        seller.change("Account", account, Name="Apex Inc", Phone="+1 503 555 0199")
        go(made)
        [gap] = gaps.list_gaps(made.engine)
        assert (gap.kind, gap.leg, gap.salesforce_id) == ("customer_differs", "salesforce_netsuite", account)
        assert "'Apex Inc'" in gap.reason
        assert "'Acme Inc'" in gap.reason
        assert shown(made, account) == ("Acme Inc", "+1 503 555 0100")
        retype(made, world, account, companyName="Apex Inc")
        go(made)
        assert gaps.list_gaps(made.engine) == []


def test_a_change_of_its_master_is_written_once_and_nothing_else(world: World, seller: Seller) -> None:
    """Name and phone number, there and back; each further run writes nothing."""
    account = acme(seller)
    with product(world, SALESFORCE) as made:
        go(made)
        before = customer(made, account)
        for name, phone in (
            ("Apex Inc", "+1 503 555 0199"),
            ("Acme Inc", "+1 503 555 0100"),
            ("Apex Inc", "5035550177"),
        ):
            seller.change("Account", account, Name=name, Phone=phone)
            go(made)
            assert shown(made, account) == (name, phone)
            written = len(patches(world))
            go(made)
            assert (len(patches(world)), gaps.list_gaps(made.engine)) == (written, [])
        after = customer(made, account)
        changed = {field for field in before if before[field] != after.get(field)}
        assert changed <= {"companyName", "phone", "lastModifiedDate", "altName", "entityTitle", "balance"}
        assert len(patches(world)) == 6
        assert journal_has_no_orphans(made.engine) == []


def test_observe_shows_the_change_and_writes_nothing(world: World, seller: Seller) -> None:
    """It is in the plan, with both values."""
    account = acme(seller)
    with product(world, SALESFORCE) as made:
        go(made)
    seller.change("Account", account, Name="Apex Inc")
    with product(world, SALESFORCE, "observe") as made:
        made.deals.poll()
        made.deals.plan()
        [change] = planning.read_deal_plan(made.engine).commands
        assert (change.document, change.lines[0].text) == ("customerField", "name: Acme Inc → Apex Inc")
        assert patches(world) == []


@pytest.mark.parametrize("field", ["companyName", "phone"])
def test_what_somebody_changed_in_netsuite_is_not_overwritten(world: World, seller: Seller, field: str) -> None:
    """A gap with both values; it ends when both agree, and what Salesforce says next is written again."""
    account = acme(seller)
    theirs = {"companyName": "Acme Holding", "phone": "+49 341 1234567"}[field]
    ours = {"Name": "Apex Inc"} if field == "companyName" else {"Phone": "+1 503 555 0199"}
    [(_, said)] = ours.items()
    with product(world, SALESFORCE) as made:
        go(made)
        retype(made, world, account, **{field: theirs})
        written = len(patches(world))
        seller.change("Account", account, **ours)
        # Nothing was read from NetSuite since.
        made.deals.poll()
        made.deals.plan()
        made.apply_deals()
        assert customer(made, account)[field] == theirs
        go(made)
        [reason] = differing(made)
        assert (repr(theirs) in reason, repr(said) in reason) == (True, True)
        assert (customer(made, account)[field], len(patches(world))) == (theirs, written)
        [key] = [each.external_id for each in journal.entries(made.engine, ["refused"])]
        retype(made, world, account, **{field: said})
        letters.reopen(made.engine, [key], "ann")
        go(made)
        assert differing(made) == []


@pytest.mark.parametrize(("kind", "adopted"), [("drop_after", True), ("drop_before", False)])
def test_a_lost_answer_is_looked_up(world: World, seller: Seller, kind: str, adopted: bool) -> None:
    """Whether it was written is read off the customer, and only then is it sent again."""
    account = acme(seller)
    soon = {"resolve_after_seconds": 0.1, "certain_after_seconds": 0.2}
    with product(world, SALESFORCE, apply=soon) as made:
        go(made)
        seller.change("Account", account, Name="Apex Inc")
        faults(world, {"system": "netsuite", "method": "PATCH", "kind": kind, "times": 1})
        go(made)
        [entry] = [each for each in journal.entries(made.engine, ["done"]) if each.document == "customerField"]
        assert (entry.adopted, shown(made, account)[0]) == (adopted, "Apex Inc")
        assert differing(made) == []


def test_netsuite_is_the_master_where_policy_says_so(world: World, seller: Seller) -> None:
    """Nothing is written, and nothing is told."""
    account = acme(seller)
    with product(world, {"changes": {"name": "netsuite"}}) as made:
        go(made)
        seller.change("Account", account, Name="Apex Inc")
        go(made)
        assert (shown(made, account)[0], gaps.list_gaps(made.engine)) == ("Acme Inc", [])


def test_a_customer_of_two_accounts_is_left_alone(world: World, seller: Seller) -> None:
    """They would write over each other's names for ever."""
    account = acme(seller)
    with product(world, SALESFORCE) as made:
        go(made)
        number = customer(made, account)["id"]
        other = seller.account("Apex Inc", NetSuite_Customer_Id__c=number)
        sold(seller, other)
        seller.change("Account", account, Name="Abel Inc")
        go(made)
        assert shown(made, account)[0] == "Acme Inc"
