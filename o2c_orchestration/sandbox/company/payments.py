"""How the invoices of the demo company are paid, fail, stay open or are voided.

What belongs here: invoice payments, payment intents, charges and balance transactions, and the fields of the
invoice that follow from them. Every sum is exact: amount_paid is what its paid invoice payments say.
"""

from __future__ import annotations

import random

from .balance import Till, charge_fees
from .catalog import MINUTE, Wire
from .currencies import EXCHANGE_RATE, settled_cents, share
from .ids import IdMaker
from .invoices import Bill, Receipt
from .stories import DAY, Window
from .wire_payments import charge_object, invoice_payment, payment_intent


class Collector:
    """Lets each bill's story happen, as far as it happens before the end of the window."""

    def __init__(self, rng: random.Random, ids: IdMaker, window: Window) -> None:
        self._rng, self._ids, self._end = rng, ids, window.end
        self.till = Till(ids, window)
        self.money = self.till.money
        self._charged = 0

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

    def pay_open(self, bill: Bill, moment: int) -> Receipt:
        """Pay what is left of an open invoice by the intent that was made for it."""
        assert bill.unpaid is not None
        (intent, link), amount = bill.unpaid, bill.invoice["amount_remaining"]
        bill.unpaid = None
        return self._receive(bill, intent, link, amount, moment)

    def pay_part(self, bill: Bill, amount: int, moment: int) -> Receipt:
        """Pay a part of an open invoice by an intent of its own."""
        receipt = self._pay(bill, amount, moment, default=False)
        self.ask_for_the_rest(bill, moment)
        return receipt

    def ask_for_the_rest(self, bill: Bill, moment: int) -> None:
        """Let the waiting intent ask for what is left; nothing left cancels it and the invoice is paid."""
        assert bill.unpaid is not None
        (intent, link), left = bill.unpaid, bill.invoice["amount_remaining"]
        if left:
            intent["amount"] = link["amount_requested"] = left
            return
        _cancel(intent, link, moment, "abandoned")
        bill.unpaid = None
        _mark_paid(bill, moment)

    def charge_without_invoice(self, customer: Wire, amount: int, moment: int) -> Receipt:
        """A payment on account: a charge that pays no invoice."""
        intent = payment_intent(self._ids.new("pi"), customer, customer["currency"], amount, moment)
        intent["description"] = "Payment on account"
        self.money.payment_intents.append(intent)
        charge, entry = self._charge(customer, intent, moment, by_bank=False)
        charge["description"] = entry["description"] = intent["description"]
        return Receipt(charge, entry, {})

    def _pay(
        self, bill: Bill, amount: int, moment: int, *, intent: Wire | None = None, default: bool = True
    ) -> Receipt:
        """One payment of one invoice: intent, charge, balance transaction and the link between them."""
        made_at = bill.story.finalized_at if default else moment
        intent = intent or self._intent(bill, amount, made_at)
        link = invoice_payment(self._ids.new("inpay"), bill.invoice, intent["id"], amount, made_at, default=default)
        self.money.invoice_payments.append(link)
        return self._receive(bill, intent, link, amount, moment)

    def _receive(self, bill: Bill, intent: Wire, link: Wire, amount: int, moment: int) -> Receipt:
        charge, entry = self._charge(bill.customer, intent, moment, by_bank=self._by_bank(bill))
        self._settle_link(link, amount, moment)
        self._apply(bill, amount, moment)
        receipt = Receipt(charge, entry, {bill.invoice["id"]: amount})
        bill.receipts.append(receipt)
        return receipt

    def _pay_together(self, bills: list[Bill]) -> None:
        """One charge over two invoices, some days after the later one; both stay open if that is too late."""
        moment = max(bill.story.finalized_at for bill in bills) + self._rng.randrange(1, 5) * DAY
        if moment >= self._end:
            for bill in bills:
                self._leave_open(bill)
            return
        intent = self._intent(bills[0], sum(bill.invoice["total"] for bill in bills), moment)
        charge, entry = self._charge(bills[0].customer, intent, moment, by_bank=self._by_bank(bills[0]))
        receipt = Receipt(charge, entry, {bill.invoice["id"]: bill.invoice["total"] for bill in bills})
        for bill in bills:
            total = bill.invoice["total"]
            link = invoice_payment(self._ids.new("inpay"), bill.invoice, intent["id"], total, moment, default=False)
            self.money.invoice_payments.append(link)
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
        bill.unpaid = intent, link
        self.money.invoice_payments.append(link)

    def _void(self, bill: Bill) -> None:
        voided_at = min(bill.story.finalized_at + self._rng.randrange(1, 60) * 60 * MINUTE, self._end - 1)
        self._leave_open(bill)
        assert bill.unpaid is not None
        _cancel(*bill.unpaid, voided_at, "void_invoice")
        bill.unpaid = None
        bill.invoice.update(status="void", auto_advance=False)
        bill.invoice["status_transitions"]["voided_at"] = voided_at

    def _intent(self, bill: Bill, amount: int, created: int) -> Wire:
        intent = payment_intent(self._ids.new("pi"), bill.customer, bill.currency, amount, created)
        self.money.payment_intents.append(intent)
        return intent

    def _by_bank(self, bill: Bill) -> bool:
        """One dollar payment in twelve; a plot says so itself, since a dispute is a matter of cards."""
        if bill.story.plot is not None:
            return bill.story.plot.by_bank
        return bill.currency == "usd" and self._rng.randrange(100) < 8

    def _charge(self, customer: Wire, intent: Wire, moment: int, *, by_bank: bool) -> tuple[Wire, Wire]:
        """A succeeded charge for the whole intent, and how it settled in US dollars."""
        charge = charge_object(self._ids.new("py" if by_bank else "ch"), customer, intent, moment, by_bank=by_bank)
        cents, currency = settled_cents(intent["amount"], intent["currency"]), intent["currency"]
        self._charged += 1
        entry = self.till.book(
            "payment" if by_bank else "charge",
            "charge",
            moment,
            cents,
            charge["description"],
            source=charge["id"],
            fees=charge_fees(cents, currency, self._charged, by_bank=by_bank),
            exchange_rate=EXCHANGE_RATE.get(currency),
        )
        charge["balance_transaction"] = entry["id"]
        intent.update(
            status="succeeded",
            amount_received=intent["amount"],
            latest_charge=charge["id"],
            payment_method=charge["payment_method"],
        )
        self.money.charges.append(charge)
        return charge, entry

    def _settle_link(self, link: Wire, amount: int, moment: int) -> None:
        link.update(status="paid", amount_paid=amount)
        link["status_transitions"]["paid_at"] = moment

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


def _cancel(intent: Wire, link: Wire, moment: int, reason: str) -> None:
    intent.update(status="canceled", canceled_at=moment, cancellation_reason=reason)
    link.update(status="canceled")
    link["status_transitions"]["canceled_at"] = moment
