"""What waits for validation is found in its order: without that the index of all objects looked as good."""

from alembic import op

revision = "0033"
down_revision = "0032"

INDEX = """
DROP INDEX o2c.stripe_objects_pending;
CREATE INDEX stripe_objects_pending ON o2c.stripe_objects (object, created_at, id)
    WHERE validated_hash IS DISTINCT FROM payload_hash;
"""


def upgrade() -> None:
    """Create the index anew."""
    op.execute(INDEX)


def downgrade() -> None:
    """The index that was there."""
    op.execute("DROP INDEX o2c.stripe_objects_pending")
    op.execute("""CREATE INDEX stripe_objects_pending ON o2c.stripe_objects (object, created_at)
        WHERE validated_hash IS DISTINCT FROM payload_hash""")
