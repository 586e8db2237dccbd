"""Accounts of Salesforce that were merged into others: whatever was theirs in the other systems is the other one's."""

from alembic import op

revision = "0034"
down_revision = "0033"

MERGES = """
CREATE TABLE IF NOT EXISTS o2c.account_merges (
    loser text PRIMARY KEY,
    winner text NOT NULL CHECK (winner <> loser),
    seen_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX IF NOT EXISTS account_merges_winner_idx ON o2c.account_merges (winner);
COMMENT ON TABLE o2c.account_merges IS
    'Accounts that are gone from Salesforce because they were merged, each with the one that took over.';
"""


def upgrade() -> None:
    """Create the table, where it did not stay from before a way back."""
    op.execute(MERGES)


def downgrade() -> None:
    """Leave it: Salesforce forgets within weeks what was merged, and older code does not look at the table."""
