"""Follows changes as they happen: from objects in the inbox to documents in NetSuite, pass by pass.

What belongs here: the order of the stages for single objects, and how long to stay. Nothing of Dagster. A pass does
for a few objects what a sweep does for whole days, through the same stages; sweeps prove that nothing was missed.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import groupby, islice

import structlog

from o2c_orchestration import tracing
from o2c_orchestration.assembly import Assembly
from o2c_orchestration.domain.errors import AuthenticationError, PermissionDenied, SystemFailure
from o2c_orchestration.extract.accounts import AccountsExtractor
from o2c_orchestration.extract.complete import named_by_lines
from o2c_orchestration.extract.stripe import EVERY_PATH, Extracted, Lately
from o2c_orchestration.mirror.read import RECENT_CURSOR
from o2c_orchestration.orchestration.writing import Background
from o2c_orchestration.reconcile import reconcile
from o2c_orchestration.store import adjustments, customer_credits, inbox, needed, unsettled
from o2c_orchestration.store.inbox import DirtyObject
from o2c_orchestration.store.ledger import LEDGER_CURSOR
from o2c_orchestration.store.overtaken import withdraw
from o2c_orchestration.store.plan_spans import Span

log = structlog.get_logger(__name__)

# Before anything is planned, what the ledger holds is known as of this long ago or less.
_LEDGER_AGE = timedelta(seconds=60)
# A charge leads to its invoice, the invoice to its customer: five hops are the longest chain.
_HOPS = 5
_FIRST_PAUSE, _LONGEST_PAUSE = 2.0, 60.0
# Somebody writes or compares, and what is due after that is not said by news.
_BESIDE_OTHERS = 0.2
# An event may come before what it is about can be read: one that Stripe does not have is asked for so often again.
_LOOKS = 2
_NOT_YET = "Stripe does not have it, or not yet"
_NOT_VOID = "an event says that it is void, and Stripe does not show that, or not yet"
# Where a list is read from: the youngest change, unless it came so long after most of the batch.
_OF_THE_BATCH, _TOGETHER = 0.95, timedelta(minutes=10)
# How much of a batch is enough for a pass when nobody writes: the first documents are there sooner, and while they are
# written there is time for more.
_WITH_NOTHING_TO_WRITE = 0.2


@dataclass
class Pass:
    """What a pass did: objects taken and not readable, what was touched by (object type, day), documents written."""

    taken: int = 0
    failed: int = 0
    touched: set[tuple[str, date]] = field(default_factory=set)
    planned: set[date] = field(default_factory=set)
    written: int = 0

    def add(self, other: "Pass") -> None:
        """Count another pass in."""
        self.taken += other.taken
        self.failed += other.failed
        self.touched |= other.touched
        self.planned |= other.planned
        self.written += other.written


class Follower:
    """Does one pass after the other. One at a time: whoever makes one holds `store.lock.follower_lock`.

    `write` is told of the spans of days that were planned, and returns how many documents it wrote at once.
    """

    def __init__(self, assembly: Assembly, write: Callable[[Sequence[Span]], int | None] | None = None) -> None:
        self._assembly = assembly
        self._engine = assembly.engine
        self._write_spans = write or assembly.apply_first
        self.unreconciled = False

    def once(self, part: float = 1.0) -> Pass:
        """Everything for up to `live.batch` objects of the inbox, or a part of so many, up to their documents.

        They leave the inbox when that is done, and not before: what a crash interrupts is done again, and what can
        be planned only when the ledger has been read back stays there as well. Raises what the stages raise.
        """
        batch = inbox.take(self._engine, max(1, round(part * self._assembly.policy.live.batch)))
        if not batch:
            return Pass()
        said: dict[str, tracing.Value] = {"o2c.objects": [*{item.object for item in batch}], "o2c.taken": len(batch)}
        ids = tracing.some(item.object_id for item in batch)
        with tracing.span("pass", {**said, "o2c.correlation_ids": ids}) as span:
            done = self._pass(batch)
            span.say("o2c.rows", done.written)
            span.say("o2c.failed", done.failed)
            return done

    def _pass(self, batch: Sequence[DirtyObject]) -> Pass:
        read, failures = self._read(batch)
        ids = self._complete([item.object_id for item in read])
        touched = set(needed.days_of(self._engine, ids))
        done = Pass(len(batch), len(failures), touched)
        withdraw(self._engine, ids)
        doubted = unsettled.doubted(self._engine, ids)
        unread = self._write(done)
        unread |= {key: _NOT_VOID for item in read if (key := item.object_id) in doubted and item.attempts < _LOOKS}
        waiting = {item: unread[item.object_id] for item in read if item.object_id in unread}
        inbox.postpone(self._engine, failures | waiting)
        _tell_of(failures | waiting)
        inbox.settle(self._engine, [item for item in read if item not in waiting])
        if doubted and self._assembly.settings.netsuite is not None:
            self._write_spans([])  # what was held back until it was read may leave now
        self.unreconciled = True
        return done

    def reconcile(self) -> None:
        """Read back what NetSuite holds now, and compare what changed. Beside passes, too."""
        self.unreconciled = False  # what a pass does from here on is for the next time
        try:
            if self._assembly.settings.netsuite is not None:
                self._recent_ledger(timedelta(0))
            reconcile(self._engine, self._assembly.policy)
        except BaseException:
            self.unreconciled = True
            raise

    def _read(self, batch: Sequence[DirtyObject]) -> tuple[list[DirtyObject], dict[DirtyObject, str]]:
        """What Stripe says of them now, all types side by side: one waits for the others only to be validated."""
        extractor = self._assembly.extractor("extract", patient=False)
        of_type = {kind: [item for item in batch if item.object == kind] for kind in EVERY_PATH if self._wanted(kind)}
        asked = {kind: items for kind, items in of_type.items() if items}
        failed: dict[str, str] = {}
        tried = {item.object_id: item.attempts for item in batch}
        with ThreadPoolExecutor(len(EVERY_PATH), thread_name_prefix="changed") as pool:
            changed = tracing.carried(self._changed)
            answers = pool.map(lambda kind: changed(extractor, kind, asked[kind]), asked)
            for kind, found in zip(asked, answers, strict=True):
                failed |= {key: str(error) for key, error in found.failed.items()}
                failed |= {key: _NOT_YET for key in found.absent if tried.get(key, _LOOKS) < _LOOKS}
                self._assembly.validate(kind)
        read = [item for item in batch if item.object_id not in failed]
        return read, {item: failed[item.object_id] for item in batch if item.object_id in failed}

    def _changed(self, extractor: AccountsExtractor, kind: str, items: Sequence[DirtyObject]) -> Extracted:
        said = {item.object_id: item.account for item in items}
        return extractor.changed(kind, list(said), said, self._lately(items))

    def _lately(self, batch: Sequence[DirtyObject]) -> Lately:
        """An object is not younger than the first thing that happened to it.

        A few of the batch may have come before their turn, hours after the others: they do not say where to look.
        """
        moments = sorted(item.changed_at for item in batch if item.changed_at is not None) or [datetime.now(UTC)]
        most, last = moments[round(_OF_THE_BATCH * (len(moments) - 1))], moments[-1]
        return Lately(last if last - most < _TOGETHER else most, self._assembly.policy.live.page_from)

    def _wanted(self, kind: str) -> bool:
        return kind not in ("price", "coupon") or self._assembly.policy.items.price_metadata

    def _complete(self, ids: list[str]) -> list[str]:
        """Fetch what these objects lean on, until nothing is missing; returns the ids of all of them."""
        extractor = self._assembly.extractor("extract")
        every, new = list(ids), ids
        for _ in range(_HOPS):
            if not new:
                break
            new = self._hop(extractor, new)
            every += new
        return every + self._moved_by_hand(extractor, ids)

    def _moved_by_hand(self, extractor: AccountsExtractor, ids: Sequence[str]) -> list[str]:
        """Movements of these customers' balances that nobody has booked, where the company books them."""
        people, policy = [key for key in ids if key.startswith("cus_")], self._assembly.policy
        if not people or not any(own.adjustments.item for _, own in policy.each()):
            return []
        asked = sorted({*people} & {*customer_credits.customers_to_ask(self._engine, policy.books.cut_over)})
        if asked:
            extractor.balance_movements_of(asked)
            self._assembly.validate("customer_balance_transaction")
        return adjustments.unbooked(self._engine, asked)

    def _hop(self, extractor: AccountsExtractor, ids: Sequence[str]) -> list[str]:
        """What these ids point to and the store lacks, fetched; returns its ids."""
        engine, found = self._engine, list[str]()
        if intents := needed.intents_of(engine, ids):
            extractor.invoice_payments_of(intents)
            self._assembly.validate("invoice_payment")
        wanted = needed.references_of(engine, ids)
        if stale := needed.stale_of(engine, ids):
            wanted["invoice"] = sorted({*wanted.get("invoice", []), *stale})
        if payouts := needed.payouts_of(engine, ids):
            extractor.members_of(payouts)
            self._assembly.validate("balance_transaction")
            found += payouts
        if self._wanted("coupon"):
            for kind, _ in named_by_lines(extractor, engine, self._assembly.policy.items, ids):
                self._assembly.validate(kind)
        for kind, missing in wanted.items():
            extractor.objects(kind, missing)
            self._assembly.validate(kind)
            found += missing
        return found

    def _write(self, done: Pass) -> dict[str, str]:
        """Plan and write what was touched; the objects that can be planned only later, and why."""
        assembly = self._assembly
        start = assembly.policy.books.start
        done.planned = {day for _, day in done.touched if day >= start}
        if not done.planned:
            return {}
        if assembly.settings.netsuite is not None:
            self._recent_ledger(_LEDGER_AGE)
        spans = spans_of(done.planned)
        plans = [assembly.plan(first, last) for first, last in spans]
        if assembly.settings.netsuite is not None:
            done.written = self._write_spans(spans) or 0
        # Whoever writes nothing has nothing to wait for.
        return {key: why for plan in plans for key, why in plan.unread.items()} if assembly.writes else {}

    def _recent_ledger(self, age: timedelta) -> None:
        """Know what the ledger holds as of `age` ago or less."""
        now = datetime.now(UTC)
        reads = [inbox.read_cursor(self._engine, name) for name in (LEDGER_CURSOR, RECENT_CURSOR)]
        if reads[0] is None:
            self._assembly.read_reference()
            self._assembly.read_ledger(now.date(), now.date(), stage="extract")
        elif now - max(datetime.fromisoformat(value) for value in reads if value is not None) >= age:
            self._assembly.read_recent_ledger()


