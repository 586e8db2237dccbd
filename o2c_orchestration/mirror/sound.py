"""Rows of SuiteQL at the door: drift is learned from them, and what fails its schema is named before it is read."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import TypeVar

from sqlalchemy import Engine

from o2c_orchestration.domain.errors import ProtocolError
from o2c_orchestration.validate.drift import learn
from o2c_orchestration.validate.read_rows import Row

_NAMED_MAX = 5

Rows = TypeVar("Rows", bound=Sequence[Row])


def sound(engine: Engine, kind: str, rows: Rows) -> Rows:
    """These rows of a kind of domain/read_rows.py, all of them.

    Raises ProtocolError where any makes no sense: left out, its document would be taken for missing.
    """
    # Frames take half a second to load, and few commands read anything.
    from o2c_orchestration.validate.read_schemas import failures

    learn(engine, kind, rows)
    wrong = failures(kind, rows) if rows else {}
    if not wrong:
        return rows
    name = kind.replace("netsuite_", "NetSuite ").replace("_", " ")
    (first, reason), *others = wrong.items()
    more = f" (as cannot {len(others)} others: {_listed(rows[number] for number, _ in others)})" if others else ""
    raise ProtocolError(
        f"{name} {_named(rows[first])} cannot be read: {reason}{more}",
        "look at it in NetSuite; if it is sound there, report it with the SuiteQL row, and see: o2c drift",
        system="netsuite",
    )


def _listed(rows: Iterable[Row]) -> str:
    named = [_named(row) for row in islice(rows, _NAMED_MAX + 1)]
    return ", ".join(named if len(named) <= _NAMED_MAX else [*named[:-1], "…"])


def _named(row: Row) -> str:
    """What a row is found by: its id, or what it ties together."""
    if "id" in row:
        return str(row["id"])
    return " and ".join(f"{name} {row[name]}" for name in ("payment", "invoice", "document", "deposit") if name in row)
