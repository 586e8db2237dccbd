"""Every kind of gap of credit memos, refunds, disputes, payouts and deposits; incremental and full agree on each."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from o2c_orchestration.domain.documents import Command, Plan, Refusal
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.store import journal, movements, planning
from o2c_orchestration.store.agreement import agreement
from o2c_orchestration.store.gaps import Gap, list_gaps, reconcile
from o2c_orchestration.store.gate import mark_absent
from o2c_orchestration_tests.integration_store.builders import (
    DAY,
    MOMENT,
    accept,
    accounts,
    command,
    journal_id,
    ledger_customer,
    ledger_document,
    mirror,
    refusal,
)

SUSPENSE, FEES = 6, 7
NEXT_MONTH = date(2026, 3, 1)


@pytest.fixture
def books(engine: Engine) -> Iterator[Engine]:
    """A customer with a charge of 100 that is booked, and an account list."""
    accounts(engine)
    accept(engine, "customers", {"id": "cus_1"})
    ledger_customer(engine, 1, "cus_1")
    accept(engine, "payments", {"id": "ch_1"})
    mirror(engine, [ledger_document(1, "customerPayment", stripe_ref="ch_1", remaining_minor=100)])
    reconcile(engine)
    assert [] == list_gaps(engine)
    yield engine
    # Whatever a test did: comparing everything finds what comparing what changed has found.
    incremental = everything(engine)
    reconcile(engine, full=True)
    assert everything(engine) == incremental


def everything(engine: Engine) -> list[tuple[Any, ...]]:
    return sorted(
        (gap.gap_id, gap.netsuite_id or "", gap.expected_minor, gap.actual_minor or 0, gap.reason)
        for gap in list_gaps(engine)
    )


def found(engine: Engine) -> list[tuple[Any, ...]]:
    """Kind, Stripe id, NetSuite id, expected and actual of every open gap."""
    reconcile(engine)
    return sorted(
        (gap.kind, gap.stripe_id, gap.netsuite_id, gap.expected_minor, gap.actual_minor) for gap in list_gaps(engine)
    )


def only(engine: Engine) -> Gap:
    reconcile(engine)
    [gap] = list_gaps(engine)
    return gap


# What Stripe has, the document that has to be there, its key, and what its absence is called.
CASES = [
    ("credit_notes", {"id": "cn_1"}, "creditMemo", "cn_1", "credit_memo_missing"),
    ("refunds", {"id": "re_1"}, "customerRefund", "re_1", "refund_missing"),
    ("disputes", {"id": "dp_1"}, "customerRefund", "dp_1", "dispute_missing"),
    ("disputes", {"id": "du_1"}, "customerRefund", "du_1", "dispute_missing"),
]
NOTHING = [
    ("credit_notes", {"id": "cn_1", "status": "void"}),
    ("credit_notes", {"id": "cn_1", "total_minor": 0}),
    ("refunds", {"id": "re_1", "balance_transaction": None, "status": "pending"}),
    ("disputes", {"id": "dp_1", "withdrawn_date": None, "status": "warning_closed"}),
    ("payouts", {"id": "po_1", "status": "in_transit"}),
    ("payouts", {"id": "po_1", "reconciliation": "in_progress"}),
]


@pytest.mark.parametrize(("table", "values"), NOTHING)
def test_what_moved_no_money_needs_no_document(books, table, values):
    """Void and empty notes, refunds under way, inquiries, payouts that have not arrived or are not settled."""
    accept(books, table, values)
    assert [] == found(books)


@pytest.mark.parametrize(("table", "values", "document", "key", "kind"), CASES)
def test_a_missing_document_is_a_gap_until_it_is_there(books, table, values, document, key, kind):
    """Under a kind of its own, with Stripe's amount; gone when it is written, back when it is deleted."""
    accept(books, table, values)
    assert [(kind, values["id"], None, 100, 0)] == found(books)
    assert ("cus_1", "usd", DAY, "stripe_netsuite") == (
        only(books).customer,
        only(books).currency,
        only(books).effective_date,
        only(books).leg,
    )
    mirror(books, [ledger_document(5, document, stripe_ref=key)])
    assert [] == found(books)
    mirror(books, gone=[5])
    assert [(kind, values["id"], None, 100, 0)] == found(books)


