"""Promises of the Salesforce sandbox: simple-salesforce logs in and reads, refusals are in its words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jwt
import pytest
import requests
from requests.adapters import HTTPAdapter
from simple_salesforce.api import Salesforce
from simple_salesforce.exceptions import SalesforceAuthenticationFailed, SalesforceMalformedRequest

from o2c_orchestration.sandbox.config import SALESFORCE_KEY_FILE, SandboxConfig
from o2c_orchestration.sandbox.server import SandboxServer

ACCOUNTS = [
    {"attributes": {"type": "Account"}, "Id": "001SB000000001AAAA", "Name": "Acme", "Stripe_Id__c": "cus_1"},
    {"attributes": {"type": "Account"}, "Id": "001SB000000002AAAA", "Name": "Bolt"},
]


class PlainHttp(HTTPAdapter):
    """Sends what simple-salesforce addresses to https://anything to the sandbox instead."""

    def __init__(self, base_url: str) -> None:
        super().__init__()
        self._base_url = base_url

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        request.url = self._base_url + request.path_url
        return super().send(request, *args, **kwargs)


def session_to(base_url: str) -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    session.mount("https://", PlainHttp(base_url))
    return session


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxServer]:
    state_dir = tmp_path_factory.mktemp("salesforce")
    with SandboxServer(state_dir, config=SandboxConfig.demo(state_dir)) as running:
        requests.post(f"{running.base_url}/_sandbox/load", json={"salesforce": ACCOUNTS}, timeout=10)
        yield running


def logged_in(server: SandboxServer) -> Salesforce:
    return Salesforce(
        consumer_key=server.config.salesforce_client_id,
        consumer_secret=server.config.salesforce_client_secret,
        domain="acme.my",
        session=session_to(server.base_url),
    )


def test_client_credentials_log_in_and_query(server: SandboxServer) -> None:
    """simple-salesforce logs in by client credentials and reads accounts, all of them, one, or a few."""
    salesforce = logged_in(server)
    everything = salesforce.query("SELECT Id, Name, Stripe_Id__c FROM Account")
    assert (everything["totalSize"], everything["done"]) == (2, True)
    assert [(each["Name"], each["Stripe_Id__c"]) for each in everything["records"]] == [
        ("Acme", "cus_1"),
        ("Bolt", None),
    ]
    one = salesforce.query("SELECT Name FROM Account WHERE Id = '001SB000000002AAAA'")["records"]
    assert [each["Name"] for each in one] == ["Bolt"]
    assert len(salesforce.query("select id from account limit 1")["records"]) == 1
    assert (salesforce.restful("sobjects/Account/001SB000000001AAAA") or {})["Name"] == "Acme"


def test_a_signed_assertion_logs_in(server: SandboxServer, tmp_path: Path) -> None:
    """The JWT bearer flow of simple-salesforce works with the registered key."""
    state_dir = server.config.state_dir
    assert state_dir is not None
    salesforce = Salesforce(
        username=server.config.salesforce_username,
        consumer_key=server.config.salesforce_client_id,
        privatekey_file=str(state_dir / SALESFORCE_KEY_FILE),
        session=session_to(server.base_url),
    )
    assert salesforce.query("SELECT Id FROM Account")["totalSize"] == 2


@pytest.mark.parametrize(
    "change", [{"iss": "other"}, {"sub": "other@example.com"}, {"aud": "https://evil"}, {"exp": 1}]
)
def test_a_wrong_assertion_is_refused(server: SandboxServer, change: dict[str, Any]) -> None:
    """An assertion for another client, user or audience, or an old one, opens nothing."""
    state_dir = server.config.state_dir
    assert state_dir is not None
    claims = {
        "iss": server.config.salesforce_client_id,
        "sub": server.config.salesforce_username,
        "aud": "https://login.salesforce.com",
        "exp": 4_000_000_000,
        **change,
    }
    assertion = jwt.encode(claims, (state_dir / SALESFORCE_KEY_FILE).read_text(), algorithm="RS256")
    grant = "urn:ietf:params:oauth:grant-type:jwt-bearer"
    answer = requests.post(
        f"{server.base_url}/services/oauth2/token",
        data={"grant_type": grant, "assertion": assertion},
        timeout=10,
    )
    assert answer.status_code == 400
    assert "error_description" in answer.json()


def test_a_wrong_secret_is_refused(server: SandboxServer) -> None:
    """simple-salesforce reports a wrong secret as a failed authentication."""
    with pytest.raises(SalesforceAuthenticationFailed):
        Salesforce(
            consumer_key=server.config.salesforce_client_id,
            consumer_secret="wrong",
            domain="acme.my",
            session=session_to(server.base_url),
        )


def test_credentials_may_come_in_the_form(server: SandboxServer) -> None:
    """Client id and secret are taken from the form as well as from Basic."""
    answer = requests.post(
        f"{server.base_url}/services/oauth2/token",
        data={
            "grant_type": "client_credentials",
            "client_id": server.config.salesforce_client_id,
            "client_secret": server.config.salesforce_client_secret,
        },
        timeout=10,
    )
    assert {"access_token", "instance_url", "token_type", "issued_at"} <= answer.json().keys()


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("query?q=SELECT+Nonsense+FROM+Account", 400, "INVALID_FIELD"),
        ("query?q=SELECT+Id+FROM+Nonsense", 400, "INVALID_TYPE"),
        ("query?q=DROP+TABLE+Account", 400, "MALFORMED_QUERY"),
        ("sobjects/Account/001none", 404, "NOT_FOUND"),
        ("nonsense", 404, "NOT_FOUND"),
    ],
)
def test_refusals_are_json_lists(server: SandboxServer, path: str, status: int, code: str) -> None:
    """Errors come as a list with errorCode and message, as Salesforce writes them."""
    token = logged_in(server).session_id
    url = f"{server.base_url}/services/data/v68.0/{path}"
    answer = requests.get(url, headers={"Authorization": f"Bearer {token}"}, timeout=10)
    assert (status, code) == (answer.status_code, answer.json()[0]["errorCode"])


def test_a_request_without_a_session_is_invalid(server: SandboxServer) -> None:
    """No token or a made-up one is 401 INVALID_SESSION_ID; the list of versions needs none."""
    for headers in ({}, {"Authorization": "Bearer made-up"}):
        url = f"{server.base_url}/services/data/v68.0/query?q=SELECT+Id+FROM+Account"
        answer = requests.get(url, headers=headers, timeout=10)
        assert (answer.status_code, answer.json()[0]["errorCode"]) == (401, "INVALID_SESSION_ID")
    assert "68.0" in [each["version"] for each in requests.get(f"{server.base_url}/services/data", timeout=10).json()]


def test_long_results_come_in_pages_of_two_thousand(tmp_path: Path) -> None:
    """`query_all` of simple-salesforce follows the pages to the end."""
    many = [
        {"attributes": {"type": "Account"}, "Id": f"001SB0000{each:06}AAA", "Name": str(each)} for each in range(2001)
    ]
    with SandboxServer(tmp_path) as server:
        requests.post(f"{server.base_url}/_sandbox/load", json={"salesforce": many}, timeout=10)
        salesforce = logged_in(server)
        assert len(salesforce.query("SELECT Id FROM Account")["records"]) == 2000
        assert len(salesforce.query_all("SELECT Id FROM Account")["records"]) == 2001


def test_a_malformed_query_raises_in_the_client(server: SandboxServer) -> None:
    """simple-salesforce turns the refusal into its own exception."""
    with pytest.raises(SalesforceMalformedRequest):
        logged_in(server).query("SELECT FROM Account")
