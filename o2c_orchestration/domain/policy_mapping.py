"""The section `mapping` of `o2c.yaml`: which field of a NetSuite document comes from where, beyond what is standard."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, Literal, Protocol

from pydantic import Field, ValidationInfo, field_validator

from o2c_orchestration.domain.expressions import shown
from o2c_orchestration.domain.mapping_checks import near, problem
from o2c_orchestration.domain.mapping_fields import MAPPED, is_named, kind_of
from o2c_orchestration.domain.mapping_kinds import wrong_value
from o2c_orchestration.domain.mapping_rules import Fields, Rule, Scalar, reference_kind
from o2c_orchestration.domain.mapping_sources import LINE, OWN, SUBSCRIPTION, Kept
from o2c_orchestration.domain.section import Section, Several


class DocumentMapping(Section):
    """Rules by NetSuite's name of the field. `null` takes a field away that would be written; `lines` are those of the
    document's own sublist (items; of deposits and journal entries the lines on accounts).
    """

    header: Fields = Field(default_factory=dict)
    lines: Fields = Field(default_factory=dict)

    def levels(self) -> Iterator[tuple[Literal["header", "lines"], Fields]]:
        """The two of them, by name."""
        yield "header", self.header
        yield "lines", self.lines

    def over(self, company: "DocumentMapping") -> "DocumentMapping":
        """This one, and the company's where it says nothing."""
        return DocumentMapping(header={**company.header, **self.header}, lines={**company.lines, **self.lines})


class HeaderMapping(Section):
    """The same for documents whose lines say only what they are applied to."""

    header: Fields = Field(default_factory=dict)

    @property
    def lines(self) -> Fields:
        return {}

    def levels(self) -> Iterator[tuple[Literal["header", "lines"], Fields]]:
        """Only one."""
        yield "header", self.header

    def over(self, company: "HeaderMapping") -> "HeaderMapping":
        """This one, and the company's where it says nothing."""
        return HeaderMapping(header={**company.header, **self.header})


AnyMapping = DocumentMapping | HeaderMapping


# What a document's own metadata is, and whose that of the others is.
_OBJECTS: dict[str, tuple[str, ...]] = {
    "customer": ("customer",),
    "invoice": ("invoice", "credit_note", "dispute"),
    "credit_memo": ("invoice", "credit_note", "refund", "dispute"),
    "payment": ("charge", "invoice", "refund", "dispute"),
    "refund": ("refund", "dispute"),
    "deposit": ("payout",),
    "journal_entry": ("payout",),
    "sales_order": (),
}
_OWNERS: dict[str, tuple[str, ...]] = {
    "customer.": ("customer",),
    "subscription.": ("invoice",),
    "line.": ("invoice",),
    "line.price.": ("price",),
}


