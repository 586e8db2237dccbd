"""Which fields of Stripe's objects our code reads: found by letting it read, never listed by hand.

An object with every field that Stripe's SDK declares is made up and handed to what turns payloads into rows; it notes
what it is asked for. One field after the other is then left empty or given another value, since code that reads
`a or b` asks for `b` only when there is no `a`.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from o2c_orchestration.domain.drift import Declared
from o2c_orchestration.store.metadata import notes
from o2c_orchestration.validate.flatten import FLATTEN
from o2c_orchestration.validate.shapes import Shape, shape

_UTC = ZoneInfo("UTC")
# What a made-up field holds; a field of several types holds what leads deepest.
_VALUES: tuple[tuple[str, Any], ...] = (("number", 1), ("string", "x"), ("boolean", True), ("null", None))


class _Told(dict[str, Any]):
    """An object that notes which of its fields are asked for; of a map, that any key is."""

    def __init__(self, fields: Mapping[str, Any], path: str, asked: set[str], *, is_map: bool) -> None:
        super().__init__(fields)
        self._path, self._asked, self._is_map = path, asked, is_map

    def _note(self, name: Any) -> None:
        prefix = f"{self._path}." if self._path else ""
        self._asked.add(prefix + ("*" if self._is_map else str(name)))

    def get(self, name: str, default: Any = None) -> Any:
        self._note(name)
        return super().get(name, default)

    def __getitem__(self, name: str) -> Any:
        self._note(name)
        return super().__getitem__(name)

    def items(self) -> Any:
        for name in self:
            self._note(name)
        return super().items()


@cache
def reads(object_type: str) -> frozenset[str]:
    """The paths of a type of object that rows and notes are made of, with the objects that they lie in."""
    declared = shape(object_type)
    found = _asked(object_type, declared, {})
    for path in sorted(found & declared.keys()):
        for value in _other_values(declared[path]):
            found |= _asked(object_type, declared, {path: value})
    return frozenset(found | {above for path in found for above in _above(path)})


def _other_values(each: Declared) -> Iterator[Any]:
    yield None
    yield from sorted(each.values or ())
    if "number" in each.types:
        yield -1


def _above(path: str) -> Iterator[str]:
    """The objects and lists that hold a field, up to the top."""
    while path := _holder(path):
        yield path


def _holder(path: str) -> str:
    return path.removesuffix("[]") if path.endswith("[]") else path.rpartition(".")[0]


def _asked(object_type: str, declared: Shape, instead: Mapping[str, Any]) -> set[str]:
    asked = set[str]()
    payload = _Maker(declared, instead, asked).object("")
    # Code may well refuse what is empty and must not be; until then it has asked.
    with suppress(TypeError, AttributeError, ValueError, KeyError):
        FLATTEN[object_type](payload, _UTC)
        notes("x_1", payload)
    return asked


class _Maker:
    """Makes up an object as it is declared, with other values at some paths."""

    def __init__(self, declared: Shape, instead: Mapping[str, Any], asked: set[str]) -> None:
        self._declared, self._instead, self._asked = declared, instead, asked
        self._children: dict[str, list[str]] = {}
        for path in declared:
            self._children.setdefault(_holder(path), []).append(path)

    def object(self, path: str) -> _Told:
        """The object at a path, with all its fields."""
        prefix = f"{path}." if path else ""
        fields = {inner.removeprefix(prefix): self._value(inner) for inner in self._children.get(path, ())}
        return _Told(fields, path, self._asked, is_map=path in self._declared and self._declared[path].is_map)

    def _value(self, path: str) -> Any:
        each = self._declared[path]
        if path in self._instead or path == "deleted":
            return self._instead.get(path)
        if "array" in each.types:
            return [self._value(f"{path}[]")] if f"{path}[]" in self._declared else []
        if "object" in each.types and "string" not in each.types:
            return self.object(path)
        return min(each.values) if each.values else next(value for kind, value in _VALUES if kind in each.types)
