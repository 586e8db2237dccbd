"""Gaps of deals: kept under ids of their own legs, open until a reconciliation of all deals does not find them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.domain.customer_changes import CustomerDiffers
from o2c_orchestration.domain.keys import gap_id
from o2c_orchestration.domain.not_told import NotTold
from o2c_orchestration.store.bulk import sql, stage
from o2c_orchestration.store.database import raw_cursor

LEGS = ("salesforce_netsuite", "salesforce_stripe")

_COLUMNS = """gap_id text, leg text, kind text, stripe_id text, netsuite_id text, salesforce_id text, customer text,
    currency text, expected_minor bigint, actual_minor bigint, effective_date date, reason text"""
_KEEP = """
INSERT INTO o2c.gaps AS g (gap_id, leg, kind, state, stripe_id, netsuite_id, salesforce_id, customer, currency,
    expected_minor, actual_minor, difference_minor, effective_date, reason, first_seen_at, last_seen_at)
SELECT DISTINCT ON (gap_id) gap_id, leg, kind, 'open', stripe_id, netsuite_id, salesforce_id, customer, currency,
    expected_minor, actual_minor, actual_minor - expected_minor, effective_date, reason, now(), now()
FROM deal_gaps ORDER BY gap_id, reason
ON CONFLICT (gap_id) DO UPDATE SET
    state = 'open', stripe_id = excluded.stripe_id, netsuite_id = excluded.netsuite_id, customer = excluded.customer,
    currency = excluded.currency, expected_minor = excluded.expected_minor, actual_minor = excluded.actual_minor,
    difference_minor = excluded.difference_minor, effective_date = excluded.effective_date,
    reason = excluded.reason, last_seen_at = excluded.last_seen_at, resolved_at = NULL
RETURNING (xmax = 0)"""
_RESOLVE = """
UPDATE o2c.gaps SET state = 'resolved', resolved_at = now()
WHERE state = 'open' AND leg = ANY(%s) AND gap_id NOT IN (SELECT gap_id FROM deal_gaps)"""


def keep_deal_gaps(engine: Engine, found: Sequence[Any]) -> tuple[int, int, int]:
    """Keep these gaps and resolve all others of the legs of deals; (found, opened, resolved)."""
    with raw_cursor(engine) as cursor:
        cursor.execute("LOCK TABLE o2c.gaps IN SHARE ROW EXCLUSIVE MODE")
        count = stage(cursor, "deal_gaps", _COLUMNS, (_row(gap) for gap in found))
        cursor.execute(sql(_KEEP))
        opened = sum(1 for row in cursor.fetchall() if row[0])
        cursor.execute(sql(_RESOLVE), (list(LEGS),))
        return count, opened, cursor.rowcount


def _row(gap: Any) -> tuple[Any, ...]:
    if isinstance(gap, CustomerDiffers):
        key = gap_id(gap.leg, "customer_differs", gap.account_id, gap.field)
        who = (gap.stripe_id, gap.netsuite_id, gap.account_id, gap.customer)
        return (key, gap.leg, "customer_differs", *who, gap.currency, 0, 0, gap.day, gap.reason)
    if isinstance(gap, NotTold):
        key = gap_id(gap.leg, "sync_failed", gap.record.object, gap.record.key)
        about = (gap.stripe_id, None, gap.salesforce_id, gap.customer)
        return (key, gap.leg, "sync_failed", *about, gap.currency, 0, 0, gap.day, gap.reason)
    second = gap.netsuite_id if gap.kind == "duplicate_in_netsuite" else None
    key = gap_id(gap.leg, gap.kind, gap.deal.id, second or "")
    amounts = (gap.deal.currency, gap.expected_minor, gap.actual_minor, gap.deal.close_date, gap.reason)
    return (key, gap.leg, gap.kind, gap.stripe_id, gap.netsuite_id, gap.deal.id, gap.customer, *amounts)