@pytest.mark.parametrize(
    ("changes", "kind", "actual"),
    [
        ({"total_minor": 90}, "amount_mismatch", 90),
        ({"currency": "eur"}, "currency_mismatch", None),
        ({"entity_id": 2}, "customer_mismatch", 100),
        ({"trandate": NEXT_MONTH}, "period_mismatch", 100),
    ],
)
@pytest.mark.parametrize(("table", "values", "document", "key", "missing"), CASES)
def test_a_document_that_says_something_else_is_a_gap(
    books, table, values, document, key, missing, changes, kind, actual
):
    """Amount, currency, customer and month of every document are Stripe's; the day within the month may differ."""
    accept(books, table, values)
    mirror(books, [ledger_document(5, document, stripe_ref=key, **changes)])
    assert [(kind, values["id"], "5", 100, actual)] == found(books)
    mirror(books, [ledger_document(5, document, stripe_ref=key, trandate=DAY + timedelta(3))])
    assert [] == found(books)
    del missing


def test_a_failed_refund_needs_its_payment(books):
    """`rf-…` of the day on which it failed, by the refund's Stripe id; the refund's own document stays."""
    accept(books, "balance_transactions", {"id": "txn_f", "booked_date": NEXT_MONTH})
    accept(books, "refunds", {"id": "re_1", "status": "failed", "failure_transaction": "txn_f"})
    mirror(books, [ledger_document(5, "customerRefund", stripe_ref="re_1")])
    assert [("payment_missing", "re_1", None, 100, 0)] == found(books)
    assert NEXT_MONTH == only(books).effective_date
    mirror(books, [ledger_document(6, "customerPayment", stripe_ref="rf-re_1", trandate=NEXT_MONTH)])
    assert [] == found(books)


def test_a_failure_that_comes_last_is_seen(books):
    """The refund is there and booked before its failure's transaction is known."""
    accept(books, "refunds", {"id": "re_1", "status": "failed", "failure_transaction": "txn_f"})
    mirror(books, [ledger_document(5, "customerRefund", stripe_ref="re_1")])
    assert [] == found(books)
    accept(books, "balance_transactions", {"id": "txn_f"})
    assert [("payment_missing", "re_1", None, 100, 0)] == found(books)


def test_a_dispute_that_was_won_needs_its_payment(books):
    """`rp-…` of what came back; both sides missing are one gap, which stays until the last of them is settled."""
    accept(books, "disputes", {"id": "dp_1", "status": "won", "reinstated_date": NEXT_MONTH})
    first = only(books)
    assert ("dispute_missing", "dp_1", DAY) == (first.kind, first.stripe_id, first.effective_date)
    mirror(books, [ledger_document(5, "customerRefund", stripe_ref="dp_1")])
    second = only(books)
    assert (first.gap_id, NEXT_MONTH) == (second.gap_id, second.effective_date)
    mirror(books, [ledger_document(6, "customerPayment", stripe_ref="rp-dp_1", trandate=NEXT_MONTH)])
    assert [] == found(books)


def test_a_part_of_a_dispute_that_came_back_needs_a_payment_of_that_part(books):
    """And of its amount: a payment of all of it is a cent's worth too many, and the books say so."""
    accept(books, "disputes", {"id": "dp_1", "status": "won", "reinstated_date": DAY, "reinstated_minor": 40})
    mirror(books, [ledger_document(5, "customerRefund", stripe_ref="dp_1")])
    assert [("dispute_missing", "dp_1", None, 40, 0)] == found(books)
    memo = ledger_document(8, "creditMemo", stripe_ref="cm-dp_1", remaining_minor=0)
    restored = ledger_document(9, stripe_ref="ri-dp_1", total_minor=40, remaining_minor=0)
    mirror(books, [memo, restored, ledger_document(6, "customerPayment", stripe_ref="rp-dp_1")])
    assert "amount_mismatch" in {gap[0] for gap in found(books)}
    mirror(books, [ledger_document(6, "customerPayment", stripe_ref="rp-dp_1", total_minor=40)])
    assert [] == found(books)
    assert {0} == {tie.residual_minor for tie in agreement(books)}


