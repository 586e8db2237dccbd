"""Promises of credit memos, refunds and reversing invoices in the sandbox's NetSuite: who owes what afterwards."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from o2c_orchestration_tests.contract.sandbox_netsuite_account import Account, payment_body, running_account
from o2c_orchestration_tests.contract.sandbox_netsuite_bodies import (
    BAD_DEBT_ITEM,
    BANK,
    DISPUTE_ITEM,
    REFUND_ITEM,
    apply_lines,
    deposit_body,
    euro_customer,
    journal_body,
    memo_body,
    refund_body,
)

CLOSED = "You cannot change the G/L impact of a transaction in a closed period."
CLOSED_EDIT = "This transaction is in a period that has been closed. You may not edit it."
# External ids as the sync derives them from Stripe ids.
DERIVED = ("cm-in_1", "cm-re_1", "re_1", "rf-re_1", "cm-dp_1", "du_1", "ri-dp_1", "rp-dp_1", "pf-po_1", "rc-txn_1")


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    with running_account(tmp_path_factory.mktemp("netsuite")) as account:
        yield account


def _modified(account: Account, transaction: str) -> str:
    query = "SELECT TO_CHAR(lastmodifieddate, 'HH24:MI:SS') AS at FROM transaction WHERE id = ?"
    return str(account.sql(query, transaction)[0]["at"])


def _open(account: Account, invoice: str) -> tuple[float, str]:
    body = account.get(f"invoice/{invoice}")
    return body["amountRemaining"], body["status"]["id"]


def _by_account(account: Account, transaction: str) -> dict[str, str]:
    query = (
        "SELECT account, SUM(amount) AS amount FROM transactionaccountingline WHERE transaction = ? GROUP BY account"
    )
    return {row["account"]: row["amount"] for row in account.sql(f"{query} ORDER BY account", transaction)}


def test_the_chart_of_refunds_disputes_and_payouts(account: Account) -> None:
    """The accounts and items that refunds, disputes and payouts post to have the ids of the contract."""
    query = "SELECT id, acctnumber, accountsearchdisplayname AS name, accttype FROM account WHERE id > 5 ORDER BY id"
    assert [tuple(row.values()) for row in account.sql(query)] == [
        ("6", "2900", "Suspense", "OthCurrLiab"),
        ("7", "6100", "Stripe Fees", "Expense"),
        ("8", "1250", "Stripe Returned Payouts", "OthCurrAsset"),
        ("9", "1260", "Stripe Reserves", "OthCurrAsset"),
        ("10", "6110", "Stripe Network Fees", "Expense"),
        ("11", "6120", "Stripe Dispute Fees", "Expense"),
        ("12", "6130", "Tax on Stripe Fees", "Expense"),
        ("13", "6140", "Stripe Application Fees", "Expense"),
        ("14", "6200", "Bad Debt", "Expense"),
        ("15", "1010", "Checking EUR", "Bank"),
        ("16", "4900", "Realized Gain/Loss", "OthIncome"),
        ("17", "2300", "Customer Credit Balances", "OthCurrLiab"),
        ("18", "2310", "Customer Deposits", "OthCurrLiab"),
    ]
    banks = account.sql("SELECT a.id, c.symbol FROM account a JOIN currency c ON c.id = a.currency ORDER BY a.id")
    assert banks == [{"id": "1", "symbol": "USD"}, {"id": "15", "symbol": "EUR"}]
    query = "SELECT id, itemid, itemtype, incomeaccount FROM item WHERE id > 4 ORDER BY id"
    assert [tuple(row.values()) for row in account.sql(query)] == [
        ("5", "Stripe Refund", "OthCharge", "4"),
        ("6", "Stripe Dispute", "OthCharge", "4"),
        ("7", "Stripe Bad Debt", "OthCharge", "14"),
        ("8", "Stripe Credit", "OthCharge", "4"),
        ("9", "Stripe Customer Balance", "OthCharge", "17"),
        ("10", "Stripe Credit Grant", "OthCharge", "4"),
    ]
    assert account.get("otherChargeSaleItem/7")["incomeAccount"]["id"] == "14"


def test_a_memo_applied_in_part(account: Account) -> None:
    """What a memo settles is gone from the invoice, what is left waits on the memo, and both say so."""
    customer = account.customer()
    invoice = account.invoice(customer, 100)
    memo = account.create("creditMemo", memo_body(customer, 50, {invoice: 30}, externalId="cn_part"))
    shown = account.get("creditMemo/eid:cn_part")
    assert (shown["total"], shown["applied"], shown["unapplied"]) == (50, 30, 20)
    assert (shown["amountPaid"], shown["amountRemaining"], shown["status"]["id"]) == (30, 20, "A")
    (line,) = shown["apply"]["items"]
    assert (line["doc"]["id"], line["amount"], line["due"], line["type"]) == (invoice, 30, 70, "Invoice")
    assert _open(account, invoice) == (70, "A")
    account.call("PATCH", f"creditMemo/{memo}", {"apply": {"items": apply_lines({invoice: 50})}})
    assert account.get(f"creditMemo/{memo}")["status"] == {"id": "B", "refName": "Fully Applied"}
    assert _open(account, invoice) == (50, "A")


def test_a_memo_goes_no_further_than_an_invoice_may_be_credited(account: Account) -> None:
    """Neither more than is open, nor another customer's invoice, nor another currency, nor more than the memo has."""
    customer, other = account.customer(), account.customer()
    both = account.customer(currencyList={"items": [{"currency": {"id": "1"}}, {"currency": {"id": "4"}}]})
    invoice, euros = account.invoice(customer, 10), account.invoice(both, 10, currency={"id": "4"})
    for body in (
        memo_body(customer, 20, {invoice: 11}),
        memo_body(customer, 5, {invoice: 6}),
        memo_body(other, 5, {invoice: 5}),
        memo_body(both, 5, {euros: 5}),
    ):
        assert account.refused("POST", "creditMemo", body)["o:errorCode"] == "USER_ERROR"
    error = account.refused("POST", "creditMemo", memo_body(customer, 5, currency={"id": "4"}))
    assert error["o:errorPath"] == "currency"
    assert (_open(account, invoice), _open(account, euros)) == ((10, "A"), (10, "A"))


