"""Promises of the NetSuite login: Oracle's published signature, the signed assertion, renewal, and silence."""

import base64
import threading
import traceback
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

import jwt
import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from o2c_orchestration.clients.credentials import NetSuiteCredentials
from o2c_orchestration.clients.netsuite import NetSuiteAccount, NetSuiteReader, NetSuiteWriter
from o2c_orchestration.clients.netsuite_auth import TOKEN_PATH, MachineToMachineAuth, TokenBasedAuth, load_key
from o2c_orchestration.clients.retry import RetryPolicy
from o2c_orchestration.domain.errors import (
    AuthenticationError,
    O2CError,
    ProtocolError,
    RateLimited,
    SettingsError,
    TransientError,
    UnreachableError,
)
from o2c_orchestration_tests.wire_fake import Reply, Seen, WireFake, closed_port

QUICK = RetryPolicy(attempts=2, first_wait=0.01)
ROWS = Reply(200, {"items": [], "hasMore": False})
KEY = ec.generate_private_key(ec.SECP256R1())


def pem(key: Any) -> str:
    return str(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode()
    )


def machine(base_url: str, key: Any = KEY) -> NetSuiteCredentials:
    return NetSuiteCredentials(
        "123456_SB1", base_url, client_id="the-client", certificate_id="the-certificate", private_key=pem(key)
    )


def reader(base_url: str) -> NetSuiteReader:
    return NetSuiteReader(NetSuiteAccount(machine(base_url), retry=QUICK))


def token(value: str = "token-1", life: Any = 3600) -> Reply:
    return Reply(200, {"access_token": value, "expires_in": life, "token_type": "Bearer"})


def logins_and(answer: Callable[[Seen], Reply], tokens: list[Reply]) -> Callable[[Seen], Reply]:
    """Hands out the tokens in order, the last for ever, and gives every other request to `answer`."""

    def script(seen: Seen) -> Reply:
        if seen.path == TOKEN_PATH:
            return tokens.pop(0) if len(tokens) > 1 else tokens[0]
        return answer(seen)

    return script


def logins(fake: WireFake) -> list[Seen]:
    return [seen for seen in fake.seen if seen.path == TOKEN_PATH]


def test_signature_is_the_one_that_oracle_publishes() -> None:
    """Oracle's help page gives keys, nonce, time and address, and the signature that must come out."""
    credentials = NetSuiteCredentials(
        "123456",
        consumer_key="ef40afdd8abaac111b13825dd5e5e2ddddb44f86d5a0dd6dcf38c20aae6b67e4",
        consumer_secret="d26ad321a4b2f23b0741c8d38392ce01c3e23e109df6c96eac6d099e9ab9e8b5",
        token_id="2b0ce516420110bcbd36b69e99196d1b7f6de3c6234c5afb799b73d87569f5cc",
        token_secret="c29a677df7d5439a458c063654187e3d678d73aca8e3c9d8bea1478a3eb0d295",
    )
    auth = TokenBasedAuth(credentials, nonce="fjaLirsIcCGVZWzBX0pg", timestamp="1508242306")
    address = "https://123456.suitetalk.api.netsuite.com/services/rest/record/v1/employee/40"
    signed = requests.Request("GET", address, auth=auth).prepare()
    header = str(signed.headers["Authorization"])
    assert 'oauth_signature="B5OIWznZ2YP0OB7VrJrGkYsTh%2B8H%2B5T9Hag%2Bo92q0zY%3D"' in header
    assert 'realm="123456"' in header
    assert 'oauth_signature_method="HMAC-SHA256"' in header


