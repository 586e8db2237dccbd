"""Undeposited Funds against the Stripe balance, document by document, and Suspense against its residuals.

A payment or refund waits in Undeposited Funds until its payout is deposited; its balance transaction waits in the
Stripe balance until a payout takes it. The two sets are the same, so their sums are, per currency of the documents.
Postings on those accounts that are neither of Stripe's documents nor lines of deposits are not seen here.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.domain.policy import MAIN
from o2c_orchestration.store.bulk import Cursor, folded, sql
from o2c_orchestration.store.database import raw_cursor
from o2c_orchestration.store.expectation import BOTH_SIDES, MOVED
from o2c_orchestration.store.failed_payments import GONE_AGAIN

# A payout that metadata blocks is deposited by nobody, so that what it took waits on both sides.
DEPOSITED = """NOT EXISTS (SELECT FROM o2c.left_out l WHERE l.stripe_id = p.id AND NOT EXISTS (
    SELECT FROM o2c.netsuite_documents k WHERE o2c.stripe_id_of(k.stripe_ref) = p.id AND k.document = 'deposit'
      AND k.deleted_at IS NULL AND NOT k.voided))"""

# A charge's transaction has the charge as its source and is positive, its refund's the refund and is negative, and so
# on: source and sign name one document. Dates are those that the documents have to have, so that months agree.
_WAITING = f"""
CREATE TEMPORARY TABLE waiting ON COMMIT DROP AS
WITH {BOTH_SIDES},
settled AS MATERIALIZED (
    SELECT b.source_id, sign(b.amount_minor) AS sign, array_agg(b.id) AS transactions,
           max(m.payout_id) AS payout_id, coalesce(bool_or(
               r.payout_id IS NOT NULL AND coalesce(late.trandate, p.arrival_date) <= %(day)s AND {MOVED}
               AND {DEPOSITED}), false) AS paid
    FROM o2c.balance_transactions b
    LEFT JOIN o2c.payout_members m ON m.transaction_id = b.id
    LEFT JOIN o2c.payouts p ON p.id = m.payout_id
    LEFT JOIN o2c.payouts_read r ON r.payout_id = p.id
    LEFT JOIN o2c.moved_documents late ON late.key = p.id AND late.document = 'deposit'
         AND late.original_date = p.arrival_date
    WHERE b.source_id IS NOT NULL AND b.type <> 'payout' GROUP BY 1, 2),
money AS (
    SELECT e.*, CASE e.document WHEN 'customerRefund' THEN -1 ELSE 1 END AS sign FROM expected e
    WHERE e.document IN ('customerPayment', 'customerRefund') AND e.day <= %(day)s AND e.total <> 0
      AND NOT starts_with(e.key, 'op-'))
SELECT e.key, e.stripe_id, NULL::bigint AS netsuite_id, e.currency, e.sign * e.total AS stripe, 0::bigint AS netsuite,
       s.transactions, s.payout_id, e.account
FROM money e LEFT JOIN settled s ON s.source_id = e.stripe_id AND s.sign = e.sign
WHERE NOT coalesce(s.paid, false)
UNION ALL
SELECT coalesce(d.key, 'ns:' || d.id), d.stripe_id, d.id, d.currency, 0, s0.sign * d.total, s.transactions,
       s.payout_id, d.account
