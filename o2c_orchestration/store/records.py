"""Which type of record NetSuite keeps a document as, where that is not the one that we call it by."""

from collections.abc import Collection

from sqlalchemy import Engine

from o2c_orchestration.domain.documents import CUSTOMER_DEPOSIT
from o2c_orchestration.domain.keys import fold
from o2c_orchestration.store.database import raw_cursor

_CUSTOMER_DEPOSITS = """
SELECT d.id FROM o2c.netsuite_documents d WHERE d.id = ANY(%(ids)s) AND d.record = %(record)s
UNION SELECT j.netsuite_id FROM o2c.journal j
WHERE j.external_key = ANY(%(keys)s) AND j.netsuite_id = ANY(%(ids)s)
  AND j.command -> 'body' ->> '$record' = %(record)s"""


def customer_deposits(engine: Engine, found: Collection[tuple[str, int]]) -> set[int]:
    """Those of these payments (external id, internal id) that are customer deposits, by internal id."""
    values = {"ids": [each for _, each in found], "keys": [fold(key) for key, _ in found], "record": CUSTOMER_DEPOSIT}
    with raw_cursor(engine) as cursor:
        cursor.execute(_CUSTOMER_DEPOSITS, values)
        return {int(str(row[0])) for row in cursor.fetchall()}
