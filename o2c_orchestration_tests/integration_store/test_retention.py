"""What is settled and old loses what it said; what is needed stays, and so does the trail that proves the books."""

from datetime import UTC, datetime, timedelta

import dagster as dg
import pytest
from sqlalchemy import Engine, text

from o2c_orchestration.domain.policy_retention import Retention
from o2c_orchestration.domain.stripe_events import StripeEvent
from o2c_orchestration.orchestration.janitor import JANITOR
from o2c_orchestration.orchestration.retention import forget_runs
from o2c_orchestration.store import audit, events, inbox, journal, retention
from o2c_orchestration_tests.integration_store.builders import as_owner, command, journal_id

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
POLICY = Retention()
TOUCHED = {"stripe_events", "quarantine", "alert_messages", "journal_attempts", "audit", "audit_heads"}
_GAP = """INSERT INTO o2c.gaps (gap_id, leg, kind, state, stripe_id, currency, reason, first_seen_at, last_seen_at)
          VALUES ('g', 'stripe_netsuite', 'sync_failed', '{state}', '{key}', 'usd', 'x', now(), now())"""


def ago(days: int) -> str:
    return f"'{(NOW - timedelta(days=days)).isoformat()}'"


def event(engine: Engine, key: str, days: int, *, waits: bool = False) -> None:
    """An event that came so long ago; its object has been read since, or not."""
    events.record(engine, [StripeEvent(f"evt_{key}", "invoice.paid", "invoice", key, NOW, "webhook")])
    as_owner(engine, f"UPDATE o2c.stripe_events SET received_at = {ago(days)} WHERE object_id = '{key}'")
    if not waits:
        inbox.settle(engine, [each for each in inbox.take(engine, 99) if each.object_id == key])


def body(engine: Engine, key: str, days: int | None) -> None:
    """A signed body that was no event, let go so long ago; None: it is held."""
    events.set_aside(engine, key.encode(), "no event")
    if days is not None:
        let_go = f"released_at = {ago(days)}, released_by = 'ann', outcome = 'closed'"
        as_owner(engine, f"UPDATE o2c.quarantine SET {let_go} WHERE payload ->> 'body' = '{key}'")


def message(engine: Engine, key: str, days: int, *, state: str = "sent", alert: str | None = "closed") -> None:
    """A message of an alert in this state (None: a digest)."""
    at, whose = ago(days), "NULL"
    if alert is not None:
        closed = at if alert == "closed" else "NULL"
        as_owner(
            engine,
            "INSERT INTO o2c.alerts (cause, state, source, facts, opened_at, closed_at)"
            f" VALUES ('{key}', '{alert}', 'gap', '{{\"title\": \"x\"}}', {at}, {closed})",
        )
        whose = f"(SELECT id FROM o2c.alerts WHERE cause = '{key}')"
    sent = at if state == "sent" else "NULL"
    as_owner(
        engine,
        "INSERT INTO o2c.alert_messages (key, channel, alert_id, kind, severity, title, body, markdown, state,"
        f" queued_at, next_attempt_at, sent_at) VALUES ('{key}', 'c', {whose}, 'digest', 'info', 't',"
        f" 'words', 'words', '{state}', {at}, {at}, {sent})",
    )


def written(engine: Engine, key: str, days: int, *, state: str = "done") -> None:
    """A document whose last answer came so long ago."""
    journal.intend(engine, [command("invoice", key)])
    claim = journal.claim(engine, journal_id(engine, key), 60)
    assert claim is not None
    assert journal.depart(engine, claim, {"externalId": key}, 60)
    if state == "done":
        assert journal.record_done(engine, claim, 7 + days, adopted=False)
    else:
        journal.record_refused(engine, claim, "PERIOD", "closed", "open it")
    as_owner(engine, f"UPDATE o2c.journal SET answered_at = {ago(days)} WHERE external_id = '{key}'")
    as_owner(engine, f"UPDATE o2c.journal_attempts SET words = 'said' WHERE journal_id = {journal_id(engine, key)}")


def rows(engine: Engine, table: str, what: str, where: str = "true") -> set[str]:
    with engine.begin() as connection:
        return set(connection.execute(text(f"SELECT {what} FROM o2c.{table} WHERE {where}")).scalars())


def everything_else(engine: Engine) -> dict[str, set[str]]:
    tables = rows(engine, "audit", "DISTINCT tablename::text FROM pg_tables WHERE schemaname = 'o2c' --")
    return {table: rows(engine, table, f"{table}::text") for table in tables - TOUCHED}


@pytest.fixture
def old(engine: Engine) -> Engine:
    """Of each kind one that goes, one that is too young, and those that something needs."""
    event(engine, "in_old", 46)
    event(engine, "in_young", 44)
    event(engine, "in_waits", 400, waits=True)
    for key, days in (("b_old", 181), ("b_young", 179), ("b_held", None)):
        body(engine, key, days)
    message(engine, "m_old", 401)
    message(engine, "m_digest", 401, alert=None)
    message(engine, "m_young", 399)
    message(engine, "m_open", 900, alert="open")
    message(engine, "m_waits", 900, state="waiting")
    written(engine, "in_written", 401)
    written(engine, "in_lately", 399)
    written(engine, "in_refused", 401, state="refused")
    written(engine, "in_gap", 401)
    as_owner(engine, _GAP.format(state="open", key="in_gap"))
    for key in ("in_gap", "in_none"):
        as_owner(
            engine,
            "INSERT INTO o2c.quarantine (source, object, id, reason, payload, released_at, outcome)"
            f" VALUES ('stripe', 'invoice', '{key}', 'x', '{{\"body\": \"{key}\"}}', {ago(181)}, 'passed')",
        )
    return engine


