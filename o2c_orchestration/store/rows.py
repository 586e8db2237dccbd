"""Validated rows: what is pending, how a validated batch goes in, and how the planner reads it back."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.domain.policy import MAIN
from o2c_orchestration.domain.stored import STORED, fields_of
from o2c_orchestration.store import mapped, metadata
from o2c_orchestration.store.bulk import Cursor, sql, stage
from o2c_orchestration.store.database import raw_cursor, reading_cursor
from o2c_orchestration.store.ledger import link_by_number

_SQL: dict[type, str] = {
    **{str: "text", int: "bigint", bool: "boolean", date: "date", datetime: "timestamptz"},
    **{list: "json", dict: "json"},
}
# Table → its columns as SQL, in staging order.
_COLUMNS = {
    table: ", ".join(f"{each.name} {_SQL[each.type]}" for each in fields_of(row)) for table, row in STORED.items()
}

# Wide values lie in a table of their own, so that comparing invoices touches narrow rows only.
_ASIDE = """
INSERT INTO o2c.invoice_lines (invoice_id, lines) SELECT id, lines FROM staged
ON CONFLICT (invoice_id) DO UPDATE SET lines = excluded.lines"""

# A newer payload may have come, or another process may have validated this one, since the batch was read. In the order
# of ids, as the gate locks them: so nobody waits for each other.
_OVERTAKEN = """
WITH current AS MATERIALIZED (
    SELECT o.id FROM o2c.stripe_objects o JOIN judged j ON j.id = o.id AND j.hash = o.payload_hash
    WHERE o.validated_hash IS DISTINCT FROM j.hash ORDER BY o.id FOR NO KEY UPDATE OF o)
