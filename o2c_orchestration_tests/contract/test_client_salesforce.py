"""Promises of the Salesforce reader, kept against a scripted server and against the sandbox."""

import base64
import traceback
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import jwt
import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from o2c_orchestration.clients.credentials import SalesforceCredentials
from o2c_orchestration.clients.retry import RetryPolicy
from o2c_orchestration.clients.salesforce import SalesforceReader, Transport
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
from o2c_orchestration.sandbox.config import SandboxConfig
from o2c_orchestration.sandbox.server import SandboxServer
from o2c_orchestration_tests.wire_fake import Reply, Seen, WireFake, closed_port

QUICK = RetryPolicy(attempts=3, first_wait=0.01, longest_wait=0.05)
TOKEN_PATH = "/services/oauth2/token"
SECRET = "canary-secret"
CONCURRENT = "ConcurrentRequests (Concurrent API Requests) Limit exceeded."
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def pem(key: Any) -> str:
    return str(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode()
    )


def reader(base_url: str, timeout: tuple[float, float] = (1, 5)) -> SalesforceReader:
    return SalesforceReader(SalesforceCredentials(base_url, "the-client", SECRET), timeout, QUICK)


def token(instance: str = "https://acme.my.salesforce.com", value: str = "token-1") -> Reply:
    return Reply(200, {"access_token": value, "instance_url": instance, "token_type": "Bearer"})


def org(*script: Reply | Callable[[Seen], Reply], tokens: list[Reply] | None = None) -> Callable[[Seen], Reply]:
    """Hands out tokens and, for everything else, the scripted replies in order; the last of each for ever."""
    waiting, handed = list(script), tokens or [token()]

    def answer(seen: Seen) -> Reply:
        queue: list[Any] = handed if seen.path == TOKEN_PATH else waiting
        step = queue.pop(0) if len(queue) > 1 else queue[0]
        return step if isinstance(step, Reply) else step(seen)

    return answer


def found(*names: str, more: str | None = None) -> Reply:
    records = [{"attributes": {"type": "Account"}, "Name": name} for name in names]
    body = {"totalSize": 9, "done": more is None, "records": records}
    return Reply(200, body | ({"nextRecordsUrl": more} if more else {}))


def failure(status: int, code: str, message: str = "It failed") -> Reply:
    return Reply(status, [{"errorCode": code, "message": message}])


def test_client_credentials_come_first() -> None:
    """With a secret the client-credentials flow is taken, and every request but the login is a GET."""
    with WireFake(org(found("Acme"))) as fake:
        assert reader(fake.base_url).query_all("SELECT Name FROM Account") == [{"Name": "Acme"}]
    login, query = fake.seen
    assert dict(parse_qsl(login.body.decode())) == {"grant_type": "client_credentials"}
    assert "Basic " + base64.b64encode(f"the-client:{SECRET}".encode()).decode() == login.headers["Authorization"]
    assert (query.method, query.query["q"]) == ("GET", "SELECT Name FROM Account")
    assert query.headers["Authorization"] == "Bearer token-1"
    assert query.headers["X-Forwarded-Host"] == "acme.my.salesforce.com"


def test_client_credentials_in_the_body_where_the_header_is_not_looked_into() -> None:
    """Salesforce's documentation has both; a gateway in front of it may know but one."""

    def keeper(seen: Seen) -> Reply:
        if seen.path != TOKEN_PATH:
            return found("Acme")
        known = dict(parse_qsl(seen.body.decode())).get("client_secret") == SECRET
        return token() if known else Reply(400, {"error": "invalid_client_id", "error_description": "unknown"})

    with WireFake(keeper) as fake:
        assert reader(fake.base_url).query_all("SELECT Name FROM Account") == [{"Name": "Acme"}]


def test_why_a_login_is_refused_is_told_in_one_line(recwarn: pytest.WarningsRecorder) -> None:
    """In Salesforce's words, which tell an app without a user from a wrong secret."""
    refusal = Reply(400, {"error": "invalid_grant", "error_description": "user hasn't approved this consumer"})
    with WireFake(org(found("Acme"), tokens=[refusal])) as fake:
        given = SalesforceCredentials(fake.base_url, "the-client", username="u@example.com", private_key=pem(KEY))
        with pytest.raises(AuthenticationError, match="invalid_grant: user hasn't approved this consumer"):
            SalesforceReader(given, (1, 5), QUICK).query_all("SELECT Name FROM Account")
    assert not [each for each in recwarn if each.category is UserWarning]


