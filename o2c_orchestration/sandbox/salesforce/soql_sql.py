"""SOQL conditions and columns as SQL over the tables of `store.py`.

What belongs here: which object and field a name means, and what a comparison means for each type. SQL knows three
values of truth and SOQL two: a NOT takes what is unknown for false.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from o2c_orchestration.sandbox.salesforce import ids
from o2c_orchestration.sandbox.salesforce.errors import SalesforceError
from o2c_orchestration.sandbox.salesforce.fields import NUMBERS, Field, SObject
from o2c_orchestration.sandbox.salesforce.org import Org
from o2c_orchestration.sandbox.salesforce.soql import (
    Aggregate,
    Comparison,
    Condition,
    Literal,
    Order,
    Query,
    Ref,
)
from o2c_orchestration.sandbox.salesforce.soql_dates import span
from o2c_orchestration.sandbox.salesforce.tokens import pointing
from o2c_orchestration.sandbox.salesforce.values import moment_text, parse_day, parse_moment

Sql = tuple[str, list[Any]]
WAYS_MAX = 5
_ESCAPE = re.compile(r"\\(.)")
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
_BE_SURE = "Please reference your WSDL or the describe call for the appropriate names."


@dataclass(frozen=True)
class Column:
    """A field as SQL, the object it belongs to and the names of the way to that."""

    sql: str
    field: Field
    owner: SObject
    way: tuple[str, ...]


class Scope:
    """One query over one object, with the joins that its names have asked for so far."""

    def __init__(self, org: Org, query: Query, root: SObject, alias: str = "t") -> None:
        self.org, self.query, self.root, self.alias = org, query, root, alias
        # Whether an aggregate may stand here: in HAVING and what is selected from groups, not in WHERE.
        self.grouping = False
        self._joins: dict[tuple[str, ...], tuple[str, SObject]] = {(): (alias, root)}
        self._clauses: list[str] = []

    @property
    def source(self) -> str:
        """What follows FROM."""
        return " ".join([f'"{self.root.name}" {self.alias}', *self._clauses])

    def column(self, ref: Ref) -> Column:
        """The field that is meant. Raises SalesforceError (INVALID_FIELD)."""
        path = ref.path
        if len(path) > 1 and path[0].lower() in (self.query.source.lower(), (self.query.alias or "").lower()):
            path = path[1:]
        way = self._way(path[:-1], ref.at)
        alias, owner = self._joins[way]
        field = owner.field(path[-1])
        if field is None:
            raise self._no_column(path[-1], owner, ref.at)
        return Column(_expression(alias, field), field, owner, way)

    def identity(self, way: tuple[str, ...]) -> str:
        """The id at the end of a way that a column has gone."""
        return f'{self._joins[way][0]}."Id"'

    def condition(self, given: Condition) -> Sql:
        """A WHERE or HAVING. Raises SalesforceError."""
        if isinstance(given, Comparison):
            return self._comparison(given)
        parts = [self.condition(each) for each in given.parts]
        values = [value for _, some in parts for value in some]
        if given.operator == "NOT":
            return f"NOT coalesce(({parts[0][0]}), 0)", values
        return f" {given.operator} ".join(f"({sql})" for sql, _ in parts), values

    def order(self, keys: tuple[Order, ...]) -> str:
        """What follows ORDER BY; without keys, as the records were made."""
        if not keys:
            return f'{self.alias}."Id"'
        return ", ".join(
            f"{self.operand(key.ref)[0]} {'DESC' if key.descending else 'ASC'}"
            f" NULLS {'LAST' if key.nulls_last else 'FIRST'}"
            for key in keys
        )

    def operand(self, ref: Ref | Aggregate) -> tuple[str, Field | None]:
        """A field or an aggregate as SQL; the field is None for a count."""
        if isinstance(ref, Ref):
            column = self.column(ref)
            return column.sql, column.field
        if not self.grouping:
            message = "Aggregate expressions are only allowed with GROUP BY, in SELECT, HAVING and ORDER BY"
            raise pointing(self.query.text, ref.at, "MALFORMED_QUERY", message)
        if ref.ref is None:
            return "count(*)", None
        column = self.column(ref.ref)
        if ref.function == "COUNT_DISTINCT":
            return f"count(DISTINCT {column.sql})", None
        return f"{ref.function.lower()}({column.sql})", None if ref.function == "COUNT" else column.field

    def _way(self, names: tuple[str, ...], at: int) -> tuple[str, ...]:
        """Join the parents on the way; the way with its proper names."""
        way: tuple[str, ...] = ()
        for name in names[: WAYS_MAX + 1]:
            alias, owner = self._joins[way]
            lookup = owner.relation(name)
            if lookup is None or len(names) > WAYS_MAX:
                raise self._no_way(name, at)
            way = (*way, str(lookup.relation))
            if way not in self._joins:
                parent, joined = self.org.at(lookup.refers_to[0]), f"{self.alias}_{len(self._joins)}"
                self._clauses.append(f'LEFT JOIN "{parent.name}" {joined} ON {joined}."Id" = {alias}."{lookup.name}"')
                self._joins[way] = joined, parent
        return way

    def _no_column(self, name: str, owner: SObject, at: int) -> SalesforceError:
        message = (
            f"No such column '{name}' on entity '{owner.name}'. If you are attempting to use a custom field, "
            f"be sure to append the '__c' after the custom field name. {_BE_SURE}"
        )
        return pointing(self.query.text, at, "INVALID_FIELD", message)

    def _no_way(self, name: str, at: int) -> SalesforceError:
        message = (
            f"Didn't understand relationship '{name}' in field path. If you are attempting to use a custom "
            f"relationship, be sure to append the '__r' after the custom relationship name. {_BE_SURE}"
        )
        return pointing(self.query.text, at, "INVALID_FIELD", message)

    def _comparison(self, given: Comparison) -> Sql:
        sql, field = self.operand(given.ref)
        if field is not None and not field.filterable:
            message = f"field '{field.name}' can not be filtered in a query call"
            raise pointing(self.query.text, given.ref.at, "INVALID_FIELD", message)
        if isinstance(given.values, Query):
            return self._semi_join(sql, given.operator, given.values)
        if field is not None and field.type in ("date", "datetime") and given.values[0].kind == "word":
            return self._span(sql, field, given.operator, given.values[0])
        values = [self._value(field, each) for each in given.values]
        match given.operator:
            case "IN" | "NOT IN":
                return _among(sql, given.operator == "NOT IN", values)
            case "LIKE":
                if field is None or field.type in NUMBERS | {"boolean", "id", "reference", "date", "datetime"}:
                    raise self._mismatch(field, "string", quoted=True, at=given.ref.at, code="INVALID_FIELD")
                return f"{sql} LIKE ? ESCAPE '\\'", values
            case "=" | "!=":
                return f"{sql} {'IS' if given.operator == '=' else 'IS NOT'} ?", values
            case operator:
                return f"{sql} {operator} ?", values

    def _semi_join(self, sql: str, operator: str, inner: Query) -> Sql:
        root = self.org.find(inner.source)
        if root is None:
            raise no_type(inner)
        scope = Scope(self.org, inner, root, f"{self.alias}s")
        selected = inner.select[0]
        if len(inner.select) != 1 or not isinstance(selected, Ref):
            raise pointing(inner.text, inner.source_at, "MALFORMED_QUERY", "a semi join selects one field")
        column = scope.column(selected).sql
        where, values = scope.condition(inner.where) if inner.where else ("1", [])
        inside = f'SELECT {column} FROM {scope.source} WHERE {scope.alias}."IsDeleted" = 0 AND ({where})'
        return f"coalesce({sql}, '') {operator} ({inside} AND {column} IS NOT NULL)", values

    def _span(self, sql: str, field: Field, operator: str, literal: Literal) -> Sql:
        try:
            days = span(literal.text, datetime.now(UTC).date())
        except (OverflowError, ValueError):
            days = None
        if days is None:
            raise pointing(self.query.text, literal.at, "MALFORMED_QUERY", f"unexpected token: '{literal.text}'")
        first, behind = (_bound(each, field) for each in days)
        match operator:
            case "<":
                return f"{sql} < ?", [first]
            case "<=":
                return f"{sql} < ?", [behind]
            case ">":
                return f"{sql} >= ?", [behind]
            case ">=":
                return f"{sql} >= ?", [first]
            case "!=":
                return f"({sql} < ? OR {sql} >= ? OR {sql} IS NULL)", [first, behind]
            case _:
                return f"({sql} >= ? AND {sql} < ?)", [first, behind]

    def _value(self, field: Field | None, literal: Literal) -> Any:
        """The literal as it is stored. Raises SalesforceError when the type does not fit."""
        if literal.kind == "null":
            return None
        if field is None or field.type in NUMBERS:
            if literal.kind != "number":
                raise self._mismatch(field, "double", quoted=False, at=literal.at)
            return float(literal.text)
        match field.type:
            case "boolean":
                if literal.kind != "boolean":
                    raise self._mismatch(field, "boolean", quoted=False, at=literal.at)
                return int(literal.text == "TRUE")
            case "date" | "datetime":
                return self._moment(field, literal)
        if literal.kind != "string":
            raise self._mismatch(field, "string", quoted=True, at=literal.at)
        value = _ESCAPE.sub(lambda found: _unescaped(found[1]), literal.text[1:-1])
        if field.type in ("id", "reference"):
            return self._identifier(value, literal.at)
        return value or None

    def _identifier(self, value: str, at: int) -> str | None:
        found = ids.full(value)
        if found is None and value:
            raise pointing(self.query.text, at, "INVALID_QUERY_FILTER_OPERATOR", f"invalid ID field: {value}")
        return found

    def _moment(self, field: Field, literal: Literal) -> str:
        day, moment = parse_day(literal.text), parse_moment(literal.text)
        if field.type == "date" and literal.kind == "day" and day is not None:
            return day.isoformat()
        if field.type == "datetime" and literal.kind == "moment" and moment is not None:
            return moment_text(moment, self.org.stamp_ms)
        kind = "date" if field.type == "date" else "dateTime"
        raise self._mismatch(field, kind, quoted=False, at=literal.at)

    def _mismatch(
        self, field: Field | None, kind: str, *, quoted: bool, at: int, code: str = "INVALID_FIELD"
    ) -> SalesforceError:
        name = field.name if field else "expr0"
        message = (
            f"value of filter criterion for field '{name}' must be of type {kind} and should "
            f"{'be' if quoted else 'not be'} enclosed in quotes"
        )
        return pointing(self.query.text, at, code, message)


def no_type(query: Query) -> SalesforceError:
    """There is no such object."""
    message = (
        f"sObject type '{query.source}' is not supported. If you are attempting to use a custom object, be sure to "
        f"append the '__c' after the entity name. {_BE_SURE}"
    )
    return pointing(query.text, query.source_at, "INVALID_TYPE", message)


def _expression(alias: str, field: Field) -> str:
    if not field.compound:
        return f'{alias}."{field.name}"'
    parts = {_part_name(name): f'{alias}."{name}"' for name in field.compound}
    present = ", ".join(parts.values())
    pairs = ", ".join(f"'{name}', {sql}" for name, sql in parts.items())
    extra = "'geocodeAccuracy', NULL, 'latitude', NULL, 'longitude', NULL"
    return f"CASE WHEN coalesce({present}) IS NULL THEN NULL ELSE json_object({pairs}, {extra}) END"


def _part_name(name: str) -> str:
    """BillingPostalCode: postalCode."""
    part = re.sub(r"^(Billing|Shipping|Mailing)", "", name)
    return part[0].lower() + part[1:]


def _among(sql: str, negated: bool, values: list[Any]) -> Sql:
    given = [value for value in values if value is not None]
    marks = ", ".join("?" * len(given))
    with_null = len(given) < len(values)
    if negated:
        return f"({sql} IS {'NOT NULL AND' if with_null else 'NULL OR'} {sql} NOT IN ({marks}))", given
    return f"({sql} IN ({marks}){f' OR {sql} IS NULL' if with_null else ''})", given


def _bound(day: date, field: Field) -> str:
    return day.isoformat() if field.type == "date" else f"{day.isoformat()}T00:00:00.000+0000"


def _unescaped(escaped: str) -> str:
    # A wildcard that is meant as itself stays escaped, for SQL reads it the same way.
    return f"\\{escaped}" if escaped in "%_" else _ESCAPED.get(escaped, escaped)