def test_a_void_and_a_bad_debt(account: Account) -> None:
    """A memo over what is open closes the invoice; on the bad debt item the loss is an expense, not less sales."""
    customer = account.customer()
    for item, posted in ((REFUND_ITEM, "4"), (BAD_DEBT_ITEM, "14")):
        invoice = account.invoice(customer, 80)
        account.payment(customer, 30, {invoice: 30})
        body = memo_body(customer, 50, {invoice: 50}, item=item, externalId=f"cm-in_{invoice}")
        memo = account.create("creditMemo", body)
        assert _open(account, invoice) == (0, "B")
        assert _by_account(account, memo) == {"2": "-50", posted: "50"}


def test_a_bad_debt_that_is_paid_later(account: Account) -> None:
    """The written-off amount is owed again on an invoice of its own, and the payment settles that one."""
    customer = account.customer()
    again = account.invoice(customer, externalId="ri-in_later", item={"items": [_bad_debt(50)]})
    payment = account.payment(customer, 50, {again: 50}, externalId="ch_later")
    assert _open(account, again) == (0, "B")
    assert _by_account(account, again) == {"2": "50", "14": "-50"}
    assert account.get(f"customerPayment/{payment}")["unapplied"] == 0
    assert account.get(f"customer/{customer}")["balance"] == 0


def _bad_debt(amount: float) -> dict[str, Any]:
    return {"item": {"id": BAD_DEBT_ITEM}, "amount": amount}


def test_refunds_take_a_memo_in_parts(account: Account) -> None:
    """Two refunds of one memo leave what neither took; a third one over that is refused."""
    customer = account.customer()
    memo = account.create("creditMemo", memo_body(customer, 50, item=REFUND_ITEM, externalId="cm-re_parts"))
    for amount, rest in ((20, 30), (25, 5)):
        refund = account.create("customerRefund", refund_body(customer, {memo: amount}, externalId=f"re_{amount}"))
        assert account.get(f"creditMemo/{memo}")["unapplied"] == rest
        shown = account.get(f"customerRefund/eid:re_{amount}")
        assert (shown["id"], shown["total"], shown["status"]["id"]) == (refund, amount, "R")
        assert (shown["account"]["id"], shown["apply"]["items"][0]["doc"]["id"]) == ("3", memo)
        assert _by_account(account, refund) == {"2": str(amount), "3": f"-{amount}"}
    error = account.refused("POST", "customerRefund", refund_body(customer, {memo: 6}))
    assert "Transaction is not in balance! Total to apply of $5.00" in error["detail"]
    assert account.refused("POST", "customerRefund", {"customer": {"id": customer}})["o:errorCode"] == "USER_ERROR"


