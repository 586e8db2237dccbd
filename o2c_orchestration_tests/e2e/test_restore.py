"""The database is lost and yesterday's backup restored, as docs/deploy.md says: what was written since is found, and
nothing is doubled."""

import re
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
import requests

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.domain.errors import SchemaMismatch
from o2c_orchestration.store import gaps, invariants, journal, roles
from o2c_orchestration.store.audit import verify
from o2c_orchestration.store.database import (
    SORTED_BY_BYTES,
    go_back,
    make_logins,
    open_database,
    open_to_read,
    start_embedded,
    stop_embedded,
)
from o2c_orchestration.store.migrate import BACK_TO
from o2c_orchestration_tests.e2e.cli_fixtures import World, today
from o2c_orchestration_tests.e2e.compose import Machine, secured_server
from o2c_orchestration_tests.e2e.documented import Terminal, commands
from o2c_orchestration_tests.e2e.seller import Seller
from o2c_orchestration_tests.e2e.test_deals import go, listed, orders, price, product
from o2c_orchestration_tests.secured import as_login

# What the page says with a name of its own.
_DUMP = re.compile(r"backups/o2c-\d{4}-\d\d-\d\d\.dump")


@dataclass(frozen=True)
class Server:
    """One server as docker-compose.yml has it: PostgreSQL with the logins of services, and a terminal."""

    machine: Machine
    terminal: Terminal
    url: str

    @property
    def owner(self) -> str:
        return as_login(self.url, "o2c", self.terminal.password)

    def service(self, name: str) -> str:
        """The database's address for a login, with its password."""
        return as_login(self.url, f"o2c_{name}", (self.machine.home / "secrets" / f"{name}_password").read_text())

    def up(self) -> None:
        """As far as `docker compose up` is the database's business: the service `migrate`."""
        assert self.machine.run("migrate") == 0, self.machine.said("migrate")

    def back_up(self) -> Path:
        """By the line for cron; it leaves one whole dump and nothing else."""
        (line,) = commands("Back up")
        assert line.startswith("20 3 * * * root cd /opt/o2c_orchestration && ")
        done = self.terminal(line.split(" && ", 1)[1].replace("\\%", "%"))
        assert done.returncode == 0, done.stderr
        (made,) = (self.machine.home / "backups").iterdir()
        assert made.stat().st_mode & 0o077 == 0
        return made

    def restore(self, dump: Path) -> str:
        """By the lines of the page; what the first that fails said, or nothing. Services stop, start and catch up
        elsewhere."""
        for line in commands("Restore"):
            if line.startswith(("docker compose stop ", "docker compose up ", "docker compose exec code ")):
                continue
            done = self.terminal(_DUMP.sub(str(dump), line))
            if done.returncode:
                return done.stderr
        return ""


@pytest.fixture
def server() -> Iterator[Server]:
    """With our tables and the logins; what Dagster makes, `up` does."""
    home = Path(tempfile.mkdtemp(prefix="o2c-restore-"))
    url = start_embedded(home)
    try:
        (home / "dagster").mkdir()
        shutil.copyfile(Path(__file__).parents[2] / "dagster.yaml", home / "dagster" / "dagster.yaml")
        machine = Machine(
            home, {"DAGSTER_HOME": str(home / "dagster"), "O2C_HOME": str(home)}, secured_server(home, url)
        )
        made = Server(machine, Terminal(home, url, (home / "secrets" / "postgres_password").read_text()), url)
        make_logins(made.owner, {f"o2c_{name}": "of no use" for name in ("run", "pages")})
        yield made
    finally:
        stop_embedded(home)
        shutil.rmtree(home, ignore_errors=True)


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


@pytest.mark.parametrize("older", [False, True], ids=["of this version", "of the version before"])
def test_what_was_written_after_the_backup_is_adopted(
    world: World, seller: Seller, server: Server, older: bool
) -> None:
    """Invoices, payments, orders, customers, subscriptions; even where Stripe has forgotten our keys. The dump takes
    the place of a database that lives, and of a newer schema where it is older; each login may do again what it is for.
    """
    server.up()
    world = replace(world, database_url=server.service("run"))
    entry, account = seller.product("SEAT", 50, price=price(world, 5000, "month")), seller.account("Acme Inc")
    world.invoice(500)
    sell(seller, account, entry)
    with product(world) as made:
        work(made)
    if older:
        go_back(server.owner, BACK_TO)
    dump = server.back_up()
    server.up()

    world.invoice(700)
    sell(seller, account, entry)
    sell(seller, seller.account("Bolt GmbH"), entry, starts_in=20)
    with product(world) as made:
        work(made)
        written = _books(world)
        forget(world, seller)
        # As somebody who was not stopped, and holds a connection.
        assert server.restore(dump) == ""
    server.up()
    with product(world) as made:
        work(made)
        assert _books(world) == written
        assert journal.counts(made.engine).keys() == {"done"}
        assert gaps.list_gaps(made.engine) == []
        assert invariants.one_document_per_key(made.engine) == []
        assert verify(made.engine).intact
        assert roles.fence(made.engine) == roles.Fence(roles.WORKER, tight=True)
    _rights_are_back(server)


