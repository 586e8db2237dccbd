"""Which balance transactions make up a payout, and the objects that refunds, disputes and payouts point to."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Engine

from o2c_orchestration.store.database import raw_cursor, reading_cursor

# What a document's planner needs to know, and is not there yet. A source that has no documents (a top-up, a transfer)
# is not asked for.
_MISSING = """
SELECT ref FROM (
    SELECT invoice_id AS ref FROM o2c.credit_notes
    UNION SELECT charge_id FROM o2c.refunds
    UNION SELECT charge_id FROM o2c.disputes
    UNION SELECT failure_transaction FROM o2c.refunds
    UNION SELECT failure_transaction FROM o2c.payouts
    UNION SELECT t.source_id FROM o2c.payout_members m JOIN o2c.balance_transactions t ON t.id = m.transaction_id
    UNION SELECT o2c.stripe_id_of(stripe_ref) FROM o2c.netsuite_documents
          WHERE deleted_at IS NULL AND stripe_ref IS NOT NULL
            AND (document NOT IN ('invoice', 'customerPayment') OR stripe_ref ~ '^[a-z][a-z]-')
) refs
WHERE ref IS NOT NULL
  AND NOT EXISTS (SELECT FROM o2c.stripe_objects o WHERE o.id = ref)
  AND NOT EXISTS (SELECT FROM o2c.stripe_absent a WHERE a.id = ref) ORDER BY ref"""

_OBJECTS = {
    "cus": "customer",
    "in": "invoice",
    "ch": "charge",
    "py": "charge",
    "re": "refund",
    "pyr": "refund",
    "dp": "dispute",
    "du": "dispute",
    "cn": "credit_note",
    "txn": "balance_transaction",
    "po": "payout",
}


def object_type_of(stripe_id: str) -> str | None:
    """The type of the object that an id is of, by its prefix; None for what no document is made of."""
    return _OBJECTS.get(stripe_id.split("_", 1)[0])


def payouts_to_read(engine: Engine, first: date, last: date) -> list[str]:
    """Automatic payouts created in [first, last] (UTC days) that are complete and whose members are not known.

    Those whose known members do not add up to them are read again.
    """
    with reading_cursor(engine) as cursor:
        cursor.execute(
            """SELECT id FROM o2c.payouts p
               WHERE created_at >= %s::date AND created_at < %s::date + 1
                 AND automatic AND reconciliation = 'completed'
                 AND (NOT EXISTS (SELECT FROM o2c.payouts_read r WHERE r.payout_id = p.id)
                      OR amount_minor <> (
                          SELECT coalesce(sum(b.net_minor), 0) FROM o2c.payout_members m
                          JOIN o2c.balance_transactions b ON b.id = m.transaction_id
                          WHERE m.payout_id = p.id AND NOT (b.type = 'payout' AND b.source_id = p.id)))
               ORDER BY id""",
            (first, last),
        )
        return [str(row[0]) for row in cursor.fetchall()]


def record_members(engine: Engine, payout: str, transactions: Sequence[str], read_at: datetime) -> None:
    """Record what a complete payout consists of (its own transaction may be among them), in one transaction."""
    with raw_cursor(engine) as cursor:
        cursor.execute("DELETE FROM o2c.payout_members WHERE payout_id = %s", (payout,))
        cursor.execute(
            """INSERT INTO o2c.payout_members SELECT DISTINCT unnest(%s::text[]), %s
               ON CONFLICT (transaction_id) DO UPDATE SET payout_id = excluded.payout_id""",
            (list(transactions), payout),
        )
        cursor.execute(
            """INSERT INTO o2c.payouts_read VALUES (%s, %s)
               ON CONFLICT (payout_id) DO UPDATE SET read_at = excluded.read_at""",
            (payout, read_at),
        )
        cursor.execute("INSERT INTO o2c.dirty (key) VALUES (%s)", (payout,))


def missing_references(engine: Engine) -> dict[str, list[str]]:
    """Ids that credit notes, refunds, disputes, payouts or the ledger point to and the store lacks, by object type."""
    with reading_cursor(engine) as cursor:
        cursor.execute(_MISSING)
        found: dict[str, list[str]] = {}
        for (reference,) in cursor.fetchall():
            kind = object_type_of(str(reference))
            if kind:
                found.setdefault(kind, []).append(str(reference))
        return found
