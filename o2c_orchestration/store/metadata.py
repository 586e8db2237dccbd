"""Metadata of Stripe objects about NetSuite: how it gets in, and how it makes documents their mirrors."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.domain import metadata
from o2c_orchestration.domain.keys import named_customer_key
from o2c_orchestration.domain.policy import Customers
from o2c_orchestration.store.bulk import Cursor, sql, stage
from o2c_orchestration.store.database import raw_cursor

# (Stripe id, key, value as typed, internal id if it is one)
Note = tuple[str, str, str, int | None]

_DIFFERENT = """
CREATE TEMPORARY TABLE noted_anew ON COMMIT DROP AS
SELECT DISTINCT coalesce(n.stripe_id, m.stripe_id) AS stripe_id
FROM noted n FULL JOIN (SELECT m.* FROM o2c.stripe_metadata m WHERE m.stripe_id = ANY(%(ids)s)) m
     ON m.stripe_id = n.stripe_id AND m.name = n.name
WHERE n.value IS DISTINCT FROM m.value"""
# An invoice that a charge names as what it pays is other business while it does; what it names is looked at with it.
_NAMED_NO_MORE = f"""
INSERT INTO o2c.dirty (key)
SELECT 'ns:' || m.netsuite_id FROM o2c.stripe_metadata m JOIN noted_anew a USING (stripe_id)
WHERE m.name = '{metadata.PAYS}' AND m.netsuite_id IS NOT NULL"""
_REPLACE = """
WITH gone AS (DELETE FROM o2c.stripe_metadata m USING noted_anew a WHERE m.stripe_id = a.stripe_id
              AND NOT EXISTS (SELECT FROM noted n WHERE (n.stripe_id, n.name) = (m.stripe_id, m.name)))
INSERT INTO o2c.stripe_metadata AS m SELECT n.* FROM noted n JOIN noted_anew a USING (stripe_id) ORDER BY 1, 2
ON CONFLICT (stripe_id, name) DO UPDATE SET value = excluded.value, netsuite_id = excluded.netsuite_id"""

# A document that became a mirror because metadata said so is one no more when it says something else.
_RELEASE = """
WITH freed AS (
    UPDATE o2c.netsuite_documents d SET stripe_ref = NULL, linked_by = NULL FROM noted_anew a
    WHERE o2c.stripe_id_of(d.stripe_ref) = a.stripe_id AND d.linked_by = 'metadata'
      AND NOT EXISTS (SELECT FROM o2c.metadata_pointers p WHERE p.netsuite_id = d.id AND p.key = d.stripe_ref)
    RETURNING d.id)
INSERT INTO o2c.dirty (key) SELECT 'ns:' || id FROM freed"""

# What is blocked or let go with an object, and what is booked under another customer from now on.
_DIRTY = """
INSERT INTO o2c.dirty (key)
WITH direct AS (
    SELECT stripe_id AS id FROM noted_anew
    UNION SELECT i.id FROM noted_anew a JOIN o2c.invoices i ON i.customer_id = a.stripe_id
    UNION SELECT p.id FROM noted_anew a JOIN o2c.payments p ON p.customer_id = a.stripe_id)
SELECT id FROM direct
UNION SELECT c.id FROM direct d JOIN o2c.credit_notes c ON c.invoice_id = d.id
UNION SELECT c.id FROM noted_anew a JOIN o2c.credit_notes c ON c.customer_id = a.stripe_id
UNION SELECT r.id FROM direct d JOIN o2c.refunds r ON r.charge_id = d.id
UNION SELECT k.id FROM direct d JOIN o2c.disputes k ON k.charge_id = d.id
UNION SELECT m.payout_id FROM direct d JOIN o2c.balance_transactions t ON t.source_id = d.id
      JOIN o2c.payout_members m ON m.transaction_id = t.id"""


def notes(stripe_id: str, payload: Any) -> list[Note]:
    """What a payload's metadata says of NetSuite.

    A charge's payer is noted of the charge, and of the key that stands for him as of a customer.
    """
    found = metadata.of_object(stripe_id, _told(payload), names_items=payload.get("object") in ("price", "coupon"))
    named = metadata.payer(payload.get("metadata")) if payload.get("object") == "charge" else None
    own = [(stripe_id, name, value, _number(value)) for name, value in found.items()]
    if named is None:
        return own
    number = _number(named)
    return [
        *own,
        (stripe_id, metadata.PAYER, named, number),
        (named_customer_key(named), metadata.CUSTOMER, named, number),
    ]


def _told(payload: Any) -> dict[str, Any]:
    """Its own metadata, before what an invoice has of its subscription's: which deal it belongs to."""
    subscription = _map(_map(_map(payload.get("parent")).get("subscription_details")).get("metadata"))
    inherited = {name: value for name, value in subscription.items() if name in metadata.DEALS}
    return {**inherited, **_map(payload.get("metadata"))}


