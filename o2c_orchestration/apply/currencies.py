"""A currency that a customer lacks: written onto his record, and looked up there.

It is no record of its own and has no external id. So it is asked for by a change that adds one line and names nothing
else (NetSuite merges or appends what a PATCH without `replace` brings), and whether it is there the customer tells.
"""

from collections.abc import Mapping
from typing import Any, Protocol

from o2c_orchestration.apply.body import UnresolvedReference, resolve


class Changer(Protocol):
    """What of the NetSuite client's writing half changes records."""

    def patch(self, record_type: str, internal_id: str | int, body: Mapping[str, Any]) -> None:
        """Change the fields in the body."""


class Looker(Protocol):
    """What of its reading half tells of currencies."""

    def customer_currencies(self, internal_id: str | int) -> list[str]:
        """Internal ids of the currencies of one customer."""


def add(changer: Changer, body: Mapping[str, Any]) -> str:
    """Add the currency in the (resolved) body to its customer; returns the customer's internal id."""
    customer = str(body["customer"]["id"])
    changer.patch("customer", customer, {"currencyList": body["currencyList"]})
    return customer


def find(looker: Looker, body: Mapping[str, Any], reference: Mapping[tuple[str, str], str]) -> str | None:
    """Internal id of the customer, if he has the currency by now."""
    try:
        wanted = resolve(body, {}, reference)
    except UnresolvedReference:
        # A currency that NetSuite does not have any more is no customer's.
        return None
    customer = str(wanted["customer"]["id"])
    [line] = wanted["currencyList"]["items"]
    return customer if line["currency"]["id"] in looker.customer_currencies(customer) else None
