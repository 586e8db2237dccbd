"""Stripe → the gate: windows of `created` read concurrently, single objects on demand.

A window is split into parts that are read side by side, since a cursor walks one page after another.
Lines beyond the ten that Stripe embeds are fetched per invoice.
"""

import itertools
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any

import structlog
from sqlalchemy import Engine

from o2c_orchestration import tracing
from o2c_orchestration.clients.stripe_read import ODD_FIX, StripeReader
from o2c_orchestration.domain.errors import (
    ObjectMissing,
    PermissionDenied,
    ProtocolError,
    Refused,
    SystemFailure,
    TransientError,
    UnreachableError,
)
from o2c_orchestration.domain.mapping_sources import Kept
from o2c_orchestration.domain.policy import MAIN
from o2c_orchestration.extract import discounts
from o2c_orchestration.extract.names import in_path, stored_as
from o2c_orchestration.extract.pipeline import old_objects_frozen, side_by_side
from o2c_orchestration.extract.redact import redact
from o2c_orchestration.store import movements
from o2c_orchestration.store.gate import Admission, StripeObject, admit, mark_absent

log = structlog.get_logger(__name__)

PATHS = {
    "customer": "/v1/customers",
    "invoice": "/v1/invoices",
    "price": "/v1/prices",
    "charge": "/v1/charges",
    "invoice_payment": "/v1/invoice_payments",
    "credit_note": "/v1/credit_notes",
    "refund": "/v1/refunds",
    "dispute": "/v1/disputes",
    "balance_transaction": "/v1/balance_transactions",
    "payout": "/v1/payouts",
}
# Also those that no day's read brings, since only some days' are wanted.
EVERY_PATH = {**PATHS, "coupon": "/v1/coupons"}
# Not every key may read these, and not every account has them: without them invoices and payments go on.
MAY_BE_CLOSED = frozenset(
    {"price", "coupon", "credit_note", "refund", "dispute", "balance_transaction", "payout"}
    | {"customer_balance_transaction"}
)
# Types whose objects may be deleted after documents were made of them: then no list shows them.
VANISHING = frozenset({"customer"})
# Enough parts that the slowest of them does not decide, few enough that small windows cost few requests.
_PARTS_PER_REQUEST = 4
# Objects to a transaction: fewer pay for each statement, more wait for it and take memory.
_BATCH = 1000
# A writer mostly waits, for PostgreSQL and for the disk: with two of them the readers wait as well.
_WRITERS = 4
# A page with fewer of the objects that are looked for takes longer than a request for each of them. One such page is
# forgiven for so many that are still looked for: hundreds more may be of the second in which a billing run made them.
_WORTH_A_PAGE, _ONE_POOR_PAGE_OF = 10, 50
# While a reader takes a page apart, another one uses its place among the requests in flight.
_SPARE_READERS = 2


@dataclass(frozen=True)
class Failed:
    """An object that could not be read now, and why."""

    id: str
    error: SystemFailure


@dataclass(frozen=True)
class Lately:
    """Objects changed up to `until` (UTC); from `many` of one type on, those in Stripe's list are read page by page."""

    until: datetime
    many: int


# A page of objects, the id of one that Stripe does not have, or one that could not be read.
Outcome = list[StripeObject] | str | Failed
Task = Callable[[], Iterable[Outcome]]


@dataclass
class Extracted:
    """What a read brought: objects seen, changed, held back and proved, and ids that Stripe does not have.

    `unreadable` is why Stripe does not let us read this type at all, in its own words. `failed` are single objects
    that could not be read now, and why.
    """

    seen: int = 0
    changed: int = 0
    proved: int = 0
    absent: list[str] = field(default_factory=list)
    failed: dict[str, SystemFailure] = field(default_factory=dict)
    unreadable: str | None = None

    def add(self, admission: Admission) -> None:
        """Count one batch."""
        self.seen += len(admission.changed) + admission.unchanged + len(admission.regressed)
        self.changed += len(admission.changed)

    def join(self, other: "Extracted") -> "Extracted":
        """Count another read of the same type."""
        self.seen += other.seen
        self.changed += other.changed
        self.proved += other.proved
        self.absent += other.absent
        self.failed |= other.failed
        self.unreadable = self.unreadable or other.unreadable
        return self


