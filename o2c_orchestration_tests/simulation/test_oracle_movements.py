"""The oracle's rules for money that goes the other way or to the bank: each is broken by one world, in its words."""

from collections.abc import Callable

import pytest

from o2c_orchestration_tests.simulation.hand_made import CHARGE, CUSTOMER, OPEN, PAID, HandMade, journal_row, memo
from o2c_orchestration_tests.simulation.hand_made_money import (
    ALONE,
    DISPUTE,
    NOTE,
    PAYOUT,
    REFUND,
    deposit,
    moved,
)
from o2c_orchestration_tests.simulation.oracle import judge_safety, judge_settled

Spoil = Callable[[HandMade], object]


def _other(key: str, **changes: object) -> Spoil:
    return lambda world: world.document(key).update(changes)


def _twice(world: HandMade) -> None:
    world.add(memo("1020", NOTE.upper().replace("CN_", "cn_"), 1000, [], currency="JPY"))
    world.stripe[NOTE.upper().replace("CN_", "cn_")] = world.stripe[NOTE] | {"pre_payment_amount": 0}


def _unasked(world: HandMade) -> None:
    world.add(memo("1020", f"cm-{PAID}", 1000, []))


def _deposited_twice(world: HandMade) -> None:
    world.stripe["txn_9"] = world.stripe["txn_1"] | {"id": "txn_9"}
    world.add(deposit("1020", "rc-txn_9", 0, deposited=["1003"], postings=[("Suspense", -11_000, "txn_9 charge")]))


def _not_its_payout(world: HandMade) -> None:
    world.stripe["txn_1"].pop("payout")


def _half_given_back(world: HandMade) -> None:
    world.document(REFUND)["applications"] = [("1012", 3000)]
    world.document(f"cm-{REFUND}")["unapplied"] = 1000


def _out_of_another(world: HandMade) -> None:
    """A refund that pays itself out of a charge it has nothing to do with."""
    world.document(REFUND)["applications"] = [("1011", 4000)]
    world.document(f"cm-{REFUND}")["unapplied"] = 4000
    world.document(DISPUTE)["applications"] = [("1011", 2000), ("1003", 4000)]


SAFETY: list[tuple[Spoil, str]] = [
    (_twice, "was written 2 times"),
    (_unasked, "nothing in Stripe asks for it"),
    (_other(PAYOUT, total=6801), "total is 6801, Stripe says 6800"),
    (_other(PAYOUT, tranDate="2026-10-31"), "date is 2026-10-31"),
    (_other(f"cm-{REFUND}", total=4001, unapplied=1), "total is 4001, Stripe says 4000"),
    (_other(NOTE, currency="EUR"), "currency is eur, Stripe says jpy"),
    (_other(NOTE, applications=[], unapplied=1000), "is not applied to what it takes back"),
    (_deposited_twice, "is in 2 deposits"),
    (_not_its_payout, "which is not in its payout"),
    (_half_given_back, "pays back 3000"),
    (_out_of_another, "at most 0 is right"),
]


def test_a_healthy_world_is_silent() -> None:
    """Nothing is said of books in which everything went the other way as it should."""
    world = moved()
    assert [judge_safety(world), judge_safety(world), judge_settled(world)] == [[], [], []]


@pytest.mark.parametrize(("spoil", "words"), SAFETY, ids=[words for _, words in SAFETY])
def test_each_rule_is_kept(spoil: Spoil, words: str) -> None:
    """A world that breaks a rule is told so, in words that name it."""
    world = moved()
    spoil(world)
    found = judge_safety(world)
    assert any(words in breach for breach in found), found


def _gone(key: str) -> Spoil:
    """The document and the journal's row were never made."""

    def spoil(world: HandMade) -> None:
        identifier = world.document(key)["id"]
        del world.netsuite[identifier]
        world.rows = [row for row in world.rows if row["external_id"] != key]
        for document in world.netsuite.values():
            document["applications"] = [each for each in document.get("applications", []) if each[0] != identifier]
            document["deposited"] = [each for each in document.get("deposited", []) if each != identifier]

    return spoil


def _memo_without_refund(world: HandMade) -> None:
    _gone(REFUND)(world)
    world.document(f"cm-{REFUND}")["unapplied"] = 4000


def _on_suspense(world: HandMade) -> None:
    record = world.document(PAYOUT)
    record.update(deposited=["1003", "1011", "1014"])
    record["postings"].append(("Suspense", -4000, "txn_2 refund"))


FORGOTTEN: list[tuple[Spoil, str]] = [
    (_memo_without_refund, f"{REFUND} has no document, and there is no reason"),
    (_gone(DISPUTE), f"{DISPUTE} has no document, and there is no reason"),
    (_gone(PAYOUT), f"{PAYOUT} has no document, and there is no reason"),
    (_on_suspense, "txn_2 is still on Suspense, though customerRefund 1013"),
]


