"""What a trace shows of deals and of the plan, without the rest of their payloads: who shows it may read no more."""

from alembic import op

revision = "0038"
down_revision = "0037"

VIEWS = """
CREATE VIEW o2c.shown_deals AS
SELECT id, object, parent_id, deleted, read_at, payload ->> 'OpportunityId' AS opportunity_id,
       coalesce(payload ->> 'Name', payload ->> 'OrderNumber') AS name,
       coalesce(payload ->> 'StageName', payload ->> 'Status') AS status,
       coalesce(payload ->> 'Amount', payload ->> 'TotalAmount') AS amount, payload ->> 'CurrencyIsoCode' AS currency
FROM o2c.salesforce_objects;
COMMENT ON VIEW o2c.shown_deals IS 'What a trace shows of Salesforce''s records.';
CREATE VIEW o2c.shown_plan AS
SELECT stripe_id, external_id, external_key, document, outcome, reason, planned_at,
       command -> 'depends_on' AS depends_on
FROM o2c.plan_entries;
COMMENT ON VIEW o2c.shown_plan IS 'What a trace shows of the plan: no command, which holds what would be written.';
"""


def upgrade() -> None:
    """Two views."""
    op.execute(VIEWS)


def downgrade() -> None:
    """Nobody else leans on them."""
    op.execute("DROP VIEW o2c.shown_deals; DROP VIEW o2c.shown_plan")
