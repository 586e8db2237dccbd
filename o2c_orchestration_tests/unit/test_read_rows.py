"""Rows of SuiteQL and SOQL: what is declared is what is asked for, and what a schema refuses it names."""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from o2c_orchestration.domain.read_rows import NETSUITE, READ_ROWS
from o2c_orchestration.domain.salesforce_fields import DETAILS, READ
from o2c_orchestration.mirror import orders, queries
from o2c_orchestration.validate.read_rows import as_json, at_times, declared
from o2c_orchestration.validate.read_schemas import failures

SINCE = datetime(2026, 11, 1)
WINDOW = queries.LedgerWindow(SINCE, (date(2026, 11, 1), date(2026, 11, 30)))
QUERIES = {
    "netsuite_transaction": queries.documents(WINDOW, 0, subsidiary=True),
    "netsuite_tax": queries.taxes(1, 2, [3]),
    "netsuite_application": queries.applications(1, 2),
    "netsuite_deposited": queries.deposited(1, 2),
    "netsuite_deposit_line": queries.deposit_lines(1, 2),
    "netsuite_customer": queries.customers(SINCE, 0),
    "netsuite_relationship": queries.relationships([1]),
    "netsuite_period": queries.PERIODS,
    "netsuite_tax_period": queries.TAX_PERIODS[0],
    "netsuite_reference": queries.REFERENCE["item"],
    "netsuite_order": orders._query(SINCE, 0, currency=True),
}
INVOICE = {"id": "7", "type": "CustInvc", "trandate": "2026-11-05", "voided": "F", "foreigntotal": "12.50"}
STAMP = "2026-11-05T10:00:00.000+0000"
DEAL = {"Id": "006000000000001AAA", "CreatedDate": STAMP, "SystemModstamp": STAMP, "IsDeleted": False}
DEAL |= {"IsWon": True, "IsClosed": True, "Amount": 12.5, "CloseDate": "2026-11-05"}


def columns(query: str) -> list[str]:
    """Names of a query's columns as its answer has them; what is in brackets has commas of its own."""
    chosen = re.sub(r"\([^()]*\)", "", query.split(" FROM ", maxsplit=1)[0].removeprefix("SELECT "))
    return [re.split(r" AS |\.", each.strip())[-1] for each in chosen.split(",")]


@pytest.mark.parametrize("kind", NETSUITE)
def test_each_column_is_declared_and_each_that_is_declared_is_asked_for(kind: str) -> None:
    """Otherwise a column would pass unseen, or one that nobody asks for would count as missing."""
    assert {each.name for each in NETSUITE[kind]} == set(columns(QUERIES[kind]))


@pytest.mark.parametrize("query", [queries.deposits_applied, queries.deposits_refunded])
def test_what_is_taken_of_customer_deposits_has_the_same_columns(query: Callable[[int, int], str]) -> None:
    """One schema is for all that says what is applied to what."""
    assert columns(query(1, 2)) == columns(QUERIES["netsuite_application"])


def test_each_field_of_salesforce_is_declared() -> None:
    """By the lists that the queries are made of."""
    for kind, names in READ.items():
        asked = [name for some in DETAILS.values() for name in some] if kind == "Account" else []
        assert tuple(each.name for each in READ_ROWS[f"salesforce_{kind.lower()}"]) == (*names, *asked)


@pytest.mark.parametrize(
    ("odd", "reason"),
    [
        ({"id": "seven"}, "id: not a whole number"),
        ({"type": "CashSale"}, "type: type is none of CustInvc"),
        ({"trandate": "11/5/2026"}, "trandate: not a day"),
        ({"trandate": None}, "trandate: missing"),
        ({"foreigntotal": "12,50"}, "foreigntotal: not a number"),
        ({"unpaid": "NaN"}, "unpaid: not a number"),
        ({"voided": "true"}, "voided: neither T nor F"),
        ({"modified": "yesterday"}, "modified: not a moment"),
    ],
)
def test_a_row_that_makes_no_sense_is_named_with_its_column(odd: dict[str, Any], reason: str) -> None:
    """`voided: true` would read as not voided, without a word; the sound row beside it passes."""
    found = failures("netsuite_transaction", [INVOICE, {**INVOICE, **odd}])
    assert found.keys() == {1}
    assert found[1].startswith(reason)


def test_sound_rows_pass_whatever_is_empty() -> None:
    """NULL is left out by NetSuite, and empty text is no value either; columns that nobody asked for are let be."""
    full = {"entity": "-5", "status": "A", "unpaid": "1E+2", "memo": "in_1", "currency": "1", "links": "x"}
    assert failures("netsuite_transaction", [INVOICE, {**INVOICE, **full}, {**INVOICE, "entity": ""}]) == {}
    assert failures("netsuite_application", [{"payment": "1", "invoice": "2"}]) == {}


def test_records_pass_as_deals_are_read() -> None:
    """Text and numbers in fields that an org made itself; what no deal can be read from is named."""
    own = {
        "O2C_Term_Months__c": "12",
        "Stripe_Billing_Id__c": 5,
        "O2C_Start_Date__c": "2026-11-05",
        "Amount": Decimal(3),
    }
    assert failures("salesforce_opportunity", [DEAL, {**DEAL, **own}, {**DEAL, "Amount": None}]) == {}
    odd = {"Id": "6", "IsWon": "yes", "CloseDate": "soon", "O2C_Term_Months__c": "a year"}
    found = failures("salesforce_opportunity", [{**DEAL, name: value} for name, value in odd.items()])
    assert [found[number].partition(":")[0] for number in range(4)] == list(odd)


def test_drift_sees_texts_as_what_they_say() -> None:
    """A number that is none any more is another type, though SuiteQL gives text throughout."""
    row = {**INVOICE, "unpaid": "many", "status": "A"}
    (seen,) = as_json("netsuite_transaction", [row])
    assert (seen["foreigntotal"], seen["voided"], seen["unpaid"], seen["status"]) == (
        Decimal("12.50"),
        False,
        "many",
        "A",
    )
    told = declared("netsuite_transaction")
    assert told["unpaid"].types == {"number", "null"}
    assert (told["voided"].types, told["status"].few) == ({"boolean", "null"}, True)


def test_what_need_not_be_there() -> None:
    """SuiteQL leaves out what is empty; Salesforce says null, but an org may lack our fields and its currencies."""
    assert "unpaid" in at_times("netsuite_transaction")
    assert "trandate" not in at_times("netsuite_transaction")
    lacking = at_times("salesforce_opportunity")
    assert {"O2C_Start_Date__c", "CurrencyIsoCode"} <= lacking
    assert not {"Amount", "CloseDate", "IsWon"} & lacking
