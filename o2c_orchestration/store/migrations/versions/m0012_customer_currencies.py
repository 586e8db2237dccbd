"""Currencies of NetSuite's customers, as far as they were asked for."""

from alembic import op

revision = "0012"
down_revision = "0011"

CURRENCIES = """
CREATE TABLE o2c.netsuite_customer_currencies (
    customer_id bigint PRIMARY KEY,
    currencies text[] NOT NULL,
    read_at timestamptz NOT NULL
);
COMMENT ON TABLE o2c.netsuite_customer_currencies IS
    'Currencies of NetSuite customers who were to have a document in one that no document showed them to have.';
"""


def upgrade() -> None:
    """Add the table."""
    op.execute(CURRENCIES)
