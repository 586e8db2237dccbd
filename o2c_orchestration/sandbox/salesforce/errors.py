"""Refusals in Salesforce's words.

What belongs here: the error type, and those errors that more than one module answers with.
"""

from __future__ import annotations

from typing import Any

Wire = dict[str, Any]


class SalesforceError(Exception):
    """One or more problems, each `{"message", "errorCode"}` with `fields` and more where Salesforce sends them."""

    def __init__(self, status: int, problems: list[Wire]) -> None:
        super().__init__(str(problems))
        self.status = status
        self.problems = problems

    @property
    def for_collections(self) -> list[Wire]:
        """The same as a collection lists them: `statusCode` in place of `errorCode`, and always `fields`."""
        return [
            {"statusCode": each["errorCode"], "message": each["message"], "fields": each.get("fields", [])}
            for each in self.problems
        ]


def problem(code: str, message: str, fields: list[str] | None = None) -> Wire:
    """One entry of an error body."""
    return {"message": message, "errorCode": code} | ({} if fields is None else {"fields": fields})


def refusal(status: int, code: str, message: str, fields: list[str] | None = None) -> SalesforceError:
    """An error with a single entry."""
    return SalesforceError(status, [problem(code, message, fields)])


def not_found() -> SalesforceError:
    """No such path, object or record."""
    return refusal(404, "NOT_FOUND", "The requested resource does not exist")


def no_external_id(field: str) -> SalesforceError:
    """What stands where a field that identifies records should stand is none."""
    return refusal(404, "NOT_FOUND", f"Provided external ID field does not exist or is not accessible: {field}")


def is_deleted() -> SalesforceError:
    """The record is in the recycle bin."""
    return refusal(404, "ENTITY_IS_DELETED", "entity is deleted", [])


def unreadable(kind: str, value: object) -> SalesforceError:
    """A JSON value that a field of this type cannot be made of. The position is always told as the first one."""
    name = "NUMBER_INT" if isinstance(value, int) else "NUMBER_FLOAT" if isinstance(value, float) else "STRING"
    name = {True: "TRUE", False: "FALSE"}[value] if isinstance(value, bool) else name
    token, shown = f"VALUE_{name}", value
    if isinstance(value, dict | list):
        token, shown = ("START_OBJECT", "{") if isinstance(value, dict) else ("START_ARRAY", "[")
    return refusal(
        400,
        "JSON_PARSER_ERROR",
        f"Cannot deserialize instance of {kind} from {token} value {shown} or request may be missing a required field"
        " at [line:1, column:2]",
    )
