"""When a request left, how long its outcome stays open, and who may still send: journal and writer lock."""

import threading
from typing import Any

import pytest
from sqlalchemy import Engine, text

from o2c_orchestration.store import journal
from o2c_orchestration.store.lock import WriterBusy, WriterReplaced, writer_lock
from o2c_orchestration.store.unsettled import due_for_sweep
from o2c_orchestration_tests.integration_store.builders import command, journal_id, state_of

LEASE = 60.0
LIMIT = 900.0
INVOICES = ["invoice"]


def claimed(engine: Engine, key: str = "in_1") -> journal.Claim:
    journal.intend(engine, [command("invoice", key)])
    claim = journal.claim(engine, journal_id(engine, key), LEASE)
    assert claim is not None
    return claim


def departed(engine: Engine, key: str = "in_1") -> journal.Claim:
    claim = claimed(engine, key)
    assert journal.depart(engine, claim, {"externalId": key}, LEASE)
    return claim


def looked_up(engine: Engine, **options: Any) -> journal.Claim:
    (claim,) = journal.claim_unknown(engine, 10, LEASE, takeover=True, certain_after=LIMIT, **options)
    return claim


def sql(engine: Engine, statement: str) -> None:
    with engine.begin() as connection:
        connection.execute(text(statement))


def attempts(engine: Engine) -> list[tuple[Any, ...]]:
    with engine.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT attempt, sent_at IS NOT NULL, answered_at IS NOT NULL, outcome, status, code, words "
                "FROM o2c.journal_attempts ORDER BY coalesce(answered_at, sent_at), attempt"
            )
        )
        return [tuple(row) for row in rows]


def test_a_request_leaves_only_under_its_lease(engine):
    """Whoever lost the lease to a look-up may not send any more; who holds it puts body and time on record."""
    claim = claimed(engine)
    looked_up(engine)
    assert journal.depart(engine, claim, {}, LEASE) is False
    other = departed(engine, "in_2")
    with engine.connect() as connection:
        row = connection.execute(
            text("SELECT request, sent_at IS NOT NULL FROM o2c.journal WHERE external_id = 'in_2'")
        ).one()
    assert ({"externalId": "in_2"}, True) == tuple(row)
    assert journal.record_done(engine, other, 7, adopted=False)
    assert journal.depart(engine, other, {}, LEASE) is False


def test_an_earlier_claim_does_not_leave_beside_a_newer_one(engine):
    """The row is sent by somebody else meanwhile, under a lease of its own: the first request stays at home."""
    first = claimed(engine)
    assert journal.record_not_written(engine, looked_up(engine), "not there", 0)
    second = journal.claim(engine, journal_id(engine, "in_1"), LEASE)
    assert second is not None
    assert journal.depart(engine, first, {}, LEASE) is False
    assert journal.depart(engine, second, {}, LEASE)


def test_a_look_up_sends_nothing(engine):
    """Who looks up holds a lease too, but not one to send under."""
    departed(engine)
    assert journal.depart(engine, looked_up(engine), {}, LEASE) is False


def test_the_wait_for_certainty_runs_from_the_departure(engine):
    """Not from the claim, not from the look-up, and by the database's clock."""
    departed(engine)
    sql(engine, "UPDATE o2c.journal SET sent_at = clock_timestamp() - interval '300 seconds'")
    first = looked_up(engine)
    assert 595 < first.settles_in <= 600
    assert journal.record_unknown(engine, first, "not there yet", 0)
    sql(engine, "UPDATE o2c.journal SET sent_at = clock_timestamp() - interval '901 seconds'")
    second = looked_up(engine)
    assert second.settles_in <= 0
    assert (1, 2) == (first.look_ups, second.look_ups)


def test_what_never_left_is_certain_at_once(engine):
    """A claim whose request was not on its way when it was taken over cannot be sent any more."""
    claimed(engine)
    assert 0 == looked_up(engine).settles_in


def test_a_second_attempt_has_a_departure_of_its_own(engine):
    """The time of the first request does not count for the second."""
    assert journal.record_not_written(engine, departed(engine), "429", 0)
    again = journal.claim(engine, journal_id(engine, "in_1"), LEASE)
    assert again is not None
    assert 0 == looked_up(engine).settles_in


