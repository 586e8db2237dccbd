"""What fields that o2c.yaml leaves to NetSuite may be mapped to: rules with score and evidence. Pure.

Documents that others made show what this company writes: always the same, the value of a path of Stripe's object, or
one that follows from such a value by a table. A suggestion is for a person: no file is changed by it, and it shows no
value that may be personal or a secret.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import yaml

from o2c_orchestration.domain.mapping_fields import NAMED, kind_of
from o2c_orchestration.domain.shown import masked, unsayable

# So many documents that agree are as good as many; of 1000 points a rule needs so many.
_ENOUGH = 5
POINTS_MIN = 600
# A table costs some: it is a guess for values that it does not have.
_BY_TABLE = 0.9
# With few rows in a table some agreement is chance: of the documents that have the path so many have to follow it.
_FOLLOWS = 0.9
# A value that was seen once may be one document's own; more than so many are no look-up table.
_REPEATS, _ROWS_MAX = 2, 25
PER_FIELD = 2
_ITEMS = "item"
# Paths whose values are ids of Stripe's, which are long and no secret.
_IDS = frozenset({"line.price_id", "line.product_id"})


@dataclass(frozen=True)
class Held:
    """A value as a document has it: plain, or a record by internal id and name."""

    plain: str | int | bool | None = None
    id: str | None = None
    name: str | None = None

    @property
    def text(self) -> str:
        """As a value of Stripe's would read that is the same."""
        if isinstance(self.plain, bool):
            return str(self.plain).lower()
        return str(self.name if self.plain is None else self.plain)


@dataclass(frozen=True)
class Sample:
    """A document that others made: what its fields hold, by level and name; and what Stripe's object says, by path.

    Fields of lines hold what all lines have; where lines differ, nothing (None). It may also be one line of a document.
    """

    fields: Mapping[tuple[str, str], Held | None]
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class FieldSuggestion:
    """A rule for a field. `setting` is where it goes (`mapping.invoice.header`), `rule` what goes there.

    `score` out of 1000, `evidence` in words, `count` how many documents were looked at; `table` is one for
    `mapping.tables`, by name, where the rule looks values up.
    """

    setting: str
    name: str
    rule: Any
    count: int
    score: int
    evidence: str
    table: Mapping[str, Mapping[str, str | int | bool]] = field(default_factory=dict)

    @property
    def unsayable(self) -> str | None:
        """What a value of it may be that is not to be shown, in words."""
        constant = self.rule.get("constant", "") if isinstance(self.rule, Mapping) else self.rule
        rows = [row for table in self.table.values() for row in table.items()]
        keys = [] if isinstance(self.rule, Mapping) and self.rule.get("by") in _IDS else [key for key, _ in rows]
        values = [str(each) for each in (constant, *keys, *(value for _, value in rows))]
        return next((why for why in map(unsayable, values) if why), None)

    @property
    def yaml(self) -> str:
        """The entry as it goes under its setting."""
        return _flow({self.name: self.rule})

    @property
    def tables_yaml(self) -> str | None:
        """The table as it goes under mapping.tables."""
        return _flow(dict(self.table)) if self.table else None


def _flow(value: dict[str, Any]) -> str:
    (name, inner), *_ = value.items()
    dumped = yaml.safe_dump(inner, default_flow_style=True, sort_keys=False, width=10_000).removesuffix("...\n").strip()
    return f"{name}: {dumped}"


def held_fields(
    document: str, record: Mapping[str, Any], mandatory: Iterable[str]
) -> dict[tuple[str, str], Held | None]:
    """What a record as NetSuite renders it holds in fields that a mapping may set: custom ones, classes, departments,
    locations, and those that the account makes mandatory."""
    wanted = set(mandatory)
    found: dict[tuple[str, str], Held | None] = {}
    for name, value in record.items():
        if _concerns(document, "header", name, wanted) and (held := _held(value)) is not None:
            found["header", name] = held
    lines = (record.get(_ITEMS) or {}).get("items") or []
    for name in {name for line in lines for name in held_in_line(document, line)}:
        values = {_held(line.get(name)) for line in lines}
        found["lines", name] = values.pop() if len(values) == 1 else None
    return {key: value for key, value in found.items() if key[0] == "lines" or value is not None}


def held_in_line(document: str, line: Mapping[str, Any]) -> dict[str, Held | None]:
    """The same of one line."""
    return {name: _held(value) for name, value in line.items() if _concerns(document, "lines", name, set())}


def _concerns(document: str, level: str, name: str, mandatory: set[str]) -> bool:
    kind = kind_of(document, level, name)
    return kind is not None and (kind == "any" or name in NAMED or name in mandatory)


def _held(value: Any) -> Held | None:
    if isinstance(value, Mapping):
        named = value.get("refName")
        return Held(id=str(value["id"]), name=None if named is None else str(named)) if "id" in value else None
    if isinstance(value, bool | str | int):
        return Held(plain=value) if value != "" else None
    return None if value is None else Held(plain=f"{value}")


@dataclass(frozen=True)
class Suggested:
    """Rules for fields. `unsaid`: by field, what its value may be where a rule would show one that is not shown."""

    rules: list[FieldSuggestion]
    unsaid: Mapping[str, str] = field(default_factory=dict)


