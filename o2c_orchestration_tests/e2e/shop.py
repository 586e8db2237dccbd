"""A company that sells in Stripe through its API, of which nothing is sold yet, and a look at its books."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from o2c_orchestration.clients.netsuite import NetSuiteWriter
from o2c_orchestration.domain.months import Month
from o2c_orchestration.reconcile.close import Item, close_month
from o2c_orchestration.sandbox.netsuite.chart import ACCOUNT_CUSTOMER_CREDIT
from o2c_orchestration.store import gaps
from o2c_orchestration.store.agreement import agreement
from o2c_orchestration.store.customer_credits import credits_of_customers
from o2c_orchestration.store.database import raw_cursor
from o2c_orchestration.store.receivables import receivables
from o2c_orchestration_tests.conftest import NewDatabase
from o2c_orchestration_tests.contract.sandbox_stripe_account import Account
from o2c_orchestration_tests.crash import world as stages
from o2c_orchestration_tests.crash.world import Policy, sandbox
from o2c_orchestration_tests.e2e.conftest import Books, Company, opened

Wire = dict[str, Any]

_BOOKED = """
SELECT d.stripe_ref, d.document, d.total_minor, d.remaining_minor,
       (SELECT json_object_agg(o.stripe_ref, a.amount_minor) FROM o2c.netsuite_applications a
        JOIN o2c.netsuite_documents o ON o.id = a.invoice_id AND o.stripe_ref IS NOT NULL WHERE a.payment_id = d.id)
FROM o2c.netsuite_documents d WHERE d.stripe_ref IS NOT NULL AND d.deleted_at IS NULL"""
_LIABILITY = f"""
SELECT c.externalid AS customer, SUM(l.credit) AS credit, SUM(l.debit) AS debit
FROM transactionaccountingline l JOIN transaction t ON t.id = l.transaction JOIN customer c ON c.id = t.entity
WHERE l.account = {ACCOUNT_CUSTOMER_CREDIT} GROUP BY c.externalid ORDER BY c.externalid"""


class Shop:
    """A company that sells in Stripe; `given` is what each customer was given by hand (below zero: a credit)."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.stripe = Account(company.world.base_url)
        self.given: dict[str, int] = {}
        today = datetime.now(UTC).date()
        self.span = today - timedelta(days=1), today + timedelta(days=1)

    def customer(self, given: int = 0) -> str:
        """A new customer; `given` as Stripe counts it."""
        customer: str = self.stripe.post("customers", name="Ada")["id"]
        self.given[customer] = given
        if given:
            self.stripe.post(f"customers/{customer}/balance_transactions", amount=given, currency="usd")
        return customer

    def bill(self, customer: str, *amounts: int) -> Wire:
        return dict(self.stripe.invoice(*amounts, customer=customer))

    def act(self, invoice: Wire, verb: str, **fields: Any) -> Wire:
        answer = dict(self.stripe.post(f"invoices/{invoice['id']}/{verb}", **fields))
        assert "error" not in answer, answer
        return answer

    def charge_of(self, invoice: Wire) -> str:
        """The charge that paid it."""
        [paid] = self.stripe.get("invoice_payments", invoice=invoice["id"])["data"]
        return str(self.stripe.get(f"payment_intents/{paid['payment']['payment_intent']}")["latest_charge"])

    def disputed(self, charge: str) -> Wire:
        """A dispute that takes all of a charge's money."""
        return dict(self.company.world.ask("POST", "stripe/disputes", {"charge": charge, "inquiry": False}))

    def pay_out(self) -> None:
        """All that is on the balance goes to the bank."""
        self.company.world.ask("POST", "stripe/payouts", {"pending": True})

    def run(self) -> None:
        """All stages."""
        stages.run(self.company.product, self.span)

    def enter_customer(self, customer: str) -> None:
        """What a person enters in NetSuite."""
        currencies = {"items": [{"currency": {"id": "1"}}]}
        body = {"externalId": customer, "companyName": "Ada", "subsidiary": {"id": "1"}, "currencyList": currencies}
        NetSuiteWriter(self.company.product.netsuite).create("customer", body)

    def enter(self, record: str, customer: str, *, item: str, amount: int, **fields: Any) -> str:
        """A document of one line that a person enters in NetSuite, in dollars; its id."""
        entity = self.company.product.ledger.find_by_external_id("customer", customer)
        line = {"items": [{"item": {"id": item}, "quantity": 1, "amount": amount}]}
        head = {"entity": {"id": entity}, "currency": {"id": "1"}, "subsidiary": {"id": "1"}, "item": line}
        return NetSuiteWriter(self.company.product.netsuite).create(record, {**head, **fields})

    def change(self, record: str, internal_id: str, **fields: Any) -> None:
        """What a person changes in NetSuite."""
        NetSuiteWriter(self.company.product.netsuite).patch(record, internal_id, fields)

    def books(self) -> dict[str, tuple[Any, ...]]:
        """Key → document, total, what is left of it, and what it is applied to, in minor units."""
        with raw_cursor(self.company.product.engine) as cursor:
            cursor.execute(_BOOKED)
            return {row[0]: (*row[1:4], row[4] or {}) for row in cursor.fetchall()}

    def liability(self) -> dict[str, int]:
        """Customer → minor units that NetSuite's ledger holds to his credit."""
        rows = self.company.product.ledger.suiteql(_LIABILITY)
        return {row["customer"]: _cents(row.get("credit")) - _cents(row.get("debit")) for row in rows}

    def owed(self) -> dict[str, int]:
        """Customer → minor units that Stripe holds to his credit, less what was given by hand."""
        balances = {customer: self.stripe.get(f"customers/{customer}")["balance"] for customer in self.given}
        return {customer: self.given[customer] - balance for customer, balance in balances.items()}

    def gaps(self) -> list[tuple[str, str | None, str]]:
        return [(gap.kind, gap.stripe_id, gap.reason) for gap in gaps.list_gaps(self.company.product.engine)]

    def agrees(self) -> None:
        """Nothing is open, every customer's balance is on the liability account, and receivables agree."""
        assert self.gaps() == []
        held = self.liability()
        assert {customer: held.get(customer, 0) for customer in self.given} == self.owed()
        totals, differing = receivables(self.company.product.engine, write_off=True)
        assert (differing, [each.residual_minor for each in totals if each.residual_minor]) == ([], [])
        assert [each for each in agreement(self.company.product.engine) if each.residual_minor] == []
        self.closes()

    def judged(self) -> Item:
        """What closing this month says of customers' balances."""
        now = datetime.now(UTC)
        found = close_month(self.company.product.engine, self.company.product.policy, Month.of(now.date()), now)
        return next(item for item in found.items if item.what == "customer balances agree")

    def closes(self) -> None:
        """The equation of what is to customers' credit: all of it is in documents, or was given by hand."""
        found = credits_of_customers(self.company.product.engine)
        assert [each for each in found if each.residual_minor or each.explained_minor] == []
        assert {each.customer: -each.by_hand_minor for each in found if each.by_hand_minor} == {
            customer: given for customer, given in self.given.items() if given
        }


def _cents(amount: Any) -> int:
    return round(100 * float(amount or 0))


@contextmanager
def open_shop(folder: Path, keys: Path, new_database: NewDatabase, policy: Policy | None = None) -> Iterator[Shop]:
    """A company of which nothing is sold yet; `policy` is laid over that of the tests."""
    with (
        new_database() as url,
        sandbox(folder / "state", keys) as world,
        opened(world, Books([]), url, policy=policy) as company,
    ):
        yield Shop(company)
