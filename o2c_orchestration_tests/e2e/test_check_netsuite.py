"""The preflight of the books and of the Stripe account: what would be refused is told before a document needs it."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import dagster as dg
import psycopg
import pytest
import requests

from o2c_orchestration.apply.body import UnresolvedReference, resolve
from o2c_orchestration.assembly import Assembly
from o2c_orchestration.clients.stripe_read import API_VERSION
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.domain.stripe_events import TYPES
from o2c_orchestration.preflight.catalog import FILLED, catalog
from o2c_orchestration.preflight.finding import Finding
from o2c_orchestration.preflight.rein import rein_in
from o2c_orchestration.preflight.run import preflight
from o2c_orchestration.settings import load_settings
from o2c_orchestration.store import ledger, planning
from o2c_orchestration_tests.conftest import NewDatabase
from o2c_orchestration_tests.contract.test_client_netsuite_read import failure, reader
from o2c_orchestration_tests.e2e.cli_fixtures import (
    QUIET,
    CommandLine,
    World,
    checks,
    definitions,
    environment,
    sandbox,
)
from o2c_orchestration_tests.e2e.test_check import look, world
from o2c_orchestration_tests.wire_fake import Reply, Seen, WireFake

__all__ = ["world"]


class Changed:
    """The account as somebody else changed it, and changed back."""

    def __init__(self, world: World) -> None:
        self._world, self._back = world, list[tuple[str, dict[str, Any]]]()

    def __call__(self, path: str, change: dict[str, Any], back: dict[str, Any]) -> None:
        self._back.append((path, back))
        self._post(path, change)

    def undo(self) -> None:
        for path, back in reversed(self._back):
            self._post(path, back)

    def _post(self, path: str, body: dict[str, Any]) -> None:
        requests.post(f"{self._world.base_url}/_sandbox/netsuite/{path}", json=body, timeout=30).raise_for_status()


@pytest.fixture
def changed(world: World) -> Iterator[Changed]:
    made = Changed(world)
    yield made
    made.undo()


def inactive(changed: Changed, kind: str, identifier: str) -> None:
    record = {"recordType": kind, "id": identifier}
    changed("inactive", {**record, "inactive": True}, {**record, "inactive": False})


def test_an_account_that_is_as_it_should_be(world: World) -> None:
    """Nothing is wrong; currencies, the period of today, requests at once, records and reads are told."""
    found = look(world)
    assert [each for each in found.values() if each.ok is False] == []
    for what in ("currencies", "period of today", "NetSuite concurrency", "NetSuite records", "NetSuite reads"):
        assert found[what].ok, what
    assert found["currencies"].detail.startswith("in NetSuite, with a rate: ")
    assert found["Stripe payout schedule"].detail == "daily, 2 days after a charge"
    assert (found["Stripe key"].ok, found["Stripe key"].mark) == (None, "hint")


@pytest.mark.parametrize(
    ("kind", "identifier", "key"),
    [("item", "3", "items.tax"), ("account", "7", "accounts.fee"), ("subsidiary", "1", "books.subsidiary")],
)
def test_what_was_made_inactive_is_told_before_a_document_needs_it(
    world: World, changed: Changed, kind: str, identifier: str, key: str
) -> None:
    """With where to put it right and what would go wrong; once it is active again nothing is said."""
    inactive(changed, kind, identifier)
    wrong = look(world)[key]
    assert wrong.ok is False
    assert "is inactive" in wrong.detail
    assert f"under {key} in o2c.yaml" in wrong.to_do
    assert "refuses each document" in wrong.otherwise
    changed.undo()
    assert look(world)[key].ok


def test_accounts_of_the_wrong_type(world: World) -> None:
    """What NetSuite refuses or books wrongly is wrong; what a company may want is a hint."""
    accounts = {
        "reserves": "Sales",
        "fee": "Suspense",
        "suspense": "Accounts Receivable",
        "returned_payouts": "Suspense",
    }
    own = {"off_stripe": {"account": "Stripe Fees"}, "netsuite": {"payment_account": "Sales"}}
    found = look(world, accounts=accounts, items={"balance": "Stripe Item"}, **own)
    assert "of type Income, not Bank or OthCurrAsset" in found["netsuite.payment_account"].detail
    assert "of type Income, not an asset or a liability" in found["accounts.reserves"].detail
    assert found["accounts.reserves"].ok is False
    assert (found["accounts.fee"].ok, found["accounts.fee"].mark) == (None, "hint")
    assert "customer or vendor" in found["accounts.suspense"].otherwise
    assert found["accounts.returned_payouts"].ok
    assert "of type Expense, not Bank or OthCurrAsset" in found["off_stripe.account"].detail
    assert "not a liability" in found["items.balance"].detail


def test_the_account_of_a_destination_is_looked_up_too(world: World) -> None:
    """It has to be there, and a bank account."""
    accounts = {"ba_1": "Checking", "ba_2": "Chequing", "ba_3": "Stripe Reserves"}
    found = look(world, accounts={"destinations": accounts})
    assert found["accounts.destinations.ba_1"].ok
    assert found["accounts.destinations.ba_2"].ok is False
    assert "not Bank" in found["accounts.destinations.ba_3"].detail


def test_the_account_of_a_destination_is_kept_in_the_currency_that_arrives(world: World) -> None:
    """NetSuite gives a deposit its account's currency: a payout of dollars would be booked as euros."""
    with psycopg.connect(world.database_url) as connection:
        connection.execute(
            """INSERT INTO o2c.stripe_objects (id, object, created_at, read_at, payload_hash, payload)
               VALUES ('po_1', 'payout', now(), now(), '', '{"destination": "ba_1"}')"""
        )
        connection.execute(
            """INSERT INTO o2c.payouts
               (id, currency, status, amount_minor, automatic, reconciliation, arrival_date, created_at)
               VALUES ('po_1', 'eur', 'paid', 100, true, 'completed', now(), now())"""
        )
    found = look(world, accounts={"destinations": {"ba_1": "Checking", "ba_2": "Checking"}})
    with psycopg.connect(world.database_url) as connection:
        connection.execute("DELETE FROM o2c.payouts")
        connection.execute("DELETE FROM o2c.stripe_objects")
    assert "not kept in EUR" in found["accounts.destinations.ba_1"].detail
    assert found["accounts.destinations.ba_1"].ok is False
    assert found["accounts.destinations.ba_2"].ok


