"""What single objects lean on and the store lacks: the same questions as of a whole sweep, asked of these alone."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Engine

from o2c_orchestration.store.bulk import sql
from o2c_orchestration.store.database import reading_cursor
from o2c_orchestration.store.movements import object_type_of

_REFERENCES = """
SELECT ref FROM (
    SELECT customer_id AS ref FROM o2c.invoices WHERE id = ANY(%(ids)s)
    UNION SELECT customer_id FROM o2c.payments WHERE id = ANY(%(ids)s)
    UNION SELECT unnest(ARRAY[invoice_id, charge_id]) FROM o2c.invoice_payments WHERE id = ANY(%(ids)s)
    UNION SELECT ip.invoice_id FROM o2c.payments p JOIN o2c.invoice_payments ip USING (payment_intent)
          WHERE p.id = ANY(%(ids)s)
    UNION SELECT invoice_id FROM o2c.credit_notes WHERE id = ANY(%(ids)s)
    UNION SELECT unnest(ARRAY[charge_id, failure_transaction]) FROM o2c.refunds WHERE id = ANY(%(ids)s)
    UNION SELECT charge_id FROM o2c.disputes WHERE id = ANY(%(ids)s)
    UNION SELECT failure_transaction FROM o2c.payouts WHERE id = ANY(%(ids)s)
    UNION SELECT t.source_id FROM o2c.payout_members m JOIN o2c.balance_transactions t ON t.id = m.transaction_id
          WHERE m.payout_id = ANY(%(ids)s)
) refs
WHERE ref IS NOT NULL
  AND NOT EXISTS (SELECT FROM o2c.stripe_objects o WHERE o.id = ref)
  AND NOT EXISTS (SELECT FROM o2c.stripe_absent a WHERE a.id = ref) ORDER BY ref"""

_INTENTS = """
SELECT DISTINCT p.payment_intent FROM o2c.payments p
WHERE (p.id = ANY(%(ids)s)
       OR p.id IN (SELECT charge_id FROM o2c.refunds WHERE id = ANY(%(ids)s)
                   UNION SELECT charge_id FROM o2c.disputes WHERE id = ANY(%(ids)s)))
  AND p.status = 'succeeded' AND p.payment_intent IS NOT NULL
  AND NOT EXISTS (SELECT FROM o2c.invoice_payments ip
                  WHERE ip.payment_intent = p.payment_intent AND ip.status = 'paid')
  AND NOT EXISTS (SELECT FROM o2c.stripe_absent a
                  WHERE a.id = p.payment_intent AND a.looked_up_at > p.validated_at)
ORDER BY 1"""

_STALE = """
SELECT i.id FROM o2c.invoices i
WHERE i.id IN (SELECT invoice_id FROM o2c.invoice_payments WHERE id = ANY(%(ids)s))
  AND i.amount_paid_minor + i.overpaid_minor < (
      SELECT coalesce(sum(amount_minor), 0) FROM o2c.invoice_payments ip
      WHERE ip.invoice_id = i.id AND ip.status = 'paid')
ORDER BY i.id"""

_PAYOUTS = """
SELECT id FROM o2c.payouts p
WHERE id = ANY(%(ids)s) AND automatic AND reconciliation = 'completed'
  AND NOT EXISTS (SELECT FROM o2c.payouts_read r WHERE r.payout_id = p.id) ORDER BY id"""

# What an invoice payment is of is planned with its charge, which may be older.
_DAYS = """
SELECT DISTINCT object, (created_at AT TIME ZONE 'UTC')::date FROM o2c.stripe_objects
WHERE id = ANY(%(ids)s)
   OR id IN (SELECT p.id FROM o2c.invoice_payments ip JOIN o2c.payments p ON p.payment_intent = ip.payment_intent
             WHERE ip.id = ANY(%(ids)s))
ORDER BY 1, 2"""


def references_of(engine: Engine, ids: Sequence[str]) -> dict[str, list[str]]:
    """Ids that the rows of these objects point to and the store lacks, by object type."""
    found: dict[str, list[str]] = {}
    for reference in _column(engine, _REFERENCES, ids):
        kind = object_type_of(reference)
        if kind:
            found.setdefault(kind, []).append(reference)
    return found


def intents_of(engine: Engine, ids: Sequence[str]) -> list[str]:
    """PaymentIntents of these charges (or of the charges that these refunds and disputes are of) whose invoice
    payment is not known."""
    return _column(engine, _INTENTS, ids)


def stale_of(engine: Engine, ids: Sequence[str]) -> list[str]:
    """Invoices that look unpaid although these invoice payments say otherwise: to be re-read."""
    return _column(engine, _STALE, ids)


def payouts_of(engine: Engine, ids: Sequence[str]) -> list[str]:
    """Those of these payouts that are complete and whose members are not known."""
    return _column(engine, _PAYOUTS, ids)


def days_of(engine: Engine, ids: Sequence[str]) -> list[tuple[str, date]]:
    """(object type, UTC day of creation) of these objects, and of charges whose invoice payments are among them."""
    with reading_cursor(engine) as cursor:
        cursor.execute(sql(_DAYS), {"ids": list(ids)})
        rows: Sequence[tuple[str, date]] = cursor.fetchall()
        return list(rows)


def _column(engine: Engine, statement: str, ids: Sequence[str]) -> list[str]:
    with reading_cursor(engine) as cursor:
        cursor.execute(sql(statement), {"ids": list(ids)})
        return [str(row[0]) for row in cursor.fetchall()]
