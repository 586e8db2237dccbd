"""Details of customers: what of an address, a name and a phone number is written, and what is left out and told."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from o2c_orchestration.domain.contact import Address, Contact, kept_part, stripe_contact
from o2c_orchestration.domain.countries import country_code, state_code
from o2c_orchestration.domain.documents import Command, CustomerRow
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.domain.policy_details import Details
from o2c_orchestration.plan.customer import plan_customer
from o2c_orchestration.plan.details import differing

MOMENT = datetime(2026, 3, 1, tzinfo=UTC)
ADDRESS = Address(("1 Main Street",), "Portland", "OR", "97205", "US")
ANN = CustomerRow("cus_1", "Ann Lee", None, MOMENT, ("usd",))


def planned(contact: Contact | None, name: str = "Ann Lee", **details: Any) -> Command:
    """A customer of whom Stripe says this, made with these details."""
    policy = Policy.model_validate({"customers": {"details": details}})
    contacts = {} if contact is None else {"stripe": contact}
    return plan_customer(policy, replace(ANN, name=name, contacts=contacts))


def book(command: Command) -> list[Any]:
    """The lines of its address book."""
    lines: list[Any] = command.body.get("addressBook", {"items": []})["items"]
    return lines


def test_an_address_for_both_is_one():
    """Where bills and goods go to one place, NetSuite has one address that is the default for both."""
    contact = Contact(ADDRESS, ADDRESS)
    (line,) = book(planned(contact, billing_address="stripe", shipping_address="stripe"))
    assert (True, True) == (line["defaultBilling"], line["defaultShipping"])
    named = replace(contact, shipping=replace(ADDRESS, name="Depot"))
    two = book(planned(named, billing_address="stripe", shipping_address="stripe"))
    assert [(True, False), (False, True)] == [(line["defaultBilling"], line["defaultShipping"]) for line in two]


def test_a_field_that_nobody_is_the_master_of_is_not_written():
    """What a system says besides is none of NetSuite's business, and nothing of it is told."""
    command = planned(Contact(ADDRESS, ADDRESS, "+1 503 555 0100"), phone="stripe")
    assert ([], "+1 503 555 0100") == (book(command), command.body["phone"])
    assert "ade without" not in command.why


def test_nothing_said_is_nothing_left_out():
    """A customer without an address is no trouble; one who was not asked for it is told."""
    assert "ade without" not in planned(Contact(), billing_address="stripe", phone="stripe").why
    words = "Made without billing address: it has not been read yet; o2c run reads it"
    assert planned(stripe_contact({}, frozenset({"phone"})), billing_address="stripe").why.endswith(words)
    assert planned(None, billing_address="stripe").why.endswith(words)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"country": None}, "it names no country"),
        ({"country": "Narnia"}, "no country is known as 'Narnia'"),
        ({"state": "Bayern"}, "'Bayern' is no state of US"),
        ({"lines": ("a", "b", "c", "d")}, "it has 4 lines, and NetSuite has 3"),
        ({"lines": ("x" * 151,), "city": "y" * 51}, "addr1, city is longer than NetSuite takes"),
    ],
)
def test_an_address_that_makes_no_sense_is_left_out(change, words):
    """All of it, and the other one is written all the same; no more of it is quoted than country or state."""
    contact = Contact(replace(ADDRESS, **change), ADDRESS)
    command = planned(contact, billing_address="stripe", shipping_address="stripe")
    assert command.why.endswith(f"Made without billing address: {words}")
    assert [(False, True)] == [(line["defaultBilling"], line["defaultShipping"]) for line in book(command)]
    assert "Main Street" not in command.why


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("Ann Lee", {"isPerson": True, "firstName": "Ann", "lastName": "Lee"}),
        ("Ann  van der Lee", {"isPerson": True, "firstName": "Ann", "lastName": "van der Lee"}),
        ("Prince", {"isPerson": False, "companyName": "Prince"}),
        ("Ann " + "x" * 33, {"isPerson": False, "companyName": "Ann " + "x" * 33}),
    ],
)
def test_a_name_is_split_at_its_first_space(name, made):
    """Who has no two names that NetSuite takes is a company, and it is told."""
    command = planned(None, name, person="split_name")
    assert made == {
        key: command.body[key] for key in ("isPerson", "firstName", "lastName", "companyName") if key in command.body
    }
    assert made["isPerson"] != ("Made without first and last name" in command.why)


