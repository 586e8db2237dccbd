"""The allocation of manual payouts against the plainest search there is: every set of candidates."""

from itertools import combinations
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from o2c_orchestration.plan.allocate import allocate

Candidates = list[tuple[str, int]]


@st.composite
def problems(draw: Any) -> tuple[int, Candidates]:
    """Candidates of either sign on a few scales, and a target that some of them make, or any."""
    largest = draw(st.sampled_from([3, 20, 500, 10**6, 10**12]))
    step = draw(st.sampled_from([1, 1, 5, 100]))
    # Some amounts come more than once, also large ones.
    amount = st.one_of(st.integers(-largest, largest), st.sampled_from([largest, largest - 1, -largest]))
    amounts = draw(st.lists(amount, max_size=10))
    candidates = [(f"txn_{number}", step * amount) for number, amount in enumerate(amounts)]
    chosen = draw(st.lists(st.booleans(), min_size=len(amounts), max_size=len(amounts)))
    target = sum(amount for (_, amount), taken in zip(candidates, chosen, strict=True) if taken)
    return target + draw(st.sampled_from([0, 0, 0, 1, -1, 100])), candidates


def every_set(target: int, candidates: Candidates) -> set[tuple[str, ...]]:
    return {
        tuple(sorted(name for name, _ in chosen))
        for size in range(len(candidates) + 1)
        for chosen in combinations(candidates, size)
        if sum(amount for _, amount in chosen) == target
    }


@given(problem=problems())
def test_the_outcome_is_that_of_trying_every_set(problem: tuple[int, Candidates]):
    """Unique means one set, ambiguous two or more, none none; what is shown are sets that add up, and different."""
    found, sets = allocate(*problem), every_set(*problem)
    assert found.outcome == ("none" if not sets else "unique" if len(sets) == 1 else "ambiguous")
    shown = {found.members, found.others} if len(sets) > 1 else {found.members}
    assert shown <= (sets or {()})
    assert len(shown) == min(2, max(1, len(sets)))


@given(problem=problems(), order=st.randoms(use_true_random=False))
def test_the_order_of_the_candidates_changes_nothing(problem: tuple[int, Candidates], order: Any):
    """Nor does one that comes twice: not even which two of many sets are shown."""
    target, candidates = problem
    twice = [*candidates, *candidates[:2]]
    assert allocate(target, candidates) == allocate(target, order.sample(twice, len(twice)))


@given(problem=problems(), budget=st.integers(0, 3000))
def test_a_small_budget_gives_no_other_answer(problem: tuple[int, Candidates], budget: int):
    """The answer is the right one or none at all."""
    found = allocate(*problem, budget)
    assert found.outcome == "not_searched" or found == allocate(*problem)
    assert (found.outcome == "not_searched") == (found.states > budget)
