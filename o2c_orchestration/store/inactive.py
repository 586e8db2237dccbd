"""NetSuite customers who are inactive: no new document may name them, and NetSuite refuses one that does."""

from collections.abc import Iterable
from typing import Any

from o2c_orchestration.domain.deals import AccountRow
from o2c_orchestration.store.bulk import Cursor, sql

_OF_ACCOUNTS = """
SELECT c.id::text, c.external_id FROM o2c.netsuite_customers c
WHERE c.inactive AND (c.id::text = ANY(%(numbers)s) OR c.external_id = ANY(%(keys)s))"""


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
