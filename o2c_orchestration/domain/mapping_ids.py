"""Which records a mapping names by their internal id, and of what kind each is, as far as its field tells."""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from o2c_orchestration.domain.mapping_fields import NAMED
from o2c_orchestration.domain.mapping_rules import reference_kind
from o2c_orchestration.domain.policy import Revenue
from o2c_orchestration.domain.policy_mapping import Mappings

# By field, the kind of record by SuiteQL's name of its table; as NetSuite's record browser says. Forms are in no table,
# a custom field may be of anything, and of the others it is not documented which table they are in.
KINDS: Final[Mapping[str, str]] = {
    **{name: name for name in NAMED},
    "terms": "term",
    "salesRep": "employee",
    "receivablesAccount": "account",
    "parent": "customer",
    "partner": "partner",
    "job": "job",
    "priceLevel": "pricelevel",
    "category": "customercategory",
}


class NamedId(NamedTuple):
    """An internal id in o2c.yaml: its key, the field that it goes to, the kind of record (None: not to be known)."""

    where: str
    field: str
    kind: str | None
    value: str


def named_ids(mapping: Mappings) -> list[NamedId]:
    """Every internal id that rules and tables give, once, in order of their keys; those in metadata nobody knows."""
    return sorted(set(_named(mapping)), key=lambda each: (each.where, each.field, each.value))


def template_ids(revenue: Revenue) -> list[NamedId]:
    """The internal ids of revenue recognition templates; which table of NetSuite they are in is not documented."""
    field = revenue.template_field or ""
    return [NamedId(f"revenue.templates.{item}", field, None, each) for item, each in sorted(revenue.templates.items())]


def _named(mapping: Mappings) -> Iterator[NamedId]:
    for document, level, field, rule in mapping.rules():
        if reference_kind(document, level, field, rule) == "id":
            for where, value in mapping.values_of(f"mapping.{document}.{level}.{field}", rule):
                yield NamedId(where, field, KINDS.get(field), value)
