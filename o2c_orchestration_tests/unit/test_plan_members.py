"""What one balance transaction is in the ledger, and why a deposit may not take its document."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Literal, get_args, get_origin

import pytest
import stripe

from o2c_orchestration.domain.documents import KnownDocument
from o2c_orchestration.domain.payouts import MemberRow
from o2c_orchestration.domain.policy_payouts import Accounts
from o2c_orchestration.plan.holdings import Holdings
from o2c_orchestration.plan.members import STATED_TYPES, classify, fee_account

MOMENT = datetime(2026, 3, 1, tzinfo=UTC)
CHARGE = MemberRow("txn_1", "charge", "charge", "ch_1", "usd", 1000, 0, 1000, MOMENT, (), "usd", 1000)


def meaning_of(kind, category, source):
    return classify(Accounts(), replace(CHARGE, type=kind, category=category, source_id=source))


@pytest.mark.parametrize(
    ("kind", "category", "source", "group", "key", "sign"),
    [
        ("charge", "charge", "ch_1", "payments", "ch_1", 1),
        ("payment", "charge", "py_1", "payments", "py_1", 1),
        ("refund", "refund", "re_1", "refunds", "re_1", -1),
        ("refund", "partial_capture_reversal", "re_1", "refunds", "re_1", -1),
        ("payment_refund", "refund", "pyr_1", "refunds", "pyr_1", -1),
        ("refund_failure", "refund_failure", "re_1", "returned refunds", "rf-re_1", 1),
        ("payment_failure_refund", "refund_failure", "pyr_1", "returned refunds", "rf-pyr_1", 1),
        ("adjustment", "refund_failure", "re_1", "returned refunds", "rf-re_1", 1),
        ("adjustment", "dispute", "dp_1", "disputes", "dp_1", -1),
        ("adjustment", "dispute", "du_1", "disputes", "du_1", -1),
        ("adjustment", "dispute_reversal", "dp_1", "disputes won", "rp-dp_1", 1),
    ],
)
def test_members_that_have_documents(kind, category, source, group, key, sign):
    """Payments, refunds, disputes and what came back of them: the document that stands for it, and its sign."""
    meaning = meaning_of(kind, category, source)
    assert (group, key, sign, None, "") == (meaning.group, meaning.key, meaning.sign, meaning.account, meaning.problem)


@pytest.mark.parametrize(
    ("kind", "category", "account"),
    [
        ("stripe_fee", "fee", "Stripe Fees"),
        ("stripe_fx_fee", "fee", "Stripe Fees"),
        ("tax_fee", "tax", "Tax on Stripe Fees"),
        ("application_fee", "platform_earning", "Stripe Application Fees"),
        ("application_fee_refund", "platform_earning_refund", "Stripe Application Fees"),
        ("adjustment", "fee", "Stripe Fees"),
        ("adjustment", "tax", "Tax on Stripe Fees"),
        ("adjustment", "network_cost", "Stripe Network Fees"),
        ("reserve_hold", "risk_reserved_funds", "Stripe Reserves"),
        ("reserve_release", "risk_reserved_funds", "Stripe Reserves"),
        ("reserve_transaction", "connect_reserved_funds", "Stripe Reserves"),
        ("reserved_funds", "risk_reserved_funds", "Stripe Reserves"),
        ("payment_network_reserve_hold", "x", "Stripe Reserves"),
        ("payment_network_reserve_release", "x", "Stripe Reserves"),
        ("payout_minimum_balance_hold", "x", "Stripe Reserves"),
        ("payout_minimum_balance_release", "x", "Stripe Reserves"),
        ("adjustment", "risk_reserved_funds", "Stripe Reserves"),
        ("adjustment", "connect_reserved_funds", "Stripe Reserves"),
        ("payout_failure", "payout_reversal", "Stripe Returned Payouts"),
        ("payout_cancel", "payout_reversal", "Stripe Returned Payouts"),
    ],
)
def test_members_that_are_money_on_an_account(kind, category, account):
    """Fees, reserves and returned payouts have an account of the policy and no document."""
    meaning = meaning_of(kind, category, None)
    assert (None, account, "") == (meaning.key, meaning.account, meaning.problem)


@pytest.mark.parametrize(
    ("kind", "category", "source"),
    [
        ("galactic_levy", "other_adjustment", None),
        ("adjustment", "other_adjustment", "dp_1"),
        ("adjustment", "charge", "ch_1"),
        ("dispute", "dispute", "dp_1"),
        ("network_cost", "network_cost", None),
        ("transfer", "transfer", "tr_1"),
        ("topup", "topup", "tu_1"),
        ("issuing_transaction", "issuing_transaction", "ipi_1"),
        ("advance", "advance", None),
        ("payment_reversal", "charge_failure", "py_1"),
        ("payout", "payout", "po_2"),
        ("charge", "charge", None),
        ("charge", "charge", "pi_1"),
        ("refund", "refund", "ch_1"),
        ("payment_failure_refund", "charge_failure", "py_1"),
        ("adjustment", "dispute", "ch_1"),
    ],
)
def test_what_is_not_understood_is_never_guessed(kind, category, source):
    """A type nobody has mapped, one without a document, or a source of another kind: no key, no account, a reason."""
    meaning = meaning_of(kind, category, source)
    assert (None, None) == (meaning.key, meaning.account)
    assert meaning.problem


def test_something_is_said_of_every_type_that_the_sdk_names():
    """A new release of Stripe's SDK with a new type fails here and not in the books."""
    named = next(
        get_args(option)
        for option in get_args(stripe.BalanceTransaction.__annotations__["type"])
        if get_origin(option) is Literal
    )
    assert len(named) > 40
    assert set(named) == STATED_TYPES


