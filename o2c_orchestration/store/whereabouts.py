"""NetSuite customers of accounts: under which internal id each goes, and under whom what was booked for them is now."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.domain.deals import AccountRow
from o2c_orchestration.domain.keys import fold
from o2c_orchestration.store.bulk import sql
from o2c_orchestration.store.database import raw_cursor

# As documents find their customer: whom metadata names, then who has the key, then whom we made under it.
_BY_KEY = """
SELECT k.key, coalesce(
    (SELECT min(m.netsuite_id) FROM o2c.stripe_metadata m
     WHERE m.stripe_id = k.key AND m.name = 'netsuite_customer_id'),
    (SELECT min(c.id) FROM o2c.netsuite_customers c WHERE c.external_id = k.key),
    (SELECT min(j.netsuite_id) FROM o2c.journal j
     WHERE j.external_key = k.folded AND j.document = 'customer' AND j.state = 'done'))::text
FROM unnest(%(keys)s::text[], %(folded)s::text[]) k (key, folded)"""

# Whoever has a document in the mirror is there, or his mirror is behind: a merger takes all of them, and NetSuite
# deletes nobody who has any. So is he whom we have just made, and of whose nothing was read back yet: whoever follows
# changes must not wait for NetSuite's answer.
_UNPROVEN = """
SELECT a.key FROM unnest(%(keys)s::text[], %(folded)s::text[], %(ids)s::bigint[]) a (key, folded, id)
WHERE NOT EXISTS (SELECT FROM o2c.netsuite_documents d WHERE d.entity_id = a.id AND d.deleted_at IS NULL)
  AND NOT EXISTS (SELECT FROM o2c.journal j WHERE j.external_key = a.folded AND j.document = 'customer'
                  AND j.state = 'done' AND NOT j.adopted AND j.netsuite_id = a.id
                  AND j.answered_at > clock_timestamp() - make_interval(secs => %(just)s)
                  AND NOT EXISTS (SELECT FROM o2c.invoices i JOIN o2c.netsuite_documents d
                                  ON d.stripe_ref = i.id AND d.deleted_at IS NULL WHERE i.customer_id = a.key))"""
_JUST_MADE_SECONDS = 3600

_HOLDERS = """
SELECT DISTINCT d.entity_id::text FROM o2c.journal j
JOIN (SELECT id, entity_id FROM o2c.sales_orders WHERE deleted_at IS NULL
      UNION ALL SELECT id, entity_id FROM o2c.netsuite_documents WHERE deleted_at IS NULL) d ON d.id = j.netsuite_id
WHERE j.customer_id = ANY(%(keys)s) AND d.entity_id IS NOT NULL AND d.entity_id::text <> %(number)s
UNION
SELECT d.entity_id::text FROM o2c.invoices i JOIN o2c.netsuite_documents d ON d.stripe_ref = i.id
WHERE i.customer_id = ANY(%(keys)s) AND d.deleted_at IS NULL AND d.entity_id::text <> %(number)s"""


def numbers(engine: Engine, accounts: Iterable[AccountRow]) -> dict[str, str]:
    """Internal id of each account's customer, as far as one is known: named by itself or a person, or by its key."""
    some = list(accounts)
    keys = sorted({each.stripe_id or each.id for each in some if each.netsuite_id is None})
    with raw_cursor(engine) as cursor:
        cursor.execute(sql(_BY_KEY), {"keys": keys, "folded": [fold(key) for key in keys]})
        rows: list[Any] = cursor.fetchall()
    by_key: Mapping[str, str | None] = {str(row[0]): row[1] for row in rows}
    found = ((each.id, each.netsuite_id or by_key.get(each.stripe_id or each.id)) for each in some)
    return {account: number for account, number in found if number is not None}


def unproven(engine: Engine, customers: Mapping[str, str]) -> dict[str, str]:
    """Those of these customers (internal id by the key of their documents) whom no document shows to be there.

    Nor that we have made them within the hour.
    """
    pairs = sorted((key, int(number)) for key, number in customers.items() if number.isascii() and number.isdigit())
    keys = [key for key, _ in pairs]
    given = {"keys": keys, "folded": [fold(key) for key in keys], "ids": [number for _, number in pairs]}
    with raw_cursor(engine) as cursor:
        cursor.execute(sql(_UNPROVEN), given | {"just": _JUST_MADE_SECONDS})
        return {str(row[0]): customers[str(row[0])] for row in cursor.fetchall()}


def keys_of(account: AccountRow) -> list[str]:
    """Under which keys documents name the account's customer: he goes by the account's id until Stripe has him."""
    return [account.id, *([account.stripe_id] if account.stripe_id else [])]


def holder(engine: Engine, keys: list[str], number: str) -> str | None:
    """The one customer who has by now what was booked for these keys under this number; None if nobody is certain."""
    with raw_cursor(engine) as cursor:
        cursor.execute(sql(_HOLDERS), {"keys": keys, "number": number})
        rows: list[Any] = cursor.fetchall()
    return str(rows[0][0]) if len(rows) == 1 else None
