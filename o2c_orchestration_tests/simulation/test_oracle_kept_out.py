"""What is never sent, since its period is closed or its customer lacks the currency: told by one gap, and no more."""

import pytest

from o2c_orchestration_tests.simulation.hand_made import CHARGE, OPEN, PAID, HandMade, healthy, journal_row
from o2c_orchestration_tests.simulation.oracle import judge_safety, judge_settled


def kept_out(key: str, kind: str, amount: int, currency: str) -> HandMade:
    """A document that is not there, whose month was closed before it was sent; its gap says so."""
    world = healthy()
    record = world.document(key)
    del world.netsuite[record["id"]]
    world.rows = [row for row in world.rows if row["external_id"] != key]
    if key == CHARGE:
        world.document(PAID)["amountRemaining"] = amount
    world.did("period", "", period="Oct 2026", closed=True)
    told = {"error_detail": "period closed", "fix": "open it", "kept_out": True}
    world.unsent = [journal_row(record["type"], key, None, state="refused") | told]
    world.gap(kind, key, amount, 0, currency=currency)
    return world


CASES = [(OPEN, "sync_failed", 5000, "jpy"), (CHARGE, "payment_missing", 11_000, "usd")]


@pytest.mark.parametrize(("key", "kind", "amount", "currency"), CASES)
def test_its_gap_is_that_of_what_was_never_asked(key: str, kind: str, amount: int, currency: str) -> None:
    """NetSuite has refused nothing, so a payment is missing; an invoice could not be written."""
    world = kept_out(key, kind, amount, currency)
    judge_safety(world)
    assert judge_settled(world) == []
    other = "payment_missing" if kind == "sync_failed" else "sync_failed"
    world = kept_out(key, other, amount, currency)
    judge_safety(world)
    assert len(judge_settled(world)) == 2


def test_an_intent_of_it_does_not_hang() -> None:
    """It was meant to be written before anybody knew; without the refusal it would be one that hangs."""
    world = kept_out(OPEN, "sync_failed", 5000, "jpy")
    world.rows.append(journal_row("invoice", OPEN, None, state="intent"))
    judge_safety(world)
    assert judge_settled(world) == []
    world.unsent = []
    assert any("still means to write" in breach for breach in judge_settled(world))
