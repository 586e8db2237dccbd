"""Customer balances → what they pay of an invoice, what an invoice, a credit note or a payment brings to them."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from o2c_orchestration.domain.documents import (
    ApplicationRow,
    ChargeHistory,
    Command,
    CreditNoteRow,
    CustomerRow,
    InvoiceRow,
    KnownDocument,
    LineRow,
    PaymentRow,
    RefundRow,
    Rows,
)
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan import make_plan

MOMENT = datetime(2026, 3, 1, 5, 30, tzinfo=UTC)
ISSUED, CLOSED, PAID = date(2026, 2, 28), date(2026, 3, 20), date(2026, 3, 9)
CUSTOMERS = (CustomerRow("cus_1", "Ann", None, MOMENT),)
ROW = InvoiceRow(
    id="in_1",
    customer_id="cus_1",
    number="A-1",
    currency="usd",
    status="open",
    total_minor=1000,
    tax_minor=0,
    amount_remaining_minor=700,
    issue_date=ISSUED,
    due_date=None,
    created_at=MOMENT,
    lines=(LineRow("il_1", "Seats", 1000),),
    balance_minor=300,
)
VOID = replace(ROW, status="void", closed_date=CLOSED)
CREDIT = replace(ROW, status="paid", total_minor=-300, balance_minor=-300, amount_remaining_minor=0)
CREDIT = replace(CREDIT, lines=(LineRow("il_1", "Seats", 500), LineRow("il_2", "Unused", -800)))
NOTE = CreditNoteRow(
    id="cn_1",
    invoice_id="in_1",
    customer_id="cus_1",
    currency="usd",
    status="issued",
    total_minor=400,
    tax_minor=0,
    pre_payment_minor=100,
    issue_date=ISSUED,
    created_at=MOMENT,
    lines=(LineRow("cnli_1", "Seats", 400, origin="il_1"),),
    balance_minor=300,
)
CHARGE = PaymentRow("ch_1", "cus_1", "usd", 1250, PAID, MOMENT, (ApplicationRow("in_1", 1000, 0, 250),))
THERE = KnownDocument("7", "usd", 1000, 1000)
WITHOUT = Policy.model_validate({"items": {"balance": None}})


def plan(known=None, policy=Policy(), elsewhere=(), **rows):  # noqa: B008 - frozen values
    return make_plan(policy, Rows(CUSTOMERS, **rows), {"cus_1": KnownDocument("1"), **(known or {})}, elsewhere)


def told(made):
    """Key → document, its items, what it is applied to, and its day."""
    return {command.external_id: _told(command) for command in made.commands}


def _told(command: Command):
    lines = command.body.get("item", {"items": []})["items"]
    parts = command.body.get("apply", {"items": []})["items"]
    items = [(line["item"]["$item"], line["amount"]["$minor"][0]) for line in lines]
    applied = {part["doc"]["$document"][1]: part["amount"]["$minor"][0] for part in parts}
    return command.document, items, applied, command.effective_date


def refused(made):
    return [(refusal.external_id, refusal.code) for refusal in made.refusals]


ITEM = "Stripe Customer Balance"


@pytest.mark.parametrize("status", ["open", "paid", "uncollectible"])
@pytest.mark.parametrize("known", [{}, {"in_1": THERE}])
def test_what_the_balance_paid_is_a_credit_memo(status, known):
    """On the day of the invoice, whether or not it was paid since, with the invoice or after it; once."""
    row = replace(ROW, status=status)
    made = told(plan(known, invoices=(row,), balanced=(row,)))
    assert made["cb-in_1"] == ("creditMemo", [(ITEM, 300)], {"in_1": 300}, ISSUED)
    assert "cb-in_1" not in told(plan({"in_1": THERE, "cb-in_1": KnownDocument("8", "usd", 300)}, balanced=(row,)))


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (replace(THERE, remaining_minor=299), "DOES_NOT_FIT"),
        (replace(THERE, currency="eur"), "DOES_NOT_FIT"),
        (replace(THERE, total_minor=700, remaining_minor=700), "DOES_NOT_FIT"),
        (replace(THERE, strange_minor=300, remaining_minor=700), "CREDITED_ALREADY"),
    ],
)
def test_a_memo_that_is_not_certain_is_refused(document, code):
    """Where the invoice has less left, another currency or amount, or a stranger's memo that may be the same money."""
    assert refused(plan({"in_1": document}, balanced=(ROW,))) == [("cb-in_1", code)]


