"""Movements of customers' balances that were made by hand, for the planner, and what decides about each."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.domain import keys
from o2c_orchestration.domain.customer_balance import AdjustmentRow
from o2c_orchestration.store.bulk import Cursor
from o2c_orchestration.store.database import reading_cursor

# Of other types are movements that an invoice or a credit note tells, and those that Stripe made: they are no
# decision of the company.
_ADJUSTMENTS = """
SELECT id, customer_id, currency, amount_minor, booked_date, created_at FROM o2c.customer_balance_transactions
WHERE created_at >= %(first)s::date AND created_at < %(last)s::date + 1
  AND type IN ('adjustment', 'initial') AND amount_minor <> 0
  AND (%(account)s::text IS NULL OR o2c.account_of(id) = %(account)s)
ORDER BY created_at, id"""

_UNBOOKED = """
SELECT id FROM o2c.customer_balance_transactions b
WHERE customer_id = ANY(%(customers)s) AND type IN ('adjustment', 'initial') AND amount_minor <> 0
  AND NOT EXISTS (SELECT FROM o2c.booked_adjustments a WHERE a.id = b.id)
ORDER BY id"""


def read_adjustments(cursor: Cursor, window: dict[str, Any]) -> tuple[AdjustmentRow, ...]:
    """Those created in [first, last] (UTC days), whether or not they are booked."""
    cursor.execute(_ADJUSTMENTS, window)
    return tuple(AdjustmentRow(*row) for row in cursor.fetchall())


def unbooked(engine: Engine, customers: Sequence[str]) -> list[str]:
    """Ids of these customers' movements by hand of which no document is planned, written or there."""
    with reading_cursor(engine) as cursor:
        cursor.execute(_UNBOOKED, {"customers": list(customers)})
        return [str(row[0]) for row in cursor.fetchall()]


def keys_of(rows: Iterable[AdjustmentRow]) -> Iterable[str]:
    """External ids of the documents that stand for them, and of those that they lean on."""
    for row in rows:
        yield from (row.customer_id, keys.balance_kept_key(row.id), keys.balance_used_key(row.id))
        yield from (keys.balance_given_key(row.id), keys.balance_charged_key(row.id))
