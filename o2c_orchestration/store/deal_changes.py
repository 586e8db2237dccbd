"""Whether deals wait to be planned and reconciled: what changed since the last time that began."""

from datetime import UTC, datetime

from sqlalchemy import Engine

from o2c_orchestration.store import inbox
from o2c_orchestration.store.database import raw_cursor

_BEGUN = "deals:begun"

# A change of Salesforce, of an invoice or payment of a deal, or a sales order's.
_SINCE = """
SELECT EXISTS (
    SELECT FROM o2c.salesforce_objects o
    WHERE o.facts_at > %(begun)s
      AND o.object IN ('Opportunity', 'OpportunityLineItem', 'Order', 'OrderItem', 'Account'))
OR EXISTS (
    SELECT FROM o2c.stripe_metadata m JOIN o2c.invoices i ON i.id = m.stripe_id
    WHERE m.name IN ('salesforce_opportunity_id', 'salesforce_order_id') AND i.validated_at > %(begun)s)"""


def begin(engine: Engine) -> None:
    """Deals are about to be looked at: what changes from now on is for the next time."""
    inbox.write_cursor(engine, _BEGUN, datetime.now(UTC).isoformat())


def waiting(engine: Engine) -> bool:
    """Whether anything changed since deals were last begun."""
    begun = inbox.read_cursor(engine, _BEGUN) or datetime(1999, 1, 1, tzinfo=UTC).isoformat()
    with raw_cursor(engine) as cursor:
        cursor.execute(_SINCE, {"begun": datetime.fromisoformat(begun)})
        row = cursor.fetchone()
        return bool(row and row[0])
