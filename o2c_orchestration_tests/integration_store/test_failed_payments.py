"""A payment that failed before it was booked, its money in one payout and out of another: no residuals."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine

from o2c_orchestration.store import movements
from o2c_orchestration.store.clearing import clearing
from o2c_orchestration.store.gaps import list_gaps, reconcile
from o2c_orchestration_tests.integration_store.builders import MOMENT, accept, accounts, ledger_document, mirror

SUSPENSE, FEES = 6, 7
CAME, WENT = date(2026, 2, 20), date(2026, 3, 5)


@pytest.fixture
def books(engine: Engine) -> Iterator[Engine]:
    """A charge that failed: 100 came with po_1 in February and went with po_2 in March. Nothing is deposited yet."""
    accounts(engine)
    accept(engine, "payments", {"id": "py_1", "status": "failed"})
    for number, arrival, kind, amount in ((1, CAME, "payment", 100), (2, WENT, "payment_failure_refund", -100)):
        accept(engine, "payouts", {"id": f"po_{number}", "amount_minor": amount, "arrival_date": arrival})
        member = {"id": f"txn_{number}", "type": kind, "source_id": "py_1", "amount_minor": amount, "net_minor": amount}
        accept(engine, "balance_transactions", member)
        movements.record_members(engine, f"po_{number}", [f"txn_{number}"], MOMENT)
    yield engine
    incremental = residuals(engine)
    reconcile(engine, full=True)
    assert residuals(engine) == incremental


def deposited(engine: Engine, number: int, *lines: tuple[int, int, str]) -> None:
    """The deposit of a payout: (account, minor units, memo)."""
    arrival, total = (CAME, 100) if number == 1 else (WENT, 0)
    numbered = [(50 + number, place, *line) for place, line in enumerate(lines, 1)]
    document = ledger_document(
        50 + number, "deposit", stripe_ref=f"po_{number}", trandate=arrival, total_minor=total, entity_id=None
    )
    mirror(engine, [document], lines=numbered)


def residuals(engine: Engine) -> list[tuple[Any, ...]]:
    reconcile(engine)
    return sorted((gap.stripe_id, gap.expected_minor) for gap in list_gaps(engine) if gap.kind == "payout_residual")


def held(engine: Engine, day: date | None = None) -> list[tuple[int, int]]:
    """What is on Suspense, and what of it has a name."""
    found = clearing(engine, "Suspense", day).suspense
    return [(each.ledger_minor, each.named_minor) for each in found if each.ledger_minor or each.named_minor]


IN, OUT = (SUSPENSE, 100, "txn_1 payment"), (SUSPENSE, -100, "txn_2 payment_failure_refund")


def test_both_together_are_nothing_and_suspense_has_a_name_on_every_day(books: Engine) -> None:
    """The first is a residual until the second is deposited; afterwards neither is, whichever month is asked for."""
    deposited(books, 1, IN)
    assert (residuals(books), held(books)) == ([("txn_1", 100)], [(100, 100)])
    deposited(books, 2, OUT)
    assert (residuals(books), held(books)) == ([], [])
    assert held(books, date(2026, 2, 28)) == [(100, 100)]


def test_without_its_other_half_it_is_a_residual_again(books: Engine) -> None:
    """Whichever deposit somebody takes away."""
    for gone, left in ((52, ("txn_1", 100)), (51, ("txn_2", -100))):
        deposited(books, 1, IN)
        deposited(books, 2, OUT)
        assert residuals(books) == []
        mirror(books, gone=[gone])
        assert residuals(books) == [left]


@pytest.mark.parametrize("line", [(SUSPENSE, -99, OUT[2]), (FEES, -100, OUT[2]), (SUSPENSE, -100, "py_1 failed")])
def test_only_the_whole_of_it_on_the_same_account_counts(books: Engine, line: tuple[int, int, str]) -> None:
    """A cent less, another account or another name: somebody has changed it, so the first stays."""
    deposited(books, 1, IN)
    deposited(books, 2, line)
    assert ("txn_1", 100) in residuals(books)
    assert all(ledger == named for ledger, named in held(books, date(2026, 2, 28)))


def test_what_else_lies_there_under_its_name_keeps_both(books: Engine) -> None:
    """Fees that nobody knows are money that is still without a document."""
    deposited(books, 1, IN, (SUSPENSE, -7, IN[2]))
    deposited(books, 2, OUT)
    assert residuals(books) == [("txn_1", 93), ("txn_2", -100)]
    assert held(books) == [(-7, -7)]


def test_what_was_cleared_by_hand_stays_cleared(books: Engine) -> None:
    """A deposit of zero under its name took the first off Suspense: the second is a residual of its own."""
    deposited(books, 1, IN)
    deposited(books, 2, OUT)
    clearing_ = ledger_document(60, "deposit", stripe_ref="rc-txn_1", trandate=CAME, total_minor=0, entity_id=None)
    mirror(books, [clearing_], lines=[(60, 1, SUSPENSE, -100, "txn_1 payment"), (60, 2, FEES, 100, "by hand")])
    assert residuals(books) == [("txn_2", -100)]


def test_a_refund_of_the_same_amount_is_no_failure(books: Engine) -> None:
    """Two transactions of one charge that cancel each other are nothing only if its failure is one of them."""
    accept(books, "balance_transactions", {"id": "txn_2", "type": "refund", "source_id": "py_1", "amount_minor": -100})
    deposited(books, 1, IN)
    deposited(books, 2, OUT)
    assert residuals(books) == [("txn_1", 100), ("txn_2", -100)]
