"""`POST /services/rest/query/v1/suiteql`: run a query over the ledger's tables, one page at a time."""

from __future__ import annotations

import random
import sqlite3
from functools import lru_cache
from typing import Any

from o2c_orchestration.sandbox.netsuite.errors import NetSuiteError, invalid_content, invalid_parameter, invalid_search
from o2c_orchestration.sandbox.netsuite.paging import PAGE_MAX, Page
from o2c_orchestration.sandbox.netsuite.store import Store
from o2c_orchestration.sandbox.netsuite.suiteql_dialect import Translation, translate
from o2c_orchestration.sandbox.netsuite.suiteql_functions import install, wire
from o2c_orchestration.sandbox.netsuite.suiteql_refusals import UNSUPPORTED
from o2c_orchestration.sandbox.netsuite.suiteql_shape import shape_of

Json = dict[str, Any]
_Tables = tuple[tuple[str, tuple[str, ...]], ...]

TABLES = (
    "transaction",
    "transactionline",
    "transactionaccountingline",
    "nexttransactionlinelink",
    "previoustransactionlinelink",
    "customer",
    "customersubsidiaryrelationship",
    "employee",
    "entity",
    "item",
    "currency",
    "currencyrate",
    "subsidiary",
    "classification",
    "department",
    "location",
    "account",
    "term",
    "accountingperiod",
    "taxperiod",
    "deletedrecord",
    "customlist_region",
    "role",
    "rolepermissions",
    "dual",
)
# More rows than this NetSuite does not hand out, however one pages.
ROWS_MAX = 100_000


class SuiteQL:
    """Runs queries on the readers of a store. `seed` decides how unordered rows are shuffled."""

    def __init__(self, store: Store, seed: int) -> None:
        self._store = store
        shuffle = random.Random(seed)
        store.on_reader(lambda connection: install(connection, shuffle))
        self._tables: _Tables | None = None

    def run(self, body: object, page: Page) -> tuple[list[Json], int]:
        """The rows of a page as they go on the wire, and how many rows there are in all."""
        if not isinstance(body, dict) or not isinstance(body.get("q"), str) or not body["q"].strip():
            raise invalid_content("The property 'q' must hold a query.", "q")
        translation, parameters = self._prepare(body["q"], body.get("params"))
        connection = self._store.read()
        try:
            total = min(connection.execute(translation.count, parameters).fetchone()[0], ROWS_MAX)
            rows = connection.execute(
                f"SELECT * FROM ({translation.rows}) LIMIT {page.limit} OFFSET {page.offset}", parameters
            ).fetchall()
        except sqlite3.Error:
            raise invalid_search(UNSUPPORTED) from None
        rows = rows[: max(0, total - page.offset)]
        return [_item(translation.names, row) for row in rows], total

    def _prepare(self, text: str, given: object) -> tuple[Translation, dict[str, object]]:
        shape = shape_of(text)
        try:
            translation = self._translate(shape.text)
        except NetSuiteError:
            # What NetSuite says against a query quotes its values.
            translation = self._translate(text)
            return translation, _bound(given, translation.parameters)
        return translation, shape.bound(_bound(given, translation.parameters - shape.taken))

    def _translate(self, text: str) -> Translation:
        if self._tables is None:
            self._tables = tuple((name, _visible_columns(self._store.read(), name)) for name in TABLES)
        return _translated(text, self._tables)


@lru_cache(maxsize=1024)
def _translated(text: str, tables: _Tables) -> Translation:
    """Kept beyond one server's life: a process may bring up many, and all ask the same."""
    return translate(text, {name: list(columns) for name, columns in tables})


def _visible_columns(connection: sqlite3.Connection, table: str) -> tuple[str, ...]:
    rows = connection.execute(f'PRAGMA table_xinfo("{table}")').fetchall()
    return tuple(row["name"] for row in rows if not row["name"].startswith("x_"))


def _bound(given: object, expected: int) -> dict[str, object]:
    values = [] if given is None else given
    if not isinstance(values, list) or len(values) != expected:
        raise invalid_parameter(f"The query takes {expected} parameters in 'params'.")
    return {f"p{index}": _parameter(value) for index, value in enumerate(values, start=1)}


def _parameter(value: object) -> object:
    if isinstance(value, bool):
        return "T" if value else "F"
    if value is None or isinstance(value, str | int):
        return value
    return float(str(value))


def _item(names: tuple[str, ...], row: sqlite3.Row) -> Json:
    item: Json = {"links": []}
    for name, value in zip(names, row, strict=True):
        if value is not None:
            item[name.lower()] = wire(value)
    return item


__all__ = ["PAGE_MAX", "ROWS_MAX", "TABLES", "SuiteQL"]
