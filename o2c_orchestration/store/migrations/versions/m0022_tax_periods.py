"""Tax periods, beside the accounting periods of which some have the same ids."""

from alembic import op

revision = "0022"
down_revision = "0021"

TAX = """
ALTER TABLE o2c.periods ADD COLUMN tax boolean NOT NULL DEFAULT false;
ALTER TABLE o2c.periods DROP CONSTRAINT periods_pkey, ADD PRIMARY KEY (tax, id);
COMMENT ON TABLE o2c.periods IS
    'Accounting periods of NetSuite that documents are dated in (months, as a rule), and tax periods if heeded.';
"""

# As before. An open tax period says nothing of why a document was moved, and a closed one excuses its days.
MOVED = """
CREATE OR REPLACE VIEW o2c.moved_documents AS
SELECT d.id, d.document, d.stripe_ref AS key, d.original_date, d.trandate, d.currency, d.total_minor
FROM o2c.netsuite_documents d
WHERE d.original_date IS NOT NULL AND d.deleted_at IS NULL AND NOT d.voided AND d.trandate > d.original_date
  AND NOT EXISTS (
      SELECT FROM o2c.periods p
      WHERE NOT p.tax AND p.last_day >= d.original_date AND p.last_day < d.trandate AND p.seen_closed_at IS NULL
        AND NOT EXISTS (SELECT FROM o2c.month_locks l
                        WHERE greatest(p.first_day, d.original_date) BETWEEN l.first_day AND l.last_day)
        AND NOT EXISTS (SELECT FROM o2c.periods t
                        WHERE t.tax AND t.seen_closed_at IS NOT NULL
                          AND greatest(p.first_day, d.original_date) BETWEEN t.first_day AND t.last_day));
"""


def upgrade() -> None:
    """Add the column, and closed tax periods to what counts as a reason for a later date."""
    op.execute(TAX)
    op.execute(MOVED)
