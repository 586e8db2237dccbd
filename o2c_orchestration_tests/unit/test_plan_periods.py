"""Documents dated in a closed accounting period: refused by name, or dated on the first day that is open."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from o2c_orchestration.domain.documents import (
    ApplicationRow,
    ChargeHistory,
    Command,
    CustomerRow,
    DisputeRow,
    InvoiceRow,
    KnownDocument,
    LineRow,
    PaymentRow,
    Plan,
    Refusal,
    Rows,
)
from o2c_orchestration.domain.payouts import MemberRow, PayoutRow
from o2c_orchestration.domain.periods import PeriodRow, moved_memo, original_date
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan import make_plan

MOMENT = datetime(2026, 1, 20, 12, tzinfo=UTC)
IN_JANUARY, IN_MARCH = date(2026, 1, 20), date(2026, 3, 20)
JANUARY = PeriodRow("Jan 2026", date(2026, 1, 1), date(2026, 1, 31), closed=True)
FEBRUARY = PeriodRow("Feb 2026", date(2026, 2, 1), date(2026, 2, 28), closed=True)
MARCH = PeriodRow("Mar 2026", date(2026, 3, 1), date(2026, 3, 31))
PERIODS = (MARCH, JANUARY, FEBRUARY)
MOVE = Policy.model_validate({"periods": {"closed": "first_open"}})
CUSTOMER = CustomerRow("cus_1", "Ann", None, MOMENT, ("usd",))
INVOICE = InvoiceRow(
    id="in_1",
    customer_id="cus_1",
    number="A-1",
    currency="usd",
    status="paid",
    total_minor=1000,
    tax_minor=0,
    amount_remaining_minor=0,
    issue_date=IN_JANUARY,
    due_date=date(2026, 2, 19),
    created_at=MOMENT,
    lines=(LineRow("il_1", "Seats", 1000),),
)
PAYMENT = PaymentRow("ch_1", "cus_1", "usd", 1000, IN_MARCH, MOMENT, (ApplicationRow("in_1", 1000),))
WON = DisputeRow("dp_1", "ch_1", "usd", 1000, "won", IN_JANUARY, MOMENT, IN_MARCH)
MEMBER = MemberRow("txn_1", "charge", "charge", "ch_1", "usd", 1000, 30, 970, MOMENT)
PAYOUT = PayoutRow("po_1", "usd", 970, "paid", IN_JANUARY, MOMENT, automatic=True, complete=True, members=(MEMBER,))
PAID = {"in_1": KnownDocument("7", "usd", 1000, 0), "ch_1": KnownDocument("8", "usd", 1000, 0)}


def plan(policy: Policy = Policy(), known=None, periods=PERIODS, **rows) -> Plan:  # noqa: B008 - frozen value
    return make_plan(policy, Rows((CUSTOMER,), periods=periods, **rows), known or {"cus_1": KnownDocument("1")})


def only(found: tuple[Command, ...]) -> Command:
    (command,) = found
    return command


def refused(found: Plan) -> dict[str, Refusal]:
    return {item.external_id: item for item in found.refusals}


# --- refuse -----------------------------------------------------------------------------------------------------------


def test_a_closed_period_is_refused_by_name_and_with_its_fix():
    """Nothing is sent that NetSuite would refuse: the period, its state and both ways out are told."""
    made = plan(invoices=(INVOICE,))
    assert made.commands == ()
    refusal = refused(made)["in_1"]
    assert (refusal.code, refusal.amount_minor, refusal.effective_date) == ("PERIOD_CLOSED", 1000, IN_JANUARY)
    assert refusal.reason == "its date 2026-01-20 lies in the accounting period Jan 2026, which is closed"
    assert refusal.fix == (
        "open Jan 2026 in NetSuite, and run o2c apply or the day again, or set periods.closed: first_open in o2c.yaml"
    )


def test_what_leans_on_a_refused_document_is_refused_too():
    """A payment of an open period does not pay an invoice that a closed one keeps out."""
    made = plan(invoices=(INVOICE,), payments=(PAYMENT,))
    assert made.commands == ()
    assert refused(made)["ch_1"].code == "INVOICE_MISSING"


@pytest.mark.parametrize("policy", [Policy(), MOVE])
def test_an_open_period_changes_nothing(policy: Policy):
    """Closed periods elsewhere, and none at all, leave a document as it is."""
    row = replace(INVOICE, issue_date=IN_MARCH)
    assert plan(policy, invoices=(row,)) == plan(policy, periods=(), invoices=(row,))


def test_without_known_periods_netsuite_judges():
    """Where the periods cannot be read, everything is planned as it was before."""
    assert only(plan(periods=(), invoices=(INVOICE,)).commands).effective_date == IN_JANUARY


def test_a_won_dispute_waits_for_its_withdrawal():
    """Money that came back is not booked while the closed period keeps out that it went away."""
    made = plan(known=PAID | {"cus_1": KnownDocument("1")}, histories=(ChargeHistory(PAYMENT, (), (WON,)),))
    assert made.commands == ()
    assert set(refused(made)) == {"cm-dp_1", "dp_1", "ri-dp_1", "rp-dp_1"}
    assert refused(made)["rp-dp_1"].reason == ("cm-dp_1, which comes before it, is dated in a closed period: Jan 2026")


def test_a_returned_payout_waits_for_its_deposit():
    """The journal entry of the return is refused with the deposit that it takes back."""
    row = replace(PAYOUT, status="failed", returned_date=IN_MARCH)
    assert set(refused(plan(known=PAID, payouts=(row,)))) == {"po_1", "pf-po_1"}


# --- first_open -------------------------------------------------------------------------------------------------------


def test_first_open_moves_to_the_first_open_day_and_keeps_the_date_in_the_memo():
    """Past every closed period; the due date is not before the new date; amounts and lines are the same."""
    was = only(plan(periods=(), invoices=(INVOICE,)).commands)
    moved = only(plan(MOVE, invoices=(INVOICE,)).commands)
    changed = {name for name in moved.body if moved.body[name] != was.body[name]}
    assert changed == {"tranDate", "memo", "dueDate"}
    assert (moved.body["tranDate"], moved.body["dueDate"]) == ("2026-03-01", "2026-03-01")
    assert moved.body["memo"] == "Stripe: in_1. Original transaction date: 2026-01-20"
    assert (moved.effective_date, moved.partition) == (date(2026, 3, 1), was.partition)
    assert moved.why == f"{was.why}; Jan 2026 is closed, so it is dated 2026-03-01"


def test_a_later_due_date_stays():
    """A due date after the new date is not touched."""
    row = replace(INVOICE, due_date=date(2026, 4, 19))
    assert only(plan(MOVE, invoices=(row,)).commands).body["dueDate"] == "2026-04-19"


def test_every_type_of_document_is_moved():
    """Payment, credit memo, refund, deposit and journal entry by the same rule; what is open stays."""
    payment = replace(PAYMENT, payment_date=IN_JANUARY)
    history = ChargeHistory(payment, (), (WON,))
    back = replace(PAYOUT, status="failed", returned_date=date(2026, 2, 3))
    made = plan(MOVE, invoices=(INVOICE,), payments=(payment,), histories=(history,), payouts=(back,))
    days = {command.external_id: command.effective_date for command in made.commands}
    first = date(2026, 3, 1)
    assert days == {
        **dict.fromkeys(["in_1", "ch_1", "cm-dp_1", "dp_1", "po_1", "pf-po_1"], first),
        **dict.fromkeys(["ri-dp_1", "rp-dp_1"], IN_MARCH),
    }
    assert all(command.body["tranDate"] == days[command.external_id].isoformat() for command in made.commands)


def test_with_no_later_open_period_it_is_refused():
    """Nothing is dated into a period that is not there."""
    made = plan(MOVE, periods=(JANUARY, FEBRUARY), invoices=(INVOICE,))
    assert refused(made)["in_1"].reason.endswith("which is closed, and no later one is open")
    assert refused(made)["in_1"].fix == "open Jan 2026 in NetSuite, and run o2c apply or the day again"


def test_locked_receivables_hold_up_receivables_only():
    """An invoice moves; the deposit is dated as the bank received it."""
    locked = (replace(JANUARY, closed=False, receivables_locked=True), MARCH)
    made = plan(MOVE, periods=locked, invoices=(INVOICE,), payments=(PAYMENT,), payouts=(PAYOUT,))
    days = {command.external_id: command.effective_date for command in made.commands}
    assert days == {"in_1": date(2026, 3, 1), "ch_1": IN_MARCH, "po_1": IN_JANUARY}
    told = refused(plan(periods=locked, invoices=(INVOICE,)))["in_1"].reason
    assert told == "its date 2026-01-20 lies in the accounting period Jan 2026, which is locked for receivables"


def test_what_is_booked_already_is_not_planned_again():
    """A document that stands in NetSuite is left alone, whatever becomes of its period."""
    assert plan(MOVE, known=PAID | {"cus_1": KnownDocument("1")}, invoices=(INVOICE,)).commands == ()


# --- a month that was locked here -------------------------------------------------------------------------------------

LOCKED = PeriodRow("2026-01", date(2026, 1, 1), date(2026, 1, 31), locked=True)
OPEN = tuple(replace(period, closed=False) for period in PERIODS)


def test_a_locked_month_is_closed_whatever_netsuite_says():
    """Refused with the lock and how it is taken off, or moved; NetSuite's own period of the month is open."""
    refusal = refused(plan(periods=(*OPEN, LOCKED), invoices=(INVOICE,)))["in_1"]
    assert (refusal.code, refusal.reason) == (
        "PERIOD_CLOSED",
        "its date 2026-01-20 lies in 2026-01, which was locked by o2c close",
    )
    assert refusal.fix.startswith(
        "o2c close --month 2026-01 --unlock, and run o2c apply or the day again, or set periods"
    )
    moved = only(plan(MOVE, periods=(*OPEN, LOCKED), invoices=(INVOICE,)).commands)
    assert moved.effective_date == date(2026, 2, 1)
    assert moved.body["memo"].endswith("Original transaction date: 2026-01-20")
    assert moved.why.endswith("2026-01 is locked, so it is dated 2026-02-01")


