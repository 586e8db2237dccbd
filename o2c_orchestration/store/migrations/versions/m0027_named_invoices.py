"""NetSuite invoices that charges pay by their metadata: other business than Stripe's, and no gap for want of a name."""

from alembic import op

revision = "0027"
down_revision = "0026"

# A charge that failed pays nothing, and one that pays an invoice of Stripe's pays that: what such a charge names is
# a stray like any other. Other business is also what a person said of documents.
OTHER_BUSINESS = """
CREATE VIEW o2c.paid_by_name AS
SELECT m.netsuite_id, m.stripe_id
FROM o2c.stripe_metadata m JOIN o2c.payments p ON p.id = m.stripe_id AND p.status = 'succeeded'
WHERE m.name = 'netsuite_invoice_id' AND m.netsuite_id IS NOT NULL
  AND NOT EXISTS (SELECT FROM o2c.invoice_payments c WHERE c.charge_id = p.id AND c.status = 'paid')
  AND NOT EXISTS (SELECT FROM o2c.invoice_payments c WHERE c.payment_intent = p.payment_intent AND c.status = 'paid');

CREATE VIEW o2c.other_business AS
SELECT netsuite_id FROM o2c.unrelated_documents UNION ALL SELECT netsuite_id FROM o2c.paid_by_name;
"""

# On charges this key was not kept before.
AGAIN = """
UPDATE o2c.stripe_objects SET validated_hash = NULL
WHERE object = 'charge' AND payload::text LIKE '%"netsuite\\_invoice\\_id"%';
"""


def upgrade() -> None:
    """Create the views."""
    for script in (OTHER_BUSINESS, AGAIN):
        op.execute(script)