FROM ledger d
CROSS JOIN LATERAL (SELECT CASE d.document WHEN 'customerRefund' THEN -1 ELSE 1 END AS sign) s0
LEFT JOIN settled s ON s.source_id = d.stripe_id AND s.sign = s0.sign
WHERE d.document IN ('customerPayment', 'customerRefund') AND d.day <= %(day)s AND d.total <> 0
  AND NOT starts_with(coalesce(d.key, ''), 'op-') AND NOT EXISTS (
    SELECT FROM o2c.netsuite_deposited n JOIN o2c.netsuite_documents k ON k.id = n.deposit_id
    WHERE n.document_id = d.id AND k.deleted_at IS NULL AND NOT k.voided AND k.trandate <= %(day)s)"""

# What explains a document that waits on one side only: a gap of its Stripe object, of the document, of the payout that
# took it or of its residual, or the invoice's that it pays and that cannot be written.
_DIFFERENT = """
CREATE TEMPORARY TABLE different ON COMMIT DROP AS
WITH unequal AS MATERIALIZED (
    SELECT row_number() OVER () AS place, * FROM (
        SELECT key, currency, sum(stripe)::bigint AS stripe, sum(netsuite)::bigint AS netsuite,
               max(payout_id) AS payout_id, max(account) AS account, array_agg(netsuite_id::text) AS ids,
               max(transactions) || max(stripe_id) || max(payout_id) AS names
        FROM waiting GROUP BY 1, 2 HAVING sum(stripe) <> sum(netsuite)) sums),
gap AS MATERIALIZED (
    SELECT kind, stripe_id, netsuite_id, kind || ' ' || coalesce(stripe_id, netsuite_id) AS what FROM o2c.book_gaps),
held_up AS (
    SELECT p.id, g.what FROM gap g JOIN o2c.invoice_payments ip ON ip.invoice_id = g.stripe_id
    JOIN o2c.payments p ON p.payment_intent = ip.payment_intent WHERE g.kind = 'sync_failed'
    UNION SELECT ip.charge_id, g.what FROM gap g JOIN o2c.invoice_payments ip ON ip.invoice_id = g.stripe_id
    WHERE g.kind = 'sync_failed'),
told AS (
    SELECT place, string_agg(DISTINCT what, ', ') AS gaps FROM (
        SELECT u.place, g.what FROM (SELECT place, unnest(names) AS name FROM unequal) u
        JOIN gap g ON g.stripe_id = u.name
        UNION ALL SELECT u.place, g.what FROM (SELECT place, unnest(ids) AS id FROM unequal) u
        JOIN gap g ON g.netsuite_id = u.id
        UNION ALL SELECT u.place, h.what FROM unequal u JOIN held_up h ON h.id = u.key) every
    GROUP BY 1)
SELECT u.*, t.gaps FROM unequal u LEFT JOIN told t USING (place)"""

_TOTALS = """
SELECT currency, count(*) FILTER (WHERE stripe <> 0), sum(stripe)::bigint,
       count(*) FILTER (WHERE netsuite <> 0), sum(netsuite)::bigint,
       coalesce((SELECT sum(d.netsuite - d.stripe) FROM different d
                 WHERE d.currency = w.currency AND d.account = w.account AND d.gaps IS NOT NULL), 0)::bigint, account
FROM waiting w GROUP BY account, currency ORDER BY account <> 'main', account, currency"""
_DIFFERENCES = """
SELECT key, currency, stripe, netsuite, payout_id, gaps, account FROM (
    SELECT *, row_number() OVER (PARTITION BY gaps IS NULL ORDER BY key, currency) AS nth FROM different) d
WHERE gaps IS NULL OR nth <= coalesce(%(first)s, nth) ORDER BY key, currency"""

_SUSPENSE = f"""
SELECT currency, sum(held)::bigint, sum(named)::bigint, account FROM (
    SELECT o2c.account_of(o2c.stripe_id_of(d.stripe_ref)) AS account, d.currency, l.amount_minor AS held, 0 AS named
    FROM o2c.netsuite_deposit_lines l
    JOIN o2c.netsuite_documents d ON d.id = l.deposit_id AND d.document = 'deposit' AND d.deleted_at IS NULL
         AND NOT d.voided AND d.stripe_ref IS NOT NULL AND d.trandate <= %(day)s
    JOIN o2c.netsuite_reference a ON a.kind = 'account' AND a.id = l.account_id::text
    WHERE lower(a.name) = ANY(%(suspense)s) OR a.id = ANY(%(suspense)s)
    UNION ALL
    SELECT o2c.account_of(stripe_id), currency, 0, expected_minor FROM o2c.book_gaps
    WHERE kind = 'payout_residual' AND effective_date <= %(day)s
    UNION ALL
    SELECT o2c.account_of(n.stripe_id), n.currency, 0, n.held FROM (
        SELECT o2c.stripe_id_of(d.stripe_ref) AS stripe_id, d.currency, l.account_id,
               split_part(l.memo, ' ', 1) AS name, sum(l.amount_minor)::bigint AS held
        FROM o2c.netsuite_deposit_lines l
        JOIN o2c.netsuite_documents d ON d.id = l.deposit_id AND d.document = 'deposit' AND d.deleted_at IS NULL
             AND NOT d.voided AND d.stripe_ref IS NOT NULL AND d.trandate <= %(day)s
        JOIN o2c.netsuite_reference a ON a.kind = 'account' AND a.id = l.account_id::text
        WHERE (lower(a.name) = ANY(%(suspense)s) OR a.id = ANY(%(suspense)s)) AND starts_with(l.memo, 'txn_')
        GROUP BY 1, 2, 3, 4) n
    WHERE {GONE_AGAIN.format(name="n.name", minor="n.held", account="n.account_id")}) both_sides
