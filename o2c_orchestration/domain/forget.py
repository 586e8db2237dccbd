"""What is personal of the records that are kept, and the same records without it. Pure.

What the planner reads is left empty, so that every rule falls back to the id, as for a customer who has no name: a
placeholder there would be written to NetSuite as somebody's name. In texts for people stands FORGOTTEN.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from o2c_orchestration.domain.mapping_sources import DETAIL, KEPT_FOR, LINE
from o2c_orchestration.domain.salesforce_fields import SYSTEM, WRITTEN

FORGOTTEN: Final = "[forgotten]"
# Of a forgotten customer of Stripe's no more is kept than this; of his other objects all but free texts.
_OF_CUSTOMER: Final = frozenset(
    {"id", "object", "created", "currency", "balance", "invoice_credit_balance", "deleted", "livemode", "delinquent"}
    | {"metadata", "test_clock", KEPT_FOR}
)
_FREE: Final = frozenset(
    {"customer_name", "description", "footer", "custom_fields", "statement_descriptor"}
    | {"statement_descriptor_suffix", "calculated_statement_descriptor"}
)
_OF_ACCOUNT: Final = frozenset(
    {*SYSTEM, "CurrencyIsoCode", "IsPersonAccount", "Owner.Email", "OwnerId", *WRITTEN["Account"]}
)
_OF_CONTACT: Final = frozenset({*SYSTEM, "AccountId"})
# What a record of NetSuite's, or of a customer in Stripe, says of the person.
_OF_RECORD: Final = frozenset(
    {"isPerson", "companyName", "firstName", "lastName", "email", "phone", "addressBook", "entityId", "altEmail"}
)
_OF_PAYER: Final = frozenset({"email", "phone", "address", "shipping"})
# Values under these are ids and types, whatever they look like.
_IDS: Final = frozenset(
    {"id", "externalId", "external_id", "stripe_id", "customer_id", "document", "currency", "path", "depends_on"}
    | {"object", "customer", "Id", "AccountId", "OpportunityId", "OrderId", "effective_date", "partition"}
)
_STRONG_MIN, _WEAK_MIN = 5, 2
# A company may be called like what our own words about everybody are made of.
_OURS: Final = frozenset(
    {"stripe", "netsuite", "salesforce", "dagster", "invoice", "payment", "customer", "account", "refund", "deposit"}
    | {"dispute", "credit", "credit memo", "order", "payout", "suspense", "subsidiary", "currency", "opportunity"}
)


@dataclass(frozen=True)
class Words:
    """What a person is called and reached by. `names` are telling anywhere, `parts` only in words about the person."""

    names: frozenset[str] = frozenset()
    parts: frozenset[str] = frozenset()

    @classmethod
    def of(cls, names: Iterable[Any], parts: Iterable[Any] = ()) -> "Words":
        """From values that may be no text; a name that is short, or a word of ours, is no more than a part."""
        told = {each.strip() for each in names if isinstance(each, str)}
        long = {each for each in told if len(each) >= _STRONG_MIN and not each.isdigit() and each.lower() not in _OURS}
        rest = {each.strip() for each in parts if isinstance(each, str)} | told - long
        return cls(frozenset(long), frozenset(each for each in rest - long if len(each) >= _WEAK_MIN))

    def __or__(self, other: "Words") -> "Words":
        return Words(self.names | other.names, self.parts | other.parts)

    @cached_property
    def _anywhere(self) -> re.Pattern[str] | None:
        return _pattern(self.names, re.IGNORECASE)

    @cached_property
    def _about(self) -> re.Pattern[str] | None:
        return _pattern(self.parts, re.NOFLAG)

    def out_of(self, text: str | None, *, about: bool = False) -> str | None:
        """The text without them; `about`: it is about this person, so that parts of an address are meant as such."""
        if text is None:
            return None
        if self._anywhere:
            text = self._anywhere.sub(FORGOTTEN, text)
        return self._about.sub(FORGOTTEN, text) if about and self._about else text

    def out_of_json(self, value: Any) -> Any:
        """The same in every text of a JSON value, but for its keys, ids and placeholders for references.

        Metadata that repeat them are left out: what a mapping reads must not be a placeholder.
        """
        if isinstance(value, str):
            return self.out_of(value)
        if isinstance(value, list):
            return [self.out_of_json(each) for each in value]
        if not isinstance(value, dict):
            return value
        kept = (
            (key, self.without(each) if key == "metadata" else each if _is_id(key) else self.out_of_json(each))
            for key, each in value.items()
        )
        return dict(kept)

    def without(self, told: Any) -> Any:
        """Metadata without the entries that repeat them."""
        if not isinstance(told, dict):
            return told
        return {key: each for key, each in told.items() if self.out_of_json(each) == each}


def _is_id(key: str) -> bool:
    return key in _IDS or key.startswith("$")


def _pattern(words: Iterable[str], flags: re.RegexFlag) -> re.Pattern[str] | None:
    found = sorted(words, key=lambda each: (-len(each), each))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, found))})(?!\w)", flags) if found else None


@dataclass(frozen=True)
class Subject:
    """A person, or company, by all ids that stand for it: Stripe's, Salesforce's, and NetSuite's internal ones."""

    stripe: frozenset[str] = frozenset()
    salesforce: frozenset[str] = frozenset()
    netsuite: frozenset[int] = frozenset()
    words: Words = field(default_factory=Words)

    @property
    def external_ids(self) -> frozenset[str]:
        """Under which NetSuite knows it."""
        return self.stripe | self.salesforce


