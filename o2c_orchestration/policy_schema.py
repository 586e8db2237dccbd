"""The JSON schema of `o2c.yaml` for editors: made from the typed policy, with the fields that a mapping may name."""

import json
import re
from typing import Any

from o2c_orchestration.domain.mapping_fields import FREE, MANDATORY, MAPPED, NAMED, custom_prefix, metadata_of, paths_of
from o2c_orchestration.domain.mapping_kinds import CODE, DAY, characters
from o2c_orchestration.domain.metadata import INTERNAL_ID
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.policy_file import INCLUDE

FILE_NAME = "o2c.schema.json"
_RULES, _MANDATORY = "field", "mandatory_field"
_PATTERNS = {"c": f"^{CODE}$", "d": f"^{DAY}$"}
_DIALECT = "http://json-schema.org/draft-07/schema#"


def schema() -> dict[str, Any]:
    """The schema as a value."""
    made = Policy.model_json_schema(mode="validation")
    # Draft 7 is what editors' YAML servers read; there definitions have another name.
    text = json.dumps(made).replace("#/$defs/", "#/definitions/")
    found: dict[str, Any] = json.loads(text)
    definitions = found.pop("$defs")
    names = {"type": "string"}
    found["properties"][INCLUDE] = {
        "description": "Further files, by their place from this one. What two files state is refused.",
        "anyOf": [names, {"type": "array", "items": names}],
    }
    mapping = definitions["Mappings"]["properties"]
    rules = definitions["DocumentMapping"]["properties"]["header"]["additionalProperties"]
    definitions |= {_RULES: rules, _MANDATORY: {"not": {"type": "null"}}}
    for document in MAPPED:
        mapping[document] = _reference(f"mapping_{document}")
        definitions[f"mapping_{document}"] = _document(document)
    for document, level in FREE:
        definitions[_paths_of(document, level)] = _paths(document, level)
        definitions[_fields_of(document, level)] = _readable(document, level)
    definitions |= {_kind(kind): _values(kind) for fields in FREE.values() for kind in fields.values()}
    for unused in ("DocumentMapping", "HeaderMapping"):
        definitions.pop(unused)
    return {"$schema": _DIALECT, "title": FILE_NAME, **_untitled(found), "definitions": _untitled(definitions)}


def text() -> str:
    """The schema as the file that is shipped."""
    # Sorted, so that it does not change with the order in which sections are written down.
    return json.dumps(schema(), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _reference(name: str) -> dict[str, Any]:
    return {"$ref": f"#/definitions/{name}"}


def _document(document: str) -> dict[str, Any]:
    levels = [level for name, level in FREE if name == document]
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {level: _level(document, level) for level in levels},
    }


def _level(document: str, level: str) -> dict[str, Any]:
    """Fields by name, so that an editor completes them, and custom ones by how they begin."""
    custom, rules = custom_prefix(document, level), _reference(_fields_of(document, level))
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            name: {"allOf": [rules, _reference(_kind(kind)), *([_reference(_MANDATORY)] if name in MANDATORY else ())]}
            for name, kind in sorted(FREE[document, level].items())
        },
        "patternProperties": {f"^{custom}[a-z0-9_]*$": rules},
    }


def _fields_of(document: str, level: str) -> str:
    return f"field_{document}_{level}"


def _paths_of(document: str, level: str) -> str:
    return f"path_{document}_{level}"


def _paths(document: str, level: str) -> dict[str, Any]:
    """What a rule there may read, for editors to complete; metadata by how their paths begin."""
    begins = "|".join(re.escape(each) for each in metadata_of(document, level))
    metadata = [{"type": "string", "pattern": f"^({begins})."}] if begins else []
    return {"anyOf": [{"enum": list(paths_of(document, level))}, *metadata, {"type": "null"}]}


def _readable(document: str, level: str) -> dict[str, Any]:
    """Rules of any field there: as they are written, and with the paths that there are."""
    path = _reference(_paths_of(document, level))
    paths = {"properties": {"source": path, "by": path}}
    return {"allOf": [_reference(_RULES), {**paths, "items": paths}]}


def _kind(kind: str) -> str:
    most = characters(kind)
    named = {"b": "truth", "d": "day", "c": "word", "r": "internal_id", "s": "text", **dict.fromkeys(NAMED, "name")}
    return f"value_text_{most}" if most is not None else f"value_{named[kind]}"


def _values(kind: str) -> dict[str, Any]:
    """What a kind of field takes as a constant wherever one is written: plain, in a rule, or in a list of both."""
    value = _value(kind)
    # What is an internal id and what a name in a rule, its `reference` says.
    rule = {} if kind == "r" else {"properties": {"constant": value, "default": value}}
    either = {**value, **rule, "type": [*value["type"], "object"]}
    return {**either, "type": [*either["type"], "array"], "items": either}


def _value(kind: str) -> dict[str, Any]:
    """In draft 7, `pattern` and `maxLength` say nothing of what is no text."""
    most = characters(kind)
    if kind == "b":
        return {"type": ["boolean", "null"]}
    if kind in _PATTERNS:
        return {"type": ["string", "null"], "pattern": _PATTERNS[kind]}
    text = {"type": ["string", "integer", "null"]}
    if kind == "r":
        return {**text, "pattern": rf"^\s*{INTERNAL_ID}\s*$"}
    return text if most is None else {**text, "maxLength": most}


def _untitled(value: Any) -> Any:
    """Without pydantic's titles, which repeat the names of keys."""
    if isinstance(value, dict):
        kept = {key: each for key, each in value.items() if not (key == "title" and isinstance(each, str))}
        return {key: _untitled(each) for key, each in kept.items()}
    return [_untitled(each) for each in value] if isinstance(value, list) else value
