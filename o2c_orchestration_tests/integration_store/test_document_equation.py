"""Stripe + what gaps explain + unexplained = NetSuite, per document type: what each kind of gap explains."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, event

from o2c_orchestration.domain.months import Month
from o2c_orchestration.orchestration.assets.reconcile import proves_something, tie_check
from o2c_orchestration.reconcile import reconcile, reconcile_and_tie
from o2c_orchestration.store.agreement import Agreement, agreement, agreement_and_waiting
from o2c_orchestration.store.gaps import list_gaps
from o2c_orchestration_tests.integration_store.builders import accept
from o2c_orchestration_tests.integration_store.sound_books import (
    ARRIVAL,
    DEPOSITED,
    FEE_LINE,
    SUSPENSE,
    document,
    netsuite,
    sound,
    stripe,
)

CREDIT = {"id": "cn_1", "invoice_id": "in_2", "total_minor": 700, "pre_payment_minor": 700}


@pytest.fixture
def books(engine: Engine) -> Engine:
    """The sound books, with a credit memo besides."""
    sound(engine)
    stripe(engine, "credit_notes", CREDIT)
    memo = document(61, "creditMemo", "cn_1", 700)
    netsuite(engine, memo, applied=[(61, 12, 700)])
    stripe(engine, "invoices", {"id": "in_2", "total_minor": 5000, "amount_remaining_minor": 4300})
    netsuite(engine, document(12, "invoice", "in_2", 5000, remaining_minor=4300))
    reconcile(engine, full=True)
    assert [] == list_gaps(engine)
    return engine


def tie(engine: Engine, kind: str, currency: str = "usd") -> Agreement:
    [found] = [each for each in agreement(engine) if (each.document, each.currency) == (kind, currency)]
    return found


def loose(engine: Engine, month: Month | None = None) -> dict[tuple[str, str], int]:
    found = agreement(engine, month)
    return {(each.document, each.currency): each.residual_minor for each in found if each.residual_minor}


def test_sound_books_tie_out_for_every_type(books):
    """Each of the five types in each currency, with count and money, and nothing left over."""
    found = [
        (each.document, each.currency, each.count, each.stripe_minor, each.agreed, each.ledger_minor)
        for each in agreement(books)
    ]
    assert [
        ("invoice", "usd", 2, 15000, 2, 15000),
        ("customerPayment", "eur", 1, 4000, 1, 4000),
        ("customerPayment", "usd", 2, 13000, 2, 13000),
        ("creditMemo", "usd", 1, 700, 1, 700),
        ("customerRefund", "usd", 1, 1000, 1, 1000),
        ("deposit", "usd", 1, 11600, 1, 11600),
    ] == found
    assert {} == loose(books)


KEYS = {"invoice": ("in_2", 12, 5000), "customerPayment": ("ch_3", 23, 3000), "creditMemo": ("cn_1", 61, 700),
        "customerRefund": ("re_1", 31, 1000), "deposit": ("po_1", 41, 11600)}  # fmt: skip
TYPES = pytest.mark.parametrize("kind", list(KEYS))


@TYPES
def test_a_deleted_document_is_unexplained_until_its_gap_is_open(books, kind):
    """The sums see it at once; when the comparison has named it, its gap explains the whole amount below zero."""
    _, identifier, total = KEYS[kind]
    netsuite(books, gone=[identifier])
    assert -total == loose(books)[kind, "usd"]
    reconcile(books)
    assert {} == loose(books)
    assert -total == tie(books, kind).explained_minor


@TYPES
def test_an_edited_amount_explains_the_difference(books, kind):
    """Of a document with another total, what its gap explains is how much it differs; a refund's memo follows it."""
    key, identifier, total = KEYS[kind]
    entity: dict[str, Any] = {"entity_id": None, "trandate": ARRIVAL} if kind == "deposit" else {}
    edited = document(identifier, kind, key, total + 11, **entity)
    deposited, lines = (DEPOSITED, [FEE_LINE]) if kind == "deposit" else ([], [])
    netsuite(books, edited, deposited=deposited, lines=lines)
    assert 11 == loose(books)[kind, "usd"]
    reconcile(books)
    assert ({}, 11) == (loose(books), tie(books, kind).explained_minor)