def test_json_body_is_not_signed_and_the_realm_is_the_account() -> None:
    """Two bodies get the same signature, as the protocol wants; the realm is written with an underscore."""
    credentials = NetSuiteCredentials(
        "123456-sb1", consumer_key="a", consumer_secret="b", token_id="c", token_secret="d"
    )
    auth = TokenBasedAuth(credentials, nonce="nonce-1", timestamp="1508242306")
    headers = [
        requests.Request("POST", "https://x.example/y", json={"n": n}, auth=auth).prepare().headers["Authorization"]
        for n in (1, 2)
    ]
    assert headers[0] == headers[1]
    assert 'realm="123456_SB1"' in str(headers[0])


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [
        (rsa.generate_private_key(public_exponent=65537, key_size=2048), "PS256"),
        (ec.generate_private_key(ec.SECP256R1()), "ES256"),
        (ec.generate_private_key(ec.SECP384R1()), "ES384"),
        (ec.generate_private_key(ec.SECP521R1()), "ES512"),
    ],
    ids=["PS256", "ES256", "ES384", "ES512"],
)
def test_assertion_is_what_netsuite_asks_for(key: Any, algorithm: str) -> None:
    """The assertion is signed by the key's own algorithm and names client, certificate, scope, audience and times."""
    with WireFake(logins_and(lambda seen: ROWS, [token()])) as fake:
        NetSuiteReader(NetSuiteAccount(machine(fake.base_url, key), retry=QUICK)).suiteql_page("SELECT 1")
        form = dict(parse_qsl(fake.seen[0].body.decode()))
        assertion = form["client_assertion"]
        audience = fake.base_url + TOKEN_PATH
    assert form["grant_type"] == "client_credentials"
    assert form["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    head = jwt.get_unverified_header(assertion)
    assert {"typ": "JWT", "alg": algorithm, "kid": "the-certificate"} == head
    claims = jwt.decode(assertion, key.public_key(), algorithms=[algorithm], audience=audience)
    assert (claims["iss"], claims["scope"]) == ("the-client", ["rest_webservices"])
    assert 0 < claims["exp"] - claims["iat"] < 3600
    assert fake.seen[1].headers["Authorization"] == "Bearer token-1"


def test_one_login_serves_all_threads() -> None:
    """Many threads at once, one login."""
    with WireFake(logins_and(lambda seen: ROWS, [token()])) as fake:
        client = reader(fake.base_url)
        threads = [threading.Thread(target=client.suiteql_page, args=("SELECT 1",)) for _ in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert (len(logins(fake)), len(fake.seen)) == (1, 11)


@pytest.mark.parametrize(
    ("subject", "role"),
    [
        ("1111;10", "1111"),  # as Oracle's table says it
        ("4030059;0;3;7;N", "3"),  # as the example beneath that table has it
        ("the-client", None),
        ("a;b", None),
        ("", None),
    ],
)
def test_the_token_tells_the_role(subject: str, role: str | None) -> None:
    """It is read and not verified: NetSuite alone can do that, and nothing is decided by it."""
    issued = jwt.encode({"sub": subject}, "netsuite's own secret, of thirty-two bytes", algorithm="HS256")
    with WireFake(token(issued)) as fake:
        assert reader(fake.base_url).own_role() == role
        assert len(logins(fake)) == 1


def test_a_token_that_is_no_jwt_tells_no_role() -> None:
    """It is taken as it comes, as an access token is by the book."""
    with WireFake(token("opaque")) as fake:
        assert reader(fake.base_url).own_role() is None


def test_token_is_replaced_a_minute_before_it_ends() -> None:
    """Up to a minute before its end the token is used; then there is a new one. Text lives are taken too."""
    now = [0.0]
    with WireFake(logins_and(lambda seen: ROWS, [token(life="3600"), token("token-2")])) as fake:
        auth = MachineToMachineAuth(
            machine(fake.base_url), fake.base_url, timeout=(1, 5), retry=QUICK, clock=lambda: now[0]
        )
        signed = []
        for now[0] in (0.0, 3539.0, 3540.0):
            request = auth(requests.Request("GET", fake.base_url).prepare())
            signed.append(request.headers["Authorization"])
    assert signed == ["Bearer token-1", "Bearer token-1", "Bearer token-2"]


def test_rejected_token_is_renewed_once() -> None:
    """A token that NetSuite has dropped is replaced and the request, even a write, sent again: a 401 did nothing."""

    def answer(seen: Seen) -> Reply:
        if seen.headers["Authorization"] != "Bearer token-2":
            return Reply(401)
        return Reply(204, headers={"Location": "https://x/services/rest/record/v1/invoice/7"})

    with WireFake(logins_and(answer, [token(), token("token-2")])) as fake:
        writing = NetSuiteWriter(NetSuiteAccount(machine(fake.base_url), retry=QUICK))
        assert writing.create("invoice", {}) == "7"
    assert (len(logins(fake)), len(fake.seen)) == (2, 4)


def test_lasting_401_ends() -> None:
    """When the new token is rejected too, it is told; nobody logs in for ever."""
    with WireFake(logins_and(lambda seen: Reply(401), [token()])) as fake, pytest.raises(AuthenticationError):
        reader(fake.base_url).suiteql_page("SELECT 1")
    assert len(logins(fake)) == 2


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply(400, {"error": "invalid_grant"}), AuthenticationError),
        (Reply(401, {"error": "canary-token"}), AuthenticationError),
        (Reply(429), RateLimited),
        (Reply(500, b"canary-token"), TransientError),
        (Reply(200, b"canary-token"), ProtocolError),
        (Reply(200, {"access_token": "", "expires_in": 1}), ProtocolError),
        (Reply(200, {"access_token": "canary-token", "expires_in": "soon"}), ProtocolError),
        (Reply(breakdown="unanswered"), UnreachableError),
    ],
)
def test_failed_login_sends_nothing_and_says_nothing(reply: Reply, error: type[O2CError]) -> None:
    """Without a token the write is not sent, hence never unknown; key, assertion and token are in no text."""
    with WireFake(logins_and(lambda seen: ROWS, [reply])) as fake, pytest.raises(error) as caught:
        NetSuiteWriter(NetSuiteAccount(machine(fake.base_url), retry=QUICK)).create("invoice", {})
    assert len(logins(fake)) == len(fake.seen)
    told = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
    assertions = [dict(parse_qsl(seen.body.decode()))["client_assertion"] for seen in fake.seen]
    assert not [secret for secret in ["canary-token", *assertions] if secret in told]


