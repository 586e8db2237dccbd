"""Objects from before the books started: they are read only as far as something of the books points to them.

Nothing is written for them. Where an opening balance is declared, one that NetSuite has no document for is no gap: it
is in that balance, or was settled before. One that NetSuite does have a document for is adopted.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.store.bulk import Cursor, sql
from o2c_orchestration.store.database import raw_cursor, reading_cursor

_TABLES = ("invoices", "payments", "credit_notes", "refunds", "disputes", "payouts")
_WITH_DOCUMENTS = _TABLES[:-1]
_OWN = "x.created_at < %(cut_over)s AND (%(account)s::text IS NULL OR o2c.account_of(x.id) = %(account)s)"
_EVERY = " UNION ALL ".join(f"SELECT x.id FROM o2c.{table} x WHERE {_OWN}" for table in _TABLES)
_OF_THE_SCOPE = " UNION ALL ".join(
    f"SELECT x.id FROM scope s JOIN o2c.{table} x ON x.id = s.key WHERE {_OWN}" for table in _TABLES
)
_NOTE = "INSERT INTO o2c.older_objects SELECT DISTINCT id FROM ({found}) f ON CONFLICT (stripe_id) DO NOTHING"

_EVERY_OLDER = " UNION ALL ".join(
    f"SELECT id FROM o2c.{table} WHERE created_at < %(cut_over)s" for table in _WITH_DOCUMENTS
)
_NOT_LOOKED_UP = f"""
SELECT x.id FROM ({_EVERY_OLDER}) x
WHERE NOT EXISTS (SELECT FROM o2c.older_looked_up l WHERE l.stripe_id = x.id)
  AND NOT EXISTS (SELECT FROM o2c.netsuite_documents d WHERE d.stripe_ref = x.id AND d.deleted_at IS NULL)
ORDER BY 1"""


def note_older(cursor: Cursor, policy: Policy) -> None:
    """Keep which objects are older than the books, of all; what was noted before counts no more."""
    cursor.execute("DELETE FROM o2c.older_objects")
    _note(cursor, policy, _EVERY)


def note_older_of_scope(cursor: Cursor, policy: Policy) -> None:
    """The same of the keys in `scope` alone: an object that was read since the last time has left its key there."""
    _note(cursor, policy, _OF_THE_SCOPE)


def _note(cursor: Cursor, policy: Policy, found: str) -> None:
    for account, own in policy.each():
        if own.books.opening:
            alone = account if policy.entities else None
            cursor.execute(sql(_NOTE.format(found=found)), {"cut_over": own.books.cut_over, "account": alone})


def not_looked_up(engine: Engine, cut_over: datetime) -> list[str]:
    """Ids of stored objects from before `cut_over` that the mirror holds no document for and nobody has asked for."""
    with reading_cursor(engine) as cursor:
        cursor.execute(sql(_NOT_LOOKED_UP), {"cut_over": cut_over})
        rows: Sequence[Any] = cursor.fetchall()
        return [str(row[0]) for row in rows]


def record_looked_up(engine: Engine, ids: Sequence[str]) -> None:
    """NetSuite was asked for the documents of these objects."""
    with raw_cursor(engine) as cursor:
        query = "INSERT INTO o2c.older_looked_up SELECT unnest(%s::text[]) ON CONFLICT (stripe_id) DO NOTHING"
        cursor.execute(query, (list(ids),))
