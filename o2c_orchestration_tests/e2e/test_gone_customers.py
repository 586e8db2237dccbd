"""Customers who take no documents any more: told with what to do, and nothing is sent that would be refused."""

from typing import Any

import requests

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.domain.policy import MAIN
from o2c_orchestration.reconcile import reconcile
from o2c_orchestration.store import gaps
from o2c_orchestration_tests.e2e.cli_fixtures import CommandLine, World, today
from o2c_orchestration_tests.e2e.seller import Seller
from o2c_orchestration_tests.e2e.test_account_details import customer, sold
from o2c_orchestration_tests.e2e.test_account_merges import billed
from o2c_orchestration_tests.e2e.test_deal_faults import faults
from o2c_orchestration_tests.e2e.test_deals import go, listed, orders, product


def inactive(world: World, number: str, *, yes: bool = True) -> None:
    """Somebody makes a customer inactive in NetSuite, or active again."""
    told = {"recordType": "customer", "id": number, "inactive": yes}
    requests.post(f"{world.base_url}/_sandbox/netsuite/inactive", json=told, timeout=10).raise_for_status()


def refused_writes(world: World) -> list[dict[str, Any]]:
    return [each for each in world.asked("netsuite") if each["method"] == "POST" and each["status"] == 400]


def books(made: Assembly) -> None:
    """Stripe's documents of today, planned, written, read back and compared."""
    go(made)
    made.plan(today(), today())
    made.apply(today(), today())
    made.read_ledger(today(), today())
    reconcile(made.engine, made.policy)


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


def merged(world: World, master: str, duplicate: str) -> None:
    """Somebody merges two customers in NetSuite."""
    told = {"master": master, "duplicate": duplicate}
    requests.post(f"{world.base_url}/_sandbox/netsuite/merge", json=told, timeout=10).raise_for_status()


def customers_there(world: World) -> set[str]:
    shown = requests.get(f"{world.base_url}/_sandbox/netsuite/records", timeout=10).json()["customers"]
    return {str(each["id"]) for each in shown}


def test_a_customer_who_was_merged_in_netsuite_waits_for_a_persons_word(world: World, seller: Seller) -> None:
    """The gap says into whom, and the command; no second customer is made, others go on, and then the order follows."""
    gone, stays = seller.account("Acme Inc"), seller.account("Apex Ltd")
    for account, code in ((gone, "SEAT"), (stays, "DESK")):
        billed(world, seller, account, code)
    with product(world) as made:
        go(made)
        go(made)
        payer = seller.get("Account", gone)["Stripe_Customer_Id__c"]
        numbers = [customer(made, seller.get("Account", each)["Stripe_Customer_Id__c"])["id"] for each in (gone, stays)]
        merged(world, numbers[1], numbers[0])
        second, others = billed(world, seller, gone, "LAMP"), billed(world, seller, stays, "SOFA")
        for _ in range(2):
            go(made)
        [gap] = gaps.list_gaps(made.engine)
        assert (gap.kind, gap.leg, gap.salesforce_id) == ("sync_failed", "salesforce_netsuite", second)
        assert f"has no customer {numbers[0]} any more" in gap.reason
        assert f"merged into that one. To do: o2c matches confirm {gone} {payer} --netsuite {numbers[1]}" in gap.reason
        assert {each["externalId"] for each in orders(world)} >= {others}
        assert (customers_there(world), refused_writes(world)) == ({numbers[1]}, [])
        o2c = CommandLine(world.home)
        arguments = ("matches", "confirm", gone, payer, "--netsuite", numbers[1])
        assert o2c(*arguments, **world.environment(deals=made.policy.deals.model_dump(mode="json"))).code == 0
        go(made)
        assert {each["customer"] for each in orders(world) if each["externalId"] == second} == {numbers[1]}
        assert (customers_there(world), gaps.list_gaps(made.engine)) == ({numbers[1]}, [])


