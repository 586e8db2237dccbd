"""Deals over a bad network: whatever answer is lost, there is one customer, one order, one subscription or invoice."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
import requests

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.store import gaps, journal
from o2c_orchestration_tests.e2e.cli_fixtures import World, today
from o2c_orchestration_tests.e2e.seller import Seller
from o2c_orchestration_tests.e2e.test_deals import go, listed, orders, price, product

QUICK = {"resolve_after_seconds": 0.1, "lease_seconds": 5, "certain_after_seconds": 0.3}


@pytest.fixture
def made(world: World, seller: Seller) -> Iterator[Assembly]:
    """The product over two won deals: one for a subscription, one for an invoice."""
    account = seller.account("Acme Inc")
    monthly = seller.product("SEAT", 50, price=price(world, 5000, "month"))
    once = seller.product("SETUP", 300, price=price(world, 30000))
    for entry, amount, billing in ((monthly, 50, "Monthly"), (once, 300, "One-off")):
        deal = seller.deal(account, today().isoformat(), O2C_Term_Months__c=12)
        seller.line(deal, entry, 1, amount, O2C_Billing__c=billing)
    with product(world, apply=QUICK) as found:
        yield found


def faults(world: World, *rules: dict[str, Any]) -> None:
    answer = requests.post(f"{world.base_url}/_sandbox/faults", json=list(rules), timeout=10)
    assert answer.ok, answer.text


def settle(world: World, made: Assembly) -> None:
    """Runs until nothing is open, a bounded number of times; then what the three systems hold."""
    for _ in range(4):
        go(made)
    assert journal.counts(made.engine).keys() == {"done"}
    assert gaps.list_gaps(made.engine) == []
    # The deal that is due today is billed by its own invoice, the other one's is a draft of the subscription's.
    mine = [each for each in listed(world, "invoices") if each["metadata"]]
    assert [(each["status"], each["total"]) for each in mine] == [("open", 30000)]
    assert (len(listed(world, "customers")), len(listed(world, "subscription_schedules"))) == (1, 1)
    assert len(orders(world)) == 2


@pytest.mark.parametrize("kind", ["drop_after", "drop_before", "server_error", "rate_limit"])
def test_every_lost_answer_of_stripes_is_looked_up(world: World, made: Assembly, kind: str) -> None:
    """Each of its POSTs loses its first answer, whether or not it was carried out."""
    paths = ("/v1/customers", "/v1/subscription_schedules", "/v1/invoices", "/add_lines", "/finalize")
    rule = {"system": "stripe", "method": "POST", "kind": kind, "times": 1}
    faults(world, *({**rule, "path_regex": f"{path}$"} for path in paths))
    settle(world, made)


def test_metadata_finds_what_stripe_has_forgotten_the_key_of(world: World, made: Assembly) -> None:
    """A day later keys are gone: only the look-up keeps a second subscription from being made."""
    rule = {"system": "stripe", "method": "POST", "kind": "drop_after", "times": 1}
    faults(world, {**rule, "path_regex": "/v1/subscription_schedules$"}, {**rule, "path_regex": "/v1/invoices$"})
    with product(world, apply={**QUICK, "certain_after_seconds": 600, "patience_seconds": 0}) as patient:
        go(patient)
    with closing(sqlite3.connect(world.home / "sandbox" / "stripe.sqlite", timeout=10)) as connection, connection:
        assert connection.execute("DELETE FROM idempotency").rowcount
    settle(world, made)


def test_a_draft_that_salesforce_names_is_gone_on_with(world: World, made: Assembly, seller: Seller) -> None:
    """Its lines wait for the outcome of a lost request, and what we told of the draft comes back meanwhile."""
    rule = {"system": "stripe", "method": "POST", "kind": "drop_before", "times": 1}
    faults(world, {**rule, "path_regex": "/add_lines$"})
    with product(world, apply={**QUICK, "certain_after_seconds": 600, "patience_seconds": 0}) as patient:
        go(patient)
        go(patient)
    told = seller.query("SELECT Stripe_Billing_Id__c FROM Opportunity")
    assert {each["id"] for each in listed(world, "invoices") if each["status"] == "draft"} & {
        each["Stripe_Billing_Id__c"] for each in told
    }
    settle(world, made)


def test_salesforce_that_is_down_or_locked_is_told_later(world: World, made: Assembly) -> None:
    """A 503 ends no run's other work; a locked row is written in a later one."""
    faults(world, {"system": "salesforce", "method": "PATCH", "kind": "server_error", "times": 2})
    settle(world, made)


def test_a_session_that_expires_is_renewed(world: World, made: Assembly) -> None:
    """In the middle of everything, with no harm."""
    go(made)
    requests.post(f"{world.base_url}/_sandbox/salesforce/sessions/expire", timeout=10)
    settle(world, made)
