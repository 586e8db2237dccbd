"""What metadata says beside customers and prices: whose a charge is that has no customer, and what coupons go on."""

from alembic import op

revision = "0029"
down_revision = "0028"

COUPONS = """
CREATE TABLE o2c.coupons (
    id text PRIMARY KEY,
    created_at timestamptz NOT NULL,
    validated_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE TABLE o2c.discounts (
    id text PRIMARY KEY,
    coupon_id text NOT NULL,
    created_at timestamptz NOT NULL,
    validated_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX ON o2c.discounts (coupon_id);
CREATE TABLE o2c.discounts_named (
    id text PRIMARY KEY,
    invoice_id text NOT NULL
);
CREATE INDEX ON o2c.discounts_named (invoice_id);
COMMENT ON TABLE o2c.discounts_named IS
    'Discounts that lines name, each with an invoice that tells its coupon, whose metadata may name an item.';
"""

# domain.metadata.POINTERS says the same in Python.
POINTERS = """
CREATE OR REPLACE VIEW o2c.metadata_pointers AS
SELECT m.stripe_id, m.name, m.value, t.document, t.derived || m.stripe_id AS key, m.netsuite_id
FROM o2c.stripe_metadata m JOIN (VALUES
    ('in', 'netsuite_invoice_id', 'invoice', ''),
    ('ch', 'netsuite_customer_payment_id', 'customerPayment', ''),
    ('py', 'netsuite_customer_payment_id', 'customerPayment', ''),
    ('ch', 'netsuite_customer_deposit_id', 'customerPayment', ''),
    ('py', 'netsuite_customer_deposit_id', 'customerPayment', ''),
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

# On charges this key was not read before, nor which discounts lines have.
AGAIN = """
UPDATE o2c.stripe_objects SET validated_hash = NULL
WHERE object = 'charge' AND payload::text LIKE '%"netsuite\\_customer\\_id"%'
   OR object IN ('invoice', 'credit_note') AND payload::text LIKE '%"di\\_%';
"""


def upgrade() -> None:
    """Make room for coupons, and look at what says more now once more."""
    for script in (COUPONS, POINTERS, AGAIN):
        op.execute(script)
