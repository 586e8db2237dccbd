"""Planning put together: rows read, planned by each account's policy and kept, a long span of days part by part.

A span that lacks a million documents does not fit into memory at once. Its parts are planned oldest first, as if each
had been asked for alone, so a part sees what those before it are about to write. What leans on a later object (a charge
that was there before the invoice that it pays) makes its part be planned once more when all had their turn, and then
those parts that lean on what became different.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import structlog
from sqlalchemy import Engine

from o2c_orchestration.clients.netsuite import NetSuiteReader
from o2c_orchestration.domain.documents import Plan
from o2c_orchestration.domain.keys import COMMON_CUSTOMER, CUSTOMERS, stripe_id_of
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.mirror.currencies import ask_currencies
from o2c_orchestration.mirror.vanished import unseen
from o2c_orchestration.plan import make_plan, together
from o2c_orchestration.plan.currencies import in_question
from o2c_orchestration.plan.totals import PlanTotals, joined, totals_of
from o2c_orchestration.store import currencies, planning
from o2c_orchestration.store.metadata import adopt
from o2c_orchestration.store.plan_rows import PlanInput, plan_input
from o2c_orchestration.store.plan_spans import Span, created_later, entries, parts_of

log = structlog.get_logger(__name__)

# Each round plans again what leans on something that the round before it has changed: chains are short.
_ROUNDS = 4


@dataclass(frozen=True)
class Ledger:
    """NetSuite for a planner that has to ask: a reader, and how many questions it may ask at once."""

    reader: NetSuiteReader
    in_flight_max: int


@dataclass(frozen=True)
class _Part:
    """A part that was planned: what it came to, and hashes of the Stripe ids of other days that it leans on."""

    totals: PlanTotals
    leans_on: "np.ndarray[tuple[int], np.dtype[np.int64]]"
    looks_ahead: bool

    def touched_by(self, changed: Collection[str]) -> bool:
        """Whether it leans on one of these objects (or, once in 2^63, seems to)."""
        return bool(np.isin(self.leans_on, _hashes(changed)).any())


class PlanStage:
    """Plans spans of days for one company. `ledger` is asked for when the first question comes; None: NetSuite is off.

    `progress` is told of the documents of each part. Parts have at most `rows_max` invoices and payments.
    """

    def __init__(
        self,
        engine: Engine,
        policy: Policy,
        ledger: Callable[[], Ledger] | None,
        progress: Callable[[int], None],
        rows_max: int,
    ) -> None:
        self._engine, self._policy, self._ledger = engine, policy, ledger
        self._progress, self._rows_max = progress, rows_max

    def plan(self, first: date, last: date) -> PlanTotals:
        """Plan the documents of [first, last] (UTC days of Stripe's `created`) and keep the plan."""
        for account, own in self._policy.each():
            adopt(self._engine, own.customers, self._alone(account, own))
        whole = (first, last)
        spans = parts_of(self._engine, first, last, self._rows_max)
        parts = {span: self._part(span, whole) for span in spans}
        self._again(parts, [span for span in spans if parts[span].looks_ahead], whole)
        return joined(parts[span].totals for span in spans)

    def _again(self, parts: dict[Span, _Part], agenda: Sequence[Span], whole: Span) -> None:
        """Plan parts again, and what leans on what came out differently, until nothing does."""
        for _ in range(_ROUNDS):
            if not agenda:
                return
            changed = set[str]()
            for span in agenda:
                before = entries(self._engine, *span)
                parts[span] = self._part(span, whole)
                changed |= _differences(before, entries(self._engine, *span))
            agenda = [span for span, part in parts.items() if part.touched_by(changed)]
        if agenda:
            log.warning("the plan of these days still changes; the next one goes on", spans=[str(s) for s in agenda])

    def _part(self, span: Span, whole: Span) -> _Part:
        found = [(account, own, self._input(account, own, span)) for account, own in self._policy.each()]
        leans_on = frozenset[str]().union(*(given.leans_on for _, _, given in found))
        plan = together(self._with_currencies(own, self._with_vanished(own, given)) for _, own, given in found)
        plan = only_sound(plan, self._policy)
        planning.save_plan(self._engine, plan, *span)
        self._progress(len(plan.commands) + len(plan.refusals))
        ahead = span[1] < whole[1] and created_later(self._engine, leans_on, span[1], whole[1])
        return _Part(totals_of(plan, span, whole), _hashes(leans_on), ahead)

    def _alone(self, account: str, own: Policy) -> str | None:
        return account if own.entities else None

    def _input(self, account: str, policy: Policy, span: Span) -> PlanInput:
        """What is planned for one Stripe account, by its own policy and from its own rows alone."""
        return plan_input(
            self._engine,
            *span,
            policy.accounts.suspense,
            policy.customers,
            price_metadata=policy.items.price_metadata,
            account=self._alone(account, policy),
            subsidiary=policy.books.subsidiary,
            mapping=policy.mapping,
            look_alike_days=policy.documents.look_alike_days,
            tolerates=policy.tolerances.account is not None,
            books=policy.books,
        )

    def _with_vanished(self, policy: Policy, given: PlanInput) -> PlanInput:
        """The same once NetSuite was asked for customers of whom it is not certain that they are still there."""
        people = {key: each.netsuite_id for key, each in given.known.items() if key.startswith(_customers(policy))}
        if self._ledger is None or not people:
            return given
        gone = unseen(self._engine, self._ledger().reader, people)
        known = {key: replace(given.known[key], vanished=each) for key, each in gone.items()}
        return replace(given, known={**given.known, **known}) if known else given

    def _with_currencies(self, policy: Policy, given: PlanInput) -> Plan:
        """The plan, for which NetSuite was asked where a customer may lack the currency of a document."""
        told, adds = currencies.told(self._engine, given.known), policy.customers.currencies == "add"
        # What is known to lack a currency may have it by now: it is asked again before a document is refused for it.
        known = told if adds else given.known
        plan = make_plan(policy, given.rows, known, given.planned, given.refused)
        doubts = None
        if self._ledger is not None and policy.books.currency is None:
            doubts = in_question(policy, told, plan.commands)
        if not doubts or self._ledger is None:
            return plan
        ledger = self._ledger()
        if not ask_currencies(self._engine, ledger.reader, doubts, ledger.in_flight_max, every=adds):
            return plan
        known = currencies.told(self._engine, known)
        return make_plan(policy, given.rows, known, given.planned, given.refused)


def only_sound(plan: Plan, policy: Policy) -> Plan:
    """The plan as it may go out: what fails the schema of documents is refused in it."""
    # Frames take half a second to load, and not every command plans anything.
    from o2c_orchestration.validate.outgoing import sound

    return sound(plan, policy)


def _customers(policy: Policy) -> tuple[str, ...]:
    """How the keys of those begin under whom documents are booked."""
    return CUSTOMERS if policy.customers.mode == "each" else (COMMON_CUSTOMER,)


def _differences(before: dict[str, str], now: dict[str, str]) -> set[str]:
    """Stripe ids of what is planned otherwise, or not any more, or only now."""
    return {stripe_id_of(key) for key, _ in before.items() ^ now.items()}


def _hashes(ids: Iterable[str]) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    return np.fromiter((hash(each) for each in ids), dtype=np.int64)
