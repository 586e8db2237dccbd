"""What a NetSuite customer is made with besides name, e-mail address and currencies, as `customers.details` says.

A detail that makes no sense is left out and told, in the customer's `why`: nobody waits for his invoice because of it,
and nothing is guessed. NetSuite keeps phone numbers as text and turns names of states into their short names by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from o2c_orchestration.domain.contact import Address, Contact
from o2c_orchestration.domain.countries import country_code, has_states, state_code
from o2c_orchestration.domain.documents import CustomerRow
from o2c_orchestration.domain.matching import plain
from o2c_orchestration.domain.policy_details import Details, Master

# NetSuite's limits, in characters. A phone number of fewer is none to it.
_NAME_MAX, _PERSON_MAX = 83, 32
_PHONE_MIN, _PHONE_MAX = 7, 32
_LIMITS = {"addr1": 150, "addr2": 150, "addr3": 150, "city": 50, "zip": 36, "state": 50}
_LINES_MAX = 3
_UNREAD = Contact(unread=frozenset({"billing", "shipping", "phone", "owner"}))
_NOT_YET = "it has not been read yet; o2c run reads it"
_PARTS = {
    **{"billing": "billing address", "shipping": "shipping address"},
    **{"phone": "phone number", "owner": "sales representative"},
}
# How NetSuite marks what an address is for.
_DEFAULTS = {"billing": "defaultBilling", "shipping": "defaultShipping"}


@dataclass
class Made:
    """Fields of the record, and in words what could not be made and why."""

    body: dict[str, Any] = field(default_factory=dict)
    without: list[str] = field(default_factory=list)


class _Unclear(Exception):
    """Something that cannot be written as it is; says why, and quotes no more than a country or a state."""


def details(policy: Details, row: CustomerRow, name: str) -> Made:
    """The details of a customer who is called `name`."""
    made = Made({"isPerson": False, "companyName": name[:_NAME_MAX]})
    _add_person(policy, row, name, made)
    _add_phone(policy, row, made)
    _add_addresses(policy, row, name, made)
    if policy.terms is not None:
        made.body["terms"] = {"$term": policy.terms}
    _add_rep(policy, row, made)
    return made


def differing(policy: Details, row: CustomerRow, name: str, shown: Mapping[str, Any]) -> list[str]:
    """Details that NetSuite shows otherwise than their masters now say, in words. What either side lacks is none.

    `shown` is the customer's record with its address book. How a number or an address is written makes no difference.
    """
    ours = details(policy, row, name).body
    found = [_PARTS[part] for part, flag in _DEFAULTS.items() if _moved(_default(ours, flag), _default(shown, flag))]
    if ours.get("phone") and shown.get("phone") and _digits(ours["phone"]) != _digits(shown["phone"]):
        found.append(_PARTS["phone"])
    if ours.get("salesRep") and shown.get("salesRep") and ours["salesRep"]["id"] != str(shown["salesRep"]["id"]):
        found.append(_PARTS["owner"])
    return found


def _default(record: Mapping[str, Any], flag: str) -> Mapping[str, Any] | None:
    lines = (record.get("addressBook") or {}).get("items") or []
    return next((line.get("addressBookAddress") for line in lines if line.get(flag)), None)


def _moved(ours: Mapping[str, Any] | None, theirs: Mapping[str, Any] | None) -> bool:
    return bool(ours and theirs and _place(ours) != _place(theirs))


def _place(address: Mapping[str, Any]) -> tuple[str, ...]:
    """Where it is. States of countries without a list of ours are NetSuite's to write."""
    country = str((address.get("country") or {}).get("id"))
    parts = (str(address[name]) for name in ("addr1", "addr2", "addr3", "city", "zip") if address.get(name))
    state = str(address.get("state") or "") if has_states(country) else ""
    return country, plain(" ".join(parts)), state


def _digits(number: Any) -> str:
    return "".join(each for each in str(number) if each.isdigit())[-_PHONE_MIN:]


