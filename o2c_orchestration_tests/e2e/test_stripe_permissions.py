"""Restricted keys of the permissions in docs/security.md are enough for all that is done, and none is too much."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import dagster as dg
import pytest
import requests

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.orchestration.events import poll_events
from o2c_orchestration.preflight.run import preflight
from o2c_orchestration.sandbox.stripe.errors import StripeError
from o2c_orchestration.sandbox.stripe.rights import check
from o2c_orchestration.settings import load_settings
from o2c_orchestration_tests.conftest import NewDatabase
from o2c_orchestration_tests.e2e.cli_fixtures import World, company, environment, run_days, sandbox, today
from o2c_orchestration_tests.e2e.seller import Seller
from o2c_orchestration_tests.e2e.test_deals import POLICY, go, price
from o2c_orchestration_tests.stripe_keys import Row, levels, permissions, rows

READER, WRITER = "rk_test_reads", "rk_test_bills"
DAYS = 4
# Both keys are asked whose they are.
OF_BOTH = "/v1/account"
# No look of the preflight's: a run asks for it once, when it has read every day since the books started.
NOT_LOOKED_AT = "Balance"


def without(row: Row) -> str:
    """The key that reads, less one permission."""
    return f"rk_test_no_{row.names[0]}"


@pytest.fixture(scope="module")
def world(new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A company in a sandbox that knows the keys of the table, and those less one permission."""
    reads, bills = levels("reader"), levels("writer")
    fewer = [(without(row), permissions({**reads, **dict.fromkeys(row.names, "None")})) for row in rows()]
    keys = ((READER, permissions(reads)), (WRITER, permissions(bills)), *fewer)
    home = tmp_path_factory.mktemp("permissions")
    settings = {"stripe_restricted_keys": keys, "stripe_requests_per_second": 1000}
    with new_database() as url, sandbox(home, url, **settings) as made:
        made.load_company(company(30, DAYS))
        yield made


@contextmanager
def product(world: World, reader: str = READER, **policy: Any) -> Iterator[Assembly]:
    """The product with these keys, and books that start with the company."""
    books = {"start": today() - timedelta(days=DAYS)}
    given = world.environment(**{**POLICY, "books": books, **policy})
    with environment({**given, "STRIPE_API_KEY": reader, "STRIPE_WRITE_KEY": WRITER}):
        made = Assembly(load_settings())
        try:
            yield made
        finally:
            made.engine.dispose()


@dataclass(frozen=True)
class Request:
    """What Stripe was asked, and how it answered."""

    method: str
    path: str
    status: int | str


@pytest.fixture(scope="module")
def asked(world: World) -> list[Request]:
    """All requests to Stripe of a check, a run over all days, events, and three deals, each billed in its own way."""
    seller = Seller(world.base_url, world.config)
    monthly = seller.product("SEAT", 50, price=price(world, 5000, "month"))
    once = seller.product("SETUP", 300, price=price(world, 30000))

    def sell(buyer: str, entry: str, unit: float, **told: Any) -> None:
        deal = seller.deal(seller.account(buyer), today().isoformat(), O2C_Term_Months__c=12)
        seller.line(deal, entry, 4, unit, **told)

    requests.delete(f"{world.base_url}/_sandbox/stats", timeout=10).raise_for_status()
    sell("Acme Inc", monthly, 50, O2C_Billing__c="Monthly")
    sell("Bolt GmbH", once, 300)
    with product(world) as made:
        preflight(made)
        with dg.DagsterInstance.ephemeral() as instance:
            assert run_days(made, instance, today() - timedelta(days=DAYS), today()).success
        poll_events(made, datetime.now(UTC))
        go(made)
        go(made)
    sell("Copper Ltd", once, 300)
    with product(world, deals={"one_off": "payment_link"}) as made:
        go(made)
    return [Request(each["method"], each["path"], each["status"]) for each in world.asked("stripe")]


def test_the_keys_of_the_table_are_refused_nothing(asked: list[Request]) -> None:
    """A company is read, mirrored and billed with them."""
    assert len(asked) > 100
    assert [each for each in asked if each.status in (401, 403)] == []
    made = {each.path for each in asked if each.method == "POST" and each.status == 200}
    assert {"/v1/customers", "/v1/invoices", "/v1/subscription_schedules", "/v1/payment_links"} <= made


def test_every_request_is_in_the_table(asked: list[Request]) -> None:
    """Method and path, ids aside."""
    unlisted = {
        (each.method, each.path) for each in asked if not any(row.allows(each.method, each.path) for row in rows())
    }
    assert unlisted == set()


def denied(request: Request, granted: tuple[str, ...]) -> bool:
    """Whether the sandbox refuses a key with these permissions."""
    try:
        check(READER, "acct_1", frozenset(granted), request.method, request.path)
    except StripeError:
        return True
    return False


@pytest.mark.parametrize(("key", "row"), [(key, row) for key in ("reader", "writer") for row in rows()])
def test_no_permission_is_too_much(asked: list[Request], key: str, row: Row) -> None:
    """One level less of any, and Stripe would refuse something that was asked."""
    had = getattr(row, key)
    if had == "None":
        return
    less = {**levels(key), **dict.fromkeys(row.names, "Read" if had == "Write" else "None")}
    own = [each for each in asked if (each.method == "GET") == (key == "reader") or each.path == OF_BOTH]
    assert any(denied(each, permissions(less)) for each in own)


@pytest.mark.parametrize("row", [row for row in rows() if row.shown != NOT_LOOKED_AT], ids=lambda row: row.shown)
def test_what_the_reader_lacks_the_check_tells(world: World, row: Row) -> None:
    """Before a run misses it: something else is said than with the whole key, and it is not well."""
    deals = {"recurring": "subscription", "one_off": "payment_link"}

    def troubles(key: str) -> set[tuple[str, str]]:
        with product(world, key, deals=deals) as made:
            return {(each.what, each.detail) for each in preflight(made) if not each.ok}

    assert troubles(without(row)) - troubles(READER) != set()
