"""Promises of the books under the sandbox's NetSuite: what balances, what is open, what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from o2c_orchestration_tests.contract.sandbox_netsuite_account import (
    Account,
    payment_body,
    running_account,
)

PREFIX = "Error while accessing a resource. "


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    with running_account(tmp_path_factory.mktemp("netsuite")) as account:
        yield account


@pytest.fixture(autouse=True)
def _books_balance(account: Account) -> Iterator[None]:
    """After every test each transaction balances, in its currency and in the base currency."""
    yield
    store = account.sandbox.service.ledger.store.read()
    sums = (
        'SELECT "transaction" FROM transactionline GROUP BY 1 HAVING sum(x_amount) <> 0',
        'SELECT "transaction" FROM transactionaccountingline GROUP BY 1 HAVING sum(x_base) <> 0',
    )
    assert [store.execute(query).fetchall() for query in sums] == [[], []]


def _invoice_body(customer: str, *lines: dict[str, Any], **body: Any) -> dict[str, Any]:
    return {"entity": {"id": customer}, "item": {"items": list(lines)}, **body}


def _line(amount: float | None = None, item: str = "1", **line: Any) -> dict[str, Any]:
    return {"item": {"id": item}, **({} if amount is None else {"amount": amount}), **line}


def test_total_is_the_sum_of_lines(account: Account) -> None:
    """Amounts, quantity times rate, discounts and tax lines add up to the total, which is open."""
    lines = [_line(100), _line(quantity=3, rate=0.335), _line(-10, "2"), _line(7.26, "3")]
    invoice = account.create("invoice", _invoice_body(account.customer(), *lines))
    body = account.get(f"invoice/{invoice}")
    assert (body["total"], body["amountRemaining"], body["amountPaid"]) == (98.27, 98.27, 0)
    assert [line["amount"] for line in body["item"]["items"]] == [100, 1.01, -10, 7.26]


@pytest.mark.parametrize(
    ("currency", "amount", "kept"), [("7", 1234.5, 1235), ("9", 1.2345, 1.235), ("4", 1.005, 1.01)]
)
def test_amounts_are_rounded_to_the_currency(account: Account, currency: str, amount: float, kept: float) -> None:
    """Yen have no decimals, dinars three, euros two; halves go away from zero."""
    customer = account.customer(currency={"id": currency})
    invoice = account.invoice(customer, amount)
    assert account.get(f"invoice/{invoice}")["total"] == kept


def test_negative_lines_but_no_negative_total(account: Account) -> None:
    """A credit line may stand in an invoice; a total below zero may not. Nought is paid in full."""
    customer = account.customer()
    assert account.get(f"invoice/{account.invoice(customer, 10, -4)}")["total"] == 6
    assert account.get(f"invoice/{account.invoice(customer, 10, -10)}")["status"]["id"] == "B"
    error = account.refused("POST", "invoice", _invoice_body(customer, _line(10), _line(-11)))
    assert error["o:errorCode"] == "USER_ERROR"


def test_payment_settles_and_keeps_the_rest(account: Account) -> None:
    """Applied money lowers what is open, the remainder stays on the payment."""
    customer = account.customer()
    one, two = account.invoice(customer, 60), account.invoice(customer, 50)
    payment = account.payment(customer, 100, {one: 60, two: 30})
    states = [account.get(f"invoice/{each}") for each in (one, two)]
    assert [(s["amountPaid"], s["amountRemaining"], s["status"]["id"]) for s in states] == [
        (60, 0, "B"),
        (30, 20, "A"),
    ]
    body = account.get(f"customerPayment/{payment}")
    assert (body["payment"], body["applied"], body["unapplied"]) == (100, 90, 10)
    assert (body["status"]["refName"], body["undepFunds"]["id"]) == ("Not Deposited", "T")
    second = account.payment(customer, 20, {two: 20})
    assert account.get(f"invoice/{two}")["status"]["id"] == "B"
    account.call("DELETE", f"customerPayment/{second}")
    assert account.get(f"invoice/{two}")["amountRemaining"] == 20


def test_payment_without_amount_is_what_it_applies(account: Account) -> None:
    """Without a payment amount the applied lines decide; auto apply takes the oldest first."""
    customer = account.customer()
    new = account.invoice(customer, 30, tranDate="2026-10-02")
    old = account.invoice(customer, 20, tranDate="2026-10-01")
    body = {
        "customer": {"id": customer},
        "apply": {"items": [{"doc": {"id": new}, "apply": True, "amount": 5}]},
    }
    assert account.get(f"customerPayment/{account.create('customerPayment', body)}")["payment"] == 5
    account.create("customerPayment", {"customer": {"id": customer}, "payment": 22, "autoApply": True})
    assert [account.get(f"invoice/{each}")["amountRemaining"] for each in (old, new)] == [0, 23]


def test_over_application_is_refused(account: Account) -> None:
    """Neither more than the invoice has open nor more than the payment has."""
    customer = account.customer()
    invoice = account.invoice(customer, 50)
    for body in (payment_body(customer, 60, {invoice: 51}), payment_body(customer, 40, {invoice: 50})):
        error = account.refused("POST", "customerPayment", body)
        assert error["o:errorCode"] == "USER_ERROR"
        assert error["detail"].startswith(f"{PREFIX}Transaction is not in balance! Total to apply of $")
    assert account.get(f"invoice/{invoice}")["amountRemaining"] == 50


def test_foreign_invoices_are_refused(account: Account) -> None:
    """A payment reaches neither another customer's invoice nor one in another currency."""
    customer, other = account.customer(), account.customer()
    both = account.customer(currencyList={"items": [{"currency": {"id": "1"}}, {"currency": {"id": "4"}}]})
    euros = account.invoice(both, 10, currency={"id": "4"})
    foreign = account.invoice(other, 10)
    for payer, invoice in ((customer, foreign), (both, euros)):
        error = account.refused("POST", "customerPayment", payment_body(payer, 10, {invoice: 10}))
        assert f"Invalid Field Value {invoice} for the following field: doc" in error["detail"]
        assert error["o:errorPath"] == "apply.items[0].doc"
    account.payment(both, 10, {euros: 10}, currency={"id": "4"})
    assert account.get(f"invoice/{euros}")["amountRemaining"] == 0


