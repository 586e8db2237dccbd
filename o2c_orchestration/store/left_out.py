"""What metadata keeps out of NetSuite, in documents and money: it is no gap, and must not go unseen."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.store.bulk import sql
from o2c_orchestration.store.database import raw_cursor

# Whatever would have a document: an object that never would (a draft, a charge that failed) is not counted.
_SUMS = """
WITH without AS MATERIALIZED (
    SELECT l.stripe_id FROM o2c.left_out l WHERE NOT EXISTS (
        SELECT FROM o2c.netsuite_documents d
        WHERE d.stripe_ref = l.stripe_id AND d.deleted_at IS NULL AND NOT d.voided))
SELECT document, currency, count(*), sum(minor)::bigint FROM (
    SELECT 'invoice' AS document, i.currency, i.total_minor AS minor
    FROM without w JOIN o2c.invoices i ON i.id = w.stripe_id
    WHERE i.status IN ('open', 'paid', 'uncollectible') AND NOT i.zero_lines
    UNION ALL
    SELECT 'customerPayment', p.currency, p.amount_minor FROM without w JOIN o2c.payments p ON p.id = w.stripe_id
    WHERE p.status = 'succeeded'
    UNION ALL
    SELECT e.document, e.currency, e.total_minor FROM without w JOIN o2c.expected_documents e ON e.key = w.stripe_id
    UNION ALL
    SELECT 'deposit', p.currency, p.amount_minor FROM without w JOIN o2c.payouts p ON p.id = w.stripe_id) every
GROUP BY 1, 2 ORDER BY array_position(%(order)s, document), 2"""

_ORDER = ["invoice", "customerPayment", "creditMemo", "customerRefund", "deposit"]


@dataclass(frozen=True)
class LeftOutSum:
    """Documents of one type and currency that are not written because metadata blocks them, in minor units."""

    document: str
    currency: str
    count: int
    minor: int


def left_out_sums(engine: Engine) -> list[LeftOutSum]:
    """Of everything that was read, by type and currency."""
    with raw_cursor(engine) as cursor:
        cursor.execute(sql(_SUMS), {"order": _ORDER})
        rows: Sequence[Any] = cursor.fetchall()
        return [LeftOutSum(*row) for row in rows]