def test_a_customer_who_is_deleted_in_netsuite_is_not_made_again(world: World, seller: Seller) -> None:
    """His deal waits until Salesforce names another one."""
    account = seller.account("Acme Inc")
    first = sold(seller, account)
    with product(world, deals={}) as made:
        go(made)
        number = customer(made, account)["id"]
        requests.post(
            f"{world.base_url}/_sandbox/netsuite/orders", json={"do": "delete", "externalId": first}, timeout=10
        ).raise_for_status()
        told = {"do": "delete", "recordType": "customer", "id": number}
        requests.post(f"{world.base_url}/_sandbox/netsuite/records", json=told, timeout=10).raise_for_status()
        second = sold(seller, account)
        go(made)
        [gap] = [each for each in gaps.list_gaps(made.engine) if each.kind == "sync_failed"]
        assert gap.salesforce_id == second
        assert f"has no customer {number} any more, who was account Acme Inc's: he was deleted, merged" in gap.reason
        assert "into NetSuite_Customer_Id__c of the account in Salesforce" in gap.reason
        assert (customers_there(world), orders(world), refused_writes(world)) == (set(), [], [])
        other = sold(seller, seller.account("Bolt GmbH"))
        go(made)
        [new] = customers_there(world)
        seller.change("Account", account, NetSuite_Customer_Id__c=new)
        go(made)
        assert {each["externalId"]: each["customer"] for each in orders(world)} == {other: new, second: new}


def unpaid(world: World, payer: str, amount: int) -> str:
    """A new invoice of a customer in Stripe; its id."""
    return str(world.invoice(amount, customer=payer, pay=False)["id"])


def booked(world: World, number: str) -> set[str]:
    """External ids of the invoices that NetSuite has for a customer."""
    shown = requests.get(f"{world.base_url}/_sandbox/netsuite/records", timeout=10).json()
    invoices = (each for each in shown["transactions"] if each["recordType"] == "invoice")
    return {str(each["externalId"]) for each in invoices if str(each["customer"]) == number}


def test_invoices_of_a_customer_who_was_merged_wait_and_follow_by_themselves(world: World) -> None:
    """No request is refused and nobody is made anew; once Stripe's metadata names the other one, they are written."""
    gone, stays = (str(world.stripe("customers", name=name)["id"]) for name in ("Acme Inc", "Apex Ltd"))
    first = [unpaid(world, payer, 1000) for payer in (gone, stays)]
    with world.assembly() as made:
        books(made)
        numbers = [customer(made, payer)["id"] for payer in (gone, stays)]
        assert (booked(world, numbers[0]), booked(world, numbers[1])) == ({first[0]}, {first[1]})
        merged(world, numbers[1], numbers[0])
        second = [unpaid(world, payer, 2000) for payer in (gone, stays)]
        books(made)
        assert (booked(world, numbers[1]), refused_writes(world)) == ({*first, second[1]}, [])
        [gap] = [each for each in gaps.list_gaps(made.engine) if each.stripe_id == second[0]]
        assert (gap.kind, gap.leg) == ("sync_failed", "stripe_netsuite")
        assert f"no customer {numbers[0]} any more" in gap.reason
        assert f"name {numbers[1]} as netsuite_customer_id in the metadata of {gone}" in gap.reason
        world.stripe(f"customers/{gone}", **{"metadata[netsuite_customer_id]": numbers[1]})
        books(made)
        assert booked(world, numbers[1]) == {*first, *second}
        assert (customers_there(world), refused_writes(world)) == ({numbers[1]}, [])
        assert [each for each in gaps.list_gaps(made.engine) if each.kind == "sync_failed"] == []


def test_customers_whom_a_document_shows_are_not_asked_for(world: World) -> None:
    """Whoever has one in the mirror is there: no question for each of their invoices."""
    payer = str(world.stripe("customers", name="Acme Inc")["id"])
    unpaid(world, payer, 1000)
    with world.assembly() as made:
        books(made)
        unpaid(world, payer, 2000)
        go(made)
        asked = len(world.asked("netsuite"))
        made.plan(today(), today())
        assert len(world.asked("netsuite")) == asked
        made.apply(today(), today())
        assert len(booked(world, customer(made, payer)["id"])) == 2


def test_deals_go_on_where_netsuite_cannot_be_asked_for_customers(world: World, seller: Seller) -> None:
    """An outage is no merger: nothing is refused for it, and the order is written once NetSuite is back."""
    account = seller.account("Acme Inc")
    sold(seller, account)
    with product(world, deals={}) as made:
        go(made)
        second = sold(seller, account)
        made.deals.poll()
        down = {"system": "netsuite", "method": "POST", "path_regex": "suiteql", "kind": "server_error", "times": 20}
        faults(world, down)
        plan = made.deals.plan()
        assert ([each.stripe_id for each in plan.commands], plan.refusals) == ([second], ())
        requests.delete(f"{world.base_url}/_sandbox/faults", timeout=10)
        go(made)
        assert (len(orders(world)), gaps.list_gaps(made.engine)) == (2, [])
