"""Documents that are dated in a closed accounting period: refused by name, or dated on the first day that is open.

What belongs here: the one rule for documents of every type. Which periods are closed is a fact that NetSuite tells;
which months are locked, people have told us.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Final

from o2c_orchestration.domain.documents import Command, Refusal
from o2c_orchestration.domain.periods import PeriodRow, moved_memo
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan.outcome import Skip, refuse_command

Outcome = Command | Refusal | Skip

# What a lock of receivables stands against; a deposit moves what was received already.
_RECEIVABLE: Final = ("invoice", "customerPayment", "creditMemo", "customerRefund")


class Calendar:
    """Keeps what is planned out of closed periods, in the order in which documents lean on each other.

    It remembers what it refused: what leans on that cannot be written either, nor what happened later to the same
    Stripe object. A won dispute whose withdrawal is not booked would bring back money that never went away.
    """

    def __init__(self, policy: Policy, periods: Iterable[PeriodRow]) -> None:
        self._moves = policy.periods.closed == "first_open"
        heeded = (period for period in periods if policy.periods.tax == "lock" or not period.tax)
        self._periods = sorted(heeded, key=lambda period: period.first)
        self._found: dict[tuple[str, date], PeriodRow | None] = {}
        # What was refused → the document whose date is to blame, and its period.
        self._refused: dict[str, tuple[str, PeriodRow]] = {}
        self._objects: dict[str, str] = {}

    def keep(self, found: Iterable[Outcome]) -> list[Outcome]:
        """The same outcomes, with commands moved or refused where their period takes them no more."""
        return [self._dated(item) if isinstance(item, Command) else item for item in found]

    def _dated(self, command: Command) -> Command | Refusal:
        if command.document == "customer":
            return command
        waits = self._waits_for(command)
        if waits is not None:
            key, period = waits
            reason = f"{key}, which comes before it, is dated in a closed period: {period.title}"
            return self._refuse(command, key, period, reason)
        return self._by_its_own_date(command)

    def _by_its_own_date(self, command: Command) -> Command | Refusal:
        period = self._closed(command.document, command.effective_date)
        if period is None:
            return command
        day = self._first_open(command.document, period) if self._moves else None
        if day is not None:
            return _moved(command, period, day)
        return self._refuse(command, command.external_id, period, self._why(command, period))

    def _closed(self, document: str, day: date) -> PeriodRow | None:
        """The period of a day, if it takes no such document. Where no period is known, NetSuite judges."""
        if (document, day) not in self._found:
            of_day = (period for period in self._periods if period.first <= day <= period.last)
            self._found[document, day] = next((period for period in of_day if _is_closed(period, document)), None)
        return self._found[document, day]

    def _first_open(self, document: str, closed: PeriodRow) -> date | None:
        """Of several calendars, and of months locked here, each has its say about a day."""
        later = (period.first for period in self._periods if period.first > closed.last)
        return next((day for day in later if self._closed(document, day) is None), None)

    def _waits_for(self, command: Command) -> tuple[str, PeriodRow] | None:
        keys = [*command.depends_on, self._objects.get(command.stripe_id, "")]
        return next((self._refused[key] for key in keys if key in self._refused), None)

    def _why(self, command: Command, period: PeriodRow) -> str:
        none = ", and no later one is open" if self._moves else ""
        if period.locked:
            return f"its date {command.effective_date} lies in {period.name}, which was locked by o2c close{none}"
        state = "is closed" if period.closed else "is locked for receivables"
        if period.tax:
            return f"its date {command.effective_date} lies in {period.title}, which is closed{none}"
        return f"its date {command.effective_date} lies in the accounting period {period.name}, which {state}{none}"

    def _refuse(self, command: Command, key: str, period: PeriodRow, reason: str) -> Refusal:
        self._refused[command.external_id] = key, period
        self._objects.setdefault(command.stripe_id, command.external_id)
        opens = f"open {period.title} in NetSuite" if not period.locked else f"o2c close --month {period.name} --unlock"
        fix = f"{opens}, and run o2c apply or the day again"
        fix += "" if self._moves else ", or set periods.closed: first_open in o2c.yaml"
        return refuse_command(command, "PERIOD_CLOSED", reason, fix)


def _is_closed(period: PeriodRow, document: str) -> bool:
    return period.closed or period.locked or (period.receivables_locked and document in _RECEIVABLE)


def _moved(command: Command, period: PeriodRow, day: date) -> Command:
    """The same document on another day; the memo keeps its own."""
    memo = moved_memo(command.body["memo"], command.effective_date)
    body = {**command.body, "tranDate": day.isoformat(), "memo": memo}
    if "dueDate" in body:
        body["dueDate"] = max(date.fromisoformat(body["dueDate"]), day).isoformat()
    why = f"{command.why}; {period.title} is {'locked' if period.locked else 'closed'}, so it is dated {day}"
    return replace(command, effective_date=day, body=body, why=why)
