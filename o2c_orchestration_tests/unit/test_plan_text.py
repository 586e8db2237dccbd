"""The plan as an accountant reads it: who, how much, on which item or account, and why."""

from datetime import UTC, date, datetime

import pytest

from o2c_orchestration.console.plan_text import plan_json, show_plan, with_what_waits
from o2c_orchestration.domain.documents import (
    ApplicationRow,
    ChargeHistory,
    CustomerRow,
    DisputeRow,
    InvoiceRow,
    KnownDocument,
    LineRow,
    PaymentRow,
    RefundRow,
    Rows,
)
from o2c_orchestration.domain.payouts import MemberRow, PayoutRow
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan import make_plan

MOMENT = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = date(2026, 3, 1)
KNOWN = {"in_1": KnownDocument("7", "usd", 10000, 0), "ch_1": KnownDocument("8", "usd", 10000, 0)}
PAYMENT = PaymentRow("ch_1", "cus_1", "usd", 10000, DAY, MOMENT, (ApplicationRow("in_1", 10000),))


def said(capsys: pytest.CaptureFixture[str], rows: Rows, policy: Policy = Policy()) -> list[str]:  # noqa: B008 - frozen
    """What the plan of these rows prints, line by line without the margin."""
    customers = (CustomerRow("cus_1", "Acme", None, MOMENT),)
    plan = make_plan(policy, Rows(customers, *(getattr(rows, name) for name in Rows.__match_args__[1:])), KNOWN)
    show_plan(with_what_waits(plan.commands, {}), plan.refusals, {"cus_1": "Acme"})
    return [line.strip() for line in capsys.readouterr().out.splitlines()]


def test_a_refund_says_whose_money_it_is_and_what_it_takes_back(capsys: pytest.CaptureFixture[str]) -> None:
    """The memo with its item and its reason, the refund with the memo that it pays."""
    refund = RefundRow("re_1", "ch_1", "usd", 2500, DAY, MOMENT)
    lines = said(capsys, Rows(histories=(ChargeHistory(PAYMENT, (refund,)),)))
    assert "+ creditMemo cm-re_1  2026-03-01  25.00 USD" in lines
    assert "customer cus_1 (Acme)" in lines
    assert "25.00 USD  Refund of ch_1  → Stripe Refund" in lines
    assert "25.00 USD  applied to cm-re_1" in lines
    why = [line for line in lines if line.startswith("why: Stripe refund re_1 gave money of ch_1 (paid in_1) back")]
    assert len(why) == 2
    assert why[0].endswith("this takes the revenue back")


def test_a_dispute_that_was_won_is_four_documents(capsys: pytest.CaptureFixture[str]) -> None:
    """Revenue taken back and money withdrawn, revenue and money restored, each with its reason."""
    dispute = DisputeRow("dp_1", "ch_1", "usd", 10000, "won", DAY, MOMENT, date(2026, 3, 9))
    lines = said(capsys, Rows(histories=(ChargeHistory(PAYMENT, (), (dispute,)),)))
    heads = [line.split()[1:3] for line in lines if line.startswith("+ ")]
    assert heads == [
        ["customer", "cus_1"],
        ["invoice", "ri-dp_1"],
        ["customerPayment", "rp-dp_1"],
        ["creditMemo", "cm-dp_1"],
        ["customerRefund", "dp_1"],
    ]
    assert "100.00 USD  Dispute won  → Stripe Dispute" in lines
    assert "why: Stripe dispute dp_1 was won and its money came back" in lines


def test_a_deposit_names_bank_and_accounts(capsys: pytest.CaptureFixture[str]) -> None:
    """Documents by group, each fee on its account, what nobody explains on Suspense with the reason."""
    charge = MemberRow(
        "txn_1", "charge", "charge", "ch_1", "usd", 10000, 325, 9675, MOMENT, (("stripe_fee", 300), ("tax", 25))
    )
    levy = MemberRow("txn_2", "galactic_levy", "other_adjustment", None, "usd", -75, 0, -75, MOMENT)
    payout = PayoutRow("po_1", "usd", 9600, "paid", DAY, MOMENT, True, True, (charge, levy))
    lines = said(capsys, Rows(payouts=(payout,)))
    assert "+ deposit po_1  2026-03-01  96.00 USD  to Checking" in lines
    assert "100.00 USD  payments (1)" in lines
    assert "-3.00 USD  fees: stripe_fee  → Stripe Fees" in lines
    assert "-0.25 USD  fees: tax  → Tax on Stripe Fees" in lines
    levied = "-0.75 USD  txn_2 galactic_levy: nobody has said what this type is in the ledger  → Suspense"
    assert levied in lines
    assert "why: Stripe payout po_1 of 96.00 USD is paid and has no NetSuite deposit" in lines


