"""From closed-won to cash: an opportunity becomes a sales order and a subscription, once; Salesforce hears of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import requests

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.reconcile import reconcile
from o2c_orchestration.store import gaps, invariants
from o2c_orchestration.store.agreement import agreement
from o2c_orchestration_tests.e2e.cli_fixtures import World, today
from o2c_orchestration_tests.e2e.seller import Seller

POLICY: dict[str, Any] = {"deals": {"recurring": "subscription", "one_off": "invoice"}}


@contextmanager
def product(world: World, mode: str = "sync", **policy: Any) -> Iterator[Assembly]:
    with world.assembly(mode, **{**POLICY, **policy}) as made:
        yield made


def go(made: Assembly) -> None:
    """The whole way once, as the assets go it."""
    span = (today(), today())
    made.extract(["customer", "invoice", "charge", "invoice_payment"], *span)
    for kind in ("customer", "invoice", "charge", "invoice_payment"):
        made.validate(kind)
    made.read_reference()
    made.read_ledger(*span)
    made.deals.poll()
    made.deals.plan()
    made.apply_deals()
    made.deals.mirror()
    made.deals.reconcile(made.deals.facts())
    made.write_back()


def price(world: World, amount: int, interval: str | None = None) -> str:
    """A price of Stripe's for a product of its own."""
    product_id = world.stripe("products", name="Seat")["id"]
    recurring = {"recurring[interval]": interval} if interval else {}
    return str(world.stripe("prices", product=product_id, currency="usd", unit_amount=amount, **recurring)["id"])


def orders(world: World) -> list[dict[str, Any]]:
    """Sales orders as the sandbox's clerks see them."""
    return list(requests.get(f"{world.base_url}/_sandbox/netsuite/orders", timeout=10).json()["orders"])


def listed(world: World, path: str) -> list[dict[str, Any]]:
    """Objects of Stripe's."""
    headers = {"Authorization": f"Bearer {world.config.stripe_secret_key}"}
    return list(requests.get(f"{world.base_url}/v1/{path}", headers=headers, timeout=10).json()["data"])


SYSTEMS = ("stripe", "netsuite", "salesforce")


def changes(request: dict[str, Any]) -> bool:
    """Whether a request is one that writes: not a read, a login or a query."""
    return request["method"] != "GET" and not request["path"].endswith(("/token", "/suiteql"))


def test_a_won_deal_becomes_an_order_once(world: World, seller: Seller) -> None:
    """A customer and an order with the deal's lines; further runs make nothing, and Salesforce hears of it."""
    entry = seller.product("SEAT", 50)
    account = seller.account("Acme Inc")
    deal = seller.deal(account, today().isoformat(), O2C_Term_Months__c=12)
    seller.line(deal, entry, 4, 50, O2C_Billing__c="Monthly")
    with product(world, deals={}) as made:
        go(made)
        told = seller.get("Opportunity", deal)
        assert told["NetSuite_Order_Status__c"] == "Pending Billing"
        assert gaps.list_gaps(made.engine) == []
        writes = world.record_writes()
        go(made)
        assert (len(orders(world)), world.record_writes()) == (1, writes)


def test_a_won_deal_is_billed_by_a_subscription_once(world: World, seller: Seller) -> None:
    """One customer in each system, one order, one schedule; a second run makes nothing."""
    entry = seller.product("SEAT", 50, price=price(world, 5000, "month"))
    account = seller.account("Acme Inc")
    deal = seller.deal(account, today().isoformat(), O2C_Term_Months__c=12)
    seller.line(deal, entry, 4, 50, O2C_Billing__c="Monthly")
    with product(world) as made:
        go(made)
        assert gaps.list_gaps(made.engine) == []
        assert seller.get("Opportunity", deal)["Stripe_Billing_Id__c"].startswith("sub_sched_")
        assert seller.get("Account", account)["Stripe_Customer_Id__c"].startswith("cus_")
        go(made)
        go(made)
        assert gaps.list_gaps(made.engine) == []
    (schedule,) = listed(world, "subscription_schedules")
    assert schedule["metadata"] == {"salesforce_opportunity_id": deal}
    assert [item["quantity"] for item in schedule["phases"][0]["items"]] == [4]
    assert (len(orders(world)), len(listed(world, "customers"))) == (1, 1)


def test_a_customer_whom_no_window_has_read_is_not_made_again(world: World, seller: Seller) -> None:
    """The sensor may plan deals before any backfill, and a customer may be older than all of them: a person decides."""
    known = world.stripe("customers", name="Acme Inc", email="billing@acme.example.com")
    entry = seller.product("SEAT", 50, price=price(world, 5000, "month"))
    deal = seller.deal(seller.account("Acme Inc"), today().isoformat(), O2C_Term_Months__c=12)
    seller.line(deal, entry, 4, 50, O2C_Billing__c="Monthly")
    with product(world) as made:
        made.read_reference()
        made.read_ledger(today(), today())
        made.deals.poll()
        plan = made.deals.plan()
        made.apply_deals()
        assert [refusal.code for refusal in plan.refusals] == ["MAYBE_KNOWN"]
        assert [each["id"] for each in listed(world, "customers")] == [known["id"]]


