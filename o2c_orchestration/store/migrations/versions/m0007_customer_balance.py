"""Customer balances: what invoices and credit notes took from them or brought to them, and the documents of it."""

from alembic import op

from o2c_orchestration.store.migrations.views import added_to

revision = "0007"
down_revision = "0006"

COLUMNS = """
ALTER TABLE o2c.invoices ADD COLUMN balance_minor bigint NOT NULL DEFAULT 0,
    ADD COLUMN overpaid_minor bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN o2c.invoices.balance_minor IS
    'What the customer''s balance paid of it when it was finalized; below zero, what it brought to the balance.';
CREATE INDEX invoices_balanced ON o2c.invoices (created_at)
    WHERE balance_minor <> 0 OR overpaid_minor <> 0 OR total_minor < 0;
CREATE INDEX invoices_split ON o2c.invoices (id) WHERE balance_minor < 0 OR overpaid_minor > 0;
ALTER TABLE o2c.credit_notes ADD COLUMN balance_minor bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN o2c.credit_notes.balance_minor IS 'What of it went to the customer''s balance.';
CREATE INDEX credit_notes_balanced ON o2c.credit_notes (created_at) WHERE balance_minor > 0;
ALTER TABLE o2c.customers ADD COLUMN balances json NOT NULL DEFAULT '{}';
COMMENT ON COLUMN o2c.customers.balances IS
    'Stripe''s balance by currency, in minor units: below zero the customer has credit, above zero he owes.';

CREATE TABLE o2c.customer_balance_transactions (
    id text PRIMARY KEY,
    customer_id text NOT NULL,
    type text NOT NULL,
    currency text NOT NULL,
    amount_minor bigint NOT NULL,
    created_at timestamptz NOT NULL,
    validated_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX ON o2c.customer_balance_transactions (customer_id);
COMMENT ON TABLE o2c.customer_balance_transactions IS
    'Movements of balances, of those customers of whom Stripe was asked; below zero: a credit to the customer.';
"""

# Whatever was validated before may say more than was kept of it.
AGAIN = """
UPDATE o2c.stripe_objects SET validated_hash = NULL WHERE
    object = 'invoice' AND (payload ->> 'ending_balance' <> payload ->> 'starting_balance'
        OR payload ->> 'amount_overpaid' <> '0' OR payload::text LIKE '%credit_balance_transaction%')
    OR object = 'credit_note' AND (payload ->> 'customer_balance_transaction' IS NOT NULL
        OR payload::text LIKE '%credit_balance_transaction%')
    OR object = 'customer' AND (payload ->> 'balance' <> '0' OR payload ->> 'invoice_credit_balance' IS NOT NULL);
"""

# Two letters and a dash: a second document of a Stripe object, whichever. domain.keys says the same in Python.
KEYS = """
DROP INDEX o2c.netsuite_documents_stripe_id_of_idx;
CREATE OR REPLACE FUNCTION o2c.stripe_id_of(key text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN key ~ '^[a-z][a-z]-' THEN substr(key, 4)
                WHEN key ~ '^po_[^-]*-[0-9]+$' THEN split_part(key, '-', 1) ELSE key END
$$;
CREATE INDEX ON o2c.netsuite_documents (o2c.stripe_id_of(stripe_ref))
    WHERE document NOT IN ('invoice', 'customerPayment') OR stripe_ref ~ '^[a-z][a-z]-';
"""

# The payment that brought more than its invoice asked for is the last one of it. Whether Stripe counts the surplus in
# what the invoice claims of it is told by what is left of the payment: `beyond_minor` is what comes on top.
OVERPAYMENTS = """
CREATE VIEW o2c.overpayments AS
SELECT o.invoice_id, o.payment_id, o.payment_date, o.overpaid_minor,
       CASE WHEN o.amount_minor - (
           SELECT sum(c.amount_minor) FROM o2c.invoice_payments c
           WHERE c.status = 'paid' AND (c.charge_id = o.payment_id
               OR c.charge_id IS NULL AND c.payment_intent = o.payment_intent)) >= o.overpaid_minor
       THEN o.overpaid_minor ELSE 0 END AS beyond_minor
FROM (
    SELECT DISTINCT ON (i.id) i.id AS invoice_id, i.overpaid_minor, p.id AS payment_id, p.payment_date,
           p.payment_intent, p.amount_minor
    FROM o2c.invoices i
    JOIN o2c.invoice_payments ip ON ip.invoice_id = i.id AND ip.status = 'paid'
    JOIN o2c.payments p ON p.status = 'succeeded'
         AND (p.id = ip.charge_id OR ip.charge_id IS NULL AND p.payment_intent = ip.payment_intent)
    WHERE i.overpaid_minor > 0 ORDER BY i.id, ip.created_at DESC, ip.id DESC) o;
"""

