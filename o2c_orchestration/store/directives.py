"""What metadata says of the rows that are planned together, with what the mirror of NetSuite holds there."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from o2c_orchestration.domain import metadata
from o2c_orchestration.domain.directives import Directives, NamedInvoice, Pointer
from o2c_orchestration.domain.documents import LineRow, Rows
from o2c_orchestration.domain.policy import Customers
from o2c_orchestration.store.bulk import Cursor, sql
from o2c_orchestration.store.look_alikes import look_alikes
from o2c_orchestration.store.metadata import FITS, RIVAL
from o2c_orchestration.store.unread import COUPONS_LISTED, NAMING

_BLOCKED = f"SELECT stripe_id, value FROM o2c.stripe_metadata WHERE name = '{metadata.BLOCK}'"
_NAMED = "SELECT stripe_id, value FROM o2c.stripe_metadata WHERE stripe_id = ANY(%(ids)s) AND name = '{name}'"
_CUSTOMERS, _PAYERS = _NAMED.format(name=metadata.CUSTOMER), _NAMED.format(name=metadata.PAYER)

_POINTERS = f"""
SELECT p.stripe_id, p.name, p.value, p.document, p.key, p.netsuite_id::text, d.document, d.stripe_ref,
       d.id IS NULL OR {FITS},
       ARRAY({RIVAL} ORDER BY 1)
FROM o2c.metadata_pointers p
LEFT JOIN o2c.netsuite_documents d ON d.id = p.netsuite_id AND d.deleted_at IS NULL AND NOT d.voided
WHERE p.stripe_id = ANY(%(ids)s) ORDER BY p.stripe_id, p.name"""

# Applied or not is known once the payment was read.
_PAYS = f"""
SELECT p.stripe_id, p.value, p.netsuite_id::text, d.document, d.stripe_ref, d.currency, d.remaining_minor,
       d.id IS NULL OR {FITS},
       (SELECT bool_or(EXISTS (SELECT FROM o2c.netsuite_applications a
                               WHERE a.payment_id = b.id AND a.invoice_id = p.netsuite_id))
        FROM o2c.netsuite_documents b WHERE b.stripe_ref = p.stripe_id AND b.document = 'customerPayment'
          AND b.deleted_at IS NULL AND NOT b.voided)
FROM (SELECT m.*, 'invoice' AS document FROM o2c.stripe_metadata m WHERE m.name = '{metadata.PAYS}'
        AND m.stripe_id = ANY(%(ids)s) AND split_part(m.stripe_id, '_', 1) IN ('ch', 'py')) p
