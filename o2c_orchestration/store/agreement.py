"""What agrees, in count and money per document type and currency, and the equation that nothing is left over.

    Stripe's documents + what open gaps explain + unexplained = NetSuite's documents,  and unexplained has to be 0

A gap explains the documents that it is about: those that NetSuite has count for it, those that Stripe expects against
it. So `amount_mismatch` explains the difference of two totals, a missing document its whole amount below zero, a
duplicate or an unlinked one its whole amount, and one in another currency both, each in its own currency.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.domain.months import Month
from o2c_orchestration.domain.policy import MAIN
from o2c_orchestration.store.bulk import Cursor, sql
from o2c_orchestration.store.database import raw_cursor
from o2c_orchestration.store.expectation import BOTH_SIDES

# Kinds of gaps by what they explain: a document and what Stripe expects in its place, a document alone, everything of
# one Stripe object, all deposits of a payout. The other kinds are about something else than a document's total. In a
# month, a document that is dated in another one counts there.
_PAIR = ("amount_mismatch", "tax_mismatch", "currency_mismatch", "payment_mismatch")
_ALONE = ("duplicate_in_netsuite", "paid_twice", "unlinked_in_netsuite", "missing_in_stripe")
_WHOLE = (
    "missing_in_netsuite",
    "payment_missing",
    "credit_memo_missing",
    "refund_missing",
    "dispute_missing",
    "deposit_missing",
    "sync_failed",
)
_DEPOSITS = ("deposit_mismatch", "fee_missing")

# A payment that waits for an invoice that cannot be written is told by the invoice's gap. What a refund's memo has to
# be follows from the refund's document: where that is wrong, the memo is too.
_EQUATION = f"""
WITH {BOTH_SIDES},
gap AS MATERIALIZED (SELECT * FROM o2c.book_gaps),
whole AS MATERIALIZED (
    SELECT stripe_id FROM gap WHERE kind = ANY(%(whole)s)
    UNION
    SELECT p.id FROM gap g JOIN o2c.invoice_payments ip ON ip.invoice_id = g.stripe_id
    JOIN o2c.payments p ON p.payment_intent = ip.payment_intent OR p.id = ip.charge_id
    WHERE g.kind = 'sync_failed' AND NOT EXISTS (
        SELECT FROM o2c.netsuite_documents d WHERE d.stripe_ref = p.id AND d.deleted_at IS NULL AND NOT d.voided)
    UNION
    SELECT g.stripe_id FROM gap g JOIN o2c.netsuite_documents d ON d.id = g.netsuite_id::bigint
    WHERE g.kind = ANY(%(pair)s) AND d.document = 'customerRefund'),
deposits AS MATERIALIZED (SELECT DISTINCT stripe_id FROM gap WHERE kind = ANY(%(deposits)s)),
pair AS MATERIALIZED (
    SELECT DISTINCT d.document, d.stripe_ref AS key, d.id FROM gap g
    JOIN o2c.netsuite_documents d ON d.id = g.netsuite_id::bigint WHERE g.kind = ANY(%(pair)s)),
alone AS MATERIALIZED (
    SELECT DISTINCT netsuite_id::bigint AS id FROM gap WHERE kind = ANY(%(alone)s)
    -- The memo of a credit note that was voided: Stripe expects none.
    UNION SELECT g.netsuite_id::bigint FROM gap g JOIN o2c.credit_notes n ON n.id = g.stripe_id
    WHERE g.kind = 'status_mismatch'),
