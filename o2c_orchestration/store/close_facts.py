"""What else decides whether a month can be closed: its gaps, its writes, and when both sides were read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.domain.documents import DEAL_DOCUMENTS
from o2c_orchestration.domain.months import Month
from o2c_orchestration.store.database import raw_cursor
from o2c_orchestration.store.ledger import LEDGER_CURSOR

# A gap without a date could belong to any month, so it belongs to each.
_GAPS = """
SELECT kind, currency, count(*), sum(coalesce(nullif(abs(difference_minor), 0), abs(expected_minor),
                                              abs(actual_minor), 0))::bigint
FROM o2c.book_gaps WHERE effective_date IS NULL OR effective_date BETWEEN %(first)s AND %(last)s
GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2"""

# Orders and what bills deals post nothing: a month closes without them.
_WRITES = """
SELECT state, currency, count(*), sum(amount_minor)::bigint FROM (
    SELECT state, currency, amount_minor, effective_date FROM o2c.journal
    WHERE state IN ('intent', 'sent', 'unknown', 'refused', 'dead') AND NOT document = ANY(%(deals)s)
    UNION ALL
    SELECT 'refused by the planner', currency, amount_minor, effective_date FROM o2c.plan_entries
    WHERE outcome = 'refused' AND NOT document = ANY(%(deals)s)) every
WHERE effective_date BETWEEN %(first)s AND %(last)s GROUP BY 1, 2 ORDER BY 1, 2"""


@dataclass(frozen=True)
class Group:
    """Gaps of one kind, or writes in one state, in one currency: how many, and how much in minor units."""

    name: str
    currency: str
    count: int
    minor: int


@dataclass(frozen=True)
class Facts:
    """Open gaps of a month, those of earlier ones, writes of the month without a good end; when NetSuite was read."""

    gaps: list[Group]
    earlier_gaps: int
    writes: list[Group]
    ledger_read_at: datetime | None


def facts(engine: Engine, month: Month) -> Facts:
    """The month's, by effective date (books)."""
    given = {"first": month.first, "last": month.last, "deals": list(DEAL_DOCUMENTS)}
    with raw_cursor(engine) as cursor:
        cursor.execute(_GAPS, given)
        gaps: Sequence[Any] = cursor.fetchall()
        cursor.execute(_WRITES, given)
        writes: Sequence[Any] = cursor.fetchall()
        cursor.execute(
            """SELECT (SELECT count(*) FROM o2c.book_gaps WHERE effective_date < %s),
                      (SELECT value::timestamptz FROM o2c.cursors WHERE name = %s)""",
            (month.first, LEDGER_CURSOR),
        )
        earlier: Any = cursor.fetchone()
        return Facts([Group(*row) for row in gaps], earlier[0], [Group(*row) for row in writes], earlier[1])