def test_a_bank_account_of_another_company(new_database: NewDatabase, tmp_path: Any) -> None:
    """A deposit on the account of another subsidiary is refused by NetSuite."""
    with new_database() as url, sandbox(tmp_path, url, netsuite_subsidiaries=("Europe",)) as world:
        found = look(world, accounts={"bank": {"usd": "Checking Europe"}})["accounts.bank.usd"]
    assert found.ok is False
    assert "belongs to subsidiary 2, not 1" in found.detail


def test_currencies_that_are_missing_inactive_or_without_a_rate(world: World, changed: Changed) -> None:
    """Those of bank accounts and of stored documents."""
    inactive(changed, "currency", "2")
    changed("rates", {"currency": "EUR", "rate": None}, {"currency": "EUR", "rate": 1.1})
    bank = {"usd": "Checking", "eur": "Checking EUR", "gbp": "Checking", "sek": "Checking"}
    found = look(world, accounts={"bank": bank})
    assert "is not in NetSuite" in found["currency SEK"].detail
    assert "is inactive" in found["currency GBP"].detail
    assert "has no exchange rate" in found["currency EUR"].detail
    assert {found[f"currency {name}"].ok for name in ("SEK", "GBP", "EUR")} == {False}


def test_the_period_of_today(world: World, changed: Changed) -> None:
    """Closed: wrong, or a hint where documents are moved; locked months of ours do not hide an open one."""
    name = f"{date.today():%b %Y}"
    changed("periods", {"name": name, "closed": True}, {"name": name, "closed": False})
    assert look(world)["period of today"].ok is False
    moved = look(world, periods={"closed": "first_open"})["period of today"]
    assert (moved.ok, moved.mark) == (None, "hint")


