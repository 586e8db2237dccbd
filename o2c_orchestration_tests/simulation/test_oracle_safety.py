"""The oracle's safety rules: a healthy world is silent, and each rule is broken by one world and by it alone."""

from collections.abc import Callable

import pytest

from o2c_orchestration_tests.simulation.hand_made import (
    CHARGE,
    CUSTOMER,
    ISSUED,
    OPEN,
    PAID,
    HandMade,
    bill,
    charge,
    healthy,
    invoice,
    journal_row,
    payment,
)
from o2c_orchestration_tests.simulation.oracle import judge_safety

Spoil = Callable[[HandMade], object]
DAY = 86_400


def _twice(world: HandMade) -> None:
    """Stripe tells the two ids apart, NetSuite does not."""
    twin = OPEN.replace("Open", "OPEN")
    bill(world, twin, 5000, currency="jpy")
    world.add(invoice("1009", twin, 5000, currency="JPY"))


def _customer_twice(world: HandMade) -> None:
    world.add({"type": "customer", "id": "102", "externalId": CUSTOMER.upper()})


def _nameless(world: HandMade) -> None:
    world.add(invoice("1009", None, 700))


def _unheard_of(world: HandMade) -> None:
    world.add(invoice("1009", "in_1Nobody0000", 700))


def _unheard_customer(world: HandMade) -> None:
    world.add({"type": "customer", "id": "102", "externalId": "cus_1nobody00"})


def _wrong_kind(world: HandMade) -> None:
    bill(world, "in_1New0000000", 700)
    world.add(payment("1009", "in_1New0000000", 700, []))


def _draft(world: HandMade) -> None:
    bill(world, "in_1Draft00000", 700, status="draft")
    world.add(invoice("1009", "in_1Draft00000", 700))


def _long_void(world: HandMade) -> None:
    wire = bill(world, "in_1Void000000", 700, status="void")
    wire["status_transitions"]["voided_at"] = ISSUED
    world.now = ISSUED + 3 * DAY
    world.add(invoice("1009", "in_1Void000000", 700))


def _failed_charge(world: HandMade) -> None:
    charge(world, "ch_1Failed0000", OPEN, 5000, "jpy")["status"] = "failed"
    world.add(payment("1009", "ch_1Failed0000", 5000, [], currency="JPY"))


def _other(stripe_id: str, **changes: object) -> Spoil:
    return lambda world: world.document(stripe_id).update(changes)


def _under_another(world: HandMade) -> None:
    world.add({"type": "customer", "id": "102", "externalId": None})
    world.document(OPEN)["customer"] = "102"


def _applied_elsewhere(world: HandMade) -> None:
    bill(world, "in_1Third00000", 11_000)
    world.add(invoice("1009", "in_1Third00000", 11_000, amountRemaining=0))
    world.document(CHARGE)["applications"] = [("1009", 11_000)]
    world.document(PAID)["amountRemaining"] = 11_000


def _over_applied(world: HandMade) -> None:
    """Two right payments on an invoice that was entered by hand with less."""
    world.document(PAID)["total"] = 6000
    world.did("edited", "1001")


def _spent_twice(world: HandMade) -> None:
    """A payment applied for more than it is."""
    world.document(CHARGE).update(total=6000, unapplied=-5000)
    world.did("edited", "1003")


def _receivable(world: HandMade) -> None:
    world.document(OPEN)["amountRemaining"] = 4000


def _unapplied_wrong(world: HandMade) -> None:
    world.document(CHARGE)["unapplied"] = 1


def _never_existed(world: HandMade) -> None:
    bill(world, "in_1New0000000", 700)
    world.rows.append(journal_row("invoice", "in_1New0000000", "4711"))


def _another_document(world: HandMade) -> None:
    bill(world, "in_1New0000000", 700)
    world.add(invoice("1009", "in_1New0000000", 700))
    world.row(OPEN)["netsuite_id"] = "1009"


def _one_for_two(world: HandMade) -> None:
    bill(world, "in_1New0000000", 700)
    world.add(invoice("1009", None, 700), by_hand=True)
    world.rows.append(journal_row("invoice", "in_1New0000000", "1009"))
    world.rows.append(journal_row("invoice", "in_1Other00000", "1009"))


