"""Figures of the business by day, in the time zone of the books, for telling what is unusual. All of it is SQL.

Only days that are over, and of which Stripe was read whole since, are in it: a day that was not read has no invoices
for another reason. Sums are in minor units.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.store.bulk import Cursor, sql
from o2c_orchestration.store.database import raw_cursor


@dataclass(frozen=True)
class Figure:
    """A figure of one day: documents, or their money, or a rate of so many documents (`events`)."""

    name: str
    currency: str | None
    day: date
    value: float | None
    events: float


_DAY = "({column} AT TIME ZONE %(zone)s)::date"
_WITHIN = """{column} >= (%(first)s::date)::timestamp AT TIME ZONE %(zone)s
       AND {column} < (%(last)s::date + 1)::timestamp AT TIME ZONE %(zone)s"""


def _documents(name: str, table: str, amount: str, condition: str) -> tuple[str, str]:
    day, within = _DAY.format(column="created_at"), _WITHIN.format(column="created_at")
    plain = f"""SELECT currency, {day} AS day, count(*) AS n, sum({amount}) AS minor FROM o2c.{table}
                WHERE {within} AND {condition} GROUP BY 1, 2"""
    return (
        f"SELECT '{name}.count', currency, day, n, n FROM ({plain}) f",
        f"SELECT '{name}.amount', currency, day, minor, n FROM ({plain}) f",
    )


def _sizes(name: str, table: str, amount: str, condition: str) -> tuple[str, str]:
    """Their typical size (geometric mean), in which one large document has little say; and how many repeat another one:
    the same customer and amount within 20 hours (a daily plan comes every 24)."""
    day, within = _DAY.format(column="created_at"), _WITHIN.format(column="created_at")
    return (
        f"""SELECT '{name}.typical', currency, {day}, exp(avg(ln({amount}))), count(*) FROM o2c.{table}
            WHERE {within} AND {condition} AND {amount} > 0 GROUP BY 2, 3""",
        _repeated(name, f"o2c.{table} d", "d.customer_id", amount, condition),
    )


def _repeated(name: str, documents: str, whose: str, amount: str, condition: str) -> str:
    """How many repeat another of the same customer (or what else is in `whose`) and amount."""
    day, within = _DAY.format(column="created_at"), _WITHIN.format(column="created_at")
    repeats = f"""
        SELECT d.currency, d.created_at, d.created_at - lag(d.created_at) OVER (
                   PARTITION BY {whose}, d.currency, d.{amount} ORDER BY d.created_at, d.id
               ) < interval '20 hours' AS again
        FROM {documents}
        WHERE d.created_at >= (%(first)s::date - 1)::timestamp AT TIME ZONE %(zone)s
          AND d.{condition} AND {whose} IS NOT NULL AND d.{amount} > 0"""
    return f"""SELECT '{name}.repeated', currency, {day}, count(*) FILTER (WHERE again), count(*) FROM ({repeats}) f
               WHERE {within} GROUP BY 2, 3"""


_FEES = f"""
SELECT 'fees.rate', currency, {_DAY.format(column="created_at")},
       CASE WHEN sum(amount_minor) > 0 AND sum(fee_minor) > 0 THEN sum(fee_minor) / sum(amount_minor) END, count(*)
FROM o2c.balance_transactions WHERE {_WITHIN.format(column="created_at")} AND type IN ('charge', 'payment')
GROUP BY 1, 2, 3"""

# From the creation in Stripe to NetSuite's answer. What was billed more than two days before was no news (a backfill).
_LATENCY = f"""
SELECT 'latency', NULL, {_DAY.format(column="j.answered_at")},
       percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM j.answered_at - o.created_at)), count(*)
