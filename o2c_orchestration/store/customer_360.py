"""One row for each customer and currency: who it is in the three systems, and its money in each."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.domain.money import format_money
from o2c_orchestration.store.database import raw_cursor

_AMOUNTS = ("pipeline", "won", "ordered", "billed", "paid", "open", "overdue")


def read(engine: Engine, limit: int) -> tuple[list[dict[str, Any]], int]:
    """The customers who owe most, for people: ids and money; and how many rows there are of all customers."""
    with raw_cursor(engine) as cursor:
        cursor.execute(
            """SELECT name, salesforce_id, stripe_id, netsuite_id, currency, pipeline_minor, won_minor, ordered_minor,
                      billed_minor, paid_minor, open_minor, overdue_minor, count(*) OVER ()
               FROM o2c.customer_360 ORDER BY overdue_minor DESC, open_minor DESC, won_minor DESC, name LIMIT %s""",
            (limit,),
        )
        rows: Sequence[Any] = cursor.fetchall()
    return [_row(row[:-1]) for row in rows], rows[0][-1] if rows else 0


def _row(row: Sequence[Any]) -> dict[str, Any]:
    name, salesforce, stripe, netsuite, currency, *amounts = row
    who = {"customer": name, "Salesforce": salesforce, "Stripe": stripe, "NetSuite": netsuite}
    return who | {
        title: format_money(minor, currency) if minor else "" for title, minor in zip(_AMOUNTS, amounts, strict=True)
    }
