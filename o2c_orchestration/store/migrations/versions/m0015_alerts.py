"""Alerts with a life of their own, their messages (the outbox), and the checks and jobs that fail."""

from alembic import op

revision = "0015"
down_revision = "0014"

TABLES = """
CREATE TABLE o2c.alerts (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    cause text NOT NULL UNIQUE,
    state text NOT NULL CHECK (state IN ('open', 'closed')),
    source text NOT NULL,
    facts jsonb NOT NULL,
    opened_at timestamptz NOT NULL,
    gone_since timestamptz,
    closed_at timestamptz,
    told jsonb,
    told_at timestamptz,
    channels text[] NOT NULL DEFAULT '{}',
    steps integer NOT NULL DEFAULT 0,
    CHECK ((state = 'closed') = (closed_at IS NOT NULL))
);
COMMENT ON TABLE o2c.alerts IS 'What is or was wrong, one row for each cause; one that comes back is open again.';
COMMENT ON COLUMN o2c.alerts.told IS 'What its last message said: severity, count and minor units by currency.';
COMMENT ON COLUMN o2c.alerts.channels IS 'Who was told that it is open, and is told when it is not.';

CREATE TABLE o2c.alert_messages (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key text NOT NULL,
    channel text NOT NULL,
    alert_id bigint REFERENCES o2c.alerts ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('opened', 'changed', 'reminder', 'all_clear', 'digest')),
    severity text NOT NULL,
    title text NOT NULL,
    body text NOT NULL,
    markdown text NOT NULL,
    state text NOT NULL DEFAULT 'waiting'
        CHECK (state IN ('waiting', 'sent', 'given_up', 'overtaken')),
    queued_at timestamptz NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL,
    claimed_until timestamptz,
    failed_at timestamptz,
    error text,
    sent_at timestamptz,
    UNIQUE (key, channel),
    CHECK ((state = 'sent') = (sent_at IS NOT NULL))
);
CREATE INDEX alert_messages_waiting ON o2c.alert_messages (channel, id) WHERE state = 'waiting';
CREATE INDEX ON o2c.alert_messages (alert_id);
COMMENT ON TABLE o2c.alert_messages IS
    'The outbox: each channel gets its messages in the order of their ids, the next when the one before is settled.';
COMMENT ON COLUMN o2c.alert_messages.key IS 'Alert and step, or the day of a digest: nothing is queued twice.';
COMMENT ON COLUMN o2c.alert_messages.failed_at IS 'When it first could not be sent.';

CREATE TABLE o2c.alert_signals (
    origin text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('check', 'run')),
    subject text NOT NULL,
    position bigint NOT NULL,
    failing boolean NOT NULL,
    severity text NOT NULL,
    run_id text,
    words text NOT NULL,
    at timestamptz NOT NULL,
    to_do text NOT NULL,
    failing_since timestamptz,
    first_day date,
    last_day date,
    PRIMARY KEY (kind, subject)
);
COMMENT ON TABLE o2c.alert_signals IS 'The newest evaluation of each asset check, and the newest end of each job.';
COMMENT ON COLUMN o2c.alert_signals.first_day IS 'Of a job: the days of the runs that failed, for a success to cover.';
COMMENT ON COLUMN o2c.alert_signals.position IS 'Its place in the event log of the Dagster instance named by origin.';
"""

# Who was told what, and when, is for auditors too. Told by triggers, as journal and gaps are.
AUDIT = """
CREATE FUNCTION o2c.audit_alert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    alert o2c.alerts := coalesce(NEW, OLD);
BEGIN
    PERFORM o2c.audit_append(o2c.audit_actor(),
        CASE WHEN TG_OP = 'DELETE' THEN 'alert_deleted' WHEN alert.state = 'closed' THEN 'alert_closed'
             WHEN TG_OP = 'UPDATE' THEN 'alert_reopened' ELSE 'alert_opened' END,
        'alert ' || alert.cause, NULL, alert.facts ->> 'title', NULL,
        json_build_object('state', alert.state, 'count', alert.facts -> 'count', 'sums', alert.facts -> 'sums'));
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER audit_added AFTER INSERT OR DELETE ON o2c.alerts
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION o2c.audit_alert();
CREATE CONSTRAINT TRIGGER audit_changed AFTER UPDATE ON o2c.alerts
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION o2c.audit_alert();

CREATE FUNCTION o2c.audit_alert_message() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM o2c.audit_append(o2c.audit_actor(), 'message_' || NEW.state, 'message ' || NEW.key, NULL, NEW.title, NULL,
        json_build_object('channel', NEW.channel, 'kind', NEW.kind, 'attempts', NEW.attempts,
            'text_sha256', encode(sha256(convert_to(NEW.body, 'UTF8')), 'hex')));
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER audit_changed AFTER UPDATE ON o2c.alert_messages
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.state <> NEW.state)
    EXECUTE FUNCTION o2c.audit_alert_message();

CREATE TRIGGER audit_truncated AFTER TRUNCATE ON o2c.alerts EXECUTE FUNCTION o2c.audit_truncated();
CREATE TRIGGER audit_truncated AFTER TRUNCATE ON o2c.alert_messages EXECUTE FUNCTION o2c.audit_truncated();
ALTER TABLE o2c.alerts ENABLE ALWAYS TRIGGER audit_added;
ALTER TABLE o2c.alerts ENABLE ALWAYS TRIGGER audit_changed;
ALTER TABLE o2c.alerts ENABLE ALWAYS TRIGGER audit_truncated;
ALTER TABLE o2c.alert_messages ENABLE ALWAYS TRIGGER audit_changed;
ALTER TABLE o2c.alert_messages ENABLE ALWAYS TRIGGER audit_truncated;
"""


def upgrade() -> None:
    """Create the tables and their part of the audit trail."""
    for script in (TABLES, AUDIT):
        op.execute(script)
