"""Bulk loading: COPY into a temporary table, then one statement that merges it."""

from collections.abc import Iterable, Sequence
from typing import Any, LiteralString, cast

import psycopg

Cursor = psycopg.Cursor[Any]


def stage(cursor: Cursor, name: str, definition: str, rows: Iterable[Sequence[Any]]) -> int:
    """COPY rows into a temporary table `name` (columns as in `definition`) that lasts for the transaction.

    Returns the number of rows. Column types come from `definition`, so that PostgreSQL does the parsing once.
    """
    # Long values are not compressed on their way: most of them are found unchanged and thrown away.
    cursor.execute(sql(f"CREATE TEMPORARY TABLE {name} ({definition}) WITH (toast_tuple_target = 8160) ON COMMIT DROP"))
    count = 0
    with cursor.copy(sql(f"COPY {name} FROM STDIN")) as copy:
        for row in rows:
            copy.write_row(row)
            count += 1
    cursor.execute(sql(f"ANALYZE {name}"))
    return count


def sql(text: Any) -> LiteralString:
    """Statements here are built from constants of this package only, never from data."""
    return cast(LiteralString, text)
