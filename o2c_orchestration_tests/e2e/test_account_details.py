"""Details of customers from Salesforce: what an account says, on the customer that NetSuite shows."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.store.database import raw_cursor
from o2c_orchestration_tests.conftest import NewDatabase
from o2c_orchestration_tests.e2e.cli_fixtures import World, sandbox, today
from o2c_orchestration_tests.e2e.seller import Seller
from o2c_orchestration_tests.e2e.test_deals import go

MASTERS = {"billing_address": "salesforce", "shipping_address": "salesforce", "phone": "salesforce"}
ASKED: dict[str, Any] = {**MASTERS, "person": "salesforce"}
BILLING = {"BillingStreet": "1 Main Street\r\nFloor 3", "BillingCity": "Portland", "BillingState": "Oregon"}
BILLING |= {"BillingPostalCode": "97205", "BillingCountry": "United States"}
SHIPPING = {"ShippingStreet": "Lager 4", "ShippingCity": "Leipzig", "ShippingPostalCode": "04109"}
SHIPPING |= {"ShippingCountry": "Germany"}


@pytest.fixture
def world(tmp_path: Path, new_database: NewDatabase) -> Iterator[World]:
    with new_database() as url, sandbox(tmp_path, url) as made:
        yield made


@pytest.fixture
def seller(world: World) -> Seller:
    return Seller(world.base_url, world.config)


@contextmanager
def product(world: World, details: dict[str, Any], **deals: Any) -> Iterator[Assembly]:
    with world.assembly("sync", deals=deals, customers={"details": details}) as made:
        yield made


def sold(seller: Seller, account: str) -> str:
    """A won deal of an account; its id."""
    deal = seller.deal(account, today().isoformat(), O2C_Term_Months__c=12)
    seller.line(deal, seller.product(f"SEAT{account[-4:]}", 50), 4, 50)
    return deal


def customer(made: Assembly, key: str) -> dict[str, Any]:
    """A customer as NetSuite shows it, with its address book."""
    found = made.ledger.find_by_external_id("customer", key)
    assert found is not None
    shown: dict[str, Any] = made.ledger.record("customer", found, sublists=True)[0]
    return shown


def places(shown: dict[str, Any]) -> list[tuple[bool, bool, str]]:
    """Of each address: default for bills, for goods, and its text."""
    lines = shown["addressBook"]["items"]
    return [(line["defaultBilling"], line["defaultShipping"], line["addressBookAddress_text"]) for line in lines]


def why(made: Assembly, key: str) -> str:
    """What the plan said of a customer who is written by now."""
    with raw_cursor(made.engine) as cursor:
        cursor.execute("SELECT command ->> 'why' FROM o2c.journal WHERE external_id = %s", (key,))
        return str(cursor.fetchone()[0])


def test_the_customer_of_a_deal_has_what_his_account_says(world: World, seller: Seller) -> None:
    """Both addresses, with country and state in short, and the phone number."""
    account = seller.account("Acme Inc", Phone="+1 503 555 0100", **BILLING, **SHIPPING)
    sold(seller, account)
    with product(world, ASKED) as made:
        go(made)
        shown = customer(made, account)
        assert (shown["isPerson"], shown["companyName"], shown["phone"]) == (False, "Acme Inc", "+1 503 555 0100")
        assert places(shown) == [
            (True, False, "Acme Inc\n1 Main Street\nFloor 3\nPortland\nOR\n97205\nUnited States"),
            (False, True, "Acme Inc\nLager 4\nLeipzig\n04109\nGermany"),
        ]
        assert "ade without" not in why(made, account)


def test_a_person_account_is_a_person(world: World, seller: Seller) -> None:
    """With the two names that he has there; a company stays one."""
    person = seller.create("Account", FirstName="Ann Maria", LastName="van der Lee")
    sold(seller, person)
    with product(world, ASKED) as made:
        go(made)
        shown = customer(made, person)
        assert (shown["isPerson"], shown["firstName"], shown["lastName"]) == (True, "Ann Maria", "van der Lee")


def test_by_default_accounts_are_not_asked(world: World, seller: Seller) -> None:
    """Neither street nor goods' place nor first name is read, stored or written."""
    account = seller.account("Acme Inc", Phone="+1 503 555 0100", **BILLING, **SHIPPING)
    sold(seller, account)
    with product(world, {}) as made:
        go(made)
        shown = customer(made, account)
        assert (shown["addressBook"]["items"], shown.get("phone")) == ([], None)
        with raw_cursor(made.engine) as cursor:
            cursor.execute("SELECT payload::text FROM o2c.salesforce_objects WHERE id = %s", (account,))
            told = str(cursor.fetchone()[0])
    assert [name in told for name in ("Main Street", "Lager 4", "97205", "IsPersonAccount")] == [False] * 4