class StripeExtractor:
    """Reads one Stripe account, `account` by its name in the store, and lets what it reads into the store.

    `progress` is called with the number of new objects. `kept` is what o2c.yaml asks for of them.
    """

    def __init__(
        self,
        engine: Engine,
        reader: StripeReader,
        in_flight: int,
        progress: Callable[[int], None] = lambda n: None,
        account: str = MAIN,
        kept: Kept | None = None,
    ) -> None:
        self._account, self._kept = account, kept
        self._engine = engine
        self._reader = reader
        self._in_flight = in_flight
        self._progress = progress

    def window(self, object_type: str, first: date, last: date) -> Extracted:
        """All objects of a type created on the UTC days [first, last]."""
        start = datetime.combine(first, time(), UTC)
        end = datetime.combine(last + timedelta(days=1), time(), UTC)
        parts = _split(start, end, self._in_flight * _PARTS_PER_REQUEST)
        try:
            return self._collect(object_type, [partial(self._part, object_type, part) for part in parts])
        except (PermissionDenied, ObjectMissing) as error:
            # A server that has no such list has none of them.
            none = object_type not in PATHS and isinstance(error, ObjectMissing)
            return Extracted() if none else self._closed(object_type, error)

    def objects(self, object_type: str, ids: Sequence[str], *, remember: bool = True) -> Extracted:
        """Single objects, by id; those that Stripe does not have are recorded as absent, unless not to `remember`."""
        tasks = [partial(self._single, object_type, key) for key in ids]
        try:
            found = self._collect(object_type, tasks, proven=True)
            return self._remember_absent(found) if remember else found
        except PermissionDenied as error:
            return self._closed(object_type, error)

    def changed(self, object_type: str, ids: Sequence[str], lately: Lately) -> Extracted:
        """As `objects`, but one that cannot be read now fails alone, and many new ones are read page by page.

        Raises UnreachableError when none can be read.
        """
        try:
            paged, left = self._together(object_type, ids, lately)
            return paged.join(self._singly(object_type, left, alone=not paged.seen))
        except PermissionDenied as error:
            return self._closed(object_type, error)

    def _together(self, object_type: str, ids: Sequence[str], lately: Lately) -> tuple[Extracted, list[str]]:
        """Those that lie close together in Stripe's list; also the ids of the others."""
        left = set(ids)
        if len(ids) < lately.many:
            return Extracted(), list(ids)
        try:
            found = self._collect(object_type, [partial(self._pages_with, object_type, left, lately.until)])
        except (TransientError, Refused, ProtocolError) as error:
            log.info("read one by one, since the list could not be read", object=object_type, error=str(error))
            return Extracted(), list(ids)
        return found, [key for key in ids if key in left]

    def _pages_with(self, object_type: str, left: set[str], until: datetime) -> Iterator[Outcome]:
        """What is in `left`, newest first, as long as a page saves requests; what is found is taken out of it."""

        def each(payload: dict[str, Any], read_at: datetime) -> StripeObject | None:
            return self._object(payload, read_at) if stored_as(payload, self._account) in left else None

        params, poor = {"created[lte]": int(until.timestamp())}, 0
        for page in self._reader.convert(EVERY_PATH[object_type], params, each):
            wanted = [item for item in page if item is not None]
            left.difference_update(item.id for item in wanted)
            yield wanted
            poor += len(wanted) < _WORTH_A_PAGE
            if not left or poor > len(left) // _ONE_POOR_PAGE_OF:
                return

    def _singly(self, object_type: str, ids: Sequence[str], *, alone: bool) -> Extracted:
        """Each by itself; `alone`: no page of others has shown that Stripe answers."""
        tasks = [partial(self._one, object_type, key) for key in ids]
        result = self._remember_absent(self._collect(object_type, tasks, proven=True))
        errors = list(result.failed.values())
        unreachable = all(isinstance(error, UnreachableError) for error in errors)
        if alone and errors and unreachable and len(errors) == len(ids):
            raise errors[0]
        return result

    def _one(self, object_type: str, key: str) -> Iterator[Outcome]:
        try:
            with tracing.span(f"read {object_type}", about=key):
                yield from self._single(object_type, key)
                log.info("object read", object=object_type)
        except (TransientError, Refused, ProtocolError) as error:
            yield Failed(key, error)

    def _closed(self, object_type: str, error: SystemFailure) -> Extracted:
        if object_type not in MAY_BE_CLOSED:
            raise error
        log.warning("not readable", object=object_type, error=str(error))
        return Extracted(unreadable=str(error))

    def _remember_absent(self, result: Extracted) -> Extracted:
        """So that what Stripe does not have is not asked for again in every run."""
        if result.absent:
            mark_absent(self._engine, result.absent, datetime.now(UTC))
        return result

    def invoice_payments_of(self, payment_intents: Sequence[str]) -> Extracted:
        """The invoice payments that a PaymentIntent made: how a charge is traced to its invoices."""
        tasks = [partial(self._payments_of, key) for key in payment_intents]
        return self._remember_absent(self._collect("invoice_payment", tasks))

    def discounts_of(self, invoices: Sequence[str]) -> Extracted:
        """The discounts of invoices, and their coupons, as far as Stripe shows them."""
        tasks = [partial(self._discounts_of, key) for key in invoices]
        try:
            return self._remember_absent(self._collect("coupon", tasks))
        except PermissionDenied as error:
            return self._closed("coupon", error)

    def balance_movements_of(self, customers: Sequence[str]) -> Extracted:
        """Every movement of the balances of these customers."""
        tasks = [partial(self._movements_of, key) for key in customers]
        try:
            return self._collect("customer_balance_transaction", tasks)
        except PermissionDenied as error:
            return self._closed("customer_balance_transaction", error)

    def members_of(self, payouts: Sequence[str]) -> Extracted:
        """The balance transactions of payouts, and which payout each belongs to. Only for payouts that are complete.

        A payout is one transaction: its members are recorded when all of them are stored.
        """
        total = Extracted()
        try:
            for payout in payouts:
                self._members_of(payout, total)
        except PermissionDenied as error:
            return self._closed("balance_transaction", error)
        return total

    def _members_of(self, payout: str, total: Extracted) -> None:
        asked_at, before = datetime.now(UTC), total.seen
        members = []
        for page in self._reader.convert(PATHS["balance_transaction"], {"payout": payout}, self._object):
            total.add(admit(self._engine, page))
            members += [item.id for item in page]
        movements.record_members(self._engine, payout, members, asked_at)
        self._progress(total.seen - before)

    def balance(self) -> dict[str, int] | None:
        """What is on the account's balance now, available or not yet, in minor units by currency.

        None: the key may not read it, or it makes no sense.
        """
        try:
            found, _ = self._reader.retrieve("/v1/balance")
            sums: dict[str, int] = {}
            for part in (*found["available"], *found["pending"]):
                sums[part["currency"]] = sums.get(part["currency"], 0) + int(part["amount"])
        except (PermissionDenied, ObjectMissing, Refused, KeyError, TypeError, ValueError) as error:
            log.warning("the Stripe balance cannot be read", account=self._account, error=str(error))
            return None
        return sums

    def _collect(self, object_type: str, tasks: Sequence[Task], *, proven: bool = False) -> Extracted:
        """Readers fill a bounded queue, and what they bring is admitted in large batches beside them."""
        result = Extracted()
        write = partial(admit, self._engine, proven=proven)
        with old_objects_frozen(), ThreadPoolExecutor(_WRITERS, thread_name_prefix="stripe-store") as writers:
            underway: deque[Future[Admission]] = deque()
            for batch in self._batches(tasks, result):
                if len(underway) == _WRITERS:
                    self._settle(object_type, underway.popleft().result(), result)
                underway.append(writers.submit(write, batch))
            while underway:
                self._settle(object_type, underway.popleft().result(), result)
        return result

    def _batches(self, tasks: Sequence[Task], result: Extracted) -> Iterator[list[StripeObject]]:
        batch: list[StripeObject] = []
        readers = self._in_flight + _SPARE_READERS
        for outcome in side_by_side(tasks, readers, 2 * self._in_flight, "stripe-read"):
            if isinstance(outcome, Failed):
                result.failed[outcome.id] = outcome.error
                continue
            if isinstance(outcome, str):
                result.absent.append(outcome)
                continue
            batch += outcome
            if len(batch) >= _BATCH:
                yield batch
                batch = []
        if batch:
            yield batch

    def _settle(self, object_type: str, admission: Admission, result: Extracted) -> None:
        before = result.seen
        result.add(admission)
        self._progress(result.seen - before)
        if admission.regressed:
            self._prove(object_type, admission.regressed, result)

    def _prove(self, object_type: str, ids: Iterable[str], result: Extracted) -> None:
        """A payload would undo a terminal state: believe only a read of that object alone, now."""
        for key in ids:
            for outcome in self._single(object_type, key):
                if isinstance(outcome, str):
                    result.absent.append(outcome)
                elif isinstance(outcome, list):
                    result.proved += len(admit(self._engine, outcome, proven=True).changed)

    def _part(self, object_type: str, part: tuple[datetime, datetime]) -> Iterator[Outcome]:
        params = {"created[gte]": int(part[0].timestamp()), "created[lt]": int(part[1].timestamp())}
        return self._reader.convert(EVERY_PATH[object_type], params, self._object)

    def _payments_of(self, payment_intent: str) -> Iterator[Outcome]:
        params = {"payment[type]": "payment_intent", "payment[payment_intent]": payment_intent}
        found = False
        for page in self._reader.convert(PATHS["invoice_payment"], params, self._object):
            found = found or bool(page)
            yield page
        if not found:
            yield payment_intent

    def _discounts_of(self, invoice: str) -> Iterator[Outcome]:
        try:
            found, hidden, read_at = discounts.of_invoice(self._reader, f"{PATHS['invoice']}/{invoice}", self._account)
        except ObjectMissing:
            return
        yield [self._object(each, read_at) for each in found]
        yield from hidden

    def _movements_of(self, customer: str) -> Iterator[Outcome]:
        try:
            yield from self._reader.convert(f"{PATHS['customer']}/{customer}/balance_transactions", {}, self._object)
        except ObjectMissing:
            # Deleted: nothing is left to tell.
            return

    def _single(self, object_type: str, key: str) -> Iterator[Outcome]:
        try:
            payload, read_at = self._reader.retrieve(f"{EVERY_PATH[object_type]}/{in_path(key)}")
        except ObjectMissing:
            yield key
        else:
            yield [self._object(payload, read_at)]

    def _object(self, payload: dict[str, Any], read_at: datetime) -> StripeObject:
        if not isinstance(payload, dict) or not isinstance(payload.get("id"), str):
            raise ProtocolError(
                "Stripe's answer holds something that is no object with an id", ODD_FIX, system="stripe"
            )
        lines = payload.get("lines")
        if isinstance(lines, dict) and lines.get("has_more"):
            path = f"{PATHS[payload['object']]}/{payload['id']}/lines"
            every = [line for page in self._reader.iterate(path, {}) for line in page.data]
            payload = {**payload, "lines": {**lines, "data": every, "has_more": False}}
        if payload.get("object") == "coupon":
            payload = {**payload, "id": stored_as(payload, self._account)}
        return StripeObject.of(redact(payload, self._kept), read_at, account=self._account)


def _split(start: datetime, end: datetime, parts: int) -> list[tuple[datetime, datetime]]:
    """Even parts of a window, none shorter than six hours, newest first as Stripe lists them."""
    count = max(1, min(parts, int((end - start) / timedelta(hours=6))))
    step = (end - start) / count
    edges = [start + step * index for index in range(count)] + [end]
    whole = [edge.replace(microsecond=0) for edge in edges]
    return list(itertools.pairwise(whole))[::-1]
