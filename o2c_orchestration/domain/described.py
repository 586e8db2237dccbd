"""Records as NetSuite's metadata catalog and Salesforce's describe tell of them: their fields and types. Pure.

Rows show only what we ask for; a description shows what is new, too, and what is gone before a document needs it. One
description is one object of domain/drift.py, whose every field is there or is not.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final

from o2c_orchestration.domain.drift import Tally
from o2c_orchestration.domain.mapping_fields import RECORD_TYPES, sublists_of
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.domain.policy_mapping import Mappings
from o2c_orchestration.domain.salesforce_fields import READ, WRITTEN, own_field
from o2c_orchestration.domain.standard_fields import STANDARD

_NETSUITE, _SALESFORCE = "netsuite_record_", "salesforce_object_"
# By what o2c calls a description: NetSuite's record types that we write, Salesforce's objects that we read or write.
RECORDS: Final[Mapping[str, str]] = {f"{_NETSUITE}{kind}": kind for kind in RECORD_TYPES}
OBJECTS: Final[Mapping[str, str]] = {f"{_SALESFORCE}{kind.lower()}": kind for kind in dict.fromkeys((*READ, *WRITTEN))}
DESCRIBED: Final = (*RECORDS, *OBJECTS)
# Names of choices are kept up to so many characters; Salesforce allows no more.
_CHOICE: Final = 255


def object_of(kind: str) -> str:
    """What the description of one of Salesforce's objects is called: `salesforce_object_account`."""
    return f"{_SALESFORCE}{kind.lower()}"


def described_as(record: str) -> str:
    """What the description of one of NetSuite's record types is called: `netsuite_record_invoice`."""
    return f"{_NETSUITE}{record}"


def used_fields(described: str) -> frozenset[str]:
    """Fields that our documents fill, or that we ask for: what breaks when they are gone."""
    if described in OBJECTS:
        kind = OBJECTS[described]
        return frozenset((*READ.get(kind, ()), *WRITTEN.get(kind, ())))
    return frozenset(STANDARD.get(RECORDS.get(described, ""), ()))


def record_shape(schema: Mapping[str, Any], choices_of: Collection[str] = ()) -> Tally:
    """A record type as NetSuite's catalog gives it (JSON schema): `custbody_region`, and of sublists `item[].class`;
    with what may be chosen in the fields `choices_of`, where the catalog says it (fields with a list of NetSuite's own;
    of records and custom lists it names the kind of record only)."""
    tally = Tally(objects=1)
    for path, kind, each in _properties(schema, ""):
        tally.types[path, kind] += 1
        if path in choices_of:
            tally.values.update((path, choice) for choice in _choices(each))
    return tally


def _choices(each: Mapping[str, Any]) -> set[str]:
    """Of `{"enum": …}`, or of a reference whose id has one, as the catalog gives `status`."""
    inner = each.get("properties")
    of_id = inner.get("id") if isinstance(inner, Mapping) else None
    found = [part.get("enum") for part in (each, of_id) if isinstance(part, Mapping)]
    return {str(choice)[:_CHOICE] for some in found if isinstance(some, list) for choice in some if choice is not None}


def _properties(schema: Mapping[str, Any], path: str) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    found = schema.get("properties")
    for name, each in (found if isinstance(found, Mapping) else {}).items():
        if name == "links" or not isinstance(each, Mapping):
            continue
        inner = f"{path}.{name}" if path else str(name)
        lines = _lines(each)
        if lines is None:
            yield inner, _type(each), each
        else:
            yield inner, "array", {}
            yield f"{inner}[]", "object", {}
            yield from _properties(lines, f"{inner}[]")


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


def object_shape(fields: Mapping[str, tuple[str, tuple[str, ...]]], choices_of: Collection[str] = ()) -> Tally:
    """An object as Salesforce describes it: (type, choices) of its fields by name. Choices of the fields `choices_of`
    are kept."""
    tally = Tally(objects=1)
    for name, (kind, choices) in fields.items():
        tally.types[name, kind] += 1
        if name in choices_of:
            tally.values.update((name, choice[:_CHOICE]) for choice in set(choices))
    return tally


def read_fields(policy: Policy) -> dict[str, set[str]]:
    """By description, fields of Salesforce that o2c.yaml has us read besides those that are always read."""
    deals = "Opportunity" if policy.deals.source == "opportunities" else "Order"
    more = {"Account": policy.account_fields, deals: policy.deals.earlier_fields}
    return {object_of(kind): {own_field(name) for name in names} for kind, names in more.items()}


def further_fields(policy: Policy) -> dict[str, set[str]]:
    """By description, what o2c.yaml has us fill or read besides: a field of theirs that drifts breaks something."""
    return {**read_fields(policy), **filled_fields(policy)}


def filled_fields(policy: Policy) -> dict[str, set[str]]:
    """By description, what mapping and revenue recognition fill, whichever account it is of."""
    found = defaultdict(set, mapped_fields(own.mapping for _, own in policy.each()))
    revenue = {f"item[].{name}" for _, own in policy.each() for name in own.revenue.fields}
    for record in ("invoice", "creditMemo") if revenue else ():
        found[described_as(record)] |= revenue
    return dict(found)


def mapped_fields(each: Iterable[Mappings]) -> dict[str, set[str]]:
    """By description, what these mappings fill: fields of the header, and `item[].class` of lines."""
    found: dict[str, set[str]] = defaultdict(set)
    for mapping in each:
        for described, record in RECORDS.items():
            for level, fields in mapping.of(RECORD_TYPES[record]).levels():
                for name in fields:
                    lines = (f"{sublist}[].{name}" for sublist in sublists_of(record, name))
                    found[described].update([name] if level == "header" else lines)
    return dict(found)