def _add_person(policy: Details, row: CustomerRow, name: str, made: Made) -> None:
    """As Stripe's own connector splits a name, or as a person account has it; who has no two names is a company."""
    if policy.person == "never":
        return
    first, _, last = (part.strip() for part in name.partition(" "))
    if policy.person == "salesforce":
        account = row.contacts.get("salesforce", Contact())
        made.without += [f"first and last name: {account.trouble}"] if account.trouble else []
        if account.last_name is None:
            return
        first, last = account.first_name or "", account.last_name
    if not first or not last:
        made.without.append("first and last name: there is only one")
    elif max(len(first), len(last)) > _PERSON_MAX:
        made.without.append(f"first and last name: NetSuite takes {_PERSON_MAX} characters of each")
    else:
        made.body = {"isPerson": True, "firstName": first, "lastName": last}


def _add_phone(policy: Details, row: CustomerRow, made: Made) -> None:
    contact = _contact(row, policy.phone, "phone", made)
    if contact is None or contact.phone is None:
        return
    if _PHONE_MIN <= len(contact.phone) <= _PHONE_MAX:
        made.body["phone"] = contact.phone
    else:
        limits = f"NetSuite takes {_PHONE_MIN} to {_PHONE_MAX} characters"
        made.without.append(f"phone number: it has {len(contact.phone)} characters, and {limits}")


def _add_rep(policy: Details, row: CustomerRow, made: Made) -> None:
    contact = _contact(row, policy.sales_rep, "owner", made)
    if contact is None:
        return
    if len(contact.reps) == 1:
        made.body["salesRep"] = {"id": contact.reps[0]}
        return
    several = "several active sales representatives of NetSuite have"
    words = several if contact.reps else "no active sales representative of NetSuite has"
    made.without.append(f"{_PARTS['owner']}: {words} the e-mail address of the account's owner")


def _add_addresses(policy: Details, row: CustomerRow, name: str, made: Made) -> None:
    billing = _address(_contact(row, policy.billing_address, "billing", made), "billing", name, made)
    shipping = _address(_contact(row, policy.shipping_address, "shipping", made), "shipping", name, made)
    lines = [_line(billing, billing=True, shipping=billing == shipping)] if billing else []
    lines += [_line(shipping, billing=False, shipping=True)] if shipping and shipping != billing else []
    if lines:
        made.body["addressBook"] = {"items": lines}


def _line(address: dict[str, Any], *, billing: bool, shipping: bool) -> dict[str, Any]:
    """Both are said: what nobody says of an address NetSuite decides."""
    return {"defaultBilling": billing, "defaultShipping": shipping, "addressBookAddress": address}


def _contact(row: CustomerRow, master: Master, part: str, made: Made) -> Contact | None:
    """What the master of a field says, if he was asked."""
    if master == "none":
        return None
    contact = row.contacts.get(master, _UNREAD)
    if contact.trouble is None and part not in contact.unread:
        return contact
    unread = "it may not be seen in Salesforce, or has not been read yet" if master == "salesforce" else _NOT_YET
    made.without.append(f"{_PARTS[part]}: {contact.trouble or unread}")
    return None


def _address(contact: Contact | None, part: str, name: str, made: Made) -> dict[str, Any] | None:
    told: Address | None = getattr(contact, part) if contact is not None else None
    if told is None:
        return None
    try:
        return _written(told if told.name else replace(told, name=name))
    except _Unclear as unclear:
        made.without.append(f"{_PARTS[part]}: {unclear}")
        return None


def _written(told: Address) -> dict[str, Any]:
    country = _country(told.country)
    state = state_code(country, told.state) if told.state else None
    if told.state and state is None:
        raise _Unclear(f"{told.state!r} is no state of {country}")
    if len(told.lines) > _LINES_MAX:
        raise _Unclear(f"it has {len(told.lines)} lines, and NetSuite has {_LINES_MAX}")
    streets = {f"addr{number}": line for number, line in enumerate(told.lines, 1)}
    found = streets | {"city": told.city, "state": state, "zip": told.postal_code}
    long = [name for name, text in found.items() if text and len(text) > _LIMITS[name]]
    if long:
        raise _Unclear(f"{', '.join(long)} is longer than NetSuite takes")
    parts = {name: text for name, text in found.items() if text}
    return {"addressee": (told.name or "")[:_NAME_MAX], **parts, "country": {"id": country}}


def _country(text: str | None) -> str:
    """NetSuite takes its own country for an address without one, which is a guess."""
    if text is None:
        raise _Unclear("it names no country")
    code = country_code(text)
    if code is None:
        raise _Unclear(f"no country is known as {text!r}")
    return code