@TYPES
def test_a_second_document_explains_its_whole_amount(books, kind):
    """A duplicate of any type is more than Stripe has."""
    key, _, total = KEYS[kind]
    netsuite(books, document(99, kind, key, total, linked_by="reference", remaining_minor=total))
    assert total == loose(books)[kind, "usd"]
    reconcile(books)
    assert ({}, total) == (loose(books), tie(books, kind).explained_minor)


@pytest.mark.parametrize("kind", ["invoice", "customerPayment", "creditMemo", "customerRefund"])
def test_a_document_without_a_link_explains_its_whole_amount(books, kind):
    """What stands under a Stripe customer and names nothing of Stripe's is there beyond Stripe's."""
    netsuite(books, document(99, kind, None, 123))
    assert 123 == loose(books)[kind, "usd"]
    reconcile(books)
    assert ({}, 123) == (loose(books), tie(books, kind).explained_minor)


def test_a_document_in_another_currency_counts_in_both(books):
    """It is missing where Stripe has it, and too much where NetSuite has it; one gap explains both."""
    netsuite(books, document(12, "invoice", "in_2", 5000, currency="eur", remaining_minor=4300))
    reconcile(books)
    assert {} == loose(books)
    assert (-5000, 5000) == (tie(books, "invoice").explained_minor, tie(books, "invoice", "eur").explained_minor)


def test_a_gap_about_something_else_explains_no_money(books):
    """An unapplied payment has the right total: if its amount differs besides, nothing may hide that."""
    netsuite(books, document(21, "customerPayment", "ch_1", 10000, remaining_minor=10000), applied=[])
    reconcile(books)
    assert ["payment_unapplied"] == [gap.kind for gap in list_gaps(books)]
    assert ({}, 0) == (loose(books), tie(books, "customerPayment").explained_minor)
    netsuite(books, document(21, "customerPayment", "ch_1", 9000, remaining_minor=9000))
    assert {("customerPayment", "usd"): -1000} == loose(books)


def test_a_memo_of_a_refund_has_to_be_there(books):
    """A refund that no credit note pays and no payment funds takes the revenue back: the memo is expected with it."""
    netsuite(books, document(31, "customerRefund", "re_1", 1000), document(62, "creditMemo", "cm-re_1", 1000),
             applied=[(31, 62, 1000)])  # fmt: skip
    assert ({}, 1700) == (loose(books), tie(books, "creditMemo").stripe_minor)
    netsuite(books, gone=[62])
    assert {("creditMemo", "usd"): -1000} == loose(books)


def test_a_credit_note_that_a_refund_pays_needs_no_second_memo(books):
    """What is refunded through a credit note is in the books once."""
    stripe(books, "credit_notes", CREDIT | {"refunds": '[["re_1", 700]]'})
    netsuite(books, document(31, "customerRefund", "re_1", 1000), applied=[(31, 61, 700), (31, 23, 300)])
    assert {} == loose(books)


def test_a_won_dispute_restores_what_it_took(books):
    """Memo and refund when the money goes, invoice and payment when it comes back; each is expected."""
    stripe(books, "disputes", {"id": "dp_1", "charge_id": "ch_1", "amount_minor": 500, "reinstated_date": ARRIVAL})
    documents = [
        document(71, "customerRefund", "dp_1", 500),
        document(72, "creditMemo", "cm-dp_1", 500),
        document(73, "invoice", "ri-dp_1", 500, trandate=ARRIVAL),
        document(74, "customerPayment", "rp-dp_1", 500, trandate=ARRIVAL),
    ]
    netsuite(books, *documents, applied=[(71, 72, 500), (74, 73, 500)])
    assert {} == loose(books)
    netsuite(books, gone=[73])
    assert {("invoice", "usd"): -500} == loose(books)


def test_a_void_invoice_and_what_closes_it_count_for_neither_side(books):
    """Their amounts are the ledger's own; receivables are where they have to come to nought."""
    stripe(books, "invoices", {"id": "in_2", "status": "void", "total_minor": 5000})
    netsuite(books, document(63, "creditMemo", "cm-in_2", 4300), applied=[(63, 12, 4300)])
    assert {} == loose(books)
    assert 10000 == tie(books, "invoice").ledger_minor


