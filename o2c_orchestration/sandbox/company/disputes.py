"""Disputes of the demo company: opened, lost, won, and inquiries that move no money.

What belongs here: a dispute with its balance transactions. A withdrawal costs a fee; winning brings the amount and
the fee back.
"""

from __future__ import annotations

from dataclasses import dataclass

from .balance import Till
from .catalog import Wire
from .currencies import EXCHANGE_RATE, settled_cents
from .ids import IdMaker
from .invoices import Bill
from .wire_balance import Fee, shown
from .wire_refunds import dispute as dispute_object

_FEE_CENTS = 1500


@dataclass
class Contest:
    """A dispute, its charge and bill, and the moment it was closed, None while it is open."""

    bill: Bill
    charge: Wire
    dispute: Wire
    closed_at: int | None = None

    @property
    def lost_money(self) -> bool:
        """Whether money was withdrawn, for a while at least."""
        return bool(self.dispute["balance_transactions"])

    @property
    def won_back(self) -> bool:
        """Whether the money came back."""
        return len(self.dispute["balance_transactions"]) > 1


class Disputer:
    """Lets cardholders dispute; `made` has all disputes."""

    def __init__(self, ids: IdMaker, till: Till) -> None:
        self._ids, self._till = ids, till
        self.made: list[Contest] = []

    def open(self, bill: Bill, charge: Wire, amount: int, moment: int, *, inquiry: bool) -> None:
        """A dispute, which takes `amount` and a fee at once, or an inquiry, which takes nothing."""
        prefix = "dp" if len(self.made) % 2 else "du"
        dispute = dispute_object(self._ids.new(prefix), charge, amount, moment, inquiry=inquiry)
        charge["disputed"] = True
        self.made.append(Contest(bill, charge, dispute))
        self._till.money.disputes.append(dispute)
        if not inquiry:
            self._move(dispute, charge, moment, -1)

    def close(self, contest: Contest, moment: int, *, won: bool) -> None:
        """The bank has decided; who wins has everything back."""
        dispute = contest.dispute
        contest.closed_at = moment
        dispute["evidence_details"].update(submission_count=1, has_evidence=True, submission_method="manual")
        if not contest.lost_money:
            dispute["status"] = "warning_closed"
            return
        dispute["status"] = "won" if won else "lost"
        if won:
            self._move(dispute, contest.charge, moment, 1)

    def _move(self, dispute: Wire, charge: Wire, moment: int, sign: int) -> None:
        """Take the disputed amount and the fee (sign -1), or give both back (sign 1)."""
        what = "withdrawal" if sign < 0 else "reversal"
        entry = self._till.book(
            "adjustment",
            "dispute" if sign < 0 else "dispute_reversal",
            moment,
            sign * settled_cents(dispute["amount"], charge["currency"]),
            f"Chargeback {what} for {charge['id']}",
            source=dispute["id"],
            fees=[Fee("stripe_fee", -sign * _FEE_CENTS, "Dispute fee")],
            exchange_rate=EXCHANGE_RATE.get(charge["currency"]),
        )
        dispute["balance_transactions"].append(shown(entry))
