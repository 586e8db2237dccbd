"""`o2c.yaml` as it lies on disk: one file or several that include each other, keys with lines, all problems told.

Several files are laid into each other key by key. What two of them state is refused, naming both places: which of them
counts is not guessed. A key that one file states twice is refused in the same way, where YAML would take the last.
A file that is a Component of Dagster's (`component.py`) says the same under its `attributes`.
"""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from o2c_orchestration.domain.errors import SettingsError
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.domain.section import Several
from o2c_orchestration.policy_yaml import line_of, read_yaml

DEFAULT = Path("o2c.yaml")
INCLUDE = "include"
COMPONENT = "o2c_orchestration.component.OrderToCash"
# What Dagster takes at the top of a Component's file.
_OF_A_COMPONENT = ("type", "attributes", "template_vars_module", "requirements", "post_processing")
Key = tuple[str | int, ...]


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, where, and what to do."""

    where: str
    text: str
    fix: str

    def __str__(self) -> str:
        end = "" if self.text.endswith("?") else "."
        return f"{self.where}: {self.text}{end} {self.fix[:1].upper()}{self.fix[1:]}"


@dataclass
class _Files:
    """Everything that was read: where each key stands, what was found wrong, which files are done or under way."""

    places: dict[Key, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    done: set[Path] = field(default_factory=set)
    under_way: list[Path] = field(default_factory=list)

    def place(self, key: Key, otherwise: Path) -> str:
        """File and line of a key, or of what it lies in."""
        for length in range(len(key), 0, -1):
            if key[:length] in self.places:
                return self.places[key[:length]]
        return str(otherwise)


def load_policy(path: Path, named_in: str = "O2C_CONFIG") -> Policy:
    """The policy in a YAML file and those that it includes; the default policy when the default file does not exist.

    `named_in` is where its path was given, for the one who has to correct it.

    Raises SettingsError with every problem that was found, one line each.
    """
    if path == DEFAULT and not path.exists():
        return Policy()
    files = _Files()
    data = _read(path, files, f"correct {named_in} or create the file")
    policy = None
    try:
        policy = Policy.model_validate(data)
    except ValidationError as error:
        for detail in error.errors():
            files.problems += _explained(path, files, data, detail)
    if files.problems or policy is None:
        raise _error(files.problems)
    return policy


def _error(problems: Sequence[Problem]) -> SettingsError:
    found = sorted(dict.fromkeys(problems), key=_in_order)
    if len(found) == 1:
        return SettingsError(f"{found[0].where}: {found[0].text}", found[0].fix)
    lines = "\n  ".join(str(problem) for problem in found)
    return SettingsError(f"{len(found)} things are wrong:\n  {lines}")


def _in_order(problem: Problem) -> tuple[str, int]:
    name, _, line = problem.where.rpartition(":")
    return (name, int(line)) if line.isdigit() else (problem.where, 0)


def _read(path: Path, files: _Files, fix: str) -> Any:
    """What a file says, with what it includes laid under it."""
    files.under_way.append(path.resolve())
    node, data = _attributes(path, *read_yaml(path, _text(path, fix)))
    if node is None:
        data = {}
    elif isinstance(data, dict):
        found = dict(_places(path, node, (), files.problems))
        included = _included(path, data.pop(INCLUDE, None), found)
        merged: dict[str, Any] = {}
        for each in included:
            if each.resolve() in files.under_way:
                what = f"{_place_of(path, found)}: {each} includes this file, which includes it"
                raise SettingsError(what, "include it in one direction only")
            if each.resolve() not in files.done:
                under = _read(each, files, f"correct include in {path} or create the file")
                merged = _merged(merged, under, (), files, files.places)
        data = _merged(merged, data, (), files, found)
        files.places = {**found, **files.places}
    files.done.add(files.under_way.pop())
    return data


def _text(path: Path, fix: str) -> str:
    try:
        return path.read_text()
    except FileNotFoundError:
        raise SettingsError(f"{path} does not exist", fix) from None
    except OSError as error:
        fix = "correct its permissions" if isinstance(error, PermissionError) else fix
        raise SettingsError(f"{path} cannot be read ({error.strerror})", fix) from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path} is not text in UTF-8", "correct the file") from None


def _attributes(path: Path, node: yaml.Node | None, data: Any) -> tuple[yaml.Node | None, Any]:
    """Of a Component's file what stands under its attributes; any other file as it is.

    Raises SettingsError for a key that no Component has: with `attribute:` all would be as by default.
    """
    if not isinstance(node, yaml.MappingNode) or not isinstance(data, dict) or data.get("type") != COMPONENT:
        return node, data
    for name, _ in node.value:
        if name.value not in _OF_A_COMPONENT:
            near = difflib.get_close_matches(str(name.value), _OF_A_COMPONENT, n=1)
            fix = f"did you mean {near[0]!r}?" if near else "settings stand under attributes"
            raise SettingsError(f"{line_of(path, name)}: unknown key {str(name.value)!r} of a component", fix)
    below = next((value for name, value in node.value if name.value == "attributes"), None)
    return (below, data["attributes"]) if data.get("attributes") is not None else (None, {})


def _places(path: Path, node: yaml.Node, above: Key, problems: list[Problem]) -> Iterator[tuple[Key, str]]:
    """File and line of every key below a node. What stands there twice is a problem."""
    if isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            yield (*above, number), line_of(path, item)
            yield from _places(path, item, (*above, number), problems)
    if not isinstance(node, yaml.MappingNode):
        return
    seen: dict[str, str] = {}
    for name, value in node.value:
        key, here = (*above, str(name.value)), line_of(path, name)
        if name.value in seen and name.value != "<<":
            text = f"{_dotted(key)} stands there twice, first in {seen[name.value]}"
            problems.append(Problem(here, text, "leave one of them"))
        seen.setdefault(name.value, here)
        yield key, here
        yield from _places(path, value, key, problems)


def _included(path: Path, given: Any, places: Mapping[Key, str]) -> list[Path]:
    if given is None:
        return []
    names = [given] if isinstance(given, str) else given
    if not isinstance(names, list) or not all(isinstance(name, str) and name for name in names):
        raise SettingsError(f"{_place_of(path, places)}: {INCLUDE} is a file name or a list of them", "correct it")
    return [path.parent / name for name in names]


def _place_of(path: Path, places: Mapping[Key, str]) -> str:
    return places.get((INCLUDE,), str(path))


def _merged(below: Any, above: Any, key: Key, files: _Files, places: Mapping[Key, str]) -> Any:
    """Two files' values of one key; only maps go into each other."""
    if not isinstance(below, dict) or not isinstance(above, dict):
        first, second = files.place(key, Path("?")), places.get(key, "?")
        problem = Problem(
            second, f"{_dotted(key)} is stated in {first} too", "leave one of them: neither beats the other"
        )
        files.problems.append(problem)
        return above
    found = dict(below)
    for name, value in above.items():
        inner = (*key, str(name))
        found[name] = _merged(below[name], value, inner, files, places) if name in below else value
    return found