def test_what_is_moved_goes_past_locked_months_too():
    """Open in NetSuite is not enough: the next day is one that nobody has closed."""
    next_one = PeriodRow("2026-02", date(2026, 2, 1), date(2026, 2, 28), locked=True)
    for periods in ((*OPEN, LOCKED, next_one), (*PERIODS, next_one)):
        assert only(plan(MOVE, periods=periods, invoices=(INVOICE,)).commands).effective_date == date(2026, 3, 1)


def test_a_lock_keeps_deposits_out_as_well():
    """It is no lock of receivables: nothing at all is dated in the month any more."""
    made = plan(periods=(*OPEN, LOCKED), invoices=(INVOICE,), payments=(PAYMENT,), payouts=(PAYOUT,))
    assert {"in_1", "po_1"} <= set(refused(made))


# --- the memo ---------------------------------------------------------------------------------------------------------


def test_the_memo_gives_the_date_back():
    """What is written is read again; a memo without a date, or with one that is none, says nothing."""
    assert original_date(moved_memo("Stripe: in_1", IN_JANUARY)) == IN_JANUARY
    assert original_date("Stripe: in_1") is None
    assert original_date("Original transaction date: 2026-02-31") is None


# --- tax periods ------------------------------------------------------------------------------------------------------

TAXED = (
    PeriodRow("Jan 2026", date(2026, 1, 1), date(2026, 1, 31)),
    MARCH,
    PeriodRow("Jan 2026", date(2026, 1, 1), date(2026, 1, 31), receivables_locked=True, tax=True),
)
HEEDED = Policy.model_validate({"periods": {"tax": "lock"}})


