"""A field of a NetSuite customer after he was made: what we wrote last, and what Salesforce says now."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

# Fields of NetSuite's customer record, by the name that o2c.yaml gives them under customers.changes.
FIELDS = {"name": "companyName", "phone": "phone", "sales_rep": "salesRep"}
# Fields of Stripe's customer, under customers.changes.stripe.
PAYER_FIELDS = ("name",)
IN_WORDS = {"name": "name", "phone": "phone number", "sales_rep": "sales representative (employee)"}


@dataclass(frozen=True)
class LastWritten:
    """A value that we wrote, and the row of the journal that says so."""

    journal_id: int
    value: Any


@dataclass(frozen=True)
class MadeCustomer:
    """A NetSuite customer whom we made. `written`: what stands there by our doing, by NetSuite's field.

    `shown_name`: what the mirror shows for a name, None where it is older than our last write of it. `of_account`: he
    was made from an account, not from a customer of Stripe. `refused`: what was not written and why, by the change's
    key.
    """

    netsuite_id: str
    written: Mapping[str, LastWritten]
    shown_name: str | None = None
    of_account: bool = False
    refused: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class MadePayer:
    """A Stripe customer whom we made for an account. `written`: what stands there by our doing, by Stripe's field.

    `shown`: what Stripe showed when it was last read, of fields that were read since we wrote them. `refused`: what was
    not written and why, by the change's key.
    """

    stripe_id: str
    written: Mapping[str, LastWritten]
    shown: Mapping[str, str] = field(default_factory=dict)
    refused: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class CustomerDiffers:
    """An account and its customer say different things, and nobody carries it over by himself."""

    account_id: str
    customer: str
    stripe_id: str | None
    netsuite_id: str | None
    field: str
    currency: str
    day: date
    reason: str
    leg: Literal["salesforce_netsuite", "salesforce_stripe"] = "salesforce_netsuite"


def plain(value: Any) -> str:
    """A value of NetSuite's as text: of a reference its internal id."""
    found = value.get("id") if isinstance(value, Mapping) else value
    return "" if found is None else str(found).strip()
