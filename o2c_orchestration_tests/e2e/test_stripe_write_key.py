"""Two keys of Stripe: one that reads and may write nothing, and one that bills deals and is asked for nothing else."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.domain.errors import AuthenticationError, PermissionDenied, SettingsError
from o2c_orchestration.orchestration.resources import FromSettings
from o2c_orchestration.settings import load_settings
from o2c_orchestration_tests.conftest import NewDatabase
from o2c_orchestration_tests.e2e import cli_fixtures
from o2c_orchestration_tests.e2e.cli_fixtures import World, environment, today
from o2c_orchestration_tests.e2e.seller import Seller
from o2c_orchestration_tests.e2e.test_check_stripe_rights import READER
from o2c_orchestration_tests.e2e.test_deals import POLICY, go, listed, price

READS = (*READER, "payment_links_read", "subscription_read", "coupon_read", "product_read", "plan_read")
BILLS = (
    "customer_write",
    "subscription_write",
    "invoice_write",
    "plan_write",
    "product_write",
    "connected_account_read",
)
OTHER, OTHERS_KEY = "acct_another", "sk_test_another"
_CONNECTIONS = Path("/proc/self/net/tcp")


@pytest.fixture
def world(tmp_path: Path, new_database: NewDatabase) -> Iterator[World]:
    """A sandbox that knows the keys, and an account of somebody else."""
    keys = (("rk_test_reads", READS), *((key, BILLS) for key in ("rk_test_bills", "rk_test_bills_anew")))
    settings = {"stripe_restricted_keys": keys, "stripe_accounts": ((OTHER, OTHERS_KEY),)}
    with new_database() as url, cli_fixtures.sandbox(tmp_path, url, **settings) as made:
        yield made


@contextmanager
def product(world: World, writer: str | None) -> Iterator[Assembly]:
    """The product with the key that reads, and this one to write with."""
    given = {name: text for name, text in world.environment(**POLICY).items() if name != "STRIPE_API_KEYS"}
    with environment({**given, "STRIPE_API_KEY": "rk_test_reads", **({"STRIPE_WRITE_KEY": writer} if writer else {})}):
        made = Assembly(load_settings())
        try:
            yield made
        finally:
            made.engine.dispose()


def sell(world: World, seller: Seller, buyer: str = "Acme Inc") -> None:
    """A won deal that is billed by a subscription."""
    entry = seller.product(f"SEAT for {buyer}", 50, price=price(world, 5000, "month"))
    deal = seller.deal(seller.account(buyer), today().isoformat(), O2C_Term_Months__c=12)
    seller.line(deal, entry, 4, 50, O2C_Billing__c="Monthly")


def _open_files() -> Iterator[str]:
    """What the descriptors of this process stand for; another thread may close one meanwhile."""
    for each in os.listdir("/proc/self/fd"):
        with suppress(FileNotFoundError):
            yield os.readlink(f"/proc/self/fd/{each}")


def connections(world: World) -> int:
    """How many this process holds to the sandbox, by the kernel's own table."""
    inodes = set(_open_files())
    port = f":{urlsplit(world.base_url).port:04X}"
    lines = (line.split() for line in _CONNECTIONS.read_text().splitlines()[1:])
    return sum(1 for each in lines if each[2].endswith(port) and f"socket:[{each[9]}]" in inodes)


def test_deals_are_billed_by_the_key_that_writes(world: World, seller: Seller) -> None:
    """The one that reads is refused where it should write, and the other makes customer and schedule."""
    sell(world, seller)
    with product(world, None) as made, pytest.raises(PermissionDenied):
        go(made)
    assert listed(world, "subscription_schedules") == []
    with product(world, "rk_test_bills") as made:
        go(made)
    assert (len(listed(world, "subscription_schedules")), len(listed(world, "customers"))) == (1, 1)


def test_the_key_that_writes_is_replaced_without_a_restart(world: World, seller: Seller, tmp_path: Path) -> None:
    """In the file of secrets, under a process that stays: old, one that makes no sense, revoked, another's, new.

    Each is used from the next work on and none before it, but for the senseless; each deal is billed once.
    """
    file = tmp_path / "o2c.env"
    given = {name: text for name, text in world.environment(**POLICY).items() if name != "STRIPE_API_KEYS"}

    def write(key: str) -> None:
        file.write_text(f"STRIPE_WRITE_KEY={key}\n")

    write("rk_test_bills")
    with environment({**given, "STRIPE_API_KEY": "rk_test_reads", "O2C_ENV_FILE": str(file)}):
        source = FromSettings()
        sell(world, seller)
        go(source.get())
        write("rk_live_bills")
        sell(world, seller, "Beta Ltd")
        go(source.get())
        assert len(listed(world, "subscription_schedules")) == 2
        sell(world, seller, "Gamma Co")
        for key, refused in (("rk_test_revoked", AuthenticationError), (OTHERS_KEY, SettingsError)):
            write(key)
            with pytest.raises(refused):
                go(source.get())
        assert len(listed(world, "subscription_schedules")) == 2
        write("rk_test_bills_anew")
        go(source.get())
        assert len(listed(world, "subscription_schedules")) == 3
        assert source.get() is source.get()


@pytest.mark.skipif(not _CONNECTIONS.exists(), reason="this kernel does not list its connections")
@pytest.mark.parametrize("writer", ["rk_test_bills", OTHERS_KEY])
def test_the_connection_that_asks_whose_key_it_is_is_closed(world: World, writer: str) -> None:
    """Of no use afterwards, and closed by us: a refusal that is kept would keep it open."""
    with product(world, writer) as made:
        made.stripe.account_id()
        before, kept = connections(world), None
        try:
            assert made.stripe_side is not None
        except SettingsError as refused:
            kept = refused
        assert (kept is None) == (writer != OTHERS_KEY)
        assert connections(world) == before


def test_a_key_of_another_account_makes_nothing(world: World, seller: Seller) -> None:
    """Customers and schedules would be another company's: it is refused before anything is made."""
    sell(world, seller)
    with product(world, OTHERS_KEY) as made, pytest.raises(SettingsError) as refused:
        go(made)
    assert OTHER in str(refused.value)
    assert "s3cret" not in str(refused.value)
    assert [each for each in world.asked("stripe") if each["method"] == "POST" and "schedules" in each["path"]] == []


@pytest.mark.parametrize(
    ("reader", "writer", "words"),
    [
        ("", "rk_test_s3cret", "STRIPE_API_KEY is not"),
        ("rk_live_s3cret", "rk_test_s3cret", "of another mode"),
    ],
)
def test_keys_that_do_not_belong_together_are_told_at_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reader: str, writer: str, words: str
) -> None:
    """In one line, which names no key."""
    monkeypatch.chdir(tmp_path)
    with environment({"STRIPE_API_KEY": reader, "STRIPE_WRITE_KEY": writer}), pytest.raises(SettingsError) as refused:
        load_settings()
    assert words in str(refused.value)
    assert "s3cret" not in str(refused.value)
