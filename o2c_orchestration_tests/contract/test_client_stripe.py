"""Promises of the Stripe reader, kept against a scripted server on a real socket and against the sandbox."""

import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests
import stripe

from o2c_orchestration.clients.budget import RateBudget
from o2c_orchestration.clients.credentials import StripeCredentials
from o2c_orchestration.clients.retry import RetryPolicy
from o2c_orchestration.clients.stripe_read import StripeReader, flatten
from o2c_orchestration.domain.errors import (
    AuthenticationError,
    O2CError,
    ObjectMissing,
    PermissionDenied,
    ProtocolError,
    RateLimited,
    Refused,
    SettingsError,
    TransientError,
    UnreachableError,
)
from o2c_orchestration.sandbox.server import SandboxServer
from o2c_orchestration_tests.wire_fake import Reply, WireFake, closed_port

CANARY = "sk_test_canary_9f8e7d"
QUICK = RetryPolicy(attempts=3, first_wait=0.01, longest_wait=0.05)


def reader(base_url: str, budget: RateBudget | None = None, timeout: tuple[float, float] = (1, 5)) -> StripeReader:
    return StripeReader(StripeCredentials(CANARY, base_url), budget or RateBudget(1000, 4), timeout, QUICK)


def listing(*ids: str, more: bool = False) -> Reply:
    return Reply(body={"object": "list", "data": [{"id": item} for item in ids], "has_more": more})


def failure(status: int, code: str = "", headers: dict[str, str] | None = None) -> Reply:
    error = {"type": "invalid_request_error", "code": code, "message": f"It failed for {CANARY}"}
    return Reply(status, {"error": error}, headers or {})


def test_request_is_a_get_at_the_pinned_version() -> None:
    """Every request carries the key, the SDK's API version and nested parameters in Stripe's notation."""
    with WireFake(listing("in_1")) as fake:
        reader(fake.base_url).page("/v1/invoices", {"created": {"gte": 5}, "expand": ["data.payments"]})
    seen = fake.seen[0]
    assert (seen.method, seen.path) == ("GET", "/v1/invoices")
    assert seen.query == {"created[gte]": "5", "expand[0]": "data.payments"}
    assert f"Bearer {CANARY}" == seen.headers["Authorization"]
    assert stripe.api_version == seen.headers["Stripe-Version"]


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (Reply(body={"object": "account", "id": "acct_1Own"}), "acct_1Own"),
        (
            Reply(403, {"error": {"message": f"The provided key '{CANARY}' may not, on account 'acct_1Own'."}}),
            "acct_1Own",
        ),
        (failure(403), None),
    ],
)
def test_the_account_of_a_key_is_told_even_by_a_refusal(reply: Reply, expected: str | None) -> None:
    """A restricted key may not read its account, but Stripe's words name it; where they do not, nothing is guessed."""
    with WireFake(reply) as fake:
        assert reader(fake.base_url).account_id() == expected
        assert fake.seen[0].path == "/v1/account"


def test_errors_of_a_further_accounts_key_name_its_variable() -> None:
    """Which of several keys is wrong."""
    with WireFake(failure(401)) as fake:
        own = StripeReader(StripeCredentials(CANARY, fake.base_url, "acct_2"), RateBudget(1000, 4), (1, 5), QUICK)
        with pytest.raises(AuthenticationError, match="STRIPE_API_KEYS for acct_2"):
            own.page("/v1/invoices")


def test_read_at_is_the_start_of_the_read() -> None:
    """`read_at` lies before the server saw the request, so a later change can never look older than the read."""
    arrived: list[datetime] = []

    def answer(seen: object) -> Reply:
        arrived.append(datetime.now(UTC))
        return listing("in_1")

    started = datetime.now(UTC)
    with WireFake(answer) as fake:
        page = reader(fake.base_url).page("/v1/invoices")
    assert started <= page.read_at <= arrived[0]


def test_read_at_of_a_retried_read_is_that_of_the_attempt_that_answered() -> None:
    """A retry reads again, so its own start counts."""
    arrived: list[datetime] = []

    def answer(seen: object) -> Reply:
        arrived.append(datetime.now(UTC))
        return Reply(500) if len(arrived) == 1 else listing("in_1")

    with WireFake(answer) as fake:
        page = reader(fake.base_url).page("/v1/invoices")
    assert arrived[0] < page.read_at <= arrived[1]


