"""How the invoices of the demo company are paid, fail, stay open or are voided.

What belongs here: invoice payments, payment intents, charges and balance transactions, and the fields of the
invoice that follow from them. Every sum is exact: amount_paid is what its paid invoice payments say.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from .catalog import MINUTE, Wire
from .currencies import EXCHANGE_RATE, settled_cents, share
from .ids import IdMaker
from .invoices import Bill, Receipt
from .stories import DAY, Window
from .wire_payments import balance_transaction, charge_object, invoice_payment, payment_intent


@dataclass
class Money:
    """Everything that payments leave behind in Stripe, in order of creation by kind."""

    invoice_payments: list[Wire] = field(default_factory=list)
    payment_intents: list[Wire] = field(default_factory=list)
    charges: list[Wire] = field(default_factory=list)
    balance_transactions: list[Wire] = field(default_factory=list)


class Collector:
    """Lets each bill's story happen, as far as it happens before the end of the window."""

    def __init__(self, rng: random.Random, ids: IdMaker, window: Window) -> None:
        self._rng, self._ids, self._end = rng, ids, window.end
        self.money = Money()

    def collect(self, bills: list[Bill]) -> None:
        """Pay, fail or void every bill; a payment over two invoices happens with the later one."""
        for place, bill in enumerate(bills):
            partner = bill.story.partner
            if partner is None:
                self._happen(bill)
            elif partner < place:
                self._pay_together([bills[partner], bill])

    def _happen(self, bill: Bill) -> None:
        outcome, finalized = bill.story.outcome, bill.story.finalized_at
        if outcome == "draft":
            return
        if bill.invoice["total"] == 0:
            _mark_paid(bill, finalized)
        elif outcome == "paid":
            self._pay(bill, bill.invoice["total"], finalized + self._rng.randrange(2, 50))
        elif outcome == "late":
            self._pay_later(bill, finalized + self._rng.randrange(2, 14) * DAY + self._rng.randrange(3600))
        elif outcome in ("retried", "failed"):
            self._fail(bill, recovers=outcome == "retried")
        elif outcome == "two_payments":
            self._pay_in_parts(bill)
        elif outcome == "void":
            self._void(bill)
        else:
            self._leave_open(bill)

    def _pay_later(self, bill: Bill, moment: int) -> None:
        if moment < self._end:
            self._pay(bill, bill.invoice["total"], moment)
        else:
            self._leave_open(bill)

    def _pay_in_parts(self, bill: Bill) -> None:
        total, finalized = bill.invoice["total"], bill.story.finalized_at
        first = share(total, self._rng.randrange(25, 70), 100, bill.currency)
        moments = (finalized + self._rng.randrange(1, 4) * DAY, finalized + self._rng.randrange(5, 9) * DAY)
        for part, moment, default in zip((first, total - first), moments, (False, True), strict=True):
            if moment >= self._end:
                self._leave_open(bill)
                return
            self._pay(bill, part, moment, default=default)

    def _pay(self, bill: Bill, amount: int, moment: int, *, intent: Wire | None = None, default: bool = True) -> None:
        """One payment of one invoice: intent, charge, balance transaction and the link between them."""
        made_at = bill.story.finalized_at if default else moment
        intent = intent or self._intent(bill, amount, made_at)
        charge = self._charge(bill, intent, moment)
        link = invoice_payment(self._ids.new("inpay"), bill.invoice, intent["id"], amount, made_at, default=default)
        self._settle_link(link, amount, moment)
        self._apply(bill, amount, moment)
        bill.receipts.append(Receipt(charge, {bill.invoice["id"]: amount}))

    def _pay_together(self, bills: list[Bill]) -> None:
        """One charge over two invoices, some days after the later one; both stay open if that is too late."""
        moment = max(bill.story.finalized_at for bill in bills) + self._rng.randrange(1, 5) * DAY
        if moment >= self._end:
            for bill in bills:
                self._leave_open(bill)
            return
        intent = self._intent(bills[0], sum(bill.invoice["total"] for bill in bills), moment)
        charge = self._charge(bills[0], intent, moment)
        receipt = Receipt(charge, {bill.invoice["id"]: bill.invoice["total"] for bill in bills})
        for bill in bills:
            total = bill.invoice["total"]
            link = invoice_payment(self._ids.new("inpay"), bill.invoice, intent["id"], total, moment, default=False)
            self._settle_link(link, total, moment)
            self._apply(bill, total, moment)
            bill.receipts.append(receipt)

    def _fail(self, bill: Bill, *, recovers: bool) -> None:
        """The card is declined when the invoice is finalized; some recover on a retry days later."""
        finalized, total = bill.story.finalized_at, bill.invoice["total"]
        declined_at, retried_at = (
            finalized + self._rng.randrange(2, 50),
            finalized + self._rng.randrange(1, 5) * DAY,
        )
        intent = self._intent(bill, total, finalized)
        declined = charge_object(self._ids.new("ch"), bill.customer, intent, declined_at, declined=True)
        self.money.charges.append(declined)
        bill.invoice.update(attempted=True, attempt_count=1)
        if recovers and retried_at < self._end:
            self._pay(bill, total, retried_at, intent=intent)
            return
        intent.update(
            latest_charge=declined["id"],
            last_payment_error={
                "charge": declined["id"],
                "code": "card_declined",
                "decline_code": "insufficient_funds",
                "message": declined["failure_message"],
                "type": "card_error",
            },
        )
        bill.invoice["next_payment_attempt"] = max(finalized + 3 * DAY, self._end + DAY)
        self._link_unpaid(bill, intent)

    def _leave_open(self, bill: Bill) -> None:
        self._link_unpaid(bill, self._intent(bill, bill.invoice["amount_remaining"], bill.story.finalized_at))

    def _link_unpaid(self, bill: Bill, intent: Wire) -> None:
        link = invoice_payment(
            self._ids.new("inpay"),
            bill.invoice,
            intent["id"],
            intent["amount"],
            bill.story.finalized_at,
            default=True,
        )
        self.money.invoice_payments.append(link)

    def _void(self, bill: Bill) -> None:
        voided_at = min(bill.story.finalized_at + self._rng.randrange(1, 60) * 60 * MINUTE, self._end - 1)
        self._leave_open(bill)
        intent, link = self.money.payment_intents[-1], self.money.invoice_payments[-1]
        intent.update(status="canceled", canceled_at=voided_at, cancellation_reason="void_invoice")
        link.update(status="canceled")
        link["status_transitions"]["canceled_at"] = voided_at
        bill.invoice.update(status="void", auto_advance=False)
        bill.invoice["status_transitions"]["voided_at"] = voided_at

    def _intent(self, bill: Bill, amount: int, created: int) -> Wire:
        intent = payment_intent(self._ids.new("pi"), bill.customer, bill.currency, amount, created)
        self.money.payment_intents.append(intent)
        return intent

    def _charge(self, bill: Bill, intent: Wire, moment: int) -> Wire:
        """A succeeded charge for the whole intent, settled in US dollars."""
        by_bank = bill.currency == "usd" and self._rng.randrange(100) < 8
        charge = charge_object(self._ids.new("py" if by_bank else "ch"), bill.customer, intent, moment, by_bank=by_bank)
        cents = settled_cents(intent["amount"], bill.currency)
        entry = balance_transaction(
            self._ids.new("txn"),
            charge,
            cents,
            _fee(cents, bill.currency, by_bank=by_bank),
            EXCHANGE_RATE.get(bill.currency),
        )
        entry["status"] = "available" if entry["available_on"] < self._end else "pending"
        charge["balance_transaction"] = entry["id"]
        intent.update(
            status="succeeded",
            amount_received=intent["amount"],
            latest_charge=charge["id"],
            payment_method=charge["payment_method"],
        )
        self.money.charges.append(charge)
        self.money.balance_transactions.append(entry)
        return charge

    def _settle_link(self, link: Wire, amount: int, moment: int) -> None:
        link.update(status="paid", amount_paid=amount)
        link["status_transitions"]["paid_at"] = moment
        self.money.invoice_payments.append(link)

    def _apply(self, bill: Bill, amount: int, moment: int) -> None:
        invoice = bill.invoice
        invoice["amount_paid"] += amount
        invoice["amount_remaining"] -= amount
        invoice.update(attempted=True, attempt_count=invoice["attempt_count"] + 1)
        if invoice["amount_remaining"] == 0:
            _mark_paid(bill, moment)


def _mark_paid(bill: Bill, moment: int) -> None:
    bill.invoice.update(status="paid", auto_advance=False, attempted=True, next_payment_attempt=None)
    bill.invoice["status_transitions"]["paid_at"] = moment


def _fee(cents: int, currency: str, *, by_bank: bool) -> int:
    """Stripe's fee in US cents: 0.8 % up to 5 dollars by bank, else 2.9 % (3.9 % abroad) and 30 cents."""
    if by_bank:
        return min(share(cents, 8, 1000, "usd"), 500)
    return share(cents, 29 if currency == "usd" else 39, 1000, "usd") + 30
