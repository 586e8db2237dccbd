"""Charges without an invoice as NetSuite's customer deposits, by policy: from Stripe's API to books that agree."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from o2c_orchestration.clients.netsuite import NetSuiteWriter
from o2c_orchestration.store import journal
from o2c_orchestration.store.clearing import clearing
from o2c_orchestration_tests.conftest import NewDatabase
from o2c_orchestration_tests.crash.world import sandbox
from o2c_orchestration_tests.e2e.conftest import Books, opened
from o2c_orchestration_tests.e2e.shop import Shop, open_shop
from o2c_orchestration_tests.e2e.test_drift import Clerk

POLICY = {"reversals": {"uninvoiced": "deposit"}}
_DEPOSITS = """
SELECT t.id, t.type, t.externalid, t.foreigntotal, t.status FROM transaction t
WHERE t.type IN ('CustDep', 'DepAppl', 'CustPymt') ORDER BY t.id"""
_LIABILITY = """
SELECT l.account AS account, SUM(l.credit) AS credit, SUM(l.debit) AS debit FROM transactionaccountingline l
WHERE l.account IN (2, 3, 18) GROUP BY l.account ORDER BY l.account"""


@pytest.fixture
def shop(tmp_path: Path, keys: Path, new_database: NewDatabase) -> Iterator[Shop]:
    """A company that owes what was paid without an invoice to the customer, of which nothing is sold yet."""
    with open_shop(tmp_path, keys, new_database, POLICY) as found:
        yield found


def kept(shop: Shop) -> list[tuple[str, str | None, float]]:
    rows = shop.company.product.ledger.suiteql(_DEPOSITS)
    return [(row["type"], row.get("externalid"), float(row["foreigntotal"])) for row in rows]


def balances(shop: Shop) -> dict[str, float]:
    """What lies on receivables (2), Undeposited Funds (3) and Customer Deposits (18), debit positive, in dollars."""
    rows = shop.company.product.ledger.suiteql(_LIABILITY)
    found = {row["account"]: float(row.get("debit") or 0) - float(row.get("credit") or 0) for row in rows}
    return {name: round(found.get(name, 0), 2) for name in ("2", "3", "18")}


def lose_an_answer(shop: Shop, record: str) -> None:
    """The next document of this kind is written, and nobody hears of it."""
    shop.company.world.faults(
        {"method": "POST", "path_regex": f"/record/v1/{record}$", "kind": "drop_after", "times": 1}
    )


def settles(shop: Shop) -> None:
    """All is paid out; books agree, also on what waits for a payout, and another run writes nothing."""
    shop.pay_out()
    shop.run()
    shop.agrees()
    assert clearing(shop.company.product.engine, "Suspense").closes
    shop.company.world.forget_requests()
    shop.run()
    assert shop.company.world.writes() == []


def test_a_charge_without_an_invoice_is_a_customer_deposit_where_policy_says_so(shop: Shop) -> None:
    """A liability and no receivable; parts of it go back, a payout takes the money, and nothing is left."""
    customer = shop.customer()
    charge = shop.stripe.charge(1_000, customer=customer)["id"]
    shop.run()
    assert kept(shop) == [("CustDep", charge, 10.0)]
    assert balances(shop) == {"2": 0.0, "3": 10.0, "18": -10.0}
    refunds = [shop.stripe.post("refunds", charge=charge, amount=amount)["id"] for amount in (400, 600)]
    shop.run()
    books = shop.books()
    assert [books[each] for each in refunds] == [
        ("customerRefund", 400, 0, {charge: 400}),
        ("customerRefund", 600, 0, {charge: 600}),
    ]
    assert balances(shop) == {"2": 0.0, "3": 0.0, "18": 0.0}
    settles(shop)


def test_its_payout_takes_the_money_of_a_deposit(shop: Shop) -> None:
    """Beside that of an invoice, out of Undeposited Funds."""
    customer = shop.customer()
    charge = shop.stripe.charge(1_000, customer=customer)["id"]
    shop.act(shop.bill(customer, 500), "pay")
    shop.run()
    settles(shop)
    assert balances(shop) == {"2": 0.0, "3": 0.0, "18": -10.0}
    assert shop.books()[charge] == ("customerPayment", 1_000, 1_000, {})


def test_what_is_paid_back_in_the_run_that_books_it_names_the_deposit(shop: Shop) -> None:
    """Before NetSuite was read again, what was sent says which record it is."""
    charge = shop.stripe.charge(1_000, customer=shop.customer())["id"]
    refund = shop.stripe.post("refunds", charge=charge)["id"]
    shop.run()
    assert [row[:2] for row in kept(shop)] == [("CustDep", charge), ("DepAppl", None)]
    shop.run()
    assert shop.books()[refund][3] == {charge: 1_000}
    settles(shop)


def test_a_deposit_that_a_person_entered_is_taken_for_ours_and_paid_back(shop: Shop) -> None:
    """By its external id: nothing is written beside it, and its refund names it where NetSuite looks for deposits."""
    customer = shop.customer()
    shop.enter_customer(customer)
    charge = shop.stripe.charge(1_000, customer=customer)["id"]
    entity = shop.company.product.ledger.find_by_external_id("customer", customer)
    entered = {"customer": {"id": entity}, "currency": {"id": "1"}, "payment": 10.0, "externalId": charge}
    Clerk(shop.company).enter("customerDeposit", entered)
    shop.run()
    refund = shop.stripe.post("refunds", charge=charge)["id"]
    shop.run()
    assert [row[:2] for row in kept(shop)] == [("CustDep", charge), ("DepAppl", None)]
    assert shop.books()[refund][3] == {charge: 1_000}
    settles(shop)


def test_a_deposit_that_metadata_names_is_adopted(shop: Shop) -> None:
    """As the connector's forerunner left it: without an external id, its own id in the charge's metadata."""
    customer = shop.customer()
    shop.enter_customer(customer)
    charge = shop.stripe.charge(1_000, customer=customer)["id"]
    entity = shop.company.product.ledger.find_by_external_id("customer", customer)
    body = {"customer": {"id": entity}, "currency": {"id": "1"}, "payment": 10.0, "subsidiary": {"id": "1"}}
    deposit = NetSuiteWriter(shop.company.product.netsuite).create("customerDeposit", body)
    shop.stripe.post(f"charges/{charge}", {"metadata[netsuite_customer_deposit_id]": deposit})
    shop.run()
    assert kept(shop) == [("CustDep", None, 10.0)]
    refund = shop.stripe.post("refunds", charge=charge, amount=400)["id"]
    shop.run()
    shop.run()
    assert shop.books()[refund][3] == {charge: 400}
    settles(shop)


def test_a_deposit_whose_answer_was_lost_is_found_again(shop: Shop) -> None:
    """By its key, as the record that it is; and so is its refund, with what NetSuite made of the deposit."""
    charge = shop.stripe.charge(1_000, customer=shop.customer())["id"]
    lose_an_answer(shop, "customerDeposit")
    shop.run()
    refund = shop.stripe.post("refunds", charge=charge)["id"]
    lose_an_answer(shop, "customerRefund")
    shop.run()
    assert {entry.state for entry in journal.entries(shop.company.product.engine, ["done", "refused", "unknown"])} == {
        "done"
    }
    assert [row[:2] for row in kept(shop)] == [("CustDep", charge), ("DepAppl", None)]
    shop.run()
    assert shop.books()[refund][3] == {charge: 1_000}
    settles(shop)


def test_a_dispute_takes_a_deposit_back_and_a_won_one_is_to_the_customers_credit(shop: Shop) -> None:
    """What is paid back of it is NetSuite's own application; what comes back later is a payment like any other."""
    charge = shop.stripe.charge(1_000, customer=shop.customer())["id"]
    shop.run()
    dispute = shop.disputed(charge)
    shop.run()
    assert shop.books()[dispute["id"]][3] == {charge: 1_000}
    body: dict[str, Any] = {"dispute": dispute["id"], "won": True}
    shop.company.world.ask("POST", "stripe/disputes/decide", body)
    shop.run()
    assert shop.books()[f"rp-{dispute['id']}"][:3] == ("customerPayment", 1_000, 1_000)
    settles(shop)