def _explained(path: Path, files: _Files, data: Any, detail: ErrorDetails) -> Iterator[Problem]:
    """What pydantic has found, in our words; a section that has several problems of its own tells each."""
    key, cause = _written(detail["loc"], data), (detail.get("ctx") or {}).get("error")
    if isinstance(cause, Several):
        for below, text in cause.problems:
            inner = (*key, *below)
            yield Problem(files.place(inner, path), f"{_dotted(inner)}: {text}", f"correct {_dotted(inner)}")
        return
    where, name = files.place(key, path), _dotted(key)
    text = detail["msg"].removeprefix("Value error, ")
    if not name:
        yield Problem(where, text, f"correct it in {path}")
    elif detail["type"] == "extra_forbidden":
        near = difflib.get_close_matches(str(key[-1]), known_keys(detail["loc"][:-1]), n=1)
        yield Problem(where, f"unknown setting {name!r}", f"did you mean {near[0]!r}?" if near else "remove it")
    else:
        yield Problem(where, f"{name}: {text}", f"correct {name} in {path}")


def _written(loc: Key, data: Any) -> Key:
    """The key as it stands in the file: one rule that is written without a list has no number there."""
    found: list[str | int] = []
    for part in loc:
        # "[key]" is pydantic's word for the key itself, which stands before it.
        if part == "[key]" or (isinstance(part, int) and not isinstance(data, list)):
            continue
        found.append(part)
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            data = None
    return tuple(found)


def _dotted(key: Key) -> str:
    text = ""
    for part in key:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return text.removeprefix(".")


def known_keys(parents: Key) -> list[str]:
    """The keys that there are below these."""
    found: Any = Policy
    for parent in parents:
        found = _below(found, parent)
    model = next(iter(_models(found)), None)
    names = [each.alias or name for name, each in model.model_fields.items()] if model else []
    return [*names, INCLUDE] if model is Policy else names


def _below(annotation: Any, key: str | int) -> Any:
    origin = get_origin(annotation)
    if origin is Annotated:
        return _below(get_args(annotation)[0], key)
    if origin in (Union, UnionType):
        return next((found for each in get_args(annotation) if (found := _below(each, key)) is not None), None)
    if origin is dict:
        return get_args(annotation)[1]
    if origin in (tuple, list):
        return get_args(annotation)[0]
    for model in _models(annotation):
        for name, each in model.model_fields.items():
            if key in (name, each.alias):
                return each.annotation
    return None


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if annotation in (None, NoneType):
        return
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for each in get_args(annotation):
        yield from _models(each)
