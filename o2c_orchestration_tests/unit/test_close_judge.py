"""The judgement on a month: ready when everything holds, and each thing that does not says what and how much."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from o2c_orchestration.domain.months import Month
from o2c_orchestration.reconcile.close import Close, judge
from o2c_orchestration.reconcile.payouts import payout_equation
from o2c_orchestration.reconcile.report import close_data
from o2c_orchestration.store.agreement import Agreement
from o2c_orchestration.store.balance import BalancePeriod
from o2c_orchestration.store.clearing import Clearing, Difference, Suspense, Waiting
from o2c_orchestration.store.close_facts import Facts, Group
from o2c_orchestration.store.customer_credits import Credit
from o2c_orchestration.store.days import DaysRead
from o2c_orchestration.store.differences import BookedDifferences
from o2c_orchestration.store.openings import OpeningBalance
from o2c_orchestration.store.payout_sums import PayoutSums
from o2c_orchestration.store.receivables import Owing, Receivables

ENDS = datetime(2026, 11, 1, 7, tzinfo=UTC)
NOW = ENDS + timedelta(days=1)
PAYOUT = PayoutSums(
    id="po_1", currency="usd", amount_minor=900, status="paid", automatic=True, moved=True, members_read=True,
    arrival_date=date(2026, 10, 20), members=1, unread=0, foreign=0, amounts_minor=1000, fees_minor=100, deposits=1,
    deposit_minor=900, deposit_foreign=False, documents=1, unpriced=0, documents_minor=1000, other_minor=0,
    cashback_minor=100, unreturned=False, suspense=(),
)  # fmt: skip
READY = Close(
    month=Month(2026, 10),
    now=NOW,
    ends=ENDS,
    mirror_max_age=timedelta(hours=3),
    facts=Facts([], 0, [], NOW - timedelta(minutes=5)),
    days=DaysRead(ENDS, NOW, []),
    payouts=[payout_equation(PAYOUT)],
    ties=[Agreement("invoice", "usd", 1, 500, 1, 500, 500, 0)],
    balance=[BalancePeriod("usd", 0, 2, 50, 50, 50, 0, 0, 0, 0, 0)],
    balance_days=[("usd", date(2026, 10, 1), 2, 50)],
    clearing=Clearing([Waiting("usd", 1, 50, 1, 50, 0)], [], [], 0),
    receivables=[Receivables("usd", 1, 70, 70, 0)],
    owing=[],
    evidence=[],
)


def failing(**changes: Any) -> dict[str, str]:
    """What does not hold, with what is said about it."""
    return {item.what: item.detail for item in judge(replace(READY, **changes)) if not item.ok}


def test_a_month_in_which_everything_holds_is_ready():
    """No item is left, and the same fourteen are always looked at."""
    found = replace(READY, items=tuple(judge(READY)))
    assert failing() == {}
    assert found.ready
    assert len(found.items) == 14


def test_differences_beyond_their_budget_keep_a_month_open():
    """By currency; what is within it is told."""
    lines = [BookedDifferences("usd", "fee", 1, 60), BookedDifferences("usd", "rounding", 2, 2)]
    [item] = [each for each in judge(replace(READY, differences=lines, budget={"usd": 62})) if "budget" in each.what]
    assert (item.ok, item.detail) == (True, "1 fee 0.60 USD, 2 rounding 0.02 USD; allowed 0.62 USD")
    assert set(failing(differences=lines, budget={"usd": 61})) == {"differences are within their budget"}
    assert set(failing(differences=lines)) == {"differences are within their budget"}


def test_an_opening_balance_is_looked_at_where_one_is_declared():
    """What was there before and is not declared is nobody's condition for closing."""
    undeclared = replace(OPENING, declared_minor=None)
    assert len(list(judge(replace(READY, openings=[undeclared])))) == 14
    [item] = [each for each in judge(replace(READY, openings=[OPENING, undeclared])) if "opening" in each.what]
    assert (item.ok, item.detail) == (True, "1.00 USD deposited of 4.00 USD")


def test_what_customers_had_before_the_books_is_what_was_declared():
    """Told where nothing is declared; a wrong figure keeps the month open, by currency, both figures told."""
    held = [Credit("cus_1", "usd", 500, 0, 0, 0, 500)]
    [item] = [each for each in judge(replace(READY, credits=held)) if each.what == "customer balances agree"]
    assert (item.ok, item.detail) == (True, "to customers' credit 5.00 USD, 5.00 USD from before the books")
    assert failing(credits=held, opening_credits={"usd": 500}) == {}
    told = failing(credits=held, opening_credits={"usd": 499, "eur": 1})
    assert told == {
        "customer balances agree": "0.00 EUR from before the books, declared 0.01 EUR; "
        "5.00 USD from before the books, declared 4.99 USD"
    }


