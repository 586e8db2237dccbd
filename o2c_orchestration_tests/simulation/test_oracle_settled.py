"""The oracle's rules for a world at rest: each difference is named with its money, and no gap is a false alarm."""

from collections.abc import Callable
from typing import Any

import pytest

from o2c_orchestration_tests.simulation.hand_made import (
    CHARGE,
    CUSTOMER,
    OPEN,
    PAID,
    HandMade,
    bill,
    charge,
    close,
    healthy,
    invoice,
    journal_row,
    memo,
    payment,
)
from o2c_orchestration_tests.simulation.oracle import judge_safety, judge_settled

Spoil = Callable[[HandMade], object]
NEW = "in_1New0000000"


def judged(world: HandMade) -> list[str]:
    """What the oracle says of a world at rest, its diary read first."""
    judge_safety(world)
    return judge_settled(world)


def test_a_healthy_world_is_silent() -> None:
    """Books that agree and a journal that is done are nothing to talk about."""
    assert judged(healthy()) == []


def edit(stripe_id: str, **changes: Any) -> Spoil:
    """A person edits a document, and the diary says so."""

    def spoil(world: HandMade) -> None:
        document = world.document(stripe_id)
        document.update(changes)
        world.did("edited", document["id"])

    return spoil


def _another_customer(world: HandMade) -> None:
    world.add({"type": "customer", "id": "102", "externalId": None})
    edit(OPEN, customer="102")(world)


def _unapplied(world: HandMade) -> None:
    edit(CHARGE, applications=[], unapplied=11_000)(world)
    world.document(PAID)["amountRemaining"] = 11_000


def _applied_less(world: HandMade) -> None:
    edit(CHARGE, applications=[("1001", 9000)], unapplied=2000)(world)
    world.document(PAID)["amountRemaining"] = 2000


def _voided(world: HandMade) -> None:
    """The memo that would close it is refused: its month is closed."""
    close(world.stripe[OPEN], "void")
    world.did("period", "", period="Oct 2026", closed=True)
    row = journal_row("creditMemo", f"cm-{OPEN}", None, CUSTOMER, OPEN, state="refused")
    world.rows.append(row | {"stripe_id": OPEN, "error_detail": "period closed", "fix": "open it"})


def _paid_off_stripe(world: HandMade) -> None:
    world.stripe[OPEN].update(status="paid", amount_remaining=0, amount_paid_off_stripe=5000)


def _deleted(world: HandMade) -> None:
    del world.netsuite["1002"]
    world.did("deleted", "1002")


def _payment_deleted(world: HandMade) -> None:
    del world.netsuite["1003"]
    world.did("deleted", "1003")
    world.document(PAID)["amountRemaining"] = 11_000


def _second_by_hand(world: HandMade) -> None:
    world.add(invoice("1009", None, 5000, currency="JPY", memo=f"Stripe {OPEN}"), by_hand=True)


def _second_by_number(world: HandMade) -> None:
    world.add(invoice("1009", None, 5000, currency="JPY", otherRefNum=f"A-{OPEN[-6:]}"), by_hand=True)


def _paid_twice(world: HandMade) -> None:
    world.add(payment("1009", None, 11_000, [], memo=CHARGE), by_hand=True)


def _stray(world: HandMade) -> None:
    world.add(invoice("1009", None, 250, memo="by phone"), by_hand=True)


def _ghost(world: HandMade) -> None:
    world.add(invoice("1009", None, 250, memo="Stripe in_1Ghost00000"), by_hand=True)


def _refused(world: HandMade) -> None:
    bill(world, NEW, 700)
    world.did("period", "", period="Oct 2026", closed=True)
    row = journal_row("invoice", NEW, None, CUSTOMER, state="refused")
    world.rows.append(row | {"error_detail": "period closed", "fix": "open it"})


def _failed_and_booked(world: HandMade) -> None:
    charge(world, "ch_1Failed0000", OPEN, 5000, "jpy")["status"] = "failed"
    world.add(payment("1009", "ch_1Failed0000", 5000, [], currency="JPY"), by_hand=True)


