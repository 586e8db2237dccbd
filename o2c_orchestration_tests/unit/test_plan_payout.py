"""Stripe payout → NetSuite deposit that adds up to the cent, and the journal entry of its return."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from o2c_orchestration.domain.documents import Command, KnownDocument, Refusal
from o2c_orchestration.domain.payouts import Allocation, MemberRow, PayoutRow
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan.outcome import Skip
from o2c_orchestration.plan.payout import plan_payout

MOMENT = datetime(2026, 3, 1, 5, 30, tzinfo=UTC)
ARRIVAL = date(2026, 3, 3)
ALL = ("ch_1", "ch_2", "re_1", "rf-re_1", "dp_1", "rp-dp_1")


def member(number, kind, source, amount, *fees, category=None, **changes):
    """A balance transaction in dollars. `fees` are (type, amount)."""
    fee = sum(part for _, part in fees)
    own = ("usd", abs(amount)) if source else (None, None)
    row = MemberRow(
        f"txn_{number}", kind, category or kind, source, "usd", amount, fee, amount - fee, MOMENT, tuple(fees), *own
    )
    return replace(row, **changes)


def payout(*members, amount=None, **changes):
    """An automatic payout that has arrived. Its amount is the sum of its members unless another is given."""
    total = sum(row.amount_minor - row.fee_minor for row in members) if amount is None else amount
    row = PayoutRow("po_1", "usd", total, "paid", ARRIVAL, MOMENT, True, True, tuple(members))
    return replace(row, **changes)


def plan(row, known=None, planned=ALL, refused=(), policy=Policy(), **more):  # noqa: B008 - frozen values
    return plan_payout(policy, row, known or {}, planned, refused, **more)


def only(items):
    (command,) = items
    assert isinstance(command, Command)
    return command


def shown(command):
    return [(line.text, line.amount_minor) for line in command.lines]


def posted(command, sublist):
    """Account, signless amount and memo of the lines of `other` or `cashback`."""
    items = command.body.get(sublist, {"items": []})["items"]
    return [(line["account"]["$account"], line["amount"]["$minor"][0], line["memo"]) for line in items]


CHARGE = member(1, "charge", "ch_1", 10000, ("stripe_fee", 320))
REFUND = member(2, "refund", "re_1", -2500)


@pytest.mark.parametrize(("destination", "bank"), [("ba_2", "Checking 2"), ("ba_1", "Checking"), (None, "Checking")])
def test_the_bank_account_is_that_of_the_destination_before_that_of_the_currency(destination, bank):
    """Of the deposit, and of the journal entry of a payout that came back."""
    policy = Policy.model_validate({"accounts": {"bank": {"usd": "Checking"}, "destinations": {"ba_2": "Checking 2"}}})
    back = payout(CHARGE, destination=destination, status="failed", returned_date=ARRIVAL)
    deposit, returned = plan(back, policy=policy)
    assert bank == deposit.body["account"]["$account"]
    assert [policy.accounts.returned_payouts, bank] == [
        line["account"]["$account"] for line in returned.body["line"]["items"]
    ]


def test_a_destination_is_enough_and_one_that_is_unknown_is_named():
    """A currency without an account of its own needs none where its destinations have theirs."""
    policy = Policy.model_validate({"accounts": {"bank": {"eur": "Konto"}, "destinations": {"ba_2": "Checking 2"}}})
    assert "Checking 2" == only(plan(payout(CHARGE, destination="ba_2"), policy=policy)).body["account"]["$account"]
    (refusal,) = plan(payout(CHARGE, destination="ba_1"), policy=policy)
    assert isinstance(refusal, Refusal)
    assert "set accounts.bank.usd, or accounts.destinations.ba_1, in o2c.yaml" == refusal.fix


def test_a_plain_payout_becomes_a_deposit():
    """Documents by key, fees as cash back, the bank account of the currency, Stripe's arrival date."""
    command = only(plan(payout(CHARGE, REFUND)))
    assert ("deposit", "po_1", "po_1", None, "usd", 7180, ARRIVAL, date(2026, 3, 1), ("ch_1", "re_1")) == (
        command.document,
        command.external_id,
        command.stripe_id,
        command.customer_id,
        command.currency,
        command.amount_minor,
        command.effective_date,
        command.partition,
        command.depends_on,
    )
    assert {
        "externalId": "po_1",
        "account": {"$account": "Checking"},
        "tranDate": "2026-03-03",
        "memo": "Stripe: po_1",
        "payment": {
            "items": [{"id": {"$key": "ch_1"}, "deposit": True}, {"id": {"$key": "re_1"}, "deposit": True}],
        },
        "cashback": {
            "items": [
                {
                    "account": {"$account": "Stripe Fees"},
                    "amount": {"$minor": [320, "usd"]},
                    "memo": "fees: stripe_fee",
                }
            ]
        },
    } == command.body
    assert [("payments (1)", 10000), ("refunds (1)", -2500), ("fees: stripe_fee", -320)] == shown(command)
    assert command.why == "Stripe payout po_1 of 71.80 USD is paid and has no NetSuite deposit"


