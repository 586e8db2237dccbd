"""The Stripe balance, Undeposited Funds and Suspense, and what customers owe: each closes, and each is broken once."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from o2c_orchestration.reconcile import reconcile
from o2c_orchestration.store.balance import BalancePeriod, balance, balance_days
from o2c_orchestration.store.clearing import Clearing, clearing
from o2c_orchestration.store.receivables import Owing, Receivables, receivables
from o2c_orchestration_tests.integration_store.sound_books import (
    ARRIVAL,
    BEGIN,
    DAY,
    DEPOSITED,
    END,
    FEE_LINE,
    SUSPENSE,
    document,
    members,
    netsuite,
    sound,
    stripe,
)


@pytest.fixture
def books(engine: Engine) -> Engine:
    sound(engine)
    reconcile(engine, full=True)
    return engine


def february(engine: Engine) -> BalancePeriod:
    [found] = balance(engine, BEGIN, END)
    return found


# --- the Stripe balance ----------------------------------------------------------------------------------------------


def test_opening_and_movements_make_closing(books):
    """Σ net before, within and at the end; closing is what no payout has taken."""
    found = february(books)
    assert (0, 5, 4300, 4300) == (
        found.opening_minor, found.transactions, found.movements_minor, found.closing_minor
    )  # fmt: skip
    assert (4400, 100, 4300) == (found.documents_minor, found.fees_minor, found.unpaid_minor)
    assert (0, 0, 0, True) == (found.imbalance_minor, found.payouts_minor, found.residual_minor, found.closes)
    [march] = balance(books, END, datetime(2026, 4, 1, tzinfo=UTC))
    assert (4300, 0, 4300, True) == (march.opening_minor, march.transactions, march.closing_minor, march.closes)


def test_days_add_up_to_the_month(books):
    """Movements by UTC day are the month's."""
    [(code, day, count, net)] = balance_days(books, BEGIN, END)
    assert ("usd", DAY, 5, 4300) == (code, day, count, net)


def test_a_complete_payout_that_does_not_come_to_nought_is_an_imbalance(books):
    """A member too few: the payout took more than it is made of."""
    members(books, "po_1", "txn_1", "txn_r", "txn_p")
    assert (-2900, False) == (february(books).imbalance_minor, february(books).closes)


def test_a_net_that_is_not_amount_less_fee_is_told(books):
    """Stripe's own three integers have to agree."""
    wrong = {"id": "txn_2", "source_id": "ch_2", "amount_minor": 4400, "fee_minor": 100, "net_minor": 4301}
    stripe(books, "balance_transactions", wrong)
    assert (1, 1, False) == (february(books).broken, february(books).residual_minor, february(books).closes)


def test_a_payout_under_way_stands_for_itself(books):
    """Until Stripe says what it consists of, its members have not left and it has."""
    under_way = {"id": "po_1", "amount_minor": 11600, "status": "in_transit", "reconciliation": "in_progress"}
    stripe(books, "payouts", under_way)
    found = february(books)
    assert (-11600, 15900, 4300, True) == (
        found.payouts_minor, found.unpaid_minor, found.closing_minor, found.closes
    )  # fmt: skip


# --- Undeposited Funds and Suspense ----------------------------------------------------------------------------------


def now(engine: Engine) -> Clearing:
    return clearing(engine, "Suspense")


def test_what_no_payout_took_is_what_no_deposit_took(books):
    """Document by document, in the currency of the documents."""
    found = now(books)
    assert [("eur", 1, 4000, 1, 4000, 0)] == [
        (w.currency, w.stripe_documents, w.stripe_minor, w.ledger_documents, w.ledger_minor, w.explained_minor)
        for w in found.waiting
    ]
    assert ([], [], True) == (found.differences, found.suspense, found.closes)


def test_before_the_payout_arrived_everything_waits(books):
    """As of an earlier day both sides go back: the deposit is dated when the payout arrived."""
    found = {w.currency: (w.stripe_minor, w.ledger_minor) for w in clearing(books, "Suspense", DAY).waiting}
    assert {"eur": (4000, 4000), "usd": (12000, 12000)} == found
    assert [] == clearing(books, "Suspense", BEGIN.date()).waiting


def test_a_deleted_deposit_puts_its_documents_back(books):
    """Stripe has paid out, NetSuite still holds: unexplained until the gap of the deposit is open."""
    netsuite(books, gone=[41])
    assert {"ch_1": (0, 10000), "ch_3": (0, 3000), "re_1": (0, -1000)} == {
        each.key: (each.stripe_minor, each.ledger_minor) for each in now(books).differences
    }
    assert not now(books).closes
    assert (3, 3, False) == brief(books), "those without a gap are all told"
    reconcile(books)
    assert now(books).closes
    assert (2, 3, True) == brief(books)
    assert {"deposit_missing po_1"} == {each.gaps for each in now(books).differences}
    [usd] = [each for each in now(books).waiting if each.currency == "usd"]
    assert (12000, 0) == (usd.explained_minor, usd.residual_minor)


def brief(engine: Engine) -> tuple[int, int, bool]:
    """Of at most two differences that have gaps: how many came, how many there are, whether all is well."""
    found = clearing(engine, "Suspense", first=2)
    return len(found.differences), found.count, found.closes


