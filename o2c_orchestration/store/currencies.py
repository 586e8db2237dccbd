"""In which currencies NetSuite's customers take documents, as far as that was asked."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from sqlalchemy import Engine

from o2c_orchestration.domain.documents import KnownDocument
from o2c_orchestration.domain.keys import CUSTOMERS
from o2c_orchestration.store.bulk import sql, stage
from o2c_orchestration.store.database import raw_cursor, reading_cursor

# What was added counts too: who has never been asked is not known to lack anything else.
_OF_CUSTOMERS = """
SELECT c.customer_id::text, c.currencies || ARRAY(
    SELECT j.currency FROM o2c.journal j WHERE j.document = 'customerCurrency' AND j.state = 'done'
      AND j.external_key = ANY(SELECT 'cc-' || c.customer_id || '-' || lower(r.name) FROM o2c.netsuite_reference r
                               WHERE r.kind = 'currency'))
FROM o2c.netsuite_customer_currencies c WHERE c.customer_id = ANY(%(ids)s::bigint[])"""

# A document in a currency proves that its customer has it. One whom we have made was made with those of his invoices.
_UNPROVEN = """
SELECT DISTINCT a.customer_id, a.currency,
       EXISTS (SELECT FROM o2c.netsuite_documents d WHERE d.entity_id = a.customer_id AND d.deleted_at IS NULL)
FROM asked a
WHERE NOT EXISTS (SELECT FROM o2c.netsuite_documents d
                  WHERE d.entity_id = a.customer_id AND d.currency = a.currency AND d.deleted_at IS NULL)
  AND (%(every)s
       OR EXISTS (SELECT FROM o2c.netsuite_documents d WHERE d.entity_id = a.customer_id AND d.deleted_at IS NULL)
       OR NOT EXISTS (SELECT FROM o2c.journal j WHERE j.netsuite_id = a.customer_id AND j.document = 'customer'
                        AND j.state = 'done' AND NOT j.adopted))
ORDER BY 1, 2"""


def unproven(engine: Engine, pairs: Iterable[tuple[str, str]], *, every: bool) -> list[tuple[int, str, bool]]:
    """Those of these NetSuite customers and currencies that no document shows to go together.

    And whether the customer has documents, all of them in others. Unless `every` is wanted, without customers whom we
    have made ourselves and who have no document yet.
    """
    with raw_cursor(engine) as cursor:
        stage(cursor, "asked", "customer_id bigint, currency text", sorted(pairs))
        cursor.execute(_UNPROVEN, {"every": every})
        return [(int(str(row[0])), str(row[1]), bool(row[2])) for row in cursor.fetchall()]


def keep(engine: Engine, found: Mapping[int, Iterable[str]]) -> None:
    """NetSuite customers have these currencies, by internal id, and no others."""
    rows = ((customer, sorted(ids)) for customer, ids in sorted(found.items()))
    with raw_cursor(engine) as cursor:
        stage(cursor, "held", "customer_id bigint, ids text[]", rows)
        cursor.execute(
            """INSERT INTO o2c.netsuite_customer_currencies (customer_id, currencies, read_at)
               SELECT h.customer_id, ARRAY(SELECT lower(r.name) FROM o2c.netsuite_reference r
                                           WHERE r.kind = 'currency' AND r.id = ANY(h.ids) ORDER BY 1),
                      clock_timestamp()
               FROM held h ORDER BY 1
               ON CONFLICT (customer_id) DO UPDATE SET currencies = excluded.currencies, read_at = excluded.read_at"""
        )


def told(engine: Engine, known: Mapping[str, KnownDocument]) -> dict[str, KnownDocument]:
    """Known documents, customers among them with the currencies that they have."""
    people = {key: each.netsuite_id for key, each in known.items() if key.startswith(CUSTOMERS)}
    with reading_cursor(engine) as cursor:
        cursor.execute(sql(_OF_CUSTOMERS), {"ids": sorted(set(people.values()))})
        held = {str(row[0]): frozenset(row[1]) for row in cursor.fetchall()}
    asked = {key: held[number] for key, number in people.items() if number in held}
    return {**known, **{key: replace(known[key], currencies=codes) for key, codes in asked.items()}}