GROUP BY account, currency ORDER BY account <> 'main', account, currency"""


@dataclass(frozen=True)
class Waiting:
    """Documents that wait in Undeposited Funds, in minor units: payments less refunds of one account and currency.

    `stripe` are those whose balance transaction no payout has taken, `ledger` those that no deposit has.
    """

    currency: str
    stripe_documents: int
    stripe_minor: int
    ledger_documents: int
    ledger_minor: int
    explained_minor: int
    account: str = MAIN

    @property
    def residual_minor(self) -> int:
        """What waits on one side only and no gap explains."""
        return self.ledger_minor - self.stripe_minor - self.explained_minor


@dataclass(frozen=True)
class Difference:
    """A document that waits on one side only, or with another amount; `gaps` explain it, or None does."""

    key: str
    currency: str
    stripe_minor: int
    ledger_minor: int
    payout_id: str | None
    gaps: str | None
    account: str = MAIN


@dataclass(frozen=True)
class Suspense:
    """What deposits of one Stripe account hold on Suspense, and what open residuals name of it, in minor units."""

    currency: str
    ledger_minor: int
    named_minor: int
    account: str = MAIN

    @property
    def residual_minor(self) -> int:
        """What is on Suspense without a name, or named and not there."""
        return self.ledger_minor - self.named_minor


@dataclass(frozen=True)
class Clearing:
    """Both accounts as they are on a day; `count` differences, of which some that have gaps may be left out."""

    waiting: list[Waiting]
    differences: list[Difference]
    suspense: list[Suspense]
    count: int

    @property
    def closes(self) -> bool:
        """Whether every difference has a gap, one by one and not only in sum, and all of Suspense has a name."""
        return all(each.gaps for each in self.differences) and not any(each.residual_minor for each in self.suspense)


def clearing(
    engine: Engine, suspense: str | Collection[str], day: date | None = None, first: int | None = None
) -> Clearing:
    """Undeposited Funds and Suspense at the end of a day (books; None: with everything known).

    `suspense` names the account, or the accounts of several entities. `first`: no more than so many of the differences
    that have gaps, of which there is one for each payment before anything is written; those without are all there.
    """
    given = {"day": day or "infinity", "suspense": folded(suspense), "first": first}
    with raw_cursor(engine) as cursor:
        cursor.execute(sql(_WAITING), given)
        cursor.execute(sql(_DIFFERENT))
        return Clearing(
            [Waiting(*row) for row in _rows(cursor, _TOTALS, given)],
            [Difference(*row) for row in _rows(cursor, _DIFFERENCES, given)],
            [Suspense(*row) for row in _rows(cursor, _SUSPENSE, given)],
            int(_rows(cursor, "SELECT count(*) FROM different", given)[0][0]),
        )


def _rows(cursor: Cursor, statement: str, given: dict[str, Any]) -> Sequence[Any]:
    cursor.execute(sql(statement), given)
    return cursor.fetchall()
