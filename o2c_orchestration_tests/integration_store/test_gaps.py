"""The life of a gap: opened once, kept under its id, resolved when it is gone, opened again as the same."""

from datetime import date
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, text

from o2c_orchestration.reconcile import reconcile, summarize
from o2c_orchestration.store import journal
from o2c_orchestration.store.agreement import agreement
from o2c_orchestration.store.database import raw_cursor
from o2c_orchestration.store.gap_sums import open_gaps, some_gaps, sums_of
from o2c_orchestration.store.gaps import Gap, each_gap, list_gaps
from o2c_orchestration_tests.integration_store.builders import (
    accept,
    as_owner,
    command,
    journal_id,
    ledger_customer,
    ledger_document,
    mirror,
)


def sold(engine: Engine, **changes: Any) -> None:
    accept(engine, "customers", {"id": "cus_1"})
    accept(engine, "invoices", {"id": "in_1", **changes})
    ledger_customer(engine, 1, "cus_1")


def kinds(engine: Engine, state: str | None = "open") -> list[str]:
    return sorted(gap.kind for gap in list_gaps(engine, state))


def only(engine: Engine, state: str | None = "open") -> Gap:
    [gap] = list_gaps(engine, state)
    return gap


def test_books_that_agree_have_no_gap(engine):
    """An invoice and its document that say the same leave nothing to tell, and the equation closes."""
    sold(engine)
    mirror(engine, [ledger_document(5, stripe_ref="in_1")])
    assert 0 == reconcile(engine).found
    [tie] = agreement(engine)
    assert (100, 100, 0, 1) == (tie.stripe_minor, tie.ledger_minor, tie.residual_minor, tie.agreed)


def test_a_gap_is_opened_once_and_ages(engine):
    """Run after run it is the same gap: first seen stays, last seen moves."""
    sold(engine)
    assert 1 == reconcile(engine).opened
    before = only(engine)
    again = reconcile(engine, full=True)
    after = only(engine)
    assert (0, 1, 0) == (again.opened, again.found, again.resolved)
    assert (before.gap_id, before.first_seen_at) == (after.gap_id, after.first_seen_at)
    assert after.last_seen_at > before.last_seen_at


def test_a_gap_is_resolved_when_it_is_gone_and_comes_back_as_itself(engine):
    """Writing the document resolves it; deleting the document opens the same gap again."""
    sold(engine)
    reconcile(engine)
    missing = only(engine)
    mirror(engine, [ledger_document(5, stripe_ref="in_1")])
    assert 1 == reconcile(engine).resolved
    assert [] == kinds(engine)
    assert (missing.gap_id, "resolved") == (only(engine, "resolved").gap_id, only(engine, "resolved").state)
    mirror(engine, gone=[5])
    assert 0 == reconcile(engine).opened
    assert (missing.gap_id, missing.first_seen_at) == (only(engine).gap_id, only(engine).first_seen_at)


def test_a_gap_shows_the_newest_amounts(engine):
    """The same mismatch with another amount is the same gap with another difference."""
    sold(engine)
    mirror(engine, [ledger_document(5, stripe_ref="in_1", total_minor=90)])
    reconcile(engine)
    first = only(engine)
    mirror(engine, [ledger_document(5, stripe_ref="in_1", total_minor=70)])
    reconcile(engine)
    assert (first.gap_id, -10, -30) == (only(engine).gap_id, first.difference_minor, only(engine).difference_minor)


def test_a_refusal_is_one_gap_with_netsuites_words(engine):
    """sync_failed, with NetSuite's words and what to do; not a missing document besides, and its payment is silent."""
    sold(engine)
    accept(engine, "payments", {"id": "ch_1", "payment_intent": "pi_1"})
    accept(engine, "invoice_payments", {"id": "a", "invoice_id": "in_1", "payment_intent": "pi_1"})
    journal.intend(engine, [command("invoice", "in_1")])
    claim = journal.claim(engine, journal_id(engine, "in_1"), 60)
    assert claim is not None
    journal.record_refused(engine, claim, "USER_ERROR", "The period is closed", "open the period")
    reconcile(engine)
    gap = only(engine)
    assert "sync_failed" == gap.kind
    assert "The period is closed" in gap.reason
    assert "open the period" in gap.reason


