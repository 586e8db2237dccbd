"""Promises about who may enter the sandbox's NetSuite account, and how many at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import jwt
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from oauthlib.oauth1 import SIGNATURE_HMAC_SHA1, SIGNATURE_HMAC_SHA256
from requests_oauthlib import OAuth1

from o2c_orchestration.sandbox.netsuite.tba import signature
from o2c_orchestration_tests.contract.sandbox_netsuite_account import (
    CONFIG,
    KEY,
    RECORDS,
    Account,
    error_of,
    pem_of,
    running_account,
)


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    with running_account(tmp_path_factory.mktemp("netsuite")) as account:
        yield account


def _signed(**changes: Any) -> OAuth1:
    fields = {
        "client_key": CONFIG.netsuite_consumer_key,
        "client_secret": CONFIG.netsuite_consumer_secret,
        "resource_owner_key": CONFIG.netsuite_token_id,
        "resource_owner_secret": CONFIG.netsuite_token_secret,
        "signature_method": SIGNATURE_HMAC_SHA256,
        "realm": CONFIG.netsuite_account_id,
        **changes,
    }
    return OAuth1(fields.pop("client_key"), **fields)


def _plain(account: Account, path: str = "currency/1", **options: Any) -> requests.Response:
    session = requests.Session()
    session.trust_env = False
    return session.get(f"{account.base_url}{RECORDS}/{path}", timeout=10, **options)


def test_signature_is_oracles() -> None:
    """The signature of Oracle's published example comes out to the letter."""
    oauth = {
        "realm": "123456",
        "oauth_consumer_key": "ef40afdd8abaac111b13825dd5e5e2ddddb44f86d5a0dd6dcf38c20aae6b67e4",
        "oauth_token": "2b0ce516420110bcbd36b69e99196d1b7f6de3c6234c5afb799b73d87569f5cc",
        "oauth_nonce": "fjaLirsIcCGVZWzBX0pg",
        "oauth_timestamp": "1508242306",
        "oauth_signature_method": "HMAC-SHA256",
        "oauth_version": "1.0",
    }
    made = signature(
        "GET",
        "https://123456.suitetalk.api.netsuite.com/services/rest/record/v1/employee/40",
        oauth,
        "d26ad321a4b2f23b0741c8d38392ce01c3e23e109df6c96eac6d099e9ab9e8b5",
        "c29a677df7d5439a458c063654187e3d678d73aca8e3c9d8bea1478a3eb0d295",
    )
    assert made == "B5OIWznZ2YP0OB7VrJrGkYsTh+8H+5T9Hag+o92q0zY="


def test_token_answer(account: Account) -> None:
    """A good assertion yields a bearer token for an hour, and the token opens the account."""
    answer = account.token()
    assert answer["expires_in"] == 3600
    assert answer["token_type"] == "Bearer"
    headers = {"Authorization": f"Bearer {answer['access_token']}"}
    assert _plain(account, headers=headers).status_code == 200


@pytest.mark.parametrize("algorithm", ["PS256", "PS384", "PS512"])
def test_rsa_pss_is_accepted(tmp_path: Path, algorithm: str) -> None:
    """An RSA certificate works with PSS."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    config = replace(CONFIG, netsuite_public_key_pem=pem_of(key.public_key()))
    with pytest.MonkeyPatch.context() as patch:
        # The client logs in with its own key first; this account knows another one.
        patch.setattr(Account, "token", lambda self: {"access_token": "none"})
        with running_account(tmp_path, config) as account:
            assert account.ask_token(account.assertion(key, algorithm)).status_code == 200
            refused = account.ask_token(account.assertion(key, "RS256"))
            assert (refused.status_code, refused.json()) == (400, {"error": "invalid_grant"})


@pytest.mark.parametrize(
    "change",
    [
        {"exp": int(time.time()) - 10, "iat": int(time.time()) - 300},
        # Made when tests are collected, which may be long before this one runs.
        {"exp": int(time.time()) + 40_000},
        {"exp": None},
        {"iss": "another-client"},
        {"aud": "https://example.com/services/rest/auth/oauth2/v1/token"},
        {"aud": None},
        {"kid": "another-certificate"},
    ],
)
def test_bad_assertions_are_refused(account: Account, change: dict[str, Any]) -> None:
    """An expired, too long lived, foreign or misdirected assertion is an invalid grant."""
    answer = account.ask_token(account.assertion(**change))
    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_grant"})


def test_forged_assertions_are_refused(account: Account) -> None:
    """Neither another key, nor the public key as a shared secret, nor text gets a token."""
    from cryptography.hazmat.primitives.asymmetric import ec

    forged = account.assertion(ec.generate_private_key(ec.SECP256R1()))
    shared = account.assertion("x" * 64, "HS256")
    for assertion in (forged, shared, "text", jwt.encode({}, KEY, "ES256")):
        assert account.ask_token(assertion).json() == {"error": "invalid_grant"}


def test_audience_of_the_real_hosts(account: Account) -> None:
    """Oracle's sample names the restlets host; a client that signs for it is let in."""
    aud = "https://tstdrv-o2c.restlets.api.netsuite.com/services/rest/auth/oauth2/v1/token"
    assert account.ask_token(account.assertion(aud=aud)).status_code == 200


def test_scope_decides(account: Account) -> None:
    """The scope may be a list or comma separated; a token without rest_webservices opens no record."""
    both = account.ask_token(account.assertion(scope="restlets,rest_webservices"))
    assert both.status_code == 200
    other = account.ask_token(account.assertion(scope=["restlets"])).json()["access_token"]
    assert _plain(account, headers={"Authorization": f"Bearer {other}"}).status_code == 401
    assert account.ask_token(account.assertion(scope=["all"])).json() == {"error": "invalid_scope"}


