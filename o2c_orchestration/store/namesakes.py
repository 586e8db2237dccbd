"""NetSuite customers that somebody made by hand and that are called like a Stripe customer: perhaps the same one.

A name proves nothing, so nothing is linked by it. It is told before a second one is made.
"""

from dataclasses import dataclass

from sqlalchemy import Engine

from o2c_orchestration.store.bulk import sql
from o2c_orchestration.store.database import raw_cursor

# Their internal ids, oldest first; one with an external id is somebody's already.
NAMESAKES = """
coalesce((SELECT array_agg(n.id ORDER BY n.id) FROM o2c.netsuite_customers n
          WHERE n.external_id IS NULL AND NOT n.inactive AND lower(btrim(n.name)) = lower(btrim({name}))), '{{}}')"""

_FOUND = f"""
SELECT * FROM (
    SELECT c.id, c.name, {NAMESAKES.format(name="c.name")} AS ids FROM o2c.customers c
    WHERE NOT c.deleted AND btrim(c.name) <> ''
      AND NOT EXISTS (SELECT FROM o2c.netsuite_customers k WHERE k.external_id = c.id)
      AND NOT EXISTS (SELECT FROM o2c.journal j WHERE j.external_key = lower(c.id) AND j.state = 'done')
      AND NOT EXISTS (SELECT FROM o2c.stripe_metadata m
                      WHERE m.stripe_id = c.id AND m.name = 'netsuite_customer_id')) called
WHERE cardinality(ids) > 0 ORDER BY id"""


@dataclass(frozen=True)
class Namesake:
    """A Stripe customer that NetSuite does not have, and the internal ids of those there that are called like it."""

    stripe_id: str
    name: str
    netsuite_ids: tuple[int, ...]


def namesakes(engine: Engine) -> list[Namesake]:
    """All of them, by Stripe id."""
    with raw_cursor(engine) as cursor:
        cursor.execute(sql(_FOUND))
        return [Namesake(str(row[0]), str(row[1]).strip(), tuple(row[2])) for row in cursor.fetchall()]
