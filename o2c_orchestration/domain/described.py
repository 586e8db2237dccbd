"""Records as NetSuite's metadata catalog and Salesforce's describe tell of them: their fields and types. Pure.

Rows show only what we ask for; a description shows what is new, too, and what is gone before a document needs it. One
description is one object of domain/drift.py, whose every field is there or is not.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from o2c_orchestration.domain.drift import Tally
from o2c_orchestration.domain.mapping_fields import RECORD_TYPES
from o2c_orchestration.domain.policy_mapping import Mappings
from o2c_orchestration.domain.salesforce_fields import READ, WRITTEN
from o2c_orchestration.domain.standard_fields import STANDARD

_NETSUITE, _SALESFORCE = "netsuite_record_", "salesforce_object_"
# By what o2c calls a description: NetSuite's record types that we write, Salesforce's objects that we read or write.
RECORDS: Final[Mapping[str, str]] = {f"{_NETSUITE}{kind}": kind for kind in RECORD_TYPES}
OBJECTS: Final[Mapping[str, str]] = {f"{_SALESFORCE}{kind.lower()}": kind for kind in dict.fromkeys((*READ, *WRITTEN))}
DESCRIBED: Final = (*RECORDS, *OBJECTS)
# Where lines of a mapping go, by record type.
_SUBLISTS: Final = defaultdict(
    tuple[str, ...],
    {
        **dict.fromkeys(("invoice", "creditMemo", "salesOrder"), ("item",)),
        "deposit": ("other", "cashback"),
        "journalEntry": ("line",),
    },
)


def object_of(kind: str) -> str:
    """What the description of one of Salesforce's objects is called: `salesforce_object_account`."""
    return f"{_SALESFORCE}{kind.lower()}"


def used_fields(described: str) -> frozenset[str]:
    """Fields that our documents fill, or that we ask for: what breaks when they are gone."""
    if described in OBJECTS:
        kind = OBJECTS[described]
        return frozenset((*READ.get(kind, ()), *WRITTEN.get(kind, ())))
    return frozenset(STANDARD.get(RECORDS.get(described, ""), ()))


def record_shape(schema: Mapping[str, Any]) -> Tally:
    """A record type as NetSuite's catalog gives it (JSON schema): `custbody_region`, and of sublists `item[].class`."""
    tally = Tally(objects=1)
    for path, kind in _properties(schema, ""):
        tally.types[path, kind] += 1
    return tally


def _properties(schema: Mapping[str, Any], path: str) -> Iterator[tuple[str, str]]:
    found = schema.get("properties")
    for name, each in (found if isinstance(found, Mapping) else {}).items():
        if name == "links" or not isinstance(each, Mapping):
            continue
        inner = f"{path}.{name}" if path else str(name)
        lines = _lines(each)
        if lines is None:
            yield inner, _type(each)
        else:
            yield inner, "array"
            yield f"{inner}[]", "object"
            yield from ((below, kind) for below, kind in _properties(lines, f"{inner}[]"))


def _lines(each: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """What the lines of a sublist look like; a sublist is a collection with `items`."""
    inner = each.get("properties")
    items = inner.get("items") if isinstance(inner, Mapping) else None
    lines = items.get("items") if isinstance(items, Mapping) else None
    return lines if isinstance(lines, Mapping) else None


def _type(each: Mapping[str, Any]) -> str:
    """`string`, `date` (a format says more than a type), `object` of a reference to another record."""
    if isinstance(each.get("format"), str):
        return str(each["format"])
    return str(each.get("type") or ("object" if "$ref" in each or "properties" in each else "any"))


def object_shape(fields: Mapping[str, str]) -> Tally:
    """An object as Salesforce describes it: types of its fields by name."""
    tally = Tally(objects=1)
    for name, kind in fields.items():
        tally.types[name, kind] += 1
    return tally


def mapped_fields(each: Iterable[Mappings]) -> dict[str, set[str]]:
    """By description, what these mappings fill: fields of the header, and `item[].class` of lines."""
    found: dict[str, set[str]] = defaultdict(set)
    for mapping in each:
        for described, record in RECORDS.items():
            for level, fields in mapping.of(RECORD_TYPES[record]).levels():
                for name in fields:
                    paths = [name] if level == "header" else [f"{lines}[].{name}" for lines in _SUBLISTS[record]]
                    found[described].update(paths)
    return dict(found)
