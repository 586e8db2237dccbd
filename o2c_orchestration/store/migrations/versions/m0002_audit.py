"""The audit trail: an append-only, hash-chained table that triggers on journal and gaps write to."""

from alembic import op

revision = "0002"
down_revision = "0001"

TABLES = """
CREATE TABLE o2c.audit (
    seq bigint PRIMARY KEY,
    at timestamptz NOT NULL,
    login text NOT NULL,
    actor text NOT NULL,
    action text NOT NULL,
    subject text NOT NULL,
    stripe_id text,
    why text NOT NULL,
    -- json, not jsonb: the text as it was hashed.
    before json,
    after json,
    hash bytea NOT NULL
);
CREATE INDEX ON o2c.audit (subject);
CREATE INDEX ON o2c.audit (stripe_id) WHERE stripe_id IS NOT NULL;
COMMENT ON TABLE o2c.audit IS
    'Who did what, why, before and after. Append-only; each hash covers the row and the hash before it.';

CREATE TABLE o2c.audit_heads (
    seq bigint PRIMARY KEY,
    hash bytea NOT NULL,
    published_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    published_by text NOT NULL
);
COMMENT ON TABLE o2c.audit_heads IS
    'Heads of the audit trail that a digest has told to people: whoever keeps one can prove what came before it.';
"""

# A field is its length in bytes, a colon, its text in UTF-8 and a semicolon; one that is null is "-;".
# store/audit.py says the same in Python, so that the chain can be proved without trusting these functions.
APPEND = """
CREATE FUNCTION o2c.audit_field(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(octet_length(convert_to(value, 'UTF8')) || ':' || value || ';', '-;')
$$;

-- The chain has one order, so whoever appends waits for the commit of whoever appended last. A transaction that goes
-- on to wait for rows after it has appended may deadlock: append last. The triggers below do, at commit.
CREATE FUNCTION o2c.audit_append(
    actor text, action text, subject text, stripe_id text, why text, before json, after json)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    entry o2c.audit;
BEGIN
    PERFORM pg_advisory_xact_lock(723003);
    SELECT a.seq, a.hash INTO entry.seq, entry.hash FROM o2c.audit a ORDER BY a.seq DESC LIMIT 1;
    entry.seq := coalesce(entry.seq, 0) + 1;
    entry.at := clock_timestamp();
    entry.login := session_user;
    entry.actor := actor;
    entry.action := action;
    entry.subject := subject;
    entry.stripe_id := stripe_id;
    entry.why := left(regexp_replace(why, '[^\\s@<>"]+@[^\\s@<>"]+', '[e-mail]', 'g'), 1000);
    entry.before := before;
    entry.after := after;
    entry.hash := sha256(coalesce(entry.hash, decode(repeat('00', 32), 'hex')) || convert_to(
        o2c.audit_field(entry.seq::text)
        || o2c.audit_field(to_char(entry.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
        || o2c.audit_field(entry.login) || o2c.audit_field(entry.actor) || o2c.audit_field(entry.action)
        || o2c.audit_field(entry.subject) || o2c.audit_field(entry.stripe_id) || o2c.audit_field(entry.why)
        || o2c.audit_field(entry.before::text) || o2c.audit_field(entry.after::text), 'UTF8'));
    INSERT INTO o2c.audit SELECT (entry).*;
    RETURN entry.seq;
END $$;

-- Whoever writes by hand, past the product, is named by the login.
CREATE FUNCTION o2c.audit_actor() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT coalesce(nullif(current_setting('o2c.actor', true), ''), 'login:' || session_user)
$$;

-- The newest entry, kept as told to people; null when there is none.
CREATE FUNCTION o2c.audit_publish(by text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    head o2c.audit;
BEGIN
    PERFORM pg_advisory_xact_lock(723003);
    SELECT * INTO head FROM o2c.audit a ORDER BY a.seq DESC LIMIT 1;
    INSERT INTO o2c.audit_heads (seq, hash, published_by)
        SELECT head.seq, head.hash, by WHERE head.seq IS NOT NULL ON CONFLICT DO NOTHING;
    RETURN head.seq;
END $$;

-- What changed, key by key; everything for a row that is new or gone.
CREATE FUNCTION o2c.audit_change(was jsonb, becomes jsonb, OUT before json, OUT after json)
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN was IS NOT NULL THEN
               (SELECT jsonb_object_agg(key, value) FROM jsonb_each(was)
                WHERE value IS DISTINCT FROM becomes -> key)::text::json END,
           CASE WHEN becomes IS NOT NULL THEN
               (SELECT jsonb_object_agg(key, value) FROM jsonb_each(becomes)
                WHERE value IS DISTINCT FROM was -> key)::text::json END
$$;
"""

