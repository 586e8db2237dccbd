"""The section `mapping` of `o2c.yaml`: which field of a NetSuite document comes from where, beyond what is standard."""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Annotated, Any, Literal, Protocol

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator, model_validator

from o2c_orchestration.domain.expressions import BadExpression, Expression, parse
from o2c_orchestration.domain.mapping_fields import (
    FREE,
    MANDATORY,
    MAPPED,
    NAMED,
    custom_prefix,
    is_named,
    is_readable,
    kind_of,
    metadata_of,
    paths_of,
    promised,
)
from o2c_orchestration.domain.mapping_sources import LINE, OWN, SUBSCRIPTION, Kept
from o2c_orchestration.domain.section import Section, Several

Scalar = str | int | bool
_WAYS = ("source", "constant", "lookup", "expression")
_REFERENCES: dict[str, Any] = {"anyOf": [{"enum": ["id", *NAMED]}, {"pattern": "^custom(list|record)[a-z0-9_]{1,40}$"}]}


class Rule(Section):
    """Where the value of one field comes from: just one of `source`, `constant`, `lookup` and `expression`.

    `source` is a path (`number`, `customer.email`, `metadata.region`, on lines also `line.price_id`). `lookup` names a
    table of `mapping.tables`, `by` the path whose value is looked up. `default` stands in where there is no value or no
    such row; without it that is a refusal, or with `missing: omit` the field is left out. `when` is a condition: where
    it does not hold, the rule says nothing. `reference`: the value is the internal id of a record (`id`), or names, as
    NetSuite shows it or by internal id, a class, department or location, or a value of a list or record type of the
    account's own, such as `customlist_region`.
    """

    source: str | None = None
    constant: Scalar | None = None
    lookup: str | None = None
    by: str | None = None
    expression: str | None = None
    default: Scalar | None = None
    missing: Literal["refuse", "omit"] = "refuse"
    when: str | None = None
    reference: Annotated[str, Field(json_schema_extra=_REFERENCES)] | None = None

    @field_validator("reference")
    @classmethod
    def _known_kind(cls, given: str | None) -> str | None:
        if given is None or given == "id" or is_named(given):
            return given
        raise ValueError(f"is id, {', '.join(NAMED)}, or the script id of a list or record type of your own, such as "
                         f"customlist_region, in small letters; not {given!r}")  # fmt: skip

    @model_validator(mode="after")
    def _one_way(self) -> "Rule":
        given = [name for name in _WAYS if getattr(self, name) is not None]
        if len(given) != 1:
            found = " and ".join(given) or "none"
            raise ValueError(f"a rule has one of {', '.join(_WAYS)}; this one has {found}")
        if (self.by is None) != (self.lookup is None):
            raise ValueError("lookup and by go together: the table, and the path whose value is looked up in it")
        if self.default is not None and self.missing == "omit":
            raise ValueError("default and missing: omit say two different things")
        if self.constant is not None and (self.default is not None or self.missing == "omit"):
            raise ValueError("a constant is never missing: leave out default and missing")
        return self

    @field_validator("expression", "when")
    @classmethod
    def _understood(cls, text: str | None) -> str | None:
        if text is not None:
            try:
                parse(text)
            except BadExpression as error:
                raise ValueError(str(error)) from None
        return text

    @cached_property
    def condition(self) -> Expression | None:
        """`when`, read."""
        return None if self.when is None else parse(self.when)

    @cached_property
    def formula(self) -> Expression | None:
        """`expression`, read."""
        return None if self.expression is None else parse(self.expression)

    @property
    def paths(self) -> tuple[str, ...]:
        """Every path that it reads."""
        read = [each.names for each in (self.condition, self.formula) if each is not None]
        named = [path for path in (self.source, self.by) if path is not None]
        return tuple(dict.fromkeys([*named, *(name for names in read for name in names)]))


def _as_rules(value: object) -> object:
    """`null`, a constant, one rule, or several of which the first that applies counts."""
    if isinstance(value, bool | str | int):
        return ({"constant": value},)
    if isinstance(value, float):
        raise ValueError(f"{value!r}: write it in quotes; a decimal here is text, and amounts are minor units")
    if isinstance(value, list | tuple):
        return [{"constant": each} if isinstance(each, bool | str | int) else each for each in value]
    return (value,) if isinstance(value, Mapping | Rule) else value


