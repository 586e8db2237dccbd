"""A process of the product: the runs that Dagster would start, step by step, with its retries.

What belongs here: the order of the stages, as the asset graph has it, and when each kind of run is due. The steps
themselves are the product's.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy.exc import DBAPIError

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.domain.documents import DOCUMENT_ORDER
from o2c_orchestration.domain.errors import O2CError
from o2c_orchestration.orchestration.events import poll_events
from o2c_orchestration.orchestration.follow import Follower
from o2c_orchestration.orchestration.schedules import HOURLY_DAYS, NIGHTLY_DAYS
from o2c_orchestration.reconcile import reconcile
from o2c_orchestration.store.letters import reopen
from o2c_orchestration.store.lock import WriterBusy, follower_lock
from o2c_orchestration.store.unsettled import due_for_sweep
from o2c_orchestration_tests.simulation.clock import clock
from o2c_orchestration_tests.simulation.kernel import Process
from o2c_orchestration_tests.simulation.world import World

_MINUTE, _HOUR = 60.0, 3600.0
_ATTEMPTS, _DELAY = 3, 5.0
_TYPES: tuple[tuple[str, ...], ...] = (
    *(("customer",), ("invoice",), ("charge", "invoice_payment"), ("credit_note",), ("refund",), ("dispute",)),
    *(("balance_transaction",), ("payout",)),
)


@dataclass
class Due:
    """A kind of run, how often it comes, and when next."""

    name: str
    every: float
    work: Callable[[], Any]
    at: float = field(default=0.0)


class Runner:
    """One process: polls, sweeps, catches up, until the world is over. `first_at` spreads several apart."""

    def __init__(self, world: World, process: Process, offset: float = 0.0) -> None:
        self._world = world
        self._process = process
        self._offset = offset

    def live(self) -> None:
        """The process from its start to its end."""
        world, kernel = self._world, self._world.kernel
        self._assembly: Assembly = world.assembly(self._process)
        started = clock.now + self._offset
        plan = [
            Due("events", 10 * _MINUTE, self._events, started),
            Due("janitor", 5 * _MINUTE, self._janitor, started + 2 * _MINUTE),
            Due("hourly sweep", _HOUR, lambda: self._window(HOURLY_DAYS), started + 7 * _MINUTE),
            Due("nightly catch-up", 8 * _HOUR, lambda: self._window(NIGHTLY_DAYS), started + 3 * _HOUR),
            *([Due("deals", 5 * _MINUTE, self._deals, started + 4 * _MINUTE)] if self._world.sells else []),
            Due("dead letters", 20 * _MINUTE, self._letters, started + 13 * _MINUTE),
        ]
        while not world.over:
            due = min(plan, key=lambda item: item.at)
            kernel.sleep(due.at - clock.now)
            kernel.point("between runs")
            due.at = max(due.at + due.every, clock.now)
            self._attempt(due.name, due.work)
        self._assembly.engine.dispose()

    def _attempt(self, name: str, work: Callable[[], Any]) -> bool:
        """One run; what the product raises as its own error is a failed run, anything else is a finding."""
        try:
            work()
            self._world.tally[f"run: {name}"] += 1
            return True
        except (O2CError, DBAPIError) as error:
            self._world.kernel.note(f"{name} failed: {type(error).__name__} {str(error)[:120]}")
            self._world.tally[f"run failed: {name}"] += 1
            return False

    def _step(self, work: Callable[[], Any]) -> Any:
        """A step with the retries that its asset has."""
        for attempt in range(1, _ATTEMPTS + 1):
            self._world.kernel.point("before a step")
            try:
                return work()
            except (O2CError, DBAPIError):
                if attempt == _ATTEMPTS:
                    raise
                self._world.kernel.sleep(_DELAY * 2.0**attempt)
        return None

    def _events(self) -> None:
        self._step(lambda: poll_events(self._assembly, datetime.now(UTC)))
        with follower_lock(self._assembly.engine) as mine:
            if mine:
                self._follow()

    def _follow(self) -> None:
        """Passes until nothing waits that is due, as a run makes them."""
        follower = Follower(self._assembly)
        while self._step(follower.once).taken:
            pass
        if follower.unreconciled:
            self._step(follower.reconcile)

    def _window(self, days: int) -> None:
        today = datetime.now(UTC).date()
        self._order_to_cash(today - timedelta(days=days - 1), today)

    def _order_to_cash(self, first: date, last: date) -> None:
        product, step = self._assembly, self._step
        for kinds in _TYPES:
            step(lambda kinds=kinds: product.extract(list(kinds), first, last))
        step(product.read_reference)
        for kind in (kind for kinds in _TYPES for kind in kinds):
            step(lambda kind=kind: product.validate(kind))
        step(lambda: product.read_ledger(first, last, stage="extract"))
        step(lambda: product.complete(first, last))
        step(lambda: product.plan(first, last))
        step(lambda: product.apply(first, last))
        step(lambda: product.read_ledger(first, last))
        step(lambda: reconcile(product.engine, product.policy))

    def _deals(self) -> None:
        """Salesforce to orders, billing and back, as the sensor's run does it."""
        product, step = self._assembly, self._step
        step(product.deals.poll)
        step(product.deals.plan)
        step(product.apply_deals)
        step(product.deals.mirror)
        step(lambda: product.deals.reconcile(product.deals.facts()))
        step(product.write_back)

    def _letters(self) -> None:
        """A person has everything tried again that was refused or given up, as `o2c dead-letters retry` does."""
        self._step(lambda: reopen(self._assembly.engine, [], "a person"))

    def _janitor(self) -> None:
        if due_for_sweep(self._assembly.engine, DOCUMENT_ORDER):
            try:
                self._assembly.sweep()
            except WriterBusy:
                return


def names(prefix: str) -> Sequence[str]:
    """Names for one process after the other."""
    return [f"{prefix}{number}" for number in range(1, 1000)]
