"""Classes, departments, locations and custom fields of the sandbox's account: taken where they fit, refused by name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from o2c_orchestration_tests.contract.sandbox_netsuite_account import RECORDS, Account, running_account

STRICT = {"X-NetSuite-PropertyNameValidation": "error"}


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    """An account with its lists."""
    with running_account(tmp_path_factory.mktemp("netsuite")) as found:
        yield found


def invoice(account: Account, line: dict[str, Any] | None = None, **body: Any) -> Any:
    """The answer to a new invoice with these fields."""
    lines = [{"item": {"id": "1"}, "amount": 100, **(line or {})}]
    whole = {"entity": {"id": account.customer()}, "item": {"items": lines}, **body}
    return account.session.post(f"{account.base_url}{RECORDS}/invoice", json=whole, headers=STRICT, timeout=30)


def test_the_lists_are_read_by_their_full_names(account: Account) -> None:
    """A class below another one is named with it; inactive ones say so."""
    rows = account.sql("SELECT id, name, fullname, parent, isinactive FROM classification ORDER BY id")
    assert ("Services : Onboarding", "Onboarding") == (rows[2]["fullname"], rows[2]["name"])
    assert {"T"} == {row["isinactive"] for row in rows if row["name"] == "Hardware"}
    for table in ("department", "location"):
        assert account.sql(f"SELECT id, fullname FROM {table} ORDER BY id")


def test_headers_and_lines_carry_them(account: Account) -> None:
    """The record shows them with their names, SuiteQL's lines their ids: the main line those of the header."""
    made = invoice(account, {"department": {"id": "1"}}, **{"class": {"id": "2"}}, custbody_region={"id": "1"})
    assert 204 == made.status_code, made.text
    url = made.headers["Location"]
    record = account.session.get(url, params={"expandSubResources": "true"}, timeout=30).json()
    assert ("Services", "EMEA") == (record["class"]["refName"], record["custbody_region"]["refName"])
    assert "Sales" == record["item"]["items"][0]["department"]["refName"]
    query = (
        f"SELECT id, class, department FROM transactionline WHERE transaction = {url.rpartition('/')[2]} ORDER BY id"
    )
    lines = account.sql(query)
    assert [("2", None), (None, "1")] == [(line.get("class"), line.get("department")) for line in lines]


@pytest.mark.parametrize(
    ("line", "body", "word"),
    [
        ({}, {"custbody_nobody": "x"}, "custbody_nobody"),
        ({"custcol_nobody": "x"}, {}, "custcol_nobody"),
        ({}, {"custcol_product": "x"}, "custcol_product"),
        ({}, {"class": {"id": "99"}}, "class"),
        ({}, {"class": {"id": "4"}}, "class"),
        ({"location": {"id": "Berlin"}}, {}, "location"),
        ({}, {"custbody_region": {"id": "3"}}, "custbody_region"),
        ({}, {"custbody_region": "EMEA"}, "custbody_region"),
        ({}, {"custbody_contract_start": "tomorrow"}, "custbody_contract_start"),
        ({}, {"custbody_urgent": "yes"}, "custbody_urgent"),
        ({}, {"custbody_list_amount": "ten"}, "custbody_list_amount"),
    ],
)
def test_what_it_does_not_know_is_refused(
    account: Account, line: dict[str, Any], body: dict[str, Any], word: str
) -> None:
    """Unknown fields, ids that are not there or inactive, values of another kind: 400, and the field is named."""
    answer = invoice(account, line, **body)
    assert 400 == answer.status_code
    assert word in answer.text


def test_select_options_tell_what_a_field_takes(account: Account) -> None:
    """Only what is active."""
    headers = {"Accept": "application/vnd.oracle.resource+json; type=select-options"}
    url = f"{account.base_url}{RECORDS}/invoice"
    told = account.session.post(url, params={"fields": "class,custbody_region"}, json={}, headers=headers, timeout=30)
    options = {
        name: [each["refName"] for each in found["_selectOptions"]["items"]] for name, found in told.json().items()
    }
    assert ["Software", "Services", "Services : Onboarding"] == options["class"]
    assert ["EMEA", "AMER"] == options["custbody_region"]