# Triggers, not calls: nobody can forget them, and what is changed by hand is told too. They are deferred to the
# commit, so that the chain's lock is held for the commit alone.
JOURNAL = """
CREATE FUNCTION o2c.audit_journal_row(j o2c.journal) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN j.id IS NOT NULL THEN jsonb_strip_nulls(jsonb_build_object(
        'state', j.state, 'document', j.document, 'external_id', j.external_id, 'stripe_id', j.stripe_id,
        'currency', j.currency, 'amount_minor', j.amount_minor, 'effective_date', j.effective_date,
        'command_sha256', j.digest, 'netsuite_id', j.netsuite_id, 'adopted', j.adopted, 'attempts', j.attempts,
        'error_code', j.error_code, 'held', CASE WHEN j.next_attempt_at = 'infinity' THEN true END,
        'decided_by', j.decided_by, 'request_sha256', encode(sha256(convert_to(j.request::text, 'UTF8')), 'hex'),
        'sent_at', to_char(j.sent_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))) END
$$;

CREATE FUNCTION o2c.audit_journal_action(was o2c.journal, becomes o2c.journal) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN becomes.id IS NULL THEN 'deleted'
        WHEN was.id IS NULL THEN 'planned'
        WHEN becomes.state <> was.state THEN CASE
            WHEN becomes.state = 'done' THEN CASE WHEN becomes.adopted THEN 'adopted' ELSE 'written' END
            -- Back in line, to be sent or to be looked up first.
            WHEN was.state IN ('refused', 'dead', 'dropped') AND becomes.state IN ('intent', 'unknown') THEN 'retried'
            WHEN becomes.state = 'intent' THEN 'not_written'
            ELSE becomes.state END
        WHEN becomes.sent_at IS DISTINCT FROM was.sent_at THEN 'sent'
        WHEN becomes.digest <> was.digest THEN 'replanned'
        WHEN becomes.next_attempt_at = 'infinity' AND was.next_attempt_at <> 'infinity' THEN 'held'
        WHEN becomes.next_attempt_at <> 'infinity' AND was.next_attempt_at = 'infinity' THEN 'replanned'
        ELSE 'changed' END
$$;

CREATE FUNCTION o2c.audit_journal() RETURNS trigger
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
        entry.stripe_id, coalesce(reason, 'no reason given'), change.before, change.after);
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER audit_added AFTER INSERT OR DELETE ON o2c.journal
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION o2c.audit_journal();
CREATE CONSTRAINT TRIGGER audit_changed AFTER UPDATE ON o2c.journal
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    -- A claim says that a request is about to leave; that it leaves is told when sent_at is set.
    WHEN (NOT (OLD.state = 'intent' AND NEW.state = 'sent' AND NEW.sent_at IS NULL) AND
          (OLD.state, OLD.sent_at, OLD.digest, OLD.netsuite_id, OLD.adopted, OLD.currency, OLD.amount_minor,
           OLD.effective_date, OLD.document, OLD.external_id, OLD.stripe_id, OLD.next_attempt_at = 'infinity')
        IS DISTINCT FROM
          (NEW.state, NEW.sent_at, NEW.digest, NEW.netsuite_id, NEW.adopted, NEW.currency, NEW.amount_minor,
           NEW.effective_date, NEW.document, NEW.external_id, NEW.stripe_id, NEW.next_attempt_at = 'infinity'))
    EXECUTE FUNCTION o2c.audit_journal();
"""

