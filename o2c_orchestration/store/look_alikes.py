"""Documents in NetSuite that nobody tied to Stripe, and that may be the ones that are about to be written."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.domain.directives import LookAlike
from o2c_orchestration.domain.documents import DisputeRow, RefundRow, Rows
from o2c_orchestration.domain.keys import balance_charged_key, balance_given_key, credit_memo_key
from o2c_orchestration.store import actor, audit
from o2c_orchestration.store.bulk import Cursor, sql
from o2c_orchestration.store.database import raw_cursor, reading_cursor

# (key, customer, document type, currency, minor units, day in the books)
Subject = tuple[str, str | None, str, str, int, date]

# Of the customer that metadata names, or else of the one under his own id. What the journal wrote is ours, whatever
# a clerk has taken off it since.
_NAMED = """SELECT FROM o2c.stripe_metadata m WHERE m.stripe_id = {r}.customer_id AND m.name = 'netsuite_customer_id'"""
_THEIR_CUSTOMER = f"""
    SELECT n.id FROM o2c.netsuite_customers n
    WHERE lower(n.external_id) = lower({{r}}.customer_id) AND n.external_id = {{r}}.customer_id
      AND NOT EXISTS ({_NAMED})
    UNION ALL {_NAMED.replace("SELECT FROM", "SELECT m.netsuite_id FROM")} AND m.netsuite_id IS NOT NULL"""
_FITS = """d.entity_id = c.id AND d.total_minor = {total} AND d.document = {r}.document AND d.currency = {r}.currency
  AND d.trandate BETWEEN {day} - %(within)s AND {day} + %(within)s
  AND d.stripe_ref IS NULL AND d.deleted_at IS NULL AND NOT d.voided
  AND NOT EXISTS (SELECT FROM o2c.other_business u WHERE u.netsuite_id = d.id)
  AND NOT EXISTS (SELECT FROM o2c.journal w WHERE w.netsuite_id = d.id AND w.document = d.document)"""
_LIKE = f"""
SELECT DISTINCT ON (r.id) r.id, d.document, d.id::text, d.tranid, d.trandate
FROM unnest(%(ids)s::text[], %(customers)s::text[], %(documents)s::text[], %(currencies)s::text[],
            %(totals)s::bigint[], %(days)s::date[]) AS r (id, customer_id, document, currency, total_minor, day)
CROSS JOIN LATERAL ({_THEIR_CUSTOMER.format(r="r")}) c
JOIN o2c.netsuite_documents d ON {_FITS.format(r="r", total="r.total_minor", day="r.day")}
ORDER BY r.id, abs(d.trandate - r.day), d.id"""
# A deposit is nobody's; its amount, to the cent and in its week, tells it.
_DEPOSITS = """
SELECT DISTINCT ON (r.id) r.id, d.document, d.id::text, d.tranid, d.trandate
FROM unnest(%(ids)s::text[], %(currencies)s::text[], %(totals)s::bigint[], %(days)s::date[])
     AS r (id, currency, total_minor, day)
JOIN o2c.netsuite_documents d ON d.trandate BETWEEN r.day - %(within)s AND r.day + %(within)s
WHERE d.document = 'deposit' AND d.total_minor = r.total_minor AND d.currency = r.currency
  AND d.stripe_ref IS NULL AND d.deleted_at IS NULL AND NOT d.voided
  AND NOT EXISTS (SELECT FROM o2c.unrelated_documents u WHERE u.netsuite_id = d.id)
  AND NOT EXISTS (SELECT FROM o2c.journal w WHERE w.netsuite_id = d.id AND w.document = d.document)
ORDER BY r.id, abs(d.trandate - r.day), d.id"""

# An intent beside which such a document has appeared since it was planned. Only what is an object's own document.
HELD_INTENTS = f"""
UPDATE o2c.journal j SET next_attempt_at = 'infinity'
WHERE j.state = 'intent' AND j.next_attempt_at < 'infinity' AND j.external_id = j.stripe_id
  AND j.document IN ('invoice', 'customerPayment', 'creditMemo') AND EXISTS (
      SELECT FROM ({_THEIR_CUSTOMER.format(r="j")}) c JOIN o2c.netsuite_documents d
      ON {_FITS.format(r="j", total="j.amount_minor", day="j.effective_date")})