def test_nothing_is_told_of_a_balance_whose_invoice_is_not_there():
    """The invoice's own gap tells that; a draft has used nothing."""
    for row in (ROW, replace(ROW, balance_minor=-30), replace(VOID), replace(ROW, status="draft")):
        made = plan(balanced=(row,))
        assert (made.commands, made.refusals) == ((), ())


@pytest.mark.parametrize("rows", [{"balanced": (ROW,)}, {"balanced": (replace(ROW, balance_minor=-30),)}])
def test_without_an_item_it_is_refused_by_name(rows):
    """`items.balance: null` books no balance, and says so."""
    assert [code for _, code in refused(plan({"in_1": THERE}, WITHOUT, **rows))] == ["ITEM_UNMAPPED"]
    made = plan({"in_1": THERE}, WITHOUT, credit_notes=(NOTE,), payments=(CHARGE,))
    assert refused(made) == [("ch_1", "ITEM_UNMAPPED"), ("cn_1", "ITEM_UNMAPPED")]


def test_a_void_gives_back_what_was_booked_as_used():
    """The memo takes all of the invoice back, against what is open of it and against what goes to the balance."""
    used = {"in_1": replace(THERE, remaining_minor=700), "cb-in_1": KnownDocument("8", "usd", 300, 0)}
    made = told(plan(used, closed=(VOID,), balanced=(VOID,)))
    assert made == {
        "bi-in_1": ("invoice", [(ITEM, 300)], {}, CLOSED),
        "cm-in_1": ("creditMemo", [("Stripe Item", 1000)], {"in_1": 700, "bi-in_1": 300}, CLOSED),
    }
    # Stopped between the two: the rest follows.
    kept = {**used, "bi-in_1": KnownDocument("9", "usd", 300, 300)}
    assert told(plan(kept, closed=(VOID,), balanced=(VOID,))) == {"cm-in_1": made["cm-in_1"]}
    # A person settled it meanwhile: nothing is left to set against it.
    settled = {**used, "bi-in_1": KnownDocument("9", "usd", 300, 0)}
    assert told(plan(settled, closed=(VOID,), balanced=(VOID,)))["cm-in_1"][2] == {"in_1": 700}
    # Another amount was booked as used: that one comes back, and what is left of the invoice has no lines of its own.
    other = {"in_1": replace(THERE, remaining_minor=600), "cb-in_1": KnownDocument("8", "usd", 350, 0)}
    assert told(plan(other, closed=(VOID,), balanced=(VOID,)))["cm-in_1"][1] == [("Stripe Refund", 950)]


def test_a_void_of_an_invoice_that_the_balance_paid_half_of():
    """As much goes to the balance as is open: the memo takes both."""
    half = replace(VOID, balance_minor=500)
    used = {"in_1": replace(THERE, remaining_minor=500), "cb-in_1": KnownDocument("8", "usd", 500, 0)}
    made = told(plan(used, closed=(half,), balanced=(half,)))
    assert made["cm-in_1"][2] == {"in_1": 500, "bi-in_1": 500}


def test_a_void_waits_until_the_memo_was_read_back():
    """What it took is not known yet, and a guess could not be taken back."""
    unread = {"in_1": replace(THERE, remaining_minor=700), "cb-in_1": KnownDocument("8")}
    made = plan(unread, closed=(VOID,), balanced=(VOID,))
    assert (made.commands, made.refusals, made.unread) == ((), (), {"in_1"})
    indebted = replace(VOID, balance_minor=-30)
    made = plan({"in_1": THERE, "bi-in_1": KnownDocument("8")}, balanced=(indebted,))
    assert (made.commands, made.refusals, made.unread) == ((), (), {"in_1"})


def test_a_void_of_what_was_closed_before_is_refused():
    """The memo that closed it took nothing for the balance, and nothing there is left to set it against."""
    known = {"in_1": replace(THERE, remaining_minor=0), "cb-in_1": KnownDocument("8", "usd", 300, 0)}
    made = plan({**known, "cm-in_1": KnownDocument("9", "usd", 700, 0)}, closed=(VOID,), balanced=(VOID,))
    assert (made.commands, refused(made)) == ((), [("bi-in_1", "CLOSED_BEFORE")])


