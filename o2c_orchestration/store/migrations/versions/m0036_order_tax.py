"""What NetSuite adds to sales orders as tax, where the policy leaves tax to it.

In a table of its own, so that orders are the same rows to the release before.
"""

from alembic import op

revision = "0036"
down_revision = "0035"

TAXES = """
CREATE TABLE o2c.sales_order_taxes (
    order_id bigint PRIMARY KEY,
    tax_minor bigint NOT NULL
);
COMMENT ON TABLE o2c.sales_order_taxes IS
    'What of a sales order''s total is tax that NetSuite added, of those that were asked for it.';
"""


def upgrade() -> None:
    """Of orders that were read before nothing is known: they are read once more when it is asked for."""
    op.execute(TAXES)


def downgrade() -> None:
    """Without it; the mark of the reads that brought it goes too, so that a later upgrade reads anew."""
    op.execute("DROP TABLE o2c.sales_order_taxes")
    op.execute("DELETE FROM o2c.cursors WHERE name = 'netsuite_orders_taxed'")
