"""Further deals of the demo company: one for each thing that can be wrong with one from the start, and the truth.

What belongs here: deals on accounts of their own, loaded beside those of `sell`, whose stay as they are. No clock, no
I/O. Fields by which a deal follows an earlier one are those of FOLLOWS, which the policy has to name.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from o2c_orchestration.sandbox.salesforce.ids import make
from o2c_orchestration.sandbox.salesforce.objects import WON
from o2c_orchestration.sandbox.salesforce.org import SALES_USER, STANDARD_BOOK

from .build import Company
from .catalog import Wire
from .crm import ANNUAL, MONTHLY, ONE_OFF, SalesforceIds, record
from .currencies import NETSUITE_CURRENCY
from .deals import Deals
from .ids import IdMaker
from .ledger import ITEM, SUBSIDIARY, item_line, plain_document, reference

ORDERED, BILLED = "salesforce_netsuite", "salesforce_stripe"
FOLLOWS = {"renews": "O2C_Renews__c", "amends": "O2C_Amends__c"}
_INSTANCE = "DM1"
_PLAN, _ONCE = "Growth plan", "Onboarding package"
_LINES_MAX = 20
_QUANTITY, _DOLLARS = 3, "usd"


@dataclass(frozen=True)
class Planted:
    """What is wrong, the code under which it is refused (None: in another system's words), and its gaps."""

    words: str
    code: str | None
    gaps: tuple[tuple[str, str], ...] = ((ORDERED, "sync_failed"),)


# Each stands once, on a deal of its own that is won.
TROUBLES = {
    "hidden_account": Planted("its account is one that the integration may not see", "ACCOUNT_GONE"),
    "no_lines": Planted("it has no products", "NO_LINES"),
    "nothing_sold": Planted("a line sells a quantity of 0", "ZERO_QUANTITY"),
    "odd_term": Planted("it is to last for 0 months", "UNREADABLE"),
    "other_currency": Planted("a line has a price in euros, and the deal is in dollars", "CURRENCY"),
    "ends_too_early": Planted("a line ends before it starts", "DATES"),
    "mixed_intervals": Planted("one line is billed by the month, one by the year", "MIXED_INTERVALS"),
    "too_many_lines": Planted("it has more lines than a subscription takes", "TOO_MANY_LINES"),
    "price_gone": Planted("the price book entry names a price that Stripe does not have", "PRICE_MISSING"),
    "price_archived": Planted("the price book entry names a price that is archived in Stripe", "PRICE_UNFIT"),
    "two_customers": Planted("two customers of Stripe say that they are its account", "SEVERAL_CUSTOMERS"),
    "amends_unknown": Planted("it amends a deal that nobody knows", "AMENDMENT"),
    "renews_unknown": Planted("it renews a deal that nobody knows", "RENEWAL_UNKNOWN"),
    "renews_too_early": Planted("it begins before the deal that it renews is over", "RENEWAL_OVERLAPS"),
    "item_gone": Planted("the product names an item that NetSuite does not have", None),
    "payer_gone": Planted("its account names a customer who is deleted in Stripe", None, ((BILLED, "sync_failed"),)),
    "not_billable": Planted(
        "it is ordered by hand, and monthly and annual lines cannot be billed",
        "MIXED_INTERVALS",
        ((BILLED, "sync_failed"),),
    ),
    "ordered_for_less": Planted("somebody has ordered it for less", None, ((ORDERED, "terms_mismatch"),)),
    "ordered_in_euros": Planted("somebody has ordered it in euros", None, ((ORDERED, "currency_mismatch"),)),
    "never_billed": Planted(
        "somebody has named a subscription that bills it, and it never did", None, ((BILLED, "order_not_billed"),)
    ),
}


@dataclass(frozen=True)
class Troubles:
    """What to load behind a company with its deals, and what it must come to.

    truth: the gaps that there must be, and no others: `mistake`, `code`, `opportunity`, `leg`, `kind`.
    spare: sound deals for what happens later, by name: `opportunity`, `account`, `customer` (None: a first run makes
        him), `total_minor`.
    """

    salesforce: list[Wire] = field(default_factory=list)
    stripe: list[Wire] = field(default_factory=list)
    netsuite: list[Wire] = field(default_factory=list)
    truth: list[Wire] = field(default_factory=list)
    spare: dict[str, Wire] = field(default_factory=dict)


def trouble(company: Company, deals: Deals, spare: tuple[str, ...] = (), seed: int = 7, *, today: date) -> Troubles:
    """One deal for each of TROUBLES, and a sound one for each name of `spare`: one-off if it ends in `_once`."""
    made = Troubles()
    seller = _Seller(company, deals, made, seed, today)
    for mistake, planted in TROUBLES.items():
        deal = seller.sell(mistake)
        made.truth.extend(
            {"mistake": mistake, "code": planted.code, "opportunity": deal, "leg": leg, "kind": kind}
            for leg, kind in planted.gaps
        )
    for name in spare:
        seller.spare(name)
    return made


@dataclass
class _Draft:
    """A deal in the making: fields of the opportunity that differ, and its lines."""

    lines: list[Wire]
    fields: Wire = field(default_factory=dict)
    closed: date | None = None


class _Seller:
    """Makes accounts, prices and deals, and what others have entered for them."""

    def __init__(self, company: Company, deals: Deals, made: Troubles, seed: int, today: date) -> None:
        self._made, self._today, self._deals = made, today, deals
        self._ids, self._stripe_ids = SalesforceIds(_INSTANCE), IdMaker(random.Random(f"troubles {seed}"))
        self._customer = next(each for each in company.stripe if each["object"] == "customer")
        self._prices = {each["id"]: each for each in (*company.stripe, *deals.stripe) if each["object"] == "price"}
        self._named = {(each["Name"], each["CurrencyIsoCode"]): each for each in self._of("PricebookEntry")}

    def sell(self, mistake: str) -> str:
        """A won deal with this mistake; its id."""
        draft = getattr(self, f"_{mistake}", self._plain)()
        account = self._account(mistake)
        if mistake == "hidden_account":
            account = make("001", 1, "DM2")
        deal = self._deal(mistake, account, draft)
        if mistake in _BY_HAND:
            self._order(deal, mistake, _total(draft.lines))
        return deal

    def spare(self, name: str) -> None:
        """A sound deal, kept under its name; its account and what it is billed to are its own."""
        known = len(self._made.stripe)
        account = self._account(name)
        draft = _Draft([self._line(_ONCE, billing=ONE_OFF)]) if name.endswith("_once") else self._plain()
        if name == "discounted":
            draft.lines[0]["Discount"] = 10
        deal = self._deal(name, account, draft)
        told = {"opportunity": deal, "account": account, "customer": None}
        if len(self._made.stripe) > known:
            told["customer"] = self._made.stripe[-1]["id"]
        self._made.spare[name] = told | {"total_minor": _total(draft.lines)}

    def _plain(self) -> _Draft:
        return _Draft([self._line()])

    def _no_lines(self) -> _Draft:
        return _Draft([])

    def _nothing_sold(self) -> _Draft:
        return _Draft([self._line(), self._line(Quantity=0)])

    def _odd_term(self) -> _Draft:
        return _Draft([self._line()], {"O2C_Term_Months__c": 0})

    def _other_currency(self) -> _Draft:
        return _Draft([self._line(currency="EUR")])

    def _ends_too_early(self) -> _Draft:
        days: Wire = {"O2C_Start_Date__c": "2027-03-01", "O2C_End_Date__c": "2027-02-01"}
        return _Draft([self._line(**days)])

    def _mixed_intervals(self) -> _Draft:
        return _Draft([self._line(), self._line(f"{_PLAN} (annual)", billing=ANNUAL)])

    def _not_billable(self) -> _Draft:
        return self._mixed_intervals()

    def _too_many_lines(self) -> _Draft:
        return _Draft([self._line() for _ in range(_LINES_MAX + 1)])

    def _price_gone(self) -> _Draft:
        return _Draft([self._line(entry=self._entry(self._stripe_ids.new("price")))])

    def _price_archived(self) -> _Draft:
        price = self._price(_PLAN) | {"id": self._stripe_ids.new("price"), "active": False}
        self._made.stripe.append(price)
        return _Draft([self._line(entry=self._entry(price["id"]))])

    def _amends_unknown(self) -> _Draft:
        return _Draft([self._line()], {FOLLOWS["amends"]: make("006", 1, "DM2")})

    def _renews_unknown(self) -> _Draft:
        return _Draft([self._line()], {FOLLOWS["renews"]: make("006", 1, "DM2")})

    def _renews_too_early(self) -> _Draft:
        earlier = next(each for each in self._deals.won if each["shape"] == "annual")
        return _Draft([self._line()], {FOLLOWS["renews"]: earlier["opportunity"]})

    def _item_gone(self) -> _Draft:
        product = self._ids.new("01t")
        fields = {"Name": "Old plan", "ProductCode": "OLD-PLAN", "IsActive": True, "NetSuite_Item__c": "Old plan"}
        self._add("Product2", Id=product, **fields)
        return _Draft([self._line(entry=self._entry(self._price(_PLAN)["id"], product))])

    def _never_billed(self) -> _Draft:
        return _Draft(
            [self._line()], {"Stripe_Billing_Id__c": self._stripe_ids.new("sub")}, self._today - timedelta(days=30)
        )

    def _deal(self, name: str, account: str, draft: _Draft) -> str:
        deal, closed = self._ids.new("006"), draft.closed or self._today
        fields: Wire = {
            "Id": deal,
            "Name": f"{name.replace('_', ' ').capitalize()}: the deal",
            "AccountId": account,
            "StageName": WON,
            "CloseDate": closed.isoformat(),
            "CurrencyIsoCode": "USD",
            "OwnerId": SALES_USER,
            "Pricebook2Id": STANDARD_BOOK,
            "O2C_Start_Date__c": closed.isoformat(),
            "O2C_Term_Months__c": 12,
            **dict.fromkeys(FOLLOWS.values()),
        }
        self._add("Opportunity", **fields | draft.fields)
        for place, line in enumerate(draft.lines, 1):
            self._add("OpportunityLineItem", **line | {"OpportunityId": deal, "SortOrder": place})
        return deal

    def _line(
        self,
        name: str = _PLAN,
        *,
        currency: str = "USD",
        billing: str = MONTHLY,
        entry: Wire | None = None,
        **fields: Any,
    ) -> Wire:
        entry = entry or self._named[name, currency]
        told: Wire = {
            "Id": self._ids.new("00k"),
            "PricebookEntryId": entry["Id"],
            "Product2Id": entry["Product2Id"],
            "Quantity": _QUANTITY,
            "UnitPrice": entry["UnitPrice"],
            "CurrencyIsoCode": "USD",
            "O2C_Billing__c": billing,
        }
        return told | fields

    def _entry(self, price: str, product: str | None = None) -> Wire:
        """A price book entry that names a price of Stripe's."""
        known = self._named[_PLAN, "USD"]
        made = {name: known[name] for name in ("Product2Id", "CurrencyIsoCode", "UnitPrice")}
        made |= {"Id": self._ids.new("01u")} | ({"Product2Id": product} if product else {})
        told = {"Pricebook2Id": STANDARD_BOOK, "IsActive": True, "Stripe_Price_Id__c": price}
        self._add("PricebookEntry", **made | told)
        return made

    def _account(self, name: str) -> str:
        """An account and its customer in Stripe, who name each other."""
        account = self._ids.new("001")
        if name.startswith("payer_renamed"):
            self._add("Account", Id=account, Name="Nobody Knows Works", OwnerId=SALES_USER)
            return account
        customer = self._payer(name, account)
        called = customer["name"]
        self._add("Account", Id=account, Name=called, OwnerId=SALES_USER, Stripe_Customer_Id__c=customer["id"])
        if name == "two_customers":
            self._made.stripe.append(self._payer("two_customers_again", account))
        if name == "payer_gone":
            customer |= {"deleted": True}
        self._made.stripe.append(customer)
        return account

    def _payer(self, name: str, account: str) -> Wire:
        words = name.replace("_", " ").title()
        told = {"id": self._stripe_ids.new("cus"), "name": f"{words} Works", "email": f"{name}@works.example.com"}
        return self._customer | told | {"currency": _DOLLARS, "metadata": {"salesforce_account_id": account}}

    def _order(self, deal: str, mistake: str, total: int) -> None:
        """A sales order that somebody has entered in NetSuite under the deal's id."""
        currency = "eur" if mistake == "ordered_in_euros" else _DOLLARS
        amount = total - 100 if mistake == "ordered_for_less" else total
        payer, key = self._made.stripe[-1], f"troubled-{mistake}"
        customer = {
            "_key": key,
            "externalId": payer["id"],
            "companyName": payer["name"],
            "subsidiary": {"id": SUBSIDIARY},
            "currency": {"id": NETSUITE_CURRENCY[_DOLLARS]},
            "currencyList": {"items": [{"currency": {"id": NETSUITE_CURRENCY[each]}} for each in (_DOLLARS, "eur")]},
        }
        body = plain_document(key, currency, self._today, [item_line(ITEM, amount, currency, "By hand")])
        body |= {"externalId": deal, "entity": reference(key)}
        self._made.netsuite.extend(
            ({"recordType": "customer", "body": customer}, {"recordType": "salesOrder", "body": body})
        )

    def _price(self, name: str) -> Wire:
        return self._prices[self._named[name, "USD"]["Stripe_Price_Id__c"]]

    def _of(self, kind: str) -> list[Wire]:
        return [each for each in self._deals.salesforce if each["attributes"]["type"] == kind]

    def _add(self, kind: str, **fields: Any) -> None:
        moment = datetime.combine(self._today, time(), UTC).timestamp() - 3600
        self._made.salesforce.append(record(kind, moment, **fields))


def _total(lines: list[Wire]) -> int:
    """What lines in dollars come to, in cents."""
    cents: float = sum(each["Quantity"] * each["UnitPrice"] * (100 - each.get("Discount", 0)) for each in lines)
    return round(cents)


_BY_HAND = ("not_billable", "ordered_for_less", "ordered_in_euros", "never_billed")
