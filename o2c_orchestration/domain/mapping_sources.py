"""What a mapping reads besides the planner's own rows, and what it tells of each field that it has set."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Person:
    """Name and e-mail address of a Stripe customer, whether or not NetSuite has him."""

    name: str | None = None
    email: str | None = None


@dataclass(frozen=True)
class Sources:
    """Of the objects that are planned together, as far as the mapping names it.

    `metadata` by Stripe id, then by path as a rule writes it (`metadata.region`, `subscription.metadata.region`): None
    is a key that the object does not have; a path that is not there has never been read. Lines of invoices go by their
    own ids.
    """

    metadata: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)
    people: Mapping[str, Person] = field(default_factory=dict)


@dataclass(frozen=True)
class Trace:
    """One field of a document that a rule has set or taken away: where, to what, from what, by which key of o2c.yaml.

    `field` is a path into the record body, such as `class` or `item[2].department`.
    """

    field: str
    value: Any
    source: str
    rule: str


# The part of an object under which its payload says which keys of metadata it was kept for.
KEPT_FOR = "o2c_kept"
# Kinds of keys: of the object's own metadata, of its lines, of the subscription that an invoice carries a copy of; and
# fields of a customer that o2c.yaml asks for.
OWN, LINE, SUBSCRIPTION, DETAIL = "metadata", "line", "subscription", "detail"
# By Stripe's type of object: kind → keys.
Kept = Mapping[str, Mapping[str, frozenset[str]]]
