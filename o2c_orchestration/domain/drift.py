"""What another system's objects look like, and how that differs from what was declared, seen before, or is read. Pure.

A path names a field through its parents: `total_taxes[].amount` is a field of each element of a list, `*` stands for
the keys of a map (`metadata.*`), which are data. Types are JSON's: null, boolean, number, string, array, object.
Values are kept of fields that are enums by definition only; no personal data and no free text is in any of this.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from math import log
from typing import Any, Literal, get_args

Kind = Literal["missing", "moved", "retyped", "gone_value", "new_value", "new"]
# The order in which they are told: what breaks something first.
KINDS: tuple[Kind, ...] = get_args(Kind)
# Enums that Stripe documents as open text.
_ENUM_NAMES = frozenset({"currency", "type", "reporting_category"})
_WORD = re.compile(r"[a-z0-9_.:/-]{1,60}", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,59}")
_TYPES: dict[type, str] = {
    **{type(None): "null", bool: "boolean", int: "number", float: "number", Decimal: "number"},
    **{str: "string", list: "array", dict: "object"},
}
# What the first day shows is what is usual: only later can something be new.
LEARNING = timedelta(days=1)
# Descriptions are looked at once a day; what was first seen within so much was seen in one look.
_ONE_LOOK = timedelta(hours=12)
# A field that was there each time, and then not for so many times in a row, is gone; one that was not always there
# for as many as make chance one in a million.
ABSENT_MIN = 20
_CHANCE = 1e-6
# Objects that must have been looked at before one that SDKs allow to be absent counts as missing.
LOOKED_AT_MIN = 5


@dataclass(frozen=True)
class Declared:
    """What a specification says of a field: its types, its values if it is an enum, whether its keys are data.

    `few`: it is an enum of which nobody has a list.
    """

    types: frozenset[str]
    values: frozenset[str] | None = None
    is_map: bool = False
    few: bool = False

    @property
    def required(self) -> bool:
        """Whether it is always there and never null."""
        return "null" not in self.types


@dataclass
class Tally:
    """What a sample of objects showed: how often each path had each type, and each enum each value."""

    objects: int = 0
    types: Counter[tuple[str, str]] = field(default_factory=Counter)
    values: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, other: "Tally") -> None:
        """Count another sample in."""
        self.objects += other.objects
        self.types += other.types
        self.values += other.values


class Walker:
    """Walks payloads of one type. `shape` tells which keys are data and which fields are enums."""

    def __init__(self, shape: Mapping[str, Declared]) -> None:
        self._maps = frozenset(path for path, each in shape.items() if each.is_map)
        self._enums = frozenset(path for path, each in shape.items() if each.values or each.few)
        # Objects of a type look alike: what a name means in its place is found out once.
        self._places: dict[tuple[str, str], tuple[str, bool]] = {}

    def is_enum(self, path: str) -> bool:
        """Whether values of this path are kept."""
        return path in self._enums or path.rpartition(".")[2] in _ENUM_NAMES

    def look(self, payloads: Iterable[Mapping[str, Any]]) -> Tally:
        """What these objects show; one that is only told to be deleted shows nothing."""
        tally = Tally()
        for payload in payloads:
            if not payload.get("deleted"):
                tally.objects += 1
                self._object(payload, "", tally)
        return tally

    def _object(self, found: Mapping[str, Any], path: str, tally: Tally) -> None:
        for name, value in found.items():
            place = self._places.get((path, name)) or self._place(path, name)
            self._value(value, place, tally)

    def _place(self, path: str, name: str) -> tuple[str, bool]:
        key = "*" if path in self._maps or not _NAME.fullmatch(name) else name
        inner = f"{path}.{key}" if path else key
        place = (inner, self.is_enum(inner))
        if key == name:
            self._places[path, name] = place
        return place

    def _value(self, value: Any, place: tuple[str, bool], tally: Tally) -> None:
        path, is_enum = place
        kind = _TYPES.get(type(value)) or json_type(value)
        tally.types[path, kind] += 1
        if kind == "object":
            self._object(value, path, tally)
        elif kind == "array":
            element = self._places.get((path, "[]")) or self._places.setdefault((path, "[]"), (f"{path}[]", False))
            for each in value:
                self._value(each, element, tally)
        elif is_enum and kind == "string":
            tally.values[path, word(value)] += 1


def word(value: str) -> str:
    """A value of an enum as it is kept; what does not look like one may be anything, and is not."""
    return value if _WORD.fullmatch(value) else "(text)"


def json_type(value: Any) -> str:
    """JSON's name for the type of a parsed value."""
    return _TYPES.get(type(value)) or ("object" if isinstance(value, Mapping) else "array")


