"""Gaps of every document besides invoices and payments of charges: credit memos, refunds, disputes, payouts.

What NetSuite has to hold is the view `o2c.expected_documents`, which is written apart from the planner. A payout is
compared with its deposit, and a deposit's lines on Suspense are residuals until they are cleared.
"""

from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.store.bulk import Cursor, folded, sql
from o2c_orchestration.store.failed_payments import GONE_AGAIN
from o2c_orchestration.store.gone import gone
from o2c_orchestration.store.whose import forgive, leave_out, strange

# One row for an expected document that is missing or not as it should be. A second document of the same key is told
# as a duplicate, so only the first is compared.
_PAIRS = """
CREATE TEMPORARY TABLE movement_pairs ON COMMIT DROP AS
SELECT e.*, d.id AS netsuite_id, d.currency AS ns_currency, d.total_minor AS ns_total, d.trandate AS ns_date,
       c.external_id AS ns_customer, d.entity_id AS ns_entity, {strange} AS strange
FROM {expected} e
LEFT JOIN o2c.netsuite_documents d ON d.stripe_ref = e.key AND d.document = e.document AND d.deleted_at IS NULL
     AND NOT d.voided AND NOT EXISTS (SELECT FROM extra_documents x WHERE x.id = d.id)
LEFT JOIN o2c.netsuite_customers c ON c.id = d.entity_id
WHERE d.id IS NULL OR d.currency <> e.currency OR d.total_minor <> e.total_minor
   OR {strange}
   OR d.trandate <> e.day AND date_trunc('month', d.trandate) <> date_trunc('month', e.day)"""

# What cannot be written is told once, by NetSuite's words or the planner's, and so is what waits for it.
_MISSING = """
INSERT INTO found
SELECT CASE WHEN r.external_id IS NULL OR starts_with(p.key, 'op-') AND r.said_by = 'planner' THEN p.missing
            ELSE 'sync_failed' END, p.stripe_id, NULL,
       p.customer_id, p.currency, p.total_minor, 0, p.day,
       CASE WHEN r.external_id IS NULL
            THEN 'NetSuite has no ' || p.document || ' ' || p.key || coalesce({gone}, '')
            ELSE rtrim(r.reason, '.') || coalesce('. To do: ' || r.fix, '') END
FROM movement_pairs p LEFT JOIN LATERAL (
    SELECT * FROM refused r WHERE r.stripe_id = p.stripe_id
    ORDER BY r.external_id <> p.key, r.external_id LIMIT 1) r ON true
WHERE p.netsuite_id IS NULL AND NOT (
    starts_with(p.key, 'op-') AND EXISTS (
        SELECT FROM found f WHERE f.stripe_id = p.stripe_id AND f.kind = 'sync_failed'))"""

# A payment that is booked as paid outside Stripe, and Stripe does not say so.
_NOT_OUTSIDE = """
INSERT INTO found
SELECT 'payment_mismatch', i.id, d.id::text, i.customer_id, d.currency, 0, d.total_minor, d.trandate,
       'booked as paid outside Stripe, which Stripe does not say of this invoice'
FROM {documents} d JOIN o2c.invoices i ON i.id = o2c.stripe_id_of(d.stripe_ref)
WHERE starts_with(d.stripe_ref, 'op-') AND d.document = 'customerPayment' AND d.deleted_at IS NULL AND NOT d.voided
  AND NOT EXISTS (SELECT FROM extra_documents x WHERE x.id = d.id)
  AND NOT EXISTS (SELECT FROM o2c.expected_documents e WHERE e.stripe_id = i.id AND e.key = d.stripe_ref)"""

