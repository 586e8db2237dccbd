"""What o2c.yaml maps to nothing of its own, how much money it is, and what others booked it on before."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine

from o2c_orchestration.store.bulk import sql
from o2c_orchestration.store.database import raw_cursor


@dataclass(frozen=True)
class Unmapped:
    """A price or a type of fee, in the words of Stripe, with how often and for how much (minor units of a currency)."""

    key: str
    text: str
    currency: str
    count: int
    minor: int


@dataclass(frozen=True)
class HandMade:
    """A line of Stripe's on an invoice that somebody else booked in NetSuite as the document `netsuite_id`."""

    netsuite_id: int
    currency: str
    price: str
    amount_minor: int


@dataclass(frozen=True)
class Vote:
    """How many deposits of others have just the fees of a type on an account, by internal id."""

    key: str
    account_id: str
    count: int


# A line that names its item, itself or by the metadata of its price, needs no mapping.
_PRICES = """
SELECT price, (array_agg(text ORDER BY n DESC))[1], currency, sum(n)::bigint, sum(minor)::bigint FROM (
    SELECT l ->> 'price_id' AS price, l ->> 'description' AS text, i.currency, count(*) AS n,
           sum((l ->> 'amount_minor')::bigint) AS minor
    FROM o2c.invoice_lines a JOIN o2c.invoices i ON i.id = a.invoice_id CROSS JOIN json_array_elements(a.lines) l
    WHERE i.status <> 'draft' AND l ->> 'price_id' IS NOT NULL AND l ->> 'item' IS NULL
      AND NOT l ->> 'price_id' = ANY(%(mapped)s) AND NOT coalesce(l ->> 'product_id', '') = ANY(%(mapped)s)
    GROUP BY 1, 2, 3) p
WHERE NOT EXISTS (SELECT FROM o2c.stripe_metadata m WHERE m.stripe_id = p.price AND m.name = ANY(%(named)s))
GROUP BY 1, 3 ORDER BY 5 DESC, 1"""

_OTHERS = """NOT EXISTS (SELECT FROM o2c.journal j WHERE j.netsuite_id = d.id AND j.state = 'done' AND NOT j.adopted)"""

# The newest documents of each price: what was done last is what people do now.
_HAND_MADE = f"""
SELECT id, currency, price, minor FROM (
    SELECT d.id, i.currency, l ->> 'price_id' AS price,
           (l ->> 'amount_minor')::bigint - (l ->> 'tax_inclusive_minor')::bigint AS minor,
           row_number() OVER (PARTITION BY l ->> 'price_id' ORDER BY d.trandate DESC, d.id DESC) AS place
    FROM o2c.netsuite_documents d JOIN o2c.invoices i ON i.id = d.stripe_ref
    JOIN o2c.invoice_lines a ON a.invoice_id = i.id CROSS JOIN json_array_elements(a.lines) l
    WHERE d.document = 'invoice' AND d.deleted_at IS NULL AND NOT d.voided AND d.currency = i.currency
      AND l ->> 'price_id' = ANY(%(prices)s) AND {_OTHERS}) f
WHERE place <= %(most)s ORDER BY id"""

_MADE = f"""
SELECT document, id, stripe_id FROM (
    SELECT d.document, d.id, o2c.stripe_id_of(d.stripe_ref) AS stripe_id,
           row_number() OVER (PARTITION BY d.document ORDER BY d.trandate DESC, d.id DESC) AS place
    FROM o2c.netsuite_documents d
    WHERE d.deleted_at IS NULL AND NOT d.voided AND d.stripe_ref IS NOT NULL AND {_OTHERS}
      AND (%(account)s::text IS NULL OR o2c.account_of(o2c.stripe_id_of(d.stripe_ref)) = %(account)s)) f
WHERE place <= %(most)s ORDER BY document, id DESC"""