EXTRA = {"netsuite_id": "1009"}
# What is planted, and the gap that must tell of it: kind, Stripe id, expected, actual, and what else it says.
DIFFERENCES: list[tuple[Spoil, str, str | None, int | None, int | None, dict[str, Any]]] = [
    (edit(OPEN, total=4000, amountRemaining=4000), "amount_mismatch", OPEN, 5000, 4000, {"currency": "jpy"}),
    (edit(PAID, tax=0), "tax_mismatch", PAID, 1000, 0, {}),
    (edit(OPEN, currency="USD"), "currency_mismatch", OPEN, 5000, None, {"currency": "jpy"}),
    (edit(OPEN, tranDate="2026-11-01"), "period_mismatch", OPEN, 5000, 5000, {"currency": "jpy"}),
    (_another_customer, "customer_mismatch", OPEN, 5000, 5000, {"currency": "jpy"}),
    (_unapplied, "payment_unapplied", CHARGE, 11_000, 0, {}),
    (_applied_less, "payment_mismatch", CHARGE, 11_000, 11_000, {}),
    (_voided, "status_mismatch", OPEN, 0, 5000, {"currency": "jpy"}),
    (_paid_off_stripe, "payment_missing", OPEN, 5000, 0, {"currency": "jpy"}),
    (_deleted, "missing_in_netsuite", OPEN, 5000, 0, {"currency": "jpy"}),
    (_payment_deleted, "payment_missing", CHARGE, 11_000, 0, {}),
    (_second_by_hand, "duplicate_in_netsuite", OPEN, 0, 5000, EXTRA | {"currency": "jpy"}),
    (_second_by_number, "duplicate_in_netsuite", OPEN, 0, 5000, EXTRA | {"currency": "jpy"}),
    (_paid_twice, "paid_twice", CHARGE, 0, 11_000, EXTRA),
    (_stray, "unlinked_in_netsuite", None, 0, 250, EXTRA),
    (_ghost, "missing_in_stripe", "in_1Ghost00000", 0, 250, EXTRA),
    (_refused, "sync_failed", NEW, 700, 0, {}),
    (_failed_and_booked, "payment_mismatch", "ch_1Failed0000", 0, 5000, EXTRA | {"currency": "jpy"}),
]
NAMES = [f"{kind}-{place}" for place, (_, kind, *_) in enumerate(DIFFERENCES)]
CASES = pytest.mark.parametrize(("spoil", "kind", "stripe_id", "expected", "actual", "more"), DIFFERENCES, ids=NAMES)


@CASES
def test_a_difference_must_be_named(
    spoil: Spoil, kind: str, stripe_id: str | None, expected: int | None, actual: int | None, more: dict[str, Any]
) -> None:
    """Silence about a difference is a breach; the right gap ends it; wrong money or no reason is one again."""
    world = healthy()
    spoil(world)
    assert [f"no open gap says {kind}" in breach for breach in judged(world)] == [True]
    world.gap(kind, stripe_id, expected, actual, **more)
    assert judged(world) == []
    world.open_gaps[0]["currency"] = "xxx"
    assert ["the books say" in breach for breach in judged(world)] == [True]
    world.open_gaps[0].update(currency=more.get("currency", "usd"), reason=" ")
    assert ["has no reason" in breach for breach in judged(world)] == [True]


@CASES
def test_a_gap_about_nothing_is_a_false_alarm(
    spoil: Spoil, kind: str, stripe_id: str | None, expected: int | None, actual: int | None, more: dict[str, Any]
) -> None:
    """A gap that nothing in the books bears out is a breach."""
    world = healthy()
    world.gap(kind, stripe_id, expected, actual, **more)
    assert ["false alarm" in breach for breach in judged(world)] == [True]


def test_a_forgotten_document_has_no_excuse() -> None:
    """A billed invoice, and a charge, without document is a breach, even where a gap names it."""
    world = healthy()
    bill(world, NEW, 700)
    assert ["there is no reason for it" in breach for breach in judged(world)] == [True]
    world.gap("missing_in_netsuite", NEW, 700, 0)
    assert any("there is no reason for it" in breach for breach in judged(world))
    world = healthy()
    charge(world, "ch_1Second0000", OPEN, 5000, "jpy")
    world.stripe[OPEN].update(status="paid", amount_remaining=0)
    assert any("ch_1Second0000 has no document, and there is no reason" in breach for breach in judged(world))


