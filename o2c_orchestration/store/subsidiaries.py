"""In which subsidiaries NetSuite's customers are, and whose documents are whose, where there are several entities."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.domain.documents import KnownDocument
from o2c_orchestration.domain.keys import CUSTOMERS
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.store.bulk import Cursor, folded, sql, stage
from o2c_orchestration.store.database import raw_cursor, reading_cursor

# Not read yet, or a document of theirs waits for it.
_TO_READ = """
SELECT c.id FROM o2c.netsuite_customers c
WHERE NOT EXISTS (SELECT FROM o2c.netsuite_customer_subsidiaries s WHERE s.customer_id = c.id)
UNION
SELECT o2c.netsuite_customer(e.customer_id) FROM o2c.plan_entries e
WHERE e.outcome = 'refused' AND e.code = 'CUSTOMER_SUBSIDIARY' AND o2c.netsuite_customer(e.customer_id) IS NOT NULL
UNION
SELECT split_part(j.external_id, '-', 2)::bigint FROM o2c.journal j
WHERE j.document = 'customerSubsidiaryRelationship' AND j.state <> 'done'
UNION
SELECT c.id FROM o2c.netsuite_customers c WHERE c.id::text = ANY(%(common)s) OR lower(c.name) = ANY(%(common)s)
ORDER BY 1"""

# What was written and is not read back yet counts too.
_OF_CUSTOMERS = """
SELECT customer_id::text, array_agg(DISTINCT subsidiary_id::text) FROM (
    SELECT customer_id, subsidiary_id FROM o2c.netsuite_customer_subsidiaries
    UNION ALL
    SELECT split_part(external_id, '-', 2)::bigint, split_part(external_id, '-', 3)::bigint FROM o2c.journal
    WHERE document = 'customerSubsidiaryRelationship' AND state = 'done') every
WHERE customer_id = ANY(%(ids)s) GROUP BY 1"""

# A document is another entity's where it stands for another Stripe account's object, or in another subsidiary.
_ELSEWHERE = """
SELECT k.key, coalesce('subsidiary ' || r.name, o2c.account_of(o2c.stripe_id_of(k.key)))
FROM unnest(%(keys)s::text[], %(ids)s::bigint[]) k (key, id)
LEFT JOIN o2c.netsuite_documents d ON d.id = k.id AND NOT k.key ~ '^(cus_|netsuite:)'
LEFT JOIN o2c.netsuite_reference r ON r.kind = 'subsidiary' AND r.id = d.subsidiary_id::text
     AND r.id <> %(subsidiary)s
WHERE NOT k.key ~ '^(global|netsuite):'
  AND (r.id IS NOT NULL OR o2c.account_of(o2c.stripe_id_of(k.key)) <> %(account)s)"""


# A document of Stripe's that stands in another subsidiary than the one whose objects it is for.
_MISPLACED = """
INSERT INTO found
SELECT 'subsidiary_mismatch', o2c.stripe_id_of(d.stripe_ref), d.id::text, c.external_id, d.currency, d.total_minor,
       d.total_minor, d.trandate, d.document || ' booked in subsidiary ' || r.name || ', and belongs into ' || n.name,
       CASE WHEN d.document IN ('deposit', 'journalEntry') THEN 'payout_deposit' ELSE 'stripe_netsuite' END
FROM {documents} d
LEFT JOIN o2c.further_accounts k ON k.id = o2c.stripe_id_of(d.stripe_ref)
JOIN unnest(%(accounts)s::text[], %(subsidiaries)s::text[]) own (account, id)
     ON own.account = coalesce(k.account, 'main')
JOIN o2c.netsuite_reference n ON n.kind = 'subsidiary' AND n.id = own.id
JOIN o2c.netsuite_reference r ON r.kind = 'subsidiary' AND r.id = d.subsidiary_id::text
LEFT JOIN o2c.netsuite_customers c ON c.id = d.entity_id
WHERE d.stripe_ref IS NOT NULL AND d.deleted_at IS NULL AND NOT d.voided AND r.id <> own.id"""
_SCOPED = "(SELECT d.* FROM scope_documents s JOIN o2c.netsuite_documents d USING (id))"


def name_misplaced(cursor: Cursor, policy: Policy, *, full: bool) -> None:
    """Add to `found` the documents that stand in another entity's subsidiary, for the scope or for everything."""
    own = {account: internal_id(cursor, each.books.subsidiary) for account, each in policy.each()}
    documents = "o2c.netsuite_documents" if full else _SCOPED
    given = {"accounts": list(own), "subsidiaries": list(own.values())}
    cursor.execute(sql(_MISPLACED.format(documents=documents)), given)


def to_read(engine: Engine, common: Iterable[str]) -> list[int]:
    """NetSuite customers whose subsidiaries have to be read; `common` names those that many documents share."""
    with reading_cursor(engine) as cursor:
        cursor.execute(sql(_TO_READ), {"common": folded(list(common))})
        return [int(str(row[0])) for row in cursor.fetchall()]


def keep(engine: Engine, customers: Sequence[int], found: Iterable[tuple[int, int]]) -> None:
    """These customers are in these subsidiaries (customer, subsidiary) and in no others."""
    with raw_cursor(engine) as cursor:
        stage(cursor, "related", "customer_id bigint, subsidiary_id bigint", found)
        cursor.execute("DELETE FROM o2c.netsuite_customer_subsidiaries WHERE customer_id = ANY(%s)", (list(customers),))
        cursor.execute(
            "INSERT INTO o2c.netsuite_customer_subsidiaries SELECT DISTINCT * FROM related ON CONFLICT DO NOTHING"
        )


def internal_id(cursor: Cursor, name: str | None) -> str | None:
    """The subsidiary of this internal id or name; None where there is none."""
    cursor.execute(
        """SELECT id FROM o2c.netsuite_reference
           WHERE kind = 'subsidiary' AND (id = %(name)s OR lower(name) = lower(%(name)s))
           ORDER BY id <> %(name)s LIMIT 1""",
        {"name": name},
    )
    row = cursor.fetchone()
    return None if row is None else str(row[0])


def told(
    cursor: Cursor, known: Mapping[str, KnownDocument], account: str, subsidiary: str | None
) -> dict[str, KnownDocument]:
    """Known documents with what is another entity's than `account`'s, and known customers with their subsidiaries."""
    keys, ids = list(known), [int(document.netsuite_id) for document in known.values()]
    given: dict[str, Any] = {"keys": keys, "ids": ids, "account": account, "subsidiary": subsidiary}
    cursor.execute(sql(_ELSEWHERE), given)
    elsewhere = dict(cursor.fetchall())
    cursor.execute(sql(_OF_CUSTOMERS), given)
    related = {str(row[0]): frozenset(row[1]) for row in cursor.fetchall()}
    return {
        key: replace(document, elsewhere=elsewhere.get(key), subsidiaries=_of(key, document, related))
        for key, document in known.items()
    }


def _of(key: str, document: KnownDocument, related: Mapping[str, frozenset[str]]) -> frozenset[str]:
    # Transactions and customers may have the same internal ids.
    return related.get(document.netsuite_id, frozenset()) if key.startswith(CUSTOMERS) else frozenset()
