"""What customers are given, or charged, on their balance by hand: its day, and the two documents that stand for it."""

from alembic import op

from o2c_orchestration.store.migrations.views import added_to

revision = "0025"
down_revision = "0024"

# The migration cannot know the time zone of the books; every row is validated again and gets its day there.
COLUMN = """
ALTER TABLE o2c.customer_balance_transactions ADD COLUMN booked_date date;
UPDATE o2c.customer_balance_transactions SET booked_date = (created_at AT TIME ZONE 'UTC')::date;
ALTER TABLE o2c.customer_balance_transactions ALTER COLUMN booked_date SET NOT NULL;
CREATE INDEX ON o2c.customer_balance_transactions (created_at);
UPDATE o2c.stripe_objects SET validated_hash = NULL WHERE object = 'customer_balance_transaction';
"""

# Whether the company books them, and from which day on, is its decision: so it is those that are planned, refused,
# written or there. Below zero the customer was given something.
ADJUSTMENTS = """
CREATE VIEW o2c.booked_adjustments AS
SELECT b.id, b.customer_id, b.currency, b.amount_minor, b.booked_date
FROM o2c.customer_balance_transactions b
WHERE b.type IN ('adjustment', 'initial') AND b.amount_minor <> 0 AND (
    EXISTS (SELECT FROM o2c.plan_entries e
            WHERE e.external_key = ANY(ARRAY[lower('bg-' || b.id), lower('bi-' || b.id),
                                             lower('bd-' || b.id), lower('cb-' || b.id)]))
    OR EXISTS (SELECT FROM o2c.journal j WHERE j.stripe_id = b.id AND j.state <> 'intent')
    OR EXISTS (SELECT FROM o2c.netsuite_documents d
               WHERE d.stripe_ref = ANY(ARRAY['bg-' || b.id, 'bi-' || b.id, 'bd-' || b.id, 'cb-' || b.id])
                 AND d.deleted_at IS NULL AND NOT d.voided));
"""

EXPECTED = added_to(
    "o2c.expected_balance_documents",
    """SELECT t.prefix || a.id, t.document, a.id, a.customer_id, a.currency, abs(a.amount_minor), a.booked_date,
       t.missing
FROM o2c.booked_adjustments a JOIN (VALUES
    (true, 'bi-', 'invoice', 'missing_in_netsuite'),
    (true, 'bg-', 'creditMemo', 'credit_memo_missing'),
    (false, 'bd-', 'invoice', 'missing_in_netsuite'),
    (false, 'cb-', 'creditMemo', 'credit_memo_missing')) AS t (given, prefix, document, missing)
ON t.given = (a.amount_minor < 0)""",
)


def upgrade() -> None:
    """Add the day, and what adjustments are to what NetSuite has to hold."""
    for script in (COLUMN, ADJUSTMENTS, EXPECTED):
        op.execute(script)
