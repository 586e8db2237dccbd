"""Promises of customer deposits in the sandbox's NetSuite, by plain requests: a liability until they are applied."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from o2c_orchestration_tests.contract.sandbox_netsuite_account import Account, running_account
from o2c_orchestration_tests.contract.sandbox_netsuite_bodies import BANK, apply_lines, deposit_body, euro_customer

RECEIVABLE, UNDEPOSITED, DEPOSITS, REALIZED, SALES = "2", "3", "18", "16", "4"


@pytest.fixture
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    """An account of its own for each test, so that whole accounts may be added up. A euro is worth 1.1 dollars."""
    with running_account(tmp_path_factory.mktemp("netsuite")) as account:
        yield account


def owed(account: Account, customer: str, amount: float, **body: Any) -> str:
    return account.create("customerDeposit", {"customer": {"id": customer}, "payment": amount, **body})


def paid_back(customer: str, parts: dict[str, float], **body: Any) -> dict[str, Any]:
    return {"customer": {"id": customer}, "deposit": {"items": apply_lines(parts)}, **body}


def status(account: Account, deposit: str) -> str:
    return str(account.get(f"customerDeposit/{deposit}")["status"]["refName"])


def test_it_is_a_liability_until_it_is_paid_back(account: Account) -> None:
    """The refund shows what NetSuite made in between where it shows what it is applied to, and nothing as deposits."""
    customer = account.customer()
    deposit = owed(account, customer, 100, externalId="ch_1")
    assert account.balances() == {UNDEPOSITED: 100, DEPOSITS: -100}
    refund = account.create("customerRefund", paid_back(customer, {deposit: 40}))
    shown = account.get(f"customerRefund/{refund}")
    [line] = shown["apply"]["items"]
    assert (shown["deposit"]["items"], line["type"], line["amount"]) == ([], "Deposit Application", 40)
    made = account.get(f"depositApplication/{line['doc']['id']}")
    assert (made["deposit"]["id"], made["total"], made["applied"]) == (deposit, 40, 40)
    assert account.balances() == {UNDEPOSITED: 60, DEPOSITS: -60}
    account.create("customerRefund", paid_back(customer, {deposit: 60}))
    assert (account.balances(), status(account, deposit)) == ({}, "Fully Applied")


def test_no_more_of_it_is_paid_back_than_is_left(account: Account) -> None:
    """Nor another customer's; and what is refused leaves no application behind."""
    customer, other = account.customer(), account.customer(companyName="Other")
    deposit = owed(account, customer, 100)
    for body in (paid_back(customer, {deposit: 100.01}), paid_back(other, {deposit: 10})):
        account.refused("POST", "customerRefund", body)
    assert account.sql("SELECT id FROM transaction WHERE type = 'DepAppl' ORDER BY id") == []
    account.create("customerRefund", paid_back(customer, {deposit: 70}))
    account.refused("POST", "customerRefund", paid_back(customer, {deposit: 30.01}))


def test_a_person_applies_it_to_an_invoice_by_transforming_it_only(account: Account) -> None:
    """Nobody posts an application."""
    customer = account.customer()
    deposit, invoice = owed(account, customer, 100), account.invoice(customer, 80)
    body = {"customer": {"id": customer}, "deposit": {"id": deposit}, "apply": {"items": apply_lines({invoice: 80})}}
    assert account.call("POST", "depositApplication", body).status_code == 405
    lines = {"apply": {"items": apply_lines({invoice: 80})}}
    answer = account.call("POST", f"customerDeposit/{deposit}/!transform/depositApplication", lines)
    assert answer.status_code == 204, answer.text
    assert account.get(f"invoice/{invoice}")["amountRemaining"] == 0
    assert account.balances() == {UNDEPOSITED: 100, DEPOSITS: -20, SALES: -80}


def test_a_bank_deposit_takes_it_and_its_refund(account: Account) -> None:
    """Out of Undeposited Funds, once; what was taken by a bank deposit is not deleted."""
    customer = account.customer()
    deposit = owed(account, customer, 100)
    refund = account.create("customerRefund", paid_back(customer, {deposit: 40}))
    assert status(account, deposit) == "Not Deposited"
    account.create("deposit", deposit_body(BANK, [deposit, refund]))
    assert status(account, deposit) == "Deposited"
    assert account.balances() == {BANK: 60, DEPOSITS: -60}
    account.refused("POST", "deposit", deposit_body(BANK, [deposit]))
    account.refused("DELETE", f"customerDeposit/{deposit}")


def test_the_application_goes_with_its_refund(account: Account) -> None:
    """And the deposit is whole again."""
    customer = account.customer()
    deposit = owed(account, customer, 100)
    refund = account.create("customerRefund", paid_back(customer, {deposit: 100}))
    assert account.call("DELETE", f"customerRefund/{refund}").status_code == 204
    assert account.balances() == {UNDEPOSITED: 100, DEPOSITS: -100}
    assert status(account, deposit) == "Not Deposited"


def test_another_rate_goes_to_gain_or_loss(account: Account) -> None:
    """The liability ends at nought in the base currency, and so do receivables."""
    customer = euro_customer(account)
    deposit = owed(account, customer, 100, exchangeRate=1.3)
    account.create("customerRefund", paid_back(customer, {deposit: 100}, exchangeRate=1.2))
    assert account.balances() == {UNDEPOSITED: 10, REALIZED: -10}
