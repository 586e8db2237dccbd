"""Tax on deals, left to Stripe or to NetSuite by policy: who asks for it, and what it does not differ from."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from pydantic import ValidationError

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.sandbox.stripe.automatic_tax import PERCENT
from o2c_orchestration.store import gaps, inbox, letters
from o2c_orchestration.store.orders import ORDERS_CURSOR
from o2c_orchestration_tests.e2e.cli_fixtures import World, today
from o2c_orchestration_tests.e2e.seller import Seller
from o2c_orchestration_tests.e2e.test_account_details import sold
from o2c_orchestration_tests.e2e.test_account_merges import billed
from o2c_orchestration_tests.e2e.test_deals import go, listed, orders, price, product

STRIPE: dict[str, Any] = {"recurring": "subscription", "one_off": "invoice", "tax": "stripe"}
ADDRESSED: dict[str, Any] = {"changes": {"name": "netsuite", "stripe": {"billing_address": "salesforce"}}}
PLACE = {"BillingStreet": "Main St 1", "BillingCity": "Portland", "BillingCountry": "United States"}
# Of 4 seats at 50 dollars.
SOLD = 20000


def once(world: World, seller: Seller, account: str) -> str:
    """A deal without recurring lines, which is billed by an invoice."""
    deal = seller.deal(account, today().isoformat())
    seller.line(deal, seller.product("SETUP", 300, price=price(world, 30000)), 1, 300)
    return deal


def told(made: Assembly, kind: str) -> list[str]:
    return [gap.reason for gap in gaps.list_gaps(made.engine) if gap.kind == kind]


def test_by_default_nobody_is_asked_for_tax(world: World, seller: Seller) -> None:
    """Schedule and invoice are as they were sold."""
    account = seller.account("Acme Inc", **PLACE)
    billed(world, seller, account, "SEAT")
    once(world, seller, account)
    with product(world) as made:
        go(made)
        go(made)
        [schedule], [invoice] = listed(world, "subscription_schedules"), direct(world)
        assert schedule["default_settings"]["automatic_tax"]["enabled"] is False
        assert (invoice["automatic_tax"]["enabled"], invoice["total"]) == (False, 30000)


def direct(world: World) -> list[dict[str, Any]]:
    """Invoices of no subscription."""
    return [each for each in listed(world, "invoices") if each["parent"] is None]


def test_stripe_calculates_the_tax_of_what_it_bills(world: World, seller: Seller) -> None:
    """On the schedule's invoices and on one-off ones; orders stay net, and nothing differs."""
    account = seller.account("Acme Inc", **PLACE)
    # A subscription's invoice is a draft for an hour, which would be the first of each day.
    billed(world, seller, account, "SEAT", timedelta(days=1))
    once(world, seller, account)
    with product(world, deals=STRIPE, customers=ADDRESSED) as made:
        for _ in range(3):
            go(made)
        [schedule], [invoice] = listed(world, "subscription_schedules"), direct(world)
        assert schedule["default_settings"]["automatic_tax"]["enabled"] is True
        assert (invoice["total_excluding_tax"], invoice["total"]) == (30000, 30000 + int(30000 * PERCENT / 100))
        [of_schedule] = [each for each in listed(world, "invoices") if each["parent"]]
        taxed = SOLD + int(SOLD * PERCENT / 100)
        assert (of_schedule["automatic_tax"]["enabled"], of_schedule["total"]) == (True, taxed)
        assert sorted(order["total"] for order in orders(world)) == [SOLD, 30000]
        assert gaps.list_gaps(made.engine) == []


def test_a_payment_link_asks_for_tax_too(world: World, seller: Seller) -> None:
    """Who pays it is asked where he is."""
    deal = once(world, seller, seller.account("Acme Inc"))
    with product(world, deals=STRIPE | {"one_off": "payment_link"}) as made:
        go(made)
        go(made)
        [link] = listed(world, "payment_links")
        assert (link["metadata"], link["automatic_tax"]["enabled"]) == ({"salesforce_opportunity_id": deal}, True)
        paid = {"payment_link": link["id"], "email": "ada@example.com"}
        requests.post(f"{world.base_url}/_sandbox/stripe/payment_links/pay", json=paid, timeout=10).raise_for_status()
        [invoice] = direct(world)
        assert (invoice["status"], invoice["total"]) == ("paid", 30000 + int(30000 * PERCENT / 100))
        go(made)
        assert gaps.list_gaps(made.engine) == []


def test_a_customer_without_an_address_is_told_with_what_to_do(world: World, seller: Seller) -> None:
    """Stripe refuses to bill him; with an address on the account it goes on after a retry."""
    account = seller.account("Acme Inc")
    billed(world, seller, account, "SEAT")
    with product(world, deals=STRIPE, customers=ADDRESSED) as made:
        go(made)
        go(made)
        [reason] = told(made, "sync_failed")
        assert "location isn't recognized" in reason
        assert "customers.changes.stripe.billing_address: salesforce in o2c.yaml" in reason
        seller.change("Account", account, **PLACE)
        go(made)
        letters.reopen(made.engine, [], "ann")
        for _ in range(2):
            go(made)
        assert (told(made, "sync_failed"), len(listed(world, "subscription_schedules"))) == ([], 1)


@pytest.mark.parametrize("tax", ["none", "netsuite"])
def test_what_netsuite_adds_to_an_order_is_none_of_its_terms_where_tax_is_left_to_it(
    world: World, seller: Seller, tax: str
) -> None:
    """By default it is a difference with both amounts; orders that were read before are read once more for it."""
    told_tax = requests.post(f"{world.base_url}/_sandbox/netsuite/tax", json={"percent": 8}, timeout=10)
    told_tax.raise_for_status()
    sold(seller, seller.account("Acme Inc"))
    with product(world, deals={}) as made:
        go(made)
        assert len(told(made, "terms_mismatch")) == 1
        # As if they were read long ago and have not changed since.
        inbox.write_cursor(made.engine, ORDERS_CURSOR, (datetime.now(UTC) + timedelta(days=3)).isoformat())
    with product(world, deals={"tax": tax}) as made:
        go(made)
        assert [order["total"] for order in orders(world)] == [int(SOLD * 1.08)]
        reasons = told(made, "terms_mismatch")
        assert [f"won {SOLD / 100:.2f} USD" in reason for reason in reasons] == ([True] if tax == "none" else [])


def test_another_amount_is_told_whoever_adds_tax(world: World, seller: Seller) -> None:
    """Net against net."""
    requests.post(f"{world.base_url}/_sandbox/netsuite/tax", json={"percent": 8}, timeout=10).raise_for_status()
    deal = sold(seller, seller.account("Acme Inc"))
    with product(world, deals={"tax": "netsuite"}) as made:
        go(made)
        assert told(made, "terms_mismatch") == []
        [line] = seller.query(f"SELECT Id FROM OpportunityLineItem WHERE OpportunityId = '{deal}'")
        seller.change("OpportunityLineItem", line["Id"], Quantity=5)
        go(made)
        [reason] = told(made, "terms_mismatch")
        assert ("250.00" in reason, "200.00" in reason) == (True, True)


def test_tax_is_not_left_to_netsuite_where_stripe_bills() -> None:
    """Its bills would be without."""
    with pytest.raises(ValidationError, match="its bills would be without the tax"):
        Policy.model_validate({"deals": {"recurring": "subscription", "tax": "netsuite"}})