def test_closed_tax_periods_are_left_to_netsuite_by_default():
    """NetSuite reports what comes late in the next return: nothing is refused, and no date is changed."""
    assert only(plan(periods=TAXED, invoices=(INVOICE,)).commands).effective_date == IN_JANUARY
    assert only(plan(MOVE, periods=TAXED, invoices=(INVOICE,)).commands).effective_date == IN_JANUARY


def test_a_closed_tax_period_that_is_heeded_keeps_receivables_out_and_says_so():
    """It is told apart from the accounting period of the same name, which is open."""
    made = plan(HEEDED, periods=TAXED, invoices=(INVOICE,))
    assert made.commands == ()
    refusal = refused(made)["in_1"]
    assert refusal.reason == "its date 2026-01-20 lies in the tax period Jan 2026, which is closed"
    assert refusal.fix.startswith("open the tax period Jan 2026 in NetSuite, and run")


def test_a_heeded_tax_period_moves_documents_like_others():
    """To the first day that is open for both kinds of periods, while money goes on its day."""
    policy = Policy.model_validate({"periods": {"tax": "lock", "closed": "first_open"}})
    moved = only(plan(policy, periods=TAXED, invoices=(INVOICE,)).commands)
    assert moved.effective_date == date(2026, 3, 1)
    assert moved.why.endswith("the tax period Jan 2026 is closed, so it is dated 2026-03-01")
    deposit = only(plan(HEEDED, PAID, TAXED, payouts=(PAYOUT,)).commands)
    assert deposit.effective_date == PAYOUT.arrival_date
