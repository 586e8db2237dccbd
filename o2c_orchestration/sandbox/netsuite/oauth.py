"""OAuth 2.0 machine to machine: client assertions in, access tokens out.

An assertion is a JWT signed with the certificate's private key, PS256/384/512 or ES256/384/512. RS256 is
refused, as NetSuite refuses it.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import jwt

from o2c_orchestration.sandbox.netsuite.roles import INTEGRATION, USER

TOKEN_PATH = "/services/rest/auth/oauth2/v1/token"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ALGORITHMS = ["PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
ASSERTION_SECONDS_MAX = 3600
REST_SCOPE = "rest_webservices"
SCOPES = {REST_SCOPE, "restlets", "suite_analytics"}


class TokenRefused(Exception):
    """The token endpoint says no; `error` is OAuth's word for why."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


@dataclass(frozen=True)
class Certificate:
    """The mapping that an administrator made: client, certificate id and public key (PEM, may be empty)."""

    account: str
    client_id: str
    certificate_id: str
    public_key_pem: str


class TokenIssuer:
    """Checks assertions against the account's certificates and signs access tokens with its own secret."""

    def __init__(self, certificate: Certificate, secret: str, token_seconds: int = 3600) -> None:
        self.token_seconds = token_seconds
        self._certificate = certificate
        self._keys = {certificate.certificate_id: certificate.public_key_pem}
        self._secret = secret
        self._valid_from = 0.0
        self.role = INTEGRATION

    def issue(self, form: Mapping[str, str], host: str) -> dict[str, Any]:
        """The token answer for a form. `host` is the one the client called. Raises TokenRefused."""
        if form.get("grant_type") != "client_credentials":
            raise TokenRefused("unsupported_grant_type")
        if form.get("client_assertion_type") != ASSERTION_TYPE or not form.get("client_assertion"):
            raise TokenRefused("invalid_request")
        scopes = self._scopes_of(self._claims(form["client_assertion"]), host)
        now = time.time()
        claims = {
            # As Oracle's page on the structure of tokens has it: the role, then the user.
            "sub": f"{self.role};{USER}",
            "aud": [f"{self._certificate.client_id};{self._certificate.account}", self._certificate.client_id],
            "iss": "https://system.netsuite.com",
            "scope": sorted(scopes),
            "iat": now,
            "exp": now + self.token_seconds,
            "jti": uuid.uuid4().hex,
        }
        token = jwt.encode(claims, self._secret, algorithm="HS256")
        return {"access_token": token, "expires_in": self.token_seconds, "token_type": "Bearer"}

    def accepts(self, token: str) -> bool:
        """Whether an access token is ours, fresh, not revoked, and good for REST."""
        try:
            claims = jwt.decode(
                token,
                self._secret,
                algorithms=["HS256"],
                options={"require": ["exp", "iat"], "verify_iat": False, "verify_aud": False},
            )
        except jwt.InvalidTokenError:
            return False
        return float(claims["iat"]) >= self._valid_from and REST_SCOPE in claims.get("scope", [])

    def revoke_all(self) -> None:
        """Make every access token issued so far worthless."""
        self._valid_from = time.time()

    def upload(self, certificate_id: str, public_key_pem: str) -> None:
        """A further certificate of the same client, user and role."""
        self._keys[certificate_id] = public_key_pem

    def revoke(self, certificate_id: str) -> None:
        """Take a certificate away. Raises KeyError where there is none of that id."""
        del self._keys[certificate_id]

    def _claims(self, assertion: str) -> dict[str, Any]:
        try:
            key = self._keys.get(str(jwt.get_unverified_header(assertion).get("kid")))
            if key is None:
                raise TokenRefused("invalid_grant")
            claims: dict[str, Any] = jwt.decode(
                assertion,
                key,
                algorithms=ALGORITHMS,
                issuer=self._certificate.client_id,
                options={"verify_aud": False, "require": ["iss", "aud", "iat", "exp"]},
            )
        except (jwt.PyJWTError, ValueError, TypeError):
            raise TokenRefused("invalid_grant") from None
        if float(claims["exp"]) - float(claims["iat"]) > ASSERTION_SECONDS_MAX:
            raise TokenRefused("invalid_grant")
        return claims

    def _scopes_of(self, claims: dict[str, Any], host: str) -> set[str]:
        audiences = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
        if not any(self._is_ours(str(audience), host) for audience in audiences):
            raise TokenRefused("invalid_grant")
        given = claims.get("scope", [])
        names = given if isinstance(given, list) else str(given).replace(",", " ").split()
        scopes = {str(name).strip() for name in names}
        if not scopes or not scopes <= SCOPES:
            raise TokenRefused("invalid_scope")
        return scopes

    def _is_ours(self, audience: str, host: str) -> bool:
        """The token endpoint, on the host that was called or on one of the account's real hosts."""
        parts = urlsplit(audience)
        account = self._certificate.account.lower().replace("_", "-")
        hosts = {
            host.lower(),
            f"{account}.suitetalk.api.netsuite.com",
            f"{account}.restlets.api.netsuite.com",
        }
        return parts.netloc.lower() in hosts and parts.path == TOKEN_PATH