GAPS = """
CREATE FUNCTION o2c.audit_gap_row(g o2c.gaps) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN g.gap_id IS NOT NULL THEN jsonb_strip_nulls(jsonb_build_object(
        'state', g.state, 'leg', g.leg, 'kind', g.kind, 'stripe_id', g.stripe_id, 'netsuite_id', g.netsuite_id,
        'currency', g.currency, 'expected_minor', g.expected_minor, 'actual_minor', g.actual_minor,
        'difference_minor', g.difference_minor, 'effective_date', g.effective_date)) END
$$;

CREATE FUNCTION o2c.audit_gap() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    gap o2c.gaps := coalesce(NEW, OLD);
    change record;
    action text := CASE WHEN TG_OP = 'INSERT' THEN 'gap_opened' WHEN TG_OP = 'DELETE' THEN 'gap_deleted'
        WHEN NEW.state = OLD.state THEN 'gap_changed'
        WHEN NEW.state = 'resolved' THEN 'gap_resolved' ELSE 'gap_reopened' END;
BEGIN
    SELECT * INTO change FROM o2c.audit_change(o2c.audit_gap_row(OLD), o2c.audit_gap_row(NEW));
    PERFORM o2c.audit_append(o2c.audit_actor(), action, gap.gap_id, gap.stripe_id,
        CASE WHEN action = 'gap_resolved' THEN 'the difference is gone' ELSE gap.reason END,
        change.before, change.after);
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER audit_added AFTER INSERT OR DELETE ON o2c.gaps
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION o2c.audit_gap();
CREATE CONSTRAINT TRIGGER audit_changed AFTER UPDATE ON o2c.gaps
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN ((OLD.state, OLD.netsuite_id, OLD.currency, OLD.expected_minor, OLD.actual_minor, OLD.difference_minor)
        IS DISTINCT FROM
          (NEW.state, NEW.netsuite_id, NEW.currency, NEW.expected_minor, NEW.actual_minor, NEW.difference_minor))
    EXECUTE FUNCTION o2c.audit_gap();
"""

FENCES = """
CREATE FUNCTION o2c.audit_truncated() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM o2c.audit_append(o2c.audit_actor(), 'truncated', TG_TABLE_NAME, NULL, 'no reason given', NULL, NULL);
    RETURN NULL;
END $$;
CREATE TRIGGER audit_truncated AFTER TRUNCATE ON o2c.journal EXECUTE FUNCTION o2c.audit_truncated();
CREATE TRIGGER audit_truncated AFTER TRUNCATE ON o2c.gaps EXECUTE FUNCTION o2c.audit_truncated();

CREATE FUNCTION o2c.audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of o2c.% is refused: the audit trail is append-only', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON o2c.audit EXECUTE FUNCTION o2c.audit_refuse();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON o2c.audit_heads EXECUTE FUNCTION o2c.audit_refuse();

-- Also in a session that says it replays another server's changes.
ALTER TABLE o2c.audit ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE o2c.audit_heads ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE o2c.journal ENABLE ALWAYS TRIGGER audit_added;
ALTER TABLE o2c.journal ENABLE ALWAYS TRIGGER audit_changed;
ALTER TABLE o2c.journal ENABLE ALWAYS TRIGGER audit_truncated;
ALTER TABLE o2c.gaps ENABLE ALWAYS TRIGGER audit_added;
ALTER TABLE o2c.gaps ENABLE ALWAYS TRIGGER audit_changed;
ALTER TABLE o2c.gaps ENABLE ALWAYS TRIGGER audit_truncated;

REVOKE ALL ON FUNCTION o2c.audit_append(text, text, text, text, text, json, json), o2c.audit_publish(text) FROM PUBLIC;
"""

# What was done before the trail began is told by journal_history, which is no proof.
BEGIN = """
SELECT o2c.audit_append(o2c.audit_actor(), 'trail_begun', 'audit', NULL, 'the first entry', NULL,
    json_build_object('journal', (SELECT count(*) FROM o2c.journal), 'gaps', (SELECT count(*) FROM o2c.gaps)))
"""


def upgrade() -> None:
    """Create the trail, its fences and its triggers, and write the first entry."""
    for script in (TABLES, APPEND, JOURNAL, GAPS, FENCES, BEGIN):
        op.execute(script)
