"""What SuiteQL and SOQL give, in the words of drift: made of domain/read_rows.py."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from o2c_orchestration.domain.drift import Declared
from o2c_orchestration.domain.read_rows import NETSUITE, READ_ROWS, Flag, Number, Whole, Word
from o2c_orchestration.domain.salesforce_fields import NOT_EVERYWHERE
from o2c_orchestration.domain.stored import Field

Row = Mapping[str, Any]
_FLAGS = {"T": True, "F": False}


def declared(kind: str) -> dict[str, Declared]:
    """What we say of the fields of a kind, in the words of drift."""
    return {each.name: _declared(each) for each in READ_ROWS[kind]}


def at_times(kind: str) -> frozenset[str]:
    """Fields of a kind that need not be there: empty ones in SuiteQL, and those that not every org has or shows."""
    if kind in NETSUITE:
        return frozenset(each.name for each in NETSUITE[kind] if each.nullable)
    return frozenset(each.name for each in READ_ROWS[kind] if each.name.endswith("__c") or each.name in NOT_EVERYWHERE)


def _declared(field: Field) -> Declared:
    types = {_json_type(field)} | ({"null"} if field.nullable else set())
    several = any(isinstance(mark, Word) for mark in field.marks)
    return Declared(frozenset(types), frozenset(field.values) or None, few=several)


def _json_type(field: Field) -> str:
    forms = {type(mark) for mark in field.marks}
    if forms & {Whole, Number}:
        return "number"
    return "boolean" if field.type is bool or Flag in forms else "string"


def as_json(kind: str, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Rows as drift looks at them: SuiteQL's texts as the numbers and flags that they are texts of, if they are."""
    if kind not in NETSUITE:
        return [dict(row) for row in rows]
    forms = {each.name: _json_type(each) for each in NETSUITE[kind]}
    return [{name: _value(value, forms.get(name, "")) for name, value in row.items()} for row in rows]


def _value(text: Any, form: str) -> Any:
    if form == "boolean":
        return _FLAGS.get(text, text)
    if form == "number":
        try:
            return Decimal(text)
        except (ArithmeticError, ValueError, TypeError):
            return text
    return text
