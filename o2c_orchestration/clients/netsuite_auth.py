"""How a request to NetSuite is signed: OAuth 2.0 machine-to-machine, or token-based authentication (OAuth 1.0a).

What belongs here: auth objects for requests, and the login they need. What does not: any other request.

Machine-to-machine is the default. NetSuite takes no new token-based integrations from 2027.1 on.
"""

import threading
import time
import uuid
from collections.abc import Callable
from typing import Protocol

import jwt
import orjson
import requests
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from requests.auth import AuthBase
from requests_oauthlib import OAuth1

from o2c_orchestration.clients._http import (
    Answer,
    NoAnswer,
    NotSent,
    Timeout,
    exchange,
    open_session,
    retry_after,
    unsigned,
)
from o2c_orchestration.clients.credentials import NetSuiteCredentials
from o2c_orchestration.clients.retry import RetryPolicy
from o2c_orchestration.domain.errors import (
    AuthenticationError,
    ProtocolError,
    RateLimited,
    SettingsError,
    TransientError,
    UnreachableError,
)

TOKEN_PATH = "/services/rest/auth/oauth2/v1/token"  # noqa: S105 (an address)
# NetSuite takes up to 60 minutes; a short life limits what a leaked assertion is good for.
_ASSERTION_SECONDS = 300
# A token is replaced this long before it ends, so that no request sets out with one that dies on the way.
_MARGIN_SECONDS = 60.0
_DEFAULT_LIFE_SECONDS = 3600
_CURVES = {"secp256r1": "ES256", "secp384r1": "ES384", "secp521r1": "ES512"}
_LOGIN_FIX = (
    "check NETSUITE_CLIENT_ID, NETSUITE_CERTIFICATE_ID and NETSUITE_PRIVATE_KEY against Setup > Integration > "
    "OAuth 2.0 Client Credentials (a sandbox refresh drops the mapping), and this machine's clock"
)

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


class Login(Protocol):
    """An auth object that can be told that NetSuite did not take what it last signed with."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Sign the request."""

    def renew(self, rejected: str) -> bool:
        """Forget the rejected Authorization header; True when another attempt may end differently."""

    def role(self) -> str | None:
        """Internal id of the role that the login works as, where it tells."""


class TokenBasedAuth(AuthBase):
    """Token-based authentication: OAuth 1.0a with HMAC-SHA256; the realm is the account.

    `nonce` and `timestamp` are fixed only by the test against Oracle's published signature.
    """

    def __init__(self, credentials: NetSuiteCredentials, *, nonce: str | None = None, timestamp: str | None = None):
        self._oauth = OAuth1(
            credentials.consumer_key,
            client_secret=credentials.consumer_secret,
            resource_owner_key=credentials.token_id,
            resource_owner_secret=credentials.token_secret,
            signature_method="HMAC-SHA256",
            realm=credentials.realm,
            nonce=nonce,
            timestamp=timestamp,
        )

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        signed: requests.PreparedRequest = self._oauth(request)
        return signed

    def renew(self, rejected: str) -> bool:
        """False: the next signature is made from the same tokens, so it would be rejected too."""
        return False

    def role(self) -> str | None:
        """None: the tokens tell nothing."""
        return None


class MachineToMachineAuth(AuthBase):
    """OAuth 2.0 client credentials with a signed assertion. Logs in when needed; safe to share between threads.

    Raises, from inside the request that needed the token: AuthenticationError, RateLimited, UnreachableError,
    TransientError, ProtocolError. In each case the request itself was not sent.
    """

    def __init__(
        self,
        credentials: NetSuiteCredentials,
        base_url: str,
        *,
        timeout: Timeout,
        retry: RetryPolicy,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client_id = credentials.client_id
        self._certificate_id = credentials.certificate_id
        self._key, self._algorithm = load_key(credentials.private_key or "")
        self._url = base_url + TOKEN_PATH
        self._session = open_session(base_url, 1, unsigned)
        self._timeout = timeout
        self._retry = retry
        self._clock = clock
        self._lock = threading.Lock()
        self._token = ""
        self._good_until = 0.0

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._current_token()}"
        return request

    def renew(self, rejected: str) -> bool:
        """Forget the token of the rejected header, unless another thread has replaced it already."""
        with self._lock:
            if rejected == f"Bearer {self._token}":
                self._token = ""
        return True

    def role(self) -> str | None:
        """From the access token, a JWT (`_role_of`). Logs in where there is no token yet, and raises as that does."""
        return _role_of(self._current_token())

    def _current_token(self) -> str:
        # The lock is held while logging in: the other threads need the very same token.
        with self._lock:
            if not self._token or self._clock() >= self._good_until:
                self._log_in()
            return self._token

    def _log_in(self) -> None:
        started = self._clock()
        token, life = self._retry.run(self._log_in_once, system="netsuite")
        self._token = token
        self._good_until = started + max(life - _MARGIN_SECONDS, life / 2)

    def _log_in_once(self) -> tuple[str, float]:
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": self._assertion(),
        }
        try:
            answer = exchange(self._session, "POST", self._url, data=form, timeout=self._timeout)
        except (NotSent, NoAnswer) as error:
            raise UnreachableError(
                f"NetSuite did not answer the login: {error}",
                "check the network, NETSUITE_ACCOUNT_ID and NETSUITE_BASE_URL",
                system="netsuite",
            ) from error
        return _token_of(answer)

    def _assertion(self) -> str:
        now = int(time.time())
        claims = {
            "iss": self._client_id,
            "scope": ["rest_webservices"],
            "aud": self._url,
            "iat": now,
            "exp": now + _ASSERTION_SECONDS,
            "jti": uuid.uuid4().hex,
        }
        return jwt.encode(claims, self._key, algorithm=self._algorithm, headers={"kid": self._certificate_id})


