"""Movements of customers' balances that were made by hand, for the planner, and what decides about each."""

from collections.abc import Iterable
from typing import Any

from o2c_orchestration.domain import keys
from o2c_orchestration.domain.customer_balance import AdjustmentRow
from o2c_orchestration.store.bulk import Cursor

# Of other types are movements that an invoice or a credit note tells, and those that Stripe made: they are no
# decision of the company.
_ADJUSTMENTS = """
SELECT id, customer_id, currency, amount_minor, booked_date, created_at FROM o2c.customer_balance_transactions
WHERE created_at >= %(first)s::date AND created_at < %(last)s::date + 1
  AND type IN ('adjustment', 'initial') AND amount_minor <> 0
  AND (%(account)s::text IS NULL OR o2c.account_of(id) = %(account)s)
ORDER BY created_at, id"""


def read_adjustments(cursor: Cursor, window: dict[str, Any]) -> tuple[AdjustmentRow, ...]:
    """Those created in [first, last] (UTC days), whether or not they are booked."""
    cursor.execute(_ADJUSTMENTS, window)
    return tuple(AdjustmentRow(*row) for row in cursor.fetchall())


def keys_of(rows: Iterable[AdjustmentRow]) -> Iterable[str]:
    """External ids of the documents that stand for them, and of those that they lean on."""
    for row in rows:
        yield from (row.customer_id, keys.balance_kept_key(row.id), keys.balance_used_key(row.id))
        yield from (keys.balance_given_key(row.id), keys.balance_charged_key(row.id))