def test_a_role_that_may_what_it_needs(world: World, changed: Changed) -> None:
    """Sales orders are part of it only where deals are; to see one is always harmless."""
    unneeded = look(world)["NetSuite role"]
    assert (unneeded.ok, unneeded.mark) == (None, "hint")
    assert unneeded.detail == "it may do more than anything here does: Sales Order (CREATE)"
    changed("role", {"grants": {"TRAN_SALESORD": 1}}, {"grants": {"TRAN_SALESORD": 2}})
    found = look(world)["NetSuite role"]
    assert (found.ok, found.detail) == (True, "17 permissions, and none beyond what is needed")


def test_a_role_that_may_more_or_less(world: World, changed: Changed) -> None:
    """Each permission by its name or key, with its level. What it lacks is wrong, since NetSuite told what it has; what
    is mirrored has to be seen, also where nothing of it is written.
    """
    keys = ("TRAN_VENDPYMT", "LIST_EMPLOYEE", "TRAN_CUSTINVC", "TRAN_DEPOSIT", "LIST_CLASS", "TRAN_SALESORD")
    more, less = (dict(zip(keys, levels, strict=True)) for levels in ((4, 1, 4, 1, 1, 0), (0, 0, 2, 2, 0, 2)))
    changed("role", {"grants": more}, {"grants": less})
    found = look(world)["NetSuite role"]
    assert (found.ok, found.mark) == (False, "WRONG")
    said, lacking = found.detail.split("; ")
    assert said.endswith(": LIST_EMPLOYEE (VIEW), TRAN_CUSTINVC (FULL), TRAN_VENDPYMT (FULL)")
    assert lacking == "it lacks what is needed: TRAN_DEPOSIT (CREATE)"
    assert "whoever gets hold of the key" in found.otherwise
    assert "explain permission" in found.otherwise
    unwritten = {"documents": {"deposit": False}, "accounts": {"bank": {}}}
    assert "lacks" not in look(world, **unwritten)["NetSuite role"].detail
    changed("role", {"grants": {"TRAN_DEPOSIT": 0}}, {"grants": {"TRAN_DEPOSIT": 1}})
    blind = look(world, **unwritten)["NetSuite role"]
    assert (blind.ok, "it lacks what is needed: TRAN_DEPOSIT (VIEW)" in blind.detail) == (False, True)


def test_an_administrator_may_everything(world: World, changed: Changed) -> None:
    """It is told without a table of what; a role that sees no roles is told of as such, and no more."""
    changed("role", {"role": 3}, {"role": 1028})
    found = look(world)["NetSuite role"]
    assert (found.ok, found.mark) == (None, "hint")
    assert "Administrator" in found.detail
    assert "deploy/netsuite" in found.to_do
    changed("role", {"role": 1029}, {"role": 1028})
    unseen = look(world)["NetSuite role"]
    assert (unseen.ok, unseen.mark, unseen.detail) == (None, "off", "what it may do is not told to it")


def test_fields_that_the_account_makes_mandatory(world: World, changed: Changed) -> None:
    """Where the catalog tells, it is told; where it does not, nothing is made up, and NetSuite refuses by name."""
    field = {"recordType": "invoice", "field": "location"}
    changed("mandatory", field, {**field, "mandatory": False})
    wrong = look(world)["NetSuite invoice"]
    assert wrong.ok is False
    assert "location" in wrong.detail
    assert "missing_field" in wrong.otherwise
    changed("mandatory", {**field, "told": False}, {**field, "mandatory": False})
    found = look(world)
    assert "NetSuite invoice" not in found
    assert "invoice" in found["NetSuite records"].detail


def test_values_of_a_list_of_the_accounts_own(world: World, changed: Changed) -> None:
    """By name or internal id, in rules and in look-up tables; an inactive one is told before it is needed."""
    field = {"lookup": "regions", "by": "metadata.region", "default": 2, "reference": "customlist_region"}
    mapping = {"tables": {"regions": {"EU": "EMEA", "asia": "APAC"}}, "invoice": {"header": {"custbody_region": field}}}
    found = look(world, mapping=mapping)
    assert found["mapping.tables.regions.EU"].detail == "EMEA is NetSuite customlist_region 1"
    assert found["mapping.invoice.header.custbody_region"].detail == "2 is NetSuite customlist_region 2"
    gone = found["mapping.tables.regions.asia"]
    assert (gone.ok, gone.detail) == (False, "NetSuite has no customlist_region 'APAC'")
    assert "REFERENCE_MISSING" in gone.otherwise
    inactive(changed, "customlist_region", "1")
    assert look(world, mapping=mapping)["mapping.tables.regions.EU"].ok is False