def test_a_deal_without_recurring_lines_is_billed_by_an_invoice_that_is_told(world: World, seller: Seller) -> None:
    """Draft, lines, finalized; its invoice and its payment are records under the opportunity."""
    entry = seller.product("SETUP", 300, price=price(world, 30000))
    account = seller.account("Bolt GmbH")
    deal = seller.deal(account, today().isoformat())
    seller.line(deal, entry, 2, 300)
    with product(world) as made:
        go(made)
        (invoice,) = listed(world, "invoices")
        assert (invoice["status"], invoice["total"]) == ("open", 60000)
        go(made)
        told = seller.get("Opportunity", deal)
        assert (told["O2C_Billed__c"], told["O2C_Payment_Status__c"]) == (600, "Open")
        world.stripe(f"invoices/{invoice['id']}/pay", payment_method="pm_card_visa")
        go(made)
        told = seller.get("Opportunity", deal)
        assert (told["O2C_Remaining__c"], told["O2C_Payment_Status__c"]) == (0, "Paid")
        assert gaps.list_gaps(made.engine) == []
    (record,) = seller.query("SELECT Stripe_Invoice_Id__c, Opportunity__c, Amount__c FROM O2C_Invoice__c")
    assert (record["Stripe_Invoice_Id__c"], record["Opportunity__c"], record["Amount__c"]) == (invoice["id"], deal, 600)
    assert len(seller.query("SELECT Id FROM O2C_Payment__c")) == 1


def test_a_payment_link_bills_what_is_paid_by_it(world: World, seller: Seller) -> None:
    """One link of the deal's prices, found again by its metadata; nothing is billed before somebody pays."""
    entry = seller.product("SETUP", 300, price=price(world, 30000))
    deal = seller.deal(seller.account("Bolt GmbH"), today().isoformat())
    seller.line(deal, entry, 2, 300)
    with product(world, deals={"one_off": "payment_link"}) as made:
        go(made)
        go(made)
        assert gaps.list_gaps(made.engine) == []
    (link,) = listed(world, "payment_links")
    assert link["metadata"] == {"salesforce_opportunity_id": deal}
    assert seller.get("Opportunity", deal)["Stripe_Billing_Id__c"] == link["id"]


def test_observe_writes_to_nobody(world: World, seller: Seller) -> None:
    """The plan is there to be read, and the missing order is a gap; no request changes anything."""
    entry = seller.product("SETUP", 300, price=price(world, 30000))
    deal = seller.deal(seller.account("Acme Inc"), today().isoformat())
    seller.line(deal, entry, 1, 300)
    before = {system: len([each for each in world.asked(system) if changes(each)]) for system in SYSTEMS}
    with product(world, "observe") as made:
        go(made)
        plan = made.deals.plan()
        assert [command.document for command in plan.commands] == ["stripeCustomer"]
    assert {system: len([each for each in world.asked(system) if changes(each)]) for system in SYSTEMS} == before


def test_what_must_hold_holds_with_deals_too(world: World, seller: Seller) -> None:
    """No order or subscription is an orphan of the ledger's, and none is planned again."""
    monthly, once = seller.product("SEAT", 50, price=price(world, 5000, "month")), seller.product("X", 9, price=None)
    account = seller.account("Acme Inc")
    deal = seller.deal(account, today().isoformat(), O2C_Term_Months__c=12)
    seller.line(deal, monthly, 4, 50, O2C_Billing__c="Monthly")
    seller.line(seller.deal(account, today().isoformat()), once, 1, 9)
    with product(world) as made:
        go(made)
        go(made)
        assert [gap.leg for gap in gaps.list_gaps(made.engine)] == ["salesforce_netsuite"]
        assert gaps.list_gaps(made.engine, legs=gaps.BOOKS) == []
        early = timedelta(days=-1)
        assert invariants.journal_has_no_orphans(made.engine, grace=early) == []
        assert invariants.settled_is_not_planned(made.engine, grace=early) == []


def test_what_a_deal_lacks_explains_nothing_in_the_books(world: World, seller: Seller) -> None:
    """An invoice that bills another amount than was won agrees with its document all the same."""
    deal = seller.deal(seller.account("Acme Inc"), today().isoformat())
    seller.line(deal, seller.product("SETUP", 300, price=price(world, 30000)), 2, 300)
    with product(world) as made:
        go(made)
        go(made)
        span = (today(), today())
        made.plan(*span)
        made.apply(*span)
        made.read_ledger(*span)
        reconcile(made.engine, made.policy)
        (line,) = seller.query("SELECT Id FROM OpportunityLineItem")
        seller.change("OpportunityLineItem", line["Id"], Quantity=3)
        go(made)
        found = {(gap.leg, gap.kind) for gap in gaps.list_gaps(made.engine)}
        assert found == {("salesforce_netsuite", "terms_mismatch"), ("salesforce_stripe", "terms_mismatch")}
        (tie,) = agreement(made.engine)
        assert (tie.document, tie.count, tie.agreed, tie.explained_minor) == ("invoice", 1, 1, 0)
