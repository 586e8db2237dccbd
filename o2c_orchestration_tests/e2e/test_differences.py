"""A payment that somebody entered a cent off, or less its fee: on the whole way to the bank, by policy or not."""

from pathlib import Path

import pytest

from o2c_orchestration.clients.netsuite import NetSuiteWriter
from o2c_orchestration.domain.months import Month
from o2c_orchestration.preflight.run import preflight
from o2c_orchestration.reconcile.payouts import payout_equation
from o2c_orchestration.store.differences import booked_differences
from o2c_orchestration.store.payout_sums import payouts_created
from o2c_orchestration_tests.conftest import NewDatabase
from o2c_orchestration_tests.crash.world import Policy
from o2c_orchestration_tests.e2e.shop import Shop, open_shop

ACCOUNT = "Realized Gain/Loss"
TOLERANT: Policy = {
    "tolerances": {"account": ACCOUNT, "net_of_fee": True, "monthly_budget_minor": {"usd": 500}},
}


def paid_out(shop: Shop, dollars: str) -> str:
    """A payment of ten dollars that a person entered at another amount, and the payout that brought it; its id."""
    invoice = shop.bill(shop.customer(), 1_000)
    shop.run()
    charge = shop.charge_of(shop.act(invoice, "pay"))
    ledger = shop.company.product.ledger
    customer = ledger.find_by_external_id("customer", invoice["customer"])
    body = {"externalId": charge, "customer": {"id": customer}, "currency": {"id": "1"}, "payment": float(dollars)}
    NetSuiteWriter(shop.company.product.netsuite).create("customerPayment", body)
    shop.pay_out()
    shop.run()
    shop.run()
    return charge


def payout_state(shop: Shop) -> str:
    [found] = payouts_created(shop.company.product.engine, "Suspense")
    return payout_equation(found).state


def test_by_default_the_whole_amount_is_on_suspense(tmp_path: Path, keys: Path, new_database: NewDatabase) -> None:
    """A cent is a document that somebody has to correct."""
    with open_shop(tmp_path, keys, new_database) as shop:
        charge = paid_out(shop, "9.99")
        assert {(kind, key == charge) for kind, key, _ in shop.gaps()} >= {
            ("payment_mismatch", True),
            ("payout_residual", False),
        }
        assert payout_state(shop) == "residuals named"


@pytest.mark.parametrize(("dollars", "code", "minor"), [("9.99", "rounding", 1), ("9.41", "fee", 59)])
def test_with_a_budget_it_is_deposited_with_a_coded_line(
    tmp_path: Path, keys: Path, new_database: NewDatabase, dollars: str, code: str, minor: int
) -> None:
    """The bank has the payout to the cent and nothing is on Suspense; the payment's own gap stays for a person."""
    with open_shop(tmp_path, keys, new_database, TOLERANT) as shop:
        product = shop.company.product
        charge = paid_out(shop, dollars)
        assert [each for each in preflight(product) if each.what == "tolerances.account" and each.ok is False] == []
        gaps = {(kind, key) for kind, key, _ in shop.gaps()}
        assert ("payment_mismatch", charge) in gaps
        assert "payout_residual" not in {kind for kind, _ in gaps}
        assert payout_state(shop) == "closed"
        [booked] = booked_differences(product.engine, ACCOUNT, Month.of(shop.span[0]))
        assert (booked.code, booked.minor, booked.lines) == (code, minor, 1)
        shop.company.world.forget_requests()
        shop.run()
        assert shop.company.world.writes() == []
