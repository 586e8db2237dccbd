"""The preflight: every name that o2c.yaml gives to the books, and everything that the Stripe key has to read."""

from collections.abc import Iterator
from typing import Any

import pytest

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.preflight.finding import Finding
from o2c_orchestration.preflight.run import preflight
from o2c_orchestration.settings import load_settings
from o2c_orchestration_tests.conftest import NewDatabase
from o2c_orchestration_tests.e2e.cli_fixtures import CommandLine, World, company, environment, sandbox, today
from o2c_orchestration_tests.wire_fake import Reply, Seen, WireFake

LISTS = {
    "customers", "invoices", "prices", "charges", "invoice_payments", "credit_notes", "refunds", "disputes",
    "balance_transactions", "payouts", "events",
}  # fmt: skip


@pytest.fixture(scope="module")
def world(new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A small company in the sandbox."""
    home = tmp_path_factory.mktemp("check")
    with new_database() as url, sandbox(home, url) as found:
        found.load_company(company())
        yield found


def look(world: World, **policy: Any) -> dict[str, Finding]:
    """Findings by what they are about, under a policy of our own."""
    with world.assembly(without=["SALESFORCE_"], **policy) as assembly:
        return {each.what: each for each in preflight(assembly)}


def look_at_stripe(world: World, answer: Any, **policy: Any) -> dict[str, Finding]:
    """Findings where Stripe answers as the test says and nothing else is on."""
    with WireFake(answer) as fake:
        variables = {**world.environment(**policy), "STRIPE_API_BASE": fake.base_url}
        kept = {name: value for name, value in variables.items() if not name.startswith(("NETSUITE_", "SALESFORCE_"))}
        with environment(kept):
            assembly = Assembly(load_settings())
            try:
                return {each.what: each for each in preflight(assembly)}
            finally:
                assembly.engine.dispose()


def page(*items: dict[str, Any]) -> Reply:
    return Reply(200, {"object": "list", "data": list(items), "has_more": False, "url": "/v1/things"})


def test_every_name_of_the_shipped_policy_is_looked_up(world: World) -> None:
    """Items and accounts of credit memos, refunds, disputes, write-offs and deposits, each under its key; all exist."""
    found = look(world)
    policy = Policy()
    named = {f"items.{name}" for name in policy.items.model_dump(exclude={"prices", "price_metadata"})}
    named |= {"accounts.fee", "accounts.reserves", "accounts.returned_payouts", "accounts.suspense"}
    named |= {f"accounts.fees.{kind}" for kind in policy.accounts.fees} | {"accounts.bank.usd", "books.subsidiary"}
    assert named <= found.keys()
    assert [each for each in found.values() if each.ok is False] == []


def test_a_name_that_netsuite_lacks_is_wrong(world: World) -> None:
    """The key of o2c.yaml, the name, and what to do."""
    items = {"bad_debt": "Nothing", "prices": {"price_1": "Nowhere"}}
    found = look(world, items=items, accounts={"suspense": "Nobody", "fees": {"tax": "None"}})
    wrong = {what: each for what, each in found.items() if each.ok is False}
    assert wrong.keys() == {"items.bad_debt", "items.prices.price_1", "accounts.suspense", "accounts.fees.tax"}
    assert wrong["items.bad_debt"].detail == "NetSuite has no item 'Nothing'"
    assert "items.bad_debt in o2c.yaml" in wrong["items.bad_debt"].to_do


def test_a_bank_account_has_to_be_one_and_of_its_currency(world: World) -> None:
    """An expense account is none, one in dollars takes no euros, the right ones are right."""
    bank = {"usd": "Stripe Fees", "eur": "Checking", "gbp": "Checking EUR"}
    found = look(world, accounts={"bank": bank})
    assert "of type Expense, not Bank" in found["accounts.bank.usd"].detail
    assert "not kept in EUR" in found["accounts.bank.eur"].detail
    assert "not kept in GBP" in found["accounts.bank.gbp"].detail
    right = look(world, accounts={"bank": {"usd": "Checking", "eur": "15"}})
    assert (right["accounts.bank.usd"].ok, right["accounts.bank.eur"].ok) == (True, True)


def test_accounts_of_deposits_are_not_asked_for_where_none_are_written(world: World) -> None:
    """Who writes no deposits needs none of their accounts."""
    found = look(world, documents={"deposit": False}, accounts={"suspense": "Nobody", "bank": {}})
    assert [what for what in found if what.startswith("accounts.")] == []


def test_payments_that_miss_undeposited_funds_are_a_hint(world: World) -> None:
    """A payment account of one's own is no error, but deposits cannot take payments from it."""
    found = look(world, netsuite={"payment_account": "Checking"})["netsuite.payment_account"]
    assert (found.ok, found.mark) == (None, "hint")
    assert "Undeposited Funds" in found.detail


def test_everything_that_a_run_reads_is_tried(world: World) -> None:
    """One small read of each list; the demo's payouts are automatic."""
    found = look(world)
    assert found["Stripe permissions"].ok
    assert LISTS == {name.replace(" ", "_") for name in found["Stripe permissions"].detail.split(": ")[1].split(", ")}
    assert found["Stripe payouts"].ok
    assert "automatic" in found["Stripe payouts"].detail


def test_what_the_key_may_not_read_is_told_by_name(world: World) -> None:
    """A restricted key without some permissions: each is named with Stripe's words; the others are fine."""

    def answer(seen: Seen) -> Reply:
        if seen.path in ("/v1/payouts", "/v1/credit_notes"):
            said = f"Having the 'rak_{seen.path[4:-1]}_read' permission would allow this request to continue."
            return Reply(403, {"error": {"type": "invalid_request_error", "message": said}})
        return page()

    found = look_at_stripe(world, answer)
    wrong = {what: each for what, each in found.items() if each.ok is False}
    assert wrong.keys() == {"Stripe payouts", "Stripe credit notes"}
    assert "rak_payout_read" in wrong["Stripe payouts"].detail
    assert "read permission for credit notes" in wrong["Stripe credit notes"].to_do
    assert "disputes" in found["Stripe permissions"].detail
    assert "payouts" not in found["Stripe permissions"].detail


def test_prices_that_nobody_wants_need_not_be_readable(world: World) -> None:
    """Their permission is asked for only if their metadata counts."""

    def answer(seen: Seen) -> Reply:
        return Reply(403, {"error": {"message": "no"}}) if seen.path == "/v1/prices" else page()

    assert look_at_stripe(world, answer)["Stripe prices"].ok is False
    assert "Stripe prices" not in look_at_stripe(world, answer, items={"price_metadata": False})


def test_the_common_customer_is_looked_for(world: World) -> None:
    """Before the first run nobody knows; afterwards it is there or wrong."""
    customers = {"mode": "global", "global": "Nobody"}
    assert look(world, customers=customers)["customers.global"].ok is None
    with world.assembly(without=["SALESFORCE_"], customers=customers) as assembly:
        assembly.read_reference()
        assembly.read_ledger(today(), today())
    assert look(world, customers=customers)["customers.global"].ok is False


def test_manual_payouts_and_currencies_without_a_bank_account_are_told(world: World) -> None:
    """Manual payouts are a hint, since they can still be searched for; a currency that cannot arrive is an error."""
    payouts = [
        {"id": "po_1", "object": "payout", "automatic": True, "currency": "usd"},
        {"id": "po_2", "object": "payout", "automatic": False, "currency": "eur"},
    ]
    found = look_at_stripe(world, lambda seen: page(*payouts if seen.path == "/v1/payouts" else ()))
    assert (found["Stripe payouts"].ok, found["Stripe payouts"].mark) == (None, "hint")
    assert "1 of the newest 2 are manual" in found["Stripe payouts"].detail
    assert found["accounts.bank.eur"].ok is False
    assert "EUR" in found["accounts.bank.eur"].detail
    assert "accounts.bank.usd" not in found


def test_the_command_marks_hints(world: World) -> None:
    """Beside ok and WRONG a hint is a hint, and ends with exit 0."""
    run = CommandLine(world.home)
    told = run("check", **world.environment(netsuite={"payment_account": "Checking"}))
    assert told.code == 0, told.out
    assert "hint" in told.out
    assert "WRONG" not in told.out


def test_what_the_mapping_names_is_looked_up(world: World) -> None:
    """Constants, defaults and rows of tables, each under its key."""
    rule = {"lookup": "t", "by": "metadata.region", "default": "Services"}
    mapping = {
        "tables": {"t": {"EU": "Europe : Berlin", "XX": "Atlantis"}},
        "invoice": {"header": {"location": {**rule, "default": "Americas"}}, "lines": {"class": "Hardware"}},
    }
    found = look(world, mapping=mapping)
    assert found["mapping.tables.t.EU"].ok is True
    assert found["mapping.invoice.header.location"].ok is True
    assert found["mapping.tables.t.XX"].ok is False
    assert found["mapping.invoice.lines.class"].ok is False
    assert "mapping.invoice.lines.class" in found["mapping.invoice.lines.class"].to_do
