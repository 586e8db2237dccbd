"""What salespeople do in Salesforce: deals are won, reopened, won again, edited afterwards, thrown away.

What belongs here: choosing and typing. A function that finds nothing to do it to returns None. Records of the diary
say of a deal what it is worth then: `amount` in cents, `won`, `edited` (anything but its stage since it was first won).
"""

import random
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from o2c_orchestration_tests.simulation.life_wire import Call, Record, Wire, refusal

_BY_HAND = "/_sandbox/salesforce/records"
_WON, _OPEN = "Closed Won", "Negotiation/Review"
_TRADES = ("Kestrel Mills", "Ostrava Foundry", "Lumen Orchard", "Quarry & Vane", "Tidewater Looms", "Bramble Press")
# What is sold: by the month and once, with the price in cents that Stripe and the price book agree on.
_WARES = (("SEAT", "Monthly", 5000, {"recurring[interval]": "month"}), ("SETUP", "One-off", 30000, {}))
_BOOKS = ZoneInfo("America/Los_Angeles")


class SalesLife:
    """The salespeople of a company, drawn from `rng`."""

    def __init__(self, rng: random.Random, call: Call) -> None:
        self._rng, self._call = rng, call
        self._accounts: list[str] = []
        self._deals: dict[str, Wire] = {}
        self._entries: dict[str, str] = {}

    def open_shop(self) -> None:
        """Prices in Stripe and in the price book; once, before anything is sold."""
        (book,) = self._query("SELECT Id FROM Pricebook2 WHERE IsStandard = true")
        self._book = book["Id"]
        for code, billing, cents, recurring in _WARES:
            product = self._call("stripe", "POST", "/v1/products", {"name": code})["id"]
            price = {"product": product, "currency": "usd", "unit_amount": cents, **recurring}
            ware = {"Name": f"Product {code}", "ProductCode": code, "IsActive": True, "NetSuite_Item__c": "Stripe Item"}
            entry = {"Pricebook2Id": self._book, "UnitPrice": cents / 100, "IsActive": True, "CurrencyIsoCode": "USD"}
            self._entries[billing] = self._create(
                "PricebookEntry",
                **entry,
                Product2Id=self._create("Product2", **ware),
                Stripe_Price_Id__c=self._call("stripe", "POST", "/v1/prices", price)["id"],
            )

    def win(self) -> Record | None:
        """A deal of a new customer or of one who has bought before; its lines may come after it was won."""
        if not self._accounts or self._rng.random() < 0.6:
            name = f"{self._rng.choice(_TRADES)} {self._rng.randrange(10**6)}"
            self._accounts.append(self._create("Account", Name=name))
        account = self._rng.choice(self._accounts)
        _, billing, cents, _ = self._rng.choice(_WARES)
        late_lines = self._rng.random() < 0.3
        given = {"Name": "Deal", "AccountId": account, "CurrencyIsoCode": "USD", "Pricebook2Id": self._book}
        term = {"O2C_Term_Months__c": 12} if billing == "Monthly" else {}
        stage = _WON if late_lines else _OPEN
        deal = self._create("Opportunity", **given, **term, StageName=stage, CloseDate=self._today())
        quantity = self._rng.randrange(1, 10)
        line = {"OpportunityId": deal, "PricebookEntryId": self._entries[billing], "O2C_Billing__c": billing}
        line_id = self._create("OpportunityLineItem", **line, Quantity=quantity, UnitPrice=cents / 100)
        if not late_lines:
            self._change("Opportunity", deal, StageName=_WON, committed_late=self._rng.random() < 0.2)
        self._deals[deal] = {"account": account, "line": line_id, "cents": cents, "amount": quantity * cents}
        self._deals[deal] |= {"won": True, "edited": False}
        return self._did("win", deal)

    def save(self) -> Record | None:
        """Somebody opens a deal and saves it as it is."""
        deal = self._one(won=True)
        if deal is None:
            return None
        self._change("Opportunity", deal, StageName=_WON)
        return self._did("save", deal)

    def reopen(self) -> Record | None:
        """It was not won after all, for the time being."""
        deal = self._one(won=True)
        return None if deal is None else self._stage("reopen", deal, won=False)

    def rewin(self) -> Record | None:
        """It is won once more."""
        deal = self._one(won=False)
        return None if deal is None else self._stage("rewin", deal, won=True)

    def edit(self) -> Record | None:
        """Another quantity, after it was won."""
        deal = self._one(won=True)
        if deal is None:
            return None
        about, quantity = self._deals[deal], self._rng.randrange(1, 10)
        self._change("OpportunityLineItem", about["line"], Quantity=quantity)
        changed = quantity * about["cents"] != about["amount"]
        about |= {"amount": quantity * about["cents"], "edited": about["edited"] or changed}
        return self._did("edit", deal)

    def drop(self) -> Record | None:
        """Into the recycle bin."""
        deal = self._one(won=True)
        if deal is None:
            return None
        self._call("sandbox", "POST", _BY_HAND, {"type": "Opportunity", "id": deal, "delete": True})
        self._deals[deal] |= {"won": False, "gone": True}
        return self._did("drop", deal)

    def _stage(self, action: str, deal: str, *, won: bool) -> Record:
        self._change("Opportunity", deal, StageName=_WON if won else _OPEN)
        self._deals[deal]["won"] = won
        return self._did(action, deal)

    def _one(self, *, won: bool) -> str | None:
        found = [key for key, about in self._deals.items() if about["won"] == won and not about.get("gone")]
        return self._rng.choice(found) if found else None

    def _did(self, action: str, deal: str) -> Record:
        about = {name: value for name, value in self._deals[deal].items() if name not in ("line", "cents")}
        return {"action": f"sales.{action}", "system": "salesforce", "deal": deal, **about}

    def _today(self) -> str:
        return datetime.now(UTC).astimezone(_BOOKS).date().isoformat()

    def _create(self, kind: str, **fields: Any) -> str:
        answer = self._call("sandbox", "POST", _BY_HAND, {"type": kind, "fields": fields})
        return str(answer["id"])

    def _change(self, kind: str, identifier: str, *, committed_late: bool = False, **fields: Any) -> None:
        change: Wire = {"type": kind, "id": identifier, "fields": fields}
        if committed_late:
            # The transaction began before polls that have not seen it, and has its stamp of then.
            change["seconds_ago"] = 240
        answer = self._call("sandbox", "POST", _BY_HAND, change)
        assert isinstance(answer, dict), answer
        assert refusal(answer) is None, answer

    def _query(self, soql: str) -> list[Wire]:
        answer = self._call("sandbox", "GET", f"/_sandbox/salesforce/query?q={quote(soql)}")
        return list(answer["records"])
