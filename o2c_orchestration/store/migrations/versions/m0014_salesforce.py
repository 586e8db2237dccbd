"""Salesforce: its objects as they were read, the sales orders of its deals, and what is made in Stripe for them."""

from alembic import op

revision = "0014"
down_revision = "0013"

SALESFORCE = """
CREATE TABLE o2c.salesforce_objects (
    id text PRIMARY KEY,
    object text NOT NULL,
    modified_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    read_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    deleted boolean NOT NULL DEFAULT false,
    parent_id text,
    payload jsonb NOT NULL,
    payload_hash bytea NOT NULL,
    facts_hash bytea NOT NULL,
    facts_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    stored_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX ON o2c.salesforce_objects (object, created_at);
CREATE INDEX ON o2c.salesforce_objects (facts_at);
CREATE INDEX salesforce_children ON o2c.salesforce_objects (parent_id) WHERE parent_id IS NOT NULL;
COMMENT ON TABLE o2c.salesforce_objects IS 'Records of Salesforce as it showed them, less what nobody here reads.';
COMMENT ON COLUMN o2c.salesforce_objects.seen_at IS 'Start of the newest read that showed it, changed or not.';
COMMENT ON COLUMN o2c.salesforce_objects.facts_at IS
    'When something of it changed that we do not write ourselves: our own writes come back and are no news.';
COMMENT ON COLUMN o2c.salesforce_objects.parent_id IS 'The opportunity of a line, the account of a deal or contact.';

CREATE TABLE o2c.salesforce_written (
    object text NOT NULL,
    key text NOT NULL,
    fields_hash bytea NOT NULL,
    salesforce_id text,
    error_code text,
    error_detail text,
    written_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (object, key)
);
COMMENT ON TABLE o2c.salesforce_written IS
    'What was last written to Salesforce, by the key it was written under, or why it was not taken.';

CREATE TABLE o2c.account_links (
    account_id text PRIMARY KEY,
    stripe_id text,
    netsuite_id bigint,
    decision text NOT NULL CHECK (decision IN ('confirmed', 'rejected')),
    evidence text NOT NULL,
    decided_by text NOT NULL,
    decided_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE o2c.account_links IS 'What a person said about which records of the three systems are one customer.';
"""

ORDERS = """
CREATE TABLE o2c.sales_orders (
    id bigint PRIMARY KEY,
    external_id text,
    tranid text,
    status text NOT NULL,
    currency text NOT NULL,
    total_minor bigint NOT NULL,
    trandate date NOT NULL,
    entity_id bigint,
    read_at timestamptz NOT NULL,
    deleted_at timestamptz
);
CREATE INDEX ON o2c.sales_orders (external_id);
COMMENT ON TABLE o2c.sales_orders IS 'Sales orders of NetSuite as SuiteQL shows them; status is its letter.';

ALTER TABLE o2c.journal ADD COLUMN written_id text;
ALTER TABLE o2c.journal DROP CONSTRAINT journal_check1;
ALTER TABLE o2c.journal ADD CONSTRAINT journal_done
    CHECK ((state = 'done') = (netsuite_id IS NOT NULL OR written_id IS NOT NULL));
COMMENT ON COLUMN o2c.journal.written_id IS 'Of what was made in another system than NetSuite: the id it has there.';

-- As in m0002, and with the id that another system gave.
CREATE OR REPLACE FUNCTION o2c.audit_journal_row(j o2c.journal) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN j.id IS NOT NULL THEN jsonb_strip_nulls(jsonb_build_object(
        'state', j.state, 'document', j.document, 'external_id', j.external_id, 'stripe_id', j.stripe_id,
        'currency', j.currency, 'amount_minor', j.amount_minor, 'effective_date', j.effective_date,
        'command_sha256', j.digest, 'netsuite_id', j.netsuite_id, 'written_id', j.written_id, 'adopted', j.adopted,
        'attempts', j.attempts,
        'error_code', j.error_code, 'held', CASE WHEN j.next_attempt_at = 'infinity' THEN true END,
        'decided_by', j.decided_by, 'request_sha256', encode(sha256(convert_to(j.request::text, 'UTF8')), 'hex'),
        'sent_at', to_char(j.sent_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))) END
$$;

CREATE INDEX stripe_metadata_deals ON o2c.stripe_metadata (value) INCLUDE (stripe_id)
    WHERE name IN ('salesforce_opportunity_id', 'salesforce_account_id');
"""

