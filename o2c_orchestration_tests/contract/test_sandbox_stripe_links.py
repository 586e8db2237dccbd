"""Promises of payment links, prices and metadata: what sells outside of a subscription."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import stripe as stripe_sdk

from o2c_orchestration.sandbox.server import SandboxServer
from o2c_orchestration_tests.contract.sandbox_stripe_account import Account


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxServer]:
    with SandboxServer(tmp_path_factory.mktemp("stripe")) as running:
        yield running


@pytest.fixture(scope="module")
def account(server: SandboxServer) -> Account:
    return Account(server.base_url)


def price(account: Account, unit_amount: int = 1000, **fields: Any) -> str:
    """A one-off price of a product of its own."""
    product = account.post("products", name="Setup")["id"]
    return str(account.post("prices", product=product, unit_amount=unit_amount, **{"currency": "usd", **fields})["id"])


def link(account: Account, **fields: Any) -> dict[str, Any]:
    """A payment link of two things."""
    body = {
        "line_items[0][price]": price(account),
        "line_items[0][quantity]": 3,
        "line_items[1][price]": price(account, 500),
        "line_items[1][quantity]": 1,
        "metadata[deal]": "006A",
    }
    return dict(account.post("payment_links", body | fields))


def test_a_payment_link_is_read_as_it_was_made(account: Account) -> None:
    """Its line items come when they are expanded, or by their own path; the list knows active and inactive ones."""
    made = link(account)
    assert made["id"].startswith("plink_")
    assert made["url"].startswith("https://buy.stripe.com/")
    assert (made["active"], made["metadata"], made["currency"]) == (True, {"deal": "006A"}, "usd")
    assert "line_items" not in made
    full = account.get(f"payment_links/{made['id']}", **{"expand[]": "line_items"})
    amounts = [(each["quantity"], each["amount_total"], each["description"]) for each in full["line_items"]["data"]]
    assert amounts == [(3, 3000, "Setup"), (1, 500, "Setup")]
    page = account.get(f"payment_links/{made['id']}/line_items", limit=1)
    assert (len(page["data"]), page["has_more"]) == (1, True)
    off = account.post(f"payment_links/{made['id']}", active="false", **{"metadata[deal]": "006B"})
    assert (off["active"], off["metadata"]) == (False, {"deal": "006B"})
    listed = [[each["id"] for each in account.get("payment_links", active=flag)["data"]] for flag in ("true", "false")]
    assert (made["id"] in listed[0], made["id"] in listed[1]) == (False, True)
    again = account.get(f"payment_links/{made['id']}", **{"expand[]": "line_items"})
    assert again["line_items"] == full["line_items"]


def test_a_link_is_paid(account: Account) -> None:
    """Whoever opens it pays an invoice, or a bare payment, with metadata of its own; the session has the link's."""
    noted = {"invoice_creation[enabled]": "true", "invoice_creation[invoice_data][metadata][deal]": "006I"}
    session = account.control("payment_links/pay", payment_link=link(account, **noted)["id"], email="a@example.com")
    assert (session["metadata"], session["amount_total"]) == ({"deal": "006A"}, 3500)
    invoice = account.get(f"invoices/{session['invoice']}")
    assert (invoice["status"], invoice["total"], invoice["metadata"]) == ("paid", 3500, {"deal": "006I"})
    assert account.get(f"customers/{session['customer']}")["email"] == "a@example.com"
    bare = link(account, **{"payment_intent_data[metadata][deal]": "006P"})
    session = account.control("payment_links/pay", payment_link=bare["id"], email="b@example.com")
    intent = account.get(f"payment_intents/{session['payment_intent']}")
    assert (session["invoice"], intent["status"], intent["amount"]) == (None, "succeeded", 3500)
    assert intent["metadata"] == {"deal": "006P"}
    assert account.events("checkout.session", "payment_link")[-2:] == [
        "payment_link.created",
        "checkout.session.completed",
    ]
    account.post(f"payment_links/{bare['id']}", active="false")
    assert "not active" in account.control("payment_links/pay", payment_link=bare["id"])["error"]


@pytest.mark.parametrize(
    ("change", "code", "param"),
    [
        ({"line_items[0][quantity]": "1.5"}, "parameter_invalid_integer", "line_items[0][quantity]"),
        ({"line_items[0][quantity]": ""}, "parameter_missing", "quantity"),
        ({"line_items[0][price]": "price_none"}, "resource_missing", "line_items[0][price]"),
        ({"line_items[0][price]": ""}, "parameter_missing", "line_items[0][price]"),
        ({"customer": "cus_1"}, "parameter_unknown", "customer"),
    ],
)
def test_a_link_that_cannot_be(account: Account, change: dict[str, str], code: str, param: str) -> None:
    """What Stripe refuses is refused with the parameter."""
    error = link(account, **change)["error"]
    assert (error.get("code"), error.get("param")) == (code, param)