def test_gaps_are_listed_by_state_and_key(engine):
    """By Stripe id, NetSuite id or gap id; in every state or in one."""
    sold(engine)
    accept(engine, "invoices", {"id": "in_2"})
    mirror(engine, [ledger_document(5, stripe_ref="in_1", total_minor=90)])
    reconcile(engine)
    mismatch = next(gap for gap in list_gaps(engine) if gap.kind == "amount_mismatch")
    for key in ("in_1", "5", mismatch.gap_id):
        assert [mismatch.gap_id] == [gap.gap_id for gap in list_gaps(engine, None, key)]
    assert [] == list_gaps(engine, "resolved")


def test_a_summary_counts_by_kind_and_currency(engine):
    """Kinds with count and money at stake, the most frequent first; currencies are not added up."""
    accept(
        engine,
        "invoices",
        {"id": "in_1"},
        {"id": "in_2", "total_minor": 50},
        {"id": "in_3", "currency": "jpy", "total_minor": 7},
    )
    reconcile(engine)
    found = summarize(sums_of(list_gaps(engine)))
    assert [("missing_in_netsuite", 2, "1.50 USD"), ("missing_in_netsuite", 1, "7 JPY")] == [
        (row["kind"], row["gaps"], row["at stake"]) for row in found
    ]


def test_sums_in_the_database_are_those_of_the_gaps(engine):
    """Whatever amounts a gap has, of each leg or of some, with and without a date; the first few are the oldest."""
    with raw_cursor(engine) as cursor:
        cursor.execute(
            """INSERT INTO o2c.gaps (gap_id, leg, kind, state, stripe_id, currency, expected_minor, actual_minor,
                                     difference_minor, effective_date, reason, first_seen_at, last_seen_at)
               SELECT 'gap_' || row_number() OVER (), leg, kind, state, 'in_1', currency, e, a, a - e, day, '',
                      now(), now()
               FROM unnest(ARRAY['stripe_netsuite', 'salesforce_stripe']) leg, unnest(ARRAY['x', 'y']) kind,
                    unnest(ARRAY['open', 'resolved']) state, unnest(ARRAY['usd', 'jpy']) currency,
                    unnest(ARRAY[NULL, 0, 5, -7]) e, unnest(ARRAY[NULL, 0, 5, 9]) a,
                    unnest(ARRAY[NULL, '2026-01-01'::date, '2026-02-01']) day"""
        )
    for legs in (None, ["stripe_netsuite"]):
        found, every = open_gaps(engine, 3, legs), list_gaps(engine, legs=legs)
        assert sorted(found.sums, key=str) == sorted(sums_of(every), key=str)
        assert (found.count, found.first) == (len(every), tuple(every[:3]))
        assert found.oldest == date(2026, 1, 1)
    assert open_gaps(engine, 0, ["payout_deposit"]).oldest is None
    for state in ("open", "resolved", None):
        every = list_gaps(engine, state)
        assert (some_gaps(engine, 0, state).count, list(each_gap(engine, state))) == (len(every), every)


def test_nothing_changed_is_nothing_done(engine):
    """Without dirty keys an incremental run looks at nothing."""
    sold(engine)
    reconcile(engine)
    change = reconcile(engine)
    assert (0, 0, 0, 0) == (change.scope, change.found, change.opened, change.resolved)


def test_a_change_that_is_not_committed_yet_is_not_lost(engine):
    """A key that is noted already may be taken while the next change of it is under way: that one counts too."""
    sold(engine)
    with engine.connect() as other:
        other.execute(text("UPDATE o2c.invoices SET total_minor = 900 WHERE id = 'in_1'"))
        other.execute(text("INSERT INTO o2c.dirty (key) VALUES ('in_1')"))
        reconcile(engine)
        assert 100 == only(engine).expected_minor
        other.commit()
    reconcile(engine)
    assert 900 == only(engine).expected_minor


def test_a_failed_run_keeps_what_is_to_be_done(engine):
    """Keys that were taken come back when the run fails: nothing is forgotten."""
    sold(engine)
    as_owner(engine, "ALTER TABLE o2c.gaps ADD CONSTRAINT broken CHECK (kind <> 'missing_in_netsuite')")
    with pytest.raises(psycopg.errors.CheckViolation, match="broken"):
        reconcile(engine)
    as_owner(engine, "ALTER TABLE o2c.gaps DROP CONSTRAINT broken")
    reconcile(engine)
    assert ["missing_in_netsuite"] == kinds(engine)


