"""Promises of `/search`: Stripe's query language, its pages, and that it lags behind writes when it is told to."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import stripe as stripe_sdk

from o2c_orchestration.sandbox.config import SandboxConfig
from o2c_orchestration.sandbox.server import SandboxServer
from o2c_orchestration_tests.contract.sandbox_stripe_account import Account

PEOPLE = {
    "Ada": ("ada@rocketrides.io", "gold"),
    "Bob": ("bob@example.com", "GOLD"),
    "Cleo": ("cleo@rocketrides.io", 'it\'s "silver"'),
    "Dan": ("dan@example.com", ""),
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxServer]:
    with SandboxServer(tmp_path_factory.mktemp("stripe")) as running:
        account = Account(running.base_url)
        for name, (email, plan) in PEOPLE.items():
            account.post("customers", {"metadata[plan]": plan}, name=name, email=email)
        yield running


@pytest.fixture(params=[0.0, 3600.0], ids=["indexed", "lagging"])
def account(server: SandboxServer, request: pytest.FixtureRequest) -> Iterator[Account]:
    """With the index, and without it but with all that was written long ago."""
    account = Account(server.base_url)
    account.control("search", lag_seconds=request.param)
    yield account
    account.control("search", lag_seconds=0)


def names(account: Account, query: str, **params: Any) -> list[str]:
    """Names of the customers found, in order of the alphabet."""
    answer = account.get("customers/search", query=query, **params)
    assert answer["object"] == "search_result", answer
    return sorted(each["name"] for each in answer["data"])


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("metadata['plan']:'gold'", ["Ada", "Bob"]),
        ('metadata["plan"]:"gold" email~"rocket"', ["Ada"]),
        ("metadata['plan']:'gold' AND email:'BOB@example.com'", ["Bob"]),
        ("name:'Ada' or name:\"Dan\"", ["Ada", "Dan"]),
        ('metadata["plan"]:"it\'s \\"silver\\""', ["Cleo"]),
        ("metadata['plan']~'SILV'", ["Cleo"]),
        ("metadata['plan']:null", ["Dan"]),
        ("-metadata['plan']:null", ["Ada", "Bob", "Cleo"]),
        ("-metadata['plan']:'gold'", ["Cleo", "Dan"]),
        ("metadata['nothing']:'gold'", []),
        ("created>100 name:'Ada'", ["Ada"]),
        ("created<100", []),
    ],
)
def test_the_query_language(account: Account, query: str, found: list[str]) -> None:
    """Each form of a clause finds what Stripe's documentation says it finds."""
    assert names(account, query) == found


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("customers", "plan:'gold'"),
        ("customers", "name:'a' AND name:'b' OR name:'c'"),
        ("customers", "name='Ada'"),
        ("customers", "name:'Ada"),
        ("customers", "name~'ad'"),
        ("customers", "name>3"),
        ("customers", "created:'soon'"),
        ("customers", ""),
        ("customers", " ".join(["name:'Ada'"] * 11)),
        ("subscriptions", "customer:'cus_1'"),
    ],
)
def test_a_query_that_cannot_be_read(account: Account, path: str, query: str) -> None:
    """Unknown fields, mixed joins, short substrings and broken quotes are refused."""
    error = account.get(f"{path}/search", query=query)["error"]
    assert (error["type"], error["param"] in ("query", "created")) == ("invalid_request_error", True)


def test_pages(account: Account) -> None:
    """`next_page` leads through everything once; it is null at the end, and there is no cursor by id."""
    first = account.get("customers/search", query="created>1", limit=3)
    assert (len(first["data"]), first["has_more"], first["url"]) == (3, True, "/v1/customers/search")
    second = account.get("customers/search", query="created>1", limit=3, page=first["next_page"])
    assert (second["has_more"], second["next_page"]) == (False, None)
    assert sorted(each["name"] for each in first["data"] + second["data"]) == sorted(PEOPLE)
    assert (
        account.get("customers/search", query="created>1", starting_after="cus_1")["error"]["param"] == "starting_after"
    )


