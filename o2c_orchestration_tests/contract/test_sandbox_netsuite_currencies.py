"""Promises of the sandbox about the currencies of a customer, by plain requests: what adds one, and what stays.

Verified by Oracle's help ("Updating a Sublist", "Replacing a Sublist") and its REST browser: `currencyList` is a
sublist of `customer`, there is no request for a single line of it, a PATCH without `replace` keeps the lines that it
does not name, and one with it does not. Not verified: whether the sublist is keyed by its currency, as it is here; in
both cases a line that was not there is added.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from o2c_orchestration_tests.contract.sandbox_netsuite_account import Account, running_account

DOLLAR, POUND, EURO = "1", "2", "4"


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    """An account with several currencies."""
    with running_account(tmp_path_factory.mktemp("netsuite")) as account:
        yield account


def listed(*currencies: str) -> dict[str, Any]:
    return {"currencyList": {"items": [{"currency": {"id": each}} for each in currencies]}}


def currencies_of(account: Account, customer: str) -> set[str]:
    lines = account.get(f"customer/{customer}")["currencyList"]["items"]
    return {line["currency"]["id"] for line in lines}


def euros(customer: str) -> dict[str, Any]:
    lines = {"items": [{"item": {"id": "1"}, "amount": 10}]}
    return {"entity": {"id": customer}, "currency": {"id": EURO}, "item": lines}


def test_a_patch_adds_a_currency_and_leaves_everything_else(account: Account) -> None:
    """The other currencies, the primary one, and every field that somebody filled in."""
    body = {"externalId": "cus_patched", "email": "ada@example.com", "comments": "by hand", "currency": {"id": DOLLAR}}
    customer = account.customer(**body, **listed(DOLLAR, POUND))
    before = account.get(f"customer/{customer}")
    assert "field: currency" in account.refused("POST", "invoice", euros(customer))["detail"]
    answer = account.call("PATCH", f"customer/{customer}", listed(EURO))
    assert (answer.status_code, answer.headers["Location"].rsplit("/", 1)[1]) == (204, customer)
    after = account.get(f"customer/{customer}")
    assert currencies_of(account, customer) == {DOLLAR, POUND, EURO}
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    assert changed <= {"currencyList", "lastModifiedDate"}
    account.create("invoice", euros(customer))


def test_adding_it_again_changes_nothing(account: Account) -> None:
    """So a request whose answer was lost may be made again."""
    customer = account.customer(**listed(DOLLAR))
    for _ in range(2):
        assert account.call("PATCH", f"customer/{customer}", listed(EURO)).status_code == 204
    lines = account.get(f"customer/{customer}")["currencyList"]["items"]
    assert sorted(line["currency"]["id"] for line in lines) == [DOLLAR, EURO]


def test_a_customer_of_one_currency_keeps_it_as_his_primary_one(account: Account) -> None:
    """Made without a list, he takes documents in his own currency after another was added."""
    customer = account.customer()
    account.call("PATCH", f"customer/{customer}", listed(EURO))
    assert account.get(f"customer/{customer}")["currency"]["id"] == DOLLAR
    account.create("invoice", euros(customer))
    account.invoice(customer, 5)


def test_replacing_the_list_drops_what_it_does_not_name(account: Account) -> None:
    """The trap beside it: `replace` takes the other currencies away."""
    customer = account.customer(currency={"id": DOLLAR}, **listed(DOLLAR, POUND))
    account.call("PATCH", f"customer/{customer}", listed(EURO), params={"replace": "currencyList"})
    assert POUND not in currencies_of(account, customer)


def test_a_line_of_the_list_is_no_address_to_post_to(account: Account) -> None:
    """The REST browser knows customers and no sublist of them to write to."""
    customer = account.customer()
    answer = account.call("POST", f"customer/{customer}/currencyList", {"currency": {"id": EURO}})
    assert answer.status_code >= 400
    assert account.refused("PATCH", f"customer/{customer}", listed("99"))["o:errorPath"].startswith("currencyList")