def test_unreachable_login_names_the_settings() -> None:
    """A wrong host is found at the login, and the line says which settings to look at."""
    with pytest.raises(UnreachableError, match="NETSUITE_BASE_URL"):
        reader(f"http://127.0.0.1:{closed_port()}").suiteql_page("SELECT 1")


@pytest.mark.parametrize("text", ["", "canary-key", pem(ed25519.Ed25519PrivateKey.generate())])
def test_unusable_key_names_the_variable(text: str) -> None:
    """A key that is none, or of the wrong kind, is told without any part of it."""
    with pytest.raises(SettingsError, match="NETSUITE_PRIVATE_KEY") as caught:
        load_key(text)
    assert "canary" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"client_id": "a", "certificate_id": "b"}, "NETSUITE_PRIVATE_KEY"),
        ({"consumer_key": "a", "token_id": "b"}, "NETSUITE_CONSUMER_SECRET, NETSUITE_TOKEN_SECRET"),
        ({}, "NETSUITE_CLIENT_ID"),
    ],
)
def test_incomplete_login_names_what_is_missing(given: dict[str, str], missing: str) -> None:
    """Whoever set half of a login learns which variables are missing."""
    with pytest.raises(SettingsError, match=missing):
        NetSuiteAccount(NetSuiteCredentials("123456", **given))  # type: ignore[arg-type]


def test_netrc_is_not_consulted(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    """A password that lies in ~/.netrc for the host is not sent instead of ours."""
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login canary password canary\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with WireFake(logins_and(lambda seen: ROWS, [token()])) as fake:
        reader(fake.base_url).suiteql_page("SELECT 1")
    basic = base64.b64encode(b"canary:canary").decode()
    assert not [seen for seen in fake.seen if basic in str(seen.headers.get("Authorization"))]