_DIFFERENT = """
INSERT INTO found
SELECT 'currency_mismatch', stripe_id, netsuite_id::text, customer_id, currency, total_minor, NULL,
       day, 'in ' || upper(currency) || ' in Stripe, booked in ' || upper(ns_currency)
FROM movement_pairs WHERE netsuite_id IS NOT NULL AND ns_currency <> currency
UNION ALL
SELECT 'amount_mismatch', stripe_id, netsuite_id::text, customer_id, currency, total_minor, ns_total,
       day, document || ' booked with another amount'
FROM movement_pairs WHERE ns_currency = currency AND ns_total <> total_minor
UNION ALL
SELECT 'customer_mismatch', stripe_id, netsuite_id::text, customer_id, currency, total_minor,
       ns_total, day, 'booked under ' || coalesce('the customer of ' || ns_customer, 'a customer without a Stripe id')
FROM movement_pairs WHERE netsuite_id IS NOT NULL AND strange
UNION ALL
SELECT 'period_mismatch', stripe_id, netsuite_id::text, customer_id, currency, total_minor, ns_total,
       day, 'dated ' || to_char(day, 'YYYY-MM') || ' in Stripe, booked in ' || to_char(ns_date, 'YYYY-MM')
FROM movement_pairs WHERE netsuite_id IS NOT NULL
     AND date_trunc('month', ns_date) <> date_trunc('month', day)
     AND NOT EXISTS (SELECT FROM o2c.moved_documents m WHERE m.id = netsuite_id AND m.original_date = day)"""

# A credit note that was voided after its memo was written: nothing here takes it back, so a person has to.
_VOIDED = """
INSERT INTO found
SELECT 'status_mismatch', n.id, d.id::text, n.customer_id, n.currency, 0, d.total_minor, n.issue_date,
       'void in Stripe, and its credit memo stands in NetSuite. To do: void or delete the credit memo in NetSuite, '
       'and what it was applied to is open again'
FROM {notes} n
JOIN o2c.netsuite_documents d ON d.stripe_ref = n.id AND d.document = 'creditMemo' AND d.deleted_at IS NULL
     AND NOT d.voided AND NOT EXISTS (SELECT FROM extra_documents x WHERE x.id = d.id)
WHERE n.status = 'void'"""

# A payout and its deposits (it may have several). One below zero makes a deposit of nought.
_PAYOUTS = """
CREATE TEMPORARY TABLE payout_pairs ON COMMIT DROP AS
SELECT p.id, p.currency, p.amount_minor, p.arrival_date, greatest(p.amount_minor, 0) AS expected_minor,
       d.netsuite_id, d.total_minor AS ns_total, d.currencies, d.elsewhere, f.fees_minor, f.booked_minor
FROM {payouts} p
LEFT JOIN LATERAL (
    SELECT min(d.id) AS netsuite_id, sum(d.total_minor)::bigint AS total_minor,
           array_agg(DISTINCT d.currency) AS currencies,
           min(d.trandate) FILTER (WHERE date_trunc('month', d.trandate) <> date_trunc('month', p.arrival_date)
               AND NOT EXISTS (SELECT FROM o2c.moved_documents m
                               WHERE m.id = d.id AND m.original_date = p.arrival_date)) AS elsewhere
    FROM o2c.netsuite_documents d
    WHERE d.document = 'deposit' AND d.deleted_at IS NULL AND NOT d.voided AND o2c.stripe_id_of(d.stripe_ref) = p.id
      AND NOT EXISTS (SELECT FROM extra_documents x WHERE x.id = d.id)) d ON true
LEFT JOIN LATERAL (
    SELECT (SELECT coalesce(sum(b.fee_minor), 0) FROM o2c.payout_members m
            JOIN o2c.balance_transactions b ON b.id = m.transaction_id
            WHERE m.payout_id = p.id)::bigint AS fees_minor,
           (SELECT -sum(l.amount_minor) FROM o2c.netsuite_documents e
            JOIN o2c.netsuite_deposit_lines l ON l.deposit_id = e.id
            JOIN o2c.netsuite_reference a ON a.kind = 'account' AND a.id = l.account_id::text
            WHERE e.document = 'deposit' AND e.deleted_at IS NULL AND NOT e.voided
              AND o2c.stripe_id_of(e.stripe_ref) = p.id AND NOT EXISTS (SELECT FROM extra_documents x WHERE x.id = e.id)
              AND (lower(a.name) = ANY(%(fees)s) OR a.id = ANY(%(fees)s)))::bigint AS booked_minor) f ON true
WHERE p.status IN ('paid', 'failed', 'canceled') AND (NOT p.automatic OR p.reconciliation = 'completed')"""