@dataclass(frozen=True)
class Seen:
    """A path with one type, or a value of an enum (`what`), in the catalogue. `times` 0: declared, not seen yet.

    `at_parents`: how often its parent had been seen when it was seen last.
    """

    path: str
    what: str
    times: int
    at_parents: int
    first_seen_at: datetime | None
    last_seen_at: datetime | None
    declared: bool


@dataclass(frozen=True)
class Catalogue:
    """All that is known of one type of object at one API version; `began_at` is when it was first looked at."""

    api_version: str
    objects: int
    began_at: datetime | None
    fields: tuple[Seen, ...] = ()
    values: tuple[Seen, ...] = ()

    def with_sample(self, tally: Tally, now: datetime) -> "Catalogue":
        """What it would be with a sample counted in."""
        return Catalogue(
            self.api_version,
            self.objects + tally.objects,
            self.began_at or now,
            _counted(self.fields, tally.types, now, self._parents(tally)),
            _counted(self.values, tally.values, now, lambda path: 0),
        )

    def _parents(self, tally: Tally) -> Callable[[str], int]:
        before = Counter({(each.path, each.what): each.times for each in self.fields})
        before.update(tally.types)
        total = self.objects + tally.objects
        return lambda path: before[parent_of(path), "object"] if parent_of(path) else total


def _counted(
    rows: Iterable[Seen], came: Counter[tuple[str, str]], now: datetime, parents: Callable[[str], int]
) -> tuple[Seen, ...]:
    known = {(each.path, each.what): each for each in rows}
    for (path, what), times in came.items():
        old = known.get((path, what))
        first = old.first_seen_at if old and old.times else now
        before, declared = (old.times, old.declared) if old else (0, False)
        known[path, what] = Seen(path, what, before + times, parents(path), first, now, declared)
    return tuple(known[key] for key in sorted(known))


def parent_of(path: str) -> str:
    """The path of the object that holds a field; empty for a field of the object itself."""
    return path.rpartition(".")[0]


@dataclass(frozen=True)
class Finding:
    """One way in which objects of a type are not what they were, or not what we read. `read`: our code reads it.

    `what` is in words; `key` names it for whoever accepts it.
    """

    object: str
    api_version: str
    kind: Kind
    path: str
    what: str
    read: bool
    detail: str = ""
    since: datetime | None = None

    @property
    def key(self) -> str:
        """`invoice.total_taxes`, with the value behind an equals sign for a value."""
        return f"{self.object}.{self.path}" + (f"={self.detail}" if self.kind in ("new_value", "gone_value") else "")


@dataclass(frozen=True)
class Look:
    """What is compared: a type of object, its catalogue now and at the version before, and what our code reads.

    `at_times`: fields that may never have been there, whatever is declared. `described`: each object is a whole
    description, so that a field or a choice that is not in the last one is gone; it says, in words, how a person sees
    whether a field is gone or only hidden from us. Empty: objects are not descriptions.
    """

    object: str
    now: Catalogue
    before: Catalogue | None
    reads: Collection[str]
    shape: Mapping[str, Declared]
    at_times: Collection[str] = ()
    described: str = ""

    def parents(self, path: str) -> int:
        """How often the object that holds a field was seen."""
        return self._holders[parent_of(path)] if parent_of(path) else self.now.objects

    @cached_property
    def _holders(self) -> Counter[str]:
        return Counter({each.path: each.times for each in self.now.fields if each.what == "object"})

    def over(self, each: Seen) -> bool:
        """Whether a description had this once and has it no more."""
        return bool(self.described) and each.at_parents < self.parents(each.path)


