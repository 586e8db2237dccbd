"""Accounting and tax periods as NetSuite told them, and what of Stripe's lies in those that are closed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.domain.months import Month
from o2c_orchestration.domain.periods import PeriodRow
from o2c_orchestration.store.bulk import Cursor, sql, stage
from o2c_orchestration.store.database import raw_cursor
from o2c_orchestration.store.expectation import BOTH_SIDES
from o2c_orchestration.store.month_locks import open_after, read_locked

_MERGE = """
INSERT INTO o2c.periods AS t (id, name, first_day, last_day, closed, receivables_locked, tax, seen_closed_at, read_at)
SELECT s.*, %(tax)s, CASE WHEN s.closed OR s.receivables_locked THEN %(read_at)s::timestamptz END, %(read_at)s
FROM staged s ORDER BY s.id
ON CONFLICT (tax, id) DO UPDATE SET name = excluded.name, first_day = excluded.first_day, last_day = excluded.last_day,
    closed = excluded.closed, receivables_locked = excluded.receivables_locked,
    seen_closed_at = coalesce(t.seen_closed_at, excluded.seen_closed_at), read_at = excluded.read_at
WHERE t.read_at <= excluded.read_at"""

# A period that was not known to have been closed may be the reason why documents are dated after it.
_NEWLY_CLOSED = """
INSERT INTO o2c.dirty (key)
SELECT coalesce(o2c.stripe_id_of(d.stripe_ref), 'ns:' || d.id)
FROM staged s JOIN o2c.netsuite_documents d ON d.original_date <= s.last_day AND d.trandate > s.last_day
WHERE (s.closed OR s.receivables_locked)
  AND NOT EXISTS (SELECT FROM o2c.periods p WHERE p.id = s.id AND p.tax = %(tax)s AND p.seen_closed_at IS NOT NULL)"""

_GONE = "DELETE FROM o2c.periods p WHERE p.tax = %(tax)s AND NOT EXISTS (SELECT FROM staged s WHERE s.id = p.id)"

_LATE = """
SELECT m.document, m.key, m.currency, m.total_minor, m.original_date, m.trandate
FROM o2c.moved_documents m
WHERE m.original_date BETWEEN %(first)s AND %(last)s OR m.trandate BETWEEN %(first)s AND %(last)s
ORDER BY m.original_date, m.document, m.key"""

_IN_CLOSED = f"""
WITH {BOTH_SIDES}
SELECT p.name, p.closed, p.tax, count(*), count(*) FILTER (WHERE NOT EXISTS (
           SELECT FROM o2c.netsuite_documents d
           WHERE d.stripe_ref = e.key AND d.document = e.document AND d.deleted_at IS NULL AND NOT d.voided))
FROM o2c.periods p JOIN expected e ON e.day BETWEEN p.first_day AND p.last_day
WHERE (p.closed OR p.receivables_locked AND e.document <> 'deposit') AND (NOT p.tax OR %(tax)s)
GROUP BY p.id, p.name, p.closed, p.tax, p.first_day ORDER BY p.first_day, p.tax"""


@dataclass(frozen=True)
class LateItem:
    """A document booked in another period than Stripe's date lies in, since that one was closed. Minor units."""

    document: str
    key: str
    currency: str
    minor: int
    stripe_date: date
    booked_date: date


@dataclass(frozen=True)
class ClosedPeriod:
    """A closed (or, for receivables, locked) period: documents that Stripe dates in it, and how many are missing."""

    name: str
    closed: bool
    tax: bool
    documents: int
    missing: int


def replace_periods(
    engine: Engine,
    rows: Iterable[tuple[int, str, date, date, bool, bool]],
    read_at: datetime,
    *,
    tax: bool = False,
) -> int:
    """Store the accounting periods of one read, or the tax periods.

    `rows`: id, name, first day, last day, closed, receivables locked.
    """
    given = {"read_at": read_at, "tax": tax}
    columns = "id bigint, name text, first_day date, last_day date, closed boolean, receivables_locked boolean"
    with raw_cursor(engine) as cursor:
        count = stage(cursor, "staged", columns, rows)
        cursor.execute("LOCK TABLE o2c.periods IN SHARE ROW EXCLUSIVE MODE")
        for statement in (_NEWLY_CLOSED, _MERGE, _GONE):
            cursor.execute(sql(statement), given)
        return count


def read_periods(cursor: Cursor) -> tuple[PeriodRow, ...]:
    """All that are known, in order, and after them the months that were locked here."""
    cursor.execute(
        "SELECT name, first_day, last_day, closed, receivables_locked, false, tax FROM o2c.periods ORDER BY tax, 2, id"
    )
    rows: Sequence[Any] = cursor.fetchall()
    found, locked = [PeriodRow(*row) for row in rows], read_locked(cursor)
    booked = [row for row in found if not row.tax] or open_after(locked)
    return (*booked, *(row for row in found if row.tax), *locked)


def known_periods(engine: Engine) -> tuple[PeriodRow, ...]:
    """The same, and nothing that was not read: empty where NetSuite tells none."""
    with raw_cursor(engine) as cursor:
        cursor.execute("SELECT FROM o2c.periods WHERE NOT tax LIMIT 1")
        return read_periods(cursor) if cursor.fetchall() else ()


def late_items(engine: Engine, month: Month) -> list[LateItem]:
    """Documents that were moved out of this month, or into it."""
    with raw_cursor(engine) as cursor:
        cursor.execute(_LATE, {"first": month.first, "last": month.last})
        rows: Sequence[Any] = cursor.fetchall()
        return [LateItem(*row) for row in rows]


def closed_with_documents(engine: Engine, *, tax: bool) -> list[ClosedPeriod]:
    """The closed periods in which Stripe dates documents, oldest first; tax periods among them if they are heeded."""
    with raw_cursor(engine) as cursor:
        cursor.execute(sql(_IN_CLOSED), {"tax": tax})
        rows: Sequence[Any] = cursor.fetchall()
        return [ClosedPeriod(*row) for row in rows]
