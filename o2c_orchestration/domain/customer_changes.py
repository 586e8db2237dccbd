"""A field of a NetSuite customer after he was made: what we wrote last, and what Salesforce says now."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

# Fields of NetSuite's customer record, by the name that o2c.yaml gives them under customers.changes.
FIELDS = {"name": "companyName", "phone": "phone", "sales_rep": "salesRep"}
# Fields of Stripe's customer, by the name that o2c.yaml gives them under customers.changes.stripe.
PAYER_FIELDS = {"name": "name", "email": "email", "phone": "phone", "billing_address": "address"}
# The parts of an address as Stripe has them. All are written at once: one that is left out would stay as it is.
ADDRESS_PARTS = ("line1", "line2", "city", "state", "postal_code", "country")
IN_WORDS = {
    **{"name": "name", "phone": "phone number", "sales_rep": "sales representative (employee)"},
    **{"email": "e-mail address", "billing_address": "billing address"},
}


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
    """A Stripe customer whom we made for an account. `written`: what stands there by our doing, by Stripe's field;
    what he was made without is empty.

    `shown`: what Stripe showed when it was last read, of name and e-mail address, if they were read since we wrote
    them; more is not kept. `refused`: what was not written and why, by the change's key.
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


def comparable(field_name: str, value: Any) -> str:
    """A value of a field of Stripe's customer as text: how it is written makes no difference of it."""
    if field_name == "address" and isinstance(value, Mapping):
        return ", ".join(text for part in ADDRESS_PARTS if (text := plain(value.get(part))))
    return plain(value).lower() if field_name == "email" else plain(value)


def conflict(customer: str, field_name: str, shown: str, ours: str, wanted: str) -> str:
    """That somebody changed a field of a Stripe customer's since we wrote it, in words.

    With both names. What else reaches a person is not quoted: such words are logged, and leave the company as alerts.
    """
    if field_name == "name":
        text = f"Stripe customer {customer} has name {shown!r}, and we wrote {ours!r}: somebody changed it since. "
        return f"{text}Salesforce says {wanted!r}"
    what = next(IN_WORDS[name] for name, theirs in PAYER_FIELDS.items() if theirs == field_name)
    return f"Stripe customer {customer} has another {what} than we wrote: somebody changed it since. Salesforce differs"


def plain(value: Any) -> str:
    """A value of NetSuite's as text: of a reference its internal id."""
    found = value.get("id") if isinstance(value, Mapping) else value
    return "" if found is None else str(found).strip()
