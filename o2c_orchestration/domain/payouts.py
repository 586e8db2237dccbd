"""Payouts as rows that passed the gate: their members, how those were found, and what deposits hold on Suspense."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal


@dataclass(frozen=True)
class MemberRow:
    """One balance transaction of a payout, in minor units of the settlement currency; net = amount - fee.

    ``source_currency`` and ``source_minor`` are what its charge, refund or dispute says in the currency of the customer
    (positive); None where there is no such object. ``fees`` are (type, amount) in Stripe's order. ``hangs_on`` are the
    charge and the customer of its source.
    """

    id: str
    type: str
    category: str
    source_id: str | None
    currency: str
    amount_minor: int
    fee_minor: int
    net_minor: int
    created_at: datetime
    fees: tuple[tuple[str, int], ...] = ()
    source_currency: str | None = None
    source_minor: int | None = None
    hangs_on: tuple[str, ...] = ()


@dataclass(frozen=True)
class Allocation:
    """Which balance transactions make up an amount, and whether that is the only way: ids, sorted.

    ``members`` is the only solution, or the first of two; ``others`` the second one. ``states`` is the work it took,
    or would have taken.
    """

    outcome: Literal["unique", "ambiguous", "none", "not_searched"]
    members: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    states: int = 0


@dataclass(frozen=True)
class PayoutRow:
    """A Stripe payout and the balance transactions in it, in minor units. Of its own, if given, only the fee counts.

    ``arrival_date`` is Stripe's (a UTC day), ``returned_date`` the day (time zone of the books) on which a payout that
    failed or was canceled gave its money back. ``complete`` says that Stripe has settled what belongs to it; of a
    payout that is not automatic Stripe never says, and ``allocation`` says how its ``members`` were found. ``earlier``
    are members of earlier payouts of its currency, as far as they are from before the books started.
    ``destination`` is Stripe's id of the bank account (or card) that it is sent to.
    """

    id: str
    currency: str
    amount_minor: int
    status: str
    arrival_date: date
    created_at: datetime
    automatic: bool
    complete: bool
    members: tuple[MemberRow, ...] = ()
    returned_date: date | None = None
    allocation: Allocation | None = None
    earlier: tuple[MemberRow, ...] = ()
    destination: str | None = None


@dataclass(frozen=True)
class DifferenceRow:
    """What one deposit books as differences of documents, in minor units.

    ``key`` is its external id, ``month`` the first day of the month in which it is booked. ``sent``: a request for it
    has left or may leave; else it is planned.
    """

    key: str
    month: date
    currency: str
    minor: int
    sent: bool


@dataclass(frozen=True)
class ResidualRow:
    """A member of a payout that its deposit holds on Suspense, signed minor units of the payout's currency.

    ``suspense_minor`` is positive where the bank received money that no document explained. Of ``payout`` only
    the id, the currency and the dates are read.
    """

    payout: PayoutRow
    deposit_key: str
    member: MemberRow
    suspense_minor: int