class Mappings(Section):
    """All of it, by type of document. `tables` are what `lookup` names: text to text, number, true or false."""

    tables: dict[str, dict[str, Scalar]] = Field(default_factory=dict)
    customer: HeaderMapping = HeaderMapping()
    invoice: DocumentMapping = DocumentMapping()
    credit_memo: DocumentMapping = DocumentMapping()
    payment: HeaderMapping = HeaderMapping()
    refund: HeaderMapping = HeaderMapping()
    deposit: DocumentMapping = DocumentMapping()
    journal_entry: DocumentMapping = DocumentMapping()
    sales_order: DocumentMapping = DocumentMapping()

    @field_validator("tables", mode="before")
    @classmethod
    def _keys_are_text(cls, value: Any) -> Any:
        """YAML reads `1:` and `true:` as no text; Stripe's values all are."""
        if not isinstance(value, Mapping):
            return value
        return {
            str(name): {_key(key): each for key, each in rows.items()} if isinstance(rows, Mapping) else rows
            for name, rows in value.items()
        }

    @field_validator(*MAPPED)
    @classmethod
    def _sound(cls, value: AnyMapping, info: ValidationInfo) -> AnyMapping:
        document = str(info.field_name)
        problems = [
            ((level, field), found)
            for level, fields in value.levels()
            for field, rules in fields.items()
            if (found := problem(document, level, field, rules)) is not None
        ]
        if problems:
            raise Several(problems)
        return value

    def of(self, document: str) -> AnyMapping:
        """The mapping of a type of document, as o2c.yaml calls it."""
        found: AnyMapping = getattr(self, document)
        return found

    def over(self, company: "Mappings") -> "Mappings":
        """An entity's own rules and tables, and the company's where it says nothing."""
        given: dict[str, Any] = {name: self.of(name).over(company.of(name)) for name in MAPPED}  # type: ignore[arg-type]
        # Not a copy: what was worked out from this one's rules alone would come along.
        return Mappings(tables={**company.tables, **self.tables}, **given)

    def rules(self) -> Iterator[tuple[str, str, str, Rule]]:
        """(document, level, field, rule) of all of them."""
        for document in MAPPED:
            for level, fields in self.of(document).levels():
                for field, rules in fields.items():
                    yield from ((document, level, field, rule) for rule in rules or ())

    def always_filled(self, document: str) -> frozenset[str]:
        """Fields of a type of document's header that its rules fill whatever it is, or else refuse the document."""
        return frozenset(
            field
            for level, fields in self.of(document).levels()
            for field, rules in fields.items()
            if level == "header" and rules and rules[-1].when is None and rules[-1].missing == "refuse"
        )

    @cached_property
    def maps_lines(self) -> bool:
        """Whether a rule on lines is there at all: then lines remember what they were made of."""
        return any(self.of(document).lines for document in MAPPED)

    @cached_property
    def paths(self) -> frozenset[tuple[str, str]]:
        """(document, path) of everything that is read."""
        return frozenset((document, path) for document, _, _, rule in self.rules() for path in rule.paths)

    @cached_property
    def kept(self) -> Kept:
        """The keys of metadata that have to be kept for it, by Stripe's type of object."""
        found: dict[str, dict[str, set[str]]] = {}
        for document, path in self.paths:
            begins, _, key = path.partition("metadata.")
            for owner in _OWNERS.get(begins, _OBJECTS[document]) if key else ():
                kind = {"line.": LINE, "subscription.": SUBSCRIPTION}.get(begins, OWN)
                found.setdefault(owner, {}).setdefault(kind, set()).add(key)
        return {owner: {kind: frozenset(keys) for kind, keys in kinds.items()} for owner, kinds in found.items()}

    @cached_property
    def reads_customers(self) -> bool:
        """Whether a rule reads a customer's name or address."""
        return any(path in ("customer.name", "customer.email") for _, path in self.paths)

    def missing_tables(self) -> list[tuple[tuple[str, ...], str]]:
        """Rules whose table is not there: where, and what is wrong in words."""
        return [
            ((document, level, field), f"there is no table tables.{rule.lookup}{near(rule.lookup, self.tables)}")
            for document, level, field, rule in self.rules()
            if rule.lookup is not None and rule.lookup not in self.tables
        ]

    def wrong_rows(self) -> list[tuple[str, str, str]]:
        """(table, row, what is wrong in words) of values that a field which looks them up does not take. An empty one
        is no value, as a row that is not there is none.
        """
        found = []
        for document, level, field, rule in self.rules():
            named, kind = reference_kind(document, level, field, rule), kind_of(document, level, field) or "any"
            for row, value in self.tables.get(rule.lookup or "", {}).items():
                wrong = None if value == "" else wrong_value(value, named, kind)
                if wrong is not None:
                    text = f"{shown(value)} {wrong}: mapping.{document}.{level}.{field} looks it up"
                    found.append((rule.lookup or "", row, text))
        return found

    @cached_property
    def record_kinds(self) -> frozenset[str]:
        """Which of classes, departments, locations and the account's own kinds are named at all."""
        found = (reference_kind(document, level, field, rule) for document, level, field, rule in self.rules())
        return frozenset(kind for kind in found if kind is not None and is_named(kind))

    def named_records(self) -> set[tuple[str, str, str]]:
        """(key of o2c.yaml, record type, name or internal id) of the records of `record_kinds` that it names."""
        found = set()
        for document, level, field, rule in self.rules():
            kind = reference_kind(document, level, field, rule)
            if kind is None or not is_named(kind):
                continue
            own = self.values_of(f"mapping.{document}.{level}.{field}", rule)
            found |= {(where, kind, value) for where, value in own}
        return found

    def values_of(self, where: str, rule: Rule) -> Iterator[tuple[str, str]]:
        """(key of o2c.yaml, value) of what a rule under `where` names itself, or by its table."""
        yield from ((where, str(value)) for value in (rule.constant, rule.default) if value is not None)
        rows = self.tables.get(rule.lookup or "", {})
        yield from ((f"mapping.tables.{rule.lookup}.{key}", str(value)) for key, value in rows.items())


def _key(value: object) -> str:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


class _Revenue(Protocol):
    """What of the section `revenue` writes fields of lines."""

    @property
    def fields(self) -> tuple[str, ...]:
        """Their names."""


def check_mappings(each: Iterable[tuple[str, Mappings, _Revenue]]) -> None:
    """What only shows when all sections are there, for each Stripe account, the company's first. Raises Several."""
    problems: list[tuple[tuple[str, ...], str]] = []
    company: Mappings | None = None
    for account, mapping, revenue in each:
        company = company or mapping
        where = ("mapping",) if account == "main" else ("entities", account, "mapping")
        found = mapping.missing_tables()
        for document in ("invoice", "credit_memo"):
            taken = [field for field in mapping.of(document).lines if field in revenue.fields]
            found += [((document, "lines", field), "revenue writes this field already") for field in taken]
        problems += [((*where, *below), text) for below, text in found]
        for table, row, text in mapping.wrong_rows():
            # The company's tables are an entity's too, and stand in one place.
            own = mapping.tables[table] != company.tables.get(table)
            problems.append(((*(where if own else ("mapping",)), "tables", table, row), text))
    if problems:
        raise Several(list(dict.fromkeys(problems)))
