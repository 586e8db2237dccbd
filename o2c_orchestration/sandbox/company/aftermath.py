"""What becomes of invoices and charges after they were made: each plot of a bill happens here.

What belongs here: which credit note, refund or dispute a plot means, for how much and when. The objects are
made in credits.py, refunds.py and disputes.py.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from .catalog import Wire
from .credits import Credit, Creditor
from .currencies import list_price, share
from .disputes import Contest, Disputer
from .ids import IdMaker
from .invoices import Bill, Receipt
from .payments import Collector
from .plots import AFTER, ZONE, Plot
from .refunds import Refunder, Repayment
from .stories import DAY, Window

_HOUR = 3600
# What a story leaves of the last day for that which comes of it.
_ROOM = 600
# Companies smaller than this have no charges without invoice.
_SMALL = 20
# Further charges without invoice, one for so many invoices.
_UNINVOICED_EVERY = 100


class Aftermath:
    """Lets the plots happen.

    uninvoiced: charges without invoice and their customers. written_off: invoices given up, paid later or not, and
    what was left of them then.
    """

    def __init__(self, rng: random.Random, ids: IdMaker, window: Window, collector: Collector) -> None:
        self._rng, self._window, self._collector = rng, window, collector
        self._creditor = Creditor(ids, collector.money)
        self._refunder = Refunder(ids, collector.till)
        self._disputer = Disputer(ids, collector.till)
        self.uninvoiced: list[tuple[Wire, Receipt]] = []
        self.written_off: list[tuple[Bill, int]] = []
        self._actions: dict[str, Callable[[Bill, Plot], None]] = {
            "note_open": self._note_open,
            "note_then_paid": self._note_then_paid,
            "note_full": self._note_full,
            "note_void": self._note_void,
            "note_mixed": self._note_mixed,
            "note_outside": self._note_outside,
            "note_outside_and_refund": self._note_outside_and_refund,
            "note_refunded": self._note_refunded,
            "note_refunded_part": self._note_refunded_part,
            "refund_full": self._refund_full,
            "refund_part": self._refund_part,
            "refund_twice": self._refund_twice,
            "refund_failed": self._refund_failed,
            "dispute_open": self._dispute,
            "dispute_lost": self._dispute,
            "dispute_won": self._dispute,
            "dispute_inquiry": self._dispute,
            "uncollectible": self._give_up,
            "recovered": self._recover,
        }

    @property
    def credits(self) -> list[Credit]:
        return self._creditor.made

    @property
    def repayments(self) -> list[Repayment]:
        return self._refunder.made

    @property
    def failures(self) -> list[Wire]:
        return self._refunder.failures

    @property
    def contests(self) -> list[Contest]:
        return self._disputer.made

    def happen(self, bills: list[Bill], regulars: list[Wire]) -> None:
        """All plots, and some charges without invoice of customers that NetSuite knows."""
        for bill in bills:
            if bill.story.plot is not None:
                self._actions[bill.story.plot.action](bill, bill.story.plot)
        if len(bills) >= _SMALL:
            self._charge_on_account(len(bills), regulars)

    def _note_open(self, bill: Bill, plot: Plot) -> None:
        moment = self._when(plot, bill.story.finalized_at)
        self._creditor.credit_part(bill, moment, self._rng.randrange(20, 50), settle="pre")
        self._collector.ask_for_the_rest(bill, moment)

    def _note_then_paid(self, bill: Bill, plot: Plot) -> None:
        moment = self._when(plot, bill.story.finalized_at)
        self._creditor.credit_sum(bill, moment, share(bill.invoice["total"], 1, 5, bill.currency), settle="pre")
        self._collector.ask_for_the_rest(bill, moment)
        paid_at = self._later(moment, 20, 40)
        if paid_at is not None:
            self._collector.pay_open(bill, paid_at)

    def _note_full(self, bill: Bill, plot: Plot) -> None:
        moment = self._when(plot, bill.story.finalized_at)
        self._creditor.credit_whole(bill, moment, settle="pre")
        self._collector.ask_for_the_rest(bill, moment)

    def _note_void(self, bill: Bill, plot: Plot) -> None:
        moment = self._when(plot, bill.story.finalized_at)
        amount = share(bill.invoice["total"], 1, 10, bill.currency)
        self._creditor.credit_and_void(bill, moment, amount, self._later(moment, 1, 5) or moment)

    def _note_mixed(self, bill: Bill, plot: Plot) -> None:
        """Two fifths are paid, three quarters credited: what is left comes off, the rest goes back."""
        total = bill.invoice["total"]
        paid_at = self._when(plot, bill.story.finalized_at)
        receipt = self._collector.pay_part(bill, share(total, 2, 5, bill.currency), paid_at)
        moment = self._later(paid_at, 4, 20) or self._window.end - 1
        credit = self._creditor.credit_sum(bill, moment, share(total, 3, 4, bill.currency), settle="mixed")
        self._collector.ask_for_the_rest(bill, moment)
        self._pay_out(credit, receipt, moment)

    def _note_outside(self, bill: Bill, plot: Plot) -> None:
        moment = self._when(plot, self._paid_at(bill))
        amount = share(bill.invoice["total"], self._rng.randrange(10, 30), 100, bill.currency)
        self._creditor.credit_sum(bill, moment, amount, settle="outside")

    def _note_outside_and_refund(self, bill: Bill, plot: Plot) -> None:
        """A credit settled outside, and a refund of the same amount that has nothing to do with it."""
        self._note_outside(bill, plot)
        moment = self._when(plot, self._paid_at(bill))
        self._refunder.refund(bill, bill.receipts[0].charge, self.credits[-1].note["total"], moment)

    def _note_refunded(self, bill: Bill, plot: Plot) -> None:
        moment = self._when(plot, self._paid_at(bill))
        self._pay_out(self._creditor.credit_whole(bill, moment, settle="post"), bill.receipts[0], moment)

    def _note_refunded_part(self, bill: Bill, plot: Plot) -> None:
        moment = self._when(plot, self._paid_at(bill))
        self._pay_out(self._creditor.credit_part(bill, moment, 50, settle="post"), bill.receipts[0], moment)

    def _pay_out(self, credit: Credit, receipt: Receipt, moment: int) -> None:
        amount = credit.note["post_payment_amount"]
        refund = self._refunder.refund(credit.bill, receipt.charge, amount, moment, note=credit.note)
        credit.link(refund)

    def _refund_full(self, bill: Bill, plot: Plot) -> None:
        charge = bill.receipts[0].charge
        self._refunder.refund(bill, charge, charge["amount"], self._when(plot, charge["created"]))

    def _refund_part(self, bill: Bill, plot: Plot) -> None:
        charge = bill.receipts[0].charge
        amount = share(charge["amount"], self._rng.randrange(20, 80), 100, bill.currency)
        self._refunder.refund(bill, charge, amount, self._when(plot, charge["created"]))

    def _refund_twice(self, bill: Bill, plot: Plot) -> None:
        charge = bill.receipts[0].charge
        first = self._when(plot, charge["created"])
        for percent, moment in ((30, first), (45, self._later(first, 2, 10) or first)):
            self._refunder.refund(bill, charge, share(charge["amount"], percent, 100, bill.currency), moment)

    def _refund_failed(self, bill: Bill, plot: Plot) -> None:
        charge = bill.receipts[0].charge
        moment = self._when(plot, charge["created"])
        refund = self._refunder.refund(bill, charge, share(charge["amount"], 1, 2, bill.currency), moment)
        failed_at = self._later(moment, 20, 30)
        if failed_at is not None:
            self._refunder.fail(refund, charge, failed_at)

    def _dispute(self, bill: Bill, plot: Plot) -> None:
        charge = bill.receipts[0].charge
        opened_at = self._when(plot, charge["created"])
        lost = plot.action == "dispute_lost"
        amount = share(charge["amount"], 3, 5, bill.currency) if lost else charge["amount"]
        self._disputer.open(bill, charge, amount, opened_at, inquiry=plot.action == "dispute_inquiry")
        closed_at = self._later(opened_at, 20, 40)
        if closed_at is not None and plot.action != "dispute_open":
            self._disputer.close(self.contests[-1], closed_at, won=not lost)

    def _give_up(self, bill: Bill, plot: Plot) -> None:
        moment = self._when(plot, bill.story.finalized_at)
        bill.invoice.update(status="uncollectible", auto_advance=False)
        bill.invoice["status_transitions"]["marked_uncollectible_at"] = moment
        self.written_off.append((bill, bill.invoice["amount_remaining"]))

    def _recover(self, bill: Bill, plot: Plot) -> None:
        self._give_up(bill, plot)
        moment = self._later(bill.invoice["status_transitions"]["marked_uncollectible_at"], 20, 40)
        if moment is not None:
            self._collector.pay_open(bill, moment)

    def _charge_on_account(self, count: int, regulars: list[Wire]) -> None:
        """Payments that no invoice asked for: one in the first third, one refunded by half, one whole, some plain."""
        shared = (1, 2), None, (1, 1), *[None] * (count // _UNINVOICED_EVERY)
        window = self._window
        for turn, part in enumerate(shared):
            since = window.banked_until if turn == 0 else window.kept_until
            until = window.kept_until if turn == 0 else window.end - DAY
            if since >= until:
                continue
            customer = self._rng.choice(regulars)
            amount = list_price(self._rng.randrange(2, 40) * 10, customer["currency"])
            moment = self._rng.randrange(since, until)
            receipt = self._collector.charge_without_invoice(customer, amount, moment)
            self.uninvoiced.append((customer, receipt))
            if part is not None:
                back_at = max(moment, window.kept_until) + self._rng.randrange(2 * _HOUR, 20 * _HOUR)
                back = share(amount, *part, customer["currency"])
                self._refunder.refund(None, receipt.charge, back, min(back_at, window.end - 1))

    def _paid_at(self, bill: Bill) -> int:
        return int(bill.receipts[0].charge["created"])

    def _when(self, plot: Plot, base: int) -> int:
        """Some hours after `base`, on the side of the first third's end that the plot asks for."""
        hours = self._rng.randrange(2 * _HOUR, 18 * _HOUR)
        if plot.when == ZONE:
            return min(base + hours, self._window.kept_until - _ROOM)
        if plot.when == AFTER:
            base = max(base, self._window.kept_until)
        return min(base + hours, self._window.end - _ROOM)

    def _later(self, moment: int, low: int, high: int) -> int | None:
        """So many hours after `moment`; None when that is after the window."""
        later = moment + self._rng.randrange(low * _HOUR, high * _HOUR)
        return later if later < self._window.end else None
