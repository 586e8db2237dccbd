"""What objects of other systems look like: the fields and values that were seen, and drift that people accepted."""

from alembic import op

revision = "0018"
down_revision = "0017"

CATALOGUE = """
CREATE TABLE o2c.seen_objects (
    object text NOT NULL,
    api_version text NOT NULL,
    objects bigint NOT NULL DEFAULT 0,
    began_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    looked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    declared_by text NOT NULL,
    PRIMARY KEY (object, api_version)
);
COMMENT ON TABLE o2c.seen_objects IS
    'Types of objects whose fields were looked at, by API version; declared_by: whose word is in the rows declared.';

CREATE TABLE o2c.seen_fields (
    object text NOT NULL,
    api_version text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('type', 'value')),
    path text NOT NULL,
    what text NOT NULL,
    times bigint NOT NULL DEFAULT 0,
    at_parents bigint NOT NULL DEFAULT 0,
    first_seen_at timestamptz,
    last_seen_at timestamptz,
    declared boolean NOT NULL DEFAULT false,
    PRIMARY KEY (object, api_version, kind, path, what)
);
COMMENT ON TABLE o2c.seen_fields IS
    'Fields with their JSON types, and values of fields that are enums; no other value is here, so nothing personal.';

CREATE TABLE o2c.drift_accepted (
    object text NOT NULL,
    api_version text NOT NULL,
    key text NOT NULL,
    actor text NOT NULL,
    reason text NOT NULL,
    accepted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (object, api_version, key)
);
COMMENT ON TABLE o2c.drift_accepted IS 'Drift that a person has looked at, so that it warns no more.';
"""

# What the schemas have refused from the first: now the tables say what the classes of their rows say.
REQUIRED = """
ALTER TABLE o2c.refunds ALTER COLUMN charge_id SET NOT NULL;
ALTER TABLE o2c.disputes ALTER COLUMN charge_id SET NOT NULL;
"""


def upgrade() -> None:
    """Create the tables."""
    op.execute(CATALOGUE)
    op.execute(REQUIRED)
