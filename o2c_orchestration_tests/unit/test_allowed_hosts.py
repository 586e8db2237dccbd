"""Keys of a system go to its own hosts, to this machine, or where an administrator says so."""

import pytest

from o2c_orchestration.clients.credentials import checked_base_url
from o2c_orchestration.domain.errors import SettingsError
from o2c_orchestration.settings import load_settings

_VARIABLES = ("STRIPE_API_BASE", "NETSUITE_BASE_URL", "SALESFORCE_EVENTS_ENDPOINT")


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in (*_VARIABLES, "O2C_ALLOWED_HOSTS", "O2C_CONFIG", "O2C_ENV_FILE", "STRIPE_API_KEY"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("variable", "address"),
    [
        ("STRIPE_API_BASE", "https://api.stripe.com"),
        ("STRIPE_API_BASE", "http://127.0.0.1:8941"),
        ("STRIPE_API_BASE", "http://localhost:8941/base"),
        ("NETSUITE_BASE_URL", "https://1234567-sb1.suitetalk.api.netsuite.com"),
        ("NETSUITE_BASE_URL", "https://1234567.SuiteTalk.api.NetSuite.com/"),
        ("SALESFORCE_EVENTS_ENDPOINT", "api.deu.pubsub.salesforce.com:7443"),
        ("SALESFORCE_EVENTS_ENDPOINT", "127.0.0.1:7443"),
    ],
)
def test_hosts_of_the_systems_and_this_machine_are_taken(monkeypatch, variable: str, address: str) -> None:
    """As they are written, in any case."""
    monkeypatch.setenv(variable, address)
    load_settings()


@pytest.mark.parametrize("variable", [*_VARIABLES, "SALESFORCE_BASE_URL"])
@pytest.mark.parametrize("between", ["\\", "\\\\", "%2f", "%5c", ";", ",", " ", "\u2044", "\u3002x"])
def test_a_host_that_libraries_read_differently_is_none(monkeypatch, variable: str, between: str) -> None:
    """One sees that it ends in the system's name, and the one that asks goes to what stands before."""
    domain = {"STRIPE_API_BASE": "stripe.com", "NETSUITE_BASE_URL": "netsuite.com"}.get(variable, "salesforce.com")
    address = f"collector.example.net{between}.my.{domain}"
    monkeypatch.setenv(variable, f"{address}:7443" if variable.endswith("ENDPOINT") else f"https://{address}")
    # That of change events is no URL, and nobody else looks at it.
    with pytest.raises(SettingsError, match=f"^{variable} ") as caught:
        _ = load_settings() if variable.endswith("ENDPOINT") else checked_base_url(f"https://{address}", variable)
    assert "example" not in str(caught.value)


@pytest.mark.parametrize("variable", _VARIABLES)
@pytest.mark.parametrize(
    "host", ["api.stripe.com.example.net", "notstripe.com", "api.stripe.co", "127.0.0.1.example.net", "10.0.0.1"]
)
def test_another_host_is_refused_until_it_is_listed(monkeypatch, variable: str, host: str) -> None:
    """Neither a name that looks alike nor a typing error gets the keys; and no password is shown."""
    monkeypatch.setenv(variable, f"{host}:443" if variable == "SALESFORCE_EVENTS_ENDPOINT" else f"https://u:pw1@{host}")
    with pytest.raises(SettingsError, match=f"^{variable} names a host that is not of") as caught:
        load_settings()
    assert "pw1" not in str(caught.value)
    monkeypatch.setenv("O2C_ALLOWED_HOSTS", f"proxy.example.com, {host.upper()}")
    load_settings()
