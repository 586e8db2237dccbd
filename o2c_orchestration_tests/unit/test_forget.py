"""What is personal of a record, and the record without it: ids and amounts stay, and twice is as once."""

from typing import Any

import pytest

from o2c_orchestration.domain import forget
from o2c_orchestration.domain.forget import FORGOTTEN, Words

ANN = Words.of(["Ann Smith", "ann@smith.example", "Li"], ["Springfield", "OR"])


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Ann Smith bought", f"{FORGOTTEN} bought"),
        ("ANN SMITH, ann@smith.example", f"{FORGOTTEN}, {FORGOTTEN}"),
        ("Joann Smithers", "Joann Smithers"),
        ("Li lives in Springfield OR near, like many or some", "Li lives in Springfield OR near, like many or some"),
    ],
)
def test_names_are_whole_words_and_parts_are_meant_only_in_words_about_the_person(text: str, left: str) -> None:
    """A short name or a town in a text about anybody may be something else."""
    assert ANN.out_of(text) == left


def test_a_company_that_is_called_like_our_own_words_takes_none_of_them_away() -> None:
    """What is said of others stays readable; what is said of it loses the name as it writes it."""
    words = Words.of(["Invoice"])
    assert words.out_of("Invoice 5 of cus_2 is missing") == "Invoice 5 of cus_2 is missing"
    assert words.out_of("Invoice has an invoice", about=True) == f"{FORGOTTEN} has an invoice"


def test_in_words_about_the_person_parts_go_too() -> None:
    """As they are written: OR is a state, or is a word."""
    assert ANN.out_of("Li of Springfield, OR, or so", about=True) == f"{FORGOTTEN} of {FORGOTTEN}, {FORGOTTEN}, or so"


def test_ids_and_references_stay_whatever_they_look_like() -> None:
    """A company may be called like a currency or an item."""
    words = Words.of(["Stripe Item", "cus_Smith"])
    value = {"externalId": "cus_Smith", "item": {"$item": "Stripe Item"}, "memo": "Stripe Item", "rate": 5}
    assert words.out_of_json(value) == {**value, "memo": FORGOTTEN}


def test_a_customer_is_ids_and_amounts_and_nothing_else() -> None:
    """A field that Stripe adds tomorrow is not kept."""
    kept = {"id": "cus_1", "object": "customer", "created": 1, "balance": -5, "currency": "usd"}
    told = {
        **kept,
        "name": "Ann Smith",
        "email": "a@b.example",
        "nickname": "Annie",
        "metadata": {"region": "EU", "attn": "Ann Smith"},
    }
    found = forget.stripe_object(told)
    assert found == {**kept, "metadata": {"region": "EU"}}
    assert forget.stripe_object(found) == found


def test_what_a_mapping_reads_is_there_or_is_not() -> None:
    """A placeholder would be written to NetSuite; a key that is missing is refused by name, or has a default."""
    told = {"metadata": {"attn": "for Ann Smith", "region": "EU"}, "line": {"il_1": {"attn": "Ann Smith", "a": "b"}}}
    found = forget.kept_metadata({**told, "detail": {"phone": "1"}, "subscription": {}}, ANN)
    assert found == {"metadata": {"region": "EU"}, "line": {"il_1": {"a": "b"}}, "detail": {}, "subscription": {}}


def test_an_invoice_keeps_all_but_free_texts() -> None:
    """By its own word for the customer, when nothing else is known of him any more."""
    told: dict[str, Any] = {
        "id": "in_1",
        "object": "invoice",
        "customer": "cus_1",
        "total": 5,
        "customer_name": "Ann Smith",
    }
    told |= {"description": "x", "footer": "y", "lines": {"data": [{"id": "il_1", "description": "For Ann Smith"}]}}
    found = forget.stripe_object(told)
    assert found["lines"] == {"data": [{"id": "il_1", "description": f"For {FORGOTTEN}"}]}
    assert found.keys() == {"id", "object", "customer", "total", "lines"}


def test_an_account_keeps_its_fields_and_is_called_by_its_id() -> None:
    """A field that is not there has not been asked for: so it is there, and empty."""
    told = {"Id": "001A", "Name": "Ann Smith", "Phone": "1", "Owner.Email": "rep@us.example", "O2C_Open__c": 5}
    found = forget.salesforce_record("Account", told)
    assert found == {**told, "Name": "001A", "Phone": None}
    assert forget.salesforce_words("Account", found) == Words()


def test_a_customer_that_is_written_after_all_is_called_by_his_id() -> None:
    """In NetSuite and in Stripe; what books need of him stays."""
    body = {
        "externalId": "cus_1",
        "companyName": "Ann Smith",
        "email": "a",
        "phone": "b",
        "currency": {"$currency": "usd"},
    }
    told = {"document": "customer", "external_id": "cus_1", "body": body, "lines": [], "why": "Ann Smith is new"}
    found = forget.command(told, Words())
    kept = {"externalId": "cus_1", "currency": {"$currency": "usd"}, "isPerson": False, "companyName": "cus_1"}
    assert (found["body"], "Ann" in found["why"]) == (kept, False)
    params = {"name": "Ann Smith", "email": "a", "metadata": {"salesforce_account_id": "001A"}}
    told = {"document": "stripeCustomer", "external_id": "stripe:cus:001A", "why": "", "lines": [{"text": "Ann Smith"}]}
    found = forget.command({**told, "body": {"path": "/v1/customers", "params": params}}, Words())
    assert found["body"]["params"] == {"name": "001A", "metadata": {"salesforce_account_id": "001A"}}
    assert found["lines"] == [{"text": "001A"}]


def test_a_change_that_is_written_after_all_says_nothing_and_is_refused() -> None:
    """Neither the name that was to be written nor the one before is left, and no customer is called like that."""
    body = {"path": "/v1/customers/cus_1", "params": {"name": "Ann Smith"}, "was": {"name": "Ann Jones"}}
    told = {"document": "stripeCustomerField", "external_id": "stripe:cf:1-name", "lines": [{"text": "Ann Smith"}]}
    found = forget.command({**told, "body": body, "why": "Ann Smith is Ann Jones"}, Words())
    assert "Ann" not in str(found)
    assert found["body"]["was"]["name"] == found["body"]["params"]["name"] != ""
    assert found["body"]["path"] == body["path"]
