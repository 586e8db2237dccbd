"""Promises of bank deposits in the sandbox's NetSuite: what goes in, what is settled, what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from o2c_orchestration_tests.contract.sandbox_netsuite_account import Account, payment_body, running_account
from o2c_orchestration_tests.contract.sandbox_netsuite_bodies import (
    BANK,
    BANK_EUR,
    FEES,
    REALIZED,
    SUSPENSE,
    deposit_body,
    euro_customer,
    journal_body,
    money,
    refund_body,
)

LINES = (
    "SELECT l.account, tl.mainline, tl.foreignamount AS amount, l.amount AS base, tl.createdfrom, tl.memo"
    " FROM transactionline tl JOIN transactionaccountingline l"
    " ON l.transaction = tl.transaction AND l.transactionline = tl.id"
    " WHERE tl.transaction = ? ORDER BY tl.uniquekey"
)


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    with running_account(tmp_path_factory.mktemp("netsuite")) as account:
        yield account


def test_a_payout_as_one_deposit(account: Account) -> None:
    """Payments come in, refunds and fees go out, and the rest is what the bank gets, by SuiteQL and by GET."""
    customer = account.customer()
    payment = account.payment(customer, 100, {}, externalId="ch_dep")
    refund = account.create("customerRefund", refund_body(customer, {payment: 30}, externalId="re_dep"))
    body = deposit_body(
        BANK,
        [payment, refund],
        other=[money(SUSPENSE, 1.5, memo="galactic_levy")],
        cashback=[money(FEES, 3.2, memo="processing")],
        tranDate="2026-11-03",
        memo="payout po_one",
        externalId="po_one",
    )
    deposit = account.create("deposit", body)
    assert account.sql(LINES, deposit) == [
        {"account": "1", "mainline": "T", "amount": "68.3", "base": "68.3", "memo": "payout po_one"},
        {"account": "3", "mainline": "F", "amount": "-100", "base": "-100", "createdfrom": payment},
        {"account": "3", "mainline": "F", "amount": "30", "base": "30", "createdfrom": refund},
        {"account": "6", "mainline": "F", "amount": "-1.5", "base": "-1.5", "memo": "galactic_levy"},
        {"account": "7", "mainline": "F", "amount": "3.2", "base": "3.2", "memo": "processing"},
    ]
    shown = account.get("deposit/eid:po_one")
    assert (shown["total"], shown["account"]["id"], shown["currency"]["id"]) == (68.3, "1", "1")
    assert (shown["tranDate"], shown["memo"], shown["postingPeriod"]["refName"]) == (
        "2026-11-03",
        "payout po_one",
        "Nov 2026",
    )
    members = shown["payment"]["items"]
    assert [(m["id"], m["deposit"], m["type"]["id"], m["paymentAmount"]) for m in members] == [
        (int(payment), True, "CustPymt", 100),
        (int(refund), True, "CustRfnd", -30),
    ]
    assert [(line["amount"], line["memo"]) for line in shown["other"]["items"]] == [(1.5, "galactic_levy")]
    assert [line["account"]["id"] for line in shown["cashback"]["items"]] == ["7"]


def test_deposited_documents_say_so(account: Account) -> None:
    """A deposited payment has status C; after the deposit is deleted both are free to be deposited again."""
    customer = account.customer()
    payment = account.payment(customer, 10, {})
    refund = account.create("customerRefund", refund_body(customer, {payment: 4}))
    deposit = account.create("deposit", deposit_body(BANK, [payment, refund]))
    status = "SELECT status FROM transaction WHERE id = ?"
    assert account.sql(status, payment) == [{"status": "C"}]
    assert account.get(f"customerPayment/{payment}")["undepFunds"]["id"] == "T"
    for taken in (payment, refund):
        error = account.refused("POST", "deposit", deposit_body(BANK, [taken]))
        assert f"You have entered an Invalid Field Value {taken} for the following field: id" in error["detail"]
        assert error["o:errorPath"] == "payment.items[0].id"
    for path in (f"customerPayment/{payment}", f"customerRefund/{refund}"):
        assert "linked to by" in account.refused("DELETE", path)["detail"]
    assert account.call("DELETE", f"deposit/{deposit}").status_code == 204
    assert account.sql(status, payment) == [{"status": "B"}]
    assert account.create("deposit", deposit_body(BANK, [payment, refund]))


def test_a_deposited_payment_keeps_its_amount(account: Account) -> None:
    """Its amount cannot change under the deposit; its memo can, and so can what it is applied to."""
    customer = account.customer()
    invoice, payment = account.invoice(customer, 10), account.payment(customer, 10, {})
    account.create("deposit", deposit_body(BANK, [payment]))
    error = account.refused("PATCH", f"customerPayment/{payment}", {"payment": 9})
    assert "This transaction has been deposited" in error["detail"]
    assert account.refused("PATCH", f"customerPayment/{payment}", {"account": {"id": BANK}})
    assert account.call("PATCH", f"customerPayment/{payment}", payment_body(customer, 10, {invoice: 10})).ok
    assert account.call("PATCH", f"customerPayment/{payment}", {"memo": "seen"}).ok
    assert account.get(f"customerPayment/{payment}")["status"]["id"] == "C"


def test_a_settlement_in_another_currency(account: Account) -> None:
    """A euro payment in a dollar deposit needs what it settled for; the books' difference is realized."""
    customer = euro_customer(account)
    payment = account.payment(customer, 100, {})
    missing = account.refused("POST", "deposit", deposit_body(BANK, [payment]))
    assert missing["detail"].endswith("Please enter value(s) for: Amount.")
    refund = account.create("customerRefund", refund_body(customer, {payment: 50}))
    settled = {payment: 108.53, refund: -54.9}
    deposit = account.create("deposit", deposit_body(BANK, settled, cashback=[money(FEES, 3)]))
    # 100 euros are 110 dollars in the books, and 50 are 55: 1.47 is lost on one, 0.10 won on the other.
    assert [(row["account"], row["amount"], row["base"]) for row in account.sql(LINES, deposit)] == [
        ("1", "50.63", "50.63"),
        ("3", "-108.53", "-110"),
        ("3", "54.9", "55"),
        ("7", "3", "3"),
        (REALIZED, "0", "1.37"),
    ]
    members = account.get(f"deposit/{deposit}")["payment"]["items"]
    assert [(m["transactionAmount"], m["paymentAmount"]) for m in members] == [(100, 108.53), (-50, -54.9)]
    assert [m["currency"]["id"] for m in members] == ["4", "4"]


