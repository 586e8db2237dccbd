"""What agrees, in count and money per currency, and the equation that proves that nothing is left over."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.store.database import raw_cursor

# Ledger documents that stand for Stripe's invoices, or ought to: linked, or of a Stripe customer.
# One in another currency than its Stripe invoice is told by its gap and counts for neither side.
_EQUATION = """
WITH stripe AS (
    SELECT i.currency, count(*) AS n, sum(i.total_minor) AS total,
           count(*) FILTER (WHERE g.stripe_id IS NULL) AS agreed_n,
           coalesce(sum(i.total_minor) FILTER (WHERE g.stripe_id IS NULL), 0) AS agreed
    FROM o2c.invoices i
    LEFT JOIN (SELECT DISTINCT stripe_id FROM o2c.gaps WHERE state = 'open') g ON g.stripe_id = i.id
    WHERE i.status IN ('open', 'paid', 'uncollectible') AND NOT i.zero_lines GROUP BY 1),
ledger AS (
    SELECT d.currency, sum(d.total_minor) AS total FROM o2c.netsuite_documents d
    LEFT JOIN o2c.invoices i ON i.id = d.stripe_ref
    LEFT JOIN o2c.netsuite_customers c ON c.id = d.entity_id
    WHERE d.document = 'invoice' AND d.deleted_at IS NULL AND NOT d.voided
      AND coalesce(d.stripe_ref, '') NOT LIKE 'ri-%'
      AND coalesce(i.status, '') NOT IN ('void', 'draft') AND coalesce(i.currency, d.currency) = d.currency
      AND (d.stripe_ref IS NOT NULL OR EXISTS (SELECT FROM o2c.customers k WHERE k.id = c.external_id))
    GROUP BY 1),
explained AS (
    SELECT g.currency, sum(CASE g.kind
        WHEN 'amount_mismatch' THEN d.total_minor - i.total_minor
        WHEN 'tax_mismatch' THEN d.total_minor - i.total_minor
        WHEN 'currency_mismatch' THEN -i.total_minor
        WHEN 'duplicate_in_netsuite' THEN CASE
            WHEN i.status IN ('void', 'draft') OR i.currency <> d.currency THEN 0 ELSE g.difference_minor END
        ELSE g.difference_minor END) AS total
    FROM o2c.gaps g
    LEFT JOIN o2c.netsuite_documents d ON d.id = g.netsuite_id::bigint
    LEFT JOIN o2c.invoices i ON i.id = g.stripe_id
    WHERE g.state = 'open' AND (g.netsuite_id IS NULL OR d.document = 'invoice')
      AND coalesce(d.stripe_ref, '') NOT LIKE 'ri-%'
      AND (g.kind IN ('amount_mismatch', 'tax_mismatch', 'currency_mismatch', 'duplicate_in_netsuite',
                      'unlinked_in_netsuite', 'missing_in_stripe', 'missing_in_netsuite')
           OR g.kind = 'sync_failed' AND i.id IS NOT NULL AND NOT EXISTS (
               SELECT FROM o2c.netsuite_documents w WHERE w.stripe_ref = i.id AND w.document = 'invoice'
                 AND w.deleted_at IS NULL AND NOT w.voided))
    GROUP BY 1)
SELECT currency, coalesce(s.n, 0), coalesce(s.total, 0)::bigint, coalesce(s.agreed_n, 0),
       coalesce(s.agreed, 0)::bigint, coalesce(l.total, 0)::bigint, coalesce(e.total, 0)::bigint
FROM stripe s FULL JOIN ledger l USING (currency) FULL JOIN explained e USING (currency) ORDER BY currency"""


@dataclass(frozen=True)
class Agreement:
    """One currency's tie-out of invoices, in minor units: stripe + explained by gaps + residual = ledger."""

    currency: str
    invoices: int
    stripe_minor: int
    agreed: int
    agreed_minor: int
    ledger_minor: int
    explained_minor: int

    @property
    def residual_minor(self) -> int:
        """What no gap explains. Anything but zero is an error of ours or a kind of gap that has no name yet."""
        return self.ledger_minor - self.stripe_minor - self.explained_minor


def agreement(engine: Engine) -> list[Agreement]:
    """The tie-out of all invoices by currency."""
    with raw_cursor(engine) as cursor:
        cursor.execute(_EQUATION)
        rows: Sequence[Any] = cursor.fetchall()
        return [Agreement(*row) for row in rows]
