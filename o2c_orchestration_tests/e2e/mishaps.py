"""Whoever does what the demo company says goes wrong: a clerk in NetSuite, sales people, administrators, payers."""

from datetime import timedelta
from typing import Any

import requests

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.domain.policy import MAIN
from o2c_orchestration.sandbox.salesforce.package import PAYMENT_STATUS
from o2c_orchestration_tests.e2e.cli_fixtures import World, today
from o2c_orchestration_tests.e2e.seller import Seller
from o2c_orchestration_tests.e2e.test_account_details import customer
from o2c_orchestration_tests.e2e.test_deals import listed


class Doer:
    """Does steps over the systems' APIs and the sandbox's controls. `sold`: new deals by their mishap."""

    def __init__(self, world: World, made: Assembly, seller: Seller, entry: str) -> None:
        self._world, self._made, self._seller, self._entry = world, made, seller, entry
        self._merged: str | None = None
        self.sold: dict[str, str] = {}

    def do(self, step: dict[str, Any]) -> None:
        """One step."""
        getattr(self, f"_{step['do'].replace(' ', '_')}")(step)

    def _post(self, path: str, told: Any) -> dict[str, Any]:
        answer = requests.post(f"{self._world.base_url}/_sandbox/{path}", json=told, timeout=20)
        assert answer.ok, answer.text
        return dict(answer.json())

    def _clerk(self, step: dict[str, Any]) -> None:
        self._post("netsuite/orders", {"do": step["what"], "externalId": step["order"]})

    def _order_again(self, step: dict[str, Any]) -> None:
        payer = customer(self._made, step["customer"])["id"]
        line = {"item": {"id": "1"}, "amount": 150, "description": "By hand"}
        body = {"entity": {"id": payer}, "subsidiary": {"id": "1"}, "currency": {"id": "1"}, "item": {"items": [line]}}
        told = {"do": "enter", "recordType": "salesOrder", "body": body | {"tranDate": today().isoformat()}}
        number = self._post("netsuite/records", told)["id"]
        self._seller.change("Opportunity", step["opportunity"], NetSuite_Sales_Order_Id__c=number)

    def _inactive(self, step: dict[str, Any]) -> None:
        self._post("netsuite/inactive", {"recordType": "customer", "id": customer(self._made, step["customer"])["id"]})

    def _delete_customer(self, step: dict[str, Any]) -> None:
        number = customer(self._made, step["customer"])["id"]
        self._post("netsuite/records", {"do": "delete", "recordType": "customer", "id": number})

    def _merge_customers(self, step: dict[str, Any]) -> None:
        told = {"master": f"eid:{step['into']}", "duplicate": f"eid:{step['customer']}"}
        self._post("netsuite/merge", told)

    def _delete_payer(self, step: dict[str, Any]) -> None:
        headers = {"Authorization": f"Bearer {self._world.config.stripe_secret_key}"}
        url = f"{self._world.base_url}/v1/customers/{step['customer']}"
        requests.delete(url, headers=headers, timeout=10).raise_for_status()
        # As whoever follows Stripe's events reads him.
        self._made.extractor("extract").each[MAIN].objects("customer", [step["customer"]])

    def _rename_payer(self, step: dict[str, Any]) -> None:
        payer = self._seller.get("Account", step["account"])["Stripe_Customer_Id__c"]
        self._world.stripe(f"customers/{payer}", name=step["name"])

    def _merge_accounts(self, step: dict[str, Any]) -> None:
        self._merged = self._seller.account(step["name"])
        for each in step["accounts"]:
            self._post("salesforce/merge", {"type": "Account", "master": self._merged, "duplicate": each})

    def _copy_invoice_record(self, step: dict[str, Any]) -> None:
        fields = "Stripe_Invoice_Id__c, Opportunity__c, Account__c, Number__c, CurrencyIsoCode"
        query = f"SELECT {fields} FROM O2C_Invoice__c WHERE Opportunity__c = '{step['opportunity']}'"
        self._post("load", {"salesforce": self._seller.query(query)})

    def _void_invoice(self, step: dict[str, Any]) -> None:
        self._world.stripe(f"invoices/{self._invoice(step)}/void")

    def _pay_invoice(self, step: dict[str, Any]) -> None:
        self._world.stripe(f"invoices/{self._invoice(step)}/pay", payment_method="pm_card_visa")

    def _invoice(self, step: dict[str, Any]) -> str:
        named = {
            each["metadata"].get("salesforce_opportunity_id"): each
            for each in listed(self._world, "invoices?limit=100")
        }
        return str(named[step["opportunity"]]["id"])

    def _shorten_list(self, step: dict[str, Any]) -> None:
        values = [each for each in PAYMENT_STATUS.split(";") if each != step["value"]]
        self._post("salesforce/picklists", {"type": step["object"], "name": step["field"], "values": values})

    def _sell(self, step: dict[str, Any]) -> None:
        deal = self._seller.deal(step["account"] or self._merged, today().isoformat(), O2C_Term_Months__c=12)
        self._seller.line(deal, self._entry, 3, 50, O2C_Billing__c="Monthly")
        self.sold[step["mistake"]] = deal

    def _sell_as_order(self, step: dict[str, Any]) -> None:
        start = (today() - timedelta(days=step["days_ago"])).isoformat()
        told: dict[str, Any] = {"OpportunityId": step["opportunity"]}
        if step["reduces"]:
            told |= {"IsReductionOrder": True, "OriginalOrderId": self.sold[step["reduces"]]}
        line = (self._entry, -1 if step["reduces"] else 3, 50)
        order = self._seller.order(step["account"], start, line, **told)
        self.sold[step["mistake"]] = self._seller.activate(order)
