"""Accounts that were merged in Salesforce: which were, and what the ones that are gone had in the other systems."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.domain.keys import fold
from o2c_orchestration.store.bulk import Cursor, sql
from o2c_orchestration.store.database import raw_cursor

# Whoever lost to a loser has lost to the last of them. UNION ends what goes in a circle.
_LOSERS = """
WITH RECURSIVE lost (winner, loser) AS (
    SELECT winner, loser FROM o2c.account_merges WHERE winner = ANY(%(ids)s)
    UNION SELECT l.winner, m.loser FROM lost l JOIN o2c.account_merges m ON m.winner = l.loser)
SELECT DISTINCT loser, winner FROM lost WHERE loser <> winner ORDER BY loser, winner"""

# NetSuite's customers that were made for accounts under their own ids.
_NUMBERS = """
SELECT external_id, min(id)::text FROM (
    SELECT c.external_id, c.id FROM o2c.netsuite_customers c WHERE c.external_id = ANY(%(ids)s)
    UNION SELECT j.external_id, j.netsuite_id FROM o2c.journal j
    WHERE j.external_key = ANY(%(folded)s) AND j.document = 'customer' AND j.state = 'done') found
WHERE id IS NOT NULL GROUP BY 1"""


def keep(engine: Engine, merges: Mapping[str, str]) -> None:
    """Remember accounts (losers, each with its winner) that were merged."""
    with raw_cursor(engine) as cursor:
        cursor.executemany(
            """INSERT INTO o2c.account_merges (loser, winner) VALUES (%s, %s)
               ON CONFLICT (loser) DO UPDATE SET winner = excluded.winner""",
            [pair for pair in merges.items() if pair[0] != pair[1]],
        )


def losers(cursor: Cursor, ids: Iterable[str]) -> dict[str, str]:
    """Accounts that went into these, over however many others, each with the one of these that has them now."""
    cursor.execute(sql(_LOSERS), {"ids": sorted(ids)})
    rows: list[Any] = cursor.fetchall()
    return {str(loser): str(winner) for loser, winner in rows}


def numbers(cursor: Cursor, ids: Iterable[str]) -> dict[str, str]:
    """Internal ids of NetSuite's customers who go by these accounts' own ids."""
    some = sorted(ids)
    cursor.execute(sql(_NUMBERS), {"ids": some, "folded": [fold(key) for key in some]})
    rows: list[Any] = cursor.fetchall()
    return {str(key): str(number) for key, number in rows}