def test_a_document_that_was_deposited_too_early_is_unexplained(books):
    """No payout has taken the euro, yet somebody has deposited them: no gap says so, the equation does."""
    by_hand = document(45, "deposit", None, 4000, currency="eur", entity_id=None)
    netsuite(books, by_hand, deposited=[(22, 45)])
    reconcile(books)
    [found] = now(books).differences
    assert ("ch_2", 4000, 0, None) == (found.key, found.stripe_minor, found.ledger_minor, found.gaps)
    assert not now(books).closes


def test_differences_that_cancel_out_are_still_told(books):
    """One document too early and one too late of the same amount: the sums agree, the documents do not."""
    stripe(books, "payments", {"id": "ch_4", "amount_minor": 3000})
    taken = document(24, "customerPayment", "ch_4", 3000, remaining_minor=3000)
    netsuite(
        books,
        taken,
        document(41, "deposit", "po_1", 11600, entity_id=None, trandate=ARRIVAL),
        deposited=[(21, 41), (24, 41), (31, 41)],
        lines=[FEE_LINE],
    )
    reconcile(books)
    [usd] = [each for each in now(books).waiting if each.currency == "usd"]
    assert (0, {"ch_3", "ch_4"}) == (usd.residual_minor, {each.key for each in now(books).differences})
    assert not now(books).closes


def test_suspense_is_what_residuals_name(books):
    """A line on Suspense without an open residual is money without a name; the residual names it to the cent."""
    line = (41, 2, SUSPENSE, 3000, "txn_3 charge")
    changed = document(41, "deposit", "po_1", 11600, entity_id=None, trandate=ARRIVAL)
    netsuite(books, changed, deposited=[(21, 41), (31, 41)], lines=[FEE_LINE, line])
    [found] = now(books).suspense
    assert (3000, 0, 3000) == (found.ledger_minor, found.named_minor, found.residual_minor)
    reconcile(books)
    [found] = now(books).suspense
    assert (3000, 3000, 0) == (found.ledger_minor, found.named_minor, found.residual_minor)
    [waits] = now(books).differences
    assert ("ch_3", "payout_residual txn_3", True) == (waits.key, waits.gaps, now(books).closes)
    assert len(DEPOSITED) == 3


# --- receivables ------------------------------------------------------------------------------------------------------


def owed(engine: Engine, *, write_off: bool = True) -> tuple[list[Receivables], list[Owing]]:
    return receivables(engine, write_off=write_off)


def test_customers_owe_the_same_on_both_sides(books):
    """Σ remaining of open invoices, by currency, and no customer that differs."""
    [total], differing = owed(books)
    assert (1, 5000, 5000, 0) == (total.customers, total.stripe_minor, total.ledger_minor, total.residual_minor)
    assert [] == differing


def test_an_edited_remaining_is_unexplained_without_a_gap(books):
    """Both are open, so no gap of status is raised: the equation of the customer is what tells it."""
    netsuite(books, document(12, "invoice", "in_2", 5000, remaining_minor=4000))
    reconcile(books)
    [total], [customer] = owed(books)
    assert -1000 == total.residual_minor
    assert ("cus_1", 5000, 4000, ["in_2"], None) == (
        customer.customer, customer.stripe_minor, customer.ledger_minor, customer.unexplained, customer.gaps
    )  # fmt: skip


def test_a_customer_that_differs_is_explained_by_its_gaps(books):
    """A deleted invoice, and a payment that was taken off its invoice, each with its gap."""
    netsuite(books, gone=[12])
    netsuite(books, document(21, "customerPayment", "ch_1", 10000, remaining_minor=10000),
             document(11, "invoice", "in_1", 10000, remaining_minor=10000))  # fmt: skip
    reconcile(books)
    [total], [customer] = owed(books)
    assert (5000, 0) == (total.explained_minor, total.residual_minor)
    assert (None, "missing_in_netsuite in_2, payment_unapplied ch_1") == (
        customer.unexplained, ", ".join(sorted(str(customer.gaps).split(", ")))
    )  # fmt: skip


def test_an_invoice_under_another_customer_differs_for_both(books):
    """One gap, two customers; the sum of all is right."""
    netsuite(books, document(12, "invoice", "in_2", 5000, remaining_minor=5000, entity_id=2))
    reconcile(books)
    [total], differing = owed(books)
    assert 0 == total.residual_minor
    assert [("NetSuite 2", 5000), ("cus_1", -5000)] == [(each.customer, each.explained_minor) for each in differing]
    assert {"customer_mismatch in_2"} == {each.gaps for each in differing}


def test_a_write_off_owes_nothing_where_the_policy_writes_off(books):
    """Stripe's amount stays for good; whether it is still owed is what the policy says."""
    written_off = {"id": "in_2", "status": "uncollectible", "total_minor": 5000, "amount_remaining_minor": 5000}
    stripe(books, "invoices", written_off)
    netsuite(books, document(12, "invoice", "in_2", 5000, remaining_minor=0))
    assert ([], []) == owed(books)
    [total], [_] = owed(books, write_off=False)
    assert -5000 == total.residual_minor
