"""An invoice that was paid by bank, on the whole way: a gap for a person, or a payment on the account of policy."""

from typing import Any

import pytest
import requests

from o2c_orchestration.store import gaps
from o2c_orchestration.store.agreement import agreement
from o2c_orchestration.store.clearing import clearing
from o2c_orchestration.store.receivables import receivables
from o2c_orchestration_tests.crash.world import open_gaps
from o2c_orchestration_tests.e2e.conftest import Company, opened
from o2c_orchestration_tests.e2e.test_drift import Clerk, an_open_invoice

BANK: dict[str, dict[str, Any]] = {"off_stripe": {"account": "Checking"}}


def pay(company: Company, invoice: dict[str, Any]) -> None:
    """Somebody notes in Stripe that the money came by bank."""
    url = f"{company.world.base_url}/v1/invoices/{invoice['id']}/pay"
    headers = {"Authorization": f"Bearer {company.world.config.stripe_secret_key}"}
    requests.post(url, data={"paid_out_of_band": "true"}, headers=headers, timeout=30).raise_for_status()


@pytest.fixture
def paid(synced: Company) -> dict[str, Any]:
    """An invoice that stood open in both, and is paid outside Stripe by now."""
    invoice = an_open_invoice(synced)
    pay(synced, invoice)
    return invoice


def closes(company: Company) -> bool:
    engine = company.product.engine
    totals, owing = receivables(engine, write_off=True)
    ties = [*agreement(engine), *totals]
    unexplained = [each for each in owing if each.unexplained]
    return not unexplained and not any(each.residual_minor for each in ties) and clearing(engine, "Suspense").closes


def test_by_default_it_is_a_gap_with_what_to_do(synced: Company, paid: dict[str, Any]) -> None:
    """Nothing is written; the gap names the amount and both ways out, and explains the open receivable."""
    synced.run()
    assert synced.world.writes() == []
    assert open_gaps(synced.product) == {("payment_missing", paid["id"])}
    (gap,) = gaps.list_gaps(synced.product.engine)
    assert (gap.expected_minor, gap.actual_minor) == (paid["total"], 0)
    assert "was paid outside Stripe" in gap.reason
    assert "off_stripe.account" in gap.reason
    assert closes(synced)


def test_a_person_who_enters_it_with_the_invoices_id_closes_the_gap(synced: Company, paid: dict[str, Any]) -> None:
    """A payment whose memo names the invoice is the one that was missing."""
    clerk = Clerk(synced)
    document = clerk.find("invoice", paid["id"])
    amount = document["amountRemaining"]
    clerk.enter(
        "customerPayment",
        {
            "customer": {"id": document["entity"]["id"]},
            "payment": amount,
            "account": {"id": "1"},
            "autoApply": False,
            "memo": f"Wire transfer for {paid['id']}",
            "apply": {"items": [{"doc": {"id": document["id"]}, "apply": True, "amount": amount}]},
        },
    )
    synced.run()
    assert open_gaps(synced.product) == set()
    assert closes(synced)


def test_with_an_account_it_is_a_payment_there(synced: Company, paid: dict[str, Any]) -> None:
    """On the bank account, applied to the invoice, once; every equation closes."""
    with opened(synced.world, synced.books, synced.database_url, policy=BANK) as company:
        company.run()
        assert open_gaps(company.product) == set()
        clerk = Clerk(company)
        document = clerk.find("customerPayment", f"op-{paid['id']}")
        assert document["account"]["refName"].endswith("Checking")
        assert (document["unapplied"], document["memo"]) == (0, f"Stripe: {paid['id']}")
        assert clerk.find("invoice", paid["id"])["amountRemaining"] == 0
        assert closes(company)
        company.run()
        assert company.world.writes() == []
        assert open_gaps(company.product) == set()


def test_stripe_is_asked_once(synced: Company, paid: dict[str, Any]) -> None:
    """Only of the invoice that its payments do not explain, and not again while nothing changes."""

    def asked() -> list[str]:
        seen = synced.world.requests("stripe", "GET")
        paths = [each["path"] for each in seen if each["path"].startswith("/v1/invoices/in_")]
        return [path for path in paths if not path.endswith("/lines")]

    synced.run()
    assert asked() == [f"/v1/invoices/{paid['id']}"]
    synced.run()
    assert asked() == []