def test_pages_follow_the_cursor_to_the_end() -> None:
    """Each page starts after the last object of the one before, a hundred at a time."""
    with WireFake(listing("in_3", "in_2", more=True), listing("in_1")) as fake:
        pages = list(reader(fake.base_url).iterate("/v1/invoices"))
    assert [row["id"] for page in pages for row in page.data] == ["in_3", "in_2", "in_1"]
    assert [seen.query for seen in fake.seen] == [{"limit": "100"}, {"limit": "100", "starting_after": "in_2"}]


@pytest.mark.parametrize("page", [listing(more=True), listing("in_1", more=True)], ids=["empty", "repeating"])
def test_list_that_leads_nowhere_ends(page: Reply) -> None:
    """A list that claims more pages but has no way on is an error, not an endless loop."""
    with WireFake(page) as fake, pytest.raises(ProtocolError):
        list(reader(fake.base_url).iterate("/v1/invoices"))
    assert len(fake.seen) <= 2


BREAKDOWNS = {
    "reset before it was read": Reply(breakdown="unread"),
    "reset after it was read": Reply(breakdown="unanswered"),
    "cut in the body": Reply(body={"data": ["x" * 200]}, breakdown="mid_body"),
    "500": Reply(500, {"error": {}}),
    "503 without JSON": Reply(503, b"<html>"),
    "409": failure(409, "lock_timeout"),
    "429": failure(429),
}


@pytest.mark.parametrize("broken", BREAKDOWNS.values(), ids=BREAKDOWNS.keys())
def test_read_survives(broken: Reply) -> None:
    """A read that failed for a passing reason is made again, and the caller does not notice."""
    with WireFake(broken, broken, listing("in_1")) as fake:
        assert [row["id"] for row in reader(fake.base_url).page("/v1/invoices").data] == ["in_1"]


def test_attempts_are_bounded() -> None:
    """A lasting failure is told after the last attempt, with the number of attempts."""
    with WireFake(Reply(500)) as fake, pytest.raises(TransientError, match="tried 3 times") as caught:
        reader(fake.base_url).page("/v1/invoices")
    assert len(fake.seen) == 3
    assert caught.value.status == 500


def test_hang_ends_at_the_timeout() -> None:
    """A server that never answers costs the read timeout for each attempt, not for ever."""
    with WireFake(Reply(breakdown="hang")) as fake, pytest.raises(UnreachableError, match="within the time limit"):
        reader(fake.base_url, timeout=(1, 0.1)).page("/v1/invoices")


def test_nobody_listens() -> None:
    """An unreachable host is named as such, with the setting to look at."""
    with pytest.raises(UnreachableError) as caught:
        reader(f"http://127.0.0.1:{closed_port()}").page("/v1/invoices")
    assert "STRIPE_API_BASE" in caught.value.what_to_do
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("reason", "slows"),
    [("endpoint-rate", True), ("global-concurrency", True), ("", True), ("resource-specific", False)],
)
def test_429_slows_the_reader_down_when_it_is_about_pace(reason: str, slows: bool) -> None:
    """Limits of rate and concurrency halve the budget; a limit of one resource does not."""
    budget = RateBudget(1000, 4)
    with WireFake(failure(429, headers={"Stripe-Rate-Limited-Reason": reason}), listing("in_1")) as fake:
        reader(fake.base_url, budget).page("/v1/invoices")
    assert int(slows) == budget.refusals
    assert budget.requests == 2


def test_lasting_429_is_rate_limited() -> None:
    """When Stripe keeps refusing, the error carries the reason and names the settings."""
    refused = failure(429, headers={"Stripe-Rate-Limited-Reason": "global-rate"})
    with WireFake(refused) as fake, pytest.raises(RateLimited) as caught:
        reader(fake.base_url).page("/v1/invoices")
    assert caught.value.reason == "global-rate"
    assert "requests_per_second" in caught.value.what_to_do


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (failure(400, "parameter_unknown"), Refused),
        (failure(401), AuthenticationError),
        (failure(403), PermissionDenied),
        (failure(404, "resource_missing"), ObjectMissing),
        (Reply(400, b"<html>"), ProtocolError),
        (Reply(200, b"<html>"), ProtocolError),
        (Reply(200, [1]), ProtocolError),
        (Reply(200, {"object": "invoice"}), ProtocolError),
    ],
)
def test_lasting_failures_are_told_at_once_and_without_the_key(reply: Reply, error: type[O2CError]) -> None:
    """What no retry can mend is asked once; the key is in no text, not even where Stripe repeats it."""
    with WireFake(reply) as fake, pytest.raises(error) as caught:
        reader(fake.base_url).page("/v1/invoices")
    assert len(fake.seen) == 1
    assert CANARY not in "".join(traceback.format_exception(caught.value))
    assert CANARY not in repr(caught.value)
    assert caught.value.what_to_do


