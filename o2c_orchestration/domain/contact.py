"""Where a customer is and how he is reached, as one system writes it: only what o2c.yaml asks for is ever kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

System = Literal["stripe", "salesforce"]

# So the words begin that say, in the `why` of a customer, what he was made without; the log repeats them.
MADE_WITHOUT: Final = "Made without"
# What may be kept of a Stripe customer, by the name of his field.
ADDRESS, SHIPPING, PHONE = "address", "shipping", "phone"
_PARTS: Final = ("line1", "line2", "city", "state", "postal_code", "country")


@dataclass(frozen=True)
class Address:
    """An address as it was written: `lines` of the street, from the top; `name` is who is there, if that is said."""

    lines: tuple[str, ...] = ()
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None
    country: str | None = None
    name: str | None = None


@dataclass(frozen=True)
class Contact:
    """What a system says of a customer. `unread` are fields (`billing`, …) that it was not asked for, or may not show;
    `trouble` is why it says nothing at all. A first and a last name has who is a person to it. `owner` is the e-mail
    address of who looks after him, `reps` are the active sales representatives in NetSuite who have it, by internal id.
    """

    billing: Address | None = None
    shipping: Address | None = None
    phone: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    owner: str | None = None
    reps: tuple[str, ...] = ()
    unread: frozenset[str] = frozenset()
    trouble: str | None = None


def kept_part(name: str, value: Any) -> Any:
    """Of a field of a Stripe customer what is kept of it: the parts of the address, and to whom something is sent."""
    if not isinstance(value, dict):
        return value
    if name == ADDRESS:
        return {part: value[part] for part in _PARTS if value.get(part)}
    return {"name": value.get("name"), ADDRESS: kept_part(ADDRESS, value.get(ADDRESS))}


def stripe_contact(told: Mapping[str, Any], kept: frozenset[str]) -> Contact:
    """What was kept of a Stripe customer, `kept` being the fields that he was read for."""
    fields = {ADDRESS: "billing", SHIPPING: "shipping", PHONE: "phone"}
    shipping = told[SHIPPING] if isinstance(told.get(SHIPPING), dict) else {}
    return Contact(
        billing=_stripe_address(told.get(ADDRESS)),
        shipping=_stripe_address(shipping.get(ADDRESS), shipping.get("name")),
        phone=_text(told.get(PHONE)),
        unread=frozenset(ours for theirs, ours in fields.items() if theirs not in kept),
    )


def salesforce_contact(account: Mapping[str, Any]) -> Contact:
    """What an account of Salesforce says, as it was read: what was not asked for is no field of it."""
    person = account.get("IsPersonAccount") is True
    named = {"billing": "BillingStreet", "shipping": "ShippingStreet", "phone": "Phone", "owner": "Owner.Email"}
    return Contact(
        billing=_salesforce_address(account, "Billing"),
        shipping=_salesforce_address(account, "Shipping"),
        phone=_text(account.get("Phone")),
        first_name=_text(account.get("FirstName")) if person else None,
        last_name=_text(account.get("LastName")) if person else None,
        owner=_text(account.get("Owner.Email")),
        unread=frozenset(ours for ours, theirs in named.items() if theirs not in account),
    )


def _salesforce_address(account: Mapping[str, Any], kind: str) -> Address | None:
    lines = tuple(_lines(account.get(f"{kind}Street")))
    parts = {"city": "City", "state": "State", "postal_code": "PostalCode", "country": "Country"}
    rest = {ours: _text(account.get(f"{kind}{theirs}")) for ours, theirs in parts.items()}
    return Address(lines, **rest) if lines or any(rest.values()) else None


def _stripe_address(told: Any, name: Any = None) -> Address | None:
    parts = told if isinstance(told, dict) else {}
    lines = tuple(line for part in ("line1", "line2") for line in _lines(parts.get(part)))
    rest = {part: _text(parts.get(part)) for part in ("city", "state", "postal_code", "country")}
    return Address(lines, **rest, name=_text(name)) if lines or any(rest.values()) else None


def _lines(value: Any) -> list[str]:
    return [" ".join(line.split()) for line in value.splitlines() if line.strip()] if isinstance(value, str) else []


def _text(value: Any) -> str | None:
    return (" ".join(value.split()) or None) if isinstance(value, str) else None
