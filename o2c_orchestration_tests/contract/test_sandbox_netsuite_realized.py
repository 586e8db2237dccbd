"""Promises of the sandbox about exchange rates that differ, by plain requests: what NetSuite posts by itself.

From an invoice in euro to dollars on the bank account, every account that money only passes through ends at nought in
the base currency, and the difference is on the account for realized gain or loss.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from o2c_orchestration_tests.contract.sandbox_netsuite_account import Account, running_account
from o2c_orchestration_tests.contract.sandbox_netsuite_bodies import (
    BANK,
    REALIZED,
    deposit_body,
    euro_customer,
    memo_body,
    refund_body,
)

RECEIVABLE, UNDEPOSITED, SALES = "2", "3", "4"
EURO = {"id": "4"}


@pytest.fixture
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    """An account of its own for each test, so that whole accounts may be added up. A euro is worth 1.1 dollars."""
    with running_account(tmp_path_factory.mktemp("netsuite")) as account:
        yield account


def test_a_payment_at_another_rate_leaves_a_gain_that_nobody_wrote(account: Account) -> None:
    """The invoice at 1.1, its payment at 1.3: receivables are settled in dollars too."""
    customer = euro_customer(account)
    invoice = account.invoice(customer, 100)
    account.payment(customer, 100, {invoice: 100}, exchangeRate=1.3)
    assert account.balances() == {UNDEPOSITED: 130, SALES: -110, REALIZED: -20}


def test_a_payment_of_a_part_realizes_that_part(account: Account) -> None:
    """And the last one all that is left, so that rounding leaves no cent behind."""
    customer = euro_customer(account)
    invoice = account.invoice(customer, 100)
    account.payment(customer, 33.33, {invoice: 33.33}, exchangeRate=1)
    assert account.balances()[REALIZED] == 3.33
    account.payment(customer, 66.67, {invoice: 66.67}, exchangeRate=1.2)
    assert account.balances() == {UNDEPOSITED: 33.33 + 80, SALES: -110, REALIZED: round(110 - 33.33 - 80, 2)}


def test_a_memo_and_a_refund_at_other_rates(account: Account) -> None:
    """What a refund takes out of a memo, and what an invoice is credited, by the same rule."""
    customer = euro_customer(account)
    memo = account.create("creditMemo", memo_body(customer, 50, exchangeRate=1.2))
    account.create("customerRefund", refund_body(customer, {memo: 50}, exchangeRate=1))
    assert account.balances() == {UNDEPOSITED: -50, SALES: 60, REALIZED: -10}


def test_from_the_invoice_to_the_bank_in_dollars(account: Account) -> None:
    """Stripe settles 100 euro for 120 dollars: both integers are in the deposit, and no rate has to be said."""
    customer = euro_customer(account)
    invoice = account.invoice(customer, 100, exchangeRate=1.05)
    payment = account.payment(customer, 100, {invoice: 100})
    account.create("deposit", deposit_body(BANK, {payment: 120}))
    assert account.balances() == {BANK: 120, SALES: -105, REALIZED: -15}


def test_taking_it_apart_takes_the_gain_back(account: Account) -> None:
    """An application that is taken off, and a payment that is deleted, leave nothing realized."""
    customer = euro_customer(account)
    invoice = account.invoice(customer, 100)
    payment = account.payment(customer, 100, {invoice: 100}, exchangeRate=1.3)
    line = {"doc": {"id": invoice}, "apply": False, "amount": 0}
    account.call("PATCH", f"customerPayment/{payment}", {"customer": {"id": customer}, "apply": {"items": [line]}})
    assert account.balances() == {RECEIVABLE: 110 - 130, UNDEPOSITED: 130, SALES: -110}
    account.call("DELETE", f"customerPayment/{payment}")
    assert account.balances() == {RECEIVABLE: 110, SALES: -110}


def test_an_invoice_is_owed_on_an_account_of_receivables(account: Account) -> None:
    """No other account can be settled."""
    lines = {"items": [{"item": {"id": "1"}, "amount": 5}]}
    body = {"entity": {"id": account.customer()}, "account": {"id": BANK}, "item": lines}
    assert "following field: account" in account.refused("POST", "invoice", body)["detail"]
