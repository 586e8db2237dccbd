"""Money that was on the Stripe balance before the books started: off the account on which the company has booked it.

What Stripe held then is declared (`books.opening`), and nothing older is written. So a member of a payout from before
is no document of its own: with its fee, it is a part of one line on the account of the opening balance.
"""

from collections.abc import Iterable

from o2c_orchestration.domain.money import format_money
from o2c_orchestration.domain.payouts import MemberRow, PayoutRow
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan.deposit import ACCOUNTS, RESIDUALS, Entry
from o2c_orchestration.plan.holdings import Holdings
from o2c_orchestration.plan.members import classify, is_failed_payment


class Drawdown:
    """What one payout draws from the opening balance of its currency, after earlier ones; members come oldest first."""

    def __init__(self, policy: Policy, row: PayoutRow, holdings: Holdings) -> None:
        self._policy, self._row, self._holdings = policy, row, holdings
        self._declared = policy.books.opening.get(row.currency)
        self._gone = self._net({member.id: member for member in row.earlier}.values())

    def holds(self, member: MemberRow) -> bool:
        """Whether a member goes off its account: it is from before, has no document, and somebody knows what it is."""
        if not self._counts(member):
            return False
        meaning = classify(self._policy.accounts, member)
        return meaning.key is not None or meaning.account is not None or is_failed_payment(member)

    def entries(self, members: Iterable[MemberRow]) -> list[Entry]:
        """What the next members take of it: one line, and a residual for what is beyond the declared amount.

        What nobody knows is a residual of its own, and of the opening balance all the same: it counts towards the
        amount, or the others would seem to exceed it.
        """
        some, before = list(members), self._gone
        self._gone = before + self._net(some)
        if self._declared is None:
            return []
        beyond = self._beyond(self._gone) - self._beyond(before)
        own = self._net(member for member in some if self.holds(member)) - beyond
        account, text = self._declared.account, "opening balance"
        line = Entry(ACCOUNTS, text, own, account=account, memo=text)
        return [*([line] if own else []), *([self._residual(beyond)] if beyond else [])]

    def _counts(self, member: MemberRow) -> bool:
        """What NetSuite has a document for waits in Undeposited Funds, and is none of it."""
        before = member.created_at < self._policy.books.cut_over
        if self._declared is None or not before or member.currency != self._row.currency:
            return False
        key = classify(self._policy.accounts, member).key
        return key is None or (key not in self._holdings.known and key not in self._holdings.planned)

    def _net(self, members: Iterable[MemberRow]) -> int:
        return sum(member.amount_minor - member.fee_minor for member in members if self._counts(member))

    def _beyond(self, gone_minor: int) -> int:
        """What of it is more than declared. That refunds may come before the payments is no matter."""
        declared = 0 if self._declared is None else self._declared.amount_minor
        if not declared:
            return gone_minor
        return max(gone_minor - declared, 0) if declared > 0 else min(gone_minor - declared, 0)

    def _residual(self, amount_minor: int) -> Entry:
        currency = self._row.currency
        declared = format_money(self._declared.amount_minor if self._declared else 0, currency)
        text = f"{self._row.id} opening balance beyond the {declared} of books.opening.{currency}"
        return Entry(RESIDUALS, text, amount_minor, account=self._policy.accounts.suspense, memo=text)
