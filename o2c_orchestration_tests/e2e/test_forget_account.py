"""An account of Salesforce, with its contacts and deals, deleted from our database and from Dagster's log in it."""

import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from o2c_orchestration_tests.e2e.cli_fixtures import CommandLine, World, today
from o2c_orchestration_tests.e2e.seller import Seller

NAME, EMAIL, PHONE = "Canaria Vögelein", "canary@vogel.example", "+49 341 4711 0815"
CANARIES = (NAME, EMAIL, PHONE, "Kanarienweg 77", "Zwitscherstadt", "04109-CNRY", "vogel-canary.example")
PLACE = {"BillingStreet": "Kanarienweg 77", "BillingCity": "Zwitscherstadt", "BillingPostalCode": "04109-CNRY"}
# Everything is made on these days, and thirty of them would be thirty partitions of every asset in Dagster's log.
RUN = ("run", "--from", f"{today() - timedelta(days=1)}")
ASKED = {"billing_address": "salesforce", "phone": "salesforce"}


@pytest.fixture
def run(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path / "terminal")


def left(world: World) -> dict[str, list[str]]:
    """Canaries by the table where they are: all tables of the database, ours and Dagster's."""
    found: dict[str, list[str]] = {}
    with psycopg.connect(world.database_url) as connection:
        tables = connection.execute(
            """SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
               WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"""
        ).fetchall()
        for (table,) in tables:
            row = connection.execute(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM {table} t").fetchone()
            text = str(row[0]).lower() if row else ""
            # A row's own text doubles backslashes.
            forms = {
                each: (each, json.dumps(each)[1:-1], json.dumps(each)[1:-1].replace("\\", "\\\\")) for each in CANARIES
            }
            if told := [each for each, some in forms.items() if any(form.lower() in text for form in some)]:
                found[table] = told
    return found


def sold(seller: Seller) -> str:
    """The account of a person, with an order that is written and a deal that is refused."""
    account = seller.create(
        "Account", Name=NAME, Phone=PHONE, Website="vogel-canary.example", BillingCountry="Germany", **PLACE
    )
    seller.create("Contact", AccountId=account, LastName="Vögelein", Email=EMAIL)
    written = seller.deal(account, today().isoformat(), Name=f"{NAME}: seats", O2C_Term_Months__c=12)
    seller.line(written, seller.product("SEAT", 50), 4, 50, Description=f"For {NAME}")
    seller.deal(account, today().isoformat(), Name=f"{NAME}: odd, without a product", O2C_Term_Months__c=12)
    return account


def gaps(run: CommandLine, variables: Mapping[str, str]) -> list[tuple[Any, ...]]:
    told = json.loads(run("gaps", "--json", **variables).out)
    return [(gap["gap_id"], gap["kind"], gap["expected_minor"], gap["actual_minor"]) for gap in told]


def test_an_account_is_forgotten_with_contacts_deals_and_dagsters_log(
    world: World, run: CommandLine, tmp_path: Path
) -> None:
    """By the command, after a run of Dagster; and it stays so though all of Salesforce is read again."""
    seller = Seller(world.base_url, world.config)
    account = sold(seller)
    follows = {"name": "salesforce", "phone": "salesforce"}
    variables = world.environment(customers={"details": ASKED, "changes": follows})
    seller.change("Account", account, Name="Before the wedding", Phone="+49 341 000000")
    assert run(*RUN, **variables).code == 0
    # The journal of a change of the customer has his names too.
    seller.change("Account", account, Name=NAME, Phone=PHONE)
    assert run(*RUN, **variables).code == 0
    before, planted, writes = gaps(run, variables), left(world), world.record_writes()
    assert {"o2c.salesforce_objects", "o2c.gaps", "public.event_logs"} <= planted.keys()
    assert "o2c.plan_entries" in planted
    assert "o2c.audit" not in planted
    dry = run("forget", account, "--reason", "request 12", "--dry-run", **variables)
    assert (dry.code, "salesforce_objects" in dry.out) == (0, True), dry
    assert left(world) == planted
    done = run("forget", account, "--reason", "request 12", "--yes", **variables)
    assert (done.code, done.err) == (0, ""), done
    assert "NetSuite" in done.out
    assert left(world) == {}
    seller.change("Account", account, Phone=PHONE + " 1")
    (contact,) = seller.query(f"SELECT Id FROM Contact WHERE AccountId = '{account}'")
    seller.change("Contact", contact["Id"], LastName="Vögelein-Canaria")
    for deal in seller.query("SELECT Id, Name FROM Opportunity"):
        seller.change("Opportunity", deal["Id"], Name=deal["Name"] + "!")
    assert run(*RUN, **variables).code == 0
    assert left(world) == {}
    assert (gaps(run, variables), world.record_writes()) == (before, writes)
    assert run("verify-chain", **variables).code == 0


def test_the_command_asks_and_says_what_is_wrong(world: World, run: CommandLine) -> None:
    """Nothing is deleted without a yes; a wrong id, no reason and JSON without a yes are told in one line."""
    variables = world.environment()
    customer = world.stripe("customers", name=NAME, email=EMAIL)["id"]
    world.invoice(1000, customer=customer)
    assert run(*RUN, **variables).code == 0
    planted = left(world)
    assert run("forget", customer, "--reason", "x", **variables).code == 130
    assert "neither a customer nor an account" in run("forget", "in_1", "--reason", "x", **variables).line
    assert run("forget", customer, "--reason", " ", **variables).code == 2
    assert run("forget", customer, "--reason", "x", "--json", **variables).code == 2
    assert "o2c explain UnknownSubject" in run("forget", "cus_Nobody", "--reason", "x", "--yes", **variables).line
    assert left(world) == planted
    told = json.loads(run("forget", customer, "--reason", "x", "--yes", "--json", **variables).out)
    assert (told["deleted"], told["ids"]["stripe"]) == (True, [customer])
    assert left(world) == {}
