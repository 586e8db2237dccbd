"""The mirror of NetSuite's sales orders."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.store.bulk import stage
from o2c_orchestration.store.database import raw_cursor

ORDERS_CURSOR = "netsuite_orders"
# With what NetSuite adds as tax, which is asked for where the policy leaves tax to it.
TAXED_CURSOR = "netsuite_orders_taxed"
# (internal id, external id, number, status letter, currency, minor units, day, customer, minor units of tax among them)
OrderValues = tuple[int, str | None, str | None, str, str, int, date, int | None, int]


# An order that was read without is not known to have any.
_TAXES = """
INSERT INTO o2c.sales_order_taxes SELECT r.id, r.tax_minor FROM orders_read r
WHERE r.tax_minor <> 0 OR EXISTS (SELECT FROM o2c.sales_order_taxes x WHERE x.order_id = r.id)
ORDER BY r.id
ON CONFLICT (order_id) DO UPDATE SET tax_minor = excluded.tax_minor"""


def merge_orders(engine: Engine, rows: Iterable[OrderValues], read_at: datetime) -> tuple[int, int]:
    """Store orders that a read brought; (read, changed)."""
    columns = """id bigint, external_id text, tranid text, status text, currency text, total_minor bigint,
        trandate date, entity_id bigint, tax_minor bigint"""
    with raw_cursor(engine) as cursor:
        count = stage(cursor, "orders_read", columns, rows)
        cursor.execute(
            """INSERT INTO o2c.sales_orders AS t (id, external_id, tranid, status, currency, total_minor, trandate,
                   entity_id, read_at)
               SELECT r.id, r.external_id, r.tranid, r.status, r.currency, r.total_minor, r.trandate, r.entity_id, %s
               FROM orders_read r ORDER BY r.id
               ON CONFLICT (id) DO UPDATE SET external_id = excluded.external_id, tranid = excluded.tranid,
                   status = excluded.status, currency = excluded.currency, total_minor = excluded.total_minor,
                   trandate = excluded.trandate, entity_id = excluded.entity_id, read_at = excluded.read_at,
                   deleted_at = NULL
               WHERE t.read_at <= excluded.read_at RETURNING t.id""",
            (read_at,),
        )
        changed = cursor.rowcount
        cursor.execute(_TAXES)
        return count, changed


def living(engine: Engine) -> list[int]:
    """Internal ids of the orders that are not known to be deleted."""
    with raw_cursor(engine) as cursor:
        cursor.execute("SELECT id FROM o2c.sales_orders WHERE deleted_at IS NULL ORDER BY id")
        return [int(str(row[0])) for row in cursor.fetchall()]


def mark_deleted(engine: Engine, ids: Sequence[int]) -> int:
    """Orders that NetSuite has no more."""
    with raw_cursor(engine) as cursor:
        cursor.execute(
            "UPDATE o2c.sales_orders SET deleted_at = clock_timestamp() WHERE id = ANY(%s) AND deleted_at IS NULL",
            (list(ids),),
        )
        return cursor.rowcount


def totals(engine: Engine) -> list[tuple[str, int, int]]:
    """(currency, orders, minor units) of all living orders."""
    with raw_cursor(engine) as cursor:
        cursor.execute(
            """SELECT currency, count(*), sum(total_minor)::bigint FROM o2c.sales_orders
               WHERE deleted_at IS NULL GROUP BY 1 ORDER BY 1"""
        )
        rows: Sequence[Any] = cursor.fetchall()
        return [(row[0], row[1], row[2]) for row in rows]
