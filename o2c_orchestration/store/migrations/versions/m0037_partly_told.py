"""Of a record that Salesforce did not take: whether all but the fields that it named was taken all the same.

In a table of its own, so that what was told are the same rows to the release before.
"""

from alembic import op

revision = "0037"
down_revision = "0036"

TABLE = """
CREATE TABLE o2c.salesforce_told_partly (
    object text NOT NULL,
    key text NOT NULL,
    PRIMARY KEY (object, key)
);
COMMENT ON TABLE o2c.salesforce_told_partly IS
    'Records of which some fields were refused (salesforce_written.error_code), and all others are told.';
INSERT INTO o2c.salesforce_told_partly SELECT object, key FROM o2c.salesforce_written
WHERE error_code IS NOT NULL AND error_detail LIKE '%all else of it is told';
"""


def upgrade() -> None:
    """Until now the words said it, by how they ended."""
    op.execute(TABLE)


def downgrade() -> None:
    """The words still say it to the release of before."""
    op.execute("DROP TABLE o2c.salesforce_told_partly")