@pytest.mark.parametrize(
    ("number", "written"), [("555 010", True), ("555 01", False), ("1" * 32, True), ("1" * 33, False)]
)
def test_a_phone_number_is_written_as_it_is(number, written):
    """NetSuite keeps text: nothing is changed in it, and one that it would refuse is left out."""
    command = planned(Contact(phone=number), phone="stripe")
    assert (number if written else None) == command.body.get("phone")
    assert written != ("Made without phone number" in command.why)


@pytest.mark.parametrize(
    ("contact", "made", "words"),
    [
        (Contact(owner="a@example.com", reps=("7",)), {"id": "7"}, None),
        (Contact(owner="a@example.com", reps=("7", "8")), None, "several active sales representatives"),
        (Contact(owner="a@example.com"), None, "no active sales representative of NetSuite has"),
        (Contact(), None, "no active sales representative of NetSuite has"),
        (Contact(unread=frozenset({"owner"})), None, "it may not be seen in Salesforce, or has not been read yet"),
        (Contact(trouble="several accounts"), None, "several accounts"),
    ],
)
def test_just_one_sales_representative_is_written(contact, made, words):
    """Nobody is guessed, and whoever is not found is told."""
    policy = Policy.model_validate({"customers": {"details": {"sales_rep": "salesforce", "terms": 2}}})
    command = plan_customer(policy, replace(ANN, contacts={"salesforce": contact}))
    assert (made, {"$term": "2"}) == (command.body.get("salesRep"), command.body["terms"])
    told = "Made without sales representative: " + (words or "")
    assert (told in command.why) == (words is not None)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *(("us", "US"), ("USA", "US"), (" United States ", "US"), ("U.S.A.", "US"), ("Deutschland", "DE")),
        *(("deu", "DE"), ("Côte d'Ivoire", "CI"), ("Korea, Republic of", "KR"), ("UK", "GB"), ("Turkiye", "TR")),
        *(("XK", "XK"), ("Narnia", None), ("", None), ("Unites States", None)),
    ],
)
def test_countries_are_known_by_code_or_name(text, code):
    """Two or three letters or a name, however written; a slip of the pen is not guessed at."""
    assert code == country_code(text)


def test_states_are_known_where_there_is_a_list():
    """Names become short names; elsewhere NetSuite does that."""
    assert ["CA", "CA", None, "ON", "Bayern"] == [
        *(state_code("US", "california"), state_code("US", "CA"), state_code("US", "Ontario")),
        *(state_code("CA", "Ontario"), state_code("DE", " Bayern ")),
    ]


@pytest.mark.parametrize("odd", ["text", 5, ["x"], {"address": 5}, {"address": {"line1": 5, "country": ["US"]}}, None])
def test_what_is_no_address_is_none(odd):
    """Whatever Stripe may send for one: nothing of it is written, and nothing fails."""
    told = {name: kept_part(name, odd) for name in ("address", "shipping", "phone")}
    contact = stripe_contact(told, frozenset(told))
    assert (contact.billing, contact.shipping) == (None, None)


@pytest.mark.parametrize(
    ("change", "moved"),
    [
        ({}, False),
        ({"addr1": "1, MAIN STREET", "addressee": "Somebody"}, False),
        ({"addr1": "1 Main", "addr2": "Street"}, False),
        ({"addr1": "2 Main Street"}, True),
        ({"state": "WA"}, True),
        ({"country": {"id": "CA", "refName": "Canada"}}, True),
        ({"zip": None}, True),
    ],
)
def test_an_address_differs_by_where_it_is(change, moved):
    """Not by how it is written, nor by who is there."""
    shown = {"addr1": "1 Main Street", "city": "Portland", "state": "OR", "zip": "97205", "country": {"id": "US"}}
    record = {"addressBook": {"items": [{"defaultBilling": True, "addressBookAddress": {**shown, **change}}]}}
    row = replace(ANN, contacts={"stripe": Contact(ADDRESS, phone="+1 503 555 0100")})
    asked = Details(billing_address="stripe", phone="stripe")
    assert (["billing address"] if moved else []) == differing(asked, row, "Ann", record)
    assert ["phone number"] == differing(asked, row, "Ann", {"phone": "503-555-0101"})
    assert [] == differing(asked, row, "Ann", {"phone": "(503) 555-0100", "addressBook": {"items": []}})