def test_a_deposit_without_fees_is_too_high_by_them(books):
    """fee_missing explains the deposit's total, although it speaks of fees."""
    netsuite(books, document(41, "deposit", "po_1", 12000, entity_id=None, trandate=ARRIVAL), deposited=DEPOSITED)
    stripe(books, "payouts", {"id": "po_1", "amount_minor": 11600})
    reconcile(books)
    assert ["fee_missing"] == [gap.kind for gap in list_gaps(books)]
    assert ({}, 400) == (loose(books), tie(books, "deposit").explained_minor)


def test_a_residual_leaves_the_deposit_as_it_is(books):
    """What is on Suspense is in the deposit's total."""
    netsuite(
        books,
        document(41, "deposit", "po_1", 11600, entity_id=None, trandate=ARRIVAL),
        deposited=[(21, 41), (31, 41)],
        lines=[FEE_LINE, (41, 2, SUSPENSE, 3000, "txn_3 charge")],
    )
    reconcile(books)
    assert ["payout_residual"] == [gap.kind for gap in list_gaps(books)]
    assert ({}, 0) == (loose(books), tie(books, "deposit").explained_minor)


def test_a_month_counts_what_is_dated_in_it(books):
    """Each side by its own date; a document of another month is missing here and too much there, with one gap."""
    february, march = Month(2026, 2), Month(2026, 3)
    assert ({}, {}) == (loose(books, february), loose(books, march))
    moved = document(12, "invoice", "in_2", 5000, remaining_minor=4300, trandate=march.first)
    netsuite(books, moved)
    assert {("invoice", "usd"): -5000} == loose(books, february)
    reconcile(books)
    assert ({}, {}, {}) == (loose(books, february), loose(books, march), loose(books))
    [found] = agreement(books, march)
    assert (0, 5000, 5000) == (found.count, found.ledger_minor, found.explained_minor)


@TYPES
def test_a_document_of_another_month_explains_both(books, kind):
    """Of whatever type: missing in its own month, too much in the other, by one gap, and nothing in all."""
    key, identifier, total = KEYS[kind]
    moved = document(
        identifier,
        kind,
        key,
        total,
        trandate=date(2026, 7, 1),
        remaining_minor=4300 if kind == "invoice" else 0,
        **({"entity_id": None} if kind == "deposit" else {}),
    )
    deposited, lines = (DEPOSITED, [FEE_LINE]) if kind == "deposit" else ([], [])
    applied = [(31, 23, 1000)] if kind == "customerRefund" else []
    netsuite(books, moved, applied=applied, deposited=deposited, lines=lines)
    reconcile(books)
    assert ({}, {}, {}) == (loose(books), loose(books, Month(2026, 2)), loose(books, Month(2026, 7)))
    [found] = [each for each in agreement(books, Month(2026, 7)) if each.document == kind]
    assert (total, total) == (found.ledger_minor, found.explained_minor)


def test_what_came_after_the_comparison_is_waited_for(books):
    """An invoice that nobody compared yet is unexplained and said to be waiting; once compared, it is neither."""
    assert 0 == agreement_and_waiting(books)[1]
    accept(books, "invoices", {"id": "in_9"})
    ties, waiting = agreement_and_waiting(books)
    assert (-100, 1) == (sum(each.residual_minor for each in ties), waiting)
    assert not proves_something(ties, waiting)
    assert proves_something(ties, 0)
    # Whoever judges all the same never calls it sound.
    assert not tie_check(ties, waiting).passed
    _, ties, waiting = reconcile_and_tie(books)
    assert (0, 0) == (sum(each.residual_minor for each in ties), waiting)


def test_what_comes_between_comparison_and_sums_is_compared_again(books):
    """Another process stores an invoice just before the sums are made: its gap is there, and the sums close."""
    accept(books, "invoices", {"id": "in_8"})
    begun: list[int] = []

    def another_process(_: object) -> None:
        begun.append(1)
        if len(begun) == 2:
            accept(books, "invoices", {"id": "in_9"})

    event.listen(books, "begin", another_process)
    change, ties, waiting = reconcile_and_tie(books)
    event.remove(books, "begin", another_process)
    assert (2, 0) == (change.opened, waiting)
    assert [] == [each for each in ties if each.residual_minor]


def test_what_does_not_close_is_told_first(books):
    """A check's first row is what an alert says of it."""
    netsuite(books, gone=[41])
    told = tie_check(agreement(books)).metadata["tie-out"].value.split("\n")
    assert told[2].startswith("|deposit|USD|")
