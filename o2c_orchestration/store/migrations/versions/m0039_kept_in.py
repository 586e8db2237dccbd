"""In which currency NetSuite keeps an account: a deposit takes that of its bank account, whatever the payout was in.

In a table of its own, so that reference data are the same rows to the release before.
"""

from alembic import op

revision = "0039"
down_revision = "0038"

TABLE = """
CREATE TABLE o2c.netsuite_account_currencies (
    account text PRIMARY KEY,
    currency text NOT NULL
);
COMMENT ON TABLE o2c.netsuite_account_currencies IS
    'Internal ids of accounts and of the currency that each is kept in, where NetSuite tells; as reference data.';
"""


def upgrade() -> None:
    """Empty until the accounts are read again, which every run begins with."""
    op.execute(TABLE)


def downgrade() -> None:
    """Read anew by whoever knows of it."""
    op.execute("DROP TABLE o2c.netsuite_account_currencies")
