"""What came back of a dispute's money, where that is not all of it."""

from alembic import op

revision = "0023"
down_revision = "0022"

COLUMN = """
ALTER TABLE o2c.disputes ADD COLUMN reinstated_minor bigint;
COMMENT ON COLUMN o2c.disputes.reinstated_minor IS
    'What came back on reinstated_date, where that is not all of amount_minor. Minor units of the dispute.';
"""

# The one amount in the view's row for money of disputes that came back; all else is as the database has it.
EXPECTED = r"""
DO $do$ DECLARE
    was text := pg_get_viewdef('o2c.expected_documents'::regclass);
    part text := substring(was FROM $re$'rp-'::text \|\| d\.id.*?d\.reinstated_date$re$);
    becomes text := replace(part, 'd.amount_minor', 'COALESCE(d.reinstated_minor, d.amount_minor)');
BEGIN
    IF part IS NULL OR part = becomes OR strpos(replace(was, part, ''), $re$'rp-'::text$re$) > 0 THEN
        RAISE EXCEPTION 'o2c.expected_documents is not what this migration knows';
    END IF;
    EXECUTE 'CREATE OR REPLACE VIEW o2c.expected_documents AS ' || replace(was, part, becomes);
END $do$;
"""


def upgrade() -> None:
    """Add the column, and make it what NetSuite has to hold."""
    op.execute(COLUMN)
    op.execute(EXPECTED)
