"""Promises about payouts in the Stripe sandbox: what they pay out adds up, and comes back when the bank says no."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import stripe as stripe_sdk

from o2c_orchestration.sandbox.config import SandboxConfig
from o2c_orchestration.sandbox.server import SandboxServer
from o2c_orchestration_tests.contract.sandbox_stripe_account import Account

AT_ONCE = "pm_card_bypassPending"


@pytest.fixture
def account(tmp_path: Path) -> Iterator[Account]:
    with SandboxServer(tmp_path, config=SandboxConfig(stripe_requests_per_second=10_000)) as server:
        yield Account(server.base_url)


def members(account: Account, payout: str) -> list[Any]:
    found: list[Any] = account.get("balance_transactions", payout=payout, limit=100)["data"]
    return [each for each in found if each["source"] != payout]


def available(account: Account, currency: str = "usd") -> int:
    return sum(each["amount"] for each in account.get("balance")["available"] if each["currency"] == currency)


def test_the_balance_says_what_can_be_paid_out(account: Account) -> None:
    """A card's money is pending for days, the test card's that skips this is available; refunds come off at once."""
    assert account.get("balance")["available"] == [{"amount": 0, "currency": "usd", "source_types": {"card": 0}}]
    account.charge(10_000)
    charge = account.charge(20_000, AT_ONCE)
    account.post("refunds", charge=charge["id"], amount=500)
    account.charge(3_000, currency="eur")
    balance = account.get("balance")
    shown = [(each["currency"], each["amount"]) for each in balance["available"] + balance["pending"]]
    assert shown == [("eur", 0), ("usd", 20_000 - 610 - 500), ("eur", 3_000 - 117), ("usd", 10_000 - 320)]


def test_an_automatic_payout_pays_out_what_is_available(account: Account) -> None:
    """Its amount is what its members come to; the list of them has the payout's own entry, and no inner key."""
    account.charge(10_000)
    charge = account.charge(20_000, AT_ONCE)
    refund = account.post("refunds", charge=charge["id"], amount=500)
    (payout,) = account.control("payouts")["payouts"]
    assert (payout["amount"], payout["currency"], payout["automatic"]) == (18_890, "usd", True)
    assert (payout["status"], payout["reconciliation_status"]) == ("paid", "completed")
    assert payout["arrival_date"] % 86_400 == 0
    listed = account.get("balance_transactions", payout=payout["id"])["data"]
    assert {each["source"] for each in listed} == {charge["id"], refund["id"], payout["id"]}
    assert sum(each["net"] for each in listed) == 0
    own = account.get(f"balance_transactions/{payout['balance_transaction']}")
    shown = [own[name] for name in ("type", "reporting_category", "amount", "fee", "net", "source")]
    assert shown == ["payout", "payout", -18_890, 0, -18_890, payout["id"]]
    assert not [name for each in [*listed, own] for name in each if name.startswith("_")]
    assert available(account) == 0
    assert account.control("payouts") == {"payouts": []}
    kinds = ["payout.created", "payout.paid", "payout.reconciliation_completed"]
    assert account.events("payout") == kinds


def test_pending_money_can_be_paid_out_for_a_test(account: Account) -> None:
    """With `pending`, money of today's cards is paid out, one payout for each currency."""
    account.charge(10_000)
    account.charge(3_000, currency="eur")
    made = account.control("payouts", pending=True)["payouts"]
    assert [(each["currency"], each["amount"]) for each in made] == [("eur", 2_883), ("usd", 9_680)]
    (entry,) = members(account, made[1]["id"])
    assert (entry["status"], entry["available_on"] <= made[1]["created"]) == ("available", True)


def test_a_payout_can_be_on_its_way_for_days(account: Account) -> None:
    """Until it arrives it is in transit and its reconciliation in progress; it arrives once."""
    account.charge(10_000, AT_ONCE)
    (payout,) = account.control("payouts", complete=False)["payouts"]
    assert (payout["status"], payout["reconciliation_status"]) == ("in_transit", "in_progress")
    assert payout["arrival_date"] > payout["created"]
    assert account.events("payout") == ["payout.created"]
    paid = account.control("payouts/complete", payout=payout["id"], arrival_date=1_764_030_000)
    assert (paid["status"], paid["reconciliation_status"]) == ("paid", "completed")
    assert paid["arrival_date"] == 1_764_028_800
    assert "error" in account.control("payouts/complete", payout=payout["id"])


