"""Metadata that a mapping names: of each object, which keys it was kept for when it was read, and what they say."""

from alembic import op

revision = "0017"
down_revision = "0016"

KEPT = """
CREATE TABLE o2c.kept_metadata (
    stripe_id text PRIMARY KEY,
    keys text[] NOT NULL,
    told json NOT NULL
);
COMMENT ON TABLE o2c.kept_metadata IS 'Metadata that the section mapping of o2c.yaml names, of objects read since.';
COMMENT ON COLUMN o2c.kept_metadata.keys IS
    'What was looked for, as kind:key (metadata, line, subscription): what is not in told is not there.';
COMMENT ON COLUMN o2c.kept_metadata.told IS 'Values by kind and key; of lines by id first.';
"""


def upgrade() -> None:
    """Create the table."""
    op.execute(KEPT)
