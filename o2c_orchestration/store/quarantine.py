"""What is in quarantine, and what lets it go.

Objects of Stripe and signed bodies come in where they fail: `store/rows.py` and `store/events.py`. Records of
Salesforce come in here, as copies: they stay in their table, since deals that cannot be read are refused by name.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.domain.salesforce_fields import CONTACT_DETAILS
from o2c_orchestration.store.bulk import sql
from o2c_orchestration.store.database import raw_cursor

_NAMES = """source, object, id, reason, first_seen_at, last_seen_at, account, released_at, released_by, outcome,
            release_reason"""
# Bodies have a hash for an id, of which the beginning is enough.
_NAMED = "(id = %(key)s OR source = 'webhook' AND length(%(key)s) >= 8 AND starts_with(id, %(key)s))"
_LET_GO = """
UPDATE o2c.quarantine SET released_at = clock_timestamp(), released_by = o2c.audit_actor(), outcome = %(outcome)s,
    release_reason = %(reason)s
WHERE source = 'webhook' AND id = %(key)s AND released_at IS NULL"""

_KEEP_RECORD = """
INSERT INTO o2c.quarantine (source, object, id, reason, payload)
SELECT 'salesforce', object, id, %(reason)s, (payload - %(without)s::text[])::json FROM o2c.salesforce_objects
WHERE object = %(kind)s AND id = %(id)s
ON CONFLICT (source, object, id) DO UPDATE SET reason = excluded.reason, payload = excluded.payload,
    last_seen_at = clock_timestamp(), released_at = NULL, released_by = NULL, outcome = NULL, release_reason = NULL"""
_LET_RECORDS_GO = """
UPDATE o2c.quarantine SET released_at = clock_timestamp(), released_by = o2c.audit_actor(), outcome = 'passed'
WHERE source = 'salesforce' AND object = %s AND id = ANY(%s) AND released_at IS NULL"""


@dataclass(frozen=True)
class Held:
    """One thing in quarantine. Times in UTC; the last four are empty while it is held.

    `source`: stripe (an object that failed its schema), salesforce (a record that did) or webhook (a signed body
    that is no event, whose `account` is that of the secret). `outcome`: passed, event or closed.
    """

    source: str
    object: str
    id: str
    reason: str
    first_seen_at: datetime
    last_seen_at: datetime
    account: str | None = None
    released_at: datetime | None = None
    released_by: str | None = None
    outcome: str | None = None
    release_reason: str | None = None


def listed(engine: Engine, *, released: bool = False) -> list[Held]:
    """What is held, or what was let go; the oldest first."""
    with raw_cursor(engine) as cursor:
        cursor.execute(
            sql(f"SELECT {_NAMES} FROM o2c.quarantine WHERE (released_at IS NOT NULL) = %s ORDER BY first_seen_at, id"),
            (released,),
        )
        return [Held(*row) for row in cursor.fetchall()]


def find(engine: Engine, key: str) -> list[tuple[Held, Any]]:
    """What has this id, or of bodies an id that begins so, held or let go; each with its payload as it is stored."""
    with raw_cursor(engine) as cursor:
        cursor.execute(
            sql(f"SELECT {_NAMES}, payload FROM o2c.quarantine WHERE {_NAMED} ORDER BY source, object, id"),
            {"key": key},
        )
        return [(Held(*row[:-1]), row[-1]) for row in cursor.fetchall()]


def judged(engine: Engine, kind: str, wrong: Mapping[str, str], passed: Sequence[str]) -> None:
    """Keep a copy of records of Salesforce that failed their schema (id → reason), less contact details; those of a
    type that passed leave. Nothing is kept of a record that is not stored.
    """
    with raw_cursor(engine) as cursor:
        rows = (
            {"kind": kind, "id": key, "reason": wrong[key], "without": list(CONTACT_DETAILS)} for key in sorted(wrong)
        )
        cursor.executemany(_KEEP_RECORD, rows)
        if passed:
            cursor.execute(_LET_RECORDS_GO, (kind, sorted(passed)))


def records(engine: Engine, ids: Sequence[str]) -> dict[str, list[Any]]:
    """These records of Salesforce as they are stored, by type, but for those that were deleted."""
    with raw_cursor(engine) as cursor:
        cursor.execute(
            "SELECT object, payload FROM o2c.salesforce_objects WHERE id = ANY(%s) AND NOT deleted ORDER BY id",
            (list(ids),),
        )
        found: dict[str, list[Any]] = {}
        for kind, payload in cursor.fetchall():
            found.setdefault(kind, []).append(payload)
        return found


def ask(engine: Engine, ids: Sequence[str], reason: str | None, source: str = "stripe") -> None:
    """Note why these are to be let go, and have Stripe's objects validated again, whatever was found before."""
    with raw_cursor(engine) as cursor:
        cursor.execute(
            """UPDATE o2c.quarantine SET release_reason = %s
               WHERE source = %s AND id = ANY(%s) AND released_at IS NULL""",
            (reason, source, list(ids)),
        )
        if source != "stripe":
            return
        # In the order of ids, as the gate and validation lock them.
        cursor.execute(
            """UPDATE o2c.stripe_objects SET validated_hash = NULL WHERE id IN (
                   SELECT id FROM o2c.stripe_objects WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE)""",
            (list(ids),),
        )


def settle(engine: Engine, ids: Sequence[str], source: str = "stripe") -> set[str]:
    """Which of these are held still; what was said of letting them go is forgotten."""
    with raw_cursor(engine) as cursor:
        cursor.execute(
            """UPDATE o2c.quarantine SET release_reason = NULL
               WHERE source = %s AND id = ANY(%s) AND released_at IS NULL RETURNING id""",
            (source, list(ids)),
        )
        return {str(row[0]) for row in cursor.fetchall()}


def let_body_go(engine: Engine, key: str, outcome: str, reason: str | None) -> None:
    """A signed body leaves: read as an `event` after all, or `closed` by a person with a reason."""
    with raw_cursor(engine) as cursor:
        cursor.execute(_LET_GO, {"key": key, "outcome": outcome, "reason": reason})


def still_no_event(engine: Engine, key: str, reason: str) -> None:
    """A signed body stays, for this reason now."""
    with raw_cursor(engine) as cursor:
        cursor.execute(
            "UPDATE o2c.quarantine SET reason = %s WHERE source = 'webhook' AND id = %s AND released_at IS NULL",
            (reason, key),
        )
