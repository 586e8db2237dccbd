"""Promises of the Stripe sandbox on the wire, seen by a bare HTTP client."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from o2c_orchestration.sandbox.config import SandboxConfig
from o2c_orchestration.sandbox.server import SandboxServer

NOW = int(time.time())


class Client:
    """`requests` with the key, no proxy, and JSON out."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["Authorization"] = "Bearer sk_test_sandbox"

    def get(self, path: str, **params: Any) -> Any:
        return self.session.get(self.base_url + path, params=params, timeout=10).json()

    def post(self, path: str, data: Any = None, **headers: str) -> requests.Response:
        return self.session.post(self.base_url + path, data=data, headers=headers, timeout=10)

    def load(self, stripe: list[dict[str, Any]]) -> Any:
        return self.session.post(f"{self.base_url}/_sandbox/load", json={"stripe": stripe}, timeout=10).json()


def customer(number: int, **fields: Any) -> dict[str, Any]:
    return {
        "id": f"cus_{number:03}",
        "object": "customer",
        "created": NOW - 1000 + number // 3,
        "name": f"Customer {number}",
        "email": f"c{number}@example.com",
        **fields,
    }


def line(number: int) -> dict[str, Any]:
    return {
        "id": f"il_{number:03}",
        "object": "line_item",
        "amount": number,
        "currency": "usd",
        "pricing": {"type": "price_details", "price_details": {"price": "price_1", "product": "prod_1"}},
    }


def invoice(number: int, lines: int = 1, **fields: Any) -> dict[str, Any]:
    return {
        "id": f"in_{number:03}",
        "object": "invoice",
        "created": NOW - 500 + number,
        "status": "paid",
        "customer": "cus_001",
        "lines": {"object": "list", "data": [line(each) for each in range(lines)]},
        **fields,
    }


PAYMENT = [
    {"id": "price_1", "object": "price", "created": 1, "product": "prod_1", "type": "one_time"},
    {
        "id": "inpay_1",
        "object": "invoice_payment",
        "created": NOW,
        "invoice": "in_001",
        "status": "paid",
        "payment": {"type": "payment_intent", "payment_intent": "pi_1"},
    },
    {
        "id": "inpay_2",
        "object": "invoice_payment",
        "created": NOW,
        "invoice": "in_002",
        "status": "open",
        "payment": {"type": "payment_intent", "payment_intent": "pi_2"},
    },
    {"id": "pi_1", "object": "payment_intent", "created": NOW, "customer": "cus_001", "latest_charge": "ch_1"},
    {
        "id": "ch_1",
        "object": "charge",
        "created": NOW,
        "customer": "cus_001",
        "payment_intent": "pi_1",
        "balance_transaction": "txn_1",
    },
    {
        "id": "txn_1",
        "object": "balance_transaction",
        "created": NOW,
        "source": "ch_1",
        "type": "charge",
        "currency": "usd",
    },
]


@pytest.fixture(scope="module")
def stripe(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with SandboxServer(
        tmp_path_factory.mktemp("stripe"), config=SandboxConfig(stripe_requests_per_second=10_000)
    ) as server:
        client = Client(server.base_url)
        invoices = [invoice(0, lines=25, status="open"), invoice(1, amount_paid_off_stripe=7), invoice(2)]
        client.load([*(customer(each) for each in range(30)), *invoices, *PAYMENT])
        yield client


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Client]:
    with SandboxServer(tmp_path) as server:
        yield Client(server.base_url)


def ids(body: dict[str, Any]) -> list[str]:
    return [each["id"] for each in body["data"]]


def test_a_list_is_newest_first_and_ten_long_by_default(stripe: Client) -> None:
    """Without parameters a list gives the ten newest; within one second the last inserted comes first."""
    body = stripe.get("/v1/customers")
    assert [f"cus_{each:03}" for each in range(29, 19, -1)] == ids(body)
    assert (body["object"], body["has_more"], body["url"]) == ("list", True, "/v1/customers")


def test_cursors_walk_both_ways_without_loss(stripe: Client) -> None:
    """Pages by `starting_after` and by `ending_before` visit every object once, ties included."""
    down: list[str] = []
    params: dict[str, Any] = {"limit": 7}
    while page := stripe.get("/v1/customers", **params):
        down += ids(page)
        if not page["has_more"]:
            break
        params["starting_after"] = down[-1]
    assert [f"cus_{each:03}" for each in range(29, -1, -1)] == down
    before = stripe.get("/v1/customers", limit=3, ending_before="cus_010")
    assert (ids(before), before["has_more"]) == (["cus_013", "cus_012", "cus_011"], True)


