"""Promises about credentials, addresses and the error classes: silent about secrets, clear about the fix."""

import pickle

import pytest

from o2c_orchestration.clients._http import scrub
from o2c_orchestration.clients.credentials import (
    NetSuiteCredentials,
    SalesforceCredentials,
    StripeCredentials,
    checked_base_url,
)
from o2c_orchestration.domain import errors
from o2c_orchestration.domain.errors import CATEGORIES, O2CError, RateLimited, Refused, SettingsError, TransientError

ALL = [
    StripeCredentials("canary"),
    NetSuiteCredentials(
        "1", private_key="canary", consumer_key="canary", consumer_secret="canary", token_id="canary",
        token_secret="canary",
    ),
    SalesforceCredentials("https://acme.my.salesforce.com", "client", "canary", "user", "canary"),
]  # fmt: skip


@pytest.mark.parametrize("credentials", ALL, ids=lambda item: type(item).__name__)
def test_credentials_show_no_secret(credentials: object) -> None:
    """Neither repr nor str nor formatting shows a secret."""
    assert "canary" not in f"{credentials!r} {credentials} {credentials!s}"


@pytest.mark.parametrize(
    ("account", "host", "realm"),
    [
        ("123456", "https://123456.suitetalk.api.netsuite.com", "123456"),
        ("123456_SB1", "https://123456-sb1.suitetalk.api.netsuite.com", "123456_SB1"),
        ("123456-sb1", "https://123456-sb1.suitetalk.api.netsuite.com", "123456_SB1"),
        ("TSTDRV_O2C", "https://tstdrv-o2c.suitetalk.api.netsuite.com", "TSTDRV_O2C"),
    ],
)
def test_netsuite_host_and_realm_come_from_the_account(account: str, host: str, realm: str) -> None:
    """The host is lower case with hyphens, the realm upper case with underscores, however the id is written."""
    credentials = NetSuiteCredentials(account)
    assert (host, realm) == (credentials.host_url, credentials.realm)


@pytest.mark.parametrize("account", ["", "evil.example/", "a b", "1@evil.example", "1#"])
def test_account_that_is_no_account_is_refused(account: str) -> None:
    """An account id cannot turn the host into another one."""
    with pytest.raises(SettingsError, match="NETSUITE_ACCOUNT_ID"):
        _ = NetSuiteCredentials(account).host_url


@pytest.mark.parametrize(
    "url",
    ["https://api.stripe.com", "http://127.0.0.1:4242", "http://localhost:1", "http://[::1]:8", "http://127.9.9.9"],
)
def test_https_and_loopback_http_are_taken(url: str) -> None:
    """The address comes back without a slash at the end."""
    assert url == checked_base_url(f" {url}/ ", "X") == checked_base_url(url, "X")


@pytest.mark.parametrize(
    "url",
    [
        "http://api.stripe.com", "http://127.0.0.1.evil.example", "http://localhost.evil.example", "http://10.0.0.1",
        "ftp://x", "x", "", "https://", "https://user:canary@x", "https://x?canary", "https://x:canary",
        "http://0.0.0.0:1", "https://[::1",
    ],
)  # fmt: skip
def test_other_addresses_are_refused(url: str) -> None:
    """Plain http to another machine, or an address that carries more than a host, names the variable only."""
    with pytest.raises(SettingsError, match="THE_VARIABLE") as caught:
        checked_base_url(url, "THE_VARIABLE")
    assert "canary" not in str(caught.value)


def test_scrub_takes_secrets_out_and_bounds_the_text() -> None:
    """One line, bounded, without secrets; an absent secret changes nothing."""
    assert scrub("a\n canary \x0b b", ["canary", None, ""]) == "a [secret] b"
    assert len(scrub("x" * 9999, [])) == 500


CLASSES = [
    value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, O2CError)
]  # fmt: skip


@pytest.mark.parametrize("kind", CLASSES, ids=lambda item: item.__name__)
def test_every_error_is_one_line_and_survives_pickling(kind: type[O2CError]) -> None:
    """An error says what and what to do, and crosses process borders with its data."""
    error = kind("The thing broke.", "mend it")
    again = pickle.loads(pickle.dumps(error))
    assert "The thing broke. Mend it" == str(error) == str(again)
    assert vars(error) == vars(again)
    assert error.exit_code in (1, 2)


def test_refusal_keeps_its_data() -> None:
    """Category and words travel along, and the fix is what to do."""
    error = Refused("No", "add it", system="netsuite", code="USER_ERROR", detail="d", path="p", category="currency")
    again = pickle.loads(pickle.dumps(error))
    assert (
        again.code, again.detail, again.path, again.category, again.fix
    ) == ("USER_ERROR", "d", "p", "currency", "add it")  # fmt: skip
    assert again.category in CATEGORIES


def test_rate_limit_is_transient() -> None:
    """Whoever tries transient errors again also tries rate limits again."""
    assert issubclass(RateLimited, TransientError)


@pytest.mark.parametrize("kind", CLASSES, ids=lambda item: item.__name__)
def test_every_error_is_in_the_drawn_tree(kind: type[O2CError]) -> None:
    """The module's docstring draws every class."""
    assert kind.__name__ in (errors.__doc__ or "")