def _role_of(token: str) -> str | None:
    """The role in `sub`: `role;user` by Oracle's page on the structure of tokens, whose own example has
    `company;…;role;user;…`. None of a token that says something else.
    """
    try:
        claims = jwt.decode(token, options={"verify_signature": False})
    except jwt.InvalidTokenError:
        return None
    parts = str(claims.get("sub", "")).split(";")
    role = parts[0] if len(parts) == 2 else parts[2] if len(parts) > 3 else ""
    return role if role.isdecimal() else None


def _token_of(answer: Answer) -> tuple[str, float]:
    """The access token and its life in seconds; the answer's body appears in no error, it may hold a token."""
    status = answer.status
    if status == requests.codes.too_many_requests:
        what, wait = "NetSuite is asked too often to log in", retry_after(answer.headers)
        raise RateLimited(what, "try again later", system="netsuite", status=status, retry_after=wait)
    if status >= requests.codes.server_error:
        what = f"NetSuite answered the login with {status}"
        raise TransientError(what, "try again later", system="netsuite", status=status)
    try:
        body = orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        body = None
    if not isinstance(body, dict):
        what = f"NetSuite answered the login with {status} and no JSON"
        raise ProtocolError(what, "check NETSUITE_BASE_URL", system="netsuite", status=status)
    if status != requests.codes.ok:
        reason = body.get("error")
        named = f" ({reason})" if reason in _OAUTH_ERRORS else ""
        what = f"NetSuite does not accept the machine-to-machine login{named}"
        raise AuthenticationError(what, _LOGIN_FIX, system="netsuite", status=status)
    return _token_and_life(body)


_OAUTH_ERRORS = ("invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "invalid_scope")


def _token_and_life(body: dict[str, object]) -> tuple[str, float]:
    token, life = body.get("access_token"), body.get("expires_in", _DEFAULT_LIFE_SECONDS)
    try:
        # Older accounts are said to answer "3600" as text.
        seconds = float(str(life))
    except ValueError:
        seconds = 0.0
    if not isinstance(token, str) or not token or seconds <= 0:
        raise ProtocolError("NetSuite's login answer holds no usable token", "try again", system="netsuite")
    return token, seconds


def load_key(pem: str) -> tuple[PrivateKey, str]:
    """The private key and the signature algorithm it is good for: PS256 for RSA, ES256, ES384 or ES512 for EC.

    Raises SettingsError naming NETSUITE_PRIVATE_KEY; no part of the key is in the message.
    """
    fix = "set it to an unencrypted PEM of an RSA key (3072 or 4096 bits) or an EC key (P-256, P-384, P-521)"
    try:
        key = load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise SettingsError("NETSUITE_PRIVATE_KEY cannot be read as a private key", fix) from None
    if isinstance(key, rsa.RSAPrivateKey):
        return key, "PS256"
    if isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.name in _CURVES:
        return key, _CURVES[key.curve.name]
    raise SettingsError("NETSUITE_PRIVATE_KEY is of a kind that NetSuite does not take", fix)


def login_for(credentials: NetSuiteCredentials, base_url: str, *, timeout: Timeout, retry: RetryPolicy) -> Login:
    """The login that the credentials allow; machine-to-machine when both are given.

    Raises SettingsError that names the variables that are missing.
    """
    machine = _missing(NETSUITE_CLIENT_ID=credentials.client_id, NETSUITE_CERTIFICATE_ID=credentials.certificate_id,
                       NETSUITE_PRIVATE_KEY=credentials.private_key)  # fmt: skip
    if not machine:
        return MachineToMachineAuth(credentials, base_url, timeout=timeout, retry=retry)
    token = _missing(NETSUITE_CONSUMER_KEY=credentials.consumer_key, NETSUITE_TOKEN_ID=credentials.token_id,
                     NETSUITE_CONSUMER_SECRET=credentials.consumer_secret,
                     NETSUITE_TOKEN_SECRET=credentials.token_secret)  # fmt: skip
    if not token:
        return TokenBasedAuth(credentials)
    # Whoever set a part of one way wants that way: name what it lacks.
    lacking = token if len(token) < 4 and len(machine) == 3 else machine
    raise SettingsError(f"the NetSuite login is incomplete: {', '.join(lacking)} not set", "set what is missing")


def _missing(**values: str | None) -> list[str]:
    return [name for name, value in values.items() if not value]
