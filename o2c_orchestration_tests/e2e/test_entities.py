"""A group: two Stripe accounts, two subsidiaries of one NetSuite account, from Stripe's API to the equations."""

import shutil
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.domain.errors import SettingsError
from o2c_orchestration.domain.money import to_major
from o2c_orchestration.domain.months import Month
from o2c_orchestration.orchestration.events import poll_events
from o2c_orchestration.orchestration.follow import Follower
from o2c_orchestration.preflight.run import preflight, reach_systems
from o2c_orchestration.reconcile import reconcile
from o2c_orchestration.reconcile.close import close_month
from o2c_orchestration.sandbox.company import build
from o2c_orchestration.sandbox.company.currencies import NETSUITE_CURRENCY
from o2c_orchestration.sandbox.config import SandboxConfig
from o2c_orchestration.sandbox.server import SandboxServer
from o2c_orchestration.settings import Environment, Settings, load_policy
from o2c_orchestration.store import inbox, planning
from o2c_orchestration.store.agreement import agreement
from o2c_orchestration.store.balance import balance
from o2c_orchestration.store.clearing import clearing
from o2c_orchestration.store.database import raw_cursor
from o2c_orchestration.store.gaps import list_gaps
from o2c_orchestration.store.receivables import receivables
from o2c_orchestration_tests.conftest import NewDatabase
from o2c_orchestration_tests.crash.world import TODAY, Books, World, open_gaps, run

GMBH = "acct_1GmbH"
NAME = "Example GmbH"
BANKS = {"usd": f"Checking {NAME}", "eur": f"Checking EUR {NAME}"}
ENTITY: dict[str, Any] = {
    "name": NAME,
    "books": {"subsidiary": NAME, "time_zone": "Europe/Berlin"},
    "accounts": {"bank": BANKS},
}


@dataclass
class Group:
    """Both companies on one sandbox, and the product."""

    world: World
    inc: Books
    gmbh: Books
    product: Assembly

    def run(self) -> None:
        """All stages over all days, with the requests counted from nothing."""
        self.world.forget_requests()
        run(self.product, self.inc.span)


@contextmanager
def group_world(state: Path, keys: Path, *more: tuple[str, str]) -> Iterator[World]:
    """A sandbox that serves two Stripe accounts (and `more`) and two subsidiaries."""
    state.mkdir(parents=True, exist_ok=True)
    for pem in keys.glob("*.pem"):
        shutil.copy(pem, state / pem.name)
    own = SandboxConfig.demo(state)
    config = replace(own, stripe_accounts=((GMBH, "rk_test_gmbh"), *more), netsuite_subsidiaries=(NAME,))
    with SandboxServer(state, config=config) as server:
        yield World(server.base_url, state, config)


@contextmanager
def group(state: Path, keys: Path, new_database: NewDatabase, mode: str = "sync", **entity: Any) -> Iterator[Group]:
    """Two companies whose books nobody has kept, loaded and not yet run."""
    inc = Books(build(11, 14, today=TODAY, days=4).stripe, days=4)
    gmbh = Books(build(12, 14, today=TODAY, days=4).stripe, days=4)
    policy: dict[str, Any] = {
        "entities": {GMBH: ENTITY | entity},
        "accounts": {"bank": {"usd": "Checking", "eur": "Checking EUR"}},
    }
    policy["stripe"] = {"event_lag_seconds": 0}
    with new_database() as url, group_world(state, keys) as world:
        world.load(inc)
        world.ask("POST", "load", {f"stripe:{GMBH}": list(gmbh.stripe)})
        with world.product(url, mode, policy) as product:
            yield Group(world, inc, gmbh, product)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory, keys: Path, new_database: NewDatabase) -> Iterator[Group]:
    """The group after one run, to be looked at only."""
    with group(tmp_path_factory.mktemp("group") / "state", keys, new_database) as made:
        made.run()
        yield made


def rows(made: Group, statement: str) -> list[Any]:
    with raw_cursor(made.product.engine) as cursor:
        cursor.execute(statement)  # type: ignore[arg-type]
        return cursor.fetchall()