def test_two_documents_for_one_invoice_are_told_apart(engine):
    """The one with the external id stands for the invoice; each further one is a gap of its own."""
    sold(engine)
    mirror(
        engine,
        [
            ledger_document(4, stripe_ref="in_1", linked_by="reference"),
            ledger_document(5, stripe_ref="in_1"),
            ledger_document(6, stripe_ref="in_1", linked_by="reference"),
        ],
    )
    reconcile(engine)
    assert [("4", 100), ("6", 100)] == sorted((gap.netsuite_id, gap.actual_minor) for gap in list_gaps(engine))
    assert 2 == len({gap.gap_id for gap in list_gaps(engine)})


def test_a_payment_in_another_month_is_told(engine):
    """Cash of one month that is booked in another, with its amount; the day within the month may differ."""
    sold(engine, status="paid", amount_paid_minor=100, amount_remaining_minor=0)
    accept(engine, "payments", {"id": "ch_1"})
    accept(engine, "invoice_payments", {"id": "inpay_1", "invoice_id": "in_1", "charge_id": "ch_1"})
    invoice = ledger_document(5, stripe_ref="in_1", remaining_minor=0)
    paid = {"stripe_ref": "ch_1", "remaining_minor": 0}
    later = ledger_document(6, "customerPayment", trandate=date(2026, 3, 1), **paid)
    mirror(engine, [invoice, later], [(6, 5, 100)])
    assert 1 == reconcile(engine).found
    gap = only(engine)
    assert ("period_mismatch", "ch_1", "6", 100, 100) == (
        gap.kind,
        gap.stripe_id,
        gap.netsuite_id,
        gap.expected_minor,
        gap.actual_minor,
    )
    assert "paid in 2026-02, booked in 2026-03" == gap.reason
    mirror(engine, [ledger_document(6, "customerPayment", trandate=date(2026, 2, 1), **paid)], [(6, 5, 100)])
    reconcile(engine)
    assert [] == kinds(engine)


def test_the_month_of_a_payment_explains_no_status(engine):
    """An invoice that NetSuite holds open is told beside a payment in another month, which is no reason for it."""
    sold(engine, status="paid", amount_paid_minor=100, amount_remaining_minor=0)
    accept(engine, "payments", {"id": "ch_1"})
    accept(engine, "invoice_payments", {"id": "inpay_1", "invoice_id": "in_1", "charge_id": "ch_1"})
    paid = ledger_document(6, "customerPayment", stripe_ref="ch_1", remaining_minor=0, trandate=date(2026, 3, 1))
    mirror(engine, [ledger_document(5, stripe_ref="in_1", remaining_minor=7), paid], [(6, 5, 100)])
    reconcile(engine)
    assert ["period_mismatch", "status_mismatch"] == kinds(engine)


def test_a_payment_without_an_invoice_is_compared_by_customer(engine):
    """One that pays an invoice is not: both under another customer are one mistake, told of the invoice."""
    sold(engine, status="paid", amount_remaining_minor=0, amount_paid_minor=100)
    ledger_customer(engine, 2, "cus_2")
    accept(engine, "payments", {"id": "ch_1", "payment_intent": "pi_1"}, {"id": "ch_2", "payment_intent": "pi_2"})
    accept(engine, "invoice_payments", {"id": "inpay_1", "invoice_id": "in_1", "payment_intent": "pi_1"})
    booked = [
        ledger_document(5, stripe_ref="in_1", entity_id=2, remaining_minor=0),
        ledger_document(6, "customerPayment", stripe_ref="ch_1", entity_id=2, remaining_minor=0),
        ledger_document(7, "customerPayment", stripe_ref="ch_2", entity_id=2),
    ]
    mirror(engine, booked, [(6, 5, 100)])
    reconcile(engine)
    found = [(gap.kind, gap.stripe_id, gap.customer) for gap in list_gaps(engine)]
    assert sorted(found) == [("customer_mismatch", "ch_2", "cus_1"), ("customer_mismatch", "in_1", "cus_1")]
    sold_for_it = ledger_document(8, stripe_ref="si-ch_2", entity_id=2, remaining_minor=0)
    paid = ledger_document(7, "customerPayment", stripe_ref="ch_2", entity_id=2, remaining_minor=0)
    mirror(engine, [sold_for_it, paid], [(7, 8, 100)])
    reconcile(engine)
    assert sorted(gap.stripe_id or "" for gap in list_gaps(engine)) == ["ch_2", "in_1"]
    mirror(engine, [ledger_document(7, "customerPayment", stripe_ref="ch_2", entity_id=1)], gone=[8])
    reconcile(engine)
    assert only(engine).stripe_id == "in_1"
