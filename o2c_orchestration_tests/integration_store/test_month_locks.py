"""Months that were locked here: in force once, told by the audit trail, and seen by planner, journal and comparison."""

import hashlib
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine, text

from o2c_orchestration.domain.documents import DOCUMENT_ORDER
from o2c_orchestration.domain.months import Month
from o2c_orchestration.domain.periods import PeriodRow
from o2c_orchestration.store import audit, journal, unsettled
from o2c_orchestration.store.audit import verify
from o2c_orchestration.store.database import raw_cursor
from o2c_orchestration.store.month_locks import MonthLocked, lock_month, locks_of, unlock_month
from o2c_orchestration.store.periods import late_items, read_periods
from o2c_orchestration_tests.integration_store.builders import command, ledger_document, mirror
from o2c_orchestration_tests.integration_store.test_periods import BOOKED, BOTH, ISSUED, SPANS, kinds, moved, periods

JANUARY, FEBRUARY = Month(2026, 1), Month(2026, 2)
FIGURES = '{"z": 1,  "a": "ä"}'


def lock(engine: Engine, *months: Month) -> None:
    for month in months:
        lock_month(engine, month, "Ann", "books are with the auditors", FIGURES, ready=True)


def test_a_lock_keeps_its_figures_as_they_were_hashed(engine: Engine) -> None:
    """Who, when, why, and the very text: anybody can make the hash again in the database."""
    digest = lock_month(engine, JANUARY, "Ann", None, FIGURES, ready=False)
    assert digest == hashlib.sha256(FIGURES.encode()).hexdigest()
    [found] = locks_of(engine, JANUARY)
    assert (found.locked_by, found.reason, found.ready, found.sha256) == ("Ann", None, False, digest)
    assert found.figures == {"z": 1, "a": "ä"}
    with engine.connect() as connection:
        again = "SELECT encode(sha256(convert_to(figures::text, 'UTF8')), 'hex') FROM o2c.month_locks"
        assert connection.execute(text(again)).scalar() == digest
    assert locks_of(engine, FEBRUARY) == []


def test_a_month_is_locked_once_and_may_be_locked_again_after_it_was_unlocked(engine: Engine) -> None:
    """The one in force first; those before it stay."""
    lock(engine, JANUARY)
    with pytest.raises(MonthLocked, match="is locked already"):
        lock(engine, JANUARY)
    unlock_month(engine, JANUARY, "Bob", "an invoice was forgotten")
    with pytest.raises(MonthLocked, match="is not locked"):
        unlock_month(engine, JANUARY, "Bob", "again")
    lock(engine, JANUARY)
    now, before = locks_of(engine, JANUARY)
    assert (now.unlocked_at, before.unlocked_by, before.unlock_reason) == (None, "Bob", "an invoice was forgotten")


def test_locks_are_told_by_the_audit_trail(engine: Engine) -> None:
    """Also what a hand in psql does to them; the chain holds."""
    lock(engine, JANUARY)
    unlock_month(engine, JANUARY, "Bob", "an invoice was forgotten")
    with engine.begin() as connection:
        connection.execute(text("UPDATE o2c.month_locks SET locked_by = 'nobody'"))
        connection.execute(text("UPDATE o2c.month_locks SET figures = '{}'"))
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM o2c.month_locks"))
    found = audit.entries(engine, "month 2026-01")
    assert [each.action for each in found] == [
        *("month_locked", "month_unlocked", "month_lock_changed", "month_lock_changed", "month_lock_deleted")
    ]
    assert [each.why for each in found[:2]] == ["books are with the auditors", "an invoice was forgotten"]
    assert hashlib.sha256(FIGURES.encode()).hexdigest() in (found[0].after or "")
    assert '"figures_sha256"' in (found[3].after or "")
    assert verify(engine).intact


