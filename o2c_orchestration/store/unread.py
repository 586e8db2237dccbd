"""What lines of invoices name and nobody has read: prices, discounts and coupons, whose metadata may name items."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine

from o2c_orchestration.domain.metadata import DISCOUNT_ITEM
from o2c_orchestration.store.bulk import sql
from o2c_orchestration.store.database import reading_cursor
from o2c_orchestration.store.inbox import read_cursor, write_cursor

# Whether any coupon names an item: where none does, nobody has to know of which coupon a discount is.
NAMING = f"""EXISTS (
    SELECT FROM o2c.stripe_metadata m JOIN o2c.coupons c ON c.id = m.stripe_id WHERE m.name = '{DISCOUNT_ITEM}')"""
COUPONS_LISTED, _COUPONS_ASKED = "coupons_listed", "coupons_asked"
_LACKING = """NOT EXISTS (SELECT FROM o2c.stripe_objects o WHERE o.id = {id})
  AND NOT EXISTS (SELECT FROM o2c.stripe_absent a WHERE a.id = {id})"""
_PRICES = f"""
SELECT n.id FROM o2c.prices_named n WHERE NOT n.id = ANY(%(mapped)s) AND {_LACKING.format(id="n.id")} ORDER BY 1"""
# Where nothing in Stripe names anything in NetSuite, nobody has used the connector, and lines wait for no price.
_PRICES_OF = f"""
SELECT DISTINCT l.value ->> 'price_id' FROM o2c.invoice_lines a CROSS JOIN json_array_elements(a.lines) l
WHERE a.invoice_id = ANY(%(ids)s) AND EXISTS (SELECT FROM o2c.stripe_metadata)
  AND l.value ->> 'price_id' IS NOT NULL AND NOT l.value ->> 'price_id' = ANY(%(mapped)s)
  AND {_LACKING.format(id="l.value ->> 'price_id'")} ORDER BY 1"""
# Stripe shows a discount's coupon only on an invoice that has the discount.
_DISCOUNTED = f"""
SELECT DISTINCT n.invoice_id FROM o2c.discounts_named n WHERE {NAMING} AND {_LACKING.format(id="n.id")} ORDER BY 1"""
_DISCOUNTED_OF = f"""
SELECT DISTINCT a.invoice_id FROM o2c.invoice_lines a CROSS JOIN json_array_elements(a.lines) l
CROSS JOIN json_array_elements(l.value -> 'discounts') d JOIN o2c.discounts_named n ON n.id = d.value ->> 0
WHERE a.invoice_id = ANY(%(ids)s) AND {NAMING} AND {_LACKING.format(id="n.id")} ORDER BY 1"""
# Each coupon once before it is looked for: a coupon may have as many discounts as there are invoices.
_COUPONS = f"""
SELECT d.id FROM (SELECT DISTINCT coupon_id AS id FROM o2c.discounts OFFSET 0) d
WHERE {_LACKING.format(id="d.id")} ORDER BY 1"""


def unread_prices(engine: Engine, mapped: Sequence[str], invoices: Sequence[str] | None = None) -> list[str]:
    """Prices that lines name and whose metadata nobody has read, less those that are mapped to items anyway.

    Of all invoices, or those of these for which their lines have to wait.
    """
    if invoices is None:
        return _column(engine, _PRICES, {"mapped": list(mapped)})
    return _column(engine, _PRICES_OF, {"mapped": list(mapped), "ids": list(invoices)})


def discounted_invoices(engine: Engine, ids: Sequence[str] | None = None) -> list[str]:
    """Invoices that tell the coupons of discounts which nobody has read: one for each of all discounts, or of these."""
    return _column(engine, _DISCOUNTED, {}) if ids is None else _column(engine, _DISCOUNTED_OF, {"ids": list(ids)})


def any_discount(engine: Engine) -> bool:
    """Whether any line has a discount."""
    return bool(_column(engine, "SELECT 1 FROM o2c.discounts_named LIMIT 1", {}))


def coupons_listed(engine: Engine) -> tuple[datetime | None, datetime | None]:
    """When all coupons were read last, and when they were asked for last (UTC), if they ever were."""
    return _moment(read_cursor(engine, COUPONS_LISTED)), _moment(read_cursor(engine, _COUPONS_ASKED))


def _moment(found: str | None) -> datetime | None:
    return None if found is None else datetime.fromisoformat(found)


def note_coupons_listed(engine: Engine, at: datetime, *, readable: bool = True) -> None:
    """All coupons that were there at that moment have been read, or may not be."""
    for name in (_COUPONS_ASKED, *([COUPONS_LISTED] if readable else [])):
        write_cursor(engine, name, at.isoformat())


def unread_coupons(engine: Engine) -> list[str]:
    """Coupons of discounts that are known, and whose metadata nobody has read."""
    return _column(engine, _COUPONS, {})


def _column(engine: Engine, statement: str, given: dict[str, list[str]]) -> list[str]:
    with reading_cursor(engine) as cursor:
        cursor.execute(sql(statement), given)
        return [str(row[0]) for row in cursor.fetchall()]
