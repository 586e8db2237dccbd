"""Suggested mappings: what speaks for them, and that nothing ambiguous does."""

from o2c_orchestration.reconcile.mappings import BookedLine, price_votes, suggestions
from o2c_orchestration.store.unmapped import HandMade, Unmapped, Vote

ITEMS = {"1": "Stripe Item", "2": "Growth Plan", "3": "Onboarding", "4": "Consulting hours"}
GROWTH = Unmapped("price_1", "1 × Growth plan (at $49.00 / month)", "usd", 12, 58_800)
ODD = Unmapped("price_2", "Widget", "usd", 3, 300)


def test_what_others_booked_beats_a_name():
    """Three documents on another item outweigh a name that is the same."""
    found = suggestions("items.prices", [GROWTH], [Vote("price_1", "4", 3)], ITEMS, ["Stripe Item"])
    assert [each.candidate for each in found] == ["Consulting hours", "Growth Plan"]
    assert found[0].score == 650
    assert "3 of 3 documents" in found[0].evidence
    assert found[0].yaml == "price_1: Consulting hours"


def test_a_vote_of_one_says_less_than_votes_of_many():
    """One document is a third of what three are; votes that differ share what they say."""
    one = suggestions("items.prices", [ODD], [Vote("price_2", "3", 1)], ITEMS)
    many = suggestions("items.prices", [ODD], [Vote("price_2", "3", 9)], ITEMS)
    split = suggestions("items.prices", [ODD], [Vote("price_2", "3", 5), Vote("price_2", "4", 5)], ITEMS)
    assert (one[0].score, many[0].score) == (216, 650)
    assert {each.score for each in split} == {325}


def test_a_name_alone_is_a_weak_suggestion_and_none_is_none():
    """Numbers, prices and words that all lines have say nothing; what is like nothing gets no suggestion."""
    found = suggestions("items.prices", [GROWTH, ODD], [], ITEMS, ["Stripe Item"])
    assert [(each.key, each.candidate) for each in found] == [("price_1", "Growth Plan")]
    assert 150 <= found[0].score <= 350
    assert (
        suggestions("items.prices", [Unmapped("p", "2 × (at $5.00 / month)", "usd", 1, 1)], [], {"7": "Stripe month"})
        == []
    )


def test_items_for_other_things_are_not_suggested():
    """The item of taxes is like "Tax consulting", and is not for sale."""
    tax = Unmapped("price_3", "Tax", "usd", 1, 1)
    assert suggestions("items.prices", [tax], [], {"9": "Tax"}, ["tax"]) == []
    assert suggestions("items.prices", [tax], [], {"9": "Tax"}, ["9"]) == []


def test_only_a_line_that_can_be_no_other_votes():
    """Two lines of one amount, in Stripe or in NetSuite, leave open which is which."""
    lines = [HandMade(1, "usd", "price_1", 100), HandMade(1, "usd", "price_2", 200), HandMade(2, "usd", "price_1", 50),
             HandMade(2, "usd", "price_2", 50), HandMade(3, "usd", "price_1", 70)]  # fmt: skip
    booked = [BookedLine(1, "2", 100), BookedLine(1, "3", 200), BookedLine(1, "4", -20), BookedLine(2, "2", 50),
              BookedLine(2, "3", 50), BookedLine(3, "2", 70), BookedLine(3, "3", 70)]  # fmt: skip
    assert {(each.key, each.account_id, each.count) for each in price_votes(lines, booked)} == {
        ("price_1", "2", 1), ("price_2", "3", 1)}  # fmt: skip


def test_the_yaml_line_is_yaml():
    """An account under a parent has colons in its name."""
    fee = Unmapped("radar_fee", "radar_fee", "usd", 2, 20)
    (found,) = suggestions("accounts.fees", [fee], [Vote("radar_fee", "8", 4)], {"8": "Expenses : Radar"})
    assert found.yaml == 'radar_fee: "Expenses : Radar"'
    assert found.score == 1000