def test_what_waits_for_the_refused_is_told_once() -> None:
    """The payment of an invoice that cannot be written has no gap of its own, and its intent may stay."""
    world = healthy()
    _refused(world)
    world.stripe[NEW].update(status="paid", amount_remaining=0)
    charge(world, "ch_1Second0000", NEW, 700)
    world.rows.append(journal_row("customerPayment", "ch_1Second0000", None, CUSTOMER, NEW, state="intent"))
    world.gap("sync_failed", NEW, 700, 0)
    assert judged(world) == []
    world.gap("payment_missing", "ch_1Second0000", 700, 0)
    assert ["false alarm" in breach for breach in judged(world)] == [True]


@pytest.mark.parametrize("state", ["unknown", "sent", "intent"])
def test_nothing_may_hang(state: str) -> None:
    """A row that is neither done nor given up, and waits for nothing, is a breach."""
    world = healthy()
    bill(world, NEW, 700)
    world.rows.append(journal_row("invoice", NEW, None, CUSTOMER, state=state))
    assert any("the journal still" in breach for breach in judged(world))


@pytest.mark.parametrize("state", ["refused", "dead", "dropped"])
def test_giving_up_needs_words(state: str) -> None:
    """What was refused or given up says why and what to do; what was dropped says who and why."""
    world = healthy()
    _refused(world)
    world.gap("sync_failed", NEW, 700, 0)
    world.row(NEW).update(state=state, fix=None)
    assert ["given up" in breach or "dropped" in breach for breach in judged(world)] == [True]


def test_a_refusal_needs_an_obstacle() -> None:
    """What NetSuite is said to have refused, though no period, customer or currency was in its way, is a breach."""
    world = healthy()
    _refused(world)
    world.gap("sync_failed", NEW, 700, 0)
    world.stripe[OPEN]["currency"] = world.document(OPEN)["currency"] = "usd"
    assert judged(world) == []
    world.history.clear()
    fresh = HandMade(world.stripe, world.netsuite, world.open_gaps, world.rows, world.history)
    assert ["nothing was in its way" in breach for breach in judged(fresh)] == [True]
    fresh.did("customer", "101")
    assert judged(fresh) == []


@pytest.mark.parametrize("status", ["void", "uncollectible"])
def test_a_closed_invoice_must_be_closed_in_netsuite(status: str) -> None:
    """One that Stripe voided or wrote off, and NetSuite still holds open, is a breach even where a gap says so."""
    world = healthy()
    close(world.stripe[OPEN], status)
    world.gap("status_mismatch", OPEN, 0, 5000, currency="jpy")
    assert ["still open in NetSuite, and there is no reason" in breach for breach in judged(world)] == [True]
    world = healthy()
    close(world.stripe[OPEN], status)
    world.add(memo("1009", f"cm-{OPEN}", 5000, [("1002", 5000)], currency="JPY"))
    world.document(OPEN)["amountRemaining"] = 0
    assert judged(world) == []


def test_what_was_written_off_and_paid_is_owed_once_more() -> None:
    """The payment is applied to the invoice that restores what the memo took."""
    world = healthy()
    close(world.stripe[OPEN], "uncollectible")
    world.stripe[OPEN].update(status="paid", amount_remaining=0)
    world.add(memo("1009", f"cm-{OPEN}", 5000, [("1002", 5000)], currency="JPY"))
    world.document(OPEN)["amountRemaining"] = 0
    charge(world, "ch_1Second0000", OPEN, 5000, "jpy")
    world.add(invoice("1010", f"ri-{OPEN}", 5000, currency="JPY", amountRemaining=0))
    world.add(payment("1011", "ch_1Second0000", 5000, [("1010", 5000)], currency="JPY"))
    assert judge_safety(world) == []
    assert judge_settled(world) == []