def test_credit_memo_and_refund(account: Account) -> None:
    """A memo settles an invoice, its rest can be refunded, and no more than its rest."""
    customer = account.customer()
    invoice = account.invoice(customer, 30)
    memo = account.create(
        "creditMemo",
        _invoice_body(customer, _line(50), apply={"items": [{"doc": {"id": invoice}, "apply": True, "amount": 30}]}),
    )
    body = account.get(f"creditMemo/{memo}")
    assert (body["total"], body["applied"], body["unapplied"], body["status"]["id"]) == (50, 30, 20, "A")
    assert account.get(f"invoice/{invoice}")["amountRemaining"] == 0
    refund = {
        "customer": {"id": customer},
        "apply": {"items": [{"doc": {"id": memo}, "apply": True, "amount": 20}]},
    }
    account.create("customerRefund", refund)
    assert account.get(f"creditMemo/{memo}")["unapplied"] == 0
    assert account.refused("POST", "customerRefund", refund)["o:errorCode"] == "USER_ERROR"


def test_refund_of_an_unapplied_payment(account: Account) -> None:
    """A payment's rest can be refunded, and is then gone for invoices."""
    customer = account.customer()
    invoice = account.invoice(customer, 10)
    payment = account.payment(customer, 10, {})
    refund = {
        "customer": {"id": customer},
        "apply": {"items": [{"doc": {"id": payment}, "apply": True, "amount": 8}]},
    }
    account.create("customerRefund", refund)
    assert account.get(f"customerPayment/{payment}")["unapplied"] == 2
    assert account.refused("PATCH", f"customerPayment/{payment}", payment_body(customer, 10, {invoice: 3}))
    assert account.call("PATCH", f"customerPayment/{payment}", payment_body(customer, 10, {invoice: 2})).ok


def test_linked_transactions_stay(account: Account) -> None:
    """A paid invoice and a customer with transactions cannot be deleted."""
    customer = account.customer()
    invoice = account.invoice(customer, 10)
    account.payment(customer, 10, {invoice: 10})
    error = account.refused("DELETE", f"invoice/{invoice}")
    assert error["detail"] == (
        f"{PREFIX}This transaction cannot be deleted because it is linked to by one or more transactions."
    )
    assert account.refused("DELETE", f"customer/{customer}")["o:errorCode"] == "USER_ERROR"


def test_paid_invoice_cannot_shrink(account: Account) -> None:
    """An invoice stays at least as large as what was applied to it."""
    customer = account.customer()
    invoice = account.invoice(customer, 100)
    account.payment(customer, 80, {invoice: 80})
    changed = {"item": {"items": [_line(50)]}}
    assert account.refused("PATCH", f"invoice/{invoice}?replace=item", changed)["o:errorCode"] == "USER_ERROR"
    assert account.call("PATCH", f"invoice/{invoice}?replace=item", {"item": {"items": [_line(80)]}}).ok
    assert account.get(f"invoice/{invoice}")["status"]["id"] == "B"


