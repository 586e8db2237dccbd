"""Oracle functions and BUILTIN.DF as SQLite expressions, on a qualified query."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from o2c_orchestration.sandbox.netsuite.suiteql_refusals import is_date_column

# Column that refers to a record: its table and the column with its display text.
_DISPLAY = {
    "entity": ("customer", "entitytitle"),
    "customer": ("customer", "entitytitle"),
    "currency": ("currency", "name"),
    "postingperiod": ("accountingperiod", "periodname"),
    "subsidiary": ("subsidiary", "name"),
    "item": ("item", "itemid"),
    "account": ("account", "fullname"),
    "expenseaccount": ("account", "fullname"),
    "incomeaccount": ("account", "fullname"),
    "terms": ("term", "name"),
    "transaction": ("transaction", "trandisplayname"),
    "nextdoc": ("transaction", "trandisplayname"),
    "previousdoc": ("transaction", "trandisplayname"),
    "createdfrom": ("transaction", "trandisplayname"),
}


def rewrite_display(query: exp.Query) -> None:
    """BUILTIN.DF(column) becomes the display text of what the column holds."""
    for call in list(query.find_all(exp.Anonymous)):
        if call.name.upper() == "BUILTIN_DF":
            call.replace(_display(call.expressions[0]))


def rewrite_functions(query: exp.Query) -> None:
    """Replace functions, innermost last, so that arguments are rewritten as well."""
    for node in list(query.walk(bfs=True)):
        rewriter = _REWRITERS.get(type(node))
        if rewriter is not None and (node.parent is not None or node is query):
            replacement = rewriter(node)
            if replacement is not node:
                node.replace(replacement)


def _display(column: exp.Expr) -> exp.Expr:
    if not isinstance(column, exp.Column):
        return column
    if column.name == "status":
        kind = exp.column("type", table=column.table, quoted=True)
        return _call("suiteql_status", kind, column.copy())
    if column.name == "type":
        return _call("suiteql_type", column.copy())
    if column.name not in _DISPLAY:
        return column
    table, shown = _DISPLAY[column.name]
    inner = exp.select(exp.column(shown, table="shown", quoted=True)).from_(
        exp.alias_(exp.to_table(table), "shown", table=True)
    )
    condition = exp.EQ(this=exp.column("id", table="shown", quoted=True), expression=column.copy())
    return inner.where(condition).subquery()


def _call(name: str, *arguments: exp.Expr | None) -> exp.Anonymous:
    return exp.Anonymous(this=name, expressions=[exp.null() if each is None else each for each in arguments])


def _is_dateish(node: exp.Expr | None) -> bool:
    if node is None:
        return False
    if is_date_column(node) or isinstance(node, exp.StrToDate | exp.StrToTime | exp.CurrentTimestamp):
        return True
    if isinstance(node, exp.CurrentDate | exp.AddMonths | exp.LastDay | exp.TsOrDsToDate | exp.DateTrunc):
        return True
    if isinstance(node, exp.Anonymous):
        return node.name.lower() in ("suiteql_now", "suiteql_to_date", "suiteql_trunc", "trunc")
    if isinstance(node, exp.Add | exp.Sub):
        return _is_dateish(node.this) or _is_dateish(node.expression)
    return isinstance(node, exp.Max | exp.Min | exp.Paren | exp.Coalesce) and _is_dateish(node.this)


def _arithmetic(name: str) -> Callable[[exp.Expr], exp.Expr]:
    def rewrite(node: exp.Expr) -> exp.Expr:
        if _is_dateish(node.this) or _is_dateish(node.args["expression"]):
            return _call(name, node.this, node.args["expression"])
        return node

    return rewrite


def _now(_: exp.Expr) -> exp.Expr:
    return _call("suiteql_now")


def _to_date(node: exp.Expr) -> exp.Expr:
    return _call("suiteql_to_date", node.this, node.args.get("format"))


def _to_char(node: exp.Expr) -> exp.Expr:
    extra = [node.args["format"]] if node.args.get("format") is not None else []
    return _call("suiteql_to_char", node.this, *extra)


def _truncated(node: exp.Expr) -> exp.Expr:
    return _call("suiteql_trunc", node.this, node.args.get("unit"))


def _anonymous(node: exp.Expr) -> exp.Expr:
    if node.name.upper() == "TRUNC":
        return _call("suiteql_trunc", *node.expressions)
    return node


def _concat(node: exp.Expr) -> exp.Expr:
    joined: exp.Expr = node.expressions[0]
    for part in node.expressions[1:]:
        joined = exp.DPipe(this=joined, expression=part, safe=True)
    return exp.Paren(this=joined)


_REWRITERS: dict[type[exp.Expr], Callable[[exp.Expr], exp.Expr]] = {
    exp.StrToDate: _to_date,
    exp.StrToTime: _to_date,
    exp.TsOrDsToDate: _to_date,
    exp.ToChar: _to_char,
    exp.TimeToStr: _to_char,
    exp.CurrentTimestamp: _now,
    exp.CurrentDate: _now,
    exp.ToNumber: lambda node: _call("suiteql_to_number", node.this),
    exp.AddMonths: lambda node: _call("suiteql_add_months", node.this, node.expression),
    exp.LastDay: lambda node: _call("suiteql_last_day", node.this),
    exp.Extract: lambda node: _call("suiteql_extract", exp.Literal.string(node.name), node.expression),
    exp.DateTrunc: _truncated,
    exp.TimestampTrunc: _truncated,
    exp.RegexpLike: lambda node: _call("suiteql_regexp_like", node.this, node.expression),
    exp.Concat: _concat,
    exp.Anonymous: _anonymous,
    exp.Add: _arithmetic("suiteql_add"),
    exp.Sub: _arithmetic("suiteql_sub"),
}
