"""The demo company's deals load into the sandbox, and all three systems then tell the same story."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
import requests

from o2c_orchestration.sandbox import company
from o2c_orchestration.sandbox.server import SandboxServer
from o2c_orchestration_tests.contract.sandbox_salesforce_org import OrgClient
from o2c_orchestration_tests.contract.sandbox_stripe_account import Account

TODAY = date(2026, 11, 22)
MINOR = {"jpy": 1, "kwd": 1000}


@pytest.fixture(scope="module")
def deals() -> company.Deals:
    return company.sell(company.build(invoices=120, today=TODAY), today=TODAY)


@pytest.fixture(scope="module")
def org(tmp_path_factory: pytest.TempPathFactory, deals: company.Deals) -> Iterator[OrgClient]:
    built = company.build(invoices=120, today=TODAY)
    body = {
        "stripe": deals.stripe_objects(built),
        "netsuite": [*built.netsuite, *deals.netsuite],
        "salesforce": deals.salesforce,
    }
    with SandboxServer(tmp_path_factory.mktemp("sells")) as server:
        answer = requests.post(f"{server.base_url}/_sandbox/load", json=body, timeout=120)
        assert answer.status_code == 200, answer.text
        assert answer.json()["salesforce"] == len(deals.salesforce)
        yield OrgClient(server)


def test_amounts_are_the_truth(org: OrgClient, deals: company.Deals) -> None:
    """Salesforce's own sum of the lines is what the deal must come to, in its currency."""
    found = org.query("SELECT Id, Amount, CurrencyIsoCode FROM Opportunity WHERE IsWon = true")["records"]
    seen = {each["Id"]: (each["CurrencyIsoCode"], each["Amount"]) for each in found}
    assert seen == {
        row["opportunity"]: (row["currency"].upper(), row["total_minor"] / MINOR.get(row["currency"], 100))
        for row in deals.won + deals.truth
    }


def test_everything_a_sales_order_needs_is_one_query_away(org: OrgClient, deals: company.Deals) -> None:
    """Lines name item and Stripe price through the price book, and the account its customer."""
    soql = (
        "SELECT Id, Account.Stripe_Customer_Id__c, (SELECT O2C_Billing__c, PricebookEntry.IsActive,"
        " PricebookEntry.Stripe_Price_Id__c, PricebookEntry.Product2.NetSuite_Item__c FROM OpportunityLineItems)"
        " FROM Opportunity WHERE IsWon = true AND NetSuite_Sales_Order_Id__c = null ORDER BY SystemModstamp, Id"
    )
    found = {each["Id"]: each for each in org.query(soql)["records"]}
    for row in deals.won:
        record = found[row["opportunity"]]
        assert record["Account"]["Stripe_Customer_Id__c"] == (row["customer"] if row["link"] == "written" else None)
        lines = record["OpportunityLineItems"]["records"]
        assert sorted({each["O2C_Billing__c"] for each in lines}) == row["billing"]
        assert all(each["PricebookEntry"]["Product2"]["NetSuite_Item__c"] for each in lines)


def test_the_customer_names_its_account(org: OrgClient, deals: company.Deals) -> None:
    """Stripe's metadata and Salesforce's field agree."""
    stripe = Account(org.base_url)
    customer, account = next(iter(deals.metadata.items()))
    assert stripe.get(f"customers/{customer}")["metadata"] == {"salesforce_account_id": account}
    assert org.column(f"SELECT Id FROM Account WHERE Stripe_Customer_Id__c = '{customer}'") == [account]
    yearly = deals.stripe[0]["id"]
    assert stripe.get(f"prices/{yearly}")["recurring"]["interval"] == "year"


def test_new_records_do_not_meet_the_loaded(org: OrgClient) -> None:
    """An id that is drawn later is none that was loaded."""
    before = set(org.column("SELECT Id FROM Account"))
    assert org.create("Account", Name="New") not in before
