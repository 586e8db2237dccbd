"""Whose personal data were deleted at their request, and an audit trail that repeats no words about people."""

from alembic import op

revision = "0030"
down_revision = "0029"

FORGOTTEN = """
CREATE TABLE o2c.forgotten (
    system text NOT NULL CHECK (system IN ('stripe', 'salesforce', 'netsuite')),
    id text NOT NULL,
    forgotten_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (system, id)
);
COMMENT ON TABLE o2c.forgotten IS
    'Records whose personal data were deleted by o2c forget: ids alone. What is read of them again is kept without.';
"""

# NetSuite's words about a customer may quote him, and those of a gap of deals name account and deal. The trail cannot
# be corrected later, so it says where the words are, and not what they are.
GAPS = """
CREATE FUNCTION o2c.audit_gap_why(gap o2c.gaps, action text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN action = 'gap_resolved' THEN 'the difference is gone'
                WHEN gap.leg LIKE 'salesforce%' OR gap.stripe_id LIKE 'cus\\_%'
                THEN 'the gap says why, in words that may name people' ELSE gap.reason END
$$;

CREATE OR REPLACE FUNCTION o2c.audit_gap() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    gap o2c.gaps := coalesce(NEW, OLD);
    change record;
    action text := CASE WHEN TG_OP = 'INSERT' THEN 'gap_opened' WHEN TG_OP = 'DELETE' THEN 'gap_deleted'
        WHEN NEW.state = OLD.state THEN 'gap_changed'
        WHEN NEW.state = 'resolved' THEN 'gap_resolved' ELSE 'gap_reopened' END;
BEGIN
    change := o2c.audit_change(o2c.audit_gap_row(OLD), o2c.audit_gap_row(NEW));
    PERFORM o2c.audit_append(o2c.audit_actor(), action, gap.gap_id, gap.stripe_id, o2c.audit_gap_why(gap, action),
        change.before, change.after);
    RETURN NULL;
END $$;
"""

# What a person decided, and why, is told as before.
JOURNAL = """
CREATE FUNCTION o2c.audit_journal_why(entry o2c.journal, note text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN entry.document IN ('customer', 'stripeCustomer')
                     AND (entry.state IN ('refused', 'dead', 'unknown') OR note LIKE '%said:%')
                THEN coalesce(entry.error_code || ': ', '') || 'the history of the write has the words'
                ELSE coalesce(note, 'no reason given') END
$$;

CREATE OR REPLACE FUNCTION o2c.audit_journal() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    entry o2c.journal := coalesce(NEW, OLD);
    becomes jsonb := o2c.audit_journal_row(NEW);
    change record;
    reason text;
BEGIN
    -- The note of this very transaction; an older one is about another change.
    SELECT h.note INTO reason FROM o2c.journal_history h
        WHERE h.journal_id = entry.id AND h.at >= now() AND h.state = entry.state ORDER BY h.at DESC LIMIT 1;
    IF NEW IS DISTINCT FROM NULL AND NEW.state IN ('intent', 'sent') THEN
        becomes := becomes || coalesce((
            SELECT jsonb_build_object('payload_blake2b', encode(s.payload_hash, 'hex'))
            FROM o2c.stripe_objects s WHERE s.id = NEW.stripe_id), '{}');
    END IF;
    SELECT * INTO change FROM o2c.audit_change(o2c.audit_journal_row(OLD), becomes);
    PERFORM o2c.audit_append(o2c.audit_actor(), o2c.audit_journal_action(OLD, NEW), entry.external_id,
        entry.stripe_id, o2c.audit_journal_why(entry, reason), change.before, change.after);
    RETURN NULL;
END $$;
"""


def upgrade() -> None:
    """Create the table, and have the trail leave out words that may name people."""
    for script in (FORGOTTEN, GAPS, JOURNAL):
        op.execute(script)
