"""Promises of what the demo company sells through Salesforce: repeatable, apart from the rest, and with its truth."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from o2c_orchestration.sandbox import company
from o2c_orchestration.sandbox.company.deal_mishaps import NEEDED
from o2c_orchestration.sandbox.company.deal_troubles import TROUBLES, trouble
from o2c_orchestration.sandbox.company.deals import MISTAKES
from o2c_orchestration.sandbox.salesforce.ids import full
from o2c_orchestration.sandbox.salesforce.objects import STAGES

TODAY = date(2026, 11, 22)
SIZES = [(7, 400), (3, 60), (11, 1500)]


@cache
def world(seed: int, size: int) -> tuple[company.Company, company.Deals]:
    built = company.build(seed, size, today=TODAY)
    return built, company.sell(built, seed, today=TODAY)


def of(deals: company.Deals, kind: str) -> list[dict[str, Any]]:
    return [each for each in deals.salesforce if each["attributes"]["type"] == kind]


def text(thing: Any) -> str:
    return json.dumps(thing, sort_keys=True)


def test_the_same_deals_again_and_others_for_another_seed() -> None:
    """Seed, size and day decide everything."""
    built, deals = world(7, 400)
    assert vars(company.sell(built, 7, today=TODAY)) == vars(deals)
    assert company.sell(built, 8, today=TODAY).won != deals.won


@pytest.mark.parametrize(("seed", "size"), SIZES)
def test_the_company_stays_as_it_was(seed: int, size: int) -> None:
    """Selling changes no object of the company; customers get the account's id in a copy."""
    before = company.build(seed, size, today=TODAY)
    built, deals = world(seed, size)
    assert text(vars(built)) == text(vars(before))
    joined = deals.stripe_objects(built)
    plain = [each | ({"metadata": {}} if each["id"] in deals.metadata else {}) for each in joined[: len(built.stripe)]]
    assert text(plain) == text(before.stripe)
    tagged = {each["id"]: each["metadata"]["salesforce_account_id"] for each in joined if each.get("metadata")}
    assert tagged == deals.metadata
    assert {each["object"] for each in joined[len(built.stripe) :]} == {"price"}


@pytest.mark.parametrize(("seed", "size"), SIZES)
def test_accounts_are_linked_from_both_sides_or_from_none(seed: int, size: int) -> None:
    """About half of the accounts name their customer, which names them; the others only look alike."""
    built, deals = world(seed, size)
    named = {each["Stripe_Customer_Id__c"]: each["Id"] for each in of(deals, "Account")}
    assert {customer: account for customer, account in named.items() if customer} == deals.metadata
    assert 0.25 < len(deals.metadata) / (len(deals.metadata) + len(deals.matches)) < 0.75
    customers = {each["id"]: each for each in built.stripe if each["object"] == "customer"}
    emails = {each["AccountId"]: each["Email"] for each in of(deals, "Contact")}
    assert {account: customers[customer]["email"] for account, customer in deals.matches.items()} == {
        account: emails[account] for account in deals.matches
    }
    assert len(customers) > len(deals.metadata) + len(deals.matches)


@pytest.mark.parametrize(("seed", "size"), SIZES)
def test_ids_are_sound_and_refer_to_what_is_there(seed: int, size: int) -> None:
    """Every id has its check characters and is used once; every lookup finds its record, loaded earlier."""
    _, deals = world(seed, size)
    seen = set()
    for each in deals.salesforce:
        lookups = ("AccountId", "OpportunityId", "PricebookEntryId", "Product2Id")
        assert all(each.get(name) in {None, *seen} for name in lookups), each
        assert full(each["Id"]) == each["Id"]
        assert each["Id"] not in seen
        seen.add(each["Id"])


@pytest.mark.parametrize(("seed", "size"), SIZES)
def test_deals_are_in_every_stage_and_won_within_the_days(seed: int, size: int) -> None:
    """A few dozen at least; what is won was won in the days looked at, and has no order yet."""
    _, deals = world(seed, size)
    opportunities = of(deals, "Opportunity")
    assert len(opportunities) >= 36
    assert {each["StageName"] for each in opportunities} == set(STAGES)
    won = [each for each in opportunities if each["StageName"] == "Closed Won"]
    assert {each["Id"] for each in won} == {each["opportunity"] for each in deals.won + deals.truth}
    assert all("2026-10-23" <= each["CloseDate"] < "2026-11-22" for each in won)
    assert all(each["CloseDate"] == each["SystemModstamp"][:10] for each in won)
    assert not any("NetSuite_Sales_Order_Id__c" in each for each in opportunities)
    assert {each["shape"] for each in deals.won} >= {"monthly", "one_off", "mixed", "annual", "ramp", "fraction"}
    assert {each["link"] for each in deals.won} == {"written", "likely", "none"}