def test_a_list_that_is_not_told_any_more(world: World) -> None:
    """What was known of it proves nothing: it may have been deleted, or hidden from the role."""
    field = {"constant": "EMEA", "reference": "customlist_regions"}
    found = look(world, mapping={"invoice": {"header": {"custbody_region": field}}})
    unread = found["NetSuite customlist_regions records"]
    assert (unread.ok, unread.detail) == (False, "cannot be read")
    assert "docs/security.md" in unread.to_do
    assert found["mapping.invoice.header.custbody_region"].ok is False


def test_a_mandatory_field_that_the_mapping_fills_is_not_missing(world: World, changed: Changed) -> None:
    """In every document, that is: a rule that holds for some of them leaves the others without."""
    field = {"recordType": "invoice", "field": "location"}
    changed("mandatory", field, {**field, "mandatory": False})
    rule = {"constant": "1", "reference": "id"}
    assert "NetSuite invoice" not in look(world, mapping={"invoice": {"header": {"location": rule}}})
    some = {**rule, "when": "amount_minor > 100"}
    assert look(world, mapping={"invoice": {"header": {"location": some}}})["NetSuite invoice"].ok is False


def test_customer_deposits_are_looked_at_where_they_are_written(world: World, changed: Changed) -> None:
    """They are another record than payments, though a mapping of payments fills both."""
    field = {"recordType": "customerDeposit", "field": "location"}
    changed("mandatory", field, {**field, "mandatory": False})
    assert "NetSuite customerDeposit" not in look(world)
    decided = {"reversals": {"uninvoiced": "deposit"}}
    wrong = look(world, **decided)["NetSuite customerDeposit"]
    assert (wrong.ok, "location" in wrong.detail) == (False, True)
    rule = {"constant": "1", "reference": "id"}
    filled = look(world, mapping={"payment": {"header": {"location": rule}}}, **decided)
    assert "NetSuite customerDeposit" not in filled
    assert "customerDeposit" in filled["NetSuite records"].detail


def test_documents_always_carry_what_the_preflight_counts_on(world: World) -> None:
    """FILLED is no wish: each planned body of the demo company has those fields."""
    with world.assembly(without=["SALESFORCE_"]) as assembly:
        first, last = assembly.policy.books.start, date.today()
        assembly.read_reference()
        assembly.read_ledger(last, last)
        assembly.extract(["customer", "price", "invoice", "charge", "credit_note", "refund", "payout"], first, last)
        for kind in ("customer", "price", "invoice", "charge", "credit_note", "refund", "payout"):
            assembly.validate(kind)
        assembly.complete(first, last)
        assembly.plan(first, last)
        planned = planning.read_plan(assembly.engine).commands
    kinds = {each.document for each in planned}
    assert {"customer", "invoice", "customerPayment"} <= kinds
    for each in planned:
        lacking = FILLED.get(each.document, frozenset()) - each.body.keys()
        assert not lacking, (each.document, lacking)


def test_json_keeps_its_shape(world: World) -> None:
    """The fields that were there are there; `otherwise` is added."""
    run = CommandLine(world.home)
    told = json.loads(run("check", "--json", **world.environment()).out)
    assert {frozenset(each) for each in told} == {frozenset({"what", "ok", "detail", "to_do", "otherwise"})}


# --- Stripe -------------------------------------------------------------------------------------------------------


def at_stripe(world: World, answers: dict[str, Any], **variables: str) -> dict[str, Finding]:
    """Findings where Stripe answers these paths so and has empty lists else, and nothing else is on."""

    def answer(seen: Seen) -> Reply:
        empty = {"object": "list", "data": [], "has_more": False, "url": seen.path}
        found = answers.get(seen.path, empty)
        return found if isinstance(found, Reply) else Reply(200, found)

    with WireFake(answer) as fake:
        given = {**world.environment(), "STRIPE_API_BASE": fake.base_url, **variables}
        kept = {name: value for name, value in given.items() if not name.startswith(("NETSUITE_", "SALESFORCE_"))}
        with environment(kept):
            assembly = Assembly(load_settings())
            try:
                return {each.what: each for each in preflight(assembly)}
            finally:
                assembly.engine.dispose()


