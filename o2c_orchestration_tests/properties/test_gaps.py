"""Reconciliation in random little worlds: incremental, full and a plain-Python oracle give the same gaps."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from o2c_orchestration.domain.keys import gap_id
from o2c_orchestration.store import gaps
from o2c_orchestration.store.agreement import agreement
from o2c_orchestration_tests.properties.oracle import Gaps, expected_gaps
from o2c_orchestration_tests.properties.worlds import ABSENT, CHANGES, Change, Universe, full_worlds

# The kinds that one Stripe object may have several of, told apart by the document.
BY_DOCUMENT = {"duplicate_in_netsuite", "paid_twice", "unlinked_in_netsuite", "missing_in_stripe"}

BEGINNING = st.integers(0, 3).flatmap(lambda n: full_worlds() if n else st.lists(CHANGES, min_size=4, max_size=12))
LATER = st.lists(st.lists(CHANGES, min_size=1, max_size=2), min_size=1, max_size=8)


def found(engine: Any) -> Gaps:
    return {
        (gap.kind, gap.stripe_id, gap.netsuite_id): (
            gap.customer,
            gap.currency,
            gap.expected_minor,
            gap.actual_minor,
            gap.difference_minor,
            gap.effective_date,
        )
        for gap in gaps.list_gaps(engine)
    }


def everything(engine: Any) -> list[tuple[Any, ...]]:
    """Open gaps with all that a reader sees, times left out."""
    return sorted(
        (
            gap.gap_id,
            gap.kind,
            gap.stripe_id,
            gap.netsuite_id,
            gap.customer,
            gap.currency,
            gap.expected_minor,
            gap.actual_minor,
            gap.effective_date,
            gap.reason,
        )
        for gap in gaps.list_gaps(engine)
    )


@given(beginning=BEGINNING, later=LATER)
def test_incremental_full_and_oracle_agree(
    shared_engine, empty_tables, beginning: list[Change], later: list[list[Change]]
):
    """Whatever changed in whatever order: looking at the changes alone finds what looking at everything finds,
    and both find what the rules, told independently, say."""
    empty_tables(shared_engine)
    universe = Universe(shared_engine)
    for batch in [beginning, *later]:
        for change in batch:
            universe.change(change)
        gaps.reconcile(shared_engine)
        incremental = everything(shared_engine)
        gaps.reconcile(shared_engine, full=True)
        assert everything(shared_engine) == incremental
        assert found(shared_engine) == expected_gaps(universe.world)


@given(changes=BEGINNING)
def test_reconciling_again_changes_nothing(shared_engine, empty_tables, changes: list[Change]):
    """Without changes, an incremental run looks at nothing and a full run opens and resolves nothing. Each gap has the
    id that `domain.keys.gap_id` derives from leg, kind and business keys, as SQL does."""
    empty_tables(shared_engine)
    universe = Universe(shared_engine)
    for change in changes:
        universe.change(change)
    gaps.reconcile(shared_engine)
    before = everything(shared_engine)
    for gap in gaps.list_gaps(shared_engine):
        document = gap.netsuite_id if gap.kind in BY_DOCUMENT else ""
        assert gap.gap_id == gap_id("stripe_netsuite", gap.kind, gap.stripe_id, document)
    again = gaps.reconcile(shared_engine)
    full = gaps.reconcile(shared_engine, full=True)
    assert (again.scope, full.opened, full.resolved) == (0, 0, 0)
    assert before == everything(shared_engine)


@given(changes=full_worlds())
def test_the_books_tie_out(shared_engine, empty_tables, changes: list[Change]):
    """Per currency, Stripe's invoices plus what the gaps explain equal the ledger's, whatever went wrong in it."""
    empty_tables(shared_engine)
    universe = Universe(shared_engine)
    for change in [*(("absent", key) for key in ABSENT), *changes]:
        universe.change(change)
    gaps.reconcile(shared_engine)
    assert {tie.currency: tie.residual_minor for tie in agreement(shared_engine) if tie.residual_minor} == {}
