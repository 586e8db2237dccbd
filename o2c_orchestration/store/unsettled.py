"""What waits: for the janitor (writes without an outcome, requests to be made again), and for its time."""

from collections.abc import Sequence

from sqlalchemy import Engine

from o2c_orchestration.domain.keys import fold
from o2c_orchestration.store.bulk import Cursor, sql
from o2c_orchestration.store.database import reading_cursor
from o2c_orchestration.store.waiting import FREE, NOT_LOCKED, TOLD_VOID

_DUE = f"""
SELECT count(*) FROM o2c.journal j
WHERE state = 'unknown' AND next_attempt_at <= clock_timestamp()
   OR state = 'sent' AND lease_until < clock_timestamp()
   OR state = 'intent' AND attempts > 0 AND next_attempt_at <= clock_timestamp() AND document = ANY(%(documents)s)
      AND {NOT_LOCKED} AND NOT {TOLD_VOID}"""

_NEXT = f"""
SELECT extract(epoch FROM min(next_attempt_at) - clock_timestamp()) FROM o2c.journal j
WHERE state = 'unknown' OR (state = 'intent' AND next_attempt_at < 'infinity' AND document = ANY(%(documents)s)
  AND {FREE})"""

# What leans on something is counted too: that may be written first, in the same pass.
_DUE_DOCUMENTS = """
SELECT d.document FROM unnest(%(documents)s::text[]) WITH ORDINALITY AS d (document, rank)
WHERE EXISTS (SELECT FROM o2c.journal j WHERE j.state = 'intent' AND j.document = d.document
              AND j.next_attempt_at <= clock_timestamp() AND (j.attempts > 0 OR NOT %(again)s))
ORDER BY d.rank"""

_DEPARTED = """
SELECT external_id, amount_minor FROM o2c.journal
WHERE external_key = ANY(%(folded)s) AND external_id = ANY(%(ids)s) AND state IN ('sent', 'unknown', 'done')"""

_DOUBTED = f"""
SELECT external_id FROM o2c.journal j
WHERE external_key = ANY(%(folded)s) AND external_id = ANY(%(ids)s) AND state = 'intent'
  AND next_attempt_at < 'infinity' AND {TOLD_VOID}"""

# The journal asks for the same of its intents: document and external id are those of the plan.
_HELD_FOR_VOID = f"SELECT external_id FROM o2c.plan_entries j WHERE outcome = 'write' AND {TOLD_VOID} ORDER BY 1"
TOLD_VOID_SAYS = "an event of Stripe says that it is void, so Stripe is read again first"


def held_for_void(engine: Engine) -> dict[str, str]:
    """Planned documents that wait since an event says they are void and nobody has read them since, and why."""
    with reading_cursor(engine) as cursor:
        cursor.execute(sql(_HELD_FOR_VOID))
        return {str(row[0]): f"it waits: {TOLD_VOID_SAYS}" for row in cursor.fetchall()}


def departed(cursor: Cursor, external_ids: Sequence[str]) -> dict[str, int]:
    """Minor units of those documents whose requests have left: they are there, or may be. The mirror may not know."""
    cursor.execute(sql(_DEPARTED), {"ids": list(external_ids), "folded": [fold(key) for key in external_ids]})
    return {str(row[0]): int(str(row[1])) for row in cursor.fetchall()}


def doubted(engine: Engine, external_ids: Sequence[str]) -> set[str]:
    """Those of these documents that are held back since an event says they are void, though they were read and are not.

    Only for whoever has read them all since, and has parked what is void.
    """
    with reading_cursor(engine) as cursor:
        cursor.execute(sql(_DOUBTED), {"ids": list(external_ids), "folded": [fold(key) for key in external_ids]})
        return {str(row[0]) for row in cursor.fetchall()}


def due_for_sweep(engine: Engine, documents: Sequence[str]) -> int:
    """Rows that a sweep would work on now: due unknown ones, leases that ran out, requests to be made again.

    Requests are made again for these document types only; what is unknown is looked up whatever it is.
    """
    with reading_cursor(engine) as cursor:
        cursor.execute(sql(_DUE), {"documents": list(documents)})
        row = cursor.fetchone()
        assert row is not None
        return int(str(row[0]))


def due_documents(engine: Engine, documents: Sequence[str], *, again: bool = False) -> list[str]:
    """Those of these document types, in their order, of which any intent is due, whatever it leans on.

    `again` leaves out intents that were never tried.
    """
    with reading_cursor(engine) as cursor:
        cursor.execute(sql(_DUE_DOCUMENTS), {"documents": list(documents), "again": again})
        return [str(row[0]) for row in cursor.fetchall()]


def next_due_in(engine: Engine, documents: Sequence[str]) -> float | None:
    """Seconds until the next open row may be worked on (0 or less: now); None when none is open.

    Rows that wait for a document that was refused or is dead do not count, nor do parked ones and those of a locked
    month: they have to wait for a person, or for a new plan.
    """
    with reading_cursor(engine) as cursor:
        cursor.execute(sql(_NEXT), {"documents": list(documents)})
        row = cursor.fetchone()
        assert row is not None
        return float(str(row[0])) if row[0] is not None else None