# Amounts of Salesforce have decimals of their own; minor units are those of Stripe's list (domain.money).
CUSTOMERS = """
CREATE FUNCTION o2c.minor_of(amount numeric, currency text) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT round(amount * CASE
        WHEN lower(currency) IN ('bif', 'clp', 'djf', 'gnf', 'jpy', 'kmf', 'krw', 'mga', 'pyg', 'rwf', 'vnd', 'vuv',
                                 'xaf', 'xof', 'xpf') THEN 1
        WHEN lower(currency) IN ('bhd', 'jod', 'kwd', 'omr', 'tnd') THEN 1000 ELSE 100 END)::bigint
$$;

CREATE VIEW o2c.customer_360 AS
WITH accounts AS (
    SELECT a.id AS salesforce_id, a.payload ->> 'Name' AS name,
           coalesce(k.stripe_id, a.payload ->> 'Stripe_Customer_Id__c', m.stripe_id, j.written_id) AS stripe_id,
           a.seen_at AS salesforce_seen_at
    FROM o2c.salesforce_objects a
    LEFT JOIN o2c.account_links k ON k.account_id = a.id AND k.decision = 'confirmed'
    LEFT JOIN LATERAL (SELECT min(m.stripe_id) AS stripe_id FROM o2c.stripe_metadata m
                       WHERE m.name = 'salesforce_account_id' AND m.value = a.id) m ON true
    LEFT JOIN o2c.journal j ON j.external_key = lower('stripe:cus:' || a.id)
    WHERE a.object = 'Account' AND NOT a.deleted
), customers AS (
    SELECT a.salesforce_id, coalesce(a.name, c.name, c.email, c.id) AS name, coalesce(a.stripe_id, c.id) AS stripe_id,
           a.salesforce_seen_at, c.validated_at AS stripe_seen_at
    FROM accounts a FULL JOIN o2c.customers c ON c.id = a.stripe_id
    WHERE c.id IS NULL OR NOT c.deleted
), deals AS (
    SELECT d.parent_id AS salesforce_id, lower(coalesce(d.payload ->> 'CurrencyIsoCode', 'usd')) AS currency,
           sum(o2c.minor_of((d.payload ->> 'Amount')::numeric, coalesce(d.payload ->> 'CurrencyIsoCode', 'usd')))
               FILTER (WHERE NOT (d.payload ->> 'IsClosed')::boolean)::bigint AS pipeline_minor,
           sum(o2c.minor_of((d.payload ->> 'Amount')::numeric, coalesce(d.payload ->> 'CurrencyIsoCode', 'usd')))
               FILTER (WHERE (d.payload ->> 'IsWon')::boolean)::bigint AS won_minor,
           (SELECT sum(s.total_minor) FROM o2c.sales_orders s
            WHERE s.external_id = ANY(array_agg(d.id)) AND s.deleted_at IS NULL AND s.status <> 'C'
              AND s.currency = lower(coalesce(min(d.payload ->> 'CurrencyIsoCode'), 'usd')))::bigint AS ordered_minor
    FROM o2c.salesforce_objects d WHERE d.object = 'Opportunity' AND NOT d.deleted GROUP BY 1, 2
), invoices AS (
    SELECT i.customer_id AS stripe_id, i.currency, sum(i.total_minor)::bigint AS billed_minor,
           sum(i.amount_paid_minor)::bigint AS paid_minor,
           sum(i.amount_remaining_minor) FILTER (WHERE i.status = 'open')::bigint AS open_minor,
           sum(i.amount_remaining_minor) FILTER (WHERE i.status = 'open' AND i.due_date < current_date)::bigint
               AS overdue_minor
    FROM o2c.invoices i WHERE i.status IN ('open', 'paid', 'uncollectible') GROUP BY 1, 2
), money AS (
    SELECT c.salesforce_id, c.stripe_id, d.currency FROM customers c JOIN deals d USING (salesforce_id)
    UNION SELECT c.salesforce_id, c.stripe_id, i.currency FROM customers c JOIN invoices i USING (stripe_id)
)
SELECT c.name, c.salesforce_id, c.stripe_id, o2c.netsuite_customer(c.stripe_id)::text AS netsuite_id,
       coalesce(m.currency, 'usd') AS currency, coalesce(d.pipeline_minor, 0) AS pipeline_minor,
       coalesce(d.won_minor, 0) AS won_minor, coalesce(d.ordered_minor, 0) AS ordered_minor,
       coalesce(i.billed_minor, 0) AS billed_minor, coalesce(i.paid_minor, 0) AS paid_minor,
       coalesce(i.open_minor, 0) AS open_minor, coalesce(i.overdue_minor, 0) AS overdue_minor,
       c.salesforce_seen_at, c.stripe_seen_at
FROM customers c
LEFT JOIN money m ON m.salesforce_id IS NOT DISTINCT FROM c.salesforce_id
     AND m.stripe_id IS NOT DISTINCT FROM c.stripe_id
LEFT JOIN deals d ON d.salesforce_id = c.salesforce_id AND d.currency = m.currency
LEFT JOIN invoices i ON i.stripe_id = c.stripe_id AND i.currency = m.currency;
COMMENT ON VIEW o2c.customer_360 IS 'Who a customer is in the three systems and what it owes, in minor units.';
"""

# Equations of the books are explained by gaps of the books: what a deal lacks explains no document.
GAPS = """
CREATE VIEW o2c.book_gaps AS
SELECT * FROM o2c.gaps WHERE state = 'open' AND leg IN ('stripe_netsuite', 'payout_deposit');
COMMENT ON VIEW o2c.book_gaps IS 'Open gaps between Stripe and NetSuite; those of deals are on legs of their own.';
"""


def upgrade() -> None:
    """Create the tables."""
    for script in (SALESFORCE, ORDERS, CUSTOMERS, GAPS):
        op.execute(script)
