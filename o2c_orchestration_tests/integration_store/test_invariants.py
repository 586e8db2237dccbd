"""What must hold at any moment: each invariant is quiet on sound books and names what breaks it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from o2c_orchestration.domain.documents import DocumentType, Plan
from o2c_orchestration.store import audit, invariants, journal, planning
from o2c_orchestration.store.database import raw_cursor
from o2c_orchestration.store.inbox import write_cursor
from o2c_orchestration.store.invariants import Violation
from o2c_orchestration.store.ledger import LEDGER_CURSOR
from o2c_orchestration_tests.integration_store.builders import (
    DAY,
    accept,
    as_owner,
    command,
    journal_id,
    ledger_customer,
    ledger_document,
    mirror,
)

NOW = timedelta(0)


def sent(engine: Engine, key: str, *, needs: tuple[str, ...] = (), lease: float = 600) -> journal.Claim:
    journal.intend(engine, [command("invoice", key, needs=needs)])
    claim = journal.claim(engine, journal_id(engine, key), lease)
    assert claim is not None
    return claim


def written(engine: Engine, key: str, netsuite_id: int) -> None:
    assert journal.record_done(engine, sent(engine, key), netsuite_id, adopted=False)


def ledger_read(engine: Engine, ago: timedelta = NOW) -> None:
    """The ledger was read completely so long ago."""
    write_cursor(engine, LEDGER_CURSOR, (datetime.now(UTC) - ago).isoformat())


def objects(found: list[Violation]) -> list[str]:
    assert all(each.what and each.to_do for each in found)
    return [each.object for each in found]


@pytest.fixture
def sound(engine: Engine) -> Engine:
    """Books as they should be: a customer, an invoice and its payment, written, mirrored, applied, planned no more."""
    journal.intend(engine, [command("customer", "cus_1")])
    claim = journal.claim(engine, journal_id(engine, "cus_1"), 60)
    assert claim is not None
    journal.record_done(engine, claim, 1, adopted=True)
    written(engine, "in_1", 10)
    ledger_customer(engine, 1, "cus_1")
    documents = [
        ledger_document(10, stripe_ref="in_1", external_id="in_1", remaining_minor=0),
        ledger_document(11, "customerPayment", stripe_ref="ch_1", external_id="ch_1"),
    ]
    mirror(engine, documents, [(11, 10, 100)])
    ledger_read(engine)
    return engine


def test_sound_books_break_nothing(sound):
    """Everything holds, whichever is asked, and a new store holds too."""
    assert invariants.journal_has_no_orphans(sound, grace=NOW) == []
    assert invariants.one_document_per_key(sound) == []
    assert invariants.applied_within_total(sound) == []
    assert invariants.settled_is_not_planned(sound, grace=NOW) == []
    assert invariants.mirror_keeps_its_promise(sound, timedelta(hours=1)) == []
    assert invariants.audit_chain_is_intact(sound) == []


# --- journal ------------------------------------------------------------------------------------------------------


def test_a_written_document_that_the_ledger_does_not_show_is_an_orphan(sound):
    """Written before the ledger was read, and not in what was read: invoices and customers alike."""
    written(sound, "in_2", 12)
    assert invariants.journal_has_no_orphans(sound, grace=NOW) == []
    ledger_read(sound)
    assert invariants.journal_has_no_orphans(sound) == [], "younger than the clocks can tell"
    assert objects(invariants.journal_has_no_orphans(sound, grace=NOW)) == ["in_2"]
    mirror(sound, [ledger_document(12, stripe_ref="in_2", external_id="in_2")])
    assert invariants.journal_has_no_orphans(sound, grace=NOW) == []
    with raw_cursor(sound) as cursor:
        cursor.execute("DELETE FROM o2c.netsuite_customers")
    assert objects(invariants.journal_has_no_orphans(sound, grace=NOW)) == ["cus_1"]


def test_a_document_deleted_in_netsuite_is_no_orphan(sound):
    """A delete that the mirror has seen is a gap, for people; the journal is in order."""
    mirror(sound, gone=[10])
    assert invariants.journal_has_no_orphans(sound, grace=NOW) == []


def test_what_was_sent_and_nobody_looks_up_is_an_orphan(sound):
    """A lease that ran out longer ago than the limit; one that runs, or ran out just now, is work in hand."""
    sent(sound, "in_2", lease=600)
    assert invariants.journal_has_no_orphans(sound, limit_seconds=0) == []
    with raw_cursor(sound) as cursor:
        cursor.execute(
            "UPDATE o2c.journal SET lease_until = clock_timestamp() - interval '10 min' WHERE state = 'sent'"
        )
    assert invariants.journal_has_no_orphans(sound, limit_seconds=601) == []
    assert objects(invariants.journal_has_no_orphans(sound, limit_seconds=599)) == ["in_2"]


def test_an_unknown_outcome_that_nobody_looks_up_is_an_orphan(sound):
    """An outcome to be looked up that fell due longer ago than the limit."""
    claim = sent(sound, "in_2")
    journal.record_unknown(sound, claim, "no answer", 0)
    assert invariants.journal_has_no_orphans(sound) == []
    assert objects(invariants.journal_has_no_orphans(sound, limit_seconds=-1)) == ["in_2"]


@pytest.mark.parametrize(
    ("need", "known"), [("cus_1", True), ("in_1", True), ("ch_1", True), ("cus_9", False), ("in_9", False)]
)
def test_a_write_that_leans_on_nothing_is_an_orphan(sound, need, known):
    """A dependency is known by the journal or by the ledger; one that is not would never come."""
    journal.intend(sound, [command("customerPayment", "ch_2", needs=[need])])
    found = invariants.journal_has_no_orphans(sound)
    assert objects(found) == ([] if known else ["ch_2"])
    assert known or need in found[0].what


# --- mirror -------------------------------------------------------------------------------------------------------


def test_two_documents_with_one_key_are_named(sound):
    """NetSuite folds case: two ids that differ in case only are one key. Deleted and voided documents do not count."""
    mirror(sound, [ledger_document(20, external_id="IN_1")])
    [found] = invariants.one_document_per_key(sound)
    assert "10, 20" in found.what
    mirror(sound, [ledger_document(20, external_id="IN_1", voided=True)])
    assert invariants.one_document_per_key(sound) == []
    mirror(sound, [ledger_document(20, external_id="IN_1")])
    mirror(sound, gone=[20])
    assert invariants.one_document_per_key(sound) == []


def test_two_customers_with_one_key_are_named(sound):
    """Customers have a namespace of their own: an invoice may carry a customer's id, a second customer may not."""
    mirror(sound, [ledger_document(21, external_id="cus_1")])
    assert invariants.one_document_per_key(sound) == []
    ledger_customer(sound, 2, "cus_1")
    assert objects(invariants.one_document_per_key(sound)) == ["cus_1"]