def test_a_customer_that_is_linked_later_settles_a_derived_document(books):
    """The payment of a failed refund, booked under a customer whose link to Stripe comes after it."""
    accept(books, "balance_transactions", {"id": "txn_f"})
    accept(books, "refunds", {"id": "re_1", "failure_transaction": "txn_f"})
    documents = [
        ledger_document(5, "customerRefund", stripe_ref="re_1"),
        ledger_document(6, "customerPayment", stripe_ref="rf-re_1", entity_id=9),
    ]
    mirror(books, documents)
    assert [("customer_mismatch", "re_1", "6", 100, 100)] == found(books)
    ledger_customer(books, 9, "cus_1")
    assert [] == found(books)


def test_a_reversal_waits_for_its_charge(books):
    """Whose money it was says the charge: a refund of one that is not known yet is looked at when it comes."""
    accept(books, "refunds", {"id": "re_2", "charge_id": "ch_2"})
    accept(books, "disputes", {"id": "dp_2", "charge_id": "ch_2"})
    assert [] == found(books)
    accept(books, "payments", {"id": "ch_2"})
    mirror(books, [ledger_document(2, "customerPayment", stripe_ref="ch_2", remaining_minor=0)])
    assert [("dispute_missing", "dp_2", None, 100, 0), ("refund_missing", "re_2", None, 100, 0)] == found(books)


@pytest.mark.parametrize(
    ("document", "key", "stripe_id", "kind", "leg"),
    [
        ("creditMemo", "cn_1", "cn_1", "duplicate_in_netsuite", "stripe_netsuite"),
        ("creditMemo", "cm-re_1", "re_1", "duplicate_in_netsuite", "stripe_netsuite"),
        ("customerRefund", "re_1", "re_1", "duplicate_in_netsuite", "stripe_netsuite"),
        ("customerPayment", "rf-re_1", "re_1", "paid_twice", "stripe_netsuite"),
        ("deposit", "po_1", "po_1", "duplicate_in_netsuite", "payout_deposit"),
        ("journalEntry", "pf-po_1", "po_1", "duplicate_in_netsuite", "payout_deposit"),
    ],
)
def test_a_second_document_of_a_key_is_a_duplicate(books, document, key, stripe_id, kind, leg):
    """Each further one, in the leg that it concerns; the first is the one with the external id."""
    copies = [ledger_document(number, document, stripe_ref=key) for number in (5, 6)]
    mirror(books, [*copies, ledger_document(4, document, stripe_ref=key, linked_by="reference")])
    assert [(kind, stripe_id, "4", 0, 100), (kind, stripe_id, "6", 0, 100)] == found(books)
    assert {leg} == {gap.leg for gap in list_gaps(books)}
    mirror(books, gone=[4, 6])
    assert [] == found(books)


@pytest.mark.parametrize(("document", "key"), [("creditMemo", "cm-re_9"), ("customerPayment", "rf-re_9")])
def test_a_document_of_what_stripe_does_not_have_is_a_gap(books, document, key):
    """Also where its key is derived from the Stripe id that is absent."""
    mirror(books, [ledger_document(5, document, stripe_ref=key)])
    mark_absent(books, ["re_9"], MOMENT)
    assert [("missing_in_stripe", "re_9", "5", 0, 100)] == found(books)
    mirror(books, gone=[5])
    assert [] == found(books)


@pytest.mark.parametrize("document", ["creditMemo", "customerRefund"])
def test_a_document_of_a_stripe_customer_that_names_nothing_is_a_gap(books, document):
    """Somebody's work that no Stripe object explains; a deposit has no customer and is nobody's business."""
    mirror(books, [ledger_document(5, document), ledger_document(6, "deposit", entity_id=None)])
    assert [("unlinked_in_netsuite", None, "5", 0, 100)] == found(books)


def paid_out(engine: Engine, amount: int = 100, fee: int = 0, **changes: Any) -> None:
    """A payout of one member, which is charge ch_1 and whatever is missing to the amount."""
    accept(engine, "payouts", {"id": "po_1", "amount_minor": amount, **changes})
    member = {"id": "txn_1", "source_id": "ch_1", "amount_minor": amount + fee, "fee_minor": fee, "net_minor": amount}
    accept(engine, "balance_transactions", member)
    movements.record_members(engine, "po_1", ["txn_1"], MOMENT)


