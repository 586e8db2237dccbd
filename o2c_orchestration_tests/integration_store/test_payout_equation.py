"""The equations of a payout over stored rows: closed when both sides agree, and what is left when one is broken."""

import pytest
from sqlalchemy import Engine

from o2c_orchestration.reconcile.payouts import PayoutEquation, payout_equation
from o2c_orchestration.store.payout_sums import payouts_arriving, payouts_created
from o2c_orchestration_tests.integration_store.sound_books import (
    ARRIVAL,
    DAY,
    DEPOSITED,
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
    return engine


def payout(engine: Engine) -> PayoutEquation:
    [found] = payouts_created(engine, "Suspense")
    return payout_equation(found)


def deposit(engine: Engine, total: int, *lines: tuple[int, int, int, int, str | None], held=None) -> None:
    changed = document(41, "deposit", "po_1", total, entity_id=None, trandate=ARRIVAL)
    netsuite(engine, changed, deposited=DEPOSITED if held is None else held, lines=lines)


def test_a_payout_that_both_sides_agree_on_is_closed(books):
    """Members less fees make it, the deposit's lines make the deposit, the bank has it: nothing is left."""
    found = payout(books)
    assert (3, 12000, 400) == (found.sums.members, found.sums.amounts_minor, found.sums.fees_minor)
    assert (0, 0, 0, "closed", "") == (
        found.stripe_minor, found.lines_minor, found.bank_minor, found.state, found.why
    )  # fmt: skip
    assert found.stripe_closes


def test_a_missing_member_leaves_its_net(books):
    """A member that Stripe does not list any more leaves its net, and the payout does not close on Stripe's side."""
    members(books, "po_1", "txn_1", "txn_r", "txn_p")
    found = payout(books)
    assert (2900, "open", False) == (found.stripe_minor, found.state, found.stripe_closes)


def test_a_member_that_is_known_by_id_alone_keeps_it_open(books):
    """An unread member could be of any amount, also of none: the payout is not closed by luck."""
    members(books, "po_1", "txn_1", "txn_3", "txn_r", "txn_p", "txn_unknown")
    found = payout(books)
    assert (1, 0, False) == (found.sums.unread, found.stripe_minor, found.stripe_closes)
    assert "1 of its balance transactions have not been read" in found.why


def test_a_wrong_fee_in_stripe_leaves_the_difference(books):
    """Fees that are not what made the payout's amount show to the minor unit."""
    stripe(books, "balance_transactions", {"id": "txn_1", "source_id": "ch_1", "amount_minor": 10000, "fee_minor": 301})
    assert 1 == payout(books).stripe_minor


def test_a_wrong_fee_line_shows_in_the_deposit(books):
    """A deposit whose lines do not make its total, and one whose total is not the payout."""
    deposit(books, 11600, (41, 1, 7, -399, "fees"))
    found = payout(books)
    assert (-1, 0, "open") == (found.lines_minor, found.bank_minor, found.state)
    deposit(books, 11601, (41, 1, 7, -399, "fees"))
    found = payout(books)
    assert (0, 1, "open") == (found.lines_minor, found.bank_minor, found.state)


def test_a_deleted_deposit_opens_it(books):
    """Without a deposit there is nothing that closes."""
    netsuite(books, gone=[41])
    found = payout(books)
    assert ("open", "NetSuite has no deposit", True) == (found.state, found.why, found.stripe_closes)


def test_a_residual_has_the_name_of_its_transaction(books):
    """A member on Suspense closes the payout all the same, under its name; clearing it takes the name away."""
    deposit(books, 11600, FEE_LINE, (41, 2, SUSPENSE, 3000, "txn_3 charge"), held=[(21, 41), (31, 41)])
    found = payout(books)
    assert ((("txn_3", 3000),), 3000, "residuals named") == (found.residuals, found.residual_minor, found.state)
    clearing = document(42, "deposit", "rc-txn_3", 0, entity_id=None, trandate=ARRIVAL)
    netsuite(books, clearing, deposited=[(23, 42)], lines=[(42, 1, SUSPENSE, -3000, "txn_3 charge")])
    assert ((), "closed") == (payout(books).residuals, payout(books).state)


def test_a_converted_document_counts_with_what_it_was_settled_for(books):
    """A payment in euro is in a dollar deposit with Stripe's dollars; without its transaction nobody knows."""
    stripe(books, "payouts", {"id": "po_1", "amount_minor": 15900})
    members(books, "po_1", "txn_1", "txn_2", "txn_3", "txn_r", "txn_p")
    deposit(books, 15900, (41, 1, 7, -500, "fees"), held=[*DEPOSITED, (22, 41)])
    assert ("closed", 0) == (payout(books).state, payout(books).lines_minor)
    members(books, "po_1", "txn_1", "txn_3", "txn_r", "txn_p")
    assert (1, None) == (payout(books).sums.unpriced, payout(books).lines_minor)
    assert "nobody knows for how much 1" in payout(books).why


def test_a_payout_below_zero_makes_a_deposit_of_nought(books):
    """The bank pays; NetSuite takes no negative deposit, so its total is zero and a line takes the money."""
    stripe(books, "payouts", {"id": "po_1", "amount_minor": -1000})
    members(books, "po_1", "txn_r", "txn_p")
    deposit(books, 0, (41, 1, 1, 1000, "Stripe: po_1"), held=[(31, 41)])
    assert ("closed", 0, 0, 0) == (
        payout(books).state, payout(books).stripe_minor, payout(books).lines_minor, payout(books).bank_minor
    )  # fmt: skip


def test_a_payout_in_two_deposits_is_one(books):
    """Its parts are added up; one of them alone is not the payout."""
    deposit(books, 9000, (41, 1, 7, -1000, "fees"), held=[(21, 41)])
    assert "-26.00 USD" in payout(books).why
    part = document(43, "deposit", "po_1-2", 2600, entity_id=None, trandate=ARRIVAL)
    netsuite(books, part, deposited=[(23, 43), (31, 43)], lines=[(43, 1, 7, 600, "fees given back")])
    assert ("closed", 2) == (payout(books).state, payout(books).sums.deposits)


def test_a_payout_under_way_is_open_and_nothing_is_wrong_with_it(books):
    """Stripe may still change what it consists of, so its own equation is not asked."""
    stripe(
        books, "payouts", {"id": "po_1", "amount_minor": 99, "status": "in_transit", "reconciliation": "in_progress"}
    )
    found = payout(books)
    assert ("open", True, None) == (found.state, found.stripe_closes, found.stripe_minor)
    assert f"it is in transit, due on {ARRIVAL}" == found.why


def test_a_payout_that_came_back_needs_its_journal_entry(books):
    """The bank does not have what the deposit brought."""
    stripe(books, "payouts", {"id": "po_1", "amount_minor": 11600, "status": "failed", "failure_transaction": "txn_f"})
    assert "it came back" in payout(books).why
    netsuite(books, document(51, "journalEntry", "pf-po_1", 11600, entity_id=None))
    assert "closed" == payout(books).state


def test_payouts_are_found_by_creation_and_by_arrival(books):
    """A run asks by the day it was made, a close by the day that the bank has it."""
    assert 1 == len(payouts_created(books, "Suspense", DAY, DAY))
    assert [] == payouts_created(books, "Suspense", ARRIVAL, ARRIVAL)
    assert 1 == len(payouts_arriving(books, "Suspense", ARRIVAL, ARRIVAL))
    assert [] == payouts_arriving(books, "Suspense", DAY, DAY)
