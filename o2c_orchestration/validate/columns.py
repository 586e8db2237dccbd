"""Pandera columns from the fields of domain/stored.py and domain/read_rows.py: types, emptiness, enums, ids, signs.

All columns are of objects: pandas would turn missing integers into floats, and 10.0 or "10" is no amount.
"""

import re
import typing
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import pandas as pd
import pandera.pandas as pa

from o2c_orchestration.domain.documents import LineRow
from o2c_orchestration.domain.keys import NAMED_CUSTOMER
from o2c_orchestration.domain.read_rows import Day, Flag, Moment, Number, RecordId, Whole, Word
from o2c_orchestration.domain.stored import REFUND, CurrencyCode, Field, Free, Holds, Id, NotNegative, Payer

Test = Callable[[Any], bool]
# Stripe takes up to twelve digits; ten thousand times that leaves room for sums of hundreds in PostgreSQL's bigint.
_MINOR_MAX = 10**16
_PAYER = rf"cus_[A-Za-z0-9_]+|(?s:{NAMED_CUSTOMER}.+)"


def schema(fields: Iterable[Field], name: str, *checks: pa.Check) -> pa.DataFrameSchema:
    """The schema of rows with these fields; `checks` are those that look at several columns."""
    columns = {each.name: column(each) for each in fields}
    return pa.DataFrameSchema(columns, checks=list(checks), strict=True, name=name)


def column(field: Field) -> pa.Column:
    """A column with one check for each thing that may be wrong with a value, told in words."""
    checks = [_check(test, words) for test, words in _tests(field)]
    # No type: `failing` makes frames of objects and no others, and to look at that takes Pandera as long as all checks.
    return pa.Column(None, checks, nullable=field.nullable)


def _check(test: Test, words: str) -> pa.Check:
    def over(values: "pd.Series[Any]") -> "pd.Series[Any]":
        return pd.Series([test(value) for value in values], index=values.index, dtype=bool)

    return pa.Check(over, error=words)


def _tests(field: Field) -> Iterable[tuple[Test, str]]:
    if field.values:
        yield _one_of(field.values), f"{field.name} is none of {', '.join(field.values)}"
        return
    (mark,) = field.marks or (None,)
    match mark:
        case Free() | Word():
            pass
        case Id(prefixes):
            yield _id(prefixes), f"not an id of the form {_either(prefixes)}"
        case Payer():
            yield _matches(_PAYER), "not an id of the form cus_…"
        case CurrencyCode():
            yield _matches("[a-z]{3}"), "currency is not a three-letter lower-case code"
        case Holds(what):
            yield _HELD[what]
        case Whole() | Number() | Flag() | Day() | Moment() | RecordId():
            yield _READ[type(mark)]
        case NotNegative():
            yield from (_PLAIN[field.type], (_not_negative, "negative"))
        case _:
            yield _PLAIN[field.type]


def _either(prefixes: tuple[str, ...]) -> str:
    return f"{' or '.join(prefixes)}_…"


def _one_of(values: tuple[str, ...]) -> Test:
    return lambda value: isinstance(value, str) and value in values


def _id(prefixes: tuple[str, ...]) -> Test:
    return _matches(rf"(?:{'|'.join(prefixes)})_[A-Za-z0-9_]+")


def _matches(text: str) -> Test:
    pattern = re.compile(text)
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def is_integer(value: Any) -> bool:
    """No amount of Stripe's comes near the bound: one beyond it would fail the sums of all its neighbours."""
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < _MINOR_MAX


def integers(frame: pd.DataFrame, *names: str) -> Iterable[tuple[Any, ...]]:
    """These columns row by row; a row with anything but integers is empty, since its columns tell what is wrong."""
    for values in zip(*(frame[name] for name in names), strict=True):
        yield values if all(is_integer(value) for value in values) else ()


def _not_negative(value: Any) -> bool:
    return not is_integer(value) or value >= 0


def _day(value: Any) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _moment(value: Any) -> bool:
    return isinstance(value, datetime) and value.tzinfo is not None


_PLAIN: Mapping[type, tuple[Test, str]] = {
    str: (lambda value: isinstance(value, str), "not text"),
    int: (is_integer, "not an integer of minor units"),
    list: (lambda value: isinstance(value, list), "not a list"),
    bool: (lambda value: isinstance(value, bool), "neither true nor false"),
    date: (_day, "not a day"),
    datetime: (_moment, "not a moment in UTC"),
}


def _number(value: Any) -> bool:
    try:
        return not isinstance(value, bool) and Decimal(str(value)).is_finite()
    except InvalidOperation:
        return False


def _text_of(read: Callable[[str], Any]) -> Test:
    def test(value: Any) -> bool:
        try:
            read(value)
        except (ValueError, TypeError):
            return False
        return True

    return test


# What comes as text from elsewhere, by its form.
_READ: Mapping[type, tuple[Test, str]] = {
    Whole: (_matches(r"-?\d+"), "not a whole number"),
    Number: (_number, "not a number"),
    Flag: (_one_of(("T", "F")), "neither T nor F"),
    Day: (_text_of(lambda value: date.fromisoformat(value[:10])), "not a day"),
    Moment: (_text_of(datetime.fromisoformat), "not a moment"),
    RecordId: (_matches("[A-Za-z0-9]{15,18}"), "not an id of a record"),
}

_HINTS = typing.get_type_hints(LineRow)
_LINE_AMOUNTS = tuple(each.name for each in fields(LineRow) if _HINTS[each.name] is int)
_LINE_TEXTS = tuple(each.name for each in fields(LineRow) if _HINTS[each.name] is str)
# Moments are kept as text.
_LINE_MAY_BE = tuple(each.name for each in fields(LineRow) if type(None) in typing.get_args(_HINTS[each.name]))


def _lines(value: Any) -> bool:
    return all(_line(line) for line in value)


def _line(line: Any) -> bool:
    return (
        all(is_integer(line[name]) for name in _LINE_AMOUNTS)
        and all(isinstance(line[name], str) and line[name] for name in _LINE_TEXTS)
        and all(line.get(name) is None or isinstance(line[name], str) for name in _LINE_MAY_BE)
    )


def _pairs(value: Any) -> bool:
    return all(isinstance(name, str) and is_integer(amount) for name, amount in value)


def _refunds(value: Any) -> bool:
    named = _id(REFUND.prefixes)
    return all(named(name) and is_integer(amount) for name, amount in value)


def _amounts(value: Any) -> bool:
    return all(is_integer(minor) and isinstance(code, str) for minor, code in value)


def _balances(value: Any) -> bool:
    return all(is_integer(amount) for amount in value.values())


def _whole(test: Test) -> Test:
    """What has another shape altogether fails its row; an error here would be blamed on the whole frame."""

    def safe(value: Any) -> bool:
        try:
            return test(value)
        except (TypeError, KeyError, ValueError, AttributeError):
            return False

    return safe


_HELD: Mapping[str, tuple[Test, str]] = {
    "lines": (_whole(_lines), "a line has no id or no integer amount, or something else where text belongs"),
    "pairs": (_whole(_pairs), "a pair has no name or no integer amount"),
    "refunds": (_whole(_refunds), "a refund has no id or no integer amount"),
    "amounts": (_whole(_amounts), "an amount is no integer of minor units with a currency"),
    "balances": (_whole(_balances), "a balance is no integer"),
}
