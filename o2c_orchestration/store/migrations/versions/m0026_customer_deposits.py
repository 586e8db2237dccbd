"""Payments that NetSuite keeps as customer deposits: which ones, since what pays them back names them elsewhere."""

from alembic import op

revision = "0026"
down_revision = "0025"

RECORD = "ALTER TABLE o2c.netsuite_documents ADD COLUMN record text"


def upgrade() -> None:
    """Add the record type."""
    op.execute(RECORD)
