"""Promises about refunds in the Stripe sandbox: money goes back to the cent, and may come back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import stripe as stripe_sdk

from o2c_orchestration.sandbox.config import SandboxConfig
from o2c_orchestration.sandbox.server import SandboxServer
from o2c_orchestration_tests.contract.sandbox_stripe_account import Account


@pytest.fixture
def account(tmp_path: Path) -> Iterator[Account]:
    with SandboxServer(tmp_path, config=SandboxConfig(stripe_requests_per_second=10_000)) as server:
        yield Account(server.base_url)


def test_a_refund_gives_back_part_of_a_charge_and_then_the_rest(account: Account) -> None:
    """Two refunds add up to the charge; each has an entry in the balance that takes it out, without a fee."""
    charge = account.charge(10_000)
    part = account.post("refunds", charge=charge["id"], amount=3_000, reason="duplicate")
    assert (part["status"], part["amount"], part["reason"], part["charge"]) == (
        "succeeded",
        3_000,
        "duplicate",
        charge["id"],
    )
    after = account.get(f"charges/{charge['id']}")
    assert (after["amount_refunded"], after["refunded"]) == (3_000, False)
    rest = account.post("refunds", payment_intent=charge["payment_intent"])
    assert rest["amount"] == 7_000
    after = account.get(f"charges/{charge['id']}")
    assert (after["amount_refunded"], after["refunded"]) == (10_000, True)
    entry = account.get(f"balance_transactions/{part['balance_transaction']}")
    shown = [entry[name] for name in ("type", "reporting_category", "amount", "fee", "net", "source", "currency")]
    assert shown == ["refund", "refund", -3_000, 0, -3_000, part["id"], "usd"]


def test_refunds_are_announced(account: Account) -> None:
    """A refund is created and its charge refunded; the charge's event says how much was refunded before."""
    charge = account.charge()
    account.post("refunds", charge=charge["id"], amount=100)
    assert account.events("refund", "charge.refund") == ["refund.created", "charge.refunded"]
    event = account.get("events", type="charge.refunded")["data"][0]
    assert event["data"]["previous_attributes"] == {"amount_refunded": 0}
    assert event["data"]["object"]["amount_refunded"] == 100


def test_refunds_list_by_charge_and_by_intent(account: Account) -> None:
    """Each filter finds the refunds of its charge only, newest first, also below the charge itself."""
    first, second = account.charge(), account.charge()
    made = [account.post("refunds", charge=first["id"], amount=each)["id"] for each in (1, 2)]
    account.post("refunds", charge=second["id"])
    for found in (
        account.get("refunds", charge=first["id"]),
        account.get("refunds", payment_intent=first["payment_intent"]),
        account.get(f"charges/{first['id']}/refunds"),
        account.get(f"charges/{first['id']}", **{"expand[]": "refunds"})["refunds"],
    ):
        assert [each["id"] for each in found["data"]] == made[::-1]
    assert len(account.get("refunds")["data"]) == 3
    assert account.get("refunds", **{"created[gt]": first["created"] + 3600})["data"] == []


def test_more_than_is_left_cannot_be_refunded(account: Account) -> None:
    """Each refusal has Stripe's words, and code where Stripe has one; nothing is written."""
    charge = account.charge(5_445)
    error = account.post("refunds", charge=charge["id"], amount=9_390)["error"]
    assert (error["message"], error["param"]) == (
        "Refund amount ($93.90) is greater than charge amount ($54.45)",
        "amount",
    )
    account.post("refunds", charge=charge["id"], amount=5_000)
    error = account.post("refunds", charge=charge["id"], amount=446)["error"]
    assert error["message"] == "Refund amount ($4.46) is greater than unrefunded amount on charge ($4.45)"
    account.post("refunds", charge=charge["id"])
    error = account.post("refunds", charge=charge["id"])["error"]
    assert (error["type"], error["code"]) == ("invalid_request_error", "charge_already_refunded")
    assert error["message"] == f"Charge {charge['id']} has already been refunded."
    assert [each["amount"] for each in account.get("refunds")["data"]] == [445, 5_000]