def stripe_object(payload: Mapping[str, Any], words: Words | None = None) -> dict[str, Any]:
    """An object of a forgotten customer, or the customer, without what is personal. Doing it twice changes nothing.

    `words` are what is known of the person; without them, what the object itself says.
    """
    known = (words or Words()) | stripe_words(payload)
    if payload.get("object") == "customer" or payload.get("deleted"):
        kept = {name: value for name, value in payload.items() if name in _OF_CUSTOMER}
    else:
        kept = {name: value for name, value in payload.items() if name not in _FREE}
    found: dict[str, Any] = known.out_of_json(kept)
    return found


def stripe_words(payload: Mapping[str, Any]) -> Words:
    """What an object of Stripe's calls the customer."""
    if payload.get("object") != "customer":
        return Words.of([payload.get("customer_name")])
    shipping = payload.get("shipping") if isinstance(payload.get("shipping"), dict) else {}
    names = [payload.get(name) for name in ("name", "email", "phone", "individual_name", "business_name")]
    places = [payload.get("address"), (shipping or {}).get("address")]
    return Words.of([*names, (shipping or {}).get("name")]) | place_words(places)


def place_words(value: Any) -> Words:
    """Streets, towns and codes, wherever in a value they are."""
    if isinstance(value, list | tuple):
        return _joined(map(place_words, value))
    if not isinstance(value, dict):
        return Words()
    streets = [value.get(name) for name in ("addr1", "addr2", "addr3", "line1", "line2", "addressee")]
    rest = [value.get(name) for name in ("city", "state", "zip", "postal_code")]
    return Words.of(streets, rest) | _joined(place_words(each) for each in value.values())


def _joined(found: Iterable[Words]) -> Words:
    total = Words()
    for each in found:
        total |= each
    return total


def kept_metadata(told: Mapping[str, Any], words: Words) -> dict[str, Any]:
    """What is kept of an object for o2c.yaml, without the details of a customer and what repeats the person's names."""
    kept = {name: words.without(value) for name, value in told.items() if name not in (DETAIL, LINE)}
    lines = {LINE: {key: words.without(each) for key, each in told[LINE].items()}} if LINE in told else {}
    return {**kept, **lines, **({DETAIL: {}} if DETAIL in told else {})}


