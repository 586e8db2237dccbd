"""Differences that deposits have booked instead of leaving a document on Suspense: what was decided, what is there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.domain.months import Month
from o2c_orchestration.domain.payouts import DifferenceRow, PayoutRow
from o2c_orchestration.store.bulk import Cursor, sql
from o2c_orchestration.store.database import raw_cursor

# A deposit of the plan and its intent in the journal are one.
_BOOKED = """
WITH deposits AS (
    SELECT DISTINCT ON (external_key) external_id, currency, effective_date, command, sent
    FROM (SELECT external_key, external_id, currency, effective_date, command, true AS sent FROM o2c.journal
          WHERE document = 'deposit' AND state NOT IN ('refused', 'dead', 'dropped')
            AND date_trunc('month', effective_date)::date = ANY(%(months)s)
          UNION ALL
          SELECT external_key, external_id, currency, effective_date, command, false FROM o2c.plan_entries
          WHERE document = 'deposit' AND outcome = 'write'
            AND date_trunc('month', effective_date)::date = ANY(%(months)s)) d
    ORDER BY external_key, sent DESC)
SELECT d.external_id, date_trunc('month', d.effective_date)::date, d.currency,
       sum((l.line -> 'amount' -> '$minor' ->> 0)::bigint), bool_or(d.sent)
FROM deposits d
CROSS JOIN LATERAL (
    SELECT value AS line FROM json_array_elements(d.command #> '{body,other,items}')
    UNION ALL SELECT value FROM json_array_elements(d.command #> '{body,cashback,items}')) l
WHERE l.line ->> 'memo' LIKE '%% difference: %%'
GROUP BY 1, 2, 3 ORDER BY 2, 3, 1"""

# The account alone tells them; a line that somebody entered there by hand counts too.
_THERE = """
SELECT d.currency, coalesce(nullif(split_part(l.memo, ' difference: ', 2), ''), 'other'),
       count(*), sum(abs(l.amount_minor))::bigint
FROM o2c.netsuite_deposit_lines l
JOIN o2c.netsuite_documents d ON d.id = l.deposit_id AND d.deleted_at IS NULL AND NOT d.voided
JOIN o2c.netsuite_reference a ON a.kind = 'account' AND a.id = l.account_id::text
WHERE lower(%(account)s) IN (lower(a.name), a.id) AND d.trandate BETWEEN %(first)s AND %(last)s
GROUP BY 1, 2 ORDER BY 1, 2"""


@dataclass(frozen=True)
class BookedDifferences:
    """The differences of one code that NetSuite's deposits of a month hold, in minor units without a sign."""

    currency: str
    code: str
    lines: int
    minor: int


def read_differences(cursor: Cursor, payouts: Iterable[PayoutRow]) -> tuple[DifferenceRow, ...]:
    """What deposits take, planned or sent, of the budgets of the months in which these payouts arrive."""
    months = sorted({row.arrival_date.replace(day=1) for row in payouts})
    cursor.execute(sql(_BOOKED), {"months": months})
    rows: Sequence[Any] = cursor.fetchall()
    return tuple(DifferenceRow(*row) for row in rows)


def booked_differences(engine: Engine, account: str | None, month: Month) -> list[BookedDifferences]:
    """What NetSuite's deposits of a month hold on the account of differences (name or id), by currency and code."""
    given: dict[str, str | date] = {"account": account or "", "first": month.first, "last": month.last}
    with raw_cursor(engine) as cursor:
        cursor.execute(sql(_THERE), given)
        rows: Sequence[Any] = cursor.fetchall()
        return [BookedDifferences(*row) for row in rows]
