"""Documents in NetSuite that nobody tied to Stripe, and that may be the ones that are about to be written."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.domain.directives import LookAlike
from o2c_orchestration.domain.documents import Rows
from o2c_orchestration.store import actor, audit
from o2c_orchestration.store.bulk import Cursor, sql
from o2c_orchestration.store.database import raw_cursor, reading_cursor

# (Stripe id, customer, document type, currency, minor units, day in the books)
Subject = tuple[str, str, str, str, int, date]

# Of a customer that metadata names, and else of the one under his own id.
_LIKE = """
SELECT DISTINCT ON (r.id) r.id, d.document, d.id::text, d.tranid, d.trandate
FROM unnest(%(ids)s::text[], %(customers)s::text[], %(documents)s::text[], %(currencies)s::text[],
            %(totals)s::bigint[], %(days)s::date[]) AS r (id, customer_id, document, currency, total_minor, day)
CROSS JOIN LATERAL (
    SELECT n.id FROM o2c.netsuite_customers n
    WHERE lower(n.external_id) = lower(r.customer_id) AND n.external_id = r.customer_id
    UNION SELECT m.netsuite_id FROM o2c.stripe_metadata m
    WHERE m.stripe_id = r.customer_id AND m.name = 'netsuite_customer_id') c
JOIN o2c.netsuite_documents d ON d.entity_id = c.id AND d.total_minor = r.total_minor
WHERE d.stripe_ref IS NULL AND d.deleted_at IS NULL AND NOT d.voided
  AND d.document = r.document AND d.currency = r.currency AND abs(d.trandate - r.day) <= %(within)s
  AND NOT EXISTS (SELECT FROM o2c.unrelated_documents u WHERE u.netsuite_id = d.id)
ORDER BY r.id, abs(d.trandate - r.day), d.id"""

_UNLINKED = """
SELECT d.id, d.document, d.tranid, d.trandate, n.external_id, d.currency, d.total_minor, u.reason, u.decided_by
FROM o2c.netsuite_documents d JOIN o2c.netsuite_customers n ON n.id = d.entity_id
LEFT JOIN o2c.unrelated_documents u ON u.netsuite_id = d.id
WHERE d.stripe_ref IS NULL AND d.deleted_at IS NULL AND NOT d.voided
  AND EXISTS (SELECT FROM o2c.customers k WHERE k.id = n.external_id) AND (u.netsuite_id IS NOT NULL) = %(dismissed)s
ORDER BY d.trandate, d.id"""

_TELL = """
INSERT INTO o2c.unrelated_documents (netsuite_id, reason, decided_by) VALUES (%(id)s, %(reason)s, %(by)s)
ON CONFLICT (netsuite_id) DO UPDATE SET reason = excluded.reason, decided_by = excluded.decided_by,
    decided_at = clock_timestamp()"""


def look_alikes(cursor: Cursor, rows: Rows, within_days: int) -> dict[str, LookAlike]:
    """For objects without a document, by Stripe id: one of the same customer, amount and currency, dated so near.

    Of several the nearest. One that names a Stripe object, or of which a person said that it is other business, is
    nobody's.
    """
    columns = list(zip(*_subjects(rows), strict=True))
    if not columns:
        return {}
    names = ("ids", "customers", "documents", "currencies", "totals", "days")
    asked: dict[str, Any] = {name: list(column) for name, column in zip(names, columns, strict=True)}
    cursor.execute(sql(_LIKE), {**asked, "within": within_days})
    found: Iterable[Any] = cursor.fetchall()
    return {row[0]: LookAlike(*row[1:]) for row in found}


def _subjects(rows: Rows) -> Iterable[Subject]:
    for invoice in rows.invoices:
        if invoice.customer_id and invoice.issue_date:
            total, day = invoice.total_minor, invoice.issue_date
            yield invoice.id, invoice.customer_id, "invoice", invoice.currency, total, day
    for payment in rows.payments:
        if payment.customer_id:
            total, day = payment.amount_minor, payment.payment_date
            yield payment.id, payment.customer_id, "customerPayment", payment.currency, total, day
    for note in rows.credit_notes:
        if note.customer_id:
            yield note.id, note.customer_id, "creditMemo", note.currency, note.total_minor, note.issue_date


def tell_apart(engine: Engine, netsuite_id: int, reason: str, by: str) -> tuple[str, date] | None:
    """A person says that this document is nobody's in Stripe: its type and date, None for one that is not known.

    It holds nothing up any more and is no gap. Raises ValueError for one that names a Stripe object.
    """
    with raw_cursor(engine) as cursor:
        cursor.execute(
            "SELECT document, trandate, stripe_ref FROM o2c.netsuite_documents WHERE id = %s AND deleted_at IS NULL",
            (netsuite_id,),
        )
        row: Any = cursor.fetchone()
        if row is None:
            return None
        if row[2] is not None:
            raise ValueError(row[2])
        cursor.execute(sql(_TELL), {"id": netsuite_id, "reason": reason, "by": by})
        cursor.execute("INSERT INTO o2c.dirty (key) VALUES (%s)", (f"ns:{netsuite_id}",))
        audit.record(cursor, actor.current(), "document_unrelated", str(netsuite_id), reason, after={"by": by})
        return str(row[0]), row[1]


@dataclass(frozen=True)
class Unlinked:
    """A document of a Stripe customer that names no Stripe object; `reason` and `by` if a person dismissed it.

    `date` is NetSuite's, amounts are minor units.
    """

    netsuite_id: int
    document: str
    number: str | None
    date: date
    customer_id: str
    currency: str
    amount_minor: int
    reason: str | None = None
    by: str | None = None


def unlinked(engine: Engine, *, dismissed: bool) -> list[Unlinked]:
    """Those that nobody has said anything about, or those that were dismissed; oldest first."""
    with reading_cursor(engine) as cursor:
        cursor.execute(sql(_UNLINKED), {"dismissed": dismissed})
        rows: Iterable[Any] = cursor.fetchall()
        return [Unlinked(*row) for row in rows]
