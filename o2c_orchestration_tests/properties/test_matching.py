"""Matching for all records: the same either way round and in any order, and nothing lost by comparing fewer pairs."""

import random
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from o2c_orchestration.domain.matching import NAME_FLOOR, STRONG, Party, profile
from o2c_orchestration.reconcile.suggest import candidates, commons, likeness, score_of, suggest

SYSTEMS = ("salesforce", "stripe", "netsuite")
# A place alone comes to a hundred points.
ABOVE_PLACES = 101
# Few letters and words, so that names are often near each other, and parts of companies come up.
WORD = st.one_of(
    st.text("ab", min_size=1, max_size=9),
    st.text("abcä. -", min_size=1, max_size=24),
    st.sampled_from(["acme", "inc", "gmbh", "germany", "uk", "holding", "the", "limited", "limitd"]),
)
NAME = st.lists(WORD, min_size=0, max_size=4).map(" ".join)
DOMAIN = st.sampled_from(["acme.com", "beta.io", "gmail.com", "agency.co.uk"])
EDIT = st.tuples(st.integers(0, 40), st.sampled_from("abcd"))
ADDRESS = st.builds("{}@{}".format, st.sampled_from(["a", "b", "c+x"]), DOMAIN)


@st.composite
def parties(draw: st.DrawFn, size: int = 12) -> list[Party]:
    """A few records of three systems."""
    made = []
    for number in range(draw(st.integers(2, size))):
        made.append(
            Party(
                draw(st.sampled_from(SYSTEMS)),
                str(number),
                draw(NAME),
                tuple(draw(st.lists(ADDRESS, max_size=2))),
                draw(st.none() | DOMAIN),
                draw(st.none() | st.sampled_from(["030 1234567", "+49 30 1234567", "555 0100"])),
                draw(st.none() | st.sampled_from(["Paris", "Berlin"])),
                draw(st.none() | st.sampled_from(["DE", "Germany", "US", "UK"])),
                tuple(draw(st.lists(st.tuples(st.sampled_from(SYSTEMS), st.just("x")), max_size=1))),
            )
        )
    return made


@given(records=parties())
def test_a_score_is_the_same_either_way_round(records: list[Party]):
    """Points and evidence do not depend on which of the two is asked about."""
    profiles = {party.key: profile(party) for party in records}
    shared = commons(records, profiles)
    for left, right in combinations(profiles.values(), 2):
        assert score_of(left, right, shared) == score_of(right, left, shared)


@given(records=parties(), seed=st.integers(0, 10**6))
def test_the_order_of_records_does_not_matter(records: list[Party], seed: int):
    """The same suggestions in the same order."""
    mixed = records[:]
    random.Random(seed).shuffle(mixed)
    assert suggest(records, threshold=1) == suggest(mixed, threshold=1)


@given(records=parties(16))
def test_no_pair_is_lost_by_not_comparing_it(records: list[Party]):
    """Every pair of different systems above what a place gives is a candidate, as if all had been compared."""
    profiles = {party.key: profile(party) for party in records}
    shared = commons(records, profiles)
    found = candidates(profiles, shared)
    every = {
        (left, right)
        for left, right in combinations(sorted(profiles), 2)
        if left[0] != right[0] and score_of(profiles[left], profiles[right], shared).points >= ABOVE_PLACES
    }
    assert every <= found


@given(
    left=st.text("abc", min_size=1, max_size=30),
    edits=st.lists(st.tuples(st.integers(0, 40), st.sampled_from("abcd")), max_size=6),
)
def test_near_names_are_candidates(left: str, edits: list[tuple[int, str]]):
    """Whatever the edits and their places, a name that is near enough is found."""
    right = left
    for place, letter in edits:
        at = place % (len(right) + 1)
        right = right[:at] + letter + right[at + (place % 3 == 0) :]
    records = [Party("salesforce", "1", left), Party("stripe", "2", right)]
    profiles = {party.key: profile(party) for party in records}
    one, other = profiles.values()
    near = likeness(one, other) >= NAME_FLOOR
    assert bool(candidates(profiles, commons(records, profiles))) == near


@given(records=parties())
def test_nothing_is_strong_by_its_name_alone(records: list[Party]):
    """A strong suggestion has a contact that both share, that not too many share, and that not everybody can have."""
    for each in suggest(records, threshold=1, per_party=None):
        contacts = {one.kind for one in each.evidence if one.points > 0} & {"email", "domain", "phone"}
        assert each.name_only == (not contacts)
        assert not (each.strong and each.name_only)
        assert each.score < STRONG or contacts
        assert not any("gmail" in text for one in each.evidence if one.kind == "domain" for text in one.shown)


@given(records=parties())
def test_suggestions_stay_between_systems_and_leave_links_alone(records: list[Party]):
    """Never two records of one system, never into a system where one of them is linked already."""
    by_key = {party.key: party for party in records}
    for each in suggest(records, threshold=1, per_party=None):
        left, right = by_key[each.left], by_key[each.right]
        assert left.system != right.system
        assert right.system not in {system for system, _ in left.linked}
        assert left.system not in {system for system, _ in right.linked}
