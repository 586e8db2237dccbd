"""A span of days in parts that fit into memory, for the planner: which days each has, and what they lean on."""

from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import Engine

from o2c_orchestration.store.bulk import sql
from o2c_orchestration.store.database import reading_cursor
from o2c_orchestration.store.unwritten import UNWRITTEN

Span = tuple[date, date]

# What a plan mostly consists of; what else there is comes with these.
_BY_DAY = f"""
SELECT day, count(*) FROM (
    SELECT (i.created_at AT TIME ZONE 'UTC')::date AS day FROM o2c.invoices i
    WHERE i.created_at >= %(first)s::date AND i.created_at < %(last)s::date + 1 AND {UNWRITTEN.format(t="i")}
    UNION ALL
    SELECT (p.created_at AT TIME ZONE 'UTC')::date FROM o2c.payments p
    WHERE p.created_at >= %(first)s::date AND p.created_at < %(last)s::date + 1 AND p.status = 'succeeded'
      AND {UNWRITTEN.format(t="p")}) d
GROUP BY 1 ORDER BY 1"""

# Stripe does not say what these hold: together they are looked at, or two of them take the same payments.
_MANUAL = """
SELECT 1 FROM o2c.payouts WHERE NOT automatic AND created_at >= %(first)s::date AND created_at < %(last)s::date + 1
LIMIT 1"""

_CREATED_LATER = """
SELECT 1 FROM o2c.stripe_objects
WHERE id = ANY(%(ids)s) AND created_at >= %(day)s::date + 1 AND created_at < %(last)s::date + 1 LIMIT 1"""

_ENTRIES = """
SELECT external_id, outcome || coalesce(digest, code) FROM o2c.plan_entries
WHERE partition_date BETWEEN %(first)s AND %(last)s"""


def parts_of(engine: Engine, first: date, last: date, rows_max: int) -> list[Span]:
    """[first, last] in spans without holes, oldest first, of at most `rows_max` invoices and payments to be booked.

    A day is never divided. It is one part where payouts are in it of which Stripe does not say what they hold.
    """
    if first == last:
        return [(first, last)]
    with reading_cursor(engine) as cursor:
        days = {"first": first, "last": last}
        cursor.execute(sql(_MANUAL), days)
        if cursor.fetchone() is not None:
            return [(first, last)]
        cursor.execute(sql(_BY_DAY), days)
        return divided(first, last, [(day, count) for day, count in cursor.fetchall()], rows_max)


def divided(first: date, last: date, counts: Iterable[tuple[date, int]], rows_max: int) -> list[Span]:
    """The spans for these rows by day, oldest day first."""
    begins, held = [first], 0
    for day, count in counts:
        if held and held + count > rows_max:
            begins.append(day)
            held = 0
        held += count
    ends = [*begins[1:], last + timedelta(days=1)]
    return [(begin, end - timedelta(days=1)) for begin, end in zip(begins, ends, strict=True)]


def created_later(engine: Engine, stripe_ids: Iterable[str], day: date, last: date) -> bool:
    """Whether one of these objects was created after `day`, and not after `last` (UTC days)."""
    with reading_cursor(engine) as cursor:
        cursor.execute(sql(_CREATED_LATER), {"ids": sorted(stripe_ids), "day": day, "last": last})
        return cursor.fetchone() is not None


def entries(engine: Engine, first: date, last: date) -> dict[str, str]:
    """What is planned for [first, last]: external id and what tells two outcomes apart."""
    with reading_cursor(engine) as cursor:
        cursor.execute(sql(_ENTRIES), {"first": first, "last": last})
        return dict(cursor.fetchall())
