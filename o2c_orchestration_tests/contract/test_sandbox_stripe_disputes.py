"""Promises about disputes in the Stripe sandbox: money goes with the cardholder's word, and comes back with proof."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import stripe as stripe_sdk

from o2c_orchestration.sandbox.config import SandboxConfig
from o2c_orchestration.sandbox.server import SandboxServer
from o2c_orchestration_tests.contract.sandbox_stripe_account import Account

DISPUTED = "pm_card_createDispute"
INQUIRED = "pm_card_createDisputeInquiry"
ENTRY = ("type", "reporting_category", "amount", "fee", "net", "currency")


@pytest.fixture
def account(tmp_path: Path) -> Iterator[Account]:
    with SandboxServer(tmp_path, config=SandboxConfig(stripe_requests_per_second=10_000)) as server:
        yield Account(server.base_url)


def disputed(account: Account, method: str = DISPUTED, amount: int = 10_000) -> Any:
    charge = account.charge(amount, method)
    (dispute,) = account.get("disputes", charge=charge["id"])["data"]
    return dispute


def answered(account: Account, dispute: Any, text: str) -> Any:
    return account.post(f"disputes/{dispute['id']}", {"evidence[uncategorized_text]": text})


def entries(dispute: Any) -> list[list[Any]]:
    return [[each[name] for name in ENTRY] for each in dispute["balance_transactions"]]


def test_a_disputed_charge_loses_its_money_and_a_fee(account: Account) -> None:
    """The test card's charge succeeds, then amount and fee are withdrawn, and the charge cannot be refunded."""
    dispute = disputed(account)
    charge = account.get(f"charges/{dispute['charge']}")
    assert (charge["disputed"], charge["status"], charge["amount_refunded"]) == (True, "succeeded", 0)
    assert charge["dispute"] == dispute["id"]
    shown = [dispute[name] for name in ("status", "reason", "amount", "currency", "is_charge_refundable")]
    assert shown == ["needs_response", "fraudulent", 10_000, "usd", False]
    assert entries(dispute) == [["adjustment", "dispute", -10_000, 1_500, -11_500, "usd"]]
    (entry,) = dispute["balance_transactions"]
    assert account.get(f"balance_transactions/{entry['id']}") == entry
    assert (entry["source"], sum(each["amount"] for each in entry["fee_details"])) == (dispute["id"], 1_500)
    assert account.get("balance_transactions", source=dispute["id"])["data"] == []
    assert entry in account.get("balance_transactions", type="adjustment")["data"]
    assert account.post("refunds", charge=charge["id"])["error"]["code"] == "charge_disputed"
    assert account.events("charge", "payment_intent.s") == [
        "charge.succeeded",
        "charge.dispute.created",
        "charge.dispute.funds_withdrawn",
        "payment_intent.succeeded",
    ]


def test_a_paid_invoice_can_be_disputed(account: Account) -> None:
    """The invoice is paid all the same, after its payment is disputed; the dispute names that payment's intent."""
    invoice = account.post(f"invoices/{account.invoice(5_000)['id']}/pay", payment_method=DISPUTED)
    (payment,) = account.get("invoice_payments", invoice=invoice["id"])["data"]
    intent = payment["payment"]["payment_intent"]
    (dispute,) = account.get("disputes", payment_intent=intent)["data"]
    assert (invoice["status"], dispute["payment_intent"], dispute["amount"]) == ("paid", intent, 5_000)
    assert account.events("invoice.paid", "charge.dispute.f") == ["charge.dispute.funds_withdrawn", "invoice.paid"]
    assert account.get("disputes", **{"created[lt]": 1_000})["data"] == []


def test_winning_evidence_brings_the_money_back(account: Account) -> None:
    """A second entry undoes the first but for the fee; the events tell it step by step; the charge is refundable."""
    won = answered(account, disputed(account), "winning_evidence")
    assert won["status"] == "won"
    assert entries(won) == [
        ["adjustment", "dispute", -10_000, 1_500, -11_500, "usd"],
        ["adjustment", "dispute_reversal", 10_000, 0, 10_000, "usd"],
    ]
    assert account.get(f"disputes/{won['id']}") == won
    assert account.events("charge.dispute", "charge.updated")[2:] == [
        "charge.dispute.updated",
        "charge.updated",
        "charge.dispute.funds_reinstated",
        "charge.dispute.closed",
        "charge.updated",
    ]
    assert account.post("refunds", charge=won["charge"])["amount"] == 10_000
    updated = account.get("events", type="charge.dispute.updated")["data"][0]["data"]["object"]
    assert updated["status"] == "under_review"
    details = won["evidence_details"]
    assert (details["has_evidence"], details["submission_count"], details["submission_method"]) == (True, 1, "manual")


def test_losing_evidence_leaves_the_money_where_it_is(account: Account) -> None:
    """A lost dispute has one entry, and takes neither evidence nor another closing."""
    lost = answered(account, disputed(account), "losing_evidence")
    assert (lost["status"], len(lost["balance_transactions"])) == ("lost", 1)
    closed = "This dispute is already closed"
    assert answered(account, lost, "winning_evidence")["error"]["message"] == closed
    assert account.post(f"disputes/{lost['id']}/close")["error"]["message"] == closed
    assert account.post("refunds", charge=lost["charge"])["error"]["code"] == "charge_disputed"
    assert account.events("charge.dispute.closed", "charge.dispute.funds_re") == ["charge.dispute.closed"]


