"""One object through every stage, with all that hangs together with it: from deal to payout and back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.domain.keys import stripe_id_of
from o2c_orchestration.store.bulk import sql
from o2c_orchestration.store.database import raw_cursor
from o2c_orchestration.store.unsettled import TOLD_VOID_SAYS
from o2c_orchestration.store.waiting import TOLD_VOID

# A payout is followed into so many of its balance transactions; how many it has is told in any case.
_MEMBERS_SHOWN = 200

# What hangs together. `way` keeps a trace to its own story, for every payment shares its payout with strangers:
# `all` goes everywhere and ends at payouts (`end`), a payout that was asked for goes back to its members (`back`).
_RELATED = """
WITH RECURSIVE related (id, way) AS (
    SELECT key, CASE WHEN starts_with(key, 'po_') THEN 'payout' ELSE 'all' END FROM unnest(%(start)s::text[]) key
    UNION
    SELECT found.id, found.way FROM related r CROSS JOIN LATERAL (
        SELECT ip.invoice_id AS id, r.way FROM o2c.invoice_payments ip JOIN o2c.payments p
          ON p.payment_intent = ip.payment_intent OR p.id = ip.charge_id
          WHERE p.id = r.id AND r.way IN ('all', 'back')
        UNION SELECT charge_id, r.way FROM o2c.refunds WHERE id = r.id AND r.way IN ('all', 'back')
        UNION SELECT charge_id, r.way FROM o2c.disputes WHERE id = r.id AND r.way IN ('all', 'back')
        UNION SELECT source_id, r.way FROM o2c.balance_transactions
          WHERE id = r.id AND r.way IN ('all', 'back') AND NOT starts_with(source_id, 'po_')
        UNION SELECT p.id, r.way FROM o2c.invoice_payments ip JOIN o2c.payments p
          ON p.payment_intent = ip.payment_intent OR p.id = ip.charge_id WHERE ip.invoice_id = r.id AND r.way = 'all'
        UNION SELECT id, r.way FROM o2c.credit_notes WHERE invoice_id = r.id AND r.way = 'all'
        UNION SELECT invoice_id, r.way FROM o2c.credit_notes WHERE id = r.id AND r.way = 'all'
        UNION SELECT id, r.way FROM o2c.refunds WHERE charge_id = r.id AND r.way = 'all'
        UNION SELECT id, r.way FROM o2c.disputes WHERE charge_id = r.id AND r.way = 'all'
        UNION SELECT id, r.way FROM o2c.balance_transactions WHERE source_id = r.id AND r.way = 'all'
        UNION SELECT payout_id, 'end' FROM o2c.payout_members WHERE transaction_id = r.id AND r.way IN ('all', 'own')
        UNION (SELECT m.transaction_id, 'back' FROM o2c.payout_members m WHERE m.payout_id = r.id AND r.way = 'payout'
               ORDER BY 1 LIMIT %(members)s)
        UNION SELECT id, 'own' FROM o2c.balance_transactions WHERE source_id = r.id AND r.way = 'payout'
        UNION SELECT value, 'end' FROM o2c.stripe_metadata
          WHERE stripe_id = r.id AND name IN ('salesforce_opportunity_id', 'salesforce_order_id') AND r.way = 'all'
        UNION SELECT stripe_id, r.way FROM o2c.stripe_metadata
          WHERE value = r.id AND r.way = 'all'
            AND name IN ('salesforce_opportunity_id', 'salesforce_order_id', 'salesforce_account_id')
        UNION SELECT parent_id, 'end' FROM o2c.shown_deals
          WHERE id = r.id AND object IN ('Opportunity', 'Order') AND r.way = 'all'
        UNION SELECT opportunity_id, 'end' FROM o2c.shown_deals
          WHERE id = r.id AND object = 'Order' AND r.way = 'all'
        UNION SELECT id, r.way FROM o2c.shown_deals
          WHERE object = 'Order' AND opportunity_id = r.id AND r.way = 'all'
        UNION SELECT written_id, 'end' FROM o2c.journal WHERE stripe_id = r.id AND r.way = 'all'
    ) found WHERE found.id IS NOT NULL)
