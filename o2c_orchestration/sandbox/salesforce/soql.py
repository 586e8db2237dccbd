"""SOQL as text into SOQL as a tree, by recursive descent.

What belongs here: the grammar. Whether objects and fields exist is decided in `soql_sql.py`. The subset: fields with
ways to parents, subqueries over children, aggregates, FIELDS(), WHERE with AND, OR, NOT, IN, LIKE, date literals and
semi-joins, GROUP BY, HAVING, ORDER BY, LIMIT and OFFSET. Not there: TYPEOF, geolocation, WITH, date functions.
"""

from __future__ import annotations

from dataclasses import dataclass

from o2c_orchestration.sandbox.salesforce.tokens import Token, cut, unexpected

AGGREGATES = frozenset({"COUNT", "COUNT_DISTINCT", "SUM", "AVG", "MIN", "MAX"})
COMPARISONS = frozenset({"=", "!=", "<>", "<", "<=", ">", ">="})
# Words that end a list or an alias.
RESERVED = frozenset(
    {"FROM", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "FOR", "ASC", "DESC", "NULLS", "AND", "OR", "NOT",
     "IN", "LIKE", "SELECT", "BY", "USING", "WITH", "ALL", "UPDATE", "INCLUDES", "EXCLUDES"}
)  # fmt: skip


@dataclass(frozen=True)
class Ref:
    """A field, perhaps of a parent: the names on the way, and the place in the text. A grouped one may be renamed."""

    path: tuple[str, ...]
    at: int
    alias: str | None = None

    @property
    def text(self) -> str:
        """As it was written."""
        return ".".join(self.path)


@dataclass(frozen=True)
class Aggregate:
    """`COUNT(Id)`; COUNT() has no field. `function` may also be FIELDS, with ALL, STANDARD or CUSTOM as field."""

    function: str
    ref: Ref | None
    alias: str | None
    at: int


@dataclass(frozen=True)
class Literal:
    """A value: kind is string, number, moment, day, boolean, null or word (a date literal such as LAST_N_DAYS:7)."""

    kind: str
    text: str
    at: int


@dataclass(frozen=True)
class Comparison:
    """One condition. `values` has one literal, several for IN, or is a query."""

    ref: Ref | Aggregate
    operator: str
    values: tuple[Literal, ...] | Query


@dataclass(frozen=True)
class Logic:
    """AND or OR over conditions, or NOT over one."""

    operator: str
    parts: tuple[Condition, ...]


Condition = Comparison | Logic


@dataclass(frozen=True)
class Order:
    """One key of ORDER BY; nulls come first unless it is said otherwise, whatever the direction."""

    ref: Ref | Aggregate
    descending: bool
    nulls_last: bool


@dataclass(frozen=True)
class Query:
    """A query; `text` is that of the whole request, which `at` and the places of the rest point into."""

    text: str
    select: tuple[Ref | Aggregate | Query, ...]
    source: str
    source_at: int
    alias: str | None = None
    where: Condition | None = None
    group_by: tuple[Ref, ...] = ()
    having: Condition | None = None
    order_by: tuple[Order, ...] = ()
    limit: int | None = None
    offset: int = 0


