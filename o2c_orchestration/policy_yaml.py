"""The YAML of `o2c.yaml`: text to nodes, which know their lines, and to values. Whatever PyYAML makes of a text that is
wrong, what is told is the file, the line and what to do.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import yaml

from o2c_orchestration.domain.errors import SettingsError

# Far more than any company has, and far less than what aliases of aliases of aliases come to.
_VALUES_MAX: Final = 1_000_000
_DEPTH_MAX: Final = 100
# A number that is longer is none of ours, and Python itself refuses to write one of thousands of digits.
_BITS_MAX: Final = 64
_OF_YAML: Final = "tag:yaml.org,2002:"
_KNOWN: Final = frozenset(
    f"{_OF_YAML}{name}" for name in ("str", "int", "float", "bool", "null", "timestamp", "map", "seq", "merge", "value")
)
# What people call what YAML calls otherwise.
_WORDS: Final = {"timestamp": "date", "int": "whole number", "float": "number", "bool": "true or false"}
# What PyYAML lets through from `2026-13-01`, `!!int abc`, `!!bool abc`, `!!timestamp abc` and `!!int ''`.
_RAISED: Final = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


def read_yaml(path: Path, text: str) -> tuple[yaml.Node | None, Any]:
    """The nodes of a text and its values; (None, None) of one that says nothing. `path` is for what is told.

    Raises SettingsError for what is no YAML, a value that is none of its kind, an alias that lies in itself, and what
    is nested deeper or comes to more than any o2c.yaml.
    """
    try:
        node = yaml.compose(text, yaml.SafeLoader)
        if node is None:
            return None, None
        _Sound(path).look(node)
        return node, _values(path, text)
    except yaml.YAMLError as error:
        raise _not_yaml(path, text, error) from None
    except RecursionError:
        raise _too_deep(str(path)) from None


def line_of(path: Path, node: yaml.Node) -> str:
    """File and line of a node, as errors name them."""
    return f"{path}:{node.start_mark.line + 1}"


class _BadValue(yaml.YAMLError):
    """A value that is none of its kind, and why."""

    def __init__(self, node: yaml.Node, why: str) -> None:
        super().__init__(why)
        self.node, self.why = node, why


class _Loader(yaml.SafeLoader):
    """PyYAML's, which says of a value that it cannot read where that stands."""

    def construct_object(self, node: Any, deep: bool = False) -> Any:
        try:
            value = super().construct_object(node, deep)
        except _RAISED as error:
            told = f" ({error})" if isinstance(error, ValueError) else ""
            kind = str(node.tag).removeprefix(_OF_YAML)
            raise _BadValue(node, f"is no {_WORDS.get(kind, kind)}{told}") from None
        if isinstance(value, int) and value.bit_length() > _BITS_MAX:
            raise _BadValue(node, "is too large a number")
        return value


def _values(path: Path, text: str) -> Any:
    loader = _Loader(text)
    try:
        return loader.get_single_data()
    except _BadValue as error:
        shown = f"{error.node.value[:60]!r} " if isinstance(error.node.value, str) else ""
        what = f"{line_of(path, error.node)}: {shown}{error.why}"
        raise SettingsError(what, "correct it, or put it in quotes if it is text") from None
    finally:
        loader.dispose()


class _Sound:
    """Looks at nodes once each, before anything follows their aliases."""

    def __init__(self, path: Path) -> None:
        self._path, self._seen, self._under_way = path, dict[int, tuple[int, int]](), set[int]()

    def look(self, node: yaml.Node) -> tuple[int, int]:
        """How many values a node comes to with its aliases written out, and how deep it is. Raises SettingsError."""
        mark = id(node)
        if mark in self._under_way:
            what = f"{line_of(self._path, node)}: an alias (*) stands in what it is an alias of"
            raise SettingsError(what, "write out what is meant")
        if mark not in self._seen:
            self._check(node)
            self._under_way.add(mark)
            below = [self.look(each) for each in _below(node)]
            self._under_way.discard(mark)
            size, depth = 1 + sum(size for size, _ in below), 1 + max((depth for _, depth in below), default=0)
            self._seen[mark] = (size, depth)
            if depth > _DEPTH_MAX:
                raise _too_deep(line_of(self._path, node))
            if size > _VALUES_MAX:
                what = f"{line_of(self._path, node)}: comes to more than {_VALUES_MAX:,} values with its aliases (*)"
                raise SettingsError(what, "write out what is meant")
        return self._seen[mark]

    def _check(self, node: yaml.Node) -> None:
        here = line_of(self._path, node)
        if node.tag not in _KNOWN:
            tag = str(node.tag).replace(_OF_YAML, "!!")
            raise SettingsError(f"{here}: the tag {tag!r} has no meaning here", "leave it out")
        for key in _as_truth(node):
            what = f"{line_of(self._path, key)}: YAML reads the key {key.value} as true or false"
            raise SettingsError(what, "put it in quotes")
        # Only double quotes can bring them in; no database, address or terminal takes them.
        if isinstance(node.value, str) and any(each == "\0" or "\ud800" <= each <= "\udfff" for each in node.value):
            raise SettingsError(f"{here}: {node.value[:60]!r} has a character that is none", "correct it")


def _as_truth(node: yaml.Node) -> Iterable[yaml.Node]:
    """Keys such as NO, Norway in a table of countries, that YAML reads as true or false without saying so."""
    keys = [key for key, _ in node.value] if isinstance(node, yaml.MappingNode) else []
    return [key for key in keys if key.tag == f"{_OF_YAML}bool" and str(key.value).lower() not in ("true", "false")]


def _below(node: yaml.Node) -> Iterable[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [each for pair in node.value for each in pair]
    return node.value if isinstance(node, yaml.SequenceNode) else ()


def _too_deep(where: str) -> SettingsError:
    return SettingsError(f"{where}: is nested deeper than any o2c.yaml", "correct the file")


def _not_yaml(path: Path, text: str, error: yaml.YAMLError) -> SettingsError:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    position = getattr(error, "position", None)
    if mark is not None:
        line, column = mark.line + 1, mark.column + 1
    elif position is not None:
        line, column = text.count("\n", 0, position) + 1, position - text.rfind("\n", 0, position)
    else:
        return SettingsError(f"{path}: is not YAML: {' '.join(str(error).split())}", "correct the file")
    words = [getattr(error, name, None) for name in ("context", "problem", "reason")]
    told = ", ".join(each for each in words if each)
    return SettingsError(f"{path}:{line}: is not YAML (line {line}, column {column}): {told}", "correct the file")
