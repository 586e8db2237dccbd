"""What of Stripe bills deals: subscription schedules and their prices."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.domain.deals import BilledSpan, BillingRow
from o2c_orchestration.store.database import raw_cursor

# A schedule that has ended changes no more.
_TO_READ = """
SELECT j.written_id FROM o2c.journal j LEFT JOIN o2c.stripe_objects o ON o.id = j.written_id
WHERE j.document = 'subscriptionSchedule' AND j.state = 'done'
  AND (o.id IS NULL OR NOT o.status IN ('canceled', 'completed', 'released'))
ORDER BY 1"""

_NAMED = """
SELECT DISTINCT CASE json_typeof(i.value -> 'price') WHEN 'string' THEN i.value ->> 'price'
                     ELSE i.value -> 'price' ->> 'id' END AS id
FROM o2c.stripe_objects o CROSS JOIN LATERAL json_array_elements(o.payload -> 'phases') p
CROSS JOIN LATERAL json_array_elements(p.value -> 'items') i
WHERE o.object = 'subscription_schedule'"""

_SCHEDULES = "SELECT id, status, payload FROM o2c.stripe_objects WHERE object = 'subscription_schedule'"
_UNITS = (
    "SELECT id, (payload ->> 'unit_amount')::bigint FROM o2c.stripe_objects WHERE object = 'price' AND id = ANY(%s)"
)


def schedules_to_read(engine: Engine) -> list[str]:
    """Subscription schedules that we made and that may still change."""
    with raw_cursor(engine) as cursor:
        cursor.execute(_TO_READ)
        return [str(row[0]) for row in cursor.fetchall()]


def unread_prices(engine: Engine) -> list[str]:
    """Prices that schedules name and the store lacks."""
    with raw_cursor(engine) as cursor:
        cursor.execute(_NAMED)
        named = [str(row[0]) for row in cursor.fetchall() if row[0]]
    return unknown(engine, named)


def unknown(engine: Engine, ids: Sequence[str]) -> list[str]:
    """Those of these ids that the store has no object of."""
    with raw_cursor(engine) as cursor:
        cursor.execute(
            """SELECT n FROM unnest(%s::text[]) n WHERE NOT EXISTS (SELECT FROM o2c.stripe_objects o WHERE o.id = n)
               ORDER BY 1""",
            (list(ids),),
        )
        return [str(row[0]) for row in cursor.fetchall()]


def read_spans(engine: Engine) -> dict[str, BillingRow]:
    """Subscription schedules by id, with what they bill per period."""
    with raw_cursor(engine) as cursor:
        cursor.execute(_SCHEDULES)
        schedules: Sequence[Any] = cursor.fetchall()
        named = {_price(item) for _, _, payload in schedules for phase in payload["phases"] for item in phase["items"]}
        cursor.execute(_UNITS, (sorted(named),))
        units = {str(row[0]): row[1] for row in cursor.fetchall()}
    return {
        identifier: BillingRow(identifier, status, tuple(_span(phase, units) for phase in payload["phases"]))
        for identifier, status, payload in schedules
    }


def _span(phase: Any, units: dict[str, int | None]) -> BilledSpan:
    start = datetime.fromtimestamp(phase["start_date"], UTC)
    amounts = [units.get(_price(item)) for item in phase["items"]]
    if any(unit is None for unit in amounts):
        return BilledSpan(start, None)
    whole = sum((unit or 0) * (item.get("quantity") or 1) for unit, item in zip(amounts, phase["items"], strict=True))
    return BilledSpan(start, whole)


def _price(item: Any) -> str:
    price = item.get("price")
    return str(price.get("id") if isinstance(price, dict) else price)
