"""The JSON schema of `o2c.yaml` for editors: made from the typed policy, with the fields that a mapping may name."""

import json
from typing import Any

from o2c_orchestration.domain.mapping_fields import FREE, MANDATORY, MAPPED, custom_prefix
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.policy_file import INCLUDE

FILE_NAME = "o2c.schema.json"
_RULES, _MANDATORY = "field", "mandatory_field"
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
    there = [each for each in rules["anyOf"] if each.get("type") != "null"]
    definitions |= {_RULES: rules, _MANDATORY: {"anyOf": there}}
    for document in MAPPED:
        name = f"mapping_{document}"
        mapping[document] = _reference(name)
        definitions[name] = _document(document)
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
    named = sorted(FREE[document, level])
    fields = {name: _reference(_MANDATORY if name in MANDATORY else _RULES) for name in named}
    custom = custom_prefix(document, level)
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": fields,
        "patternProperties": {f"^{custom}[a-z0-9_]*$": _reference(_RULES)},
    }


def _untitled(value: Any) -> Any:
    """Without pydantic's titles, which repeat the names of keys."""
    if isinstance(value, dict):
        kept = {key: each for key, each in value.items() if not (key == "title" and isinstance(each, str))}
        return {key: _untitled(each) for key, each in kept.items()}
    return [_untitled(each) for each in value] if isinstance(value, list) else value
