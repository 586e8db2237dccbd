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


class OpeningBalance:
    """The opening balance in the currency of one payout, less what earlier payouts took of it; read from oldest on."""

    def __init__(self, policy: Policy, row: PayoutRow, holdings: Holdings) -> None:
        self._policy, self._row, self._holdings = policy, row, holdings
        self._declared = policy.books.opening.get(row.currency)
        self._taken = self._net({member.id: member for member in row.earlier}.values())

    def holds(self, member: MemberRow) -> bool:
        """Whether a member is of it: from before, of the payout's currency, and with a meaning but no document.

        What NetSuite has a document for waits in Undeposited Funds, and what nobody knows stays a residual.
        """
        row, policy = self._row, self._policy
        if self._declared is None or member.created_at >= policy.books.cut_over or member.currency != row.currency:
            return False
        meaning = classify(policy.accounts, member)
        if meaning.key is None:
            return meaning.account is not None or is_failed_payment(member)
        return meaning.key not in self._holdings.known and meaning.key not in self._holdings.planned

    def entries(self, members: Iterable[MemberRow]) -> list[Entry]:
        """What the next members take of it: one line, and a residual for what is beyond the declared amount."""
        net, before = self._net(members), self._taken
        self._taken = before + net
        if self._declared is None or not net:
            return []
        within = self._within(self._taken) - self._within(before)
        line = Entry(ACCOUNTS, "opening balance", within, account=self._declared.account, memo="opening balance")
        return [line, *self._beyond(net - within)] if within else self._beyond(net)

    def _net(self, members: Iterable[MemberRow]) -> int:
        return sum(member.amount_minor - member.fee_minor for member in members if self.holds(member))

    def _within(self, taken_minor: int) -> int:
        """As much of what was taken as is declared. What is back in between, such as refunds first, is no matter."""
        declared = 0 if self._declared is None else self._declared.amount_minor
        if not declared:
            return 0
        return min(taken_minor, declared) if declared > 0 else max(taken_minor, declared)

    def _beyond(self, amount_minor: int) -> list[Entry]:
        if not amount_minor or self._declared is None:
            return []
        row = self._row
        declared = format_money(self._declared.amount_minor, row.currency)
        text = f"{row.id} opening balance beyond the {declared} of books.opening.{row.currency}"
        return [Entry(RESIDUALS, text, amount_minor, account=self._policy.accounts.suspense, memo=text)]
