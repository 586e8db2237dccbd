"""Which days of Stripe were read whole, and when: a month is ready to close only when all of its days were."""

from alembic import op

revision = "0006"
down_revision = "0005"

DAYS = """
CREATE TABLE o2c.days_read (
    object text NOT NULL,
    day date NOT NULL,
    read_at timestamptz NOT NULL,
    PRIMARY KEY (object, day)
);
COMMENT ON TABLE o2c.days_read IS
    'When the newest whole read of a type of Stripe object for a UTC day of its creation began.';
"""


def upgrade() -> None:
    """Create the table. What was read before it is not known, and has to be read again before a month closes."""
    op.execute(DAYS)