_DEPOSITS = """
INSERT INTO found
SELECT CASE WHEN r.external_id IS NULL THEN 'deposit_missing' ELSE 'sync_failed' END, p.id, NULL, NULL,
       p.currency, p.amount_minor, 0, p.arrival_date,
       CASE WHEN r.external_id IS NULL THEN 'Stripe payout has no NetSuite deposit' || coalesce({deposit_gone}, '')
            ELSE rtrim(r.reason, '.') || coalesce('. To do: ' || r.fix, '') END, 'payout_deposit'
FROM payout_pairs p LEFT JOIN refused r ON r.external_id = p.id
WHERE p.netsuite_id IS NULL
UNION ALL
SELECT 'fee_missing', id, netsuite_id::text, NULL, currency, fees_minor, coalesce(booked_minor, 0),
       arrival_date, 'the deposit has no fee lines, and is too high by the fees', 'payout_deposit'
FROM payout_pairs WHERE netsuite_id IS NOT NULL AND fees_minor <> 0 AND coalesce(booked_minor, 0) = 0
     AND ns_total - expected_minor = fees_minor
UNION ALL
SELECT 'deposit_mismatch', id, netsuite_id::text, NULL, currency, expected_minor, ns_total,
       arrival_date, CASE WHEN currencies <> ARRAY[currency]
           THEN 'paid out in ' || upper(currency) || ', deposited in ' || upper(array_to_string(currencies, ', '))
           ELSE 'the bank received another amount than the deposit says' END, 'payout_deposit'
FROM payout_pairs WHERE netsuite_id IS NOT NULL
     AND (currencies <> ARRAY[currency] OR ns_total <> expected_minor)
     AND NOT (fees_minor <> 0 AND coalesce(booked_minor, 0) = 0 AND ns_total - expected_minor = fees_minor)
UNION ALL
SELECT 'period_mismatch', id, netsuite_id::text, NULL, currency, expected_minor, ns_total, arrival_date,
       'arrived in ' || to_char(arrival_date, 'YYYY-MM') || ', deposited in ' || to_char(elsewhere, 'YYYY-MM'),
       'payout_deposit'
FROM payout_pairs WHERE elsewhere IS NOT NULL"""

# A payout that failed after its deposit: the bank account holds money that never stayed there.
_RETURNED = """
INSERT INTO found
SELECT CASE WHEN r.external_id IS NULL THEN 'deposit_mismatch' ELSE 'sync_failed' END, p.id,
       p.netsuite_id::text, NULL, p.currency, 0, p.amount_minor, t.booked_date,
       CASE WHEN r.external_id IS NULL THEN 'the payout came back, and NetSuite still holds it on the bank account'
            ELSE rtrim(r.reason, '.') || coalesce('. To do: ' || r.fix, '') END, 'payout_deposit'
FROM payout_pairs p JOIN o2c.payouts o ON o.id = p.id JOIN o2c.balance_transactions t ON t.id = o.failure_transaction
LEFT JOIN refused r ON r.external_id = 'pf-' || p.id
WHERE p.netsuite_id IS NOT NULL AND p.amount_minor <> 0 AND NOT EXISTS (
    SELECT FROM o2c.netsuite_documents j
    WHERE j.stripe_ref = 'pf-' || p.id AND j.deleted_at IS NULL AND NOT j.voided)"""

