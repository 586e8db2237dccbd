"""As much of JSON Schema, draft 7, as o2c.schema.json uses: whether a value is one that an editor lets stand."""

import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import yaml

from o2c_orchestration.policy_schema import schema

Check = Callable[[Any, Any, Mapping[str, Any]], bool]
_TYPES: dict[str, tuple[type, ...]] = {
    "null": (type(None),), "boolean": (bool,), "string": (str,), "array": (list,), "object": (dict,),
    "integer": (int,), "number": (int, float),
}  # fmt: skip
# They say something to people, or (format) nothing that has to hold.
_WORDS = frozenset({"description", "default", "title", "$schema", "definitions", "format", "markdownDescription"})


def editor_takes(text: str) -> bool:
    """Whether a text of YAML, read as editors do (a date is text there), is what the schema of o2c.yaml says."""
    return takes(json.loads(json.dumps(yaml.safe_load(text), default=str)))


def takes(value: Any) -> bool:
    """The same of a value."""
    return _fits(value, _whole(), _whole())


@cache
def _whole() -> dict[str, Any]:
    return schema()


def _fits(value: Any, rules: Any, whole: Mapping[str, Any]) -> bool:
    if isinstance(rules, bool):
        return rules
    if "$ref" in rules:
        # Draft 7 reads nothing that stands beside it.
        return _fits(value, whole["definitions"][rules["$ref"].rpartition("/")[2]], whole)
    return all(_CHECKS[word](value, rules, whole) for word in rules if word not in _WORDS)


def _is(value: Any, kind: str) -> bool:
    number_of_truth = isinstance(value, bool) and kind != "boolean"
    return isinstance(value, _TYPES[kind]) and not number_of_truth


def _type(value: Any, rules: Mapping[str, Any], _: Any) -> bool:
    kinds = rules["type"]
    return any(_is(value, kind) for kind in (kinds if isinstance(kinds, list) else [kinds]))


def _properties(value: Any, rules: Mapping[str, Any], whole: Mapping[str, Any]) -> bool:
    """`properties`, `patternProperties` and `additionalProperties` together, whichever of them asks."""
    if not isinstance(value, dict):
        return True
    named, patterns = rules.get("properties", {}), rules.get("patternProperties", {})
    for key, each in value.items():
        mine = [inner for pattern, inner in patterns.items() if re.search(pattern, key)]
        mine += [named[key]] if key in named else []
        if not all(_fits(each, inner, whole) for inner in mine or [rules.get("additionalProperties", True)]):
            return False
    return True


def _same(value: Any, other: Any) -> bool:
    return bool(value == other) and isinstance(value, bool) == isinstance(other, bool)


def _number(value: Any) -> bool:
    return _is(value, "number")


_CHECKS: dict[str, Check] = {
    "type": _type,
    "enum": lambda value, rules, _: any(_same(value, each) for each in rules["enum"]),
    "const": lambda value, rules, _: _same(value, rules["const"]),
    "anyOf": lambda value, rules, whole: any(_fits(value, each, whole) for each in rules["anyOf"]),
    "allOf": lambda value, rules, whole: all(_fits(value, each, whole) for each in rules["allOf"]),
    "not": lambda value, rules, whole: not _fits(value, rules["not"], whole),
    "properties": _properties,
    "patternProperties": _properties,
    "additionalProperties": _properties,
    "propertyNames": lambda value, rules, whole: (
        not isinstance(value, dict) or all(_fits(key, rules["propertyNames"], whole) for key in value)
    ),
    "required": lambda value, rules, _: not isinstance(value, dict) or set(rules["required"]) <= set(value),
    "items": lambda value, rules, whole: (
        not isinstance(value, list) or all(_fits(each, rules["items"], whole) for each in value)
    ),
    "pattern": lambda value, rules, _: not isinstance(value, str) or re.search(rules["pattern"], value) is not None,
    "minLength": lambda value, rules, _: not isinstance(value, str) or len(value) >= rules["minLength"],
    "maxLength": lambda value, rules, _: not isinstance(value, str) or len(value) <= rules["maxLength"],
    "minimum": lambda value, rules, _: not _number(value) or value >= rules["minimum"],
    "maximum": lambda value, rules, _: not _number(value) or value <= rules["maximum"],
    "exclusiveMinimum": lambda value, rules, _: not _number(value) or value > rules["exclusiveMinimum"],
}
