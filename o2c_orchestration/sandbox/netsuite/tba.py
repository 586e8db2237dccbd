"""Token-based authentication: OAuth 1.0a with HMAC-SHA256, verified from the request alone.

The realm is no part of the base string, the query parameters are, a JSON body is not.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, unquote, urlsplit

TIMESTAMP_WINDOW_SECONDS = 300
NONCE_LENGTH_MIN = 6
_PARAMETER = re.compile(r'\s*([A-Za-z_]+)="([^"]*)"\s*')


@dataclass(frozen=True)
class TokenSecrets:
    """The consumer and token pair that an integration was given, and the account they are for."""

    account: str
    consumer_key: str
    consumer_secret: str
    token_id: str
    token_secret: str


def parse_header(header: str) -> dict[str, str]:
    """The parameters of an `Authorization: OAuth …` header, percent-decoded; empty when it is malformed."""
    scheme, _, rest = header.partition(" ")
    if scheme.lower() != "oauth":
        return {}
    parts = (_PARAMETER.fullmatch(part) for part in rest.split(","))
    return {match[1]: unquote(match[2]) for match in parts if match is not None}


def signature(method: str, url: str, oauth: dict[str, str], consumer_secret: str, token_secret: str) -> str:
    """The HMAC-SHA256 signature of a request, base64. `url` is complete, with its query string."""
    parts = urlsplit(url)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    pairs += [(name, value) for name, value in oauth.items() if name not in ("realm", "oauth_signature")]
    base = "&".join(_escape(part) for part in (method.upper(), _base_url(url), _normalized(pairs)))
    key = f"{_escape(consumer_secret)}&{_escape(token_secret)}"
    digest = hmac.new(key.encode(), base.encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


class TokenVerifier:
    """Verifies requests signed with one set of secrets, and remembers nonces within the time window."""

    def __init__(self, secrets: TokenSecrets) -> None:
        self._secrets = secrets
        self._seen: dict[tuple[str, str], float] = {}
        self._lock = threading.Lock()

    def verify(self, method: str, url: str, header: str) -> bool:
        """Whether the request carries a valid signature that was not used before."""
        oauth, known = parse_header(header), self._secrets
        if oauth.get("realm", "").upper() != known.account.upper():
            return False
        if oauth.get("oauth_consumer_key") != known.consumer_key or oauth.get("oauth_token") != known.token_id:
            return False
        if oauth.get("oauth_signature_method") != "HMAC-SHA256" or not _is_current(oauth):
            return False
        expected = signature(method, url, oauth, known.consumer_secret, known.token_secret)
        if not hmac.compare_digest(expected, oauth.get("oauth_signature", "")):
            return False
        return self._use_nonce(oauth["oauth_nonce"], oauth["oauth_timestamp"])

    def _use_nonce(self, nonce: str, timestamp: str) -> bool:
        now = time.time()
        with self._lock:
            if (nonce, timestamp) in self._seen:
                return False
            self._seen[nonce, timestamp] = now
            if len(self._seen) > 10_000:
                oldest = now - 2 * TIMESTAMP_WINDOW_SECONDS
                self._seen = {key: seen for key, seen in self._seen.items() if seen > oldest}
            return True


def _is_current(oauth: dict[str, str]) -> bool:
    timestamp = oauth.get("oauth_timestamp", "")
    if not timestamp.isdigit() or len(oauth.get("oauth_nonce", "")) < NONCE_LENGTH_MIN:
        return False
    if oauth.get("oauth_version", "1.0") != "1.0":
        return False
    return abs(time.time() - int(timestamp)) <= TIMESTAMP_WINDOW_SECONDS


def _base_url(url: str) -> str:
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    default = {"http": 80, "https": 443}.get(parts.scheme.lower())
    port = f":{parts.port}" if parts.port not in (None, default) else ""
    return f"{parts.scheme.lower()}://{host}{port}{parts.path}"


def _normalized(pairs: Iterable[tuple[str, str]]) -> str:
    escaped = sorted((_escape(name), _escape(value)) for name, value in pairs)
    return "&".join(f"{name}={value}" for name, value in escaped)


def _escape(text: str) -> str:
    return quote(text, safe="~")
