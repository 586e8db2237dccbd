"""From the JSON that a client sent to properties under their proper names and of their proper kinds.

What belongs here: property names, syntax of values, references looked up. What does not: business rules.
Numbers become decimal text (never floats), references become `{"id": "12"}`.
"""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from o2c_orchestration.sandbox.netsuite.addresses import read_address
from o2c_orchestration.sandbox.netsuite.errors import invalid_content, invalid_field_value, user_error
from o2c_orchestration.sandbox.netsuite.records import MAX_LENGTHS, RecordType, Sublist

Json = dict[str, Any]
_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d")
# Targets that a reference may name, and the condition a record must meet to be named.
_TARGETS = {
    "customer": ('"customer"', "isinactive = 'F'"),
    "item": ('"item"', "isinactive = 'F'"),
    "account": ('"account"', "isinactive = 'F'"),
    "currency": ('"currency"', "isinactive = 'F'"),
    "subsidiary": ('"subsidiary"', "isinactive = 'F'"),
    "term": ('"term"', "isinactive = 'F'"),
    "accountingPeriod": ('"accountingperiod"', "isposting = 'T'"),
    "classification": ('"classification"', "isinactive = 'F'"),
    "department": ('"department"', "isinactive = 'F'"),
    "location": ('"location"', "isinactive = 'F'"),
    "customList": ('"x_listvalue"', "isinactive = 'F'"),
    # Whom a customer may have for his sales representative.
    "employee": ('"employee"', "isinactive = 'F' AND issalesrep = 'T'"),
    "transaction": ('"transaction"', "1"),
}
_WITH_EXTERNAL_ID = {"customer", "item", "transaction"}


@dataclass
class BodyReader:
    """Reads bodies for one request. `mode` is the property name validation: error, warning or ignore."""

    connection: sqlite3.Connection
    mode: str = "warning"
    warnings: list[str] = field(default_factory=list)
    aliases: dict[str, str] = field(default_factory=dict)

    def read(self, record: RecordType, body: object) -> Json:
        """The body with canonical names; sublists are lists of lines, or None where they were emptied.

        Raises NetSuiteError for unknown names in mode `error`, wrong syntax and invalid references.
        """
        if not isinstance(body, dict):
            raise invalid_content()
        patch: Json = {}
        for name, value in body.items():
            lower = str(name).lower()
            if lower in record.sublists:
                sublist = record.sublists[lower]
                patch[sublist.name] = self._lines(sublist, value)
            elif lower in record.fields:
                self._property(patch, record.fields[lower], value, "")
            else:
                self._unknown(str(name))
        return patch

    def _lines(self, sublist: Sublist, value: object) -> list[Json] | None:
        if value is None:
            return None
        if not isinstance(value, dict):
            raise invalid_content(f"'{sublist.name}' takes an object with 'items'.", sublist.name)
        items = value.get("items", [])
        if items is None:
            return None
        if not isinstance(items, list) or not all(isinstance(line, dict) for line in items):
            raise invalid_content(f"'{sublist.name}' takes a list of objects in 'items'.", sublist.name)
        return [self._line(sublist, line, f"{sublist.name}.items[{i}]") for i, line in enumerate(items)]

    def _line(self, sublist: Sublist, line: Json, path: str) -> Json:
        result: Json = {}
        for name, value in line.items():
            known = sublist.fields.get(str(name).lower())
            if known is None:
                self._unknown(f"{path}.{name}")
            else:
                self._property(result, known, value, path + ".")
        return result

    def _property(self, into: Json, known: tuple[str, str], value: object, prefix: str) -> None:
        name, kind = known
        if kind == "-":
            return
        path = prefix + name
        into[name] = None if value is None else self._value(kind, value, name, path)

    def _value(self, kind: str, value: object, name: str, path: str) -> object:
        if kind == "s":
            return _text(value, name, path)
        if kind == "n":
            return _number(value, path)
        if kind == "t":
            return self._bare_id(value, name, path)
        if kind == "b":
            return _boolean(value, path)
        if kind == "d":
            return _date(value, path)
        if kind == "e":
            return _enumeration(value, path)
        if kind.startswith("r."):
            return self._reference(kind[2:], value, name, path)
        return self._address(value, path) if kind == "a" else value

    def _address(self, value: object, path: str) -> Json:
        address, unknown = read_address(value, path)
        for name in unknown:
            self._unknown(name)
        return address

    def _bare_id(self, value: object, name: str, path: str) -> str:
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise invalid_content(f"'{path}' takes an internal id.", path)
        key = self.aliases.get(str(value), str(value))
        found = find_id(self.connection, "transaction", key)
        if found is None:
            raise invalid_field_value(key, name, path)
        return str(found)

    def _reference(self, target: str, value: object, name: str, path: str) -> Json:
        external, key = _reference_key(value, path)
        key = self.aliases.get(key, key)
        found = find_id(self.connection, target, key, external=external)
        if found is None:
            raise invalid_field_value(key, name, path)
        return {"id": str(found)}

    def _unknown(self, path: str) -> None:
        if self.mode == "error":
            raise invalid_content(f"Unknown property name: {path}.", path)
        if self.mode == "warning":
            self.warnings.append(path)


