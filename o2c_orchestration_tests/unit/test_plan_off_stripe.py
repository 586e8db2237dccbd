"""What was paid of an invoice outside Stripe → a payment on the account that policy names, or a refusal by name."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from o2c_orchestration.domain.documents import Command, CustomerRow, KnownDocument, Refusal, Rows
from o2c_orchestration.domain.off_stripe import OffStripeRow
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan import make_plan

MOMENT = datetime(2026, 1, 31, 12, tzinfo=UTC)
PAID = date(2026, 3, 2)
ROW = OffStripeRow("in_1", "cus_1", "usd", "paid", 700, 1000, 300, PAID, MOMENT)
BANK = Policy.model_validate({"off_stripe": {"account": 1}})
OPEN = {"in_1": KnownDocument("7", "usd", 1000, 700), "cus_1": KnownDocument("1")}


def outcome(row=ROW, policy=BANK, known=None) -> Command | Refusal:
    rows = Rows((CustomerRow("cus_1", "Ann", None, MOMENT, ("usd",)),), off_stripe=(row,))
    made = make_plan(policy, rows, OPEN if known is None else known)
    (found,) = [item for item in (*made.commands, *made.refusals) if item.document != "customer"]
    return found


def applied(command: Command) -> list[tuple[str, int]]:
    return [(part["doc"]["$document"][1], part["amount"]["$minor"][0]) for part in command.body["apply"]["items"]]


def test_it_is_a_payment_on_the_account_of_policy():
    """Its own key, the day on which the invoice was paid, applied to it; the account is not Undeposited Funds."""
    command = outcome()
    assert isinstance(command, Command)
    assert (command.document, command.external_id, command.stripe_id) == ("customerPayment", "op-in_1", "in_1")
    assert (command.amount_minor, command.effective_date, command.partition) == (700, PAID, MOMENT.date())
    assert command.body["payment"] == {"$minor": [700, "usd"]}
    assert command.body["account"] == {"$account": "1"}
    assert applied(command) == [("in_1", 700)]
    assert command.depends_on == ("cus_1", "in_1")


def test_without_an_account_a_person_decides():
    """The default: the amount, and both ways out."""
    refusal = outcome(policy=Policy())
    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.external_id, refusal.amount_minor) == ("PAID_OUTSIDE_STRIPE", "op-in_1", 700)
    assert refusal.reason == "7.00 USD of it was paid outside Stripe"
    assert refusal.fix == "enter the payment by hand with in_1 in its memo, or set off_stripe.account in o2c.yaml"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"customer_id": None}, "NO_CUSTOMER"),
        ({"status": "open", "payment_date": None}, "PAID_IN_PART"),
        ({"status": "uncollectible", "payment_date": None}, "PAID_IN_PART"),
        ({"payment_date": None}, "PAID_IN_PART"),
        ({"status": "uncollectible"}, "PAID_IN_PART"),
        ({"by_stripe_minor": 299}, "PAYMENTS_DO_NOT_ADD_UP"),
        ({"amount_minor": 701}, "PAYMENTS_DO_NOT_ADD_UP"),
    ],
)
def test_what_is_not_certain_is_refused(changes, code):
    """A customer, a day, an amount that the payments in Stripe and the invoice's total confirm."""
    refusal = outcome(replace(ROW, **changes))
    assert isinstance(refusal, Refusal)
    assert refusal.code == code


@pytest.mark.parametrize(
    ("invoice", "code"),
    [
        (None, "INVOICE_MISSING"),
        (KnownDocument("7", "usd", 1000, 699), "DOES_NOT_FIT"),
        (KnownDocument("7", "eur", 1000, 700), "DOES_NOT_FIT"),
    ],
)
def test_an_application_is_never_clamped(invoice, code):
    """What its invoice cannot take is somebody's mistake, and is told."""
    refusal = outcome(known={"cus_1": KnownDocument("1")} | ({"in_1": invoice} if invoice else {}))
    assert isinstance(refusal, Refusal)
    assert refusal.code == code


def test_a_written_off_invoice_is_paid_where_the_debt_came_back():
    """Written off here and paid by bank later: the payment goes on the invoice that restored it."""
    known = {
        "in_1": KnownDocument("7", "usd", 1000, 0),
        "cm-in_1": KnownDocument("8", "usd", 700, 0),
        "ri-in_1": KnownDocument("9", "usd", 700, 700),
        "cus_1": KnownDocument("1"),
    }
    command = outcome(known=known)
    assert isinstance(command, Command)
    assert applied(command) == [("ri-in_1", 700)]


def test_once_it_is_booked_nothing_is_planned():
    """The document that stands, whoever wrote it, is the payment."""
    made = make_plan(BANK, Rows(off_stripe=(ROW,)), OPEN | {"op-in_1": KnownDocument("9", "usd", 700, 0)})
    assert (made.commands, made.refusals) == ((), ())


@given(
    outside=st.integers(1, 10**9),
    inside=st.integers(0, 10**9),
    paid=st.one_of(st.none(), st.integers(0, 2 * 10**9)),
    left=st.one_of(st.none(), st.integers(0, 2 * 10**9)),
)
def test_money_is_written_to_the_cent_or_not_at_all(outside: int, inside: int, paid: int | None, left: int | None):
    """The whole of it on one invoice that has room for it, and only if all payments make what was paid."""
    total = outside + inside if paid is None else paid
    row = replace(ROW, amount_minor=outside, by_stripe_minor=inside, paid_minor=total)
    found = outcome(row, known={"in_1": KnownDocument("7", "usd", total, left), "cus_1": KnownDocument("1")})
    fits = total == outside + inside and (left is None or left >= outside)
    assert isinstance(found, Command) == fits
    assert found.amount_minor == outside
    if isinstance(found, Command):
        assert found.body["payment"]["$minor"] == [outside, "usd"]
        assert applied(found) == [("in_1", outside)]