_FEES = """
SELECT f ->> 0, f ->> 0, t.currency, count(*), sum((f ->> 1)::bigint)::bigint
FROM o2c.balance_transactions t CROSS JOIN json_array_elements(t.fees) f
WHERE f ->> 0 IS NOT NULL AND NOT f ->> 0 = ANY(%(mapped)s) GROUP BY 1, 3 ORDER BY 5 DESC, 1"""

_FEE_VOTES = f"""
WITH fees AS (
    SELECT m.payout_id, f ->> 0 AS kind, sum((f ->> 1)::bigint) AS minor
    FROM o2c.payout_members m JOIN o2c.balance_transactions t ON t.id = m.transaction_id
    CROSS JOIN json_array_elements(t.fees) f WHERE f ->> 0 = ANY(%(kinds)s) GROUP BY 1, 2),
lines AS (
    SELECT f.kind, f.payout_id, min(n.account_id) AS account_id FROM fees f
    JOIN o2c.netsuite_documents d ON d.stripe_ref = f.payout_id AND d.document = 'deposit' AND d.deleted_at IS NULL
    JOIN o2c.netsuite_deposit_lines n ON n.deposit_id = d.id AND n.amount_minor = -f.minor
    WHERE f.minor <> 0 AND {_OTHERS} GROUP BY 1, 2 HAVING count(*) = 1)
SELECT kind, account_id::text, count(*) FROM lines GROUP BY 1, 2 ORDER BY 1, 3 DESC, 2"""


def unmapped_prices(engine: Engine, mapped: Collection[str], item_keys: Sequence[str]) -> list[Unmapped]:
    """Prices of invoice lines without an item of their own, those with most money first.

    `mapped` are the keys of items.prices, `item_keys` the metadata keys that name an item.
    """
    return _unmapped(engine, _PRICES, {"mapped": list(mapped), "named": list(item_keys)})


def unmapped_fees(engine: Engine, mapped: Collection[str]) -> list[Unmapped]:
    """Types of Stripe's fees that accounts.fees does not name, those with most money first."""
    return _unmapped(engine, _FEES, {"mapped": list(mapped)})


def _unmapped(engine: Engine, statement: str, values: dict[str, list[str]]) -> list[Unmapped]:
    with raw_cursor(engine) as cursor:
        cursor.execute(sql(statement), values)
        return [Unmapped(*row) for row in cursor.fetchall()]


def hand_made(engine: Engine, prices: Sequence[str], most: int) -> list[HandMade]:
    """Lines of these prices on invoices that others booked, at most so many for each price, the newest ones."""
    with raw_cursor(engine) as cursor:
        cursor.execute(sql(_HAND_MADE), {"prices": list(prices), "most": most})
        return [HandMade(*row) for row in cursor.fetchall()]


def fee_votes(engine: Engine, kinds: Sequence[str]) -> list[Vote]:
    """On which accounts deposits that others made have the fees of these types, where one line has just their sum."""
    with raw_cursor(engine) as cursor:
        cursor.execute(sql(_FEE_VOTES), {"kinds": list(kinds)})
        return [Vote(*row) for row in cursor.fetchall()]


def names(engine: Engine, kind: str) -> dict[str, str]:
    """NetSuite's items or accounts as they were last read: internal id → name."""
    with raw_cursor(engine) as cursor:
        cursor.execute("SELECT id, name FROM o2c.netsuite_reference WHERE kind = %s ORDER BY id", (kind,))
        return {str(row[0]): str(row[1]) for row in cursor.fetchall()}


@dataclass(frozen=True)
class Made:
    """A document of NetSuite's type `document` that somebody else made, of the Stripe object `stripe_id`."""

    document: str
    netsuite_id: int
    stripe_id: str


def made_by_others(engine: Engine, account: str | None, most: int) -> list[Made]:
    """The newest documents of each type that others made and whose Stripe object is known, at most so many of each.

    `account`: those of one Stripe account; None where there is only one.
    """
    with raw_cursor(engine) as cursor:
        cursor.execute(sql(_MADE), {"account": account, "most": most})
        return [Made(*row) for row in cursor.fetchall()]