FROM o2c.journal j JOIN o2c.stripe_objects o ON o.id = j.stripe_id
WHERE {_WITHIN.format(column="j.answered_at")} AND j.state = 'done' AND NOT j.adopted
  AND j.document = ANY(%(documents)s)
  AND o.created_at > j.answered_at - interval '2 days' AND o.created_at < j.answered_at GROUP BY 3"""

_GAPS = f"""
SELECT 'gaps.opened', NULL, {_DAY.format(column="first_seen_at")}, count(*), count(*) FROM o2c.gaps
WHERE {_WITHIN.format(column="first_seen_at")} AND leg IN ('stripe_netsuite', 'payout_deposit') GROUP BY 3"""

# What was open at the end of a day, over what was billed in the 90 days before it, in days. An invoice is open from its
# issue until it is paid, voided or written off.
_DSO = """
WITH moved AS (
    SELECT currency, day, sum(minor) AS minor, sum(billed) AS billed, sum(n) AS n FROM (
        SELECT currency, issue_date AS day, total_minor AS minor, total_minor AS billed, 1 AS n FROM o2c.invoices
        WHERE status <> 'draft' AND issue_date IS NOT NULL AND total_minor > 0
        UNION ALL
        SELECT currency, greatest(issue_date, least(paid_date, closed_date)), -total_minor, 0, 0 FROM o2c.invoices
        WHERE status <> 'draft' AND issue_date IS NOT NULL AND total_minor > 0
          AND least(paid_date, closed_date) IS NOT NULL) m
    GROUP BY 1, 2),
days AS (
    SELECT c.currency, d.day::date AS day, coalesce(m.minor, 0) AS minor, coalesce(m.billed, 0) AS billed,
           coalesce(m.n, 0) AS n
    FROM (SELECT currency, min(day) AS since FROM moved GROUP BY 1) c
    CROSS JOIN LATERAL generate_series(c.since::timestamp, %(last)s::date::timestamp, '1 day') d (day)
    LEFT JOIN moved m ON m.currency = c.currency AND m.day = d.day::date),
rolled AS (
    SELECT currency, day, sum(minor) OVER (PARTITION BY currency ORDER BY day) AS open,
           sum(billed) OVER w AS billed, sum(n) OVER w AS n, count(*) OVER w AS span
    FROM days WINDOW w AS (PARTITION BY currency ORDER BY day ROWS 89 PRECEDING))
SELECT 'dso', currency, day, CASE WHEN open > 0 AND billed > 0 THEN open * 90.0 / billed END, n FROM rolled
WHERE day >= %(first)s::date AND span = 90"""

_INVOICES = ("invoices", "invoices", "total_minor", "status <> 'draft'")
_PAYMENTS = ("payments", "payments", "amount_minor", "status = 'succeeded'")
_REFUNDS = ("refunds", "refunds", "amount_minor", "status NOT IN ('failed', 'canceled')")
# A refund knows its charge alone; of a charge without a customer, another refund of the same one repeats it.
_REFUNDED = "o2c.refunds d LEFT JOIN o2c.payments p ON p.id = d.charge_id"
_FIGURES = (
    *_documents(*_INVOICES),
    *_sizes(*_INVOICES),
    *_documents(*_PAYMENTS),
    *_sizes(*_PAYMENTS),
    *_documents(*_REFUNDS),
    _repeated("refunds", _REFUNDED, "coalesce(p.customer_id, d.charge_id)", *_REFUNDS[2:]),
    _FEES,
    _LATENCY,
    _GAPS,
    _DSO,
)

# The last day, in the zone of the books, that was over in UTC too when all of these were read.
_WHOLE = """
SELECT min(day) FROM (
    SELECT max(r.day) AS day FROM unnest(%(objects)s::text[]) o (object)
    LEFT JOIN o2c.days_read r ON r.object = o.object AND r.account = 'main'
         AND r.read_at >= (r.day + interval '1 day') AT TIME ZONE 'UTC'
    GROUP BY o.object) d"""
_READ = ("invoice", "charge")


def last_whole_day(engine: Engine) -> date | None:
    """The last day that is over everywhere and was read whole; the day of the books may end in the UTC day after."""
    with raw_cursor(engine) as cursor:
        cursor.execute(_WHOLE, {"objects": list(_READ)})
        found: Any = cursor.fetchone()
        return found[0] - timedelta(days=1) if found and found[0] else None


def figures(engine: Engine, zone: str, first: date, last: date) -> list[Figure]:
    """Every figure of the days [first, last] in a time zone, where there is one; days without anything are left out."""
    values = {"zone": zone, "first": first, "last": last, "documents": ["invoice", "customerPayment"]}
    with raw_cursor(engine) as cursor:
        return [each for statement in _FIGURES for each in _rows(cursor, statement, values)]


def _rows(cursor: Cursor, statement: str, values: dict[str, Any]) -> Iterator[Figure]:
    cursor.execute(sql(statement), values)
    for name, currency, day, value, events in cursor.fetchall():
        yield Figure(name, currency, day, None if value is None else float(value), float(events))
