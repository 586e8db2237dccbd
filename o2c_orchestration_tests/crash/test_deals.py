"""SIGKILL at the journal's edges while a deal becomes an order, a subscription, an invoice: each is there once.

A new process is killed again at the same edge, so that every document of the deals comes to it in turn.
"""

import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import requests

from o2c_orchestration.store import gaps, journal
from o2c_orchestration_tests.conftest import NewDatabase
from o2c_orchestration_tests.crash.worker import Child, Death, write_deals
from o2c_orchestration_tests.e2e.cli_fixtures import World, sandbox, today
from o2c_orchestration_tests.e2e.seller import Seller
from o2c_orchestration_tests.e2e.test_deals import POLICY, go, listed, orders, price, product

QUICK = {"resolve_after_seconds": 0.1, "lease_seconds": 5, "certain_after_seconds": 0.3}
# Two customers' records, two orders, a schedule, and an invoice in three steps.
DOCUMENTS = 8


@pytest.fixture
def world(tmp_path: Path, new_database: NewDatabase) -> Iterator[World]:
    """Two won deals of one new customer: one for a subscription that begins later, one for an invoice."""
    with new_database() as url, sandbox(tmp_path, url) as made:
        seller = Seller(made.base_url, made.config)
        account = seller.account("Acme Inc")
        monthly = seller.product("SEAT", 50, price=price(made, 5000, "month"))
        once = seller.product("SETUP", 300, price=price(made, 30000))
        for entry, amount, billing in ((monthly, 50, "Monthly"), (once, 300, "One-off")):
            deal = seller.deal(account, today().isoformat(), O2C_Term_Months__c=12)
            seller.line(deal, entry, 1, amount, O2C_Billing__c=billing)
        yield made


def kill_at(world: World, edge: str, *, keys_last: bool) -> int:
    """Kill one process after the other at this edge until one comes through; how many were killed."""
    environment = world.environment(**POLICY, apply=QUICK)
    for killed in range(3 * DOCUMENTS):
        child = Child(write_deals, environment, Death(edge))
        code = child.wait()
        if code == 0:
            return killed
        assert code == -signal.SIGKILL, child.log.read_text()
        if not keys_last:
            forget_keys(world)
    raise AssertionError(f"no process comes past {edge}")


def forget_keys(world: World) -> None:
    """Stripe does after a day."""
    with closing(sqlite3.connect(world.home / "sandbox" / "stripe.sqlite", timeout=10)) as connection, connection:
        connection.execute("DELETE FROM idempotency")


@pytest.mark.parametrize(
    ("edge", "keys_last"),
    [("after_response", False), ("after_record_done", True)],
)
def test_every_document_of_a_deal_survives_a_kill(world: World, edge: str, keys_last: bool) -> None:
    """Killed with each document's answer in hand, unread by anybody, even if Stripe has forgotten the request."""
    assert kill_at(world, edge, keys_last=keys_last) == DOCUMENTS
    with product(world, apply=QUICK) as made:
        go(made)
        go(made)
        assert journal.counts(made.engine) == {"done": DOCUMENTS}
        assert gaps.list_gaps(made.engine) == []
    mine = [each for each in listed(world, "invoices") if each["metadata"]]
    assert [(each["status"], each["total"], len(each["lines"]["data"])) for each in mine] == [("open", 30000, 1)]
    assert (len(listed(world, "customers")), len(listed(world, "subscription_schedules"))) == (1, 1)
    assert len(orders(world)) == 2
    records = requests.get(f"{world.base_url}/_sandbox/netsuite/records", timeout=10).json()
    assert len(records["customers"]) == 1


def test_a_kill_before_the_request_leaves_nothing_behind_and_loses_nothing(world: World) -> None:
    """The journal says that it may have left; it is looked up, and then made."""
    environment = world.environment(**POLICY, apply=QUICK)
    for _ in range(2):
        assert Child(write_deals, environment, Death("before_request")).wait() == -signal.SIGKILL
        assert listed(world, "customers") == []
    Child(write_deals, environment).finish()
    assert (len(listed(world, "customers")), len(listed(world, "subscription_schedules"))) == (1, 1)
    assert len(orders(world)) == 2