def test_wrong_key_names_the_variable() -> None:
    """Whoever reads the one line knows which variable to correct."""
    with WireFake(failure(401)) as fake, pytest.raises(AuthenticationError) as caught:
        reader(fake.base_url).retrieve("/v1/invoices/in_1")
    assert "STRIPE_API_KEY" in str(caught.value)
    assert caught.value.exit_code == 2


def test_redirect_is_not_followed() -> None:
    """A redirect is an odd answer; the key never reaches the host that it points to."""
    with WireFake() as elsewhere:
        redirect = Reply(302, headers={"Location": elsewhere.base_url})
        with WireFake(redirect) as fake, pytest.raises(ProtocolError):
            reader(fake.base_url).page("/v1/invoices")
    assert elsewhere.seen == []


@pytest.mark.parametrize("method", ["POST", "DELETE", "PUT", "PATCH", "get"])
def test_reader_cannot_write(method: str) -> None:
    """Any method but GET is refused before it is sent."""
    with WireFake() as fake, pytest.raises(ValueError, match="does not send"):
        reader(fake.base_url).request(method, "/v1/invoices")
    assert fake.seen == []


@pytest.mark.parametrize("path", ["/v2/x", "v1/x", "/v1/../x", "/v1/x?limit=1", "//evil.example/v1/"])
def test_path_stays_in_the_api(path: str) -> None:
    """Only paths of the Stripe API are asked for."""
    with WireFake() as fake, pytest.raises(ValueError, match="path"):
        reader(fake.base_url).request("GET", path)


def test_plain_http_to_another_machine_is_refused() -> None:
    """The key is not sent in clear over a network."""
    with pytest.raises(SettingsError, match="STRIPE_API_BASE"):
        reader("http://api.stripe.example")


def test_events_ask_for_a_window_of_whole_seconds() -> None:
    """The window is closed below and open above, and the types are listed."""
    since, until = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 2, tzinfo=UTC)
    with WireFake(listing("evt_1")) as fake:
        list(reader(fake.base_url).events(since, until, ["invoice.paid"]))
    wanted = {"created[gte]": "1793491200", "created[lt]": "1793577600", "types[0]": "invoice.paid", "limit": "100"}
    assert wanted == fake.seen[0].query


def test_flatten_writes_what_the_sdk_writes() -> None:
    """Booleans, times and nested lists come out in Stripe's form notation; None is left out."""
    params = {"a": True, "b": None, "c": {"d": [{"e": 1}]}, "t": datetime(1970, 1, 2, tzinfo=UTC)}
    assert flatten(params) == {"a": "true", "c[d][0][e]": "1", "t": "86400"}


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[SandboxServer]:
    with SandboxServer(tmp_path) as running:
        yield running


def test_sandbox_is_read_whole(sandbox: SandboxServer) -> None:
    """Against the sandbox every customer comes once, and a missing one is missing."""
    key = (sandbox.config.stripe_secret_key, "")
    for number in range(12):
        requests.post(
            f"{sandbox.base_url}/v1/customers", {"name": f"Customer {number}"}, auth=key, timeout=5
        ).raise_for_status()
    client = StripeReader(StripeCredentials(key[0], sandbox.base_url), RateBudget(80, 4), retry=QUICK)
    rows: list[dict[str, Any]] = [row for page in client.iterate("/v1/customers", {"limit": 5}) for row in page.data]
    assert 12 == len({row["id"] for row in rows}) == len(rows)
    assert rows[0] == client.retrieve(f"/v1/customers/{rows[0]['id']}")[0]
    with pytest.raises(ObjectMissing):
        client.retrieve("/v1/customers/cus_none")
    with pytest.raises(AuthenticationError):
        reader(sandbox.base_url).page("/v1/customers")


def test_sandbox_faults_are_survived(sandbox: SandboxServer) -> None:
    """Dropped connections, 429 and 500 of the sandbox do not reach the caller."""
    kinds = ["drop_before", "drop_after", "rate_limit", "server_error"]
    client = StripeReader(
        StripeCredentials(sandbox.config.stripe_secret_key, sandbox.base_url),
        RateBudget(80, 4),
        retry=RetryPolicy(attempts=6, first_wait=0.01, longest_wait=0.05),
    )
    rules = [
        {"system": "stripe", "method": "GET", "path_regex": ".*", "kind": kind, "probability": 1.0, "times": 1}
        for kind in kinds
    ]
    requests.post(f"{sandbox.base_url}/_sandbox/faults", json=rules, timeout=5).raise_for_status()
    assert client.page("/v1/customers").data == []
