"""What the planner reads of money that goes back and of payouts: which days, what they lean on, what is known."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from o2c_orchestration.domain.documents import Plan
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan import make_plan
from o2c_orchestration.store import journal, movements, planning
from o2c_orchestration.store.plan_rows import PlanInput, plan_input
from o2c_orchestration_tests.integration_store.builders import (
    DAY,
    MOMENT,
    accept,
    accounts,
    command,
    journal_id,
    ledger_document,
    mirror,
    refusal,
)

OLD = MOMENT - timedelta(days=40)
LINE = (
    '[{"id": "%s", "description": "Seats", "amount_minor": 100, "discount_minor": 0, "tax_exclusive_minor": 0, '
    '"tax_inclusive_minor": 0, "quantity": "1"%s}]'
)


def given(engine: Engine, days: int = 0) -> PlanInput:
    return plan_input(engine, DAY + timedelta(days), DAY + timedelta(days), "Suspense")


def charged(engine: Engine, **changes: Any) -> None:
    """An old charge that pays an old invoice."""
    accept(engine, "customers", {"id": "cus_1", "created_at": OLD})
    accept(engine, "invoices", {"id": "in_1", "status": "paid", "lines": LINE % ("il_1", ', "price_id": "price_1"')})
    accept(engine, "payments", {"id": "ch_1", "payment_intent": "pi_1", "created_at": OLD, **changes})
    accept(engine, "invoice_payments", {"id": "inpay_1", "invoice_id": "in_1", "payment_intent": "pi_1"})


def test_credit_notes_come_with_the_lines_that_they_take_back(engine):
    """Issued ones of the days that have no document; their own lines and those of their invoices."""
    charged(engine)
    accept(
        engine,
        "credit_notes",
        {"id": "cn_1", "lines": LINE % ("cnli_1", ', "origin": "il_1"'), "shipping_minor": 7},
        {"id": "cn_2", "status": "void"},
        {"id": "cn_3", "created_at": OLD},
        {"id": "cn_4"},
    )
    mirror(engine, [ledger_document(4, "creditMemo", stripe_ref="cn_4")])
    [note] = given(engine).rows.credit_notes
    assert ("cn_1", "in_1", 7, "il_1") == (note.id, note.invoice_id, note.shipping_minor, note.lines[0].origin)
    assert {"il_1": "price_1"} == {key: line.price_id for key, line in given(engine).rows.invoice_lines.items()}
    assert () == given(engine, 1).rows.credit_notes


def test_the_history_of_a_charge_is_whole_in_each_of_its_days(engine):
    """All refunds and disputes of the charge, whichever of them is of these days: each sees those before it."""
    charged(engine)
    accept(
        engine,
        "refunds",
        {"id": "re_1", "created_at": OLD},
        {"id": "re_2", "failure_transaction": "txn_f"},
        {"id": "re_3", "balance_transaction": None},
    )
    accept(engine, "balance_transactions", {"id": "txn_f", "booked_date": DAY + timedelta(3)})
    accept(engine, "disputes", {"id": "dp_1", "created_at": OLD}, {"id": "dp_2", "withdrawn_date": None})
    [history] = given(engine).rows.histories
    assert ("ch_1", ["re_1", "re_2"], ["dp_1"]) == (
        history.payment.id,
        [row.id for row in history.refunds],
        [row.id for row in history.disputes],
    )
    assert [None, DAY + timedelta(3)] == [row.returned_date for row in history.refunds]
    assert [("in_1", 100)] == [(part.invoice_id, part.amount_minor) for part in history.payment.applications]
    assert () == given(engine, 1).rows.histories


def test_a_refund_is_paid_out_of_the_notes_that_name_it_once(engine):
    """Of its charge's invoices; a second invoice payment of the same PaymentIntent changes nothing."""
    charged(engine)
    part = {"invoice_id": "in_1", "payment_intent": "pi_1", "status": "canceled"}
    accept(engine, "invoice_payments", {"id": "inpay_2", **part})
    accept(engine, "refunds", {"id": "re_1"})
    accept(
        engine,
        "credit_notes",
        {"id": "cn_1", "refunds": '[["re_1", 60], ["re_2", 40]]'},
        {"id": "cn_2", "status": "void", "refunds": '[["re_1", 40]]'},
        {"id": "cn_3", "invoice_id": "in_other", "refunds": '[["re_1", 40]]'},
    )
    [history] = given(engine).rows.histories
    assert [("cn_1", 60)] == [(part.credit_note_id, part.amount_minor) for part in history.refunds[0].credited]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, "in_1"),
        ({"refunds": {"id": "re_1", "amount_minor": 99}}, "in_1"),
        ({"invoices": {"id": "in_1", "status": "void"}}, None),
        ({"invoices": {"id": "in_1", "status": "paid", "closed_date": DAY}}, None),
        ({"credit_notes": {"id": "cn_1"}}, None),
        ({"credit_notes": {"id": "cn_1", "status": "void"}}, "in_1"),
        ({"invoice_payments": {"id": "inpay_2", "invoice_id": "in_2", "payment_intent": "pi_1"}}, None),
    ],
)
def test_an_invoice_comes_with_the_refunds_of_its_charge(engine, changes, found):
    """The only one that the charge pays, if nothing else took anything of it back."""
    charged(engine)
    accept(engine, "refunds", {"id": "re_1"})
    for table, row in changes.items():
        accept(engine, table, row)
    [history] = given(engine).rows.histories
    assert found == (history.invoice and history.invoice.id)
    if history.invoice:
        assert ["il_1"] == [line.id for line in history.invoice.lines]