def test_created_ranges_are_sharp(stripe: Client) -> None:
    """`gte` includes its bound and `lt` excludes it."""
    body = stripe.get("/v1/customers", **{"created[gte]": NOW - 1000 + 3, "created[lt]": NOW - 1000 + 5})
    assert [f"cus_{each:03}" for each in range(14, 8, -1)] == ids(body)
    assert ids(stripe.get("/v1/customers", created=NOW - 1000)) == ["cus_002", "cus_001", "cus_000"]


@pytest.mark.parametrize(
    ("path", "params", "expected"),
    [
        ("/v1/invoices", {"status": "open"}, ["in_000"]),
        ("/v1/invoices", {"customer": "cus_002"}, []),
        ("/v1/customers", {"email": "c4@example.com"}, ["cus_004"]),
        ("/v1/charges", {"payment_intent": "pi_1"}, ["ch_1"]),
        ("/v1/balance_transactions", {"source": "ch_1", "type": "charge"}, ["txn_1"]),
        ("/v1/invoice_payments", {"invoice": "in_001"}, ["inpay_1"]),
        (
            "/v1/invoice_payments",
            {"payment[type]": "payment_intent", "payment[payment_intent]": "pi_2"},
            ["inpay_2"],
        ),
        ("/v1/invoice_payments", {"status": "paid"}, ["inpay_1"]),
    ],
)
def test_filters_restrict(stripe: Client, path: str, params: dict[str, str], expected: list[str]) -> None:
    """Each documented filter gives just the objects that match."""
    assert expected == ids(stripe.get(path, **params))


def test_ten_lines_are_embedded_and_the_rest_are_paged(stripe: Client) -> None:
    """An invoice shows ten lines and says there are more; /lines gives all of them in their order."""
    embedded = stripe.get("/v1/invoices/in_000")["lines"]
    assert (len(embedded["data"]), embedded["has_more"], embedded["total_count"]) == (10, True, 25)
    first = stripe.get(embedded["url"], limit=20)
    rest = stripe.get(embedded["url"], limit=20, starting_after=first["data"][-1]["id"])
    assert [f"il_{each:03}" for each in range(25)] == ids(first) + ids(rest)
    assert (first["has_more"], rest["has_more"]) == (True, False)


def test_payments_appear_only_when_expanded(stripe: Client) -> None:
    """`payments` and `amount_paid_off_stripe` are absent by default; the intent inside expands too."""
    plain = stripe.get("/v1/invoices/in_001")
    assert not {"payments", "amount_paid_off_stripe"} & plain.keys()
    path = "payments.data.payment.payment_intent"
    full = stripe.get("/v1/invoices/in_001", **{"expand[]": [path, "amount_paid_off_stripe", "customer"]})
    assert full["payments"]["data"][0]["payment"]["payment_intent"]["latest_charge"] == "ch_1"
    assert (full["amount_paid_off_stripe"], full["customer"]["name"]) == (7, "Customer 1")


def test_expansion_reaches_through_lists_and_references(stripe: Client) -> None:
    """Paths that start with `data.` expand in every row, however many references deep."""
    charges = stripe.get("/v1/charges", **{"expand[]": ["data.balance_transaction.source.customer"]})
    assert charges["data"][0]["balance_transaction"]["source"]["customer"]["id"] == "cus_001"
    invoices = stripe.get("/v1/invoices", **{"expand[]": "data.payments", "limit": 2})
    assert [each["payments"]["data"][0]["id"] for each in invoices["data"]] == ["inpay_2", "inpay_1"]
    lines = stripe.get("/v1/invoices/in_000/lines", **{"expand[]": "data.pricing.price_details.price"})
    assert lines["data"][0]["pricing"]["price_details"]["price"]["id"] == "price_1"


