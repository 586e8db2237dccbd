"""What must hold at any moment in production, whatever failed before: the same functions that the tests ask.

Each returns the objects that break it, at most `LIMIT` of them, with what to do. An empty list: it holds. A gap is a
difference between two books and somebody's daily work; one of these is a fault of this system, or of a hand that
went past it.

All of them read narrow columns or partial indexes; docs/performance.md has the figures.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.domain.documents import DEAL_DOCUMENTS
from o2c_orchestration.domain.policy import CERTAIN_AFTER_SECONDS
from o2c_orchestration.store import audit
from o2c_orchestration.store.bulk import sql
from o2c_orchestration.store.database import raw_cursor
from o2c_orchestration.store.ledger import LEDGER_CURSOR
from o2c_orchestration.store.orders import ORDERS_CURSOR

LIMIT = 100
# Our clock and the database's may differ, and a search of NetSuite may trail its records.
CLOCK_GRACE = timedelta(seconds=60)


@dataclass(frozen=True)
class Violation:
    """An object that breaks an invariant: its id, what is wrong with it, and what a person does now."""

    object: str
    what: str
    to_do: str


# A document that NetSuite deleted since is still in the mirror, marked so: that is a gap, not an orphan.
_WRITTEN_AND_NOWHERE = """
SELECT j.external_id, j.document || ' ' || j.netsuite_id || ' was written or adopted at '
       || to_char(j.answered_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI')
       || ' UTC; the ledger was read since and does not show it',
       'look in NetSuite for internal id ' || j.netsuite_id || '; then run its day again: the mirror may lack it'
FROM o2c.journal j
LEFT JOIN o2c.netsuite_documents d ON d.id = j.netsuite_id AND j.document <> 'customer'
LEFT JOIN o2c.netsuite_customers c ON c.id = j.netsuite_id AND j.document = 'customer'
WHERE j.state = 'done' AND d.id IS NULL AND c.id IS NULL AND NOT j.document = ANY(%(deals)s)
  AND j.document NOT IN ('customerSubsidiaryRelationship', 'customerCurrency', 'customerField')
  AND j.answered_at < (SELECT value::timestamptz FROM o2c.cursors WHERE name = %(cursor)s) - %(grace)s
ORDER BY j.id LIMIT %(limit)s"""

_ORDERED_AND_NOWHERE = """
SELECT j.external_id, 'salesOrder ' || j.netsuite_id || ' was written or adopted at '
       || to_char(j.answered_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI')
       || ' UTC; orders were read since, and it is not among them',
       'look in NetSuite for internal id ' || j.netsuite_id || '; then run again: the mirror may lack it'
FROM o2c.journal j
WHERE j.state = 'done' AND j.document = 'salesOrder'
  AND NOT EXISTS (SELECT FROM o2c.sales_orders s WHERE s.id = j.netsuite_id)
  AND j.answered_at < (SELECT value::timestamptz FROM o2c.cursors WHERE name = %(orders)s) - %(grace)s
ORDER BY j.id LIMIT %(limit)s"""

_LEFT_LYING = """
SELECT external_id, CASE state WHEN 'sent' THEN 'sent, and its lease ran out at ' ELSE 'unknown, and due since ' END
       || to_char(coalesce(lease_until, next_attempt_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC',
       'nobody looks it up: see that the daemon runs and NetSuite answers, then run `o2c apply`'
FROM o2c.journal
WHERE state = 'sent' AND lease_until < clock_timestamp() - %(limit_age)s
   OR state = 'unknown' AND next_attempt_at < clock_timestamp() - %(limit_age)s
ORDER BY id LIMIT %(limit)s"""

_NOTHING_TO_LEAN_ON = """
SELECT j.external_id, 'leans on ' || needed.external_id || ', which neither journal nor ledger knows',
       'run the day on which ' || needed.external_id || ' was created, so that it is planned; then `o2c plan`'
FROM o2c.journal j CROSS JOIN LATERAL unnest(j.depends_on) AS needed (external_id)
WHERE j.state IN ('intent', 'sent', 'unknown')
  AND NOT EXISTS (SELECT FROM o2c.journal n WHERE n.external_key = lower(needed.external_id))
  AND NOT EXISTS (SELECT FROM o2c.netsuite_documents d WHERE d.stripe_ref = needed.external_id)
  AND NOT EXISTS (SELECT FROM o2c.netsuite_customers c WHERE lower(c.external_id) = lower(needed.external_id))
  AND NOT EXISTS (SELECT FROM o2c.stripe_metadata m JOIN o2c.netsuite_customers c ON c.id = m.netsuite_id
                  WHERE m.stripe_id = needed.external_id AND m.name = 'netsuite_customer_id')
ORDER BY j.id LIMIT %(limit)s"""

# NetSuite folds case, and keeps one namespace for all transactions and another for customers.
_DOUBLED = """
SELECT min(external_id), count(*) || ' ' || kind || ' in NetSuite carry it: ' || string_agg(id::text, ', ' ORDER BY id),
       'void all but one in NetSuite, and find out who wrote the others'
FROM (
    SELECT 'documents' AS kind, id, external_id FROM o2c.netsuite_documents
    WHERE external_id IS NOT NULL AND deleted_at IS NULL AND NOT voided
    UNION ALL SELECT 'customers', id, external_id FROM o2c.netsuite_customers
    WHERE external_id IS NOT NULL AND NOT inactive) every
GROUP BY kind, lower(external_id) HAVING count(*) > 1
ORDER BY 1 LIMIT %(limit)s"""

_APPLIED = """
WITH living AS (
    SELECT a.payment_id, a.invoice_id, a.amount_minor FROM o2c.netsuite_applications a
    JOIN o2c.netsuite_documents p ON p.id = a.payment_id AND p.deleted_at IS NULL AND NOT p.voided
    JOIN o2c.netsuite_documents i ON i.id = a.invoice_id AND i.deleted_at IS NULL AND NOT i.voided),
used AS (
    SELECT payment_id AS id, sum(amount_minor) AS applied FROM living GROUP BY 1
    UNION ALL SELECT invoice_id, sum(amount_minor) FROM living GROUP BY 1)
SELECT coalesce(d.stripe_ref, 'ns:' || d.id),
       d.document || ' ' || d.id || ' of ' || d.total_minor || ' '
       || d.currency || ' minor units has ' || u.applied || ' applied',
       'take one application back in NetSuite, until what is applied is what was invoiced and paid'
FROM used u JOIN o2c.netsuite_documents d USING (id)
WHERE u.applied > d.total_minor ORDER BY d.id LIMIT %(limit)s"""

# Linking by number happens after a plan was kept, and is no fault of the plan.
_PLANNED_AGAIN = """
SELECT DISTINCT ON (external_id) external_id,
       'planned at ' || to_char(planned_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC, but ' || before,
       'do not apply; run `o2c plan`, and report it if the document is planned still'
FROM (
    SELECT e.external_id, e.planned_at,
           'written or adopted before as ' || coalesce(j.netsuite_id::text, j.written_id) AS before
    FROM o2c.plan_entries e JOIN o2c.journal j ON j.external_key = e.external_key
    WHERE e.outcome = 'write' AND j.state = 'done' AND j.answered_at < e.planned_at - %(grace)s
    UNION ALL
    SELECT e.external_id, e.planned_at, 'NetSuite held it before as ' || d.id
    FROM o2c.plan_entries e JOIN o2c.netsuite_documents d ON d.stripe_ref = e.external_id AND d.document = e.document
    WHERE e.outcome = 'write' AND d.deleted_at IS NULL AND d.linked_by NOT IN ('number', 'metadata')
      AND d.read_at < e.planned_at - %(grace)s
    UNION ALL
    SELECT e.external_id, e.planned_at, 'NetSuite held it before as ' || c.id
    FROM o2c.plan_entries e JOIN o2c.netsuite_customers c ON c.external_id = e.external_id
    WHERE e.outcome = 'write' AND e.document = 'customer' AND c.read_at < e.planned_at - %(grace)s) again
ORDER BY external_id LIMIT %(limit)s"""

_MIRROR_READ = """
SELECT (SELECT value::timestamptz FROM o2c.cursors WHERE name = %(cursor)s),
       EXISTS (SELECT FROM o2c.journal WHERE state = 'done') OR EXISTS (SELECT FROM o2c.netsuite_documents)"""


def journal_has_no_orphans(
    engine: Engine,
    *,
    limit_seconds: float = CERTAIN_AFTER_SECONDS,
    grace: timedelta = CLOCK_GRACE,
) -> list[Violation]:
    """Every written document is in the mirror or younger than it; nothing sent lies about; nothing leans on nothing.

    `limit_seconds`: how long after its lease, or after it fell due, a row may wait for its look-up.
    """
    values = {
        "cursor": LEDGER_CURSOR,
        "orders": ORDERS_CURSOR,
        "deals": list(DEAL_DOCUMENTS),
        "limit_age": timedelta(seconds=limit_seconds),
        "grace": grace,
    }
    found = []
    for statement in (_WRITTEN_AND_NOWHERE, _ORDERED_AND_NOWHERE, _LEFT_LYING, _NOTHING_TO_LEAN_ON):
        found += _ask(engine, statement, values)
    return found[:LIMIT]


def one_document_per_key(engine: Engine) -> list[Violation]:
    """No external id is carried by two living documents, or by two customers, of the mirror."""
    return _ask(engine, _DOUBLED, {})


def applied_within_total(engine: Engine) -> list[Violation]:
    """No payment pays more than it brought, no invoice is paid more than it asks: as the mirror shows them."""
    return _ask(engine, _APPLIED, {})


def settled_is_not_planned(engine: Engine, *, grace: timedelta = CLOCK_GRACE) -> list[Violation]:
    """The kept plan asks for no document that was written, adopted or seen in the ledger before it was planned."""
    return _ask(engine, _PLANNED_AGAIN, {"grace": grace})


def mirror_keeps_its_promise(engine: Engine, max_age: timedelta, now: datetime | None = None) -> list[Violation]:
    """The ledger was read within `max_age`; a store that holds nothing of it yet has promised nothing."""
    with raw_cursor(engine) as cursor:
        cursor.execute(_MIRROR_READ, {"cursor": LEDGER_CURSOR})
        row = cursor.fetchone()
    read_at, in_use = row or (None, False)
    if read_at is None:
        what = "NetSuite's documents are known, but when they were read is not"
        return [Violation("netsuite ledger", what, "run `o2c run`")] if in_use else []
    age = (now or datetime.now(UTC)) - read_at
    if age <= max_age:
        return []
    what = f"read {_hours(age)} ago; promised: at most {_hours(max_age)} (netsuite.mirror_max_age_minutes)"
    return [Violation("netsuite ledger", what, "see why the hourly sweep does not run or NetSuite does not answer")]


def _hours(span: timedelta) -> str:
    return f"{span.total_seconds() / 3600:.1f} h"


def audit_chain_is_intact(engine: Engine) -> list[Violation]:
    """What was appended to the audit trail since the last look is unbroken, and so is where that look ended."""
    broken = audit.verify_new(engine).broken
    if broken is None:
        return []
    to_do = "run `o2c verify-chain`; compare with the heads of earlier digests; ask who had the owner's login"
    return [Violation(f"audit {broken.seq}", broken.what, to_do)]


def _ask(engine: Engine, statement: str, values: Mapping[str, Any]) -> list[Violation]:
    with raw_cursor(engine) as cursor:
        # Compiling these costs more than running them.
        cursor.execute("SET LOCAL jit = off")
        cursor.execute(sql(statement), {**values, "limit": LIMIT})
        return [Violation(str(row[0]), str(row[1]), str(row[2])) for row in cursor.fetchall()]
