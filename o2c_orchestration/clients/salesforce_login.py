"""Logging in to Salesforce: client credentials, or else JWT bearer."""

import warnings
from typing import Any
from urllib.parse import urlsplit

import requests
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from simple_salesforce import SalesforceLogin  # type: ignore[attr-defined]
from simple_salesforce.exceptions import SalesforceAuthenticationFailed
from simple_salesforce.login import token_login

from o2c_orchestration.clients.credentials import SalesforceCredentials, is_loopback
from o2c_orchestration.domain.errors import SettingsError

API_VERSION = "66.0"
DOMAIN = ".salesforce.com"
TOKEN_PATH = "/services/oauth2/token"  # noqa: S105 (an address)
# What is said of a client that was not found where it was looked for.
_UNKNOWN_CLIENT = frozenset({"invalid_client", "invalid_client_id", "invalid_request"})


def log_in(session: requests.Session, arguments: dict[str, Any]) -> tuple[Any, Any]:
    """The session's token and the org's host. Raises what simple-salesforce raises.

    Salesforce takes an app's id and secret in the header or in the body; the library sends them in the header, and what
    stands in front of an org may look into the body alone.
    """
    try:
        with warnings.catch_warnings():
            # The library prints advice of several lines beside the error that it raises.
            warnings.simplefilter("ignore", UserWarning)
            return SalesforceLogin(session=session, sf_version=API_VERSION, **arguments)
    except SalesforceAuthenticationFailed as error:
        if "consumer_secret" not in arguments or error.code not in _UNKNOWN_CLIENT:
            raise
    key, host = arguments["consumer_key"], arguments["domain"]
    form = {"grant_type": "client_credentials", "client_id": key, "client_secret": arguments["consumer_secret"]}
    return token_login(f"https://{host}{DOMAIN}{TOKEN_PATH}", form, host, key, None, None, session)


def login_arguments(credentials: SalesforceCredentials, base_url: str) -> dict[str, Any]:
    """What simple-salesforce needs for client credentials, or else for the JWT bearer flow."""
    label = _label(base_url)
    if credentials.client_secret:
        return {
            "consumer_key": credentials.client_id,
            "consumer_secret": credentials.client_secret,
            "domain": label,
        }
    if not credentials.username or not credentials.private_key:
        raise SettingsError(
            "the Salesforce login is incomplete",
            "set SALESFORCE_CLIENT_SECRET, or SALESFORCE_USERNAME and SALESFORCE_PRIVATE_KEY",
        )
    _check_key(credentials.private_key)
    return {
        "consumer_key": credentials.client_id,
        "username": credentials.username,
        "privatekey": credentials.private_key,
        # The audience of the assertion is the general login host; the request itself goes to the org's own.
        "domain": "test" if ".sandbox." in f"{label}." else "login",
        "instance_url": label,
    }


def _label(base_url: str) -> str:
    """The host without `.salesforce.com`, which is how simple-salesforce wants it."""
    if is_loopback(base_url):
        return "loopback.my"
    host = urlsplit(base_url).hostname or ""
    label = host.removesuffix(DOMAIN)
    if label == host or label in ("login", "test", "www"):
        raise SettingsError(
            f"SALESFORCE_BASE_URL names {host}, which is not an org's own host",
            "use the My Domain address, such as https://acme.my.salesforce.com",
        )
    return label


def _check_key(pem: str) -> None:
    try:
        sound = isinstance(load_pem_private_key(pem.encode(), password=None), RSAPrivateKey)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        sound = False
    if not sound:
        raise SettingsError(
            "SALESFORCE_PRIVATE_KEY cannot be read as an RSA private key", "set it to an unencrypted PEM of an RSA key"
        )
