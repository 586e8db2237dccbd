"""Details of customers from Salesforce: what an account says, on the customer that NetSuite shows."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import requests

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.preflight.details import customer_details
from o2c_orchestration.sandbox.salesforce.org import SALES_USER
from o2c_orchestration.store.database import raw_cursor
from o2c_orchestration_tests.contract.test_client_netsuite_read import failure, reader
from o2c_orchestration_tests.e2e.cli_fixtures import World, today
from o2c_orchestration_tests.e2e.seller import Seller
from o2c_orchestration_tests.e2e.test_check import look
from o2c_orchestration_tests.e2e.test_deals import go
from o2c_orchestration_tests.wire_fake import WireFake

MASTERS = {"billing_address": "salesforce", "shipping_address": "salesforce", "phone": "salesforce"}
ASKED: dict[str, Any] = {**MASTERS, "person": "salesforce"}
BILLING = {"BillingStreet": "1 Main Street\r\nFloor 3", "BillingCity": "Portland", "BillingState": "Oregon"}
BILLING |= {"BillingPostalCode": "97205", "BillingCountry": "United States"}
SHIPPING = {"ShippingStreet": "Lager 4", "ShippingCity": "Leipzig", "ShippingPostalCode": "04109"}
SHIPPING |= {"ShippingCountry": "Germany"}


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


def stored(made: Assembly, account: str) -> str:
    """An account as it lies in the store."""
    with raw_cursor(made.engine) as cursor:
        cursor.execute("SELECT payload::text FROM o2c.salesforce_objects WHERE id = %s", (account,))
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
        told = stored(made, account)
    assert [name in told for name in ("Main Street", "Lager 4", "97205", "IsPersonAccount", "Owner")] == [False] * 5


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
    """What is asked for from today on is known of accounts that have not changed, and what is no more is not kept."""
    account = seller.account("Acme Inc", **BILLING, **SHIPPING)
    with product(world, {}) as made:
        go(made)
    sold(seller, account)
    with product(world, ASKED) as made:
        go(made)
        assert [(True, False), (False, True)] == [each[:2] for each in places(customer(made, account))]
        assert "Lager 4" in stored(made, account)
        # The next poll begins behind it.
        seller.account("Bolt Ltd")
        made.deals.poll()
    with product(world, {"billing_address": "salesforce"}, overlap_minutes=0) as made:
        made.deals.poll()
        assert [text in stored(made, account) for text in ("Main Street", "Lager 4")] == [True, False]


def employee(world: World, email: str, **flags: bool) -> str:
    """Somebody who works here, as NetSuite knows him; his internal id."""
    answer = requests.post(f"{world.base_url}/_sandbox/netsuite/employees", json={"email": email, **flags}, timeout=10)
    return str(answer.json()["id"])


SELLER = "Sam.Seller@example.com"
NOBODY = "no active sales representative of NetSuite has the e-mail address of the account's owner"
SEVERAL = "several active sales representatives of NetSuite have the e-mail address of the account's owner"


@pytest.mark.parametrize(
    ("staff", "made", "words"),
    [
        ([{"salesRep": True}], True, None),
        ([], False, NOBODY),
        ([{"salesRep": False}], False, NOBODY),
        ([{"salesRep": True, "inactive": True}], False, NOBODY),
        ([{"salesRep": True}, {"salesRep": True}], False, SEVERAL),
        ([{"salesRep": True}, {"salesRep": True, "inactive": True}], True, None),
    ],
)
def test_the_owner_of_an_account_is_the_customers_sales_representative(
    world: World, seller: Seller, staff: list[dict[str, bool]], made: bool, words: str | None
) -> None:
    """If just one active sales representative has his e-mail address; else the customer is made without, and told."""
    ids = [employee(world, SELLER, **flags) for flags in staff]
    account = seller.account("Acme Inc", OwnerId=SALES_USER)
    sold(seller, account)
    with product(world, {"sales_rep": "salesforce", "terms": "Net 30"}) as company:
        go(company)
        shown = customer(company, account)
        assert (shown.get("salesRep") or {}).get("id") == (ids[0] if made else None)
        assert shown["terms"]["refName"] == "Net 30"
        told = why(company, account)
        assert (words in told) if words else ("ade without" not in told)


def test_employees_are_read_only_where_somebody_asks(world: World) -> None:
    """By e-mail address alone, sales representatives alone; and nobody is kept who is asked for no more."""
    employee(world, SELLER, salesRep=True)
    employee(world, "cook@example.com")
    for details, kept in (({}, []), ({"sales_rep": "salesforce"}, [SELLER]), ({}, [])):
        with product(world, details) as made:
            go(made)
            with raw_cursor(made.engine) as cursor:
                cursor.execute("SELECT name FROM o2c.netsuite_reference WHERE kind = 'employee'")
                assert [row[0] for row in cursor.fetchall()] == kept


def test_a_representative_who_left_since_holds_up_nobody(world: World, seller: Seller) -> None:
    """He was active when NetSuite's employees were read: it refuses him, and the customer is made without."""
    rep = employee(world, SELLER, salesRep=True)
    account = seller.account("Acme Inc", OwnerId=SALES_USER)
    sold(seller, account)
    with product(world, {"sales_rep": "salesforce"}) as made:
        made.read_reference()
        made.read_ledger(today(), today())
        made.deals.poll()
        made.deals.plan()
        requests.post(
            f"{world.base_url}/_sandbox/netsuite/employees",
            json={"id": rep, "email": SELLER, "salesRep": True, "inactive": True},
            timeout=10,
        )
        made.apply_deals()
        assert customer(made, account).get("salesRep") is None
        with raw_cursor(made.engine) as cursor:
            cursor.execute("SELECT string_agg(note, ' ') FROM o2c.journal_history")
            assert "made without salesRep, since NetSuite said" in str(cursor.fetchone()[0])


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


