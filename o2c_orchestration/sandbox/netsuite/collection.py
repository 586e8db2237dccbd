"""Collections of record/v1: the `q` filter and the page of ids.

A filter is `field OPERATOR value` joined by AND and OR, AND binding tighter. Dates in it are written in the
account's format, `1/31/2026`.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta

from o2c_orchestration.sandbox.netsuite.errors import NetSuiteError, invalid_parameter
from o2c_orchestration.sandbox.netsuite.paging import Page
from o2c_orchestration.sandbox.netsuite.records import RecordType
from o2c_orchestration.sandbox.netsuite.suiteql_refusals import DATE_COLUMNS
from o2c_orchestration.sandbox.netsuite.values import mark_clock

Condition = tuple[str, list[object]]

_TOKEN = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|(\[)|(\])|(\()|(\))|(,)|([^\s"\[\](),]+))')
# Property: column, where they differ.
_COLUMNS = {"customer": "entity", "datecreated": "createddate", "isperson": "isperson", "name": "fullname"}
_BOOLEANS = {"true": "T", "false": "F"}
_TEXT = {
    "IS": ("= ? COLLATE NOCASE", "{}"),
    "CONTAIN": ("LIKE ?", "%{}%"),
    "START_WITH": ("LIKE ?", "{}%"),
    "END_WITH": ("LIKE ?", "%{}"),
}
_NUMBER = {
    "EQUAL": "=",
    "GREATER": ">",
    "GREATER_OR_EQUAL": ">=",
    "LESS": "<",
    "LESS_OR_EQUAL": "<=",
}
_DAY = timedelta(days=1)


def list_ids(
    connection: sqlite3.Connection, record: RecordType, query: str | None, page: Page
) -> tuple[list[str], int]:
    """Internal ids of a page and how many there are in all. Raises 400 for a filter that cannot be read."""
    where, values = _own_type(record)
    if query:
        condition, more = _Filter(connection, record, query).parse()
        where, values = f"{where} AND ({condition})", [*values, *more]
    table = f'"{record.table}"'
    total = connection.execute(f"SELECT COUNT(*) FROM {table} WHERE {where}", values).fetchone()[0]
    rows = connection.execute(
        f"SELECT id FROM {table} WHERE {where} ORDER BY id LIMIT ? OFFSET ?",
        [*values, page.limit, page.offset],
    )
    return [str(row["id"]) for row in rows], int(total)


def _own_type(record: RecordType) -> Condition:
    if record.table == "transaction":
        return "type = ?", [record.code]
    if record.table == "item":
        return "x_record = ?", [record.name]
    return "1 = 1", []


class _Filter:
    """A recursive descent over the tokens of one filter."""

    def __init__(self, connection: sqlite3.Connection, record: RecordType, text: str) -> None:
        rows = connection.execute(f'PRAGMA table_xinfo("{record.table}")').fetchall()
        self._columns = {row["name"] for row in rows if not row["name"].startswith("x_")}
        self._record = record
        self._tokens = _tokens(text)
        self._at = 0

    def parse(self) -> Condition:
        condition = self._joined("OR", lambda: self._joined("AND", self._term))
        if self._at != len(self._tokens):
            raise _unreadable()
        return condition

    def _joined(self, word: str, part: Callable[[], Condition]) -> Condition:
        sql, values = part()
        while self._peek() == word:
            self._at += 1
            more_sql, more = part()
            sql, values = f"({sql} {word} {more_sql})", [*values, *more]
        return sql, values

    def _term(self) -> Condition:
        if self._peek() == "(":
            self._at += 1
            inner = self._joined("OR", lambda: self._joined("AND", self._term))
            if self._next() != ")":
                raise _unreadable()
            return inner
        column = self._column(self._next())
        operator = self._next().upper()
        if operator in ("EMPTY", "EMPTY_NOT"):
            return f"{column} IS {'NOT ' if operator.endswith('NOT') else ''}NULL", []
        negated = operator.endswith("_NOT")
        sql, values = self._comparison(column, operator.removesuffix("_NOT"), self._operand())
        return (f"({column} IS NULL OR NOT {sql})" if negated else sql), values

    def _comparison(self, column: str, operator: str, operand: list[str]) -> Condition:
        name = column.strip('"')
        if name in DATE_COLUMNS:
            return _on_date(column, operator, operand)
        first = operand[0]
        if operator == "IS" and first.lower() in _BOOLEANS:
            return f"{column} = ?", [_BOOLEANS[first.lower()]]
        if operator in _TEXT:
            sql, pattern = _TEXT[operator]
            return f"{column} {sql}", [pattern.format(first)]
        if operator in _NUMBER:
            return f"{column} {_NUMBER[operator]} CAST(? AS NUMERIC)", [first]
        if operator == "ANY_OF":
            return f"{column} IN ({', '.join('?' * len(operand))})", list(operand)
        if operator == "BETWEEN" and len(operand) == 2:
            return f"{column} BETWEEN CAST(? AS NUMERIC) AND CAST(? AS NUMERIC)", list(operand)
        raise _unreadable()

    def _column(self, name: str) -> str:
        lower = name.lower()
        column = _COLUMNS.get(lower, lower)
        if lower == "datecreated" and self._record.table == "customer":
            column = "datecreated"
        if column not in self._columns:
            raise invalid_parameter(
                f"Invalid search query. Search error occurred: Unknown identifier '{name}'."
                f" Available identifiers are: {{{self._record.name}={self._record.name}}}"
            )
        return f'"{column}"'

    def _operand(self) -> list[str]:
        if self._peek() != "[":
            return [self._next()]
        self._at += 1
        values = []
        while (token := self._next()) != "]":
            if token != ",":
                values.append(token)
        if not values:
            raise _unreadable()
        return values

    def _peek(self) -> str | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _next(self) -> str:
        token = self._peek()
        if token is None:
            raise _unreadable()
        self._at += 1
        return token


def _on_date(column: str, operator: str, operand: list[str]) -> Condition:
    days = [_account_date(text) for text in operand]
    start, after = mark_clock(days[0]), mark_clock(days[0] + _DAY)
    if operator == "ON":
        return f"({column} >= ? AND {column} < ?)", [start, after]
    if operator == "BEFORE":
        return f"{column} < ?", [start]
    if operator == "AFTER":
        return f"{column} >= ?", [after]
    if operator == "ON_OR_AFTER":
        return f"{column} >= ?", [start]
    if operator == "ON_OR_BEFORE":
        return f"{column} < ?", [after]
    if operator in ("BETWEEN", "WITHIN") and len(days) == 2:
        return f"({column} >= ? AND {column} < ?)", [start, mark_clock(days[1] + _DAY)]
    raise _unreadable()


def _account_date(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%m/%d/%Y")
    except ValueError:
        raise invalid_parameter(
            f'Invalid search query. Search error occurred: Parse of date/time "{text}" failed with date'
            ' format "M/d/yy" in time zone America/Los_Angeles'
        ) from None


def _tokens(text: str) -> list[str]:
    tokens, at = [], 0
    text = text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise _unreadable()
        tokens.append(next(group for group in match.groups() if group is not None))
        at = match.end()
    return tokens


def _unreadable() -> NetSuiteError:
    return invalid_parameter("Invalid search query. Search error occurred: the filter could not be parsed.")
