"""Bulk loading: COPY into a temporary table, then one statement that merges it."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, LiteralString, cast

import psycopg

Cursor = psycopg.Cursor[Any]


def stage(cursor: Cursor, name: str, definition: str, rows: Iterable[Sequence[Any]]) -> int:
    """COPY rows into a temporary table `name` (columns as in `definition`) that lasts for the transaction.

    Returns the number of rows. Column types come from `definition`, so that PostgreSQL does the parsing once.
    """
    # Long values are not compressed on their way: most of them are found unchanged and thrown away.
    cursor.execute(sql(f"CREATE TEMPORARY TABLE {name} ({definition}) WITH (toast_tuple_target = 8160) ON COMMIT DROP"))
    count = copy_in(cursor, name, rows)
    cursor.execute(sql(f"ANALYZE {name}"))
    return count


def copy_in(cursor: Cursor, target: str, rows: Iterable[Sequence[Any]], types: Sequence[str] = ()) -> int:
    """COPY rows into `target`, a table with or without its columns in brackets. Returns the number of rows.

    With `types`, PostgreSQL's names of the columns' types in their order, rows travel in binary: half the work on
    both sides. A column of json is `text` there, since its value is JSON already.
    """
    count = 0
    form = " (FORMAT binary)" if types else ""
    with cursor.copy(sql(f"COPY {target} FROM STDIN{form}")) as copy:
        if types:
            copy.set_types(types)
        for row in rows:
            copy.write_row(row)
            count += 1
    return count


def folded(names: str | Collection[str]) -> list[str]:
    """Names as they are compared, in lower case; one of them may stand alone."""
    return sorted({name.lower() for name in ([names] if isinstance(names, str) else names)})


def sql(text: Any) -> LiteralString:
    """Statements here are built from constants of this package only, never from data."""
    return cast(LiteralString, text)