def deposit(number: int = 50, key: str = "po_1", **changes: Any) -> Any:
    return ledger_document(number, "deposit", stripe_ref=key, **{"entity_id": None, "remaining_minor": 0, **changes})


def test_a_payout_needs_its_deposit(books):
    """deposit_missing of the payout's amount on its day of arrival, in a leg of its own, until it is there."""
    paid_out(books)
    assert [("deposit_missing", "po_1", None, 100, 0)] == found(books)
    assert ("payout_deposit", "usd", DAY) == (only(books).leg, only(books).currency, only(books).effective_date)
    mirror(books, [deposit()])
    assert [] == found(books)


@pytest.mark.parametrize("changes", [{"total_minor": 99}, {"currency": "eur"}])
@pytest.mark.parametrize("automatic", [True, False])
def test_a_deposit_of_another_amount_is_a_mismatch(books, changes, automatic):
    """In the bank's amount or currency; also of a manual payout, of whose members Stripe says nothing."""
    if automatic:
        paid_out(books)
    else:
        accept(books, "payouts", {"id": "po_1", "automatic": False, "reconciliation": "not_applicable"})
    mirror(books, [deposit(**changes)])
    assert [("deposit_mismatch", "po_1", "50", 100, changes.get("total_minor", 100))] == found(books)
    mirror(books, [deposit()])
    assert [] == found(books)


def test_a_deposit_in_another_month_is_told(books):
    """A part of it as well; another day of the month on which the bank received it is nobody's mistake."""
    paid_out(books)
    mirror(books, [deposit(total_minor=60), deposit(51, "po_1-2", total_minor=40, trandate=NEXT_MONTH)])
    assert [("period_mismatch", "po_1", "50", 100, 100)] == found(books)
    gap = only(books)
    assert ("payout_deposit", DAY) == (gap.leg, gap.effective_date)
    assert "arrived in 2026-02, deposited in 2026-03" == gap.reason
    mirror(books, [deposit(51, "po_1-2", total_minor=40, trandate=DAY + timedelta(3))])
    assert [] == found(books)


def test_the_parts_of_a_payout_are_one_deposit(books):
    """A payout of too many members has several deposits; their sum is compared."""
    paid_out(books)
    mirror(books, [deposit(total_minor=60), deposit(51, "po_1-2", total_minor=30)])
    assert [("deposit_mismatch", "po_1", "50", 100, 90)] == found(books)
    mirror(books, [deposit(51, "po_1-2", total_minor=40)])
    assert [] == found(books)


def test_a_payout_below_zero_has_a_deposit_of_nought(books):
    """The bank pays: NetSuite takes no negative deposit."""
    paid_out(books, -40)
    assert [("deposit_missing", "po_1", None, -40, 0)] == found(books)
    mirror(books, [deposit(total_minor=0)])
    assert [] == found(books)


def test_a_deposit_without_fees_is_told_as_such(books):
    """Too high by exactly the fees and no fee line in it: fee_missing, not a mismatch; with a fee line a mismatch."""
    paid_out(books, 97, fee=3)
    mirror(books, [deposit(total_minor=100)])
    assert [("fee_missing", "po_1", "50", 3, 0)] == found(books)
    mirror(books, [deposit(total_minor=100)], lines=[(50, 1, FEES, -1, "fees")])
    assert [("deposit_mismatch", "po_1", "50", 97, 100)] == found(books)
    mirror(books, [deposit(total_minor=97)], lines=[(50, 1, FEES, -3, "fees")])
    assert [] == found(books)


def test_what_lies_on_suspense_is_a_residual_until_it_is_cleared(books):
    """By its balance transaction, with its amount; a deposit `rc-…` that takes it off Suspense clears it."""
    paid_out(books)
    mirror(books, [deposit()], lines=[(50, 1, SUSPENSE, 100, "txn_1 charge"), (50, 2, SUSPENSE, 5, "by hand")])
    assert [("payout_residual", "txn_1", "50", 100, 0)] == found(books)
    assert "payout_deposit" == only(books).leg
    clearing = deposit(51, "rc-txn_1", total_minor=0)
    mirror(books, [clearing], lines=[(51, 1, SUSPENSE, -60, "txn_1 charge")])
    assert [("payout_residual", "txn_1", "50", 40, 0)] == found(books)
    mirror(books, [clearing], lines=[(51, 1, SUSPENSE, -100, "txn_1 charge")])
    assert [] == found(books)
    mirror(books, gone=[51])
    assert [("payout_residual", "txn_1", "50", 100, 0)] == found(books)
    mirror(books, [deposit()], lines=[(50, 1, FEES, 100, "txn_1 charge")])
    assert [] == found(books)


