"""Evidence of a month's sums: how many rows, their sum, and SHA-256 over the rows themselves, sorted.

A row is a line of text `key|currency|minor units|day`; lines are sorted by bytes and joined by line feeds. Whoever
keeps the hash can prove later which rows a sum was made of, and whoever has the rows can make the hash again with
`sort` and `sha256sum`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.domain.months import Month
from o2c_orchestration.store.bulk import sql
from o2c_orchestration.store.database import raw_cursor
from o2c_orchestration.store.expectation import BOTH_SIDES, LISTED

_EVIDENCE = f"""
WITH {BOTH_SIDES},
entered AS (
    SELECT 'Stripe: ' || document AS what, key, currency, total AS minor, day FROM expected
    WHERE day BETWEEN %(first)s AND %(last)s
    UNION ALL
    SELECT 'NetSuite: ' || document, id::text, currency, total, day FROM ledger
    WHERE day BETWEEN %(first)s AND %(last)s
    UNION ALL
    SELECT 'Stripe: payouts', id, currency, amount_minor, arrival_date FROM o2c.payouts
    WHERE arrival_date BETWEEN %(first)s AND %(last)s
    UNION ALL
    SELECT 'Stripe: balance', id, currency, net_minor, (created_at AT TIME ZONE 'UTC')::date
    FROM o2c.balance_transactions WHERE created_at >= %(begin)s AND created_at < %(end)s
    UNION ALL
    SELECT 'Stripe: open invoices now', id, currency, amount_remaining_minor, issue_date FROM o2c.invoices i
    WHERE amount_remaining_minor <> 0 AND {LISTED}
      AND (status = 'open' OR status = 'uncollectible' AND NOT %(write_off)s)
    UNION ALL
    SELECT 'NetSuite: open invoices now', id::text, currency, remaining_minor, trandate FROM o2c.netsuite_documents
    WHERE document = 'invoice' AND stripe_ref IS NOT NULL AND remaining_minor <> 0 AND deleted_at IS NULL
      AND NOT voided)
SELECT what, currency, count(*), sum(minor)::bigint, encode(sha256(convert_to(string_agg(line, chr(10)
       ORDER BY line COLLATE "C"), 'UTF8')), 'hex')
FROM (SELECT *, concat_ws('|', key, currency, minor, day) AS line FROM entered) lines
GROUP BY 1, 2 ORDER BY 1, 2"""


@dataclass(frozen=True)
class Evidence:
    """One sum: what it is of, its currency, its rows, their sum in minor units, and their hash (hexadecimal)."""

    what: str
    currency: str
    rows: int
    minor: int
    sha256: str


def evidence(engine: Engine, month: Month, begin: datetime, end: datetime, *, write_off: bool) -> list[Evidence]:
    """Of every sum of a month. [begin, end) is the month of the Stripe balance, in UTC."""
    given = {"first": month.first, "last": month.last, "begin": begin, "end": end, "write_off": write_off}
    with raw_cursor(engine) as cursor:
        cursor.execute(sql(_EVIDENCE), given)
        rows: Sequence[Any] = cursor.fetchall()
        return [Evidence(*row) for row in rows]