def test_a_refund_reaches_no_one_elses_credit(account: Account) -> None:
    """A refund takes neither an invoice, nor another customer's memo, nor one in another currency."""
    customer, other = account.customer(), euro_customer(account)
    memo = account.create("creditMemo", memo_body(other, 10))
    for payee, doc in ((customer, account.invoice(customer, 10)), (customer, memo)):
        error = account.refused("POST", "customerRefund", refund_body(payee, {doc: 10}))
        assert error["o:errorPath"] == "apply.items[0].doc"


def test_a_refund_that_failed(account: Account) -> None:
    """Money that came back stays on a payment to the customer's credit, where an invoice can take it."""
    customer = account.customer()
    memo = account.create("creditMemo", memo_body(customer, 10, externalId="cm-re_failed"))
    refund = account.create("customerRefund", refund_body(customer, {memo: 10}, externalId="re_failed"))
    back = account.create("customerPayment", payment_body(customer, 10, {}) | {"externalId": "rf-re_failed"})
    assert account.get(f"deposit/{account.create('deposit', deposit_body(BANK, [refund, back]))}")["total"] == 0
    assert account.get("customerPayment/eid:rf-re_failed")["unapplied"] == 10
    invoice = account.invoice(customer, 10)
    account.call("PATCH", f"customerPayment/{back}", payment_body(customer, 10, {invoice: 10}))
    assert _open(account, invoice) == (0, "B")


def test_a_dispute_lost_and_won(account: Account) -> None:
    """Lost money is credited and refunded; money that comes back is owed again and paid."""
    customer = account.customer()
    item = {"item": {"id": DISPUTE_ITEM}, "amount": 75}
    memo = account.create("creditMemo", memo_body(customer, 75, item=DISPUTE_ITEM, externalId="cm-dp_won"))
    refund = account.create("customerRefund", refund_body(customer, {memo: 75}, externalId="dp_won"))
    again = account.invoice(customer, externalId="ri-dp_won", item={"items": [item]})
    payment = account.payment(customer, 75, {again: 75}, externalId="rp-dp_won")
    assert account.get(f"creditMemo/{memo}")["status"]["id"] == "B"
    assert _open(account, again) == (0, "B")
    assert account.get(f"customer/{customer}")["balance"] == 0
    deposit = account.create("deposit", deposit_body(BANK, [refund, payment]))
    assert account.get(f"deposit/{deposit}")["total"] == 0


def test_external_ids_of_every_document(account: Account) -> None:
    """Derived ids live in one namespace, whatever the type and case; one with a colon is as good as any."""
    customer = account.customer()
    bodies = {
        "invoice": {"entity": {"id": customer}, "item": {"items": [_bad_debt(1)]}},
        "customerPayment": payment_body(customer, 1, {}),
        "creditMemo": memo_body(customer, 1),
        "journalEntry": journal_body(("8", 1, 0, None), (BANK, 0, 1, None)),
    }
    for external in (*DERIVED, "ns_memo:re_1"):
        account.create("creditMemo", memo_body(customer, 1, externalId=external))
        bodies["customerRefund"] = refund_body(customer, {account.create("creditMemo", memo_body(customer, 1)): 1})
        bodies["deposit"] = deposit_body(BANK, [account.payment(customer, 1, {})])
        for name, body in bodies.items():
            error = account.refused("POST", name, {**body, "externalId": external.upper()})
            assert error["detail"].endswith("This record already exists."), name
        assert account.get(f"creditMemo/eid:{external}")["externalId"] == external
    (row,) = account.sql("SELECT type FROM transaction WHERE externalid = 'ns_memo:re_1'")
    assert row == {"type": "CustCred"}
    assert account.call("GET", "customerRefund/eid:cm-in_1").status_code == 404


