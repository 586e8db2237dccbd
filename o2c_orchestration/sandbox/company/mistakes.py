"""Keeping the books of the first third, with the mistakes that were planted in them and the truth about each.

What belongs here: which NetSuite documents exist for which bill, what is wrong with some of them, and the row
of the truth that a reconciliation has to find. Each mistake is such that it shows as one gap and no other.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta

from .catalog import Wire
from .currencies import NETSUITE_CURRENCY, share, step, wire_amount
from .ids import IdMaker
from .invoices import Bill, Receipt, books_date
from .ledger import TAX_ITEM, Books, invoice_body, one_line, payment_body, payment_link, plain_document
from .stories import REFUSED_MISTAKES, Window, is_newcomer, previous_month

# Styles a planted document may come in when the mistake itself does not ask for one.
_ANY_STYLE = ("connector", "connector", "hand_memo", "hand_number", "hand_reference")
_FREE_STYLE = ("amount_mismatch", "tax_mismatch", "void_held_open", "period_mismatch")
_ONE_IN_THREE = 3


class Bookkeeper:
    """Keeps `books` for the bills and notes every planted mistake in `truth`."""

    def __init__(self, rng: random.Random, ids: IdMaker, window: Window, customers: list[Wire]) -> None:
        self._rng, self._ids, self._window = rng, ids, window
        # The last customer is the one whose currency NetSuite does not know; newcomers were never entered.
        self.regulars = [each for place, each in enumerate(customers[:-1]) if not is_newcomer(place)]
        self.books = Books()
        self.truth: list[Wire] = []
        # Keys of the documents by Stripe id; of a payment that was booked twice, the first.
        self.invoice_keys: dict[str, str] = {}
        self.payment_keys: dict[str, str] = {}
        self._invoice_mistakes: dict[str, Callable[[Bill, Wire], None]] = {
            "amount_mismatch": self._wrong_amount,
            "tax_mismatch": self._wrong_tax,
            "currency_mismatch": self._wrong_currency,
            "customer_mismatch": self._wrong_customer,
            "period_mismatch": self._wrong_period,
        }

    def keep(self, bills: list[Bill], loose: list[str]) -> None:
        """Keep all documents of the first third, then those with no Stripe object behind them."""
        for bill in bills:
            if bill.story.mistake in REFUSED_MISTAKES:
                self._refuse(bill)
            elif bill.story.keeping != "none":
                self._keep_invoice(bill)
        for bill in bills:
            for receipt in bill.receipts:
                self._keep_payment(bill, receipt)
        for customer in self.regulars:
            if self._rng.randrange(_ONE_IN_THREE) == 0:
                self.books.know(customer)
        for mistake in loose:
            self._keep_loose(mistake)

    def _keep_invoice(self, bill: Bill) -> None:
        mistake = bill.story.mistake
        style = self._rng.choice(_ANY_STYLE) if mistake in _FREE_STYLE else bill.story.keeping
        body = invoice_body(bill, self.books.know(bill.customer), style)
        if mistake in self._invoice_mistakes:
            self._invoice_mistakes[mistake](bill, body)
        key = self.books.keep_invoice(body)
        self.invoice_keys[bill.invoice["id"]] = key
        if mistake == "duplicate_in_netsuite":
            key = self._double(bill)
        if self.truth and self.truth[-1]["stripe_id"] == bill.invoice["id"]:
            self.truth[-1]["netsuite_key"] = f"@{key}"

    def _wrong_amount(self, bill: Bill, body: Wire) -> None:
        """Larger when it was paid, so that the payment still fits; either way when it is open."""
        total = bill.invoice["total"]
        difference = max(share(total, self._rng.randrange(5, 40), 100, bill.currency), step(bill.currency))
        if bill.invoice["status"] == "open" and self._rng.randrange(2):
            difference = -difference
        first = bill.lines[0]
        body["item"]["items"][0]["amount"] = wire_amount(first.amount - first.inclusive_tax + difference, bill.currency)
        self._note("amount_mismatch", bill, total, total + difference, "a line was keyed in with another amount")

    def _wrong_tax(self, bill: Bill, body: Wire) -> None:
        items = body["item"]["items"]
        place = next(place for place, item in enumerate(items) if item["item"]["id"] == TAX_ITEM)
        if self._rng.randrange(2):
            del items[place]
            self._note("tax_mismatch", bill, bill.tax, 0, "the tax line was forgotten")
            return
        wrong = bill.tax + max(share(bill.tax, 20, 100, bill.currency), step(bill.currency))
        items[place]["amount"] = wire_amount(wrong, bill.currency)
        self._note("tax_mismatch", bill, bill.tax, wrong, "tax was worked out with another rate")

    def _wrong_currency(self, bill: Bill, body: Wire) -> None:
        self.books.know(bill.customer, bill.currency, "usd")
        body["currency"] = {"id": NETSUITE_CURRENCY["usd"]}
        total = bill.invoice["total"]
        self._note("currency_mismatch", bill, total, total, f"booked in USD, invoiced in {bill.currency.upper()}")

    def _wrong_customer(self, bill: Bill, body: Wire) -> None:
        others = [
            customer
            for customer in self.regulars
            if customer is not bill.customer and customer["currency"] == bill.currency
        ]
        other = self._rng.choice(others)
        body["entity"] = {"id": f"@{self.books.know(other)}"}
        total = bill.invoice["total"]
        self._note("customer_mismatch", bill, total, total, f"booked under {other['name']}")

    def _wrong_period(self, bill: Bill, body: Wire) -> None:
        issued, total = bill.issue_date, bill.invoice["total"]
        next_month = (issued.replace(day=28) + timedelta(days=6)).replace(day=2)
        late = issued.day >= 25 and next_month < self._window.today
        day = next_month if late else previous_month(issued)
        body["tranDate"] = day.isoformat()
        self._note("period_mismatch", bill, total, total, f"issued {issued.isoformat()}, booked {day.isoformat()}")

    def _double(self, bill: Bill) -> str:
        """A second document for the same invoice, by hand; its key."""
        total = bill.invoice["total"]
        self._note("duplicate_in_netsuite", bill, total, 2 * total, "entered by hand after the connector had done so")
        return self.books.keep_invoice(invoice_body(bill, self.books.know(bill.customer), "hand_memo"))

    def _keep_payment(self, bill: Bill, receipt: Receipt) -> None:
        """The payment of a kept invoice, if it came before our time; once for a payment over two invoices."""
        charge_id = receipt.charge["id"]
        known = all(invoice_id in self.invoice_keys for invoice_id in receipt.pays)
        if not known or charge_id in self.payment_keys or receipt.charge["created"] >= self._window.kept_until:
            return
        applied = {self.invoice_keys[invoice_id]: part for invoice_id, part in receipt.pays.items()}
        amount, mistake = int(receipt.charge["amount"]), bill.story.mistake
        if mistake == "payment_unapplied":
            applied = {}
        elif mistake == "payment_mismatch":
            amount -= max(share(amount, 10, 100, bill.currency), step(bill.currency))
            applied = dict.fromkeys(applied, amount)
        style = "connector" if bill.story.keeping == "connector" else "hand"
        key = self.books.keep_payment(self._payment(bill, receipt, amount, applied, style))
        self.payment_keys[charge_id] = key
        self._note_payment(bill, receipt, key, amount)

    def _note_payment(self, bill: Bill, receipt: Receipt, key: str, amount: int) -> None:
        mistake, charged = bill.story.mistake, receipt.charge["amount"]
        if mistake == "payment_unapplied":
            self._note_charge(mistake, receipt, key, 0, "the payment was booked but applied to no invoice")
        elif mistake == "payment_mismatch":
            self._note_charge(mistake, receipt, key, amount, "the payment was booked for less than was charged")
        elif mistake == "paid_twice":
            second = self.books.keep_payment(self._payment(bill, receipt, charged, {}, "hand"))
            self._note_charge(mistake, receipt, second, 2 * charged, "the payment was booked a second time by hand")

    def _payment(self, bill: Bill, receipt: Receipt, amount: int, applied: dict[str, int], style: str) -> Wire:
        day = books_date(receipt.charge["created"])
        body = payment_body(self.books.know(bill.customer), bill.currency, amount, day, applied)
        return {**body, **payment_link(receipt.charge["id"], style)}

    def _refuse(self, bill: Bill) -> None:
        """What NetSuite will refuse: nothing is kept, and the customer of one has dollars only."""
        if bill.story.mistake == "sync_failed_currency":
            self.books.know(bill.customer, "usd")
            reason = f"the customer has no {bill.currency.upper()} in NetSuite"
        else:
            reason = f"the period of {bill.issue_date.isoformat()} is closed"
        self._note("sync_failed", bill, bill.invoice["total"], None, reason)

    def _keep_loose(self, mistake: str) -> None:
        """A document that no Stripe object stands behind, under a customer that NetSuite knows."""
        customer = self._rng.choice(self.regulars)
        key, currency = self.books.know(customer), customer["currency"]
        amount = self._rng.randrange(20, 900) * 100 * step(currency)
        day = self._day_before_us()
        if mistake == "unlinked_payment":
            body = payment_body(key, currency, amount, day, {}) | {"memo": f"Cheque {self._rng.randrange(1000, 9999)}"}
            self._note_loose(
                "unlinked_in_netsuite",
                None,
                f"@{self.books.keep_payment(body)}",
                currency,
                amount,
                "a payment that names no Stripe charge",
            )
            return
        body = plain_document(key, currency, day, one_line(amount, currency, "Consulting"))
        if mistake == "unlinked_memo":
            body["memo"] = "Goodwill, agreed by phone"
            self._note_loose(
                "unlinked_in_netsuite",
                None,
                f"@{self.books.keep_memo(body)}",
                currency,
                amount,
                "a credit memo that names nothing in Stripe",
            )
            return
        if mistake == "missing_in_stripe":
            ghost = self._ids.new("in")
            body |= self._rng.choice(({"externalId": ghost, "memo": f"Stripe: {ghost}"}, {"memo": f"Stripe {ghost}"}))
            kind, reason = "missing_in_stripe", "names an invoice that Stripe does not have"
        else:
            ghost, kind, reason = None, "unlinked_in_netsuite", "an invoice that names no Stripe invoice"
            body["memo"] = "Agreed by phone"
        self._note_loose(kind, ghost, f"@{self.books.keep_invoice(body)}", currency, amount, reason)

    def _day_before_us(self) -> date:
        moment = self._rng.randrange(self._window.start, self._window.kept_until)
        return books_date(moment)

    def _note(self, kind: str, bill: Bill, expected: int, actual: int | None, reason: str) -> None:
        self.truth.append(truth_row(kind, bill.invoice["id"], None, bill.currency, expected, actual, reason))

    def _note_charge(self, kind: str, receipt: Receipt, key: str, actual: int, reason: str) -> None:
        charge = receipt.charge
        self.truth.append(
            truth_row(kind, charge["id"], f"@{key}", charge["currency"], charge["amount"], actual, reason)
        )

    def _note_loose(self, kind: str, stripe_id: str | None, key: str, currency: str, amount: int, reason: str) -> None:
        self.truth.append(truth_row(kind, stripe_id, key, currency, None, amount, reason))


def truth_row(
    kind: str,
    stripe_id: str | None,
    key: str | None,
    currency: str,
    expected: int | None,
    actual: int | None,
    reason: str,
    leg: str = "stripe_netsuite",
) -> Wire:
    """A gap that stays open after a run in sync mode; amounts in minor units of `currency`."""
    return {
        "leg": leg,
        "kind": kind,
        "stripe_id": stripe_id,
        "netsuite_key": key,
        "currency": currency,
        "expected_minor": expected,
        "actual_minor": actual,
        "reason": reason,
    }
