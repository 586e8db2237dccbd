"""`/search`: Stripe's query language over one kind of object.

Facts: docs.stripe.com/search: clauses of field, operator and value, joined by spaces or AND, or by OR, never both;
`:` is equal whatever the case, `~` contains at least three characters, `<` and `>` compare numbers, `-` negates, null
asks for what is empty, quotes are escaped by a backslash, and metadata are `metadata["key"]`. The answer is a
`search_result` with `next_page` while there is more. What was written a moment ago is not found yet: how long that
lasts is `StripeStore.search_lag`. Not verified: the words of refusals, and that ten clauses are the most.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import orjson

from o2c_orchestration.sandbox.stripe import expand, form
from o2c_orchestration.sandbox.stripe.errors import StripeError
from o2c_orchestration.sandbox.stripe.form import Params
from o2c_orchestration.sandbox.stripe.lists import read_cursor
from o2c_orchestration.sandbox.stripe.resources import RESOURCES
from o2c_orchestration.sandbox.stripe.store import Cursor, StripeStore

CLAUSES_MAX = 10
SUBSTRING_MIN = 3
# Per path: the fields that can be searched, and where they are in the payload.
FIELDS: dict[str, dict[str, str]] = {
    "customers": {"created": "created", "email": "email", "name": "name", "phone": "phone"},
    "invoices": {
        "created": "created",
        "currency": "currency",
        "customer": "customer",
        "number": "number",
        "receipt_number": "receipt_number",
        "status": "status",
        "subscription": "parent.subscription_details.subscription",
        "total": "total",
    },
    "subscriptions": {"created": "created", "status": "status", "canceled_at": "canceled_at"},
    "prices": {
        "active": "active",
        "currency": "currency",
        "lookup_key": "lookup_key",
        "product": "product",
        "type": "type",
    },
    "products": {"active": "active", "description": "description", "name": "name", "url": "url"},
    "charges": {
        "amount": "amount",
        "created": "created",
        "currency": "currency",
        "customer": "customer",
        "status": "status",
    },
    "payment_intents": {
        "amount": "amount",
        "created": "created",
        "currency": "currency",
        "customer": "customer",
        "status": "status",
    },
}
NUMBERS = {"created", "total", "amount", "canceled_at"}
_QUOTED = r'"(?:\\.|[^"\\])*"|' + r"'(?:\\.|[^'\\])*'"
_CLAUSE = re.compile(
    rf"\s*(?P<not>-)?(?P<field>[a-z_.]+)(?:\[(?P<key>{_QUOTED})\])?(?P<op>:|~|>=|<=|>|<)"
    rf"(?P<value>{_QUOTED}|[^\s\"']+)(?=\s|$)",
    re.IGNORECASE,
)
_JOIN = re.compile(r"\s+(?P<word>AND|OR)(?=\s)", re.IGNORECASE)


@dataclass(frozen=True)
class Clause:
    """One condition: `key` is that of metadata, `value` is None for null."""

    field: str
    key: str | None
    operator: str
    value: str | None
    negated: bool


def search(store: StripeStore, path: str, params: Params) -> bytes:
    """One page of what a query finds, rendered. Raises StripeError for what Stripe refuses."""
    form.only(params, ("query", "limit", "page", "expand"))
    given = {**params, "expand": [each for each in params.get("expand", []) if each != "total_count"]}
    paths = expand.parse(given, RESOURCES[path].object, is_list=True)
    clauses, word = parse(form.required(params, "query"))
    conditions = [_condition(path, clause, indexed=not store.search_lag) for clause in clauses]
    condition = f" {word} ".join(f"({sql})" for sql, _ in conditions)
    arguments = [each for _, values in conditions for each in values]
    cursor, skip = Cursor(read_cursor({"limit": params.get("limit")}).limit), _skipped(params)
    page = store.search(RESOURCES[path].object, condition, arguments, cursor, skip)
    wires = [orjson.loads(row) for row in page.rows]
    expander = expand.Expander(store)
    for wire in wires:
        for each in paths:
            expander.expand(wire, each)
    following = f"page_{skip + len(wires)}" if page.has_more else None
    return orjson.dumps(
        {
            "object": "search_result",
            "data": wires,
            "has_more": page.has_more,
            "next_page": following,
            "url": f"/v1/{path}/search",
        }
    )


def parse(query: str) -> tuple[list[Clause], str]:
    """The clauses of a query and the word that joins them, AND or OR. Raises StripeError."""
    clauses, words, at = [], set(), 0
    query = query.strip()
    while True:
        match = _CLAUSE.match(query, at)
        if match is None:
            raise _unreadable(query)
        clauses.append(_clause(match))
        at = match.end()
        if not query[at:].strip():
            break
        join = _JOIN.match(query, at)
        words.add("AND" if join is None else join["word"].upper())
        at = at if join is None else join.end()
    if len(words) > 1:
        raise StripeError(400, "You cannot combine AND and OR clauses in one query.", param="query")
    if len(clauses) > CLAUSES_MAX:
        raise StripeError(400, f"A query can have at most {CLAUSES_MAX} clauses.", param="query")
    return clauses, words.pop() if words else "AND"


def _clause(match: re.Match[str]) -> Clause:
    value: str | None = match["value"]
    bare = value is not None and value[0] not in "\"'"
    key = None if match["key"] is None else _unquoted(match["key"])
    text = None if bare and str(value).lower() == "null" else _unquoted(str(value))
    return Clause(match["field"].lower(), key, match["op"], text, match["not"] is not None)


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1]) if text[0] in "\"'" else text


def _condition(path: str, clause: Clause, *, indexed: bool) -> tuple[str, list[Any]]:
    sql, values = _positive(path, clause, indexed=indexed)
    return (f"NOT coalesce({sql}, 0)", values) if clause.negated else (sql, values)


def _positive(path: str, clause: Clause, *, indexed: bool) -> tuple[str, list[Any]]:
    if clause.field == "metadata":
        if clause.key is None:
            raise StripeError(400, "Metadata are searched by metadata['key'].", param="query")
        if indexed and clause.operator == ":" and clause.value is not None:
            return "id IN (SELECT id FROM tag WHERE key = ? AND value = ?)", [clause.key, clause.value]
        return _compare(
            "(SELECT m.value FROM json_each(payload, '$.metadata') m WHERE m.key = ?)", clause, [clause.key]
        )
    place = FIELDS[path].get(clause.field)
    if place is None or clause.key is not None:
        message = f"Field `{clause.field}` is an unsupported search field for resource `{path}`."
        raise StripeError(400, message, param="query")
    return _compare(f"json_extract(payload, '$.{place}')", clause, [])


def _compare(expression: str, clause: Clause, values: list[Any]) -> tuple[str, list[Any]]:
    if clause.value is None:
        return f"{expression} IS NULL", values
    if clause.operator == ":" and clause.value.lower() in ("true", "false") and clause.field == "active":
        return f"{expression} = ?", [*values, int(clause.value.lower() == "true")]
    if clause.field in NUMBERS:
        if clause.operator == "~":
            raise StripeError(400, f"The ~ operator is not supported for field `{clause.field}`.", param="query")
        operator = "=" if clause.operator == ":" else clause.operator
        return f"{expression} {operator} ?", [*values, form.to_integer(clause.field, clause.value)]
    if clause.operator == ":":
        return f"{expression} = ? COLLATE NOCASE", [*values, clause.value]
    if clause.operator != "~":
        raise StripeError(400, f"Field `{clause.field}` is no number.", param="query")
    if len(clause.value) < SUBSTRING_MIN:
        raise StripeError(400, f"Substrings must have at least {SUBSTRING_MIN} characters.", param="query")
    return f"instr(lower({expression}), lower(?)) > 0", [*values, clause.value]


def _skipped(params: Params) -> int:
    page = form.text(params, "page")
    if page is None:
        return 0
    number = page.removeprefix("page_")
    if not number.isdigit():
        raise StripeError(400, f"Invalid page: {page}", param="page")
    return int(number)


def _unreadable(query: str) -> StripeError:
    message = 'We were unable to parse your search query. Try using the format `metadata["key"]:"value"` to query'
    return StripeError(400, f'{message} for metadata or key:"value" to query for other fields.', param="query")