SELECT DISTINCT id FROM related"""

# A person may ask by the ledger's id.
_NAMED = """
SELECT stripe_ref FROM o2c.netsuite_documents WHERE id::text = %(key)s AND stripe_ref IS NOT NULL
UNION SELECT external_id FROM o2c.sales_orders WHERE id::text = %(key)s AND external_id IS NOT NULL
UNION SELECT stripe_id FROM o2c.journal WHERE written_id = %(key)s"""

_ACCEPTED = """
    SELECT validated_at AS at, 'validate' AS stage, id, 'invoice ' || coalesce(number, '') || ' accepted: ' || status
        || ', ' || total_minor || ' ' || currency || ' minor units' AS what FROM o2c.invoices WHERE id = ANY(%(ids)s)
    UNION ALL SELECT validated_at, 'validate', id, 'payment accepted: ' || status || ', ' || amount_minor || ' '
        || currency || ' minor units' FROM o2c.payments WHERE id = ANY(%(ids)s)
    UNION ALL SELECT validated_at, 'validate', id, 'credit note on ' || invoice_id || ' accepted: ' || status || ', '
        || total_minor || ' ' || currency || ' minor units' FROM o2c.credit_notes WHERE id = ANY(%(ids)s)
    UNION ALL SELECT validated_at, 'validate', id, 'refund of ' || coalesce(charge_id, 'no charge') || ' accepted: '
        || status || ', ' || amount_minor || ' ' || currency || ' minor units'
        || CASE WHEN balance_transaction IS NULL THEN ', no money moved' ELSE '' END
        || CASE WHEN failure_transaction IS NULL THEN '' ELSE ', and the money came back' END
        FROM o2c.refunds WHERE id = ANY(%(ids)s)
    UNION ALL SELECT validated_at, 'validate', id, 'dispute of ' || coalesce(charge_id, 'no charge') || ' accepted: '
        || status || ', ' || amount_minor || ' ' || currency || ' minor units'
        || coalesce(', withdrawn on ' || withdrawn_date, ', no money moved')
        || coalesce(', came back on ' || reinstated_date, '') || coalesce(': ' || reinstated_minor || ' of it', '')
        FROM o2c.disputes WHERE id = ANY(%(ids)s)
    UNION ALL SELECT validated_at, 'validate', b.id, 'balance transaction accepted: ' || type || coalesce(' of '
        || source_id, '') || ', ' || amount_minor || ' less fees of ' || fee_minor || ' ' || currency || ' minor units'
        || coalesce(', in payout ' || m.payout_id, ', in no payout yet')
        FROM o2c.balance_transactions b LEFT JOIN o2c.payout_members m ON m.transaction_id = b.id
        WHERE b.id = ANY(%(ids)s)
    UNION ALL SELECT validated_at, 'validate', id, 'payout accepted: ' || status || ', ' || amount_minor || ' '
        || currency || ' minor units, arrives ' || arrival_date || CASE WHEN automatic THEN '' ELSE ', manual' END
        FROM o2c.payouts WHERE id = ANY(%(ids)s)
    UNION ALL SELECT o.read_at, 'validate', m.stripe_id, 'metadata says ' || m.name || ': ' || m.value
        FROM o2c.stripe_metadata m JOIN o2c.stripe_objects o ON o.id = m.stripe_id WHERE m.stripe_id = ANY(%(ids)s)
    UNION ALL SELECT last_seen_at, 'validate', id, 'in quarantine: ' || reason FROM o2c.quarantine
        WHERE id = ANY(%(ids)s) AND released_at IS NULL"""

_DEALS = """
    SELECT o.read_at, 'extract', o.id, 'read ' || o.object || ' '
        || coalesce(o.name, '') || coalesce(', ' || o.status, '')
        || coalesce(', ' || o.amount || ' ' || coalesce(o.currency, ''), '')
        || CASE WHEN o.deleted THEN ', deleted' ELSE '' END FROM o2c.shown_deals o WHERE o.id = ANY(%(ids)s)
    UNION ALL SELECT s.read_at, 'mirror', s.external_id, 'NetSuite salesOrder ' || s.id || ' ' || coalesce(s.tranid, '')
        || ', status ' || s.status || ': ' || s.total_minor || ' ' || s.currency || ' minor units'
        || CASE WHEN s.deleted_at IS NULL THEN '' ELSE ', deleted in NetSuite' END
        FROM o2c.sales_orders s WHERE s.external_id = ANY(%(ids)s)
    UNION ALL SELECT w.written_at, 'apply', w.key, w.object || CASE WHEN w.error_code IS NULL THEN ' told to Salesforce'
        ELSE ' not taken by Salesforce: ' || w.error_code || coalesce(', ' || w.error_detail, '') END
        FROM o2c.salesforce_written w WHERE w.key = ANY(%(ids)s)"""

# A document that is planned and leans on another one that cannot be written as things stand: the first of those.
_WAITS = """
    SELECT p.planned_at, 'plan', p.external_id, p.document || ' waits for ' || first.document || ' '
        || first.external_id || ': ' || first.why
        FROM o2c.shown_plan p CROSS JOIN LATERAL (
            SELECT n.document, n.external_id, n.reason AS why
            FROM json_array_elements_text(p.depends_on) needed
            JOIN o2c.shown_plan n ON n.external_key = lower(needed) AND n.outcome = 'refused'
            UNION ALL SELECT n.document, n.external_id, n.state || coalesce(', ' || n.error_detail, '')
            FROM json_array_elements_text(p.depends_on) needed
            JOIN o2c.journal n ON n.external_key = lower(needed)
                 AND n.state IN ('refused', 'dead', 'dropped', 'unknown')
            ORDER BY 2 LIMIT 1) first
        WHERE p.stripe_id = ANY(%(ids)s) AND p.outcome = 'write'"""
_TOLD_VOID = f"""
    SELECT j.planned_at, 'plan', j.external_id, j.document || ' waits: {TOLD_VOID_SAYS}'
        FROM o2c.shown_plan j WHERE j.stripe_id = ANY(%(ids)s) AND j.outcome = 'write' AND {TOLD_VOID}"""

_STEPS = f"""
SELECT at, stage, id, what FROM (
    SELECT read_at AS at, 'extract' AS stage, id, 'read ' || object || ' (' || coalesce(status, '') || '), payload '
           || left(encode(payload_hash, 'hex'), 12) AS what FROM o2c.stripe_objects WHERE id = ANY(%(ids)s)
    UNION ALL SELECT r.read_at, 'extract', r.payout_id, 'it consists of ' || count(m.transaction_id)
        || ' balance transactions' || CASE WHEN count(m.transaction_id) > %(members)s
                                           THEN ', of which a trace shows the first %(members)s' ELSE '' END
        FROM o2c.payouts_read r LEFT JOIN o2c.payout_members m USING (payout_id)
        WHERE r.payout_id = ANY(%(ids)s) GROUP BY r.payout_id, r.read_at
    UNION ALL {_ACCEPTED}
    UNION ALL SELECT planned_at, 'plan', external_id, outcome || ' ' || document || ': ' || reason
        FROM o2c.shown_plan WHERE stripe_id = ANY(%(ids)s)
    UNION ALL {_WAITS}
    UNION ALL {_TOLD_VOID}
    UNION ALL SELECT h.at, CASE WHEN h.note LIKE 'planned%%' THEN 'plan' ELSE 'apply' END, j.external_id,
        j.document || ' ' || h.state || ': ' || h.note
        FROM o2c.journal j JOIN o2c.journal_history h ON h.journal_id = j.id WHERE j.stripe_id = ANY(%(ids)s)
    UNION ALL SELECT coalesce(t.answered_at, t.sent_at), 'apply', j.external_id, j.document || ' request ' || t.attempt
        || ': ' || t.outcome || coalesce(', HTTP ' || t.status, '') || coalesce(', ' || t.code, '')
        || coalesce(', sent at ' || to_char(t.sent_at AT TIME ZONE 'UTC', 'HH24:MI:SS.MS'), ', never sent')
        FROM o2c.journal j JOIN o2c.journal_attempts t ON t.journal_id = j.id
        WHERE j.stripe_id = ANY(%(ids)s) AND t.outcome <> 'done' AND coalesce(t.answered_at, t.sent_at) IS NOT NULL
    UNION ALL SELECT d.read_at, 'mirror', d.stripe_ref, 'NetSuite ' || d.document || ' ' || d.id || ' '
        || coalesce(d.tranid, '') || ', linked by ' || d.linked_by || ': ' || d.total_minor || ' ' || d.currency
        || ' minor units' || CASE WHEN d.document = 'invoice' THEN ', ' || d.remaining_minor || ' left'
                                  WHEN d.remaining_minor > 0 THEN ', ' || d.remaining_minor || ' applied to no invoice'
                                  ELSE '' END
        || coalesce(', in deposit ' || p.deposit_id || coalesce(' (' || t.stripe_ref || ')', ''), '')
        || CASE WHEN d.deleted_at IS NULL THEN '' ELSE ', deleted in NetSuite' END
        FROM o2c.netsuite_documents d LEFT JOIN o2c.netsuite_deposited p ON p.document_id = d.id
        LEFT JOIN o2c.netsuite_documents t ON t.id = p.deposit_id
        WHERE d.stripe_ref = ANY(%(ids)s)
           OR o2c.stripe_id_of(d.stripe_ref) = ANY(%(ids)s)
              AND (d.document NOT IN ('invoice', 'customerPayment') OR d.stripe_ref ~ '^[a-z][a-z]-')
    UNION ALL {_DEALS}
    UNION ALL SELECT first_seen_at, 'reconcile', coalesce(salesforce_id, stripe_id),
        'gap ' || kind || ' opened: ' || reason
        FROM o2c.gaps WHERE stripe_id = ANY(%(ids)s) OR salesforce_id = ANY(%(ids)s)
    UNION ALL SELECT resolved_at, 'reconcile', coalesce(salesforce_id, stripe_id), 'gap ' || kind || ' resolved'
        FROM o2c.gaps WHERE (stripe_id = ANY(%(ids)s) OR salesforce_id = ANY(%(ids)s)) AND resolved_at IS NOT NULL
) steps ORDER BY at, array_position(ARRAY['extract', 'validate', 'plan', 'apply', 'mirror', 'reconcile'], stage), id"""


@dataclass(frozen=True)
class Step:
    """Something that happened to an object or to one of its documents (`id`), at a time (UTC)."""

    at: datetime
    stage: str
    id: str
    what: str


def trace(engine: Engine, key: str) -> list[Step]:
    """Every step of an object and of all that hangs together with it, in order of time.

    `key` is a Stripe id, one of an opportunity, order or account of Salesforce, the external id of a document
    (``cm-re_…``, ``po_…-2``) or a NetSuite internal id. An invoice, payment, credit note, refund, dispute or balance
    transaction is followed to all the others of its story and to the payouts that hold them; a payout back to its
    members, their charges and invoices; an opportunity or order of Salesforce to its sales order and invoices. Empty
    when nothing is known of it.
    """
    with raw_cursor(engine) as cursor:
        cursor.execute(_NAMED, {"key": key})
        named = [str(row[0]) for row in cursor.fetchall()]
        start = sorted({stripe_id_of(each) for each in (key, *named)})
        cursor.execute(sql(_RELATED), {"start": start, "members": _MEMBERS_SHOWN})
        ids = [str(row[0]) for row in cursor.fetchall()]
        cursor.execute(sql(_STEPS), {"ids": ids, "members": _MEMBERS_SHOWN})
        rows: Sequence[Any] = cursor.fetchall()
        return [Step(*row) for row in rows]
