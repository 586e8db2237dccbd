"""What SuiteQL refuses although Oracle or SQLite would run it."""

from __future__ import annotations

from sqlglot import exp

from o2c_orchestration.sandbox.netsuite.errors import NetSuiteError, invalid_search

UNSUPPORTED = "Invalid or unsupported search"
IN_ITEMS_MAX = 1000
DATE_COLUMNS = frozenset(
    {
        "trandate",
        "duedate",
        "startdate",
        "enddate",
        "createddate",
        "lastmodifieddate",
        "closedate",
        "datecreated",
        "linecreateddate",
        "linelastmodifieddate",
        "closedondate",
        "nextdate",
        "previousdate",
        "deleteddate",
    }
)
_COMPARISONS = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE)


def refuse_unsupported(query: exp.Query) -> None:
    """Raise for LIMIT, WITH, date literals, lists longer than 1000, and mixed join styles."""
    if query.find(exp.With) or query.find(exp.Limit) or query.find(exp.DateStrToDate):
        raise invalid_search(UNSUPPORTED)
    for cast in query.find_all(exp.Cast):
        if cast.to.this in (exp.DataType.Type.DATE, exp.DataType.Type.TIMESTAMP) and cast.this.is_string:
            raise invalid_search(UNSUPPORTED)
    for fetch in query.find_all(exp.Fetch):
        options = fetch.args.get("limit_options")
        if options is not None and (options.args.get("percent") or options.args.get("with_ties")):
            raise invalid_search(UNSUPPORTED)
    for condition in query.find_all(exp.In):
        if len(condition.expressions) > IN_ITEMS_MAX:
            raise invalid_search(f"Search error occurred: more than {IN_ITEMS_MAX} expressions in a list")
    marked = any(column.args.get("join_mark") for column in query.find_all(exp.Column))
    if marked:
        # Oracle's (+) is legal SuiteQL alone; this account does not run it, with or without ANSI joins.
        raise invalid_search(UNSUPPORTED)


def refuse_date_literals(query: exp.Query) -> None:
    """Raise where a date column meets text that was not put through TO_DATE."""
    for node in query.find_all(*_COMPARISONS):
        _refuse_pair(node.this, node.expression)
        _refuse_pair(node.expression, node.this)
    for between in query.find_all(exp.Between):
        _refuse_pair(between.this, between.args["low"])
        _refuse_pair(between.this, between.args["high"])
    for condition in query.find_all(exp.In):
        for item in condition.expressions:
            _refuse_pair(condition.this, item)


def is_date_column(node: exp.Expr | None) -> bool:
    """Whether a node is a column that holds dates."""
    return isinstance(node, exp.Column) and node.name in DATE_COLUMNS


def _refuse_pair(column: exp.Expr, other: exp.Expr) -> None:
    if is_date_column(column) and isinstance(other, exp.Literal | exp.Placeholder):
        raise date_parse_failed("?" if isinstance(other, exp.Placeholder) else other.name)


def date_parse_failed(text: str) -> NetSuiteError:
    """The error of a date that is not in the account's format."""
    return invalid_search(
        f'Search error occurred: Parse of date/time "{text}" failed with date format "M/d/yy"'
        " in time zone America/Los_Angeles"
    )