def test_every_kind_of_document_has_its_line():
    """Payments, refunds, disputes and their returns, in groups with their numbers, in Stripe's order."""
    rows = [
        CHARGE,
        member(2, "payment", "py_1", 700),
        REFUND,
        member(3, "refund_failure", "re_1", 2500),
        member(4, "adjustment", "dp_1", -500, category="dispute"),
        member(5, "adjustment", "dp_1", 500, category="dispute_reversal"),
    ]
    rows = [replace(row, id=f"txn_{number}") for number, row in enumerate(rows)]
    command = only(plan(payout(*rows), planned=[*ALL, "py_1"]))
    keys = [item["id"]["$key"] for item in command.body["payment"]["items"]]
    assert ["ch_1", "py_1", "re_1", "rf-re_1", "dp_1", "rp-dp_1"] == keys
    assert [
        ("payments (2)", 10700),
        ("refunds (1)", -2500),
        ("returned refunds (1)", 2500),
        ("disputes (1)", -500),
        ("disputes won (1)", 500),
        ("fees: stripe_fee", -320),
    ] == shown(command)


def test_members_count_once_and_stand_oldest_first():
    """A transaction that was read twice is one, and the deposit does not depend on the order of reading."""
    old = replace(REFUND, id="txn_9", created_at=MOMENT.replace(hour=1))
    command = only(plan(payout(CHARGE, CHARGE, old, old, amount=7180)))
    assert ["re_1", "ch_1"] == [item["id"]["$key"] for item in command.body["payment"]["items"]]
    assert command == only(plan(payout(old, CHARGE)))


def test_only_documents_that_are_not_there_yet_are_waited_for():
    """A document that NetSuite holds is no dependency."""
    command = only(plan(payout(CHARGE, REFUND), {"ch_1": KnownDocument("7", "usd", 10000)}))
    assert ("re_1",) == command.depends_on


def test_fees_are_summed_by_type():
    """One line a type on the account that the policy names for it."""
    second = member(2, "charge", "ch_2", 5000, ("stripe_fee", 100), ("tax", 21), ("application_fee", 50))
    command = only(plan(payout(CHARGE, second)))
    assert [
        ("Stripe Application Fees", 50, "fees: application_fee"),
        ("Stripe Fees", 420, "fees: stripe_fee"),
        ("Tax on Stripe Fees", 21, "fees: tax"),
    ] == posted(command, "cashback")
    assert [] == posted(command, "other")


def test_fees_given_back_are_other_money():
    """A type of fee of which more came back than was taken is a positive line of `other`; what cancels out is none."""
    won = member(2, "adjustment", "dp_1", 500, ("stripe_fee", -1500), category="dispute_reversal")
    lost = member(3, "adjustment", "dp_1", -500, ("stripe_fee", 1500), category="dispute")
    command = only(plan(payout(CHARGE, won)))
    assert [("Stripe Dispute Fees", 1500, "fees: dispute")] == posted(command, "other")
    assert [("Stripe Fees", 320, "fees: stripe_fee")] == posted(command, "cashback")
    assert "fees: dispute" not in dict(shown(only(plan(payout(CHARGE, won, lost)))))


def test_a_cent_is_money():
    """On either side."""
    won = member(2, "adjustment", "dp_1", 500, ("stripe_fee", -1), category="dispute_reversal")
    command = only(plan(payout(member(1, "charge", "ch_1", 10000, ("stripe_fee", 1)), won)))
    assert [("Stripe Dispute Fees", 1, "fees: dispute")] == posted(command, "other")
    assert [("Stripe Fees", 1, "fees: stripe_fee")] == posted(command, "cashback")


