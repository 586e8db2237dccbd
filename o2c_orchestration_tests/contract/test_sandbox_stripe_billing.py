"""Promises about the objects that the Stripe sandbox makes: they agree, down to the minor unit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from o2c_orchestration.sandbox.config import SandboxConfig
from o2c_orchestration.sandbox.server import SandboxServer


class Account:
    """A bare client that bills."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers["Authorization"] = "Bearer sk_test_sandbox"

    def get(self, path: str, **params: Any) -> Any:
        return self._session.get(f"{self._base_url}/v1/{path}", params=params, timeout=10).json()

    def post(self, path: str, **data: Any) -> Any:
        return self._session.post(f"{self._base_url}/v1/{path}", data=data, timeout=10).json()

    def delete(self, path: str) -> Any:
        return self._session.delete(f"{self._base_url}/v1/{path}", timeout=10).json()

    def draft(self, amount: int = 12_345, currency: str = "usd", **fields: Any) -> Any:
        customer = self.post("customers", name="Ada", email="ada@example.com")["id"]
        invoice = self.post("invoices", customer=customer, currency=currency, **fields)
        self.post("invoiceitems", invoice=invoice["id"], amount=amount, currency=currency, description="Work")
        return self.get(f"invoices/{invoice['id']}")

    def event_types(self) -> list[str]:
        return [each["type"] for each in self.get("events", limit=100)["data"]][::-1]


@pytest.fixture
def account(tmp_path: Path) -> Iterator[Account]:
    with SandboxServer(tmp_path, config=SandboxConfig(stripe_requests_per_second=10_000)) as server:
        yield Account(server.base_url)


def test_a_paid_invoice_its_payment_and_its_balance_agree(account: Account) -> None:
    """From draft to paid, invoice, payment, intent, charge and balance name each other."""
    draft = account.draft()
    assert (draft["status"], draft["total"], draft["number"]) == ("draft", 12_345, None)
    opened = account.post(f"invoices/{draft['id']}/finalize")
    assert (opened["status"], opened["amount_due"], opened["amount_remaining"]) == ("open", 12_345, 12_345)
    paid = account.post(f"invoices/{draft['id']}/pay")
    assert (paid["status"], paid["amount_paid"], paid["amount_remaining"]) == ("paid", 12_345, 0)

    (payment,) = account.get("invoice_payments", invoice=draft["id"])["data"]
    intent = account.get(f"payment_intents/{payment['payment']['payment_intent']}")
    charge = account.get(f"charges/{intent['latest_charge']}")
    balance = account.get(f"balance_transactions/{charge['balance_transaction']}")
    assert (payment["status"], payment["amount_paid"]) == ("paid", 12_345)
    assert (intent["status"], intent["amount_received"]) == ("succeeded", 12_345)
    assert (True, "succeeded", intent["id"]) == (charge["paid"], charge["status"], charge["payment_intent"])
    assert (balance["amount"], balance["fee"], balance["net"]) == (12_345, 388, 11_957)
    assert charge["id"] == balance["source"]
    assert len({draft["customer"], charge["customer"], intent["customer"]}) == 1


def test_fields_of_before_basil_are_gone(account: Account) -> None:
    """No invoice shows charge, payment_intent, paid, subscription or tax, and no charge its invoice."""
    paid = account.post(f"invoices/{account.draft()['id']}/pay")
    assert not {"charge", "payment_intent", "paid", "subscription", "tax", "payments"} & paid.keys()
    assert "invoice" not in account.get("charges")["data"][0]
    line = paid["lines"]["data"][0]
    assert not {"price", "plan", "type", "proration", "tax_amounts"} & line.keys()
    assert {"parent", "pricing", "taxes", "subtotal", "quantity_decimal"} <= line.keys()


def test_every_step_is_announced_in_order(account: Account) -> None:
    """The events of a paid invoice come as Stripe sends them, and carry the object as it then was."""
    account.post(f"invoices/{account.draft()['id']}/pay")
    assert account.event_types() == [
        "customer.created",
        "invoice.created",
        "invoiceitem.created",
        "invoice.finalized",
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "invoice.updated",
        "invoice.paid",
        "invoice.payment_succeeded",
        "invoice_payment.paid",
    ]
    finalized, paid = (account.get("events", type=kind)["data"][0] for kind in ("invoice.finalized", "invoice.paid"))
    assert tuple(each["data"]["object"]["status"] for each in (finalized, paid)) == ("open", "paid")
    updated = account.get("events", type="invoice.updated")["data"][0]
    assert updated["data"]["previous_attributes"]["status"] == "open"
    assert updated["api_version"] == "2026-10-28.endive"


def test_a_declined_card_leaves_the_invoice_open(account: Account) -> None:
    """A decline is 402 with the failed charge kept; a later payment settles the same intent."""
    opened = account.post(f"invoices/{account.draft()['id']}/finalize")
    error = account.post(f"invoices/{opened['id']}/pay", payment_method="pm_card_chargeDeclined")["error"]
    assert (error["type"], error["code"]) == ("card_error", "card_declined")
    assert account.get(f"charges/{error['charge']}")["status"] == "failed"
    assert tuple(account.get(f"invoices/{opened['id']}")[name] for name in ("status", "attempt_count")) == ("open", 1)
    assert "invoice.payment_failed" in account.event_types()
    assert account.post(f"invoices/{opened['id']}/pay")["status"] == "paid"
    assert [each["status"] for each in account.get("charges")["data"]] == ["succeeded", "failed"]
    assert len(account.get("payment_intents")["data"]) == 1


