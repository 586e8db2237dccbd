"""Promises of SuiteQL about money that moved: all that a reader needs of memos, refunds, deposits and journals.

The queries are those that a reader may send; they lean on columns of the published schema alone.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from o2c_orchestration_tests.contract.sandbox_netsuite_account import Account, running_account
from o2c_orchestration_tests.contract.sandbox_netsuite_bodies import (
    BANK,
    FEES,
    SUSPENSE,
    deposit_body,
    euro_customer,
    journal_body,
    memo_body,
    money,
    refund_body,
)

DOCUMENTS = (
    "SELECT t.id, t.type, t.externalid, t.status, t.voided, t.entity, t.currency, t.foreigntotal, t.memo,"
    " TO_CHAR(t.trandate, 'YYYY-MM-DD') AS trandate, tl.foreignpaymentamountused AS used,"
    " tl.foreignpaymentamountunused AS unused"
    " FROM transaction t INNER JOIN transactionline tl ON tl.transaction = t.id AND tl.mainline = 'T'"
    " WHERE t.type IN ('CustPymt', 'CustCred', 'CustRfnd', 'Deposit', 'Journal') ORDER BY t.id"
)
# Types say what a link is; its linktype is not needed.
APPLICATIONS = (
    "SELECT n.nextdoc, n.nexttype, n.previousdoc, n.previoustype, SUM(n.foreignamount) AS amount"
    " FROM NextTransactionLineLink n"
    " WHERE n.previoustype IN ('CustInvc', 'CustCred', 'CustPymt')"
    " AND n.nexttype IN ('CustPymt', 'CustCred', 'CustRfnd')"
    " GROUP BY n.nextdoc, n.nexttype, n.previousdoc, n.previoustype ORDER BY n.nextdoc, n.previousdoc"
)
MEMBERS = (
    "SELECT n.nextdoc AS deposit, n.previousdoc AS document, n.previoustype AS type, n.foreignamount AS amount,"
    " -tl.foreignamount AS settled"
    " FROM NextTransactionLineLink n"
    " INNER JOIN transactionline tl ON tl.transaction = n.nextdoc AND tl.id = n.nextline"
    " WHERE n.nexttype = 'Deposit' ORDER BY n.nextdoc, n.nextline"
)
OTHER_MONEY = (
    "SELECT tl.transaction AS deposit, l.account, -SUM(tl.foreignamount) AS amount"
    " FROM transactionline tl INNER JOIN transaction t ON t.id = tl.transaction"
    " INNER JOIN transactionaccountingline l ON l.transaction = tl.transaction AND l.transactionline = tl.id"
    " WHERE t.type = 'Deposit' AND tl.mainline = 'F' AND tl.foreignamount <> 0 AND NOT EXISTS"
    " (SELECT 1 FROM NextTransactionLineLink n WHERE n.nextdoc = tl.transaction AND n.nextline = tl.id)"
    " GROUP BY tl.transaction, l.account ORDER BY tl.transaction, l.account"
)


class Books:
    """A euro customer's invoice, credited, paid, refunded and deposited in dollars, and a journal entry."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.customer = euro_customer(account)
        at = {"tranDate": "2026-10-05"}
        self.invoice = account.invoice(self.customer, 100, externalId="in_r", **at)
        self.memo = account.create("creditMemo", memo_body(self.customer, 50, {self.invoice: 30}, externalId="cn_r"))
        self.payment = account.payment(self.customer, 90, {self.invoice: 70}, externalId="ch_r", **at)
        one, two = {self.memo: 15}, {self.memo: 2.5, self.payment: 7.5}
        self.refund = account.create("customerRefund", refund_body(self.customer, one, externalId="re_r", memo="m"))
        self.second = account.create("customerRefund", refund_body(self.customer, two))
        members = {self.payment: 98.76, self.refund: -16.5, self.second: -11}
        body = deposit_body(
            BANK, members, [money(SUSPENSE, 4)], [money(FEES, 2.5), money(FEES, 0.25), money("9", 1)], externalId="po_r"
        )
        self.deposit = account.create("deposit", body)
        self.journal = account.create(
            "journalEntry", journal_body(("8", 9, 0, "b"), (BANK, 0, 9, None), externalId="pf-po_r")
        )


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Books]:
    with running_account(tmp_path_factory.mktemp("netsuite")) as account:
        yield Books(account)


def test_documents_with_what_is_left_on_them(books: Books) -> None:
    """The main line of a memo or payment says what is used and unused; refunds, deposits and journals say neither."""
    rows = books.account.sql(DOCUMENTS)
    assert [(row["id"], row["type"], row.get("externalid"), row["status"], row["foreigntotal"]) for row in rows] == [
        (books.memo, "CustCred", "cn_r", "A", "50"),
        (books.payment, "CustPymt", "ch_r", "C", "90"),
        (books.refund, "CustRfnd", "re_r", "R", "15"),
        (books.second, "CustRfnd", None, "R", "10"),
        (books.deposit, "Deposit", "po_r", "A", "71.51"),
        (books.journal, "Journal", "pf-po_r", "B", "9"),
    ]
    assert [(row.get("used"), row.get("unused")) for row in rows] == [
        ("47.5", "2.5"),
        ("77.5", "12.5"),
        *[(None, None)] * 4,
    ]
    assert [(row.get("entity"), row["currency"], row["voided"]) for row in rows] == [
        *[(books.customer, "4", "F")] * 4,
        *[(None, "1", "F")] * 2,
    ]
    assert (rows[1]["trandate"], rows[2]["memo"]) == ("2026-10-05", "m")
    header = "SELECT foreignpaymentamountused AS u, foreignpaymentamountunused AS r FROM transaction WHERE id = ?"
    assert books.account.sql(header, books.memo) == [{"u": "47.5", "r": "2.5"}]


