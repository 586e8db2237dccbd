"""Payouts and their deposits in sums: what Stripe says makes them up, and what NetSuite's deposits hold for them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.store.bulk import folded, sql
from o2c_orchestration.store.database import raw_cursor
from o2c_orchestration.store.expectation import MOVED

# Of the payout's own transaction only the fee counts (an instant payout has one); what is in another currency is not
# added up. A document in the deposit's currency counts with NetSuite's total; one that was converted with what Stripe
# settled it for, since NetSuite does not tell the amount of a deposit's line.
_SUMS = f"""
WITH chosen AS MATERIALIZED (
    SELECT p.*, {MOVED} AS moved, r.payout_id IS NOT NULL AS members_read
    FROM o2c.payouts p LEFT JOIN o2c.payouts_read r ON r.payout_id = p.id
    WHERE p.{{day}} >= %(first)s::date AND p.{{day}} < %(last)s::date + 1
      AND NOT EXISTS (SELECT FROM o2c.older_objects o WHERE o.stripe_id = p.id)),
members AS (
    SELECT p.id, count(*) FILTER (WHERE NOT own.own) AS n, count(*) FILTER (WHERE b.id IS NULL) AS unread,
           count(*) FILTER (WHERE b.currency <> p.currency) AS foreign_n,
           sum(b.amount_minor) FILTER (WHERE b.currency = p.currency AND NOT own.own) AS amounts,
           sum(b.fee_minor) FILTER (WHERE b.currency = p.currency) AS fees
    FROM chosen p JOIN o2c.payout_members m ON m.payout_id = p.id
    LEFT JOIN o2c.balance_transactions b ON b.id = m.transaction_id
    CROSS JOIN LATERAL (SELECT coalesce(b.type = 'payout' AND b.source_id = p.id, false) AS own) own
    GROUP BY 1),
deposit AS MATERIALIZED (
    SELECT p.id AS payout_id, p.currency, d.id, d.total_minor, d.currency AS own_currency
    FROM chosen p JOIN o2c.netsuite_documents d ON o2c.stripe_id_of(d.stripe_ref) = p.id
    WHERE d.document = 'deposit' AND d.deleted_at IS NULL AND NOT d.voided),
deposits AS (
    SELECT payout_id AS id, count(*) AS n, sum(total_minor) AS total, bool_or(own_currency <> currency) AS foreign
    FROM deposit GROUP BY 1),
held AS (
    SELECT d.payout_id AS id, count(*) AS n, count(*) FILTER (WHERE s.amount IS NULL) AS unpriced,
           coalesce(sum(s.amount), 0) AS total
    FROM deposit d JOIN o2c.netsuite_deposited n ON n.deposit_id = d.id
    JOIN o2c.netsuite_documents x ON x.id = n.document_id
    CROSS JOIN LATERAL (SELECT CASE x.document WHEN 'customerRefund' THEN -1 ELSE 1 END AS sign) s0
    CROSS JOIN LATERAL (SELECT CASE WHEN x.currency = d.own_currency THEN s0.sign * x.total_minor ELSE (
        SELECT sum(b.amount_minor) FROM o2c.balance_transactions b
        JOIN o2c.payout_members m ON m.transaction_id = b.id AND m.payout_id = d.payout_id
        WHERE b.source_id = o2c.stripe_id_of(x.stripe_ref) AND sign(b.amount_minor) = s0.sign) END AS amount) s
    GROUP BY 1),
