"""Refunds of the demo company and what they make of their charge.

What belongs here: a refund, its balance transaction and its failure. A failed refund gives the money back to the
balance, and the charge counts as not refunded by it.
"""

from __future__ import annotations

from dataclasses import dataclass

from .balance import Till
from .catalog import Wire
from .currencies import EXCHANGE_RATE, settled_cents
from .ids import IdMaker
from .invoices import Bill
from .wire_refunds import refund as refund_object


@dataclass
class Repayment:
    """A refund and what it refunds: the bill unless the charge has none, the credit note that it pays out if any."""

    bill: Bill | None
    charge: Wire
    refund: Wire
    note: Wire | None


class Refunder:
    """Gives money back; `made` has all refunds, `failures` the balance transactions of those that failed."""

    def __init__(self, ids: IdMaker, till: Till) -> None:
        self._ids, self._till = ids, till
        self.made: list[Repayment] = []
        self.failures: list[Wire] = []

    def refund(self, bill: Bill | None, charge: Wire, amount: int, moment: int, *, note: Wire | None = None) -> Wire:
        """Refund `amount` minor units of a charge."""
        by_bank = charge["id"].startswith("py_")
        # Stripe names the refund of a bank debit another way.
        refund_id = self._ids.new("pyr" if by_bank else "re")
        entry = self._till.book(
            "payment_refund" if by_bank else "refund",
            "refund",
            moment,
            -settled_cents(amount, charge["currency"]),
            f"REFUND FOR {'PAYMENT' if by_bank else 'CHARGE'} ({charge['description']})",
            source=refund_id,
            exchange_rate=EXCHANGE_RATE.get(charge["currency"]),
        )
        refund = refund_object(refund_id, charge, amount, moment, entry["id"])
        _count(charge, amount)
        self.made.append(Repayment(bill, charge, refund, note))
        self._till.money.refunds.append(refund)
        return refund

    def fail(self, refund: Wire, charge: Wire, moment: int) -> None:
        """The customer's bank did not take the refund: the money is back in the balance."""
        entry = self._till.book(
            "refund_failure",
            "refund_failure",
            moment,
            settled_cents(refund["amount"], charge["currency"]),
            f"REFUND FAILURE ({charge['description']})",
            source=refund["id"],
            exchange_rate=EXCHANGE_RATE.get(charge["currency"]),
        )
        self.failures.append(entry)
        refund.update(
            status="failed", failure_balance_transaction=entry["id"], failure_reason="expired_or_canceled_card"
        )
        _count(charge, -refund["amount"])


def _count(charge: Wire, amount: int) -> None:
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
