"""What an object and a field are: types, limits, who may set them.

What belongs here: the definitions and short ways to write them. The objects themselves are in `objects.py` and
`package.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

TEXTS = frozenset({"string", "textarea", "picklist", "email", "phone", "url", "combobox"})
NUMBERS = frozenset({"double", "currency", "percent", "int"})
LONG_TEXT = 255


@dataclass(frozen=True)
class Field:
    """One field under its API name. `type` is the one of a describe; lengths are in characters.

    required: null is refused. defaulted: a value is given when none is sent, `default` where it is a constant.
    relation, children: names of the way to the parent and back. lookup: an `idLookup` field, usable as an external
    id. compound: the columns of an address. auto_number: the text before a running number.
    """

    name: str
    type: str
    label: str
    length: int = 0
    precision: int = 0
    scale: int = 0
    required: bool = False
    createable: bool = True
    updateable: bool = True
    defaulted: bool = False
    default: str | float | bool | None = None
    external_id: bool = False
    unique: bool = False
    case_sensitive: bool = False
    lookup: bool = False
    name_field: bool = False
    values: tuple[str, ...] = ()
    restricted: bool = False
    refers_to: tuple[str, ...] = ()
    relation: str | None = None
    children: str | None = None
    cascade: bool = False
    compound: tuple[str, ...] = ()
    auto_number: str | None = None
    calculated: bool = False

    @property
    def custom(self) -> bool:
        """Whether an administrator or a package made it."""
        return self.name.endswith("__c")

    @property
    def filterable(self) -> bool:
        """Whether a query may compare it."""
        return self.type != "address" and not (self.type == "textarea" and self.length > LONG_TEXT)

    @property
    def identifies(self) -> bool:
        """Whether records can be addressed by it."""
        return self.external_id or self.lookup

    @cached_property
    def as_stored(self) -> bool:
        """Whether the stored value is the JSON of it."""
        return self.type not in NUMBERS | {"boolean", "address"}

    @property
    def stored(self) -> bool:
        """Whether it has a column of its own."""
        return not self.compound

    def read_only(self) -> Field:
        """The same, set by Salesforce alone."""
        return replace(self, createable=False, updateable=False)


@dataclass(frozen=True)
class SObject:
    """An object with its fields by name, in the order of a describe."""

    name: str
    label: str
    plural: str
    prefix: str
    fields: dict[str, Field] = field(default_factory=dict)
    createable: bool = True
    deletable: bool = True

    @property
    def custom(self) -> bool:
        """Whether an administrator or a package made it."""
        return self.name.endswith("__c")

    def field(self, name: str) -> Field | None:
        """The field of this name, in whatever case."""
        return self.fields.get(name) or self._folded.get(name.lower())

    def relation(self, name: str) -> Field | None:
        """The lookup whose way to the parent has this name, in whatever case."""
        wanted = name.lower()
        return next((each for each in self.fields.values() if (each.relation or "").lower() == wanted), None)

    @cached_property
    def _folded(self) -> dict[str, Field]:
        return {name.lower(): each for name, each in self.fields.items()}


def text(name: str, label: str, length: int = 255, *, required: bool = False) -> Field:
    """A line of text."""
    return Field(name, "string", label, length=length, required=required)


def external(name: str, label: str, length: int = 255, *, unique: bool = True, case_sensitive: bool = False) -> Field:
    """A line of text that identifies records to other systems. Only a unique one may tell upper from lower case."""
    made = text(name, label, length)
    return replace(made, external_id=True, unique=unique, case_sensitive=unique and case_sensitive)


def area(name: str, label: str, length: int = 32_000) -> Field:
    """Several lines of text; above 255 characters it cannot be compared in a query."""
    return Field(name, "textarea", label, length=length)


def contact_text(name: str, label: str, kind: str, length: int) -> Field:
    """An e-mail address, a telephone number or a web address."""
    return Field(name, kind, label, length=length)


def currency(name: str, label: str, *, required: bool = False) -> Field:
    """An amount with 16 digits before the point and two behind it."""
    return Field(name, "currency", label, precision=18, scale=2, required=required)


def number(name: str, label: str, precision: int = 18, scale: int = 0) -> Field:
    """A number with so many digits, `scale` of them behind the point."""
    return Field(name, "double", label, precision=precision, scale=scale)


def percent(name: str, label: str, precision: int = 3, scale: int = 0) -> Field:
    """A percentage: 20 is a fifth."""
    return Field(name, "percent", label, precision=precision, scale=scale)


def whole(name: str, label: str) -> Field:
    """A whole number."""
    return Field(name, "int", label, precision=8)


def day(name: str, label: str, *, required: bool = False) -> Field:
    """A calendar day."""
    return Field(name, "date", label, required=required)


def moment(name: str, label: str) -> Field:
    """A point in time, to the second, in UTC."""
    return Field(name, "datetime", label)


def flag(name: str, label: str, *, default: bool = False) -> Field:
    """True or false, never null."""
    return Field(name, "boolean", label, required=True, defaulted=True, default=default)


def picklist(name: str, label: str, values: str, *, required: bool = False, restricted: bool = False) -> Field:
    """One of the values, which are given with `;` between them; others are taken too unless it is restricted."""
    choices = tuple(values.split(";"))
    return Field(name, "picklist", label, length=255, values=choices, required=required, restricted=restricted)


def reference(
    name: str, label: str, to: str, *, relation: str | None = None, children: str | None = None, required: bool = False
) -> Field:
    """A lookup. The way to the parent is the name without `Id`, or with `__r` in place of `__c`."""
    way = relation or (f"{name[:-3]}__r" if name.endswith("__c") else name.removesuffix("Id"))
    return Field(
        name, "reference", label, length=18, refers_to=(to,), relation=way, children=children, required=required
    )


def detail(name: str, label: str, to: str, children: str) -> Field:
    """The parent of a detail: it cannot be without, nor change it, and goes when the parent goes."""
    return replace(reference(name, label, to, children=children, required=True), cascade=True, updateable=False)


def address(prefix: str, label: str) -> list[Field]:
    """The parts of an address, and the address that is made of them."""
    lengths = {"Street": 255, "City": 40, "State": 80, "PostalCode": 20, "Country": 80}
    labels = {"State": "State/Province", "PostalCode": "Zip/Postal Code"}
    parts = [text(f"{prefix}{part}", f"{label} {labels.get(part, part)}", length) for part, length in lengths.items()]
    parts[0] = replace(parts[0], type="textarea")
    whole_address = Field(
        f"{prefix}Address", "address", f"{label} Address", compound=tuple(each.name for each in parts)
    ).read_only()
    return [*parts, whole_address]
