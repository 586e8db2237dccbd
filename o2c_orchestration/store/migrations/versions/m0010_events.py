"""Events of Stripe, each kept once, and what the inbox knows of objects that could not be read at once."""

from alembic import op

revision = "0010"
down_revision = "0009"

EVENTS = """
CREATE TABLE o2c.stripe_events (
    id text PRIMARY KEY,
    account text,
    type text NOT NULL,
    object text,
    object_id text,
    created_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    source text NOT NULL CHECK (source IN ('webhook', 'list')),
    api_version text,
    ignored text
);
CREATE INDEX ON o2c.stripe_events (received_at);
CREATE INDEX ON o2c.stripe_events (object_id);
COMMENT ON TABLE o2c.stripe_events IS
    'Events that came, by whichever way was first. Their payloads are not kept: nothing in them is believed but ids.';
COMMENT ON COLUMN o2c.stripe_events.ignored IS
    'Why nothing follows from this event; empty for one that marked an object.';
"""

INBOX = """
-- The day of an object is known when it was read.
ALTER TABLE o2c.inbox
    DROP COLUMN partition_date,
    ADD COLUMN account text,
    ADD COLUMN changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ADD COLUMN urgent boolean NOT NULL DEFAULT false,
    ADD COLUMN attempts integer NOT NULL DEFAULT 0,
    ADD COLUMN not_before timestamptz NOT NULL DEFAULT '-infinity',
    ADD COLUMN failure text;
CREATE INDEX inbox_order ON o2c.inbox (urgent DESC, first_seen_at);
COMMENT ON COLUMN o2c.inbox.changed_at IS
    'When the oldest change that nobody has acted on happened, as its event says.';
COMMENT ON COLUMN o2c.inbox.not_before IS 'An object that could not be read waits; others do not wait for it.';
"""

# A backfill of hours must not hold up what happens meanwhile: its writer takes others' urgent documents first.
JOURNAL = """
ALTER TABLE o2c.journal ADD COLUMN priority smallint NOT NULL DEFAULT 2 CHECK (priority BETWEEN 0 AND 2);
CREATE INDEX journal_first ON o2c.journal (priority, id) WHERE state = 'intent' AND priority < 2;
COMMENT ON COLUMN o2c.journal.priority IS '0 urgent by policy, 1 follows a change, 2 of a sweep or backfill.';
"""

# The events of the sensor that were kept in a list beside its cursor.
SEEN = """
DELETE FROM o2c.cursors WHERE name = 'stripe_events:seen';
"""


def upgrade() -> None:
    """Create the table and widen the inbox."""
    for script in (EVENTS, INBOX, JOURNAL, SEEN):
        op.execute(script)