def spans_of(days: Iterable[date]) -> list[Span]:
    """Days as spans without holes, oldest first."""
    ordered = sorted(set(days))
    groups = groupby(enumerate(ordered), key=lambda pair: pair[1].toordinal() - pair[0])
    spans = ([day for _, day in group] for _, group in groups)
    return [(span[0], span[-1]) for span in spans]


def follow(assembly: Assembly, each: Callable[[Pass], None]) -> Pass:
    """Make passes until nothing has come for `live.linger_seconds`, or `live.run_minutes` are over.

    `each` is told of every pass that did something. A system that does not answer is waited for, longer each time;
    one that does not let us in ends this at once: AuthenticationError, PermissionDenied.
    """
    return _Stay(assembly, each).work()


class _Stay:
    """One stay: its end, when it last did anything, and how long to wait for a system that does not answer."""

    def __init__(self, assembly: Assembly, each: Callable[[Pass], None]) -> None:
        self._live = assembly.policy.live
        self._assembly, self._each = assembly, each
        self._follower = Follower(assembly, self._intend)
        self._writer = Background("netsuite-writer", lambda: assembly.apply_first([]))
        self._comparer = Background("comparer", self._compare)
        self._end = time.monotonic() + self._live.run_minutes * 60
        self._busy_at = self._reconciled_at = time.monotonic()
        self._pause = _FIRST_PAUSE
        self._total = Pass()

    def work(self) -> Pass:
        """Stay, and return what all passes did together."""
        if self._assembly.settings.netsuite is not None and not self._assembly.writing_waits:
            self._writer.wake()  # what an earlier stay intended and could not write, no change tells of any more
        try:
            with inbox.listening(self._assembly.engine) as wait:
                while (idle := self._guarded_step()) is not None:
                    wait(idle)
        finally:
            self._writer.stop()
            self._comparer.stop()
        self._total.written += self._writer.written()
        if self._follower.unreconciled:
            self._follower.reconcile()
        return self._total

    def _intend(self, spans: Sequence[Span]) -> int:
        """What is planned lies in the journal from here on; somebody else writes it."""
        self._assembly.intend(spans)
        self._writer.wake()
        return 0

    def _compare(self) -> int:
        """Its requests wait for their turn among those that write, and whoever looks for news must not wait with it."""
        self._follower.reconcile()
        return 0

    def _guarded_step(self) -> float | None:
        try:
            idle = self._step()
        except (AuthenticationError, PermissionDenied):
            raise
        except SystemFailure as error:
            idle = self._pause
            self._pause = min(self._pause * 2, _LONGEST_PAUSE)
            log.warning("a pass failed and is made again", error=str(error), seconds=idle)
        else:
            self._pause = _FIRST_PAUSE
        return idle if time.monotonic() < self._end else None

    def _step(self) -> float | None:
        """One pass, and what is due after it; seconds to wait for news, None when nothing is left to stay for."""
        done = self._follower.once(_WITH_NOTHING_TO_WRITE if self._writer.idle else 1.0)
        done.written = self._writer.written()
        if done.taken or done.written:
            self._busy_at = time.monotonic()
            self._total.add(done)
            self._follower.unreconciled = True
            self._each(done)
        self._reconcile(quiet=not done.taken and self._writer.idle)
        return 0.0 if done.taken else self._rest()

    def _reconcile(self, *, quiet: bool) -> None:
        self._comparer.written()  # or what ended it
        due = self._reconciled_at + self._live.reconcile_seconds
        if self._follower.unreconciled and self._comparer.idle and (quiet or time.monotonic() >= due):
            self._reconciled_at = time.monotonic()
            self._comparer.wake()

    def _rest(self) -> float | None:
        if not (self._writer.idle and self._comparer.idle):
            return _BESIDE_OTHERS
        rest = self._busy_at + self._live.linger_seconds - time.monotonic()
        if rest <= 0:
            return None
        due_in = inbox.backlog(self._assembly.engine).due_in
        return rest if due_in is None else min(rest, max(due_in, 0.0))


def _tell_of(waiting: Mapping[DirtyObject, str]) -> None:
    """Why objects stay in the inbox, for as many as a log may tell of one pass."""
    for item, why in islice(waiting.items(), tracing.IDS_MAX):
        with tracing.lines_about(item.object_id):
            log.info("it waits in the inbox", object=item.object, reason=why)