lines AS (
    SELECT d.payout_id AS id, coalesce(sum(l.amount_minor) FILTER (WHERE l.amount_minor > 0), 0) AS other,
           coalesce(-sum(l.amount_minor) FILTER (WHERE l.amount_minor < 0), 0) AS cashback,
           json_agg(json_build_array(split_part(l.memo, ' ', 1), l.amount_minor) ORDER BY l.memo, l.amount_minor)
               FILTER (WHERE (lower(a.name) = ANY(%(suspense)s) OR a.id = ANY(%(suspense)s)) AND NOT EXISTS (
                   SELECT FROM o2c.netsuite_documents c WHERE c.stripe_ref = 'rc-' || split_part(l.memo, ' ', 1)
                     AND c.deleted_at IS NULL AND NOT c.voided)) AS suspense
    FROM deposit d JOIN o2c.netsuite_deposit_lines l ON l.deposit_id = d.id
    LEFT JOIN o2c.netsuite_reference a ON a.kind = 'account' AND a.id = l.account_id::text GROUP BY 1)
SELECT p.id, p.currency, p.amount_minor, p.status, p.automatic, p.moved, p.members_read, p.arrival_date,
       coalesce(m.n, 0), coalesce(m.unread, 0), coalesce(m.foreign_n, 0), coalesce(m.amounts, 0)::bigint,
       coalesce(m.fees, 0)::bigint, coalesce(d.n, 0), coalesce(d.total, 0)::bigint, coalesce(d.foreign, false),
       coalesce(h.n, 0), coalesce(h.unpriced, 0), coalesce(h.total, 0)::bigint, coalesce(l.other, 0)::bigint,
       coalesce(l.cashback, 0)::bigint, p.failure_transaction IS NOT NULL AND p.amount_minor <> 0 AND NOT EXISTS (
           SELECT FROM o2c.netsuite_documents j WHERE j.stripe_ref = 'pf-' || p.id AND j.deleted_at IS NULL
             AND NOT j.voided), coalesce(l.suspense, '[]')
FROM chosen p LEFT JOIN members m USING (id) LEFT JOIN deposits d USING (id) LEFT JOIN held h USING (id)
LEFT JOIN lines l USING (id)
ORDER BY p.arrival_date, p.created_at, p.id"""

# The name of the account, or those of several entities.
Suspense = str | Collection[str]


@dataclass(frozen=True)
class PayoutSums:
    """One payout, in minor units of its currency.

    `moved`: its money has moved and Stripe will not change what it consists of. `unread` members are known by id
    alone; `foreign` ones are in another currency and not in the sums. `documents` are the payments and refunds in its
    deposits, `unpriced` those whose settled amount nobody knows. `unreturned`: it came back, and no journal entry says
    so. `suspense` are the deposits' lines on Suspense that are not cleared: (transaction or payout, minor units).
    """

    id: str
    currency: str
    amount_minor: int
    status: str
    automatic: bool
    moved: bool
    members_read: bool
    arrival_date: date
    members: int
    unread: int
    foreign: int
    amounts_minor: int
    fees_minor: int
    deposits: int
    deposit_minor: int
    deposit_foreign: bool
    documents: int
    unpriced: int
    documents_minor: int
    other_minor: int
    cashback_minor: int
    unreturned: bool
    suspense: tuple[tuple[str, int], ...]


def payouts_created(
    engine: Engine, suspense: Suspense, first: date = date.min, last: date = date(9998, 1, 1)
) -> list[PayoutSums]:
    """PayoutSums of the payouts created on the UTC days [first, last], by arrival. `suspense` names the accounts."""
    return _read(engine, "created_at", suspense, first, last)


def payouts_arriving(engine: Engine, suspense: Suspense, first: date, last: date) -> list[PayoutSums]:
    """Those that arrive on the days [first, last], which is when they are deposited."""
    return _read(engine, "arrival_date", suspense, first, last)


def _read(engine: Engine, day: str, suspense: Suspense, first: date, last: date) -> list[PayoutSums]:
    with raw_cursor(engine) as cursor:
        cursor.execute(sql(_SUMS.format(day=day)), {"suspense": folded(suspense), "first": first, "last": last})
        rows: Sequence[Any] = cursor.fetchall()
        return [_sums(row) for row in rows]


def _sums(row: Any) -> PayoutSums:
    values: Any = (*row[:-1], tuple((str(key), int(minor)) for key, minor in row[-1]))
    return PayoutSums(*values)