def test_a_failed_payout_is_paid_out_again_with_the_next(account: Account) -> None:
    """The failure gives the money back as an entry of its own, which is a member of the payout after."""
    account.charge(10_000, AT_ONCE)
    (payout,) = account.control("payouts")["payouts"]
    before = members(account, payout["id"])
    failed = account.control("payouts/fail", payout=payout["id"], failure_code="account_closed")
    assert (failed["status"], failed["failure_code"]) == ("failed", "account_closed")
    assert failed["failure_message"]
    entry = account.get(f"balance_transactions/{failed['failure_balance_transaction']}")
    shown = [entry[name] for name in ("type", "reporting_category", "amount", "fee", "source")]
    assert shown == ["payout_failure", "payout_reversal", 9_680, 0, payout["id"]]
    assert available(account) == 9_680
    assert members(account, payout["id"]) == before
    account.charge(1_000, AT_ONCE)
    (later,) = account.control("payouts")["payouts"]
    assert later["amount"] == 9_680 + 941
    assert {each["type"] for each in members(account, later["id"])} == {"payout_failure", "charge"}
    assert account.events("payout.failed") == ["payout.failed"]
    assert "error" in account.control("payouts/fail", payout=payout["id"])


def test_a_balance_below_zero_is_taken_from_the_bank(account: Account) -> None:
    """When refunds outweigh charges the payout is negative, and the balance is even again."""
    charge = account.charge(10_000, AT_ONCE)
    account.control("payouts")
    account.post("refunds", charge=charge["id"])
    (payout,) = account.control("payouts")["payouts"]
    assert payout["amount"] == -10_000
    assert account.get(f"balance_transactions/{payout['balance_transaction']}")["amount"] == 10_000
    assert available(account) == 0


def test_nothing_can_be_said_about_what_a_payout_by_hand_pays_out(account: Account) -> None:
    """A manual payout is never reconciled, and asking for its entries is refused in Stripe's words."""
    account.charge(10_000, AT_ONCE)
    payout = account.post("payouts", amount=4_000, currency="usd", description="Rent")
    shown = [payout[name] for name in ("amount", "automatic", "reconciliation_status", "status", "description")]
    assert shown == [4_000, False, "not_applicable", "pending", "Rent"]
    error = account.get("balance_transactions", payout=payout["id"])["error"]
    assert "only be filtered on automatic transfers" in error["message"]
    assert error["param"] == "payout"
    assert account.get("balance_transactions", payout="po_none")["error"]["code"] == "resource_missing"
    assert available(account) == 5_680
    account.control("payouts/complete", payout=payout["id"])
    assert account.events("payout") == ["payout.created", "payout.paid"]
    (rest,) = account.control("payouts")["payouts"]
    assert rest["amount"] == 5_680


def test_payouts_by_hand_are_bounded_and_can_be_taken_back(account: Account) -> None:
    """No more than is available; while pending it can be canceled, once paid only reversed, and only once."""
    account.charge(10_000, AT_ONCE)
    assert account.post("payouts", amount=9_681, currency="usd")["error"]["code"] == "balance_insufficient"
    assert account.post("payouts", amount=0, currency="usd")["error"]["code"] == "parameter_invalid_integer"
    assert account.post("payouts", amount=5)["error"]["code"] == "parameter_missing"
    first = account.post("payouts", amount=9_000, currency="usd")
    assert "error" in account.post(f"payouts/{first['id']}/reverse")
    canceled = account.post(f"payouts/{first['id']}/cancel")
    entry = account.get(f"balance_transactions/{canceled['failure_balance_transaction']}")
    assert (canceled["status"], entry["type"], entry["amount"]) == ("canceled", "payout_cancel", 9_000)
    second = account.post("payouts", amount=9_000, currency="usd")
    account.control("payouts/complete", payout=second["id"])
    assert "error" in account.post(f"payouts/{second['id']}/cancel")
    reversal = account.post(f"payouts/{second['id']}/reverse")
    assert (reversal["amount"], reversal["original_payout"]) == (-9_000, second["id"])
    assert account.get(f"payouts/{second['id']}")["reversed_by"] == reversal["id"]
    assert "error" in account.post(f"payouts/{second['id']}/reverse")
    assert available(account) == 9_680


