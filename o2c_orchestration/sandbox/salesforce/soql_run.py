"""Running a query: ids first, then pages of records with their parents and children.

What belongs here: results as Salesforce renders them, and the cursors behind `nextRecordsUrl`. A result is fixed when
the query runs; the records of later pages are read when they are asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import orjson

from o2c_orchestration.sandbox.salesforce.errors import SalesforceError, refusal
from o2c_orchestration.sandbox.salesforce.fields import Field, SObject
from o2c_orchestration.sandbox.salesforce.soql import Aggregate, Query, Ref, parse
from o2c_orchestration.sandbox.salesforce.soql_sql import Scope, no_type
from o2c_orchestration.sandbox.salesforce.store import SalesforceStore
from o2c_orchestration.sandbox.salesforce.tokens import pointing
from o2c_orchestration.sandbox.salesforce.values import rendered

Wire = dict[str, Any]
PAGE_MAX, OFFSET_MAX, FIELDS_MAX = 2000, 2000, 200
# Children are looked for in steps: most of them would be in the way of a page that is full before.
PARENTS_AT_ONCE = 250


@dataclass
class Node:
    """How to render one object of a row: its own fields, its parents and its children, in the order selected."""

    kind: SObject
    id_at: int
    leaves: dict[str, tuple[Field, int]] = field(default_factory=dict)
    parents: dict[str, Node] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """What a request says besides its query: API version, rows a page, whether deleted records are wanted."""

    version: str
    size: int = PAGE_MAX
    deleted: bool = False


class Runner:
    """Queries over one store."""

    def __init__(self, store: SalesforceStore) -> None:
        self._store = store

    def start(self, text: str, asked: Asked) -> Wire:
        """The first page. Raises SalesforceError."""
        query = parse(text)
        root = self._store.org.find(query.source)
        if root is None:
            raise no_type(query)
        if query.offset > OFFSET_MAX:
            raise refusal(400, "NUMBER_OUTSIDE_VALID_RANGE", f"Maximum SOQL offset allowed is {OFFSET_MAX}")
        if query.group_by or any(isinstance(each, Aggregate) and each.function != "FIELDS" for each in query.select):
            return _Aggregation(self._store, query, root, asked).result()
        _Listing(self._store, query, root, asked).check()
        plan = {
            "text": text,
            "sub": None,
            "kind": root.name,
            "ids": self._ids(query, root, asked),
            "deleted": asked.deleted,
        }
        return self._page(plan, 0, None, asked)

    def more(self, locator: str, asked: Asked) -> Wire:
        """A further page. Raises SalesforceError (INVALID_QUERY_LOCATOR)."""
        token, _, offset = locator.partition("-")
        plan = self._store.cursor(token)
        if plan is None or not offset.isdigit() or int(offset) >= len(plan["ids"]):
            raise refusal(400, "INVALID_QUERY_LOCATOR", "invalid query locator")
        return self._page(plan, int(offset), token, asked)

    def holds(self, kind: SObject, identifier: str, condition: str) -> bool:
        """Whether a record meets a SOQL condition."""
        query = parse(f"SELECT Id FROM {kind.name} WHERE {condition}")
        scope = Scope(self._store.org, query, kind)
        where, values = scope.condition(query.where) if query.where else ("1", [])
        statement = f'SELECT 1 FROM {scope.source} WHERE t."Id" = ? AND ({where})'
        return bool(self._store.rows(statement, [identifier, *values]))

    def record(self, kind: SObject, identifier: str, names: list[str], version: str) -> Wire | None:
        """One record with these fields, deleted or not."""
        query = parse(f"SELECT {', '.join(names)} FROM {kind.name}")
        listing = _Listing(self._store, query, kind, Asked(version, deleted=True))
        found = listing.records([identifier])
        return found[0] if found else None

    def _ids(self, query: Query, root: SObject, asked: Asked) -> list[str]:
        scope = Scope(self._store.org, query, root)
        where, values = scope.condition(query.where) if query.where else ("1", [])
        order = scope.order(query.order_by)
        alive = "" if asked.deleted else ' AND t."IsDeleted" = 0'
        statement = (
            f'SELECT t."Id" FROM {scope.source} WHERE ({where}){alive} ORDER BY {order}'
            f" LIMIT {-1 if query.limit is None else query.limit} OFFSET {query.offset}"
        )
        return [row[0] for row in self._store.rows(statement, values)]

    def _page(self, plan: Wire, offset: int, token: str | None, asked: Asked) -> Wire:
        query = parse(plan["text"])
        asked = Asked(asked.version, asked.size, plan["deleted"])
        if plan["sub"] is not None:
            inner = query.select[plan["sub"]]
            assert isinstance(inner, Query)
            query = inner
        root = self._store.org.at(plan["kind"])
        records = _Listing(self._store, query, root, asked).page(plan["ids"][offset : offset + asked.size])
        behind, total = offset + max(len(records), 1), len(plan["ids"])
        body: Wire = {"totalSize": total, "done": behind >= total}
        if not body["done"]:
            token = token or self._store.keep_cursor(plan)
            body["nextRecordsUrl"] = f"/services/data/{asked.version}/query/{token}-{behind}"
        return {**body, "records": records}


@dataclass(frozen=True)
class _Below:
    """The children of one subquery: the name of the way, how to render them, and their ids by the parent's id."""

    place: int
    relation: str
    listing: _Listing
    ids: dict[str, list[str]]


