"""A company that had history when its books started: money on the Stripe balance, an open invoice, on the whole way."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlalchemy import text

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.console import tables
from o2c_orchestration.console.close import _show
from o2c_orchestration.domain.documents import Command
from o2c_orchestration.domain.months import Month
from o2c_orchestration.preflight.finding import Finding
from o2c_orchestration.preflight.run import preflight
from o2c_orchestration.reconcile import reconcile
from o2c_orchestration.reconcile.close import Close, close_month
from o2c_orchestration.store import planning
from o2c_orchestration.store.gaps import list_gaps
from o2c_orchestration.store.openings import OpeningBalance, opening_balances
from o2c_orchestration_tests.conftest import NewDatabase
from o2c_orchestration_tests.crash.world import World, run, sandbox

ACCOUNT = "Customer Credit Balances"
TODAY = datetime.now(UTC).date()
# Charges are of today; the history is put so many days before the books, which start yesterday.
START, AGES = TODAY - timedelta(days=1), timedelta(days=6)
KINDS = ("customer", "invoice", "charge", "invoice_payment", "refund", "balance_transaction")


@dataclass
class Company:
    """A sandbox with a history, and what is on its Stripe balance at the start of the books (minor units)."""

    world: World
    url: str
    held: int
    opened: dict[str, Any]

    @contextmanager
    def product(self, amount_minor: int | None, mode: str = "sync") -> Iterator[Assembly]:
        """The product with books that start yesterday, and an opening balance of that amount, if any."""
        opening = {} if amount_minor is None else {"usd": {"account": ACCOUNT, "amount_minor": amount_minor}}
        with self.world.product(self.url, mode, {"books": {"start": START, "opening": opening}}) as product:
            yield product

    def stripe(self, method: str, path: str, **params: Any) -> dict[str, Any]:
        """One request to Stripe's API, as whoever bills would make it."""
        headers = {"Authorization": f"Bearer {self.world.config.stripe_secret_key}"}
        given = {"data" if method == "POST" else "params": params}
        answer = requests.request(method, f"{self.world.base_url}/v1/{path}", headers=headers, timeout=30, **given)
        assert answer.ok, answer.text
        return dict(answer.json())

    def invoice(self, customer: str, amount: int, *, pay: bool = True) -> dict[str, Any]:
        """A new invoice in dollars."""
        draft = self.stripe("POST", "invoices", customer=customer, currency="usd", auto_advance="false")
        item = {"customer": customer, "invoice": draft["id"], "amount": amount, "currency": "usd"}
        self.stripe("POST", "invoiceitems", **item, description="Work")
        final = self.stripe("POST", f"invoices/{draft['id']}/finalize")
        return self.pay(final["id"]) if pay else final

    def pay(self, invoice: str) -> dict[str, Any]:
        return self.stripe("POST", f"invoices/{invoice}/pay", payment_method="pm_card_visa")

    def pay_out(self) -> None:
        """Everything on the balance goes to the bank and arrives."""
        self.world.ask("POST", "stripe/payouts", {"pending": True})


OLD = START - timedelta(days=5)
LONG_AGO = "2020-01-01 00:00:00"


def by_hand(company: Company, record_type: str, body: dict[str, Any], *, untouched: bool = True) -> int:
    """A record that whoever kept the books before has entered, not touched for years if so wanted; its internal id."""
    customer = {"externalId": company.opened["customer"], "companyName": "Oldtimer", "currency": {"id": "1"}}
    wanted = [{"recordType": "customer", "body": {**customer, "_key": "c", "subsidiary": {"id": "1"}}}]
    wanted = [] if netsuite(company, "SELECT 1 FROM customer WHERE externalid IS NOT NULL") else wanted
    made = company.world.ask(
        "POST",
        "load",
        {"stripe": [], "netsuite": [*wanted, {"recordType": record_type, "body": {**body, "_key": "r"}}]},
    )
    if untouched:
        netsuite(company, 'UPDATE "transaction" SET lastmodifieddate = ?', LONG_AGO)
    return int(made["netsuite"]["r"])


def book_by_hand(company: Company, invoice: dict[str, Any], *, untouched: bool = True) -> int:
    """The open invoice of before as a NetSuite invoice with its Stripe id; its internal id."""
    line = {"item": {"id": "1"}, "quantity": 1, "rate": invoice["total"] / 100, "amount": invoice["total"] / 100}
    body = {"entity": {"externalId": invoice["customer"]}, "currency": {"id": "1"}, "tranDate": OLD.isoformat()}
    return by_hand(
        company, "invoice", {**body, "externalId": invoice["id"], "item": {"items": [line]}}, untouched=untouched
    )


def netsuite(company: Company, query: str, *values: str) -> list[Any]:
    """A look or a touch behind the sandbox's back."""
    with (
        closing(sqlite3.connect(next(company.world.state.rglob("netsuite*.sqlite")), timeout=30)) as connection,
        connection,
    ):
        return connection.execute(query, values).fetchall()


