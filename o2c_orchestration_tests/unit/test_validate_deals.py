"""What Salesforce says of a deal → a row: numbers as its JSON writes them, and fields that an org has made itself."""

import json
from decimal import Decimal
from typing import Any

import pytest

from o2c_orchestration.domain.deals import DealRow
from o2c_orchestration.validate.deals import deal_row
from o2c_orchestration_tests.unit.deal_builders import MOMENT

DEAL = {"Id": "006000000000001AAA", "Name": "Deal", "CloseDate": "2026-03-10", "IsWon": True, "StageName": "Closed Won"}
LINE = {"Id": "00k000000000001AAA", "Name": "Seats", "Quantity": 1.0, "UnitPrice": 50.0, "TotalPrice": 50.0}


def row(deal: dict[str, Any] | None = None, line: dict[str, Any] | None = None) -> DealRow:
    return deal_row({**DEAL, **(deal or {})}, MOMENT, [({**LINE, **(line or {})}, None, None)], "usd", deleted=False)


def test_ten_millions_are_written_with_an_exponent() -> None:
    """As Salesforce's JSON writes numbers from there on: 2.5E7."""
    total = json.loads("2.5E7", parse_float=Decimal)
    found = row({"Amount": str(total)}, {"UnitPrice": str(total), "TotalPrice": str(total)})
    assert (found.amount_minor, found.total_minor, found.trouble) == (2_500_000_000, 2_500_000_000, None)


@pytest.mark.parametrize(
    ("deal", "line", "words"),
    [
        ({"O2C_Start_Date__c": "next week"}, {}, "its start date is 'next week'"),
        ({"O2C_Term_Months__c": "a year"}, {}, "its term of a year months"),
        ({}, {"O2C_Start_Date__c": "1 April"}, "line 'Seats': its start date is '1 April'"),
        ({}, {"O2C_End_Date__c": 3}, "line 'Seats': its end date is 3"),
        ({}, {"Quantity": None}, "line 'Seats': its quantity is None"),
    ],
)
def test_a_field_of_another_type_is_trouble_of_that_deal_alone(
    deal: dict[str, Any], line: dict[str, Any], words: str
) -> None:
    """It is refused by name; all the others go on."""
    assert words in (row(deal, line).trouble or "")


def test_a_moment_is_taken_as_its_day() -> None:
    """Of a field that was made with a time."""
    assert str(row({"O2C_Start_Date__c": "2026-04-01T00:00:00.000+0000"}).start) == "2026-04-01"
