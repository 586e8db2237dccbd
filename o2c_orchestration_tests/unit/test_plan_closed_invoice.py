"""Voided and written-off invoices → a credit memo over what is open; paid all the same → the debt once more."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from o2c_orchestration.domain.documents import (
    ApplicationRow,
    Command,
    CustomerRow,
    InvoiceRow,
    KnownDocument,
    LineRow,
    PaymentRow,
    Refusal,
    Rows,
)
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan import make_plan, together
from o2c_orchestration.plan.closed_invoice import plan_closed_invoice
from o2c_orchestration.plan.outcome import Unread

MOMENT = datetime(2026, 3, 1, 5, 30, tzinfo=UTC)
CLOSED = date(2026, 3, 20)
VOID = InvoiceRow(
    id="in_1",
    customer_id="cus_1",
    number="A-1",
    currency="usd",
    status="void",
    total_minor=1090,
    tax_minor=90,
    amount_remaining_minor=1090,
    issue_date=date(2026, 2, 28),
    due_date=None,
    created_at=MOMENT,
    lines=(LineRow("il_1", "Seats", 1000, price_id="price_1", tax_exclusive_minor=90),),
    closed_date=CLOSED,
)
BAD_DEBT = replace(VOID, status="uncollectible", amount_remaining_minor=600)
PAID_LATER = replace(BAD_DEBT, status="paid", amount_remaining_minor=0, paid_date=date(2026, 4, 2))
OPEN = KnownDocument("7", "usd", 1090, 1090)
KEEP_OPEN = Policy.model_validate({"reversals": {"uncollectible": "keep_open"}})


def plan(row, known=None, planned=(), policy=Policy(), departed=()):  # noqa: B008 - frozen values
    return plan_closed_invoice(policy, row, known or {}, planned, departed)


def items(command):
    assert isinstance(command, Command), command
    return [(line["item"]["$item"], line["amount"]["$minor"][0]) for line in command.body["item"]["items"]]


def applied(command):
    return [(part["doc"]["$document"], part["amount"]["$minor"][0]) for part in command.body["apply"]["items"]]


def test_a_void_takes_back_the_invoices_own_lines():
    """Where all of it is open, revenue and tax go back where they were booked, dated the day of the void."""
    command = plan(VOID, {"in_1": OPEN})
    assert [("Stripe Item", 1000), ("Stripe Tax", 90)] == items(command)
    assert [(["invoice", "in_1"], 1090)] == applied(command)
    assert ("creditMemo", "cm-in_1", "in_1", 1090, CLOSED, date(2026, 3, 1)) == (
        command.document,
        command.external_id,
        command.stripe_id,
        command.amount_minor,
        command.effective_date,
        command.partition,
    )


@pytest.mark.parametrize("document", [replace(OPEN, remaining_minor=400), replace(OPEN, total_minor=1200)])
def test_a_void_of_which_not_all_is_open_takes_what_is(document):
    """One line over what NetSuite holds open: which of the lines were paid, nobody knows."""
    command = plan(VOID, {"in_1": document})
    assert [("Stripe Refund", document.remaining_minor)] == items(command)
    assert [(["invoice", "in_1"], document.remaining_minor)] == applied(command)


@pytest.mark.parametrize(
    "known",
    [{}, {"in_1": replace(OPEN, remaining_minor=0)}, {"in_1": OPEN, "cm-in_1": KnownDocument("8")}],
)
def test_a_void_that_is_not_open_in_netsuite_needs_nothing(known):
    """It never was in the books, is settled there, or has its memo."""
    assert plan(VOID, known, ["in_1"]) is None


def test_a_void_waits_until_its_invoice_was_read_back():
    """Written a moment ago: what is open of it is known with the next read."""
    assert isinstance(plan(VOID, {"in_1": KnownDocument("7")}), Unread)


@pytest.mark.parametrize(("row", "amount"), [(VOID, 1090), (BAD_DEBT, 600)])
def test_another_currency_is_refused(row, amount):
    """Minor units of two currencies are not compared."""
    refusal = plan(row, {"in_1": replace(OPEN, currency="eur")})
    assert isinstance(refusal, Refusal)
    assert ("creditMemo", "cm-in_1", "in_1", "DOES_NOT_FIT", amount, CLOSED) == (
        refusal.document,
        refusal.external_id,
        refusal.stripe_id,
        refusal.code,
        refusal.amount_minor,
        refusal.effective_date,
    )


@pytest.mark.parametrize(
    ("known", "planned"),
    [
        ({"in_1": replace(OPEN, remaining_minor=600)}, []),
        ({"in_1": OPEN}, []),
        ({"in_1": KnownDocument("7")}, []),
        ({}, ["in_1"]),
    ],
)
def test_a_write_off_takes_what_stripe_says_was_left(known, planned):
    """On the item of bad debt, applied to the invoice that is there or comes first."""
    command = plan(BAD_DEBT, known, planned)
    assert [("Stripe Bad Debt", 600)] == items(command)
    assert [(["invoice", "in_1"], 600)] == applied(command)
    assert ("cm-in_1", CLOSED, ("cus_1", "in_1")) == (command.external_id, command.effective_date, command.depends_on)


@pytest.mark.parametrize(
    ("row", "known"),
    [
        (BAD_DEBT, {}),
        (BAD_DEBT, {"in_1": replace(OPEN, remaining_minor=0)}),
        (BAD_DEBT, {"in_1": OPEN, "cm-in_1": KnownDocument("8")}),
        (replace(BAD_DEBT, amount_remaining_minor=0), {"in_1": OPEN}),
        (replace(BAD_DEBT, customer_id=None), {"in_1": OPEN}),
        (replace(BAD_DEBT, closed_date=None), {"in_1": OPEN}),
    ],
)
def test_a_write_off_of_nothing_is_none(row, known):
    """Not in the books, nothing left, written off already, nobody's, or never closed."""
    assert plan(row, known) is None