def test_what_a_dispute_costs_has_its_own_account_but_its_taxes_do_not():
    """A tax on the fee of a dispute is a tax."""
    row = member(1, "adjustment", "dp_1", -500, ("stripe_fee", 1500), ("tax", 300), category="dispute")
    assert [
        ("Stripe Dispute Fees", 1500, "fees: dispute"),
        ("Tax on Stripe Fees", 300, "fees: tax"),
    ] == posted(only(plan(payout(row, amount=-2300))), "cashback")


def test_a_fee_without_items_goes_to_the_common_account():
    """That it is a fee is certain, only its type is not."""
    command = only(plan(payout(replace(CHARGE, fees=()))))
    assert [("Stripe Fees", 320, "fees: unspecified")] == posted(command, "cashback")


def test_fees_that_do_not_add_up_leave_a_residual():
    """The items are booked as they are, what is missing of the fee is named after the transaction."""
    command = only(plan(payout(replace(CHARGE, fees=(("stripe_fee", 300),)))))
    assert [("Stripe Fees", 300, "fees: stripe_fee"), ("Suspense", 20, "txn_1 charge")] == posted(command, "cashback")
    assert ("txn_1 charge: its fees do not add up to its fee", -20) in shown(command)


def test_reserves_fees_of_stripe_and_returned_payouts_are_lines_on_accounts():
    """Money out is cash back, money in is other; the amounts of one type are summed, returned payouts are not."""
    rows = [
        member(1, "reserve_hold", None, -400),
        member(2, "reserve_hold", None, -100),
        member(3, "reserve_release", None, 150),
        member(4, "stripe_fee", None, -2000),
        member(5, "payout_failure", "po_7", 90000),
        member(6, "payout_cancel", "po_8", 1000),
    ]
    command = only(plan(payout(*rows)))
    assert [
        ("Stripe Fees", 2000, "fees: stripe_fee"),
        ("Stripe Reserves", 500, "reserves: reserve_hold"),
    ] == posted(command, "cashback")
    assert [
        ("Stripe Returned Payouts", 1000, "payout_cancel po_8"),
        ("Stripe Returned Payouts", 90000, "payout_failure po_7"),
        ("Stripe Reserves", 150, "reserves: reserve_release"),
    ] == posted(command, "other")


def test_a_type_that_nobody_knows_goes_to_suspense_under_its_name():
    """The rest of the payout goes on, and the residual says which transaction it is."""
    levy = member(2, "galactic_levy", None, -77, ("stripe_fee", 3), category="other_adjustment")
    command = only(plan(payout(CHARGE, levy)))
    assert ("Suspense", 77, "txn_2 galactic_levy") in posted(command, "cashback")
    assert ("txn_2 galactic_levy: nobody has said what this type is in the ledger", -77) in shown(command)
    assert ("fees: stripe_fee", -323) in shown(command)
    assert 9600 == command.amount_minor


@pytest.mark.parametrize(
    ("known", "planned", "refused", "reason"),
    [
        ({}, [], [], "ch_2 is neither in NetSuite nor about to be written"),
        ({}, ["ch_2"], ["ch_2"], "ch_2 cannot be written until somebody has looked at it"),
        ({"ch_2": KnownDocument("7", "usd", 4999)}, [], [], "NetSuite 7 says 49.99 USD, Stripe 50.00 USD"),
        ({"ch_2": KnownDocument("7", "eur", 5000)}, [], [], "NetSuite 7 is in EUR, not USD"),
        ({"ch_2": KnownDocument("7", "usd", 5000, 0, "po_9")}, [], [], "NetSuite 7 is in deposit po_9 already"),
        ({"ch_2": KnownDocument("7", "usd", 5000, elsewhere="GmbH")}, [], [], "NetSuite 7 is in the books of GmbH"),
    ],
)
def test_a_member_without_a_usable_document_goes_to_suspense(known, planned, refused, reason):
    """It is money that came, so it is in the deposit; its fee is a fee all the same, and the others are not held up."""
    row = payout(CHARGE, member(2, "charge", "ch_2", 5000, ("stripe_fee", 150)))
    command = only(plan(row, known, ["ch_1", *planned], refused))
    assert [("Suspense", 5000, "txn_2 charge")] == posted(command, "other")
    assert [("Stripe Fees", 470, "fees: stripe_fee")] == posted(command, "cashback")
    assert ("ch_1",) == command.depends_on
    assert [
        ("payments (1)", 10000),
        ("fees: stripe_fee", -470),
        (f"txn_2 charge: {reason}", 5000),
    ] == shown(command)


