"""What is wrong with the rules of one field, told when `o2c.yaml` is read and not by each document that it refuses."""

import difflib
import re
from collections.abc import Iterable

from o2c_orchestration.domain.expressions import shown
from o2c_orchestration.domain.mapping_fields import (
    FREE,
    MANDATORY,
    NAMED,
    custom_prefix,
    gone,
    is_readable,
    kind_of,
    metadata_of,
    paths_of,
    promised,
)
from o2c_orchestration.domain.mapping_kinds import wrong_value
from o2c_orchestration.domain.mapping_rules import Rule, reference_kind


def problem(document: str, level: str, field: str, rules: tuple[Rule, ...] | None) -> str | None:
    """What is wrong with the rules of one field, in words; None: nothing."""
    reason, kind = promised(field), kind_of(document, level, field)
    if kind is None and reason is not None:
        return f"cannot be mapped: {reason}"
    if kind is None:
        return _no_field(document, level, field)
    if rules is None:
        return "NetSuite wants it: it cannot be taken away" if field in MANDATORY else None
    if not rules:
        return "has no rule; null takes a field away"
    return _mistyped(document, level, field, kind, rules) or _unreachable(rules) or _unreadable(document, level, rules)


def _no_field(document: str, level: str, field: str) -> str:
    known, custom = FREE.get((document, level), {}), custom_prefix(document, level)
    words = gone(document, level, field)
    if words is not None:
        return f"is no field that can be mapped: {words}"
    if re.fullmatch(r"cust[a-z]+_\w*", field.lower()):
        return f"custom fields there begin with {custom}, in small letters"
    return f"is no field that can be mapped{near(field, known)}; custom fields begin with {custom}"


def near(name: str | None, known: Iterable[str]) -> str:
    """`; did you mean x?` where a known name is near, whatever its case; else nothing."""
    lowered = {each.lower(): each for each in known}
    found = difflib.get_close_matches(str(name).lower(), lowered, n=1)
    return f"; did you mean {lowered[found[0]]}?" if found else ""


def _mistyped(document: str, level: str, field: str, kind: str, rules: tuple[Rule, ...]) -> str | None:
    for rule in rules:
        if rule.reference is not None and kind not in ("any", "r", rule.reference) and rule.reference != "id":
            return f"takes no {rule.reference}"
        if rule.reference is not None and kind[0] in "sdbc" and kind not in NAMED:
            return "takes a plain value, and no reference to a record"
        if rule.constant == "":
            return "is empty; null takes a field away"
        named = reference_kind(document, level, field, rule)
        for value in (rule.constant, rule.default):
            wrong = None if value is None else wrong_value(value, named, kind)
            if wrong is not None:
                return f"{shown(value)} {wrong}"
    return None


def _unreachable(rules: tuple[Rule, ...]) -> str | None:
    if any(rule.when is None for rule in rules[:-1]):
        return "has a rule without `when` before others, which are never reached"
    return None


def _unreadable(document: str, level: str, rules: tuple[Rule, ...]) -> str | None:
    for rule in rules:
        for path in rule.paths:
            if not is_readable(document, level, path):
                known = (*paths_of(document, level), *(f"{begins}…" for begins in metadata_of(document, level)))
                hint = near(path, known) or f"; there are {', '.join(known)}"
                return f"{path} is nothing that a rule of {document}.{level} can read{hint}"
    return None
