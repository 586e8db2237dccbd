"""Executes the journal: claims, sends, records. As many writes in flight as NetSuite's concurrency limit allows.

Order: what an earlier process left without an outcome is looked up first, then customers, invoices and
payments are written, each only when the documents it leans on are there.
"""

import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

import structlog
from sqlalchemy import Engine

from o2c_orchestration import tracing
from o2c_orchestration.apply import currencies, customer_fields, details
from o2c_orchestration.apply.body import (
    NotToBeSent,
    document_keys,
    of_its_currency,
    paid_back,
    paying_back_deposits,
    resolve,
)
from o2c_orchestration.apply.hand_out import HandOut
from o2c_orchestration.apply.outcome import OUTCOMES, Outcomes, journal_span
from o2c_orchestration.apply.stripe import StripeSide
from o2c_orchestration.domain.documents import DOCUMENT_ORDER, STRIPE_DOCUMENTS, Command
from o2c_orchestration.domain.errors import (
    AuthenticationError,
    ObjectMissing,
    OutcomeUnknown,
    PermissionDenied,
    ProtocolError,
    Refused,
    SettingsError,
    TransientError,
)
from o2c_orchestration.domain.policy import ApplyPolicy, Documents, Policy
from o2c_orchestration.store import journal, ledger, unsettled
from o2c_orchestration.store.again import plan_after
from o2c_orchestration.store.journal import Claim
from o2c_orchestration.store.lock import WriterBusy, writer_lock
from o2c_orchestration.store.overtaken import overtaken
from o2c_orchestration.store.records import customer_deposits
from o2c_orchestration.store.written import written_ids

log = structlog.get_logger(__name__)

# Every point where a process may die, with its trace left on one side of it.
EDGES = (
    *("before_intent", "after_intent", "before_claim", "after_claim", "before_departure"),
    *("before_request", "after_response", "before_look_up", "after_look_up"),
    *(f"{side}_record_{outcome}" for outcome in OUTCOMES for side in ("before", "after")),
)
# After so many, whoever is more urgent goes first. While the last of them are under way, the next are looked for.
_BATCH = 100
# Workers beyond NetSuite's limit, which the client keeps: they claim and record while the others' requests are
# under way, so that a slot never waits for our own database.
AHEAD = 2
# A sweep has nothing to do that an apply which is under way would not do itself.
_SWEEP_PATIENCE_SECONDS = 5.0
_SHORT_PATIENCE_SECONDS = 1.0


class Writer(currencies.Changer, Protocol):
    """The writing half of the NetSuite client."""

    def create(self, record_type: str, body: Any) -> str:
        """Internal id of the new record."""


class Finder(currencies.Looker, customer_fields.Shower, Protocol):
    """The look-up half of the NetSuite client."""

    def find_by_external_id(self, record_type: str, external_id: str) -> str | None:
        """Internal id of the record with this external id, if there is one."""


@dataclass(frozen=True)
class ApplyResult:
    """Journal rows after an apply or a sweep, by state, and how many of them it brought there.

    `open` counts all rows that are not settled; `unknown` those of them of which nobody knows whether they were
    written: the next sweep or apply looks them up again.
    """

    written: int
    adopted: int
    refused: int
    open: int
    dead: int
    unknown: int = 0


def look_alike_days(policy: Policy) -> int | None:
    """How near (days) a document by hand holds up an intent; None where it does not, or entities do not agree on it.

    Under a customer in common everything looks like everything; each plan decides by its own policy all the same.
    """
    every = {None if own.customers.mode == "global" else own.documents.look_alike_days for _, own in policy.each()}
    return every.pop() if len(every) == 1 else None


