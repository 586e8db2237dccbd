"""Documents of a payout at another amount than Stripe's: booked with a coded line, within a budget, or on Suspense."""

from dataclasses import replace
from datetime import date

import pytest
from pydantic import ValidationError

from o2c_orchestration.domain.documents import KnownDocument, Rows
from o2c_orchestration.domain.payouts import DifferenceRow, ResidualRow
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan import make_plan
from o2c_orchestration_tests.unit.test_plan_payout import (
    CHARGE,
    MOMENT,
    REFUND,
    member,
    only,
    payout,
    plan,
    posted,
    shown,
)

MARCH = date(2026, 3, 1)
BANK = {"bank": {"usd": "Checking", "kwd": "Checking KWD"}}


def tolerant(budget=100, **more):
    """A company that books differences on an account of their own."""
    told = {"account": "Differences", "monthly_budget_minor": {"usd": budget, "kwd": budget}, **more}
    return Policy.model_validate({"tolerances": told, "accounts": BANK})


def at(total, currency="usd", **more):
    return KnownDocument("7", currency, total, **more)


def test_without_a_policy_a_cent_leaves_the_document_on_suspense():
    """And the same without a budget: nothing is tolerated that nobody allowed."""
    for policy in (Policy(), tolerant(0), Policy.model_validate({"tolerances": {"monthly_budget_minor": {"usd": 9}}})):
        command = only(plan(payout(CHARGE), {"ch_1": at(9999)}, policy=policy))
        assert [line[2] for line in posted(command, "other")] == ["txn_1 charge"]
        assert "payment" not in command.body


@pytest.mark.parametrize(("total", "sublist"), [(9999, "other"), (10001, "cashback")])
def test_a_cent_is_a_line_of_its_own_with_a_code(total, sublist):
    """The document is deposited at its own total, the bank gets what Stripe paid, and the line says what it is."""
    command = only(plan(payout(CHARGE), {"ch_1": at(total)}, policy=tolerant()))
    assert command.body["payment"]["items"] == [{"id": {"$key": "ch_1"}, "deposit": True}]
    assert ("Differences", 1, "txn_1 difference: rounding") in posted(command, sublist)
    assert command.amount_minor == 9680
    assert ("payments (1)", total) in shown(command)
    assert ("rounding difference of ch_1", 10000 - total) in shown(command)


def test_of_money_that_goes_out_the_sign_is_the_other_way():
    """A refund that was entered a cent too high takes a cent too much out of the deposit; the line brings it back."""
    command = only(plan(payout(CHARGE, REFUND), {"re_1": at(2501)}, policy=tolerant()))
    assert ("Differences", 1, "txn_2 difference: rounding") in posted(command, "other")
    assert command.amount_minor == 7180


def test_a_payment_less_its_own_fee_is_a_difference_only_if_policy_says_so():
    """The exact fee of that payment, to the cent, and nothing near it."""
    known = {"ch_1": at(10000 - 320)}
    command = only(plan(payout(CHARGE), known, policy=tolerant(400, net_of_fee=True)))
    assert ("Differences", 320, "txn_1 difference: fee") in posted(command, "other")
    assert command.amount_minor == 9680
    for policy, total in ((tolerant(400), 9680), (tolerant(400, net_of_fee=True), 9681)):
        command = only(plan(payout(CHARGE), {"ch_1": at(total)}, policy=policy))
        assert posted(command, "other") == [("Suspense", 10000, "txn_1 charge")]


def test_rounding_goes_by_the_currencys_decimals():
    """Stripe rounds three decimals to two; what else is rounding the company may say itself."""
    row = payout(replace(member(1, "charge", "ch_1", 5000), currency="kwd", source_currency="kwd"), currency="kwd")
    for total, policy, on in ((4990, tolerant(), "Differences"), (4989, tolerant(), "Suspense")):
        command = only(plan(row, {"ch_1": at(total, "kwd")}, policy=policy))
        assert posted(command, "other")[0][0] == on
    wide = tolerant(rounding_minor={"usd": 5})
    assert posted(only(plan(payout(CHARGE), {"ch_1": at(9995)}, policy=wide)), "other")[0][0] == "Differences"