def test_a_document_is_taken_once():
    """A second transaction of one dispute cannot take the same refund again."""
    rows = [
        member(1, "adjustment", "dp_1", -500, category="dispute"),
        member(2, "adjustment", "dp_1", -500, category="dispute"),
    ]
    command = only(plan(payout(CHARGE, *[replace(row, id=f"txn_d{n}") for n, row in enumerate(rows)])))
    assert ["ch_1", "dp_1"] == [item["id"]["$key"] for item in command.body["payment"]["items"]]
    assert ("txn_d1 adjustment: dp_1 is in this deposit already", -500) in shown(command)


@pytest.mark.parametrize(("amount", "rest"), [(9700, "0.20 USD"), (9670, "-0.10 USD")])
def test_a_payout_that_its_members_do_not_add_up_to_is_refused(amount, rest):
    """A deposit cannot be changed: one that was made of half the transactions would be wrong for good."""
    (refusal,) = plan(payout(CHARGE, amount=amount))
    assert isinstance(refusal, Refusal)
    assert ("MEMBERS_DO_NOT_ADD_UP", "po_1", amount) == (refusal.code, refusal.external_id, refusal.amount_minor)
    assert f"leave {rest} of it unexplained" in refusal.reason


def test_a_member_in_another_currency_is_not_added():
    """Euros are no dollars: it is shown, and what it leaves open is the payout's residual."""
    command = only(plan(payout(CHARGE, member(2, "charge", "ch_2", 500, currency="eur"), amount=9680)))
    assert ("txn_2 charge: 5.00 EUR is not the payout's currency", 0) in shown(command)
    assert [] == posted(command, "other")


def test_a_payment_in_another_currency_says_what_it_settled_for():
    """Signed, in the currency of the bank account; a payment in that very currency says nothing."""
    rows = [
        member(1, "charge", "ch_1", 1080, source_currency="eur", source_minor=1000),
        member(2, "refund", "re_1", -540, source_currency="eur", source_minor=500),
        member(3, "charge", "ch_2", 200),
    ]
    items = only(plan(payout(*rows))).body["payment"]["items"]
    assert [{"$minor": [1080, "usd"]}, {"$minor": [-540, "usd"]}, None] == [item.get("paymentAmount") for item in items]


def test_the_bank_account_is_that_of_the_currency():
    """The deposit takes its currency from the account."""
    policy = Policy.model_validate({"accounts": {"bank": {"usd": "Checking", "jpy": 15}}})
    rows = [replace(CHARGE, currency="jpy", source_currency="jpy")]
    command = only(plan(payout(*rows, currency="jpy"), policy=policy))
    assert {"$account": "15"} == command.body["account"]
    assert "currency" not in command.body
    assert [320, "jpy"] == command.body["cashback"]["items"][0]["amount"]["$minor"]


def test_a_payout_below_zero_takes_the_money_from_the_bank_account():
    """NetSuite takes no negative deposit: its total is zero, with an `other` line on the bank account itself."""
    command = only(plan(payout(REFUND, member(1, "charge", "ch_1", 100))))
    assert -2400 == command.amount_minor == sum(amount for _, amount in shown(command))
    assert [("Checking", 2400, "Stripe: po_1")] == posted(command, "other")


def test_a_payout_of_zero_is_a_deposit_of_zero():
    """Its members are deposited all the same, and the bank account is touched by nothing."""
    command = only(plan(payout(REFUND, member(1, "charge", "ch_1", 2500))))
    assert (0, 2) == (command.amount_minor, len(command.body["payment"]["items"]))
    assert {"other", "cashback"}.isdisjoint(command.body)