def test_a_payment_applied_beyond_its_amount_is_named(sound):
    """A payment of 100 that pays 100 + 1 minor units."""
    mirror(sound, [ledger_document(13, stripe_ref="in_3")])
    payment = ledger_document(11, "customerPayment", stripe_ref="ch_1", external_id="ch_1", remaining_minor=1)
    mirror(sound, [payment], [(11, 10, 100), (11, 13, 1)])
    [found] = invariants.applied_within_total(sound)
    assert (found.object, "101 applied" in found.what) == ("ch_1", True)


def test_an_invoice_paid_beyond_its_total_is_named(sound):
    """An invoice of 100 to which two payments apply 101; a voided or deleted payment applies nothing."""
    second = ledger_document(14, "customerPayment", stripe_ref="ch_4", total_minor=50)
    mirror(sound, [second], [(14, 10, 1)])
    assert objects(invariants.applied_within_total(sound)) == ["in_1"]
    mirror(sound, [replace(second, voided=True, row_hash=b"x")], [(14, 10, 1)])
    assert invariants.applied_within_total(sound) == []
    mirror(sound, [second], [(14, 10, 1)])
    mirror(sound, gone=[14])
    assert invariants.applied_within_total(sound) == []


def test_an_old_mirror_breaks_its_promise(sound):
    """Older than promised, to the minute; and a ledger whose reading nobody noted."""
    ledger_read(sound, timedelta(minutes=61))
    assert invariants.mirror_keeps_its_promise(sound, timedelta(minutes=62)) == []
    [found] = invariants.mirror_keeps_its_promise(sound, timedelta(minutes=60))
    assert "1.0 h ago" in found.what
    with raw_cursor(sound) as cursor:
        cursor.execute("DELETE FROM o2c.cursors")
    assert objects(invariants.mirror_keeps_its_promise(sound, timedelta(minutes=60))) == ["netsuite ledger"]


