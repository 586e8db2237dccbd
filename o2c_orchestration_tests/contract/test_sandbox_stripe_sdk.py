"""Promises about Stripe's own SDK, as it comes: it gets along with the sandbox and cannot tell."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import stripe as stripe_sdk

from o2c_orchestration.sandbox.config import SandboxConfig
from o2c_orchestration.sandbox.server import SandboxServer


def client_for(server: SandboxServer, key: str = "sk_test_sandbox", retries: int = 0) -> stripe_sdk.StripeClient:
    return stripe_sdk.StripeClient(key, base_addresses={"api": server.base_url}, max_network_retries=retries)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SandboxServer]:
    with SandboxServer(tmp_path, config=SandboxConfig(stripe_requests_per_second=10_000)) as running:
        yield running


@pytest.fixture
def client(server: SandboxServer) -> stripe_sdk.StripeClient:
    return client_for(server)


def paid_invoice(client: stripe_sdk.StripeClient, amount: int = 5000) -> stripe_sdk.Invoice:
    customer = client.v1.customers.create({"name": "Ada", "metadata": {"plan": "gold"}})
    invoice = client.v1.invoices.create({"customer": customer.id, "currency": "eur"})
    client.v1.invoice_items.create(
        {"customer": customer.id, "invoice": invoice.id, "amount": amount, "currency": "eur"}
    )
    return client.v1.invoices.pay(invoice.id)


def test_auto_paging_walks_both_directions(client: stripe_sdk.StripeClient) -> None:
    """`auto_paging_iter` visits every object, newest first, and oldest first from a cursor."""
    made = [client.v1.customers.create({"name": str(each)}).id for each in range(25)]
    newest_first = [each.id for each in client.v1.customers.list({"limit": 10}).auto_paging_iter()]
    assert made[::-1] == newest_first
    page = client.v1.customers.list({"limit": 10, "ending_before": made[0]})
    assert made[1:] == [each.id for each in page.auto_paging_iter()]


def test_objects_and_expansions_become_sdk_objects(client: stripe_sdk.StripeClient) -> None:
    """Retrieve, filters and expansions give typed objects down to the payment intent."""
    invoice = paid_invoice(client)
    full = client.v1.invoices.retrieve(invoice.id, {"expand": ["customer", "payments.data.payment.payment_intent"]})
    assert isinstance(full.customer, stripe_sdk.Customer)
    assert full.customer.metadata.to_dict() == {"plan": "gold"}  # type: ignore[union-attr]
    assert full.payments is not None
    intent = full.payments.data[0].payment.payment_intent
    assert isinstance(intent, stripe_sdk.PaymentIntent)
    found = client.v1.invoice_payments.list({"payment": {"type": "payment_intent", "payment_intent": intent.id}})
    assert [invoice.id] == [each.invoice for each in found.data]
    charge = client.v1.charges.list({"payment_intent": intent.id, "expand": ["data.balance_transaction"]}).data[0]
    assert isinstance(charge.balance_transaction, stripe_sdk.BalanceTransaction)
    assert charge.amount - charge.balance_transaction.fee == charge.balance_transaction.net


def test_lines_page_from_the_embedded_list(client: stripe_sdk.StripeClient) -> None:
    """Auto paging over an invoice's embedded lines goes on at /lines."""
    customer = client.v1.customers.create({"name": "Ada"})
    invoice = client.v1.invoices.create({"customer": customer.id})
    for amount in range(15):
        client.v1.invoice_items.create(
            {"customer": customer.id, "invoice": invoice.id, "amount": amount, "currency": "usd"}
        )
    lines = client.v1.invoices.retrieve(invoice.id).lines
    assert (len(lines.data), lines.has_more) == (10, True)
    assert list(range(15)) == [each.amount for each in lines.auto_paging_iter()]
    assert len(client.v1.invoices.line_items.list(invoice.id, {"limit": 100}).data) == 15


def test_events_carry_typed_objects(client: stripe_sdk.StripeClient) -> None:
    """Events list by type, and their snapshot is the invoice."""
    invoice = paid_invoice(client)
    events = client.v1.events.list({"types": ["invoice.paid", "invoice_payment.paid"]})
    assert [each.type for each in events.data] == ["invoice_payment.paid", "invoice.paid"]
    assert invoice.id == events.data[1].data.object["id"]


def test_failures_raise_the_sdks_own_classes(server: SandboxServer, client: stripe_sdk.StripeClient) -> None:
    """Each refusal becomes the exception that the SDK has for it."""
    with pytest.raises(stripe_sdk.InvalidRequestError) as missing:
        client.v1.customers.retrieve("cus_none")
    assert (
        missing.value.code,
        missing.value.param,
        missing.value.http_status,
    ) == ("resource_missing", "id", 404)
    with pytest.raises(stripe_sdk.AuthenticationError):
        client_for(server, key="sk_test_wrong").v1.customers.list()
    customer = client.v1.customers.create({"name": "A"}, {"idempotency_key": "one"})
    assert customer.id == client.v1.customers.create({"name": "A"}, {"idempotency_key": "one"}).id
    with pytest.raises(stripe_sdk.IdempotencyError):
        client.v1.customers.create({"name": "B"}, {"idempotency_key": "one"})
    invoice = client.v1.invoices.create({"customer": customer.id})
    client.v1.invoice_items.create({"customer": customer.id, "invoice": invoice.id, "amount": 900, "currency": "usd"})
    with pytest.raises(stripe_sdk.CardError) as declined:
        client.v1.invoices.pay(invoice.id, {"payment_method": "pm_card_chargeDeclined"})
    assert declined.value.code == "card_declined"


def test_too_many_requests_raise_rate_limit_error(tmp_path: Path) -> None:
    """A 429 is a RateLimitError, which the SDK does not retry by itself."""
    with SandboxServer(tmp_path, config=SandboxConfig(stripe_requests_per_second=1)) as server:
        client = client_for(server, retries=2)
        client.v1.customers.list()
        with pytest.raises(stripe_sdk.RateLimitError):
            client.v1.customers.list()


def test_the_account_can_be_retrieved(client: stripe_sdk.StripeClient) -> None:
    """The account answers with its id and default currency."""
    account = client.v1.accounts.retrieve_current()
    assert (account.id, account.default_currency) == ("acct_sandbox", "usd")
