"""Indexes for a plan of millions: read on from a day and key, and customers with the documents that lean on them."""

from alembic import op

revision = "0031"
down_revision = "0030"

INDEXES = """
DROP INDEX o2c.plan_entries_partition_date_idx;
CREATE INDEX plan_entries_days ON o2c.plan_entries (partition_date, external_key);
CREATE INDEX plan_entries_customers ON o2c.plan_entries (external_id) WHERE document = 'customer';
CREATE INDEX plan_entries_payers ON o2c.plan_entries (customer_id, partition_date)
    WHERE outcome = 'write' AND document <> 'customer';
"""


def upgrade() -> None:
    """Create the indexes."""
    op.execute(INDEXES)


def downgrade() -> None:
    """The index that was there."""
    op.execute("DROP INDEX o2c.plan_entries_days, o2c.plan_entries_customers, o2c.plan_entries_payers")
    op.execute("CREATE INDEX plan_entries_partition_date_idx ON o2c.plan_entries (partition_date)")