class Executor:
    """Brings the journal's open rows to an outcome.

    `edge` is called with each of EDGES where it lies; it does nothing here, and the crash tests hand in one that
    kills.
    """

    def __init__(
        self,
        engine: Engine,
        writer: Writer,
        finder: Finder,
        policy: ApplyPolicy,
        documents: Documents,
        *,
        concurrency: int,
        look_alike_days: int | None = None,
        stripe: StripeSide | None = None,
        progress: Callable[[int], None] = lambda done: None,
        edge: Callable[[str], None] = lambda name: None,
    ) -> None:
        self._engine = engine
        self._writer = writer
        self._policy = policy
        self._finder, self._stripe = finder, stripe
        self._look_alike_days = look_alike_days
        reachable = (name for name in DOCUMENT_ORDER if stripe is not None or name not in STRIPE_DOCUMENTS)
        self._allowed = [name for name in reachable if documents.allows(name)]
        self._team = concurrency + AHEAD
        self._progress = progress
        self._edge = edge
        self._outcomes = Outcomes(engine, self._find, policy, edge=edge, count=self._count)
        self._tally: dict[str, int] = {"written": 0, "adopted": 0, "refused": 0}
        self._tally_lock = threading.Lock()

    def run(self, commands: Sequence[Command]) -> ApplyResult:
        """Persist the commands as intents and work until nothing more can be done now.

        Raises WriterBusy when another process writes for ten minutes, WriterReplaced when the lock was lost to one.
        """
        return self._run([commands], commands)

    def run_all(self, batches: Iterable[Sequence[Command]]) -> ApplyResult:
        """As `run`, of a plan that is kept and does not fit into memory at once."""
        return self._run(batches, ())

    def _run(self, batches: Iterable[Sequence[Command]], asked_for: Sequence[Command]) -> ApplyResult:
        with writer_lock(self._engine) as self._term:
            self._edge("before_intent")
            for commands in batches:
                self.intend(commands)
            self._edge("after_intent")
            self._work_off(self._permitted(asked_for), self._policy.patience_seconds)
        return self._result()

    def run_first(self, commands: Sequence[Command], priority: Callable[[Command], int]) -> int | None:
        """Persist the commands, to go before those of sweeps, and write what can be written without waiting.

        Returns how many documents were written or adopted; None when another process is writing, which takes these
        along unless it is about to end: ask again then, with or without commands.
        """
        allowed = self.intend(commands, priority)
        try:
            with writer_lock(self._engine, _SHORT_PATIENCE_SECONDS) as self._term:
                self._work_off(allowed, patience=0)
        except WriterBusy:
            return None
        return self._tally["written"] + self._tally["adopted"]

    def intend(self, commands: Sequence[Command], priority: Callable[[Command], int] | None = None) -> list[Command]:
        """Persist those of the commands that the policy lets us write; returns them."""
        allowed = self._permitted(commands)
        journal.intend(self._engine, allowed, *([priority] if priority else []))
        return allowed

    def _permitted(self, commands: Iterable[Command]) -> list[Command]:
        return [item for item in commands if item.document in self._allowed]

    def _work_off(self, allowed: Sequence[Command], patience: float) -> None:
        self._read_names()
        with self._pool() as pool:
            self._resolve_unknown(pool, takeover=True)
            self._overtaken(allowed)
            self._work(pool, patience)

    def sweep(self, refresh: Callable[[], Any]) -> ApplyResult:
        """Look up what has no outcome, and make those requests again that are known to have come to nothing.

        Nothing is sent that was never tried: that is for an apply, which plans first. `refresh` reads the ledger;
        it is called before anything is sent again. One pass, without waiting. Raises WriterBusy when an apply is
        under way, which sweeps itself.
        """
        with writer_lock(self._engine, _SWEEP_PATIENCE_SECONDS) as self._term, self._pool() as pool:
            self._resolve_unknown(pool, takeover=True)
            due = unsettled.due_documents(self._engine, self._allowed, again=True)
            if any(journal.ready(self._engine, document, 1, again=True) for document in due):
                refresh()
                self._read_names()
                self._overtaken([])
                self._send_ready(pool, again=True)
        return self._result()

    def _read_names(self) -> None:
        self._reference = ledger.reference(self._engine, usable=True)
        self._kept_in = ledger.kept_in(self._engine)

    def _pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self._team, thread_name_prefix="netsuite-write")

    def _result(self) -> ApplyResult:
        counts = journal.counts(self._engine)
        waiting = sum(counts.get(state, 0) for state in journal.OPEN_STATES)
        unknown = counts.get("unknown", 0) + counts.get("sent", 0)
        return ApplyResult(**self._tally, open=waiting, dead=counts.get("dead", 0), unknown=unknown)

    def _overtaken(self, commands: Sequence[Command]) -> None:
        for _ in range(overtaken(self._engine, commands, self._look_alike_days)):
            self._count("adopted")

    def _work(self, pool: ThreadPoolExecutor, patience: float) -> None:
        deadline = time.monotonic() + patience
        while True:
            if self._send_ready(pool) + self._resolve_unknown(pool):
                deadline = time.monotonic() + patience
                continue
            wait = unsettled.next_due_in(self._engine, self._allowed)
            if wait is None or time.monotonic() + wait > deadline:
                return
            time.sleep(max(wait, 0.05))

    def _send_ready(self, pool: ThreadPoolExecutor, *, again: bool = False) -> int:
        """Customers, invoices, payments and so on, so that dependencies are met in one pass.

        Before each batch of a sweep's, what follows a change, whichever process intended it.
        """
        sent = 0
        for document in unsettled.due_documents(self._engine, self._allowed, again=again):
            queue = HandOut(partial(self._next, document, again=again), self._team)
            send = tracing.carried(partial(self._send_from, again=again))
            sent += sum(pool.map(send, [queue] * self._team))
        return sent

    def _next(self, document: str, *, again: bool) -> list[int]:
        self._term.require(self._engine)
        first = journal.first(self._engine, self._allowed, _BATCH, again=again)
        return first or journal.ready(self._engine, document, _BATCH, again=again)

    def _send_from(self, queue: HandOut, *, again: bool) -> int:
        sent = 0
        while (journal_id := queue.take()) is not None:
            try:
                sent += self._send(journal_id)
            except BaseException:
                queue.close()
                raise
            finally:
                queue.done(journal_id)
            if again:  # what leans on it was never tried, so this sweep does not send it
                plan_after(self._engine, [journal_id])
        return sent

    def _resolve_unknown(self, pool: ThreadPoolExecutor, *, takeover: bool = False) -> int:
        """Look up what is due; returns how many are unknown no more."""
        settled = 0
        while True:
            self._term.require(self._engine)
            claims = journal.claim_unknown(
                self._engine,
                _BATCH,
                self._policy.lease_seconds,
                takeover=takeover,
                certain_after=self._policy.certain_after_seconds,
            )
            settled += sum(pool.map(tracing.carried(self._outcomes.look_up), claims))
            if len(claims) < _BATCH:
                return settled

    def _send(self, journal_id: int) -> int:
        self._edge("before_claim")
        claim = journal.claim(self._engine, journal_id, self._policy.lease_seconds, term=self._term.number)
        if claim is None:
            return 0
        self._edge("after_claim")
        with journal_span("write", claim):
            try:
                self._create(claim)
            except NotToBeSent as refusal:
                self._outcomes.refuse(claim, refusal.code, str(refusal), refusal.fix)
            except Refused as refused:
                self._outcomes.refused(claim, refused)
            except ObjectMissing as error:
                self._outcomes.refuse(claim, "NOT_FOUND", error.what, error.what_to_do, error.status)
            except TransientError as error:
                self._outcomes.try_again(claim, error)
            except (AuthenticationError, PermissionDenied) as error:
                # Not this document's fault: nothing was written, and no other write would fare better.
                self._outcomes.not_written(claim, error.what, 0, error.status)
                raise
            except (OutcomeUnknown, ProtocolError) as error:
                self._outcomes.unknown(claim, error)
        return 1

    def _create(self, claim: Claim) -> None:
        command = claim.command
        found = self._made_before(claim)
        if found is not None:
            self._outcomes.done(claim, found, adopted=True)
            return
        body = self._body(command)
        try:
            identifier = self._depart(claim, body)
        except Refused as refused:
            without = details.plainer(self._engine, claim, body, refused)
            if without is None:
                raise
            identifier = self._depart(claim, without)
        if identifier is not None:
            self._outcomes.done(claim, identifier, adopted=False)
            details.told(command)

    def _depart(self, claim: Claim, body: Any) -> str | None:
        """Make the document; None where the lease was lost before the request left."""
        self._edge("before_departure")
        if not journal.depart(self._engine, claim, body, self._policy.lease_seconds):
            log.warning("not sent: the lease was lost")
            return None
        self._edge("before_request")
        identifier = self._make(claim.command, body)
        self._edge("after_response")
        return identifier

    def _body(self, command: Command) -> Any:
        documents = self._documents(command)
        body = resolve(command.body, documents, self._reference)
        of_its_currency(command, body, self._kept_in, self._reference.get(("currency", command.currency)))
        payments = [(key, int(documents[key])) for key in paid_back(command)]
        return paying_back_deposits(body, customer_deposits(self._engine, payments)) if payments else body

    def _made_before(self, claim: Claim) -> str | None:
        """NetSuite refuses a second document of one external id. Stripe would make it. A change asks its record."""
        if claim.command.document == "customerField":
            return customer_fields.made_before(self._finder, claim.command.body)
        ask = claim.attempts == 1 or claim.command.document == "stripeCustomerField"
        first = ask and claim.command.document in STRIPE_DOCUMENTS
        return self._stripe.made_before(claim.command) if first and self._stripe is not None else None

    def _documents(self, command: Command) -> Mapping[str, int | str]:
        """The ids that the command's body leans on: of the system that it is made in."""
        needed = sorted(document_keys(command.body))
        if command.document in STRIPE_DOCUMENTS:
            return written_ids(self._engine, needed)
        return journal.netsuite_ids(self._engine, needed)

    def _make(self, command: Command, body: Any) -> str:
        if command.document in STRIPE_DOCUMENTS and self._stripe is not None:
            return self._stripe.create(command, body)
        if command.document == "customerCurrency":
            return currencies.add(self._writer, body)
        if command.document == "customerField":
            return customer_fields.change(self._writer, body)
        return self._writer.create(command.record, body)

    def _find(self, command: Command) -> str | None:
        if command.document == "customerCurrency":
            return currencies.find(self._finder, command.body, ledger.reference(self._engine))
        if command.document == "customerField":
            return customer_fields.find(self._finder, command.body)
        if command.document not in STRIPE_DOCUMENTS:
            return self._finder.find_by_external_id(command.record, command.external_id)
        if self._stripe is None:
            raise SettingsError("Stripe is off, so nothing can be looked up there", "set STRIPE_API_KEY")
        return self._stripe.find(command)

    def _count(self, outcome: str) -> None:
        with self._tally_lock:
            self._tally[outcome] += 1
            self._progress(sum(self._tally.values()))
