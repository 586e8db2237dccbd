"""Which days of Stripe were read whole, so that nobody closes a month that was not looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Engine

from o2c_orchestration.domain.policy import MAIN
from o2c_orchestration.store.database import raw_cursor


@dataclass(frozen=True)
class DaysRead:
    """The days of a span and a list of object types, read after they were over, or not.

    `oldest` and `newest` are the reads that brought them (None: none did). `unread` are (type, UTC day); the type is
    followed by `of acct_…` where it is a further Stripe account that was not read.
    """

    oldest: datetime | None
    newest: datetime | None
    unread: list[tuple[str, date]]


def record_read(
    engine: Engine, object_type: str, first: date, last: date, read_at: datetime, account: str = MAIN
) -> None:
    """All objects of a type created on the UTC days [first, last] were read, in a read that began at `read_at`."""
    with raw_cursor(engine) as cursor:
        cursor.execute(
            """INSERT INTO o2c.days_read AS t (object, day, read_at, account)
               SELECT %s, generate_series(%s::date, %s::date, '1 day')::date, %s, %s
               ON CONFLICT (object, day, account) DO UPDATE SET read_at = greatest(t.read_at, excluded.read_at)""",
            (object_type, first, last, read_at, account),
        )


def days_read(
    engine: Engine, object_types: Sequence[str], first: date, last: date, accounts: Sequence[str] = (MAIN,)
) -> DaysRead:
    """How whole the reads of [first, last] (UTC days) are. A day that was read before its end counts as unread."""
    with raw_cursor(engine) as cursor:
        cursor.execute(
            """SELECT o.object || CASE k.account WHEN 'main' THEN '' ELSE ' of ' || k.account END, d.day::date,
                      r.read_at
               FROM unnest(%s::text[]) o (object) CROSS JOIN unnest(%s::text[]) k (account)
               CROSS JOIN generate_series(%s::date, %s::date, '1 day') d (day)
               LEFT JOIN o2c.days_read r ON r.object = o.object AND r.day = d.day AND r.account = k.account
                    AND r.read_at >= (d.day + interval '1 day') AT TIME ZONE 'UTC'
               ORDER BY 2, 1""",
            (list(object_types), list(accounts), first, last),
        )
        rows = cursor.fetchall()
    moments = [row[2] for row in rows if row[2] is not None]
    unread = [(str(row[0]), row[1]) for row in rows if row[2] is None]
    return DaysRead(min(moments, default=None), max(moments, default=None), unread)
