"""What life does to the sandbox: parts of a payment, tax rates, effective dates, and NetSuite's screens."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from o2c_orchestration.sandbox.server import SandboxServer

Post = Callable[..., requests.Response]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SandboxServer]:
    """A sandbox of this test's own."""
    with SandboxServer(tmp_path) as running:
        yield running


@pytest.fixture
def post(server: SandboxServer) -> Post:
    """POST to Stripe's side, below /v1/."""
    headers = {"Authorization": f"Bearer {server.config.stripe_secret_key}"}
    return lambda path, **form: requests.post(f"{server.base_url}/v1/{path}", form, headers=headers, timeout=10)


@pytest.fixture
def screen(server: SandboxServer) -> Post:
    """One thing done at NetSuite's screens."""
    url = f"{server.base_url}/_sandbox/netsuite/records"
    return lambda **body: requests.post(url, json=body, timeout=10)


def open_invoice(post: Post, amount: int = 1000) -> dict[str, Any]:
    """A finalized dollar invoice."""
    customer = post("customers", name="Acme").json()["id"]
    draft = post("invoices", customer=customer, currency="usd").json()["id"]
    post("invoiceitems", customer=customer, invoice=draft, amount=amount, currency="usd")
    return dict(post(f"invoices/{draft}/finalize").json())


def paid_intent(post: Post, invoice: dict[str, Any], amount: int, card: str = "pm_card_visa") -> requests.Response:
    """A payment intent of the invoice's customer, confirmed with a card."""
    fields = {"customer": invoice["customer"], "currency": "usd", "confirm": "true"}
    return post("payment_intents", amount=amount, payment_method=card, **fields)


def test_a_part_leaves_the_rest_open(post: Post) -> None:
    """A succeeded intent is credited when it is attached; the last part settles the invoice and asks for no more."""
    invoice = open_invoice(post)
    for amount, status, left in ((300, "open", 700), (700, "paid", 0)):
        intent = paid_intent(post, invoice, amount).json()
        assert intent["status"] == "succeeded"
        attached = post(f"invoices/{invoice['id']}/attach_payment", payment_intent=intent["id"]).json()
        assert (attached["status"], attached["amount_remaining"]) == (status, left)


def test_what_does_not_fit_is_not_attached(post: Post) -> None:
    """A declined card's intent and one that was not paid are refused, and nothing is credited."""
    invoice = open_invoice(post)
    declined = paid_intent(post, invoice, 500, "pm_card_chargeDeclined")
    assert declined.status_code == 402
    unpaid = post("payment_intents", amount=10, currency="usd", customer=invoice["customer"]).json()["id"]
    assert post(f"invoices/{invoice['id']}/attach_payment", payment_intent=unpaid).status_code == 400
    assert post(f"invoices/{invoice['id']}/pay").json()["amount_paid"] == 1000


def test_an_effective_date_is_a_drafts(post: Post) -> None:
    """It can be set until the invoice is finalized, and stays then."""
    customer = post("customers", name="Acme").json()["id"]
    draft = post("invoices", customer=customer, currency="usd", effective_at=1_700_000_000).json()
    assert post(f"invoices/{draft['id']}", effective_at=1_700_000_001).json()["effective_at"] == 1_700_000_001
    assert post(f"invoices/{draft['id']}/finalize").json()["effective_at"] == 1_700_000_001
    assert post(f"invoices/{draft['id']}", effective_at=1).status_code == 400


@pytest.mark.parametrize("wrong", [{"percentage": "much"}, {"display_name": ""}, {"tax": "1"}])
def test_a_tax_rate_must_be_one(post: Post, wrong: dict[str, str]) -> None:
    """Unknown, missing and unreadable parameters are refused."""
    assert (
        post("tax_rates", **{"display_name": "VAT", "percentage": "7", "inclusive": "true"} | wrong).status_code == 400
    )


def test_the_screens_keep_the_ledgers_rules(server: SandboxServer, screen: Post) -> None:
    """What is entered, changed and deleted by hand shows; what NetSuite refuses changes nothing and says why."""
    customer = screen(do="enter", recordType="customer", body={"companyName": "A", "subsidiary": {"id": "1"}}).json()
    lines = {"item": {"items": [{"item": {"id": "1"}, "quantity": 1, "amount": 10.05}]}}
    invoice = screen(do="enter", recordType="invoice", body={"entity": customer, **lines}).json()["id"]
    applied = {"items": [{"doc": {"id": invoice}, "apply": True, "amount": 10.05}]}
    body = {"customer": customer, "payment": 10.05, "apply": applied}
    payment = screen(do="enter", recordType="customerPayment", body=body).json()["id"]
    refused = screen(do="delete", recordType="invoice", id=invoice)
    assert refused.status_code == 400
    assert "linked" in refused.json()["error"]
    assert screen(do="change", recordType="invoice", id=invoice, body={"memo": "seen"}).status_code == 200
    assert screen(do="burn", recordType="invoice", id=invoice).status_code == 400
    shown = requests.get(f"{server.base_url}/_sandbox/netsuite/records", timeout=10).json()["transactions"]
    assert [(each["id"], each["total"], each["applied"]) for each in shown] == [
        (invoice, 1005, 1005),
        (payment, 1005, 1005),
    ]
    assert shown[0]["memo"] == "seen"
    assert shown[1]["applications"] == [{"id": invoice, "amount": 1005}]
