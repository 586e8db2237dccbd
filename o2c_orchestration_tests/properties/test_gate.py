"""The gate for any interleaving of reads: the newest start wins, terminal states fall back only when proven."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from o2c_orchestration.store.gate import TERMINAL, StripeObject, admit

# Reads of today: what an older read might still bring is remembered for a day.
START = datetime.now(UTC) - timedelta(minutes=5)
IDS = ["in_1", "in_2"]
STATUSES = ["draft", "open", "uncollectible", "paid", "void"]


def read(key: str, second: int, status: str, total: int) -> StripeObject:
    """What a read that began at a second brings."""
    payload = {"id": key, "object": "invoice", "status": status, "total": total, "created": 1_770_000_000}
    return StripeObject.of(payload, START + timedelta(seconds=second))


def stored(engine: Engine) -> dict[str, tuple[str, int, datetime]]:
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT id, status, payload ->> 'total', read_at FROM o2c.stripe_objects"))
        return {row[0]: (row[1], int(row[2]), row[3]) for row in rows}


# Each read has its own second; a payload may well be the same as an earlier one.
READS = st.lists(
    st.tuples(st.sampled_from(IDS), st.integers(0, 40), st.sampled_from(STATUSES), st.integers(1, 2)),
    unique_by=lambda item: item[:2],
    min_size=1,
    max_size=8,
)


def batches(reads: list[Any], cuts: list[bool]) -> list[list[Any]]:
    """Reads cut into batches, one object at most once in each, as windows and pages bring them."""
    found: list[list[Any]] = [[]]
    for item, cut in zip(reads, cuts, strict=False):
        if cut or any(item[0] == other[0] for other in found[-1]):
            found.append([])
        found[-1].append(item)
    return found


@given(reads=READS, order=st.randoms(use_true_random=False), cuts=st.lists(st.booleans(), min_size=8, max_size=8))
def test_the_newest_read_wins_in_any_order(shared_engine, empty_tables, reads, order: random.Random, cuts: list[bool]):
    """Single re-reads, believed as they are, in any order and any batches: each object ends as its newest read."""
    empty_tables(shared_engine)
    for batch in batches(order.sample(reads, len(reads)), cuts):
        admit(shared_engine, [read(*item) for item in batch], proven=True)
    ends = stored(shared_engine)
    for key in {item[0] for item in reads}:
        *_, second, status, total = max((item for item in reads if item[0] == key), key=lambda item: item[1])
        assert (status, total) == ends[key][:2]
        assert ends[key][2] <= START + timedelta(seconds=second)


@given(reads=READS, order=st.randoms(use_true_random=False), cuts=st.lists(st.booleans(), min_size=8, max_size=8))
def test_no_terminal_state_is_lost_without_proof(
    shared_engine, empty_tables, reads, order: random.Random, cuts: list[bool]
):
    """Whatever windows bring: a stored terminal state stays, the refused copy is named so that it can be proved."""
    empty_tables(shared_engine)
    # The start of the newest read that brought or confirmed what is stored.
    newest: dict[str, int] = {}
    for batch in batches(order.sample(reads, len(reads)), cuts):
        before = stored(shared_engine)
        admission = admit(shared_engine, [read(*item) for item in batch])
        after = stored(shared_engine)
        for key, second, status, total in batch:
            old = before[key][:2] if key in before else None
            fell_back = old is not None and old[0] in TERMINAL and status not in TERMINAL
            current = second > newest.get(key, -1)
            believed = current and not fell_back
            assert ((status, total) if believed else old) == after[key][:2]
            assert fell_back or key not in admission.regressed
            assert key in admission.regressed or not (current and fell_back)
            if believed:
                newest[key] = second


@given(reads=READS, order=st.randoms(use_true_random=False), cuts=st.lists(st.booleans(), min_size=8, max_size=8))
def test_proving_what_was_held_back_leads_to_the_truth(
    shared_engine, empty_tables, reads, order: random.Random, cuts: list[bool]
):
    """When each refused copy is followed by a re-read of the object, every object ends as Stripe has it now."""
    empty_tables(shared_engine)
    truth = {key: max((item for item in reads if item[0] == key), key=lambda item: item[1]) for key, *_ in reads}
    for batch in batches(order.sample(reads, len(reads)), cuts):
        admission = admit(shared_engine, [read(*item) for item in batch])
        for key in admission.regressed:
            _, _, status, total = truth[key]
            admit(shared_engine, [read(key, 100, status, total)], proven=True)
    ends = stored(shared_engine)
    assert {key: item[2:] for key, item in truth.items()} == {key: end[:2] for key, end in ends.items()}


@given(reads=READS)
def test_letting_in_twice_changes_nothing(shared_engine, empty_tables, reads):
    """A second pass over the same reads stores nothing anew."""
    empty_tables(shared_engine)
    for item in reads:
        admit(shared_engine, [read(*item)], proven=True)
    before = stored(shared_engine)
    for item in reads:
        admit(shared_engine, [read(*item)], proven=True)
    assert {key: end[:2] for key, end in before.items()} == {key: end[:2] for key, end in stored(shared_engine).items()}