def test_a_store_that_holds_nothing_has_promised_nothing(engine):
    """Before the first run there is no mirror to be old."""
    assert invariants.mirror_keeps_its_promise(engine, timedelta(0)) == []


# --- plan ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["in_1", "ch_1", "in_2"])
def test_a_settled_document_that_is_planned_again_is_named(sound, key):
    """Known by both, by the mirror alone, by the journal alone: a later plan must not ask for it."""
    written(sound, "in_2", 12)
    kind: DocumentType = "customerPayment" if key == "ch_1" else "invoice"
    planning.save_plan(sound, Plan((command(kind, key),)), DAY, DAY)
    assert objects(invariants.settled_is_not_planned(sound, grace=NOW)) == [key]
    assert invariants.settled_is_not_planned(sound) == [], "younger than the clocks can tell"


def test_a_customer_of_the_ledger_that_is_planned_again_is_named(sound):
    """Customers have a mirror of their own."""
    ledger_customer(sound, 2, "cus_2")
    planning.save_plan(sound, Plan((command("invoice", "cus_2"),)), DAY, DAY)
    with raw_cursor(sound) as cursor:
        cursor.execute("UPDATE o2c.plan_entries SET document = 'customer'")
    assert objects(invariants.settled_is_not_planned(sound, grace=NOW)) == ["cus_2"]


def test_a_document_that_is_recognized_later_is_in_order(engine):
    """A document that is linked by its number after the plan was kept was not known to it."""
    mirror(engine, [ledger_document(10, tranid="N-1")])
    planning.save_plan(engine, Plan((command("invoice", "in_1"),)), DAY, DAY)
    accept(engine, "customers", {"id": "cus_1"})
    accept(engine, "invoices", {"id": "in_1", "number": "N-1"})
    mirror(engine)
    assert journal.netsuite_ids(engine, ["in_1"]) == {"in_1": 10}
    assert invariants.settled_is_not_planned(engine, grace=NOW) == []


def test_a_plan_that_was_carried_out_is_in_order(engine):
    """What was planned before it was written is the usual case: the plan is kept until the next one."""
    planning.save_plan(engine, Plan((command("invoice", "in_1"),)), DAY, DAY)
    written(engine, "in_1", 10)
    mirror(engine, [ledger_document(10, stripe_ref="in_1", external_id="in_1")])
    assert invariants.settled_is_not_planned(engine, grace=NOW) == []


# --- audit trail --------------------------------------------------------------------------------------------------


def test_a_broken_audit_trail_is_named_until_it_is_mended(sound):
    """The check stays red: it does not go on from behind what is broken."""
    assert invariants.audit_chain_is_intact(sound) == []
    written(sound, "in_2", 12)
    newest = audit.verify(sound).head.seq
    fence = "ALTER TABLE o2c.audit DISABLE TRIGGER ALL"
    as_owner(sound, fence, f"UPDATE o2c.audit SET why = why || '.' WHERE seq = {newest}")
    for _ in range(2):
        assert objects(invariants.audit_chain_is_intact(sound)) == [f"audit {newest}"]
