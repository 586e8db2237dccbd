"""The equations of one payout: Stripe's own, its deposit's, and between the two. Pure.

    Σ amounts − Σ fees = payout                                    what Stripe says makes it up
    Σ payment lines + Σ other − Σ cashback = Σ deposits            what NetSuite's deposits hold
    Σ deposits = payout, or 0 for a payout below zero              what the bank received

All in minor units of the payout's currency. A line on Suspense closes the second for the bank's sake: it is a residual
under the name of the transaction that nobody could book.
"""

from dataclasses import dataclass
from typing import Any, Literal

from o2c_orchestration.domain.money import format_money
from o2c_orchestration.store.payout_sums import PayoutSums

State = Literal["closed", "residuals named", "open"]


@dataclass(frozen=True)
class PayoutEquation:
    """A payout with what its equations leave, in minor units. None: that side cannot be asked yet.

    `stripe_minor` is the payout less its members, `lines_minor` the deposits less their lines, `bank_minor` the
    deposits less the payout. `residuals` are (transaction, minor units) on Suspense; `why` says what is open.
    """

    sums: PayoutSums
    stripe_minor: int | None
    lines_minor: int | None
    bank_minor: int | None
    why: str

    @property
    def residuals(self) -> tuple[tuple[str, int], ...]:
        return self.sums.suspense

    @property
    def residual_minor(self) -> int:
        """What is on Suspense for it."""
        return sum(minor for _, minor in self.residuals)

    @property
    def state(self) -> State:
        """Closed, closed but for residuals with a name, or open."""
        if self.why:
            return "open"
        return "residuals named" if self.residuals else "closed"

    @property
    def stripe_closes(self) -> bool:
        """Whether Stripe's own equation holds, or cannot be asked of this payout."""
        return not self.stripe_minor and not (self.stated and self.sums.unread)

    @property
    def stated(self) -> bool:
        """Whether Stripe says for good what it consists of: an automatic payout that is complete."""
        return self.sums.automatic and self.sums.moved


def payout_equation(sums: PayoutSums) -> PayoutEquation:
    """What the equations of one payout leave."""
    stated = sums.automatic and sums.moved and sums.members_read
    stripe = sums.amount_minor - sums.amounts_minor + sums.fees_minor if stated else None
    lines = bank = None
    if sums.deposits:
        bank = sums.deposit_minor - max(sums.amount_minor, 0)
        lines = sums.deposit_minor - sums.documents_minor - sums.other_minor + sums.cashback_minor
        lines = None if sums.unpriced or sums.deposit_foreign else lines
    why = "; ".join(_open(sums, stripe, lines, bank))
    return PayoutEquation(sums, stripe, lines, bank, why)


def _open(sums: PayoutSums, stripe: int | None, lines: int | None, bank: int | None) -> list[str]:
    """Everything that keeps a payout open, in words."""
    if not sums.moved:
        return [f"it is {sums.status.replace('_', ' ')}, due on {sums.arrival_date}"]
    found = []
    if sums.automatic and not sums.members_read:
        found.append("its balance transactions have not been read")
    if sums.unread:
        found.append(f"{sums.unread} of its balance transactions have not been read")
    if stripe:
        found.append(f"its balance transactions leave {format_money(stripe, sums.currency)} of it unexplained")
    if not sums.deposits:
        return [*found, "NetSuite has no deposit"]
    return found + _deposit(sums, lines, bank)


def _deposit(sums: PayoutSums, lines: int | None, bank: int | None) -> list[str]:
    found = []
    if sums.deposit_foreign:
        found.append("its deposit is in another currency")
    elif bank:
        found.append(f"deposited less payout is {format_money(bank, sums.currency)}")
    if sums.unpriced:
        found.append(f"nobody knows for how much {sums.unpriced} of the deposit's documents were settled")
    if lines:
        found.append(f"the deposit's lines leave {format_money(lines, sums.currency)} of it unexplained")
    if sums.unreturned:
        found.append("it came back, and NetSuite still holds it on the bank account")
    return found


def describe(each: PayoutEquation) -> dict[str, Any]:
    """A payout for people: amount, members, fees, deposit, what is on Suspense, state."""
    sums = each.sums
    return {
        "payout": f"{sums.id}",
        "amount": format_money(sums.amount_minor, sums.currency),
        "members": sums.members,
        "fees": format_money(sums.fees_minor, sums.currency),
        "deposit": format_money(sums.deposit_minor, sums.currency) if sums.deposits else "",
        "residual": format_money(each.residual_minor, sums.currency),
        "state": each.state,
    }
