"""The oracle's rules for what a company has decided: sales, disputes won in part, documents that are a little off."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from o2c_orchestration_tests.simulation.hand_made import CHARGE, CUSTOMER, HandMade, invoice, journal_row
from o2c_orchestration_tests.simulation.hand_made_houses import (
    ACCOUNT,
    FEE,
    MEMO,
    RESTORED,
    RETURNED,
    SALE,
    net_of_fee,
    on_suspense,
    owed,
    sold,
    won_in_part,
)
from o2c_orchestration_tests.simulation.hand_made_money import ALONE, PAYOUT
from o2c_orchestration_tests.simulation.houses import HOUSES
from o2c_orchestration_tests.simulation.oracle import judge_safety, judge_settled

_COULD = "could be deposited"
Spoil = Callable[[HandMade], object]
MADE: dict[str, Callable[[], HandMade]] = {
    "sold": sold,
    "owed": owed,
    "won": won_in_part,
    "won_in_one_line": lambda: won_in_part(as_refunds=False),
    "net": net_of_fee,
}


@pytest.mark.parametrize("name", MADE)
def test_a_healthy_world_is_silent(name: str) -> None:
    """Nothing is said of books in which everything is as the company has it."""
    world = MADE[name]()
    assert [judge_safety(world), judge_safety(world), judge_settled(world)] == [[], [], []]


def _other(key: str, **changes: object) -> Spoil:
    return lambda world: world.document(key).update(changes)


def _rules(**changes: object) -> Spoil:
    def spoil(world: HandMade) -> None:
        world.rules = replace(world.rules, **changes)  # type: ignore[arg-type]

    return spoil


def _sale_of_an_invoice(world: HandMade) -> None:
    world.add(invoice("1020", "si-ch_1Charge000", 11_000))


def _sold_twice(world: HandMade) -> None:
    world.add(invoice("1020", SALE.replace("Alone", "ALONE"), 6000))
    world.stripe[ALONE.replace("Alone", "ALONE")] = world.stripe[ALONE] | {"id": ALONE.replace("Alone", "ALONE")}


def _not_applied(world: HandMade) -> None:
    world.document(ALONE).update(applications=[], unapplied=6000)
    world.document(SALE)["amountRemaining"] = 6000


def _whole_came_back(world: HandMade) -> None:
    world.document(RESTORED).update(total=11_000, tax=1000)
    world.document(RETURNED).update(total=11_000, applications=[("1012", 11_000)])


def _not_restored(world: HandMade) -> None:
    del world.netsuite[world.document(RESTORED)["id"]]
    world.document(RETURNED).update(applications=[], unapplied=5500)


def _line(minor: int, memo: str) -> Spoil:
    lines = [("Stripe Fees", -FEE, "fees: stripe_fee"), (ACCOUNT, minor, memo)]
    return _other(PAYOUT, postings=lines)


SAFETY: list[tuple[str, Spoil, str]] = [
    ("sold", _rules(sales=False), "nothing in Stripe asks for it"),
    ("sold", _sale_of_an_invoice, "nothing in Stripe asks for it"),
    ("sold", _sold_twice, "was written 2 times"),
    ("sold", _other(SALE, total=5999), "total is 5999, Stripe says 6000"),
    ("sold", _other(SALE, tranDate="2026-11-01"), "date is 2026-11-01"),
    ("sold", _not_applied, f"customerPayment 1011 ({ALONE}) does not pay invoice 1010 ({SALE})"),
    ("owed", _other(ALONE, owed=False), f"customerPayment 1011 ({ALONE}) is no customer deposit"),
    ("owed", _other(CHARGE, owed=True), f"customerPayment 1003 ({CHARGE}) is a customer deposit"),
    ("owed", _rules(deposits=False), f"customerPayment 1011 ({ALONE}) is a customer deposit"),
    ("won", _whole_came_back, "total is 11000, Stripe says 5500"),
    ("won", _not_restored, "brought 5500 back, 5500 of it revenue, and 0 is invoiced"),
    ("won", _other(RESTORED, total=5499), "5500 of it revenue, and 5499 is invoiced"),
    ("won", _other(RETURNED, applications=[("1012", 5000)], unapplied=500), "does not pay invoice 1012"),
    ("won", _other(RESTORED, tax=1000), "restores 1000 of tax"),
    ("won", _other(MEMO, tax=0), "takes all of its invoice back, and 0 of 1000 tax"),
    ("won_in_one_line", _other(MEMO, tax=-1000), "disputes are one line here"),
    ("net", _rules(budget={"usd": FEE - 1}), f"differences of {FEE}"),
    ("net", _rules(net_of_fee=False), "which is nothing that is allowed"),
    ("net", _rules(differences=None), "which is nothing that is allowed"),
    ("net", _line(FEE - 1, "txn_1 difference: fee"), f"a difference of {FEE - 1}"),
    ("net", _line(FEE, "txn_1 difference: rounding"), "which is fee"),
    ("net", _line(FEE, "txn_9 difference: fee"), "of nothing that it takes"),
    ("net", _other(PAYOUT, deposited=[]), "of nothing that it takes"),
]


@pytest.mark.parametrize(("name", "spoil", "words"), SAFETY, ids=[f"{n}-{words}" for n, _, words in SAFETY])
def test_each_rule_is_kept(name: str, spoil: Spoil, words: str) -> None:
    """A world that breaks a rule is told so, in words that name it."""
    world = MADE[name]()
    spoil(world)
    found = judge_safety(world)
    assert any(words in breach for breach in found), found


def _no_sale(world: HandMade) -> None:
    del world.netsuite["1010"]
    world.document(ALONE).update(applications=[], unapplied=6000)


def test_a_sale_that_is_forgotten_has_no_excuse() -> None:
    """The payment alone is not enough, unless a person entered it, or the company has no sales."""
    world = sold()
    _no_sale(world)
    world.rows = [row for row in world.rows if row["external_id"] != SALE]
    judge_safety(world)
    assert judge_settled(world) == [f"{ALONE} has no document, and there is no reason for it"]
    world.did("entered", "1011")
    judge_safety(world)
    assert judge_settled(world) == []
    world.rows.append(journal_row("invoice", SALE, None, CUSTOMER, state="intent") | {"stripe_id": ALONE})
    assert judge_settled(world) == []


def test_a_sale_that_somebody_deletes_or_leaves_unpaid_is_named() -> None:
    """A gap of the charge says that it is missing, or that its payment pays nothing."""
    world = sold()
    judge_safety(world)
    _no_sale(world)
    world.did("deleted", "1010")
    world.did("edited", "1011")
    judge_safety(world)
    assert judge_settled(world) == [f"no open gap says missing_in_netsuite for {ALONE}"]
    world.gap("missing_in_netsuite", ALONE, 6000, 0)
    assert judge_settled(world) == []
    world = sold()
    _not_applied(world)
    world.did("edited", "1011")
    judge_safety(world)
    assert judge_settled(world) == [f"no open gap says payment_unapplied for {ALONE}"]
    world.gap("payment_unapplied", ALONE, 6000, 0)
    assert judge_settled(world) == []


def test_the_payment_of_a_sale_that_somebody_took_may_wait() -> None:
    """It cannot be applied as Stripe says, and a gap of either document says so."""
    world = sold()
    judge_safety(world)
    del world.netsuite["1010"], world.netsuite["1011"]
    world.did("deleted", "1010")
    world.did("deleted", "1011")
    world.rows[-1].update(state="intent", netsuite_id=None)
    judge_safety(world)
    world.gap("sync_failed", ALONE, 6000, 0)
    assert judge_settled(world) == []


def test_a_sale_waits_for_nothing() -> None:
    """An intent of one whose payment is not there either is one that hangs."""
    world = sold()
    del world.netsuite["1010"], world.netsuite["1011"]
    world.rows = [row for row in world.rows if row["stripe_id"] != ALONE]
    world.rows.append(journal_row("invoice", SALE, None, CUSTOMER, state="intent") | {"stripe_id": ALONE})
    judge_safety(world)
    assert any(f"still means to write {SALE.lower()}" in breach for breach in judge_settled(world))


def test_what_the_budget_covers_is_not_left_on_suspense() -> None:
    """Nor what it does not cover booked: then the residual is right."""
    world = on_suspense(net_of_fee())
    judge_safety(world)
    assert judge_settled(world) == [f"txn_1 is still on Suspense, though customerPayment 1003 (ch_1Charge000) {_COULD}"]
    for changes in ({"budget": {"usd": FEE - 1}}, {"net_of_fee": False}, {"differences": None}):
        _rules(**changes)(world)
        assert judge_settled(world) == []


def test_what_is_spent_elsewhere_is_not_there_any_more() -> None:
    """A month has one budget, whichever deposits took of it."""
    world = on_suspense(net_of_fee())
    other = world.document(PAYOUT) | {"id": "1030", "externalId": "rc-txn_7", "postings": [(ACCOUNT, 200, "x")]}
    world.netsuite["1030"] = other
    assert not any(_COULD in breach for breach in judge_settled(world))
    other["tranDate"] = "2026-12-01"
    assert any(_COULD in breach for breach in judge_settled(world))


def test_every_house_says_to_both_what_it_has_decided() -> None:
    """The policy file and what the oracle is told are the same decisions."""
    for house in HOUSES:
        assert house.rules.sales == ("uninvoiced: sale" in house.text)
        assert house.rules.deposits == ("uninvoiced: deposit" in house.text)
        assert house.rules.as_refunds == ("disputes: as_refunds" in house.text)
        assert house.rules.adjustments == ("adjustments: {item: " in house.text)
        assert house.rules.net_of_fee == ("net_of_fee: true" in house.text)
        assert (f"tolerances: {{account: {house.rules.differences}," in house.text) == bool(house.rules.budget)
        assert all(f"{code}: {minor}" in house.text for code, minor in house.rules.budget.items())
    assert len({house.file for house in HOUSES}) == len(HOUSES)