def find_id(
    connection: sqlite3.Connection, target: str, key: str, *, external: bool = False, usable: bool = True
) -> int | None:
    """The internal id behind a reference, or None. `usable` asks for one that is not inactive."""
    if target not in _TARGETS:
        return None
    table, condition = _TARGETS[target]
    if external and target not in _WITH_EXTERNAL_ID:
        return None
    if not external and not (key.isascii() and key.isdigit() and len(key) < 16):
        return None
    column, value = ("x_external_key", key.lower()) if external else ("id", int(key))
    extra = condition if usable else "1"
    row = connection.execute(f"SELECT id FROM {table} WHERE {column} = ? AND {extra}", (value,)).fetchone()
    return None if row is None else int(row[0])


def _reference_key(value: object, path: str) -> tuple[bool, str]:
    if isinstance(value, dict):
        lowered = {str(name).lower(): part for name, part in value.items()}
        if lowered.get("id") is not None:
            return False, str(lowered["id"])
        if lowered.get("externalid") is not None:
            return True, str(lowered["externalid"])
    elif isinstance(value, str | int) and not isinstance(value, bool):
        return False, str(value)
    raise invalid_content(f"'{path}' takes a reference with 'id' or 'externalId'.", path)


def _text(value: object, name: str, path: str) -> str:
    if isinstance(value, bool | dict | list):
        raise invalid_content(f"'{path}' takes text.", path)
    text = str(value)
    limit = MAX_LENGTHS.get(name)
    if limit is not None and len(text) > limit:
        sentence = f"The field {name} contained more than the maximum number ( {limit} ) of characters allowed."
        raise user_error(sentence, path)
    return text


def _number(value: object, path: str) -> str:
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        try:
            number = Decimal(value)
        except InvalidOperation:  # pragma: no cover - JSON has no such number
            number = Decimal("NaN")
        if number.is_finite() and abs(number) < Decimal(10) ** 15:
            return format(number, "f")
    raise invalid_content(f"'{path}' takes a number.", path)


def _boolean(value: object, path: str) -> bool:
    if not isinstance(value, bool):
        raise invalid_content(f"'{path}' takes true or false.", path)
    return value


def _date(value: object, path: str) -> str:
    if isinstance(value, str) and _ISO_DATE.match(value):
        try:
            return date.fromisoformat(value[:10]).isoformat()
        except ValueError:
            pass
    raise invalid_content(f"'{path}' takes a date such as 2026-11-22.", path)


def _enumeration(value: object, path: str) -> Json:
    if isinstance(value, dict) and value.get("id") is not None:
        return {"id": str(value["id"])}
    if isinstance(value, bool):
        return {"id": "T" if value else "F"}
    if isinstance(value, str | int):
        return {"id": str(value)}
    raise invalid_content(f"'{path}' takes an enumeration with 'id'.", path)