def test_members_that_move_no_money_are_left_out():
    """An amount of zero has no line, unless it is what some money in another currency came to."""
    free = member(2, "charge", "ch_2", 0, ("stripe_fee", 5))
    assert ("ch_1",) == only(plan(payout(CHARGE, free))).depends_on
    tiny = replace(free, source_currency="krw", source_minor=1)
    items = only(plan(payout(CHARGE, tiny))).body["payment"]["items"]
    assert {"$minor": [0, "usd"]} == items[1]["paymentAmount"]
    lost = only(plan(payout(CHARGE, tiny), planned=["ch_1"]))
    assert ("txn_2 charge: ch_2 is neither in NetSuite nor about to be written", 0) in shown(lost)
    assert [] == posted(lost, "other")


def test_of_the_payouts_own_transaction_only_the_fee_counts():
    """An instant payout costs something, and that stands on its own transaction."""
    own = member(9, "payout", "po_1", -9000, ("stripe_fee", 90))
    command = only(plan(payout(CHARGE, own, amount=9590)))
    assert [("payments (1)", 10000), ("fees: stripe_fee", -410)] == shown(command)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"status": "pending"}, "not arrived yet: it is pending, due on 2026-03-03"),
        ({"status": "in_transit"}, "not arrived yet: it is in transit, due on 2026-03-03"),
        ({"status": "levitating"}, "not arrived yet: it is levitating, due on 2026-03-03"),
        (
            {"complete": False},
            "not arrived yet: Stripe has not settled which balance transactions belong to it",
        ),
        ({"members": ()}, "its balance transactions have not been read yet"),
        ({"members": (), "amount_minor": 0}, "no money moved"),
    ],
)
def test_a_payout_that_is_not_ready_is_left_out_with_a_reason(changes, reason):
    """Nothing is written before Stripe has settled it; a status nobody knows is waited out."""
    assert [Skip("po_1", reason)] == plan(replace(payout(CHARGE), **changes))


def test_a_currency_without_a_bank_account_is_refused():
    """With what to do about it, and no deposit on some other account."""
    (refusal,) = plan(payout(CHARGE, currency="eur"))
    assert isinstance(refusal, Refusal)
    assert ("BANK_ACCOUNT_UNMAPPED", "deposit", "po_1", "set accounts.bank.eur in o2c.yaml") == (
        refusal.code,
        refusal.document,
        refusal.external_id,
        refusal.fix,
    )
    assert "EUR" in refusal.reason


@pytest.mark.parametrize(
    ("allocation", "code", "words"),
    [
        (None, "ALLOCATION_NOT_SEARCHED", "Stripe does not say"),
        (Allocation("not_searched"), "ALLOCATION_NOT_SEARCHED", "too many candidates"),
        (Allocation("none"), "ALLOCATION_NONE", "adds up to 96.80 USD"),
        (
            Allocation("ambiguous", ("txn_1", "txn_2"), ("txn_1", "txn_3")),
            "ALLOCATION_AMBIGUOUS",
            "one with txn_2 where another has txn_3",
        ),
    ],
)
def test_a_manual_payout_without_a_certain_allocation_is_refused(allocation, code, words):
    """Which transactions it holds is proven or a person says it."""
    (refusal,) = plan(payout(CHARGE, automatic=False, complete=False, allocation=allocation))
    assert isinstance(refusal, Refusal)
    assert code == refusal.code
    assert words in refusal.reason
    assert refusal.fix


def test_a_manual_payout_with_a_proven_allocation_is_written():
    """Stripe never calls it reconciled, so that is not waited for."""
    row = payout(CHARGE, automatic=False, complete=False, allocation=Allocation("unique", ("txn_1",)))
    assert "po_1" == only(plan(row)).external_id


def test_nothing_is_planned_for_a_deposit_that_netsuite_holds():
    """Not even a refusal: a person may have entered a manual payout by hand."""
    known = {"po_1": KnownDocument("9")}
    assert [] == plan(payout(CHARGE), known)
    assert [] == plan(payout(CHARGE, automatic=False), known)
    assert [] == plan(payout(CHARGE, currency="eur"), known)


RETURNED = payout(CHARGE, status="failed", returned_date=date(2026, 3, 9))


