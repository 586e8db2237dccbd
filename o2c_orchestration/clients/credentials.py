"""Credentials of each system as plain values. Their repr and str never show a secret.

What belongs here: frozen values and what can be checked about them without a connection.
"""

import re
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import urlsplit

from o2c_orchestration.domain.errors import SettingsError

STRIPE_API = "https://api.stripe.com"
SALESFORCE_EVENTS = "api.pubsub.salesforce.com:7443"


def _secret() -> str | None:
    """A field that repr leaves out."""
    return field(default=None, repr=False)


@dataclass(frozen=True)
class StripeCredentials:
    """A Stripe key that may read, or one that `writes`. A restricted key (`rk_…`) with those permissions is enough.

    `account` is the id that a further account goes by, and None for the main one, the only one that is written to.
    """

    api_key: str = field(repr=False)
    base_url: str = STRIPE_API
    account: str | None = None
    writes: bool = False

    @property
    def variable(self) -> str:
        """Where the key is set."""
        if self.writes:
            return "STRIPE_WRITE_KEY"
        return "STRIPE_API_KEY" if self.account is None else f"STRIPE_API_KEYS for {self.account}"


@dataclass(frozen=True)
class NetSuiteCredentials:
    """An account and one way to log in: OAuth 2.0 machine-to-machine, or token-based authentication.

    `private_key` is PEM text (RSA or EC). `base_url` None means the account's own host.
    `concurrency` is how many requests may be in flight for the account at once.
    """

    account_id: str
    base_url: str | None = None
    concurrency: int = 5
    client_id: str | None = None
    certificate_id: str | None = None
    private_key: str | None = _secret()
    consumer_key: str | None = _secret()
    consumer_secret: str | None = _secret()
    token_id: str | None = _secret()
    token_secret: str | None = _secret()

    @property
    def realm(self) -> str:
        """The account as token-based authentication writes it: `123456_SB1`."""
        return self.account_id.upper().replace("-", "_")

    @property
    def host_url(self) -> str:
        """Where the REST services live: `base_url`, or the host derived from the account."""
        if self.base_url:
            return self.base_url
        label = self.account_id.lower().replace("_", "-")
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", label):
            raise SettingsError(
                f"NETSUITE_ACCOUNT_ID {self.account_id!r} is not an account id",
                "use the id under Setup > Company > Company Information, such as 1234567 or 1234567_SB1",
            )
        return f"https://{label}.suitetalk.api.netsuite.com"


@dataclass(frozen=True)
class SalesforceCredentials:
    """An org and one way to log in: client credentials (`client_secret`), or JWT bearer (`username`, `private_key`).

    `base_url` is the org's My Domain address, such as https://acme.my.salesforce.com. `events` is the host and port
    that change events come from; asked only where the policy wants them.
    """

    base_url: str
    client_id: str
    client_secret: str | None = _secret()
    username: str | None = None
    private_key: str | None = _secret()
    events: str = SALESFORCE_EVENTS


def is_loopback(url: str) -> bool:
    """Whether the URL's host is this machine."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def is_plain_host(host: str) -> bool:
    """Whether every library reads the same host in it: of `a.com\\.stripe.com` one asks a.com, another sees Stripe."""
    return re.fullmatch(r"[\w.-]+|[0-9a-fA-F:.]+", host, re.ASCII) is not None


def checked_base_url(url: str, variable: str) -> str:
    """The base URL without a trailing slash. Plain http is taken for loopback hosts only.

    Raises SettingsError naming `variable`. The message holds no part of the URL, which may carry a password.
    """
    try:
        parts = urlsplit(url.strip())
        # Reading the port is what raises for a port that is none.
        sound = is_plain_host(parts.hostname or "") and (parts.port is None or parts.port > 0)
    except ValueError:
        sound = False
    if not sound or parts.scheme not in ("http", "https"):
        raise SettingsError(f"{variable} is not an http(s) URL", f"set {variable} to something like https://host")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise SettingsError(f"{variable} carries more than a host", f"remove user, query and fragment from {variable}")
    if parts.scheme == "http" and not is_loopback(url):
        raise SettingsError(f"{variable} is plain http to another machine", f"use https:// in {variable}")
    return url.strip().rstrip("/")
