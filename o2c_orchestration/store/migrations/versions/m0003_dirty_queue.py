"""Dirty keys as a queue without a key of its own: a transaction adds its keys and waits for nobody.

With a unique key, one that was noted already was not noted again, and whoever took it while the second change was not
committed yet compared without that change, which then nobody looked at. Two that noted the same keys in another order
also waited for each other.
"""

from alembic import op

revision = "0003"
down_revision = "0002"

QUEUE = """
ALTER TABLE o2c.dirty DROP CONSTRAINT dirty_pkey;
ALTER TABLE o2c.dirty ALTER COLUMN key SET NOT NULL;
COMMENT ON TABLE o2c.dirty IS
    'What to reconcile anew: ids of Stripe objects, and ns:<id> for ledger documents that name none. Once per change.';
"""


def upgrade() -> None:
    """Let the same key be noted more than once."""
    op.execute(QUEUE)
