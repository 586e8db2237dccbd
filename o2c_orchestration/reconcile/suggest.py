"""Which records of different systems a person should look at as one customer: candidates found without comparing all.

Candidates share an e-mail address, a domain or a phone number, or have names within the distance that a likeness of
`NAME_FLOOR` allows. Such names are found as Pass-Join finds them: a name is cut into one piece more than edits are
allowed, so one piece at least stands unchanged, and nearly in its place, in every name that near. Nothing that a full
comparison would find is lost, as long as the threshold is above what a place alone gives.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from o2c_orchestration.domain.matching import NAME_FLOOR, Commons, Evidence, Party, Profile, Score, compare, profile

THRESHOLD = 450
PER_PARTY = 5
# What more parties of one system share than this says nothing about who they are.
SHARED_MAX = 3
NAMES_MAX = 20

Key = tuple[str, str]
Pair = tuple[Key, Key]


@dataclass(frozen=True)
class Suggestion:
    """Two records that may be one customer, as (system, id) in order; `rivals` is how many others each side has."""

    left: Key
    right: Key
    score: int
    evidence: tuple[Evidence, ...]
    strong: bool
    name_only: bool
    rivals: int = 0


def suggest(
    parties: Collection[Party], threshold: int = THRESHOLD, per_party: int | None = PER_PARTY
) -> list[Suggestion]:
    """Suggestions of at least `threshold` points between records of different systems, best first.

    Whoever is linked into a system already gets none there. At most `per_party` for each record and system, the best;
    the rest are counted as rivals. The order of `parties` does not matter.
    """
    profiles = {party.key: profile(party) for party in parties}
    shared = commons(parties, profiles)
    by_key = {party.key: party for party in parties}
    found = []
    for left, right in candidates(profiles, shared):
        if not _open(by_key[left], by_key[right]):
            continue
        score = score_of(profiles[left], profiles[right], shared)
        if score.points >= threshold:
            found.append(Suggestion(left, right, score.points, score.evidence, score.strong, score.name_only))
    found.sort(key=lambda each: (-each.score, each.left, each.right))
    return _best(found, per_party)


def score_of(left: Profile, right: Profile, shared: Commons) -> Score:
    """The score of two profiles, their names compared in the order of the words, and without spaces."""
    return compare(left, right, likeness(left, right), shared)


def likeness(left: Profile, right: Profile) -> int:
    """How alike two names are in per mille: edits for each character of the longer one."""
    views = ((left.sorted_core, right.sorted_core), (left.joined_core, right.joined_core))
    return max(_alike(one, other) for one, other in views if one and other) if left.core and right.core else 0


def commons(parties: Iterable[Party], profiles: dict[Key, Profile]) -> Commons:
    """What is shared by too many parties of one system to tell them apart."""
    counted: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for party in parties:
        mine = profiles[party.key]
        values = {"emails": mine.emails, "domains": mine.domains, "phones": {mine.phone}, "names": {mine.core}}
        for kind, several in values.items():
            counted[kind].update((party.system, value) for value in several if value)
    most = {"emails": SHARED_MAX, "domains": SHARED_MAX, "phones": SHARED_MAX, "names": NAMES_MAX}
    return Commons(
        **{kind: frozenset(value for (_, value), n in counted[kind].items() if n > most[kind]) for kind in most}
    )


def candidates(profiles: dict[Key, Profile], shared: Commons) -> set[Pair]:
    """Pairs of different systems that can have a score at all."""
    blocks: dict[tuple[str, str], list[Key]] = defaultdict(list)
    for key, each in profiles.items():
        for block in _blocks(each, shared):
            blocks[block].append(key)
    pairs = {pair for keys in blocks.values() for pair in _across(keys)}
    for view in (
        {key: each.sorted_core for key, each in profiles.items() if each.core and each.core not in shared.names},
        {key: each.joined_core for key, each in profiles.items() if each.core and each.core not in shared.names},
    ):
        pairs |= _near(view)
    return pairs


def _alike(one: str, other: str) -> int:
    longest = max(len(one), len(other))
    return (longest - Levenshtein.distance(one, other)) * 1000 // longest


def _blocks(each: Profile, shared: Commons) -> Iterator[tuple[str, str]]:
    yield from (("email", value) for value in each.emails - shared.emails)
    yield from (("domain", value) for value in each.domains - shared.domains)
    if each.phone and each.phone not in shared.phones:
        yield "phone", each.phone


def _across(keys: list[Key]) -> Iterator[Pair]:
    ordered = sorted(set(keys))
    for index, left in enumerate(ordered):
        for right in ordered[index + 1 :]:
            if left[0] != right[0]:
                yield left, right


def _near(names: dict[Key, str]) -> set[Pair]:
    """Pairs of different systems whose names are at least `NAME_FLOOR` alike."""
    holders: dict[str, list[Key]] = defaultdict(list)
    for key, name in names.items():
        holders[name].append(key)
    pairs = {pair for keys in holders.values() for pair in _across(keys)}
    for one, other in near_names(sorted(holders)):
        for left in holders[one]:
            for right in holders[other]:
                if left[0] != right[0]:
                    pairs.add((left, right) if left < right else (right, left))
    return pairs


def near_names(names: list[str]) -> Iterator[tuple[str, str]]:
    """Distinct names that are near each other, each pair once: pieces of the shorter are looked for in the longer."""
    pieces: dict[tuple[int, int, str], list[str]] = defaultdict(list)
    lengths: set[int] = set()
    for name in sorted(names, key=lambda each: (len(each), each)):
        near: set[str] = set()
        for length in range(-(-len(name) * NAME_FLOOR // 1000), len(name) + 1):
            if length in lengths:
                near.update(_with_a_piece(name, length, pieces))
        for other in near:
            if _alike(name, other) >= NAME_FLOOR:
                yield other, name
        for index, (start, end) in enumerate(_cuts(len(name))):
            pieces[len(name), index, name[start:end]].append(name)
        lengths.add(len(name))


def _with_a_piece(name: str, length: int, pieces: dict[tuple[int, int, str], list[str]]) -> Iterator[str]:
    edits = _edits(length)
    for index, (start, end) in enumerate(_cuts(length)):
        width = end - start
        for place in range(max(start - edits, 0), min(start + edits, len(name) - width) + 1):
            yield from pieces.get((length, index, name[place : place + width]), ())


def _edits(length: int) -> int:
    """The most edits between a name of this length and one that is not shorter, at the floor."""
    longest = length * 1000 // NAME_FLOOR
    return longest * (1000 - NAME_FLOOR) // 1000


def _cuts(length: int) -> list[tuple[int, int]]:
    """Start and end of the pieces of a name: one more than edits are allowed, nearly equal."""
    count = _edits(length) + 1
    return [(length * index // count, length * (index + 1) // count) for index in range(count)]


def _open(left: Party, right: Party) -> bool:
    """Whether neither is linked into the other's system yet."""
    into = {system for system, _ in left.linked}
    return right.system not in into and left.system not in {system for system, _ in right.linked}


def _best(found: list[Suggestion], per_party: int | None) -> list[Suggestion]:
    """The best for each record and system, with the number of the others that it has."""
    counts: Counter[tuple[Key, str]] = Counter()
    for each in found:
        counts.update([(each.left, each.right[0]), (each.right, each.left[0])])
    given: Counter[tuple[Key, str]] = Counter()
    kept = []
    for each in found:
        sides = [(each.left, each.right[0]), (each.right, each.left[0])]
        if per_party is not None and any(given[side] >= per_party for side in sides):
            continue
        given.update(sides)
        rivals = max(counts[side] for side in sides) - 1
        kept.append(Suggestion(each.left, each.right, each.score, each.evidence, each.strong, each.name_only, rivals))
    return kept