def _rights_are_back(server: Server) -> None:
    """Sorted as before, owned by the owner alone, Dagster's tables where its processes look, and pages show gaps."""
    with psycopg.connect(server.owner) as connection:
        found = connection.execute(
            """SELECT datlocprovider, datlocale, pg_get_userbyid(datdba), current_schema(),
                      (SELECT array_agg(DISTINCT tableowner::text) FROM pg_tables
                       WHERE schemaname IN ('o2c', 'public')),
                      to_regclass('public.runs') IS NOT NULL AND to_regclass('o2c.runs') IS NULL
               FROM pg_database WHERE datname = current_database()"""
        ).fetchone()
    assert found == ("b", "C.UTF-8", "o2c", "public", ["o2c"], True)
    with psycopg.connect(server.service("run")) as connection:
        connection.execute("INSERT INTO public.kvs (key, value) VALUES ('restored', '1')")
    pages = open_to_read(server.service("pages"))
    assert gaps.list_gaps(pages) == []
    pages.dispose()


def test_a_dump_that_is_not_whole_costs_nothing(server: Server) -> None:
    """The lines end before the database that is there is touched, and go through afterwards with one that is whole."""
    dump = server.back_up()
    whole = dump.read_bytes()
    dump.write_bytes(whole[: len(whole) // 2])
    assert "pg_restore" in server.restore(dump)
    with psycopg.connect(server.owner) as connection:
        assert connection.execute("SELECT count(*) FROM o2c.audit").fetchone()
    dump.write_bytes(whole)
    assert server.restore(dump) == ""


def test_an_owner_who_may_make_no_databases_restores_into_one_that_he_is_given(server: Server) -> None:
    """Elsewhere than in Compose the owner is no superuser: he restores what he owns, rights of all roles with it."""
    dump = server.back_up()
    with psycopg.connect(as_login(server.url, "postgres"), autocommit=True) as connection:
        connection.execute("ALTER ROLE o2c NOSUPERUSER CREATEROLE")
        connection.execute(f"CREATE DATABASE given OWNER o2c TEMPLATE template0 {SORTED_BY_BYTES}")
    done = server.terminal(f"pg_restore -U o2c -d given --exit-on-error --single-transaction {dump}")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_backup_that_was_broken_off_is_none(server: Server) -> None:
    """The line for cron fails, keeps the last good one, however old, and its own under a name that is no dump's."""
    dump = server.back_up()
    kept = dump.rename(dump.with_name("o2c-2020-01-01.dump"))
    subprocess.run(["touch", "-d", "2020-01-01", str(kept)], check=True)
    with psycopg.connect(server.owner, autocommit=True) as connection:
        connection.execute("ALTER TABLE o2c.gaps OWNER TO postgres")
        connection.execute("ALTER ROLE o2c NOSUPERUSER")
    (line,) = commands("Back up")
    assert server.terminal(line.split(" && ", 1)[1].replace("\\%", "%")).returncode != 0
    assert sorted(each.name for each in dump.parent.iterdir()) == [kept.name, "o2c.part"]


def test_a_dump_that_was_restored_over_a_newer_schema_is_refused(server: Server) -> None:
    """As pg_restore itself would have it: one line says so, and where the way is written."""
    go_back(server.owner, BACK_TO)
    dump = server.back_up()
    open_database(server.owner).dispose()
    server.terminal(f"pg_restore -U o2c -d o2c --clean --if-exists {dump}")
    with pytest.raises(SchemaMismatch, match=f"revision {BACK_TO}.*already exists"):
        open_database(server.owner)
    assert server.machine.run("migrate") == 2
    assert "Traceback" not in server.machine.said("migrate")
    assert server.restore(dump) == ""
    open_database(server.owner).dispose()


def _books(world: World) -> dict[str, list[str]]:
    """What the systems hold, by kind."""
    records = requests.get(f"{world.base_url}/_sandbox/netsuite/records", timeout=10).json()
    found = {kind: sorted(str(each["id"]) for each in records[kind]) for kind in ("transactions", "customers")}
    found = {**found, "orders": [str(each["id"]) for each in orders(world)]}
    for path in ("customers", "subscription_schedules", "invoices"):
        found[f"stripe/{path}"] = sorted(each["id"] for each in listed(world, path))
    return found
