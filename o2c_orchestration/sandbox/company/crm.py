"""The demo company's accounts, contacts and price list in Salesforce.

What belongs here: master data that mirrors customers and products in Stripe, as far as people have entered it.
Salesforce has its own random stream, so that nothing of the rest of the company changes with it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from o2c_orchestration.sandbox.salesforce.ids import make
from o2c_orchestration.sandbox.salesforce.org import SALES_USER, STANDARD_BOOK

from .catalog import Wire
from .currencies import list_price, wire_amount
from .ids import IdMaker

INSTANCE = "DM0"
# One customer in so many is not in Salesforce.
_WITHOUT_ACCOUNT = 12
# Companies that are only in Salesforce so far.
_PROSPECTS = ("Alder Quay Ceramics", "Bellwether Optics", "Cobble Lane Press", "Driftwood Audio")
_PEOPLE = ("Ana Ruiz", "Ben Okafor", "Chloe Martin", "Dev Patel", "Eva Lindqvist", "Femi Adeyemi", "Grace Kim")
_ANNUAL_MONTHS = 10
MONTHLY, ANNUAL, ONE_OFF = "Monthly", "Annual", "One-off"
ANNUAL_PLANS = ("Starter plan", "Growth plan", "Scale plan")
UNMAPPED, LEGACY = "Custom engraving", "Legacy plan"
# A currency that the company sells in now and then, without any price in Stripe.
STRAY_CURRENCY = "CHF"
_STRAY_PRICE = 189.0


@dataclass(frozen=True)
class Buyer:
    """An account, and the Stripe customer behind it; `linked` when both name each other."""

    account: str
    name: str
    currency: str
    customer: Wire | None
    linked: bool


@dataclass(frozen=True)
class Entry:
    """A price book entry; `price` in major units of the currency (ISO code in capitals)."""

    id: str
    product: str
    name: str
    code: str
    currency: str
    price: float
    billing: str


class SalesforceIds:
    """Ids of the demo's records, in the order they are made."""

    def __init__(self, instance: str = INSTANCE) -> None:
        self._instance = instance
        self._made: dict[str, int] = {}

    def new(self, prefix: str) -> str:
        """The next id of the object with this key prefix."""
        self._made[prefix] = self._made.get(prefix, 0) + 1
        return make(prefix, self._made[prefix], self._instance)


@dataclass
class PriceList:
    """What is for sale: entries by product and currency, the records, and what Stripe and NetSuite need besides."""

    entries: dict[tuple[str, str], Entry] = field(default_factory=dict)
    records: list[Wire] = field(default_factory=list)
    stripe: list[Wire] = field(default_factory=list)
    netsuite: list[Wire] = field(default_factory=list)


def record(kind: str, moment: float, **fields: object) -> Wire:
    """A record as a query gives it, made and last changed by the salesperson at this Unix time."""
    stamp = f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%dT%H:%M:%S}.000+0000"
    stamps = {"CreatedDate": stamp, "LastModifiedDate": stamp, "SystemModstamp": stamp}
    users = {"CreatedById": SALES_USER, "LastModifiedById": SALES_USER}
    return {"attributes": {"type": kind}, **fields, **stamps, **users}


def make_buyers(
    rng: random.Random, ids: SalesforceIds, customers: list[Wire], moment: int
) -> tuple[list[Buyer], list[Wire]]:
    """Accounts with a contact each, for most customers and a few prospects; about every second names the other."""
    buyers, records = [], []
    for customer in customers:
        if rng.randrange(_WITHOUT_ACCOUNT) == 0:
            continue
        linked = rng.randrange(2) == 0
        buyer = Buyer(ids.new("001"), _entered(rng, customer["name"], linked), customer["currency"], customer, linked)
        buyers.append(buyer)
        records += _account(rng, ids, buyer, customer["created"])
    for name in _PROSPECTS:
        buyer = Buyer(ids.new("001"), name, "usd", None, linked=False)
        buyers.append(buyer)
        records += _account(rng, ids, buyer, moment)
    return buyers, records


def _entered(rng: random.Random, name: str, linked: bool) -> str:
    """The name as it was typed in Salesforce; of linked accounts it is the same."""
    ways: tuple[Callable[[str], str], ...] = (
        str,
        str,
        lambda it: f"{it} Inc.",
        str.upper,
        lambda it: it.replace(" ", "  "),
    )
    return name if linked else rng.choice(ways)(name).strip()


