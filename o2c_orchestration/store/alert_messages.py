"""The outbox of alerts: what channels are to be told, in order, each once, for as long as it takes.

    waiting ──claim──▶ sending ──▶ sent
       ▲                  │
       └──failed, later───┘   refused for what it says ──▶ given_up

A claim is a lease: whoever dies between sending and noting it leaves a message that is sent a second time, since
nobody can know better. The next message of a channel is not claimed before the one ahead of it is settled.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.domain.alerts import Message
from o2c_orchestration.store.bulk import Cursor, sql
from o2c_orchestration.store.database import raw_cursor

LEASE = timedelta(seconds=90)
# 30 s, one minute, two … a quarter of an hour.
_FIRST_WAIT, _LONGEST_WAIT = 30, 900
# A channel that refuses what a message says is asked this often, over more than half an hour.
REFUSALS_MAX = 7

_QUEUE = """
INSERT INTO o2c.alert_messages (key, channel, alert_id, kind, severity, title, body, markdown, queued_at,
                                next_attempt_at)
SELECT %(key)s, channel, %(alert)s, %(kind)s, %(severity)s, %(title)s, %(text)s, %(markdown)s, %(now)s, %(now)s
FROM unnest(%(channels)s::text[]) AS t (channel) ORDER BY channel
ON CONFLICT (key, channel) DO NOTHING"""

# What was never tried and says less than what comes now.
_OVERTAKE = """
UPDATE o2c.alert_messages SET state = 'overtaken'
WHERE alert_id = %s AND state = 'waiting' AND attempts = 0 AND kind IN ('changed', 'reminder')"""

_CLAIM = """
WITH head AS (
    SELECT id FROM o2c.alert_messages WHERE channel = %(channel)s AND state = 'waiting' ORDER BY id LIMIT 1 FOR UPDATE)
UPDATE o2c.alert_messages m SET attempts = m.attempts + 1, claimed_until = %(now)s + %(lease)s
FROM head WHERE m.id = head.id AND m.next_attempt_at <= %(now)s
    AND (m.claimed_until IS NULL OR m.claimed_until <= %(now)s)
RETURNING m.id, m.key, m.channel, m.kind, m.severity, m.title, m.body, m.markdown, m.attempts"""

# Whoever lost the lease records nothing.
_SENT = """
UPDATE o2c.alert_messages SET state = 'sent', sent_at = %(now)s, claimed_until = NULL, error = NULL
WHERE id = %(id)s AND attempts = %(attempts)s AND state = 'waiting'"""
_FAILED = """
UPDATE o2c.alert_messages SET state = %(state)s, error = %(error)s, failed_at = coalesce(failed_at, %(now)s),
    claimed_until = NULL, next_attempt_at = %(now)s::timestamptz + make_interval(
        secs => least(%(first)s * 2.0 ^ least(attempts - 1, 20), %(longest)s) * (0.9 + 0.2 * random()))
WHERE id = %(id)s AND attempts = %(attempts)s AND state = 'waiting'"""

_WAITING = """
SELECT DISTINCT ON (channel) channel, count(*) OVER (PARTITION BY channel),
       min(queued_at) OVER (PARTITION BY channel), attempts, failed_at, error, next_attempt_at
