"""The oracle's rules for what customers are given or charged on their balance by hand."""

from collections.abc import Callable

import pytest

from o2c_orchestration_tests.simulation.hand_made import (
    CUSTOMER,
    ISSUED,
    HandMade,
    healthy,
    invoice,
    journal_row,
    memo,
)
from o2c_orchestration_tests.simulation.oracle import judge_safety, judge_settled
from o2c_orchestration_tests.simulation.oracle.view import Rules

GIFT, DEBT = "cbtxn_1Gift0000", "cbtxn_1Debt0000"
Spoil = Callable[[HandMade], object]


def moved(world: HandMade, identifier: str, amount: int) -> None:
    """A movement by hand, as Stripe counts it."""
    wire = {"id": identifier, "object": "customer_balance_transaction", "type": "adjustment", "amount": amount}
    world.stripe[identifier] = wire | {"customer": CUSTOMER, "currency": "usd", "created": ISSUED}


def given() -> HandMade:
    """A customer was given 5.00 and charged 3.00, each by hand and booked by a pair of documents."""
    world = healthy()
    world.rules = Rules(adjustments=True)
    for identifier, amount, bill, credit in ((GIFT, -500, "bi-", "bg-"), (DEBT, 300, "bd-", "cb-")):
        moved(world, identifier, amount)
        number = str(1010 + len(world.rows))
        world.add(invoice(number, bill + identifier, abs(amount), amountRemaining=0))
        world.add(memo(f"{number}1", credit + identifier, abs(amount), [(number, abs(amount))]))
        world.rows += [
            journal_row("invoice", bill + identifier, number, CUSTOMER) | {"stripe_id": identifier},
            journal_row("creditMemo", credit + identifier, f"{number}1", bill + identifier) | {"stripe_id": identifier},
        ]
    return world


def test_a_healthy_world_is_silent() -> None:
    """Nothing is said of books in which both documents of each stand."""
    world = given()
    assert [judge_safety(world), judge_safety(world), judge_settled(world)] == [[], [], []]


SAFETY: list[tuple[Spoil, str]] = [
    (lambda world: setattr(world, "rules", Rules()), "nothing in Stripe asks for it"),
    (lambda world: world.document(f"bg-{GIFT}").update(total=499), "total is 499, Stripe says 500"),
    (lambda world: world.document(f"bd-{DEBT}").update(total=500), "total is 500, Stripe says 300"),
    (lambda world: world.document(f"bi-{GIFT}").update(tranDate="2026-11-02"), "date is 2026-11-02"),
    (lambda world: world.add(invoice("1090", f"bd-{GIFT}", 500)), "nothing in Stripe asks for it"),
]


@pytest.mark.parametrize(("spoil", "words"), SAFETY, ids=[words for _, words in SAFETY])
def test_each_rule_is_kept(spoil: Spoil, words: str) -> None:
    """A world that breaks a rule is told so, in words that name it."""
    world = given()
    spoil(world)
    assert any(words in breach for breach in judge_safety(world)), judge_safety(world)


def _forget(world: HandMade, identifier: str) -> None:
    for record in [each for each in world.netsuite.values() if str(each["externalId"]).endswith(identifier)]:
        del world.netsuite[record["id"]]
    world.rows = [row for row in world.rows if row["stripe_id"] != identifier]


def test_what_is_forgotten_has_no_excuse() -> None:
    """Neither of its documents; a gap would be a lie where the company does not book such things."""
    world = given()
    _forget(world, GIFT)
    judge_safety(world)
    told = judge_settled(world)
    assert told[0] == f"{GIFT} has no document, and there is no reason for it"
    assert told[1:] == [f"no open gap says credit_memo_missing for {GIFT}"]


def test_movements_that_leave_no_balance_are_not_seen() -> None:
    """Stripe tells of them by the balance alone; one cent that is left tells of all of them."""
    world = given()
    moved(world, "cbtxn_1There000", 700)
    moved(world, "cbtxn_1Back0000", -700)
    judge_safety(world)
    assert judge_settled(world) == []
    moved(world, "cbtxn_1Back0000", -701)
    assert len(judge_settled(world)) == 4


def test_a_half_that_somebody_deleted_is_named() -> None:
    """By the gap of that document, with its money."""
    world = given()
    judge_safety(world)
    taken = world.document(f"bg-{GIFT}")
    del world.netsuite[taken["id"]]
    world.did("deleted", taken["id"])
    judge_safety(world)
    assert judge_settled(world) == [f"no open gap says credit_memo_missing for {GIFT}"]
    world.gap("credit_memo_missing", GIFT, 500, 0)
    assert judge_settled(world) == []