stripe AS (
    SELECT e.account, e.document, e.currency, count(*) AS n, sum(e.total) AS total,
           count(*) FILTER (WHERE g.stripe_id IS NULL) AS agreed_n,
           coalesce(sum(e.total) FILTER (WHERE g.stripe_id IS NULL), 0) AS agreed,
           coalesce(sum(e.total) FILTER (WHERE w.stripe_id IS NOT NULL OR p.key IS NOT NULL
               OR e.document = 'deposit' AND f.stripe_id IS NOT NULL), 0) AS explained
    FROM expected e
    LEFT JOIN (SELECT stripe_id FROM gap WHERE stripe_id IS NOT NULL UNION SELECT stripe_id FROM whole) g
         ON g.stripe_id = e.stripe_id
    LEFT JOIN whole w ON w.stripe_id = e.stripe_id
    LEFT JOIN (SELECT DISTINCT document, key FROM pair) p ON p.document = e.document AND p.key = e.key
    LEFT JOIN deposits f ON f.stripe_id = e.stripe_id
    WHERE e.day BETWEEN %(first)s AND %(last)s GROUP BY 1, 2, 3),
netsuite AS (
    SELECT d.account, d.document, d.currency, sum(d.total) AS total,
           coalesce(sum(d.total) FILTER (WHERE w.stripe_id IS NOT NULL OR p.id IS NOT NULL OR a.id IS NOT NULL
               OR d.document = 'deposit' AND f.stripe_id IS NOT NULL), 0) AS explained
    FROM ledger d
    LEFT JOIN whole w ON w.stripe_id = d.stripe_id
    LEFT JOIN pair p ON p.id = d.id
    LEFT JOIN alone a ON a.id = d.id
    LEFT JOIN deposits f ON f.stripe_id = d.stripe_id
    WHERE d.day BETWEEN %(first)s AND %(last)s GROUP BY 1, 2, 3)
SELECT document, currency, coalesce(s.n, 0), coalesce(s.total, 0)::bigint, coalesce(s.agreed_n, 0),
       coalesce(s.agreed, 0)::bigint, coalesce(d.total, 0)::bigint,
       (coalesce(d.explained, 0) - coalesce(s.explained, 0))::bigint, account
FROM stripe s FULL JOIN netsuite d USING (account, document, currency)
ORDER BY account <> 'main', account, array_position(%(order)s, document), currency"""

DOCUMENTS = ("invoice", "customerPayment", "creditMemo", "customerRefund", "deposit")


@dataclass(frozen=True)
class Agreement:
    """One document type in one currency, in minor units: stripe + explained by gaps + residual = ledger.

    `account` is the Stripe account whose documents they are.
    """

    document: str
    currency: str
    count: int
    stripe_minor: int
    agreed: int
    agreed_minor: int
    ledger_minor: int
    explained_minor: int
    account: str = MAIN

    @property
    def residual_minor(self) -> int:
        """What no gap explains. Anything but zero is an error of ours or a kind of gap that has no name yet."""
        return self.ledger_minor - self.stripe_minor - self.explained_minor


def agreement(engine: Engine, month: Month | None = None) -> list[Agreement]:
    """The tie-out of all documents by Stripe account, type and currency, or of those of one month (dates of the books).

    In a month, Stripe's documents count by the day that they ought to have and NetSuite's by the day that they have.
    """
    with raw_cursor(engine) as cursor:
        return _agreement(cursor, month)


def agreement_and_waiting(engine: Engine) -> tuple[list[Agreement], int]:
    """The tie-out of all documents, and how many changes of them no comparison had looked at when it was made.

    While there are any, something unexplained proves nothing: what explains it may only not have been named yet.
    """
    with raw_cursor(engine) as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        ties = _agreement(cursor, None)
        cursor.execute("SELECT count(*) FROM o2c.dirty")
        return ties, int((cursor.fetchone() or (0,))[0])


def _agreement(cursor: Cursor, month: Month | None) -> list[Agreement]:
    elsewhere = ("period_mismatch",) if month else ()
    given = {
        "whole": list(_WHOLE),
        "deposits": [*_DEPOSITS, *elsewhere],
        "pair": [*_PAIR, *elsewhere],
        "alone": list(_ALONE),
        "order": list(DOCUMENTS),
        "first": month.first if month else "-infinity",
        "last": month.last if month else "infinity",
    }
    cursor.execute(sql(_EQUATION), given)
    rows: Sequence[Any] = cursor.fetchall()
    return [Agreement(*row) for row in rows]