def test_evidence_can_be_kept_back_and_the_bank_may_take_its_time(account: Account) -> None:
    """Staged evidence changes no state; submitted, it is under review until the verdict."""
    dispute = disputed(account)
    path = f"disputes/{dispute['id']}"
    staged = account.post(path, {"evidence[customer_name]": "Ada", "metadata[a]": "1"}, submit="false")
    assert (staged["status"], staged["evidence"]["customer_name"]) == ("needs_response", "Ada")
    assert (staged["evidence_details"]["submission_count"], staged["metadata"]) == (0, {"a": "1"})
    submitted = account.post(path, submit="true")
    assert (submitted["status"], submitted["evidence"]["customer_name"]) == ("under_review", "Ada")
    assert account.post(path, {"evidence[joke]": "ha"})["error"]["param"] == "evidence[joke]"
    assert account.post(path, {"evidence[customer_name]": "Eve"})["error"]["param"] == "evidence"
    won = account.control("disputes/decide", dispute=dispute["id"], won=True, fee_back=True)
    assert (won["status"], entries(won)[1][2:5]) == ("won", [10_000, -1_500, 11_500])
    assert sum(detail["amount"] for each in won["balance_transactions"] for detail in each["fee_details"]) == 0
    assert "error" in account.control("disputes/decide", dispute=dispute["id"], won=False)
    assert account.get("disputes/du_none")["error"]["code"] == "resource_missing"


def test_a_closed_dispute_is_lost(account: Account) -> None:
    """Closing is giving up: no money comes back."""
    closed = account.post(f"disputes/{disputed(account)['id']}/close")
    assert (closed["status"], len(closed["balance_transactions"])) == ("lost", 1)


def test_an_inquiry_moves_no_money(account: Account) -> None:
    """It has no entry, the charge stays refundable, and an answer closes it."""
    inquiry = disputed(account, INQUIRED)
    assert (inquiry["status"], inquiry["balance_transactions"]) == ("warning_needs_response", [])
    assert inquiry["payment_method_details"]["card"]["case_type"] == "inquiry"
    closed = answered(account, inquiry, "winning_evidence")
    assert (closed["status"], closed["balance_transactions"]) == ("warning_closed", [])
    assert account.events("charge.dispute") == [
        "charge.dispute.created",
        "charge.dispute.updated",
        "charge.dispute.closed",
    ]
    assert account.post("refunds", charge=inquiry["charge"])["status"] == "succeeded"


def test_an_inquiry_can_become_a_dispute(account: Account) -> None:
    """Escalated, the money is withdrawn and a response needed; it can then be won as any other."""
    inquiry = disputed(account, INQUIRED)
    escalated = answered(account, inquiry, "escalate_inquiry_evidence")
    assert (escalated["status"], escalated["is_charge_refundable"]) == ("needs_response", False)
    assert [each[2] for each in entries(escalated)] == [-10_000]
    assert len(answered(account, escalated, "winning_evidence")["balance_transactions"]) == 2


def test_any_charge_can_be_disputed_later_once(account: Account) -> None:
    """By the control endpoint, in part and for any reason; what settled in another currency goes back in it."""
    charge = account.charge(300, currency="eur")
    entry = account.get(f"balance_transactions/{charge['balance_transaction']}")
    account.load({**entry, "amount": 331, "net": 331 - entry["fee"], "currency": "usd", "exchange_rate": 1.10333})
    dispute = account.control("disputes", charge=charge["id"], reason="duplicate", amount=100)
    assert [dispute[name] for name in ("amount", "currency", "reason")] == [100, "eur", "duplicate"]
    assert entries(dispute) == [["adjustment", "dispute", -110, 1_500, -1_610, "usd"]]
    assert "error" in account.control("disputes", charge=charge["id"])
    declined = account.post("payment_intents", amount=100, currency="usd", payment_method="pm_card_chargeDeclined")
    account.post(f"payment_intents/{declined['id']}/confirm")
    failed = account.get("charges", payment_intent=declined["id"])["data"][0]
    assert "error" in account.control("disputes", charge=failed["id"])


def test_the_sdk_reads_disputes_as_its_own(account: Account) -> None:
    """Every field that the SDK declares is there, entries are its objects, and its verbs work."""
    client = stripe_sdk.StripeClient("sk_test_sandbox", base_addresses={"api": account.base_url})
    made = disputed(account)
    dispute = client.v1.disputes.retrieve(made["id"], {"expand": ["charge", "payment_intent"]})
    assert isinstance(dispute.charge, stripe_sdk.Charge)
    assert dispute.charge.disputed
    assert isinstance(dispute.payment_intent, stripe_sdk.PaymentIntent)
    assert isinstance(dispute.balance_transactions[0], stripe_sdk.BalanceTransaction)
    assert set(stripe_sdk.Dispute.__annotations__) - {"OBJECT_NAME"} <= set(made)
    assert set(stripe_sdk.Dispute.Evidence.__annotations__) <= set(made["evidence"])
    source = client.v1.balance_transactions.list({"type": "adjustment", "expand": ["data.source"]}).data[0].source
    assert isinstance(source, stripe_sdk.Dispute)
    won = client.v1.disputes.update(made["id"], {"evidence": {"uncategorized_text": "winning_evidence"}})
    assert won.status == "won"
    with pytest.raises(stripe_sdk.InvalidRequestError):
        client.v1.disputes.close(made["id"])
