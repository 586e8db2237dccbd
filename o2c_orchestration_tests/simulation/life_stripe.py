"""What customers and the billing department do in Stripe. Each function is one thing, and says what it did.

What belongs here: choosing and sending. A function that finds nothing to do it to returns None.
"""

import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from o2c_orchestration_tests.simulation.life_wire import Call, Record, Wire, refusal

CURRENCIES = ("usd", "usd", "usd", "eur", "gbp", "cad", "jpy", "kwd")
_NAMES = (
    "Acme & Sons", "O'Brien \"Quoted\" Ltd", "Ångström Ü GmbH", "株式会社さくら", "<b>Bold</b>; DROP TABLE",
    "a" * 120, "100% %s {0} Inc", "شركة النور", "Tab\tName", "Emoji 🧾 Books", "  spaced  ", "Nul\\x00 Co",
)  # fmt: skip
_RATES = (("7.25", "false"), ("19", "true"), ("10", "false"))
_HOUR, _DAY = 3600, 86_400


class StripeLife:
    """Stripe's side of a company's life, drawn from `rng`."""

    def __init__(self, rng: random.Random, call: Call) -> None:
        self._rng = rng
        self._call = call
        self._rates: dict[tuple[str, str], str] = {}

    def sign_up(self) -> Record | None:
        """A new customer, often with a name that some program trips over, sometimes without an address."""
        fields = {"name": f"{self._rng.choice(_NAMES)} {self._rng.randrange(1000)}"}
        if self._rng.random() < 0.7:
            fields["email"] = f"who{self._rng.randrange(10**6)}@example.com"
        return self._did("sign_up", self._post("/v1/customers", fields))

    def rename(self) -> Record | None:
        """A customer gets another name."""
        customer = self._one("/v1/customers")
        if customer is None or customer.get("deleted"):
            return None
        name = self._rng.choice(_NAMES)
        return self._did("rename", self._post(f"/v1/customers/{customer['id']}", {"name": name}))

    def draft(self) -> Record | None:
        """An invoice that is not finalized yet."""
        invoice = self._drafted(self._rng.randrange(1, 4))
        return None if invoice is None else self._did("draft", invoice)

    def finalize(self) -> Record | None:
        """A draft becomes an invoice."""
        invoice = self._one("/v1/invoices", status="draft")
        return None if invoice is None else self._finalized("finalize", invoice)

    def delete_draft(self) -> Record | None:
        """A draft is thrown away."""
        invoice = self._one("/v1/invoices", status="draft")
        if invoice is None:
            return None
        return self._did("delete_draft", self._call("stripe", "DELETE", f"/v1/invoices/{invoice['id']}"))

    def bill(self) -> Record | None:
        """An invoice, finalized at once."""
        invoice = self._drafted(self._rng.randrange(1, 4))
        return None if invoice is None else self._finalized("bill", invoice)

    def bill_many_lines(self) -> Record | None:
        """An invoice with more lines than Stripe embeds."""
        invoice = self._drafted(self._rng.randrange(11, 25))
        return None if invoice is None else self._finalized("bill_many_lines", invoice)

    def bill_at_midnight(self) -> Record | None:
        """An invoice whose date is another one in UTC than in the books, also at a month's end."""
        invoice = self._drafted(1)
        if invoice is None:
            return None
        moment = self._near_midnight(invoice["created"])
        self._post(f"/v1/invoices/{invoice['id']}", {"effective_at": moment})
        return self._finalized("bill_at_midnight", invoice, effective_at=moment)

    def bill_nothing(self) -> Record | None:
        """An invoice over nought: a trial, or a line and its reversal."""
        amount = 100 * self._rng.randrange(1, 50) if self._rng.random() < 0.5 else 0
        invoice = self._drafted(0, amounts=[amount, -amount] if amount else [0])
        return None if invoice is None else self._finalized("bill_nothing", invoice)

    def give_credit(self) -> Record | None:
        """A customer gets something to his credit, or is told that he owes it: his next invoice uses it."""
        customer = self._one("/v1/customers")
        if customer is None or customer.get("deleted") or not customer["currency"]:
            return None
        amount = self._rng.choice((-1, -1, -1, 1)) * self._rng.randrange(1, 500) * 100
        fields = {"amount": amount, "currency": customer["currency"]}
        made = self._post(f"/v1/customers/{customer['id']}/balance_transactions", fields)
        return self._did("give_credit", made, customer=customer["id"], amount=amount)

    def bill_credit(self) -> Record | None:
        """An invoice that owes the customer something."""
        invoice = self._drafted(0, amounts=[1000, -3000])
        return None if invoice is None else self._finalized("bill_credit", invoice)

    def pay(self) -> Record | None:
        """A card pays what is open, or is declined."""
        invoice = self._one("/v1/invoices", status="open")
        if invoice is None:
            return None
        card = "pm_card_chargeDeclined" if self._rng.random() < 0.15 else "pm_card_visa"
        path = f"/v1/invoices/{invoice['id']}/pay"
        return self._did("pay", self._post(path, {"payment_method": card}), id=invoice["id"])

    def pay_part(self) -> Record | None:
        """A part of what is open is paid on its own; the rest stays open."""
        invoice = self._one("/v1/invoices", status="open")
        if invoice is None:
            return None
        step = 10 if invoice["currency"] == "kwd" else 1
        part = max(step, invoice["amount_remaining"] * self._rng.randrange(20, 80) // 100 // step * step)
        fields = {"customer": invoice["customer"], "currency": invoice["currency"], "confirm": "true"}
        intent = self._post("/v1/payment_intents", fields | {"amount": part, "payment_method": "pm_card_visa"})
        attached = self._post(f"/v1/invoices/{invoice['id']}/attach_payment", {"payment_intent": intent["id"]})
        return self._did("pay_part", attached, amount=part)

    def pay_elsewhere(self) -> Record | None:
        """Somebody notes that the money came by bank: Stripe has no charge."""
        invoice = self._one("/v1/invoices", status="open")
        if invoice is None:
            return None
        path = f"/v1/invoices/{invoice['id']}/pay"
        return self._did("pay_elsewhere", self._post(path, {"paid_out_of_band": "true"}))

    def void(self) -> Record | None:
        """An invoice is taken back; one that is partly paid cannot be."""
        invoice = self._one("/v1/invoices", status="open")
        if invoice is None or invoice["amount_paid"]:
            return None
        return self._did("void", self._post(f"/v1/invoices/{invoice['id']}/void"))

    def write_off(self) -> Record | None:
        """An invoice is given up, and may still be paid."""
        invoice = self._one("/v1/invoices", status="open")
        if invoice is None:
            return None
        return self._did("write_off", self._post(f"/v1/invoices/{invoice['id']}/mark_uncollectible"))

    def pay_late(self) -> Record | None:
        """An invoice that was given up is paid after all."""
        invoice = self._one("/v1/invoices", status="uncollectible")
        if invoice is None:
            return None
        path = f"/v1/invoices/{invoice['id']}/pay"
        return self._did("pay_late", self._post(path, {"payment_method": "pm_card_visa"}))

    def _drafted(self, lines: int, amounts: list[int] | None = None) -> Wire | None:
        customer = self._one("/v1/customers")
        if customer is None or customer.get("deleted"):
            return None
        # A customer keeps to one currency; one that does not is met with a refusal, since NetSuite wants to be told.
        currency = customer["currency"] if customer["currency"] and self._rng.random() < 0.95 else None
        currency = currency or self._rng.choice(CURRENCIES)
        step = 10 if currency == "kwd" else 1
        sent = {"collection_method": "send_invoice", "days_until_due": "30"} if self._rng.random() < 0.5 else {}
        invoice: Wire = self._post("/v1/invoices", {"customer": customer["id"], "currency": currency, **sent})
        if refusal(invoice):
            return None
        taxed = amounts is None and self._rng.random() < 0.35
        for amount in amounts or [self._rng.randrange(1, 90_000) for _ in range(lines)]:
            fields = {"customer": customer["id"], "invoice": invoice["id"], "currency": currency}
            fields |= {"tax_rates[0]": self._rate()} if taxed else {}
            self._post("/v1/invoiceitems", fields | {"amount": amount * step, "description": f"Work {amount}"})
        return invoice

    def _rate(self) -> str:
        percentage, inclusive = chosen = self._rng.choice(_RATES)
        if chosen not in self._rates:
            fields = {"display_name": "VAT", "percentage": percentage, "inclusive": inclusive}
            self._rates[chosen] = self._post("/v1/tax_rates", fields)["id"]
        return self._rates[chosen]

    def _near_midnight(self, created: int) -> int:
        now = datetime.fromtimestamp(created, UTC)
        midnight = now.replace(hour=0, minute=0, second=0)
        if self._rng.random() < 0.5:
            midnight = midnight.replace(day=1)
        moment = midnight + timedelta(seconds=self._rng.randrange(-10 * _HOUR, 10 * _HOUR))
        return min(created, int(moment.timestamp()))

    def _finalized(self, action: str, invoice: Wire, **more: Any) -> Record:
        return self._did(action, self._post(f"/v1/invoices/{invoice['id']}/finalize"), **more)

    def _one(self, path: str, **query: str) -> Wire | None:
        found = self._call("stripe", "GET", path, {"limit": 100, **query}).get("data")
        return self._rng.choice(found) if found else None

    def _post(self, path: str, fields: Mapping[str, Any] | None = None) -> Any:
        return self._call("stripe", "POST", path, fields)

    @staticmethod
    def _did(action: str, body: Wire, **more: Any) -> Record:
        record: Record = {"action": action, "system": "stripe", **more}
        if refused := refusal(body):
            return record | {"refused": refused}
        return record | {name: body[name] for name in ("id", "currency", "total") if name in body}
