"""NetSuite customers without an external id, by name: what may be a Stripe customer already."""

from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Create the index."""
    op.execute("CREATE INDEX ON o2c.netsuite_customers (lower(btrim(name))) WHERE external_id IS NULL AND NOT inactive")
