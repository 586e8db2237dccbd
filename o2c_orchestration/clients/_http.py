"""One exchange over HTTP, with the one distinction that matters for money: was the request sent or not?

What belongs here: sessions, body limits, and sorting transport failures into `NotSent` and `NoAnswer`.
What does not: any meaning of a status or a body; each client knows its own system.
"""

import ssl
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3 import exceptions as urllib3_errors

from o2c_orchestration.clients.credentials import is_loopback
from o2c_orchestration.clients.routes import answered, asking

Timeout = tuple[float, float]
Auth = Callable[[requests.PreparedRequest], requests.PreparedRequest]
BODY_LIMIT = 64 * 1024 * 1024
_CHUNK = 1024 * 1024
_TEXT_LIMIT = 500


class NotSent(Exception):
    """No connection was made, so the other side surely saw nothing."""


class NoAnswer(Exception):
    """The request may have arrived, but no whole answer came back."""


@dataclass(frozen=True)
class Answer:
    """A whole answer. `asked_at` is the UTC time at which the request started.

    `authorization` and `language` (Accept-Language) are headers that the request went out with: which login was
    rejected, and in what language it was asked.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    asked_at: datetime
    authorization: str = field(default="", repr=False)
    language: str = ""


class Session(requests.Session):
    """A requests session that follows no redirect and keeps no cookie.

    A redirect could carry credentials to another host. It counts as an odd answer instead.
    """

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Nowhere, whatever the answer says."""
        return None


def open_session(base_url: str, connections: int, auth: Auth) -> Session:
    """A session with a pool of `connections`, no redirects, no cookies, and no retries of its own."""
    session = Session()
    session.mount("https://", HTTPAdapter(pool_maxsize=connections))
    session.mount("http://", HTTPAdapter(pool_maxsize=connections))
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.auth = auth
    # Proxies and private certificate authorities of the environment are for the outside world only.
    session.trust_env = not is_loopback(base_url)
    return session


def unsigned(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """The auth object of a login: adds nothing. Without one, requests would look for the host in ~/.netrc."""
    return request


class BearerAuth(AuthBase):
    """`Authorization: Bearer …`. As an auth object it also keeps requests from looking into ~/.netrc."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def exchange(
    session: requests.Session,
    method: str,
    url: str,
    *,
    timeout: Timeout,
    params: Any = None,
    data: bytes | Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    body_limit: int = BODY_LIMIT,
) -> Answer:
    """Send one request once and read the whole answer.

    Raises NotSent when no connection could be made, and NoAnswer for everything else that keeps a whole answer
    from us: a reset, a timeout, a truncated body, a body over `body_limit` bytes (after decompression).
    """
    asked_at = datetime.now(UTC)
    given = {"params": params, "data": data, "headers": headers, "timeout": timeout}
    with asking(method, url) as span:
        try:
            with session.request(method, url, **given, stream=True, allow_redirects=False) as response:
                body = _read(response, body_limit)
                answered(span, response.status_code)
                sent = response.request.headers
                told = str(sent.get("Authorization", "")), str(sent.get("Accept-Language", ""))
                return Answer(response.status_code, response.headers, body, asked_at, *told)
        except requests.RequestException as error:
            if surely_not_sent(error):
                raise NotSent(_reason(error)) from error
            raise NoAnswer(_reason(error)) from error


def _read(response: requests.Response, body_limit: int) -> bytes:
    chunks, size = [], 0
    for chunk in response.iter_content(_CHUNK):
        size += len(chunk)
        if size > body_limit:
            raise NoAnswer(f"the answer is larger than {body_limit} bytes")
        chunks.append(chunk)
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def surely_not_sent(error: requests.RequestException) -> bool:
    """Whether the failure happened before a single byte of the request could leave.

    In doubt the answer is no: a write that is wrongly called unsent would be sent twice.
    """
    if isinstance(error, requests.ConnectTimeout):
        return True
    reason = getattr(error.args[0], "reason", None) if error.args else None
    if isinstance(reason, urllib3_errors.ProxyError):
        reason = reason.original_error
    if isinstance(reason, urllib3_errors.SSLError):
        # Only a certificate that we refuse is proof: it ends the handshake, before the request.
        return bool(reason.args) and isinstance(reason.args[0], ssl.SSLCertVerificationError)
    return isinstance(reason, urllib3_errors.NewConnectionError | urllib3_errors.ConnectTimeoutError)


def _reason(error: requests.RequestException) -> str:
    """A short reason without addresses or URLs, which may hold what a log should not."""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    if isinstance(reason, urllib3_errors.SSLError):
        return "its TLS certificate is not accepted" if surely_not_sent(error) else "the TLS connection broke"
    if isinstance(reason, urllib3_errors.NameResolutionError):
        return "its host name does not resolve"
    if isinstance(error, requests.ConnectTimeout):
        return "the connection timed out"
    if surely_not_sent(error):
        return "the connection was not accepted"
    if isinstance(error, requests.Timeout) or "timed out" in str(error):
        return "no answer within the time limit"
    return "the connection broke before the answer was complete"


def scrub(text: str, secrets: Iterable[str | None]) -> str:
    """Text of another system, fit for logs and reports: one line, bounded, with our secrets taken out."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, "[secret]")
    text = " ".join(text.split())
    return text if len(text) <= _TEXT_LIMIT else text[: _TEXT_LIMIT - 1] + "…"


def told_time(headers: Mapping[str, str]) -> datetime | None:
    """The other side's clock in UTC, to the second, by the Date header (RFC 9110, 6.6.1); None where it tells none."""
    try:
        return parsedate_to_datetime(headers.get("Date", "")).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds of a Retry-After header, or None when there is none or it is not a plain number."""
    value = headers.get("Retry-After", "")
    return float(value) if value.isascii() and value.isdigit() else None
