"""What waits for the janitor: writes without an outcome, and requests that are to be made again."""

from collections.abc import Sequence

from sqlalchemy import Engine

from o2c_orchestration.store.bulk import sql
from o2c_orchestration.store.database import raw_cursor

_DUE = """
SELECT count(*) FROM o2c.journal
WHERE state = 'unknown' AND next_attempt_at <= clock_timestamp()
   OR state = 'sent' AND lease_until < clock_timestamp()
   OR state = 'intent' AND attempts > 0 AND next_attempt_at <= clock_timestamp() AND document = ANY(%(documents)s)"""


def due_for_sweep(engine: Engine, documents: Sequence[str]) -> int:
    """Rows that a sweep would work on now: due unknown ones, leases that ran out, requests to be made again.

    Requests are made again for these document types only; what is unknown is looked up whatever it is.
    """
    with raw_cursor(engine) as cursor:
        cursor.execute(sql(_DUE), {"documents": list(documents)})
        row = cursor.fetchone()
        return int(str(row[0])) if row else 0
