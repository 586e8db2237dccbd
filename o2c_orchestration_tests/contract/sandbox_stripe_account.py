"""A bare HTTP client of the Stripe sandbox that bills and is paid, shared by the tests of its money."""

from __future__ import annotations

from typing import Any

import requests


class Account:
    """`requests` with the key, no proxy, and JSON out; errors come back as their bodies."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers["Authorization"] = "Bearer sk_test_sandbox"

    def get(self, path: str, **params: Any) -> Any:
        return self._session.get(f"{self.base_url}/v1/{path}", params=params, timeout=10).json()

    def post(self, path: str, data: Any = None, **fields: Any) -> Any:
        return self._session.post(f"{self.base_url}/v1/{path}", data={**(data or {}), **fields}, timeout=10).json()

    def control(self, path: str, **body: Any) -> Any:
        return self._session.post(f"{self.base_url}/_sandbox/stripe/{path}", json=body, timeout=10).json()

    def load(self, *objects: dict[str, Any]) -> Any:
        return self._session.post(f"{self.base_url}/_sandbox/load", json={"stripe": objects}, timeout=10).json()

    def charge(self, amount: int = 10_000, method: str = "pm_card_visa", **fields: Any) -> Any:
        """A charge without an invoice, with a customer."""
        customer = self.post("customers", name="Ada", email="ada@example.com")["id"]
        fields = {"currency": "usd", "customer": customer, "confirm": "true", **fields}
        intent = self.post("payment_intents", amount=amount, payment_method=method, **fields)
        return self.get(f"charges/{intent['latest_charge']}")

    def invoice(self, *amounts: int, customer: str | None = None, **item: Any) -> Any:
        """An open invoice with a line per amount."""
        customer = customer or self.post("customers", name="Ada", email="ada@example.com")["id"]
        draft = self.post("invoices", customer=customer, currency="usd")
        for amount in amounts:
            self.post("invoiceitems", item, invoice=draft["id"], amount=amount, currency="usd", description="Work")
        return self.post(f"invoices/{draft['id']}/finalize")

    def events(self, *kinds: str) -> list[str]:
        """The types of all events in their order, or only those of `kinds` (beginnings)."""
        every = [each["type"] for each in self.get("events", limit=100)["data"]][::-1]
        return [kind for kind in every if kind.startswith(kinds)] if kinds else every
