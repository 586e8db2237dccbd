"""Promises of the fault switchboard: what a client sees, and what was committed."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests
import stripe as stripe_sdk

from o2c_orchestration.sandbox.config import SandboxConfig
from o2c_orchestration.sandbox.server import SandboxServer


class Sandbox:
    """A running sandbox with a client for Stripe and for the switchboard."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["Authorization"] = "Bearer sk_test_sandbox"

    def create_customer(self) -> requests.Response:
        return self.session.post(f"{self.base_url}/v1/customers", data={"name": "A"}, timeout=5)

    def customers(self) -> int:
        return len(self.control("GET", "/v1/customers")["data"])

    def control(self, method: str, path: str, body: Any = None) -> Any:
        return self.session.request(method, self.base_url + path, json=body, timeout=5).json()

    def fault(self, kind: str, **fields: Any) -> None:
        rule = {"system": "stripe", "method": "POST", "path_regex": "/v1/customers", "kind": kind, **fields}
        self.control("POST", "/_sandbox/faults", [rule])


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    with SandboxServer(tmp_path) as server:
        yield Sandbox(server.base_url)


def test_drop_before_closes_the_connection_and_nothing_happened(sandbox: Sandbox) -> None:
    """The client gets a broken connection, not an answer, and no object was made."""
    sandbox.fault("drop_before", times=1)
    with pytest.raises(requests.ConnectionError):
        sandbox.create_customer()
    assert sandbox.customers() == 0
    assert sandbox.create_customer().status_code == 200


def test_drop_after_closes_the_connection_and_the_object_is_there(sandbox: Sandbox) -> None:
    """The client gets a broken connection although the object was made: the outcome it calls unknown."""
    sandbox.fault("drop_after", times=1)
    with pytest.raises(requests.ConnectionError):
        sandbox.create_customer()
    assert sandbox.customers() == 1


def test_hang_commits_waits_and_drops(sandbox: Sandbox) -> None:
    """A hanging request outlasts a client's timeout; the object was made before it hung."""
    sandbox.fault("hang", times=1, latency_ms=1500)
    started = time.monotonic()
    with pytest.raises((requests.Timeout, requests.ConnectionError)):
        sandbox.session.post(f"{sandbox.base_url}/v1/customers", data={"name": "A"}, timeout=0.3)
    assert time.monotonic() - started < 1
    assert sandbox.customers() == 1


def test_a_late_commit_happens_after_the_client_gave_up(sandbox: Sandbox) -> None:
    """The connection breaks at once and nothing is there; later the request is executed all the same."""
    sandbox.fault("late_commit", times=1, latency_ms=600)
    started = time.monotonic()
    with pytest.raises(requests.ConnectionError):
        sandbox.create_customer()
    assert time.monotonic() - started < 0.5
    assert sandbox.customers() == 0
    while sandbox.customers() == 0:
        assert time.monotonic() - started < 5
        time.sleep(0.02)
    assert time.monotonic() - started >= 0.6
    assert sandbox.control("GET", "/v1/customers")["data"][0]["name"] == "A"


def test_latency_delays_and_then_answers(sandbox: Sandbox) -> None:
    """A delayed request is answered as any other, later."""
    sandbox.fault("latency", latency_ms=300)
    started = time.monotonic()
    assert sandbox.create_customer().status_code == 200
    assert time.monotonic() - started >= 0.3


def test_refusals_speak_each_systems_language(sandbox: Sandbox) -> None:
    """429 and 500 come with the body of the system that was asked."""
    rules = [{"kind": kind, "times": 3} for kind in ("rate_limit", "server_error")]
    sandbox.control("POST", "/_sandbox/faults", rules)
    paths = ("/v1/customers", "/services/rest/record/v1/invoice/1", "/services/data/v68.0/query")
    limited, broken = ([sandbox.session.get(sandbox.base_url + path, timeout=5) for path in paths] for _ in range(2))
    assert [each.status_code for each in limited] == [429, 429, 403]
    assert limited[0].json()["error"]["code"] == "rate_limit"
    assert limited[1].json()["o:errorDetails"][0]["o:errorCode"] == "CONCURRENCY_LIMIT_EXCEEDED"
    assert limited[2].json()[0]["errorCode"] == "REQUEST_LIMIT_EXCEEDED"
    assert [each.status_code for each in broken] == [500, 500, 500]
    assert broken[1].json()["o:errorDetails"][0]["o:errorCode"] == "UNEXPECTED_ERROR"


def test_a_rule_ends_after_its_times_and_when_cleared(sandbox: Sandbox) -> None:
    """`times` counts down, and DELETE drops what is left."""
    sandbox.fault("server_error", times=2)
    assert [sandbox.create_customer().status_code for _ in range(3)] == [500, 500, 200]
    sandbox.fault("server_error")
    assert sandbox.create_customer().status_code == 500
    assert sandbox.control("DELETE", "/_sandbox/faults") == []
    assert sandbox.create_customer().status_code == 200


def test_chance_repeats_with_the_seed(sandbox: Sandbox) -> None:
    """The same rules and requests meet the same faults again after clearing."""
    runs = []
    for _ in range(2):
        sandbox.control("DELETE", "/_sandbox/faults")
        sandbox.fault("server_error", probability=0.5)
        runs.append([sandbox.create_customer().status_code for _ in range(20)])
    assert runs[0] == runs[1]
    assert {200, 500} == set(runs[0])


def test_a_wrong_rule_is_told(sandbox: Sandbox) -> None:
    """A rule with an unknown kind, field or pattern is refused with the reason."""
    for rule in ({"kind": "explode"}, {"kind": "hang", "oops": 1}, {"kind": "hang", "path_regex": "("}):
        answer = sandbox.control("POST", "/_sandbox/faults", [rule])
        assert "error" in answer
    assert sandbox.control("GET", "/_sandbox/faults") == []


