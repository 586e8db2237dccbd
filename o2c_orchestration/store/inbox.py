"""The inbox: objects that an event says have changed. An event is a hint; the object is re-read."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import psycopg
from sqlalchemy import Engine

from o2c_orchestration.store.bulk import sql
from o2c_orchestration.store.database import raw_cursor, reading_cursor

# Waiting runs listen to this channel.
CHANNEL = "o2c_inbox"
WAKE = f"NOTIFY {CHANNEL}"
# An object that cannot be read is tried again after 10 s, 20 s, 40 s … up to ten minutes.
_FIRST_WAIT, _LONGEST_WAIT = 10, 600

# Marks the objects of the relation `hints`, in the order of ids, so that two that mark the same objects wait for each
# other and never both.
MARK = """
INSERT INTO o2c.inbox AS b (object_id, object, hint, account, changed_at, urgent, version)
SELECT h.object_id, min(h.object), max(h.hint), max(h.account), min(h.changed_at), bool_or(h.urgent),
       -- From the clock: an entry that begins anew never has the version of one that was settled.
       (extract(epoch FROM clock_timestamp()) * 1000000)::bigint
FROM hints h GROUP BY h.object_id ORDER BY h.object_id
ON CONFLICT (object_id) DO UPDATE SET
    version = b.version + 1, hint = excluded.hint, hinted_at = clock_timestamp(),
    account = coalesce(excluded.account, b.account), urgent = b.urgent OR excluded.urgent,
    changed_at = least(b.changed_at, excluded.changed_at)"""

_NOTE = f"""
WITH hints AS (
    SELECT *, %s::text AS account, clock_timestamp() AS changed_at, false AS urgent
    FROM unnest(%s::text[], %s::text[], %s::text[]) AS t (object_id, object, hint))
{MARK}"""

# What others lean on comes before them, or it would be asked for one by one while it waits here itself: only among what
# came within a minute, so that nothing waits for what came long after it, and only so many times what is taken, so that
# a backlog of days is not sorted for each batch.
_IN_ORDER = ["customer", "price", "coupon", "invoice", "invoice_payment", "charge"]
_LOOKED_AT = 4
_WAITING = """
SELECT object_id, object, version, account, changed_at, attempts FROM (
    SELECT * FROM o2c.inbox WHERE not_before <= clock_timestamp()
    ORDER BY urgent DESC, first_seen_at, object_id LIMIT %(looked_at)s) longest
ORDER BY urgent DESC, date_trunc('minute', first_seen_at), array_position(%(in_order)s::text[], object), first_seen_at,
    object_id LIMIT %(limit)s"""

_POSTPONE = """
UPDATE o2c.inbox b SET attempts = b.attempts + 1, failure = f.failure,
    not_before = clock_timestamp() + make_interval(
        secs => least(%(first)s * 2.0 ^ least(b.attempts, 20), %(longest)s) * (0.8 + 0.4 * random()))
FROM unnest(%(ids)s::text[], %(versions)s::bigint[], %(failures)s::text[]) AS f (object_id, version, failure)
WHERE b.object_id = f.object_id AND b.version = f.version"""

_BACKLOG = """
SELECT count(*), count(*) FILTER (WHERE urgent), count(*) FILTER (WHERE attempts > 0), min(changed_at),
       -- PostgreSQL before 17 takes no infinite moment from another.
       extract(epoch FROM min(greatest(not_before, to_timestamp(0))) - clock_timestamp())::float8