def suggest_fields(
    where: str,
    samples: Sequence[Sample],
    taken: Iterable[tuple[str, str]],
    mandatory: Iterable[str] = (),
    lines: Sequence[Sequence[Sample]] = (),
) -> Suggested:
    """The likeliest rules of each field that is not `taken`, mandatory ones first. `where` is `mapping.invoice`.

    `lines`: of each document, lines beside what Stripe says of them.
    """
    wanted, spare = set(mandatory), set(taken)
    each_line = [line for group in lines for line in group]
    found, unsaid = list[FieldSuggestion](), dict[str, str]()
    for level, name in sorted({key for each in (*samples, *each_line) for key in each.fields} - spare):
        rules = _Rules(f"{where}.{level}", name, len(samples), name in wanted and level == "header")
        scored = [*rules.constant(_pairs(samples, (level, name))), *rules.sources(_pairs(samples, (level, name)))]
        if level == "lines":
            rules = replace(rules, lines=len(each_line), total=sum(bool(group) for group in lines))
            scored += rules.sources(_pairs(each_line, (level, name)))
        scored = sorted(
            (each for each in scored if each.score >= POINTS_MIN), key=lambda each: (-each.score, str(each.rule))
        )
        unsaid |= {f"{each.setting}.{name}": each.unsayable for each in scored if each.unsayable}
        found += [each for each in scored if not each.unsayable][:PER_FIELD]
    rows = sorted(found, key=lambda each: (each.name not in wanted, each.setting, each.name, -each.score))
    return Suggested(rows, unsaid)


def _pairs(samples: Sequence[Sample], key: tuple[str, str]) -> "Pairs":
    """What a field holds, where it holds anything, and what Stripe says of the same."""
    return [(value, each.facts) for each in samples if (value := each.fields.get(key)) is not None]


def varying(samples: Sequence[Sample], taken: Iterable[tuple[str, str]]) -> bool:
    """Whether a field has different values, for which Stripe's objects may say why."""
    spare = set(taken)
    values: dict[tuple[str, str], set[Held]] = defaultdict(set)
    for each in samples:
        for key, value in each.fields.items():
            if value is not None and key not in spare:
                values[key].add(value)
    return any(len(each) > 1 for each in values.values())


Pairs = Sequence[tuple[Held, Mapping[str, str]]]


@dataclass(frozen=True)
class _Rules:
    """Rules that one field may have, each by how many of `total` documents agree with it, or of so many `lines` of
    theirs, which are no more witnesses for that: who books a document books all of its lines alike."""

    setting: str
    name: str
    total: int
    mandatory: bool
    lines: int | None = None

    @property
    def _of(self) -> str:
        documents = f"the last {self.total} documents that others made"
        return documents if self.lines is None else f"{self.lines} lines of {documents}"

    def constant(self, pairs: Pairs) -> Iterator[FieldSuggestion]:
        """The value that most of them have."""
        if pairs:
            (value, count), *_ = Counter(value for value, _ in pairs).most_common(1)
            words = f"{count} of {self._of} have {masked(value.text)}"
            yield self._scored(_constant(self.name, value), count, words)

    def sources(self, pairs: Pairs) -> Iterator[FieldSuggestion]:
        """Paths of Stripe's objects that say the same, or from whose values it follows; only where it varies at all."""
        if len({value for value, _ in pairs}) < 2:
            return
        for path in sorted({path for _, facts in pairs for path in facts}):
            told = [(value, facts[path]) for value, facts in pairs if path in facts]
            same = sum(value.text == fact for value, fact in told)
            plain = self.name in NAMED or all(value.plain is not None for value, _ in told)
            if plain and same:
                words = f"{same} of {self._of} have the value of {path}; Stripe has that key on {len(told)}"
                yield self._scored({"source": path}, same, words)
            yield from self._table(path, told, same if plain else 0)

    def _table(self, path: str, told: Sequence[tuple[Held, str]], same: int) -> Iterator[FieldSuggestion]:
        """Values looked up by those of a path, where that agrees with more documents than the `same` that have it as it
        is. Few values, each seen often enough not to be a document's own."""
        votes: dict[str, Counter[Held]] = defaultdict(Counter)
        for value, fact in told:
            votes[fact][value] += 1
        best = {fact: each.most_common(1)[0] for fact, each in votes.items() if each.total() >= _REPEATS}
        if len({value for value, _ in best.values()}) < 2 or len(told) < _REPEATS * len(votes) or len(best) > _ROWS_MAX:
            return
        agree = sum(count for _, count in best.values())
        if agree <= same or agree < _FOLLOWS * len(told):
            return
        table = f"{self.name}_by_{path.rpartition('.')[2]}"
        rule: dict[str, Any] = {"lookup": table, "by": path}
        if self.name not in NAMED and any(value.id for value, _ in best.values()):
            rule["reference"] = "id"
        words = f"in {agree} of {self._of} it follows from {path}; Stripe has that key on {len(told)}"
        rows = {fact: _plain(self.name, value) for fact, (value, _) in sorted(best.items())}
        yield self._scored(rule, agree, words, {table: rows}, _BY_TABLE)

    def _scored(
        self,
        rule: Any,
        agree: int,
        words: str,
        table: Mapping[str, Mapping[str, str | int | bool]] | None = None,
        weight: float = 1.0,
    ) -> FieldSuggestion:
        points = round(1000 * weight * agree / (self.lines or self.total) * min(self.total, _ENOUGH) / _ENOUGH)
        words += "; NetSuite makes it mandatory" if self.mandatory else ""
        count = self.lines or self.total
        return FieldSuggestion(self.setting, self.name, rule, count, points, words, table or {})


def _constant(name: str, value: Held) -> Any:
    plain = _plain(name, value)
    return {"constant": plain, "reference": "id"} if value.id and name not in NAMED else plain


def _plain(name: str, value: Held) -> str | int | bool:
    """As it is written in o2c.yaml: classes and the like by name, other records by id."""
    if value.plain is not None:
        return value.plain
    return value.name if name in NAMED and value.name else int(value.id or 0)
