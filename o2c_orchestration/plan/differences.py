"""Documents of a payout whose total is not quite Stripe's: booked with the difference, where policy allows for it.

Without this such a document leaves its whole amount on Suspense. A difference has a code, is a line of its own on one
account, and comes out of a budget for the month in which the payout arrives; what the budget does not cover stays on
Suspense. The document keeps its gap: what is wrong with it is still for somebody to see.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

from o2c_orchestration.domain.keys import stripe_id_of
from o2c_orchestration.domain.money import exponent
from o2c_orchestration.domain.payouts import DifferenceRow, MemberRow, PayoutRow
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan.deposit import DIFFERENCES, DOCUMENTS, Entry
from o2c_orchestration.plan.holdings import Holdings
from o2c_orchestration.plan.members import Meaning

# Stripe rounds amounts of currencies with three decimals to two.
_ROUNDED_MINOR = {3: 10}


class Differences:
    """What may differ, and what of each month's budget is spent: by deposits elsewhere, and by those planned so far.

    `booked` are the differences of deposits that were sent or are planned, `mine` the payouts and residuals (balance
    transactions) that are planned now: an earlier plan of theirs counts for nothing.
    """

    def __init__(
        self,
        policy: Policy,
        booked: Iterable[DifferenceRow] = (),
        mine: Collection[str] = (),
    ) -> None:
        self._tolerances = policy.tolerances
        self._key = ""
        self._spent: dict[tuple[date, str], dict[str, int]] = defaultdict(dict)
        for row in booked:
            if row.sent or stripe_id_of(row.key) not in mine:
                self._spent[row.month, row.currency][row.key] = row.minor

    def entries(
        self, row: PayoutRow, member: MemberRow, meaning: Meaning, holdings: Holdings, taken: set[str]
    ) -> list[Entry] | None:
        """The member's document at its own total and a line for the difference; None where that is not allowed.

        The document is added to `taken`. It is of the deposit that was begun last.
        """
        account = self._tolerances.account
        off_by = holdings.difference(member, meaning, row.currency) if account else None
        if not off_by or holdings.obstacle(member, meaning, row.currency, taken, off_by=off_by):
            return None
        code = self._code(member, row.currency, off_by)
        if code is None or not self._spend(row, abs(off_by)):
            return None
        taken.add(meaning.key or "")
        amount, memo = member.amount_minor + meaning.sign * off_by, f"{member.id} difference: {code}"
        document = Entry(DOCUMENTS, meaning.group, amount, key=meaning.key)
        text = f"{code} difference of {meaning.key}"
        return [document, Entry(DIFFERENCES, text, member.amount_minor - amount, account=account, memo=memo)]

    def _code(self, member: MemberRow, currency: str, off_by: int) -> str | None:
        allowed = self._tolerances.rounding_minor.get(currency, _ROUNDED_MINOR.get(exponent(currency), 1))
        if abs(off_by) <= allowed:
            return "rounding"
        return "fee" if self._tolerances.net_of_fee and off_by == -member.fee_minor else None

    def _spend(self, row: PayoutRow, minor: int) -> bool:
        budget = self._tolerances.monthly_budget_minor.get(row.currency, 0)
        spent = self._spent[row.arrival_date.replace(day=1), row.currency]
        if sum(spent.values()) + minor > budget:
            return False
        spent[self._key] = spent.get(self._key, 0) + minor
        return True

    def begin(self, row: PayoutRow, key: str, *, anew: bool = True) -> None:
        """What follows is of this deposit. If it is decided anew, a request that may be repeated took nothing."""
        self._key = key
        if anew:
            self._spent[row.arrival_date.replace(day=1), row.currency].pop(key, None)