def test_a_payout_below_zero_says_what_netsuite_will_show(capsys: pytest.CaptureFixture[str]) -> None:
    """Its deposit has a total of nothing, and the money leaves the bank account on a line."""
    fee = MemberRow("txn_1", "stripe_fee", "fee", None, "usd", -500, 0, -500, MOMENT)
    payout = PayoutRow("po_1", "usd", -500, "paid", DAY, MOMENT, True, True, (fee,))
    lines = said(capsys, Rows(payouts=(payout,)))
    assert "NetSuite takes no deposit below zero: its total is 0, and a line takes 5.00 USD from Checking" in lines


def test_a_payout_that_came_back_says_where_its_money_waits(capsys: pytest.CaptureFixture[str]) -> None:
    """The deposit all the same, and a journal entry that takes it off the bank account."""
    fee = MemberRow("txn_1", "charge", "charge", "ch_1", "usd", 10000, 0, 10000, MOMENT)
    payout = PayoutRow("po_1", "usd", 10000, "failed", DAY, MOMENT, True, True, (fee,), date(2026, 3, 4))
    lines = said(capsys, Rows(payouts=(payout,)))
    assert "+ journalEntry pf-po_1  2026-03-04  100.00 USD" in lines
    assert "100.00 USD  debit Stripe Returned Payouts" in lines
    assert any("was paid out and failed: its money went back" in line for line in lines)


def test_a_refusal_says_whose_and_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    """What cannot be written names the customer, the reason and the way out."""
    refund = RefundRow("re_1", "ch_2", "usd", 2500, DAY, MOMENT)
    unknown = PaymentRow("ch_2", "cus_1", "usd", 10000, DAY, MOMENT, (ApplicationRow("in_2", 10000),))
    lines = said(capsys, Rows(histories=(ChargeHistory(unknown, (refund,)),)))
    assert "! customerRefund re_1  2026-03-01  25.00 USD" in lines
    assert "customer cus_1 (Acme)" in lines
    assert "not written: the charge ch_2 that it takes back has no NetSuite payment" in lines
    assert "to do: settle the gap of ch_2 first; it follows then" in lines


def test_a_line_says_over_which_days_it_is_delivered(capsys: pytest.CaptureFixture[str]) -> None:
    """Where o2c.yaml names fields for it: first and last day, next to the item."""
    policy = Policy.model_validate({"revenue": {"start_field": "custcol_a", "end_field": "custcol_b"}})
    line = LineRow("il_1", "Seats", 500, period_start=MOMENT, period_end=datetime(2026, 4, 1, 7, tzinfo=UTC))
    invoice = InvoiceRow("in_2", "cus_1", None, "usd", "open", 500, 0, 500, DAY, None, MOMENT, (line,))
    lines = said(capsys, Rows(invoices=(invoice,)), policy)
    assert "5.00 USD  Seats  → Stripe Item, 2026-03-01 to 2026-03-31" in lines


def test_a_document_of_the_common_customer_says_so(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The Stripe customer as ever, and whose the document is in NetSuite."""
    policy = Policy.model_validate({"customers": {"mode": "global", "global": "Everybody"}})
    refund = RefundRow("re_1", "ch_1", "usd", 2500, DAY, MOMENT)
    monkeypatch.setitem(KNOWN, "global:Everybody", KnownDocument("9"))
    lines = said(capsys, Rows(histories=(ChargeHistory(PAYMENT, (refund,)),)), policy)
    assert lines.count("booked under Everybody") == lines.count("customer cus_1 (Acme)") == 2


def test_what_waits_for_a_refused_document_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    """A whole payout may wait for one invoice: the way there is told, and none of it counts as to be written."""
    line = LineRow("il_1", "Seats", 10000)
    invoice = InvoiceRow("in_1", "cus_1", "A-1", "usd", "paid", 10000, 0, 0, DAY, None, MOMENT, (line,))
    member = MemberRow("txn_1", "charge", "charge", "ch_1", "usd", 10000, 0, 10000, MOMENT, (), "usd", 10000)
    payout = PayoutRow("po_1", "usd", 10000, "paid", DAY, MOMENT, automatic=True, complete=True, members=(member,))
    customers = (CustomerRow("cus_1", "Acme", None, MOMENT),)
    plan = make_plan(Policy(), Rows(customers, (invoice,), (PAYMENT,), payouts=(payout,)), {})
    planned = list(with_what_waits(plan.commands, {"in_1": "NetSuite refused it: the customer is inactive"}))
    held = {command.external_id: why for command, why in planned}
    assert held["ch_1"] == "it waits for in_1: NetSuite refused it: the customer is inactive"
    assert held["po_1"] == f"it waits for ch_1: {held['ch_1']}"
    assert held["cus_1"] is None
    show_plan(planned, plan.refusals, {})
    assert "1 documents to write (+), 3 that cannot be written as things stand (!)." in capsys.readouterr().out
    told = {item["external_id"]: item["held"] for item in plan_json(planned, ())["commands"]}
    assert (told["cus_1"], told["po_1"]) == (None, held["po_1"])