def test_a_debt_is_collected_first_and_by_a_void_no_more():
    """An invoice over the debt, which the payment pays before the invoice; a void settles it by a memo."""
    row = replace(ROW, balance_minor=-30, amount_remaining_minor=1030)
    charge = replace(CHARGE, amount_minor=1030, applications=(ApplicationRow("in_1", 1030, 30),))
    made = told(plan(invoices=(row,), balanced=(row,), payments=(charge,)))
    assert made["bi-in_1"] == ("invoice", [(ITEM, 30)], {}, ISSUED)
    assert made["ch_1"][2] == {"bi-in_1": 30, "in_1": 1000}
    void = replace(VOID, balance_minor=-30)
    known = {"in_1": THERE, "bi-in_1": KnownDocument("8", "usd", 30, 30)}
    made = told(plan(known, closed=(void,), balanced=(void,)))
    assert made["cb-in_1"] == ("creditMemo", [(ITEM, 30)], {"bi-in_1": 30}, CLOSED)
    assert made["cm-in_1"][2] == {"in_1": 1000}


def test_an_invoice_below_zero_is_a_credit_memo():
    """Its lines the other way round against what goes to the balance; with anything unexplained it is refused."""
    made = plan(invoices=(CREDIT,), balanced=(CREDIT,))
    assert told(made) == {
        "bi-in_1": ("invoice", [(ITEM, 300)], {}, ISSUED),
        "ni-in_1": ("creditMemo", [("Stripe Item", -500), ("Stripe Item", 800)], {"bi-in_1": 300}, ISSUED),
    }
    assert made.refusals == ()
    odd = replace(CREDIT, lines=CREDIT.lines[:1])
    assert refused(plan(invoices=(odd,), balanced=(odd,))) == [("ni-in_1", "UNBALANCED")]
    elsewhere = replace(CREDIT, balance_minor=-200)
    assert ("in_1", "NEGATIVE_INVOICE") in refused(plan(invoices=(elsewhere,), balanced=(elsewhere,)))


def test_a_credit_note_to_the_balance_brings_its_invoice():
    """The memo is applied to what its invoice owed and to what goes to the balance."""
    made = told(plan({"in_1": THERE}, credit_notes=(NOTE,)))
    assert made == {
        "bi-cn_1": ("invoice", [(ITEM, 300)], {}, ISSUED),
        "cn_1": ("creditMemo", [("Stripe Item", 400)], {"in_1": 100, "bi-cn_1": 300}, ISSUED),
    }


def test_what_goes_to_the_balance_comes_with_its_memo_or_is_told():
    """No open receivable without the memo that settles it; a memo that stands without it is left as it is."""
    assert told(plan(credit_notes=(NOTE,))) == {}
    made = plan({"in_1": THERE, "cn_1": KnownDocument("8", "usd", 400, 300)}, credit_notes=(NOTE,))
    assert (made.commands, refused(made)) == ((), [("bi-cn_1", "MEMO_BOOKED")])
    both = {"in_1": THERE, "cn_1": KnownDocument("8"), "bi-cn_1": KnownDocument("9")}
    made = plan(both, credit_notes=(NOTE,))
    assert (made.commands, made.refusals) == ((), ())


def test_a_memo_that_is_planned_again_keeps_what_it_is_set_against():
    """A process died after both were intended: planned anew, the memo still leans on the other, so both are planned."""
    made = plan({"in_1": THERE}, elsewhere=("bi-cn_1", "cn_1"), credit_notes=(NOTE,))
    assert told(made).keys() == {"bi-cn_1", "cn_1"}


@pytest.mark.parametrize("claimed", [1000, 1250])
def test_what_was_overpaid_goes_to_the_balance_however_stripe_counts_it(claimed):
    """Inside what the invoice claims or on top of it: the same documents."""
    charge = replace(CHARGE, applications=(ApplicationRow("in_1", claimed, 0, 250),))
    made = told(plan({"in_1": THERE}, payments=(charge,)))
    assert made["bo-in_1"] == ("invoice", [(ITEM, 250)], {}, PAID)
    assert made["ch_1"][2] == {"in_1": 1000, "bo-in_1": 250}


def test_an_overpayment_that_fits_neither_way_is_refused():
    """A part of the surplus in the claim and a part beside it: nobody knows which, so nothing is written."""
    charge = replace(CHARGE, applications=(ApplicationRow("in_1", 1100, 0, 250),))
    made = plan({"in_1": THERE}, payments=(charge,))
    assert (made.commands, refused(made)) == ((), [("ch_1", "OVERPAYMENT_UNCLEAR")])


