"""Whether a value is one that an editor lets stand, by the schema of o2c.yaml."""

import json
from functools import cache
from typing import Any

import yaml
from jsonschema import Draft7Validator  # type: ignore[import-untyped]

from o2c_orchestration.policy_schema import schema


def editor_takes(text: str) -> bool:
    """Whether a text of YAML, read as editors do (a date is text there), is what the schema of o2c.yaml says."""
    return takes(json.loads(json.dumps(yaml.safe_load(text), default=str)))


def takes(value: Any) -> bool:
    """The same of a value."""
    return bool(_whole().is_valid(value))


@cache
def _whole() -> Draft7Validator:
    Draft7Validator.check_schema(schema())
    return Draft7Validator(schema())
