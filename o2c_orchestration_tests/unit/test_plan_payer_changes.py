"""What an account says by now of its customer in Stripe: a change of each field by itself, or words for a person."""

from dataclasses import replace
from typing import Any

import pytest

from o2c_orchestration.domain.contact import Address, Contact
from o2c_orchestration.domain.customer_changes import CustomerDiffers, LastWritten, MadePayer
from o2c_orchestration.domain.documents import Command
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan.payer_changes import plan_payer_changes
from o2c_orchestration_tests.unit.deal_builders import ACCOUNT, ACCOUNT_ID, DEAL, rows

EVERYTHING = ("name", "email", "phone", "billing_address")
WRITTEN = {
    **{"name": LastWritten(5, "Acme Inc"), "email": LastWritten(5, "ann@example.com")},
    **{"phone": LastWritten(5, ""), "address": LastWritten(5, "")},
}
MADE = MadePayer("cus_1", WRITTEN, {"name": "Acme Inc", "email": "ann@example.com"})
PLACE = Address(("Main St 1", "Door 2", "Floor 3"), "Portland", "Oregon", "97201", "United States")
SAID = {"line1": "Main St 1", "line2": "Door 2, Floor 3", "city": "Portland", "state": "OR"}
SAID |= {"postal_code": "97201", "country": "US"}


def changes(
    *followed: str, made: MadePayer = MADE, contact: Contact | None = None, **account: Any
) -> tuple[list[Command], list[CustomerDiffers]]:
    stripe = dict.fromkeys(followed, "salesforce")
    policy = Policy.model_validate({"customers": {"changes": {"stripe": stripe}}})
    given = replace(ACCOUNT, contact=contact or Contact(), **account)
    return plan_payer_changes(policy, rows(DEAL, account=given), {ACCOUNT_ID: made}, {})


def test_by_default_no_field_is_followed() -> None:
    """Whatever the account says."""
    told = Contact(billing=PLACE, phone="+1 503 555 0100")
    assert changes(name="Apex Inc", email="new@example.com", contact=told) == ([], [])


def test_each_field_is_a_change_of_its_own() -> None:
    """With the field's name in Stripe, what stood there by our doing, and a key that names the write before it."""
    told = Contact(billing=PLACE, phone="+1 503 555 0100")
    commands, differences = changes(*EVERYTHING, name="Apex Inc", email="new@example.com", contact=told)
    assert {each.external_id: each.body["params"] for each in commands} == {
        "stripe:cf:5-name": {"name": "Apex Inc"},
        "stripe:cf:5-email": {"email": "new@example.com"},
        "stripe:cf:5-phone": {"phone": "+1 503 555 0100"},
        "stripe:cf:5-address": {"address": SAID},
    }
    assert [each.body["was"] for each in commands][2:] == [{"phone": ""}, {"address": ""}]
    assert differences == []


def test_what_is_written_the_same_is_no_change() -> None:
    """The same address and e-mail address, as Stripe and Salesforce write them, and what the account leaves empty."""
    made = replace(MADE, written=WRITTEN | {"address": LastWritten(7, SAID), "phone": LastWritten(8, "+1 503")})
    assert changes(*EVERYTHING, made=made, email="Ann@Example.com", contact=Contact(billing=PLACE)) == ([], [])


def test_all_parts_of_an_address_are_written() -> None:
    """One that is left out would stay as it was."""
    told = Contact(billing=Address(("Main St 1",), "Portland"))
    [[change], _] = changes("billing_address", contact=told)
    written = change.body["params"]["address"]
    assert (written.keys(), {part for part, text in written.items() if text}) == (SAID.keys(), {"line1", "city"})


def test_an_address_that_somebody_changed_in_stripe_is_a_gap_without_it() -> None:
    """Nothing is written; neither address is quoted, since gaps are told outside."""
    shown = MADE.shown | {"email": "other@example.com"}
    [commands, [told]] = changes("email", made=replace(MADE, shown=shown), email="new@example.com")
    assert (commands, told.field, "another e-mail address than we wrote" in told.reason) == ([], "email", True)
    assert "example.com" not in told.reason


def test_what_somebody_typed_and_is_wanted_is_adopted() -> None:
    """The change finds it there, sends nothing, and is remembered."""
    shown = MADE.shown | {"email": "new@example.com"}
    [[change], told] = changes("email", made=replace(MADE, shown=shown), email="new@example.com")
    assert (change.body["params"], told) == ({"email": "new@example.com"}, [])


@pytest.mark.parametrize(
    ("name", "contact", "words"),
    [
        ("phone", Contact(phone="+1 503 555 0100 ext. 12345"), "it has 26 characters, and Stripe takes 20"),
        ("billing_address", Contact(billing=Address(("X",), country="Atlantis")), "its country is none that is known"),
    ],
)
def test_what_stripe_would_refuse_is_told_and_not_sent(name: str, contact: Contact, words: str) -> None:
    """In words that do not repeat it."""
    [commands, [told]] = changes(name, contact=contact)
    assert (commands, words in told.reason) == ([], True)
    assert [part for part in ("503", "Atlantis") if part in told.reason] == []


def test_what_was_refused_waits_for_a_person_or_another_value() -> None:
    """It is not sent again and again."""
    refused = replace(MADE, refused={"stripe:cf:5-email": ("new@example.com", "Stripe said no")})
    [commands, [told]] = changes("email", made=refused, email="New@example.com")
    assert (commands, told.reason) == ([], "Stripe said no")
    assert len(changes("email", made=refused, email="newer@example.com")[0]) == 1