def test_closed_period(account: Account) -> None:
    """A closed month takes no new transaction, no change and no deletion; opened again it does."""
    customer = account.customer()
    invoice = account.invoice(customer, 10, tranDate="2026-08-10")
    account.control("periods", {"name": "Aug 2026", "closed": True})
    try:
        body = _invoice_body(customer, _line(1), tranDate="2026-08-31")
        error = account.refused("POST", "invoice", body)
        assert error["detail"] == (f"{PREFIX}You cannot change the G/L impact of a transaction in a closed period.")
        edit = f"{PREFIX}This transaction is in a period that has been closed. You may not edit it."
        assert account.refused("PATCH", f"invoice/{invoice}", {"memo": "x"})["detail"] == edit
        assert account.refused("DELETE", f"invoice/{invoice}")["detail"] == edit
        # A payment dated in an open month may settle an invoice of a closed one.
        account.payment(customer, 10, {invoice: 10}, tranDate="2026-09-01")
        # And the period may be named, apart from the date.
        period = account.sql("SELECT id FROM accountingperiod WHERE periodname = 'Sep 2026'")[0]["id"]
        account.create("invoice", {**body, "postingPeriod": {"id": period}})
    finally:
        account.control("periods", {"name": "Aug 2026", "closed": False})
    assert account.invoice(customer, 1, tranDate="2026-08-31")


def test_locked_receivables(account: Account) -> None:
    """A month with receivables locked takes journals but no invoices."""
    account.control("periods", {"name": "Jul 2026", "arLocked": True})
    account.refused("POST", "invoice", _invoice_body(account.customer(), _line(1), tranDate="2026-07-01"))
    lines = [{"account": {"id": "6"}, "debit": 1}, {"account": {"id": "4"}, "credit": 1}]
    account.create("journalEntry", {"subsidiary": {"id": "1"}, "tranDate": "2026-07-01", "line": {"items": lines}})


@pytest.mark.parametrize(
    ("name", "body", "labels"),
    [
        ("customer", {"companyName": "A"}, "Primary Subsidiary"),
        ("customer", {"subsidiary": {"id": "1"}}, "Company Name"),
        ("customer", {"isPerson": True, "subsidiary": {"id": "1"}}, "First Name, Last Name"),
        ("invoice", {"item": {"items": [_line(1)]}}, "Customer"),
        ("customerPayment", {"payment": 5}, "Customer"),
        ("deposit", {"payment": {"items": []}}, "Account"),
        ("journalEntry", {"line": {"items": []}}, "Subsidiary"),
    ],
)
def test_mandatory_fields(account: Account, name: str, body: dict[str, Any], labels: str) -> None:
    """What the form demands is demanded by the labels of the form."""
    error = account.refused("POST", name, body)
    assert error["o:errorCode"] == "USER_ERROR"
    assert error["detail"] == f"{PREFIX}Please enter value(s) for: {labels}."


def test_invalid_references(account: Account) -> None:
    """A reference to nothing names value, field and path."""
    customer = account.customer()
    error = account.refused("POST", "invoice", _invoice_body(customer, _line(1), _line(1, "9999")))
    assert "You have entered an Invalid Field Value 9999 for the following field: item" in error["detail"]
    assert error["o:errorPath"] == "item.items[1].item"
    cases = [
        ({"entity": {"id": "999999"}}, "entity"),
        ({"entity": {"externalId": "cus_none"}}, "entity"),
        ({"subsidiary": {"id": "2"}}, "subsidiary"),
        ({"currency": {"id": "55"}}, "currency"),
        ({"currency": {"id": "4"}}, "currency"),
        ({"terms": {"id": "77"}}, "terms"),
        ({"department": {"id": "99"}}, "department"),
    ]
    for change, field in cases:
        error = account.refused("POST", "invoice", {**_invoice_body(customer, _line(1)), **change})
        assert f"for the following field: {field}" in error["detail"]
        assert error["o:errorPath"] == field


def test_inactive_records_are_refused(account: Account) -> None:
    """An inactive customer, item or account is as good as none."""
    gone = account.customer()
    account.call("PATCH", f"customer/{gone}", {"isInactive": True})
    error = account.refused("POST", "invoice", _invoice_body(gone, _line(1)))
    assert f"Invalid Field Value {gone} for the following field: entity" in error["detail"]
    item = account.create("serviceSaleItem", {"itemId": "Retired"})
    account.call("PATCH", f"serviceSaleItem/{item}", {"isInactive": True})
    error = account.refused("POST", "invoice", _invoice_body(account.customer(), _line(1, item)))
    assert error["o:errorPath"] == "item.items[0].item"