def findings(look: Look) -> list[Finding]:
    """Everything that drifted, what breaks something first."""
    found = [*_missing(look), *_retyped(look), *_values(look), *_new(look)]
    return sorted(_with_moves(found, look), key=lambda each: (not each.read, KINDS.index(each.kind), each.path))


def _missing(look: Look) -> Iterator[Finding]:
    times, last = _sums(look.now)
    # That a list or a map is empty says nothing of what they hold.
    for path in sorted(each for each in times.keys() | set(look.reads) if not each.endswith(("[]", "*"))):
        parents, read = look.parents(path), path in look.reads and path not in look.at_times
        words = _absence(times.get(path, 0), parents, last.get(path, 0), look.shape.get(path), read=read)
        if look.described:
            gone = 0 < last.get(path, 0) < parents
            words = f"is not told of any more: deleted, or hidden from us. {look.described}" if gone else None
        if words:
            yield _finding(look, "missing", path, words)


def _sums(catalogue: Catalogue) -> tuple[dict[str, int], dict[str, int]]:
    """By path: how often it was there, null or not, and how often its parent had been when it was there last."""
    times, last = Counter[str](), dict[str, int]()
    for each in catalogue.fields:
        times[each.path] += each.times
        last[each.path] = max(last.get(each.path, 0), each.at_parents)
    return times, last


def _absence(times: int, parents: int, last: int, declared: Declared | None, *, read: bool) -> str | None:
    """Why a field counts as missing, in words; None where it does not."""
    if parents == 0 or (declared is None and times == 0):
        return None
    if times == 0:
        certain = read and declared is not None and (declared.required or parents >= LOOKED_AT_MIN)
        return f"was in none of {parents} objects that have to have it" if certain else None
    if read and declared is not None and declared.required and times < parents:
        return f"was not in {parents - times} of {parents}"
    gone = parents - last
    return f"was there until {gone} objects ago" if gone >= _absent_needed(times, last) else None


def _absent_needed(times: int, parents: int) -> float:
    """How many in a row have to lack a field that was in `times` of `parents`, for it to be no chance."""
    share = min(times / max(parents, 1), 1 - 1e-9)
    return max(log(_CHANCE) / log(1 - share), ABSENT_MIN)


def _retyped(look: Look) -> Iterator[Finding]:
    usual = _usual(look, lambda each: each.fields)
    declared = {path: each.types for path, each in look.shape.items()}
    for each in look.now.fields:
        known = declared.get(each.path) or usual.get(each.path)
        if not each.times or not known or each.what in known or look.over(each):
            continue
        if each.what == "null" and each.path not in look.reads:
            continue
        yield _finding(look, "retyped", each.path, f"is {each.what}, and was {' or '.join(sorted(known))}", each)


def _values(look: Look) -> Iterator[Finding]:
    if look.described:
        yield from _choices(look)
        return
    usual = _usual(look, lambda each: each.values)
    enums = {path: each.values for path, each in look.shape.items() if each.values}
    for each in look.now.values:
        # What is declared is known on the first day; where nothing is, the first day shows what is usual.
        known = enums.get(each.path) or usual.get(each.path)
        if each.times and known and each.what not in known:
            yield _finding(look, "new_value", each.path, f"has the value {each.what}", each, each.what)


