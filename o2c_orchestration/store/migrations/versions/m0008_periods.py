"""Accounting periods and what was moved out of closed ones; payments outside Stripe."""

from alembic import op

from o2c_orchestration.store.migrations.views import added_to

revision = "0008"
down_revision = "0007"

# `seen_closed_at` stays when a period is opened again: what was moved out of it meanwhile was moved rightly.
PERIODS = """
CREATE TABLE o2c.periods (
    id bigint PRIMARY KEY,
    name text NOT NULL,
    first_day date NOT NULL,
    last_day date NOT NULL,
    closed boolean NOT NULL,
    receivables_locked boolean NOT NULL,
    seen_closed_at timestamptz,
    read_at timestamptz NOT NULL
);
CREATE INDEX ON o2c.periods (first_day);
COMMENT ON TABLE o2c.periods IS 'Accounting periods of NetSuite that transactions are dated in: months, as a rule.';
COMMENT ON COLUMN o2c.periods.seen_closed_at IS 'When it was first seen closed or locked, even if it is open by now.';

ALTER TABLE o2c.netsuite_documents ADD COLUMN original_date date;
COMMENT ON COLUMN o2c.netsuite_documents.original_date IS
    'The day that the memo says it would have been dated on, had its period been open.';
CREATE INDEX netsuite_documents_moved ON o2c.netsuite_documents (stripe_ref) WHERE original_date IS NOT NULL;

-- Documents dated later than they ought to be, for a reason: every period from that day to theirs was closed at some
-- time. Written apart from the planner, which picks the day.
CREATE VIEW o2c.moved_documents AS
SELECT d.id, d.document, d.stripe_ref AS key, d.original_date, d.trandate, d.currency, d.total_minor
FROM o2c.netsuite_documents d
WHERE d.original_date IS NOT NULL AND d.deleted_at IS NULL AND NOT d.voided AND d.trandate > d.original_date
  AND NOT EXISTS (SELECT FROM o2c.periods p WHERE p.last_day >= d.original_date AND p.last_day < d.trandate
                  AND p.seen_closed_at IS NULL);
"""

OFF_STRIPE = """
CREATE TABLE o2c.off_stripe (
    invoice_id text PRIMARY KEY,
    amount_minor bigint NOT NULL,
    paid_minor bigint NOT NULL,
    looked_up_at timestamptz NOT NULL
);
COMMENT ON TABLE o2c.off_stripe IS
    'What was paid of an invoice outside Stripe, asked for when paid_minor had been paid of it in all.';
"""

EXPECTED = added_to(
    "o2c.expected_documents",
    """SELECT 'op-' || i.id, 'customerPayment', i.id, i.customer_id, i.currency, f.amount_minor,
       coalesce(i.paid_date, i.issue_date), 'payment_missing'
FROM o2c.off_stripe f JOIN o2c.invoices i ON i.id = f.invoice_id
WHERE f.amount_minor > 0 AND i.status IN ('open', 'paid', 'uncollectible')""",
)


def upgrade() -> None:
    """Create the tables, the column and the views. What lies in the mirror has its memo read when it changes."""
    for script in (PERIODS, OFF_STRIPE, EXPECTED):
        op.execute(script)