def test_two_residuals_of_one_transaction_are_one(books):
    """Its amount and fees that do not add up: one name, one sum."""
    paid_out(books)
    mirror(books, [deposit()], lines=[(50, 1, SUSPENSE, 100, "txn_1 charge"), (50, 2, SUSPENSE, -7, "txn_1 charge")])
    assert [("payout_residual", "txn_1", "50", 93, 0)] == found(books)


def test_a_payout_that_came_back_has_to_leave_the_bank(books):
    """After its deposit is there and until the journal entry is; before, nothing of it is in the books."""
    accept(books, "balance_transactions", {"id": "txn_f", "type": "payout_failure", "booked_date": NEXT_MONTH})
    paid_out(books, status="failed", failure_transaction="txn_f")
    assert [("deposit_missing", "po_1", None, 100, 0)] == found(books)
    mirror(books, [deposit()])
    assert [("deposit_mismatch", "po_1", "50", 0, 100)] == found(books)
    assert NEXT_MONTH == only(books).effective_date
    mirror(books, [ledger_document(60, "journalEntry", stripe_ref="pf-po_1", entity_id=None)])
    assert [] == found(books)


def by_planner(engine: Engine, document: Any, key: str, stripe_id: str) -> None:
    made = refusal(document, key)
    planning.save_plan(engine, Plan((), (Refusal(**{**vars(made), "stripe_id": stripe_id}),)), DAY, DAY)


def by_netsuite(engine: Engine, document: Any, key: str, stripe_id: str) -> None:
    asked = Command(**{**vars(command(document, key)), "stripe_id": stripe_id})
    journal.intend(engine, [asked])
    claim = journal.claim(engine, journal_id(engine, key), 60)
    assert claim is not None
    assert journal.record_refused(engine, claim, "USER_ERROR", "NetSuite says no", "ask NetSuite")


SAID = [(by_planner, "the planner says no. To do: think again"), (by_netsuite, "NetSuite says no. To do: ask NetSuite")]


@pytest.mark.parametrize(("refuse", "words"), SAID)
@pytest.mark.parametrize(
    ("table", "values", "document", "key"),
    [
        ("credit_notes", {"id": "cn_1"}, "creditMemo", "cn_1"),
        ("refunds", {"id": "re_1"}, "customerRefund", "re_1"),
        ("refunds", {"id": "re_1"}, "creditMemo", "cm-re_1"),
        ("disputes", {"id": "dp_1", "reinstated_date": DAY}, "creditMemo", "cm-dp_1"),
        ("payouts", {"id": "po_1"}, "deposit", "po_1"),
    ],
)
def test_what_was_refused_is_one_gap_with_the_reason(books, refuse, words, table, values, document, key):
    """sync_failed in the words of who refused it, also where the refusal is of what must come before it."""
    accept(books, table, values)
    refuse(books, document, key, values["id"])
    assert [("sync_failed", values["id"], None, 100, 0)] == found(books)
    assert words == only(books).reason


@pytest.mark.parametrize(("refuse", "words"), SAID)
def test_two_refused_documents_of_one_object_are_told_one_after_the_other(books, refuse, words):
    """One gap under one id: it tells of the refund while that is missing, then of the money that came back."""
    accept(books, "balance_transactions", {"id": "txn_f", "booked_date": NEXT_MONTH})
    accept(books, "refunds", {"id": "re_1", "failure_transaction": "txn_f"})
    by_netsuite(books, "creditMemo", "cm-re_1", "re_1")
    refuse(books, "customerPayment", "rf-re_1", "re_1")
    first = only(books)
    assert ("sync_failed", DAY, "NetSuite says no. To do: ask NetSuite") == (
        first.kind,
        first.effective_date,
        first.reason,
    )
    mirror(books, [ledger_document(5, "customerRefund", stripe_ref="re_1")])
    second = only(books)
    assert (first.gap_id, NEXT_MONTH, words) == (second.gap_id, second.effective_date, second.reason)


