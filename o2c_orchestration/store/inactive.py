"""NetSuite customers who are inactive: no new document may name them, and NetSuite refuses one that does."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from o2c_orchestration.domain.deals import AccountRow
from o2c_orchestration.domain.documents import KnownDocument
from o2c_orchestration.domain.keys import CUSTOMERS
from o2c_orchestration.store.again import plan_again
from o2c_orchestration.store.bulk import Cursor, sql

CODE = "CUSTOMER_INACTIVE"
# Those of staged customers who were inactive until now, with the documents that were refused for it.
_WAITING = f"""
SELECT DISTINCT e.stripe_id FROM staged s JOIN o2c.netsuite_customers c USING (id)
JOIN o2c.plan_entries e ON o2c.netsuite_customer(e.customer_id) = s.id
WHERE c.inactive AND NOT s.inactive AND e.outcome = 'refused' AND e.code = '{CODE}'"""
_OF_ACCOUNTS = """
SELECT c.id::text, c.external_id FROM o2c.netsuite_customers c
WHERE c.inactive AND (c.id::text = ANY(%(numbers)s) OR c.external_id = ANY(%(keys)s))"""


def told(cursor: Cursor, known: Mapping[str, KnownDocument]) -> dict[str, KnownDocument]:
    """Known documents, the customers among them marked who are inactive."""
    people = {key: int(each.netsuite_id) for key, each in known.items() if key.startswith(CUSTOMERS)}
    gone = _inactive(cursor, people.values())
    return {**known, **{key: replace(known[key], inactive=True) for key, number in people.items() if number in gone}}


def _inactive(cursor: Cursor, numbers: Iterable[int]) -> set[int]:
    cursor.execute("SELECT id FROM o2c.netsuite_customers WHERE inactive AND id = ANY(%s)", (sorted(set(numbers)),))
    return {int(str(row[0])) for row in cursor.fetchall()}


def plan_those_who_are_back(cursor: Cursor) -> None:
    """Customers are staged who may be active again: what was refused for it is planned again."""
    cursor.execute(sql(_WAITING))
    ids = [str(row[0]) for row in cursor.fetchall()]
    if ids:
        plan_again(cursor, ids, "its customer is active again")


def of_accounts(cursor: Cursor, accounts: Iterable[AccountRow]) -> dict[str, str]:
    """Accounts whose NetSuite customer is inactive, with his internal id: whom they name, or who has their key."""
    some = list(accounts)
    named = [each.netsuite_id for each in some if each.netsuite_id]
    keys = [each.stripe_id or each.id for each in some if not each.netsuite_id]
    cursor.execute(sql(_OF_ACCOUNTS), {"numbers": named, "keys": keys})
    rows: list[Any] = cursor.fetchall()
    numbers, by_key = {str(row[0]) for row in rows}, {str(row[1]): str(row[0]) for row in rows}
    own = ((each.id, each.netsuite_id or by_key.get(each.stripe_id or each.id)) for each in some)
    return {key: number for key, number in own if number is not None and number in numbers}