def test_closed_invoices_are_read_whether_or_not_they_are_known(engine):
    """By the day of their creation, with what NetSuite holds open of them."""
    accept(engine, "invoices", {"id": "in_1", "status": "void", "closed_date": DAY}, {"id": "in_2"})
    mirror(engine, [ledger_document(1, stripe_ref="in_1", remaining_minor=30)])
    read = given(engine)
    assert ["in_1"] == [row.id for row in read.rows.closed]
    assert 30 == read.known["in_1"].remaining_minor


def test_what_derived_keys_name_is_known_planned_or_refused(engine):
    """Documents of every key of a history: in NetSuite, about to be written by other days, or with a person."""
    charged(engine)
    accept(engine, "refunds", {"id": "re_1"})
    mirror(engine, [ledger_document(5, "creditMemo", stripe_ref="cm-re_1", total_minor=40)])
    journal.intend(engine, [command("customerPayment", "ch_1"), command("customerPayment", "rf-re_1")])
    claim = journal.claim(engine, journal_id(engine, "rf-re_1"), 60)
    assert claim is not None
    assert journal.record_refused(engine, claim, "USER_ERROR", "NetSuite says no", "ask NetSuite")
    read = given(engine)
    assert {"cm-re_1": 40} == {key: document.total_minor for key, document in read.known.items()}
    assert ({"ch_1"}, {"rf-re_1"}) == (read.planned, read.refused)


def test_what_has_left_is_told(engine):
    """From the claim on, also when it is written: the ledger may not have been read since. What never left is not."""
    charged(engine)
    accept(engine, "refunds", {"id": "re_1"})
    journal.intend(engine, [command("creditMemo", "cm-re_1", amount=30), command("customerRefund", "re_1", amount=40)])
    assert {} == given(engine).rows.departed
    claim = journal.claim(engine, journal_id(engine, "cm-re_1"), 60)
    assert claim is not None
    assert {"cm-re_1": 30} == given(engine).rows.departed
    assert journal.record_unknown(engine, claim, "no answer", 0)
    assert {"cm-re_1": 30} == given(engine).rows.departed
    (claim,) = journal.claim_unknown(engine, 1, 60, takeover=True)
    assert journal.record_done(engine, claim, 7, adopted=True)
    assert {"cm-re_1": 30} == given(engine).rows.departed
    assert given(engine).known["cm-re_1"].total_minor is None