def test_jwt_bearer_without_a_secret() -> None:
    """With a user and a key the assertion is signed by it and names client and user."""
    with WireFake(org(found("Acme"))) as fake:
        credentials = SalesforceCredentials(fake.base_url, "the-client", username="u@example.com", private_key=pem(KEY))
        assert SalesforceReader(credentials, retry=QUICK).query_all("SELECT Name FROM Account") == [{"Name": "Acme"}]
    form = dict(parse_qsl(fake.seen[0].body.decode()))
    claims = jwt.decode(
        form["assertion"], KEY.public_key(), algorithms=["RS256"], audience="https://login.salesforce.com"
    )
    assert (claims["iss"], claims["sub"]) == ("the-client", "u@example.com")


def test_pages_are_followed_and_fractions_are_exact() -> None:
    """All pages, in order; a fraction is a Decimal."""
    last = Reply(200, b'{"done": true, "records": [{"Amount": 0.1}]}')
    with WireFake(org(found("A", "B", more="/services/data/v66.0/query/01g-2"), last)) as fake:
        records = reader(fake.base_url).query_all("SELECT Name FROM Account")
    assert [{"Name": "A"}, {"Name": "B"}, {"Amount": Decimal("0.1")}] == records
    assert fake.seen[2].path == "/services/data/v66.0/query/01g-2"


@pytest.mark.parametrize("address", ["@evil.example/x", "https://evil.example/", "", None])
def test_next_page_stays_with_salesforce(address: str | None) -> None:
    """An address of the next page that is not a path of the API is not followed."""
    page = Reply(200, {"done": False, "records": [], "nextRecordsUrl": address})
    with WireFake(org(page)) as fake, pytest.raises(ProtocolError):
        reader(fake.base_url).query_all("SELECT Name FROM Account")
    assert len(fake.seen) == 2


BREAKDOWNS = {
    "reset": Reply(breakdown="unanswered"),
    "cut in the body": Reply(200, {"records": ["x" * 100]}, breakdown="mid_body"),
    "500": Reply(500, b"<html>"),
    "503": failure(503, "SERVER_UNAVAILABLE"),
    "lock": failure(400, "UNABLE_TO_LOCK_ROW"),
}


@pytest.mark.parametrize("broken", BREAKDOWNS.values(), ids=BREAKDOWNS.keys())
def test_read_survives(broken: Reply) -> None:
    """A read that failed for a passing reason is made again."""
    with WireFake(org(broken, broken, found("Acme"))) as fake:
        assert reader(fake.base_url).query_all("SELECT Name FROM Account") == [{"Name": "Acme"}]


def test_expired_session_is_renewed_once() -> None:
    """A session that ran out is replaced; one that stays invalid is told, without a storm of logins."""
    expired = failure(401, "INVALID_SESSION_ID")
    with WireFake(org(expired, found("Acme"))) as fake:
        assert reader(fake.base_url).query_all("SELECT Name FROM Account") == [{"Name": "Acme"}]
    with WireFake(org(expired)) as fake, pytest.raises(AuthenticationError):
        reader(fake.base_url).query_all("SELECT Name FROM Account")
    assert len([seen for seen in fake.seen if seen.path == TOKEN_PATH]) == 2


@pytest.mark.parametrize(
    ("reply", "error", "requests_made"),
    [
        (failure(400, "MALFORMED_QUERY", f"unexpected token {SECRET}"), Refused, 1),
        (failure(403, "INSUFFICIENT_ACCESS"), PermissionDenied, 1),
        (failure(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."), RateLimited, 1),
        (failure(403, "REQUEST_LIMIT_EXCEEDED", CONCURRENT), RateLimited, 3),
        (failure(400, "QUERY_TIMEOUT", "Your query request was running for too long."), TransientError, 3),
        (failure(404, "NOT_FOUND"), ObjectMissing, 1),
        (Reply(400, b"<html>"), ProtocolError, 1),
        (Reply(200, b"<html>"), ProtocolError, 1),
        (Reply(200, []), ProtocolError, 1),
        (Reply(302, headers={"Location": "https://evil.example"}), ProtocolError, 1),
        (Reply(500), TransientError, 3),
    ],
)
def test_failures_are_named(reply: Reply, error: type[O2CError], requests_made: int) -> None:
    """Each answer has its error; the daily limit is not asked against again; no secret is told."""
    with WireFake(org(reply)) as fake, pytest.raises(error) as caught:
        reader(fake.base_url).query_all("SELECT Name FROM Account")
    assert requests_made == len([seen for seen in fake.seen if seen.path != TOKEN_PATH])
    assert SECRET not in "".join(traceback.format_exception(caught.value)) + repr(caught.value)
    assert caught.value.what_to_do


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply(400, {"error": "invalid_client", "error_description": SECRET}), AuthenticationError),
        (Reply(401, {"error": "invalid_client"}), AuthenticationError),
        (Reply(200, {"access_token": "token-1"}), ProtocolError),
        (Reply(200, b"<html>"), ProtocolError),
        (Reply(503, b"<html>"), TransientError),
        (Reply(breakdown="unanswered"), UnreachableError),
    ],
)
def test_failed_logins_are_named(reply: Reply, error: type[O2CError]) -> None:
    """A login that fails is told by its kind, without the secret, and no query is sent."""
    with WireFake(org(found("Acme"), tokens=[reply])) as fake, pytest.raises(error) as caught:
        reader(fake.base_url).query_all("SELECT Name FROM Account")
    assert {TOKEN_PATH} == {seen.path for seen in fake.seen}
    assert SECRET not in "".join(traceback.format_exception(caught.value)) + repr(caught.value)


