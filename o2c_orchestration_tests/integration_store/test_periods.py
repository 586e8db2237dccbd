"""Documents that were moved out of a closed period, in gaps, equations and the close; and what is not one of them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from o2c_orchestration.domain.months import Month
from o2c_orchestration.domain.periods import PeriodRow
from o2c_orchestration.store.agreement import agreement
from o2c_orchestration.store.clearing import clearing
from o2c_orchestration.store.database import raw_cursor
from o2c_orchestration.store.gaps import list_gaps, reconcile
from o2c_orchestration.store.periods import (
    ClosedPeriod,
    LateItem,
    closed_with_documents,
    late_items,
    read_periods,
    replace_periods,
)
from o2c_orchestration_tests.integration_store.builders import accept, ledger_customer, ledger_document, mirror

ISSUED, BOOKED = date(2026, 1, 20), date(2026, 3, 1)
READ = datetime(2026, 3, 5, tzinfo=UTC)
SPANS = {1: (date(2026, 1, 1), date(2026, 1, 31)), 2: (date(2026, 2, 1), date(2026, 2, 28)),
         3: (date(2026, 3, 1), date(2026, 3, 31))}  # fmt: skip


def periods(engine: Engine, *closed: int, locked: tuple[int, ...] = (), later: int = 0) -> None:
    """January to March as NetSuite tells them, some of them closed or locked."""
    rows = [(key, f"month {key}", *span, key in closed, key in locked) for key, span in SPANS.items()]
    replace_periods(engine, rows, READ + timedelta(hours=later))


def moved(engine: Engine, **changes: Any) -> None:
    """An invoice of January that NetSuite holds in March, and a credit note of January likewise."""
    ledger_customer(engine, 1, "cus_1")
    accept(engine, "customers", {"id": "cus_1"})
    accept(engine, "invoices", {"id": "in_1", "issue_date": ISSUED})
    accept(engine, "credit_notes", {"id": "cn_1", "issue_date": ISSUED})
    document = {"trandate": BOOKED, "original_date": ISSUED} | changes
    mirror(
        engine,
        [
            ledger_document(5, stripe_ref="in_1", **document),
            ledger_document(6, "creditMemo", stripe_ref="cn_1", **document),
        ],
    )


def kinds(engine: Engine, *, full: bool = False) -> set[tuple[str, str | None]]:
    reconcile(engine, full=full)
    return {(gap.kind, gap.stripe_id) for gap in list_gaps(engine)}


BOTH = {("period_mismatch", "in_1"), ("period_mismatch", "cn_1")}


def test_what_was_moved_out_of_closed_periods_is_no_mismatch(engine: Engine) -> None:
    """Dated where it could be, with the date that it ought to have in its memo."""
    periods(engine, 1, 2)
    moved(engine)
    assert kinds(engine) == set()


def test_opening_or_closing_a_period_later_changes_nothing_that_is_booked(engine: Engine) -> None:
    """January is open again, March is closed by now: what stands in March was moved rightly."""
    periods(engine, 1, 2)
    moved(engine)
    periods(engine, 3, later=1)
    assert kinds(engine) == set()
    assert kinds(engine, full=True) == set()


@pytest.mark.parametrize(
    ("closed", "changes"),
    [
        ((1, 2), {"original_date": None}),
        ((1, 2), {"original_date": date(2026, 1, 19)}),
        ((1,), {}),
        ((2,), {}),
        ((), {}),
        ((1, 2), {"trandate": date(2025, 12, 31)}),
    ],
    ids=["no memo", "memo of another day", "an open month between", "its own month open", "all open", "moved back"],
)
def test_a_document_elsewhere_without_that_reason_is_a_mismatch(
    engine: Engine, closed: tuple[int, ...], changes: dict[str, Any]
) -> None:
    """A memo alone is no reason, nor is a closed period alone."""
    periods(engine, *closed)
    moved(engine, **changes)
    assert kinds(engine) == BOTH


def test_a_lock_of_receivables_is_a_reason_too(engine: Engine) -> None:
    """A period that takes no invoices is closed for them."""
    periods(engine, 1, locked=(2,))
    moved(engine)
    assert kinds(engine) == set()


def test_a_reason_that_is_learned_later_ends_the_gap(engine: Engine) -> None:
    """The period is seen closed only after the comparison: the next one looks at its documents anew."""
    periods(engine)
    moved(engine)
    assert kinds(engine) == BOTH
    periods(engine, 1, 2, later=1)
    assert kinds(engine) == set()


def test_a_month_counts_what_is_booked_in_it(engine: Engine) -> None:
    """January has nothing on either side; March has both documents, and nothing is unexplained."""
    periods(engine, 1, 2)
    moved(engine)
    reconcile(engine)
    assert agreement(engine, Month(2026, 1)) == []
    found = {each.document: each for each in agreement(engine, Month(2026, 3))}
    assert {name: (each.stripe_minor, each.ledger_minor) for name, each in found.items()} == {
        "invoice": (100, 100),
        "creditMemo": (100, 100),
    }
    assert not any(each.residual_minor or each.explained_minor for each in found.values())


def test_a_second_moved_document_counts_once_for_stripe(engine: Engine) -> None:
    """A duplicate is a gap of its own and does not double what Stripe expects."""
    periods(engine, 1, 2)
    moved(engine)
    mirror(engine, [ledger_document(7, stripe_ref="in_1", trandate=BOOKED, original_date=ISSUED)])
    assert kinds(engine) == {("duplicate_in_netsuite", "in_1")}
    found = {each.document: each for each in agreement(engine, Month(2026, 3))}["invoice"]
    assert (found.count, found.stripe_minor, found.ledger_minor, found.residual_minor) == (1, 100, 200, 0)


def test_a_deposit_that_was_moved_leaves_the_money_undeposited_until_then(engine: Engine) -> None:
    """Its payment waits in Undeposited Funds on both sides at the end of January, and on neither in March."""
    periods(engine, 1, 2)
    ledger_customer(engine, 1, "cus_1")
    accept(engine, "payments", {"id": "ch_1", "payment_date": ISSUED})
    accept(engine, "balance_transactions", {"id": "txn_1", "source_id": "ch_1", "booked_date": ISSUED})
    accept(engine, "payouts", {"id": "po_1", "arrival_date": ISSUED})
    with raw_cursor(engine) as cursor:
        cursor.execute("INSERT INTO o2c.payout_members VALUES ('txn_1', 'po_1')")
        cursor.execute("INSERT INTO o2c.payouts_read VALUES ('po_1', now())")
    documents = [
        ledger_document(5, "customerPayment", stripe_ref="ch_1", trandate=ISSUED),
        ledger_document(6, "deposit", stripe_ref="po_1", trandate=BOOKED, original_date=ISSUED, entity_id=None),
    ]
    mirror(engine, documents, deposited=[(5, 6)])
    waiting = clearing(engine, "Suspense", date(2026, 1, 31))
    assert [(each.stripe_minor, each.ledger_minor) for each in waiting.waiting] == [(100, 100)]
    assert clearing(engine, "Suspense", date(2026, 3, 31)).waiting == []


def test_late_items_are_named_in_both_months(engine: Engine) -> None:
    """In the month that they come from and in the one that they are booked in; in no other."""
    periods(engine, 1, 2)
    moved(engine)
    items = [
        LateItem("creditMemo", "cn_1", "usd", 100, ISSUED, BOOKED),
        LateItem("invoice", "in_1", "usd", 100, ISSUED, BOOKED),
    ]
    assert late_items(engine, Month(2026, 1)) == late_items(engine, Month(2026, 3)) == items
    assert late_items(engine, Month(2026, 2)) == []


def test_closed_periods_with_documents_are_counted(engine: Engine) -> None:
    """How many Stripe dates in it, and how many are not there; open ones and empty ones are left out."""
    periods(engine, 1, 2)
    accept(engine, "invoices", {"id": "in_1", "issue_date": ISSUED}, {"id": "in_2", "issue_date": ISSUED})
    accept(engine, "invoices", {"id": "in_3", "issue_date": BOOKED})
    mirror(engine, [ledger_document(5, stripe_ref="in_1", trandate=ISSUED)])
    assert closed_with_documents(engine, tax=False) == [ClosedPeriod("month 1", True, False, 2, 1)]


def test_periods_are_replaced_and_older_reads_lose(engine: Engine) -> None:
    """What NetSuite has no more goes, in order of days; a read that began earlier changes nothing."""
    periods(engine, 1, later=1)
    periods(engine, 3)
    with raw_cursor(engine) as cursor:
        assert [(row.name, row.closed) for row in read_periods(cursor)] == [
            ("month 1", True), ("month 2", False), ("month 3", False),
        ]  # fmt: skip
    replace_periods(engine, [(2, "Feb", *SPANS[2], False, True)], READ + timedelta(hours=2))
    with raw_cursor(engine) as cursor:
        assert read_periods(cursor) == (PeriodRow("Feb", *SPANS[2], False, True),)


def _taxes(engine: Engine, *closed: int) -> None:
    """The tax periods of the same months, with the same ids."""
    rows = [(key, f"month {key}", *span, False, key in closed) for key, span in SPANS.items()]
    replace_periods(engine, rows, READ, tax=True)


def test_a_closed_tax_period_is_a_reason_for_its_days_only(engine: Engine) -> None:
    """January was moved for its return; February, which is open for taxes and books, is not passed over."""
    periods(engine)
    _taxes(engine, 1)
    moved(engine)
    assert kinds(engine) == BOTH
    _taxes(engine, 1, 2)
    assert kinds(engine) == set()
    periods(engine, later=1)
    assert kinds(engine, full=True) == set()


def test_open_tax_periods_take_no_reason_away(engine: Engine) -> None:
    """Books that were closed are reason enough, whatever the tax calendar says."""
    periods(engine, 1, 2)
    _taxes(engine)
    moved(engine)
    assert kinds(engine) == set()


def test_tax_periods_stand_beside_those_of_the_books(engine: Engine) -> None:
    """Neither read takes the other's rows away, and only a heeded tax period is counted."""
    _taxes(engine, 1)
    periods(engine)
    moved(engine)
    with raw_cursor(engine) as cursor:
        assert [(row.name, row.tax) for row in read_periods(cursor)] == [
            *((f"month {key}", False) for key in SPANS),
            *((f"month {key}", True) for key in SPANS),
        ]
    assert closed_with_documents(engine, tax=False) == []
    assert closed_with_documents(engine, tax=True) == [ClosedPeriod("month 1", False, True, 2, 0)]
