"""The objects of one org: the standard ones, our package's, and fields an administrator has added since.

What belongs here: looking up objects, fields and the ways between them. SOQL and REST ignore case in names.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from o2c_orchestration.sandbox.salesforce import ids
from o2c_orchestration.sandbox.salesforce.fields import Field, SObject
from o2c_orchestration.sandbox.salesforce.objects import STANDARD
from o2c_orchestration.sandbox.salesforce.package import INVOICE, PAYMENT, installed

ORGANIZATION = ids.make("00D", 1)
# The user that the client runs as, an administrator, and a person in sales.
INTEGRATION_USER, ADMIN_USER, SALES_USER = (ids.make("005", place) for place in (1, 2, 3))
# Every org has one; the records behind these ids are made when the org is opened for the first time.
STANDARD_BOOK = ids.make("01s", 1, "gKS")


@dataclass(frozen=True)
class Children:
    """The way from a parent to the records that look up to it."""

    relation: str
    child: SObject
    lookup: Field


class Org:
    """Objects by name, by key prefix and by way.

    `multi_currency` decides whether `CurrencyIsoCode` is there. `stamp_ms` is what moments are rounded down to: whole
    seconds in a real org, so that several changes have one stamp.
    """

    def __init__(self, *, multi_currency: bool, stamp_ms: int) -> None:
        self.multi_currency, self.stamp_ms = multi_currency, stamp_ms
        objects = [*(installed(each) for each in STANDARD), INVOICE, PAYMENT]
        self._objects = {each.name: each if multi_currency else _without_currency(each) for each in objects}

    @property
    def objects(self) -> list[SObject]:
        """All of them, by name."""
        return sorted(self._objects.values(), key=lambda each: each.name)

    def find(self, name: str) -> SObject | None:
        """The object of this name."""
        wanted = name.lower()
        return self._objects.get(name) or next((each for each in self.objects if each.name.lower() == wanted), None)

    def at(self, name: str) -> SObject:
        """The object of this very name. Raises KeyError."""
        return self._objects[name]

    def by_prefix(self, identifier: str) -> SObject | None:
        """The object that an id belongs to."""
        return next((each for each in self._objects.values() if identifier.startswith(each.prefix)), None)

    def children(self, parent: SObject) -> list[Children]:
        """Every way from a parent to its children; those without a name cannot be queried."""
        return [
            Children(each.children or "", child, each)
            for child in self.objects
            for each in child.fields.values()
            if parent.name in each.refers_to
        ]

    def way_down(self, parent: SObject, relation: str) -> Children | None:
        """The way of this name from a parent to its children."""
        wanted = relation.lower()
        return next((each for each in self.children(parent) if each.relation.lower() == wanted), None)

    def add_field(self, kind: str, added: Field) -> None:
        """What an administrator does in the set-up."""
        known = self._objects[kind]
        self._objects[kind] = replace(known, fields=known.fields | {added.name: added})


def _without_currency(known: SObject) -> SObject:
    return replace(known, fields={name: each for name, each in known.fields.items() if name != "CurrencyIsoCode"})