def test_invoices_subscriptions_prices_and_products(server: SandboxServer) -> None:
    """The other kinds are found by their own fields and by metadata."""
    account = Account(server.base_url)
    buyer = account.post("customers", name="Eve")["id"]
    product = account.post("products", {"metadata[sku]": "S-1"}, name="Seats")["id"]
    monthly = account.post("prices", {"recurring[interval]": "month"}, product=product, currency="usd", unit_amount=100)
    fields = {"items[0][price]": monthly["id"], "metadata[deal]": "006Sub", "collection_method": "send_invoice"}
    subscription = account.post("subscriptions", fields, customer=buyer, days_until_due=5)
    draft = account.post("invoices", {"metadata[deal]": "006Inv"}, customer=buyer, currency="usd")["id"]
    found = {
        "invoices": [("metadata['deal']:'006Inv'", draft), (f"subscription:'{subscription['id']}'", None)],
        "subscriptions": [("metadata['deal']:'006Sub' status:'active'", subscription["id"])],
        "prices": [(f"product:'{product}' active:'true'", monthly["id"])],
        "products": [("metadata['sku']:'S-1'", product)],
    }
    for path, queries in found.items():
        for query, wanted in queries:
            (one,) = account.get(f"{path}/search", query=query)["data"]
            assert one["id"] == (wanted or subscription["latest_invoice"])
    expanded = account.get("invoices/search", query="metadata['deal']:'006Inv'", **{"expand[]": "data.customer"})
    assert expanded["data"][0]["customer"]["name"] == "Eve"


def test_changed_and_deleted_metadata(server: SandboxServer) -> None:
    """The index follows every change: what was unset, replaced or deleted is found no more."""
    account = Account(server.base_url)
    made = account.post("customers", {"metadata[deal]": "006Old"}, name="Fay")["id"]
    account.post(f"customers/{made}", {"metadata[deal]": "006New"})
    query = "metadata['deal']:'{}'"
    assert (names(account, query.format("006Old")), names(account, query.format("006New"))) == ([], ["Fay"])
    account.post(f"customers/{made}", {"metadata[deal]": ""})
    assert names(account, query.format("006New")) == []
    account.post(f"customers/{made}", {"metadata[deal]": "006New"})
    account._session.delete(f"{account.base_url}/v1/customers/{made}", timeout=10)
    assert names(account, query.format("006New")) == []


def test_search_lags_behind_writes(server: SandboxServer) -> None:
    """While it lags, a new object is not found and a changed one is found as it was; lists know both at once."""
    account = Account(server.base_url)
    old = account.post("customers", {"metadata[lag]": "before"}, name="Gil")["id"]
    account.control("search", lag_seconds=3600)
    account.post(f"customers/{old}", {"metadata[lag]": "after"})
    account.post("customers", {"metadata[lag]": "new"}, name="Hal")
    account._session.delete(f"{account.base_url}/v1/customers/{old}", timeout=10)
    seen = [names(account, f"metadata['lag']:'{value}'") for value in ("before", "after", "new")]
    assert seen == [["Gil"], [], []]
    assert account.get("customers", limit=1)["data"][0]["name"] == "Hal"
    account.control("search", lag_seconds=0)
    seen = [names(account, f"metadata['lag']:'{value}'") for value in ("before", "after", "new")]
    assert seen == [[], [], ["Hal"]]


def test_a_lag_passes(tmp_path: Path) -> None:
    """What was written is found once the lag is over, without another write."""
    config = SandboxConfig(stripe_search_lag_seconds=0.5)
    with SandboxServer(tmp_path, config=config) as running:
        account = Account(running.base_url)
        account.post("customers", {"metadata[deal]": "006"}, name="Ada")
        assert names(account, "metadata['deal']:'006'") == []
        time.sleep(0.6)
        assert names(account, "metadata['deal']:'006'") == ["Ada"]


def test_a_file_of_an_earlier_version_is_indexed(tmp_path: Path) -> None:
    """Objects written before there was an index are found."""
    with SandboxServer(tmp_path) as running:
        Account(running.base_url).post("customers", {"metadata[deal]": "006"}, name="Ada")
    connection = sqlite3.connect(tmp_path / "stripe.sqlite")
    connection.execute("DROP TABLE tag")
    connection.commit()
    connection.close()
    with SandboxServer(tmp_path) as running:
        assert names(Account(running.base_url), "metadata['deal']:'006'") == ["Ada"]


def test_stripes_own_sdk_searches(server: SandboxServer) -> None:
    """`search` and its auto-paging go through all pages."""
    client = stripe_sdk.StripeClient("sk_test_sandbox", base_addresses={"api": server.base_url}, max_network_retries=0)
    page = client.v1.customers.search({"query": "-metadata['plan']:null", "limit": 2})
    assert sorted(str(each.name) for each in page.auto_paging_iter()) == ["Ada", "Bob", "Cleo"]