def payout(**changes: Any) -> Any:
    return payout_equation(replace(PAYOUT, **changes))


# Of 5.00 that Stripe held, 1.00 has documents, and 1.00 was paid out and deposited.
OPENING = OpeningBalance("main", "usd", 400, 500, 100, 100, 100)
GAP = Group("amount_mismatch", "eur", 2, 12345)
CASES: list[tuple[dict[str, Any], str, list[str]]] = [
    ({"now": ENDS - timedelta(minutes=1)}, "the month is over", ["2026-11-01 07:00"]),
    (
        {"days": DaysRead(None, None, [("refund", date(2026, 10, 3)), ("payout", date(2026, 10, 4))])},
        "every day was read",
        ["2 were not read", "from 2026-10-03 to 2026-10-04", "payout, refund"],
    ),
    ({"facts": Facts([], 0, [], None)}, "NetSuite was read since", ["has not been read"]),
    ({"facts": Facts([], 0, [], NOW - timedelta(hours=4))}, "NetSuite was read since", ["240 minutes"]),
    ({"facts": Facts([], 0, [], ENDS - timedelta(1)), "mirror_max_age": timedelta(9)}, "NetSuite was read since", []),
    ({"facts": Facts([GAP], 3, [], NOW)}, "no open gaps", ["2 amount_mismatch 123.45 EUR", "3 of earlier months"]),
    ({"facts": Facts([], 0, [Group("unknown", "usd", 1, 100)], NOW)}, "every write is done", ["1 unknown 1.00 USD"]),
    ({"payouts": [payout(deposits=0)]}, "every payout is deposited", ["po_1"]),
    ({"payouts": [payout(deposit_minor=901)]}, "payouts add up", ["po_1", "0.01 USD"]),
    ({"ties": [Agreement("deposit", "usd", 1, 9, 1, 9, 10, 0)]}, "documents tie out", ["deposit 0.01 USD"]),
    (
        {"balance": [BalancePeriod("usd", 0, 2, 50, 50, 40, 0, 0, 0, 10, 0)]},
        "the Stripe balance adds up",
        ["0.10 USD of complete payouts"],
    ),
    (
        {"clearing": Clearing([], [Difference("ch_1", "usd", 0, 50, None, None)], [], 1)},
        "Undeposited Funds is what Stripe holds",
        ["ch_1 0.50 USD"],
    ),
    ({"clearing": Clearing([], [], [Suspense("usd", 7, 0)], 0)}, "all of Suspense has a name", ["0.07 USD"]),
    (
        {"openings": [replace(OPENING, taken_minor=101)]},
        "opening balances are what Stripe held",
        ["-0.01 USD in NetSuite less Stripe"],
    ),
    (
        {"openings": [replace(OPENING, balance_minor=None)]},
        "opening balances are what Stripe held",
        ["what Stripe held in USD then is not known"],
    ),
    (
        {"owing": [Owing("cus_1", "usd", 1, 2, 0, ["in_1"], None)]},
        "receivables agree by customer",
        ["cus_1 in_1"],
    ),
]


@pytest.mark.parametrize(("changes", "what", "words"), CASES)
def test_each_thing_that_does_not_hold_is_told_alone(changes: dict[str, Any], what: str, words: list[str]):
    """One item says no, names the thing and the money; the others are not touched by it."""
    found = failing(**changes)
    assert list(found) == [what]
    for word in words:
        assert word in found[what]


def test_differences_with_a_gap_do_not_hold_up_the_equations():
    """What a gap explains is told by the gap, once."""
    explained = Clearing([], [Difference("ch_1", "usd", 0, 50, None, "paid_twice ch_1")], [Suspense("usd", 7, 7)], 1)
    assert failing(clearing=explained, owing=[Owing("cus_1", "usd", 1, 2, 1, None, "paid_twice ch_1")]) == {}


def test_a_payout_with_named_residuals_adds_up():
    """The residual is a gap of its own, with its own item."""
    assert failing(payouts=[payout(suspense=(("txn_1", 50),))]) == {}


def test_the_data_spell_out_what_is_left():
    """Programs need not do the sums themselves."""
    found = close_data(replace(READY, items=tuple(judge(READY))))
    assert (found["month"], found["ready"]) == ("2026-10", True)
    assert found["payouts"][0]["state"] == "closed"
    assert found["documents"][0]["residual_minor"] == 0
    assert found["balance"][0]["closes"] is True
    assert found["undeposited"][0]["residual_minor"] == 0