LEFT JOIN o2c.netsuite_documents d ON d.id = p.netsuite_id AND d.deleted_at IS NULL AND NOT d.voided"""

_PRICES = "SELECT stripe_id, name, value FROM o2c.stripe_metadata WHERE stripe_id = ANY(%(ids)s)"

# One that Stripe says it does not have has nothing to say. Nor has any where no object at all names something in
# NetSuite: the connector writes its ids into all that it has booked, so nobody there has ever used it.
_UNREAD = """
SELECT n.id FROM o2c.prices_named n WHERE n.id = ANY(%(ids)s) AND EXISTS (SELECT FROM o2c.stripe_metadata)
  AND NOT EXISTS (SELECT FROM o2c.stripe_objects o WHERE o.id = n.id)
  AND NOT EXISTS (SELECT FROM o2c.stripe_absent a WHERE a.id = n.id)"""


_COUPONS = f"""
SELECT d.id, m.value FROM o2c.discounts d JOIN o2c.stripe_metadata m ON m.stripe_id = d.coupon_id
WHERE d.id = ANY(%(ids)s) AND m.name = '{metadata.DISCOUNT_ITEM}'"""
# As with prices, where the connector is in use; and where some coupon names an item, or nobody has seen them all.
_UNSEEN = f"""
SELECT n.id FROM o2c.discounts_named n LEFT JOIN o2c.discounts d USING (id)
WHERE n.id = ANY(%(ids)s) AND EXISTS (SELECT FROM o2c.stripe_metadata)
  AND ({NAMING} OR NOT EXISTS (SELECT FROM o2c.cursors WHERE name = '{COUPONS_LISTED}'))
  AND NOT EXISTS (SELECT FROM o2c.stripe_objects o WHERE o.id = d.coupon_id)
  AND NOT EXISTS (SELECT FROM o2c.stripe_absent a WHERE a.id IN (n.id, d.coupon_id))"""


def read_directives(
    cursor: Cursor,
    rows: Rows,
    customers: Customers,
    common: int | None,
    *,
    prices: bool,
    look_alike_days: int | None = None,
) -> Directives:
    """Of every object that these rows are about or hang on; of prices only if they count."""
    asked: dict[str, Any] = {"ids": sorted(_ids(rows)), "every": customers.mode == "global", "common": common}
    pointers: dict[str, tuple[Pointer, ...]] = {}
    cursor.execute(sql(_POINTERS), asked)
    for row in cursor.fetchall():
        values: Any = (*row[:9], tuple(row[9]))
        pointers[row[0]] = (*pointers.get(row[0], ()), Pointer(*values))
    blocked, named = _pairs(cursor, _BLOCKED, asked), _pairs(cursor, _CUSTOMERS, asked)
    cursor.execute(sql(_PAYS), asked)
    pays: dict[str, Any] = {str(row[0]): NamedInvoice(*row[1:]) for row in cursor.fetchall()}
    found = Directives(blocked, pointers, named, *(_prices(cursor, rows) if prices else ()))
    found = replace(found, pays=pays, payers=_pairs(cursor, _PAYERS, asked))
    found = _with_coupons(cursor, rows, found) if prices else found
    if look_alike_days is None or customers.mode == "global":
        return found
    return replace(found, look_alikes=look_alikes(cursor, rows, look_alike_days))


def _pairs(cursor: Cursor, statement: str, asked: dict[str, Any]) -> dict[str, str]:
    cursor.execute(sql(statement), asked)
    return {str(key): str(value) for key, value in cursor.fetchall()}


def _prices(cursor: Cursor, rows: Rows) -> tuple[dict[str, str], dict[str, str], frozenset[str]]:
    prices = {line.price_id for line in _lines(rows) if line.price_id}
    asked = {"ids": sorted(prices)}
    cursor.execute(sql(_PRICES), asked)
    said: dict[str, dict[str, str]] = {}
    for price, name, value in cursor.fetchall():
        said.setdefault(price, {})[name] = value
    cursor.execute(sql(_UNREAD), asked)
    unread = frozenset(str(row[0]) for row in cursor.fetchall())
    items = {price: item for price, names in said.items() if (item := metadata.item(names))}
    discounts = {price: item for price, names in said.items() if (item := metadata.discount_item(names))}
    return items, discounts, unread


def _with_coupons(cursor: Cursor, rows: Rows, found: Directives) -> Directives:
    notes = (line for note in rows.credit_notes for line in note.lines)
    names = {name for line in (*_lines(rows), *notes) for name, _ in line.discounts}
    if not names:
        return found
    asked = {"ids": sorted(names)}
    items = _pairs(cursor, _COUPONS, asked)
    cursor.execute(sql(_UNSEEN), asked)
    return replace(found, coupon_items=items, unread_discounts=frozenset(str(row[0]) for row in cursor.fetchall()))


def _lines(rows: Rows) -> list[LineRow]:
    repaid = (history.invoice for history in rows.histories if history.invoice)
    invoices = (*rows.invoices, *rows.closed, *rows.balanced, *repaid)
    return [*(line for row in invoices for line in row.lines), *rows.invoice_lines.values()]


def _ids(rows: Rows) -> Iterable[str]:
    found: set[str | None] = {row.id for row in rows.payouts}
    for invoice in (*rows.invoices, *rows.closed, *rows.balanced):
        found |= {invoice.id, invoice.customer_id}
    for outside in rows.off_stripe:
        found |= {outside.id, outside.customer_id}
    for moved in rows.adjustments:
        found |= {moved.id, moved.customer_id}
    for payment in (*rows.payments, *(history.payment for history in rows.histories)):
        found |= {payment.id, payment.customer_id}
    for note in rows.credit_notes:
        found |= {note.id, note.customer_id}
    for history in rows.histories:
        found |= {row.id for row in history.refunds} | {row.id for row in history.disputes}
    return filter(None, found)