def test_a_deposit_has_its_banks_currency(account: Account) -> None:
    """A deposit to the euro account is in euros, and in no other currency; dollars are not assumed."""
    payment = account.payment(euro_customer(account), 40, {})
    body = deposit_body(BANK_EUR, [payment])
    error = account.refused("POST", "deposit", {**body, "currency": {"id": "1"}})
    assert error["o:errorPath"] == "currency"
    deposit = account.create("deposit", body | {"exchangeRate": 1.25})
    assert account.get(f"deposit/{deposit}")["currency"]["id"] == "4"
    # Booked at 1.1 and deposited at 1.25: six dollars are won, none of them in euros.
    rows = account.sql(LINES, deposit)
    assert [(row["account"], row["amount"], row["base"]) for row in rows] == [
        ("15", "40", "50"),
        ("3", "-40", "-44"),
        (REALIZED, "0", "-6"),
    ]


@pytest.mark.parametrize(
    ("currency", "settled", "refund"),
    [("1", 9.99, False), ("4", -10, False), ("4", 10, True)],
    ids=["another amount", "a negative payment", "a positive refund"],
)
def test_settled_amounts_that_cannot_be(account: Account, currency: str, settled: float, refund: bool) -> None:
    """A payment in the deposit's currency settles for itself; a payment never takes money out, a refund never in."""
    customer = account.customer(currency={"id": currency})
    member = account.payment(customer, 10, {})
    if refund:
        member = account.create("customerRefund", refund_body(customer, {member: 10}))
    error = account.refused("POST", "deposit", deposit_body(BANK, {member: settled}, other=[money(SUSPENSE, 90)]))
    assert error["o:errorPath"] == "payment.items[0].paymentAmount"