def test_traffic_is_counted_and_kept(sandbox: Sandbox) -> None:
    """Stats count by system, method and status, and the log keeps path and status; control is not counted."""
    sandbox.create_customer()
    sandbox.fault("drop_after", times=1)
    with pytest.raises(requests.ConnectionError):
        sandbox.create_customer()
    stats = sandbox.control("GET", "/_sandbox/stats")
    assert stats["requests"] == {"stripe": {"POST": {"200": 1, "dropped": 1}}}
    kept = sandbox.control("GET", "/_sandbox/requests?system=stripe")
    assert [(each["method"], each["path"], each["status"]) for each in kept] == [
        ("POST", "/v1/customers", 200),
        ("POST", "/v1/customers", "dropped"),
    ]
    sandbox.control("DELETE", "/_sandbox/stats")
    assert sandbox.control("GET", "/_sandbox/stats")["requests"] == {}


def test_the_sdk_survives_a_lost_answer_without_a_second_object(sandbox: Sandbox) -> None:
    """The SDK retries under its own idempotency key, so a dropped answer makes one customer."""
    sandbox.fault("drop_after", times=1)
    client = stripe_sdk.StripeClient("sk_test_sandbox", base_addresses={"api": sandbox.base_url}, max_network_retries=1)
    assert client.v1.customers.create({"name": "A"}).id.startswith("cus_")
    assert sandbox.customers() == 1


def test_base_latency_is_shared_by_requests_in_flight(tmp_path: Path) -> None:
    """With a latency configured, eight requests at once are all under way at once: one by one they took 12 seconds.

    As long as that, since a busy machine takes a while to send all eight.
    """
    with SandboxServer(tmp_path, config=SandboxConfig(latency_ms=1500)) as server:
        sandbox = Sandbox(server.base_url)
        threads = [threading.Thread(target=sandbox.customers) for _ in range(8)]
        started = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert 1.5 <= time.monotonic() - started < 6.0
        assert sandbox.control("GET", "/_sandbox/stats")["max_concurrent"]["stripe"] == 8


def test_time_spent_in_latency_counts_against_netsuites_limit(tmp_path: Path) -> None:
    """Six slow requests at once against a limit of four: two get 429, and stats saw too many in flight."""
    config = SandboxConfig(latency_ms=300, netsuite_concurrency=4)
    with SandboxServer(tmp_path, config=config) as server:
        sandbox = Sandbox(server.base_url)
        url = f"{server.base_url}/services/rest/record/v1/customer/1"
        with ThreadPoolExecutor(6) as pool:
            statuses = list(pool.map(lambda _: requests.get(url, timeout=5).status_code, range(6)))
        assert sorted(statuses) == [401] * 4 + [429] * 2
        stats = sandbox.control("GET", "/_sandbox/stats")
        assert stats["max_concurrent_netsuite"] > config.netsuite_concurrency
        assert stats["count_429"] == 2


def test_one_load_fills_every_system(sandbox: Sandbox) -> None:
    """Load takes objects of all systems at once and answers with NetSuite's ids under the given keys."""
    answer = sandbox.control(
        "POST",
        "/_sandbox/load",
        {
            "stripe": [{"id": "cus_1", "object": "customer", "created": 1}],
            "netsuite": [
                {"recordType": "customer", "body": {"companyName": "A", "subsidiary": {"id": "1"}, "_key": "k1"}}
            ],
            "salesforce": [{"attributes": {"type": "Account"}, "Id": "001SB000000001AAAA", "Name": "A"}],
        },
    )
    assert (answer["stripe"], answer["salesforce"]) == (1, 1)
    assert answer["netsuite"]["k1"].isdigit()
    assert "error" in sandbox.control("POST", "/_sandbox/load", {"sap": []})


def test_an_answer_that_was_sent_survives_a_kill(tmp_path: Path) -> None:
    """After SIGKILL right behind the answers, every object that was answered is there."""
    program = (
        "import sys, pathlib\n"
        "from o2c_orchestration.sandbox.server import serve\n"
        "serve(pathlib.Path(sys.argv[1]), port=0, on_ready=lambda url: print(url, flush=True))\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        sandbox = Sandbox(child.stdout.readline().strip())
        try:
            answered = [sandbox.create_customer().json()["id"] for _ in range(5)]
        finally:
            child.kill()
    with SandboxServer(tmp_path) as server:
        body = Sandbox(server.base_url).control("GET", "/v1/customers?limit=100")
        assert answered[::-1] == [each["id"] for each in body["data"]]


def test_a_taken_port_is_told_and_a_stopped_server_frees_it(tmp_path: Path) -> None:
    """Starting on a port in use raises OSError; after the stop the port can be used again."""
    with SandboxServer(tmp_path) as server:
        with pytest.raises(OSError, match="in use"):
            SandboxServer(tmp_path, port=server.port).start()
        port = server.port
    with SandboxServer(tmp_path, port=port) as again:
        assert port == again.port


def test_demo_keys_are_kept_private_and_stay_the_same(tmp_path: Path) -> None:
    """The demo's private key is readable by its owner only, and a second start uses the same one."""
    first, second = SandboxConfig.demo(tmp_path), SandboxConfig.demo(tmp_path)
    assert first == second
    environment = first.client_environment("http://127.0.0.1:1")
    key = Path(environment["NETSUITE_PRIVATE_KEY"])
    assert key.stat().st_mode & 0o777 == 0o600
    assert key.read_text().startswith("-----BEGIN PRIVATE KEY-----")
    with pytest.raises(ValueError, match="private key"):
        SandboxConfig().client_environment("http://127.0.0.1:1")