def test_the_preflight_tells_terms_and_representatives_that_are_not_there(world: World) -> None:
    """Terms that NetSuite lacks are an error, nobody to be a representative is a hint; nobody is asked by default."""
    asked = {"terms": "Net 99", "sales_rep": "salesforce"}
    found = look(world, customers={"details": asked})
    assert (found["customers.details.terms"].ok, found["customers.details.sales_rep"].ok) == (False, None)
    employee(world, SELLER, salesRep=True)
    found = look(world, customers={"details": {**asked, "terms": "Net 30"}})
    assert (found["customers.details.terms"].ok, found["customers.details.sales_rep"].ok) == (True, True)
    assert [what for what in look(world) if what.startswith("customers.details")] == []


def test_what_changes_at_the_master_is_told_until_netsuite_says_it_too(world: World, seller: Seller) -> None:
    """By the preflight, by name of the customer and the detail; nothing is written, and a person's hand ends it."""
    address = {"address[line1]": "9 Elm Street", "address[country]": "US"}
    stripe = str(world.stripe("customers", name="Acme Inc", phone="+1 503 555 0100", **address)["id"])
    world.invoice(1000, customer=stripe, pay=False)
    details = {"billing_address": "stripe", "phone": "stripe", "shipping_address": "salesforce"}
    asked = {"customers": {"details": details}}
    account = seller.account("Bolt Ltd", **SHIPPING)
    sold(seller, account)
    with product(world, details) as made:
        go(made)
        made.plan(today(), today())
        made.apply(today(), today())
    assert "customers.details" not in look(world, **asked)
    moved = {**address, "address[line1]": "1 Oak Street"}
    world.stripe(f"customers/{stripe}", phone="(503) 555-0100", **moved)
    seller.change("Account", account, ShippingCity="Halle")
    with product(world, details) as made:
        go(made)
        writes = customer(made, stripe)["addressBook"]["items"]
        assert [line["addressBookAddress"]["addr1"] for line in writes] == ["9 Elm Street"]
    found = look(world, **asked)["customers.details"]
    told = [f"{stripe} (billing address)" in found.detail, f"{account} (shipping address)" in found.detail]
    assert (found.ok, told) == (None, [True, True])
    assert "phone" not in found.detail
    assert "customers.details" not in look(world)
    with product(world, details) as made:
        line = {"defaultBilling": True, "addressBookAddress": {"addr1": "1 Oak street", "country": {"id": "US"}}}
        number = customer(made, stripe)["id"]
        change = {"do": "change", "recordType": "customer", "id": number, "body": {"addressBook": {"items": [line]}}}
        screen = f"{world.base_url}/_sandbox/netsuite/records"
        requests.post(screen, json={**change, "replace": ["addressBook"]}, timeout=10).raise_for_status()
    assert stripe not in look(world, **asked)["customers.details"].detail


def test_customers_whose_record_may_not_be_read_are_told(world: World, seller: Seller) -> None:
    """How many, who, NetSuite's words and what to do; one who is deleted there is no such customer."""
    details = {"phone": "stripe"}
    keys = [str(world.stripe("customers", name=name, phone="+1 503 555 0100")["id"]) for name in ("Acme Inc", "Bolt")]
    for key in keys:
        world.invoice(1000, customer=key, pay=False)
    with product(world, details) as made:
        go(made)
        made.plan(today(), today())
        made.apply(today(), today())
        for key in keys:
            world.stripe(f"customers/{key}", phone="+1 503 555 0199")
        go(made)
        answers = {
            "403": failure(403, "INSUFFICIENT_PERMISSION", "You need the 'Lists -> Customers' permission."),
            "404": failure(404, "NONEXISTENT_ID", "The record does not exist."),
            "500": failure(500, "UNEXPECTED_ERROR", "An unexpected error occurred."),
        }
        for status, answer in answers.items():
            with WireFake(answer) as fake:
                found = {each.what: each for each in customer_details(made.engine, reader(fake.base_url), made.policy)}
            if status == "404":
                assert found == {}
                continue
            (told,) = found.values()
            assert (told.what, told.ok) == ("customers.details, not read", None)
            assert told.detail.startswith("2 customers who changed at their masters were not compared: ")
            assert all(key in told.detail for key in keys)
            assert ("view customers" in told.to_do) is (status == "403")
        assert "'Lists -> Customers'" not in look(world, customers={"details": details})["customers.details"].detail