class _Listing:
    """The records of a query that groups nothing."""

    def __init__(self, store: SalesforceStore, query: Query, root: SObject, asked: Asked) -> None:
        self._store, self._query, self._root, self._asked = store, query, root, asked
        self._scope = Scope(store.org, query, root)
        self._columns = ['t."Id"']
        self._top = Node(root, 0)
        self._subqueries: list[tuple[int, Query]] = []
        for place, each in enumerate(query.select):
            if isinstance(each, Query):
                self._subqueries.append((place, each))
            elif isinstance(each, Aggregate):
                self._all_fields(each)
            else:
                self._select(each)

    @property
    def kind(self) -> SObject:
        """The object of the records."""
        return self._root

    def check(self) -> None:
        """Raises what a subquery is refused for, also when there is no record."""
        for place, each in self._subqueries:
            self._below(place, each, [])

    def page(self, identifiers: list[str]) -> list[Wire]:
        """The records of a page, fewer than these when their children would be too many: they count as rows."""
        if not self._subqueries:
            return self.records(identifiers)
        records: list[Wire] = []
        rows = 0
        for start in range(0, len(identifiers), PARENTS_AT_ONCE):
            chunk = identifiers[start : start + PARENTS_AT_ONCE]
            below = [self._below(place, each, chunk) for place, each in self._subqueries]
            fitting = 0
            for identifier in chunk:
                rows += 1 + sum(len(each.ids.get(identifier, ())) for each in below)
                if rows > self._asked.size and (start or fitting):
                    break
                fitting += 1
            records += self._records(chunk[:fitting], below)
            if fitting < len(chunk):
                break
        return records

    def records(self, identifiers: list[str]) -> list[Wire]:
        """The records with these ids, in their order, as far as they are still there."""
        return self._records(identifiers, [self._below(place, each, identifiers) for place, each in self._subqueries])

    def _records(self, identifiers: list[str], below: list[_Below]) -> list[Wire]:
        if not identifiers:
            return []
        statement = (
            f"SELECT {', '.join(self._columns)} FROM {self._scope.source}"
            ' WHERE t."Id" IN (SELECT value FROM json_each(?))'
        )
        found = self._store.rows(statement, [orjson.dumps(identifiers).decode()])
        by_id = {row[0]: self._render(self._top, row) or {} for row in found}
        for each in below:
            children = self._children(each, by_id)
            for identifier, record in by_id.items():
                record[each.relation] = children.get(identifier)
        return [by_id[each] for each in identifiers if each in by_id]

    def _select(self, ref: Ref) -> None:
        if ref.alias is not None:
            message = f"only aggregate expressions use field aliasing: {ref.alias}"
            raise pointing(self._query.text, ref.at, "MALFORMED_QUERY", message)
        column = self._scope.column(ref)
        node = self._top
        for length, name in enumerate(column.way, 1):
            if name not in node.parents:
                lookup = node.kind.relation(name)
                assert lookup is not None
                self._columns.append(self._scope.identity(column.way[:length]))
                node.parents[name] = Node(self._store.org.at(lookup.refers_to[0]), len(self._columns) - 1)
            node = node.parents[name]
        if column.field.name in node.leaves:
            raise pointing(
                self._query.text, ref.at, "MALFORMED_QUERY", f"duplicate field selected: {column.field.name}"
            )
        self._columns.append(column.sql)
        node.leaves[column.field.name] = column.field, len(self._columns) - 1

    def _all_fields(self, given: Aggregate) -> None:
        which = given.ref.text.upper() if given.ref else ""
        if which in ("ALL", "CUSTOM") and (self._query.limit is None or self._query.limit > FIELDS_MAX):
            message = f"The SOQL FIELDS function must have a LIMIT of at most {FIELDS_MAX}"
            raise pointing(self._query.text, given.at, "MALFORMED_QUERY", message)
        for each in self._root.fields.values():
            if which == "ALL" or each.custom == (which == "CUSTOM"):
                self._select(Ref((each.name,), given.at))

    def _render(self, node: Node, row: Any) -> Wire | None:
        identifier = row[node.id_at]
        if identifier is None:
            return None
        record: Wire = {"attributes": attributes(node.kind, identifier, self._asked.version)}
        for name, (each, place) in node.leaves.items():
            stored = row[place]
            # Text goes out as it lies there; asking for each would be half the time of a page.
            record[name] = stored if stored is None or each.as_stored else rendered(each, stored)
        for name, parent in node.parents.items():
            record[name] = self._render(parent, row)
        return record

    def _below(self, place: int, query: Query, identifiers: list[str]) -> _Below:
        """The children of these records. Raises SalesforceError."""
        way = self._store.org.way_down(self._root, query.source)
        if way is None or not way.relation:
            raise _no_children(query)
        scope = Scope(self._store.org, query, way.child)
        where, values = scope.condition(query.where) if query.where else ("1", [])
        order = scope.order(query.order_by)
        alive = "" if self._asked.deleted else ' AND t."IsDeleted" = 0'
        parent = f't."{way.lookup.name}"'
        statement = (
            f'SELECT t."Id", {parent} FROM {scope.source} WHERE {parent} IN (SELECT value FROM json_each(?))'
            f" AND ({where}){alive} ORDER BY {order}"
        )
        listing = _Listing(self._store, query, way.child, self._asked)
        listing.check()
        by_parent: dict[str, list[str]] = {}
        for child, owner in self._store.rows(statement, [orjson.dumps(identifiers).decode(), *values]):
            by_parent.setdefault(owner, []).append(child)
        for owner, some in by_parent.items():
            by_parent[owner] = some[query.offset :][: query.limit]
        return _Below(place, way.relation, listing, by_parent)

    def _children(self, below: _Below, parents: Iterable[str]) -> dict[str, Wire]:
        """The results of a subquery by the parent's id; a parent without children has none."""
        some = {parent: below.ids[parent] for parent in parents if below.ids.get(parent)}
        shown = [each for children in some.values() for each in children[:PAGE_MAX]]
        records = dict(zip(shown, below.listing.records(shown), strict=True))
        return {parent: self._child_result(below, children, records) for parent, children in some.items()}

    def _child_result(self, below: _Below, some: list[str], records: dict[str, Wire]) -> Wire:
        result: Wire = {"totalSize": len(some), "done": len(some) <= PAGE_MAX}
        if not result["done"]:
            kind = below.listing.kind.name
            plan = {"text": self._query.text, "sub": below.place, "kind": kind, "ids": some, "deleted": False}
            token = self._store.keep_cursor(plan)
            result["nextRecordsUrl"] = f"/services/data/{self._asked.version}/query/{token}-{PAGE_MAX}"
        return {**result, "records": [records[each] for each in some[:PAGE_MAX]]}