def test_totals_down_to_nought(account: Account) -> None:
    """A deposit of nought is one; one below zero is refused, unless the bank itself makes up for it."""
    customer = account.customer()
    payment = account.payment(customer, 10, {})
    refund = account.create("customerRefund", refund_body(customer, {payment: 8}))
    assert account.get(f"deposit/{account.create('deposit', _clearing(payment, 10))}")["total"] == 0
    error = account.refused("POST", "deposit", deposit_body(BANK, [refund]))
    assert error["detail"].endswith("The total can not be negative.")
    below = account.create("deposit", deposit_body(BANK, [refund], other=[money(BANK, 8)]))
    assert [(row["account"], row["amount"]) for row in account.sql(LINES, below)] == [
        ("1", "0"),
        ("3", "8"),
        ("1", "-8"),
    ]
    assert account.refused("POST", "deposit", {"account": {"id": BANK}})["o:errorCode"] == "USER_ERROR"


def _clearing(payment: str, amount: float) -> dict[str, Any]:
    return deposit_body(BANK, [payment], cashback=[money(SUSPENSE, amount)], externalId=f"rc-txn_{payment}")


@pytest.mark.parametrize("sublist", ["other", "cashback"])
@pytest.mark.parametrize("amount", [-1, 0, 0.001])
def test_only_positive_money(account: Account, sublist: str, amount: float) -> None:
    """Other money and cash back are above zero: a sign says nothing that the sublist does not."""
    payment = account.payment(account.customer(), 10, {})
    error = account.refused("POST", "deposit", deposit_body(BANK, [payment], **{sublist: [money(FEES, amount)]}))
    assert error["o:errorPath"] == f"{sublist}.items[0].amount"


def test_what_cannot_be_deposited(account: Account) -> None:
    """An invoice, a payment that lies at the bank already, and one that was voided are refused."""
    customer = account.customer()
    banked = account.payment(customer, 10, {}, account={"id": BANK})
    voided = account.payment(customer, 10, {})
    account.control("void", {"id": voided})
    for wrong in (account.invoice(customer, 10), banked, voided, "999999"):
        error = account.refused("POST", "deposit", deposit_body(BANK, [wrong]))
        assert f"Invalid Field Value {wrong} for the following field: id" in error["detail"]
    good = account.payment(customer, 10, {})
    for wrong in ("3", "2", "7"):
        error = account.refused("POST", "deposit", deposit_body(wrong, [good]))
        assert error["o:errorPath"] == "account"


def test_a_voided_deposit_frees_its_payments(account: Account) -> None:
    """A voided deposit holds nothing: its payments can be deposited again, and its lines are nought."""
    payment = account.payment(account.customer(), 10, {})
    deposit = account.create("deposit", deposit_body(BANK, [payment]))
    account.control("void", {"id": deposit})
    assert account.get(f"customerPayment/{payment}")["status"]["refName"] == "Not Deposited"
    assert [row["amount"] for row in account.sql(LINES, deposit)] == ["0", "0"]
    again = account.create("deposit", deposit_body(BANK, [payment]))
    assert [line["paymentAmount"] for line in account.get(f"deposit/{again}")["payment"]["items"]] == [10]
    assert account.get(f"deposit/{deposit}")["total"] == 0


def test_money_straight_to_a_foreign_bank(account: Account) -> None:
    """A payment or refund may name the euro account in euros alone; the dollar account takes either."""
    dollars, euros = account.customer(), euro_customer(account)
    body = payment_body(dollars, 10, {}) | {"account": {"id": BANK_EUR}}
    assert account.refused("POST", "customerPayment", body)["o:errorPath"] == "account"
    assert account.payment(euros, 10, {}, account={"id": BANK})
    payment = account.payment(euros, 10, {}, account={"id": BANK_EUR})
    refund = account.create("customerRefund", refund_body(euros, {payment: 10}, account={"id": BANK_EUR}))
    assert account.get(f"customerRefund/{refund}")["account"]["refName"] == "Checking EUR"


def test_names_as_oracle_writes_them(account: Account) -> None:
    """Ids are numbers or text and names take any case, as in Oracle's examples; `doc` is no name of a payment line."""
    payment = account.payment(account.customer(), 10, {})
    body = {
        "Account": {"id": BANK},
        "PAYMENT": {"items": [{"Deposit": True, "ID": int(payment)}]},
        "cashBack": {"items": [{"account": {"id": FEES}, "amount": 1}]},
    }
    header = {"X-NetSuite-PropertyNameValidation": "error"}
    wrong = {**body, "payment": {"items": [{"doc": {"id": payment}}]}}
    wrong.pop("PAYMENT")
    assert account.refused("POST", "deposit", wrong, headers=header)["o:errorPath"] == "payment.items[0].doc"
    answer = account.call("POST", "deposit", body, headers=header)
    assert answer.status_code == 204, answer.text
    assert account.get(f"deposit/{answer.headers['Location'].rsplit('/', 1)[1]}")["total"] == 9