def test_grant_type_is_checked(account: Account) -> None:
    """Any other grant is unsupported."""
    answer = account.ask_token(account.assertion(), grant_type="password")
    assert (answer.status_code, answer.json()) == (400, {"error": "unsupported_grant_type"})


def test_bad_bearer(account: Account) -> None:
    """No or a wrong token is 401 with NetSuite's words."""
    for headers in ({}, {"Authorization": "Bearer nonsense"}):
        answer = _plain(account, headers=headers)
        assert answer.status_code == 401
        detail = error_of(answer)
        assert detail["o:errorCode"] == "INVALID_LOGIN"
        assert detail["detail"].startswith("Invalid login attempt. For more details, see the Login Audit Trail")


def test_tokens_expire_and_are_revoked(account: Account) -> None:
    """A token dies at its end or when it is revoked; a new one works."""
    account.control("tokens", {"expires_in": 1})
    headers = {"Authorization": f"Bearer {account.token()['access_token']}"}
    assert _plain(account, headers=headers).status_code == 200
    time.sleep(1.2)
    assert _plain(account, headers=headers).status_code == 401
    account.control("tokens", {"expires_in": 3600})
    account.control("tokens", {"revoke": True})
    assert account.call("GET", "currency/1").status_code == 401
    time.sleep(0.01)
    account.session.headers["Authorization"] = f"Bearer {account.token()['access_token']}"
    assert account.call("GET", "currency/1").status_code == 200


def test_tba_of_an_independent_client(account: Account) -> None:
    """requests-oauthlib gets in, with a query string, an eid and spaces in it."""
    assert _plain(account, auth=_signed()).status_code == 200
    query = {"q": 'externalId IS "RED|PO 1337"', "limit": "5"}
    assert _plain(account, "customer", auth=_signed(), params=query).status_code == 200
    assert _plain(account, "customer/eid:cus_nobody", auth=_signed()).status_code == 404


@pytest.mark.parametrize(
    "change",
    [
        {"realm": "OTHER"},
        {"client_secret": "wrong"},
        {"resource_owner_secret": "wrong"},
        {"client_key": "wrong"},
        {"signature_method": SIGNATURE_HMAC_SHA1},
        {"timestamp": str(int(time.time()) - 3600)},
        {"timestamp": str(int(time.time()) + 36_000)},
        {"nonce": "short"},
    ],
)
def test_bad_tba_is_refused(account: Account, change: dict[str, Any]) -> None:
    """Wrong realm, secrets, method, time or nonce: 401."""
    assert _plain(account, auth=_signed(**change)).status_code == 401


def test_nonce_is_good_once(account: Account) -> None:
    """A replayed request is refused."""
    auth = _signed(nonce="once-and-never-again", timestamp=str(int(time.time())))
    assert _plain(account, auth=auth).status_code == 200
    assert _plain(account, auth=auth).status_code == 401


def test_query_is_part_of_the_signature(account: Account) -> None:
    """Changing the query after signing breaks the signature."""
    request = requests.Request("GET", f"{account.base_url}{RECORDS}/customer?limit=5", auth=_signed()).prepare()
    request.url = str(request.url).replace("limit=5", "limit=6")
    assert requests.Session().send(request, timeout=10).status_code == 401


def test_concurrency_limit(account: Account) -> None:
    """One request more than the licence allows is refused at once, and only while the others run."""
    gate = account.sandbox.service.gate
    gate.reset()
    store = account.sandbox.service.ledger.store
    answers: list[int] = []
    body = {"companyName": "Busy", "subsidiary": {"id": "1"}}
    with store.write():
        writers = [
            threading.Thread(
                target=lambda: answers.append(
                    requests.post(
                        f"{account.base_url}{RECORDS}/customer",
                        json=body,
                        headers=dict(account.session.headers),
                        timeout=10,
                    ).status_code
                )
            )
            for _ in range(CONFIG.netsuite_concurrency)
        ]
        for writer in writers:
            writer.start()
        deadline = time.monotonic() + 5
        while gate.in_flight < CONFIG.netsuite_concurrency and time.monotonic() < deadline:
            time.sleep(0.005)
        begun = time.monotonic()
        refused = account.call("GET", "currency/1")
        assert time.monotonic() - begun < 1
        # The token endpoint does not count.
        assert account.token()["token_type"] == "Bearer"
    for writer in writers:
        writer.join()
    assert refused.status_code == 429
    detail = error_of(refused)
    assert detail["o:errorCode"] == "CONCURRENCY_LIMIT_EXCEEDED"
    assert detail["detail"] == "Concurrent request limit exceeded. Request blocked."
    assert refused.json()["title"] == "Bad Request"
    assert answers == [204] * CONFIG.netsuite_concurrency
    assert account.sandbox.service.max_in_flight == CONFIG.netsuite_concurrency
    assert account.sandbox.service.requests_refused == 1
    assert account.call("GET", "currency/1").status_code == 200


def test_governance_limits(account: Account) -> None:
    """The account tells its limit."""
    body = account.call("GET", "/services/rest/system/v1/governanceLimits").json()
    assert body["accountConcurrencyLimit"] == CONFIG.netsuite_concurrency


def test_options_needs_no_login(account: Account) -> None:
    """OPTIONS answers 204, which clients use to try a connection."""
    assert requests.options(f"{account.base_url}/services/rest/x", timeout=10).status_code == 204
