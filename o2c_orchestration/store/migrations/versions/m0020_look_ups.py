"""Indexes for what is looked up often: customers by name and external id, plans by day, payments by customer."""

from alembic import op

revision = "0020"
down_revision = "0019"

INDEXES = """
-- NetSuite customers without an external id, by name: what may be a Stripe customer already.
CREATE INDEX ON o2c.netsuite_customers (lower(btrim(name))) WHERE external_id IS NULL AND NOT inactive;
CREATE INDEX ON o2c.netsuite_customers (external_id);
CREATE INDEX ON o2c.plan_entries (partition_date);
-- The currencies of a customer that is to be made.
CREATE INDEX ON o2c.payments (customer_id);
"""


def upgrade() -> None:
    """Create the indexes."""
    op.execute(INDEXES)
