"""Records of Salesforce that a change event says have changed, until they were read again."""

from alembic import op

revision = "0032"
down_revision = "0031"

MARKS = """
CREATE TABLE o2c.salesforce_marks (
    object text NOT NULL,
    id text NOT NULL,
    version bigint NOT NULL,
    marked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (object, id)
);
COMMENT ON TABLE o2c.salesforce_marks IS
    'Records of Salesforce to be read again, as its change events say; an empty id: all of the type has to be polled.';
"""


def upgrade() -> None:
    """Create the table."""
    op.execute(MARKS)


def downgrade() -> None:
    """Drop the table: the poll, which older code has too, reads from its own cursor on whatever was marked."""
    op.execute("DROP TABLE o2c.salesforce_marks")