FROM o2c.inbox"""


@dataclass(frozen=True)
class DirtyObject:
    """A Stripe object to re-read. `version` grows with every hint, so that none is lost while it is read.

    `changed_at` (UTC) is when the first of the changes happened that it waits for, where that is known. `attempts` are
    those that brought nothing.
    """

    object_id: str
    object: str
    version: int = 1
    account: str | None = None
    changed_at: datetime | None = None
    attempts: int = 0


@dataclass(frozen=True)
class Backlog:
    """What waits: objects, urgent ones among them, and those that could not be read or planned at once.

    `changed_at` (UTC) is when the oldest of these changes happened, `due_in` are seconds until something may be read
    (0 or less: now). Both None when nothing waits.
    """

    objects: int
    urgent: int
    failing: int
    changed_at: datetime | None
    due_in: float | None


def note(engine: Engine, hints: Iterable[tuple[str, str, str]], account: str | None = None) -> int:
    """Record hints (object id, type, why) of objects to re-read, of this Stripe account if it is known.

    Returns how many objects.
    """
    columns = list(zip(*hints, strict=True)) or [(), (), ()]
    with raw_cursor(engine) as cursor:
        cursor.execute(sql(_NOTE), [account, *(list(column) for column in columns)])
        marked = cursor.rowcount
        if marked:
            cursor.execute(WAKE)
        return marked


def take(engine: Engine, limit: int) -> list[DirtyObject]:
    """Objects to read now: urgent ones first, then by the minute in which they came, in it what others lean on first.

    They stay until `settle`.
    """
    with reading_cursor(engine) as cursor:
        cursor.execute(_WAITING, {"limit": limit, "looked_at": _LOOKED_AT * limit, "in_order": _IN_ORDER})
        return [DirtyObject(*row) for row in cursor.fetchall()]


def postpone(engine: Engine, failures: Mapping[DirtyObject, str]) -> None:
    """These could not be read or planned, and why: they wait longer each time, unless a newer hint came meanwhile."""
    if not failures:
        return
    values = {
        "ids": [item.object_id for item in failures],
        "versions": [item.version for item in failures],
        "failures": list(failures.values()),
    }
    with raw_cursor(engine) as cursor:
        cursor.execute(sql(_POSTPONE), {**values, "first": _FIRST_WAIT, "longest": _LONGEST_WAIT})


def backlog(engine: Engine, patience: str | None = None) -> Backlog:
    """What waits now; `patience` as of `raw_cursor`."""
    with raw_cursor(engine, patience) as cursor:
        cursor.execute(_BACKLOG)
        row: Any = cursor.fetchone()
        return Backlog(*row)


def failing(engine: Engine, limit: int = 100) -> list[dict[str, Any]]:
    """What could not be read or planned yet, the most often tried first: id, type, attempts, why, when next (UTC)."""
    names = ("id", "object", "attempts", "reason", "changed", "next attempt")
    with raw_cursor(engine) as cursor:
        cursor.execute(
            """SELECT object_id, object, attempts, failure, changed_at, not_before FROM o2c.inbox
               WHERE attempts > 0 ORDER BY attempts DESC, object_id LIMIT %s""",
            (limit,),
        )
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@contextmanager
def listening(engine: Engine) -> Iterator[Callable[[float], None]]:
    """A function that waits up to so many seconds for news, over a connection of its own."""
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)
        driver.autocommit = True
        driver.execute(f"LISTEN {CHANNEL}")
        try:
            yield partial(_await, driver)
        finally:
            # It listens, so nobody else may have it.
            connection.invalidate()


def _await(driver: psycopg.Connection[Any], seconds: float) -> None:
    if seconds > 0:
        for _ in driver.notifies(timeout=seconds, stop_after=1):
            pass


def settle(engine: Engine, objects: Sequence[DirtyObject]) -> None:
    """Remove hints that were acted on, unless a newer one came meanwhile."""
    with raw_cursor(engine) as cursor:
        cursor.execute(
            """DELETE FROM o2c.inbox b USING unnest(%s::text[], %s::bigint[]) AS f (object_id, version)
               WHERE b.object_id = f.object_id AND b.version = f.version""",
            ([item.object_id for item in objects], [item.version for item in objects]),
        )


def read_cursor(engine: Engine, name: str) -> str | None:
    """A named cursor's value."""
    with reading_cursor(engine) as cursor:
        cursor.execute("SELECT value FROM o2c.cursors WHERE name = %s", (name,))
        row = cursor.fetchone()
        return str(row[0]) if row else None


def written_ago(engine: Engine, name: str) -> timedelta | None:
    """How long ago a named cursor was moved, by the database's clock; None for one that has no value."""
    with reading_cursor(engine) as cursor:
        cursor.execute("SELECT clock_timestamp() - updated_at FROM o2c.cursors WHERE name = %s", (name,))
        row: Any = cursor.fetchone()
        return row[0] if row else None


def forget_cursor(engine: Engine, name: str) -> None:
    """A named cursor has no value any more."""
    with raw_cursor(engine) as cursor:
        cursor.execute("DELETE FROM o2c.cursors WHERE name = %s", (name,))


def write_cursor(engine: Engine, name: str, value: str) -> None:
    """Move a named cursor."""
    with raw_cursor(engine) as cursor:
        cursor.execute(
            """INSERT INTO o2c.cursors (name, value) VALUES (%s, %s)
               ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_at = clock_timestamp()""",
            (name, value),
        )
