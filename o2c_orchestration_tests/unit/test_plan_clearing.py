"""A residual on Suspense is cleared when its document can be deposited after all."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from o2c_orchestration.domain.documents import Command, KnownDocument, Refusal
from o2c_orchestration.domain.payouts import MemberRow, PayoutRow, ResidualRow
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan.clearing import plan_clearing

MOMENT = datetime(2026, 3, 1, 5, 30, tzinfo=UTC)
PAYOUT = PayoutRow("po_1", "usd", 9680, "paid", date(2026, 3, 3), MOMENT, True, True)
MEMBER = MemberRow("txn_1", "charge", "charge", "ch_1", "usd", 1000, 30, 970, MOMENT, (), "usd", 1000)
ROW = ResidualRow(PAYOUT, "po_1", MEMBER, 1000)
DEPOSITED = {"po_1": KnownDocument("9")}


def plan(*rows, known=None, planned=(), refused=()):
    return plan_clearing(Policy(), rows, DEPOSITED | (known or {}), planned, refused)


def test_a_residual_is_cleared_by_a_deposit_of_zero():
    """The payment's line and the opposite on Suspense, dated as the payout's deposit."""
    (command,) = plan(ROW, planned=["ch_1"])
    assert isinstance(command, Command)
    assert ("deposit", "rc-txn_1", "txn_1", 0, date(2026, 3, 3), date(2026, 3, 1), ("ch_1",)) == (
        command.document,
        command.external_id,
        command.stripe_id,
        command.amount_minor,
        command.effective_date,
        command.partition,
        command.depends_on,
    )
    assert {
        "externalId": "rc-txn_1",
        "account": {"$account": "Checking"},
        "tranDate": "2026-03-03",
        "memo": "Stripe: txn_1",
        "payment": {"items": [{"id": {"$key": "ch_1"}, "deposit": True}]},
        "cashback": {
            "items": [
                {"account": {"$account": "Suspense"}, "amount": {"$minor": [1000, "usd"]}, "memo": "txn_1 charge"}
            ]
        },
    } == command.body
    assert [("payments (1)", 1000), ("txn_1 charge: off Suspense", -1000)] == [
        (line.text, line.amount_minor) for line in command.lines
    ]


def test_money_that_went_out_comes_off_suspense_the_other_way():
    """A refund's residual was cash back; now it is other money. In another currency it says what it settled for."""
    refund = replace(
        MEMBER, type="refund", source_id="re_1", amount_minor=-540, source_currency="eur", source_minor=500
    )
    (command,) = plan(replace(ROW, member=refund, suspense_minor=-540), known={"re_1": KnownDocument("7", "eur", 500)})
    assert {"$minor": [540, "usd"]} == command.body["other"]["items"][0]["amount"]
    assert {"$minor": [-540, "usd"]} == command.body["payment"]["items"][0]["paymentAmount"]
    assert "cashback" not in command.body
    assert () == command.depends_on


@pytest.mark.parametrize(
    ("row", "known", "planned", "refused"),
    [
        (ROW, {}, [], []),
        (ROW, {}, ["ch_1"], ["ch_1"]),
        (ROW, {"ch_1": KnownDocument("7", "usd", 999)}, [], []),
        (ROW, {"ch_1": KnownDocument("7", "usd", 1000, 0, "ns:8")}, [], []),
        (ROW, {"rc-txn_1": KnownDocument("8")}, ["ch_1"], []),
        (replace(ROW, deposit_key="po_1-2"), {}, ["ch_1"], []),
        (replace(ROW, member=replace(MEMBER, type="galactic_levy")), {}, ["ch_1"], []),
    ],
)
def test_what_cannot_be_cleared_stays_on_suspense(row, known, planned, refused):
    """No usable document, cleared already, a deposit that is not there, or a type that has no document."""
    assert [] == plan(row, known=known, planned=planned, refused=refused)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (replace(ROW, suspense_minor=999), "SUSPENSE_CHANGED"),
        (replace(ROW, member=replace(MEMBER, currency="eur")), "SUSPENSE_CHANGED"),
        (
            ResidualRow(
                replace(PAYOUT, currency="eur"), "po_1", replace(MEMBER, currency="eur", source_currency="eur"), 1000
            ),
            "BANK_ACCOUNT_UNMAPPED",
        ),
    ],
)
def test_what_is_not_as_it_was_is_for_a_person(row, code):
    """A deposit that does not come to zero would move the bank's balance; there is no bank account to name."""
    (refusal,) = plan(row, row, planned=["ch_1"])
    assert isinstance(refusal, Refusal)
    assert (code, "rc-txn_1", "deposit", 0) == (
        refusal.code,
        refusal.external_id,
        refusal.document,
        refusal.amount_minor,
    )
    assert refusal.reason
    assert refusal.fix


def test_where_a_bank_account_is_set_says_both_places():
    """By the payout's currency, or by where it was sent."""
    payout = replace(PAYOUT, currency="eur", destination="ba_1")
    member = replace(MEMBER, currency="eur", source_currency="eur")
    (refusal,) = plan(ResidualRow(payout, "po_1", member, 1000), planned=["ch_1"])
    assert refusal.fix == "set accounts.bank.eur, or accounts.destinations.ba_1, in o2c.yaml"


def test_a_member_whose_fee_lies_on_suspense_too_is_cleared_of_its_amount():
    """Two lines of one transaction: that of its amount counts, in whatever order they come."""
    fee = replace(ROW, suspense_minor=-30)
    for rows in ([ROW, fee], [fee, ROW]):
        assert ["rc-txn_1"] == [item.external_id for item in plan(*rows, planned=["ch_1"]) if isinstance(item, Command)]


def test_one_document_clears_one_residual():
    """Two transactions of one charge: the older takes its payment, and the order of the input does not matter."""
    second = replace(ROW, member=replace(MEMBER, id="txn_0", created_at=MOMENT.replace(hour=6)))
    for rows in ([ROW, second], [second, ROW, ROW]):
        assert ["rc-txn_1"] == [item.external_id for item in plan(*rows, planned=["ch_1"])]