def test_payouts_list_by_what_they_are(account: Account) -> None:
    """Status, arrival and destination filter; newest first."""
    account.charge(10_000, AT_ONCE)
    euro = account.charge(10_000, AT_ONCE, currency="eur")
    made = account.control("payouts", complete=False)["payouts"]
    account.control("payouts/complete", payout=made[0]["id"], arrival_date=1_764_028_800)
    assert [each["id"] for each in account.get("payouts", status="paid")["data"]] == [made[0]["id"]]
    assert [each["id"] for each in account.get("payouts", arrival_date=1_764_028_800)["data"]] == [made[0]["id"]]
    late = account.get("payouts", **{"arrival_date[gt]": 1_764_028_800})["data"]
    assert [each["id"] for each in late] == [made[1]["id"]]
    in_euro = account.get("payouts", destination=made[0]["destination"])["data"]
    assert [(each["id"], each["currency"]) for each in in_euro] == [(made[0]["id"], euro["currency"])]


def test_loaded_entries_belong_to_the_payout_that_they_name(account: Account) -> None:
    """The inner key of a loaded entry is what the filter goes by, and it is never shown."""
    payout = {"id": "po_1", "object": "payout", "created": 5, "amount": 7, "automatic": True, "currency": "usd"}
    entries = [
        {"id": "txn_1", "type": "charge", "source": "ch_1", "net": 9, "_payout": "po_1"},
        {"id": "txn_2", "type": "stripe_fee", "source": None, "net": -2, "_payout": "po_1"},
        {"id": "txn_3", "type": "payout", "source": "po_1", "net": -7},
        {"id": "txn_4", "type": "charge", "source": "ch_2", "net": 1},
    ]
    common = {"object": "balance_transaction", "created": 4, "currency": "usd", "status": "available"}
    account.load(payout, *({**common, **each} for each in entries))
    found = account.get("balance_transactions", payout="po_1", currency="usd")["data"]
    assert [each["id"] for each in found] == ["txn_3", "txn_2", "txn_1"]
    assert [each["id"] for each in account.get("balance_transactions", payout="po_1", type="charge")["data"]] == [
        "txn_1"
    ]
    assert not [name for each in found for name in each if name.startswith("_")]
    account.control("payouts")
    assert [each["id"] for each in account.get("balance_transactions", type="charge", limit=1)["data"]] == ["txn_4"]
    assert [each["amount"] for each in account.get("payouts")["data"]] == [1, 7]


def test_loaded_money_becomes_available_on_its_day(account: Account) -> None:
    """A pending entry whose day has come is shown as available, one whose day is to come is not."""
    common = {"object": "balance_transaction", "created": 4, "currency": "usd", "status": "pending", "net": 1}
    account.load(
        {**common, "id": "txn_1", "available_on": 100, "exchange_rate": 1.1},
        {**common, "id": "txn_2", "available_on": 99_999_999_999},
    )
    states = [(each["id"], each["status"]) for each in account.get("balance_transactions")["data"]]
    assert states == [("txn_2", "pending"), ("txn_1", "available")]
    entry = account.get("balance_transactions/txn_1")
    assert (entry["available_on"], entry["exchange_rate"]) == (100, 1.1)


def test_the_sdk_reads_payouts_and_the_balance_as_its_own(account: Account) -> None:
    """Every field that the SDK declares is there, and references expand to its classes."""
    client = stripe_sdk.StripeClient("sk_test_sandbox", base_addresses={"api": account.base_url})
    account.charge(10_000, AT_ONCE)
    (made,) = account.control("payouts")["payouts"]
    payout = client.v1.payouts.retrieve(made["id"], {"expand": ["balance_transaction.source"]})
    assert isinstance(payout.balance_transaction, stripe_sdk.BalanceTransaction)
    assert isinstance(payout.balance_transaction.source, stripe_sdk.Payout)
    found = client.v1.balance_transactions.list({"payout": payout.id, "expand": ["data.source"]})
    assert {type(each.source) for each in found.data} == {stripe_sdk.Payout, stripe_sdk.Charge}
    balance = client.v1.balance.retrieve()
    assert [each.amount for each in balance.available] == [0]
    for wire, declared in (
        (payout, stripe_sdk.Payout),
        (found.data[0], stripe_sdk.BalanceTransaction),
        (balance, stripe_sdk.Balance),
    ):
        assert set(declared.__annotations__) - {"OBJECT_NAME"} <= set(wire.to_dict())
    with pytest.raises(stripe_sdk.InvalidRequestError) as refused:
        client.v1.payouts.create({"amount": 1, "currency": "usd"})
    assert refused.value.code == "balance_insufficient"