def test_a_customer_of_stripe_has_what_his_account_says(world: World, seller: Seller) -> None:
    """Who comes by an invoice of Stripe's, and is tied to an account; of one who is not that is told."""
    names = ("Acme Inc", "Bolt Ltd", "Coil AG")
    tied, other, twice = (str(world.stripe("customers", name=name)["id"]) for name in names)
    for each in (tied, other, twice):
        world.invoice(1000, customer=each, pay=False)
    seller.account("Acme Inc", Stripe_Customer_Id__c=tied, Phone="+1 503 555 0100", **BILLING)
    seller.account("Coil AG", Stripe_Customer_Id__c=twice, **BILLING)
    world.stripe(f"customers/{twice}", **{"metadata[salesforce_account_id]": seller.account("Coil Holding", **BILLING)})
    with product(world, MASTERS) as made:
        go(made)
        made.plan(today(), today())
        made.apply(today(), today())
        shown = customer(made, tied)
        assert shown["phone"] == "+1 503 555 0100"
        assert [(True, False)] == [each[:2] for each in places(shown)]
        assert places(customer(made, other)) == []
        assert "billing address: no account of Salesforce is tied to the customer" in why(made, other)
        assert places(customer(made, twice)) == []
        assert "billing address: several accounts of Salesforce are tied to the customer" in why(made, twice)


def test_an_account_that_was_read_before_is_read_again(world: World, seller: Seller) -> None:
    """A detail that is asked for from today on is known of accounts that have not changed since."""
    account = seller.account("Acme Inc", **BILLING, **SHIPPING)
    with product(world, {}) as made:
        go(made)
    sold(seller, account)
    with product(world, ASKED) as made:
        go(made)
        assert [(True, False), (False, True)] == [each[:2] for each in places(customer(made, account))]


def test_what_an_account_says_badly_holds_up_no_order(world: World, seller: Seller) -> None:
    """A country that nobody knows: the customer and his order are made, and it is told."""
    account = seller.account("Acme Inc", **{**BILLING, "BillingCountry": "Cascadia"})
    sold(seller, account)
    with product(world, ASKED) as made:
        go(made)
        assert places(customer(made, account)) == []
        assert why(made, account).endswith("Made without billing address: no country is known as 'Cascadia'")


def test_the_master_of_a_field_alone_has_a_say(world: World, seller: Seller) -> None:
    """A deal's customer in Stripe has another address: bills go where Stripe says, goods where Salesforce does."""
    address = {"address[line1]": "9 Elm Street", "address[country]": "US"}
    stripe = str(world.stripe("customers", name="Acme Inc", **address)["id"])
    account = seller.account("Acme Inc", Stripe_Customer_Id__c=stripe, **BILLING, **SHIPPING)
    sold(seller, account)
    with product(world, {"billing_address": "stripe", "shipping_address": "salesforce"}) as made:
        go(made)
        assert places(customer(made, stripe)) == [
            (True, False, "Acme Inc\n9 Elm Street\nUnited States"),
            (False, True, "Acme Inc\nLager 4\nLeipzig\n04109\nGermany"),
        ]