def test_every_request_is_kept_with_its_answer(engine):
    """Sent, answered, status, code and words of each attempt; one whose process died has no answer."""
    assert journal.record_not_written(engine, departed(engine), "too many", 0, status=429)
    second = journal.claim(engine, journal_id(engine, "in_1"), LEASE)
    assert second is not None
    assert journal.depart(engine, second, {}, LEASE)
    claim = looked_up(engine)
    assert journal.record_not_written(engine, claim, "not there", 0)
    third = journal.claim(engine, journal_id(engine, "in_1"), LEASE)
    assert third is not None
    assert journal.depart(engine, third, {}, LEASE)
    assert journal.record_refused(engine, third, "USER_ERROR", "x" * 5000, "fix", status=400)
    assert [
        (1, True, True, "not_written", 429, None, "too many"),
        (2, True, False, "unknown", None, None, "the process that had it recorded no outcome"),
        (3, True, True, "refused", 400, "USER_ERROR", "x" * 2000),
    ] == attempts(engine)


def test_a_look_up_of_a_dead_process_is_taken_over_too(engine):
    """The holder of the writer lock need not wait for the lease of a look-up that nobody makes any more."""
    departed(engine)
    lost = looked_up(engine)
    found = looked_up(engine)
    assert journal.record_done(engine, lost, 7, adopted=True) is False
    assert journal.record_done(engine, found, 7, adopted=True) is True


def test_only_the_newest_term_of_the_lock_claims(engine):
    """Who lost the lock without knowing gets no row any more, and is told when it asks."""
    journal.intend(engine, [command("invoice", "in_1")])
    number = journal_id(engine, "in_1")
    with writer_lock(engine) as old:
        old.require(engine)
    with writer_lock(engine) as new:
        assert journal.claim(engine, number, LEASE, term=old.number) is None
        with pytest.raises(WriterReplaced):
            old.require(engine)
        assert journal.claim(engine, number, LEASE, term=new.number) is not None


def test_the_writer_lock_is_held_by_one(engine):
    """A second writer is told that another one is at work, and gets the lock once that one has ended."""
    with writer_lock(engine):
        refused: list[BaseException] = []

        def reach() -> None:
            try:
                with writer_lock(engine, 0.2):
                    pass
            except WriterBusy as busy:
                refused.append(busy)

        thread = threading.Thread(target=reach)
        thread.start()
        thread.join()
        assert 1 == len(refused)
    with writer_lock(engine, 0.2):
        pass


def test_a_second_writer_waits_for_its_turn(engine):
    """The lock goes to whoever waits for it, as soon as it is free."""
    waiting, terms = threading.Event(), []

    def reach() -> None:
        waiting.set()
        with writer_lock(engine, 30) as term:
            terms.append(term.number)

    with writer_lock(engine) as first:
        thread = threading.Thread(target=reach)
        thread.start()
        waiting.wait()
        thread.join(0.5)
        assert thread.is_alive()
        assert [] == terms
    thread.join(30)
    assert [first.number + 1] == terms


def test_a_sweep_is_due_for_what_waits(engine):
    """Due unknown rows, leases that ran out and requests to be made again; nothing that has its time before it."""
    journal.intend(engine, [command("invoice", "in_9")])
    assert 0 == due_for_sweep(engine, INVOICES)
    claim = departed(engine)
    assert 0 == due_for_sweep(engine, INVOICES)
    sql(engine, "UPDATE o2c.journal SET lease_until = clock_timestamp() - interval '1 second' WHERE state = 'sent'")
    assert 1 == due_for_sweep(engine, INVOICES)
    assert journal.record_unknown(engine, claim, "timeout", 60)
    assert 0 == due_for_sweep(engine, INVOICES)
    assert journal.record_not_written(engine, looked_up_now(engine), "not there", 0)
    assert 1 == due_for_sweep(engine, INVOICES)
    assert [journal_id(engine, "in_1")] == journal.ready(engine, "invoice", 10, again=True)
    assert 0 == due_for_sweep(engine, ["customer"])


def looked_up_now(engine: Engine) -> journal.Claim:
    sql(engine, "UPDATE o2c.journal SET next_attempt_at = clock_timestamp() WHERE state = 'unknown'")
    return looked_up(engine)


def test_a_new_plan_for_what_may_be_there_is_looked_up_first(engine):
    """Given up without knowing, then planned with another content: it is unknown still, not an intent."""
    claim = departed(engine)
    assert journal.record_dead(engine, claim, "no look-up was answered", "see", code=journal.OUTCOME_UNKNOWN)
    assert 1 == journal.intend(engine, [command("invoice", "in_1", amount=90)])
    assert "unknown" == state_of(engine, "in_1")
    assert [] == journal.ready(engine, "invoice", 10)
