"""Promises of the sandbox about address books, people and phone numbers, which are NetSuite's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from o2c_orchestration_tests.contract.sandbox_netsuite_account import Account, error_of, running_account


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    with running_account(tmp_path_factory.mktemp("netsuite")) as account:
        yield account


def made(account: Account, address: dict[str, Any], **more: Any) -> Any:
    """The answer to a customer with one address."""
    book = {"items": [{"defaultBilling": True, "addressBookAddress": address}]}
    body = {"companyName": "Acme", "subsidiary": {"id": "1"}, "addressBook": book, **more}
    return account.call("POST", "customer", body, headers={"X-NetSuite-PropertyNameValidation": "error"})


def shown(account: Account, answer: Any) -> Any:
    """The only line of the address book of the customer that was made."""
    (line,) = account.get(f"customer/{answer.headers['Location'].rsplit('/', 1)[-1]}/addressBook")["items"]
    return line


def test_an_address_is_shown_with_its_country_by_name(account: Account) -> None:
    """A state by name becomes its short name; the text is what a form prints."""
    line = shown(account, made(account, {"addr1": "1 Main", "state": "California", "country": {"id": "US"}}))
    assert line["addressBookAddress"] == {
        "addr1": "1 Main",
        "state": "CA",
        "country": {"id": "US", "refName": "United States"},
    }
    assert (line["defaultBilling"], line["addressBookAddress_text"]) == (True, "1 Main\nCA\nUnited States")


def test_a_country_as_plain_text_or_none_at_all(account: Account) -> None:
    """Its two letters do; without any it is the company's own."""
    assert shown(account, made(account, {"country": "JP"}))["addressBookAddress"]["country"]["id"] == "JP"
    assert shown(account, made(account, {"city": "Rome"}))["addressBookAddress"]["country"]["id"] == "US"


def test_a_sales_representative_is_an_active_employee_who_sells(account: Account) -> None:
    """Others are refused by name; SuiteQL shows all of them."""
    staff = ({"salesRep": True}, {"salesRep": True, "inactive": True}, {})
    for number, flags in enumerate(staff, 901):
        account.control("employees", {"id": str(number), "email": f"e{number}@example.com", **flags})
    answers = [made(account, {"country": "US"}, salesRep={"id": str(number)}).status_code for number in (901, 902, 903)]
    assert answers == [204, 400, 400]
    rows = account.sql("SELECT id, email, issalesrep, isinactive FROM employee ORDER BY id")
    assert [(row["id"], row["issalesrep"], row["isinactive"]) for row in rows] == [
        *(("901", "T", "F"), ("902", "T", "T"), ("903", "F", "F")),
    ]


@pytest.mark.parametrize(
    ("address", "more", "words"),
    [
        ({"country": {"id": "USA"}}, {}, "Invalid Field Value USA for the following field: country"),
        ({"country": {"id": "227"}}, {}, "Invalid Field Value 227 for the following field: country"),
        ({"country": "US", "state": "Calif."}, {}, "Invalid Field Value Calif. for the following field: state"),
        ({"country": "US", "street": "x"}, {}, "Unknown property name: addressBook.items[0].addressBookAddress.street"),
        ({"country": "US"}, {"phone": "0100"}, "Phone number should have seven digits or more."),
        ({"country": "US"}, {"phone": "1" * 33}, "The field phone contained more than the maximum number"),
    ],
)
def test_what_is_not_taken(account: Account, address: dict[str, Any], more: dict[str, Any], words: str) -> None:
    """Refused by name, and no customer is made."""
    before = account.get("customer")["totalResults"]
    answer = made(account, address, **more)
    assert (answer.status_code, words in error_of(answer)["detail"]) == (400, True)
    assert account.get("customer")["totalResults"] == before
