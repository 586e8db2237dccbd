"""What metadata of Stripe objects says of NetSuite: objects to leave out, documents and customers to use."""

from alembic import op

revision = "0009"
down_revision = "0008"

TABLES = """
CREATE TABLE o2c.stripe_metadata (
    stripe_id text NOT NULL,
    name text NOT NULL,
    value text NOT NULL,
    netsuite_id bigint,
    PRIMARY KEY (stripe_id, name)
);
CREATE INDEX ON o2c.stripe_metadata (netsuite_id) WHERE netsuite_id IS NOT NULL;
CREATE INDEX stripe_metadata_blocks ON o2c.stripe_metadata (stripe_id) WHERE name = 'netsuite_block_integration';
COMMENT ON TABLE o2c.stripe_metadata IS
    'Keys of metadata that Stripe''s connector reads, values as typed; netsuite_id where it is a plain internal id.';

CREATE TABLE o2c.prices (
    id text PRIMARY KEY,
    product_id text,
    created_at timestamptz NOT NULL,
    validated_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE o2c.prices_named (
    id text PRIMARY KEY
);
COMMENT ON TABLE o2c.prices_named IS 'Prices that lines of invoices name: their metadata may name items.';
"""

# domain.metadata.POINTERS says the same in Python.
POINTERS = """
CREATE VIEW o2c.metadata_pointers AS
SELECT m.stripe_id, m.name, m.value, t.document, t.derived || m.stripe_id AS key, m.netsuite_id
FROM o2c.stripe_metadata m JOIN (VALUES
    ('in', 'netsuite_invoice_id', 'invoice', ''),
    ('ch', 'netsuite_customer_payment_id', 'customerPayment', ''),
    ('py', 'netsuite_customer_payment_id', 'customerPayment', ''),
    ('cn', 'netsuite_credit_memo_id', 'creditMemo', ''),
    ('re', 'netsuite_customer_refund_id', 'customerRefund', ''),
    ('re', 'netsuite_credit_memo_id', 'creditMemo', 'cm-'),
    ('pyr', 'netsuite_customer_refund_id', 'customerRefund', ''),
    ('pyr', 'netsuite_credit_memo_id', 'creditMemo', 'cm-'),
    ('dp', 'netsuite_customer_refund_id', 'customerRefund', ''),
    ('dp', 'netsuite_credit_memo_id', 'creditMemo', 'cm-'),
    ('du', 'netsuite_customer_refund_id', 'customerRefund', ''),
    ('du', 'netsuite_credit_memo_id', 'creditMemo', 'cm-'),
    ('po', 'netsuite_deposit_id', 'deposit', '')) AS t (kind, name, document, derived)
ON t.name = m.name AND t.kind = split_part(m.stripe_id, '_', 1);
"""

# The NetSuite customer that stands for a Stripe customer: the one that its metadata names and no other, or else the
# one that has its id. Null: there is none.
CUSTOMERS = """
CREATE FUNCTION o2c.netsuite_customer(customer text) RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN EXISTS (SELECT FROM o2c.stripe_metadata m
                             WHERE m.stripe_id = customer AND m.name = 'netsuite_customer_id')
        THEN (SELECT c.id FROM o2c.stripe_metadata m JOIN o2c.netsuite_customers c ON c.id = m.netsuite_id
              WHERE m.stripe_id = customer AND m.name = 'netsuite_customer_id')
        ELSE (SELECT min(c.id) FROM o2c.netsuite_customers c
              WHERE lower(c.external_id) = lower(customer) AND c.external_id = customer) END
$$;

CREATE FUNCTION o2c.customer_of(stripe_id text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE split_part(stripe_id, '_', 1)
        WHEN 'in' THEN (SELECT i.customer_id FROM o2c.invoices i WHERE i.id = stripe_id)
        WHEN 'cn' THEN (SELECT c.customer_id FROM o2c.credit_notes c WHERE c.id = stripe_id)
        ELSE (SELECT p.customer_id FROM o2c.payments p WHERE p.id = coalesce(
            (SELECT r.charge_id FROM o2c.refunds r WHERE r.id = stripe_id),
            (SELECT d.charge_id FROM o2c.disputes d WHERE d.id = stripe_id), stripe_id)) END
$$;
"""

# What is blocked, and what hangs on it: everything of a customer, credit notes of an invoice, and what takes the money
# of a charge back. Nothing is written for it; a document that NetSuite holds all the same is compared like any other.
LEFT_OUT = """
CREATE VIEW o2c.left_out AS
WITH marked AS MATERIALIZED (
    SELECT stripe_id FROM o2c.stripe_metadata
    WHERE name = 'netsuite_block_integration' AND lower(value) = 'true'),
direct AS MATERIALIZED (
    SELECT stripe_id FROM marked
    UNION SELECT i.id FROM o2c.invoices i JOIN marked b ON b.stripe_id = i.customer_id
    UNION SELECT p.id FROM o2c.payments p JOIN marked b ON b.stripe_id = p.customer_id)
SELECT stripe_id FROM direct
UNION SELECT c.id FROM o2c.credit_notes c JOIN direct b ON b.stripe_id = c.customer_id
UNION SELECT c.id FROM o2c.credit_notes c JOIN direct b ON b.stripe_id = c.invoice_id
UNION SELECT r.id FROM o2c.refunds r JOIN direct b ON b.stripe_id = r.charge_id
UNION SELECT d.id FROM o2c.disputes d JOIN direct b ON b.stripe_id = d.charge_id;
"""


# Objects that were stored before are looked at again as they lie there.
AGAIN = """
UPDATE o2c.stripe_objects SET validated_hash = NULL WHERE payload::text LIKE '%"netsuite\\_%';
"""


def upgrade() -> None:
    """Create the tables and what is derived from them."""
    for script in (TABLES, POINTERS, CUSTOMERS, LEFT_OUT, AGAIN):
        op.execute(script)
