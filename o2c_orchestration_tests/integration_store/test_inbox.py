"""The inbox against a real PostgreSQL: a hint is never lost, and never counts twice."""

from datetime import UTC, date, datetime, timedelta

from o2c_orchestration.store import inbox
from o2c_orchestration.store.gate import StripeObject, admit

DAY = date(2026, 2, 15)
NEXT = DAY + timedelta(1)


def test_hints_wait_by_partition(engine):
    """Days with something to do are told; a window gives its objects only."""
    days = inbox.note(engine, [("in_1", "invoice", DAY, "evt_1"), ("ch_1", "charge", NEXT, "evt_2")])
    assert [DAY, NEXT] == days
    assert ["in_1"] == [item.object_id for item in inbox.waiting(engine, DAY, DAY)]
    assert ["ch_1", "in_1"] == [item.object_id for item in inbox.waiting(engine, DAY, NEXT)]
    assert [DAY, NEXT] == list(inbox.partitions_waiting(engine))


def test_many_hints_of_one_object_are_one_entry(engine):
    """Duplicates, even within one batch, are one object to re-read; its version grows."""
    inbox.note(engine, [("in_1", "invoice", DAY, "evt_1"), ("in_1", "invoice", DAY, "evt_2")])
    [first] = inbox.waiting(engine, DAY, DAY)
    inbox.note(engine, [("in_1", "invoice", DAY, "evt_3")])
    [second] = inbox.waiting(engine, DAY, DAY)
    assert second.version > first.version


def test_a_hint_that_comes_while_the_object_is_read_stays(engine):
    """Settling removes what was acted on, not what came meanwhile."""
    inbox.note(engine, [("in_1", "invoice", DAY, "evt_1")])
    acted_on = inbox.waiting(engine, DAY, DAY)
    inbox.note(engine, [("in_1", "invoice", DAY, "evt_2")])
    inbox.settle(engine, acted_on)
    assert ["in_1"] == [item.object_id for item in inbox.waiting(engine, DAY, DAY)]
    inbox.settle(engine, inbox.waiting(engine, DAY, DAY))
    assert [] == inbox.waiting(engine, DAY, DAY)
    assert {} == inbox.partitions_waiting(engine)


def test_a_hint_that_comes_after_settling_is_new(engine):
    """An entry that starts anew is not removed by settling an old reading of it."""
    inbox.note(engine, [("in_1", "invoice", DAY, "evt_1")])
    old = inbox.waiting(engine, DAY, DAY)
    inbox.settle(engine, old)
    inbox.note(engine, [("in_1", "invoice", DAY, "evt_2")])
    inbox.settle(engine, old)
    assert ["in_1"] == [item.object_id for item in inbox.waiting(engine, DAY, DAY)]


def test_a_stored_object_keeps_its_day(engine):
    """The partition is the object's own creation day, whatever day the event came on."""
    created = int(datetime(2026, 1, 3, 23, 59, 59, tzinfo=UTC).timestamp())
    payload = {"id": "in_1", "object": "invoice", "status": "open", "created": created}
    admit(engine, [StripeObject.of(payload, datetime(2026, 2, 1, tzinfo=UTC))])
    assert [date(2026, 1, 3)] == inbox.note(engine, [("in_1", "invoice", DAY, "evt_1")])


def test_cursors_are_kept_by_name(engine):
    """A cursor is unset until it is written, then the last value written."""
    assert inbox.read_cursor(engine, "events") is None
    inbox.write_cursor(engine, "events", "evt_1")
    inbox.write_cursor(engine, "events", "evt_2")
    inbox.write_cursor(engine, "other", "x")
    assert "evt_2" == inbox.read_cursor(engine, "events")