def salesforce_record(kind: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    """A record of a forgotten account, or the account: its fields stay, those that may be personal are empty.

    An account and its deals are called by their ids, since nothing is planned for what has no name.
    """
    if kind == "Account":
        return _only(payload, _OF_ACCOUNT) | {"Name": payload["Id"]}
    if kind == "Contact":
        return _only(payload, _OF_CONTACT)
    if kind in ("Opportunity", "Order"):
        return {**payload, "Name": payload["Id"]}
    # Salesforce calls a line by its deal and its product.
    return {**payload, **{name: None for name in ("Name", "Description") if name in payload}}


def _only(payload: Mapping[str, Any], kept: frozenset[str]) -> dict[str, Any]:
    return {name: value if name in kept else None for name, value in payload.items()}


def salesforce_words(kind: str, payload: Mapping[str, Any]) -> Words:
    """What a record calls the person; a record without names has its id for one, which is none."""
    names = [payload.get(name) for name in ("Name", "Email", "Phone") if kind in ("Account", "Contact")]
    names += [line for name in ("BillingStreet", "ShippingStreet") for line in _lines(payload.get(name))]
    parts = [payload.get(name) for name in ("FirstName", "LastName", "Website")] if kind == "Account" else []
    parts += [payload.get(f"{where}{part}") for where in ("Billing", "Shipping") for part in _PLACE]
    return Words.of([each for each in names if each != payload.get("Id")], parts)


_PLACE: Final = ("City", "State", "PostalCode")


def _lines(text: Any) -> list[str]:
    return text.splitlines() if isinstance(text, str) else []


def command(values: Mapping[str, Any], words: Words) -> dict[str, Any]:
    """A command in its JSON form: a customer's has his id for a name, any other is as it was without the names.

    It may still be sent, and makes a customer without a name then.
    """
    found: dict[str, Any] = words.out_of_json(dict(values))
    if values.get("document") in ("customerField", "stripeCustomerField"):
        return found | {"body": change(values["body"]), "lines": [], "why": f"a field is to be changed; {FORGOTTEN}"}
    if values.get("document") not in ("customer", "stripeCustomer"):
        return found
    key = str(values["external_id"])
    name = key.rpartition(":")[2]
    body = record(values["body"], name)
    told = [{**line, "text": name} for line in values.get("lines") or ()]
    return found | {"body": words.out_of_json(body), "lines": told, "why": f"{name} is to be made; {FORGOTTEN}"}


def change(body: Any) -> Any:
    """The body of a change of a customer, as nothing that a system shows: so it is refused if it was not sent yet."""
    if not isinstance(body, Mapping):
        return body
    kept = {which: dict.fromkeys(body[which], FORGOTTEN) for which in ("change", "params", "was") if which in body}
    return {**body, **kept}


def record(body: Any, name: str) -> Any:
    """The body of a customer, for NetSuite or Stripe, who is called by an id."""
    if not isinstance(body, Mapping):
        return body
    if isinstance(body.get("params"), Mapping):
        return {
            **body,
            "params": {key: each for key, each in body["params"].items() if key not in _OF_PAYER} | {"name": name},
        }
    kept = {key: each for key, each in body.items() if key not in _OF_RECORD}
    return {**kept, "isPerson": False, "companyName": name}


def record_words(body: Any) -> Words:
    """What the body of a customer calls him."""
    if not isinstance(body, Mapping):
        return Words()
    params = body.get("params")
    inner: Mapping[str, Any] = params if isinstance(params, Mapping) else body
    names = [inner.get(name) for name in ("companyName", "email", "phone", "name")]
    people = [inner.get(name) for name in ("firstName", "lastName")]
    both = " ".join(each for each in people if isinstance(each, str))
    places = [inner.get("addressBook"), inner.get("address")]
    return Words.of([*names, both], people) | place_words(places)


def change_words(body: Any) -> Words:
    """What a change of a customer calls him, or called him before."""
    told = [body.get(which) for which in ("change", "params", "was")] if isinstance(body, Mapping) else []
    return _joined(record_words(each) for each in told)