def test_what_another_day_refused_is_refused(engine):
    """A member of a payout whose document waits for a person is told as such; of these very days it is planned anew."""
    payout(engine, "ch_1")
    planning.save_plan(engine, Plan((), (refusal("customerPayment", "ch_1"),)), DAY, DAY)
    assert frozenset() == given(engine).refused
    accept(engine, "payouts", {"id": "po_1", "created_at": MOMENT + timedelta(1)})
    assert {"ch_1"} == given(engine, 1).refused


def payout(engine: Engine, *sources: str, **changes: Any) -> None:
    """A payout of 100 for each source."""
    accept(engine, "payouts", {"id": "po_1", "amount_minor": 100 * len(sources), **changes})
    for number, source in enumerate(sources):
        accept(engine, "balance_transactions", {"id": f"txn_{number}", "source_id": source, "fees": '[["tax", 0]]'})
    movements.record_members(engine, "po_1", [f"txn_{number}" for number in range(len(sources))], MOMENT)


def test_payouts_come_with_members_and_what_those_stand_for(engine):
    """Source amounts in the customer's currency, fees by type, and the deposit that holds a document already."""
    charged(engine, currency="eur", amount_minor=90)
    payout(engine, "ch_1", "re_9")
    mirror(
        engine,
        [ledger_document(1, "customerPayment", stripe_ref="ch_1"), ledger_document(50, "deposit", entity_id=None)],
        deposited=[(1, 50)],
    )
    read = given(engine)
    [row] = read.rows.payouts
    assert (True, True, 200) == (row.automatic, row.complete, row.amount_minor)
    assert [("eur", 90, (("tax", 0),)), (None, None, (("tax", 0),))] == [
        (member.source_currency, member.source_minor, member.fees) for member in row.members
    ]
    assert "ns:50" == read.known["ch_1"].deposit_key


def test_a_payout_is_looked_at_until_it_is_deposited(engine):
    """One that came back longer, for its journal entry; one whose members were not read is not complete."""
    accept(engine, "payouts", {"id": "po_1"}, {"id": "po_2"}, {"id": "po_3", "failure_transaction": "txn_f"})
    accept(engine, "balance_transactions", {"id": "txn_f"})
    documents = [ledger_document(number, "deposit", stripe_ref=f"po_{number}", entity_id=None) for number in (2, 3)]
    mirror(engine, documents)
    assert [("po_1", False, None), ("po_3", False, DAY)] == [
        (row.id, row.complete, row.returned_date) for row in given(engine).rows.payouts
    ]


def test_a_residual_waits_until_its_document_can_be_deposited(engine):
    """What lies on Suspense is read with its member; once its charge is booked it is cleared, and then gone."""
    accounts(engine)
    payout(engine, "ch_1")
    accept(engine, "payments", {"id": "ch_1"})
    deposit = ledger_document(50, "deposit", stripe_ref="po_1", entity_id=None)
    mirror(engine, [deposit], lines=[(50, 1, 6, 100, "txn_0 charge"), (50, 2, 6, 3, "by hand")])
    [residual] = given(engine).rows.residuals
    assert ("po_1", "txn_0", 100) == (residual.deposit_key, residual.member.id, residual.suspense_minor)
    mirror(engine, [ledger_document(1, "customerPayment", stripe_ref="ch_1")])
    read = given(engine)
    plan = make_plan(Policy(), read.rows, read.known, read.planned, read.refused)
    assert ["rc-txn_0"] == [item.external_id for item in plan.commands]
    mirror(engine, [ledger_document(51, "deposit", stripe_ref="rc-txn_0", entity_id=None)])
    assert () == given(engine).rows.residuals
