"""The first schema: Stripe's rows, the ledger's mirror, plan, journal, gaps, quarantine, inbox."""

from alembic import op

revision = "0001"
down_revision = None

STRIPE = """
CREATE TABLE o2c.stripe_objects (
    id text PRIMARY KEY,
    object text NOT NULL,
    created_at timestamptz NOT NULL,
    status text,
    read_at timestamptz NOT NULL,
    stored_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    payload_hash bytea NOT NULL,
    validated_hash bytea,
    payload json NOT NULL
);
CREATE INDEX ON o2c.stripe_objects (object, created_at);
CREATE INDEX stripe_objects_pending ON o2c.stripe_objects (object, created_at)
    WHERE validated_hash IS DISTINCT FROM payload_hash;
COMMENT ON TABLE o2c.stripe_objects IS
    'Objects as Stripe gave them, less card data and contact details; one row an object, let in by the gate.';

CREATE TABLE o2c.stripe_confirmed (
    read_at timestamptz NOT NULL,
    ids text[] NOT NULL
);
CREATE INDEX ON o2c.stripe_confirmed (read_at);
COMMENT ON TABLE o2c.stripe_confirmed IS
    'Objects that a read found unchanged, a row a batch, for a day: so that an older read cannot win later.';

CREATE TABLE o2c.stripe_absent (
    id text PRIMARY KEY,
    looked_up_at timestamptz NOT NULL
);
COMMENT ON TABLE o2c.stripe_absent IS 'Ids that the ledger names and Stripe says it does not have.';

CREATE TABLE o2c.customers (
    id text PRIMARY KEY,
    name text,
    email text,
    deleted boolean NOT NULL,
    created_at timestamptz NOT NULL,
    validated_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

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
    created_at timestamptz NOT NULL,
    zero_lines boolean NOT NULL,
    validated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- Reconciliation of everything reads this index alone.
    PRIMARY KEY (id) INCLUDE (customer_id, currency, status, total_minor, tax_minor, amount_remaining_minor,
                              issue_date, zero_lines)
);
CREATE INDEX ON o2c.invoices (created_at);
CREATE INDEX ON o2c.invoices (customer_id);
CREATE INDEX ON o2c.invoices (number);

CREATE TABLE o2c.invoice_lines (
    invoice_id text PRIMARY KEY,
    lines json NOT NULL
);
COMMENT ON TABLE o2c.invoice_lines IS 'The lines of an invoice, apart from it: comparing invoices reads narrow rows.';

CREATE TABLE o2c.payments (
    id text PRIMARY KEY,
    customer_id text,
    payment_intent text,
    currency text NOT NULL,
    status text NOT NULL,
    amount_minor bigint NOT NULL,
    refunded_minor bigint NOT NULL,
    payment_date date NOT NULL,
    created_at timestamptz NOT NULL,
    validated_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX ON o2c.payments (created_at);
CREATE INDEX ON o2c.payments (payment_intent);

CREATE TABLE o2c.invoice_payments (
    id text PRIMARY KEY,
    invoice_id text NOT NULL,
    payment_intent text,
    charge_id text,
    currency text NOT NULL,
    status text NOT NULL,
    amount_minor bigint,
    created_at timestamptz NOT NULL,
    validated_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX ON o2c.invoice_payments (invoice_id);
CREATE INDEX ON o2c.invoice_payments (payment_intent);
CREATE INDEX ON o2c.invoice_payments (charge_id);
"""

LEDGER = """
CREATE TABLE o2c.netsuite_documents (
    id bigint PRIMARY KEY,
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
    modified_at timestamp,
    read_at timestamptz NOT NULL,
    first_seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    row_hash bytea NOT NULL,
    deleted_at timestamptz
);
-- The other half of it.
CREATE INDEX ON o2c.netsuite_documents (stripe_ref) INCLUDE (id, document, currency, total_minor, tax_minor,
    remaining_minor, trandate, entity_id, voided, deleted_at);
CREATE INDEX ON o2c.netsuite_documents (trandate);
CREATE INDEX ON o2c.netsuite_documents (tranid) WHERE stripe_ref IS NULL;
CREATE INDEX ON o2c.netsuite_documents (other_ref) WHERE stripe_ref IS NULL;
CREATE INDEX ON o2c.netsuite_documents (entity_id);
COMMENT ON TABLE o2c.netsuite_documents IS
    'What NetSuite says: invoices and customer payments, read back by SuiteQL, in transaction currency.';

CREATE TABLE o2c.netsuite_applications (
    payment_id bigint NOT NULL,
    invoice_id bigint NOT NULL,
    amount_minor bigint NOT NULL,
    PRIMARY KEY (payment_id, invoice_id)
);
CREATE INDEX ON o2c.netsuite_applications (invoice_id);

CREATE TABLE o2c.netsuite_customers (
    id bigint PRIMARY KEY,
    external_id text,
    name text,
    inactive boolean NOT NULL,
    read_at timestamptz NOT NULL
);
CREATE INDEX ON o2c.netsuite_customers (lower(external_id));

CREATE TABLE o2c.netsuite_reference (
    kind text NOT NULL,
    id text NOT NULL,
    name text NOT NULL,
    read_at timestamptz NOT NULL,
    PRIMARY KEY (kind, id)
);
"""

