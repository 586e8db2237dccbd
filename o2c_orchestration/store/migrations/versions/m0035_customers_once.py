"""The customers' view joins by a number of its own: by ids that may be missing each customer was compared with each."""

from alembic import op

from o2c_orchestration.store.migrations.versions import m0028_orders

revision = "0035"
down_revision = "0034"

CUSTOMERS = """
CREATE OR REPLACE VIEW o2c.customer_360 AS
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
), customers AS MATERIALIZED (
    SELECT row_number() OVER () AS place, a.salesforce_id, coalesce(a.name, c.name, c.email, c.id) AS name,
           coalesce(a.stripe_id, c.id) AS stripe_id, a.salesforce_seen_at, c.validated_at AS stripe_seen_at
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
    FROM o2c.salesforce_objects d WHERE d.object IN ('Opportunity', 'Order') AND NOT d.deleted GROUP BY 1, 2
), invoices AS (
    SELECT i.customer_id AS stripe_id, i.currency, sum(i.total_minor)::bigint AS billed_minor,
           sum(i.amount_paid_minor)::bigint AS paid_minor,
           sum(i.amount_remaining_minor) FILTER (WHERE i.status = 'open')::bigint AS open_minor,
           sum(i.amount_remaining_minor) FILTER (WHERE i.status = 'open' AND i.due_date < current_date)::bigint
               AS overdue_minor
    FROM o2c.invoices i WHERE i.status IN ('open', 'paid', 'uncollectible') GROUP BY 1, 2
), money AS (
    SELECT c.place, d.currency FROM customers c JOIN deals d USING (salesforce_id)
    UNION SELECT c.place, i.currency FROM customers c JOIN invoices i USING (stripe_id)
)
SELECT c.name, c.salesforce_id, c.stripe_id, o2c.netsuite_customer(c.stripe_id)::text AS netsuite_id,
       coalesce(m.currency, 'usd') AS currency, coalesce(d.pipeline_minor, 0) AS pipeline_minor,
       coalesce(d.won_minor, 0) AS won_minor, coalesce(d.ordered_minor, 0) AS ordered_minor,
       coalesce(i.billed_minor, 0) AS billed_minor, coalesce(i.paid_minor, 0) AS paid_minor,
       coalesce(i.open_minor, 0) AS open_minor, coalesce(i.overdue_minor, 0) AS overdue_minor,
       c.salesforce_seen_at, c.stripe_seen_at
FROM customers c
LEFT JOIN money m ON m.place = c.place
LEFT JOIN deals d ON d.salesforce_id = c.salesforce_id AND d.currency = m.currency
LEFT JOIN invoices i ON i.stripe_id = c.stripe_id AND i.currency = m.currency;
"""


def upgrade() -> None:
    """Replace the view; its columns stay."""
    op.execute(CUSTOMERS)


def downgrade() -> None:
    """The view that was there."""
    op.execute(m0028_orders.CUSTOMERS)