def test_a_payment_is_added_and_taken_off(account: Account) -> None:
    """A change adds lines to the payments by id, takes them off by `deposit: false`, and replaces cash back."""
    customer = account.customer()
    one, two = account.payment(customer, 10, {}), account.payment(customer, 20, {})
    deposit = account.create("deposit", deposit_body(BANK, [one], cashback=[money(FEES, 1)]))
    account.call("PATCH", f"deposit/{deposit}", {"payment": {"items": [{"id": int(two), "deposit": True}]}})
    assert account.get(f"deposit/{deposit}")["total"] == 29
    account.call("PATCH", f"deposit/{deposit}", {"payment": {"items": [{"id": int(one), "deposit": False}]}})
    replaced = {"cashback": {"items": [money(FEES, 5)]}}
    account.call("PATCH", f"deposit/{deposit}?replace=cashback", replaced)
    shown = account.get(f"deposit/{deposit}")
    assert (shown["total"], [line["id"] for line in shown["payment"]["items"]]) == (15, [int(two)])
    statuses = [account.get(f"customerPayment/{each}")["status"]["id"] for each in (one, two)]
    assert statuses == ["B", "C"]


def test_load_deposits_by_key(account: Account) -> None:
    """A loader names the payments of a deposit by their keys, as it names everything else."""
    records = [
        {"recordType": "customer", "body": {"_key": "c", "companyName": "L", "subsidiary": {"id": "1"}}},
        {"recordType": "customerPayment", "body": {"_key": "p", "customer": {"id": "@c"}, "payment": 12.34}},
        {"recordType": "deposit", "body": {"_key": "d", **deposit_body(BANK, ["@p"], cashback=[money(FEES, 0.34)])}},
    ]
    ids = account.sandbox.load(records)
    assert account.get(f"deposit/{ids['d']}")["total"] == 12


def test_returned_payout(account: Account) -> None:
    """A payout that came back leaves the bank by a journal entry that names it."""
    lines = [("8", 50.25, 0, "po_back came back"), (BANK, 0, 50.25, None)]
    body = journal_body(*lines, externalId="pf-po_back", tranDate="2026-11-05", memo="Payout po_back failed")
    account.create("journalEntry", body)
    shown = account.get("journalEntry/eid:pf-po_back")
    assert (shown["total"], shown["tranDate"], shown["memo"]) == (50.25, "2026-11-05", "Payout po_back failed")
    assert (shown["currency"]["id"], shown["subsidiary"]["id"], shown["status"]["id"]) == ("1", "1", "B")
    assert [(line["account"]["id"], line.get("debit"), line.get("credit")) for line in shown["line"]["items"]] == [
        ("8", 50.25, None),
        ("1", None, 50.25),
    ]
    rows = account.sql(LINES, shown["id"])
    assert [(row["account"], row["amount"], row.get("memo")) for row in rows] == [
        ("8", "50.25", "po_back came back"),
        ("1", "-50.25", None),
    ]


def test_journals_take_sides(account: Account) -> None:
    """A line is a debit or a credit above zero; a foreign bank account takes its own currency alone."""
    for debit, credit in ((1, 1), (0, 0)):
        body = journal_body(("6", debit, credit, None), ("4", 0, 1, None), ("8", 1, 0, None))
        assert account.refused("POST", "journalEntry", body)["detail"].endswith("Please enter value(s) for: Amount.")
    negative = journal_body(("6", 1, 0, None), ("4", -1, 0, None))
    assert account.refused("POST", "journalEntry", negative)["o:errorPath"] == "line.items[1].debit"
    euros = journal_body(("8", 5, 0, None), (BANK_EUR, 0, 5, None))
    assert account.refused("POST", "journalEntry", euros)["o:errorPath"] == "line.items[1].account"
    journal = account.create("journalEntry", euros | {"currency": {"id": "4"}})
    assert [(row["amount"], row["base"]) for row in account.sql(LINES, journal)] == [("5", "5.5"), ("-5", "-5.5")]