DELETE FROM judged j WHERE NOT EXISTS (SELECT FROM current c WHERE c.id = j.id) RETURNING j.id"""

# What reconciliation has to look at again when a row of this table changed.
_DIRTY = {
    "customers": """SELECT i.id FROM o2c.invoices i JOIN staged s ON i.customer_id = s.id UNION
        SELECT 'ns:' || d.id FROM staged s JOIN o2c.netsuite_customers c ON c.external_id = s.id
        JOIN o2c.netsuite_documents d ON d.entity_id = c.id WHERE d.stripe_ref IS NULL""",
    "invoices": """SELECT id FROM staged UNION
        SELECT n.id FROM o2c.credit_notes n JOIN staged s ON s.id = n.invoice_id""",
    **dict.fromkeys(("prices", "coupons", "discounts"), "SELECT id FROM staged WHERE false"),
    "payments": """SELECT id FROM staged UNION
        SELECT ip.invoice_id FROM o2c.invoice_payments ip JOIN staged s USING (payment_intent) UNION
        SELECT r.id FROM o2c.refunds r JOIN staged s ON s.id = r.charge_id UNION
        SELECT d.id FROM o2c.disputes d JOIN staged s ON s.id = d.charge_id""",
    "invoice_payments": """SELECT invoice_id FROM staged UNION
        SELECT charge_id FROM staged WHERE charge_id IS NOT NULL UNION
        SELECT p.id FROM o2c.payments p JOIN staged s USING (payment_intent)""",
    "credit_notes": "SELECT id FROM staged UNION SELECT invoice_id FROM staged",
    "refunds": "SELECT id FROM staged",
    "disputes": "SELECT id FROM staged",
    "balance_transactions": """SELECT r.id FROM o2c.refunds r JOIN staged s ON s.id = r.failure_transaction UNION
        SELECT p.id FROM o2c.payouts p JOIN staged s ON s.id = p.failure_transaction UNION
        SELECT m.payout_id FROM o2c.payout_members m JOIN staged s ON s.id = m.transaction_id""",
    "customer_balance_transactions": "SELECT id FROM staged",
    "payouts": "SELECT id FROM staged",
}


@dataclass(frozen=True)
class Pending:
    """A stored object that has not been validated since it changed."""

    id: str
    payload: Any
    payload_hash: bytes
    read_at: datetime
    created_at: datetime
    account: str = MAIN


@dataclass(frozen=True)
class Rejected:
    """A stored object that failed validation."""

    id: str
    reason: str


@dataclass
class Named:
    """What lines of invoices name: prices, and discounts with an invoice that has them."""

    prices: set[str] = field(default_factory=set)
    discounts: dict[str, str] = field(default_factory=dict)


_NOTHING_NAMED = Named()


def columns(table: str) -> list[str]:
    """Column names of a validated table, in staging order."""
    return [each.name for each in fields_of(STORED[table])]


_PENDING = """
SELECT id, payload, payload_hash, read_at, created_at, account FROM o2c.stripe_objects
WHERE object = %(object)s AND validated_hash IS DISTINCT FROM payload_hash AND {further}
ORDER BY created_at, id LIMIT %(limit)s"""


def pending(engine: Engine, object_type: str, limit: int, after: Pending | None = None) -> list[Pending]:
    """Up to `limit` stored objects of one type that wait for validation, oldest first; `after`: those behind it."""
    further = "true" if after is None else "(created_at, id) > (%(created_at)s, %(id)s)"
    given: dict[str, Any] = {"object": object_type, "limit": limit}
    given |= {} if after is None else {"created_at": after.created_at, "id": after.id}
    with reading_cursor(engine) as cursor:
        cursor.execute(sql(_PENDING.format(further=further)), given)
        return [Pending(*row) for row in cursor.fetchall()]


def all_pending(engine: Engine, object_type: str, limit: int) -> Iterator[list[Pending]]:
    """Batches of what waits for validation, until nothing does. Whoever takes a batch marks it done before the next.

    Each is looked for behind the one before: from the beginning all that is done already would be passed over again.
    """
    after: Pending | None = None
    while True:
        batch = pending(engine, object_type, limit, after)
        if batch:
            yield batch
        elif after is None:
            return
        # What has changed meanwhile may lie before it.
        after = batch[-1] if batch else None


def accept(
    engine: Engine,
    table: str,
    rows: Iterable[Sequence[Any]],
    rejected: Sequence[Rejected],
    batch: Sequence[Pending],
    named: Named = _NOTHING_NAMED,
) -> None:
    """One transaction: validated rows in, failed ones to quarantine, dirty keys noted, the batch marked done.

    `named` is what lines of these rows name.
    """
    with raw_cursor(engine) as cursor:
        stage(cursor, "staged", _COLUMNS[table], rows)
        _set_overtaken_aside(cursor, batch)
        cursor.execute(sql(_upsert(table)))
        if table == "invoices":
            cursor.execute(_ASIDE)
            link_by_number(cursor, "invoices")
        _keep_metadata(cursor, batch)
        _note_named(cursor, named)
        cursor.execute(sql(f"INSERT INTO o2c.dirty (key) {_DIRTY[table]}"))
        _quarantine(cursor, table, rejected)
        cursor.execute(
            """UPDATE o2c.quarantine q SET released_at = clock_timestamp(), outcome = 'passed',
                   released_by = o2c.audit_actor() FROM staged s
               WHERE q.source = 'stripe' AND q.id = s.id AND q.released_at IS NULL"""
        )
        cursor.execute("UPDATE o2c.stripe_objects o SET validated_hash = j.hash FROM judged j WHERE o.id = j.id")


def _keep_metadata(cursor: Cursor, batch: Sequence[Pending]) -> None:
    cursor.execute("SELECT id FROM judged")
    judged = {str(row[0]) for row in cursor.fetchall()}
    found = [note for item in batch if item.id in judged for note in metadata.notes(item.id, item.payload)]
    metadata.replace(cursor, sorted(judged), found)
    mapped.replace(cursor, sorted(judged), [mapped.note(item.id, item.payload) for item in batch if item.id in judged])


def _note_named(cursor: Cursor, named: Named) -> None:
    # In order, so that two batches that share prices wait for each other and never both at once.
    cursor.execute(
        "INSERT INTO o2c.prices_named SELECT unnest(%s::text[]) ON CONFLICT DO NOTHING", (sorted(named.prices),)
    )
    found = sorted(named.discounts.items())
    cursor.execute(
        "INSERT INTO o2c.discounts_named SELECT * FROM unnest(%s::text[], %s::text[]) ON CONFLICT DO NOTHING",
        ([discount for discount, _ in found], [invoice for _, invoice in found]),
    )


def _upsert(table: str) -> str:
    aside = {"lines"} if table == "invoices" else set()
    names = [name for name in columns(table) if name not in aside]
    updates = ", ".join(f"{name} = excluded.{name}" for name in names[1:])
    if table == "customers":
        # Of a deleted customer Stripe tells only the id; its day stays the one of its creation.
        kept = "created_at = CASE WHEN excluded.deleted THEN customers.created_at ELSE excluded.created_at END"
        updates = updates.replace("created_at = excluded.created_at", kept)
    return f"""INSERT INTO o2c.{table} ({", ".join(names)}) SELECT {", ".join(names)} FROM staged
               ON CONFLICT (id) DO UPDATE SET {updates}, validated_at = clock_timestamp()"""


def _quarantine(cursor: Cursor, table: str, rejected: Sequence[Rejected]) -> None:
    cursor.executemany(
        """INSERT INTO o2c.quarantine (source, object, id, reason, payload)
           SELECT 'stripe', object, id, %s, payload FROM o2c.stripe_objects JOIN judged USING (id) WHERE id = %s
           ON CONFLICT (source, object, id) DO UPDATE SET reason = excluded.reason,
               payload = excluded.payload, last_seen_at = clock_timestamp(), released_at = NULL, released_by = NULL,
               outcome = NULL, release_reason = NULL""",
        [(item.reason, item.id) for item in rejected],
    )


def _set_overtaken_aside(cursor: Cursor, batch: Sequence[Pending]) -> None:
    """Take out of `staged` what another payload or process has overtaken; the rest lies locked, in `judged`."""
    stage(cursor, "judged", "id text, hash bytea", ((item.id, item.payload_hash) for item in batch))
    cursor.execute(_OVERTAKEN)
    overtaken = [row[0] for row in cursor.fetchall()]
    cursor.execute("DELETE FROM staged WHERE id = ANY(%s)", (overtaken,))


def quarantined(engine: Engine, object_type: str, first: date, last: date) -> list[tuple[str, str]]:
    """(id, reason) of the objects created in [first, last] (UTC days) that are in quarantine."""
    with raw_cursor(engine) as cursor:
        cursor.execute(
            """SELECT q.id, q.reason FROM o2c.quarantine q JOIN o2c.stripe_objects o USING (id)
               WHERE q.object = %s AND q.released_at IS NULL
                 AND o.created_at >= %s::date AND o.created_at < %s::date + 1 ORDER BY q.id""",
            (object_type, first, last),
        )
        return [(str(row[0]), str(row[1])) for row in cursor.fetchall()]


def missing_references(engine: Engine) -> dict[str, list[str]]:
    """Ids that stored rows or the ledger point to and the store lacks, by Stripe object type.

    Pointers are: invoices and payments to customers, invoice payments to invoices, ledger documents to
    invoices and charges. Ids known to be absent from Stripe are left out.
    """
    with reading_cursor(engine) as cursor:
        cursor.execute(
            """SELECT ref FROM (
                 SELECT customer_id AS ref FROM o2c.invoices UNION SELECT customer_id FROM o2c.payments
                 UNION SELECT invoice_id FROM o2c.invoice_payments
                 UNION SELECT charge_id FROM o2c.invoice_payments
                 UNION SELECT stripe_ref FROM o2c.netsuite_documents WHERE deleted_at IS NULL
               ) refs
               WHERE ref IS NOT NULL
                 AND NOT EXISTS (SELECT FROM o2c.stripe_objects o WHERE o.id = ref)
                 AND NOT EXISTS (SELECT FROM o2c.stripe_absent a WHERE a.id = ref) ORDER BY ref"""
        )
        found: dict[str, list[str]] = {}
        for (reference,) in cursor.fetchall():
            kind = {"cus": "customer", "in": "invoice", "ch": "charge", "py": "charge"}.get(
                str(reference).split("_", 1)[0]
            )
            if kind:
                found.setdefault(kind, []).append(str(reference))
        return found


def payments_without_invoice_payment(engine: Engine, first: date, last: date) -> list[str]:
    """PaymentIntents of succeeded charges whose invoice payment is not known to be paid.

    Charges of [first, last], older ones that were refunded or disputed in these days, and those of any day that
    NetSuite has documents of: whatever it applied their payments to would be another invoice than none.

    One that was looked up and pays no invoice is not looked up again until its charge changes; if an invoice
    claims it later, the event of the invoice payment brings it.
    """
    with reading_cursor(engine) as cursor:
        cursor.execute(
            """WITH booked AS (SELECT DISTINCT stripe_ref AS ref FROM o2c.netsuite_documents
                                WHERE deleted_at IS NULL AND stripe_ref IS NOT NULL)
               SELECT DISTINCT p.payment_intent FROM (
                   SELECT * FROM o2c.payments WHERE created_at >= %(first)s::date AND created_at < %(last)s::date + 1
                   UNION ALL SELECT c.* FROM o2c.refunds r JOIN o2c.payments c ON c.id = r.charge_id
                   WHERE r.created_at >= %(first)s::date AND r.created_at < %(last)s::date + 1
                   UNION ALL SELECT c.* FROM o2c.disputes d JOIN o2c.payments c ON c.id = d.charge_id
                   WHERE d.created_at >= %(first)s::date AND d.created_at < %(last)s::date + 1
                   UNION ALL SELECT c.* FROM o2c.payments c JOIN booked ON ref = c.id
                   UNION ALL SELECT c.* FROM o2c.refunds r JOIN booked ON ref = r.id
                   JOIN o2c.payments c ON c.id = r.charge_id
                   UNION ALL SELECT c.* FROM o2c.disputes d JOIN booked ON ref = d.id
                   JOIN o2c.payments c ON c.id = d.charge_id) p
               WHERE p.status = 'succeeded' AND p.payment_intent IS NOT NULL
                 AND NOT EXISTS (SELECT FROM o2c.invoice_payments ip
                                 WHERE ip.payment_intent = p.payment_intent AND ip.status = 'paid')
                 AND NOT EXISTS (SELECT FROM o2c.stripe_absent a
                                 WHERE a.id = p.payment_intent AND a.looked_up_at > p.validated_at)
               ORDER BY 1""",
            {"first": first, "last": last},
        )
        return [str(row[0]) for row in cursor.fetchall()]


def stale_invoices(engine: Engine) -> list[str]:
    """Invoices that look unpaid although a paid invoice payment says otherwise: to be re-read."""
    with reading_cursor(engine) as cursor:
        cursor.execute(
            """SELECT i.id FROM o2c.invoices i
               JOIN (SELECT invoice_id, sum(amount_minor) AS paid FROM o2c.invoice_payments
                     WHERE status = 'paid' GROUP BY invoice_id) ip ON ip.invoice_id = i.id
               WHERE ip.paid > i.amount_paid_minor + i.overpaid_minor ORDER BY i.id"""
        )
        return [str(row[0]) for row in cursor.fetchall()]


def totals(engine: Engine, table: str, amount: str, first: date, last: date) -> list[tuple[str, int, int]]:
    """(currency, rows, sum of `amount` in minor units) of a validated table for created days [first, last]."""
    with raw_cursor(engine) as cursor:
        cursor.execute(
            sql(
                f"""SELECT currency, count(*), coalesce(sum({amount}), 0)::bigint FROM o2c.{table}
                    WHERE created_at >= %s::date AND created_at < %s::date + 1 GROUP BY 1 ORDER BY 1"""
            ),
            (first, last),
        )
        return [(str(row[0]), int(str(row[1])), int(str(row[2]))) for row in cursor.fetchall()]


def count(engine: Engine, table: str, first: date, last: date) -> int:
    """Rows of a validated table created on the days [first, last] (UTC)."""
    with raw_cursor(engine) as cursor:
        cursor.execute(
            sql(f"SELECT count(*) FROM o2c.{table} WHERE created_at >= %s::date AND created_at < %s::date + 1"),
            (first, last),
        )
        found: Sequence[Any] = cursor.fetchone() or (0,)
        return int(found[0])