def test_an_overpayment_whose_payment_stands_without_it_is_told():
    """The payment is not changed; one that still waits is told by its own gap."""
    row = replace(ROW, status="paid", balance_minor=0, overpaid_minor=250, payers=("ch_0", "ch_1"))
    booked = {"in_1": THERE, "ch_1": KnownDocument("8", "usd", 1250, 250)}
    assert refused(plan(booked, balanced=(row,))) == [("bo-in_1", "PAYMENT_BOOKED")]
    assert refused(plan({"in_1": THERE, "ch_0": KnownDocument("8")}, balanced=(row,))) == []


def test_a_refund_does_not_pay_out_of_what_is_on_the_balance():
    """The surplus is applied, so it is not the payment's any more: the refund takes revenue back."""
    refund = RefundRow("re_1", "ch_1", "usd", 250, CLOSED, MOMENT)
    known = {"in_1": THERE, "ch_1": KnownDocument("8"), "bo-in_1": KnownDocument("9")}
    made = told(plan(known, histories=(ChargeHistory(CHARGE, (refund,)),)))
    assert made["re_1"][2] == {"cm-re_1": 250}
    del known["bo-in_1"]
    made = told(plan(known, histories=(ChargeHistory(CHARGE, (refund,)),)))
    assert made["re_1"][2] == {"ch_1": 250}


def test_billing_credits_lower_an_invoice_like_a_discount():
    """A negative line on its own item, after discounts and before tax; without an item it is refused."""
    lines = (LineRow("il_1", "Calls", 1000, 100, tax_exclusive_minor=60, grant_minor=300),)
    row = replace(ROW, balance_minor=0, total_minor=660, tax_minor=60, lines=lines)
    made = told(plan(invoices=(row,)))
    grant = ("Stripe Credit Grant", -300)
    assert made["in_1"][1] == [("Stripe Item", 1000), ("Stripe Discount", -100), grant, ("Stripe Tax", 60)]
    assert refused(plan(invoices=(replace(row, lines=(replace(lines[0], grant_minor=0),)),))) == [
        ("in_1", "UNBALANCED")
    ]
    policy = Policy.model_validate({"items": {"grant": None}})
    assert refused(plan(None, policy, invoices=(row,))) == [("in_1", "ITEM_UNMAPPED")]


amounts = st.integers(min_value=1, max_value=10**9)


@given(total=amounts, balance=st.integers(-(10**9), 10**9), void=st.booleans(), stopped=st.booleans())
def test_receivables_and_liability_come_out_however_a_balance_moved(total, balance, void, stopped):
    """After all documents are there: open is what Stripe says is due, nothing after a void, and the liability has
    moved as Stripe's balance has. A stop between two documents changes nothing."""
    balance = min(balance, total)
    line = (LineRow("il_1", "Seats", total),)
    row = replace(ROW, total_minor=total, balance_minor=balance, amount_remaining_minor=total - balance, lines=line)
    ledger = _Ledger()
    ledger.write(plan(ledger.known(), invoices=(row,), balanced=(row,) if balance else ()), 1 if stopped else None)
    ledger.write(plan(ledger.known(), invoices=(row,), balanced=(row,) if balance else ()))
    assert (ledger.open(), ledger.liability) == (total - balance, -balance)
    if void:
        gone = replace(row, status="void", closed_date=CLOSED)
        rows = {"closed": (gone,), "balanced": (gone,) if balance else ()}
        ledger.write(plan(ledger.known(), **rows), 1 if stopped else None)
        ledger.write(plan(ledger.known(), **rows))
        assert (ledger.open(), ledger.liability, ledger.revenue) == (0, 0, 0)
    assert plan(ledger.known(), balanced=(row,) if balance and not void else ()).commands == ()


class _Ledger:
    """Just enough of NetSuite: totals, what is left of each document, and two accounts."""

    def __init__(self):
        self.left, self.total = {}, {}
        self.liability = self.revenue = 0

    def write(self, made, count=None):
        assert made.refusals == ()
        for command in made.commands[:count]:
            document, items, applied, _ = _told(command)
            if command.external_id in self.total:
                continue
            sign = 1 if document == "invoice" else -1
            amount = sum(minor for _, minor in items)
            self.liability += sign * sum(minor for name, minor in items if name == ITEM)
            self.revenue += sign * sum(minor for name, minor in items if name != ITEM)
            for key, minor in applied.items():
                self.left[key] -= minor
                assert self.left[key] >= 0
            self.total[command.external_id] = amount
            self.left[command.external_id] = amount - sum(applied.values()) if sign < 0 else amount

    def open(self):
        return sum(minor for key, minor in self.left.items() if not key.startswith(("cb-", "cm-")))

    def known(self):
        return {key: KnownDocument(key, "usd", self.total[key], self.left[key]) for key in self.total}