def test_rows_remember_the_account_that_they_were_read_from(ran: Group) -> None:
    """Every object of the one company under the one account, and none of the other's."""
    found = dict(rows(ran, "SELECT id, account FROM o2c.stripe_objects"))
    for books, account in ((ran.inc, "main"), (ran.gmbh, GMBH)):
        ids = {each["id"] for each in books.stripe if each["id"] in found}
        assert len(ids) > 50
        assert {found[key] for key in ids} == {account}


def test_nothing_is_unexplained_after_one_run(ran: Group) -> None:
    """Invoices, payments and payouts of both are written, and every equation closes."""
    assert open_gaps(ran.product) == set()
    assert [tie for tie in agreement(ran.product.engine) if tie.residual_minor] == []
    assert clearing(ran.product.engine, "Suspense").closes


def test_the_tie_out_is_told_by_entity(ran: Group) -> None:
    """Each company's own documents, to the cent; together they are all of them."""
    ties = {(tie.account, tie.document, tie.currency): tie for tie in agreement(ran.product.engine)}
    for books, account in ((ran.inc, "main"), (ran.gmbh, GMBH)):
        invoices = [each for each in books.of("invoice") if each["status"] in ("open", "paid") and each["total"] > 0]
        for currency in {each["currency"] for each in invoices}:
            expected = sum(each["total"] for each in invoices if each["currency"] == currency)
            tie = ties[account, "invoice", currency]
            assert (tie.stripe_minor, tie.ledger_minor) == (expected, expected)
        assert any(key[0] == account and key[1] == "deposit" for key in ties)


def test_the_stripe_balance_closes_for_each_account(ran: Group) -> None:
    """Opening, movements and closing of each account by itself."""
    begin, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    found = balance(ran.product.engine, begin, end)
    assert {each.account for each in found} == {"main", GMBH}
    for books, account in ((ran.inc, "main"), (ran.gmbh, GMBH)):
        expected = Counter[str]()
        for each in books.of("balance_transaction"):
            expected[each["currency"]] += each["net"]
        assert {each.currency: each.closing_minor for each in found if each.account == account} == dict(expected)
    assert all(each.closes for each in found)


def test_receivables_are_those_of_each_entity(ran: Group) -> None:
    """What customers owe, by entity, in Stripe and in NetSuite."""
    totals, owing = receivables(ran.product.engine, write_off=True)
    assert {each.account for each in totals} == {"main", GMBH}
    assert [each for each in totals if each.residual_minor] == []
    assert owing == []


_SUBSIDIARIES = """
SELECT coalesce(k.account, 'main'), r.name, d.document, count(*) FROM o2c.netsuite_documents d
JOIN o2c.netsuite_reference r ON r.kind = 'subsidiary' AND r.id = d.subsidiary_id::text
LEFT JOIN o2c.further_accounts k ON k.id = o2c.stripe_id_of(d.stripe_ref) GROUP BY 1, 2, 3"""


def test_documents_stand_in_the_subsidiary_of_their_account(ran: Group) -> None:
    """Read back from NetSuite: no document of the one company is in the other's subsidiary, whatever its type."""
    found = rows(ran, _SUBSIDIARIES)
    assert {(account, subsidiary) for account, subsidiary, *_ in found} == {("main", "Parent Company"), (GMBH, NAME)}
    types = {"invoice", "customerPayment", "deposit"}
    for account in ("main", GMBH):
        assert {document for own, _, document, _ in found if own == account} >= types


def test_a_second_run_writes_nothing(ran: Group) -> None:
    """Once the books agree, no request changes them."""
    ran.run()
    assert ran.world.writes() == []


LINKED = {"_key": "linked", "companyName": "Known to both", "subsidiary": {"id": "1"}, "currency": {"id": "1"}}


