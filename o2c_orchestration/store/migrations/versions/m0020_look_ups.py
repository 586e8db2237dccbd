"""Indexes for what is looked up again and again: namesakes, customers by external id, planned documents by day."""

from alembic import op

revision = "0020"
down_revision = "0019"

INDEXES = """
-- NetSuite customers without an external id, by name: what may be a Stripe customer already.
CREATE INDEX ON o2c.netsuite_customers (lower(btrim(name))) WHERE external_id IS NULL AND NOT inactive;
CREATE INDEX ON o2c.netsuite_customers (external_id);
CREATE INDEX ON o2c.plan_entries (partition_date);
"""


def upgrade() -> None:
    """Create the indexes."""
    op.execute(INDEXES)
