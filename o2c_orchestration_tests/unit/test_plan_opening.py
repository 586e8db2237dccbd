"""Members of a payout from before the books started: off the declared opening balance, and no further."""

from dataclasses import replace
from datetime import timedelta

from o2c_orchestration.domain.documents import KnownDocument
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration_tests.unit.test_plan_payout import MOMENT, member, only, payout, plan, posted, shown

# The books start on the day of MOMENT.
BEFORE = MOMENT - timedelta(days=1)


def books(amount_minor=9680, currency="usd", **more):
    opening = {currency: {"account": "Stripe Opening", "amount_minor": amount_minor}}
    return Policy.model_validate({"books": {"start": MOMENT.date(), "opening": opening}, **more})


def old(number, kind, source, amount, *fees, **changes):
    return member(number, kind, source, amount, *fees, created_at=BEFORE, **changes)


CHARGE = old(1, "charge", "ch_old", 10000, ("stripe_fee", 320))
NEW = member(2, "charge", "ch_1", 5000, ("stripe_fee", 150))


def test_what_is_from_before_comes_off_the_opening_balance():
    """One line, less the fees that were paid then; what is of the books themselves is as always."""
    refund = old(3, "refund", "re_old", -1000)
    command = only(plan(payout(CHARGE, NEW, refund), policy=books()))
    assert shown(command) == [("payments (1)", 5000), ("fees: stripe_fee", -150), ("opening balance", 8680)]
    assert posted(command, "other") == [("Stripe Opening", 8680, "opening balance")]
    assert command.depends_on == ("ch_1",)


def test_without_a_declaration_of_its_currency_nothing_changes():
    """A residual under its own name, with its fee, as of any payment that has no document."""
    named = [("fees: stripe_fee", -320), ("txn_1 charge: ch_old is neither in NetSuite nor about to be written", 10000)]
    for policy in (Policy(), books(currency="eur")):
        assert shown(only(plan(payout(CHARGE), policy=policy))) == named


def test_the_first_moment_of_the_books_is_theirs():
    """Midnight UTC of books.start is not before it."""
    at = books().books.cut_over
    first, last = (replace(CHARGE, created_at=moment) for moment in (at, at - timedelta(microseconds=1)))
    assert "opening balance" not in str(shown(only(plan(payout(first), policy=books()))))
    assert shown(only(plan(payout(last), policy=books()))) == [("opening balance", 9680)]


def test_a_member_that_has_its_document_is_adopted():
    """A payment that NetSuite holds waits in Undeposited Funds, not on the account of the opening balance."""
    known = {"ch_old": KnownDocument("7", "usd", 10000)}
    assert shown(only(plan(payout(CHARGE), known, policy=books()))) == [
        ("payments (1)", 10000),
        ("fees: stripe_fee", -320),
    ]
    other = {"ch_old": KnownDocument("7", "usd", 9999)}
    text = "txn_1 charge: NetSuite 7 says 99.99 USD, Stripe 100.00 USD"
    assert (text, 10000) in shown(only(plan(payout(CHARGE), other, policy=books())))


def test_fees_and_reserves_of_before_are_of_it_too():
    """They made the balance what it was; posting them now would be costs of another year."""
    fee, hold = old(2, "stripe_fee", None, -500), old(3, "reserve_hold", None, -1000)
    returned = old(4, "payout_failure", "po_0", 700)
    command = only(plan(payout(CHARGE, fee, hold, returned), policy=books()))
    assert shown(command) == [("opening balance", 9680 - 500 - 1000 + 700)]


def test_what_nobody_knows_stays_a_residual():
    """A type without a meaning is no part of the line, nor is another currency; of what is declared it is a part."""
    levy, euro = old(2, "galactic_levy", None, -100), old(3, "charge", "ch_eur", 900, currency="eur")
    lines = dict(shown(only(plan(payout(CHARGE, levy, euro, amount=9580), policy=books(9580)))))
    assert lines.pop("opening balance") == 9680
    assert lines == {
        "txn_2 galactic_levy: nobody has said what this type is in the ledger": -100,
        "txn_3 charge: 9.00 EUR is not the payout's currency": 0,
    }


def test_a_payment_that_failed_later_is_told():
    """It was on the balance at the start and is gone: the opening balance is taken, the loss is for a person."""
    came = old(1, "payment", "py_9", 4000)
    went = member(4, "payment_failure_refund", "py_9", -4000, category="charge_failure")
    lines = shown(only(plan(payout(came, NEW, went), policy=books())))
    assert ("opening balance", 4000) in lines
    assert [amount for text, amount in lines if text.startswith("txn_4 payment_failure_refund")] == [-4000]


def test_no_more_is_taken_than_is_declared():
    """The rest is one residual under the payout's name, which says how much was declared."""
    command = only(plan(payout(CHARGE), policy=books(9000)))
    text = "po_1 opening balance beyond the 90.00 USD of books.opening.usd"
    assert shown(command) == [("opening balance", 9000), (text, 680)]
    assert posted(command, "other") == [("Stripe Opening", 9000, "opening balance"), ("Suspense", 680, text)]


def test_what_earlier_payouts_took_counts():
    """Whether or not the members of before come in one payout."""
    first = replace(CHARGE, id="txn_0", source_id="ch_older")
    row = payout(CHARGE, earlier=(first, first))
    text = "po_1 opening balance beyond the 150.00 USD of books.opening.usd"
    assert shown(only(plan(row, policy=books(15000)))) == [("opening balance", 5320), (text, 4360)]
    assert shown(only(plan(row, policy=books(9680)))) == [(text.replace("150.00", "96.80"), 9680)]
    adopted = {"ch_older": KnownDocument("7")}
    assert shown(only(plan(row, adopted, policy=books(9680)))) == [("opening balance", 9680)]


def test_a_balance_below_zero_is_taken_downwards():
    """Stripe was owed money: what later payouts make up for comes off the account the other way."""
    refund = old(3, "refund", "re_old", -3000)
    command = only(plan(payout(NEW, refund), policy=books(-3000)))
    assert ("opening balance", -3000) in shown(command)
    assert ("Stripe Opening", 3000, "opening balance") in posted(command, "cashback")
    text = "po_1 opening balance beyond the -20.00 USD of books.opening.usd"
    assert [("opening balance", -2000), (text, -1000)] == shown(only(plan(payout(NEW, refund), policy=books(-2000))))[
        2:
    ]


def test_nothing_declared_is_nothing_taken():
    """A declaration of zero says that nothing was there: all of it is told."""
    text = "po_1 opening balance beyond the 0.00 USD of books.opening.usd"
    assert shown(only(plan(payout(CHARGE), policy=books(0)))) == [(text, 9680)]


def test_parts_of_a_payout_take_one_after_the_other():
    """A payout in several deposits takes no more than one would."""
    rows = [replace(CHARGE, id=f"txn_{n}", source_id=f"ch_o{n}") for n in range(3)]
    parts = plan(payout(*rows), policy=books(15000), members_max=1)
    assert [dict(shown(part)).get("opening balance", 0) for part in parts] == [9680, 5320, 0]
    assert [part.amount_minor for part in parts] == [9680, 9680, 9680]