def finding(product: Assembly) -> Finding:
    [found] = [each for each in preflight(product) if each.what == "books.opening.usd"]
    return found


def written(product: Assembly, document: str) -> list[Command]:
    """Commands of one type that the journal has carried out."""
    found = rows(
        product, f"SELECT command FROM o2c.journal WHERE state = 'done' AND NOT adopted AND document = '{document}'"
    )
    return [planning.command_from(command) for (command,) in found]


def rows(product: Assembly, query: str) -> list[Any]:
    with product.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def everything(company: Company) -> list[dict[str, Any]]:
    found = [each for kind in KINDS for each in company.stripe("GET", f"{kind}s", limit=100)["data"]]
    intents = sorted({str(each["payment"]["payment_intent"]) for each in found if each["object"] == "invoice_payment"})
    return [*found, *(company.stripe("GET", f"payment_intents/{key}") for key in intents)]


def aged(value: Any) -> Any:
    """The same object as of some days before: every moment in it."""
    if isinstance(value, dict):
        return {key: aged(each) for key, each in value.items()}
    if isinstance(value, list):
        return [aged(each) for each in value]
    recent = isinstance(value, int) and not isinstance(value, bool) and value > 1_700_000_000
    return value - int(AGES.total_seconds()) if recent else value


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory, keys: Path) -> list[dict[str, Any]]:
    """Two invoices paid and one refunded in part, one open, nothing paid out: as Stripe tells of it days later."""
    with sandbox(tmp_path_factory.mktemp("before") / "state", keys) as world:
        made = Company(world, "", 0, {})
        customer = made.stripe("POST", "customers", name="Oldtimer", email="o@example.com")["id"]
        made.invoice(customer, 100_00)
        made.invoice(customer, 250_00)
        charge = made.stripe("GET", "charges", limit=1)["data"][0]
        made.stripe("POST", "refunds", charge=charge["id"], amount=50_00)
        made.invoice(customer, 70_00, pay=False)
        return [aged(each) for each in everything(made)]


@pytest.fixture
def company(tmp_path: Path, keys: Path, new_database: NewDatabase, history: list[dict[str, Any]]) -> Iterator[Company]:
    """The company on the day on which it installs this."""
    with new_database() as url, sandbox(tmp_path / "state", keys) as world:
        world.ask("POST", "load", {"stripe": history, "netsuite": []})
        held = sum(each["net"] for each in history if each["object"] == "balance_transaction")
        [opened] = [each for each in history if each["object"] == "invoice" and each["status"] == "open"]
        yield Company(world, url, held, opened)


def gaps(product: Assembly) -> list[tuple[str, int | None]]:
    return sorted((gap.kind, gap.difference_minor) for gap in list_gaps(product.engine))


def go(product: Assembly) -> None:
    run(product, (START, TODAY))


def this_month(product: Assembly) -> Close:
    return close_month(product.engine, product.policy, Month.of(START), datetime.now(UTC))


def unready(product: Assembly) -> list[str]:
    """What of this month's close does not hold, but for days that are not over."""
    close = this_month(product)
    waits = ("the month is over", "every day was read", "NetSuite was read since")
    return [f"{item.what}: {item.detail}" for item in close.items if not item.ok and item.what not in waits]


def test_history_comes_off_the_opening_balance(company: Company) -> None:
    """What was on the balance and a new sale reach the bank in one payout: nothing is on Suspense, nothing is a gap.

    Of the time before the books nothing is written; its open invoice is nobody's business before it is paid.
    """
    with company.product(company.held) as product:
        go(product)
        assert (gaps(product), unready(product)) == ([], [])
        assert company.world.writes() == []
        sale = company.invoice(company.opened["customer"], 300_00)
        company.pay_out()
        go(product)
        assert (gaps(product), unready(product)) == ([], [])
        [found] = opening_balances(product.engine, product.policy)
        assert found == OpeningBalance("main", "usd", company.held, company.held, 0, company.held, company.held)
        with tables.console.capture() as shown:
            _show(this_month(product))
        assert "Opening balances, as they are now" in shown.get()
        assert shown.get().count(f"{company.held / 100:.2f} USD") >= 3
        [deposit] = written(product, "deposit")
        assert [line.amount_minor for line in deposit.lines if line.text == "opening balance"] == [company.held]
        assert {each.stripe_id for each in written(product, "invoice")} == {sale["id"]}
        before = len(company.world.writes())
        go(product)
        assert len(company.world.writes()) == before
        reconcile(product.engine, product.policy, full=True)
        assert gaps(product) == []


