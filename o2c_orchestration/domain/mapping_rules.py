"""One rule of the section `mapping` of `o2c.yaml`: how it is written, and what record its value names.

What belongs here: the shape of a rule by itself. What does not: which fields there are (mapping_fields), what is wrong
with the rules of one (mapping_checks).
"""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cached_property
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field, field_validator, model_validator

from o2c_orchestration.domain.expressions import BadExpression, Expression, parse
from o2c_orchestration.domain.mapping_fields import NAMED, is_named, kind_of
from o2c_orchestration.domain.section import Section

_Plain = str | int | bool


def _as_meant(value: object) -> object:
    """YAML reads `2026-11-30` as a date; who writes it means that text."""
    if isinstance(value, float):
        raise ValueError(f"{value!r}: write it in quotes; a decimal here is text, and amounts are minor units")
    if isinstance(value, datetime):
        raise ValueError(f"{value}: write it in quotes; a date is written without a time, such as 2026-11-30")
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, _Plain):
        return value
    raise ValueError("is text, a whole number, true, false or a date")


Scalar = Annotated[_Plain, BeforeValidator(_as_meant, json_schema_input_type=_Plain)]
_Optional = Annotated[_Plain | None, BeforeValidator(_as_meant, json_schema_input_type=_Plain | None)]
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
    constant: _Optional = None
    lookup: str | None = None
    by: str | None = None
    expression: str | None = None
    default: _Optional = None
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


_TOLD: Final = (str, int, float, date, Mapping, Rule)


def _as_rules(value: object) -> object:
    """`null`, a constant, one rule, or several of which the first that applies counts."""
    several = value if isinstance(value, list | tuple) else (value,)
    if value is None or not all(isinstance(each, _TOLD) for each in several):
        if value is None:
            return None
        raise ValueError("is a value (text, a whole number, true, false, a date), a rule, a list of these, or null")
    return [each if isinstance(each, Mapping | Rule) else {"constant": _as_meant(each)} for each in several]


_Written = Rule | list[Rule | _Plain] | _Plain | None
FieldRules = Annotated[tuple[Rule, ...] | None, BeforeValidator(_as_rules, json_schema_input_type=_Written)]
Fields = dict[str, FieldRules]


def reference_kind(document: str, level: str, field: str, rule: Rule) -> str | None:
    """What record a field names: class, department, location, a list or record type of the account's own by its script
    id, `id` for any record by its internal id, or None: no record.
    """
    if rule.reference is not None:
        return rule.reference
    kind = kind_of(document, level, field)
    return "id" if kind == "r" else kind if kind in NAMED else None