class _Aggregation:
    """The result of a query that counts or groups."""

    def __init__(self, store: SalesforceStore, query: Query, root: SObject, asked: Asked) -> None:
        self._store, self._query, self._asked = store, query, asked
        self._scope = Scope(store.org, query, root)

    def result(self) -> Wire:
        """All rows at once; COUNT() alone is told by `totalSize`."""
        first = self._query.select[0]
        bare = isinstance(first, Aggregate) and first.ref is None and len(self._query.select) == 1
        self._scope.grouping = True
        columns = [self._column(place, each) for place, each in enumerate(self._query.select)]
        rows = self._rows([sql for _, sql, _ in columns])
        if bare and not self._query.group_by:
            return {"totalSize": rows[0][0], "done": True, "records": []}
        records = [
            {
                "attributes": {"type": "AggregateResult"},
                **{
                    name: rendered(each, row[place]) if each else row[place]
                    for place, (name, _, each) in enumerate(columns)
                },
            }
            for row in rows
        ]
        return {"totalSize": len(records), "done": True, "records": records}

    def _rows(self, columns: list[str]) -> list[Any]:
        self._scope.grouping = False
        where, values = self._scope.condition(self._query.where) if self._query.where else ("1", [])
        self._scope.grouping = True
        grouped = ", ".join(self._scope.column(each).sql for each in self._query.group_by)
        having, more = self._scope.condition(self._query.having) if self._query.having else ("", [])
        order = self._scope.order(self._query.order_by) if self._query.order_by else ""
        alive = "" if self._asked.deleted else ' AND t."IsDeleted" = 0'
        statement = f"SELECT {', '.join(columns)} FROM {self._scope.source} WHERE ({where}){alive}"
        statement += f" GROUP BY {grouped}" if grouped else ""
        statement += f" HAVING {having}" if having else ""
        statement += f" ORDER BY {order}" if order else ""
        statement += f" LIMIT {PAGE_MAX if self._query.limit is None else self._query.limit}"
        return self._store.rows(f"{statement} OFFSET {self._query.offset}", [*values, *more])

    def _column(self, place: int, each: Ref | Aggregate | Query) -> tuple[str, str, Field | None]:
        """Name, SQL and field of one column; a nameless aggregate is expr0, expr1 …"""
        if isinstance(each, Query):
            raise pointing(each.text, each.source_at, "MALFORMED_QUERY", "Subqueries are not allowed with GROUP BY")
        if isinstance(each, Ref):
            column = self._scope.column(each)
            if column.sql not in {self._scope.column(key).sql for key in self._query.group_by}:
                message = f"Field must be grouped or aggregated: {each.text}"
                raise pointing(self._query.text, each.at, "MALFORMED_QUERY", message)
            return each.alias or column.field.name, column.sql, column.field
        sql, of = self._scope.operand(each)
        nameless = [other for other in self._query.select[:place] if isinstance(other, Aggregate) and not other.alias]
        return each.alias or f"expr{len(nameless)}", sql, of


def attributes(kind: SObject, identifier: str, version: str) -> Wire:
    """The `attributes` of a record."""
    return {"type": kind.name, "url": f"/services/data/{version}/sobjects/{kind.name}/{identifier}"}


def _no_children(query: Query) -> SalesforceError:
    message = (
        f"Didn't understand relationship '{query.source}' in FROM part of query call. If you are attempting to use a "
        "custom relationship, be sure to append the '__r' after the custom relationship name. Please reference your "
        "WSDL or the describe call for the appropriate names."
    )
    return pointing(query.text, query.source_at, "INVALID_TYPE", message)
