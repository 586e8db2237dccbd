"""The Stripe balance from its transactions: opening, movements and closing of a period (UTC), and what closing is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.domain.policy import MAIN
from o2c_orchestration.store.bulk import sql
from o2c_orchestration.store.database import raw_cursor
from o2c_orchestration.store.expectation import MOVED

# Transactions that stand for a NetSuite payment or refund, which waits in Undeposited Funds; `b` is the transaction.
DOCUMENT = """(b.type IN ('charge', 'payment', 'refund', 'payment_refund', 'refund_failure', 'payment_failure_refund')
               OR b.type = 'adjustment' AND b.category IN ('dispute', 'dispute_reversal', 'refund_failure'))"""

# A payout that is complete and its members come to nought together: what is left is the payout's own equation. Its
# members are known only then, so until then they count as not paid out, and the payout's transaction for itself.
_PERIOD = f"""
WITH moved AS MATERIALIZED (
    SELECT p.id FROM o2c.payouts p JOIN o2c.payouts_read r ON r.payout_id = p.id
    WHERE {MOVED} AND p.created_at < %(end)s),
seen AS (
    SELECT b.*, CASE WHEN coalesce(m.id, o.id) IS NOT NULL THEN 'paid'
                     WHEN b.type = 'payout' THEN 'payout' WHEN {DOCUMENT} THEN 'document' ELSE 'other' END AS place,
           coalesce(a.account, 'main') AS account
    FROM o2c.balance_transactions b
    LEFT JOIN o2c.further_accounts a ON a.id = b.id
    LEFT JOIN o2c.payout_members k ON k.transaction_id = b.id
    LEFT JOIN moved m ON m.id = k.payout_id
    LEFT JOIN moved o ON b.type = 'payout' AND o.id = b.source_id
    WHERE b.created_at < %(end)s)
SELECT currency, coalesce(sum(net_minor) FILTER (WHERE created_at < %(begin)s), 0)::bigint,
       count(*) FILTER (WHERE created_at >= %(begin)s),
       coalesce(sum(net_minor) FILTER (WHERE created_at >= %(begin)s), 0)::bigint, sum(net_minor)::bigint,
       coalesce(sum(amount_minor) FILTER (WHERE place = 'document'), 0)::bigint,
       coalesce(sum(amount_minor) FILTER (WHERE place = 'other'), 0)::bigint,
       coalesce(sum(fee_minor) FILTER (WHERE place IN ('document', 'other')), 0)::bigint,
       coalesce(sum(net_minor) FILTER (WHERE place = 'payout'), 0)::bigint,
       coalesce(sum(net_minor) FILTER (WHERE place = 'paid'), 0)::bigint,
       count(*) FILTER (WHERE net_minor <> amount_minor - fee_minor), account
FROM seen GROUP BY account, currency ORDER BY account <> 'main', account, currency"""

_DAYS = """
SELECT currency, (created_at AT TIME ZONE 'UTC')::date, count(*), sum(net_minor)::bigint
FROM o2c.balance_transactions WHERE created_at >= %(begin)s AND created_at < %(end)s GROUP BY 1, 2 ORDER BY 1, 2"""


@dataclass(frozen=True)
class BalancePeriod:
    """The Stripe balance of one account in one currency over a period, in minor units.

    Closing is: `documents` (gross) and `other` movements that no payout has taken, less the `fees` on them, `payouts`
    (negative) whose members Stripe has not told, and `imbalance` of payouts that are complete, which has to be 0.
    `broken` counts transactions whose net is not amount less fee.
    """

    currency: str
    opening_minor: int
    transactions: int
    movements_minor: int
    closing_minor: int
    documents_minor: int
    other_minor: int
    fees_minor: int
    payouts_minor: int
    imbalance_minor: int
    broken: int
    account: str = MAIN

    @property
    def unpaid_minor(self) -> int:
        """What no payout has taken, net of its fees."""
        return self.documents_minor + self.other_minor - self.fees_minor

    @property
    def residual_minor(self) -> int:
        """What the parts leave of closing. Other than zero: a net that is not amount less fee."""
        return self.closing_minor - self.unpaid_minor - self.payouts_minor - self.imbalance_minor

    @property
    def closes(self) -> bool:
        """Opening and movements make closing, and closing is its parts, with every complete payout at nought."""
        made = self.opening_minor + self.movements_minor == self.closing_minor
        return made and self.residual_minor == 0 and self.imbalance_minor == 0 and self.broken == 0


def balance(engine: Engine, begin: datetime, end: datetime) -> list[BalancePeriod]:
    """Every account's and currency's balance over [begin, end), from all transactions that are known."""
    with raw_cursor(engine) as cursor:
        cursor.execute(sql(_PERIOD), {"begin": begin, "end": end})
        rows: Sequence[Any] = cursor.fetchall()
        return [BalancePeriod(*row) for row in rows]


def balance_days(engine: Engine, begin: datetime, end: datetime) -> list[tuple[str, date, int, int]]:
    """(currency, UTC day, transactions, their net in minor units) of [begin, end)."""
    with raw_cursor(engine) as cursor:
        cursor.execute(sql(_DAYS), {"begin": begin, "end": end})
        rows: Sequence[Any] = cursor.fetchall()
        return [(row[0], row[1], row[2], row[3]) for row in rows]
