"""Somebody who sells in Salesforce, over its API: accounts, products, opportunities and orders with lines."""

from typing import Any

import requests

from o2c_orchestration.sandbox.config import SandboxConfig

VERSION = "/services/data/v66.0"


class Seller:
    """One person's session with the sandbox's Salesforce."""

    def __init__(self, base_url: str, config: SandboxConfig) -> None:
        self._url = base_url
        pair = (config.salesforce_client_id, config.salesforce_client_secret)
        form = {"grant_type": "client_credentials"}
        answer = requests.post(f"{base_url}/services/oauth2/token", data=form, auth=pair, timeout=10)
        self._headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}

    def create(self, kind: str, **fields: Any) -> str:
        """A record; its id."""
        return str(self._call("POST", f"sobjects/{kind}", fields)["id"])

    def change(self, kind: str, identifier: str, **fields: Any) -> None:
        """Other values for some fields."""
        self._call("PATCH", f"sobjects/{kind}/{identifier}", fields)

    def delete(self, kind: str, identifier: str) -> None:
        """Into the bin."""
        self._call("DELETE", f"sobjects/{kind}/{identifier}")

    def get(self, kind: str, identifier: str) -> dict[str, Any]:
        """A record with all its fields."""
        return self._call("GET", f"sobjects/{kind}/{identifier}")

    def query(self, soql: str) -> list[dict[str, Any]]:
        """The records of a query."""
        return list(self._call("GET", "query", params={"q": soql})["records"])

    def account(self, name: str, **fields: Any) -> str:
        """A customer, with a contact that has an e-mail address."""
        account = self.create("Account", Name=name, **fields)
        self.create(
            "Contact", AccountId=account, LastName="Buyer", Email=f"{name.split(maxsplit=1)[0].lower()}@example.com"
        )
        return account

    def product(
        self, code: str, amount: float, *, price: str | None = None, item: str | None = "Stripe Item", **fields: Any
    ) -> str:
        """A product in the standard price book; the id of its entry."""
        product = self.create(
            "Product2", Name=f"Product {code}", ProductCode=code, IsActive=True, NetSuite_Item__c=item
        )
        (book,) = self.query("SELECT Id FROM Pricebook2 WHERE IsStandard = true")
        entry = {"Pricebook2Id": book["Id"], "Product2Id": product, "UnitPrice": amount, "IsActive": True}
        return self.create(
            "PricebookEntry", **{**entry, "CurrencyIsoCode": "USD", "Stripe_Price_Id__c": price, **fields}
        )

    def deal(self, account: str | None, close: str, *, stage: str = "Closed Won", **fields: Any) -> str:
        """An opportunity, as yet without lines."""
        (book,) = self.query("SELECT Id FROM Pricebook2 WHERE IsStandard = true")
        given = {"Name": "Big deal", "StageName": stage, "CloseDate": close, "Pricebook2Id": book["Id"]}
        return self.create("Opportunity", AccountId=account, CurrencyIsoCode="USD", **{**given, **fields})

    def line(self, deal: str, entry: str, quantity: float, unit: float, **fields: Any) -> str:
        """A line of a deal."""
        given = {"OpportunityId": deal, "PricebookEntryId": entry, "Quantity": quantity, "UnitPrice": unit}
        return self.create("OpportunityLineItem", **given, **fields)

    def order(self, account: str, start: str, *lines: tuple[str, float, float], **fields: Any) -> str:
        """A draft of an order for these products (entry, quantity, price), `billing` monthly by default."""
        (book,) = self.query("SELECT Id FROM Pricebook2 WHERE IsStandard = true")
        billing = fields.pop("billing", "Monthly")
        given = {"EffectiveDate": start, "Status": "Draft", "Pricebook2Id": book["Id"], "CurrencyIsoCode": "USD"}
        order = self.create("Order", AccountId=account, **{**given, **fields})
        for entry, quantity, unit in lines:
            item = {"OrderId": order, "PricebookEntryId": entry, "Quantity": quantity, "UnitPrice": unit}
            self.create("OrderItem", **item, O2C_Billing__c=billing)
        return order

    def activate(self, order: str) -> str:
        """The draft is in force from now on; its id."""
        self.change("Order", order, Status="Activated")
        return order

    def _call(self, method: str, path: str, body: Any = None, params: Any = None) -> dict[str, Any]:
        url = f"{self._url}{VERSION}/{path}"
        answer = requests.request(method, url, json=body, params=params, headers=self._headers, timeout=20)
        assert answer.ok, answer.text
        return dict(answer.json()) if answer.content else {}