def test_hang_and_nobody() -> None:
    """A hang ends at the timeout; a closed port is unreachable."""
    with WireFake(org(Reply(breakdown="hang"))) as fake, pytest.raises(UnreachableError):
        reader(fake.base_url, timeout=(1, 0.1)).query_all("SELECT Name FROM Account")
    with pytest.raises(UnreachableError, match="SALESFORCE_BASE_URL"):
        reader(f"http://127.0.0.1:{closed_port()}").query_all("SELECT Name FROM Account")


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE", "PUT"])
def test_transport_refuses_to_write(method: str) -> None:
    """Whatever the library is asked to do, nothing but a read leaves."""
    with WireFake() as fake, requests.Session() as session:
        session.mount("https://", Transport(fake.base_url, (1, 1)))
        with pytest.raises(PermissionDenied):
            session.request(method, "https://acme.my.salesforce.com/services/data/v66.0/sobjects/Account")
    assert fake.seen == []


@pytest.mark.parametrize(
    "address", ["https://evil.example/x", "https://a.salesforce.com.evil.example/", "http://a.salesforce.com/"]
)
def test_transport_sends_to_salesforce_only(address: str) -> None:
    """A session goes to no host but Salesforce's, whatever a login's answer says."""
    with requests.Session() as session:
        session.mount("https://", Transport("https://acme.my.salesforce.com", (1, 1)))
        session.mount("http://", Transport("https://acme.my.salesforce.com", (1, 1)))
        with pytest.raises(ProtocolError, match="host"):
            session.get(address)


@pytest.mark.parametrize(
    ("credentials", "named"),
    [
        (SalesforceCredentials("http://acme.my.salesforce.com", "c", "s"), "SALESFORCE_BASE_URL"),
        (SalesforceCredentials("https://login.salesforce.com", "c", "s"), "SALESFORCE_BASE_URL"),
        (SalesforceCredentials("https://acme.example", "c", "s"), "SALESFORCE_BASE_URL"),
        (SalesforceCredentials("https://acme.my.salesforce.com", "c"), "SALESFORCE_CLIENT_SECRET"),
        (SalesforceCredentials("https://acme.my.salesforce.com", "c", None, "u", "canary"), "SALESFORCE_PRIVATE_KEY"),
        (
            SalesforceCredentials(
                "https://acme.my.salesforce.com", "c", None, "u", pem(ec.generate_private_key(ec.SECP256R1()))
            ),
            "SALESFORCE_PRIVATE_KEY",
        ),
    ],
)
def test_bad_settings_are_told_before_anything_is_sent(credentials: SalesforceCredentials, named: str) -> None:
    """A login that cannot work names the variable to correct."""
    with pytest.raises(SettingsError, match=named) as caught:
        SalesforceReader(credentials)
    assert "canary" not in str(caught.value)


def test_sandbox_is_read_both_ways(tmp_path: Path) -> None:
    """Against the sandbox both logins work, and a bad query is refused in Salesforce's words."""
    config = replace(
        SandboxConfig(),
        salesforce_public_key_pem=KEY.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode(),
    )
    with SandboxServer(tmp_path, config=config) as sandbox:
        by_secret = SalesforceCredentials(
            sandbox.base_url, config.salesforce_client_id, config.salesforce_client_secret
        )
        by_key = SalesforceCredentials(
            sandbox.base_url, config.salesforce_client_id, username=config.salesforce_username, private_key=pem(KEY)
        )
        for credentials in (by_secret, by_key):
            client = SalesforceReader(credentials, retry=QUICK)
            assert isinstance(client.query_all("SELECT Id, Name FROM Account"), list)
            with pytest.raises(Refused):
                client.query_all("SELEKT")
        with pytest.raises(AuthenticationError):
            SalesforceReader(replace(by_secret, client_secret="wrong"), retry=QUICK).query_all("SELECT Id FROM Account")