# What NetSuite has to hold of balances. A void gives back what the ledger holds as used, and nothing where it was
# closed before anything was used there.
BALANCES = """
CREATE VIEW o2c.expected_balance_documents AS
SELECT 'cb-' || i.id AS key, 'creditMemo' AS document, i.id AS stripe_id, i.customer_id, i.currency,
       i.balance_minor AS total_minor, i.issue_date AS day, 'credit_memo_missing' AS missing
FROM o2c.invoices i WHERE i.balance_minor > 0
     AND (i.status IN ('open', 'paid', 'uncollectible')
          OR i.status = 'void' AND EXISTS (
              SELECT FROM o2c.netsuite_documents d
              WHERE d.stripe_ref = 'cb-' || i.id AND d.deleted_at IS NULL AND NOT d.voided))
UNION ALL
SELECT 'bi-' || i.id, 'invoice', i.id, i.customer_id, i.currency, -i.balance_minor, i.issue_date,
       'missing_in_netsuite'
FROM o2c.invoices i WHERE i.balance_minor < 0
     AND (i.status IN ('open', 'paid', 'uncollectible')
          OR i.status = 'void' AND EXISTS (
              SELECT FROM o2c.netsuite_documents d
              WHERE d.stripe_ref = 'bi-' || i.id AND d.deleted_at IS NULL AND NOT d.voided))
UNION ALL
SELECT 'bi-' || i.id, 'invoice', i.id, i.customer_id, i.currency, l.total_minor, i.closed_date, 'missing_in_netsuite'
FROM o2c.invoices i JOIN o2c.netsuite_documents l
     ON l.stripe_ref = 'cb-' || i.id AND l.deleted_at IS NULL AND NOT l.voided
WHERE i.balance_minor > 0 AND i.status = 'void'
UNION ALL
SELECT 'cb-' || i.id, 'creditMemo', i.id, i.customer_id, i.currency, l.total_minor, i.closed_date,
       'credit_memo_missing'
FROM o2c.invoices i JOIN o2c.netsuite_documents l
     ON l.stripe_ref = 'bi-' || i.id AND l.deleted_at IS NULL AND NOT l.voided
WHERE i.balance_minor < 0 AND i.status = 'void'
UNION ALL
SELECT 'ni-' || i.id, 'creditMemo', i.id, i.customer_id, i.currency, -i.total_minor, i.issue_date,
       'credit_memo_missing'
FROM o2c.invoices i WHERE i.total_minor < 0 AND i.status IN ('open', 'paid', 'uncollectible')
UNION ALL
SELECT 'bo-' || i.id, 'invoice', i.id, i.customer_id, i.currency, i.overpaid_minor,
       coalesce(o.payment_date, i.paid_date, i.issue_date), 'missing_in_netsuite'
FROM o2c.invoices i LEFT JOIN o2c.overpayments o ON o.invoice_id = i.id
WHERE i.overpaid_minor > 0 AND i.status IN ('open', 'paid', 'uncollectible')
UNION ALL
SELECT 'bi-' || c.id, 'invoice', c.id, c.customer_id, c.currency, c.balance_minor, c.issue_date,
       'missing_in_netsuite'
FROM o2c.credit_notes c WHERE c.status = 'issued' AND c.balance_minor > 0
     AND NOT EXISTS (SELECT FROM o2c.invoices i WHERE i.id = c.invoice_id AND i.status = 'void');
"""

EXPECTED = added_to(
    "o2c.expected_documents",
    "SELECT key, document, stripe_id, customer_id, currency, total_minor, day, missing"
    " FROM o2c.expected_balance_documents",
)


def upgrade() -> None:
    """Add the columns, widen the keys, and tell what NetSuite has to hold of balances."""
    for script in (COLUMNS, AGAIN, KEYS, OVERPAYMENTS, BALANCES, EXPECTED):
        op.execute(script)
