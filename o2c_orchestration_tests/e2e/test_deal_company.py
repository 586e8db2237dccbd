"""The demo company's deals: every sound one is written, every planted mistake is one gap, nothing else is."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.domain.read_rows import READ_ROWS
from o2c_orchestration.sandbox.company import sell
from o2c_orchestration.sandbox.company.deal_aftermath import befall
from o2c_orchestration.sandbox.company.deals import Deals
from o2c_orchestration.store import gaps, journal
from o2c_orchestration.store.deal_gaps import LEGS
from o2c_orchestration.store.matches import Decision, decide
from o2c_orchestration.validate import drift
from o2c_orchestration_tests.conftest import NewDatabase
from o2c_orchestration_tests.e2e.cli_fixtures import CommandLine, World, company, sandbox, today
from o2c_orchestration_tests.e2e.seller import Seller
from o2c_orchestration_tests.e2e.test_deals import go, listed, orders, product

POLICY: dict[str, Any] = {
    "deals": {"recurring": "subscription", "one_off": "invoice", "price_differs": "inline", "fractions": "one"}
}


@pytest.fixture(scope="module")
def sold() -> Deals:
    return sell(company(), today=today(), days=4)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, new_database: NewDatabase, sold: Deals) -> Iterator[World]:
    with new_database() as url, sandbox(tmp_path_factory.mktemp("deals"), url) as made:
        systems = {"stripe": sold.stripe_objects(company()), "netsuite": sold.netsuite, "salesforce": sold.salesforce}
        answer = requests.post(f"{made.base_url}/_sandbox/load", json=systems, timeout=60)
        assert answer.ok, answer.text
        yield made


@pytest.fixture(scope="module")
def made(world: World, sold: Deals) -> Iterator[Assembly]:
    """The product after it was told which accounts are which customers, and again over all deals."""
    with product(world, **POLICY) as found:
        go(found)
        for account, customer in sold.matches.items():
            assert decide(found.engine, Decision(account, customer, None, "confirmed", "the truth", "test"))
        go(found)
        yield found


def test_every_mistake_is_one_gap_and_nothing_else(made: Assembly, sold: Deals) -> None:
    """Precision and recall 1.0."""
    found = [gap for gap in gaps.list_gaps(made.engine) if gap.leg in LEGS]
    assert {gap.kind for gap in found} == {"sync_failed"}
    assert sorted(gap.salesforce_id or "" for gap in found) == sorted(each["opportunity"] for each in sold.truth)


def test_every_sound_deal_is_written_once(world: World, made: Assembly, sold: Deals) -> None:
    """An order to the cent, and one thing that bills it."""
    won = {each["opportunity"]: each["total_minor"] for each in sold.won}
    assert {order["externalId"]: order["total"] for order in orders(world)} == won
    billed = [*listed(world, "subscription_schedules?limit=100"), *listed(world, "invoices?limit=100")]
    named = [each["metadata"].get("salesforce_opportunity_id") for each in billed]
    assert sorted(key for key in named if key) == sorted(won)
    assert journal.counts(made.engine).keys() == {"done"}


def test_only_the_planted_value_is_drift(made: Assembly) -> None:
    """All that NetSuite and Salesforce gave looks as it is declared, but for a way of billing that nobody knows."""
    found = [each for kind in READ_ROWS for each in drift.look(made.engine, kind)]
    assert {each.key for each in found} == {"salesforce_opportunitylineitem.O2C_Billing__c=Quarterly"}
    seen = {kind for kind in READ_ROWS if drift.store.catalogue(made.engine, kind, drift.version_of(kind)).objects}
    assert seen >= {"netsuite_order", "netsuite_customer", "netsuite_reference", "salesforce_opportunity"}


def test_a_person_ends_the_warning(world: World, made: Assembly) -> None:
    """The command lists what all three systems give, and takes a reason."""
    (key,) = [each.key for each in drift.report(made.engine, drift.KINDS) if each.object in READ_ROWS]
    o2c = CommandLine(world.home)
    listed = o2c("drift", "--json", **world.environment())
    assert (listed.code, key in listed.out) == (1, True)
    assert o2c("drift", "accept", key, "--reason", "sold by hand", **world.environment()).code == 0
    assert key not in o2c("drift", "--json", **world.environment()).out


def test_what_happens_afterwards_is_told_and_nothing_else(world: World, made: Assembly, sold: Deals) -> None:
    """Names, stages, quantities and deletions after the first run: precision and recall 1.0 once more."""
    before = {(gap.leg, gap.kind, gap.salesforce_id) for gap in gaps.list_gaps(made.engine) if gap.leg in LEGS}
    seller, after = Seller(world.base_url, world.config), befall(sold)
    for change in after.changes:
        if change["fields"] is None:
            seller.delete(change["object"], change["id"])
        else:
            seller.change(change["object"], change["id"], **change["fields"])
    written = world.record_writes()
    go(made)
    found = {(gap.leg, gap.kind, gap.salesforce_id) for gap in gaps.list_gaps(made.engine) if gap.leg in LEGS}
    assert found - before == {(each["leg"], each["kind"], each["salesforce_id"]) for each in after.truth}
    assert before <= found
    assert world.record_writes() == written
