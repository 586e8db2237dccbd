"""The gate against a real PostgreSQL: order of reads, terminal states, hashes, odd payloads."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from o2c_orchestration.store import rows
from o2c_orchestration.store.gate import StripeObject, admit, mark_absent

START = datetime(2026, 2, 15, tzinfo=UTC)
CREATED = int(datetime(2026, 2, 1, tzinfo=UTC).timestamp())


def read(second: int, status: str = "open", key: str = "in_1", **more: Any) -> StripeObject:
    payload = {"id": key, "object": "invoice", "status": status, "created": CREATED, **more}
    return StripeObject.of(payload, START + timedelta(seconds=second))


def stored(engine: Engine, key: str = "in_1") -> Any:
    with engine.connect() as connection:
        found = connection.execute(text("SELECT * FROM o2c.stripe_objects WHERE id = :id"), {"id": key})
        return found.mappings().first()


def test_a_new_object_is_stored_as_it_came(engine):
    """Type, creation, status, start of the read and the payload, waiting for validation."""
    admission = admit(engine, [read(0, total=5)])
    row = stored(engine)
    assert ("in_1",) == admission.changed
    assert ("invoice", "open", START) == (row["object"], row["status"], row["read_at"])
    assert datetime(2026, 2, 1, tzinfo=UTC) == row["created_at"]
    assert 5 == row["payload"]["total"]
    assert ["in_1"] == [item.id for item in rows.pending(engine, "invoice", 10)]


def test_an_older_read_that_arrives_late_is_left_out(engine):
    """The start of the read decides, not the arrival."""
    admit(engine, [read(10, total=2)])
    late = admit(engine, [read(5, total=1)])
    assert ((), 1) == (late.changed, late.unchanged)
    assert 2 == stored(engine)["payload"]["total"]


def test_of_two_reads_that_began_together_the_later_arrival_stays(engine):
    """Clocks have a resolution: a tie must not throw away what came last, also when it comes to a terminal state."""
    admit(engine, [read(10, total=1)])
    admit(engine, [read(10, total=2)])
    assert 2 == stored(engine)["payload"]["total"]
    admit(engine, [read(10, status="paid", total=2)])
    held = admit(engine, [read(10, status="open", total=2)])
    assert ("in_1",) == held.regressed
    assert "paid" == stored(engine)["status"]


def test_an_unchanged_payload_is_left_alone(engine):
    """The same content, in whatever order of keys, does not make a row wait for validation again."""
    admit(engine, [read(0, a=1, b=2)])
    before = stored(engine)["stored_at"]
    again = admit(engine, [read(5, b=2, a=1)])
    assert ((), 1) == (again.changed, again.unchanged)
    assert before == stored(engine)["stored_at"]


@pytest.mark.parametrize("terminal", ["paid", "void"])
def test_a_terminal_state_is_not_lost_without_proof(engine, terminal):
    """A newer copy that says open is held back and named; a proven re-read of it is believed."""
    admit(engine, [read(0, terminal)])
    held = admit(engine, [read(5, "open")])
    assert (("in_1",), ()) == (held.regressed, held.changed)
    assert terminal == stored(engine)["status"]
    proven = admit(engine, [read(6, "open")], proven=True)
    assert ("in_1",) == proven.changed
    assert "open" == stored(engine)["status"]


def test_neighbours_of_a_regression_go_in(engine):
    """One object that is held back keeps nothing else from being stored."""
    admit(engine, [read(0, "paid")])
    admission = admit(engine, [read(5, "open"), read(5, "open", "in_2")])
    assert (("in_2",), ("in_1",)) == (admission.changed, admission.regressed)


def test_an_uncollectible_invoice_may_still_be_paid(engine):
    """Uncollectible is no end: money may come after all."""
    admit(engine, [read(0, "uncollectible")])
    assert ("in_1",) == admit(engine, [read(5, "paid")]).changed
    assert "paid" == stored(engine)["status"]


def test_the_newest_copy_within_a_batch_wins(engine):
    """Pages that overlap bring an object twice; the copy whose read began last is stored."""
    admit(engine, [read(1, total=1), read(3, total=3), read(2, total=2)])
    assert 3 == stored(engine)["payload"]["total"]


def test_of_two_copies_within_a_batch_the_later_one_stays(engine):
    """A tie is decided as it is between batches."""
    admit(engine, [read(1, total=1), read(1, total=2)])
    assert 2 == stored(engine)["payload"]["total"]


def test_every_copy_that_came_is_accounted_for(engine):
    """Stored, left alone or held back: the three add up to what was handed in, copies included."""
    admit(engine, [read(1, "paid", "in_1"), read(1, key="in_2"), read(1, key="in_3")])
    came = [
        read(2, "open", "in_1"),
        read(2, key="in_2"),
        read(3, key="in_2"),
        read(2, "paid", "in_3"),
        read(2, key="in_4"),
    ]
    admission = admit(engine, came)
    assert ({"in_3", "in_4"}, ("in_1",), 2) == (set(admission.changed), admission.regressed, admission.unchanged)


def test_a_deleted_object_keeps_its_day(engine):
    """Stripe answers a deleted customer without `created`; its partition stays the one of its creation."""
    payload = {"id": "cus_1", "object": "customer", "created": CREATED, "name": "Ann"}
    admit(engine, [StripeObject.of(payload, START)])
    admit(engine, [StripeObject.of({"id": "cus_1", "object": "customer", "deleted": True}, START + timedelta(1))])
    row = stored(engine, "cus_1")
    assert ("deleted", datetime(2026, 2, 1, tzinfo=UTC)) == (row["status"], row["created_at"])


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("a\x00b", "ab"),
        ("\x00\x00", ""),
        ("C:\\u0000", "C:\\u0000"),
        ("\\\x00", "\\"),
        ("\\\\u0000\x00", "\\\\u0000"),
        ('quote " and \\ and \U0001f600 and ü', 'quote " and \\ and \U0001f600 and ü'),
    ],
)
def test_nul_is_dropped_and_nothing_else(engine, written, kept):
    """PostgreSQL holds no NUL, so it is taken out; text that merely looks like its escape is left as it is."""
    admit(engine, [read(0, description=written), read(0, key="in_2")])
    assert kept == stored(engine)["payload"]["description"]
    assert stored(engine, "in_2") is not None


def test_absent_ids_make_their_references_a_finding(engine):
    """An id that Stripe answered 404 for is remembered, looked at again, and forgotten when Stripe has it after all."""
    mark_absent(engine, ["in_1", "in_2"], START)
    mark_absent(engine, ["in_1"], START)
    with engine.connect() as connection:
        ids = connection.execute(text("SELECT DISTINCT key FROM o2c.dirty ORDER BY key")).scalars().all()
    assert ["in_1", "in_2"] == ids
    admit(engine, [read(0)])
    with engine.connect() as connection:
        assert ["in_2"] == connection.execute(text("SELECT id FROM o2c.stripe_absent")).scalars().all()


def test_a_large_batch_goes_in_at_once(engine):
    """Thousands of objects are one COPY and one merge."""
    many = [read(0, key=f"in_{number}", total=number) for number in range(3000)]
    assert 3000 == len(admit(engine, many).changed)
    assert 3000 == admit(engine, many).unchanged