RETURNING j.id"""

# The objects that a document holds up, by the newest plan.
_HELD = f"""
SELECT e.stripe_id, e.partition_date FROM o2c.plan_entries e
WHERE e.outcome = 'refused' AND e.code = 'LOOKS_ENTERED' AND e.document = d.document AND e.currency = d.currency
  AND e.amount_minor = d.total_minor
  AND (d.document = 'deposit' OR d.entity_id IN ({_THEIR_CUSTOMER.format(r="e")})) ORDER BY 1"""

_UNLINKED = f"""
SELECT d.id, d.document, d.tranid, d.trandate, n.external_id, d.currency, d.total_minor, h.ids, u.reason, u.decided_by
FROM o2c.netsuite_documents d LEFT JOIN o2c.netsuite_customers n ON n.id = d.entity_id
LEFT JOIN o2c.unrelated_documents u ON u.netsuite_id = d.id
CROSS JOIN LATERAL (SELECT coalesce(array_agg(stripe_id), '{{}}') AS ids FROM ({_HELD}) held) h
WHERE d.stripe_ref IS NULL AND d.deleted_at IS NULL AND NOT d.voided
  AND (EXISTS (SELECT FROM o2c.customers k WHERE k.id = n.external_id) OR h.ids <> '{{}}')
  AND (u.netsuite_id IS NOT NULL) = %(dismissed)s
  AND NOT EXISTS (SELECT FROM o2c.paid_by_name b WHERE b.netsuite_id = d.id)
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
    names = ("ids", "customers", "documents", "currencies", "totals", "days")
    found: dict[str, LookAlike] = {}
    for statement, subjects in ((_LIKE, _subjects(rows)), (_DEPOSITS, _payouts(rows))):
        columns = list(zip(*subjects, strict=True))
        if columns:
            asked: dict[str, Any] = {name: list(column) for name, column in zip(names, columns, strict=True)}
            cursor.execute(sql(statement), {**asked, "within": within_days})
            every: Iterable[Any] = cursor.fetchall()
            found |= {row[0]: LookAlike(*row[1:]) for row in every}
    return found


def _payouts(rows: Rows) -> Iterable[Subject]:
    for payout in rows.payouts:
        if payout.amount_minor > 0:
            yield payout.id, None, "deposit", payout.currency, payout.amount_minor, payout.arrival_date


def _subjects(rows: Rows) -> Iterable[Subject]:
    yield from _documents(rows)
    for history in rows.histories:
        customer = history.payment.customer_id
        events: list[RefundRow | DisputeRow] = [*history.refunds, *history.disputes]
        for row in events:
            day = row.refund_date if isinstance(row, RefundRow) else row.withdrawn_date
            if customer:
                yield row.id, customer, "customerRefund", row.currency, row.amount_minor, day
                yield credit_memo_key(row.id), customer, "creditMemo", row.currency, row.amount_minor, day


def _documents(rows: Rows) -> Iterable[Subject]:
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
    for moved in rows.adjustments:
        memo = balance_given_key(moved.id), moved.customer_id, "creditMemo", moved.currency, -moved.amount_minor
        bill = balance_charged_key(moved.id), moved.customer_id, "invoice", moved.currency, moved.amount_minor
        yield (*(memo if moved.amount_minor < 0 else bill), moved.day)


class NotApart(Exception):
    """A document of which nobody can say that nothing in Stripe stands behind it: `object_id` does."""

    def __init__(self, object_id: str) -> None:
        super().__init__(object_id)
        self.object_id = object_id


def held_by(engine: Engine, netsuite_id: int) -> list[tuple[str, date]]:
    """Objects that this document holds up, each with its day (UTC), by which it is planned."""
    with reading_cursor(engine) as cursor:
        statement = f"SELECT h.* FROM o2c.netsuite_documents d CROSS JOIN LATERAL ({_HELD}) h WHERE d.id = %(id)s"
        cursor.execute(sql(statement), {"id": netsuite_id})
        rows: Iterable[Any] = cursor.fetchall()
        return [(str(row[0]), row[1]) for row in rows]


def tell_apart(engine: Engine, netsuite_id: int, reason: str, by: str) -> str | None:
    """A person says that this document is nobody's in Stripe: its type, None for one that is not known.

    It holds nothing up any more and is no gap. Raises NotApart for one that names a Stripe object, or that we wrote.
    """
    with raw_cursor(engine) as cursor:
        cursor.execute(
            """SELECT d.document, coalesce(d.stripe_ref, j.external_id) FROM o2c.netsuite_documents d
               LEFT JOIN o2c.journal j ON j.netsuite_id = d.id AND j.document = d.document
               WHERE d.id = %s AND d.deleted_at IS NULL LIMIT 1""",
            (netsuite_id,),
        )
        row: Any = cursor.fetchone()
        if row is None:
            return None
        if row[1] is not None:
            raise NotApart(row[1])
        cursor.execute(sql(_TELL), {"id": netsuite_id, "reason": reason, "by": by})
        cursor.execute("INSERT INTO o2c.dirty (key) VALUES (%s)", (f"ns:{netsuite_id}",))
        audit.record(cursor, actor.current(), "document_unrelated", str(netsuite_id), reason, after={"by": by})
        return str(row[0])


@dataclass(frozen=True)
class Unlinked:
    """A document of a Stripe customer that names no Stripe object; `reason` and `by` if a person dismissed it.

    `date` is NetSuite's, amounts are minor units, `holds_up` the objects whose documents wait because of it.
    """

    netsuite_id: int
    document: str
    number: str | None
    date: date
    customer_id: str | None
    currency: str
    amount_minor: int
    holds_up: list[str]
    reason: str | None = None
    by: str | None = None


def unlinked(engine: Engine, *, dismissed: bool) -> list[Unlinked]:
    """Those that nobody has said anything about, or those that were dismissed; oldest first."""
    with reading_cursor(engine) as cursor:
        cursor.execute(sql(_UNLINKED), {"dismissed": dismissed})
        rows: Iterable[Any] = cursor.fetchall()
        return [Unlinked(*row) for row in rows]