def test_a_failed_payout_is_deposited_and_taken_back():
    """Both are written: the later payout that brings the money needs the other side on returned payouts."""
    deposit, back = plan(RETURNED)
    assert ("deposit", "po_1") == (deposit.document, deposit.external_id)
    assert ("journalEntry", "pf-po_1", "po_1", 9680, date(2026, 3, 9), date(2026, 3, 1), ("po_1",)) == (
        back.document,
        back.external_id,
        back.stripe_id,
        back.amount_minor,
        back.effective_date,
        back.partition,
        back.depends_on,
    )
    money = {"$minor": [9680, "usd"]}
    assert {
        "externalId": "pf-po_1",
        "currency": {"$currency": "usd"},
        "tranDate": "2026-03-09",
        "memo": "Stripe: po_1",
        "subsidiary": {"$subsidiary": "1"},
        "line": {
            "items": [
                {"account": {"$account": "Stripe Returned Payouts"}, "debit": money, "memo": "po_1"},
                {"account": {"$account": "Checking"}, "credit": money, "memo": "po_1"},
            ]
        },
    } == back.body
    assert [("debit Stripe Returned Payouts", 9680), ("credit Checking", -9680)] == shown(back)


def test_a_failed_debit_is_taken_back_the_other_way_round():
    """The bank account gets its money back."""
    _, back = plan(payout(REFUND, status="failed", returned_date=date(2026, 3, 9)))
    first, second = back.body["line"]["items"]
    assert ("Checking", 2500) == (first["account"]["$account"], first["debit"]["$minor"][0])
    assert ("Stripe Returned Payouts", 2500) == (second["account"]["$account"], second["credit"]["$minor"][0])


def test_only_what_is_missing_of_a_failed_payout_is_planned():
    """The journal entry leans on the deposit where that is still to be written."""
    back = only(plan(RETURNED, {"po_1": KnownDocument("9")}))
    assert ("pf-po_1", ()) == (back.external_id, back.depends_on)
    assert "po_1" == only(plan(RETURNED, {"pf-po_1": KnownDocument("9")})).external_id
    assert [] == plan(RETURNED, {"po_1": KnownDocument("9"), "pf-po_1": KnownDocument("10")})
    assert "po_1" == only(plan(replace(RETURNED, returned_date=None))).external_id
    nothing = [REFUND, member(1, "charge", "ch_1", 2500)]
    assert "po_1" == only(plan(payout(*nothing, status="failed", returned_date=ARRIVAL))).external_id
    (refusal,) = plan(replace(RETURNED, currency="eur"), {"po_1": KnownDocument("9")})
    assert ("journalEntry", "pf-po_1", date(2026, 3, 9), "BANK_ACCOUNT_UNMAPPED") == (
        refusal.document,
        refusal.external_id,
        refusal.effective_date,
        refusal.code,
    )


def test_a_payout_with_too_many_members_is_split():
    """By age, each with its own sums and its own total; together they are the payout."""
    rows = [member(n, "charge", f"ch_{n}", 1000 * n, ("stripe_fee", n)) for n in range(1, 6)]
    row = payout(*rows, amount=14985, status="failed", returned_date=ARRIVAL)
    keys = [f"ch_{n}" for n in range(1, 6)]
    *deposits, back = plan(row, planned=keys, members_max=2)
    assert ["po_1", "po_1-2", "po_1-3"] == [command.external_id for command in deposits]
    assert [2997, 6993, 4995] == [command.amount_minor for command in deposits]
    assert [("ch_1", "ch_2"), ("ch_3", "ch_4"), ("ch_5",)] == [command.depends_on for command in deposits]
    assert ["Stripe: po_1 (part 1 of 3)", "Stripe: po_1 (part 2 of 3)", "Stripe: po_1 (part 3 of 3)"] == [
        command.body["memo"] for command in deposits
    ]
    assert ("po_1", "po_1-2", "po_1-3") == back.depends_on
    assert 14985 == back.amount_minor
    rest = plan(row, {"po_1-2": KnownDocument("9")}, keys, members_max=2)
    assert [deposits[0], deposits[2], replace(back, depends_on=("po_1", "po_1-3"))] == rest


def test_no_part_is_empty():
    """The payout's own transaction is the last of its members and makes no line, also where it is alone in a part."""
    rows = [member(n, "charge", f"ch_{n}", 1000) for n in (1, 2)]
    own = member(9, "payout", "po_1", -2000, created_at=MOMENT + timedelta(1))
    row, keys = payout(*rows, own, amount=2000), [f"ch_{n}" for n in (1, 2)]
    [deposit] = plan(row, planned=keys, members_max=2)
    assert (deposit.external_id, deposit.body["memo"], deposit.amount_minor) == ("po_1", "Stripe: po_1", 2000)
    there = {"po_1": KnownDocument("9")}
    assert plan(row, there, keys, members_max=2) == []
    failed = replace(row, status="failed", returned_date=ARRIVAL)
    assert ["pf-po_1"] == [item.external_id for item in plan(failed, there, keys, members_max=2)]


