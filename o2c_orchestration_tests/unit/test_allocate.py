"""Exact allocation of manual payouts: unique, ambiguous, none, or not searched, and never a guess."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from o2c_orchestration.domain.payouts import Allocation, MemberRow, PayoutRow
from o2c_orchestration.plan.allocate import BUDGET, allocate, allocated

# Thirty amounts so large and so unlike that hardly two sets of them have one sum.
LARGE = [(f"t{number:02}", 2**44 + pow(1_000_003, number + 1, 2**44)) for number in range(30)]
# Three hundred amounts in cents: far more sets than sums.
MANY = [(f"t{number:03}", number * 7919 % 9973 + 1) for number in range(300)]


def test_the_only_set_is_found():
    """With its members by name, sorted, and a refund among them."""
    found = allocate(700, [("c", 1000), ("b", -300), ("a", 450)])
    assert ("unique", ("b", "c"), ()) == (found.outcome, found.members, found.others)


def test_two_sets_are_both_shown():
    """A person sees what the choice is."""
    found = allocate(700, [("a", 700), ("b", 300), ("c", 400)])
    assert "ambiguous" == found.outcome
    assert {("a",), ("b", "c")} == {found.members, found.others}


def test_no_set_is_said_to_be_none():
    """Also where only the parity speaks against it, or the target is out of reach on either side."""
    assert "none" == allocate(701, [("a", 700), ("b", 300), ("c", 400)]).outcome
    assert "none" == allocate(7, [("a", 2), ("b", 4), ("c", 8)]).outcome
    assert "none" == allocate(15, [("a", 2), ("b", 4), ("c", 8)]).outcome
    assert "none" == allocate(-1, [("a", 2)]).outcome
    assert "none" == allocate(1, []).outcome


@pytest.mark.parametrize(("target", "members"), [(0, ()), (-300, ("b",)), (700, ("a", "b"))])
def test_the_empty_set_and_sums_below_zero_count(target, members):
    """A payout below zero is made of refunds."""
    assert Allocation("unique", members) == allocate(target, [("a", 1000), ("b", -300)])


def test_candidates_of_zero_make_it_ambiguous():
    """They may be in or out: the caller leaves them out."""
    found = allocate(5, [("a", 5), ("z", 0)])
    assert ("ambiguous", ("a",), ("a", "z")) == (found.outcome, found.members, found.others)


def test_everything_is_proven_at_no_cost():
    """A payout of all that was there is unique if all of it is positive, however much it is."""
    everything = [(f"t{number:05}", number + 1) for number in range(20_000)]
    found = allocate(sum(amount for _, amount in everything), everything, budget=0)
    assert ("unique", 20_000, 0) == (found.outcome, len(found.members), found.states)


@pytest.mark.parametrize("number", [2**29 + 1, 0b1011, 2**15 - 1, 2**30 - 2**15, 0b101010101010101010101010101010])
def test_large_amounts_are_searched_from_the_middle(number):
    """A set in either half, in both or in neither: far more sums than a bit set could hold."""
    chosen = [candidate for place, candidate in enumerate(LARGE) if number >> place & 1]
    target = sum(amount for _, amount in chosen)
    assert ("unique", tuple(name for name, _ in chosen)) == allocate_large(target)
    assert "none" == allocate_large(target + 1)[0]


def test_twins_among_large_amounts_are_told():
    """Two payments of one amount, and a payout of one of them: either may be it."""
    amount = LARGE[3][1]
    target = amount + LARGE[20][1]
    found = allocate(target, [*LARGE, ("twin", amount)])
    assert "ambiguous" == found.outcome
    assert {("t03", "t20"), ("t20", "twin")} == {found.members, found.others}


def test_a_common_divisor_settles_it_at_once():
    """Amounts in whole dollars never make cents, and they are searched in dollars."""
    dollars = [(f"t{number:02}", 100 * (1 + number % 2)) for number in range(20)]
    assert Allocation("none") == allocate(550, dollars, budget=0)
    assert allocate(600, dollars).states == allocate(6, [(name, amount // 100) for name, amount in dollars]).states


def allocate_large(target):
    found = allocate(target, LARGE)
    return found.outcome, found.members


def test_many_small_amounts_are_searched_by_their_sums():
    """Three hundred candidates with two ways at least, both right and different."""
    amounts = dict(MANY)
    target = sum(amount for _, amount in MANY[::3])
    found = allocate(target, MANY)
    assert "ambiguous" == found.outcome
    assert found.members != found.others
    assert target == sum(amounts[name] for name in found.members) == sum(amounts[name] for name in found.others)


def test_many_small_amounts_may_have_one_way_only():
    """Fifty equal even amounts and one odd one: the odd one is in, and the rest cannot be, or must."""
    even = [(f"t{number:02}", 200) for number in range(50)]
    assert ("odd",) == allocate(151, [*even, ("odd", 151)]).members
    assert "unique" == allocate(10_151, [*even, ("odd", 151)]).outcome
    assert "ambiguous" == allocate(351, [*even, ("odd", 151)]).outcome


@pytest.mark.parametrize(
    ("candidates", "target"),
    [(MANY, sum(amount for _, amount in MANY[::2])), (LARGE, sum(amount for _, amount in LARGE[::2]))],
)
def test_beyond_the_budget_nothing_is_searched(candidates, target):
    """The budget is exact: what it would cost is said, and with one state less there is no answer."""
    cost = allocate(target, candidates, BUDGET).states
    assert 0 < cost
    assert "not_searched" != allocate(target, candidates, cost).outcome
    assert Allocation("not_searched", states=cost) == allocate(target, candidates, cost - 1)


def test_a_candidate_has_one_amount():
    """The same candidate twice counts once; with two amounts it is a mistake of the caller."""
    assert ("a",) == allocate(5, [("a", 5), ("a", 5)]).members
    with pytest.raises(ValueError, match="two amounts"):
        allocate(5, [("a", 5), ("a", 6)])


CREATED = datetime(2026, 3, 1, tzinfo=UTC)


def candidate(name: str, net: int) -> MemberRow:
    return MemberRow(name, "charge", "charge", f"ch_{name}", "usd", net, 0, net, CREATED, ())


def manual(name: str, amount: int, *members: MemberRow, days: int = 0) -> PayoutRow:
    """A payout of which Stripe does not say what it holds: its members are all that it may hold."""
    created = CREATED + timedelta(days)
    return PayoutRow(name, "usd", amount, "paid", created.date(), created, False, True, members)


def held(rows: list[PayoutRow]) -> dict[str, tuple[str, list[str]]]:
    return {
        row.id: (row.allocation.outcome if row.allocation else "", [member.id for member in row.members])
        for row in rows
    }


def test_what_an_older_payout_holds_no_later_one_holds():
    """5 is the older payout's alone; without it the later one would be 5 or 2 and 3."""
    five, two, three = candidate("txn_5", 5), candidate("txn_2", 2), candidate("txn_3", 3)
    older, later = manual("po_1", 10, five, two, three), manual("po_0", 5, five, two, three, days=1)
    # The older takes all three, since nothing else comes to ten: nothing is left for the later one.
    assert held(allocated([later, older])) == {
        "po_1": ("unique", ["txn_5", "txn_2", "txn_3"]),
        "po_0": ("none", []),
    }
    # Without the older one there would be two ways to come to five.
    first = manual("po_1", 7, five, two, candidate("txn_9", 9))
    rest = manual("po_2", 5, five, two, three, candidate("txn_1", 2), days=1)
    assert held(allocated([rest, first])) == {
        "po_1": ("unique", ["txn_5", "txn_2"]),
        "po_2": ("unique", ["txn_3", "txn_1"]),
    }


def test_what_is_not_certain_is_held_by_nobody():
    """Five, or two and three: the payout has no members, and the next one may still have any of them."""
    five, two, three = candidate("txn_5", 5), candidate("txn_2", 2), candidate("txn_3", 3)
    rows = [manual("po_1", 5, five, two, three), manual("po_2", 8, five, two, three, days=1)]
    assert held(allocated(rows)) == {"po_1": ("ambiguous", []), "po_2": ("unique", ["txn_5", "txn_3"])}


def test_what_stripe_says_is_not_searched_for():
    """Neither an automatic payout nor one that was searched already."""
    automatic = replace(manual("po_1", 5, candidate("txn_9", 9)), automatic=True)
    searched = replace(manual("po_2", 5, candidate("txn_9", 9)), allocation=Allocation("none"))
    assert allocated([searched, automatic]) == [automatic, searched]
