"""Documents in NetSuite of which a person said that nothing in Stripe stands behind them."""

from alembic import op

revision = "0019"
down_revision = "0018"

UNRELATED = """
CREATE TABLE o2c.unrelated_documents (
    netsuite_id bigint PRIMARY KEY,
    reason text NOT NULL,
    decided_by text NOT NULL,
    decided_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE o2c.unrelated_documents IS
    'Documents of Stripe customers that are other business: they hold up nothing and are no gap.';

-- Before a document is written: whether one by hand of the same customer and amount is there.
CREATE INDEX ON o2c.netsuite_documents (entity_id, total_minor, trandate)
    WHERE stripe_ref IS NULL AND deleted_at IS NULL AND NOT voided;
CREATE INDEX ON o2c.journal (netsuite_id) WHERE netsuite_id IS NOT NULL;
"""


def upgrade() -> None:
    """Create the table and the index."""
    op.execute(UNRELATED)
