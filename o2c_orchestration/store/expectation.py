"""What NetSuite has to hold because of Stripe, and what it holds of Stripe's, as parts of larger statements.

    expected(document, key, stripe_id, currency, total, day, account)      one row for each document that has to be
    ledger(id, document, key, stripe_id, currency, total, day, account)    one row for each living document of Stripe's

Amounts are minor units of the document's currency, days those of the books. Of Stripe's is a document that names a
Stripe object, or that stands under a Stripe customer; `account` is the Stripe account of that. Left out on both sides
are the documents of voided and draft invoices, and those whose amount is what the ledger itself held open when they
were made (`cm-in_…`, `ri-in_…`): Stripe has no amount for them, and the equation of receivables is the one that they
have to close.
"""

# A charge's money that a credit memo of its own takes back: what of the refund or dispute no credit note pays and no
# unapplied payment funds. It is known once the refund's document is there.
_DERIVED = """
credited AS MATERIALIZED (
    SELECT part.value ->> 0 AS refund_id, sum((part.value ->> 1)::bigint) AS amount
    FROM o2c.credit_notes c CROSS JOIN LATERAL json_array_elements(c.refunds) AS part
    WHERE c.status = 'issued' GROUP BY 1),
derived AS MATERIALIZED (
    SELECT e.stripe_id, e.currency, e.day,
           e.total_minor - coalesce(n.amount, 0) - coalesce(a.amount, 0) AS total
    FROM o2c.expected_documents e
    JOIN LATERAL (SELECT d.id FROM o2c.netsuite_documents d
                  WHERE d.stripe_ref = e.key AND d.document = 'customerRefund' AND d.deleted_at IS NULL
                    AND NOT d.voided ORDER BY (d.linked_by = 'external_id') DESC, d.id LIMIT 1) d ON true
    LEFT JOIN credited n ON n.refund_id = e.stripe_id
    LEFT JOIN LATERAL (SELECT sum(x.amount_minor) AS amount FROM o2c.netsuite_applications x
                       JOIN o2c.netsuite_documents p ON p.id = x.invoice_id AND p.document = 'customerPayment'
                       WHERE x.payment_id = d.id) a ON true
    WHERE e.document = 'customerRefund')"""

# A payout below zero makes a deposit of nought; one that may still change has none.
MOVED = "p.status IN ('paid', 'failed', 'canceled') AND (NOT p.automatic OR p.reconciliation = 'completed')"

# What metadata blocks, or is older than the books, need not be there; if it is, it counts. Of an invoice `i`.
LISTED = """NOT EXISTS (
    SELECT FROM o2c.uncompared l WHERE l.stripe_id = i.id AND NOT EXISTS (
        SELECT FROM o2c.netsuite_documents d WHERE d.stripe_ref = i.id AND d.deleted_at IS NULL AND NOT d.voided))"""

# A document that was moved out of a closed period counts on the day on which it is booked.
_EXPECTED = f"""
due AS (
    SELECT 'invoice' AS document, i.id AS key, i.id AS stripe_id, i.currency, i.total_minor AS total,
           i.issue_date AS day
    FROM o2c.invoices i WHERE i.status IN ('open', 'paid', 'uncollectible') AND NOT i.zero_lines AND i.total_minor >= 0
    UNION ALL
    SELECT 'customerPayment', p.id, p.id, p.currency, p.amount_minor, p.payment_date
    FROM o2c.payments p WHERE p.status = 'succeeded'
    UNION ALL
    SELECT document, key, stripe_id, currency, total_minor, day FROM o2c.expected_documents
    UNION ALL
    SELECT 'creditMemo', 'cm-' || stripe_id, stripe_id, currency, total, day FROM derived WHERE total > 0
    UNION ALL
    SELECT 'invoice', 'ri-' || r.stripe_id, r.stripe_id, r.currency, least(r.total, d.reinstated_minor),
           d.reinstated_date
    FROM derived r JOIN o2c.disputes d ON d.id = r.stripe_id AND d.reinstated_date IS NOT NULL WHERE r.total > 0
    UNION ALL
    SELECT 'deposit', p.id, p.id, p.currency, greatest(p.amount_minor, 0), p.arrival_date
    FROM o2c.payouts p WHERE {MOVED}),
expected AS (
    SELECT u.document, u.key, u.stripe_id, u.currency, u.total, coalesce(m.trandate, u.day) AS day,
           coalesce(a.account, 'main') AS account
    FROM due u
    LEFT JOIN o2c.further_accounts a ON a.id = u.stripe_id
    LEFT JOIN (SELECT document, key, original_date, min(trandate) AS trandate FROM o2c.moved_documents
               GROUP BY 1, 2, 3) m
      ON m.key = u.key AND m.document = u.document AND m.original_date = u.day
    WHERE NOT EXISTS (
        SELECT FROM o2c.uncompared l WHERE l.stripe_id = u.stripe_id AND NOT EXISTS (
            SELECT FROM o2c.netsuite_documents d
            WHERE d.stripe_ref = u.key AND d.document = u.document AND d.deleted_at IS NULL AND NOT d.voided)))"""

_LEDGER = """
ledger AS (
    SELECT d.id, d.document, d.stripe_ref AS key,
           CASE WHEN strpos(d.stripe_ref, '-') = 0 THEN d.stripe_ref
                ELSE o2c.stripe_id_of(d.stripe_ref) END AS stripe_id, d.currency,
           d.total_minor AS total, d.trandate AS day, coalesce(a.account, b.account, 'main') AS account
    FROM o2c.netsuite_documents d
    LEFT JOIN o2c.invoices i ON d.document = 'invoice' AND i.id = d.stripe_ref
    LEFT JOIN o2c.netsuite_customers c ON c.id = d.entity_id
    LEFT JOIN o2c.further_accounts a ON a.id = CASE WHEN strpos(d.stripe_ref, '-') = 0 THEN d.stripe_ref
                                                    ELSE o2c.stripe_id_of(d.stripe_ref) END
    LEFT JOIN o2c.further_accounts b ON b.id = c.external_id AND d.stripe_ref IS NULL
    WHERE d.deleted_at IS NULL AND NOT d.voided AND d.document <> 'journalEntry'
      AND coalesce(i.status, '') NOT IN ('void', 'draft')
      AND NOT starts_with(coalesce(d.stripe_ref, ''), 'cm-in_')
      AND NOT starts_with(coalesce(d.stripe_ref, ''), 'ri-in_')
      AND (d.stripe_ref IS NOT NULL OR EXISTS (SELECT FROM o2c.customers k WHERE k.id = c.external_id)
           AND NOT EXISTS (SELECT FROM o2c.other_business u WHERE u.netsuite_id = d.id)))"""

# For WITH: expected and ledger, and what they need.
BOTH_SIDES = f"{_DERIVED},{_EXPECTED},{_LEDGER}"