def test_the_planner_sees_locked_months_beside_netsuites_periods(engine: Engine) -> None:
    """Where NetSuite's are not known, the month after a locked one is open."""
    lock(engine, JANUARY, FEBRUARY)

    def seen() -> list[tuple[str, bool]]:
        with raw_cursor(engine) as cursor:
            return [(each.name, each.locked) for each in read_periods(cursor)]

    assert seen() == [("2026-03", False), ("2026-01", True), ("2026-02", True)]
    periods(engine, 1)
    assert seen() == [("month 1", False), ("month 2", False), ("month 3", False), ("2026-01", True), ("2026-02", True)]
    unlock_month(engine, JANUARY, "Bob", "late")
    with raw_cursor(engine) as cursor:
        assert read_periods(cursor)[-1] == PeriodRow("2026-02", *SPANS[2], locked=True)


def test_what_was_moved_out_of_a_locked_month_is_no_mismatch(engine: Engine) -> None:
    """It counts where it was moved to, from the moment of the lock, also after the month was unlocked again."""
    periods(engine)
    moved(engine)
    assert kinds(engine) == BOTH
    lock(engine, JANUARY)
    assert kinds(engine) == BOTH  # February was open, and is skipped
    lock(engine, FEBRUARY)
    assert kinds(engine) == set()
    assert {item.booked_date for item in late_items(engine, JANUARY)} == {BOOKED}
    unlock_month(engine, JANUARY, "Bob", "late")
    assert kinds(engine) == kinds(engine, full=True) == set()


def test_a_lock_excuses_nothing_else(engine: Engine) -> None:
    """A document without its own date in the memo, and one that stands before its month, are mismatches as before."""
    periods(engine)
    moved(engine)
    lock(engine, JANUARY, FEBRUARY)
    mirror(engine, [ledger_document(5, stripe_ref="in_1", trandate=BOOKED)])
    early = {"trandate": date(2025, 12, 20), "original_date": ISSUED}
    mirror(engine, [ledger_document(6, "creditMemo", stripe_ref="cn_1", **early)])
    assert kinds(engine) == kinds(engine, full=True) == BOTH


def test_what_was_intended_before_the_lock_is_not_sent(engine: Engine) -> None:
    """Until it is planned anew; a customer has no date, other months go on, and nobody waits for what cannot go."""
    commands = [
        replace(command("customer", "cus_1"), effective_date=ISSUED),
        replace(command("invoice", "in_1"), effective_date=ISSUED),
        replace(command("invoice", "in_2"), effective_date=date(2026, 3, 2)),
    ]
    journal.intend(engine, commands)
    lock(engine, JANUARY)

    def ready() -> list[int]:
        return [key for kind in ("customer", "invoice") for key in journal.ready(engine, kind, 9)]

    first, held, other = (entry.id for entry in journal.entries(engine, ["intent"]))
    assert ready() == [first, other]
    assert unsettled.next_due_in(engine, DOCUMENT_ORDER) is not None
    with engine.begin() as connection:
        connection.execute(text("UPDATE o2c.journal SET attempts = 1"))
        parked = "UPDATE o2c.journal SET next_attempt_at = 'infinity' WHERE id <> :held"
        connection.execute(text(parked), {"held": held})
    assert unsettled.next_due_in(engine, DOCUMENT_ORDER) is None
    assert unsettled.due_for_sweep(engine, DOCUMENT_ORDER) == 0
    unlock_month(engine, JANUARY, "Bob", "late")
    assert ready() == [held]
    assert unsettled.due_for_sweep(engine, DOCUMENT_ORDER) == 1


def test_what_was_found_ready_before_the_lock_is_not_claimed(engine: Engine) -> None:
    """It stays an intent that nobody finds ready any more, and is claimed again once the month is unlocked."""
    journal.intend(engine, [replace(command("invoice", "in_1"), effective_date=ISSUED)])
    [found] = journal.ready(engine, "invoice", 9)
    lock(engine, JANUARY)
    assert journal.claim(engine, found, 60) is None
    assert journal.counts(engine) == {"intent": 1}
    assert journal.ready(engine, "invoice", 9) == []
    unlock_month(engine, JANUARY, "Bob", "late")
    assert journal.claim(engine, found, 60) is not None