def test_a_deposit_holds_ten_thousand_members():
    """One more makes a second deposit."""
    rows = [member(n, "charge", f"ch_{n}", 1) for n in range(10_001)]
    keys = {row.source_id for row in rows}
    assert ["po_1"] == [command.external_id for command in plan(payout(*rows[:-1]), planned=keys)]
    first, second = plan(payout(*rows), planned=keys)
    assert (10_000, 1) == (len(first.body["payment"]["items"]), len(second.body["payment"]["items"]))


def test_a_deposit_that_somebody_entered_without_the_payouts_id_is_not_doubled():
    """Half of its documents in a deposit that names no payout: the money is on the bank account already."""
    known = {key: KnownDocument(key[-1], "usd", 10000, 0, "ns:88") for key in ("ch_1",)}
    row = payout(CHARGE, member(2, "charge", "ch_2", 5000))
    (refusal,) = plan(row, known | {"ch_2": KnownDocument("2", "usd", 5000)}, [])
    assert isinstance(refusal, Refusal)
    assert ("DEPOSITED_ALREADY", "po_1", 15000 - 320) == (refusal.code, refusal.external_id, refusal.amount_minor)
    assert "deposit 88" in refusal.reason
    assert "po_1 into the memo" in refusal.fix


def test_one_document_of_many_in_a_nameless_deposit_is_a_residual():
    """It holds up nothing else."""
    known = {"ch_1": KnownDocument("1", "usd", 10000, 0, "ns:88")}
    known |= {f"ch_{n}": KnownDocument(str(n), "usd", 5000) for n in (2, 3)}
    row = payout(CHARGE, member(2, "charge", "ch_2", 5000), member(3, "charge", "ch_3", 5000))
    assert ("Suspense", 10000, "txn_1 charge") in posted(only(plan(row, known, [])), "other")


# --- payments that fail -----------------------------------------------------------------------------------------------

PENDING = member(3, "payment", "py_1", 5000)
FAILED = member(4, "payment_failure_refund", "py_1", -5000)


def test_a_payment_that_failed_before_it_was_booked_leaves_no_line():
    """Its money came and went in this payout: nothing to the cent, and nobody has to look at it."""
    command = only(plan(payout(CHARGE, PENDING, FAILED), planned={"ch_1"}))
    assert shown(command) == [("payments (1)", 10000), ("fees: stripe_fee", -320)]
    assert command.amount_minor == 9680


def test_fees_of_a_failed_payment_stay():
    """What Stripe charged for it is a cost like others."""
    costly = replace(FAILED, fee_minor=400, net_minor=-5400, fees=(("stripe_fee", 400),))
    assert shown(only(plan(payout(CHARGE, PENDING, costly), planned={"ch_1"})))[1] == ("fees: stripe_fee", -720)


@pytest.mark.parametrize(
    ("members", "planned"),
    [
        ((PENDING, FAILED), {"ch_1", "py_1"}),
        ((FAILED,), {"ch_1"}),
        ((PENDING, replace(FAILED, amount_minor=-4999, net_minor=-4999)), {"ch_1"}),
        ((PENDING, FAILED, replace(FAILED, id="txn_9")), {"ch_1"}),
        ((PENDING, replace(PENDING, id="txn_9"), FAILED), {"ch_1"}),
    ],
    ids=["booked", "came in another payout", "another amount", "failed twice", "paid twice"],
)
def test_any_other_failed_payment_is_a_residual_that_says_so(members, planned):
    """Its money is on Suspense under its name, and the deposit is right all the same."""
    row = payout(CHARGE, *members)
    command = only(plan(row, planned=planned))
    assert command.amount_minor == row.amount_minor
    texts = [text for text, _ in shown(command)]
    assert any(text.startswith("txn_") for text in texts)
    if members[0] is FAILED or "py_1" in planned:
        assert any("the payment py_1 failed after all, and what it had paid is open again" in text for text in texts)
