SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
CREATE SCHEMA o2c;
CREATE FUNCTION o2c.account_of(stripe_id text) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
    SELECT coalesce((SELECT k.account FROM o2c.further_accounts k WHERE k.id = stripe_id), 'main')
$$;
CREATE FUNCTION o2c.audit_actor() RETURNS text
    LANGUAGE sql STABLE
    AS $$
    SELECT coalesce(nullif(current_setting('o2c.actor', true), ''), 'login:' || session_user)
$$;
CREATE FUNCTION o2c.audit_alert() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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
CREATE FUNCTION o2c.audit_alert_message() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    PERFORM o2c.audit_append(o2c.audit_actor(), 'message_' || NEW.state, 'message ' || NEW.key, NULL, NEW.title, NULL,
        json_build_object('channel', NEW.channel, 'kind', NEW.kind, 'attempts', NEW.attempts,
            'text_sha256', encode(sha256(convert_to(NEW.body, 'UTF8')), 'hex')));
    RETURN NULL;
END $$;
CREATE FUNCTION o2c.audit_append(actor text, action text, subject text, stripe_id text, why text, before json, after json) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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
    -- The pattern is tried at every letter; most reasons have no address.
    entry.why := left(CASE WHEN why LIKE '%@%' THEN regexp_replace(why, '[^\s@<>"]+@[^\s@<>"]+', '[e-mail]', 'g')
                           ELSE why END, 1000);
    entry.before := before;
    entry.after := after;
    entry.hash := sha256(coalesce(entry.hash, decode(repeat('00', 32), 'hex')) || convert_to(
        o2c.audit_field(entry.seq::text)
        || o2c.audit_field(to_char(entry.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
        || o2c.audit_field(entry.login) || o2c.audit_field(entry.actor) || o2c.audit_field(entry.action)
        || o2c.audit_field(entry.subject) || o2c.audit_field(entry.stripe_id) || o2c.audit_field(entry.why)
        || o2c.audit_field(entry.before::text) || o2c.audit_field(entry.after::text), 'UTF8'));
    INSERT INTO o2c.audit VALUES (entry.seq, entry.at, entry.login, entry.actor, entry.action, entry.subject,
        entry.stripe_id, entry.why, entry.before, entry.after, entry.hash);
    RETURN entry.seq;
END $$;
CREATE FUNCTION o2c.audit_change(was jsonb, becomes jsonb, OUT before json, OUT after json) RETURNS record
    LANGUAGE plpgsql IMMUTABLE
    AS $$
BEGIN
    IF was IS NULL OR becomes IS NULL THEN
        before := was::text::json;
        after := becomes::text::json;
    ELSE
        before := (SELECT jsonb_object_agg(key, value) FROM jsonb_each(was)
                   WHERE value IS DISTINCT FROM becomes -> key)::text::json;
        after := (SELECT jsonb_object_agg(key, value) FROM jsonb_each(becomes)
                  WHERE value IS DISTINCT FROM was -> key)::text::json;
    END IF;
END $$;
CREATE FUNCTION o2c.audit_field(value text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT coalesce(octet_length(convert_to(value, 'UTF8'))::text || ':' || value || ';', '-;')
$$;
CREATE FUNCTION o2c.audit_gap() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE o2c.gaps (
    gap_id text NOT NULL,
    leg text NOT NULL,
    kind text NOT NULL,
    state text NOT NULL,
    stripe_id text,
    netsuite_id text,
    salesforce_id text,
    customer text,
    currency text NOT NULL,
    expected_minor bigint,
    actual_minor bigint,
    difference_minor bigint,
    effective_date date,
    reason text NOT NULL,
    first_seen_at timestamp with time zone NOT NULL,
    last_seen_at timestamp with time zone NOT NULL,
    resolved_at timestamp with time zone,
    CONSTRAINT gaps_state_check CHECK ((state = ANY (ARRAY['open'::text, 'resolved'::text])))
);
CREATE FUNCTION o2c.audit_gap_row(g o2c.gaps) RETURNS jsonb
    LANGUAGE sql STABLE
    AS $$
    SELECT CASE WHEN g.gap_id IS NOT NULL THEN jsonb_strip_nulls(jsonb_build_object(
        'state', g.state, 'leg', g.leg, 'kind', g.kind, 'stripe_id', g.stripe_id, 'netsuite_id', g.netsuite_id,
        'currency', g.currency, 'expected_minor', g.expected_minor, 'actual_minor', g.actual_minor,
        'difference_minor', g.difference_minor, 'effective_date', g.effective_date)) END
$$;
CREATE FUNCTION o2c.audit_gap_why(gap o2c.gaps, action text) RETURNS text
    LANGUAGE sql IMMUTABLE
    AS $$
    SELECT CASE WHEN action = 'gap_resolved' THEN 'the difference is gone'
                WHEN gap.leg LIKE 'salesforce%' OR gap.stripe_id LIKE 'cus\_%'
                THEN 'the gap says why, in words that may name people' ELSE gap.reason END
$$;
CREATE FUNCTION o2c.audit_journal() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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
CREATE TABLE o2c.journal (
    id bigint NOT NULL,
    external_key text NOT NULL,
    document text NOT NULL,
    external_id text NOT NULL,
    stripe_id text NOT NULL,
    customer_id text,
    currency text NOT NULL,
    amount_minor bigint NOT NULL,
    effective_date date NOT NULL,
    partition_date date NOT NULL,
    state text NOT NULL,
    adopted boolean DEFAULT false NOT NULL,
    command json NOT NULL,
    digest text NOT NULL,
    depends_on text[] NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    look_ups integer DEFAULT 0 NOT NULL,
    lease_token bigint,
    lease_until timestamp with time zone,
    next_attempt_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    netsuite_id bigint,
    error_code text,
    error_detail text,
    fix text,
    request json,
    decided_by text,
    decided_at timestamp with time zone,
    decision text,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    sent_at timestamp with time zone,
    answered_at timestamp with time zone,
    priority smallint DEFAULT 2 NOT NULL,
    written_id text,
    CONSTRAINT journal_check CHECK ((external_key = lower(external_id))),
    CONSTRAINT journal_done CHECK (((state = 'done'::text) = ((netsuite_id IS NOT NULL) OR (written_id IS NOT NULL)))),
    CONSTRAINT journal_priority_check CHECK (((priority >= 0) AND (priority <= 2))),
    CONSTRAINT journal_state_check CHECK ((state = ANY (ARRAY['intent'::text, 'sent'::text, 'unknown'::text, 'done'::text, 'refused'::text, 'dead'::text, 'dropped'::text])))
);
COMMENT ON TABLE o2c.journal IS 'Every write to NetSuite: intent, sent, outcome. unknown = sent, and no answer came.';
COMMENT ON COLUMN o2c.journal.request IS 'The body of the newest request, kept until the document is written.';
COMMENT ON COLUMN o2c.journal.sent_at IS 'When the newest request left; empty while none has, whatever the state.';
COMMENT ON COLUMN o2c.journal.priority IS '0 urgent by policy, 1 follows a change, 2 of a sweep or backfill.';
COMMENT ON COLUMN o2c.journal.written_id IS 'Of what was made in another system than NetSuite: the id it has there.';
CREATE FUNCTION o2c.audit_journal_action(was o2c.journal, becomes o2c.journal) RETURNS text
    LANGUAGE sql IMMUTABLE
    AS $$
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
CREATE FUNCTION o2c.audit_journal_row(j o2c.journal) RETURNS jsonb
    LANGUAGE sql STABLE
    AS $$
    SELECT CASE WHEN j.id IS NOT NULL THEN jsonb_strip_nulls(jsonb_build_object(
        'state', j.state, 'document', j.document, 'external_id', j.external_id, 'stripe_id', j.stripe_id,
        'currency', j.currency, 'amount_minor', j.amount_minor, 'effective_date', j.effective_date,
        'command_sha256', j.digest, 'netsuite_id', j.netsuite_id, 'written_id', j.written_id, 'adopted', j.adopted,
        'attempts', j.attempts,
        'error_code', j.error_code, 'held', CASE WHEN j.next_attempt_at = 'infinity' THEN true END,
        'decided_by', j.decided_by, 'request_sha256', encode(sha256(convert_to(j.request::text, 'UTF8')), 'hex'),
        'sent_at', to_char(j.sent_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))) END
$$;
CREATE FUNCTION o2c.audit_journal_why(entry o2c.journal, note text) RETURNS text
    LANGUAGE sql IMMUTABLE
    AS $$
    SELECT CASE WHEN entry.document IN ('customer', 'stripeCustomer')
                     AND (entry.state IN ('refused', 'dead', 'unknown') OR note LIKE '%said:%')
                THEN coalesce(entry.error_code || ': ', '') || 'the history of the write has the words'
                ELSE coalesce(note, 'no reason given') END
$$;
CREATE FUNCTION o2c.audit_month_lock() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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
CREATE TABLE o2c.month_locks (
    id bigint NOT NULL,
    first_day date NOT NULL,
    last_day date NOT NULL,
    locked_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    locked_by text NOT NULL,
    reason text,
    ready boolean NOT NULL,
    figures json NOT NULL,
    sha256 text NOT NULL,
    unlocked_at timestamp with time zone,
    unlocked_by text,
    unlock_reason text
);
COMMENT ON TABLE o2c.month_locks IS 'Months in which nothing is booked any more, as decided here and whatever NetSuite says. Rows stay when unlocked.';
COMMENT ON COLUMN o2c.month_locks.figures IS 'The close at that moment, as o2c close --json prints it.';
COMMENT ON COLUMN o2c.month_locks.sha256 IS 'Of the text of figures, in UTF-8.';
CREATE FUNCTION o2c.audit_month_lock_row(l o2c.month_locks) RETURNS jsonb
    LANGUAGE sql STABLE
    AS $$
    SELECT CASE WHEN l.id IS NOT NULL THEN
        jsonb_strip_nulls(to_jsonb(l) - 'figures' || jsonb_build_object('figures_sha256',
            encode(sha256(convert_to(l.figures::text, 'UTF8')), 'hex'))) END
$$;
CREATE FUNCTION o2c.audit_publish(by text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    head o2c.audit;
BEGIN
    PERFORM pg_advisory_xact_lock(723003);
    SELECT * INTO head FROM o2c.audit a ORDER BY a.seq DESC LIMIT 1;
    INSERT INTO o2c.audit_heads (seq, hash, published_by)
        SELECT head.seq, head.hash, by WHERE head.seq IS NOT NULL ON CONFLICT DO NOTHING;
    RETURN head.seq;
END $$;
CREATE FUNCTION o2c.audit_quarantine() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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
CREATE FUNCTION o2c.audit_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION '% of o2c.% is refused: the audit trail is append-only', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE FUNCTION o2c.audit_truncated() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    PERFORM o2c.audit_append(o2c.audit_actor(), 'truncated', TG_TABLE_NAME, NULL, 'no reason given', NULL, NULL);
    RETURN NULL;
END $$;
CREATE FUNCTION o2c.customer_of(stripe_id text) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
    SELECT CASE split_part(stripe_id, '_', 1)
        WHEN 'in' THEN (SELECT i.customer_id FROM o2c.invoices i WHERE i.id = stripe_id)
        WHEN 'cn' THEN (SELECT c.customer_id FROM o2c.credit_notes c WHERE c.id = stripe_id)
        ELSE (SELECT p.customer_id FROM o2c.payments p WHERE p.id = coalesce(
            (SELECT r.charge_id FROM o2c.refunds r WHERE r.id = stripe_id),
            (SELECT d.charge_id FROM o2c.disputes d WHERE d.id = stripe_id), stripe_id)) END
$$;
CREATE FUNCTION o2c.minor_of(amount numeric, currency text) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT round(amount * CASE
        WHEN lower(currency) IN ('bif', 'clp', 'djf', 'gnf', 'jpy', 'kmf', 'krw', 'mga', 'pyg', 'rwf', 'vnd', 'vuv',
                                 'xaf', 'xof', 'xpf') THEN 1
        WHEN lower(currency) IN ('bhd', 'jod', 'kwd', 'omr', 'tnd') THEN 1000 ELSE 100 END)::bigint
$$;
CREATE FUNCTION o2c.netsuite_customer(customer text) RETURNS bigint
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
    SELECT CASE WHEN EXISTS (SELECT FROM o2c.stripe_metadata m
                             WHERE m.stripe_id = customer AND m.name = 'netsuite_customer_id')
        THEN (SELECT c.id FROM o2c.stripe_metadata m JOIN o2c.netsuite_customers c ON c.id = m.netsuite_id
              WHERE m.stripe_id = customer AND m.name = 'netsuite_customer_id')
        ELSE (SELECT min(c.id) FROM o2c.netsuite_customers c
              WHERE lower(c.external_id) = lower(customer) AND c.external_id = customer) END
$$;
CREATE FUNCTION o2c.stripe_id_of(key text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $_$
    SELECT CASE WHEN key ~ '^[a-z][a-z]-' THEN substr(key, 4)
                WHEN key ~ '^po_[^-]*-[0-9]+$' THEN split_part(key, '-', 1) ELSE key END
$_$;
CREATE TABLE o2c.account_links (
    account_id text NOT NULL,
    stripe_id text,
    netsuite_id bigint,
    decision text NOT NULL,
    evidence text NOT NULL,
    decided_by text NOT NULL,
    decided_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT account_links_decision_check CHECK ((decision = ANY (ARRAY['confirmed'::text, 'rejected'::text])))
);
COMMENT ON TABLE o2c.account_links IS 'What a person said about which records of the three systems are one customer.';
CREATE TABLE o2c.alert_messages (
    id bigint NOT NULL,
    key text NOT NULL,
    channel text NOT NULL,
    alert_id bigint,
    kind text NOT NULL,
    severity text NOT NULL,
    title text NOT NULL,
    body text NOT NULL,
    markdown text NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    queued_at timestamp with time zone NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    next_attempt_at timestamp with time zone NOT NULL,
    claimed_until timestamp with time zone,
    failed_at timestamp with time zone,
    error text,
    sent_at timestamp with time zone,
    CONSTRAINT alert_messages_check CHECK (((state = 'sent'::text) = (sent_at IS NOT NULL))),
    CONSTRAINT alert_messages_kind_check CHECK ((kind = ANY (ARRAY['opened'::text, 'changed'::text, 'reminder'::text, 'all_clear'::text, 'digest'::text]))),
    CONSTRAINT alert_messages_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'sent'::text, 'given_up'::text, 'overtaken'::text])))
);
COMMENT ON TABLE o2c.alert_messages IS 'The outbox: each channel gets its messages in the order of their ids, the next when the one before is settled.';
COMMENT ON COLUMN o2c.alert_messages.key IS 'Alert and step, or the day of a digest: nothing is queued twice.';
COMMENT ON COLUMN o2c.alert_messages.failed_at IS 'When it first could not be sent.';
ALTER TABLE o2c.alert_messages ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME o2c.alert_messages_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE o2c.alert_signals (
    origin text NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    "position" bigint NOT NULL,
    failing boolean NOT NULL,
    severity text NOT NULL,
    run_id text,
    words text NOT NULL,
    at timestamp with time zone NOT NULL,
    to_do text NOT NULL,
    failing_since timestamp with time zone,
    first_day date,
    last_day date,
    CONSTRAINT alert_signals_kind_check CHECK ((kind = ANY (ARRAY['check'::text, 'run'::text])))
);
COMMENT ON TABLE o2c.alert_signals IS 'The newest evaluation of each asset check, and the newest end of each job.';
COMMENT ON COLUMN o2c.alert_signals."position" IS 'Its place in the event log of the Dagster instance named by origin.';
COMMENT ON COLUMN o2c.alert_signals.first_day IS 'Of a job: the days of the runs that failed, for a success to cover.';
CREATE TABLE o2c.alerts (
    id bigint NOT NULL,
    cause text NOT NULL,
    state text NOT NULL,
    source text NOT NULL,
    facts jsonb NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    gone_since timestamp with time zone,
    closed_at timestamp with time zone,
    told jsonb,
    told_at timestamp with time zone,
    channels text[] DEFAULT '{}'::text[] NOT NULL,
    steps integer DEFAULT 0 NOT NULL,
    CONSTRAINT alerts_check CHECK (((state = 'closed'::text) = (closed_at IS NOT NULL))),
    CONSTRAINT alerts_state_check CHECK ((state = ANY (ARRAY['open'::text, 'closed'::text])))
);
COMMENT ON TABLE o2c.alerts IS 'What is or was wrong, one row for each cause; one that comes back is open again.';
COMMENT ON COLUMN o2c.alerts.told IS 'What its last message said: severity, count and minor units by currency.';
COMMENT ON COLUMN o2c.alerts.channels IS 'Who was told that it is open, and is told when it is not.';
ALTER TABLE o2c.alerts ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME o2c.alerts_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE o2c.audit (
    seq bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    login text NOT NULL,
    actor text NOT NULL,
    action text NOT NULL,
    subject text NOT NULL,
    stripe_id text,
    why text NOT NULL,
    before json,
    after json,
    hash bytea NOT NULL
);
COMMENT ON TABLE o2c.audit IS 'Who did what, why, before and after. Append-only; each hash covers the row and the hash before it.';
CREATE TABLE o2c.audit_heads (
    seq bigint NOT NULL,
    hash bytea NOT NULL,
    published_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    published_by text NOT NULL
);
COMMENT ON TABLE o2c.audit_heads IS 'Heads of the audit trail that a digest has told to people: whoever keeps one can prove what came before it.';
CREATE TABLE o2c.balance_transactions (
    id text NOT NULL,
    type text NOT NULL,
    category text NOT NULL,
    source_id text,
    currency text NOT NULL,
    amount_minor bigint NOT NULL,
    fee_minor bigint NOT NULL,
    net_minor bigint NOT NULL,
    fees json NOT NULL,
    booked_date date NOT NULL,
    created_at timestamp with time zone NOT NULL,
    validated_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
COMMENT ON TABLE o2c.balance_transactions IS 'Stripe balance, in minor units of the settlement currency; net = amount - fee.';
CREATE VIEW o2c.book_gaps AS
 SELECT gap_id,
    leg,
    kind,
    state,
    stripe_id,
    netsuite_id,
    salesforce_id,
    customer,
    currency,
    expected_minor,
    actual_minor,
    difference_minor,
    effective_date,
    reason,
    first_seen_at,
    last_seen_at,
    resolved_at
   FROM o2c.gaps
  WHERE ((state = 'open'::text) AND (leg = ANY (ARRAY['stripe_netsuite'::text, 'payout_deposit'::text])));
COMMENT ON VIEW o2c.book_gaps IS 'Open gaps between Stripe and NetSuite; those of deals are on legs of their own.';
CREATE TABLE o2c.customer_balance_transactions (
    id text NOT NULL,
    customer_id text NOT NULL,
    type text NOT NULL,
    currency text NOT NULL,
    amount_minor bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    validated_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    booked_date date NOT NULL
);
COMMENT ON TABLE o2c.customer_balance_transactions IS 'Movements of balances, of those customers of whom Stripe was asked; below zero: a credit to the customer.';
CREATE TABLE o2c.netsuite_documents (
    id bigint NOT NULL,
    document text NOT NULL,
    external_id text,
    stripe_ref text,
    linked_by text,
    tranid text,
    other_ref text,
    trandate date NOT NULL,
    entity_id bigint,
    currency text NOT NULL,
    total_minor bigint NOT NULL,
    tax_minor bigint NOT NULL,
    remaining_minor bigint NOT NULL,
    status text,
    voided boolean NOT NULL,
    modified_at timestamp without time zone,
    read_at timestamp with time zone NOT NULL,
    first_seen_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    row_hash bytea NOT NULL,
    deleted_at timestamp with time zone,
    original_date date,
    subsidiary_id bigint,
    record text
)
WITH (autovacuum_vacuum_scale_factor='0.03', autovacuum_vacuum_insert_scale_factor='0.03', autovacuum_analyze_scale_factor='0.03');
COMMENT ON TABLE o2c.netsuite_documents IS 'What NetSuite says: invoices and customer payments, read back by SuiteQL, in transaction currency.';
COMMENT ON COLUMN o2c.netsuite_documents.original_date IS 'The day that the memo says it would have been dated on, had its period been open.';
COMMENT ON COLUMN o2c.netsuite_documents.subsidiary_id IS 'Null where it was not asked for.';
CREATE TABLE o2c.plan_entries (
    external_key text NOT NULL,
    document text NOT NULL,
    external_id text NOT NULL,
    stripe_id text NOT NULL,
    customer_id text,
    currency text NOT NULL,
    amount_minor bigint NOT NULL,
    effective_date date NOT NULL,
    partition_date date NOT NULL,
    outcome text NOT NULL,
    command json,
    digest text,
    code text,
    reason text NOT NULL,
    fix text,
    planned_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT plan_entries_outcome_check CHECK ((outcome = ANY (ARRAY['write'::text, 'refused'::text])))
);
COMMENT ON TABLE o2c.plan_entries IS 'The newest plan: what is to be written, and what is refused before it is sent.';
CREATE VIEW o2c.booked_adjustments AS
 SELECT id,
    customer_id,
    currency,
    amount_minor,
    booked_date
   FROM o2c.customer_balance_transactions b
  WHERE ((type = ANY (ARRAY['adjustment'::text, 'initial'::text])) AND (amount_minor <> 0) AND ((EXISTS ( SELECT
           FROM o2c.plan_entries e
          WHERE (e.external_key = ANY (ARRAY[lower(('bg-'::text || b.id)), lower(('bi-'::text || b.id)), lower(('bd-'::text || b.id)), lower(('cb-'::text || b.id))])))) OR (EXISTS ( SELECT
           FROM o2c.journal j
          WHERE ((j.stripe_id = b.id) AND (j.state <> 'intent'::text)))) OR (EXISTS ( SELECT
           FROM o2c.netsuite_documents d
          WHERE ((d.stripe_ref = ANY (ARRAY[('bg-'::text || b.id), ('bi-'::text || b.id), ('bd-'::text || b.id), ('cb-'::text || b.id)])) AND (d.deleted_at IS NULL) AND (NOT d.voided))))));
CREATE TABLE o2c.coupons (
    id text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    validated_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
CREATE TABLE o2c.credit_notes (
    id text NOT NULL,
    invoice_id text NOT NULL,
    customer_id text,
    currency text NOT NULL,
    status text NOT NULL,
    total_minor bigint NOT NULL,
    tax_minor bigint NOT NULL,
    pre_payment_minor bigint NOT NULL,
    shipping_minor bigint NOT NULL,
    issue_date date NOT NULL,
    created_at timestamp with time zone NOT NULL,
    lines json NOT NULL,
    refunds json NOT NULL,
    validated_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    balance_minor bigint DEFAULT 0 NOT NULL
);
COMMENT ON COLUMN o2c.credit_notes.refunds IS 'Which refunds pay it out: pairs of refund id and minor units.';
COMMENT ON COLUMN o2c.credit_notes.balance_minor IS 'What of it went to the customer''s balance.';
CREATE TABLE o2c.cursors (
    name text NOT NULL,
    value text NOT NULL,
    updated_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
CREATE TABLE o2c.customers (
    id text NOT NULL,
    name text,
    email text,
    deleted boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    validated_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    balances json DEFAULT '{}'::json NOT NULL
);
COMMENT ON COLUMN o2c.customers.balances IS 'Stripe''s balance by currency, in minor units: below zero the customer has credit, above zero he owes.';
CREATE TABLE o2c.invoices (
    id text NOT NULL,
    customer_id text,
    number text,
    currency text NOT NULL,
    status text NOT NULL,
    total_minor bigint NOT NULL,
    tax_minor bigint NOT NULL,
    amount_paid_minor bigint NOT NULL,
    amount_remaining_minor bigint NOT NULL,
    shipping_minor bigint NOT NULL,
    issue_date date,
    due_date date,
    created_at timestamp with time zone NOT NULL,
    zero_lines boolean NOT NULL,
    validated_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    closed_date date,
    paid_date date,
    balance_minor bigint DEFAULT 0 NOT NULL,
    overpaid_minor bigint DEFAULT 0 NOT NULL
)
WITH (autovacuum_vacuum_scale_factor='0.03', autovacuum_vacuum_insert_scale_factor='0.03', autovacuum_analyze_scale_factor='0.03');
COMMENT ON COLUMN o2c.invoices.closed_date IS 'The day (time zone of the books) on which it was voided or written off, even if it was paid later.';
COMMENT ON COLUMN o2c.invoices.balance_minor IS 'What the customer''s balance paid of it when it was finalized; below zero, what it brought to the balance.';
CREATE TABLE o2c.sales_orders (
    id bigint NOT NULL,
    external_id text,
    tranid text,
    status text NOT NULL,
    currency text NOT NULL,
    total_minor bigint NOT NULL,
    trandate date NOT NULL,
    entity_id bigint,
    read_at timestamp with time zone NOT NULL,
    deleted_at timestamp with time zone
);
COMMENT ON TABLE o2c.sales_orders IS 'Sales orders of NetSuite as SuiteQL shows them; status is its letter.';
CREATE TABLE o2c.salesforce_objects (
    id text NOT NULL,
    object text NOT NULL,
    modified_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    read_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    deleted boolean DEFAULT false NOT NULL,
    parent_id text,
    payload jsonb NOT NULL,
    payload_hash bytea NOT NULL,
    facts_hash bytea NOT NULL,
    facts_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    stored_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
COMMENT ON TABLE o2c.salesforce_objects IS 'Records of Salesforce as it showed them, less what nobody here reads.';
COMMENT ON COLUMN o2c.salesforce_objects.seen_at IS 'Start of the newest read that showed it, changed or not.';
COMMENT ON COLUMN o2c.salesforce_objects.parent_id IS 'The deal of a line, the account of a deal or contact.';
COMMENT ON COLUMN o2c.salesforce_objects.facts_at IS 'When something of it changed that we do not write ourselves: our own writes come back and are no news.';
CREATE TABLE o2c.stripe_metadata (
    stripe_id text NOT NULL,
    name text NOT NULL,
    value text NOT NULL,
    netsuite_id bigint
);
COMMENT ON TABLE o2c.stripe_metadata IS 'Keys of metadata that Stripe''s connector reads, values as typed; netsuite_id where it is a plain internal id.';
CREATE VIEW o2c.customer_360 AS
 WITH accounts AS (
         SELECT a.id AS salesforce_id,
            (a.payload ->> 'Name'::text) AS name,
            COALESCE(k.stripe_id, (a.payload ->> 'Stripe_Customer_Id__c'::text), m_1.stripe_id, j.written_id) AS stripe_id,
            a.seen_at AS salesforce_seen_at
           FROM (((o2c.salesforce_objects a
             LEFT JOIN o2c.account_links k ON (((k.account_id = a.id) AND (k.decision = 'confirmed'::text))))
             LEFT JOIN LATERAL ( SELECT min(m_2.stripe_id) AS stripe_id
                   FROM o2c.stripe_metadata m_2
                  WHERE ((m_2.name = 'salesforce_account_id'::text) AND (m_2.value = a.id))) m_1 ON (true))
             LEFT JOIN o2c.journal j ON ((j.external_key = lower(('stripe:cus:'::text || a.id)))))
          WHERE ((a.object = 'Account'::text) AND (NOT a.deleted))
        ), customers AS (
         SELECT a.salesforce_id,
            COALESCE(a.name, c_1.name, c_1.email, c_1.id) AS name,
            COALESCE(a.stripe_id, c_1.id) AS stripe_id,
            a.salesforce_seen_at,
            c_1.validated_at AS stripe_seen_at
           FROM (accounts a
             FULL JOIN o2c.customers c_1 ON ((c_1.id = a.stripe_id)))
          WHERE ((c_1.id IS NULL) OR (NOT c_1.deleted))
        ), deals AS (
         SELECT d_1.parent_id AS salesforce_id,
            lower(COALESCE((d_1.payload ->> 'CurrencyIsoCode'::text), 'usd'::text)) AS currency,
            (sum(o2c.minor_of(((d_1.payload ->> 'Amount'::text))::numeric, COALESCE((d_1.payload ->> 'CurrencyIsoCode'::text), 'usd'::text))) FILTER (WHERE (NOT ((d_1.payload ->> 'IsClosed'::text))::boolean)))::bigint AS pipeline_minor,
            (sum(o2c.minor_of(((d_1.payload ->> 'Amount'::text))::numeric, COALESCE((d_1.payload ->> 'CurrencyIsoCode'::text), 'usd'::text))) FILTER (WHERE ((d_1.payload ->> 'IsWon'::text))::boolean))::bigint AS won_minor,
            (( SELECT sum(s.total_minor) AS sum
                   FROM o2c.sales_orders s
                  WHERE ((s.external_id = ANY (array_agg(d_1.id))) AND (s.deleted_at IS NULL) AND (s.status <> 'C'::text) AND (s.currency = lower(COALESCE(min((d_1.payload ->> 'CurrencyIsoCode'::text)), 'usd'::text))))))::bigint AS ordered_minor
           FROM o2c.salesforce_objects d_1
          WHERE ((d_1.object = ANY (ARRAY['Opportunity'::text, 'Order'::text])) AND (NOT d_1.deleted))
          GROUP BY d_1.parent_id, (lower(COALESCE((d_1.payload ->> 'CurrencyIsoCode'::text), 'usd'::text)))
        ), invoices AS (
         SELECT i_1.customer_id AS stripe_id,
            i_1.currency,
            (sum(i_1.total_minor))::bigint AS billed_minor,
            (sum(i_1.amount_paid_minor))::bigint AS paid_minor,
            (sum(i_1.amount_remaining_minor) FILTER (WHERE (i_1.status = 'open'::text)))::bigint AS open_minor,
            (sum(i_1.amount_remaining_minor) FILTER (WHERE ((i_1.status = 'open'::text) AND (i_1.due_date < CURRENT_DATE))))::bigint AS overdue_minor
           FROM o2c.invoices i_1
          WHERE (i_1.status = ANY (ARRAY['open'::text, 'paid'::text, 'uncollectible'::text]))
          GROUP BY i_1.customer_id, i_1.currency
        ), money AS (
         SELECT c_1.salesforce_id,
            c_1.stripe_id,
            d_1.currency
           FROM (customers c_1
             JOIN deals d_1 USING (salesforce_id))
        UNION
         SELECT c_1.salesforce_id,
            c_1.stripe_id,
            i_1.currency
           FROM (customers c_1
             JOIN invoices i_1 USING (stripe_id))
        )
 SELECT c.name,
    c.salesforce_id,
    c.stripe_id,
    (o2c.netsuite_customer(c.stripe_id))::text AS netsuite_id,
    COALESCE(m.currency, 'usd'::text) AS currency,
    COALESCE(d.pipeline_minor, (0)::bigint) AS pipeline_minor,
    COALESCE(d.won_minor, (0)::bigint) AS won_minor,
    COALESCE(d.ordered_minor, (0)::bigint) AS ordered_minor,
    COALESCE(i.billed_minor, (0)::bigint) AS billed_minor,
    COALESCE(i.paid_minor, (0)::bigint) AS paid_minor,
    COALESCE(i.open_minor, (0)::bigint) AS open_minor,
    COALESCE(i.overdue_minor, (0)::bigint) AS overdue_minor,
    c.salesforce_seen_at,
    c.stripe_seen_at
   FROM (((customers c
     LEFT JOIN money m ON (((NOT (m.salesforce_id IS DISTINCT FROM c.salesforce_id)) AND (NOT (m.stripe_id IS DISTINCT FROM c.stripe_id)))))
     LEFT JOIN deals d ON (((d.salesforce_id = c.salesforce_id) AND (d.currency = m.currency))))
     LEFT JOIN invoices i ON (((i.stripe_id = c.stripe_id) AND (i.currency = m.currency))));
COMMENT ON VIEW o2c.customer_360 IS 'Who a customer is in the three systems and what it owes, in minor units.';
CREATE TABLE o2c.days_read (
    object text NOT NULL,
    day date NOT NULL,
    read_at timestamp with time zone NOT NULL,
    account text DEFAULT 'main'::text NOT NULL
);
COMMENT ON TABLE o2c.days_read IS 'When the newest whole read of a type of Stripe object for a UTC day of its creation began.';
CREATE TABLE o2c.dirty (
    key text NOT NULL,
    since timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
COMMENT ON TABLE o2c.dirty IS 'What to reconcile anew: ids of Stripe objects, and ns:<id> for ledger documents that name none. Once per change.';
CREATE TABLE o2c.discounts (
    id text NOT NULL,
    coupon_id text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    validated_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
CREATE TABLE o2c.discounts_named (
    id text NOT NULL,
    invoice_id text NOT NULL
);
COMMENT ON TABLE o2c.discounts_named IS 'Discounts that lines name, each with an invoice that tells its coupon, whose metadata may name an item.';
CREATE TABLE o2c.disputes (
    id text NOT NULL,
    charge_id text NOT NULL,
    currency text NOT NULL,
    status text NOT NULL,
    amount_minor bigint NOT NULL,
    withdrawn_date date,
    reinstated_date date,
    partly_reinstated boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    validated_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    reinstated_minor bigint
);
COMMENT ON COLUMN o2c.disputes.reinstated_minor IS 'What came back on reinstated_date, where that is not all of amount_minor. Minor units of the dispute.';
CREATE TABLE o2c.drift_accepted (
    object text NOT NULL,
    api_version text NOT NULL,
    key text NOT NULL,
    actor text NOT NULL,
    reason text NOT NULL,
    accepted_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
COMMENT ON TABLE o2c.drift_accepted IS 'Drift that a person has looked at, so that it warns no more.';
CREATE TABLE o2c.invoice_payments (
    id text NOT NULL,
    invoice_id text NOT NULL,
    payment_intent text,
    charge_id text,
    currency text NOT NULL,
    status text NOT NULL,
    amount_minor bigint,
    created_at timestamp with time zone NOT NULL,
    validated_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
CREATE TABLE o2c.payments (
    id text NOT NULL,
    customer_id text,
    payment_intent text,
    currency text NOT NULL,
    status text NOT NULL,
    amount_minor bigint NOT NULL,
    refunded_minor bigint NOT NULL,
    payment_date date NOT NULL,
    created_at timestamp with time zone NOT NULL,
    validated_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
)
WITH (autovacuum_vacuum_scale_factor='0.03', autovacuum_vacuum_insert_scale_factor='0.03', autovacuum_analyze_scale_factor='0.03');
CREATE VIEW o2c.overpayments AS
 SELECT invoice_id,
    payment_id,
    payment_date,
    overpaid_minor,
        CASE
            WHEN (((amount_minor)::numeric - ( SELECT sum(c.amount_minor) AS sum
               FROM o2c.invoice_payments c
              WHERE ((c.status = 'paid'::text) AND ((c.charge_id = o.payment_id) OR ((c.charge_id IS NULL) AND (c.payment_intent = o.payment_intent)))))) >= (overpaid_minor)::numeric) THEN overpaid_minor
            ELSE (0)::bigint
        END AS beyond_minor
   FROM ( SELECT DISTINCT ON (i.id) i.id AS invoice_id,
            i.overpaid_minor,
            p.id AS payment_id,
            p.payment_date,
            p.payment_intent,
            p.amount_minor
           FROM ((o2c.invoices i
             JOIN o2c.invoice_payments ip ON (((ip.invoice_id = i.id) AND (ip.status = 'paid'::text))))
             JOIN o2c.payments p ON (((p.status = 'succeeded'::text) AND ((p.id = ip.charge_id) OR ((ip.charge_id IS NULL) AND (p.payment_intent = ip.payment_intent))))))
          WHERE (i.overpaid_minor > 0)
          ORDER BY i.id, ip.created_at DESC, ip.id DESC) o;
CREATE VIEW o2c.expected_balance_documents AS
 SELECT ('cb-'::text || i.id) AS key,
    'creditMemo'::text AS document,
    i.id AS stripe_id,
    i.customer_id,
    i.currency,
    i.balance_minor AS total_minor,
    i.issue_date AS day,
    'credit_memo_missing'::text AS missing
   FROM o2c.invoices i
  WHERE ((i.balance_minor > 0) AND ((i.status = ANY (ARRAY['open'::text, 'paid'::text, 'uncollectible'::text])) OR ((i.status = 'void'::text) AND (EXISTS ( SELECT
           FROM o2c.netsuite_documents d
          WHERE ((d.stripe_ref = ('cb-'::text || i.id)) AND (d.deleted_at IS NULL) AND (NOT d.voided)))))))
UNION ALL
 SELECT ('bi-'::text || i.id) AS key,
    'invoice'::text AS document,
    i.id AS stripe_id,
    i.customer_id,
    i.currency,
    (- i.balance_minor) AS total_minor,
    i.issue_date AS day,
    'missing_in_netsuite'::text AS missing
   FROM o2c.invoices i
  WHERE ((i.balance_minor < 0) AND ((i.status = ANY (ARRAY['open'::text, 'paid'::text, 'uncollectible'::text])) OR ((i.status = 'void'::text) AND (EXISTS ( SELECT
           FROM o2c.netsuite_documents d
          WHERE ((d.stripe_ref = ('bi-'::text || i.id)) AND (d.deleted_at IS NULL) AND (NOT d.voided)))))))
UNION ALL
 SELECT ('bi-'::text || i.id) AS key,
    'invoice'::text AS document,
    i.id AS stripe_id,
    i.customer_id,
    i.currency,
    l.total_minor,
    i.closed_date AS day,
    'missing_in_netsuite'::text AS missing
   FROM (o2c.invoices i
     JOIN o2c.netsuite_documents l ON (((l.stripe_ref = ('cb-'::text || i.id)) AND (l.deleted_at IS NULL) AND (NOT l.voided))))
  WHERE ((i.balance_minor > 0) AND (i.status = 'void'::text))
UNION ALL
 SELECT ('cb-'::text || i.id) AS key,
    'creditMemo'::text AS document,
    i.id AS stripe_id,
    i.customer_id,
    i.currency,
    l.total_minor,
    i.closed_date AS day,
    'credit_memo_missing'::text AS missing
   FROM (o2c.invoices i
     JOIN o2c.netsuite_documents l ON (((l.stripe_ref = ('bi-'::text || i.id)) AND (l.deleted_at IS NULL) AND (NOT l.voided))))
  WHERE ((i.balance_minor < 0) AND (i.status = 'void'::text))
UNION ALL
 SELECT ('ni-'::text || i.id) AS key,
    'creditMemo'::text AS document,
    i.id AS stripe_id,
    i.customer_id,
    i.currency,
    (- i.total_minor) AS total_minor,
    i.issue_date AS day,
    'credit_memo_missing'::text AS missing
   FROM o2c.invoices i
  WHERE ((i.total_minor < 0) AND (i.status = ANY (ARRAY['open'::text, 'paid'::text, 'uncollectible'::text])))
UNION ALL
 SELECT ('bo-'::text || i.id) AS key,
    'invoice'::text AS document,
    i.id AS stripe_id,
    i.customer_id,
    i.currency,
    i.overpaid_minor AS total_minor,
    COALESCE(o.payment_date, i.paid_date, i.issue_date) AS day,
    'missing_in_netsuite'::text AS missing
   FROM (o2c.invoices i
     LEFT JOIN o2c.overpayments o ON ((o.invoice_id = i.id)))
  WHERE ((i.overpaid_minor > 0) AND (i.status = ANY (ARRAY['open'::text, 'paid'::text, 'uncollectible'::text])))
UNION ALL
 SELECT ('bi-'::text || c.id) AS key,
    'invoice'::text AS document,
    c.id AS stripe_id,
    c.customer_id,
    c.currency,
    c.balance_minor AS total_minor,
    c.issue_date AS day,
    'missing_in_netsuite'::text AS missing
   FROM o2c.credit_notes c
  WHERE ((c.status = 'issued'::text) AND (c.balance_minor > 0) AND (NOT (EXISTS ( SELECT
           FROM o2c.invoices i
          WHERE ((i.id = c.invoice_id) AND (i.status = 'void'::text))))))
UNION ALL
 SELECT (t.prefix || a.id) AS key,
    t.document,
    a.id AS stripe_id,
    a.customer_id,
    a.currency,
    abs(a.amount_minor) AS total_minor,
    a.booked_date AS day,
    t.missing
   FROM (o2c.booked_adjustments a
     JOIN ( VALUES (true,'bi-'::text,'invoice'::text,'missing_in_netsuite'::text), (true,'bg-'::text,'creditMemo'::text,'credit_memo_missing'::text), (false,'bd-'::text,'invoice'::text,'missing_in_netsuite'::text), (false,'cb-'::text,'creditMemo'::text,'credit_memo_missing'::text)) t(given, prefix, document, missing) ON ((t.given = (a.amount_minor < 0))));
CREATE TABLE o2c.off_stripe (
    invoice_id text NOT NULL,
    amount_minor bigint NOT NULL,
    paid_minor bigint NOT NULL,
    looked_up_at timestamp with time zone NOT NULL
);
COMMENT ON TABLE o2c.off_stripe IS 'What was paid of an invoice outside Stripe, asked for when paid_minor had been paid of it in all.';
CREATE TABLE o2c.refunds (
    id text NOT NULL,
    charge_id text NOT NULL,
    currency text NOT NULL,
    status text NOT NULL,
    amount_minor bigint NOT NULL,
    balance_transaction text,
    failure_transaction text,
    refund_date date NOT NULL,
    created_at timestamp with time zone NOT NULL,
    validated_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
CREATE VIEW o2c.expected_documents AS
 SELECT c.id AS key,
    'creditMemo'::text AS document,
    c.id AS stripe_id,
    c.customer_id,
    c.currency,
    c.total_minor,
    c.issue_date AS day,
    'credit_memo_missing'::text AS missing
   FROM o2c.credit_notes c
  WHERE ((c.status = 'issued'::text) AND (c.total_minor > 0) AND ((EXISTS ( SELECT
           FROM o2c.netsuite_documents d
          WHERE ((d.stripe_ref = c.id) AND (d.deleted_at IS NULL)))) OR (NOT (EXISTS ( SELECT
           FROM o2c.invoices i
          WHERE ((i.id = c.invoice_id) AND (i.status = 'void'::text)))))))
UNION ALL
 SELECT r.id AS key,
    'customerRefund'::text AS document,
    r.id AS stripe_id,
    p.customer_id,
    r.currency,
    r.amount_minor AS total_minor,
    r.refund_date AS day,
    'refund_missing'::text AS missing
   FROM (o2c.refunds r
     JOIN o2c.payments p ON ((p.id = r.charge_id)))
  WHERE (r.balance_transaction IS NOT NULL)
UNION ALL
 SELECT ('rf-'::text || r.id) AS key,
    'customerPayment'::text AS document,
    r.id AS stripe_id,
    p.customer_id,
    r.currency,
    r.amount_minor AS total_minor,
    t.booked_date AS day,
    'payment_missing'::text AS missing
   FROM ((o2c.refunds r
     JOIN o2c.payments p ON ((p.id = r.charge_id)))
     JOIN o2c.balance_transactions t ON ((t.id = r.failure_transaction)))
  WHERE (r.balance_transaction IS NOT NULL)
UNION ALL
 SELECT d.id AS key,
    'customerRefund'::text AS document,
    d.id AS stripe_id,
    p.customer_id,
    d.currency,
    d.amount_minor AS total_minor,
    d.withdrawn_date AS day,
    'dispute_missing'::text AS missing
   FROM (o2c.disputes d
     JOIN o2c.payments p ON ((p.id = d.charge_id)))
  WHERE (d.withdrawn_date IS NOT NULL)
UNION ALL
 SELECT ('rp-'::text || d.id) AS key,
    'customerPayment'::text AS document,
    d.id AS stripe_id,
    p.customer_id,
    d.currency,
    COALESCE(d.reinstated_minor, d.amount_minor) AS total_minor,
    d.reinstated_date AS day,
    'dispute_missing'::text AS missing
   FROM (o2c.disputes d
     JOIN o2c.payments p ON ((p.id = d.charge_id)))
  WHERE (d.reinstated_date IS NOT NULL)
UNION ALL
 SELECT expected_balance_documents.key,
    expected_balance_documents.document,
    expected_balance_documents.stripe_id,
    expected_balance_documents.customer_id,
    expected_balance_documents.currency,
    expected_balance_documents.total_minor,
    expected_balance_documents.day,
    expected_balance_documents.missing
   FROM o2c.expected_balance_documents
UNION ALL
 SELECT ('op-'::text || i.id) AS key,
    'customerPayment'::text AS document,
    i.id AS stripe_id,
    i.customer_id,
    i.currency,
    f.amount_minor AS total_minor,
    COALESCE(i.paid_date, i.issue_date) AS day,
    'payment_missing'::text AS missing
   FROM (o2c.off_stripe f
     JOIN o2c.invoices i ON ((i.id = f.invoice_id)))
  WHERE ((f.amount_minor > 0) AND (i.status = ANY (ARRAY['open'::text, 'paid'::text, 'uncollectible'::text])))
UNION ALL
 SELECT ('si-'::text || p.id) AS key,
    'invoice'::text AS document,
    p.id AS stripe_id,
    p.customer_id,
    p.currency,
    p.amount_minor AS total_minor,
    p.payment_date AS day,
    'missing_in_netsuite'::text AS missing
   FROM (( SELECT substr(netsuite_documents.stripe_ref, 4) AS id
           FROM o2c.netsuite_documents
          WHERE ((netsuite_documents.stripe_ref ~~ 'si-%'::text) AND (netsuite_documents.deleted_at IS NULL) AND (NOT netsuite_documents.voided))
        UNION
         SELECT substr(journal.external_id, 4) AS substr
           FROM o2c.journal
          WHERE ((journal.external_id ~~ 'si-%'::text) AND (journal.state = 'done'::text))) s
     JOIN o2c.payments p ON ((p.id = s.id)))
  WHERE (p.status = 'succeeded'::text);
CREATE TABLE o2c.forgotten (
    system text NOT NULL,
    id text NOT NULL,
    forgotten_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT forgotten_system_check CHECK ((system = ANY (ARRAY['stripe'::text, 'salesforce'::text, 'netsuite'::text])))
);
COMMENT ON TABLE o2c.forgotten IS 'Records whose personal data were deleted by o2c forget: ids alone. What is read of them again is kept without.';
CREATE TABLE o2c.stripe_objects (
    id text NOT NULL,
    object text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    status text,
    read_at timestamp with time zone NOT NULL,
    stored_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    payload_hash bytea NOT NULL,
    validated_hash bytea,
    payload json NOT NULL,
    account text DEFAULT 'main'::text NOT NULL
);
COMMENT ON TABLE o2c.stripe_objects IS 'Objects as Stripe gave them, less card data and contact details; one row an object, let in by the gate.';
COMMENT ON COLUMN o2c.stripe_objects.account IS 'The Stripe account that the object was read from: main (STRIPE_API_KEY) or the id of a further one.';
CREATE VIEW o2c.further_accounts AS
 SELECT id,
    account
   FROM o2c.stripe_objects
  WHERE (account <> 'main'::text);
COMMENT ON VIEW o2c.further_accounts IS 'Objects of further Stripe accounts; all others are of the main one.';
CREATE TABLE o2c.inbox (
    object_id text NOT NULL,
    object text NOT NULL,
    hint text NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    first_seen_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    hinted_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    account text,
    changed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    urgent boolean DEFAULT false NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    not_before timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    failure text
);
COMMENT ON TABLE o2c.inbox IS 'Stripe objects that an event says have changed, until they are re-read.';
COMMENT ON COLUMN o2c.inbox.account IS 'The Stripe account whose event it was; null: not known, so each is asked.';
COMMENT ON COLUMN o2c.inbox.changed_at IS 'When the oldest change that nobody has acted on happened, as its event says.';
COMMENT ON COLUMN o2c.inbox.not_before IS 'An object that could not be read waits; others do not wait for it.';
CREATE TABLE o2c.invoice_lines (
    invoice_id text NOT NULL,
    lines json NOT NULL
);
COMMENT ON TABLE o2c.invoice_lines IS 'The lines of an invoice, apart from it: comparing invoices reads narrow rows.';
CREATE TABLE o2c.journal_attempts (
    journal_id bigint NOT NULL,
    attempt integer NOT NULL,
    sent_at timestamp with time zone,
    answered_at timestamp with time zone,
    outcome text NOT NULL,
    status integer,
    code text,
    words text
);
COMMENT ON TABLE o2c.journal_attempts IS 'Every request of the journal, with what NetSuite said; answered_at is empty where no outcome was recorded.';
CREATE TABLE o2c.journal_history (
    journal_id bigint NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    state text NOT NULL,
    note text NOT NULL
);
ALTER TABLE o2c.journal ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME o2c.journal_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE o2c.kept_metadata (
    stripe_id text NOT NULL,
    keys text[] NOT NULL,
    told json NOT NULL
);
COMMENT ON TABLE o2c.kept_metadata IS 'Metadata that the section mapping of o2c.yaml names, of objects read since.';
COMMENT ON COLUMN o2c.kept_metadata.keys IS 'What was looked for, as kind:key (metadata, line, subscription): what is not in told is not there.';
COMMENT ON COLUMN o2c.kept_metadata.told IS 'Values by kind and key; of lines by id first.';
CREATE SEQUENCE o2c.lease_token
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
CREATE VIEW o2c.left_out AS
 WITH marked AS MATERIALIZED (
         SELECT stripe_metadata.stripe_id
           FROM o2c.stripe_metadata
          WHERE ((stripe_metadata.name = 'netsuite_block_integration'::text) AND (lower(stripe_metadata.value) = 'true'::text))
        ), direct AS MATERIALIZED (
         SELECT marked.stripe_id
           FROM marked
        UNION
         SELECT i.id
           FROM (o2c.invoices i
             JOIN marked b ON ((b.stripe_id = i.customer_id)))
        UNION
         SELECT p.id
           FROM (o2c.payments p
             JOIN marked b ON ((b.stripe_id = p.customer_id)))
        )
 SELECT direct.stripe_id
   FROM direct
UNION
 SELECT c.id AS stripe_id
   FROM (o2c.credit_notes c
     JOIN direct b ON ((b.stripe_id = c.customer_id)))
UNION
 SELECT c.id AS stripe_id
   FROM (o2c.credit_notes c
     JOIN direct b ON ((b.stripe_id = c.invoice_id)))
UNION
 SELECT r.id AS stripe_id
   FROM (o2c.refunds r
     JOIN direct b ON ((b.stripe_id = r.charge_id)))
UNION
 SELECT d.id AS stripe_id
   FROM (o2c.disputes d
     JOIN direct b ON ((b.stripe_id = d.charge_id)));
CREATE VIEW o2c.metadata_pointers AS
 SELECT m.stripe_id,
    m.name,
    m.value,
    t.document,
    (t.derived || m.stripe_id) AS key,
    m.netsuite_id
   FROM (o2c.stripe_metadata m
     JOIN ( VALUES ('in'::text,'netsuite_invoice_id'::text,'invoice'::text,''::text), ('ch'::text,'netsuite_customer_payment_id'::text,'customerPayment'::text,''::text), ('py'::text,'netsuite_customer_payment_id'::text,'customerPayment'::text,''::text), ('ch'::text,'netsuite_customer_deposit_id'::text,'customerPayment'::text,''::text), ('py'::text,'netsuite_customer_deposit_id'::text,'customerPayment'::text,''::text), ('cn'::text,'netsuite_credit_memo_id'::text,'creditMemo'::text,''::text), ('re'::text,'netsuite_customer_refund_id'::text,'customerRefund'::text,''::text), ('re'::text,'netsuite_credit_memo_id'::text,'creditMemo'::text,'cm-'::text), ('pyr'::text,'netsuite_customer_refund_id'::text,'customerRefund'::text,''::text), ('pyr'::text,'netsuite_credit_memo_id'::text,'creditMemo'::text,'cm-'::text), ('dp'::text,'netsuite_customer_refund_id'::text,'customerRefund'::text,''::text), ('dp'::text,'netsuite_credit_memo_id'::text,'creditMemo'::text,'cm-'::text), ('du'::text,'netsuite_customer_refund_id'::text,'customerRefund'::text,''::text), ('du'::text,'netsuite_credit_memo_id'::text,'creditMemo'::text,'cm-'::text), ('po'::text,'netsuite_deposit_id'::text,'deposit'::text,''::text)) t(kind, name, document, derived) ON (((t.name = m.name) AND (t.kind = split_part(m.stripe_id, '_'::text, 1)))));
ALTER TABLE o2c.month_locks ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME o2c.month_locks_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE o2c.periods (
    id bigint NOT NULL,
    name text NOT NULL,
    first_day date NOT NULL,
    last_day date NOT NULL,
    closed boolean NOT NULL,
    receivables_locked boolean NOT NULL,
    seen_closed_at timestamp with time zone,
    read_at timestamp with time zone NOT NULL,
    tax boolean DEFAULT false NOT NULL
);
COMMENT ON TABLE o2c.periods IS 'Accounting periods of NetSuite that documents are dated in (months, as a rule), and tax periods if heeded.';
COMMENT ON COLUMN o2c.periods.seen_closed_at IS 'When it was first seen closed or locked, even if it is open by now.';
CREATE VIEW o2c.moved_documents AS
 SELECT id,
    document,
    stripe_ref AS key,
    original_date,
    trandate,
    currency,
    total_minor
   FROM o2c.netsuite_documents d
  WHERE ((original_date IS NOT NULL) AND (deleted_at IS NULL) AND (NOT voided) AND (trandate > original_date) AND (NOT (EXISTS ( SELECT
           FROM o2c.periods p
          WHERE ((NOT p.tax) AND (p.last_day >= d.original_date) AND (p.last_day < d.trandate) AND (p.seen_closed_at IS NULL) AND (NOT (EXISTS ( SELECT
                   FROM o2c.month_locks l
                  WHERE ((GREATEST(p.first_day, d.original_date) >= l.first_day) AND (GREATEST(p.first_day, d.original_date) <= l.last_day))))) AND (NOT (EXISTS ( SELECT
                   FROM o2c.periods t
                  WHERE (t.tax AND (t.seen_closed_at IS NOT NULL) AND ((GREATEST(p.first_day, d.original_date) >= t.first_day) AND (GREATEST(p.first_day, d.original_date) <= t.last_day)))))))))));
CREATE TABLE o2c.netsuite_applications (
    payment_id bigint NOT NULL,
    invoice_id bigint NOT NULL,
    amount_minor bigint NOT NULL
);
CREATE TABLE o2c.netsuite_customer_currencies (
    customer_id bigint NOT NULL,
    currencies text[] NOT NULL,
    read_at timestamp with time zone NOT NULL
);
COMMENT ON TABLE o2c.netsuite_customer_currencies IS 'Currencies of NetSuite customers who were to have a document in one that no document showed them to have.';
CREATE TABLE o2c.netsuite_customer_subsidiaries (
    customer_id bigint NOT NULL,
    subsidiary_id bigint NOT NULL
);
COMMENT ON TABLE o2c.netsuite_customer_subsidiaries IS 'The subsidiaries of NetSuite customers, as far as there are several entities: documents in others are refused.';
CREATE TABLE o2c.netsuite_customers (
    id bigint NOT NULL,
    external_id text,
    name text,
    inactive boolean NOT NULL,
    read_at timestamp with time zone NOT NULL
);
CREATE TABLE o2c.netsuite_deposit_lines (
    deposit_id bigint NOT NULL,
    line integer NOT NULL,
    account_id bigint NOT NULL,
    amount_minor bigint NOT NULL,
    memo text
);
COMMENT ON TABLE o2c.netsuite_deposit_lines IS 'Lines of a deposit other than payments, in minor units of its currency: positive adds to the deposit.';
CREATE TABLE o2c.netsuite_deposited (
    document_id bigint NOT NULL,
    deposit_id bigint NOT NULL
);
COMMENT ON TABLE o2c.netsuite_deposited IS 'Payments and refunds that a deposit took out of Undeposited Funds.';
CREATE TABLE o2c.netsuite_reference (
    kind text NOT NULL,
    id text NOT NULL,
    name text NOT NULL,
    read_at timestamp with time zone NOT NULL,
    inactive boolean DEFAULT false NOT NULL
);
CREATE TABLE o2c.older_looked_up (
    stripe_id text NOT NULL
);
COMMENT ON TABLE o2c.older_looked_up IS 'Objects from before the books whose documents NetSuite was asked for: reads of the ledger do not bring them.';
CREATE TABLE o2c.older_objects (
    stripe_id text NOT NULL
);
COMMENT ON TABLE o2c.older_objects IS 'Objects from before the books, of accounts that declare an opening balance: nothing is written for them.';
CREATE TABLE o2c.openings (
    account text NOT NULL,
    currency text NOT NULL,
    netsuite_account text NOT NULL,
    amount_minor bigint NOT NULL,
    cut_over timestamp with time zone NOT NULL
);
COMMENT ON TABLE o2c.openings IS 'Opening balances of o2c.yaml as the last reconciliation saw them: one that changes is compared anew.';
CREATE VIEW o2c.paid_by_name AS
 SELECT m.netsuite_id,
    m.stripe_id
   FROM (o2c.stripe_metadata m
     JOIN o2c.payments p ON (((p.id = m.stripe_id) AND (p.status = 'succeeded'::text))))
  WHERE ((m.name = 'netsuite_invoice_id'::text) AND (m.netsuite_id IS NOT NULL) AND (NOT (EXISTS ( SELECT
           FROM o2c.invoice_payments c
          WHERE ((c.charge_id = p.id) AND (c.status = 'paid'::text))))) AND (NOT (EXISTS ( SELECT
           FROM o2c.invoice_payments c
          WHERE ((c.payment_intent = p.payment_intent) AND (c.status = 'paid'::text))))));
CREATE TABLE o2c.unrelated_documents (
    netsuite_id bigint NOT NULL,
    reason text NOT NULL,
    decided_by text NOT NULL,
    decided_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
COMMENT ON TABLE o2c.unrelated_documents IS 'Documents of Stripe customers that are other business: they hold up nothing and are no gap.';
CREATE VIEW o2c.other_business AS
 SELECT unrelated_documents.netsuite_id
   FROM o2c.unrelated_documents
UNION ALL
 SELECT paid_by_name.netsuite_id
   FROM o2c.paid_by_name;
CREATE TABLE o2c.payout_members (
    transaction_id text NOT NULL,
    payout_id text NOT NULL
);
COMMENT ON TABLE o2c.payout_members IS 'Which balance transactions Stripe lists for a payout; the object itself does not say.';
CREATE TABLE o2c.payouts (
    id text NOT NULL,
    currency text NOT NULL,
    status text NOT NULL,
    amount_minor bigint NOT NULL,
    automatic boolean NOT NULL,
    reconciliation text NOT NULL,
    failure_transaction text,
    arrival_date date NOT NULL,
    created_at timestamp with time zone NOT NULL,
    validated_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
CREATE TABLE o2c.payouts_read (
    payout_id text NOT NULL,
    read_at timestamp with time zone NOT NULL
);
COMMENT ON TABLE o2c.payouts_read IS 'Payouts whose members were read after Stripe had settled them.';
CREATE TABLE o2c.prices (
    id text NOT NULL,
    product_id text,
    created_at timestamp with time zone NOT NULL,
    validated_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
CREATE TABLE o2c.prices_named (
    id text NOT NULL
);
COMMENT ON TABLE o2c.prices_named IS 'Prices that lines of invoices name: their metadata may name items.';
CREATE TABLE o2c.quarantine (
    source text NOT NULL,
    object text NOT NULL,
    id text NOT NULL,
    reason text NOT NULL,
    payload json NOT NULL,
    first_seen_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    last_seen_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    released_at timestamp with time zone,
    account text,
    outcome text,
    released_by text,
    release_reason text,
    CONSTRAINT quarantine_outcome_check CHECK ((outcome = ANY (ARRAY['passed'::text, 'event'::text, 'closed'::text])))
);
COMMENT ON COLUMN o2c.quarantine.account IS 'Of a body that came to the receiver: the account whose secret signed it.';
COMMENT ON COLUMN o2c.quarantine.outcome IS 'passed: its schema took it; event: it was read as an event after all; closed: a person gave it up.';
COMMENT ON COLUMN o2c.quarantine.release_reason IS 'What the person said who asked for it to be let go.';
CREATE TABLE o2c.salesforce_written (
    object text NOT NULL,
    key text NOT NULL,
    fields_hash bytea NOT NULL,
    salesforce_id text,
    error_code text,
    error_detail text,
    written_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
COMMENT ON TABLE o2c.salesforce_written IS 'What was last written to Salesforce, by the key it was written under, or why it was not taken.';
CREATE TABLE o2c.schema_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE o2c.seen_fields (
    object text NOT NULL,
    api_version text NOT NULL,
    kind text NOT NULL,
    path text NOT NULL,
    what text NOT NULL,
    times bigint DEFAULT 0 NOT NULL,
    at_parents bigint DEFAULT 0 NOT NULL,
    first_seen_at timestamp with time zone,
    last_seen_at timestamp with time zone,
    declared boolean DEFAULT false NOT NULL,
    CONSTRAINT seen_fields_kind_check CHECK ((kind = ANY (ARRAY['type'::text, 'value'::text])))
);
COMMENT ON TABLE o2c.seen_fields IS 'Fields with their JSON types, and values of fields that are enums; no other value is here, so nothing personal.';
CREATE TABLE o2c.seen_objects (
    object text NOT NULL,
    api_version text NOT NULL,
    objects bigint DEFAULT 0 NOT NULL,
    began_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    looked_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    declared_by text NOT NULL
);
COMMENT ON TABLE o2c.seen_objects IS 'Types of objects whose fields were looked at, by API version; declared_by: whose word is in the rows declared.';
CREATE TABLE o2c.stripe_absent (
    id text NOT NULL,
    looked_up_at timestamp with time zone NOT NULL
);
COMMENT ON TABLE o2c.stripe_absent IS 'Ids that the ledger names and Stripe says it does not have.';
CREATE TABLE o2c.stripe_confirmed (
    read_at timestamp with time zone NOT NULL,
    ids text[] NOT NULL
);
COMMENT ON TABLE o2c.stripe_confirmed IS 'Objects that a read found unchanged, a row a batch, for a day: so that an older read cannot win later.';
CREATE TABLE o2c.stripe_events (
    id text NOT NULL,
    account text,
    type text NOT NULL,
    object text,
    object_id text,
    created_at timestamp with time zone NOT NULL,
    received_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    source text NOT NULL,
    api_version text,
    ignored text,
    CONSTRAINT stripe_events_source_check CHECK ((source = ANY (ARRAY['webhook'::text, 'list'::text])))
);
COMMENT ON TABLE o2c.stripe_events IS 'Events that came, by whichever way was first. Their payloads are not kept: nothing in them is believed but ids.';
COMMENT ON COLUMN o2c.stripe_events.ignored IS 'Why nothing follows from this event; empty for one that marked an object.';
CREATE TABLE o2c.stripe_openings (
    account text NOT NULL,
    currency text NOT NULL,
    cut_over timestamp with time zone NOT NULL,
    balance_minor bigint NOT NULL,
    told_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
COMMENT ON TABLE o2c.stripe_openings IS 'The Stripe balance at the first moment of the books: what it is now, less every movement since.';
CREATE VIEW o2c.uncompared AS
 SELECT left_out.stripe_id
   FROM o2c.left_out
UNION ALL
 SELECT older_objects.stripe_id
   FROM o2c.older_objects;
COMMENT ON VIEW o2c.uncompared IS 'Objects that need no document: metadata blocks them, or they are from before the books.';
CREATE SEQUENCE o2c.writer_term
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
INSERT INTO o2c.alert_messages OVERRIDING SYSTEM VALUE VALUES
	(2, '2.1', 'finance', 2, 'opened', 'error', 'Payments are not booked: 2 gaps, 2,895.48 CAD, 220.410 KWD', 'How much: 2,895.48 CAD, 220.410 KWD, 2 gaps, Stripe against NetSuite
Since: 2026-11-28 00:43 PST (0 minutes); the oldest document is of 2026-11-18
Owner: team:finance-systems
To do: run the days again (`o2c run`); if it stays, enter the document with the Stripe id in its memo
Trace: o2c trace ch_3kuYp4Vfst0ZoaLT4D9uJ643
Trace: o2c trace ch_3b15Xm0QMNkDAabzhgmmJ9U6
alert 2, message 1 of it', '- **How much**: 2,895.48 CAD, 220.410 KWD, 2 gaps, Stripe against NetSuite
- **Since**: 2026-11-28 00:43 PST (0 minutes); the oldest document is of 2026-11-18
- **Owner**: team:finance-systems
- **To do**: run the days again (`o2c run`); if it stays, enter the document with the Stripe id in its memo
- **Trace**: `o2c trace ch_3kuYp4Vfst0ZoaLT4D9uJ643`
- **Trace**: `o2c trace ch_3b15Xm0QMNkDAabzhgmmJ9U6`
- alert 2, message 1 of it', 'waiting', '2026-11-28 08:43:19.877771+00', 0, '2026-11-28 08:43:19.877771+00', NULL, NULL, NULL, NULL),
	(1, '1.1', 'finance', 1, 'opened', 'error', 'Invoices have no NetSuite document: 9 gaps, 12,697.27 USD, 558,150 JPY, 2,895.48 CAD, 220.410 KWD', 'How much: 12,697.27 USD, 558,150 JPY, 2,895.48 CAD, 220.410 KWD, 9 gaps, Stripe against NetSuite
Since: 2026-11-28 00:43 PST (0 minutes); the oldest document is of 2026-11-17
Owner: team:finance-systems
To do: run the days again (`o2c run`); if it stays, enter the document with the Stripe id in its memo
Trace: o2c trace in_17zHNTqmOgNS5CfFHR6LPynM
Trace: o2c trace in_1MaV9bx76pOSTayhG2f1qS7F
Trace: o2c trace in_1REqChqOqRZgnFXfwhMVYc0R
Trace: o2c trace in_1adkyAmZuOCYDU5RRFmIkxXr
Trace: o2c trace in_1vxKCKAM04XZIyRhDhvwbafC
4 more: o2c gaps
alert 1, message 1 of it', '- **How much**: 12,697.27 USD, 558,150 JPY, 2,895.48 CAD, 220.410 KWD, 9 gaps, Stripe against NetSuite
- **Since**: 2026-11-28 00:43 PST (0 minutes); the oldest document is of 2026-11-17
- **Owner**: team:finance-systems
- **To do**: run the days again (`o2c run`); if it stays, enter the document with the Stripe id in its memo
- **Trace**: `o2c trace in_17zHNTqmOgNS5CfFHR6LPynM`
- **Trace**: `o2c trace in_1MaV9bx76pOSTayhG2f1qS7F`
- **Trace**: `o2c trace in_1REqChqOqRZgnFXfwhMVYc0R`
- **Trace**: `o2c trace in_1adkyAmZuOCYDU5RRFmIkxXr`
- **Trace**: `o2c trace in_1vxKCKAM04XZIyRhDhvwbafC`
- 4 more: o2c gaps
- alert 1, message 1 of it', 'waiting', '2026-11-28 08:43:19.877771+00', 1, '2026-11-28 08:43:48.182889+00', NULL, '2026-11-28 08:43:20.13819+00', 'no connection', NULL);
INSERT INTO o2c.alerts OVERRIDING SYSTEM VALUE VALUES
	(1, 'gap:stripe_netsuite:missing_in_netsuite', 'open', 'gap', '{"leg": "stripe_netsuite", "code": "", "name": "missing_in_netsuite", "said": "", "sums": {"cad": 289548, "jpy": 558150, "kwd": 220410, "usd": 1269727}, "asset": "reconciliation/gaps", "count": 9, "since": "2026-11-28T08:43:16.263525Z", "title": "Invoices have no NetSuite document", "to_do": "run the days again (`o2c run`); if it stays, enter the document with the Stripe id in its memo", "oldest": "2026-11-17", "run_id": "", "source": "gap", "objects": ["in_17zHNTqmOgNS5CfFHR6LPynM", "in_1MaV9bx76pOSTayhG2f1qS7F", "in_1REqChqOqRZgnFXfwhMVYc0R", "in_1adkyAmZuOCYDU5RRFmIkxXr", "in_1vxKCKAM04XZIyRhDhvwbafC"], "severity": "error"}', '2026-11-28 08:43:19.877771+00', NULL, NULL, '{"sums": {"cad": 289548, "jpy": 558150, "kwd": 220410, "usd": 1269727}, "count": 9, "severity": "error"}', '2026-11-28 08:43:19.877771+00', '{finance}', 1),
	(2, 'gap:stripe_netsuite:payment_missing', 'open', 'gap', '{"leg": "stripe_netsuite", "code": "", "name": "payment_missing", "said": "", "sums": {"cad": 289548, "kwd": 220410}, "asset": "reconciliation/gaps", "count": 2, "since": "2026-11-28T08:43:16.263525Z", "title": "Payments are not booked", "to_do": "run the days again (`o2c run`); if it stays, enter the document with the Stripe id in its memo", "oldest": "2026-11-18", "run_id": "", "source": "gap", "objects": ["ch_3kuYp4Vfst0ZoaLT4D9uJ643", "ch_3b15Xm0QMNkDAabzhgmmJ9U6"], "severity": "error"}', '2026-11-28 08:43:19.877771+00', NULL, NULL, '{"sums": {"cad": 289548, "kwd": 220410}, "count": 2, "severity": "error"}', '2026-11-28 08:43:19.877771+00', '{finance}', 1);
INSERT INTO o2c.audit VALUES
	(1, '2026-11-28 08:42:42.677884+00', 'postgres', 'login:postgres', 'trail_begun', 'audit', NULL, 'the first entry', NULL, '{"journal" : 0, "gaps" : 0}', '\x9d12a0c0eaaa42d72feec231a8e01d4f24d8e25ebaccf6bff2388e126a27fe28'),
	(2, '2026-11-28 08:42:54.645163+00', 'postgres', 'run:95dde16b-a60b-4a4a-a6fe-b21688b57e52 user:root', 'policy_changed', 'policy', NULL, 'seen for the first time', '{}', '{"accounts.bank.usd":"Checking","accounts.fee":"Stripe Fees","accounts.fees.application_fee":"Stripe Application Fees","accounts.fees.dispute":"Stripe Dispute Fees","accounts.fees.payment_method_passthrough_fee":"Stripe Network Fees","accounts.fees.tax":"Tax on Stripe Fees","accounts.reserves":"Stripe Reserves","accounts.returned_payouts":"Stripe Returned Payouts","accounts.suspense":"Suspense","adjustments.item":null,"adjustments.since":null,"alerts.checks_told_by_gaps":["no_open_gaps","deals_hold","no_payout_residuals","everything_can_be_written","every_deal_can_be_written","netsuite_refused_nothing","one_document_per_stripe_object"],"alerts.dagster_url":null,"alerts.digest_channels":"all","alerts.digest_hour":null,"alerts.grace_minutes":0.0,"alerts.material_minor":{},"alerts.objects":5,"alerts.owners":{},"alerts.quiet_hours":null,"alerts.remind_hours":24.0,"alerts.remind_urgent_hours":4.0,"alerts.routes":[],"alerts.update_percent":50.0,"alerts.urgent":[],"alerts.urgent_minor":{},"alerts.waiting_minutes":30.0,"alerts.words":true,"anomalies.days":2,"anomalies.events":10.0,"anomalies.history_days":400,"anomalies.ignored":[],"anomalies.learning_days":56,"anomalies.materiality_minor":{},"anomalies.share":0.3,"anomalies.threshold":4.0,"apply.attempts_max":6,"apply.certain_after_seconds":1200.0,"apply.lease_seconds":600,"apply.look_ups_max":30,"apply.patience_seconds":0.0,"apply.resolve_after_seconds":3600.0,"books.currency":null,"books.opening":{},"books.opening_credits":{},"books.start":"2026-10-01","books.subsidiary":"1","books.time_zone":"America/Los_Angeles","customers.common":null,"customers.currencies":"refuse","customers.details.billing_address":"none","customers.details.person":"never","customers.details.phone":"none","customers.details.sales_rep":"none","customers.details.shipping_address":"none","customers.details.terms":null,"customers.mode":"each","customers.subsidiaries":"refuse","deals.after_term":"release","deals.billed_within_days":5,"deals.currency":"usd","deals.days_until_due":30,"deals.fractions":"refuse","deals.items":{},"deals.one_off":"none","deals.orders":true,"deals.overlap_minutes":10,"deals.price_differs":"refuse","deals.prices":{},"deals.proration":"create_prorations","deals.recurring":"none","deals.since":null,"deals.source":"opportunities","deals.write_back":true,"documents.billing":true,"documents.credit_memo":true,"documents.customer":true,"documents.deposit":true,"documents.invoice":true,"documents.look_alike_days":7,"documents.payment":true,"documents.refund":true,"documents.sales_order":true,"items.bad_debt":"Stripe Bad Debt","items.balance":"Stripe Customer Balance","items.credit":"Stripe Credit","items.default":"Stripe Item","items.discount":"Stripe Discount","items.dispute":"Stripe Dispute","items.grant":"Stripe Credit Grant","items.price_metadata":true,"items.prices":{},"items.refund":"Stripe Refund","items.shipping":"Stripe Shipping","items.tax":"Stripe Tax","live.batch":500,"live.behind_after_minutes":15.0,"live.linger_seconds":120.0,"live.page_from":20,"live.poll_seconds":15.0,"live.reconcile_seconds":5.0,"live.run_minutes":30.0,"live.urgent_customers":[],"live.urgent_minor":{},"mapping.credit_memo.header":{},"mapping.credit_memo.lines":{},"mapping.customer.header":{},"mapping.deposit.header":{},"mapping.deposit.lines":{},"mapping.invoice.header":{},"mapping.invoice.lines":{},"mapping.journal_entry.header":{},"mapping.journal_entry.lines":{},"mapping.payment.header":{},"mapping.refund.header":{},"mapping.sales_order.header":{},"mapping.sales_order.lines":{},"mapping.tables":{},"mode":"sync","netsuite.mirror_max_age_minutes":180,"netsuite.overlap_minutes":120,"netsuite.payment_account":null,"off_stripe.account":null,"owner":"team:finance-systems","periods.closed":"refuse","periods.tax":"ignore","revenue.end_field":null,"revenue.start_field":null,"revenue.template_field":null,"revenue.templates":{},"revenue.whole_days":false,"reversals.disputes":"one_line","reversals.partial_refunds":"one_line","reversals.uncollectible":"write_off","reversals.uninvoiced":"unapplied","stripe.event_lag_seconds":0,"stripe.requests_in_flight":8,"stripe.requests_per_second":90.0,"tolerances.account":null,"tolerances.monthly_budget_minor":{},"tolerances.net_of_fee":false,"tolerances.rounding_minor":{},"webhooks.body_max_kib":1024,"webhooks.body_seconds":10.0,"webhooks.keep_seconds":8.0,"webhooks.tolerance_seconds":300}', '\x19f96bc6b69bb866d2717e56ca7535c440c925f1b522efd3262be7a01b01b7b0'),
	(3, '2026-11-28 08:42:54.712811+00', 'postgres', 'run:95dde16b-a60b-4a4a-a6fe-b21688b57e52 user:root', 'plan_saved', 'plan 2026-11-16..2026-11-16', NULL, 'planned from the stored rows', NULL, '{"write customer eur":{"documents":1,"minor":0},"write customer gbp":{"documents":1,"minor":0},"write customer kwd":{"documents":1,"minor":0},"write customer usd":{"documents":1,"minor":0},"write invoice eur":{"documents":1,"minor":266978},"write invoice gbp":{"documents":1,"minor":2969040},"write invoice kwd":{"documents":1,"minor":293880},"write invoice usd":{"documents":1,"minor":665000}}', '\x08a7890a36ba92441da96623f5a1cfd092038c222458c62c56fa1f1c99edd6dd'),
	(4, '2026-11-28 08:42:55.378713+00', 'postgres', 'run:95dde16b-a60b-4a4a-a6fe-b21688b57e52 user:root', 'planned', 'cus_VN4Aosre6HBiHb', 'cus_VN4Aosre6HBiHb', 'planned', NULL, '{"state": "intent", "adopted": false, "attempts": 0, "currency": "usd", "document": "customer", "stripe_id": "cus_VN4Aosre6HBiHb", "external_id": "cus_VN4Aosre6HBiHb", "amount_minor": 0, "command_sha256": "eb747a63ae64b1fb326c190306607f9080fe3da0005a09da17b5dc46658525c5", "effective_date": "2025-06-12", "payload_blake2b": "f096335c6f30899ed32f21867bc0ae05"}', '\x1a60f78cfb7265b5668f7dc36e51ed649b2f44026c6edf67757c9fa548f12f89'),
	(5, '2026-11-28 08:42:55.383635+00', 'postgres', 'run:95dde16b-a60b-4a4a-a6fe-b21688b57e52 user:root', 'planned', 'cus_6iyJxKkY60yQIX', 'cus_6iyJxKkY60yQIX', 'planned', NULL, '{"state": "intent", "adopted": false, "attempts": 0, "currency": "eur", "document": "customer", "stripe_id": "cus_6iyJxKkY60yQIX", "external_id": "cus_6iyJxKkY60yQIX", "amount_minor": 0, "command_sha256": "7bd9bc8859e83f802701123a74080fd359651cb6db39e7c3a56d52cd9dad8ee1", "effective_date": "2025-10-24", "payload_blake2b": "a107ce941db3d849a255faa786391e5d"}', '\x79015b2e6a3a9ee72879c4c31948db5fa5edb21d340437cfe09d839d66555484'),
	(6, '2026-11-28 08:42:55.384103+00', 'postgres', 'run:95dde16b-a60b-4a4a-a6fe-b21688b57e52 user:root', 'planned', 'cus_Vydj77RpTbK2AN', 'cus_Vydj77RpTbK2AN', 'planned', NULL, '{"state": "intent", "adopted": false, "attempts": 0, "currency": "kwd", "document": "customer", "stripe_id": "cus_Vydj77RpTbK2AN", "external_id": "cus_Vydj77RpTbK2AN", "amount_minor": 0, "command_sha256": "218b0871c4aaa0aebde491e5fcf9863ac06dd4e638eade0f4652b5f4f5b336a3", "effective_date": "2026-02-23", "payload_blake2b": "1a2b7e0d0f61dff65e55fcb4f9c9b5d6"}', '\x51323da8790786877fe430ded328fefa4b0c0d6b7141a086919f59cae313ca73'),
	(7, '2026-11-28 08:42:55.384474+00', 'postgres', 'run:95dde16b-a60b-4a4a-a6fe-b21688b57e52 user:root', 'planned', 'cus_pmiunKNcpYO9gP', 'cus_pmiunKNcpYO9gP', 'planned', NULL, '{"state": "intent", "adopted": false, "attempts": 0, "currency": "gbp", "document": "customer", "stripe_id": "cus_pmiunKNcpYO9gP", "external_id": "cus_pmiunKNcpYO9gP", "amount_minor": 0, "command_sha256": "45460e3a533ff084177eb194a4e3766c42510ed9683f7d38f1653c238ab56b4c", "effective_date": "2026-09-27", "payload_blake2b": "8da985e9527cd2daa885c38ae8713dff"}', '\x0f262024f1cc0b2689439eb22731b4f7be9faa8883e95e0c88fe2018ce2ee219'),
	(8, '2026-11-28 08:42:55.384834+00', 'postgres', 'run:95dde16b-a60b-4a4a-a6fe-b21688b57e52 user:root', 'planned', 'in_16dxxfjrBgfwMP1W7sLgDpcM', 'in_16dxxfjrBgfwMP1W7sLgDpcM', 'planned', NULL, '{"state": "intent", "adopted": false, "attempts": 0, "currency": "usd", "document": "invoice", "stripe_id": "in_16dxxfjrBgfwMP1W7sLgDpcM", "external_id": "in_16dxxfjrBgfwMP1W7sLgDpcM", "amount_minor": 665000, "command_sha256": "30b0c04dc40c20e6bf2c88b838649a9b1fdf2daa44f7e730d9059004b3d9184c", "effective_date": "2026-11-16", "payload_blake2b": "9bca6c27364ee98a93ac36cbadf35a7a"}', '\x08808398fc9c33a4be2a74564ac3071104216add25917a5ee7e7c7761b1f0b09'),
	(9, '2026-11-28 08:42:55.385156+00', 'postgres', 'run:95dde16b-a60b-4a4a-a6fe-b21688b57e52 user:root', 'planned', 'in_1MIgfBzsp1CCA3TTkceQm3Pq', 'in_1MIgfBzsp1CCA3TTkceQm3Pq', 'planned', NULL, '{"state": "intent", "adopted": false, "attempts": 0, "currency": "eur", "document": "invoice", "stripe_id": "in_1MIgfBzsp1CCA3TTkceQm3Pq", "external_id": "in_1MIgfBzsp1CCA3TTkceQm3Pq", "amount_minor": 266978, "command_sha256": "d6f603700652ad86f50be409043631f8ed8103979da4fb24fd993f4c6f3d48b2", "effective_date": "2026-11-16", "payload_blake2b": "ff2d410763003105a2b25b4b89e92c04"}', '\x7ceeaa006df9ece6c3cddcdb7a23cf4eefe36cbe9dca67d3c31945fc6b7eb0d4'),
	(10, '2026-11-28 08:42:55.385271+00', 'postgres', 'run:95dde16b-a60b-4a4a-a6fe-b21688b57e52 user:root', 'planned', 'in_1NmwMWyDaYxLgO5z4LErz04C', 'in_1NmwMWyDaYxLgO5z4LErz04C', 'planned', NULL, '{"state": "intent", "adopted": false, "attempts": 0, "currency": "kwd", "document": "invoice", "stripe_id": "in_1NmwMWyDaYxLgO5z4LErz04C", "external_id": "in_1NmwMWyDaYxLgO5z4LErz04C", "amount_minor": 293880, "command_sha256": "c878f65987a5f56ffc45c2fd6c8068d5bbfee181a5ce24f471cefd0dd86d18d6", "effective_date": "2026-11-16", "payload_blake2b": "fd378b1f884b6a2856e7487e41b4c593"}', '\x82d5326777762fbdc1a8ddf0bb565ae63730e235d86caf74c74c3ca979e0bd4c'),
	(11, '2026-11-28 08:42:55.38535+00', 'postgres', 'run:95dde16b-a60b-4a4a-a6fe-b21688b57e52 user:root', 'planned', 'in_1g9Ig4A3NYSotFROMzJcXZO8', 'in_1g9Ig4A3NYSotFROMzJcXZO8', 'planned', NULL, '{"state": "intent", "adopted": false, "attempts": 0, "currency": "gbp", "document": "invoice", "stripe_id": "in_1g9Ig4A3NYSotFROMzJcXZO8", "external_id": "in_1g9Ig4A3NYSotFROMzJcXZO8", "amount_minor": 2969040, "command_sha256": "559eeb0b848c64b8884cf13ed91dc1903283b326fbfc48705f73f9374cfb2f46", "effective_date": "2026-11-16", "payload_blake2b": "4c76371da24a786f4bb52fb9dca9c44d"}', '\x555a10d0ff412efcd39dc6eebcbf3473a2c581f5cc2c4d9b343d43e7ca73dace'),
	(12, '2026-11-28 08:42:55.461109+00', 'postgres', 'run:95dde16b-a60b-4a4a-a6fe-b21688b57e52 user:root', 'sent', 'cus_VN4Aosre6HBiHb', 'cus_VN4Aosre6HBiHb', 'no reason given', NULL, '{"sent_at": "2026-11-28T08:42:55.455943Z", "request_sha256": "0cfb162e01d0813fac7ef1889dc4315b0d1fa9cf40c23707faeec54099f27549", "payload_blake2b": "f096335c6f30899ed32f21867bc0ae05"}', '\x1ef27b6217d344cea15e65b46aeea362b5c0a3afcb3004a03a35587baa5b2f5b'),
	(13, '2026-11-28 08:42:55.470889+00', 'postgres', 'run:95dde16b-a60b-4a4a-a6fe-b21688b57e52 user:root', 'sent', 'cus_pmiunKNcpYO9gP', 'cus_pmiunKNcpYO9gP', 'no reason given', NULL, '{"sent_at": "2026-11-28T08:42:55.463635Z", "request_sha256": "195df3c46889deaac3d04ced0c62a0e22e82623dba5299e6ac685c855e41d7b3", "payload_blake2b": "8da985e9527cd2daa885c38ae8713dff"}', '\x94c9a7c9dd5e890fdbf709496e94a765637dc40e7cce8dc9af2bd77dabc3ded4'),
	(14, '2026-11-28 08:42:55.475691+00', 'postgres', 'run:95dde16b-a60b-4a4a-a6fe-b21688b57e52 user:root', 'sent', 'cus_6iyJxKkY60yQIX', 'cus_6iyJxKkY60yQIX', 'no reason given', NULL, '{"sent_at": "2026-11-28T08:42:55.460122Z", "request_sha256": "d7631110cc741f6447e68063a6eaf030c4ca56a2dd312ddfaa533bc9b7c166bb", "payload_blake2b": "a107ce941db3d849a255faa786391e5d"}', '\xe275ccaa9f116626df1cb032725857db00a44a532668f948b66059a1906491aa'),
	(15, '2026-11-28 08:42:55.510153+00', 'postgres', 'run:95dde16b-a60b-4a4a-a6fe-b21688b57e52 user:root', 'written', 'cus_pmiunKNcpYO9gP', 'cus_pmiunKNcpYO9gP', 'NetSuite 103', '{"state": "sent", "request_sha256": "195df3c46889deaac3d04ced0c62a0e22e82623dba5299e6ac685c855e41d7b3"}', '{"state": "done", "netsuite_id": 103}', '\xb998431eb6b199abf909b77a28a466568e7040738d5b9d178f106df2a86646d2'),
	(16, '2026-11-28 08:42:55.511616+00', 'postgres', 'run:95dde16b-a60b-4a4a-a6fe-b21688b57e52 user:root', 'written', 'cus_6iyJxKkY60yQIX', 'cus_6iyJxKkY60yQIX', 'NetSuite 102', '{"state": "sent", "request_sha256": "d7631110cc741f6447e68063a6eaf030c4ca56a2dd312ddfaa533bc9b7c166bb"}', '{"state": "done", "netsuite_id": 102}', '\xd8a92c0aad444c9e5ff6fd085c4f5b722ea1b962d847e23ffcf44f17bd9c420f'),
	(17, '2026-11-28 08:42:55.513479+00', 'postgres', 'run:95dde16b-a60b-4a4a-a6fe-b21688b57e52 user:root', 'written', 'cus_VN4Aosre6HBiHb', 'cus_VN4Aosre6HBiHb', 'NetSuite 101', '{"state": "sent", "request_sha256": "0cfb162e01d0813fac7ef1889dc4315b0d1fa9cf40c23707faeec54099f27549"}', '{"state": "done", "netsuite_id": 101}', '\x3953be2646d4cc4ff3693c086c5306c9c25b509975e6aac3fa01a19bceb18ecf'),
	(43, '2026-11-28 08:43:30.841848+00', 'postgres', 'run:b3881bd9-5156-4c07-9d52-9b604499e9d4 user:root', 'policy_changed', 'policy', NULL, 'changed: mode', '{"mode":"observe"}', '{"accounts.bank.usd":"Checking","accounts.fee":"Stripe Fees","accounts.fees.application_fee":"Stripe Application Fees","accounts.fees.dispute":"Stripe Dispute Fees","accounts.fees.payment_method_passthrough_fee":"Stripe Network Fees","accounts.fees.tax":"Tax on Stripe Fees","accounts.reserves":"Stripe Reserves","accounts.returned_payouts":"Stripe Returned Payouts","accounts.suspense":"Suspense","adjustments.item":null,"adjustments.since":null,"alerts.checks_told_by_gaps":["no_open_gaps","deals_hold","no_payout_residuals","everything_can_be_written","every_deal_can_be_written","netsuite_refused_nothing","one_document_per_stripe_object"],"alerts.dagster_url":null,"alerts.digest_channels":"all","alerts.digest_hour":null,"alerts.grace_minutes":0.0,"alerts.material_minor":{},"alerts.objects":5,"alerts.owners":{},"alerts.quiet_hours":null,"alerts.remind_hours":24.0,"alerts.remind_urgent_hours":4.0,"alerts.routes":[],"alerts.update_percent":50.0,"alerts.urgent":[],"alerts.urgent_minor":{},"alerts.waiting_minutes":30.0,"alerts.words":true,"anomalies.days":2,"anomalies.events":10.0,"anomalies.history_days":400,"anomalies.ignored":[],"anomalies.learning_days":56,"anomalies.materiality_minor":{},"anomalies.share":0.3,"anomalies.threshold":4.0,"apply.attempts_max":6,"apply.certain_after_seconds":1200.0,"apply.lease_seconds":600,"apply.look_ups_max":30,"apply.patience_seconds":0.0,"apply.resolve_after_seconds":3600.0,"books.currency":null,"books.opening":{},"books.opening_credits":{},"books.start":"2026-10-01","books.subsidiary":"1","books.time_zone":"America/Los_Angeles","customers.common":null,"customers.currencies":"refuse","customers.details.billing_address":"none","customers.details.person":"never","customers.details.phone":"none","customers.details.sales_rep":"none","customers.details.shipping_address":"none","customers.details.terms":null,"customers.mode":"each","customers.subsidiaries":"refuse","deals.after_term":"release","deals.billed_within_days":5,"deals.currency":"usd","deals.days_until_due":30,"deals.fractions":"refuse","deals.items":{},"deals.one_off":"none","deals.orders":true,"deals.overlap_minutes":10,"deals.price_differs":"refuse","deals.prices":{},"deals.proration":"create_prorations","deals.recurring":"none","deals.since":null,"deals.source":"opportunities","deals.write_back":true,"documents.billing":true,"documents.credit_memo":true,"documents.customer":true,"documents.deposit":true,"documents.invoice":true,"documents.look_alike_days":7,"documents.payment":true,"documents.refund":true,"documents.sales_order":true,"items.bad_debt":"Stripe Bad Debt","items.balance":"Stripe Customer Balance","items.credit":"Stripe Credit","items.default":"Stripe Item","items.discount":"Stripe Discount","items.dispute":"Stripe Dispute","items.grant":"Stripe Credit Grant","items.price_metadata":true,"items.prices":{},"items.refund":"Stripe Refund","items.shipping":"Stripe Shipping","items.tax":"Stripe Tax","live.batch":500,"live.behind_after_minutes":15.0,"live.linger_seconds":120.0,"live.page_from":20,"live.poll_seconds":15.0,"live.reconcile_seconds":5.0,"live.run_minutes":30.0,"live.urgent_customers":[],"live.urgent_minor":{},"mapping.credit_memo.header":{},"mapping.credit_memo.lines":{},"mapping.customer.header":{},"mapping.deposit.header":{},"mapping.deposit.lines":{},"mapping.invoice.header":{},"mapping.invoice.lines":{},"mapping.journal_entry.header":{},"mapping.journal_entry.lines":{},"mapping.payment.header":{},"mapping.refund.header":{},"mapping.sales_order.header":{},"mapping.sales_order.lines":{},"mapping.tables":{},"mode":"sync","netsuite.mirror_max_age_minutes":180,"netsuite.overlap_minutes":120,"netsuite.payment_account":null,"off_stripe.account":null,"owner":"team:finance-systems","periods.closed":"refuse","periods.tax":"ignore","revenue.end_field":null,"revenue.start_field":null,"revenue.template_field":null,"revenue.templates":{},"revenue.whole_days":false,"reversals.disputes":"one_line","reversals.partial_refunds":"one_line","reversals.uncollectible":"write_off","reversals.uninvoiced":"unapplied","stripe.event_lag_seconds":0,"stripe.requests_in_flight":8,"stripe.requests_per_second":90.0,"tolerances.account":null,"tolerances.monthly_budget_minor":{},"tolerances.net_of_fee":false,"tolerances.rounding_minor":{},"webhooks.body_max_kib":1024,"webhooks.body_seconds":10.0,"webhooks.keep_seconds":8.0,"webhooks.tolerance_seconds":300}', '\x572cb0a110fc5e685be3dce009dfc01acea704a63cde5d4bf0f5300f1c175203'),
	(18, '2026-11-28 08:42:55.514086+00', 'postgres', 'run:95dde16b-a60b-4a4a-a6fe-b21688b57e52 user:root', 'sent', 'cus_Vydj77RpTbK2AN', 'cus_Vydj77RpTbK2AN', 'no reason given', NULL, '{"sent_at": "2026-11-28T08:42:55.494328Z", "request_sha256": "212575ff4b9ae176c49699942e2fea3e6aab179bb482f0729397ad723fcf437d", "payload_blake2b": "1a2b7e0d0f61dff65e55fcb4f9c9b5d6"}', '\xda3e898d3943e64f4c089937de4093665c5eacc82d2da3b3f7edfc6468a57071'),
	(19, '2026-11-28 08:42:55.522642+00', 'postgres', 'run:95dde16b-a60b-4a4a-a6fe-b21688b57e52 user:root', 'written', 'cus_Vydj77RpTbK2AN', 'cus_Vydj77RpTbK2AN', 'NetSuite 104', '{"state": "sent", "request_sha256": "212575ff4b9ae176c49699942e2fea3e6aab179bb482f0729397ad723fcf437d"}', '{"state": "done", "netsuite_id": 104}', '\x2f04346441780b8535a8a5ff8b70fda89592b0b508413584bf310e694ba82d3a'),
	(20, '2026-11-28 08:42:55.533812+00', 'postgres', 'run:95dde16b-a60b-4a4a-a6fe-b21688b57e52 user:root', 'sent', 'in_16dxxfjrBgfwMP1W7sLgDpcM', 'in_16dxxfjrBgfwMP1W7sLgDpcM', 'no reason given', NULL, '{"sent_at": "2026-11-28T08:42:55.532936Z", "request_sha256": "ecf007b4b7941594ff27815318678fdfbd3d0a1c5b105059fb8e9b9ffd17e247", "payload_blake2b": "9bca6c27364ee98a93ac36cbadf35a7a"}', '\x7e5bf1650299c60d25b879536bbfb23d9e5aac3c53a1272693c27b5d26159c3a'),
	(21, '2026-11-28 08:42:55.539875+00', 'postgres', 'run:95dde16b-a60b-4a4a-a6fe-b21688b57e52 user:root', 'sent', 'in_1NmwMWyDaYxLgO5z4LErz04C', 'in_1NmwMWyDaYxLgO5z4LErz04C', 'no reason given', NULL, '{"sent_at": "2026-11-28T08:42:55.538932Z", "request_sha256": "034db101fb56a3dd044ce6bcee27170b1fa57a56b9f45dc900973bf178f957d6", "payload_blake2b": "fd378b1f884b6a2856e7487e41b4c593"}', '\x6131eecd1aeb2b722633875a19b8e40af4cb8a98ea8afa11102da1effc6faa25'),
	(24, '2026-11-28 08:42:55.552164+00', 'postgres', 'run:95dde16b-a60b-4a4a-a6fe-b21688b57e52 user:root', 'written', 'in_16dxxfjrBgfwMP1W7sLgDpcM', 'in_16dxxfjrBgfwMP1W7sLgDpcM', 'NetSuite 1001', '{"state": "sent", "request_sha256": "ecf007b4b7941594ff27815318678fdfbd3d0a1c5b105059fb8e9b9ffd17e247"}', '{"state": "done", "netsuite_id": 1001}', '\xbdd4c15d06b087ac4ae982f8f9f222430a04c5812980c0a1d1b9ebb73e405d0f'),
	(22, '2026-11-28 08:42:55.543193+00', 'postgres', 'run:95dde16b-a60b-4a4a-a6fe-b21688b57e52 user:root', 'sent', 'in_1g9Ig4A3NYSotFROMzJcXZO8', 'in_1g9Ig4A3NYSotFROMzJcXZO8', 'no reason given', NULL, '{"sent_at": "2026-11-28T08:42:55.541408Z", "request_sha256": "650d46dc32b1def85bd57b57e4fe2260110cf093d3c5fbacda12107738d38714", "payload_blake2b": "4c76371da24a786f4bb52fb9dca9c44d"}', '\x88faf072680f29b8ffcf478a99e13aad4216b3c1540454bab72120b65ece75fc'),
	(27, '2026-11-28 08:42:55.568733+00', 'postgres', 'run:95dde16b-a60b-4a4a-a6fe-b21688b57e52 user:root', 'written', 'in_1g9Ig4A3NYSotFROMzJcXZO8', 'in_1g9Ig4A3NYSotFROMzJcXZO8', 'NetSuite 1004', '{"state": "sent", "request_sha256": "650d46dc32b1def85bd57b57e4fe2260110cf093d3c5fbacda12107738d38714"}', '{"state": "done", "netsuite_id": 1004}', '\xeaeca0407fd8fd42d794086da82ee21a98e26e902d9ea49034462329734c1d26'),
	(23, '2026-11-28 08:42:55.546682+00', 'postgres', 'run:95dde16b-a60b-4a4a-a6fe-b21688b57e52 user:root', 'sent', 'in_1MIgfBzsp1CCA3TTkceQm3Pq', 'in_1MIgfBzsp1CCA3TTkceQm3Pq', 'no reason given', NULL, '{"sent_at": "2026-11-28T08:42:55.541828Z", "request_sha256": "376c4218fa4e21e9485b3f7428247faaed135d9086076dacc56222eb1f659a0b", "payload_blake2b": "ff2d410763003105a2b25b4b89e92c04"}', '\xdf278d17961d07e055cfff1ca2a2f1cd33600dccbcd6ed020880fb0cfe507952'),
	(25, '2026-11-28 08:42:55.554825+00', 'postgres', 'run:95dde16b-a60b-4a4a-a6fe-b21688b57e52 user:root', 'written', 'in_1NmwMWyDaYxLgO5z4LErz04C', 'in_1NmwMWyDaYxLgO5z4LErz04C', 'NetSuite 1002', '{"state": "sent", "request_sha256": "034db101fb56a3dd044ce6bcee27170b1fa57a56b9f45dc900973bf178f957d6"}', '{"state": "done", "netsuite_id": 1002}', '\xec65f8e7125bf76b77661859d3ea47065c491a2f3a18ec3b06a91ae77c1b470f'),
	(26, '2026-11-28 08:42:55.56768+00', 'postgres', 'run:95dde16b-a60b-4a4a-a6fe-b21688b57e52 user:root', 'written', 'in_1MIgfBzsp1CCA3TTkceQm3Pq', 'in_1MIgfBzsp1CCA3TTkceQm3Pq', 'NetSuite 1003', '{"state": "sent", "request_sha256": "376c4218fa4e21e9485b3f7428247faaed135d9086076dacc56222eb1f659a0b"}', '{"state": "done", "netsuite_id": 1003}', '\xe538ec2d389409c3151cf12209adc4c93372aed4d0ba0756acfd35b851eaebd1'),
	(28, '2026-11-28 08:43:14.901413+00', 'postgres', 'run:f3683075-340e-4cc4-87f9-0d2acdabe702 user:root', 'policy_changed', 'policy', NULL, 'changed: mode', '{"mode":"sync"}', '{"accounts.bank.usd":"Checking","accounts.fee":"Stripe Fees","accounts.fees.application_fee":"Stripe Application Fees","accounts.fees.dispute":"Stripe Dispute Fees","accounts.fees.payment_method_passthrough_fee":"Stripe Network Fees","accounts.fees.tax":"Tax on Stripe Fees","accounts.reserves":"Stripe Reserves","accounts.returned_payouts":"Stripe Returned Payouts","accounts.suspense":"Suspense","adjustments.item":null,"adjustments.since":null,"alerts.checks_told_by_gaps":["no_open_gaps","deals_hold","no_payout_residuals","everything_can_be_written","every_deal_can_be_written","netsuite_refused_nothing","one_document_per_stripe_object"],"alerts.dagster_url":null,"alerts.digest_channels":"all","alerts.digest_hour":null,"alerts.grace_minutes":0.0,"alerts.material_minor":{},"alerts.objects":5,"alerts.owners":{},"alerts.quiet_hours":null,"alerts.remind_hours":24.0,"alerts.remind_urgent_hours":4.0,"alerts.routes":[],"alerts.update_percent":50.0,"alerts.urgent":[],"alerts.urgent_minor":{},"alerts.waiting_minutes":30.0,"alerts.words":true,"anomalies.days":2,"anomalies.events":10.0,"anomalies.history_days":400,"anomalies.ignored":[],"anomalies.learning_days":56,"anomalies.materiality_minor":{},"anomalies.share":0.3,"anomalies.threshold":4.0,"apply.attempts_max":6,"apply.certain_after_seconds":1200.0,"apply.lease_seconds":600,"apply.look_ups_max":30,"apply.patience_seconds":0.0,"apply.resolve_after_seconds":3600.0,"books.currency":null,"books.opening":{},"books.opening_credits":{},"books.start":"2026-10-01","books.subsidiary":"1","books.time_zone":"America/Los_Angeles","customers.common":null,"customers.currencies":"refuse","customers.details.billing_address":"none","customers.details.person":"never","customers.details.phone":"none","customers.details.sales_rep":"none","customers.details.shipping_address":"none","customers.details.terms":null,"customers.mode":"each","customers.subsidiaries":"refuse","deals.after_term":"release","deals.billed_within_days":5,"deals.currency":"usd","deals.days_until_due":30,"deals.fractions":"refuse","deals.items":{},"deals.one_off":"none","deals.orders":true,"deals.overlap_minutes":10,"deals.price_differs":"refuse","deals.prices":{},"deals.proration":"create_prorations","deals.recurring":"none","deals.since":null,"deals.source":"opportunities","deals.write_back":true,"documents.billing":true,"documents.credit_memo":true,"documents.customer":true,"documents.deposit":true,"documents.invoice":true,"documents.look_alike_days":7,"documents.payment":true,"documents.refund":true,"documents.sales_order":true,"items.bad_debt":"Stripe Bad Debt","items.balance":"Stripe Customer Balance","items.credit":"Stripe Credit","items.default":"Stripe Item","items.discount":"Stripe Discount","items.dispute":"Stripe Dispute","items.grant":"Stripe Credit Grant","items.price_metadata":true,"items.prices":{},"items.refund":"Stripe Refund","items.shipping":"Stripe Shipping","items.tax":"Stripe Tax","live.batch":500,"live.behind_after_minutes":15.0,"live.linger_seconds":120.0,"live.page_from":20,"live.poll_seconds":15.0,"live.reconcile_seconds":5.0,"live.run_minutes":30.0,"live.urgent_customers":[],"live.urgent_minor":{},"mapping.credit_memo.header":{},"mapping.credit_memo.lines":{},"mapping.customer.header":{},"mapping.deposit.header":{},"mapping.deposit.lines":{},"mapping.invoice.header":{},"mapping.invoice.lines":{},"mapping.journal_entry.header":{},"mapping.journal_entry.lines":{},"mapping.payment.header":{},"mapping.refund.header":{},"mapping.sales_order.header":{},"mapping.sales_order.lines":{},"mapping.tables":{},"mode":"observe","netsuite.mirror_max_age_minutes":180,"netsuite.overlap_minutes":120,"netsuite.payment_account":null,"off_stripe.account":null,"owner":"team:finance-systems","periods.closed":"refuse","periods.tax":"ignore","revenue.end_field":null,"revenue.start_field":null,"revenue.template_field":null,"revenue.templates":{},"revenue.whole_days":false,"reversals.disputes":"one_line","reversals.partial_refunds":"one_line","reversals.uncollectible":"write_off","reversals.uninvoiced":"unapplied","stripe.event_lag_seconds":0,"stripe.requests_in_flight":8,"stripe.requests_per_second":90.0,"tolerances.account":null,"tolerances.monthly_budget_minor":{},"tolerances.net_of_fee":false,"tolerances.rounding_minor":{},"webhooks.body_max_kib":1024,"webhooks.body_seconds":10.0,"webhooks.keep_seconds":8.0,"webhooks.tolerance_seconds":300}', '\x1ff592b2e8864dfe99de93101c922a3d09848df8676f317518654eeb6d012691'),
	(29, '2026-11-28 08:43:14.94407+00', 'postgres', 'run:f3683075-340e-4cc4-87f9-0d2acdabe702 user:root', 'plan_saved', 'plan 2026-11-16..2026-11-20', NULL, 'planned from the stored rows', NULL, '{"write customer cad":{"documents":1,"minor":0},"write customer jpy":{"documents":1,"minor":0},"write customer usd":{"documents":3,"minor":0},"write customerPayment cad":{"documents":1,"minor":289548},"write customerPayment kwd":{"documents":1,"minor":220410},"write invoice cad":{"documents":1,"minor":289548},"write invoice jpy":{"documents":2,"minor":558150},"write invoice kwd":{"documents":1,"minor":220410},"write invoice usd":{"documents":5,"minor":1269727}}', '\xa2ad65d3552ff7885953ed30f964685ff57d2e6441a97e017f5b6544ef0c1aa1'),
	(30, '2026-11-28 08:43:16.317619+00', 'postgres', 'run:f3683075-340e-4cc4-87f9-0d2acdabe702 user:root', 'gap_opened', 'gap_03e766facfa21a2137bb', 'in_1REqChqOqRZgnFXfwhMVYc0R', 'Stripe invoice NW-000009 has no NetSuite document', NULL, '{"leg": "stripe_netsuite", "kind": "missing_in_netsuite", "state": "open", "currency": "usd", "stripe_id": "in_1REqChqOqRZgnFXfwhMVYc0R", "actual_minor": 0, "effective_date": "2026-11-18", "expected_minor": 94800, "difference_minor": -94800}', '\x9de4b1731f8a685dc9534804dc5608c1bdc26060891ad9d6b98b2c99f918707e'),
	(31, '2026-11-28 08:43:16.317787+00', 'postgres', 'run:f3683075-340e-4cc4-87f9-0d2acdabe702 user:root', 'gap_opened', 'gap_05d4a94b5bfd7cc3b73d', 'in_15J8FyEvv2UzVVtSxKT9739a', 'Stripe invoice NW-000013 has no NetSuite document', NULL, '{"leg": "stripe_netsuite", "kind": "missing_in_netsuite", "state": "open", "currency": "kwd", "stripe_id": "in_15J8FyEvv2UzVVtSxKT9739a", "actual_minor": 0, "effective_date": "2026-11-19", "expected_minor": 220410, "difference_minor": -220410}', '\xede263e6761e2a387fbc6b9f4ecdf13c17490750db01a58b4f6c08bc8e5d31b0'),
	(32, '2026-11-28 08:43:16.31788+00', 'postgres', 'run:f3683075-340e-4cc4-87f9-0d2acdabe702 user:root', 'gap_opened', 'gap_2119645d9062cfaaaf12', 'in_1MaV9bx76pOSTayhG2f1qS7F', 'Stripe invoice NW-000008 has no NetSuite document', NULL, '{"leg": "stripe_netsuite", "kind": "missing_in_netsuite", "state": "open", "currency": "usd", "stripe_id": "in_1MaV9bx76pOSTayhG2f1qS7F", "actual_minor": 0, "effective_date": "2026-11-18", "expected_minor": 257900, "difference_minor": -257900}', '\x052dfc48cf32a0a1c3263716feb3258bfca222e2c16ebfe5d44dd6c4323ad3a4'),
	(33, '2026-11-28 08:43:16.317961+00', 'postgres', 'run:f3683075-340e-4cc4-87f9-0d2acdabe702 user:root', 'gap_opened', 'gap_297ef9efc820d2e067b1', 'in_1GzDGC3LYzHOsd3KZVXnh2zv', 'Stripe invoice NW-000005 has no NetSuite document', NULL, '{"leg": "stripe_netsuite", "kind": "missing_in_netsuite", "state": "open", "currency": "jpy", "stripe_id": "in_1GzDGC3LYzHOsd3KZVXnh2zv", "actual_minor": 0, "effective_date": "2026-11-17", "expected_minor": 276600, "difference_minor": -276600}', '\x24c1e70cc8d7d976ea54b0dddb64459fc72f4c0ea3b4e85da9d0316e34ccd556'),
	(34, '2026-11-28 08:43:16.318041+00', 'postgres', 'run:f3683075-340e-4cc4-87f9-0d2acdabe702 user:root', 'gap_opened', 'gap_380e0b7b40624585804d', 'in_17zHNTqmOgNS5CfFHR6LPynM', 'Stripe invoice NW-000011 has no NetSuite document', NULL, '{"leg": "stripe_netsuite", "kind": "missing_in_netsuite", "state": "open", "currency": "usd", "stripe_id": "in_17zHNTqmOgNS5CfFHR6LPynM", "actual_minor": 0, "effective_date": "2026-11-18", "expected_minor": 796000, "difference_minor": -796000}', '\x544f15722c09bde3f3fcf6cc0640db82c05b072f7b74d5a48816cae2c53fa34d'),
	(35, '2026-11-28 08:43:16.318099+00', 'postgres', 'run:f3683075-340e-4cc4-87f9-0d2acdabe702 user:root', 'gap_opened', 'gap_4c1c49b62a398dd3fd61', 'in_1woW46pvwpTOfPA36kwOBd5g', 'Stripe invoice NW-000014 has no NetSuite document', NULL, '{"leg": "stripe_netsuite", "kind": "missing_in_netsuite", "state": "open", "currency": "jpy", "stripe_id": "in_1woW46pvwpTOfPA36kwOBd5g", "actual_minor": 0, "effective_date": "2026-11-19", "expected_minor": 281550, "difference_minor": -281550}', '\xa84261de612e1a85db044f6a64c161eccba63dfb29844c6d7faf1d16d97c6d70'),
	(36, '2026-11-28 08:43:16.318145+00', 'postgres', 'run:f3683075-340e-4cc4-87f9-0d2acdabe702 user:root', 'gap_opened', 'gap_642d94c99b93223ab246', 'ch_3kuYp4Vfst0ZoaLT4D9uJ643', 'Stripe charge has no NetSuite payment', NULL, '{"leg": "stripe_netsuite", "kind": "payment_missing", "state": "open", "currency": "cad", "stripe_id": "ch_3kuYp4Vfst0ZoaLT4D9uJ643", "actual_minor": 0, "effective_date": "2026-11-18", "expected_minor": 289548, "difference_minor": -289548}', '\xc65d9cdfe87317e0448b87fc119cb37d74bb566c2faaed86b65210b55b029c09'),
	(37, '2026-11-28 08:43:16.318187+00', 'postgres', 'run:f3683075-340e-4cc4-87f9-0d2acdabe702 user:root', 'gap_opened', 'gap_9d732943220b038ccfc7', 'ch_3b15Xm0QMNkDAabzhgmmJ9U6', 'Stripe charge has no NetSuite payment', NULL, '{"leg": "stripe_netsuite", "kind": "payment_missing", "state": "open", "currency": "kwd", "stripe_id": "ch_3b15Xm0QMNkDAabzhgmmJ9U6", "actual_minor": 0, "effective_date": "2026-11-19", "expected_minor": 220410, "difference_minor": -220410}', '\xf95d80ef875b1808c1ab3364e75f63c7ea98f6365fac22c571b35e173ee9fcd4'),
	(38, '2026-11-28 08:43:16.318227+00', 'postgres', 'run:f3683075-340e-4cc4-87f9-0d2acdabe702 user:root', 'gap_opened', 'gap_a4605f26b9dcefbb1e7e', 'in_1R4EFNv9k8DNDhQbdula3NWw', 'Stripe invoice NW-000010 has no NetSuite document', NULL, '{"leg": "stripe_netsuite", "kind": "missing_in_netsuite", "state": "open", "currency": "cad", "stripe_id": "in_1R4EFNv9k8DNDhQbdula3NWw", "actual_minor": 0, "effective_date": "2026-11-18", "expected_minor": 289548, "difference_minor": -289548}', '\x8ba7e8914f055144a0ff55c0f42efd3b5bb4cae3b1ed4b4ee7fa1ef05b9c5de1'),
	(39, '2026-11-28 08:43:16.318268+00', 'postgres', 'run:f3683075-340e-4cc4-87f9-0d2acdabe702 user:root', 'gap_opened', 'gap_c7898bafda6899e1287c', 'in_1vxKCKAM04XZIyRhDhvwbafC', 'Stripe invoice NW-000012 has no NetSuite document', NULL, '{"leg": "stripe_netsuite", "kind": "missing_in_netsuite", "state": "open", "currency": "usd", "stripe_id": "in_1vxKCKAM04XZIyRhDhvwbafC", "actual_minor": 0, "effective_date": "2026-11-19", "expected_minor": 38127, "difference_minor": -38127}', '\x7259c1923257c12086d2887a71c892e849652f28bd08b1be5f7bcb5b17c216ee'),
	(40, '2026-11-28 08:43:16.318308+00', 'postgres', 'run:f3683075-340e-4cc4-87f9-0d2acdabe702 user:root', 'gap_opened', 'gap_cf0dc6310b179a696fdf', 'in_1adkyAmZuOCYDU5RRFmIkxXr', 'Stripe invoice NW-000015 has no NetSuite document', NULL, '{"leg": "stripe_netsuite", "kind": "missing_in_netsuite", "state": "open", "currency": "usd", "stripe_id": "in_1adkyAmZuOCYDU5RRFmIkxXr", "actual_minor": 0, "effective_date": "2026-11-19", "expected_minor": 82900, "difference_minor": -82900}', '\xae1be9196081426eb3c16109eefef4acb3dac8a87939c0c0beeb49c5f4603ecd'),
	(41, '2026-11-28 08:43:19.900071+00', 'postgres', 'user:root', 'alert_opened', 'alert gap:stripe_netsuite:missing_in_netsuite', NULL, 'Invoices have no NetSuite document', NULL, '{"state" : "open", "count" : 9, "sums" : {"cad": 289548, "jpy": 558150, "kwd": 220410, "usd": 1269727}}', '\xc5d07c0f49046ce42028481511b6b69a59a5771ebcbd408179680718fee308a4'),
	(42, '2026-11-28 08:43:19.900988+00', 'postgres', 'user:root', 'alert_opened', 'alert gap:stripe_netsuite:payment_missing', NULL, 'Payments are not booked', NULL, '{"state" : "open", "count" : 2, "sums" : {"cad": 289548, "kwd": 220410}}', '\x5bbe4b8593dcacdaea3796f508c284611eedafd142aaed7689f164f9509d964c'),
	(44, '2026-11-28 08:43:31.178365+00', 'postgres', 'run:b3881bd9-5156-4c07-9d52-9b604499e9d4 user:root', 'planned', 'cus_ydiAueKHHdTjcV', 'cus_ydiAueKHHdTjcV', 'planned', NULL, '{"state": "intent", "adopted": false, "attempts": 0, "currency": "usd", "document": "customer", "stripe_id": "cus_ydiAueKHHdTjcV", "external_id": "cus_ydiAueKHHdTjcV", "amount_minor": 0, "command_sha256": "4f21576caeb8257344bbb43678da5e627b5f6e6dc48a66f56ed09f466edb74fe", "effective_date": "2024-10-14", "payload_blake2b": "30162e7413588dfd094c84ef9985e671"}', '\x18a2961f296755ac2978ef612c5f3b0b1d6478a318170ac7116c1c8d2746429f'),
	(45, '2026-11-28 08:43:31.179574+00', 'postgres', 'run:b3881bd9-5156-4c07-9d52-9b604499e9d4 user:root', 'planned', 'cus_2ZSL1U2F3u6Bb9', 'cus_2ZSL1U2F3u6Bb9', 'planned', NULL, '{"state": "intent", "adopted": false, "attempts": 0, "currency": "cad", "document": "customer", "stripe_id": "cus_2ZSL1U2F3u6Bb9", "external_id": "cus_2ZSL1U2F3u6Bb9", "amount_minor": 0, "command_sha256": "9b98d4288cad6a21f8fe037fefe495874c9d9d564fdaa3505e856b2b7059e840", "effective_date": "2025-05-17", "payload_blake2b": "498413682626e870f6d7a6e32515eb19"}', '\xcde66e97dde353d6de21a21d0ad7adcc23a7fb416feb20770c152150d660feb0'),
	(46, '2026-11-28 08:43:31.179969+00', 'postgres', 'run:b3881bd9-5156-4c07-9d52-9b604499e9d4 user:root', 'planned', 'cus_Unwb0zqbSwFSDH', 'cus_Unwb0zqbSwFSDH', 'planned', NULL, '{"state": "intent", "adopted": false, "attempts": 0, "currency": "jpy", "document": "customer", "stripe_id": "cus_Unwb0zqbSwFSDH", "external_id": "cus_Unwb0zqbSwFSDH", "amount_minor": 0, "command_sha256": "989628c57b467e42b453bbc75af773a011512084b33ef5817215b779af9d51d9", "effective_date": "2026-06-13", "payload_blake2b": "f4f142269a73ad807e389ff07fa6c566"}', '\xad3dd5b8ff8069bd5a57a3c68044b60deaf374bacfc22310ac7f1fa08bcccc9a'),
	(47, '2026-11-28 08:43:31.180307+00', 'postgres', 'run:b3881bd9-5156-4c07-9d52-9b604499e9d4 user:root', 'planned', 'cus_PtdIBWTZI9Bl7F', 'cus_PtdIBWTZI9Bl7F', 'planned', NULL, '{"state": "intent", "adopted": false, "attempts": 0, "currency": "usd", "document": "customer", "stripe_id": "cus_PtdIBWTZI9Bl7F", "external_id": "cus_PtdIBWTZI9Bl7F", "amount_minor": 0, "command_sha256": "b22c9a78d5a7af376c380f043a294a7abb57b0e0b95cad6402eeb4a644614b1b", "effective_date": "2026-09-18", "payload_blake2b": "70641be5a8bb342ba5fe608587813d20"}', '\x39d252ea815540d66d1f5b6eed5f621a3193ebcdd68231b59f6a0f2b9ee88ab8'),
	(48, '2026-11-28 08:43:31.18065+00', 'postgres', 'run:b3881bd9-5156-4c07-9d52-9b604499e9d4 user:root', 'planned', 'cus_Jc8lSyPmisxt81', 'cus_Jc8lSyPmisxt81', 'planned', NULL, '{"state": "intent", "adopted": false, "attempts": 0, "currency": "usd", "document": "customer", "stripe_id": "cus_Jc8lSyPmisxt81", "external_id": "cus_Jc8lSyPmisxt81", "amount_minor": 0, "command_sha256": "9ee0a33d0abfce5146a5c5fb2a45e211deae9699e50d6590a58ff08f844526ab", "effective_date": "2026-11-19", "payload_blake2b": "cb3e4f4f877bf4b3ea10bc48079c40d2"}', '\x4e3c77e3afe56eb191dcb184713b2d1ec242678badb84314db883cb0fae2e91d'),
	(49, '2026-11-28 08:43:31.180967+00', 'postgres', 'run:b3881bd9-5156-4c07-9d52-9b604499e9d4 user:root', 'planned', 'in_1GzDGC3LYzHOsd3KZVXnh2zv', 'in_1GzDGC3LYzHOsd3KZVXnh2zv', 'planned', NULL, '{"state": "intent", "adopted": false, "attempts": 0, "currency": "jpy", "document": "invoice", "stripe_id": "in_1GzDGC3LYzHOsd3KZVXnh2zv", "external_id": "in_1GzDGC3LYzHOsd3KZVXnh2zv", "amount_minor": 276600, "command_sha256": "2c159516296b5ec0cdfe29704971db3aad6d36108a76c3fcff19e4c2f171cd6f", "effective_date": "2026-11-17", "payload_blake2b": "2fc01e8818408ba6f60fd8b79d15ca22"}', '\xf232dd08517fe9a674b95883599ceb6640950e0589be96a58d2d22e97244d38a'),
	(50, '2026-11-28 08:43:31.181082+00', 'postgres', 'run:b3881bd9-5156-4c07-9d52-9b604499e9d4 user:root', 'planned', 'in_17zHNTqmOgNS5CfFHR6LPynM', 'in_17zHNTqmOgNS5CfFHR6LPynM', 'planned', NULL, '{"state": "intent", "adopted": false, "attempts": 0, "currency": "usd", "document": "invoice", "stripe_id": "in_17zHNTqmOgNS5CfFHR6LPynM", "external_id": "in_17zHNTqmOgNS5CfFHR6LPynM", "amount_minor": 796000, "command_sha256": "f213e105f54fcf204563d81c3aeca0596f5c0d9c22f47a78ba2d61e1d5936d5b", "effective_date": "2026-11-18", "payload_blake2b": "1cc757d38f1adcd18a33d3ea22f77092"}', '\xb83dc19de5674c15b2ddd33cb506db1a86ef9fd03230ea47477ae40b5cba06c5'),
	(51, '2026-11-28 08:43:31.181159+00', 'postgres', 'run:b3881bd9-5156-4c07-9d52-9b604499e9d4 user:root', 'planned', 'in_1MaV9bx76pOSTayhG2f1qS7F', 'in_1MaV9bx76pOSTayhG2f1qS7F', 'planned', NULL, '{"state": "intent", "adopted": false, "attempts": 0, "currency": "usd", "document": "invoice", "stripe_id": "in_1MaV9bx76pOSTayhG2f1qS7F", "external_id": "in_1MaV9bx76pOSTayhG2f1qS7F", "amount_minor": 257900, "command_sha256": "92164c7b398283ae7b594071f8871464dd409da83c8038021e88aa9c63ef7297", "effective_date": "2026-11-18", "payload_blake2b": "39f4a26c79eb7a6c6fe44dcee8b0f871"}', '\x8e775b80d61dc4fa7e135655f6f82c92e8fc821686ab6ccde9424bfca8d52782'),
	(52, '2026-11-28 08:43:31.181235+00', 'postgres', 'run:b3881bd9-5156-4c07-9d52-9b604499e9d4 user:root', 'planned', 'in_1R4EFNv9k8DNDhQbdula3NWw', 'in_1R4EFNv9k8DNDhQbdula3NWw', 'planned', NULL, '{"state": "intent", "adopted": false, "attempts": 0, "currency": "cad", "document": "invoice", "stripe_id": "in_1R4EFNv9k8DNDhQbdula3NWw", "external_id": "in_1R4EFNv9k8DNDhQbdula3NWw", "amount_minor": 289548, "command_sha256": "9a223f042265483e371d9b5931fddb458ea3a66c4029f142cb28ade0855afff6", "effective_date": "2026-11-18", "payload_blake2b": "ffa3849d13129cea89dadf18195c2d52"}', '\xa11e4daa73a72734c9866e44c53a147276ff8fbe32eab9832c3c27668969e27a'),
	(53, '2026-11-28 08:43:31.181302+00', 'postgres', 'run:b3881bd9-5156-4c07-9d52-9b604499e9d4 user:root', 'planned', 'in_1REqChqOqRZgnFXfwhMVYc0R', 'in_1REqChqOqRZgnFXfwhMVYc0R', 'planned', NULL, '{"state": "intent", "adopted": false, "attempts": 0, "currency": "usd", "document": "invoice", "stripe_id": "in_1REqChqOqRZgnFXfwhMVYc0R", "external_id": "in_1REqChqOqRZgnFXfwhMVYc0R", "amount_minor": 94800, "command_sha256": "74431e806d9b52e21e9c3f6bd4c2a674f7e4dd20b9e107b44676780d33c1c59f", "effective_date": "2026-11-18", "payload_blake2b": "cafa380f1a292e20c7a33c663a08957a"}', '\x6b0b1e91d58b1019ddc5412a4e8e463ac721aa18dee774f8cd9ca0f26cf88830'),
	(54, '2026-11-28 08:43:31.181372+00', 'postgres', 'run:b3881bd9-5156-4c07-9d52-9b604499e9d4 user:root', 'planned', 'in_15J8FyEvv2UzVVtSxKT9739a', 'in_15J8FyEvv2UzVVtSxKT9739a', 'planned', NULL, '{"state": "intent", "adopted": false, "attempts": 0, "currency": "kwd", "document": "invoice", "stripe_id": "in_15J8FyEvv2UzVVtSxKT9739a", "external_id": "in_15J8FyEvv2UzVVtSxKT9739a", "amount_minor": 220410, "command_sha256": "50b5ea0b605a1d47a1b6cbcae2f4faa548e61fa123c4d37933822e393c43aec8", "effective_date": "2026-11-19", "payload_blake2b": "386a79dc1b2c59dcf73ef80c05af6bcb"}', '\x5b9b949068b741faccf8bd5eba7c0e7fad293dddfda39cbd064b517106984c9c'),
	(55, '2026-11-28 08:43:31.181435+00', 'postgres', 'run:b3881bd9-5156-4c07-9d52-9b604499e9d4 user:root', 'planned', 'in_1adkyAmZuOCYDU5RRFmIkxXr', 'in_1adkyAmZuOCYDU5RRFmIkxXr', 'planned', NULL, '{"state": "intent", "adopted": false, "attempts": 0, "currency": "usd", "document": "invoice", "stripe_id": "in_1adkyAmZuOCYDU5RRFmIkxXr", "external_id": "in_1adkyAmZuOCYDU5RRFmIkxXr", "amount_minor": 82900, "command_sha256": "7d4d6b98e04810b009f5df5bf890a9ecd07171854743303456b132a125973fa1", "effective_date": "2026-11-19", "payload_blake2b": "8d8c4ce7093a8b4a15102e97437347e5"}', '\x0c98f10b53149142af408fb6e059bab51c6735cd8c6149550dc856377098a088'),
	(56, '2026-11-28 08:43:31.181499+00', 'postgres', 'run:b3881bd9-5156-4c07-9d52-9b604499e9d4 user:root', 'planned', 'in_1vxKCKAM04XZIyRhDhvwbafC', 'in_1vxKCKAM04XZIyRhDhvwbafC', 'planned', NULL, '{"state": "intent", "adopted": false, "attempts": 0, "currency": "usd", "document": "invoice", "stripe_id": "in_1vxKCKAM04XZIyRhDhvwbafC", "external_id": "in_1vxKCKAM04XZIyRhDhvwbafC", "amount_minor": 38127, "command_sha256": "1b63e9d1cc50e463bd7d51a6c00652a33cb6ab6177ffee009075cb3aeac8a182", "effective_date": "2026-11-19", "payload_blake2b": "619d1955bd6c5e3877fc841f8278af61"}', '\xc1e9969ee7a9d16e757c0b2f97ce42693bb7073f552ade9e402c914d94473d13'),
	(76, '2026-11-28 08:43:31.450894+00', 'postgres', 'run:b3881bd9-5156-4c07-9d52-9b604499e9d4 user:root', 'sent', 'in_15J8FyEvv2UzVVtSxKT9739a', 'in_15J8FyEvv2UzVVtSxKT9739a', 'no reason given', NULL, '{"sent_at": "2026-11-28T08:43:31.440606Z", "request_sha256": "f8caeeaabec80a5b44611f0fa1ff84620e4b65cebc9b6fda4dbb06d9838af54b", "payload_blake2b": "386a79dc1b2c59dcf73ef80c05af6bcb"}', '\x8d989a8b26558d913c28bf943b352bffbccb0c877eb451e68f5f29eb96f893ca'),
	(57, '2026-11-28 08:43:31.181564+00', 'postgres', 'run:b3881bd9-5156-4c07-9d52-9b604499e9d4 user:root', 'planned', 'in_1woW46pvwpTOfPA36kwOBd5g', 'in_1woW46pvwpTOfPA36kwOBd5g', 'planned', NULL, '{"state": "intent", "adopted": false, "attempts": 0, "currency": "jpy", "document": "invoice", "stripe_id": "in_1woW46pvwpTOfPA36kwOBd5g", "external_id": "in_1woW46pvwpTOfPA36kwOBd5g", "amount_minor": 281550, "command_sha256": "0d831bf151c0960df41614c82194b7553968a52c7b468993a461b248ac3fcf7c", "effective_date": "2026-11-19", "payload_blake2b": "010f996da9d56b1a95ee480c260d7d6e"}', '\x492f0b0497070d232b99fa4ff19ab6f27a6c34ea8f2903577ee72f59395d85c0'),
	(58, '2026-11-28 08:43:31.181678+00', 'postgres', 'run:b3881bd9-5156-4c07-9d52-9b604499e9d4 user:root', 'planned', 'ch_3kuYp4Vfst0ZoaLT4D9uJ643', 'ch_3kuYp4Vfst0ZoaLT4D9uJ643', 'planned', NULL, '{"state": "intent", "adopted": false, "attempts": 0, "currency": "cad", "document": "customerPayment", "stripe_id": "ch_3kuYp4Vfst0ZoaLT4D9uJ643", "external_id": "ch_3kuYp4Vfst0ZoaLT4D9uJ643", "amount_minor": 289548, "command_sha256": "aa19a7b24a6e91f105d619c2df97fb4643dc93ae476c46a9289c5298fddb4130", "effective_date": "2026-11-18", "payload_blake2b": "35945bc0762fd03a82c786951377bc5d"}', '\xc24128ec87cf953125c80df8310f5ea33d82e9ec8530ced3e290a9f2d57516b5'),
	(59, '2026-11-28 08:43:31.181749+00', 'postgres', 'run:b3881bd9-5156-4c07-9d52-9b604499e9d4 user:root', 'planned', 'ch_3b15Xm0QMNkDAabzhgmmJ9U6', 'ch_3b15Xm0QMNkDAabzhgmmJ9U6', 'planned', NULL, '{"state": "intent", "adopted": false, "attempts": 0, "currency": "kwd", "document": "customerPayment", "stripe_id": "ch_3b15Xm0QMNkDAabzhgmmJ9U6", "external_id": "ch_3b15Xm0QMNkDAabzhgmmJ9U6", "amount_minor": 220410, "command_sha256": "7bdfa35d7f871743e8ab80a9fdf5e3e90b1e9c044473764261ac08c920e0d32a", "effective_date": "2026-11-19", "payload_blake2b": "14004904121442a98017be6a89718852"}', '\x940469510ffdf957a958cdbe7aa5ee0ee1b4d29ec066b3864e105892151461b2'),
	(60, '2026-11-28 08:43:31.234737+00', 'postgres', 'run:b3881bd9-5156-4c07-9d52-9b604499e9d4 user:root', 'sent', 'cus_ydiAueKHHdTjcV', 'cus_ydiAueKHHdTjcV', 'no reason given', NULL, '{"sent_at": "2026-11-28T08:43:31.231431Z", "request_sha256": "2793be8d34460f56a74ae952536f647d8c43c0e05a4a84ac54c5a58863d96a23", "payload_blake2b": "30162e7413588dfd094c84ef9985e671"}', '\x84c578af834f0ff7d203117b6cf2f1030617e024c57bb34bfee30c8f81e513c3'),
	(61, '2026-11-28 08:43:31.266385+00', 'postgres', 'run:b3881bd9-5156-4c07-9d52-9b604499e9d4 user:root', 'sent', 'cus_PtdIBWTZI9Bl7F', 'cus_PtdIBWTZI9Bl7F', 'no reason given', NULL, '{"sent_at": "2026-11-28T08:43:31.231022Z", "request_sha256": "8f86ce9a5f61145e8edf634f5738f2cf04e0ed9c54eade691cca94d8f084ef45", "payload_blake2b": "70641be5a8bb342ba5fe608587813d20"}', '\x628a5b574570e6fc713c7de8cf13542a52e022e358505cc27d2dce5891e4372a'),
	(62, '2026-11-28 08:43:31.268069+00', 'postgres', 'run:b3881bd9-5156-4c07-9d52-9b604499e9d4 user:root', 'sent', 'cus_Unwb0zqbSwFSDH', 'cus_Unwb0zqbSwFSDH', 'no reason given', NULL, '{"sent_at": "2026-11-28T08:43:31.240763Z", "request_sha256": "c463d5ffe51edd082cd13b659547f2b210be278aca0e320553577cb345a480f0", "payload_blake2b": "f4f142269a73ad807e389ff07fa6c566"}', '\xeb25d8210d97176c6acd4f98d282790999c2063d40840cc48880c27f473ac932'),
	(63, '2026-11-28 08:43:31.270467+00', 'postgres', 'run:b3881bd9-5156-4c07-9d52-9b604499e9d4 user:root', 'sent', 'cus_2ZSL1U2F3u6Bb9', 'cus_2ZSL1U2F3u6Bb9', 'no reason given', NULL, '{"sent_at": "2026-11-28T08:43:31.240778Z", "request_sha256": "0bdd1ca5d548c62ba4c547e7c6d2cb94296b2758e609a99fe431d04edb29eaa4", "payload_blake2b": "498413682626e870f6d7a6e32515eb19"}', '\xca95757be0d9a918ec6058e9c4de04c560876f9e620f1af9e187498ed0dbca1c'),
	(64, '2026-11-28 08:43:31.2745+00', 'postgres', 'run:b3881bd9-5156-4c07-9d52-9b604499e9d4 user:root', 'sent', 'cus_Jc8lSyPmisxt81', 'cus_Jc8lSyPmisxt81', 'no reason given', NULL, '{"sent_at": "2026-11-28T08:43:31.241290Z", "request_sha256": "64e0e2671c6aa40f257f4d2e358d9a680d3b5a9914dbec958b8f86a9c2e46120", "payload_blake2b": "cb3e4f4f877bf4b3ea10bc48079c40d2"}', '\xd9c71daff5ae17dcc1c464f94146ef3f0ad6978a009dba0ae00a6ccbbe88955a'),
	(65, '2026-11-28 08:43:31.339484+00', 'postgres', 'run:b3881bd9-5156-4c07-9d52-9b604499e9d4 user:root', 'written', 'cus_ydiAueKHHdTjcV', 'cus_ydiAueKHHdTjcV', 'NetSuite 105', '{"state": "sent", "request_sha256": "2793be8d34460f56a74ae952536f647d8c43c0e05a4a84ac54c5a58863d96a23"}', '{"state": "done", "netsuite_id": 105}', '\xd0575d90282c25a03170ac51fbf48da607efe4165bdebe3b73c4521f3246c881'),
	(66, '2026-11-28 08:43:31.340353+00', 'postgres', 'run:b3881bd9-5156-4c07-9d52-9b604499e9d4 user:root', 'written', 'cus_PtdIBWTZI9Bl7F', 'cus_PtdIBWTZI9Bl7F', 'NetSuite 106', '{"state": "sent", "request_sha256": "8f86ce9a5f61145e8edf634f5738f2cf04e0ed9c54eade691cca94d8f084ef45"}', '{"state": "done", "netsuite_id": 106}', '\x6a8c1dcc56b02f3be7e0844e94ec447c04c0ec95deb508938e0c5fb1848c03fd'),
	(67, '2026-11-28 08:43:31.341497+00', 'postgres', 'run:b3881bd9-5156-4c07-9d52-9b604499e9d4 user:root', 'written', 'cus_Unwb0zqbSwFSDH', 'cus_Unwb0zqbSwFSDH', 'NetSuite 107', '{"state": "sent", "request_sha256": "c463d5ffe51edd082cd13b659547f2b210be278aca0e320553577cb345a480f0"}', '{"state": "done", "netsuite_id": 107}', '\xa45202b73d42dbb11b05221a348c8eda6d99ca3d869e009ca45855b4e2a8aefe'),
	(68, '2026-11-28 08:43:31.341943+00', 'postgres', 'run:b3881bd9-5156-4c07-9d52-9b604499e9d4 user:root', 'written', 'cus_2ZSL1U2F3u6Bb9', 'cus_2ZSL1U2F3u6Bb9', 'NetSuite 108', '{"state": "sent", "request_sha256": "0bdd1ca5d548c62ba4c547e7c6d2cb94296b2758e609a99fe431d04edb29eaa4"}', '{"state": "done", "netsuite_id": 108}', '\x1267fffda27d4051da09150e9071414f1a43b0fc081c3145d56e7638645fc2d9'),
	(69, '2026-11-28 08:43:31.368114+00', 'postgres', 'run:b3881bd9-5156-4c07-9d52-9b604499e9d4 user:root', 'written', 'cus_Jc8lSyPmisxt81', 'cus_Jc8lSyPmisxt81', 'NetSuite 109', '{"state": "sent", "request_sha256": "64e0e2671c6aa40f257f4d2e358d9a680d3b5a9914dbec958b8f86a9c2e46120"}', '{"state": "done", "netsuite_id": 109}', '\x1d4b96117f761f6c5e8aff7f0e8ab3907847269fba32205b26a1fa35a40f11e1'),
	(70, '2026-11-28 08:43:31.401834+00', 'postgres', 'run:b3881bd9-5156-4c07-9d52-9b604499e9d4 user:root', 'sent', 'in_1R4EFNv9k8DNDhQbdula3NWw', 'in_1R4EFNv9k8DNDhQbdula3NWw', 'no reason given', NULL, '{"sent_at": "2026-11-28T08:43:31.401094Z", "request_sha256": "1a33a9e588d556b355ae83d5ea655165d0210a4c7c2f63e1c322254b56df6ce4", "payload_blake2b": "ffa3849d13129cea89dadf18195c2d52"}', '\x66830626a1c18dd074f833baeb28f5e2571f7f8755ef68159ade973c00f7b893'),
	(71, '2026-11-28 08:43:31.41483+00', 'postgres', 'run:b3881bd9-5156-4c07-9d52-9b604499e9d4 user:root', 'sent', 'in_1GzDGC3LYzHOsd3KZVXnh2zv', 'in_1GzDGC3LYzHOsd3KZVXnh2zv', 'no reason given', NULL, '{"sent_at": "2026-11-28T08:43:31.413709Z", "request_sha256": "ff216db0f0977418fcd4989364b44bcdfaa421c0e06957de7fd545525b75a64d", "payload_blake2b": "2fc01e8818408ba6f60fd8b79d15ca22"}', '\xe4683eb50ce3584cc2ed8eb260dcee886da78073e6558b17a527d0a17fa123c9'),
	(72, '2026-11-28 08:43:31.4225+00', 'postgres', 'run:b3881bd9-5156-4c07-9d52-9b604499e9d4 user:root', 'sent', 'in_1MaV9bx76pOSTayhG2f1qS7F', 'in_1MaV9bx76pOSTayhG2f1qS7F', 'no reason given', NULL, '{"sent_at": "2026-11-28T08:43:31.417445Z", "request_sha256": "f5d9ee8ffac0971f99d8351431a07da263c3edc88f67ba92b6c1f922e4b9983c", "payload_blake2b": "39f4a26c79eb7a6c6fe44dcee8b0f871"}', '\x77751b94e1f94b60694bd0b221ea7518dd909787641942e38927291ef3d81fae'),
	(73, '2026-11-28 08:43:31.425509+00', 'postgres', 'run:b3881bd9-5156-4c07-9d52-9b604499e9d4 user:root', 'sent', 'in_17zHNTqmOgNS5CfFHR6LPynM', 'in_17zHNTqmOgNS5CfFHR6LPynM', 'no reason given', NULL, '{"sent_at": "2026-11-28T08:43:31.417816Z", "request_sha256": "2dda9379f243085ed26291b294c78832c3625e6eb26b6a90e09052b02a387c82", "payload_blake2b": "1cc757d38f1adcd18a33d3ea22f77092"}', '\x043af67501a84314d613a1b980889474dbd70824cee5cc641090c2f1f29786c2'),
	(74, '2026-11-28 08:43:31.426081+00', 'postgres', 'run:b3881bd9-5156-4c07-9d52-9b604499e9d4 user:root', 'sent', 'in_1REqChqOqRZgnFXfwhMVYc0R', 'in_1REqChqOqRZgnFXfwhMVYc0R', 'no reason given', NULL, '{"sent_at": "2026-11-28T08:43:31.418163Z", "request_sha256": "9ec01da3ff706e0522259c9715895ad6cf3bbb0e0880faf5f99265c3df12375c", "payload_blake2b": "cafa380f1a292e20c7a33c663a08957a"}', '\xd38bfafaa1b8d4154525b1661a14f4fdae067d00d06356345279c4561d6aa665'),
	(75, '2026-11-28 08:43:31.426643+00', 'postgres', 'run:b3881bd9-5156-4c07-9d52-9b604499e9d4 user:root', 'sent', 'in_1adkyAmZuOCYDU5RRFmIkxXr', 'in_1adkyAmZuOCYDU5RRFmIkxXr', 'no reason given', NULL, '{"sent_at": "2026-11-28T08:43:31.424009Z", "request_sha256": "b84b84f38af1482f8e9f17370a73cf0a0805bf4d796f419484a26f5abb3fbbc8", "payload_blake2b": "8d8c4ce7093a8b4a15102e97437347e5"}', '\x27d181fa2b9ab1aec6e24b48980c8ca9ad0cf1659fe73a5d9710ff3fdca33775'),
	(77, '2026-11-28 08:43:35.410712+00', 'postgres', 'run:b3881bd9-5156-4c07-9d52-9b604499e9d4 user:root', 'unknown', 'in_1R4EFNv9k8DNDhQbdula3NWw', 'in_1R4EFNv9k8DNDhQbdula3NWw', 'NetSuite was asked to create invoice in_1R4EFNv9k8DNDhQbdula3NWw, and whether it did is unknown: the connection broke before the answer was complete', '{"state": "sent"}', '{"state": "unknown", "error_code": "OUTCOME_UNKNOWN"}', '\xc9ee45e3a9586922441254c3e7c44542afcf21a59f66c31c3268dd8b4772bb48'),
	(78, '2026-11-28 08:43:35.419314+00', 'postgres', 'run:b3881bd9-5156-4c07-9d52-9b604499e9d4 user:root', 'sent', 'in_1vxKCKAM04XZIyRhDhvwbafC', 'in_1vxKCKAM04XZIyRhDhvwbafC', 'no reason given', NULL, '{"sent_at": "2026-11-28T08:43:35.418457Z", "request_sha256": "b535b4fcb927fdbd1ad6d4ddedd96ae08e5943ddc0ab81ce75d4eab1f2d63634", "payload_blake2b": "619d1955bd6c5e3877fc841f8278af61"}', '\x8bf626cd34cbcaa4650a4592565d5380bc9fe1c6897bb41dec0e086cb725de70'),
	(79, '2026-11-28 08:43:35.428785+00', 'postgres', 'run:b3881bd9-5156-4c07-9d52-9b604499e9d4 user:root', 'unknown', 'in_1GzDGC3LYzHOsd3KZVXnh2zv', 'in_1GzDGC3LYzHOsd3KZVXnh2zv', 'NetSuite was asked to create invoice in_1GzDGC3LYzHOsd3KZVXnh2zv, and whether it did is unknown: the connection broke before the answer was complete', '{"state": "sent"}', '{"state": "unknown", "error_code": "OUTCOME_UNKNOWN"}', '\x812945cac3a77933cd76afee89f876009971bc28819dec38f4ae46c5154c4320'),
	(81, '2026-11-28 08:43:35.440865+00', 'postgres', 'run:b3881bd9-5156-4c07-9d52-9b604499e9d4 user:root', 'sent', 'in_1woW46pvwpTOfPA36kwOBd5g', 'in_1woW46pvwpTOfPA36kwOBd5g', 'no reason given', NULL, '{"sent_at": "2026-11-28T08:43:35.439176Z", "request_sha256": "ad10361b0832a6d103732ffb31b5361152898d0e58b7ab3fa07da336fd71f7bf", "payload_blake2b": "010f996da9d56b1a95ee480c260d7d6e"}', '\xd8ec4472ff896c970f10e3f0b692c12302cbe95156eb6f6d307b5a10f19a09a8'),
	(80, '2026-11-28 08:43:35.439526+00', 'postgres', 'run:b3881bd9-5156-4c07-9d52-9b604499e9d4 user:root', 'unknown', 'in_1MaV9bx76pOSTayhG2f1qS7F', 'in_1MaV9bx76pOSTayhG2f1qS7F', 'NetSuite was asked to create invoice in_1MaV9bx76pOSTayhG2f1qS7F, and whether it did is unknown: the connection broke before the answer was complete', '{"state": "sent"}', '{"state": "unknown", "error_code": "OUTCOME_UNKNOWN"}', '\x1ad18def22940d4e9e660c1ae686ea1d200dcd2f66f3fc8546c595201fc7f29e'),
	(82, '2026-11-28 08:43:35.443025+00', 'postgres', 'run:b3881bd9-5156-4c07-9d52-9b604499e9d4 user:root', 'written', 'in_17zHNTqmOgNS5CfFHR6LPynM', 'in_17zHNTqmOgNS5CfFHR6LPynM', 'NetSuite 1008', '{"state": "sent", "request_sha256": "2dda9379f243085ed26291b294c78832c3625e6eb26b6a90e09052b02a387c82"}', '{"state": "done", "netsuite_id": 1008}', '\x900f3037b4882ebdf34affe0898d15c2d133588b0ea79f13e368142f22b80ec5'),
	(83, '2026-11-28 08:43:35.443709+00', 'postgres', 'run:b3881bd9-5156-4c07-9d52-9b604499e9d4 user:root', 'written', 'in_1REqChqOqRZgnFXfwhMVYc0R', 'in_1REqChqOqRZgnFXfwhMVYc0R', 'NetSuite 1007', '{"state": "sent", "request_sha256": "9ec01da3ff706e0522259c9715895ad6cf3bbb0e0880faf5f99265c3df12375c"}', '{"state": "done", "netsuite_id": 1007}', '\x763a44d1b56629c3907daac1ab1be0a3c82af57cd814c06a4faf7653ce7c57f4');
INSERT INTO o2c.audit_heads VALUES
	(27, '\xeaeca0407fd8fd42d794086da82ee21a98e26e902d9ea49034462329734c1d26', '2026-11-28 08:42:57.284379+00', 'run:95dde16b-a60b-4a4a-a6fe-b21688b57e52 user:root'),
	(40, '\xae1be9196081426eb3c16109eefef4acb3dac8a87939c0c0beeb49c5f4603ecd', '2026-11-28 08:43:16.551007+00', 'run:f3683075-340e-4cc4-87f9-0d2acdabe702 user:root');
INSERT INTO o2c.balance_transactions VALUES
	('txn_3JBYJ4AnEYlxSix0kSZVW3JO', 'stripe_fee', 'fee', NULL, 'usd', -4900, 0, -4900, '[]', '2026-11-18', '2026-11-18 09:00:00+00', '2026-11-28 08:43:12.966658+00'),
	('txn_3iYsQ8TYy7sMBUPsLpRbxx2h', 'charge', 'charge', 'ch_3kuYp4Vfst0ZoaLT4D9uJ643', 'usd', 211370, 8273, 203097, '[["stripe_fee",8273]]', '2026-11-18', '2026-11-18 19:30:46+00', '2026-11-28 08:43:12.966843+00'),
	('txn_37C7VNek4iW3Fk7XG04cavh2', 'galactic_levy', 'other_adjustment', NULL, 'usd', -4321, 0, -4321, '[]', '2026-11-19', '2026-11-19 11:00:00+00', '2026-11-28 08:43:12.966851+00'),
	('txn_3BVNlSUScFi32tt4R6d3x0Tk', 'charge', 'charge', 'ch_3b15Xm0QMNkDAabzhgmmJ9U6', 'usd', 71633, 2824, 68809, '[["stripe_fee",2824]]', '2026-11-19', '2026-11-19 16:35:00+00', '2026-11-28 08:43:12.966856+00');
INSERT INTO o2c.coupons VALUES
	('coupon:main:20OFF', '2026-11-17 14:22:30+00', '2026-11-28 08:43:14.437733+00'),
	('coupon:main:25OFF', '2026-11-17 14:22:30+00', '2026-11-28 08:43:14.437831+00');
INSERT INTO o2c.cursors VALUES
	('coupons_asked', '2026-11-28T08:43:14.062376+00:00', '2026-11-28 08:43:14.441637+00'),
	('coupons_listed', '2026-11-28T08:43:14.062376+00:00', '2026-11-28 08:43:14.442321+00'),
	('audit_verified', '40:ae1be9196081426eb3c16109eefef4acb3dac8a87939c0c0beeb49c5f4603ecd', '2026-11-28 08:43:16.874679+00'),
	('netsuite_ledger', '2026-11-28T08:43:29.276023+00:00', '2026-11-28 08:43:29.401836+00'),
	('netsuite_clock', '-480', '2026-11-28 08:43:29.406043+00'),
	('off_stripe_looked', '2026-11-28T08:43:30.544464+00:00', '2026-11-28 08:43:30.549892+00');
INSERT INTO o2c.customers VALUES
	('cus_VN4Aosre6HBiHb', 'Amberpoint Logistics', 'accounts@amberpoint-logistics.example.com', false, '2025-06-12 11:31:47+00', '2026-11-28 08:42:54.124505+00', '{}'),
	('cus_6iyJxKkY60yQIX', 'Quartzwick Labs', 'accounts@quartzwick-labs.example.com', false, '2025-10-24 15:54:02+00', '2026-11-28 08:42:54.124644+00', '{}'),
	('cus_Vydj77RpTbK2AN', 'Harbormere Mills', 'accounts@harbormere-mills.example.com', false, '2026-02-23 18:45:01+00', '2026-11-28 08:42:54.12465+00', '{}'),
	('cus_pmiunKNcpYO9gP', 'Granitepoint Studios', 'accounts@granitepoint-studios.example.com', false, '2026-09-27 08:39:28+00', '2026-11-28 08:42:54.124654+00', '{}'),
	('cus_xi6l5YUiMF21f3', 'Embervale Analytics', 'accounts@embervale-analytics.example.com', false, '2026-11-17 16:03:05+00', '2026-11-28 08:43:13.22491+00', '{}'),
	('cus_Jc8lSyPmisxt81', 'Lindenpoint Instruments', 'accounts@lindenpoint-instruments.example.com', false, '2026-11-19 21:17:48+00', '2026-11-28 08:43:13.224941+00', '{}'),
	('cus_ydiAueKHHdTjcV', 'Reedgate Textiles', 'accounts@reedgate-textiles.example.com', false, '2024-10-15 01:05:07+00', '2026-11-28 08:43:14.704137+00', '{}'),
	('cus_Za4479kwAJKzJj', 'Ploverhaven Instruments', 'accounts@ploverhaven-instruments.example.com', false, '2025-02-25 20:07:36+00', '2026-11-28 08:43:14.704152+00', '{}'),
	('cus_s2FHnluAuqOc6t', 'Lindenview Textiles', 'accounts@lindenview-textiles.example.com', false, '2025-05-13 23:29:59+00', '2026-11-28 08:43:14.704161+00', '{}'),
	('cus_2ZSL1U2F3u6Bb9', 'Fernford Logistics', 'accounts@fernford-logistics.example.com', false, '2025-05-17 09:54:04+00', '2026-11-28 08:43:14.704165+00', '{}'),
	('cus_Unwb0zqbSwFSDH', 'Gladepoint Foods', 'accounts@gladepoint-foods.example.com', false, '2026-06-13 09:24:44+00', '2026-11-28 08:43:14.704168+00', '{}'),
	('cus_PtdIBWTZI9Bl7F', 'Cedarstead Mills', 'accounts@cedarstead-mills.example.com', false, '2026-09-18 23:05:11+00', '2026-11-28 08:43:14.70417+00', '{}');
INSERT INTO o2c.days_read VALUES
	('balance_transaction', '2026-11-16', '2026-11-28 08:43:26.007289+00', 'main'),
	('balance_transaction', '2026-11-17', '2026-11-28 08:43:26.007289+00', 'main'),
	('balance_transaction', '2026-11-18', '2026-11-28 08:43:26.007289+00', 'main'),
	('balance_transaction', '2026-11-19', '2026-11-28 08:43:26.007289+00', 'main'),
	('balance_transaction', '2026-11-20', '2026-11-28 08:43:26.007289+00', 'main'),
	('credit_note', '2026-11-16', '2026-11-28 08:43:26.315291+00', 'main'),
	('credit_note', '2026-11-17', '2026-11-28 08:43:26.315291+00', 'main'),
	('credit_note', '2026-11-18', '2026-11-28 08:43:26.315291+00', 'main'),
	('credit_note', '2026-11-19', '2026-11-28 08:43:26.315291+00', 'main'),
	('credit_note', '2026-11-20', '2026-11-28 08:43:26.315291+00', 'main'),
	('customer', '2026-11-16', '2026-11-28 08:43:26.641387+00', 'main'),
	('customer', '2026-11-17', '2026-11-28 08:43:26.641387+00', 'main'),
	('customer', '2026-11-18', '2026-11-28 08:43:26.641387+00', 'main'),
	('customer', '2026-11-19', '2026-11-28 08:43:26.641387+00', 'main'),
	('customer', '2026-11-20', '2026-11-28 08:43:26.641387+00', 'main'),
	('dispute', '2026-11-16', '2026-11-28 08:43:27.004168+00', 'main'),
	('dispute', '2026-11-17', '2026-11-28 08:43:27.004168+00', 'main'),
	('dispute', '2026-11-18', '2026-11-28 08:43:27.004168+00', 'main'),
	('dispute', '2026-11-19', '2026-11-28 08:43:27.004168+00', 'main'),
	('dispute', '2026-11-20', '2026-11-28 08:43:27.004168+00', 'main'),
	('invoice', '2026-11-16', '2026-11-28 08:43:27.345678+00', 'main'),
	('invoice', '2026-11-17', '2026-11-28 08:43:27.345678+00', 'main'),
	('invoice', '2026-11-18', '2026-11-28 08:43:27.345678+00', 'main'),
	('invoice', '2026-11-19', '2026-11-28 08:43:27.345678+00', 'main'),
	('invoice', '2026-11-20', '2026-11-28 08:43:27.345678+00', 'main'),
	('price', '2026-11-16', '2026-11-28 08:43:27.593804+00', 'main'),
	('price', '2026-11-17', '2026-11-28 08:43:27.593804+00', 'main'),
	('price', '2026-11-18', '2026-11-28 08:43:27.593804+00', 'main'),
	('price', '2026-11-19', '2026-11-28 08:43:27.593804+00', 'main'),
	('price', '2026-11-20', '2026-11-28 08:43:27.593804+00', 'main'),
	('charge', '2026-11-16', '2026-11-28 08:43:28.051774+00', 'main'),
	('charge', '2026-11-17', '2026-11-28 08:43:28.051774+00', 'main'),
	('charge', '2026-11-18', '2026-11-28 08:43:28.051774+00', 'main'),
	('charge', '2026-11-19', '2026-11-28 08:43:28.051774+00', 'main'),
	('charge', '2026-11-20', '2026-11-28 08:43:28.051774+00', 'main'),
	('invoice_payment', '2026-11-16', '2026-11-28 08:43:28.276163+00', 'main'),
	('invoice_payment', '2026-11-17', '2026-11-28 08:43:28.276163+00', 'main'),
	('invoice_payment', '2026-11-18', '2026-11-28 08:43:28.276163+00', 'main'),
	('invoice_payment', '2026-11-19', '2026-11-28 08:43:28.276163+00', 'main'),
	('invoice_payment', '2026-11-20', '2026-11-28 08:43:28.276163+00', 'main'),
	('payout', '2026-11-16', '2026-11-28 08:43:28.626672+00', 'main'),
	('payout', '2026-11-17', '2026-11-28 08:43:28.626672+00', 'main'),
	('payout', '2026-11-18', '2026-11-28 08:43:28.626672+00', 'main'),
	('payout', '2026-11-19', '2026-11-28 08:43:28.626672+00', 'main'),
	('payout', '2026-11-20', '2026-11-28 08:43:28.626672+00', 'main'),
	('refund', '2026-11-16', '2026-11-28 08:43:28.917209+00', 'main'),
	('refund', '2026-11-17', '2026-11-28 08:43:28.917209+00', 'main'),
	('refund', '2026-11-18', '2026-11-28 08:43:28.917209+00', 'main'),
	('refund', '2026-11-19', '2026-11-28 08:43:28.917209+00', 'main'),
	('refund', '2026-11-20', '2026-11-28 08:43:28.917209+00', 'main');
INSERT INTO o2c.dirty VALUES
	('in_1GzDGC3LYzHOsd3KZVXnh2zv', '2026-11-28 08:43:30.887075+00'),
	('in_17zHNTqmOgNS5CfFHR6LPynM', '2026-11-28 08:43:30.887121+00'),
	('in_1MaV9bx76pOSTayhG2f1qS7F', '2026-11-28 08:43:30.887123+00'),
	('in_1R4EFNv9k8DNDhQbdula3NWw', '2026-11-28 08:43:30.887125+00'),
	('in_1REqChqOqRZgnFXfwhMVYc0R', '2026-11-28 08:43:30.887126+00'),
	('ch_3kuYp4Vfst0ZoaLT4D9uJ643', '2026-11-28 08:43:30.887129+00'),
	('cus_Jc8lSyPmisxt81', '2026-11-28 08:43:30.88714+00'),
	('in_15J8FyEvv2UzVVtSxKT9739a', '2026-11-28 08:43:30.887142+00'),
	('in_1adkyAmZuOCYDU5RRFmIkxXr', '2026-11-28 08:43:30.887143+00'),
	('in_1vxKCKAM04XZIyRhDhvwbafC', '2026-11-28 08:43:30.887144+00'),
	('in_1woW46pvwpTOfPA36kwOBd5g', '2026-11-28 08:43:30.887145+00'),
	('ch_3b15Xm0QMNkDAabzhgmmJ9U6', '2026-11-28 08:43:30.887147+00'),
	('cus_ydiAueKHHdTjcV', '2026-11-28 08:43:30.890971+00'),
	('cus_2ZSL1U2F3u6Bb9', '2026-11-28 08:43:30.890975+00'),
	('cus_Unwb0zqbSwFSDH', '2026-11-28 08:43:30.890976+00'),
	('cus_PtdIBWTZI9Bl7F', '2026-11-28 08:43:30.890977+00'),
	('cus_Jc8lSyPmisxt81', '2026-11-28 08:43:30.890977+00'),
	('in_1GzDGC3LYzHOsd3KZVXnh2zv', '2026-11-28 08:43:30.891097+00'),
	('in_17zHNTqmOgNS5CfFHR6LPynM', '2026-11-28 08:43:30.891098+00'),
	('in_1MaV9bx76pOSTayhG2f1qS7F', '2026-11-28 08:43:30.891099+00'),
	('in_1R4EFNv9k8DNDhQbdula3NWw', '2026-11-28 08:43:30.891099+00'),
	('in_1REqChqOqRZgnFXfwhMVYc0R', '2026-11-28 08:43:30.8911+00'),
	('in_15J8FyEvv2UzVVtSxKT9739a', '2026-11-28 08:43:30.8911+00'),
	('in_1adkyAmZuOCYDU5RRFmIkxXr', '2026-11-28 08:43:30.891101+00'),
	('in_1vxKCKAM04XZIyRhDhvwbafC', '2026-11-28 08:43:30.891102+00'),
	('in_1woW46pvwpTOfPA36kwOBd5g', '2026-11-28 08:43:30.891102+00'),
	('ch_3kuYp4Vfst0ZoaLT4D9uJ643', '2026-11-28 08:43:30.891103+00'),
	('ch_3b15Xm0QMNkDAabzhgmmJ9U6', '2026-11-28 08:43:30.891103+00'),
	('cus_ydiAueKHHdTjcV', '2026-11-28 08:43:31.174513+00'),
	('cus_2ZSL1U2F3u6Bb9', '2026-11-28 08:43:31.174548+00'),
	('cus_Unwb0zqbSwFSDH', '2026-11-28 08:43:31.17455+00'),
	('cus_PtdIBWTZI9Bl7F', '2026-11-28 08:43:31.174551+00'),
	('cus_Jc8lSyPmisxt81', '2026-11-28 08:43:31.174552+00'),
	('in_1GzDGC3LYzHOsd3KZVXnh2zv', '2026-11-28 08:43:31.174553+00'),
	('in_1adkyAmZuOCYDU5RRFmIkxXr', '2026-11-28 08:43:31.174554+00'),
	('in_17zHNTqmOgNS5CfFHR6LPynM', '2026-11-28 08:43:31.174556+00'),
	('in_1MaV9bx76pOSTayhG2f1qS7F', '2026-11-28 08:43:31.174557+00'),
	('in_1R4EFNv9k8DNDhQbdula3NWw', '2026-11-28 08:43:31.174558+00'),
	('in_1REqChqOqRZgnFXfwhMVYc0R', '2026-11-28 08:43:31.174559+00'),
	('in_15J8FyEvv2UzVVtSxKT9739a', '2026-11-28 08:43:31.17456+00'),
	('in_1vxKCKAM04XZIyRhDhvwbafC', '2026-11-28 08:43:31.174562+00'),
	('in_1woW46pvwpTOfPA36kwOBd5g', '2026-11-28 08:43:31.174563+00'),
	('ch_3kuYp4Vfst0ZoaLT4D9uJ643', '2026-11-28 08:43:31.174563+00'),
	('ch_3b15Xm0QMNkDAabzhgmmJ9U6', '2026-11-28 08:43:31.174565+00'),
	('cus_ydiAueKHHdTjcV', '2026-11-28 08:43:31.282853+00'),
	('cus_PtdIBWTZI9Bl7F', '2026-11-28 08:43:31.284185+00'),
	('cus_Unwb0zqbSwFSDH', '2026-11-28 08:43:31.284444+00'),
	('cus_2ZSL1U2F3u6Bb9', '2026-11-28 08:43:31.290348+00'),
	('cus_Jc8lSyPmisxt81', '2026-11-28 08:43:31.366302+00'),
	('in_1R4EFNv9k8DNDhQbdula3NWw', '2026-11-28 08:43:35.409793+00'),
	('in_1GzDGC3LYzHOsd3KZVXnh2zv', '2026-11-28 08:43:35.428079+00'),
	('in_1MaV9bx76pOSTayhG2f1qS7F', '2026-11-28 08:43:35.438433+00'),
	('in_17zHNTqmOgNS5CfFHR6LPynM', '2026-11-28 08:43:35.441331+00'),
	('in_1REqChqOqRZgnFXfwhMVYc0R', '2026-11-28 08:43:35.442199+00');
INSERT INTO o2c.discounts_named VALUES
	('di_1EnYlGBAm3ZEk6XJbCtDP1EQ', 'in_1vxKCKAM04XZIyRhDhvwbafC'),
	('di_1zj4FevkGA8JfurjDv04vtX9', 'in_1GzDGC3LYzHOsd3KZVXnh2zv');
INSERT INTO o2c.gaps VALUES
	('gap_03e766facfa21a2137bb', 'stripe_netsuite', 'missing_in_netsuite', 'open', 'in_1REqChqOqRZgnFXfwhMVYc0R', NULL, NULL, 'cus_PtdIBWTZI9Bl7F', 'usd', 94800, 0, -94800, '2026-11-18', 'Stripe invoice NW-000009 has no NetSuite document', '2026-11-28 08:43:16.263525+00', '2026-11-28 08:43:16.263525+00', NULL),
	('gap_05d4a94b5bfd7cc3b73d', 'stripe_netsuite', 'missing_in_netsuite', 'open', 'in_15J8FyEvv2UzVVtSxKT9739a', NULL, NULL, 'cus_Vydj77RpTbK2AN', 'kwd', 220410, 0, -220410, '2026-11-19', 'Stripe invoice NW-000013 has no NetSuite document', '2026-11-28 08:43:16.263525+00', '2026-11-28 08:43:16.263525+00', NULL),
	('gap_2119645d9062cfaaaf12', 'stripe_netsuite', 'missing_in_netsuite', 'open', 'in_1MaV9bx76pOSTayhG2f1qS7F', NULL, NULL, 'cus_PtdIBWTZI9Bl7F', 'usd', 257900, 0, -257900, '2026-11-18', 'Stripe invoice NW-000008 has no NetSuite document', '2026-11-28 08:43:16.263525+00', '2026-11-28 08:43:16.263525+00', NULL),
	('gap_297ef9efc820d2e067b1', 'stripe_netsuite', 'missing_in_netsuite', 'open', 'in_1GzDGC3LYzHOsd3KZVXnh2zv', NULL, NULL, 'cus_Unwb0zqbSwFSDH', 'jpy', 276600, 0, -276600, '2026-11-17', 'Stripe invoice NW-000005 has no NetSuite document', '2026-11-28 08:43:16.263525+00', '2026-11-28 08:43:16.263525+00', NULL),
	('gap_380e0b7b40624585804d', 'stripe_netsuite', 'missing_in_netsuite', 'open', 'in_17zHNTqmOgNS5CfFHR6LPynM', NULL, NULL, 'cus_ydiAueKHHdTjcV', 'usd', 796000, 0, -796000, '2026-11-18', 'Stripe invoice NW-000011 has no NetSuite document', '2026-11-28 08:43:16.263525+00', '2026-11-28 08:43:16.263525+00', NULL),
	('gap_4c1c49b62a398dd3fd61', 'stripe_netsuite', 'missing_in_netsuite', 'open', 'in_1woW46pvwpTOfPA36kwOBd5g', NULL, NULL, 'cus_Unwb0zqbSwFSDH', 'jpy', 281550, 0, -281550, '2026-11-19', 'Stripe invoice NW-000014 has no NetSuite document', '2026-11-28 08:43:16.263525+00', '2026-11-28 08:43:16.263525+00', NULL),
	('gap_642d94c99b93223ab246', 'stripe_netsuite', 'payment_missing', 'open', 'ch_3kuYp4Vfst0ZoaLT4D9uJ643', NULL, NULL, 'cus_2ZSL1U2F3u6Bb9', 'cad', 289548, 0, -289548, '2026-11-18', 'Stripe charge has no NetSuite payment', '2026-11-28 08:43:16.263525+00', '2026-11-28 08:43:16.263525+00', NULL),
	('gap_9d732943220b038ccfc7', 'stripe_netsuite', 'payment_missing', 'open', 'ch_3b15Xm0QMNkDAabzhgmmJ9U6', NULL, NULL, 'cus_Vydj77RpTbK2AN', 'kwd', 220410, 0, -220410, '2026-11-19', 'Stripe charge has no NetSuite payment', '2026-11-28 08:43:16.263525+00', '2026-11-28 08:43:16.263525+00', NULL),
	('gap_a4605f26b9dcefbb1e7e', 'stripe_netsuite', 'missing_in_netsuite', 'open', 'in_1R4EFNv9k8DNDhQbdula3NWw', NULL, NULL, 'cus_2ZSL1U2F3u6Bb9', 'cad', 289548, 0, -289548, '2026-11-18', 'Stripe invoice NW-000010 has no NetSuite document', '2026-11-28 08:43:16.263525+00', '2026-11-28 08:43:16.263525+00', NULL),
	('gap_c7898bafda6899e1287c', 'stripe_netsuite', 'missing_in_netsuite', 'open', 'in_1vxKCKAM04XZIyRhDhvwbafC', NULL, NULL, 'cus_ydiAueKHHdTjcV', 'usd', 38127, 0, -38127, '2026-11-19', 'Stripe invoice NW-000012 has no NetSuite document', '2026-11-28 08:43:16.263525+00', '2026-11-28 08:43:16.263525+00', NULL),
	('gap_cf0dc6310b179a696fdf', 'stripe_netsuite', 'missing_in_netsuite', 'open', 'in_1adkyAmZuOCYDU5RRFmIkxXr', NULL, NULL, 'cus_Jc8lSyPmisxt81', 'usd', 82900, 0, -82900, '2026-11-19', 'Stripe invoice NW-000015 has no NetSuite document', '2026-11-28 08:43:16.263525+00', '2026-11-28 08:43:16.263525+00', NULL);
INSERT INTO o2c.inbox VALUES
	('cus_1cf45fe27abd5b143fc38709', 'customer', 'evt_10f2bfcfab517f76aad3d027', 1795855418029092, '2026-11-28 08:43:38.029128+00', '2026-11-28 08:43:38.029128+00', NULL, '2026-11-28 08:43:38+00', false, 0, '-infinity', NULL),
	('ch_1b0fd14335ed7c961c288cfd', 'charge', 'evt_1d4778a922fbfb85b8794d28', 1795855418069518, '2026-11-28 08:43:38.069523+00', '2026-11-28 08:43:38.069523+00', NULL, '2026-11-28 08:43:38+00', false, 0, '-infinity', NULL),
	('in_165881c2ac6394e7ea8d0ade', 'invoice', 'evt_196b999318f28bbde388c723', 1795855418029237, '2026-11-28 08:43:38.029237+00', '2026-11-28 08:43:38.069552+00', NULL, '2026-11-28 08:43:38+00', false, 0, '-infinity', NULL),
	('inpay_126627df9da98267c017086a', 'invoice_payment', 'evt_1520c5190c0f981bc44d5845', 1795855418074625, '2026-11-28 08:43:38.074628+00', '2026-11-28 08:43:38.074628+00', NULL, '2026-11-28 08:43:38+00', false, 0, '-infinity', NULL),
	('in_19556a78fd8820f1d416a9d8', 'invoice', 'evt_162cf84abff6c7878bc2f105', 1795855418077716, '2026-11-28 08:43:38.077719+00', '2026-11-28 08:43:38.077719+00', NULL, '2026-11-28 08:43:38+00', false, 0, '-infinity', NULL);
INSERT INTO o2c.invoice_lines VALUES
	('in_1g9Ig4A3NYSotFROMzJcXZO8', '[{"id":"il_1Fx2ZQnKWzfW67QW1e0aOIM0","description":"2 x Growth plan","amount_minor":31840,"discount_minor":0,"grant_minor":0,"tax_exclusive_minor":0,"tax_inclusive_minor":5307,"quantity":"2","price_id":"price_16FymywZcjIHBhT1yI6QqlNv","product_id":"prod_QnrNkat9Psz2Q3","period_start":"2026-11-16T14:15:04+00:00","period_end":"2026-12-16T14:15:04+00:00","proration":false},{"id":"il_1B93pBiHPwBcvYrDJrN8f1KS","description":"2 x Data export","amount_minor":4000,"discount_minor":0,"grant_minor":0,"tax_exclusive_minor":0,"tax_inclusive_minor":667,"quantity":"2","price_id":"price_1BfoLQbd38uljEZ9LTC6P6Ql","product_id":"prod_RZDhv5sU48YNsT","period_start":"2026-11-16T14:15:04+00:00","period_end":"2026-11-16T14:15:04+00:00","proration":false},{"id":"il_1vhErjCVEef01Tp5yFB66kHK","description":"1 x Onboarding package","amount_minor":120000,"discount_minor":0,"grant_minor":0,"tax_exclusive_minor":0,"tax_inclusive_minor":20000,"quantity":"1","price_id":"price_1myk6q0QIsYOeAZyihnY7woq","product_id":"prod_paHilsZSg0HDRy","period_start":"2026-11-16T14:15:04+00:00","period_end":"2026-11-16T14:15:04+00:00","proration":false},{"id":"il_1YZJhBg3s4zIoikVkbX4x2FC","description":"3 x Data export","amount_minor":6000,"discount_minor":0,"grant_minor":0,"tax_exclusive_minor":0,"tax_inclusive_minor":1000,"quantity":"3","price_id":"price_1BfoLQbd38uljEZ9LTC6P6Ql","product_id":"prod_RZDhv5sU48YNsT","period_start":"2026-11-16T14:15:04+00:00","period_end":"2026-11-16T14:15:04+00:00","proration":false},{"id":"il_10glEwsqspSDGT1J10O2OlC4","description":"2 x Onboarding package","amount_minor":240000,"discount_minor":0,"grant_minor":0,"tax_exclusive_minor":0,"tax_inclusive_minor":40000,"quantity":"2","price_id":"price_1myk6q0QIsYOeAZyihnY7woq","product_id":"prod_paHilsZSg0HDRy","period_start":"2026-11-16T14:15:04+00:00","period_end":"2026-11-16T14:15:04+00:00","proration":false},{"id":"il_1XSLvtq3oYaBK7KJRgg0F4aW","description":"3 x Sensor kit","amount_minor":81600,"discount_minor":0,"grant_minor":0,"tax_exclusive_minor":0,"tax_inclusive_minor":13600,"quantity":"3","price_id":"price_1bOV1Z1vTkSPYiI3omCKgJ76","product_id":"prod_22x04yxMomP0aE","period_start":"2026-11-16T14:15:04+00:00","period_end":"2026-11-16T14:15:04+00:00","proration":false},{"id":"il_1KqsvxyEzI8n0zVODQly5N7O","description":"1 x Data export","amount_minor":2000,"discount_minor":0,"grant_minor":0,"tax_exclusive_minor":0,"tax_inclusive_minor":333,"quantity":"1","price_id":"price_1BfoLQbd38uljEZ9LTC6P6Ql","product_id":"prod_RZDhv5sU48YNsT","period_start":"2026-11-16T14:15:04+00:00","period_end":"2026-11-16T14:15:04+00:00","proration":false},{"id":"il_1xwgNJ5Kn8Zr6kLB2BOWW55g","description":"2 x Field report","amount_minor":13600,"discount_minor":0,"grant_minor":0,"tax_exclusive_minor":0,"tax_inclusive_minor":2267,"quantity":"2","price_id":"price_1vIuYTrqhDsXKRveCrcv2vYv","product_id":"prod_gIQ3I8UOMxbc14","period_start":"2026-11-16T14:15:04+00:00","period_end":"2026-11-16T14:15:04+00:00","proration":false},{"id":"il_1MoowOpGSxTAYPIdvTMunO28","description":"2 x Onboarding package","amount_minor":240000,"discount_minor":0,"grant_minor":0,"tax_exclusive_minor":0,"tax_inclusive_minor":40000,"quantity":"2","price_id":"price_1myk6q0QIsYOeAZyihnY7woq","product_id":"prod_paHilsZSg0HDRy","period_start":"2026-11-16T14:15:04+00:00","period_end":"2026-11-16T14:15:04+00:00","proration":false},{"id":"il_16NRJVQBRv7qqPicDEWSE700","description":"2 x Training day","amount_minor":192000,"discount_minor":0,"grant_minor":0,"tax_exclusive_minor":0,"tax_inclusive_minor":32000,"quantity":"2","price_id":"price_1YbIOhPJzGdll939eYk9U7GG","product_id":"prod_ZFxK7u9MLb3PIo","period_start":"2026-11-16T14:15:04+00:00","period_end":"2026-11-16T14:15:04+00:00","proration":false},{"id":"il_1DLPLUuLiNahIZuPQ5tq5qXR","description":"3 x Sensor kit","amount_minor":81600,"discount_minor":0,"grant_minor":0,"tax_exclusive_minor":0,"tax_inclusive_minor":13600,"quantity":"3","price_id":"price_1bOV1Z1vTkSPYiI3omCKgJ76","product_id":"prod_22x04yxMomP0aE","period_start":"2026-11-16T14:15:04+00:00","period_end":"2026-11-16T14:15:04+00:00","proration":false},{"id":"il_1iBljBmDq3oXW1zVt5PoW8vj","description":"1 x Onboarding package","amount_minor":120000,"discount_minor":0,"grant_minor":0,"tax_exclusive_minor":0,"tax_inclusive_minor":20000,"quantity":"1","price_id":"price_1myk6q0QIsYOeAZyihnY7woq","product_id":"prod_paHilsZSg0HDRy","period_start":"2026-11-16T14:15:04+00:00","period_end":"2026-11-16T14:15:04+00:00","proration":false},{"id":"il_1iXWLLvYQKIyGOrKJnBMnRSB","description":"1 x Training day","amount_minor":96000,"discount_minor":0,"grant_minor":0,"tax_exclusive_minor":0,"tax_inclusive_minor":16000,"quantity":"1","price_id":"price_1YbIOhPJzGdll939eYk9U7GG","product_id":"prod_ZFxK7u9MLb3PIo","period_start":"2026-11-16T14:15:04+00:00","period_end":"2026-11-16T14:15:04+00:00","proration":false},{"id":"il_1KeHwLY6ZuULHSlkJPhkEaq3","description":"2 x Training day","amount_minor":192000,"discount_minor":0,"grant_minor":0,"tax_exclusive_minor":0,"tax_inclusive_minor":32000,"quantity":"2","price_id":"price_1YbIOhPJzGdll939eYk9U7GG","product_id":"prod_ZFxK7u9MLb3PIo","period_start":"2026-11-16T14:15:04+00:00","period_end":"2026-11-16T14:15:04+00:00","proration":false},{"id":"il_1mN5ESKTcITDme1IV5GI5tNV","description":"3 x Sensor kit","amount_minor":81600,"discount_minor":0,"grant_minor":0,"tax_exclusive_minor":0,"tax_inclusive_minor":13600,"quantity":"3","price_id":"price_1bOV1Z1vTkSPYiI3omCKgJ76","product_id":"prod_22x04yxMomP0aE","period_start":"2026-11-16T14:15:04+00:00","period_end":"2026-11-16T14:15:04+00:00","proration":false},{"id":"il_1pqkJjX0agDjxMxusIzGwbln","description":"1 x Training day","amount_minor":96000,"discount_minor":0,"grant_minor":0,"tax_exclusive_minor":0,"tax_inclusive_minor":16000,"quantity":"1","price_id":"price_1YbIOhPJzGdll939eYk9U7GG","product_id":"prod_ZFxK7u9MLb3PIo","period_start":"2026-11-16T14:15:04+00:00","period_end":"2026-11-16T14:15:04+00:00","proration":false},{"id":"il_1vom9LR7Jf0c17MzogpEnUif","description":"3 x Training day","amount_minor":288000,"discount_minor":0,"grant_minor":0,"tax_exclusive_minor":0,"tax_inclusive_minor":48000,"quantity":"3","price_id":"price_1YbIOhPJzGdll939eYk9U7GG","product_id":"prod_ZFxK7u9MLb3PIo","period_start":"2026-11-16T14:15:04+00:00","period_end":"2026-11-16T14:15:04+00:00","proration":false},{"id":"il_1OzEvGUiybV6oicDlIVcedG7","description":"2 x Training day","amount_minor":192000,"discount_minor":0,"grant_minor":0,"tax_exclusive_minor":0,"tax_inclusive_minor":32000,"quantity":"2","price_id":"price_1YbIOhPJzGdll939eYk9U7GG","product_id":"prod_ZFxK7u9MLb3PIo","period_start":"2026-11-16T14:15:04+00:00","period_end":"2026-11-16T14:15:04+00:00","proration":false},{"id":"il_1s1nG9yR19ecYsNkmo8A5WdZ","description":"3 x Data export","amount_minor":6000,"discount_minor":0,"grant_minor":0,"tax_exclusive_minor":0,"tax_inclusive_minor":1000,"quantity":"3","price_id":"price_1BfoLQbd38uljEZ9LTC6P6Ql","product_id":"prod_RZDhv5sU48YNsT","period_start":"2026-11-16T14:15:04+00:00","period_end":"2026-11-16T14:15:04+00:00","proration":false},{"id":"il_1VBnA5Bql30IKce3mPm8Webr","description":"2 x Data export","amount_minor":4000,"discount_minor":0,"grant_minor":0,"tax_exclusive_minor":0,"tax_inclusive_minor":667,"quantity":"2","price_id":"price_1BfoLQbd38uljEZ9LTC6P6Ql","product_id":"prod_RZDhv5sU48YNsT","period_start":"2026-11-16T14:15:04+00:00","period_end":"2026-11-16T14:15:04+00:00","proration":false},{"id":"il_1e4r0wj2CA7ZJ8jCYqx6Nx8J","description":"1 x Data export","amount_minor":2000,"discount_minor":0,"grant_minor":0,"tax_exclusive_minor":0,"tax_inclusive_minor":333,"quantity":"1","price_id":"price_1BfoLQbd38uljEZ9LTC6P6Ql","product_id":"prod_RZDhv5sU48YNsT","period_start":"2026-11-16T14:15:04+00:00","period_end":"2026-11-16T14:15:04+00:00","proration":false},{"id":"il_1wERKQXAtuyPk6HTGrG4eg6B","description":"1 x Onboarding package","amount_minor":120000,"discount_minor":0,"grant_minor":0,"tax_exclusive_minor":0,"tax_inclusive_minor":20000,"quantity":"1","price_id":"price_1myk6q0QIsYOeAZyihnY7woq","product_id":"prod_paHilsZSg0HDRy","period_start":"2026-11-16T14:15:04+00:00","period_end":"2026-11-16T14:15:04+00:00","proration":false},{"id":"il_1KVtY4FLOJZQaBD9fn525Z33","description":"1 x Sensor kit","amount_minor":27200,"discount_minor":0,"grant_minor":0,"tax_exclusive_minor":0,"tax_inclusive_minor":4533,"quantity":"1","price_id":"price_1bOV1Z1vTkSPYiI3omCKgJ76","product_id":"prod_22x04yxMomP0aE","period_start":"2026-11-16T14:15:04+00:00","period_end":"2026-11-16T14:15:04+00:00","proration":false},{"id":"il_1nJ7lU6ztLypimiLzeM0wh1v","description":"1 x Data export","amount_minor":2000,"discount_minor":0,"grant_minor":0,"tax_exclusive_minor":0,"tax_inclusive_minor":333,"quantity":"1","price_id":"price_1BfoLQbd38uljEZ9LTC6P6Ql","product_id":"prod_RZDhv5sU48YNsT","period_start":"2026-11-16T14:15:04+00:00","period_end":"2026-11-16T14:15:04+00:00","proration":false},{"id":"il_1LB4d7xNswexXHVTdFAYm0ZM","description":"3 x Training day","amount_minor":288000,"discount_minor":0,"grant_minor":0,"tax_exclusive_minor":0,"tax_inclusive_minor":48000,"quantity":"3","price_id":"price_1YbIOhPJzGdll939eYk9U7GG","product_id":"prod_ZFxK7u9MLb3PIo","period_start":"2026-11-16T14:15:04+00:00","period_end":"2026-11-16T14:15:04+00:00","proration":false},{"id":"il_185U0Pt9HDpCh1Z8ZDaWdjwe","description":"2 x Onboarding package","amount_minor":240000,"discount_minor":0,"grant_minor":0,"tax_exclusive_minor":0,"tax_inclusive_minor":40000,"quantity":"2","price_id":"price_1myk6q0QIsYOeAZyihnY7woq","product_id":"prod_paHilsZSg0HDRy","period_start":"2026-11-16T14:15:04+00:00","period_end":"2026-11-16T14:15:04+00:00","proration":false},{"id":"il_1DGZRELHQ0RNuGbpvXuu42u6","description":"3 x Sensor kit","amount_minor":81600,"discount_minor":0,"grant_minor":0,"tax_exclusive_minor":0,"tax_inclusive_minor":13600,"quantity":"3","price_id":"price_1bOV1Z1vTkSPYiI3omCKgJ76","product_id":"prod_22x04yxMomP0aE","period_start":"2026-11-16T14:15:04+00:00","period_end":"2026-11-16T14:15:04+00:00","proration":false},{"id":"il_1p5bVy2yKF9LoKTiCj6sVkRY","description":"1 x Onboarding package","amount_minor":120000,"discount_minor":0,"grant_minor":0,"tax_exclusive_minor":0,"tax_inclusive_minor":20000,"quantity":"1","price_id":"price_1myk6q0QIsYOeAZyihnY7woq","product_id":"prod_paHilsZSg0HDRy","period_start":"2026-11-16T14:15:04+00:00","period_end":"2026-11-16T14:15:04+00:00","proration":false}]'),
	('in_1MIgfBzsp1CCA3TTkceQm3Pq', '[{"id":"il_1KzCTWfgrIk2mGFJjMNOdMmI","description":"Unused time on Starter plan after 09 Nov 2026","amount_minor":-1397,"discount_minor":0,"grant_minor":0,"tax_exclusive_minor":0,"tax_inclusive_minor":0,"quantity":"1","price_id":"price_1KbZfpQrBlcEwrOo3gXDVsTx","product_id":"prod_B1UmaoXfbHDrYD","period_start":"2026-11-09T15:14:50+00:00","period_end":"2026-11-16T15:14:50+00:00","proration":true},{"id":"il_1ipVylz1IvPs1CVjgjR3IwIo","description":"Remaining time on Premium support after 09 Nov 2026","amount_minor":7125,"discount_minor":0,"grant_minor":0,"tax_exclusive_minor":0,"tax_inclusive_minor":0,"quantity":"1","price_id":"price_1ctUsrC0UCfraI4YHRlLc3Vs","product_id":"prod_kK1FPb3t4Pu109","period_start":"2026-11-09T15:14:50+00:00","period_end":"2026-11-16T15:14:50+00:00","proration":true},{"id":"il_19AG145S70MvhpnDgUZIm6Fu","description":"11 x Premium support","amount_minor":261250,"discount_minor":0,"grant_minor":0,"tax_exclusive_minor":0,"tax_inclusive_minor":0,"quantity":"11","price_id":"price_1ctUsrC0UCfraI4YHRlLc3Vs","product_id":"prod_kK1FPb3t4Pu109","period_start":"2026-11-16T15:14:50+00:00","period_end":"2026-12-16T15:14:50+00:00","proration":false}]'),
	('in_16dxxfjrBgfwMP1W7sLgDpcM', '[{"id":"il_1pv9kdX6SRZ8476RJDxXqgB0","description":"2 x Onboarding package","amount_minor":300000,"discount_minor":0,"grant_minor":0,"tax_exclusive_minor":0,"tax_inclusive_minor":0,"quantity":"2","price_id":"price_1mhC5cZzxZ2T8wih0qsHu4Qc","product_id":"prod_paHilsZSg0HDRy","period_start":"2026-11-16T16:55:12+00:00","period_end":"2026-11-16T16:55:12+00:00","proration":false},{"id":"il_1CP1B9rbFyMUiYGQEpWvHz8S","description":"3 x Training day","amount_minor":360000,"discount_minor":0,"grant_minor":0,"tax_exclusive_minor":0,"tax_inclusive_minor":0,"quantity":"3","price_id":"price_1ugPiLmOGG1fOUFQTQusgGH2","product_id":"prod_ZFxK7u9MLb3PIo","period_start":"2026-11-16T16:55:12+00:00","period_end":"2026-11-16T16:55:12+00:00","proration":false},{"id":"il_1b3L3ay6fUh9mCYHU1tT8i6k","description":"2 x Data export","amount_minor":5000,"discount_minor":0,"grant_minor":0,"tax_exclusive_minor":0,"tax_inclusive_minor":0,"quantity":"2","price_id":"price_1G1PWYoYUsyxdord18GPBFr7","product_id":"prod_RZDhv5sU48YNsT","period_start":"2026-11-16T16:55:12+00:00","period_end":"2026-11-16T16:55:12+00:00","proration":false}]'),
	('in_1NmwMWyDaYxLgO5z4LErz04C', '[{"id":"il_1q83nX2kEQK30IL3xIJPqj14","description":"12 x Analytics add-on","amount_minor":293880,"discount_minor":0,"grant_minor":0,"tax_exclusive_minor":0,"tax_inclusive_minor":0,"quantity":"12","price_id":"price_1cNMMKk0Zl291jo0xKP8ha1V","product_id":"prod_6nqRyFWesE8Q8j","period_start":"2026-11-16T18:39:55+00:00","period_end":"2026-12-16T18:39:55+00:00","proration":false}]'),
	('in_1GzDGC3LYzHOsd3KZVXnh2zv', '[{"id":"il_1GxpRXEHaFfiX2th51vl8lwN","description":"2 x Sensor kit","amount_minor":102000,"discount_minor":20400,"grant_minor":0,"tax_exclusive_minor":0,"tax_inclusive_minor":0,"quantity":"2","price_id":"price_1fzNCa6baSHhezDyLMHZkt3c","product_id":"prod_22x04yxMomP0aE","period_start":"2026-11-17T14:42:01+00:00","period_end":"2026-11-17T14:42:01+00:00","proration":false,"discounts":[["di_1zj4FevkGA8JfurjDv04vtX9",20400]]},{"id":"il_1m5J39K0ekJXZo7npbMJz3Uf","description":"5 x Field report","amount_minor":63750,"discount_minor":12750,"grant_minor":0,"tax_exclusive_minor":0,"tax_inclusive_minor":0,"quantity":"5","price_id":"price_1LjUR40CuOnrR1KMBfoa75V1","product_id":"prod_gIQ3I8UOMxbc14","period_start":"2026-11-17T14:42:01+00:00","period_end":"2026-11-17T14:42:01+00:00","proration":false,"discounts":[["di_1zj4FevkGA8JfurjDv04vtX9",12750]]},{"id":"il_1dJmKqPtIopUbcuNFMMHQMR7","description":"1 x Training day","amount_minor":180000,"discount_minor":36000,"grant_minor":0,"tax_exclusive_minor":0,"tax_inclusive_minor":0,"quantity":"1","price_id":"price_1RRivk3CZ0GJQTtc8wJOyHcm","product_id":"prod_ZFxK7u9MLb3PIo","period_start":"2026-11-17T14:42:01+00:00","period_end":"2026-11-17T14:42:01+00:00","proration":false,"discounts":[["di_1zj4FevkGA8JfurjDv04vtX9",36000]]}]'),
	('in_1Yr4d17omFLt2nY1FxVfH5Pz', '[{"id":"il_1X7rp7Z4VDHGlFcsg8eD8oMR","description":"2 x Scale plan","amount_minor":170810,"discount_minor":0,"grant_minor":0,"tax_exclusive_minor":32454,"tax_inclusive_minor":0,"quantity":"2","price_id":"price_1tp7bCSLLyYGsyQVXpKz3gCD","product_id":"prod_pwcJ6S5RU3MEHT","period_start":"2026-11-17T15:32:10+00:00","period_end":"2026-12-17T15:32:10+00:00","proration":false},{"id":"il_187HUmF0ueb586LEqR8bZ6kj","description":"1 x Analytics add-on","amount_minor":7505,"discount_minor":0,"grant_minor":0,"tax_exclusive_minor":1426,"tax_inclusive_minor":0,"quantity":"1","price_id":"price_1dl2QvutpPDB6Qu6GmqAQr33","product_id":"prod_6nqRyFWesE8Q8j","period_start":"2026-11-17T15:32:10+00:00","period_end":"2026-12-17T15:32:10+00:00","proration":false}]'),
	('in_1KuH4yvI3jgqBTnWajf9QpHB', '[{"id":"il_1lfsBHGvEpLMHXZ8jH27H8f3","description":"5 x Analytics add-on","amount_minor":39500,"discount_minor":0,"grant_minor":0,"tax_exclusive_minor":2864,"tax_inclusive_minor":0,"quantity":"5","price_id":"price_1s3VNC8v7PcPb0fwmJHVlH7X","product_id":"prod_6nqRyFWesE8Q8j","period_start":"2026-11-17T16:38:56+00:00","period_end":"2026-12-17T16:38:56+00:00","proration":false}]'),
	('in_1x28m5ZwdMkCrpDT9oT58rcv', '[{"id":"il_1LFRzf5xRQGML4IrGhs3z9aN","description":"Trial period for Growth plan","amount_minor":0,"discount_minor":0,"grant_minor":0,"tax_exclusive_minor":0,"tax_inclusive_minor":0,"quantity":"1","price_id":"price_1h5HGYhKMkDYmGr3hns9Duoh","product_id":"prod_QnrNkat9Psz2Q3","period_start":"2026-11-17T17:47:38+00:00","period_end":"2026-12-01T17:47:38+00:00","proration":false}]'),
	('in_1MaV9bx76pOSTayhG2f1qS7F', '[{"id":"il_1KmpKVsksqKtRkBcU8vzgb57","description":"10 x Premium support","amount_minor":250000,"discount_minor":0,"grant_minor":0,"tax_exclusive_minor":0,"tax_inclusive_minor":0,"quantity":"10","price_id":"price_1yRZRGBRpOYWTlamR2x68tYM","product_id":"prod_kK1FPb3t4Pu109","period_start":"2026-11-18T17:39:47+00:00","period_end":"2026-12-18T17:39:47+00:00","proration":false},{"id":"il_1mcO8xxTL89z9TSFQ43X7U2z","description":"1 x Analytics add-on","amount_minor":7900,"discount_minor":0,"grant_minor":0,"tax_exclusive_minor":0,"tax_inclusive_minor":0,"quantity":"1","price_id":"price_1s3VNC8v7PcPb0fwmJHVlH7X","product_id":"prod_6nqRyFWesE8Q8j","period_start":"2026-11-18T17:39:47+00:00","period_end":"2026-12-18T17:39:47+00:00","proration":false}]'),
	('in_1REqChqOqRZgnFXfwhMVYc0R', '[{"id":"il_1QckPjs6Uy5JGMXMvjOCc4Z4","description":"12 x Analytics add-on","amount_minor":94800,"discount_minor":0,"grant_minor":0,"tax_exclusive_minor":0,"tax_inclusive_minor":0,"quantity":"12","price_id":"price_1s3VNC8v7PcPb0fwmJHVlH7X","product_id":"prod_6nqRyFWesE8Q8j","period_start":"2026-11-18T17:46:35+00:00","period_end":"2026-12-18T17:46:35+00:00","proration":false}]'),
	('in_1R4EFNv9k8DNDhQbdula3NWw', '[{"id":"il_1JyGFD7Enkj1ZunxhCWRGevA","description":"1 x Onboarding package","amount_minor":202500,"discount_minor":0,"grant_minor":0,"tax_exclusive_minor":24300,"tax_inclusive_minor":0,"quantity":"1","price_id":"price_1361VnCT1F99WdyMY9wFLnN4","product_id":"prod_paHilsZSg0HDRy","period_start":"2026-11-18T19:30:13+00:00","period_end":"2026-11-18T19:30:13+00:00","proration":false},{"id":"il_11ppPQ6Vucl6kUcU5RvP7Xs2","description":"1 x Sensor kit","amount_minor":45900,"discount_minor":0,"grant_minor":0,"tax_exclusive_minor":5508,"tax_inclusive_minor":0,"quantity":"1","price_id":"price_1iNSCSVxFSV0XJvnMeG1uA6K","product_id":"prod_22x04yxMomP0aE","period_start":"2026-11-18T19:30:13+00:00","period_end":"2026-11-18T19:30:13+00:00","proration":false},{"id":"il_1sCXPVGZEBQCENFkXoVnyfqU","description":"3 x Data export","amount_minor":10125,"discount_minor":0,"grant_minor":0,"tax_exclusive_minor":1215,"tax_inclusive_minor":0,"quantity":"3","price_id":"price_1Tf62oKpHaS6gpvVLrHn2yOZ","product_id":"prod_RZDhv5sU48YNsT","period_start":"2026-11-18T19:30:13+00:00","period_end":"2026-11-18T19:30:13+00:00","proration":false}]'),
	('in_17zHNTqmOgNS5CfFHR6LPynM', '[{"id":"il_1BQ1i4uDFwm123qX1UI23qm0","description":"2 x Onboarding package","amount_minor":300000,"discount_minor":0,"grant_minor":0,"tax_exclusive_minor":0,"tax_inclusive_minor":0,"quantity":"2","price_id":"price_1mhC5cZzxZ2T8wih0qsHu4Qc","product_id":"prod_paHilsZSg0HDRy","period_start":"2026-11-18T22:37:01+00:00","period_end":"2026-11-18T22:37:01+00:00","proration":false},{"id":"il_1jcOBeLAbm3NMFV7dP30u8ks","description":"4 x Sensor kit","amount_minor":136000,"discount_minor":0,"grant_minor":0,"tax_exclusive_minor":0,"tax_inclusive_minor":0,"quantity":"4","price_id":"price_1TrFHvASSTXg4rKjjZw33S8S","product_id":"prod_22x04yxMomP0aE","period_start":"2026-11-18T22:37:01+00:00","period_end":"2026-11-18T22:37:01+00:00","proration":false},{"id":"il_1eyVlT2lCs5ULXyyK3cykRhK","description":"3 x Training day","amount_minor":360000,"discount_minor":0,"grant_minor":0,"tax_exclusive_minor":0,"tax_inclusive_minor":0,"quantity":"3","price_id":"price_1ugPiLmOGG1fOUFQTQusgGH2","product_id":"prod_ZFxK7u9MLb3PIo","period_start":"2026-11-18T22:37:01+00:00","period_end":"2026-11-18T22:37:01+00:00","proration":false}]'),
	('in_1vxKCKAM04XZIyRhDhvwbafC', '[{"id":"il_1QCE2TNDXJwgNtMZTl7BgkbI","description":"6 x Analytics add-on","amount_minor":47400,"discount_minor":11850,"grant_minor":0,"tax_exclusive_minor":2577,"tax_inclusive_minor":0,"quantity":"6","price_id":"price_1s3VNC8v7PcPb0fwmJHVlH7X","product_id":"prod_6nqRyFWesE8Q8j","period_start":"2026-11-19T14:53:49+00:00","period_end":"2026-12-19T14:53:49+00:00","proration":false,"discounts":[["di_1EnYlGBAm3ZEk6XJbCtDP1EQ",11850]]}]'),
	('in_15J8FyEvv2UzVVtSxKT9739a', '[{"id":"il_1JwV7osg1IsrK5oM3guQkU7o","description":"9 x Analytics add-on","amount_minor":220410,"discount_minor":0,"grant_minor":0,"tax_exclusive_minor":0,"tax_inclusive_minor":0,"quantity":"9","price_id":"price_1cNMMKk0Zl291jo0xKP8ha1V","product_id":"prod_6nqRyFWesE8Q8j","period_start":"2026-11-19T16:34:58+00:00","period_end":"2026-12-19T16:34:58+00:00","proration":false}]'),
	('in_1woW46pvwpTOfPA36kwOBd5g', '[{"id":"il_1zw4hR4nmIZHUoDnIqnm2w28","description":"2 x Scale plan","amount_minor":269700,"discount_minor":0,"grant_minor":0,"tax_exclusive_minor":0,"tax_inclusive_minor":0,"quantity":"2","price_id":"price_1pD2W5TQVS1qNVQQoETGH7Br","product_id":"prod_pwcJ6S5RU3MEHT","period_start":"2026-11-19T16:56:26+00:00","period_end":"2026-12-19T16:56:26+00:00","proration":false},{"id":"il_1dWFsr9BdwR93CeKWreKtE00","description":"1 x Analytics add-on","amount_minor":11850,"discount_minor":0,"grant_minor":0,"tax_exclusive_minor":0,"tax_inclusive_minor":0,"quantity":"1","price_id":"price_1vTEotDKfBg5GGN0VXBR3J2h","product_id":"prod_6nqRyFWesE8Q8j","period_start":"2026-11-19T16:56:26+00:00","period_end":"2026-12-19T16:56:26+00:00","proration":false}]'),
	('in_1adkyAmZuOCYDU5RRFmIkxXr', '[{"id":"il_1ttIXz996QpouH6CJNGgBGvj","description":"3 x Premium support","amount_minor":75000,"discount_minor":0,"grant_minor":0,"tax_exclusive_minor":0,"tax_inclusive_minor":0,"quantity":"3","price_id":"price_1yRZRGBRpOYWTlamR2x68tYM","product_id":"prod_kK1FPb3t4Pu109","period_start":"2026-11-19T22:43:08+00:00","period_end":"2026-12-19T22:43:08+00:00","proration":false},{"id":"il_1vyRjFrQtqe8t6JOEVOe2Zsb","description":"1 x Analytics add-on","amount_minor":7900,"discount_minor":0,"grant_minor":0,"tax_exclusive_minor":0,"tax_inclusive_minor":0,"quantity":"1","price_id":"price_1s3VNC8v7PcPb0fwmJHVlH7X","product_id":"prod_6nqRyFWesE8Q8j","period_start":"2026-11-19T22:43:08+00:00","period_end":"2026-12-19T22:43:08+00:00","proration":false}]');
INSERT INTO o2c.invoice_payments VALUES
	('inpay_13wTEXs41HYC3xCqkiGt69ph', 'in_1g9Ig4A3NYSotFROMzJcXZO8', 'pi_3SZlAAPUq1ZPZx0GZ4VcTHQ3', NULL, 'gbp', 'open', NULL, '2026-11-16 14:15:04+00', '2026-11-28 08:42:52.868358+00'),
	('inpay_1laqThPakFqrXW1KfarRxrm9', 'in_1MIgfBzsp1CCA3TTkceQm3Pq', 'pi_35IeJaVxBouek3JtKgBak0OV', NULL, 'eur', 'open', NULL, '2026-11-16 15:14:50+00', '2026-11-28 08:42:52.868639+00'),
	('inpay_1yK8dICnL8bphvTkP0Gpoak1', 'in_16dxxfjrBgfwMP1W7sLgDpcM', 'pi_3vetMIAOiRQXxtr9yv08Bjln', NULL, 'usd', 'open', NULL, '2026-11-16 16:55:12+00', '2026-11-28 08:42:52.868653+00'),
	('inpay_1bl6u3LpmI5rFL22yHSnfTht', 'in_1NmwMWyDaYxLgO5z4LErz04C', 'pi_30Ru3nj108evRS9X4Pn622jF', NULL, 'kwd', 'open', NULL, '2026-11-16 18:39:55+00', '2026-11-28 08:42:52.86866+00'),
	('inpay_13ShBsSmedep9OdRDgEl6cfL', 'in_1GzDGC3LYzHOsd3KZVXnh2zv', 'pi_3ahTHlictNdt4fULFqi4TKG7', NULL, 'jpy', 'open', NULL, '2026-11-17 14:42:01+00', '2026-11-28 08:43:13.661533+00'),
	('inpay_1DNCNrlS0ZEuRotZIg2JXUcD', 'in_1Yr4d17omFLt2nY1FxVfH5Pz', 'pi_3iSa3awgdF2BGPG0RVW2K3eZ', NULL, 'eur', 'canceled', NULL, '2026-11-17 15:32:10+00', '2026-11-28 08:43:13.661573+00'),
	('inpay_1cefjBuNJ0Am8oWXJoNHODA5', 'in_1MaV9bx76pOSTayhG2f1qS7F', 'pi_3r5zHIbxJPSYuedaHGc0BmbR', NULL, 'usd', 'open', NULL, '2026-11-18 17:39:47+00', '2026-11-28 08:43:13.661581+00'),
	('inpay_1nyOKUbrsAM6rCnk0yiFfw7x', 'in_1REqChqOqRZgnFXfwhMVYc0R', 'pi_3lYoJmyFpGz4z1c9JIlY159j', NULL, 'usd', 'open', NULL, '2026-11-18 17:46:35+00', '2026-11-28 08:43:13.661587+00'),
	('inpay_1VP7XjWUVJyUh16vcqtD6F5P', 'in_1R4EFNv9k8DNDhQbdula3NWw', 'pi_3LlHLiiP5O8MO8KlNyewSN6B', NULL, 'cad', 'paid', 289548, '2026-11-18 19:30:13+00', '2026-11-28 08:43:13.661592+00'),
	('inpay_1xxXTdfiwcKvZkMgW979OG09', 'in_17zHNTqmOgNS5CfFHR6LPynM', 'pi_3YtFQ7tFXr8caAFeQPuSaP1V', NULL, 'usd', 'open', NULL, '2026-11-18 22:37:01+00', '2026-11-28 08:43:13.661598+00'),
	('inpay_1DxKmqOl3F6ZevWNvM17FzX0', 'in_1vxKCKAM04XZIyRhDhvwbafC', 'pi_3aMofkVGFj2aFu6vNGxq18Zm', NULL, 'usd', 'open', NULL, '2026-11-19 14:53:49+00', '2026-11-28 08:43:13.661604+00'),
	('inpay_1QQCjvN7v37OB1zJE1z56ivS', 'in_15J8FyEvv2UzVVtSxKT9739a', 'pi_35mJZyvKCZhQb2SLVTiOsQWE', NULL, 'kwd', 'paid', 220410, '2026-11-19 16:34:58+00', '2026-11-28 08:43:13.661609+00'),
	('inpay_1qWXnuHHLcLtPF64uFoi1bpq', 'in_1woW46pvwpTOfPA36kwOBd5g', 'pi_3ty28yP8mPovfwGo6JmKAsRY', NULL, 'jpy', 'open', NULL, '2026-11-19 16:56:26+00', '2026-11-28 08:43:13.661615+00'),
	('inpay_1dmQy4oF4CZGMC4piwix5llW', 'in_1adkyAmZuOCYDU5RRFmIkxXr', 'pi_3YbjJIPWP9FTwrKshJNze2O4', NULL, 'usd', 'open', NULL, '2026-11-19 22:43:08+00', '2026-11-28 08:43:13.66162+00');
INSERT INTO o2c.invoices VALUES
	('in_1g9Ig4A3NYSotFROMzJcXZO8', 'cus_pmiunKNcpYO9gP', 'NW-000001', 'gbp', 'open', 2969040, 494840, 0, 2969040, 0, '2026-11-16', '2026-12-16', '2026-11-16 13:13:50+00', false, '2026-11-28 08:42:52.605455+00', NULL, NULL, 0, 0),
	('in_1MIgfBzsp1CCA3TTkceQm3Pq', 'cus_6iyJxKkY60yQIX', 'NW-000002', 'eur', 'open', 266978, 0, 0, 266978, 0, '2026-11-16', '2026-12-16', '2026-11-16 14:13:42+00', false, '2026-11-28 08:42:52.60565+00', NULL, NULL, 0, 0),
	('in_16dxxfjrBgfwMP1W7sLgDpcM', 'cus_VN4Aosre6HBiHb', 'NW-000003', 'usd', 'open', 665000, 0, 0, 665000, 0, '2026-11-16', '2026-12-16', '2026-11-16 16:25:59+00', false, '2026-11-28 08:42:52.605663+00', NULL, NULL, 0, 0),
	('in_1NmwMWyDaYxLgO5z4LErz04C', 'cus_Vydj77RpTbK2AN', 'NW-000004', 'kwd', 'open', 293880, 0, 0, 293880, 0, '2026-11-16', '2026-12-16', '2026-11-16 17:38:35+00', false, '2026-11-28 08:42:52.605668+00', NULL, NULL, 0, 0),
	('in_1GzDGC3LYzHOsd3KZVXnh2zv', 'cus_Unwb0zqbSwFSDH', 'NW-000005', 'jpy', 'open', 276600, 0, 0, 276600, 0, '2026-11-17', '2026-12-17', '2026-11-17 14:22:30+00', false, '2026-11-28 08:43:13.534647+00', NULL, NULL, 0, 0),
	('in_1Yr4d17omFLt2nY1FxVfH5Pz', 'cus_s2FHnluAuqOc6t', 'NW-000006', 'eur', 'void', 212195, 33880, 0, 212195, 0, '2026-11-17', '2026-12-17', '2026-11-17 14:31:22+00', false, '2026-11-28 08:43:13.534695+00', '2026-11-18', NULL, 0, 0),
	('in_1KuH4yvI3jgqBTnWajf9QpHB', 'cus_Za4479kwAJKzJj', NULL, 'usd', 'draft', 42364, 2864, 0, 42364, 0, NULL, NULL, '2026-11-17 15:38:18+00', false, '2026-11-28 08:43:13.53475+00', NULL, NULL, 0, 0),
	('in_1x28m5ZwdMkCrpDT9oT58rcv', 'cus_xi6l5YUiMF21f3', 'NW-000007', 'usd', 'paid', 0, 0, 0, 0, 0, '2026-11-17', NULL, '2026-11-17 16:46:36+00', true, '2026-11-28 08:43:13.534759+00', NULL, '2026-11-17', 0, 0),
	('in_1MaV9bx76pOSTayhG2f1qS7F', 'cus_PtdIBWTZI9Bl7F', 'NW-000008', 'usd', 'open', 257900, 0, 0, 257900, 0, '2026-11-18', '2026-12-18', '2026-11-18 16:38:54+00', false, '2026-11-28 08:43:13.534765+00', NULL, NULL, 0, 0),
	('in_1REqChqOqRZgnFXfwhMVYc0R', 'cus_PtdIBWTZI9Bl7F', 'NW-000009', 'usd', 'open', 94800, 0, 0, 94800, 0, '2026-11-18', '2026-12-18', '2026-11-18 16:45:46+00', false, '2026-11-28 08:43:13.53477+00', NULL, NULL, 0, 0),
	('in_1R4EFNv9k8DNDhQbdula3NWw', 'cus_2ZSL1U2F3u6Bb9', 'NW-000010', 'cad', 'paid', 289548, 31023, 289548, 0, 0, '2026-11-18', NULL, '2026-11-18 19:03:56+00', false, '2026-11-28 08:43:13.534775+00', NULL, '2026-11-18', 0, 0),
	('in_17zHNTqmOgNS5CfFHR6LPynM', 'cus_ydiAueKHHdTjcV', 'NW-000011', 'usd', 'open', 796000, 0, 0, 796000, 0, '2026-11-18', '2026-12-18', '2026-11-18 22:27:03+00', false, '2026-11-28 08:43:13.534779+00', NULL, NULL, 0, 0),
	('in_1vxKCKAM04XZIyRhDhvwbafC', 'cus_ydiAueKHHdTjcV', 'NW-000012', 'usd', 'open', 38127, 2577, 0, 38127, 0, '2026-11-19', '2026-12-19', '2026-11-19 13:53:07+00', false, '2026-11-28 08:43:13.534784+00', NULL, NULL, 0, 0),
	('in_15J8FyEvv2UzVVtSxKT9739a', 'cus_Vydj77RpTbK2AN', 'NW-000013', 'kwd', 'paid', 220410, 0, 220410, 0, 0, '2026-11-19', NULL, '2026-11-19 15:33:40+00', false, '2026-11-28 08:43:13.534788+00', NULL, '2026-11-19', 0, 0),
	('in_1woW46pvwpTOfPA36kwOBd5g', 'cus_Unwb0zqbSwFSDH', 'NW-000014', 'jpy', 'open', 281550, 0, 0, 281550, 0, '2026-11-19', NULL, '2026-11-19 15:55:21+00', false, '2026-11-28 08:43:13.534795+00', NULL, NULL, 0, 0),
	('in_1adkyAmZuOCYDU5RRFmIkxXr', 'cus_Jc8lSyPmisxt81', 'NW-000015', 'usd', 'open', 82900, 0, 0, 82900, 0, '2026-11-19', NULL, '2026-11-19 21:42:28+00', false, '2026-11-28 08:43:13.534799+00', NULL, NULL, 0, 0);
INSERT INTO o2c.journal OVERRIDING SYSTEM VALUE VALUES
	(5, 'in_16dxxfjrbgfwmp1w7slgdpcm', 'invoice', 'in_16dxxfjrBgfwMP1W7sLgDpcM', 'in_16dxxfjrBgfwMP1W7sLgDpcM', 'cus_VN4Aosre6HBiHb', 'usd', 665000, '2026-11-16', '2026-11-16', 'done', false, '{"document":"invoice","external_id":"in_16dxxfjrBgfwMP1W7sLgDpcM","stripe_id":"in_16dxxfjrBgfwMP1W7sLgDpcM","customer_id":"cus_VN4Aosre6HBiHb","currency":"usd","amount_minor":665000,"effective_date":"2026-11-16","partition":"2026-11-16","why":"Stripe invoice NW-000003 is open and has no NetSuite invoice","body":{"externalId":"in_16dxxfjrBgfwMP1W7sLgDpcM","entity":{"$document":["customer","cus_VN4Aosre6HBiHb"]},"currency":{"$currency":"usd"},"tranDate":"2026-11-16","memo":"Stripe: in_16dxxfjrBgfwMP1W7sLgDpcM","item":{"items":[{"item":{"$item":"Stripe Item"},"quantity":1,"description":"2 x Onboarding package","rate":{"$minor":[300000,"usd"]},"amount":{"$minor":[300000,"usd"]}},{"item":{"$item":"Stripe Item"},"quantity":1,"description":"3 x Training day","rate":{"$minor":[360000,"usd"]},"amount":{"$minor":[360000,"usd"]}},{"item":{"$item":"Stripe Item"},"quantity":1,"description":"2 x Data export","rate":{"$minor":[5000,"usd"]},"amount":{"$minor":[5000,"usd"]}}]},"dueDate":"2026-12-16","otherRefNum":"NW-000003","subsidiary":{"$subsidiary":"1"}},"depends_on":["cus_VN4Aosre6HBiHb"],"lines":[{"text":"2 x Onboarding package","amount_minor":300000},{"text":"3 x Training day","amount_minor":360000},{"text":"2 x Data export","amount_minor":5000}]}', '30b0c04dc40c20e6bf2c88b838649a9b1fdf2daa44f7e730d9059004b3d9184c', '{cus_VN4Aosre6HBiHb}', 1, 0, NULL, NULL, '2026-11-28 08:42:55.548859+00', 1001, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-11-28 08:42:55.365854+00', '2026-11-28 08:42:55.532936+00', '2026-11-28 08:42:55.548859+00', 2, NULL),
	(6, 'in_1migfbzsp1cca3ttkceqm3pq', 'invoice', 'in_1MIgfBzsp1CCA3TTkceQm3Pq', 'in_1MIgfBzsp1CCA3TTkceQm3Pq', 'cus_6iyJxKkY60yQIX', 'eur', 266978, '2026-11-16', '2026-11-16', 'done', false, '{"document":"invoice","external_id":"in_1MIgfBzsp1CCA3TTkceQm3Pq","stripe_id":"in_1MIgfBzsp1CCA3TTkceQm3Pq","customer_id":"cus_6iyJxKkY60yQIX","currency":"eur","amount_minor":266978,"effective_date":"2026-11-16","partition":"2026-11-16","why":"Stripe invoice NW-000002 is open and has no NetSuite invoice","body":{"externalId":"in_1MIgfBzsp1CCA3TTkceQm3Pq","entity":{"$document":["customer","cus_6iyJxKkY60yQIX"]},"currency":{"$currency":"eur"},"tranDate":"2026-11-16","memo":"Stripe: in_1MIgfBzsp1CCA3TTkceQm3Pq","item":{"items":[{"item":{"$item":"Stripe Item"},"quantity":1,"description":"Unused time on Starter plan after 09 Nov 2026","rate":{"$minor":[-1397,"eur"]},"amount":{"$minor":[-1397,"eur"]}},{"item":{"$item":"Stripe Item"},"quantity":1,"description":"Remaining time on Premium support after 09 Nov 2026","rate":{"$minor":[7125,"eur"]},"amount":{"$minor":[7125,"eur"]}},{"item":{"$item":"Stripe Item"},"quantity":1,"description":"11 x Premium support","rate":{"$minor":[261250,"eur"]},"amount":{"$minor":[261250,"eur"]}}]},"dueDate":"2026-12-16","otherRefNum":"NW-000002","subsidiary":{"$subsidiary":"1"}},"depends_on":["cus_6iyJxKkY60yQIX"],"lines":[{"text":"Unused time on Starter plan after 09 Nov 2026","amount_minor":-1397},{"text":"Remaining time on Premium support after 09 Nov 2026","amount_minor":7125},{"text":"11 x Premium support","amount_minor":261250}]}', 'd6f603700652ad86f50be409043631f8ed8103979da4fb24fd993f4c6f3d48b2', '{cus_6iyJxKkY60yQIX}', 1, 0, NULL, NULL, '2026-11-28 08:42:55.564041+00', 1003, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-11-28 08:42:55.365863+00', '2026-11-28 08:42:55.541828+00', '2026-11-28 08:42:55.564041+00', 2, NULL),
	(3, 'cus_vydj77rptbk2an', 'customer', 'cus_Vydj77RpTbK2AN', 'cus_Vydj77RpTbK2AN', 'cus_Vydj77RpTbK2AN', 'kwd', 0, '2026-02-23', '2026-02-23', 'done', false, '{"document":"customer","external_id":"cus_Vydj77RpTbK2AN","stripe_id":"cus_Vydj77RpTbK2AN","customer_id":"cus_Vydj77RpTbK2AN","currency":"kwd","amount_minor":0,"effective_date":"2026-02-23","partition":"2026-02-23","why":"Harbormere Mills is a Stripe customer with documents to write and has no NetSuite customer","body":{"externalId":"cus_Vydj77RpTbK2AN","isPerson":false,"companyName":"Harbormere Mills","currency":{"$currency":"kwd"},"comments":"Stripe: cus_Vydj77RpTbK2AN","email":"accounts@harbormere-mills.example.com","subsidiary":{"$subsidiary":"1"}},"depends_on":[],"lines":[]}', '218b0871c4aaa0aebde491e5fcf9863ac06dd4e638eade0f4652b5f4f5b336a3', '{}', 1, 0, NULL, NULL, '2026-11-28 08:42:55.520891+00', 104, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-11-28 08:42:55.365837+00', '2026-11-28 08:42:55.494328+00', '2026-11-28 08:42:55.520891+00', 2, NULL),
	(4, 'cus_pmiunkncpyo9gp', 'customer', 'cus_pmiunKNcpYO9gP', 'cus_pmiunKNcpYO9gP', 'cus_pmiunKNcpYO9gP', 'gbp', 0, '2026-09-27', '2026-09-27', 'done', false, '{"document":"customer","external_id":"cus_pmiunKNcpYO9gP","stripe_id":"cus_pmiunKNcpYO9gP","customer_id":"cus_pmiunKNcpYO9gP","currency":"gbp","amount_minor":0,"effective_date":"2026-09-27","partition":"2026-09-27","why":"Granitepoint Studios is a Stripe customer with documents to write and has no NetSuite customer","body":{"externalId":"cus_pmiunKNcpYO9gP","isPerson":false,"companyName":"Granitepoint Studios","currency":{"$currency":"gbp"},"comments":"Stripe: cus_pmiunKNcpYO9gP","email":"accounts@granitepoint-studios.example.com","subsidiary":{"$subsidiary":"1"}},"depends_on":[],"lines":[]}', '45460e3a533ff084177eb194a4e3766c42510ed9683f7d38f1653c238ab56b4c', '{}', 1, 0, NULL, NULL, '2026-11-28 08:42:55.507774+00', 103, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-11-28 08:42:55.365848+00', '2026-11-28 08:42:55.463635+00', '2026-11-28 08:42:55.507774+00', 2, NULL),
	(2, 'cus_6iyjxkky60yqix', 'customer', 'cus_6iyJxKkY60yQIX', 'cus_6iyJxKkY60yQIX', 'cus_6iyJxKkY60yQIX', 'eur', 0, '2025-10-24', '2025-10-24', 'done', false, '{"document":"customer","external_id":"cus_6iyJxKkY60yQIX","stripe_id":"cus_6iyJxKkY60yQIX","customer_id":"cus_6iyJxKkY60yQIX","currency":"eur","amount_minor":0,"effective_date":"2025-10-24","partition":"2025-10-24","why":"Quartzwick Labs is a Stripe customer with documents to write and has no NetSuite customer","body":{"externalId":"cus_6iyJxKkY60yQIX","isPerson":false,"companyName":"Quartzwick Labs","currency":{"$currency":"eur"},"comments":"Stripe: cus_6iyJxKkY60yQIX","email":"accounts@quartzwick-labs.example.com","subsidiary":{"$subsidiary":"1"}},"depends_on":[],"lines":[]}', '7bd9bc8859e83f802701123a74080fd359651cb6db39e7c3a56d52cd9dad8ee1', '{}', 1, 0, NULL, NULL, '2026-11-28 08:42:55.509162+00', 102, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-11-28 08:42:55.365821+00', '2026-11-28 08:42:55.460122+00', '2026-11-28 08:42:55.509163+00', 2, NULL),
	(1, 'cus_vn4aosre6hbihb', 'customer', 'cus_VN4Aosre6HBiHb', 'cus_VN4Aosre6HBiHb', 'cus_VN4Aosre6HBiHb', 'usd', 0, '2025-06-12', '2025-06-12', 'done', false, '{"document":"customer","external_id":"cus_VN4Aosre6HBiHb","stripe_id":"cus_VN4Aosre6HBiHb","customer_id":"cus_VN4Aosre6HBiHb","currency":"usd","amount_minor":0,"effective_date":"2025-06-12","partition":"2025-06-12","why":"Amberpoint Logistics is a Stripe customer with documents to write and has no NetSuite customer","body":{"externalId":"cus_VN4Aosre6HBiHb","isPerson":false,"companyName":"Amberpoint Logistics","currency":{"$currency":"usd"},"comments":"Stripe: cus_VN4Aosre6HBiHb","email":"accounts@amberpoint-logistics.example.com","subsidiary":{"$subsidiary":"1"}},"depends_on":[],"lines":[]}', 'eb747a63ae64b1fb326c190306607f9080fe3da0005a09da17b5dc46658525c5', '{}', 1, 0, NULL, NULL, '2026-11-28 08:42:55.509813+00', 101, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-11-28 08:42:55.365516+00', '2026-11-28 08:42:55.455943+00', '2026-11-28 08:42:55.509814+00', 2, NULL),
	(7, 'in_1nmwmwydayxlgo5z4lerz04c', 'invoice', 'in_1NmwMWyDaYxLgO5z4LErz04C', 'in_1NmwMWyDaYxLgO5z4LErz04C', 'cus_Vydj77RpTbK2AN', 'kwd', 293880, '2026-11-16', '2026-11-16', 'done', false, '{"document":"invoice","external_id":"in_1NmwMWyDaYxLgO5z4LErz04C","stripe_id":"in_1NmwMWyDaYxLgO5z4LErz04C","customer_id":"cus_Vydj77RpTbK2AN","currency":"kwd","amount_minor":293880,"effective_date":"2026-11-16","partition":"2026-11-16","why":"Stripe invoice NW-000004 is open and has no NetSuite invoice","body":{"externalId":"in_1NmwMWyDaYxLgO5z4LErz04C","entity":{"$document":["customer","cus_Vydj77RpTbK2AN"]},"currency":{"$currency":"kwd"},"tranDate":"2026-11-16","memo":"Stripe: in_1NmwMWyDaYxLgO5z4LErz04C","item":{"items":[{"item":{"$item":"Stripe Item"},"quantity":1,"description":"12 x Analytics add-on","rate":{"$minor":[293880,"kwd"]},"amount":{"$minor":[293880,"kwd"]}}]},"dueDate":"2026-12-16","otherRefNum":"NW-000004","subsidiary":{"$subsidiary":"1"}},"depends_on":["cus_Vydj77RpTbK2AN"],"lines":[{"text":"12 x Analytics add-on","amount_minor":293880}]}', 'c878f65987a5f56ffc45c2fd6c8068d5bbfee181a5ce24f471cefd0dd86d18d6', '{cus_Vydj77RpTbK2AN}', 1, 0, NULL, NULL, '2026-11-28 08:42:55.550457+00', 1002, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-11-28 08:42:55.365869+00', '2026-11-28 08:42:55.538932+00', '2026-11-28 08:42:55.550458+00', 2, NULL),
	(8, 'in_1g9ig4a3nysotfromzjcxzo8', 'invoice', 'in_1g9Ig4A3NYSotFROMzJcXZO8', 'in_1g9Ig4A3NYSotFROMzJcXZO8', 'cus_pmiunKNcpYO9gP', 'gbp', 2969040, '2026-11-16', '2026-11-16', 'done', false, '{"document":"invoice","external_id":"in_1g9Ig4A3NYSotFROMzJcXZO8","stripe_id":"in_1g9Ig4A3NYSotFROMzJcXZO8","customer_id":"cus_pmiunKNcpYO9gP","currency":"gbp","amount_minor":2969040,"effective_date":"2026-11-16","partition":"2026-11-16","why":"Stripe invoice NW-000001 is open and has no NetSuite invoice","body":{"externalId":"in_1g9Ig4A3NYSotFROMzJcXZO8","entity":{"$document":["customer","cus_pmiunKNcpYO9gP"]},"currency":{"$currency":"gbp"},"tranDate":"2026-11-16","memo":"Stripe: in_1g9Ig4A3NYSotFROMzJcXZO8","item":{"items":[{"item":{"$item":"Stripe Item"},"quantity":1,"description":"2 x Growth plan","rate":{"$minor":[26533,"gbp"]},"amount":{"$minor":[26533,"gbp"]}},{"item":{"$item":"Stripe Item"},"quantity":1,"description":"2 x Data export","rate":{"$minor":[3333,"gbp"]},"amount":{"$minor":[3333,"gbp"]}},{"item":{"$item":"Stripe Item"},"quantity":1,"description":"1 x Onboarding package","rate":{"$minor":[100000,"gbp"]},"amount":{"$minor":[100000,"gbp"]}},{"item":{"$item":"Stripe Item"},"quantity":1,"description":"3 x Data export","rate":{"$minor":[5000,"gbp"]},"amount":{"$minor":[5000,"gbp"]}},{"item":{"$item":"Stripe Item"},"quantity":1,"description":"2 x Onboarding package","rate":{"$minor":[200000,"gbp"]},"amount":{"$minor":[200000,"gbp"]}},{"item":{"$item":"Stripe Item"},"quantity":1,"description":"3 x Sensor kit","rate":{"$minor":[68000,"gbp"]},"amount":{"$minor":[68000,"gbp"]}},{"item":{"$item":"Stripe Item"},"quantity":1,"description":"1 x Data export","rate":{"$minor":[1667,"gbp"]},"amount":{"$minor":[1667,"gbp"]}},{"item":{"$item":"Stripe Item"},"quantity":1,"description":"2 x Field report","rate":{"$minor":[11333,"gbp"]},"amount":{"$minor":[11333,"gbp"]}},{"item":{"$item":"Stripe Item"},"quantity":1,"description":"2 x Onboarding package","rate":{"$minor":[200000,"gbp"]},"amount":{"$minor":[200000,"gbp"]}},{"item":{"$item":"Stripe Item"},"quantity":1,"description":"2 x Training day","rate":{"$minor":[160000,"gbp"]},"amount":{"$minor":[160000,"gbp"]}},{"item":{"$item":"Stripe Item"},"quantity":1,"description":"3 x Sensor kit","rate":{"$minor":[68000,"gbp"]},"amount":{"$minor":[68000,"gbp"]}},{"item":{"$item":"Stripe Item"},"quantity":1,"description":"1 x Onboarding package","rate":{"$minor":[100000,"gbp"]},"amount":{"$minor":[100000,"gbp"]}},{"item":{"$item":"Stripe Item"},"quantity":1,"description":"1 x Training day","rate":{"$minor":[80000,"gbp"]},"amount":{"$minor":[80000,"gbp"]}},{"item":{"$item":"Stripe Item"},"quantity":1,"description":"2 x Training day","rate":{"$minor":[160000,"gbp"]},"amount":{"$minor":[160000,"gbp"]}},{"item":{"$item":"Stripe Item"},"quantity":1,"description":"3 x Sensor kit","rate":{"$minor":[68000,"gbp"]},"amount":{"$minor":[68000,"gbp"]}},{"item":{"$item":"Stripe Item"},"quantity":1,"description":"1 x Training day","rate":{"$minor":[80000,"gbp"]},"amount":{"$minor":[80000,"gbp"]}},{"item":{"$item":"Stripe Item"},"quantity":1,"description":"3 x Training day","rate":{"$minor":[240000,"gbp"]},"amount":{"$minor":[240000,"gbp"]}},{"item":{"$item":"Stripe Item"},"quantity":1,"description":"2 x Training day","rate":{"$minor":[160000,"gbp"]},"amount":{"$minor":[160000,"gbp"]}},{"item":{"$item":"Stripe Item"},"quantity":1,"description":"3 x Data export","rate":{"$minor":[5000,"gbp"]},"amount":{"$minor":[5000,"gbp"]}},{"item":{"$item":"Stripe Item"},"quantity":1,"description":"2 x Data export","rate":{"$minor":[3333,"gbp"]},"amount":{"$minor":[3333,"gbp"]}},{"item":{"$item":"Stripe Item"},"quantity":1,"description":"1 x Data export","rate":{"$minor":[1667,"gbp"]},"amount":{"$minor":[1667,"gbp"]}},{"item":{"$item":"Stripe Item"},"quantity":1,"description":"1 x Onboarding package","rate":{"$minor":[100000,"gbp"]},"amount":{"$minor":[100000,"gbp"]}},{"item":{"$item":"Stripe Item"},"quantity":1,"description":"1 x Sensor kit","rate":{"$minor":[22667,"gbp"]},"amount":{"$minor":[22667,"gbp"]}},{"item":{"$item":"Stripe Item"},"quantity":1,"description":"1 x Data export","rate":{"$minor":[1667,"gbp"]},"amount":{"$minor":[1667,"gbp"]}},{"item":{"$item":"Stripe Item"},"quantity":1,"description":"3 x Training day","rate":{"$minor":[240000,"gbp"]},"amount":{"$minor":[240000,"gbp"]}},{"item":{"$item":"Stripe Item"},"quantity":1,"description":"2 x Onboarding package","rate":{"$minor":[200000,"gbp"]},"amount":{"$minor":[200000,"gbp"]}},{"item":{"$item":"Stripe Item"},"quantity":1,"description":"3 x Sensor kit","rate":{"$minor":[68000,"gbp"]},"amount":{"$minor":[68000,"gbp"]}},{"item":{"$item":"Stripe Item"},"quantity":1,"description":"1 x Onboarding package","rate":{"$minor":[100000,"gbp"]},"amount":{"$minor":[100000,"gbp"]}},{"item":{"$item":"Stripe Tax"},"quantity":1,"description":"Tax","rate":{"$minor":[494840,"gbp"]},"amount":{"$minor":[494840,"gbp"]}}]},"dueDate":"2026-12-16","otherRefNum":"NW-000001","subsidiary":{"$subsidiary":"1"}},"depends_on":["cus_pmiunKNcpYO9gP"],"lines":[{"text":"2 x Growth plan","amount_minor":26533},{"text":"2 x Data export","amount_minor":3333},{"text":"1 x Onboarding package","amount_minor":100000},{"text":"3 x Data export","amount_minor":5000},{"text":"2 x Onboarding package","amount_minor":200000},{"text":"3 x Sensor kit","amount_minor":68000},{"text":"1 x Data export","amount_minor":1667},{"text":"2 x Field report","amount_minor":11333},{"text":"2 x Onboarding package","amount_minor":200000},{"text":"2 x Training day","amount_minor":160000},{"text":"3 x Sensor kit","amount_minor":68000},{"text":"1 x Onboarding package","amount_minor":100000},{"text":"1 x Training day","amount_minor":80000},{"text":"2 x Training day","amount_minor":160000},{"text":"3 x Sensor kit","amount_minor":68000},{"text":"1 x Training day","amount_minor":80000},{"text":"3 x Training day","amount_minor":240000},{"text":"2 x Training day","amount_minor":160000},{"text":"3 x Data export","amount_minor":5000},{"text":"2 x Data export","amount_minor":3333},{"text":"1 x Data export","amount_minor":1667},{"text":"1 x Onboarding package","amount_minor":100000},{"text":"1 x Sensor kit","amount_minor":22667},{"text":"1 x Data export","amount_minor":1667},{"text":"3 x Training day","amount_minor":240000},{"text":"2 x Onboarding package","amount_minor":200000},{"text":"3 x Sensor kit","amount_minor":68000},{"text":"1 x Onboarding package","amount_minor":100000},{"text":"Tax","amount_minor":494840}]}', '559eeb0b848c64b8884cf13ed91dc1903283b326fbfc48705f73f9374cfb2f46', '{cus_pmiunKNcpYO9gP}', 1, 0, NULL, NULL, '2026-11-28 08:42:55.566092+00', 1004, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-11-28 08:42:55.365875+00', '2026-11-28 08:42:55.541408+00', '2026-11-28 08:42:55.566092+00', 2, NULL),
	(20, 'in_1adkyamzuocydu5rrfmikxxr', 'invoice', 'in_1adkyAmZuOCYDU5RRFmIkxXr', 'in_1adkyAmZuOCYDU5RRFmIkxXr', 'cus_Jc8lSyPmisxt81', 'usd', 82900, '2026-11-19', '2026-11-19', 'sent', false, '{"document":"invoice","external_id":"in_1adkyAmZuOCYDU5RRFmIkxXr","stripe_id":"in_1adkyAmZuOCYDU5RRFmIkxXr","customer_id":"cus_Jc8lSyPmisxt81","currency":"usd","amount_minor":82900,"effective_date":"2026-11-19","partition":"2026-11-19","why":"Stripe invoice NW-000015 is open and has no NetSuite invoice","body":{"externalId":"in_1adkyAmZuOCYDU5RRFmIkxXr","entity":{"$document":["customer","cus_Jc8lSyPmisxt81"]},"currency":{"$currency":"usd"},"tranDate":"2026-11-19","memo":"Stripe: in_1adkyAmZuOCYDU5RRFmIkxXr","item":{"items":[{"item":{"$item":"Stripe Item"},"quantity":1,"description":"3 x Premium support","rate":{"$minor":[75000,"usd"]},"amount":{"$minor":[75000,"usd"]}},{"item":{"$item":"Stripe Item"},"quantity":1,"description":"1 x Analytics add-on","rate":{"$minor":[7900,"usd"]},"amount":{"$minor":[7900,"usd"]}}]},"otherRefNum":"NW-000015","subsidiary":{"$subsidiary":"1"}},"depends_on":["cus_Jc8lSyPmisxt81"],"lines":[{"text":"3 x Premium support","amount_minor":75000},{"text":"1 x Analytics add-on","amount_minor":7900}]}', '7d4d6b98e04810b009f5df5bf890a9ecd07171854743303456b132a125973fa1', '{cus_Jc8lSyPmisxt81}', 1, 0, 19, '2026-11-28 08:53:31.424008+00', '2026-11-28 08:43:31.173176+00', NULL, NULL, NULL, NULL, '{"externalId":"in_1adkyAmZuOCYDU5RRFmIkxXr","entity":{"id":"109"},"currency":{"id":"1"},"tranDate":"2026-11-19","memo":"Stripe: in_1adkyAmZuOCYDU5RRFmIkxXr","item":{"items":[{"item":{"id":"1"},"quantity":1,"description":"3 x Premium support","rate":750.0,"amount":750.0},{"item":{"id":"1"},"quantity":1,"description":"1 x Analytics add-on","rate":79.0,"amount":79.0}]},"otherRefNum":"NW-000015","subsidiary":{"id":"1"}}', NULL, NULL, NULL, '2026-11-28 08:43:31.173176+00', '2026-11-28 08:43:31.424009+00', NULL, 2, NULL),
	(19, 'in_15j8fyevv2uzvvtsxkt9739a', 'invoice', 'in_15J8FyEvv2UzVVtSxKT9739a', 'in_15J8FyEvv2UzVVtSxKT9739a', 'cus_Vydj77RpTbK2AN', 'kwd', 220410, '2026-11-19', '2026-11-19', 'sent', false, '{"document":"invoice","external_id":"in_15J8FyEvv2UzVVtSxKT9739a","stripe_id":"in_15J8FyEvv2UzVVtSxKT9739a","customer_id":"cus_Vydj77RpTbK2AN","currency":"kwd","amount_minor":220410,"effective_date":"2026-11-19","partition":"2026-11-19","why":"Stripe invoice NW-000013 is paid and has no NetSuite invoice","body":{"externalId":"in_15J8FyEvv2UzVVtSxKT9739a","entity":{"$document":["customer","cus_Vydj77RpTbK2AN"]},"currency":{"$currency":"kwd"},"tranDate":"2026-11-19","memo":"Stripe: in_15J8FyEvv2UzVVtSxKT9739a","item":{"items":[{"item":{"$item":"Stripe Item"},"quantity":1,"description":"9 x Analytics add-on","rate":{"$minor":[220410,"kwd"]},"amount":{"$minor":[220410,"kwd"]}}]},"otherRefNum":"NW-000013","subsidiary":{"$subsidiary":"1"}},"depends_on":["cus_Vydj77RpTbK2AN"],"lines":[{"text":"9 x Analytics add-on","amount_minor":220410}]}', '50b5ea0b605a1d47a1b6cbcae2f4faa548e61fa123c4d37933822e393c43aec8', '{cus_Vydj77RpTbK2AN}', 1, 0, 20, '2026-11-28 08:53:31.440605+00', '2026-11-28 08:43:31.17317+00', NULL, NULL, NULL, NULL, '{"externalId":"in_15J8FyEvv2UzVVtSxKT9739a","entity":{"id":"104"},"currency":{"id":"9"},"tranDate":"2026-11-19","memo":"Stripe: in_15J8FyEvv2UzVVtSxKT9739a","item":{"items":[{"item":{"id":"1"},"quantity":1,"description":"9 x Analytics add-on","rate":220.41,"amount":220.41}]},"otherRefNum":"NW-000013","subsidiary":{"id":"1"}}', NULL, NULL, NULL, '2026-11-28 08:43:31.17317+00', '2026-11-28 08:43:31.440606+00', NULL, 2, NULL),
	(23, 'ch_3kuyp4vfst0zoalt4d9uj643', 'customerPayment', 'ch_3kuYp4Vfst0ZoaLT4D9uJ643', 'ch_3kuYp4Vfst0ZoaLT4D9uJ643', 'cus_2ZSL1U2F3u6Bb9', 'cad', 289548, '2026-11-18', '2026-11-18', 'intent', false, '{"document":"customerPayment","external_id":"ch_3kuYp4Vfst0ZoaLT4D9uJ643","stripe_id":"ch_3kuYp4Vfst0ZoaLT4D9uJ643","customer_id":"cus_2ZSL1U2F3u6Bb9","currency":"cad","amount_minor":289548,"effective_date":"2026-11-18","partition":"2026-11-18","why":"Stripe charge ch_3kuYp4Vfst0ZoaLT4D9uJ643 succeeded and has no NetSuite payment","body":{"externalId":"ch_3kuYp4Vfst0ZoaLT4D9uJ643","customer":{"$document":["customer","cus_2ZSL1U2F3u6Bb9"]},"currency":{"$currency":"cad"},"tranDate":"2026-11-18","payment":{"$minor":[289548,"cad"]},"autoApply":false,"memo":"Stripe: ch_3kuYp4Vfst0ZoaLT4D9uJ643","apply":{"items":[{"doc":{"$document":["invoice","in_1R4EFNv9k8DNDhQbdula3NWw"]},"apply":true,"amount":{"$minor":[289548,"cad"]}}]}},"depends_on":["cus_2ZSL1U2F3u6Bb9","in_1R4EFNv9k8DNDhQbdula3NWw"],"lines":[{"text":"applied to in_1R4EFNv9k8DNDhQbdula3NWw","amount_minor":289548}]}', 'aa19a7b24a6e91f105d619c2df97fb4643dc93ae476c46a9289c5298fddb4130', '{cus_2ZSL1U2F3u6Bb9,in_1R4EFNv9k8DNDhQbdula3NWw}', 0, 0, NULL, NULL, '2026-11-28 08:43:31.173212+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-11-28 08:43:31.173212+00', NULL, NULL, 2, NULL),
	(24, 'ch_3b15xm0qmnkdaabzhgmmj9u6', 'customerPayment', 'ch_3b15Xm0QMNkDAabzhgmmJ9U6', 'ch_3b15Xm0QMNkDAabzhgmmJ9U6', 'cus_Vydj77RpTbK2AN', 'kwd', 220410, '2026-11-19', '2026-11-19', 'intent', false, '{"document":"customerPayment","external_id":"ch_3b15Xm0QMNkDAabzhgmmJ9U6","stripe_id":"ch_3b15Xm0QMNkDAabzhgmmJ9U6","customer_id":"cus_Vydj77RpTbK2AN","currency":"kwd","amount_minor":220410,"effective_date":"2026-11-19","partition":"2026-11-19","why":"Stripe charge ch_3b15Xm0QMNkDAabzhgmmJ9U6 succeeded and has no NetSuite payment","body":{"externalId":"ch_3b15Xm0QMNkDAabzhgmmJ9U6","customer":{"$document":["customer","cus_Vydj77RpTbK2AN"]},"currency":{"$currency":"kwd"},"tranDate":"2026-11-19","payment":{"$minor":[220410,"kwd"]},"autoApply":false,"memo":"Stripe: ch_3b15Xm0QMNkDAabzhgmmJ9U6","apply":{"items":[{"doc":{"$document":["invoice","in_15J8FyEvv2UzVVtSxKT9739a"]},"apply":true,"amount":{"$minor":[220410,"kwd"]}}]}},"depends_on":["cus_Vydj77RpTbK2AN","in_15J8FyEvv2UzVVtSxKT9739a"],"lines":[{"text":"applied to in_15J8FyEvv2UzVVtSxKT9739a","amount_minor":220410}]}', '7bdfa35d7f871743e8ab80a9fdf5e3e90b1e9c044473764261ac08c920e0d32a', '{cus_Vydj77RpTbK2AN,in_15J8FyEvv2UzVVtSxKT9739a}', 0, 0, NULL, NULL, '2026-11-28 08:43:31.173221+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-11-28 08:43:31.173221+00', NULL, NULL, 2, NULL),
	(22, 'in_1wow46pvwptofpa36kwobd5g', 'invoice', 'in_1woW46pvwpTOfPA36kwOBd5g', 'in_1woW46pvwpTOfPA36kwOBd5g', 'cus_Unwb0zqbSwFSDH', 'jpy', 281550, '2026-11-19', '2026-11-19', 'sent', false, '{"document":"invoice","external_id":"in_1woW46pvwpTOfPA36kwOBd5g","stripe_id":"in_1woW46pvwpTOfPA36kwOBd5g","customer_id":"cus_Unwb0zqbSwFSDH","currency":"jpy","amount_minor":281550,"effective_date":"2026-11-19","partition":"2026-11-19","why":"Stripe invoice NW-000014 is open and has no NetSuite invoice","body":{"externalId":"in_1woW46pvwpTOfPA36kwOBd5g","entity":{"$document":["customer","cus_Unwb0zqbSwFSDH"]},"currency":{"$currency":"jpy"},"tranDate":"2026-11-19","memo":"Stripe: in_1woW46pvwpTOfPA36kwOBd5g","item":{"items":[{"item":{"$item":"Stripe Item"},"quantity":1,"description":"2 x Scale plan","rate":{"$minor":[269700,"jpy"]},"amount":{"$minor":[269700,"jpy"]}},{"item":{"$item":"Stripe Item"},"quantity":1,"description":"1 x Analytics add-on","rate":{"$minor":[11850,"jpy"]},"amount":{"$minor":[11850,"jpy"]}}]},"otherRefNum":"NW-000014","subsidiary":{"$subsidiary":"1"}},"depends_on":["cus_Unwb0zqbSwFSDH"],"lines":[{"text":"2 x Scale plan","amount_minor":269700},{"text":"1 x Analytics add-on","amount_minor":11850}]}', '0d831bf151c0960df41614c82194b7553968a52c7b468993a461b248ac3fcf7c', '{cus_Unwb0zqbSwFSDH}', 1, 0, 22, '2026-11-28 08:53:35.439176+00', '2026-11-28 08:43:31.173206+00', NULL, NULL, NULL, NULL, '{"externalId":"in_1woW46pvwpTOfPA36kwOBd5g","entity":{"id":"107"},"currency":{"id":"7"},"tranDate":"2026-11-19","memo":"Stripe: in_1woW46pvwpTOfPA36kwOBd5g","item":{"items":[{"item":{"id":"1"},"quantity":1,"description":"2 x Scale plan","rate":269700.0,"amount":269700.0},{"item":{"id":"1"},"quantity":1,"description":"1 x Analytics add-on","rate":11850.0,"amount":11850.0}]},"otherRefNum":"NW-000014","subsidiary":{"id":"1"}}', NULL, NULL, NULL, '2026-11-28 08:43:31.173206+00', '2026-11-28 08:43:35.439176+00', NULL, 2, NULL),
	(12, 'cus_ptdibwtzi9bl7f', 'customer', 'cus_PtdIBWTZI9Bl7F', 'cus_PtdIBWTZI9Bl7F', 'cus_PtdIBWTZI9Bl7F', 'usd', 0, '2026-09-18', '2026-09-18', 'done', false, '{"document":"customer","external_id":"cus_PtdIBWTZI9Bl7F","stripe_id":"cus_PtdIBWTZI9Bl7F","customer_id":"cus_PtdIBWTZI9Bl7F","currency":"usd","amount_minor":0,"effective_date":"2026-09-18","partition":"2026-09-18","why":"Cedarstead Mills is a Stripe customer with documents to write and has no NetSuite customer","body":{"externalId":"cus_PtdIBWTZI9Bl7F","isPerson":false,"companyName":"Cedarstead Mills","currency":{"$currency":"usd"},"comments":"Stripe: cus_PtdIBWTZI9Bl7F","email":"accounts@cedarstead-mills.example.com","subsidiary":{"$subsidiary":"1"}},"depends_on":[],"lines":[]}', 'b22c9a78d5a7af376c380f043a294a7abb57b0e0b95cad6402eeb4a644614b1b', '{}', 1, 0, NULL, NULL, '2026-11-28 08:43:31.27579+00', 106, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-11-28 08:43:31.173019+00', '2026-11-28 08:43:31.231022+00', '2026-11-28 08:43:31.27579+00', 2, NULL),
	(14, 'in_1gzdgc3lyzhosd3kzvxnh2zv', 'invoice', 'in_1GzDGC3LYzHOsd3KZVXnh2zv', 'in_1GzDGC3LYzHOsd3KZVXnh2zv', 'cus_Unwb0zqbSwFSDH', 'jpy', 276600, '2026-11-17', '2026-11-17', 'unknown', false, '{"document":"invoice","external_id":"in_1GzDGC3LYzHOsd3KZVXnh2zv","stripe_id":"in_1GzDGC3LYzHOsd3KZVXnh2zv","customer_id":"cus_Unwb0zqbSwFSDH","currency":"jpy","amount_minor":276600,"effective_date":"2026-11-17","partition":"2026-11-17","why":"Stripe invoice NW-000005 is open and has no NetSuite invoice","body":{"externalId":"in_1GzDGC3LYzHOsd3KZVXnh2zv","entity":{"$document":["customer","cus_Unwb0zqbSwFSDH"]},"currency":{"$currency":"jpy"},"tranDate":"2026-11-17","memo":"Stripe: in_1GzDGC3LYzHOsd3KZVXnh2zv","item":{"items":[{"item":{"$item":"Stripe Item"},"quantity":1,"description":"2 x Sensor kit","rate":{"$minor":[102000,"jpy"]},"amount":{"$minor":[102000,"jpy"]}},{"item":{"$item":"Stripe Discount"},"quantity":1,"description":"Discount: 2 x Sensor kit","rate":{"$minor":[-20400,"jpy"]},"amount":{"$minor":[-20400,"jpy"]}},{"item":{"$item":"Stripe Item"},"quantity":1,"description":"5 x Field report","rate":{"$minor":[63750,"jpy"]},"amount":{"$minor":[63750,"jpy"]}},{"item":{"$item":"Stripe Discount"},"quantity":1,"description":"Discount: 5 x Field report","rate":{"$minor":[-12750,"jpy"]},"amount":{"$minor":[-12750,"jpy"]}},{"item":{"$item":"Stripe Item"},"quantity":1,"description":"1 x Training day","rate":{"$minor":[180000,"jpy"]},"amount":{"$minor":[180000,"jpy"]}},{"item":{"$item":"Stripe Discount"},"quantity":1,"description":"Discount: 1 x Training day","rate":{"$minor":[-36000,"jpy"]},"amount":{"$minor":[-36000,"jpy"]}}]},"dueDate":"2026-12-17","otherRefNum":"NW-000005","subsidiary":{"$subsidiary":"1"}},"depends_on":["cus_Unwb0zqbSwFSDH"],"lines":[{"text":"2 x Sensor kit","amount_minor":102000},{"text":"Discount: 2 x Sensor kit","amount_minor":-20400},{"text":"5 x Field report","amount_minor":63750},{"text":"Discount: 5 x Field report","amount_minor":-12750},{"text":"1 x Training day","amount_minor":180000},{"text":"Discount: 1 x Training day","amount_minor":-36000}]}', '2c159516296b5ec0cdfe29704971db3aad6d36108a76c3fcff19e4c2f171cd6f', '{cus_Unwb0zqbSwFSDH}', 1, 0, NULL, NULL, '2026-11-28 09:43:35.427284+00', NULL, 'OUTCOME_UNKNOWN', 'NetSuite was asked to create invoice in_1GzDGC3LYzHOsd3KZVXnh2zv, and whether it did is unknown: the connection broke before the answer was complete', NULL, '{"externalId":"in_1GzDGC3LYzHOsd3KZVXnh2zv","entity":{"id":"107"},"currency":{"id":"7"},"tranDate":"2026-11-17","memo":"Stripe: in_1GzDGC3LYzHOsd3KZVXnh2zv","item":{"items":[{"item":{"id":"1"},"quantity":1,"description":"2 x Sensor kit","rate":102000.0,"amount":102000.0},{"item":{"id":"2"},"quantity":1,"description":"Discount: 2 x Sensor kit","rate":-20400.0,"amount":-20400.0},{"item":{"id":"1"},"quantity":1,"description":"5 x Field report","rate":63750.0,"amount":63750.0},{"item":{"id":"2"},"quantity":1,"description":"Discount: 5 x Field report","rate":-12750.0,"amount":-12750.0},{"item":{"id":"1"},"quantity":1,"description":"1 x Training day","rate":180000.0,"amount":180000.0},{"item":{"id":"2"},"quantity":1,"description":"Discount: 1 x Training day","rate":-36000.0,"amount":-36000.0}]},"dueDate":"2026-12-17","otherRefNum":"NW-000005","subsidiary":{"id":"1"}}', NULL, NULL, NULL, '2026-11-28 08:43:31.173031+00', '2026-11-28 08:43:31.413709+00', '2026-11-28 08:43:35.427285+00', 2, NULL),
	(15, 'in_17zhntqmogns5cffhr6lpynm', 'invoice', 'in_17zHNTqmOgNS5CfFHR6LPynM', 'in_17zHNTqmOgNS5CfFHR6LPynM', 'cus_ydiAueKHHdTjcV', 'usd', 796000, '2026-11-18', '2026-11-18', 'done', false, '{"document":"invoice","external_id":"in_17zHNTqmOgNS5CfFHR6LPynM","stripe_id":"in_17zHNTqmOgNS5CfFHR6LPynM","customer_id":"cus_ydiAueKHHdTjcV","currency":"usd","amount_minor":796000,"effective_date":"2026-11-18","partition":"2026-11-18","why":"Stripe invoice NW-000011 is open and has no NetSuite invoice","body":{"externalId":"in_17zHNTqmOgNS5CfFHR6LPynM","entity":{"$document":["customer","cus_ydiAueKHHdTjcV"]},"currency":{"$currency":"usd"},"tranDate":"2026-11-18","memo":"Stripe: in_17zHNTqmOgNS5CfFHR6LPynM","item":{"items":[{"item":{"$item":"Stripe Item"},"quantity":1,"description":"2 x Onboarding package","rate":{"$minor":[300000,"usd"]},"amount":{"$minor":[300000,"usd"]}},{"item":{"$item":"Stripe Item"},"quantity":1,"description":"4 x Sensor kit","rate":{"$minor":[136000,"usd"]},"amount":{"$minor":[136000,"usd"]}},{"item":{"$item":"Stripe Item"},"quantity":1,"description":"3 x Training day","rate":{"$minor":[360000,"usd"]},"amount":{"$minor":[360000,"usd"]}}]},"dueDate":"2026-12-18","otherRefNum":"NW-000011","subsidiary":{"$subsidiary":"1"}},"depends_on":["cus_ydiAueKHHdTjcV"],"lines":[{"text":"2 x Onboarding package","amount_minor":300000},{"text":"4 x Sensor kit","amount_minor":136000},{"text":"3 x Training day","amount_minor":360000}]}', 'f213e105f54fcf204563d81c3aeca0596f5c0d9c22f47a78ba2d61e1d5936d5b', '{cus_ydiAueKHHdTjcV}', 1, 0, NULL, NULL, '2026-11-28 08:43:35.440375+00', 1008, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-11-28 08:43:31.1731+00', '2026-11-28 08:43:31.417816+00', '2026-11-28 08:43:35.440375+00', 2, NULL),
	(9, 'cus_ydiauekhhdtjcv', 'customer', 'cus_ydiAueKHHdTjcV', 'cus_ydiAueKHHdTjcV', 'cus_ydiAueKHHdTjcV', 'usd', 0, '2024-10-14', '2024-10-15', 'done', false, '{"document":"customer","external_id":"cus_ydiAueKHHdTjcV","stripe_id":"cus_ydiAueKHHdTjcV","customer_id":"cus_ydiAueKHHdTjcV","currency":"usd","amount_minor":0,"effective_date":"2024-10-14","partition":"2024-10-15","why":"Reedgate Textiles is a Stripe customer with documents to write and has no NetSuite customer","body":{"externalId":"cus_ydiAueKHHdTjcV","isPerson":false,"companyName":"Reedgate Textiles","currency":{"$currency":"usd"},"comments":"Stripe: cus_ydiAueKHHdTjcV","email":"accounts@reedgate-textiles.example.com","subsidiary":{"$subsidiary":"1"}},"depends_on":[],"lines":[]}', '4f21576caeb8257344bbb43678da5e627b5f6e6dc48a66f56ed09f466edb74fe', '{}', 1, 0, NULL, NULL, '2026-11-28 08:43:31.273392+00', 105, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-11-28 08:43:31.172874+00', '2026-11-28 08:43:31.231431+00', '2026-11-28 08:43:31.273393+00', 2, NULL),
	(10, 'cus_2zsl1u2f3u6bb9', 'customer', 'cus_2ZSL1U2F3u6Bb9', 'cus_2ZSL1U2F3u6Bb9', 'cus_2ZSL1U2F3u6Bb9', 'cad', 0, '2025-05-17', '2025-05-17', 'done', false, '{"document":"customer","external_id":"cus_2ZSL1U2F3u6Bb9","stripe_id":"cus_2ZSL1U2F3u6Bb9","customer_id":"cus_2ZSL1U2F3u6Bb9","currency":"cad","amount_minor":0,"effective_date":"2025-05-17","partition":"2025-05-17","why":"Fernford Logistics is a Stripe customer with documents to write and has no NetSuite customer","body":{"externalId":"cus_2ZSL1U2F3u6Bb9","isPerson":false,"companyName":"Fernford Logistics","currency":{"$currency":"cad"},"comments":"Stripe: cus_2ZSL1U2F3u6Bb9","email":"accounts@fernford-logistics.example.com","subsidiary":{"$subsidiary":"1"}},"depends_on":[],"lines":[]}', '9b98d4288cad6a21f8fe037fefe495874c9d9d564fdaa3505e856b2b7059e840', '{}', 1, 0, NULL, NULL, '2026-11-28 08:43:31.284958+00', 108, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-11-28 08:43:31.172993+00', '2026-11-28 08:43:31.240778+00', '2026-11-28 08:43:31.284958+00', 2, NULL),
	(11, 'cus_unwb0zqbswfsdh', 'customer', 'cus_Unwb0zqbSwFSDH', 'cus_Unwb0zqbSwFSDH', 'cus_Unwb0zqbSwFSDH', 'jpy', 0, '2026-06-13', '2026-06-13', 'done', false, '{"document":"customer","external_id":"cus_Unwb0zqbSwFSDH","stripe_id":"cus_Unwb0zqbSwFSDH","customer_id":"cus_Unwb0zqbSwFSDH","currency":"jpy","amount_minor":0,"effective_date":"2026-06-13","partition":"2026-06-13","why":"Gladepoint Foods is a Stripe customer with documents to write and has no NetSuite customer","body":{"externalId":"cus_Unwb0zqbSwFSDH","isPerson":false,"companyName":"Gladepoint Foods","currency":{"$currency":"jpy"},"comments":"Stripe: cus_Unwb0zqbSwFSDH","email":"accounts@gladepoint-foods.example.com","subsidiary":{"$subsidiary":"1"}},"depends_on":[],"lines":[]}', '989628c57b467e42b453bbc75af773a011512084b33ef5817215b779af9d51d9', '{}', 1, 0, NULL, NULL, '2026-11-28 08:43:31.282162+00', 107, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-11-28 08:43:31.17301+00', '2026-11-28 08:43:31.240763+00', '2026-11-28 08:43:31.282163+00', 2, NULL),
	(16, 'in_1mav9bx76postayhg2f1qs7f', 'invoice', 'in_1MaV9bx76pOSTayhG2f1qS7F', 'in_1MaV9bx76pOSTayhG2f1qS7F', 'cus_PtdIBWTZI9Bl7F', 'usd', 257900, '2026-11-18', '2026-11-18', 'unknown', false, '{"document":"invoice","external_id":"in_1MaV9bx76pOSTayhG2f1qS7F","stripe_id":"in_1MaV9bx76pOSTayhG2f1qS7F","customer_id":"cus_PtdIBWTZI9Bl7F","currency":"usd","amount_minor":257900,"effective_date":"2026-11-18","partition":"2026-11-18","why":"Stripe invoice NW-000008 is open and has no NetSuite invoice","body":{"externalId":"in_1MaV9bx76pOSTayhG2f1qS7F","entity":{"$document":["customer","cus_PtdIBWTZI9Bl7F"]},"currency":{"$currency":"usd"},"tranDate":"2026-11-18","memo":"Stripe: in_1MaV9bx76pOSTayhG2f1qS7F","item":{"items":[{"item":{"$item":"Stripe Item"},"quantity":1,"description":"10 x Premium support","rate":{"$minor":[250000,"usd"]},"amount":{"$minor":[250000,"usd"]}},{"item":{"$item":"Stripe Item"},"quantity":1,"description":"1 x Analytics add-on","rate":{"$minor":[7900,"usd"]},"amount":{"$minor":[7900,"usd"]}}]},"dueDate":"2026-12-18","otherRefNum":"NW-000008","subsidiary":{"$subsidiary":"1"}},"depends_on":["cus_PtdIBWTZI9Bl7F"],"lines":[{"text":"10 x Premium support","amount_minor":250000},{"text":"1 x Analytics add-on","amount_minor":7900}]}', '92164c7b398283ae7b594071f8871464dd409da83c8038021e88aa9c63ef7297', '{cus_PtdIBWTZI9Bl7F}', 1, 0, NULL, NULL, '2026-11-28 09:43:35.435896+00', NULL, 'OUTCOME_UNKNOWN', 'NetSuite was asked to create invoice in_1MaV9bx76pOSTayhG2f1qS7F, and whether it did is unknown: the connection broke before the answer was complete', NULL, '{"externalId":"in_1MaV9bx76pOSTayhG2f1qS7F","entity":{"id":"106"},"currency":{"id":"1"},"tranDate":"2026-11-18","memo":"Stripe: in_1MaV9bx76pOSTayhG2f1qS7F","item":{"items":[{"item":{"id":"1"},"quantity":1,"description":"10 x Premium support","rate":2500.0,"amount":2500.0},{"item":{"id":"1"},"quantity":1,"description":"1 x Analytics add-on","rate":79.0,"amount":79.0}]},"dueDate":"2026-12-18","otherRefNum":"NW-000008","subsidiary":{"id":"1"}}', NULL, NULL, NULL, '2026-11-28 08:43:31.173148+00', '2026-11-28 08:43:31.417445+00', '2026-11-28 08:43:35.435896+00', 2, NULL),
	(13, 'cus_jc8lsypmisxt81', 'customer', 'cus_Jc8lSyPmisxt81', 'cus_Jc8lSyPmisxt81', 'cus_Jc8lSyPmisxt81', 'usd', 0, '2026-11-19', '2026-11-19', 'done', false, '{"document":"customer","external_id":"cus_Jc8lSyPmisxt81","stripe_id":"cus_Jc8lSyPmisxt81","customer_id":"cus_Jc8lSyPmisxt81","currency":"usd","amount_minor":0,"effective_date":"2026-11-19","partition":"2026-11-19","why":"Lindenpoint Instruments is a Stripe customer with documents to write and has no NetSuite customer","body":{"externalId":"cus_Jc8lSyPmisxt81","isPerson":false,"companyName":"Lindenpoint Instruments","currency":{"$currency":"usd"},"comments":"Stripe: cus_Jc8lSyPmisxt81","email":"accounts@lindenpoint-instruments.example.com","subsidiary":{"$subsidiary":"1"}},"depends_on":[],"lines":[]}', '9ee0a33d0abfce5146a5c5fb2a45e211deae9699e50d6590a58ff08f844526ab', '{}', 1, 0, NULL, NULL, '2026-11-28 08:43:31.365546+00', 109, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-11-28 08:43:31.173025+00', '2026-11-28 08:43:31.24129+00', '2026-11-28 08:43:31.365547+00', 2, NULL),
	(17, 'in_1r4efnv9k8dndhqbdula3nww', 'invoice', 'in_1R4EFNv9k8DNDhQbdula3NWw', 'in_1R4EFNv9k8DNDhQbdula3NWw', 'cus_2ZSL1U2F3u6Bb9', 'cad', 289548, '2026-11-18', '2026-11-18', 'unknown', false, '{"document":"invoice","external_id":"in_1R4EFNv9k8DNDhQbdula3NWw","stripe_id":"in_1R4EFNv9k8DNDhQbdula3NWw","customer_id":"cus_2ZSL1U2F3u6Bb9","currency":"cad","amount_minor":289548,"effective_date":"2026-11-18","partition":"2026-11-18","why":"Stripe invoice NW-000010 is paid and has no NetSuite invoice","body":{"externalId":"in_1R4EFNv9k8DNDhQbdula3NWw","entity":{"$document":["customer","cus_2ZSL1U2F3u6Bb9"]},"currency":{"$currency":"cad"},"tranDate":"2026-11-18","memo":"Stripe: in_1R4EFNv9k8DNDhQbdula3NWw","item":{"items":[{"item":{"$item":"Stripe Item"},"quantity":1,"description":"1 x Onboarding package","rate":{"$minor":[202500,"cad"]},"amount":{"$minor":[202500,"cad"]}},{"item":{"$item":"Stripe Item"},"quantity":1,"description":"1 x Sensor kit","rate":{"$minor":[45900,"cad"]},"amount":{"$minor":[45900,"cad"]}},{"item":{"$item":"Stripe Item"},"quantity":1,"description":"3 x Data export","rate":{"$minor":[10125,"cad"]},"amount":{"$minor":[10125,"cad"]}},{"item":{"$item":"Stripe Tax"},"quantity":1,"description":"Tax","rate":{"$minor":[31023,"cad"]},"amount":{"$minor":[31023,"cad"]}}]},"otherRefNum":"NW-000010","subsidiary":{"$subsidiary":"1"}},"depends_on":["cus_2ZSL1U2F3u6Bb9"],"lines":[{"text":"1 x Onboarding package","amount_minor":202500},{"text":"1 x Sensor kit","amount_minor":45900},{"text":"3 x Data export","amount_minor":10125},{"text":"Tax","amount_minor":31023}]}', '9a223f042265483e371d9b5931fddb458ea3a66c4029f142cb28ade0855afff6', '{cus_2ZSL1U2F3u6Bb9}', 1, 0, NULL, NULL, '2026-11-28 09:43:35.408692+00', NULL, 'OUTCOME_UNKNOWN', 'NetSuite was asked to create invoice in_1R4EFNv9k8DNDhQbdula3NWw, and whether it did is unknown: the connection broke before the answer was complete', NULL, '{"externalId":"in_1R4EFNv9k8DNDhQbdula3NWw","entity":{"id":"108"},"currency":{"id":"3"},"tranDate":"2026-11-18","memo":"Stripe: in_1R4EFNv9k8DNDhQbdula3NWw","item":{"items":[{"item":{"id":"1"},"quantity":1,"description":"1 x Onboarding package","rate":2025.0,"amount":2025.0},{"item":{"id":"1"},"quantity":1,"description":"1 x Sensor kit","rate":459.0,"amount":459.0},{"item":{"id":"1"},"quantity":1,"description":"3 x Data export","rate":101.25,"amount":101.25},{"item":{"id":"3"},"quantity":1,"description":"Tax","rate":310.23,"amount":310.23}]},"otherRefNum":"NW-000010","subsidiary":{"id":"1"}}', NULL, NULL, NULL, '2026-11-28 08:43:31.173157+00', '2026-11-28 08:43:31.401094+00', '2026-11-28 08:43:35.408693+00', 2, NULL),
	(21, 'in_1vxkckam04xziyrhdhvwbafc', 'invoice', 'in_1vxKCKAM04XZIyRhDhvwbafC', 'in_1vxKCKAM04XZIyRhDhvwbafC', 'cus_ydiAueKHHdTjcV', 'usd', 38127, '2026-11-19', '2026-11-19', 'sent', false, '{"document":"invoice","external_id":"in_1vxKCKAM04XZIyRhDhvwbafC","stripe_id":"in_1vxKCKAM04XZIyRhDhvwbafC","customer_id":"cus_ydiAueKHHdTjcV","currency":"usd","amount_minor":38127,"effective_date":"2026-11-19","partition":"2026-11-19","why":"Stripe invoice NW-000012 is open and has no NetSuite invoice","body":{"externalId":"in_1vxKCKAM04XZIyRhDhvwbafC","entity":{"$document":["customer","cus_ydiAueKHHdTjcV"]},"currency":{"$currency":"usd"},"tranDate":"2026-11-19","memo":"Stripe: in_1vxKCKAM04XZIyRhDhvwbafC","item":{"items":[{"item":{"$item":"Stripe Item"},"quantity":1,"description":"6 x Analytics add-on","rate":{"$minor":[47400,"usd"]},"amount":{"$minor":[47400,"usd"]}},{"item":{"$item":"Stripe Discount"},"quantity":1,"description":"Discount: 6 x Analytics add-on","rate":{"$minor":[-11850,"usd"]},"amount":{"$minor":[-11850,"usd"]}},{"item":{"$item":"Stripe Tax"},"quantity":1,"description":"Tax","rate":{"$minor":[2577,"usd"]},"amount":{"$minor":[2577,"usd"]}}]},"dueDate":"2026-12-19","otherRefNum":"NW-000012","subsidiary":{"$subsidiary":"1"}},"depends_on":["cus_ydiAueKHHdTjcV"],"lines":[{"text":"6 x Analytics add-on","amount_minor":47400},{"text":"Discount: 6 x Analytics add-on","amount_minor":-11850},{"text":"Tax","amount_minor":2577}]}', '1b63e9d1cc50e463bd7d51a6c00652a33cb6ab6177ffee009075cb3aeac8a182', '{cus_ydiAueKHHdTjcV}', 1, 0, 21, '2026-11-28 08:53:35.418457+00', '2026-11-28 08:43:31.173183+00', NULL, NULL, NULL, NULL, '{"externalId":"in_1vxKCKAM04XZIyRhDhvwbafC","entity":{"id":"105"},"currency":{"id":"1"},"tranDate":"2026-11-19","memo":"Stripe: in_1vxKCKAM04XZIyRhDhvwbafC","item":{"items":[{"item":{"id":"1"},"quantity":1,"description":"6 x Analytics add-on","rate":474.0,"amount":474.0},{"item":{"id":"2"},"quantity":1,"description":"Discount: 6 x Analytics add-on","rate":-118.5,"amount":-118.5},{"item":{"id":"3"},"quantity":1,"description":"Tax","rate":25.77,"amount":25.77}]},"dueDate":"2026-12-19","otherRefNum":"NW-000012","subsidiary":{"id":"1"}}', NULL, NULL, NULL, '2026-11-28 08:43:31.173183+00', '2026-11-28 08:43:35.418457+00', NULL, 2, NULL),
	(18, 'in_1reqchqoqrzgnfxfwhmvyc0r', 'invoice', 'in_1REqChqOqRZgnFXfwhMVYc0R', 'in_1REqChqOqRZgnFXfwhMVYc0R', 'cus_PtdIBWTZI9Bl7F', 'usd', 94800, '2026-11-18', '2026-11-18', 'done', false, '{"document":"invoice","external_id":"in_1REqChqOqRZgnFXfwhMVYc0R","stripe_id":"in_1REqChqOqRZgnFXfwhMVYc0R","customer_id":"cus_PtdIBWTZI9Bl7F","currency":"usd","amount_minor":94800,"effective_date":"2026-11-18","partition":"2026-11-18","why":"Stripe invoice NW-000009 is open and has no NetSuite invoice","body":{"externalId":"in_1REqChqOqRZgnFXfwhMVYc0R","entity":{"$document":["customer","cus_PtdIBWTZI9Bl7F"]},"currency":{"$currency":"usd"},"tranDate":"2026-11-18","memo":"Stripe: in_1REqChqOqRZgnFXfwhMVYc0R","item":{"items":[{"item":{"$item":"Stripe Item"},"quantity":1,"description":"12 x Analytics add-on","rate":{"$minor":[94800,"usd"]},"amount":{"$minor":[94800,"usd"]}}]},"dueDate":"2026-12-18","otherRefNum":"NW-000009","subsidiary":{"$subsidiary":"1"}},"depends_on":["cus_PtdIBWTZI9Bl7F"],"lines":[{"text":"12 x Analytics add-on","amount_minor":94800}]}', '74431e806d9b52e21e9c3f6bd4c2a674f7e4dd20b9e107b44676780d33c1c59f', '{cus_PtdIBWTZI9Bl7F}', 1, 0, NULL, NULL, '2026-11-28 08:43:35.440449+00', 1007, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-11-28 08:43:31.173163+00', '2026-11-28 08:43:31.418163+00', '2026-11-28 08:43:35.44045+00', 2, NULL);
INSERT INTO o2c.journal_attempts VALUES
	(4, 1, '2026-11-28 08:42:55.463635+00', '2026-11-28 08:42:55.507774+00', 'done', NULL, NULL, 'NetSuite 103'),
	(2, 1, '2026-11-28 08:42:55.460122+00', '2026-11-28 08:42:55.509163+00', 'done', NULL, NULL, 'NetSuite 102'),
	(1, 1, '2026-11-28 08:42:55.455943+00', '2026-11-28 08:42:55.509814+00', 'done', NULL, NULL, 'NetSuite 101'),
	(3, 1, '2026-11-28 08:42:55.494328+00', '2026-11-28 08:42:55.520891+00', 'done', NULL, NULL, 'NetSuite 104'),
	(5, 1, '2026-11-28 08:42:55.532936+00', '2026-11-28 08:42:55.548859+00', 'done', NULL, NULL, 'NetSuite 1001'),
	(7, 1, '2026-11-28 08:42:55.538932+00', '2026-11-28 08:42:55.550458+00', 'done', NULL, NULL, 'NetSuite 1002'),
	(6, 1, '2026-11-28 08:42:55.541828+00', '2026-11-28 08:42:55.564041+00', 'done', NULL, NULL, 'NetSuite 1003'),
	(8, 1, '2026-11-28 08:42:55.541408+00', '2026-11-28 08:42:55.566092+00', 'done', NULL, NULL, 'NetSuite 1004'),
	(9, 1, '2026-11-28 08:43:31.231431+00', '2026-11-28 08:43:31.273393+00', 'done', NULL, NULL, 'NetSuite 105'),
	(12, 1, '2026-11-28 08:43:31.231022+00', '2026-11-28 08:43:31.27579+00', 'done', NULL, NULL, 'NetSuite 106'),
	(11, 1, '2026-11-28 08:43:31.240763+00', '2026-11-28 08:43:31.282163+00', 'done', NULL, NULL, 'NetSuite 107'),
	(10, 1, '2026-11-28 08:43:31.240778+00', '2026-11-28 08:43:31.284958+00', 'done', NULL, NULL, 'NetSuite 108'),
	(13, 1, '2026-11-28 08:43:31.24129+00', '2026-11-28 08:43:31.365547+00', 'done', NULL, NULL, 'NetSuite 109'),
	(17, 1, '2026-11-28 08:43:31.401094+00', '2026-11-28 08:43:35.408693+00', 'unknown', NULL, 'OUTCOME_UNKNOWN', 'NetSuite was asked to create invoice in_1R4EFNv9k8DNDhQbdula3NWw, and whether it did is unknown: the connection broke before the answer was complete'),
	(14, 1, '2026-11-28 08:43:31.413709+00', '2026-11-28 08:43:35.427285+00', 'unknown', NULL, 'OUTCOME_UNKNOWN', 'NetSuite was asked to create invoice in_1GzDGC3LYzHOsd3KZVXnh2zv, and whether it did is unknown: the connection broke before the answer was complete'),
	(16, 1, '2026-11-28 08:43:31.417445+00', '2026-11-28 08:43:35.435896+00', 'unknown', NULL, 'OUTCOME_UNKNOWN', 'NetSuite was asked to create invoice in_1MaV9bx76pOSTayhG2f1qS7F, and whether it did is unknown: the connection broke before the answer was complete'),
	(15, 1, '2026-11-28 08:43:31.417816+00', '2026-11-28 08:43:35.440375+00', 'done', NULL, NULL, 'NetSuite 1008'),
	(18, 1, '2026-11-28 08:43:31.418163+00', '2026-11-28 08:43:35.44045+00', 'done', NULL, NULL, 'NetSuite 1007');
INSERT INTO o2c.journal_history VALUES
	(1, '2026-11-28 08:42:55.371795+00', 'intent', 'planned'),
	(2, '2026-11-28 08:42:55.371978+00', 'intent', 'planned'),
	(3, '2026-11-28 08:42:55.371981+00', 'intent', 'planned'),
	(4, '2026-11-28 08:42:55.371982+00', 'intent', 'planned'),
	(5, '2026-11-28 08:42:55.371983+00', 'intent', 'planned'),
	(6, '2026-11-28 08:42:55.371984+00', 'intent', 'planned'),
	(7, '2026-11-28 08:42:55.371985+00', 'intent', 'planned'),
	(8, '2026-11-28 08:42:55.371986+00', 'intent', 'planned'),
	(2, '2026-11-28 08:42:55.44659+00', 'sent', 'request about to leave'),
	(4, '2026-11-28 08:42:55.446987+00', 'sent', 'request about to leave'),
	(1, '2026-11-28 08:42:55.451675+00', 'sent', 'request about to leave'),
	(3, '2026-11-28 08:42:55.469266+00', 'sent', 'request about to leave'),
	(4, '2026-11-28 08:42:55.508967+00', 'done', 'NetSuite 103'),
	(2, '2026-11-28 08:42:55.510277+00', 'done', 'NetSuite 102'),
	(1, '2026-11-28 08:42:55.510468+00', 'done', 'NetSuite 101'),
	(3, '2026-11-28 08:42:55.521507+00', 'done', 'NetSuite 104'),
	(5, '2026-11-28 08:42:55.530865+00', 'sent', 'request about to leave'),
	(7, '2026-11-28 08:42:55.532704+00', 'sent', 'request about to leave'),
	(6, '2026-11-28 08:42:55.53288+00', 'sent', 'request about to leave'),
	(8, '2026-11-28 08:42:55.535592+00', 'sent', 'request about to leave'),
	(5, '2026-11-28 08:42:55.550105+00', 'done', 'NetSuite 1001'),
	(7, '2026-11-28 08:42:55.551218+00', 'done', 'NetSuite 1002'),
	(6, '2026-11-28 08:42:55.564918+00', 'done', 'NetSuite 1003'),
	(8, '2026-11-28 08:42:55.566956+00', 'done', 'NetSuite 1004'),
	(9, '2026-11-28 08:43:31.173625+00', 'intent', 'planned'),
	(10, '2026-11-28 08:43:31.17367+00', 'intent', 'planned'),
	(11, '2026-11-28 08:43:31.173673+00', 'intent', 'planned'),
	(12, '2026-11-28 08:43:31.173674+00', 'intent', 'planned'),
	(13, '2026-11-28 08:43:31.173675+00', 'intent', 'planned'),
	(14, '2026-11-28 08:43:31.173676+00', 'intent', 'planned'),
	(15, '2026-11-28 08:43:31.17368+00', 'intent', 'planned'),
	(16, '2026-11-28 08:43:31.173681+00', 'intent', 'planned'),
	(17, '2026-11-28 08:43:31.173682+00', 'intent', 'planned'),
	(18, '2026-11-28 08:43:31.173683+00', 'intent', 'planned'),
	(19, '2026-11-28 08:43:31.173684+00', 'intent', 'planned'),
	(20, '2026-11-28 08:43:31.173685+00', 'intent', 'planned'),
	(21, '2026-11-28 08:43:31.173685+00', 'intent', 'planned'),
	(22, '2026-11-28 08:43:31.173686+00', 'intent', 'planned'),
	(23, '2026-11-28 08:43:31.173687+00', 'intent', 'planned'),
	(24, '2026-11-28 08:43:31.173688+00', 'intent', 'planned'),
	(9, '2026-11-28 08:43:31.223568+00', 'sent', 'request about to leave'),
	(12, '2026-11-28 08:43:31.224019+00', 'sent', 'request about to leave'),
	(13, '2026-11-28 08:43:31.22699+00', 'sent', 'request about to leave'),
	(11, '2026-11-28 08:43:31.230573+00', 'sent', 'request about to leave'),
	(10, '2026-11-28 08:43:31.232588+00', 'sent', 'request about to leave'),
	(9, '2026-11-28 08:43:31.274042+00', 'done', 'NetSuite 105'),
	(12, '2026-11-28 08:43:31.280034+00', 'done', 'NetSuite 106'),
	(11, '2026-11-28 08:43:31.283966+00', 'done', 'NetSuite 107'),
	(10, '2026-11-28 08:43:31.287853+00', 'done', 'NetSuite 108'),
	(13, '2026-11-28 08:43:31.366+00', 'done', 'NetSuite 109'),
	(17, '2026-11-28 08:43:31.398806+00', 'sent', 'request about to leave'),
	(15, '2026-11-28 08:43:31.402459+00', 'sent', 'request about to leave'),
	(18, '2026-11-28 08:43:31.402769+00', 'sent', 'request about to leave'),
	(14, '2026-11-28 08:43:31.406025+00', 'sent', 'request about to leave'),
	(16, '2026-11-28 08:43:31.406562+00', 'sent', 'request about to leave'),
	(20, '2026-11-28 08:43:31.417063+00', 'sent', 'request about to leave'),
	(19, '2026-11-28 08:43:31.42511+00', 'sent', 'request about to leave'),
	(17, '2026-11-28 08:43:35.409432+00', 'unknown', 'NetSuite was asked to create invoice in_1R4EFNv9k8DNDhQbdula3NWw, and whether it did is unknown: the connection broke before the answer was complete'),
	(21, '2026-11-28 08:43:35.416831+00', 'sent', 'request about to leave'),
	(14, '2026-11-28 08:43:35.427837+00', 'unknown', 'NetSuite was asked to create invoice in_1GzDGC3LYzHOsd3KZVXnh2zv, and whether it did is unknown: the connection broke before the answer was complete'),
	(22, '2026-11-28 08:43:35.434462+00', 'sent', 'request about to leave'),
	(16, '2026-11-28 08:43:35.437873+00', 'unknown', 'NetSuite was asked to create invoice in_1MaV9bx76pOSTayhG2f1qS7F, and whether it did is unknown: the connection broke before the answer was complete'),
	(15, '2026-11-28 08:43:35.440908+00', 'done', 'NetSuite 1008'),
	(18, '2026-11-28 08:43:35.441819+00', 'done', 'NetSuite 1007');
INSERT INTO o2c.netsuite_customers VALUES
	(101, 'cus_VN4Aosre6HBiHb', 'Amberpoint Logistics', false, '2026-11-28 08:42:55.774454+00'),
	(102, 'cus_6iyJxKkY60yQIX', 'Quartzwick Labs', false, '2026-11-28 08:42:55.774454+00'),
	(103, 'cus_pmiunKNcpYO9gP', 'Granitepoint Studios', false, '2026-11-28 08:42:55.774454+00'),
	(104, 'cus_Vydj77RpTbK2AN', 'Harbormere Mills', false, '2026-11-28 08:42:55.774454+00');
INSERT INTO o2c.netsuite_documents VALUES
	(1003, 'invoice', 'in_1MIgfBzsp1CCA3TTkceQm3Pq', 'in_1MIgfBzsp1CCA3TTkceQm3Pq', 'external_id', 'INV1003', 'NW-000002', '2026-11-16', 102, 'eur', 266978, 0, 266978, 'A', false, '2026-11-28 00:42:55', '2026-11-28 08:42:55.774454+00', '2026-11-28 08:42:55.884335+00', '\xbc3b18dc4ad5d3d583f73f35078d9e77', NULL, NULL, NULL, NULL),
	(1001, 'invoice', 'in_16dxxfjrBgfwMP1W7sLgDpcM', 'in_16dxxfjrBgfwMP1W7sLgDpcM', 'external_id', 'INV1001', 'NW-000003', '2026-11-16', 101, 'usd', 665000, 0, 665000, 'A', false, '2026-11-28 00:42:55', '2026-11-28 08:42:55.774454+00', '2026-11-28 08:42:55.884516+00', '\x5b3ad0e07a964106286455281f64150d', NULL, NULL, NULL, NULL),
	(1002, 'invoice', 'in_1NmwMWyDaYxLgO5z4LErz04C', 'in_1NmwMWyDaYxLgO5z4LErz04C', 'external_id', 'INV1002', 'NW-000004', '2026-11-16', 104, 'kwd', 293880, 0, 293880, 'A', false, '2026-11-28 00:42:55', '2026-11-28 08:42:55.774454+00', '2026-11-28 08:42:55.884531+00', '\x2cb45af4136351e8e71e769240dd340f', NULL, NULL, NULL, NULL),
	(1004, 'invoice', 'in_1g9Ig4A3NYSotFROMzJcXZO8', 'in_1g9Ig4A3NYSotFROMzJcXZO8', 'external_id', 'INV1004', 'NW-000001', '2026-11-16', 103, 'gbp', 2969040, 494840, 2969040, 'A', false, '2026-11-28 00:42:55', '2026-11-28 08:42:55.774454+00', '2026-11-28 08:42:55.884537+00', '\x4c25300e428e73cc43e45b5280dc58df', NULL, NULL, NULL, NULL);
INSERT INTO o2c.netsuite_reference VALUES
	('currency', '1', 'USD', '2026-11-28 08:43:25.700544+00', false),
	('currency', '2', 'GBP', '2026-11-28 08:43:25.700544+00', false),
	('currency', '3', 'CAD', '2026-11-28 08:43:25.700544+00', false),
	('currency', '4', 'EUR', '2026-11-28 08:43:25.700544+00', false),
	('currency', '7', 'JPY', '2026-11-28 08:43:25.700544+00', false),
	('currency', '9', 'KWD', '2026-11-28 08:43:25.700544+00', false),
	('item', '1', 'Stripe Item', '2026-11-28 08:43:25.844115+00', false),
	('item', '2', 'Stripe Discount', '2026-11-28 08:43:25.844115+00', false),
	('item', '3', 'Stripe Tax', '2026-11-28 08:43:25.844115+00', false),
	('item', '4', 'Stripe Shipping', '2026-11-28 08:43:25.844115+00', false),
	('item', '5', 'Stripe Refund', '2026-11-28 08:43:25.844115+00', false),
	('item', '6', 'Stripe Dispute', '2026-11-28 08:43:25.844115+00', false),
	('item', '7', 'Stripe Bad Debt', '2026-11-28 08:43:25.844115+00', false),
	('item', '8', 'Stripe Credit', '2026-11-28 08:43:25.844115+00', false),
	('item', '9', 'Stripe Customer Balance', '2026-11-28 08:43:25.844115+00', false),
	('item', '10', 'Stripe Credit Grant', '2026-11-28 08:43:25.844115+00', false),
	('subsidiary', '1', 'Parent Company', '2026-11-28 08:43:25.855953+00', false),
	('account', '1', 'Checking', '2026-11-28 08:43:25.865631+00', false),
	('account', '2', 'Accounts Receivable', '2026-11-28 08:43:25.865631+00', false),
	('account', '3', 'Undeposited Funds', '2026-11-28 08:43:25.865631+00', false),
	('account', '4', 'Sales', '2026-11-28 08:43:25.865631+00', false),
	('account', '5', 'Sales Tax Payable', '2026-11-28 08:43:25.865631+00', false),
	('account', '6', 'Suspense', '2026-11-28 08:43:25.865631+00', false),
	('account', '7', 'Stripe Fees', '2026-11-28 08:43:25.865631+00', false),
	('account', '8', 'Stripe Returned Payouts', '2026-11-28 08:43:25.865631+00', false),
	('account', '9', 'Stripe Reserves', '2026-11-28 08:43:25.865631+00', false),
	('account', '10', 'Stripe Network Fees', '2026-11-28 08:43:25.865631+00', false),
	('account', '11', 'Stripe Dispute Fees', '2026-11-28 08:43:25.865631+00', false),
	('account', '12', 'Tax on Stripe Fees', '2026-11-28 08:43:25.865631+00', false),
	('account', '13', 'Stripe Application Fees', '2026-11-28 08:43:25.865631+00', false),
	('account', '14', 'Bad Debt', '2026-11-28 08:43:25.865631+00', false),
	('account', '15', 'Checking EUR', '2026-11-28 08:43:25.865631+00', false),
	('account', '16', 'Realized Gain/Loss', '2026-11-28 08:43:25.865631+00', false),
	('account', '17', 'Customer Credit Balances', '2026-11-28 08:43:25.865631+00', false),
	('account', '18', 'Customer Deposits', '2026-11-28 08:43:25.865631+00', false);
INSERT INTO o2c.payments VALUES
	('ch_3kuYp4Vfst0ZoaLT4D9uJ643', 'cus_2ZSL1U2F3u6Bb9', 'pi_3LlHLiiP5O8MO8KlNyewSN6B', 'cad', 'succeeded', 289548, 0, '2026-11-18', '2026-11-18 19:30:46+00', '2026-11-28 08:43:13.642384+00'),
	('ch_3b15Xm0QMNkDAabzhgmmJ9U6', 'cus_Vydj77RpTbK2AN', 'pi_35mJZyvKCZhQb2SLVTiOsQWE', 'kwd', 'succeeded', 220410, 0, '2026-11-19', '2026-11-19 16:35:00+00', '2026-11-28 08:43:13.64258+00'),
	('ch_3XPuDtiAgceJRmyka3f1ojQc', 'cus_Unwb0zqbSwFSDH', 'pi_3ty28yP8mPovfwGo6JmKAsRY', 'jpy', 'failed', 0, 0, '2026-11-19', '2026-11-19 16:56:35+00', '2026-11-28 08:43:13.642587+00'),
	('ch_3ug21zEG21tnjOPhVP3GStmi', 'cus_Jc8lSyPmisxt81', 'pi_3YbjJIPWP9FTwrKshJNze2O4', 'usd', 'failed', 0, 0, '2026-11-19', '2026-11-19 22:43:22+00', '2026-11-28 08:43:13.642592+00');
INSERT INTO o2c.periods VALUES
	(3, 'Jan 2024', '2024-01-01', '2024-01-31', false, false, NULL, '2026-11-28 08:43:29.276033+00', false),
	(4, 'Feb 2024', '2024-02-01', '2024-02-29', false, false, NULL, '2026-11-28 08:43:29.276033+00', false),
	(5, 'Mar 2024', '2024-03-01', '2024-03-31', false, false, NULL, '2026-11-28 08:43:29.276033+00', false),
	(7, 'Apr 2024', '2024-04-01', '2024-04-30', false, false, NULL, '2026-11-28 08:43:29.276033+00', false),
	(8, 'May 2024', '2024-05-01', '2024-05-31', false, false, NULL, '2026-11-28 08:43:29.276033+00', false),
	(9, 'Jun 2024', '2024-06-01', '2024-06-30', false, false, NULL, '2026-11-28 08:43:29.276033+00', false),
	(11, 'Jul 2024', '2024-07-01', '2024-07-31', false, false, NULL, '2026-11-28 08:43:29.276033+00', false),
	(12, 'Aug 2024', '2024-08-01', '2024-08-31', false, false, NULL, '2026-11-28 08:43:29.276033+00', false),
	(13, 'Sep 2024', '2024-09-01', '2024-09-30', false, false, NULL, '2026-11-28 08:43:29.276033+00', false),
	(15, 'Oct 2024', '2024-10-01', '2024-10-31', false, false, NULL, '2026-11-28 08:43:29.276033+00', false),
	(16, 'Nov 2024', '2024-11-01', '2024-11-30', false, false, NULL, '2026-11-28 08:43:29.276033+00', false),
	(17, 'Dec 2024', '2024-12-01', '2024-12-31', false, false, NULL, '2026-11-28 08:43:29.276033+00', false),
	(20, 'Jan 2025', '2025-01-01', '2025-01-31', false, false, NULL, '2026-11-28 08:43:29.276033+00', false),
	(21, 'Feb 2025', '2025-02-01', '2025-02-28', false, false, NULL, '2026-11-28 08:43:29.276033+00', false),
	(22, 'Mar 2025', '2025-03-01', '2025-03-31', false, false, NULL, '2026-11-28 08:43:29.276033+00', false),
	(24, 'Apr 2025', '2025-04-01', '2025-04-30', false, false, NULL, '2026-11-28 08:43:29.276033+00', false),
	(25, 'May 2025', '2025-05-01', '2025-05-31', false, false, NULL, '2026-11-28 08:43:29.276033+00', false),
	(26, 'Jun 2025', '2025-06-01', '2025-06-30', false, false, NULL, '2026-11-28 08:43:29.276033+00', false),
	(28, 'Jul 2025', '2025-07-01', '2025-07-31', false, false, NULL, '2026-11-28 08:43:29.276033+00', false),
	(29, 'Aug 2025', '2025-08-01', '2025-08-31', false, false, NULL, '2026-11-28 08:43:29.276033+00', false),
	(30, 'Sep 2025', '2025-09-01', '2025-09-30', false, false, NULL, '2026-11-28 08:43:29.276033+00', false),
	(32, 'Oct 2025', '2025-10-01', '2025-10-31', false, false, NULL, '2026-11-28 08:43:29.276033+00', false),
	(33, 'Nov 2025', '2025-11-01', '2025-11-30', false, false, NULL, '2026-11-28 08:43:29.276033+00', false),
	(34, 'Dec 2025', '2025-12-01', '2025-12-31', false, false, NULL, '2026-11-28 08:43:29.276033+00', false),
	(37, 'Jan 2026', '2026-01-01', '2026-01-31', false, false, NULL, '2026-11-28 08:43:29.276033+00', false),
	(38, 'Feb 2026', '2026-02-01', '2026-02-28', false, false, NULL, '2026-11-28 08:43:29.276033+00', false),
	(39, 'Mar 2026', '2026-03-01', '2026-03-31', false, false, NULL, '2026-11-28 08:43:29.276033+00', false),
	(41, 'Apr 2026', '2026-04-01', '2026-04-30', false, false, NULL, '2026-11-28 08:43:29.276033+00', false),
	(42, 'May 2026', '2026-05-01', '2026-05-31', false, false, NULL, '2026-11-28 08:43:29.276033+00', false),
	(43, 'Jun 2026', '2026-06-01', '2026-06-30', false, false, NULL, '2026-11-28 08:43:29.276033+00', false),
	(45, 'Jul 2026', '2026-07-01', '2026-07-31', false, false, NULL, '2026-11-28 08:43:29.276033+00', false),
	(46, 'Aug 2026', '2026-08-01', '2026-08-31', false, false, NULL, '2026-11-28 08:43:29.276033+00', false),
	(47, 'Sep 2026', '2026-09-01', '2026-09-30', false, false, NULL, '2026-11-28 08:43:29.276033+00', false),
	(49, 'Oct 2026', '2026-10-01', '2026-10-31', false, false, NULL, '2026-11-28 08:43:29.276033+00', false),
	(50, 'Nov 2026', '2026-11-01', '2026-11-30', false, false, NULL, '2026-11-28 08:43:29.276033+00', false),
	(51, 'Dec 2026', '2026-12-01', '2026-12-31', false, false, NULL, '2026-11-28 08:43:29.276033+00', false),
	(54, 'Jan 2027', '2027-01-01', '2027-01-31', false, false, NULL, '2026-11-28 08:43:29.276033+00', false),
	(55, 'Feb 2027', '2027-02-01', '2027-02-28', false, false, NULL, '2026-11-28 08:43:29.276033+00', false),
	(56, 'Mar 2027', '2027-03-01', '2027-03-31', false, false, NULL, '2026-11-28 08:43:29.276033+00', false),
	(58, 'Apr 2027', '2027-04-01', '2027-04-30', false, false, NULL, '2026-11-28 08:43:29.276033+00', false),
	(59, 'May 2027', '2027-05-01', '2027-05-31', false, false, NULL, '2026-11-28 08:43:29.276033+00', false),
	(60, 'Jun 2027', '2027-06-01', '2027-06-30', false, false, NULL, '2026-11-28 08:43:29.276033+00', false),
	(62, 'Jul 2027', '2027-07-01', '2027-07-31', false, false, NULL, '2026-11-28 08:43:29.276033+00', false),
	(63, 'Aug 2027', '2027-08-01', '2027-08-31', false, false, NULL, '2026-11-28 08:43:29.276033+00', false),
	(64, 'Sep 2027', '2027-09-01', '2027-09-30', false, false, NULL, '2026-11-28 08:43:29.276033+00', false),
	(66, 'Oct 2027', '2027-10-01', '2027-10-31', false, false, NULL, '2026-11-28 08:43:29.276033+00', false),
	(67, 'Nov 2027', '2027-11-01', '2027-11-30', false, false, NULL, '2026-11-28 08:43:29.276033+00', false),
	(68, 'Dec 2027', '2027-12-01', '2027-12-31', false, false, NULL, '2026-11-28 08:43:29.276033+00', false);
INSERT INTO o2c.plan_entries VALUES
	('cus_ydiauekhhdtjcv', 'customer', 'cus_ydiAueKHHdTjcV', 'cus_ydiAueKHHdTjcV', 'cus_ydiAueKHHdTjcV', 'usd', 0, '2024-10-14', '2024-10-15', 'write', '{"document":"customer","external_id":"cus_ydiAueKHHdTjcV","stripe_id":"cus_ydiAueKHHdTjcV","customer_id":"cus_ydiAueKHHdTjcV","currency":"usd","amount_minor":0,"effective_date":"2024-10-14","partition":"2024-10-15","why":"Reedgate Textiles is a Stripe customer with documents to write and has no NetSuite customer","body":{"externalId":"cus_ydiAueKHHdTjcV","isPerson":false,"companyName":"Reedgate Textiles","currency":{"$currency":"usd"},"comments":"Stripe: cus_ydiAueKHHdTjcV","email":"accounts@reedgate-textiles.example.com","subsidiary":{"$subsidiary":"1"}},"depends_on":[],"lines":[]}', '4f21576caeb8257344bbb43678da5e627b5f6e6dc48a66f56ed09f466edb74fe', NULL, 'Reedgate Textiles is a Stripe customer with documents to write and has no NetSuite customer', NULL, '2026-11-28 08:43:30.888942+00'),
	('cus_2zsl1u2f3u6bb9', 'customer', 'cus_2ZSL1U2F3u6Bb9', 'cus_2ZSL1U2F3u6Bb9', 'cus_2ZSL1U2F3u6Bb9', 'cad', 0, '2025-05-17', '2025-05-17', 'write', '{"document":"customer","external_id":"cus_2ZSL1U2F3u6Bb9","stripe_id":"cus_2ZSL1U2F3u6Bb9","customer_id":"cus_2ZSL1U2F3u6Bb9","currency":"cad","amount_minor":0,"effective_date":"2025-05-17","partition":"2025-05-17","why":"Fernford Logistics is a Stripe customer with documents to write and has no NetSuite customer","body":{"externalId":"cus_2ZSL1U2F3u6Bb9","isPerson":false,"companyName":"Fernford Logistics","currency":{"$currency":"cad"},"comments":"Stripe: cus_2ZSL1U2F3u6Bb9","email":"accounts@fernford-logistics.example.com","subsidiary":{"$subsidiary":"1"}},"depends_on":[],"lines":[]}', '9b98d4288cad6a21f8fe037fefe495874c9d9d564fdaa3505e856b2b7059e840', NULL, 'Fernford Logistics is a Stripe customer with documents to write and has no NetSuite customer', NULL, '2026-11-28 08:43:30.889048+00'),
	('cus_ptdibwtzi9bl7f', 'customer', 'cus_PtdIBWTZI9Bl7F', 'cus_PtdIBWTZI9Bl7F', 'cus_PtdIBWTZI9Bl7F', 'usd', 0, '2026-09-18', '2026-09-18', 'write', '{"document":"customer","external_id":"cus_PtdIBWTZI9Bl7F","stripe_id":"cus_PtdIBWTZI9Bl7F","customer_id":"cus_PtdIBWTZI9Bl7F","currency":"usd","amount_minor":0,"effective_date":"2026-09-18","partition":"2026-09-18","why":"Cedarstead Mills is a Stripe customer with documents to write and has no NetSuite customer","body":{"externalId":"cus_PtdIBWTZI9Bl7F","isPerson":false,"companyName":"Cedarstead Mills","currency":{"$currency":"usd"},"comments":"Stripe: cus_PtdIBWTZI9Bl7F","email":"accounts@cedarstead-mills.example.com","subsidiary":{"$subsidiary":"1"}},"depends_on":[],"lines":[]}', 'b22c9a78d5a7af376c380f043a294a7abb57b0e0b95cad6402eeb4a644614b1b', NULL, 'Cedarstead Mills is a Stripe customer with documents to write and has no NetSuite customer', NULL, '2026-11-28 08:43:30.889091+00'),
	('cus_unwb0zqbswfsdh', 'customer', 'cus_Unwb0zqbSwFSDH', 'cus_Unwb0zqbSwFSDH', 'cus_Unwb0zqbSwFSDH', 'jpy', 0, '2026-06-13', '2026-06-13', 'write', '{"document":"customer","external_id":"cus_Unwb0zqbSwFSDH","stripe_id":"cus_Unwb0zqbSwFSDH","customer_id":"cus_Unwb0zqbSwFSDH","currency":"jpy","amount_minor":0,"effective_date":"2026-06-13","partition":"2026-06-13","why":"Gladepoint Foods is a Stripe customer with documents to write and has no NetSuite customer","body":{"externalId":"cus_Unwb0zqbSwFSDH","isPerson":false,"companyName":"Gladepoint Foods","currency":{"$currency":"jpy"},"comments":"Stripe: cus_Unwb0zqbSwFSDH","email":"accounts@gladepoint-foods.example.com","subsidiary":{"$subsidiary":"1"}},"depends_on":[],"lines":[]}', '989628c57b467e42b453bbc75af773a011512084b33ef5817215b779af9d51d9', NULL, 'Gladepoint Foods is a Stripe customer with documents to write and has no NetSuite customer', NULL, '2026-11-28 08:43:30.889072+00'),
	('cus_jc8lsypmisxt81', 'customer', 'cus_Jc8lSyPmisxt81', 'cus_Jc8lSyPmisxt81', 'cus_Jc8lSyPmisxt81', 'usd', 0, '2026-11-19', '2026-11-19', 'write', '{"document":"customer","external_id":"cus_Jc8lSyPmisxt81","stripe_id":"cus_Jc8lSyPmisxt81","customer_id":"cus_Jc8lSyPmisxt81","currency":"usd","amount_minor":0,"effective_date":"2026-11-19","partition":"2026-11-19","why":"Lindenpoint Instruments is a Stripe customer with documents to write and has no NetSuite customer","body":{"externalId":"cus_Jc8lSyPmisxt81","isPerson":false,"companyName":"Lindenpoint Instruments","currency":{"$currency":"usd"},"comments":"Stripe: cus_Jc8lSyPmisxt81","email":"accounts@lindenpoint-instruments.example.com","subsidiary":{"$subsidiary":"1"}},"depends_on":[],"lines":[]}', '9ee0a33d0abfce5146a5c5fb2a45e211deae9699e50d6590a58ff08f844526ab', NULL, 'Lindenpoint Instruments is a Stripe customer with documents to write and has no NetSuite customer', NULL, '2026-11-28 08:43:30.889109+00'),
	('in_1gzdgc3lyzhosd3kzvxnh2zv', 'invoice', 'in_1GzDGC3LYzHOsd3KZVXnh2zv', 'in_1GzDGC3LYzHOsd3KZVXnh2zv', 'cus_Unwb0zqbSwFSDH', 'jpy', 276600, '2026-11-17', '2026-11-17', 'write', '{"document":"invoice","external_id":"in_1GzDGC3LYzHOsd3KZVXnh2zv","stripe_id":"in_1GzDGC3LYzHOsd3KZVXnh2zv","customer_id":"cus_Unwb0zqbSwFSDH","currency":"jpy","amount_minor":276600,"effective_date":"2026-11-17","partition":"2026-11-17","why":"Stripe invoice NW-000005 is open and has no NetSuite invoice","body":{"externalId":"in_1GzDGC3LYzHOsd3KZVXnh2zv","entity":{"$document":["customer","cus_Unwb0zqbSwFSDH"]},"currency":{"$currency":"jpy"},"tranDate":"2026-11-17","memo":"Stripe: in_1GzDGC3LYzHOsd3KZVXnh2zv","item":{"items":[{"item":{"$item":"Stripe Item"},"quantity":1,"description":"2 x Sensor kit","rate":{"$minor":[102000,"jpy"]},"amount":{"$minor":[102000,"jpy"]}},{"item":{"$item":"Stripe Discount"},"quantity":1,"description":"Discount: 2 x Sensor kit","rate":{"$minor":[-20400,"jpy"]},"amount":{"$minor":[-20400,"jpy"]}},{"item":{"$item":"Stripe Item"},"quantity":1,"description":"5 x Field report","rate":{"$minor":[63750,"jpy"]},"amount":{"$minor":[63750,"jpy"]}},{"item":{"$item":"Stripe Discount"},"quantity":1,"description":"Discount: 5 x Field report","rate":{"$minor":[-12750,"jpy"]},"amount":{"$minor":[-12750,"jpy"]}},{"item":{"$item":"Stripe Item"},"quantity":1,"description":"1 x Training day","rate":{"$minor":[180000,"jpy"]},"amount":{"$minor":[180000,"jpy"]}},{"item":{"$item":"Stripe Discount"},"quantity":1,"description":"Discount: 1 x Training day","rate":{"$minor":[-36000,"jpy"]},"amount":{"$minor":[-36000,"jpy"]}}]},"dueDate":"2026-12-17","otherRefNum":"NW-000005","subsidiary":{"$subsidiary":"1"}},"depends_on":["cus_Unwb0zqbSwFSDH"],"lines":[{"text":"2 x Sensor kit","amount_minor":102000},{"text":"Discount: 2 x Sensor kit","amount_minor":-20400},{"text":"5 x Field report","amount_minor":63750},{"text":"Discount: 5 x Field report","amount_minor":-12750},{"text":"1 x Training day","amount_minor":180000},{"text":"Discount: 1 x Training day","amount_minor":-36000}]}', '2c159516296b5ec0cdfe29704971db3aad6d36108a76c3fcff19e4c2f171cd6f', NULL, 'Stripe invoice NW-000005 is open and has no NetSuite invoice', NULL, '2026-11-28 08:43:30.889193+00'),
	('in_17zhntqmogns5cffhr6lpynm', 'invoice', 'in_17zHNTqmOgNS5CfFHR6LPynM', 'in_17zHNTqmOgNS5CfFHR6LPynM', 'cus_ydiAueKHHdTjcV', 'usd', 796000, '2026-11-18', '2026-11-18', 'write', '{"document":"invoice","external_id":"in_17zHNTqmOgNS5CfFHR6LPynM","stripe_id":"in_17zHNTqmOgNS5CfFHR6LPynM","customer_id":"cus_ydiAueKHHdTjcV","currency":"usd","amount_minor":796000,"effective_date":"2026-11-18","partition":"2026-11-18","why":"Stripe invoice NW-000011 is open and has no NetSuite invoice","body":{"externalId":"in_17zHNTqmOgNS5CfFHR6LPynM","entity":{"$document":["customer","cus_ydiAueKHHdTjcV"]},"currency":{"$currency":"usd"},"tranDate":"2026-11-18","memo":"Stripe: in_17zHNTqmOgNS5CfFHR6LPynM","item":{"items":[{"item":{"$item":"Stripe Item"},"quantity":1,"description":"2 x Onboarding package","rate":{"$minor":[300000,"usd"]},"amount":{"$minor":[300000,"usd"]}},{"item":{"$item":"Stripe Item"},"quantity":1,"description":"4 x Sensor kit","rate":{"$minor":[136000,"usd"]},"amount":{"$minor":[136000,"usd"]}},{"item":{"$item":"Stripe Item"},"quantity":1,"description":"3 x Training day","rate":{"$minor":[360000,"usd"]},"amount":{"$minor":[360000,"usd"]}}]},"dueDate":"2026-12-18","otherRefNum":"NW-000011","subsidiary":{"$subsidiary":"1"}},"depends_on":["cus_ydiAueKHHdTjcV"],"lines":[{"text":"2 x Onboarding package","amount_minor":300000},{"text":"4 x Sensor kit","amount_minor":136000},{"text":"3 x Training day","amount_minor":360000}]}', 'f213e105f54fcf204563d81c3aeca0596f5c0d9c22f47a78ba2d61e1d5936d5b', NULL, 'Stripe invoice NW-000011 is open and has no NetSuite invoice', NULL, '2026-11-28 08:43:30.889235+00'),
	('in_1mav9bx76postayhg2f1qs7f', 'invoice', 'in_1MaV9bx76pOSTayhG2f1qS7F', 'in_1MaV9bx76pOSTayhG2f1qS7F', 'cus_PtdIBWTZI9Bl7F', 'usd', 257900, '2026-11-18', '2026-11-18', 'write', '{"document":"invoice","external_id":"in_1MaV9bx76pOSTayhG2f1qS7F","stripe_id":"in_1MaV9bx76pOSTayhG2f1qS7F","customer_id":"cus_PtdIBWTZI9Bl7F","currency":"usd","amount_minor":257900,"effective_date":"2026-11-18","partition":"2026-11-18","why":"Stripe invoice NW-000008 is open and has no NetSuite invoice","body":{"externalId":"in_1MaV9bx76pOSTayhG2f1qS7F","entity":{"$document":["customer","cus_PtdIBWTZI9Bl7F"]},"currency":{"$currency":"usd"},"tranDate":"2026-11-18","memo":"Stripe: in_1MaV9bx76pOSTayhG2f1qS7F","item":{"items":[{"item":{"$item":"Stripe Item"},"quantity":1,"description":"10 x Premium support","rate":{"$minor":[250000,"usd"]},"amount":{"$minor":[250000,"usd"]}},{"item":{"$item":"Stripe Item"},"quantity":1,"description":"1 x Analytics add-on","rate":{"$minor":[7900,"usd"]},"amount":{"$minor":[7900,"usd"]}}]},"dueDate":"2026-12-18","otherRefNum":"NW-000008","subsidiary":{"$subsidiary":"1"}},"depends_on":["cus_PtdIBWTZI9Bl7F"],"lines":[{"text":"10 x Premium support","amount_minor":250000},{"text":"1 x Analytics add-on","amount_minor":7900}]}', '92164c7b398283ae7b594071f8871464dd409da83c8038021e88aa9c63ef7297', NULL, 'Stripe invoice NW-000008 is open and has no NetSuite invoice', NULL, '2026-11-28 08:43:30.889271+00'),
	('in_1r4efnv9k8dndhqbdula3nww', 'invoice', 'in_1R4EFNv9k8DNDhQbdula3NWw', 'in_1R4EFNv9k8DNDhQbdula3NWw', 'cus_2ZSL1U2F3u6Bb9', 'cad', 289548, '2026-11-18', '2026-11-18', 'write', '{"document":"invoice","external_id":"in_1R4EFNv9k8DNDhQbdula3NWw","stripe_id":"in_1R4EFNv9k8DNDhQbdula3NWw","customer_id":"cus_2ZSL1U2F3u6Bb9","currency":"cad","amount_minor":289548,"effective_date":"2026-11-18","partition":"2026-11-18","why":"Stripe invoice NW-000010 is paid and has no NetSuite invoice","body":{"externalId":"in_1R4EFNv9k8DNDhQbdula3NWw","entity":{"$document":["customer","cus_2ZSL1U2F3u6Bb9"]},"currency":{"$currency":"cad"},"tranDate":"2026-11-18","memo":"Stripe: in_1R4EFNv9k8DNDhQbdula3NWw","item":{"items":[{"item":{"$item":"Stripe Item"},"quantity":1,"description":"1 x Onboarding package","rate":{"$minor":[202500,"cad"]},"amount":{"$minor":[202500,"cad"]}},{"item":{"$item":"Stripe Item"},"quantity":1,"description":"1 x Sensor kit","rate":{"$minor":[45900,"cad"]},"amount":{"$minor":[45900,"cad"]}},{"item":{"$item":"Stripe Item"},"quantity":1,"description":"3 x Data export","rate":{"$minor":[10125,"cad"]},"amount":{"$minor":[10125,"cad"]}},{"item":{"$item":"Stripe Tax"},"quantity":1,"description":"Tax","rate":{"$minor":[31023,"cad"]},"amount":{"$minor":[31023,"cad"]}}]},"otherRefNum":"NW-000010","subsidiary":{"$subsidiary":"1"}},"depends_on":["cus_2ZSL1U2F3u6Bb9"],"lines":[{"text":"1 x Onboarding package","amount_minor":202500},{"text":"1 x Sensor kit","amount_minor":45900},{"text":"3 x Data export","amount_minor":10125},{"text":"Tax","amount_minor":31023}]}', '9a223f042265483e371d9b5931fddb458ea3a66c4029f142cb28ade0855afff6', NULL, 'Stripe invoice NW-000010 is paid and has no NetSuite invoice', NULL, '2026-11-28 08:43:30.889312+00'),
	('in_1reqchqoqrzgnfxfwhmvyc0r', 'invoice', 'in_1REqChqOqRZgnFXfwhMVYc0R', 'in_1REqChqOqRZgnFXfwhMVYc0R', 'cus_PtdIBWTZI9Bl7F', 'usd', 94800, '2026-11-18', '2026-11-18', 'write', '{"document":"invoice","external_id":"in_1REqChqOqRZgnFXfwhMVYc0R","stripe_id":"in_1REqChqOqRZgnFXfwhMVYc0R","customer_id":"cus_PtdIBWTZI9Bl7F","currency":"usd","amount_minor":94800,"effective_date":"2026-11-18","partition":"2026-11-18","why":"Stripe invoice NW-000009 is open and has no NetSuite invoice","body":{"externalId":"in_1REqChqOqRZgnFXfwhMVYc0R","entity":{"$document":["customer","cus_PtdIBWTZI9Bl7F"]},"currency":{"$currency":"usd"},"tranDate":"2026-11-18","memo":"Stripe: in_1REqChqOqRZgnFXfwhMVYc0R","item":{"items":[{"item":{"$item":"Stripe Item"},"quantity":1,"description":"12 x Analytics add-on","rate":{"$minor":[94800,"usd"]},"amount":{"$minor":[94800,"usd"]}}]},"dueDate":"2026-12-18","otherRefNum":"NW-000009","subsidiary":{"$subsidiary":"1"}},"depends_on":["cus_PtdIBWTZI9Bl7F"],"lines":[{"text":"12 x Analytics add-on","amount_minor":94800}]}', '74431e806d9b52e21e9c3f6bd4c2a674f7e4dd20b9e107b44676780d33c1c59f', NULL, 'Stripe invoice NW-000009 is open and has no NetSuite invoice', NULL, '2026-11-28 08:43:30.889337+00'),
	('in_15j8fyevv2uzvvtsxkt9739a', 'invoice', 'in_15J8FyEvv2UzVVtSxKT9739a', 'in_15J8FyEvv2UzVVtSxKT9739a', 'cus_Vydj77RpTbK2AN', 'kwd', 220410, '2026-11-19', '2026-11-19', 'write', '{"document":"invoice","external_id":"in_15J8FyEvv2UzVVtSxKT9739a","stripe_id":"in_15J8FyEvv2UzVVtSxKT9739a","customer_id":"cus_Vydj77RpTbK2AN","currency":"kwd","amount_minor":220410,"effective_date":"2026-11-19","partition":"2026-11-19","why":"Stripe invoice NW-000013 is paid and has no NetSuite invoice","body":{"externalId":"in_15J8FyEvv2UzVVtSxKT9739a","entity":{"$document":["customer","cus_Vydj77RpTbK2AN"]},"currency":{"$currency":"kwd"},"tranDate":"2026-11-19","memo":"Stripe: in_15J8FyEvv2UzVVtSxKT9739a","item":{"items":[{"item":{"$item":"Stripe Item"},"quantity":1,"description":"9 x Analytics add-on","rate":{"$minor":[220410,"kwd"]},"amount":{"$minor":[220410,"kwd"]}}]},"otherRefNum":"NW-000013","subsidiary":{"$subsidiary":"1"}},"depends_on":["cus_Vydj77RpTbK2AN"],"lines":[{"text":"9 x Analytics add-on","amount_minor":220410}]}', '50b5ea0b605a1d47a1b6cbcae2f4faa548e61fa123c4d37933822e393c43aec8', NULL, 'Stripe invoice NW-000013 is paid and has no NetSuite invoice', NULL, '2026-11-28 08:43:30.889361+00'),
	('in_1adkyamzuocydu5rrfmikxxr', 'invoice', 'in_1adkyAmZuOCYDU5RRFmIkxXr', 'in_1adkyAmZuOCYDU5RRFmIkxXr', 'cus_Jc8lSyPmisxt81', 'usd', 82900, '2026-11-19', '2026-11-19', 'write', '{"document":"invoice","external_id":"in_1adkyAmZuOCYDU5RRFmIkxXr","stripe_id":"in_1adkyAmZuOCYDU5RRFmIkxXr","customer_id":"cus_Jc8lSyPmisxt81","currency":"usd","amount_minor":82900,"effective_date":"2026-11-19","partition":"2026-11-19","why":"Stripe invoice NW-000015 is open and has no NetSuite invoice","body":{"externalId":"in_1adkyAmZuOCYDU5RRFmIkxXr","entity":{"$document":["customer","cus_Jc8lSyPmisxt81"]},"currency":{"$currency":"usd"},"tranDate":"2026-11-19","memo":"Stripe: in_1adkyAmZuOCYDU5RRFmIkxXr","item":{"items":[{"item":{"$item":"Stripe Item"},"quantity":1,"description":"3 x Premium support","rate":{"$minor":[75000,"usd"]},"amount":{"$minor":[75000,"usd"]}},{"item":{"$item":"Stripe Item"},"quantity":1,"description":"1 x Analytics add-on","rate":{"$minor":[7900,"usd"]},"amount":{"$minor":[7900,"usd"]}}]},"otherRefNum":"NW-000015","subsidiary":{"$subsidiary":"1"}},"depends_on":["cus_Jc8lSyPmisxt81"],"lines":[{"text":"3 x Premium support","amount_minor":75000},{"text":"1 x Analytics add-on","amount_minor":7900}]}', '7d4d6b98e04810b009f5df5bf890a9ecd07171854743303456b132a125973fa1', NULL, 'Stripe invoice NW-000015 is open and has no NetSuite invoice', NULL, '2026-11-28 08:43:30.88939+00'),
	('in_1vxkckam04xziyrhdhvwbafc', 'invoice', 'in_1vxKCKAM04XZIyRhDhvwbafC', 'in_1vxKCKAM04XZIyRhDhvwbafC', 'cus_ydiAueKHHdTjcV', 'usd', 38127, '2026-11-19', '2026-11-19', 'write', '{"document":"invoice","external_id":"in_1vxKCKAM04XZIyRhDhvwbafC","stripe_id":"in_1vxKCKAM04XZIyRhDhvwbafC","customer_id":"cus_ydiAueKHHdTjcV","currency":"usd","amount_minor":38127,"effective_date":"2026-11-19","partition":"2026-11-19","why":"Stripe invoice NW-000012 is open and has no NetSuite invoice","body":{"externalId":"in_1vxKCKAM04XZIyRhDhvwbafC","entity":{"$document":["customer","cus_ydiAueKHHdTjcV"]},"currency":{"$currency":"usd"},"tranDate":"2026-11-19","memo":"Stripe: in_1vxKCKAM04XZIyRhDhvwbafC","item":{"items":[{"item":{"$item":"Stripe Item"},"quantity":1,"description":"6 x Analytics add-on","rate":{"$minor":[47400,"usd"]},"amount":{"$minor":[47400,"usd"]}},{"item":{"$item":"Stripe Discount"},"quantity":1,"description":"Discount: 6 x Analytics add-on","rate":{"$minor":[-11850,"usd"]},"amount":{"$minor":[-11850,"usd"]}},{"item":{"$item":"Stripe Tax"},"quantity":1,"description":"Tax","rate":{"$minor":[2577,"usd"]},"amount":{"$minor":[2577,"usd"]}}]},"dueDate":"2026-12-19","otherRefNum":"NW-000012","subsidiary":{"$subsidiary":"1"}},"depends_on":["cus_ydiAueKHHdTjcV"],"lines":[{"text":"6 x Analytics add-on","amount_minor":47400},{"text":"Discount: 6 x Analytics add-on","amount_minor":-11850},{"text":"Tax","amount_minor":2577}]}', '1b63e9d1cc50e463bd7d51a6c00652a33cb6ab6177ffee009075cb3aeac8a182', NULL, 'Stripe invoice NW-000012 is open and has no NetSuite invoice', NULL, '2026-11-28 08:43:30.889421+00'),
	('in_1wow46pvwptofpa36kwobd5g', 'invoice', 'in_1woW46pvwpTOfPA36kwOBd5g', 'in_1woW46pvwpTOfPA36kwOBd5g', 'cus_Unwb0zqbSwFSDH', 'jpy', 281550, '2026-11-19', '2026-11-19', 'write', '{"document":"invoice","external_id":"in_1woW46pvwpTOfPA36kwOBd5g","stripe_id":"in_1woW46pvwpTOfPA36kwOBd5g","customer_id":"cus_Unwb0zqbSwFSDH","currency":"jpy","amount_minor":281550,"effective_date":"2026-11-19","partition":"2026-11-19","why":"Stripe invoice NW-000014 is open and has no NetSuite invoice","body":{"externalId":"in_1woW46pvwpTOfPA36kwOBd5g","entity":{"$document":["customer","cus_Unwb0zqbSwFSDH"]},"currency":{"$currency":"jpy"},"tranDate":"2026-11-19","memo":"Stripe: in_1woW46pvwpTOfPA36kwOBd5g","item":{"items":[{"item":{"$item":"Stripe Item"},"quantity":1,"description":"2 x Scale plan","rate":{"$minor":[269700,"jpy"]},"amount":{"$minor":[269700,"jpy"]}},{"item":{"$item":"Stripe Item"},"quantity":1,"description":"1 x Analytics add-on","rate":{"$minor":[11850,"jpy"]},"amount":{"$minor":[11850,"jpy"]}}]},"otherRefNum":"NW-000014","subsidiary":{"$subsidiary":"1"}},"depends_on":["cus_Unwb0zqbSwFSDH"],"lines":[{"text":"2 x Scale plan","amount_minor":269700},{"text":"1 x Analytics add-on","amount_minor":11850}]}', '0d831bf151c0960df41614c82194b7553968a52c7b468993a461b248ac3fcf7c', NULL, 'Stripe invoice NW-000014 is open and has no NetSuite invoice', NULL, '2026-11-28 08:43:30.889446+00'),
	('ch_3kuyp4vfst0zoalt4d9uj643', 'customerPayment', 'ch_3kuYp4Vfst0ZoaLT4D9uJ643', 'ch_3kuYp4Vfst0ZoaLT4D9uJ643', 'cus_2ZSL1U2F3u6Bb9', 'cad', 289548, '2026-11-18', '2026-11-18', 'write', '{"document":"customerPayment","external_id":"ch_3kuYp4Vfst0ZoaLT4D9uJ643","stripe_id":"ch_3kuYp4Vfst0ZoaLT4D9uJ643","customer_id":"cus_2ZSL1U2F3u6Bb9","currency":"cad","amount_minor":289548,"effective_date":"2026-11-18","partition":"2026-11-18","why":"Stripe charge ch_3kuYp4Vfst0ZoaLT4D9uJ643 succeeded and has no NetSuite payment","body":{"externalId":"ch_3kuYp4Vfst0ZoaLT4D9uJ643","customer":{"$document":["customer","cus_2ZSL1U2F3u6Bb9"]},"currency":{"$currency":"cad"},"tranDate":"2026-11-18","payment":{"$minor":[289548,"cad"]},"autoApply":false,"memo":"Stripe: ch_3kuYp4Vfst0ZoaLT4D9uJ643","apply":{"items":[{"doc":{"$document":["invoice","in_1R4EFNv9k8DNDhQbdula3NWw"]},"apply":true,"amount":{"$minor":[289548,"cad"]}}]}},"depends_on":["cus_2ZSL1U2F3u6Bb9","in_1R4EFNv9k8DNDhQbdula3NWw"],"lines":[{"text":"applied to in_1R4EFNv9k8DNDhQbdula3NWw","amount_minor":289548}]}', 'aa19a7b24a6e91f105d619c2df97fb4643dc93ae476c46a9289c5298fddb4130', NULL, 'Stripe charge ch_3kuYp4Vfst0ZoaLT4D9uJ643 succeeded and has no NetSuite payment', NULL, '2026-11-28 08:43:30.889473+00'),
	('ch_3b15xm0qmnkdaabzhgmmj9u6', 'customerPayment', 'ch_3b15Xm0QMNkDAabzhgmmJ9U6', 'ch_3b15Xm0QMNkDAabzhgmmJ9U6', 'cus_Vydj77RpTbK2AN', 'kwd', 220410, '2026-11-19', '2026-11-19', 'write', '{"document":"customerPayment","external_id":"ch_3b15Xm0QMNkDAabzhgmmJ9U6","stripe_id":"ch_3b15Xm0QMNkDAabzhgmmJ9U6","customer_id":"cus_Vydj77RpTbK2AN","currency":"kwd","amount_minor":220410,"effective_date":"2026-11-19","partition":"2026-11-19","why":"Stripe charge ch_3b15Xm0QMNkDAabzhgmmJ9U6 succeeded and has no NetSuite payment","body":{"externalId":"ch_3b15Xm0QMNkDAabzhgmmJ9U6","customer":{"$document":["customer","cus_Vydj77RpTbK2AN"]},"currency":{"$currency":"kwd"},"tranDate":"2026-11-19","payment":{"$minor":[220410,"kwd"]},"autoApply":false,"memo":"Stripe: ch_3b15Xm0QMNkDAabzhgmmJ9U6","apply":{"items":[{"doc":{"$document":["invoice","in_15J8FyEvv2UzVVtSxKT9739a"]},"apply":true,"amount":{"$minor":[220410,"kwd"]}}]}},"depends_on":["cus_Vydj77RpTbK2AN","in_15J8FyEvv2UzVVtSxKT9739a"],"lines":[{"text":"applied to in_15J8FyEvv2UzVVtSxKT9739a","amount_minor":220410}]}', '7bdfa35d7f871743e8ab80a9fdf5e3e90b1e9c044473764261ac08c920e0d32a', NULL, 'Stripe charge ch_3b15Xm0QMNkDAabzhgmmJ9U6 succeeded and has no NetSuite payment', NULL, '2026-11-28 08:43:30.889492+00');
INSERT INTO o2c.prices VALUES
	('price_16FymywZcjIHBhT1yI6QqlNv', 'prod_QnrNkat9Psz2Q3', '2025-10-12 00:00:00+00', '2026-11-28 08:42:54.014424+00'),
	('price_1BfoLQbd38uljEZ9LTC6P6Ql', 'prod_RZDhv5sU48YNsT', '2025-10-12 00:00:00+00', '2026-11-28 08:42:54.014509+00'),
	('price_1G1PWYoYUsyxdord18GPBFr7', 'prod_RZDhv5sU48YNsT', '2025-10-12 00:00:00+00', '2026-11-28 08:42:54.014514+00'),
	('price_1KbZfpQrBlcEwrOo3gXDVsTx', 'prod_B1UmaoXfbHDrYD', '2025-10-12 00:00:00+00', '2026-11-28 08:42:54.014516+00'),
	('price_1YbIOhPJzGdll939eYk9U7GG', 'prod_ZFxK7u9MLb3PIo', '2025-10-12 00:00:00+00', '2026-11-28 08:42:54.014519+00'),
	('price_1bOV1Z1vTkSPYiI3omCKgJ76', 'prod_22x04yxMomP0aE', '2025-10-12 00:00:00+00', '2026-11-28 08:42:54.014521+00'),
	('price_1cNMMKk0Zl291jo0xKP8ha1V', 'prod_6nqRyFWesE8Q8j', '2025-10-12 00:00:00+00', '2026-11-28 08:42:54.014523+00'),
	('price_1ctUsrC0UCfraI4YHRlLc3Vs', 'prod_kK1FPb3t4Pu109', '2025-10-12 00:00:00+00', '2026-11-28 08:42:54.014525+00'),
	('price_1mhC5cZzxZ2T8wih0qsHu4Qc', 'prod_paHilsZSg0HDRy', '2025-10-12 00:00:00+00', '2026-11-28 08:42:54.014528+00'),
	('price_1myk6q0QIsYOeAZyihnY7woq', 'prod_paHilsZSg0HDRy', '2025-10-12 00:00:00+00', '2026-11-28 08:42:54.01453+00'),
	('price_1ugPiLmOGG1fOUFQTQusgGH2', 'prod_ZFxK7u9MLb3PIo', '2025-10-12 00:00:00+00', '2026-11-28 08:42:54.014532+00'),
	('price_1vIuYTrqhDsXKRveCrcv2vYv', 'prod_gIQ3I8UOMxbc14', '2025-10-12 00:00:00+00', '2026-11-28 08:42:54.014534+00'),
	('price_1361VnCT1F99WdyMY9wFLnN4', 'prod_paHilsZSg0HDRy', '2025-10-12 00:00:00+00', '2026-11-28 08:43:14.611728+00'),
	('price_1LjUR40CuOnrR1KMBfoa75V1', 'prod_gIQ3I8UOMxbc14', '2025-10-12 00:00:00+00', '2026-11-28 08:43:14.611758+00'),
	('price_1RRivk3CZ0GJQTtc8wJOyHcm', 'prod_ZFxK7u9MLb3PIo', '2025-10-12 00:00:00+00', '2026-11-28 08:43:14.611764+00'),
	('price_1Tf62oKpHaS6gpvVLrHn2yOZ', 'prod_RZDhv5sU48YNsT', '2025-10-12 00:00:00+00', '2026-11-28 08:43:14.611769+00'),
	('price_1TrFHvASSTXg4rKjjZw33S8S', 'prod_22x04yxMomP0aE', '2025-10-12 00:00:00+00', '2026-11-28 08:43:14.611773+00'),
	('price_1dl2QvutpPDB6Qu6GmqAQr33', 'prod_6nqRyFWesE8Q8j', '2025-10-12 00:00:00+00', '2026-11-28 08:43:14.611777+00'),
	('price_1fzNCa6baSHhezDyLMHZkt3c', 'prod_22x04yxMomP0aE', '2025-10-12 00:00:00+00', '2026-11-28 08:43:14.611781+00'),
	('price_1h5HGYhKMkDYmGr3hns9Duoh', 'prod_QnrNkat9Psz2Q3', '2025-10-12 00:00:00+00', '2026-11-28 08:43:14.611786+00'),
	('price_1iNSCSVxFSV0XJvnMeG1uA6K', 'prod_22x04yxMomP0aE', '2025-10-12 00:00:00+00', '2026-11-28 08:43:14.611796+00'),
	('price_1pD2W5TQVS1qNVQQoETGH7Br', 'prod_pwcJ6S5RU3MEHT', '2025-10-12 00:00:00+00', '2026-11-28 08:43:14.6118+00'),
	('price_1s3VNC8v7PcPb0fwmJHVlH7X', 'prod_6nqRyFWesE8Q8j', '2025-10-12 00:00:00+00', '2026-11-28 08:43:14.611804+00'),
	('price_1tp7bCSLLyYGsyQVXpKz3gCD', 'prod_pwcJ6S5RU3MEHT', '2025-10-12 00:00:00+00', '2026-11-28 08:43:14.611808+00'),
	('price_1vTEotDKfBg5GGN0VXBR3J2h', 'prod_6nqRyFWesE8Q8j', '2025-10-12 00:00:00+00', '2026-11-28 08:43:14.611812+00'),
	('price_1yRZRGBRpOYWTlamR2x68tYM', 'prod_kK1FPb3t4Pu109', '2025-10-12 00:00:00+00', '2026-11-28 08:43:14.611816+00');
INSERT INTO o2c.prices_named VALUES
	('price_16FymywZcjIHBhT1yI6QqlNv'),
	('price_1BfoLQbd38uljEZ9LTC6P6Ql'),
	('price_1G1PWYoYUsyxdord18GPBFr7'),
	('price_1KbZfpQrBlcEwrOo3gXDVsTx'),
	('price_1YbIOhPJzGdll939eYk9U7GG'),
	('price_1bOV1Z1vTkSPYiI3omCKgJ76'),
	('price_1cNMMKk0Zl291jo0xKP8ha1V'),
	('price_1ctUsrC0UCfraI4YHRlLc3Vs'),
	('price_1mhC5cZzxZ2T8wih0qsHu4Qc'),
	('price_1myk6q0QIsYOeAZyihnY7woq'),
	('price_1ugPiLmOGG1fOUFQTQusgGH2'),
	('price_1vIuYTrqhDsXKRveCrcv2vYv'),
	('price_1361VnCT1F99WdyMY9wFLnN4'),
	('price_1LjUR40CuOnrR1KMBfoa75V1'),
	('price_1RRivk3CZ0GJQTtc8wJOyHcm'),
	('price_1Tf62oKpHaS6gpvVLrHn2yOZ'),
	('price_1TrFHvASSTXg4rKjjZw33S8S'),
	('price_1dl2QvutpPDB6Qu6GmqAQr33'),
	('price_1fzNCa6baSHhezDyLMHZkt3c'),
	('price_1h5HGYhKMkDYmGr3hns9Duoh'),
	('price_1iNSCSVxFSV0XJvnMeG1uA6K'),
	('price_1pD2W5TQVS1qNVQQoETGH7Br'),
	('price_1s3VNC8v7PcPb0fwmJHVlH7X'),
	('price_1tp7bCSLLyYGsyQVXpKz3gCD'),
	('price_1vTEotDKfBg5GGN0VXBR3J2h'),
	('price_1yRZRGBRpOYWTlamR2x68tYM');
INSERT INTO o2c.schema_version VALUES
	('0030');
INSERT INTO o2c.seen_objects VALUES
	('netsuite_reference', 'query/v1', 6, '2026-11-28 08:42:48.009205+00', '2026-11-28 08:42:48.020459+00', 'ours 00f5c8bb0b2d'),
	('salesforce_product2', 'v66.0', 0, '2026-11-28 08:42:48.781952+00', '2026-11-28 08:42:48.781952+00', 'ours cc6bfaba2c03'),
	('salesforce_pricebookentry', 'v66.0', 0, '2026-11-28 08:42:48.786708+00', '2026-11-28 08:42:48.786708+00', 'ours dfdfb6f4b11b'),
	('credit_note', '2026-10-28.endive', 0, '2026-11-28 08:42:49.036118+00', '2026-11-28 08:42:49.036118+00', '16.1.0'),
	('dispute', '2026-10-28.endive', 0, '2026-11-28 08:42:49.596728+00', '2026-11-28 08:42:49.596728+00', '16.1.0'),
	('payout', '2026-10-28.endive', 0, '2026-11-28 08:42:50.535654+00', '2026-11-28 08:42:50.535654+00', '16.1.0'),
	('refund', '2026-10-28.endive', 0, '2026-11-28 08:42:50.743666+00', '2026-11-28 08:42:50.743666+00', '16.1.0'),
	('netsuite_application', 'query/v1', 0, '2026-11-28 08:42:51.000469+00', '2026-11-28 08:42:51.000469+00', 'ours f29b524c3c0d'),
	('netsuite_deposited', 'query/v1', 0, '2026-11-28 08:42:51.009299+00', '2026-11-28 08:42:51.009299+00', 'ours 788353e7804d'),
	('netsuite_deposit_line', 'query/v1', 0, '2026-11-28 08:42:51.015758+00', '2026-11-28 08:42:51.015758+00', 'ours a4e4362f343c'),
	('netsuite_relationship', 'query/v1', 0, '2026-11-28 08:42:51.032751+00', '2026-11-28 08:42:51.032751+00', 'ours 614db49a1204'),
	('netsuite_tax_period', 'query/v1', 0, '2026-11-28 08:42:51.044439+00', '2026-11-28 08:42:51.044439+00', 'ours d0024df9af26'),
	('salesforce_account', 'v66.0', 0, '2026-11-28 08:42:51.187004+00', '2026-11-28 08:42:51.187004+00', 'ours b78f0ea1806a'),
	('salesforce_contact', 'v66.0', 0, '2026-11-28 08:42:51.209001+00', '2026-11-28 08:42:51.209001+00', 'ours 8fb4bead6859'),
	('salesforce_opportunity', 'v66.0', 0, '2026-11-28 08:42:53.544293+00', '2026-11-28 08:42:53.544293+00', 'ours d652551e91b5'),
	('salesforce_opportunitylineitem', 'v66.0', 0, '2026-11-28 08:42:53.554135+00', '2026-11-28 08:42:53.554135+00', 'ours cb6420eaf8c0'),
	('salesforce_order', 'v66.0', 0, '2026-11-28 08:42:54.360692+00', '2026-11-28 08:42:54.360692+00', 'ours 047f85e7f0c8'),
	('salesforce_orderitem', 'v66.0', 0, '2026-11-28 08:42:54.378596+00', '2026-11-28 08:42:54.378596+00', 'ours bf2672561734'),
	('netsuite_customer', 'query/v1', 4, '2026-11-28 08:42:51.025392+00', '2026-11-28 08:42:55.807968+00', 'ours 814694067510'),
	('netsuite_transaction', 'query/v1', 4, '2026-11-28 08:42:50.973539+00', '2026-11-28 08:42:55.834213+00', 'ours 88998bf63c66'),
	('netsuite_tax', 'query/v1', 1, '2026-11-28 08:42:50.989853+00', '2026-11-28 08:42:55.862127+00', 'ours a6921c7debab'),
	('netsuite_order', 'query/v1', 0, '2026-11-28 08:42:55.998827+00', '2026-11-28 08:42:55.998827+00', 'ours 356e489ba7ee'),
	('balance_transaction', '2026-10-28.endive', 4, '2026-11-28 08:42:48.904496+00', '2026-11-28 08:43:12.943044+00', '16.1.0'),
	('invoice', '2026-10-28.endive', 16, '2026-11-28 08:42:49.876767+00', '2026-11-28 08:43:13.487959+00', '16.1.0'),
	('charge', '2026-10-28.endive', 4, '2026-11-28 08:42:50.333757+00', '2026-11-28 08:43:13.626619+00', '16.1.0'),
	('invoice_payment', '2026-10-28.endive', 14, '2026-11-28 08:42:50.365728+00', '2026-11-28 08:43:13.64814+00', '16.1.0'),
	('coupon', '2026-10-28.endive', 2, '2026-11-28 08:43:14.418623+00', '2026-11-28 08:43:14.422596+00', '16.1.0'),
	('price', '2026-10-28.endive', 26, '2026-11-28 08:42:50.043154+00', '2026-11-28 08:43:14.599853+00', '16.1.0'),
	('customer', '2026-10-28.endive', 10, '2026-11-28 08:42:49.331777+00', '2026-11-28 08:43:14.687615+00', '16.1.0'),
	('netsuite_period', 'query/v1', 240, '2026-11-28 08:42:50.868991+00', '2026-11-28 08:43:29.282304+00', 'ours 6455d434973b');
INSERT INTO o2c.stripe_confirmed VALUES
	('2026-11-28 08:43:10.506931+00', '{in_1g9Ig4A3NYSotFROMzJcXZO8,in_16dxxfjrBgfwMP1W7sLgDpcM,in_1MIgfBzsp1CCA3TTkceQm3Pq,in_1NmwMWyDaYxLgO5z4LErz04C}'),
	('2026-11-28 08:43:11.554559+00', '{inpay_13wTEXs41HYC3xCqkiGt69ph,inpay_1laqThPakFqrXW1KfarRxrm9,inpay_1yK8dICnL8bphvTkP0Gpoak1}'),
	('2026-11-28 08:43:11.543461+00', '{inpay_1bl6u3LpmI5rFL22yHSnfTht}'),
	('2026-11-28 08:43:26.074563+00', '{txn_37C7VNek4iW3Fk7XG04cavh2}'),
	('2026-11-28 08:43:26.207891+00', '{txn_3JBYJ4AnEYlxSix0kSZVW3JO}'),
	('2026-11-28 08:43:26.063403+00', '{txn_3BVNlSUScFi32tt4R6d3x0Tk}'),
	('2026-11-28 08:43:26.096736+00', '{txn_3iYsQ8TYy7sMBUPsLpRbxx2h}'),
	('2026-11-28 08:43:26.686457+00', '{cus_Jc8lSyPmisxt81}'),
	('2026-11-28 08:43:26.764233+00', '{cus_xi6l5YUiMF21f3}'),
	('2026-11-28 08:43:27.435828+00', '{in_1R4EFNv9k8DNDhQbdula3NWw,in_17zHNTqmOgNS5CfFHR6LPynM}'),
	('2026-11-28 08:43:27.468687+00', '{in_1GzDGC3LYzHOsd3KZVXnh2zv,in_1KuH4yvI3jgqBTnWajf9QpHB,in_1Yr4d17omFLt2nY1FxVfH5Pz,in_1x28m5ZwdMkCrpDT9oT58rcv}'),
	('2026-11-28 08:43:27.40198+00', '{in_15J8FyEvv2UzVVtSxKT9739a,in_1vxKCKAM04XZIyRhDhvwbafC,in_1woW46pvwpTOfPA36kwOBd5g}'),
	('2026-11-28 08:43:27.51316+00', '{in_1g9Ig4A3NYSotFROMzJcXZO8,in_16dxxfjrBgfwMP1W7sLgDpcM,in_1MIgfBzsp1CCA3TTkceQm3Pq,in_1NmwMWyDaYxLgO5z4LErz04C}'),
	('2026-11-28 08:43:27.390921+00', '{in_1adkyAmZuOCYDU5RRFmIkxXr}'),
	('2026-11-28 08:43:27.558243+00', '{in_1MaV9bx76pOSTayhG2f1qS7F,in_1REqChqOqRZgnFXfwhMVYc0R}'),
	('2026-11-28 08:43:28.09739+00', '{ch_3ug21zEG21tnjOPhVP3GStmi}'),
	('2026-11-28 08:43:28.108409+00', '{ch_3XPuDtiAgceJRmyka3f1ojQc,ch_3b15Xm0QMNkDAabzhgmmJ9U6}'),
	('2026-11-28 08:43:28.143025+00', '{ch_3kuYp4Vfst0ZoaLT4D9uJ643}'),
	('2026-11-28 08:43:28.432447+00', '{inpay_1bl6u3LpmI5rFL22yHSnfTht}'),
	('2026-11-28 08:43:28.4436+00', '{inpay_13wTEXs41HYC3xCqkiGt69ph,inpay_1laqThPakFqrXW1KfarRxrm9,inpay_1yK8dICnL8bphvTkP0Gpoak1}'),
	('2026-11-28 08:43:28.39957+00', '{inpay_13ShBsSmedep9OdRDgEl6cfL,inpay_1DNCNrlS0ZEuRotZIg2JXUcD}'),
	('2026-11-28 08:43:28.488018+00', '{inpay_1xxXTdfiwcKvZkMgW979OG09,inpay_1VP7XjWUVJyUh16vcqtD6F5P}'),
	('2026-11-28 08:43:28.32137+00', '{inpay_1dmQy4oF4CZGMC4piwix5llW}'),
	('2026-11-28 08:43:28.477451+00', '{inpay_1nyOKUbrsAM6rCnk0yiFfw7x,inpay_1cefjBuNJ0Am8oWXJoNHODA5}'),
	('2026-11-28 08:43:28.333064+00', '{inpay_1DxKmqOl3F6ZevWNvM17FzX0,inpay_1qWXnuHHLcLtPF64uFoi1bpq,inpay_1QQCjvN7v37OB1zJE1z56ivS}');
INSERT INTO o2c.stripe_events VALUES
	('evt_10f2bfcfab517f76aad3d027', NULL, 'customer.created', 'customer', 'cus_1cf45fe27abd5b143fc38709', '2026-11-28 08:43:38+00', '2026-11-28 08:43:38.028801+00', 'webhook', '2026-10-28.endive', NULL),
	('evt_1d94fb94cfa8e19fdfbbe3ef', NULL, 'invoice.created', 'invoice', 'in_165881c2ac6394e7ea8d0ade', '2026-11-28 08:43:38+00', '2026-11-28 08:43:38.029057+00', 'webhook', '2026-10-28.endive', NULL),
	('evt_1f3566ee0ab5a9ee222335c4', NULL, 'invoiceitem.created', 'invoiceitem', 'ii_1905235d4c8af085545e2639', '2026-11-28 08:43:38+00', '2026-11-28 08:43:38.055881+00', 'webhook', '2026-10-28.endive', 'no document is made of a invoiceitem'),
	('evt_12bc2c4367ade471f3c4a59a', NULL, 'payment_intent.succeeded', 'payment_intent', 'pi_1d5ef04826570555439e3e87', '2026-11-28 08:43:38+00', '2026-11-28 08:43:38.069406+00', 'webhook', '2026-10-28.endive', 'no document is made of a payment_intent'),
	('evt_14f630b21915e0061db985ff', NULL, 'invoice.paid', 'invoice', 'in_165881c2ac6394e7ea8d0ade', '2026-11-28 08:43:38+00', '2026-11-28 08:43:38.069449+00', 'webhook', '2026-10-28.endive', NULL),
	('evt_1836a0d5c5f003071fc6b867', NULL, 'invoice.finalized', 'invoice', 'in_165881c2ac6394e7ea8d0ade', '2026-11-28 08:43:38+00', '2026-11-28 08:43:38.069455+00', 'webhook', '2026-10-28.endive', NULL),
	('evt_192637c44820eff6c447bf6f', NULL, 'invoice.payment_succeeded', 'invoice', 'in_165881c2ac6394e7ea8d0ade', '2026-11-28 08:43:38+00', '2026-11-28 08:43:38.069459+00', 'webhook', '2026-10-28.endive', NULL),
	('evt_196b999318f28bbde388c723', NULL, 'invoice.updated', 'invoice', 'in_165881c2ac6394e7ea8d0ade', '2026-11-28 08:43:38+00', '2026-11-28 08:43:38.069471+00', 'webhook', '2026-10-28.endive', NULL),
	('evt_1d4778a922fbfb85b8794d28', NULL, 'charge.succeeded', 'charge', 'ch_1b0fd14335ed7c961c288cfd', '2026-11-28 08:43:38+00', '2026-11-28 08:43:38.069475+00', 'webhook', '2026-10-28.endive', NULL),
	('evt_1e26b5aeace56c9fc71d1a55', NULL, 'payment_intent.created', 'payment_intent', 'pi_1d5ef04826570555439e3e87', '2026-11-28 08:43:38+00', '2026-11-28 08:43:38.069479+00', 'webhook', '2026-10-28.endive', 'no document is made of a payment_intent'),
	('evt_1520c5190c0f981bc44d5845', NULL, 'invoice_payment.paid', 'invoice_payment', 'inpay_126627df9da98267c017086a', '2026-11-28 08:43:38+00', '2026-11-28 08:43:38.074574+00', 'webhook', '2026-10-28.endive', NULL),
	('evt_1049bcb9957438478fe926e4', NULL, 'payment_intent.created', 'payment_intent', 'pi_1bbcd5f5144a7c9136edc278', '2026-11-28 08:43:38+00', '2026-11-28 08:43:38.077648+00', 'webhook', '2026-10-28.endive', 'no document is made of a payment_intent'),
	('evt_145ddc0964e6c184366fc4fb', NULL, 'invoice.created', 'invoice', 'in_19556a78fd8820f1d416a9d8', '2026-11-28 08:43:38+00', '2026-11-28 08:43:38.077676+00', 'webhook', '2026-10-28.endive', NULL),
	('evt_162cf84abff6c7878bc2f105', NULL, 'invoice.finalized', 'invoice', 'in_19556a78fd8820f1d416a9d8', '2026-11-28 08:43:38+00', '2026-11-28 08:43:38.077682+00', 'webhook', '2026-10-28.endive', NULL),
	('evt_1853b152a3cc9716f6262bcf', NULL, 'invoiceitem.created', 'invoiceitem', 'ii_11e0dd20b73275bc4b1f799c', '2026-11-28 08:43:38+00', '2026-11-28 08:43:38.077686+00', 'webhook', '2026-10-28.endive', 'no document is made of a invoiceitem');
INSERT INTO o2c.stripe_objects VALUES
	('in_1g9Ig4A3NYSotFROMzJcXZO8', 'invoice', '2026-11-16 13:13:50+00', 'open', '2026-11-28 08:42:49.758933+00', '2026-11-28 08:42:49.803931+00', '\x4c76371da24a786f4bb52fb9dca9c44d', '\x4c76371da24a786f4bb52fb9dca9c44d', '{"account_country":"US","account_name":"Norwold Works, Inc.","amount_due":2969040,"amount_overpaid":0,"amount_paid":0,"amount_remaining":2969040,"amount_shipping":0,"application":null,"attempt_count":0,"attempted":false,"auto_advance":true,"automatic_tax":{"disabled_reason":null,"enabled":false,"liability":null,"provider":null,"status":null},"automatically_finalizes_at":null,"billing_reason":"subscription_cycle","collection_method":"send_invoice","created":1794834830,"currency":"gbp","custom_fields":null,"customer":"cus_pmiunKNcpYO9gP","customer_account":null,"customer_name":"Granitepoint Studios","customer_tax_exempt":"none","default_payment_method":null,"default_tax_rates":[],"description":null,"discounts":[],"due_date":1797430504,"effective_at":1794838504,"ending_balance":0,"footer":null,"from_invoice":null,"id":"in_1g9Ig4A3NYSotFROMzJcXZO8","issuer":{"type":"self"},"last_finalization_error":null,"latest_revision":null,"lines":{"data":[{"amount":31840,"currency":"gbp","description":"2 x Growth plan","discount_amounts":[],"discountable":true,"discounts":[],"id":"il_1Fx2ZQnKWzfW67QW1e0aOIM0","invoice":"in_1g9Ig4A3NYSotFROMzJcXZO8","livemode":false,"metadata":{},"object":"line_item","parent":{"invoice_item_details":null,"subscription_item_details":{"invoice_item":null,"proration":false,"proration_details":{"credited_items":null},"subscription":"sub_1Nh01X6kLPGbEiFov1CtARnM","subscription_item":"si_gBydeLn16R1aLE"},"type":"subscription_item_details"},"period":{"end":1797430504,"start":1794838504},"pretax_credit_amounts":[],"pricing":{"price_details":{"price":"price_16FymywZcjIHBhT1yI6QqlNv","product":"prod_QnrNkat9Psz2Q3"},"type":"price_details","unit_amount_decimal":"15920"},"quantity":2,"quantity_decimal":"2","subscription":"sub_1Nh01X6kLPGbEiFov1CtARnM","subtotal":31840,"taxes":[{"amount":5307,"tax_behavior":"inclusive","tax_rate_details":{"tax_rate":"txr_1tFzgbBU03qXTHl5eSP1BoXI"},"taxability_reason":"standard_rated","taxable_amount":26533,"type":"tax_rate_details"}]},{"amount":4000,"currency":"gbp","description":"2 x Data export","discount_amounts":[],"discountable":true,"discounts":[],"id":"il_1B93pBiHPwBcvYrDJrN8f1KS","invoice":"in_1g9Ig4A3NYSotFROMzJcXZO8","livemode":false,"metadata":{},"object":"line_item","parent":{"invoice_item_details":{"invoice_item":"ii_1dDSabQVkR9wpu1L2nApSSI6","proration":false,"proration_details":{"credited_items":null},"subscription":"sub_1Nh01X6kLPGbEiFov1CtARnM"},"subscription_item_details":null,"type":"invoice_item_details"},"period":{"end":1794838504,"start":1794838504},"pretax_credit_amounts":[],"pricing":{"price_details":{"price":"price_1BfoLQbd38uljEZ9LTC6P6Ql","product":"prod_RZDhv5sU48YNsT"},"type":"price_details","unit_amount_decimal":"2000"},"quantity":2,"quantity_decimal":"2","subscription":"sub_1Nh01X6kLPGbEiFov1CtARnM","subtotal":4000,"taxes":[{"amount":667,"tax_behavior":"inclusive","tax_rate_details":{"tax_rate":"txr_1tFzgbBU03qXTHl5eSP1BoXI"},"taxability_reason":"standard_rated","taxable_amount":3333,"type":"tax_rate_details"}]},{"amount":120000,"currency":"gbp","description":"1 x Onboarding package","discount_amounts":[],"discountable":true,"discounts":[],"id":"il_1vhErjCVEef01Tp5yFB66kHK","invoice":"in_1g9Ig4A3NYSotFROMzJcXZO8","livemode":false,"metadata":{},"object":"line_item","parent":{"invoice_item_details":{"invoice_item":"ii_1Lel1PqyQ5frrgtzFhDnJBGy","proration":false,"proration_details":{"credited_items":null},"subscription":"sub_1Nh01X6kLPGbEiFov1CtARnM"},"subscription_item_details":null,"type":"invoice_item_details"},"period":{"end":1794838504,"start":1794838504},"pretax_credit_amounts":[],"pricing":{"price_details":{"price":"price_1myk6q0QIsYOeAZyihnY7woq","product":"prod_paHilsZSg0HDRy"},"type":"price_details","unit_amount_decimal":"120000"},"quantity":1,"quantity_decimal":"1","subscription":"sub_1Nh01X6kLPGbEiFov1CtARnM","subtotal":120000,"taxes":[{"amount":20000,"tax_behavior":"inclusive","tax_rate_details":{"tax_rate":"txr_1tFzgbBU03qXTHl5eSP1BoXI"},"taxability_reason":"standard_rated","taxable_amount":100000,"type":"tax_rate_details"}]},{"amount":6000,"currency":"gbp","description":"3 x Data export","discount_amounts":[],"discountable":true,"discounts":[],"id":"il_1YZJhBg3s4zIoikVkbX4x2FC","invoice":"in_1g9Ig4A3NYSotFROMzJcXZO8","livemode":false,"metadata":{},"object":"line_item","parent":{"invoice_item_details":{"invoice_item":"ii_1hmFonYtoEJGcd26pZllaUDQ","proration":false,"proration_details":{"credited_items":null},"subscription":"sub_1Nh01X6kLPGbEiFov1CtARnM"},"subscription_item_details":null,"type":"invoice_item_details"},"period":{"end":1794838504,"start":1794838504},"pretax_credit_amounts":[],"pricing":{"price_details":{"price":"price_1BfoLQbd38uljEZ9LTC6P6Ql","product":"prod_RZDhv5sU48YNsT"},"type":"price_details","unit_amount_decimal":"2000"},"quantity":3,"quantity_decimal":"3","subscription":"sub_1Nh01X6kLPGbEiFov1CtARnM","subtotal":6000,"taxes":[{"amount":1000,"tax_behavior":"inclusive","tax_rate_details":{"tax_rate":"txr_1tFzgbBU03qXTHl5eSP1BoXI"},"taxability_reason":"standard_rated","taxable_amount":5000,"type":"tax_rate_details"}]},{"amount":240000,"currency":"gbp","description":"2 x Onboarding package","discount_amounts":[],"discountable":true,"discounts":[],"id":"il_10glEwsqspSDGT1J10O2OlC4","invoice":"in_1g9Ig4A3NYSotFROMzJcXZO8","livemode":false,"metadata":{},"object":"line_item","parent":{"invoice_item_details":{"invoice_item":"ii_1xNEzUVHdcFZ7qrrCywJ1dBi","proration":false,"proration_details":{"credited_items":null},"subscription":"sub_1Nh01X6kLPGbEiFov1CtARnM"},"subscription_item_details":null,"type":"invoice_item_details"},"period":{"end":1794838504,"start":1794838504},"pretax_credit_amounts":[],"pricing":{"price_details":{"price":"price_1myk6q0QIsYOeAZyihnY7woq","product":"prod_paHilsZSg0HDRy"},"type":"price_details","unit_amount_decimal":"120000"},"quantity":2,"quantity_decimal":"2","subscription":"sub_1Nh01X6kLPGbEiFov1CtARnM","subtotal":240000,"taxes":[{"amount":40000,"tax_behavior":"inclusive","tax_rate_details":{"tax_rate":"txr_1tFzgbBU03qXTHl5eSP1BoXI"},"taxability_reason":"standard_rated","taxable_amount":200000,"type":"tax_rate_details"}]},{"amount":81600,"currency":"gbp","description":"3 x Sensor kit","discount_amounts":[],"discountable":true,"discounts":[],"id":"il_1XSLvtq3oYaBK7KJRgg0F4aW","invoice":"in_1g9Ig4A3NYSotFROMzJcXZO8","livemode":false,"metadata":{},"object":"line_item","parent":{"invoice_item_details":{"invoice_item":"ii_1GGUz5D56MQY0KpBbOdhSV8a","proration":false,"proration_details":{"credited_items":null},"subscription":"sub_1Nh01X6kLPGbEiFov1CtARnM"},"subscription_item_details":null,"type":"invoice_item_details"},"period":{"end":1794838504,"start":1794838504},"pretax_credit_amounts":[],"pricing":{"price_details":{"price":"price_1bOV1Z1vTkSPYiI3omCKgJ76","product":"prod_22x04yxMomP0aE"},"type":"price_details","unit_amount_decimal":"27200"},"quantity":3,"quantity_decimal":"3","subscription":"sub_1Nh01X6kLPGbEiFov1CtARnM","subtotal":81600,"taxes":[{"amount":13600,"tax_behavior":"inclusive","tax_rate_details":{"tax_rate":"txr_1tFzgbBU03qXTHl5eSP1BoXI"},"taxability_reason":"standard_rated","taxable_amount":68000,"type":"tax_rate_details"}]},{"amount":2000,"currency":"gbp","description":"1 x Data export","discount_amounts":[],"discountable":true,"discounts":[],"id":"il_1KqsvxyEzI8n0zVODQly5N7O","invoice":"in_1g9Ig4A3NYSotFROMzJcXZO8","livemode":false,"metadata":{},"object":"line_item","parent":{"invoice_item_details":{"invoice_item":"ii_1nfjSruFBSJ67L8nvoIfjE62","proration":false,"proration_details":{"credited_items":null},"subscription":"sub_1Nh01X6kLPGbEiFov1CtARnM"},"subscription_item_details":null,"type":"invoice_item_details"},"period":{"end":1794838504,"start":1794838504},"pretax_credit_amounts":[],"pricing":{"price_details":{"price":"price_1BfoLQbd38uljEZ9LTC6P6Ql","product":"prod_RZDhv5sU48YNsT"},"type":"price_details","unit_amount_decimal":"2000"},"quantity":1,"quantity_decimal":"1","subscription":"sub_1Nh01X6kLPGbEiFov1CtARnM","subtotal":2000,"taxes":[{"amount":333,"tax_behavior":"inclusive","tax_rate_details":{"tax_rate":"txr_1tFzgbBU03qXTHl5eSP1BoXI"},"taxability_reason":"standard_rated","taxable_amount":1667,"type":"tax_rate_details"}]},{"amount":13600,"currency":"gbp","description":"2 x Field report","discount_amounts":[],"discountable":true,"discounts":[],"id":"il_1xwgNJ5Kn8Zr6kLB2BOWW55g","invoice":"in_1g9Ig4A3NYSotFROMzJcXZO8","livemode":false,"metadata":{},"object":"line_item","parent":{"invoice_item_details":{"invoice_item":"ii_139zFr3OqKm4gly2wPwDax3u","proration":false,"proration_details":{"credited_items":null},"subscription":"sub_1Nh01X6kLPGbEiFov1CtARnM"},"subscription_item_details":null,"type":"invoice_item_details"},"period":{"end":1794838504,"start":1794838504},"pretax_credit_amounts":[],"pricing":{"price_details":{"price":"price_1vIuYTrqhDsXKRveCrcv2vYv","product":"prod_gIQ3I8UOMxbc14"},"type":"price_details","unit_amount_decimal":"6800"},"quantity":2,"quantity_decimal":"2","subscription":"sub_1Nh01X6kLPGbEiFov1CtARnM","subtotal":13600,"taxes":[{"amount":2267,"tax_behavior":"inclusive","tax_rate_details":{"tax_rate":"txr_1tFzgbBU03qXTHl5eSP1BoXI"},"taxability_reason":"standard_rated","taxable_amount":11333,"type":"tax_rate_details"}]},{"amount":240000,"currency":"gbp","description":"2 x Onboarding package","discount_amounts":[],"discountable":true,"discounts":[],"id":"il_1MoowOpGSxTAYPIdvTMunO28","invoice":"in_1g9Ig4A3NYSotFROMzJcXZO8","livemode":false,"metadata":{},"object":"line_item","parent":{"invoice_item_details":{"invoice_item":"ii_11HYNqIVokeXhEOlGprB1G1m","proration":false,"proration_details":{"credited_items":null},"subscription":"sub_1Nh01X6kLPGbEiFov1CtARnM"},"subscription_item_details":null,"type":"invoice_item_details"},"period":{"end":1794838504,"start":1794838504},"pretax_credit_amounts":[],"pricing":{"price_details":{"price":"price_1myk6q0QIsYOeAZyihnY7woq","product":"prod_paHilsZSg0HDRy"},"type":"price_details","unit_amount_decimal":"120000"},"quantity":2,"quantity_decimal":"2","subscription":"sub_1Nh01X6kLPGbEiFov1CtARnM","subtotal":240000,"taxes":[{"amount":40000,"tax_behavior":"inclusive","tax_rate_details":{"tax_rate":"txr_1tFzgbBU03qXTHl5eSP1BoXI"},"taxability_reason":"standard_rated","taxable_amount":200000,"type":"tax_rate_details"}]},{"amount":192000,"currency":"gbp","description":"2 x Training day","discount_amounts":[],"discountable":true,"discounts":[],"id":"il_16NRJVQBRv7qqPicDEWSE700","invoice":"in_1g9Ig4A3NYSotFROMzJcXZO8","livemode":false,"metadata":{},"object":"line_item","parent":{"invoice_item_details":{"invoice_item":"ii_1Rosr8WU0i1ktKRpgrf9SyyD","proration":false,"proration_details":{"credited_items":null},"subscription":"sub_1Nh01X6kLPGbEiFov1CtARnM"},"subscription_item_details":null,"type":"invoice_item_details"},"period":{"end":1794838504,"start":1794838504},"pretax_credit_amounts":[],"pricing":{"price_details":{"price":"price_1YbIOhPJzGdll939eYk9U7GG","product":"prod_ZFxK7u9MLb3PIo"},"type":"price_details","unit_amount_decimal":"96000"},"quantity":2,"quantity_decimal":"2","subscription":"sub_1Nh01X6kLPGbEiFov1CtARnM","subtotal":192000,"taxes":[{"amount":32000,"tax_behavior":"inclusive","tax_rate_details":{"tax_rate":"txr_1tFzgbBU03qXTHl5eSP1BoXI"},"taxability_reason":"standard_rated","taxable_amount":160000,"type":"tax_rate_details"}]},{"amount":81600,"currency":"gbp","description":"3 x Sensor kit","discount_amounts":[],"discountable":true,"discounts":[],"id":"il_1DLPLUuLiNahIZuPQ5tq5qXR","invoice":"in_1g9Ig4A3NYSotFROMzJcXZO8","livemode":false,"metadata":{},"object":"line_item","parent":{"invoice_item_details":{"invoice_item":"ii_1fMdUzWeztnyI9bAeg37Jhw5","proration":false,"proration_details":{"credited_items":null},"subscription":"sub_1Nh01X6kLPGbEiFov1CtARnM"},"subscription_item_details":null,"type":"invoice_item_details"},"period":{"end":1794838504,"start":1794838504},"pretax_credit_amounts":[],"pricing":{"price_details":{"price":"price_1bOV1Z1vTkSPYiI3omCKgJ76","product":"prod_22x04yxMomP0aE"},"type":"price_details","unit_amount_decimal":"27200"},"quantity":3,"quantity_decimal":"3","subscription":"sub_1Nh01X6kLPGbEiFov1CtARnM","subtotal":81600,"taxes":[{"amount":13600,"tax_behavior":"inclusive","tax_rate_details":{"tax_rate":"txr_1tFzgbBU03qXTHl5eSP1BoXI"},"taxability_reason":"standard_rated","taxable_amount":68000,"type":"tax_rate_details"}]},{"amount":120000,"currency":"gbp","description":"1 x Onboarding package","discount_amounts":[],"discountable":true,"discounts":[],"id":"il_1iBljBmDq3oXW1zVt5PoW8vj","invoice":"in_1g9Ig4A3NYSotFROMzJcXZO8","livemode":false,"metadata":{},"object":"line_item","parent":{"invoice_item_details":{"invoice_item":"ii_1d2RWjwBlgRsMfeibLp5a0UX","proration":false,"proration_details":{"credited_items":null},"subscription":"sub_1Nh01X6kLPGbEiFov1CtARnM"},"subscription_item_details":null,"type":"invoice_item_details"},"period":{"end":1794838504,"start":1794838504},"pretax_credit_amounts":[],"pricing":{"price_details":{"price":"price_1myk6q0QIsYOeAZyihnY7woq","product":"prod_paHilsZSg0HDRy"},"type":"price_details","unit_amount_decimal":"120000"},"quantity":1,"quantity_decimal":"1","subscription":"sub_1Nh01X6kLPGbEiFov1CtARnM","subtotal":120000,"taxes":[{"amount":20000,"tax_behavior":"inclusive","tax_rate_details":{"tax_rate":"txr_1tFzgbBU03qXTHl5eSP1BoXI"},"taxability_reason":"standard_rated","taxable_amount":100000,"type":"tax_rate_details"}]},{"amount":96000,"currency":"gbp","description":"1 x Training day","discount_amounts":[],"discountable":true,"discounts":[],"id":"il_1iXWLLvYQKIyGOrKJnBMnRSB","invoice":"in_1g9Ig4A3NYSotFROMzJcXZO8","livemode":false,"metadata":{},"object":"line_item","parent":{"invoice_item_details":{"invoice_item":"ii_1aRlgrW7cuzXhsrNdXT31jRp","proration":false,"proration_details":{"credited_items":null},"subscription":"sub_1Nh01X6kLPGbEiFov1CtARnM"},"subscription_item_details":null,"type":"invoice_item_details"},"period":{"end":1794838504,"start":1794838504},"pretax_credit_amounts":[],"pricing":{"price_details":{"price":"price_1YbIOhPJzGdll939eYk9U7GG","product":"prod_ZFxK7u9MLb3PIo"},"type":"price_details","unit_amount_decimal":"96000"},"quantity":1,"quantity_decimal":"1","subscription":"sub_1Nh01X6kLPGbEiFov1CtARnM","subtotal":96000,"taxes":[{"amount":16000,"tax_behavior":"inclusive","tax_rate_details":{"tax_rate":"txr_1tFzgbBU03qXTHl5eSP1BoXI"},"taxability_reason":"standard_rated","taxable_amount":80000,"type":"tax_rate_details"}]},{"amount":192000,"currency":"gbp","description":"2 x Training day","discount_amounts":[],"discountable":true,"discounts":[],"id":"il_1KeHwLY6ZuULHSlkJPhkEaq3","invoice":"in_1g9Ig4A3NYSotFROMzJcXZO8","livemode":false,"metadata":{},"object":"line_item","parent":{"invoice_item_details":{"invoice_item":"ii_1sRhuxbLu5pkeBmmBZy1S1pH","proration":false,"proration_details":{"credited_items":null},"subscription":"sub_1Nh01X6kLPGbEiFov1CtARnM"},"subscription_item_details":null,"type":"invoice_item_details"},"period":{"end":1794838504,"start":1794838504},"pretax_credit_amounts":[],"pricing":{"price_details":{"price":"price_1YbIOhPJzGdll939eYk9U7GG","product":"prod_ZFxK7u9MLb3PIo"},"type":"price_details","unit_amount_decimal":"96000"},"quantity":2,"quantity_decimal":"2","subscription":"sub_1Nh01X6kLPGbEiFov1CtARnM","subtotal":192000,"taxes":[{"amount":32000,"tax_behavior":"inclusive","tax_rate_details":{"tax_rate":"txr_1tFzgbBU03qXTHl5eSP1BoXI"},"taxability_reason":"standard_rated","taxable_amount":160000,"type":"tax_rate_details"}]},{"amount":81600,"currency":"gbp","description":"3 x Sensor kit","discount_amounts":[],"discountable":true,"discounts":[],"id":"il_1mN5ESKTcITDme1IV5GI5tNV","invoice":"in_1g9Ig4A3NYSotFROMzJcXZO8","livemode":false,"metadata":{},"object":"line_item","parent":{"invoice_item_details":{"invoice_item":"ii_1DhuTboRT3RmQtoTtQaZiKM9","proration":false,"proration_details":{"credited_items":null},"subscription":"sub_1Nh01X6kLPGbEiFov1CtARnM"},"subscription_item_details":null,"type":"invoice_item_details"},"period":{"end":1794838504,"start":1794838504},"pretax_credit_amounts":[],"pricing":{"price_details":{"price":"price_1bOV1Z1vTkSPYiI3omCKgJ76","product":"prod_22x04yxMomP0aE"},"type":"price_details","unit_amount_decimal":"27200"},"quantity":3,"quantity_decimal":"3","subscription":"sub_1Nh01X6kLPGbEiFov1CtARnM","subtotal":81600,"taxes":[{"amount":13600,"tax_behavior":"inclusive","tax_rate_details":{"tax_rate":"txr_1tFzgbBU03qXTHl5eSP1BoXI"},"taxability_reason":"standard_rated","taxable_amount":68000,"type":"tax_rate_details"}]},{"amount":96000,"currency":"gbp","description":"1 x Training day","discount_amounts":[],"discountable":true,"discounts":[],"id":"il_1pqkJjX0agDjxMxusIzGwbln","invoice":"in_1g9Ig4A3NYSotFROMzJcXZO8","livemode":false,"metadata":{},"object":"line_item","parent":{"invoice_item_details":{"invoice_item":"ii_1PVtdC67KbWKvHfl2tDx93k1","proration":false,"proration_details":{"credited_items":null},"subscription":"sub_1Nh01X6kLPGbEiFov1CtARnM"},"subscription_item_details":null,"type":"invoice_item_details"},"period":{"end":1794838504,"start":1794838504},"pretax_credit_amounts":[],"pricing":{"price_details":{"price":"price_1YbIOhPJzGdll939eYk9U7GG","product":"prod_ZFxK7u9MLb3PIo"},"type":"price_details","unit_amount_decimal":"96000"},"quantity":1,"quantity_decimal":"1","subscription":"sub_1Nh01X6kLPGbEiFov1CtARnM","subtotal":96000,"taxes":[{"amount":16000,"tax_behavior":"inclusive","tax_rate_details":{"tax_rate":"txr_1tFzgbBU03qXTHl5eSP1BoXI"},"taxability_reason":"standard_rated","taxable_amount":80000,"type":"tax_rate_details"}]},{"amount":288000,"currency":"gbp","description":"3 x Training day","discount_amounts":[],"discountable":true,"discounts":[],"id":"il_1vom9LR7Jf0c17MzogpEnUif","invoice":"in_1g9Ig4A3NYSotFROMzJcXZO8","livemode":false,"metadata":{},"object":"line_item","parent":{"invoice_item_details":{"invoice_item":"ii_1ZYGqE0rDhT28dG9JMIv0mHt","proration":false,"proration_details":{"credited_items":null},"subscription":"sub_1Nh01X6kLPGbEiFov1CtARnM"},"subscription_item_details":null,"type":"invoice_item_details"},"period":{"end":1794838504,"start":1794838504},"pretax_credit_amounts":[],"pricing":{"price_details":{"price":"price_1YbIOhPJzGdll939eYk9U7GG","product":"prod_ZFxK7u9MLb3PIo"},"type":"price_details","unit_amount_decimal":"96000"},"quantity":3,"quantity_decimal":"3","subscription":"sub_1Nh01X6kLPGbEiFov1CtARnM","subtotal":288000,"taxes":[{"amount":48000,"tax_behavior":"inclusive","tax_rate_details":{"tax_rate":"txr_1tFzgbBU03qXTHl5eSP1BoXI"},"taxability_reason":"standard_rated","taxable_amount":240000,"type":"tax_rate_details"}]},{"amount":192000,"currency":"gbp","description":"2 x Training day","discount_amounts":[],"discountable":true,"discounts":[],"id":"il_1OzEvGUiybV6oicDlIVcedG7","invoice":"in_1g9Ig4A3NYSotFROMzJcXZO8","livemode":false,"metadata":{},"object":"line_item","parent":{"invoice_item_details":{"invoice_item":"ii_1I5jTjaT6D2uU6fj9VwtR4fL","proration":false,"proration_details":{"credited_items":null},"subscription":"sub_1Nh01X6kLPGbEiFov1CtARnM"},"subscription_item_details":null,"type":"invoice_item_details"},"period":{"end":1794838504,"start":1794838504},"pretax_credit_amounts":[],"pricing":{"price_details":{"price":"price_1YbIOhPJzGdll939eYk9U7GG","product":"prod_ZFxK7u9MLb3PIo"},"type":"price_details","unit_amount_decimal":"96000"},"quantity":2,"quantity_decimal":"2","subscription":"sub_1Nh01X6kLPGbEiFov1CtARnM","subtotal":192000,"taxes":[{"amount":32000,"tax_behavior":"inclusive","tax_rate_details":{"tax_rate":"txr_1tFzgbBU03qXTHl5eSP1BoXI"},"taxability_reason":"standard_rated","taxable_amount":160000,"type":"tax_rate_details"}]},{"amount":6000,"currency":"gbp","description":"3 x Data export","discount_amounts":[],"discountable":true,"discounts":[],"id":"il_1s1nG9yR19ecYsNkmo8A5WdZ","invoice":"in_1g9Ig4A3NYSotFROMzJcXZO8","livemode":false,"metadata":{},"object":"line_item","parent":{"invoice_item_details":{"invoice_item":"ii_15jcfMeYqqTODp9oWa7rINCd","proration":false,"proration_details":{"credited_items":null},"subscription":"sub_1Nh01X6kLPGbEiFov1CtARnM"},"subscription_item_details":null,"type":"invoice_item_details"},"period":{"end":1794838504,"start":1794838504},"pretax_credit_amounts":[],"pricing":{"price_details":{"price":"price_1BfoLQbd38uljEZ9LTC6P6Ql","product":"prod_RZDhv5sU48YNsT"},"type":"price_details","unit_amount_decimal":"2000"},"quantity":3,"quantity_decimal":"3","subscription":"sub_1Nh01X6kLPGbEiFov1CtARnM","subtotal":6000,"taxes":[{"amount":1000,"tax_behavior":"inclusive","tax_rate_details":{"tax_rate":"txr_1tFzgbBU03qXTHl5eSP1BoXI"},"taxability_reason":"standard_rated","taxable_amount":5000,"type":"tax_rate_details"}]},{"amount":4000,"currency":"gbp","description":"2 x Data export","discount_amounts":[],"discountable":true,"discounts":[],"id":"il_1VBnA5Bql30IKce3mPm8Webr","invoice":"in_1g9Ig4A3NYSotFROMzJcXZO8","livemode":false,"metadata":{},"object":"line_item","parent":{"invoice_item_details":{"invoice_item":"ii_17XRKMrz4A9rsjlw4GIp96a5","proration":false,"proration_details":{"credited_items":null},"subscription":"sub_1Nh01X6kLPGbEiFov1CtARnM"},"subscription_item_details":null,"type":"invoice_item_details"},"period":{"end":1794838504,"start":1794838504},"pretax_credit_amounts":[],"pricing":{"price_details":{"price":"price_1BfoLQbd38uljEZ9LTC6P6Ql","product":"prod_RZDhv5sU48YNsT"},"type":"price_details","unit_amount_decimal":"2000"},"quantity":2,"quantity_decimal":"2","subscription":"sub_1Nh01X6kLPGbEiFov1CtARnM","subtotal":4000,"taxes":[{"amount":667,"tax_behavior":"inclusive","tax_rate_details":{"tax_rate":"txr_1tFzgbBU03qXTHl5eSP1BoXI"},"taxability_reason":"standard_rated","taxable_amount":3333,"type":"tax_rate_details"}]},{"amount":2000,"currency":"gbp","description":"1 x Data export","discount_amounts":[],"discountable":true,"discounts":[],"id":"il_1e4r0wj2CA7ZJ8jCYqx6Nx8J","invoice":"in_1g9Ig4A3NYSotFROMzJcXZO8","livemode":false,"metadata":{},"object":"line_item","parent":{"invoice_item_details":{"invoice_item":"ii_1zAKusOOAIaJBl1pV5CN0p7x","proration":false,"proration_details":{"credited_items":null},"subscription":"sub_1Nh01X6kLPGbEiFov1CtARnM"},"subscription_item_details":null,"type":"invoice_item_details"},"period":{"end":1794838504,"start":1794838504},"pretax_credit_amounts":[],"pricing":{"price_details":{"price":"price_1BfoLQbd38uljEZ9LTC6P6Ql","product":"prod_RZDhv5sU48YNsT"},"type":"price_details","unit_amount_decimal":"2000"},"quantity":1,"quantity_decimal":"1","subscription":"sub_1Nh01X6kLPGbEiFov1CtARnM","subtotal":2000,"taxes":[{"amount":333,"tax_behavior":"inclusive","tax_rate_details":{"tax_rate":"txr_1tFzgbBU03qXTHl5eSP1BoXI"},"taxability_reason":"standard_rated","taxable_amount":1667,"type":"tax_rate_details"}]},{"amount":120000,"currency":"gbp","description":"1 x Onboarding package","discount_amounts":[],"discountable":true,"discounts":[],"id":"il_1wERKQXAtuyPk6HTGrG4eg6B","invoice":"in_1g9Ig4A3NYSotFROMzJcXZO8","livemode":false,"metadata":{},"object":"line_item","parent":{"invoice_item_details":{"invoice_item":"ii_1r56BLcYoq1kpXz1TdKLR75p","proration":false,"proration_details":{"credited_items":null},"subscription":"sub_1Nh01X6kLPGbEiFov1CtARnM"},"subscription_item_details":null,"type":"invoice_item_details"},"period":{"end":1794838504,"start":1794838504},"pretax_credit_amounts":[],"pricing":{"price_details":{"price":"price_1myk6q0QIsYOeAZyihnY7woq","product":"prod_paHilsZSg0HDRy"},"type":"price_details","unit_amount_decimal":"120000"},"quantity":1,"quantity_decimal":"1","subscription":"sub_1Nh01X6kLPGbEiFov1CtARnM","subtotal":120000,"taxes":[{"amount":20000,"tax_behavior":"inclusive","tax_rate_details":{"tax_rate":"txr_1tFzgbBU03qXTHl5eSP1BoXI"},"taxability_reason":"standard_rated","taxable_amount":100000,"type":"tax_rate_details"}]},{"amount":27200,"currency":"gbp","description":"1 x Sensor kit","discount_amounts":[],"discountable":true,"discounts":[],"id":"il_1KVtY4FLOJZQaBD9fn525Z33","invoice":"in_1g9Ig4A3NYSotFROMzJcXZO8","livemode":false,"metadata":{},"object":"line_item","parent":{"invoice_item_details":{"invoice_item":"ii_1L3mtKeMQAl3a3uK9tQjiq2h","proration":false,"proration_details":{"credited_items":null},"subscription":"sub_1Nh01X6kLPGbEiFov1CtARnM"},"subscription_item_details":null,"type":"invoice_item_details"},"period":{"end":1794838504,"start":1794838504},"pretax_credit_amounts":[],"pricing":{"price_details":{"price":"price_1bOV1Z1vTkSPYiI3omCKgJ76","product":"prod_22x04yxMomP0aE"},"type":"price_details","unit_amount_decimal":"27200"},"quantity":1,"quantity_decimal":"1","subscription":"sub_1Nh01X6kLPGbEiFov1CtARnM","subtotal":27200,"taxes":[{"amount":4533,"tax_behavior":"inclusive","tax_rate_details":{"tax_rate":"txr_1tFzgbBU03qXTHl5eSP1BoXI"},"taxability_reason":"standard_rated","taxable_amount":22667,"type":"tax_rate_details"}]},{"amount":2000,"currency":"gbp","description":"1 x Data export","discount_amounts":[],"discountable":true,"discounts":[],"id":"il_1nJ7lU6ztLypimiLzeM0wh1v","invoice":"in_1g9Ig4A3NYSotFROMzJcXZO8","livemode":false,"metadata":{},"object":"line_item","parent":{"invoice_item_details":{"invoice_item":"ii_1QG3YBMyr4TNWimLgBsH9909","proration":false,"proration_details":{"credited_items":null},"subscription":"sub_1Nh01X6kLPGbEiFov1CtARnM"},"subscription_item_details":null,"type":"invoice_item_details"},"period":{"end":1794838504,"start":1794838504},"pretax_credit_amounts":[],"pricing":{"price_details":{"price":"price_1BfoLQbd38uljEZ9LTC6P6Ql","product":"prod_RZDhv5sU48YNsT"},"type":"price_details","unit_amount_decimal":"2000"},"quantity":1,"quantity_decimal":"1","subscription":"sub_1Nh01X6kLPGbEiFov1CtARnM","subtotal":2000,"taxes":[{"amount":333,"tax_behavior":"inclusive","tax_rate_details":{"tax_rate":"txr_1tFzgbBU03qXTHl5eSP1BoXI"},"taxability_reason":"standard_rated","taxable_amount":1667,"type":"tax_rate_details"}]},{"amount":288000,"currency":"gbp","description":"3 x Training day","discount_amounts":[],"discountable":true,"discounts":[],"id":"il_1LB4d7xNswexXHVTdFAYm0ZM","invoice":"in_1g9Ig4A3NYSotFROMzJcXZO8","livemode":false,"metadata":{},"object":"line_item","parent":{"invoice_item_details":{"invoice_item":"ii_1LDxNuend498jIlksFiF0sx0","proration":false,"proration_details":{"credited_items":null},"subscription":"sub_1Nh01X6kLPGbEiFov1CtARnM"},"subscription_item_details":null,"type":"invoice_item_details"},"period":{"end":1794838504,"start":1794838504},"pretax_credit_amounts":[],"pricing":{"price_details":{"price":"price_1YbIOhPJzGdll939eYk9U7GG","product":"prod_ZFxK7u9MLb3PIo"},"type":"price_details","unit_amount_decimal":"96000"},"quantity":3,"quantity_decimal":"3","subscription":"sub_1Nh01X6kLPGbEiFov1CtARnM","subtotal":288000,"taxes":[{"amount":48000,"tax_behavior":"inclusive","tax_rate_details":{"tax_rate":"txr_1tFzgbBU03qXTHl5eSP1BoXI"},"taxability_reason":"standard_rated","taxable_amount":240000,"type":"tax_rate_details"}]},{"amount":240000,"currency":"gbp","description":"2 x Onboarding package","discount_amounts":[],"discountable":true,"discounts":[],"id":"il_185U0Pt9HDpCh1Z8ZDaWdjwe","invoice":"in_1g9Ig4A3NYSotFROMzJcXZO8","livemode":false,"metadata":{},"object":"line_item","parent":{"invoice_item_details":{"invoice_item":"ii_144Lh2mlgiZS2i0xeahDRaVS","proration":false,"proration_details":{"credited_items":null},"subscription":"sub_1Nh01X6kLPGbEiFov1CtARnM"},"subscription_item_details":null,"type":"invoice_item_details"},"period":{"end":1794838504,"start":1794838504},"pretax_credit_amounts":[],"pricing":{"price_details":{"price":"price_1myk6q0QIsYOeAZyihnY7woq","product":"prod_paHilsZSg0HDRy"},"type":"price_details","unit_amount_decimal":"120000"},"quantity":2,"quantity_decimal":"2","subscription":"sub_1Nh01X6kLPGbEiFov1CtARnM","subtotal":240000,"taxes":[{"amount":40000,"tax_behavior":"inclusive","tax_rate_details":{"tax_rate":"txr_1tFzgbBU03qXTHl5eSP1BoXI"},"taxability_reason":"standard_rated","taxable_amount":200000,"type":"tax_rate_details"}]},{"amount":81600,"currency":"gbp","description":"3 x Sensor kit","discount_amounts":[],"discountable":true,"discounts":[],"id":"il_1DGZRELHQ0RNuGbpvXuu42u6","invoice":"in_1g9Ig4A3NYSotFROMzJcXZO8","livemode":false,"metadata":{},"object":"line_item","parent":{"invoice_item_details":{"invoice_item":"ii_1em56NJIDN1NgxFz3OOBItsK","proration":false,"proration_details":{"credited_items":null},"subscription":"sub_1Nh01X6kLPGbEiFov1CtARnM"},"subscription_item_details":null,"type":"invoice_item_details"},"period":{"end":1794838504,"start":1794838504},"pretax_credit_amounts":[],"pricing":{"price_details":{"price":"price_1bOV1Z1vTkSPYiI3omCKgJ76","product":"prod_22x04yxMomP0aE"},"type":"price_details","unit_amount_decimal":"27200"},"quantity":3,"quantity_decimal":"3","subscription":"sub_1Nh01X6kLPGbEiFov1CtARnM","subtotal":81600,"taxes":[{"amount":13600,"tax_behavior":"inclusive","tax_rate_details":{"tax_rate":"txr_1tFzgbBU03qXTHl5eSP1BoXI"},"taxability_reason":"standard_rated","taxable_amount":68000,"type":"tax_rate_details"}]},{"amount":120000,"currency":"gbp","description":"1 x Onboarding package","discount_amounts":[],"discountable":true,"discounts":[],"id":"il_1p5bVy2yKF9LoKTiCj6sVkRY","invoice":"in_1g9Ig4A3NYSotFROMzJcXZO8","livemode":false,"metadata":{},"object":"line_item","parent":{"invoice_item_details":{"invoice_item":"ii_185A8BMNn9aNwweUh8L99cqC","proration":false,"proration_details":{"credited_items":null},"subscription":"sub_1Nh01X6kLPGbEiFov1CtARnM"},"subscription_item_details":null,"type":"invoice_item_details"},"period":{"end":1794838504,"start":1794838504},"pretax_credit_amounts":[],"pricing":{"price_details":{"price":"price_1myk6q0QIsYOeAZyihnY7woq","product":"prod_paHilsZSg0HDRy"},"type":"price_details","unit_amount_decimal":"120000"},"quantity":1,"quantity_decimal":"1","subscription":"sub_1Nh01X6kLPGbEiFov1CtARnM","subtotal":120000,"taxes":[{"amount":20000,"tax_behavior":"inclusive","tax_rate_details":{"tax_rate":"txr_1tFzgbBU03qXTHl5eSP1BoXI"},"taxability_reason":"standard_rated","taxable_amount":100000,"type":"tax_rate_details"}]}],"has_more":false,"object":"list","total_count":28,"url":"/v1/invoices/in_1g9Ig4A3NYSotFROMzJcXZO8/lines"},"livemode":false,"metadata":{},"next_payment_attempt":null,"number":"NW-000001","object":"invoice","on_behalf_of":null,"parent":{"quote_details":null,"subscription_details":{"metadata":{},"subscription":"sub_1Nh01X6kLPGbEiFov1CtARnM"},"type":"subscription_details"},"payment_settings":{"default_mandate":null,"payment_method_options":null,"payment_method_types":null},"period_end":1794834830,"period_start":1792242830,"post_payment_credit_notes_amount":0,"pre_payment_credit_notes_amount":0,"rendering":null,"shipping_cost":null,"shipping_details":null,"starting_balance":0,"statement_descriptor":null,"status":"open","status_details":null,"status_transitions":{"finalized_at":1794838504,"marked_uncollectible_at":null,"paid_at":null,"voided_at":null},"subtotal":2969040,"subtotal_excluding_tax":2474200,"test_clock":null,"threshold_reason":null,"total":2969040,"total_discount_amounts":[],"total_excluding_tax":2474200,"total_pretax_credit_amounts":[],"total_taxes":[{"amount":494840,"tax_behavior":"inclusive","tax_rate_details":{"tax_rate":"txr_1tFzgbBU03qXTHl5eSP1BoXI"},"taxability_reason":"standard_rated","taxable_amount":2474200,"type":"tax_rate_details"}],"webhooks_delivered_at":1794834831}', 'main'),
	('inpay_13wTEXs41HYC3xCqkiGt69ph', 'invoice_payment', '2026-11-16 14:15:04+00', 'open', '2026-11-28 08:42:50.257501+00', '2026-11-28 08:42:50.284684+00', '\x479db47b665b47ee94dfb26eb6b2a0e6', '\x479db47b665b47ee94dfb26eb6b2a0e6', '{"amount_paid":null,"amount_requested":2969040,"created":1794838504,"currency":"gbp","id":"inpay_13wTEXs41HYC3xCqkiGt69ph","invoice":"in_1g9Ig4A3NYSotFROMzJcXZO8","is_default":true,"livemode":false,"object":"invoice_payment","payment":{"payment_intent":"pi_3SZlAAPUq1ZPZx0GZ4VcTHQ3","type":"payment_intent"},"status":"open","status_transitions":{"canceled_at":null,"paid_at":null}}', 'main'),
	('inpay_1bl6u3LpmI5rFL22yHSnfTht', 'invoice_payment', '2026-11-16 18:39:55+00', 'open', '2026-11-28 08:42:50.246364+00', '2026-11-28 08:42:50.284713+00', '\x4762858c72fe48071d63b72e2292aeca', '\x4762858c72fe48071d63b72e2292aeca', '{"amount_paid":null,"amount_requested":293880,"created":1794854395,"currency":"kwd","id":"inpay_1bl6u3LpmI5rFL22yHSnfTht","invoice":"in_1NmwMWyDaYxLgO5z4LErz04C","is_default":true,"livemode":false,"object":"invoice_payment","payment":{"payment_intent":"pi_30Ru3nj108evRS9X4Pn622jF","type":"payment_intent"},"status":"open","status_transitions":{"canceled_at":null,"paid_at":null}}', 'main'),
	('inpay_1laqThPakFqrXW1KfarRxrm9', 'invoice_payment', '2026-11-16 15:14:50+00', 'open', '2026-11-28 08:42:50.257501+00', '2026-11-28 08:42:50.284718+00', '\xa2aedf01436a191c042412145eb3ea1a', '\xa2aedf01436a191c042412145eb3ea1a', '{"amount_paid":null,"amount_requested":266978,"created":1794842090,"currency":"eur","id":"inpay_1laqThPakFqrXW1KfarRxrm9","invoice":"in_1MIgfBzsp1CCA3TTkceQm3Pq","is_default":true,"livemode":false,"object":"invoice_payment","payment":{"payment_intent":"pi_35IeJaVxBouek3JtKgBak0OV","type":"payment_intent"},"status":"open","status_transitions":{"canceled_at":null,"paid_at":null}}', 'main'),
	('inpay_1yK8dICnL8bphvTkP0Gpoak1', 'invoice_payment', '2026-11-16 16:55:12+00', 'open', '2026-11-28 08:42:50.257501+00', '2026-11-28 08:42:50.284721+00', '\xc1e0181b5d8a865b77b81ae8dfc526a8', '\xc1e0181b5d8a865b77b81ae8dfc526a8', '{"amount_paid":null,"amount_requested":665000,"created":1794848112,"currency":"usd","id":"inpay_1yK8dICnL8bphvTkP0Gpoak1","invoice":"in_16dxxfjrBgfwMP1W7sLgDpcM","is_default":true,"livemode":false,"object":"invoice_payment","payment":{"payment_intent":"pi_3vetMIAOiRQXxtr9yv08Bjln","type":"payment_intent"},"status":"open","status_transitions":{"canceled_at":null,"paid_at":null}}', 'main'),
	('in_16dxxfjrBgfwMP1W7sLgDpcM', 'invoice', '2026-11-16 16:25:59+00', 'open', '2026-11-28 08:42:49.758933+00', '2026-11-28 08:42:49.803295+00', '\x9bca6c27364ee98a93ac36cbadf35a7a', '\x9bca6c27364ee98a93ac36cbadf35a7a', '{"account_country":"US","account_name":"Norwold Works, Inc.","amount_due":665000,"amount_overpaid":0,"amount_paid":0,"amount_remaining":665000,"amount_shipping":0,"application":null,"attempt_count":0,"attempted":false,"auto_advance":true,"automatic_tax":{"disabled_reason":null,"enabled":false,"liability":null,"provider":null,"status":null},"automatically_finalizes_at":null,"billing_reason":"manual","collection_method":"send_invoice","created":1794846359,"currency":"usd","custom_fields":null,"customer":"cus_VN4Aosre6HBiHb","customer_account":null,"customer_name":"Amberpoint Logistics","customer_tax_exempt":"none","default_payment_method":null,"default_tax_rates":[],"description":null,"discounts":[],"due_date":1797440112,"effective_at":1794848112,"ending_balance":0,"footer":null,"from_invoice":null,"id":"in_16dxxfjrBgfwMP1W7sLgDpcM","issuer":{"type":"self"},"last_finalization_error":null,"latest_revision":null,"lines":{"data":[{"amount":300000,"currency":"usd","description":"2 x Onboarding package","discount_amounts":[],"discountable":true,"discounts":[],"id":"il_1pv9kdX6SRZ8476RJDxXqgB0","invoice":"in_16dxxfjrBgfwMP1W7sLgDpcM","livemode":false,"metadata":{},"object":"line_item","parent":{"invoice_item_details":{"invoice_item":"ii_10C3vgL7CTGhNa87q9we48Ae","proration":false,"proration_details":{"credited_items":null},"subscription":null},"subscription_item_details":null,"type":"invoice_item_details"},"period":{"end":1794848112,"start":1794848112},"pretax_credit_amounts":[],"pricing":{"price_details":{"price":"price_1mhC5cZzxZ2T8wih0qsHu4Qc","product":"prod_paHilsZSg0HDRy"},"type":"price_details","unit_amount_decimal":"150000"},"quantity":2,"quantity_decimal":"2","subscription":null,"subtotal":300000,"taxes":[]},{"amount":360000,"currency":"usd","description":"3 x Training day","discount_amounts":[],"discountable":true,"discounts":[],"id":"il_1CP1B9rbFyMUiYGQEpWvHz8S","invoice":"in_16dxxfjrBgfwMP1W7sLgDpcM","livemode":false,"metadata":{},"object":"line_item","parent":{"invoice_item_details":{"invoice_item":"ii_12xPdaIB4t7I1uK4y5GCVq76","proration":false,"proration_details":{"credited_items":null},"subscription":null},"subscription_item_details":null,"type":"invoice_item_details"},"period":{"end":1794848112,"start":1794848112},"pretax_credit_amounts":[],"pricing":{"price_details":{"price":"price_1ugPiLmOGG1fOUFQTQusgGH2","product":"prod_ZFxK7u9MLb3PIo"},"type":"price_details","unit_amount_decimal":"120000"},"quantity":3,"quantity_decimal":"3","subscription":null,"subtotal":360000,"taxes":[]},{"amount":5000,"currency":"usd","description":"2 x Data export","discount_amounts":[],"discountable":true,"discounts":[],"id":"il_1b3L3ay6fUh9mCYHU1tT8i6k","invoice":"in_16dxxfjrBgfwMP1W7sLgDpcM","livemode":false,"metadata":{},"object":"line_item","parent":{"invoice_item_details":{"invoice_item":"ii_17ZvbGYKruJUkIG0hmTaM95Y","proration":false,"proration_details":{"credited_items":null},"subscription":null},"subscription_item_details":null,"type":"invoice_item_details"},"period":{"end":1794848112,"start":1794848112},"pretax_credit_amounts":[],"pricing":{"price_details":{"price":"price_1G1PWYoYUsyxdord18GPBFr7","product":"prod_RZDhv5sU48YNsT"},"type":"price_details","unit_amount_decimal":"2500"},"quantity":2,"quantity_decimal":"2","subscription":null,"subtotal":5000,"taxes":[]}],"has_more":false,"object":"list","total_count":3,"url":"/v1/invoices/in_16dxxfjrBgfwMP1W7sLgDpcM/lines"},"livemode":false,"metadata":{},"next_payment_attempt":null,"number":"NW-000003","object":"invoice","on_behalf_of":null,"parent":null,"payment_settings":{"default_mandate":null,"payment_method_options":null,"payment_method_types":null},"period_end":1794846359,"period_start":1794846359,"post_payment_credit_notes_amount":0,"pre_payment_credit_notes_amount":0,"rendering":null,"shipping_cost":null,"shipping_details":null,"starting_balance":0,"statement_descriptor":null,"status":"open","status_details":null,"status_transitions":{"finalized_at":1794848112,"marked_uncollectible_at":null,"paid_at":null,"voided_at":null},"subtotal":665000,"subtotal_excluding_tax":665000,"test_clock":null,"threshold_reason":null,"total":665000,"total_discount_amounts":[],"total_excluding_tax":665000,"total_pretax_credit_amounts":[],"total_taxes":[],"webhooks_delivered_at":1794846360}', 'main'),
	('in_1MIgfBzsp1CCA3TTkceQm3Pq', 'invoice', '2026-11-16 14:13:42+00', 'open', '2026-11-28 08:42:49.758933+00', '2026-11-28 08:42:49.803684+00', '\xff2d410763003105a2b25b4b89e92c04', '\xff2d410763003105a2b25b4b89e92c04', '{"account_country":"US","account_name":"Norwold Works, Inc.","amount_due":266978,"amount_overpaid":0,"amount_paid":0,"amount_remaining":266978,"amount_shipping":0,"application":null,"attempt_count":0,"attempted":false,"auto_advance":true,"automatic_tax":{"disabled_reason":null,"enabled":false,"liability":null,"provider":null,"status":null},"automatically_finalizes_at":null,"billing_reason":"subscription_update","collection_method":"send_invoice","created":1794838422,"currency":"eur","custom_fields":null,"customer":"cus_6iyJxKkY60yQIX","customer_account":null,"customer_name":"Quartzwick Labs","customer_tax_exempt":"none","default_payment_method":null,"default_tax_rates":[],"description":null,"discounts":[],"due_date":1797434090,"effective_at":1794842090,"ending_balance":0,"footer":null,"from_invoice":null,"id":"in_1MIgfBzsp1CCA3TTkceQm3Pq","issuer":{"type":"self"},"last_finalization_error":null,"latest_revision":null,"lines":{"data":[{"amount":-1397,"currency":"eur","description":"Unused time on Starter plan after 09 Nov 2026","discount_amounts":[],"discountable":false,"discounts":[],"id":"il_1KzCTWfgrIk2mGFJjMNOdMmI","invoice":"in_1MIgfBzsp1CCA3TTkceQm3Pq","livemode":false,"metadata":{},"object":"line_item","parent":{"invoice_item_details":null,"subscription_item_details":{"invoice_item":"ii_1us09dD00Csw7OIgoXZ5rdlw","proration":true,"proration_details":{"credited_items":null},"subscription":"sub_1YiaVyxm7wezsWHPZN970VN4","subscription_item":"si_jC44lHHTeM45ka"},"type":"subscription_item_details"},"period":{"end":1794842090,"start":1794237290},"pretax_credit_amounts":[],"pricing":{"price_details":{"price":"price_1KbZfpQrBlcEwrOo3gXDVsTx","product":"prod_B1UmaoXfbHDrYD"},"type":"price_details","unit_amount_decimal":"-1397"},"quantity":1,"quantity_decimal":"1","subscription":"sub_1YiaVyxm7wezsWHPZN970VN4","subtotal":-1397,"taxes":[]},{"amount":7125,"currency":"eur","description":"Remaining time on Premium support after 09 Nov 2026","discount_amounts":[],"discountable":false,"discounts":[],"id":"il_1ipVylz1IvPs1CVjgjR3IwIo","invoice":"in_1MIgfBzsp1CCA3TTkceQm3Pq","livemode":false,"metadata":{},"object":"line_item","parent":{"invoice_item_details":null,"subscription_item_details":{"invoice_item":"ii_1BVkHs7AeHnMfm52VYZKVnh2","proration":true,"proration_details":{"credited_items":null},"subscription":"sub_1YiaVyxm7wezsWHPZN970VN4","subscription_item":"si_BRGbrAYfd19fGg"},"type":"subscription_item_details"},"period":{"end":1794842090,"start":1794237290},"pretax_credit_amounts":[],"pricing":{"price_details":{"price":"price_1ctUsrC0UCfraI4YHRlLc3Vs","product":"prod_kK1FPb3t4Pu109"},"type":"price_details","unit_amount_decimal":"7125"},"quantity":1,"quantity_decimal":"1","subscription":"sub_1YiaVyxm7wezsWHPZN970VN4","subtotal":7125,"taxes":[]},{"amount":261250,"currency":"eur","description":"11 x Premium support","discount_amounts":[],"discountable":true,"discounts":[],"id":"il_19AG145S70MvhpnDgUZIm6Fu","invoice":"in_1MIgfBzsp1CCA3TTkceQm3Pq","livemode":false,"metadata":{},"object":"line_item","parent":{"invoice_item_details":null,"subscription_item_details":{"invoice_item":null,"proration":false,"proration_details":{"credited_items":null},"subscription":"sub_1YiaVyxm7wezsWHPZN970VN4","subscription_item":"si_0QrCHWxANZzxD8"},"type":"subscription_item_details"},"period":{"end":1797434090,"start":1794842090},"pretax_credit_amounts":[],"pricing":{"price_details":{"price":"price_1ctUsrC0UCfraI4YHRlLc3Vs","product":"prod_kK1FPb3t4Pu109"},"type":"price_details","unit_amount_decimal":"23750"},"quantity":11,"quantity_decimal":"11","subscription":"sub_1YiaVyxm7wezsWHPZN970VN4","subtotal":261250,"taxes":[]}],"has_more":false,"object":"list","total_count":3,"url":"/v1/invoices/in_1MIgfBzsp1CCA3TTkceQm3Pq/lines"},"livemode":false,"metadata":{},"next_payment_attempt":null,"number":"NW-000002","object":"invoice","on_behalf_of":null,"parent":{"quote_details":null,"subscription_details":{"metadata":{},"subscription":"sub_1YiaVyxm7wezsWHPZN970VN4"},"type":"subscription_details"},"payment_settings":{"default_mandate":null,"payment_method_options":null,"payment_method_types":null},"period_end":1794838422,"period_start":1792246422,"post_payment_credit_notes_amount":0,"pre_payment_credit_notes_amount":0,"rendering":null,"shipping_cost":null,"shipping_details":null,"starting_balance":0,"statement_descriptor":null,"status":"open","status_details":null,"status_transitions":{"finalized_at":1794842090,"marked_uncollectible_at":null,"paid_at":null,"voided_at":null},"subtotal":266978,"subtotal_excluding_tax":266978,"test_clock":null,"threshold_reason":null,"total":266978,"total_discount_amounts":[],"total_excluding_tax":266978,"total_pretax_credit_amounts":[],"total_taxes":[],"webhooks_delivered_at":1794838423}', 'main'),
	('in_1NmwMWyDaYxLgO5z4LErz04C', 'invoice', '2026-11-16 17:38:35+00', 'open', '2026-11-28 08:42:49.758933+00', '2026-11-28 08:42:49.803778+00', '\xfd378b1f884b6a2856e7487e41b4c593', '\xfd378b1f884b6a2856e7487e41b4c593', '{"account_country":"US","account_name":"Norwold Works, Inc.","amount_due":293880,"amount_overpaid":0,"amount_paid":0,"amount_remaining":293880,"amount_shipping":0,"application":null,"attempt_count":0,"attempted":false,"auto_advance":true,"automatic_tax":{"disabled_reason":null,"enabled":false,"liability":null,"provider":null,"status":null},"automatically_finalizes_at":null,"billing_reason":"subscription_cycle","collection_method":"send_invoice","created":1794850715,"currency":"kwd","custom_fields":null,"customer":"cus_Vydj77RpTbK2AN","customer_account":null,"customer_name":"Harbormere Mills","customer_tax_exempt":"none","default_payment_method":null,"default_tax_rates":[],"description":null,"discounts":[],"due_date":1797446395,"effective_at":1794854395,"ending_balance":0,"footer":null,"from_invoice":null,"id":"in_1NmwMWyDaYxLgO5z4LErz04C","issuer":{"type":"self"},"last_finalization_error":null,"latest_revision":null,"lines":{"data":[{"amount":293880,"currency":"kwd","description":"12 x Analytics add-on","discount_amounts":[],"discountable":true,"discounts":[],"id":"il_1q83nX2kEQK30IL3xIJPqj14","invoice":"in_1NmwMWyDaYxLgO5z4LErz04C","livemode":false,"metadata":{},"object":"line_item","parent":{"invoice_item_details":null,"subscription_item_details":{"invoice_item":null,"proration":false,"proration_details":{"credited_items":null},"subscription":"sub_1n2luSOQJTBe6xxxLfr8ds2Q","subscription_item":"si_fAGF6vIL264B0I"},"type":"subscription_item_details"},"period":{"end":1797446395,"start":1794854395},"pretax_credit_amounts":[],"pricing":{"price_details":{"price":"price_1cNMMKk0Zl291jo0xKP8ha1V","product":"prod_6nqRyFWesE8Q8j"},"type":"price_details","unit_amount_decimal":"24490"},"quantity":12,"quantity_decimal":"12","subscription":"sub_1n2luSOQJTBe6xxxLfr8ds2Q","subtotal":293880,"taxes":[]}],"has_more":false,"object":"list","total_count":1,"url":"/v1/invoices/in_1NmwMWyDaYxLgO5z4LErz04C/lines"},"livemode":false,"metadata":{},"next_payment_attempt":null,"number":"NW-000004","object":"invoice","on_behalf_of":null,"parent":{"quote_details":null,"subscription_details":{"metadata":{},"subscription":"sub_1n2luSOQJTBe6xxxLfr8ds2Q"},"type":"subscription_details"},"payment_settings":{"default_mandate":null,"payment_method_options":null,"payment_method_types":null},"period_end":1794850715,"period_start":1792258715,"post_payment_credit_notes_amount":0,"pre_payment_credit_notes_amount":0,"rendering":null,"shipping_cost":null,"shipping_details":null,"starting_balance":0,"statement_descriptor":null,"status":"open","status_details":null,"status_transitions":{"finalized_at":1794854395,"marked_uncollectible_at":null,"paid_at":null,"voided_at":null},"subtotal":293880,"subtotal_excluding_tax":293880,"test_clock":null,"threshold_reason":null,"total":293880,"total_discount_amounts":[],"total_excluding_tax":293880,"total_pretax_credit_amounts":[],"total_taxes":[],"webhooks_delivered_at":1794850716}', 'main'),
	('price_16FymywZcjIHBhT1yI6QqlNv', 'price', '2025-10-12 00:00:00+00', '', '2026-11-28 08:42:53.872907+00', '2026-11-28 08:42:54.000193+00', '\x463826ebf836c4d429cd5d43396b9ce3', '\x463826ebf836c4d429cd5d43396b9ce3', '{"active":true,"billing_scheme":"per_unit","created":1760227200,"currency":"gbp","custom_unit_amount":null,"id":"price_16FymywZcjIHBhT1yI6QqlNv","livemode":false,"lookup_key":null,"metadata":{},"nickname":null,"object":"price","product":"prod_QnrNkat9Psz2Q3","recurring":{"interval":"month","interval_count":1,"meter":null,"trial_period_days":null,"usage_type":"licensed"},"tax_behavior":"unspecified","tiers_mode":null,"transform_quantity":null,"type":"recurring","unit_amount":15920,"unit_amount_decimal":"15920"}', 'main'),
	('price_1BfoLQbd38uljEZ9LTC6P6Ql', 'price', '2025-10-12 00:00:00+00', '', '2026-11-28 08:42:53.884127+00', '2026-11-28 08:42:54.000228+00', '\xc6d92e241b2d5a8c3f201b09f16635df', '\xc6d92e241b2d5a8c3f201b09f16635df', '{"active":true,"billing_scheme":"per_unit","created":1760227200,"currency":"gbp","custom_unit_amount":null,"id":"price_1BfoLQbd38uljEZ9LTC6P6Ql","livemode":false,"lookup_key":null,"metadata":{},"nickname":null,"object":"price","product":"prod_RZDhv5sU48YNsT","recurring":null,"tax_behavior":"unspecified","tiers_mode":null,"transform_quantity":null,"type":"one_time","unit_amount":2000,"unit_amount_decimal":"2000"}', 'main'),
	('price_1G1PWYoYUsyxdord18GPBFr7', 'price', '2025-10-12 00:00:00+00', '', '2026-11-28 08:42:53.895248+00', '2026-11-28 08:42:54.000234+00', '\xd91fbe1cb24f5cb26619d223081548e8', '\xd91fbe1cb24f5cb26619d223081548e8', '{"active":true,"billing_scheme":"per_unit","created":1760227200,"currency":"usd","custom_unit_amount":null,"id":"price_1G1PWYoYUsyxdord18GPBFr7","livemode":false,"lookup_key":null,"metadata":{},"nickname":null,"object":"price","product":"prod_RZDhv5sU48YNsT","recurring":null,"tax_behavior":"unspecified","tiers_mode":null,"transform_quantity":null,"type":"one_time","unit_amount":2500,"unit_amount_decimal":"2500"}', 'main'),
	('price_1KbZfpQrBlcEwrOo3gXDVsTx', 'price', '2025-10-12 00:00:00+00', '', '2026-11-28 08:42:53.906351+00', '2026-11-28 08:42:54.000238+00', '\x17cd54f20399b3664fb74385cefc70af', '\x17cd54f20399b3664fb74385cefc70af', '{"active":true,"billing_scheme":"per_unit","created":1760227200,"currency":"eur","custom_unit_amount":null,"id":"price_1KbZfpQrBlcEwrOo3gXDVsTx","livemode":false,"lookup_key":null,"metadata":{},"nickname":null,"object":"price","product":"prod_B1UmaoXfbHDrYD","recurring":{"interval":"month","interval_count":1,"meter":null,"trial_period_days":null,"usage_type":"licensed"},"tax_behavior":"unspecified","tiers_mode":null,"transform_quantity":null,"type":"recurring","unit_amount":4655,"unit_amount_decimal":"4655"}', 'main'),
	('price_1YbIOhPJzGdll939eYk9U7GG', 'price', '2025-10-12 00:00:00+00', '', '2026-11-28 08:42:53.917465+00', '2026-11-28 08:42:54.000241+00', '\xc1af0e1fac30b2b7ad84776c6bc36acf', '\xc1af0e1fac30b2b7ad84776c6bc36acf', '{"active":true,"billing_scheme":"per_unit","created":1760227200,"currency":"gbp","custom_unit_amount":null,"id":"price_1YbIOhPJzGdll939eYk9U7GG","livemode":false,"lookup_key":null,"metadata":{},"nickname":null,"object":"price","product":"prod_ZFxK7u9MLb3PIo","recurring":null,"tax_behavior":"unspecified","tiers_mode":null,"transform_quantity":null,"type":"one_time","unit_amount":96000,"unit_amount_decimal":"96000"}', 'main'),
	('price_1bOV1Z1vTkSPYiI3omCKgJ76', 'price', '2025-10-12 00:00:00+00', '', '2026-11-28 08:42:53.928603+00', '2026-11-28 08:42:54.000304+00', '\x2114a4fcd9f85e251edd96675ce984a3', '\x2114a4fcd9f85e251edd96675ce984a3', '{"active":true,"billing_scheme":"per_unit","created":1760227200,"currency":"gbp","custom_unit_amount":null,"id":"price_1bOV1Z1vTkSPYiI3omCKgJ76","livemode":false,"lookup_key":null,"metadata":{},"nickname":null,"object":"price","product":"prod_22x04yxMomP0aE","recurring":null,"tax_behavior":"unspecified","tiers_mode":null,"transform_quantity":null,"type":"one_time","unit_amount":27200,"unit_amount_decimal":"27200"}', 'main'),
	('price_1cNMMKk0Zl291jo0xKP8ha1V', 'price', '2025-10-12 00:00:00+00', '', '2026-11-28 08:42:53.943541+00', '2026-11-28 08:42:54.000307+00', '\x215186828368891ffdcc6469c7451200', '\x215186828368891ffdcc6469c7451200', '{"active":true,"billing_scheme":"per_unit","created":1760227200,"currency":"kwd","custom_unit_amount":null,"id":"price_1cNMMKk0Zl291jo0xKP8ha1V","livemode":false,"lookup_key":null,"metadata":{},"nickname":null,"object":"price","product":"prod_6nqRyFWesE8Q8j","recurring":{"interval":"month","interval_count":1,"meter":null,"trial_period_days":null,"usage_type":"licensed"},"tax_behavior":"unspecified","tiers_mode":null,"transform_quantity":null,"type":"recurring","unit_amount":24490,"unit_amount_decimal":"24490"}', 'main'),
	('price_1ctUsrC0UCfraI4YHRlLc3Vs', 'price', '2025-10-12 00:00:00+00', '', '2026-11-28 08:42:53.950793+00', '2026-11-28 08:42:54.00031+00', '\x95862704acac637f67e6dfd51b1243a4', '\x95862704acac637f67e6dfd51b1243a4', '{"active":true,"billing_scheme":"per_unit","created":1760227200,"currency":"eur","custom_unit_amount":null,"id":"price_1ctUsrC0UCfraI4YHRlLc3Vs","livemode":false,"lookup_key":null,"metadata":{},"nickname":null,"object":"price","product":"prod_kK1FPb3t4Pu109","recurring":{"interval":"month","interval_count":1,"meter":null,"trial_period_days":null,"usage_type":"licensed"},"tax_behavior":"unspecified","tiers_mode":null,"transform_quantity":null,"type":"recurring","unit_amount":23750,"unit_amount_decimal":"23750"}', 'main'),
	('price_1mhC5cZzxZ2T8wih0qsHu4Qc', 'price', '2025-10-12 00:00:00+00', '', '2026-11-28 08:42:53.995261+00', '2026-11-28 08:42:54.000313+00', '\xf6955f080b54b454cf68054a7723a0c3', '\xf6955f080b54b454cf68054a7723a0c3', '{"active":true,"billing_scheme":"per_unit","created":1760227200,"currency":"usd","custom_unit_amount":null,"id":"price_1mhC5cZzxZ2T8wih0qsHu4Qc","livemode":false,"lookup_key":null,"metadata":{},"nickname":null,"object":"price","product":"prod_paHilsZSg0HDRy","recurring":null,"tax_behavior":"unspecified","tiers_mode":null,"transform_quantity":null,"type":"one_time","unit_amount":150000,"unit_amount_decimal":"150000"}', 'main'),
	('price_1myk6q0QIsYOeAZyihnY7woq', 'price', '2025-10-12 00:00:00+00', '', '2026-11-28 08:42:53.984137+00', '2026-11-28 08:42:54.000316+00', '\x3bae235f6e711d14b33bba3db4de014a', '\x3bae235f6e711d14b33bba3db4de014a', '{"active":true,"billing_scheme":"per_unit","created":1760227200,"currency":"gbp","custom_unit_amount":null,"id":"price_1myk6q0QIsYOeAZyihnY7woq","livemode":false,"lookup_key":null,"metadata":{},"nickname":null,"object":"price","product":"prod_paHilsZSg0HDRy","recurring":null,"tax_behavior":"unspecified","tiers_mode":null,"transform_quantity":null,"type":"one_time","unit_amount":120000,"unit_amount_decimal":"120000"}', 'main'),
	('price_1ugPiLmOGG1fOUFQTQusgGH2', 'price', '2025-10-12 00:00:00+00', '', '2026-11-28 08:42:53.96193+00', '2026-11-28 08:42:54.00032+00', '\x35074a205ce386003a150474f4210741', '\x35074a205ce386003a150474f4210741', '{"active":true,"billing_scheme":"per_unit","created":1760227200,"currency":"usd","custom_unit_amount":null,"id":"price_1ugPiLmOGG1fOUFQTQusgGH2","livemode":false,"lookup_key":null,"metadata":{},"nickname":null,"object":"price","product":"prod_ZFxK7u9MLb3PIo","recurring":null,"tax_behavior":"unspecified","tiers_mode":null,"transform_quantity":null,"type":"one_time","unit_amount":120000,"unit_amount_decimal":"120000"}', 'main'),
	('price_1vIuYTrqhDsXKRveCrcv2vYv', 'price', '2025-10-12 00:00:00+00', '', '2026-11-28 08:42:53.97302+00', '2026-11-28 08:42:54.000323+00', '\x8f88a065794bda2696d9592355c6be99', '\x8f88a065794bda2696d9592355c6be99', '{"active":true,"billing_scheme":"per_unit","created":1760227200,"currency":"gbp","custom_unit_amount":null,"id":"price_1vIuYTrqhDsXKRveCrcv2vYv","livemode":false,"lookup_key":null,"metadata":{},"nickname":null,"object":"price","product":"prod_gIQ3I8UOMxbc14","recurring":null,"tax_behavior":"unspecified","tiers_mode":null,"transform_quantity":null,"type":"one_time","unit_amount":6800,"unit_amount_decimal":"6800"}', 'main'),
	('cus_6iyJxKkY60yQIX', 'customer', '2025-10-24 15:54:02+00', '', '2026-11-28 08:42:54.035707+00', '2026-11-28 08:42:54.085658+00', '\xa107ce941db3d849a255faa786391e5d', '\xa107ce941db3d849a255faa786391e5d', '{"balance":0,"business_name":"Quartzwick Labs","created":1761321242,"currency":"eur","customer_account":null,"delinquent":false,"description":null,"discount":null,"email":"accounts@quartzwick-labs.example.com","id":"cus_6iyJxKkY60yQIX","individual_name":null,"invoice_prefix":"KY60YQIX","invoice_settings":{"custom_fields":null,"default_payment_method":null,"footer":null,"rendering_options":null},"livemode":false,"metadata":{},"name":"Quartzwick Labs","next_invoice_sequence":1,"object":"customer","preferred_locales":[],"tax_exempt":"none","test_clock":null}', 'main'),
	('cus_VN4Aosre6HBiHb', 'customer', '2025-06-12 11:31:47+00', '', '2026-11-28 08:42:54.046989+00', '2026-11-28 08:42:54.085695+00', '\xf096335c6f30899ed32f21867bc0ae05', '\xf096335c6f30899ed32f21867bc0ae05', '{"balance":0,"business_name":"Amberpoint Logistics","created":1749727907,"currency":"usd","customer_account":null,"delinquent":false,"description":null,"discount":null,"email":"accounts@amberpoint-logistics.example.com","id":"cus_VN4Aosre6HBiHb","individual_name":null,"invoice_prefix":"RE6HBIHB","invoice_settings":{"custom_fields":null,"default_payment_method":null,"footer":null,"rendering_options":null},"livemode":false,"metadata":{},"name":"Amberpoint Logistics","next_invoice_sequence":1,"object":"customer","preferred_locales":[],"tax_exempt":"none","test_clock":null}', 'main'),
	('cus_Vydj77RpTbK2AN', 'customer', '2026-02-23 18:45:01+00', '', '2026-11-28 08:42:54.05806+00', '2026-11-28 08:42:54.085701+00', '\x1a2b7e0d0f61dff65e55fcb4f9c9b5d6', '\x1a2b7e0d0f61dff65e55fcb4f9c9b5d6', '{"balance":0,"business_name":"Harbormere Mills","created":1771872301,"currency":"kwd","customer_account":null,"delinquent":false,"description":null,"discount":null,"email":"accounts@harbormere-mills.example.com","id":"cus_Vydj77RpTbK2AN","individual_name":null,"invoice_prefix":"RPTBK2AN","invoice_settings":{"custom_fields":null,"default_payment_method":null,"footer":null,"rendering_options":null},"livemode":false,"metadata":{},"name":"Harbormere Mills","next_invoice_sequence":1,"object":"customer","preferred_locales":[],"tax_exempt":"none","test_clock":null}', 'main'),
	('cus_pmiunKNcpYO9gP', 'customer', '2026-09-27 08:39:28+00', '', '2026-11-28 08:42:54.069155+00', '2026-11-28 08:42:54.085706+00', '\x8da985e9527cd2daa885c38ae8713dff', '\x8da985e9527cd2daa885c38ae8713dff', '{"balance":0,"business_name":"Granitepoint Studios","created":1790498368,"currency":"gbp","customer_account":null,"delinquent":false,"description":null,"discount":null,"email":"accounts@granitepoint-studios.example.com","id":"cus_pmiunKNcpYO9gP","individual_name":null,"invoice_prefix":"NCPYO9GP","invoice_settings":{"custom_fields":null,"default_payment_method":null,"footer":null,"rendering_options":null},"livemode":false,"metadata":{},"name":"Granitepoint Studios","next_invoice_sequence":1,"object":"customer","preferred_locales":[],"tax_exempt":"none","test_clock":null}', 'main'),
	('txn_37C7VNek4iW3Fk7XG04cavh2', 'balance_transaction', '2026-11-19 11:00:00+00', 'available', '2026-11-28 08:43:08.706566+00', '2026-11-28 08:43:08.860081+00', '\x91209c69729a08490faac3628abe6c5c', '\x91209c69729a08490faac3628abe6c5c', '{"amount":-4321,"available_on":1795219200,"balance_type":"payments","created":1795086000,"currency":"usd","description":"Galactic levy","exchange_rate":null,"fee":0,"fee_details":[],"id":"txn_37C7VNek4iW3Fk7XG04cavh2","net":-4321,"object":"balance_transaction","reporting_category":"other_adjustment","status":"available","type":"galactic_levy"}', 'main'),
	('cus_Jc8lSyPmisxt81', 'customer', '2026-11-19 21:17:48+00', '', '2026-11-28 08:43:09.504264+00', '2026-11-28 08:43:09.725134+00', '\xcb3e4f4f877bf4b3ea10bc48079c40d2', '\xcb3e4f4f877bf4b3ea10bc48079c40d2', '{"balance":0,"business_name":"Lindenpoint Instruments","created":1795123068,"currency":"usd","customer_account":null,"delinquent":false,"description":null,"discount":null,"email":"accounts@lindenpoint-instruments.example.com","id":"cus_Jc8lSyPmisxt81","individual_name":null,"invoice_prefix":"PMISXT81","invoice_settings":{"custom_fields":null,"default_payment_method":null,"footer":null,"rendering_options":null},"livemode":false,"metadata":{},"name":"Lindenpoint Instruments","next_invoice_sequence":1,"object":"customer","preferred_locales":[],"tax_exempt":"none","test_clock":null}', 'main'),
	('cus_xi6l5YUiMF21f3', 'customer', '2026-11-17 16:03:05+00', '', '2026-11-28 08:43:09.582049+00', '2026-11-28 08:43:09.725182+00', '\xc284e050b2fa0616ff4a8806cd1b151f', '\xc284e050b2fa0616ff4a8806cd1b151f', '{"balance":0,"business_name":"Embervale Analytics","created":1794931385,"currency":"usd","customer_account":null,"delinquent":false,"description":null,"discount":null,"email":"accounts@embervale-analytics.example.com","id":"cus_xi6l5YUiMF21f3","individual_name":null,"invoice_prefix":"UIMF21F3","invoice_settings":{"custom_fields":null,"default_payment_method":null,"footer":null,"rendering_options":null},"livemode":false,"metadata":{},"name":"Embervale Analytics","next_invoice_sequence":1,"object":"customer","preferred_locales":[],"tax_exempt":"none","test_clock":null}', 'main'),
	('inpay_1xxXTdfiwcKvZkMgW979OG09', 'invoice_payment', '2026-11-18 22:37:01+00', 'open', '2026-11-28 08:43:11.476776+00', '2026-11-28 08:43:11.606521+00', '\xd69dd3fe58a368f3e5ce99578e802472', '\xd69dd3fe58a368f3e5ce99578e802472', '{"amount_paid":null,"amount_requested":796000,"created":1795041421,"currency":"usd","id":"inpay_1xxXTdfiwcKvZkMgW979OG09","invoice":"in_17zHNTqmOgNS5CfFHR6LPynM","is_default":true,"livemode":false,"object":"invoice_payment","payment":{"payment_intent":"pi_3YtFQ7tFXr8caAFeQPuSaP1V","type":"payment_intent"},"status":"open","status_transitions":{"canceled_at":null,"paid_at":null}}', 'main'),
	('coupon:main:20OFF', 'coupon', '2026-11-17 14:22:30+00', '', '2026-11-28 08:43:14.063651+00', '2026-11-28 08:43:14.414515+00', '\xe4c8e07f136943f8575753df4a8204a7', '\xe4c8e07f136943f8575753df4a8204a7', '{"amount_off":null,"created":1794925350,"currency":null,"duration":"once","duration_in_months":null,"id":"coupon:main:20OFF","livemode":false,"max_redemptions":null,"metadata":{},"name":"20 % off","object":"coupon","percent_off":20.0,"redeem_by":null,"times_redeemed":0,"valid":true}', 'main'),
	('coupon:main:25OFF', 'coupon', '2026-11-17 14:22:30+00', '', '2026-11-28 08:43:14.063651+00', '2026-11-28 08:43:14.41455+00', '\x5ded74b617a0998c9da3c602bf50e84f', '\x5ded74b617a0998c9da3c602bf50e84f', '{"amount_off":null,"created":1794925350,"currency":null,"duration":"once","duration_in_months":null,"id":"coupon:main:25OFF","livemode":false,"max_redemptions":null,"metadata":{},"name":"25 % off","object":"coupon","percent_off":25.0,"redeem_by":null,"times_redeemed":0,"valid":true}', 'main'),
	('price_1361VnCT1F99WdyMY9wFLnN4', 'price', '2025-10-12 00:00:00+00', '', '2026-11-28 08:43:14.443668+00', '2026-11-28 08:43:14.595835+00', '\x984653754c204485cd4f4e7b89082c52', '\x984653754c204485cd4f4e7b89082c52', '{"active":true,"billing_scheme":"per_unit","created":1760227200,"currency":"cad","custom_unit_amount":null,"id":"price_1361VnCT1F99WdyMY9wFLnN4","livemode":false,"lookup_key":null,"metadata":{},"nickname":null,"object":"price","product":"prod_paHilsZSg0HDRy","recurring":null,"tax_behavior":"unspecified","tiers_mode":null,"transform_quantity":null,"type":"one_time","unit_amount":202500,"unit_amount_decimal":"202500"}', 'main'),
	('in_1R4EFNv9k8DNDhQbdula3NWw', 'invoice', '2026-11-18 19:03:56+00', 'paid', '2026-11-28 08:43:10.529679+00', '2026-11-28 08:43:10.636092+00', '\xffa3849d13129cea89dadf18195c2d52', '\xffa3849d13129cea89dadf18195c2d52', '{"account_country":"US","account_name":"Norwold Works, Inc.","amount_due":289548,"amount_overpaid":0,"amount_paid":289548,"amount_remaining":0,"amount_shipping":0,"application":null,"attempt_count":1,"attempted":true,"auto_advance":false,"automatic_tax":{"disabled_reason":null,"enabled":false,"liability":null,"provider":null,"status":null},"automatically_finalizes_at":null,"billing_reason":"manual","collection_method":"charge_automatically","created":1795028636,"currency":"cad","custom_fields":null,"customer":"cus_2ZSL1U2F3u6Bb9","customer_account":null,"customer_name":"Fernford Logistics","customer_tax_exempt":"none","default_payment_method":null,"default_tax_rates":[],"description":null,"discounts":[],"due_date":null,"effective_at":1795030213,"ending_balance":0,"footer":null,"from_invoice":null,"id":"in_1R4EFNv9k8DNDhQbdula3NWw","issuer":{"type":"self"},"last_finalization_error":null,"latest_revision":null,"lines":{"data":[{"amount":202500,"currency":"cad","description":"1 x Onboarding package","discount_amounts":[],"discountable":true,"discounts":[],"id":"il_1JyGFD7Enkj1ZunxhCWRGevA","invoice":"in_1R4EFNv9k8DNDhQbdula3NWw","livemode":false,"metadata":{},"object":"line_item","parent":{"invoice_item_details":{"invoice_item":"ii_17bgl9Gqzff8FLo2R9p8u5uO","proration":false,"proration_details":{"credited_items":null},"subscription":null},"subscription_item_details":null,"type":"invoice_item_details"},"period":{"end":1795030213,"start":1795030213},"pretax_credit_amounts":[],"pricing":{"price_details":{"price":"price_1361VnCT1F99WdyMY9wFLnN4","product":"prod_paHilsZSg0HDRy"},"type":"price_details","unit_amount_decimal":"202500"},"quantity":1,"quantity_decimal":"1","subscription":null,"subtotal":202500,"taxes":[{"amount":10125,"tax_behavior":"exclusive","tax_rate_details":{"tax_rate":"txr_1OkDMwxu0vKpwqqMCHYIOfWW"},"taxability_reason":"standard_rated","taxable_amount":202500,"type":"tax_rate_details"},{"amount":14175,"tax_behavior":"exclusive","tax_rate_details":{"tax_rate":"txr_18d8gkxdXeT3pwMIVb7z17Va"},"taxability_reason":"standard_rated","taxable_amount":202500,"type":"tax_rate_details"}]},{"amount":45900,"currency":"cad","description":"1 x Sensor kit","discount_amounts":[],"discountable":true,"discounts":[],"id":"il_11ppPQ6Vucl6kUcU5RvP7Xs2","invoice":"in_1R4EFNv9k8DNDhQbdula3NWw","livemode":false,"metadata":{},"object":"line_item","parent":{"invoice_item_details":{"invoice_item":"ii_1YOwOviqNyIwtejU7Cq6lORg","proration":false,"proration_details":{"credited_items":null},"subscription":null},"subscription_item_details":null,"type":"invoice_item_details"},"period":{"end":1795030213,"start":1795030213},"pretax_credit_amounts":[],"pricing":{"price_details":{"price":"price_1iNSCSVxFSV0XJvnMeG1uA6K","product":"prod_22x04yxMomP0aE"},"type":"price_details","unit_amount_decimal":"45900"},"quantity":1,"quantity_decimal":"1","subscription":null,"subtotal":45900,"taxes":[{"amount":2295,"tax_behavior":"exclusive","tax_rate_details":{"tax_rate":"txr_1OkDMwxu0vKpwqqMCHYIOfWW"},"taxability_reason":"standard_rated","taxable_amount":45900,"type":"tax_rate_details"},{"amount":3213,"tax_behavior":"exclusive","tax_rate_details":{"tax_rate":"txr_18d8gkxdXeT3pwMIVb7z17Va"},"taxability_reason":"standard_rated","taxable_amount":45900,"type":"tax_rate_details"}]},{"amount":10125,"currency":"cad","description":"3 x Data export","discount_amounts":[],"discountable":true,"discounts":[],"id":"il_1sCXPVGZEBQCENFkXoVnyfqU","invoice":"in_1R4EFNv9k8DNDhQbdula3NWw","livemode":false,"metadata":{},"object":"line_item","parent":{"invoice_item_details":{"invoice_item":"ii_1AMsdRaMbkloE9QzBzB4C7P8","proration":false,"proration_details":{"credited_items":null},"subscription":null},"subscription_item_details":null,"type":"invoice_item_details"},"period":{"end":1795030213,"start":1795030213},"pretax_credit_amounts":[],"pricing":{"price_details":{"price":"price_1Tf62oKpHaS6gpvVLrHn2yOZ","product":"prod_RZDhv5sU48YNsT"},"type":"price_details","unit_amount_decimal":"3375"},"quantity":3,"quantity_decimal":"3","subscription":null,"subtotal":10125,"taxes":[{"amount":506,"tax_behavior":"exclusive","tax_rate_details":{"tax_rate":"txr_1OkDMwxu0vKpwqqMCHYIOfWW"},"taxability_reason":"standard_rated","taxable_amount":10125,"type":"tax_rate_details"},{"amount":709,"tax_behavior":"exclusive","tax_rate_details":{"tax_rate":"txr_18d8gkxdXeT3pwMIVb7z17Va"},"taxability_reason":"standard_rated","taxable_amount":10125,"type":"tax_rate_details"}]}],"has_more":false,"object":"list","total_count":3,"url":"/v1/invoices/in_1R4EFNv9k8DNDhQbdula3NWw/lines"},"livemode":false,"metadata":{},"next_payment_attempt":null,"number":"NW-000010","object":"invoice","on_behalf_of":null,"parent":null,"payment_settings":{"default_mandate":null,"payment_method_options":null,"payment_method_types":null},"period_end":1795028636,"period_start":1795028636,"post_payment_credit_notes_amount":0,"pre_payment_credit_notes_amount":0,"rendering":null,"shipping_cost":null,"shipping_details":null,"starting_balance":0,"statement_descriptor":null,"status":"paid","status_details":null,"status_transitions":{"finalized_at":1795030213,"marked_uncollectible_at":null,"paid_at":1795030246,"voided_at":null},"subtotal":258525,"subtotal_excluding_tax":258525,"test_clock":null,"threshold_reason":null,"total":289548,"total_discount_amounts":[],"total_excluding_tax":258525,"total_pretax_credit_amounts":[],"total_taxes":[{"amount":12926,"tax_behavior":"exclusive","tax_rate_details":{"tax_rate":"txr_1OkDMwxu0vKpwqqMCHYIOfWW"},"taxability_reason":"standard_rated","taxable_amount":258525,"type":"tax_rate_details"},{"amount":18097,"tax_behavior":"exclusive","tax_rate_details":{"tax_rate":"txr_18d8gkxdXeT3pwMIVb7z17Va"},"taxability_reason":"standard_rated","taxable_amount":258525,"type":"tax_rate_details"}],"webhooks_delivered_at":1795028637}', 'main'),
	('price_1LjUR40CuOnrR1KMBfoa75V1', 'price', '2025-10-12 00:00:00+00', '', '2026-11-28 08:43:14.454883+00', '2026-11-28 08:43:14.595886+00', '\xc9093e51ab3fadc5f561d4e4db92027a', '\xc9093e51ab3fadc5f561d4e4db92027a', '{"active":true,"billing_scheme":"per_unit","created":1760227200,"currency":"jpy","custom_unit_amount":null,"id":"price_1LjUR40CuOnrR1KMBfoa75V1","livemode":false,"lookup_key":null,"metadata":{},"nickname":null,"object":"price","product":"prod_gIQ3I8UOMxbc14","recurring":null,"tax_behavior":"unspecified","tiers_mode":null,"transform_quantity":null,"type":"one_time","unit_amount":12750,"unit_amount_decimal":"12750"}', 'main'),
	('price_1RRivk3CZ0GJQTtc8wJOyHcm', 'price', '2025-10-12 00:00:00+00', '', '2026-11-28 08:43:14.465993+00', '2026-11-28 08:43:14.595895+00', '\x4f58fa644d9f383aa8c0212d66afda76', '\x4f58fa644d9f383aa8c0212d66afda76', '{"active":true,"billing_scheme":"per_unit","created":1760227200,"currency":"jpy","custom_unit_amount":null,"id":"price_1RRivk3CZ0GJQTtc8wJOyHcm","livemode":false,"lookup_key":null,"metadata":{},"nickname":null,"object":"price","product":"prod_ZFxK7u9MLb3PIo","recurring":null,"tax_behavior":"unspecified","tiers_mode":null,"transform_quantity":null,"type":"one_time","unit_amount":180000,"unit_amount_decimal":"180000"}', 'main'),
	('txn_3iYsQ8TYy7sMBUPsLpRbxx2h', 'balance_transaction', '2026-11-18 19:30:46+00', 'available', '2026-11-28 08:43:08.842057+00', '2026-11-28 08:43:08.860161+00', '\x68f1cc729b6d96d7fe386f17bc26a934', '\x68f1cc729b6d96d7fe386f17bc26a934', '{"amount":211370,"available_on":1795132800,"balance_type":"payments","created":1795030246,"currency":"usd","description":"Invoice payment","exchange_rate":0.73,"fee":8273,"fee_details":[{"amount":8273,"application":null,"currency":"usd","description":"Stripe processing fees","type":"stripe_fee"}],"id":"txn_3iYsQ8TYy7sMBUPsLpRbxx2h","net":203097,"object":"balance_transaction","reporting_category":"charge","source":"ch_3kuYp4Vfst0ZoaLT4D9uJ643","status":"available","type":"charge"}', 'main'),
	('ch_3XPuDtiAgceJRmyka3f1ojQc', 'charge', '2026-11-19 16:56:35+00', 'failed', '2026-11-28 08:43:11.215353+00', '2026-11-28 08:43:11.377524+00', '\x01eaccb07f2504a20baa3e217a9e421d', '\x01eaccb07f2504a20baa3e217a9e421d', '{"amount":281550,"amount_captured":0,"amount_refunded":0,"application":null,"application_fee":null,"application_fee_amount":null,"balance_transaction":null,"calculated_statement_descriptor":"NORWOLD WORKS","captured":false,"created":1795107395,"currency":"jpy","customer":"cus_Unwb0zqbSwFSDH","description":"Invoice payment","disputed":false,"failure_balance_transaction":null,"failure_code":"card_declined","failure_message":"Your card has insufficient funds.","id":"ch_3XPuDtiAgceJRmyka3f1ojQc","livemode":false,"metadata":{},"object":"charge","on_behalf_of":null,"outcome":{"advice_code":null,"network_advice_code":null,"network_decline_code":null,"network_status":"declined_by_network","reason":"insufficient_funds","risk_level":"normal","seller_message":"The bank returned the decline code `insufficient_funds`.","type":"issuer_declined"},"paid":false,"payment_intent":"pi_3ty28yP8mPovfwGo6JmKAsRY","radar_options":{},"refunded":false,"review":null,"source_transfer":null,"statement_descriptor":null,"statement_descriptor_suffix":null,"status":"failed","transfer_data":null,"transfer_group":null}', 'main'),
	('ch_3b15Xm0QMNkDAabzhgmmJ9U6', 'charge', '2026-11-19 16:35:00+00', 'succeeded', '2026-11-28 08:43:11.215353+00', '2026-11-28 08:43:11.377564+00', '\x14004904121442a98017be6a89718852', '\x14004904121442a98017be6a89718852', '{"amount":220410,"amount_captured":220410,"amount_refunded":0,"application":null,"application_fee":null,"application_fee_amount":null,"balance_transaction":"txn_3BVNlSUScFi32tt4R6d3x0Tk","calculated_statement_descriptor":"NORWOLD WORKS","captured":true,"created":1795106100,"currency":"kwd","customer":"cus_Vydj77RpTbK2AN","description":"Invoice payment","disputed":false,"failure_balance_transaction":null,"failure_code":null,"failure_message":null,"id":"ch_3b15Xm0QMNkDAabzhgmmJ9U6","livemode":false,"metadata":{},"object":"charge","on_behalf_of":null,"outcome":{"advice_code":null,"network_advice_code":null,"network_decline_code":null,"network_status":"approved_by_network","reason":null,"risk_level":"normal","seller_message":"Payment complete.","type":"authorized"},"paid":true,"payment_intent":"pi_35mJZyvKCZhQb2SLVTiOsQWE","radar_options":{},"refunded":false,"review":null,"source_transfer":null,"statement_descriptor":null,"statement_descriptor_suffix":null,"status":"succeeded","transfer_data":null,"transfer_group":null}', 'main'),
	('ch_3kuYp4Vfst0ZoaLT4D9uJ643', 'charge', '2026-11-18 19:30:46+00', 'succeeded', '2026-11-28 08:43:11.248701+00', '2026-11-28 08:43:11.377571+00', '\x35945bc0762fd03a82c786951377bc5d', '\x35945bc0762fd03a82c786951377bc5d', '{"amount":289548,"amount_captured":289548,"amount_refunded":0,"application":null,"application_fee":null,"application_fee_amount":null,"balance_transaction":"txn_3iYsQ8TYy7sMBUPsLpRbxx2h","calculated_statement_descriptor":"NORWOLD WORKS","captured":true,"created":1795030246,"currency":"cad","customer":"cus_2ZSL1U2F3u6Bb9","description":"Invoice payment","disputed":false,"failure_balance_transaction":null,"failure_code":null,"failure_message":null,"id":"ch_3kuYp4Vfst0ZoaLT4D9uJ643","livemode":false,"metadata":{},"object":"charge","on_behalf_of":null,"outcome":{"advice_code":null,"network_advice_code":null,"network_decline_code":null,"network_status":"approved_by_network","reason":null,"risk_level":"normal","seller_message":"Payment complete.","type":"authorized"},"paid":true,"payment_intent":"pi_3LlHLiiP5O8MO8KlNyewSN6B","radar_options":{},"refunded":false,"review":null,"source_transfer":null,"statement_descriptor":null,"statement_descriptor_suffix":null,"status":"succeeded","transfer_data":null,"transfer_group":null}', 'main'),
	('inpay_1dmQy4oF4CZGMC4piwix5llW', 'invoice_payment', '2026-11-19 22:43:08+00', 'open', '2026-11-28 08:43:11.432326+00', '2026-11-28 08:43:11.606511+00', '\x969d8af5eeffb8a9480e02a43fba2c37', '\x969d8af5eeffb8a9480e02a43fba2c37', '{"amount_paid":null,"amount_requested":82900,"created":1795128188,"currency":"usd","id":"inpay_1dmQy4oF4CZGMC4piwix5llW","invoice":"in_1adkyAmZuOCYDU5RRFmIkxXr","is_default":true,"livemode":false,"object":"invoice_payment","payment":{"payment_intent":"pi_3YbjJIPWP9FTwrKshJNze2O4","type":"payment_intent"},"status":"open","status_transitions":{"canceled_at":null,"paid_at":null}}', 'main'),
	('txn_3BVNlSUScFi32tt4R6d3x0Tk', 'balance_transaction', '2026-11-19 16:35:00+00', 'available', '2026-11-28 08:43:08.695425+00', '2026-11-28 08:43:08.860148+00', '\x35d8e480182463f0363af95491597cd6', '\x35d8e480182463f0363af95491597cd6', '{"amount":71633,"available_on":1795219200,"balance_type":"payments","created":1795106100,"currency":"usd","description":"Invoice payment","exchange_rate":3.25,"fee":2824,"fee_details":[{"amount":2824,"application":null,"currency":"usd","description":"Stripe processing fees","type":"stripe_fee"}],"id":"txn_3BVNlSUScFi32tt4R6d3x0Tk","net":68809,"object":"balance_transaction","reporting_category":"charge","source":"ch_3b15Xm0QMNkDAabzhgmmJ9U6","status":"available","type":"charge"}', 'main'),
	('txn_3JBYJ4AnEYlxSix0kSZVW3JO', 'balance_transaction', '2026-11-18 09:00:00+00', 'available', '2026-11-28 08:43:08.728776+00', '2026-11-28 08:43:08.860157+00', '\x173f438d7041f20dde52b7e265bc5484', '\x173f438d7041f20dde52b7e265bc5484', '{"amount":-4900,"available_on":1795132800,"balance_type":"payments","created":1794992400,"currency":"usd","description":"Billing - Usage Fee","exchange_rate":null,"fee":0,"fee_details":[],"id":"txn_3JBYJ4AnEYlxSix0kSZVW3JO","net":-4900,"object":"balance_transaction","reporting_category":"fee","status":"available","type":"stripe_fee"}', 'main'),
	('inpay_13ShBsSmedep9OdRDgEl6cfL', 'invoice_payment', '2026-11-17 14:42:01+00', 'open', '2026-11-28 08:43:11.510136+00', '2026-11-28 08:43:11.606466+00', '\x1be4b284f494331843b7915dcc705d5a', '\x1be4b284f494331843b7915dcc705d5a', '{"amount_paid":null,"amount_requested":276600,"created":1794926521,"currency":"jpy","id":"inpay_13ShBsSmedep9OdRDgEl6cfL","invoice":"in_1GzDGC3LYzHOsd3KZVXnh2zv","is_default":true,"livemode":false,"object":"invoice_payment","payment":{"payment_intent":"pi_3ahTHlictNdt4fULFqi4TKG7","type":"payment_intent"},"status":"open","status_transitions":{"canceled_at":null,"paid_at":null}}', 'main'),
	('inpay_1DNCNrlS0ZEuRotZIg2JXUcD', 'invoice_payment', '2026-11-17 15:32:10+00', 'canceled', '2026-11-28 08:43:11.510136+00', '2026-11-28 08:43:11.606491+00', '\x3e7d01db2408941e1704670946250578', '\x3e7d01db2408941e1704670946250578', '{"amount_paid":null,"amount_requested":212195,"created":1794929530,"currency":"eur","id":"inpay_1DNCNrlS0ZEuRotZIg2JXUcD","invoice":"in_1Yr4d17omFLt2nY1FxVfH5Pz","is_default":true,"livemode":false,"object":"invoice_payment","payment":{"payment_intent":"pi_3iSa3awgdF2BGPG0RVW2K3eZ","type":"payment_intent"},"status":"canceled","status_transitions":{"canceled_at":1795030330,"paid_at":null}}', 'main'),
	('inpay_1DxKmqOl3F6ZevWNvM17FzX0', 'invoice_payment', '2026-11-19 14:53:49+00', 'open', '2026-11-28 08:43:11.4435+00', '2026-11-28 08:43:11.606496+00', '\x53ae75bf1921b55c396363ae3568dc59', '\x53ae75bf1921b55c396363ae3568dc59', '{"amount_paid":null,"amount_requested":38127,"created":1795100029,"currency":"usd","id":"inpay_1DxKmqOl3F6ZevWNvM17FzX0","invoice":"in_1vxKCKAM04XZIyRhDhvwbafC","is_default":true,"livemode":false,"object":"invoice_payment","payment":{"payment_intent":"pi_3aMofkVGFj2aFu6vNGxq18Zm","type":"payment_intent"},"status":"open","status_transitions":{"canceled_at":null,"paid_at":null}}', 'main'),
	('in_15J8FyEvv2UzVVtSxKT9739a', 'invoice', '2026-11-19 15:33:40+00', 'paid', '2026-11-28 08:43:10.383984+00', '2026-11-28 08:43:10.635411+00', '\x386a79dc1b2c59dcf73ef80c05af6bcb', '\x386a79dc1b2c59dcf73ef80c05af6bcb', '{"account_country":"US","account_name":"Norwold Works, Inc.","amount_due":220410,"amount_overpaid":0,"amount_paid":220410,"amount_remaining":0,"amount_shipping":0,"application":null,"attempt_count":1,"attempted":true,"auto_advance":false,"automatic_tax":{"disabled_reason":null,"enabled":false,"liability":null,"provider":null,"status":null},"automatically_finalizes_at":null,"billing_reason":"subscription_cycle","collection_method":"charge_automatically","created":1795102420,"currency":"kwd","custom_fields":null,"customer":"cus_Vydj77RpTbK2AN","customer_account":null,"customer_name":"Harbormere Mills","customer_tax_exempt":"none","default_payment_method":null,"default_tax_rates":[],"description":null,"discounts":[],"due_date":null,"effective_at":1795106098,"ending_balance":0,"footer":null,"from_invoice":null,"id":"in_15J8FyEvv2UzVVtSxKT9739a","issuer":{"type":"self"},"last_finalization_error":null,"latest_revision":null,"lines":{"data":[{"amount":220410,"currency":"kwd","description":"9 x Analytics add-on","discount_amounts":[],"discountable":true,"discounts":[],"id":"il_1JwV7osg1IsrK5oM3guQkU7o","invoice":"in_15J8FyEvv2UzVVtSxKT9739a","livemode":false,"metadata":{},"object":"line_item","parent":{"invoice_item_details":null,"subscription_item_details":{"invoice_item":null,"proration":false,"proration_details":{"credited_items":null},"subscription":"sub_1n2luSOQJTBe6xxxLfr8ds2Q","subscription_item":"si_9upiw9qqy7yL62"},"type":"subscription_item_details"},"period":{"end":1797698098,"start":1795106098},"pretax_credit_amounts":[],"pricing":{"price_details":{"price":"price_1cNMMKk0Zl291jo0xKP8ha1V","product":"prod_6nqRyFWesE8Q8j"},"type":"price_details","unit_amount_decimal":"24490"},"quantity":9,"quantity_decimal":"9","subscription":"sub_1n2luSOQJTBe6xxxLfr8ds2Q","subtotal":220410,"taxes":[]}],"has_more":false,"object":"list","total_count":1,"url":"/v1/invoices/in_15J8FyEvv2UzVVtSxKT9739a/lines"},"livemode":false,"metadata":{},"next_payment_attempt":null,"number":"NW-000013","object":"invoice","on_behalf_of":null,"parent":{"quote_details":null,"subscription_details":{"metadata":{},"subscription":"sub_1n2luSOQJTBe6xxxLfr8ds2Q"},"type":"subscription_details"},"payment_settings":{"default_mandate":null,"payment_method_options":null,"payment_method_types":null},"period_end":1795102420,"period_start":1792510420,"post_payment_credit_notes_amount":0,"pre_payment_credit_notes_amount":0,"rendering":null,"shipping_cost":null,"shipping_details":null,"starting_balance":0,"statement_descriptor":null,"status":"paid","status_details":null,"status_transitions":{"finalized_at":1795106098,"marked_uncollectible_at":null,"paid_at":1795106100,"voided_at":null},"subtotal":220410,"subtotal_excluding_tax":220410,"test_clock":null,"threshold_reason":null,"total":220410,"total_discount_amounts":[],"total_excluding_tax":220410,"total_pretax_credit_amounts":[],"total_taxes":[],"webhooks_delivered_at":1795102421}', 'main'),
	('in_17zHNTqmOgNS5CfFHR6LPynM', 'invoice', '2026-11-18 22:27:03+00', 'open', '2026-11-28 08:43:10.529679+00', '2026-11-28 08:43:10.635696+00', '\x1cc757d38f1adcd18a33d3ea22f77092', '\x1cc757d38f1adcd18a33d3ea22f77092', '{"account_country":"US","account_name":"Norwold Works, Inc.","amount_due":796000,"amount_overpaid":0,"amount_paid":0,"amount_remaining":796000,"amount_shipping":0,"application":null,"attempt_count":0,"attempted":false,"auto_advance":true,"automatic_tax":{"disabled_reason":null,"enabled":false,"liability":null,"provider":null,"status":null},"automatically_finalizes_at":null,"billing_reason":"manual","collection_method":"send_invoice","created":1795040823,"currency":"usd","custom_fields":null,"customer":"cus_ydiAueKHHdTjcV","customer_account":null,"customer_name":"Reedgate Textiles","customer_tax_exempt":"none","default_payment_method":null,"default_tax_rates":[],"description":null,"discounts":[],"due_date":1797633421,"effective_at":1795041421,"ending_balance":0,"footer":null,"from_invoice":null,"id":"in_17zHNTqmOgNS5CfFHR6LPynM","issuer":{"type":"self"},"last_finalization_error":null,"latest_revision":null,"lines":{"data":[{"amount":300000,"currency":"usd","description":"2 x Onboarding package","discount_amounts":[],"discountable":true,"discounts":[],"id":"il_1BQ1i4uDFwm123qX1UI23qm0","invoice":"in_17zHNTqmOgNS5CfFHR6LPynM","livemode":false,"metadata":{},"object":"line_item","parent":{"invoice_item_details":{"invoice_item":"ii_1LTq1EnaVcbM0B3PA6NJGhle","proration":false,"proration_details":{"credited_items":null},"subscription":null},"subscription_item_details":null,"type":"invoice_item_details"},"period":{"end":1795041421,"start":1795041421},"pretax_credit_amounts":[],"pricing":{"price_details":{"price":"price_1mhC5cZzxZ2T8wih0qsHu4Qc","product":"prod_paHilsZSg0HDRy"},"type":"price_details","unit_amount_decimal":"150000"},"quantity":2,"quantity_decimal":"2","subscription":null,"subtotal":300000,"taxes":[]},{"amount":136000,"currency":"usd","description":"4 x Sensor kit","discount_amounts":[],"discountable":true,"discounts":[],"id":"il_1jcOBeLAbm3NMFV7dP30u8ks","invoice":"in_17zHNTqmOgNS5CfFHR6LPynM","livemode":false,"metadata":{},"object":"line_item","parent":{"invoice_item_details":{"invoice_item":"ii_1ejIcYzYh38vdUqbI5Ih70j6","proration":false,"proration_details":{"credited_items":null},"subscription":null},"subscription_item_details":null,"type":"invoice_item_details"},"period":{"end":1795041421,"start":1795041421},"pretax_credit_amounts":[],"pricing":{"price_details":{"price":"price_1TrFHvASSTXg4rKjjZw33S8S","product":"prod_22x04yxMomP0aE"},"type":"price_details","unit_amount_decimal":"34000"},"quantity":4,"quantity_decimal":"4","subscription":null,"subtotal":136000,"taxes":[]},{"amount":360000,"currency":"usd","description":"3 x Training day","discount_amounts":[],"discountable":true,"discounts":[],"id":"il_1eyVlT2lCs5ULXyyK3cykRhK","invoice":"in_17zHNTqmOgNS5CfFHR6LPynM","livemode":false,"metadata":{},"object":"line_item","parent":{"invoice_item_details":{"invoice_item":"ii_1ZrQ5HZJQgPUcaSWa60FYiGY","proration":false,"proration_details":{"credited_items":null},"subscription":null},"subscription_item_details":null,"type":"invoice_item_details"},"period":{"end":1795041421,"start":1795041421},"pretax_credit_amounts":[],"pricing":{"price_details":{"price":"price_1ugPiLmOGG1fOUFQTQusgGH2","product":"prod_ZFxK7u9MLb3PIo"},"type":"price_details","unit_amount_decimal":"120000"},"quantity":3,"quantity_decimal":"3","subscription":null,"subtotal":360000,"taxes":[]}],"has_more":false,"object":"list","total_count":3,"url":"/v1/invoices/in_17zHNTqmOgNS5CfFHR6LPynM/lines"},"livemode":false,"metadata":{},"next_payment_attempt":null,"number":"NW-000011","object":"invoice","on_behalf_of":null,"parent":null,"payment_settings":{"default_mandate":null,"payment_method_options":null,"payment_method_types":null},"period_end":1795040823,"period_start":1795040823,"post_payment_credit_notes_amount":0,"pre_payment_credit_notes_amount":0,"rendering":null,"shipping_cost":null,"shipping_details":null,"starting_balance":0,"statement_descriptor":null,"status":"open","status_details":null,"status_transitions":{"finalized_at":1795041421,"marked_uncollectible_at":null,"paid_at":null,"voided_at":null},"subtotal":796000,"subtotal_excluding_tax":796000,"test_clock":null,"threshold_reason":null,"total":796000,"total_discount_amounts":[],"total_excluding_tax":796000,"total_pretax_credit_amounts":[],"total_taxes":[],"webhooks_delivered_at":1795040824}', 'main'),
	('in_1GzDGC3LYzHOsd3KZVXnh2zv', 'invoice', '2026-11-17 14:22:30+00', 'open', '2026-11-28 08:43:10.452277+00', '2026-11-28 08:43:10.635876+00', '\x2fc01e8818408ba6f60fd8b79d15ca22', '\x2fc01e8818408ba6f60fd8b79d15ca22', '{"account_country":"US","account_name":"Norwold Works, Inc.","amount_due":276600,"amount_overpaid":0,"amount_paid":0,"amount_remaining":276600,"amount_shipping":0,"application":null,"attempt_count":0,"attempted":false,"auto_advance":true,"automatic_tax":{"disabled_reason":null,"enabled":false,"liability":null,"provider":null,"status":null},"automatically_finalizes_at":null,"billing_reason":"manual","collection_method":"send_invoice","created":1794925350,"currency":"jpy","custom_fields":null,"customer":"cus_Unwb0zqbSwFSDH","customer_account":null,"customer_name":"Gladepoint Foods","customer_tax_exempt":"none","default_payment_method":null,"default_tax_rates":[],"description":null,"discounts":["di_1zj4FevkGA8JfurjDv04vtX9"],"due_date":1797518521,"effective_at":1794926521,"ending_balance":0,"footer":null,"from_invoice":null,"id":"in_1GzDGC3LYzHOsd3KZVXnh2zv","issuer":{"type":"self"},"last_finalization_error":null,"latest_revision":null,"lines":{"data":[{"amount":102000,"currency":"jpy","description":"2 x Sensor kit","discount_amounts":[{"amount":20400,"discount":"di_1zj4FevkGA8JfurjDv04vtX9"}],"discountable":true,"discounts":[],"id":"il_1GxpRXEHaFfiX2th51vl8lwN","invoice":"in_1GzDGC3LYzHOsd3KZVXnh2zv","livemode":false,"metadata":{},"object":"line_item","parent":{"invoice_item_details":{"invoice_item":"ii_1VdS7P9QuZbLtVt42A82mCV1","proration":false,"proration_details":{"credited_items":null},"subscription":null},"subscription_item_details":null,"type":"invoice_item_details"},"period":{"end":1794926521,"start":1794926521},"pretax_credit_amounts":[{"amount":20400,"discount":"di_1zj4FevkGA8JfurjDv04vtX9","type":"discount"}],"pricing":{"price_details":{"price":"price_1fzNCa6baSHhezDyLMHZkt3c","product":"prod_22x04yxMomP0aE"},"type":"price_details","unit_amount_decimal":"51000"},"quantity":2,"quantity_decimal":"2","subscription":null,"subtotal":102000,"taxes":[]},{"amount":63750,"currency":"jpy","description":"5 x Field report","discount_amounts":[{"amount":12750,"discount":"di_1zj4FevkGA8JfurjDv04vtX9"}],"discountable":true,"discounts":[],"id":"il_1m5J39K0ekJXZo7npbMJz3Uf","invoice":"in_1GzDGC3LYzHOsd3KZVXnh2zv","livemode":false,"metadata":{},"object":"line_item","parent":{"invoice_item_details":{"invoice_item":"ii_1t0S5iDTYJfePgPJYUw0dvsT","proration":false,"proration_details":{"credited_items":null},"subscription":null},"subscription_item_details":null,"type":"invoice_item_details"},"period":{"end":1794926521,"start":1794926521},"pretax_credit_amounts":[{"amount":12750,"discount":"di_1zj4FevkGA8JfurjDv04vtX9","type":"discount"}],"pricing":{"price_details":{"price":"price_1LjUR40CuOnrR1KMBfoa75V1","product":"prod_gIQ3I8UOMxbc14"},"type":"price_details","unit_amount_decimal":"12750"},"quantity":5,"quantity_decimal":"5","subscription":null,"subtotal":63750,"taxes":[]},{"amount":180000,"currency":"jpy","description":"1 x Training day","discount_amounts":[{"amount":36000,"discount":"di_1zj4FevkGA8JfurjDv04vtX9"}],"discountable":true,"discounts":[],"id":"il_1dJmKqPtIopUbcuNFMMHQMR7","invoice":"in_1GzDGC3LYzHOsd3KZVXnh2zv","livemode":false,"metadata":{},"object":"line_item","parent":{"invoice_item_details":{"invoice_item":"ii_1fzodXK8Z3VImjqYxxyY3Eql","proration":false,"proration_details":{"credited_items":null},"subscription":null},"subscription_item_details":null,"type":"invoice_item_details"},"period":{"end":1794926521,"start":1794926521},"pretax_credit_amounts":[{"amount":36000,"discount":"di_1zj4FevkGA8JfurjDv04vtX9","type":"discount"}],"pricing":{"price_details":{"price":"price_1RRivk3CZ0GJQTtc8wJOyHcm","product":"prod_ZFxK7u9MLb3PIo"},"type":"price_details","unit_amount_decimal":"180000"},"quantity":1,"quantity_decimal":"1","subscription":null,"subtotal":180000,"taxes":[]}],"has_more":false,"object":"list","total_count":3,"url":"/v1/invoices/in_1GzDGC3LYzHOsd3KZVXnh2zv/lines"},"livemode":false,"metadata":{},"next_payment_attempt":null,"number":"NW-000005","object":"invoice","on_behalf_of":null,"parent":null,"payment_settings":{"default_mandate":null,"payment_method_options":null,"payment_method_types":null},"period_end":1794925350,"period_start":1794925350,"post_payment_credit_notes_amount":0,"pre_payment_credit_notes_amount":0,"rendering":null,"shipping_cost":null,"shipping_details":null,"starting_balance":0,"statement_descriptor":null,"status":"open","status_details":null,"status_transitions":{"finalized_at":1794926521,"marked_uncollectible_at":null,"paid_at":null,"voided_at":null},"subtotal":345750,"subtotal_excluding_tax":345750,"test_clock":null,"threshold_reason":null,"total":276600,"total_discount_amounts":[{"amount":69150,"discount":"di_1zj4FevkGA8JfurjDv04vtX9"}],"total_excluding_tax":276600,"total_pretax_credit_amounts":[{"amount":69150,"discount":"di_1zj4FevkGA8JfurjDv04vtX9","type":"discount"}],"total_taxes":[],"webhooks_delivered_at":1794925351}', 'main'),
	('in_1KuH4yvI3jgqBTnWajf9QpHB', 'invoice', '2026-11-17 15:38:18+00', 'draft', '2026-11-28 08:43:10.452277+00', '2026-11-28 08:43:10.635959+00', '\x9e6abb49c36700d0d5790d9315783ceb', '\x9e6abb49c36700d0d5790d9315783ceb', '{"account_country":"US","account_name":"Norwold Works, Inc.","amount_due":42364,"amount_overpaid":0,"amount_paid":0,"amount_remaining":42364,"amount_shipping":0,"application":null,"attempt_count":0,"attempted":false,"auto_advance":false,"automatic_tax":{"disabled_reason":null,"enabled":false,"liability":null,"provider":null,"status":null},"automatically_finalizes_at":null,"billing_reason":"subscription_cycle","collection_method":"charge_automatically","created":1794929898,"currency":"usd","custom_fields":null,"customer":"cus_Za4479kwAJKzJj","customer_account":null,"customer_name":"Ploverhaven Instruments","customer_tax_exempt":"none","default_payment_method":null,"default_tax_rates":[],"description":null,"discounts":[],"due_date":null,"effective_at":null,"ending_balance":0,"footer":null,"from_invoice":null,"id":"in_1KuH4yvI3jgqBTnWajf9QpHB","issuer":{"type":"self"},"last_finalization_error":null,"latest_revision":null,"lines":{"data":[{"amount":39500,"currency":"usd","description":"5 x Analytics add-on","discount_amounts":[],"discountable":true,"discounts":[],"id":"il_1lfsBHGvEpLMHXZ8jH27H8f3","invoice":"in_1KuH4yvI3jgqBTnWajf9QpHB","livemode":false,"metadata":{},"object":"line_item","parent":{"invoice_item_details":null,"subscription_item_details":{"invoice_item":null,"proration":false,"proration_details":{"credited_items":null},"subscription":"sub_1LzpNZbxtGS0QdvpSpiq3hgp","subscription_item":"si_USehVwNatouzDh"},"type":"subscription_item_details"},"period":{"end":1797525536,"start":1794933536},"pretax_credit_amounts":[],"pricing":{"price_details":{"price":"price_1s3VNC8v7PcPb0fwmJHVlH7X","product":"prod_6nqRyFWesE8Q8j"},"type":"price_details","unit_amount_decimal":"7900"},"quantity":5,"quantity_decimal":"5","subscription":"sub_1LzpNZbxtGS0QdvpSpiq3hgp","subtotal":39500,"taxes":[{"amount":2864,"tax_behavior":"exclusive","tax_rate_details":{"tax_rate":"txr_1tgSKxl43LMnJ0qvipDofv3L"},"taxability_reason":"standard_rated","taxable_amount":39500,"type":"tax_rate_details"}]}],"has_more":false,"object":"list","total_count":1,"url":"/v1/invoices/in_1KuH4yvI3jgqBTnWajf9QpHB/lines"},"livemode":false,"metadata":{},"next_payment_attempt":null,"number":null,"object":"invoice","on_behalf_of":null,"parent":{"quote_details":null,"subscription_details":{"metadata":{},"subscription":"sub_1LzpNZbxtGS0QdvpSpiq3hgp"},"type":"subscription_details"},"payment_settings":{"default_mandate":null,"payment_method_options":null,"payment_method_types":null},"period_end":1794929898,"period_start":1792337898,"post_payment_credit_notes_amount":0,"pre_payment_credit_notes_amount":0,"rendering":null,"shipping_cost":null,"shipping_details":null,"starting_balance":0,"statement_descriptor":null,"status":"draft","status_details":null,"status_transitions":{"finalized_at":null,"marked_uncollectible_at":null,"paid_at":null,"voided_at":null},"subtotal":39500,"subtotal_excluding_tax":39500,"test_clock":null,"threshold_reason":null,"total":42364,"total_discount_amounts":[],"total_excluding_tax":39500,"total_pretax_credit_amounts":[],"total_taxes":[{"amount":2864,"tax_behavior":"exclusive","tax_rate_details":{"tax_rate":"txr_1tgSKxl43LMnJ0qvipDofv3L"},"taxability_reason":"standard_rated","taxable_amount":39500,"type":"tax_rate_details"}],"webhooks_delivered_at":1794929899}', 'main'),
	('inpay_1nyOKUbrsAM6rCnk0yiFfw7x', 'invoice_payment', '2026-11-18 17:46:35+00', 'open', '2026-11-28 08:43:11.488208+00', '2026-11-28 08:43:11.606515+00', '\x2ba0a136005beae6b3d44bf6fab7a6c6', '\x2ba0a136005beae6b3d44bf6fab7a6c6', '{"amount_paid":null,"amount_requested":94800,"created":1795023995,"currency":"usd","id":"inpay_1nyOKUbrsAM6rCnk0yiFfw7x","invoice":"in_1REqChqOqRZgnFXfwhMVYc0R","is_default":true,"livemode":false,"object":"invoice_payment","payment":{"payment_intent":"pi_3lYoJmyFpGz4z1c9JIlY159j","type":"payment_intent"},"status":"open","status_transitions":{"canceled_at":null,"paid_at":null}}', 'main'),
	('in_1MaV9bx76pOSTayhG2f1qS7F', 'invoice', '2026-11-18 16:38:54+00', 'open', '2026-11-28 08:43:10.518606+00', '2026-11-28 08:43:10.636019+00', '\x39f4a26c79eb7a6c6fe44dcee8b0f871', '\x39f4a26c79eb7a6c6fe44dcee8b0f871', '{"account_country":"US","account_name":"Norwold Works, Inc.","amount_due":257900,"amount_overpaid":0,"amount_paid":0,"amount_remaining":257900,"amount_shipping":0,"application":null,"attempt_count":0,"attempted":false,"auto_advance":true,"automatic_tax":{"disabled_reason":null,"enabled":false,"liability":null,"provider":null,"status":null},"automatically_finalizes_at":null,"billing_reason":"subscription_cycle","collection_method":"send_invoice","created":1795019934,"currency":"usd","custom_fields":null,"customer":"cus_PtdIBWTZI9Bl7F","customer_account":null,"customer_name":"Cedarstead Mills","customer_tax_exempt":"none","default_payment_method":null,"default_tax_rates":[],"description":null,"discounts":[],"due_date":1797615587,"effective_at":1795023587,"ending_balance":0,"footer":null,"from_invoice":null,"id":"in_1MaV9bx76pOSTayhG2f1qS7F","issuer":{"type":"self"},"last_finalization_error":null,"latest_revision":null,"lines":{"data":[{"amount":250000,"currency":"usd","description":"10 x Premium support","discount_amounts":[],"discountable":true,"discounts":[],"id":"il_1KmpKVsksqKtRkBcU8vzgb57","invoice":"in_1MaV9bx76pOSTayhG2f1qS7F","livemode":false,"metadata":{},"object":"line_item","parent":{"invoice_item_details":null,"subscription_item_details":{"invoice_item":null,"proration":false,"proration_details":{"credited_items":null},"subscription":"sub_1NZxagG37IRbQVVzwHVi3K6t","subscription_item":"si_72MFiRt3CGU24l"},"type":"subscription_item_details"},"period":{"end":1797615587,"start":1795023587},"pretax_credit_amounts":[],"pricing":{"price_details":{"price":"price_1yRZRGBRpOYWTlamR2x68tYM","product":"prod_kK1FPb3t4Pu109"},"type":"price_details","unit_amount_decimal":"25000"},"quantity":10,"quantity_decimal":"10","subscription":"sub_1NZxagG37IRbQVVzwHVi3K6t","subtotal":250000,"taxes":[]},{"amount":7900,"currency":"usd","description":"1 x Analytics add-on","discount_amounts":[],"discountable":true,"discounts":[],"id":"il_1mcO8xxTL89z9TSFQ43X7U2z","invoice":"in_1MaV9bx76pOSTayhG2f1qS7F","livemode":false,"metadata":{},"object":"line_item","parent":{"invoice_item_details":null,"subscription_item_details":{"invoice_item":null,"proration":false,"proration_details":{"credited_items":null},"subscription":"sub_1NZxagG37IRbQVVzwHVi3K6t","subscription_item":"si_FdL5P11DRelL1d"},"type":"subscription_item_details"},"period":{"end":1797615587,"start":1795023587},"pretax_credit_amounts":[],"pricing":{"price_details":{"price":"price_1s3VNC8v7PcPb0fwmJHVlH7X","product":"prod_6nqRyFWesE8Q8j"},"type":"price_details","unit_amount_decimal":"7900"},"quantity":1,"quantity_decimal":"1","subscription":"sub_1NZxagG37IRbQVVzwHVi3K6t","subtotal":7900,"taxes":[]}],"has_more":false,"object":"list","total_count":2,"url":"/v1/invoices/in_1MaV9bx76pOSTayhG2f1qS7F/lines"},"livemode":false,"metadata":{},"next_payment_attempt":null,"number":"NW-000008","object":"invoice","on_behalf_of":null,"parent":{"quote_details":null,"subscription_details":{"metadata":{},"subscription":"sub_1NZxagG37IRbQVVzwHVi3K6t"},"type":"subscription_details"},"payment_settings":{"default_mandate":null,"payment_method_options":null,"payment_method_types":null},"period_end":1795019934,"period_start":1792427934,"post_payment_credit_notes_amount":0,"pre_payment_credit_notes_amount":0,"rendering":null,"shipping_cost":null,"shipping_details":null,"starting_balance":0,"statement_descriptor":null,"status":"open","status_details":null,"status_transitions":{"finalized_at":1795023587,"marked_uncollectible_at":null,"paid_at":null,"voided_at":null},"subtotal":257900,"subtotal_excluding_tax":257900,"test_clock":null,"threshold_reason":null,"total":257900,"total_discount_amounts":[],"total_excluding_tax":257900,"total_pretax_credit_amounts":[],"total_taxes":[],"webhooks_delivered_at":1795019935}', 'main'),
	('in_1REqChqOqRZgnFXfwhMVYc0R', 'invoice', '2026-11-18 16:45:46+00', 'open', '2026-11-28 08:43:10.518606+00', '2026-11-28 08:43:10.636347+00', '\xcafa380f1a292e20c7a33c663a08957a', '\xcafa380f1a292e20c7a33c663a08957a', '{"account_country":"US","account_name":"Norwold Works, Inc.","amount_due":94800,"amount_overpaid":0,"amount_paid":0,"amount_remaining":94800,"amount_shipping":0,"application":null,"attempt_count":0,"attempted":false,"auto_advance":true,"automatic_tax":{"disabled_reason":null,"enabled":false,"liability":null,"provider":null,"status":null},"automatically_finalizes_at":null,"billing_reason":"subscription_cycle","collection_method":"send_invoice","created":1795020346,"currency":"usd","custom_fields":null,"customer":"cus_PtdIBWTZI9Bl7F","customer_account":null,"customer_name":"Cedarstead Mills","customer_tax_exempt":"none","default_payment_method":null,"default_tax_rates":[],"description":null,"discounts":[],"due_date":1797615995,"effective_at":1795023995,"ending_balance":0,"footer":null,"from_invoice":null,"id":"in_1REqChqOqRZgnFXfwhMVYc0R","issuer":{"type":"self"},"last_finalization_error":null,"latest_revision":null,"lines":{"data":[{"amount":94800,"currency":"usd","description":"12 x Analytics add-on","discount_amounts":[],"discountable":true,"discounts":[],"id":"il_1QckPjs6Uy5JGMXMvjOCc4Z4","invoice":"in_1REqChqOqRZgnFXfwhMVYc0R","livemode":false,"metadata":{},"object":"line_item","parent":{"invoice_item_details":null,"subscription_item_details":{"invoice_item":null,"proration":false,"proration_details":{"credited_items":null},"subscription":"sub_1NZxagG37IRbQVVzwHVi3K6t","subscription_item":"si_FbrvE0zOjTpvXi"},"type":"subscription_item_details"},"period":{"end":1797615995,"start":1795023995},"pretax_credit_amounts":[],"pricing":{"price_details":{"price":"price_1s3VNC8v7PcPb0fwmJHVlH7X","product":"prod_6nqRyFWesE8Q8j"},"type":"price_details","unit_amount_decimal":"7900"},"quantity":12,"quantity_decimal":"12","subscription":"sub_1NZxagG37IRbQVVzwHVi3K6t","subtotal":94800,"taxes":[]}],"has_more":false,"object":"list","total_count":1,"url":"/v1/invoices/in_1REqChqOqRZgnFXfwhMVYc0R/lines"},"livemode":false,"metadata":{},"next_payment_attempt":null,"number":"NW-000009","object":"invoice","on_behalf_of":null,"parent":{"quote_details":null,"subscription_details":{"metadata":{},"subscription":"sub_1NZxagG37IRbQVVzwHVi3K6t"},"type":"subscription_details"},"payment_settings":{"default_mandate":null,"payment_method_options":null,"payment_method_types":null},"period_end":1795020346,"period_start":1792428346,"post_payment_credit_notes_amount":0,"pre_payment_credit_notes_amount":0,"rendering":null,"shipping_cost":null,"shipping_details":null,"starting_balance":0,"statement_descriptor":null,"status":"open","status_details":null,"status_transitions":{"finalized_at":1795023995,"marked_uncollectible_at":null,"paid_at":null,"voided_at":null},"subtotal":94800,"subtotal_excluding_tax":94800,"test_clock":null,"threshold_reason":null,"total":94800,"total_discount_amounts":[],"total_excluding_tax":94800,"total_pretax_credit_amounts":[],"total_taxes":[],"webhooks_delivered_at":1795020347}', 'main'),
	('in_1Yr4d17omFLt2nY1FxVfH5Pz', 'invoice', '2026-11-17 14:31:22+00', 'void', '2026-11-28 08:43:10.452277+00', '2026-11-28 08:43:10.636442+00', '\xd5fe904cf3a6a1b13c2683e2b70ea2ee', '\xd5fe904cf3a6a1b13c2683e2b70ea2ee', '{"account_country":"US","account_name":"Norwold Works, Inc.","amount_due":212195,"amount_overpaid":0,"amount_paid":0,"amount_remaining":212195,"amount_shipping":0,"application":null,"attempt_count":0,"attempted":false,"auto_advance":false,"automatic_tax":{"disabled_reason":null,"enabled":false,"liability":null,"provider":null,"status":null},"automatically_finalizes_at":null,"billing_reason":"subscription_cycle","collection_method":"send_invoice","created":1794925882,"currency":"eur","custom_fields":null,"customer":"cus_s2FHnluAuqOc6t","customer_account":null,"customer_name":"Lindenview Textiles","customer_tax_exempt":"none","default_payment_method":null,"default_tax_rates":[],"description":null,"discounts":[],"due_date":1797521530,"effective_at":1794929530,"ending_balance":0,"footer":null,"from_invoice":null,"id":"in_1Yr4d17omFLt2nY1FxVfH5Pz","issuer":{"type":"self"},"last_finalization_error":null,"latest_revision":null,"lines":{"data":[{"amount":170810,"currency":"eur","description":"2 x Scale plan","discount_amounts":[],"discountable":true,"discounts":[],"id":"il_1X7rp7Z4VDHGlFcsg8eD8oMR","invoice":"in_1Yr4d17omFLt2nY1FxVfH5Pz","livemode":false,"metadata":{},"object":"line_item","parent":{"invoice_item_details":null,"subscription_item_details":{"invoice_item":null,"proration":false,"proration_details":{"credited_items":null},"subscription":"sub_11zOuMycRmtqYPdvnkxWUWND","subscription_item":"si_1rivcibddulFL5"},"type":"subscription_item_details"},"period":{"end":1797521530,"start":1794929530},"pretax_credit_amounts":[],"pricing":{"price_details":{"price":"price_1tp7bCSLLyYGsyQVXpKz3gCD","product":"prod_pwcJ6S5RU3MEHT"},"type":"price_details","unit_amount_decimal":"85405"},"quantity":2,"quantity_decimal":"2","subscription":"sub_11zOuMycRmtqYPdvnkxWUWND","subtotal":170810,"taxes":[{"amount":32454,"tax_behavior":"exclusive","tax_rate_details":{"tax_rate":"txr_1cjFV43C2OOxzDfhUOvm6e1d"},"taxability_reason":"standard_rated","taxable_amount":170810,"type":"tax_rate_details"}]},{"amount":7505,"currency":"eur","description":"1 x Analytics add-on","discount_amounts":[],"discountable":true,"discounts":[],"id":"il_187HUmF0ueb586LEqR8bZ6kj","invoice":"in_1Yr4d17omFLt2nY1FxVfH5Pz","livemode":false,"metadata":{},"object":"line_item","parent":{"invoice_item_details":null,"subscription_item_details":{"invoice_item":null,"proration":false,"proration_details":{"credited_items":null},"subscription":"sub_11zOuMycRmtqYPdvnkxWUWND","subscription_item":"si_skBM0YAWUSCyix"},"type":"subscription_item_details"},"period":{"end":1797521530,"start":1794929530},"pretax_credit_amounts":[],"pricing":{"price_details":{"price":"price_1dl2QvutpPDB6Qu6GmqAQr33","product":"prod_6nqRyFWesE8Q8j"},"type":"price_details","unit_amount_decimal":"7505"},"quantity":1,"quantity_decimal":"1","subscription":"sub_11zOuMycRmtqYPdvnkxWUWND","subtotal":7505,"taxes":[{"amount":1426,"tax_behavior":"exclusive","tax_rate_details":{"tax_rate":"txr_1cjFV43C2OOxzDfhUOvm6e1d"},"taxability_reason":"standard_rated","taxable_amount":7505,"type":"tax_rate_details"}]}],"has_more":false,"object":"list","total_count":2,"url":"/v1/invoices/in_1Yr4d17omFLt2nY1FxVfH5Pz/lines"},"livemode":false,"metadata":{},"next_payment_attempt":null,"number":"NW-000006","object":"invoice","on_behalf_of":null,"parent":{"quote_details":null,"subscription_details":{"metadata":{},"subscription":"sub_11zOuMycRmtqYPdvnkxWUWND"},"type":"subscription_details"},"payment_settings":{"default_mandate":null,"payment_method_options":null,"payment_method_types":null},"period_end":1794925882,"period_start":1792333882,"post_payment_credit_notes_amount":0,"pre_payment_credit_notes_amount":0,"rendering":null,"shipping_cost":null,"shipping_details":null,"starting_balance":0,"statement_descriptor":null,"status":"void","status_details":null,"status_transitions":{"finalized_at":1794929530,"marked_uncollectible_at":null,"paid_at":null,"voided_at":1795030330},"subtotal":178315,"subtotal_excluding_tax":178315,"test_clock":null,"threshold_reason":null,"total":212195,"total_discount_amounts":[],"total_excluding_tax":178315,"total_pretax_credit_amounts":[],"total_taxes":[{"amount":33880,"tax_behavior":"exclusive","tax_rate_details":{"tax_rate":"txr_1cjFV43C2OOxzDfhUOvm6e1d"},"taxability_reason":"standard_rated","taxable_amount":178315,"type":"tax_rate_details"}],"webhooks_delivered_at":1794925883}', 'main'),
	('in_1adkyAmZuOCYDU5RRFmIkxXr', 'invoice', '2026-11-19 21:42:28+00', 'open', '2026-11-28 08:43:10.372226+00', '2026-11-28 08:43:10.63653+00', '\x8d8c4ce7093a8b4a15102e97437347e5', '\x8d8c4ce7093a8b4a15102e97437347e5', '{"account_country":"US","account_name":"Norwold Works, Inc.","amount_due":82900,"amount_overpaid":0,"amount_paid":0,"amount_remaining":82900,"amount_shipping":0,"application":null,"attempt_count":1,"attempted":true,"auto_advance":true,"automatic_tax":{"disabled_reason":null,"enabled":false,"liability":null,"provider":null,"status":null},"automatically_finalizes_at":null,"billing_reason":"subscription_cycle","collection_method":"charge_automatically","created":1795124548,"currency":"usd","custom_fields":null,"customer":"cus_Jc8lSyPmisxt81","customer_account":null,"customer_name":"Lindenpoint Instruments","customer_tax_exempt":"none","default_payment_method":null,"default_tax_rates":[],"description":null,"discounts":[],"due_date":null,"effective_at":1795128188,"ending_balance":0,"footer":null,"from_invoice":null,"id":"in_1adkyAmZuOCYDU5RRFmIkxXr","issuer":{"type":"self"},"last_finalization_error":null,"latest_revision":null,"lines":{"data":[{"amount":75000,"currency":"usd","description":"3 x Premium support","discount_amounts":[],"discountable":true,"discounts":[],"id":"il_1ttIXz996QpouH6CJNGgBGvj","invoice":"in_1adkyAmZuOCYDU5RRFmIkxXr","livemode":false,"metadata":{},"object":"line_item","parent":{"invoice_item_details":null,"subscription_item_details":{"invoice_item":null,"proration":false,"proration_details":{"credited_items":null},"subscription":"sub_165bw24HUhB4NhUKLGTZxOW5","subscription_item":"si_N70OjwZVLxO7uX"},"type":"subscription_item_details"},"period":{"end":1797720188,"start":1795128188},"pretax_credit_amounts":[],"pricing":{"price_details":{"price":"price_1yRZRGBRpOYWTlamR2x68tYM","product":"prod_kK1FPb3t4Pu109"},"type":"price_details","unit_amount_decimal":"25000"},"quantity":3,"quantity_decimal":"3","subscription":"sub_165bw24HUhB4NhUKLGTZxOW5","subtotal":75000,"taxes":[]},{"amount":7900,"currency":"usd","description":"1 x Analytics add-on","discount_amounts":[],"discountable":true,"discounts":[],"id":"il_1vyRjFrQtqe8t6JOEVOe2Zsb","invoice":"in_1adkyAmZuOCYDU5RRFmIkxXr","livemode":false,"metadata":{},"object":"line_item","parent":{"invoice_item_details":null,"subscription_item_details":{"invoice_item":null,"proration":false,"proration_details":{"credited_items":null},"subscription":"sub_165bw24HUhB4NhUKLGTZxOW5","subscription_item":"si_w0yofxt2QVfQRp"},"type":"subscription_item_details"},"period":{"end":1797720188,"start":1795128188},"pretax_credit_amounts":[],"pricing":{"price_details":{"price":"price_1s3VNC8v7PcPb0fwmJHVlH7X","product":"prod_6nqRyFWesE8Q8j"},"type":"price_details","unit_amount_decimal":"7900"},"quantity":1,"quantity_decimal":"1","subscription":"sub_165bw24HUhB4NhUKLGTZxOW5","subtotal":7900,"taxes":[]}],"has_more":false,"object":"list","total_count":2,"url":"/v1/invoices/in_1adkyAmZuOCYDU5RRFmIkxXr/lines"},"livemode":false,"metadata":{},"next_payment_attempt":1795387388,"number":"NW-000015","object":"invoice","on_behalf_of":null,"parent":{"quote_details":null,"subscription_details":{"metadata":{},"subscription":"sub_165bw24HUhB4NhUKLGTZxOW5"},"type":"subscription_details"},"payment_settings":{"default_mandate":null,"payment_method_options":null,"payment_method_types":null},"period_end":1795124548,"period_start":1792532548,"post_payment_credit_notes_amount":0,"pre_payment_credit_notes_amount":0,"rendering":null,"shipping_cost":null,"shipping_details":null,"starting_balance":0,"statement_descriptor":null,"status":"open","status_details":null,"status_transitions":{"finalized_at":1795128188,"marked_uncollectible_at":null,"paid_at":null,"voided_at":null},"subtotal":82900,"subtotal_excluding_tax":82900,"test_clock":null,"threshold_reason":null,"total":82900,"total_discount_amounts":[],"total_excluding_tax":82900,"total_pretax_credit_amounts":[],"total_taxes":[],"webhooks_delivered_at":1795124549}', 'main'),
	('inpay_1qWXnuHHLcLtPF64uFoi1bpq', 'invoice_payment', '2026-11-19 16:56:26+00', 'open', '2026-11-28 08:43:11.4435+00', '2026-11-28 08:43:11.606518+00', '\x03eb5e6f5aa6fffb5efd45e8f8acb609', '\x03eb5e6f5aa6fffb5efd45e8f8acb609', '{"amount_paid":null,"amount_requested":281550,"created":1795107386,"currency":"jpy","id":"inpay_1qWXnuHHLcLtPF64uFoi1bpq","invoice":"in_1woW46pvwpTOfPA36kwOBd5g","is_default":true,"livemode":false,"object":"invoice_payment","payment":{"payment_intent":"pi_3ty28yP8mPovfwGo6JmKAsRY","type":"payment_intent"},"status":"open","status_transitions":{"canceled_at":null,"paid_at":null}}', 'main'),
	('in_1vxKCKAM04XZIyRhDhvwbafC', 'invoice', '2026-11-19 13:53:07+00', 'open', '2026-11-28 08:43:10.383984+00', '2026-11-28 08:43:10.636593+00', '\x619d1955bd6c5e3877fc841f8278af61', '\x619d1955bd6c5e3877fc841f8278af61', '{"account_country":"US","account_name":"Norwold Works, Inc.","amount_due":38127,"amount_overpaid":0,"amount_paid":0,"amount_remaining":38127,"amount_shipping":0,"application":null,"attempt_count":0,"attempted":false,"auto_advance":true,"automatic_tax":{"disabled_reason":null,"enabled":false,"liability":null,"provider":null,"status":null},"automatically_finalizes_at":null,"billing_reason":"subscription_cycle","collection_method":"send_invoice","created":1795096387,"currency":"usd","custom_fields":null,"customer":"cus_ydiAueKHHdTjcV","customer_account":null,"customer_name":"Reedgate Textiles","customer_tax_exempt":"none","default_payment_method":null,"default_tax_rates":[],"description":null,"discounts":["di_1EnYlGBAm3ZEk6XJbCtDP1EQ"],"due_date":1797692029,"effective_at":1795100029,"ending_balance":0,"footer":null,"from_invoice":null,"id":"in_1vxKCKAM04XZIyRhDhvwbafC","issuer":{"type":"self"},"last_finalization_error":null,"latest_revision":null,"lines":{"data":[{"amount":47400,"currency":"usd","description":"6 x Analytics add-on","discount_amounts":[{"amount":11850,"discount":"di_1EnYlGBAm3ZEk6XJbCtDP1EQ"}],"discountable":true,"discounts":[],"id":"il_1QCE2TNDXJwgNtMZTl7BgkbI","invoice":"in_1vxKCKAM04XZIyRhDhvwbafC","livemode":false,"metadata":{},"object":"line_item","parent":{"invoice_item_details":null,"subscription_item_details":{"invoice_item":null,"proration":false,"proration_details":{"credited_items":null},"subscription":"sub_1NMsg953JxtAasT1lleU2Tc4","subscription_item":"si_LqUWuqA2WstBAw"},"type":"subscription_item_details"},"period":{"end":1797692029,"start":1795100029},"pretax_credit_amounts":[{"amount":11850,"discount":"di_1EnYlGBAm3ZEk6XJbCtDP1EQ","type":"discount"}],"pricing":{"price_details":{"price":"price_1s3VNC8v7PcPb0fwmJHVlH7X","product":"prod_6nqRyFWesE8Q8j"},"type":"price_details","unit_amount_decimal":"7900"},"quantity":6,"quantity_decimal":"6","subscription":"sub_1NMsg953JxtAasT1lleU2Tc4","subtotal":47400,"taxes":[{"amount":2577,"tax_behavior":"exclusive","tax_rate_details":{"tax_rate":"txr_1tgSKxl43LMnJ0qvipDofv3L"},"taxability_reason":"standard_rated","taxable_amount":35550,"type":"tax_rate_details"}]}],"has_more":false,"object":"list","total_count":1,"url":"/v1/invoices/in_1vxKCKAM04XZIyRhDhvwbafC/lines"},"livemode":false,"metadata":{},"next_payment_attempt":null,"number":"NW-000012","object":"invoice","on_behalf_of":null,"parent":{"quote_details":null,"subscription_details":{"metadata":{},"subscription":"sub_1NMsg953JxtAasT1lleU2Tc4"},"type":"subscription_details"},"payment_settings":{"default_mandate":null,"payment_method_options":null,"payment_method_types":null},"period_end":1795096387,"period_start":1792504387,"post_payment_credit_notes_amount":0,"pre_payment_credit_notes_amount":0,"rendering":null,"shipping_cost":null,"shipping_details":null,"starting_balance":0,"statement_descriptor":null,"status":"open","status_details":null,"status_transitions":{"finalized_at":1795100029,"marked_uncollectible_at":null,"paid_at":null,"voided_at":null},"subtotal":47400,"subtotal_excluding_tax":47400,"test_clock":null,"threshold_reason":null,"total":38127,"total_discount_amounts":[{"amount":11850,"discount":"di_1EnYlGBAm3ZEk6XJbCtDP1EQ"}],"total_excluding_tax":35550,"total_pretax_credit_amounts":[{"amount":11850,"discount":"di_1EnYlGBAm3ZEk6XJbCtDP1EQ","type":"discount"}],"total_taxes":[{"amount":2577,"tax_behavior":"exclusive","tax_rate_details":{"tax_rate":"txr_1tgSKxl43LMnJ0qvipDofv3L"},"taxability_reason":"standard_rated","taxable_amount":35550,"type":"tax_rate_details"}],"webhooks_delivered_at":1795096388}', 'main'),
	('in_1woW46pvwpTOfPA36kwOBd5g', 'invoice', '2026-11-19 15:55:21+00', 'open', '2026-11-28 08:43:10.383984+00', '2026-11-28 08:43:10.636654+00', '\x010f996da9d56b1a95ee480c260d7d6e', '\x010f996da9d56b1a95ee480c260d7d6e', '{"account_country":"US","account_name":"Norwold Works, Inc.","amount_due":281550,"amount_overpaid":0,"amount_paid":0,"amount_remaining":281550,"amount_shipping":0,"application":null,"attempt_count":1,"attempted":true,"auto_advance":true,"automatic_tax":{"disabled_reason":null,"enabled":false,"liability":null,"provider":null,"status":null},"automatically_finalizes_at":null,"billing_reason":"subscription_cycle","collection_method":"charge_automatically","created":1795103721,"currency":"jpy","custom_fields":null,"customer":"cus_Unwb0zqbSwFSDH","customer_account":null,"customer_name":"Gladepoint Foods","customer_tax_exempt":"none","default_payment_method":null,"default_tax_rates":[],"description":null,"discounts":[],"due_date":null,"effective_at":1795107386,"ending_balance":0,"footer":null,"from_invoice":null,"id":"in_1woW46pvwpTOfPA36kwOBd5g","issuer":{"type":"self"},"last_finalization_error":null,"latest_revision":null,"lines":{"data":[{"amount":269700,"currency":"jpy","description":"2 x Scale plan","discount_amounts":[],"discountable":true,"discounts":[],"id":"il_1zw4hR4nmIZHUoDnIqnm2w28","invoice":"in_1woW46pvwpTOfPA36kwOBd5g","livemode":false,"metadata":{},"object":"line_item","parent":{"invoice_item_details":null,"subscription_item_details":{"invoice_item":null,"proration":false,"proration_details":{"credited_items":null},"subscription":"sub_1ywGwsrqE3FGN7UyinL5p44U","subscription_item":"si_kz4LZP2hE3Gn1m"},"type":"subscription_item_details"},"period":{"end":1797699386,"start":1795107386},"pretax_credit_amounts":[],"pricing":{"price_details":{"price":"price_1pD2W5TQVS1qNVQQoETGH7Br","product":"prod_pwcJ6S5RU3MEHT"},"type":"price_details","unit_amount_decimal":"134850"},"quantity":2,"quantity_decimal":"2","subscription":"sub_1ywGwsrqE3FGN7UyinL5p44U","subtotal":269700,"taxes":[]},{"amount":11850,"currency":"jpy","description":"1 x Analytics add-on","discount_amounts":[],"discountable":true,"discounts":[],"id":"il_1dWFsr9BdwR93CeKWreKtE00","invoice":"in_1woW46pvwpTOfPA36kwOBd5g","livemode":false,"metadata":{},"object":"line_item","parent":{"invoice_item_details":null,"subscription_item_details":{"invoice_item":null,"proration":false,"proration_details":{"credited_items":null},"subscription":"sub_1ywGwsrqE3FGN7UyinL5p44U","subscription_item":"si_j9A0wKjxw176ZD"},"type":"subscription_item_details"},"period":{"end":1797699386,"start":1795107386},"pretax_credit_amounts":[],"pricing":{"price_details":{"price":"price_1vTEotDKfBg5GGN0VXBR3J2h","product":"prod_6nqRyFWesE8Q8j"},"type":"price_details","unit_amount_decimal":"11850"},"quantity":1,"quantity_decimal":"1","subscription":"sub_1ywGwsrqE3FGN7UyinL5p44U","subtotal":11850,"taxes":[]}],"has_more":false,"object":"list","total_count":2,"url":"/v1/invoices/in_1woW46pvwpTOfPA36kwOBd5g/lines"},"livemode":false,"metadata":{},"next_payment_attempt":1795366586,"number":"NW-000014","object":"invoice","on_behalf_of":null,"parent":{"quote_details":null,"subscription_details":{"metadata":{},"subscription":"sub_1ywGwsrqE3FGN7UyinL5p44U"},"type":"subscription_details"},"payment_settings":{"default_mandate":null,"payment_method_options":null,"payment_method_types":null},"period_end":1795103721,"period_start":1792511721,"post_payment_credit_notes_amount":0,"pre_payment_credit_notes_amount":0,"rendering":null,"shipping_cost":null,"shipping_details":null,"starting_balance":0,"statement_descriptor":null,"status":"open","status_details":null,"status_transitions":{"finalized_at":1795107386,"marked_uncollectible_at":null,"paid_at":null,"voided_at":null},"subtotal":281550,"subtotal_excluding_tax":281550,"test_clock":null,"threshold_reason":null,"total":281550,"total_discount_amounts":[],"total_excluding_tax":281550,"total_pretax_credit_amounts":[],"total_taxes":[],"webhooks_delivered_at":1795103722}', 'main'),
	('in_1x28m5ZwdMkCrpDT9oT58rcv', 'invoice', '2026-11-17 16:46:36+00', 'paid', '2026-11-28 08:43:10.452277+00', '2026-11-28 08:43:10.636761+00', '\xc81f92fbfcef0a1499221b1f497106ad', '\xc81f92fbfcef0a1499221b1f497106ad', '{"account_country":"US","account_name":"Norwold Works, Inc.","amount_due":0,"amount_overpaid":0,"amount_paid":0,"amount_remaining":0,"amount_shipping":0,"application":null,"attempt_count":0,"attempted":true,"auto_advance":false,"automatic_tax":{"disabled_reason":null,"enabled":false,"liability":null,"provider":null,"status":null},"automatically_finalizes_at":null,"billing_reason":"subscription_create","collection_method":"charge_automatically","created":1794933996,"currency":"usd","custom_fields":null,"customer":"cus_xi6l5YUiMF21f3","customer_account":null,"customer_name":"Embervale Analytics","customer_tax_exempt":"none","default_payment_method":null,"default_tax_rates":[],"description":null,"discounts":[],"due_date":null,"effective_at":1794937658,"ending_balance":0,"footer":null,"from_invoice":null,"id":"in_1x28m5ZwdMkCrpDT9oT58rcv","issuer":{"type":"self"},"last_finalization_error":null,"latest_revision":null,"lines":{"data":[{"amount":0,"currency":"usd","description":"Trial period for Growth plan","discount_amounts":[],"discountable":true,"discounts":[],"id":"il_1LFRzf5xRQGML4IrGhs3z9aN","invoice":"in_1x28m5ZwdMkCrpDT9oT58rcv","livemode":false,"metadata":{},"object":"line_item","parent":{"invoice_item_details":null,"subscription_item_details":{"invoice_item":null,"proration":false,"proration_details":{"credited_items":null},"subscription":"sub_1WwGGy4mju2nUGmOaVXMliB9","subscription_item":"si_Pe19D5Q57Kc191"},"type":"subscription_item_details"},"period":{"end":1796147258,"start":1794937658},"pretax_credit_amounts":[],"pricing":{"price_details":{"price":"price_1h5HGYhKMkDYmGr3hns9Duoh","product":"prod_QnrNkat9Psz2Q3"},"type":"price_details","unit_amount_decimal":"0"},"quantity":1,"quantity_decimal":"1","subscription":"sub_1WwGGy4mju2nUGmOaVXMliB9","subtotal":0,"taxes":[]}],"has_more":false,"object":"list","total_count":1,"url":"/v1/invoices/in_1x28m5ZwdMkCrpDT9oT58rcv/lines"},"livemode":false,"metadata":{},"next_payment_attempt":null,"number":"NW-000007","object":"invoice","on_behalf_of":null,"parent":{"quote_details":null,"subscription_details":{"metadata":{},"subscription":"sub_1WwGGy4mju2nUGmOaVXMliB9"},"type":"subscription_details"},"payment_settings":{"default_mandate":null,"payment_method_options":null,"payment_method_types":null},"period_end":1794933996,"period_start":1792341996,"post_payment_credit_notes_amount":0,"pre_payment_credit_notes_amount":0,"rendering":null,"shipping_cost":null,"shipping_details":null,"starting_balance":0,"statement_descriptor":null,"status":"paid","status_details":null,"status_transitions":{"finalized_at":1794937658,"marked_uncollectible_at":null,"paid_at":1794937658,"voided_at":null},"subtotal":0,"subtotal_excluding_tax":0,"test_clock":null,"threshold_reason":null,"total":0,"total_discount_amounts":[],"total_excluding_tax":0,"total_pretax_credit_amounts":[],"total_taxes":[],"webhooks_delivered_at":1794933997}', 'main'),
	('ch_3ug21zEG21tnjOPhVP3GStmi', 'charge', '2026-11-19 22:43:22+00', 'failed', '2026-11-28 08:43:11.204238+00', '2026-11-28 08:43:11.377576+00', '\x3ef78a47205594b045c87f7964f17ac8', '\x3ef78a47205594b045c87f7964f17ac8', '{"amount":82900,"amount_captured":0,"amount_refunded":0,"application":null,"application_fee":null,"application_fee_amount":null,"balance_transaction":null,"calculated_statement_descriptor":"NORWOLD WORKS","captured":false,"created":1795128202,"currency":"usd","customer":"cus_Jc8lSyPmisxt81","description":"Invoice payment","disputed":false,"failure_balance_transaction":null,"failure_code":"card_declined","failure_message":"Your card has insufficient funds.","id":"ch_3ug21zEG21tnjOPhVP3GStmi","livemode":false,"metadata":{},"object":"charge","on_behalf_of":null,"outcome":{"advice_code":null,"network_advice_code":null,"network_decline_code":null,"network_status":"declined_by_network","reason":"insufficient_funds","risk_level":"normal","seller_message":"The bank returned the decline code `insufficient_funds`.","type":"issuer_declined"},"paid":false,"payment_intent":"pi_3YbjJIPWP9FTwrKshJNze2O4","radar_options":{},"refunded":false,"review":null,"source_transfer":null,"statement_descriptor":null,"statement_descriptor_suffix":null,"status":"failed","transfer_data":null,"transfer_group":null}', 'main'),
	('inpay_1QQCjvN7v37OB1zJE1z56ivS', 'invoice_payment', '2026-11-19 16:34:58+00', 'paid', '2026-11-28 08:43:11.4435+00', '2026-11-28 08:43:11.606501+00', '\x0a7281d195f225e2a323cdb60c036c97', '\x0a7281d195f225e2a323cdb60c036c97', '{"amount_paid":220410,"amount_requested":220410,"created":1795106098,"currency":"kwd","id":"inpay_1QQCjvN7v37OB1zJE1z56ivS","invoice":"in_15J8FyEvv2UzVVtSxKT9739a","is_default":true,"livemode":false,"object":"invoice_payment","payment":{"payment_intent":"pi_35mJZyvKCZhQb2SLVTiOsQWE","type":"payment_intent"},"status":"paid","status_transitions":{"canceled_at":null,"paid_at":1795106100}}', 'main'),
	('inpay_1VP7XjWUVJyUh16vcqtD6F5P', 'invoice_payment', '2026-11-18 19:30:13+00', 'paid', '2026-11-28 08:43:11.476776+00', '2026-11-28 08:43:11.606504+00', '\xca98613700998cebbbbdae64c4a46006', '\xca98613700998cebbbbdae64c4a46006', '{"amount_paid":289548,"amount_requested":289548,"created":1795030213,"currency":"cad","id":"inpay_1VP7XjWUVJyUh16vcqtD6F5P","invoice":"in_1R4EFNv9k8DNDhQbdula3NWw","is_default":true,"livemode":false,"object":"invoice_payment","payment":{"payment_intent":"pi_3LlHLiiP5O8MO8KlNyewSN6B","type":"payment_intent"},"status":"paid","status_transitions":{"canceled_at":null,"paid_at":1795030246}}', 'main'),
	('inpay_1cefjBuNJ0Am8oWXJoNHODA5', 'invoice_payment', '2026-11-18 17:39:47+00', 'open', '2026-11-28 08:43:11.488208+00', '2026-11-28 08:43:11.606508+00', '\x35ebfff18356f965e3899d4574ccd627', '\x35ebfff18356f965e3899d4574ccd627', '{"amount_paid":null,"amount_requested":257900,"created":1795023587,"currency":"usd","id":"inpay_1cefjBuNJ0Am8oWXJoNHODA5","invoice":"in_1MaV9bx76pOSTayhG2f1qS7F","is_default":true,"livemode":false,"object":"invoice_payment","payment":{"payment_intent":"pi_3r5zHIbxJPSYuedaHGc0BmbR","type":"payment_intent"},"status":"open","status_transitions":{"canceled_at":null,"paid_at":null}}', 'main'),
	('price_1Tf62oKpHaS6gpvVLrHn2yOZ', 'price', '2025-10-12 00:00:00+00', '', '2026-11-28 08:43:14.477132+00', '2026-11-28 08:43:14.595902+00', '\x206691c536ec49e6d49ba177e0eb8711', '\x206691c536ec49e6d49ba177e0eb8711', '{"active":true,"billing_scheme":"per_unit","created":1760227200,"currency":"cad","custom_unit_amount":null,"id":"price_1Tf62oKpHaS6gpvVLrHn2yOZ","livemode":false,"lookup_key":null,"metadata":{},"nickname":null,"object":"price","product":"prod_RZDhv5sU48YNsT","recurring":null,"tax_behavior":"unspecified","tiers_mode":null,"transform_quantity":null,"type":"one_time","unit_amount":3375,"unit_amount_decimal":"3375"}', 'main'),
	('price_1TrFHvASSTXg4rKjjZw33S8S', 'price', '2025-10-12 00:00:00+00', '', '2026-11-28 08:43:14.488225+00', '2026-11-28 08:43:14.595912+00', '\xe0b6919618c04a87d6a9e5ee8b7f4483', '\xe0b6919618c04a87d6a9e5ee8b7f4483', '{"active":true,"billing_scheme":"per_unit","created":1760227200,"currency":"usd","custom_unit_amount":null,"id":"price_1TrFHvASSTXg4rKjjZw33S8S","livemode":false,"lookup_key":null,"metadata":{},"nickname":null,"object":"price","product":"prod_22x04yxMomP0aE","recurring":null,"tax_behavior":"unspecified","tiers_mode":null,"transform_quantity":null,"type":"one_time","unit_amount":34000,"unit_amount_decimal":"34000"}', 'main'),
	('price_1dl2QvutpPDB6Qu6GmqAQr33', 'price', '2025-10-12 00:00:00+00', '', '2026-11-28 08:43:14.499348+00', '2026-11-28 08:43:14.595917+00', '\x572f80ca0fd557f6a36d0f68b9feafb9', '\x572f80ca0fd557f6a36d0f68b9feafb9', '{"active":true,"billing_scheme":"per_unit","created":1760227200,"currency":"eur","custom_unit_amount":null,"id":"price_1dl2QvutpPDB6Qu6GmqAQr33","livemode":false,"lookup_key":null,"metadata":{},"nickname":null,"object":"price","product":"prod_6nqRyFWesE8Q8j","recurring":{"interval":"month","interval_count":1,"meter":null,"trial_period_days":null,"usage_type":"licensed"},"tax_behavior":"unspecified","tiers_mode":null,"transform_quantity":null,"type":"recurring","unit_amount":7505,"unit_amount_decimal":"7505"}', 'main'),
	('price_1fzNCa6baSHhezDyLMHZkt3c', 'price', '2025-10-12 00:00:00+00', '', '2026-11-28 08:43:14.51046+00', '2026-11-28 08:43:14.59592+00', '\x104509872c3634ab100393d58373aad8', '\x104509872c3634ab100393d58373aad8', '{"active":true,"billing_scheme":"per_unit","created":1760227200,"currency":"jpy","custom_unit_amount":null,"id":"price_1fzNCa6baSHhezDyLMHZkt3c","livemode":false,"lookup_key":null,"metadata":{},"nickname":null,"object":"price","product":"prod_22x04yxMomP0aE","recurring":null,"tax_behavior":"unspecified","tiers_mode":null,"transform_quantity":null,"type":"one_time","unit_amount":51000,"unit_amount_decimal":"51000"}', 'main'),
	('price_1h5HGYhKMkDYmGr3hns9Duoh', 'price', '2025-10-12 00:00:00+00', '', '2026-11-28 08:43:14.521546+00', '2026-11-28 08:43:14.595924+00', '\x5eaac3e2f641d1268b4fd43afdae18e7', '\x5eaac3e2f641d1268b4fd43afdae18e7', '{"active":true,"billing_scheme":"per_unit","created":1760227200,"currency":"usd","custom_unit_amount":null,"id":"price_1h5HGYhKMkDYmGr3hns9Duoh","livemode":false,"lookup_key":null,"metadata":{},"nickname":null,"object":"price","product":"prod_QnrNkat9Psz2Q3","recurring":{"interval":"month","interval_count":1,"meter":null,"trial_period_days":null,"usage_type":"licensed"},"tax_behavior":"unspecified","tiers_mode":null,"transform_quantity":null,"type":"recurring","unit_amount":19900,"unit_amount_decimal":"19900"}', 'main'),
	('price_1iNSCSVxFSV0XJvnMeG1uA6K', 'price', '2025-10-12 00:00:00+00', '', '2026-11-28 08:43:14.532693+00', '2026-11-28 08:43:14.595928+00', '\x886c433db7eeeb6552d2037a583f759e', '\x886c433db7eeeb6552d2037a583f759e', '{"active":true,"billing_scheme":"per_unit","created":1760227200,"currency":"cad","custom_unit_amount":null,"id":"price_1iNSCSVxFSV0XJvnMeG1uA6K","livemode":false,"lookup_key":null,"metadata":{},"nickname":null,"object":"price","product":"prod_22x04yxMomP0aE","recurring":null,"tax_behavior":"unspecified","tiers_mode":null,"transform_quantity":null,"type":"one_time","unit_amount":45900,"unit_amount_decimal":"45900"}', 'main'),
	('price_1pD2W5TQVS1qNVQQoETGH7Br', 'price', '2025-10-12 00:00:00+00', '', '2026-11-28 08:43:14.588457+00', '2026-11-28 08:43:14.595931+00', '\xaa09d31b6ab1678bae9409f55eb1dd34', '\xaa09d31b6ab1678bae9409f55eb1dd34', '{"active":true,"billing_scheme":"per_unit","created":1760227200,"currency":"jpy","custom_unit_amount":null,"id":"price_1pD2W5TQVS1qNVQQoETGH7Br","livemode":false,"lookup_key":null,"metadata":{},"nickname":null,"object":"price","product":"prod_pwcJ6S5RU3MEHT","recurring":{"interval":"month","interval_count":1,"meter":null,"trial_period_days":null,"usage_type":"licensed"},"tax_behavior":"unspecified","tiers_mode":null,"transform_quantity":null,"type":"recurring","unit_amount":134850,"unit_amount_decimal":"134850"}', 'main'),
	('price_1s3VNC8v7PcPb0fwmJHVlH7X', 'price', '2025-10-12 00:00:00+00', '', '2026-11-28 08:43:14.577128+00', '2026-11-28 08:43:14.595939+00', '\xd9876f6171531a92025e4f5acbb0af1d', '\xd9876f6171531a92025e4f5acbb0af1d', '{"active":true,"billing_scheme":"per_unit","created":1760227200,"currency":"usd","custom_unit_amount":null,"id":"price_1s3VNC8v7PcPb0fwmJHVlH7X","livemode":false,"lookup_key":null,"metadata":{},"nickname":null,"object":"price","product":"prod_6nqRyFWesE8Q8j","recurring":{"interval":"month","interval_count":1,"meter":null,"trial_period_days":null,"usage_type":"licensed"},"tax_behavior":"unspecified","tiers_mode":null,"transform_quantity":null,"type":"recurring","unit_amount":7900,"unit_amount_decimal":"7900"}', 'main'),
	('price_1tp7bCSLLyYGsyQVXpKz3gCD', 'price', '2025-10-12 00:00:00+00', '', '2026-11-28 08:43:14.543767+00', '2026-11-28 08:43:14.595945+00', '\x1562a156c4bc98a6ab3388a83cbcd63e', '\x1562a156c4bc98a6ab3388a83cbcd63e', '{"active":true,"billing_scheme":"per_unit","created":1760227200,"currency":"eur","custom_unit_amount":null,"id":"price_1tp7bCSLLyYGsyQVXpKz3gCD","livemode":false,"lookup_key":null,"metadata":{},"nickname":null,"object":"price","product":"prod_pwcJ6S5RU3MEHT","recurring":{"interval":"month","interval_count":1,"meter":null,"trial_period_days":null,"usage_type":"licensed"},"tax_behavior":"unspecified","tiers_mode":null,"transform_quantity":null,"type":"recurring","unit_amount":85405,"unit_amount_decimal":"85405"}', 'main'),
	('price_1vTEotDKfBg5GGN0VXBR3J2h', 'price', '2025-10-12 00:00:00+00', '', '2026-11-28 08:43:14.554903+00', '2026-11-28 08:43:14.595952+00', '\x130b7aba17d8284064688832b7ceaa91', '\x130b7aba17d8284064688832b7ceaa91', '{"active":true,"billing_scheme":"per_unit","created":1760227200,"currency":"jpy","custom_unit_amount":null,"id":"price_1vTEotDKfBg5GGN0VXBR3J2h","livemode":false,"lookup_key":null,"metadata":{},"nickname":null,"object":"price","product":"prod_6nqRyFWesE8Q8j","recurring":{"interval":"month","interval_count":1,"meter":null,"trial_period_days":null,"usage_type":"licensed"},"tax_behavior":"unspecified","tiers_mode":null,"transform_quantity":null,"type":"recurring","unit_amount":11850,"unit_amount_decimal":"11850"}', 'main'),
	('price_1yRZRGBRpOYWTlamR2x68tYM', 'price', '2025-10-12 00:00:00+00', '', '2026-11-28 08:43:14.566021+00', '2026-11-28 08:43:14.595958+00', '\xc7de84d6d32f08085f601a671503d64d', '\xc7de84d6d32f08085f601a671503d64d', '{"active":true,"billing_scheme":"per_unit","created":1760227200,"currency":"usd","custom_unit_amount":null,"id":"price_1yRZRGBRpOYWTlamR2x68tYM","livemode":false,"lookup_key":null,"metadata":{},"nickname":null,"object":"price","product":"prod_kK1FPb3t4Pu109","recurring":{"interval":"month","interval_count":1,"meter":null,"trial_period_days":null,"usage_type":"licensed"},"tax_behavior":"unspecified","tiers_mode":null,"transform_quantity":null,"type":"recurring","unit_amount":25000,"unit_amount_decimal":"25000"}', 'main'),
	('cus_2ZSL1U2F3u6Bb9', 'customer', '2025-05-17 09:54:04+00', '', '2026-11-28 08:43:14.622709+00', '2026-11-28 08:43:14.683414+00', '\x498413682626e870f6d7a6e32515eb19', '\x498413682626e870f6d7a6e32515eb19', '{"balance":0,"business_name":"Fernford Logistics","created":1747475644,"currency":"cad","customer_account":null,"delinquent":false,"description":null,"discount":null,"email":"accounts@fernford-logistics.example.com","id":"cus_2ZSL1U2F3u6Bb9","individual_name":null,"invoice_prefix":"2F3U6BB9","invoice_settings":{"custom_fields":null,"default_payment_method":null,"footer":null,"rendering_options":null},"livemode":false,"metadata":{},"name":"Fernford Logistics","next_invoice_sequence":1,"object":"customer","preferred_locales":[],"tax_exempt":"none","test_clock":null}', 'main'),
	('cus_PtdIBWTZI9Bl7F', 'customer', '2026-09-18 23:05:11+00', '', '2026-11-28 08:43:14.633924+00', '2026-11-28 08:43:14.683536+00', '\x70641be5a8bb342ba5fe608587813d20', '\x70641be5a8bb342ba5fe608587813d20', '{"balance":0,"business_name":"Cedarstead Mills","created":1789772711,"currency":"usd","customer_account":null,"delinquent":false,"description":null,"discount":null,"email":"accounts@cedarstead-mills.example.com","id":"cus_PtdIBWTZI9Bl7F","individual_name":null,"invoice_prefix":"TZI9BL7F","invoice_settings":{"custom_fields":null,"default_payment_method":null,"footer":null,"rendering_options":null},"livemode":false,"metadata":{},"name":"Cedarstead Mills","next_invoice_sequence":1,"object":"customer","preferred_locales":[],"tax_exempt":"none","test_clock":null}', 'main'),
	('cus_Unwb0zqbSwFSDH', 'customer', '2026-06-13 09:24:44+00', '', '2026-11-28 08:43:14.645055+00', '2026-11-28 08:43:14.683617+00', '\xf4f142269a73ad807e389ff07fa6c566', '\xf4f142269a73ad807e389ff07fa6c566', '{"balance":0,"business_name":"Gladepoint Foods","created":1781342684,"currency":"jpy","customer_account":null,"delinquent":false,"description":null,"discount":null,"email":"accounts@gladepoint-foods.example.com","id":"cus_Unwb0zqbSwFSDH","individual_name":null,"invoice_prefix":"QBSWFSDH","invoice_settings":{"custom_fields":null,"default_payment_method":null,"footer":null,"rendering_options":null},"livemode":false,"metadata":{},"name":"Gladepoint Foods","next_invoice_sequence":1,"object":"customer","preferred_locales":[],"tax_exempt":"none","test_clock":null}', 'main'),
	('cus_Za4479kwAJKzJj', 'customer', '2025-02-25 20:07:36+00', '', '2026-11-28 08:43:14.656153+00', '2026-11-28 08:43:14.683625+00', '\x6a106d309f27a3101be5f6255cd235bf', '\x6a106d309f27a3101be5f6255cd235bf', '{"balance":0,"business_name":"Ploverhaven Instruments","created":1740514056,"currency":"usd","customer_account":null,"delinquent":false,"description":null,"discount":null,"email":"accounts@ploverhaven-instruments.example.com","id":"cus_Za4479kwAJKzJj","individual_name":null,"invoice_prefix":"KWAJKZJJ","invoice_settings":{"custom_fields":null,"default_payment_method":null,"footer":null,"rendering_options":null},"livemode":false,"metadata":{},"name":"Ploverhaven Instruments","next_invoice_sequence":1,"object":"customer","preferred_locales":[],"tax_exempt":"none","test_clock":null}', 'main'),
	('cus_s2FHnluAuqOc6t', 'customer', '2025-05-13 23:29:59+00', '', '2026-11-28 08:43:14.667265+00', '2026-11-28 08:43:14.683632+00', '\x15e41525e69a739e056558810260caf9', '\x15e41525e69a739e056558810260caf9', '{"balance":0,"business_name":"Lindenview Textiles","created":1747178999,"currency":"eur","customer_account":null,"delinquent":false,"description":null,"discount":null,"email":"accounts@lindenview-textiles.example.com","id":"cus_s2FHnluAuqOc6t","individual_name":null,"invoice_prefix":"UAUQOC6T","invoice_settings":{"custom_fields":null,"default_payment_method":null,"footer":null,"rendering_options":null},"livemode":false,"metadata":{},"name":"Lindenview Textiles","next_invoice_sequence":1,"object":"customer","preferred_locales":[],"tax_exempt":"none","test_clock":null}', 'main'),
	('cus_ydiAueKHHdTjcV', 'customer', '2024-10-15 01:05:07+00', '', '2026-11-28 08:43:14.678392+00', '2026-11-28 08:43:14.683639+00', '\x30162e7413588dfd094c84ef9985e671', '\x30162e7413588dfd094c84ef9985e671', '{"balance":0,"business_name":"Reedgate Textiles","created":1728954307,"currency":"usd","customer_account":null,"delinquent":false,"description":null,"discount":null,"email":"accounts@reedgate-textiles.example.com","id":"cus_ydiAueKHHdTjcV","individual_name":null,"invoice_prefix":"KHHDTJCV","invoice_settings":{"custom_fields":null,"default_payment_method":null,"footer":null,"rendering_options":null},"livemode":false,"metadata":{},"name":"Reedgate Textiles","next_invoice_sequence":1,"object":"customer","preferred_locales":[],"tax_exempt":"none","test_clock":null}', 'main');
SELECT pg_catalog.setval('o2c.alert_messages_id_seq', 2, true);
SELECT pg_catalog.setval('o2c.alerts_id_seq', 2, true);
SELECT pg_catalog.setval('o2c.journal_id_seq', 24, true);
SELECT pg_catalog.setval('o2c.lease_token', 22, true);
SELECT pg_catalog.setval('o2c.month_locks_id_seq', 1, false);
SELECT pg_catalog.setval('o2c.writer_term', 2, true);
ALTER TABLE ONLY o2c.account_links
    ADD CONSTRAINT account_links_pkey PRIMARY KEY (account_id);
ALTER TABLE ONLY o2c.alert_messages
    ADD CONSTRAINT alert_messages_key_channel_key UNIQUE (key, channel);
ALTER TABLE ONLY o2c.alert_messages
    ADD CONSTRAINT alert_messages_pkey PRIMARY KEY (id);
ALTER TABLE ONLY o2c.alert_signals
    ADD CONSTRAINT alert_signals_pkey PRIMARY KEY (kind, subject);
ALTER TABLE ONLY o2c.alerts
    ADD CONSTRAINT alerts_cause_key UNIQUE (cause);
ALTER TABLE ONLY o2c.alerts
    ADD CONSTRAINT alerts_pkey PRIMARY KEY (id);
ALTER TABLE ONLY o2c.audit_heads
    ADD CONSTRAINT audit_heads_pkey PRIMARY KEY (seq);
ALTER TABLE ONLY o2c.audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (seq);
ALTER TABLE ONLY o2c.balance_transactions
    ADD CONSTRAINT balance_transactions_pkey PRIMARY KEY (id);
ALTER TABLE ONLY o2c.coupons
    ADD CONSTRAINT coupons_pkey PRIMARY KEY (id);
ALTER TABLE ONLY o2c.credit_notes
    ADD CONSTRAINT credit_notes_pkey PRIMARY KEY (id);
ALTER TABLE ONLY o2c.cursors
    ADD CONSTRAINT cursors_pkey PRIMARY KEY (name);
ALTER TABLE ONLY o2c.customer_balance_transactions
    ADD CONSTRAINT customer_balance_transactions_pkey PRIMARY KEY (id);
ALTER TABLE ONLY o2c.customers
    ADD CONSTRAINT customers_pkey PRIMARY KEY (id);
ALTER TABLE ONLY o2c.days_read
    ADD CONSTRAINT days_read_pkey PRIMARY KEY (object, day, account);
ALTER TABLE ONLY o2c.discounts_named
    ADD CONSTRAINT discounts_named_pkey PRIMARY KEY (id);
ALTER TABLE ONLY o2c.discounts
    ADD CONSTRAINT discounts_pkey PRIMARY KEY (id);
ALTER TABLE ONLY o2c.disputes
    ADD CONSTRAINT disputes_pkey PRIMARY KEY (id);
ALTER TABLE ONLY o2c.drift_accepted
    ADD CONSTRAINT drift_accepted_pkey PRIMARY KEY (object, api_version, key);
ALTER TABLE ONLY o2c.forgotten
    ADD CONSTRAINT forgotten_pkey PRIMARY KEY (system, id);
ALTER TABLE ONLY o2c.gaps
    ADD CONSTRAINT gaps_pkey PRIMARY KEY (gap_id);
ALTER TABLE ONLY o2c.inbox
    ADD CONSTRAINT inbox_pkey PRIMARY KEY (object_id);
ALTER TABLE ONLY o2c.invoice_lines
    ADD CONSTRAINT invoice_lines_pkey PRIMARY KEY (invoice_id);
ALTER TABLE ONLY o2c.invoice_payments
    ADD CONSTRAINT invoice_payments_pkey PRIMARY KEY (id);
ALTER TABLE ONLY o2c.invoices
    ADD CONSTRAINT invoices_pkey PRIMARY KEY (id) INCLUDE (customer_id, currency, status, total_minor, tax_minor, amount_remaining_minor, issue_date, zero_lines);
ALTER TABLE ONLY o2c.journal
    ADD CONSTRAINT journal_external_key_key UNIQUE (external_key);
ALTER TABLE ONLY o2c.journal
    ADD CONSTRAINT journal_pkey PRIMARY KEY (id);
ALTER TABLE ONLY o2c.kept_metadata
    ADD CONSTRAINT kept_metadata_pkey PRIMARY KEY (stripe_id);
ALTER TABLE ONLY o2c.month_locks
    ADD CONSTRAINT month_locks_pkey PRIMARY KEY (id);
ALTER TABLE ONLY o2c.netsuite_applications
    ADD CONSTRAINT netsuite_applications_pkey PRIMARY KEY (payment_id, invoice_id);
ALTER TABLE ONLY o2c.netsuite_customer_currencies
    ADD CONSTRAINT netsuite_customer_currencies_pkey PRIMARY KEY (customer_id);
ALTER TABLE ONLY o2c.netsuite_customer_subsidiaries
    ADD CONSTRAINT netsuite_customer_subsidiaries_pkey PRIMARY KEY (customer_id, subsidiary_id);
ALTER TABLE ONLY o2c.netsuite_customers
    ADD CONSTRAINT netsuite_customers_pkey PRIMARY KEY (id);
ALTER TABLE ONLY o2c.netsuite_deposit_lines
    ADD CONSTRAINT netsuite_deposit_lines_pkey PRIMARY KEY (deposit_id, line);
ALTER TABLE ONLY o2c.netsuite_deposited
    ADD CONSTRAINT netsuite_deposited_pkey PRIMARY KEY (document_id);
ALTER TABLE ONLY o2c.netsuite_documents
    ADD CONSTRAINT netsuite_documents_pkey PRIMARY KEY (id);
ALTER TABLE ONLY o2c.netsuite_reference
    ADD CONSTRAINT netsuite_reference_pkey PRIMARY KEY (kind, id);
ALTER TABLE ONLY o2c.off_stripe
    ADD CONSTRAINT off_stripe_pkey PRIMARY KEY (invoice_id);
ALTER TABLE ONLY o2c.older_looked_up
    ADD CONSTRAINT older_looked_up_pkey PRIMARY KEY (stripe_id);
ALTER TABLE ONLY o2c.older_objects
    ADD CONSTRAINT older_objects_pkey PRIMARY KEY (stripe_id);
ALTER TABLE ONLY o2c.openings
    ADD CONSTRAINT openings_pkey PRIMARY KEY (account, currency);
ALTER TABLE ONLY o2c.payments
    ADD CONSTRAINT payments_pkey PRIMARY KEY (id);
ALTER TABLE ONLY o2c.payout_members
    ADD CONSTRAINT payout_members_pkey PRIMARY KEY (transaction_id);
ALTER TABLE ONLY o2c.payouts
    ADD CONSTRAINT payouts_pkey PRIMARY KEY (id);
ALTER TABLE ONLY o2c.payouts_read
    ADD CONSTRAINT payouts_read_pkey PRIMARY KEY (payout_id);
ALTER TABLE ONLY o2c.periods
    ADD CONSTRAINT periods_pkey PRIMARY KEY (tax, id);
ALTER TABLE ONLY o2c.plan_entries
    ADD CONSTRAINT plan_entries_pkey PRIMARY KEY (external_key);
ALTER TABLE ONLY o2c.prices_named
    ADD CONSTRAINT prices_named_pkey PRIMARY KEY (id);
ALTER TABLE ONLY o2c.prices
    ADD CONSTRAINT prices_pkey PRIMARY KEY (id);
ALTER TABLE ONLY o2c.quarantine
    ADD CONSTRAINT quarantine_pkey PRIMARY KEY (source, object, id);
ALTER TABLE ONLY o2c.refunds
    ADD CONSTRAINT refunds_pkey PRIMARY KEY (id);
ALTER TABLE ONLY o2c.sales_orders
    ADD CONSTRAINT sales_orders_pkey PRIMARY KEY (id);
ALTER TABLE ONLY o2c.salesforce_objects
    ADD CONSTRAINT salesforce_objects_pkey PRIMARY KEY (id);
ALTER TABLE ONLY o2c.salesforce_written
    ADD CONSTRAINT salesforce_written_pkey PRIMARY KEY (object, key);
ALTER TABLE ONLY o2c.schema_version
    ADD CONSTRAINT schema_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY o2c.seen_fields
    ADD CONSTRAINT seen_fields_pkey PRIMARY KEY (object, api_version, kind, path, what);
ALTER TABLE ONLY o2c.seen_objects
    ADD CONSTRAINT seen_objects_pkey PRIMARY KEY (object, api_version);
ALTER TABLE ONLY o2c.stripe_absent
    ADD CONSTRAINT stripe_absent_pkey PRIMARY KEY (id);
ALTER TABLE ONLY o2c.stripe_events
    ADD CONSTRAINT stripe_events_pkey PRIMARY KEY (id);
ALTER TABLE ONLY o2c.stripe_metadata
    ADD CONSTRAINT stripe_metadata_pkey PRIMARY KEY (stripe_id, name);
ALTER TABLE ONLY o2c.stripe_objects
    ADD CONSTRAINT stripe_objects_pkey PRIMARY KEY (id);
ALTER TABLE ONLY o2c.stripe_openings
    ADD CONSTRAINT stripe_openings_pkey PRIMARY KEY (account, currency);
ALTER TABLE ONLY o2c.unrelated_documents
    ADD CONSTRAINT unrelated_documents_pkey PRIMARY KEY (netsuite_id);
CREATE INDEX alert_messages_alert_id_idx ON o2c.alert_messages USING btree (alert_id);
CREATE INDEX alert_messages_waiting ON o2c.alert_messages USING btree (channel, id) WHERE (state = 'waiting'::text);
CREATE INDEX audit_stripe_id_idx ON o2c.audit USING btree (stripe_id) WHERE (stripe_id IS NOT NULL);
CREATE INDEX audit_subject_idx ON o2c.audit USING btree (subject);
CREATE INDEX balance_transactions_created_at_idx ON o2c.balance_transactions USING btree (created_at);
CREATE INDEX balance_transactions_source_id_idx ON o2c.balance_transactions USING btree (source_id);
CREATE INDEX credit_notes_balanced ON o2c.credit_notes USING btree (created_at) WHERE (balance_minor > 0);
CREATE INDEX credit_notes_created_at_idx ON o2c.credit_notes USING btree (created_at);
CREATE INDEX credit_notes_invoice_id_idx ON o2c.credit_notes USING btree (invoice_id);
CREATE INDEX customer_balance_transactions_created_at_idx ON o2c.customer_balance_transactions USING btree (created_at);
CREATE INDEX customer_balance_transactions_customer_id_idx ON o2c.customer_balance_transactions USING btree (customer_id);
CREATE INDEX discounts_coupon_id_idx ON o2c.discounts USING btree (coupon_id);
CREATE INDEX discounts_named_invoice_id_idx ON o2c.discounts_named USING btree (invoice_id);
CREATE INDEX disputes_charge_id_idx ON o2c.disputes USING btree (charge_id);
CREATE INDEX disputes_created_at_idx ON o2c.disputes USING btree (created_at);
CREATE INDEX gaps_state_kind_idx ON o2c.gaps USING btree (state, kind);
CREATE INDEX gaps_stripe_id_idx ON o2c.gaps USING btree (stripe_id);
CREATE INDEX inbox_order ON o2c.inbox USING btree (urgent DESC, first_seen_at);
CREATE INDEX invoice_payments_charge_id_idx ON o2c.invoice_payments USING btree (charge_id) WHERE (charge_id IS NOT NULL);
CREATE INDEX invoice_payments_invoice_id_idx ON o2c.invoice_payments USING btree (invoice_id);
CREATE INDEX invoice_payments_payment_intent_idx ON o2c.invoice_payments USING btree (payment_intent);
CREATE INDEX invoices_balanced ON o2c.invoices USING btree (created_at) WHERE ((balance_minor <> 0) OR (overpaid_minor <> 0) OR (total_minor < 0));
CREATE INDEX invoices_closed ON o2c.invoices USING btree (created_at) WHERE (closed_date IS NOT NULL);
CREATE INDEX invoices_created_at_idx ON o2c.invoices USING btree (created_at);
CREATE INDEX invoices_customer_id_idx ON o2c.invoices USING btree (customer_id);
CREATE INDEX invoices_number_idx ON o2c.invoices USING btree (number);
CREATE INDEX invoices_split ON o2c.invoices USING btree (id) WHERE ((balance_minor < 0) OR (overpaid_minor > 0));
CREATE INDEX journal_attempts_journal_id_idx ON o2c.journal_attempts USING btree (journal_id);
CREATE INDEX journal_external_id_idx ON o2c.journal USING btree (external_id) WHERE (external_id ~~ 'si-%'::text);
CREATE INDEX journal_first ON o2c.journal USING btree (priority, id) WHERE ((state = 'intent'::text) AND (priority < 2));
CREATE INDEX journal_history_journal_id_at_idx ON o2c.journal_history USING btree (journal_id, at);
CREATE INDEX journal_intents ON o2c.journal USING btree (document, id) WHERE (state = 'intent'::text);
CREATE INDEX journal_netsuite_id_idx ON o2c.journal USING btree (netsuite_id) WHERE (netsuite_id IS NOT NULL);
CREATE INDEX journal_refused ON o2c.journal USING btree (stripe_id) WHERE (state = ANY (ARRAY['refused'::text, 'dead'::text, 'dropped'::text]));
CREATE INDEX journal_state_next_attempt_at_idx ON o2c.journal USING btree (state, next_attempt_at) WHERE (state = ANY (ARRAY['intent'::text, 'sent'::text, 'unknown'::text]));
CREATE INDEX journal_stripe_id_idx ON o2c.journal USING btree (stripe_id);
CREATE UNIQUE INDEX month_locks_first_day_idx ON o2c.month_locks USING btree (first_day) WHERE (unlocked_at IS NULL);
CREATE INDEX netsuite_applications_invoice_id_idx ON o2c.netsuite_applications USING btree (invoice_id);
CREATE INDEX netsuite_customers_external_id_idx ON o2c.netsuite_customers USING btree (external_id);
CREATE INDEX netsuite_customers_lower_idx ON o2c.netsuite_customers USING btree (lower(external_id));
CREATE INDEX netsuite_customers_lower_idx1 ON o2c.netsuite_customers USING btree (lower(btrim(name))) WHERE ((external_id IS NULL) AND (NOT inactive));
CREATE INDEX netsuite_deposited_deposit_id_idx ON o2c.netsuite_deposited USING btree (deposit_id);
CREATE INDEX netsuite_documents_entity_id_idx ON o2c.netsuite_documents USING btree (entity_id);
CREATE INDEX netsuite_documents_entity_id_total_minor_trandate_idx ON o2c.netsuite_documents USING btree (entity_id, total_minor, trandate) WHERE ((stripe_ref IS NULL) AND (deleted_at IS NULL) AND (NOT voided));
CREATE INDEX netsuite_documents_moved ON o2c.netsuite_documents USING btree (stripe_ref) WHERE (original_date IS NOT NULL);
CREATE INDEX netsuite_documents_other_ref_idx ON o2c.netsuite_documents USING btree (other_ref) WHERE (stripe_ref IS NULL);
CREATE INDEX netsuite_documents_stripe_id_of_idx ON o2c.netsuite_documents USING btree (o2c.stripe_id_of(stripe_ref)) WHERE ((document <> ALL (ARRAY['invoice'::text, 'customerPayment'::text])) OR (stripe_ref ~ '^[a-z][a-z]-'::text));
CREATE INDEX netsuite_documents_stripe_ref_id_document_currency_total_mi_idx ON o2c.netsuite_documents USING btree (stripe_ref) INCLUDE (id, document, currency, total_minor, tax_minor, remaining_minor, trandate, entity_id, voided, deleted_at);
CREATE INDEX netsuite_documents_stripe_ref_idx ON o2c.netsuite_documents USING btree (stripe_ref) WHERE (stripe_ref ~~ 'si-%'::text);
CREATE INDEX netsuite_documents_trandate_idx ON o2c.netsuite_documents USING btree (trandate);
CREATE INDEX netsuite_documents_tranid_idx ON o2c.netsuite_documents USING btree (tranid) WHERE (stripe_ref IS NULL);
CREATE INDEX payments_created_at_idx ON o2c.payments USING btree (created_at);
CREATE INDEX payments_customer_id_idx ON o2c.payments USING btree (customer_id);
CREATE INDEX payments_payment_intent_idx ON o2c.payments USING btree (payment_intent);
CREATE INDEX payout_members_payout_id_idx ON o2c.payout_members USING btree (payout_id);
CREATE INDEX payouts_created_at_idx ON o2c.payouts USING btree (created_at);
CREATE INDEX periods_first_day_idx ON o2c.periods USING btree (first_day);
CREATE INDEX plan_entries_partition_date_idx ON o2c.plan_entries USING btree (partition_date);
CREATE INDEX plan_entries_refused ON o2c.plan_entries USING btree (stripe_id) WHERE (outcome = 'refused'::text);
CREATE INDEX quarantine_held ON o2c.quarantine USING btree (first_seen_at) WHERE (released_at IS NULL);
CREATE INDEX refunds_charge_id_idx ON o2c.refunds USING btree (charge_id);
CREATE INDEX refunds_created_at_idx ON o2c.refunds USING btree (created_at);
CREATE INDEX refunds_failure_transaction_idx ON o2c.refunds USING btree (failure_transaction) WHERE (failure_transaction IS NOT NULL);
CREATE INDEX sales_orders_external_id_idx ON o2c.sales_orders USING btree (external_id);
CREATE INDEX salesforce_children ON o2c.salesforce_objects USING btree (parent_id) WHERE (parent_id IS NOT NULL);
CREATE INDEX salesforce_objects_facts_at_idx ON o2c.salesforce_objects USING btree (facts_at);
CREATE INDEX salesforce_objects_object_created_at_idx ON o2c.salesforce_objects USING btree (object, created_at);
CREATE INDEX salesforce_orders_of ON o2c.salesforce_objects USING btree (((payload ->> 'OpportunityId'::text))) WHERE (object = 'Order'::text);
CREATE INDEX salesforce_reductions_of ON o2c.salesforce_objects USING btree (((payload ->> 'OriginalOrderId'::text))) WHERE (object = 'Order'::text);
CREATE INDEX stripe_confirmed_read_at_idx ON o2c.stripe_confirmed USING btree (read_at);
CREATE INDEX stripe_events_object_id_idx ON o2c.stripe_events USING btree (object_id);
CREATE INDEX stripe_events_received_at_idx ON o2c.stripe_events USING btree (received_at);
CREATE INDEX stripe_metadata_blocks ON o2c.stripe_metadata USING btree (stripe_id) WHERE (name = 'netsuite_block_integration'::text);
CREATE INDEX stripe_metadata_deals ON o2c.stripe_metadata USING btree (value) INCLUDE (stripe_id) WHERE (name = ANY (ARRAY['salesforce_opportunity_id'::text, 'salesforce_order_id'::text, 'salesforce_account_id'::text]));
CREATE INDEX stripe_metadata_netsuite_id_idx ON o2c.stripe_metadata USING btree (netsuite_id) WHERE (netsuite_id IS NOT NULL);
CREATE INDEX stripe_objects_further ON o2c.stripe_objects USING btree (id) INCLUDE (account) WHERE (account <> 'main'::text);
CREATE INDEX stripe_objects_object_created_at_idx ON o2c.stripe_objects USING btree (object, created_at);
CREATE INDEX stripe_objects_pending ON o2c.stripe_objects USING btree (object, created_at) WHERE (validated_hash IS DISTINCT FROM payload_hash);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON o2c.audit FOR EACH STATEMENT EXECUTE FUNCTION o2c.audit_refuse();
ALTER TABLE o2c.audit ENABLE ALWAYS TRIGGER append_only;
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON o2c.audit_heads FOR EACH STATEMENT EXECUTE FUNCTION o2c.audit_refuse();
ALTER TABLE o2c.audit_heads ENABLE ALWAYS TRIGGER append_only;
CREATE CONSTRAINT TRIGGER audit_added AFTER INSERT OR DELETE ON o2c.alerts DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION o2c.audit_alert();
ALTER TABLE o2c.alerts ENABLE ALWAYS TRIGGER audit_added;
CREATE CONSTRAINT TRIGGER audit_added AFTER INSERT OR DELETE ON o2c.gaps DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION o2c.audit_gap();
ALTER TABLE o2c.gaps ENABLE ALWAYS TRIGGER audit_added;
CREATE CONSTRAINT TRIGGER audit_added AFTER INSERT OR DELETE ON o2c.journal DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION o2c.audit_journal();
ALTER TABLE o2c.journal ENABLE ALWAYS TRIGGER audit_added;
CREATE CONSTRAINT TRIGGER audit_changed AFTER UPDATE ON o2c.alert_messages DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((old.state <> new.state)) EXECUTE FUNCTION o2c.audit_alert_message();
ALTER TABLE o2c.alert_messages ENABLE ALWAYS TRIGGER audit_changed;
CREATE CONSTRAINT TRIGGER audit_changed AFTER UPDATE ON o2c.alerts DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((old.state <> new.state)) EXECUTE FUNCTION o2c.audit_alert();
ALTER TABLE o2c.alerts ENABLE ALWAYS TRIGGER audit_changed;
CREATE CONSTRAINT TRIGGER audit_changed AFTER UPDATE ON o2c.gaps DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (((((((old.state IS DISTINCT FROM new.state) OR (old.netsuite_id IS DISTINCT FROM new.netsuite_id)) OR (old.currency IS DISTINCT FROM new.currency)) OR (old.expected_minor IS DISTINCT FROM new.expected_minor)) OR (old.actual_minor IS DISTINCT FROM new.actual_minor)) OR (old.difference_minor IS DISTINCT FROM new.difference_minor))) EXECUTE FUNCTION o2c.audit_gap();
ALTER TABLE o2c.gaps ENABLE ALWAYS TRIGGER audit_changed;
CREATE CONSTRAINT TRIGGER audit_changed AFTER UPDATE ON o2c.journal DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (((NOT ((old.state = 'intent'::text) AND (new.state = 'sent'::text) AND (new.sent_at IS NULL))) AND ((((((((((((old.state IS DISTINCT FROM new.state) OR (old.sent_at IS DISTINCT FROM new.sent_at)) OR (old.digest IS DISTINCT FROM new.digest)) OR (old.netsuite_id IS DISTINCT FROM new.netsuite_id)) OR (old.adopted IS DISTINCT FROM new.adopted)) OR (old.currency IS DISTINCT FROM new.currency)) OR (old.amount_minor IS DISTINCT FROM new.amount_minor)) OR (old.effective_date IS DISTINCT FROM new.effective_date)) OR (old.document IS DISTINCT FROM new.document)) OR (old.external_id IS DISTINCT FROM new.external_id)) OR (old.stripe_id IS DISTINCT FROM new.stripe_id)) OR ((old.next_attempt_at = 'infinity'::timestamp with time zone) IS DISTINCT FROM (new.next_attempt_at = 'infinity'::timestamp with time zone))))) EXECUTE FUNCTION o2c.audit_journal();
ALTER TABLE o2c.journal ENABLE ALWAYS TRIGGER audit_changed;
CREATE CONSTRAINT TRIGGER audit_deleted AFTER DELETE ON o2c.quarantine DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION o2c.audit_quarantine();
ALTER TABLE o2c.quarantine ENABLE ALWAYS TRIGGER audit_deleted;
CREATE CONSTRAINT TRIGGER audit_left AFTER UPDATE ON o2c.quarantine DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (((old.released_at IS NULL) AND (new.released_at IS NOT NULL))) EXECUTE FUNCTION o2c.audit_quarantine();
ALTER TABLE o2c.quarantine ENABLE ALWAYS TRIGGER audit_left;
CREATE CONSTRAINT TRIGGER audit_month AFTER INSERT OR DELETE OR UPDATE ON o2c.month_locks DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION o2c.audit_month_lock();
ALTER TABLE o2c.month_locks ENABLE ALWAYS TRIGGER audit_month;
CREATE TRIGGER audit_truncated AFTER TRUNCATE ON o2c.alert_messages FOR EACH STATEMENT EXECUTE FUNCTION o2c.audit_truncated();
ALTER TABLE o2c.alert_messages ENABLE ALWAYS TRIGGER audit_truncated;
CREATE TRIGGER audit_truncated AFTER TRUNCATE ON o2c.alerts FOR EACH STATEMENT EXECUTE FUNCTION o2c.audit_truncated();
ALTER TABLE o2c.alerts ENABLE ALWAYS TRIGGER audit_truncated;
CREATE TRIGGER audit_truncated AFTER TRUNCATE ON o2c.gaps FOR EACH STATEMENT EXECUTE FUNCTION o2c.audit_truncated();
ALTER TABLE o2c.gaps ENABLE ALWAYS TRIGGER audit_truncated;
CREATE TRIGGER audit_truncated AFTER TRUNCATE ON o2c.journal FOR EACH STATEMENT EXECUTE FUNCTION o2c.audit_truncated();
ALTER TABLE o2c.journal ENABLE ALWAYS TRIGGER audit_truncated;
CREATE TRIGGER audit_truncated AFTER TRUNCATE ON o2c.month_locks FOR EACH STATEMENT EXECUTE FUNCTION o2c.audit_truncated();
ALTER TABLE o2c.month_locks ENABLE ALWAYS TRIGGER audit_truncated;
CREATE TRIGGER audit_truncated AFTER TRUNCATE ON o2c.quarantine FOR EACH STATEMENT EXECUTE FUNCTION o2c.audit_truncated();
ALTER TABLE o2c.quarantine ENABLE ALWAYS TRIGGER audit_truncated;
ALTER TABLE ONLY o2c.alert_messages
    ADD CONSTRAINT alert_messages_alert_id_fkey FOREIGN KEY (alert_id) REFERENCES o2c.alerts(id) ON DELETE CASCADE;
ALTER TABLE ONLY o2c.journal_attempts
    ADD CONSTRAINT journal_attempts_journal_id_fkey FOREIGN KEY (journal_id) REFERENCES o2c.journal(id) ON DELETE CASCADE;
ALTER TABLE ONLY o2c.journal_history
    ADD CONSTRAINT journal_history_journal_id_fkey FOREIGN KEY (journal_id) REFERENCES o2c.journal(id);
GRANT USAGE ON SCHEMA o2c TO o2c_worker;
REVOKE ALL ON FUNCTION o2c.audit_append(actor text, action text, subject text, stripe_id text, why text, before json, after json) FROM PUBLIC;
GRANT ALL ON FUNCTION o2c.audit_append(actor text, action text, subject text, stripe_id text, why text, before json, after json) TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.gaps TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.journal TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.month_locks TO o2c_worker;
REVOKE ALL ON FUNCTION o2c.audit_publish(by text) FROM PUBLIC;
GRANT ALL ON FUNCTION o2c.audit_publish(by text) TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.account_links TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.alert_messages TO o2c_worker;
GRANT SELECT,USAGE ON SEQUENCE o2c.alert_messages_id_seq TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.alert_signals TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.alerts TO o2c_worker;
GRANT SELECT,USAGE ON SEQUENCE o2c.alerts_id_seq TO o2c_worker;
GRANT SELECT ON TABLE o2c.audit TO o2c_worker;
GRANT SELECT ON TABLE o2c.audit_heads TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.balance_transactions TO o2c_worker;
GRANT SELECT ON TABLE o2c.book_gaps TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.customer_balance_transactions TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.netsuite_documents TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.plan_entries TO o2c_worker;
GRANT SELECT ON TABLE o2c.booked_adjustments TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.coupons TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.credit_notes TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.cursors TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.customers TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.invoices TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.sales_orders TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.salesforce_objects TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.stripe_metadata TO o2c_worker;
GRANT SELECT ON TABLE o2c.customer_360 TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.days_read TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.dirty TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.discounts TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.discounts_named TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.disputes TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.drift_accepted TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.invoice_payments TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.payments TO o2c_worker;
GRANT SELECT ON TABLE o2c.overpayments TO o2c_worker;
GRANT SELECT ON TABLE o2c.expected_balance_documents TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.off_stripe TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.refunds TO o2c_worker;
GRANT SELECT ON TABLE o2c.expected_documents TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.forgotten TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.stripe_objects TO o2c_worker;
GRANT SELECT ON TABLE o2c.further_accounts TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.inbox TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.invoice_lines TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.journal_attempts TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.journal_history TO o2c_worker;
GRANT SELECT,USAGE ON SEQUENCE o2c.journal_id_seq TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.kept_metadata TO o2c_worker;
GRANT SELECT,USAGE ON SEQUENCE o2c.lease_token TO o2c_worker;
GRANT SELECT ON TABLE o2c.left_out TO o2c_worker;
GRANT SELECT ON TABLE o2c.metadata_pointers TO o2c_worker;
GRANT SELECT,USAGE ON SEQUENCE o2c.month_locks_id_seq TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.periods TO o2c_worker;
GRANT SELECT ON TABLE o2c.moved_documents TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.netsuite_applications TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.netsuite_customer_currencies TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.netsuite_customer_subsidiaries TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.netsuite_customers TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.netsuite_deposit_lines TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.netsuite_deposited TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.netsuite_reference TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.older_looked_up TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.older_objects TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.openings TO o2c_worker;
GRANT SELECT ON TABLE o2c.paid_by_name TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.unrelated_documents TO o2c_worker;
GRANT SELECT ON TABLE o2c.other_business TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.payout_members TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.payouts TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.payouts_read TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.prices TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.prices_named TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.quarantine TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.salesforce_written TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.schema_version TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.seen_fields TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.seen_objects TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.stripe_absent TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.stripe_confirmed TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.stripe_events TO o2c_worker;
GRANT SELECT,INSERT,DELETE,TRUNCATE,UPDATE ON TABLE o2c.stripe_openings TO o2c_worker;
GRANT SELECT ON TABLE o2c.uncompared TO o2c_worker;
GRANT SELECT,USAGE ON SEQUENCE o2c.writer_term TO o2c_worker;
