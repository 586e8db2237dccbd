"""What is settled and old loses what it said. That it happened stays, and so does all that something still leans on.

The audit trail, the journal with its history, gaps, stored objects, the plan and the mirror are never touched: they are
what the books are proved with. Each batch is a transaction of its own with an entry in the trail.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from o2c_orchestration.domain.policy_retention import Retention
from o2c_orchestration.store import audit
from o2c_orchestration.store.actor import current
from o2c_orchestration.store.bulk import Cursor, sql
from o2c_orchestration.store.database import raw_cursor

# An object may be old and its gap open: what was said of it is what explains the gap.
_NO_GAP = "NOT EXISTS (SELECT FROM o2c.gaps g WHERE g.state = 'open' AND g.stripe_id = {})"


@dataclass(frozen=True)
class Part:
    """What of one table goes: `rows` selects ctid, age first, of those that are old (before %(before)s)."""

    setting: str
    table: str
    becomes: str
    rows: str
    change: str


PARTS = (
    Part(
        "events_days",
        "stripe_events",
        "deleted",
        # One whose object still waits is what says why it does.
        """SELECT ctid, received_at FROM o2c.stripe_events e WHERE received_at < %(before)s
           AND NOT EXISTS (SELECT FROM o2c.inbox i WHERE i.object_id = e.object_id)""",
        "DELETE FROM o2c.stripe_events t USING chosen c WHERE t.ctid = c.ctid",
    ),
    Part(
        "quarantine_days",
        "quarantine",
        "emptied",
        # A row that was let go stays: one of a body is why the same body stays closed.
        f"""SELECT ctid, released_at FROM o2c.quarantine q WHERE released_at < %(before)s
            AND payload::text <> '{{}}' AND {_NO_GAP.format("q.id")}""",
        "UPDATE o2c.quarantine t SET payload = '{}' FROM chosen c WHERE t.ctid = c.ctid",
    ),
    Part(
        "messages_days",
        "alert_messages",
        "emptied",
        # The key of one that was queued keeps it from being queued twice.
        """SELECT m.ctid, queued_at FROM o2c.alert_messages m LEFT JOIN o2c.alerts a ON a.id = m.alert_id
           WHERE m.state <> 'waiting' AND queued_at < %(before)s AND body || markdown <> ''
             AND a.state IS DISTINCT FROM 'open' AND coalesce(a.closed_at, queued_at) < %(before)s""",
        "UPDATE o2c.alert_messages t SET body = '', markdown = '' FROM chosen c WHERE t.ctid = c.ctid",
    ),
    Part(
        "answers_days",
        "journal_attempts",
        "emptied",
        f"""SELECT a.ctid, j.answered_at FROM o2c.journal_attempts a JOIN o2c.journal j ON j.id = a.journal_id
            WHERE j.state = 'done' AND j.answered_at < %(before)s AND a.words IS NOT NULL
              AND {_NO_GAP.format("j.stripe_id")}""",
        "UPDATE o2c.journal_attempts t SET words = NULL FROM chosen c WHERE t.ctid = c.ctid",
    ),
)


@dataclass(frozen=True)
class Gone:
    """How many rows of a table lost what they said; `before` (UTC): the age; `since`: the oldest of them, if any."""

    table: str
    becomes: str
    days: int
    before: datetime
    rows: int
    since: datetime | None


def look(engine: Engine, policy: Retention, now: datetime | None = None) -> list[Gone]:
    """What is old enough, by table. Changes nothing."""
    with raw_cursor(engine) as cursor:
        return [_seen(cursor, part, days, before) for part, days, before in _due(policy, now)]


def clean(engine: Engine, policy: Retention, now: datetime | None = None) -> list[Gone]:
    """Do it, in batches, each with its entry in the audit trail; returns what was done, by table.

    What another transaction holds at the moment is left for the next time.
    """
    return [_clean(engine, part, days, before, policy.batch) for part, days, before in _due(policy, now)]


def _due(policy: Retention, now: datetime | None) -> Iterator[tuple[Part, int, datetime]]:
    moment = now or datetime.now(UTC)
    for part in PARTS:
        days = getattr(policy, part.setting)
        if days is not None:
            yield part, days, moment - timedelta(days=days)


def _seen(cursor: Cursor, part: Part, days: int, before: datetime) -> Gone:
    cursor.execute(sql(f"SELECT count(*), min(at) FROM ({part.rows}) r (ctid, at)"), {"before": before})
    row = cursor.fetchone()
    assert row is not None
    return Gone(part.table, part.becomes, days, before, int(row[0]), row[1])


def _clean(engine: Engine, part: Part, days: int, before: datetime, batch: int) -> Gone:
    total, since = 0, None
    while True:
        with raw_cursor(engine) as cursor:
            rows, oldest = _batch(cursor, part, days, before, batch)
        total, since = total + rows, min(filter(None, (since, oldest)), default=None)
        if rows < batch:
            return Gone(part.table, part.becomes, days, before, total, since)


def _batch(cursor: Cursor, part: Part, days: int, before: datetime, batch: int) -> tuple[int, datetime | None]:
    cursor.execute(
        sql(f"""WITH old (ctid, at) AS ({part.rows}), chosen AS (
                    SELECT t.ctid, o.at FROM o2c.{part.table} t JOIN old o ON o.ctid = t.ctid
                    LIMIT %(batch)s FOR UPDATE OF t SKIP LOCKED), gone AS ({part.change} RETURNING c.at)
                SELECT count(*), min(at) FROM gone"""),
        {"before": before, "batch": batch},
    )
    row = cursor.fetchone()
    assert row is not None
    if row[0]:
        told = {"rows": row[0], "becomes": part.becomes, "before": before.isoformat(), "oldest": row[1].isoformat()}
        why = f"older than {days} days (retention.{part.setting})"
        audit.record(cursor, current(), "retention", part.table, why, None, told)
    return int(row[0]), row[1]
