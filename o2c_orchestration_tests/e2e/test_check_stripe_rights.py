"""What a restricted Stripe key may write, as `o2c check --rights` tells it: by the sandbox's restricted keys."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.clients.stripe_rights import RIGHTS
from o2c_orchestration.preflight.finding import Finding
from o2c_orchestration.preflight.run import preflight
from o2c_orchestration.settings import load_settings
from o2c_orchestration_tests.conftest import NewDatabase
from o2c_orchestration_tests.e2e.cli_fixtures import World, command_line, company, environment, sandbox

READS = (
    "balance_transaction_source", "charge", "connected_account", "credit_note", "customer", "dispute", "event",
    "invoice", "payout", "plan", "refund", "webhook",
)  # fmt: skip
OTHERS = ("payment_intent", "payment_links", "subscription", "transfer")
READER = tuple(f"{name}_read" for name in READS)
KEYS = {
    "rk_test_reads_and_no_more": READER,
    "rk_test_moves_money_too": (*READER, "payout_write", "refund_write"),
    "rk_test_bills_deals": (*READER, "customer_write", "subscription_write", "invoice_write"),
    "rk_test_may_all": tuple(f"{name}_write" for name in (*READS, *OTHERS)),
    "rk_test_bills_badly": (*READER, "customer_write", "webhook_write"),
}
BILLS = {"recurring": "subscription", "one_off": "invoice"}


@pytest.fixture(scope="module")
def world(new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A small company in a sandbox that knows restricted keys."""
    home = tmp_path_factory.mktemp("rights")
    settings = {"stripe_restricted_keys": tuple(KEYS.items()), "stripe_requests_per_second": 1000}
    with new_database() as url, sandbox(home, url, **settings) as found:
        found.load_company(company(6, 2))
        yield found


def look(
    world: World, key: str, *, rights: bool = True, write_key: str | None = None, **policy: Any
) -> dict[str, Finding]:
    """Findings of the preflight with this key (and one that writes) and nothing but Stripe."""
    given = {**world.environment(**policy), "STRIPE_API_KEY": key}
    given |= {} if write_key is None else {"STRIPE_WRITE_KEY": write_key}
    kept = {name: value for name, value in given.items() if not name.startswith(("NETSUITE_", "SALESFORCE_"))}
    with environment(kept):
        assembly = Assembly(load_settings())
        try:
            return {each.what: each for each in preflight(assembly, rights=rights)}
        finally:
            assembly.engine.dispose()


def posts(world: World) -> list[dict[str, Any]]:
    return [each for each in world.asked("stripe") if each["method"] != "GET"]


def test_a_key_that_reads_is_right(world: World) -> None:
    """Each question is answered with 403, and nothing is wrong or hinted at."""
    before = len(posts(world))
    found = look(world, "rk_test_reads_and_no_more")
    assert found["Stripe key"].ok is True
    assert "may not write refunds, charges, payment intents, payouts, transfers" in found["Stripe key"].detail
    assert "request log" in found["Stripe key"].detail
    assert not [each for each in found.values() if each.ok is False]
    assert {each["status"] for each in posts(world)[before:]} == {403}


def test_a_right_that_nobody_needs_is_told_by_name(world: World) -> None:
    """A hint, with where to take it away; it stops nobody."""
    found = look(world, "rk_test_moves_money_too")["Stripe key"]
    assert (found.ok, found.mark) == (None, "hint")
    assert "it may write refunds, payouts," in found.detail
    assert "take write permission for refunds, payouts from the restricted key in STRIPE_API_KEY" in found.to_do
    assert "Dashboard > Developers > API keys" in found.to_do
    assert "move money" in found.otherwise


def test_what_deals_need_is_no_more_than_they_need(world: World) -> None:
    """The same key is right where deals are billed so, and may too much where they are not."""
    found = look(world, "rk_test_bills_deals", deals=BILLS)
    assert found["Stripe key"].ok is True
    assert "may write customers, invoices, subscription schedules, as deals need" in found["Stripe key"].detail
    assert "Stripe rights" not in found
    idle = look(world, "rk_test_bills_deals")["Stripe key"]
    assert "it may write customers, invoices, subscription schedules," in idle.detail
    assert (idle.mark, "move money" in idle.otherwise) == ("hint", False)
    links = look(world, "rk_test_bills_deals", deals={"one_off": "payment_link"})
    assert "it may write invoices, subscription schedules," in links["Stripe key"].detail
    assert "write permission for payment links" in links["Stripe rights"].to_do


def test_the_key_that_writes_may_be_another_than_the_one_that_reads(world: World) -> None:
    """Then the one that reads needs to write nothing, and the other is looked at for what deals need."""
    split = look(world, "rk_test_reads_and_no_more", write_key="rk_test_bills_deals", deals=BILLS)
    assert (split["Stripe key"].ok, split["Stripe write key"].ok) == (True, True)
    assert "may write customers, invoices, subscription schedules, as deals need" in split["Stripe write key"].detail
    assert split["Stripe write account"].ok is True
    assert "Stripe rights" not in split
    both = look(world, "rk_test_bills_deals", write_key="rk_test_reads_and_no_more", deals=BILLS)
    assert "it may write customers, invoices, subscription schedules," in both["Stripe key"].detail
    assert both["Stripe write rights"].ok is False
    assert "restricted key in STRIPE_WRITE_KEY" in both["Stripe write rights"].to_do


def test_a_right_that_deals_lack_is_wrong(world: World) -> None:
    """With Stripe's own name of it; what is too much is told beside it."""
    found = look(world, "rk_test_bills_badly", deals=BILLS)
    lacks = found["Stripe rights"]
    assert lacks.ok is False
    assert "write permission for invoices, subscription schedules" in lacks.to_do
    assert "rak_invoice_write" in lacks.detail
    assert "it may write webhook endpoints," in found["Stripe key"].detail


def test_only_a_person_asks(world: World) -> None:
    """Who says `--rights`; the command without it and the daily look send reads, and a secret key is asked nothing."""
    before = len(posts(world))
    unasked = look(world, "rk_test_moves_money_too", rights=False)["Stripe key"]
    assert (unasked.mark, "`o2c check --rights` asks" in unasked.to_do) == ("hint", True)
    assert look(world, world.config.stripe_secret_key)["Stripe key"].mark == "hint"
    assert len(posts(world)) == before
    given = {**world.environment(), "STRIPE_API_KEY": "rk_test_moves_money_too"}
    with command_line(world.home) as run:
        assert run("check", **given).code == 0
        assert len(posts(world)) == before
        told = run("check", "--rights", **given)
    assert told.code == 0, told.out
    assert "take write permission for refunds, payouts" in " ".join(told.out.replace("│", " ").split())
    assert len(posts(world)) > before


def test_asking_changes_nothing(world: World) -> None:
    """Even with a key that may do everything that is asked for: no object, no event, nothing in the books of Stripe."""
    all_of_them = ", ".join(name.replace("_", " ") for name in RIGHTS)
    assert f"it may write {all_of_them}," in look(world, "rk_test_may_all")["Stripe key"].detail

    def everything() -> list[Any]:
        headers = {"Authorization": f"Bearer {world.config.stripe_secret_key}"}
        lists = ("events", "customers", "payouts", "refunds", "webhook_endpoints", "subscription_schedules")
        return [requests.get(f"{world.base_url}/v1/{each}", headers=headers, timeout=30).json() for each in lists]

    before = everything()
    for key in KEYS:
        look(world, key, deals=BILLS)
    assert everything() == before