def _map(value: Any) -> dict[str, Any]:
    """A row may be sound whose metadata is not: that says nothing."""
    return value if isinstance(value, dict) else {}


def _number(value: str) -> int | None:
    found = metadata.internal_id(value)
    return int(found) if found else None


def replace(cursor: Cursor, ids: Sequence[str], found: Iterable[Note]) -> None:
    """Keep what these objects' metadata says now; what hangs on it is to be reconciled anew."""
    # Several charges may name one payer.
    kept = sorted(set(found), key=lambda note: note[:2])
    cursor.execute("SELECT EXISTS (SELECT FROM o2c.stripe_metadata WHERE stripe_id = ANY(%s))", (list(ids),))
    if not kept and not (cursor.fetchone() or (False,))[0]:
        return
    stage(cursor, "noted", "stripe_id text, name text, value text, netsuite_id bigint", kept)
    cursor.execute(sql(_DIFFERENT), {"ids": sorted({*ids, *(note[0] for note in kept)})})
    if not cursor.rowcount:
        return
    for statement in (_NAMED_NO_MORE, _REPLACE, _RELEASE, _DIRTY):
        cursor.execute(sql(statement))


# By internal id, or else by a name that only one customer has.
_COMMON = """
SELECT coalesce((SELECT id FROM o2c.netsuite_customers WHERE id::text = %(name)s AND NOT inactive),
                (SELECT min(id) FROM o2c.netsuite_customers WHERE lower(name) = lower(%(name)s) AND NOT inactive
                 HAVING count(*) = 1))"""


def common_customer(cursor: Cursor, name: str | None) -> int | None:
    """Internal id of the customer that documents have in common, if NetSuite has just one of this id or name."""
    if name is None:
        return None
    cursor.execute(sql(_COMMON), {"name": name})
    found: Any = cursor.fetchone()
    return None if found[0] is None else int(found[0])


def find_common_customer(engine: Engine, name: str) -> int | None:
    """The same for who has no transaction of his own."""
    with raw_cursor(engine) as cursor:
        return common_customer(cursor, name)


# A document becomes the mirror of the one object whose metadata names it: of the right type and customer, and not the
# mirror of anything yet. `every`: all documents are booked under the customer `common`.
FITS = """(p.document = 'deposit' OR d.entity_id = CASE
    WHEN %(every)s OR o2c.customer_of(p.stripe_id) IS NULL THEN %(common)s::bigint
    ELSE o2c.netsuite_customer(o2c.customer_of(p.stripe_id)) END)"""
# Another object that names the same document. A credit note comes before its refund, which may name its memo too.
RIVAL = """SELECT o.stripe_id FROM o2c.metadata_pointers o
    WHERE o.netsuite_id = p.netsuite_id AND o.document = p.document AND o.stripe_id <> p.stripe_id
      AND NOT (strpos(p.key, '-') = 0 AND strpos(o.key, '-') > 0)"""
_ADOPT = f"""
UPDATE o2c.netsuite_documents t SET stripe_ref = p.key, linked_by = 'metadata'
FROM o2c.netsuite_documents d JOIN o2c.metadata_pointers p ON p.netsuite_id = d.id AND p.document = d.document
WHERE t.id = d.id AND d.stripe_ref IS NULL AND d.deleted_at IS NULL AND NOT d.voided AND {FITS}
  AND (%(account)s::text IS NULL OR o2c.account_of(p.stripe_id) = %(account)s)
  AND NOT EXISTS ({RIVAL})
  AND NOT EXISTS (SELECT FROM o2c.netsuite_documents h WHERE h.stripe_ref = p.key AND h.deleted_at IS NULL)
RETURNING t.id, p.stripe_id"""


def adopt(engine: Engine, customers: Customers, account: str | None = None) -> int:
    """Make documents the mirrors of the objects whose metadata names them; returns how many.

    Of all objects, or of those of one Stripe account. Whoever plans calls it first. Until then nothing is written
    twice: the planner knows what metadata says.
    """
    with raw_cursor(engine) as cursor:
        return adopt_named(cursor, customers, account)


def adopt_named(cursor: Cursor, customers: Customers, account: str | None = None) -> int:
    """The same within a transaction."""
    common = common_customer(cursor, customers.common)
    given = {"every": customers.mode == "global", "common": common, "account": account}
    cursor.execute(sql(_ADOPT), given)
    found: Sequence[Any] = cursor.fetchall()
    keys = {key for row in found for key in (f"ns:{row[0]}", row[1])}
    cursor.execute("INSERT INTO o2c.dirty (key) SELECT unnest(%s::text[])", (sorted(keys),))
    return len(found)