BREACHES: list[tuple[Spoil, str]] = [
    (_twice, "was written 2 times"),
    (_customer_twice, "was written 2 times"),
    (_nameless, "without a Stripe id"),
    (_unheard_of, "which Stripe does not have"),
    (_unheard_customer, "which Stripe does not have"),
    (_wrong_kind, "which is no customerPayment"),
    (_draft, "for a draft"),
    (_long_void, "had long been void"),
    (_failed_charge, "did not succeed"),
    (_other(OPEN, total=4999, amountRemaining=4999), "total is 4999, Stripe says 5000"),
    (_other(PAID, tax=999), "tax is 999, Stripe says 1000"),
    (_other(OPEN, currency="USD"), "currency is usd, Stripe says jpy"),
    (_other(OPEN, tranDate="2026-11-01"), "date is 2026-11-01, Stripe says 2026-10-31"),
    (_other(CHARGE, tranDate="2026-11-01"), "date is 2026-11-01, Stripe says 2026-10-31"),
    (_other(CHARGE, total=12_000, unapplied=1000), "amount is 12000, Stripe says 11000"),
    (_under_another, "customer is None"),
    (_applied_elsewhere, "Stripe says 0"),
    (_over_applied, "has 11000 applied to it"),
    (_spent_twice, "is applied for 11000"),
    (_receivable, "receivable in jpy"),
    (_unapplied_wrong, "applied is not 1"),
    (_never_existed, "which never existed"),
    (_another_document, "which is another one"),
    (_one_for_two, "for 2 Stripe objects"),
]


def test_a_healthy_world_is_silent() -> None:
    """Nothing is said of books that are in order, however often one asks."""
    world = healthy()
    assert [judge_safety(world) for _ in range(3)] == [[], [], []]


@pytest.mark.parametrize(("spoil", "words"), BREACHES, ids=[words for _, words in BREACHES])
def test_each_rule_is_kept(spoil: Spoil, words: str) -> None:
    """A world that breaks a rule is told so, in words that name it."""
    world = healthy()
    spoil(world)
    found = judge_safety(world)
    assert any(words in breach for breach in found), found
    assert len(found) == 1 or words in ("has 11000 applied to it", "is applied for 11000"), found


def _changed(world: HandMade) -> None:
    world.netsuite["1008"]["total"] = world.netsuite["1008"]["amountRemaining"] = 300


def _vanished(world: HandMade) -> None:
    del world.netsuite["1008"]


def _remembered(world: HandMade) -> None:
    world.document(OPEN)["memo"] = "corrected"


def _lost_row(world: HandMade) -> None:
    world.rows.pop()


def _taken_back(world: HandMade) -> None:
    world.row(OPEN).update(state="refused", netsuite_id=None)


BETWEEN: list[tuple[Spoil, str]] = [
    (_changed, "no person did"),
    (_vanished, "nobody deleted it"),
    (_remembered, "no person did"),
    (_lost_row, "the journal lost"),
    (_taken_back, "the journal took back"),
]


@pytest.mark.parametrize(("spoil", "words"), BETWEEN, ids=[spoil.__name__ for spoil, _ in BETWEEN])
def test_nothing_changes_behind_its_back(spoil: Spoil, words: str) -> None:
    """What stood at the last call and was not touched by a person still stands."""
    world = healthy()
    world.add(invoice("1008", None, 250, memo="by phone"), by_hand=True)
    assert judge_safety(world) == []
    spoil(world)
    assert [words in breach for breach in judge_safety(world)] == [True]


def test_what_a_person_did_is_no_breach() -> None:
    """Edits and deletes that the diary tells of are not laid at the product's door."""
    world = healthy()
    world.add(invoice("1008", None, 250), by_hand=True)
    assert judge_safety(world) == []
    world.document(OPEN).update(total=4000, amountRemaining=4000, memo="agreed")
    world.did("edited", "1002")
    del world.netsuite["1008"]
    world.did("deleted", "1008")
    assert [judge_safety(world), judge_safety(world)] == [[], []]


def test_each_world_has_a_memory_of_its_own() -> None:
    """What was seen in one world is not missed in another."""
    assert judge_safety(healthy()) == []
    empty = HandMade()
    assert judge_safety(empty) == []


def test_a_void_right_after_writing_is_no_breach() -> None:
    """A document that stood before its invoice was voided, or that was under way, is nobody's mistake."""
    world = healthy()
    world.stripe[OPEN]["status"] = "void"
    world.stripe[OPEN]["status_transitions"]["voided_at"] = ISSUED
    assert judge_safety(world) == []
    world.now += 30 * DAY
    assert judge_safety(world) == []