def test_currencies_of_a_link_do_not_mix(account: Account) -> None:
    """Line items share one currency."""
    error = link(account, **{"line_items[1][price]": price(account, currency="eur")})["error"]
    assert error["param"] == "line_items"


def test_prices_and_products_are_changed(account: Account) -> None:
    """Names, metadata and whether they are active; an amount never. A lookup key belongs to one price."""
    product = account.post("products", name="Seats")["id"]
    assert account.post(f"products/{product}", {"metadata[item]": "12"}, name="Seat")["name"] == "Seat"
    first = account.post("prices", product=product, currency="usd", unit_amount=900, lookup_key="seat")
    changed = account.post(f"prices/{first['id']}", {"metadata[entry]": "01u"}, nickname="List")
    assert (changed["nickname"], changed["metadata"], changed["unit_amount"]) == ("List", {"entry": "01u"}, 900)
    assert account.post(f"prices/{first['id']}", unit_amount=1)["error"]["code"] == "parameter_unknown"
    taken = account.post("prices", product=product, currency="usd", unit_amount=1, lookup_key="seat")
    assert taken["error"]["param"] == "lookup_key"
    body = {"lookup_key": "seat", "transfer_lookup_key": "true"}
    second = account.post("prices", body, product=product, currency="usd", unit_amount=950)
    found = account.get("prices", **{"lookup_keys[]": "seat"})["data"]
    assert [each["id"] for each in found] == [second["id"]]
    inline = account.post("prices", {"product_data[name]": "New"}, currency="usd", unit_amount_decimal="10.5")
    assert (inline["unit_amount"], inline["unit_amount_decimal"]) == (None, "10.5")
    assert account.get(f"products/{inline['product']}")["name"] == "New"
    both = account.post("prices", product=product, currency="usd", unit_amount=1, unit_amount_decimal="1")
    assert "only specify one" in both["error"]["message"]


def test_an_invoice_of_inline_prices(account: Account) -> None:
    """Items by `price_data`, then finalized and sent with its due date."""
    buyer, product = account.post("customers", name="Ada")["id"], account.post("products", name="Setup")["id"]
    draft = account.post(
        "invoices", {"metadata[deal]": "006"}, customer=buyer, collection_method="send_invoice", days_until_due=30
    )
    data = {"price_data[currency]": "usd", "price_data[product]": product, "price_data[unit_amount]": 250}
    account.post("invoiceitems", data, customer=buyer, invoice=draft["id"], quantity=4)
    sent = account.post(f"invoices/{draft['id']}/send")
    assert (sent["status"], sent["total"], sent["metadata"]) == ("open", 1000, {"deal": "006"})
    assert sent["due_date"] == draft["created"] + 30 * 24 * 3600
    assert account.events("invoice.sent")[-1] == "invoice.sent"
    wrong = account.post("invoiceitems", data, customer=buyer, quantity="2.5")
    assert (wrong["error"]["code"], wrong["error"]["param"]) == ("parameter_invalid_integer", "quantity")


def test_limits_of_metadata(account: Account) -> None:
    """Fifty keys of forty characters with values of five hundred, and not one more."""
    full = {f"metadata[{index:040d}]": "v" * 500 for index in range(50)}
    assert len(account.post("customers", full)["metadata"]) == 50
    for wrong in ({**full, "metadata[one]": "more"}, {f"metadata[{'k' * 41}]": "v"}, {"metadata[k]": "v" * 501}):
        assert account.post("customers", wrong)["error"]["param"].startswith("metadata")


def test_stripes_own_sdk_makes_a_link(server: SandboxServer) -> None:
    """Created and expanded by the SDK."""
    client = stripe_sdk.StripeClient("sk_test_sandbox", base_addresses={"api": server.base_url}, max_network_retries=0)
    data = {"currency": "usd", "unit_amount": 700, "product_data": {"name": "Day"}}
    made = client.v1.payment_links.create(
        {"line_items": [{"price_data": data, "quantity": 2}], "metadata": {"deal": "006"}, "expand": ["line_items"]}  # type: ignore[typeddict-item]
    )
    assert made.line_items is not None
    assert [each.amount_total for each in made.line_items.data] == [1400]
    items = client.v1.payment_links.line_items.list(made.id)
    assert [each.quantity for each in items.data] == [2]