@contextmanager
def linked(
    tmp_path: Path, keys: Path, new_database: NewDatabase, subsidiaries: str
) -> Iterator[tuple[Group, str, str]]:
    """The group, where a customer of the GmbH is one that NetSuite has under the parent; its ids in both systems."""
    currencies = {"items": [{"currency": {"id": number}} for number in NETSUITE_CURRENCY.values()]}
    with group(tmp_path / "state", keys, new_database, customers={"subsidiaries": subsidiaries}) as made:
        record = {"recordType": "customer", "body": {**LINKED, "currencyList": currencies}}
        netsuite_id = made.world.ask("POST", "load", {"netsuite": [record]})["netsuite"]["linked"]
        paid = next(each for each in made.gmbh.of("invoice") if each["status"] == "paid" and each["total"] > 0)
        [customer] = [each for each in made.gmbh.of("customer") if each["id"] == paid["customer"]]
        customer["metadata"] = {"netsuite_customer_id": netsuite_id}
        made.world.ask("POST", "load", {f"stripe:{GMBH}": [customer]})
        made.run()
        yield made, customer["id"], netsuite_id


def test_a_customer_without_the_subsidiary_is_refused_with_the_fix(
    tmp_path: Path, keys: Path, new_database: NewDatabase
):
    """By default nobody is put into a subsidiary: a gap says what to do, in whose books, and closes once it is done."""
    with linked(tmp_path, keys, new_database, "refuse") as (made, customer, netsuite_id):
        invoices = {each["id"] for each in made.gmbh.of("invoice") if each["customer"] == customer}
        found = [gap for gap in list_gaps(made.product.engine) if gap.stripe_id in invoices]
        assert found
        for gap in found:
            assert gap.kind == "sync_failed"
            assert f"NetSuite customer {netsuite_id} is not in subsidiary {NAME}" in gap.reason
            assert "To do: add subsidiary" in gap.reason
            assert gap.reason.endswith(f"[{NAME}]")
        body = {"entity": {"id": netsuite_id}, "subsidiary": {"id": "2"}}
        made.world.ask("POST", "load", {"netsuite": [{"recordType": "customerSubsidiaryRelationship", "body": body}]})
        made.run()
        assert open_gaps(made.product) == set()


def test_a_customer_is_put_into_the_subsidiary_where_policy_says_so(
    tmp_path: Path, keys: Path, new_database: NewDatabase
):
    """The relationship is written once, before the documents that need it, and they are booked under that customer."""
    with linked(tmp_path, keys, new_database, "add") as (made, customer, netsuite_id):
        assert open_gaps(made.product) == set()
        written = [each for each in made.world.writes() if "customerSubsidiaryRelationship" in each["path"]]
        assert len(written) == 1
        booked = rows(
            made,
            f"""SELECT DISTINCT d.entity_id, d.subsidiary_id FROM o2c.netsuite_documents d JOIN o2c.invoices i
                ON i.id = d.stripe_ref WHERE i.customer_id = '{customer}'""",
        )
        assert booked == [(int(netsuite_id), 2)]
        made.run()
        assert made.world.writes() == []


def test_observe_writes_to_neither_company(tmp_path: Path, keys: Path, new_database: NewDatabase):
    """Both are read and planned, each with its own subsidiary and bank, and no request changes NetSuite."""
    with group(tmp_path / "state", keys, new_database, "observe") as made:
        made.run()
        assert made.world.writes() == []
        plan = planning.read_plan(made.product.engine)
        whose = dict(rows(made, "SELECT id, account FROM o2c.stripe_objects"))
        banks = Counter((whose[each.stripe_id], each.body["account"]["$account"]) for each in plan.commands
                        if each.document == "deposit")  # fmt: skip
        assert {account for account, _ in banks} == {"main", GMBH}
        assert {bank for account, bank in banks if account == GMBH} <= set(BANKS.values())
        assert {bank for account, bank in banks if account == "main"} <= {"Checking", "Checking EUR"}
        stated = {(whose[each.stripe_id], each.body["subsidiary"]["$subsidiary"]) for each in plan.commands}
        assert stated == {("main", "1"), (GMBH, NAME)}


OTHER = "acct_2Other"