def endpoints(**fields: Any) -> dict[str, Any]:
    made = {"url": "https://o2c.example.com/webhooks/stripe", "status": "enabled", "enabled_events": ["*"]}
    one = {"id": "we_1", "api_version": API_VERSION, **made, **fields}
    return {"/v1/webhook_endpoints": {"object": "list", "data": [one], "has_more": False, "url": "/v1/x"}}


def account(interval: str = "daily", **fields: Any) -> dict[str, Any]:
    settings = {"payouts": {"schedule": {"interval": interval, "delay_days": 2}}, "dashboard": {"display_name": "Acme"}}
    made = {"id": "acct_1", "object": "account", "country": "US", "default_currency": "usd", "payouts_enabled": True}
    return {"/v1/account": {**made, "settings": settings, **fields}}


def test_a_webhook_endpoint_is_looked_at(world: World) -> None:
    """Enabled, with the events that we follow, pinned to our version; switched off it is wrong."""
    good = at_stripe(world, endpoints())["Stripe webhooks"]
    assert (good.ok, API_VERSION in good.detail) == (True, True)
    assert at_stripe(world, endpoints(status="disabled"))["Stripe webhooks"].ok is False
    some = [each for each in TYPES if each != "invoice.paid"]
    lacking = at_stripe(world, endpoints(enabled_events=some))["Stripe webhooks"]
    assert (lacking.mark, lacking.detail.endswith("follow: invoice.paid")) == ("hint", True)


def test_an_endpoint_of_another_version_is_a_hint(world: World) -> None:
    """Without one of its own an upgrade of the account changes it; a later one of the same name only adds."""
    for version in (None, "2019-05-16", "2024-09-30.acacia"):
        found = at_stripe(world, endpoints(api_version=version))["Stripe webhooks"]
        assert (found.ok, found.mark) == (None, "hint"), version
        assert str(version or "an upgrade changes it") in found.detail
        assert f"another endpoint with API version {API_VERSION}" in found.to_do
        assert "the list of events" in found.otherwise
    same = f"2031-01-01.{API_VERSION.partition('.')[2]}"
    assert at_stripe(world, endpoints(api_version=same))["Stripe webhooks"].ok


def test_a_secret_without_an_endpoint_is_a_hint(world: World) -> None:
    """Without one nobody expects webhooks, and polling is no fault."""
    elsewhere = endpoints(url="https://shop.example.com/hooks")
    assert at_stripe(world, elsewhere, STRIPE_WEBHOOK_SECRETS="whsec_1")["Stripe webhooks"].mark == "hint"
    assert at_stripe(world, elsewhere)["Stripe webhooks"].mark != "WRONG"
    denied = {"/v1/webhook_endpoints": Reply(403, {"error": {"message": "no"}})}
    assert at_stripe(world, denied)["Stripe webhooks"].ok is None


def test_kind_of_key_and_payouts(world: World) -> None:
    """A restricted key is right, and a hint says who asks what it may write; so are manual payouts and payouts that
    are off, with what would go wrong.
    """
    found = at_stripe(world, account(), STRIPE_API_KEY="rk_test_1")
    assert (found["Stripe key"].ok, found["Stripe key"].mark) == (None, "hint")
    assert "o2c check --rights" in found["Stripe key"].to_do
    assert "Acme" in found["Stripe account"].detail
    assert "ALLOCATION_AMBIGUOUS" in at_stripe(world, account("manual"))["Stripe payout schedule"].otherwise
    assert at_stripe(world, account(payouts_enabled=False))["Stripe payout schedule"].mark == "hint"
    denied = {"/v1/account": Reply(403, {"error": {"message": "no"}})}
    assert at_stripe(world, denied)["Stripe account"].ok is None


# --- every day, and at the start of a run ---------------------------------------------------------------------------


