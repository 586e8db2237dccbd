"""From SuiteQL, which is an Oracle dialect with gaps, to SQLite.

What belongs here: refusing what SuiteQL refuses, resolving identifiers, rewriting functions. What does not:
running the query and paging (see `suiteql`).
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import sqlglot
from sqlglot import TokenType, exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, traverse_scope

from o2c_orchestration.sandbox.netsuite.errors import NetSuiteError, invalid_search
from o2c_orchestration.sandbox.netsuite.suiteql_refusals import (
    UNSUPPORTED,
    refuse_date_literals,
    refuse_unsupported,
)
from o2c_orchestration.sandbox.netsuite.suiteql_rewrites import rewrite_display, rewrite_functions

Tables = dict[str, list[str]]
_WITHOUT_KEY = {"transactionaccountingline", "nexttransactionlinelink", "previoustransactionlinelink", "dual"}


@dataclass(frozen=True)
class Translation:
    """A query for SQLite: `rows` and `count` take the parameters p1, p2, …; `names` are the wire keys."""

    rows: str
    count: str
    names: tuple[str, ...]
    parameters: int


def translate(text: str, tables: Tables) -> Translation:
    """Translate one SuiteQL query. Raises NetSuiteError with what NetSuite would say against it."""
    text, parameters = _name_placeholders(text)
    query = _parsed(text)
    refuse_unsupported(query)
    _lower_identifiers(query)
    _refuse_unknown_tables(query, tables)
    _name_columns(query)
    _rewrite_rownum(query)
    _flatten_builtin(query)
    _refuse_unknown_columns(query, tables)
    query = _qualified(query, tables)
    refuse_date_literals(query)
    rewrite_display(query)
    rewrite_functions(query)
    names = tuple(column.alias_or_name for column in query.selects)
    count = f"SELECT COUNT(*) FROM ({_sql(_without_order(query))})"
    return Translation(_sql(_shuffled(query, tables)), count, names, parameters)


def _parsed(text: str) -> exp.Query:
    try:
        statements = sqlglot.parse(text, read="oracle")
    except SqlglotError:
        raise invalid_search(UNSUPPORTED) from None
    if len(statements) != 1 or not isinstance(statements[0], exp.Select | exp.SetOperation):
        raise invalid_search(UNSUPPORTED)
    return statements[0]


def _lower_identifiers(query: exp.Expr) -> None:
    for identifier in query.find_all(exp.Identifier):
        identifier.set("this", identifier.name.lower())
        identifier.set("quoted", True)


def _name_placeholders(text: str) -> tuple[str, int]:
    """Turn each `?` into :p1, :p2, … since rewriting may repeat or reorder them."""
    try:
        tokens = sqlglot.tokenize(text, read="oracle")
    except SqlglotError:
        raise invalid_search(UNSUPPORTED) from None
    starts = [token.start for token in tokens if token.token_type == TokenType.PLACEHOLDER]
    for number, start in reversed(list(enumerate(starts, start=1))):
        text = f"{text[:start]}:p{number}{text[start + 1 :]}"
    return text, len(starts)


def _refuse_unknown_tables(query: exp.Expr, tables: Tables) -> None:
    for table in query.find_all(exp.Table):
        if table.name not in tables or table.args.get("db") is not None:
            raise invalid_search(f"Search error occurred: Invalid search type: {table.name}.")


def _name_columns(query: exp.Query) -> None:
    """Name bare expressions of every select expr1, expr2, … as NetSuite does."""
    for select in query.find_all(exp.Select):
        number = itertools.count(1)
        named = [
            column
            if isinstance(column, exp.Alias | exp.Column | exp.Star)
            else exp.alias_(column, f"expr{next(number)}", quoted=True)
            for column in select.expressions
        ]
        select.set("expressions", named)


def _rewrite_rownum(query: exp.Query) -> None:
    for select in list(query.find_all(exp.Select)):
        where = select.args.get("where")
        limit = None if where is None else _take_rownum_limit(where)
        if limit is not None:
            _limit_rows(select, limit)
    for column in list(query.find_all(exp.Column)):
        if column.name == "rownum" and not column.table:
            column.replace(exp.Window(this=exp.RowNumber()))


def _take_rownum_limit(where: exp.Where) -> int | None:
    """Cut `ROWNUM <= n` out of a conjunction and return n."""
    kept, limit = [], None
    for term in where.this.flatten() if isinstance(where.this, exp.And) else [where.this]:
        bare = term.unnest()
        if isinstance(bare, exp.LT | exp.LTE | exp.EQ) and _is_rownum(bare.this):
            limit = int(bare.expression.name) - (1 if isinstance(bare, exp.LT) else 0)
        else:
            kept.append(term)
    if limit is not None:
        where.set("this", exp.and_(*kept) if kept else exp.true())
    return limit


def _is_rownum(node: exp.Expr) -> bool:
    return isinstance(node, exp.Column) and node.name == "rownum" and not node.table


def _limit_rows(select: exp.Select, limit: int) -> None:
    """Oracle counts rows before it sorts them, so a sorted select takes its rows first, in no order."""
    source = select.args["from_"].this
    key_name = _unique_column(source) if not select.args.get("joins") else None
    if select.args.get("order") is not None and key_name is not None:
        key = exp.column(key_name, table=source.alias_or_name, quoted=True)
        inner = exp.select(key).from_(source.copy()).limit(limit)
        inner.set("where", select.args["where"].copy())
        select.set("where", exp.Where(this=exp.In(this=key.copy(), query=inner.subquery())))
    else:
        select.limit(limit, copy=False)


def _flatten_builtin(query: exp.Query) -> None:
    """BUILTIN.DF(x) parses as a path; make it a function that later steps know."""
    for dot in list(query.find_all(exp.Dot)):
        if dot.this.name.lower() == "builtin" and isinstance(dot.expression, exp.Anonymous):
            if dot.expression.name.upper() != "DF":
                raise invalid_search(UNSUPPORTED)
            dot.replace(exp.Anonymous(this="BUILTIN_DF", expressions=dot.expression.expressions))


def _refuse_unknown_columns(query: exp.Query, tables: Tables) -> None:
    try:
        scopes = traverse_scope(query)
    except SqlglotError:
        raise invalid_search(UNSUPPORTED) from None
    for scope in scopes:
        for column in scope.columns:
            # The scope of a select also lists columns of the selects inside it: each is judged at home.
            at_home = column.find_ancestor(exp.Select, exp.SetOperation) is scope.expression
            if at_home and not _is_known(column, scope, tables):
                raise _unknown(column, scope)


def _is_known(column: exp.Column, scope: Scope, tables: Tables) -> bool:
    selected: Any = scope.expression
    aliases = {item.alias_or_name for item in selected.selects}
    around: Scope | None = scope
    while around is not None:
        for name, source in around.sources.items():
            if column.table in ("", name) and column.name in _columns_of(source, tables):
                return True
        around = around.parent
    # An alias of the select list may be named, in ORDER BY alone.
    return not column.table and column.name in aliases and column.find_ancestor(exp.Order) is not None


def _columns_of(source: Any, tables: Tables) -> list[str]:
    if isinstance(source, exp.Table):
        return tables[source.name]
    names: list[str] = []
    for item in source.expression.selects:
        if isinstance(item, exp.Star) or (isinstance(item, exp.Column) and isinstance(item.this, exp.Star)):
            for inner in source.sources.values():
                names += _columns_of(inner, tables)
        else:
            names.append(item.alias_or_name)
    return names


def _unknown(column: exp.Column, scope: Scope) -> NetSuiteError:
    sources = {name: source.name if isinstance(source, exp.Table) else name for name, source in scope.sources.items()}
    available = ", ".join(f"{alias}={table}" for alias, table in sources.items())
    name = f"{column.table}.{column.name}" if column.table else column.name
    return invalid_search(
        f"Search error occurred: Unknown identifier '{name}'. Available identifiers are: {{{available}}}"
    )


def _qualified(query: exp.Query, tables: Tables) -> exp.Query:
    schema: dict[str, object] = {table: dict.fromkeys(columns, "TEXT") for table, columns in tables.items()}
    try:
        qualified = qualify(
            query, schema=schema, dialect="sqlite", validate_qualify_columns=False, expand_alias_refs=False
        )
    except SqlglotError:
        raise invalid_search(UNSUPPORTED) from None
    return qualified


def _unique_column(source: exp.Expr) -> str | None:
    if not isinstance(source, exp.Table) or source.name in _WITHOUT_KEY:
        return None
    return "uniquekey" if source.name == "transactionline" else "id"


def _without_order(query: exp.Query) -> exp.Query:
    copy = query.copy()
    if copy.args.get("limit") is None:
        copy.set("order", None)
    return copy


def _shuffled(query: exp.Query, tables: Tables) -> exp.Query:
    """Leave rows that the query does not order in an order that changes from page to page.

    A client that pages without a unique ORDER BY loses rows in NetSuite; here it loses them in its tests.
    """
    if isinstance(query, exp.SetOperation):
        order, limit = query.args.get("order"), query.args.get("limit")
        inner = query.copy()
        inner.set("order", None)
        inner.set("limit", None)
        query = exp.select("*").from_(inner.subquery("suiteql_union"))
        query.set("order", order)
        query.set("limit", limit)
    order = query.args.get("order")
    if order is None or not _is_unique(order.expressions[0], query):
        query.order_by(exp.Anonymous(this="suiteql_shuffle"), append=True, copy=False)
    return query


def _is_unique(first: exp.Expr, query: exp.Query) -> bool:
    source = query.args["from_"].this
    key = first.this if isinstance(first, exp.Ordered) else first
    if query.args.get("joins") or not isinstance(key, exp.Column) or key.name != _unique_column(source):
        return False
    # A unique key is never null, and saying where nulls go would keep SQLite from using its index.
    descending = first.args.get("desc")
    first.replace(exp.Ordered(this=key.copy(), desc=descending, nulls_first=not descending))
    return True


def _sql(query: exp.Expr) -> str:
    return query.sql(dialect="sqlite", identify=True, unsupported_level=sqlglot.ErrorLevel.IGNORE)