def test_a_void_invoice_cancels_its_payment(account: Account) -> None:
    """Voiding an open invoice cancels intent and payment; it can then neither be paid nor voided."""
    opened = account.post(f"invoices/{account.draft()['id']}/finalize")
    void = account.post(f"invoices/{opened['id']}/void")
    assert void["status"] == "void"
    assert void["status_transitions"]["voided_at"]
    assert account.get("payment_intents")["data"][0]["status"] == "canceled"
    assert account.get("invoice_payments", invoice=opened["id"])["data"][0]["status"] == "canceled"
    assert "error" in account.post(f"invoices/{opened['id']}/pay")
    assert "error" in account.post(f"invoices/{opened['id']}/void")


def test_an_invoice_paid_elsewhere_has_no_charge(account: Account) -> None:
    """Paid out of band, the invoice is paid with no charge, and says so when expanded."""
    opened = account.post(f"invoices/{account.draft()['id']}/finalize")
    paid = account.post(f"invoices/{opened['id']}/pay", paid_out_of_band="true")
    assert (paid["status"], paid["amount_paid"]) == ("paid", 12_345)
    assert account.get("charges")["data"] == []
    full = account.get(f"invoices/{opened['id']}", **{"expand[]": "amount_paid_off_stripe"})
    assert full["amount_paid_off_stripe"] == 12_345


def test_an_invoice_of_nothing_is_paid_when_finalized(account: Account) -> None:
    """With nothing due, finalizing settles the invoice and asks for no payment."""
    assert account.post(f"invoices/{account.draft(amount=0)['id']}/finalize")["status"] == "paid"
    assert account.get("invoice_payments")["data"] == []


def test_prices_and_pending_items_make_lines(account: Account) -> None:
    """A price times a quantity becomes a line; pending items join an invoice that asks for them."""
    product = account.post("products", name="Seat")
    price = account.post("prices", product=product["id"], currency="jpy", unit_amount=1200)
    customer = account.post("customers", name="Ken")["id"]
    pricing = {"pricing[price]": price["id"]}
    account.post("invoiceitems", customer=customer, quantity=3, **pricing)
    invoice = account.post("invoices", customer=customer, currency="jpy", pending_invoice_items_behavior="include")
    line = invoice["lines"]["data"][0]
    assert (invoice["total"], line["currency"], line["quantity"]) == (3600, "jpy", 3)
    assert {"price": price["id"], "product": product["id"]} == line["pricing"]["price_details"]
    assert account.get("invoiceitems", pending="true")["data"] == []


def test_more_lines_than_ten_survive_finalizing_and_paying(account: Account) -> None:
    """Writing an invoice again never cuts its lines to the ten that are embedded."""
    draft = account.draft(amount=1)
    for amount in range(2, 13):
        account.post("invoiceitems", invoice=draft["id"], amount=amount, currency="usd")
    paid = account.post(f"invoices/{draft['id']}/pay")
    lines = account.get(f"invoices/{draft['id']}/lines", limit=100)["data"]
    assert (paid["amount_paid"], len(lines), len(paid["lines"]["data"])) == (78, 12, 10)
    assert list(range(1, 13)) == [each["amount"] for each in lines]


def test_drafts_can_be_deleted_and_open_invoices_cannot(account: Account) -> None:
    """Deleting works on drafts only, and only drafts take items and are finalized."""
    draft = account.draft()
    assert account.delete(f"invoices/{draft['id']}")["deleted"]
    assert account.get(f"invoices/{draft['id']}")["error"]["code"] == "resource_missing"
    opened = account.post(f"invoices/{account.draft()['id']}/finalize")
    for answer in (
        account.delete(f"invoices/{opened['id']}"),
        account.post(f"invoices/{opened['id']}/finalize"),
        account.post("invoiceitems", invoice=opened["id"], amount=1, currency="usd"),
    ):
        assert answer["error"]["code"] == "invoice_not_editable"


def test_numbers_run_per_customer(account: Account) -> None:
    """A customer's finalized invoices are numbered one after the other under its prefix."""
    customer = account.post("customers", name="Ada", invoice_prefix="ADA")["id"]
    numbers = []
    for _ in range(2):
        invoice = account.post("invoices", customer=customer)
        numbers.append(account.post(f"invoices/{invoice['id']}/finalize")["number"])
    assert numbers == ["ADA-0001", "ADA-0002"]


def test_metadata_merges_and_unsets(account: Account) -> None:
    """Given keys are set, an empty value removes its key, the others stay."""
    customer = account.post("customers", name="A", **{"metadata[a]": "1", "metadata[b]": "2"})["id"]
    changed = account.post(f"customers/{customer}", **{"metadata[a]": "", "metadata[c]": "3"})
    assert changed["metadata"] == {"b": "2", "c": "3"}
