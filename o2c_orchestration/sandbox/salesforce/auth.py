"""POST /services/oauth2/token: client credentials and the JWT bearer flow."""

from __future__ import annotations

import base64
import binascii
import hmac
from dataclasses import dataclass
from urllib.parse import unquote_plus

import jwt

from o2c_orchestration.sandbox.config import SandboxConfig

CLIENT_CREDENTIALS = "client_credentials"
# Setting of the store: the app's secret, where somebody has changed it.
SECRET = "client secret"
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
# An assertion names the login host of production, of sandboxes, or of the company's own domain.
AUDIENCE_PREFIX, AUDIENCE_SUFFIX = "https://", ".salesforce.com"
LEEWAY_SECONDS = 180


@dataclass
class LoginError(Exception):
    """A refused login in OAuth's words."""

    error: str
    description: str
    status: int = 400


def log_in(form: dict[str, str], authorization: str, config: SandboxConfig) -> None:
    """Check one token request. Raises LoginError."""
    grant = form.get("grant_type", "")
    if grant == CLIENT_CREDENTIALS:
        _check_client(form, authorization, config)
    elif grant == JWT_BEARER:
        _check_assertion(form.get("assertion", ""), config)
    else:
        raise LoginError("unsupported_grant_type", "grant type not supported")


def _check_client(form: dict[str, str], authorization: str, config: SandboxConfig) -> None:
    client_id, client_secret = form.get("client_id", ""), form.get("client_secret", "")
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() == "basic":
        client_id, client_secret = _basic(encoded)
    if client_id != config.salesforce_client_id:
        raise LoginError("invalid_client_id", "client identifier invalid")
    if not hmac.compare_digest(client_secret.encode(), config.salesforce_client_secret.encode()):
        raise LoginError("invalid_client", "invalid client credentials", status=401)


def _basic(encoded: str) -> tuple[str, str]:
    try:
        client_id, _, client_secret = base64.b64decode(encoded).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise LoginError("invalid_client", "invalid client credentials", status=401) from None
    return unquote_plus(client_id), unquote_plus(client_secret)


def _check_assertion(assertion: str, config: SandboxConfig) -> None:
    if not config.salesforce_public_key_pem:
        raise LoginError("invalid_grant", "no certificate is registered for this client")
    try:
        claims = jwt.decode(
            assertion,
            config.salesforce_public_key_pem,
            algorithms=["RS256"],
            leeway=LEEWAY_SECONDS,
            # The audience is any login host, and clients write `exp` as text; both are checked by hand.
            options={"verify_aud": False, "require": ["iss", "sub", "aud", "exp"]},
        )
    except jwt.ExpiredSignatureError:
        raise LoginError("invalid_grant", "expired authorization code") from None
    except jwt.InvalidTokenError:
        raise LoginError("invalid_grant", "invalid assertion") from None
    if claims["iss"] != config.salesforce_client_id:
        raise LoginError("invalid_client_id", "client identifier invalid")
    if claims["sub"] != config.salesforce_username:
        raise LoginError("invalid_grant", "user hasn't approved this consumer")
    audience = str(claims["aud"])
    if not (audience.startswith(AUDIENCE_PREFIX) and audience.endswith(AUDIENCE_SUFFIX)):
        raise LoginError("invalid_grant", "audience is invalid")
