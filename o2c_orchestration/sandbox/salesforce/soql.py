"""The little SOQL that reads accounts: `SELECT a, b FROM Account [WHERE Id = '…'] [LIMIT n]`."""

from __future__ import annotations

import re
from dataclasses import dataclass

QUERY = re.compile(
    r"\s*SELECT\s+(?P<fields>[\w.,\s]+?)\s+FROM\s+(?P<object>\w+)"
    r"(?:\s+WHERE\s+Id\s*=\s*'(?P<id>\w+)')?"
    r"(?:\s+LIMIT\s+(?P<limit>\d+))?\s*$",
    re.IGNORECASE,
)
# Fields of a standard Account that can be asked for whether or not a record carries them.
ACCOUNT_FIELDS = (
    "Id",
    "Name",
    "Type",
    "Industry",
    "Phone",
    "Website",
    "Description",
    "AccountNumber",
    "Site",
    "OwnerId",
    "ParentId",
    "IsDeleted",
    "CurrencyIsoCode",
    "BillingStreet",
    "BillingCity",
    "BillingState",
    "BillingPostalCode",
    "BillingCountry",
    "ShippingStreet",
    "ShippingCity",
    "ShippingState",
    "ShippingPostalCode",
    "ShippingCountry",
    "CreatedDate",
    "LastModifiedDate",
    "SystemModstamp",
)


@dataclass(frozen=True)
class Query:
    """A parsed query; `identifier` and `limit` are None when not given."""

    fields: tuple[str, ...]
    object: str
    identifier: str | None
    limit: int | None


@dataclass
class QueryError(Exception):
    """A refused query: Salesforce's error code and message."""

    code: str
    message: str


def parse(text: str) -> Query:
    """Raises QueryError (MALFORMED_QUERY) for anything beyond the sandbox's subset."""
    found = QUERY.match(text)
    fields = tuple(field.strip() for field in found["fields"].split(",")) if found else ()
    if found is None or not all(re.fullmatch(r"\w+", field) for field in fields):
        raise QueryError("MALFORMED_QUERY", f"unexpected token: {text.strip()[:80]}")
    limit = None if found["limit"] is None else int(found["limit"])
    return Query(fields, found["object"], found["id"], limit)


def resolve(query: Query, known: set[str]) -> tuple[str, ...]:
    """The fields under their proper names, since SOQL ignores case.

    Raises QueryError (INVALID_FIELD, INVALID_TYPE).
    """
    if query.object.lower() != "account":
        raise QueryError("INVALID_TYPE", f"sObject type '{query.object}' is not supported.")
    names = {name.lower(): name for name in known}
    for field in query.fields:
        if field.lower() not in names:
            raise QueryError(
                "INVALID_FIELD",
                f"No such column '{field}' on entity 'Account'. If you are attempting to use a custom field, "
                "be sure to append the '__c' after the custom field name.",
            )
    return tuple(names[field.lower()] for field in query.fields)
