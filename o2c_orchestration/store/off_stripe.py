"""Which invoices were paid outside Stripe, and by how much: Stripe tells it of one invoice at a time, if asked."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.domain.off_stripe import OffStripeRow
from o2c_orchestration.store import inbox
from o2c_orchestration.store.bulk import Cursor, sql, stage
from o2c_orchestration.store.database import raw_cursor, reading_cursor

_CURSOR = "off_stripe_looked"
# Rows of a transaction that began before the last look and ended after it.
_OVERLAP = timedelta(hours=1)

_BY_STRIPE = """(SELECT coalesce(sum(ip.amount_minor), 0) FROM o2c.invoice_payments ip
    WHERE ip.invoice_id = i.id AND ip.status = 'paid' AND coalesce(ip.payment_intent, ip.charge_id) IS NOT NULL)"""

# More was paid than payments in Stripe explain, and Stripe was not asked since.
_TO_ASK = f"""
SELECT i.id, i.amount_paid_minor FROM o2c.invoices i
WHERE i.validated_at >= %(since)s AND i.status IN ('open', 'paid', 'uncollectible') AND i.amount_paid_minor > 0
  AND NOT EXISTS (SELECT FROM o2c.off_stripe f WHERE f.invoice_id = i.id AND f.paid_minor = i.amount_paid_minor)
  AND i.amount_paid_minor > {_BY_STRIPE}
ORDER BY i.id"""

_ROWS = f"""
SELECT i.id, i.customer_id, i.currency, i.status, f.amount_minor, i.amount_paid_minor, {_BY_STRIPE}::bigint,
       i.paid_date, i.created_at
FROM o2c.off_stripe f JOIN o2c.invoices i ON i.id = f.invoice_id
WHERE i.created_at >= %(first)s::date AND i.created_at < %(last)s::date + 1 AND f.amount_minor > 0
  AND (%(account)s::text IS NULL OR o2c.account_of(i.id) = %(account)s)
  AND i.status IN ('open', 'paid', 'uncollectible')
ORDER BY i.created_at, i.id"""


def to_ask(engine: Engine) -> list[tuple[str, int]]:
    """Invoices (id, what was paid of them in minor units) of which Stripe has to be asked; only those that changed."""
    value = inbox.read_cursor(engine, _CURSOR)
    since = datetime.fromisoformat(value) - _OVERLAP if value else datetime(1970, 1, 1, tzinfo=UTC)
    with reading_cursor(engine) as cursor:
        cursor.execute(sql(_TO_ASK), {"since": since})
        return [(str(row[0]), int(str(row[1]))) for row in cursor.fetchall()]


def record(engine: Engine, answers: Iterable[tuple[str, int, int]], asked_at: datetime) -> None:
    """Keep what Stripe said: invoice id, minor units paid outside Stripe, minor units paid in all as it was then."""
    with raw_cursor(engine) as cursor:
        stage(cursor, "staged", "invoice_id text, amount_minor bigint, paid_minor bigint", answers)
        cursor.execute(
            """INSERT INTO o2c.off_stripe AS t SELECT s.*, %s FROM staged s ORDER BY s.invoice_id
               ON CONFLICT (invoice_id) DO UPDATE SET amount_minor = excluded.amount_minor,
                   paid_minor = excluded.paid_minor, looked_up_at = excluded.looked_up_at
               WHERE t.looked_up_at <= excluded.looked_up_at""",
            (asked_at,),
        )
        cursor.execute("INSERT INTO o2c.dirty (key) SELECT invoice_id FROM staged")
    inbox.write_cursor(engine, _CURSOR, asked_at.isoformat())


def read_off_stripe(cursor: Cursor, window: dict[str, Any]) -> tuple[OffStripeRow, ...]:
    """What was paid outside Stripe of invoices created in the window."""
    cursor.execute(sql(_ROWS), window)
    rows: Sequence[Any] = cursor.fetchall()
    return tuple(OffStripeRow(*row) for row in rows)
