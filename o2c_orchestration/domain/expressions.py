"""The small language of conditions and expressions in `mapping`: paths, text, whole numbers, comparisons, functions.

Python's grammar is read and its syntax tree is walked, node by node, from a list of what is known; nothing is ever
handed to Python to run. There are no decimals: amounts are whole minor units, and what is to be an amount in NetSuite
says so with `money(…)`.
"""

import ast
import difflib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

# Text, whole number, truth, nothing, or an amount as `money` makes it.
Value = str | int | bool | None | tuple[str, int]
Look = Callable[[str], Value]

LENGTH_MAX: Final = 1000
_NODES_MAX: Final = 200
_TEXT_MAX: Final = 4000
_NUMBER_MAX: Final = 10**15
MONEY: Final = "$minor"


class BadExpression(ValueError):
    """A text that is none of this language, and why."""


class WrongType(Exception):
    """Values that do not go together, in words."""


@dataclass(frozen=True)
class Expression:
    """A text that was read once; equal texts are equal."""

    text: str
    tree: ast.expr

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Expression) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)

    @property
    def names(self) -> tuple[str, ...]:
        """Every path that it reads, such as `customer.email`, each once, in order."""
        return tuple(dict.fromkeys(_names(self.tree)))

    def value(self, look: Look) -> Value:
        """What it comes to, with `look` for the value of a path (None: there is none). Raises WrongType."""
        return _value(self.tree, look)


def parse(text: str) -> Expression:
    """Raises BadExpression with what is not understood."""
    if len(text) > LENGTH_MAX:
        raise BadExpression(f"is longer than {LENGTH_MAX} characters")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise BadExpression(f"{text!r} is not understood: {getattr(error, 'msg', error)}") from None
    if sum(1 for _ in ast.walk(tree)) > _NODES_MAX:
        raise BadExpression("has too many parts")
    _check(tree)
    return Expression(text, tree)


def _check(node: ast.expr) -> None:
    """Refuse whatever is not on the list, deepest part last."""
    if isinstance(node, ast.Constant):
        _check_constant(node)
    elif isinstance(node, ast.Attribute | ast.Name):
        _path(node)
    elif isinstance(node, ast.Call):
        _check_call(node)
    elif isinstance(node, ast.Compare):
        _check_compare(node)
    elif isinstance(node, ast.BinOp):
        if type(node.op) not in _ARITHMETIC:
            raise BadExpression(f"{ast.unparse(node)}: use +, -, * and // only (// divides and drops the rest)")
    elif isinstance(node, ast.UnaryOp):
        if not isinstance(node.op, ast.Not | ast.USub):
            raise BadExpression(f"{ast.unparse(node)}: only `not` and `-` may stand before a value")
    elif not isinstance(node, ast.BoolOp | ast.IfExp):
        raise BadExpression(f"{ast.unparse(node)!r} is none of: names, text, whole numbers, comparisons, functions")
    for part in _parts(node):
        _check(part)


def _check_constant(node: ast.Constant) -> None:
    if isinstance(node.value, float):
        raise BadExpression(f"{node.value!r}: no decimals; amounts are minor units, 1,000.00 dollars is 100000")
    if not isinstance(node.value, str | int | bool | None):
        raise BadExpression(f"{node.value!r} is neither text nor a whole number")


def _check_call(node: ast.Call) -> None:
    name = node.func.id if isinstance(node.func, ast.Name) else ast.unparse(node.func)
    if name not in FUNCTIONS:
        near = difflib.get_close_matches(name, FUNCTIONS, n=1)
        hint = f"; did you mean {near[0]}?" if near else f"; there are {', '.join(sorted(FUNCTIONS))}"
        raise BadExpression(f"there is no function {name}{hint}")
    fewest, most = FUNCTIONS[name].takes
    if node.keywords or not fewest <= len(node.args) <= most:
        raise BadExpression(f"{name} is written {FUNCTIONS[name].shape}")