@pytest.mark.parametrize(
    ("fees", "kind", "account"),
    [
        ({}, "stripe_fee", "Rest"),
        ({"stripe_fee": "A"}, "stripe_fx_fee", "A"),
        ({"stripe_fee": "A", "stripe_fx_fee": "B"}, "stripe_fx_fee", "B"),
        ({"tax": "A"}, "tax_fee", "A"),
        ({"application_fee": "A"}, "application_fee_refund", "A"),
        ({"stripe_fee": "A"}, "something_new", "Rest"),
    ],
)
def test_a_fee_goes_to_its_own_account_or_that_of_its_kind_or_the_common_one(fees, kind, account):
    """The policy may name every type of fee, and need name none."""
    assert account == fee_account(Accounts(fee="Rest", fees=fees), kind)


def obstacle(member=CHARGE, document=None, planned=(), refused=(), taken=(), currency="usd"):
    holdings = Holdings({"ch_1": document} if document else {}, planned, refused)
    return holdings.obstacle(member, classify(Accounts(), member), currency, taken)


@pytest.mark.parametrize(
    "document",
    [
        KnownDocument("7", "usd", 1000),
        KnownDocument("7", "usd"),
        KnownDocument("7"),
        KnownDocument("7", "usd", 1000, remaining_minor=0),
    ],
)
def test_a_document_of_the_same_currency_and_amount_is_taken(document):
    """What is left to apply of a payment has nothing to do with its deposit; what is not known yet is trusted."""
    assert obstacle(document=document) is None


def test_a_document_that_is_about_to_be_written_is_taken():
    """Its amount is the one it is planned with."""
    assert obstacle(planned=["ch_1"]) is None


EUROS = replace(CHARGE, source_currency="eur", source_minor=900)


@pytest.mark.parametrize(
    ("member", "document", "planned", "refused", "taken", "reason"),
    [
        (CHARGE, None, [], [], [], "ch_1 is neither in NetSuite nor about to be written"),
        (CHARGE, None, ["ch_1"], ["ch_1"], [], "ch_1 cannot be written until somebody has looked at it"),
        (CHARGE, KnownDocument("7", "usd", 999), [], [], [], "NetSuite 7 says 9.99 USD, Stripe 10.00 USD"),
        (CHARGE, KnownDocument("7", "eur", 1000), [], [], [], "NetSuite 7 is in EUR, not USD"),
        (EUROS, KnownDocument("7", "usd", 1000), [], [], [], "NetSuite 7 is in USD, not EUR"),
        (EUROS, KnownDocument("7", "eur", 1000), [], [], [], "NetSuite 7 says 10.00 EUR, Stripe 9.00 EUR"),
        (
            replace(CHARGE, source_currency=None, source_minor=None),
            KnownDocument("7", "usd", 999),
            [],
            [],
            [],
            "NetSuite 7 says 9.99 USD, Stripe 10.00 USD",
        ),
        (
            CHARGE,
            KnownDocument("7", "usd", 1000, deposit_key="ns:9"),
            [],
            [],
            [],
            "NetSuite 7 is in deposit ns:9 already",
        ),
        (CHARGE, KnownDocument("7", "usd", 1000), [], [], ["ch_1"], "ch_1 is in this deposit already"),
        (replace(CHARGE, source_minor=2000), None, ["ch_1"], [], [], "Stripe settled 10.00 USD of 20.00 USD"),
        (replace(CHARGE, amount_minor=-1000), None, ["ch_1"], [], [], "-10.00 USD is not what payments are"),
    ],
)
def test_a_document_that_does_not_fit_is_not_taken(member, document, planned, refused, taken, reason):
    """Another amount or currency, another deposit, a person who has to look, or no document: each says which."""
    assert reason == obstacle(member, document, planned, refused, taken)


def test_a_payment_in_another_currency_is_compared_in_its_own():
    """What it settled for is not compared with its total."""
    assert obstacle(EUROS, KnownDocument("7", "eur", 900)) is None
