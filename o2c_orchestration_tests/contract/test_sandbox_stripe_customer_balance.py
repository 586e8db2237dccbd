"""Promises about what customers have to their credit in the Stripe sandbox."""

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


def credited(account: Account, amount: int) -> str:
    customer: str = account.post("customers", name="Ada")["id"]
    account.post(f"customers/{customer}/balance_transactions", amount=-amount, currency="usd")
    return customer


def balance(account: Account, customer: str) -> int:
    return int(account.get(f"customers/{customer}")["balance"])


def test_an_adjustment_changes_the_customers_balance(account: Account) -> None:
    """Each adjustment says where the balance ends; a negative one is a credit."""
    customer = credited(account, 500)
    path = f"customers/{customer}/balance_transactions"
    made = account.post(path, {"metadata[a]": "1"}, amount=200, currency="usd", description="Fee")
    shown = [made[name] for name in ("type", "amount", "ending_balance", "customer", "description", "currency")]
    assert shown == ["adjustment", 200, -300, customer, "Fee", "usd"]
    assert balance(account, customer) == -300
    assert account.get(f"customers/{customer}")["currency"] == "usd"
    assert [each["amount"] for each in account.get(path)["data"]] == [200, -500]
    assert account.get(f"{path}/{made['id']}") == made
    previous = account.get("events", type="customer.updated")["data"][0]["data"]["previous_attributes"]
    assert previous == {"balance": -500}
    assert account.post(f"{path}/{made['id']}", description="Fees")["description"] == "Fees"


def test_balances_of_others_and_other_currencies_are_refused(account: Account) -> None:
    """A transaction is found under its own customer only; a customer has one currency."""
    mine, other = credited(account, 500), credited(account, 100)
    (made,) = account.get(f"customers/{mine}/balance_transactions")["data"]
    error = account.get(f"customers/{other}/balance_transactions/{made['id']}")["error"]
    assert (error["code"], error["param"]) == ("resource_missing", "transaction")
    error = account.post(f"customers/{mine}/balance_transactions", amount=1, currency="eur")["error"]
    assert error["param"] == "currency"
    path = "customers/cus_none/balance_transactions"
    assert account.get(path)["error"]["code"] == "resource_missing"
    assert account.post(path, amount=1, currency="usd")["error"]["code"] == "resource_missing"
    assert account.post(f"customers/{mine}/balance_transactions", currency="usd")["error"]["param"] == "amount"
    assert balance(account, mine) == -500


@pytest.mark.parametrize(
    ("credit", "due", "ending", "status"),
    [(300, 700, 0, "open"), (1_000, 0, 0, "paid"), (1_400, 0, -400, "paid"), (-250, 1_250, 0, "open")],
)
def test_the_next_invoice_uses_the_credit(account: Account, credit: int, due: int, ending: int, status: str) -> None:
    """Finalizing uses what there is, up to the total; a debit is asked for with it; one transaction says so."""
    customer = credited(account, credit)
    invoice = account.invoice(1_000, customer=customer)
    names = ("total", "amount_due", "amount_remaining", "starting_balance", "ending_balance", "status")
    assert [invoice[name] for name in names] == [1_000, due, due, -credit, ending, status]
    (used,) = account.get(f"customers/{customer}/balance_transactions", invoice=invoice["id"])["data"]
    shown = [used[name] for name in ("type", "amount", "ending_balance", "invoice")]
    assert shown == ["applied_to_invoice", 1_000 - due, ending, invoice["id"]]
    assert balance(account, customer) == ending
    payments = account.get("invoice_payments", invoice=invoice["id"])["data"]
    assert [each["amount_requested"] for each in payments] == ([due] if due else [])


def test_an_invoice_without_credit_leaves_no_trace(account: Account) -> None:
    """With a balance of nought no transaction is made; a customer of another currency keeps his credit."""
    invoice = account.invoice(1_000)
    assert (invoice["starting_balance"], invoice["ending_balance"], invoice["amount_due"]) == (0, 0, 1_000)
    assert account.get(f"customers/{invoice['customer']}/balance_transactions")["data"] == []
    customer = credited(account, 300)
    draft = account.post("invoices", customer=customer, currency="eur")
    account.post("invoiceitems", invoice=draft["id"], amount=1_000, currency="eur")
    assert account.post(f"invoices/{draft['id']}/finalize")["amount_due"] == 1_000
    assert balance(account, customer) == -300


