"""What an account says of its customer in Stripe, field by field, as Stripe takes it. Pure."""

from typing import Any

from o2c_orchestration.domain.contact import Address
from o2c_orchestration.domain.countries import country_code, state_code
from o2c_orchestration.domain.customer_changes import ADDRESS_PARTS
from o2c_orchestration.domain.deals import AccountRow

# Stripe's limits, in characters.
NAME_MAX, PHONE_MAX = 256, 20


def said(account: AccountRow, name: str) -> tuple[Any, str | None]:
    """(Value, why it cannot be written) of a field, by its name in o2c.yaml. The reason does not repeat the value."""
    if name == "billing_address":
        return _address(account.contact.billing)
    says = {"name": account.name[:NAME_MAX], "email": account.email, "phone": account.contact.phone}
    long = len(says["phone"] or "") if name == "phone" else 0
    return says[name], f"it has {long} characters, and Stripe takes {PHONE_MAX}" if long > PHONE_MAX else None


def _address(told: Address | None) -> tuple[dict[str, str] | None, str | None]:
    if told is None:
        return None, None
    country = country_code(told.country) if told.country else None
    state = state_code(country, told.state) if country and told.state else None
    lines = (*told.lines[:1], ", ".join(told.lines[1:])) if told.lines else ("", "")
    texts = (*lines, told.city, state or told.state, told.postal_code, country or told.country)
    found = dict(zip(ADDRESS_PARTS, (text or "" for text in texts), strict=True))
    unknown = bool(told.country) and country is None
    return found, "its country is none that is known: correct it on the account in Salesforce" if unknown else None