def test_an_invoice_voided_before_it_was_written_owes_nothing() -> None:
    """Neither a document nor a gap, and the intent may lie."""
    world = healthy()
    bill(world, NEW, 700, status="void")
    world.rows.append(journal_row("invoice", NEW, None, CUSTOMER, state="intent"))
    assert judged(world) == []


def test_what_netsuite_cannot_take_is_named_without_being_sent() -> None:
    """Ids that differ in case only have a sync_failed gap and no row of the journal."""
    world = healthy()
    bill(world, "in_1Twin000000", 50)
    bill(world, "in_1TWIN000000", 60)
    world.gap("sync_failed", "in_1Twin000000", 50, 0)
    assert ["no open gap says sync_failed" in breach for breach in judged(world)] == [True]
    world.gap("sync_failed", "in_1TWIN000000", 60, 0)
    assert judged(world) == []


def _used(world: HandMade, total: int, used: int, **changes: Any) -> None:
    bill(world, NEW, total).update(starting_balance=-used, ending_balance=0, **changes)


def test_what_a_balance_paid_or_keeps_is_owed() -> None:
    """A memo for what it paid; a memo and an invoice beside it for an invoice below zero; each missing without."""
    world = healthy()
    _used(world, 700, 200, amount_remaining=500)
    world.add(invoice("1010", NEW, 700, amountRemaining=700))
    assert judged(world) == [f"{NEW} has no document, and there is no reason for it"]
    world.document(NEW)["amountRemaining"] = 500
    world.add(memo("1011", f"cb-{NEW}", 200, [("1010", 200)]))
    assert judged(world) == []
    world.document(f"cb-{NEW}").update(total=150, applications=[("1010", 150)])
    assert any("total is 150, Stripe says 200" in breach for breach in judge_safety(world))
    world = healthy()
    _used(world, -700, -700, status="paid", amount_remaining=0)
    breaches = judged(world)
    assert breaches[0] == f"{NEW} has no document, and there is no reason for it"
    # The memo waits for the invoice that it is set against.
    assert breaches[1:] == [f"no open gap says credit_memo_missing for {NEW}"]
    world.add(invoice("1010", f"bi-{NEW}", 700, amountRemaining=0))
    world.add(memo("1011", f"ni-{NEW}", 700, [("1010", 700)]))
    assert judged(world) == []


def test_a_void_owes_back_only_what_was_booked_as_used() -> None:
    """Without that memo neither document is owed; with it, the invoice that gives it back is."""
    world = healthy()
    _used(world, 700, 200)
    close(world.stripe[NEW], "void")
    assert judged(world) == []
    world.add(invoice("1010", NEW, 700, amountRemaining=0))
    world.add(memo("1011", f"cb-{NEW}", 200, [("1010", 200)]))
    world.add(memo("1012", f"cm-{NEW}", 500, [("1010", 500)]))
    assert judged(world) == [f"{NEW} has no document, and there is no reason for it"]
    world.add(invoice("1013", f"bi-{NEW}", 200, amountRemaining=0))
    world.document(f"cm-{NEW}").update(total=700, applications=[("1010", 500), ("1013", 200)])
    assert judged(world) == []


def test_zero_invoices_and_drafts_owe_nothing() -> None:
    """What bills nothing is not booked."""
    world = healthy()
    bill(world, NEW, 0, status="paid")
    bill(world, "in_1Draft00000", 700, status="draft")
    assert judged(world) == []


def test_one_gap_may_tell_of_several_documents_of_one_object() -> None:
    """An invoice and the memo of what a balance paid of it, both refused: the money of one of them, and no other."""
    world = healthy()
    _used(world, 700, 200, amount_remaining=500)
    _refused_too(world)
    for money in (700, 200, 300):
        world.open_gaps.clear()
        world.gap("sync_failed", NEW, money, 0)
        assert bool(judged(world)) == (money == 300), judged(world)


def _refused_too(world: HandMade) -> None:
    world.did("period", "", period="Oct 2026", closed=True)
    told = {"error_detail": "period closed", "fix": "open it", "stripe_id": NEW}
    for document, key in (("invoice", NEW), ("creditMemo", f"cb-{NEW}")):
        world.rows.append(journal_row(document, key, None, CUSTOMER, state="refused") | told)
