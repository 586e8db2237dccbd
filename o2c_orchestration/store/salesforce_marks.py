"""Records of Salesforce that change events name, until they were read again; and how far events were heard.

Both move in one transaction: what was heard is marked, or it is heard again.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Engine

from o2c_orchestration.store.bulk import Cursor
from o2c_orchestration.store.database import raw_cursor, reading_cursor

# In the order of their keys, so that two that mark the same records wait for each other and never both. The version is
# from the clock: a mark that is made anew never has the version of one that was settled.
_MARK = """
INSERT INTO o2c.salesforce_marks AS m (object, id, version)
SELECT object, id, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint
FROM (SELECT DISTINCT object, id FROM unnest(%s::text[], %s::text[]) AS t (object, id)) h ORDER BY object, id
ON CONFLICT (object, id) DO UPDATE SET version = m.version + 1"""
_SETTLE = """
DELETE FROM o2c.salesforce_marks m USING unnest(%s::text[], %s::text[], %s::bigint[]) AS s (object, id, version)
WHERE (m.object, m.id, m.version) = (s.object, s.id, s.version)"""
_HEARD = """
INSERT INTO o2c.cursors (name, value) VALUES (%s, %s)
ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_at = clock_timestamp()"""
# Of the type as a whole: nobody says which records.
WHOLE = ""
# More than this is left for the next time.
_TAKEN_AT_ONCE = 50_000


@dataclass(frozen=True)
class Mark:
    """A record to read again, or with the id WHOLE a type to poll. The version grows each time it is marked."""

    object: str
    id: str
    version: int = 0


def keep(engine: Engine, channel: str, marks: Iterable[tuple[str, str]], replay_id: bytes) -> None:
    """Mark these (type, id), and that the channel was heard as far as this replay id."""
    with raw_cursor(engine) as cursor:
        _mark(cursor, marks)
        if replay_id:
            cursor.execute(_HEARD, (_name(channel), replay_id.hex()))


def lose(engine: Engine, channel: str, kinds: Iterable[str]) -> None:
    """How far the channel was heard is of no use any more: all of these types have to be polled."""
    with raw_cursor(engine) as cursor:
        _mark(cursor, ((kind, WHOLE) for kind in kinds))
        cursor.execute("DELETE FROM o2c.cursors WHERE name = %s", (_name(channel),))


def replay_id(engine: Engine, channel: str) -> bytes | None:
    """As far as which the channel was heard; None where it was never heard."""
    with reading_cursor(engine) as cursor:
        cursor.execute("SELECT value FROM o2c.cursors WHERE name = %s", (_name(channel),))
        row = cursor.fetchone()
        return bytes.fromhex(str(row[0])) if row else None


def take(engine: Engine) -> list[Mark]:
    """What is marked, the longest first. It stays until `settle`."""
    with reading_cursor(engine) as cursor:
        cursor.execute(
            "SELECT object, id, version FROM o2c.salesforce_marks ORDER BY marked_at, object, id LIMIT %s",
            (_TAKEN_AT_ONCE,),
        )
        return [Mark(*row) for row in cursor.fetchall()]


def settle(engine: Engine, marks: Iterable[Mark]) -> None:
    """Remove marks that were acted on, unless they were made again meanwhile."""
    rows = [(mark.object, mark.id, mark.version) for mark in marks]
    columns = list(zip(*rows, strict=True)) or [(), (), ()]
    with raw_cursor(engine) as cursor:
        cursor.execute(_SETTLE, [list(column) for column in columns])


def _mark(cursor: Cursor, marks: Iterable[tuple[str, str]]) -> None:
    columns = list(zip(*marks, strict=True)) or [(), ()]
    cursor.execute(_MARK, [list(column) for column in columns])


def _name(channel: str) -> str:
    return f"salesforce:events:{channel}"