def test_a_deposit_that_a_person_applies_to_an_invoice_is_known_as_applied(shop: Shop) -> None:
    """By a deposit application, which has no key of ours: the invoice is paid by what Stripe knows nothing of."""
    customer = shop.customer()
    charge = shop.stripe.charge(1_000, customer=customer)["id"]
    invoice = shop.bill(customer, 1_000)["id"]
    shop.run()
    clerk = Clerk(shop.company)
    deposit, bill = (clerk.find(*each)["id"] for each in (("customerDeposit", charge), ("invoice", invoice)))
    lines = {"items": [{"doc": {"id": bill}, "apply": True, "amount": 10.0}]}
    NetSuiteWriter(shop.company.product.netsuite).transform(
        "customerDeposit", deposit, "depositApplication", {"apply": lines}
    )
    shop.run()
    shop.run()
    assert shop.books()[charge] == ("customerPayment", 1_000, 0, {invoice: 1_000})
    assert {key for _, key, _ in shop.gaps()} & {charge, invoice}


def test_the_policy_may_change_while_deposits_are_there(tmp_path: Path, keys: Path, new_database: NewDatabase) -> None:
    """What is a deposit is paid back as one, whatever is decided of later charges."""
    with new_database() as url, sandbox(tmp_path / "state", keys) as world:
        with opened(world, Books([]), url, policy=POLICY) as company:
            shop = Shop(company)
            charge = shop.stripe.charge(1_000, customer=shop.customer())["id"]
            shop.run()
        with opened(world, Books([]), url) as company:
            shop = Shop(company)
            later = shop.stripe.charge(300, customer=shop.customer())["id"]
            refunds = [shop.stripe.post("refunds", charge=each)["id"] for each in (charge, later)]
            shop.run()
            assert [row[:2] for row in kept(shop)] == [("CustDep", charge), ("CustPymt", later), ("DepAppl", None)]
            assert [shop.books()[each][3] for each in refunds] == [{charge: 1_000}, {later: 300}]
            settles(shop)