def _account(rng: random.Random, ids: SalesforceIds, buyer: Buyer, created: int) -> list[Wire]:
    customer = buyer.customer or {}
    place = customer.get("address") or {}
    email = customer.get("email") or f"buying@{buyer.name.lower().replace(' ', '-')}.example.com"
    first, last = rng.choice(_PEOPLE).split(" ")
    account = record(
        "Account",
        created,
        Id=buyer.account,
        Name=buyer.name,
        OwnerId=SALES_USER,
        CurrencyIsoCode=buyer.currency.upper(),
        Website=f"https://{email.split('@')[1]}",
        BillingStreet=place.get("line1"),
        BillingCity=place.get("city"),
        BillingState=place.get("state"),
        BillingPostalCode=place.get("postal_code"),
        BillingCountry=place.get("country"),
        Stripe_Customer_Id__c=customer["id"] if buyer.linked else None,
    )
    names = {"FirstName": first, "LastName": last, "Email": email, "AccountId": buyer.account}
    return [account, record("Contact", created, Id=ids.new("003"), OwnerId=SALES_USER, **names)]


def make_price_list(ids: SalesforceIds, stripe_ids: IdMaker, stripe: Iterable[Wire], created: int) -> PriceList:
    """Every Stripe price in the standard price book, plans by the year besides, and two things that cannot be sold."""
    found = list(stripe)
    made = PriceList()
    products = [each for each in found if each["object"] == "product"]
    prices = [each for each in found if each["object"] == "price"]
    for product in products:
        own = [each for each in prices if each["product"] == product["id"]]
        _offer(made, ids, product["name"], own, created)
        if product["name"] in ANNUAL_PLANS:
            yearly = [_yearly(stripe_ids, each) for each in own]
            made.stripe += yearly
            _offer(made, ids, f"{product['name']} (annual)", yearly, created)
    _offer_what_cannot_be_sold(made, ids, created)
    names = [each["Name"] for each in made.records if each["attributes"]["type"] == "Product2"]
    made.netsuite += [
        {
            "recordType": "serviceSaleItem",
            "body": {"_key": f"item-{place}", "itemId": name, "incomeAccount": {"id": "4"}},
        }
        for place, name in enumerate(names, 1)
        if name != UNMAPPED
    ]
    return made


def _yearly(ids: IdMaker, monthly: Wire) -> Wire:
    """A price for a year in advance, at ten months."""
    unit = monthly["unit_amount"] * _ANNUAL_MONTHS
    recurring = monthly["recurring"] | {"interval": "year"}
    return monthly | {
        "id": ids.new("price"),
        "recurring": recurring,
        "unit_amount": unit,
        "unit_amount_decimal": str(unit),
    }


def _offer(made: PriceList, ids: SalesforceIds, name: str, prices: list[Wire], created: int) -> None:
    product, code = ids.new("01t"), name.upper().replace(" ", "-")
    made.records.append(_product(product, name, code, created, name))
    for price in prices:
        currency = price["currency"]
        billing = {None: ONE_OFF, "month": MONTHLY, "year": ANNUAL}[(price["recurring"] or {}).get("interval")]
        amount = float(wire_amount(price["unit_amount"], currency))
        _enter(made, ids, Entry("", product, name, code, currency.upper(), amount, billing), price["id"], created)
    if name == "Growth plan":
        stray = Entry("", product, name, code, STRAY_CURRENCY, _STRAY_PRICE, MONTHLY)
        _enter(made, ids, stray, None, created)


def _offer_what_cannot_be_sold(made: PriceList, ids: SalesforceIds, created: int) -> None:
    """A product that nobody has mapped, and one whose price is no longer active."""
    for name, item, active in ((UNMAPPED, None, True), (LEGACY, LEGACY, False)):
        product, code = ids.new("01t"), name.upper().replace(" ", "-")
        made.records.append(_product(product, name, code, created, item))
        entry = Entry("", product, name, code, "USD", list_price(90, "usd") / 100, MONTHLY if item else ONE_OFF)
        _enter(made, ids, entry, None, created, active=active)


def _product(identifier: str, name: str, code: str, created: int, item: str | None) -> Wire:
    fields = {"Id": identifier, "Name": name, "ProductCode": code, "IsActive": True, "NetSuite_Item__c": item}
    return record("Product2", created, **fields)


def _enter(
    made: PriceList, ids: SalesforceIds, entry: Entry, stripe_price: str | None, created: int, *, active: bool = True
) -> None:
    kept = Entry(**(vars(entry) | {"id": ids.new("01u")}))
    made.entries[kept.name, kept.currency] = kept
    made.records.append(
        record(
            "PricebookEntry",
            created,
            Id=kept.id,
            Pricebook2Id=STANDARD_BOOK,
            Product2Id=kept.product,
            Name=kept.name,
            ProductCode=kept.code,
            UnitPrice=kept.price,
            CurrencyIsoCode=kept.currency,
            IsActive=active,
            Stripe_Price_Id__c=stripe_price,
        )
    )
