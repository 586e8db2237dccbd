"""Objects whose documents are to be planned again though nothing has happened to them in Stripe: into the inbox.

Whoever follows changes reads them anew, plans their days, and writes what can be written by now: what leans on a
document whose outcome was not known, too.
"""

from collections.abc import Sequence

from sqlalchemy import Engine

from o2c_orchestration.store.bulk import Cursor, sql
from o2c_orchestration.store.database import raw_cursor
from o2c_orchestration.store.inbox import MARK, WAKE

# What is no object of Stripe (a deal) has a follower of its own, which plans all that is not done.
_HINT = f"""
WITH hints AS (
    SELECT o.id AS object_id, o.object, %(why)s::text AS hint, o.account, clock_timestamp() AS changed_at,
           false AS urgent
    FROM o2c.stripe_objects o WHERE o.id = ANY(%(ids)s))
{MARK}"""


def plan_again(cursor: Cursor, stripe_ids: Sequence[str], why: str) -> None:
    """These objects, those of them that are in the store; `why` is told where the inbox is looked at."""
    cursor.execute(sql(_HINT), {"ids": list(stripe_ids), "why": why})
    if cursor.rowcount:
        cursor.execute(WAKE)


def plan_after(engine: Engine, journal_ids: Sequence[int]) -> None:
    """The objects of those of these journal rows that are done."""
    with raw_cursor(engine) as cursor:
        cursor.execute("SELECT stripe_id FROM o2c.journal WHERE id = ANY(%s) AND state = 'done'", (list(journal_ids),))
        plan_again(cursor, [str(row[0]) for row in cursor.fetchall()], "written by a sweep")