WORK = """
CREATE TABLE o2c.plan_entries (
    external_key text PRIMARY KEY,
    document text NOT NULL,
    external_id text NOT NULL,
    stripe_id text NOT NULL,
    customer_id text,
    currency text NOT NULL,
    amount_minor bigint NOT NULL,
    effective_date date NOT NULL,
    partition_date date NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('write', 'refused')),
    command json,
    digest text,
    code text,
    reason text NOT NULL,
    fix text,
    planned_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE o2c.plan_entries IS 'The newest plan: what is to be written, and what is refused before it is sent.';
CREATE INDEX plan_entries_refused ON o2c.plan_entries (stripe_id) WHERE outcome = 'refused';

CREATE SEQUENCE o2c.lease_token;
-- One number for each time that the writer lock was taken: its newest holder has the last one.
CREATE SEQUENCE o2c.writer_term;

CREATE TABLE o2c.journal (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    external_key text NOT NULL UNIQUE,
    document text NOT NULL,
    external_id text NOT NULL,
    stripe_id text NOT NULL,
    customer_id text,
    currency text NOT NULL,
    amount_minor bigint NOT NULL,
    effective_date date NOT NULL,
    partition_date date NOT NULL,
    state text NOT NULL CHECK (state IN ('intent', 'sent', 'unknown', 'done', 'refused', 'dead', 'dropped')),
    adopted boolean NOT NULL DEFAULT false,
    command json NOT NULL,
    digest text NOT NULL,
    depends_on text[] NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    look_ups integer NOT NULL DEFAULT 0,
    lease_token bigint,
    lease_until timestamptz,
    next_attempt_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    netsuite_id bigint,
    error_code text,
    error_detail text,
    fix text,
    request json,
    decided_by text,
    decided_at timestamptz,
    decision text,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    sent_at timestamptz,
    answered_at timestamptz,
    CHECK (external_key = lower(external_id)),
    CHECK ((state = 'done') = (netsuite_id IS NOT NULL))
);
CREATE INDEX ON o2c.journal (state, next_attempt_at) WHERE state IN ('intent', 'sent', 'unknown');
CREATE INDEX journal_intents ON o2c.journal (document, id) WHERE state = 'intent';
CREATE INDEX ON o2c.journal (stripe_id);
CREATE INDEX journal_refused ON o2c.journal (stripe_id) WHERE state IN ('refused', 'dead', 'dropped');
COMMENT ON TABLE o2c.journal IS
    'Every write to NetSuite: intent, sent, outcome. unknown = sent, and no answer came.';
COMMENT ON COLUMN o2c.journal.sent_at IS 'When the newest request left; empty while none has, whatever the state.';
COMMENT ON COLUMN o2c.journal.request IS 'The body of the newest request, kept until the document is written.';

CREATE TABLE o2c.journal_history (
    journal_id bigint NOT NULL REFERENCES o2c.journal (id),
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    state text NOT NULL,
    note text NOT NULL
);
CREATE INDEX ON o2c.journal_history (journal_id, at);

CREATE TABLE o2c.journal_attempts (
    journal_id bigint NOT NULL REFERENCES o2c.journal (id) ON DELETE CASCADE,
    attempt integer NOT NULL,
    sent_at timestamptz,
    answered_at timestamptz,
    outcome text NOT NULL,
    status integer,
    code text,
    words text
);
CREATE INDEX ON o2c.journal_attempts (journal_id);
COMMENT ON TABLE o2c.journal_attempts IS
    'Every request of the journal, with what NetSuite said; answered_at is empty where no outcome was recorded.';

CREATE TABLE o2c.gaps (
    gap_id text PRIMARY KEY,
    leg text NOT NULL,
    kind text NOT NULL,
    state text NOT NULL CHECK (state IN ('open', 'resolved')),
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
    first_seen_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    resolved_at timestamptz
);
CREATE INDEX ON o2c.gaps (stripe_id);
CREATE INDEX ON o2c.gaps (state, kind);

CREATE TABLE o2c.quarantine (
    source text NOT NULL,
    object text NOT NULL,
    id text NOT NULL,
    reason text NOT NULL,
    payload json NOT NULL,
    first_seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    last_seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    released_at timestamptz,
    PRIMARY KEY (source, object, id)
);

CREATE TABLE o2c.inbox (
    object_id text PRIMARY KEY,
    object text NOT NULL,
    partition_date date NOT NULL,
    hint text NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    first_seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    hinted_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX ON o2c.inbox (partition_date);
COMMENT ON TABLE o2c.inbox IS 'Stripe objects that an event says have changed, until they are re-read.';

CREATE TABLE o2c.dirty (
    key text PRIMARY KEY,
    since timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE o2c.dirty IS
    'What to reconcile anew: ids of Stripe objects, and ns:<id> for ledger documents that name none.';

CREATE TABLE o2c.cursors (
    name text PRIMARY KEY,
    value text NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
"""

# Index-only scans need a fresh visibility map, good plans need fresh statistics: do not wait for a fifth to change.
UPKEEP = """
ALTER TABLE o2c.invoices SET (autovacuum_vacuum_scale_factor = 0.03, autovacuum_vacuum_insert_scale_factor = 0.03,
                              autovacuum_analyze_scale_factor = 0.03);
ALTER TABLE o2c.payments SET (autovacuum_vacuum_scale_factor = 0.03, autovacuum_vacuum_insert_scale_factor = 0.03,
                              autovacuum_analyze_scale_factor = 0.03);
ALTER TABLE o2c.netsuite_documents SET (
    autovacuum_vacuum_scale_factor = 0.03, autovacuum_vacuum_insert_scale_factor = 0.03,
    autovacuum_analyze_scale_factor = 0.03);
"""


def upgrade() -> None:
    """Create the tables of the first version."""
    for script in (STRIPE, LEDGER, WORK, UPKEEP):
        op.execute(script)