def test_what_is_touched_is_modified(account: Account) -> None:
    """Whatever a memo, a refund or a deposit is tied to counts as modified, when it is made and when it goes."""
    customer = account.customer()
    invoice, payment = account.invoice(customer, 10), account.payment(customer, 10, {})
    memo = account.create("creditMemo", memo_body(customer, 20))
    refund = account.create("customerRefund", refund_body(customer, {memo: 1, payment: 1}))
    steps = [
        ("creditMemo", memo_body(customer, 5, {invoice: 5}), [invoice]),
        ("customerRefund", refund_body(customer, {memo: 2, payment: 2}), [memo, payment]),
        ("deposit", deposit_body(BANK, [payment, refund]), [payment, refund]),
    ]
    for name, body, touched in steps:
        moments = [{each: _modified(account, each) for each in touched}]
        time.sleep(1.01)
        made = account.create(name, body)
        moments.append({each: _modified(account, each) for each in touched})
        time.sleep(1.01)
        assert account.call("DELETE", f"{name}/{made}").status_code == 204
        moments.append({each: _modified(account, each) for each in touched})
        for each in touched:
            assert len({moment[each] for moment in moments}) == 3, (name, each)
        assert account.sql("SELECT recordid AS id FROM deletedrecord WHERE recordid = ?", made) == [{"id": made}]
    assert account.get(f"creditMemo/{memo}")["unapplied"] == 19


def test_what_others_lean_on_stays(account: Account) -> None:
    """A memo that was refunded is neither deleted, voided, shrunk below that, nor given to somebody else."""
    customer, other = account.customer(), account.customer()
    memo = account.create("creditMemo", memo_body(customer, 50))
    refund = account.create("customerRefund", refund_body(customer, {memo: 30}))
    assert "linked to by" in account.refused("DELETE", f"creditMemo/{memo}")["detail"]
    void = account.session.post(f"{account.base_url}/_sandbox/netsuite/void", json={"id": memo}, timeout=10)
    assert void.status_code == 400
    path = f"creditMemo/{memo}?replace=item"
    assert account.refused("PATCH", path, {"item": memo_body(customer, 29)["item"]})
    assert account.refused("PATCH", path, {"entity": {"id": other}})
    assert account.call("PATCH", path, {"item": memo_body(customer, 30)["item"]}).ok
    account.control("void", {"id": refund})
    assert account.get(f"creditMemo/{memo}")["unapplied"] == 30
    assert "voided" in account.refused("PATCH", f"customerRefund/{refund}", {"memo": "x"})["detail"]
    assert account.call("DELETE", f"creditMemo/{memo}").status_code == 204


def test_closed_periods_hold_for_every_document(account: Account) -> None:
    """A closed month takes no document, no change and no deletion; an open one may tie to what lies in it."""
    customer, at = account.customer(), {"tranDate": "2026-02-10"}
    memo = account.create("creditMemo", memo_body(customer, 50, **at))
    refund = account.create("customerRefund", refund_body(customer, {memo: 10}, **at))
    payment = account.payment(customer, 20, {}, **at)
    journal = journal_body(("8", 1, 0, None), (BANK, 0, 1, None))
    kept = [
        ("creditMemo", account.create("creditMemo", memo_body(customer, 5, **at))),
        ("customerRefund", refund),
        ("deposit", account.create("deposit", deposit_body(BANK, [account.payment(customer, 3, {})], **at))),
        ("journalEntry", account.create("journalEntry", journal | at)),
    ]
    bodies = {
        "creditMemo": memo_body(customer, 5),
        "customerRefund": refund_body(customer, {memo: 10}),
        "deposit": deposit_body(BANK, [payment, refund]),
        "journalEntry": journal,
    }
    account.control("periods", {"name": "Feb 2026", "closed": True})
    try:
        for name, key in kept:
            assert account.refused("POST", name, bodies[name] | at)["detail"].endswith(CLOSED), name
            assert account.refused("PATCH", f"{name}/{key}", {"memo": "x"})["detail"].endswith(CLOSED_EDIT), name
            assert account.refused("DELETE", f"{name}/{key}")["detail"].endswith(CLOSED_EDIT), name
            assert account.create(name, bodies[name] | {"tranDate": "2026-03-01"}), name
    finally:
        account.control("periods", {"name": "Feb 2026", "closed": False})
