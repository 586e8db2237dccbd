"""What the NetSuite records of the demo company say, worked out without a line of the generator."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from o2c_orchestration.sandbox import company

BOOKS = ZoneInfo("America/Los_Angeles")
DOLLAR = {"id": "1"}
SCALE = {"1": 100, "2": 100, "3": 100, "4": 100, "7": 1, "9": 1000}
CURRENCY = {"1": "usd", "2": "gbp", "3": "cad", "4": "eur", "7": "jpy", "9": "kwd"}
Wire = dict[str, Any]


class Ledger:
    """The records by key, and the objects in Stripe that they name."""

    def __init__(self, built: company.Company) -> None:
        self.stripe = {wire["id"]: wire for wire in built.stripe}
        self.bodies = {f"@{record['body']['_key']}": record for record in built.netsuite}
        self.by_number = {wire["number"]: wire["id"] for wire in built.stripe if wire["object"] == "invoice"}
        self.planted = {row["netsuite_key"] for row in built.truth}
        self.truth = built.truth
        self.missing_deposits = built.documents_missing["deposit"]

    def members(self, payout_id: str) -> list[Wire]:
        """The balance transactions that a payout pays out, without its own."""
        return [
            wire
            for wire in self.stripe.values()
            if wire["object"] == "balance_transaction" and wire.get("_payout") == payout_id and wire["type"] != "payout"
        ]

    def of(self, record_type: str) -> list[tuple[str, Wire]]:
        return [(key, each["body"]) for key, each in self.bodies.items() if each["recordType"] == record_type]

    def stripe_id(self, body: Wire) -> str | None:
        """By external id, the memo, or the invoice number in tranId or otherRefNum."""
        words = [body.get("externalId"), *body.get("memo", "").split()]
        found = [word for word in words if word and word.startswith(("in_", "ch_", "py_", "cn_", "re_", "po_"))]
        number = body.get("tranId") or body.get("otherRefNum")
        return found[0] if found else self.by_number.get(number) if number else None


def minor(amount: float, currency: Wire) -> int:
    scaled = Decimal(str(amount)) * SCALE[currency["id"]]
    assert scaled == scaled.to_integral_value()
    return int(scaled)


def total(body: Wire) -> int:
    return sum(minor(line["amount"], body["currency"]) for line in body["item"]["items"])


def tax(body: Wire) -> int:
    lines = [line for line in body["item"]["items"] if line["item"]["id"] == "3"]
    return sum(minor(line["amount"], body["currency"]) for line in lines)


def books_date(moment: int) -> date:
    return datetime.fromtimestamp(moment, BOOKS).date()


def issue_date(invoice: Wire) -> date:
    return books_date(invoice["effective_at"] or invoice["status_transitions"]["finalized_at"])


def applied(body: Wire) -> int:
    return sum(minor(line["amount"], body["currency"]) for line in body["apply"]["items"])


def banked(ledger: Ledger, body: Wire) -> int:
    """The bank total of a deposit in US cents, by what settled in Stripe."""
    settled = {
        wire["source"]: wire["amount"]
        for wire in ledger.stripe.values()
        if wire["object"] == "balance_transaction" and wire["type"] in ("charge", "payment", "refund", "payment_refund")
    }
    members = [ledger.bodies[line["id"]]["body"] for line in body["payment"]["items"]]
    taken = sum(minor(line["amount"], DOLLAR) for line in body["cashBack"]["items"])
    return sum(settled[str(ledger.stripe_id(each))] for each in members) - taken
