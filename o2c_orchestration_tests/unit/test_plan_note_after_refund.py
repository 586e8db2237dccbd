"""A credit note that explains a refund which is booked already: what it takes back is taken back once."""

from dataclasses import replace
from datetime import UTC, date, datetime

from o2c_orchestration.domain.documents import (
    ApplicationRow,
    ChargeHistory,
    Command,
    CreditedRow,
    CreditNoteRow,
    KnownDocument,
    LineRow,
    PaymentRow,
    RefundRow,
    Refusal,
    Rows,
)
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan import make_plan
from o2c_orchestration.plan.credit_note import plan_credit_note
from o2c_orchestration.plan.outcome import Skip

MOMENT, DAY = datetime(2026, 3, 1, 5, 30, tzinfo=UTC), date(2026, 2, 28)
NOTE = CreditNoteRow(
    *("cn_1", "in_1", "cus_1", "usd", "issued", 400, 0, 0, DAY, MOMENT),
    lines=(LineRow("cnli_1", "Hats", 400),),
    refunds=("re_1",),
)
PAYMENT = PaymentRow("ch_1", "cus_1", "usd", 1000, DAY, MOMENT, (ApplicationRow("in_1", 1000),))
REFUND = RefundRow("re_1", "ch_1", "usd", 400, DAY, MOMENT, None, (CreditedRow("cn_1", 400),))
KNOWN = {key: KnownDocument(str(number)) for number, key in enumerate(("cus_1", "in_1", "ch_1"), 1)}
MEMO = {"cm-re_1": KnownDocument("9", "usd", 400)}


def plan(known):
    return make_plan(Policy(), Rows(credit_notes=(NOTE,), histories=(ChargeHistory(PAYMENT, (REFUND,)),)), known)


def test_a_note_of_a_new_refund_is_its_memo():
    """One memo, the note's, and the refund is paid out of it."""
    made = {command.external_id: command.depends_on for command in plan(KNOWN).commands}
    assert made == {"cn_1": ("cus_1",), "re_1": ("cus_1", "cn_1")}


def test_a_note_of_a_refund_that_has_its_own_memo_is_refused():
    """Revenue would go back twice: a person decides; the refund, if it is not written yet, is paid out of its memo."""
    found = plan(KNOWN | MEMO)
    assert [(item.external_id, item.code) for item in found.refusals] == [("cn_1", "CREDITED_ALREADY")]
    assert [(item.external_id, item.depends_on) for item in found.commands] == [("re_1", ("cus_1", "cm-re_1"))]
    assert plan(KNOWN | MEMO | {"re_1": KnownDocument("10")}).commands == ()


def test_a_note_without_that_refund_is_none_of_it():
    """Another note of the same invoice is written, whatever memo the refund has."""
    item = plan_credit_note(Policy(), replace(NOTE, refunds=("re_2",)), {}, KNOWN | MEMO, ())
    assert isinstance(item, Command)
    assert isinstance(plan_credit_note(Policy(), NOTE, {}, KNOWN | MEMO, ()), Refusal)


def test_a_note_of_an_invoice_that_was_voided_since_is_not_written():
    """The void takes back all that is open; the note's memo on top of it would not fit, or credit nothing."""
    assert isinstance(plan_credit_note(Policy(), replace(NOTE, invoice_void=True), {}, KNOWN, ()), Skip)
