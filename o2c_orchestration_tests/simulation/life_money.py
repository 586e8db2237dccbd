"""What goes the other way, and to the bank: credit notes, refunds, disputes, payouts, and charges without an invoice.

What belongs here: choosing and sending, as in `life_stripe`. A function that finds nothing to do it to returns None.
"""

import random
from collections.abc import Mapping
from typing import Any

from o2c_orchestration_tests.simulation.life_wire import Call, Record, Wire, refusal

_SWITCH = "/_sandbox/stripe/"
# A dispute of a first card is open at once, the second one's is an inquiry that moves no money.
_CARDS = ("pm_card_visa", "pm_card_visa", "pm_card_visa", "pm_card_createDispute", "pm_card_createDisputeInquiry")


class MoneyLife:
    """Customers who want their money back, their banks, and ours; drawn from `rng`."""

    def __init__(self, rng: random.Random, call: Call) -> None:
        self._rng = rng
        self._call = call

    def charge_alone(self) -> Record | None:
        """A customer pays something that was never billed."""
        customer = self._one("/v1/customers", lambda each: not each.get("deleted"))
        if customer is None:
            return None
        fields = {"customer": customer["id"], "currency": customer["currency"] or "usd", "confirm": "true"}
        amount, card = 10 * self._rng.randrange(10, 5000), self._rng.choice(_CARDS)
        made = self._post("/v1/payment_intents", fields | {"amount": amount, "payment_method": card})
        return self._did("charge_alone", made, card=card)

    def credit_open(self) -> Record | None:
        """A part of what is still due is let off, now and then all of it."""
        invoice = self._one("/v1/invoices", lambda each: each["amount_remaining"] > 0, status="open")
        if invoice is None:
            return None
        amount = self._part(invoice["amount_remaining"], invoice["currency"], whole=0.2)
        made = self._post("/v1/credit_notes", {"invoice": invoice["id"], "amount": amount})
        return self._did("credit_open", made, invoice=invoice["id"], amount=amount)

    def credit_paid(self) -> Record | None:
        """A part of what was paid is taken back: refunded, to the customer's credit, or outside of Stripe."""
        invoice = self._one("/v1/invoices", lambda each: each["amount_paid"] > 0, status="paid")
        if invoice is None:
            return None
        amount = self._part(invoice["amount_paid"], invoice["currency"], whole=0.3)
        how = self._rng.choices(("refund_amount", "credit_amount", "out_of_band_amount"), (6, 2, 2))[0]
        made = self._post("/v1/credit_notes", {"invoice": invoice["id"], "amount": amount, how: amount})
        return self._did("credit_paid", made, invoice=invoice["id"], amount=amount, how=how)

    def credit_refund(self) -> Record | None:
        """A credit note explains a refund that was made before it."""
        refund = self._one("/v1/refunds", lambda each: each["status"] == "succeeded")
        parts = self._call("stripe", "GET", "/v1/invoice_payments", {"limit": 100}).get("data") or []
        intent = refund and refund["payment_intent"]
        paid = [part["invoice"] for part in parts if intent and part["payment"].get("payment_intent") == intent]
        if refund is None or not paid:
            return None
        fields = {"invoice": paid[0], "amount": refund["amount"], "refunds[0][refund]": refund["id"]}
        return self._did("credit_refund", self._post("/v1/credit_notes", fields), invoice=paid[0], refund=refund["id"])

    def void_note(self) -> Record | None:
        """A credit note was a mistake: the invoice is due for that much again."""
        note = self._one("/v1/credit_notes", lambda each: each["status"] == "issued")
        return note and self._did("void_note", self._post(f"/v1/credit_notes/{note['id']}/void"))

    def refund(self) -> Record | None:
        """A charge is refunded, whole or in part, with or without an invoice behind it."""
        charge = self._one("/v1/charges", lambda each: each["status"] == "succeeded" and not each["refunded"])
        if charge is None:
            return None
        amount = self._part(charge["amount"] - charge["amount_refunded"], charge["currency"], whole=0.4)
        made = self._post("/v1/refunds", {"charge": charge["id"], "amount": amount})
        return self._did("refund", made, charge=charge["id"], amount=amount)

    def fail_refund(self) -> Record | None:
        """The customer's bank sends a refund back."""
        refund = self._one("/v1/refunds", lambda each: each["status"] in ("pending", "succeeded"))
        return refund and self._did("fail_refund", self._switch("refunds", {"refund": refund["id"]}))

    def dispute(self) -> Record | None:
        """A cardholder disputes a charge, or only asks about it."""
        charge = self._one("/v1/charges", lambda each: each["status"] == "succeeded" and not each["disputed"])
        if charge is None:
            return None
        inquiry = self._rng.random() < 0.15
        amount = self._part(charge["amount"], charge["currency"], whole=0.8)
        made = self._switch("disputes", {"charge": charge["id"], "inquiry": inquiry, "amount": amount})
        return self._did("dispute", made, charge=charge["id"], amount=amount)

    def decide(self) -> Record | None:
        """The bank's verdict on a dispute."""
        dispute = self._one("/v1/disputes", lambda each: "needs_response" in each["status"])
        if dispute is None:
            return None
        verdict = {"won": self._rng.random() < 0.5, "fee_back": self._rng.random() < 0.3}
        return self._did("decide", self._switch("disputes/decide", {"dispute": dispute["id"], **verdict}), **verdict)

    def win_part(self) -> Record | None:
        """The bank's verdict on a dispute: a part of what it took comes back."""
        dispute = self._one("/v1/disputes", lambda each: each["status"] == "needs_response")
        if dispute is None:
            return None
        part = self._part(-dispute["balance_transactions"][0]["amount"], dispute["currency"], whole=0.0)
        verdict = {"dispute": dispute["id"], "won": True, "amount": part}
        return self._did("win_part", self._switch("disputes/decide", verdict), amount=part)

    def pay_out(self) -> Record | None:
        """Everything in the balance goes to the bank, and arrives at once or later."""
        complete = self._rng.random() < 0.8
        made = self._switch("payouts", {"pending": True, "complete": complete})
        if not made.get("payouts"):
            return None
        return self._did("pay_out", made, complete=complete, ids=[each["id"] for each in made["payouts"]])

    def arrive(self) -> Record | None:
        """A payout that was on its way arrives."""
        payout = self._one("/v1/payouts", lambda each: each["status"] in ("pending", "in_transit"))
        return payout and self._did("arrive", self._switch("payouts/complete", {"payout": payout["id"]}))

    def fail_payout(self) -> Record | None:
        """Our bank sends a payout back, arrived or not."""
        payout = self._one("/v1/payouts", lambda each: each["status"] in ("paid", "in_transit", "pending"))
        return payout and self._did("fail_payout", self._switch("payouts/fail", {"payout": payout["id"]}))

    def _part(self, amount: int, currency: str, *, whole: float) -> int:
        if self._rng.random() < whole:
            return amount
        step = 10 if currency == "kwd" else 1
        return max(step, amount * self._rng.randrange(5, 90) // 100 // step * step)

    def _one(self, path: str, fits: Any, **query: str) -> Wire | None:
        listed = self._call("stripe", "GET", path, {"limit": 100, **query}).get("data") or []
        found = [each for each in listed if fits(each)]
        return self._rng.choice(found) if found else None

    def _post(self, path: str, fields: Mapping[str, Any] | None = None) -> Any:
        return self._call("stripe", "POST", path, fields)

    def _switch(self, path: str, fields: Mapping[str, Any]) -> Any:
        return self._call("sandbox", "POST", _SWITCH + path, fields)

    @staticmethod
    def _did(action: str, body: Wire, **more: Any) -> Record:
        record: Record = {"action": action, "system": "stripe", **more}
        if refused := refusal(body):
            return record | {"refused": refused}
        return record | {name: body[name] for name in ("id", "currency") if name in body}
