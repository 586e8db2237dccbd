"""Months that were locked here: by whom, why, and the figures of the close at that moment."""

from alembic import op

revision = "0013"
down_revision = "0012"

LOCKS = """
CREATE TABLE o2c.month_locks (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    first_day date NOT NULL,
    last_day date NOT NULL,
    locked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    locked_by text NOT NULL,
    reason text,
    ready boolean NOT NULL,
    -- json, not jsonb: the text as it was hashed.
    figures json NOT NULL,
    sha256 text NOT NULL,
    unlocked_at timestamptz,
    unlocked_by text,
    unlock_reason text
);
CREATE UNIQUE INDEX ON o2c.month_locks (first_day) WHERE unlocked_at IS NULL;
COMMENT ON TABLE o2c.month_locks IS
    'Months in which nothing is booked any more, as decided here and whatever NetSuite says. Rows stay when unlocked.';
COMMENT ON COLUMN o2c.month_locks.figures IS 'The close at that moment, as o2c close --json prints it.';
COMMENT ON COLUMN o2c.month_locks.sha256 IS 'Of the text of figures, in UTF-8.';
"""

# Told by a trigger, as journal and gaps are: a hand in psql is told too.
AUDIT = """
CREATE FUNCTION o2c.audit_month_lock_row(l o2c.month_locks) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN l.id IS NOT NULL THEN
        jsonb_strip_nulls(to_jsonb(l) - 'figures' || jsonb_build_object('figures_sha256',
            encode(sha256(convert_to(l.figures::text, 'UTF8')), 'hex'))) END
$$;

CREATE FUNCTION o2c.audit_month_lock() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    entry o2c.month_locks := coalesce(NEW, OLD);
    change record;
    action text := CASE WHEN TG_OP = 'INSERT' THEN 'month_locked' WHEN TG_OP = 'DELETE' THEN 'month_lock_deleted'
        WHEN OLD.unlocked_at IS NULL AND NEW.unlocked_at IS NOT NULL THEN 'month_unlocked'
        ELSE 'month_lock_changed' END;
BEGIN
    SELECT * INTO change FROM o2c.audit_change(o2c.audit_month_lock_row(OLD), o2c.audit_month_lock_row(NEW));
    PERFORM o2c.audit_append(o2c.audit_actor(), action, 'month ' || to_char(entry.first_day, 'YYYY-MM'), NULL,
        coalesce(CASE WHEN action = 'month_unlocked' THEN entry.unlock_reason ELSE entry.reason END,
                 'no reason given'), change.before, change.after);
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER audit_month AFTER INSERT OR UPDATE OR DELETE ON o2c.month_locks
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION o2c.audit_month_lock();
CREATE TRIGGER audit_truncated AFTER TRUNCATE ON o2c.month_locks EXECUTE FUNCTION o2c.audit_truncated();
ALTER TABLE o2c.month_locks ENABLE ALWAYS TRIGGER audit_month;
ALTER TABLE o2c.month_locks ENABLE ALWAYS TRIGGER audit_truncated;
"""

# As before, and a month that was ever locked here counts as one that was seen closed.
MOVED = """
CREATE OR REPLACE VIEW o2c.moved_documents AS
SELECT d.id, d.document, d.stripe_ref AS key, d.original_date, d.trandate, d.currency, d.total_minor
FROM o2c.netsuite_documents d
WHERE d.original_date IS NOT NULL AND d.deleted_at IS NULL AND NOT d.voided AND d.trandate > d.original_date
  AND NOT EXISTS (SELECT FROM o2c.periods p WHERE p.last_day >= d.original_date AND p.last_day < d.trandate
                  AND p.seen_closed_at IS NULL AND NOT EXISTS (
      SELECT FROM o2c.month_locks l WHERE greatest(p.first_day, d.original_date) BETWEEN l.first_day AND l.last_day));
"""


def upgrade() -> None:
    """Add the table, its part of the audit trail, and the locks to what counts as moved."""
    for script in (LOCKS, AUDIT, MOVED):
        op.execute(script)