def test_the_figure_is_told_before_it_is_declared(company: Company) -> None:
    """In observe mode, with what to write into o2c.yaml, whatever has moved since; once it is there, all is well."""
    company.invoice(company.opened["customer"], 300_00)
    with company.product(None, "observe") as product:
        go(product)
        found = finding(product)
        assert (found.mark, f"Stripe held {company.held / 100:.2f} USD at {START} 00:00 UTC" in found.detail) == (
            "hint",
            True,
        )
        assert f"books.opening.usd: {{account: …, amount_minor: {company.held}}}" in found.to_do
    with company.product(company.held) as product:
        assert finding(product).ok
    with company.product(company.held + 1) as product:
        assert finding(product).mark == "WRONG"
        assert f"correct books.opening.usd.amount_minor in o2c.yaml to {company.held}" in finding(product).to_do


def test_without_a_declaration_each_is_a_gap(company: Company) -> None:
    """As it was: each transaction of before is a residual under its own name."""
    with company.product(None) as product:
        company.pay_out()
        go(product)
        assert [kind for kind, _ in gaps(product)].count("payout_residual") == 3
        assert not [kind for kind, _ in gaps(product) if kind == "opening_mismatch"]


@pytest.mark.parametrize("wrong", [1_00, -1_00])
def test_a_wrong_declaration_is_one_gap_with_the_difference(company: Company, wrong: int) -> None:
    """Before and after the money is paid out; it says what Stripe held, and a declaration that is right closes it."""
    with company.product(company.held + wrong) as product:
        go(product)
        assert gaps(product) == [("opening_mismatch", wrong)]
        [gap] = list_gaps(product.engine)
        assert f"Stripe held {company.held / 100:.2f} USD when the books started" in gap.reason
        assert f"books.opening.usd declares {(company.held + wrong) / 100:.2f} USD" in gap.reason
        assert [each.split(":")[0] for each in unready(product)] == [
            "no open gaps",
            "opening balances are what Stripe held",
        ]
    with company.product(company.held) as product:
        go(product)
        assert gaps(product) == []
    with company.product(company.held + wrong) as product:
        company.pay_out()
        go(product)
        # What is more than declared cannot be taken: it is on Suspense, and says that there.
        assert gaps(product) == [("opening_mismatch", wrong) if wrong > 0 else ("payout_residual", wrong)]
        reconcile(product.engine, product.policy, full=True)
        assert len(gaps(product)) == 1


def test_an_open_invoice_of_before_is_adopted_and_paid(company: Company) -> None:
    """NetSuite has it by its Stripe id, untouched since long before the books: it is found, and not written again."""
    number = book_by_hand(company, company.opened)
    company.pay(company.opened["id"])
    with company.product(company.held) as product:
        company.pay_out()
        go(product)
        assert (gaps(product), unready(product)) == ([], [])
        assert written(product, "invoice") == []
        query = (
            "SELECT id, remaining_minor FROM o2c.netsuite_documents WHERE document = 'invoice' AND deleted_at IS NULL"
        )
        assert rows(product, query) == [(number, 0)]


@pytest.mark.parametrize("declared", [True, False])
def test_an_open_invoice_of_before_that_nobody_booked_is_told(company: Company, declared: bool) -> None:
    """Its payment is a gap that says that the invoice is from before the books, and what to do; then it follows."""
    company.pay(company.opened["id"])
    with company.product(company.held if declared else None) as product:
        go(product)
        [gap] = [each for each in list_gaps(product.engine) if each.kind == "payment_missing"]
        key = company.opened["id"]
        assert (
            f"the invoice {key} that it pays has no NetSuite document: {key} is from before books.start" in gap.reason
        )
        assert f"enter {key} in NetSuite as it was before, with {key} for its external id" in gap.reason
        assert len(gaps(product)) == (1 if declared else 2)
        book_by_hand(company, company.opened, untouched=False)
        go(product)
        assert gaps(product) == []


def test_a_payment_of_before_that_is_booked_is_adopted(company: Company) -> None:
    """It waits in Undeposited Funds: the deposit takes it from there, and it is none of what is to be declared."""
    charge = min(company.stripe("GET", "charges")["data"], key=lambda each: each["amount"])
    fee = company.stripe("GET", f"balance_transactions/{charge['balance_transaction']}")["fee"]
    [invoice] = [each for each in company.stripe("GET", "invoices")["data"] if each["total"] == charge["amount"]]
    apply = {"doc": {"id": str(book_by_hand(company, invoice))}, "apply": True, "amount": 100.0}
    record = {"customer": {"externalId": charge["customer"]}, "payment": 100.0, "externalId": charge["id"]}
    record |= {"currency": {"id": "1"}, "tranDate": OLD.isoformat(), "apply": {"items": [apply]}}
    by_hand(company, "customerPayment", record)
    net = charge["amount"] - fee
    with company.product(company.held - net) as product:
        company.pay_out()
        go(product)
        assert (gaps(product), unready(product)) == ([], [])
        [found] = opening_balances(product.engine, product.policy)
        assert (found.due_minor, found.adopted_minor, found.taken_minor) == (
            company.held - net,
            net,
            company.held - net,
        )
        [deposit] = written(product, "deposit")
        assert [line.amount_minor for line in deposit.lines if line.text == "payments (1)"] == [charge["amount"]]
