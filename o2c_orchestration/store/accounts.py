"""Which Stripe account an id belongs to: that of the object, or of whatever stored object points to it."""

from collections.abc import Iterable

from sqlalchemy import Engine

from o2c_orchestration.store.bulk import sql
from o2c_orchestration.store.database import reading_cursor

# (id that is pointed to, object that points to it). Ledger documents point to objects of any account.
_POINTERS = """
SELECT id, id AS holder FROM o2c.stripe_objects WHERE id = ANY(%(ids)s)
UNION ALL SELECT customer_id, id FROM o2c.invoices WHERE customer_id = ANY(%(ids)s)
UNION ALL SELECT customer_id, id FROM o2c.payments WHERE customer_id = ANY(%(ids)s)
UNION ALL SELECT payment_intent, id FROM o2c.payments WHERE payment_intent = ANY(%(ids)s)
UNION ALL SELECT invoice_id, id FROM o2c.invoice_payments WHERE invoice_id = ANY(%(ids)s)
UNION ALL SELECT charge_id, id FROM o2c.invoice_payments WHERE charge_id = ANY(%(ids)s)
UNION ALL SELECT invoice_id, id FROM o2c.credit_notes WHERE invoice_id = ANY(%(ids)s)
UNION ALL SELECT charge_id, id FROM o2c.refunds WHERE charge_id = ANY(%(ids)s)
UNION ALL SELECT failure_transaction, id FROM o2c.refunds WHERE failure_transaction = ANY(%(ids)s)
UNION ALL SELECT charge_id, id FROM o2c.disputes WHERE charge_id = ANY(%(ids)s)
UNION ALL SELECT failure_transaction, id FROM o2c.payouts WHERE failure_transaction = ANY(%(ids)s)
UNION ALL SELECT source_id, id FROM o2c.balance_transactions WHERE source_id = ANY(%(ids)s)"""

_OWNERS = f"""
SELECT DISTINCT ON (p.id) p.id, coalesce(k.account, 'main')
FROM ({_POINTERS}) p LEFT JOIN o2c.further_accounts k ON k.id = p.holder ORDER BY p.id, p.holder <> p.id, p.holder"""


def owners(engine: Engine, ids: Iterable[str]) -> dict[str, str]:
    """The account of each id; those that only the ledger or nobody points to are left out."""
    with reading_cursor(engine) as cursor:
        cursor.execute(sql(_OWNERS), {"ids": list(ids)})
        return {str(row[0]): str(row[1]) for row in cursor.fetchall()}