_Written = Rule | list[Rule | Scalar] | Scalar | None
FieldRules = Annotated[tuple[Rule, ...] | None, BeforeValidator(_as_rules, json_schema_input_type=_Written)]
Fields = dict[str, FieldRules]


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
            ((level, field), problem)
            for level, fields in value.levels()
            for field, rules in fields.items()
            if (problem := _problem(document, level, field, rules)) is not None
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
            ((document, level, field), f"there is no table tables.{rule.lookup}{_near(rule.lookup, self.tables)}")
            for document, level, field, rule in self.rules()
            if rule.lookup is not None and rule.lookup not in self.tables
        ]

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


def reference_kind(document: str, level: str, field: str, rule: Rule) -> str | None:
    """What record a field names: class, department, location, a list or record type of the account's own by its script
    id, `id` for any record by its internal id, or None: no record.
    """
    if rule.reference is not None:
        return rule.reference
    kind = kind_of(document, level, field)
    return "id" if kind == "r" else kind if kind in NAMED else None


def _key(value: object) -> str:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def _problem(document: str, level: str, field: str, rules: tuple[Rule, ...] | None) -> str | None:
    """What is wrong with the rules of one field, in words."""
    reason, kind = promised(field), kind_of(document, level, field)
    if kind is None and reason is not None:
        return f"cannot be mapped: {reason}"
    if kind is None:
        return _no_field(document, level, field)
    if rules is None:
        return "NetSuite wants it: it cannot be taken away" if field in MANDATORY else None
    if not rules:
        return "has no rule; null takes a field away"
    return _mistyped(kind, rules) or _unreachable(rules) or _unreadable(document, level, rules)


def _no_field(document: str, level: str, field: str) -> str:
    known, custom = FREE.get((document, level), {}), custom_prefix(document, level)
    if re.fullmatch(r"cust[a-z]+_\w*", field.lower()):
        return f"custom fields there begin with {custom}, in small letters"
    return f"is no field that can be mapped{_near(field, known)}; custom fields begin with {custom}"


def _near(name: str | None, known: Any) -> str:
    lowered = {str(each).lower(): str(each) for each in known}
    near = difflib.get_close_matches(str(name).lower(), lowered, n=1)
    return f"; did you mean {lowered[near[0]]}?" if near else ""


def _mistyped(kind: str, rules: tuple[Rule, ...]) -> str | None:
    for rule in rules:
        if rule.reference is not None and kind not in ("any", "r", rule.reference) and rule.reference != "id":
            return f"takes no {rule.reference}"
        if rule.reference is not None and kind[0] in "sdbc" and kind not in NAMED:
            return "takes a plain value, and no reference to a record"
        for value in (rule.constant, rule.default):
            if kind == "b" and value is not None and not isinstance(value, bool):
                return f"is true or false, not {value!r}"
            if kind == "d" and value is not None and not re.fullmatch(r"\d{4}-\d\d-\d\d", str(value)):
                return f"is a date such as '2026-11-30', not {value!r}"
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
                hint = _near(path, known) or f"; there are {', '.join(known)}"
                return f"{path} is nothing that a rule of {document}.{level} can read{hint}"
    return None


class _Revenue(Protocol):
    """What of the section `revenue` writes fields of lines."""

    @property
    def fields(self) -> tuple[str, ...]:
        """Their names."""


def check_mappings(each: Iterable[tuple[str, Mappings, _Revenue]]) -> None:
    """What only shows when all sections are there, for each Stripe account. Raises Several."""
    problems: list[tuple[tuple[str, ...], str]] = []
    for account, mapping, revenue in each:
        where = ("mapping",) if account == "main" else ("entities", account, "mapping")
        found = mapping.missing_tables()
        for document in ("invoice", "credit_memo"):
            taken = [field for field in mapping.of(document).lines if field in revenue.fields]
            found += [((document, "lines", field), "revenue writes this field already") for field in taken]
        problems += [((*where, *below), text) for below, text in found]
    if problems:
        raise Several(problems)
