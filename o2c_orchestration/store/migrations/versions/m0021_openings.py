"""What Stripe accounts held when the books started, as declared and as Stripe says; what is older than the books."""

from alembic import op

revision = "0021"
down_revision = "0020"

TABLES = """
CREATE TABLE o2c.openings (
    account text NOT NULL,
    currency text NOT NULL,
    netsuite_account text NOT NULL,
    amount_minor bigint NOT NULL,
    cut_over timestamptz NOT NULL,
    PRIMARY KEY (account, currency)
);
COMMENT ON TABLE o2c.openings IS
    'Opening balances of o2c.yaml as the last reconciliation saw them: one that changes is compared anew.';

CREATE TABLE o2c.stripe_openings (
    account text NOT NULL,
    currency text NOT NULL,
    cut_over timestamptz NOT NULL,
    balance_minor bigint NOT NULL,
    told_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (account, currency)
);
COMMENT ON TABLE o2c.stripe_openings IS
    'The Stripe balance at the first moment of the books: what it is now, less every movement since.';

CREATE TABLE o2c.older_looked_up (
    stripe_id text PRIMARY KEY
);
COMMENT ON TABLE o2c.older_looked_up IS
    'Objects from before the books whose documents NetSuite was asked for: reads of the ledger do not bring them.';

CREATE TABLE o2c.older_objects (
    stripe_id text PRIMARY KEY
);
COMMENT ON TABLE o2c.older_objects IS
    'Objects from before the books, of accounts that declare an opening balance: nothing is written for them.';
"""

# A document that NetSuite holds for one of them all the same is compared like any other.
UNCOMPARED = """
CREATE VIEW o2c.uncompared AS
SELECT stripe_id FROM o2c.left_out UNION ALL SELECT stripe_id FROM o2c.older_objects;
COMMENT ON VIEW o2c.uncompared IS
    'Objects that need no document: metadata blocks them, or they are from before the books.';
"""


def upgrade() -> None:
    """Create the tables and the view."""
    for script in (TABLES, UNCOMPARED):
        op.execute(script)
