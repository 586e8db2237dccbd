"""The inbox against a real PostgreSQL: a hint is never lost, and never counts twice."""

import threading
import time

from o2c_orchestration.store import inbox


def _ids(engine, **options):
    return [item.object_id for item in inbox.take(engine, 100, **options)]


def _age(engine, seconds):
    with engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE o2c.inbox SET not_before = not_before - interval '{seconds} s'")


def test_the_one_that_waits_longest_comes_first(engine):
    """Objects are handed out in the order in which they were first hinted at; a newer hint does not set one back."""
    inbox.note(engine, [("in_1", "invoice", "evt_1")])
    inbox.note(engine, [("ch_1", "charge", "evt_2")])
    inbox.note(engine, [("in_1", "invoice", "evt_3")])
    assert _ids(engine) == ["in_1", "ch_1"]
    assert [item.object for item in inbox.take(engine, 1)] == ["invoice"]


def _came(engine, *named, minutes=0):
    inbox.note(engine, [(key, kind, "evt") for key, kind in named])
    with engine.begin() as connection:
        connection.exec_driver_sql(
            """UPDATE o2c.inbox SET first_seen_at = date_trunc('minute', now()) - make_interval(mins => %s)
               + make_interval(secs => array_position(%s::text[], object_id)) WHERE object_id = ANY(%s)""",
            (minutes, (keys := [key for key, _ in named]), keys),
        )


def test_what_others_lean_on_comes_first_within_a_minute(engine):
    """A burst comes in any order; a charge without its invoice would have that asked for by itself."""
    _came(
        engine, ("ch_2", "charge"), ("re_2", "refund"), ("in_2", "invoice"), ("inpay_2", "invoice_payment"), minutes=1
    )
    _came(engine, ("ch_1", "charge"), ("in_1", "invoice"), minutes=2)
    _came(engine, ("in_3", "invoice"), ("cus_3", "customer"))
    assert _ids(engine) == ["in_1", "ch_1", "in_2", "inpay_2", "ch_2", "re_2", "cus_3", "in_3"]
    assert [item.object_id for item in inbox.take(engine, 2)] == ["in_1", "ch_1"]


def test_many_hints_of_one_object_are_one_entry(engine):
    """Duplicates, even within one batch, are one object to re-read; its version grows."""
    assert inbox.note(engine, [("in_1", "invoice", "evt_1"), ("in_1", "invoice", "evt_2")]) == 1
    [first] = inbox.take(engine, 9)
    inbox.note(engine, [("in_1", "invoice", "evt_3")])
    [second] = inbox.take(engine, 9)
    assert second.version > first.version


def test_a_hint_that_comes_while_the_object_is_read_stays(engine):
    """Settling removes what was acted on, not what came meanwhile."""
    inbox.note(engine, [("in_1", "invoice", "evt_1")])
    acted_on = inbox.take(engine, 9)
    inbox.note(engine, [("in_1", "invoice", "evt_2")])
    inbox.settle(engine, acted_on)
    assert _ids(engine) == ["in_1"]
    inbox.settle(engine, inbox.take(engine, 9))
    assert _ids(engine) == []
    assert inbox.backlog(engine).due_in is None


def test_a_hint_that_comes_after_settling_is_new(engine):
    """An entry that starts anew is not removed by settling an old reading of it."""
    inbox.note(engine, [("in_1", "invoice", "evt_1")])
    old = inbox.take(engine, 9)
    inbox.settle(engine, old)
    inbox.note(engine, [("in_1", "invoice", "evt_2")])
    inbox.settle(engine, old)
    assert _ids(engine) == ["in_1"]


def test_what_cannot_be_read_waits_longer_each_time_and_holds_up_nobody(engine):
    """A failed object is out of the way at once, comes back after 10, 20, 40 s, and is told with its reason."""
    inbox.note(engine, [("in_bad", "invoice", "evt_1"), ("in_good", "invoice", "evt_2")])
    for wait in (10, 20, 40):
        [bad] = [item for item in inbox.take(engine, 9) if item.object_id == "in_bad"]
        inbox.postpone(engine, {bad: "Stripe says 500"})
        assert _ids(engine) == ["in_good"]
        _age(engine, wait * 0.79)
        assert _ids(engine) == ["in_good"]
        _age(engine, wait * 0.42)
        assert sorted(_ids(engine)) == ["in_bad", "in_good"]
    [told] = inbox.failing(engine)
    assert (told["id"], told["attempts"], told["reason"]) == ("in_bad", 3, "Stripe says 500")
    assert inbox.backlog(engine).failing == 1


def test_a_new_hint_of_what_failed_is_not_postponed_by_the_old_reading(engine):
    """Somebody mended the object while it was read: the failure of the old reading does not make the new hint wait."""
    inbox.note(engine, [("in_1", "invoice", "evt_1")])
    [old] = inbox.take(engine, 9)
    inbox.note(engine, [("in_1", "invoice", "evt_2")])
    inbox.postpone(engine, {old: "Stripe says 500"})
    assert _ids(engine) == ["in_1"]


def test_whoever_listens_is_woken(engine):
    """A hint wakes a waiting run at once, not after its time is up."""
    with inbox.listening(engine) as wait:
        threading.Timer(0.2, lambda: inbox.note(engine, [("in_1", "invoice", "evt_1")])).start()
        began = time.monotonic()
        wait(30)
        assert time.monotonic() - began < 10


def test_cursors_are_kept_by_name(engine):
    """A cursor is unset until it is written, then the last value written."""
    assert inbox.read_cursor(engine, "events") is None
    inbox.write_cursor(engine, "events", "evt_1")
    inbox.write_cursor(engine, "events", "evt_2")
    inbox.write_cursor(engine, "other", "x")
    assert "evt_2" == inbox.read_cursor(engine, "events")
