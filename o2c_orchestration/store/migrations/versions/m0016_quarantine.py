"""Quarantine: who let a row go and why, whose event a body was, an entry of the audit trail. Inactive references."""

from alembic import op

revision = "0016"
down_revision = "0015"

COLUMNS = """
ALTER TABLE o2c.quarantine
    ADD COLUMN account text,
    ADD COLUMN outcome text CHECK (outcome IN ('passed', 'event', 'closed')),
    ADD COLUMN released_by text,
    ADD COLUMN release_reason text;
COMMENT ON COLUMN o2c.quarantine.account IS 'Of a body that came to the receiver: the account whose secret signed it.';
COMMENT ON COLUMN o2c.quarantine.outcome IS
    'passed: its schema took it; event: it was read as an event after all; closed: a person gave it up.';
COMMENT ON COLUMN o2c.quarantine.release_reason IS 'What the person said who asked for it to be let go.';
UPDATE o2c.quarantine SET outcome = 'passed' WHERE released_at IS NOT NULL;
CREATE INDEX quarantine_held ON o2c.quarantine (first_seen_at) WHERE released_at IS NULL;
"""

# Deferred to the commit, as all entries: the chain's lock is held for the commit alone. Rows that come in are no entry:
# the table says when, and a fault in our schemas may bring a hundred thousand.
AUDIT = """
CREATE FUNCTION o2c.audit_quarantine() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM o2c.audit_append(o2c.audit_actor(),
        CASE WHEN TG_OP = 'DELETE' THEN 'deleted' ELSE 'quarantine_released' END,
        'quarantine ' || OLD.source || ' ' || OLD.id, CASE WHEN OLD.source = 'stripe' THEN OLD.id END,
        CASE WHEN TG_OP = 'DELETE' THEN 'no reason given'
             ELSE coalesce(NEW.release_reason, 'it passes its schema now') END,
        json_build_object('object', OLD.object, 'first_seen_at',
            to_char(OLD.first_seen_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')),
        CASE WHEN TG_OP <> 'DELETE' THEN json_build_object('outcome', NEW.outcome) END);
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER audit_left AFTER UPDATE ON o2c.quarantine
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.released_at IS NULL AND NEW.released_at IS NOT NULL)
    EXECUTE FUNCTION o2c.audit_quarantine();
CREATE CONSTRAINT TRIGGER audit_deleted AFTER DELETE ON o2c.quarantine
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION o2c.audit_quarantine();
CREATE TRIGGER audit_truncated AFTER TRUNCATE ON o2c.quarantine EXECUTE FUNCTION o2c.audit_truncated();
ALTER TABLE o2c.quarantine ENABLE ALWAYS TRIGGER audit_left;
ALTER TABLE o2c.quarantine ENABLE ALWAYS TRIGGER audit_deleted;
ALTER TABLE o2c.quarantine ENABLE ALWAYS TRIGGER audit_truncated;
"""


# Inactive accounts stay known: the mirror names them. Documents are not to name them any more.
REFERENCE = """
ALTER TABLE o2c.netsuite_reference ADD COLUMN inactive boolean NOT NULL DEFAULT false;
"""


def upgrade() -> None:
    """Add the columns and the triggers."""
    for script in (COLUMNS, AUDIT, REFERENCE):
        op.execute(script)
