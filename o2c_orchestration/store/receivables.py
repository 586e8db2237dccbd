"""What customers owe: open invoices in Stripe against NetSuite's, by customer and currency.

Both sides as they are now, for neither keeps what was open on an earlier day. NetSuite's side are the documents that
stand for Stripe's invoices; unapplied payments and credits are not taken off, and what a customer owes besides Stripe
is not in it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.domain.policy import MAIN, Customers
from o2c_orchestration.store.bulk import sql
from o2c_orchestration.store.database import raw_cursor
from o2c_orchestration.store.expectation import LISTED
from o2c_orchestration.store.metadata import common_customer

_EACH = Customers()
_NOBODY: Mapping[str, Customers] = MappingProxyType({})

# An invoice is explained by a gap of its own, of its document, or of anything that settles it: its payments and credit
# notes, and what takes their money back. A write-off leaves nothing open here, while Stripe's amount stays for good.
_OPEN = f"""
CREATE TEMPORARY TABLE owed ON COMMIT DROP AS
WITH booked AS (
    SELECT * FROM unnest(%(accounts)s::text[], %(shared)s::text[], %(common)s::bigint[]) b (account, shared, common))
SELECT i.id AS key, i.id AS invoice_id, NULL::bigint AS netsuite_id,
       coalesce(b.shared, i.customer_id) AS customer, i.currency,
       i.amount_remaining_minor AS stripe, 0::bigint AS netsuite, coalesce(a.account, 'main') AS account
FROM o2c.invoices i LEFT JOIN o2c.further_accounts a ON a.id = i.id
LEFT JOIN booked b ON b.account = coalesce(a.account, 'main')
WHERE i.amount_remaining_minor <> 0 AND {LISTED}
  AND (i.status = 'open' OR i.status = 'uncollectible' AND NOT %(write_off)s)
UNION ALL
SELECT d.stripe_ref, o2c.stripe_id_of(d.stripe_ref), d.id,
       coalesce(CASE WHEN d.entity_id = b.common THEN b.shared END,
                (SELECT m.stripe_id FROM o2c.invoices i JOIN o2c.stripe_metadata m ON m.stripe_id = i.customer_id
                 WHERE i.id = o2c.stripe_id_of(d.stripe_ref) AND m.name = 'netsuite_customer_id'
                   AND m.netsuite_id = d.entity_id),
                c.external_id, 'NetSuite ' || coalesce(d.entity_id::text, 'nobody')), d.currency, 0, d.remaining_minor,
       coalesce(a.account, 'main')
FROM o2c.netsuite_documents d LEFT JOIN o2c.netsuite_customers c ON c.id = d.entity_id
LEFT JOIN o2c.further_accounts a ON a.id = o2c.stripe_id_of(d.stripe_ref)
LEFT JOIN booked b ON b.account = coalesce(a.account, 'main')
WHERE d.document = 'invoice' AND d.stripe_ref IS NOT NULL AND d.remaining_minor <> 0 AND d.deleted_at IS NULL
  AND NOT d.voided"""

# Set by set: a year that nobody has booked yet has as many gaps as invoices.
_DIFFERENT = """
CREATE TEMPORARY TABLE different ON COMMIT DROP AS
WITH unequal AS MATERIALIZED (
    SELECT row_number() OVER () AS place, * FROM (
        SELECT invoice_id, customer, currency, max(account) AS account, sum(stripe)::bigint AS stripe,
               sum(netsuite)::bigint AS netsuite, array_agg(netsuite_id::text) AS ids
        FROM owed GROUP BY 1, 2, 3 HAVING sum(stripe) <> sum(netsuite)) sums),
paid AS MATERIALIZED (
    SELECT u.place, p.id FROM unequal u JOIN o2c.invoice_payments ip USING (invoice_id)
    JOIN o2c.payments p ON p.payment_intent = ip.payment_intent
    UNION SELECT u.place, ip.charge_id FROM unequal u JOIN o2c.invoice_payments ip USING (invoice_id)),