def test_a_write_off_that_does_not_fit_is_refused():
    """Less is open than Stripe wrote off: somebody paid or credited it in NetSuite."""
    refusal = plan(BAD_DEBT, {"in_1": replace(OPEN, remaining_minor=599)})
    assert isinstance(refusal, Refusal)
    assert "DOES_NOT_FIT" == refusal.code
    assert "5.99 USD" in refusal.reason


def test_a_void_waits_for_an_invoice_that_may_be_there():
    """Its request has left and nobody knows what became of it: the plan says so, of one account and of several."""
    assert isinstance(plan(VOID, {}, departed={"in_1"}), Unread)
    rows = Rows((CustomerRow("cus_1", "Ann", None, MOMENT),), closed=(VOID,), departed={"in_1": 1090})
    one, other = make_plan(Policy(), rows, {}), make_plan(Policy(), Rows(), {})
    assert (one.commands, one.unread, other.unread) == ((), {"in_1"}, frozenset())
    assert together([one, other]).unread == {"in_1"}


@pytest.mark.parametrize(("row", "item"), [(BAD_DEBT, "bad_debt"), (VOID, "default")])
def test_a_memo_without_an_item_is_refused(row, item):
    """Setting an item to null in the policy means: tell me when you need it."""
    assert isinstance(plan(row, {"in_1": OPEN}, policy=Policy.model_validate({"items": {item: None}})), Refusal)


def test_policy_may_keep_uncollectible_invoices_open():
    """`keep_open` writes nothing off; a void is taken back all the same."""
    assert plan(BAD_DEBT, {"in_1": OPEN}, policy=KEEP_OPEN) is None
    assert isinstance(plan(VOID, {"in_1": OPEN}, policy=KEEP_OPEN), Command)


def test_what_was_written_off_and_paid_is_a_debt_once_more():
    """An invoice of what the memo took, on the item that it took it from, dated the day it was paid."""
    known = {"in_1": replace(OPEN, remaining_minor=0), "cm-in_1": KnownDocument("8", "usd", 600, 0)}
    command = plan(PAID_LATER, known)
    assert [("Stripe Bad Debt", 600)] == items(command)
    assert "apply" not in command.body
    assert ("invoice", "ri-in_1", "in_1", 600, date(2026, 4, 2)) == (
        command.document,
        command.external_id,
        command.stripe_id,
        command.amount_minor,
        command.effective_date,
    )
    assert plan(PAID_LATER, {**known, "ri-in_1": KnownDocument("9")}) is None
    undated = plan(replace(PAID_LATER, paid_date=None), known)
    assert undated.effective_date == PAID_LATER.closed_date


def test_a_paid_invoice_that_was_not_written_off_here_needs_nothing():
    """Paid before its write-off came into the books; one whose memo was not read back yet waits."""
    assert plan(PAID_LATER, {"in_1": OPEN}) is None
    assert isinstance(plan(PAID_LATER, {"in_1": OPEN, "cm-in_1": KnownDocument("8")}), Unread)
    assert isinstance(plan(PAID_LATER, {"in_1": OPEN}, departed={"cm-in_1"}), Unread)


def test_the_late_payment_pays_the_restored_debt():
    """The payment of a written-off invoice is applied to `ri-in_…`, which comes before it in the plan."""
    charge = PaymentRow("ch_1", "cus_1", "usd", 600, date(2026, 4, 2), MOMENT, (ApplicationRow("in_1", 600),))
    known = {"in_1": replace(OPEN, remaining_minor=0), "cm-in_1": KnownDocument("8", "usd", 600, 0)}
    rows = Rows((CustomerRow("cus_1", "Ann", None, MOMENT),), payments=(charge,), closed=(PAID_LATER,))
    made = make_plan(Policy(), rows, known)
    assert ["cus_1", "ri-in_1", "ch_1"] == [command.external_id for command in made.commands]
    assert [(["invoice", "ri-in_1"], 600)] == applied(made.commands[-1])
    assert ("cus_1", "ri-in_1") == made.commands[-1].depends_on
    later = make_plan(Policy(), rows, {**known, "ri-in_1": KnownDocument("9", "usd", 600, 600)})
    assert [(["invoice", "ri-in_1"], 600)] == applied(later.commands[-1])
