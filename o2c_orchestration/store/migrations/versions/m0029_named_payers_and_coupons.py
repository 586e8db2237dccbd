"""What metadata says beside customers and prices: whose a charge is that has no customer, and what coupons go on."""

from alembic import op

revision = "0029"
down_revision = "0028"

# On charges this key was not read before.
AGAIN = """
UPDATE o2c.stripe_objects SET validated_hash = NULL
WHERE object = 'charge' AND payload::text LIKE '%"netsuite\\_customer\\_id"%';
"""


def upgrade() -> None:
    """Read charges that name a customer once more."""
    op.execute(AGAIN)
