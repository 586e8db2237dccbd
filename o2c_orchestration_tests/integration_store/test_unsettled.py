"""What is in somebody's hand: told by its state, and left to whoever has it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, text

from o2c_orchestration.domain.documents import Plan
from o2c_orchestration.domain.stripe_events import StripeEvent
from o2c_orchestration.store import inbox, journal, planning, unsettled
from o2c_orchestration.store.database import raw_cursor
from o2c_orchestration.store.events import record
from o2c_orchestration.store.lock import follower_lock
from o2c_orchestration.store.overtaken import withdraw
from o2c_orchestration.store.trace import trace
from o2c_orchestration_tests.integration_store.builders import accept, command, journal_id

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


def voided(engine: Engine, *keys: str) -> None:
    for key in keys:
        table = "credit_notes" if key.startswith("cn_") else "invoices"
        accept(engine, table, {"id": key, "status": "void"})


def parked(engine: Engine) -> set[str]:
    with engine.connect() as connection:
        found = connection.execute(text("SELECT external_id FROM o2c.journal WHERE next_attempt_at = 'infinity'"))
        return set(found.scalars())


def test_what_is_void_is_not_claimed_by_whoever_has_found_it_ready(engine: Engine):
    """A writer has a batch in hand; what Stripe has voided since is parked, and the batch goes on."""
    journal.intend(engine, [command("invoice", "in_1"), command("creditMemo", "cn_1"), command("invoice", "in_2")])
    batch = [journal_id(engine, key) for key in ("in_1", "cn_1", "in_2")]
    voided(engine, "in_1", "cn_1")
    claims = [journal.claim(engine, each, LEASE) for each in batch]
    assert [claim and claim.command.external_id for claim in claims] == [None, None, "in_2"]
    assert parked(engine) == {"in_1", "cn_1"}
    assert journal.ready(engine, "invoice", 10) == journal.ready(engine, "creditMemo", 10) == []


def test_what_was_parked_is_not_claimed_either(engine: Engine):
    """Whatever the reason: it was ready when the batch was taken."""
    journal.intend(engine, [command("invoice", "in_1")])
    with engine.begin() as connection:
        connection.execute(text("UPDATE o2c.journal SET next_attempt_at = 'infinity'"))
    assert journal.claim(engine, journal_id(engine, "in_1"), LEASE) is None


def test_what_is_withdrawn_leaves_no_more(engine: Engine):
    """What has left is left alone; what is not void, or was not asked about, goes on as before."""
    sent(engine, "in_Left")
    journal.intend(engine, [command("invoice", key) for key in ("in_wait", "in_open", "in_other")])
    voided(engine, "in_Left", "in_wait", "in_other")
    accept(engine, "invoices", {"id": "in_open"})
    assert withdraw(engine, ["in_Left", "in_wait", "in_open", "in_absent", "in_OTHER"]) == 1
    assert parked(engine) == {"in_wait"}
    assert len(journal.ready(engine, "invoice", 10)) == 2


def test_who_is_about_to_send_is_waited_for(engine: Engine):
    """A claim that began before the void was known: whoever plans afterwards sees that it has left."""
    journal.intend(engine, [command("invoice", "in_1")])
    with engine.connect() as other, ThreadPoolExecutor(1) as pool:
        other.execute(text("UPDATE o2c.journal SET state = 'sent', lease_token = 1, lease_until = now()"))
        voided(engine, "in_1")
        found = pool.submit(withdraw, engine, ["in_1"])
        with pytest.raises(TimeoutError):
            found.result(timeout=0.5)
        other.commit()
        assert found.result(timeout=20) == 0
    with raw_cursor(engine) as cursor:
        assert unsettled.departed(cursor, ["in_1"]) == {"in_1": 100}


def test_a_claim_that_is_late_finds_it_parked(engine: Engine):
    """It was begun before the void was known, and waited for whoever parks it."""
    journal.intend(engine, [command("invoice", "in_1")])
    with engine.connect() as other, ThreadPoolExecutor(1) as pool:
        other.execute(text("UPDATE o2c.journal SET next_attempt_at = 'infinity'"))
        found = pool.submit(journal.claim, engine, journal_id(engine, "in_1"), LEASE)
        with pytest.raises(TimeoutError):
            found.result(timeout=0.5)
        other.commit()
        assert found.result(timeout=20) is None


def told(engine: Engine, kind: str, key: str, ignored: str | None = None) -> None:
    thing = "credit_note" if key.startswith("cn_") else "invoice"
    event = StripeEvent(f"evt_{kind}_{key}", kind, thing, key, datetime.now(UTC), "webhook", ignored=ignored)
    assert record(engine, [event]) == 1


def test_what_is_said_to_be_void_is_sent_by_nobody_until_it_was_read(engine: Engine):
    """Neither claimed by whoever has it in a batch, nor found, nor waited for; what other news say holds up nothing."""
    kinds = {"in_1": "invoice", "cn_1": "creditMemo", "in_2": "invoice", "in_3": "invoice"}
    journal.intend(engine, [command(document, key) for key, document in kinds.items()])
    batch = {key: journal_id(engine, key) for key in kinds}
    told(engine, "invoice.voided", "in_1")
    told(engine, "credit_note.voided", "cn_1")
    told(engine, "invoice.updated", "in_2")
    told(engine, "invoice.voided", "in_3", "it is of test mode, and the API key is not")
    assert [journal.claim(engine, batch[key], LEASE) for key in ("in_1", "cn_1")] == [None, None]
    assert journal.ready(engine, "invoice", 10) == [batch["in_2"], batch["in_3"]]
    assert journal.first(engine, ["creditMemo"], 10) == journal.ready(engine, "creditMemo", 10) == []
    assert unsettled.next_due_in(engine, ["creditMemo"]) is None
    assert unsettled.doubted(engine, list(kinds)) == {"in_1", "cn_1"}
    inbox.settle(engine, inbox.take(engine, 10))
    assert journal.claim(engine, batch["in_1"], LEASE) is not None
    assert journal.ready(engine, "creditMemo", 10) == [batch["cn_1"]]
    assert unsettled.doubted(engine, list(kinds)) == set()


def test_whoever_looks_is_told_what_waits_for_news_of_a_void(engine: Engine):
    """The plan and the trace name the document, and only as long as it waits."""
    day = command("invoice", "in_1").partition
    planning.save_plan(engine, Plan((command("invoice", "in_1"), command("invoice", "in_2"))), day, day)
    told(engine, "invoice.voided", "in_1")
    assert list(unsettled.held_for_void(engine)) == ["in_1"]
    assert any("says that it is void" in step.what for step in trace(engine, "in_1"))
    inbox.settle(engine, inbox.take(engine, 10))
    assert unsettled.held_for_void(engine) == {}
    assert not any("says that it is void" in step.what for step in trace(engine, "in_1"))


def test_a_sweep_does_not_come_for_what_is_said_to_be_void(engine: Engine):
    """It was tried before, and nothing could be done for it now."""
    journal.record_not_written(engine, sent(engine, "in_1"), "HTTP 503", 0)
    assert unsettled.due_for_sweep(engine, ["invoice"]) == 1
    told(engine, "invoice.voided", "in_1")
    assert unsettled.due_for_sweep(engine, ["invoice"]) == 0
