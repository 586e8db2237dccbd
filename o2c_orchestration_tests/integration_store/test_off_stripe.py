"""What was paid outside Stripe: which invoices are asked for, the gap, and the equations that it has to close."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Engine

from o2c_orchestration.domain.documents import Plan, Refusal
from o2c_orchestration.store import off_stripe
from o2c_orchestration.store.agreement import agreement
from o2c_orchestration.store.clearing import clearing
from o2c_orchestration.store.gaps import list_gaps, reconcile
from o2c_orchestration.store.plan_rows import plan_input
from o2c_orchestration.store.planning import save_plan
from o2c_orchestration.store.receivables import receivables
from o2c_orchestration_tests.integration_store.builders import (
    DAY,
    accept,
    ledger_customer,
    ledger_document,
    mirror,
    refusal,
)

PAID = date(2026, 3, 2)
READ = datetime(2026, 3, 5, tzinfo=UTC)


def invoice(engine: Engine, key: str = "in_1", **changes: Any) -> None:
    """An invoice of 100 that is paid, and its document, of which so much is open."""
    values = {"status": "paid", "amount_paid_minor": 100, "amount_remaining_minor": 0, "paid_date": PAID}
    accept(engine, "invoices", {"id": key, **values, **changes})


def books(engine: Engine, *, outside: int = 70, booked: int | None = None, left: int | None = None) -> None:
    """An invoice that was paid in part outside Stripe, and by a charge for the rest; `booked`: the outside payment."""
    ledger_customer(engine, 1, "cus_1")
    accept(engine, "customers", {"id": "cus_1"})
    invoice(engine)
    accept(engine, "payments", {"id": "ch_1", "amount_minor": 100 - outside, "payment_intent": "pi_1"})
    accept(engine, "invoice_payments", {"id": "inpay_1", "invoice_id": "in_1", "payment_intent": "pi_1",
                                        "amount_minor": 100 - outside})  # fmt: skip
    off_stripe.record(engine, [("in_1", outside, 100)], READ)
    left = (0 if booked else outside) if left is None else left
    documents = [
        ledger_document(5, stripe_ref="in_1", remaining_minor=left),
        ledger_document(6, "customerPayment", stripe_ref="ch_1", total_minor=100 - outside, remaining_minor=0),
    ]
    applied = [(6, 5, 100 - outside)]
    if booked is not None:
        documents.append(ledger_document(7, "customerPayment", stripe_ref="op-in_1", total_minor=booked,
                                         remaining_minor=0, trandate=PAID))  # fmt: skip
        applied.append((7, 5, booked))
    mirror(engine, documents, applied)


def found(engine: Engine) -> list[tuple[str, str | None, int | None, int | None]]:
    reconcile(engine)
    told = [(gap.kind, gap.stripe_id, gap.expected_minor, gap.actual_minor) for gap in list_gaps(engine)]
    reconcile(engine, full=True)
    assert told == [(gap.kind, gap.stripe_id, gap.expected_minor, gap.actual_minor) for gap in list_gaps(engine)]
    return told


def closes(engine: Engine) -> bool:
    """Whether documents, receivables and Undeposited Funds leave nothing unexplained."""
    totals, owing = receivables(engine, write_off=True)
    loose = [*agreement(engine), *totals, *(each for each in owing if each.unexplained)]
    return not any(getattr(each, "residual_minor", 1) for each in loose) and clearing(engine, "Suspense").closes


def test_only_invoices_with_unexplained_money_are_asked_for(engine: Engine) -> None:
    """More paid than payments in Stripe make, and not asked since; drafts, voids and unpaid ones are left out."""
    invoice(engine, "in_outside")
    invoice(engine, "in_inside")
    accept(engine, "invoice_payments", {"id": "inpay_1", "invoice_id": "in_inside", "payment_intent": "pi_1"})
    invoice(engine, "in_record")
    accept(engine, "invoice_payments", {"id": "inpay_2", "invoice_id": "in_record"})
    invoice(engine, "in_void", status="void")
    invoice(engine, "in_open", status="open", amount_paid_minor=0)
    assert off_stripe.to_ask(engine) == [("in_outside", 100), ("in_record", 100)]
    off_stripe.record(engine, [("in_outside", 100, 100), ("in_record", 60, 90)], datetime.now(UTC))
    assert off_stripe.to_ask(engine) == [("in_record", 100)], "more was paid since"


def test_an_older_answer_does_not_win(engine: Engine) -> None:
    """Two that ask at once: the one that began later is believed."""
    invoice(engine)
    off_stripe.record(engine, [("in_1", 100, 100)], READ)
    off_stripe.record(engine, [("in_1", 0, 100)], READ.replace(day=4))
    assert [row.amount_minor for row in plan_input(engine, DAY, DAY, "Suspense").rows.off_stripe] == [100]


def test_the_planner_reads_who_paid_what(engine: Engine) -> None:
    """What Stripe said, what was paid in all, what payments in Stripe paid, and the documents that decide."""
    books(engine)
    given = plan_input(engine, DAY, DAY, "Suspense")
    (row,) = given.rows.off_stripe
    assert (row.id, row.amount_minor, row.paid_minor, row.by_stripe_minor) == ("in_1", 70, 100, 30)
    assert (row.status, row.payment_date, row.customer_id) == ("paid", PAID, "cus_1")
    assert given.known["in_1"].remaining_minor == 70


def test_a_payment_outside_stripe_that_is_not_booked_is_missing(engine: Engine) -> None:
    """One gap with its amount; it explains what the invoice still owes here, and every equation closes."""
    books(engine)
    assert found(engine) == [("payment_missing", "in_1", 70, 0)]
    assert closes(engine)


def test_the_planners_words_are_the_reason(engine: Engine) -> None:
    """Refused by policy it is missing still, with what to do; refused by NetSuite it is sync_failed."""
    books(engine)
    told = Refusal("customerPayment", "op-in_1", "in_1", "cus_1", "usd", 70, PAID, DAY, "X", "paid outside", "do it")
    save_plan(engine, Plan(refusals=(told,)), DAY, DAY)
    assert found(engine) == [("payment_missing", "in_1", 70, 0)]
    assert [gap.reason for gap in list_gaps(engine)] == ["paid outside. To do: do it"]


def test_booked_it_is_no_gap(engine: Engine) -> None:
    """The payment under its key, to the cent; it is in no payout and not in Undeposited Funds."""
    books(engine, booked=70)
    assert found(engine) == []
    assert closes(engine)
    waiting = clearing(engine, "Suspense").waiting
    assert [(each.stripe_minor, each.ledger_minor) for each in waiting] == [(30, 30)]


@pytest.mark.parametrize(("booked", "left"), [(71, 0), (69, 1)])
def test_another_amount_is_a_mismatch(engine: Engine, booked: int, left: int) -> None:
    """A cent more or less than Stripe says."""
    books(engine, booked=booked, left=left)
    assert ("amount_mismatch", "in_1", 70, booked) in found(engine)
    assert closes(engine)


def test_what_stripe_does_not_know_of_is_a_mismatch(engine: Engine) -> None:
    """Booked as paid outside Stripe, of an invoice that was not."""
    ledger_customer(engine, 1, "cus_1")
    accept(engine, "customers", {"id": "cus_1"})
    accept(engine, "invoices", {"id": "in_1"})
    mirror(
        engine,
        [
            ledger_document(5, stripe_ref="in_1", remaining_minor=0),
            ledger_document(7, "customerPayment", stripe_ref="op-in_1", remaining_minor=0),
        ],
        [(7, 5, 100)],
    )
    assert found(engine) == [("payment_mismatch", "in_1", 0, 100)]
    assert closes(engine)


def test_a_second_payment_is_paid_twice(engine: Engine) -> None:
    """One of them is the payment, the other a gap of its own."""
    books(engine, booked=70)
    mirror(engine, [ledger_document(8, "customerPayment", stripe_ref="op-in_1", total_minor=70, remaining_minor=70)])
    assert found(engine) == [("paid_twice", "in_1", 0, 70)]
    assert closes(engine)


def test_what_waits_for_its_invoice_is_told_once(engine: Engine) -> None:
    """An invoice that cannot be written takes its payment along."""
    invoice(engine)
    off_stripe.record(engine, [("in_1", 100, 100)], READ)
    save_plan(engine, Plan(refusals=(refusal("invoice", "in_1"),)), DAY, DAY)
    assert [kind for kind, *_ in found(engine)] == ["sync_failed"]
    assert closes(engine)