@pytest.mark.parametrize(
    ("path", "params", "refusal"),
    [
        ("/v1/customers/cus_none", {}, (404, "resource_missing", "id")),
        ("/v1/payment_intents/pi_none", {}, (404, "resource_missing", "intent")),
        ("/v1/invoices/in_none/lines", {}, (404, "resource_missing", "invoice")),
        ("/v1/invoices", {"colour": "red"}, (400, "parameter_unknown", "colour")),
        ("/v1/invoices", {"created[after]": "1"}, (400, "parameter_unknown", "created[after]")),
        ("/v1/invoice_payments", {"payment[charge]": "x"}, (400, "parameter_unknown", "payment[charge]")),
        ("/v1/invoices", {"limit": "101"}, (400, "parameter_invalid_integer", "limit")),
        ("/v1/invoices", {"limit": "ten"}, (400, "parameter_invalid_integer", "limit")),
        ("/v1/invoices", {"created[gte]": "yesterday"}, (400, "parameter_invalid_integer", "created[gte]")),
        ("/v1/invoices", {"starting_after": "in_none"}, (400, "resource_missing", "starting_after")),
        ("/v1/customers", {"expand[]": "data.name"}, (400, None, None)),
        ("/v1/invoices", {"expand[]": "customer"}, (400, None, None)),
        (
            "/v1/invoices",
            {"expand[]": "data.payments.data.payment.payment_intent"},
            (400, "property_expansion_max_depth", None),
        ),
        ("/v1/nonsense", {}, (404, None, None)),
    ],
)
def test_refusals_are_in_the_words_of_stripe(
    stripe: Client, path: str, params: dict[str, str], refusal: tuple[int, str | None, str | None]
) -> None:
    """A bad request gets Stripe's status, type, code and parameter, and a request id."""
    response = stripe.session.get(stripe.base_url + path, params=params, timeout=10)
    error = response.json()["error"]
    assert (response.status_code, error.get("code"), error.get("param")) == refusal
    assert error["type"] == "invalid_request_error"
    assert response.headers["Request-Id"] in error["request_log_url"]


def test_a_key_is_needed_by_bearer_or_basic(stripe: Client) -> None:
    """No key and a wrong key are 401 and do not show the key; the right one works both ways."""
    url = f"{stripe.base_url}/v1/account"
    bare = requests.Session()
    bare.trust_env = False
    assert bare.get(url, timeout=10).status_code == 401
    wrong = bare.get(url, headers={"Authorization": "Bearer sk_test_verysecretvalue"}, timeout=10)
    assert wrong.status_code == 401
    assert "verysecret" not in wrong.text
    assert bare.get(url, auth=("sk_test_sandbox", ""), timeout=10).json()["id"] == "acct_sandbox"


def test_the_version_asked_is_echoed(stripe: Client) -> None:
    """Stripe-Version comes back as asked, or as the account's own; nonsense is refused."""
    url = f"{stripe.base_url}/v1/account"
    asked = stripe.session.get(url, headers={"Stripe-Version": "2026-10-28.endive"}, timeout=10)
    assert asked.headers["Stripe-Version"] == "2026-10-28.endive"
    refused = stripe.session.get(url, headers={"Stripe-Version": "latest"}, timeout=10)
    assert refused.status_code == 400


def test_deleted_customers_leave_a_stub(fresh: Client) -> None:
    """A deleted customer is gone from lists, and its id answers that it was deleted."""
    fresh.load([customer(1), customer(2), customer(3, deleted=True)])
    fresh.session.delete(f"{fresh.base_url}/v1/customers/cus_001", timeout=10)
    for each in ("cus_001", "cus_003"):
        assert {"id": each, "object": "customer", "deleted": True} == fresh.get(f"/v1/customers/{each}")
    assert ids(fresh.get("/v1/customers")) == ["cus_002"]


def test_an_idempotency_key_runs_a_request_once(fresh: Client) -> None:
    """The same key and parameters replay the first answer; other parameters are refused."""
    first = fresh.post("/v1/customers", {"name": "Ada"}, **{"Idempotency-Key": "k"})
    again = fresh.post("/v1/customers", {"name": "Ada"}, **{"Idempotency-Key": "k"})
    other = fresh.post("/v1/customers", {"name": "Bob"}, **{"Idempotency-Key": "k"})
    assert first.content == again.content
    assert tuple(each.headers.get("Idempotent-Replayed") for each in (first, again)) == (None, "true")
    assert first.headers["Request-Id"] == again.headers["Original-Request"]
    assert (other.status_code, other.json()["error"]["type"]) == (400, "idempotency_error")
    assert len(fresh.get("/v1/customers")["data"]) == 1


