"""The balance at Stripe: everything that moves it, and what it costs.

What belongs here: one way to book a balance transaction, and the fees of a charge. All settlement is in US
cents; what moved the balance on a day is available two days later, at midnight UTC as Stripe has it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from .catalog import Wire
from .currencies import share
from .ids import IdMaker
from .stories import DAY, Window
from .wire_balance import Fee, balance_transaction

_DAYS_UNTIL_AVAILABLE = 2
# One card charge in so many shows what the network took and the tax on Stripe's own fee.
_SPLIT_EVERY = 6
_TAX_ON_FEES = (725, 10_000)


@dataclass
class Money:
    """Everything that moved money, or was to move it, in Stripe, in order of making by kind."""

    invoice_payments: list[Wire] = field(default_factory=list)
    payment_intents: list[Wire] = field(default_factory=list)
    charges: list[Wire] = field(default_factory=list)
    balance_transactions: list[Wire] = field(default_factory=list)
    credit_notes: list[Wire] = field(default_factory=list)
    refunds: list[Wire] = field(default_factory=list)
    disputes: list[Wire] = field(default_factory=list)
    payouts: list[Wire] = field(default_factory=list)


class Till:
    """Books what moves the balance."""

    def __init__(self, ids: IdMaker, window: Window) -> None:
        self._ids, self._end = ids, window.end
        self.money = Money()

    def book(
        self,
        kind: str,
        category: str,
        created: int,
        amount: int,
        description: str | None,
        *,
        source: str | None = None,
        fees: Iterable[Fee] = (),
        exchange_rate: float | None = None,
    ) -> Wire:
        """A balance transaction of `amount` US cents before fees; it is available two days later."""
        entry = balance_transaction(self._ids.new("txn"), kind, category, created, amount, list(fees))
        entry.update(available_on=available_on(created), description=description, source=source)
        entry.update(exchange_rate=exchange_rate)
        entry["status"] = "available" if entry["available_on"] < self._end else "pending"
        self.money.balance_transactions.append(entry)
        return entry


def available_on(created: int) -> int:
    """The midnight, in Unix seconds, at which what happened then can be paid out."""
    return created // DAY * DAY + _DAYS_UNTIL_AVAILABLE * DAY


def charge_fees(cents: int, currency: str, serial: int, *, by_bank: bool) -> list[Fee]:
    """Stripe's fees in US cents: 0.8 % up to 5 dollars by bank, else 2.9 % (3.9 % abroad) and 30 cents."""
    if by_bank:
        return [Fee("stripe_fee", min(share(cents, 8, 1000, "usd"), 500), "Stripe processing fees")]
    whole = share(cents, 29 if currency == "usd" else 39, 1000, "usd") + 30
    if serial % _SPLIT_EVERY != _SPLIT_EVERY // 2:
        return [Fee("stripe_fee", whole, "Stripe processing fees")]
    network = whole * 2 // 3
    return [
        Fee("payment_method_passthrough_fee", network, "Card network fees"),
        Fee("stripe_fee", whole - network, "Stripe processing fees"),
        Fee("tax", share(whole - network, *_TAX_ON_FEES, "usd"), "Sales tax on Stripe processing fees"),
    ]