@contextmanager
def keyed(tmp_path: Path, keys: Path, new_database: NewDatabase, **variables: str) -> Iterator[Assembly]:
    """The product with other keys than it should have; the sandbox serves a third account too."""
    with new_database() as url, group_world(tmp_path / "state", keys, (OTHER, "rk_test_other")) as world:
        given: Any = world.environment(url, "sync", {"entities": {GMBH: ENTITY}})
        environment = Environment(**{**given, "STRIPE_API_KEYS": f"{GMBH}=rk_test_gmbh", **variables})
        assembly = Assembly(Settings(environment, load_policy(environment.config)))
        yield assembly
        assembly.engine.dispose()


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"STRIPE_API_KEYS": f"{GMBH}=rk_test_other"}, f"the key for {GMBH} in STRIPE_API_KEYS is a key of {OTHER}"),
        ({"STRIPE_API_KEY": "rk_test_gmbh"}, f"STRIPE_API_KEY is a key of {GMBH}, which is an entity"),
    ],
)
def test_a_key_of_another_account_is_told_before_anything_is_read(
    tmp_path: Path, keys: Path, new_database: NewDatabase, variables: dict[str, str], said: str
):
    """What one company sold would be booked in the other's books: nothing is read, and the preflight says so too."""
    with keyed(tmp_path, keys, new_database, **variables) as assembly:
        with pytest.raises(SettingsError, match=said) as caught:
            assembly.extract(["invoice"], TODAY, TODAY)
        assert caught.value.exit_code == 2
        with pytest.raises(SettingsError, match=said):
            reach_systems(assembly)
        [found] = [each for each in preflight(assembly) if each.what == "Stripe accounts"]
        assert found.ok is False
        assert said in found.detail


def test_the_preflight_looks_at_each_entity(tmp_path: Path, keys: Path, new_database: NewDatabase):
    """Its key, and the names that its part of o2c.yaml gives; what it has from the company is told once."""
    # What is the company's alone is looked at once, and no entity has to have such a section.
    common = {"deals": {"items": {"prod_1": "Stripe Item"}}, "tolerances": {"account": "Bad Debt"}}
    form = {"mapping": {"invoice": {"header": {"customForm": 101}}}}
    wrong = common | form | {"entities": {GMBH: ENTITY | {"accounts": {"bank": {"usd": "Checking AG"}}}}}
    with (
        new_database() as url,
        group_world(tmp_path / "state", keys) as world,
        world.product(url, "sync", wrong) as own,
    ):
        found = {each.what: each for each in preflight(own)}
        assert found[f"Stripe {NAME}"].ok
        assert found[f"Stripe {NAME} permissions"].ok
        assert found["Stripe accounts"].ok
        assert found[f"entities.{GMBH}.books.subsidiary"].ok
        bank = found[f"entities.{GMBH}.accounts.bank.usd"]
        assert bank.ok is False
        assert f"under entities.{GMBH}.accounts.bank.usd in o2c.yaml" in bank.to_do
        assert f"entities.{GMBH}.accounts.fee" not in found
        # Ids that nobody can check are told in one hint, which is under no key of o2c.yaml.
        assert found["mapping ids"].mark == "hint"
        # What it has from the company and its own subsidiary may not use is told for it, though the company's is right.
        only = {"recordType": "account", "id": "7", "subsidiary": "1", "children": False}
        url = f"{world.base_url}/_sandbox/netsuite/restrict"
        requests.post(url, json=only, timeout=30).raise_for_status()
        found = {each.what: each for each in preflight(own)}
        assert found["accounts.fee"].ok
        lent = found[f"entities.{GMBH}.accounts.fee"]
        assert (lent.ok, "belongs to subsidiary 1, not 2" in lent.detail) == (False, True)
        assert f"under entities.{GMBH}.accounts.fee in o2c.yaml" in lent.to_do
        for key in ("deals.items.prod_1", "tolerances.account"):
            assert key in found
            assert f"entities.{GMBH}.{key}" not in found


