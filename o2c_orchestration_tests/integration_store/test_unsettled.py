"""What is in somebody's hand: told by its state, and left to whoever has it."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Engine, text

from o2c_orchestration.store import journal, unsettled
from o2c_orchestration.store.database import raw_cursor
from o2c_orchestration.store.lock import follower_lock
from o2c_orchestration_tests.integration_store.builders import command, journal_id

LEASE = 60.0


def sent(engine: Engine, key: str, amount: int = 100) -> journal.Claim:
    journal.intend(engine, [command("invoice", key, amount=amount)])
    claim = journal.claim(engine, journal_id(engine, key), LEASE)
    assert claim is not None
    return claim


def test_departed_is_what_has_left(engine: Engine):
    """With its own amount, written or not known: neither an intent, nor one that was refused, nor another's."""
    sent(engine, "in_1", 101)
    journal.record_unknown(engine, sent(engine, "in_2", 102), "timeout", 5)
    journal.intend(engine, [command("invoice", "in_3")])
    journal.record_refused(engine, sent(engine, "in_4"), "CODE", "no", "think")
    journal.record_done(engine, sent(engine, "in_8", 108), 7, adopted=False)
    sent(engine, "in_5")
    sent(engine, "in_Six")
    with raw_cursor(engine) as cursor:
        asked = ["in_1", "in_2", "in_3", "in_4", "in_six", "in_7", "in_8"]
        assert unsettled.departed(cursor, asked) == {"in_1": 101, "in_2": 102, "in_8": 108}
        assert unsettled.departed(cursor, ["in_Six"]) == {"in_Six": 100}


def test_a_row_that_somebody_has_in_hand_holds_up_no_look_up(engine: Engine):
    """Whoever looks up takes what is free, at once, and does not wait for the rest."""
    for key in ("in_1", "in_2"):
        journal.record_unknown(engine, sent(engine, key), "timeout", 0)
    with engine.connect() as other, ThreadPoolExecutor(1) as pool:
        other.execute(text("SELECT FROM o2c.journal WHERE external_id = 'in_1' FOR UPDATE"))
        found = pool.submit(journal.claim_unknown, engine, 10, LEASE)
        try:
            assert [claim.command.external_id for claim in found.result(timeout=20)] == ["in_2"]
        finally:
            other.rollback()


def test_one_process_follows_changes_and_the_next_one_after_it(engine: Engine):
    """A pooled connection outlives the block, and must not keep the lock."""
    with follower_lock(engine) as first, follower_lock(engine) as second:
        assert (first, second) == (True, False)
    with engine.connect() as connection:
        held = "SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database WHERE locktype = 'advisory'"
        assert connection.execute(text(f"{held} AND d.datname = current_database()")).scalar() == 0
