"""Restricted keys of the Stripe sandbox, on the wire: what they may, and in which words they are refused."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from o2c_orchestration.sandbox.config import SandboxConfig
from o2c_orchestration.sandbox.server import SandboxServer

KEY, ROLLED = "rk_test_51sandbox", "rk_test_51rolled"
Ask = Callable[..., requests.Response]


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """A request with the restricted key, or another one."""
    config = SandboxConfig(
        stripe_restricted_keys=((KEY, ("customer_write", "charge_read")), (ROLLED, ("charge_read",)))
    )
    with SandboxServer(tmp_path_factory.mktemp("keys"), config=config) as server:

        def send(method: str, path: str, key: str = KEY, **data: str) -> requests.Response:
            headers = {"Authorization": f"Bearer {key}"}
            return requests.request(method, server.base_url + path, data=data, headers=headers, timeout=10)

        yield send


def test_writing_includes_reading_and_reading_no_writing(ask: Ask) -> None:
    """As Stripe's levels are."""
    customer: Any = ask("POST", "/v1/customers", name="Ada").json()["id"]
    assert ask("GET", f"/v1/customers/{customer}").json()["name"] == "Ada"
    assert ask("GET", "/v1/charges").status_code == 200
    assert ask("POST", "/v1/charges/ch_1").status_code == 403


def test_the_right_is_looked_at_before_the_object(ask: Ask) -> None:
    """A key without the right does not learn whether there is such an object; its own account is named to it."""
    denied = ask("POST", "/v1/payouts/po_1")
    assert denied.status_code == 403
    error = denied.json()["error"]
    assert error["type"] == "invalid_request_error"
    assert "on account 'acct_sandbox'. Having the 'rak_payout_write' permission" in error["message"]
    assert KEY not in error["message"]
    missing = ask("POST", "/v1/customers/cus_none")
    assert (missing.status_code, missing.json()["error"]["code"]) == (404, "resource_missing")


def test_secret_keys_may_all_and_unknown_ones_nothing(ask: Ask) -> None:
    """What is updated of payments moves no money; transfers there are none."""
    secret = SandboxConfig().stripe_secret_key
    paid = {"amount": "500", "currency": "usd", "confirm": "true", "payment_method": "pm_card_visa"}
    intent = ask("POST", "/v1/payment_intents", secret, **paid).json()
    charge = ask("POST", f"/v1/charges/{intent['latest_charge']}", secret, description="Rent").json()
    assert (charge["description"], charge["amount"]) == ("Rent", 500)
    noted = ask("POST", f"/v1/payment_intents/{intent['id']}", secret, **{"metadata[a]": "b"}).json()
    assert (noted["metadata"], noted["status"]) == ({"a": "b"}, "succeeded")
    assert ask("POST", "/v1/transfers/tr_1", secret).json()["error"]["code"] == "resource_missing"
    assert ask("GET", "/v1/customers", "rk_test_other").status_code == 401


def test_a_key_that_is_revoked_has_expired(ask: Ask) -> None:
    """In Stripe's words, and for nobody else."""
    assert ask("GET", "/v1/charges", ROLLED).status_code == 200
    base = ask("GET", "/v1/charges", ROLLED).url.removesuffix("/v1/charges")
    requests.post(f"{base}/_sandbox/stripe/keys", json={"revoke": ROLLED}, timeout=10).raise_for_status()
    refused = ask("GET", "/v1/charges", ROLLED)
    assert (refused.status_code, refused.json()["error"]["code"]) == (401, "api_key_expired")
    assert ROLLED not in refused.text
    assert ask("GET", "/v1/charges").status_code == 200