def test_a_document_in_the_other_company_is_a_gap(tmp_path: Path, keys: Path, new_database: NewDatabase):
    """A person booked the GmbH's invoice under the parent: it is adopted and told, and no payment is put on it."""
    with group(tmp_path / "state", keys, new_database) as made:
        [paid, *_] = [each for each in made.gmbh.of("invoice") if each["status"] == "paid" and each["total"] > 0]
        customer = {"_key": "c", "companyName": "X", "subsidiary": {"id": "1"}, "currency": {"id": "1"}}
        currencies = {"items": [{"currency": {"id": number}} for number in NETSUITE_CURRENCY.values()]}
        customer |= {"externalId": paid["customer"], "currencyList": currencies}
        currency = {"id": NETSUITE_CURRENCY[paid["currency"]]}
        line = {"item": {"id": "1"}, "amount": float(to_major(paid["total"], paid["currency"]))}
        invoice = {"entity": {"id": "@c"}, "currency": currency, "item": {"items": [line]}, "externalId": paid["id"]}
        records = [{"recordType": "customer", "body": customer}, {"recordType": "invoice", "body": invoice}]
        made.world.ask("POST", "load", {"netsuite": records})
        made.run()
        [gap] = [each for each in list_gaps(made.product.engine) if each.kind == "subsidiary_mismatch"]
        assert (gap.stripe_id, gap.customer) == (paid["id"], paid["customer"])
        assert "booked in subsidiary Parent Company, and belongs into Example GmbH" in gap.reason
        [payer] = {
            each["payment"]["payment_intent"]
            for each in made.gmbh.of("invoice_payment")
            if each["invoice"] == paid["id"]
        }
        [charge] = [each["id"] for each in made.gmbh.of("charge") if each["payment_intent"] == payer and each["paid"]]
        refused = {item.external_id: item.code for item in planning.read_plan(made.product.engine).refusals}
        assert refused[charge] == "OTHER_ENTITY"
        full = {gap.gap_id for gap in list_gaps(made.product.engine)}
        reconcile(made.product.engine, made.product.policy, full=True)
        assert {gap.gap_id for gap in list_gaps(made.product.engine)} == full


def test_events_of_each_account_are_polled_and_read_there(tmp_path: Path, keys: Path, new_database: NewDatabase):
    """A hint remembers whose event it was, and the object is read with that account's key and no other."""
    with group(tmp_path / "state", keys, new_database) as made:
        now = datetime.now(UTC)
        url, headers = f"{made.world.base_url}/v1/customers", {"Authorization": "Bearer rk_test_gmbh"}
        customer = requests.post(url, data={"name": "Neu"}, headers=headers, timeout=10).json()["id"]
        # The second that is not over is left for the next look.
        time.sleep(1.1)
        poll_events(made.product, now)
        waiting = {item.object_id: item for item in inbox.take(made.product.engine, 99)}
        assert waiting[customer].account == GMBH
        Follower(made.product).once()
        assert rows(made, f"SELECT account FROM o2c.stripe_objects WHERE id = '{customer}'") == [(GMBH,)]
        assert poll_events(made.product, now) == 0


def test_a_close_tells_each_entity_and_what_of_it_was_not_read(tmp_path: Path, keys: Path, new_database: NewDatabase):
    """Each equation by company, and a month in which one of them was not read is not closed."""
    with group(tmp_path / "state", keys, new_database) as made:
        made.run()
        month, now = Month.of(made.inc.span[0]), datetime.now(UTC)
        found = close_month(made.product.engine, made.product.policy, month, now)
        items = {item.what: item for item in found.items}
        for what in ("documents tie out", "the Stripe balance adds up", "receivables agree by customer"):
            assert items[what].ok, items[what].detail
        assert f"{NAME}: " in items["the Stripe balance adds up"].detail
        last = made.inc.span[1] - timedelta(days=2)
        unread = {day for kind, day in found.days.unread if kind == f"invoice of {GMBH}"}
        assert last not in unread
        with raw_cursor(made.product.engine) as cursor:
            cursor.execute("DELETE FROM o2c.days_read WHERE account <> 'main' AND day = %s", (last,))
        again = close_month(made.product.engine, made.product.policy, Month.of(last), now)
        assert (f"invoice of {GMBH}", last) in again.days.unread
        assert ("invoice", last) not in again.days.unread
