"""The NetSuite client against the sandbox: both logins, reading, writing, refusals and faults."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests

from o2c_orchestration.clients.credentials import NetSuiteCredentials
from o2c_orchestration.clients.netsuite import NetSuiteAccount, NetSuiteReader, NetSuiteWriter
from o2c_orchestration.clients.retry import RetryPolicy
from o2c_orchestration.domain.errors import AuthenticationError, ObjectMissing, OutcomeUnknown, RateLimited, Refused
from o2c_orchestration.sandbox.config import SandboxConfig
from o2c_orchestration.sandbox.server import SandboxServer

QUICK = RetryPolicy(attempts=4, first_wait=0.01, longest_wait=0.05)


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxServer]:
    state: Path = tmp_path_factory.mktemp("sandbox")
    with SandboxServer(state, config=SandboxConfig.demo(state)) as running:
        yield running


@pytest.fixture(autouse=True)
def no_faults(sandbox: SandboxServer) -> Iterator[None]:
    yield
    requests.delete(f"{sandbox.base_url}/_sandbox/faults", timeout=5).raise_for_status()


def credentials(sandbox: SandboxServer) -> NetSuiteCredentials:
    environment = sandbox.config.client_environment(sandbox.base_url)
    return NetSuiteCredentials(
        environment["NETSUITE_ACCOUNT_ID"],
        environment["NETSUITE_BASE_URL"],
        client_id=environment["NETSUITE_CLIENT_ID"],
        certificate_id=environment["NETSUITE_CERTIFICATE_ID"],
        private_key=Path(environment["NETSUITE_PRIVATE_KEY"]).read_text(),
    )


def token_based(sandbox: SandboxServer) -> NetSuiteCredentials:
    config = sandbox.config
    return NetSuiteCredentials(
        config.netsuite_account_id,
        sandbox.base_url,
        consumer_key=config.netsuite_consumer_key,
        consumer_secret=config.netsuite_consumer_secret,
        token_id=config.netsuite_token_id,
        token_secret=config.netsuite_token_secret,
    )


@pytest.fixture
def account(sandbox: SandboxServer) -> NetSuiteAccount:
    return NetSuiteAccount(credentials(sandbox), retry=QUICK, timeout=(1, 2))


def fault(sandbox: SandboxServer, kind: str, method: str, **more: Any) -> None:
    rule = {"system": "netsuite", "method": method, "path_regex": "/record/v1/", "kind": kind, "probability": 1.0}
    requests.post(
        f"{sandbox.base_url}/_sandbox/faults", json=[rule | {"times": 1} | more], timeout=5
    ).raise_for_status()


def customer(external_id: str) -> dict[str, Any]:
    return {"externalId": external_id, "companyName": f"Company {external_id}", "subsidiary": {"id": "1"}}


@pytest.mark.parametrize("login", [credentials, token_based])
def test_both_logins_read_and_write(sandbox: SandboxServer, login: Any) -> None:
    """A record that was created is found under its external id and in SuiteQL, with either login."""
    account = NetSuiteAccount(login(sandbox), retry=QUICK)
    reader, writer = NetSuiteReader(account), NetSuiteWriter(account)
    external_id = f"cus_{login.__name__}"
    assert reader.find_by_external_id("customer", external_id) is None
    internal_id = writer.create("customer", customer(external_id))
    assert internal_id == reader.find_by_external_id("customer", external_id)
    assert f"Company {external_id}" == reader.record("customer", internal_id)[0]["companyName"]
    query = "SELECT id, externalid FROM customer WHERE externalid = ? AND id > {after} ORDER BY id"
    rows = [row for page in reader.suiteql_keyset(query, [external_id]) for row in page.rows]
    assert [{"id": internal_id, "externalid": external_id}] == rows


def test_upsert_and_patch_change_one_record(account: NetSuiteAccount) -> None:
    """An upsert repeated changes the same record; a patch changes a field; a missing record is missing."""
    reader, writer = NetSuiteReader(account), NetSuiteWriter(account)
    body = {name: value for name, value in customer("cus_upsert").items() if name != "externalId"}
    writer.upsert("customer", "cus_upsert", body)
    first = reader.find_by_external_id("customer", "cus_upsert")
    writer.upsert("customer", "cus_upsert", body | {"comments": "again"})
    assert first is not None
    assert first == reader.find_by_external_id("customer", "cus_upsert")
    writer.patch("customer", first, {"companyName": "Other"})
    assert reader.record("customer", first)[0]["companyName"] == "Other"
    with pytest.raises(ObjectMissing):
        writer.patch("customer", 999_999, {"companyName": "Nobody"})


@pytest.mark.parametrize(
    ("record_type", "body", "category"),
    [
        ("customer", customer("cus_twice"), "duplicate"),
        ("invoice", {"item": {"items": [{"item": {"id": "1"}, "amount": 1}]}}, "missing_field"),
        ("customer", customer("cus_sub") | {"subsidiary": {"id": "99"}}, "invalid_reference"),
        ("customer", customer("cus_cur") | {"currency": {"id": "99"}}, "currency"),
    ],
)
def test_refusals_are_understood(account: NetSuiteAccount, record_type: str, body: Any, category: str) -> None:
    """What the sandbox refuses in NetSuite's words falls into its category."""
    writer = NetSuiteWriter(account)
    if category == "duplicate":
        writer.create(record_type, body)
    with pytest.raises(Refused) as caught:
        writer.create(record_type, body)
    assert category == caught.value.category


def test_misspelt_field_is_refused(account: NetSuiteAccount) -> None:
    """Our writes ask for names to be checked, so a misspelt field is not dropped silently."""
    with pytest.raises(Refused):
        NetSuiteWriter(account).create("customer", customer("cus_typo") | {"compannyName": "x"})


@pytest.mark.parametrize(("kind", "written"), [("drop_before", False), ("drop_after", True), ("server_error", False)])
def test_unknown_outcome_is_settled_by_looking(
    sandbox: SandboxServer, account: NetSuiteAccount, kind: str, written: bool
) -> None:
    """Whether a lost write happened shows under its external id, and only there."""
    fault(sandbox, kind, "POST")
    with pytest.raises(OutcomeUnknown):
        NetSuiteWriter(account).create("customer", customer(f"cus_{kind}"))
    assert written == (NetSuiteReader(account).find_by_external_id("customer", f"cus_{kind}") is not None)


def test_rate_limited_write_did_nothing(sandbox: SandboxServer, account: NetSuiteAccount) -> None:
    """After a 429 there is no record, so it may be sent again."""
    fault(sandbox, "rate_limit", "POST")
    with pytest.raises(RateLimited):
        NetSuiteWriter(account).create("customer", customer("cus_limited"))
    assert NetSuiteReader(account).find_by_external_id("customer", "cus_limited") is None


def test_reads_survive_faults(sandbox: SandboxServer, account: NetSuiteAccount) -> None:
    """Dropped, refused and failed reads do not reach the caller."""
    for kind in ("drop_before", "drop_after", "rate_limit", "server_error"):
        fault(sandbox, kind, "GET")
        assert NetSuiteReader(account).find_by_external_id("customer", "cus_nobody") is None


def test_wrong_login_is_told(sandbox: SandboxServer) -> None:
    """A wrong client or token ends in AuthenticationError."""
    for wrong in (
        replace(credentials(sandbox), client_id="someone-else"),
        replace(token_based(sandbox), token_secret="wrong"),
    ):
        with pytest.raises(AuthenticationError):
            NetSuiteReader(NetSuiteAccount(wrong, retry=QUICK)).suiteql_page("SELECT id FROM customer")
