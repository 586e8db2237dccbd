"""One NetSuite customer for everybody, and for charges of nobody: from Stripe's API to the equations."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from o2c_orchestration.sandbox.company import build
from o2c_orchestration.sandbox.company.currencies import NETSUITE_CURRENCY
from o2c_orchestration.store.agreement import agreement
from o2c_orchestration.store.clearing import clearing
from o2c_orchestration.store.database import raw_cursor
from o2c_orchestration.store.gaps import list_gaps
from o2c_orchestration.store.receivables import receivables
from o2c_orchestration_tests.conftest import NewDatabase
from o2c_orchestration_tests.crash.world import TODAY, Books, run, sandbox
from o2c_orchestration_tests.e2e.conftest import Company, opened

NAME = "Stripe Unallocated Charges"
RESIDUALS = {"payout_residual"}


@contextmanager
def company(tmp_path: Path, keys: Path, new_database: NewDatabase, customers: dict[str, Any]) -> Iterator[Company]:
    """A company without books, in which one charge that pays no invoice has no customer, after one run."""
    stripe = build(7, 60, today=TODAY, days=12).stripe
    nobody_pays(stripe)
    currencies = {"items": [{"currency": {"id": number}} for number in NETSUITE_CURRENCY.values()]}
    body = {"_key": "common", "companyName": NAME, "subsidiary": {"id": "1"}, "currency": {"id": "1"}}
    books = Books(stripe, [{"recordType": "customer", "body": {**body, "currencyList": currencies}}], days=12)
    with new_database() as url, sandbox(tmp_path / "state", keys) as world:
        world.load(books)
        with opened(world, books, url, policy={"customers": customers}) as made:
            run(made.product, books.span)
            yield made


def nobody_pays(stripe: list[dict[str, Any]]) -> None:
    """Take the customer off a charge without an invoice."""
    claimed = {each["payment"].get("payment_intent") for each in stripe if each["object"] == "invoice_payment"}
    for each in stripe:
        if each["object"] == "charge" and each["status"] == "succeeded" and each["payment_intent"] not in claimed:
            each["customer"] = None
            return
    raise AssertionError("the company has no such charge")


def booked(company: Company) -> dict[str, int]:
    """Under which NetSuite customer each document of Stripe's stands."""
    with raw_cursor(company.product.engine) as cursor:
        cursor.execute(
            "SELECT stripe_ref, entity_id FROM o2c.netsuite_documents WHERE stripe_ref IS NOT NULL "
            "AND document IN ('invoice', 'customerPayment', 'creditMemo', 'customerRefund')"
        )
        return {str(row[0]): int(row[1]) for row in cursor.fetchall()}


def assert_closed(company: Company) -> None:
    """Nothing differs but what no document can explain, and every equation closes."""
    engine, customers = company.product.engine, company.product.policy.customers
    assert {gap.kind for gap in list_gaps(engine)} <= RESIDUALS
    assert [tie for tie in agreement(engine) if tie.residual_minor] == []
    assert clearing(engine, "Suspense").closes
    totals, owing = receivables(engine, write_off=True, customers=customers)
    assert totals
    assert [each for each in totals if each.residual_minor] + [each for each in owing if each.unexplained] == []


def test_in_mode_global_all_documents_are_on_one_customer(tmp_path: Path, keys: Path, new_database: NewDatabase):
    """No customer is made, whatever documents there are; receivables are those of the one customer."""
    with company(tmp_path, keys, new_database, {"mode": "global", "global": NAME}) as made:
        found = booked(made)
        assert {key.split("_")[0] for key in found} >= {"in", "ch", "re", "cn", "cm-in", "dp"}
        assert set(found.values()) == {int(made.books.keys["common"])}
        with raw_cursor(made.product.engine) as cursor:
            cursor.execute("SELECT count(*) FROM o2c.netsuite_customers")
            assert (cursor.fetchone() or (0,))[0] == 1
        assert_closed(made)
        totals, _ = receivables(made.product.engine, write_off=True, customers=made.product.policy.customers)
        assert {each.customers for each in totals} == {1}
        made.run()
        assert made.world.writes() == []


def test_a_charge_without_a_customer_goes_to_the_common_one(tmp_path: Path, keys: Path, new_database: NewDatabase):
    """In mode each as well, if one is named; everybody else has a customer of his own."""
    with company(tmp_path, keys, new_database, {"global": NAME}) as made:
        [charge] = [
            each["id"] for each in made.books.of("charge") if each["customer"] is None and each["status"] == "succeeded"
        ]
        common, found = int(made.books.keys["common"]), booked(made)
        assert found[charge] == common
        refunds = {each["id"] for each in made.books.of("refund") if each["charge"] == charge}
        assert {key for key, entity in found.items() if entity == common} == {charge, *refunds}
        assert_closed(made)
