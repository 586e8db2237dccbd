"""Which balance transactions make up a payout of which Stripe does not say: exact, signed subset sum.

It answers whether there is exactly one set of candidates that adds up to the amount, never which is the likeliest.
With n candidates, S the sum of their absolute values and T the target after the reductions below (T ≤ S/2):

- The reductions are linear: a negative candidate that is in counts as its positive that is out, what is larger than
  the target is out, the target may be what is left out instead of what is in, a common divisor is divided off.
  They alone decide the usual case, a payout of everything, if nothing was paid back: nothing is left out.
- Few candidates: meet in the middle, two tables of 2^(n/2) sums.
- Small amounts: reachable sums as a bit set, n·T/64 words of time and √n·T/32 of space. A walk back over the sets
  finds one way, and a second one if at any candidate both ways lead to the start.

The cheaper one is taken; beyond the budget the answer is `not_searched`. Hundreds of candidates are ambiguous almost
always, since there are more sets than sums: that is the truth about them, and a person decides.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import gcd, isqrt
from typing import Final

from o2c_orchestration.domain.payouts import Allocation, PayoutRow

# In states: 64 neighbouring sums of a bit set are one, an entry of a table counts as 64. About a second of work and
# 200 MB: 36 candidates of any size, or 500 candidates and a target of 4.3 million minor units.
BUDGET: Final = 2**25
_ENTRY: Final = 64

_Ways = list[frozenset[int]]


@dataclass(frozen=True)
class _Problem:
    """Find positions of `values` (all positive) that sum to `target`. `free` are positions of zeros.

    `flipped` are positions whose being in a solution means that the candidate is out.
    """

    values: tuple[tuple[int, int], ...]
    target: int
    free: tuple[int, ...]
    flipped: frozenset[int]


def allocate(target_minor: int, candidates: Sequence[tuple[str, int]], budget: int = BUDGET) -> Allocation:
    """All sets of candidates (id, net in minor units, of either sign) that sum to the target, up to two of them.

    The order of the candidates does not matter. `budget` bounds the work, in states; what would cost more is not
    searched at all. A candidate of zero may be in or out, so it makes any answer ambiguous: leave it out. Raises
    ValueError where an id comes with two amounts.
    """
    ordered = sorted(set(candidates), key=lambda candidate: (abs(candidate[1]), candidate))
    if len({name for name, _ in ordered}) < len(ordered):
        raise ValueError("a candidate comes with two amounts")
    problem = _reduced(_positive(target_minor, [amount for _, amount in ordered]))
    cost = _cost(problem)
    if cost > budget:
        return Allocation("not_searched", states=cost)
    sets = [_names(ordered, problem, way) for way in _with_free(_search(problem), problem.free)[:2]]
    if not sets:
        return Allocation("none", states=cost)
    if len(sets) == 1:
        return Allocation("unique", sets[0], states=cost)
    return Allocation("ambiguous", sets[0], sets[1], cost)


def allocated(payouts: Iterable[PayoutRow]) -> list[PayoutRow]:
    """Payouts of which Stripe does not say what they hold, with the members that the exact search found for them.

    Their `members` are the candidates. In order of creation: what one payout holds for sure, no later one holds.
    """
    found, taken = [], set[str]()
    for row in sorted(payouts, key=lambda payout: (payout.created_at, payout.id)):
        if row.automatic or row.allocation is not None:
            found.append(row)
            continue
        candidates = [member for member in row.members if member.id not in taken]
        result = allocate(row.amount_minor, [(member.id, member.net_minor) for member in candidates])
        held = set(result.members) if result.outcome == "unique" else set[str]()
        taken |= held
        members = tuple(member for member in candidates if member.id in held)
        found.append(replace(row, members=members, allocation=result))
    return found


def _positive(target: int, amounts: Sequence[int]) -> _Problem:
    """Every negative candidate stands for its being left out, which adds its absolute value."""
    negative = frozenset(position for position, amount in enumerate(amounts) if amount < 0)
    values = tuple((position, abs(amount)) for position, amount in enumerate(amounts) if amount)
    free = tuple(position for position, amount in enumerate(amounts) if not amount)
    return _Problem(values, target - sum(amounts[position] for position in negative), free, negative)


def _reduced(problem: _Problem) -> _Problem:
    """The same sets of candidates from fewer and smaller values; nothing is decided that could go two ways."""
    values, target, flipped = problem.values, problem.target, problem.flipped
    while True:
        total = sum(value for _, value in values)
        if total - target < target:
            target, flipped = total - target, flipped ^ {position for position, _ in values}
        kept = tuple((position, value) for position, value in values if value <= target)
        if len(kept) == len(values):
            break
        values = kept
    divisor = gcd(*(value for _, value in values))
    if divisor > 1 and target % divisor == 0:
        values, target = tuple((position, value // divisor) for position, value in values), target // divisor
    elif divisor > 1:
        values, target = (), -1
    return _Problem(values, target, problem.free, flipped)


def _table_cost(problem: _Problem) -> int:
    half = len(problem.values) // 2
    return int(_ENTRY * (2**half + 2 ** (len(problem.values) - half)))


def _bits_cost(problem: _Problem) -> int:
    return len(problem.values) * (problem.target // 64 + 1)


def _cost(problem: _Problem) -> int:
    if problem.target <= 0 or not problem.values:
        return 0
    return min(_table_cost(problem), _bits_cost(problem))


def _search(problem: _Problem) -> _Ways:
    """Up to two different sets of positions that sum to the target."""
    if problem.target < 0 or (problem.target and not problem.values):
        return []
    if problem.target == 0:
        return [frozenset()]
    if _table_cost(problem) <= _bits_cost(problem):
        return _meet_in_the_middle(problem)
    return _walk_back(problem)


def _meet_in_the_middle(problem: _Problem) -> _Ways:
    half = len(problem.values) // 2
    left, right = _table(problem.values[:half]), _table(problem.values[half:])
    found: _Ways = []
    for total, ways in left.items():
        rest = right.get(problem.target - total, ())
        found += [_positions(problem, a | b << half) for a in ways for b in rest]
        if len(found) > 1:
            break
    return found[:2]


def _table(values: Sequence[tuple[int, int]]) -> dict[int, tuple[int, ...]]:
    """Sum → up to two sets that make it, as bit masks."""
    table: dict[int, tuple[int, ...]] = {0: (0,)}
    for place, (_, value) in enumerate(values):
        grown = dict(table)
        for total, ways in table.items():
            more = tuple(way | 1 << place for way in ways)
            grown[total + value] = (*grown.get(total + value, ()), *more)[:2]
        table = grown
    return table


def _walk_back(problem: _Problem) -> _Ways:
    """Two walkers at most go back from the target: at each candidate wherever the sums before it still lead."""
    values, limit = problem.values, (1 << problem.target + 1) - 1
    block = isqrt(len(values)) + 1
    # Sums that can be reached before the first value of each block; those within a block are made again when needed.
    starts, reach = [], 1
    for place, (_, value) in enumerate(values):
        if place % block == 0:
            starts.append(reach)
        reach |= reach << value & limit
    walkers = [(problem.target, 0)] if reach >> problem.target & 1 else []
    for number in reversed(range(len(starts))):
        first = number * block
        before = [starts[number]]
        for _, value in values[first : first + block - 1]:
            before.append(before[-1] | before[-1] << value & limit)
        for place in reversed(range(first, min(first + block, len(values)))):
            walkers = _step(walkers, before[place - first], place, values[place][1])
    return [_positions(problem, mask) for _, mask in walkers]


def _step(walkers: Sequence[tuple[int, int]], reach: int, place: int, value: int) -> list[tuple[int, int]]:
    out = [(left, mask) for left, mask in walkers if reach >> left & 1]
    taken = [(left - value, mask | 1 << place) for left, mask in walkers if left >= value and reach >> left - value & 1]
    return [*out, *taken][:2]


def _positions(problem: _Problem, mask: int) -> frozenset[int]:
    return frozenset(position for place, (position, _) in enumerate(problem.values) if mask >> place & 1)


def _with_free(ways: _Ways, free: Sequence[int]) -> _Ways:
    """A zero can be in or out."""
    return [found for way in ways for found in (way, *([way | {free[0]}] if free else []))]


def _names(ordered: Sequence[tuple[str, int]], problem: _Problem, way: frozenset[int]) -> tuple[str, ...]:
    return tuple(sorted(ordered[position][0] for position in way ^ problem.flipped))
