"""Dead letters: writes that NetSuite refused or that were given up, and what people decide about them.

None leaves in silence: a retry and a drop keep who and when in the history, and a dropped one stays listed and stays
an open gap, with the words of who dropped it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.store.again import plan_again
from o2c_orchestration.store.bulk import sql
from o2c_orchestration.store.database import raw_cursor
from o2c_orchestration.store.journal import OUTCOME_UNKNOWN, mark_dirty, note

WAITING = ("refused", "dead")
DROPPED = ("dropped",)

_LETTER = """id, document, external_id, stripe_id, currency, amount_minor, state, adopted, attempts, netsuite_id,
             error_code, error_detail, fix, created_at, sent_at, answered_at, decided_by, decided_at, decision"""

_LIST = f"""
SELECT {_LETTER} FROM o2c.journal
WHERE state = ANY(%(states)s)
  AND (%(code)s::text IS NULL OR error_code = %(code)s)
  AND (%(document)s::text IS NULL OR document = %(document)s)
  AND (%(since)s::timestamptz IS NULL OR coalesce(answered_at, created_at) >= %(since)s)
  AND (%(external_id)s::text IS NULL OR external_id = %(external_id)s)
ORDER BY id"""

# A dropped one is taken up again only when it is named: `all` is for what nobody has decided about.
_REOPEN = """
UPDATE o2c.journal SET state = CASE WHEN error_code = %(unknown)s THEN 'unknown' ELSE 'intent' END,
    attempts = 0, look_ups = 0, next_attempt_at = clock_timestamp(),
    decided_by = NULL, decided_at = NULL, decision = NULL
WHERE (state IN ('refused', 'dead') OR state = 'dropped' AND external_id = ANY(%(ids)s))
  AND (cardinality(%(ids)s::text[]) = 0 OR external_id = ANY(%(ids)s))
  AND (%(code)s::text IS NULL OR error_code = %(code)s)
RETURNING id, external_id, stripe_id, state"""

_DROP = """
UPDATE o2c.journal SET state = 'dropped', decided_by = %(actor)s, decided_at = clock_timestamp(), decision = %(reason)s
WHERE state IN ('refused', 'dead') AND external_id = ANY(%(ids)s)
RETURNING id, external_id, stripe_id, state"""


@dataclass(frozen=True)
class DeadLetter:
    """A write that needs a person, or that one gave up. Amounts in minor units, times in UTC.

    `error_code` and `error_detail` are NetSuite's, or OUTCOME_UNKNOWN or ATTEMPTS_USED_UP; `fix` is what to do.
    `decided_by`, `decided_at` and `decision` (the reason) are there once it is dropped.
    """

    id: int
    document: str
    external_id: str
    stripe_id: str
    currency: str
    amount_minor: int
    state: str
    adopted: bool
    attempts: int
    netsuite_id: int | None
    error_code: str | None
    error_detail: str | None
    fix: str | None
    created_at: datetime
    sent_at: datetime | None
    answered_at: datetime | None
    decided_by: str | None
    decided_at: datetime | None
    decision: str | None


@dataclass(frozen=True)
class Attempt:
    """One request: when it left and was answered, the outcome, HTTP status, NetSuite's code and words.

    `sent_at` is empty when it surely never left, `answered_at` when no outcome was recorded.
    """

    attempt: int
    sent_at: datetime | None
    answered_at: datetime | None
    outcome: str
    status: int | None
    code: str | None
    words: str | None


@dataclass(frozen=True)
class Event:
    """One line of a row's history."""

    at: datetime
    state: str
    note: str


@dataclass(frozen=True)
class Inspection:
    """All that is known of one dead letter.

    `request` is the body last sent, or None when none ever left; `planned` the body as it was planned, with names in
    place of NetSuite's internal ids.
    """

    letter: DeadLetter
    request: Any
    planned: Any
    attempts: list[Attempt]
    history: list[Event]


def listed(
    engine: Engine,
    states: Sequence[str] = WAITING,
    *,
    code: str | None = None,
    document: str | None = None,
    since: datetime | None = None,
) -> list[DeadLetter]:
    """Dead letters in the given states, oldest first; `since` bounds the time of the last answer."""
    values = {"states": list(states), "code": code, "document": document, "since": since, "external_id": None}
    with raw_cursor(engine) as cursor:
        cursor.execute(sql(_LIST), values)
        rows: Sequence[Any] = cursor.fetchall()
        return [DeadLetter(*row) for row in rows]


def inspect(engine: Engine, external_id: str) -> Inspection | None:
    """One dead letter, waiting or dropped, with its request, attempts and history; None when there is none."""
    values = {"states": [*WAITING, *DROPPED], "code": None, "document": None, "since": None}
    with raw_cursor(engine) as cursor:
        cursor.execute(sql(_LIST), {**values, "external_id": external_id})
        row: Any = cursor.fetchone()
        if row is None:
            return None
        letter = DeadLetter(*row)
        request, planned = _bodies(cursor, letter.id)
        return Inspection(letter, request, planned, _attempts(cursor, letter.id), _history(cursor, letter.id))


def _bodies(cursor: Any, journal_id: int) -> tuple[Any, Any]:
    cursor.execute("SELECT request, command -> 'body' FROM o2c.journal WHERE id = %s", (journal_id,))
    request, planned = cursor.fetchone()
    return request, planned


def _attempts(cursor: Any, journal_id: int) -> list[Attempt]:
    cursor.execute(
        """SELECT attempt, sent_at, answered_at, outcome, status, code, words FROM o2c.journal_attempts
           WHERE journal_id = %s ORDER BY coalesce(answered_at, sent_at), attempt""",
        (journal_id,),
    )
    return [Attempt(*row) for row in cursor.fetchall()]


def _history(cursor: Any, journal_id: int) -> list[Event]:
    cursor.execute("SELECT at, state, note FROM o2c.journal_history WHERE journal_id = %s ORDER BY at", (journal_id,))
    return [Event(*row) for row in cursor.fetchall()]


def reopen(engine: Engine, external_ids: Sequence[str], actor: str, *, code: str | None = None) -> list[str]:
    """Put dead letters back in line (all of them for no ids; those with this `code`); returns their external ids.

    One of which nobody knows whether it was written is looked up before anything is sent. Their objects are planned
    again by whoever follows changes: much may have happened to them since.
    """
    values = {"ids": list(external_ids), "code": code, "unknown": OUTCOME_UNKNOWN}
    return _decide(engine, _REOPEN, values, f"retried by {actor}", again=True)


def drop(engine: Engine, external_ids: Sequence[str], actor: str, reason: str) -> list[str]:
    """Give up the named dead letters, with actor and reason; returns their external ids. Their gaps stay open."""
    values = {"ids": list(external_ids), "actor": actor, "reason": reason}
    return _decide(engine, _DROP, values, f"dropped by {actor}: {reason}")


def _decide(engine: Engine, statement: str, values: dict[str, Any], words: str, *, again: bool = False) -> list[str]:
    with raw_cursor(engine) as cursor:
        cursor.execute(sql(statement), values)
        rows: Sequence[Any] = cursor.fetchall()
        for row in rows:
            note(cursor, [row[0]], row[3], words)
        mark_dirty(cursor, [row[2] for row in rows])
        if again:
            plan_again(cursor, [row[2] for row in rows], words)
        return [row[1] for row in rows]
