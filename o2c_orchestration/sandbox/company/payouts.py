"""Payouts of the demo company, and what moves its balance without a customer: fees, reserves, the unknown.

What belongs here: which balance transactions a payout pays out, and when it arrives. The net amounts of its members
add up to the payout, to the cent.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime

from .balance import Till
from .catalog import Wire
from .ids import IdMaker
from .stories import DAY, Window
from .wire_balance import PAYOUT_KEY
from .wire_balance import payout as payout_object

UNKNOWN_TYPE = "galactic_levy"
_HOUR = 3600
_MONTHLY_FEE, _LEVY, _BELOW_ZERO = -4_900, -4_321, 5_000


@dataclass
class Batch:
    """A payout, its members, and the moments it was paid and failed, None where it did not."""

    payout: Wire
    members: list[Wire]
    day: int
    paid_at: int | None
    failure: Wire | None = None

    @property
    def completed(self) -> bool:
        """Whether Stripe says what is in it, so that it can be deposited."""
        return bool(self.payout["reconciliation_status"] == "completed")

    @property
    def fees(self) -> int:
        """All fees of its members in US cents; negative ones were given back."""
        return sum(int(member["fee"]) for member in self.members)


class Banker:
    """Pays the balance out, one automatic payout a day; `batches` has them all."""

    def __init__(self, ids: IdMaker, window: Window, till: Till) -> None:
        self._ids, self._window, self._till = ids, window, till
        self._bank_account = ids.new("ba")
        self._waiting: dict[int, list[Wire]] = defaultdict(list)
        self._held = self._failed = False
        self.batches: list[Batch] = []

    def pay_out(self) -> None:
        """All payouts of the window, after everything else has moved the balance."""
        self._charge_fees()
        for entry in self._till.money.balance_transactions:
            self._wait(entry)
        carried: list[Wire] = []
        for day in range(self._window.days):
            members = carried + self._waiting.pop(day, [])
            members += self._hold(day, sum(each["net"] for each in members))
            total = sum(each["net"] for each in members)
            # Nothing is paid out of nothing: what adds up to zero waits for the next day.
            carried = [] if total else members
            if total:
                self._pay(day, total, members)

    def _charge_fees(self) -> None:
        """The monthly fee, and a type of transaction that nobody has heard of."""
        days = self._window.days
        first = self._day_of(self._window.kept_until)
        month = next((day for day in range(self._day_of(self._window.banked_until), days) if self._first(day)), None)
        billed = min(first + 1, days - 1) if month is None else month
        self._till.book("stripe_fee", "fee", self._moment(billed, 9), _MONTHLY_FEE, "Billing - Usage Fee")
        levy = self._moment(min(first + 2, days - 1), 11)
        self._till.book(UNKNOWN_TYPE, "other_adjustment", levy, _LEVY, "Galactic levy")

    def _hold(self, day: int, total: int) -> list[Wire]:
        """Once, a reserve larger than what the day brings in, so that its payout is below zero."""
        first = self._day_of(self._window.kept_until)
        if self._held or total <= 0 or day < max(first + 3, 2) or day + 3 > self._window.days:
            return []
        self._held = True
        held_at, amount = self._moment(day - 2, 12), total + _BELOW_ZERO
        hold = self._till.book("reserve_hold", "risk_reserved_funds", held_at, -amount, "Reserve hold")
        released = self._till.book(
            "reserve_release", "risk_reserved_funds", self._moment(day, 13), amount, "Reserve release"
        )
        self._wait(released)
        return [hold]

    def _pay(self, day: int, total: int, members: list[Wire]) -> None:
        created = self._moment(day, 0) + 600
        # Every second payout takes a day longer.
        arrival = self._moment(day + 1 + day % 2, 0)
        payout = payout_object(self._ids.new("po"), total, created, arrival, self._bank_account)
        entry = self._till.book("payout", "payout", created, -total, "STRIPE PAYOUT", source=payout["id"])
        entry.update(available_on=arrival, status="available" if arrival < self._window.end else "pending")
        payout["balance_transaction"] = entry["id"]
        for each in (*members, entry):
            each[PAYOUT_KEY] = payout["id"]
        batch = Batch(payout, members, day, None)
        if arrival < self._window.end:
            batch.paid_at = arrival + 6 * _HOUR
            payout.update(
                status="paid",
                reconciliation_status="completed",
                trace_id={"status": "supported", "value": f"{arrival}{day:03d}"},
            )
            self._fail(batch)
        self.batches.append(batch)
        self._till.money.payouts.append(payout)

    def _fail(self, batch: Batch) -> None:
        """One payout comes back a day after it arrived; another one pays the money out again."""
        payout = batch.payout
        moment = int(payout["arrival_date"]) + DAY + 15 * _HOUR
        first = self._day_of(self._window.kept_until) + 2
        banked = self._day_of(self._window.banked_until) + 2
        early = max(banked, first if (first + 5) <= self._window.days else 2)
        if self._failed or batch.day < early or payout["amount"] < 0 or moment >= self._window.end:
            return
        self._failed = True
        failure = self._till.book(
            "payout_failure", "payout_reversal", moment, payout["amount"], "PAYOUT FAILURE", source=payout["id"]
        )
        self._wait(failure)
        batch.failure = failure
        payout.update(
            status="failed",
            failure_balance_transaction=failure["id"],
            failure_code="account_closed",
            failure_message="The bank account has been closed.",
        )

    def _wait(self, entry: Wire) -> None:
        self._waiting[self._day_of(entry["available_on"])].append(entry)

    def _first(self, day: int) -> bool:
        return datetime.fromtimestamp(self._moment(day, 0), UTC).day == 1

    def _day_of(self, moment: int) -> int:
        return (moment - self._window.start) // DAY

    def _moment(self, day: int, hour: int) -> int:
        return self._window.start + day * DAY + hour * _HOUR
