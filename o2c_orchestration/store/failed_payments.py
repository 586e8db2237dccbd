"""Payments that failed before they were booked and whose money came in one payout and went in another.

Each of the two is a line on Suspense, since neither has a document; together they are nothing to the cent. So they are
no residual any more once both are there, and Suspense keeps each until then under its name.
"""

# Two transactions of one charge, one of them the failure's; `t` is the one that is asked about.
_TWINS = """o2c.balance_transactions t JOIN o2c.balance_transactions o
    ON o.source_id = t.source_id AND o.currency = t.currency AND o.amount_minor = -t.amount_minor
   AND (o.type = 'payment_failure_refund') <> (t.type = 'payment_failure_refund') AND t.source_id ~ '^(ch|py)_'
JOIN o2c.payout_members m ON m.transaction_id = o.id"""

# Of a residual with a name, all that one deposit holds of it on an account: whether its other half is held there too.
# Whatever else lies there under either name (fees that nobody knows), or was cleared of it, keeps both.
GONE_AGAIN = f"""EXISTS (
    SELECT FROM {_TWINS}
    WHERE t.id = {{name}} AND t.amount_minor = {{minor}} AND o.amount_minor = (
        SELECT sum(l.amount_minor)
        FROM o2c.netsuite_documents d JOIN o2c.netsuite_deposit_lines l ON l.deposit_id = d.id
        WHERE o2c.stripe_id_of(d.stripe_ref) = m.payout_id AND d.document = 'deposit' AND d.deleted_at IS NULL
          AND NOT d.voided AND l.account_id = {{account}} AND split_part(l.memo, ' ', 1) = o.id)
      AND NOT EXISTS (SELECT FROM o2c.netsuite_documents c WHERE c.stripe_ref IN ('rc-' || t.id, 'rc-' || o.id)
                      AND c.deleted_at IS NULL AND NOT c.voided))"""

# The payouts that hold the other halves of what payouts of the scope hold.
OTHER_PAYOUTS = f"""
INSERT INTO scope (key, step)
SELECT DISTINCT m.payout_id, %(step)s FROM scope s
JOIN o2c.netsuite_documents d ON o2c.stripe_id_of(d.stripe_ref) = s.key AND d.document = 'deposit'
JOIN o2c.netsuite_deposit_lines l ON l.deposit_id = d.id AND starts_with(l.memo, 'txn_')
JOIN ({_TWINS}) ON t.id = split_part(l.memo, ' ', 1)
WHERE starts_with(s.key, 'po_') AND NOT EXISTS (SELECT FROM scope k WHERE k.key = m.payout_id)"""
