"""A company that had history when its books started: money on the Stripe balance, an open invoice, on the whole way."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.domain.months import Month
from o2c_orchestration.preflight.run import preflight
from o2c_orchestration.reconcile.close import close_month
from o2c_orchestration.store.gaps import list_gaps
from o2c_orchestration.store.openings import opening_balances
from o2c_orchestration_tests.conftest import NewDatabase
from o2c_orchestration_tests.crash.world import World, run, sandbox

ACCOUNT = "Customer Credit Balances"
TODAY = datetime.now(UTC).date()
# Charges are of today; the history is put so many days before the books, which start yesterday.
START, AGES = TODAY - timedelta(days=1), timedelta(days=6)
KINDS = ("customer", "invoice", "charge", "invoice_payment", "refund", "balance_transaction", "payout")


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


def everything(company: Company) -> list[dict[str, Any]]:
    return [each for kind in KINDS for each in company.stripe("GET", f"{kind}s", limit=100)["data"]]


def aged(value: Any) -> Any:
    """The same object as of some days before: every moment in it."""
    if isinstance(value, dict):
        return {key: aged(each) for key, each in value.items()}
    if isinstance(value, list):
        return [aged(each) for each in value]
    recent = isinstance(value, int) and not isinstance(value, bool) and value > 1_700_000_000
    return value - int(AGES.total_seconds()) if recent else value


@pytest.fixture
def company(tmp_path: Path, keys: Path, new_database: NewDatabase) -> Iterator[Company]:
    """Two invoices paid and one refunded in part before the books, one still open; nothing paid out yet."""
    with new_database() as url, sandbox(tmp_path / "state", keys) as world:
        made = Company(world, url, 0, {})
        customer = made.stripe("POST", "customers", name="Oldtimer", email="o@example.com")["id"]
        made.invoice(customer, 100_00)
        paid = made.invoice(customer, 250_00)
        charge = made.stripe("GET", "charges", limit=1)["data"][0]
        made.stripe("POST", "refunds", charge=charge["id"], amount=50_00)
        made.opened = made.invoice(customer, 70_00, pay=False)
        assert paid["status"] == "paid"
        world.ask("POST", "load", {"stripe": [aged(each) for each in everything(made)], "netsuite": []})
        movements = made.stripe("GET", "balance_transactions", limit=100)["data"]
        made.held = sum(each["net"] for each in movements)
        yield made


def gaps(product: Assembly) -> list[tuple[str, int | None]]:
    return sorted((gap.kind, gap.difference_minor) for gap in list_gaps(product.engine))


def go(product: Assembly) -> None:
    run(product, (START, TODAY))


def unready(product: Assembly) -> list[str]:
    """What of this month's close does not hold, but for days that are not over."""
    close = close_month(product.engine, product.policy, Month.of(START), datetime.now(UTC))
    waits = ("the month is over", "every day was read", "NetSuite was read since")
    return [f"{item.what}: {item.detail}" for item in close.items if not item.ok and item.what not in waits]


def test_explore(company):
    with company.product(company.held) as product:
        go(product)
        print(opening_balances(product.engine, product.policy), company.held)
        print(gaps(product), unready(product))
        company.invoice(company.stripe("GET","customers")["data"][0]["id"], 300_00)
        company.pay_out()
        go(product)
        print(opening_balances(product.engine, product.policy), company.held)
        print(gaps(product), unready(product))
        for g in list_gaps(product.engine): print(g.kind, g.stripe_id, g.reason)
        for f in preflight(product): print(f)
    assert 0