@pytest.mark.parametrize(("refuse", "words"), SAID)
@pytest.mark.parametrize(
    ("document", "key", "stripe_id"), [("customerPayment", "rp-dp_1", "dp_1"), ("invoice", "ri-in_1", "in_1")]
)
def test_a_second_document_that_cannot_be_written_is_told(books, refuse, words, document, key, stripe_id):
    """Money of a dispute in part, a written-off debt: no other gap would say a word of it. The books still tie out."""
    accept(books, "disputes", {"id": "dp_1", "partly_reinstated": True})
    accept(books, "invoices", {"id": "in_1", "status": "paid", "amount_remaining_minor": 0})
    invoice = ledger_document(7, stripe_ref="in_1", remaining_minor=0)
    memo = ledger_document(6, "creditMemo", stripe_ref="cm-dp_1", remaining_minor=0)
    mirror(books, [ledger_document(5, "customerRefund", stripe_ref="dp_1"), memo, invoice])
    refuse(books, document, key, stripe_id)
    assert [("sync_failed", stripe_id, None, 100, 0)] == found(books)
    assert words == only(books).reason
    assert {0} == {tie.residual_minor for tie in agreement(books)}
    mirror(books, [ledger_document(6, document, stripe_ref=key, remaining_minor=0)])
    assert [] == found(books)


@pytest.mark.parametrize("status", ["void", "uncollectible"])
def test_an_open_invoice_that_stripe_closed_says_why_it_stays(books, status):
    """status_mismatch, with the words of who refused the credit memo."""
    accept(books, "invoices", {"id": "in_1", "status": status, "closed_date": DAY})
    mirror(books, [ledger_document(7, stripe_ref="in_1")])
    assert [("status_mismatch", "in_1", "7", 0, 100)] == found(books)
    by_planner(books, "creditMemo", "cm-in_1", "in_1")
    assert f"{status} in Stripe, open in NetSuite. the planner says no. To do: think again" == only(books).reason
    mirror(books, [ledger_document(7, stripe_ref="in_1", remaining_minor=0)])
    mirror(books, [ledger_document(8, "creditMemo", stripe_ref="cm-in_1")], [(8, 7, 100)])
    assert [] == found(books)


def test_policy_may_keep_uncollectible_invoices_open(engine):
    """With `keep_open` the invoice is as open here as in Stripe, and no gap."""
    accept(engine, "customers", {"id": "cus_1"})
    ledger_customer(engine, 1, "cus_1")
    accept(engine, "invoices", {"id": "in_1", "status": "uncollectible", "closed_date": DAY})
    mirror(engine, [ledger_document(7, stripe_ref="in_1")])
    policy = Policy.model_validate({"reversals": {"uncollectible": "keep_open"}})
    reconcile(engine, policy)
    assert [] == list_gaps(engine)


def test_a_late_payment_of_a_written_off_invoice_is_where_it_belongs(books):
    """Applied to `ri-in_…` it counts as applied to the invoice; the restored invoice is in no equation twice."""
    accept(books, "invoices", {"id": "in_1", "status": "paid", "amount_remaining_minor": 0, "closed_date": DAY})
    accept(books, "invoice_payments", {"id": "inpay_1", "invoice_id": "in_1", "charge_id": "ch_1"})
    documents = [
        ledger_document(7, stripe_ref="in_1", remaining_minor=0),
        ledger_document(8, "creditMemo", stripe_ref="cm-in_1", remaining_minor=0),
        ledger_document(9, stripe_ref="ri-in_1", remaining_minor=0),
        ledger_document(1, "customerPayment", stripe_ref="ch_1", remaining_minor=0),
    ]
    mirror(books, documents, [(8, 7, 100), (1, 9, 100)])
    assert [] == found(books)
    mirror(books, [ledger_document(10, stripe_ref="ri-in_1", remaining_minor=0)])
    assert [("duplicate_in_netsuite", "in_1", "10", 0, 100)] == found(books)
    assert {0} == {tie.residual_minor for tie in agreement(books)}
