"""Charges without an invoice that are booked as sales: the invoice that stands for each."""

from alembic import op

from o2c_orchestration.store.migrations.views import added_to

revision = "0024"
down_revision = "0023"

INDEXES = """
CREATE INDEX ON o2c.netsuite_documents (stripe_ref) WHERE stripe_ref LIKE 'si-%';
CREATE INDEX ON o2c.journal (external_id) WHERE external_id LIKE 'si-%';
"""

# Which charges they are is the company's decision of that day, so it is those that were written or are there. One that
# we wrote and somebody deleted is missing.
EXPECTED = added_to(
    "o2c.expected_documents",
    """SELECT 'si-' || p.id, 'invoice', p.id, p.customer_id, p.currency, p.amount_minor, p.payment_date,
       'missing_in_netsuite'
FROM (SELECT substr(stripe_ref, 4) AS id FROM o2c.netsuite_documents
      WHERE stripe_ref LIKE 'si-%' AND deleted_at IS NULL AND NOT voided
      UNION SELECT substr(external_id, 4) FROM o2c.journal WHERE external_id LIKE 'si-%' AND state = 'done') s
JOIN o2c.payments p ON p.id = s.id WHERE p.status = 'succeeded'""",
)


def upgrade() -> None:
    """Add what such sales are to what NetSuite has to hold."""
    for script in (INDEXES, EXPECTED):
        op.execute(script)