def test_a_refund_names_one_succeeded_charge(account: Account) -> None:
    """Without a charge, with an unknown or failed one, for nothing or for a reason of one's own: refused."""
    charge = account.charge()
    assert "payment_intent or charge" in account.post("refunds", amount=1)["error"]["message"]
    error = account.post("refunds", charge="ch_none")["error"]
    assert (error["code"], error["param"]) == ("resource_missing", "id")
    assert account.post("refunds", charge=charge["id"], amount=0)["error"]["code"] == "parameter_invalid_integer"
    assert account.post("refunds", charge=charge["id"], reason="bored")["error"]["param"] == "reason"
    intent = account.post("payment_intents", amount=100, currency="usd", payment_method="pm_card_chargeDeclined")["id"]
    refusal = f"This PaymentIntent ({intent}) does not have a successful charge to refund."
    assert account.post("refunds", payment_intent=intent)["error"]["message"] == refusal
    declined = account.post(f"payment_intents/{intent}/confirm")["error"]["charge"]
    assert account.post("refunds", payment_intent=intent)["error"]["message"] == refusal
    assert account.post("refunds", charge=declined)["error"]["message"] == refusal
    assert account.get("refunds/re_none")["error"]["param"] == "refund"


def test_a_refund_can_fail_after_it_succeeded(account: Account) -> None:
    """The failed refund's money is back in the balance, and the charge can be refunded once more."""
    charge = account.charge(10_000)
    refund = account.post("refunds", charge=charge["id"], amount=4_000)
    failed = account.control("refunds", refund=refund["id"], status="failed", failure_reason="declined")
    assert (failed["status"], failed["failure_reason"]) == ("failed", "declined")
    assert failed == account.get(f"refunds/{refund['id']}")
    entry = account.get(f"balance_transactions/{failed['failure_balance_transaction']}")
    shown = [entry[name] for name in ("type", "reporting_category", "amount", "fee", "net", "source")]
    assert shown == ["refund_failure", "refund_failure", 4_000, 0, 4_000, refund["id"]]
    after = account.get(f"charges/{charge['id']}")
    assert (after["amount_refunded"], after["refunded"]) == (0, False)
    assert account.events("refund", "charge.refund")[2:] == ["refund.updated", "charge.refund.updated", "refund.failed"]
    assert account.post("refunds", charge=charge["id"])["amount"] == 10_000
    assert "error" in account.control("refunds", refund=refund["id"], status="failed")
    assert "error" in account.control("refunds", refund="re_none")


def test_the_cards_that_refund_late_do_so_when_time_passes(account: Account) -> None:
    """A refund of one test card is pending first, of another succeeds and fails later."""
    late, bad = account.charge(method="pm_card_pendingRefund"), account.charge(method="pm_card_refundFail")
    pending, doomed = (account.post("refunds", charge=each["id"]) for each in (late, bad))
    assert (pending["status"], pending["pending_reason"], doomed["status"]) == ("pending", "processing", "succeeded")
    account.control("later")
    states = [account.get(f"refunds/{each['id']}") for each in (pending, doomed)]
    assert [each["status"] for each in states] == ["succeeded", "failed"]
    assert [each["pending_reason"] for each in states] == [None, None]
    assert account.control("later") == {"refunds": []}


def test_only_a_refund_that_waits_for_the_customer_can_be_canceled(account: Account) -> None:
    """Canceling gives the money back; a refund that has succeeded is past canceling."""
    charge = account.charge(2_000)
    refund = account.post("refunds", charge=charge["id"])
    assert account.post(f"refunds/{refund['id']}/cancel")["error"]["message"] == "Canceling this refund is unsupported."
    account.control("refunds", refund=refund["id"], status="requires_action")
    canceled = account.post(f"refunds/{refund['id']}/cancel")
    assert (canceled["status"], canceled["failure_reason"]) == ("canceled", "merchant_request")
    assert account.get(f"charges/{charge['id']}")["amount_refunded"] == 0
    assert sum(each["amount"] for each in account.get("balance_transactions")["data"]) == 2_000


