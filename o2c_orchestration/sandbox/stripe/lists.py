"""List endpoints: filters, cursors, order and the envelope."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from o2c_orchestration.sandbox.stripe import expand, form
from o2c_orchestration.sandbox.stripe.errors import StripeError, no_such
from o2c_orchestration.sandbox.stripe.form import Params
from o2c_orchestration.sandbox.stripe.resources import LIST_PARAMETERS, RESOURCES, Filter, Resource
from o2c_orchestration.sandbox.stripe.store import Cursor, Page, StripeStore

LIMIT_DEFAULT = 10
LIMIT_MAX = 100
TYPES_MAX = 20
EVENTS_KEPT_SECONDS = 30 * 24 * 3600
LINES_OF = {"invoice": "line_item", "credit_note": "credit_note_line_item"}
OPERATORS = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}


def list_objects(store: StripeStore, path: str, params: Params) -> bytes:
    """One page of a resource, rendered. Raises StripeError for what Stripe refuses."""
    return list_within(store, RESOURCES[path], f"/v1/{path}", params, {})


def list_within(store: StripeStore, resource: Resource, url: str, params: Params, within: dict[str, str]) -> bytes:
    """As `list_objects`, of those whose columns hold the values of `within`, such as one customer's."""
    form.only(params, {*LIST_PARAMETERS, *(name.split(".")[0] for name in resource.filters)})
    paths = expand.parse(params, resource.object, is_list=True)
    where, arguments = _conditions(resource, params)
    where += [f"{column} = ?" for column in within]
    arguments += within.values()
    if resource.object == "event":
        _check_event_types(params)
        # Stripe keeps events for 30 days; older ones are gone from the list.
        where.append("created >= ?")
        arguments.append(store.now() - EVENTS_KEPT_SECONDS)
    if resource.object == "balance_transaction" and params.get("payout"):
        _check_payout(store, str(params["payout"]))
    cursor = read_cursor(params)
    page = store.page(resource.object, where, arguments, cursor)
    if page is None:
        raise _no_such_cursor(resource.noun, cursor)
    return render(store, page, url, paths)


def list_lines(store: StripeStore, path: str, owner: str, params: Params) -> bytes:
    """One page of the lines of an invoice or credit note, rendered. Raises StripeError."""
    form.only(params, LIST_PARAMETERS)
    resource = RESOURCES[path]
    if store.get_rendered(owner, resource.object) is None:
        raise no_such(resource.noun, owner, param=resource.object)
    paths = expand.parse(params, LINES_OF[resource.object], is_list=True)
    cursor = read_cursor(params)
    page = store.page_of_lines(owner, cursor)
    if page is None:
        raise _no_such_cursor("line item", cursor)
    return render(store, page, f"/v1/{path}/{owner}/lines", paths)


def _check_payout(store: StripeStore, identifier: str) -> None:
    payout = store.get(identifier, "payout")
    if payout is None:
        raise no_such("payout", identifier, param="payout", status=400)
    if not payout.get("automatic", True):
        message = "Balance transaction history can only be filtered on automatic transfers, not manual."
        raise StripeError(400, message, param="payout")


def render(store: StripeStore, page: Page, url: str, paths: list[expand.Path]) -> bytes:
    """The list envelope. Rows are stored rendered, so without `expand` nothing is parsed."""
    rows = page.rows
    if paths:
        expander = expand.Expander(store)
        wires = [orjson.loads(row) for row in rows]
        for wire in wires:
            for path in paths:
                expander.expand(wire, path)
        rows = [orjson.dumps(wire) for wire in wires]
    more = b"true" if page.has_more else b"false"
    return b'{"object":"list","data":[%b],"has_more":%b,"url":"%b"}' % (b",".join(rows), more, url.encode())


def read_cursor(params: Params) -> Cursor:
    """Limit (1 to 100, default 10) and at most one of the two cursors. Raises StripeError."""
    limit = form.integer(params, "limit", LIMIT_DEFAULT)
    assert limit is not None
    if not 1 <= limit <= LIMIT_MAX:
        bound = f"less than or equal to {LIMIT_MAX}" if limit > LIMIT_MAX else "greater than or equal to 1"
        raise StripeError(
            400,
            f"This value must be {bound} (it currently is '{limit}').",
            code="parameter_invalid_integer",
            param="limit",
        )
    cursor = Cursor(limit, form.text(params, "starting_after"), form.text(params, "ending_before"))
    if cursor.starting_after and cursor.ending_before:
        raise StripeError(400, "You cannot specify both `starting_after` and `ending_before`.")
    return cursor


def _no_such_cursor(noun: str, cursor: Cursor) -> StripeError:
    if cursor.starting_after:
        return no_such(noun, cursor.starting_after, param="starting_after", status=400)
    return no_such(noun, cursor.ending_before or "", param="ending_before", status=400)


def _check_event_types(params: Params) -> None:
    types = params.get("types")
    if types is None:
        return
    if "type" in params:
        raise StripeError(400, "You may only specify one of these parameters: type, types.", param="types")
    if not isinstance(types, list) or len(types) > TYPES_MAX:
        raise StripeError(400, f"You may pass at most {TYPES_MAX} event types.", param="types")


def _conditions(resource: Resource, params: Params) -> tuple[list[str], list[Any]]:
    where: list[str] = []
    arguments: list[Any] = []
    for name, rule in resource.filters.items():
        value = _value(params, name)
        if value is None or value == "":
            if rule.absent:
                where.append(rule.absent)
            continue
        for condition, values in _restrict(name, rule, value):
            where.append(condition)
            arguments.extend(values)
    _check_nested(resource, params)
    return where, arguments


def _value(params: Params, name: str) -> Any:
    value: Any = params
    for part in name.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _check_nested(resource: Resource, params: Params) -> None:
    nested = {name.split(".")[0] for name in resource.filters if "." in name}
    for outer in nested & params.keys():
        value = params[outer]
        if not isinstance(value, dict):
            raise StripeError(400, "Invalid object", param=outer)
        for inner in value:
            if f"{outer}.{inner}" not in resource.filters:
                raise StripeError(
                    400,
                    f"Received unknown parameter: {outer}[{inner}]",
                    code="parameter_unknown",
                    param=f"{outer}[{inner}]",
                )


def _restrict(name: str, rule: Filter, value: Any) -> Iterator[tuple[str, list[Any]]]:
    if rule.kind == "range":
        yield from _range(name, rule.expression, value)
    elif rule.kind == "flag":
        yield f"{rule.expression} = ?", [int(form.flag({name: value}, name, default=True))]
    elif rule.kind == "any":
        if not isinstance(value, list):
            raise StripeError(400, "Invalid array", param=name)
        yield f"{rule.expression} IN ({', '.join('?' * len(value))})", list(value)
    elif rule.kind == "condition":
        yield rule.expression, [form.text({name: value}, name)] * rule.expression.count("?")
    elif rule.kind == "pattern" and "*" in str(value):
        yield f"{rule.expression} GLOB ?", [value]
    else:
        yield f"{rule.expression} = ?", [form.text({name: value}, name)]


def _range(name: str, expression: str, value: Any) -> Iterator[tuple[str, list[Any]]]:
    if not isinstance(value, dict):
        yield f"{expression} = ?", [form.to_integer(name, value)]
        return
    for operator, bound in value.items():
        if operator not in OPERATORS:
            raise StripeError(
                400,
                f"Received unknown parameter: {name}[{operator}]",
                code="parameter_unknown",
                param=f"{name}[{operator}]",
            )
        yield f"{expression} {OPERATORS[operator]} ?", [form.to_integer(f"{name}[{operator}]", bound)]