def _choices(look: Look) -> Iterator[Finding]:
    """What may be chosen in a field since the first look at its choices, and what may not any more.

    A description has all of them at once, so one look shows what is usual. Of a field that is gone, or whose choices
    are looked at no more, nothing is told.
    """
    there = {each.path for each in look.now.fields if not look.over(each)}
    there &= {each.path for each in look.now.values if not look.over(each)}
    began: dict[str, datetime] = {}
    for each in look.now.values:
        if each.first_seen_at is not None:
            began[each.path] = min(began.get(each.path, each.first_seen_at), each.first_seen_at)
    before: dict[str, set[str]] = {}
    for each in look.before.values if look.before else ():
        before.setdefault(each.path, set()).add(each.what)
    for each in look.now.values:
        if each.path not in there or each.first_seen_at is None:
            continue
        known = before.get(each.path)
        usual = each.first_seen_at < began[each.path] + _ONE_LOOK if known is None else each.what in known
        if look.over(each):
            yield _finding(look, "gone_value", each.path, f"{each.what!r} can be chosen no more", each, each.what)
        elif not usual:
            yield _finding(look, "new_value", each.path, f"{each.what!r} can be chosen now", each, each.what)


def _new(look: Look) -> Iterator[Finding]:
    usual, learning = _usual(look, lambda each: each.fields), _learning(look)
    paths: dict[str, Seen] = {}
    for each in look.now.fields:
        undeclared = look.before is not None or each.path not in look.shape
        if each.times and not learning and each.path not in usual and undeclared and not look.over(each):
            paths.setdefault(each.path, each)
    for path, each in paths.items():
        if parent_of(path) not in paths and path.removesuffix("[]") not in paths.keys() - {path}:
            yield _finding(look, "new", path, f"is new, {each.what}", each)


def _learning(look: Look) -> bool:
    """Whether there is nothing yet to compare with."""
    if look.before is not None:
        return False
    newest = max((each.last_seen_at for each in look.now.fields if each.last_seen_at), default=None)
    return look.now.began_at is None or newest is None or newest - look.now.began_at < LEARNING


def _usual(look: Look, rows: Callable[[Catalogue], Iterable[Seen]]) -> dict[str, set[str]]:
    """By path, what is known from before: at the version before, or else since the first day of this one."""
    usual: dict[str, set[str]] = {}
    began = look.now.began_at
    for each in rows(look.before) if look.before else rows(look.now):
        early = each.first_seen_at is not None and began is not None and each.first_seen_at < began + LEARNING
        if look.before is not None or each.declared or early:
            usual.setdefault(each.path, set()).add(each.what)
    return usual


def _with_moves(found: list[Finding], look: Look) -> Iterator[Finding]:
    """A field that is missing here and new there under the same name has moved; it is told once."""
    fresh = {each.path: each for each in found if each.kind == "new"}
    taken = set[str]()
    for each in found:
        name = each.path.rpartition(".")[2]
        places = [path for path in _fresh_paths(look, fresh) if path != each.path and path.rpartition(".")[2] == name]
        if each.kind == "missing" and places:
            taken.add(places[0])
            yield Finding(each.object, each.api_version, "moved", each.path, f"{each.what}; is now at {places[0]}",
                          each.read, places[0], each.since)  # fmt: skip
        elif each.kind != "new" or each.path not in taken:
            yield each


def _fresh_paths(look: Look, fresh: Mapping[str, Finding]) -> list[str]:
    """New fields and what is in them; on the first day whatever no specification declares."""
    usual = _usual(look, lambda each: each.fields)
    unknown = {each.path for each in look.now.fields if each.times and each.path not in look.shape}
    return sorted(path for path in unknown if path in fresh or path not in usual or _learning(look))


def _finding(look: Look, kind: Kind, path: str, words: str, seen: Seen | None = None, detail: str = "") -> Finding:
    read = path in look.reads
    since = seen.first_seen_at if seen else None
    return Finding(look.object, look.now.api_version, kind, path, words, read, detail, since)