def _check_compare(node: ast.Compare) -> None:
    for operator, right in zip(node.ops, node.comparators, strict=True):
        if isinstance(operator, ast.In | ast.NotIn):
            if not isinstance(right, ast.Tuple | ast.List) or not all(isinstance(e, ast.Constant) for e in right.elts):
                raise BadExpression(
                    f"{ast.unparse(node)}: `in` wants a list of values, such as currency in ('usd', 'eur')"
                )
        elif type(operator) not in _COMPARES:
            raise BadExpression(f"{ast.unparse(node)}: use ==, !=, <, <=, >, >=, in, not in")


def _parts(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.Call):
        yield from node.args
    elif isinstance(node, ast.Compare):
        yield node.left
        for right in node.comparators:
            yield from right.elts if isinstance(right, ast.Tuple | ast.List) else (right,)
    elif isinstance(node, ast.BoolOp):
        yield from node.values
    elif isinstance(node, ast.BinOp):
        yield from (node.left, node.right)
    elif isinstance(node, ast.UnaryOp):
        yield node.operand
    elif isinstance(node, ast.IfExp):
        yield from (node.test, node.body, node.orelse)


def _path(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{_path(node.value)}.{node.attr}"
    raise BadExpression(f"{ast.unparse(node)!r} is no path such as customer.email")


def _names(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Name | ast.Attribute):
        yield _path(node)
    for part in _parts(node):
        yield from _names(part)


def _value(node: ast.expr, look: Look) -> Value:
    match node:
        case ast.Constant(value=str() | int() | bool() | None as value):
            return value
        case ast.Name() | ast.Attribute():
            found = look(_path(node))
        case ast.BoolOp():
            found = _either(node, look)
        case ast.IfExp():
            found = _value(node.body if truth(_value(node.test, look)) else node.orelse, look)
        case ast.UnaryOp(op=ast.Not()):
            found = not truth(_value(node.operand, look))
        case ast.UnaryOp():
            found = -_number(_value(node.operand, look), "-")
        case ast.Compare():
            found = _compared(node, look)
        case ast.BinOp():
            found = _sum(node, look)
        case ast.Call(func=ast.Name(id=name)):
            found = _bounded(FUNCTIONS[name].does(*(_value(each, look) for each in node.args)))
        case _:
            raise WrongType(f"{ast.unparse(node)} was let through unread")
    return found


def truth(value: Value) -> bool:
    """Whether a value counts as true: nothing, no text, nought and false do not."""
    return bool(value)


def _either(node: ast.BoolOp, look: Look) -> bool:
    found = (truth(_value(each, look)) for each in node.values)
    return all(found) if isinstance(node.op, ast.And) else any(found)


def _compared(node: ast.Compare, look: Look) -> bool:
    left = _value(node.left, look)
    for operator, part in zip(node.ops, node.comparators, strict=True):
        if isinstance(operator, ast.In | ast.NotIn):
            assert isinstance(part, ast.Tuple | ast.List)
            inside = any(_same(left, _value(each, look)) for each in part.elts)
            holds, left = inside is isinstance(operator, ast.In), None
        else:
            right = _value(part, look)
            holds, left = _holds(operator, left, right), right
        if not holds:
            return False
    return True


def _same(left: Value, right: Value) -> bool:
    """True is not 1 here, nor is text ever a number."""
    return type(left) is type(right) and left == right


def _holds(operator: ast.cmpop, left: Value, right: Value) -> bool:
    if isinstance(operator, ast.Eq | ast.NotEq):
        if left is not None and right is not None and type(left) is not type(right):
            raise WrongType(f"{shown(left)} is compared with {shown(right)}, which is of another kind")
        return _same(left, right) is isinstance(operator, ast.Eq)
    for kind in (int, str):
        if type(left) is kind and type(right) is kind:
            return bool(_COMPARES[type(operator)](left, right))
    raise WrongType(f"{shown(left)} and {shown(right)} cannot be ordered")


def _sum(node: ast.BinOp, look: Look) -> Value:
    left, right = _value(node.left, look), _value(node.right, look)
    if isinstance(node.op, ast.Add) and isinstance(left, str) and isinstance(right, str):
        return _bounded(left + right)
    sign = ast.unparse(node)
    first, second = _number(left, sign), _number(right, sign)
    if isinstance(node.op, ast.FloorDiv | ast.Mod) and second == 0:
        raise WrongType(f"{sign} divides by nought")
    return _bounded(int(_ARITHMETIC[type(node.op)](first, second)))


def _number(value: Value, where: str) -> int:
    if type(value) is not int:
        raise WrongType(f"{shown(value)} is no whole number, in {where}")
    return value


def _text(value: Value, where: str) -> str:
    if not isinstance(value, str):
        raise WrongType(f"{shown(value)} is no text, in {where}")
    return value


def _bounded(value: Value) -> Value:
    if isinstance(value, str) and len(value) > _TEXT_MAX:
        raise WrongType(f"the text is longer than {_TEXT_MAX} characters")
    if type(value) is int and abs(value) > _NUMBER_MAX:
        raise WrongType("the number is too large")
    return value


def shown(value: Value) -> str:
    """A value as an error shows it."""
    return "nothing" if value is None else f"money({value[1]})" if isinstance(value, tuple) else repr(value)


def _first_given(*values: Value) -> Value:
    return next((value for value in values if value not in (None, "")), None)


def _as_text(value: Value) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise WrongType(f"{shown(value)} has no text")
    return str(value)


def _part(text: Value, separator: Value, number: Value) -> Value:
    found, at = _text(text, "part").split(_text(separator, "part") or " "), _number(number, "part")
    return found[at - 1].strip() if 0 < at <= len(found) else None


def _days_after(day: Value, days: Value) -> str:
    try:
        return (date.fromisoformat(_text(day, "days_after")) + timedelta(_number(days, "days_after"))).isoformat()
    except (ValueError, OverflowError):
        raise WrongType(f"{shown(day)} is no date such as 2026-11-30, in days_after") from None


@dataclass(frozen=True)
class Function:
    """What may be called: how it is written, how many values it takes, and what it does."""

    shape: str
    takes: tuple[int, int]
    does: Callable[..., Value]


FUNCTIONS: Final[Mapping[str, Function]] = {
    "upper": Function("upper(text)", (1, 1), lambda text: _text(text, "upper").upper()),
    "lower": Function("lower(text)", (1, 1), lambda text: _text(text, "lower").lower()),
    "trim": Function("trim(text)", (1, 1), lambda text: _text(text, "trim").strip()),
    "text": Function("text(value)", (1, 1), _as_text),
    "first": Function("first(text, 10)", (2, 2), lambda text, n: _text(text, "first")[: max(_number(n, "first"), 0)]),
    "part": Function("part(text, '-', 1)", (3, 3), _part),
    "starts": Function("starts(text, 'in_')", (2, 2), lambda a, b: _text(a, "starts").startswith(_text(b, "starts"))),
    "contains": Function("contains(text, 'x')", (2, 2), lambda a, b: _text(b, "contains") in _text(a, "contains")),
    "coalesce": Function("coalesce(a, b, …)", (1, 20), _first_given),
    "money": Function("money(amount_minor)", (1, 1), lambda minor: (MONEY, _number(minor, "money"))),
    "days_after": Function("days_after(date, 30)", (2, 2), _days_after),
}
_ARITHMETIC: Final[Mapping[type[ast.operator], Callable[[int, int], int]]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.FloorDiv: lambda a, b: a // b,
    ast.Mod: lambda a, b: a % b,
}
_COMPARES: Final[Mapping[type[ast.cmpop], Callable[[Any, Any], bool]]] = {
    ast.Eq: lambda a, b: a == b,
    ast.NotEq: lambda a, b: a != b,
    ast.Lt: lambda a, b: a < b,
    ast.LtE: lambda a, b: a <= b,
    ast.Gt: lambda a, b: a > b,
    ast.GtE: lambda a, b: a >= b,
}