def test_applications_lead_from_the_debt_to_what_settled_it(books: Books) -> None:
    """Payments and memos follow the invoice, refunds follow the memo or payment that they took the money from."""
    rows = books.account.sql(APPLICATIONS)
    assert [tuple(row.values()) for row in rows] == [
        (books.memo, "CustCred", books.invoice, "CustInvc", "30"),
        (books.payment, "CustPymt", books.invoice, "CustInvc", "70"),
        (books.refund, "CustRfnd", books.memo, "CustCred", "15"),
        (books.second, "CustRfnd", books.memo, "CustCred", "2.5"),
        (books.second, "CustRfnd", books.payment, "CustPymt", "7.5"),
    ]


def test_link_lines_are_the_receivables(books: Books) -> None:
    """Either end of an application is the line on accounts receivable of its document."""
    query = (
        "SELECT a.account AS former, b.account AS latter FROM NextTransactionLineLink n"
        " INNER JOIN transactionaccountingline a"
        " ON a.transaction = n.previousdoc AND a.transactionline = n.previousline"
        " INNER JOIN transactionaccountingline b ON b.transaction = n.nextdoc AND b.transactionline = n.nextline"
        " WHERE n.nexttype <> 'Deposit' ORDER BY n.nextdoc"
    )
    assert books.account.sql(query) == [{"former": "2", "latter": "2"}] * 5


def test_members_of_a_deposit_with_both_amounts(books: Books) -> None:
    """A link holds the document's own amount, its deposit line what it settled for; refunds settle below nought."""
    rows = books.account.sql(MEMBERS)
    assert [tuple(row.values()) for row in rows] == [
        (books.deposit, books.payment, "CustPymt", "90", "98.76"),
        (books.deposit, books.refund, "CustRfnd", "15", "-16.5"),
        (books.deposit, books.second, "CustRfnd", "10", "-11"),
    ]
    by_line = (
        "SELECT createdfrom FROM transactionline WHERE transaction = ? AND createdfrom IS NOT NULL ORDER BY uniquekey"
    )
    made_from = [row["createdfrom"] for row in books.account.sql(by_line, books.deposit)]
    assert made_from == [books.payment, books.refund, books.second]


def test_other_money_of_a_deposit_by_account(books: Books) -> None:
    """What else came in is positive, fees and reserves are negative, and with the members they are the total."""
    rows = books.account.sql(OTHER_MONEY)
    assert [tuple(row.values()) for row in rows] == [
        (books.deposit, "6", "4"),
        (books.deposit, "7", "-2.75"),
        (books.deposit, "9", "-1"),
    ]
    members = sum(float(row["settled"]) for row in books.account.sql(MEMBERS))
    assert round(members + sum(float(row["amount"]) for row in rows), 2) == 71.51


def test_lines_name_items_or_accounts(books: Books) -> None:
    """A memo's lines carry their item; accounts are read from the accounting lines, for every document."""
    query = (
        "SELECT tl.transaction, l.account, BUILTIN.DF(l.account) AS name, tl.item, tl.foreignamount AS amount"
        " FROM transactionline tl INNER JOIN transactionaccountingline l"
        " ON l.transaction = tl.transaction AND l.transactionline = tl.id"
        " WHERE tl.transaction IN (?, ?) ORDER BY tl.uniquekey"
    )
    rows = books.account.sql(query, books.memo, books.journal)
    assert [(row["account"], row["name"], row.get("item"), row["amount"]) for row in rows] == [
        ("2", "Accounts Receivable", None, "-50"),
        ("4", "Sales", "8", "50"),
        ("8", "Stripe Returned Payouts", None, "9"),
        ("1", "Checking", None, "-9"),
    ]
    assert books.account.sql("SELECT COUNT(expenseaccount) AS n FROM transactionline") == [{"n": "0"}]


def test_names_of_types_and_states(books: Books) -> None:
    """BUILTIN.DF says types and states in words, and the record type is the segment of the address."""
    query = (
        "SELECT recordtype, BUILTIN.DF(type) AS type, BUILTIN.DF(status) AS status FROM transaction"
        " WHERE id IN (?, ?, ?, ?) ORDER BY id"
    )
    rows = books.account.sql(query, books.memo, books.refund, books.deposit, books.journal)
    assert [tuple(row.values()) for row in rows] == [
        ("creditmemo", "Credit Memo", "Credit Memo : Open"),
        ("customerrefund", "Customer Refund", "Customer Refund : Issued"),
        ("deposit", "Deposit", "Deposit : Deposited"),
        ("journalentry", "Journal", "Journal : Approved for Posting"),
    ]
    for row, external in zip(rows, ("cn_r", "re_r", "po_r", "pf-po_r"), strict=True):
        assert books.account.get(f"{row['recordtype']}/eid:{external}")["externalId"] == external
