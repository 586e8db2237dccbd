"""What NetSuite has to hold of customer balances: a gap until it is there, by what changed and by everything alike."""

from datetime import UTC, datetime

import pytest

from o2c_orchestration.store.agreement import agreement
from o2c_orchestration.store.customer_credits import Credit, credits_of_customers, customers_to_ask, totals
from o2c_orchestration.store.gaps import list_gaps, reconcile
from o2c_orchestration_tests.integration_store.builders import (
    accept,
    ledger_customer,
    ledger_document,
    mirror,
)

USED = {"id": "in_1", "total_minor": 100, "amount_remaining_minor": 70, "balance_minor": 30}
DEBT = {"id": "in_1", "total_minor": 100, "amount_remaining_minor": 130, "balance_minor": -30}
OVERPAID = {
    "id": "in_1",
    "status": "paid",
    "amount_remaining_minor": 0,
    "overpaid_minor": 25,
    "paid_date": "2026-02-15",
}
BELOW = {"id": "in_1", "status": "paid", "total_minor": -30, "amount_remaining_minor": 0, "balance_minor": -30}
VOID = {**USED, "status": "void", "closed_date": "2026-02-15"}


@pytest.fixture
def books(engine):
    accept(engine, "customers", {"id": "cus_1"})
    ledger_customer(engine, 1, "cus_1")
    return engine


def document(number, key, total, left=0, kind="invoice"):
    return ledger_document(number, kind, stripe_ref=key, external_id=key, total_minor=total, remaining_minor=left)


def found(engine):
    """Open gaps, the same by what changed and by everything; and nothing is left unexplained."""
    reconcile(engine)
    assert reconcile(engine, full=True).opened == 0
    assert [each for each in agreement(engine) if each.residual_minor] == []
    return [(gap.kind, gap.stripe_id, gap.expected_minor, gap.actual_minor) for gap in list_gaps(engine)]


@pytest.mark.parametrize(
    ("invoice", "there", "key", "kind", "total", "gap"),
    [
        (USED, [("in_1", 100, 70)], "cb-in_1", "creditMemo", 30, "credit_memo_missing"),
        ({**USED, "status": "uncollectible"}, [("in_1", 100, 0)], "cb-in_1", "creditMemo", 30, "credit_memo_missing"),
        (DEBT, [("in_1", 100, 100)], "bi-in_1", "invoice", 30, "missing_in_netsuite"),
        (OVERPAID, [("in_1", 100, 0)], "bo-in_1", "invoice", 25, "missing_in_netsuite"),
        (BELOW, [("bi-in_1", 30, 0)], "ni-in_1", "creditMemo", 30, "credit_memo_missing"),
        (BELOW, [], "bi-in_1", "invoice", 30, "missing_in_netsuite"),
    ],
)
def test_what_a_balance_needs_is_missing_until_it_is_there(books, invoice, there, key, kind, total, gap):
    """Under the kind of the document, over its amount; entered with another amount it is a mismatch."""
    accept(books, "invoices", invoice)
    mirror(books, [document(number, *each) for number, each in enumerate(there, 1)])
    assert (gap, "in_1", total, 0) in found(books)
    mirror(books, [document(9, key, total + 5, kind=kind)])
    assert ("amount_mismatch", "in_1", total, total + 5) in found(books)
    mirror(
        books, [document(9, key, total, kind=kind), document(8, "ni-in_1", 30, kind="creditMemo")][: 1 + (not there)]
    )
    assert found(books) == []


def test_an_invoice_paid_by_its_balance_is_no_mismatch_of_status(books):
    """Open in NetSuite and paid in Stripe is told once, as the memo that is missing, and is gone with it."""
    accept(books, "invoices", {**USED, "status": "paid", "amount_remaining_minor": 0, "balance_minor": 100})
    mirror(books, [document(1, "in_1", 100, 100)])
    assert found(books) == [("credit_memo_missing", "in_1", 100, 0)]
    mirror(books, [document(1, "in_1", 100, 0), document(2, "cb-in_1", 100, kind="creditMemo")])
    assert found(books) == []


def test_a_void_needs_back_what_the_ledger_holds_as_used(books):
    """Nothing where nothing was used; else what that memo took, whatever Stripe says of it."""
    accept(books, "invoices", VOID)
    mirror(books, [document(1, "in_1", 100, 0), document(2, "cm-in_1", 100, kind="creditMemo")])
    assert found(books) == []
    mirror(books, [document(3, "cb-in_1", 35, kind="creditMemo")])
    assert ("missing_in_netsuite", "in_1", 35, 0) in found(books)
    mirror(books, [document(3, "cb-in_1", 30, kind="creditMemo"), document(4, "bi-in_1", 30)])
    assert found(books) == []


