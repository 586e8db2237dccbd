"""From closed-won to cash: an opportunity becomes a sales order and a subscription, once; Salesforce hears of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.store import gaps
from o2c_orchestration_tests.conftest import NewDatabase
from o2c_orchestration_tests.e2e.cli_fixtures import World, sandbox, today
from o2c_orchestration_tests.e2e.seller import Seller

POLICY: dict[str, Any] = {"deals": {"recurring": "subscription", "one_off": "invoice"}}


@pytest.fixture
def world(tmp_path: Path, new_database: NewDatabase) -> Iterator[World]:
    with new_database() as url, sandbox(tmp_path, url) as made:
        yield made


@pytest.fixture
def seller(world: World) -> Seller:
    return Seller(world.base_url, world.config)


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
    made.deals.reconcile()
    made.write_back()


def price(world: World, amount: int, interval: str | None = None) -> str:
    """A price of Stripe's for a product of its own."""
    product_id = world.stripe("products", name="Seat")["id"]
    recurring = {"recurring[interval]": interval} if interval else {}
    return str(world.stripe("prices", product=product_id, currency="usd", unit_amount=amount, **recurring)["id"])


def orders(world: World) -> list[dict[str, Any]]:
    """Sales orders as the sandbox's clerks see them."""
    return list(requests.get(f"{world.base_url}/_sandbox/netsuite/orders", timeout=10).json())


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


def test_a_won_deal_becomes_an_order_and_a_subscription_once(world: World, seller: Seller) -> None:
    """One customer in each system, one order, one schedule; a second run makes nothing."""
    entry = seller.product("SEAT", 50, price=price(world, 5000, "month"))
    account = seller.account("Acme Inc")
    deal = seller.deal(account, today().isoformat(), O2C_Term_Months__c=12)
    seller.line(deal, entry, 4, 50, O2C_Billing__c="Monthly")
    with product(world) as made:
        go(made)
        told = seller.get("Opportunity", deal)
        assert told["NetSuite_Order_Status__c"] == "Pending Fulfillment"
        assert told["Stripe_Billing_Id__c"].startswith("sub_sched_")
        customer = seller.get("Account", account)["Stripe_Customer_Id__c"]
        assert customer.startswith("cus_")
        assert [gap.kind for gap in gaps.list_gaps(made.engine)] == []
        go(made)
        go(made)
        schedules = world.stripe_list("subscription_schedules")
        assert [each["metadata"]["salesforce_opportunity_id"] for each in schedules] == [deal]