def test_the_daily_check_fails_before_a_document_does(world: World, changed: Changed) -> None:
    """The job looks at what `o2c check` looks at, alone: red with the finding, green again once it is put right."""
    with world.assembly(without=["SALESFORCE_"]) as assembly:
        job = definitions(assembly).resolve_job_def("preflight")
        first = checks(job.execute_in_process(run_config=QUIET))[
            "netsuite/reference_data:preflight_finds_nothing_wrong"
        ]
        assert first.passed
        inactive(changed, "account", "7")
        found = checks(job.execute_in_process(run_config=QUIET))[
            "netsuite/reference_data:preflight_finds_nothing_wrong"
        ]
        assert not found.passed
        assert "accounts.fee" in str(found.metadata["findings"].value)
        assert "inactive" in str(found.metadata["findings"].value)


def test_the_daily_check_is_no_part_of_every_run(world: World) -> None:
    """It has a job and a schedule of its own, which runs from the start."""
    with world.assembly(without=["SALESFORCE_"]) as assembly:
        made = definitions(assembly)
    whole = made.resolve_job_def("order_to_cash")
    names = {key.name for key in whole.asset_layer.asset_graph.asset_check_keys}
    assert "preflight_finds_nothing_wrong" not in names
    assert "settled_is_not_planned" in names
    schedule = made.resolve_schedule_def("daily_preflight")
    assert schedule.default_status == dg.DefaultScheduleStatus.RUNNING


def test_a_run_that_could_only_be_refused_goes_on_in_observe(world: World, changed: Changed) -> None:
    """The subsidiary of the books is inactive: said in one line, and nothing is sent. Otherwise the mode stays."""
    with world.assembly(without=["SALESFORCE_"]) as assembly:
        assert rein_in(assembly) == []
        assert assembly.writes
        assembly.read_reference()
    inactive(changed, "subsidiary", "1")
    for named in ("1", "parent company"):
        with world.assembly(without=["SALESFORCE_"], books={"subsidiary": named}) as assembly:
            [wrong] = rein_in(assembly)
            assert wrong.what == "books.subsidiary"
            assert not assembly.writes
            assert assembly.apply() is None
    with world.assembly("observe", without=["SALESFORCE_"]) as assembly:
        assert rein_in(assembly) == []


def test_what_the_catalog_tells_stops_no_run(world: World, changed: Changed) -> None:
    """A mandatory field may have a default, and who may create records need not see the catalog."""
    field = {"recordType": "invoice", "field": "location"}
    changed("mandatory", field, {**field, "mandatory": False})
    with world.assembly(without=["SALESFORCE_"]) as assembly:
        assert rein_in(assembly) == []
        assert assembly.writes


@pytest.mark.parametrize("status", [404, 403, 500])
def test_a_catalog_that_shows_nothing_is_a_hint(status: int) -> None:
    """Of one kind that is missing among others it is wrong; of all of them it says that the catalog is closed."""
    with WireFake(failure(status, "NONEXISTENT_ID", "The record type is not available.")) as fake:
        (found,) = catalog(reader(fake.base_url), Policy())
    assert (found.ok, found.mark) in ((None, "hint"), (None, "off"))


def test_a_document_that_names_an_inactive_account_is_not_sent(world: World, changed: Changed) -> None:
    """Known still, for the mirror names it; refused by name before the request."""
    inactive(changed, "account", "7")
    with world.assembly(without=["SALESFORCE_"]) as assembly:
        assembly.read_reference()
        assert ("account", "stripe fees") in ledger.reference(assembly.engine)
        usable = ledger.reference(assembly.engine, usable=True)
    with pytest.raises(UnresolvedReference, match="Stripe Fees"):
        resolve({"account": {"$account": "Stripe Fees"}}, {}, usable)


def test_orders_are_asked_about_only_where_deals_are() -> None:
    """A company that sells nothing in Salesforce needs no role for them."""
    asked = {}
    for deals in (True, False):
        with WireFake(failure(404, "NONEXISTENT_ID", "The record type is not available.")) as fake:
            list(catalog(reader(fake.base_url), Policy(), deals=deals))
            asked[deals] = [each.path for each in fake.seen]
    assert [any("salesorder" in path.lower() for path in asked[deals]) for deals in (True, False)] == [True, False]