def test_a_voided_invoice_gives_the_credit_back(account: Account) -> None:
    """What the invoice used is the customer's again, as a transaction of its own."""
    customer = credited(account, 300)
    invoice = account.invoice(1_000, customer=customer)
    account.post(f"invoices/{invoice['id']}/void")
    assert balance(account, customer) == -300
    back = account.get(f"customers/{customer}/balance_transactions")["data"][0]
    assert (back["type"], back["amount"], back["invoice"]) == ("unapplied_from_invoice", -300, invoice["id"])


def test_what_is_too_small_to_charge_is_paid_and_owed(account: Account) -> None:
    """Less than Stripe's smallest charge goes to the balance as a debt, and the next invoice asks for it."""
    customer = credited(account, 0)
    small = account.invoice(30, customer=customer)
    assert [small[name] for name in ("status", "amount_due", "ending_balance")] == ["paid", 0, 30]
    kinds = [each["type"] for each in account.get(f"customers/{customer}/balance_transactions")["data"]]
    assert kinds[0] == "invoice_too_small"
    assert account.invoice(1_000, customer=customer)["amount_due"] == 1_030


def test_a_total_below_zero_is_a_credit(account: Account) -> None:
    """All of it, whatever the balance was; nothing is due and nothing is asked for."""
    customer = credited(account, -200)
    invoice = account.invoice(500, -800, customer=customer)
    names = ("total", "amount_due", "starting_balance", "ending_balance", "status")
    assert [invoice[name] for name in names] == [-300, 0, 200, -100, "paid"]
    assert balance(account, customer) == -100


def test_what_is_paid_beyond_an_invoice_is_a_credit(account: Account) -> None:
    """The invoice says how much, a transaction says why, and its payment claims what the invoice asked for."""
    invoice = account.invoice(1_000)
    fields = {"currency": "usd", "customer": invoice["customer"], "confirm": "true", "payment_method": "pm_card_visa"}
    intent = account.post("payment_intents", amount=1_250, **fields)
    paid = account.post(f"invoices/{invoice['id']}/attach_payment", payment_intent=intent["id"])
    names = ("status", "amount_paid", "amount_overpaid", "amount_remaining")
    assert [paid[name] for name in names] == ["paid", 1_000, 250, 0]
    (made,) = account.get(f"customers/{invoice['customer']}/balance_transactions")["data"]
    assert (made["type"], made["amount"], made["invoice"]) == ("invoice_overpaid", -250, invoice["id"])
    found = account.get("invoice_payments", invoice=invoice["id"])["data"]
    assert {each["amount_paid"] for each in found if each["status"] == "paid"} == {1_000}


def test_a_credit_note_can_go_to_the_balance_and_the_next_invoice(account: Account) -> None:
    """Note, transaction, customer and the next invoice agree on the amount."""
    first = account.invoice(1_000)
    account.post(f"invoices/{first['id']}/pay")
    note = account.post("credit_notes", invoice=first["id"], amount=400, credit_amount=400)
    path = f"customers/{first['customer']}/balance_transactions"
    made = account.get(f"{path}/{note['customer_balance_transaction']}")
    shown = [made[name] for name in ("type", "amount", "ending_balance", "credit_note", "invoice")]
    assert shown == ["credit_note", -400, -400, note["id"], first["id"]]
    assert account.invoice(1_000, customer=first["customer"])["amount_due"] == 600
    assert account.get("refunds")["data"] == []


def test_the_sdk_reads_balance_transactions_as_its_own(account: Account) -> None:
    """Every field that the SDK declares is there, references expand, and all verbs work."""
    client = stripe_sdk.StripeClient("sk_test_sandbox", base_addresses={"api": account.base_url})
    customer = client.v1.customers.create({"name": "Ada"})
    made = client.v1.customers.balance_transactions.create(
        customer.id, {"amount": -70, "currency": "usd", "expand": ["customer"]}
    )
    assert isinstance(made.customer, stripe_sdk.Customer)
    assert made.customer.balance == -70
    assert set(stripe_sdk.CustomerBalanceTransaction.__annotations__) - {"OBJECT_NAME"} <= set(made.to_dict())
    changed = client.v1.customers.balance_transactions.update(customer.id, made.id, {"metadata": {"a": "1"}})
    found = client.v1.customers.balance_transactions.retrieve(customer.id, made.id)
    assert changed.to_dict() == found.to_dict()
    assert [each.id for each in client.v1.customers.balance_transactions.list(customer.id).auto_paging_iter()] == [
        made.id
    ]
