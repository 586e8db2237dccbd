"""Promises about NetSuite's refusals: each known text has its category and its fix.

The texts are those that NetSuite's documentation and public threads show.
"""

import json
from typing import Any

import pytest

from o2c_orchestration.clients.netsuite_errors import categorize, error_details, fix_for, refusal, says_no_such_record
from o2c_orchestration.domain.errors import CATEGORIES

PREFIX = "Error while accessing a resource. "
SEARCH = "Invalid search query. Detailed unprocessed description follows. Search error occurred: "

TEXTS = [
    ("missing_field", "USER_ERROR", PREFIX + "Please enter value(s) for: Primary Subsidiary."),
    ("missing_field", "USER_ERROR", "Please enter values for: Department"),
    ("invalid_reference", "INVALID_CONTENT", "Error while accessing resource: You have entered an Invalid Field Value "
     "9999 for the following field: item"),
    ("invalid_reference", "USER_ERROR", PREFIX + "You have entered an Invalid Field Value 53384 for the following "
     "field: customer."),
    ("invalid_reference", "INVALID_INITIALIZE_REF", "Can not initialize customerPayment: invalid invoice reference 7."),
    ("currency", "USER_ERROR", PREFIX + "You have entered an Invalid Field Value 9 for the following field: currency"),
    ("duplicate", "USER_ERROR", PREFIX + "This record already exists."),
    ("duplicate", "USER_ERROR", PREFIX + "This entity already exists."),
    ("duplicate", "UNIQUE_CUST_ID_REQD", "A customer record with this ID already exists."),
    ("permission", "USER_ERROR", "Your current role does not have permission to perform this action."),
    ("permission", "INSUFFICIENT_PERMISSION", "Permission Violation: You need the 'Find Transaction' permission."),
    ("permission", "INVALID_PARAMETER", SEARCH + "Record 'currency' was not found."),
    ("permission", "INVALID_PARAMETER", SEARCH + "Unknown identifier 'currency'. Available identifiers are: {t=x}"),
    ("other", "INVALID_PARAMETER", SEARCH + "Invalid or unsupported search"),
    ("locked", "USER_ERROR", PREFIX + "This record has been locked by a user defined workflow."),
    ("locked", "RCRD_HAS_BEEN_CHANGED", "Record has been changed"),
    ("closed_period", "USER_ERROR", PREFIX + "You cannot change the G/L impact of a transaction in a closed period."),
    ("closed_period", "USER_ERROR", "This transaction is in a period that has been closed. You may not edit it."),
    ("closed_period", "TRAN_PRD_CLOSED", "This requires modification of the transaction in a closed period due to "
     "foreign exchange variance."),
    ("over_applied", "USER_ERROR", "Transaction is not in balance! Total to apply of $120.00 does not equal sum of "
     "applied $100.00 and unapplied $0.00"),
    ("over_applied", "USER_ERROR", "Unable to find a matching line for sublist apply with key: [doc,line] equal to "
     "[104,0]."),
    ("other", "UNEXPECTED_ERROR", "An unexpected error occurred."),
    ("other", "INVALID_CONTENT", "Invalid content in the request body."),
]  # fmt: skip


def body(*entries: dict[str, Any]) -> bytes:
    return json.dumps({"type": "x", "title": "Bad Request", "status": 400, "o:errorDetails": entries}).encode()


@pytest.mark.parametrize(("category", "code", "text"), TEXTS)
def test_known_texts_have_their_category(category: str, code: str, text: str) -> None:
    """Each text that NetSuite is known to write falls into its category, whatever its case."""
    assert category == categorize(code, text) == categorize(code, text.upper())


def test_the_path_tells_a_currency() -> None:
    """A value refused at the path of a currency is a matter of currency."""
    assert categorize("USER_ERROR", "You have entered an Invalid Field Value 9.", "currency") == "currency"


def test_every_category_has_a_fix() -> None:
    """Nobody is left with an error and no next step."""
    assert all(fix_for(category) for category in CATEGORIES)  # type: ignore[arg-type]


def test_fix_names_the_missing_field() -> None:
    """The field that NetSuite names is in the fix."""
    assert fix_for("missing_field", PREFIX + "Please enter value(s) for: Primary Subsidiary.").startswith(
        "fill Primary Subsidiary:"
    )


def test_fix_names_what_a_query_does_not_find() -> None:
    """To a role without permission NetSuite says that there is no such record; so it does without the feature."""
    assert fix_for("permission", SEARCH + "Record 'account' was not found.").startswith(
        "let the integration's role see account records"
    )
    assert "books.currency" in fix_for("permission", SEARCH + "Record 'currency' was not found.")
    assert "books.currency" in fix_for("permission", SEARCH + "Unknown identifier 't.currency'. Available are: {t}")
    assert "books.subsidiary to null" in fix_for("permission", SEARCH + "Record 'subsidiary' was not found.")


def test_the_entry_that_is_known_decides() -> None:
    """Of several entries the one with a category decides; all texts are kept."""
    refused = refusal(
        400,
        body({"detail": "Odd.", "o:errorCode": "A"}, {"detail": "This record already exists.", "o:errorCode": "B"}),
        "create invoice in_1",
    )
    assert refused is not None
    assert (refused.category, refused.code) == ("duplicate", "B")
    assert refused.detail == "Odd. This record already exists."
    assert "create invoice in_1" in refused.what


def test_403_is_a_matter_of_permission() -> None:
    """Whatever its text, a 403 is about permission."""
    refused = refusal(403, body({"detail": "No.", "o:errorCode": "X"}), "read")
    assert refused is not None
    assert refused.category == "permission"


@pytest.mark.parametrize(
    "garbage", [b"", b"<html>", b"[]", b"{}", b'{"o:errorDetails": 1}', b'{"o:errorDetails": [1]}', b"\xff\xfe"]
)
def test_garbage_is_no_refusal(garbage: bytes) -> None:
    """What NetSuite did not write proves nothing."""
    assert refusal(400, garbage, "create") is None
    assert error_details(garbage) == []
    assert not says_no_such_record(garbage)


@pytest.mark.parametrize(
    ("code", "text", "proof"),
    [
        ("NONEXISTENT_ID", "x", True),
        ("X", "Record does not exist.", True),
        ("X", "The record instance does not exist. Provide a valid record instance ID.", True),
        ("NOT_FOUND", "Record type 'bad-path' does not exist", False),
    ],
)
def test_only_a_missing_record_is_missing(code: str, text: str, proof: bool) -> None:
    """A mistyped record type does not prove that a record is missing."""
    assert proof == says_no_such_record(body({"detail": text, "o:errorCode": code}))