def test_a_credit_note_to_the_balance_needs_what_it_brought(books):
    """An invoice under its own key beside the memo; none for one that was voided, or whose invoice was."""
    accept(books, "invoices", {"id": "in_1", "status": "paid", "amount_remaining_minor": 0})
    accept(books, "credit_notes", {"id": "cn_1", "invoice_id": "in_1", "total_minor": 40, "balance_minor": 40})
    mirror(books, [document(1, "in_1", 100), document(2, "cn_1", 40, kind="creditMemo")])
    assert found(books) == [("missing_in_netsuite", "cn_1", 40, 0)]
    mirror(books, [document(3, "bi-cn_1", 40)])
    assert found(books) == []


@pytest.mark.parametrize(("claimed", "applied"), [(100, {1: 100, 9: 25}), (125, {1: 100, 9: 25})])
def test_an_overpayment_is_applied_right_however_stripe_counts_it(books, claimed, applied):
    """In the claim or on top of it, the payment belongs on its invoice and on the surplus; elsewhere it is told."""
    accept(books, "invoices", OVERPAID)
    accept(books, "payments", {"id": "ch_1", "payment_intent": "pi_1", "amount_minor": 125})
    claim = {"id": "inpay_1", "invoice_id": "in_1", "payment_intent": "pi_1", "amount_minor": claimed}
    accept(books, "invoice_payments", claim)
    documents = [document(1, "in_1", 100), document(9, "bo-in_1", 25), document(5, "ch_1", 125, kind="customerPayment")]
    mirror(books, documents, applications=[(5, number, amount) for number, amount in applied.items()])
    assert found(books) == []
    mirror(books, documents, applications=[(5, 1, 100)])
    assert [kind for kind, *_ in found(books)] == ["payment_mismatch"]


def test_what_is_to_customers_credit_is_explained_by_documents_gaps_and_hands(books):
    """Documents, then gaps, then movements by hand; Stripe is asked only where that is not all of it."""
    accept(books, "customers", {"id": "cus_1", "balances": '{"usd": -20}'})
    accept(books, "invoices", USED)
    mirror(books, [document(1, "in_1", 100, 70)])
    reconcile(books)
    assert credits_of_customers(books) == [Credit("cus_1", "usd", 20, 0, 30, 0)]
    assert credits_of_customers(books)[0].residual_minor == 50
    assert customers_to_ask(books) == ["cus_1"]
    moved = {"customer_id": "cus_1", "currency": "usd", "created_at": "2026-02-15"}
    given = {**moved, "id": "cbtxn_1", "type": "adjustment", "amount_minor": -50}
    used = {**moved, "id": "cbtxn_2", "type": "applied_to_invoice", "amount_minor": 30}
    accept(books, "customer_balance_transactions", given, used)
    assert customers_to_ask(books) == []
    mirror(books, [document(2, "cb-in_1", 30, kind="creditMemo")])
    reconcile(books)
    (credit,) = totals(credits_of_customers(books))
    assert (credit.stripe_minor, credit.ledger_minor, credit.by_hand_minor) == (20, -30, 50)
    assert (credit.explained_minor, credit.residual_minor) == (0, 0)
    accept(books, "customers", {"id": "cus_1", "deleted": True})
    assert (credits_of_customers(books), customers_to_ask(books)) == ([], [])


def test_what_a_customer_had_when_the_books_started_is_the_sum_of_his_movements(books):
    """Whatever made them, an invoice of that time too; what has moved since is told by documents, hands and gaps."""
    cut_over = datetime(2026, 2, 1, tzinfo=UTC)
    accept(books, "customers", {"id": "cus_1", "balances": '{"usd": -40}'})
    old = {**USED, "id": "in_0", "created_at": "2026-01-10"}
    accept(books, "invoices", old, {**USED, "created_at": "2026-02-10"})
    mirror(books, [document(1, "in_1", 100, 70), document(2, "cb-in_1", 30, kind="creditMemo")])
    mirror(books, [document(3, "cb-in_0", 30, kind="creditMemo")])
    reconcile(books)
    assert customers_to_ask(books, cut_over) == ["cus_1"]
    moved = {"customer_id": "cus_1", "currency": "usd"}
    before = {**moved, "created_at": "2026-01-05", "type": "adjustment", "id": "cbtxn_1", "amount_minor": -90}
    spent = {**moved, "created_at": "2026-01-10", "type": "applied_to_invoice", "id": "cbtxn_2", "amount_minor": 30}
    later = {**moved, "created_at": "2026-02-10", "type": "applied_to_invoice", "id": "cbtxn_3", "amount_minor": 30}
    given = {**moved, "created_at": "2026-02-11", "type": "adjustment", "id": "cbtxn_4", "amount_minor": -10}
    accept(books, "customer_balance_transactions", before, spent, later, given)
    assert customers_to_ask(books, cut_over) == []
    (credit,) = credits_of_customers(books, cut_over)
    assert credit == Credit("cus_1", "usd", 40, -30, 0, 10, 60)
    assert credit.residual_minor == 0