def test_a_refused_request_does_not_use_up_its_key(fresh: Client) -> None:
    """Validation failures are not remembered: the corrected request runs under the same key."""
    refused = fresh.post("/v1/customers", {"nmae": "Ada"}, **{"Idempotency-Key": "k"})
    created = fresh.post("/v1/customers", {"name": "Ada"}, **{"Idempotency-Key": "k"})
    assert (refused.status_code, created.status_code) == (400, 200)


def test_a_500_is_remembered_under_its_key(fresh: Client) -> None:
    """A server error is replayed for its key although the trouble is over; a new key goes through."""
    rule = {"system": "stripe", "method": "POST", "path_regex": "customers", "kind": "server_error", "times": 1}
    fresh.session.post(f"{fresh.base_url}/_sandbox/faults", json=[rule], timeout=10)
    answers = [fresh.post("/v1/customers", {"name": "A"}, **{"Idempotency-Key": key}) for key in "kkj"]
    assert [each.status_code for each in answers] == [500, 500, 200]
    assert answers[1].headers["Idempotent-Replayed"] == "true"
    assert len(fresh.get("/v1/customers")["data"]) == 1


def test_requests_above_the_budget_are_429(tmp_path: Path) -> None:
    """Above the account's requests per second Stripe answers 429 with the reason, and counts it."""
    with SandboxServer(tmp_path, config=SandboxConfig(stripe_requests_per_second=5)) as server:
        client = Client(server.base_url)
        answers = [client.session.get(f"{server.base_url}/v1/account", timeout=10) for _ in range(8)]
        assert [each.status_code for each in answers] == [200] * 5 + [429] * 3
        assert answers[-1].headers["Stripe-Rate-Limited-Reason"] == "global-rate"
        assert answers[-1].json()["error"]["code"] == "rate_limit"
        assert client.get("/_sandbox/stats")["count_429"] == 3
        time.sleep(1.05)
        assert client.session.get(f"{server.base_url}/v1/account", timeout=10).status_code == 200


def test_events_end_after_thirty_days_and_filter_by_type(fresh: Client) -> None:
    """Only events of the last 30 days are listed, by one type, by several, or by a wildcard."""
    event = {"object": "event", "pending_webhooks": 0}
    old = NOW - 31 * 24 * 3600
    fresh.load(
        [
            {**event, "id": "evt_1", "created": NOW - 3, "type": "invoice.paid"},
            {**event, "id": "evt_2", "created": NOW - 2, "type": "charge.succeeded"},
            {**event, "id": "evt_3", "created": NOW - 1, "type": "invoice.voided", "pending_webhooks": 1},
            {**event, "id": "evt_0", "created": old, "type": "invoice.paid"},
        ]
    )
    assert ids(fresh.get("/v1/events")) == ["evt_3", "evt_2", "evt_1"]
    assert ids(fresh.get("/v1/events", type="invoice.paid")) == ["evt_1"]
    assert ids(fresh.get("/v1/events", type="invoice.*")) == ["evt_3", "evt_1"]
    both = {"types[]": ["invoice.paid", "charge.succeeded"]}
    assert ids(fresh.get("/v1/events", **both)) == ["evt_2", "evt_1"]
    assert ids(fresh.get("/v1/events", delivery_success="false")) == ["evt_3"]


def test_everything_outlives_a_restart(tmp_path: Path) -> None:
    """Objects, remembered keys and the run of ids are there after a stop and a start."""
    with SandboxServer(tmp_path) as server:
        first = Client(server.base_url).post("/v1/customers", {"name": "A"}, **{"Idempotency-Key": "k"})
    with SandboxServer(tmp_path) as server:
        client = Client(server.base_url)
        again = client.post("/v1/customers", {"name": "A"}, **{"Idempotency-Key": "k"})
        new = client.post("/v1/customers", {"name": "A"})
        assert first.content == again.content
        assert {first.json()["id"], new.json()["id"]} == set(ids(client.get("/v1/customers")))
        assert len(ids(client.get("/v1/customers"))) == 2


def test_loading_is_all_or_nothing(fresh: Client) -> None:
    """A record that cannot be stored is told, and none of its neighbours is stored."""
    answer = fresh.load([customer(1), {"id": "cus_002"}])
    assert "object" in answer["error"]
    assert ids(fresh.get("/v1/customers")) == []