about AS (
    SELECT place, invoice_id AS id FROM unequal
    UNION ALL SELECT u.place, c.id FROM unequal u JOIN o2c.credit_notes c USING (invoice_id)
    UNION ALL SELECT place, id FROM paid
    UNION ALL SELECT d.place, r.id FROM paid d JOIN o2c.refunds r ON r.charge_id = d.id
    UNION ALL SELECT d.place, k.id FROM paid d JOIN o2c.disputes k ON k.charge_id = d.id),
gap AS MATERIALIZED (
    SELECT stripe_id, netsuite_id, kind || ' ' || coalesce(stripe_id, netsuite_id) AS what FROM o2c.book_gaps),
told AS (
    SELECT place, string_agg(DISTINCT what, ', ') AS gaps FROM (
        SELECT a.place, g.what FROM about a JOIN gap g ON g.stripe_id = a.id
        UNION ALL SELECT u.place, g.what FROM (SELECT place, unnest(ids) AS id FROM unequal) u
        JOIN gap g ON g.netsuite_id = u.id) every
    GROUP BY 1)
SELECT u.*, t.gaps FROM unequal u LEFT JOIN told t USING (place)"""

_TOTALS = """
SELECT currency, count(DISTINCT customer), sum(stripe)::bigint, sum(netsuite)::bigint,
       coalesce((SELECT sum(d.netsuite - d.stripe) FROM different d
                 WHERE d.currency = o.currency AND d.account = o.account AND d.gaps IS NOT NULL), 0)::bigint, account
FROM owed o GROUP BY account, currency ORDER BY account <> 'main', account, currency"""

_CUSTOMERS = """
SELECT d.customer, d.currency, o.stripe, o.netsuite,
       coalesce(sum(d.netsuite - d.stripe) FILTER (WHERE d.gaps IS NOT NULL), 0)::bigint,
       array_agg(d.invoice_id ORDER BY d.invoice_id) FILTER (WHERE d.gaps IS NULL),
       string_agg(d.gaps, ', ' ORDER BY d.gaps)
FROM different d LEFT JOIN (
    SELECT customer, currency, sum(stripe)::bigint AS stripe, sum(netsuite)::bigint AS netsuite
    FROM owed GROUP BY 1, 2) o USING (customer, currency)
GROUP BY 1, 2, 3, 4 ORDER BY 1, 2"""


@dataclass(frozen=True)
class Receivables:
    """What all customers of an account owe in one currency, in minor units: stripe + explained + residual = ledger."""

    currency: str
    customers: int
    stripe_minor: int
    ledger_minor: int
    explained_minor: int
    account: str = MAIN

    @property
    def residual_minor(self) -> int:
        """What no gap explains."""
        return self.ledger_minor - self.stripe_minor - self.explained_minor


@dataclass(frozen=True)
class Owing:
    """A customer who owes another amount in NetSuite than in Stripe, in minor units of the currency.

    `unexplained` are Stripe's invoices that no gap explains, `gaps` what explains the others.
    """

    customer: str
    currency: str
    stripe_minor: int
    ledger_minor: int
    explained_minor: int
    unexplained: list[str] | None
    gaps: str | None


def receivables(
    engine: Engine, *, write_off: bool, customers: Customers = _EACH, further: Mapping[str, Customers] = _NOBODY
) -> tuple[list[Receivables], list[Owing]]:
    """Sums by Stripe account and currency, and the customers that differ.

    `write_off`: an uncollectible invoice counts as settled.

    Where `customers` (of the main account) or `further` (of the others) say that all documents are booked under one
    customer, that one owes all of it, on both sides.
    """
    with raw_cursor(engine) as cursor:
        every = {MAIN: customers, **further}
        given = {
            "write_off": write_off,
            "accounts": list(every),
            "shared": [f"NetSuite customer {own.common}" if own.mode == "global" else None for own in every.values()],
            "common": [common_customer(cursor, own.common) for own in every.values()],
        }
        cursor.execute(sql(_OPEN), given)
        cursor.execute(sql(_DIFFERENT))
        cursor.execute(sql(_TOTALS))
        totals: Sequence[Any] = cursor.fetchall()
        cursor.execute(sql(_CUSTOMERS))
        owing: Sequence[Any] = cursor.fetchall()
        return [Receivables(*row) for row in totals], [Owing(*row) for row in owing]
