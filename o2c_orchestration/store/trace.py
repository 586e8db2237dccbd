"""One object through every stage: when it was read, validated, planned, written, read back, compared."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.store.database import raw_cursor

_RELATED = """
WITH RECURSIVE related (id) AS (
    SELECT %(id)s::text
    UNION
    SELECT found.id FROM related r CROSS JOIN LATERAL (
        SELECT ip.invoice_id AS id FROM o2c.invoice_payments ip JOIN o2c.payments p
          ON p.payment_intent = ip.payment_intent OR p.id = ip.charge_id WHERE p.id = r.id
        UNION SELECT p.id FROM o2c.invoice_payments ip JOIN o2c.payments p
          ON p.payment_intent = ip.payment_intent OR p.id = ip.charge_id WHERE ip.invoice_id = r.id
        UNION SELECT stripe_ref FROM o2c.netsuite_documents WHERE id::text = r.id AND stripe_ref IS NOT NULL
    ) found)
SELECT id FROM related"""

_STEPS = """
SELECT at, stage, id, what FROM (
    SELECT read_at AS at, 'extract' AS stage, id, 'read ' || object || ' (' || coalesce(status, '') || '), payload '
           || left(encode(payload_hash, 'hex'), 12) AS what FROM o2c.stripe_objects WHERE id = ANY(%(ids)s)
    UNION ALL SELECT validated_at, 'validate', id, 'invoice ' || coalesce(number, '') || ' accepted: ' || status
        || ', ' || total_minor || ' ' || currency || ' minor units' FROM o2c.invoices WHERE id = ANY(%(ids)s)
    UNION ALL SELECT validated_at, 'validate', id, 'payment accepted: ' || status || ', ' || amount_minor || ' '
        || currency || ' minor units' FROM o2c.payments WHERE id = ANY(%(ids)s)
    UNION ALL SELECT last_seen_at, 'validate', id, 'in quarantine: ' || reason FROM o2c.quarantine
        WHERE id = ANY(%(ids)s) AND released_at IS NULL
    UNION ALL SELECT planned_at, 'plan', stripe_id, outcome || ' ' || document || ': ' || reason
        FROM o2c.plan_entries WHERE stripe_id = ANY(%(ids)s)
    UNION ALL SELECT h.at, CASE WHEN h.note LIKE 'planned%%' THEN 'plan' ELSE 'apply' END, j.stripe_id,
        j.document || ' ' || h.state || ': ' || h.note
        FROM o2c.journal j JOIN o2c.journal_history h ON h.journal_id = j.id WHERE j.stripe_id = ANY(%(ids)s)
    UNION ALL SELECT coalesce(t.answered_at, t.sent_at), 'apply', j.stripe_id, j.document || ' request ' || t.attempt
        || ': ' || t.outcome || coalesce(', HTTP ' || t.status, '') || coalesce(', ' || t.code, '')
        || coalesce(', sent at ' || to_char(t.sent_at AT TIME ZONE 'UTC', 'HH24:MI:SS.MS'), ', never sent')
        FROM o2c.journal j JOIN o2c.journal_attempts t ON t.journal_id = j.id
        WHERE j.stripe_id = ANY(%(ids)s) AND t.outcome <> 'done' AND coalesce(t.answered_at, t.sent_at) IS NOT NULL
    UNION ALL SELECT read_at, 'mirror', stripe_ref, 'NetSuite ' || document || ' ' || id || ' ' || coalesce(tranid, '')
        || ', linked by ' || linked_by || ': ' || total_minor || ' ' || currency || ' minor units, '
        || remaining_minor || ' left' || CASE WHEN deleted_at IS NULL THEN '' ELSE ', deleted in NetSuite' END
        FROM o2c.netsuite_documents WHERE stripe_ref = ANY(%(ids)s)
    UNION ALL SELECT first_seen_at, 'reconcile', stripe_id, 'gap ' || kind || ' opened: ' || reason
        FROM o2c.gaps WHERE stripe_id = ANY(%(ids)s)
    UNION ALL SELECT resolved_at, 'reconcile', stripe_id, 'gap ' || kind || ' resolved'
        FROM o2c.gaps WHERE stripe_id = ANY(%(ids)s) AND resolved_at IS NOT NULL
) steps ORDER BY at, array_position(ARRAY['extract', 'validate', 'plan', 'apply', 'mirror', 'reconcile'], stage)"""


@dataclass(frozen=True)
class Step:
    """Something that happened to an object, at a time (UTC)."""

    at: datetime
    stage: str
    id: str
    what: str


def trace(engine: Engine, key: str) -> list[Step]:
    """Every step of a Stripe object, its payments or invoices, and its documents, in order of time.

    `key` is a Stripe id or a NetSuite internal id. Empty when nothing is known of it.
    """
    with raw_cursor(engine) as cursor:
        cursor.execute(_RELATED, {"id": key})
        ids = [str(row[0]) for row in cursor.fetchall()]
        cursor.execute(_STEPS, {"ids": ids})
        rows: Sequence[Any] = cursor.fetchall()
        return [Step(*row) for row in rows]
