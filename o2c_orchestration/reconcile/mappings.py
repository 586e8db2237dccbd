"""Which item a price, and which account a type of fee may belong on: candidates with score and evidence. Pure.

What others booked the same price on before is the best evidence; how alike the names are is the rest. A suggestion is
for a person: nothing is booked by it and no file is changed.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from o2c_orchestration.domain.matching import plain
from o2c_orchestration.domain.shown import masked
from o2c_orchestration.store.unmapped import HandMade, Unmapped, Vote

# Out of 1000. Three documents that agree are as good as many.
_BOOKED, _ALIKE = 650, 350
_ENOUGH = 3
# Names less alike than this say nothing (per cent); a candidate needs so many points.
_ALIKE_MIN = 60
POINTS_MIN = 150
PER_KEY = 3
# Words of Stripe's descriptions and of types that are in all of them.
_COMMON_WORDS = frozenset({"at", "x", "month", "year", "per", "fee", "fees", "stripe", "each", "of", "the"})


@dataclass(frozen=True)
class BookedLine:
    """A line of a NetSuite document: its item by internal id, and its amount in minor units."""

    netsuite_id: int
    item: str
    amount_minor: int


@dataclass(frozen=True)
class Suggestion:
    """A price (`setting` items.prices) or type of fee (accounts.fees) may belong on `candidate`.

    `score` out of 1000, `evidence` in words, `count` and `minor` how much of it there is. `yaml` is the line to paste.
    """

    setting: str
    key: str
    text: str
    currency: str
    count: int
    minor: int
    candidate_id: str
    candidate: str
    score: int
    evidence: str

    @property
    def yaml(self) -> str:
        """The entry as it goes under its setting."""
        return f'{self.key}: "{self.candidate}"' if ":" in self.candidate else f"{self.key}: {self.candidate}"


def price_votes(lines: Iterable[HandMade], booked: Iterable[BookedLine]) -> list[Vote]:
    """How often a line of a price was booked on an item: where just one line of the document has its amount."""
    on: dict[tuple[int, int], list[str]] = defaultdict(list)
    for each in booked:
        on[each.netsuite_id, each.amount_minor].append(each.item)
    asked = list(lines)
    alike = Counter((line.netsuite_id, line.amount_minor) for line in asked)
    votes: Counter[tuple[str, str]] = Counter()
    for line in asked:
        place = (line.netsuite_id, line.amount_minor)
        if len(on[place]) == 1 == alike[place]:
            votes[line.price, on[place][0]] += 1
    return [Vote(price, item, count) for (price, item), count in votes.most_common()]


def suggestions(
    setting: str, found: Sequence[Unmapped], votes: Iterable[Vote], names: Mapping[str, str], spare: Iterable[str] = ()
) -> list[Suggestion]:
    """The likeliest candidates of each key, by money and then score. `spare` are names that are for other things."""
    cast: dict[str, Counter[str]] = defaultdict(Counter)
    for vote in votes:
        cast[vote.key][vote.account_id] += vote.count
    unwanted = {name.lower() for name in spare}
    able = {key: name for key, name in names.items() if name.lower() not in unwanted and key not in unwanted}
    rows = []
    for each in found:
        scored = [_scored(setting, each, cast[each.key], key, name) for key, name in able.items()]
        best = sorted((row for row in scored if row.score >= POINTS_MIN), key=lambda row: (-row.score, row.candidate))
        rows += best[:PER_KEY]
    return rows


def _scored(setting: str, each: Unmapped, votes: Counter[str], key: str, name: str) -> Suggestion:
    total, own = sum(votes.values()), votes[key]
    alike = _alike(each.text, name)
    points = _BOOKED * own * min(total, _ENOUGH) // (total * _ENOUGH) if own else 0
    points += _ALIKE * alike // 100
    words = [f"{own} of {total} documents that others made have it there"] if own else []
    text = masked(each.text)
    words += [f"{text!r} is {alike} % like {name!r}"] if alike else []
    return Suggestion(setting, each.key, text, each.currency, each.count, each.minor, key, name, points,
                      "; ".join(words))  # fmt: skip


def _alike(text: str, name: str) -> int:
    """Per cent; the names of parents of an account say nothing, nor do numbers and words that all have."""
    left, right = (_words(each) for each in (text, name.rpartition(":")[2]))
    if not left or not right:
        return 0
    found = int(fuzz.token_set_ratio(left, right))
    return found if found >= _ALIKE_MIN else 0


def _words(text: str) -> str:
    words = plain(text.replace("_", " ")).split()
    return " ".join(word for word in words if word not in _COMMON_WORDS and not word.isdigit())