FROM o2c.alert_messages WHERE state = 'waiting' ORDER BY channel, id"""


@dataclass(frozen=True)
class Outgoing:
    """A message that this process is to send now. `attempts` counts this one, and is the token of its lease."""

    id: int
    key: str
    channel: str
    kind: str
    severity: str
    title: str
    text: str
    markdown: str
    attempts: int


@dataclass(frozen=True)
class Waiting:
    """What waits for a channel: messages, since when (UTC); how often the first of them was tried, since when it
    fails, why, and when it is tried again."""

    channel: str
    messages: int
    since: datetime
    attempts: int
    failed_at: datetime | None
    error: str | None
    next_attempt_at: datetime


def queue(cursor: Cursor, key: str, message: Message, now: datetime, alert_id: int | None = None) -> int:
    """Put a message into the outbox of each of its channels; returns how many. What has this key is there already."""
    values = {"key": key, "alert": alert_id, "kind": message.kind, "severity": message.severity}
    texts = {"title": message.title, "text": message.text, "markdown": message.markdown}
    cursor.execute(_QUEUE, {**values, **texts, "now": now, "channels": list(message.channels)})
    return cursor.rowcount


def overtake(cursor: Cursor, alert_id: int) -> None:
    """Let go of updates and reminders of an alert that nobody has begun to send: a newer one says more."""
    cursor.execute(_OVERTAKE, (alert_id,))


def queue_once(engine: Engine, key: str, message: Message, now: datetime) -> int:
    """Put a message that is of no alert into the outbox, as `queue` does, in its turn with those that are."""
    with raw_cursor(engine) as cursor:
        cursor.execute("LOCK TABLE o2c.alerts IN SHARE ROW EXCLUSIVE MODE")
        return queue(cursor, key, message, now)


def is_queued(engine: Engine, key: str) -> bool:
    """Whether something was queued under this key, for whichever channel."""
    with raw_cursor(engine) as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM o2c.alert_messages WHERE key = %s)", (key,))
        row = cursor.fetchone()
        return bool(row and row[0])


def claim(engine: Engine, channel: str, now: datetime) -> Outgoing | None:
    """The next message of a channel, if it is due and nobody else has it."""
    with raw_cursor(engine) as cursor:
        cursor.execute(_CLAIM, {"channel": channel, "now": now, "lease": LEASE})
        row: Any = cursor.fetchone()
        return Outgoing(*row) if row else None


def record_sent(engine: Engine, message: Outgoing, now: datetime) -> bool:
    """It was taken. False when the lease was lost meanwhile."""
    with raw_cursor(engine) as cursor:
        cursor.execute(_SENT, {"id": message.id, "attempts": message.attempts, "now": now})
        return cursor.rowcount > 0


def record_failed(engine: Engine, message: Outgoing, error: str, now: datetime, *, refused: bool) -> bool:
    """It was not taken, and why: it waits longer each time. One that is `refused` for what it says is given up in the
    end, so that those behind it get their turn. False when the lease was lost meanwhile."""
    state = "given_up" if refused and message.attempts >= REFUSALS_MAX else "waiting"
    values = {"id": message.id, "attempts": message.attempts, "error": error, "state": state, "now": now}
    with raw_cursor(engine) as cursor:
        cursor.execute(sql(_FAILED), {**values, "first": _FIRST_WAIT, "longest": _LONGEST_WAIT})
        return cursor.rowcount > 0


def waiting(engine: Engine) -> list[Waiting]:
    """What waits, for each channel that has something to wait for."""
    with raw_cursor(engine) as cursor:
        cursor.execute(_WAITING)
        return [Waiting(*row) for row in cursor.fetchall()]


def drop(engine: Engine, channels: Sequence[str], why: str) -> int:
    """Give up what waits for channels that are not wanted any more; returns how many messages."""
    with raw_cursor(engine) as cursor:
        cursor.execute(
            """UPDATE o2c.alert_messages SET state = 'given_up', error = %s
               WHERE state = 'waiting' AND channel = ANY(%s)""",
            (why, list(channels)),
        )
        return cursor.rowcount


def last_sent(engine: Engine) -> dict[int, datetime]:
    """When something of an alert was last sent (UTC), by the alert's id."""
    with raw_cursor(engine) as cursor:
        cursor.execute(
            """SELECT alert_id, max(sent_at) FROM o2c.alert_messages
               WHERE alert_id IS NOT NULL AND sent_at IS NOT NULL GROUP BY 1"""
        )
        return {int(row[0]): row[1] for row in cursor.fetchall()}


def sent_counts(engine: Engine) -> dict[str, int]:
    """How many messages each channel has taken so far."""
    with raw_cursor(engine) as cursor:
        cursor.execute("SELECT channel, count(*) FROM o2c.alert_messages WHERE state = 'sent' GROUP BY 1 ORDER BY 1")
        return {str(row[0]): int(row[1]) for row in cursor.fetchall()}
