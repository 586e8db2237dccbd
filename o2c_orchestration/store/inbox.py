"""The inbox: objects that an event says have changed. An event is a hint; the object is re-read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.store.bulk import stage
from o2c_orchestration.store.database import raw_cursor


@dataclass(frozen=True)
class DirtyObject:
    """A Stripe object to re-read. `version` grows with every hint, so that none is lost while it is read.

    `account` is the Stripe account whose event said so; None: not known.
    """

    object_id: str
    object: str
    partition: date
    version: int = 1
    account: str | None = None


def note(engine: Engine, hints: Iterable[tuple[str, str, date, str]], account: str | None = None) -> list[date]:
    """Record hints (object id, type, partition day, why); returns the days that now have something to do.

    `account` is the Stripe account that they come from, if that is known.

    A stored object keeps the partition of its own creation date, whatever the hint says.
    """
    with raw_cursor(engine) as cursor:
        stage(cursor, "hints", "object_id text, object text, partition_date date, hint text", hints)
        cursor.execute(
            """INSERT INTO o2c.inbox AS b (object_id, object, partition_date, hint, version, account)
               SELECT DISTINCT ON (h.object_id) h.object_id, h.object,
                      coalesce((o.created_at AT TIME ZONE 'UTC')::date, h.partition_date), h.hint,
                      -- From the clock: an entry that begins anew never has the version of one that was settled.
                      (extract(epoch FROM clock_timestamp()) * 1000000)::bigint, %s
               FROM hints h LEFT JOIN o2c.stripe_objects o ON o.id = h.object_id
               ORDER BY h.object_id
               ON CONFLICT (object_id) DO UPDATE SET version = b.version + 1, hint = excluded.hint,
                   hinted_at = clock_timestamp(), account = coalesce(excluded.account, b.account)
               RETURNING partition_date""",
            (account,),
        )
        return sorted({row[0] for row in cursor.fetchall()})


def waiting(engine: Engine, first: date, last: date) -> list[DirtyObject]:
    """Objects with a hint whose partition lies in [first, last]."""
    with raw_cursor(engine) as cursor:
        cursor.execute(
            """SELECT object_id, object, partition_date, version, account FROM o2c.inbox
               WHERE partition_date BETWEEN %s AND %s ORDER BY object_id""",
            (first, last),
        )
        rows: Sequence[Any] = cursor.fetchall()
        return [DirtyObject(*row) for row in rows]


def partitions_waiting(engine: Engine) -> dict[date, datetime]:
    """Partition day → when its newest hint came."""
    with raw_cursor(engine) as cursor:
        cursor.execute("SELECT partition_date, max(hinted_at) FROM o2c.inbox GROUP BY 1 ORDER BY 1")
        rows: Sequence[Any] = cursor.fetchall()
        return {row[0]: row[1] for row in rows}


def settle(engine: Engine, objects: Iterable[DirtyObject]) -> None:
    """Remove hints that were acted on, unless a newer one came meanwhile."""
    with raw_cursor(engine) as cursor:
        cursor.executemany(
            "DELETE FROM o2c.inbox WHERE object_id = %s AND version = %s",
            [(item.object_id, item.version) for item in objects],
        )


def read_cursor(engine: Engine, name: str) -> str | None:
    """A named cursor's value."""
    with raw_cursor(engine) as cursor:
        cursor.execute("SELECT value FROM o2c.cursors WHERE name = %s", (name,))
        row = cursor.fetchone()
        return str(row[0]) if row else None


def write_cursor(engine: Engine, name: str, value: str) -> None:
    """Move a named cursor."""
    with raw_cursor(engine) as cursor:
        cursor.execute(
            """INSERT INTO o2c.cursors (name, value) VALUES (%s, %s)
               ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_at = clock_timestamp()""",
            (name, value),
        )