def parse(text: str) -> Query:
    """Raises SalesforceError (MALFORMED_QUERY) with the place where it goes wrong."""
    return _Parser(text).whole()


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = cut(text)
        self._place = 0

    def whole(self) -> Query:
        query = self._query()
        if self._now.kind != "end":
            raise unexpected(self._text, self._now)
        return query

    @property
    def _now(self) -> Token:
        return self._tokens[self._place]

    def _next(self) -> Token:
        token = self._now
        self._place += 1
        return token

    def _take(self, *words: str) -> bool:
        """Step over these words if they come next."""
        ahead = self._tokens[self._place : self._place + len(words)]
        if [each.word for each in ahead] != list(words):
            return False
        self._place += len(words)
        return True

    def _must(self, *words: str) -> None:
        for word in words:
            if not self._take(word):
                raise unexpected(self._text, self._now)

    def _name(self) -> Token:
        if self._now.kind != "name" or self._now.word in RESERVED:
            raise unexpected(self._text, self._now)
        return self._next()

    def _query(self) -> Query:
        self._must("SELECT")
        select = [self._selected()]
        while self._take(","):
            select.append(self._selected())
        self._must("FROM")
        # An object may have the name of a key word: Order, Group.
        source = self._next() if self._now.kind == "name" else self._name()
        alias = self._alias()
        where = self._condition() if self._take("WHERE") else None
        group_by = self._group_by()
        having = self._condition() if self._take("HAVING") else None
        order_by = self._order_by()
        limit = self._count() if self._take("LIMIT") else None
        offset = self._count() if self._take("OFFSET") else 0
        if self._take("FOR"):
            self._must(self._now.word if self._now.word in ("VIEW", "REFERENCE") else "VIEW")
        return Query(
            self._text, tuple(select), source.text, source.at, alias, where, group_by, having, order_by, limit, offset
        )  # fmt: skip

    def _selected(self) -> Ref | Aggregate | Query:
        if self._take("("):
            query = self._query()
            self._must(")")
            return query
        return self._operand(aliased=True)

    def _operand(self, *, aliased: bool = False) -> Ref | Aggregate:
        name = self._name()
        if not self._take("("):
            return Ref(tuple(name.text.split(".")), name.at, self._alias() if aliased else None)
        if name.word not in AGGREGATES | {"FIELDS"}:
            raise unexpected(self._text, name)
        ref = None
        if not self._take(")"):
            inner = self._next() if self._now.word == "ALL" else self._name()
            ref = Ref(tuple(inner.text.split(".")), inner.at)
            self._must(")")
        return Aggregate(name.word, ref, self._alias() if aliased else None, name.at)

    def _alias(self) -> str | None:
        if self._now.kind == "name" and self._now.word not in RESERVED:
            return self._next().text
        return None

    def _group_by(self) -> tuple[Ref, ...]:
        if not self._take("GROUP"):
            return ()
        self._must("BY")
        refs = [self._ref()]
        while self._take(","):
            refs.append(self._ref())
        return tuple(refs)

    def _ref(self) -> Ref:
        name = self._name()
        return Ref(tuple(name.text.split(".")), name.at)

    def _order_by(self) -> tuple[Order, ...]:
        if not self._take("ORDER"):
            return ()
        self._must("BY")
        keys = [self._key()]
        while self._take(","):
            keys.append(self._key())
        return tuple(keys)

    def _key(self) -> Order:
        ref = self._operand()
        descending = self._take("DESC")
        if not descending:
            self._take("ASC")
        nulls_last = self._take("NULLS", "LAST")
        if not nulls_last:
            self._take("NULLS", "FIRST")
        return Order(ref, descending, nulls_last)

    def _count(self) -> int:
        if not self._now.text.isdigit():
            raise unexpected(self._text, self._now)
        return int(self._next().text)

    def _condition(self) -> Condition:
        parts = [self._part()]
        operator = self._now.word
        if operator not in ("AND", "OR"):
            return parts[0]
        # AND and OR side by side need parentheses: the second kind is left over, an unexpected token as in Salesforce.
        while self._take(operator):
            parts.append(self._part())
        return Logic(operator, tuple(parts))

    def _part(self) -> Condition:
        if self._take("NOT"):
            return Logic("NOT", (self._part(),))
        if self._take("("):
            inner = self._condition()
            self._must(")")
            return inner
        return self._comparison()

    def _comparison(self) -> Comparison:
        ref = self._operand()
        if self._take("NOT"):
            self._must("IN")
            return Comparison(ref, "NOT IN", self._several())
        if self._take("IN"):
            return Comparison(ref, "IN", self._several())
        if self._take("LIKE"):
            return Comparison(ref, "LIKE", (self._literal(),))
        if self._now.text not in COMPARISONS:
            raise unexpected(self._text, self._now)
        operator = self._next().text
        return Comparison(ref, "!=" if operator == "<>" else operator, (self._literal(),))

    def _several(self) -> tuple[Literal, ...] | Query:
        self._must("(")
        if self._now.word == "SELECT":
            query = self._query()
            self._must(")")
            return query
        values = [self._literal()]
        while self._take(","):
            values.append(self._literal())
        self._must(")")
        return tuple(values)

    def _literal(self) -> Literal:
        token = self._next()
        if token.kind in ("string", "number", "moment", "day"):
            return Literal(token.kind, token.text, token.at)
        if token.kind != "name" or token.word in RESERVED or "." in token.text:
            raise unexpected(self._text, token)
        if token.word in ("TRUE", "FALSE"):
            return Literal("boolean", token.word, token.at)
        if token.word == "NULL":
            return Literal("null", "", token.at)
        count = f":{self._count()}" if self._take(":") else ""
        return Literal("word", token.word + count, token.at)
