"""A few figures of how things stand, cheap enough to be asked every few seconds.

Counts and ages only: whoever may read them learns no name and no amount.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.store.database import raw_cursor
from o2c_orchestration.store.ledger import LEDGER_CURSOR

# Each by an index of its own: what is settled is not counted, for that grows with history.
_GAPS = """SELECT leg, kind, count(*), extract(epoch FROM clock_timestamp() - min(first_seen_at))
           FROM o2c.gaps WHERE state = 'open' GROUP BY leg, kind ORDER BY leg, kind"""
_DOCUMENTS = """
SELECT state, count(*) FROM o2c.journal WHERE state IN ('intent', 'sent', 'unknown') GROUP BY state
UNION ALL SELECT state, count(*) FROM o2c.journal WHERE state IN ('refused', 'dead', 'dropped') GROUP BY state"""
_QUARANTINE = "SELECT count(*) FROM o2c.quarantine WHERE released_at IS NULL"
_READ = "SELECT value::timestamptz FROM o2c.cursors WHERE name = %s"
STATES = ("intent", "sent", "unknown", "refused", "dead")


@dataclass(frozen=True)
class OpenGaps:
    """Of one leg and kind: how many, and how long ago the oldest of them was first seen (seconds)."""

    leg: str
    kind: str
    count: int
    oldest_seconds: float


@dataclass(frozen=True)
class Pulse:
    """Open gaps; documents by the states of the journal that are no end; rows in quarantine; age of the mirror."""

    gaps: tuple[OpenGaps, ...]
    documents: Mapping[str, int]
    quarantined: int
    mirror_age_seconds: float | None


def pulse(engine: Engine, patience: str | None = None) -> Pulse:
    """How things stand now; `patience` as of `raw_cursor`."""
    with raw_cursor(engine, patience) as cursor:
        cursor.execute(_GAPS)
        gaps = tuple(OpenGaps(row[0], row[1], row[2], float(row[3])) for row in cursor.fetchall())
        cursor.execute(_DOCUMENTS)
        found = dict(_rows(cursor))
        cursor.execute(_QUARANTINE)
        (quarantined,) = _rows(cursor)[0]
        cursor.execute(_READ, (LEDGER_CURSOR,))
        read = _rows(cursor)
    age = (datetime.now(UTC) - read[0][0]).total_seconds() if read else None
    return Pulse(gaps, {state: found.get(state, 0) for state in STATES}, quarantined, age)


def _rows(cursor: Any) -> list[Any]:
    return list(cursor.fetchall())