@pytest.mark.parametrize("document", [at(9999, deposit_key="po_9"), at(9999, "eur"), at(9999, elsewhere="Europe")])
def test_nothing_else_about_a_document_is_excused(document):
    """In another deposit, another currency, another company's books: its amount goes to Suspense as before."""
    command = only(plan(payout(CHARGE, REFUND), {"ch_1": document}, policy=tolerant()))
    assert posted(command, "other") == [("Suspense", 10000, "txn_1 charge")]


def months(rows, policy, differences=(), known=None):
    """The deposits of a plan: key → accounts of their lines besides documents and fees."""
    documents = known or {f"ch_{number}": at(99) for number in range(1, 5)}
    found = make_plan(policy, Rows((), payouts=tuple(rows), differences=tuple(differences)), documents)
    return {
        item.external_id: [line[0] for sublist in ("other", "cashback") for line in posted(item, sublist)]
        for item in found.commands
    }


def cents(number, arrival=date(2026, 3, 3)):
    """A payout of one payment of a dollar that NetSuite holds at 99 cents."""
    charge = member(number, "charge", f"ch_{number}", 100)
    return replace(payout(charge), id=f"po_{number}", arrival_date=arrival)


def test_a_months_budget_is_spent_in_order_and_never_exceeded():
    """By the payouts' own order, whatever the order of the input; another month has a budget of its own."""
    rows = [cents(1), cents(2), cents(3), cents(4, date(2026, 4, 1))]
    expected = {"po_1": ["Differences"], "po_2": ["Differences"], "po_3": ["Suspense"], "po_4": ["Differences"]}
    assert months(rows, tolerant(2)) == months(rows[::-1], tolerant(2)) == expected


def test_what_other_deposits_took_counts_and_an_earlier_plan_of_the_same_does_not():
    """Sent or planned elsewhere; of what is planned again only a request that has left counts, and for itself anew."""
    elsewhere = DifferenceRow("po_9", MARCH, "usd", 1, sent=False)
    planned = DifferenceRow("po_2", MARCH, "usd", 1, sent=False)
    sent = DifferenceRow("po_2", MARCH, "usd", 1, sent=True)
    rows = [cents(1), cents(2)]
    assert months(rows, tolerant(2), [elsewhere]) == {"po_1": ["Differences"], "po_2": ["Suspense"]}
    assert months(rows, tolerant(2), [planned]) == {"po_1": ["Differences"], "po_2": ["Differences"]}
    assert months(rows, tolerant(1), [sent]) == {"po_1": ["Suspense"], "po_2": ["Differences"]}
    assert months(rows, tolerant(2), [replace(elsewhere, month=date(2026, 2, 1))])["po_2"] == ["Differences"]


def test_a_residual_is_cleared_with_its_difference():
    """Once policy allows for it: the document at its total, Suspense the other way, the cent on its account."""
    residual = ResidualRow(payout(CHARGE), "po_1", CHARGE, 10000)
    known = {"po_1": at(9680), "ch_1": at(9999)}
    rows = Rows((), residuals=(residual,))
    assert make_plan(Policy(), rows, known).commands == ()
    [command] = make_plan(tolerant(), rows, known).commands
    assert (command.external_id, command.amount_minor) == ("rc-txn_1", 0)
    assert posted(command, "other") == [("Differences", 1, "txn_1 difference: rounding")]
    assert posted(command, "cashback") == [("Suspense", 10000, "txn_1 charge")]


def test_differences_have_an_account_of_their_own():
    """Or what is on it could not be told."""
    with pytest.raises(ValidationError, match="differences need an account of their own"):
        Policy.model_validate({"tolerances": {"account": "suspense"}})
    assert MOMENT.date() == MARCH