@pytest.mark.parametrize(("spoil", "words"), FORGOTTEN, ids=[words for _, words in FORGOTTEN])
def test_what_is_forgotten_has_no_excuse(spoil: Spoil, words: str) -> None:
    """A memo without its refund, a dispute or payout without document, a residual that could be cleared."""
    world = moved()
    spoil(world)
    judge_safety(world)
    found = judge_settled(world)
    assert any(words in breach for breach in found), found


def _refused(world: HandMade, key: str, document: str, *depends_on: str) -> None:
    world.did("period", "", period="Oct 2026", closed=True)
    world.did("period", "", period="Nov 2026", closed=True)
    row = journal_row(document, key, None, *depends_on, state="refused")
    world.rows.append(row | {"error_detail": "period closed", "fix": "open it"})


@pytest.mark.parametrize(
    ("key", "document", "kind", "money"),
    [
        (REFUND, "customerRefund", "refund_missing", ("usd", 4000)),
        (DISPUTE, "customerRefund", "dispute_missing", ("usd", 6000)),
        (NOTE, "creditMemo", "credit_memo_missing", ("jpy", 1000)),
        (PAYOUT, "deposit", "deposit_missing", ("usd", 6800)),
    ],
)
def test_what_was_refused_must_be_named(key: str, document: str, kind: str, money: tuple[str, int]) -> None:
    """Silence is a breach; a gap with the right money ends it, as refused or as missing."""
    for name in ("sync_failed", kind):
        world = moved()
        _gone(key)(world)
        if key == REFUND:
            world.document(f"cm-{REFUND}")["unapplied"] = 4000
        if key == DISPUTE:
            world.document(ALONE)["unapplied"] = 6000
        if key == NOTE:
            world.document(OPEN)["amountRemaining"] = 5000
        _refused(world, key, document, CUSTOMER)
        assert judge_safety(world) == []
        assert [f"no open gap says {kind}" in breach for breach in judge_settled(world)] == [True]
        world.gap(name, key, money[1], 0, currency=money[0])
        assert judge_settled(world) == []


def test_a_voided_note_must_be_named() -> None:
    """Its memo was written before, and stands: a gap says so; without the memo there is nothing to say."""
    world = moved()
    world.stripe[NOTE]["status"] = "void"
    world.stripe[OPEN]["amount_remaining"] = 5000
    judge_safety(world)
    assert [f"no open gap says status_mismatch for {NOTE}" in breach for breach in judge_settled(world)] == [True]
    world.gap("status_mismatch", NOTE, 0, 1000, currency="jpy")
    assert judge_settled(world) == []


def test_a_residual_must_be_named() -> None:
    """A member whose document a person deleted lies on Suspense, and its gap says how much."""
    world = moved()
    _gone(CHARGE)(world)
    world.document(PAID)["amountRemaining"] = 11_000
    world.document(PAYOUT)["postings"].append(("Suspense", 11_000, "txn_1 charge"))
    world.did("deleted", "1003")
    world.rows.append(journal_row("customerPayment", CHARGE, "1003", CUSTOMER, PAID))
    world.gap("payment_missing", CHARGE, 11_000, 0)
    assert judge_safety(world) == []
    assert ["no open gap says payout_residual for txn_1" in breach for breach in judge_settled(world)] == [True]
    world.gap("payout_residual", "txn_1", 11_000, 0)
    assert judge_settled(world) == []


def test_a_payout_that_came_back_needs_its_entry() -> None:
    """Money that did not stay on the bank account is taken off it, or a gap says that it was not."""
    world = moved()
    world.stripe["txn_5"] = world.stripe["txn_1"] | {"id": "txn_5", "type": "payout_failure", "payout": None}
    world.stripe[PAYOUT].update(status="failed", failure_balance_transaction="txn_5")
    judge_safety(world)
    assert [f"{PAYOUT} has no document" in breach for breach in judge_settled(world)] == [True]
    entry = deposit("1020", f"pf-{PAYOUT}", 6800, type="journalEntry", tranDate="2026-10-31")
    world.add(entry)
    assert [judge_safety(world), judge_settled(world)] == [[], []]


def test_a_person_may_delete_what_came_back() -> None:
    """Of a refund that failed: the payment that a person voided is named as missing, and not written again."""
    world = moved()
    world.stripe["txn_5"] = world.stripe["txn_2"] | {"id": "txn_5", "type": "refund_failure", "payout": None}
    world.stripe[REFUND].update(status="failed", failure_balance_transaction="txn_5")
    world.rows.append(journal_row("customerPayment", f"rf-{REFUND}", "1020", CUSTOMER) | {"stripe_id": REFUND})
    world.did("deleted", "1020")
    world.gap("payment_missing", REFUND, 4000, 0)
    assert [judge_safety(world), judge_settled(world)] == [[], []]
