"""Months that people have locked here: nothing more is booked in them, whatever NetSuite says of its periods."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.domain.errors import O2CError
from o2c_orchestration.domain.months import Month
from o2c_orchestration.domain.periods import PeriodRow
from o2c_orchestration.store.again import plan_again
from o2c_orchestration.store.bulk import Cursor, sql
from o2c_orchestration.store.database import raw_cursor
from o2c_orchestration.store.waiting import NOT_LOCKED

# A document that was moved out of the month before it was locked has its reason from now on.
_EXCUSED = """
INSERT INTO o2c.dirty (key)
SELECT coalesce(o2c.stripe_id_of(d.stripe_ref), 'ns:' || d.id) FROM o2c.netsuite_documents d
WHERE d.original_date <= %(last)s AND d.trandate > %(last)s"""

# What waits to be written into the month is worded anew, or refused, by the next plan: soon, however old it is.
_WAITING = f"SELECT DISTINCT stripe_id FROM o2c.journal j WHERE state = 'intent' AND NOT {NOT_LOCKED}"

_COLUMNS = (
    """first_day, locked_at, locked_by, reason, ready, figures, sha256, unlocked_at, unlocked_by, unlock_reason"""
)


class MonthLocked(O2CError):
    """A month is to be locked that is, or unlocked that is not."""


@dataclass(frozen=True)
class MonthLock:
    """One lock of a month, times in UTC. `figures` are those of the close at that moment, `sha256` of their text.

    `ready`: whether the month could be closed then; `reason` why it was locked all the same, or whatever was said.
    """

    month: Month
    locked_at: datetime
    locked_by: str
    reason: str | None
    ready: bool
    figures: dict[str, Any]
    sha256: str
    unlocked_at: datetime | None = None
    unlocked_by: str | None = None
    unlock_reason: str | None = None


def lock_month(engine: Engine, month: Month, by: str, reason: str | None, figures: str, *, ready: bool) -> str:
    """Lock a month; `figures` is JSON text, kept as it is. Returns its SHA-256. Raises MonthLocked."""
    digest = hashlib.sha256(figures.encode()).hexdigest()
    given = {"first": month.first, "last": month.last, "by": by, "reason": reason, "ready": ready}
    with raw_cursor(engine) as cursor:
        cursor.execute(
            """INSERT INTO o2c.month_locks (first_day, last_day, locked_by, reason, ready, figures, sha256)
               VALUES (%(first)s, %(last)s, %(by)s, %(reason)s, %(ready)s, %(figures)s, %(sha256)s)
               ON CONFLICT (first_day) WHERE unlocked_at IS NULL DO NOTHING RETURNING id""",
            {**given, "figures": figures, "sha256": digest},
        )
        if cursor.fetchone() is None:
            raise MonthLocked(f"{month} is locked already", f"see who did it: o2c close --month {month}")
        cursor.execute(_EXCUSED, given)
        cursor.execute(sql(_WAITING))
        plan_again(cursor, [str(row[0]) for row in cursor.fetchall()], f"{month} was locked")
    return digest


def unlock_month(engine: Engine, month: Month, by: str, reason: str) -> None:
    """Unlock a month; what was booked elsewhere meanwhile stays there. Raises MonthLocked."""
    with raw_cursor(engine) as cursor:
        cursor.execute(
            """UPDATE o2c.month_locks SET unlocked_at = clock_timestamp(), unlocked_by = %s, unlock_reason = %s
               WHERE first_day = %s AND unlocked_at IS NULL RETURNING id""",
            (by, reason, month.first),
        )
        if cursor.fetchone() is None:
            raise MonthLocked(f"{month} is not locked", "nothing has to be unlocked")


def locks_of(engine: Engine, month: Month) -> list[MonthLock]:
    """All locks of a month, the one in force (if any) first, then the newest."""
    with raw_cursor(engine) as cursor:
        cursor.execute(
            sql(f"SELECT {_COLUMNS} FROM o2c.month_locks WHERE first_day = %s ORDER BY unlocked_at DESC NULLS FIRST"),
            (month.first,),
        )
        rows: Sequence[Any] = cursor.fetchall()
    return [MonthLock(Month.of(row[0]), *row[1:]) for row in rows]


def read_locked(cursor: Cursor) -> tuple[PeriodRow, ...]:
    """The months in force as periods that take no document, oldest first."""
    cursor.execute("SELECT first_day FROM o2c.month_locks WHERE unlocked_at IS NULL ORDER BY 1")
    months = [Month.of(row[0]) for row in cursor.fetchall()]
    return tuple(PeriodRow(str(month), month.first, month.last, locked=True) for month in months)


def open_after(locked: Sequence[PeriodRow]) -> tuple[PeriodRow, ...]:
    """The months right after locked ones that are not locked: where NetSuite's periods are not known, they are open."""
    taken = {period.first for period in locked}
    months = (Month.of(period.first).after for period in locked)
    return tuple(PeriodRow(str(month), month.first, month.last) for month in months if month.first not in taken)