def test_a_refund_moves_its_share_of_what_was_settled(account: Account) -> None:
    """Refunds of a charge that settled in another currency add up to what it brought, to the minor unit."""
    charge = account.charge(300, currency="eur")
    entry = account.get(f"balance_transactions/{charge['balance_transaction']}")
    account.load({**entry, "amount": 331, "net": 331 - entry["fee"], "currency": "usd", "exchange_rate": 1.10333})
    for amount in (100, 100, 100):
        account.post("refunds", charge=charge["id"], amount=amount)
    entries = account.get("balance_transactions", type="refund", currency="usd")["data"]
    assert [each["amount"] for each in entries] == [-110, -111, -110]
    assert {each["exchange_rate"] for each in entries} == {1.10333}


def test_a_bank_payment_is_refunded_as_a_payment(account: Account) -> None:
    """Refunds of what was no card have ids and types of their own, and the same category in reports."""
    charge = account.charge(2_000)
    bank = {"type": "us_bank_account", "us_bank_account": {}}
    account.load({**charge, "id": "py_1", "payment_method_details": bank})
    refund = account.post("refunds", charge="py_1")
    entry = account.get(f"balance_transactions/{refund['balance_transaction']}")
    assert (refund["id"][:4], refund["destination_details"]["type"]) == ("pyr_", "us_bank_transfer")
    assert [entry[name] for name in ("type", "reporting_category", "amount")] == ["payment_refund", "refund", -2_000]


def test_the_sdk_reads_refunds_as_its_own(account: Account) -> None:
    """Every field that the SDK declares is there, references expand, and refusals are its exceptions."""
    client = stripe_sdk.StripeClient("sk_test_sandbox", base_addresses={"api": account.base_url})
    charge = account.charge()
    made = client.v1.refunds.create({"charge": charge["id"], "amount": 500, "metadata": {"why": "late"}})
    expand = ["charge", "balance_transaction.source", "payment_intent", "customer"]
    refund = client.v1.refunds.retrieve(made.id, {"expand": expand})
    assert set(stripe_sdk.Refund.__annotations__) - {"OBJECT_NAME"} <= set(made.to_dict())
    assert isinstance(refund.charge, stripe_sdk.Charge)
    assert isinstance(refund.balance_transaction, stripe_sdk.BalanceTransaction)
    assert isinstance(refund.balance_transaction.source, stripe_sdk.Refund)
    assert client.v1.refunds.update(made.id, {"metadata": {"more": "1"}}).to_dict()["metadata"] == {
        "why": "late",
        "more": "1",
    }
    with pytest.raises(stripe_sdk.InvalidRequestError) as refused:
        client.v1.refunds.create({"charge": charge["id"], "amount": 10_000})
    assert (refused.value.param, refused.value.http_status) == ("amount", 400)


def test_a_charge_needs_neither_invoice_nor_customer(account: Account) -> None:
    """An intent confirmed later is charged then, once; nobody need be named as its customer."""
    intent = account.post("payment_intents", amount=900, currency="usd", payment_method="pm_card_visa")
    assert (intent["status"], intent["customer"]) == ("requires_confirmation", None)
    confirmed = account.post(f"payment_intents/{intent['id']}/confirm")
    charge = account.get(f"charges/{confirmed['latest_charge']}")
    assert (charge["status"], charge["amount"], charge["customer"]) == ("succeeded", 900, None)
    assert account.post(f"payment_intents/{intent['id']}/confirm")["error"]["code"] == "payment_intent_unexpected_state"
    assert account.get("invoice_payments")["data"] == []
