"""Promises of merged customers under the sandbox's NetSuite: one is gone from everywhere, the other has all he had."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from o2c_orchestration_tests.contract.sandbox_netsuite_account import Account, error_of, running_account


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    folder: Path = tmp_path_factory.mktemp("netsuite")
    with running_account(folder) as account:
        yield account


def test_the_duplicate_is_gone_by_both_his_ids(account: Account) -> None:
    """404 by internal and by external id, no row in SuiteQL; a document that names him is refused."""
    kept, gone = account.customer(externalId="cus_kept"), account.customer(externalId="cus_gone", companyName="Acme 2")
    account.control("merge", {"master": kept, "duplicate": gone})
    for key in (gone, "eid:cus_gone"):
        answer = account.call("GET", f"customer/{key}")
        assert (answer.status_code, error_of(answer)["o:errorCode"]) == (404, "NONEXISTENT_ID")
    query = f"SELECT c.id, c.externalid FROM customer c WHERE c.id IN ({kept}, {gone}) ORDER BY c.id"
    assert account.sql(query) == [{"id": kept, "externalid": "cus_kept"}]
    named = {"entity": {"id": gone}, "item": {"items": [{"item": {"id": "1"}, "amount": 5}]}}
    assert account.refused("POST", "invoice", named)["o:errorPath"] == "entity"


def test_his_transactions_are_the_others_and_count_as_modified(account: Account) -> None:
    """In records and in SuiteQL, what they settle included; amounts and days stay."""
    kept, gone = account.customer(), account.customer(companyName="Acme 2")
    invoice = account.invoice(gone, 100)
    payment = account.payment(gone, 40, {invoice: 40})
    before = account.get(f"invoice/{invoice}")
    assert account.control("merge", {"master": kept, "duplicate": gone}) == {"id": kept, "moved": 2}
    after = account.get(f"invoice/{invoice}")
    changed = {name for name in before if before[name] != after[name]}
    assert (after["entity"]["id"], changed <= {"entity", "lastModifiedDate", "links"}) == (kept, True)
    assert account.get(f"customerPayment/{payment}")["customer"]["id"] == kept
    rows = account.sql(f"SELECT t.id, t.entity FROM transaction t WHERE t.id IN ({invoice}, {payment}) ORDER BY t.id")
    assert rows == [{"id": each, "entity": kept} for each in (invoice, payment)]
    assert after["lastModifiedDate"] >= before["lastModifiedDate"]
    account.payment(kept, 60, {invoice: 60})
    assert account.get(f"invoice/{invoice}")["amountRemaining"] == 0


def test_nobody_is_merged_into_himself(account: Account) -> None:
    """Nor into somebody who is not there."""
    one = account.customer()
    for told in ({"master": one, "duplicate": one}, {"master": one, "duplicate": "99999"}):
        answer = account.session.post(f"{account.base_url}/_sandbox/netsuite/merge", json=told, timeout=10)
        assert answer.status_code == 400
    assert account.get(f"customer/{one}")["companyName"] == "Acme"