def test_external_ids_are_unique_across_transactions(account: Account) -> None:
    """One namespace for all transactions, whatever the case; another for entities."""
    customer = account.customer(externalId="cus_Unique")
    account.invoice(customer, 10, externalId="po_123")
    body = payment_body(customer, 5, {}) | {"externalId": "PO_123"}
    error = account.refused("POST", "customerPayment", body)
    assert (error["o:errorCode"], error["detail"]) == ("USER_ERROR", f"{PREFIX}This record already exists.")
    put = account.refused("PUT", "customerPayment/eid:po_123", payment_body(customer, 5, {}))
    assert put["detail"].endswith("This record already exists.")
    entity = {"companyName": "B", "subsidiary": {"id": "1"}, "externalId": "CUS_unique"}
    assert account.refused("POST", "customer", entity)["detail"] == f"{PREFIX}This entity already exists."
    account.customer(externalId="po_123")


def test_entity_names_are_unique(account: Account) -> None:
    """A given entity id is refused when it is taken; without one, names may repeat."""
    account.customer(entityId="ACME-1")
    body = {"companyName": "B", "subsidiary": {"id": "1"}, "entityId": "acme-1"}
    assert account.refused("POST", "customer", body)["detail"].endswith("This entity already exists.")
    assert account.customer(companyName="Twin") != account.customer(companyName="Twin")


def test_deposit(account: Account) -> None:
    """A deposit takes undeposited payments once, adds other money and takes fees off."""
    customer = account.customer()
    payment = account.payment(customer, 100, {})
    body = {
        "account": {"id": "1"},
        "externalId": "po_dep",
        "payment": {"items": [{"id": int(payment), "deposit": True}]},
        "other": {"items": [{"account": {"id": "6"}, "amount": 5.5}]},
        "cashback": {"items": [{"account": {"id": "7"}, "amount": 3.2}]},
    }
    deposit = account.get(f"deposit/{account.create('deposit', body)}")
    assert deposit["total"] == 102.3
    assert account.get(f"customerPayment/{payment}")["status"]["refName"] == "Deposited"
    again = account.refused("POST", "deposit", {**body, "externalId": "po_dep2"})
    assert f"Invalid Field Value {payment}" in again["detail"]
    assert account.refused("DELETE", f"customerPayment/{payment}")
    assert account.call("DELETE", "deposit/eid:po_dep").status_code == 204
    assert account.get(f"customerPayment/{payment}")["status"]["refName"] == "Not Deposited"


def test_journal_must_balance(account: Account) -> None:
    """Debits equal credits to the minor unit."""
    lines = [{"account": {"id": "6"}, "debit": 10.01}, {"account": {"id": "4"}, "credit": 10}]
    body = {"subsidiary": {"id": "1"}, "line": {"items": lines}}
    error = account.refused("POST", "journalEntry", body)
    assert error["detail"] == f"{PREFIX}Transaction was not in balance. Total = 0.01"
    lines[1]["credit"] = 10.01
    assert account.get(f"journalEntry/{account.create('journalEntry', body)}")["total"] == 10.01


def test_void_opens_what_was_settled(account: Account) -> None:
    """Voiding a payment behind our back opens its invoice again, and SuiteQL says so."""
    customer = account.customer()
    invoice = account.invoice(customer, 10)
    payment = account.payment(customer, 10, {invoice: 10})
    account.control("void", {"id": payment})
    assert account.get(f"invoice/{invoice}")["amountRemaining"] == 10
    rows = account.sql("SELECT voided, foreigntotal FROM transaction WHERE id = ?", payment)
    assert rows == [{"voided": "T", "foreigntotal": "0"}]


def test_load_is_all_or_nothing(account: Account) -> None:
    """Loading makes linked records in one go, by the same rules as creating, or none of them."""
    records = [
        {"recordType": "customer", "body": {"_key": "c", "companyName": "L", "subsidiary": {"id": "1"}}},
        {"recordType": "invoice", "body": {"_key": "i", **_invoice_body("@c", _line(12.34))}},
        {"recordType": "customerPayment", "body": payment_body("@c", 12.34, {"@i": 12.34})},
    ]
    ids = account.sandbox.load(records)
    assert set(ids) == {"c", "i"}
    assert account.get(f"invoice/{ids['i']}")["status"]["id"] == "B"
    before = account.sql("SELECT COUNT(*) AS n FROM transaction")
    wrong = [*records[:2], {"recordType": "customerPayment", "body": payment_body("@c", 1, {"@i": 99})}]
    with pytest.raises(ValueError, match=r"netsuite record 2 .customerPayment"):
        account.sandbox.load(wrong)
    assert account.sql("SELECT COUNT(*) AS n FROM transaction") == before