def test_what_is_old_goes_and_what_is_needed_stays(old: Engine) -> None:
    """Nothing young, held, waiting, open, refused or with an open gap loses a word; no other table loses a row."""
    was = everything_else(old)
    assert "journal" in was
    retention.clean(old, POLICY, NOW)
    assert rows(old, "stripe_events", "object_id") == {"in_young", "in_waits"}
    assert rows(old, "quarantine", "payload ->> 'body'", "payload::text <> '{}'") == {"b_young", "b_held", "in_gap"}
    assert rows(old, "alert_messages", "key", "body <> ''") == {"m_young", "m_open", "m_waits"}
    assert rows(old, "alert_messages", "title") == {"t"}
    whose = "(SELECT external_id FROM o2c.journal j WHERE j.id = journal_id)"
    assert rows(old, "journal_attempts", whose, "words IS NOT NULL") == {"in_lately", "in_refused", "in_gap"}
    assert everything_else(old) == was


def test_how_much_went_is_told_and_in_the_trail(old: Engine) -> None:
    """Looking says what doing does; each batch is an entry with rows, age and the setting; the chain holds."""
    seen = retention.look(old, POLICY, NOW)
    assert {each.table: each.rows for each in seen} == {
        "stripe_events": 1,
        "quarantine": 2,
        "alert_messages": 2,
        "journal_attempts": 1,
    }
    before = audit.verify(old)
    assert retention.clean(old, POLICY, NOW) == seen
    assert seen[0].since == NOW - timedelta(days=46)
    told = [audit.entries(old, each.table)[-1] for each in seen]
    assert {each.action for each in told} == {"retention"}
    assert "retention.events_days" in told[0].why
    after = audit.verify(old)
    assert (after.intact, after.entries) == (True, before.entries + len(seen))
    assert {each.rows for each in retention.clean(old, POLICY, NOW)} == {0}
    assert audit.verify(old).entries == after.entries


def test_in_batches(engine: Engine) -> None:
    """Five rows, two at a time: three transactions, each told; the sum is what is returned."""
    for number in range(5):
        event(engine, f"in_{number}", 50 + number)
    (done, *_) = retention.clean(engine, Retention(batch=2), NOW)
    assert (done.rows, done.since) == (5, NOW - timedelta(days=54))
    assert len(audit.entries(engine, "stripe_events")) == 3


def test_a_gap_that_is_resolved_holds_nothing_up(old: Engine) -> None:
    """What an open gap kept goes once it is resolved."""
    as_owner(old, "UPDATE o2c.gaps SET state = 'resolved', resolved_at = now()")
    retention.clean(old, POLICY, NOW)
    assert rows(old, "journal_attempts", "journal_id", "words IS NOT NULL") == {
        journal_id(old, "in_lately"),
        journal_id(old, "in_refused"),
    }


def test_null_keeps_for_ever(old: Engine) -> None:
    """Each part can be switched off by itself."""
    policy = Retention(events_days=None, quarantine_days=None, messages_days=None, answers_days=None)
    assert retention.clean(old, policy, NOW) == []
    assert "in_old" in rows(old, "stripe_events", "object_id")


def test_a_body_that_was_let_go_stays_closed(old: Engine) -> None:
    """Its payload is gone, and the same bytes again are not held anew."""
    retention.clean(old, POLICY, NOW)
    events.set_aside(old, b"b_old", "no event")
    assert rows(old, "quarantine", "payload ->> 'body'", "released_at IS NULL") == {"b_held"}


@pytest.mark.parametrize("setting", [{"events_days": 44}, {"quarantine_days": 3}, {"runs_days": 0}])
def test_too_short_is_refused(setting: dict[str, int]) -> None:
    """Stripe shows and delivers events for 30 days: one that was forgotten before would be taken for a new one."""
    with pytest.raises(ValueError, match="greater than or equal"):
        Retention(**setting)


def test_runs_of_the_janitor_go_and_runs_over_days_stay() -> None:
    """Ended, old, and of a job that sweeps: gone with its events; of any other, or under way: kept."""
    with dg.instance_for_test() as instance:
        ended, going = dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.STARTED
        made = [(JANITOR, ended), (JANITOR, going), ("catch_up", ended)]
        for number, (name, status) in enumerate(made):
            instance.add_run(dg.DagsterRun(job_name=name, run_id=f"00000000-0000-4000-8000-00000000000{number}",
                                           status=status))  # fmt: skip
        assert forget_runs(instance, 90, datetime.now(UTC) + timedelta(days=89)) == 0
        assert forget_runs(instance, 90, datetime.now(UTC) + timedelta(days=91)) == 1
        assert sorted((run.job_name, run.status) for run in instance.get_runs()) == sorted(made[1:])
