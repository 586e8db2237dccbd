"""Outages: times of which no event was read, neither by webhook nor from the list, and whether they are healed.

Stripe shows events for 30 days, and days of them are more requests than reading everything again. So after an outage
all windows are read again, which brings changes of old objects too; until every day was, the outage is open.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Engine

from o2c_orchestration.store.database import raw_cursor
from o2c_orchestration.store.inbox import read_cursor, write_cursor

AFTER = timedelta(days=3)
_SINCE, _NOTICED = "stripe_outage_since", "stripe_outage_noticed"

_UNREAD = """
SELECT count(*) FROM unnest(%(types)s::text[]) o (object)
CROSS JOIN unnest(%(accounts)s::text[]) a (account)
CROSS JOIN generate_series(%(first)s::date, %(last)s::date, '1 day') d (day)
WHERE NOT EXISTS (SELECT FROM o2c.days_read r
                  WHERE r.object = o.object AND r.account = a.account AND r.day = d.day::date
                    AND r.read_at >= %(noticed)s)"""


def note(engine: Engine, since: datetime, noticed: datetime) -> None:
    """No event was read from `since` to `noticed`. One that is open already began earlier."""
    if read_cursor(engine, _SINCE) is None:
        write_cursor(engine, _SINCE, since.isoformat())
    write_cursor(engine, _NOTICED, noticed.isoformat())


def open_outage(
    engine: Engine, object_types: Sequence[str], accounts: Sequence[str], start: date
) -> tuple[datetime, datetime] | None:
    """Since when, and when it was noticed (UTC); None when there is none, or every day from `start` was read since."""
    since, noticed = read_cursor(engine, _SINCE), read_cursor(engine, _NOTICED)
    if since is None or noticed is None:
        return None
    seen_at = datetime.fromisoformat(noticed)
    asked = {
        "types": list(object_types),
        "accounts": list(accounts),
        "first": start,
        "last": seen_at.date(),
        "noticed": seen_at,
    }
    with raw_cursor(engine) as cursor:
        cursor.execute(_UNREAD, asked)
        row = cursor.fetchone()
        if row is not None and row[0] == 0:
            cursor.execute("DELETE FROM o2c.cursors WHERE name = ANY(%s)", ([_SINCE, _NOTICED],))
            return None
    return datetime.fromisoformat(since), seen_at
