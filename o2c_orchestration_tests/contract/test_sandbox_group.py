"""Promises of the sandbox of a group: several Stripe accounts by key, several subsidiaries, customers in both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests

from o2c_orchestration.sandbox.config import SandboxConfig
from o2c_orchestration.sandbox.server import SandboxServer
from o2c_orchestration_tests.contract.sandbox_netsuite_account import CONFIG, Account, payment_body, running_account
from o2c_orchestration_tests.contract.sandbox_netsuite_bodies import BANK, deposit_body

GMBH = "Checking Example GmbH"
RELATION = "customerSubsidiaryRelationship"


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    """A OneWorld account with two subsidiaries."""
    config = replace(CONFIG, netsuite_subsidiaries=("Example GmbH",))
    with running_account(tmp_path_factory.mktemp("netsuite"), config) as account:
        yield account


@pytest.fixture(scope="module")
def bank(account: Account) -> str:
    """The second subsidiary's bank account."""
    [found] = [
        row["id"] for row in account.sql("SELECT id, fullname FROM account ORDER BY id") if row["fullname"] == GMBH
    ]
    return str(found)


def invoice(customer: str, subsidiary: str, **body: Any) -> dict[str, Any]:
    lines = [{"item": {"id": "1"}, "amount": 100}]
    return {"entity": {"id": customer}, "subsidiary": {"id": subsidiary}, "item": {"items": lines}, **body}


def related(customer: str, **body: Any) -> dict[str, Any]:
    return {"entity": {"id": customer}, "subsidiary": {"id": "2"}, **body}


def test_a_document_needs_a_customer_of_its_subsidiary(account: Account) -> None:
    """Refused in the words for a value that the field does not allow, and taken once the relationship is there."""
    customer = account.customer()
    refusal = account.refused("POST", "invoice", invoice(customer, "2"))
    assert "Invalid Field Value 2 for the following field: subsidiary" in refusal["detail"]
    account.create(RELATION, related(customer))
    made = account.get(f"invoice/{account.create('invoice', invoice(customer, '2'))}")
    assert made["subsidiary"]["id"] == "2"
    assert account.get(f"invoice/{account.invoice(customer, 5)}")["subsidiary"]["id"] == "1"


def test_a_relationship_is_made_once_and_found_by_its_external_id(account: Account) -> None:
    """As every other record; SuiteQL shows it beside the primary subsidiary."""
    customer = account.customer()
    key = account.create(RELATION, related(customer, externalId="cs-1-2"))
    assert account.get(f"{RELATION}/eid:cs-1-2")["id"] == key
    assert "already exists" in account.refused("POST", RELATION, related(customer))["detail"]
    query = (
        "SELECT subsidiary, isprimarysub FROM customersubsidiaryrelationship WHERE entity = ? ORDER BY subsidiary, id"
    )
    rows = account.sql(query, customer)
    assert [(row["subsidiary"], row["isprimarysub"]) for row in rows] == [("1", "T"), ("2", "F")]


def test_a_payment_is_applied_within_its_subsidiary(account: Account) -> None:
    """The same customer's invoice in the other subsidiary is none of its."""
    customer = account.customer()
    account.create(RELATION, related(customer))
    own, other = (account.create("invoice", invoice(customer, subsidiary)) for subsidiary in ("2", "1"))
    body = {"subsidiary": {"id": "2"}}
    refusal = account.refused("POST", "customerPayment", payment_body(customer, 100, {other: 100}) | body)
    assert "following field: doc" in refusal["detail"]
    account.create("customerPayment", payment_body(customer, 100, {own: 100}) | body)


def test_a_deposit_is_of_its_bank_accounts_subsidiary(account: Account, bank: str) -> None:
    """Neither another subsidiary's bank account nor its payments."""
    customer = account.customer()
    account.create(RELATION, related(customer))
    own = account.payment(customer, 10, {}, subsidiary={"id": "2"})
    other = account.payment(customer, 10, {})
    assert "field: id" in account.refused("POST", "deposit", deposit_body(bank, [other]))["detail"]
    wrong = deposit_body(BANK, [own], subsidiary={"id": "2"})
    assert "field: account" in account.refused("POST", "deposit", wrong)["detail"]
    made = account.create("deposit", deposit_body(bank, [own], subsidiary={"id": "2"}))
    assert account.get(f"deposit/{made}")["subsidiary"]["id"] == "2"


def test_the_key_says_which_stripe_account_is_asked(tmp_path: Path) -> None:
    """Each has objects, money and an id of its own; an unknown key has none."""
    config = SandboxConfig(stripe_accounts=(("acct_2", "rk_2"),))
    with SandboxServer(tmp_path, config=config) as server:

        def ask(path: str, key: str, method: str = "GET", **data: str) -> Any:
            headers = {"Authorization": f"Bearer {key}"}
            return requests.request(method, server.base_url + path, data=data, headers=headers, timeout=10).json()

        first, second = config.stripe_secret_key, "rk_2"
        assert [ask("/v1/account", key)["id"] for key in (first, second)] == [config.stripe_account, "acct_2"]
        customer = ask("/v1/customers", second, "POST", name="Ada")["id"]
        assert ask("/v1/customers", first, "POST", name="Bob")["id"] != customer
        assert [len(ask("/v1/customers", key)["data"]) for key in (first, second)] == [1, 1]
        assert ask(f"/v1/customers/{customer}", first)["error"]["code"] == "resource_missing"
        assert "Invalid API Key" in ask("/v1/account", "rk_3")["error"]["message"]
        paid = {"amount": "500", "currency": "usd", "confirm": "true", "payment_method": "pm_card_visa"}
        ask("/v1/payment_intents", second, "POST", **paid, customer=customer)
        control = f"{server.base_url}/_sandbox/accounts/acct_2/_sandbox/stripe/payouts"
        assert len(requests.post(control, json={"pending": True}, timeout=10).json()["payouts"]) == 1
        assert [len(ask("/v1/payouts", key)["data"]) for key in (first, second)] == [0, 1]
