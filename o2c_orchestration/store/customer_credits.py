"""What customers have to their credit: Stripe's balances against the documents on `items.balance`, by currency.

    Stripe's balances = from before the books + NetSuite's documents − what gaps explain + given by hand + unexplained

Both sides as they are now, like receivables. What a customer had to his credit when the books started is the sum of his
movements until then, and on the liability account by an entry that the company has made. A movement that somebody made
by hand (an adjustment, a migration) and that is not booked has no document on either side; Stripe is asked for a
customer's movements only where his balance is not explained without. Of a deleted customer Stripe says neither, so he
is left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.store.bulk import sql
from o2c_orchestration.store.database import raw_cursor, reading_cursor

_ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)
# Movements that an invoice or a credit note tells by itself.
_TOLD = """('applied_to_invoice', 'unapplied_from_invoice', 'credit_note', 'invoice_overpaid', 'invoice_too_small',
            'invoice_too_large')"""

# What an object from before the books did to the balance is in what the customer had then.
_OLDER = """(EXISTS (SELECT FROM o2c.invoices old WHERE old.id = {id} AND old.created_at < %(cut_over)s)
    OR EXISTS (SELECT FROM o2c.credit_notes old WHERE old.id = {id} AND old.created_at < %(cut_over)s)
    OR EXISTS (SELECT FROM o2c.customer_balance_transactions old
               WHERE old.id = {id} AND old.created_at < %(cut_over)s))"""

# Credits to customers are positive here, unlike on Stripe's wire.
_STRIPE = f"""
stripe AS (
    SELECT c.id AS customer, b.key AS currency, -b.value::bigint AS amount
    FROM o2c.customers c CROSS JOIN LATERAL json_each_text(c.balances) b WHERE c.balances::text <> '{{}}'),
told AS (
    SELECT customer_id AS customer, currency, stripe_id,
           CASE document WHEN 'creditMemo' THEN -total_minor ELSE total_minor END AS amount
    FROM o2c.expected_balance_documents e WHERE key !~ '^(ni|bg|bd)-' AND NOT {_OLDER.format(id="e.stripe_id")}),
before AS (
    SELECT customer_id AS customer, currency, -amount_minor AS amount
    FROM o2c.customer_balance_transactions WHERE created_at < %(cut_over)s),
by_hand AS (
    SELECT b.customer_id AS customer, b.currency, -b.amount_minor AS amount
    FROM o2c.customer_balance_transactions b
    WHERE b.type NOT IN {_TOLD} AND b.created_at >= %(cut_over)s
      AND NOT EXISTS (SELECT FROM told t WHERE t.stripe_id = b.id))"""

_UNREAD = f"""
WITH {_STRIPE}
SELECT customer FROM (
    SELECT customer, currency, amount FROM stripe
    UNION ALL SELECT customer, currency, -amount FROM told
    UNION ALL SELECT customer, currency, -amount FROM before
    UNION ALL SELECT customer, currency, -amount FROM by_hand) every
WHERE customer IS NOT NULL AND customer NOT IN (SELECT id FROM o2c.customers WHERE deleted)
GROUP BY customer, currency HAVING sum(amount) <> 0 ORDER BY customer"""

_SIDES = f"""
WITH {_STRIPE},
booked AS (
    SELECT coalesce(i.customer_id, n.customer_id, m.customer_id, c.external_id) AS customer, d.currency,
           o2c.stripe_id_of(d.stripe_ref) AS stripe_id,
           CASE d.document WHEN 'creditMemo' THEN -d.total_minor ELSE d.total_minor END AS amount
    FROM o2c.netsuite_documents d
    LEFT JOIN o2c.invoices i ON i.id = substr(d.stripe_ref, 4)
    LEFT JOIN o2c.credit_notes n ON n.id = substr(d.stripe_ref, 4)
    LEFT JOIN o2c.customer_balance_transactions m ON m.id = substr(d.stripe_ref, 4)
    LEFT JOIN o2c.netsuite_customers c ON c.id = d.entity_id
    WHERE d.stripe_ref ~ '^(cb|bi|bo)-' AND d.deleted_at IS NULL AND NOT d.voided
      AND NOT {_OLDER.format(id="o2c.stripe_id_of(d.stripe_ref)")}),
objects AS (
    SELECT customer, currency, stripe_id, sum(booked)::bigint AS booked, sum(told)::bigint AS told,
           EXISTS (SELECT FROM o2c.book_gaps g WHERE g.stripe_id = every.stripe_id) AS explained
    FROM (SELECT customer, currency, stripe_id, amount AS booked, 0 AS told FROM booked
          UNION ALL SELECT customer, currency, stripe_id, 0, amount FROM told) every GROUP BY 1, 2, 3),
parts AS (
    SELECT customer, currency, amount AS stripe, 0::bigint AS ledger, 0::bigint AS explained, 0::bigint AS by_hand,
           0::bigint AS before
    FROM stripe
    UNION ALL SELECT customer, currency, 0, booked, CASE WHEN explained THEN booked - told ELSE 0 END, 0, 0 FROM objects
    UNION ALL SELECT customer, currency, 0, 0, 0, amount, 0 FROM by_hand
    UNION ALL SELECT customer, currency, 0, 0, 0, 0, amount FROM before)
SELECT coalesce(customer, 'nobody'), currency, sum(stripe)::bigint, sum(ledger)::bigint, sum(explained)::bigint,
       sum(by_hand)::bigint, sum(before)::bigint
FROM parts WHERE coalesce(customer, '') NOT IN (SELECT id FROM o2c.customers WHERE deleted)
GROUP BY 1, 2 ORDER BY 2, 1"""


@dataclass(frozen=True)
class Credit:
    """What one customer, or all of them, have to their credit in one currency, in minor units; below zero they owe.

    ``by_hand`` moved in Stripe without invoice or credit note, and has no document in NetSuite. ``before`` was theirs
    when the books started.
    """

    customer: str
    currency: str
    stripe_minor: int
    ledger_minor: int
    explained_minor: int
    by_hand_minor: int
    before_minor: int = 0

    @property
    def residual_minor(self) -> int:
        """What neither a gap nor a movement by hand, nor one from before the books, explains."""
        own = self.stripe_minor - self.by_hand_minor - self.before_minor
        return own - (self.ledger_minor - self.explained_minor)


def credits_of_customers(engine: Engine, cut_over: datetime = _ALWAYS) -> list[Credit]:
    """Every customer with a balance, or with documents on it, by currency and customer.

    `cut_over` is the moment (UTC) at which the books started.
    """
    with raw_cursor(engine) as cursor:
        cursor.execute(sql(_SIDES), {"cut_over": cut_over})
        rows: Sequence[Any] = cursor.fetchall()
        return [Credit(*row) for row in rows]


def totals(found: Sequence[Credit]) -> list[Credit]:
    """The same for all customers together, by currency."""
    sums: dict[str, list[int]] = {}
    for each in found:
        parts = (each.stripe_minor, each.ledger_minor, each.explained_minor, each.by_hand_minor, each.before_minor)
        sums[each.currency] = [a + b for a, b in zip(sums.get(each.currency, [0] * len(parts)), parts, strict=True)]
    return [Credit("all", currency, *parts) for currency, parts in sorted(sums.items())]


def customers_to_ask(engine: Engine, cut_over: datetime = _ALWAYS) -> list[str]:
    """Customers whose balance their invoices and credit notes do not explain, as far as their movements are known."""
    with reading_cursor(engine) as cursor:
        cursor.execute(sql(_UNREAD), {"cut_over": cut_over})
        return sorted({str(row[0]) for row in cursor.fetchall()})
