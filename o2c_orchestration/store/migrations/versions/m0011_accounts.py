"""Several Stripe accounts and several subsidiaries: whose an object is, and in which subsidiary a document stands."""

from alembic import op

revision = "0011"
down_revision = "0010"

# Of the main account nothing is kept beside the default, and the index is empty: it costs nothing who has no other.
ACCOUNTS = """
ALTER TABLE o2c.stripe_objects ADD COLUMN account text NOT NULL DEFAULT 'main';
COMMENT ON COLUMN o2c.stripe_objects.account IS
    'The Stripe account that the object was read from: main (STRIPE_API_KEY) or the id of a further one.';
CREATE INDEX stripe_objects_further ON o2c.stripe_objects (id) INCLUDE (account) WHERE account <> 'main';

CREATE VIEW o2c.further_accounts AS SELECT id, account FROM o2c.stripe_objects WHERE account <> 'main';
COMMENT ON VIEW o2c.further_accounts IS 'Objects of further Stripe accounts; all others are of the main one.';

CREATE FUNCTION o2c.account_of(stripe_id text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce((SELECT k.account FROM o2c.further_accounts k WHERE k.id = stripe_id), 'main')
$$;

COMMENT ON COLUMN o2c.inbox.account IS 'The Stripe account whose event it was; null: not known, so each is asked.';

ALTER TABLE o2c.days_read ADD COLUMN account text NOT NULL DEFAULT 'main';
ALTER TABLE o2c.days_read DROP CONSTRAINT days_read_pkey;
ALTER TABLE o2c.days_read ADD PRIMARY KEY (object, day, account);
"""

# Read only where there are several entities.
SUBSIDIARIES = """
ALTER TABLE o2c.netsuite_documents ADD COLUMN subsidiary_id bigint;
COMMENT ON COLUMN o2c.netsuite_documents.subsidiary_id IS 'Null where it was not asked for.';

CREATE TABLE o2c.netsuite_customer_subsidiaries (
    customer_id bigint NOT NULL,
    subsidiary_id bigint NOT NULL,
    PRIMARY KEY (customer_id, subsidiary_id)
);
COMMENT ON TABLE o2c.netsuite_customer_subsidiaries IS
    'The subsidiaries of NetSuite customers, as far as there are several entities: documents in others are refused.';
"""


def upgrade() -> None:
    """Add what tells entities apart."""
    for script in (ACCOUNTS, SUBSIDIARIES):
        op.execute(script)