# What the deposits of a payout hold on Suspense, by the name that begins the memo, less what was cleared of it.
_RESIDUALS = """
INSERT INTO found
SELECT 'payout_residual', n.name, n.id::text, NULL, n.currency, n.held_minor + c.cleared_minor, 0,
       n.trandate, 'on Suspense: ' || n.memo || coalesce((
           SELECT ', blocked by metadata' FROM o2c.balance_transactions t
           JOIN o2c.left_out l ON l.stripe_id = t.source_id WHERE t.id = n.name), ''), 'payout_deposit'
FROM (
    SELECT d.id, d.currency, d.trandate, l.account_id, split_part(l.memo, ' ', 1) AS name, min(l.memo) AS memo,
           sum(l.amount_minor)::bigint AS held_minor
    FROM {payouts} p
    JOIN o2c.netsuite_documents d ON o2c.stripe_id_of(d.stripe_ref) = p.id AND d.document = 'deposit'
         AND d.deleted_at IS NULL AND NOT d.voided AND NOT EXISTS (SELECT FROM extra_documents x WHERE x.id = d.id)
    JOIN o2c.netsuite_deposit_lines l ON l.deposit_id = d.id
    JOIN o2c.netsuite_reference a ON a.kind = 'account' AND a.id = l.account_id::text
    WHERE (lower(a.name) = ANY(%(suspense)s) OR a.id = ANY(%(suspense)s)) AND l.memo ~ '^(txn|po)_'
    GROUP BY 1, 2, 3, 4, 5) n
CROSS JOIN LATERAL (
    SELECT coalesce(sum(l.amount_minor), 0)::bigint AS cleared_minor
    FROM o2c.netsuite_documents d JOIN o2c.netsuite_deposit_lines l ON l.deposit_id = d.id
    WHERE d.stripe_ref = 'rc-' || n.name AND d.deleted_at IS NULL AND NOT d.voided
      AND l.account_id = n.account_id AND split_part(l.memo, ' ', 1) = n.name) c
WHERE n.held_minor + c.cleared_minor <> 0
  AND NOT {gone_again}"""

_SCOPED = {
    "expected": "(SELECT e.* FROM scope s JOIN o2c.expected_documents e ON e.stripe_id = s.key)",
    "documents": "scope_documents",
    "notes": "(SELECT c.* FROM scope s JOIN o2c.credit_notes c ON c.id = s.key)",
    "payouts": """(SELECT p.* FROM o2c.payouts p WHERE p.id IN (
        SELECT key FROM scope UNION SELECT m.payout_id FROM scope s
        JOIN o2c.payout_members m ON m.transaction_id = s.key))""",
}
_ALL = {
    "expected": "o2c.expected_documents",
    # The pattern lets it walk the index of second documents, of which there are few.
    "documents": "(SELECT * FROM o2c.netsuite_documents WHERE stripe_ref ~ '^[a-z][a-z]-')",
    "notes": "o2c.credit_notes",
    "payouts": "o2c.payouts",
}


def name_movements(cursor: Cursor, policy: Policy, *, full: bool) -> None:
    """Add the gaps of these documents to `found`, for the keys in `scope` or for everything."""
    given = {"fees": folded(policy.fee_accounts), "suspense": folded(policy.suspense_accounts)}
    parts = {
        **(_ALL if full else _SCOPED),
        "strange": strange(cursor, policy, "e.customer_id", "e.stripe_id"),
        "gone": gone("p.key", "p.document"),
        "deposit_gone": gone("p.id", "'deposit'"),
        "gone_again": GONE_AGAIN.format(name="n.name", minor="n.held_minor", account="n.account_id"),
    }
    for statement in (_PAIRS, _PAYOUTS):
        cursor.execute(sql(statement.format(**parts)), given)
    leave_out(cursor, "movement_pairs")
    leave_out(cursor, "payout_pairs", "id")
    forgive(cursor, policy, "movement_pairs")
    for statement in (_MISSING, _NOT_OUTSIDE, _DIFFERENT, _VOIDED, _DEPOSITS, _RETURNED, _RESIDUALS):
        cursor.execute(sql(statement.format(**parts)), given)