@pytest.mark.parametrize(("seed", "size"), SIZES)
def test_the_truth_adds_up(seed: int, size: int) -> None:
    """Totals are those of the lines, worked out a second time; each mistake stands once, with its cause."""
    _, deals = world(seed, size)
    lines: dict[str, list[dict[str, Any]]] = {}
    for each in of(deals, "OpportunityLineItem"):
        lines.setdefault(each["OpportunityId"], []).append(each)
    minor = {"jpy": 1, "kwd": 1000}
    for row in deals.won + deals.truth:
        total = sum(
            Decimal(str(each["Quantity"])) * Decimal(str(each["UnitPrice"])) * (100 - (each["Discount"] or 0)) / 100
            for each in lines[row["opportunity"]]
        )
        assert abs(total * minor.get(row["currency"], 100) - row["total_minor"]) < 5
    assert sorted(each["mistake"] for each in deals.truth) == sorted(MISTAKES)
    by_mistake = {row["mistake"]: row["opportunity"] for row in deals.truth}
    opportunities = {each["Id"]: each for each in of(deals, "Opportunity")}
    entries = {each["Id"]: each for each in of(deals, "PricebookEntry")}
    assert opportunities[by_mistake["no_account"]]["AccountId"] is None
    assert not all(entries[each["PricebookEntryId"]]["IsActive"] for each in lines[by_mistake["inactive_price"]])
    assert min(each["UnitPrice"] for each in lines[by_mistake["negative_line"]]) < 0
    assert lines[by_mistake["restricted_value"]][0]["O2C_Billing__c"] == "Quarterly"
    items = {each["Id"]: each["NetSuite_Item__c"] for each in of(deals, "Product2")}
    assert None in [items[each["Product2Id"]] for each in lines[by_mistake["unmapped_product"]]]
    assert opportunities[by_mistake["currency_without_price"]]["CurrencyIsoCode"] == "CHF"
    sound = {each["opportunity"] for each in deals.won}
    for deal, some in lines.items():
        if deal in sound:
            assert all(entries[each["PricebookEntryId"]]["Stripe_Price_Id__c"] for each in some)
            assert all(items[each["Product2Id"]] for each in some)


@pytest.mark.parametrize(("seed", "size"), SIZES)
def test_the_price_list_is_that_of_stripe(seed: int, size: int) -> None:
    """An entry with a Stripe price has its amount, currency and product."""
    built, deals = world(seed, size)
    objects = {each["id"]: each for each in deals.stripe_objects(built)}
    digits = {"jpy": 0, "kwd": 3}
    mapped = [each for each in of(deals, "PricebookEntry") if each["Stripe_Price_Id__c"]]
    assert len(mapped) == len([each for each in objects.values() if each["object"] == "price"])
    for each in mapped:
        price = objects[each["Stripe_Price_Id__c"]]
        assert price["currency"].upper() == each["CurrencyIsoCode"]
        assert Decimal(price["unit_amount"]).scaleb(-digits.get(price["currency"], 2)) == Decimal(
            str(each["UnitPrice"])
        )
        assert each["Name"].removesuffix(" (annual)") == objects[price["product"]]["name"]
        assert ((price["recurring"] or {}).get("interval") == "year") == each["Name"].endswith("(annual)")


@pytest.mark.parametrize(("seed", "size"), SIZES)
def test_further_troubles_leave_the_deals_as_they_are(seed: int, size: int) -> None:
    """They are the same for the same arguments, each once, on records of their own; nothing of the others changes."""
    built, deals = world(seed, size)
    before = text(vars(deals))
    made = trouble(built, deals, NEEDED, seed, today=TODAY)
    assert text(vars(deals)) == before
    assert vars(trouble(built, deals, NEEDED, seed, today=TODAY)) == vars(made)
    assert sorted({each["mistake"] for each in made.truth}) == sorted(TROUBLES)
    assert len({each["opportunity"] for each in made.truth}) == len(TROUBLES)
    ids = [each["Id"] for each in (*deals.salesforce, *made.salesforce)]
    ids += [each["id"].lower() for each in (*built.stripe, *deals.stripe, *made.stripe)]
    assert len(set(ids)) == len(ids)
